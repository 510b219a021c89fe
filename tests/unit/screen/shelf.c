/* SPDX-License-Identifier: Apache-2.0 */
/* shelf.c: versions are put whole, chosen by day, refused when damaged, and stay what they are while they are open. */
#include "screen/shelf.h"

#include <fcntl.h>
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/num.h"
#include "base/str.h"
#include "seams/shelf.h"

static const char one[] = "EL|e1|c|Northern Optics Limited|Nordoptik;NOL Works|CN;HK|1 Quay Road, Port|A-12345|\n"
                          "EL|e2|p|Tamin Orvel||IR|||1962-03-04|2020-01-01|2024-12-31\n";
static const char two[] = "EL|e1|c|Northern Optics Limited||CN\n";

static tk_date day(const char *text)
{
    tk_date out = 0;
    assert_int_equal(tk_date_parse(tk_str_from(text), &out, NULL), TK_OK);
    return out;
}

static const tk_shelf_version *versions_of(test_place *place, const tk_shelf *shelf, size_t *count)
{
    const tk_shelf_version *versions = NULL;
    assert_int_equal(tk_shelf_versions(shelf, &place->arena, &versions, count, NULL), TK_OK);
    return versions;
}

static void test_put_and_read_back(void **state)
{
    test_place *place = *state;
    tk_shelf *shelf = test_shelf(place, "lists");
    tk_list_edition edition = test_edition(&place->arena, "us-csl", "2026-07-31", one);
    tk_shelf_version version = test_put(place, shelf, &edition);
    assert_true(version.usable);
    assert_true(tk_str_starts(version.name, TK_STR("us-csl 2026-07-31 ")));
    assert_int_equal(version.entries, 2);
    assert_int_equal(version.names, 4);
    assert_int_equal(version.imported, 20000);
    assert_int_equal(test_mode(test_path(place, "lists")), 0700);
    assert_int_equal(test_entries(test_path(place, "lists")), 1);
    const char *path = tk_arena_printf(&place->arena, "lists/" TK_FMT, TK_ARG_STR(version.file)).ptr;
    assert_int_equal(test_mode(test_path(place, path)), 0400);

    tk_shelved *shelved = NULL;
    tk_list_entry entry;
    assert_int_equal(tk_shelved_open(shelf, &version, false, &shelved, NULL), TK_OK);
    assert_int_equal(tk_shelved_count(shelved), 2);
    assert_int_equal(tk_shelved_entry(shelved, 0, &place->arena, &entry, NULL), TK_OK);
    assert_true(tk_str_is(entry.list, "EL") && tk_str_is(entry.key, "e1") && entry.kind == TK_NAME_COMPANY);
    assert_true(tk_str_is(entry.name, "Northern Optics Limited"));
    assert_int_equal(entry.aliases_count, 2);
    assert_true(tk_str_is(entry.aliases[1].text, "NOL Works") && entry.aliases[1].weak && !entry.aliases[0].weak);
    assert_true(entry.countries_count == 2 && tk_str_is(entry.countries[1], "HK"));
    assert_true(tk_str_is(entry.addresses[0].value, "1 Quay Road, Port"));
    assert_true(tk_str_is(entry.identifiers[0].value, "A-12345"));
    assert_true(tk_str_is(entry.policy, "presumption of denial") && entry.start == TK_DATE_MIN);
    assert_int_equal(tk_shelved_entry(shelved, 1, &place->arena, &entry, NULL), TK_OK);
    assert_int_equal(entry.start, day("2020-01-01"));
    assert_int_equal(entry.end, day("2024-12-31"));
    assert_true(tk_str_is(entry.births[0].value, "1962-03-04"));
    assert_int_equal(tk_shelved_entry(shelved, 2, &place->arena, &entry, NULL), TK_ERR_CORRUPT);
    tk_shelved_close(shelved);
    tk_shelf_close(shelf);
}

