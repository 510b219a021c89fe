/* SPDX-License-Identifier: Apache-2.0 */
/* place.c: modes under every umask, links, network file systems, paths at their limit. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/limits.h"
#include "base/str.h"
#include "seams/notes.h"
#include "seams/place.h"

/* The book, its log, its folder and the folders on the way have their modes whatever the umask takes away or leaves. */
static void test_place_umask(void **state)
{
    test_place *place = *state;
    static const mode_t masks[] = {0, 022, 027, 077, 0177, 0777};
    for (size_t i = 0; i < sizeof masks / sizeof *masks; i++)
        for (int shared = 0; shared < 2; shared++) {
            char name[64], path[512];
            test_setting s;
            (void)snprintf(name, sizeof name, "way-%zu-%d/desk/book.db", i, shared);
            test_setting_make(&s, test_path(place, name), 1);
            s.options.shared = shared == 1;
            mode_t before = umask(masks[i]);
            tk_store *store = test_opened(&s);
            assert_int_equal(test_note_add(store, 1, "x", NULL), TK_OK);
            (void)umask(before);
            assert_int_equal(test_mode(s.options.path), shared ? 0660 : 0600);
            (void)snprintf(path, sizeof path, "%s-wal", s.options.path);
            assert_int_equal(test_mode(path), shared ? 0660 : 0600);
            (void)snprintf(path, sizeof path, "%s-shm", s.options.path);
            assert_int_equal(test_mode(path), shared ? 0660 : 0600);
            (void)snprintf(path, sizeof path, "%s/way-%zu-%d/desk", place->folder, i, shared);
            assert_int_equal(test_mode(path), shared ? 02770 : 0700);
            (void)snprintf(path, sizeof path, "%s/way-%zu-%d", place->folder, i, shared);
            assert_int_equal(test_mode(path), 0700);
            tk_store_close(store);
            tk_store_close(test_opened(&s));
        }
}

static void test_place_wide_file(void **state)
{
    test_place *place = *state;
    test_setting s;
    test_setting_make(&s, test_path(place, "book.db"), 1);
    tk_store_close(test_opened(&s));
    /* Each single bit too much is refused; what is narrower is not our business. */
    for (mode_t bit = 1; bit <= 0400; bit <<= 1) {
        assert_int_equal(chmod(s.options.path, 0600 | bit), 0);
        for (int shared = 0; shared < 2; shared++) {
            s.options.shared = shared == 1;
            if ((bit & (shared == 1 ? 0660U : 0600U)) != 0)
                tk_store_close(test_opened(&s));
            else
                test_refused(&s, TK_ERR_USAGE, shared == 1 ? "'chmod 0660 " : "'chmod 0600 ");
        }
        assert_int_equal(test_mode(s.options.path), 0600 | bit); /* refusing changes nothing */
    }
    s.options.shared = false;
    assert_int_equal(chmod(s.options.path, 0640), 0);
    test_refused(&s, TK_ERR_USAGE, "--shared uses it with the group");
}

static void test_place_wide_folder(void **state)
{
    test_place *place = *state;
    test_setting s;
    test_setting_make(&s, test_path(place, "desk/book.db"), 1);
    const char *folder = test_path(place, "desk");
    assert_int_equal(mkdir(folder, 0700), 0);
    for (mode_t bit = 1; bit <= 0400; bit <<= 1) {
        assert_int_equal(chmod(folder, 0700 | bit), 0);
        for (int shared = 0; shared < 2; shared++) {
            s.options.shared = shared == 1;
            if ((bit & (shared == 1 ? 0770U : 0700U)) == 0)
                test_refused(&s, TK_ERR_USAGE, shared == 1 ? "'chmod 0770 " : "'chmod 0700 ");
        }
        assert_int_equal(test_mode(folder), 0700 | bit);
        if ((bit & 0770) == 0)
            assert_int_equal(test_entries(folder), 0); /* nothing was made in it */
    }
}

