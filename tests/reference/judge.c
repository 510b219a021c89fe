/* SPDX-License-Identifier: Apache-2.0 */
/* judge.c: from answers to keys and verdicts, and what they rest on (S8, S10). */
#include "reference/judging.h"

/* ---- keys (S8, S10) ---- */

static bool gap_open(judging *j, int regime)
{
    for (int i = 0; i < REF_GAPS_MAX; i++)
        if (j->m->gaps[i].used && j->m->gaps[i].regime == regime && j->m->gaps[i].when != REF_NOT
            && judging_truth(j, j->m->gaps[i].when, REF_EACH) != REF_NO)
            return true;
    return false;
}

/* ---- what an answer rests on ---- */

static void rest_question(judging *j, int question);

static void rest_reads(judging *j, int condition)
{
    const ref_condition *c = &j->m->conditions[condition];
    if (c->op == REF_ASKS)
        rest_question(j, c->index);
    if (c->op == REF_TERM)
        rest_reads(j, j->m->terms[c->index]);
    if (c->op == REF_AND || c->op == REF_OR || c->op == REF_NEGATE || c->op == REF_ANY || c->op == REF_EVERY
        || c->op == REF_NONE_OF)
        rest_reads(j, c->a);
    if (c->op == REF_AND || c->op == REF_OR)
        rest_reads(j, c->b);
}

/* The rule, the answers it reads, its exceptions that perhaps stand, and what keeps the others from standing. */
static void rest_rule(judging *j, int rule)
{
    if (j->rests[rule])
        return;
    j->rests[rule] = true;
    if (j->m->rules[rule].when != REF_NOT)
        rest_reads(j, j->m->rules[rule].when);
    for (int e = 0; e < REF_RULES_MAX; e++) {
        if (!j->m->rules[e].used || !judging_is_exception_to(&j->m->rules[e], rule)
            || judging_applies(j, e) == REF_NO)
            continue;
        if (judging_stands(j, e) != REF_NO)
            rest_rule(j, e);
        for (int g = 0; g < REF_RULES_MAX && judging_stands(j, e) == REF_NO; g++)
            if (j->m->rules[g].used && judging_is_exception_to(&j->m->rules[g], e) && judging_stands(j, g) != REF_NO)
                rest_rule(j, g);
    }
}

/* Would the possible answers be others if a rule with this answer stood as well? */
static bool would_matter(const ref_question *q, const ref_answer *a, int result)
{
    return q->strictest ? least_bit(a->possible) < 1U << result : a->possible != 1U << result;
}

static void rest_question(judging *j, int question)
{
    const ref_question *q = &j->m->questions[question];
    const ref_answer *a = judging_answer(j, question);
    if (j->rests_question[question])
        return;
    j->rests_question[question] = true;
    if (a->asked == REF_NO)
        return;
    for (int i = 0; i < REF_RULES_MAX; i++) {
        if (!judging_answers_question(j->m, i, question) || judging_applies(j, i) == REF_NO)
            continue;
        bool possible = (a->possible >> j->m->rules[i].answer & 1) != 0;
        if (judging_stands(j, i) != REF_NO && possible)
            rest_rule(j, i);
        for (int e = 0;
             e < REF_RULES_MAX && judging_stands(j, i) == REF_NO && would_matter(q, a, j->m->rules[i].answer); e++)
            if (j->m->rules[e].used && judging_is_exception_to(&j->m->rules[e], i) && judging_stands(j, e) != REF_NO)
                rest_rule(j, e);
    }
}

static void condition_add(ref_key *k, int met_index, int stage, tk_met met)
{
    if (!k->condition[met_index]) {
        k->condition[met_index] = true;
        k->met[met_index] = met;
        k->stage[met_index] = stage;
        return;
    }
    if (k->met[met_index] < met)
        k->met[met_index] = met;
    if (stage < k->stage[met_index])
        k->stage[met_index] = stage;
}

static void conditions_of_rules(judging *j, ref_key *k)
{
    for (int i = 0; i < REF_RULES_MAX; i++)
        for (int c = 0; j->rests[i] && c < j->m->rules[i].requires_count; c++) {
            const ref_require *r = &j->m->rules[i].requires[c];
            if (judging_require_binds(j, r) && judging_truth_if_any(j, r->when) != REF_NO)
                condition_add(k, judging_require_met_index(r), r->stage, judging_require_met(j, r));
        }
}

static tk_met shown_met(const judging *j, int met_index)
{
    int state = j->t->shown[met_index].state;
    return state == 1 ? TK_MET_YES : state == 2 ? TK_MET_FAILED : TK_MET_NO;
}

