/* SPDX-License-Identifier: Apache-2.0 */
/* compare.c: where the judge and the library say different things, and the smallest model that still shows it. */
#include <stdarg.h>
#include <string.h>

#include "base/str.h"
#include "reference/reference.h"

typedef struct differences {
    char *out;
    size_t size, len;
} differences;

static void differ(differences *d, const char *format, ...) TK_PRINTF(2, 3);
static void differ(differences *d, const char *format, ...)
{
    va_list list;
    va_start(list, format);
    int len = vsnprintf(d->out + d->len, d->size - d->len, format, list);
    va_end(list);
    if (0 < len)
        d->len = d->len + (size_t)len < d->size ? d->len + (size_t)len : d->size - 1;
}

static bool listed(tk_strs list, const char *name)
{
    for (size_t i = 0; i < list.count; i++)
        if (tk_str_is(list.items[i], name))
            return true;
    return false;
}

static void compare_slots(differences *d, const ref_model *m, const bool expected[REF_FACTS_MAX][REF_ROLES],
                          tk_strs actual, const char *what)
{
    char name[REF_NAME_MAX];
    size_t count = 0;
    for (int f = 0; f < REF_FACTS_MAX; f++)
        for (int role = 0; role < ref_roles_of(&m->facts[f]); role++) {
            bool is = listed(actual, ref_fact_name(m, f, role, name));
            count += is;
            if (is != expected[f][role])
                differ(d, "%s: %s %s\n", what, name, is ? "should not be there" : "should be there");
        }
    if (count != actual.count)
        differ(d, "%s: %zu entries, %zu of them facts\n", what, actual.count, count);
}

static void compare_conditions(differences *d, const ref_model *m, int regime, const ref_setting *s, const ref_key *k,
                               const tk_key_decision *actual)
{
    static const char *const stages[] = {"before order", "before ship", "after delivery"};
    char name[REF_NAME_MAX];
    size_t count = 0;
    for (int i = 0; i < REF_MET_MAX; i++) {
        const tk_condition *found = NULL;
        (void)ref_met_name(i, name);
        for (size_t c = 0; c < actual->conditions_count; c++)
            if (tk_str_is(actual->conditions[c].name, name))
                found = &actual->conditions[c];
        count += found != NULL;
        if ((found != NULL) != k->condition[i])
            differ(d, "condition %s %s\n", name, found != NULL ? "should not be there" : "should be there");
        else if (found != NULL && (found->met != k->met[i] || !tk_str_is(found->stage, stages[k->stage[i]])))
            differ(d, "condition %s: met %d " TK_FMT ", should be %d %s\n", name, (int)found->met,
                   TK_ARG_STR(found->stage), (int)k->met[i], stages[k->stage[i]]);
    }
    bool read = m->regimes[regime].read_to < s->as_of;
    if (count + read != actual->conditions_count)
        differ(d, "%zu conditions, %zu of them known\n", actual->conditions_count, count);
}

static void compare_answer(differences *d, const ref_model *m, int question, unsigned possible, bool conflict,
                           ref_truth asked, const tk_key_decision *actual)
{
    char question_name[REF_NAME_MAX], name[REF_NAME_MAX];
    const tk_answer *found = NULL;
    (void)ref_question_name(m, question, question_name);
    for (size_t i = 0; i < actual->answers_count; i++)
        if (tk_str_is(actual->answers[i].question, question_name))
            found = &actual->answers[i];
    if ((found != NULL) != (asked != REF_NO)) {
        differ(d, "question %s %s\n", question_name, found != NULL ? "should not be asked" : "should be asked");
        return;
    }
    if (found == NULL)
        return;
    unsigned mask = 0;
    for (int a = 0; a < m->questions[question].answers; a++)
        if (listed((tk_strs){found->possible, found->possible_count}, ref_answer_name(m, question, a, name)))
            mask |= 1U << a;
    if (mask != possible)
        differ(d, "question %s: possible %x, should be %x\n", question_name, mask, possible);
    if (tk_str_is(found->answer, "conflict") != conflict)
        differ(d, "question %s: " TK_FMT ", conflict %d\n", question_name, TK_ARG_STR(found->answer), conflict);
    if (!conflict
        && tk_str_is(found->answer, "undetermined")
               != ((possible & (possible - 1)) != 0 || possible == 0 || asked != REF_YES))
        differ(d, "question %s: answer " TK_FMT "\n", question_name, TK_ARG_STR(found->answer));
}

