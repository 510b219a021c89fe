/* SPDX-License-Identifier: Apache-2.0 */
/* S9, conditions and limits: met, failed or open; what they do; how they travel; what counts and what binds. */
#include "table/decide/table.h"

#define KYC "requires kyc \"Users are screened\" before order "
#define LAB "requires lab \"Tested\" before ship "
#define KEEP "requires records \"Kept five years\" after delivery "
#define NAMED(name, to) "rule " name " exception to " to LAW

/* A condition is met (evidence held, and dated early enough where days are asked), failed (evidence refused) or open. */
static void test_states(void **state)
{
    (void)state;
#define ONE "rule r" LAW "when a = yes " KYC "\n"
#define LEAD "rule r" LAW "when a = yes requires notice \"Notified\" 25 days before ship\n"
#define LEAD_ORDER "rule r" LAW "when a = yes requires notice \"Notified\" 25 days before order\n"
    static const table_row rows[] = {
        {"open", ONE, "a=yes", "conditional law | key open | conditions kyc no"},
        {"met", ONE, "a=yes +kyc", "open law | key open | conditions kyc yes"},
        {"failed", ONE, "a=yes -kyc", "closed law | key closed | conditions kyc failed"},
        {"the last word on a piece of evidence counts", ONE, "a=yes -kyc +kyc", "open law | key open | conditions kyc yes"},
        {"a date is not needed where no days are asked", ONE, "a=yes +kyc@2023-01-01", "open law | key open | conditions kyc yes"},
        {"25 days before is early enough", LEAD, "a=yes +notice@2023-03-01 route.ship_date=2023-03-26", "open law | key open | conditions notice yes"},
        {"24 days before is not", LEAD, "a=yes +notice@2023-03-02 route.ship_date=2023-03-26", "conditional law | key open | conditions notice no"},
        {"without its date it stays open", LEAD, "a=yes +notice route.ship_date=2023-03-26", "conditional law | key open | conditions notice no"},
        {"without the date of the stage it stays open", LEAD, "a=yes +notice@2023-03-01", "conditional law | key open | conditions notice no"},
        {"a stage known to a month counts from its first day", LEAD, "a=yes +notice@2023-02-04 route.ship_date=2023-03", "open law | key open | conditions notice yes"},
        {"and not from its last", LEAD, "a=yes +notice@2023-02-05 route.ship_date=2023-03", "conditional law | key open | conditions notice no"},
        {"refused is failed, whatever the date", LEAD, "a=yes -notice@2023-03-01 route.ship_date=2023-03-26", "closed law | key closed | conditions notice failed"},
        {"before order looks at the order", LEAD_ORDER, "a=yes +notice@2023-03-01 route.order_date=2023-03-26 route.ship_date=2023-03-02", "open law | key open | conditions notice yes"},
        {"and not at the shipment", LEAD_ORDER, "a=yes +notice@2023-03-01 route.order_date=2023-03-25 route.ship_date=2023-12-01", "conditional law | key open | conditions notice no"},
        {"due after delivery keeps nothing from moving", "rule r" LAW "when a = yes " KEEP "\n", "a=yes", "open law | key open | conditions records no"},
        {"refused after delivery is a refused duty all the same", "rule r" LAW "when a = yes " KEEP "\n", "a=yes -records", "closed law | key closed | conditions records failed"},
    };
    TABLE_RUN(rows);
}

/* Failed: the rule does not apply, so what it excepts returns. Open: the rule stands and its answer carries the condition. */
static void test_effects(void **state)
{
    (void)state;
#define RELIEF "rule base" LAW "when a = yes then key = closed\n" NAMED("relief", "base") "when b = yes then key = open " KYC "\n"
    static const table_row rows[] = {
        {"open: the relief stands and carries it", RELIEF, "a=yes b=yes", "conditional law | key open | conditions kyc no"},
        {"met: the relief stands", RELIEF, "a=yes b=yes +kyc", "open law | key open | conditions kyc yes"},
        {"failed: the base returns, without the condition", RELIEF, "a=yes b=yes -kyc", "closed law | key closed"},
        {"a condition with `when`: not asked", "rule r" LAW "when a = yes requires iaas \"Cloud terms\" before order when b = yes\n", "a=yes b=no -iaas", "open law | key open"},
        {"a condition with `when`: asked", "rule r" LAW "when a = yes requires iaas \"Cloud terms\" before order when b = yes\n", "a=yes b=yes", "conditional law | key open | conditions iaas no"},
        {"perhaps asked: it joins, nothing is missing for it", "rule r" LAW "when a = yes requires iaas \"Cloud terms\" before order when b = yes\n", "a=yes",
         "conditional law | key open | conditions iaas no"},
        {"perhaps asked and refused: the rule may apply", "rule base" LAW "when a = yes then key = closed\n" NAMED("relief", "base")
         "then key = open requires iaas \"Cloud terms\" before order when b = yes\n", "a=yes -iaas", "undetermined law | key open/closed | missing b | conditions iaas failed"},
        {"perhaps asked and refused, duty: closed is possible", "rule r" LAW "when a = yes requires iaas \"Cloud terms\" before order when b = yes\n", "a=yes -iaas",
         "undetermined law | key open/closed | missing b | conditions iaas failed"},
    };
    TABLE_RUN(rows);
}

