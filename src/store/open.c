/* SPDX-License-Identifier: Apache-2.0 */
/* open.c: opening a book: what it is by its first bytes, how SQLite is set up, which versions its tables have.
 *
 * A new book is made whole beside its place (application id, tables, WAL mode) and renamed there. So under the name of
 * a book there is nothing or a book, whenever the program is stopped and however many start at once.
 */
#include <stdlib.h>
#include <string.h>

#include "store/store_int.h"

/* The table is the store's own; its shape is part of every book and never changes. */
static const char OPEN_MAKE[] = "PRAGMA application_id = 0x74776B79;"
                                "CREATE TABLE store_schema (module TEXT NOT NULL PRIMARY KEY,"
                                " version INTEGER NOT NULL CHECK (version > 0)) STRICT, WITHOUT ROWID;";
static const char OPEN_VERSIONS[] = "SELECT module, version FROM store_schema";
static const char OPEN_VERSION[] = "SELECT version FROM store_schema WHERE module = ?1";
static const char OPEN_SET_VERSION[] = "INSERT INTO store_schema (module, version) VALUES (?1, ?2)"
                                       " ON CONFLICT (module) DO UPDATE SET version = excluded.version";

/* --- the first bytes --- */

enum { OPEN_HEADER_BYTES = 100, OPEN_APPLICATION_AT = 68, OPEN_MAGIC_BYTES = 16 };

static tk_status header_judge(const char *path, const unsigned char *bytes, tk_err *err)
{
    if (memcmp(bytes, "SQLite format 3", OPEN_MAGIC_BYTES) != 0)
        return store_refuse(err, TK_ERR_INPUT, path,
                            "is no book of twokey (no SQLite database at all); it is left as it is");
    uint32_t id = 0;
    for (int i = 0; i < 4; i++)
        id = id << 8 | bytes[OPEN_APPLICATION_AT + i];
    if (id == TK_STORE_APPLICATION_ID)
        return TK_OK;
    if (id == 0)
        return store_refuse(err, TK_ERR_INPUT, path,
                            "is an SQLite database, but no book of twokey; it is left as it is");
    return store_refuse(err, TK_ERR_INPUT, path,
                        "is an SQLite database of another program (application id 0x%08X); it is left as it is", id);
}

/* Through the VFS and not by open(): closing a descriptor of our own would drop the locks of other handles. */
tk_status store_header_look(const char *path, const char *vfs_name, bool *empty, tk_err *err)
{
    *empty = false;
    sqlite3_vfs *vfs = sqlite3_vfs_find(vfs_name);
    if (vfs == NULL)
        return store_refuse(err, TK_ERR_MEMORY, path, "SQLite does not start");
    sqlite3_file *file = calloc(1, (size_t)vfs->szOsFile);
    sqlite3_filename name = sqlite3_create_filename(path, "", "", 0, NULL);
    unsigned char bytes[OPEN_HEADER_BYTES] = {0};
    sqlite3_int64 size = 0;
    tk_status status = TK_OK;
    if (file == NULL || name == NULL) {
        status = store_fail_memory(err);
        goto out;
    }
    int rc = vfs->xOpen(vfs, name, file, SQLITE_OPEN_READONLY | SQLITE_OPEN_MAIN_DB, NULL);
    if (rc == SQLITE_OK)
        rc = file->pMethods->xFileSize(file, &size);
    if (rc == SQLITE_OK)
        rc = file->pMethods->xRead(file, bytes, OPEN_HEADER_BYTES, 0);
    if (rc == SQLITE_IOERR_SHORT_READ)
        rc = SQLITE_OK; /* what is missing reads as 0 */
    if (rc != SQLITE_OK)
        status = store_refuse(err, (rc & 0xff) == SQLITE_NOMEM || rc == SQLITE_IOERR_NOMEM ? TK_ERR_MEMORY : TK_ERR_IO,
                              path, "cannot be read: %s", sqlite3_errstr(rc));
    else if (size == 0 && bytes[0] == 0) /* SQLite gives the size of one byte as 0 */
        *empty = true;
    else
        status = header_judge(path, bytes, err);
    if (file->pMethods != NULL)
        (void)file->pMethods->xClose(file);
out:
    sqlite3_free_filename(name);
    free(file);
    return status;
}

/* --- the handle --- */

static bool handle_set_up(sqlite3 *db, uint32_t busy_ms)
{
    static const struct {
        int option, value;
    } settings[] = {
        {SQLITE_DBCONFIG_ENABLE_FKEY, 1}, {SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0}, {SQLITE_DBCONFIG_DEFENSIVE, 1},
        {SQLITE_DBCONFIG_DQS_DML, 0},     {SQLITE_DBCONFIG_DQS_DDL, 0},
    };
    bool good = sqlite3_extended_result_codes(db, 1) == SQLITE_OK
                && sqlite3_busy_timeout(db, busy_ms < INT32_MAX ? (int)busy_ms : INT32_MAX) == SQLITE_OK;
    for (size_t i = 0; good && i < TK_COUNT(settings); i++)
        good = sqlite3_db_config(db, settings[i].option, settings[i].value, NULL) == SQLITE_OK;
    return good;
}

