/* SPDX-License-Identifier: Apache-2.0 */
/* Memory that runs out while a rulebook is compiled, an order is decided, or examples are run: allocation number 1, 2,
 * 3 … fails until a run sees no fault. Each time the answer is TK_ERR_MEMORY, nothing stays, and nothing is half made.
 *
 * The linker routes this program's calls of malloc and its kin to the functions below (cmake/tests.cmake).
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/compat.h"
#include "base/str.h"
#include "seams/memory.h"
#include "twokey/decide.h"

/* --- allocation number `at` fails; 0: none does --- */

static bool fault_asked;

static void fault_begin(unsigned long at)
{
    fault_asked = at != 0;
    test_memory_fail(at, false);
}

/* --- what is compiled: every construct of the language --- */

#define ACT " cites \"A\" published 2020-01-01 in force 2020-01-01 .. "

static const char common[] =
    "common\n"
    "roles recipient = purchaser, end_user\n"
    "fact item.tpp : number\n"
    "fact item.area : mm2\n"
    "fact item.dram : GB/s\n"
    "fact item.io : GB/s\n"
    "fact item.sold : date\n"
    "fact item.launched : date presumed item.sold\n"
    "fact item.stance : open | paused from claims\n"
    "fact quantity : number\n"
    "fact party.id : party\n"
    "fact party.hq : place\n"
    "fact party.class : set of cloud | lab\n"
    "fact party.lists : set of EL | UVL presumed none\n"
    "  requires screened \"Screened\" before order\n"
    "fact route.to : place\n"
    "fact route.ship_date : date\n"
    "fact us.reach \"Does it reach this?\" : yes | no\n"
    "set china = CN or HK\n"
    "set listed of party\n"
    "  acme 2020-01-01 .. published 2020-01-01 cites \"L\"\n"
    "  out acme 2021-01-01 .. published 2021-01-01 cites \"M\" unverified\n"
    "term item.density = item.tpp / item.area\n"
    "term item.peak = max of (item.dram, 2 * item.io)\n"
    "term chinese = any recipient (hq in china)\n";

static const char us[] =
    "regime us \"T\" covers 2010-01-01 .. read to 2029-12-31 when route.to != US\n"
    "question kind : big | small otherwise small\n"
    "question key : open < licence < closed, strictest otherwise open\n"
    "question review : approval < denial, strictest asked when key = licence otherwise undetermined\n"
    "rule big" ACT "when item.density >= 5.92 or item.dram + item.io >= 4900 GB/s or item.peak > 5 then kind = big\n"
    "rule base" ACT "when kind = big and (chinese or end_user.id in listed) then key = licence\n"
    "  requires kyc \"Known\" 25 days before ship when end_user.class has any of (cloud, lab)\n"
    "  requires within cap before ship\n"
    "rule relief exception to base practice" ACT
    "when evidence has attestation or item.launched <= 2021-01-01 + 30 days\n"
    "rule stay exception to relief cites \"S\" published 2021-01-01 in force 2021-01-01 .. 2021-12-31, 2023-01-01 "
    "..\n"
    "rule older" ACT "when us.reach = yes then key = closed\n"
    "rule newer cites \"N\" published 2022-01-01 in force 2022-01-01 .. replaces older when us.reach = yes then key "
    "= licence\n"
    "rule told reported by C1 and (C2 or C1) in force 2020-01-01 .. when item.stance = paused then key = closed\n"
    "rule deny" ACT "when every recipient (lists has EL) then review = denial\n"
    "rule duty" ACT "when no recipient (class has lab) requires lab-test \"Tested\" before order\n"
    "limit cap per end_user \"Cap\"" ACT "counts quantity * item.tpp of shipped where route.to in china\n"
    "  at most 50 % of shipped where route.to = US over all time\n"
    "not modelled \"Embargoes\" cites \"746\" when route.to = AE\n"
    "example \"one\" as of 2024-01-01 item.tpp 6000 item.area 814 end_user.hq CN end_user.class (cloud) route.to CN "
    "evidence (kyc@2023-01-01, -lab-test)\n"
    "  gives verdict = closed\n";

static const char broken[] =
    "regime us \"T\" covers 2010-01-01 .. read to 2029-12-31\n"
    "question key : open < licence < closed, strictest otherwise open\n"
    "fact a : numbr\nfact b : dat\nrule r" ACT "when item.tp >= 5 then kee = x\nrule s exception to r2\nrul t\n"
    "term t = t\nset s of places = x\n";

static const tk_str places[] = {TK_STR("AE"), TK_STR("CN"), TK_STR("HK"), TK_STR("US")};
static const tk_group_row groups[] = {
    {.place = TK_STR("CN"), .group = TK_STR("D:5"), .in = true, .to = TK_DATE_MAX},
    {.place = TK_STR("AE"), .group = TK_STR("D:4"), .in = true, .to = TK_DATE_MAX, .unverified = true}};
static const tk_str against[] = {TK_STR("C2")};
static const tk_claim_row claims[] = {{.id = TK_STR("C1"), .contradicts = against, .contradicts_count = 1},
                                      {.id = TK_STR("C2")}};
static const tk_vocabulary vocabulary = {.places = places,
                                         .places_count = TK_COUNT(places),
                                         .groups = groups,
                                         .groups_count = TK_COUNT(groups),
                                         .claims = claims,
                                         .claims_count = TK_COUNT(claims)};