static void test_put_twice_is_once(void **state)
{
    test_place *place = *state;
    tk_shelf *shelf = test_shelf(place, "lists");
    tk_list_edition edition = test_edition(&place->arena, "us-csl", "2026-07-31", one);
    tk_shelf_version first = test_put(place, shelf, &edition), again;
    tk_names *names = NULL;
    bool was_there = false;
    assert_int_equal(tk_names_new(&names, NULL), TK_OK);
    assert_int_equal(tk_shelf_put(shelf, names, &edition, 20001, &place->arena, &again, &was_there, NULL), TK_OK);
    assert_true(was_there);
    assert_true(tk_str_eq(first.file, again.file));
    assert_int_equal(again.imported, 20000);
    tk_names_free(names);
    tk_shelf_close(shelf);
}

static void test_choose_by_day(void **state)
{
    test_place *place = *state;
    tk_shelf *shelf = test_shelf(place, "lists");
    static const char *const days[] = {"2025-01-10", "2026-03-01", "2025-06-30"};
    for (size_t i = 0; i < 3; i++) {
        tk_list_edition edition = test_edition(&place->arena, "us-csl", days[i], i == 1 ? two : one);
        (void)test_put(place, shelf, &edition);
    }
    tk_list_edition other = test_edition(&place->arena, "un", "2026-02-01", two);
    (void)test_put(place, shelf, &other);
    size_t count;
    const tk_shelf_version *versions = versions_of(place, shelf, &count);
    assert_int_equal(count, 4);
    assert_true(tk_str_is(versions[0].source, "un"));
    tk_str csl = TK_STR("us-csl");
    assert_null(tk_shelf_choose(versions, count, csl, day("2025-01-09")));
    assert_int_equal(tk_shelf_choose(versions, count, csl, day("2025-01-10"))->published, day("2025-01-10"));
    assert_int_equal(tk_shelf_choose(versions, count, csl, day("2026-02-28"))->published, day("2025-06-30"));
    assert_int_equal(tk_shelf_choose(versions, count, csl, TK_DATE_MAX)->published, day("2026-03-01"));
    assert_null(tk_shelf_choose(versions, count, TK_STR("eu"), TK_DATE_MAX));
    tk_shelf_close(shelf);
}

/* Published twice on one day: what was imported later counts. */
static void test_choose_later_import(void **state)
{
    test_place *place = *state;
    tk_shelf *shelf = test_shelf(place, "lists");
    tk_list_edition first = test_edition(&place->arena, "us-csl", "2026-07-31", one);
    tk_list_edition second = test_edition(&place->arena, "us-csl", "2026-07-31", two);
    (void)test_put(place, shelf, &first);
    tk_shelf_version later = test_put(place, shelf, &second);
    size_t count;
    const tk_shelf_version *versions = versions_of(place, shelf, &count);
    assert_int_equal(count, 2);
    assert_true(tk_str_eq(tk_shelf_choose(versions, count, TK_STR("us-csl"), TK_DATE_MAX)->file, later.file));
    tk_shelf_close(shelf);
}

static void test_open_version_stays(void **state)
{
    test_place *place = *state;
    tk_shelf *shelf = test_shelf(place, "lists");
    tk_list_edition edition = test_edition(&place->arena, "us-csl", "2026-07-31", one);
    tk_shelf_version version = test_put(place, shelf, &edition);
    tk_shelved *shelved = NULL;
    tk_list_entry entry;
    assert_int_equal(tk_shelved_open(shelf, &version, false, &shelved, NULL), TK_OK);
    const char *path = tk_arena_printf(&place->arena, "lists/" TK_FMT, TK_ARG_STR(version.file)).ptr;
    assert_int_equal(unlink(test_path(place, path)), 0);
    assert_int_equal(tk_shelved_entry(shelved, 1, &place->arena, &entry, NULL), TK_OK);
    assert_true(tk_str_is(entry.name, "Tamin Orvel"));
    tk_shelved_close(shelved);
    tk_shelf_close(shelf);
}