/* `file:` and the path, escaped, for a file that nobody changes while we read it. */
static tk_str handle_uri(tk_arena *arena, const char *path)
{
    size_t len = strlen(path), at = 5;
    char *uri = tk_arena_get(arena, len * 3 + sizeof "file:?immutable=1");
    if (uri == NULL)
        return (tk_str){NULL, 0};
    memcpy(uri, "file:", 5);
    for (size_t i = 0; i < len; i++) {
        static const char digits[] = "0123456789ABCDEF";
        unsigned char c = (unsigned char)path[i];
        if (c != '%' && c != '?' && c != '#') {
            uri[at++] = path[i];
            continue;
        }
        uri[at++] = '%';
        uri[at++] = digits[c >> 4];
        uri[at++] = digits[c & 15];
    }
    memcpy(uri + at, "?immutable=1", sizeof "?immutable=1");
    return (tk_str){uri, at + sizeof "?immutable=1" - 1};
}

static tk_status handle_open(tk_store *store, const char *path, store_access access, const char *vfs, tk_err *err)
{
    int flags = SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_PRIVATECACHE | SQLITE_OPEN_NOFOLLOW
                | (access == STORE_READ_FILE ? SQLITE_OPEN_READONLY : SQLITE_OPEN_READWRITE);
    tk_arena arena;
    tk_arena_init(&arena, 4096, 0);
    tk_str log = tk_arena_printf(&arena, "%s-wal", path);
    if (access == STORE_READ_FILE && log.len != 0 && !tk_store_present(log.ptr)) {
        flags |= SQLITE_OPEN_URI;
        path = handle_uri(&arena, path).ptr;
    }
    int rc = arena.failed ? SQLITE_NOMEM : sqlite3_open_v2(path, &store->db, flags, vfs);
    tk_arena_fini(&arena);
    if (rc != SQLITE_OK)
        return store_fail(store, rc, "opening the book", err);
    if (!handle_set_up(store->db, store->busy_ms))
        return store_fail(store, SQLITE_ERROR, "setting up SQLite", err);
    /* Temporary tables stay in memory: /var/tmp is no place for what is in a book. */
    static const char pragmas[] = "PRAGMA cell_size_check = ON; PRAGMA synchronous = FULL; PRAGMA temp_store = MEMORY;"
                                  "PRAGMA journal_size_limit = 67108864;";
    store->doing = "opening the book";
    tk_status status = store_exec(store, pragmas, err);
    if (status == TK_OK && sqlite3_prepare_v2(store->db, "ROLLBACK", -1, &store->rollback, NULL) != SQLITE_OK)
        status = store_fail(store, sqlite3_extended_errcode(store->db), NULL, err);
    if (status == TK_OK && access == STORE_READ)
        status = store_exec(store, "PRAGMA query_only = ON", err);
    store->doing = NULL;
    return status;
}

tk_status store_handle_open(const tk_store_options *options, const char *path, store_access access, tk_store **out,
                            tk_err *err)
{
    *out = NULL;
    tk_store *store = calloc(1, sizeof *store);
    if (store == NULL)
        return store_fail_memory(err);
    *store = (tk_store){.modules = options->modules,
                        .modules_count = options->modules_count,
                        .busy_ms = options->busy_ms == 0 ? TK_STORE_BUSY_MS : options->busy_ms,
                        .read_only = access != STORE_WRITE,
                        .any_older = options->any_older,
                        .seams = options->seams,
                        .path = strdup(path)};
    tk_status status = store->path == NULL ? store_fail_memory(err)
                                           : handle_open(store, path, access, options->seams.vfs, err);
    if (status == TK_OK)
        *out = store;
    else
        tk_store_close(store);
    return status;
}

void tk_store_close(tk_store *store)
{
    if (store == NULL)
        return;
    for (size_t i = 0; i < TK_STORE_STATEMENTS_MAX; i++)
        (void)sqlite3_finalize(store->statements[i].stmt);
    (void)sqlite3_finalize(store->rollback);
    /* A transaction that is open is rolled back. */
    TK_ASSERT(sqlite3_close(store->db) != SQLITE_BUSY);
    free(store->path);
    free(store);
}

const char *tk_store_path(const tk_store *store)
{
    return store->path;
}

/* --- versions --- */

static const tk_store_module *versions_find(const tk_store *store, tk_str name)
{
    for (size_t i = 0; i < store->modules_count; i++)
        if (tk_str_is(name, store->modules[i].name))
            return &store->modules[i];
    return NULL;
}

