# SPDX-License-Identifier: Apache-2.0
# `twokey check`: exit codes, files and single orders, wrong input, formats, colour, --out, pipes that are closed early.
. "$TWOKEY_SOURCE/tests/cli/common/expect"
. "$TWOKEY_SOURCE/tests/cli/common/rulebook"
book=$TWOKEY_SOURCE/examples/h200-2026/orders.csv

# --- what to decide ---
refused "check what? Give a file, - for standard input, or an order by flags" check
refused "check takes a file or an order by flags, not both" check orders.csv --item h200-sxm
refused "did you mean 'json'?" check --item h200-sxm --format jsn
refused "--world 'wrld': there is no such world" check --item h200-sxm --world wrld
refused "--believe 'C9999': there is no such claim" check --item h200-sxm --believe C105,C9999
# Rules name claims that were taken in later; asked as the book stood before, nobody has said them yet.
run 5 check --item h200-sxm --from US --to CN --activity export --end-user bytedance --as-of 2026-02-01 --claims-at 1
shows "known at 2026-09-28"
shows "world prevailing, claims 1"
shows "cn  undetermined"
refused "claims-at 100000: the book has given numbers from 1 to " check --item h200-sxm --claims-at 100000
refused "--claims-at 'x': expected the number of a claim, as answers print it" check --item h200-sxm --claims-at x
refused "--fact 'item.tp': the rulebook has no such fact; did you mean 'item.tpp'?" check --fact item.tp=1
refused "--fact 'item.tpp': expected NAME=VALUE" check --fact item.tpp
refused "--as-of" check --item h200-sxm --as-of 2026-13-01
refused "--as-of is given twice: '2026-01-01' and '2026-01-02'" check --as-of 2026-01-01 --as-of 2026-01-02
refused "unknown flag '--end-user-hqs' of 'twokey check'; did you mean '--end-user-hq'?" check --end-user-hqs CN
refused "--item needs a value" check --item
refused "did you mean 'nvidia-h200-sxm'?" check --item h200-sxn --from US --to CN
refused "to:" check --item h200-sxm --from US --to XQ
run 2 check nowhere.csv
says "nowhere.csv"

# --- every exit code, on a made-up regime ---
run 0 check --rulebook rules --fact item.tpp=999 --from US --to CN --as-of 2024-02-01
shows "may-move"
run 3 check --rulebook rules --fact item.tpp=1000 --from US --to CN --end-user-hq US --as-of 2024-02-01
shows "authorisation-needed"
quiet
plain
run 5 check --rulebook rules --fact item.tpp=1000 --from US --to CN --as-of 2024-02-01
shows "end_user.hq"
run 5 check --rulebook rules --fact item.tpp=1000 --from US --to US --as-of 2024-02-01
shows "Outside every modelled regime"
sed -e 's/then       key = licence/then       key = closed/' -e '/^example/,/^$/d' rules/xx/regime.rules >changed
mkdir closed
cp rules/common.rules closed/
mv changed closed/regime.rules
run 4 check --rulebook closed --fact item.tpp=1000 --from US --to CN --end-user-hq US --as-of 2024-02-01
shows "may-not-move"

