/* SPDX-License-Identifier: Apache-2.0 */
/* store.h: one book on disk: an SQLite file with a schema version for each module, opened carefully or not at all.
 *
 * The store knows files, transactions and versions; it holds no statement of any other module. A module hands in its
 * migrations and keeps its own SQL.
 *
 * What always holds
 *   - A file that is not a book (another SQLite database, any other file) is never opened for writing.
 *   - A book appears under its name when it is complete: created, restored and backed up beside it, then renamed.
 *   - Nobody but the owner (with `shared`: the group) can read it, nor what SQLite keeps beside it (-wal, -shm).
 *   - tk_store_commit returns TK_OK only when the data is on disk (WAL, synchronous FULL). After a failed commit nobody
 *     knows whether it counted: the store turns fatal, and every later call says so until the book is opened again.
 *
 * Threads   A tk_store belongs to one thread at a time; tk_store_queue (queue.h) lets many hand in jobs.
 * Processes Any number; writers take turns, each waits at most TK_STORE_BUSY_MS for its turn.
 */
#ifndef TK_STORE_STORE_H
#define TK_STORE_STORE_H

#include "twokey/base.h"

/* "twky" in the header of the file. */
#define TK_STORE_APPLICATION_ID 0x74776B79

/* Tables of one module: migrations[0] makes version 1, migrations[1] makes 2 of 1, and so on. A migration that a
 * released program contained never changes. */
typedef struct tk_store_module {
    const char *name;
    const char *const *migrations; /* SQL, one or more statements each */
    size_t count;                  /* = the version this program knows */
} tk_store_module;

/* What tests replace. */
typedef struct tk_store_seams {
    const char *vfs;                                     /* name of an SQLite VFS; NULL: the usual one */
    bool (*file_system)(const char *folder, long *type); /* the f_type of statfs; NULL: ask the kernel */
} tk_store_seams;

enum { TK_STORE_OPTIONS_VERSION = 1 };
typedef struct tk_store_options {
    unsigned version;
    const char *path;
    const tk_store_module *modules; /* all that the program knows: a module in the file that is not here is newer */
    size_t modules_count;
    bool read_only; /* also no migrations: a book of an older version is refused */
    bool any_older; /* with read_only: not refused; for care of the book, which reads no table of a module */
    bool create;    /* make the book, and its folder, when there is none */
    bool in_memory; /* a book of its own that nobody else sees and that ends with the handle; `path` is not looked at */
    bool shared;    /* the group may use the book too: modes 0660 and 0770 instead of 0600 and 0700 */
    uint32_t busy_ms; /* longest wait for another program; 0: TK_STORE_BUSY_MS */
    tk_store_seams seams;
} tk_store_options;
#define TK_STORE_OPTIONS_INIT {.version = TK_STORE_OPTIONS_VERSION}

typedef struct tk_store tk_store;

/* Opens the book, and brings its tables to the versions of `modules` in one transaction. */
TK_MUST_USE tk_status tk_store_open(const tk_store_options *options, tk_store **out, tk_err *err);
/* Rolls back what is not committed. */
void tk_store_close(tk_store *store);
/* Is there anything under this name? Says nothing about what it is. */
bool tk_store_present(const char *path);
/* The whole path, without symbolic links. */
const char *tk_store_path(const tk_store *store);
/* The version of a module's tables in the file; 0: it has none. */
TK_MUST_USE tk_status tk_store_version(tk_store *store, const tk_store_module *module, int64_t *version, tk_err *err);

/* --- transactions --- */

/* Takes the writer's place (BEGIN IMMEDIATE), waiting for others at most busy_ms. `doing` begins the messages of
 * failures ("importing claims"); constant text. */
TK_MUST_USE tk_status tk_store_begin(tk_store *store, const char *doing, tk_err *err);
/* A transaction for reading: all statements up to the commit see one state. */
TK_MUST_USE tk_status tk_store_begin_reading(tk_store *store, const char *doing, tk_err *err);
TK_MUST_USE tk_status tk_store_commit(tk_store *store, tk_err *err);
/* Does nothing when no transaction is open. */
void tk_store_abort(tk_store *store);

/* --- statements --- */

typedef struct tk_store_statement tk_store_statement;

/* The statement of a constant text, kept for the next time (found by the address of the text), reset and without
 * values. Owned by the store. A text may be in use once at a time. */
TK_MUST_USE tk_status tk_store_prepare(tk_store *store, const char *sql, tk_store_statement **out, tk_err *err);
/* Parameters count from 1. Texts are borrowed until the statement is prepared again, has ended or is reset; a NULL ptr
 * binds NULL. A failure is kept for the next step. */
void tk_store_bind_text(tk_store_statement *statement, int at, tk_str text);
void tk_store_bind_blob(tk_store_statement *statement, int at, tk_str bytes);
void tk_store_bind_int(tk_store_statement *statement, int at, int64_t value);
void tk_store_bind_null(tk_store_statement *statement, int at);
/* *row: there is one. At the end, and after a failure, the statement is reset. */
TK_MUST_USE tk_status tk_store_step(tk_store_statement *statement, bool *row, tk_err *err);
/* To the end; rows are passed over. */
TK_MUST_USE tk_status tk_store_run(tk_store_statement *statement, tk_err *err);
void tk_store_reset(tk_store_statement *statement);
/* Columns of the row count from 0. Texts are borrowed until the next step; NULL has a NULL ptr. Running out of memory
 * is kept for the next step. */
int64_t tk_store_int(tk_store_statement *statement, int column);
tk_str tk_store_text(tk_store_statement *statement, int column);
bool tk_store_is_null(tk_store_statement *statement, int column);
/* Rows that the last statement inserted, changed or deleted; the rowid of the last row inserted. */
int64_t tk_store_changes(const tk_store *store);
int64_t tk_store_last_id(const tk_store *store);
/* Prepare and run a statement without values. */
TK_MUST_USE tk_status tk_store_execute(tk_store *store, const char *sql, tk_err *err);

/* --- care --- */

/* Everything that is wrong with the book, one finding a call; *count is their number. TK_OK when the check could be
 * made, whatever it found. */
typedef void (*tk_store_report)(void *context, tk_str finding);
TK_MUST_USE tk_status tk_store_check(tk_store *store, tk_store_report report, void *context, size_t *count,
                                     tk_err *err);
/* A copy of the book as it is at one moment, while others go on writing: checked, synced, then renamed to `path`.
 * Replaces a file only with `force`, and never the book itself. */
TK_MUST_USE tk_status tk_store_backup(tk_store *store, const char *path, bool force, tk_err *err);
/* Makes the book of `options` what the backup is (options->create is taken for granted). The backup is checked first
 * and brought to the versions of this program. A book that is there is replaced only with `force`, in one transaction:
 * whoever has it open sees the old content, then the new. */
TK_MUST_USE tk_status tk_store_restore(const tk_store_options *options, const char *backup, bool force, tk_err *err);

#endif
