/* SPDX-License-Identifier: Apache-2.0 */
/* traces.c: what is said of a rule that is not in force: the span that begins next, else the one that ended last. */
#include "twokey/decide.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/compat.h"
#include "base/num.h"
#include "base/str.h"

static const char text[] =
    "regime us \"U\" covers 2020-01-01 .. read to 2030-01-01 when us.a = yes\n"
    "fact us.a \"A?\" : yes | no\n"
    "question key : open < licence < closed, strictest otherwise open\n"
    "rule twice cites \"x\" published 2020-01-01\n"
    "  in force 2021-01-01 .. 2021-12-31, 2023-01-01 .. 2023-12-31, 2025-01-01 .. then key = closed\n"
    "rule once cites \"x\" published 2020-01-01\n"
    "  in force 2021-01-01 .. 2021-12-31, 2022-01-01 .. 2022-06-30 then key = closed\n";

static void trace_of(const tk_rulebook *book, const char *as_of, const char *rule, char out[128])
{
    tk_decider *decider = NULL;
    tk_facts *facts = NULL;
    tk_value yes;
    tk_setting setting = {.known_at = tk_rulebook_known_at(book)};
    const tk_decision *decision;
    size_t slot = tk_rulebook_find_fact(book, TK_STR("us.a"), NULL), count = 0;
    assert_int_equal(tk_date_parse(tk_str_from(as_of), &setting.as_of, NULL), TK_OK);
    assert_int_equal(tk_decider_new(book, &decider, NULL), TK_OK);
    assert_int_equal(tk_facts_new(book, &facts, NULL), TK_OK);
    assert_int_equal(tk_rulebook_read_value(book, slot, TK_STR("yes"), &yes, NULL), TK_OK);
    tk_facts_set(facts, slot, yes, TK_FACT_SUPPLIED);
    assert_int_equal(tk_decide(decider, facts, &setting, TK_DECIDE_EXPLAIN, &decision, NULL), TK_OK);
    const tk_rule_trace *traces = tk_decider_traces(decider, &count);
    out[0] = 0;
    for (size_t i = 0; i < count; i++)
        if (tk_str_is(tk_rulebook_rule(book, traces[i].rule).name, rule))
            (void)snprintf(out, 128, TK_FMT, TK_ARG_STR(traces[i].why));
    tk_facts_free(facts);
    tk_decider_free(decider);
}

static void test_traces__not_in_force(void **state)
{
    (void)state;
    static const struct {
        const char *as_of, *rule, *why;
    } rows[] = {
        {"2020-06-01", "twice", "in force from 2021-01-01"},
        {"2021-06-01", "twice", ""},
        {"2022-06-01", "twice", "in force from 2023-01-01"},
        {"2024-06-01", "twice", "in force from 2025-01-01"},
        {"2025-06-01", "twice", ""},
        {"2020-06-01", "once", "in force from 2021-01-01"},
        {"2022-06-30", "once", ""},
        {"2022-07-01", "once", "in force from 2022-01-01 to 2022-06-30"},
    };
    tk_source source = {TK_STR("us.rules"), {text, sizeof(text) - 1}};
    tk_rulebook *book = NULL;
    tk_messages *messages = NULL;
    tk_status status = tk_rulebook_compile(&source, 1, NULL, &book, &messages, NULL);
    if (status != TK_OK)
        fail_msg(TK_FMT, TK_ARG_STR(tk_messages_get(messages, 0)->text));
    for (size_t i = 0; i < TK_COUNT(rows); i++) {
        char why[128];
        trace_of(book, rows[i].as_of, rows[i].rule, why);
        assert_string_equal(why, rows[i].why);
    }
    tk_messages_free(messages);
    tk_rulebook_free(book);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_traces__not_in_force)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
