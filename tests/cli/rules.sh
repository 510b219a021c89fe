# SPDX-License-Identifier: Apache-2.0
# `twokey rules`: list, show, lint, test, coverage on a made-up rulebook and on the program's own.
. "$TWOKEY_SOURCE/tests/cli/common/expect"
. "$TWOKEY_SOURCE/tests/cli/common/rulebook"

# Which sub-verb, and what goes with it.
refused "rules: what of them? Expected one of list show lint test format coverage" rules
refused "did you mean 'list'?" rules lst
refused "rules show: which rule?" rules show
refused "rules show takes one rule; 'b' is one too many" rules show a b
refused "rules test takes no argument, but 'x' was given" rules test x
refused "--regime does not go with 'rules test'" rules test --regime us
refused "--write does not go with 'rules list'" rules list --write
refused "--format 'csv': expected text|markdown" rules coverage --format csv
refused "--format 'markdown': expected text|csv" rules list --format markdown
refused "--format does not go with 'rules lint'" rules lint --format text
refused "the rulebook has no such regime; did you mean 'us'?" rules list --regime uss
refused "the rulebook has no such regime" rules lint --regime zzzzzz
refused "unknown flag '--regme' of 'twokey rules'; did you mean '--regime'?" rules list --regme us

# list
run 0 rules list --rulebook rules
quiet
plain
shows "RULE"
shows "xx.big                               law      2024-02-01  classification = big"
run 0 rules list --rulebook rules --format csv
same out <<'END'
regime,name,kind,question,answer,published,from,to,says,cites,file,line
xx,big,law,classification,big,2024-01-01,2024-02-01,,Big is from 1000 up.,"Act 1, article 1",xx/regime.rules,13
xx,licence,law,key,licence,2024-01-01,2024-02-01,,Big needs a licence.,"Act 1, article 2",xx/regime.rules,21
xx,home,law,key,open,2024-01-01,2024-02-01,,Not for users at home.,"Act 1, article 3 (unverified)",xx/regime.rules,29
END
run 0 rules list
plain
run 0 rules list --regime us
shows "us.item-a"
hides "cn."

# show: a rule with everything around it; every other kind of name; names that are none or several.
run 0 rules show licence --rulebook rules
quiet
same out <<'END'
xx.licence  rule, xx/regime.rules:21
  says          Big needs a licence.
  kind          law
  answers       key = licence
  published     2024-01-01
  in force      2024-02-01 ..
  cites         Act 1, article 2
  excepted by   xx.home

  rule licence
    "Big needs a licence."
    cites      "Act 1, article 2"
    published  2024-01-01
    in force   2024-02-01 ..
    when       classification = big
    then       key = licence
END
run 0 rules show xx.home --rulebook rules
shows "exception to  xx.licence"
shows "article 3 (unverified)"
for name in xx xx.key near item.tpp "Everything else"; do
    run 0 rules show "$name" --rulebook rules
done
shows "not modelled, xx/regime.rules"
run 0 rules show us.item-a
shows "replaces      us.item-2022"
run 0 rules show us.us-volume-cap
shows "us.us-volume-cap  limit, us/h200.rules:"
run 0 rules show kyc
shows "kyc  condition"
shows "required by   us.review-h200"
run 0 rules show screened
shows "screened  condition"
refused "did you mean 'lab-test'?" rules show lab-tst
run 0 rules show us.item-2022
shows "replaced by   us.item-a"
refused "did you mean 'licence'?" rules show licnece --rulebook rules
refused "Expected one name" rules show key

# test: all pass; one fails with file, line, title and what was expected.
run 0 rules test --rulebook rules
shows "3 examples, all passed"
sed -i 's/gives classification = none, key = open/gives classification = big/' rules/xx/regime.rules
run 1 rules test --rulebook rules
shows "xx/regime.rules:41: just below: classification: expected big, is none"
shows "3 examples, 1 failed"
quiet
. "$TWOKEY_SOURCE/tests/cli/common/rulebook"
run 0 rules test
shows "all passed"

