/* SPDX-License-Identifier: Apache-2.0 */
/* range.c: between what verdicts a key lies under all sets of claims that can be true together.
 *
 * Not set by set: what a decision can tell of a set is what its facts come to and which acts its claims report. So the
 * claims are gone through in the order of their events, each believed or not, and of all sets that look alike from
 * there on one is kept: of the smallest the one with the smallest ids. A claim is part of how a set looks only as long
 * as one is to come that it opposes, or an act that it reports hangs on others. What is left at the end is decided,
 * smallest sets first, until nothing can be worse or better. Most often single claims settle both ends, so these are
 * tried before all that. Exact for any sixteen claims, and mostly for many more; where there are too many looks, the
 * range is marked and its ends are those of all verdicts. Each key has its own claims: those that its rules name or
 * hear. What the question believes is part of every set, and what cannot be true beside it of none; a smallest set is
 * counted without it.
 */
#include <stdlib.h>
#include <string.h>

#include "desk/world.h"

enum {
    RANGE_CANDIDATES_MAX = 256,
    RANGE_CHOSEN_WORDS = RANGE_CANDIDATES_MAX / 64,
    RANGE_LOOKS_MAX = 1 << 16, /* all sets of sixteen claims */
    RANGE_ACTS_MAX = 64,       /* more of them are told apart by their claims */
    RANGE_SMALL = 1            /* sets of so many claims are tried before anything else */
};

/* In place of the day on which something was said last, once no claim of that day is still to come. */
static const tk_date RANGE_STALE = TK_DATE_MIN, RANGE_FRESH = TK_DATE_MIN + 1;

typedef struct candidate {
    uint32_t witness, rank; /* rank: its place by id among the candidates */
    bool named; /* by an act of this transaction */
    bool held;  /* believed in every world */
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
    uint64_t acts, settled; /* those that are reported; those of which it is known */
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
    tk_decider *decider;
    const tk_facts *transaction;
    const tk_setting *setting;
    const uint32_t *believed; /* in every world */
    size_t believed_count;
    uint32_t *both; /* room for these, and for what a world adds */
    const uint64_t *held; /* witnesses among the believed */
    size_t regime; /* the number of regimes: all keys together */
    tk_verdict floor, ceiling; /* no set is better, none worse: once both were met, the search ends */
    candidate *candidates; /* by event */
    size_t count;
    uint32_t by_rank[RANGE_CANDIDATES_MAX]; /* rank to witness */
    uint64_t (*against)[RANGE_CHOSEN_WORDS]; /* per rank: ranks it cannot be true beside */
    size_t chosen_words; /* of these, and of what is chosen, that are in use */
    size_t acts[RANGE_ACTS_MAX]; /* of the decider */
    size_t acts_count;
    uint64_t (*reports)[RANGE_CHOSEN_WORDS]; /* per act: the ranks that report it */
    uint64_t apart[RANGE_CHOSEN_WORDS]; /* ranks that report more acts than these */
    uint32_t *claim_rank; /* per claim that the rulebook knows; UINT32_MAX: no candidate */
    uint32_t place[RANGE_CANDIDATES_MAX]; /* rank to place by event */
    size_t facts;
    size_t used[TK_CLAIMS_FACTS_MAX], used_count; /* facts that any candidate speaks of */
    size_t last[TK_CLAIMS_FACTS_MAX];    /* per fact: the last candidate that says something of it */
    uint64_t words[TK_CLAIMS_FACTS_MAX]; /* per fact: those that the rulebook has */
} ranger;

#define RANGE_TOO_MANY                                                                                               \
    "too many claims speak of this order to find the %s of all worlds; ask under --world prevailing, which shows"    \
    " between what the answers lie"

static tk_status range_memory(tk_err *err)
{
    return tk_err_set(err, TK_ERR_MEMORY, "out of memory for the worlds of an order");
}

