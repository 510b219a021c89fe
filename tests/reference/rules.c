/* SPDX-License-Identifier: Apache-2.0 */
/* rules.c: which rules count, apply and stand, and what they answer (S2 to S5, S9). */
#include "reference/judging.h"

/* ---- which rules count (S3, S4, S5) ---- */

static bool act_known(const judging *j, const ref_act *act)
{
    const ref_claim *claims = j->m->claims;
    if (j->s.known_at < act->published || (act->kind == REF_PRACTICE && j->s.text))
        return false;
    if (act->claim_a == REF_NOT)
        return true;
    bool a = (j->s.world >> act->claim_a & 1) != 0 && claims[act->claim_a].published <= j->s.known_at;
    if (act->claim_b == REF_NOT)
        return a;
    bool b = (j->s.world >> act->claim_b & 1) != 0 && claims[act->claim_b].published <= j->s.known_at;
    return act->both ? a && b : a || b;
}

static bool act_in_force(const ref_act *act, int day)
{
    for (int i = 0; i < act->spans_count; i++)
        if (act->spans[i].from <= day && day <= act->spans[i].to)
            return true;
    return false;
}

bool judging_is_exception_to(const ref_rule *rule, int target)
{
    for (int i = 0; i < rule->targets_count; i++)
        if (rule->targets[i] == target)
            return true;
    return false;
}

static bool counts_on(judging *j, int rule, int day);

/* An exception without `when` and `then` is a stay. */
static bool stayed_on(judging *j, int rule, int day)
{
    for (int i = 0; i < REF_RULES_MAX; i++) {
        const ref_rule *stay = &j->m->rules[i];
        if (stay->used && judging_is_exception_to(stay, rule) && stay->when == REF_NOT && stay->answer == REF_NOT
            && counts_on(j, i, day) && !stayed_on(j, i, day))
            return true;
    }
    return false;
}

static bool counts_work_out(judging *j, int rule, int day)
{
    const ref_rule *r = &j->m->rules[rule];
    if (!r->used || !act_known(j, &r->act) || !act_in_force(&r->act, day))
        return false;
    for (int newer = 0; newer < REF_RULES_MAX; newer++) {
        if (!j->m->rules[newer].used || j->m->rules[newer].replaces != rule)
            continue;
        for (int d = REF_DAY_0; d <= day; d++)
            if (counts_on(j, newer, d) && !stayed_on(j, newer, d))
                return false;
    }
    return true;
}

static bool counts_on(judging *j, int rule, int day)
{
    if (day < REF_DAY_0)
        return false;
    if (REF_DAY_0 + REF_DAYS <= day) /* nothing changes any more */
        day = REF_DAY_0 + REF_DAYS - 1;
    signed char *known = &j->counts[rule][day - REF_DAY_0];
    if (*known == 0)
        *known = counts_work_out(j, rule, day) ? 2 : 1;
    return *known == 2;
}

bool judging_counts(judging *j, int rule)
{
    return counts_on(j, rule, j->s.as_of);
}

/* ---- conditions of rules (S9) ---- */

int judging_require_met_index(const ref_require *r)
{
    return r->limit != REF_NOT ? REF_EVIDENCE_MAX + r->limit : r->evidence;
}

/* A limit that is not in force, or outside the believed world, binds nothing. */
bool judging_require_binds(const judging *j, const ref_require *r)
{
    if (r->limit == REF_NOT)
        return true;
    const ref_act *act = &j->m->limits[r->limit].act;
    return act_known(j, act) && act_in_force(act, j->s.as_of);
}

tk_met judging_require_met(const judging *j, const ref_require *r)
{
    const ref_shown *shown = &j->t->shown[judging_require_met_index(r)];
    if (shown->state == 2)
        return TK_MET_FAILED;
    if (shown->state == 0)
        return TK_MET_NO;
    if (r->days == 0)
        return TK_MET_YES;
    int fact = r->stage == 0 ? j->m->order_date : j->m->ship_date;
    ref_value stage;
    if (fact == REF_NOT || shown->date == INT_MIN || !judging_given(j, fact, 0, &stage) || stage.known != REF_VALUE
        || stage.lo == REF_OPEN_LOW)
        return TK_MET_NO;
    return shown->date + r->days <= stage.lo ? TK_MET_YES : TK_MET_NO;
}

ref_truth judging_failed(judging *j, const ref_rule *r)
{
    ref_truth result = REF_NO;
    for (int i = 0; i < r->requires_count; i++)
        if (judging_require_binds(j, &r->requires[i]) && judging_require_met(j, &r->requires[i]) == TK_MET_FAILED)
            result = either(result, judging_truth_if_any(j, r->requires[i].when));
    return result;
}

