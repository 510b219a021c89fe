/* SPDX-License-Identifier: Apache-2.0 */
/* missing.c: which unknown facts keep several answers possible, and only those (S1).
 *
 * Start at the rules that may or may not stand and whose answer is among the possible ones; go to what is unknown
 * in their conditions, then to their exceptions that may or may not stand. Inside a condition only the unknown
 * parts are followed. A rule whose answer is there anyway (another rule surely gives it) is left alone.
 */
#include "decide/decide_int.h"

static bool bit_test_set(uint64_t *bits, rb_id index)
{
    uint64_t bit = UINT64_C(1) << (index % 64);
    bool was = (bits[index / 64] & bit) != 0;
    bits[index / 64] |= bit;
    return was;
}

static void missing_slot(missing_ctx *m, rb_id slot)
{
    (void)bit_test_set(m->slots, eval_root_slot(m->e, slot));
}

/* Does anything below this number hold a known value, be it by presumption? */
static bool missing_any_known(missing_ctx *m, rb_id num)
{
    const rb_num *n = &m->e->book->nums[num];
    if (n->op == RB_NUM_FACT && m->e->book->facts[n->slot].term == RB_NONE)
        return eval_value(m->asked_by, n->slot)->known != TK_UNKNOWN;
    if (n->op == RB_NUM_FACT)
        return missing_any_known(m, m->e->book->facts[n->slot].term);
    for (rb_id i = 0; i < n->count; i++)
        if (missing_any_known(m, m->e->book->children[n->first + i]))
            return true;
    return false;
}

/* A part of a maximum that cannot be the greatest, however it turns out. */
static bool missing_outdone(missing_ctx *m, rb_id part, const interval *greatest)
{
    interval one = eval_number(m->e, part);
    return one.known == TK_VALUE && !one.hi_open && !greatest->lo_open && one.hi <= greatest->lo;
}

static void missing_number(missing_ctx *m, rb_id num)
{
    const tk_rulebook *book = m->e->book;
    const rb_num *n = &book->nums[num];
    interval value = eval_number(m->e, num);
    if (value.known == TK_NONE || (value.known == TK_VALUE && !value.lo_open && !value.hi_open && value.lo == value.hi))
        return; /* settled, although a part of it may be unknown */
    if (n->op != RB_NUM_FACT) {
        for (rb_id i = 0; i < n->count; i++)
            if (n->op != RB_NUM_MAX || !missing_outdone(m, book->children[n->first + i], &value))
                missing_number(m, book->children[n->first + i]);
        return;
    }
    rb_id term = book->facts[n->slot].term;
    tk_value unused;
    if (term == RB_NONE || eval_given(m->e, n->slot, &unused)) {
        missing_slot(m, n->slot);
        return;
    }
    if (eval_not_computable(m->e, num)) {
        (void)bit_test_set(m->marks, n->slot);
        return;
    }
    /* A maximum none of whose parts is known is missed as a whole, by the name people know it by. */
    if (book->nums[term].op == RB_NUM_MAX && !missing_any_known(m, term)) {
        (void)bit_test_set(m->slots, n->slot);
        return;
    }
    missing_number(m, term);
}

static void missing_compare(missing_ctx *m, const rb_node *n)
{
    missing_number(m, n->left);
    missing_number(m, n->right);
}

static void missing_open_node(missing_ctx *m, rb_id node);

/* Most conditions that are asked about are not open. */
static inline void missing_node(missing_ctx *m, rb_id node)
{
    bool settled = m->settled != NULL && m->settled->nodes[node] < K_NOT_YET;
    if (!settled && eval_node(m->e, node) == K_UNKNOWN)
        missing_open_node(m, node);
}

static void missing_open_node(missing_ctx *m, rb_id node)
{
    const tk_rulebook *book = m->e->book;
    const rb_node *n = &book->nodes[node];
    switch (n->op) {
    case RB_AND: case RB_OR: case RB_NOT: case RB_TERM:
        for (rb_id i = 0; i < n->count; i++)
            missing_node(m, book->children[n->first + i]);
        break;
    case RB_ANY: case RB_EVERY: case RB_NO:
        for (rb_id i = 0; i < n->count; i++)
            if (facts_role_present(m->e->facts, (unsigned)(n->roles >> (4 * i) & 15)))
                missing_node(m, book->children[n->first + i]);
        break;
    case RB_COMPARE:
        missing_compare(m, n);
        break;
    case RB_SAME:
        if (eval_value(m->e, n->slot)->known == TK_UNKNOWN)
            missing_slot(m, n->slot);
        if (eval_value(m->e, n->other)->known == TK_UNKNOWN)
            missing_slot(m, n->other);
        break;
    case RB_WORD: case RB_HAS: case RB_PLACE: case RB_NAME:
        missing_slot(m, n->slot);
        break;
    case RB_QUESTION:
        missing_question(m, n->slot);
        break;
    case RB_TRUE: case RB_FALSE: case RB_EVIDENCE:
    default:
        break;
    }
}

