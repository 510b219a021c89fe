/* SPDX-License-Identifier: Apache-2.0 */
/* owning.c: who owns the parties of orders, by the holdings of the book on the day of each order.
 *
 * The graph of a party and a day holds its owners and theirs; each is asked about once: what its record says of lists,
 * and what screening found. The last few are kept.
 */
#include <stdlib.h>

#include "desk/screening_int.h"
#include "desk/world.h"

enum { GRAPHS_KEPT = 64 };

typedef struct owning_graph {
    tk_date day;
    tk_str party;
    tk_arena arena;
    tk_parties_graph *graph; /* NULL: nobody holds anything of it */
    bool used;
} owning_graph;

struct screening_owning {
    owning_graph graphs[GRAPHS_KEPT];
    size_t next;
};

screening_owning *screening_owning_new(void)
{
    screening_owning *owning = calloc(1, sizeof *owning);
    for (size_t i = 0; owning != NULL && i < GRAPHS_KEPT; i++)
        tk_arena_init(&owning->graphs[i].arena, (size_t)16 * 1024, 0);
    return owning;
}

void screening_owning_free(screening_owning *owning)
{
    for (size_t i = 0; owning != NULL && i < GRAPHS_KEPT; i++)
        tk_arena_fini(&owning->graphs[i].arena);
    free(owning);
}

void screening_owning_forget(screening_owning *owning)
{
    for (size_t i = 0; i < GRAPHS_KEPT; i++)
        owning->graphs[i].used = false;
}

/* An entry of a list that owns in its own name. */
static tk_status ask_entry(const desk_screening_ask *ask, tk_parties_graph *graph, tk_str id, tk_err *err)
{
    tk_list_entry entry;
    bool found = false;
    tk_str key = id, list = TK_STR("");
    tk_status status = tk_screener_entry(ask->screening->screener, id, graph->arena, &entry, &found, err);
    /* Where the list is known, an entry that is not there, or not on that day, owns nothing in its name. */
    graph->settled = found || (tk_str_split(&key, ':', &list) && tk_screener_knows(ask->screening->screener, list));
    if (status == TK_OK && found && entry.start <= ask->as_of && ask->as_of <= entry.end)
        tk_parties_on_list(graph, entry.list, true,
                           (uint8_t)tk_lists_review(ask->screening->desk->shelf->lists, entry.policy));
    return status;
}

/* How strict its entries are, as the record says. */
static uint8_t record_review(const desk_screening *screening, const desk_facts *row)
{
    size_t slot = screening->slots[0].entry_review;
    for (size_t i = 0; slot != SIZE_MAX && i < row->count; i++)
        if (row->facts[i].slot == slot && row->facts[i].value.known == TK_VALUE)
            return screening_review(tk_rulebook_fact(screening->desk->book, slot).words[row->facts[i].value.as.word]);
    return 0;
}

/* What is on record of a party's own lists, whatever role it has. */
static void ask_record(const desk_screening_ask *ask, tk_parties_graph *graph, tk_str id)
{
    const tk_desk *desk = ask->screening->desk;
    size_t slot = ask->screening->slots[0].lists;
    uint32_t at = desk_index_find(&desk->parties_by_id, id);
    if (slot == SIZE_MAX || at == UINT32_MAX)
        return;
    tk_fact_info fact = tk_rulebook_fact(desk->book, slot);
    const desk_facts *row = &desk->parties[at].roles[0];
    uint8_t review = record_review(ask->screening, row);
    for (size_t i = 0; i < row->count; i++) {
        if (row->facts[i].slot != slot || row->facts[i].value.known != TK_VALUE)
            continue;
        for (size_t word = 0; word < fact.words_count; word++) {
            bool in = (row->facts[i].value.as.words.in >> word & 1) != 0;
            bool unsure = (row->facts[i].value.as.words.unsure >> word & 1) != 0;
            if (in || unsure)
                tk_parties_on_list(graph, fact.words[word], in, review);
        }
    }
}

tk_status screening_ask_party(void *context, tk_parties_graph *graph, tk_str id, const tk_party_record *record,
                           tk_err *err)
{
    const desk_screening_ask *ask = context;
    const screened_party *party;
    bool known = record != NULL || desk_index_find(&ask->screening->desk->parties_by_id, id) != UINT32_MAX;
    if (!known)
        return ask_entry(ask, graph, id, err);
    ask_record(ask, graph, id);
    tk_status status = screening_party(ask->screening, id, TK_STR(""), &party, err);
    for (size_t i = 0; status == TK_OK && i < party->hits_count; i++) {
        const tk_party_hit *hit = &party->hits[i];
        if (screening_hit_counts(hit, ask->as_of) && hit->state != TK_HIT_CLEARED)
            tk_parties_on_list(graph, hit->hit.list, hit->state == TK_HIT_CONFIRMED,
                               screening_review(hit->hit.review));
    }
    return status;
}

static tk_status graph_make(desk_screening *s, owning_graph *kept, tk_str party, tk_date as_of, tk_err *err)
{
    desk_screening_ask ask = {s, as_of};
    tk_parties_listed listed = {screening_ask_party, &ask};
    tk_arena_reset(&kept->arena);
    tk_store *store = desk_claims_lock(s->desk->claims);
    tk_status status =
        tk_parties_owners(store, INT64_MAX, as_of, party, s->desk->shelf->rules, s->desk->shelf->rules_count,
                          TK_LIST_REVIEW_DENIAL, &listed, &kept->arena, &kept->graph, err);
    desk_claims_unlock(s->desk->claims);
    if (status != TK_OK)
        return status;
    if (kept->graph->input.holdings_count == 0)
        kept->graph = NULL;
    kept->day = as_of;
    kept->party = tk_arena_copy(&kept->arena, party);
    kept->used = true;
    return TK_OK;
}

tk_status screening_owning_find(desk_screening *screening, tk_str party, tk_date as_of, const tk_parties_graph **out,
                                tk_err *err)
{
    screening_owning *owning = screening->owning;
    for (size_t i = 0; i < GRAPHS_KEPT; i++)
        if (owning->graphs[i].used && owning->graphs[i].day == as_of && tk_str_eq(owning->graphs[i].party, party)) {
            *out = owning->graphs[i].graph;
            return TK_OK;
        }
    owning_graph *kept = &owning->graphs[owning->next];
    owning->next = (owning->next + 1) % GRAPHS_KEPT;
    kept->used = false;
    tk_status status = graph_make(screening, kept, party, as_of, err);
    *out = status == TK_OK ? kept->graph : NULL;
    return status;
}