/* ---- rules (S2) ---- */

ref_truth judging_applies(judging *j, int rule)
{
    const ref_rule *r = &j->m->rules[rule];
    if (!judging_counts(j, rule))
        return REF_NO;
    return both(judging_truth_if_any(j, r->when), not(judging_failed(j, r)));
}

ref_truth judging_stands(judging *j, int rule)
{
    ref_truth result = judging_applies(j, rule);
    for (int i = 0; i < REF_RULES_MAX && result != REF_NO; i++)
        if (j->m->rules[i].used && judging_is_exception_to(&j->m->rules[i], rule))
            result = both(result, not(judging_stands(j, i)));
    return result;
}

/* It surely applies, and each exception that may stand has an answer too. *least: the mildest of those answers. */
static bool surely_answers(judging *j, int rule, int *least)
{
    if (judging_applies(j, rule) != REF_YES)
        return false;
    *least = j->m->rules[rule].answer;
    for (int i = 0; i < REF_RULES_MAX; i++) {
        const ref_rule *exception = &j->m->rules[i];
        if (!exception->used || !judging_is_exception_to(exception, rule) || judging_stands(j, i) == REF_NO)
            continue;
        if (exception->answer == REF_NOT)
            return false;
        if (exception->answer < *least)
            *least = exception->answer;
    }
    return true;
}

bool judging_answers_question(const ref_model *m, int rule, int question)
{
    return m->rules[rule].used && m->rules[rule].question == question && m->rules[rule].answer != REF_NOT;
}

static unsigned all_answers(const ref_question *q)
{
    return (1U << q->answers) - 1;
}

bool judging_covered(const judging *j, int regime)
{
    const ref_regime *r = &j->m->regimes[regime];
    return r->covers_from <= j->s.as_of && j->s.as_of <= r->covers_to;
}

bool judging_may_fall_to_otherwise(judging *j, int question)
{
    int least;
    for (int i = 0; i < REF_RULES_MAX; i++)
        if (judging_answers_question(j->m, i, question) && surely_answers(j, i, &least))
            return false;
    return true;
}

static void work_out_answer(judging *j, int question, ref_answer *out)
{
    const ref_question *q = &j->m->questions[question];
    unsigned standing = 0;
    out->asked = judging_truth_if_any(j, q->asked);
    if (out->asked == REF_NO)
        return;
    if (!judging_covered(j, q->regime)) {
        out->possible = all_answers(q);
        return;
    }
    int sure = 0;
    for (int i = 0; i < REF_RULES_MAX; i++) {
        int least;
        if (!judging_answers_question(j->m, i, question))
            continue;
        unsigned bit = 1U << j->m->rules[i].answer;
        if (judging_stands(j, i) != REF_NO)
            out->possible |= bit;
        if (judging_stands(j, i) == REF_YES)
            standing |= bit;
        if (surely_answers(j, i, &least) && sure < least)
            sure = least;
    }
    if (judging_may_fall_to_otherwise(j, question))
        out->possible |= q->otherwise == REF_NOT ? all_answers(q) : 1U << q->otherwise;
    if (q->strictest)
        out->possible &= ~((1U << sure) - 1);
    else
        out->conflict = (standing & (standing - 1)) != 0;
}

const ref_answer *judging_answer(judging *j, int question)
{
    if (!j->answered[question]) {
        ref_answer a = {0};
        work_out_answer(j, question, &a);
        j->answers[question] = a;
        j->answered[question] = true;
    }
    return &j->answers[question];
}

/* ---- duties (S9, S10) ---- */

bool judging_is_duty(const ref_model *m, int rule, int regime)
{
    const ref_rule *r = &m->rules[rule];
    return r->used && r->regime == regime && r->answer == REF_NOT && r->targets_count == 0;
}

ref_truth judging_duty_refused(judging *j, int regime)
{
    ref_truth result = REF_NO;
    for (int i = 0; i < REF_RULES_MAX; i++)
        if (judging_is_duty(j->m, i, regime) && judging_counts(j, i))
            result = either(result,
                            both(judging_truth_if_any(j, j->m->rules[i].when), judging_failed(j, &j->m->rules[i])));
    return result;
}

int judging_key_question(const ref_model *m, int regime)
{
    for (int i = 0; i < REF_QUESTIONS_MAX; i++)
        if (m->questions[i].used && m->questions[i].is_key && m->questions[i].regime == regime)
            return i;
    return REF_NOT;
}
