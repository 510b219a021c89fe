/* SPDX-License-Identifier: Apache-2.0 */
/* watch_keep.c: rows of a book that many orders share: moments, editions of rulebooks, answers and their pieces.
 *
 * Answers of a desk say the same things about other amounts. So an answer is kept as numbers of pieces (a reason, a
 * condition, what stands between them), each kept once, and of its amounts as they are: "17 18 =2000 19". Put together
 * again it is the answer, byte for byte.
 *
 * States name answers and moments, answers name pieces, without a foreign key: removing those that nobody names would
 * ask for an index on each such column, as large as the states themselves.
 */
#include <stdlib.h>
#include <string.h>

#include "base/err.h"
#include "base/out.h"
#include "base/str.h"
#include "desk/watch_int.h"

enum { PIECE_BUCKETS = 4096 };

typedef struct watch_piece {
    struct watch_piece *next_by_text, *next_by_id;
    tk_str text;
    int64_t id; /* 0: a text that no answer was asked for */
} watch_piece;

typedef struct watch_kept_edition {
    struct watch_kept_edition *next;
    tk_str rulebook;
    const watch_edition *edition;
} watch_kept_edition;

tk_status watch_no_memory(tk_err *err)
{
    return tk_err_set(err, TK_ERR_MEMORY, "out of memory for a watch");
}

/* --- rows --- */

static tk_status watch_bound(tk_store *store, const char *sql, const watch_value *values, int count,
                             tk_store_statement **s, tk_err *err)
{
    tk_status status = tk_store_prepare(store, sql, s, err);
    for (int i = 0; status == TK_OK && i < count; i++) {
        if (values[i].null)
            tk_store_bind_null(*s, i + 1);
        else if (values[i].text.ptr != NULL)
            tk_store_bind_text(*s, i + 1, values[i].text);
        else
            tk_store_bind_int(*s, i + 1, values[i].number);
    }
    return status;
}

tk_status watch_write(tk_store *store, const char *sql, const watch_value *values, int count, tk_err *err)
{
    tk_store_statement *s;
    tk_status status = watch_bound(store, sql, values, count, &s, err);
    return status == TK_OK ? tk_store_run(s, err) : status;
}

tk_status watch_read(tk_store *store, const char *sql, const watch_value *values, int count, tk_store_statement **s,
                     bool *row, tk_err *err)
{
    *row = false;
    tk_status status = watch_bound(store, sql, values, count, s, err);
    return status == TK_OK ? tk_store_step(*s, row, err) : status;
}

/* The id of a row that must be there. */
static tk_status watch_read_id(tk_store *store, const char *sql, const watch_value *values, int count, int64_t *id,
                               tk_err *err)
{
    tk_store_statement *s;
    bool row;
    tk_status status = watch_read(store, sql, values, count, &s, &row, err);
    if (status != TK_OK)
        return status;
    if (!row)
        return tk_err_set(err, TK_ERR_BUG, "what a watch keeps is not there");
    *id = tk_store_int(s, 0);
    tk_store_reset(s);
    return TK_OK;
}

/* The first column of a row, a text, copied; `what` is missing in a damaged book. */
static tk_status watch_read_text(tk_store *store, const char *sql, watch_value value, tk_arena *arena,
                                 const char *what, tk_str *text, tk_err *err)
{
    tk_store_statement *s;
    bool row;
    tk_status status = watch_read(store, sql, &value, 1, &s, &row, err);
    if (status != TK_OK)
        return status;
    if (!row)
        return tk_err_set(err, TK_ERR_CORRUPT, "the book is damaged: a watch lacks %s", what);
    *text = tk_arena_copy(arena, tk_store_text(s, 0));
    tk_store_reset(s);
    return arena->failed ? watch_no_memory(err) : TK_OK;
}

tk_status watch_keeper_init(watch_keeper *keeper, tk_store *store, tk_arena *arena, tk_arena *scratch, tk_err *err)
{
    *keeper = (watch_keeper){.store = store, .arena = arena, .scratch = scratch};
    keeper->by_text = TK_ARENA_ARRAY(arena, watch_piece *, PIECE_BUCKETS);
    keeper->by_id = TK_ARENA_ARRAY(arena, watch_piece *, PIECE_BUCKETS);
    return arena->failed ? watch_no_memory(err) : TK_OK;
}

