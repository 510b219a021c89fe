/* SPDX-License-Identifier: Apache-2.0 */
/* statement.c: statements, transactions, and what SQLite says in words a person can act on.
 *
 * A statement is found by the address of its text: all SQL of the program is constant, so the address is its name and
 * nothing is hashed or compared. A handle whose commit failed takes no more calls: nobody knows what is on the disk
 * until somebody opens the file again and looks.
 */
#include <stdio.h>
#include <string.h>

#include "store/store_int.h"

/* --- failures --- */

tk_status store_fail_memory(tk_err *err)
{
    return tk_err_set(err, TK_ERR_MEMORY, "out of memory");
}

/* What a code of SQLite means for whoever uses the book; %s of errstr where it says more. */
static tk_status fail_words(const tk_store *store, int rc, const char **words)
{
    switch (rc & 0xff) {
    case SQLITE_NOMEM:
        *words = "out of memory";
        return TK_ERR_MEMORY;
    case SQLITE_FULL:
        *words = "the disk is full; nothing of this was kept";
        return TK_ERR_IO;
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
        *words = "the book is damaged; 'twokey book check' says where, "
                 "'twokey book restore' puts a backup in its place";
        return TK_ERR_CORRUPT;
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
        *words = "another program is writing to the book and does not finish; try again";
        return TK_ERR_BUSY;
    case SQLITE_READONLY:
        *words = store->read_only ? "the book was opened for reading alone"
                                  : "the book, or the folder it lies in, cannot be written";
        return TK_ERR_IO;
    case SQLITE_CANTOPEN:
    case SQLITE_PERM:
        *words = "the book, or a file beside it (-wal, -shm), cannot be opened";
        return TK_ERR_IO;
    case SQLITE_TOOBIG:
        *words = "a text is larger than the book can hold";
        return TK_ERR_LIMIT;
    case SQLITE_IOERR:
        if (rc == SQLITE_IOERR_NOMEM) {
            *words = "out of memory";
            return TK_ERR_MEMORY;
        }
        *words = "reading or writing the disk failed";
        return TK_ERR_IO;
    default:
        *words = NULL;
        return TK_ERR_BUG;
    }
}

tk_status store_fail(const tk_store *store, int rc, const char *doing, tk_err *err)
{
    const char *words;
    tk_status status = fail_words(store, rc, &words);
    if (doing == NULL)
        doing = store->doing == NULL ? "using the book" : store->doing;
    int system = status == TK_ERR_IO && store->db != NULL ? sqlite3_system_errno(store->db) : 0;
    if (words == NULL) /* wrong SQL, a broken constraint, misuse: all of them our own mistakes */
        words = store->db != NULL ? sqlite3_errmsg(store->db) : sqlite3_errstr(rc);
    (void)tk_err_set(err, status, "%s: %s%s%s%s", doing, words, system == 0 ? "" : " (",
                     system == 0 ? "" : strerror(system), system == 0 ? "" : ")");
    tk_err_where(err, tk_str_from(store->path), 0, 0);
    return status;
}

tk_status store_usable(const tk_store *store, tk_err *err)
{
    if (store->fatal == TK_OK)
        return TK_OK;
    return store_refuse(err, store->fatal, store->path, "the book must be opened again: %s", store->fatal_message);
}

tk_status store_end(tk_store *store, int rc, const char *doing, tk_err *err)
{
    tk_err own = {0};
    tk_status status = store_fail(store, rc, doing, &own);
    store->fatal = status;
    (void)snprintf(store->fatal_message, sizeof store->fatal_message, "%s", own.message);
    /* What the log holds is not trusted to this handle any more: the next one that opens the book reads it anew. */
    (void)sqlite3_db_config(store->db, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, NULL);
    (void)store_refuse(err, status, store->path, "%s; whether it counted shows when the book is opened again",
                       own.message);
    return status;
}

tk_status store_exec(tk_store *store, const char *sql, tk_err *err)
{
    int rc = sqlite3_exec(store->db, sql, NULL, NULL, NULL);
    return rc == SQLITE_OK ? TK_OK : store_fail(store, sqlite3_extended_errcode(store->db), NULL, err);
}

