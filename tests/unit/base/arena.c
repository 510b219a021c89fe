/* SPDX-License-Identifier: Apache-2.0 */
/* arena.c: alignment, zeroes, the limit, overflow, and what a reset keeps. */
#include "base/arena.h"

#include <setjmp.h>
#include <stdalign.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/str.h"

static void test_arena_blocks(void **state)
{
    (void)state;
    tk_arena arena;
    unsigned char *before = NULL;
    tk_arena_init(&arena, 0, 0);
    for (size_t size = 0; size < 3000; size += 7) {
        unsigned char *block = tk_arena_get(&arena, size);
        assert_non_null(block);
        assert_int_equal((uintptr_t)block % alignof(max_align_t), 0);
        assert_ptr_not_equal(block, before);
        for (size_t i = 0; i < size; i++)
            assert_int_equal(block[i], 0);
        memset(block, 0xAA, size);
        before = block;
    }
    assert_false(arena.failed);
    tk_arena_fini(&arena);
}

/* A reset keeps the chunks, hands out zeroes again, and forgets a failure. */
static void test_arena_reset(void **state)
{
    (void)state;
    tk_arena arena;
    tk_arena_init(&arena, 1024, 0);
    void *first = tk_arena_get(&arena, 500);
    memset(first, 0xAA, 500);
    (void)tk_arena_get(&arena, 5000);
    (void)tk_arena_get(&arena, 500);
    for (int round = 0; round < 10; round++) {
        tk_arena_reset(&arena);
        assert_int_equal(arena.used_bytes, 0);
        unsigned char *again = tk_arena_get(&arena, 500);
        assert_ptr_equal(again, first);
        for (size_t i = 0; i < 500; i++)
            assert_int_equal(again[i], 0);
        memset(again, 0xAA, 500);
        unsigned char *large = tk_arena_get(&arena, 5000);
        assert_non_null(large);
        assert_int_equal(large[4999], 0);
        memset(large, 0xAA, 5000);
    }
    tk_arena_fini(&arena);
    assert_null(arena.first);
}

static void test_arena_limit(void **state)
{
    (void)state;
    tk_arena arena;
    tk_arena_init(&arena, 1024, 4096);
    assert_non_null(tk_arena_get(&arena, 4096));
    assert_false(arena.failed);
    assert_null(tk_arena_get(&arena, 1));
    assert_true(arena.failed);
    assert_null(tk_arena_get(&arena, 0)); /* it stays failed, so that one look at the end is enough */
    tk_arena_reset(&arena);
    assert_null(tk_arena_get(&arena, 4097));
    tk_arena_reset(&arena);
    assert_non_null(tk_arena_get(&arena, 4096));
    tk_arena_fini(&arena);
}

static void test_arena_overflow(void **state)
{
    (void)state;
    static const size_t sizes[] = {SIZE_MAX, SIZE_MAX - 1, SIZE_MAX - 64, SIZE_MAX / 2 + 1};
    for (size_t i = 0; i < sizeof sizes / sizeof sizes[0]; i++) {
        tk_arena arena;
        tk_arena_init(&arena, 1024, 1 << 20);
        assert_null(tk_arena_get(&arena, sizes[i]));
        assert_true(arena.failed);
        tk_arena_fini(&arena);
    }
    tk_arena arena;
    tk_arena_init(&arena, 1024, 0);
    assert_null(tk_arena_get_array(&arena, SIZE_MAX / 8 + 1, 16));
    assert_true(arena.failed);
    tk_arena_fini(&arena);
}

static void test_arena_text(void **state)
{
    (void)state;
    tk_arena arena;
    tk_arena_init(&arena, 1024, 2048);
    tk_str copy = tk_arena_copy(&arena, (tk_str){"a\0b", 3});
    assert_int_equal(copy.len, 3);
    assert_memory_equal(copy.ptr, "a\0b", 4);
    assert_int_equal(tk_arena_copy(&arena, (tk_str){NULL, 0}).len, 0);
    tk_str made = tk_arena_printf(&arena, "%s is %d", "x", 5);
    assert_true(tk_str_is(made, "x is 5"));
    assert_int_equal(made.ptr[made.len], 0);
    assert_int_equal(tk_arena_printf(&arena, "%5000d", 1).len, 0);
    assert_true(arena.failed);
    assert_int_equal(tk_arena_copy(&arena, TK_STR("x")).len, 0);
    tk_arena_fini(&arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_arena_blocks),   cmocka_unit_test(test_arena_reset), cmocka_unit_test(test_arena_limit),
        cmocka_unit_test(test_arena_overflow), cmocka_unit_test(test_arena_text),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
