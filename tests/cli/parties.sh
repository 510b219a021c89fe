# SPDX-License-Identifier: Apache-2.0
# `twokey parties`: the catalogue's, the book's and one's own; what is not on record is said to be so; into the book and
# out of it.
. "$TWOKEY_SOURCE/tests/cli/common/expect"

mkdir -m 700 books
TWOKEY_BOOK=$PWD/books/none.db
export TWOKEY_BOOK

refused "parties: what of them? Expected one of list show import add export" parties
refused "did you mean 'list'?" parties lst
refused "parties show: which party?" parties show
refused "did you mean 'bytedance'?" parties show bytedanse
refused "'twokey parties list' names them" parties show "nobody anybody ever heard of"
refused "--format 'json': expected text|csv" parties list --format json
refused "unknown flag '--as-of' of 'twokey parties'" parties list --as-of 2026-01-01

run 0 parties list
quiet
plain
shows "bytedance"
run 0 parties list --format csv
shows "bytedance,ByteDance,CN,CN"
[ "$(head -n 1 out | cut -d, -f1,2)" = "id,name" ] || complain "the header"
[ "$(wc -l <out)" -eq "$(wc -l <"$TWOKEY_SOURCE/catalogue/parties.csv")" ] || complain "a row for every party"

# What it writes, it reads.
cp out again.csv
run 0 parties list --format csv --parties again.csv
same again.csv <out
head -n 1 again.csv >first.csv
grep '^amd,' again.csv >>first.csv
run 0 parties list --format csv --parties first.csv
same again.csv <out

run 0 parties show bytedance
plain
shows "class          platform;cloud"
shows "not on record; presumed where a rule asks"

cat >ours.csv <<'END'
id,name,country,hq,class,lists,source,note
acme,"=Acme; ""quoted""",DE,,platform,EL;UVL,our own file,
END
run 0 parties list --parties ours.csv
plain
shows '=Acme; "quoted"'
shows "platform [EL;UVL]"
run 0 parties list --parties ours.csv --format csv
shows '"'"'"'=Acme; ""quoted"""'
run 0 parties show bytedance --parties ours.csv
run 0 parties show acme --parties ours.csv
shows "hq             not on record: unknown"
hides "note"
refused "did you mean 'acme'?" parties show acne --parties ours.csv
sed 's/,hq,/,hqs,/' ours.csv >misspelt.csv
run 2 parties list --parties misspelt.csv
says "hqs"
says "did you mean 'hq'?"
printf 'id,name,hq\nbytedance,Ours,SG\n' >replaced.csv
run 0 parties show bytedance --parties replaced.csv
shows "bytedance  Ours"
shows "hq             SG"
shows "class          not on record: unknown"
printf 'id,name,hq\nacme,A,DE\nacme,B,DE\n' >twice.csv
run 2 parties list --parties twice.csv
says "twice.csv:3:1: id: 'acme' stands twice, first in line 2"
printf 'id,name,hq\nbytedance,A,DE\nbytedance,B,DE\n' >twice.csv
run 2 parties list --parties twice.csv
says "stands twice, first in line 2"
sed 's/,DE,/,XX,/' ours.csv >nowhere.csv
run 2 parties list --parties nowhere.csv
says "nowhere.csv:2:26: row 'acme', column country: 'XX' is no place for country (expected"
refused "none.csv: cannot be opened: No such file or directory" parties list --parties none.csv
mkdir folder
refused "folder: cannot be opened: Is a directory" parties list --parties folder
[ ! -e books/none.db ] || complain "looking makes no book"

# --- into the book ---