/* A table that is not there is no mistake of ours here, as it would be anywhere else. */
static tk_status versions_prepare(tk_store *store, tk_store_statement **statement, tk_err *err)
{
    tk_err own = {0};
    tk_status status = tk_store_prepare(store, OPEN_VERSIONS, statement, &own);
    if (status == TK_ERR_BUG)
        return store_refuse(err, TK_ERR_CORRUPT, store->path,
                            "the book is damaged: its table of versions cannot be read (%s)", own.message);
    if (status != TK_OK && err != NULL && err->status == TK_OK)
        *err = own;
    return status;
}

tk_status store_versions_look(tk_store *store, bool *old, tk_err *err)
{
    tk_store_statement *statement;
    tk_status status = versions_prepare(store, &statement, err);
    size_t current = 0;
    bool row = true;
    while (status == TK_OK) {
        status = tk_store_step(statement, &row, err);
        if (status != TK_OK || !row)
            break;
        tk_str name = tk_store_text(statement, 0);
        int64_t version = tk_store_int(statement, 1);
        const tk_store_module *module = versions_find(store, name);
        int64_t known = module == NULL ? 0 : (int64_t)module->count;
        if (name.ptr != NULL && known < version) {
            status = store_refuse(err, TK_ERR_INPUT, store->path,
                                  "the book was written by a newer twokey: its part '" TK_FMT "' has version %lld, "
                                  "this program knows %lld; use the newer program",
                                  TK_ARG_STR(name), (long long)version, (long long)known);
            tk_store_reset(statement);
        }
        current += version == known ? 1 : 0;
    }
    size_t wanted = 0;
    for (size_t i = 0; i < store->modules_count; i++)
        wanted += store->modules[i].count != 0 ? 1 : 0;
    *old = current < wanted;
    return status;
}

tk_status tk_store_version(tk_store *store, const tk_store_module *module, int64_t *version, tk_err *err)
{
    tk_store_statement *statement;
    bool row = false;
    *version = 0;
    tk_status status = tk_store_prepare(store, OPEN_VERSION, &statement, err);
    if (status != TK_OK)
        return status;
    tk_store_bind_text(statement, 1, tk_str_from(module->name));
    status = tk_store_step(statement, &row, err);
    if (status == TK_OK && row) {
        *version = tk_store_int(statement, 0);
        tk_store_reset(statement);
    }
    return status;
}

static tk_status migrate_module(tk_store *store, const tk_store_module *module, tk_err *err)
{
    tk_store_statement *statement;
    int64_t version;
    tk_status status = tk_store_version(store, module, &version, err);
    if (status != TK_OK || (int64_t)module->count <= version)
        return status;
    for (size_t i = (size_t)version; status == TK_OK && i < module->count; i++)
        status = store_exec(store, module->migrations[i], err);
    if (status == TK_OK && sqlite3_get_autocommit(store->db))
        status = store_refuse(err, TK_ERR_BUG, store->path, "a migration of '%s' ended the transaction", module->name);
    if (status == TK_OK)
        status = tk_store_prepare(store, OPEN_SET_VERSION, &statement, err);
    if (status != TK_OK)
        return status;
    tk_store_bind_text(statement, 1, tk_str_from(module->name));
    tk_store_bind_int(statement, 2, (int64_t)module->count);
    return tk_store_run(statement, err);
}

tk_status store_migrate_within(tk_store *store, tk_err *err)
{
    tk_status status = TK_OK;
    for (size_t i = 0; status == TK_OK && i < store->modules_count; i++)
        status = migrate_module(store, &store->modules[i], err);
    return status;
}

/* Another program may have migrated since we looked, or may be about to: look again with the writer's place taken. */
tk_status store_migrate(tk_store *store, tk_err *err)
{
    bool old = false;
    store->doing = "bringing the book up to date";
    tk_status status = store_exec(store, "BEGIN IMMEDIATE", err);
    if (status == TK_OK)
        status = store_versions_look(store, &old, err);
    if (status == TK_OK)
        status = store_migrate_within(store, err);
    if (status == TK_OK)
        return tk_store_commit(store, err);
    tk_store_abort(store);
    return status;
}

/* --- a new book --- */

/* No journal on the disk: what fails here has no name yet, and is removed. */
static tk_status open_fill(tk_store *store, tk_err *err)
{
    store->doing = "making the book";
    tk_status status = store_exec(store, "PRAGMA page_size = 4096; PRAGMA auto_vacuum = NONE;"
                                         "PRAGMA journal_mode = MEMORY; BEGIN IMMEDIATE", err);
    if (status == TK_OK)
        status = store_exec(store, OPEN_MAKE, err);
    if (status == TK_OK)
        status = store_migrate_within(store, err);
    return status == TK_OK ? tk_store_commit(store, err) : status;
}

