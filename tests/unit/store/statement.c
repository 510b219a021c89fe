/* SPDX-License-Identifier: Apache-2.0 */
/* statement.c: values in and out, transactions that hold or do not, and the words for what failed. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>
#include <sqlite3.h>

#include "base/limits.h"
#include "base/str.h"
#include "seams/notes.h"
#include "seams/place.h"

static tk_store *fresh(test_place *place, test_setting *s)
{
    test_setting_make(s, test_path(place, "book.db"), TEST_NOTES_VERSIONS);
    return test_opened(s);
}

static void test_statement_values(void **state)
{
    test_setting s;
    tk_store *store = fresh(*state, &s);
    static const char sql[] = "SELECT ?1, ?2, ?3, ?4, ?5, ?6, typeof(?2), typeof(?3), typeof(?5)";
    tk_store_statement *statement;
    bool row;
    for (int round = 0; round < 2; round++) { /* the second time with values of the first one cleared */
        assert_int_equal(tk_store_prepare(store, sql, &statement, NULL), TK_OK);
        if (round == 0) {
            tk_store_bind_int(statement, 1, INT64_MIN);
            tk_store_bind_text(statement, 2, (tk_str){"a\0b", 3});
            tk_store_bind_blob(statement, 3, (tk_str){"\xff\0\xfe", 3});
            tk_store_bind_null(statement, 4);
            tk_store_bind_text(statement, 5, TK_STR(""));
            tk_store_bind_text(statement, 6, (tk_str){NULL, 0});
        }
        assert_int_equal(tk_store_step(statement, &row, NULL), TK_OK);
        assert_true(row);
        for (int column = 0; column < 6; column++)
            assert_int_equal(tk_store_is_null(statement, column), round == 1 || column == 3 || column == 5);
        if (round == 0) {
            assert_int_equal(tk_store_int(statement, 0), INT64_MIN);
            assert_true(tk_str_eq(tk_store_text(statement, 1), (tk_str){"a\0b", 3}));
            assert_true(tk_str_eq(tk_store_text(statement, 2), (tk_str){"\xff\0\xfe", 3}));
            assert_null(tk_store_text(statement, 3).ptr);
            assert_non_null(tk_store_text(statement, 4).ptr);
            assert_int_equal(tk_store_text(statement, 4).len, 0);
            assert_true(tk_str_is(tk_store_text(statement, 6), "text"));
            assert_true(tk_str_is(tk_store_text(statement, 7), "blob"));
        }
        assert_int_equal(tk_store_step(statement, &row, NULL), TK_OK);
        assert_false(row);
    }
    tk_store_close(store);
}

static void test_statement_failures(void **state)
{
    test_setting s;
    tk_store *store = fresh(*state, &s);
    static const char wrong[] = "SELECT nonsense FROM nowhere", one[] = "SELECT ?1", all[] = "SELECT id FROM notes";
    tk_store_statement *statement;
    tk_err err = {0};
    bool row;
    assert_int_equal(tk_store_prepare(store, wrong, &statement, &err), TK_ERR_BUG);
    assert_string_equal(err.message, "using the book: no such table: nowhere");
    assert_int_equal(tk_store_prepare(store, one, &statement, NULL), TK_OK);
    tk_store_bind_int(statement, 2, 1); /* kept for the step */
    assert_int_equal(tk_store_step(statement, &row, NULL), TK_ERR_BUG);
    assert_int_equal(tk_store_prepare(store, one, &statement, NULL), TK_OK); /* and forgotten after it */
    assert_int_equal(tk_store_run(statement, NULL), TK_OK);

    assert_int_equal(test_note_add(store, 1, "x", NULL), TK_OK);
    assert_int_equal(tk_store_prepare(store, all, &statement, NULL), TK_OK);
    assert_int_equal(tk_store_step(statement, &row, NULL), TK_OK);
    assert_true(row);
    tk_store_statement *again;
    memset(&err, 0, sizeof err);
    assert_int_equal(tk_store_prepare(store, all, &again, &err), TK_ERR_BUG); /* its rows are not lost unseen */
    assert_non_null(strstr(err.message, "a statement is in use already"));
    tk_store_reset(statement);

    memset(&err, 0, sizeof err);
    assert_int_equal(test_note_add(store, 1, "twice", &err), TK_ERR_BUG);
    assert_string_equal(err.message, "adding a note: UNIQUE constraint failed: notes.id");
    assert_string_equal(err.file, tk_store_path(store));
    assert_int_equal(test_notes(store), 1);
    assert_int_equal(test_note_add(store, 2, "fine", NULL), TK_OK); /* a mistake of ours ends nothing */
    assert_int_equal(tk_store_changes(store), 1);
    assert_int_equal(tk_store_last_id(store), 2);
    tk_store_close(store);
}

