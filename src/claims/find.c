/* SPDX-License-Identifier: Apache-2.0 */
/* find.c: claims looked up: one by id, many by filter, by their words, all as a file. */
#include <stdlib.h>
#include <string.h>

#include "base/csv.h"
#include "claims/claims_int.h"

#define FIND_COLUMNS                                                                                                 \
    "number, event_from, event_to, published, id, date_event, date_reported, source, source_url, source_kind, actor," \
    " subject, predicate, object, quantity, unit, status, contradicts, supersedes, derived_from, relates_to, says, note"

static const char FIND_ONE[] = "SELECT " FIND_COLUMNS " FROM claims WHERE id = ?1 AND published <= ?2 AND number <= ?3";
static const char FIND_NUMBER[] = "SELECT " FIND_COLUMNS " FROM claims WHERE number = ?1 AND published <= ?2";
static const char FIND_IDS[] = "SELECT id FROM claims ORDER BY id";
static const char FIND_LIST[] = "SELECT " FIND_COLUMNS " FROM claims WHERE published <= ?1 AND number <= ?2"
                                " AND event_from <= ?4 AND event_to >= ?3 ORDER BY event_from, published, id";
static const char FIND_EXPORT[] = "SELECT " FIND_COLUMNS " FROM claims WHERE published <= ?1 AND number <= ?2"
                                  " ORDER BY id";
static const char FIND_WORDS[] = "SELECT rowid FROM claims_words WHERE claims_words MATCH ?1 AND rowid <= ?2"
                                 " ORDER BY rowid DESC LIMIT ?3";

enum { FIND_CELLS_AT = 4 };

static void find_read(tk_store_statement *statement, tk_arena *arena, tk_claim *claim)
{
    claim->number = tk_store_int(statement, 0);
    claim->event_from = (tk_date)tk_store_int(statement, 1);
    claim->event_to = (tk_date)tk_store_int(statement, 2);
    claim->published = (tk_date)tk_store_int(statement, 3);
    claims_read_cells(statement, FIND_CELLS_AT, arena, claim->cells);
}

static tk_status find_memory(const tk_arena *arena, tk_err *err)
{
    return arena->failed ? tk_err_set(err, TK_ERR_MEMORY, "out of memory for the claims") : TK_OK;
}

tk_status tk_claims_find(tk_claims *claims, const tk_claims_at *at, tk_str id, tk_arena *arena, const tk_claim **claim,
                         tk_err *err)
{
    tk_store_statement *statement;
    bool row = false;
    *claim = NULL;
    tk_status status = tk_store_prepare(claims->store, FIND_ONE, &statement, err);
    if (status != TK_OK)
        return status;
    tk_store_bind_text(statement, 1, id);
    tk_store_bind_int(statement, 2, at->known_at);
    tk_store_bind_int(statement, 3, at->number);
    status = tk_store_step(statement, &row, err);
    if (status != TK_OK || !row)
        return status;
    tk_claim *found = TK_ARENA_NEW(arena, tk_claim);
    if (found != NULL)
        find_read(statement, arena, found);
    tk_store_reset(statement);
    *claim = found;
    return find_memory(arena, err);
}

static const char FIND_SUCCESSOR[] =
    "SELECT c.id FROM claims_links AS l JOIN claims AS c ON c.number = l.claim WHERE l.target = ?1 AND l.kind = ?2"
    " AND c.published <= ?3 AND c.number <= ?4 ORDER BY c.id LIMIT 1";

tk_status tk_claims_successor(tk_claims *claims, const tk_claims_at *at, tk_str id, tk_arena *arena,
                              tk_str *successor, tk_err *err)
{
    tk_store_statement *statement;
    bool row = false;
    *successor = TK_STR("");
    tk_status status = tk_store_prepare(claims->store, FIND_SUCCESSOR, &statement, err);
    if (status != TK_OK)
        return status;
    tk_store_bind_text(statement, 1, id);
    tk_store_bind_int(statement, 2, TK_CLAIM_SUPERSEDES);
    tk_store_bind_int(statement, 3, at->known_at);
    tk_store_bind_int(statement, 4, at->number);
    status = tk_store_step(statement, &row, err);
    if (status != TK_OK || !row)
        return status;
    *successor = tk_arena_copy(arena, tk_store_text(statement, 0));
    tk_store_reset(statement);
    return find_memory(arena, err);
}

