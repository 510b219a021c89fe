/* SPDX-License-Identifier: Apache-2.0 */
/* Memory that runs out, ours and SQLite's: allocation number 1, 2, 3 … fails until a run sees no fault. The answer is
 * TK_ERR_MEMORY or the work is done; afterwards the book is whole and holds the state before or after.
 *
 * The allocations are those of seams/memory.h.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/str.h"
#include "seams/memory.h"
#include "seams/notes.h"
#include "seams/place.h"
#include "seams/vfs.h"
#include "store/book.h"
#include "store/queue.h"

/* --- what is tried --- */

typedef struct stage {
    const char *path, *copy;
    test_setting setting;
} stage;

static tk_status work_add(stage *g, tk_err *err)
{
    tk_store *store = NULL;
    tk_status status = tk_store_open(&g->setting.options, &store, err);
    if (status == TK_OK)
        status = tk_store_begin(store, "adding", err);
    for (int i = 1; status == TK_OK && i <= 5; i++)
        status = test_note_insert(store, i, "note", err);
    if (status == TK_OK)
        status = tk_store_commit(store, err);
    tk_store_close(store);
    return status;
}

static tk_status work_copy(stage *g, tk_err *err)
{
    tk_store *store = NULL;
    tk_status status = tk_store_open(&g->setting.options, &store, err);
    if (status == TK_OK)
        status = tk_store_backup(store, g->copy, true, err);
    tk_store_close(store);
    if (status == TK_OK)
        status = tk_store_restore(&g->setting.options, g->copy, true, err);
    return status;
}

static tk_status one_note(tk_store *store, void *context, tk_err *err)
{
    return test_note_insert(store, *(const int64_t *)context, "queued", err);
}

static tk_status work_queue(stage *g, tk_err *err)
{
    tk_store *store = NULL;
    tk_store_queue *queue = NULL;
    tk_status status = tk_store_open(&g->setting.options, &store, err);
    if (status == TK_OK)
        status = tk_store_queue_open(store, "adding", &queue, err);
    for (int64_t id = 1; status == TK_OK && id <= 3; id++)
        status = tk_store_queue_submit(queue, one_note, &id, err);
    tk_store_queue_close(queue);
    tk_store_close(store);
    return status;
}

static void remove_book(const char *path)
{
    static const char *const endings[] = {"", "-wal", "-shm", "-journal"};
    for (size_t i = 0; i < 4; i++) {
        char name[600];
        (void)snprintf(name, sizeof name, "%s%s", path, endings[i]);
        (void)unlink(name);
    }
}

static void run_out(stage *g, const char *folder, tk_status (*work)(stage *g, tk_err *err), tk_str fresh, bool stays)
{
    bool hit = true;
    unsigned long at = 0;
    while (hit) {
        remove_book(g->path);
        remove_book(g->copy);
        assert_int_equal(test_entries(folder), 0);
        if (fresh.len != 0)
            test_write(g->path, fresh);
        (void)chmod(g->path, 0600);
        tk_err err = {0};
        at += stays ? 9 : 1; /* the same places were met by single faults; every ninth is enough to see it end */
        test_memory_fail(at, stays);
        tk_status status = work(g, &err);
        hit = test_memory_failed();
        test_memory_fail(0, false);
        /* SQLite calls a page it could not fit a read that failed; the words are still those of memory. */
        if (status != TK_OK && (status != TK_ERR_MEMORY || !hit))
            fail_msg("allocation %lu: status %d, %s", at, (int)status, err.message);
        if (status != TK_OK)
            assert_non_null(strstr(err.message, "memory"));
        if (!tk_store_present(g->path))
            continue;
        tk_store *store = test_opened(&g->setting);
        test_whole(store);
        int64_t notes = test_notes(store);
        if (work != work_queue)
            assert_true(notes == 0 || notes == 5);
        assert_int_equal(test_notes_unbroken(store), notes);
        tk_store_close(store);
    }
    assert_in_range(at, 50, 100000);
}

static void test_faults(void **state)
{
    test_place *place = *state;
    stage g = {.path = test_path(place, "desk/book.db"), .copy = test_path(place, "desk/copy.db")};
    const char *folder = test_path(place, "desk");
    test_vfs_register();
    test_setting_make(&g.setting, g.path, TEST_NOTES_VERSIONS);
    g.setting.options.seams.vfs = TEST_VFS; /* nothing is synced */
    tk_store_close(test_opened(&g.setting));
    tk_str fresh = test_bytes(place, g.path);
    for (int stays = 0; stays < 2; stays++) {
        run_out(&g, folder, work_add, fresh, stays == 1);
        run_out(&g, folder, work_add, (tk_str){NULL, 0}, stays == 1); /* the book is made too */
        run_out(&g, folder, work_copy, fresh, stays == 1);
        run_out(&g, folder, work_queue, fresh, stays == 1);
    }
    remove_book(g.path);
    remove_book(g.copy);
}

static void test_faults_path(void **state)
{
    (void)state;
    tk_book_place place = {.home = "/h"};
    bool hit = true;
    for (unsigned long at = 1; hit; at++) {
        tk_arena arena;
        tk_str path;
        tk_err err = {0};
        tk_arena_init(&arena, 64, 0);
        test_memory_fail(at, false);
        tk_status status = tk_book_path(&place, &arena, &path, &err);
        hit = test_memory_failed();
        test_memory_fail(0, false);
        assert_int_equal(status, hit ? TK_ERR_MEMORY : TK_OK);
        tk_arena_fini(&arena);
    }
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, test_place_make, test_place_remove)

int main(void)
{
    const struct CMUnitTest tests[] = {TEST(test_faults), cmocka_unit_test(test_faults_path)};
    return cmocka_run_group_tests_name("store/faults", tests, test_memory_of_sqlite, NULL);
}
