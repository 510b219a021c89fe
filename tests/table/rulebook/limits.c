/* SPDX-License-Identifier: Apache-2.0 */
/* Every limit of a rulebook, at the limit and one beyond; and hostile texts that would cost more than they weigh. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/compat.h"
#include "base/limits.h"
#include "base/out.h"
#include "base/str.h"
#include "twokey/decide.h"

#define ACT " cites \"A\" published 2020-01-01 in force 2020-01-01 .. "
#define HEAD                                                                                                          \
    "regime us \"T\" covers 2010-01-01 .. read to 2029-12-31\n"                                                       \
    "question key : open < licence < closed, strictest otherwise open\n"                                              \
    "fact a : yes | no\n"

static const char no_messages[] = "";

/* Compiles one file; the first error must begin with `expected`, or there must be none where it is empty. */
static void check(const tk_out *text, const char *expected)
{
    tk_source source = {TK_STR("us.rules"), tk_out_str(text)};
    tk_rulebook *book = NULL;
    tk_messages *messages = NULL;
    tk_err err = {0};
    tk_status status = tk_rulebook_compile(&source, 1, NULL, &book, &messages, &err);
    const tk_message *first = NULL;
    for (size_t i = 0; i < tk_messages_count(messages) && first == NULL; i++)
        if (tk_messages_get(messages, i)->severity == TK_SEVERITY_ERROR)
            first = tk_messages_get(messages, i);
    if (expected[0] == 0 && status != TK_OK)
        fail_msg("%s: " TK_FMT, err.message, TK_ARG_STR(first != NULL ? first->text : TK_STR("")));
    if (expected[0] != 0) {
        assert_int_equal(status, TK_ERR_INPUT);
        assert_non_null(first);
        if (!tk_str_starts(first->text, tk_str_from(expected)))
            fail_msg("expected '%s', said '" TK_FMT "'", expected, TK_ARG_STR(first->text));
    }
    tk_messages_free(messages);
    tk_rulebook_free(book);
}

#define AT_AND_BEYOND(limit, write, refused)                                                                          \
    for (int count_ = (limit); count_ <= (limit) + 1; count_++) {                                                     \
        tk_out out;                                                                                                   \
        tk_out_init(&out, NULL);                                                                                      \
        write(&out, count_);                                                                                          \
        check(&out, count_ == (limit) ? no_messages : (refused));                                                     \
        tk_out_fini(&out);                                                                                            \
    }

/* Each regime is a file of its own. */
static void test_regimes(void **state)
{
    (void)state;
    for (size_t count = TK_REGIMES_MAX; count <= TK_REGIMES_MAX + 1; count++) {
        static char texts[TK_REGIMES_MAX + 1][200], names[TK_REGIMES_MAX + 1][16];
        tk_source sources[TK_REGIMES_MAX + 1];
        tk_rulebook *book = NULL;
        tk_messages *messages = NULL;
        for (size_t i = 0; i < count; i++) {
            (void)snprintf(names[i], sizeof names[i], "r%02zu.rules", i);
            (void)snprintf(texts[i], sizeof texts[i],
                           "regime r%zu \"T\" covers 2010-01-01 .. read to 2029-12-31\n"
                           "question key : open < licence < closed, strictest otherwise open\n",
                           i);
            sources[i] = (tk_source){tk_str_from(names[i]), tk_str_from(texts[i])};
        }
        tk_status status = tk_rulebook_compile(sources, count, NULL, &book, &messages, NULL);
        assert_int_equal(status, count == TK_REGIMES_MAX ? TK_OK : TK_ERR_INPUT);
        if (status != TK_OK)
            assert_true(tk_str_is(tk_messages_get(messages, 0)->text, "more than 32 regimes"));
        else
            assert_int_equal(tk_rulebook_regime_count(book), TK_REGIMES_MAX);
        tk_messages_free(messages);
        tk_rulebook_free(book);
    }
}

static void write_rules(tk_out *out, int count)
{
    tk_out_text(out, HEAD);
    for (int i = 0; i < count; i++)
        tk_out_printf(out, "rule r%d cites \"A\" published 2020-01-01 in force 2020-01-01 .. requires k \"K\" before ship\n", i);
}

static void test_rules(void **state)
{
    (void)state;
    AT_AND_BEYOND(TK_RULES_MAX, write_rules, "more than 10000 rules");
}

