/* SPDX-License-Identifier: Apache-2.0 */
/* open.c: a book is made whole; what is no book is left as it is, byte for byte; versions and migrations. */
#include <setjmp.h>
#include <stdarg.h>
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
#include "store/store.h"

static const char *const broken_versions[] = {
    "CREATE TABLE first (id INTEGER PRIMARY KEY); CREATE TABLE broken (id INTEGER PRIMARY KEY, id TEXT);"};
static const char *const ending_versions[] = {"CREATE TABLE first (id INTEGER PRIMARY KEY); COMMIT;"};

static void plain_sql(const char *path, const char *sql)
{
    sqlite3 *db = NULL;
    assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
    assert_int_equal(sqlite3_exec(db, sql, NULL, NULL, NULL), SQLITE_OK);
    assert_int_equal(sqlite3_close(db), SQLITE_OK);
}

static void test_open_creates(void **state)
{
    test_place *place = *state;
    test_setting s;
    test_setting_make(&s, test_path(place, "a/b/book.db"), 1);
    assert_false(tk_store_present(s.options.path));
    tk_store *store = test_opened(&s);
    assert_true(tk_store_present(s.options.path));
    assert_string_equal(tk_store_path(store), test_path(place, "a/b/book.db"));
    static const char id[] = "PRAGMA application_id", wal[] = "SELECT (SELECT * FROM pragma_journal_mode) = 'wal'",
                      sync[] = "PRAGMA synchronous", keys[] = "PRAGMA foreign_keys",
                      trusted[] = "PRAGMA trusted_schema",
                      cells[] = "PRAGMA cell_size_check", page[] = "PRAGMA page_size",
                      versions[] = "SELECT count(*) FROM store_schema WHERE module = 'notes' AND version = 1";
    assert_int_equal(test_number(store, id), TK_STORE_APPLICATION_ID);
    assert_int_equal(test_number(store, wal), 1);
    assert_int_equal(test_number(store, sync), 2);
    assert_int_equal(test_number(store, keys), 1);
    assert_int_equal(test_number(store, trusted), 0);
    assert_int_equal(test_number(store, cells), 1);
    assert_int_equal(test_number(store, page), 4096);
    assert_int_equal(test_number(store, versions), 1);
    assert_int_equal(test_note_add(store, 1, "kept", NULL), TK_OK);
    tk_store_close(store);
    assert_int_equal(test_entries(test_path(place, "a/b")), 1); /* nothing of the making stays, nor of the log */
    store = test_opened(&s);
    static const char count[] = "SELECT count(*) FROM notes WHERE text = 'kept'";
    assert_int_equal(test_number(store, count), 1);
    tk_store_close(store);
}

static void test_open_missing(void **state)
{
    test_place *place = *state;
    test_setting s;
    test_setting_make(&s, test_path(place, "no/book.db"), 1);
    s.options.create = false;
    test_refused(&s, TK_ERR_USAGE, "there is no book here, and no such folder");
    s.options.path = test_path(place, "book.db");
    test_refused(&s, TK_ERR_USAGE, "there is no book here");
    s.options.create = true;
    s.options.read_only = true; /* reading makes nothing */
    test_refused(&s, TK_ERR_USAGE, "there is no book here");
    assert_int_equal(test_entries(place->folder), 0);
}

/* What is no book keeps its bytes, and nothing appears beside it. */
static void left_alone(test_place *place, const char *path, const char *why)
{
    test_setting s;
    test_setting_make(&s, path, 1);
    tk_str before = test_bytes(place, path);
    size_t entries = test_entries(place->folder);
    for (int i = 0; i < 2; i++) {
        s.options.read_only = i == 1;
        test_refused(&s, TK_ERR_INPUT, why);
    }
    assert_true(tk_str_eq(before, test_bytes(place, path)));
    assert_int_equal(test_entries(place->folder), entries);
}

static void test_open_foreign(void **state)
{
    test_place *place = *state;
    char zeros[4096] = {0};
    const struct {
        tk_str bytes;
        const char *why;
    } files[] = {
        {TK_STR("id,claim\n1,two\n"), "no SQLite database at all"},
        {TK_STR("SQLite format 2"), "no SQLite database at all"},
        {{zeros, sizeof zeros}, "no SQLite database at all"},
        {TK_STR("x"), "no SQLite database at all"},
        {TK_STR(""), "is an empty file"},
    };
    for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
        const char *path = test_path(place, "file");
        test_write(path, files[i].bytes);
        assert_int_equal(chmod(path, 0600), 0);
        left_alone(place, path, files[i].why);
    }
    /* The header alone, without the rest of the page: cut off. */
    const char *cut = test_path(place, "cut");
    test_write(cut, TK_STR("SQLite format 3\0"));
    assert_int_equal(chmod(cut, 0600), 0);
    left_alone(place, cut, "but no book of twokey");
}