static void compare_not_modelled(differences *d, const ref_model *m, const ref_key *k, bool covered,
                                 const tk_key_decision *actual)
{
    char name[REF_NAME_MAX], text[REF_NAME_MAX * 3];
    size_t count = covered ? 0 : 1; /* that the day is not covered is said as well */
    for (int i = 0; i < REF_GAPS_MAX; i++) {
        (void)snprintf(text, sizeof text, "gap %d", i);
        count += k->gap[i];
        if (listed(actual->not_modelled, text) != k->gap[i])
            differ(d, "not modelled: %s should%s be there\n", text, k->gap[i] ? "" : " not");
    }
    for (int f = 0; f < REF_FACTS_MAX; f++)
        for (int role = 0; role < ref_roles_of(&m->facts[f]); role++) {
            (void)snprintf(text, sizeof text, "%s is not computable: its divisor is none",
                           ref_fact_name(m, f, role, name));
            count += k->not_computable[f][role];
            if (listed(actual->not_modelled, text) != k->not_computable[f][role])
                differ(d, "not modelled: '%s' should%s be there\n", text, k->not_computable[f][role] ? "" : " not");
        }
    if (count != actual->not_modelled.count)
        differ(d, "not modelled: %zu entries, should be %zu\n", actual->not_modelled.count, count);
}

static void compare_key(differences *d, const ref_model *m, const ref_setting *s, int regime,
                        const ref_decision *expected, const tk_key_decision *actual)
{
    const ref_key *k = &expected->keys[regime];
    if ((actual != NULL) != (k->touched != REF_NO)) {
        differ(d, "the key %s\n", actual != NULL ? "should be absent" : "should be there");
        return;
    }
    if (actual == NULL)
        return;
    if (actual->verdict != k->verdict)
        differ(d, "verdict " TK_FMT ", should be " TK_FMT "\n", TK_ARG_STR(tk_verdict_name(actual->verdict)),
               TK_ARG_STR(tk_verdict_name(k->verdict)));
    if (actual->basis != k->basis)
        differ(d, "basis " TK_FMT ", should be " TK_FMT "\n", TK_ARG_STR(tk_basis_name(actual->basis)),
               TK_ARG_STR(tk_basis_name(k->basis)));
    for (int i = 0; i < REF_QUESTIONS_MAX; i++) {
        const ref_question *q = &m->questions[i];
        const ref_answer *a = &expected->answers[i];
        if (q->used && q->regime == regime)
            compare_answer(d, m, i, q->is_key ? k->possible : a->possible, a->conflict || (q->is_key && k->conflict),
                           a->asked, actual);
    }
    compare_conditions(d, m, regime, s, k, actual);
    compare_slots(d, m, k->missing, actual->missing, "missing");
    compare_slots(d, m, k->presumed, actual->presumed, "presumed");
    const ref_regime *r = &m->regimes[regime];
    compare_not_modelled(d, m, k, r->covers_from <= s->as_of && s->as_of <= r->covers_to, actual);
}

bool ref_compare(const ref_model *m, const ref_setting *s, const ref_decision *expected, const tk_decision *actual,
                 char *out, size_t size)
{
    differences d = {out, size, 0};
    out[0] = 0;
    if (actual == NULL) {
        differ(&d, "no decision at all\n");
        return false;
    }
    if (actual->touched != expected->touched || actual->verdict != expected->verdict)
        differ(&d, "overall " TK_FMT ", should be " TK_FMT "\n", TK_ARG_STR(tk_verdict_overall_name(actual->verdict)),
               TK_ARG_STR(tk_verdict_overall_name(expected->verdict)));
    for (int r = 0; r < REF_REGIMES_MAX; r++) {
        if (!m->regimes[r].used)
            continue;
        size_t before = d.len;
        compare_key(&d, m, s, r, expected, ref_real_key(actual, r));
        if (d.len != before)
            differ(&d, "(in regime %s)\n", ref_regime_name(r));
    }
    return d.len == 0;
}

/* ---- shrinking ---- */

typedef struct shrinking {
    ref_model *m;
    ref_transaction *t;
    ref_setting *s;
    ref_fails fails;
    void *ctx;
} shrinking;

/* Keeps a change when the failure is still there. */
static bool keep(shrinking *k, const ref_model *m, const ref_transaction *t)
{
    if (!k->fails(k->ctx, m, t, k->s))
        return false;
    *k->m = *m;
    *k->t = *t;
    return true;
}

static void drop_rule(ref_model *m, int rule)
{
    m->rules[rule].used = false;
    for (int i = 0; i < REF_RULES_MAX; i++) {
        ref_rule *r = &m->rules[i];
        int kept = 0;
        for (int c = 0; c < r->targets_count; c++)
            if (r->targets[c] != rule)
                r->targets[kept++] = r->targets[c];
        r->targets_count = kept;
        if (r->replaces == rule)
            r->replaces = REF_NOT;
    }
}