static void write_questions(tk_out *out, int count)
{
    tk_out_text(out, HEAD);
    for (int i = 1; i < count; i++) /* the key is one too */
        tk_out_printf(out, "question q%d : x | y otherwise y\n", i);
}

static void test_questions(void **state)
{
    (void)state;
    AT_AND_BEYOND(TK_QUESTIONS_MAX, write_questions, "more than 1024 questions");
}

static void write_facts(tk_out *out, int count)
{
    tk_out_text(out, HEAD "fact party.hq : text\n"); /* `a`, and five roles */
    for (int i = 6; i < count; i++)
        tk_out_printf(out, "fact f%d : number\n", i);
}

static void test_facts(void **state)
{
    (void)state;
    AT_AND_BEYOND(TK_FACTS_MAX, write_facts, "more than 512 facts, roles multiplied out");
}

static void write_answers(tk_out *out, int count)
{
    tk_out_text(out, HEAD "question q :");
    for (int i = 0; i < count; i++)
        tk_out_printf(out, "%s x%d", i == 0 ? "" : " |", i);
    tk_out_text(out, " otherwise x0\n");
}

static void write_words(tk_out *out, int count)
{
    tk_out_text(out, HEAD "fact f :");
    for (int i = 0; i < count; i++)
        tk_out_printf(out, "%s x%d", i == 0 ? "" : " |", i);
    tk_out_text(out, "\nrule r" ACT "when f = x63 then key = closed\n");
}

static void test_answers(void **state)
{
    (void)state;
    AT_AND_BEYOND(TK_ANSWERS_MAX, write_answers, "more than 64 answers");
    AT_AND_BEYOND(TK_ANSWERS_MAX, write_words, "more than 64 words");
}

/* --- depth --- */

static void write_nots(tk_out *out, int levels)
{
    tk_out_text(out, HEAD "rule r" ACT "when ");
    for (int i = 1; i < levels; i++)
        tk_out_text(out, "not ");
    tk_out_text(out, "a = yes then key = closed\n");
}

static void write_terms(tk_out *out, int levels)
{
    tk_out_text(out, HEAD "term t1 = a = yes or a = no\n");
    for (int i = 2; i < levels; i++)
        tk_out_printf(out, "term t%d = not t%d\n", i, i - 1);
    tk_out_printf(out, "rule r" ACT "when t%d then key = closed\n", levels - 1);
}

/* The same, each declared before the one it names. */
static void write_terms_backwards(tk_out *out, int levels)
{
    tk_out_text(out, HEAD);
    for (int i = levels; i > 1; i--)
        tk_out_printf(out, "term t%d = not t%d\n", i, i - 1);
    tk_out_text(out, "term t1 = a = yes or a = no\n");
}

static void write_number_terms(tk_out *out, int levels)
{
    tk_out_text(out, HEAD "fact f : number\nterm n1 = f + f\n");
    for (int i = 2; i <= levels; i++)
        tk_out_printf(out, "term n%d = n%d + 1\n", i, i - 1);
}

static void write_sets(tk_out *out, int levels)
{
    tk_out_text(out, HEAD "set s1 of party = x\n");
    for (int i = 2; i <= levels; i++)
        tk_out_printf(out, "set s%d of party = s%d or y\n", i, i - 1);
}

static void test_depth(void **state)
{
    (void)state;
    AT_AND_BEYOND(TK_EXPRESSION_DEPTH_MAX, write_nots, "nested too deeply (at most 64 levels)");
    AT_AND_BEYOND(TK_EXPRESSION_DEPTH_MAX, write_terms, "the condition is too large with its terms written out");
    AT_AND_BEYOND(TK_EXPRESSION_DEPTH_MAX, write_terms_backwards, "term 't1' is nested too deeply in others (at most 64 levels)");
    AT_AND_BEYOND(TK_EXPRESSION_DEPTH_MAX, write_number_terms, "term 'n65' is too large with its terms written out");
    AT_AND_BEYOND(TK_EXPRESSION_DEPTH_MAX, write_sets, "set 's65' is too large with its sets written out");
}

static void write_exceptions(tk_out *out, int count)
{
    tk_out_text(out, HEAD "rule r1" ACT "when a = yes then key = closed\n");
    for (int i = 2; i <= count; i++)
        tk_out_printf(out, "rule r%d exception to r%d" ACT "when a = yes\n", i, i - 1);
}

