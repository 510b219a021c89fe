/* SPDX-License-Identifier: Apache-2.0 */
/* notes.c: a module of notes, for tests of the store. */
#include "seams/notes.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "base/str.h"

const char *const test_notes_versions[TEST_NOTES_VERSIONS] = {
    "CREATE TABLE notes (id INTEGER PRIMARY KEY, text TEXT NOT NULL) STRICT;",
    "ALTER TABLE notes ADD COLUMN grade TEXT; UPDATE notes SET grade = 'none'; CREATE INDEX grades ON notes (grade);",
    "CREATE TABLE links (id INTEGER PRIMARY KEY, note INTEGER NOT NULL REFERENCES notes) STRICT;",
};
static const char *const other_versions[] = {"CREATE TABLE other (id INTEGER PRIMARY KEY) STRICT;"};

void test_setting_make(test_setting *setting, const char *path, size_t version)
{
    *setting = (test_setting){.modules = {{"notes", test_notes_versions, version}, {"other", other_versions, 1}},
                              .options = TK_STORE_OPTIONS_INIT};
    setting->options.path = path;
    setting->options.modules = setting->modules;
    setting->options.modules_count = 1;
    setting->options.create = true;
    setting->options.busy_ms = 30000;
}

tk_store *test_opened(const test_setting *setting)
{
    tk_store *store = NULL;
    tk_err err = {0};
    if (tk_store_open(&setting->options, &store, &err) != TK_OK)
        fail_msg("%s: %s", err.file, err.message);
    return store;
}

void test_refused(const test_setting *setting, tk_status status, const char *text)
{
    tk_store *store = NULL;
    tk_err err = {0};
    assert_int_equal(tk_store_open(&setting->options, &store, &err), status);
    assert_null(store);
    if (strstr(err.message, text) == NULL)
        fail_msg("expected '%s' in '%s'", text, err.message);
    assert_int_not_equal(err.file[0], 0);
}

int64_t test_number(tk_store *store, const char *sql)
{
    tk_store_statement *statement;
    bool row = false;
    assert_int_equal(tk_store_prepare(store, sql, &statement, NULL), TK_OK);
    assert_int_equal(tk_store_step(statement, &row, NULL), TK_OK);
    assert_true(row);
    int64_t value = tk_store_int(statement, 0);
    tk_store_reset(statement);
    return value;
}

tk_status test_note_insert(tk_store *store, int64_t id, const char *text, tk_err *err)
{
    static const char sql[] = "INSERT INTO notes (id, text) VALUES (?1, ?2)";
    tk_store_statement *statement;
    tk_status status = tk_store_prepare(store, sql, &statement, err);
    if (status != TK_OK)
        return status;
    tk_store_bind_int(statement, 1, id);
    tk_store_bind_text(statement, 2, tk_str_from(text));
    return tk_store_run(statement, err);
}

tk_status test_note_add(tk_store *store, int64_t id, const char *text, tk_err *err)
{
    tk_status status = tk_store_begin(store, "adding a note", err);
    if (status == TK_OK)
        status = test_note_insert(store, id, text, err);
    if (status == TK_OK)
        return tk_store_commit(store, err);
    tk_store_abort(store);
    return status;
}

int64_t test_notes(tk_store *store)
{
    static const char sql[] = "SELECT count(*) FROM notes";
    return test_number(store, sql);
}

int64_t test_notes_unbroken(tk_store *store)
{
    static const char sql[] = "SELECT coalesce(min(id), 0) FROM (SELECT 0 AS id UNION ALL SELECT id FROM notes) AS n"
                              " WHERE NOT EXISTS (SELECT 1 FROM notes WHERE id = n.id + 1)";
    return test_number(store, sql);
}

static void say_finding(void *context, tk_str finding)
{
    (void)context;
    print_error("found: " TK_FMT "\n", TK_ARG_STR(finding));
}

void test_whole(tk_store *store)
{
    size_t count = 1;
    tk_err err = {0};
    if (tk_store_check(store, say_finding, NULL, &count, &err) != TK_OK)
        fail_msg("the check failed: %s", err.message);
    assert_int_equal(count, 0);
}
