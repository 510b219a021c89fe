/* SPDX-License-Identifier: Apache-2.0 */
/* claims_int.h: what the files of the module share: columns, one checked row, the open claims of a book.
 *
 * A claim is kept as it was written, cell by cell; dates, bounds and links are read from it once, at import, where they
 * are needed for searching, and anew wherever somebody reasons about it. So a better table of predicates changes what
 * old claims mean without touching them.
 */
#ifndef TK_CLAIMS_INT_H
#define TK_CLAIMS_INT_H

#include "base/err.h"
#include "base/limits.h"
#include "base/num.h"
#include "base/str.h"
#include "claims/book.h"

/* --- one row --- */

/* Ids in a cell of links are separated by semicolons; they are sorted, each once. */
typedef struct claims_row {
    tk_str cells[TK_CLAIM_COLUMN_COUNT];
    bool given[TK_CLAIM_COLUMN_COUNT]; /* the file has the column; what it has not is not compared */
    tk_date event_from, event_to, published;
    tk_date published_from; /* the first day it may have been published on; TK_DATE_MIN: no day was given */
    tk_claim_bounds bounds;
} claims_row;

/* What is wrong with one cell, or worth knowing about it: "'x': expected …". */
typedef struct claims_fault {
    tk_claim_column column;
    tk_str says;
} claims_fault;
/* By column, at most one for each. */
typedef struct claims_faults {
    claims_fault list[TK_CLAIM_COLUMN_COUNT];
    size_t count;
} claims_faults;
void claims_faults_add(claims_faults *faults, tk_claim_column column, tk_str says);

/* Checks all cells and fills in the rest; canonical link cells and what is wrong go into the arena. */
void claims_row_check(const tk_claims *claims, tk_arena *arena, claims_row *row, claims_faults *faults);
/* What the tables know nothing of, so that the claim means less than its author thinks. `hints`: also the nearest that
 * they do know, which takes time. */
TK_MUST_USE tk_status claims_row_unknown(const tk_claims *claims, tk_arena *arena, const tk_str *cells, bool hints,
                                         claims_faults *faults, tk_err *err);

/* --- tables of the program --- */

typedef struct claims_name {
    tk_str name; /* as claims write it, small letters of ASCII */
    tk_str kind, id;
    tk_claim_lane lane;
} claims_name;

typedef struct claims_rule {
    tk_str predicate, unit; /* unit: for claims counted in this unit alone; empty: for all */
    tk_str words;           /* for claims alone whose object has them; empty: for all */
    tk_claim_about about;
    tk_claim_kind kind;
    tk_str fact, value, excludes;
    bool denies;
} claims_rule;

/* Lane and topic of a predicate, and why it is not modelled. */
typedef struct claims_predicate {
    tk_str predicate, why_not;
    tk_claim_lane lane; /* TK_LANE_COUNT: that of the actor */
    tk_claim_topic topic;
    size_t rules, rules_count;
} claims_predicate;

typedef struct claims_tables {
    tk_str kinds[TK_CLAIMS_KINDS_MAX], kinds_say[TK_CLAIMS_KINDS_MAX];
    char grades[TK_CLAIMS_KINDS_MAX];
    bool kinds_own[TK_CLAIMS_KINDS_MAX]; /* such a source speaks of what it does itself */
    size_t kinds_count;
    claims_predicate *predicates; /* by name */
    size_t predicates_count;
    claims_rule *rules;
    claims_name *names; /* by name, then kind and id */
    size_t names_count;
} claims_tables;

TK_MUST_USE tk_status claims_tables_read(const tk_claims_texts *texts, tk_arena *arena, claims_tables *tables,
                                         tk_err *err);
/* Does somebody speak of an act of his own? The kind of the source says that it speaks for itself, and who acts is of
 * the lane that the predicate is about: an American official's word on a Chinese approval is a report. Of a predicate
 * that may be about either side nobody can tell. */
bool claims_own_act(const claims_tables *tables, const tk_str *cells);
/* The index of a source kind, or SIZE_MAX. */
size_t claims_tables_kind(const claims_tables *tables, tk_str kind);
const claims_predicate *claims_tables_predicate(const claims_tables *tables, tk_str predicate);
/* Does one of its statements speak of a fact? Not when they are figures in the claim's own words, or there are none. */
bool claims_predicate_speaks(const claims_tables *tables, const claims_predicate *predicate);
/* The entries of one name; *count 0 when nobody gave it a meaning. */
const claims_name *claims_tables_name(const claims_tables *tables, tk_str name, size_t *count);

struct tk_claims {
    tk_store *store; /* borrowed */
    tk_arena keep;
    claims_tables tables;
    tk_claims_texts texts;
    void *owned; /* see tk_claims_own */
    void (*give_back)(void *owned);
};

/* --- statements: what a claim says in the words of the tables --- */

/* Calls `say` for each statement of a claim; texts are borrowed from the tables and the arena. */
TK_MUST_USE tk_status claims_statements(const tk_claims *claims, tk_arena *arena, const tk_str *cells,
                                        tk_claim_statement **out, size_t *count, tk_err *err);
/* What two claims share that speak of the same thing: a number by which the book finds them. */
int64_t claims_key(const tk_claim_statement *statement);
int64_t claims_key_any(const tk_claim_statement *statement);
/* Does a text name anything that the tables know? */
bool claims_names_any(const claims_tables *tables, tk_str text);
/* Is what a rule of the predicates says about a product, whoever buys it? */
bool claims_about_item(tk_claim_about about);

/* --- the book --- */

/* Days that are in the book already, as far as one transaction has met them: most claims share theirs. All zero at its
 * beginning. A place holds a day and 1, so that zero is none. */
enum { CLAIMS_DAYS_SEEN = 1024, CLAIMS_DAY_KINDS = 2 };
typedef struct claims_days_seen {
    int64_t places[CLAIMS_DAY_KINDS][CLAIMS_DAYS_SEEN];
} claims_days_seen;

/* Keys of all claims, when the tables they were made with are not the program's. Inside a transaction. */
TK_MUST_USE tk_status claims_keys_renew(tk_claims *claims, tk_err *err);
/* Of a claim with its number, days and cells. Claims must come by number. */
TK_MUST_USE tk_status claims_keys_add(tk_claims *claims, tk_arena *arena, const tk_claim *claim, claims_days_seen *seen,
                                      tk_err *err);
/* Fills in the cells that a picture reads; false: the brief is empty, and the claim has to be read. */
bool claims_brief_read(tk_str brief, tk_str *cells);
TK_MUST_USE tk_status claims_import_shipped(tk_claims *claims, tk_claims_imported *result, tk_err *err);
/* Cells of the row a statement stands on, from column `first` on, in the order of the columns. */
void claims_read_cells(tk_store_statement *statement, int first, tk_arena *arena, tk_str *cells);

#endif
