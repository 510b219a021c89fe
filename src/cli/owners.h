/* SPDX-License-Identifier: Apache-2.0 */
/* owners.h: what text and JSON of `twokey owners` share. */
#ifndef TK_CLI_OWNERS_H
#define TK_CLI_OWNERS_H

#include "cli/parties.h"

typedef struct owners_view {
    parties_view *view;
    const tk_parties_graph *graph;
    uint32_t party;
    tk_date day;
    tk_str name;           /* of the party; empty: none on record */
    tk_num known_low, known_high; /* of all its holders, listed or not */
    size_t holders;
    bool *shown;           /* parties that stand in a chain that was shown */
    const tk_str *reviews; /* words for policies, the mildest first */
    size_t reviews_count;
} owners_view;

/* The policy of this rank; "" for none. */
tk_str owners_review(const owners_view *o, uint8_t rank);
/* The name of a party by its number, or "". */
tk_str owners_name(const owners_view *o, uint32_t party);
/* "50", "12.5" */
tk_str owners_number(tk_arena *arena, tk_num value);
tk_status owners_json(owners_view *o);

#endif
