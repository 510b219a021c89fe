# SPDX-License-Identifier: Apache-2.0
# `twokey doctor`: versions, rules and data with their ages and hashes, what is installed and what is not used.
. "$TWOKEY_SOURCE/tests/cli/common/expect"
. "$TWOKEY_SOURCE/tests/cli/common/rulebook"

refused "doctor takes no argument, but 'x' was given" doctor x
refused "unknown flag '--out' of 'twokey doctor'" doctor --out x
refused "unknown flag '--rulebok' of 'twokey doctor'; did you mean '--rulebook'?" doctor --rulebok x

XDG_DATA_HOME=
export XDG_DATA_HOME
run 0 doctor
quiet
plain
shows "twokey         $(cat "$TWOKEY_SOURCE/VERSION")"
shows "the program's own"
shows "read to 2026-10-05"
for part in us cn catalogue claims lists manual bash zsh fish PostgreSQL MPI CUDA; do
    grep -q "^  $part  " out || complain "a line '$part'"
done
[ "$(grep -cE '^ {16}[0-9a-f]{64}$' out)" -eq 3 ] || complain "three hashes"
items=$(($(wc -l <"$TWOKEY_SOURCE/catalogue/items.csv") - 1))
shows "$items items"

run 0 doctor --rulebook rules
shows "rules: 2 files, 3 rules"
shows "newest         published 2"
shows "xx             Made-up; covers 2020-01-01 ..; read to 2026-06-30"

# The hash is of the rules, not of where they lie; another rule is another hash.
grep -E '^ {16}[0-9a-f]{64}$' out | head -n 1 >hash
cp -r rules elsewhere
run 0 doctor --rulebook elsewhere
grep -E '^ {16}[0-9a-f]{64}$' out | head -n 1 >said
same said <hash
sed -i 's/from 1000 up/from 1,000 up/' elsewhere/xx/regime.rules
run 0 doctor --rulebook elsewhere
grep -E '^ {16}[0-9a-f]{64}$' out | head -n 1 >other
! cmp -s hash other || complain "another hash"

# Manual and completion are found where they are installed.
mkdir -p .local/share/bash-completion/completions data/man/man1
: >.local/share/bash-completion/completions/twokey
run 0 doctor
shows "$HOME/.local/share/bash-completion/completions/twokey"
XDG_DATA_HOME=$PWD/data
: >data/man/man1/twokey.1
run 0 doctor
shows "man1/twokey.1"
hides ".local/share/bash-completion"

done_testing
