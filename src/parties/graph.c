/* SPDX-License-Identifier: Apache-2.0 */
/* graph.c: the holdings of one day as a graph, the lists that its parties are on, and what follows.
 *
 * Parties are numbered in the order of their ids, so that nothing depends on the order in which records came.
 */
#include <stdlib.h>
#include <string.h>

#include "parties/parties_int.h"

typedef struct gathering {
    tk_parties_graph *graph;
    tk_date day;
    tk_arena *arena;
    tk_holding_record *records;
    size_t count, size;
} gathering;

static tk_status gather_memory(const tk_arena *arena, tk_err *err)
{
    return arena->failed ? tk_err_set(err, TK_ERR_MEMORY, "out of memory for who owns whom") : TK_OK;
}

/* Twice as large, with what it held. */
static void *gather_grow(tk_arena *arena, const void *from, size_t *size, size_t bytes)
{
    size_t more = *size == 0 ? 64 : *size * 2;
    void *copy = tk_arena_get_array(arena, more, bytes);
    if (copy != NULL && from != NULL)
        memcpy(copy, from, *size * bytes);
    if (copy != NULL)
        *size = more;
    return copy;
}

/* Rows come by held, holder and first day: of those of one pair that hold on the day the last that has begun counts. */
static tk_status gather_holding(void *context, const tk_holding_record *record, tk_err *err)
{
    gathering *g = context;
    if (g->day < record->from || record->to < g->day)
        return TK_OK;
    tk_holding_record *last = g->count == 0 ? NULL : &g->records[g->count - 1];
    bool same = last != NULL && tk_str_eq(last->cells[TK_HOLDING_HELD], record->cells[TK_HOLDING_HELD])
                && tk_str_eq(last->cells[TK_HOLDING_HOLDER], record->cells[TK_HOLDING_HOLDER]);
    if (!same && g->count == g->size)
        g->records = gather_grow(g->arena, g->records, &g->size, sizeof(*g->records));
    if (g->records == NULL)
        return gather_memory(g->arena, err);
    tk_holding_record *place = same ? last : &g->records[g->count++];
    *place = *record;
    place->batch = tk_arena_copy(g->arena, record->batch);
    for (size_t i = 0; i < TK_HOLDING_COLUMN_COUNT; i++)
        place->cells[i] = tk_arena_copy(g->arena, record->cells[i]);
    return gather_memory(g->arena, err);
}

/* --- the owners of one party, and theirs --- */

/* Ids that were met, each once and in the order they were: open addressing over the numbers from 1. */
typedef struct met_ids {
    tk_str *ids;
    size_t count, size;
    uint32_t *places;
    size_t places_count; /* a power of two */
} met_ids;

static bool met_grow(met_ids *met, tk_arena *arena)
{
    met->places_count = met->places_count == 0 ? 64 : met->places_count * 2;
    met->places = TK_ARENA_ARRAY(arena, uint32_t, met->places_count);
    for (size_t i = 0; met->places != NULL && i < met->count; i++) {
        size_t at = (size_t)tk_str_hash(met->ids[i]) & (met->places_count - 1);
        while (met->places[at] != 0)
            at = (at + 1) & (met->places_count - 1);
        met->places[at] = (uint32_t)i + 1;
    }
    return met->places != NULL;
}

/* False: no memory. `id` lives as long as the arena. */
static bool met_add(met_ids *met, tk_arena *arena, tk_str id)
{
    if (met->places_count <= met->count * 2 && !met_grow(met, arena))
        return false;
    size_t at = (size_t)tk_str_hash(id) & (met->places_count - 1);
    while (met->places[at] != 0 && !tk_str_eq(met->ids[met->places[at] - 1], id))
        at = (at + 1) & (met->places_count - 1);
    if (met->places[at] != 0)
        return true;
    if (met->count == met->size)
        met->ids = gather_grow(arena, met->ids, &met->size, sizeof(*met->ids));
    if (met->ids == NULL)
        return false;
    met->ids[met->count++] = id;
    met->places[at] = (uint32_t)met->count;
    return true;
}

typedef struct gathering_up {
    gathering *g;
    tk_str held;
} gathering_up;

static tk_status gather_held(void *context, const tk_holding_record *record, tk_err *err)
{
    const gathering_up *up = context;
    return tk_str_eq(record->cells[TK_HOLDING_HELD], up->held) ? gather_holding(up->g, record, err) : TK_OK;
}

/* Nobody else's holdings change the answer about `asked`: a large book costs no more than the owners of one party. */
static tk_status gather_owners(gathering *g, tk_store *store, int64_t at, tk_str asked, tk_err *err)
{
    met_ids met = {.count = 0};
    tk_str first = tk_arena_copy(g->arena, asked);
    tk_status status = met_add(&met, g->arena, first) ? TK_OK : gather_memory(g->arena, err);
    for (size_t i = 0; status == TK_OK && i < met.count; i++) {
        gathering_up up = {g, met.ids[i]};
        size_t before = g->count;
        status = tk_parties_holdings(store, at, up.held, gather_held, &up, err);
        for (size_t k = before; status == TK_OK && k < g->count; k++)
            if (!met_add(&met, g->arena, g->records[k].cells[TK_HOLDING_HOLDER]))
                status = gather_memory(g->arena, err);
    }
    return status;
}

