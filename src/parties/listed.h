/* SPDX-License-Identifier: Apache-2.0 */
/* listed.h: which lists a party is on, as far as somebody has written it down: the cell `lists` of its record, with the
 * policy of its entry, and hits that were confirmed. What a search of the lists finds is for somebody else to say. */
#ifndef TK_PARTIES_LISTED_H
#define TK_PARTIES_LISTED_H

#include "parties/book.h"
#include "twokey/catalogue.h"

typedef struct tk_parties_on_record {
    tk_store *store;                /* confirmed hits; NULL: none */
    const tk_catalogue *catalogue;  /* parties with the columns `lists` and `entry_review` */
    const tk_str *reviews;          /* words for policies, from the mildest to the strictest */
    size_t reviews_count;
    const tk_parties_listed *more;  /* asked too; NULL: nobody */
    const tk_party **by_id;         /* of the catalogue, sorted: tk_parties_on_record_sort */
} tk_parties_on_record;

/* Once, before it is asked. The array lives in the arena. */
TK_MUST_USE tk_status tk_parties_on_record_sort(tk_parties_on_record *record, tk_arena *arena, tk_err *err);

/* For tk_parties_listed.ask; `context` is a tk_parties_on_record. A cell with a ? ("EL;?") leaves all lists open. */
TK_MUST_USE tk_status tk_parties_on_record_ask(void *context, tk_parties_graph *graph, tk_str id,
                                               const tk_party_record *party, tk_err *err);

#endif
