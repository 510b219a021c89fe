#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Holds docs/worlds.md to its word: its commands are run, and both tables of its example are worked out again by row.
. "$TWOKEY_SOURCE/tests/cli/common/page"
page=$TWOKEY_SOURCE/docs/worlds.md
follow "$page"
[ -e steps/009.run ] || { echo "FAILED: fewer than nine commands on the page" >&2; exit 1; }

# ask DAY: the answer of that day, in the file `answer`.
ask() {
    twokey check --item h200-sxm --from US --to CN --activity export --end-user bytedance --as-of "$1" --known-at "$1" \
        --format json >answer
}
# ids: ["C1","C2"] on standard input as (C1, C2), nothing as nothing.
ids() { sed -e 's/^\[\]$//' -e 's/^\["\(.*\)"\]$/ (\1)/' -e 's/","/, /g'; }
# Of the range of the Chinese key: a verdict, or an end with its claims.
verdict() { sed -n "s/.*\"range\":{\"cn\":{[^}]*\"$1\":\"\([a-z]*\)\".*/\1/p" answer; }
end() {
    sed -n "s/.*\"range\":{\"cn\":{.*\"$1\":{\"verdict\":\"\([a-z]*\)\",\"claims\":\(\[[^]]*\]\)}.*\"us\":{.*/\1 \2/p" \
        answer |
        while read -r said claims; do printf '%s%s' "$said" "$(printf '%s\n' "$claims" | ids)"; done
}
# fact NAME: its value, with the claims whose word it is.
fact() {
    sed -n "s/.*{\"fact\":\"$1\",\"value\":\"\([^\"]*\)\",[^}]*\"claims\":\(\[[^]]*\]\)}.*/\1@\2/p" answer |
        while IFS=@ read -r said claims; do printf '%s%s' "$said" "$(printf '%s\n' "$claims" | ids)"; done
}
# An empty cell has one blank.
row() {
    printf '|'
    for cell in "$@"; do
        printf ' %s' "$cell${cell:+ }"
        printf '|'
    done
    printf '\n'
}

rows=0
for day in $(sed -n 's/^| \(20[0-9-]*\) | undetermined .*/\1/p' "$page"); do
    ask "$day"
    row "$day" "$(verdict law)" "$(verdict prevailing)" "$(end worst)" "$(end best)" >expected
    row "$day" "$(fact item.cn_stance)" "$(fact item.cn_customs)" "$(fact buyer.access)" \
        "$(fact application.stage)" >>expected
    grep "^| $day |" "$page" | diff - expected >&2 || { echo "FAILED: the rows of $day" >&2; failed=1; }
    rows=$((rows + 1))
done
[ "$rows" -eq 10 ] || { echo "FAILED: $rows days instead of ten" >&2; failed=1; }
exit $failed
