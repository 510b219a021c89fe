# SPDX-License-Identifier: Apache-2.0
# Where output goes: nothing is half-written, nothing is replaced unasked, and what is no ordinary file never is.
. "$TWOKEY_SOURCE/tests/cli/common/expect"

order='--item h200-sxm --from US --to DE --as-of 2026-02-10 --end-user-hq DE'
# shellcheck disable=SC2086
check() { run "$1" check $order "$2" "$3" ${4:+"$4"}; }

check 3 --out answer
silent
[ -s answer ] || complain "the file is there"
cp answer before
check 2 --out answer
says "--out answer: the file exists; --force replaces it"
same answer <before
check 3 --out answer --force
same answer <before

mkfifo pipe
ln -s pipe link
ln -s nowhere dangling
mkdir folder
for there in pipe link dangling folder; do
    check 2 --out $there
    says "--out $there: is there and is no ordinary file; it is never replaced"
    check 2 --out $there --force
    says "it is never replaced"
done
[ -p pipe ] && [ -h link ] && [ -h dangling ] && [ -d folder ] || complain "all four are as they were"
check 2 --out ''
says "--out needs a value: FILE"
check 1 --out missing/answer
says "--out missing/answer: cannot write there: No such file or directory"

# rules format --write keeps a link what it is.
printf 'common\n\n\n\nfact item.tpp : number\n' >kept.rules
ln -s kept.rules linked.rules
run 2 rules format linked.rules --write
says "it is never replaced"
silent
[ -h linked.rules ] || complain "the link is as it was"

# A full disk and a closed output are a failure with a message; a reader that went away is no reason to speak.
if [ -c /dev/full ]; then
    for verb in "check $order" "explain $order" "items list" "rules list" places doctor; do
        # shellcheck disable=SC2086
        "$TWOKEY" $verb >/dev/full 2>err </dev/null
        code=$?
        ran="twokey $verb"
        [ $code -eq 1 ] || complain "exit 1 on a full disk"
        says "standard output: writing failed"
    done
fi
ran="items list, closed"
"$TWOKEY" items list >&- 2>err </dev/null
code=$?
[ $code -eq 1 ] || complain "exit 1 on a closed output"
ran="check, a reader that went away"
{ "$TWOKEY" check "$TWOKEY_SOURCE/examples/h200-2026/orders.csv" --format json 2>err; echo $? >code; } | head -n 1 >out
code=$(cat code)
[ "$(wc -l <out)" -eq 1 ] || complain "one line read"
! grep -q failed err || complain "no message"
# A file that may not grow further, and a reader of messages that goes away: no half of an answer stays.
rows() {
    awk -v to="$1" 'BEGIN { print "id,item,from,to"; for (i = 1; i < 3000; i++) print "o" i ",h200-sxm,US," to }'
}
rows DE >in
(
    ulimit -f 64
    run 1 check in --format json --out large
    exit "$failures"
) || failures=$((failures + 1))
says "large: writing failed: File too large"
[ ! -e large ] || complain "no file"
# Under nohup a hang-up ends nothing: what was ignored before stays ignored.
mkfifo slow
ran="check, hang-up ignored"
(
    trap '' HUP
    exec "$TWOKEY" check slow --format json --out hung 2>err
) &
pid=$!
exec 3>slow
printf 'id,item,from,to\n' >&3
until ls | grep -q '^hung\.'; do :; done
kill -HUP $pid
printf 'a,h200-sxm,US,DE\n' >&3
exec 3>&-
wait $pid
code=$?
[ -s hung ] || complain "the run goes on and writes its file"
rows QQ >in
ran="check, a reader of messages that went away"
"$TWOKEY" check in --format json --out unread 2>&1 >/dev/null | head -n 1 >out
[ ! -e unread ] || complain "no file"
ls | grep -E '\.[A-Za-z0-9]{6}$' >leftover && complain "nothing is left behind: $(cat leftover)"

done_testing
