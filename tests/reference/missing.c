/* SPDX-License-Identifier: Apache-2.0 */
/* missing.c: which unknown facts keep several answers possible, and only those (S1). */
#include "reference/judging.h"

/* ---- missing (S1) ---- */

static void blame(judging *j, int condition, int role);

/* Behind a presumption "as that other fact" it is the other one that is unknown. */
static void miss(judging *j, int fact, int role)
{
    const ref_fact *f = &j->m->facts[fact];
    ref_value v;
    role = judging_slot_role(j, fact, role);
    if (f->presume == REF_PRESUME_FACT && !j->bare && !judging_given(j, fact, role, &v))
        miss(j, f->presumed_fact, role);
    else
        j->key->missing[fact][role] = true;
}

/* Is a part of it known, be it by presumption? */
static bool anything_known(judging *j, int index)
{
    const ref_number *n = &j->m->numbers[index];
    if (n->op == REF_FACT && j->m->facts[n->fact].term == REF_NOT)
        return judging_value(j, n->fact, n->role).known != REF_UNKNOWN;
    if (n->op == REF_FACT)
        return anything_known(j, j->m->facts[n->fact].term);
    return (n->a != REF_NOT && anything_known(j, n->a)) || (n->b != REF_NOT && anything_known(j, n->b));
}

static bool not_computable(judging *j, int index)
{
    int quotient = judging_quotient_behind(j, index);
    range a, b;
    if (quotient == REF_NOT)
        return false;
    judging_quotient_parts(j, quotient, &a, &b);
    return b.known == REF_NONE;
}

/* A part of a maximum that cannot be the greatest, however it turns out. */
static bool outdone(range part, range maximum)
{
    return part.known == REF_VALUE && part.hi <= maximum.lo;
}

/* The parts of a number that are not known exactly. */
static void blame_number(judging *j, int index, int role)
{
    const ref_number *n = &j->m->numbers[index];
    ref_value v;
    range r = judging_number(j, index, role);
    if (n->op == REF_CONSTANT || single(r) || r.known == REF_NONE)
        return;
    if (n->op != REF_FACT) {
        if (n->a != REF_NOT && !(n->op == REF_MAX && outdone(judging_number(j, n->a, role), r)))
            blame_number(j, n->a, role);
        if (n->b != REF_NOT && !(n->op == REF_MAX && outdone(judging_number(j, n->b, role), r)))
            blame_number(j, n->b, role);
        return;
    }
    const ref_fact *f = &j->m->facts[n->fact];
    if (f->term == REF_NOT || judging_given(j, n->fact, 0, &v))
        miss(j, n->fact, n->role == REF_EACH ? role : n->role);
    else if (not_computable(j, index))
        j->key->not_computable[n->fact][0] = true;
    else if (j->m->numbers[f->term].op == REF_MAX && !anything_known(j->presuming, f->term))
        miss(j, n->fact, 0); /* asked for by the name people know it by */
    else
        blame_number(j, f->term, role);
}

/* A rule that may stand or not: its own unknown condition, and its exceptions that may stand or not. */
static void blame_rule(judging *j, int rule)
{
    const ref_rule *r = &j->m->rules[rule];
    if (j->blamed[rule])
        return;
    j->blamed[rule] = true;
    if (judging_applies(j, rule) == REF_MAYBE) {
        if (r->when != REF_NOT)
            blame(j, r->when, REF_EACH);
        for (int i = 0; i < r->requires_count; i++)
            if (r->requires[i].when != REF_NOT && judging_require_binds(j, &r->requires[i])
                && judging_require_met(j, &r->requires[i]) == TK_MET_FAILED)
                blame(j, r->requires[i].when, REF_EACH);
    }
    for (int i = 0; i < REF_RULES_MAX; i++)
        if (j->m->rules[i].used && judging_is_exception_to(&j->m->rules[i], rule)
            && judging_stands(j, i) == REF_MAYBE)
            blame_rule(j, i);
}

/* Whatever becomes of a rule with this answer, the possible answers stay the same. */
static bool there_anyway(judging *j, int question, int result)
{
    const ref_question *q = &j->m->questions[question];
    for (int i = 0; i < REF_RULES_MAX; i++)
        if (judging_answers_question(j->m, i, question) && j->m->rules[i].answer == result
            && judging_stands(j, i) == REF_YES)
            return true;
    /* With nothing sure the question falls to `otherwise`; where that is the mildest answer possible, any other rule
     * that stands outranks this one. */
    return q->strictest && q->otherwise == result && judging_may_fall_to_otherwise(j, question)
           && least_bit(judging_answer(j, question)->possible) == 1U << result;
}

