# SPDX-License-Identifier: Apache-2.0
# Worlds on the command line: names and files, three times (event, publication, recorded), the range, the book whose
# claims count, and that reports alone never let anything move.
. "$TWOKEY_SOURCE/tests/cli/common/expect"
unset TWOKEY_BOOK XDG_DATA_HOME
mkdir -m 700 desk
order="--item h200-sxm --from US --to CN --activity export --end-user bytedance --quantity 1000"
header=id,date_event,date_reported,source,source_kind,actor,subject,predicate,object,quantity,unit,supersedes

# claims FILE: rows from standard input.
claims() { { echo "$header"; cat; } >"$1"; }
# The words of the answer in one line, however they were wrapped.
flat() { tr -s ' \n' '  ' <out >flat; }
shows_flat() { flat; grep -qF -e "$1" flat || complain "standard output has, whatever its lines, '$1'"; }

# The exit code of a run, where it is not what is looked at.
code_of() { "$TWOKEY" "$@" >/dev/null 2>&1; echo $?; }

# fact "NAME = VALUE" DAY IDS: what is believed, with the last day somebody spoke of it and whose word it is.
fact() {
    flat
    grep -qE "$1(,| \\()[a-z ,:]*$2[])a-z ,:]*$3" flat || complain "believed: $1, of $2, by $3"
}

# --- names ---
run 4 check $order --as-of 2026-06-30
plain
quiet
shows_flat "world prevailing, claims 1 to 224"
fact "item.cn_stance = withheld" 2026-06-01 "C150"
shows_flat "cn key: law: undetermined; prevailing: closed; anything from closed (C081) to conditional (C105)"
shows_flat "us key: licence whatever is believed"
cp out usual
run 4 check $order --as-of 2026-06-30 --world prevailing
same usual <out
run 5 check $order --as-of 2026-06-30 --world law
plain
shows_flat "world law"
hides "believed  "
run 4 check $order --as-of 2026-06-30 --world strict
plain
shows_flat "world strict"
shows "may-not-move"
run 3 check $order --as-of 2026-06-30 --world open
plain
shows_flat "world open"
refused "--world 'prevailin': there is no such world; expected law, prevailing, strict, open or a file of claim ids; \
did you mean 'prevailing'?" check $order --world prevailin
refused "--world is given twice" check $order --world law --world open

# --- a file ---
printf '# what we go by\nC105, C103 # two of January\n\n\tC091;\r\n' >ours
run 5 check $order --as-of 2026-06-30 --world ours
plain
shows_flat "world ours"
fact "item.cn_stance = conditional-rounds" 2026-01-28 "C105"
fact "item.cn_customs = refuses" 2026-01-13 "C091"
hides "C150 "
printf '# nobody\n' >nobody
run 5 check $order --as-of 2026-06-30 --world nobody
shows_flat "none of them is believed"
# What is missing comes first; what is believed is never said to be believed by nobody.
printf 'C105\n' >cleared
for activity in '' '--activity export'; do
    for world in cleared law prevailing; do
        for day in 2025-09-20 2026-02-10 2026-06-30; do
            run "$(code_of check --item h200-sxm --from US --to CN $activity --end-user bytedance --as-of $day \
                --world $world)" check --item h200-sxm --from US --to CN $activity --end-user bytedance --as-of $day \
                --world $world
            flat
            ! grep -q 'believed application.*\(none is\|none of them is\) believed' flat || complain "some are believed"
            ! grep -q '\(none is\|none of them is\) believed.* believed [a-z]*\.' flat || complain "some are believed"
        done
    done
