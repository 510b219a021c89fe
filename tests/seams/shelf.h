/* SPDX-License-Identifier: Apache-2.0 */
/* shelf.h: editions made for tests, from a few lines of text or from a seed, and shelves that hold them. */
#ifndef TK_TEST_SHELF_H
#define TK_TEST_SHELF_H

#include "screen/shelf.h"
#include "seams/place.h"

/* One entry a line, fields by `|`: list, key, kind letter (p c v ?), name, aliases, countries, addresses, identifiers,
 * births (each `;` between), start, end (may be empty, and left out at the end); by list, then key, as in every
 * edition. The hash is that of `text`. */
tk_list_edition test_edition(tk_arena *arena, const char *source, const char *published, const char *text);
/* `count` companies and persons with words drawn from small sets, so that many are alike; the same for the same seed.
 * */
tk_list_edition test_edition_random(tk_arena *arena, const char *source, const char *published, size_t count,
                                    uint64_t seed);
/* A name as one of that edition may be typed: the same, with a slip, with a word less, or of somebody else. */
tk_str test_name_random(tk_arena *arena, const tk_list_edition *edition, uint64_t *state);
/* Less than `below`. */
uint64_t test_random_below(uint64_t *state, uint64_t below);

tk_shelf *test_shelf(test_place *place, const char *name);
/* Puts the edition; a failure ends the test. The version lives as long as the place. */
tk_shelf_version test_put(test_place *place, const tk_shelf *shelf, const tk_list_edition *edition);

#endif
