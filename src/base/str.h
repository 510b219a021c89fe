/* SPDX-License-Identifier: Apache-2.0 */
/* str.h: borrowed text, and the nearest valid choice for a misspelt one. */
#ifndef TK_BASE_STR_H
#define TK_BASE_STR_H

#include "twokey/base.h"

tk_str tk_str_from(const char *text); /* NULL gives the empty text */
bool tk_str_eq(tk_str a, tk_str b);
bool tk_str_is(tk_str a, const char *b);
bool tk_str_eq_nocase(tk_str a, tk_str b); /* ASCII letters only */
bool tk_str_has_nocase(tk_str text, tk_str part); /* likewise */
int tk_str_cmp(tk_str a, tk_str b);        /* by bytes; a prefix comes first */
bool tk_str_starts(tk_str text, tk_str prefix);
bool tk_str_ends(tk_str text, tk_str suffix);
tk_str tk_str_trim(tk_str text); /* spaces and tabs off both ends */
/* Takes the part before the next `separator` off *rest. False when *rest was used up. */
bool tk_str_split(tk_str *rest, char separator, tk_str *part);
uint64_t tk_str_hash(tk_str text);
/* Sorts by bytes and keeps each text once, empty ones never; returns how many are left. */
size_t tk_str_unique(tk_str *texts, size_t count);

/* True for an id: [A-Za-z0-9][A-Za-z0-9._:-]{0,63}. */
bool tk_str_is_id(tk_str text);

/* Keeps the best of the choices offered one by one: nearest by edits (a swap of neighbours counts one, case does not
 * count), ties to the first by bytes. `best.ptr` is NULL when none is near enough to be worth saying. */
typedef struct tk_nearest {
    tk_str wanted, best;
    unsigned distance;
} tk_nearest;
tk_nearest tk_nearest_make(tk_str wanted);
void tk_nearest_offer(tk_nearest *nearest, tk_str choice);

#define TK_FMT "%.*s"
#define TK_ARG_STR(s) (int)(s).len, ((s).ptr != NULL ? (s).ptr : "")

#endif
