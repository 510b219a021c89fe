# SPDX-License-Identifier: Apache-2.0
# `twokey screen clear` and `confirm`: what is kept, what lapses, what a confirmed hit means for those below it.
. "$TWOKEY_SOURCE/tests/cli/common/expect"
TWOKEY_BOOK=$TMPDIR/book/book.db
export TWOKEY_BOOK
sample=$TWOKEY_SOURCE/lists/sample/csl-sample-2026-07-31.csv

run 0 lists import "$sample"
run 0 parties add id=biren-trade "name=Shanghai Biren Information Trade" country=CN
"$TWOKEY" screen "Shanghai Biren Information Technology" --list EL --format json >out
hit=$(grep -o '"EL:[^"]*"' out | head -n 1 | tr -d '"')
[ -n "$hit" ] || complain "a hit of the Entity List"

refused "screen clear: which hit?" screen clear
refused "screen clear: 'x' is one argument too many" screen clear "$hit" x --party biren-trade --reason y
refused "screen clear: --party ID says which party" screen clear "$hit" --reason y
refused "screen clear: --reason TEXT says why" screen clear "$hit" --party biren-trade
refused "--top does not go with 'screen confirm'" screen confirm "$hit" --party biren-trade --top 3
refused "--reason goes with 'screen clear' and 'screen confirm'" screen Biren --reason y
refused "screen clear 'EL:nothing': no list in use has this entry" \
    screen clear EL:nothing --party biren-trade --reason y
refused "--party 'nobody-at-all': there is no such party" screen clear "$hit" --party nobody-at-all --reason y
refused "a hit is cleared for a reason" screen clear "$hit" --party biren-trade --reason " "

run 0 screen clear "$hit" --party biren-trade --reason "another firm, by its register" --by "the desk"
quiet
plain
shows "cleared: biren-trade is not $hit,"
shows "by the desk on "
shows "decision 1"
run 0 parties show biren-trade
plain
shows "cleared        $hit by the desk"
shows "another firm, by its register"

# Without --by it is whoever runs the program.
run 0 screen confirm "$hit" --party biren-trade
shows "confirmed: biren-trade is $hit, by"
shows "$(id -un) on "
run 0 screen clear "$hit" --party biren-trade --reason "a mistake" --by "the desk"
shows "decision 3"

# A compared field of the party has changed since.
run 0 parties add id=biren-trade "address=1 Road, Shanghai" "aliases=Biren Trade"
run 0 screen clear "$hit" --party biren-trade --reason "looked again" --by "the desk"
plain
shows "changed since decision 3: aliases of the party, '' -> 'Biren Trade'"
shows "changed since decision 3: address of the party, '' -> '1 Road, Shanghai'"
run 0 screen clear "$hit" --party biren-trade --reason "and again" --by "the desk"
hides "changed since"

# A party of the catalogue; and what a confirmed one owns.
run 0 screen confirm "$hit" --party bytedance --by "the desk"
run 0 parties add holder=bytedance held=daughter share=60 "source=annual report"
run 4 owners daughter
shows "bytedance (ByteDance): 60 %"
shows "EL    covered"
run 0 screen clear "$hit" --party bytedance --by "the desk" --reason "it is not"
run 0 owners daughter
shows "No owner on record is on, or covered by, EL"

# An owner that hits and of whom nobody has decided: a red flag, then as it was decided.
run 0 parties add id=biren "name=Shanghai Biren Information Technology Co., Ltd." country=CN
run 0 parties add holder=biren held=kid share=60 "source=annual report"
run 5 owners kid
shows "EL    red-flag"
run 0 screen confirm "$hit" --party biren --by "the desk"
run 4 owners kid
shows "covered: listed owners together"
run 0 screen clear "$hit" --party biren --by "the desk" --reason "a namesake"
run 0 owners kid
# The entry itself as an owner.
run 0 parties add "holder=$hit" held=other share=50
run 4 owners other
shows "Strictest policy among the owners that cover it: denial."

# Nothing of a decision is kept when the book cannot be written.
run 2 screen clear "$hit" --party bytedance --reason x --book "$sample"

done_testing