tk_str watch_keeper_text(watch_keeper *keeper, tk_str text)
{
    watch_piece **at = &keeper->by_text[tk_str_hash(text) % PIECE_BUCKETS];
    if (text.len == 0)
        return TK_STR("");
    for (const watch_piece *p = *at; p != NULL; p = p->next_by_text)
        if (tk_str_eq(p->text, text))
            return p->text;
    watch_piece *piece = TK_ARENA_NEW(keeper->arena, watch_piece);
    tk_str copy = tk_arena_copy(keeper->arena, text);
    if (keeper->arena->failed)
        return TK_STR("");
    *piece = (watch_piece){.next_by_text = *at, .text = copy};
    *at = piece;
    return copy;
}

/* --- editions --- */

static const char EDITION_HAS[] = "SELECT 1 FROM watch_editions WHERE rulebook = ?1";
static const char EDITION_ADD[] = "INSERT INTO watch_editions (rulebook, statements) VALUES (?1, ?2)";
static const char EDITION_GET[] = "SELECT statements FROM watch_editions WHERE rulebook = ?1";

tk_status watch_edition_keep(watch_keeper *keeper, const tk_rulebook *book, tk_err *err)
{
    tk_store_statement *s;
    bool row;
    watch_value values[] = {watch_text(tk_rulebook_hash(book)), watch_text(TK_STR(""))};
    tk_status status = watch_read(keeper->store, EDITION_HAS, values, 1, &s, &row, err);
    if (status != TK_OK)
        return status;
    if (row) {
        tk_store_reset(s);
        return TK_OK;
    }
    tk_str text;
    status = watch_edition_of(book, keeper->arena, &text, err);
    if (status != TK_OK)
        return status;
    values[1] = watch_text(text);
    return watch_write(keeper->store, EDITION_ADD, values, 2, err);
}

/* NULL where a run kept the moment before editions were kept. */
static tk_status edition_get(watch_keeper *keeper, tk_str rulebook, const watch_edition **edition, tk_err *err)
{
    tk_store_statement *s;
    bool row;
    for (const watch_kept_edition *kept = keeper->editions; kept != NULL; kept = kept->next)
        if (tk_str_eq(kept->rulebook, rulebook)) {
            *edition = kept->edition;
            return TK_OK;
        }
    *edition = NULL;
    watch_value value = watch_text(rulebook);
    tk_status status = watch_read(keeper->store, EDITION_GET, &value, 1, &s, &row, err);
    if (status != TK_OK)
        return status;
    watch_kept_edition *kept = TK_ARENA_NEW(keeper->arena, watch_kept_edition);
    if (row) {
        tk_str text = tk_arena_copy(keeper->arena, tk_store_text(s, 0));
        tk_store_reset(s);
        if (!keeper->arena->failed)
            status = watch_edition_read(text, keeper->arena, edition, err);
    }
    if (keeper->arena->failed)
        return watch_no_memory(err);
    *kept = (watch_kept_edition){.next = keeper->editions, .rulebook = rulebook, .edition = *edition};
    keeper->editions = kept;
    return status;
}

/* --- moments --- */

static const char MOMENT_ADD[] = "INSERT OR IGNORE INTO watch_moments (rulebook, catalogue, program,"
                                 " recorded, known_at, today, lists, parties)"
                                 " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)";
static const char MOMENT_FIND[] = "SELECT id FROM watch_moments WHERE rulebook = ?1 AND catalogue = ?2"
                                  " AND program = ?3 AND recorded = ?4 AND known_at = ?5 AND today = ?6"
                                  " AND lists = ?7 AND parties = ?8";
static const char MOMENT_GET[] =
    "SELECT rulebook, catalogue, program, recorded, known_at, today, lists, parties FROM watch_moments WHERE id = ?1";

tk_status watch_moment_keep(watch_keeper *keeper, const watch_moment *moment, int64_t *id, tk_err *err)
{
    watch_value values[] = {watch_text(moment->rulebook),   watch_text(moment->catalogue),
                            watch_text(moment->program),    watch_number(moment->recorded),
                            watch_number(moment->known_at), watch_number(moment->today),
                            watch_text(moment->lists),      watch_number(moment->parties)};
    tk_status status = watch_write(keeper->store, MOMENT_ADD, values, TK_COUNT(values), err);
    return status == TK_OK ? watch_read_id(keeper->store, MOMENT_FIND, values, TK_COUNT(values), id, err) : status;
}

