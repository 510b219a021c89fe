/* SPDX-License-Identifier: Apache-2.0 */
/* listed.c: the lists that a party is on by its own record. */
#include "parties/listed.h"

#include <stdlib.h>

#include "parties/clearances.h"
#include "parties/parties_int.h"

static tk_str record_cell(const tk_catalogue *catalogue, const tk_party *party, tk_str column)
{
    size_t count;
    const tk_str *names = tk_catalogue_party_attributes(catalogue, &count);
    for (size_t i = 0; i < count; i++)
        if (tk_str_eq(names[i], column))
            return party->attributes[i];
    return TK_STR("");
}

static int party_order(const void *a, const void *b)
{
    return tk_str_cmp((*(const tk_party *const *)a)->id, (*(const tk_party *const *)b)->id);
}

tk_status tk_parties_on_record_sort(tk_parties_on_record *record, tk_arena *arena, tk_err *err)
{
    size_t count = tk_catalogue_party_count(record->catalogue);
    record->by_id = TK_ARENA_ARRAY(arena, const tk_party *, count);
    if (record->by_id == NULL)
        return tk_err_set(err, TK_ERR_MEMORY, "out of memory for the parties");
    for (size_t i = 0; i < count; i++)
        record->by_id[i] = tk_catalogue_party(record->catalogue, i);
    qsort(record->by_id, count, sizeof(*record->by_id), party_order);
    return TK_OK;
}

static const tk_party *record_party(const tk_parties_on_record *record, tk_str id)
{
    const tk_party wanted = {.id = id}, *key = &wanted;
    const tk_party **found = bsearch(&key, record->by_id, tk_catalogue_party_count(record->catalogue),
                                     sizeof(*record->by_id), party_order);
    return found == NULL ? NULL : *found;
}

static uint8_t record_review(const tk_parties_on_record *record, tk_str word)
{
    size_t at = 0;
    while (at < record->reviews_count && !tk_str_eq(record->reviews[at], word))
        at++;
    return at == record->reviews_count ? 0 : (uint8_t)(at + 1);
}

static void record_cells(const tk_parties_on_record *record, tk_parties_graph *graph, const tk_party *party)
{
    tk_str rest = record_cell(record->catalogue, party, TK_STR("lists")), code;
    uint8_t review = record_review(record, record_cell(record->catalogue, party, TK_STR("entry_review")));
    while (rest.len != 0 && tk_str_split(&rest, ';', &code)) {
        code = tk_str_trim(code);
        if (!tk_str_is(code, "?"))
            tk_parties_on_list(graph, code, true, review);
        for (size_t i = 0; tk_str_is(code, "?") && i < graph->input.rules_count; i++)
            tk_parties_on_list(graph, graph->input.rules[i].list, false, 0);
    }
}

static tk_status record_confirmed(void *context, const tk_clearance *decision, tk_err *err)
{
    tk_str key = decision->hit, list;
    (void)err;
    if (tk_str_split(&key, ':', &list))
        tk_parties_on_list(context, list, true, 0);
    return TK_OK;
}

tk_status tk_parties_on_record_ask(void *context, tk_parties_graph *graph, tk_str id, const tk_party_record *party,
                                   tk_err *err)
{
    const tk_parties_on_record *record = context;
    const tk_party *known = record_party(record, id);
    tk_status status = TK_OK;
    if (known != NULL)
        record_cells(record, graph, known);
    if (record->store != NULL)
        status = tk_clearances_confirmed(record->store, id, record_confirmed, graph, err);
    if (status == TK_OK && record->more != NULL)
        status = record->more->ask(record->more->context, graph, id, party, err);
    return status;
}
