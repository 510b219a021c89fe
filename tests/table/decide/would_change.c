/* SPDX-License-Identifier: Apache-2.0 */
/* would_change: the nearest other dates, a missing fact, a piece of evidence, an authorisation, a report. Every entry is
 * a change after which the verdict is another; none ever proposes another item, figure, party, place, route or role. */
#include "table/decide/table.h"

static void test_dates(void **state)
{
    (void)state;
#define THREE                                                                                                                                                  \
    "rule r cites \"A\" published 2020-01-01 in force 2021-01-01 .. 2021-12-31, 2023-01-01 .. 2023-12-31 then key = closed\n"                                  \
    "rule s cites \"A\" published 2020-01-01 in force 2022-03-01 .. 2022-03-31 then key = licence\n"
    static const table_row rows[] = {
        {"the last day before and the first day after on which the verdict is another", THREE, "as-of=2023-06-01 changes",
         "closed law | key closed | changes as_of=2022-12-31 open, as_of=2024-01-01 open"},
        {"the nearest, not the first", THREE, "as-of=2022-06-01 changes", "open law | key open | changes as_of=2022-03-31 licence, as_of=2023-01-01 closed"},
        {"a day on which something changes, but not the verdict, is none", "rule r cites \"A\" published 2020-01-01 in force 2021-01-01 .. then key = closed\n"
         "rule s cites \"A\" published 2020-01-01 in force 2022-01-01 .. then key = closed\n", "as-of=2023-01-01 changes", "closed law | key closed | changes as_of=2020-12-31 open"},
        {"a rule that is not known yet is no change", "rule r cites \"A\" published 2023-01-01 in force 2023-01-01 .. then key = closed\n", "as-of=2022-01-01 known-at=2022-01-01 changes",
         "open law | key open | changes as_of=2009-12-31 undetermined, as_of=2030-01-01 conditional"},
        {"the end of the span covered and of the law read", "", "as-of=2022-01-01 changes", "open law | key open | changes as_of=2009-12-31 undetermined, as_of=2030-01-01 conditional"},
        {"the row of a group", "rule r" LAW "when route.to in D:5 then key = closed\n", "route.to=KH as-of=2021-06-01 changes",
         "closed law | key closed | changes as_of=2020-12-31 open, as_of=2022-01-01 open"},
    };
    TABLE_RUN(rows);
}

static void test_facts(void **state)
{
    (void)state;
    static const table_row rows[] = {
        {"a missing word, one entry a verdict", "rule r" LAW "when a = yes then key = closed\n", "changes",
         "undetermined law | key open/closed | missing a | changes as_of=2019-12-31 open, a=yes closed, a=no open"},
        {"a missing number, at the threshold", "rule r" LAW "when item.tpp >= 4800 then key = closed\n", "changes",
         "undetermined law | key open/closed | missing item.tpp | changes as_of=2019-12-31 open, item.tpp=4799.999999 open, item.tpp=4800 closed"},
        {"a missing divisor", "rule r" LAW "when item.density >= 5 then key = closed\n", "item.tpp=1000 changes",
         "undetermined law | key open/closed | missing item.area | changes as_of=2019-12-31 open, item.area=200 closed, item.area=200.000001 open"},
        {"a missing part of a sum", "rule r" LAW "when item.dram + item.io >= 4900 then key = closed\n", "item.dram=4000 changes",
         "undetermined law | key open/closed | missing item.io | changes as_of=2019-12-31 open, item.io=899.999999 open, item.io=900 closed"},
        {"a missing part of a term of multiples", "term item.both = 2 * item.dram + 3 * item.io\nrule r" LAW "when item.both > 20 then key = closed\n", "item.dram=4 changes",
         "undetermined law | key open/closed | missing item.io | changes as_of=2019-12-31 open, item.io=3.999999 open, item.io=4.000001 closed"},
        {"a missing figure against another", "rule r" LAW "when item.dram > item.io then key = closed\n", "item.dram=7 changes",
         "undetermined law | key open/closed | missing item.io | changes as_of=2019-12-31 open, item.io=6.999999 closed, item.io=7 open"},
        {"a missing date, with days added to it", "rule r" LAW "when item.bought > item.sold + 180 days then key = closed\n", "item.bought=2021-06-30 changes",
         "undetermined law | key open/closed | missing item.sold | changes as_of=2019-12-31 open, item.sold=2020-12-31 closed, item.sold=2021-01-01 open"},
        {"a missing place, one of each kind", "set red = KH or CN\nrule r" LAW "when end_user.hq in red then key = closed\n", "changes",
         "undetermined law | key open/closed | missing end_user.hq | changes as_of=2019-12-31 open, end_user.hq=AE open, end_user.hq=CN closed"},
        {"a fact that is known is never proposed", "rule r" LAW "when a = yes then key = closed\n", "a=yes changes", "closed law | key closed | changes as_of=2019-12-31 open"},
        {"nor a figure that is known, however near", "rule r" LAW "when item.tpp >= 4800 then key = closed\n", "item.tpp=4800 changes", "closed law | key closed | changes as_of=2019-12-31 open"},
        {"nor another place, party, route or role", "rule r" LAW "when any recipient (hq = CN) or route.to = CN then key = closed\n",
         "route.to=CN role:purchaser purchaser.hq=CN end_user.hq=CN changes",
         "closed law | key closed | changes as_of=2019-12-31 open"},
        {"nor a presumption turned round", "rule r" LAW "when any recipient (lists has EL) then key = closed\n", "+screened changes",
         "open law | key open | presumed end_user.lists | conditions screened yes | changes as_of=2009-12-31 undetermined, as_of=2030-01-01 conditional"},
        {"a missing fact that alone changes nothing is no entry", "rule r" LAW "when a = yes and b = yes then key = closed\n", "changes",
         "undetermined law | key open/closed | missing a, b | changes as_of=2019-12-31 open, a=no open, b=no open"},
        {"an open point of law", "rule r" LAW "when us.open_point = yes then key = licence\n", "changes",
         "undetermined law | key open/licence | missing us.open_point | conditions us.licence no | changes as_of=2019-12-31 open, us.open_point=yes licence, us.open_point=no open"},
    };
    TABLE_RUN(rows);
}

