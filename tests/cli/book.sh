# SPDX-License-Identifier: Apache-2.0
# `twokey book`: where the book is; check, backup and restore; modes, links and foreign files refused with a reason.
. "$TWOKEY_SOURCE/tests/cli/common/expect"
unset TWOKEY_BOOK XDG_DATA_HOME
umask 022

# --- which file ---
run 0 book path
quiet
[ "$(cat out)" = "$HOME/.local/share/twokey/book.db" ] || complain "the data folder of HOME"
XDG_DATA_HOME=$PWD/data
export XDG_DATA_HOME
run 0 book path
[ "$(cat out)" = "$PWD/data/twokey/book.db" ] || complain "XDG_DATA_HOME"
TWOKEY_BOOK=$PWD/desk/book.db
export TWOKEY_BOOK
run 0 book path
[ "$(cat out)" = "$PWD/desk/book.db" ] || complain "TWOKEY_BOOK"
run 0 book path --book here.db
[ "$(cat out)" = here.db ] || complain "--book"
TWOKEY_BOOK=desk/book.db
refused "TWOKEY_BOOK is 'desk/book.db': expected a path that begins with /" book path
TWOKEY_BOOK=
XDG_DATA_HOME=data
run 0 book path
[ "$(cat out)" = "$HOME/.local/share/twokey/book.db" ] || complain "an empty TWOKEY_BOOK and a relative XDG_DATA_HOME"
home=$HOME
unset HOME
refused "there is no place for the book" book path
HOME=$home
export HOME
unset TWOKEY_BOOK XDG_DATA_HOME
refused "--book needs a value: FILE" book path --book ''
[ ! -e "$HOME/.local" ] || complain "asking for the path makes nothing"

# --- usage ---
refused "twokey book: say one of path check backup restore" book
refused "expected one of path check backup restore" book chekc
refused "book path takes no argument, but 'x' was given" book path x
refused "book backup needs the file to write" book backup
refused "book restore takes one argument, but 'b' was given" book restore a b
refused "--force goes with book backup and book restore, not with book check" book check --force
mkdir -m 700 empty
refused "there is no book here" book check --book empty/here.db

# --- a book from a backup, and back ---
cp "$TWOKEY_SOURCE/tests/upgrade/store-0.1.0.db" first.db
run 0 book restore first.db --book desk/book.db
quiet
shows "desk/book.db: is now what the backup is"
[ "$(stat -c %a desk)" = 700 ] || complain "the folder has mode 0700"
[ "$(stat -c %a desk/book.db)" = 600 ] || complain "the book has mode 0600"
[ "$(ls desk)" = book.db ] || complain "nothing beside the book: $(ls desk)"
run 0 book check --book desk/book.db
shows "desk/book.db: whole"
run 0 book backup second.db --book desk/book.db
shows "second.db: a copy of the book, checked"
[ "$(stat -c %a second.db)" = 600 ] || complain "the backup has mode 0600"
refused "exists already; --force overwrites it" book backup second.db --book desk/book.db
run 0 book backup second.db --book desk/book.db --force
refused "there is a book here already; --force puts the backup in its place" book restore second.db --book desk/book.db
run 0 book restore second.db --book desk/book.db --force
refused "is the book itself" book restore desk/book.db --book desk/book.db --force
refused "is the book itself" book backup desk/book.db --book desk/book.db --force
run 0 book restore second.db --book group/book.db --shared
[ "$(stat -c %a group)" = 2770 ] && [ "$(stat -c %a group/book.db)" = 660 ] || complain "the group and nobody else"
run 0 book check --book group/book.db --shared
refused "--shared uses it with the group" book check --book group/book.db

# --- refused, and left as it is ---
chmod 755 desk
refused "the folder is open to others (mode 0755); 'chmod 0700 desk' closes it" book check --book desk/book.db
chmod 700 desk
chmod 644 desk/book.db
refused "is open to others (mode 0644); 'chmod 0600" book check --book desk/book.db
chmod 600 desk/book.db
ln -s book.db desk/link.db
refused "is a symbolic link" book check --book desk/link.db
ln desk/book.db desk/twin.db
refused "has 2 names (hard links)" book check --book desk/book.db
rm desk/twin.db desk/link.db
ln -s desk linked
refused "is a symbolic link" book check --book linked/book.db
echo "id,claim" >desk/claims.csv
chmod 600 desk/claims.csv
refused "is no book of twokey (no SQLite database at all); it is left as it is" book check --book desk/claims.csv
refused "no SQLite database at all" book restore desk/claims.csv --book desk/book.db --force
[ "$(cat desk/claims.csv)" = "id,claim" ] || complain "left as it is"

# --- damage is found, said, and leaves what is there alone ---
cp second.db broken.db
dd if=/dev/urandom of=broken.db bs=1 seek=4096 count=3000 conv=notrunc 2>/dev/null
run 1 book restore broken.db --book desk/book.db --force
says "damaged"
silent
run 0 book check --book desk/book.db
cp desk/book.db desk/bad.db
chmod 600 desk/bad.db
printf '\377\377\377\377\377\377\377\377' | dd of=desk/bad.db bs=1 seek=4096 conv=notrunc 2>/dev/null
run 1 book check --book desk/bad.db
grep -qi damaged out err || complain "damage is said"

done_testing
