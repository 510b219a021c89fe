# SPDX-License-Identifier: Apache-2.0
# Rules, catalogue and parties from elsewhere: nothing of them is passed over in silence, and none is taken from the
# current folder by chance.
. "$TWOKEY_SOURCE/tests/cli/common/expect"
. "$TWOKEY_SOURCE/tests/cli/common/rulebook"

order='check --item h200-sxm --from US --to CN --end-user-hq US --as-of 2026-02-10'
# shellcheck disable=SC2086
deciding() { code_wanted=$1; shift; run "$code_wanted" $order "$@"; }

deciding 3 --rulebook rules
cp out good

# A folder with something wrong in it.
ln -s .. rules/xx/up
deciding 2 --rulebook rules
says "folders nested more than 8 deep; a link that leads back?"
silent
rm rules/xx/up
for make in "ln -s nowhere" mkfifo; do
    $make rules/xx/more.rules
    deciding 2 --rulebook rules
    says "rules/xx/more.rules: is no ordinary file, or a link to nothing"
    rm rules/xx/more.rules
done
mkdir empty
deciding 2 --rulebook empty
says "empty: no file in it ends in .rules"
for flag in rulebook catalogue parties; do
    refused "--$flag needs a value" check --item h200-sxm --$flag ''
done
printf 'rule \033[31mx\342\200\256 "a"\n' >rules/xx/more.rules
deciding 2 --rulebook rules
says 'xx/more.rules:1:6: error:'
! grep -q "$(printf '\033')" err || complain "no escape sequence on standard error"
rm rules/xx/more.rules

# Own parties: a column that is no fact is named with its file, not read over.
printf 'id,name,hq,countri\nacme,Acme,CN,CN\n' >ours.csv
refused "ours.csv:1: column 'countri' is no fact of a party; did you mean 'country'?" parties list --parties ours.csv
printf 'id,name,hq\nacme,Acme,CN\nacme,Acme,DE\n' >ours.csv
refused "ours.csv:3:1: id: 'acme' stands twice, first in line 2" parties list --parties ours.csv
printf "id,name,hq\nacme,'=Acme(),CN\n" >ours.csv
run 0 parties list --parties ours.csv --format csv
shows "acme,\"'=Acme()\""
cp out again.csv
run 0 parties list --parties again.csv --format csv
same out <again.csv

# Editors' files and hidden ones are none of ours; Windows line ends and a byte-order mark are.
cp rules/xx/regime.rules 'rules/xx/regime.rules~'
cp rules/xx/regime.rules rules/xx/.regime.rules
sed -i 's/$/\r/; 1s/^/\xef\xbb\xbf/' rules/xx/regime.rules
deciding 3 --rulebook rules
same out <good

# The current folder holds rules, a catalogue and parties that would change the answer, or end in a message.
deciding 5
cp out before
cp -r rules rulebooks
mkdir catalogue claims
for file in catalogue/items.csv catalogue/places.csv catalogue/parties.csv claims/claims.csv parties.csv twokey.conf; do
    echo nonsense >"$file"
done
deciding 5
same out <before

# No home, no terminal, a home that is nobody's: the same answer.
for setting in "-u HOME" "-u TERM" "HOME=/nonexistent" "XDG_DATA_HOME=/nonexistent" "LC_ALL=C" "LC_ALL=tr_TR.UTF-8" \
    "TZ="; do
    # shellcheck disable=SC2086
    env $setting "$TWOKEY" $order >out 2>err </dev/null
    code=$?
    ran="env $setting twokey"
    [ $code -eq 5 ] || complain "exit 5"
    same out <before
done

# Many at once see nothing of each other.
for i in 1 2 3 4 5 6; do
    # shellcheck disable=SC2086
    "$TWOKEY" $order >"out.$i" 2>&1 </dev/null &
done
wait
for i in 1 2 3 4 5 6; do
    same "out.$i" <before
done

done_testing
