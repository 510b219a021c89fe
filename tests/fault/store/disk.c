/* SPDX-License-Identifier: Apache-2.0 */
/* The disk fails: at call number 1, 2, 3 … until a run sees no fault, once, for good, or because it is full.
 * Afterwards, on a disk that works, the book is whole and holds the state before or the state after, and the state
 * after when the caller was told so. Nothing else is left in the folder but what SQLite keeps beside an open book.
 */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/str.h"
#include "seams/notes.h"
#include "seams/place.h"
#include "seams/vfs.h"

enum { OLD_NOTES = 30, MORE_NOTES = 60, BACKUP_NOTES = 7 };

typedef struct stage {
    const char *folder, *path, *copy;
    tk_str book, backup; /* the files before each run */
    test_setting setting;
} stage;

/* --- what is tried; each returns what the caller is told --- */

static tk_status add_notes(stage *g, bool checkpoint)
{
    static const char often[] = "PRAGMA wal_autocheckpoint = 4";
    tk_store *store = NULL;
    tk_err err = {0};
    tk_status status = tk_store_open(&g->setting.options, &store, &err);
    if (status == TK_OK && checkpoint)
        status = tk_store_execute(store, often, &err);
    if (status == TK_OK)
        status = tk_store_begin(store, "adding", &err);
    for (int i = 1; status == TK_OK && i <= MORE_NOTES; i++)
        status = test_note_insert(store, OLD_NOTES + i, "more", &err);
    if (status == TK_OK)
        status = tk_store_commit(store, &err);
    if (status != TK_OK)
        assert_int_not_equal(err.message[0], 0); /* the finder says something, always */
    tk_store_close(store);
    return status;
}

static tk_status try_add(stage *g)
{
    return add_notes(g, false);
}

static tk_status try_checkpoint(stage *g)
{
    return add_notes(g, true);
}

static tk_status try_open(stage *g)
{
    tk_store *store = NULL;
    tk_err err = {0};
    tk_status status = tk_store_open(&g->setting.options, &store, &err);
    if (status != TK_OK)
        assert_int_not_equal(err.message[0], 0);
    tk_store_close(store);
    return status;
}

static tk_status try_backup(stage *g)
{
    tk_store *store = NULL;
    tk_err err = {0};
    g->setting.options.read_only = true;
    tk_status status = tk_store_open(&g->setting.options, &store, &err);
    if (status == TK_OK)
        status = tk_store_backup(store, g->copy, true, &err);
    g->setting.options.read_only = false;
    if (status != TK_OK)
        assert_int_not_equal(err.message[0], 0);
    tk_store_close(store);
    return status;
}

static tk_status try_restore(stage *g)
{
    tk_err err = {0};
    tk_status status = tk_store_restore(&g->setting.options, g->copy, true, &err);
    if (status != TK_OK)
        assert_int_not_equal(err.message[0], 0);
    return status;
}

/* --- the loop --- */

typedef struct trial {
    tk_status (*run)(stage *g);
    const char *name;
    bool book, copy;     /* files that are there before */
    size_t from_version; /* of the book that is there */
    int before, after;   /* notes in the book; -1: no book */
    int copy_before, copy_after;
} trial;

static void clear(const stage *g)
{
    static const char *const endings[] = {"", "-wal", "-shm", "-journal"};
    for (size_t i = 0; i < sizeof endings / sizeof *endings; i++) {
        char path[600];
        (void)snprintf(path, sizeof path, "%s%s", g->path, endings[i]);
        (void)unlink(path);
        (void)snprintf(path, sizeof path, "%s%s", g->copy, endings[i]);
        (void)unlink(path);
    }
    assert_int_equal(test_entries(g->folder), 0); /* no temporary file stays */
}

/* How many notes the file has when the disk works again; -1: there is none. */
static int notes_of(const char *path)
{
    test_setting s;
    test_setting_make(&s, path, TEST_NOTES_VERSIONS);
    s.options.create = false;
    s.options.seams.vfs = TEST_VFS; /* without a fault: as the usual one, but nothing is synced */
    if (!tk_store_present(path))
        return -1;
    tk_store *store = test_opened(&s);
    test_whole(store);
    int64_t notes = test_notes(store);
    assert_int_equal(test_notes_unbroken(store), notes);
    assert_int_equal(test_note_add(store, notes + 1, "it works again", NULL), TK_OK);
    tk_store_close(store);
    return (int)notes;
}

static void one_run(stage *g, const trial *t, test_fault fault, uint64_t at, bool *hit)
{
    clear(g);
    if (t->book)
        test_write(g->path, g->book);
    if (t->copy)
        test_write(g->copy, g->backup);
    (void)chmod(g->path, 0600);
    (void)chmod(g->copy, 0600);
    g->setting.options.seams.vfs = TEST_VFS;
    test_vfs_fail(fault, at);
    tk_status status = t->run(g);
    *hit = test_vfs_failed();
    test_vfs_fail(fault, 0);
    int book = notes_of(g->path), copy = notes_of(g->copy);
    bool good = status == TK_OK ? book == t->after && copy == t->copy_after
                                : (book == t->before || book == t->after)
                                      && (copy == t->copy_before || copy == t->copy_after);
    if (!good || (!*hit && status != TK_OK))
        fail_msg("%s, fault %d at call %lu: status %d, %d notes in the book, %d in the copy", t->name, (int)fault,
                 (unsigned long)at, (int)status, book, copy);
}

