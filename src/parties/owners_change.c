/* SPDX-License-Identifier: Apache-2.0 */
/* owners_change.c: which holding, changed by how little, would change the answer.
 *
 * Only the part of the graph above the party matters. Upwards, a holding of a covered party matters where it would just
 * cover its held; the candidates are tried from the smallest change on, so the first that reaches the party is the
 * least. Downwards, only holdings on which the party stands matter (without any other one it stands as before), and for
 * each the share at which it begins to stand follows from the sums without that holding.
 */
#include <stdlib.h>
#include <string.h>

#include "parties/owners_int.h"

typedef struct changing {
    const tk_owners *owners;
    tk_arena *arena;
    owners_graph graph; /* what lies above the party */
    owners_run run;
    uint32_t party; /* in this graph */
    size_t rule;
    size_t tries, tries_max;
} changing;

static tk_status change_memory(const tk_arena *arena, tk_err *err)
{
    return arena->failed ? tk_err_set(err, TK_ERR_MEMORY, "out of memory for who owns whom") : TK_OK;
}

/* --- the part above --- */

/* Numbers the party and all above it in the order of the whole graph, so that ties stay as they are. */
static uint32_t *part_numbers(const owners_graph *whole, uint32_t party, tk_arena *arena, size_t *count)
{
    uint32_t *queue = TK_ARENA_ARRAY(arena, uint32_t, whole->parties);
    uint32_t *number = TK_ARENA_ARRAY(arena, uint32_t, whole->parties);
    size_t first = 0, waiting = 1;
    *count = 0;
    if (arena->failed)
        return NULL;
    memset(number, 0xFF, whole->parties * sizeof(*number));
    queue[0] = party;
    number[party] = 0;
    while (first < waiting) {
        uint32_t held = queue[first++];
        for (size_t i = whole->in[held]; i < whole->in[held + 1]; i++) {
            uint32_t holder = whole->edges[whole->in_edges[i]].holder;
            if (number[holder] != UINT32_MAX)
                continue;
            number[holder] = 0;
            queue[waiting++] = holder;
        }
    }
    for (size_t i = 0; i < whole->parties; i++)
        if (number[i] != UINT32_MAX)
            number[i] = (uint32_t)(*count)++;
    return number;
}

static tk_status part_make(changing *c, uint32_t party, tk_err *err)
{
    const owners_graph *whole = &c->owners->graph;
    owners_graph *part = &c->graph;
    size_t count;
    const uint32_t *number = part_numbers(whole, party, c->arena, &count);
    *part = *whole;
    part->parties = count;
    part->edges_count = 0;
    part->edges = TK_ARENA_ARRAY(c->arena, owners_edge, whole->edges_count);
    for (int side = 0; side < OWNERS_SIDES; side++)
        part->own[side] = TK_ARENA_ARRAY(c->arena, uint64_t, count);
    if (c->arena->failed)
        return change_memory(c->arena, err);
    c->party = number[party];
    for (size_t i = 0; i < whole->parties; i++)
        for (int side = 0; side < OWNERS_SIDES && number[i] != UINT32_MAX; side++)
            part->own[side][number[i]] = whole->own[side][i];
    for (size_t i = 0; i < whole->edges_count; i++) {
        owners_edge edge = whole->edges[i];
        if (number[edge.held] == UINT32_MAX)
            continue;
        edge.holder = number[edge.holder];
        edge.held = number[edge.held];
        part->edges[part->edges_count++] = edge;
    }
    tk_status status = owners_graph_make(part, c->arena, err);
    return status == TK_OK ? owners_run_make(part, &c->run, c->arena, err) : status;
}

/* --- trying --- */

/* Is the party covered, on this side, when the edge has this share? The run stays as it came out. */
static bool try_share(changing *c, owners_side side, size_t edge, tk_num share)
{
    tk_num before = c->graph.edges[edge].share[side];
    c->graph.edges[edge].share[side] = share;
    owners_run_go(&c->graph, side, &c->run);
    c->graph.edges[edge].share[side] = before;
    c->tries++;
    return owners_bit(c->run.ruled[c->party], c->rule);
}

static tk_owner_in try_exactly(changing *c, size_t edge, tk_num share)
{
    if (try_share(c, OWNERS_LOW, edge, share))
        return TK_OWNER_IN;
    return try_share(c, OWNERS_HIGH, edge, share) ? TK_OWNER_UNSURE : TK_OWNER_OUT;
}

/* As the run stands with this share: the next larger one at which one more rule covers the held. Above 100 %: none. */
static tk_num share_next(const changing *c, size_t at, tk_num share)
{
    const owners_edge *edge = &c->graph.edges[at];
    tk_num next = 100 * TK_NUM_SCALE + 1;
    uint64_t covers = c->run.covers[edge->holder];
    for (size_t rule = 0; rule < c->graph.rules; rule++) {
        const tk_owner_rule *row = &c->graph.rule[rule];
        if (owners_bit(c->run.ruled[edge->held], rule) || (covers & owners_counts(&c->graph, rule)) == 0
            || !owners_bit(c->run.has[edge->held] | covers, rule))
            continue;
        tk_num sum = row->aggregate ? c->run.sum[edge->held * c->graph.rules + rule] - share : 0;
        tk_num wanted = row->percent - sum <= share ? share + 1 : row->percent - sum;
        next = wanted < next ? wanted : next;
    }
    return next;
}

/* From which share on is the party covered? Covering the held by one rule may reach round a circle and give the holder
 * another, so it goes up step by step. Above `most`: the last share that was looked at, which is above it too. */
