# SPDX-License-Identifier: Apache-2.0
# `twokey explain`: every rule with its fate, comparisons with margins, citations; one order by flags or by id.
. "$TWOKEY_SOURCE/tests/cli/common/expect"
. "$TWOKEY_SOURCE/tests/cli/common/rulebook"
book=$TWOKEY_SOURCE/examples/h200-2026/orders.csv

refused "explain what? Give an order by flags" explain
refused "explain takes one file; 'b.csv' is one too many" explain a.csv b.csv
refused "explain takes a file or an order by flags, not both" explain "$book" --item h200-sxm
refused "no order has the id 'o-0l'; did you mean 'o-01'?" explain "$book" --id o-0l
refused "unknown flag '--format' of 'twokey explain'" explain "$book" --format json
refused "unknown flag '--would-change' of 'twokey explain'" explain --would-change
run 2 explain nowhere.csv --id o-01
says "nowhere.csv"

run 3 explain --rulebook rules --fact item.tpp=1500 --from US --to CN --end-user-hq US --as-of 2024-02-01
quiet
plain
shows "authorisation-needed"
shows "rules of classification"
shows "item.tpp = 1,500, asked >= 1000 (margin 500)"
shows "licence (licence)  stands"
shows "home (open)  does not apply"
shows "Act 1, article 3 (unverified)"
hides "do not count on this day"

run 0 explain --rulebook rules --fact item.tpp=1500 --from US --to CN --end-user-hq CN --as-of 2024-02-01
shows "licence (licence)  defeated"
shows "home (open)  stands"

run 5 explain --rulebook rules --fact item.tpp=1500 --from US --to CN --as-of 2024-02-01
shows "may stand"
shows "? end_user.hq = unknown"

run 0 explain --rulebook rules --fact item.tpp=1500 --from US --to CN --end-user-hq US --as-of 2024-01-31
shows "3 rules do not count on this day:"
shows "in force from 2024-02-01"

# An order of a file, the same as by flags; the only one without --id; the exit code is that of check.
printf 'id,as_of,item,from,to,end_user_hq\na,2024-02-01,h200-sxm,US,CN,US\nb,2024-02-01,k80,US,CN,US\n' >orders.csv
run 3 explain orders.csv --id a --rulebook rules
cp out by-id
run 3 explain --id a --item h200-sxm --from US --to CN --end-user-hq US --as-of 2024-02-01 --rulebook rules
same by-id <out
run 0 explain orders.csv --id b --rulebook rules
refused "orders.csv: holds several orders (a, b); --id chooses one" explain orders.csv --rulebook rules
refused "holds several orders (o-01, o-02, o-03, o-04, o-05, …); --id chooses one" explain "$book"
head -n 2 orders.csv >one.csv
run 3 explain one.csv --rulebook rules
same by-id <out
printf '{"item":"h200-sxm"}\n{"id":"z","item":"k80"}\n' >two.ndjson
refused "two.ndjson: holds several orders ((line 1, no id), z); --id chooses one" explain two.ndjson --rulebook rules
printf 'id,item,to\na,h200-sxm,XQ\n' >wrong.csv
refused "wrong.csv:2:12: to:" explain wrong.csv --rulebook rules
printf 'id,item\n' >none.csv
refused "holds no order" explain none.csv --rulebook rules
printf 'id,item,to\na,h200-sxm,XQ\n' >wrong.csv
refused "wrong.csv:2:12: to:" explain wrong.csv --id a --rulebook rules
run 5 explain "$book" --id o-01
quiet
plain
shows "3A090.a"
run 3 explain orders.csv --id a --rulebook rules --out explained.txt
silent
same explained.txt <by-id
refused "--out explained.txt: the file exists" explain orders.csv --id a --rulebook rules --out explained.txt

done_testing
