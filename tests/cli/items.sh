# SPDX-License-Identifier: Apache-2.0
# `twokey items`: the list as scripts read it, the working of each figure, what every item is on a day.
. "$TWOKEY_SOURCE/tests/cli/common/expect"
. "$TWOKEY_SOURCE/tests/cli/common/rulebook"

refused "items: what of them? Expected one of list show classify" items
refused "did you mean 'show'?" items shwo x
refused "items show: which item?" items show
refused "items list takes no argument" items list x
refused "did you mean 'nvidia-h200-sxm'?" items show h200-sxn
refused "names" items show sxm
refused "'' is no item of the catalogue" items show ""
refused "--format does not go with 'items show'" items show h200-sxm --format csv
refused "did you mean 'csv'?" items list --format cvs
refused "--as-of" items list --as-of 2026-02-30
refused "--law 'txt': expected enforced|text; did you mean 'text'?" items classify --law txt
refused "unknown flag '--as-off'" items classify --as-off 2026-01-01

# list: the columns are frozen; a row an item; text within 80 columns.
run 0 items list --format csv
quiet
[ "$(head -n 1 out)" = "id,name,vendor,tpp,density,dram_bandwidth,io_bandwidth,datacenter,classification" ] ||
    complain "the header"
shows "nvidia-h200-sxm,H200 SXM 141GB,nvidia,15832,19.449631,4800,900,yes,3A090.a"
shows "nvidia-k80,Tesla K80,nvidia,259.2,none,480,32,yes,none"
[ "$(wc -l <out)" -eq "$(wc -l <"$TWOKEY_SOURCE/catalogue/items.csv")" ] || complain "a row for every item"
! grep -q ',,' out || complain "what is not known is a question mark"
grep -q ',[0-9.]* \.\. [0-9.]*,' out || complain "bounds somewhere"
grep -q ',?,' out || complain "something unknown somewhere"
cut -d, -f1 out >ids
cut -d, -f1 "$TWOKEY_SOURCE/catalogue/items.csv" >said
same said <ids
run 0 items list
plain
shows "nvidia-h200-sxm                     15,832             19.449631  3A090.a"

# An older day, another law: another class.
run 0 items list --format csv --as-of 2022-10-20
shows "nvidia-h200-sxm,H200 SXM 141GB,nvidia,15832,19.449631,4800,900,yes,none"

# show: the working; a tail is enough.
run 0 items show h200-sxm
quiet
plain
shows "nvidia-h200-sxm  H200 SXM 141GB"
shows "989.5 TFLOPS x 16 bit = 15,832"
shows "1,979 TOPS x 8 bit = 15,832"
shows "not offered"
shows "15,832 / 814 mm2 = 19.449631"
shows "Under us, as of"
shows "item.tpp = 15,832, asked >= 4800 (margin 11,032)"
shows "confidence     high"
shows "source"
run 0 items show nvidia-k80
shows "not computable: no die made with non-planar transistors"
run 0 items show mi308x
shows "not known"
shows "missing        item.t"
run 0 items show h200-sxm --as-of 2022-12-01 --known-at 2022-12-01
shows "as of 2022-12-01, known at 2022-12-01"

# classify: class, entry, what is missing.
run 0 items classify --as-of 2026-02-10 --format csv
quiet
[ "$(head -n 1 out)" = "id,classification,entry,missing,as_of,known_at" ] || complain "the header"
shows "nvidia-h200-sxm,3A090.a,3A090.a,,2026-02-10,"
awk -F, '1 < NR && $2 == "undetermined" && $4 == ""' out >unsaid
[ ! -s unsaid ] || complain "what is missing is said for every undetermined class: $(head -n 1 unsaid)"
run 0 items classify
plain
shows "MISSING"

# Another rulebook, another catalogue; output to a file.
run 0 items classify --rulebook rules --format csv
shows "nvidia-h200-sxm,big,,,2026-06-30,2"
shows "nvidia-k80,none,,,2026-06-30,2"
run 0 items list --format csv --out list.csv
silent
run 0 items list --format csv
same list.csv <out
refused "--out list.csv: the file exists; --force replaces it" items list --out list.csv
run 0 items list --out list.csv --force
mkdir mine
cp "$TWOKEY_SOURCE"/catalogue/*.csv mine/
sed -i '2s/^nvidia-k80/my-chip/' mine/items.csv
run 0 items show my-chip --catalogue mine
sed -i '2s/^my-chip/my chip/' mine/items.csv
run 2 items list --catalogue mine
says "items.csv:2:1: id: 'my chip' is no id"
silent

done_testing
