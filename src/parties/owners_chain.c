/* SPDX-License-Identifier: Apache-2.0 */
/* owners_chain.c: why a party is covered, or is not: the holdings that count, from the listed parties down to it.
 *
 * A covered party stands on owners that were covered before it (owners_run.when), so the steps never run in a circle,
 * though the holdings may.
 */
#include <stdlib.h>

#include "parties/owners_int.h"

typedef struct chain_place {
    uint32_t party, rule;
    bool open; /* its owners stand above it on the stack */
} chain_place;

typedef struct chain {
    const tk_owners *owners;
    const owners_run *run;
    owners_side side;
    tk_arena *arena;
    uint64_t *seen; /* by party: rules */
    chain_place *stack;
    size_t stack_count, stack_size;
    tk_owner_step *steps;
    size_t steps_count, steps_size;
} chain;

/* Room for one more: twice as much when it is full. */
static bool chain_room(tk_arena *arena, void **array, size_t count, size_t *size, size_t bytes)
{
    if (count < *size)
        return true;
    size_t more = *size == 0 ? 64 : *size * 2;
    char *copy = tk_arena_get_array(arena, more, bytes);
    const char *from = *array;
    if (copy == NULL)
        return false;
    for (size_t i = 0; i < count * bytes; i++)
        copy[i] = from[i];
    *array = copy;
    *size = more;
    return true;
}

static void chain_push(chain *c, uint32_t party, uint32_t rule, bool open)
{
    void *stack = c->stack;
    if (!chain_room(c->arena, &stack, c->stack_count, &c->stack_size, sizeof(*c->stack)))
        return;
    c->stack = stack;
    c->stack[c->stack_count++] = (chain_place){.party = party, .rule = rule, .open = open};
}

/* By which of the rules, and since when, is this holder covered? 0: it is listed itself. */
static uint32_t chain_since(const chain *c, uint32_t holder, uint64_t counts, uint32_t *by)
{
    const owners_graph *graph = &c->owners->graph;
    uint32_t since = UINT32_MAX;
    if ((graph->own[c->side][holder] & counts) != 0)
        return 0;
    for (uint32_t i = 0; i < graph->rules; i++) {
        uint32_t when = c->run->when[holder * graph->rules + i];
        if (owners_bit(counts, i) && when < since) {
            since = when;
            *by = i;
        }
    }
    return since == UINT32_MAX ? since : since + 1;
}

/* The edges on which the place stands, into `found`; their number. */
static size_t chain_edges(const chain *c, chain_place place, uint32_t *found)
{
    const owners_graph *graph = &c->owners->graph;
    uint32_t when = c->run->when[place.party * graph->rules + place.rule], by = 0;
    uint64_t counted = owners_counts(graph, place.rule);
    size_t count = 0;
    for (size_t i = graph->in[place.party]; i < graph->in[place.party + 1]; i++) {
        const owners_edge *edge = &graph->edges[graph->in_edges[i]];
        uint32_t since = chain_since(c, edge->holder, counted, &by);
        bool counts = when == UINT32_MAX ? since != UINT32_MAX : since <= when;
        if (counts && (edge->share[c->side] != 0 || edge->control))
            found[count++] = graph->in_edges[i];
    }
    return count;
}

static void chain_above(chain *c, uint32_t holder, uint64_t counts)
{
    uint32_t by = 0;
    if (chain_since(c, holder, counts, &by) != 0 && !owners_bit(c->seen[holder], by))
        chain_push(c, holder, by, false);
}

/* Each owner by the rule that covered it first; and of those that the rule itself covers, without which the stakes of
 * all others would say nothing, the first. */
