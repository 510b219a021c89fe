# SPDX-License-Identifier: Apache-2.0
# screen.awk: figures of screening (name TAB value) beside their bars. Ends with 1 when a bar is missed.
BEGIN { FS = "\t" }
{ figure[$1] = $2 }

function row(what, name, unit, bar, most,   verdict, value) {
    if (!(name in figure))
        return
    value = figure[name]
    if (bar == "") {
        printf "%-58s %12.2f %-10s\n", what, value, unit
        return
    }
    verdict = (most ? value < bar : value >= bar) ? "holds" : "MISSED"
    missed = missed || verdict == "MISSED"
    printf "%-58s %12.2f %-10s %s %10s  %s\n", what, value, unit, most ? "<" : ">", bar, verdict
}

END {
    row("names and aliases", "screen_names", "")
    row("read, prepare, index, write", "screen_import_s", "s", 1, 1)
    row("of that without reading", "screen_index_s", "s")
    row("the file", "screen_file_mb", "MB")
    row("memory of the process that imports and screens", "screen_memory_mb", "MB", 200, 1)
    row("open", "screen_open_us", "us", 1000, 1)
    row("a query with reasons, median", "screen_median_us", "us", 50, 1)
    row("a query with reasons, p99", "screen_p99_us", "us", 1000, 1)
    row("parties a second, one thread", "screen_parties_s", "/s", 20000)
    row("two threads, times that", "screen_threads_factor", "", 1.8)
    row("a million names: a query, median", "screen_million_median_us", "us", 500, 1)
    row("a million names: a query, p99", "screen_million_p99_us", "us")
    row("a million names: prepare, index, write", "screen_million_import_s", "s")
    row("twokey screen of four names, whole process", "screen_four.wall_ms", "ms", 40, 1)
    exit missed != 0
}