tk_status watch_moment_get(watch_keeper *keeper, int64_t id, watch_moment *moment, tk_err *err)
{
    tk_store_statement *s;
    bool row;
    watch_value value = watch_number(id);
    tk_status status = watch_read(keeper->store, MOMENT_GET, &value, 1, &s, &row, err);
    if (status != TK_OK)
        return status;
    if (!row)
        return tk_err_set(err, TK_ERR_CORRUPT, "the book is damaged: a watch lacks the moment of a run");
    *moment = (watch_moment){.rulebook = watch_keeper_text(keeper, tk_store_text(s, 0)),
                             .catalogue = watch_keeper_text(keeper, tk_store_text(s, 1)),
                             .program = watch_keeper_text(keeper, tk_store_text(s, 2)),
                             .recorded = tk_store_int(s, 3),
                             .known_at = (tk_date)tk_store_int(s, 4),
                             .today = (tk_date)tk_store_int(s, 5),
                             .lists = watch_keeper_text(keeper, tk_store_text(s, 6)),
                             .parties = tk_store_int(s, 7)};
    tk_store_reset(s);
    return keeper->arena->failed ? watch_no_memory(err)
                                 : edition_get(keeper, moment->rulebook, &moment->edition, err);
}

/* --- pieces --- */

static const char PIECE_ADD[] = "INSERT OR IGNORE INTO watch_pieces (text) VALUES (?1)";
static const char PIECE_FIND[] = "SELECT id FROM watch_pieces WHERE text = ?1";
static const char PIECE_GET[] = "SELECT text FROM watch_pieces WHERE id = ?1";

static tk_status piece_remember(watch_keeper *keeper, int64_t id, tk_str text, tk_err *err)
{
    watch_piece *piece = TK_ARENA_NEW(keeper->arena, watch_piece);
    tk_str copy = tk_arena_copy(keeper->arena, text);
    if (keeper->arena->failed)
        return watch_no_memory(err);
    watch_piece **by_text = &keeper->by_text[tk_str_hash(text) % PIECE_BUCKETS];
    watch_piece **by_id = &keeper->by_id[(uint64_t)id % PIECE_BUCKETS];
    *piece = (watch_piece){.next_by_text = *by_text, .next_by_id = *by_id, .text = copy, .id = id};
    *by_text = *by_id = piece;
    return TK_OK;
}

static tk_status piece_keep(watch_keeper *keeper, tk_str text, int64_t *id, tk_err *err)
{
    for (const watch_piece *p = keeper->by_text[tk_str_hash(text) % PIECE_BUCKETS]; p != NULL; p = p->next_by_text)
        if (p->id != 0 && tk_str_eq(p->text, text)) {
            *id = p->id;
            return TK_OK;
        }
    watch_value value = watch_text(text);
    tk_status status = watch_write(keeper->store, PIECE_ADD, &value, 1, err);
    if (status == TK_OK)
        status = watch_read_id(keeper->store, PIECE_FIND, &value, 1, id, err);
    return status == TK_OK ? piece_remember(keeper, *id, text, err) : status;
}

static tk_status piece_get(watch_keeper *keeper, int64_t id, tk_str *text, tk_err *err)
{
    for (const watch_piece *p = keeper->by_id[(uint64_t)id % PIECE_BUCKETS]; p != NULL; p = p->next_by_id)
        if (p->id == id) {
            *text = p->text;
            return TK_OK;
        }
    tk_status status = watch_read_text(keeper->store, PIECE_GET, watch_number(id), keeper->arena,
                                       "a piece of an answer", text, err);
    return status == TK_OK ? piece_remember(keeper, id, *text, err) : status;
}

/* --- answers --- */

static const char ANSWER_ADD[] = "INSERT INTO watch_answers (hash, pieces) VALUES (?1, ?2)";
static const char ANSWER_FIND[] = "SELECT id FROM watch_answers WHERE hash = ?1";
static const char ANSWER_GET[] = "SELECT pieces FROM watch_answers WHERE id = ?1";

/* "17 18 =2000 19" */
static tk_status answer_pieces(watch_keeper *keeper, tk_str answer, tk_out *out, tk_err *err)
{
    const watch_part *parts;
    size_t count;
    tk_status status = watch_answer_cut(answer, keeper->scratch, &parts, &count, err);
    for (size_t i = 0; status == TK_OK && i < count; i++) {
        int64_t id = 0;
        if (i != 0)
            tk_out_char(out, ' ');
        if (parts[i].own) {
            tk_out_char(out, '=');
            tk_out_add(out, parts[i].text);
            continue;
        }
        status = piece_keep(keeper, parts[i].text, &id, err);
        tk_out_printf(out, "%lld", (long long)id);
    }
    return status == TK_OK && out->status != TK_OK ? watch_no_memory(err) : status;
}