void judging_blame_question(judging *j, int question)
{
    const ref_question *q = &j->m->questions[question];
    const ref_answer *a = judging_answer(j, question);
    if (j->blamed_question[question])
        return;
    j->blamed_question[question] = true;
    if (a->asked == REF_MAYBE)
        blame(j, q->asked, REF_EACH);
    if (!several(a->possible) || !judging_covered(j, q->regime))
        return;
    for (int i = 0; i < REF_RULES_MAX; i++)
        if (judging_answers_question(j->m, i, question) && (a->possible >> j->m->rules[i].answer & 1) != 0
            && judging_stands(j, i) == REF_MAYBE && !there_anyway(j, question, j->m->rules[i].answer))
            blame_rule(j, i);
}

static void blame(judging *j, int condition, int role)
{
    const ref_condition *c = &j->m->conditions[condition];
    int own = c->role == REF_EACH ? role : c->role, other = c->other_role == REF_EACH ? role : c->other_role;
    if (judging_truth(j, condition, role) != REF_MAYBE)
        return;
    switch (c->op) {
    case REF_AND:
    case REF_OR:
        blame(j, c->a, role);
        blame(j, c->b, role);
        break;
    case REF_NEGATE:
        blame(j, c->a, role);
        break;
    case REF_ANY:
    case REF_EVERY:
    case REF_NONE_OF:
        for (int r = 0; r < REF_ROLES; r++)
            if ((c->roles >> r & 1) != 0 && judging_present(j, r))
                blame(j, c->a, r);
        break;
    case REF_COMPARE:
        blame_number(j, c->a, role);
        blame_number(j, c->b, role);
        break;
    case REF_SAME:
        if (judging_value(j, c->fact, own).known == REF_UNKNOWN)
            miss(j, c->fact, own);
        if (judging_value(j, c->other, other).known == REF_UNKNOWN)
            miss(j, c->other, other);
        break;
    case REF_IS_WORD:
    case REF_HAS:
    case REF_IN_PLACES:
    case REF_IN_NAMES:
        miss(j, c->fact, own);
        break;
    case REF_ASKS:
        judging_blame_question(j, c->index);
        break;
    case REF_TERM:
        blame(j, j->m->terms[c->index], REF_EACH);
        break;
    case REF_SHOWN:
        break;
    }
}

/* What else keeps `closed` possible: gaps, and duties that were refused and are perhaps owed. */
void judging_blame_gaps_and_duties(judging *j, int regime)
{
    for (int i = 0; i < REF_GAPS_MAX; i++)
        if (j->m->gaps[i].used && j->m->gaps[i].regime == regime && j->m->gaps[i].when != REF_NOT)
            blame(j, j->m->gaps[i].when, REF_EACH);
    for (int i = 0; i < REF_RULES_MAX; i++) {
        const ref_rule *r = &j->m->rules[i];
        if (!judging_is_duty(j->m, i, regime) || !judging_counts(j, i)
            || both(judging_truth_if_any(j, r->when), judging_failed(j, r)) != REF_MAYBE)
            continue;
        if (r->when != REF_NOT)
            blame(j, r->when, REF_EACH);
        for (int c = 0; c < r->requires_count; c++)
            if (r->requires[c].when != REF_NOT && judging_require_binds(j, &r->requires[c])
                && judging_require_met(j, &r->requires[c]) == TK_MET_FAILED)
                blame(j, r->requires[c].when, REF_EACH);
    }
}

void judging_blame_begin(judging *j, ref_key *into)
{
    memset(j->blamed, 0, sizeof j->blamed);
    memset(j->blamed_question, 0, sizeof j->blamed_question);
    memset(into->missing, 0, sizeof into->missing);
    memset(into->not_computable, 0, sizeof into->not_computable);
    j->key = into;
}

void judging_blame_scope(judging *j, int regime, bool closed)
{
    if (j->m->regimes[regime].when != REF_NOT)
        blame(j, j->m->regimes[regime].when, REF_EACH);
    if (!closed)
        judging_blame_gaps_and_duties(j, regime);
}

/* Not those of a question that is perhaps not even asked, nor of a key that is closed whatever it answers. */
static bool asks_for_facts(judging *j, int question, int regime, bool closed)
{
    const ref_question *q = &j->m->questions[question];
    return q->used && q->regime == regime && judging_answer(j->presuming, question)->asked == REF_YES
           && !(closed && q->is_key);
}

/* A closed key stays closed whatever else is unknown; outside the span covered no fact would settle anything. */
void judging_blame_key(judging *j, int regime, bool closed, ref_key *into)
{
    judging_blame_begin(j, into);
    judging_blame_scope(j, regime, closed || !judging_covered(j, regime));
    for (int i = 0; i < REF_QUESTIONS_MAX && judging_covered(j, regime); i++)
        if (asks_for_facts(j, i, regime, closed))
            judging_blame_question(j, i);
}

/* Behind a presumption "as that other fact" that is unknown, the other fact. */
void judging_miss_behind(judging *j, int fact, int role, ref_key *k)
{
    ref_key *before = j->key;
    j->key = k;
    miss(j, fact, role);
    j->key = before;
}
