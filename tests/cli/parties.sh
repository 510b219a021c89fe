# SPDX-License-Identifier: Apache-2.0
# `twokey parties`: the catalogue's and one's own; what is not on record is said to be so.
. "$TWOKEY_SOURCE/tests/cli/common/expect"

refused "parties: what of them? Expected one of list show" parties
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

done_testing
