/* SPDX-License-Identifier: Apache-2.0 */
/* retrieve.h: the names of a version that may be the party, each with its score.
 *
 * What comes out is what comparing with every name would give: src/names promises that two names whose score reaches
 * the threshold share a key, and every name that shares one is compared.
 */
#ifndef TK_SCREEN_RETRIEVE_H
#define TK_SCREEN_RETRIEVE_H

#include "screen/index.h"
#include "screen/shelf.h"

/* One version as one screener uses it. */
typedef struct screen_open {
    tk_shelved *shelved; /* whose view it is, or NULL: the view is somebody else's */
    const screen_view *view;
    tk_str source, name;
    tk_date published;
    int too_old;    /* its age in days, when that is more than its source allows; 0: it is not */
    uint32_t *seen; /* per name: the query that last met it */
    uint32_t query;
    uint8_t *whole; /* per name: is its block known to be whole? */
    tk_name_key *keys; /* of one query, and what has them */
    screen_run *runs;
} screen_open;

typedef struct screen_match {
    uint32_t version; /* which of the open versions */
    uint32_t entry, name;
    unsigned score; /* of the names alone */
} screen_match;

/* What is found grows in the arena. */
typedef struct screen_matches {
    screen_match *at;
    size_t count, size;
    uint64_t compared; /* names that were compared */
} screen_matches;

TK_MUST_USE tk_status screen_open_make(screen_open *open, const screen_view *view, tk_arena *keep, tk_err *err);
/* Adds every name whose score with `typed` reaches `floor`. */
TK_MUST_USE tk_status screen_retrieve(screen_open *open, uint32_t version, tk_names *names, const tk_name *typed,
                                      unsigned floor, tk_arena *arena, screen_matches *out, tk_err *err);
/* Adds the entries that have the identifier, whatever their names are: with the best score of their names. */
TK_MUST_USE tk_status screen_retrieve_identifier(screen_open *open, uint32_t version, tk_names *names,
                                                 const tk_name *typed, tk_str identifier, tk_arena *arena,
                                                 screen_matches *out, tk_err *err);
/* The prepared name, known to be whole. */
TK_MUST_USE tk_status screen_open_name(screen_open *open, uint32_t name, const tk_name **out, tk_err *err);

#endif
