/* SPDX-License-Identifier: Apache-2.0 */
/* range.c: between what verdicts a key lies under all sets of claims that can be true together.
 *
 * Not set by set: what a decision can tell of a set is what its facts come to and which named claims it holds. So the
 * claims are gone through in the order of their events, each believed or not, and of all sets that look alike from
 * there on one is kept: of the smallest the one with the smallest ids. A claim that a later one opposes is part of how
 * a set looks until that one is decided. What is left at the end is decided, smallest sets first, until nothing can be
 * worse or better. Exact for any sixteen claims, and mostly for many more; where there are too many looks, the range is
 * marked and its ends are the ends of all verdicts.
 */
#include <stdlib.h>
#include <string.h>

#include "desk/world.h"

enum {
    RANGE_CANDIDATES_MAX = 256,
    RANGE_CHOSEN_WORDS = RANGE_CANDIDATES_MAX / 64,
    RANGE_LOOKS_MAX = 1 << 16, /* all sets of sixteen claims */
    RANGE_REGIMES_MAX = 64
};

typedef struct candidate {
    uint32_t witness, rank; /* rank: its place by id among the candidates */
    bool named;
    tk_date event;
} candidate;

/* One set of candidates, by rank, and what it looks like. */
typedef struct look {
    uint64_t chosen[RANGE_CHOSEN_WORDS];
    uint32_t size;
    uint32_t next; /* in its bucket; UINT32_MAX: the end */
    uint64_t hash;
    tk_claims_fold *folds; /* per fact; also what is compared, with `open` */
    uint64_t open[RANGE_CHOSEN_WORDS]; /* chosen ones that still matter by themselves */
} look;

typedef struct layer {
    look *looks;
    size_t count, size;
    uint32_t *buckets;
    size_t buckets_count; /* a power of two */
    tk_arena arena;
} layer;

typedef struct ranger {
    const desk_worlds *worlds;
    const desk_world *world;
    const tk_setting *setting;
    candidate *candidates; /* by event */
    size_t count;
    uint32_t by_rank[RANGE_CANDIDATES_MAX]; /* rank to witness */
    uint64_t (*against)[RANGE_CHOSEN_WORDS]; /* per rank: ranks it cannot be true beside */
    uint64_t (*later)[RANGE_CHOSEN_WORDS];   /* per rank: those of them that come later by event */
    size_t facts;
} ranger;

static bool bit_in(const uint64_t *bits, uint32_t at)
{
    return (bits[at / 64] >> (at % 64) & 1) != 0;
}

static void bit_put(uint64_t *bits, uint32_t at)
{
    bits[at / 64] |= UINT64_C(1) << (at % 64);
}

/* --- candidates --- */

static bool is_candidate(const ranger *r, uint32_t witness, const uint64_t *named)
{
    const tk_claims_witness *w = &r->world->witnesses[witness];
    if (w->standing == TK_STANDS_SUPERSEDED)
        return false;
    return bit_in(named, r->world->index[witness]) || (w->says_count != 0 && w->event <= r->setting->as_of);
}

/* True when there are few enough. */
static bool ranger_candidates(ranger *r, const uint64_t *named, tk_arena *arena)
{
    size_t total;
    (void)tk_claims_world_witnesses(r->world->claims, &total);
    const uint32_t *order = tk_claims_world_order(r->world->claims);
    uint32_t *ranks = TK_ARENA_ARRAY(arena, uint32_t, total);
    r->candidates = TK_ARENA_ARRAY(arena, candidate, RANGE_CANDIDATES_MAX);
    if (ranks == NULL || r->candidates == NULL)
        return false;
    uint32_t rank = 0;
    for (uint32_t i = 0; i < total; i++) {
        ranks[i] = rank;
        if (!is_candidate(r, i, named))
            continue;
        if (rank == RANGE_CANDIDATES_MAX)
            return false;
        r->by_rank[rank++] = i;
    }
    for (size_t i = 0; i < total; i++)
        if (is_candidate(r, order[i], named))
            r->candidates[r->count++] = (candidate){.witness = order[i],
                                                    .rank = ranks[order[i]],
                                                    .named = bit_in(named, r->world->index[order[i]]),
                                                    .event = r->world->witnesses[order[i]].event};
    return true;
}