static void write_replacements(tk_out *out, int count)
{
    tk_out_text(out, HEAD "rule r1" ACT "when a = yes then key = closed\n");
    for (int i = 2; i <= count; i++)
        tk_out_printf(out, "rule r%d" ACT "replaces r%d when a = yes then key = closed\n", i, i - 1);
}

static void write_reads(tk_out *out, int count)
{
    tk_out_text(out, HEAD "question q2 : yes | no otherwise no\nrule r2" ACT "when a = yes then q2 = yes\n");
    for (int i = 3; i <= count; i++)
        tk_out_printf(out, "question q%d : yes | no otherwise no\nrule r%d" ACT "when q%d then q%d = yes\n", i, i, i - 1, i);
    tk_out_printf(out, "rule last" ACT "when q%d then key = closed\n", count);
}

static void test_chains(void **state)
{
    (void)state;
    AT_AND_BEYOND(TK_CHAIN_MAX, write_exceptions, "the chain that begins with 'r65' is too long (at most 64 exceptions to each other)");
    AT_AND_BEYOND(TK_CHAIN_MAX, write_replacements, "the chain that begins with 'r1' is too long (at most 64 replacements)");
    AT_AND_BEYOND(TK_CHAIN_MAX, write_reads, "the chain that begins with 'key' is too long (at most 64 questions that read each other)");
}

/* Each rule is replaced, or stayed, by every rule of the next level: one way for each choice on each level. */
static void write_levels(tk_out *out, bool stays)
{
    enum { LEVELS = 60, WIDTH = 6 };
    tk_out_text(out, HEAD "rule first" ACT "when a = yes then key = closed\n"
                          "rule new" ACT "replaces first when a = yes then key = licence\n");
    for (int level = 0; level < LEVELS; level++)
        for (int i = 0; i < WIDTH; i++) {
            tk_out_printf(out, "rule r%d-%d %s%s", level, i, stays ? "exception to " : ACT "replaces ", level == 0 ? "new" : "");
            for (int above = 0; level != 0 && above < WIDTH; above++)
                tk_out_printf(out, "%sr%d-%d", above == 0 ? "" : ", ", level - 1, above);
            tk_out_text(out, stays ? ACT "\n" : " when a = yes then key = closed\n");
        }
}

static void test_levels(void **state)
{
    (void)state;
    for (int stays = 0; stays < 2; stays++) {
        tk_out out;
        tk_out_init(&out, NULL);
        write_levels(&out, stays == 1);
        tk_source source = {TK_STR("us.rules"), tk_out_str(&out)};
        tk_rulebook *book = NULL;
        tk_messages *messages = NULL;
        tk_decider *decider = NULL;
        tk_facts *facts = NULL;
        const tk_decision *decision = NULL;
        tk_setting setting = {.as_of = 18993, .known_at = 18993};
        assert_int_equal(tk_rulebook_compile(&source, 1, NULL, &book, &messages, NULL), TK_OK);
        assert_int_equal(tk_decider_new(book, &decider, NULL), TK_OK);
        assert_int_equal(tk_facts_new(book, &facts, NULL), TK_OK);
        assert_int_equal(tk_decide(decider, facts, &setting, TK_DECIDE_EXPLAIN, &decision, NULL), TK_OK);
        /* What is replaced on its first day never counted: every second level. A stay takes nothing away here. */
        const tk_rule_trace *traces;
        size_t count, stand = 0;
        traces = tk_decider_traces(decider, &count);
        for (size_t i = 0; i < count; i++)
            stand += traces[i].fate != TK_FATE_NOT_COUNTED;
        assert_int_equal(stand, stays == 1 ? 361 : 181);
        tk_facts_free(facts);
        tk_decider_free(decider);
        tk_rulebook_free(book);
        tk_messages_free(messages);
        tk_out_fini(&out);
    }
}

/* Parentheses cost the reader's stack, not the model: a few hundred are read, too many are refused. */
static void test_parentheses(void **state)
{
    (void)state;
    for (int count = 100; count <= 100000; count *= 1000) {
        tk_out out;
        tk_out_init(&out, NULL);
        tk_out_text(&out, HEAD "rule r" ACT "when ");
        for (int i = 0; i < count; i++)
            tk_out_char(&out, '(');
        tk_out_text(&out, "a = yes");
        for (int i = 0; i < count; i++)
            tk_out_char(&out, ')');
        tk_out_text(&out, " then key = closed\n");
        check(&out, count == 100 ? no_messages : "nested too deeply");
        tk_out_fini(&out);
    }
}