static void missing_rule(missing_ctx *m, rb_id index)
{
    const rb_rule *rule = &m->e->book->rules[index];
    if (bit_test_set(m->rules, index))
        return;
    if (eval_applies(m->e, index) == K_UNKNOWN) {
        if (rule->when != RB_NONE)
            missing_node(m, rule->when);
        for (size_t i = 0; i < rule->requires_count; i++)
            if (rule->requires[i].when != RB_NONE && eval_requirement(m->e, &rule->requires[i]) == TK_MET_FAILED)
                missing_node(m, rule->requires[i].when);
    }
    for (size_t i = 0; i < rule->exceptions_count; i++)
        if (eval_stands(m->e, rule->exceptions[i]) == K_UNKNOWN)
            missing_rule(m, rule->exceptions[i]);
}

/* The answers, as bits, that are possible whatever becomes of the unsure rules that give them: another rule surely
 * gives them, or it is what the question falls to and the mildest that is possible, so that any other rule that stands
 * outranks it. */
static uint64_t missing_given_anyway(missing_ctx *m, rb_id index, const question_state *state)
{
    const rb_question *q = &m->e->book->questions[index];
    uint64_t given = 0, mildest = state->possible & (~state->possible + 1);
    if (q->strictest && state->otherwise_possible && 0 <= q->otherwise && mildest == UINT64_C(1) << q->otherwise)
        given = mildest;
    for (size_t i = 0; i < m->e->index->rule_words; i++) {
        uint64_t rules = eval_live_rules(m->e, index, i);
        while (rules != 0) {
            rb_id rule = (rb_id)(i * 64) + bits_take(&rules);
            if (eval_stands(m->e, rule) == K_TRUE)
                given |= UINT64_C(1) << m->e->book->rules[rule].answer;
        }
    }
    return given;
}

void missing_question(missing_ctx *m, rb_id index)
{
    const rb_question *q = &m->e->book->questions[index];
    if (bit_test_set(m->questions, index)
        || (m->settled != NULL && m->settled->questions[index].done && m->settled->questions[index].leans == 0))
        return;
    const question_state *state = eval_question(m->e, index);
    const rb_regime *regime = &m->e->book->regimes[q->regime];
    if (q->asked != RB_NONE && state->asked == K_UNKNOWN)
        missing_node(m, q->asked);
    if (state->asked == K_FALSE || (state->possible & (state->possible - 1)) == 0)
        return;
    if (m->e->setting.as_of < regime->covers_from || regime->covers_to < m->e->setting.as_of)
        return; /* no fact would settle it */
    uint64_t open = state->possible & ~missing_given_anyway(m, index, state);
    for (size_t i = 0; i < m->e->index->rule_words && open != 0; i++) {
        uint64_t rules = eval_live_rules(m->e, index, i);
        while (rules != 0) {
            rb_id rule = (rb_id)(i * 64) + bits_take(&rules);
            if ((open >> m->e->book->rules[rule].answer & 1) != 0 && eval_stands(m->e, rule) == K_UNKNOWN)
                missing_rule(m, rule);
        }
    }
}

/* A duty rule with a refused condition closes the key; while it is open whether it applies, closed is possible. */
static void missing_duties(missing_ctx *m, const rb_regime *regime)
{
    const tk_rulebook *book = m->e->book;
    for (size_t i = 0; i < regime->duty_rules_count && m->e->refused; i++) {
        const rb_rule *rule = &book->rules[regime->duty_rules[i]];
        if (!eval_counts(m->e, regime->duty_rules[i]))
            continue;
        kleene when = rule->when == RB_NONE ? K_TRUE : eval_node(m->e, rule->when);
        for (size_t c = 0; c < rule->requires_count && when != K_FALSE; c++) {
            const rb_require *require = &rule->requires[c];
            kleene asked = require->when == RB_NONE ? K_TRUE : eval_node(m->e, require->when);
            if (eval_requirement(m->e, require) != TK_MET_FAILED || asked == K_FALSE)
                continue;
            if (when == K_UNKNOWN)
                missing_node(m, rule->when);
            if (asked == K_UNKNOWN)
                missing_node(m, require->when);
        }
    }
}

void missing_gaps(missing_ctx *m, const rb_regime *regime)
{
    const tk_rulebook *book = m->e->book;
    const decide_index *index = m->e->index;
    size_t r = (size_t)(regime - book->regimes);
    for (size_t i = index->gaps_first[r]; i < index->gaps_first[r + 1]; i++)
        missing_node(m, book->gaps[index->gaps[i]].when);
    missing_duties(m, regime);
}

void missing_scope(missing_ctx *m, const rb_regime *regime, bool closed)
{
    if (regime->when != RB_NONE)
        missing_node(m, regime->when);
    if (!closed)
        missing_gaps(m, regime);
}

void missing_key(missing_ctx *m, const rb_regime *regime, bool closed)
{
    /* Outside the span covered no fact settles an answer. */
    bool covered = regime->covers_from <= m->e->setting.as_of && m->e->setting.as_of <= regime->covers_to;
    missing_scope(m, regime, closed || !covered);
    /* A question that is perhaps not even asked keeps nobody waiting. */
    for (size_t i = 0; covered && i < regime->questions_count; i++)
        if (eval_question(m->asked_by, regime->questions[i])->asked == K_TRUE
            && !(closed && regime->questions[i] == regime->key))
            missing_question(m, regime->questions[i]);
}
