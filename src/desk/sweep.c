/* SPDX-License-Identifier: Apache-2.0 */
/* sweep.c: the tables of a sweep, and its course.
 *
 *   sweep_states    which versions, by which method: many parties share one
 *   sweep_parties   of each party what was compared, the state it was brought to, and what is wrong with its names
 *   sweep_hits      what was found, by source: the same party of a list in two sources is two rows
 *   sweep_reported  what the last settled report had: one row a party and hit
 *   sweep_marks     one row: how often somebody wrote here, so that two sweeps at once do not undo each other
 */
#include <string.h>

#include "base/err.h"
#include "base/sha256.h"
#include "base/str.h"
#include "desk/sweep_int.h"

#define HIT_COLUMNS                                                                                                  \
    "party TEXT NOT NULL, hit TEXT NOT NULL, source TEXT NOT NULL, score INTEGER NOT NULL, name TEXT NOT NULL,"      \
    " entry TEXT NOT NULL, alias TEXT NOT NULL, fingerprint TEXT NOT NULL, "
static const char *const migrations[] = {
    "CREATE TABLE sweep_states (id INTEGER PRIMARY KEY, text TEXT NOT NULL UNIQUE) STRICT;"
    "CREATE TABLE sweep_parties (party TEXT PRIMARY KEY, fingerprint TEXT NOT NULL, state INTEGER NOT NULL,"
    " trouble TEXT NOT NULL) STRICT, WITHOUT ROWID;"
    "CREATE TABLE sweep_hits (" HIT_COLUMNS "first_day INTEGER NOT NULL, last_day INTEGER NOT NULL,"
    " PRIMARY KEY (party, hit, source)) STRICT, WITHOUT ROWID;"
    "CREATE TABLE sweep_reported (" HIT_COLUMNS "PRIMARY KEY (party, hit)) STRICT, WITHOUT ROWID;"
    "CREATE TABLE sweep_marks (id INTEGER PRIMARY KEY CHECK (id = 1), writes INTEGER NOT NULL) STRICT;"
    "INSERT INTO sweep_marks (id, writes) VALUES (1, 0);",
};
const tk_store_module tk_desk_sweep_module = {"sweep", migrations, TK_COUNT(migrations)};

static const char SWEEP_MARK_GET[] = "SELECT writes FROM sweep_marks";
static const char SWEEP_MARK[] = "UPDATE sweep_marks SET writes = writes + 1 WHERE writes = ?1";

tk_status sweep_no_memory(tk_err *err)
{
    return tk_err_set(err, TK_ERR_MEMORY, "out of memory for the screening of all parties");
}

tk_status sweep_print(tk_arena *arena, tk_sha256 *hash, const tk_str *texts, size_t count, tk_str *out, tk_err *err)
{
    char hex[TK_SHA256_HEX_BYTES];
    for (size_t i = 0; i < count; i++)
        tk_sha256_add(hash, texts[i]);
    tk_status status = tk_sha256_finish(hash, hex, err);
    if (status != TK_OK)
        return status;
    *out = tk_arena_copy(arena, (tk_str){hex, SWEEP_PRINT_DIGITS});
    return arena->failed ? sweep_no_memory(err) : TK_OK;
}

tk_status sweep_mark(tk_store *store, int64_t *mark, tk_err *err)
{
    tk_store_statement *statement;
    bool row = false;
    tk_status status = tk_store_prepare(store, SWEEP_MARK_GET, &statement, err);
    if (status == TK_OK)
        status = tk_store_step(statement, &row, err);
    if (status == TK_OK && !row)
        status = tk_err_set(err, TK_ERR_CORRUPT, "the book is damaged: the screening of all parties has no mark");
    if (status != TK_OK)
        return status;
    *mark = tk_store_int(statement, 0);
    tk_store_reset(statement);
    return TK_OK;
}

tk_status sweep_is_busy(tk_err *err)
{
    return tk_err_set(err, TK_ERR_BUSY,
                      "another screening of all parties of this book is under way; what is done stays, "
                      "and the next one goes on from there");
}

