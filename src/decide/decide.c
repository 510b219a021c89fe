/* SPDX-License-Identifier: Apache-2.0 */
/* decide.c: the memory of a decider, and one decision from evaluations. */
#include <stdlib.h>
#include <string.h>

#include "base/err.h"
#include "base/limits.h"
#include "base/str.h"
#include "decide/decide_int.h"

/* ---- memory ---- */

/* Hands out aligned parts of one block; with a NULL block it only adds up. */
typedef struct carve {
    unsigned char *block;
    size_t used;
} carve;

static void *carve_part(carve *c, size_t count, size_t size_bytes)
{
    size_t total = (count * size_bytes + 63) / 64 * 64;
    void *part = c->block == NULL ? NULL : c->block + c->used;
    c->used += total;
    return part;
}

static void carve_eval(carve *c, const tk_rulebook *b, eval *e)
{
    size_t fact_words = (b->facts_count + 63) / 64 + 1, rule_words = (b->rules_count + 63) / 64 + 1,
           question_words = (b->questions_count + 63) / 64 + 1;
    e->counted = carve_part(c, rule_words, 8);
    e->alive = carve_part(c, rule_words, 8);
    e->ranks = carve_part(c, rule_words, 8);
    e->values = carve_part(c, b->facts_count + 1, sizeof *e->values);
    e->value_done = carve_part(c, b->facts_count + 1, 1);
    e->terms = carve_part(c, b->facts_count + 1, sizeof *e->terms);
    e->term_done = carve_part(c, b->facts_count + 1, 1);
    e->nodes = carve_part(c, b->nodes_count + 1, 1);
    e->applies = carve_part(c, b->rules_count + 1, 1);
    e->stands = carve_part(c, b->rules_count + 1, 1);
    e->questions = carve_part(c, b->questions_count + 1, sizeof *e->questions);
    e->missing = carve_part(c, fact_words, 8);
    e->marks = carve_part(c, fact_words, 8);
    e->presumed = carve_part(c, fact_words, 8);
    e->missing_rules = carve_part(c, rule_words, 8);
    e->rest_rules = carve_part(c, rule_words, 8);
    e->missing_questions = carve_part(c, question_words, 8);
    e->rest_questions = carve_part(c, question_words, 8);
    e->condition_met = carve_part(c, b->evidence_count + 1, 1);
    e->condition_stage = carve_part(c, b->evidence_count + 1, 1);
    e->condition_says = carve_part(c, b->evidence_count + 1, sizeof *e->condition_says);
    e->condition_list = carve_part(c, b->evidence_count + 1, sizeof *e->condition_list);
}

static void carve_index(carve *c, const tk_rulebook *b, decide_index *index)
{
    index->rule_words = (b->rules_count + 63) / 64;
    index->question_words = (b->questions_count + 63) / 64;
    index->question_rules = carve_part(c, b->questions_count * index->rule_words + 1, 8);
    index->rule_questions = carve_part(c, b->rules_count * index->question_words + 1, 8);
    index->rule_guard = carve_part(c, b->rules_count + 1, sizeof *index->rule_guard);
    index->rule_rank = carve_part(c, b->rules_count + 1, sizeof *index->rule_rank);
    index->rule_ranked = carve_part(c, b->rules_count + 1, sizeof *index->rule_ranked);
    index->cites = carve_part(c, b->nodes_count + 1, 1);
    index->cites_sets = carve_part(c, b->sets_count + 1, 1);
    index->dated_sets = carve_part(c, b->sets_count + 1, 1);
    index->dated = carve_part(c, b->nodes_count + 1, sizeof *index->dated);
    index->gaps = carve_part(c, b->gaps_count + 1, sizeof *index->gaps);
    index->gaps_first = carve_part(c, b->regimes_count + 1, sizeof *index->gaps_first);
    index->claims_facts = carve_part(c, b->facts_count + 1, sizeof *index->claims_facts);
}