static void test_evidence(void **state)
{
    (void)state;
    static const table_row rows[] = {
        {"a piece of evidence", "rule r" LAW "when a = yes requires kyc \"K\" before order\n", "a=yes changes",
         "conditional law | key open | conditions kyc no | changes as_of=2019-12-31 open, kyc=kyc open"},
        {"of two that are open neither alone changes anything", "rule r" LAW "when a = yes requires kyc \"K\" before order requires lab \"L\" before ship\n", "a=yes changes",
         "conditional law | key open | conditions kyc no, lab no | changes as_of=2019-12-31 open"},
        {"with a lead time it says by when", "rule r" LAW "when a = yes requires notice \"N\" 25 days before ship\n", "a=yes route.ship_date=2023-03-26 changes",
         "conditional law | key open | conditions notice no | changes as_of=2019-12-31 open, notice=notice@2023-03-01 open"},
        {"without the date of the stage nothing can be said", "rule r" LAW "when a = yes requires notice \"N\" 25 days before ship\n", "a=yes changes",
         "conditional law | key open | conditions notice no | changes as_of=2019-12-31 open"},
        {"the authorisation", "rule r" LAW "when a = yes then key = licence\n", "a=yes changes",
         "licence law | key licence | conditions us.licence no | changes as_of=2019-12-31 open, us.licence=us.licence open"},
        {"the authorisation, with a condition left", "rule r" LAW "when a = yes then key = licence requires kyc \"K\" before order\n", "a=yes changes",
         "licence law | key licence | conditions kyc no, us.licence no | changes as_of=2019-12-31 open, us.licence=us.licence conditional"},
        {"evidence that was refused is not proposed when it is no condition", "rule base" LAW "when a = yes then key = closed\nrule x exception to base" LAW
         "then key = open requires kyc \"K\" before order\n",
         "a=yes -kyc changes", "closed law | key closed | changes as_of=2019-12-31 open"},
    };
    TABLE_RUN(rows);
}

static void test_reports(void **state)
{
    (void)state;
    static const table_row rows[] = {
        {"a report", "rule r reported by C1 in force 2020-01-01 .. then key = closed\n", "changes",
         "open law | key open | reports C1 | changes as_of=2009-12-31 undetermined, as_of=2030-01-01 conditional, C1=believed closed"},
        {"a report that is not known yet is none", "rule r reported by C2 in force 2020-01-01 .. then key = closed\n", "known-at=2022-12-31 changes",
         "open law | key open | changes as_of=2009-12-31 undetermined, as_of=2030-01-01 conditional"},
        {"a report that narrows the key without changing the verdict is none",
         "rule u" LAW "when a = yes then key = closed\nrule v" LAW "when b = yes then key = licence\nrule r reported by C1 in force 2020-01-01 .. then key = licence\n", "changes",
         "undetermined law | key open/licence/closed | missing a, b | conditions us.licence no | reports C1 | changes as_of=2019-12-31 open, a=yes closed"},
    };
    TABLE_RUN(rows);
}

static void test_explain(void **state)
{
    (void)state;
    static const table_row rows[] = {
        {"every rule and what became of it",
         "rule base" LAW "when a = yes then key = closed\n"
         "rule x exception to base" LAW "when b = yes\n"
         "rule no" LAW "when c = yes then key = licence\n"
         "rule maybe" LAW "when d = yes then key = licence\n"
         "rule fails" LAW "then key = licence requires kyc \"K\" before order\n"
         "rule later cites \"A\" published 2020-01-01 in force 2025-01-01 .. then key = closed\n"
         "rule unknown cites \"A\" published 2025-01-01 in force 2020-01-01 .. then key = closed\n"
         "rule told reported by C1 in force 2020-01-01 .. then key = closed\n"
         "rule old" LAW "then key = closed\n"
         "rule new" LAW "replaces old when c = yes then key = closed\n",
         "a=yes b=yes c=no -kyc explain",
         "undetermined law | key open/licence | missing d | conditions us.licence no | reports C1 | fates base defeated (defeated by x), x stands, no does not apply, maybe may stand, "
         "fails failed (condition kyc was refused), later does not count (in force from 2025-01-01), unknown does not count (published 2025-01-01, later than known at), "
         "told does not count (its reports are not believed in this world), old does not count (replaced by new), new does not apply"},
        {"practice under the text", "rule p" PRACTICE "then key = closed\n", "law=text explain", "open law | key open | differs closed | fates p does not count (practice, left out under --law text)"},
    };
    TABLE_RUN(rows);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_dates), cmocka_unit_test(test_facts), cmocka_unit_test(test_evidence), cmocka_unit_test(test_reports), cmocka_unit_test(test_explain),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