static void presumed_duties(const judging *j, ref_key *k)
{
    for (int f = 0; f < REF_FACTS_MAX; f++)
        for (int role = 0; role < REF_ROLES; role++)
            if (k->presumed[f][role] && j->m->facts[f].duty != REF_NOT)
                condition_add(k, j->m->facts[f].duty, j->m->evidence_stage[j->m->facts[f].duty],
                              shown_met(j, j->m->facts[f].duty));
}

/* Is something known of it with presumptions? */
static bool known(judging *j, int fact, int role)
{
    if (j->m->facts[fact].kind == REF_NUMBER || j->m->facts[fact].kind == REF_DATE)
        return judging_slot_number(j, fact, role).known != REF_UNKNOWN;
    return judging_value(j, fact, role).known != REF_UNKNOWN;
}

static bool surely_closed(judging *j, int regime)
{
    return judging_answer(j, judging_key_question(j->m, regime))->possible == KEY_CLOSED
           || judging_duty_refused(j, regime) == REF_YES;
}

/* What would be missing without the presumptions, and is known with them. */
static void presumed(judging *j, judging *bare, int regime, ref_key *k)
{
    static ref_key beside;
    judging_blame_key(bare, regime, surely_closed(bare, regime), &beside);
    for (int f = 0; f < REF_FACTS_MAX; f++)
        for (int role = 0; role < ref_roles_of(&j->m->facts[f]); role++) {
            ref_value v;
            k->presumed[f][role] = beside.missing[f][role] && j->m->facts[f].presume != REF_PRESUME_NO
                                   && !judging_given(j, f, role, &v) && known(j, f, role);
        }
}

/* Does the key itself rest on a presumption whose duty was refused? Surely, where nothing is missing without the
 * presumptions that is unknown with them too. What is unknown may leave the presumption idle: it is missing then,
 * where `missing` is asked for. */
static ref_truth presumption_refused(judging *j, judging *bare, int regime, const ref_key *k, ref_key *missing)
{
    static ref_key beside;
    bool refused = false, unsure = false, closed = surely_closed(bare, regime);
    judging_blame_begin(bare, &beside);
    judging_blame_scope(bare, regime, closed);
    if (!closed)
        judging_blame_question(bare, judging_key_question(j->m, regime));
    for (int f = 0; f < REF_FACTS_MAX; f++)
        for (int role = 0; role < ref_roles_of(&j->m->facts[f]); role++) {
            ref_value v;
            if (!beside.missing[f][role])
                continue;
            /* Also one presumed as another fact that is unknown: it will be presumed once that is known. */
            refused = refused
                      || (j->m->facts[f].duty != REF_NOT && shown_met(j, j->m->facts[f].duty) == TK_MET_FAILED
                          && !judging_given(j, f, role, &v));
            unsure = unsure || !k->presumed[f][role];
        }
    for (int f = 0; f < REF_FACTS_MAX && refused && missing != NULL; f++)
        for (int role = 0; role < ref_roles_of(&j->m->facts[f]); role++)
            if (beside.missing[f][role] && !k->presumed[f][role])
                judging_miss_behind(j, f, role, missing);
    return !refused ? REF_NO : unsure ? REF_MAYBE : REF_YES;
}

static unsigned claims_of(const ref_act *act)
{
    return (act->claim_a == REF_NOT ? 0 : 1U << act->claim_a) | (act->claim_b == REF_NOT ? 0 : 1U << act->claim_b);
}

/* Two believed claims, known by then, that cannot both be true; a rule or limit of the regime names one of them. */
static bool claims_contradict(const judging *j, int regime)
{
    unsigned named = 0, believed = 0;
    for (int i = 0; i < REF_RULES_MAX; i++)
        if (j->m->rules[i].used && j->m->rules[i].regime == regime)
            named |= claims_of(&j->m->rules[i].act);
    for (int i = 0; i < REF_LIMITS_MAX; i++)
        if (j->m->limits[i].used && j->m->limits[i].regime == regime)
            named |= claims_of(&j->m->limits[i].act);
    for (int c = 0; c < REF_CLAIMS_MAX; c++)
        believed |= j->m->claims[c].published <= j->s.known_at ? j->s.world & 1U << c : 0;
    for (int a = 0; a < REF_CLAIMS_MAX; a++)
        for (int b = 0; b < REF_CLAIMS_MAX; b++)
            if ((believed >> a & 1) != 0 && (believed >> b & 1) != 0 && (j->m->claims[a].contradicts >> b & 1) != 0
                && (named & (1U << a | 1U << b)) != 0)
                return true;
    return false;
}

