/* SPDX-License-Identifier: Apache-2.0 */
/* S3, two times: when a rule was published and when it is in force; stays, replacements, dated sets, the span covered. */
#include "table/decide/table.h"

/* A rule counts when it was published on or before known at and is in force on as of. Spans include both ends. */
static void test_counts(void **state)
{
    (void)state;
#define SPAN "rule r cites \"Act\" published 2021-05-10 in force 2021-06-01 .. 2021-06-30 then key = closed\n"
#define SPANS "rule r cites \"Act\" published 2021-05-10 in force 2021-06-01 .. 2021-06-30, 2021-08-01 .. then key = closed\n"
#define LATE "rule r cites \"Act\" published 2021-07-14 in force 2021-07-10 .. then key = closed\n"
    static const table_row rows[] = {
        {"the day before it is in force", SPAN, "as-of=2021-05-31", "open law | key open"},
        {"the first day is in", SPAN, "as-of=2021-06-01", "closed law | key closed"},
        {"the last day is in", SPAN, "as-of=2021-06-30", "closed law | key closed"},
        {"the day after is out", SPAN, "as-of=2021-07-01", "open law | key open"},
        {"between two spans", SPANS, "as-of=2021-07-31", "open law | key open"},
        {"in the second span", SPANS, "as-of=2021-08-01", "closed law | key closed"},
        {"not known the day before it was published", SPAN, "as-of=2021-06-15 known-at=2021-05-09", "open law | key open"},
        {"known on the day it was published", SPAN, "as-of=2021-06-15 known-at=2021-05-10", "closed law | key closed"},
        {"known before it is in force changes nothing before", SPAN, "as-of=2021-05-20 known-at=2021-05-20", "open law | key open"},
        {"published after it came into force: not known yet", LATE, "as-of=2021-07-12 known-at=2021-07-13", "open law | key open"},
        {"published after it came into force: known later, for the same day", LATE, "as-of=2021-07-12 known-at=2021-07-14", "closed law | key closed"},
    };
    TABLE_RUN(rows);
}

/* A stay is an exception without `when` and `then`. */
static void test_stay(void **state)
{
    (void)state;
#define STAYED                                                                                                                                                 \
    "rule r" LAW "when a = yes then key = closed\n"                                                                                                            \
    "rule stay exception to r cites \"Stay\" published 2021-11-12 in force 2021-11-10 .. 2022-11-09\n"
    static const table_row rows[] = {
        {"before the stay", STAYED, "a=yes as-of=2021-11-09", "closed law | key closed"},
        {"on its first day", STAYED, "a=yes as-of=2021-11-10", "open law | key open | by stay [Stay]"},
        {"on its last day", STAYED, "a=yes as-of=2022-11-09", "open law | key open | by stay [Stay]"},
        {"after it", STAYED, "a=yes as-of=2022-11-10", "closed law | key closed"},
        {"not known yet", STAYED, "a=yes as-of=2021-11-10 known-at=2021-11-11", "closed law | key closed"},
    };
    TABLE_RUN(rows);
}

/* `replaces` ends the older rule for good from the first day the newer one counts and is not stayed; a rule that does
 * not count replaces nothing. */