/* --- folders and files that are not used --- */

static tk_status open_folder(const char *path, bool create)
{
    tk_shelf *shelf = NULL;
    tk_status status = tk_shelf_open(path, &(tk_shelf_options){.create = create}, &shelf, NULL);
    tk_shelf_close(shelf);
    return status;
}

static void test_folder_rules(void **state)
{
    test_place *place = *state;
    const char *folder = test_path(place, "lists"), *link = test_path(place, "link"), *file = test_path(place, "file");
    assert_int_equal(open_folder(folder, false), TK_ERR_USAGE);
    assert_int_equal(open_folder(folder, true), TK_OK);
    assert_int_equal(open_folder(folder, true), TK_OK);
    assert_int_equal(chmod(folder, 0755), 0); /* others may read: lists are public */
    assert_int_equal(open_folder(folder, false), TK_OK);
    assert_int_equal(chmod(folder, 0775), 0);
    assert_int_equal(open_folder(folder, false), TK_ERR_USAGE);
    assert_int_equal(symlink(folder, link), 0);
    assert_int_equal(open_folder(link, false), TK_ERR_USAGE);
    test_write(file, TK_STR("no folder"));
    assert_int_equal(open_folder(file, false), TK_ERR_USAGE);
}

static void test_foreign_files_are_passed_over(void **state)
{
    test_place *place = *state;
    tk_shelf *shelf = test_shelf(place, "lists");
    test_write(test_path(place, "lists/notes.txt"), TK_STR("a note"));
    test_write(test_path(place, "lists/my.list"), TK_STR("a list of things"));
    size_t count;
    (void)versions_of(place, shelf, &count);
    assert_int_equal(count, 0);
    tk_shelf_close(shelf);
}

static void expect_unusable(test_place *place, const tk_shelf *shelf, const char *why)
{
    size_t count;
    const tk_shelf_version *versions = versions_of(place, shelf, &count);
    tk_shelved *shelved = NULL;
    assert_int_equal(count, 1);
    assert_false(versions[0].usable);
    if (strstr(versions[0].trouble.ptr, why) == NULL)
        fail_msg("'%s' says nothing of '%s'", versions[0].trouble.ptr, why);
    assert_int_not_equal(tk_shelved_open(shelf, &versions[0], false, &shelved, NULL), TK_OK);
    assert_null(shelved);
}

static void test_damaged_files(void **state)
{
    test_place *place = *state;
    tk_shelf *shelf = test_shelf(place, "lists");
    tk_list_edition edition = test_edition(&place->arena, "us-csl", "2026-07-31", one);
    tk_shelf_version version = test_put(place, shelf, &edition);
    const char *path =
        test_path(place, tk_arena_printf(&place->arena, "lists/" TK_FMT, TK_ARG_STR(version.file)).ptr);
    tk_str whole = test_bytes(place, path);
    assert_int_equal(chmod(path, 0600), 0);
    test_write(path, (tk_str){whole.ptr, whole.len - 8});
    expect_unusable(place, shelf, "import the list again");
    test_write(path, (tk_str){whole.ptr, 100});
    expect_unusable(place, shelf, "no version");
    test_write(path, TK_STR(""));
    expect_unusable(place, shelf, "no version");
    char *bytes = malloc(whole.len);
    assert_non_null(bytes);
    memcpy(bytes, whole.ptr, whole.len);
    bytes[offsetof(screen_head, published)] ^= 1;
    test_write(path, (tk_str){bytes, whole.len});
    expect_unusable(place, shelf, "damaged");
    /* Behind the head the damage is seen by whoever verifies, and the file can be put again. */
    memcpy(bytes, whole.ptr, whole.len);
    bytes[whole.len - 9] ^= 1;
    test_write(path, (tk_str){bytes, whole.len});
    assert_int_equal(tk_shelf_verify(shelf, &version, NULL), TK_ERR_CORRUPT);
    test_write(path, whole);
    assert_int_equal(tk_shelf_verify(shelf, &version, NULL), TK_OK);
    assert_int_equal(chmod(path, 0666), 0);
    expect_unusable(place, shelf, "written by others");
    free(bytes);
    tk_shelf_close(shelf);
}

