# SPDX-License-Identifier: Apache-2.0
# `twokey places`: groups on a day as known on another, the dated rows, the sets of the rulebook.
. "$TWOKEY_SOURCE/tests/cli/common/expect"
. "$TWOKEY_SOURCE/tests/cli/common/rulebook"

refused "did you mean 'list'?" places lits
refused "places show: which place?" places show
refused "places show takes one place; 'AE' is one too many" places show KH AE
refused "did you mean 'CN'?" places show cn
refused "did you mean 'AE'?" places show "united arab emirates"
refused "'twokey places' names them" places show "no such place at all"
refused "--format does not go with 'places show'" places show AE --format csv
refused "unknown flag '--law' of 'twokey places'" places --law text
refused "--known-at" places --known-at yesterday

run 0 places
quiet
plain
shows "AE    United Arab Emirates"
run 0 places list
cp out listed
run 0 places
same listed <out
run 0 places --format csv --as-of 2026-07-09
[ "$(head -n 1 out)" = "code,name,groups" ] || complain "the header"
shows "AE,United Arab Emirates,\"D:3;D:4\""
[ "$(wc -l <out)" -eq "$(wc -l <"$TWOKEY_SOURCE/catalogue/places.csv")" ] || complain "a row for every place"
run 0 places --format csv --as-of 2026-07-10
shows "AE,United Arab Emirates,A:5"
# In force since the 10th, published on the 14th: not known before.
run 0 places --format csv --as-of 2026-07-10 --known-at 2026-07-13
shows "AE,United Arab Emirates,\"D:3;D:4\""

run 0 places show AE --as-of 2026-07-10
quiet
plain
shows "as of 2026-07-10, known at"
shows "groups         A:5"
shows "A:5     in   2026-07-10              2026-07-14  91 FR 43034"
run 0 places show AD
shows "groups         in none"
run 0 places show HK --rulebook rules
shows "sets           xx.near"
run 0 places show US --rulebook rules
shows "sets           in none of the rulebook's"

done_testing
