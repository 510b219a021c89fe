/* SPDX-License-Identifier: Apache-2.0 */
/* S8, nothing silent, as far as it shows in a decision: what is not modelled, and law that is itself open. What the
 * checker refuses and reports is in tests/table/rulebook/messages.c. */
#include "table/decide/table.h"

/* `not modelled "…" when …` leaves `closed` possible for the key while its condition is not false, and the decision
 * carries the mark; without `when` it is a note on the regime. */
static void test_not_modelled(void **state)
{
    (void)state;
#define GAP "not modelled \"Embargoes\" cites \"746\" when route.to = KH\n"
    static const table_row rows[] = {
        {"its condition is true: closed is possible", GAP, "route.to=KH", "undetermined law | key open/closed | gaps Embargoes"},
        {"its condition is false: nothing", GAP, "route.to=DE", "open law | key open"},
        {"its condition is unknown: closed is possible, the fact is missing", GAP, "", "undetermined law | key open/closed | missing route.to | gaps Embargoes"},
        {"beside a licence", GAP "rule r" LAW "then key = licence\n", "route.to=KH", "undetermined law | key licence/closed | conditions us.licence no | gaps Embargoes"},
        {"a closed key stays closed, and carries the mark", GAP "rule r" LAW "then key = closed\n", "route.to=KH", "closed law | key closed | gaps Embargoes"},
        {"a note on the regime changes and marks nothing", "not modelled \"Reliefs\" cites \"740\"\n", "route.to=KH", "open law | key open"},
        {"two gaps, sorted by their text", GAP "not modelled \"Arms\" cites \"744\" when a = yes\n", "route.to=KH a=yes", "undetermined law | key open/closed | gaps Arms, Embargoes"},
        {"a gap that reads a question", "question kind : x | y otherwise y\nrule q" LAW "when a = yes then kind = x\nnot modelled \"X\" cites \"1\" when kind = x\n", "",
         "undetermined law | key open/closed | kind x/y | missing a | gaps X"},
        {"a gap rests on nobody's law", GAP, "route.to=KH law=text", "undetermined law | key open/closed | gaps Embargoes"},
    };
    TABLE_RUN(rows);
}

/* Law that is itself open is a fact of the regime with its question, unknown until a person supplies it. */
static void test_open_point(void **state)
{
    (void)state;
#define POINT "rule r" LAW "when a = yes and us.open_point = yes then key = licence\n"
    static const table_row rows[] = {
        {"unknown until somebody says it", POINT, "a=yes", "undetermined law | key open/licence | missing us.open_point | conditions us.licence no"},
        {"only where it matters", POINT, "a=no", "open law | key open"},
        {"a person's answer settles it: yes", POINT, "a=yes us.open_point=yes", "licence law | key licence | conditions us.licence no"},
        {"a person's answer settles it: no", POINT, "a=yes us.open_point=no", "open law | key open"},
    };
    TABLE_RUN(rows);
    tk_rulebook *book = table_compile(POINT, NULL);
    tk_fact_info info = tk_rulebook_fact(book, tk_rulebook_find_fact(book, TK_STR("us.open_point"), NULL));
    assert_true(tk_str_is(info.asks, "Does the act reach this?"));
    tk_rulebook_free(book);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_not_modelled), cmocka_unit_test(test_open_point)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
