/* SPDX-License-Identifier: Apache-2.0 */
/* memo.c: answers worked out before.
 *
 * Order books repeat themselves: a million rows are a few thousand different questions. The key is every fact, piece
 * of evidence and date the answer can depend on, byte for byte; nothing is left to a hash. Answers repeat each other
 * too: they are kept as lists of pieces, and a piece that several answers have is kept once. Where a text is cut
 * changes only how well that works.
 *
 * Memory is bounded: two tables and one block. When one of them is full, everything is forgotten and filling starts
 * again. A short run takes of the block what it needs; a run that keeps more than a few answers takes all of it at
 * once, so that a file of a million rows needs no more memory than one of some thousands.
 */
#include <stdlib.h>
#include <string.h>

#include "desk/desk_int.h"

enum {
    ENTRIES_MAX = 1 << 16, /* a power of two, as is the next */
    PIECES_MAX = 1 << 16,
    ENTRIES_FULL = ENTRIES_MAX / 4 * 3,
    PIECES_FULL = PIECES_MAX / 4 * 3,
    PIECE_BYTES_MIN = 64,
    BLOCK_BYTES = 20 * 1024 * 1024,
    ENTRIES_FEW = 1024
};

typedef struct memo_piece {
    uint32_t hash;
    uint32_t len;
    const char *text; /* NULL: free */
} memo_piece;

typedef struct memo_entry {
    uint64_t hash;
    const char *key; /* NULL: free */
    const uint32_t *pieces;
    uint32_t key_len, pieces_count;
    uint8_t verdict, touched, late;
} memo_entry;

struct desk_memo {
    memo_entry entries[ENTRIES_MAX];
    memo_piece pieces[PIECES_MAX];
    size_t entries_count, pieces_count;
    size_t used;
    char *block; /* taken when first needed */
    bool whole;  /* every page of it was written */
};

desk_memo *desk_memo_new(void)
{
    return calloc(1, sizeof(desk_memo));
}

void desk_memo_free(desk_memo *memo)
{
    if (memo == NULL)
        return;
    free(memo->block);
    free(memo);
}

void desk_memo_clear(desk_memo *memo)
{
    if (memo == NULL || memo->entries_count == 0)
        return;
    memset(memo->entries, 0, sizeof(memo->entries));
    memset(memo->pieces, 0, sizeof(memo->pieces));
    memo->entries_count = 0;
    memo->pieces_count = 0;
    memo->used = 0;
}

/* Eight bytes a step: keys are a few hundred bytes and every row hashes one. */
static uint64_t memo_hash(tk_str key)
{
    uint64_t hash = UINT64_C(0x9e3779b97f4a7c15) ^ key.len;
    size_t at = 0;
    for (; at + 8 <= key.len; at += 8) {
        uint64_t word;
        memcpy(&word, key.ptr + at, 8);
        hash = (hash ^ word) * UINT64_C(0xff51afd7ed558ccd);
        hash ^= hash >> 32;
    }
    uint64_t rest = 0;
    if (at < key.len)
        memcpy(&rest, key.ptr + at, key.len - at);
    hash = (hash ^ rest) * UINT64_C(0xc4ceb9fe1a85ec53);
    return hash ^ (hash >> 29);
}

static size_t memo_at(const desk_memo *memo, tk_str key, uint64_t hash)
{
    size_t at = (size_t)hash & (ENTRIES_MAX - 1);
    for (;;) {
        const memo_entry *entry = &memo->entries[at];
        if (entry->key == NULL)
            return at;
        if (entry->hash == hash && entry->key_len == key.len && memcmp(entry->key, key.ptr, key.len) == 0)
            return at;
        at = (at + 1) & (ENTRIES_MAX - 1);
    }
}

bool desk_memo_find(const desk_memo *memo, tk_str key, desk_memo_answer *answer)
{
    if (memo == NULL || memo->entries_count == 0)
        return false;
    const memo_entry *entry = &memo->entries[memo_at(memo, key, memo_hash(key))];
    if (entry->key == NULL)
        return false;
    *answer = (desk_memo_answer){.pieces = entry->pieces,
                                 .pieces_count = entry->pieces_count,
                                 .verdict = (tk_verdict)entry->verdict,
                                 .touched = entry->touched != 0,
                                 .late = entry->late};
    return true;
}

