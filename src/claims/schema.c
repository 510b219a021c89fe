/* SPDX-License-Identifier: Apache-2.0 */
/* schema.c: the tables of claims in a book, and opening them.
 *
 *   claims_batches  one import each: name, counts, and for the claims that come with the program which edition
 *   claims          one row a claim, as written; `number` is the order of import and never changes
 *   claims_links    from a claim to an id, which need not be there yet, so that the order of imports does not matter
 *   claims_keys     from what a statement is about to the claims that say something of it. Derived: made anew when the
 *                   program comes with other tables of predicates or names. With a brief: what a picture reads of the
 *                   claim, so that thousands of them about one thing lie side by side and not each on a page of its own
 *   claims_days     days on which claims happened or were published that may say something of a fact, each with the
 *                   first claim that gives it. Derived likewise
 *   claims_words    full text; keeps no copy of the claims
 *   claims_ahead    claims that were imported before the day of their publication
 */
#include <string.h>

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
    "DROP TABLE claims_keys;"
    "CREATE TABLE claims_keys (key INTEGER NOT NULL, event_from INTEGER NOT NULL,"
    " claim INTEGER NOT NULL REFERENCES claims, event_to INTEGER NOT NULL, published INTEGER NOT NULL,"
    " id TEXT NOT NULL, brief TEXT NOT NULL, PRIMARY KEY (key, event_from, claim)) STRICT, WITHOUT ROWID;"
    "CREATE TABLE claims_days (kind INTEGER NOT NULL, day INTEGER NOT NULL, claim INTEGER NOT NULL REFERENCES claims,"
    " PRIMARY KEY (kind, day)) STRICT, WITHOUT ROWID;",
};
const tk_store_module tk_claims_module = {"claims", migrations, TK_COUNT(migrations)};

static const char SCHEMA_EDITION[] = "SELECT edition FROM claims_tables";
static const char SCHEMA_SET_EDITION[] = "INSERT INTO claims_tables (id, edition) VALUES (1, ?1)"
                                         " ON CONFLICT (id) DO UPDATE SET edition = excluded.edition";
static const char SCHEMA_DROP_KEYS[] = "DELETE FROM claims_keys; DELETE FROM claims_days";
static const char SCHEMA_ALL[] =
    "SELECT number, event_from, event_to, published, id, date_event, date_reported, source, source_url, source_kind,"
    " actor, subject, predicate, object, quantity, unit, status, contradicts, supersedes, derived_from, relates_to,"
    " says, note FROM claims ORDER BY number";
static const char SCHEMA_ADD_KEY[] = "INSERT OR IGNORE INTO claims_keys (key, event_from, claim, event_to, published,"
                                     " id, brief) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)";
/* Claims come by number, so the first is kept. */
static const char SCHEMA_ADD_DAY[] = "INSERT OR IGNORE INTO claims_days (kind, day, claim) VALUES (?1, ?2, ?3)";
/* What is published on a day to come is on record before it. */
static const char SCHEMA_ADD_PUBLISHED[] =
    "INSERT OR IGNORE INTO claims_days (kind, day, claim) SELECT ?1, ?2, ?3"
    " WHERE NOT EXISTS (SELECT 1 FROM claims_ahead WHERE claim = ?3)";
static const char SCHEMA_HAS_DAY[] = "SELECT 1 FROM claims_days WHERE kind = ?1 AND day = ?2";
static const char SCHEMA_DAYS[] = "SELECT kind, day FROM claims_days WHERE claim <= ?1 ORDER BY kind, day";
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

/* Cells that a picture reads, one behind the other. */
static const tk_claim_column brief_columns[] = {TK_CLAIM_SOURCE,      TK_CLAIM_SOURCE_KIND, TK_CLAIM_ACTOR,
                                                TK_CLAIM_SUBJECT,     TK_CLAIM_PREDICATE,   TK_CLAIM_OBJECT,
                                                TK_CLAIM_QUANTITY,    TK_CLAIM_UNIT,        TK_CLAIM_CONTRADICTS,
                                                TK_CLAIM_DERIVED_FROM};