static bool ranger_of(const desk_range_ask *ask, tk_arena *arena, ranger *r)
{
    *r = (ranger){.worlds = ask->worlds, .world = ask->world, .decider = ask->decider, .transaction = ask->facts,
                  .setting = ask->setting, .facts = desk_worlds_facts(ask->worlds),
                  .believed = ask->believed, .believed_count = ask->believed_count};
    size_t most = ask->world->count < RANGE_CANDIDATES_MAX ? RANGE_CANDIDATES_MAX : ask->world->count;
    uint64_t *held = TK_ARENA_ARRAY(arena, uint64_t, ask->world->bits_words);
    r->both = TK_ARENA_ARRAY(arena, uint32_t, most + ask->believed_count);
    r->held = held;
    if (held == NULL || r->both == NULL)
        return false;
    desk_world_bits(ask->world, ask->believed, ask->believed_count, held);
    return true;
}

static bool bit_in(const uint64_t *bits, uint32_t at)
{
    return (bits[at / 64] >> (at % 64) & 1) != 0;
}

static void bit_put(uint64_t *bits, uint32_t at)
{
    bits[at / 64] |= UINT64_C(1) << (at % 64);
}

/* --- candidates --- */

/* Rules name no claims but those that the rulebook knows. */
static bool claim_named(const desk_world *world, const uint64_t *named, uint32_t claim)
{
    return claim < world->first && bit_in(named, claim);
}

/* Is there something believed in every world that it cannot be true beside? */
static bool is_denied(const ranger *r, uint32_t witness)
{
    for (size_t word = 0; word < r->world->bits_words; word++)
        for (uint64_t rest = r->held[word]; rest != 0; rest &= rest - 1) {
            uint32_t held = (uint32_t)(word * 64) + (uint32_t)__builtin_ctzll(rest);
            if (tk_claims_world_oppose(r->world->claims, witness, held))
                return true;
        }
    return false;
}

static bool is_candidate(const ranger *r, uint32_t witness, const uint64_t *named)
{
    const tk_claims_witness *w = &r->world->witnesses[witness];
    size_t regimes = tk_rulebook_regime_count(tk_decider_rulebook(r->decider));
    bool matters = false;
    for (size_t i = 0; i < regimes; i++)
        matters |= (r->regime == i || r->regime == regimes)
                   && tk_decider_claim_matters(r->decider, r->world->index[witness], i);
    if (!matters || (!bit_in(r->held, witness) && (w->standing == TK_STANDS_SUPERSEDED || is_denied(r, witness))))
        return false;
    return claim_named(r->world, named, r->world->index[witness])
           || (w->says_count != 0 && w->event <= r->setting->as_of);
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
                                                    .named = claim_named(r->world, named, r->world->index[order[i]]),
                                                    .held = bit_in(r->held, order[i]),
                                                    .event = r->world->witnesses[order[i]].event};
    return true;
}

static void ranger_facts(ranger *r)
{
    for (size_t i = 0; i < r->count; i++) {
        const tk_claims_witness *w = &r->world->witnesses[r->candidates[i].witness];
        for (size_t k = 0; k < w->says_count; k++)
            r->last[w->says[k].fact] = i;
    }
    bool spoken[TK_CLAIMS_FACTS_MAX] = {false};
    for (size_t i = 0; i < r->count; i++)
        for (size_t k = 0; k < r->world->witnesses[r->candidates[i].witness].says_count; k++)
            spoken[r->world->witnesses[r->candidates[i].witness].says[k].fact] = true;
    for (size_t fact = 0; fact < r->facts; fact++) {
        size_t count;
        if (spoken[fact])
            r->used[r->used_count++] = fact;
        (void)tk_claims_world_words(r->world->claims, fact, &count);
        for (size_t i = 0; i < count; i++)
            r->words[fact] |= r->world->words[fact][i] == UINT8_MAX ? 0 : UINT64_C(1) << i;
    }
}

