#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# `twokey screen compare`: two names and files of pairs, without any list.
. "$TWOKEY_SOURCE/tests/cli/common/expect"

run 0 screen compare "Helvora Optics Ltd." "HELVORA OPTICS, LTD"
quiet
plain
shows "score  1.000  match"
shows "by     exact"
run 0 screen compare "Helvora Optics" "Meridova Optics"
shows "no match"
shows "contradicting"
run 0 screen compare "Helvora Optics" "Helvora Optic" --format json
shows '"method":"names-1"'
shows '"match":true'
shows '"how":"equal","left":"helvora","right":"helvora"'
run 0 screen compare "Helvora Optics" "Helvora Optics" --format csv
[ "$(head -n 1 out)" = "left,right,score,match,why" ] || complain "the header"
shows 'Helvora Optics,Helvora Optics,1.000,yes,"by exact; equal helvora +'

refused "expected two names, LEFT and RIGHT, or --pairs FILE" screen compare Helvora
refused "takes no names beside it" screen compare --pairs pairs.csv Helvora
refused "there is no letter and no digit" screen compare Helvora " .,"
refused "missing.csv" screen compare --pairs missing.csv

# A row for each row, in their order; what cannot be compared says why, and the rest goes on.
cat >pairs.csv <<'END'
left;right;kind
Helvora Optics;Helvora Optics Ltd.;company
;Helvora;
"=Helvora, Yuri";Yuri Helvora;person
Helvora;Helvora;planet
END
run 2 screen compare --pairs pairs.csv --format csv
says "pairs.csv:3: there is no letter and no digit in the name"
says "pairs.csv:5: kind is 'planet'"
[ "$(wc -l <out)" -eq 5 ] || complain "a row for each row"
sed -n 3p out | grep -q '^,Helvora,0.000,no,not compared: there is no letter' ||
    complain "the row that cannot be compared"
shows "\"'=Helvora, Yuri\",Yuri Helvora,0.9"
run 2 screen compare --pairs pairs.csv
shows "score  0.9"

# Columns: what is not known is an error, unless it is to be ignored.
printf 'left,rigth\na,b\n' >pairs.csv
run 2 screen compare --pairs pairs.csv --format csv
says "column 'rigth' is not known"
says "did you mean 'right'?"
silent
run 2 screen compare --pairs pairs.csv --ignore-unknown
says "no column 'right'"
printf 'id,left,right\n1,Helvora,Helvora\n' >pairs.csv
run 0 screen compare --pairs pairs.csv --format csv --ignore-unknown
shows "Helvora,Helvora,1.000,yes"
printf 'left,left,right\na,b,c\n' >pairs.csv
run 2 screen compare --pairs pairs.csv
says "is named twice"

# Nothing is put in place that is not whole; a file that exists stays.
printf 'left,right\nHelvora,Helvora\n' >pairs.csv
run 0 screen compare --pairs pairs.csv --format csv --out scores.csv
silent
same scores.csv <<'END'
left,right,score,match,why
Helvora,Helvora,1.000,yes,"by exact; equal helvora +1000"
END
refused "scores.csv" screen compare --pairs pairs.csv --out scores.csv

done_testing