/* --- transactions --- */

/* A transaction that cannot even be rolled back is left to the next one who opens the book. */
static void roll_back(tk_store *store)
{
    if (sqlite3_get_autocommit(store->db))
        return;
    int rc = sqlite3_step(store->rollback);
    (void)sqlite3_reset(store->rollback);
    if (!sqlite3_get_autocommit(store->db))
        (void)store_end(store, rc, "rolling back", NULL);
}

static tk_status begin(tk_store *store, const char *sql, const char *doing, tk_err *err)
{
    tk_status status = store_usable(store, err);
    if (status != TK_OK)
        return status;
    if (store->in_queue || !sqlite3_get_autocommit(store->db))
        return store_refuse(err, TK_ERR_BUG, store->path, "%s: a transaction is open already", doing);
    store->doing = doing;
    status = store_exec(store, sql, err);
    bool old = false;
    /* Another twokey may have changed the tables since the book was opened. */
    if (status == TK_OK)
        status = store_versions_look(store, &old, err);
    if (status == TK_OK && old && !store->any_older)
        status = store_refuse(err, TK_ERR_BUSY, store->path, "%s: the book was replaced by one of an older version; "
                              "open it again", doing);
    if (status != TK_OK)
        tk_store_abort(store);
    return status;
}

tk_status tk_store_begin(tk_store *store, const char *doing, tk_err *err)
{
    return begin(store, "BEGIN IMMEDIATE", doing, err);
}

tk_status tk_store_begin_reading(tk_store *store, const char *doing, tk_err *err)
{
    return begin(store, "BEGIN", doing, err);
}

tk_status tk_store_commit(tk_store *store, tk_err *err)
{
    tk_status status = store_usable(store, err);
    if (status != TK_OK)
        return status;
    if (store->in_queue)
        return store_refuse(err, TK_ERR_BUG, store->path, "a job of the queue does not commit");
    const char *doing = store->doing;
    if (sqlite3_get_autocommit(store->db)) { /* SQLite gave up on its own: memory, disk */
        store->doing = NULL;
        return store_refuse(err, TK_ERR_IO, store->path, "%s: nothing was kept, a failure ended the transaction before",
                            doing == NULL ? "using the book" : doing);
    }
    if (sqlite3_exec(store->db, "COMMIT", NULL, NULL, NULL) == SQLITE_OK) {
        store->doing = NULL;
        return TK_OK;
    }
    int rc = sqlite3_extended_errcode(store->db);
    /* A foreign key left open is found before anything is written. */
    status = (rc & 0xff) == SQLITE_CONSTRAINT ? store_fail(store, rc, NULL, err) : store_end(store, rc, NULL, err);
    roll_back(store);
    store->doing = NULL;
    return status;
}

void tk_store_abort(tk_store *store)
{
    if (store->in_queue)
        return; /* the queue rolls back a job that fails, and only that */
    roll_back(store);
    store->doing = NULL;
}

/* --- statements --- */

tk_status tk_store_prepare(tk_store *store, const char *sql, tk_store_statement **out, tk_err *err)
{
    *out = NULL;
    tk_status status = store_usable(store, err);
    if (status != TK_OK)
        return status;
    uint64_t hash = (uint64_t)(uintptr_t)sql * UINT64_C(0x9E3779B97F4A7C15);
    size_t at = (size_t)(hash >> 32) % TK_STORE_STATEMENTS_MAX, tried = 0;
    while (store->statements[at].sql != NULL && store->statements[at].sql != sql) {
        if (++tried == TK_STORE_STATEMENTS_MAX)
            return store_refuse(err, TK_ERR_BUG, store->path, "more than %d different statements",
                                TK_STORE_STATEMENTS_MAX);
        at = (at + 1) % TK_STORE_STATEMENTS_MAX;
    }
    tk_store_statement *statement = &store->statements[at];
    if (statement->sql == NULL) {
        if (sqlite3_prepare_v3(store->db, sql, -1, SQLITE_PREPARE_PERSISTENT, &statement->stmt, NULL) != SQLITE_OK)
            return store_fail(store, sqlite3_extended_errcode(store->db), NULL, err);
        statement->store = store;
        statement->sql = sql;
    } else if (sqlite3_stmt_busy(statement->stmt)) {
        return store_refuse(err, TK_ERR_BUG, store->path, "a statement is in use already: %.80s", sql);
    }
    tk_store_reset(statement);
    *out = statement;
    return TK_OK;
}

