# SPDX-License-Identifier: Apache-2.0
# csv.awk: fields of one record of RFC 4180; records that go over several lines are put together by the caller's loop.
#   csv_record(text, fields) returns the number of fields, or 0 when a quote is still open.
function csv_record(text, fields,    count, field, part) {
    count = 0
    for (;;) {
        if (substr(text, 1, 1) == "\"") {
            field = ""
            text = substr(text, 2)
            for (;;) {
                part = index(text, "\"")
                if (part == 0)
                    return 0
                field = field substr(text, 1, part - 1)
                text = substr(text, part + 1)
                if (substr(text, 1, 1) != "\"")
                    break
                field = field "\""
                text = substr(text, 2)
            }
        } else {
            part = index(text, ",")
            field = part == 0 ? text : substr(text, 1, part - 1)
            text = part == 0 ? "" : substr(text, part)
        }
        fields[++count] = field
        if (substr(text, 1, 1) != ",")
            return count
        text = substr(text, 2)
    }
}
# Plain letters by the tables of characters (letters.csv and letters-unicode.csv of a folder); other characters are blanks, dots as told.
function csv_letters(folder,    line, field) {
    while ((getline line < (folder "/letters-unicode.csv")) > 0) {
        split(line, field, ",")
        plain[field[1]] = field[2]
    }
    while ((getline line < (folder "/letters.csv")) > 0) {
        split(line, field, ",")
        plain[field[1]] = field[2]
    }
    plain["\342\200\231"] = plain["\302\264"] = plain["\047"] = plain["`"] = ""
}
function csv_plain(text, dots,    out, i, n, size, c) {
    out = ""
    n = length(text)
    for (i = 1; i <= n; i += size) {
        c = substr(text, i, 1)
        size = c < "\200" ? 1 : c < "\340" ? 2 : c < "\360" ? 3 : 4
        c = substr(text, i, size)
        if (c ~ /^[A-Za-z0-9]$/) out = out tolower(c)
        else if (c in plain) out = out plain[c]
        else if (c == "&") out = out " and "
        else if (c == "." || c == "/") out = out dots
        else if (size == 2 && c ~ /^[\314\315]/) out = out ""
        else if (c != "\"" ) out = out " "
    }
    gsub(/ +/, " ", out)
    gsub(/^ | $/, "", out)
    return out
}
