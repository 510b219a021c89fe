/* SPDX-License-Identifier: Apache-2.0 */
/* store_int.h: what the files of the store share. */
#ifndef TK_STORE_INT_H
#define TK_STORE_INT_H

#include <sqlite3.h>
#include <sys/types.h>

#include "base/arena.h"
#include "base/compat.h"
#include "base/err.h"
#include "base/limits.h"
#include "base/str.h"
#include "store/store.h"

struct tk_store_statement {
    tk_store *store;
    const char *sql; /* NULL: the place is free */
    sqlite3_stmt *stmt;
    int failed; /* an SQLite code that binding or a column gave; told by the next step */
};

struct tk_store {
    sqlite3 *db;
    char *path;
    const tk_store_module *modules;
    size_t modules_count;
    uint32_t busy_ms;
    bool read_only;
    bool any_older;    /* tables of older versions are no reason to stop */
    bool in_queue;     /* a job of the queue runs: its transaction is the queue's */
    tk_status fatal;   /* TK_OK: it works */
    sqlite3_stmt *rollback; /* made beforehand: rolling back must not need memory */
    char fatal_message[TK_ERR_MESSAGE_MAX];
    tk_store_seams seams;
    const char *doing; /* begins messages; NULL outside transactions */
    tk_store_statement statements[TK_STORE_STATEMENTS_MAX];
};

/* --- failures of SQLite in words --- */

/* Sets err from the last failure of the handle; `doing` NULL: what the store is doing. */
tk_status store_fail(const tk_store *store, int rc, const char *doing, tk_err *err);
tk_status store_fail_memory(tk_err *err);
/* TK_OK, or why the store takes no more calls. */
TK_MUST_USE tk_status store_usable(const tk_store *store, tk_err *err);
/* The store takes no more calls; the status of the failure that ended it. */
tk_status store_end(tk_store *store, int rc, const char *doing, tk_err *err);
/* SQL without values and without rows, not kept. */
TK_MUST_USE tk_status store_exec(tk_store *store, const char *sql, tk_err *err);

/* --- where a book lies (place.c) --- */

typedef struct store_place {
    char path[TK_STORE_PATH_MAX + 1]; /* without symbolic links */
    mode_t file_mode, folder_mode; /* what the book and its folder have when we make them; nothing wider is used */
    bool shared;
} store_place;

/* Finds the folder, makes it with `create`, refuses links, wide modes and network file systems. */
TK_MUST_USE tk_status store_place_open(store_place *place, const tk_store_options *options, bool create, tk_err *err);
/* Is the book there, and may it be used? Refuses links and wide modes, of the files beside it too. */
TK_MUST_USE tk_status store_place_look(const store_place *place, bool *there, tk_err *err);
/* The whole path of a file in a folder that is there, without symbolic links but for the file itself. */
TK_MUST_USE tk_status store_path_whole(const char *path, char whole[TK_STORE_PATH_MAX + 1], tk_err *err);
/* An empty file beside `path`, with the mode; its name is written to temporary[len of path + STORE_TEMPORARY_MORE]. */
enum { STORE_TEMPORARY_MORE = 16 };
TK_MUST_USE tk_status store_temporary_make(const char *path, mode_t mode, char *temporary, tk_err *err);
/* Syncs the file and gives it its name; TK_OK and *taken when a name that must not be replaced was there. */
TK_MUST_USE tk_status store_temporary_place(const char *temporary, const char *path, bool replace, bool *taken,
                                            tk_err *err);
/* The file, and what SQLite may have left beside it. */
void store_temporary_remove(const char *temporary);
/* Complains about a path; sets err->file too. */
tk_status store_refuse(tk_err *err, tk_status status, const char *path, const char *format, ...) TK_PRINTF(4, 5);

/* --- opening (open.c) --- */

/* Looks at the first bytes, without opening the file as a database. TK_OK: it is a book; *empty: it has no byte. */
TK_MUST_USE tk_status store_header_look(const char *path, const char *vfs, bool *empty, tk_err *err);
/* How a handle may touch its file. A book is not only read by SQLite's own means: the last of its readers could not
 * take the log away that it found or made. */
typedef enum store_access {
    STORE_WRITE,
    STORE_READ,      /* statements that write are refused */
    STORE_READ_FILE, /* nothing is written in the file's folder either, unless a log is there */
} store_access;
/* An SQLite handle on a file that is ours, set up; no WAL, no versions. */
TK_MUST_USE tk_status store_handle_open(const tk_store_options *options, const char *path, store_access access,
                                        tk_store **out, tk_err *err);
/* Write-ahead log, or a refusal. */
TK_MUST_USE tk_status store_log(tk_store *store, tk_err *err);
/* Refuses versions that this program does not know; *old: migrations are due. */
TK_MUST_USE tk_status store_versions_look(tk_store *store, bool *old, tk_err *err);
/* Brings all modules to their versions, in a transaction of its own or in the one that is open. */
TK_MUST_USE tk_status store_migrate(tk_store *store, tk_err *err);
TK_MUST_USE tk_status store_migrate_within(tk_store *store, tk_err *err);

#endif
