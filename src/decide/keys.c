/* SPDX-License-Identifier: Apache-2.0 */
/* keys.c: from answers to keys, and from keys to one verdict (S10). */
#include "decide/decide_int.h"

enum { KEY_OPEN = 1, KEY_LICENCE = 2, KEY_CLOSED = 4 };

/* Evidence for something without a lead time. */
tk_met keys_evidence_met(const eval *e, rb_id evidence)
{
    switch (eval_evidence(e, evidence).state) {
    case TK_EVIDENCE_HELD: return TK_MET_YES;
    case TK_EVIDENCE_REFUSED: return TK_MET_FAILED;
    default: return TK_MET_NO;
    }
}

/* S8: what is not modelled leaves `closed` possible while its condition is not false. */
static bool keys_gap_open(eval *e, const rb_regime *regime)
{
    size_t r = (size_t)(regime - e->book->regimes);
    for (size_t i = e->index->gaps_first[r]; i < e->index->gaps_first[r + 1]; i++)
        if (eval_node(e, e->book->gaps[e->index->gaps[i]].when) != K_FALSE)
            return true;
    return false;
}

/* Has a duty been refused that surely, or perhaps, is owed? */
static kleene keys_duty_failed(eval *e, const rb_regime *regime)
{
    kleene failed = K_FALSE;
    for (size_t i = 0; i < regime->duty_rules_count && failed != K_TRUE && e->refused; i++) {
        const rb_rule *rule = &e->book->rules[regime->duty_rules[i]];
        if (!eval_counts(e, regime->duty_rules[i]))
            continue;
        for (size_t c = 0; c < rule->requires_count; c++) {
            const rb_require *require = &rule->requires[c];
            if (eval_requirement(e, require) != TK_MET_FAILED)
                continue;
            kleene owed = rule->when == RB_NONE ? K_TRUE : eval_node(e, rule->when);
            kleene asked = require->when == RB_NONE ? K_TRUE : eval_node(e, require->when);
            if (asked < owed)
                owed = asked;
            if (failed < owed)
                failed = owed;
        }
    }
    return failed;
}

static bool keys_believed(const eval *e, rb_id claim)
{
    return (e->world[claim / 64] >> (claim % 64) & 1) != 0
           && e->book->claims[claim].published <= e->setting.known_at;
}

/* Another believed claim that this one cannot be true beside, one of them named or heard by the regime. */
static rb_id keys_contradicting(const eval *e, uint64_t regime_bit, rb_id claim)
{
    const rb_claim *claims = e->book->claims;
    for (size_t i = 0; i < claims[claim].contradicts_count && keys_believed(e, claim); i++) {
        rb_id other = claims[claim].contradicts[i];
        uint64_t regimes = decide_claim_regimes(e->decider, claim) | decide_claim_regimes(e->decider, other);
        if (keys_believed(e, other) && (regimes & regime_bit) != 0)
            return other;
    }
    return RB_NONE;
}

static bool keys_in_world(const eval *e, uint32_t claim)
{
    return (e->world[claim / 64] >> (claim % 64) & 1) != 0;
}

/* Likewise of two that speak, one of which the rulebook does not know: whatever is believed by hand it knows, so that
 * this is never said of a decision, only of what would be if one more were believed. */
static bool keys_speakers_conflict(const eval *e)
{
    const tk_claim_speakers *speakers = &e->decider->speakers;
    size_t known = e->book->claims_count;
    for (size_t i = 0; i < speakers->count && e->decider->speakers_contradict; i++) {
        const tk_claim_speaker *speaker = &speakers->list[i];
        for (size_t k = 0; k < speaker->contradicts_count && keys_in_world(e, speaker->claim); k++)
            if ((known <= speaker->claim || known <= speaker->contradicts[k])
                && keys_in_world(e, speaker->contradicts[k]))
                return true;
    }
    return false;
}

