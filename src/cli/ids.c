/* SPDX-License-Identifier: Apache-2.0 */
/* ids.c: ids as people type them. Letters may stand in either case wherever an id is asked for; what is shown is the id
 * as it stands on record. An id that stands as typed goes before one that differs in case. */
#include <string.h>

#include "cli/cli_int.h"

bool cli_is_meant(tk_str typed, tk_str nearest)
{
    return nearest.len != 0 && tk_str_eq_nocase(typed, nearest);
}

size_t cli_find_claim(const tk_rulebook *book, tk_str typed, tk_str *nearest)
{
    *nearest = TK_STR("");
    size_t claim = tk_rulebook_find_claim(book, typed, nearest);
    return claim == SIZE_MAX && cli_is_meant(typed, *nearest) ? tk_rulebook_find_claim(book, *nearest, NULL) : claim;
}

const tk_party *cli_find_party(const tk_catalogue *catalogue, tk_str typed, char hint[CLI_HINT_MAX])
{
    const tk_party *meant = NULL;
    tk_nearest near = tk_nearest_make(typed);
    hint[0] = 0;
    for (size_t i = 0; i < tk_catalogue_party_count(catalogue); i++) {
        const tk_party *party = tk_catalogue_party(catalogue, i);
        if (tk_str_eq(party->id, typed))
            return party;
        if (meant == NULL && (cli_is_meant(typed, party->id) || cli_is_meant(typed, party->name)))
            meant = party;
        tk_nearest_offer(&near, party->id);
    }
    if (meant == NULL && near.best.ptr != NULL)
        (void)cli_hint(near.best, hint);
    else if (meant == NULL)
        (void)snprintf(hint, CLI_HINT_MAX, "; 'twokey parties list' names them");
    return meant;
}