# --- files: what is wrong is said, the rest goes on, read = accepted + rejected ---
printf 'id,as_of,item,from,to,end_user_hq\n' >orders.csv
printf 'o-1,2024-02-01,h200-sxm,US,CN,CN\no-2,2024-02-01,h200-sxm,US,XQ,CN\n' >>orders.csv
printf 'o-3,2024-02-30,h200-sxm,US,CN,CN\no-4,2024-02-01,h200-sxm,US,CN\no-5,2024-02-01,k80,US,CN,CN\n' >>orders.csv
run 2 check orders.csv --rulebook rules --format csv
[ "$(cut -d, -f1 out | tr '\n' ' ')" = "id o-1 o-5 " ] || complain "the good orders are answered"
says "orders.csv:3:28: to: "
says "orders.csv:4:5: as_of: "
says "orders.csv:5"
says "read 5 = accepted 2 + rejected 3"
cat orders.csv | "$TWOKEY" check - --rulebook rules --format csv >out2 2>err2
[ $? -eq 2 ] || complain "standard input gives the same exit code"
same out2 <out
sed 's/,/;/g' orders.csv >semicolons.csv
run 2 check semicolons.csv --rulebook rules --format csv
same out2 <out
printf 'id,as_of,itm,from,to\no-1,2024-02-01,h200-sxm,US,CN\n' >misspelt.csv
refused "did you mean 'item'?" check misspelt.csv --rulebook rules
run 5 check misspelt.csv --rulebook rules --ignore-unknown --format csv
shows "o-1"
printf '{"id":"o-1","as_of":"2024-02-01","item":"h200-sxm","from":"US","to":"CN","end_user_hq":"US"}\n' >orders.ndjson
run 3 check orders.ndjson --rulebook rules --format json
[ "$(wc -l <out)" -eq 1 ] || complain "one object a line"
shows '"id":"o-1","verdict":"authorisation-needed"'
: >empty.csv
run 2 check empty.csv
printf 'id,item\n' >header.csv
run 0 check header.csv --format json
silent

# --- formats ---
run 3 check orders.ndjson --rulebook rules
plain
run 3 check orders.ndjson --rulebook rules --format csv
[ "$(head -n 1 out)" = "id,verdict,xx,reason,missing,conditions_open,as_of,known_at" ] || complain "the header"
run 5 check "$book"
plain
cp out first
run 5 check "$book"
same first <out
run 5 check "$book" --format json
[ "$(wc -l <out)" -ge 24 ] || complain "24 orders and more"
grep -v '^{"id":".*}$' out >other
[ ! -s other ] || complain "nothing but objects"
hides '"would_change":[{'
hides '"range":{'
run 5 check "$book" --format json --range
shows '"range":{'
run 5 check "$book" --format json --would-change
shows '"would_change":[{'

# --- a page says what one types: places as codes, facts by flag or column, claims in either case ---
run 5 check --item h200-sxm --from us --to cn --believe c105
shows "nvidia-h200-sxm, from US to CN"
shows "believing C105"
run 5 check --from US --to CN --as-of 2026-02-10
shows "missing        --end-user-class, --end-user-hq, --activity, --fact"
run 5 check --from US --to CN --as-of 2026-02-10 --format json
shows '"end_user.hq"'
run 3 check --item h200-sxm --from US --to DE --end-user-hq CN --as-of 2026-02-10
shows "+ end_user.hq = CN, asked in D:5 or MO or china"
hides "s-deny"
printf 'id,item,from,to,as_of\no1,h200-sxm,us,MY,2026-02-10\n' >typed.csv
run 3 check typed.csv --law text --known-at 2026-02-11
shows "US to MY, 2026-02-10"
shows "missing: end_user_hq"
shows "known at 2026-02-11, law text, world prevailing, claims 1 to "
hides "try next"
run 5 check "$book"
shows "try next"

refused "--from: 'UK' is no place for route.from (expected a code such as CN); did you mean 'GB' (United Kingdom)?" \
    check --item h200-sxm --from UK
refused "did you mean 'US' (United States)?" check --item h200-sxm --to usa
refused "did you mean 'KR' (South Korea)?" check --item h200-sxm --fact end_user.hq=ROK

# --- colour: asked for, switched off, never in a pipe by itself ---
escape=$(printf '\033[')
run 3 check orders.ndjson --rulebook rules --color always
grep -qF "$escape" out || complain "colour when it is asked for"
sed "s/$(printf '\033')\[[0-9]*m//g" out >stripped
run 3 check orders.ndjson --rulebook rules --color never
same stripped <out
# Where a terminal can be had: a container may give none.
if command -v script >/dev/null 2>&1 && script -qc true /dev/null >/dev/null 2>&1 </dev/null; then
    TERM=xterm script -qc "'$TWOKEY' check orders.ndjson --rulebook rules" /dev/null >terminal 2>/dev/null </dev/null
    grep -qF "$escape" terminal || complain "colour on a terminal"
    NO_COLOR=1 TERM=xterm script -qc "'$TWOKEY' check orders.ndjson --rulebook rules" /dev/null >terminal </dev/null
    ! grep -qF "$escape" terminal || complain "NO_COLOR"
    TERM=dumb script -qc "'$TWOKEY' check orders.ndjson --rulebook rules" /dev/null >terminal </dev/null
    ! grep -qF "$escape" terminal || complain "a dumb terminal"
