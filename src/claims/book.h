/* SPDX-License-Identifier: Apache-2.0 */
/* book.h: what only the library and its program use of the claims of a book: the store below, tables of one's own, the
 * vocabulary of a rulebook, whole files. Everything else is public: twokey/claims.h.
 */
#ifndef TK_CLAIMS_BOOK_H
#define TK_CLAIMS_BOOK_H

#include "base/arena.h"
#include "base/out.h"
#include "store/store.h"
#include "twokey/claims.h"
#include "twokey/rulebook.h"

extern const tk_store_module tk_claims_module;

/* Tables of the program: grades.csv, predicates.csv, names.csv, and the claims that come with it. */
typedef struct tk_claims_texts {
    tk_source grades, predicates, names, shipped;
} tk_claims_texts;

/* As tk_claims_book_open, on a store that is open and is borrowed, with these texts. */
TK_MUST_USE tk_status tk_claims_open(tk_store *store, const tk_claims_texts *texts, tk_claims **out,
                                     tk_claims_imported *shipped, tk_err *err);
/* What tk_claims_close gives back behind the claims: the store, where it is theirs. */
void tk_claims_own(tk_claims *claims, void *owned, void (*give_back)(void *owned));
/* How many claims a book holds, without opening them; its tables are those of this program. */
TK_MUST_USE tk_status tk_claims_stored(tk_store *store, int64_t *count, tk_err *err);

/* All claims as far as a rulebook may name or hear them, by id; what is not there at these times is published on
 * TK_DATE_MAX. */
TK_MUST_USE tk_status tk_claims_vocabulary(tk_claims *claims, const tk_claims_at *at, tk_arena *arena,
                                           tk_claim_row **out, size_t *count, tk_err *err);

/* Claims recorded up to a number that were imported before the day of their publication, by id. They are few. */
typedef struct tk_claim_ahead {
    tk_str id;
    tk_date published;
    bool speaks; /* may say something of a fact */
} tk_claim_ahead;
TK_MUST_USE tk_status tk_claims_ahead(tk_claims *claims, int64_t number, tk_arena *arena, const tk_claim_ahead **out,
                                      size_t *count, tk_err *err);

/* One of them, or none: *found false. Contradictions are told from both sides. */
TK_MUST_USE tk_status tk_claims_vocabulary_row(tk_claims *claims, const tk_claims_at *at, tk_str id, tk_arena *arena,
                                               tk_claim_row *out, bool *found, tk_err *err);

/* Of the claims recorded up to a number that may say something of a fact: the days on which they happened, ascending,
 * and the newest publication (TK_DATE_MIN: there are none) but for those of tk_claims_ahead. */
typedef struct tk_claims_day_list {
    tk_date *days;
    size_t count;
    tk_date newest;
} tk_claims_day_list;
TK_MUST_USE tk_status tk_claims_days(tk_claims *claims, int64_t number, tk_arena *arena, tk_claims_day_list *out,
                                     tk_err *err);

/* All claims as a file that imports again, by id. */
TK_MUST_USE tk_status tk_claims_export(tk_claims *claims, const tk_claims_at *at, tk_out *out, tk_err *err);

#endif
