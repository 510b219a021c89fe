/* SPDX-License-Identifier: Apache-2.0 */
/* clearances.h: what somebody decided about a hit: it is not this party (cleared), or it is (confirmed).
 *
 * A decision is about one party and one entry of a list, as they were. What was compared is kept with it, field by
 * field and for both sides. A clearance stays good until one of these fields changes on either side; then it has
 * lapsed, and the answer says what changed. A confirmation stays: another address takes nobody off a list.
 * Nothing is changed or removed; the last decision about a party and a hit counts.
 *
 * Ownership  The store is borrowed. Text that is handed out lives in the arena it was asked into.
 * Threads    As the store: one at a time.
 */
#ifndef TK_PARTIES_CLEARANCES_H
#define TK_PARTIES_CLEARANCES_H

#include "lists/lists.h"
#include "parties/book.h"

/* --- what is compared: X(ENUM, "name") --- */

#define TK_COMPARED_FIELDS(X)                                                                                        \
    X(NAME, "name")                                                                                                  \
    X(ALIASES, "aliases")                                                                                            \
    X(COUNTRY, "country")                                                                                            \
    X(ADDRESS, "address")                                                                                            \
    X(IDENTIFIERS, "identifiers")                                                                                    \
    X(BIRTH, "birth")

typedef enum tk_compared_field {
#define X(NAME, text) TK_COMPARED_##NAME,
    TK_COMPARED_FIELDS(X)
#undef X
    TK_COMPARED_FIELD_COUNT
} tk_compared_field;
const char *tk_compared_field_name(tk_compared_field field);

typedef enum tk_compared_side { TK_COMPARED_PARTY, TK_COMPARED_ENTRY, TK_COMPARED_SIDES } tk_compared_side;
const char *tk_compared_side_name(tk_compared_side side);

/* One side. Several values of a field are sorted, so that their order does not matter. */
typedef struct tk_compared {
    tk_str fields[TK_COMPARED_FIELD_COUNT];
} tk_compared;

/* Borrows from the record. */
tk_compared tk_compared_of_party(const tk_party_record *party);
TK_MUST_USE tk_status tk_compared_of_entry(const tk_list_entry *entry, tk_arena *arena, tk_compared *out, tk_err *err);

/* --- decisions --- */

typedef struct tk_clearance {
    int64_t number; /* the order of decisions */
    tk_date day;
    tk_str who, hit, party, reason;
    bool confirmed; /* else cleared */
} tk_clearance;

/* `hit` is LIST:KEY. TK_ERR_INPUT: without who or reason (a confirmation needs no reason). */
TK_MUST_USE tk_status tk_clearances_add(tk_store *store, const tk_clearance *decision,
                                        const tk_compared sides[TK_COMPARED_SIDES], int64_t *number, tk_err *err);

typedef enum tk_clearance_state {
    TK_CLEARANCE_OPEN,
    TK_CLEARANCE_CLEARED,
    TK_CLEARANCE_CONFIRMED,
    TK_CLEARANCE_LAPSED, /* it was cleared, and a compared field has changed */
    TK_CLEARANCE_STATE_COUNT
} tk_clearance_state;
const char *tk_clearance_state_name(tk_clearance_state state);

typedef struct tk_compared_change {
    tk_compared_side side;
    tk_compared_field field;
    tk_str before, now;
} tk_compared_change;

typedef struct tk_clearance_answer {
    tk_clearance_state state;
    tk_clearance last; /* the decision; of an open one nothing */
    tk_compared_change changes[TK_COMPARED_SIDES * TK_COMPARED_FIELD_COUNT]; /* also of a confirmed one */
    size_t changes_count;
} tk_clearance_answer;

/* What counts now for this hit of this party, whose sides are as given. */
TK_MUST_USE tk_status tk_clearances_find(tk_store *store, tk_str hit, tk_str party,
                                         const tk_compared sides[TK_COMPARED_SIDES], tk_arena *arena,
                                         tk_clearance_answer *answer, tk_err *err);

/* Hits that the party is confirmed to be, by hit. The decision lives until the callback returns. */
typedef tk_status (*tk_clearances_each)(void *context, const tk_clearance *decision, tk_err *err);
TK_MUST_USE tk_status tk_clearances_confirmed(tk_store *store, tk_str party, tk_clearances_each each, void *context,
                                              tk_err *err);
/* All decisions about a party, in their order; all there are when it is empty. */
TK_MUST_USE tk_status tk_clearances_list(tk_store *store, tk_str party, tk_clearances_each each, void *context,
                                         tk_err *err);

#endif
