/* SPDX-License-Identifier: Apache-2.0 */
/* exact.c: what is multiplied, again and again, loses nothing (S7).
 *
 * A chain of terms, each a multiple of the one before or of a maximum with it. What it comes to is worked out apart
 * from the library, in units far below its own, and compared with the nearest numbers of six decimals that can be
 * written. A chain that the checker accepts is told apart from both neighbours; one that it refuses has more than
 * twelve decimals.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/compat.h"
#include "base/out.h"
#include "base/str.h"
#include "reference/reference.h"

enum { LEVELS = 4, DECIMALS_MAX = 6, DECIMALS_EXACT = 12, FIGURE = 6 };

typedef struct chain {
    uint64_t figure;          /* of item.a, in millionths; item.b is as many halves of one */
    uint64_t factors[LEVELS]; /* whole numbers, over ten to the power of `decimals` */
    unsigned decimals[LEVELS], levels;
    bool maximum[LEVELS];
} chain;

static void exact_make(ref_random *r, chain *c)
{
    c->figure = 1 + ref_next(r) % 3000000;
    c->levels = 1 + (unsigned)(ref_next(r) % LEVELS);
    for (unsigned i = 0; i < c->levels; i++) {
        c->decimals[i] = (unsigned)(ref_next(r) % (DECIMALS_MAX + 1));
        c->factors[i] = 1 + 2 * (ref_next(r) % 50);
        c->factors[i] += c->factors[i] % 5 == 0; /* its last digit is no zero, so the decimals are all needed */
        c->maximum[i] = ref_next(r) % 3 == 0;
    }
}

static void exact_factor(tk_out *out, uint64_t factor, unsigned decimals)
{
    unsigned long tens = 1;
    for (unsigned i = 0; i < decimals; i++)
        tens *= 10;
    tk_out_printf(out, "%lu", (unsigned long)factor / tens);
    if (decimals != 0)
        tk_out_printf(out, ".%0*lu", (int)decimals, (unsigned long)factor % tens);
}

/* The chain as a rulebook that asks whether it comes to more than `limit` millionths, and to how much exactly. */
static void exact_print(const chain *c, uint64_t limit, tk_out *out)
{
    tk_out_text(out, "regime us \"T\" covers 2010-01-01 .. read to 2029-12-31\n"
                     "question key : open < licence < closed, strictest otherwise open\n"
                     "question same : yes | no otherwise no\n"
                     "fact item.a : number\nfact item.b : number\n");
    for (unsigned i = 0; i < c->levels; i++) {
        tk_out_printf(out, "term item.t%u = ", i);
        exact_factor(out, c->factors[i], c->decimals[i]);
        if (i == 0)
            tk_out_text(out, " * item.a\n");
        else
            tk_out_printf(out, c->maximum[i] ? " * max of (item.t%u, item.b)\n" : " * item.t%u\n", i - 1);
    }
    for (unsigned i = 0; i < 2; i++) {
        tk_out_printf(out, "rule r%u cites \"A\" published 2020-01-01 in force 2020-01-01 .. when item.t%u %s ", i,
                      c->levels - 1, i == 0 ? ">" : "=");
        exact_factor(out, limit, FIGURE);
        tk_out_text(out, i == 0 ? " then key = closed\n" : " then same = yes\n");
    }
}

/* What the chain comes to, over ten to the power of *decimals. */
static unsigned __int128 exact_value(const chain *c, unsigned *decimals)
{
    unsigned __int128 value = c->figure, half = c->figure / 2;
    *decimals = FIGURE;
    for (unsigned i = 0; i < c->levels; i++) {
        if (i != 0 && c->maximum[i] && value < half)
            value = half;
        value *= c->factors[i];
        *decimals += c->decimals[i];
        for (unsigned d = 0; d < c->decimals[i]; d++)
            half *= 10;
    }
    return value;
}

static bool exact_decide(const chain *c, const tk_rulebook *book, uint64_t limit, unsigned __int128 value,
                         unsigned __int128 unit)
{
    tk_decider *decider = NULL;
    tk_facts *facts = NULL;
    const tk_decision *decision = NULL;
    tk_setting setting = {.as_of = 19000, .known_at = 19000};
    assert_int_equal(tk_decider_new(book, &decider, NULL), TK_OK);
    assert_int_equal(tk_facts_new(book, &facts, NULL), TK_OK);
    for (int i = 0; i < 2; i++) {
        int64_t figure = (int64_t)(i == 0 ? c->figure : c->figure / 2);
        tk_facts_set(facts, tk_rulebook_find_fact(book, i == 0 ? TK_STR("item.a") : TK_STR("item.b"), NULL),
                     (tk_value){.known = TK_VALUE, .type = TK_TYPE_NUMBER, .as.range = {figure, figure}},
                     TK_FACT_SUPPLIED);
    }
    assert_int_equal(tk_decide(decider, facts, &setting, 0, &decision, NULL), TK_OK);
    bool more = decision->verdict == TK_VERDICT_CLOSED, same = false;
    for (size_t i = 0; i < decision->keys[0].answers_count; i++)
        same |= tk_str_is(decision->keys[0].answers[i].question, "same")
                && tk_str_is(decision->keys[0].answers[i].answer, "yes");
    tk_facts_free(facts);
    tk_decider_free(decider);
    return more == (limit * unit < value) && same == (limit * unit == value);
}

static bool exact_try(uint64_t seed)
{
    ref_random r = {seed};
    chain c = {0};
    unsigned decimals;
    exact_make(&r, &c);
    unsigned __int128 value = exact_value(&c, &decimals), unit = 1;
    for (unsigned i = FIGURE; i < decimals; i++)
        unit *= 10;
    bool fine = true;
    for (uint64_t limit = (uint64_t)(value / unit), end = limit + 2; limit < end && fine; limit++) {
        tk_out out;
        tk_rulebook *book = NULL;
        tk_messages *messages = NULL;
        tk_out_init(&out, NULL);
        exact_print(&c, limit, &out);
        tk_source source = {TK_STR("us.rules"), tk_out_str(&out)};
        tk_status status = tk_rulebook_compile(&source, 1, NULL, &book, &messages, NULL);
        fine = (status == TK_OK) == (decimals <= DECIMALS_EXACT)
               && (status != TK_OK || exact_decide(&c, book, limit, value, unit));
        if (!fine)
            (void)fprintf(stderr, "seed %llu\nitem.a = %llu millionths\n%.*s", (unsigned long long)seed,
                          (unsigned long long)c.figure, TK_ARG_STR(tk_out_str(&out)));
        tk_messages_free(messages);
        tk_rulebook_free(book);
        tk_out_fini(&out);
    }
    return fine;
}

static void test_exact__multiples(void **state)
{
    (void)state;
    ref_try_seeds(2000, exact_try);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_exact__multiples)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