done
run 5 check --item h200-sxm --from US --to CN --end-user bytedance --as-of 2026-06-30 --world cleared
shows_flat "cn: open, if these rules apply at all, depending on route.activity."
run 5 check --item h200-sxm --from US --to CN --end-user bytedance --as-of 2026-02-10
shows_flat "cn: open or closed, depending on route.activity, cn.customs_stop_lifted."
run 5 check $order --as-of 2026-02-10 --world law --believe C110
shows_flat "What is believed does not decide, nor does a published act;"
printf 'C105\n\nC103 C999\n' >unknown
refused "unknown:3: 'C999': there is no such claim; did you mean 'C099'?" check $order --world unknown
refused "nowhere.txt: cannot be opened" check $order --world nowhere.txt

# --- ids, and days on which they are not known ---
for ids in c105,c091 "C105 C091" "C105;c091" "c105, C091"; do
    run 5 check $order --as-of 2026-06-30 --world law --believe "$ids"
    shows_flat "believing C091, C105"
done
printf 'c105 c103\n' >small
run 5 check $order --as-of 2026-06-30 --world ours
cp out in_capitals
printf 'c105, c103 c091' >small
run 5 check $order --as-of 2026-06-30 --world small
sed 's/world small,/world ours,/' out >said
same in_capitals <said
run 0 claims show c105 --book desk/ids.db
shows "C105  "
refused "there is no such claim at these times" claims show c105 --known-at 2026-01-01 --book desk/ids.db
run 0 claims stage --buyer ByteDance --item H200-SXM --book desk/ids.db
shows "nvidia-h200-sxm to bytedance"
run 0 claims add --id c900 --date-reported 2026-06-01 --source-kind social --actor x --subject y --predicate states \
    --contradicts c105 --book desk/ids.db
says "there is no claim c105 yet; the link is kept; did you mean 'C105'?"
run 3 check $order --as-of 2026-02-10 --known-at 2026-01-28 --world law --believe "C105 C110"
shows_flat "believing C105; C110 is not known then, and not believed"
run 5 check $order --as-of 2026-02-10 --known-at 2026-01-28 --world law --believe C110,C126
shows_flat "claims 1 to 224; C110, C126 are not known then, and not believed"
run 3 check $order --as-of 2026-02-10 --known-at 2026-01-28 --world law --believe "C105 C110" --format json
shows '"name":"law","claims":["C105"],"recorded":224'

# --- claims that cannot all be true ---
claims two.csv <<'END'
X1,2026-05-02,2026-05-02,FT,named_press,Beijing,H200,accepts_import,,,,
X2,2026-05-02,2026-05-02,WSJ,named_press,Beijing,H200,blocks_import,,,,
END
run 0 claims import two.csv --book desk/two.db
printf 'X1\nX2\n' >both
refused "both: X1 and X2 cannot both be true; leave one out, or say --allow-contradiction" check $order --world both \
    --book desk/two.db
run 5 check $order --as-of 2026-06-30 --world both --allow-contradiction --book desk/two.db
fact "item.cn_customs = [?]" 2026-05-02 "X1, X2"
shows_flat "X1 and X2 cannot both be true"
shows_flat "this world contradicts itself"
shows_flat "us key: licence whatever is believed that can be true together"
run 5 explain $order --as-of 2026-06-30 --world both --allow-contradiction --book desk/two.db
shows_flat "this world contradicts itself"
run 5 check $order --as-of 2026-06-30 --world law --believe X1,X2 --book desk/two.db
shows_flat "this world contradicts itself"
run 5 check $order --as-of 2026-05-01 --known-at 2026-05-01 --world law --believe X1,X2 --book desk/two.db
shows_flat "X1, X2 are not known then, and not believed"
hides "contradict"
printf 'id,as_of,item,from,to,activity,end_user\no-1,2026-06-30,h200-sxm,US,CN,export,bytedance\n' >one-order.csv
run 5 check one-order.csv --world both --allow-contradiction --book desk/two.db
shows_flat "believing X1, X2, which contradict each other: X1 and X2 cannot both be true"
printf 'X1\n' >one
run 5 check $order --as-of 2026-06-30 --world one --book desk/two.db
fact "item.cn_customs = accepts" 2026-05-02 "X1"

