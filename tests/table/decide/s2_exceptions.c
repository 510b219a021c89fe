/* SPDX-License-Identifier: Apache-2.0 */
/* S2, exceptions instead of priorities: what stands, what is possible, conflict and strictest. */
#include "table/decide/table.h"

#define KIND "question kind : small | big | odd otherwise odd\n"
#define GRADE "question rank : low < middle < high, strictest otherwise low\n"
#define NAMED(name, to) "rule " name " exception to " to LAW

/* A rule applies when it counts, its `when` holds and none of its conditions has failed. It stands when it applies and
 * no exception to it stands. */
static void test_standing(void **state)
{
    (void)state;
#define BASE "rule base" LAW "when a = yes then key = closed\n"
    static const table_row rows[] = {
        {"a rule whose `when` holds applies", BASE, "a=yes", "closed law | key closed | by base [Act]"},
        {"a rule whose `when` does not hold does not", BASE, "a=no", "open law | key open"},
        {"a rule without `when` always applies", "rule base" LAW "then key = closed\n", "", "closed law | key closed"},
        {"a rule that does not count does not apply", "rule base cites \"Act\" published 2020-01-01 in force 2025-01-01 .. when a = yes then key = closed\n", "a=yes", "open law | key open"},
        {"a rule one of whose conditions has failed does not apply", "rule base" LAW "when a = yes then key = closed requires kyc \"K\" before order\n", "a=yes -kyc", "open law | key open"},
        {"it stands while its exception does not apply", BASE NAMED("x", "base") "when b = yes\n", "a=yes b=no", "closed law | key closed"},
        {"it falls when its exception stands", BASE NAMED("x", "base") "when b = yes\n", "a=yes b=yes", "open law | key open | by x [Act]"},
        {"an exception to the exception brings it back", BASE NAMED("x", "base") "when b = yes\n" NAMED("y", "x") "when c = yes\n", "a=yes b=yes c=yes", "closed law | key closed"},
        {"and so on", BASE NAMED("x", "base") "when b = yes\n" NAMED("y", "x") "when c = yes\n" NAMED("z", "y") "when d = yes\n", "a=yes b=yes c=yes d=yes", "open law | key open"},
        {"one exception takes several targets", BASE "rule other" LAW "when c = yes then key = licence\n" NAMED("x", "base, other") "when b = yes\n", "a=yes b=yes c=yes", "open law | key open"},
        {"what is no target stays", BASE "rule other" LAW "when c = yes then key = licence\n" NAMED("x", "base") "when b = yes\n", "a=yes b=yes c=yes",
         "licence law | key licence | conditions us.licence no"},
        {"one of several exceptions is enough", BASE NAMED("x", "base") "when b = yes\n" NAMED("y", "base") "when c = yes\n", "a=yes b=no c=yes", "open law | key open"},
        {"an exception with an answer gives it", BASE NAMED("x", "base") "when b = yes then key = licence\n", "a=yes b=yes", "licence law | key licence | conditions us.licence no"},
        {"also where its target does not apply", BASE NAMED("x", "base") "when b = yes then key = licence\n", "a=no b=yes", "licence law | key licence | conditions us.licence no"},
        {"with and without `then key = open` is the same here", BASE NAMED("x", "base") "when b = yes then key = open\n", "a=yes b=yes", "open law | key open"},
        {"an exception whose condition has failed no longer excepts", BASE NAMED("x", "base") "when b = yes then key = licence requires kyc \"K\" before order\n", "a=yes b=yes -kyc",
         "closed law | key closed"},
    };
    TABLE_RUN(rows);
}

