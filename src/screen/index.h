/* SPDX-License-Identifier: Apache-2.0 */
/* index.h: from the keys of a name to the names that have them.
 *
 * A key is the upper half of a hash; two keys that fall together cost a look at a name, never a hit. Keys are sorted; a
 * table of buckets says where those begin that share their first bits, so that finding one touches two or three lines
 * of memory. Behind each key stand the numbers of the names that have it, rising.
 */
#ifndef TK_SCREEN_INDEX_H
#define TK_SCREEN_INDEX_H

#include "screen/file.h"

/* Pairs of key and name, in any order, are collected, then sorted and laid out. */
typedef struct screen_index_maker {
    tk_out pairs; /* uint64_t: key << 32 | name */
} screen_index_maker;

void screen_index_begin(screen_index_maker *maker);
void screen_index_end(screen_index_maker *maker);
void screen_index_add(screen_index_maker *maker, uint64_t hash, uint32_t name);

typedef struct screen_index {
    uint32_t bucket_bits;
    uint32_t *buckets, *keys, *starts, *postings;
    uint64_t buckets_count, keys_count, starts_count, postings_count;
} screen_index;
/* In the arena. */
TK_MUST_USE tk_status screen_index_make(screen_index_maker *maker, tk_arena *arena, screen_index *out, tk_err *err);

/* The names that have the key; an empty run when none has. What a damaged file says is cut to what is there. */
typedef struct screen_run {
    const uint32_t *names;
    uint32_t count;
} screen_run;
screen_run screen_index_find(const screen_view *view, uint64_t hash);

#endif
