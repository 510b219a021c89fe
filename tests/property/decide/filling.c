/* SPDX-License-Identifier: Apache-2.0 */
/* filling.c: what must hold when unknown facts become known (S1).
 *
 *   - No way of filling in unknown facts leads outside the possible answers.
 *   - A fact that is not missing changes no answer, whatever the other unknown facts turn out to be.
 *
 * Both are asked of the library alone, by deciding again with the facts filled in: up to eight unknown facts, every
 * combination of a few values each where that is feasible, drawn ones otherwise.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/str.h"
#include "reference/reference.h"

enum { UNKNOWN_MAX = 8, VALUES_MAX = 5, COMBINATIONS_MAX = 48, TRANSACTIONS = 3 };

/* Possible answers per question as bits; 0 and asked REF_NO where it is not asked. */
typedef struct answers {
    bool touched[REF_REGIMES_MAX];
    ref_answer question[REF_QUESTIONS_MAX];
} answers;

typedef struct unknown_fact {
    int fact, role;
    ref_value values[VALUES_MAX];
    int values_count;
} unknown_fact;

static struct {
    ref_model model;
    ref_transaction transaction, filled;
    ref_setting setting;
    ref_book_text text;
    ref_decision judged;
    unknown_fact unknown[UNKNOWN_MAX];
    int unknown_count;
    char why[256];
} at;

static void read_key(const ref_model *m, int regime, const tk_key_decision *key, answers *out)
{
    char name[REF_NAME_MAX];
    for (int q = 0; q < REF_QUESTIONS_MAX; q++) {
        if (!m->questions[q].used || m->questions[q].regime != regime)
            continue;
        for (size_t i = 0; i < key->answers_count; i++) {
            const tk_answer *a = &key->answers[i];
            if (!tk_str_is(a->question, ref_question_name(m, q, name)))
                continue;
            out->question[q].asked = REF_MAYBE; /* or surely: a decision does not tell the two apart */
            for (size_t p = 0; p < a->possible_count; p++)
                for (int w = 0; w < m->questions[q].answers; w++)
                    if (tk_str_is(a->possible[p], ref_answer_name(m, q, w, name)))
                        out->question[q].possible |= 1U << w;
        }
    }
}

static void decide(ref_real *real, const ref_transaction *t, answers *out)
{
    const tk_decision *d = ref_real_decide(real, &at.model, t, &at.setting, 0);
    assert_non_null(d);
    *out = (answers){0};
    for (int r = 0; r < REF_REGIMES_MAX; r++) {
        const tk_key_decision *key = ref_real_key(d, r);
        out->touched[r] = key != NULL;
        if (key != NULL)
            read_key(&at.model, r, key, out);
    }
}

/* ---- what is unknown ---- */

static const ref_value *in_effect(const ref_given *g)
{
    return g->has_supplied ? &g->supplied : g->has_row && g->row.known != REF_UNKNOWN ? &g->row : NULL;
}

static bool is_unknown(const ref_fact *f, const ref_value *v)
{
    /* Of a set that claims speak of silence is no unknown: nobody reports any of its words. */
    if (v == NULL)
        return f->presume == REF_PRESUME_NO && f->term == REF_NOT && !(f->from_claims && f->kind == REF_SET);
    if (v->known == REF_UNKNOWN)
        return true;
    return v->known == REF_VALUE && (f->kind == REF_SET ? v->unsure != 0 : v->lo != v->hi);
}

static bool seen(const unknown_fact *u, const ref_value *v)
{
    for (int i = 0; i < u->values_count; i++)
        if (memcmp(&u->values[i], v, sizeof *v) == 0)
            return true;
    return false;
}

/* A few values that the fact may turn out to have, within what is known of it. */
static void draw_values(ref_random *r, const ref_fact *f, const ref_value *v, unknown_fact *u)
{
    for (int tries = 0; tries < 12 && u->values_count < VALUES_MAX; tries++) {
        ref_value one = ref_generate_value(r, f, v == NULL || v->known == REF_UNKNOWN);
        if (v != NULL && v->known == REF_VALUE) {
            if (f->kind == REF_SET) {
                one.in = v->in | (one.in & v->unsure);
            } else {
                long lo = v->lo == REF_OPEN_LOW ? v->hi - 9 : v->lo, hi = v->hi == REF_OPEN_HIGH ? lo + 9 : v->hi;
                lo = lo < 0 ? 0 : lo;
                one.lo = one.hi = lo + ref_below(r, (int)(hi - lo) + 1);
            }
        }
        if (!seen(u, &one))
            u->values[u->values_count++] = one;
    }
}