/* Two believed claims that cannot both be true, known on the day; the regime names one, or hears it of a fact. */
static bool keys_claims_conflict(const eval *e, const rb_regime *regime, key_state *out)
{
    uint64_t bit = UINT64_C(1) << (regime - e->book->regimes);
    for (size_t i = 0; i < (e->book->claims_count + 63) / 64; i++) {
        uint64_t believed = e->world[i];
        while (believed != 0) {
            rb_id claim = (rb_id)(i * 64) + bits_take(&believed), other = keys_contradicting(e, bit, claim);
            if (other == RB_NONE)
                continue;
            out->claim_a = claim < other ? claim : other;
            out->claim_b = claim < other ? other : claim;
            return true;
        }
    }
    out->claim_a = out->claim_b = RB_NONE;
    return (e->index->claims_regimes & regime->reads) != 0 && keys_speakers_conflict(e);
}

/* ---- what a key rests on ---- */

static void keys_rest_takers(eval *e, const rb_rule *rule);

/* The answers that the condition of a rule reads. */
static void keys_rest_read(eval *e, rb_id rule)
{
    for (size_t i = 0; i < e->index->question_words; i++) {
        uint64_t read = e->index->rule_questions[rule * e->index->question_words + i];
        while (read != 0)
            keys_rest(e, (rb_id)(i * 64) + bits_take(&read));
    }
}

/* The rule, the answers it reads, its exceptions that perhaps stand, and what keeps the others from standing. */
static void keys_rest_rule(eval *e, rb_id index)
{
    const rb_rule *rule = &e->book->rules[index];
    uint64_t bit = UINT64_C(1) << (index % 64);
    if ((e->rest_rules[index / 64] & bit) != 0)
        return;
    e->rest_rules[index / 64] |= bit;
    keys_rest_read(e, index);
    for (size_t i = 0; i < rule->exceptions_count; i++) {
        const rb_rule *exception = &e->book->rules[rule->exceptions[i]];
        if (eval_stands(e, rule->exceptions[i]) != K_FALSE)
            keys_rest_rule(e, rule->exceptions[i]);
        else if (eval_applies(e, rule->exceptions[i]) != K_FALSE)
            keys_rest_takers(e, exception);
    }
}

/* The exceptions that took this rule away. */
static void keys_rest_takers(eval *e, const rb_rule *rule)
{
    for (size_t i = 0; i < rule->exceptions_count; i++)
        if (eval_stands(e, rule->exceptions[i]) != K_FALSE)
            keys_rest_rule(e, rule->exceptions[i]);
}

/* Would the possible answers be others if a rule with this answer stood as well? */
static bool keys_would_matter(const rb_question *q, uint64_t possible, int answer)
{
    uint64_t bit = UINT64_C(1) << answer;
    return q->strictest ? (possible & (~possible + 1)) < bit : possible != bit;
}

static void keys_rest_answer(eval *e, const rb_question *q, const question_state *state, rb_id rule)
{
    const rb_rule *r = &e->book->rules[rule];
    if (eval_applies(e, rule) == K_FALSE)
        return;
    if (eval_stands(e, rule) != K_FALSE) {
        if ((state->possible >> r->answer & 1) != 0)
            keys_rest_rule(e, rule);
    } else if (keys_would_matter(q, state->possible, r->answer)) {
        keys_rest_takers(e, r);
    }
}

void keys_rest(eval *e, rb_id index)
{
    const rb_question *q = &e->book->questions[index];
    uint64_t bit = UINT64_C(1) << (index % 64);
    if ((e->rest_questions[index / 64] & bit) != 0)
        return;
    e->rest_questions[index / 64] |= bit;
    const question_state *state = eval_question(e, index);
    if (state->asked == K_FALSE)
        return;
    for (size_t i = 0; i < e->index->rule_words; i++) {
        uint64_t rules = eval_live_rules(e, index, i);
        while (rules != 0)
            keys_rest_answer(e, q, state, (rb_id)(i * 64) + bits_take(&rules));
    }
}

static void keys_clear_conditions(eval *e)
{
    for (size_t i = 0; i < e->condition_count; i++)
        e->condition_met[e->condition_list[i]] = CONDITION_NONE;
    e->condition_count = 0;
}

static void keys_condition(eval *e, rb_id evidence, tk_str says, rb_stage stage, tk_met met)
{
    if (e->condition_met[evidence] == CONDITION_NONE) {
        e->condition_list[e->condition_count++] = evidence;
        e->condition_met[evidence] = (uint8_t)met;
        e->condition_stage[evidence] = (uint8_t)stage;
        e->condition_says[evidence] = says;
        return;
    }
    if (e->condition_met[evidence] < met)
        e->condition_met[evidence] = (uint8_t)met;
    if (stage < e->condition_stage[evidence])
        e->condition_stage[evidence] = (uint8_t)stage;
}

