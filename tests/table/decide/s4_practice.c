/* SPDX-License-Identifier: Apache-2.0 */
/* S4, law and practice, and S5, reported is not law. */
#include "table/decide/table.h"

#define REVIEW "question review : approval < case-by-case < denial, strictest asked when key = licence otherwise undetermined\n"

/* A rule marked `practice` records how an authority applies the law. It counts unless asked for `--law text`; `check`
 * says so whenever the two keys differ. */
static void test_practice(void **state)
{
    (void)state;
#define UNENFORCED "rule r" LAW "when a = yes then key = licence\nrule p exception to r" PRACTICE "when b = yes\n"
    static const table_row rows[] = {
        {"practice counts, and the difference is said", UNENFORCED, "a=yes b=yes", "open practice | key open | differs licence | by p [Notice]"},
        {"not under the text of the law, and the difference is said", UNENFORCED, "a=yes b=yes law=text", "licence law | key licence | conditions us.licence no | differs open | by r [Act]"},
        {"where both agree nothing is said", UNENFORCED, "a=yes b=no", "licence law | key licence | conditions us.licence no"},
        {"where neither applies nothing is said", UNENFORCED, "a=no b=yes", "open law | key open"},
        {"a practice that makes the key stricter", "rule p" PRACTICE "when a = yes then key = closed\n", "a=yes", "closed practice | key closed | differs open | by p [Notice]"},
        {"a practice not in force yet makes no difference", "rule p practice cites \"N\" published 2020-01-01 in force 2025-01-01 .. then key = closed\n", "", "open law | key open"},
        {"a practice not published yet makes no difference", "rule p practice cites \"N\" published 2024-06-01 in force 2020-01-01 .. then key = closed\n", "", "open law | key open"},
        {"an unknown that only practice needs", UNENFORCED, "a=yes", "undetermined practice | key open/licence | missing b | conditions us.licence no | differs licence"},
        {"what keeps a perhaps applying exception away", "rule r" LAW "when a = yes then key = closed\nrule x exception to r" LAW "when b = yes\nrule y exception to x" PRACTICE "\n", "a=yes",
         "closed practice | key closed | differs undetermined | by r [Act], y [Notice]"},
        {"an unknown that is none under the text", UNENFORCED, "a=yes law=text", "licence law | key licence | conditions us.licence no | differs undetermined"},
        {"a practice about another question leaves the key's basis alone", "question kind : x | y otherwise y\nrule p" PRACTICE "when a = yes then kind = x\n", "a=yes",
         "open law | key open | kind x"},
        {"a practice on whose answer the key rests", "question kind : x | y otherwise y\nrule p" PRACTICE "when a = yes then kind = x\nrule k" LAW "when kind = x then key = closed\n", "a=yes",
         "closed practice | key closed | kind x | differs open"},
    };
    TABLE_RUN(rows);
}

/* Review policy is its own question, asked only when the key is `licence`. */
static void test_review(void **state)
{
    (void)state;
#define POLICY REVIEW "rule r" LAW "when a = yes then key = licence\nrule d" LAW "when b = yes then review = denial\n"
    static const table_row rows[] = {
        {"asked when the key is licence", POLICY, "a=yes b=yes", "licence law | key licence | review denial | conditions us.licence no"},
        {"denial is policy, not an answer of the key", POLICY, "a=yes b=yes +us.licence", "open law | key licence | review denial | conditions us.licence yes"},
        {"not asked when the key is open", POLICY, "a=no b=yes", "open law | key open"},
        {"perhaps asked: no missing fact of its own", POLICY, "b=?", "undetermined law | key open/licence | review approval/case-by-case/denial | missing a | conditions us.licence no"},
        {"asked, and unknown", POLICY, "a=yes", "licence law | key licence | review approval/case-by-case/denial | missing b | conditions us.licence no"},
        {"its conditions join those of the key", REVIEW "rule r" LAW "when a = yes then key = licence\nrule c" LAW "when b = yes then review = case-by-case requires lab \"L\" before ship\n",
         "a=yes b=yes",
         "licence law | key licence | review case-by-case | conditions lab no, us.licence no"},
        {"and keep a held licence conditional", REVIEW "rule r" LAW "when a = yes then key = licence\nrule c" LAW "when b = yes then review = case-by-case requires lab \"L\" before ship\n",
         "a=yes b=yes +us.licence", "conditional law | key licence | review case-by-case | conditions lab no, us.licence yes"},
        {"but not its basis", REVIEW "rule r" LAW "when a = yes then key = licence\nrule c" PRACTICE "when b = yes then review = denial\n", "a=yes b=yes",
         "licence law | key licence | review denial | conditions us.licence no"},
    };
    TABLE_RUN(rows);
}

