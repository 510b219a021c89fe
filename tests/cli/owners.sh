# SPDX-License-Identifier: Apache-2.0
# `twokey owners`: covered, clear, a red flag, not known; by which holdings; what would change it.
. "$TWOKEY_SOURCE/tests/cli/common/expect"
mkdir -m 700 books
TWOKEY_BOOK=$PWD/books/none.db
export TWOKEY_BOOK

refused "owners: of which party?" owners
refused "owners takes one party; 'tencent' is one too many" owners bytedance tencent
refused "owners 'bytedanse': there is no such party; did you mean 'bytedance'?" owners bytedanse
refused "--as-of: " owners bytedance --as-of 2026-02-30
refused "--format 'csv': expected text|json" owners bytedance --format csv
run 5 owners bytedance --as-of 2026-01-01
plain
shows "Unknown: nobody is on record as an owner, on 2026-01-01."
[ ! -e books/none.db ] || complain "looking makes no book"

TWOKEY_BOOK=$PWD/books/book.db
cat >parties.csv <<'END'
id,name,lists,entry_review
hanguang,Hanguang Optics,EL,denial
mulan,Mulan Data,MEU,case-by-case
silk,Silk Trading,SDN,
open,Open Holding,none,
maybe,Maybe Ltd.,?,
acme,Acme,,
END
cat >holdings.csv <<'END'
holder,held,share,control,from,to,source
hanguang,acme,30,,2024,,annual report 2024
mulan,acme,20,,2024-03,2025-06,register
acme,child,50,,2024,,register
open,clear,100,,,,register
silk,few,49.999999,yes,,,register
hanguang,range,45-55,,,,press
mulan,unknown,?,,,,press
maybe,open-hit,60,,,,press
SDN:123,sanctioned,50,,,,press
hanguang,over,80,,,,press
open,over,30,,,,press
over,over,5,,,,press
END
run 0 parties import parties.csv
run 0 parties import holdings.csv

# Two owners of lists that are added; the one below is covered through it.
run 4 owners acme --as-of 2025-01-01
quiet
plain
shows "acme  Acme"
shows "Covered: listed parties own it by the percentage of their list or more"
shows "On record: 2 holders with 50 % of it; who has the rest is not known."
shows "covered: listed owners together (with those of MEU;SDN) have 50 %"
shows "acme: 50 %, reaches 50 %"
shows "hanguang (Hanguang Optics): 30 %, from 2024-01-01, annual report 2024;"
shows "mulan (Mulan Data): 20 %, from 2024-03-01 to 2025-06-30, register;"
shows "not covered if the share of hanguang in acme were below 30 % (which it just"
shows "15 CFR 744.11"
shows "Strictest policy among the owners that cover it: denial."
run 4 owners child --as-of 2025-01-01
shows "child  (not a party on record)"
shows "acme (Acme): 50 %, from 2024-01-01, register"
# A day later the second owner has gone: a minority.
run 5 owners acme --as-of 2025-07-01
shows "Red flag: listed parties own a part of it, or may, on 2025-07-01."
shows "acme: 30 %, below 50 %"
shows "covered if the share of hanguang in acme were at least 50 % (20 more)"
run 0 owners child --as-of 2025-07-01
shows "Clear: no listed parties own it by the percentage of their list"
shows "clear: listed owners together (with those of MEU;SDN) have 0 %"
shows "covered if the share of hanguang in acme were at least 50 % (20 more)"
shows "No owner on record is on, or covered by, MEU, SDN"

run 0 owners clear
shows "On record: 1 holder with 100 % of it."
run 0 owners few
shows "listed owners together have 49.999999 %; from"
shows "a listed party controls it"
run 5 owners range
shows "range: 45 to 55 %, may reach 50 %"
shows "were at least 50 % (5"
run 5 owners unknown
shows "mulan (Mulan Data): a share nobody knows, no first day given, press;"
run 5 owners open-hit
run 4 owners sanctioned
shows "SDN:123: 50 %"
run 4 owners over
shows "note: over holds itself, which counts for nothing"
shows "note: the holders of over have 110 % together"

# JSON: one object, shares as texts.
run 4 owners acme --as-of 2025-01-01 --format json
quiet
[ "$(wc -l <out)" -eq 1 ] || complain "one line"
shows '{"party":"acme","name":"Acme","as_of":"2025-01-01","state":"covered","holders":2'
shows '"held_low":"50","held_high":"50"'
shows '"review":{"least":"denial","most":"denial"}'
shows '"list":"EL","state":"covered","owners":"yes","minority":"no","low":"50","high":"50","percent":"50"'
shows '"holder":"mulan","held":"acme","share":"20","control":"no","from":"2024-03","to":"2025-06","source":"register"'
shows '"changes":[{"holder":"hanguang","held":"acme","below":"30","by":"0","covered":"no"}]'
run 5 owners unknown --format json
shows '"at_least":"50"'
shows '"review":{"least":"","most":"case-by-case"}'
run 5 owners bytedance --format json
shows '"state":"unknown","holders":0'
run 4 owners sanctioned --format json --out owners.json
silent
[ -s owners.json ] || complain "a file is written whatever the answer"

# What the catalogue or a file says of a party counts too.
printf 'id,name,lists\nacme,Acme,EL\n' >listed.csv
run 4 owners child --as-of 2025-07-01 --parties listed.csv
shows "acme (Acme): 50 %"

done_testing
