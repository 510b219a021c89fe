/* SPDX-License-Identifier: Apache-2.0 */
/* arena.h: memory for work with one lifetime (a compilation, a decision, a row).
 *
 * Blocks are aligned for any object. Reset keeps the memory, so a loop that resets allocates nothing after its
 * first rounds. Nothing taken from an arena outlives its reset. Running out of memory or over the limit returns
 * NULL once and marks the arena failed: check `failed` at the end of a batch of allocations, not each one.
 */
#ifndef TK_BASE_ARENA_H
#define TK_BASE_ARENA_H

#include "twokey/base.h"

typedef struct tk_arena_chunk tk_arena_chunk;

struct tk_arena {
    tk_arena_chunk *first, *current;
    size_t used_bytes;  /* handed out since the last reset */
    size_t limit_bytes; /* 0: no limit */
    size_t chunk_bytes;
    bool failed;
};

void tk_arena_init(tk_arena *arena, size_t chunk_bytes, size_t limit_bytes);
void tk_arena_fini(tk_arena *arena); /* reset, new and free: twokey/base.h */

/* Zeroed memory, or NULL (then arena->failed). A size of 0 gives a valid pointer. */
void *tk_arena_get(tk_arena *arena, size_t size_bytes);
/* count * size_bytes, checked for overflow. */
void *tk_arena_get_array(tk_arena *arena, size_t count, size_t size_bytes);
/* A copy of text, with a 0 behind it that its length does not count. */
tk_str tk_arena_copy(tk_arena *arena, tk_str text);
tk_str tk_arena_printf(tk_arena *arena, const char *format, ...) TK_PRINTF(2, 3);

#define TK_ARENA_NEW(arena, type) ((type *)tk_arena_get((arena), sizeof(type)))
#define TK_ARENA_ARRAY(arena, type, count) ((type *)tk_arena_get_array((arena), (count), sizeof(type)))

#endif
