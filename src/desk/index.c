/* SPDX-License-Identifier: Apache-2.0 */
/* index.c: from a name to its number, without memory of its own per look-up. */
#include "desk/desk_int.h"

bool desk_index_init(desk_index *index, tk_arena *arena, size_t names_count)
{
    size_t size = 16;
    while (size < names_count * 2)
        size *= 2;
    index->names = TK_ARENA_ARRAY(arena, tk_str, size);
    index->values = TK_ARENA_ARRAY(arena, uint32_t, size);
    index->size = index->names != NULL && index->values != NULL ? size : 0;
    return index->size != 0;
}

static size_t index_at(const desk_index *index, tk_str name)
{
    size_t at = (size_t)tk_str_hash(name) & (index->size - 1);
    while (index->names[at].ptr != NULL && !tk_str_eq(index->names[at], name))
        at = (at + 1) & (index->size - 1);
    return at;
}

void desk_index_add(desk_index *index, tk_str name, uint32_t value)
{
    if (index->size == 0 || name.len == 0)
        return;
    size_t at = index_at(index, name);
    if (index->names[at].ptr != NULL)
        return;
    index->names[at] = name;
    index->values[at] = value;
}

uint32_t desk_index_find(const desk_index *index, tk_str name)
{
    if (index->size == 0 || name.len == 0)
        return UINT32_MAX;
    size_t at = index_at(index, name);
    return index->names[at].ptr == NULL ? UINT32_MAX : index->values[at];
}

tk_str desk_fold(tk_arena *arena, tk_str text)
{
    char *bytes = TK_ARENA_ARRAY(arena, char, text.len + 1);
    if (bytes == NULL)
        return TK_STR("");
    for (size_t i = 0; i < text.len; i++) {
        char c = text.ptr[i];
        bytes[i] = 'A' <= c && c <= 'Z' ? (char)(c + ('a' - 'A')) : c;
    }
    return (tk_str){bytes, text.len};
}