# --- publication: what is not known yet is not there ---
run 5 check $order --as-of 2026-01-30 --known-at 2026-01-28
shows "C105"
hides "C108"
run 5 check $order --as-of 2026-01-30 --known-at 2026-01-28 --format json
cp out known28
claims later.csv <<'END'
L1,2026-01-28,2026-01-29,GACC,official,GACC,H200,accepts_import,,,,
L2,2026-01-20,2026-01-29,MOFCOM,official,MOFCOM,ByteDance,refuses_application,H200,,,
END
run 0 claims import later.csv --book desk/later.db
run 5 check $order --as-of 2026-01-30 --known-at 2026-01-28 --format json --book desk/later.db --claims-at 224
same known28 <out
run 5 check $order --as-of 2026-01-30 --known-at 2026-01-28 --format json --book desk/later.db
sed 's/"recorded":226/"recorded":224/' out >changed
same known28 <changed
run 3 check $order --as-of 2026-01-30 --known-at 2026-01-29 --book desk/later.db
fact "item.cn_customs = accepts" 2026-01-28 "L1"

# --- recorded: asked as the book stood, the same bytes ---
for form in text json; do
    run 4 check $order --as-of 2026-06-30 --known-at 2026-09-28 --format $form
    cp out "before.$form"
done
claims older.csv <<'END'
M1,2026-06-20,2026-06-20,Reuters,named_press,Chinese officials,ByteDance,approves_import,H200,5000,chips,
M2,2026-06-10,2026-06-11,GACC,official,GACC,H200,accepts_import,,,,
END
run 0 claims import older.csv --book desk/book.db
for form in text json; do
    run 4 check $order --as-of 2026-06-30 --known-at 2026-09-28 --format $form --book desk/book.db --claims-at 224
    same "before.$form" <out
done
# A new claim changes the answer, with no edit to a rulebook; without the paper it is no more than a condition.
run 3 check $order --as-of 2026-06-30 --book desk/book.db
plain
shows_flat "claims 1 to 226"
fact "item.cn_stance = conditional-rounds" 2026-06-20 "M1"
shows "cn  conditional  on the basis of reports"
shows "[ ] cn.written-approval"
run 3 check $order --as-of 2026-06-30 --book desk/book.db --evidence cn.written-approval@2026-06-25
shows "[x] cn.written-approval"
run 5 check $order --as-of 2026-06-30 --book desk/book.db --evidence -cn.written-approval
run 4 check $order --as-of 2026-06-19 --known-at 2026-06-19 --book desk/book.db
refused "--claims-at '0': expected the number of a claim, as answers print it" check $order --claims-at 0
refused "--claims-at 'x': expected the number of a claim" check $order --claims-at x
refused "--claims-at '1.5': expected the number of a claim" check $order --claims-at 1.5
refused "claims-at 227: the book has given numbers from 1 to 226" check $order --claims-at 227 --book desk/book.db

# --- a key that only a claim without a source asks for ---
mkdir rules
cat >rules/common.rules <<'END'
common
fact item.id : item
fact item.product : product
fact route.to : place
fact item.cn_customs : unreported | accepts | refuses from claims
END
cat >rules/stop.rules <<'END'
regime stop "Stop" covers 2020-01-01 .. read to 2029-12-31 when item.cn_customs = refuses
question key : open < licence < closed, strictest otherwise open
rule stopped cites "A" published 2020-01-01 in force 2020-01-01 .. when route.to = CN then key = closed
END
claims rumour.csv <<'END'
R1,2020-06-20,2020-06-20,,unsourced,China Customs,H200,blocks_import,,,,
END
mkdir -m 700 rumours
run 0 claims import rumour.csv --book rumours/book.db
ask="--item h200-sxm --from US --to CN --as-of 2020-07-01 --known-at 2020-07-01 --rulebook rules --book rumours/book.db"
run 5 check $ask
shows_flat "stop key: law: not asked for; prevailing: not asked for; anything from closed (R1) to closed (R1)"
run 5 check $ask --format json
shows '"range":{"stop":{"law":null,"prevailing":null,"worst":{"verdict":"closed","claims":["R1"]}'
# What the question believes holds in every world, and no end names it.
run 4 check $ask --believe R1
shows_flat "stop key: closed whatever is believed"
run 3 check $order --as-of 2026-02-01 --known-at 2026-02-01 --world law --believe C105
shows_flat "cn key: law: conditional; prevailing: undetermined; anything from undetermined (C091) to conditional"
run 5 check $order --as-of 2026-02-01 --known-at 2026-02-01 --believe c105
run 2 check $order --as-of 2026-02-01 --believe C9105
grep -q "did you mean" err || complain "the nearest claim is named"