static bool ranger_opposed(ranger *r, tk_arena *arena)
{
    uint32_t places[RANGE_CANDIDATES_MAX];
    r->against = tk_arena_get(arena, (r->count + 1) * sizeof *r->against);
    r->later = tk_arena_get(arena, (r->count + 1) * sizeof *r->later);
    if (r->against == NULL || r->later == NULL)
        return false;
    memset(r->against, 0, (r->count + 1) * sizeof *r->against);
    memset(r->later, 0, (r->count + 1) * sizeof *r->later);
    for (uint32_t i = 0; i < r->count; i++)
        places[r->candidates[i].rank] = i;
    for (size_t i = 0; i < r->count; i++) {
        const candidate *c = &r->candidates[i];
        const tk_claims_witness *w = &r->world->witnesses[c->witness];
        for (size_t k = 0; k < w->against_count; k++)
            for (uint32_t other = 0; other < r->count; other++) {
                if (r->by_rank[other] != w->against[k])
                    continue;
                bit_put(r->against[c->rank], other);
                if (i < places[other])
                    bit_put(r->later[c->rank], other);
            }
    }
    return true;
}

/* --- layers --- */

/* Room for twice as many; what was there before stays behind in the arena until the layer begins anew. */
static bool layer_room(layer *l, size_t size)
{
    look *looks = TK_ARENA_ARRAY(&l->arena, look, size);
    uint32_t *buckets = TK_ARENA_ARRAY(&l->arena, uint32_t, size * 2);
    if (looks == NULL || buckets == NULL)
        return false;
    if (l->count != 0)
        memcpy(looks, l->looks, l->count * sizeof *looks);
    memset(buckets, 0xff, size * 2 * sizeof *buckets);
    l->looks = looks;
    l->size = size;
    l->buckets = buckets;
    l->buckets_count = size * 2;
    for (uint32_t i = 0; i < l->count; i++) {
        uint32_t *bucket = &buckets[looks[i].hash & (l->buckets_count - 1)];
        looks[i].next = *bucket;
        *bucket = i;
    }
    return true;
}

static bool layer_begin(layer *l)
{
    l->count = 0;
    tk_arena_reset(&l->arena);
    return layer_room(l, 128);
}

static uint64_t hash_more(uint64_t hash, uint64_t word)
{
    hash = (hash ^ word) * UINT64_C(0xff51afd7ed558ccd);
    return hash ^ hash >> 32;
}

static uint64_t look_hash(const ranger *r, const look *k)
{
    uint64_t hash = 1;
    for (size_t i = 0; i < RANGE_CHOSEN_WORDS; i++)
        hash = hash_more(hash, k->open[i]);
    for (size_t i = 0; i < r->facts; i++) {
        const tk_claims_fold *f = &k->folds[i];
        hash = hash_more(hash, f->words);
        hash = hash_more(hash, (uint64_t)f->since << 3 | (uint64_t)f->said << 2 | (uint64_t)f->broken << 1);
        hash = hash_more(hash, (uint64_t)f->bounds.low);
        hash = hash_more(hash, (uint64_t)f->bounds.high);
    }
    return hash;
}

static bool looks_alike(const ranger *r, const look *a, const look *b)
{
    if (a->hash != b->hash || memcmp(a->open, b->open, sizeof a->open) != 0)
        return false;
    for (size_t i = 0; i < r->facts; i++) {
        const tk_claims_fold *x = &a->folds[i], *y = &b->folds[i];
        if (x->words != y->words || x->since != y->since || x->said != y->said || x->broken != y->broken
            || x->bounds.low != y->bounds.low || x->bounds.high != y->bounds.high)
            return false;
    }
    return true;
}