static void keys_rule_conditions(eval *e, const rb_rule *rule)
{
    for (size_t i = 0; i < rule->requires_count; i++) {
        const rb_require *r = &rule->requires[i];
        if (r->when != RB_NONE && eval_node(e, r->when) == K_FALSE)
            continue;
        tk_str says = r->says;
        if (r->limit != RB_NONE) {
            const rb_limit *limit = &e->book->limits[r->limit];
            /* A limit outside the believed world, or not in force, binds nothing. */
            if (!counts_act_on(e->book, &limit->act, &e->setting, e->world))
                continue;
            says = limit->title.ptr != NULL ? limit->title : limit->name;
        }
        keys_condition(e, r->evidence, says, r->stage, eval_requirement(e, r));
    }
}

/* The duty rules that stand, or may. */
static void keys_duties(eval *e, const rb_regime *regime)
{
    for (size_t i = 0; i < regime->duty_rules_count; i++) {
        rb_id index = regime->duty_rules[i];
        const rb_rule *rule = &e->book->rules[index];
        if (!eval_counts(e, index) || (rule->when != RB_NONE && eval_node(e, rule->when) == K_FALSE))
            continue;
        e->rest_rules[index / 64] |= UINT64_C(1) << (index % 64);
        keys_rest_read(e, index);
    }
}

static void keys_clear_bits(uint64_t *bits, size_t count)
{
    for (size_t i = 0; i < (count + 63) / 64; i++)
        bits[i] = 0;
}

static void keys_clear_found(eval *e)
{
    keys_clear_bits(e->missing, e->book->facts_count);
    keys_clear_bits(e->marks, e->book->facts_count);
    keys_clear_bits(e->missing_rules, e->book->rules_count);
    keys_clear_bits(e->missing_questions, e->book->questions_count);
}

static missing_ctx keys_missing_ctx(eval *e, eval *asked_by)
{
    return (missing_ctx){.e = e,
                         .asked_by = asked_by,
                         .slots = e->missing,
                         .marks = e->marks,
                         .rules = e->missing_rules,
                         .questions = e->missing_questions};
}

static void keys_missing(eval *e, eval *asked_by, const rb_regime *regime, bool closed)
{
    keys_clear_found(e);
    missing_ctx m = keys_missing_ctx(e, asked_by);
    m.settled = e->fuller;
    missing_key(&m, regime, closed);
}

/* Several answers because of a conflict: some question that keeps them possible has one. */
static bool keys_conflict_behind(eval *e, const rb_regime *regime)
{
    keys_clear_found(e);
    missing_ctx m = keys_missing_ctx(e, e);
    missing_question(&m, regime->key);
    missing_gaps(&m, regime);
    for (rb_id q = 0; q < e->book->questions_count; q++)
        if ((e->missing_questions[q / 64] >> (q % 64) & 1) != 0 && e->questions[q].done && e->questions[q].conflict)
            return true;
    return false;
}

/* Closed whatever the unknown facts are. */
static bool keys_closed(eval *e, const rb_regime *regime)
{
    return eval_question(e, regime->key)->possible == KEY_CLOSED || keys_duty_failed(e, regime) == K_TRUE;
}

/* The same question asked again, knowing less: without presumptions, or with. */
static void keys_begin_bare(eval *e, bool no_presumptions)
{
    eval *bare = e->bare;
    eval_begin(bare, e->book, e->facts, &e->setting, e->world, e->counted, no_presumptions);
    bare->trial_slot = e->trial_slot;
    bare->trial_value = e->trial_value;
    bare->trial_evidence = e->trial_evidence;
    bare->trial_state = e->trial_state;
    bare->fuller = no_presumptions ? e : NULL;
    bare->silent = e->silent;
}

eval *keys_bare(eval *e)
{
    if (!e->bare_ready)
        keys_begin_bare(e, true);
    e->bare_ready = true;
    return e->bare;
}

