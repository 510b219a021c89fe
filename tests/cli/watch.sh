# SPDX-License-Identifier: Apache-2.0
# `twokey watch`: what is kept, what a run calls a change, its exit codes, and two runs at the same time.
. "$TWOKEY_SOURCE/tests/cli/common/expect"
TWOKEY_BOOK=$PWD/book/book.db
export TWOKEY_BOOK
cp "$TWOKEY_SOURCE/examples/h200-2026/orders.csv" orders.csv
rows=$(($(wc -l <orders.csv) - 1))

refused "watch: do what? Expected one of add run list show remove" watch
refused "did you mean 'run'?" watch rnu
refused "watch add: which name?" watch add
refused "watch add: which file, or - for standard input?" watch add desk
refused "watch add: 'more' is one argument too many" watch add desk orders.csv more
refused "watch show: which name?" watch show
refused "watch run: --as-of goes with --check" watch run --as-of 2026-02-10
refused "--check does not go with 'watch show'" watch show desk --check
refused "--believe goes with 'watch add'" watch run --believe C105
refused "--fact goes with 'watch add'" watch show desk --fact item.tpp=1
refused "'no name' is no name of a watch" watch add "no name" orders.csv
refused "there is no watch 'desk'; 'twokey watch list' lists them" watch show desk
refused "there is no such claim" watch add desk orders.csv --believe C9999
run 2 watch add desk nowhere.csv
says "nowhere.csv: cannot be opened"
printf 'id,item,from,to\n' >empty.csv
refused "empty.csv: no orders" watch add desk empty.csv

# Every wrong row is named, and nothing is kept.
printf 'id,item,from,to\na,h200-sxm,US,CN\nb,h2000,US,CN\nc,h200-sxm,US,Nowhere\n' >bad.csv
run 2 watch add desk bad.csv
says "bad.csv:3:3: item"
says "bad.csv:4:15: to"
says "nothing is kept: 2 of 3 orders are wrong"
silent
run 0 watch list --format csv
[ "$(wc -l <out)" -eq 1 ] || complain "no watch"

run 0 watch add desk orders.csv --as-of 2026-02-10
quiet
shows "desk: $rows orders kept"
run 0 watch add desk orders.csv --as-of 2026-02-10
shows "desk: $rows orders there already"
refused "there is a watch 'desk' with other orders or another question; --force replaces it" watch add desk orders.csv
printf '{"id":"x","item":"h200-sxm","from":"US","to":"CN"}\n' >one.ndjson
run 0 watch add one one.ndjson --world law --law text --fact item.tpp=4800
run 0 watch list
quiet
plain
shows "desk                        $rows        0         never       orders.csv"
run 0 watch show one
plain
shows "one: 1 order from one.ndjson, as of the order's day, else today, law text, world"
shows "  law, item.tpp=4800"
shows "never run"
run 0 watch remove one
shows "one: removed"
refused "there is no watch 'one'" watch remove one

# The baseline, then nothing.
run 0 watch run
plain
shows "desk: first run; $rows answers are kept as the baseline"
says "read $rows = accepted $rows + rejected 0"
[ "$(wc -l <out)" -eq 1 ] || complain "the baseline is one line"
for format in text json; do
    run 0 watch run desk --format $format
    silent
done
run 0 watch run --format csv
[ "$(wc -l <out)" -eq 1 ] || complain "the header alone"

# A claim: the change in each format, once.
cat >new.csv <<'END'
id,date_event,date_reported,source,source_url,source_kind,actor,subject,predicate,status
T1,2026-02-05,2026-02-05,MOFCOM,https://example.org/1,official,MOFCOM,H200,withholds,announced
END
run 0 claims import new.csv
for copy in text json csv show; do
    mkdir -m 700 $copy
    run 0 book backup $copy/book.db
done
run 6 watch run --book text/book.db
plain
shows "orders changed since the run of "
shows "  o-01          undetermined -> may-not-move; cn undetermined -> closed"
shows "  official announcements"
shows "    T1 is believed now: MOFCOM: H200, withholds"
shows "  rules"
shows "    cn.held came: "
shows "    item.cn_stance: conditional-rounds -> withheld"
hides "as of:"
run 0 watch run --book text/book.db
silent
run 0 watch show desk --book text/book.db
shows "last changes"
shows "    T1 is believed now: MOFCOM: H200, withholds"
run 6 watch run --book json/book.db --format json
shows '{"watch":"desk","order":1,"id":"o-01","before":"undetermined","now":"may-not-move","keys":[{"regime":"cn"'
shows '{"topic":"official","kind":"claim","name":"T1","how":"came","before":"","now":""}'
run 6 watch run --book csv/book.db --format csv --out changes.csv
silent
grep -q '^desk,1,o-01,undetermined,may-not-move,official,claim,T1,came,,,,$' changes.csv || complain "a row of T1"
grep -q '^desk,1,o-01,undetermined,may-not-move,rules,rule,cn.held,came,,Nothing' changes.csv || complain "cn.held"