static bool shrink_rules(shrinking *k)
{
    static ref_model m;
    bool smaller = false;
    for (int i = 0; i < REF_RULES_MAX; i++) {
        if (!k->m->rules[i].used)
            continue;
        m = *k->m;
        drop_rule(&m, i);
        if (keep(k, &m, k->t)) {
            smaller = true;
            continue;
        }
        for (int part = 0; part < 4; part++) {
            m = *k->m;
            ref_rule *r = &m.rules[i];
            if (part == 0 && r->when != REF_NOT)
                r->when = REF_NOT;
            else if (part == 1 && r->requires_count != 0)
                r->requires_count--;
            else if (part == 2 && r->replaces != REF_NOT)
                r->replaces = REF_NOT;
            else if (part == 3 && r->targets_count != 0)
                r->targets_count--;
            else
                continue;
            smaller = keep(k, &m, k->t) || smaller;
        }
    }
    return smaller;
}

/* An `and`, `or`, `not` by one of its parts. */
static bool shrink_conditions(shrinking *k)
{
    static ref_model m;
    bool smaller = false;
    for (int i = 0; i < k->m->conditions_count; i++)
        for (int part = 0; part < 2; part++) {
            const ref_condition *c = &k->m->conditions[i];
            if (c->op != REF_AND && c->op != REF_OR && c->op != REF_NEGATE)
                continue;
            m = *k->m;
            m.conditions[i] = m.conditions[part == 0 || c->op == REF_NEGATE ? c->a : c->b];
            smaller = keep(k, &m, k->t) || smaller;
        }
    return smaller;
}

static bool shrink_rest(shrinking *k)
{
    static ref_model m;
    bool smaller = false;
    for (int part = 0; part < 2; part++) {
        m = *k->m;
        int *count = part == 0 ? &m.terms_count : &m.sets_count;
        if (*count != 0) {
            --*count;
            smaller = keep(k, &m, k->t) || smaller;
        }
    }
    for (int i = 0; i < REF_GAPS_MAX + REF_LIMITS_MAX + REF_QUESTIONS_MAX + REF_REGIMES_MAX + REF_FACTS_MAX; i++) {
        m = *k->m;
        int at = i;
        if (at < REF_GAPS_MAX) {
            if (!m.gaps[at].used)
                continue;
            m.gaps[at].used = false;
        } else if ((at -= REF_GAPS_MAX) < REF_LIMITS_MAX) {
            if (!m.limits[at].used)
                continue;
            m.limits[at].used = false;
        } else if ((at -= REF_LIMITS_MAX) < REF_QUESTIONS_MAX) {
            if (!m.questions[at].used)
                continue;
            if (m.questions[at].asked != REF_NOT)
                m.questions[at].asked = REF_NOT;
            else
                m.questions[at].used = false;
        } else if ((at -= REF_QUESTIONS_MAX) < REF_REGIMES_MAX) {
            if (m.regimes[at].when == REF_NOT)
                continue;
            m.regimes[at].when = REF_NOT;
        } else {
            at -= REF_REGIMES_MAX;
            if (!m.facts[at].used)
                continue;
            if (m.facts[at].presume != REF_PRESUME_NO) {
                m.facts[at].presume = REF_PRESUME_NO;
                m.facts[at].duty = REF_NOT;
            } else {
                m.facts[at].used = false;
            }
        }
        smaller = keep(k, &m, k->t) || smaller;
    }
    return smaller;
}

static bool shrink_transaction(shrinking *k)
{
    static ref_transaction t;
    bool smaller = false;
    for (int f = 0; f < REF_FACTS_MAX; f++)
        for (int role = 0; role < REF_ROLES; role++) {
            const ref_given *g = &k->t->given[f][role];
            for (int part = 0; part < 2; part++) {
                if (part == 0 ? !g->has_row : !g->has_supplied)
                    continue;
                t = *k->t;
                if (part == 0)
                    t.given[f][role].has_row = false;
                else
                    t.given[f][role].has_supplied = false;
                smaller = keep(k, k->m, &t) || smaller;
            }
        }
    for (int i = 0; i < REF_MET_MAX; i++) {
        if (k->t->shown[i].state == 0)
            continue;
        t = *k->t;
        t.shown[i].state = 0;
        smaller = keep(k, k->m, &t) || smaller;
    }
    return smaller;
}

void ref_shrink(ref_model *m, ref_transaction *t, ref_setting *s, ref_fails fails, void *ctx)
{
    shrinking k = {m, t, s, fails, ctx};
    for (int round = 0; round < 20; round++) {
        bool smaller = shrink_rules(&k);
        smaller = shrink_conditions(&k) || smaller;
        smaller = shrink_rest(&k) || smaller;
        smaller = shrink_transaction(&k) || smaller;
        if (!smaller)
            return;
    }
}