void desk_memo_write(const desk_memo *memo, const desk_memo_answer *answer, tk_out *out)
{
    for (size_t i = 0; i < answer->pieces_count; i++) {
        const memo_piece *piece = &memo->pieces[answer->pieces[i]];
        tk_out_add(out, (tk_str){piece->text, piece->len});
    }
}

/* Room in the block; the caller has made sure that there is. */
static char *memo_take(desk_memo *memo, size_t bytes)
{
    char *at = memo->block + memo->used;
    memo->used += (bytes + 7) / 8 * 8;
    return at;
}

/* Texts are lists of objects: a piece ends where an object does. */
static size_t memo_piece_len(tk_str rest)
{
    if (rest.len <= PIECE_BYTES_MIN)
        return rest.len;
    const char *end = memchr(rest.ptr + PIECE_BYTES_MIN, '}', rest.len - PIECE_BYTES_MIN);
    return end == NULL ? rest.len : (size_t)(end + 1 - rest.ptr);
}

static uint32_t memo_piece_of(desk_memo *memo, tk_str text)
{
    uint32_t hash = (uint32_t)memo_hash(text), at = hash & (PIECES_MAX - 1);
    while (memo->pieces[at].text != NULL) {
        const memo_piece *piece = &memo->pieces[at];
        if (piece->hash == hash && piece->len == text.len && memcmp(piece->text, text.ptr, text.len) == 0)
            return at;
        at = (at + 1) & (PIECES_MAX - 1);
    }
    char *kept = memo_take(memo, text.len);
    memcpy(kept, text.ptr, text.len);
    memo->pieces[at] = (memo_piece){.hash = hash, .len = (uint32_t)text.len, .text = kept};
    memo->pieces_count++;
    return at;
}

/* Room for one more answer, whatever it is made of. False: there is no memory, or it is too large to be kept. */
static bool memo_make_room(desk_memo *memo, tk_str key, tk_str text)
{
    size_t pieces_max = text.len / PIECE_BYTES_MIN + 1;
    size_t bytes_max = key.len + text.len + pieces_max * (sizeof(uint32_t) + 8) + 16;
    if (memo == NULL || BLOCK_BYTES / 8 < bytes_max || PIECES_MAX / 8 < pieces_max)
        return false;
    if (memo->block == NULL)
        memo->block = malloc(BLOCK_BYTES);
    if (memo->block == NULL)
        return false;
    if (ENTRIES_FULL <= memo->entries_count || PIECES_FULL < memo->pieces_count + pieces_max
        || BLOCK_BYTES - memo->used < bytes_max)
        desk_memo_clear(memo);
    return true;
}

/* The kernel gives memory page by page, as it is first written. */
static void memo_take_whole(desk_memo *memo)
{
    memset(memo->block + memo->used, 0, BLOCK_BYTES - memo->used);
    memo->whole = true;
}

static memo_entry *memo_entry_of(desk_memo *memo, tk_str key)
{
    uint64_t hash = memo_hash(key);
    memo_entry *entry = &memo->entries[memo_at(memo, key, hash)];
    if (entry->key != NULL)
        return entry;
    char *kept = memo_take(memo, key.len);
    memcpy(kept, key.ptr, key.len);
    memo->entries_count++;
    if (ENTRIES_FEW <= memo->entries_count && !memo->whole)
        memo_take_whole(memo);
    *entry = (memo_entry){.hash = hash, .key = kept, .key_len = (uint32_t)key.len};
    return entry;
}

void desk_memo_add_late(desk_memo *memo, tk_str key, uint8_t late)
{
    if (memo_make_room(memo, key, TK_STR("")))
        memo_entry_of(memo, key)->late |= late;
}

void desk_memo_add(desk_memo *memo, tk_str key, tk_str text, tk_verdict verdict, bool touched)
{
    if (!memo_make_room(memo, key, text))
        return;
    memo_entry *entry = memo_entry_of(memo, key);
    uint32_t *pieces = (uint32_t *)(void *)memo_take(memo, (text.len / PIECE_BYTES_MIN + 1) * sizeof(*pieces));
    uint32_t count = 0;
    while (text.len != 0) {
        size_t len = memo_piece_len(text);
        pieces[count++] = memo_piece_of(memo, (tk_str){text.ptr, len});
        text = (tk_str){text.ptr + len, text.len - len};
    }
    entry->pieces = pieces;
    entry->pieces_count = count;
    entry->verdict = (uint8_t)verdict;
    entry->touched = touched;
}