static void test_statement_limit(void **state)
{
    test_setting s;
    tk_store *store = fresh(*state, &s);
    static char texts[TK_STORE_STATEMENTS_MAX + 1][16];
    tk_store_statement *statement;
    tk_err err = {0};
    size_t made = 0;
    for (size_t i = 0; i <= TK_STORE_STATEMENTS_MAX; i++) {
        (void)snprintf(texts[i], sizeof texts[i], "SELECT %zu", i);
        if (tk_store_prepare(store, texts[i], &statement, &err) != TK_OK)
            break;
        made++;
    }
    assert_int_equal(made, TK_STORE_STATEMENTS_MAX - 1); /* one is the store's own */
    assert_string_equal(err.message, "more than 256 different statements");
    for (size_t i = 0; i < made; i++) /* those that are kept still work, and are themselves */
        assert_int_equal(test_number(store, texts[i]), i);
    tk_store_close(store);
}

static void test_transaction_holds(void **state)
{
    test_setting s;
    tk_store *store = fresh(*state, &s);
    tk_err err = {0};
    assert_int_equal(tk_store_begin(store, "adding", NULL), TK_OK);
    assert_int_equal(test_note_insert(store, 1, "x", NULL), TK_OK);
    tk_store_abort(store);
    tk_store_abort(store); /* nothing to do */
    assert_int_equal(test_notes(store), 0);
    assert_int_equal(tk_store_begin(store, "adding", NULL), TK_OK);
    assert_int_equal(tk_store_begin(store, "adding more", &err), TK_ERR_BUG);
    assert_string_equal(err.message, "adding more: a transaction is open already");
    assert_int_equal(test_note_insert(store, 1, "x", NULL), TK_OK);
    tk_store_close(store); /* an open transaction does not survive */
    store = test_opened(&s);
    assert_int_equal(test_notes(store), 0);
    assert_int_equal(tk_store_begin_reading(store, "reading", NULL), TK_OK);
    assert_int_equal(test_notes(store), 0);
    assert_int_equal(tk_store_commit(store, NULL), TK_OK);
    memset(&err, 0, sizeof err);
    assert_int_equal(tk_store_commit(store, &err), TK_ERR_IO); /* none is open */
    tk_store_close(store);
}

/* A reference left open is found by the commit, before anything is written: the store goes on. */
static void test_transaction_reference(void **state)
{
    test_setting s;
    tk_store *store = fresh(*state, &s);
    static const char later[] = "PRAGMA defer_foreign_keys = ON", link[] = "INSERT INTO links (note) VALUES (77)";
    tk_err err = {0};
    assert_int_equal(tk_store_begin(store, "linking", NULL), TK_OK);
    assert_int_equal(tk_store_execute(store, link, &err), TK_ERR_BUG);
    assert_string_equal(err.message, "linking: FOREIGN KEY constraint failed");
    assert_int_equal(tk_store_execute(store, later, NULL), TK_OK);
    assert_int_equal(tk_store_execute(store, link, NULL), TK_OK);
    memset(&err, 0, sizeof err);
    assert_int_equal(tk_store_commit(store, &err), TK_ERR_BUG);
    assert_string_equal(err.message, "linking: FOREIGN KEY constraint failed");
    assert_int_equal(test_note_add(store, 1, "x", NULL), TK_OK);
    test_whole(store);
    tk_store_close(store);
}