enum { BRIEF_BYTES_MAX = 512, BRIEF_GAP = 0x1f };

/* An empty text: the claim is too long for it. */
static tk_str brief_make(tk_arena *arena, const tk_str *cells)
{
    size_t len = TK_COUNT(brief_columns);
    bool fits = true;
    for (size_t i = 0; i < TK_COUNT(brief_columns); i++) {
        tk_str cell = cells[brief_columns[i]];
        len += cell.len;
        fits &= cell.len == 0 || memchr(cell.ptr, BRIEF_GAP, cell.len) == NULL;
    }
    char *bytes = fits && len <= BRIEF_BYTES_MAX ? TK_ARENA_ARRAY(arena, char, len) : NULL;
    if (bytes == NULL)
        return TK_STR("");
    len = 0;
    for (size_t i = 0; i < TK_COUNT(brief_columns); i++) {
        tk_str cell = cells[brief_columns[i]];
        if (cell.len != 0)
            memcpy(bytes + len, cell.ptr, cell.len);
        len += cell.len;
        bytes[len++] = BRIEF_GAP;
    }
    return (tk_str){bytes, len};
}

bool claims_brief_read(tk_str brief, tk_str *cells)
{
    tk_str rest = brief;
    for (size_t i = 0; i < TK_COUNT(brief_columns) && brief.len != 0; i++)
        (void)tk_str_split(&rest, BRIEF_GAP, &cells[brief_columns[i]]);
    return brief.len != 0;
}

static tk_status keys_add_one(tk_claims *claims, int64_t key, const tk_claim *claim, tk_str brief, tk_err *err)
{
    tk_store_statement *statement;
    tk_status status = tk_store_prepare(claims->store, SCHEMA_ADD_KEY, &statement, err);
    if (status != TK_OK)
        return status;
    tk_store_bind_int(statement, 1, key);
    tk_store_bind_int(statement, 2, claim->event_from);
    tk_store_bind_int(statement, 3, claim->number);
    tk_store_bind_int(statement, 4, claim->event_to);
    tk_store_bind_int(statement, 5, claim->published);
    tk_store_bind_text(statement, 6, claim->cells[TK_CLAIM_ID]);
    tk_store_bind_text(statement, 7, brief);
    return tk_store_run(statement, err);
}

enum { DAY_HAPPENED, DAY_PUBLISHED };

static tk_status keys_has_day(tk_claims *claims, int kind, tk_date day, bool *there, tk_err *err)
{
    tk_store_statement *statement;
    tk_status status = tk_store_prepare(claims->store, SCHEMA_HAS_DAY, &statement, err);
    if (status != TK_OK)
        return status;
    tk_store_bind_int(statement, 1, kind);
    tk_store_bind_int(statement, 2, day);
    status = tk_store_step(statement, there, err);
    tk_store_reset(statement);
    return status;
}

static tk_status keys_add_day(tk_claims *claims, int kind, tk_date day, int64_t number, claims_days_seen *seen,
                              tk_err *err)
{
    tk_store_statement *statement;
    int64_t *place = &seen->places[kind][(uint32_t)day % CLAIMS_DAYS_SEEN];
    if (*place == (int64_t)day + 1)
        return TK_OK;
    const char *sql = kind == DAY_PUBLISHED ? SCHEMA_ADD_PUBLISHED : SCHEMA_ADD_DAY;
    tk_status status = tk_store_prepare(claims->store, sql, &statement, err);
    if (status != TK_OK)
        return status;
    tk_store_bind_int(statement, 1, kind);
    tk_store_bind_int(statement, 2, day);
    tk_store_bind_int(statement, 3, number);
    status = tk_store_run(statement, err);
    bool there = status == TK_OK && (kind == DAY_HAPPENED || tk_store_changes(claims->store) == 1);
    /* One that was not written was there before, or its claim is on record before its day. */
    if (status == TK_OK && !there)
        status = keys_has_day(claims, kind, day, &there, err);
    if (there)
        *place = (int64_t)day + 1;
    return status;
}