static tk_num share_from(changing *c, owners_side side, size_t edge, tk_num share, tk_num most)
{
    while (share <= most && c->tries < c->tries_max && !try_share(c, side, edge, share))
        share = share_next(c, edge, share);
    return c->tries < c->tries_max ? share : most + 1;
}

typedef struct candidate {
    tk_num by;
    size_t edge;
} candidate;

static int candidate_order(const void *a, const void *b)
{
    const candidate *x = a, *y = b;
    if (x->by != y->by)
        return x->by < y->by ? -1 : 1;
    return x->edge < y->edge ? -1 : (y->edge < x->edge ? 1 : 0);
}

/* --- up --- */

/* By how much each edge has to grow before anything happens, the least first. */
static candidate *up_candidates(changing *c, owners_side side, size_t *count)
{
    candidate *found = TK_ARENA_ARRAY(c->arena, candidate, c->graph.edges_count);
    *count = 0;
    (void)try_share(c, side, 0, c->graph.edges[0].share[side]);
    for (size_t i = 0; found != NULL && i < c->graph.edges_count; i++) {
        tk_num share = c->graph.edges[i].share[side], next = share_next(c, i, share);
        if (next <= 100 * TK_NUM_SCALE)
            found[(*count)++] = (candidate){.by = next - share, .edge = i};
    }
    if (found != NULL)
        qsort(found, *count, sizeof(*found), candidate_order);
    return found;
}

static void change_up(changing *c, owners_side side, tk_owner_change *up)
{
    size_t count;
    const candidate *found = up_candidates(c, side, &count);
    candidate best = {.by = 100 * TK_NUM_SCALE + 1};
    for (size_t i = 0; found != NULL && i < count && found[i].by < best.by; i++) {
        candidate next = found[i];
        tk_num share = c->graph.edges[next.edge].share[side], most = share + best.by - 1;
        most = most < 100 * TK_NUM_SCALE ? most : 100 * TK_NUM_SCALE;
        tk_num from = share_from(c, side, next.edge, share + next.by, most);
        next.by = from - share;
        if (from <= most)
            best = next;
    }
    if (100 * TK_NUM_SCALE < best.by)
        return;
    tk_num share = c->graph.edges[best.edge].share[side] + best.by;
    *up = (tk_owner_change){.there = true,
                            .above = true,
                            .holding = c->graph.edges[best.edge].holding,
                            .share = share,
                            .by = best.by,
                            .becomes = try_exactly(c, best.edge, share)};
}

/* --- down --- */

/* The number of the edge in the part, of a holding of the input. */
static size_t down_edge(const changing *c, size_t holding)
{
    size_t at = 0;
    while (at < c->graph.edges_count && c->graph.edges[at].holding != holding)
        at++;
    return at;
}

static tk_status change_down(changing *c, owners_side side, uint32_t party, tk_owner_change *down, tk_err *err)
{
    const tk_owner_step *steps;
    size_t count;
    candidate best = {.by = 0};
    tk_num from = 0;
    tk_status status = tk_owners_chain(c->owners, party, c->rule, c->arena, &steps, &count, err);
    for (size_t i = 0; status == TK_OK && i < count; i++)
        for (size_t j = 0; j < steps[i].holdings_count && c->tries < c->tries_max; j++) {
            candidate next = {.edge = down_edge(c, steps[i].holdings[j])};
            tk_num most = c->graph.edges[next.edge].share[side], share = share_from(c, side, next.edge, 0, most);
            next.by = most - share + 1;
            if (share == 0 || most < share || (best.by != 0 && candidate_order(&best, &next) <= 0))
                continue;
            best = next;
            from = share;
        }
    if (status != TK_OK || best.by == 0)
        return status;
    *down = (tk_owner_change){.there = true,
                              .holding = c->graph.edges[best.edge].holding,
                              .share = from,
                              .by = best.by - 1,
                              .becomes = try_exactly(c, best.edge, from - 1)};
    return TK_OK;
}

/* Nothing that is done to holdings covers a party above which nobody is listed. */
static bool part_listed(const changing *c)
{
    uint64_t listed = 0;
    for (size_t i = 0; i < c->graph.parties; i++)
        listed |= c->graph.own[OWNERS_HIGH][i];
    return owners_bit(listed, c->rule);
}

tk_status tk_owners_change(const tk_owners *owners, uint32_t party, size_t rule, tk_arena *arena, tk_owner_change *up,
                           tk_owner_change *down, bool *complete, tk_err *err)
{
    tk_owner_in owned = tk_owners_answer(owners, party, rule).owners;
    changing c = {.owners = owners, .arena = arena, .rule = rule};
    *up = *down = (tk_owner_change){.there = false};
    *complete = true;
    tk_status status = part_make(&c, party, err);
    if (status != TK_OK || c.graph.edges_count == 0 || !part_listed(&c))
        return status;
    c.tries_max = TK_OWNER_WORK_MAX / c.graph.edges_count;
    c.tries_max = TK_OWNER_TRIES_MAX < c.tries_max ? TK_OWNER_TRIES_MAX : c.tries_max;
    if (owned != TK_OWNER_IN)
        change_up(&c, owned == TK_OWNER_OUT ? OWNERS_HIGH : OWNERS_LOW, up);
    *complete = c.tries < c.tries_max;
    c.tries = 0;
    if (owned != TK_OWNER_OUT)
        status = change_down(&c, owned == TK_OWNER_IN ? OWNERS_LOW : OWNERS_HIGH, party, down, err);
    *complete &= c.tries < c.tries_max;
    return status == TK_OK ? change_memory(arena, err) : status;
}