static void find_unknown(ref_random *r)
{
    at.unknown_count = 0;
    int skip = ref_below(r, 4); /* not always the first ones */
    for (int f = 0; f < REF_FACTS_MAX; f++)
        for (int role = 0; role < ref_roles_of(&at.model.facts[f]) && at.unknown_count < UNKNOWN_MAX; role++) {
            const ref_value *v = in_effect(&at.transaction.given[f][role]);
            bool absent = at.model.facts[f].party && role != 0 && role != REF_ROLES - 1
                          && (at.transaction.roles >> role & 1) == 0; /* there is nothing to be filled in */
            if (absent || !is_unknown(&at.model.facts[f], v) || (skip != 0 && ref_chance(r, 20 * skip)))
                continue;
            unknown_fact *u = &at.unknown[at.unknown_count++];
            *u = (unknown_fact){.fact = f, .role = role};
            draw_values(r, &at.model.facts[f], v, u);
        }
}

static void fill(const unknown_fact *u, int value)
{
    ref_given *g = &at.filled.given[u->fact][u->role];
    g->has_supplied = true;
    g->supplied = u->values[value];
}

/* ---- the properties ---- */

static bool inside(const answers *before, const answers *after)
{
    for (int r = 0; r < REF_REGIMES_MAX; r++)
        if (after->touched[r] && !before->touched[r]) {
            (void)snprintf(at.why, sizeof at.why, "regime %d is touched where it was not", r);
            return false;
        }
    for (int q = 0; q < REF_QUESTIONS_MAX; q++) {
        const ref_answer *a = &after->question[q], *b = &before->question[q];
        if (!at.model.questions[q].used || !after->touched[at.model.questions[q].regime])
            continue;
        if ((a->possible & ~b->possible) != 0 || (a->asked != REF_NO && b->asked == REF_NO)) {
            (void)snprintf(at.why, sizeof at.why, "question %d: possible %x is not within %x", q, a->possible,
                           b->possible);
            return false;
        }
    }
    return true;
}

static bool same(const answers *a, const answers *b, const answers *asked)
{
    for (int q = 0; q < REF_QUESTIONS_MAX; q++)
        if (at.model.questions[q].used && (at.model.questions[q].is_key || asked->question[q].asked == REF_YES)
            && a->question[q].possible != b->question[q].possible) {
            (void)snprintf(at.why, sizeof at.why, "question %d: possible %x, and %x once it is known", q,
                           a->question[q].possible, b->question[q].possible);
            return false;
        }
    return true;
}

/* Every combination while there are few, else as many drawn ones. */
static bool try_fillings(ref_random *r, ref_real *real, const answers *before)
{
    unsigned long all = 1;
    for (int i = 0; i < at.unknown_count && all <= COMBINATIONS_MAX; i++)
        all *= (unsigned long)at.unknown[i].values_count;
    unsigned long count = all < COMBINATIONS_MAX ? all : COMBINATIONS_MAX;
    for (unsigned long c = 0; c < count; c++) {
        answers after;
        unsigned long rest = c;
        at.filled = at.transaction;
        for (int i = 0; i < at.unknown_count; i++) {
            int value = all < COMBINATIONS_MAX ? (int)(rest % (unsigned long)at.unknown[i].values_count)
                                               : ref_below(r, at.unknown[i].values_count);
            rest /= (unsigned long)at.unknown[i].values_count;
            if (all < COMBINATIONS_MAX || ref_chance(r, 80)) /* also some of them only */
                fill(&at.unknown[i], value);
        }
        decide(real, &at.filled, &after);
        if (!inside(before, &after))
            return false;
    }
    return true;
}

static bool reads(const ref_model *m, int number, int fact)
{
    const ref_number *n = &m->numbers[number];
    if (n->op == REF_FACT) {
        const ref_fact *f = &m->facts[n->fact];
        return n->fact == fact || (f->presume == REF_PRESUME_FACT && f->presumed_fact == fact)
               || (f->term != REF_NOT && reads(m, f->term, fact));
    }
    return (n->a != REF_NOT && reads(m, n->a, fact)) || (n->b != REF_NOT && reads(m, n->b, fact));
}

/* By its own name, or by that of a term that is computed from it. */
static bool is_missing(const tk_decision *d, const unknown_fact *u)
{
    char name[REF_NAME_MAX];
    for (int f = 0; f < REF_FACTS_MAX; f++) {
        bool stands_for = f == u->fact
                          || (at.model.facts[f].used && at.model.facts[f].term != REF_NOT
                              && reads(&at.model, at.model.facts[f].term, u->fact));
        (void)ref_fact_name(&at.model, f, u->role, name);
        for (size_t k = 0; k < d->keys_count && stands_for; k++)
            for (size_t i = 0; i < d->keys[k].missing.count; i++)
                if (tk_str_is(d->keys[k].missing.items[i], name))
                    return true;
    }
    return false;
}