static void test_replaces(void **state)
{
    (void)state;
#define OLD "rule old" LAW "when a = yes then key = closed\n"
#define NEW OLD "rule new cites \"New\" published 2021-05-01 in force 2021-06-01 .. replaces old when a = yes then key = licence\n"
#define SHORT OLD "rule new cites \"New\" published 2021-05-01 in force 2021-06-01 .. 2021-12-31 replaces old when a = yes then key = licence\n"
#define STAYED_NEW NEW "rule stay exception to new cites \"Stay\" published 2021-05-20 in force 2021-05-20 .. 2021-08-31\n"
#define STAYED_LATER NEW "rule stay exception to new cites \"Stay\" published 2021-09-01 in force 2021-09-01 .. 2021-12-31\n"
#define LICENCE " | conditions us.licence no"
    static const table_row rows[] = {
        {"before the newer one is in force", NEW, "a=yes as-of=2021-05-31", "closed law | key closed | by old [Act]"},
        {"from its first day", NEW, "a=yes as-of=2021-06-01", "licence law | key licence" LICENCE " | by new [New]"},
        {"the older one is gone also where the newer does not apply", OLD "rule new cites \"New\" published 2021-05-01 in force 2021-06-01 .. replaces old when b = yes then key = licence\n",
         "a=yes b=no as-of=2021-06-01", "open law | key open"},
        {"a rule that does not count yet replaces nothing", NEW, "a=yes as-of=2021-06-01 known-at=2021-04-30", "closed law | key closed | by old [Act]"},
        {"for good: also after the newer one has ended", SHORT, "a=yes as-of=2022-01-01", "open law | key open"},
        {"a stay on its first day puts the end off", STAYED_NEW, "a=yes as-of=2021-06-01", "closed law | key closed | by old [Act]"},
        {"until the stay ends", STAYED_NEW, "a=yes as-of=2021-08-31", "closed law | key closed | by old [Act]"},
        {"the day after the stay", STAYED_NEW, "a=yes as-of=2021-09-01", "licence law | key licence" LICENCE " | by new [New]"},
        {"a later stay does not bring the older rule back", STAYED_LATER, "a=yes as-of=2021-10-01", "open law | key open | by stay [Stay]"},
        {"a stay that was not known did not put the end off", STAYED_NEW, "a=yes as-of=2021-06-01 known-at=2021-05-19", "licence law | key licence" LICENCE " | by new [New]"},
        {"a stay that is excepted itself puts nothing off",
         STAYED_NEW "rule court exception to stay cites \"Order\" published 2021-05-25 in force 2021-05-25 ..\n", "a=yes as-of=2021-06-01",
          "licence law | key licence" LICENCE " | by court [Order], new [New]"},
        {"replaced on its first day it never counted, so the oldest stays",
         NEW "rule newest cites \"Newest\" published 2021-05-01 in force 2021-06-01 .. replaces new when b = yes then key = open\n", "a=yes b=no as-of=2021-06-01",
          "closed law | key closed | by old [Act]"},
        {"a stay that is itself replaced puts the end off until then",
         NEW "rule stay exception to new cites \"Stay\" published 2021-05-20 in force 2021-05-20 .. 2022-12-31\n"
         "rule lift exception to new cites \"Order\" published 2021-07-01 in force 2021-08-01 .. replaces stay when c = yes\n", "a=yes c=no as-of=2021-07-31",
          "closed law | key closed | by old [Act]"},
        {"and no longer",
         NEW "rule stay exception to new cites \"Stay\" published 2021-05-20 in force 2021-05-20 .. 2022-12-31\n"
         "rule lift exception to new cites \"Order\" published 2021-07-01 in force 2021-08-01 .. replaces stay when c = yes\n", "a=yes c=no as-of=2021-08-01",
         "licence law | key licence" LICENCE " | by new [New]"},
        {"a practice replaces nothing under the text of the law", OLD "rule new practice cites \"N\" published 2021-05-01 in force 2021-06-01 .. replaces old when a = yes then key = licence\n",
         "a=yes law=text", "closed law | key closed | differs licence | by old [Act]"},
        {"a report that nobody believes replaces nothing", OLD "rule new reported by C1 in force 2021-06-01 .. replaces old when a = yes then key = licence\n", "a=yes",
         "closed law | key closed | reports C1 | by old [Act]"},
        {"one rule replaces two", OLD "rule older" LAW
         "when b = yes then key = closed\nrule new cites \"New\" published 2021-05-01 in force 2021-06-01 .. replaces old, older when c = yes then key = licence\n",
         "a=yes b=yes c=no", "open law | key open"},
        {"a chain of replacements", NEW "rule newest cites \"Newest\" published 2022-01-01 in force 2022-01-01 .. replaces new when a = yes then key = open\n", "a=yes as-of=2022-01-01",
         "open law | key open | by newest [Newest]"},
        {"a replaced rule no longer replaces from then on, but what it ended stays ended",
         SHORT "rule newest cites \"Newest\" published 2022-01-01 in force 2022-01-01 .. replaces new when b = yes then key = open\n", "a=yes b=no as-of=2022-02-01", "open law | key open"},
    };
    TABLE_RUN(rows);
}

