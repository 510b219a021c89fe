/* SPDX-License-Identifier: Apache-2.0 */
/* sweep.h: books of random parties, lists that change from edition to edition, and all hits that a book has. */
#ifndef TK_TEST_SWEEP_H
#define TK_TEST_SWEEP_H

#include "desk/sweep.h"
#include "seams/shelf.h"

/* `path` NULL: in memory. A failure ends the test. */
tk_store *test_sweep_open(const char *path);
/* Rows behind "id,name,aliases,kind,country,address,identifiers"; each must be good. */
void test_sweep_parties(tk_store *store, const char *rows);
/* The parties `first` to `end`, many of which are like entries of the edition; the same again are other ones. */
void test_sweep_random_parties(tk_store *store, tk_arena *arena, const tk_list_edition *edition, unsigned first,
                               unsigned end, uint64_t *seed);
/* The edition `days` later: entries gone, renamed, moved to another country, with dates, and new ones. */
tk_list_edition test_sweep_next(tk_arena *arena, const tk_list_edition *before, int days, uint64_t *seed);
/* A sweep that must be good, settled or not. */
tk_desk_sweep test_sweep(tk_store *store, const tk_shelf *shelf, tk_arena *arena, unsigned threads, bool full,
                         bool settle);
/* All hits that the book keeps, a line each; of the last report when `reported`. */
tk_str test_sweep_dump(tk_store *store, tk_arena *arena, bool reported);
/* How many parties were brought to the state that came last. */
uint64_t test_sweep_ready(tk_store *store);

#endif