/* What SQLite keeps beside a book holds its content too. */
static void test_place_beside(void **state)
{
    test_place *place = *state;
    static const char *const beside[] = {"book.db-wal", "book.db-shm", "book.db-journal"};
    test_setting s;
    test_setting_make(&s, test_path(place, "book.db"), 1);
    tk_store_close(test_opened(&s));
    for (size_t i = 0; i < sizeof beside / sizeof *beside; i++) {
        const char *path = test_path(place, beside[i]);
        test_write(path, TK_STR(""));
        assert_int_equal(chmod(path, 0644), 0);
        test_refused(&s, TK_ERR_USAGE, "is open to others (mode 0644)");
        assert_int_equal(unlink(path), 0);
        assert_int_equal(symlink("elsewhere", path), 0);
        test_refused(&s, TK_ERR_USAGE, "is a symbolic link");
        assert_int_equal(unlink(path), 0);
    }
    assert_int_equal(test_entries(place->folder), 1);
    tk_store_close(test_opened(&s));
}

static void test_place_links(void **state)
{
    test_place *place = *state;
    test_setting s;
    test_setting_make(&s, test_path(place, "desk/book.db"), 1);
    tk_store_close(test_opened(&s));
    assert_int_equal(symlink("book.db", test_path(place, "desk/link.db")), 0);
    assert_int_equal(symlink("nowhere.db", test_path(place, "desk/dangling.db")), 0);
    assert_int_equal(symlink("desk", test_path(place, "linked")), 0);
    s.options.path = test_path(place, "desk/link.db");
    test_refused(&s, TK_ERR_USAGE, "is a symbolic link; name the file that it points to");
    s.options.path = test_path(place, "desk/dangling.db");
    test_refused(&s, TK_ERR_USAGE, "is a symbolic link");
    s.options.path = test_path(place, "linked/book.db");
    test_refused(&s, TK_ERR_USAGE, "is a symbolic link; name the folder that it points to");
    s.options.path = test_path(place, "linked/new.db");
    test_refused(&s, TK_ERR_USAGE, "is a symbolic link; name the folder that it points to");
    assert_false(tk_store_present(test_path(place, "desk/nowhere.db")));
    /* A link further up is a way, not a second name of the book: the whole path goes around it. */
    assert_int_equal(symlink(place->folder, test_path(place, "up")), 0);
    s.options.path = test_path(place, "up/desk/book.db");
    tk_store *store = test_opened(&s);
    assert_string_equal(tk_store_path(store), test_path(place, "desk/book.db"));
    tk_store_close(store);
    assert_int_equal(link(test_path(place, "desk/book.db"), test_path(place, "desk/twin.db")), 0);
    s.options.path = test_path(place, "desk/book.db");
    test_refused(&s, TK_ERR_USAGE, "has 2 names (hard links)");
}

static void test_place_no_file(void **state)
{
    test_place *place = *state;
    static const char *const names[] = {"", "desk/", ".", "..", "desk/.", "desk/.."};
    test_setting s;
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        test_setting_make(&s, names[i][0] == 0 ? "" : test_path(place, names[i]), 1);
        tk_store *store;
        tk_err err = {0};
        assert_int_equal(tk_store_open(&s.options, &store, &err), TK_ERR_USAGE);
        assert_non_null(strstr(err.message, "is no name of a file"));
    }
    assert_int_equal(mkdir(test_path(place, "folder"), 0700), 0);
    test_setting_make(&s, test_path(place, "folder"), 1);
    test_refused(&s, TK_ERR_USAGE, "is no regular file");
    assert_int_equal(mkfifo(test_path(place, "pipe"), 0600), 0);
    test_setting_make(&s, test_path(place, "pipe"), 1); /* and it does not wait for a writer */
    test_refused(&s, TK_ERR_USAGE, "is no regular file");
    test_write(test_path(place, "file"), TK_STR("x"));
    test_setting_make(&s, test_path(place, "file/book.db"), 1);
    test_refused(&s, TK_ERR_USAGE, "is no folder");
    test_setting_make(&s, test_path(place, "file/deeper/book.db"), 1);
    test_refused(&s, TK_ERR_IO, "the folder cannot be made: Not a directory");
}

/* A name that SQLite would take for something else: a URI, a database in memory. */
static void test_place_names(void **state)
{
    test_place *place = *state;
    static const char *const names[] = {"file:book.db?mode=memory", ":memory:", "%41?x#y", "book; DROP.db", "-wal"};
    char before[1024];
    assert_non_null(getcwd(before, sizeof before));
    assert_int_equal(chdir(place->folder), 0);
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        test_setting s;
        test_setting_make(&s, names[i], 1); /* in the current folder, because it was asked for by name */
        tk_store *store = test_opened(&s);
        assert_int_equal(test_note_add(store, 1, "x", NULL), TK_OK);
        tk_store_close(store);
        assert_true(tk_store_present(test_path(place, names[i])));
        assert_int_equal(test_entries(place->folder), i + 1);
    }
    assert_int_equal(chdir(before), 0);
}