/* Unknown facts that are not missing, against drawn values of the others. */
static bool try_idle(ref_random *r, ref_real *real, const answers *before)
{
    bool idle[UNKNOWN_MAX];
    const tk_decision *d = ref_real_decide(real, &at.model, &at.transaction, &at.setting, 0);
    for (int i = 0; i < at.unknown_count; i++)
        idle[i] = !is_missing(d, &at.unknown[i]);
    for (int i = 0; i < at.unknown_count; i++)
        for (int round = 0; idle[i] && round < 3; round++) {
            answers without, with;
            at.filled = at.transaction;
            for (int other = 0; other < at.unknown_count; other++)
                if (other != i && ref_chance(r, 70))
                    fill(&at.unknown[other], ref_below(r, at.unknown[other].values_count));
            decide(real, &at.filled, &without);
            fill(&at.unknown[i], ref_below(r, at.unknown[i].values_count));
            decide(real, &at.filled, &with);
            if (!same(&without, &with, before)) {
                char name[REF_NAME_MAX];
                size_t len = strlen(at.why);
                (void)snprintf(at.why + len, sizeof at.why - len, "; %s is not missing",
                               ref_fact_name(&at.model, at.unknown[i].fact, at.unknown[i].role, name));
                return false;
            }
        }
    return true;
}

static bool holds(uint64_t seed, ref_real *real)
{
    ref_random r = {seed};
    answers before;
    find_unknown(&r);
    decide(real, &at.transaction, &before);
    ref_judge(&at.model, &at.transaction, &at.setting, &at.judged);
    for (int q = 0; q < REF_QUESTIONS_MAX; q++)
        if (at.judged.answers[q].asked == REF_YES)
            before.question[q].asked = REF_YES;
    return try_fillings(&r, real, &before) && try_idle(&r, real, &before);
}

static bool still_breaks(void *ctx, const ref_model *m, const ref_transaction *t, const ref_setting *s)
{
    ref_real real;
    bool broken = false;
    at.model = *m;
    at.transaction = *t;
    at.setting = *s;
    ref_print(m, 0, &at.text);
    /* Other facts are drawn once some are gone, so a few draws are tried. */
    for (uint64_t i = 0; ref_real_open(&real, m, &at.text) && i < 30 && !broken; i++) {
        broken = !holds(*(const uint64_t *)ctx + i, &real);
        ref_real_close(&real);
    }
    ref_real_close(&real);
    return broken;
}

static void report(uint64_t seed, uint64_t draw)
{
    static ref_model m;
    static ref_transaction t;
    ref_setting s = at.setting;
    m = at.model;
    t = at.transaction;
    ref_shrink(&m, &t, &s, still_breaks, &draw);
    (void)still_breaks(&draw, &m, &t, &s);
    (void)fprintf(stderr, "seed %llu\n", (unsigned long long)seed);
    for (size_t i = 0; i < at.text.files; i++)
        (void)fprintf(stderr, "%s", at.text.text[i]);
    ref_print_transaction(stderr, &m, &t, &s);
    (void)fprintf(stderr, "filled in:\n");
    ref_print_transaction(stderr, &m, &at.filled, &s);
    (void)fprintf(stderr, "%s\n", at.why);
}

static bool try_seed(uint64_t seed)
{
    ref_random r = {seed};
    ref_real real;
    bool fine = true;
    ref_generate(&r, &at.model);
    ref_print(&at.model, 0, &at.text);
    assert_true(ref_real_open(&real, &at.model, &at.text));
    uint64_t draw = 0;
    for (int i = 0; i < TRANSACTIONS && fine; i++) {
        ref_generate_transaction(&r, &at.model, &at.transaction);
        ref_generate_setting(&r, &at.model, &at.setting);
        draw = ref_next(&r);
        fine = holds(draw, &real);
    }
    ref_real_close(&real);
    if (!fine)
        report(seed, draw);
    return fine;
}

/* Seeds that once failed, and what was wrong. */
static const uint64_t kept[] = {
    54,    /* a refused duty closed the key although its presumption may be idle */
    436,   /* a question that is perhaps not asked brought its presumptions once it was */
    52605, /* a presumption as another fact that is unknown */
    59258, /* a presumption inside a maximum was not listed */
};

static void test_filling__kept(void **state)
{
    (void)state;
    ref_try_kept(kept, sizeof kept / sizeof kept[0], try_seed);
}

static void test_filling__stays_possible(void **state)
{
    (void)state;
    ref_try_seeds(700, try_seed);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_filling__kept),
                                       cmocka_unit_test(test_filling__stays_possible)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
