/* SPDX-License-Identifier: Apache-2.0 */
/* backup.c: checks, copies and books from copies; while two other programs write, nothing is torn or lost. */
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>
#include <sqlite3.h>

#include "base/str.h"
#include "seams/notes.h"
#include "seams/place.h"

static void fill(tk_store *store, int64_t count)
{
    char text[512];
    memset(text, 'x', sizeof text - 1);
    text[sizeof text - 1] = 0;
    assert_int_equal(tk_store_begin(store, "filling", NULL), TK_OK);
    int64_t first = test_notes(store) + 1;
    for (int64_t i = 0; i < count; i++)
        assert_int_equal(test_note_insert(store, first + i, text, NULL), TK_OK);
    assert_int_equal(tk_store_commit(store, NULL), TK_OK);
}

static void patch(const char *path, long at, const char *bytes, size_t len)
{
    FILE *file = fopen(path, "r+b");
    assert_non_null(file);
    assert_int_equal(fseek(file, at, SEEK_SET), 0);
    assert_int_equal(fwrite(bytes, 1, len, file), len);
    assert_int_equal(fclose(file), 0);
}

static void fails(tk_status got, tk_status wanted, const tk_err *err, const char *text)
{
    assert_int_equal(got, wanted);
    if (strstr(err->message, text) == NULL)
        fail_msg("expected '%s' in '%s'", text, err->message);
}

/* --- check --- */

static void first_finding(void *context, tk_str finding)
{
    char *text = context;
    if (text[0] == 0)
        (void)snprintf(text, 200, TK_FMT, TK_ARG_STR(finding));
}

static void test_check_finds(void **state)
{
    test_place *place = *state;
    test_setting s;
    test_setting_make(&s, test_path(place, "book.db"), TEST_NOTES_VERSIONS);
    tk_store *store = test_opened(&s);
    fill(store, 200);
    test_whole(store);
    tk_store_close(store);

    /* A row that names one that is not there. */
    sqlite3 *db;
    assert_int_equal(sqlite3_open(s.options.path, &db), SQLITE_OK);
    assert_int_equal(sqlite3_exec(db, "INSERT INTO links (id, note) VALUES (5, 999)", NULL, NULL, NULL), SQLITE_OK);
    assert_int_equal(sqlite3_close(db), SQLITE_OK);
    char text[200] = "";
    size_t count = 0;
    store = test_opened(&s);
    assert_int_equal(tk_store_check(store, first_finding, text, &count, NULL), TK_OK);
    assert_int_equal(count, 1);
    assert_string_equal(text, "row 5 of 'links' names a row of 'notes' that is not there");
    tk_store_close(store);

    /* A page in the middle of the notes. */
    patch(s.options.path, 4096L * 20, "\xff\xff\xff\xff\xff\xff\xff\xff", 8);
    text[0] = 0;
    store = test_opened(&s);
    assert_int_equal(tk_store_check(store, first_finding, text, &count, NULL), TK_OK);
    assert_in_range(count, 2, 300);
    assert_int_not_equal(text[0], 0);
    /* And no copy of it passes for a backup. */
    tk_err err = {0};
    fails(tk_store_backup(store, test_path(place, "copy.db"), false, &err), TK_ERR_CORRUPT, &err,
          "the copy is damaged");
    tk_store_close(store);
    assert_int_equal(test_entries(place->folder), 1);
}

/* --- backup --- */

static void test_backup_copies(void **state)
{
    test_place *place = *state;
    test_setting s, copied;
    const char *copy = test_path(place, "copies/copy.db");
    assert_int_equal(mkdir(test_path(place, "copies"), 0755), 0);
    test_setting_make(&s, test_path(place, "book.db"), TEST_NOTES_VERSIONS);
    tk_store *store = test_opened(&s);
    fill(store, 100);
    mode_t before = umask(0);
    assert_int_equal(tk_store_backup(store, copy, false, NULL), TK_OK);
    (void)umask(before);
    assert_int_equal(test_mode(copy), 0600);
    assert_int_equal(test_entries(test_path(place, "copies")), 1);
    /* One file that can be read from a disk that cannot be written: no log is needed. */
    assert_int_equal(test_bytes(place, copy).ptr[18], 1);
    tk_err err = {0};
    fails(tk_store_backup(store, copy, false, &err), TK_ERR_USAGE, &err, "exists already; --force overwrites it");
    fill(store, 1);
    assert_int_equal(tk_store_backup(store, copy, true, NULL), TK_OK);
    assert_int_equal(chmod(test_path(place, "copies"), 0700), 0);
    test_setting_make(&copied, copy, TEST_NOTES_VERSIONS);
    tk_store *other = test_opened(&copied);
    assert_int_equal(test_notes_unbroken(other), 101);
    /* Its log shows that somebody has it open. */
    assert_int_equal(test_note_add(other, 102, "x", NULL), TK_OK);
    memset(&err, 0, sizeof err);
    fails(tk_store_backup(store, copy, true, &err), TK_ERR_USAGE, &err, "a program has the database open");
    tk_store_close(other);
    tk_store_close(store);
}