tk_status tk_claims_nearest(tk_claims *claims, tk_str id, tk_arena *arena, tk_str *nearest, tk_err *err)
{
    tk_store_statement *statement;
    tk_nearest near = tk_nearest_make(id);
    unsigned best = UINT32_MAX;
    *nearest = TK_STR("");
    tk_status status = tk_store_prepare(claims->store, FIND_IDS, &statement, err);
    while (status == TK_OK) {
        bool row = false;
        status = tk_store_step(statement, &row, err);
        if (status != TK_OK || !row)
            break;
        tk_nearest_offer(&near, tk_store_text(statement, 0));
        /* What is kept is borrowed from the row, so it is copied while the row stands. */
        if (near.best.ptr != NULL && near.distance < best) {
            best = near.distance;
            *nearest = near.best = tk_arena_copy(arena, near.best);
        }
    }
    return status == TK_OK ? find_memory(arena, err) : status;
}

/* --- what rules may name --- */

static const char FIND_VOCABULARY[] = "SELECT id, published, says, contradicts, number FROM claims ORDER BY id";
static const char FIND_VOCABULARY_ROW[] = "SELECT id, published, says, contradicts, number FROM claims WHERE id = ?1";
static const char FIND_CONTRADICTING[] = "SELECT c.id FROM claims_links l JOIN claims c ON c.number = l.claim"
                                         " WHERE l.target = ?1 AND l.kind = ?2 ORDER BY c.id";
static const char FIND_COUNT[] = "SELECT count(*) FROM claims";

/* A rule may name a claim that is not there yet at these times: its name has a meaning, and it is known on no day. */
static void vocabulary_row(const tk_claims_at *at, tk_store_statement *statement, tk_arena *arena, tk_claim_row *row)
{
    tk_date published = (tk_date)tk_store_int(statement, 1);
    bool there = published <= at->known_at && tk_store_int(statement, 4) <= at->number;
    tk_str ids = tk_arena_copy(arena, tk_store_text(statement, 3)), part;
    size_t most = 1;
    for (size_t i = 0; i < ids.len; i++)
        most += ids.ptr[i] == ';' ? 1 : 0;
    tk_str *list = TK_ARENA_ARRAY(arena, tk_str, most);
    *row = (tk_claim_row){.id = tk_arena_copy(arena, tk_store_text(statement, 0)),
                          .published = there ? published : TK_DATE_MAX,
                          .says = tk_arena_copy(arena, tk_store_text(statement, 2)),
                          .contradicts = list};
    while (list != NULL && ids.len != 0 && tk_str_split(&ids, ';', &part))
        list[row->contradicts_count++] = part;
}

/* Adds the ids of those that say of themselves that they contradict the row. */
static tk_status vocabulary_contradicting(tk_claims *claims, tk_arena *arena, tk_claim_row *row, tk_err *err)
{
    tk_store_statement *statement;
    size_t size = row->contradicts_count, count = size;
    tk_str *list = TK_ARENA_ARRAY(arena, tk_str, size);
    bool found = true;
    tk_status status = tk_store_prepare(claims->store, FIND_CONTRADICTING, &statement, err);
    if (status != TK_OK)
        return status;
    if (list != NULL && count != 0)
        memcpy(list, row->contradicts, count * sizeof *list);
    tk_store_bind_text(statement, 1, row->id);
    tk_store_bind_int(statement, 2, TK_CLAIM_CONTRADICTS);
    while (status == TK_OK && found && list != NULL) {
        status = tk_store_step(statement, &found, err);
        if (status != TK_OK || !found)
            break;
        if (count == size) {
            tk_str *grown = TK_ARENA_ARRAY(arena, tk_str, size * 2 + 8);
            if (grown != NULL && count != 0)
                memcpy(grown, list, count * sizeof *grown);
            list = grown;
            size = size * 2 + 8;
        }
        if (list != NULL)
            list[count++] = tk_arena_copy(arena, tk_store_text(statement, 0));
    }
    if (list == NULL)
        tk_store_reset(statement);
    row->contradicts = list;
    row->contradicts_count = list == NULL ? 0 : count;
    return status == TK_OK ? find_memory(arena, err) : status;
}