/* --- what is small to write and large to follow --- */

static void test_doubling(void **state)
{
    (void)state;
    static const struct {
        const char *head, *keyword, *operator, *expected;
    } rows[] = {
        {"term t0 = a = yes or a = no\n", "term", "and not", "the condition is too large"},
        {"fact f : number\nterm t0 = f + f\n", "term", "+", "term 't"},
        {"set t0 of party = x or y\n", "set", "or", "set 't"},
    };
    for (size_t r = 0; r < TK_COUNT(rows); r++) {
        tk_out out;
        tk_out_init(&out, NULL);
        tk_out_text(&out, HEAD);
        tk_out_text(&out, rows[r].head);
        for (int i = 1; i < 60; i++)
            tk_out_printf(&out, "%s t%d%s = t%d %s t%d\n", rows[r].keyword, i, r == 2 ? " of party" : "", i - 1, rows[r].operator, i - 1);
        check(&out, rows[r].expected);
        tk_out_fini(&out);
    }
}

/* A thousand rows in and `count` rows out, published on one day: every one out is compared with every one in. */
static void write_rows(tk_out *out, int count)
{
    tk_out_text(out, HEAD "fact end_user.id : party\nset s of party\n");
    for (int i = 0; i < 1000 + count; i++)
        tk_out_printf(out, "  %sp%d 2020-01-01 .. published 2020-01-01\n", i < 1000 ? "" : "out ", i);
    tk_out_text(out, "rule r" ACT "when end_user.id in s then key = closed\n");
}

static void test_rows(void **state)
{
    (void)state;
    enum { STEPS_A_PAIR = 8, ROWS_OUT = TK_ROWS_COMPARED_MAX / (1000 * STEPS_A_PAIR) };
    AT_AND_BEYOND(ROWS_OUT, write_rows, "to compare this row with those before it takes too long");
}

/* Sets that name each other. */
static void test_sets_in_circles(void **state)
{
    (void)state;
    tk_out out;
    tk_out_init(&out, NULL);
    tk_out_text(&out, HEAD "fact f : x | y\nset s = t or t\nset t = s or s\nrule r" ACT "when f in s then key = closed\n");
    check(&out, "set 's' is made of itself");
    tk_out_reset(&out);
    tk_out_text(&out, HEAD "set s of party = t or t\nset t of party = s or s\n");
    check(&out, "set 's' is made of itself");
    tk_out_fini(&out);
}

/* A long chain of either kind needs no deep stack, in whatever order it is written. */
static void test_long_chains(void **state)
{
    (void)state;
    for (int backwards = 0; backwards < 2; backwards++) {
        tk_out out;
        tk_out_init(&out, NULL);
        tk_out_text(&out, HEAD "term t0 = a = yes or a = no\n");
        for (int i = 1; i < 30000; i++)
            tk_out_printf(&out, "term t%d = t%d\n", backwards ? 30000 - i : i, backwards ? 30000 - i - 1 : i - 1);
        check(&out, backwards ? "term 't" : "the condition is too large");
        tk_out_reset(&out);
        tk_out_text(&out, HEAD "set s0 of party = x\n");
        for (int i = 1; i < 20000; i++)
            tk_out_printf(&out, "set s%d of party = s%d\n", backwards ? 20000 - i : i, backwards ? 20000 - i - 1 : i - 1);
        check(&out, "set 's");
        tk_out_fini(&out);
    }
}

/* A condition of many parts is no deep one. */
static void test_long_condition(void **state)
{
    (void)state;
    for (int more = 0; more < 2; more++) {
        tk_out out;
        tk_out_init(&out, NULL);
        tk_out_text(&out, HEAD "rule r" ACT "when a = yes");
        for (int i = 2; i < TK_WRITTEN_OUT_MAX + more; i++) /* the `or` itself is a part */
            tk_out_text(&out, "\n  or a = no");
        tk_out_text(&out, " then key = closed\n");
        check(&out, more == 0 ? no_messages : "the condition is too large with its terms written out (at most 10000 parts");
        tk_out_fini(&out);
    }
}

/* --- messages and files --- */

