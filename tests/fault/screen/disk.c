/* SPDX-License-Identifier: Apache-2.0 */
/* disk.c: syncing, renaming and writing that fail while a version is put. The shelf is then as it was before, and the
 * same put works when the disk does.
 *
 * The calls are those of seams/vfs.h; a disk without room is a limit on the size of files.
 */
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>

#include <cmocka.h>

#include "base/str.h"
#include "seams/shelf.h"
#include "seams/vfs.h"

static tk_status put(test_place *place, const tk_shelf *shelf, const tk_list_edition *edition, tk_err *err)
{
    tk_names *names = NULL;
    tk_shelf_version version;
    bool was_there;
    assert_int_equal(tk_names_new(&names, NULL), TK_OK);
    tk_status status = tk_shelf_put(shelf, names, edition, 20000, &place->arena, &version, &was_there, err);
    tk_names_free(names);
    return status;
}

static size_t versions_count(test_place *place, const tk_shelf *shelf)
{
    const tk_shelf_version *versions = NULL;
    size_t count;
    assert_int_equal(tk_shelf_versions(shelf, &place->arena, &versions, &count, NULL), TK_OK);
    for (size_t i = 0; i < count; i++)
        assert_int_equal(tk_shelf_verify(shelf, &versions[i], NULL), TK_OK);
    assert_int_equal(test_entries(tk_shelf_folder(shelf)), count);
    return count;
}

/* Call number 1, 2, 3 … fails until a put meets no fault. When the folder could not be synced the version is there, but
 * nobody may count on it: the put says so. */
static void test_calls_that_fail(void **state)
{
    test_place *place = *state;
    for (int kind = TEST_FAULT_ONCE; kind <= TEST_FAULT_STAYS; kind++)
        for (uint64_t at = 1;; at++) {
            const char *name = tk_arena_printf(&place->arena, "lists-%d-%d", kind, (int)at).ptr;
            tk_shelf *shelf = test_shelf(place, name);
            tk_list_edition before = test_edition_random(&place->arena, "us-csl", "2026-01-01", 20, 1);
            tk_list_edition after = test_edition_random(&place->arena, "us-csl", "2026-01-02", 20, 2);
            tk_err err = {0};
            (void)test_put(place, shelf, &before);
            test_vfs_fail((test_fault)kind, at);
            tk_status status = put(place, shelf, &after, &err);
            bool met = test_vfs_failed();
            test_vfs_fail(TEST_FAULT_ONCE, 0);
            assert_int_equal(status, met ? TK_ERR_IO : TK_OK);
            assert_true(!met || err.message[0] != 0);
            size_t count = versions_count(place, shelf);
            assert_true(count == 2 || (met && count == 1));
            assert_int_equal(put(place, shelf, &after, NULL), TK_OK);
            assert_int_equal(versions_count(place, shelf), 2);
            tk_shelf_close(shelf);
            if (!met) {
                assert_int_equal(at, 4); /* the file, its name, the folder */
                break;
            }
        }
}

static void limit_files(rlim_t most)
{
    struct rlimit limit;
    assert_int_equal(getrlimit(RLIMIT_FSIZE, &limit), 0);
    limit.rlim_cur = most;
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &limit), 0);
}

static void test_no_room(void **state)
{
    test_place *place = *state;
    tk_shelf *shelf = test_shelf(place, "lists");
    tk_list_edition before = test_edition_random(&place->arena, "us-csl", "2026-01-01", 20, 1);
    tk_list_edition after = test_edition_random(&place->arena, "us-csl", "2026-01-02", 200, 2);
    tk_err err = {0};
    (void)test_put(place, shelf, &before);
    struct rlimit usual;
    assert_int_equal(getrlimit(RLIMIT_FSIZE, &usual), 0);
    (void)signal(SIGXFSZ, SIG_IGN);
    limit_files(4096);
    assert_int_equal(put(place, shelf, &after, &err), TK_ERR_IO);
    limit_files(usual.rlim_cur);
    assert_non_null(strstr(err.message, "cannot be written"));
    assert_int_equal(versions_count(place, shelf), 1);
    assert_int_equal(put(place, shelf, &after, NULL), TK_OK);
    assert_int_equal(versions_count(place, shelf), 2);
    tk_shelf_close(shelf);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_calls_that_fail, test_place_make, test_place_remove),
        cmocka_unit_test_setup_teardown(test_no_room, test_place_make, test_place_remove),
    };
    return cmocka_run_group_tests_name("screen/disk", tests, NULL, NULL);
}