/* Fewer claims first, then the one that has the smallest id in which the two differ. */
static int look_order(const void *a, const void *b)
{
    const look *x = a, *y = b;
    if (x->size != y->size)
        return x->size < y->size ? -1 : 1;
    for (size_t i = 0; i < RANGE_CHOSEN_WORDS; i++) {
        uint64_t differ = x->chosen[i] ^ y->chosen[i];
        if (differ != 0)
            return (x->chosen[i] & (differ & (~differ + 1))) != 0 ? -1 : 1;
    }
    return 0;
}

/* What nothing that comes can tell apart is made the same: how long ago, once it is another day, is fresh or stale, and
 * stays so. */
static void look_settle(const ranger *r, look *k, tk_date today)
{
    const tk_date settled_stale = TK_DATE_MIN, settled_fresh = TK_DATE_MIN + 1;
    tk_date heard =
        r->setting->as_of < r->setting->known_at ? r->setting->as_of : r->setting->known_at;
    for (size_t i = 0; i < r->facts; i++) {
        tk_claims_fold *f = &k->folds[i];
        int32_t holds = desk_worlds_holds(r->worlds, i);
        if (!f->said || f->since == today || f->since == settled_stale || f->since == settled_fresh)
            continue;
        bool stale = holds != 0 && (int64_t)f->since + holds < heard;
        f->since = stale ? settled_stale : settled_fresh;
    }
}

/* Named claims matter to the end; others while one is still to come that they cannot be true beside. */
static void look_open(const ranger *r, look *k, size_t at)
{
    memset(k->open, 0, sizeof k->open);
    for (size_t i = 0; i <= at && i < r->count; i++) {
        const candidate *c = &r->candidates[i];
        bool pending = false;
        for (size_t later = at + 1; later < r->count && !pending; later++)
            pending = bit_in(r->later[c->rank], r->candidates[later].rank);
        if (bit_in(k->chosen, c->rank) && (c->named || pending))
            bit_put(k->open, c->rank);
    }
}

/* Keeps the look, or the better of two that are alike. False: out of memory. */
static bool layer_add(layer *l, const ranger *r, const look *made)
{
    for (uint32_t at = l->buckets[made->hash & (l->buckets_count - 1)]; at != UINT32_MAX; at = l->looks[at].next)
        if (looks_alike(r, &l->looks[at], made)) {
            if (look_order(made, &l->looks[at]) < 0) {
                memcpy(l->looks[at].chosen, made->chosen, sizeof made->chosen);
                l->looks[at].size = made->size;
            }
            return true;
        }
    if (l->count == l->size && !layer_room(l, l->size * 2))
        return false;
    look *kept = &l->looks[l->count];
    *kept = *made;
    kept->folds = TK_ARENA_ARRAY(&l->arena, tk_claims_fold, r->facts);
    if (kept->folds == NULL)
        return false;
    memcpy(kept->folds, made->folds, r->facts * sizeof *kept->folds);
    uint32_t *bucket = &l->buckets[made->hash & (l->buckets_count - 1)];
    kept->next = *bucket;
    *bucket = (uint32_t)l->count++;
    return true;
}

/* Every look without and with one more candidate. */
static bool layer_step(layer *to, const layer *from, const ranger *r, size_t at, tk_claims_fold *folds)
{
    const candidate *c = &r->candidates[at];
    if (!layer_begin(to))
        return false;
    for (size_t i = 0; i < from->count && to->count <= RANGE_LOOKS_MAX; i++)
        for (int with = 0; with < 2; with++) {
            look made = from->looks[i];
            bool opposed = false;
            for (size_t w = 0; w < RANGE_CHOSEN_WORDS; w++)
                opposed |= (made.chosen[w] & r->against[c->rank][w]) != 0;
            if (with == 1 && opposed)
                continue;
            made.folds = folds;
            memcpy(folds, from->looks[i].folds, r->facts * sizeof *folds);
            look_settle(r, &made, c->event);
            if (with == 1) {
                bit_put(made.chosen, c->rank);
                made.size++;
                if (c->event <= r->setting->as_of)
                    tk_claims_fold_witness(r->world->claims, c->witness, folds);
            }
            look_open(r, &made, at);
            made.hash = look_hash(r, &made);
            if (!layer_add(to, r, &made))
                return false;
        }
    return true;
}