tk_status tk_claims_vocabulary_row(tk_claims *claims, const tk_claims_at *at, tk_str id, tk_arena *arena,
                                   tk_claim_row *out, bool *found, tk_err *err)
{
    tk_store_statement *statement;
    *found = false;
    tk_status status = tk_store_prepare(claims->store, FIND_VOCABULARY_ROW, &statement, err);
    if (status != TK_OK)
        return status;
    tk_store_bind_text(statement, 1, id);
    status = tk_store_step(statement, found, err);
    if (status != TK_OK || !*found)
        return status;
    vocabulary_row(at, statement, arena, out);
    tk_store_reset(statement);
    return vocabulary_contradicting(claims, arena, out, err);
}

tk_status tk_claims_vocabulary(tk_claims *claims, const tk_claims_at *at, tk_arena *arena, tk_claim_row **out,
                               size_t *count, tk_err *err)
{
    static const char *const texts[] = {FIND_COUNT, FIND_VOCABULARY};
    size_t size = 0;
    *out = NULL;
    *count = 0;
    for (size_t i = 0; i < TK_COUNT(texts); i++) {
        tk_store_statement *statement;
        bool row = true;
        tk_status status = tk_store_prepare(claims->store, texts[i], &statement, err);
        if (status != TK_OK)
            return status;
        while (status == TK_OK && row) {
            status = tk_store_step(statement, &row, err);
            if (status == TK_OK && row && i == 0)
                size = (size_t)tk_store_int(statement, 0);
            else if (status == TK_OK && row && *count < size)
                vocabulary_row(at, statement, arena, &(*out)[(*count)++]);
        }
        if (status == TK_OK && i == 0)
            *out = TK_ARENA_ARRAY(arena, tk_claim_row, size);
        if (status != TK_OK || arena->failed)
            return status != TK_OK ? status : find_memory(arena, err);
    }
    return TK_OK;
}

/* --- what was on record before its day --- */

static const char FIND_AHEAD_COUNT[] = "SELECT count(*) FROM claims_ahead";
static const char FIND_AHEAD[] = "SELECT c.id, c.published, c.predicate FROM claims_ahead a JOIN claims c"
                                 " ON c.number = a.claim WHERE c.number <= ?1 ORDER BY c.id";

static tk_status ahead_rows(const claims_tables *tables, tk_store_statement *statement, tk_arena *arena,
                            tk_claim_ahead *list, size_t size, size_t *count, tk_err *err)
{
    for (;;) {
        bool row = false;
        tk_status status = tk_store_step(statement, &row, err);
        if (status != TK_OK || !row)
            return status;
        if (*count == size) /* somebody imports meanwhile, beyond the number */
            break;
        const claims_predicate *predicate = claims_tables_predicate(tables, tk_store_text(statement, 2));
        list[(*count)++] = (tk_claim_ahead){.id = tk_arena_copy(arena, tk_store_text(statement, 0)),
                                            .published = (tk_date)tk_store_int(statement, 1),
                                            .speaks = claims_predicate_speaks(tables, predicate)};
    }
    tk_store_reset(statement);
    return TK_OK;
}

tk_status tk_claims_ahead(tk_claims *claims, int64_t number, tk_arena *arena, const tk_claim_ahead **out, size_t *count,
                          tk_err *err)
{
    tk_store_statement *statement;
    bool row = false;
    *out = NULL;
    *count = 0;
    tk_status status = tk_store_prepare(claims->store, FIND_AHEAD_COUNT, &statement, err);
    if (status == TK_OK)
        status = tk_store_step(statement, &row, err);
    if (status != TK_OK)
        return status;
    size_t size = row ? (size_t)tk_store_int(statement, 0) : 0;
    tk_store_reset(statement);
    tk_claim_ahead *list = TK_ARENA_ARRAY(arena, tk_claim_ahead, size);
    if (list == NULL)
        return find_memory(arena, err);
    status = tk_store_prepare(claims->store, FIND_AHEAD, &statement, err);
    if (status != TK_OK)
        return status;
    tk_store_bind_int(statement, 1, number);
    status = ahead_rows(&claims->tables, statement, arena, list, size, count, err);
    *out = list;
    return status == TK_OK ? find_memory(arena, err) : status;
}

/* --- list --- */

static tk_status filter_stage(const tk_claims *claims, const tk_claim *claim, tk_str stage, tk_arena *arena,
                              bool *passes, tk_err *err)
{
    tk_claim_statement *said;
    size_t count;
    tk_status status = claims_statements(claims, arena, claim->cells, &said, &count, err);
    *passes = false;
    for (size_t i = 0; status == TK_OK && i < count; i++)
        *passes |= said[i].kind != TK_KIND_WORDS && tk_str_eq(said[i].value, stage);
    return status;
}

