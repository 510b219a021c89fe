# SPDX-License-Identifier: Apache-2.0
# peers.awk: nanoseconds a decision of each engine (name TAB version TAB ns); ratios to the first two lines, which are ours.
BEGIN {
    FS = "\t"
    print "ten rules, 1000 transactions, same answers from all"
    printf "%-40s %-10s %12s %14s %14s\n", "", "version", "us/decision", "to answers", "to reasons"
}
NR == 1 { answers = $3 }
{ line[NR] = $0; ns[NR] = $3 }
NR == 2 { reasons = $3 }
END {
    for (i = 1; i <= NR; i++) {
        split(line[i], cell, "\t")
        printf "%-40s %-10s %12.2f %13.2fx %13.2fx\n", cell[1], cell[2], ns[i] / 1000, ns[i] / answers, ns[i] / reasons
    }
}
