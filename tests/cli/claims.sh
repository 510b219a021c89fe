# SPDX-License-Identifier: Apache-2.0
# `twokey claims`: a new book has the claims that come with the program; import counts up; what was exported comes back.
. "$TWOKEY_SOURCE/tests/cli/common/expect"
TWOKEY_BOOK=$PWD/book.db
export TWOKEY_BOOK
shipped=$(($(wc -l <"$TWOKEY_SOURCE/claims/claims.csv") - 1))

refused "claims: what of them? Expected one of import add list" claims
refused "did you mean 'list'?" claims lst
refused "claims import: which file, or - for standard input?" claims import
refused "claims show: which claim?" claims show
refused "--actor does not go with 'claims search'" claims search x --actor Nvidia
refused "'b' is one argument too many" claims show a b
refused "--format 'csv': expected text|json" claims show C105 --format csv
refused "did you mean 'C105'?" claims show C105x
refused "expected a number up to $shipped" claims list --claims-at 100000
refused "--known-at: '2026-13-01'" claims list --known-at 2026-13-01
refused "--since 'soon': expected a day" claims list --since soon
refused "--limit '0': expected a number from 1" claims search H200 --limit 0
refused "Letters or digits are needed" claims search '"' '*'

run 0 claims list
quiet
plain
shows "C105      2026-01-28  C     "
shows "$shipped claims; recorded up to $shipped, known at any day"

# Known at: a claim dated by month counts from its last day.
run 0 claims list --subject H200 --known-at 2026-01-28
hides "C110 "
hides "C201 "
run 0 claims list --known-at 2026-01-31 --predicate approves_import
shows "C201 "
hides "C126 "
run 0 claims list --since 2026-01-28 --until 2026-01-30 --source-kind social
shows "C112 "
shows "1 claim; recorded"
run 0 claims list --stage withheld --format csv
shows "recorded,source_grade,id,date_event"
shows "C150,2026-06-01"
run 0 claims list --actor gacc --format json
[ "$(tail -n 1 out)" = "{\"claims\":4,\"recorded\":$shipped,\"known_at\":null}" ] || complain "the last line of JSON"

run 0 claims show C105
plain_links() { grep -v source_url out >less && mv less out && plain; }
plain_links
shows "means          application.stage = approved, item h200, party bytedance"
shows "means          item.cn_stance = conditional-rounds, item h200"
run 0 claims show C142
shows "not modelled   what it states is in words alone"

# Words are never syntax.
run 0 claims search customs "H200"
shows "C096 "
for words in 'NEAR(a b)' 'C105 OR C106' '-H200' 'words:H200' 'H200*' 'a" OR "b' "x'; DROP TABLE claims; --" \
    '^H200' '{H200}'; do
    run 0 claims search -- "$words"
    quiet
done
run 0 claims search 'C105 OR C106'
shows "0 claims;"
run 0 claims search H200 --limit 2
shows "More match"
[ "$(grep -c '^C' out)" -eq 3 ] || complain "a heading and two claims"

# Out and in again: the same bytes, in an empty book too.
run 0 claims export --out first.csv
run 0 claims import first.csv
shows "$shipped read: 0 new, $shipped there already, 0 rejected"
run 0 claims export
same first.csv <out

# What is wrong with a row is said; the others are imported; counts add up.
cat >bad.csv <<'END'
id,date_event,date_reported,source,source_url,source_kind,actor,subject,predicate,object,quantity,unit,status,says
G1,2026-02,2026-02-03,a,,analyst,Nvidia,H200,price,,~27000,USD,,
G1,2026-02,2026-02-03,a,,analyst,Nvidia,H200,price,,~27000,USD,,
G1,2026-02,2026-02-03,a,,analyst,Nvidia,H200,price,,~28000,USD,,
B1,2026-02-30,2026-02-03,a,,analyst,Nvidia,H200,price,,1,USD,,
B2,,,a,,analyst,Nvidia,H200,price,,1,USD,,
B3,,2026-02-03,a,,rumour,Nvidia,H200,price,,1,USD,,
B4,,2026-02-03,a,,analyst,Nvidia,H200,price,,about 7,USD,,
B 5,,2026-02-03,a,,analyst,Nvidia,H200,price,,7,USD,,
B6,,2026-02-03,a,ftp://x,analyst,Nvidia,H200,price,,7,USD,,
B7,,2026-02-03,a,,analyst,Nvidia,H200,Price!,,7,USD,,
B8,,2026-02-03,a,,analyst,Nvidia,H200,price,,7,USD,true,
G2,,2026,a,,unsourced,,H200,never_heard_of,,,,,"=1+1"
B9,2026
END
printf 'B10,,2026-02-03,\377,,analyst,Nvidia,H200,price,,7,USD,,\n' >>bad.csv
for size in 70000 10000000; do
    printf 'B11,,2026-02-03,a,,analyst,Nvidia,H200,price,,7,USD,,'
    head -c $size /dev/zero | tr '\0' x
    echo
