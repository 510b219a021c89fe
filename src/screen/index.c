/* SPDX-License-Identifier: Apache-2.0 */
/* index.c: keys and the names that have them: made in one sort, found by the first bits. */
#include "screen/index.h"

#include <string.h>

#include "base/compat.h"
#include "base/err.h"

enum { INDEX_DIGIT_BITS = 11, INDEX_DIGITS = 1 << INDEX_DIGIT_BITS, INDEX_BUCKET_BITS_MAX = 24 };

void screen_index_begin(screen_index_maker *maker)
{
    tk_out_init(&maker->pairs, NULL);
}

void screen_index_end(screen_index_maker *maker)
{
    tk_out_fini(&maker->pairs);
}

void screen_index_add(screen_index_maker *maker, uint64_t hash, uint32_t name)
{
    uint64_t pair = (hash >> 32) << 32 | name;
    tk_out_add(&maker->pairs, (tk_str){(const char *)&pair, sizeof pair});
}

/* One pass of a radix sort by the digit at `shift`; stable. */
static void index_pass(const uint64_t *from, uint64_t *to, size_t count, unsigned shift)
{
    size_t place[INDEX_DIGITS] = {0}, sum = 0;
    for (size_t i = 0; i < count; i++)
        place[from[i] >> shift & (INDEX_DIGITS - 1)]++;
    for (size_t i = 0; i < INDEX_DIGITS; i++) {
        size_t here = place[i];
        place[i] = sum;
        sum += here;
    }
    for (size_t i = 0; i < count; i++)
        to[place[from[i] >> shift & (INDEX_DIGITS - 1)]++] = from[i];
}

/* By key, then name; returns where the sorted pairs are. `spare` has room for as many. */
static uint64_t *index_sort(uint64_t *pairs, uint64_t *spare, size_t count)
{
    for (unsigned shift = 0; shift < 64; shift += INDEX_DIGIT_BITS) {
        index_pass(pairs, spare, count, shift);
        uint64_t *sorted = spare;
        spare = pairs;
        pairs = sorted;
    }
    return pairs;
}

static size_t index_drop_repeats(uint64_t *pairs, size_t count, size_t *keys)
{
    size_t kept = 0;
    *keys = 0;
    for (size_t i = 0; i < count; i++) {
        if (i != 0 && pairs[i] == pairs[kept - 1])
            continue;
        *keys += kept == 0 || pairs[i] >> 32 != pairs[kept - 1] >> 32;
        pairs[kept++] = pairs[i];
    }
    return kept;
}

static uint32_t index_bits(size_t keys)
{
    uint32_t bits = 1;
    while (bits < INDEX_BUCKET_BITS_MAX && (size_t)1 << bits < keys)
        bits++;
    return bits;
}

/* The pairs are sorted and without repeats; the arrays have room. */
static void index_lay_out(const uint64_t *pairs, screen_index *out)
{
    uint32_t shift = 32 - out->bucket_bits;
    size_t key = 0, bucket = 0;
    for (size_t i = 0; i < out->postings_count; i++) {
        uint32_t now = (uint32_t)(pairs[i] >> 32);
        out->postings[i] = (uint32_t)pairs[i];
        if (i != 0 && now == out->keys[key - 1])
            continue;
        for (; bucket <= now >> shift; bucket++)
            out->buckets[bucket] = (uint32_t)key;
        out->keys[key] = now;
        out->starts[key++] = (uint32_t)i;
    }
    out->starts[key] = (uint32_t)out->postings_count;
    for (; bucket < out->buckets_count; bucket++)
        out->buckets[bucket] = (uint32_t)key;
}

tk_status screen_index_make(screen_index_maker *maker, tk_arena *arena, screen_index *out, tk_err *err)
{
    *out = (screen_index){0};
    size_t count = maker->pairs.len / sizeof(uint64_t), keys;
    uint64_t *spare = TK_ARENA_ARRAY(arena, uint64_t, count);
    if (maker->pairs.status != TK_OK || spare == NULL)
        return tk_err_set(err, TK_ERR_MEMORY, "out of memory for the index of a list");
    if (UINT32_MAX <= count)
        return tk_err_set(err, TK_ERR_LIMIT, "the index of a list holds at most %u pairs of key and name",
                          UINT32_MAX - 1);
    uint64_t *pairs = index_sort((uint64_t *)(void *)maker->pairs.bytes, spare, count);
    count = index_drop_repeats(pairs, count, &keys);
    out->bucket_bits = index_bits(keys);
    out->buckets_count = ((uint64_t)1 << out->bucket_bits) + 1;
    out->keys_count = keys;
    out->starts_count = keys + 1;
    out->postings_count = count;
    out->buckets = TK_ARENA_ARRAY(arena, uint32_t, out->buckets_count);
    out->keys = TK_ARENA_ARRAY(arena, uint32_t, keys);
    out->starts = TK_ARENA_ARRAY(arena, uint32_t, keys + 1);
    out->postings = TK_ARENA_ARRAY(arena, uint32_t, count);
    if (arena->failed)
        return tk_err_set(err, TK_ERR_MEMORY, "out of memory for the index of a list");
    index_lay_out(pairs, out);
    return TK_OK;
}

screen_run screen_index_find(const screen_view *view, uint64_t hash)
{
    const screen_head *head = view->head;
    uint32_t key = (uint32_t)(hash >> 32), bucket = key >> (32 - head->bucket_bits);
    uint64_t at = view->buckets[bucket], end = view->buckets[bucket + 1];
    if (head->keys_count < end)
        end = head->keys_count;
    while (at < end && view->keys[at] < key)
        at++;
    if (end <= at || view->keys[at] != key)
        return (screen_run){NULL, 0};
    uint64_t first = view->starts[at], last = view->starts[at + 1];
    if (head->postings_count < last || last < first)
        return (screen_run){NULL, 0};
    return (screen_run){view->postings + first, (uint32_t)(last - first)};
}
