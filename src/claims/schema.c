/* SPDX-License-Identifier: Apache-2.0 */
/* schema.c: the tables of claims in a book, and opening them.
 *
 *   claims_batches  one import each: name, counts, and for the claims that come with the program which edition
 *   claims          one row a claim, as written; `number` is the order of import and never changes
 *   claims_links    from a claim to an id, which need not be there yet, so that the order of imports does not matter
 *   claims_keys     from what a statement is about to the claims that say something of it. Derived: made anew when the
 *                   program comes with other tables of predicates or names
 *   claims_words    full text; keeps no copy of the claims
 *   claims_ahead    claims that were imported before the day of their publication
 */
#include "base/sha256.h"
#include "claims/claims_int.h"

static const char *const migrations[] = {
    "CREATE TABLE claims_batches (id INTEGER PRIMARY KEY, name TEXT NOT NULL, edition TEXT UNIQUE,"
    " rows_read INTEGER NOT NULL, added INTEGER NOT NULL, there INTEGER NOT NULL, rejected INTEGER NOT NULL) STRICT;"
    "CREATE TABLE claims (number INTEGER PRIMARY KEY, batch INTEGER NOT NULL REFERENCES claims_batches,"
    " event_from INTEGER NOT NULL, event_to INTEGER NOT NULL, published INTEGER NOT NULL,"
    " id TEXT NOT NULL UNIQUE, date_event TEXT NOT NULL, date_reported TEXT NOT NULL, source TEXT NOT NULL,"
    " source_url TEXT NOT NULL, source_kind TEXT NOT NULL, actor TEXT NOT NULL, subject TEXT NOT NULL,"
    " predicate TEXT NOT NULL, object TEXT NOT NULL, quantity TEXT NOT NULL, unit TEXT NOT NULL,"
    " status TEXT NOT NULL, contradicts TEXT NOT NULL, supersedes TEXT NOT NULL, derived_from TEXT NOT NULL,"
    " relates_to TEXT NOT NULL, says TEXT NOT NULL, note TEXT NOT NULL) STRICT;"
    "CREATE TABLE claims_links (claim INTEGER NOT NULL REFERENCES claims, kind INTEGER NOT NULL, target TEXT NOT NULL,"
    " PRIMARY KEY (claim, kind, target)) STRICT, WITHOUT ROWID;"
    "CREATE INDEX claims_links_target ON claims_links (target, kind);"
    "CREATE TABLE claims_keys (key INTEGER NOT NULL, event_from INTEGER NOT NULL,"
    " claim INTEGER NOT NULL REFERENCES claims, PRIMARY KEY (key, event_from, claim)) STRICT, WITHOUT ROWID;"
    "CREATE TABLE claims_tables (id INTEGER PRIMARY KEY CHECK (id = 1), edition TEXT NOT NULL) STRICT;"
    "CREATE VIRTUAL TABLE claims_words USING fts5(words, content='', columnsize=0,"
    " tokenize=\"unicode61 remove_diacritics 2\");",
    "CREATE TABLE claims_ahead (claim INTEGER PRIMARY KEY REFERENCES claims) STRICT;",
};
const tk_store_module tk_claims_module = {"claims", migrations, TK_COUNT(migrations)};

static const char SCHEMA_EDITION[] = "SELECT edition FROM claims_tables";
static const char SCHEMA_SET_EDITION[] = "INSERT INTO claims_tables (id, edition) VALUES (1, ?1)"
                                         " ON CONFLICT (id) DO UPDATE SET edition = excluded.edition";
static const char SCHEMA_DROP_KEYS[] = "DELETE FROM claims_keys";
static const char SCHEMA_ALL[] =
    "SELECT number, event_from, id, date_event, date_reported, source, source_url, source_kind, actor, subject,"
    " predicate, object, quantity, unit, status, contradicts, supersedes, derived_from, relates_to, says, note"
    " FROM claims ORDER BY number";