static bool filter_part(const tk_claim *claim, tk_claim_column column, tk_str part)
{
    return part.ptr == NULL || tk_str_has_nocase(claim->cells[column], part);
}

static bool filter_whole(const tk_claim *claim, tk_claim_column column, tk_str word)
{
    return word.ptr == NULL || tk_str_eq(claim->cells[column], word);
}

static tk_status filter_passes(const tk_claims *claims, const tk_claims_filter *filter, const tk_claim *claim,
                               tk_arena *arena, bool *passes, tk_err *err)
{
    *passes = filter_part(claim, TK_CLAIM_ACTOR, filter->actor) && filter_part(claim, TK_CLAIM_SUBJECT, filter->subject)
              && filter_whole(claim, TK_CLAIM_PREDICATE, filter->predicate)
              && filter_whole(claim, TK_CLAIM_SOURCE_KIND, filter->source_kind);
    if (!*passes || filter->stage.ptr == NULL)
        return TK_OK;
    return filter_stage(claims, claim, filter->stage, arena, passes, err);
}

tk_status tk_claims_list(tk_claims *claims, const tk_claims_filter *filter, tk_claims_each each, void *context,
                         tk_err *err)
{
    tk_store_statement *statement;
    tk_arena arena;
    tk_status status = tk_store_prepare(claims->store, FIND_LIST, &statement, err);
    if (status != TK_OK)
        return status;
    tk_store_bind_int(statement, 1, filter->at.known_at);
    tk_store_bind_int(statement, 2, filter->at.number);
    tk_store_bind_int(statement, 3, filter->from);
    tk_store_bind_int(statement, 4, filter->to);
    tk_arena_init(&arena, (size_t)16 * 1024, 0);
    for (;;) {
        bool row = false, passes = false;
        tk_claim claim;
        status = tk_store_step(statement, &row, err);
        if (status != TK_OK || !row)
            break;
        tk_arena_reset(&arena);
        find_read(statement, &arena, &claim);
        status = find_memory(&arena, err);
        if (status == TK_OK)
            status = filter_passes(claims, filter, &claim, &arena, &passes, err);
        if (status == TK_OK && passes)
            status = each(context, &claim, err);
        if (status != TK_OK) {
            tk_store_reset(statement);
            break;
        }
    }
    tk_arena_fini(&arena);
    return status;
}

/* --- search --- */

/* Each word as a text of FTS5, in quotes and with its own quotes doubled: nothing of it is syntax. Words without a
 * letter or digit say nothing and are left out. */