static void test_open_foreign_sqlite(void **state)
{
    test_place *place = *state;
    const char *path = test_path(place, "foreign.db"), *wal = test_path(place, "wal.db");
    plain_sql(path, "CREATE TABLE t (x); INSERT INTO t VALUES (1);");
    assert_int_equal(chmod(path, 0600), 0);
    left_alone(place, path, "but no book of twokey");
    plain_sql(path, "PRAGMA application_id = 0x0BADCAFE;");
    left_alone(place, path, "application id 0x0BADCAFE");
    plain_sql(wal, "PRAGMA journal_mode = WAL; CREATE TABLE t (x);");
    assert_int_equal(chmod(wal, 0600), 0);
    left_alone(place, wal, "but no book of twokey");
    /* Our id, and nothing else of ours. */
    plain_sql(path, "PRAGMA application_id = 0x74776B79;");
    test_setting s;
    test_setting_make(&s, path, 1);
    test_refused(&s, TK_ERR_CORRUPT, "its table of versions cannot be read");
}

static void test_open_migrates(void **state)
{
    test_place *place = *state;
    test_setting s;
    test_setting_make(&s, test_path(place, "book.db"), 1);
    tk_store *store = test_opened(&s);
    assert_int_equal(test_note_add(store, 1, "old", NULL), TK_OK);
    tk_store_close(store);

    test_setting_make(&s, s.options.path, 3);
    s.options.modules_count = 2;
    s.options.read_only = true;
    test_refused(&s, TK_ERR_USAGE, "the book is of an older version");
    s.options.any_older = true; /* for a check or a backup before it is brought up to date */
    store = test_opened(&s);
    test_whole(store);
    assert_int_equal(test_notes(store), 1);
    tk_store_close(store);
    s.options.any_older = false;
    s.options.read_only = false;
    store = test_opened(&s);
    static const char grades[] = "SELECT count(*) FROM notes WHERE grade = 'none'",
                      links[] = "SELECT count(*) FROM links",
                      other[] = "SELECT count(*) FROM other", versions[] = "SELECT sum(version) FROM store_schema";
    assert_int_equal(test_number(store, grades), 1);
    assert_int_equal(test_number(store, links), 0);
    assert_int_equal(test_number(store, other), 0);
    assert_int_equal(test_number(store, versions), 4);
    tk_store_close(store);
    store = test_opened(&s); /* and nothing is done twice */
    assert_int_equal(test_number(store, versions), 4);
    tk_store_close(store);
}

/* All versions in steps, or all at once: the same tables. */
static void test_open_steps(void **state)
{
    test_place *place = *state;
    static const char tables[] = "SELECT count(*) FROM sqlite_schema";
    int64_t seen[2];
    for (size_t way = 0; way < 2; way++) {
        test_setting s;
        const char *path = test_path(place, way == 0 ? "steps.db" : "once.db");
        for (size_t version = way == 0 ? 1 : 3; version <= 3; version++) {
            test_setting_make(&s, path, version);
            tk_store *store = test_opened(&s);
            seen[way] = test_number(store, tables);
            tk_store_close(store);
        }
    }
    assert_int_equal(seen[0], seen[1]);
}

static void test_open_newer(void **state)
{
    test_place *place = *state;
    test_setting s;
    test_setting_make(&s, test_path(place, "book.db"), 3);
    s.options.modules_count = 2;
    tk_store_close(test_opened(&s));
    tk_str before = test_bytes(place, s.options.path);
    test_setting_make(&s, s.options.path, 2);
    s.options.modules_count = 2;
    for (int i = 0; i < 2; i++) {
        s.options.read_only = i == 1;
        test_refused(&s, TK_ERR_INPUT,
                     "written by a newer twokey: its part 'notes' has version 3, this program knows 2");
    }
    test_setting_make(&s, s.options.path, 3); /* a part that this program has never heard of */
    test_refused(&s, TK_ERR_INPUT, "written by a newer twokey: its part 'other' has version 1, this program knows 0");
    assert_true(tk_str_eq(before, test_bytes(place, s.options.path)));
}

