/* SPDX-License-Identifier: Apache-2.0 */
/* backup.c: copies of a book, and books from copies.
 *
 * Both ways the pages go into a file that has no name yet; it is checked and synced before anything else sees it. A
 * backup is kept without a write-ahead log, so that it is one file and can be read from a disk that cannot be written.
 *
 * A book that is there is replaced through SQLite and not by a rename: programs that have it open would go on writing
 * into a file without a name, and their log would belong to a book that is gone. As one transaction the new content
 * comes whole or not at all, for everybody at the same moment.
 */
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "store/store_int.h"

/* All pages of `from` as they are at one moment. Writers are not kept waiting by a reader of the log. */
static tk_status copy_pages(tk_store *from, tk_store *to, const char *doing, tk_err *err)
{
    sqlite3_backup *backup = sqlite3_backup_init(to->db, "main", from->db, "main");
    if (backup == NULL)
        return store_fail(to, sqlite3_extended_errcode(to->db), doing, err);
    int step = sqlite3_backup_step(backup, -1);
    int end = sqlite3_backup_finish(backup);
    int rc = step == SQLITE_DONE ? end : step;
    if (rc == SQLITE_OK)
        return TK_OK;
    /* The handle that failed knows the error of the system. */
    const tk_store *failed = sqlite3_extended_errcode(from->db) == rc ? from : to;
    return store_fail(failed, rc, doing, err);
}

static void keep_first(void *context, tk_str finding)
{
    char *first = context;
    if (first[0] == 0)
        (void)snprintf(first, 200, TK_FMT, TK_ARG_STR(finding));
}

/* Versions that we know, and nothing damaged; `what` begins the message. */
static tk_status copy_check(tk_store *store, const char *path, const char *what, tk_err *err)
{
    char first[200] = "";
    size_t count = 0;
    bool old;
    tk_status status = store_versions_look(store, &old, err);
    if (status == TK_OK)
        status = tk_store_check(store, keep_first, first, &count, err);
    if (status == TK_OK && count != 0)
        status = store_refuse(err, TK_ERR_CORRUPT, path, "%s is damaged: %s%s", what, first,
                              1 < count ? ", and more" : "");
    return status;
}

/* An empty file as a handle that leaves no journal beside it: what fails here has no name yet, and is removed. */
static tk_status copy_open(const tk_store *like, const char *temporary, tk_store **out, tk_err *err)
{
    tk_store_options options = TK_STORE_OPTIONS_INIT;
    options.modules = like->modules;
    options.modules_count = like->modules_count;
    options.busy_ms = like->busy_ms;
    options.seams = like->seams;
    tk_status status = store_handle_open(&options, temporary, STORE_WRITE, out, err);
    if (status == TK_OK) {
        (*out)->any_older = true;
        status = store_exec(*out, "PRAGMA journal_mode = MEMORY", err);
    }
    return status;
}

/* --- backup --- */

static tk_status backup_target(const tk_store *store, const char *path, bool force, tk_err *err)
{
    static const char *const beside[] = {"-wal", "-journal"};
    struct stat target, book;
    if (lstat(path, &target) != 0)
        return errno == ENOENT ? TK_OK : store_refuse(err, TK_ERR_IO, path, "cannot be used: %s", strerror(errno));
    if (!S_ISREG(target.st_mode))
        return store_refuse(err, TK_ERR_USAGE, path, "is no regular file and is not replaced");
    if (stat(store->path, &book) == 0 && book.st_dev == target.st_dev && book.st_ino == target.st_ino)
        return store_refuse(err, TK_ERR_USAGE, path, "is the book itself");
    if (!force)
        return store_refuse(err, TK_ERR_USAGE, path, "exists already; --force overwrites it");
    for (size_t i = 0; i < TK_COUNT(beside); i++) {
        char log[TK_STORE_PATH_MAX + STORE_TEMPORARY_MORE];
        (void)snprintf(log, sizeof log, "%s%s", path, beside[i]);
        if (lstat(log, &target) == 0)
            return store_refuse(err, TK_ERR_USAGE, log,
                                "shows that a program has the database open that would be replaced");
    }
    return TK_OK;
}

static tk_status backup_write(tk_store *store, const char *temporary, const char *path, tk_err *err)
{
    tk_store *copy = NULL;
    tk_status status = copy_open(store, temporary, &copy, err);
    if (status == TK_OK)
        status = copy_pages(store, copy, "writing the backup", err);
    if (status == TK_OK)
        status = store_exec(copy, "PRAGMA journal_mode = DELETE", err);
    if (status == TK_OK)
        status = copy_check(copy, path, "the copy", err);
    tk_store_close(copy);
    return status;
}