/* Several answers because rules of some question disagree. */
static bool conflict_behind(judging *j, int regime)
{
    static ref_key unused;
    judging_blame_begin(j, &unused);
    judging_blame_question(j, judging_key_question(j->m, regime));
    judging_blame_gaps_and_duties(j, regime);
    for (int i = 0; i < REF_QUESTIONS_MAX; i++)
        if (j->blamed_question[i] && judging_answer(j, i)->conflict)
            return true;
    return false;
}

/* A rule that requires to stay within a limit that only a report knows of rests on the report. */
static bool within_reported(judging *j, const ref_rule *r)
{
    for (int i = 0; i < r->requires_count; i++)
        if (r->requires[i].limit != REF_NOT && judging_require_binds(j, &r->requires[i])
            && j->m->limits[r->requires[i].limit].act.kind == REF_REPORTED
            && judging_truth_if_any(j, r->requires[i].when) != REF_NO)
            return true;
    return false;
}

/* Would something be missing if the claims said nothing of any fact? */
static bool rests_on_claims(judging *j, judging *unclaimed, int regime)
{
    static ref_key beside;
    judging_blame_key(unclaimed, regime, surely_closed(unclaimed, regime), &beside);
    for (int f = 0; f < REF_FACTS_MAX; f++)
        for (int role = 0; role < ref_roles_of(&j->m->facts[f]); role++) {
            ref_value v;
            if (j->m->facts[f].from_claims && beside.missing[f][role] && !j->t->given[f][role].has_supplied
                && judging_given(j, f, role, &v))
                return true;
        }
    return false;
}

static tk_basis basis(judging *j, judging *unclaimed, int regime)
{
    tk_basis weakest = rests_on_claims(j, unclaimed, regime) ? TK_BASIS_REPORTED : TK_BASIS_LAW;
    for (int i = 0; i < REF_RULES_MAX; i++) {
        const ref_rule *r = &j->m->rules[i];
        if (!j->rests[i])
            continue;
        tk_basis kind = r->act.kind == REF_REPORTED || within_reported(j, r) ? TK_BASIS_REPORTED
                        : r->act.kind == REF_PRACTICE                        ? TK_BASIS_PRACTICE
                                                                             : TK_BASIS_LAW;
        if (weakest < kind)
            weakest = kind;
    }
    return weakest;
}

static bool reads_key(const ref_model *m, int condition, int key)
{
    const ref_condition *c = &m->conditions[condition];
    switch (c->op) {
    case REF_ASKS:
        return c->index == key;
    case REF_TERM:
        return reads_key(m, m->terms[c->index], key);
    case REF_AND:
    case REF_OR:
        return reads_key(m, c->a, key) || reads_key(m, c->b, key);
    case REF_NEGATE:
    case REF_ANY:
    case REF_EVERY:
    case REF_NONE_OF:
        return reads_key(m, c->a, key);
    case REF_COMPARE:
    case REF_IS_WORD:
    case REF_HAS:
    case REF_IN_PLACES:
    case REF_IN_NAMES:
    case REF_SAME:
    case REF_SHOWN:
    default:
        return false;
    }
}

static void rest_key(judging *j, int regime, int key)
{
    memset(j->rests, 0, sizeof j->rests);
    memset(j->rests_question, 0, sizeof j->rests_question);
    rest_question(j, key);
    for (int i = 0; i < REF_RULES_MAX; i++)
        if (judging_is_duty(j->m, i, regime) && judging_counts(j, i)
            && judging_truth_if_any(j, j->m->rules[i].when) != REF_NO)
            rest_rule(j, i);
}

static tk_verdict verdict(const judging *j, int regime, const ref_key *k)
{
    int licence = REF_EVIDENCE_MAX + REF_LIMITS_MAX + regime;
    if (k->conflict)
        return TK_VERDICT_CONFLICT;
    if (several(k->possible) || k->touched == REF_MAYBE)
        return TK_VERDICT_UNDETERMINED;
    if (k->possible == KEY_CLOSED)
        return TK_VERDICT_CLOSED;
    if (k->possible == KEY_LICENCE && shown_met(j, licence) != TK_MET_YES)
        return TK_VERDICT_LICENCE;
    if (j->m->regimes[regime].read_to < j->s.as_of)
        return TK_VERDICT_CONDITIONAL;
    for (int i = 0; i < REF_MET_MAX; i++)
        if (k->condition[i] && k->stage[i] != 2 && k->met[i] != TK_MET_YES)
            return TK_VERDICT_CONDITIONAL;
    return TK_VERDICT_OPEN;
}

