/* SPDX-License-Identifier: Apache-2.0 */
/* arena.c: chunks in a list; a reset rewinds to the first chunk and keeps them all. */
#include "base/arena.h"

#include "base/err.h"

#include <stdalign.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct tk_arena_chunk {
    tk_arena_chunk *next;
    size_t size_bytes, used_bytes;
    alignas(max_align_t) unsigned char bytes[];
};

enum { ARENA_CHUNK_BYTES_MIN = 1024 };

void tk_arena_init(tk_arena *arena, size_t chunk_bytes, size_t limit_bytes)
{
    *arena = (tk_arena){.chunk_bytes = chunk_bytes, .limit_bytes = limit_bytes};
    if (arena->chunk_bytes < ARENA_CHUNK_BYTES_MIN)
        arena->chunk_bytes = ARENA_CHUNK_BYTES_MIN;
}

void tk_arena_fini(tk_arena *arena)
{
    tk_arena_chunk *chunk = arena->first;
    while (chunk != NULL) {
        tk_arena_chunk *next = chunk->next;
        free(chunk);
        chunk = next;
    }
    *arena = (tk_arena){0};
}

enum { ARENA_NEW_BYTES = 64 * 1024 };

tk_status tk_arena_new(tk_arena **out, tk_err *err)
{
    *out = malloc(sizeof **out);
    if (*out == NULL)
        return tk_err_set(err, TK_ERR_MEMORY, "out of memory");
    tk_arena_init(*out, ARENA_NEW_BYTES, 0);
    return TK_OK;
}

void tk_arena_free(tk_arena *arena)
{
    if (arena == NULL)
        return;
    tk_arena_fini(arena);
    free(arena);
}

void tk_arena_reset(tk_arena *arena)
{
    arena->current = arena->first;
    if (arena->first != NULL)
        arena->first->used_bytes = 0;
    arena->used_bytes = 0;
    arena->failed = false;
}

/* The next kept chunk that is large enough, else a new one put behind the current. */
static tk_arena_chunk *arena_chunk_for(tk_arena *arena, size_t size_bytes)
{
    tk_arena_chunk *next = arena->current != NULL ? arena->current->next : NULL;
    if (next != NULL && size_bytes <= next->size_bytes) {
        next->used_bytes = 0;
        return next;
    }
    size_t chunk_bytes = size_bytes < arena->chunk_bytes ? arena->chunk_bytes : size_bytes;
    if (SIZE_MAX - sizeof(tk_arena_chunk) < chunk_bytes)
        return NULL;
    tk_arena_chunk *chunk = malloc(sizeof *chunk + chunk_bytes);
    if (chunk == NULL)
        return NULL;
    *chunk = (tk_arena_chunk){.next = next, .size_bytes = chunk_bytes};
    if (arena->current != NULL)
        arena->current->next = chunk;
    else
        arena->first = chunk;
    return chunk;
}

void *tk_arena_get(tk_arena *arena, size_t size_bytes)
{
    const size_t align = alignof(max_align_t);
    if (SIZE_MAX - align < size_bytes || arena->failed) {
        arena->failed = true;
        return NULL;
    }
    size_t rounded_bytes = (size_bytes + align - 1) / align * align;
    if (rounded_bytes == 0)
        rounded_bytes = align;
    if (arena->limit_bytes != 0 && arena->limit_bytes - arena->used_bytes < rounded_bytes) {
        arena->failed = true;
        return NULL;
    }
    tk_arena_chunk *chunk = arena->current;
    if (chunk == NULL || chunk->size_bytes - chunk->used_bytes < rounded_bytes) {
        chunk = arena_chunk_for(arena, rounded_bytes);
        if (chunk == NULL) {
            arena->failed = true;
            return NULL;
        }
        arena->current = chunk;
    }
    void *block = chunk->bytes + chunk->used_bytes;
    chunk->used_bytes += rounded_bytes;
    arena->used_bytes += rounded_bytes;
    return memset(block, 0, rounded_bytes);
}

void *tk_arena_get_array(tk_arena *arena, size_t count, size_t size_bytes)
{
    size_t total_bytes;
    if (__builtin_mul_overflow(count, size_bytes, &total_bytes)) {
        arena->failed = true;
        return NULL;
    }
    return tk_arena_get(arena, total_bytes);
}

tk_str tk_arena_copy(tk_arena *arena, tk_str text)
{
    char *copy = tk_arena_get(arena, text.len + 1);
    if (copy == NULL)
        return (tk_str){"", 0};
    if (text.len != 0)
        memcpy(copy, text.ptr, text.len);
    return (tk_str){copy, text.len};
}

tk_str tk_arena_printf(tk_arena *arena, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    int len = vsnprintf(NULL, 0, format, args);
    va_end(args);
    char *text = len < 0 ? NULL : tk_arena_get(arena, (size_t)len + 1);
    if (text == NULL)
        return (tk_str){"", 0};
    va_start(args, format);
    (void)vsnprintf(text, (size_t)len + 1, format, args);
    va_end(args);
    return (tk_str){text, (size_t)len};
}
