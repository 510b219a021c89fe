/* SPDX-License-Identifier: Apache-2.0 */
/* book.h: the parties of a book, and who holds how much of whom: import, look up, export, and the graph of one day.
 *
 * A *party* is one record: names, addresses, identifiers, what the rules ask about it. A *holding* says that a holder
 * has a share of a held party from one day to another, and where that is written. Both ends of a holding are ids: of a
 * party of the book, of the catalogue, or of a list's entry ("LIST:KEY"); they need not be there yet.
 *
 * What always holds
 *   - Nothing is changed or removed. A later record of the same party, or of the same holder, held and first day, takes
 *     the place of the earlier one, which stays askable by its number ("recorded").
 *   - One import is one transaction: after a crash the whole batch is there, or nothing of it.
 *   - On a day those holdings count that have begun and not ended; of one holder and held the one that began last. A
 *     share that changed is a new row.
 *
 * Ownership  The store is borrowed. Text that is handed out lives in the arena it was asked into.
 * Threads    As the store: one at a time.
 */
#ifndef TK_PARTIES_BOOK_H
#define TK_PARTIES_BOOK_H

#include <stdio.h>

#include "base/out.h"
#include "parties/owners.h"
#include "store/store.h"

extern const tk_store_module tk_parties_module;

/* --- columns: X(ENUM, "name") --- */

/* Several values in a cell (aliases, class, lists, address, identifiers, birth) are separated by semicolons. */
#define TK_PARTY_COLUMNS(X)                                                                                          \
    X(ID, "id")                                                                                                      \
    X(NAME, "name")                                                                                                  \
    X(ALIASES, "aliases")                                                                                            \
    X(KIND, "kind")                                                                                                  \
    X(COUNTRY, "country")                                                                                            \
    X(HQ, "hq")                                                                                                      \
    X(PARENT, "parent")                                                                                              \
    X(PARENT_HQ, "parent_hq")                                                                                        \
    X(CLASS, "class")                                                                                                \
    X(LISTS, "lists")                                                                                                \
    X(ENTRY_REVIEW, "entry_review")                                                                                  \
    X(ADDRESS, "address")                                                                                            \
    X(IDENTIFIERS, "identifiers")                                                                                    \
    X(BIRTH, "birth")                                                                                                \
    X(SOURCE, "source")                                                                                              \
    X(NOTE, "note")

typedef enum tk_party_column {
#define X(NAME, text) TK_PARTY_##NAME,
    TK_PARTY_COLUMNS(X)
#undef X
    TK_PARTY_COLUMN_COUNT
} tk_party_column;

#define TK_HOLDING_COLUMNS(X)                                                                                        \
    X(HOLDER, "holder")                                                                                              \
    X(HELD, "held")                                                                                                  \
    X(SHARE, "share")                                                                                                \
    X(CONTROL, "control")                                                                                            \
    X(FROM, "from")                                                                                                  \
    X(TO, "to")                                                                                                      \
    X(SOURCE, "source")                                                                                              \
    X(NOTE, "note")

typedef enum tk_holding_column {
#define X(NAME, text) TK_HOLDING_##NAME,
    TK_HOLDING_COLUMNS(X)
#undef X
    TK_HOLDING_COLUMN_COUNT
} tk_holding_column;

/* Which of the two tables: what they share is told apart by it. */
typedef enum tk_parties_table { TK_PARTIES, TK_HOLDINGS, TK_PARTIES_TABLES } tk_parties_table;
const char *tk_parties_column_name(tk_parties_table table, size_t column);
size_t tk_parties_column_count(tk_parties_table table);

/* --- records --- */

typedef struct tk_party_record {
    int64_t number;   /* the place in the order of recording */
    tk_date recorded; /* the day that was given with the batch */
    tk_str batch;     /* its name */
    tk_str cells[TK_PARTY_COLUMN_COUNT];
} tk_party_record;

typedef struct tk_holding_record {
    int64_t number;
    tk_date recorded;
    tk_str batch;
    tk_date from, to; /* TK_DATE_MIN / TK_DATE_MAX: not said */
    tk_owner_holding share; /* without its parties */
    tk_str cells[TK_HOLDING_COLUMN_COUNT];
} tk_holding_record;

/* The highest number given. */
TK_MUST_USE tk_status tk_parties_recorded(tk_store *store, int64_t *number, tk_err *err);

/* --- import --- */

typedef struct tk_parties_imported {
    tk_parties_table table;
    uint64_t read, added, replaced, there, rejected; /* read == added + replaced + there + rejected */
    uint64_t loose;                                  /* ends of holdings that nobody knows yet */
    int64_t batch, first, last;                      /* numbers given; 0 when nothing was recorded */
} tk_parties_imported;