/* *enough false: there are too many looks. */
static tk_status ranger_looks(const ranger *r, layer layers[2], layer **last, bool *enough, tk_err *err)
{
    tk_claims_fold folds[TK_CLAIMS_FACTS_MAX];
    bool good = layer_begin(&layers[0]);
    *enough = true;
    *last = &layers[0];
    if (good) {
        look nothing = {.folds = folds};
        for (size_t i = 0; i < r->facts; i++)
            folds[i] = TK_CLAIMS_FOLD_NONE;
        good = layer_add(&layers[0], r, &nothing);
    }
    for (size_t at = 0; good && *enough && at < r->count; at++) {
        layer *to = *last == &layers[0] ? &layers[1] : &layers[0];
        good = layer_step(to, *last, r, at, folds);
        *last = to;
        *enough = to->count <= RANGE_LOOKS_MAX;
    }
    return good ? TK_OK : tk_err_set(err, TK_ERR_MEMORY, "out of memory for the worlds of an order");
}

/* --- verdicts --- */

typedef struct extremes {
    tk_verdict worst[RANGE_REGIMES_MAX + 1], best[RANGE_REGIMES_MAX + 1]; /* the last: of all keys together */
    const look *worst_look[RANGE_REGIMES_MAX + 1], *best_look[RANGE_REGIMES_MAX + 1];
    size_t regimes;
} extremes;

static size_t look_claims(const ranger *r, const look *k, uint32_t *claims)
{
    size_t count = 0;
    for (uint32_t rank = 0; rank < r->count; rank++)
        if (bit_in(k->chosen, rank))
            claims[count++] = r->world->index[r->by_rank[rank]];
    return count;
}

static tk_verdict overall_of(const tk_verdict *verdicts, size_t count)
{
    tk_verdict worst = TK_VERDICT_COUNT;
    for (size_t i = 0; i < count; i++)
        if (verdicts[i] != TK_VERDICT_COUNT && (worst == TK_VERDICT_COUNT || worst < verdicts[i]))
            worst = verdicts[i];
    return worst == TK_VERDICT_COUNT ? TK_VERDICT_UNDETERMINED : worst;
}

static void extremes_offer(extremes *x, const look *k, tk_verdict *verdicts)
{
    verdicts[x->regimes] = overall_of(verdicts, x->regimes);
    for (size_t i = 0; i <= x->regimes; i++) {
        if (verdicts[i] == TK_VERDICT_COUNT)
            continue;
        if (x->worst_look[i] == NULL || x->worst[i] < verdicts[i]) {
            x->worst[i] = verdicts[i];
            x->worst_look[i] = k;
        }
        if (x->best_look[i] == NULL || verdicts[i] < x->best[i]) {
            x->best[i] = verdicts[i];
            x->best_look[i] = k;
        }
    }
}

/* Nothing is worse than closed; and nothing that rests on reports is better than what waits for the paper, unless that
 * is held. */
static bool extremes_reached(const extremes *x, const tk_verdict *law, bool paper_held)
{
    for (size_t i = 0; i <= x->regimes; i++) {
        if (i == x->regimes && x->worst_look[i] == NULL)
            return false; /* nothing was decided yet */
        if (x->worst_look[i] == NULL)
            continue;
        tk_verdict best = paper_held ? TK_VERDICT_OPEN : TK_VERDICT_CONDITIONAL;
        if (law[i] < best)
            best = law[i];
        if (x->worst[i] != TK_VERDICT_CLOSED || best < x->best[i])
            return false;
    }
    return true;
}