static void chain_owners(chain *c, chain_place place, const uint32_t *edges, size_t count)
{
    const owners_graph *graph = &c->owners->graph;
    uint64_t itself = UINT64_C(1) << place.rule;
    uint32_t first = UINT32_MAX, holder = 0, by = 0;
    chain_push(c, place.party, place.rule, true);
    for (size_t i = 0; i < count; i++) {
        uint32_t since = chain_since(c, graph->edges[edges[i]].holder, itself, &by);
        if (since < first && graph->edges[edges[i]].share[c->side] != 0) {
            first = since;
            holder = graph->edges[edges[i]].holder;
        }
    }
    if (first != UINT32_MAX)
        chain_above(c, holder, itself);
    for (size_t i = count; i != 0; i--)
        chain_above(c, graph->edges[edges[i - 1]].holder, owners_counts(graph, place.rule));
}

typedef struct chain_sorted {
    tk_num share;
    uint32_t holder;
    size_t holding;
} chain_sorted;

static int chain_order(const void *a, const void *b)
{
    const chain_sorted *x = a, *y = b;
    if (x->share != y->share)
        return x->share < y->share ? 1 : -1;
    return x->holder < y->holder ? -1 : 1;
}

static void chain_step(chain *c, chain_place place, const uint32_t *edges, size_t count)
{
    const owners_graph *graph = &c->owners->graph;
    chain_sorted *sorted = TK_ARENA_ARRAY(c->arena, chain_sorted, count);
    size_t *holdings = TK_ARENA_ARRAY(c->arena, size_t, count);
    void *steps = c->steps;
    if (count == 0 || c->arena->failed
        || !chain_room(c->arena, &steps, c->steps_count, &c->steps_size, sizeof(*c->steps)))
        return;
    c->steps = steps;
    tk_owner_answer answer = tk_owners_answer(c->owners, place.party, place.rule);
    tk_owner_step step = {.party = place.party,
                          .rule = place.rule,
                          .covered = answer.owners,
                          .holdings = holdings,
                          .holdings_count = count};
    for (size_t i = 0; i < count; i++) {
        const owners_edge *edge = &graph->edges[edges[i]];
        bool adds = graph->rule[place.rule].aggregate;
        sorted[i] = (chain_sorted){edge->share[c->side], edge->holder, edge->holding};
        for (int side = 0; side < OWNERS_SIDES; side++) {
            tk_num *sum = side == OWNERS_LOW ? &step.low : &step.high, share = edge->share[side];
            *sum = adds ? *sum + share : (*sum < share ? share : *sum);
        }
    }
    qsort(sorted, count, sizeof(*sorted), chain_order);
    for (size_t i = 0; i < count; i++)
        holdings[i] = sorted[i].holding;
    c->steps[c->steps_count++] = step;
}

tk_status tk_owners_chain(const tk_owners *owners, uint32_t party, size_t rule, tk_arena *arena,
                          const tk_owner_step **steps, size_t *count, tk_err *err)
{
    const owners_graph *graph = &owners->graph;
    bool surely = owners_bit(owners->runs[OWNERS_LOW].ruled[party], rule);
    owners_side side = surely ? OWNERS_LOW : OWNERS_HIGH;
    chain c = {.owners = owners, .run = &owners->runs[side], .side = side, .arena = arena};
    uint32_t *edges = TK_ARENA_ARRAY(arena, uint32_t, graph->edges_count);
    c.seen = TK_ARENA_ARRAY(arena, uint64_t, graph->parties);
    *steps = NULL;
    *count = 0;
    if (!arena->failed && (owners_bit(c.run->has[party], rule) || tk_owners_answer(owners, party, rule).control))
        chain_push(&c, party, (uint32_t)rule, false);
    while (!arena->failed && c.stack_count != 0) {
        chain_place place = c.stack[--c.stack_count];
        if (!place.open && owners_bit(c.seen[place.party], place.rule))
            continue;
        c.seen[place.party] |= UINT64_C(1) << place.rule;
        size_t found = chain_edges(&c, place, edges);
        if (place.open)
            chain_step(&c, place, edges, found);
        else
            chain_owners(&c, place, edges, found);
    }
    if (arena->failed)
        return tk_err_set(err, TK_ERR_MEMORY, "out of memory for who owns whom");
    *steps = c.steps;
    *count = c.steps_count;
    return TK_OK;
}