/* One row that was rejected, or (`note`) something worth knowing about one that was not. */
typedef void (*tk_parties_say)(void *context, bool note, const tk_err *err);
/* More checks of a party than the book can make (places, classes, lists that the rules know). *column is the cell that
 * is wrong. */
typedef tk_status (*tk_parties_check)(void *context, const tk_str *cells, tk_party_column *column, tk_err *err);
/* Is this id a party that the book does not hold: the catalogue's, or a list's entry? */
typedef bool (*tk_parties_known)(void *context, tk_str id);

typedef struct tk_parties_input {
    tk_str name;  /* for messages, and kept with the batch */
    FILE *stream; /* or NULL: `text` */
    tk_str text;
    tk_date day; /* kept with the batch */
    bool ignore_unknown; /* columns */
    tk_parties_say say;     /* may be NULL */
    tk_parties_check check; /* may be NULL */
    tk_parties_known known; /* may be NULL: nobody else knows any */
    void *context;
} tk_parties_input;

/* Parties, or holdings when the header has `holder` and `held`. TK_ERR_INPUT when the file is neither. Rejected rows
 * are no failure; the others are kept. */
TK_MUST_USE tk_status tk_parties_import(tk_store *store, const tk_parties_input *input, tk_parties_imported *result,
                                        tk_err *err);

/* --- looking up: records that stand, up to a number (INT64_MAX: all) --- */

/* *party NULL: there is none. */
TK_MUST_USE tk_status tk_parties_find(tk_store *store, int64_t at, tk_str id, tk_arena *arena,
                                      const tk_party_record **party, tk_err *err);
/* By id. The record lives until the callback returns. */
typedef tk_status (*tk_parties_each)(void *context, const tk_party_record *party, tk_err *err);
TK_MUST_USE tk_status tk_parties_list(tk_store *store, int64_t at, tk_parties_each each, void *context, tk_err *err);

/* By held, holder and first day; `party` empty: all, else those it stands in on either end. */
typedef tk_status (*tk_parties_holding)(void *context, const tk_holding_record *holding, tk_err *err);
TK_MUST_USE tk_status tk_parties_holdings(tk_store *store, int64_t at, tk_str party, tk_parties_holding each,
                                          void *context, tk_err *err);

/* A file that imports again. */
TK_MUST_USE tk_status tk_parties_export(tk_store *store, int64_t at, tk_parties_table table, tk_out *out, tk_err *err);
/* The parties as a table of the catalogue's kind: the columns that rules ask about; empty when there are none. Lives in
 * the arena. */
TK_MUST_USE tk_status tk_parties_as_catalogue(tk_store *store, int64_t at, tk_arena *arena, tk_str *text, tk_err *err);

/* --- who owns whom on a day --- */

/* The lists that a party is on itself: calls `add` for each. `party` is NULL for an id that is no party of the book. */
typedef struct tk_parties_graph tk_parties_graph;
typedef struct tk_parties_listed {
    tk_status (*ask)(void *context, tk_parties_graph *graph, tk_str id, const tk_party_record *party, tk_err *err);
    void *context;
} tk_parties_listed;

struct tk_parties_graph {
    tk_owner_input input;
    const tk_str *ids; /* of input.parties, sorted */
    const tk_holding_record *records; /* of input.holdings */
    tk_owners *owners;
    /* being made */
    uint32_t asked;
    bool settled; /* `ask` knows whether the id is an entry that stands */
    tk_owner_listing *listings;
    size_t listings_size;
    tk_arena *arena;
};

/* Within `ask`: the party asked about is on the list `code`. A list without a rule of ownership is passed over. */
void tk_parties_on_list(tk_parties_graph *graph, tk_str code, bool sure, uint8_t review);

/* The parties that own `asked`, directly or through others, on the day; of all holdings when it is empty. An id
 * "LIST:KEY" that is no party of the book is on LIST when that has a rule; everything else is said by `listed` (may
 * be NULL). */
TK_MUST_USE tk_status tk_parties_owners(tk_store *store, int64_t at, tk_date day, tk_str asked,
                                        const tk_owner_rule *rules, size_t rules_count, uint8_t review_max,
                                        const tk_parties_listed *listed, tk_arena *arena, tk_parties_graph **out,
                                        tk_err *err);
/* SIZE_MAX: there is none. */
size_t tk_parties_graph_find(const tk_parties_graph *graph, tk_str id);

#endif
