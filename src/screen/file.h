/* SPDX-License-Identifier: Apache-2.0 */
/* file.h: one version of a list as bytes: how they lie, how they are made, how they are read.
 *
 * A head of fixed size, then parts, each at a multiple of 8:
 *
 *     entries    every entry as published, one after another; nothing in it depends on the method of names
 *     begins     where each entry begins, and where the last one ends
 *     names      per name or alias: whose it is, and where its prepared form lies
 *     blocks     the prepared forms
 *     buckets, keys, starts, postings    the index (index.h)
 *
 * Opening looks at the head alone, which carries a check of itself: whatever stands in the parts is looked at when it
 * is used, and nothing there can lead outside. The SHA-256 over the parts is compared when somebody asks for it.
 *
 * Numbers are little-endian, as on every machine twokey runs on; a file from another one is refused by its mark.
 */
#ifndef TK_SCREEN_FILE_H
#define TK_SCREEN_FILE_H

#include "base/out.h"
#include "lists/lists.h"
#include "names/names_int.h"

enum { SCREEN_FORMAT = 1, SCREEN_SOURCE_BYTES = 64, SCREEN_METHOD_BYTES = 24, SCREEN_HASH_BYTES = 64 };

typedef enum screen_part {
    SCREEN_ENTRIES,
    SCREEN_BEGINS,
    SCREEN_NAMES,
    SCREEN_BLOCKS,
    SCREEN_BUCKETS,
    SCREEN_KEYS,
    SCREEN_STARTS,
    SCREEN_POSTINGS,
    SCREEN_PARTS
} screen_part;

typedef struct screen_extent {
    uint64_t at, bytes;
} screen_extent;

typedef struct screen_head {
    char magic[8];
    uint32_t mark, format;
    char method[SCREEN_METHOD_BYTES]; /* padded by 0, as the source is */
    char source[SCREEN_SOURCE_BYTES];
    char hash[SCREEN_HASH_BYTES];    /* of what was published */
    char content[SCREEN_HASH_BYTES]; /* of the parts */
    int32_t published, imported;
    uint32_t serial; /* rises with every import to a shelf: of two versions of one day the later counts */
    uint32_t bucket_bits;
    uint32_t dated, fields; /* tk_list_dated; which fields the source can say at all */
    uint64_t file_bytes;
    uint64_t read, accepted, rejected, merged;
    uint64_t entries_count, names_count, keys_count, postings_count;
    uint64_t unprepared_count; /* names in which nothing can be compared */
    screen_extent parts[SCREEN_PARTS];
    uint64_t check; /* of everything before it */
} screen_head;

typedef struct screen_name {
    uint32_t entry;
    uint32_t alias; /* 0: the main name; else the number of the alias, from 1 */
    uint32_t at, size; /* of the block, in units of 8 bytes */
} screen_name;

/* Bytes that are a version, wherever they lie. */
typedef struct screen_view {
    const char *bytes;
    size_t size;
    const screen_head *head;
    const char *entries, *blocks;
    const uint64_t *begins;
    const screen_name *names;
    const uint32_t *buckets, *keys, *starts, *postings;
} screen_view;

/* Makes the bytes of a version; they are those of `out`, a buffer without a stream. */
TK_MUST_USE tk_status screen_file_make(tk_names *names, const tk_list_edition *edition, tk_date imported,
                                       uint32_t serial, tk_out *out, tk_err *err);
/* Is it a version that this program reads? `size` is all there is of it. `bytes` are aligned to 8. */
TK_MUST_USE tk_status screen_file_look(const void *bytes, size_t size, screen_view *view, tk_err *err);
/* The head alone, for lists of versions. */
TK_MUST_USE tk_status screen_head_look(const screen_head *head, uint64_t file_bytes, tk_err *err);
/* Are the parts what they were when the file was made? */
TK_MUST_USE tk_status screen_file_verify(const screen_view *view, tk_err *err);
/* Was it made by the method of this program? Entries can be read from any. */
bool screen_method_is_ours(const screen_head *head);

/* The entry, its texts borrowed from the view and its arrays from the arena. TK_ERR_CORRUPT when its bytes are none. */
TK_MUST_USE tk_status screen_entry_read(const screen_view *view, uint64_t index, tk_arena *arena, tk_list_entry *out,
                                        tk_err *err);
/* The bytes of an entry: two entries are the same exactly when these are, the line of their file left aside. */
tk_str screen_entry_bytes(const screen_view *view, uint64_t index);
/* The code of its list; entries stand by list. "" when the file is damaged there. */
tk_str screen_entry_list(const screen_view *view, uint64_t index);
/* The first entry behind `index` that is of another list, or the number of entries. */
uint64_t screen_list_end(const screen_view *view, uint64_t index);
/* All entries again as an edition, for an index made anew. */
TK_MUST_USE tk_status screen_edition_read(const screen_view *view, tk_arena *arena, tk_list_edition *out, tk_err *err);
/* The prepared form; NULL when the file is damaged there. Whether the block itself is whole: tk_name_valid. */
const tk_name *screen_name_block(const screen_view *view, uint32_t name, size_t *size_bytes);
/* A fixed-size text of the head, without its padding. */
tk_str screen_head_text(const char *text, size_t size);

#endif
