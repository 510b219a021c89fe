/* SPDX-License-Identifier: Apache-2.0 */
/* Memory that runs out while lists are opened, read, judged and compared: allocation number 1, 2, 3 … fails until a run
 * sees no fault. Each time the answer is TK_ERR_MEMORY, or the whole of it. The allocations are of seams/memory.h. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "base/compat.h"
#include "seams/listing.h"
#include "seams/memory.h"

static const char *const samples[][4] = {
    {"csl-full-2022-05.csv"},
    {"sdn-2021-07.csv", "alt-2021-07.csv", "add-2021-07.csv", "sdn_comments-2021-07.csv"},
    {"un-2026-02.xml"},
    {"eu-833-2014.csv"},
};

/* In an arena of its own, so that each run allocates anew. */
static tk_status read_once(listing *l, size_t *entries, tk_err *err)
{
    tk_arena arena;
    tk_list_edition *edition = NULL;
    tk_list_verdict verdict;
    tk_list_difference difference = {0};
    tk_arena_init(&arena, 1024, 0);
    tk_status status = tk_lists_read(l->lists, l->files, l->files_count, &l->reading, &arena, &edition, err);
    if (status == TK_OK)
        status = tk_lists_gate(l->lists, edition, NULL, false, &arena, &verdict, err);
    if (status == TK_OK)
        status = tk_lists_diff(edition, edition, &arena, &difference, err);
    assert_int_equal(difference.changes_count, 0);
    *entries = status == TK_OK ? edition->entries_count : 0;
    tk_arena_fini(&arena);
    return status;
}

static void reading(void **state)
{
    listing *l = *state;
    for (size_t i = 0; i < TK_COUNT(samples); i++) {
        size_t whole, entries;
        listing_clear(l);
        for (size_t j = 0; j < TK_COUNT(samples[i]) && samples[i][j] != NULL; j++)
            listing_file(l, TEST_SOURCE_DIR "/tests/data/lists", samples[i][j]);
        assert_int_equal(read_once(l, &whole, &l->err), TK_OK);
        for (int stays = 0; stays < 2; stays++) {
            bool failed = true;
            for (unsigned long at = 1; failed; at++) {
                tk_err err = {0};
                test_memory_fail(at, stays != 0);
                tk_status status = read_once(l, &entries, &err);
                failed = test_memory_failed();
                test_memory_fail(0, false);
                if (status != (failed ? TK_ERR_MEMORY : TK_OK) && !(failed && status == TK_OK && entries == whole))
                    fail_msg("%s, allocation %lu: %d %s", samples[i][0], at, (int)status, err.message);
            }
            assert_int_equal(entries, whole);
        }
    }
}

static void opening(void **state)
{
    (void)state;
    bool failed = true;
    for (unsigned long at = 1; failed; at++) {
        tk_lists_texts texts;
        tk_lists *lists = NULL;
        tk_err err = {0};
        listing_texts(&texts);
        test_memory_fail(at, false);
        tk_status status = tk_lists_open(&texts, &lists, &err);
        failed = test_memory_failed();
        test_memory_fail(0, false);
        assert_int_equal(status, failed ? TK_ERR_MEMORY : TK_OK);
        assert_true((lists == NULL) == failed);
        tk_lists_free(lists);
    }
}

static int setup(void **state)
{
    static listing l;
    listing_open(&l);
    *state = &l;
    return 0;
}

static int teardown(void **state)
{
    listing_close(*state);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(reading, setup, teardown),
        cmocka_unit_test(opening),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