/* A rule without `then` only takes its targets away, or only adds duties. */
static void test_without_answer(void **state)
{
    (void)state;
#define NOTE                                                                                                                                                   \
    KIND "rule big exception to small" LAW "when a = yes then kind = big\n"                                                                                    \
         "rule small" LAW "when b = yes then kind = small\n"
    static const table_row rows[] = {
        {"big before small", NOTE, "a=yes b=yes", "open law | key open | kind big"},
        {"a note that names one target un-defeats the other", NOTE NAMED("note", "big") "when c = yes\n", "a=yes b=yes c=yes", "open law | key open | kind small"},
        {"a note that names both leaves nothing", NOTE NAMED("note", "big, small") "when c = yes\n", "a=yes b=yes c=yes", "open law | key open | kind odd"},
        {"taking away leaves rules of another question alone", NOTE NAMED("note", "big, small") "when c = yes\nrule k" LAW "when a = yes then key = closed\n", "a=yes b=yes c=yes",
         "closed law | key closed | kind odd"},
        {"duties alone change no answer", "rule duty" LAW "when a = yes requires kyc \"K\" before order\n", "a=yes", "conditional law | key open | conditions kyc no"},
        {"an unknown note leaves the answer and silence possible", NOTE NAMED("note", "big, small") "when c = yes\n", "a=yes b=no", "open law | key open | kind big/odd | missing c"},
        {"an unknown note of one target: big, or small", NOTE NAMED("note", "big") "when c = yes\n", "a=yes b=yes", "open law | key open | kind small/big | missing c"},
    };
    TABLE_RUN(rows);
}

/* Possible answers are those of the rules that may stand, and `otherwise` unless some rule surely applies whose every
 * possible exception has an answer too: a base with an unsure exception yields one or the other, never silence. */
static void test_possible(void **state)
{
    (void)state;
#define TWO KIND "rule base" LAW "when a = yes then kind = small\n" NAMED("x", "base") "when b = yes then kind = big\n"
    static const table_row rows[] = {
        {"nothing stands: otherwise", TWO, "a=no b=no", "open law | key open | kind odd"},
        {"a base and an unsure exception: one or the other, never otherwise", TWO, "a=yes", "open law | key open | kind small/big | missing b"},
        {"an unsure base: otherwise is possible", TWO, "b=no", "open law | key open | kind small/odd | missing a"},
        {"an unsure base and an unsure exception", TWO, "", "open law | key open | kind small/big/odd | missing a, b"},
        {"an unsure exception without an answer may leave silence", KIND "rule base" LAW "when a = yes then kind = small\n" NAMED("x", "base") "when b = yes\n", "a=yes",
         "open law | key open | kind small/odd | missing b"},
        {"an exception that surely does not stand may lack an answer", TWO NAMED("y", "base") "when c = yes\n", "a=yes c=no", "open law | key open | kind small/big | missing b"},
        {"another rule that is sure excludes otherwise", TWO "rule sure" LAW "when c = yes then kind = small\n", "b=no c=yes", "open law | key open | kind small"},
        {"an exception of the exception: still one or the other", TWO NAMED("y", "x") "when c = yes\n", "a=yes b=yes", "open law | key open | kind small/big | missing c"},
        {"otherwise undetermined stays undetermined", "question q : yes | no otherwise undetermined\nrule r" LAW "when a = yes then q = yes\n", "a=no", "open law | key open | q yes/no"},
        {"and is settled by a rule", "question q : yes | no otherwise undetermined\nrule r" LAW "when a = yes then q = yes\n", "a=yes", "open law | key open | q yes"},
        {"never silence under strictest either", GRADE "rule base" LAW "when a = yes then rank = middle\n" NAMED("x", "base") "when b = yes then rank = high\n", "a=yes",
         "open law | key open | rank middle/high | missing b"},
    };
    TABLE_RUN(rows);
}

/* Textual order never matters: every order of four rules decides the same. */
static void test_order(void **state)
{
    (void)state;
    static const char *const parts[4] = {
        "rule base" LAW "when a = yes then key = closed\n",
        "rule x exception to base" LAW "when b = yes then key = licence requires kyc \"K\" before order\n",
        "rule y exception to x" LAW "when c = yes\n",
        "rule z" LAW "when d = yes then key = licence requires lab \"L\" before ship\n",
    };
    static const char *const facts[] = {"a=yes b=yes c=no d=yes", "a=yes c=yes", "a=? b=yes c=? d=no", "a=yes b=yes c=no d=no -kyc", "d=yes"};
    for (size_t f = 0; f < sizeof facts / sizeof facts[0]; f++) {
        static table_text first, got;
        for (int n = 0; n < 24; n++) {
            int order[4], left[4] = {0, 1, 2, 3}, rest = n;
            char text[2048];
            size_t len = 0;
            for (int i = 0; i < 4; i++) {
                int pick = rest % (4 - i);
                rest /= 4 - i;
                order[i] = left[pick];
                for (int j = pick; j + 1 < 4 - i; j++)
                    left[j] = left[j + 1];
                len += (size_t)snprintf(text + len, sizeof text - len, "%s", parts[order[i]]);
            }
            tk_rulebook *book = table_compile(text, NULL);
            table_decide_text(book, facts[f], true, n == 0 ? &first : &got);
            tk_rulebook_free(book);
            if (n != 0)
                assert_string_equal(got.bytes, first.bytes);
        }
    }
}