static tk_world_bound bound_of(const ranger *r, const tk_rulebook *book, tk_verdict verdict, const look *k,
                               tk_arena *arena)
{
    uint32_t claims[RANGE_CANDIDATES_MAX];
    tk_world_bound bound = {.verdict = verdict, .claims_count = k == NULL ? 0 : look_claims(r, k, claims)};
    tk_str *ids = TK_ARENA_ARRAY(arena, tk_str, bound.claims_count);
    for (size_t i = 0; ids != NULL && i < bound.claims_count; i++)
        ids[i] = tk_rulebook_claim(book, claims[i]);
    bound.claims = ids;
    return bound;
}

static const uint32_t *claims_of(const ranger *r, const look *k, tk_arena *arena, size_t *count)
{
    uint32_t *claims = TK_ARENA_ARRAY(arena, uint32_t, RANGE_CANDIDATES_MAX);
    *count = claims == NULL || k == NULL ? 0 : look_claims(r, k, claims);
    return claims;
}

static tk_status verdicts_of(tk_decider *decider, const tk_facts *facts, const tk_setting *setting,
                             const uint32_t *claims, size_t count, size_t regimes, tk_verdict *verdicts, tk_err *err)
{
    tk_setting asked = *setting;
    asked.claims = claims;
    asked.claims_count = count;
    tk_status status = tk_decide_verdicts(decider, facts, &asked, verdicts, err);
    verdicts[regimes] = overall_of(verdicts, regimes);
    return status;
}

static tk_status ranger_decide(const ranger *r, layer *last, tk_decider *decider, const tk_facts *facts,
                               const tk_verdict *law, bool paper_held, extremes *x, tk_err *err)
{
    tk_verdict verdicts[RANGE_REGIMES_MAX + 1];
    uint32_t claims[RANGE_CANDIDATES_MAX];
    tk_status status = TK_OK;
    if (last->count != 0)
        qsort(last->looks, last->count, sizeof(look), look_order);
    for (size_t i = 0; status == TK_OK && i < last->count && !extremes_reached(x, law, paper_held); i++) {
        size_t count = look_claims(r, &last->looks[i], claims);
        status = verdicts_of(decider, facts, r->setting, claims, count, x->regimes, verdicts, err);
        extremes_offer(x, &last->looks[i], verdicts);
    }
    return status;
}

/* A world for all keys at once: for each the smallest set that is worst (or best) for it, together; where these oppose
 * each other, or do not give that together, the set that is worst (best) for the verdict of all. */
static const uint32_t *world_of_all(const ranger *r, const extremes *x, bool worst, tk_decider *decider,
                                    const tk_facts *facts, tk_arena *arena, size_t *count, tk_status *status,
                                    tk_err *err)
{
    look all = {.size = 0};
    tk_verdict verdicts[RANGE_REGIMES_MAX + 1];
    for (size_t i = 0; i < x->regimes; i++) {
        const look *k = worst ? x->worst_look[i] : x->best_look[i];
        for (size_t w = 0; w < RANGE_CHOSEN_WORDS && k != NULL; w++)
            all.chosen[w] |= k->chosen[w];
    }
    bool fits = true;
    for (uint32_t rank = 0; rank < r->count; rank++)
        for (size_t w = 0; w < RANGE_CHOSEN_WORDS && bit_in(all.chosen, rank); w++)
            fits &= (r->against[rank][w] & all.chosen[w]) == 0;
    const uint32_t *claims = claims_of(r, &all, arena, count);
    if (claims == NULL)
        return NULL;
    if (fits) {
        *status = verdicts_of(decider, facts, r->setting, claims, *count, x->regimes, verdicts, err);
        for (size_t i = 0; i < x->regimes; i++)
            fits &= verdicts[i] == TK_VERDICT_COUNT || verdicts[i] == (worst ? x->worst[i] : x->best[i]);
    }
    return fits ? claims
                : claims_of(r, worst ? x->worst_look[x->regimes] : x->best_look[x->regimes], arena, count);
}