/* A reader sees one state from its first statement to its last, whatever is written meanwhile. */
static void test_transaction_snapshot(void **state)
{
    test_setting s;
    tk_store *writer = fresh(*state, &s), *reader = test_opened(&s);
    assert_int_equal(tk_store_begin_reading(reader, "reading", NULL), TK_OK);
    assert_int_equal(test_notes(reader), 0);
    assert_int_equal(test_note_add(writer, 1, "x", NULL), TK_OK);
    assert_int_equal(test_notes(reader), 0);
    assert_int_equal(tk_store_commit(reader, NULL), TK_OK);
    assert_int_equal(test_notes(reader), 1);
    tk_store_close(reader);
    tk_store_close(writer);
}

static void test_transaction_busy(void **state)
{
    test_setting s;
    tk_store *first = fresh(*state, &s), *second;
    tk_err err = {0};
    s.options.busy_ms = 20;
    second = test_opened(&s);
    assert_int_equal(tk_store_begin(first, "holding", NULL), TK_OK);
    assert_int_equal(test_note_add(second, 1, "x", &err), TK_ERR_BUSY);
    assert_string_equal(err.message, "adding a note: another program is writing to the book and does not finish; "
                                     "try again");
    assert_int_equal(tk_store_commit(first, NULL), TK_OK);
    assert_int_equal(test_note_add(second, 1, "x", NULL), TK_OK);
    tk_store_close(second);
    tk_store_close(first);
}

static void test_transaction_read_only(void **state)
{
    test_setting s;
    tk_store_close(fresh(*state, &s));
    s.options.read_only = true;
    tk_store *store = test_opened(&s);
    tk_err err = {0};
    assert_int_equal(test_notes(store), 0);
    assert_int_equal(test_note_add(store, 1, "x", &err), TK_ERR_IO);
    assert_string_equal(err.message, "adding a note: the book was opened for reading alone");
    tk_store_close(store);
}

/* A disk that is full: said so, the transaction is gone, and the store works again when there is room. */
static void test_transaction_full(void **state)
{
    test_setting s;
    tk_store *store = fresh(*state, &s);
    static const char small[] = "PRAGMA max_page_count = 40", large[] = "PRAGMA max_page_count = 1000000";
    tk_err err = {0};
    static char text[100 * 4096 + 1];
    memset(text, 'x', sizeof text - 1);
    assert_int_equal(test_number(store, small), 40);
    assert_int_equal(test_note_add(store, 1, text, &err), TK_ERR_IO);
    assert_string_equal(err.message, "adding a note: the disk is full; nothing of this was kept");
    assert_int_equal(test_notes(store), 0);
    assert_int_equal(test_number(store, large), 1000000);
    assert_int_equal(test_note_add(store, 1, text, NULL), TK_OK);
    tk_store_close(store);
}

/* Another program brings newer tables while we have the book open: we stop writing. */
static void test_transaction_newer(void **state)
{
    test_place *place = *state;
    test_setting s, newer;
    test_setting_make(&s, test_path(place, "book.db"), 1);
    tk_store *store = test_opened(&s);
    test_setting_make(&newer, s.options.path, 2);
    tk_store_close(test_opened(&newer));
    tk_err err = {0};
    assert_int_equal(test_note_add(store, 1, "x", &err), TK_ERR_INPUT);
    assert_non_null(strstr(err.message, "written by a newer twokey"));
    tk_store_close(store);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, test_place_make, test_place_remove)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_statement_values),      TEST(test_statement_failures),   TEST(test_statement_limit),
        TEST(test_transaction_holds),     TEST(test_transaction_reference), TEST(test_transaction_snapshot),
        TEST(test_transaction_busy),      TEST(test_transaction_read_only), TEST(test_transaction_full),
        TEST(test_transaction_newer),
    };
    return cmocka_run_group_tests_name("store/statement", tests, NULL, NULL);
}