static const char SCHEMA_ADD_KEY[] = "INSERT OR IGNORE INTO claims_keys (key, event_from, claim) VALUES (?1, ?2, ?3)";
static const char SCHEMA_RECORDED[] = "SELECT coalesce(max(number), 0) FROM claims";

/* Pages of one batch are kept until it is complete, and those of one question until it is answered; the usual 2 MB
 * would be written and read again and again. */
static const char SCHEMA_CACHE[] = "PRAGMA cache_size = -131072";

void claims_read_cells(tk_store_statement *statement, int first, tk_arena *arena, tk_str *cells)
{
    for (int i = 0; i < TK_CLAIM_COLUMN_COUNT; i++)
        cells[i] = tk_arena_copy(arena, tk_store_text(statement, first + i));
}

/* --- keys --- */

static tk_status keys_add_one(tk_claims *claims, int64_t key, tk_date event_from, int64_t number, tk_err *err)
{
    tk_store_statement *statement;
    tk_status status = tk_store_prepare(claims->store, SCHEMA_ADD_KEY, &statement, err);
    if (status != TK_OK)
        return status;
    tk_store_bind_int(statement, 1, key);
    tk_store_bind_int(statement, 2, event_from);
    tk_store_bind_int(statement, 3, number);
    return tk_store_run(statement, err);
}

tk_status claims_keys_add(tk_claims *claims, tk_arena *arena, int64_t number, tk_date event_from, const tk_str *cells,
                          tk_err *err)
{
    tk_claim_statement *said;
    size_t count;
    tk_status status = claims_statements(claims, arena, cells, &said, &count, err);
    for (size_t i = 0; status == TK_OK && i < count; i++) {
        status = keys_add_one(claims, claims_key(&said[i]), event_from, number, err);
        if (status == TK_OK && said[i].kind == TK_KIND_STAGE && said[i].party.len != 0)
            status = keys_add_one(claims, claims_key_any(&said[i]), event_from, number, err);
    }
    return status;
}

static tk_status keys_edition(const tk_claims *claims, char hex[TK_SHA256_HEX_BYTES], tk_err *err)
{
    /* Counts up when the meaning of the tables, or of a key, changes in the program itself. */
    static const char program[] = "2";
    tk_sha256 *hash;
    tk_status status = tk_sha256_new(&hash, err);
    if (status != TK_OK)
        return status;
    tk_sha256_add(hash, TK_STR(program));
    tk_sha256_add(hash, claims->texts.predicates.text);
    tk_sha256_add(hash, claims->texts.names.text);
    status = tk_sha256_finish(hash, hex, err);
    tk_sha256_free(hash);
    return status;
}

static tk_status keys_are_current(tk_claims *claims, tk_str edition, bool *current, tk_err *err)
{
    tk_store_statement *statement;
    bool row = false;
    *current = false;
    tk_status status = tk_store_prepare(claims->store, SCHEMA_EDITION, &statement, err);
    if (status == TK_OK)
        status = tk_store_step(statement, &row, err);
    if (status != TK_OK || !row)
        return status;
    *current = tk_str_eq(tk_store_text(statement, 0), edition);
    tk_store_reset(statement);
    return TK_OK;
}

static tk_status keys_make(tk_claims *claims, tk_err *err)
{
    tk_store_statement *statement;
    tk_arena arena;
    tk_arena_init(&arena, (size_t)64 * 1024, 0);
    tk_status status = tk_store_execute(claims->store, SCHEMA_DROP_KEYS, err);
    if (status == TK_OK)
        status = tk_store_prepare(claims->store, SCHEMA_ALL, &statement, err);
    bool row = true;
    while (status == TK_OK) {
        tk_str cells[TK_CLAIM_COLUMN_COUNT];
        status = tk_store_step(statement, &row, err);
        if (status != TK_OK || !row)
            break;
        tk_arena_reset(&arena);
        claims_read_cells(statement, 2, &arena, cells);
        status = claims_keys_add(claims, &arena, tk_store_int(statement, 0), (tk_date)tk_store_int(statement, 1), cells,
                                 err);
        if (status != TK_OK)
            tk_store_reset(statement);
    }
    tk_arena_fini(&arena);
    return status;
}