static void judge_key(judging *j, judging *bare, judging *unclaimed, int regime, ref_key *k)
{
    int key = judging_key_question(j->m, regime);
    k->touched = judging_truth_if_any(j, j->m->regimes[regime].when);
    if (k->touched == REF_NO)
        return;
    k->possible = judging_answer(j, key)->possible;
    if (judging_covered(j, regime)) {
        rest_key(j, regime, key);
        presumed(j, bare, regime, k);
        ref_truth refused = either(judging_duty_refused(j, regime), presumption_refused(j, bare, regime, k, NULL));
        if (refused == REF_YES)
            k->possible = KEY_CLOSED;
        else if (refused == REF_MAYBE || gap_open(j, regime))
            k->possible |= KEY_CLOSED;
        k->basis = basis(j, unclaimed, regime);
        /* What is asked because of the key brings its conditions, not its basis. */
        for (int i = 0; i < REF_QUESTIONS_MAX; i++) {
            const ref_question *q = &j->m->questions[i];
            if (q->used && q->regime == regime && q->asked != REF_NOT && reads_key(j->m, q->asked, key))
                rest_question(j, i);
        }
        conditions_of_rules(j, k);
        presumed_duties(j, k);
        int licence = REF_EVIDENCE_MAX + REF_LIMITS_MAX + regime;
        if ((k->possible & KEY_LICENCE) != 0)
            condition_add(k, licence, 1, shown_met(j, licence));
    }
    k->conflict = claims_contradict(j, regime)
                  || (several(k->possible) && judging_covered(j, regime) && conflict_behind(j, regime));
    k->verdict = verdict(j, regime, k);
    for (int i = 0; i < REF_GAPS_MAX; i++)
        k->gap[i] = j->m->gaps[i].used && j->m->gaps[i].regime == regime && j->m->gaps[i].when != REF_NOT
                    && judging_truth(j, j->m->gaps[i].when, REF_EACH) != REF_NO;
    judging_blame_key(j, regime, k->possible == KEY_CLOSED, k);
    if (judging_covered(j, regime) && k->possible != KEY_CLOSED)
        (void)presumption_refused(j, bare, regime, k, k);
}

/* The verdict of a key if nobody said anything. */
static tk_verdict verdict_alone(const judging *j, int regime)
{
    judging alone = {.m = j->m, .t = j->t, .s = j->s, .alone = true};
    alone.s.world = 0;
    judging bare = alone, unclaimed = alone;
    bare.bare = true;
    unclaimed.unclaimed = true;
    alone.presuming = bare.presuming = unclaimed.presuming = &alone;
    ref_key key = {.touched = REF_NO};
    judge_key(&alone, &bare, &unclaimed, regime, &key);
    return key.verdict;
}

/* What claims alone make better waits for the paper: a written approval, or the authorisation itself. */
static void written_approval(judging *j, int regime, ref_key *k)
{
    int licence = REF_EVIDENCE_MAX + REF_LIMITS_MAX + regime, written = licence + REF_REGIMES_MAX;
    if (k->touched == REF_NO || TK_VERDICT_CONDITIONAL < k->verdict)
        return;
    tk_verdict alone = verdict_alone(j, regime);
    if (alone <= k->verdict)
        return;
    tk_met met = shown_met(j, written);
    if (met == TK_MET_NO && shown_met(j, licence) == TK_MET_YES)
        met = TK_MET_YES;
    condition_add(k, written, 1, met);
    k->basis = TK_BASIS_REPORTED;
    if (met == TK_MET_FAILED)
        k->verdict = alone;
    else if (met == TK_MET_NO)
        k->verdict = TK_VERDICT_CONDITIONAL;
}

void ref_judge(const ref_model *m, const ref_transaction *t, const ref_setting *s, ref_decision *out)
{
    judging j = {.m = m, .t = t, .s = *s}, bare = {.m = m, .t = t, .s = *s, .bare = true},
            unclaimed = {.m = m, .t = t, .s = *s, .unclaimed = true};
    j.presuming = bare.presuming = unclaimed.presuming = &j;
    *out = (ref_decision){.verdict = TK_VERDICT_OPEN};
    for (int i = 0; i < REF_QUESTIONS_MAX; i++)
        if (m->questions[i].used)
            out->answers[i] = *judging_answer(&j, i);
    for (int r = 0; r < REF_REGIMES_MAX; r++) {
        if (!m->regimes[r].used)
            continue;
        judge_key(&j, &bare, &unclaimed, r, &out->keys[r]);
        written_approval(&j, r, &out->keys[r]);
        if (out->keys[r].touched == REF_NO)
            continue;
        out->touched = true;
        if (out->verdict < out->keys[r].verdict)
            out->verdict = out->keys[r].verdict;
    }
    if (!out->touched)
        out->verdict = TK_VERDICT_UNDETERMINED;
}

bool ref_counts(const ref_model *m, const ref_setting *s, int rule)
{
    static const ref_transaction nothing;
    judging j = {.m = m, .t = &nothing, .s = *s};
    return judging_counts(&j, rule);
}