tk_status claims_keys_add(tk_claims *claims, tk_arena *arena, const tk_claim *claim, claims_days_seen *seen,
                          tk_err *err)
{
    tk_claim_statement *said;
    size_t count;
    const claims_predicate *predicate = claims_tables_predicate(&claims->tables, claim->cells[TK_CLAIM_PREDICATE]);
    tk_str brief = brief_make(arena, claim->cells);
    tk_status status = claims_statements(claims, arena, claim->cells, &said, &count, err);
    for (size_t i = 0; status == TK_OK && i < count; i++) {
        tk_str short_one = said[i].about == TK_ABOUT_TEXT ? TK_STR("") : brief; /* of few that share a text */
        status = keys_add_one(claims, said[i].key, claim, short_one, err);
        if (status == TK_OK && said[i].kind == TK_KIND_STAGE && said[i].party.len != 0)
            status = keys_add_one(claims, claims_key_any(&said[i]), claim, short_one, err);
    }
    if (status != TK_OK || !claims_predicate_speaks(&claims->tables, predicate))
        return status;
    status = keys_add_day(claims, DAY_HAPPENED, claim->event_from, claim->number, seen, err);
    return status == TK_OK ? keys_add_day(claims, DAY_PUBLISHED, claim->published, claim->number, seen, err) : status;
}

tk_status tk_claims_days(tk_claims *claims, int64_t number, tk_arena *arena, tk_claims_day_list *out, tk_err *err)
{
    tk_store_statement *statement;
    size_t size = 0;
    bool row = true;
    *out = (tk_claims_day_list){.newest = TK_DATE_MIN};
    tk_status status = tk_store_prepare(claims->store, SCHEMA_DAYS, &statement, err);
    if (status != TK_OK)
        return status;
    tk_store_bind_int(statement, 1, number);
    while (status == TK_OK && row) {
        status = tk_store_step(statement, &row, err);
        if (status != TK_OK || !row)
            break;
        if (tk_store_int(statement, 0) == DAY_PUBLISHED) {
            out->newest = (tk_date)tk_store_int(statement, 1);
            continue;
        }
        if (out->count == size) {
            size = size == 0 ? 128 : size * 2;
            tk_date *grown = TK_ARENA_ARRAY(arena, tk_date, size);
            if (grown == NULL) {
                tk_store_reset(statement);
                return tk_err_set(err, TK_ERR_MEMORY, "out of memory for the claims");
            }
            if (out->count != 0)
                memcpy(grown, out->days, out->count * sizeof *grown);
            out->days = grown;
        }
        out->days[out->count++] = (tk_date)tk_store_int(statement, 1);
    }
    return status;
}

static tk_status keys_edition(const tk_claims *claims, char hex[TK_SHA256_HEX_BYTES], tk_err *err)
{
    /* Counts up when the meaning of the tables, or of a key, changes in the program itself. */
    static const char program[] = "3";
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
    tk_arena arena, kept;
    tk_arena_init(&arena, (size_t)64 * 1024, 0);
    tk_arena_init(&kept, (size_t)64 * 1024, 0);
    claims_days_seen *seen = TK_ARENA_NEW(&kept, claims_days_seen);
    tk_status status = seen == NULL ? tk_err_set(err, TK_ERR_MEMORY, "out of memory for the claims")
                                    : tk_store_execute(claims->store, SCHEMA_DROP_KEYS, err);
    if (status == TK_OK)
        status = tk_store_prepare(claims->store, SCHEMA_ALL, &statement, err);
    bool row = true;
    while (status == TK_OK) {
        tk_claim claim;
        status = tk_store_step(statement, &row, err);
        if (status != TK_OK || !row)
            break;
        tk_arena_reset(&arena);
        claim = (tk_claim){.number = tk_store_int(statement, 0),
                           .event_from = (tk_date)tk_store_int(statement, 1),
                           .event_to = (tk_date)tk_store_int(statement, 2),
                           .published = (tk_date)tk_store_int(statement, 3)};
        claims_read_cells(statement, 4, &arena, claim.cells);
        status = claims_keys_add(claims, &arena, &claim, seen, err);
        if (status != TK_OK)
            tk_store_reset(statement);
    }
    tk_arena_fini(&kept);
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
