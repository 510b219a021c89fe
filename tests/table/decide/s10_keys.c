/* SPDX-License-Identifier: Apache-2.0 */
/* S10, from answers to keys, and from keys to one verdict. */
#include "table/decide/table.h"

static const char table_cn[] =
    "regime cn \"Second regime\" covers 2010-01-01 .. read to 2029-12-31 when route.to = CN\n"
    "question key : open < licence < closed, strictest otherwise open\n"
    "rule licence" LAW "when b = yes then key = licence\n"
    "rule closed" LAW "when c = yes then key = closed\n"
    "rule unsure" LAW "when d = yes then key = closed\n"
    "question kind : x | y otherwise y\n"
    "rule x" LAW "when level = high then kind = x\n"
    "rule y" LAW "when level = high then kind = y\n"
    "rule clash" LAW "when kind = x then key = closed\n";

#define SCOPE(when) "regime us \"T\" covers 2010-01-01 .. read to 2029-12-31 when " when "\nquestion key : open < licence < closed, strictest otherwise open\n"

static void test_one_key(void **state)
{
    (void)state;
#define KEYS                                                                                                                                                   \
    "rule licence" LAW "when a = yes then key = licence\n"                                                                                                     \
    "rule closed" LAW "when b = yes then key = closed\n"                                                                                                       \
    "rule duty" LAW "when c = yes requires kyc \"K\" before order requires records \"R\" after delivery\n"
    static const table_row rows[] = {
        {"open", KEYS, "a=no b=no c=no", "open law | key open"},
        {"licence until the authorisation is held", KEYS, "a=yes b=no c=no", "licence law | key licence | conditions us.licence no"},
        {"the authorisation is a condition met by evidence", KEYS, "a=yes b=no c=no +us.licence", "open law | key licence | conditions us.licence yes"},
        {"conditional while a condition due before shipping is open", KEYS, "a=yes b=no c=yes +us.licence", "conditional law | key licence | conditions kyc no, records no, us.licence yes"},
        {"licence comes before conditional", KEYS, "a=yes b=no c=yes", "licence law | key licence | conditions kyc no, records no, us.licence no"},
        {"what is due after delivery does not keep it conditional", KEYS, "a=no b=no c=yes +kyc", "open law | key open | conditions kyc yes, records no"},
        {"closed", KEYS, "a=yes b=yes c=no +us.licence", "closed law | key closed"},
        {"closed also when a duty failed", KEYS, "a=yes b=no c=yes -kyc +us.licence", "closed law | key closed | conditions kyc failed, records no"},
        {"undetermined when several answers are possible", KEYS, "a=yes c=no", "undetermined law | key licence/closed | missing b | conditions us.licence no"},
        {"also when the authorisation is held", KEYS, "b=no c=no +us.licence", "undetermined law | key open/licence | missing a | conditions us.licence yes"},
        {"absent when the regime's `when` is false", SCOPE("route.to = US"), "route.to=DE", "undetermined:"},
        {"there when it is true", SCOPE("route.to = US"), "route.to=US", "open law | key open"},
        {"undetermined while that is unknown", SCOPE("route.to = US"), "", "undetermined law | key open | missing route.to"},
        {"conflict when a conflict is the cause", "question kind : x | y otherwise y\nrule r" LAW "when a = yes then kind = x\nrule s" LAW "when a = yes then kind = y\nrule k" LAW
         "when kind = x then key = closed\n", "a=yes", "conflict law | key conflict open/closed | kind conflict x/y"},
        {"not when the conflict does not reach the key", "question kind : x | y otherwise y\nrule r" LAW "when a = yes then kind = x\nrule s" LAW "when a = yes then kind = y\n", "a=yes",
         "open law | key open | kind conflict x/y"},
    };
    TABLE_RUN(rows);
}