static tk_status compile(const char *text, tk_rulebook **book, tk_err *err)
{
    tk_source sources[2] = {{TK_STR("common.rules"), tk_str_from(common)}, {TK_STR("us.rules"), tk_str_from(text)}};
    tk_messages *messages = NULL;
    tk_status status = tk_rulebook_compile(sources, 2, &vocabulary, book, &messages, err);
    if (status == TK_OK || status == TK_ERR_INPUT)
        assert_non_null(messages);
    assert_true((status == TK_OK) == (*book != NULL));
    for (size_t i = 0; !fault_asked && text == us && i < tk_messages_count(messages); i++)
        if (tk_messages_get(messages, i)->severity == TK_SEVERITY_ERROR)
            fail_msg("line %u: " TK_FMT, tk_messages_get(messages, i)->line,
                     TK_ARG_STR(tk_messages_get(messages, i)->text));
    tk_messages_free(messages);
    return status;
}

static void test_compile(void **state)
{
    (void)state;
    for (unsigned long n = 1;; n++) {
        tk_rulebook *book = NULL;
        tk_err err = {0};
        fault_begin(n);
        tk_status status = compile(us, &book, &err);
        fault_begin(test_memory_failed() ? 0 : n);
        if (status == TK_OK) {
            assert_true(20 < n); /* there was something to fail */
            tk_rulebook_free(book);
            break;
        }
        assert_int_equal(status, TK_ERR_MEMORY);
        assert_string_equal(err.message, "out of memory");
    }
    fault_begin(0);
}

/* A text with mistakes: all of them are said, or none and that memory ran out. */
static void test_complaints(void **state)
{
    (void)state;
    tk_rulebook *book = NULL;
    tk_err whole = {0};
    assert_int_equal(compile(broken, &book, &whole), TK_ERR_INPUT);
    for (unsigned long n = 1;; n++) {
        tk_err err = {0};
        fault_begin(n);
        tk_status status = compile(broken, &book, &err);
        bool hit = test_memory_failed();
        fault_begin(0);
        if (!hit) {
            assert_int_equal(status, TK_ERR_INPUT);
            assert_string_equal(err.message, whole.message);
            break;
        }
        assert_int_equal(status, TK_ERR_MEMORY);
    }
}

static void set(const tk_rulebook *book, tk_facts *facts, const char *name, const char *text)
{
    tk_value value;
    size_t slot = tk_rulebook_find_fact(book, tk_str_from(name), NULL);
    assert_true(slot != SIZE_MAX);
    assert_int_equal(tk_rulebook_read_value(book, slot, tk_str_from(text), &value, NULL), TK_OK);
    tk_facts_set(facts, slot, value, TK_FACT_SUPPLIED);
}

static tk_status decide(const tk_rulebook *book, tk_err *err)
{
    static const uint32_t believed[] = {0};
    tk_decider *decider = NULL;
    tk_facts *facts = NULL;
    const tk_decision *decision = NULL;
    tk_setting setting = {.as_of = 19723, .known_at = 19723, .claims = believed, .claims_count = 1};
    tk_status status = tk_decider_new(book, &decider, err);
    assert_true((status == TK_OK) == (decider != NULL));
    if (status == TK_OK)
        status = tk_facts_new(book, &facts, err);
    for (int round = 0; status == TK_OK && round < 3; round++) {
        tk_facts_clear(facts);
        tk_facts_name_role(facts, TK_STR("purchaser"));
        set(book, facts, "item.tpp", round == 0 ? "6000" : "5000 .. 6000");
        set(book, facts, "end_user.hq", "CN");
        set(book, facts, "route.to", "CN");
        set(book, facts, "quantity", "12");
        status = tk_decide(decider, facts, &setting, TK_DECIDE_COMPARE | TK_DECIDE_WOULD_CHANGE | TK_DECIDE_EXPLAIN,
                           &decision, err);
        assert_true((status == TK_OK) == (decision != NULL));
    }
    tk_facts_free(facts);
    tk_decider_free(decider);
    return status;
}

static void count_example(void *ctx, const tk_example_result *result)
{
    size_t *count = ctx;
    *count += result->passed;
}

/* Runs `what` with one allocation after the other failing. */
static void run_faults(tk_status (*what)(const tk_rulebook *, tk_err *), unsigned long least)
{
    tk_rulebook *book = NULL;
    assert_int_equal(compile(us, &book, NULL), TK_OK);
    for (unsigned long n = 1;; n++) {
        tk_err err = {0};
        fault_begin(n);
        tk_status status = what(book, &err);
        bool hit = test_memory_failed();
        fault_begin(0);
        if (!hit) {
            assert_int_equal(status, TK_OK);
            assert_true(least < n);
            break;
        }
        assert_int_equal(status, TK_ERR_MEMORY);
        assert_string_equal(err.message, "out of memory");
    }
    tk_rulebook_free(book);
}

static void test_decide(void **state)
{
    (void)state;
    run_faults(decide, 6);
}

static tk_status examples(const tk_rulebook *book, tk_err *err)
{
    size_t count = 0;
    tk_status status = tk_rulebook_run_examples(book, NULL, NULL, count_example, &count, err);
    if (status == TK_OK)
        assert_int_equal(count, 1);
    return status;
}

static void test_examples(void **state)
{
    (void)state;
    run_faults(examples, 6);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_compile),
        cmocka_unit_test(test_complaints),
        cmocka_unit_test(test_decide),
        cmocka_unit_test(test_examples),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