static void test_put_heals_a_damaged_file(void **state)
{
    test_place *place = *state;
    tk_shelf *shelf = test_shelf(place, "lists");
    tk_list_edition edition = test_edition(&place->arena, "us-csl", "2026-07-31", one);
    tk_shelf_version version = test_put(place, shelf, &edition);
    const char *path =
        test_path(place, tk_arena_printf(&place->arena, "lists/" TK_FMT, TK_ARG_STR(version.file)).ptr);
    assert_int_equal(chmod(path, 0600), 0);
    test_write(path, TK_STR("what is this"));
    version = test_put(place, shelf, &edition);
    assert_true(version.usable);
    assert_int_equal(test_mode(path), 0400);
    tk_shelf_close(shelf);
}

/* A file of another method: its entries are read, names are not compared by it, and its index can be made anew. */
static void test_other_method(void **state)
{
    test_place *place = *state;
    tk_shelf *shelf = test_shelf(place, "lists");
    tk_list_edition edition = test_edition(&place->arena, "us-csl", "2026-07-31", one);
    tk_shelf_version version = test_put(place, shelf, &edition);
    const char *path =
        test_path(place, tk_arena_printf(&place->arena, "lists/" TK_FMT, TK_ARG_STR(version.file)).ptr);
    tk_str whole = test_bytes(place, path);
    char *bytes = malloc(whole.len);
    assert_non_null(bytes);
    memcpy(bytes, whole.ptr, whole.len);
    screen_head *head = (screen_head *)(void *)bytes;
    (void)snprintf(head->method, sizeof head->method, "names-0");
    head->check = tk_str_hash((tk_str){bytes, offsetof(screen_head, check)});
    assert_int_equal(chmod(path, 0600), 0);
    test_write(path, (tk_str){bytes, whole.len});
    free(bytes);
    expect_unusable(place, shelf, "twokey lists renew");
    tk_names *names = NULL;
    assert_int_equal(tk_names_new(&names, NULL), TK_OK);
    assert_int_equal(tk_shelf_renew(shelf, names, &version, NULL), TK_OK);
    tk_names_free(names);
    tk_str renewed = test_bytes(place, path);
    assert_true(tk_str_eq(renewed, whole));
    tk_shelf_close(shelf);
}

/* --- programs that were killed, and others at work --- */

static void test_left_behind_files_are_swept(void **state)
{
    test_place *place = *state;
    tk_shelf *shelf = test_shelf(place, "lists");
    const char *dead = test_path(place, "lists/us-csl-2026-07-31-00000000.list.new-abcdef");
    const char *alive = test_path(place, "lists/us-csl-2026-07-30-00000000.list.new-abcdef");
    test_write(dead, TK_STR("half a li"));
    test_write(alive, TK_STR("half a li"));
    int fd = open(alive, O_RDONLY | O_CLOEXEC);
    assert_int_equal(flock(fd, LOCK_EX), 0);
    tk_list_edition edition = test_edition(&place->arena, "us-csl", "2026-07-31", one);
    (void)test_put(place, shelf, &edition);
    assert_int_not_equal(access(dead, F_OK), 0);
    assert_int_equal(access(alive, F_OK), 0);
    (void)close(fd);
    tk_shelf_close(shelf);
}

typedef struct swapping {
    const tk_shelf *shelf;
    const tk_list_edition *editions;
    size_t count;
    bool failed, done;
} swapping;