static bool ranger_opposed(ranger *r, tk_arena *arena)
{
    r->against = tk_arena_get(arena, (r->count + 1) * sizeof *r->against);
    if (r->against == NULL)
        return false;
    memset(r->against, 0, (r->count + 1) * sizeof *r->against);
    r->chosen_words = (r->count + 63) / 64;
    for (uint32_t rank = 1; rank < r->count; rank++)
        for (uint32_t other = 0; other < rank; other++) {
            if (!tk_claims_world_oppose(r->world->claims, r->by_rank[rank], r->by_rank[other]))
                continue;
            bit_put(r->against[rank], other);
            bit_put(r->against[other], rank);
        }
    return true;
}

/* --- acts that are reported --- */

typedef struct act_asked {
    const ranger *r;
    const look *k;
    size_t at; /* the first candidates up to it are decided */
    uint64_t *reports; /* or NULL: filled in instead */
} act_asked;

static int act_belief(void *ctx, size_t claim)
{
    const act_asked *asked = ctx;
    uint32_t rank = asked->r->claim_rank[claim];
    if (rank == UINT32_MAX)
        return 0;
    if (asked->reports != NULL) {
        bit_put(asked->reports, rank);
        return -1;
    }
    if (asked->at < asked->r->place[rank])
        return -1;
    return bit_in(asked->k->chosen, rank) ? 1 : 0;
}

static bool ranger_acts(ranger *r, tk_arena *arena)
{
    size_t claims = tk_rulebook_claim_count(tk_decider_rulebook(r->decider));
    size_t regimes = tk_rulebook_regime_count(tk_decider_rulebook(r->decider)), all = tk_decider_acts(r->decider);
    r->claim_rank = TK_ARENA_ARRAY(arena, uint32_t, claims);
    r->reports = tk_arena_get(arena, (all + 1) * sizeof *r->reports);
    if (r->claim_rank == NULL || r->reports == NULL)
        return false;
    memset(r->claim_rank, 0xff, claims * sizeof *r->claim_rank);
    for (uint32_t i = 0; i < r->count; i++) {
        const candidate *c = &r->candidates[i];
        r->place[c->rank] = i;
        if (r->world->index[c->witness] < r->world->first)
            r->claim_rank[r->world->index[c->witness]] = c->rank;
    }
    for (size_t act = 0; act < all; act++) {
        uint64_t reports[RANGE_CHOSEN_WORDS] = {0}, any = 0;
        act_asked asked = {.r = r, .reports = reports};
        if (r->regime != regimes && !tk_decider_act_matters(r->decider, act, r->regime))
            continue;
        (void)tk_decider_act(r->decider, act, act_belief, &asked);
        for (size_t w = 0; w < RANGE_CHOSEN_WORDS; w++) {
            any |= reports[w];
            r->apart[w] |= r->acts_count == RANGE_ACTS_MAX ? reports[w] : 0;
        }
        if (any == 0 || r->acts_count == RANGE_ACTS_MAX)
            continue;
        memcpy(r->reports[r->acts_count], reports, sizeof reports);
        r->acts[r->acts_count++] = act;
    }
    return true;
}

