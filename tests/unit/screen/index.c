/* SPDX-License-Identifier: Apache-2.0 */
/* index.c: a key leads to all names that have it, rising and each once; a damaged index leads nowhere outside. */
#include "screen/index.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "seams/chance.h"
#include "seams/shelf.h"

enum { PAIRS = 5000, KEYS = 700 };

static uint64_t key_of(uint64_t number)
{
    uint64_t state = number;
    return test_random(&state);
}

/* The parts of an index as a file has them. */
static screen_view view_of(const screen_index *index, screen_head *head)
{
    *head = (screen_head){.bucket_bits = index->bucket_bits,
                          .keys_count = index->keys_count,
                          .postings_count = index->postings_count};
    return (screen_view){.head = head,
                         .buckets = index->buckets,
                         .keys = index->keys,
                         .starts = index->starts,
                         .postings = index->postings};
}

static void test_find_what_was_added(void **state)
{
    (void)state;
    static bool has[KEYS][64];
    uint64_t seed = 7;
    screen_index_maker maker;
    screen_index index;
    screen_head head;
    tk_arena arena;
    tk_arena_init(&arena, 4096, 0);
    screen_index_begin(&maker);
    memset(has, 0, sizeof has);
    for (size_t i = 0; i < PAIRS; i++) {
        uint64_t key = test_random_below(&seed, KEYS), name = test_random_below(&seed, 64);
        screen_index_add(&maker, key_of(key), (uint32_t)name);
        has[key][name] = true;
    }
    assert_int_equal(screen_index_make(&maker, &arena, &index, NULL), TK_OK);
    screen_view view = view_of(&index, &head);
    for (size_t key = 0; key < KEYS; key++) {
        screen_run run = screen_index_find(&view, key_of(key));
        size_t expected = 0, at = 0;
        for (uint32_t name = 0; name < 64; name++)
            if (has[key][name]) {
                expected++;
                assert_true(at < run.count);
                assert_int_equal(run.names[at++], name);
            }
        assert_int_equal(run.count, expected);
    }
    for (uint64_t key = KEYS; key < 2 * KEYS; key++)
        assert_int_equal(screen_index_find(&view, key_of(key)).count, 0);
    screen_index_end(&maker);
    tk_arena_fini(&arena);
}

static void test_empty(void **state)
{
    (void)state;
    screen_index_maker maker;
    screen_index index;
    screen_head head;
    tk_arena arena;
    tk_arena_init(&arena, 4096, 0);
    screen_index_begin(&maker);
    assert_int_equal(screen_index_make(&maker, &arena, &index, NULL), TK_OK);
    screen_view view = view_of(&index, &head);
    for (uint64_t key = 0; key < 100; key++)
        assert_int_equal(screen_index_find(&view, key_of(key)).count, 0);
    screen_index_end(&maker);
    tk_arena_fini(&arena);
}

/* Any number in any table of the index: a run is always inside the postings. */
static void test_damaged_tables(void **state)
{
    (void)state;
    uint64_t seed = 11;
    screen_index_maker maker;
    screen_index index;
    screen_head head;
    tk_arena arena;
    tk_arena_init(&arena, 4096, 0);
    screen_index_begin(&maker);
    for (uint64_t i = 0; i < 300; i++)
        screen_index_add(&maker, key_of(i % 90), (uint32_t)i);
    assert_int_equal(screen_index_make(&maker, &arena, &index, NULL), TK_OK);
    screen_view view = view_of(&index, &head);
    for (size_t round = 0; round < 20000; round++) {
        uint32_t *const tables[] = {index.buckets, index.keys, index.starts};
        const uint64_t sizes[] = {index.buckets_count, index.keys_count, index.starts_count};
        size_t table = (size_t)test_random_below(&seed, 3), at = (size_t)test_random_below(&seed, sizes[table]);
        uint32_t before = tables[table][at];
        tables[table][at] = (uint32_t)test_random_below(&seed, UINT64_C(1) << (1 + test_random_below(&seed, 32)));
        screen_run run = screen_index_find(&view, key_of(test_random_below(&seed, 90)));
        if (run.count != 0) {
            assert_true(index.postings <= run.names);
            assert_true(run.names + run.count <= index.postings + index.postings_count);
        }
        tables[table][at] = before;
    }
    screen_index_end(&maker);
    tk_arena_fini(&arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_find_what_was_added),
        cmocka_unit_test(test_empty),
        cmocka_unit_test(test_damaged_tables),
    };
    return cmocka_run_group_tests_name("screen/index", tests, NULL, NULL);
}