static void test_messages(void **state)
{
    (void)state;
    for (size_t count = TK_MESSAGES_MAX; count <= TK_MESSAGES_MAX + 1; count++) {
        tk_out out;
        tk_rulebook *book = NULL;
        tk_messages *messages = NULL;
        tk_err err = {0};
        char says[64];
        tk_out_init(&out, NULL);
        tk_out_text(&out, HEAD);
        for (size_t i = 0; i < count; i++)
            tk_out_printf(&out, "fact f%zu : numbr\n", i);
        tk_source source = {TK_STR("us.rules"), tk_out_str(&out)};
        assert_int_equal(tk_rulebook_compile(&source, 1, NULL, &book, &messages, &err), TK_ERR_INPUT);
        assert_int_equal(tk_messages_count(messages), TK_MESSAGES_MAX);
        (void)snprintf(says, sizeof says, "the rulebook has %zu mistakes", count);
        assert_string_equal(err.message, says);
        tk_messages_free(messages);
        tk_out_fini(&out);
    }
}

static void test_file_bytes(void **state)
{
    (void)state;
    for (size_t more = 0; more < 2; more++) {
        tk_out out;
        tk_rulebook *book = NULL;
        tk_messages *messages = NULL;
        tk_err err = {0};
        tk_out_init(&out, NULL);
        tk_out_text(&out, HEAD);
        while (out.len < TK_RULEBOOK_FILE_BYTES_MAX + more)
            tk_out_char(&out, '\n');
        tk_source source = {TK_STR("us.rules"), tk_out_str(&out)};
        tk_status status = tk_rulebook_compile(&source, 1, NULL, &book, &messages, &err);
        assert_int_equal(status, more == 0 ? TK_OK : TK_ERR_LIMIT);
        if (more == 1) {
            assert_string_equal(err.message, "the file has 1048577 bytes; at most 1048576 are read");
            assert_string_equal(err.file, "us.rules");
        }
        tk_messages_free(messages);
        tk_rulebook_free(book);
        tk_out_fini(&out);
    }
}

static void test_file_kinds(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        size_t len;
        tk_status status;
        const char *says;
    } rows[] = {
        {"\xEF\xBB\xBF" HEAD, sizeof HEAD + 2, TK_OK, ""},
        {"\xFF\xFE" "r\0", 4, TK_ERR_INPUT, "the file is UTF-16; save it as UTF-8"},
        {"\xFE\xFF\0r", 4, TK_ERR_INPUT, "the file is UTF-16; save it as UTF-8"},
        {"common\n# \xFF\n", 11, TK_ERR_INPUT, "byte 0xff is not UTF-8"},
        {HEAD "\0", sizeof HEAD, TK_ERR_INPUT, "the rulebook has 1 mistake"},
        {"", 0, TK_OK, ""},
    };
    for (size_t i = 0; i < TK_COUNT(rows); i++) {
        tk_source source = {TK_STR("us.rules"), {rows[i].text, rows[i].len}};
        tk_rulebook *book = NULL;
        tk_messages *messages = NULL;
        tk_err err = {0};
        assert_int_equal(tk_rulebook_compile(&source, 1, NULL, &book, &messages, &err), rows[i].status);
        assert_string_equal(err.message, rows[i].says);
        assert_int_equal(err.line, i == 3 ? 2 : 0);
        assert_int_equal(err.column, i == 3 ? 3 : 0);
        tk_messages_free(messages);
        tk_rulebook_free(book);
    }
    tk_source same[2] = {{TK_STR("a"), TK_STR("common\n")}, {TK_STR("a"), TK_STR("common\n")}};
    tk_rulebook *book = NULL;
    tk_messages *messages = NULL;
    tk_err err = {0};
    assert_int_equal(tk_rulebook_compile(same, 2, NULL, &book, &messages, &err), TK_ERR_USAGE);
    assert_string_equal(err.message, "two rulebook files are named 'a'");
    tk_messages_free(messages);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_regimes),     cmocka_unit_test(test_rules),         cmocka_unit_test(test_questions),
        cmocka_unit_test(test_facts),       cmocka_unit_test(test_answers),       cmocka_unit_test(test_depth),
        cmocka_unit_test(test_chains),      cmocka_unit_test(test_parentheses),   cmocka_unit_test(test_doubling),
        cmocka_unit_test(test_rows),         cmocka_unit_test(test_levels),
        cmocka_unit_test(test_sets_in_circles),
        cmocka_unit_test(test_long_chains), cmocka_unit_test(test_long_condition),
        cmocka_unit_test(test_messages),    cmocka_unit_test(test_file_bytes),    cmocka_unit_test(test_file_kinds),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