# A claim that supersedes another: both are named, and which superseded which.
cat >newer.csv <<'END'
id,date_event,date_reported,source,source_url,source_kind,actor,subject,predicate,status,supersedes
T3,2026-02-05,2026-02-08,MOFCOM,https://example.org/3,official,MOFCOM,H200,instructs_pause,announced,T1
END
run 0 claims import newer.csv --book text/book.db
run 0 book backup --book text/book.db show/later.db
run 6 watch run --book text/book.db
shows "    T1 is believed no longer, superseded by T3: MOFCOM: H200, withholds"
shows "    T3 is believed now: MOFCOM: H200, instructs_pause"
run 6 watch run --book show/later.db --format json
shows '{"topic":"official","kind":"claim","name":"T1","how":"went","before":"","now":"T3"}'

# Only looking keeps nothing, and finds it again.
run 6 watch run --check
shows "    T1 is believed now: MOFCOM: H200, withholds"
run 6 watch run --check --format csv
shows "desk,1,o-01,undetermined,may-not-move,official,claim,T1,came,,"

# Of eight runs at once one reports.
for i in 1 2 3 4 5 6 7 8; do
    (
        "$TWOKEY" watch run >out.$i 2>err.$i
        echo $? >code.$i
    ) &
done
wait
ran="eight runs at once"
[ "$(cat code.* | grep -c '^6$')" -eq 1 ] || complain "one run finds the change: $(cat code.* | tr '\n' ' ')"
[ "$(cat code.* | grep -c '^0$')" -eq 7 ] || complain "the others find none: $(cat code.* | tr '\n' ' ')"
[ "$(cat out.* | grep -c 'orders changed since')" -eq 1 ] || complain "it is said once"

# Another rulebook, under which a rule says something else.
cp -r "$TWOKEY_SOURCE/rulebooks" my-rules
sed 's/item\.tpp >= 4800/item.tpp >= 4801/' "$TWOKEY_SOURCE/rulebooks/us/items.rules" >my-rules/us/items.rules
run 6 watch run --rulebook my-rules
shows "    rule us.item-a is worded otherwise"
shows "  what decides"
shows "    another rulebook: "
hides "    rule us.licence-uae"
run 6 watch run --format json
shows '{"topic":"rules","kind":"statement","name":"rule us.item-a","how":"reworded","before":"","now":""}'
run 0 watch run

# A day on which rules come into force.
printf 'id,item,from,to,end_user,activity\na,h200-sxm,US,CN,bytedance,export\n' >day.csv
run 0 watch add day day.csv --world law
run 0 watch run day --check --as-of 2026-01-14
shows "day: first run; 1 answer would be kept as the baseline"
sed 's/2026-01-15 \.\./2026-01-15 .. 2190-01-01/' "$TWOKEY_SOURCE/rulebooks/us/h200.rules" >my-rules/us/h200.rules
run 0 watch run day --rulebook my-rules
run 0 watch run day --rulebook my-rules --check
silent
run 6 watch run day --rulebook my-rules --check --as-of 2190-01-02
shows "    rule us.review-h200 was in force until 2190-01-01"
shows "as of: "
run 6 watch run day --rulebook my-rules --check --as-of 2190-01-02 --format json
shows '{"topic":"time","kind":"force","name":"rule us.review-h200","how":"ended","before":"","now":"2190-01-01"}'
run 6 watch run day --check
shows "    rule us.review-h200 has other dates: 2026-01-15..2190-01-01 -> 2026-01-15.."
refused "--as-of: " watch run day --check --as-of tomorrow
run 0 watch remove day

# What cannot be decided any more is named; the rest goes on, and --force starts anew.
printf 'id,name,hq\nacme,Acme and Sons,CN\n' >ours.csv
printf 'id,item,from,to,end_user\na,h200-sxm,US,CN,Acme and Sons\nb,h200-sxm,US,CN,bytedance\n' >two.csv
run 0 watch add desk two.csv --parties ours.csv --as-of 2026-02-10 --force
shows "desk: 2 orders kept, in place of what was there"
run 0 watch run --parties ours.csv
shows "desk: first run; 2 answers"
run 2 watch run
silent
says "desk: a: end_user"
says "read 2 = accepted 1 + rejected 1"
run 0 watch run --parties ours.csv
run 0 watch show desk --format json
[ "$(wc -l <out)" -eq 2 ] || complain "an object an order"
shows '"cells":{"id":"a","item":"h200-sxm","end_user":"Acme and Sons","from":"US","to":"CN"}'
shows '"last_change":null'
run 0 watch show desk --format csv
shows "order,id,verdict,before"
shows "1,a,"
run 0 book check
shows "whole"