tk_status tk_store_backup(tk_store *store, const char *path, bool force, tk_err *err)
{
    char whole[TK_STORE_PATH_MAX + 1], temporary[TK_STORE_PATH_MAX + STORE_TEMPORARY_MORE];
    bool taken = false;
    tk_status status = store_usable(store, err);
    if (status == TK_OK && (store->in_queue || !sqlite3_get_autocommit(store->db)))
        status = store_refuse(err, TK_ERR_BUG, store->path, "a backup inside a transaction");
    if (status == TK_OK)
        status = store_path_whole(path, whole, err);
    if (status == TK_OK)
        status = backup_target(store, whole, force, err);
    if (status == TK_OK)
        status = store_temporary_make(whole, 0600, temporary, err);
    if (status != TK_OK)
        return status;
    status = backup_write(store, temporary, whole, err);
    if (status == TK_OK)
        status = store_temporary_place(temporary, whole, force, &taken, err);
    if (status == TK_OK && taken)
        status = store_refuse(err, TK_ERR_USAGE, whole, "exists already; --force overwrites it");
    if (status != TK_OK)
        store_temporary_remove(temporary);
    return status;
}

/* --- restore --- */

/* The backup must be a book, and another one than the book that it is to become. */
static tk_status restore_source(const tk_store_options *options, const char *book, const char *backup,
                                char whole[PATH_MAX], tk_err *err)
{
    struct stat source, target;
    bool empty = false;
    if (realpath(backup, whole) == NULL || stat(whole, &source) != 0)
        return store_refuse(err, errno == ENOENT ? TK_ERR_USAGE : TK_ERR_IO, backup, "cannot be used: %s",
                            strerror(errno));
    if (!S_ISREG(source.st_mode))
        return store_refuse(err, TK_ERR_USAGE, backup, "is no regular file");
    if (lstat(book, &target) == 0 && target.st_dev == source.st_dev && target.st_ino == source.st_ino)
        return store_refuse(err, TK_ERR_USAGE, backup, "is the book itself");
    tk_status status = store_header_look(whole, options->seams.vfs, &empty, err);
    if (status == TK_OK && empty)
        status = store_refuse(err, TK_ERR_INPUT, backup, "is an empty file, no backup of a book");
    return status;
}

/* The content of the backup, checked, with the tables of this program. */
static tk_status restore_prepare(const tk_store_options *options, const char *backup, const char *temporary,
                                 tk_store **out, tk_err *err)
{
    tk_store *source = NULL;
    tk_status status = store_handle_open(options, backup, STORE_READ_FILE, &source, err);
    if (status == TK_OK)
        status = copy_open(source, temporary, out, err);
    if (status == TK_OK)
        status = copy_pages(source, *out, "reading the backup", err);
    tk_store_close(source);
    if (status == TK_OK)
        status = copy_check(*out, backup, "the backup", err);
    if (status == TK_OK)
        status = store_migrate(*out, err);
    if (status == TK_OK)
        status = store_log(*out, err);
    return status;
}

static tk_status restore_in_place(const tk_store_options *options, const char *book, tk_store *content, tk_err *err)
{
    bool empty = false;
    tk_store *target = NULL;
    tk_err own = {0};
    tk_status status = store_header_look(book, options->seams.vfs, &empty, &own);
    if (status == TK_OK && empty)
        status = store_refuse(&own, TK_ERR_INPUT, book, "is an empty file, no book; remove it, then restore");
    if (status == TK_OK)
        status = store_handle_open(options, book, STORE_WRITE, &target, &own);
    if (status == TK_OK)
        status = store_log(target, &own);
    if (status == TK_OK)
        status = copy_pages(content, target, "restoring the book", &own);
    tk_store_close(target);
    if (status == TK_ERR_CORRUPT)
        return store_refuse(err, status, book,
                            "the book that is there is damaged too far to be replaced in place; when no program has it "
                            "open, move it away together with its -wal and -shm, then restore");
    if (status != TK_OK && err != NULL && err->status == TK_OK)
        *err = own;
    return status;
}

tk_status tk_store_restore(const tk_store_options *options, const char *backup, bool force, tk_err *err)
{
    char source[PATH_MAX], temporary[TK_STORE_PATH_MAX + STORE_TEMPORARY_MORE];
    store_place place;
    bool there = false, taken = false;
    tk_store *content = NULL;
    if (options->version != TK_STORE_OPTIONS_VERSION)
        return tk_err_set(err, TK_ERR_USAGE, "tk_store_options of version %u; this library knows version %d",
                          options->version, TK_STORE_OPTIONS_VERSION);
    tk_status status = store_place_open(&place, options, true, err);
    if (status == TK_OK)
        status = store_place_look(&place, &there, err);
    if (status == TK_OK)
        status = restore_source(options, place.path, backup, source, err);
    if (status == TK_OK && there && !force)
        status = store_refuse(err, TK_ERR_USAGE, place.path,
                              "there is a book here already; --force puts the backup in its place");
    if (status == TK_OK)
        status = store_temporary_make(place.path, place.file_mode, temporary, err);
    if (status != TK_OK)
        return status;
    status = restore_prepare(options, source, temporary, &content, err);
    if (status == TK_OK && there)
        status = restore_in_place(options, place.path, content, err);
    tk_store_close(content);
    if (status == TK_OK && !there)
        status = store_temporary_place(temporary, place.path, false, &taken, err);
    if (status == TK_OK && taken)
        status = store_refuse(err, TK_ERR_USAGE, place.path, "a book was made here meanwhile; nothing was restored");
    if (status != TK_OK || there)
        store_temporary_remove(temporary);
    return status;
}