/* A set or group is a list of rows, in or out, dated both ways; of the rows known, the latest published that covers
 * the day decides. (KH: in D:5 from 2021, out from 2022 by a row published in 2023.) */
static void test_sets(void **state)
{
    (void)state;
#define GROUP "rule r" LAW "when route.to in D:5 then key = closed\n"
#define ROWS                                                                                                                                                   \
    "set listed of party\n"                                                                                                                                    \
    "  acme, byte 2021-01-01 .. published 2021-01-01 cites \"L1\"\n"                                                                                           \
    "  out acme 2022-01-01 .. 2022-12-31 published 2022-06-01 cites \"L2\"\n"                                                                                  \
    "  acme 2022-07-01 .. published 2022-09-01 cites \"L3\" unverified\n"                                                                                      \
    "rule r" LAW "when end_user.id in listed then key = closed\n"
    static const table_row rows[] = {
        {"a member", GROUP, "route.to=KH as-of=2021-06-01", "closed law | key closed | by r [Act; list of 2021]"},
        {"before its row begins", GROUP, "route.to=KH as-of=2020-12-31", "open law | key open"},
        {"ended by a later row", GROUP, "route.to=KH as-of=2022-01-01", "open law | key open"},
        {"the end was not known yet", GROUP, "route.to=KH as-of=2022-01-01 known-at=2022-12-31", "closed law | key closed | by r [Act; list of 2021]"},
        {"the end is known from its publication", GROUP, "route.to=KH as-of=2022-01-01 known-at=2023-01-01", "open law | key open"},
        {"the end changes no day before it", GROUP, "route.to=KH as-of=2021-12-31", "closed law | key closed"},
        {"a row that was not published yet", GROUP, "route.to=KH as-of=2021-06-01 known-at=2020-12-31", "open law | key open"},
        {"a place in no group is outside, not unknown", GROUP, "route.to=DE", "open law | key open"},
        {"the last day of a row is in", "rule r" LAW "when route.to in D:4 then key = closed\n", "route.to=AE as-of=2023-01-01", "closed law | key closed"},
        {"the day after is out", "rule r" LAW "when route.to in D:4 then key = closed\n", "route.to=AE as-of=2023-01-02", "open law | key open"},
        {"a set of parties: in", ROWS, "end_user.id=acme as-of=2021-06-01", "closed law | key closed"},
        {"the latest published row decides: out", ROWS, "end_user.id=acme as-of=2022-06-30", "open law | key open"},
        {"the latest published row decides: in again", ROWS, "end_user.id=acme as-of=2022-07-01", "closed law | key closed | by r [Act; L3 (unverified)]"},
        {"as known before the third row", ROWS, "end_user.id=acme as-of=2022-07-01 known-at=2022-08-31", "open law | key open"},
        {"where the latest does not cover the day the one before decides", ROWS, "end_user.id=acme as-of=2022-03-01", "open law | key open"},
        {"a row of somebody else decides nothing", ROWS, "end_user.id=byte as-of=2022-06-30", "closed law | key closed"},
        {"a citation of the rule and of the row is shown once, marked",
         "set listed of party\n  acme 2021-01-01 .. cites \"Act\" unverified\nrule r" LAW "when end_user.id in listed then key = closed\n", "end_user.id=acme as-of=2021-06-01",
         "closed law | key closed | by r [Act (unverified)]"},
        {"a citation that only begins like another is another",
         "set listed of party\n  acme 2021-01-01 .. cites \"Act 2\" unverified\nrule r" LAW "when end_user.id in listed then key = closed\n", "end_user.id=acme as-of=2021-06-01",
         "closed law | key closed | by r [Act; Act 2 (unverified)]"},
        {"somebody in no row", ROWS, "end_user.id=other as-of=2022-06-30", "open law | key open"},
        {"sets are combined", "set mix = (CN or KH) but not (HK or D:4)\nrule r" LAW "when route.to in mix then key = closed\n", "route.to=CN", "closed law | key closed"},
        {"but not", "set mix = (CN or AE) but not (HK or D:4)\nrule r" LAW "when route.to in mix then key = closed\n", "route.to=AE as-of=2022-01-01", "open law | key open"},
    };
    TABLE_RUN(rows);
}