fi

# --- --out: whole or not at all, nothing replaced unless asked for ---
run 3 check orders.ndjson --rulebook rules --out answer.txt
silent
run 3 check orders.ndjson --rulebook rules
same answer.txt <out
echo kept >kept.txt
refused "--out kept.txt: the file exists; --force replaces it" check orders.ndjson --rulebook rules --out kept.txt
[ "$(cat kept.txt)" = kept ] || complain "the file is kept"
run 3 check orders.ndjson --rulebook rules --out kept.txt --force
same answer.txt <kept.txt
run 1 check orders.ndjson --rulebook rules --out nowhere/answer.txt
says "--out nowhere/answer.txt"
ls -A | grep -E '^(answer|kept)\.txt\.' >left
[ ! -s left ] || complain "nothing half-written is left: $(cat left)"

# --- a reader that goes away ---
echo id,as_of,item,from,to >many.csv
awk 'BEGIN { for (i = 0; i < 20000; i++) print "o-" i ",2024-02-01,h200-sxm,US,CN" }' >>many.csv
ran="check many.csv | head -n 1"
{
    "$TWOKEY" check many.csv --rulebook rules --format json 2>err
    echo $? >code
} | head -n 1 >out
code=$(cat code)
[ "$code" -eq 141 ] || complain "ended by the closed pipe"
quiet
[ "$(wc -l <out)" -eq 1 ] || complain "the line that was read"
for words in "rules list" "items list" "places" "parties list" "completion bash" "check --help"; do
    ran="$words | (closed)"
    "$TWOKEY" $words 2>err | : >out
    quiet
done
if [ -c /dev/full ]; then
    ran="check > /dev/full"
    "$TWOKEY" check orders.ndjson --rulebook rules >/dev/full 2>err
    code=$?
    [ "$code" -eq 1 ] || complain "a full disk is a failure"
    : >out
    says "standard output: writing failed"
fi

# --- text from outside is made visible ---
printf 'id,as_of,item,from,to,end_user\no-1,2024-02-01,h200-sxm,US,CN,"a\033[31mb"\n' >hostile.csv
run 2 check hostile.csv --rulebook rules
! grep -qF "$(printf '\033')" err || complain "no escape sequence on standard error"
says '\x1b[31m'

# --- a party that is nearly on record is said, once; one that is not near is not ---
printf 'id,as_of,item,from,to,end_user\n' >near.csv
printf 'o-1,2024-02-01,h200-sxm,US,CN,huwei\no-2,2024-02-01,h200-sxm,US,CN,huwei\n' >>near.csv
printf 'o-3,2024-02-01,h200-sxm,US,CN,somebody-else\no-4,2024-02-01,h200-sxm,US,CN,Huawei\n' >>near.csv
run 5 check near.csv --rulebook rules
note="note: end_user 'huwei' is not on record; did you mean 'huawei'?"
[ "$(grep -cF "$note" err)" -eq 1 ] || complain "a note for each name"
[ "$(grep -c note: err)" -eq 1 ] || complain "no note for other names"

# --- items, columns and words in any case ---
printf 'ID,As_Of,Item,From,To\no-1,2024-02-01,H200 SXM,US,CN\n' >shouted.csv
run 5 check shouted.csv --rulebook rules
shows "nvidia-h200-sxm"

# A limit that evidence shows to be kept holds nobody up; what it adds is said where it is known.
limit="check --item h200-sxm --from US --to CN --activity export --end-user bytedance --as-of 2026-06-30 --world law"
run 5 $limit
shows "us-volume-cap: adds an unknown amount; binds"
run 5 $limit --evidence us-volume-cap
shows "us-volume-cap: kept, as the evidence shows"
run 5 $limit --evidence us-volume-cap --quantity 1000
shows "us-volume-cap: adds 15,832,000; kept, as the evidence shows"

done_testing