void keys_presumed(eval *e, const rb_regime *regime)
{
    eval *bare = keys_bare(e);
    keys_missing(bare, e, regime, keys_closed(bare, regime));
    for (size_t i = 0; i < (e->book->facts_count + 63) / 64; i++) {
        uint64_t word = bare->missing[i];
        e->presumed[i] = 0;
        while (word != 0) {
            int bit = __builtin_ctzll(word);
            word &= word - 1;
            rb_id slot = (rb_id)(i * 64 + (size_t)bit);
            if (e->book->facts[slot].presume == RB_PRESUME_NO)
                continue;
            /* Presumed, and the presumption leads to something known (a supplied `?` switches it off). */
            tk_value given;
            if (!eval_given(e, slot, &given) && eval_known(e, slot))
                e->presumed[i] |= UINT64_C(1) << bit;
        }
    }
}

/* The duties of the presumptions the key rests on join its conditions. */
static void keys_presumed_duties(eval *e)
{
    for (size_t i = 0; i < (e->book->facts_count + 63) / 64; i++) {
        uint64_t word = e->presumed[i];
        while (word != 0) {
            const rb_fact *fact = &e->book->facts[i * 64 + (size_t)__builtin_ctzll(word)];
            word &= word - 1;
            for (size_t d = 0; d < fact->duties_count; d++)
                keys_condition(e, fact->duties[d].evidence, fact->duties[d].says, fact->duties[d].stage,
                               keys_evidence_met(e, fact->duties[d].evidence));
        }
    }
}

static bool keys_slot_refused(const eval *e, rb_id slot)
{
    const rb_fact *fact = &e->book->facts[slot];
    for (size_t i = 0; i < fact->duties_count; i++)
        if (keys_evidence_met(e, fact->duties[i].evidence) == TK_MET_FAILED)
            return true;
    return false;
}

/* S10: a refused duty closes the key, also that of a presumption which the key itself rests on. Surely, where without
 * the presumptions nothing is missing that is unknown with them too; else what is unknown may yet leave the
 * presumption idle, and joins `missing` (may be NULL). */
static kleene keys_presumption_refused(eval *e, const rb_regime *regime, uint64_t *missing)
{
    bool refused = false, unsure = false;
    if (!e->refused)
        return K_FALSE;
    eval *bare = keys_bare(e);
    keys_clear_found(bare);
    missing_ctx m = keys_missing_ctx(bare, e);
    bool closed = keys_closed(bare, regime);
    missing_scope(&m, regime, closed);
    if (!closed)
        missing_question(&m, regime->key);
    for (rb_id slot = 0; slot < e->book->facts_count; slot++) {
        if ((bare->missing[slot / 64] >> (slot % 64) & 1) == 0)
            continue;
        /* Presumed as another fact that is unknown: it will be presumed once that is known. */
        tk_value given;
        bool presumed = e->book->facts[slot].presume != RB_PRESUME_NO && !eval_given(e, slot, &given);
        refused |= presumed && keys_slot_refused(e, slot);
        unsure |= (e->presumed[slot / 64] >> (slot % 64) & 1) == 0;
    }
    for (rb_id slot = 0; slot < e->book->facts_count && refused && missing != NULL; slot++)
        if (((bare->missing[slot / 64] & ~e->presumed[slot / 64]) >> (slot % 64) & 1) != 0) {
            rb_id root = eval_root_slot(e, slot);
            missing[root / 64] |= UINT64_C(1) << (root % 64);
        }
    return !refused ? K_FALSE : unsure ? K_UNKNOWN : K_TRUE;
}

/* S5: the rule requires to stay within a limit that only a report knows of. */
static bool keys_reported_limit(eval *e, const rb_rule *rule)
{
    for (size_t i = 0; i < rule->requires_count; i++) {
        const rb_require *r = &rule->requires[i];
        const rb_act *act = r->limit == RB_NONE ? NULL : &e->book->limits[r->limit].act;
        if (act != NULL && act->kind == TK_RULE_REPORTED && counts_act_on(e->book, act, &e->setting, e->world)
            && (r->when == RB_NONE || eval_node(e, r->when) != K_FALSE))
            return true;
    }
    return false;
}