/* --- numbers --- */

static int id_order(const void *a, const void *b)
{
    return tk_str_cmp(*(const tk_str *)a, *(const tk_str *)b);
}

size_t tk_parties_graph_find(const tk_parties_graph *graph, tk_str id)
{
    size_t low = 0, high = graph->input.parties_count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        int order = tk_str_cmp(graph->ids[middle], id);
        if (order == 0)
            return middle;
        if (order < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return SIZE_MAX;
}

static tk_status number_parties(gathering *g, tk_str asked, tk_err *err)
{
    size_t count = 0, kept = 0;
    tk_str *ids = TK_ARENA_ARRAY(g->arena, tk_str, g->count * 2 + 1);
    tk_owner_holding *holdings = TK_ARENA_ARRAY(g->arena, tk_owner_holding, g->count);
    if (asked.len != 0 && ids != NULL)
        ids[count++] = tk_arena_copy(g->arena, asked);
    if (g->arena->failed)
        return gather_memory(g->arena, err);
    for (size_t i = 0; i < g->count; i++) {
        ids[count++] = g->records[i].cells[TK_HOLDING_HOLDER];
        ids[count++] = g->records[i].cells[TK_HOLDING_HELD];
    }
    qsort(ids, count, sizeof(*ids), id_order);
    for (size_t i = 0; i < count; i++)
        if (kept == 0 || !tk_str_eq(ids[kept - 1], ids[i]))
            ids[kept++] = ids[i];
    g->graph->ids = ids;
    g->graph->input.parties_count = kept;
    for (size_t i = 0; i < g->count; i++) {
        holdings[i] = g->records[i].share;
        holdings[i].holder = (uint32_t)tk_parties_graph_find(g->graph, g->records[i].cells[TK_HOLDING_HOLDER]);
        holdings[i].held = (uint32_t)tk_parties_graph_find(g->graph, g->records[i].cells[TK_HOLDING_HELD]);
    }
    g->graph->records = g->records;
    g->graph->input.holdings = holdings;
    g->graph->input.holdings_count = g->count;
    return TK_OK;
}

/* --- lists --- */

void tk_parties_on_list(tk_parties_graph *graph, tk_str code, bool sure, uint8_t review)
{
    size_t rule = 0, count = graph->input.listings_count;
    while (rule < graph->input.rules_count && !tk_str_eq(graph->input.rules[rule].list, code))
        rule++;
    if (rule == graph->input.rules_count)
        return;
    if (count == graph->listings_size)
        graph->listings = gather_grow(graph->arena, graph->listings, &graph->listings_size, sizeof(*graph->listings));
    if (graph->listings == NULL)
        return;
    graph->listings[count] =
        (tk_owner_listing){.party = graph->asked, .rule = (uint32_t)rule, .sure = sure, .review = review};
    graph->input.listings = graph->listings;
    graph->input.listings_count++;
}

/* An entry of a list owns in its own name. */
static void list_entry(tk_parties_graph *graph, tk_str id)
{
    tk_str list, key = id;
    if (tk_str_split(&key, ':', &list) && list.len < id.len)
        tk_parties_on_list(graph, list, true, 0);
}

static tk_status list_parties(tk_store *store, int64_t at, tk_parties_graph *graph, const tk_parties_listed *listed,
                              tk_err *err)
{
    tk_status status = TK_OK;
    for (size_t i = 0; status == TK_OK && i < graph->input.parties_count; i++) {
        const tk_party_record *party = NULL;
        size_t before = graph->input.listings_count;
        graph->asked = (uint32_t)i;
        graph->settled = false;
        status = tk_parties_find(store, at, graph->ids[i], graph->arena, &party, err);
        if (status == TK_OK && listed != NULL)
            status = listed->ask(listed->context, graph, graph->ids[i], party, err);
        if (status == TK_OK && party == NULL && !graph->settled && graph->input.listings_count == before)
            list_entry(graph, graph->ids[i]);
    }
    return status == TK_OK ? gather_memory(graph->arena, err) : status;
}

tk_status tk_parties_owners(tk_store *store, int64_t at, tk_date day, tk_str asked, const tk_owner_rule *rules,
                            size_t rules_count, uint8_t review_max, const tk_parties_listed *listed, tk_arena *arena,
                            tk_parties_graph **out, tk_err *err)
{
    tk_parties_graph *graph = TK_ARENA_NEW(arena, tk_parties_graph);
    gathering g = {.graph = graph, .day = day, .arena = arena};
    *out = NULL;
    if (graph == NULL)
        return gather_memory(arena, err);
    *graph = (tk_parties_graph){.arena = arena,
                                .input = {.rules = rules, .rules_count = rules_count, .review_max = review_max}};
    tk_status status = asked.len == 0 ? tk_parties_holdings(store, at, TK_STR(""), gather_holding, &g, err)
                                      : gather_owners(&g, store, at, asked, err);
    if (status == TK_OK)
        status = number_parties(&g, asked, err);
    if (status == TK_OK)
        status = list_parties(store, at, graph, listed, err);
    if (status == TK_OK)
        status = tk_owners_solve(&graph->input, arena, &graph->owners, err);
    if (status == TK_OK)
        *out = graph;
    return status;
}