static tk_status search_quoted(tk_str words, tk_arena *arena, tk_str *out, tk_err *err)
{
    char *bytes = TK_ARENA_ARRAY(arena, char, words.len * 2 + 3 * TK_CLAIMS_WORDS_MAX);
    size_t len = 0, count = 0, at = 0;
    if (bytes == NULL)
        return find_memory(arena, err);
    while (at < words.len) {
        size_t end = at;
        bool speaks = false;
        for (; end < words.len && words.ptr[end] != ' ' && words.ptr[end] != '\t' && words.ptr[end] != '\n'; end++) {
            unsigned char c = (unsigned char)words.ptr[end];
            speaks |= 0x80 <= c || (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
        }
        if (speaks) {
            if (count++ == TK_CLAIMS_WORDS_MAX)
                return tk_err_set(err, TK_ERR_LIMIT, "more than %d words to search for", TK_CLAIMS_WORDS_MAX);
            bytes[len++] = '"';
            for (; at < end; at++) {
                if (words.ptr[at] == '"')
                    bytes[len++] = '"';
                bytes[len++] = words.ptr[at] == 0 ? ' ' : words.ptr[at];
            }
            bytes[len++] = '"';
            bytes[len++] = ' ';
        }
        at = end + 1;
    }
    *out = (tk_str){bytes, len};
    return count != 0 ? TK_OK : tk_err_set(err, TK_ERR_USAGE, "search for which words? Letters or digits are needed");
}

static int search_order(const void *a, const void *b)
{
    const tk_claim *x = *(const tk_claim *const *)a, *y = *(const tk_claim *const *)b;
    if (x->published != y->published)
        return x->published < y->published ? 1 : -1;
    return tk_str_cmp(x->cells[TK_CLAIM_ID], y->cells[TK_CLAIM_ID]);
}

static tk_status search_number(tk_claims *claims, const tk_claims_at *at, int64_t number, tk_arena *arena,
                               tk_claim **claim, tk_err *err)
{
    tk_store_statement *statement;
    bool row = false;
    *claim = NULL;
    tk_status status = tk_store_prepare(claims->store, FIND_NUMBER, &statement, err);
    if (status != TK_OK)
        return status;
    tk_store_bind_int(statement, 1, number);
    tk_store_bind_int(statement, 2, at->known_at);
    status = tk_store_step(statement, &row, err);
    if (status != TK_OK || !row)
        return status;
    *claim = TK_ARENA_NEW(arena, tk_claim);
    if (*claim != NULL)
        find_read(statement, arena, *claim);
    tk_store_reset(statement);
    return find_memory(arena, err);
}

tk_status tk_claims_get(tk_claims *claims, int64_t number, tk_arena *arena, const tk_claim **claim, tk_err *err)
{
    static const tk_claims_at all = {.known_at = TK_DATE_MAX, .number = INT64_MAX};
    tk_claim *found;
    tk_status status = search_number(claims, &all, number, arena, &found, err);
    *claim = found;
    return status;
}

tk_status tk_claims_search(tk_claims *claims, const tk_claims_at *at, tk_str words, size_t limit, tk_arena *arena,
                           const tk_claim **found, size_t *count, uint64_t *matches, bool *more, tk_err *err)
{
    tk_str quoted = TK_STR("");
    tk_store_statement *statement;
    size_t kept = 0, seen = 0;
    *count = 0;
    *more = false;
    tk_claim **all = TK_ARENA_ARRAY(arena, tk_claim *, TK_CLAIMS_SORTED_MAX);
    tk_status status = search_quoted(words, arena, &quoted, err);
    if (status == TK_OK && all == NULL)
        status = find_memory(arena, err);
    if (status == TK_OK)
        status = tk_store_prepare(claims->store, FIND_WORDS, &statement, err);
    if (status != TK_OK)
        return status;
    tk_store_bind_text(statement, 1, quoted);
    tk_store_bind_int(statement, 2, at->number);
    tk_store_bind_int(statement, 3, TK_CLAIMS_SORTED_MAX + 1);
    while (status == TK_OK) {
        bool row = false;
        tk_claim *claim = NULL;
        status = tk_store_step(statement, &row, err);
        if (status != TK_OK || !row)
            break;
        *more = seen++ == TK_CLAIMS_SORTED_MAX;
        if (*more) {
            tk_store_reset(statement);
            break;
        }
        status = search_number(claims, at, tk_store_int(statement, 0), arena, &claim, err);
        if (status != TK_OK)
            tk_store_reset(statement);
        else if (claim != NULL)
            all[kept++] = claim;
    }
    if (status != TK_OK)
        return status;
    if (kept != 0)
        qsort(all, kept, sizeof(all[0]), search_order);
    *matches = kept;
    for (; *count < kept && *count < limit; (*count)++)
        found[*count] = all[*count];
    return TK_OK;
}

/* --- export --- */

static void export_row(tk_out *out, const tk_claim *claim)
{
    for (size_t i = 0; i < TK_CLAIM_COLUMN_COUNT; i++)
        tk_csv_write_cell(out, claim->cells[i], i == 0, true);
    tk_out_char(out, '\n');
}

tk_status tk_claims_export(tk_claims *claims, const tk_claims_at *at, tk_out *out, tk_err *err)
{
    tk_store_statement *statement;
    tk_arena arena;
    tk_status status = tk_store_prepare(claims->store, FIND_EXPORT, &statement, err);
    if (status != TK_OK)
        return status;
    tk_store_bind_int(statement, 1, at->known_at);
    tk_store_bind_int(statement, 2, at->number);
    for (size_t i = 0; i < TK_CLAIM_COLUMN_COUNT; i++)
        tk_csv_write_cell(out, tk_str_from(tk_claim_column_name((tk_claim_column)i)), i == 0, false);
    tk_out_char(out, '\n');
    tk_arena_init(&arena, (size_t)16 * 1024, 0);
    for (;;) {
        bool row = false;
        tk_claim claim;
        status = tk_store_step(statement, &row, err);
        if (status != TK_OK || !row)
            break;
        tk_arena_reset(&arena);
        find_read(statement, &arena, &claim);
        status = find_memory(&arena, err);
        if (status != TK_OK) {
            tk_store_reset(statement);
            break;
        }
        export_row(out, &claim);
    }
    tk_arena_fini(&arena);
    return status;
}
