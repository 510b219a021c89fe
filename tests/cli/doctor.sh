# SPDX-License-Identifier: Apache-2.0
# `twokey doctor`: versions, rules and data with their ages and hashes, what is installed and what is not used.
. "$TWOKEY_SOURCE/tests/cli/common/expect"
. "$TWOKEY_SOURCE/tests/cli/common/rulebook"

refused "doctor takes no argument, but 'x' was given" doctor x
refused "unknown flag '--out' of 'twokey doctor'" doctor --out x
refused "unknown flag '--rulebok' of 'twokey doctor'; did you mean '--rulebook'?" doctor --rulebok x

XDG_DATA_HOME=
export XDG_DATA_HOME
run 0 doctor --book book.db
quiet
plain
shows "book.db: not there; the claims of the program count."
run 0 doctor
shows "twokey         $(cat "$TWOKEY_SOURCE/VERSION")"
shows "the program's own"
shows "read to 2026-10-05"
for part in us cn catalogue claims lists book manual bash zsh fish PostgreSQL MPI CUDA; do
    grep -q "^  $part  " out || complain "a line '$part'"
done
[ "$(grep -cE '^ {16}[0-9a-f]{64}$' out)" -eq 3 ] || complain "three hashes"
items=$(($(wc -l <"$TWOKEY_SOURCE/catalogue/items.csv") - 1))
shows "$items items"

# The book in use: where, whether it is there, what it holds, what is wrong with it.
flat() { tr -s ' \n' '  ' <out >flat; }
shows_flat() { flat; grep -qF -e "$1" flat || complain "standard output has, whatever its lines, '$1'"; }
mkdir -m 700 desk
shows_flat "$HOME/.local/share/twokey/book.db: not there; the claims of the program count."
[ ! -e "$HOME/.local/share/twokey" ] || complain "nothing is made"
"$TWOKEY" claims import "$TWOKEY_SOURCE/claims/claims.csv" --book desk/book.db >out 2>err
shipped=$(($(wc -l <"$TWOKEY_SOURCE/claims/claims.csv") - 1))
run 0 doctor --book desk/book.db
plain
shows_flat "book desk/book.db, mode 0600"
flat
grep -qE 'schema: claims [0-9]+, watch [0-9]+' flat || complain "the versions of the tables"
shows_flat "$shipped claims, 0 watches"
printf 'id,item,from,to\no,h200-sxm,US,CN\n' >orders.csv
"$TWOKEY" watch add one orders.csv --book desk/book.db >out 2>err
TWOKEY_BOOK=$PWD/desk/book.db
export TWOKEY_BOOK
run 0 doctor
shows_flat "$shipped claims, 1 watch "
chmod 644 desk/book.db
run 1 doctor
shows_flat "desk/book.db, mode 0644"
shows_flat "WRONG: "
shows "manual"
chmod 600 desk/book.db
printf 'no book at all, but long enough to be looked at: %0100d' 0 >desk/text.db
chmod 600 desk/text.db
run 1 doctor --book desk/text.db
shows_flat "WRONG: is no book of twokey"
unset TWOKEY_BOOK
cp "$TWOKEY_SOURCE/tests/upgrade/store-0.1.0.db" desk/first.db
chmod 600 desk/first.db
run 0 doctor --book desk/first.db
shows_flat "older than this program, which brings it up to date when it next opens the book"

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