tk_status claims_keys_renew(tk_claims *claims, tk_err *err)
{
    char hex[TK_SHA256_HEX_BYTES];
    bool current = false;
    tk_store_statement *statement;
    tk_status status = keys_edition(claims, hex, err);
    if (status == TK_OK)
        status = keys_are_current(claims, tk_str_from(hex), &current, err);
    if (status != TK_OK || current)
        return status;
    status = keys_make(claims, err);
    if (status == TK_OK)
        status = tk_store_prepare(claims->store, SCHEMA_SET_EDITION, &statement, err);
    if (status != TK_OK)
        return status;
    tk_store_bind_text(statement, 1, tk_str_from(hex));
    return tk_store_run(statement, err);
}

/* --- opening --- */

static tk_status open_keys(tk_claims *claims, tk_err *err)
{
    char hex[TK_SHA256_HEX_BYTES];
    bool current = false;
    tk_status status = keys_edition(claims, hex, err);
    if (status == TK_OK)
        status = keys_are_current(claims, tk_str_from(hex), &current, err);
    if (status != TK_OK || current)
        return status;
    status = tk_store_begin(claims->store, "reading the claims anew", err);
    if (status != TK_OK)
        return status;
    status = claims_keys_renew(claims, err);
    if (status == TK_OK)
        return tk_store_commit(claims->store, err);
    tk_store_abort(claims->store);
    return status;
}

tk_status tk_claims_open(tk_store *store, const tk_claims_texts *texts, tk_claims **out, tk_claims_imported *shipped,
                         tk_err *err)
{
    tk_claims_imported loaded = {0};
    tk_arena keep;
    *out = NULL;
    tk_arena_init(&keep, (size_t)64 * 1024, 0);
    tk_claims *claims = TK_ARENA_NEW(&keep, tk_claims);
    if (claims == NULL) {
        tk_arena_fini(&keep);
        return tk_err_set(err, TK_ERR_MEMORY, "out of memory for the claims");
    }
    *claims = (tk_claims){.store = store, .texts = *texts, .keep = keep};
    tk_status status = claims_tables_read(texts, &claims->keep, &claims->tables, err);
    if (status == TK_OK)
        status = tk_store_execute(store, SCHEMA_CACHE, err);
    if (status == TK_OK)
        status = open_keys(claims, err);
    if (status == TK_OK)
        status = claims_import_shipped(claims, &loaded, err);
    if (shipped != NULL)
        *shipped = loaded;
    if (status == TK_OK)
        *out = claims;
    else
        tk_claims_close(claims);
    return status;
}

void tk_claims_close(tk_claims *claims)
{
    if (claims == NULL)
        return;
    tk_arena keep = claims->keep; /* it holds the handle itself */
    if (claims->give_back != NULL)
        claims->give_back(claims->owned);
    tk_arena_fini(&keep);
}

void tk_claims_own(tk_claims *claims, void *owned, void (*give_back)(void *owned))
{
    claims->owned = owned;
    claims->give_back = give_back;
}

/* Numbers are given without a gap, so the last one counts. */
tk_status tk_claims_stored(tk_store *store, int64_t *count, tk_err *err)
{
    tk_store_statement *statement;
    bool row = false;
    *count = 0;
    tk_status status = tk_store_prepare(store, SCHEMA_RECORDED, &statement, err);
    if (status == TK_OK)
        status = tk_store_step(statement, &row, err);
    if (status != TK_OK || !row)
        return status;
    *count = tk_store_int(statement, 0);
    tk_store_reset(statement);
    return TK_OK;
}

tk_status tk_claims_recorded(tk_claims *claims, int64_t *number, tk_err *err)
{
    return tk_claims_stored(claims->store, number, err);
}