static void carve_decider(carve *c, const tk_rulebook *book, tk_decider *d)
{
    carve_index(c, book, &d->index);
    carve_eval(c, book, &d->main);
    carve_eval(c, book, &d->main_bare);
    carve_eval(c, book, &d->other);
    carve_eval(c, book, &d->other_bare);
    carve_eval(c, book, &d->alone);
    carve_eval(c, book, &d->alone_bare);
    d->alone_verdicts = carve_part(c, book->regimes_count + 1, sizeof *d->alone_verdicts);
    d->claim_rules = carve_part(c, book->claims_count * d->rule_words, 8);
    d->practice_rules = carve_part(c, d->rule_words, 8);
    d->claims_rules = carve_part(c, d->rule_words, 8);
    d->looked = carve_part(c, (book->facts_count + 63) / 64 + 1, 8);
    d->world = carve_part(c, d->world_size, 8);
    d->world_other = carve_part(c, d->world_size, 8);
    d->world_none = carve_part(c, d->world_size, 8);
    d->speaks = carve_part(c, d->world_size, 8);
    d->named = carve_part(c, d->book_words, 8);
    d->acts = carve_part(c, book->rules_count + book->limits_count + 1, sizeof *d->acts);
    d->traces = carve_part(c, book->rules_count + 1, sizeof *d->traces);
    d->counts.book = book;
    d->counts.world = carve_part(c, d->book_words, 8);
    d->counts.begins = carve_part(c, book->rules_count + 1, sizeof *d->counts.begins);
    d->counts.begins_known = carve_part(c, book->rules_count + 1, sizeof *d->counts.begins_known);
    d->counts.stays = carve_part(c, book->rules_count + 1, sizeof *d->counts.stays);
    for (size_t i = 0; i < CACHE_SETTINGS; i++) {
        d->cache[i].world = carve_part(c, d->book_words, 8);
        d->cache[i].rules = carve_part(c, d->rule_words, 8);
    }
}

tk_status tk_decider_new(const tk_rulebook *book, tk_decider **out, tk_err *err)
{
    tk_decider *d = calloc(1, sizeof *d);
    *out = NULL;
    if (d == NULL)
        return tk_err_set(err, TK_ERR_MEMORY, "out of memory");
    d->book = book;
    d->book_words = tk_rulebook_claims_end(book) / 64;
    d->world_size = d->book_words + (TK_WORLD_CLAIMS_MAX + 63) / 64;
    d->world_words = d->book_words;
    d->rule_words = (book->rules_count + 63) / 64 + 1;
    tk_arena_init(&d->arena, 64 * 1024, 0);
    tk_arena_init(&d->scratch, 64 * 1024, 0);
    carve measure = {0};
    carve_decider(&measure, book, d);
    d->blocks = aligned_alloc(64, measure.used);
    if (d->blocks == NULL) {
        free(d);
        return tk_err_set(err, TK_ERR_MEMORY, "out of memory");
    }
    memset(d->blocks, 0, measure.used);
    carve real = {.block = d->blocks};
    carve_decider(&real, book, d);
    index_make(&d->index, book);
    eval *evals[6] = {&d->main, &d->main_bare, &d->other, &d->other_bare, &d->alone, &d->alone_bare};
    for (size_t i = 0; i < TK_COUNT(evals); i++) {
        evals[i]->decider = d;
        memset(evals[i]->condition_met, CONDITION_NONE, book->evidence_count + 1);
        evals[i]->looked = d->looked;
        evals[i]->index = &d->index;
    }
    d->main.bare = &d->main_bare;
    d->other.bare = &d->other_bare;
    d->alone.bare = &d->alone_bare;
    counts_reach(d);
    *out = d;
    return TK_OK;
}

void tk_decider_free(tk_decider *decider)
{
    if (decider == NULL)
        return;
    tk_arena_fini(&decider->arena);
    tk_arena_fini(&decider->scratch);
    free(decider->blocks);
    free(decider);
}

/* ---- deciding ---- */

static tk_status decide_setting(const tk_decider *d, const tk_setting *setting, uint64_t *world, tk_err *err)
{
    size_t known = d->book->claims_count, end = tk_rulebook_claims_end(d->book);
    if (TK_WORLD_CLAIMS_MAX < setting->claims_count)
        return tk_err_set(err, TK_ERR_LIMIT, "a world holds at most %d claims", TK_WORLD_CLAIMS_MAX);
    memset(world, 0, d->world_words * sizeof *world);
    for (size_t i = 0; i < setting->claims_count; i++) {
        uint32_t claim = setting->claims[i];
        if (known <= claim && (claim < end || d->world_words * 64 <= claim))
            return tk_err_set(err, TK_ERR_USAGE, "no claim number %u", claim);
        world[claim / 64] |= UINT64_C(1) << (claim % 64);
    }
    return TK_OK;
}

/* Which claims speak of the facts; law alone is not known yet. */
static void decide_begin(tk_decider *d, const tk_facts *facts, const tk_setting *setting)
{
    memset(d->speaks, 0, d->world_words * sizeof *d->speaks); /* of the transaction before */
    d->alone_ready = false;
    d->speakers = (tk_claim_speakers){.end = 0};
    if (facts->claims != NULL)
        d->speakers = facts->claims->speak(facts->claims->ctx, facts, setting);
    size_t words = (d->speakers.end + 63) / 64;
    TK_ASSERT(words <= d->world_size);
    d->world_words = words < d->book_words ? d->book_words : words;
    memset(d->speaks, 0, d->world_words * sizeof *d->speaks);
    d->speakers_contradict = false;
    for (size_t i = 0; i < d->speakers.count; i++) {
        d->speakers_contradict |= d->speakers.list[i].contradicts_count != 0;
        d->speaks[d->speakers.list[i].claim / 64] |= UINT64_C(1) << (d->speakers.list[i].claim % 64);
    }
}

