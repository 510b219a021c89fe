# SPDX-License-Identifier: Apache-2.0
# `twokey screen --all-parties`: what is new since the last time, on either side; what is said again, and what is not.
. "$TWOKEY_SOURCE/tests/cli/common/expect"
TWOKEY_BOOK=$TMPDIR/book/book.db
export TWOKEY_BOOK
sample=$TWOKEY_SOURCE/lists/sample/csl-sample-2026-07-31.csv
# The day is said: on a later one the lists would be too old.
sweep() {
    wanted_of_sweep=$1
    shift
    run "$wanted_of_sweep" screen --all-parties --as-of 2026-08-02 "$@"
}

refused "--full goes with 'screen --all-parties'" screen Biren --full
refused "--known-at does not go with 'screen --all-parties'" screen --all-parties --known-at 2026-01-01
refused "--top does not go with 'screen --all-parties'" screen --all-parties --top 3
refused "takes no name, but 'Biren' was given" screen --all-parties Biren

# Nothing there yet: no list is known, and no book is made.
sweep 5
shows "0 parties: 0 run against all 0 entries"
[ ! -e "$TWOKEY_BOOK" ] || complain "no book is made"

run 0 lists import "$sample"
run 0 parties add id=bakery "name=Helvora Bakery" country=DE
run 0 parties add id=biren "name=Shanghai Biren Information Technology Co., Ltd." country=CN
sweep 3
quiet
plain
shows "new: 1"
shows "party    biren: Shanghai Biren Information Technology Co., Ltd."
shows "state    open"
shows "2 parties: 2 run against all"
hides "bakery"

# The second time nothing is new; what nobody has decided is still shown.
sweep 3 --format csv
same out <<END
change,party,name,hit,score,before,list,entry,alias,source,version,state
$(sed -n 2p out)
END
hit=$(sed -n 's/^still,biren,.*,\(EL:[^,]*\),1.000,,EL,.*,open$/\1/p' out)
[ -n "$hit" ] || complain "the hit of before, undecided"
sweep 3 --format json
shows '"run_against_all":0,"run_against_changed":0,'
shows '"new":0,"gone":0,"changed":0,"open":1,'

# A decision ends that, until a compared field changes.
run 0 screen clear "$hit" --party biren --reason "a namesake" --by "the desk"
sweep 0
hides "still undecided"
sweep 0 --format json
shows '"open":0,"cleared":1,'
run 0 parties add id=biren "name=Shanghai Biren Information Tech" country=CN
sweep 3
shows "changed: 1"
shows "before   1.000,"
shows "state    lapsed"
shows "1 run against all"
run 0 screen clear "$hit" --party biren --reason "looked again" --by "the desk"

# An entry has changed its name: the old hit may stay or go, and only that entry is run. The bakery is listed now.
sed 's/"Huawei Technologies Co., Ltd. (Huawei)"/"Helvora Bakery"/' "$sample" >later.csv
run 0 lists import later.csv --source sample --published 2026-08-01
sweep 3
shows "new: 1"
shows "party    bakery: Helvora Bakery"
shows "2 against"
shows "0 run against all"
# And no more.
run 0 lists import "$sample" --source sample --published 2026-08-02
sweep 0 --format csv
grep -q '^gone,bakery,Helvora Bakery,EL:[^,]*,,0.970,EL,Helvora Bakery,,sample,,$' out ||
    complain "the hit that is gone"
sweep 0 --format csv
hides "gone,"

# What could not be written is said again.
run 0 parties add id=hua "name=Huawei Technologies"
echo there >file
sweep 2 --format csv --out file
says "the file exists"
sweep 3 --format csv --out file --force
grep -q '^new,hua,' file || complain "said again"
sweep 3
shows "new, 0 changed, 0 gone since"
hides "new: "

# Every number of threads and --full come to the same.
sweep 3 --format json --full --threads 1
grep -v '"parties":' out >one
shows '"run_against_all":3,'
sweep 3 --format json --full --threads 5
grep -v '"parties":' out >five
same five <one

# A name in which nothing can be compared is said, each time.
run 0 parties add id=dots "name=..."
sweep 2
says "twokey: party dots: rejected: '...'"
sweep 2
says "party dots: rejected"

done_testing