tk_status watch_answer_keep(watch_keeper *keeper, tk_str hash, tk_str answer, int64_t *id, tk_err *err)
{
    tk_store_statement *s;
    tk_out out;
    bool row;
    watch_value values[] = {watch_text(hash), watch_text(TK_STR(""))};
    tk_status status = watch_read(keeper->store, ANSWER_FIND, values, 1, &s, &row, err);
    if (status != TK_OK)
        return status;
    if (row) {
        *id = tk_store_int(s, 0);
        tk_store_reset(s);
        return TK_OK;
    }
    tk_arena_reset(keeper->scratch);
    tk_out_init(&out, NULL);
    status = answer_pieces(keeper, answer, &out, err);
    values[1] = watch_text(tk_out_str(&out));
    if (status == TK_OK)
        status = watch_write(keeper->store, ANSWER_ADD, values, 2, err);
    *id = tk_store_last_id(keeper->store);
    tk_out_fini(&out);
    return status;
}

/* The word of `pieces` that begins at *at; *at is moved behind it. */
static tk_str answer_word(tk_str pieces, size_t *at)
{
    const char *begin = pieces.ptr + *at, *space = memchr(begin, ' ', pieces.len - *at);
    size_t len = space == NULL ? pieces.len - *at : (size_t)(space - begin);
    *at += len + (space == NULL ? 0 : 1);
    return (tk_str){begin, len};
}

static int64_t piece_number(tk_str word)
{
    int64_t number = 0;
    for (size_t i = 0; i < word.len && number < INT64_MAX / 16; i++)
        number = number * 10 + (word.ptr[i] - '0');
    return number;
}

static tk_status answer_join(watch_keeper *keeper, tk_str pieces, tk_out *out, tk_err *err)
{
    tk_status status = TK_OK;
    for (size_t at = 0; status == TK_OK && at < pieces.len;) {
        tk_str word = answer_word(pieces, &at), text = {word.ptr + 1, word.len - 1};
        if (word.ptr[0] != '=')
            status = piece_get(keeper, piece_number(word), &text, err);
        if (status == TK_OK)
            tk_out_add(out, text);
    }
    return status == TK_OK && out->status != TK_OK ? watch_no_memory(err) : status;
}

tk_status watch_answer_get(watch_keeper *keeper, int64_t id, tk_str *answer, tk_err *err)
{
    tk_arena *arena = keeper->scratch;
    tk_str pieces = TK_STR("");
    tk_out out;
    *answer = TK_STR("");
    if (id == 0)
        return TK_OK;
    tk_status status =
        watch_read_text(keeper->store, ANSWER_GET, watch_number(id), arena, "an answer", &pieces, err);
    if (status != TK_OK)
        return status;
    tk_out_init(&out, NULL);
    status = answer_join(keeper, pieces, &out, err);
    if (status == TK_OK)
        *answer = tk_arena_copy(arena, tk_out_str(&out));
    tk_out_fini(&out);
    return status == TK_OK && arena->failed ? watch_no_memory(err) : status;
}

/* --- sweeping --- */

static const char SWEEP_ANSWERS[] =
    "DELETE FROM watch_answers WHERE id NOT IN (SELECT answer FROM watch_states WHERE answer IS NOT NULL"
    " UNION SELECT answer_before FROM watch_states WHERE answer_before IS NOT NULL)";
static const char SWEEP_PIECES[] =
    "DELETE FROM watch_pieces WHERE id NOT IN (SELECT e.value FROM watch_answers AS a,"
    " json_each('[' || replace(replace(a.pieces, ' =', ' -'), ' ', ',') || ']') AS e)";
static const char SWEEP_MOMENTS[] =
    "DELETE FROM watch_moments WHERE id NOT IN (SELECT moment FROM watch_lists WHERE moment IS NOT NULL"
    " UNION SELECT moment FROM watch_states WHERE moment IS NOT NULL"
    " UNION SELECT moment_before FROM watch_states WHERE moment_before IS NOT NULL"
    " UNION SELECT moment_changed FROM watch_states WHERE moment_changed IS NOT NULL)";
static const char SWEEP_EDITIONS[] =
    "DELETE FROM watch_editions WHERE rulebook NOT IN (SELECT rulebook FROM watch_moments)";

tk_status watch_sweep(tk_store *store, tk_err *err)
{
    tk_status status = tk_store_execute(store, SWEEP_ANSWERS, err);
    if (status == TK_OK && tk_store_changes(store) != 0)
        status = tk_store_execute(store, SWEEP_PIECES, err);
    if (status == TK_OK)
        status = tk_store_execute(store, SWEEP_MOMENTS, err);
    return status == TK_OK ? tk_store_execute(store, SWEEP_EDITIONS, err) : status;
}