# lint: a rule without an example on one side; the day before counts as a side; warnings of the checker.
run 0 rules lint --rulebook rules
shows "rules: 3; without an example on each side: 0; messages of the checker: 0"
sed -i '/^example "just below"/,/^$/d' rules/xx/regime.rules
run 1 rules lint --rulebook rules
shows "xx/regime.rules:13: xx.big: no example where it does not apply"
shows "xx/regime.rules:21: xx.licence: no example where it does not apply"
cat >>rules/xx/regime.rules <<'END'

example "the day before"
  as of 2024-01-31   item.tpp 1000   from US to CN   end_user.hq US
  gives key = open
END
run 0 rules lint --rulebook rules
sed -i 's/as of 2024-01-31/as of 2024-01-30/' rules/xx/regime.rules
run 1 rules lint --rulebook rules
sed -i '/^example "at home"/,/^$/d' rules/xx/regime.rules
run 1 rules lint --rulebook rules --regime xx
shows "xx.home: no example where it applies"
shows "rules: 3; without an example on each side: 3"
printf '\nrule alone\n  cites "Act 3"\n  published 2024-01-01\n  in force 2020-01-01 ..\n  then key = licence\n' \
    >>rules/xx/regime.rules
run 1 rules lint --rulebook rules
shows "xx.alone: no example where it does not count"
. "$TWOKEY_SOURCE/tests/cli/common/rulebook"

# A rulebook with a mistake, none, and no folder.
mkdir broken none
sed 's/item.tpp >= 1000/item.tp >= 1000/' rules/xx/regime.rules >broken/a.rules
cp rules/common.rules broken/
run 2 rules test --rulebook broken
says "a.rules:18:14: error:"
says "did you mean 'item.tpp'?"
silent
refused "no file in it ends in .rules" rules test --rulebook none
refused "nowhere: cannot be opened as a folder: No such file or directory" rules test --rulebook nowhere
refused "broken/a.rules: cannot be opened as a folder: Not a directory" rules test --rulebook broken/a.rules
refused "nowhere/items.csv: cannot be opened: No such file or directory" rules test --catalogue nowhere
if [ "$(id -u)" -ne 0 ]; then
    mkdir locked
    chmod 0 locked
    refused "locked: cannot be opened as a folder: Permission denied" rules test --rulebook locked
    chmod 700 locked
fi

# coverage
run 0 rules coverage --rulebook rules
plain
shows "4 provisions, 3 encoded, 1 not modelled"
shows "by xx.home; xx.near; end_user.hq"
run 0 rules coverage --rulebook rules --format markdown
shows '| 2 | Big needs a licence | `xx.licence`, `item.tpp` | Act 1, article 2 | H |'
shows '| 4 | All the rest | not modelled: *Everything else* | Act 2 | H |'
cat >>rules/xx/provisions.csv <<'END'
5,Nobody wrote it down,,,Act 3,H
6,A name that is none,licnce,,Act 3,H
3,Twice,big,,Act 3,H
,No id,big,,Act 3,H
7,Tables and groups,catalogue/items.csv:us_sale_date; catalogue/groups.csv; D:5; xx.licence,,a|b,H
8,No such column,catalogue/items.csv:colour,,Act 3,H
END
run 1 rules coverage --rulebook rules
says "xx/provisions.csv:6: '5' is neither encoded by anything nor said to be not modelled"
says "xx/provisions.csv:7: encoded_by: 'licnce' is no name of the rulebook; did you mean 'xx.licence'?"
says "xx/provisions.csv:8: '3' stands twice, first in line 4"
says "xx/provisions.csv:9: the provision has no id"
says "xx/provisions.csv:11: encoded_by: 'catalogue/items.csv:colour' is no name"
[ "$(wc -l <err)" -eq 5 ] || complain "five messages"
sed -i '1s/encoded_by/encoded/' rules/xx/provisions.csv
run 1 rules coverage --rulebook rules
says "xx/provisions.csv:1: the column 'encoded_by' is missing"
printf 'id,provision,encoded_by,not_modelled,cites,confidence\n1,x\n' >rules/xx/provisions.csv
run 2 rules coverage --rulebook rules
says "xx/provisions.csv"
rm rules/xx/provisions.csv
run 1 rules coverage --rulebook rules
says "no table of provisions"

# docs/coverage.md is what the command writes today.
run 0 rules coverage --format markdown
quiet
same "$TWOKEY_SOURCE/docs/coverage.md" <out

done_testing
