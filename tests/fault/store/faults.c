/* SPDX-License-Identifier: Apache-2.0 */
/* Memory that runs out, ours and SQLite's: allocation number 1, 2, 3 … fails until a run sees no fault. The answer is
 * TK_ERR_MEMORY or the work is done; afterwards the book is whole and holds the state before or after.
 *
 * The linker routes this program's calls of malloc and its kin to the functions below (cmake/tests.cmake); SQLite is
 * given them by its own means.
 */
#include <malloc.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>
#include <sqlite3.h>

#include "base/str.h"
#include "seams/notes.h"
#include "seams/place.h"
#include "seams/vfs.h"
#include "store/book.h"
#include "store/queue.h"

/* --- allocation number `fault_at` fails; 0: none does --- */

static unsigned long fault_at, fault_seen;
static bool fault_hit, fault_stays;

void *__real_malloc(size_t size);
void *__real_calloc(size_t count, size_t size);
void *__real_realloc(void *block, size_t size);
void *__real_aligned_alloc(size_t align, size_t size);
void *__wrap_malloc(size_t size);
void *__wrap_calloc(size_t count, size_t size);
void *__wrap_realloc(void *block, size_t size);
void *__wrap_aligned_alloc(size_t align, size_t size);

static bool fault_now(void)
{
    if (fault_at == 0)
        return false;
    unsigned long seen = __atomic_add_fetch(&fault_seen, 1, __ATOMIC_RELAXED);
    if (seen < fault_at || (!fault_stays && fault_at < seen))
        return false;
    fault_hit = true;
    return true;
}

void *__wrap_malloc(size_t size)
{
    return fault_now() ? NULL : __real_malloc(size);
}

void *__wrap_calloc(size_t count, size_t size)
{
    return fault_now() ? NULL : __real_calloc(count, size);
}

void *__wrap_realloc(void *block, size_t size)
{
    return fault_now() ? NULL : __real_realloc(block, size);
}

void *__wrap_aligned_alloc(size_t align, size_t size)
{
    return fault_now() ? NULL : __real_aligned_alloc(align, size);
}

static void fault_begin(unsigned long at, bool stays)
{
    fault_seen = 0;
    fault_hit = false;
    fault_stays = stays;
    fault_at = at;
}

/* --- SQLite's memory --- */

static void *lite_malloc(int size)
{
    return fault_now() ? NULL : __real_malloc((size_t)size);
}

static void *lite_realloc(void *block, int size)
{
    return fault_now() ? NULL : __real_realloc(block, (size_t)size);
}

static int lite_size(void *block)
{
    return (int)malloc_usable_size(block);
}

static int lite_round(int size)
{
    return (size + 7) & ~7;
}

static int lite_init(void *data)
{
    (void)data;
    return SQLITE_OK;
}

static void lite_shutdown(void *data)
{
    (void)data;
}

static int give_memory(void **state)
{
    (void)state;
    static const sqlite3_mem_methods methods = {lite_malloc, free, lite_realloc, lite_size,
                                                lite_round, lite_init, lite_shutdown, NULL};
    return sqlite3_config(SQLITE_CONFIG_MALLOC, &methods) == SQLITE_OK && sqlite3_initialize() == SQLITE_OK ? 0 : -1;
}

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
        fault_begin(at, stays);
        tk_status status = work(g, &err);
        hit = fault_hit;
        fault_begin(0, false);
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
        fault_begin(at, false);
        tk_status status = tk_book_path(&place, &arena, &path, &err);
        hit = fault_hit;
        fault_begin(0, false);
        assert_int_equal(status, hit ? TK_ERR_MEMORY : TK_OK);
        tk_arena_fini(&arena);
    }
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, test_place_make, test_place_remove)

int main(void)
{
    const struct CMUnitTest tests[] = {TEST(test_faults), cmocka_unit_test(test_faults_path)};
    return cmocka_run_group_tests_name("store/faults", tests, give_memory, NULL);
}