/* S5: would something be missing if the claims said nothing? What that is the key rests on. */
static bool keys_rests_on_claims(eval *e, const rb_regime *regime)
{
    eval *bare = e->bare;
    bool any = false, rests = false;
    for (size_t i = 0; i < e->index->claims_facts_count && !any; i++)
        any = eval_from_claims(e, e->index->claims_facts[i]);
    if (!any)
        return false;
    keys_begin_bare(e, false);
    bare->no_claims = true;
    keys_missing(bare, e, regime, keys_closed(bare, regime));
    for (size_t i = 0; i < e->index->claims_facts_count && !rests; i++) {
        rb_id slot = e->index->claims_facts[i];
        rests = (bare->missing[slot / 64] >> (slot % 64) & 1) != 0 && eval_from_claims(e, slot);
    }
    e->bare_ready = false; /* it is no longer the evaluation without presumptions */
    return rests;
}

static tk_basis keys_basis(eval *e, const rb_regime *regime)
{
    tk_basis basis = keys_rests_on_claims(e, regime) ? TK_BASIS_REPORTED : TK_BASIS_LAW;
    for (size_t i = 0; i < (e->book->rules_count + 63) / 64; i++) {
        uint64_t word = e->rest_rules[i];
        while (word != 0) {
            const rb_rule *rule = &e->book->rules[i * 64 + (size_t)__builtin_ctzll(word)];
            word &= word - 1;
            tk_basis kind = rule->act.kind == TK_RULE_PRACTICE ? TK_BASIS_PRACTICE : TK_BASIS_LAW;
            if (rule->act.kind == TK_RULE_REPORTED || keys_reported_limit(e, rule))
                kind = TK_BASIS_REPORTED;
            if (basis < kind)
                basis = kind;
        }
    }
    return basis;
}

static bool keys_conditions_open(const eval *e)
{
    for (size_t i = 0; i < e->condition_count; i++) {
        rb_id evidence = e->condition_list[i];
        if (e->condition_stage[evidence] != RB_AFTER_DELIVERY && e->condition_met[evidence] != TK_MET_YES)
            return true;
    }
    return false;
}

/* --- law alone --- */

/* What the key would be if nobody said anything. Of one transaction it is worked out once, however many worlds it is
 * asked about in. */
static tk_verdict keys_alone(eval *e, const rb_regime *regime)
{
    tk_decider *d = e->decider;
    eval *alone = &d->alone;
    bool plain = e->trial_slot == RB_NONE && e->trial_evidence == RB_NONE;
    if (!d->alone_ready || !plain || alone->setting.as_of != e->setting.as_of || alone->setting.law != e->setting.law) {
        eval_begin(alone, e->book, e->facts, &e->setting, d->world_none, counts_find(d, &e->setting, d->world_none),
                   false);
        alone->trial_slot = e->trial_slot;
        alone->trial_value = e->trial_value;
        alone->trial_evidence = e->trial_evidence;
        alone->trial_state = e->trial_state;
        alone->silent = true;
        for (size_t i = 0; i < e->book->regimes_count; i++)
            d->alone_verdicts[i] = TK_VERDICT_COUNT;
        d->alone_ready = plain;
    }
    tk_verdict *verdict = &d->alone_verdicts[regime - e->book->regimes];
    if (*verdict == TK_VERDICT_COUNT) {
        key_state state;
        keys_verdict(alone, regime, &state);
        *verdict = state.verdict;
    }
    return *verdict;
}

/* S5, S10: a report is no approval. Where claims make a key better than law alone would, it waits for the paper, which
 * an authorisation that is held is as well; a paper that was refused leaves what law alone gives. */
static void keys_written_approval(eval *e, const rb_regime *regime, key_state *out)
{
    bool tried = e->trial_slot != RB_NONE && e->book->facts[e->trial_slot].from_claims;
    if ((!e->believes && !tried) || e->silent || TK_VERDICT_CONDITIONAL < out->verdict)
        return;
    tk_verdict alone = keys_alone(e, regime);
    if (alone <= out->verdict)
        return;
    tk_met met = keys_evidence_met(e, regime->written);
    if (met == TK_MET_NO && keys_evidence_met(e, regime->licence) == TK_MET_YES)
        met = TK_MET_YES;
    keys_condition(e, regime->written, e->book->evidence[regime->written].says, RB_BEFORE_SHIP, met);
    out->basis = TK_BASIS_REPORTED;
    if (met != TK_MET_YES)
        out->verdict = met == TK_MET_FAILED ? alone : TK_VERDICT_CONDITIONAL;
}