/* The candidate is decided: what of the acts that it reports? */
static void look_report(const ranger *r, look *k, size_t at)
{
    act_asked asked = {.r = r, .k = k, .at = at};
    for (size_t i = 0; i < r->acts_count; i++) {
        if (!bit_in(r->reports[i], r->candidates[at].rank) || (k->settled >> i & 1) != 0)
            continue;
        int holds = tk_decider_act(r->decider, r->acts[i], act_belief, &asked);
        k->settled |= holds < 0 ? 0 : UINT64_C(1) << i;
        k->acts |= holds == 1 ? UINT64_C(1) << i : 0;
    }
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

static void layers_init(layer layers[2])
{
    for (size_t i = 0; i < 2; i++)
        tk_arena_init(&layers[i].arena, (size_t)64 * 1024, 0);
}

static void layers_fini(layer layers[2])
{
    for (size_t i = 0; i < 2; i++)
        tk_arena_fini(&layers[i].arena);
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
    for (size_t i = 0; i < r->chosen_words; i++)
        hash = hash_more(hash, k->open[i]);
    hash = hash_more(hash, k->acts);
    for (size_t i = 0; i < r->used_count; i++) {
        const tk_claims_fold *f = &k->folds[r->used[i]];
        hash = hash_more(hash, f->words);
        hash = hash_more(hash, (uint64_t)f->since << 3 | (uint64_t)f->said << 2 | (uint64_t)f->broken << 1);
        if (f->kind == TK_KIND_MEASURE)
            hash = hash_more(hash_more(hash, (uint64_t)f->bounds.low), (uint64_t)f->bounds.high);
    }
    return hash;
}

static bool looks_alike(const ranger *r, const look *a, const look *b)
{
    if (a->hash != b->hash || a->acts != b->acts || memcmp(a->open, b->open, sizeof a->open) != 0)
        return false;
    for (size_t i = 0; i < r->used_count; i++) {
        const tk_claims_fold *x = &a->folds[r->used[i]], *y = &b->folds[r->used[i]];
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

/* What nothing that comes can tell apart is made the same: how long ago, once it is another day, is fresh or stale; a
 * state or a number that settles nothing is any other such; of what nobody speaks any more only the value counts. */
static void fold_settle(const ranger *r, size_t fact, bool last, tk_claims_fold *f)
{
    tk_date heard = r->setting->as_of < r->setting->known_at ? r->setting->as_of : r->setting->known_at;
    int32_t holds = desk_worlds_holds(r->worlds, fact);
    bool stale = f->since == RANGE_STALE
                 || (f->since != RANGE_FRESH && holds != 0 && (int64_t)f->since + holds < heard);
    bool void_word = f->kind == TK_KIND_STATE && (f->words & ~r->words[fact]) != 0;
    f->since = stale ? RANGE_STALE : RANGE_FRESH;
    if (last)
        f->words &= r->words[fact];
    if ((last || f->kind != TK_KIND_STAGE) && (stale || f->broken || void_word))
        *f = (tk_claims_fold){.kind = f->kind, .said = true, .broken = true, .since = RANGE_STALE};
}

static void look_settle(const ranger *r, look *k, size_t at)
{
    for (size_t i = 0; i < r->used_count; i++) {
        size_t fact = r->used[i];
        if (k->folds[fact].said && k->folds[fact].since != r->candidates[at].event)
            fold_settle(r, fact, r->last[fact] < at, &k->folds[fact]);
    }
}

/* Ranks that one of the candidates behind `at` cannot be true beside, and those that are told apart to the end. */
static void ranger_open(const ranger *r, size_t at, uint64_t *open)
{
    memcpy(open, r->apart, sizeof r->apart);
    for (size_t later = at + 1; later < r->count; later++)
        for (size_t w = 0; w < r->chosen_words; w++)
            open[w] |= r->against[r->candidates[later].rank][w];
}

/* Which of the chosen ones still matter by themselves. Of two looks with the same ones and the same acts an act that is
 * not reported yet can be reported in both or in neither: acts hang on what is believed, never on what is not. */
static void look_open(const ranger *r, const uint64_t *open, look *k)
{
    uint64_t hang[RANGE_CHOSEN_WORDS];
    memcpy(hang, open, sizeof hang);
    for (size_t i = 0; i < r->acts_count; i++)
        for (size_t w = 0; w < r->chosen_words && (k->settled >> i & 1) == 0; w++)
            hang[w] |= r->reports[i][w];
    for (size_t w = 0; w < r->chosen_words; w++)
        k->open[w] = k->chosen[w] & hang[w];
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
    uint64_t open[RANGE_CHOSEN_WORDS];
    ranger_open(r, at, open);
    if (!layer_begin(to))
        return false;
    for (size_t i = 0; i < from->count && to->count <= RANGE_LOOKS_MAX; i++)
        for (int with = c->held ? 1 : 0; with < 2; with++) {
            look made = from->looks[i];
            bool opposed = false;
            for (size_t w = 0; w < r->chosen_words; w++)
                opposed |= (made.chosen[w] & r->against[c->rank][w]) != 0;
            if (with == 1 && opposed && !c->held) /* of two that are held both are in, whatever they say */
                continue;
            made.folds = folds;
            memcpy(folds, from->looks[i].folds, r->facts * sizeof *folds);
            look_settle(r, &made, at);
            if (with == 1) {
                bit_put(made.chosen, c->rank);
                made.size += c->held ? 0 : 1;
                if (c->event <= r->setting->as_of)
                    tk_claims_fold_witness(r->world->claims, c->witness, folds);
            }
            look_report(r, &made, at);
            look_open(r, open, &made);
            made.hash = look_hash(r, &made);
            if (!layer_add(to, r, &made))
                return false;
        }
    return true;
}

/* All is decided: what stood out for the sake of what was still to come is the same now. */
static bool layer_end(layer *to, const layer *from, const ranger *r, tk_claims_fold *folds)
{
    if (!layer_begin(to))
        return false;
    for (size_t i = 0; i < from->count; i++) {
        look made = from->looks[i];
        made.folds = folds;
        memcpy(folds, from->looks[i].folds, r->facts * sizeof *folds);
        for (size_t k = 0; k < r->used_count; k++)
            if (folds[r->used[k]].said)
                fold_settle(r, r->used[k], true, &folds[r->used[k]]);
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
    if (good && *enough) {
        layer *to = *last == &layers[0] ? &layers[1] : &layers[0];
        good = layer_end(to, *last, r, folds);
        *last = to;
    }
    return good ? TK_OK : tk_err_set(err, TK_ERR_MEMORY, "out of memory for the worlds of an order");
}

/* --- verdicts --- */

typedef struct extremes {
    bool any;
    tk_verdict worst, best;
    look worst_look, best_look;
} extremes;

static size_t look_claims(const ranger *r, const look *k, uint32_t *claims)
{
    size_t count = 0;
    for (uint32_t rank = 0; rank < r->count; rank++)
        if (bit_in(k->chosen, rank) && !bit_in(r->held, r->by_rank[rank]))
            claims[count++] = r->world->index[r->by_rank[rank]];
    return count;
}

static tk_status verdict_of(const ranger *r, size_t regime, const uint32_t *claims, size_t count, tk_verdict *verdict,
                            tk_err *err)
{
    tk_setting asked = *r->setting;
    asked.claims = claims;
    asked.claims_count = count;
    if (r->believed_count != 0) {
        memcpy(r->both, r->believed, r->believed_count * sizeof *r->both);
        if (count != 0)
            memcpy(r->both + r->believed_count, claims, count * sizeof *r->both);
        asked.claims = r->both;
        asked.claims_count += r->believed_count;
    }
    return tk_decide_key(r->decider, r->transaction, &asked, regime, verdict, err);
}

/* Of the key that is sought for, or the worst of all. */
static tk_status verdict_sought(const ranger *r, const uint32_t *claims, size_t count, tk_verdict *verdict, tk_err *err)
{
    size_t regimes = tk_rulebook_regime_count(tk_decider_rulebook(r->decider));
    tk_status status = TK_OK;
    *verdict = TK_VERDICT_COUNT;
    if (r->regime < regimes)
        return verdict_of(r, r->regime, claims, count, verdict, err);
    for (size_t i = 0; status == TK_OK && i < regimes; i++) {
        tk_verdict of_key = TK_VERDICT_COUNT;
        status = verdict_of(r, i, claims, count, &of_key, err);
        if (of_key != TK_VERDICT_COUNT && (*verdict == TK_VERDICT_COUNT || *verdict < of_key))
            *verdict = of_key;
    }
    return status;
}

/* Looks are offered smallest first, so the first of a verdict is the smallest. */
static tk_status extremes_offer(extremes *x, const ranger *r, const look *k, tk_err *err)
{
    uint32_t claims[RANGE_CANDIDATES_MAX];
    tk_verdict verdict = TK_VERDICT_COUNT;
    size_t count = look_claims(r, k, claims);
    tk_status status = verdict_sought(r, claims, count, &verdict, err);
    if (status != TK_OK || verdict == TK_VERDICT_COUNT)
        return status;
    if (!x->any || x->worst < verdict) {
        x->worst = verdict;
        x->worst_look = *k;
    }
    if (!x->any || verdict < x->best) {
        x->best = verdict;
        x->best_look = *k;
    }
    x->any = true;
    return TK_OK;
}

static bool extremes_reached(const extremes *x, const ranger *r)
{
    return x->any && r->ceiling <= x->worst && x->best <= r->floor;
}

/* Nothing, then each claim alone: both ends are mostly found among these. */
static tk_status ranger_small(const ranger *r, extremes *x, tk_err *err)
{
    look k = {.size = 0};
    tk_status status = extremes_offer(x, r, &k, err);
    for (uint32_t rank = 0; status == TK_OK && rank < r->count && !extremes_reached(x, r); rank++) {
        if (bit_in(r->held, r->by_rank[rank]))
            continue;
        k = (look){.size = 1};
        bit_put(k.chosen, rank);
        status = extremes_offer(x, r, &k, err);
    }
    return status;
}

static tk_status ranger_decide(const ranger *r, layer *last, extremes *x, tk_err *err)
{
    tk_status status = TK_OK;
    if (last->count != 0)
        qsort(last->looks, last->count, sizeof(look), look_order);
    for (size_t i = 0; status == TK_OK && i < last->count && !extremes_reached(x, r); i++)
        if (RANGE_SMALL < last->looks[i].size)
            status = extremes_offer(x, r, &last->looks[i], err);
    return status;
}

static tk_world_bound bound_of(const ranger *r, tk_verdict verdict, const look *k, tk_arena *arena)
{
    uint32_t claims[RANGE_CANDIDATES_MAX];
    tk_world_bound bound = {.verdict = verdict, .claims_count = look_claims(r, k, claims)};
    tk_str *ids = TK_ARENA_ARRAY(arena, tk_str, bound.claims_count);
    for (size_t i = 0; ids != NULL && i < bound.claims_count; i++)
        ids[i] = desk_world_id(r->world, tk_decider_rulebook(r->decider), claims[i]);
    bound.claims = ids;
    return bound;
}

/* The ends of what is sought for, with the smallest sets that give them; *exact false: there are too many sets. */
static tk_status ranger_search(ranger *r, layer layers[2], extremes *x, bool *exact, tk_arena *arena, tk_err *err)
{
    const uint64_t *named = tk_decider_named_claims(r->decider, r->transaction, r->setting);
    layer *last;
    *x = (extremes){.any = false};
    *exact = ranger_candidates(r, named, arena);
    if (!*exact)
        return arena->failed ? range_memory(err) : TK_OK;
    if (!ranger_opposed(r, arena) || !ranger_acts(r, arena))
        return range_memory(err);
    ranger_facts(r);
    tk_status status = ranger_small(r, x, err);
    if (status != TK_OK || extremes_reached(x, r))
        return status;
    status = ranger_looks(r, layers, &last, exact, err);
    return status == TK_OK && *exact ? ranger_decide(r, last, x, err) : status;
}

/* Law alone gives this, and the paper allows that: no report gives better than the better of the two. */
static tk_status range_floor(ranger *r, bool paper_held, tk_err *err)
{
    tk_setting asked = *r->setting;
    tk_verdict law = TK_VERDICT_COUNT;
    asked.claims = NULL;
    asked.claims_count = 0;
    tk_status status = tk_decide_key(r->decider, r->transaction, &asked, r->regime, &law, err);
    r->floor = paper_held ? TK_VERDICT_OPEN : TK_VERDICT_CONDITIONAL;
    r->floor = law < r->floor ? law : r->floor;
    r->ceiling = TK_VERDICT_CLOSED;
    return status;
}

/* One key: its ends, and the sets that give them added to those of the world. A key that no set touches is none. */
static tk_status range_key(ranger *r, layer layers[2], bool paper_held, tk_arena *arena, desk_range *out, tk_err *err)
{
    tk_world_range *key = &out->keys[out->keys_count];
    extremes x = {.any = false};
    bool exact = true;
    *key = (tk_world_range){.regime = tk_rulebook_regime(tk_decider_rulebook(r->decider), r->regime).id};
    tk_status status = range_floor(r, paper_held, err);
    if (status == TK_OK)
        status = verdict_of(r, r->regime, NULL, 0, &key->law, err);
    if (status == TK_OK)
        status = verdict_of(r, r->regime, r->world->prevailing, r->world->prevailing_count, &key->prevailing.verdict,
                            err);
    if (status == TK_OK)
        status = ranger_search(r, layers, &x, &exact, arena, err);
    if (status != TK_OK || (exact && !x.any))
        return status;
    out->keys_count++;
    out->exact &= exact;
    key->bound = !exact;
    key->worst.verdict = TK_VERDICT_CLOSED;
    key->best.verdict = TK_VERDICT_OPEN;
    if (!exact)
        return status;
    key->worst = bound_of(r, x.worst, &x.worst_look, arena);
    key->best = bound_of(r, x.best, &x.best_look, arena);
    for (uint32_t rank = 0; rank < r->count; rank++) {
        if (bit_in(x.worst_look.chosen, rank))
            bit_put(out->worst, r->by_rank[rank]);
        if (bit_in(x.best_look.chosen, rank))
            bit_put(out->best, r->by_rank[rank]);
    }
    return TK_OK;
}

/* --- one world for all keys --- */

static bool witnesses_fit(const desk_world *world, const uint64_t *witnesses)
{
    for (uint32_t i = 0; i < world->count; i++)
        for (uint32_t k = 0; k < i && bit_in(witnesses, i); k++)
            if (bit_in(witnesses, k) && tk_claims_world_oppose(world->claims, i, k))
                return false;
    return true;
}

static void sort_claims(uint32_t *claims, size_t count)
{
    if (count != 0)
        qsort(claims, count, sizeof *claims, desk_world_order);
}

static uint32_t *world_claims(const desk_world *world, const uint64_t *witnesses, tk_arena *arena, size_t *count)
{
    uint32_t *claims = TK_ARENA_ARRAY(arena, uint32_t, world->count);
    *count = 0;
    for (uint32_t i = 0; claims != NULL && i < world->count; i++)
        if (bit_in(witnesses, i))
            claims[(*count)++] = world->index[i];
    sort_claims(claims, *count);
    return claims;
}

/* Do the claims give each key the end that is its own? `end` becomes the worst of these ends. */
static tk_status world_gives(const ranger *r, const desk_range *range, bool worst, const uint32_t *claims, size_t count,
                             bool *gives, const tk_world_bound **end, tk_err *err)
{
    const tk_rulebook *book = tk_decider_rulebook(r->decider);
    tk_status status = TK_OK;
    for (size_t i = 0; status == TK_OK && i < range->keys_count; i++) {
        const tk_world_bound *own = worst ? &range->keys[i].worst : &range->keys[i].best;
        tk_verdict verdict = TK_VERDICT_COUNT;
        for (size_t regime = 0; status == TK_OK && regime < tk_rulebook_regime_count(book); regime++)
            if (*gives && tk_str_eq(tk_rulebook_regime(book, regime).id, range->keys[i].regime))
                status = verdict_of(r, regime, claims, count, &verdict, err);
        *gives &= verdict == own->verdict;
        if (*end == NULL || (*end)->verdict < own->verdict)
            *end = own;
    }
    return status;
}

/* The best for all keys together need not be the best for any of them. `least`: no set gives better. */
static tk_status world_best(ranger *r, tk_verdict least, tk_arena *arena, uint32_t *claims, size_t *count, tk_err *err)
{
    layer layers[2] = {{0}, {0}};
    extremes x;
    bool exact;
    r->regime = tk_rulebook_regime_count(tk_decider_rulebook(r->decider));
    r->floor = least;
    r->ceiling = TK_VERDICT_OPEN; /* the other end is not asked for */
    layers_init(layers);
    tk_status status = ranger_search(r, layers, &x, &exact, arena, err);
    layers_fini(layers);
    if (status == TK_OK && !exact)
        return tk_err_set(err, TK_ERR_LIMIT, RANGE_TOO_MANY, "best");
    *count = look_claims(r, &x.best_look, claims);
    sort_claims(claims, *count);
    return status;
}

tk_status desk_range_world(const desk_range *range, const desk_range_ask *ask, bool worst, tk_arena *arena,
                           const uint32_t **claims, size_t *count, tk_err *err)
{
    ranger r;
    const uint64_t *witnesses = worst ? range->worst : range->best;
    if (!range->exact)
        return tk_err_set(err, TK_ERR_LIMIT, RANGE_TOO_MANY, worst ? "worst" : "best");
    uint32_t *list = world_claims(ask->world, witnesses, arena, count);
    if (list == NULL || !ranger_of(ask, arena, &r))
        return range_memory(err);
    bool gives = witnesses_fit(ask->world, witnesses);
    const tk_world_bound *end = NULL;
    tk_status status = world_gives(&r, range, worst, list, *count, &gives, &end, err);
    *claims = list;
    if (status != TK_OK || gives || end == NULL)
        return status;
    if (!worst)
        return world_best(&r, end->verdict, arena, list, count, err);
    *count = 0; /* what is worst for the key that is worst off is worst for all */
    for (size_t i = 0; i < end->claims_count; i++)
        list[(*count)++] = ask->world->index[desk_world_witness(ask->world, end->claims[i])];
    sort_claims(list, *count);
    return TK_OK;
}

tk_status desk_range_find(const desk_range_ask *ask, tk_arena *arena, desk_range *out, tk_err *err)
{
    size_t regimes = tk_rulebook_regime_count(tk_decider_rulebook(ask->decider));
    layer layers[2] = {{0}, {0}};
    tk_status status = TK_OK;
    size_t words = ask->world->bits_words;
    *out = (desk_range){.exact = true, .keys = TK_ARENA_ARRAY(arena, tk_world_range, regimes),
                        .worst = TK_ARENA_ARRAY(arena, uint64_t, words),
                        .best = TK_ARENA_ARRAY(arena, uint64_t, words)};
    if (out->keys == NULL || out->worst == NULL || out->best == NULL)
        return range_memory(err);
    memset(out->worst, 0, words * sizeof *out->worst);
    memset(out->best, 0, words * sizeof *out->best);
    layers_init(layers);
    for (size_t i = 0; status == TK_OK && i < regimes; i++) {
        ranger r;
        if (!ranger_of(ask, arena, &r)) {
            status = range_memory(err);
            break;
        }
        r.regime = i;
        status = range_key(&r, layers, ask->paper_held, arena, out, err);
    }
    layers_fini(layers);
    return status == TK_OK && arena->failed ? range_memory(err) : status;
}