/* Equal answers merge: reasons join, conditions add up. */
static void test_merge(void **state)
{
    (void)state;
    static const table_row rows[] = {
        {"reasons join and conditions add up",
         "rule r" LAW "when a = yes then key = licence requires kyc \"K\" before order\nrule s" LAW "when b = yes then key = licence requires lab \"L\" before ship\n", "a=yes b=yes",
         "licence law | key licence | conditions kyc no, lab no, us.licence no | by r [Act], s [Act]"},
        {"only of the rules that stand",
         "rule r" LAW "when a = yes then key = licence requires kyc \"K\" before order\nrule s" LAW "when b = yes then key = licence requires lab \"L\" before ship\n", "a=yes b=no",
         "licence law | key licence | conditions kyc no, us.licence no | by r [Act]"},
        {"the same condition twice is one", "rule r" LAW "when a = yes then key = licence requires kyc \"K\" before order\nrule s" LAW "when b = yes then key = licence requires kyc before order\n",
         "a=yes b=yes +kyc", "licence law | key licence | conditions kyc yes, us.licence no | by r [Act], s [Act]"},
        {"in a plain question equal answers are no conflict", KIND "rule r" LAW "when a = yes then kind = big\nrule s" LAW "when b = yes then kind = big\n", "a=yes b=yes",
         "open law | key open | kind big"},
    };
    TABLE_RUN(rows);
}

/* Different answers of standing rules are a conflict that names the rules, unless the question says `strictest`. */
static void test_conflict(void **state)
{
    (void)state;
#define CLASH KIND "rule r" LAW "when a = yes then kind = big\nrule s" LAW "when b = yes then kind = small\n"
    static const table_row rows[] = {
        {"two standing rules with different answers, named", CLASH, "a=yes b=yes", "open law | key open | kind conflict small/big | by r [Act], s [Act]"},
        {"not while one is unsure", CLASH, "a=yes", "open law | key open | kind small/big | missing b"},
        {"not when an exception takes one away", CLASH NAMED("x", "s") "when c = yes\n", "a=yes b=yes c=yes", "open law | key open | kind big"},
        {"other questions read a conflict as the answers in conflict: all satisfy", CLASH "rule k" LAW "when kind in (small, big) then key = closed\n", "a=yes b=yes",
         "closed law | key closed | kind conflict small/big"},
        {"none satisfies", CLASH "rule k" LAW "when kind = odd then key = closed\n", "a=yes b=yes", "open law | key open | kind conflict small/big"},
        {"some satisfy: the conflict is the cause of the key's", CLASH "rule k" LAW "when kind = big then key = closed\n", "a=yes b=yes",
         "conflict law | key conflict open/closed | kind conflict small/big"},
        {"strictest: the greatest in the declared order wins", GRADE "rule r" LAW "when a = yes then rank = middle\nrule s" LAW "when b = yes then rank = high\n", "a=yes b=yes",
         "open law | key open | rank high"},
        {"strictest: by the declared order, not by the text's", "question rank : high < middle < low, strictest otherwise low\nrule r" LAW "when a = yes then rank = middle\nrule s" LAW
         "when b = yes then rank = high\n", "a=yes b=yes", "open law | key open | rank middle"},
    };
    TABLE_RUN(rows);
}

/* Under strictest, answers below what is sure drop out: sure is, for each rule that surely applies, the least of its
 * answer and those of the exceptions that may defeat it. */