done >>bad.csv
echo 'G3,2026-02-03,2026-02-03,a,,official,BIS,H200,states,,,,,last' >>bad.csv
run 2 claims import bad.csv
shows "17 read: 3 new, 1 there already, 13 rejected"
shows "batch 2, recorded $((shipped + 1)) to $((shipped + 3))"
says "bad.csv:4:1: rejected: claim G1 is in the book with another quantity: '~27000', here '~28000'"
says "bad.csv:5:4: rejected: claim B1, date_event '2026-02-30': expected the day it is about"
says "bad.csv:6:5: rejected: claim B2, date_reported '': expected the day it was published"
says "claim B3, source_kind 'rumour': expected official, company"
says "claim B4, quantity 'about 7' is no quantity; expected a number, >N"
says "bad.csv:9:1: rejected: id 'B 5': expected an id"
says "claim B6, source_url 'ftp://x': expected an address"
says "claim B7, predicate 'Price!': expected a word such as approves_import"
says "claim B8, status 'true': expected reported"
says "is not UTF-8"
says "a cell of 70000 bytes; at most 65536 are read"
[ "$(grep -c ': rejected: ' err)" -eq 13 ] || complain "13 rows rejected"
run 0 claims show G2
shows "not modelled   the table of predicates does not know this one"
run 0 claims export
shows ",\"'=1+1\","
cp out with.csv
run 0 claims import with.csv --book other.db
shows "3 new"
run 0 claims export --book other.db
same with.csv <out

# Nothing of a file that cannot be read as claims.
run 2 claims import "$TWOKEY_SOURCE/catalogue/parties.csv"
says "column 'name' is unknown; did you mean"
printf 'id,date_reported,source_kind,actor,subject,predicat\n' >short.csv
run 2 claims import short.csv
says "short.csv:1:1: column 'predicat' is unknown; did you mean 'predicate'?"
run 2 claims import short.csv --ignore-unknown
says "there is no column 'predicate'"
run 1 claims import nowhere.csv
says "nowhere.csv: cannot be opened"
printf 'id,date_reported,source_kind,actor,subject,predicate,colour,note,relates_to\n%s\n' \
    'N1,2026-03-01,social,Nvidia,H200,states,red,a remark,C105' >more.csv
run 0 claims import more.csv --ignore-unknown
shows "1 new"

# The order of import does not matter to links; a loose one is noted.
run 0 claims add --id L2 --date-reported 2026-03-02 --source-kind social --actor x --subject y --predicate states \
    --contradicts "L1 ; L1;C105" --says "two"
says "claim L2, contradicts: there is no claim L1 yet; the link is kept"
run 0 claims show L2
shows "contradicts    C105;L1"
run 0 claims add --id L1 --date-reported 2026-03-02 --source-kind social --actor x --subject y --predicate states
quiet
run 2 claims add --id L3 --date-reported 2026-03-02 --source-kind social --actor x --subject y --predicate states \
    --supersedes L3
says "expected ids of other claims"

# Asked as it stood then: the same bytes, with the number that was said at the time.
run 0 claims list --claims-at "$shipped"
cp out then
run 0 claims list --book fresh.db
same then <out
run 0 claims search H200 --claims-at "$shipped" --limit 2000
cp out then
run 0 claims search H200 --book fresh.db --limit 2000
same then <out

# No book by chance.
ran="without HOME" code=0
(unset TWOKEY_BOOK HOME XDG_DATA_HOME; "$TWOKEY" claims list) >out 2>err && complain "no place for a book"
says "there is no place for the book"

done_testing