static void test_backup_refuses(void **state)
{
    test_place *place = *state;
    test_setting s;
    test_setting_make(&s, test_path(place, "book.db"), 1);
    tk_store *store = test_opened(&s);
    tk_err err = {0};
    fails(tk_store_backup(store, s.options.path, true, &err), TK_ERR_USAGE, &err, "is the book itself");
    assert_int_equal(mkdir(test_path(place, "folder"), 0700), 0);
    memset(&err, 0, sizeof err);
    fails(tk_store_backup(store, test_path(place, "folder"), true, &err), TK_ERR_USAGE, &err, "is no regular file");
    assert_int_equal(symlink("book.db", test_path(place, "link")), 0);
    memset(&err, 0, sizeof err);
    fails(tk_store_backup(store, test_path(place, "link"), true, &err), TK_ERR_USAGE, &err, "is no regular file");
    memset(&err, 0, sizeof err);
    fails(tk_store_backup(store, test_path(place, "no/copy.db"), true, &err), TK_ERR_USAGE, &err,
          "the folder cannot be used");
    assert_int_equal(tk_store_begin(store, "holding", NULL), TK_OK);
    memset(&err, 0, sizeof err);
    fails(tk_store_backup(store, test_path(place, "copy.db"), false, &err), TK_ERR_BUG, &err, "inside a transaction");
    tk_store_abort(store);
    tk_store_close(store);
    assert_int_equal(test_entries(place->folder), 3);
}

/* --- restore --- */

static void test_restore_new(void **state)
{
    test_place *place = *state;
    test_setting s, old;
    const char *copy = test_path(place, "copy.db");
    test_setting_make(&old, test_path(place, "old.db"), 1);
    tk_store *store = test_opened(&old);
    assert_int_equal(test_note_add(store, 1, "kept", NULL), TK_OK);
    assert_int_equal(tk_store_backup(store, copy, false, NULL), TK_OK);
    tk_store_close(store);
    tk_str before = test_bytes(place, copy);
    /* A backup of version 1 becomes a book of this program. */
    test_setting_make(&s, test_path(place, "desk/book.db"), TEST_NOTES_VERSIONS);
    assert_int_equal(tk_store_restore(&s.options, copy, false, NULL), TK_OK);
    assert_true(tk_str_eq(before, test_bytes(place, copy)));
    assert_int_equal(test_mode(s.options.path), 0600);
    assert_int_equal(test_mode(test_path(place, "desk")), 0700);
    assert_int_equal(test_entries(test_path(place, "desk")), 1);
    s.options.read_only = true; /* no migration is due any more */
    store = test_opened(&s);
    static const char grades[] = "SELECT count(*) FROM notes WHERE text = 'kept' AND grade = 'none'";
    assert_int_equal(test_number(store, grades), 1);
    test_whole(store);
    tk_store_close(store);
    s.options.read_only = false;
    tk_err err = {0};
    fails(tk_store_restore(&s.options, copy, false, &err), TK_ERR_USAGE, &err, "there is a book here already");
    /* A book that is used, with its log beside it, is as good a source. */
    store = test_opened(&old);
    assert_int_equal(test_note_add(store, 2, "second", NULL), TK_OK);
    assert_int_equal(tk_store_restore(&s.options, old.options.path, true, NULL), TK_OK);
    tk_store_close(store);
    store = test_opened(&s);
    assert_int_equal(test_notes_unbroken(store), 2);
    tk_store_close(store);
}