/* Conditions travel: an answer brings those of the rules that give it and of the answers they read; defeated and
 * outranked rules bring none; a rule with `requires` and no `then` adds its duties to the key while it stands. */
static void test_travel(void **state)
{
    (void)state;
#define EXCEPTION                                                                                                                                              \
    "question exception : none < NAC < ACA, strictest otherwise none\n"                                                                                        \
    "rule nac" LAW "when a = yes then exception = NAC " KYC "\n"                                                                                               \
    "rule base" LAW "when b = yes then key = licence\n" NAMED("by-exception", "base") "when exception != none then key = open\n"
    static const table_row rows[] = {
        {"of the rule that gives the answer", "rule r" LAW "when a = yes then key = licence " KYC "\n", "a=yes", "licence law | key licence | conditions kyc no, us.licence no"},
        {"of the answers it reads", EXCEPTION, "a=yes b=yes", "conditional law | exception NAC | key open | conditions kyc no"},
        {"of the answers it reads: met", EXCEPTION, "a=yes b=yes +kyc", "open law | exception NAC | key open | conditions kyc yes"},
        {"of the answers it reads: failed", EXCEPTION, "a=yes b=yes -kyc", "licence law | exception none | key licence | conditions us.licence no"},
        {"through a term", "question q : x | y otherwise y\nterm t = q = x\nrule q1" LAW "then q = x " KYC "\nrule k" LAW "when t then key = licence\n", "",
         "licence law | key licence | q x | conditions kyc no, us.licence no"},
        {"an answer that the key does not read brings none", "question q : x | y otherwise y\nrule q1" LAW "then q = x " KYC "\n", "", "open law | key open | q x"},
        {"a defeated rule brings none", "rule r" LAW "when a = yes then key = closed " KYC "\n" NAMED("x", "r") "when b = yes\n", "a=yes b=yes", "open law | key open"},
        {"an outranked rule brings none", "rule r" LAW "when a = yes then key = licence " KYC "\nrule s" LAW "when b = yes then key = closed\n", "a=yes b=yes", "closed law | key closed"},
        {"but a relief that keeps a stricter answer away carries its own",
         "rule base" LAW "when a = yes then key = closed\n" NAMED("relief", "base") "when b = yes then key = open " KYC "\nrule l" LAW "when c = yes then key = licence\n", "a=yes b=yes c=yes",
         "licence law | key licence | conditions kyc no, us.licence no"},
        {"a rule that does not stand brings none", "rule r" LAW "when a = yes then key = licence " KYC "\n", "a=no", "open law | key open"},
        {"duties join while their rule stands", "rule r" LAW "then key = licence\nrule d" LAW "when a = yes " KYC LAB KEEP "\n", "a=yes",
         "licence law | key licence | conditions kyc no, lab no, records no, us.licence no"},
        {"and not when it does not", "rule r" LAW "then key = licence\nrule d" LAW "when a = yes " KYC LAB KEEP "\n", "a=no", "licence law | key licence | conditions us.licence no"},
        {"a duty that perhaps is owed joins", "rule d" LAW "when a = yes " KYC "\n", "", "conditional law | key open | conditions kyc no"},
        {"one condition asked by two: the stricter state and the earlier stage",
         "rule r" LAW "when a = yes requires notice \"N\" before ship\nrule s" LAW "when b = yes requires notice 25 days before ship\n", "a=yes b=yes +notice",
         "conditional law | key open | conditions notice no"},
    };
    TABLE_RUN(rows);
}