# Lists, what is decided about hits, and owners.
export TWOKEY_BOOK="$PWD/lists/book.db"
mkdir -m 700 lists
example=$TWOKEY_SOURCE/examples/h200-2026
sample=$TWOKEY_SOURCE/lists/sample/csl-sample-2026-07-31.csv
printf 'id,name,country,hq\nyo,Yonikbra Foods,SG,SG\n' >yo.csv
run 0 parties import "$example/parties.csv"
run 0 parties import yo.csv
proof='screened;end-use-statement;no-red-flags;owners-known'
{
    echo 'id,item,from,to,activity,end_user,end_user_hq,evidence,as_of'
    echo "i,rtx3090,US,SG,export,inspur-zh,CN,$proof,2026-08-03"
    echo "y,rtx3090,US,SG,export,yo,SG,$proof,2026-08-03"
} >parties.csv
run 0 watch add desk parties.csv
run 0 watch run
run 0 lists import "$sample"
run 6 watch run
plain
shows "desk: 1 of 2 orders changed since"
shows "  lists and owners of the parties"
shows "    sample came: 2026-07-31 "
shows "    inspur-zh, EL:inspur-group-co-ltd-"
shows "    inspur-zh, CMIC:30949 'INSPUR GROUP CO., LTD.': a hit now, open"
hides "as of:"
hit=$(grep -o 'EL:inspur-group-co-ltd-[0-9a-f]*' out | head -n 1)
run 0 watch run
silent
run 0 screen clear "$hit" --party inspur-zh --reason "a test of the watch"
run 0 book backup "$PWD/lists/other.db"
run 6 watch run
plain
shows "    inspur-zh, $hit 'Inspur Group Co., Ltd.': open ->"
shows "      cleared 20"
shows "a test of the watch"
hides "sample"
run 6 watch run --book lists/other.db --format json
shows "{\"topic\":\"parties\",\"kind\":\"hit\",\"name\":\"$hit\",\"how\":\"changed\",\"before\":\"open\""
shows '"party":"inspur-zh","entry":"Inspur Group Co., Ltd."}'

# An entry more.
sed 's/ 2026-07-31:/ 2026-08-01:/; s/published on 2026-07-31/published on 2026-08-01/' "$sample" >csl-2026-08-01.csv
row='Entity List (EL) - Bureau of Industry and Security,,,,Yonikbra Foods Ltd,,SG,For all items subject to the EAR'
echo "$row,Presumption of denial,91 FR 1,https://example.org/el" >>csl-2026-08-01.csv
run 0 lists import csl-2026-08-01.csv --published 2026-08-01
run 6 watch run --check
plain
shows "desk: 1 of 2 orders changed since"
shows "    another version of sample: 2026-07-31 "
shows "    yo, EL:yonikbra-foods-ltd-"
run 6 watch run --format csv
shows "parties,list,sample,changed,2026-07-31 "
shows "parties,hit,EL:yonikbra-foods-ltd-"
shows ",came,,open,yo,Yonikbra Foods Ltd"

# Owners, on a day on which the affiliates rule was in force.
printf 'id,item,from,to,activity,end_user,end_user_hq,evidence,as_of\n' >owned.csv
printf 'f,rtx3090,US,SG,export,fo,SG,%s,2025-10-15\n' "$proof" >>owned.csv
printf 'id,name,country,hq\nfo,Fizen Foods,SG,SG\n' >fo.csv
printf 'holder,held,share,from,source\n%s,fo,60,2024-01-01,register\n' "$hit" >holding.csv
run 0 parties import fo.csv
run 0 watch add owned owned.csv
run 0 watch run owned
run 0 parties import holding.csv
run 6 watch run owned
plain
shows "    fo, owners on EL: now, covered, 60 % ($hit"
hides "sample"
run 0 watch show owned
plain
shows "    fo, owners on EL: now, covered, 60 % ($hit"

# Names that nobody has on record: without lists each such order is named once, and the rest goes on.
printf 'id,item,from,to,end_user,end_user_hq,purchaser,as_of\n' >names.csv
printf 'n,rtx3090,US,SG,Wuzorin Trade,SG,Dangol Trade,2026-08-03\nk,rtx3090,US,SG,yo,SG,,2026-08-03\n' >>names.csv
run 0 watch add names names.csv
run 0 watch run names
mv lists/lists lists/elsewhere
run 6 watch run names
says "names: n: "
says "other names need lists to be run against"
says "read 2 = accepted 1 + rejected 1"
[ "$(grep -c "names: n:" err)" -eq 1 ] || complain "the order is named once"
run 2 watch run names
silent
mv lists/elsewhere lists/lists
run 6 watch run names
says "read 2 = accepted 2 + rejected 0"
shows "names: 1 of 2 orders changed"

done_testing
