/* SPDX-License-Identifier: Apache-2.0 */
/* screening.h: what lists and owners say of the parties of an order, as facts and for people to see.
 *
 * Each party that the order names is run against the lists once for a clerk; the day of an order chooses among its hits
 * afterwards. A hit that nobody decided leaves open whether the party is on that list; a confirmed one says that it
 * is, a cleared one that it is not. A list whose source is on the shelf and not known on the day (no version yet, or
 * too old) is open too. A list that the shelf never had is left to the presumption of the rulebook, and its duty stays.
 *
 * What the order itself says of a fact is not touched.
 */
#ifndef TK_DESK_SCREENING_H
#define TK_DESK_SCREENING_H

#include "desk/desk_int.h"
#include "parties/book.h"

typedef struct desk_shelf desk_shelf;         /* of a desk: read-only, shared */
typedef struct desk_screening desk_screening; /* of a clerk */

/* NULL in *out when the options name no lists. */
TK_MUST_USE tk_status desk_shelf_open(const tk_desk_options *options, desk_shelf **out, tk_err *err);
void desk_shelf_close(desk_shelf *shelf);

desk_screening *desk_screening_new(const tk_desk *desk); /* NULL: no memory */
void desk_screening_free(desk_screening *screening);
/* Adds to what was gathered. *view is NULL when the desk has no lists; it lives in `scratch` and as long as the next
 * call leaves the clerk's memory of parties alone. */
TK_MUST_USE tk_status desk_screening_apply(desk_screening *screening, const tk_transaction *order,
                                           desk_gathered *gathered, tk_arena *scratch, const tk_screening_view **view,
                                           tk_err *err);

/* The lists of parties on a day, for tk_parties_owners: what records say, what a search of the lists finds, what was
 * decided about hits; the same as decisions about orders stand on. `ask` and the screening must live as long as `out`
 * is used. Not for a desk without lists. */
typedef struct desk_screening_ask {
    desk_screening *screening;
    tk_date as_of;
} desk_screening_ask;
TK_MUST_USE tk_status desk_screening_listed(desk_screening *screening, tk_date as_of, desk_screening_ask *ask,
                                            tk_parties_listed *out, tk_err *err);

#endif
