# SPDX-License-Identifier: Apache-2.0
# `twokey completion`: the scripts parse in their shells, name every verb and flag, and the one for bash completes.
. "$TWOKEY_SOURCE/tests/cli/common/expect"
verbs="check explain rules items places parties screen owners claims watch lists book doctor completion"

refused "completion for which shell? Expected one of bash zsh fish" completion
refused "did you mean 'fish'?" completion fsh
refused "completion for which shell?" completion bash zsh
refused "unknown flag '--out'" completion bash --out x

for verb in $verbs; do
    "$TWOKEY" "$verb" --help | sed -n 's/^  \(--[a-z-]*\).*/\1/p'
done >listed
"$TWOKEY" check --help | sed -n '/^order flags/,/^$/p' | tr ' ' '\n' | grep '^--' >>listed
sort -u listed >flags
[ "$(wc -l <flags)" -ge 60 ] || complain "60 flags and more"
for shell in bash zsh fish; do
    run 0 completion $shell
    quiet
    cp out script.$shell
    for verb in $verbs; do
        grep -q "[^a-z]$verb[^a-z]" out || complain "$shell: the verb $verb"
    done
    while read -r flag; do
        grep -qE -e "(-l |--)${flag#--}( |\"|\$)" out || complain "$shell: the flag $flag"
    done <flags
    # Quotes are even on every line: a summary with an apostrophe would open a text.
    sed "s/\\\\'//g" out | awk '{ n = gsub(/\047/, "&"); if (n % 2) print }' >odd
    [ ! -s odd ] || complain "$shell: $(head -n 1 odd)"
    if command -v $shell >/dev/null 2>&1; then
        $shell -n script.$shell || complain "$shell parses it"
    fi
done

# bash, as if Tab were pressed behind the words given.
if command -v bash >/dev/null 2>&1; then
    cat >press <<'END'
. ./script.bash
COMP_WORDS=("$@")
COMP_CWORD=$(($# - 1))
_twokey
printf '%s\n' "${COMPREPLY[@]}"
END
    press() {
        expected=$1
        shift
        ran="completing $*"
        bash press "$@" >out 2>err
        code=$?
        [ "$(tr '\n' ' ' <out)" = "$expected " ] || complain "$expected"
        quiet
    }
    press "check" twokey ch
    press "check claims completion" twokey c
    press "explain" twokey e
    press "show" twokey rules sh
    press "--world --would-change" twokey check --wo
    press "--end-user-parent --end-user-parent-hq" twokey check --end-user-pa
    press "--write" twokey rules --wr
    : >orders.csv
    press "orders.csv" twokey check ord
    : >"two words.csv"
    press "two words.csv" twokey check two
    press "zsh" twokey completion z
fi

done_testing