static bool range_keys(const ranger *r, const tk_rulebook *book, const extremes *x, const tk_verdict *law,
                       const tk_verdict *prevailing, bool exact, tk_arena *arena, desk_range *out)
{
    out->keys = TK_ARENA_ARRAY(arena, tk_world_range, x->regimes);
    if (out->keys == NULL)
        return false;
    for (size_t i = 0; i < x->regimes; i++) {
        if (law[i] == TK_VERDICT_COUNT && prevailing[i] == TK_VERDICT_COUNT)
            continue;
        tk_world_range *key = &out->keys[out->keys_count++];
        *key = (tk_world_range){.regime = tk_rulebook_regime(book, i).id, .law = law[i], .bound = !exact};
        key->prevailing.verdict = prevailing[i];
        key->worst.verdict = TK_VERDICT_CLOSED;
        key->best.verdict = TK_VERDICT_OPEN;
        if (exact) {
            key->worst = bound_of(r, book, x->worst[i], x->worst_look[i], arena);
            key->best = bound_of(r, book, x->best[i], x->best_look[i], arena);
        }
    }
    return true;
}

tk_status desk_range_find(const desk_worlds *worlds, const desk_world *world, tk_decider *decider,
                          const tk_facts *facts, const tk_setting *setting, bool paper_held, tk_arena *arena,
                          desk_range *out, tk_err *err)
{
    const tk_rulebook *book = tk_decider_rulebook(decider);
    ranger r = {.worlds = worlds, .world = world, .setting = setting, .facts = desk_worlds_facts(worlds)};
    extremes x = {.regimes = tk_rulebook_regime_count(book)};
    tk_verdict law[RANGE_REGIMES_MAX + 1], prevailing[RANGE_REGIMES_MAX + 1];
    layer layers[2] = {{0}, {0}}, *last = &layers[0];
    tk_arena_init(&layers[0].arena, (size_t)64 * 1024, 0);
    tk_arena_init(&layers[1].arena, (size_t)64 * 1024, 0);
    *out = (desk_range){0};
    if (RANGE_REGIMES_MAX < x.regimes)
        return tk_err_set(err, TK_ERR_LIMIT, "more than %d regimes", RANGE_REGIMES_MAX);
    const uint64_t *named = tk_decider_named_claims(decider, facts, setting);
    out->exact = ranger_candidates(&r, named, arena) && ranger_opposed(&r, arena);
    tk_status status = verdicts_of(decider, facts, setting, NULL, 0, x.regimes, law, err);
    if (status == TK_OK)
        status = verdicts_of(decider, facts, setting, world->prevailing, world->prevailing_count, x.regimes,
                             prevailing, err);
    if (status == TK_OK && out->exact)
        status = ranger_looks(&r, layers, &last, &out->exact, err);
    if (status == TK_OK && out->exact)
        status = ranger_decide(&r, last, decider, facts, law, paper_held, &x, err);
    if (status == TK_OK && !range_keys(&r, book, &x, law, prevailing, out->exact, arena, out))
        status = tk_err_set(err, TK_ERR_MEMORY, "out of memory for the worlds of an order");
    if (status == TK_OK && out->exact) {
        out->worst = world_of_all(&r, &x, true, decider, facts, arena, &out->worst_count, &status, err);
        if (status == TK_OK)
            out->best = world_of_all(&r, &x, false, decider, facts, arena, &out->best_count, &status, err);
    }
    tk_arena_fini(&layers[0].arena);
    tk_arena_fini(&layers[1].arena);
    return status == TK_OK && arena->failed
               ? tk_err_set(err, TK_ERR_MEMORY, "out of memory for the worlds of an order")
               : status;
}