static void test_place_longest(void **state)
{
    test_place *place = *state;
    char path[TK_STORE_PATH_MAX + 2];
    size_t at = (size_t)snprintf(path, sizeof path, "%s/", place->folder);
    while (at < TK_STORE_PATH_MAX) {
        size_t part = TK_STORE_PATH_MAX - at < 200 ? TK_STORE_PATH_MAX - at : 199;
        memset(path + at, 'x', part);
        at += part;
        if (at < TK_STORE_PATH_MAX)
            path[at++] = '/';
    }
    if (path[TK_STORE_PATH_MAX - 1] == '/')
        path[TK_STORE_PATH_MAX - 2] = path[TK_STORE_PATH_MAX - 1] = 'x';
    path[TK_STORE_PATH_MAX] = 0;
    test_setting s;
    test_setting_make(&s, path, 1);
    tk_store *store = test_opened(&s);
    assert_int_equal(test_note_add(store, 1, "x", NULL), TK_OK); /* the log has its name too */
    tk_store_close(store);
    path[TK_STORE_PATH_MAX] = 'x';
    path[TK_STORE_PATH_MAX + 1] = 0;
    tk_err err = {0};
    assert_int_equal(tk_store_open(&s.options, &store, &err), TK_ERR_LIMIT);
    assert_string_equal(err.message, "the path of a book is at most 480 bytes long");
}

/* --- file systems --- */

static long played_type;
static bool play_file_system(const char *folder, long *type)
{
    assert_int_equal(folder[0], '/');
    *type = played_type;
    return true;
}

static bool play_no_answer(const char *folder, long *type)
{
    (void)folder;
    (void)type;
    errno = EIO;
    return false;
}

static void test_place_network(void **state)
{
    test_place *place = *state;
    static const struct {
        long type;
        const char *name; /* NULL: a disk of this machine */
    } systems[] = {
        {0x6969, "NFS"},     {0x517B, "SMB"},          {(long)0xFE534D42, "SMB"}, {(long)0xFF534D42, "CIFS"},
        {0x5346414F, "AFS"}, {0x6B414653, "AFS"},      {0x01021997, "9P"},        {0x65735546, "FUSE"},
        {0x00C36400, "Ceph"}, {0x0BD00BD0, "Lustre"},  {0xEF53, NULL},            {0x58465342, NULL},
        {(long)0x9123683E, NULL}, {0x01021994, NULL},  {0x794C7630, NULL},        {0, NULL},
    };
    for (size_t i = 0; i < sizeof systems / sizeof *systems; i++) {
        test_setting s;
        test_setting_make(&s, test_path(place, systems[i].name == NULL ? "good.db" : "bad.db"), 1);
        s.options.seams.file_system = play_file_system;
        played_type = systems[i].type;
        if (systems[i].name == NULL) {
            tk_store_close(test_opened(&s));
            continue;
        }
        char text[64];
        (void)snprintf(text, sizeof text, "lies on a network file system (%s)", systems[i].name);
        test_refused(&s, TK_ERR_USAGE, text);
        played_type = (long)(int32_t)systems[i].type; /* as a machine of 32 bits says it */
        test_refused(&s, TK_ERR_USAGE, text);
    }
    assert_false(tk_store_present(test_path(place, "bad.db")));
    test_setting s;
    test_setting_make(&s, test_path(place, "bad.db"), 1);
    s.options.seams.file_system = play_no_answer;
    test_refused(&s, TK_ERR_IO, "the file system cannot be asked for: Input/output error");
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, test_place_make, test_place_remove)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_place_umask),   TEST(test_place_wide_file), TEST(test_place_wide_folder), TEST(test_place_beside),
        TEST(test_place_links),   TEST(test_place_no_file),   TEST(test_place_names),       TEST(test_place_longest),
        TEST(test_place_network),
    };
    return cmocka_run_group_tests_name("store/place", tests, NULL, NULL);
}