static const trial trials[] = {
    {try_add, "add", true, false, 3, OLD_NOTES, OLD_NOTES + MORE_NOTES, -1, -1},
    {try_checkpoint, "add with checkpoint", true, false, 3, OLD_NOTES, OLD_NOTES + MORE_NOTES, -1, -1},
    {try_open, "open", true, false, 3, OLD_NOTES, OLD_NOTES, -1, -1},
    {try_open, "create", false, false, 3, -1, 0, -1, -1},
    {try_open, "migrate", true, false, 1, OLD_NOTES, OLD_NOTES, -1, -1},
    {try_backup, "backup", true, false, 3, OLD_NOTES, OLD_NOTES, -1, OLD_NOTES},
    {try_backup, "backup over another", true, true, 3, OLD_NOTES, OLD_NOTES, BACKUP_NOTES, OLD_NOTES},
    {try_restore, "restore", false, true, 3, -1, BACKUP_NOTES, BACKUP_NOTES, BACKUP_NOTES},
    {try_restore, "restore over a book", true, true, 3, OLD_NOTES, BACKUP_NOTES, BACKUP_NOTES, BACKUP_NOTES},
};

/* A book with so many notes, of this version, as bytes. */
static tk_str prepare(test_place *place, stage *g, size_t version, int notes, bool backup)
{
    test_setting s;
    clear(g);
    test_setting_make(&s, g->path, version);
    s.options.seams.vfs = TEST_VFS;
    tk_store *store = test_opened(&s);
    assert_int_equal(tk_store_begin(store, "preparing", NULL), TK_OK);
    for (int i = 1; i <= notes; i++)
        assert_int_equal(test_note_insert(store, i, "old", NULL), TK_OK);
    assert_int_equal(tk_store_commit(store, NULL), TK_OK);
    if (backup)
        assert_int_equal(tk_store_backup(store, g->copy, true, NULL), TK_OK);
    tk_store_close(store);
    tk_str bytes = test_bytes(place, backup ? g->copy : g->path);
    clear(g);
    return bytes;
}

static void test_disk_faults(void **state)
{
    test_place *place = *state;
    stage g = {.folder = test_path(place, "desk")};
    assert_int_equal(mkdir(g.folder, 0700), 0);
    g.path = test_path(place, "desk/book.db");
    g.copy = test_path(place, "desk/copy.db");
    test_vfs_register();
    test_setting_make(&g.setting, g.path, TEST_NOTES_VERSIONS);
    g.backup = prepare(place, &g, TEST_NOTES_VERSIONS, BACKUP_NOTES, true);
    for (size_t i = 0; i < sizeof trials / sizeof *trials; i++) {
        g.book = prepare(place, &g, trials[i].from_version, OLD_NOTES, false);
        for (int fault = 0; fault < TEST_FAULT_KINDS; fault++) {
            uint64_t at = 0;
            bool hit = true;
            while (hit)
                one_run(&g, &trials[i], (test_fault)fault, ++at, &hit);
            if (fault == TEST_FAULT_ONCE)
                assert_in_range(at, 10, 2000); /* the loop met the disk, and ended */
        }
    }
    clear(&g);
}

/* --- a failed sync is final --- */

static void test_disk_sync_is_final(void **state)
{
    test_place *place = *state;
    test_setting s;
    test_vfs_register();
    test_setting_make(&s, test_path(place, "book.db"), TEST_NOTES_VERSIONS);
    tk_store_close(test_opened(&s));
    s.options.seams.vfs = TEST_VFS;
    bool ended = false;
    for (uint64_t at = 1; at < 60 && !ended; at++) {
        test_vfs_fail(TEST_FAULT_ONCE, 0);
        tk_store *store = test_opened(&s);
        tk_err err = {0}, later = {0};
        int64_t id = test_notes(store) + 1;
        assert_int_equal(tk_store_begin(store, "booking", NULL), TK_OK);
        assert_int_equal(test_note_insert(store, id, "x", NULL), TK_OK);
        test_vfs_fail(TEST_FAULT_ONCE, at);
        tk_status status = tk_store_commit(store, &err);
        ended = !test_vfs_failed();
        if (status != TK_OK) {
            assert_int_equal(status, TK_ERR_IO);
            assert_non_null(strstr(err.message, "whether it counted shows when the book is opened again"));
            /* The disk works again; the store does not. */
            tk_store_statement *statement;
            static const char sql[] = "SELECT 1";
            assert_int_equal(tk_store_begin(store, "booking", &later), TK_ERR_IO);
            assert_non_null(strstr(later.message, "the book must be opened again: booking: "));
            assert_int_equal(tk_store_commit(store, NULL), TK_ERR_IO);
            assert_int_equal(tk_store_prepare(store, sql, &statement, NULL), TK_ERR_IO);
            size_t count;
            assert_int_equal(tk_store_check(store, NULL, NULL, &count, NULL), TK_ERR_IO);
            assert_int_equal(tk_store_backup(store, test_path(place, "copy.db"), false, NULL), TK_ERR_IO);
        }
        tk_store_close(store);
        test_vfs_fail(TEST_FAULT_ONCE, 0);
        store = test_opened(&s);
        test_whole(store);
        int64_t notes = test_notes(store);
        assert_true(notes == id || (status != TK_OK && notes == id - 1));
        tk_store_close(store);
    }
    assert_true(ended);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, test_place_make, test_place_remove)

int main(void)
{
    const struct CMUnitTest tests[] = {TEST(test_disk_faults), TEST(test_disk_sync_is_final)};
    return cmocka_run_group_tests_name("store/disk", tests, NULL, NULL);
}
