/* SPDX-License-Identifier: Apache-2.0 */
/* check.c: is the book whole? Every page and index, every reference between tables, and the marks of a book.
 *
 * A book that is damaged is a finding, not a failure: whatever can still be read is checked and said.
 */
#include <stdarg.h>
#include <stdio.h>

#include "store/store_int.h"

typedef struct check_state {
    tk_store_report report;
    void *context;
    size_t count;
} check_state;

static void check_say(check_state *check, const char *format, ...) TK_PRINTF(2, 3);
static void check_say(check_state *check, const char *format, ...)
{
    char text[TK_ERR_MESSAGE_MAX];
    va_list args;
    va_start(args, format);
    (void)vsnprintf(text, sizeof text, format, args);
    va_end(args);
    check->count++;
    if (check->report != NULL)
        check->report(check->context, tk_str_from(text));
}

/* A step that meets a damaged page is a finding, and the end of this part. */
static tk_status check_step(check_state *check, tk_store_statement *statement, bool *row, tk_err *err)
{
    tk_err own = {0};
    tk_status status = tk_store_step(statement, row, &own);
    if (status == TK_ERR_CORRUPT) {
        check_say(check, "the file cannot be read to its end: %s", sqlite3_errmsg(statement->store->db));
        return TK_OK;
    }
    if (status != TK_OK && err != NULL && err->status == TK_OK)
        *err = own;
    return status;
}

static tk_status check_pages(tk_store *store, check_state *check, tk_err *err)
{
    static const char sql[] = "PRAGMA integrity_check(100)";
    tk_store_statement *statement;
    bool row = true;
    tk_status status = tk_store_prepare(store, sql, &statement, err);
    while (status == TK_OK && row) {
        status = check_step(check, statement, &row, err);
        tk_str text = row ? tk_store_text(statement, 0) : TK_STR("ok");
        if (!tk_str_is(text, "ok"))
            check_say(check, TK_FMT, TK_ARG_STR(text));
    }
    return status;
}

static tk_status check_references(tk_store *store, check_state *check, tk_err *err)
{
    static const char sql[] = "PRAGMA foreign_key_check";
    tk_store_statement *statement;
    bool row = true;
    tk_status status = tk_store_prepare(store, sql, &statement, err);
    while (status == TK_OK && row) {
        status = check_step(check, statement, &row, err);
        if (!row)
            continue;
        tk_str table = tk_store_text(statement, 0), parent = tk_store_text(statement, 2);
        check_say(check, "row %lld of '" TK_FMT "' names a row of '" TK_FMT "' that is not there",
                  (long long)tk_store_int(statement, 1), TK_ARG_STR(table), TK_ARG_STR(parent));
    }
    return status;
}

static tk_status check_id(tk_store *store, check_state *check, tk_err *err)
{
    static const char sql[] = "PRAGMA application_id";
    tk_store_statement *statement;
    bool row = false;
    tk_status status = tk_store_prepare(store, sql, &statement, err);
    if (status == TK_OK)
        status = check_step(check, statement, &row, err);
    if (row && tk_store_int(statement, 0) != TK_STORE_APPLICATION_ID)
        check_say(check, "the application id is 0x%08llX, not that of a book",
                  (unsigned long long)tk_store_int(statement, 0));
    if (row)
        tk_store_reset(statement);
    return status;
}

tk_status tk_store_check(tk_store *store, tk_store_report report, void *context, size_t *count, tk_err *err)
{
    check_state check = {.report = report, .context = context};
    *count = 0;
    tk_status status = tk_store_begin_reading(store, "checking the book", err);
    if (status == TK_OK)
        status = check_pages(store, &check, err);
    if (status == TK_OK)
        status = check_references(store, &check, err);
    if (status == TK_OK)
        status = check_id(store, &check, err);
    tk_store_abort(store); /* it only read */
    *count = check.count;
    return status;
}