tk_status sweep_begin(tk_store *store, int64_t *mark, tk_err *err)
{
    tk_store_statement *statement;
    tk_status status = tk_store_begin(store, "screening all parties", err);
    if (status == TK_OK)
        status = tk_store_prepare(store, SWEEP_MARK, &statement, err);
    if (status != TK_OK)
        return status;
    tk_store_bind_int(statement, 1, *mark);
    status = tk_store_run(statement, err);
    if (status == TK_OK && tk_store_changes(store) != 1)
        status = sweep_is_busy(err);
    if (status == TK_OK)
        (*mark)++;
    else
        tk_store_abort(store);
    return status;
}

tk_status sweep_entry_print(const tk_shelved *shelved, tk_str hit, tk_arena *arena, tk_sha256 *hash, tk_str *out,
                            tk_err *err)
{
    uint64_t low = 0, high = tk_shelved_count(shelved);
    tk_str key = hit, list = TK_STR("");
    (void)tk_str_split(&key, ':', &list);
    *out = TK_STR("");
    while (low < high) {
        uint64_t middle = low + (high - low) / 2;
        tk_list_entry entry;
        tk_compared side;
        tk_status status = tk_shelved_entry(shelved, middle, arena, &entry, err);
        if (status != TK_OK)
            return status;
        int order = tk_str_cmp(entry.list, list);
        order = order != 0 ? order : tk_str_cmp(entry.key, key);
        if (order == 0) {
            status = tk_compared_of_entry(&entry, arena, &side, err);
            return status == TK_OK ? sweep_print(arena, hash, side.fields, TK_COMPARED_FIELD_COUNT, out, err) : status;
        }
        low = order < 0 ? middle + 1 : low;
        high = order < 0 ? high : middle;
    }
    return TK_OK;
}

/* --- the course --- */

/* Parties lie by the state they had: each run of them is looked at against what came since. */
static tk_status sweep_groups(sweep *s, tk_err *err)
{
    tk_status status = TK_OK;
    tk_arena arena;
    tk_arena_init(&arena, SWEEP_CHUNK_BYTES, 0);
    for (size_t first = 0, end; status == TK_OK && first < s->parties_count; first = end) {
        int64_t state = s->parties[first].state;
        for (end = first; end < s->parties_count && s->parties[end].state == state;)
            end++;
        tk_arena_reset(&arena);
        sweep_part *parts = TK_ARENA_ARRAY(&arena, sweep_part, s->versions_count);
        if (parts == NULL)
            status = sweep_no_memory(err);
        if (status == TK_OK) {
            status = sweep_parts_make(s, state, parts, &arena, err);
            if (status == TK_OK)
                status = sweep_work(s, parts, first, end - first, err);
            sweep_parts_free(s, parts);
        }
        *(state == 0 ? &s->out->whole : &s->out->part) += end - first;
    }
    tk_arena_fini(&arena);
    return status;
}

static void sweep_say_versions(sweep *s)
{
    tk_str *sources = TK_ARENA_ARRAY(s->arena, tk_str, s->versions_count);
    tk_str *names = TK_ARENA_ARRAY(s->arena, tk_str, s->versions_count);
    for (size_t i = 0; sources != NULL && names != NULL && i < s->versions_count; i++) {
        sources[i] = s->versions[i].source;
        names[i] = s->versions[i].name;
        s->out->entries += tk_shelved_count(s->versions[i].shelved);
    }
    s->out->sources = sources;
    s->out->versions = names;
    s->out->versions_count = s->versions_count;
}

tk_status tk_desk_sweep_run(tk_store *store, const tk_desk_sweep_options *options, tk_arena *arena, tk_desk_sweep *out,
                            tk_err *err)
{
    sweep *s = TK_ARENA_NEW(arena, sweep);
    *out = (tk_desk_sweep){.parties = 0};
    if (s == NULL)
        return sweep_no_memory(err);
    *s = (sweep){.store = store, .options = options, .arena = arena, .out = out};
    tk_status status = sweep_versions_open(s, err);
    if (status == TK_OK)
        status = sweep_parties_plan(s, err);
    if (status == TK_OK)
        status = sweep_groups(s, err);
    if (status == TK_OK)
        status = sweep_report(s, err);
    sweep_say_versions(s);
    for (size_t i = 0; i < s->versions_count; i++)
        tk_shelved_close(s->versions[i].shelved);
    out->mark = s->mark;
    return status == TK_OK && arena->failed ? sweep_no_memory(err) : status;
}