static void test_open_migration_fails(void **state)
{
    test_place *place = *state;
    test_setting s;
    test_setting_make(&s, test_path(place, "book.db"), 1);
    s.modules[1] = (tk_store_module){"bad", broken_versions, 1};
    s.options.modules_count = 2;
    test_refused(&s, TK_ERR_BUG, "duplicate column name");
    assert_int_equal(test_entries(place->folder), 0); /* a book that cannot be made whole is not made */
    s.modules[1] = (tk_store_module){"bad", ending_versions, 1};
    test_refused(&s, TK_ERR_BUG, "a migration of 'bad' ended the transaction");
    assert_int_equal(test_entries(place->folder), 0);

    s.options.modules_count = 1;
    tk_store_close(test_opened(&s));
    s.modules[0].count = 2;
    s.modules[1] = (tk_store_module){"bad", broken_versions, 1};
    s.options.modules_count = 2;
    test_refused(&s, TK_ERR_BUG, "bringing the book up to date: duplicate column name");
    s.modules[0].count = 1; /* neither the step that went wrong nor the one before it was kept */
    s.options.modules_count = 1;
    tk_store *store = test_opened(&s);
    static const char tables[] = "SELECT count(*) FROM sqlite_schema WHERE name = 'first' OR name = 'grades'";
    assert_int_equal(test_number(store, tables), 0);
    tk_store_close(store);
}

/* Many programs make the same book at once: one makes it, all open it. */
static void test_open_race(void **state)
{
    test_place *place = *state;
    enum { PROGRAMS = 8 };
    pid_t children[PROGRAMS];
    test_setting s;
    test_setting_make(&s, test_path(place, "new/book.db"), 3);
    for (int i = 0; i < PROGRAMS; i++) {
        children[i] = fork();
        assert_int_not_equal(children[i], -1);
        if (children[i] == 0) {
            tk_store *store = NULL;
            tk_store_statement *statement = NULL;
            bool good = tk_store_open(&s.options, &store, NULL) == TK_OK
                        && tk_store_begin(store, "adding", NULL) == TK_OK
                        && tk_store_prepare(store, "INSERT INTO notes (text) VALUES ('x')", &statement, NULL) == TK_OK
                        && tk_store_run(statement, NULL) == TK_OK && tk_store_commit(store, NULL) == TK_OK;
            tk_store_close(store);
            _exit(good ? 0 : 1);
        }
    }
    for (int i = 0; i < PROGRAMS; i++) {
        int code = -1;
        assert_int_equal(waitpid(children[i], &code, 0), children[i]);
        assert_int_equal(code, 0);
    }
    tk_store *store = test_opened(&s);
    assert_int_equal(test_notes(store), PROGRAMS);
    tk_store_close(store);
    assert_int_equal(test_entries(test_path(place, "new")), 1);
}

/* Two handles of one process: the second one coming and going takes no lock from the first. */
static void test_open_twice(void **state)
{
    test_place *place = *state;
    test_setting s;
    test_setting_make(&s, test_path(place, "book.db"), 1);
    tk_store *first = test_opened(&s);
    assert_int_equal(tk_store_begin(first, "holding", NULL), TK_OK);
    s.options.read_only = true;
    tk_store_close(test_opened(&s));
    s.options.read_only = false;
    s.options.busy_ms = 50;
    pid_t child = fork(); /* locks of one process do not show within it */
    assert_int_not_equal(child, -1);
    if (child == 0) {
        tk_store *second = NULL;
        tk_err err = {0};
        bool good = tk_store_open(&s.options, &second, &err) == TK_OK
                    && tk_store_begin(second, "adding a note", &err) == TK_ERR_BUSY
                    && strstr(err.message, "adding a note: another program is writing") != NULL;
        _exit(good ? 0 : 1);
    }
    int code = -1;
    assert_int_equal(waitpid(child, &code, 0), child);
    assert_int_equal(code, 0);
    tk_store_abort(first);
    tk_store_close(first);
}

static void test_open_options(void **state)
{
    (void)state;
    tk_store_options options = TK_STORE_OPTIONS_INIT;
    tk_store *store;
    tk_err err = {0};
    options.version = 99;
    assert_int_equal(tk_store_open(&options, &store, &err), TK_ERR_USAGE);
    assert_string_equal(err.message, "tk_store_options of version 99; this library knows version 1");
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, test_place_make, test_place_remove)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_open_creates),  TEST(test_open_missing), TEST(test_open_foreign), TEST(test_open_foreign_sqlite),
        TEST(test_open_migrates), TEST(test_open_steps),   TEST(test_open_newer),   TEST(test_open_migration_fails),
        TEST(test_open_race),     TEST(test_open_twice),   TEST(test_open_options),
    };
    return cmocka_run_group_tests_name("store/open", tests, NULL, NULL);
}