/* A rule or limit marked `reported by` counts only in a world that holds those claims; they are its citation, and their
 * report date its publication. (C1 is of 2021, C2 of 2023.) */
static void test_reported(void **state)
{
    (void)state;
#define ONE "rule r reported by C1 in force 2020-01-01 .. when a = yes then key = closed\n"
#define EITHER "rule r reported by C1 or C2 in force 2020-01-01 .. when a = yes then key = closed\n"
#define BOTH "rule r reported by C1 and C2 in force 2020-01-01 .. when a = yes then key = closed\n"
#define CAP "limit cap reported by C1 in force 2020-01-01 .. counts quantity of shipped where a = yes at most 75 over all time\nrule r" LAW "when a = yes requires within cap before ship\n"
    static const table_row rows[] = {
        {"not believed: it does not count, but is listed", ONE, "a=yes", "open law | key open | reports C1"},
        {"believed: it counts, its basis is reported, the claim is its citation", ONE, "a=yes believe=C1", "closed reported | key closed | by r [C1]"},
        {"where it would change nothing it is not listed", ONE, "a=no", "open law | key open"},
        {"a report that would narrow the key is listed", "rule u" LAW "when b = yes then key = closed\n" ONE, "a=yes", "undetermined law | key open/closed | missing b | reports C1"},
        {"its report date is its publication", "rule r reported by C2 in force 2020-01-01 .. then key = closed\n", "believe=C2 known-at=2022-12-31", "open law | key open"},
        {"known from its report date", "rule r reported by C2 in force 2020-01-01 .. then key = closed\n", "believe=C2 known-at=2023-01-01", "closed reported | key closed"},
        {"a report that is not known yet is not listed", "rule r reported by C2 in force 2020-01-01 .. then key = closed\n", "known-at=2022-12-31", "open law | key open"},
        {"or: one is enough", EITHER, "a=yes believe=C2", "closed reported | key closed | by r [C2]"},
        {"or: both are cited", EITHER, "a=yes believe=C1 believe=C2", "closed reported | key closed | by r [C1; C2]"},
        {"or: each alone would change the key", EITHER, "a=yes", "open law | key open | reports C1, C2"},
        {"and: one is not enough", BOTH, "a=yes believe=C1", "open law | key open | reports C2"},
        {"and: neither alone would change the key", BOTH, "a=yes", "open law | key open"},
        {"and: both", BOTH, "a=yes believe=C1 believe=C2", "closed reported | key closed | by r [C1; C2]"},
        {"and: published with the later", BOTH, "a=yes believe=C1 believe=C2 known-at=2022-12-31", "open law | key open"},
        {"a reported limit outside the world binds nothing", CAP, "a=yes", "open law | key open | reports C1"},
        {"a reported limit inside the world binds", CAP, "a=yes quantity=5 believe=C1", "conditional reported | key open | conditions cap no | limits cap 5 binds no"},
        {"two claims that contradict each other, believed together", "rule r reported by C3 in force 2020-01-01 .. then key = open\nrule s reported by C4 in force 2020-01-01 .. then key = closed\n",
         "believe=C3 believe=C4", "conflict reported | key conflict closed | by C3 against C4 [C3; C4], s [C4]"},
        {"a claim that contradicts a believed one is no way out",
         "rule r reported by C3 in force 2020-01-01 .. then key = open\nrule s reported by C4 in force 2020-01-01 .. then key = closed\n", "believe=C3", "open reported | key open"},
    };
    TABLE_RUN(rows);
}