static void test_floor(void **state)
{
    (void)state;
#define GRADES                                                                                                                                                 \
    GRADE "rule low" LAW "when a = yes then rank = low\n"                                                                                                     \
          "rule middle" LAW "when b = yes then rank = middle\n"                                                                                               \
          "rule high" LAW "when c = yes then rank = high\n"
    static const table_row rows[] = {
        {"what is below a sure answer drops out", GRADES, "a=yes b=yes c=no", "open law | key open | rank middle"},
        {"also when it is unsure itself", GRADES, "b=yes c=no", "open law | key open | rank middle"},
        {"what is below and unsure is not missing", GRADES, "b=yes", "open law | key open | rank middle/high | missing c"},
        {"what is above and unsure stays", GRADES, "a=no b=yes", "open law | key open | rank middle/high | missing c"},
        {"the sure floor of a base with an unsure exception is the lesser answer",
         GRADE "rule base" LAW "when a = yes then rank = high\n" NAMED("x", "base") "when b = yes then rank = middle\n", "a=yes", "open law | key open | rank middle/high | missing b"},
        {"so what is below both drops out", GRADE "rule base" LAW "when a = yes then rank = high\n" NAMED("x", "base") "when b = yes then rank = middle\nrule l" LAW "when c = yes then rank = low\n",
         "a=yes c=yes", "open law | key open | rank middle/high | missing b"},
        {"two exceptions, the least counts",
         GRADE "rule base" LAW "when a = yes then rank = high\n" NAMED("x", "base") "when b = yes then rank = middle\n" NAMED("y", "base") "when c = yes then rank = low\n", "a=yes",
         "open law | key open | rank low/middle/high | missing b, c"},
        {"an exception without an answer makes nothing sure", GRADE "rule base" LAW "when a = yes then rank = high\n" NAMED("x", "base") "when b = yes\n", "a=yes",
         "open law | key open | rank low/high | missing b"},
        {"an exception that surely does not stand lowers nothing",
         GRADE "rule base" LAW "when a = yes then rank = high\n" NAMED("x", "base") "when b = yes then rank = low\n", "a=yes b=no", "open law | key open | rank high"},
        {"an exception that surely stands gives the floor",
         GRADE "rule base" LAW "when a = yes then rank = high\n" NAMED("x", "base") "when b = yes then rank = middle\nrule m" LAW "when c = yes then rank = low\n", "a=yes b=yes",
         "open law | key open | rank middle"},
    };
    TABLE_RUN(rows);
}

/* An exception does not pass to the successor of a replaced rule. */
static void test_successor(void **state)
{
    (void)state;
    static const table_row rows[] = {
        {"before the replacement the exception works",
         "rule old" LAW "when a = yes then key = closed\n"
         "rule relief exception to old cites \"Act\" published 2020-01-01 in force 2020-01-01 .. 2021-12-31 when b = yes\n"
         "rule new cites \"Act\" published 2021-06-01 in force 2022-01-01 .. replaces old when a = yes then key = closed\n",
         "a=yes b=yes as-of=2021-12-31", "open law | key open"},
        {"after it the successor stands unexcepted",
         "rule old" LAW "when a = yes then key = closed\n"
         "rule relief exception to old cites \"Act\" published 2020-01-01 in force 2020-01-01 .. 2021-12-31 when b = yes\n"
         "rule new cites \"Act\" published 2021-06-01 in force 2022-01-01 .. replaces old when a = yes then key = closed\n",
         "a=yes b=yes as-of=2022-01-01", "closed law | key closed | by new [Act]"},
        {"unless it names the successor too",
         "rule old" LAW "when a = yes then key = closed\n"
         "rule relief exception to old, new cites \"Act\" published 2020-01-01 in force 2020-01-01 .. when b = yes\n"
         "rule new cites \"Act\" published 2021-06-01 in force 2022-01-01 .. replaces old when a = yes then key = closed\n",
         "a=yes b=yes as-of=2022-01-01", "open law | key open"},
    };
    TABLE_RUN(rows);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_standing), cmocka_unit_test(test_without_answer), cmocka_unit_test(test_possible), cmocka_unit_test(test_order), cmocka_unit_test(test_merge),
        cmocka_unit_test(test_conflict), cmocka_unit_test(test_floor),          cmocka_unit_test(test_successor),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