TWOKEY_BOOK=$PWD/books/book.db
refused "parties import: which file" parties import
refused "parties import: 'b' is one argument too many" parties import a b
refused "--out does not go with 'parties import'" parties import a --out b
run 1 parties import missing.csv
says "missing.csv: cannot be opened"
cat >customers.csv <<'END'
id,name,aliases,country,hq,class,lists,entry_review,address,source
hanguang,Hanguang Optics,汉光;Han Guang,CN,CN,platform,EL,denial,"1 Road, Wuhan",register
tencent,Ours,,SG,SG,cloud,,,,register
acme,"=Acme; ""quoted""",,DE,,,,,,register
nowhere,Nowhere,,XX,,,,,,
words,Words,,,,,ELL,,,
acme,Acme again,,,,,,,,
END
run 2 parties import customers.csv
shows "6 parties read: 3 new, 0 replaced, 0 there already, 3 rejected"
shows "batch 1, recorded 1 to 3"
says "customers.csv:5:18: rejected: party nowhere, country 'XX' is no place for end_user.country"
says "customers.csv:6:17: rejected: party words, lists 'ELL' is no value of end_user.lists; did you mean 'EL'?"
says "customers.csv:7:1: rejected: party acme stands twice in this file, first in line 4"
run 2 parties import customers.csv
shows "0 new, 0 replaced, 3 there already, 3 rejected"

# A party of the book takes the place of the catalogue's, one of --parties that of both.
run 0 parties show tencent
shows "tencent  Ours"
shows "hq             SG"
printf 'id,name,hq\ntencent,Theirs,JP\n' >over.csv
run 0 parties show tencent --parties over.csv
shows "tencent  Theirs"
run 0 parties list
shows "=Acme; \"quoted\""
shows "platform [EL]"
run 0 parties show hanguang
plain
shows "aliases        Han Guang;汉光"
shows "address        1 Road, Wuhan"
shows "recorded       1, on "
shows " from customers.csv"

# A decision reads them.
"$TWOKEY" explain --item h200-sxm --from US --to SG --activity export --end-user hanguang --as-of 2026-02-10 >out
shows "end_user.lists = EL, asked has EL"

# --- add: a row as arguments; what is not said stays ---

refused "parties add: which columns" parties add
refused "parties add 'acme': expected a column and its value, as hq=DE" parties add acme
refused "column 'hqs' is unknown; did you mean 'hq'?" parties add id=acme hqs=DE
run 0 parties add id=acme hq=DE
shows "1 parties read: 0 new, 1 replaced, 0 there already, 0 rejected"
says "note: party acme takes the place of the earlier record: hq was '', here 'DE'"
run 0 parties show acme
shows "country        DE"
shows "hq             DE"
run 0 parties add id=delta "name=Delta, Inc." "note=a=b"
quiet
run 2 parties add id=delta birth=soon
says "birth 'soon': expected a day"

# --- holdings ---

cat >holdings.csv <<'END'
holder;held;share;control;from;to;source
hanguang;acme;30;;2024;;annual report 2024
EL:key-1;acme;20;yes;2024-03;2025-06;register
delta;epsilon;45-55;no;;;press
acme;beta;101;no;;;
END
run 2 parties import holdings.csv
shows "4 holdings read: 3 new, 0 replaced, 0 there already, 1 rejected"
says "holdings.csv:5:11: rejected: holding of acme in beta, share '101': expected a percentage from 0 to 100"
says "holdings.csv: note: there is no party epsilon yet; the holding is kept"
! grep -q "no party EL:key-1" err || complain "an entry of a list is known"
run 0 parties show acme
plain
shows "owned by       hanguang, 30 %, from 2024-01-01, annual report 2024; recorded"
shows "in control, 20 %, from 2024-03-01 to 2025-06-30"

# --- out of it ---

refused "parties export 'holding': expected parties|holdings; did you mean 'holdings'?" parties export holding
run 0 parties export
[ "$(head -n 1 out)" = "id,name,aliases,kind,country,hq,parent,parent_hq,class,lists,entry_review,address,\
identifiers,birth,source,note" ] || complain "the header of parties"
cp out parties.csv
run 0 parties export holdings --out out-holdings.csv
silent
run 2 parties export holdings --out out-holdings.csv
says "out-holdings.csv"
TWOKEY_BOOK=$PWD/books/second.db
run 0 parties import parties.csv
run 0 parties import out-holdings.csv
run 0 parties export
same parties.csv <out
run 0 parties export holdings
same out-holdings.csv <out
run 2 parties import -
says "standard input:1:1: the file is empty"
refused "--format does not go with 'parties import'" parties import parties.csv --format csv

done_testing
