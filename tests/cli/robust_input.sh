# SPDX-License-Identifier: Apache-2.0
# Files of orders that are wrong, cut off or of an unusual make: the message names place, value and what was expected,
# the rest goes on, and read = accepted + rejected.
. "$TWOKEY_SOURCE/tests/cli/common/expect"

head='id,as_of,item,quantity,from,to,activity,end_user_hq'
row='o1,2026-02-10,nvidia-h200-sxm,10,US,DE,export,DE'
json='{"id":"o1","as_of":"2026-02-10","item":"nvidia-h200-sxm","quantity":10,"from":"US","to":"DE","end_user_hq":"DE"}'

# bytes FORMAT: the file `in`; decided CODE: what `check in` says of it.
bytes() {
    # shellcheck disable=SC2059
    printf "$@" >in
}
decided() {
    run "$1" check in --format csv
    says "read $(($2 + $3)) = accepted $2 + rejected $3"
    [ "$(wc -l <out)" -eq $(($2 + 1)) ] || complain "$2 decisions below the header"
}

# Separators, line ends, a byte-order mark, blank lines and comments above the header.
bytes "$head\n$row\n"
decided 3 1 0
cp out plain.csv
for make in ';' '\t'; do
    bytes "$head\n$row\n"
    tr , "$make" <in >in.other && mv in.other in
    decided 3 1 0
    same out <plain.csv
done
bytes "\357\273\277$head\r\n$row\r\n"
decided 3 1 0
same out <plain.csv
bytes "\n\n# orders of today\n\n$head\n\n\r\n$row"
decided 3 1 0
same out <plain.csv
bytes "$head\n" && decided 0 0 0

# Lines are counted from the top of the file, whatever stands above the header.
bytes "\n\n# x\n$head\no1,2026-02-30,,,,,,\n$row\n"
decided 2 1 1
says "in:5:4: as_of: '2026-02-30' is not a date"
bytes "\n# x\nid,end_user_hg\n"
refused "in:3: column 2, 'end_user_hg', is unknown; did you mean 'end_user_hq'?" check in
bytes "\n# x\nid,item,id\n"
refused "in:3:9: column 'id' is named twice" check in
bytes "id,zz,end_user_hg\n"
run 2 check in
says "column 2, 'zz', is unknown (--ignore-unknown to go on)"
says "column 3, 'end_user_hg', is unknown; did you mean"
bytes "id,zz\no1,2\n"
run 5 check in --ignore-unknown
bytes "foo;bar\n1;2\n"
refused "in:1: 'foo' is no column; did you mean 'from'?" check in --ignore-unknown
bytes "one line of prose\n"
refused "is no column; expected a header line such as id,item" check in

# There is no less than none of an amount, wherever it is said.
below="is less than nothing;"
for name in quantity unit_value item.tpp item.die_area; do
    refused "--fact $name: '-5' $below $name is an amount (expected 0 or more)" check --item h200-sxm --fact "$name=-5"
done
refused "--fact item.tpp: '-0.000001' $below" check --item h200-sxm --fact "item.tpp=-0.000001 .. 5"
refused "--fact item.tpp: '-5' $below" check --item h200-sxm --fact "item.tpp=.. -5"
refused "--quantity: '-5' $below" check --item h200-sxm --quantity -5
for name in quantity unit_value; do
    bytes "id,$name\no1,-5\n"
    decided 2 0 1
    says "in:2:4: $name: '-5' $below $name is an amount (expected 0 or more)"
    bytes '{"id":"o1","%s":-5}\n' "$name"
    decided 2 0 1
    says "$name: '-5' $below $name is an amount (expected 0 or more)"
done

# What is no text in UTF-8.
bytes "$head\n$row\n"
for code in UTF-16 UTF-16LE UTF-16BE UTF-32; do
    iconv -t "$code" <in >in.wide 2>/dev/null || continue
    refused "in.wide:1:1: UTF-16 text, or no text at all; expected UTF-8" check in.wide
done
printf '%s\n' "$json" >in
for code in UTF-16 UTF-16LE UTF-16BE; do
    iconv -t "$code" <in >in.wide 2>/dev/null || continue
    refused "in.wide:1:1: UTF-16 text, or no text at all; expected UTF-8" check in.wide
done
bytes '\0\0\0\0'
refused "no text at all" check in
bytes ''
refused "in:1:1: the file is empty; expected a header line" check in
bytes '\n  \n'
refused "the file is empty" check in
bytes '\357\273\277'
refused "the file is empty" check in
refused "nowhere: cannot be opened: No such file" check nowhere
mkdir -p folder
refused "folder: cannot be read: Is a directory" check folder

# Quotes: one that is lost costs its own line, in a short file as in a long one.
bytes "$head\n\"o0,,,,,,,\n$row\n$row\n"
decided 2 2 1
says "in:2:1: a quote is opened and never closed"
bytes "$head\n\"o0\"x,,,,,,,\n$row\n"
decided 2 1 1
says "in:2:5: 'x' behind a closing quote"
bytes "$head\n\"o\n0\",,,,,,,\n$row\n"
decided 2 1 1
says "in:2:1: id: 'o\\n0' is no id"
bytes "$head\no0\n$row,,\n$row\n"
decided 2 1 2
says "in:2:1: 1 cell, but the header has 8 columns; the first missing one is 'as_of'"
says "in:3:50: 10 cells, but the header has 8 columns"

# Nothing from outside reaches a terminal as it is.
bytes "$head\no0,,nv\033[31m\342\200\256x,,,,,\no\377,,,,,,,\n=1+1,,,,,,,\n$row\n"
decided 2 1 3
says "in:2:5: item: 'nv\\x1b[31m\\u202ex' is no item"
says "in:3:2: byte 0xff is not UTF-8"
says "in:4:1: id: '=1+1' is no id"
! grep -q "$(printf '\033')" err || complain "no escape sequence on standard error"

# JSON lines: blank lines and spaces above the first object; wrong lines cost themselves.
printf '\n \n  %s\n\n{"id":"o2","end_user_hg":"CN"}\n[1]\n{"id":"o3","id":"o4"}\n{"id":"o5"' "$json" >in
decided 2 1 4
says "in:5:12: key 'end_user_hg' is unknown; did you mean 'end_user_hq'?"
says "in:6:1: '[' is no order"
says "in:7:12: key 'id' stands twice"
says "in:8:"
printf '[%s]\n' "$json" >in
refused "in:1:1: a JSON array; expected one JSON object a line" check in

# Ten wrong rows in a thousand.
awk -v head="$head" 'BEGIN {
    print head
    for (i = 1; i <= 1000; i++) {
        to = i % 100 == 7 ? "Q" i : "DE"
        printf "o%d,2026-02-10,nvidia-h200-sxm,%d,US,%s,export,DE\n", i, i, to
    }
}' >in
run 2 check in --format json
[ "$(wc -l <out)" -eq 990 ] || complain "990 decisions"
[ "$(grep -c "in:[0-9]*:[0-9]*: to: 'Q[0-9]*' is no place" err)" -eq 10 ] || complain "ten messages"
says "in:108:40: to: 'Q107' is no place"
says "read 1000 = accepted 990 + rejected 10"
[ "$(wc -l <err)" -eq 11 ] || complain "eleven lines of messages"

# A fact by name needs a value; a text that is part of ids is no item, and the hint is one of those.
refused "--fact item.tpp: no value; ? says that it is unknown" check --item h200-sxm --fact item.tpp=
refused "'h200' is no item of the catalogue, only part of" check --item h200
says "did you mean 'nvidia-h200-"

done_testing