tk_status tk_decide_key(tk_decider *decider, const tk_facts *facts, const tk_setting *setting, size_t regime,
                        tk_verdict *verdict, tk_err *err)
{
    tk_status status = decide_setting(decider, setting, decider->world_other, err);
    if (status != TK_OK)
        return status;
    eval_begin(&decider->other, decider->book, facts, setting, decider->world_other,
               counts_find(decider, setting, decider->world_other), false);
    key_state state;
    keys_verdict(&decider->other, &decider->book->regimes[regime], &state);
    *verdict = state.touched == K_FALSE ? TK_VERDICT_COUNT : state.verdict;
    return TK_OK;
}

bool tk_decider_claim_matters(const tk_decider *decider, size_t claim, size_t regime)
{
    return (decide_claim_regimes(decider, (rb_id)claim) & decider->book->regimes[regime].reads) != 0;
}

static void named_expr(tk_decider *d, rb_id expr)
{
    const rb_claim_expr *c = &d->book->claim_exprs[expr];
    if (c->op == RB_CLAIM_NAME) {
        d->named[c->claim / 64] |= UINT64_C(1) << (c->claim % 64);
        return;
    }
    named_expr(d, c->a);
    named_expr(d, c->b);
}

static bool acts_alike(const tk_rulebook *book, rb_id a, rb_id b)
{
    const rb_claim_expr *x = &book->claim_exprs[a], *y = &book->claim_exprs[b];
    if (x->op != y->op)
        return false;
    if (x->op == RB_CLAIM_NAME)
        return x->claim == y->claim;
    return acts_alike(book, x->a, y->a) && acts_alike(book, x->b, y->b);
}

static void acts_add(tk_decider *d, rb_id claims, uint16_t regime)
{
    uint64_t bit = regime == UINT16_MAX ? UINT64_MAX : UINT64_C(1) << regime;
    for (size_t i = 0; i < d->acts_count; i++)
        if (acts_alike(d->book, d->acts[i].claims, claims)) {
            d->acts[i].regimes |= bit;
            return;
        }
    d->acts[d->acts_count++] = (decide_act){claims, bit};
}

/* A rule that replaces another, or stays it, does so whether its own condition holds or not. */
static bool rule_reaches(const tk_rulebook *book, rb_id index)
{
    bool reaches = book->rules[index].is_stay;
    for (rb_id i = 0; i < book->rules_count && !reaches; i++)
        for (size_t r = 0; r < book->rules[i].replaced_by_count; r++)
            reaches |= book->rules[i].replaced_by[r] == index;
    return reaches;
}

size_t tk_decider_acts(const tk_decider *decider)
{
    return decider->acts_count;
}

bool tk_decider_act_matters(const tk_decider *decider, size_t act, size_t regime)
{
    return (decider->acts[act].regimes & decider->book->regimes[regime].reads) != 0;
}

static int act_holds(const tk_rulebook *book, rb_id expr, tk_claim_belief belief, void *ctx)
{
    const rb_claim_expr *c = &book->claim_exprs[expr];
    if (c->op == RB_CLAIM_NAME)
        return belief(ctx, c->claim);
    int a = act_holds(book, c->a, belief, ctx), b = act_holds(book, c->b, belief, ctx);
    int settles = c->op == RB_CLAIM_OR ? 1 : 0; /* one such side is enough */
    if (a == settles || b == settles)
        return settles;
    return a < 0 || b < 0 ? -1 : 1 - settles;
}

int tk_decider_act(const tk_decider *decider, size_t act, tk_claim_belief belief, void *ctx)
{
    return act_holds(decider->book, decider->acts[act].claims, belief, ctx);
}

const uint64_t *tk_decider_named_claims(tk_decider *d, const tk_facts *facts, const tk_setting *setting)
{
    const tk_rulebook *book = d->book;
    eval *e = &d->other;
    memset(d->named, 0, d->book_words * sizeof *d->named);
    d->acts_count = 0;
    memset(d->world_other, 0xff, d->world_words * sizeof *d->world_other);
    eval_begin(e, book, facts, setting, d->world_other, counts_find(d, setting, d->world_other), false);
    e->no_claims = true;
    e->doubtful = d->claims_rules;
    for (rb_id i = 0; i < book->rules_count; i++)
        if ((d->claims_rules[i / 64] >> (i % 64) & 1) != 0
            && counts_act_on(book, &book->rules[i].act, setting, d->world_other))
            e->counted[i / 64] |= UINT64_C(1) << (i % 64);
    for (rb_id i = 0; i < book->rules_count; i++) {
        const rb_rule *rule = &book->rules[i];
        bool idle = !counts_act_on(book, &rule->act, setting, d->world_other)
                    || (rule->when != RB_NONE && eval_node(e, rule->when) == K_FALSE);
        if (rule->act.claims != RB_NONE && (!idle || rule_reaches(book, i)))
            acts_add(d, rule->act.claims, rule->regime);
        if (rule->act.claims != RB_NONE && !idle)
            named_expr(d, rule->act.claims);
        for (size_t r = 0; r < rule->requires_count && !idle; r++) {
            const rb_limit *limit = rule->requires[r].limit == RB_NONE ? NULL : &book->limits[rule->requires[r].limit];
            if (limit == NULL || limit->act.claims == RB_NONE)
                continue;
            named_expr(d, limit->act.claims);
            acts_add(d, limit->act.claims, rule->regime);
            acts_add(d, limit->act.claims, limit->regime);
        }
    }
    return d->named;
}

