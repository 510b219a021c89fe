# SPDX-License-Identifier: Apache-2.0
# `twokey screen`: names and files against lists, in three formats; what is not known; what is refused.
. "$TWOKEY_SOURCE/tests/cli/common/expect"
TWOKEY_BOOK=$TMPDIR/book/book.db
export TWOKEY_BOOK
sample=$TWOKEY_SOURCE/lists/sample/csl-sample-2026-07-31.csv

# Without a list nothing is known; a folder that was named must be there.
run 5 screen Huawei
shows "Huawei: no hit"
shows "looked at nothing ('twokey lists import' brings lists)"
refused "nowhere: there is no folder of lists here; 'twokey lists import' makes it" screen Huawei --lists nowhere
run 0 lists import "$sample"

refused "screen: which name, or which file of parties?" screen
refused "--list 'ELL': there is no such list; did you mean 'EL'?" screen Huawei --list ELL
refused "--kind 'firm': expected person, company, vessel or unknown" screen Huawei --kind firm
refused "--top '0': expected a whole number" screen Huawei --top 0
refused "--threads 'x': expected a whole number" screen Huawei --threads x
refused "--country is said of one name" screen Huawei Biren --country CN
refused "--as-of" screen Huawei --as-of yesterday
refused "--pairs goes with 'screen compare'" screen Huawei --pairs x.csv
refused "nowhere.csv" screen nowhere.csv
run 2 screen ... --as-of 2026-08-01
says "'...'"

# One name: a hit with reasons, a name that is on no list, two names at once.
run 3 screen "huawei technologies co ltd (huawei)" --country cn --as-of 2026-08-01
quiet
shows "1.000"
shows "EL:"
shows "Huawei Technologies Co.,"
shows "Presumption of denial"
shows "huawei"
shows "equal"
shows "country CN = CN +0.020"
shows "looked at "
shows "by names-1, as of 2026-08-01"
run 0 screen "Bakery Zum Goldenen Hirschen" --as-of 2026-08-01
shows "Bakery Zum Goldenen Hirschen: no hit"
run 3 screen "Bakery Zum Goldenen Hirschen" Huawei --as-of 2026-08-01
shows "Bakery Zum Goldenen Hirschen: no hit"
run 3 screen "Huawei Technology" --country RU --as-of 2026-08-01 --top 1
shows "country RU <> CN -0.030"
shows "the best of them"

# A list that is too old, or that nobody could know: no hit proves nothing.
run 5 screen "Bakery Zum Goldenen Hirschen" --as-of 2039-01-01
shows "not known: "
shows " days old)"
run 5 screen "Bakery Zum Goldenen Hirschen" --as-of 2026-08-01 --known-at 2026-01-01
shows "looked at nothing"
shows "nothing published by then"
run 5 screen "Bakery Zum Goldenen Hirschen" --as-of 2026-08-01 --list UN
shows "never imported: UN"

# Files: with a header, without one, from standard input; what cannot be compared is said with its line.
cat >parties.csv <<END
id;name;country;ids
p1;Huawei Technologies Co., Ltd. (Huawei);CN;
p2;Bakery Zum Goldenen Hirschen;DE;HRB 12345
p3;...;DE;
p4;Huawei Technology;;
END
run 2 screen parties.csv --as-of 2026-08-01
says "parties.csv:4: rejected: '...'"
shows "4 parties: 2 with hits, 1 rejected"
hides "Bakery"
run 2 screen parties.csv --as-of 2026-08-01 --format csv
[ "$(sed -n 1p out | cut -d, -f1-6)" = "id,name,hit,score,list,entry" ] || complain "the header of CSV"
shows "p2,Bakery Zum Goldenen Hirschen,,,"
grep -q '^p1,"Huawei.*,EL:.*,1.000,EL,' out || complain "a row for the hit"
for threads in 1 2 3; do
    run 2 screen parties.csv --as-of 2026-08-01 --format json --threads $threads
    cp out json.$threads
done
cmp -s json.1 json.2 || complain "the same bytes with 2 threads"
cmp -s json.1 json.3 || complain "the same bytes with 3 threads"
[ "$(wc -l <json.1)" -eq 3 ] || complain "a line for each party"
begin='{"id":"p2","name":"Bakery Zum Goldenen Hirschen","method":"names-1","as_of":"2026-08-01","hits":[]'
grep -qF "$begin" json.1 || complain "the line of p2"
printf 'Huawei Technologies\n\nBakery Zum Goldenen Hirschen\r\n' >names.txt
run 3 screen names.txt --as-of 2026-08-01
shows "2 parties: 1 with hits, 0 rejected"
"$TWOKEY" screen - --as-of 2026-08-01 <names.txt >out 2>err
code=$?
ran="twokey screen -"
[ "$code" -eq 3 ] || complain "exit 3"
shows "2 parties: 1 with hits"
run 3 screen names.txt --as-of 2026-08-01 --out hits.txt
silent
grep -q "2 parties" hits.txt || complain "--out has the answer"

printf 'name,kind\nHuawei,firm\n' >kinds.csv
run 2 screen kinds.csv --as-of 2026-08-01
says "kinds.csv:2: rejected: the kind 'firm' is none of person, company, vessel, unknown"
printf 'name,contry\nHuawei,CN\n' >wrong.csv
refused "wrong.csv: unknown column 'contry'; did you mean 'country'?" screen wrong.csv
run 3 screen wrong.csv --ignore-unknown --as-of 2026-08-01
printf 'name,name\nHuawei,CN\n' >twice.csv
refused "column 'name' is named twice" screen twice.csv

# A damaged version is refused, and nothing older takes its place.
file=$(ls "$TMPDIR"/book/lists/*.list)
chmod 600 "$file"
printf 'x' | dd of="$file" bs=1 seek=20 conv=notrunc 2>/dev/null
run 1 screen Huawei --as-of 2026-08-01
says "its head is damaged"

printf 'Firm;Also;Country\nSugon;;CN\n' >firms.csv
refused "unknown column 'Firm'" screen ./firms.csv
printf 'country;address\nCN;x\n' >nameless.csv
refused "its first line is a header without a column 'name'" screen ./nameless.csv

done_testing