# --- a correction ---
claims fix.csv <<'END'
M3,2026-06-20,2026-06-22,Reuters,named_press,Chinese officials,H200,withholds,,,,M1
END
run 0 claims import fix.csv --book desk/book.db
run 4 check $order --as-of 2026-06-30 --book desk/book.db
fact "item.cn_stance = withheld" 2026-06-20 "M3"
hides "M1"
run 3 check $order --as-of 2026-06-30 --known-at 2026-06-21 --book desk/book.db

# --- silence: what was last heard of long ago is marked ---
run 4 check $order --as-of 2026-07-12 --known-at 2026-09-28
fact "item.cn_customs = refuses" 2026-01-13 "C091"
run 4 check $order --as-of 2026-07-13 --known-at 2026-09-28
fact "item.cn_customs = [?]" 2026-01-13 "C091"
plain
run 4 check $order --as-of 2026-12-31 --known-at 2026-07-12
fact "item.cn_customs = refuses" 2026-01-13 "C091"

# --- files of orders ---
printf 'id,as_of,item,from,to,activity,end_user,quantity\n' >orders.csv
printf 'o-1,2026-06-30,h200-sxm,US,CN,export,bytedance,1000\no-2,2026-06-30,h100-sxm,US,DE,export,,1\n' >>orders.csv
run 5 check orders.csv
plain
shows_flat "cn worlds:"
run 5 check orders.csv --format json
hides '"range"'
cp out narrow
run 5 check orders.csv --format json --range
shows '"range"'
shows '"worst":{"verdict":"closed","claims":["C081"]}'
sed 's/,"range":\[[^]]*\]\(,[^]]*\]\)*[^]]*\]//' out | head -n 1 | cut -c1-60 >wide
head -n 1 narrow | cut -c1-60 >narrow.head
same wide <narrow.head
TWOKEY_MEMO=0 "$TWOKEY" check orders.csv --format json --range >plainly 2>err
same out <plainly

# --- which book ---
refused "desk/fresh.db: there is no book here" check $order --as-of 2026-06-30 --book desk/fresh.db
[ ! -e desk/fresh.db ] || complain "nothing is made"
mkdir -p "$HOME/.local/share/twokey"
chmod 700 "$HOME/.local/share/twokey"
run 3 check $order --as-of 2026-06-21 --book desk/book.db --known-at 2026-06-21
cp out theirs
run 0 book backup kept.db --book desk/book.db
run 0 book restore kept.db
run 3 check $order --as-of 2026-06-21 --known-at 2026-06-21
same theirs <out
TWOKEY_BOOK=$PWD/desk/two.db
export TWOKEY_BOOK
run 4 check $order --as-of 2026-04-30 --world strict
shows_flat "claims 1 to 226"
TWOKEY_BOOK=$PWD/desk/none.db
run 4 check $order --as-of 2026-06-30
same usual <out
[ ! -e desk/none.db ] || complain "asking alone makes no book"
TWOKEY_BOOK=desk/two.db
refused "TWOKEY_BOOK is 'desk/two.db': expected a path that begins with /" check $order --as-of 2026-06-30
done_testing
