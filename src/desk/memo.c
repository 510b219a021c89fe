/* SPDX-License-Identifier: Apache-2.0 */
/* memo.c: answers worked out before.
 *
 * Order books repeat themselves: a million rows are a few thousand different questions. The key is every fact, piece
 * of evidence and date the answer can depend on, byte for byte; nothing is left to a hash. Memory is fixed: a table of
 * ENTRIES_MAX and one block of text. When either is full, everything is forgotten and filling starts again.
 */
#include <stdlib.h>
#include <string.h>

#include "desk/desk_int.h"

enum {
    ENTRIES_MAX = 1 << 14, /* a power of two */
    ENTRIES_FULL = ENTRIES_MAX / 4 * 3,
    TEXT_BYTES = 32 * 1024 * 1024
};

typedef struct memo_entry {
    uint64_t hash;
    const char *key; /* NULL: free; the answer's text follows the key */
    uint32_t key_len, text_len;
    tk_verdict verdict;
    bool touched;
} memo_entry;

struct desk_memo {
    memo_entry entries[ENTRIES_MAX];
    size_t count;
    size_t used;
    char *text; /* taken when first needed */
};

desk_memo *desk_memo_new(void)
{
    return calloc(1, sizeof(desk_memo));
}

void desk_memo_free(desk_memo *memo)
{
    if (memo == NULL)
        return;
    free(memo->text);
    free(memo);
}

void desk_memo_clear(desk_memo *memo)
{
    if (memo == NULL || memo->count == 0)
        return;
    memset(memo->entries, 0, sizeof(memo->entries));
    memo->count = 0;
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
    if (memo == NULL || memo->count == 0)
        return false;
    const memo_entry *entry = &memo->entries[memo_at(memo, key, memo_hash(key))];
    if (entry->key == NULL)
        return false;
    answer->text = (tk_str){entry->key + entry->key_len, entry->text_len};
    answer->verdict = entry->verdict;
    answer->touched = entry->touched;
    return true;
}

void desk_memo_add(desk_memo *memo, tk_str key, const desk_memo_answer *answer)
{
    if (memo == NULL || TEXT_BYTES / 8 < key.len + answer->text.len)
        return;
    if (memo->text == NULL) {
        memo->text = malloc(TEXT_BYTES);
        if (memo->text == NULL)
            return;
    }
    if (ENTRIES_FULL <= memo->count || TEXT_BYTES - memo->used < key.len + answer->text.len)
        desk_memo_clear(memo);
    uint64_t hash = memo_hash(key);
    memo_entry *entry = &memo->entries[memo_at(memo, key, hash)];
    if (entry->key != NULL)
        return;
    char *at = memo->text + memo->used;
    memcpy(at, key.ptr, key.len);
    memcpy(at + key.len, answer->text.ptr, answer->text.len);
    memo->used += key.len + answer->text.len;
    memo->count++;
    *entry = (memo_entry){.hash = hash,
                          .key = at,
                          .key_len = (uint32_t)key.len,
                          .text_len = (uint32_t)answer->text.len,
                          .verdict = answer->verdict,
                          .touched = answer->touched};
}
