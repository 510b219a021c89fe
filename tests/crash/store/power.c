/* SPDX-License-Identifier: Apache-2.0 */
/* The power is cut at every write, truncation and sync of some work in turn, and what was not synced is kept, dropped
 * or torn. When it is back the book is whole, holds every batch that was acknowledged, and no part of another.
 *
 * SEEDS=n tries n fates for each moment (1).
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/num.h"
#include "base/str.h"
#include "seams/notes.h"
#include "seams/place.h"
#include "seams/vfs.h"

enum { BATCH_NOTES = 12, BATCHES = 8 };

static const char often[] = "PRAGMA wal_autocheckpoint = 5";

/* Adds batches until the power goes; returns how many were acknowledged. */
static int64_t work(const test_setting *s)
{
    tk_store *store = NULL;
    int64_t done = 0;
    char text[300];
    memset(text, 'x', sizeof text - 1);
    text[sizeof text - 1] = 0;
    tk_status status = tk_store_open(&s->options, &store, NULL);
    if (status == TK_OK)
        status = tk_store_execute(store, often, NULL);
    while (status == TK_OK && done < BATCHES) {
        status = tk_store_begin(store, "adding a batch", NULL);
        for (int64_t i = 1; status == TK_OK && i <= BATCH_NOTES; i++)
            status = test_note_insert(store, done * BATCH_NOTES + i, text, NULL);
        if (status == TK_OK)
            status = tk_store_commit(store, NULL);
        done += status == TK_OK ? 1 : 0;
    }
    tk_store_close(store);
    return done;
}

static void look(const test_setting *s, uint64_t at, uint64_t seed, int64_t acknowledged)
{
    test_setting plain = *s;
    plain.options.modules = plain.modules;
    tk_store *store = test_opened(&plain);
    test_whole(store);
    int64_t notes = test_notes(store);
    bool good = notes == test_notes_unbroken(store) && notes % BATCH_NOTES == 0
                && acknowledged <= notes / BATCH_NOTES && notes / BATCH_NOTES <= acknowledged + 1;
    if (!good)
        fail_msg("cut at %lu, seed %lu: %ld batches were acknowledged, %ld notes are there", (unsigned long)at,
                 (unsigned long)seed, (long)acknowledged, (long)notes);
    assert_int_equal(test_note_add(store, notes + 1, "it goes on", NULL), TK_OK);
    tk_store_close(store);
}

static void test_power_cut(void **state)
{
    test_place *place = *state;
    const char *wanted = getenv("SEEDS");
    tk_num seeds = TK_NUM_SCALE;
    if (wanted != NULL)
        assert_int_equal(tk_num_parse(tk_str_from(wanted), &seeds, NULL), TK_OK);
    test_setting s;
    test_vfs_register();
    test_setting_make(&s, test_path(place, "book.db"), TEST_NOTES_VERSIONS);
    tk_store_close(test_opened(&s));
    tk_str fresh = test_bytes(place, s.options.path);
    s.options.seams.vfs = TEST_VFS;
    uint64_t moments = 0;
    for (uint64_t seed = 1; seed <= (uint64_t)(seeds / TK_NUM_SCALE); seed++) {
        bool cut = true;
        for (uint64_t at = 1; cut; at++) {
            test_write(s.options.path, fresh);
            test_vfs_cut_power(at);
            int64_t acknowledged = work(&s);
            cut = test_vfs_power_is_cut();
            assert_true(cut || acknowledged == BATCHES);
            test_vfs_power_back(seed * 1000003 + at);
            look(&s, at, seed, acknowledged);
            moments++;
        }
    }
    assert_in_range(moments, 50, 100000000);
}

/* The same while a book is replaced by a backup: the old one or the new one. */
static void test_power_cut_restoring(void **state)
{
    test_place *place = *state;
    test_setting s, other;
    const char *copy = test_path(place, "copy.db");
    test_vfs_register();
    test_setting_make(&other, test_path(place, "other.db"), TEST_NOTES_VERSIONS);
    tk_store *store = test_opened(&other);
    assert_int_equal(test_note_add(store, 1, "from the backup", NULL), TK_OK);
    assert_int_equal(tk_store_backup(store, copy, false, NULL), TK_OK);
    tk_store_close(store);
    test_setting_make(&s, test_path(place, "book.db"), TEST_NOTES_VERSIONS);
    assert_int_equal(work(&s), BATCHES);
    tk_str fresh = test_bytes(place, s.options.path);
    static const char from_backup[] = "SELECT count(*) FROM notes WHERE text = 'from the backup'";
    bool cut = true;
    for (uint64_t at = 1; cut; at++) {
        test_write(s.options.path, fresh);
        s.options.seams.vfs = TEST_VFS;
        test_vfs_cut_power(at);
        tk_status status = tk_store_restore(&s.options, copy, true, NULL);
        cut = test_vfs_power_is_cut();
        assert_true(cut || status == TK_OK);
        test_vfs_power_back(at);
        store = test_opened(&s);
        test_whole(store);
        int64_t notes = test_notes(store), fresh_ones = test_number(store, from_backup);
        assert_true((notes == 1 && fresh_ones == 1)
                    || (status != TK_OK && notes == (int64_t)BATCHES * BATCH_NOTES && fresh_ones == 0));
        tk_store_close(store);
    }
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, test_place_make, test_place_remove)

int main(void)
{
    const struct CMUnitTest tests[] = {TEST(test_power_cut), TEST(test_power_cut_restoring)};
    return cmocka_run_group_tests_name("store/power", tests, NULL, NULL);
}