tk_status tk_decide(tk_decider *decider, const tk_facts *facts, const tk_setting *setting, unsigned flags,
                    const tk_decision **out, tk_err *err)
{
    const tk_rulebook *book = decider->book;
    *out = NULL;
    TK_ASSERT(facts->book == book);
    tk_arena_reset(&decider->arena);
    decider->traces_count = 0;
    decider->decision = (tk_decision){0};
    memset(decider->looked, 0, (book->facts_count + 63) / 64 * sizeof *decider->looked);
    decide_begin(decider, facts, setting);
    tk_status status = decide_setting(decider, setting, decider->world, err);
    if (status != TK_OK)
        return status;
    eval *e = &decider->main;
    eval_begin(e, book, facts, setting, decider->world, counts_find(decider, setting, decider->world), false);
    tk_key_decision *keys = TK_ARENA_ARRAY(&decider->arena, tk_key_decision, book->regimes_count);
    overall_state overall = {.verdict = TK_VERDICT_OPEN};
    size_t count = 0;
    for (size_t i = 0; keys != NULL && i < book->regimes_count; i++) {
        key_state state;
        keys_verdict(e, &book->regimes[i], &state);
        if (state.touched == K_FALSE)
            continue;
        overall.touched = true;
        if (overall.verdict < state.verdict)
            overall.verdict = state.verdict;
        keys_find_missing(e, &book->regimes[i], &state);
        status = reasons_key(decider, e, &book->regimes[i], &state, flags, &keys[count]);
        if (status != TK_OK)
            return tk_err_set(err, status, "out of memory");
        if ((flags & TK_DECIDE_COMPARE) != 0)
            compare_key(decider, facts, setting, &book->regimes[i], &state, &keys[count]);
        count++;
    }
    if (!overall.touched)
        overall.verdict = TK_VERDICT_UNDETERMINED;
    decider->decision.touched = overall.touched;
    decider->decision.verdict = overall.verdict;
    decider->decision.keys = keys;
    decider->decision.keys_count = count;
    if ((flags & TK_DECIDE_WOULD_CHANGE) != 0)
        compare_changes(decider, facts, setting, overall);
    if (decider->arena.failed)
        return tk_err_set(err, TK_ERR_MEMORY, "out of memory");
    *out = &decider->decision;
    return TK_OK;
}

const tk_rule_trace *tk_decider_traces(const tk_decider *decider, size_t *count)
{
    *count = decider->traces_count;
    return decider->traces;
}

const tk_rulebook *tk_decider_rulebook(const tk_decider *decider)
{
    return decider->book;
}

bool tk_decider_looked_at(const tk_decider *decider, size_t slot)
{
    return slot < decider->book->facts_count && (decider->looked[slot / 64] >> (slot % 64) & 1) != 0;
}

bool tk_decider_read(const tk_decider *decider, size_t slot)
{
    return slot < decider->book->facts_count && decider->main.value_done[slot] != 0;
}

/* ---- names ---- */

tk_str tk_verdict_name(tk_verdict verdict)
{
    static const char *const names[TK_VERDICT_COUNT] = {"open",         "conditional", "licence",
                                                        "undetermined", "conflict",    "closed"};
    return tk_str_from(names[verdict]);
}

tk_str tk_verdict_overall_name(tk_verdict verdict)
{
    static const char *const names[TK_VERDICT_COUNT] = {"may-move",     "conditions-open", "authorisation-needed",
                                                        "undetermined", "conflict",        "may-not-move"};
    return tk_str_from(names[verdict]);
}

int tk_verdict_exit_code(tk_verdict verdict)
{
    static const int codes[TK_VERDICT_COUNT] = {0, 3, 3, 5, 5, 4};
    return codes[verdict];
}

tk_str tk_basis_name(tk_basis basis)
{
    static const char *const names[] = {"law", "practice", "reported"};
    return tk_str_from(names[basis]);
}