/* Before `covers` every answer is undetermined; after `read to` the decision says so and a key is at best conditional. */
static void test_covers(void **state)
{
    (void)state;
#define REGIME(span, rest) "regime us \"T\" covers " span " read to 2022-12-31\nquestion key : open < licence < closed, strictest otherwise open\n" rest
    static const table_row rows[] = {
        {"the day before", REGIME("2021-01-01 ..", "question q : yes | no otherwise no\n"), "as-of=2020-12-31",
         "undetermined law | key open/licence/closed | q yes/no | gaps us is covered from 2021-01-01"},
        {"the first day", REGIME("2021-01-01 ..", "question q : yes | no otherwise no\n"), "as-of=2021-01-01", "open law | key open | q no"},
        {"also where a rule would be sure", REGIME("2021-01-01 ..", "rule r" LAW "then key = closed\n"), "as-of=2020-12-31",
         "undetermined law | key open/licence/closed | gaps us is covered from 2021-01-01"},
        {"a span with an end: the last day", REGIME("2021-01-01 .. 2021-12-31", ""), "as-of=2021-12-31", "open law | key open"},
        {"a span with an end: the day after", REGIME("2021-01-01 .. 2021-12-31", ""), "as-of=2022-01-01",
         "undetermined law | key open/licence/closed | gaps us is covered up to 2021-12-31"},
        {"the last day read", REGIME("2021-01-01 ..", ""), "as-of=2022-12-31", "open law | key open"},
        {"the day after: conditional at best", REGIME("2021-01-01 ..", ""), "as-of=2023-01-01", "conditional law | key open | conditions us.law-read no"},
        {"a closed key stays closed", REGIME("2021-01-01 ..", "rule r" LAW "then key = closed\n"), "as-of=2023-01-01", "closed law | key closed | conditions us.law-read no"},
        {"a licence that is held is conditional too", REGIME("2021-01-01 ..", "rule r" LAW "then key = licence\n"), "as-of=2023-01-01 +us.licence",
         "conditional law | key licence | conditions us.law-read no, us.licence yes"},
    };
    TABLE_RUN(rows);
}

static void test_law_not_read_text(void **state)
{
    (void)state;
    tk_rulebook *book = table_compile("", NULL);
    tk_decider *decider = NULL;
    tk_facts *facts = NULL;
    const tk_decision *decision = NULL;
    tk_setting setting = {.as_of = table_date(TK_STR("2030-01-01")), .known_at = DAY_2024};
    assert_int_equal(tk_decider_new(book, &decider, NULL), TK_OK);
    assert_int_equal(tk_facts_new(book, &facts, NULL), TK_OK);
    assert_int_equal(tk_decide(decider, facts, &setting, 0, &decision, NULL), TK_OK);
    const tk_condition *condition = &decision->keys[0].conditions[0];
    assert_true(tk_str_starts(condition->says, TK_STR("law not read after 2029-12-31")));
    assert_true(tk_str_is(condition->stage, "before order"));
    tk_facts_free(facts);
    tk_decider_free(decider);
    tk_rulebook_free(book);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_counts), cmocka_unit_test(test_stay),   cmocka_unit_test(test_replaces),
        cmocka_unit_test(test_sets),   cmocka_unit_test(test_covers), cmocka_unit_test(test_law_not_read_text),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
