# SPDX-License-Identifier: Apache-2.0
# Days: which one is asked about, what is known on it, and what is said of days that nobody has read the law for.
. "$TWOKEY_SOURCE/tests/cli/common/expect"

order='--item h200-sxm --from US --to DE --end-user-hq DE'
# shellcheck disable=SC2086
asked() { code_wanted=$1; shift; run "$code_wanted" check $order "$@"; }

# The flag comes before the cell, the cell before the ship date; known at is never the clock.
known=$("$TWOKEY" check --item h200-sxm --as-of 2026-02-10 --format json | sed 's/.*"known_at":"\([0-9-]*\)".*/\1/')
asked 3 --as-of 2026-02-10 --ship-date 2026-03-20
shows "as of 2026-02-10, known at $known"
asked 3 --ship-date 2026-03-20
shows "as of 2026-03-20, known at $known"
asked 3 --as-of 2026-02-10 --known-at 2025-12-31
shows "as of 2026-02-10, known at 2025-12-31"
printf 'id,as_of,ship_date,item,from,to\na,2026-01-02,2026-03-20,h200-sxm,US,DE\nb,,2026-03-20,h200-sxm,US,DE\n' >in
run 5 check in --format csv
grep -q "^a,.*,2026-01-02,$known\$" out || complain "the cell as_of"
grep -q "^b,.*,2026-03-20,$known\$" out || complain "the cell ship_date"
run 5 check in --format csv --as-of 2026-04-01
[ "$(grep -c ",2026-04-01,$known\$" out)" -eq 2 ] || complain "the flag"
asked 2 --ship-date '2026-03-20 .. 2026-04-01'
says "--ship-date: '2026-03-20 .. 2026-04-01' is not one day"
for day in tomorrow 2026-2-1 2023-02-29 1899-12-31 2200-01-01 ' 2026-02-10'; do
    asked 2 --as-of "$day"
    says "--as-of: '$day' is not a date"
    asked 2 --known-at "$day"
    says "--known-at: '$day' is not a date"
done

# Behind the day to which the law was read a key is at best conditional; before the days covered it is undetermined.
asked 3 --as-of 2198-12-31 --evidence 'screened;end-use-statement;no-red-flags;owners-known'
shows "law not read after 2026-10-05"
asked 5 --as-of 2021-02-10
shows "us: The rules written down cover days from 2022-08-26 only."

done_testing