static void *swap_editions(void *context)
{
    swapping *swap = context;
    tk_names *names = NULL;
    tk_arena arena;
    tk_arena_init(&arena, 65536, 0);
    if (tk_names_new(&names, NULL) != TK_OK)
        swap->failed = true;
    for (size_t i = 0; !swap->failed && i < swap->count; i++) {
        tk_shelf_version version;
        bool was_there;
        swap->failed = tk_shelf_put(swap->shelf, names, &swap->editions[i], 20000, &arena, &version, &was_there, NULL)
                       != TK_OK;
    }
    tk_names_free(names);
    tk_arena_fini(&arena);
    __atomic_store_n(&swap->done, true, __ATOMIC_RELEASE);
    return NULL;
}

/* Whoever looks while versions are put sees whole ones only, each with all its entries, and never an older one again.
 * */
static void test_swap_under_readers(void **state)
{
    test_place *place = *state;
    enum { EDITIONS = 24 };
    static tk_list_edition editions[EDITIONS];
    tk_shelf *shelf = test_shelf(place, "lists");
    for (size_t i = 0; i < EDITIONS; i++) {
        const char *published = tk_arena_printf(&place->arena, "2026-01-%02zu", i + 1).ptr;
        editions[i] = test_edition_random(&place->arena, "us-csl", published, 20 + 10 * i, i);
    }
    (void)test_put(place, shelf, &editions[0]);
    swapping swap = {.shelf = shelf, .editions = editions + 1, .count = EDITIONS - 1};
    pthread_t writer;
    assert_int_equal(pthread_create(&writer, NULL, swap_editions, &swap), 0);
    tk_date newest = 0;
    for (bool last = false; !last;) {
        last = __atomic_load_n(&swap.done, __ATOMIC_ACQUIRE);
        size_t count;
        const tk_shelf_version *versions = versions_of(place, shelf, &count);
        const tk_shelf_version *chosen = tk_shelf_choose(versions, count, TK_STR("us-csl"), TK_DATE_MAX);
        tk_shelved *shelved = NULL;
        assert_non_null(chosen);
        assert_true(newest <= chosen->published);
        newest = chosen->published;
        assert_int_equal(tk_shelved_open(shelf, chosen, false, &shelved, NULL), TK_OK);
        assert_int_equal(screen_file_verify(tk_shelved_view(shelved), NULL), TK_OK);
        assert_int_equal(tk_shelved_count(shelved), 20 + 10 * (newest - day("2026-01-01")));
        tk_shelved_close(shelved);
    }
    assert_int_equal(pthread_join(writer, NULL), 0);
    assert_false(swap.failed);
    assert_int_equal(newest, day("2026-01-24"));
    tk_shelf_close(shelf);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_put_and_read_back, test_place_make, test_place_remove),
        cmocka_unit_test_setup_teardown(test_put_twice_is_once, test_place_make, test_place_remove),
        cmocka_unit_test_setup_teardown(test_choose_by_day, test_place_make, test_place_remove),
        cmocka_unit_test_setup_teardown(test_choose_later_import, test_place_make, test_place_remove),
        cmocka_unit_test_setup_teardown(test_open_version_stays, test_place_make, test_place_remove),
        cmocka_unit_test_setup_teardown(test_folder_rules, test_place_make, test_place_remove),
        cmocka_unit_test_setup_teardown(test_foreign_files_are_passed_over, test_place_make, test_place_remove),
        cmocka_unit_test_setup_teardown(test_damaged_files, test_place_make, test_place_remove),
        cmocka_unit_test_setup_teardown(test_put_heals_a_damaged_file, test_place_make, test_place_remove),
        cmocka_unit_test_setup_teardown(test_other_method, test_place_make, test_place_remove),
        cmocka_unit_test_setup_teardown(test_left_behind_files_are_swept, test_place_make, test_place_remove),
        cmocka_unit_test_setup_teardown(test_swap_under_readers, test_place_make, test_place_remove),
    };
    return cmocka_run_group_tests_name("screen/shelf", tests, NULL, NULL);
}