static void test_restore_refuses(void **state)
{
    test_place *place = *state;
    test_setting s, newer;
    const char *copy = test_path(place, "copy.db"), *text = test_path(place, "text");
    test_setting_make(&newer, test_path(place, "newer.db"), TEST_NOTES_VERSIONS);
    tk_store *store = test_opened(&newer);
    fill(store, 200);
    assert_int_equal(tk_store_backup(store, copy, false, NULL), TK_OK);
    tk_store_close(store);
    test_setting_make(&s, test_path(place, "desk/book.db"), 2);
    tk_store_close(test_opened(&s));
    tk_str before = test_bytes(place, s.options.path);
    static const struct {
        const char *what;
        tk_status status;
        const char *why;
    } rows[] = {
        {"copy", TK_ERR_INPUT, "written by a newer twokey: its part 'notes' has version 3"},
        {"missing", TK_ERR_USAGE, "cannot be used: No such file"},
        {"text", TK_ERR_INPUT, "no SQLite database at all"},
        {"empty", TK_ERR_INPUT, "is an empty file, no backup of a book"},
        {"folder", TK_ERR_USAGE, "is no regular file"},
        {"self", TK_ERR_USAGE, "is the book itself"},
        {"damaged", TK_ERR_CORRUPT, "damaged"},
        {"cut", TK_ERR_CORRUPT, "damaged"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        const char *what = rows[i].what, *path = text;
        if (strcmp(what, "copy") == 0 || strcmp(what, "damaged") == 0 || strcmp(what, "cut") == 0)
            path = copy;
        else if (strcmp(what, "self") == 0)
            path = s.options.path;
        else if (strcmp(what, "folder") == 0)
            path = place->folder;
        if (strcmp(what, "text") == 0)
            test_write(text, TK_STR("id,claim\n"));
        else if (strcmp(what, "empty") == 0)
            test_write(text, TK_STR(""));
        else if (strcmp(what, "damaged") == 0)
            patch(copy, 4096L * 20, "\xff\xff\xff\xff\xff\xff\xff\xff", 8);
        else if (strcmp(what, "cut") == 0)
            assert_int_equal(truncate(copy, 4096L * 30), 0);
        if (path == copy) /* the first one is refused by version, the others are ours in version */
            test_setting_make(&s, s.options.path, strcmp(what, "copy") == 0 ? 2 : TEST_NOTES_VERSIONS);
        tk_err err = {0};
        fails(tk_store_restore(&s.options, path, true, &err), rows[i].status, &err, rows[i].why);
        assert_true(tk_str_eq(before, test_bytes(place, s.options.path)));
        assert_int_equal(test_entries(test_path(place, "desk")), 1);
    }
}

/* What is in the way must be a book: a file of somebody else is not replaced, force or not. */
static void test_restore_over_foreign(void **state)
{
    test_place *place = *state;
    test_setting s;
    test_setting_make(&s, test_path(place, "first.db"), 1);
    tk_store_close(test_opened(&s));
    const char *copy = s.options.path, *foreign = test_path(place, "notes.txt");
    test_write(foreign, TK_STR("to do: nothing\n"));
    assert_int_equal(chmod(foreign, 0600), 0);
    test_setting_make(&s, foreign, 1);
    tk_err err = {0};
    fails(tk_store_restore(&s.options, copy, true, &err), TK_ERR_INPUT, &err, "no SQLite database at all");
    assert_true(tk_str_eq(test_bytes(place, foreign), TK_STR("to do: nothing\n")));
    assert_int_equal(test_entries(place->folder), 2);
}

/* A book that is damaged inside is replaced as well; one that is damaged beyond use says what to do. */
static void test_restore_over_damage(void **state)
{
    test_place *place = *state;
    test_setting s;
    const char *copy = test_path(place, "copy.db");
    test_setting_make(&s, test_path(place, "book.db"), 1);
    tk_store *store = test_opened(&s);
    fill(store, 200);
    assert_int_equal(tk_store_backup(store, copy, false, NULL), TK_OK);
    tk_store_close(store);
    patch(s.options.path, 4096L * 10, "\xff\xff\xff\xff\xff\xff\xff\xff", 8);
    assert_int_equal(tk_store_restore(&s.options, copy, true, NULL), TK_OK);
    store = test_opened(&s);
    test_whole(store);
    assert_int_equal(test_notes_unbroken(store), 200);
    tk_store_close(store);
    patch(s.options.path, 100, "\xff\xff\xff\xff\xff\xff\xff\xff", 8); /* the root of the schema */
    test_refused(&s, TK_ERR_CORRUPT, "the book is damaged; 'twokey book check' says where");
    tk_err err = {0};
    fails(tk_store_restore(&s.options, copy, true, &err), TK_ERR_CORRUPT, &err,
          "damaged too far to be replaced in place");
    assert_int_equal(test_entries(place->folder), 2);
}

/* --- while others write --- */

/* Adds pairs of notes, each pair in one transaction, until told to stop; ends with 0 when every commit held. */
static void write_pairs(const test_setting *s, int writer, int ready)
{
    tk_store *store = NULL;
    bool good = tk_store_open(&s->options, &store, NULL) == TK_OK;
    for (int64_t i = 0; good && getppid() != 1; i++) {
        good = tk_store_begin(store, "adding a pair", NULL) == TK_OK
               && test_note_insert(store, 1000000 * (writer + 1) + 2 * i, "pair", NULL) == TK_OK
               && test_note_insert(store, 1000000 * (writer + 1) + 2 * i + 1, "pair", NULL) == TK_OK
               && tk_store_commit(store, NULL) == TK_OK;
        if (i == 5 && good)
            good = write(ready, "x", 1) == 1;
        struct stat about;
        if (good && stat("stop", &about) == 0)
            break;
    }
    tk_store_close(store);
    _exit(good ? 0 : 1);
}

static const char odd_pairs[] = "SELECT count(*) FROM (SELECT id / 2 FROM notes GROUP BY id / 2 HAVING count(*) <> 2)";

static void test_while_others_write(void **state)
{
    test_place *place = *state;
    enum { WRITERS = 2, ROUNDS = 15 };
    test_setting s, copied;
    char before[1024];
    int ready[2];
    pid_t children[WRITERS];
    assert_non_null(getcwd(before, sizeof before));
    assert_int_equal(chdir(place->folder), 0);
    test_setting_make(&s, test_path(place, "book.db"), 1);
    tk_store_close(test_opened(&s));
    assert_int_equal(pipe(ready), 0);
    for (int i = 0; i < WRITERS; i++) {
        children[i] = fork();
        assert_int_not_equal(children[i], -1);
        if (children[i] == 0)
            write_pairs(&s, i, ready[1]);
    }
    for (int i = 0; i < WRITERS; i++) {
        char byte;
        assert_int_equal(read(ready[0], &byte, 1), 1);
    }
    tk_store *store = test_opened(&s);
    test_setting_make(&copied, test_path(place, "copy.db"), 1);
    int64_t last = 0;
    for (int round = 0; round < ROUNDS; round++) {
        tk_err err = {0};
        if (tk_store_backup(store, copied.options.path, true, &err) != TK_OK)
            fail_msg("backup %d: %s", round, err.message);
        tk_store *copy = test_opened(&copied);
        assert_int_equal(test_number(copy, odd_pairs), 0);
        assert_true(round % 5 == 0 || last <= test_notes(copy)); /* what was there stays, but for a restore */
        last = test_notes(copy);
        tk_store_close(copy);
        if (round % 5 != 4)
            continue;
        /* The old state comes back under the writers, who go on from there. */
        if (tk_store_restore(&s.options, copied.options.path, true, &err) != TK_OK)
            fail_msg("restore %d: %s", round, err.message);
        assert_int_equal(tk_store_begin_reading(store, "counting", NULL), TK_OK);
        assert_int_equal(test_number(store, odd_pairs), 0);
        assert_true(last <= test_notes(store));
        tk_store_abort(store);
    }
    test_write("stop", TK_STR("x"));
    for (int i = 0; i < WRITERS; i++) {
        int code = -1;
        assert_int_equal(waitpid(children[i], &code, 0), children[i]);
        assert_int_equal(code, 0);
    }
    test_whole(store);
    assert_int_equal(test_number(store, odd_pairs), 0);
    tk_store_close(store);
    (void)close(ready[0]);
    (void)close(ready[1]);
    assert_int_equal(test_entries(place->folder), 3); /* the book, the copy, the sign to stop */
    assert_int_equal(chdir(before), 0);
}

/* A sample of what each release wrote opens and is whole. */
static void test_upgrade(void **state)
{
    test_place *place = *state;
    tk_str sample = test_bytes(place, TEST_SOURCE_DIR "/tests/upgrade/store-0.1.0.db");
    test_setting s;
    test_setting_make(&s, test_path(place, "book.db"), TEST_NOTES_VERSIONS);
    test_write(s.options.path, sample);
    assert_int_equal(chmod(s.options.path, 0600), 0);
    tk_store *store = test_opened(&s);
    test_whole(store);
    assert_int_equal(test_note_add(store, 1, "x", NULL), TK_OK);
    tk_store_close(store);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, test_place_make, test_place_remove)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_check_finds),         TEST(test_backup_copies),      TEST(test_backup_refuses),
        TEST(test_restore_new),         TEST(test_restore_refuses),    TEST(test_restore_over_foreign),
        TEST(test_restore_over_damage), TEST(test_while_others_write), TEST(test_upgrade),
    };
    return cmocka_run_group_tests_name("store/backup", tests, NULL, NULL);
}