static tk_status open_new_file(const tk_store_options *options, const char *temporary, tk_err *err)
{
    tk_store *store = NULL;
    tk_status status = store_handle_open(options, temporary, STORE_WRITE, &store, err);
    if (status != TK_OK || store == NULL)
        return status;
    status = open_fill(store, err);
    if (status == TK_OK)
        status = store_exec(store, "PRAGMA journal_mode = WAL", err);
    tk_store_close(store);
    return status;
}

static tk_status open_create(const tk_store_options *options, const store_place *place, tk_err *err)
{
    char temporary[TK_STORE_PATH_MAX + STORE_TEMPORARY_MORE];
    bool taken = false;
    tk_status status = store_temporary_make(place->path, place->file_mode, temporary, err);
    if (status != TK_OK)
        return status;
    status = open_new_file(options, temporary, err);
    if (status == TK_OK)
        status = store_temporary_place(temporary, place->path, false, &taken, err);
    if (status != TK_OK || taken) /* taken: somebody else made the book meanwhile, and that one is opened */
        store_temporary_remove(temporary);
    return status;
}

/* --- opening --- */

static tk_status open_find(const tk_store_options *options, const store_place *place, tk_err *err)
{
    bool there = false, empty = false;
    tk_status status = store_place_look(place, &there, err);
    if (status == TK_OK && !there) {
        if (!options->create || options->read_only)
            return store_refuse(err, TK_ERR_USAGE, place->path, "there is no book here");
        status = open_create(options, place, err);
        if (status == TK_OK)
            status = store_place_look(place, &there, err);
    }
    if (status == TK_OK)
        status = store_header_look(place->path, options->seams.vfs, &empty, err);
    if (status == TK_OK && empty)
        status = store_refuse(err, TK_ERR_INPUT, place->path,
                              "is an empty file, no book; remove it, and a book can be made in its place");
    return status;
}

/* Books are made in WAL mode; one that somebody else switched back is switched again. */
tk_status store_log(tk_store *store, tk_err *err)
{
    sqlite3_stmt *statement = NULL;
    int rc = sqlite3_prepare_v2(store->db, "PRAGMA journal_mode = WAL", -1, &statement, NULL);
    if (rc == SQLITE_OK)
        rc = sqlite3_step(statement);
    const char *mode = rc == SQLITE_ROW ? (const char *)sqlite3_column_text(statement, 0) : NULL;
    bool good = mode != NULL && strcmp(mode, "wal") == 0;
    (void)sqlite3_finalize(statement);
    if (good)
        return TK_OK;
    if (rc != SQLITE_ROW)
        return store_fail(store, rc, "opening the book", err);
    return store_refuse(err, TK_ERR_IO, store->path, "cannot be used with a write-ahead log, which keeps it whole");
}

static tk_status open_handle(const tk_store_options *options, const char *path, tk_store **out, tk_err *err)
{
    bool old = false;
    tk_store *store = NULL;
    tk_status status = store_handle_open(options, path, options->read_only ? STORE_READ : STORE_WRITE, &store, err);
    if (status != TK_OK || store == NULL)
        return status;
    if (!options->read_only)
        status = store_log(store, err);
    if (status == TK_OK)
        status = store_versions_look(store, &old, err);
    if (status == TK_OK && old && options->read_only && !options->any_older)
        status = store_refuse(err, TK_ERR_USAGE, path,
                              "the book is of an older version; a command that writes to it brings it up to date");
    else if (status == TK_OK && old && !options->read_only)
        status = store_migrate(store, err);
    if (status == TK_OK)
        *out = store;
    else
        tk_store_close(store);
    return status;
}

static tk_status open_in_memory(const tk_store_options *options, tk_store **out, tk_err *err)
{
    tk_store *store = NULL;
    tk_status status = store_handle_open(options, ":memory:", STORE_WRITE, &store, err);
    if (status == TK_OK && store != NULL)
        status = open_fill(store, err);
    if (status == TK_OK)
        *out = store;
    else
        tk_store_close(store);
    return status;
}

tk_status tk_store_open(const tk_store_options *options, tk_store **out, tk_err *err)
{
    *out = NULL;
    if (options->version != TK_STORE_OPTIONS_VERSION)
        return tk_err_set(err, TK_ERR_USAGE, "tk_store_options of version %u; this library knows version %d",
                          options->version, TK_STORE_OPTIONS_VERSION);
    if (options->in_memory)
        return open_in_memory(options, out, err);
    store_place place;
    tk_status status = store_place_open(&place, options, options->create && !options->read_only, err);
    if (status == TK_OK)
        status = open_find(options, &place, err);
    if (status == TK_OK)
        status = open_handle(options, place.path, out, err);
    return status;
}
