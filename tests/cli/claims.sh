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
shows "C105      2026-01-28  C4    "
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
shows "recorded,grade,id,date_event"
shows "C150,2026-06-01"
run 0 claims list --actor gacc --format json
[ "$(tail -n 1 out)" = "{\"claims\":4,\"recorded\":$shipped,\"known_at\":null}" ] || complain "the last line of JSON"

run 0 claims show C105
plain_links() { grep -v source_url out >less && mv less out && plain; }
plain_links
shows "means          application.stage = approved, item h200, party bytedance"
shows "means          item.cn_stance = conditional-rounds, item h200"
run 0 claims show C142
shows "means          item.cn_stance = withheld, item h200"
hides "not modelled"
shows "grade          A3: 1 independent source, 0 denials"
run 0 claims show C100
shows "not modelled   what it states is in words alone"
run 0 claims show C105 --known-at 2026-01-28
shows "grade          C3: 1 independent source, 0 denials"
hides "conflict"
run 0 claims show C105
shows "grade          C4: 3 independent sources, 3 denials"
shows "on its side    C075, C105, C201, C206"
shows "against        C106, C208, C110, C112"

# An approval is no order, an order no delivery; what was not published yet is not known.
refused "say --buyer PARTY and --item ID" claims stage --buyer bytedance
refused "did you mean 'bytedance'?" claims stage --buyer bytedanse --item h200-sxm
refused "--item: " claims stage --buyer bytedance --item h2000
run 0 claims stage --buyer bytedance --item h200-sxm --known-at 2026-01-28
plain
shows "nvidia-h200-sxm to bytedance"
shows "approved        C105 2026-01-28 C3             -"
shows "ordered         C075 2025-12-31 C4 *           C106"
shows "delivered       -                              -"
shows "item.cn_customs refuses: C096 2026-01-16 C"
run 0 claims stage --buyer bytedance --item h200-sxm
shows "approved        C105 2026-01-28 C3 +5          C110 2026-01-29 B5 *"
shows "delivered       -                              C120 2026-02-24 A2 +2 *"
shows "item.cn_stance withheld: C150 2026-06-01 C"
run 0 claims stage --buyer china-telecom --item h200-sxm --format json
shows '"fact":"buyer.access","value":"barred","for":{"claim":"C085"'
shows '"against":{"claim":"C110","event":"2026-01-29","source_grade":"B"'

# Both sides, and what would settle it.
run 0 claims conflicts
plain
shows "performance ratio of nvidia: h200 vs h20"
shows "would settle it: a purchase order, or the seller's own figure for orders"
run 0 claims conflicts --known-at 2025-09-17 --format json
shows '"linked":true,"detected":false'
shows '[[{"claim":"C023"'
shows '[{"claim":"C043"'