/* Its basis is the weakest kind it rests on: law, practice, reported. */
static void test_basis(void **state)
{
    (void)state;
#define KINDS                                                                                                                                                  \
    "rule l" LAW "when a = yes then key = licence\nrule p" PRACTICE "when b = yes then key = licence\n"                                                        \
    "rule r reported by C1 in force 2020-01-01 .. when c = yes then key = licence\n"
#define REST " | key licence | conditions us.licence no"
    static const table_row rows[] = {
        {"law", KINDS, "a=yes b=no c=no", "licence law" REST},
        {"practice is weaker than law", KINDS, "a=yes b=yes c=no", "licence practice" REST},
        {"reported is weaker than practice", KINDS, "a=yes b=yes c=yes believe=C1", "licence reported" REST},
        {"reported alone", KINDS, "a=no b=no c=yes believe=C1", "licence reported" REST},
        {"nothing at all is law: otherwise open", KINDS, "a=no b=no c=no", "open law | key open"},
        {"a duty of a report", "rule d reported by C1 in force 2020-01-01 .. requires kyc \"K\" before order\n", "believe=C1 +kyc", "open reported | key open | conditions kyc yes"},
    };
    TABLE_RUN(rows);
}

/* Keys combine to the worst of open < conditional < licence < undetermined < conflict < closed. */
static void test_together(void **state)
{
    (void)state;
#define US "rule licence" LAW "when a = yes then key = licence\nrule duty" LAW "when level = low requires kyc \"K\" before order\n"
    static const table_row rows[] = {
        {"both open", US, "a=no b=no c=no d=no level=middle route.to=CN", "may-move:\nopen law | key open | kind y\nopen law | key open"},
        {"conditional is worse than open", US, "a=no b=no c=no d=no level=low route.to=CN", "conditions-open:\nopen law | key open | kind y\nconditional law | key open | conditions kyc no"},
        {"licence is worse than conditional", US, "a=no b=yes c=no d=no level=low route.to=CN",
         "authorisation-needed:\nlicence law | key licence | kind y | conditions cn.licence no\nconditional law | key open | conditions kyc no"},
        {"undetermined is worse than licence", US, "a=yes b=no c=no level=middle route.to=CN",
         "undetermined:\nundetermined law | key open/closed | kind y | missing d\nlicence law | key licence | conditions us.licence no"},
        {"conflict is worse than undetermined", US, "b=no c=no d=no level=high route.to=CN",
         "conflict:\nconflict law | key conflict open/closed | kind conflict x/y\nundetermined law | key open/licence | missing a | conditions us.licence no"},
        {"closed is worse than everything, also than an unknown key", US, "c=yes level=middle b=? route.to=CN",
         "may-not-move:\nclosed law | key closed | kind y\nundetermined law | key open/licence | missing a | conditions us.licence no"},
        {"a key that is absent does not count", US, "a=no c=yes level=middle route.to=DE", "open law | key open"},
        {"each key has its own authorisation", US, "a=yes b=yes c=no d=no level=middle route.to=CN +us.licence",
         "authorisation-needed:\nlicence law | key licence | kind y | conditions cn.licence no\nopen law | key licence | conditions us.licence yes"},
    };
    table_run_with(rows, sizeof rows / sizeof rows[0], table_cn);
}

static void test_no_key(void **state)
{
    (void)state;
    static const table_row rows[] = {{"no key at all is undetermined", SCOPE("route.to = US"), "route.to=DE", "undetermined:"}};
    table_run_with(rows, 1, table_cn);
}

static void test_names(void **state)
{
    (void)state;
    static const struct {
        tk_verdict verdict;
        const char *name, *overall;
        int code;
    } rows[] = {
        {TK_VERDICT_OPEN, "open", "may-move", 0},
        {TK_VERDICT_CONDITIONAL, "conditional", "conditions-open", 3},
        {TK_VERDICT_LICENCE, "licence", "authorisation-needed", 3},
        {TK_VERDICT_UNDETERMINED, "undetermined", "undetermined", 5},
        {TK_VERDICT_CONFLICT, "conflict", "conflict", 5},
        {TK_VERDICT_CLOSED, "closed", "may-not-move", 4},
    };
    assert_int_equal(sizeof rows / sizeof rows[0], TK_VERDICT_COUNT);
    for (size_t i = 0; i < TK_VERDICT_COUNT; i++) {
        assert_int_equal(rows[i].verdict, i); /* the order of the enum is the order from best to worst */
        assert_true(tk_str_is(tk_verdict_name(rows[i].verdict), rows[i].name));
        assert_true(tk_str_is(tk_verdict_overall_name(rows[i].verdict), rows[i].overall));
        assert_int_equal(tk_verdict_exit_code(rows[i].verdict), rows[i].code);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_one_key), cmocka_unit_test(test_basis), cmocka_unit_test(test_together), cmocka_unit_test(test_no_key), cmocka_unit_test(test_names),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