/* A fact `from claims` has what the world's claims give it, else it is unknown. A rule that reads one and has no act
 * behind it is marked `reported`. What rests on either has basis reported. */
static void test_from_claims(void **state)
{
    (void)state;
#define STANCE "rule r reported in force 2020-01-01 .. when item.stance = paused then key = closed\n"
#define GATE_FACT "fact item.gate : unreported | shut from claims\n"
#define GATE GATE_FACT "rule r reported in force 2020-01-01 .. when item.gate = shut then key = closed\n"
#define GATE_SILENT GATE_FACT "rule r reported in force 2020-01-01 .. when item.gate = unreported then key = closed\n"
#define STANCE_LAW "rule r" LAW "when item.stance = paused then key = closed\n"
    static const table_row rows[] = {
        {"nobody is believed: unknown", STANCE, "", "undetermined reported | key open/closed | missing item.stance"},
        {"the world's claims give it", STANCE, "item.stance:=paused", "closed reported | key closed | by r"},
        {"or its bounds", "rule r" LAW "when item.quota >= 100 then key = closed\n", "item.quota:=50..120", "undetermined reported | key open/closed | missing item.quota"},
        {"a rule of law that reads one rests on a report", STANCE_LAW, "item.stance:=paused", "closed reported | key closed | by r [Act]"},
        {"also where the report makes the rule fail", STANCE_LAW, "item.stance:=going", "conditional reported | key open | conditions us.written-approval no"},
        {"which the paper discharges", STANCE_LAW, "item.stance:=going +us.written-approval", "open reported | key open | conditions us.written-approval yes"},
        {"as an authorisation does", STANCE_LAW, "item.stance:=going +us.licence", "open reported | key open | conditions us.written-approval yes"},
        {"refused, law alone remains", STANCE_LAW, "item.stance:=going -us.written-approval", "undetermined reported | key open | conditions us.written-approval failed"},
        {"silence has a word where the fact declares one", GATE, "", "open law | key open"},
        {"the word is a value like any other", GATE_SILENT, "", "closed reported | key closed | by r"},
        {"a believed claim replaces it", GATE, "item.gate:=shut", "closed reported | key closed | by r"},
        {"said to be uncertain, it is unknown", GATE, "item.gate=?", "undetermined reported | key open/closed | missing item.gate"},
        {"where it is not read the basis is law", "rule r" LAW "when a = yes and item.stance = paused then key = closed\n", "a=no item.stance:=paused", "open law | key open"},
    };
    TABLE_RUN(rows);
}

/* A citation marked `unverified` counts and marks every decision that rests on it. */
static void test_unverified(void **state)
{
    (void)state;
    static const table_row rows[] = {
        {"it counts, and marks the decision", "rule r cites \"Letter\" unverified published 2020-01-01 in force 2020-01-01 .. when a = yes then key = closed\n", "a=yes",
         "closed law | key closed | by r [Letter (unverified)]"},
        {"one of two citations", "rule r cites \"Act\", \"Letter\" unverified published 2020-01-01 in force 2020-01-01 .. when a = yes then key = closed\n", "a=yes",
         "closed law | key closed | by r [Act; Letter (unverified)]"},
        {"through a question that is read",
         "question kind : x | y otherwise y\nrule q cites \"Letter\" unverified published 2020-01-01 in force 2020-01-01 .. then kind = x\nrule r" LAW "when kind = x then key = closed\n", "",
         "closed law | key closed | kind x | by q [Letter (unverified)], r [Act]"},
        {"through a row of a country group", "rule r" LAW "when route.to in D:4 then key = closed\n", "route.to=AE as-of=2022-01-01", "closed law | key closed | by r [Act; a letter (unverified)]"},
        {"a defeated rule marks nothing", "rule r cites \"Letter\" unverified published 2020-01-01 in force 2020-01-01 .. then key = closed\nrule x exception to r" LAW "\n", "",
         "open law | key open | by x [Act]"},
    };
    TABLE_RUN(rows);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_practice), cmocka_unit_test(test_review), cmocka_unit_test(test_reported), cmocka_unit_test(test_from_claims), cmocka_unit_test(test_unverified),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
