# SPDX-License-Identifier: Apache-2.0
# The example's parties against the sample list: what hits, what nearly does, who is owned; and what people decide.
. "$TWOKEY_SOURCE/tests/cli/common/expect"
example=$TWOKEY_SOURCE/examples/h200-2026
mkdir -m 0700 book
TWOKEY_BOOK=$PWD/book/book.db
export TWOKEY_BOOK
run 0 lists import "$TWOKEY_SOURCE/lists/sample/csl-sample-2026-07-31.csv"
run 0 parties import "$example/parties.csv"
run 0 parties import "$example/holdings.csv"

answer() { # ID VERDICT
    awk -F, -v id="$1" '$1 == id { print $2 }' all.csv | grep -qx "$2" || complain "$1 is $2"
}
run 5 check "$example/orders.csv" --format csv
cp out all.csv
answer o-37 undetermined
answer o-38 undetermined
answer o-39 may-move
answer o-40 authorisation-needed
answer o-41 may-move
answer o-42 undetermined

run 5 check "$example/orders.csv"
plain
shows "lists: end_user: CMIC 'INSPUR GROUP CO., LTD.', score"
shows "purchaser: EL 'Inspur Electronic Information Industry Co., Ltd.', score"
shows "lists: end_user: EL owners: covered, 60 % (EL:inspur-group-co-ltd-"

order="--item rtx3090 --from US --to SG --activity export --as-of 2026-09-15 --known-at 2026-09-15"
proof="--evidence screened;end-use-statement;no-red-flags;owners-known"
# shellcheck disable=SC2086 # words
run 5 check $order $proof --end-user inspur-zh
shows "'Inspur Group Co., Ltd.', score"
shows "nobody has decided"
shows "--end-user-lists"
hit=$(grep -o 'EL:inspur-group-co-ltd-[0-9a-f]*' out | head -n 1)

# shellcheck disable=SC2086
{
    run 0 screen confirm "$hit" --party inspur-zh
    run 3 check $order $proof --end-user inspur-zh
    shows "'Inspur Group Co., Ltd.', score"
    shows ": confirmed"
    shows "review         denial"
    run 0 screen clear "$hit" --party inspur-zh --reason "a test of the example"
    run 0 check $order $proof --end-user inspur-zh
    shows ": cleared"
    shows "a test of the example"
    sed 's/,CN,CN,public company information,its name/,HK,HK,public company information,its name/' \
        "$example/parties.csv" >moved.csv
    run 0 parties import moved.csv
    run 5 check $order $proof --end-user inspur-zh
    shows "cleared before, and changed since"
    shows "country of the party: 'HK', before 'CN'"

    # A name that nobody has on record can be run against the lists; without lists it is no party.
    run 5 check $order $proof --end-user "Cambricon Technologies Corp" --end-user-hq CN
    shows "EL:cambricon-technologies-corporation"
    TWOKEY_BOOK=$PWD/elsewhere/book.db
    refused "no name on record; other names need lists to be run against" check $order \
        --end-user "Cambricon Technologies Corp"
    TWOKEY_BOOK=$PWD/book/book.db
}
done_testing