void tk_store_reset(tk_store_statement *statement)
{
    (void)sqlite3_reset(statement->stmt); /* its code is that of the step, told before */
    (void)sqlite3_clear_bindings(statement->stmt);
    statement->failed = SQLITE_OK;
}

static void bound(tk_store_statement *statement, int rc)
{
    if (rc != SQLITE_OK && statement->failed == SQLITE_OK)
        statement->failed = rc;
}

void tk_store_bind_text(tk_store_statement *statement, int at, tk_str text)
{
    bound(statement, sqlite3_bind_text64(statement->stmt, at, text.ptr, text.len, SQLITE_STATIC, SQLITE_UTF8));
}

void tk_store_bind_blob(tk_store_statement *statement, int at, tk_str bytes)
{
    bound(statement, sqlite3_bind_blob64(statement->stmt, at, bytes.ptr, bytes.len, SQLITE_STATIC));
}

void tk_store_bind_int(tk_store_statement *statement, int at, int64_t value)
{
    bound(statement, sqlite3_bind_int64(statement->stmt, at, value));
}

void tk_store_bind_null(tk_store_statement *statement, int at)
{
    bound(statement, sqlite3_bind_null(statement->stmt, at));
}

tk_status tk_store_step(tk_store_statement *statement, bool *row, tk_err *err)
{
    tk_store *store = statement->store;
    *row = false;
    tk_status status = store_usable(store, err);
    if (status != TK_OK)
        return status;
    int rc = statement->failed;
    if (rc == SQLITE_OK)
        rc = sqlite3_step(statement->stmt);
    if (rc == SQLITE_ROW) {
        *row = true;
        return TK_OK;
    }
    if (rc != SQLITE_DONE)
        status = store_fail(store, rc, NULL, err);
    tk_store_reset(statement);
    return status;
}

tk_status tk_store_run(tk_store_statement *statement, tk_err *err)
{
    bool row = true;
    tk_status status = TK_OK;
    while (status == TK_OK && row)
        status = tk_store_step(statement, &row, err);
    return status;
}

tk_status tk_store_execute(tk_store *store, const char *sql, tk_err *err)
{
    tk_store_statement *statement = NULL;
    tk_status status = tk_store_prepare(store, sql, &statement, err);
    return status == TK_OK && statement != NULL ? tk_store_run(statement, err) : status;
}

int64_t tk_store_int(tk_store_statement *statement, int column)
{
    return sqlite3_column_int64(statement->stmt, column);
}

bool tk_store_is_null(tk_store_statement *statement, int column)
{
    return sqlite3_column_type(statement->stmt, column) == SQLITE_NULL;
}

tk_str tk_store_text(tk_store_statement *statement, int column)
{
    int type = sqlite3_column_type(statement->stmt, column);
    if (type == SQLITE_TEXT || type == SQLITE_BLOB) {
        /* The bytes of the row itself. As text SQLite would copy them to end them with a zero, which nobody asks for
         * and for which memory may lack; a reader of one row, which takes no further step, would not be told. */
        const char *bytes = sqlite3_column_blob(statement->stmt, column);
        int len = sqlite3_column_bytes(statement->stmt, column);
        return bytes == NULL ? TK_STR("") : (tk_str){bytes, (size_t)len};
    }
    const char *text = (const char *)sqlite3_column_text(statement->stmt, column);
    if (text == NULL && type != SQLITE_NULL)
        bound(statement, SQLITE_NOMEM);
    return (tk_str){text, text == NULL ? 0 : (size_t)sqlite3_column_bytes(statement->stmt, column)};
}

int64_t tk_store_changes(const tk_store *store)
{
    return sqlite3_changes64(store->db);
}

int64_t tk_store_last_id(const tk_store *store)
{
    return sqlite3_last_insert_rowid(store->db);
}