/* `evidence has NAME` in `when` is burden of proof: held or not, never unknown. */
static void test_burden(void **state)
{
    (void)state;
#define PROOF "rule base" LAW "when a = yes then key = closed\n" NAMED("rebuttal", "base") "when evidence has attestation\n"
    static const table_row rows[] = {
        {"not shown: the presumption stands, nothing is missing", PROOF, "a=yes", "closed law | key closed"},
        {"shown", PROOF, "a=yes +attestation", "open law | key open"},
        {"refused is not shown", PROOF, "a=yes -attestation", "closed law | key closed"},
        {"and it is no condition", PROOF, "a=yes +attestation", "open law | key open"},
        {"not of it", "rule base" LAW "when not evidence has attestation then key = closed\n", "", "closed law | key closed"},
    };
    TABLE_RUN(rows);
}

/* A limit counts every booking that matches; it binds where a standing rule `requires within` it, as a condition met,
 * failed or (totals unknown) open. A match that is unknown counts on the stricter side. */
static void test_limits(void **state)
{
    (void)state;
#define CAP                                                                                                                                                    \
    "limit cap per item.product cites \"Act\" published 2020-01-01 in force 2020-01-01 ..\n"                                                                   \
    "  counts quantity * item.tpp of shipped where route.to = CN at most 50 % of shipped where route.to = US over all time\n"                                  \
    "rule r" LAW "when a = yes requires within cap before ship\n"
#define BUYER(bound)                                                                                                                                           \
    "limit cap per end_user cites \"Act\" published 2020-01-01 in force 2020-01-01 ..\n  counts quantity of ordered where route.to = CN " bound "\n"            \
    "rule r" LAW "when a = yes requires within cap before order\n"
    static const table_row rows[] = {
        {"binds where a standing rule requires it, open while totals are unknown", CAP, "a=yes route.to=CN quantity=10 item.tpp=100",
         "conditional law | key open | conditions cap no | limits cap 1000 binds no"},
        {"met", CAP, "a=yes route.to=CN quantity=10 item.tpp=100 +cap", "open law | key open | conditions cap yes | limits cap 1000 binds yes"},
        {"failed: the duty is refused", CAP, "a=yes route.to=CN quantity=10 item.tpp=100 -cap", "closed law | key closed | conditions cap failed | limits cap 1000 binds failed"},
        {"failed: the relief that required it falls, and the base returns; the limit still counts",
         "limit cap cites \"Act\" published 2020-01-01 in force 2020-01-01 .. counts quantity of shipped where route.to = CN at most 5 over all time\n"
         "rule base" LAW "when a = yes then key = closed\n" NAMED("relief", "base") "then key = open requires within cap before ship\n",
         "a=yes route.to=CN quantity=10 -cap", "closed law | key closed | limits cap 10 counts"},
        {"counts without binding where no standing rule requires it", CAP, "a=no route.to=CN quantity=10 item.tpp=100", "open law | key open | limits cap 1000 counts"},
        {"does not count what does not match", CAP, "a=no route.to=US quantity=10 item.tpp=100", "open law | key open"},
        {"an unknown match counts", CAP, "a=no quantity=10 item.tpp=100", "open law | key open | limits cap 1000 counts"},
        {"an unknown amount", CAP, "a=no route.to=CN quantity=10", "open law | key open | limits cap ? counts"},
        {"a plain number", BUYER("at most 75_000 over all time"), "a=yes route.to=CN quantity=10", "conditional law | key open | conditions cap no | limits cap 10 binds no"},
        {"less than, in a calendar year", BUYER("less than 75_000 over calendar year"), "a=no route.to=CN quantity=10", "open law | key open | limits cap 10 counts"},
        {"a bound", BUYER("at most 400_000 .. over all time"), "a=no route.to=CN quantity=10", "open law | key open | limits cap 10 counts"},
        {"a fact", BUYER("at most item.quota over all time"), "a=no route.to=CN quantity=10", "open law | key open | limits cap 10 counts"},
        {"a limit not in force neither counts nor binds",
         "limit cap cites \"Act\" published 2020-01-01 in force 2025-01-01 .. counts quantity of shipped where route.to = CN at most 5 over all time\n"
         "rule r" LAW "when a = yes requires within cap before ship\n", "a=yes route.to=CN quantity=10", "open law | key open"},
        {"nor does it fail anything", "limit cap cites \"Act\" published 2020-01-01 in force 2025-01-01 .. counts quantity of shipped where route.to = CN at most 5 over all time\n"
         "rule r" LAW "when a = yes requires within cap before ship\n", "a=yes route.to=CN quantity=10 -cap", "open law | key open"},
    };
    TABLE_RUN(rows);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_states), cmocka_unit_test(test_effects), cmocka_unit_test(test_travel), cmocka_unit_test(test_burden), cmocka_unit_test(test_limits),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