# Two lanes by topic; the picture is well-formed, escapes what it shows, and shows what the table has.
run 0 claims timeline --since 2026-01 --until 2026-01
plain
shows "official announcements"
shows "2026-01-28  CN  C105      C4    "
shows "cannot all be true"
run 0 claims timeline --since 2026-01 --until 2026-01 --format json
shows '"claim":"C105","event":"2026-01-28","lane":"cn","topic":"official"'
count=$(tr '{' '\n' <out | grep -c '^"claim":"')
run 0 claims timeline --since 2026-01 --until 2026-01 --format svg --out january.svg
[ "$(grep -c 'class="claim" fill="#[0-9a-f]*"><title>' january.svg)" -eq "$count" ] ||
    complain "a square for each claim"
grep -q 'class="link"><title>[^<]*C110' january.svg ||
    complain "a line between both sides"
if command -v xmllint >/dev/null 2>&1; then
    xmllint --noout january.svg 2>difference || complain "well-formed: $(head -n 1 difference)"
fi
run 0 claims add --id X9 --date-reported 2026-06-09 --source-kind social --actor '<script>' --subject 'a&b' \
    --predicate states --says "$(printf '</title><script>"alert(1)"</script> \033[31m \342\200\256')" --book evil.db
run 0 claims timeline --since 2026-06-09 --format svg --book evil.db
hides "<script>"
shows "&lt;/title&gt;&lt;script&gt;&quot;alert(1)&quot;&lt;/script&gt; \\x1b[31m \\u202e"
refused "--format 'svg': expected text|csv|json" claims list --format svg

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
says "bad.csv:4:53: rejected: claim G1, quantity '~28000': in the book it is '~27000'; claims are never changed"
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

# All that is wrong with a row is said, in the order of the columns; the row counts once.
cat >worse.csv <<'END'
id,date_event,date_reported,source,source_url,source_kind,actor,subject,predicate,quantity,unit,status,supersedes
W1,2026-13,2099-01-01,a,ftp://x,rumour,GACC,H200,Accepts!,seven,chips,maybe,W1;x
G1,2026-02,2026-02-04,b,,analyst,Nvidia,H200,price,~28000,USD,,
END
run 2 claims import worse.csv
shows "2 read: 0 new, 0 there already, 2 rejected"
says "worse.csv:2:4: rejected: claim W1, date_event '2026-13': expected"
for cell in "12: also: claim W1, date_reported '2099-01-01': expected a day up to today" \
    "25: also: claim W1, source_url" "33: also: claim W1, source_kind" "50: also: claim W1, predicate" \
    "59: also: claim W1, quantity" \
    "71: also: claim W1, status" "77: also: claim W1, supersedes"; do
    says "worse.csv:2:$cell"
done
says "worse.csv:3:12: rejected: claim G1, date_reported '2026-02-04': in the book it is '2026-02-03'"
says "worse.csv:3:23: also: claim G1, source 'b': in the book it is 'a'"
says "worse.csv:3:52: also: claim G1, quantity '~28000': in the book it is '~27000'"
[ "$(wc -l <err)" -eq 11 ] || complain "eleven messages"

# Nobody reports from the future; asked for, it is kept, counts from its day, and moves nothing before.
order="--item h200-sxm --from US --to CN --activity export --end-user bytedance --as-of 2026-10-01"
future="--id F1 --date-event 2026-06-20 --date-reported 2099-01-01 --source-kind official --actor GACC --subject H200 \
    --predicate accepts_import"
run 2 claims add $future --book future.db
says "claims add:2:15: rejected: claim F1, date_reported '2099-01-01': expected a day up to today, 20"
says "--allow-future takes what is still to come"
[ "$(wc -l <err)" -eq 1 ] || complain "one message"
"$TWOKEY" check $order --book future.db >before 2>/dev/null
run 0 claims add $future --book future.db --allow-future
says "note: claim F1, date_reported '2099-01-01': published 2099-01-01, after today: counts from that day"
shows "notes: 1 claim published after today"
"$TWOKEY" check $order --book future.db | sed "s/  to $((shipped + 1))$/  to $shipped/" >out
same before <out
"$TWOKEY" check $order --book future.db --known-at 2099-01-01 >out
shows "item.cn_customs = accepts"

# What no table knows is kept, and said with what it may have been.
cat >strange.csv <<'END'
id,date_reported,source_kind,actor,subject,predicate,object
S1,2026-06-20,official,GACC,H2000,accept_import,
S2,2026-06-20,official,MOFCOM,Bytedence,approves_import,H200
S3,2026-06-20,official,MOFCON,ByteDance,approves_import,H20O
S4,2026-06-20,official,MOFCOM,Nvidia,accepts_import,
S5,2026-06-20,social,somebody,something,states,anything
S6,2026-06-20,official,GACC,H200,accepts_import,
S7,2026-06-20,official,MOFCOM,ByteDance,instructs_pause,H200 purchases
END
run 0 claims import strange.csv --book strange.db
shows "7 read: 7 new, 0 there already, 0 rejected"
shows "notes: 6 words or names in no table"
says "strange.csv:2:35: note: claim S1, predicate 'accept_import' is in no table and says nothing to any rule; did \
you mean 'accepts_import'?"
says "strange.csv:2:29: note: claim S1, subject 'H2000' names nothing that the tables know; did you mean 'h200'?"
says "strange.csv:3:31: note: claim S2, subject 'Bytedence' names nothing that the tables know; did you mean \
'bytedance'?"
says "claim S3, actor 'MOFCON' names nothing that the tables know; did you mean 'mofcom'?"
says "claim S3, object 'H20O' names nothing that the tables know; did you mean 'h20'?"
says "claim S4, predicate 'accepts_import' says nothing to any rule here"
[ "$(wc -l <err)" -eq 6 ] || complain "six notes"
{ sed 1q strange.csv; for i in $(seq 100); do echo "T$i,2026-06-20,official,GACC,H200,accept_import,"; done; } >many.csv
run 0 claims import many.csv --book strange.db
shows "notes: 100 words or names in no table; the first 16 are shown"
[ "$(wc -l <err)" -eq 16 ] || complain "sixteen notes"

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
run 0 claims search H200 --claims-at "$shipped" --limit 1000
cp out then
run 0 claims search H200 --book fresh.db --limit 1000
same then <out

# No book by chance.
ran="without HOME" code=0
(unset TWOKEY_BOOK HOME XDG_DATA_HOME; "$TWOKEY" claims list) >out 2>err && complain "no place for a book"
says "there is no place for the book"

done_testing