void keys_verdict(eval *e, const rb_regime *regime, key_state *out)
{
    *out = (key_state){.claim_a = RB_NONE, .claim_b = RB_NONE};
    keys_clear_conditions(e);
    keys_clear_bits(e->rest_rules, e->book->rules_count);
    keys_clear_bits(e->rest_questions, e->book->questions_count);
    out->touched = regime->when == RB_NONE ? K_TRUE : eval_node(e, regime->when);
    if (out->touched == K_FALSE)
        return;
    const question_state *key = eval_question(e, regime->key);
    out->before_covers = e->setting.as_of < regime->covers_from || regime->covers_to < e->setting.as_of;
    out->after_read = regime->read_to < e->setting.as_of;
    out->possible = key->possible;

    if (!out->before_covers) {
        keys_rest(e, regime->key);
        keys_duties(e, regime);
        keys_presumed(e, regime);
        kleene failed = keys_duty_failed(e, regime), refused = keys_presumption_refused(e, regime, NULL);
        out->refused_unsure = refused == K_UNKNOWN;
        if (failed == K_TRUE || refused == K_TRUE)
            out->possible = KEY_CLOSED;
        else if (out->possible != KEY_CLOSED
                 && (failed == K_UNKNOWN || out->refused_unsure || keys_gap_open(e, regime)))
            out->possible |= KEY_CLOSED;
    } else {
        keys_clear_bits(e->presumed, e->book->facts_count);
    }
    out->basis = out->before_covers ? TK_BASIS_LAW : keys_basis(e, regime);
    /* Questions asked because of the key bring their conditions along, but not their basis. */
    for (size_t i = 0; i < regime->questions_count && !out->before_covers; i++)
        if (e->book->questions[regime->questions[i]].after_key)
            keys_rest(e, regime->questions[i]);
    for (size_t i = 0; i < (e->book->rules_count + 63) / 64; i++) {
        uint64_t word = e->rest_rules[i];
        while (word != 0) {
            keys_rule_conditions(e, &e->book->rules[i * 64 + (size_t)__builtin_ctzll(word)]);
            word &= word - 1;
        }
    }
    keys_presumed_duties(e);
    if ((out->possible & KEY_LICENCE) != 0 && !out->before_covers)
        keys_condition(e, regime->licence, e->book->evidence[regime->licence].says, RB_BEFORE_SHIP,
                       keys_evidence_met(e, regime->licence));

    out->claims_conflict = keys_claims_conflict(e, regime, out);
    bool several = (out->possible & (out->possible - 1)) != 0;
    out->conflict = out->claims_conflict || (several && !out->before_covers && keys_conflict_behind(e, regime));
    if (out->conflict)
        out->verdict = TK_VERDICT_CONFLICT;
    else if (several || out->touched == K_UNKNOWN)
        out->verdict = TK_VERDICT_UNDETERMINED;
    else if (out->possible == KEY_CLOSED)
        out->verdict = TK_VERDICT_CLOSED;
    else if (out->possible == KEY_LICENCE && keys_evidence_met(e, regime->licence) != TK_MET_YES)
        out->verdict = TK_VERDICT_LICENCE;
    else if (out->after_read || keys_conditions_open(e))
        out->verdict = TK_VERDICT_CONDITIONAL;
    else
        out->verdict = TK_VERDICT_OPEN;
    keys_written_approval(e, regime, out);
}

void keys_find_missing(eval *e, const rb_regime *regime, const key_state *state)
{
    keys_missing(e, e, regime, state->possible == KEY_CLOSED);
    if (state->refused_unsure && state->possible != KEY_CLOSED)
        (void)keys_presumption_refused(e, regime, e->missing);
}

overall_state keys_overall(eval *e)
{
    overall_state overall = {.verdict = TK_VERDICT_OPEN};
    for (size_t i = 0; i < e->book->regimes_count; i++) {
        key_state state;
        keys_verdict(e, &e->book->regimes[i], &state);
        if (state.touched == K_FALSE)
            continue;
        overall.touched = true;
        if (overall.verdict < state.verdict)
            overall.verdict = state.verdict;
    }
    if (!overall.touched)
        overall.verdict = TK_VERDICT_UNDETERMINED;
    return overall;
}
