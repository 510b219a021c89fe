# SPDX-License-Identifier: Apache-2.0
# table.awk: figures (name TAB value) beside their bars. Ends with 1 when a bar is missed.
BEGIN { FS = "\t" }
{ figure[$1] = $2 }

function row(what, median, tail, unit, bar,   ratio, verdict) {
    if (median == "")
        return
    if (bar == "") {
        printf "%-58s %10.2f %10s %-6s\n", what, median, tail == "" ? "" : sprintf("%.2f", tail), unit
        return
    }
    verdict = median < bar ? "holds" : "MISSED"
    missed = missed || median >= bar
    printf "%-58s %10.2f %10s %-6s %10s %6.2f  %s\n", what, median, tail == "" ? "" : sprintf("%.2f", tail), unit, "< " bar,
        median / bar, verdict
}

function least(what, value, unit, bar,   verdict) {
    if (value == "")
        return
    verdict = value >= bar ? "holds" : "MISSED"
    missed = missed || value < bar
    printf "%-58s %10.0f %10s %-6s %10s %6.2f  %s\n", what, value, "", unit, "> " bar, bar / value, verdict
}

function rate(what, name, bar,   per_s, verdict) {
    if (figure[name ".wall_ms"] == "")
        return
    per_s = rows / figure[name ".wall_ms"] * 1000
    verdict = bar == "" ? "" : (per_s >= bar ? "holds" : "MISSED")
    missed = missed || (bar != "" && per_s < bar)
    printf "%-58s %10.0f %10s %-6s %10s %6s  %s\n", what, per_s, "", "rows/s", bar == "" ? "" : "> " bar,
        bar == "" ? "" : sprintf("%.2f", bar / per_s), verdict
    printf "%-58s %10.0f %10s %-6s\n", "    by processor time", rows / figure[name ".cpu_ms"] * 1000, "", "rows/s"
}

END {
    printf "\n%-58s %10s %10s %-6s %10s %6s\n", "", "median", "p99", "", "bar", "of bar"
    row("compile the rulebook (" figure["mix.rulebook.files"] " files, " figure["mix.rulebook.rules"] " rules, " \
        int(figure["mix.rulebook.bytes"] / 1024) " KiB)", figure["mix.compile_ms.p50"], figure["mix.compile_ms.p99"], "ms", 10)
    row("open the desk: that, catalogue and claims", figure["mix.open_ms.p50"], figure["mix.open_ms.p99"], "ms", "")
    row("twokey check of one order, whole process", figure["one.wall_ms"], figure["one.wall_p99_ms"], "ms", 30)
    row("twokey --version, whole process", figure["version.wall_ms"], figure["version.wall_p99_ms"], "ms", "")
    split("book mix", names, " ")
    for (i = 1; i <= 2; i++) {
        n = names[i]
        if (figure[n ".orders"] == "")
            continue
        label = n == "book" ? "example book: " : figure[n ".orders"] " mixed orders: "
        row(label "decide, all reasons, facts set", figure[n ".decide_us.p50"], figure[n ".decide_us.p99"], "us", 10)
        row(label "decide, all reasons, from text", figure[n ".clerk_us.p50"], figure[n ".clerk_us.p99"], "us", 10)
        row(label "and law, reports compared", figure[n ".compare_us.p50"], figure[n ".compare_us.p99"], "us", "")
        row(label "and written as JSON", figure[n ".json_us.p50"], figure[n ".json_us.p99"], "us", "")
        row(label "and would_change", figure[n ".whole_us.p50"] / 1000, figure[n ".whole_us.p99"] / 1000, "ms", 0.5)
        row(label "under what prevails", figure[n ".prevailing_us.p50"], figure[n ".prevailing_us.p99"], "us")
        row(label "and compared, would_change", figure[n ".prevailing_whole_us.p50"] / 1000,
            figure[n ".prevailing_whole_us.p99"] / 1000, "ms", 0.5)
        row(label "and the range of worlds", figure[n ".range_us.p50"] / 1000, figure[n ".range_us.p99"] / 1000, "ms")
    }
    printf "(after one round of each book: no heap allocation in any of these decisions)\n"
    rate("check " rows " rows, JSON, 24000 kinds of order", "file", 100000)
    rate("the same, remembering nothing", "forget", "")
    rate("check " rows " rows, JSON, no two alike", "distinct", "")
    row("memory at 10000 rows", figure["small.rss_kib"] / 1024, "", "MiB", "")
    row("memory at 100000 rows", figure["middle.rss_kib"] / 1024, "", "MiB", "")
    row("memory at " rows " rows: as at 10000", figure["file.rss_kib"] / 1024, "", "MiB", \
        sprintf("%.1f", figure["small.rss_kib"] / 1024 * 1.1))
    row("memory at " rows " rows, no two alike: as at 10000", figure["distinct.rss_kib"] / 1024, "", "MiB", \
        sprintf("%.1f", figure["small.rss_kib"] / 1024 * 1.1))
    split("1 8 32", names, " ")
    for (i = 1; i <= 3; i++) {
        n = "queue." names[i]
        if (figure[n ".per_s"] == "")
            continue
        row("book, " names[i] " threads: one job until it is on disk", figure[n ".ms.p50"], figure[n ".ms.p99"], "ms", "")
        row("    jobs a second (" figure[n ".per_commit"] " share a commit)", figure[n ".per_s"], "", "1/s", "")
    }
    least("import " figure["claims.count"] " claims, full text included", figure["claims.import_per_s"], "rows/s", 30000)
    row("search them: a rare word", figure["claims.search_rare_ms.p50"], figure["claims.search_rare_ms.p99"], "ms", 50)
    row("search them: three words", figure["claims.search_three_ms.p50"], figure["claims.search_three_ms.p99"], "ms", 50)
    row("search them: a word of nearly every claim", figure["claims.search_all_ms.p50"], \
        figure["claims.search_all_ms.p99"], "ms", 50)
    row("stage of one buyer and item among them", figure["claims.stage_ms.p50"], figure["claims.stage_ms.p99"], "ms", 50)
    row("check under what prevails with them, whole process", figure["claims.check.wall_ms"], \
        figure["claims.check.wall_p99_ms"], "ms", 100)
    row("    after an import of ten more", figure["claims.again.wall_ms"], figure["claims.again.wall_p99_ms"], "ms", 100)
    row("owners: 10,000 parties, 100,000 holdings, 14 lists", figure["owners.solve_ms.p50"], \
        figure["owners.solve_ms.p99"], "ms", 50)
    row("    the least change of one holding among them", figure["owners.change_ms.p50"], \
        figure["owners.change_ms.p99"], "ms", "")
    exit missed
}
