# SPDX-License-Identifier: Apache-2.0
# Help: short without a verb, whole with one, within 80 columns; what to do with a verb or flag that is none.
. "$TWOKEY_SOURCE/tests/cli/common/expect"
verbs="check explain rules items places parties screen owners claims watch lists book doctor completion"

run 0
quiet
plain
cp out short
for verb in $verbs; do
    grep -q "^  $verb  " out || complain "the verb '$verb'"
done
tr -d '\n\\' <short | grep -q -e '--to CN --activity export *--end-user ' ||
    complain "the one order to try says what is needed"
for verb in check explain; do
    refused "--to CN --activity export --end-user bytedance" $verb
done
for flag in --help -h help; do
    run 0 $flag
    same short <out
done
run 0 --version
quiet
[ "$(cat out)" = "twokey $(cat "$TWOKEY_SOURCE/VERSION")" ] || complain "name and version"

for verb in $verbs; do
    run 0 "$verb" --help
    quiet
    plain
    shows "usage: twokey $verb"
    shows "flags"
    shows "examples"
    cp out long
    run 0 help "$verb"
    same long <out
    run 0 "$verb" -h
    same long <out
    refused "unknown flag '--helpp' of 'twokey $verb'; did you mean '--help'?" "$verb" --helpp
    refused "unknown flag '-x'; flags begin with two dashes" "$verb" -x
    refused "--help takes no value, but 'yes' was given" "$verb" --help=yes
    refused "--color 'sometimes': expected auto|always|never" "$verb" --color sometimes
    refused "--color needs a value" "$verb" --color
    refused "--color is given twice: 'auto' and 'never'" "$verb" --color auto --color never
done

# The examples work as they stand, beside the files that they name.
cp "$TWOKEY_SOURCE/examples/h200-2026/orders.csv" orders.csv
cp -r "$TWOKEY_SOURCE/rulebooks" my-rules
printf 'id,name,hq\nacme,Acme,DE\n' >ours.csv
printf 'id,name,country\nacme,Acme,DE\n' >customers.csv
unset TWOKEY_BOOK XDG_DATA_HOME # the book of the examples is in HOME, which is this script's own
"$TWOKEY" book restore "$TWOKEY_SOURCE/tests/upgrade/store-0.1.0.db" >/dev/null
lists=$TWOKEY_SOURCE/lists/sample/csl-sample-2026-07-31.csv
gzip -c "$lists" >csl.csv.gz
cp "$lists" csl-old-2026-07.csv
grep -v ',Sugon,' "$lists" >csl-new-2026-08.csv
printf 'left,right\nHuawei,Hua Wei\n' >pairs.csv
printf 'Firm,Land\nMuster GmbH,DE\n' >own-2026-01-01.csv
mkdir bin ofac
cp "$TWOKEY_SOURCE"/tests/data/lists/sdn*-2021-07.csv "$TWOKEY_SOURCE"/tests/data/lists/a[dl][dt]-2021-07.csv ofac
ln -s "$TWOKEY" bin/twokey
PATH=$PWD/bin:$PATH
for verb in $verbs; do
    run 0 "$verb" --help
    sed -n '/^examples$/,$p' out | sed -e 1d -e :join -e '/\\$/{N;s/\\\n *//;b join' -e '}' -e 's/^ *//' >examples
    [ -s examples ] || complain "examples"
    ! grep -e '--to ' examples | grep -qv -e '--activity ' || complain "an example says all that its answer needs"
    while read -r line; do
        case $line in *'| source' | *'~/'*) continue ;; esac
        ran=$line
        sh -c "$line" >out 2>err </dev/null
        code=$?
        case $code in 0 | 3 | 4 | 5 | 6) ;; *) complain "the example works" ;; esac
    done <examples
done

refused "there is no verb 'chekc'; did you mean 'check'?" chekc
refused "there is no verb 'xyzzyxyzzy'; 'twokey --help' lists them" xyzzyxyzzy
refused "unknown flag '--verson'; a verb comes first" --verson
refused "there is no verb 'itmes'; did you mean 'items'?" help itmes
refused "there is no verb ''" ""

# What comes from outside is made visible.
refused '\x1b[31m' "$(printf '\033[31m')"

done_testing
