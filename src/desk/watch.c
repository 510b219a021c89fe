/* SPDX-License-Identifier: Apache-2.0 */
/* watch.c: the tables of watches in a book; adding, listing and removing lists.
 *
 *   watch_lists    a name, one question, and the moment of the last run; `content` is a hash of question and orders,
 *                  which does not depend on the order of the rows
 *   watch_orders   cells of an order as a JSON object; never changed
 *   watch_states   one row an order: its answer, and the one before it
 *   watch_answers  answers, each once, by hash, as numbers of pieces (watch_keep.c)
 *   watch_pieces   texts that answers are made of, each once
 *   watch_moments  what answers were decided with, each once: hashes, versions of the imported lists, the last claim
 *                  and the last record of parties and holdings
 *   watch_editions statements of the rulebooks that moments name (watch_edition.c)
 *
 * An order's moment is that of its list's last run. An order that could not be decided then keeps the moment of the
 * run that decided it last.
 */
#include <stdlib.h>
#include <string.h>

#include "base/err.h"
#include "base/limits.h"
#include "base/num.h"
#include "base/out.h"
#include "base/sha256.h"
#include "base/str.h"
#include "desk/watch_int.h"

static const char *const migrations[] = {
    "CREATE TABLE watch_moments (id INTEGER PRIMARY KEY, rulebook TEXT NOT NULL, catalogue TEXT NOT NULL,"
    " program TEXT NOT NULL, recorded INTEGER NOT NULL, known_at INTEGER NOT NULL, today INTEGER NOT NULL,"
    " UNIQUE (rulebook, catalogue, program, recorded, known_at, today)) STRICT;"
    "CREATE TABLE watch_answers (id INTEGER PRIMARY KEY, hash TEXT NOT NULL UNIQUE, answer TEXT NOT NULL) STRICT;"
    "CREATE TABLE watch_lists (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, content TEXT NOT NULL,"
    " source TEXT NOT NULL, as_of INTEGER, law INTEGER NOT NULL, world INTEGER NOT NULL, world_name TEXT NOT NULL,"
    " claims TEXT NOT NULL, facts TEXT NOT NULL, orders INTEGER NOT NULL, runs INTEGER NOT NULL,"
    " moment INTEGER REFERENCES watch_moments) STRICT;"
    "CREATE TABLE watch_orders (list INTEGER NOT NULL REFERENCES watch_lists, number INTEGER NOT NULL,"
    " id TEXT NOT NULL, cells TEXT NOT NULL, asks_today INTEGER NOT NULL, PRIMARY KEY (list, number))"
    " STRICT, WITHOUT ROWID;"
    "CREATE TABLE watch_states (list INTEGER NOT NULL REFERENCES watch_lists, number INTEGER NOT NULL,"
    " answer INTEGER, moment INTEGER, answer_before INTEGER, moment_before INTEGER, moment_changed INTEGER,"
    " PRIMARY KEY (list, number)) STRICT, WITHOUT ROWID;",
    /* An answer that was kept whole is its only piece. */
    "CREATE TABLE watch_editions (rulebook TEXT PRIMARY KEY, statements TEXT NOT NULL) STRICT, WITHOUT ROWID;"
    "CREATE TABLE watch_pieces (id INTEGER PRIMARY KEY, text TEXT NOT NULL UNIQUE) STRICT;"
    "ALTER TABLE watch_answers RENAME COLUMN answer TO pieces;"
    "INSERT INTO watch_pieces (id, text) SELECT id, pieces FROM watch_answers;"
    "UPDATE watch_answers SET pieces = id;",
    /* A moment is also told apart by the lists. Its table is made anew, for what is unique about it cannot be changed;
     * meanwhile nothing refers to it. */
    "CREATE TABLE watch_moments_of_lists AS SELECT id, moment FROM watch_lists WHERE moment IS NOT NULL;"
    "CREATE TABLE watch_moments_before AS SELECT * FROM watch_moments;"
    "UPDATE watch_lists SET moment = NULL;"
    "DROP TABLE watch_moments;"
    "CREATE TABLE watch_moments (id INTEGER PRIMARY KEY, rulebook TEXT NOT NULL, catalogue TEXT NOT NULL,"
    " program TEXT NOT NULL, recorded INTEGER NOT NULL, known_at INTEGER NOT NULL, today INTEGER NOT NULL,"
    " lists TEXT NOT NULL, parties INTEGER NOT NULL,"
    " UNIQUE (rulebook, catalogue, program, recorded, known_at, today, lists, parties)) STRICT;"
    "INSERT INTO watch_moments SELECT id, rulebook, catalogue, program, recorded, known_at, today, '[]', 0"
    " FROM watch_moments_before;"
    "UPDATE watch_lists SET moment = (SELECT o.moment FROM watch_moments_of_lists AS o WHERE o.id = watch_lists.id);"
    "DROP TABLE watch_moments_before;"
    "DROP TABLE watch_moments_of_lists;",
};
const tk_store_module tk_desk_watch_module = {"watch", migrations, TK_COUNT(migrations)};

/* --- a draft --- */

typedef struct draft_order {
    struct draft_order *next;
    tk_str id, cells;
    bool asks_today;
} draft_order;

struct tk_desk_watch_draft {
    tk_arena *arena;
    tk_desk_watch_question question; /* claims and facts as `claims` and `facts` */
    tk_str name, source, claims, facts;
    draft_order *first, **last;
    uint64_t orders;
};

static tk_str draft_texts(tk_arena *arena, const tk_str *texts, size_t count)
{
    tk_out out;
    tk_json json;
    tk_out_init(&out, NULL);
    tk_json_begin(&json, &out);
    tk_json_open(&json, '[');
    for (size_t i = 0; i < count; i++)
        tk_json_str(&json, texts[i]);
    tk_json_close(&json, ']');
    tk_str text = out.status == TK_OK ? tk_arena_copy(arena, tk_out_str(&out)) : (tk_str){NULL, 0};
    tk_out_fini(&out);
    return text;
}

tk_status tk_desk_watch_draft_new(tk_arena *arena, tk_str name, tk_str source, const tk_desk_watch_question *question,
                                  tk_desk_watch_draft **out, tk_err *err)
{
    *out = NULL;
    if (!tk_str_is_id(name))
        return tk_err_set(err, TK_ERR_INPUT, "'" TK_FMT "' is no name of a watch; expected letters, digits and . _ : "
                          "- , at most %d", TK_ARG_STR(name), TK_ID_BYTES_MAX);
    tk_desk_watch_draft *draft = TK_ARENA_NEW(arena, tk_desk_watch_draft);
    tk_str *facts = TK_ARENA_ARRAY(arena, tk_str, 2 * question->facts_count);
    if (draft == NULL || facts == NULL)
        return watch_no_memory(err);
    for (size_t i = 0; i < question->facts_count; i++) {
        facts[2 * i] = question->facts[i].name;
        facts[2 * i + 1] = question->facts[i].value;
    }
    *draft = (tk_desk_watch_draft){.arena = arena, .question = *question};
    draft->name = tk_arena_copy(arena, name);
    draft->source = tk_arena_copy(arena, source);
    draft->question.world_name = tk_arena_copy(arena, question->world_name);
    draft->claims = draft_texts(arena, question->claims, question->claims_count);
    draft->facts = draft_texts(arena, facts, 2 * question->facts_count);
    draft->last = &draft->first;
    *out = draft;
    return arena->failed || draft->claims.ptr == NULL || draft->facts.ptr == NULL ? watch_no_memory(err) : TK_OK;
}

static bool cell_says_a_day(tk_str cell)
{
    cell = tk_str_trim(cell);
    return cell.len != 0 && !tk_str_is(cell, "?") && !tk_str_is(cell, "none");
}

tk_status tk_desk_watch_draft_put(tk_desk_watch_draft *draft, const tk_transaction *order, tk_err *err)
{
    tk_out out;
    tk_json json;
    if (TK_WATCH_ORDERS_MAX <= draft->orders)
        return tk_err_set(err, TK_ERR_LIMIT, "a watch holds at most %d orders", TK_WATCH_ORDERS_MAX);
    draft_order *kept = TK_ARENA_NEW(draft->arena, draft_order);
    if (kept == NULL)
        return watch_no_memory(err);
    tk_out_init(&out, NULL);
    tk_json_begin(&json, &out);
    tk_json_open(&json, '{');
    for (size_t i = 0; i < TK_COLUMN_COUNT; i++) {
        tk_str cell = tk_str_trim(order->cells[i]);
        if (cell.len == 0)
            continue;
        tk_json_key(&json, tk_column_name((tk_column)i).ptr);
        tk_json_str(&json, cell);
    }
    tk_json_close(&json, '}');
    kept->id = tk_arena_copy(draft->arena, tk_str_trim(order->cells[TK_COLUMN_ID]));
    kept->cells = tk_arena_copy(draft->arena, tk_out_str(&out));
    kept->asks_today = !draft->question.as_of_given && !cell_says_a_day(order->cells[TK_COLUMN_AS_OF])
                       && !cell_says_a_day(order->cells[TK_COLUMN_SHIP_DATE]);
    bool good = out.status == TK_OK && !draft->arena->failed;
    tk_out_fini(&out);
    *draft->last = kept;
    draft->last = &kept->next;
    draft->orders++;
    return good ? TK_OK : watch_no_memory(err);
}

static int cells_order(const void *a, const void *b)
{
    return tk_str_cmp(*(const tk_str *)a, *(const tk_str *)b);
}

/* Of the question and the orders, whatever their order in the file. */
static tk_status draft_content(tk_desk_watch_draft *draft, char hex[TK_SHA256_HEX_BYTES], tk_err *err)
{
    tk_sha256 *hash = NULL;
    const tk_desk_watch_question *q = &draft->question;
    tk_str *cells = TK_ARENA_ARRAY(draft->arena, tk_str, draft->orders);
    if (cells == NULL)
        return watch_no_memory(err);
    size_t count = 0;
    memset(cells, 0, draft->orders * sizeof(cells[0]));
    for (const draft_order *order = draft->first; order != NULL && count < draft->orders; order = order->next)
        cells[count++] = order->cells;
    if (count != 0)
        qsort(cells, count, sizeof(cells[0]), cells_order);
    tk_str asked = tk_arena_printf(draft->arena, "%d %d %d %d", q->as_of_given, q->as_of_given ? (int)q->as_of : 0,
                                   (int)q->law, (int)q->world);
    tk_status status = draft->arena->failed ? watch_no_memory(err) : tk_sha256_new(&hash, err);
    if (status != TK_OK)
        return status;
    tk_str parts[] = {asked, q->world_name, draft->claims, draft->facts};
    for (size_t i = 0; i < TK_COUNT(parts); i++)
        tk_sha256_add(hash, parts[i]);
    for (size_t i = 0; i < count; i++)
        tk_sha256_add(hash, cells[i]);
    status = tk_sha256_finish(hash, hex, err);
    tk_sha256_free(hash);
    return status;
}

/* --- lists --- */

static const char LISTS[] = "SELECT l.id, l.name, l.source, l.orders, l.runs, m.today, l.claims FROM watch_lists AS l"
                            " LEFT JOIN watch_moments AS m ON m.id = l.moment ORDER BY l.name";

tk_status tk_desk_watch_lists(tk_store *store, tk_arena *arena, tk_desk_watch_list **out, size_t *count, tk_err *err)
{
    tk_store_statement *s;
    tk_desk_watch_list *lists = NULL;
    size_t room = 0;
    bool row = true;
    *count = 0;
    tk_status status = tk_store_prepare(store, LISTS, &s, err);
    while (status == TK_OK) {
        status = tk_store_step(s, &row, err);
        if (status != TK_OK || !row)
            break;
        if (*count == room) {
            room = room == 0 ? 16 : 2 * room;
            tk_desk_watch_list *more = TK_ARENA_ARRAY(arena, tk_desk_watch_list, room);
            if (more == NULL) {
                tk_store_reset(s);
                return watch_no_memory(err);
            }
            if (*count != 0)
                memcpy(more, lists, *count * sizeof(lists[0]));
            lists = more;
        }
        tk_str name = tk_arena_copy(arena, tk_store_text(s, 1)), source = tk_arena_copy(arena, tk_store_text(s, 2));
        tk_desk_watch_list *list = &lists[(*count)++];
        *list = (tk_desk_watch_list){.id = tk_store_int(s, 0),
                                      .name = name,
                                      .source = source,
                                      .orders = (uint64_t)tk_store_int(s, 3),
                                      .runs = tk_store_int(s, 4),
                                      .today = (tk_date)tk_store_int(s, 5)};
        status = watch_texts(tk_arena_copy(arena, tk_store_text(s, 6)), arena, &list->claims, &list->claims_count, err);
        if (status == TK_OK && arena->failed)
            status = watch_no_memory(err);
        if (status != TK_OK)
            tk_store_reset(s);
    }
    *out = lists;
    return status;
}

static const char DROP_STATES[] = "DELETE FROM watch_states WHERE list = ?1";
static const char DROP_ORDERS[] = "DELETE FROM watch_orders WHERE list = ?1";
static const char DROP_LIST[] = "DELETE FROM watch_lists WHERE id = ?1";
static tk_status watch_drop(tk_store *store, int64_t list, tk_err *err)
{
    static const char *const steps[] = {DROP_STATES, DROP_ORDERS, DROP_LIST};
    tk_status status = TK_OK;
    watch_value value = watch_number(list);
    for (size_t i = 0; status == TK_OK && i < TK_COUNT(steps); i++)
        status = watch_write(store, steps[i], &value, 1, err);
    return status == TK_OK ? watch_sweep(store, err) : status;
}

/* *id 0: there is none. */
static const char FIND[] = "SELECT id, content FROM watch_lists WHERE name = ?1";

static tk_status watch_find(tk_store *store, tk_str name, tk_str content, int64_t *id, bool *same, tk_err *err)
{
    tk_store_statement *s;
    bool row;
    watch_value value = watch_text(name);
    *id = 0;
    *same = false;
    tk_status status = watch_read(store, FIND, &value, 1, &s, &row, err);
    if (status != TK_OK || !row)
        return status;
    *id = tk_store_int(s, 0);
    *same = tk_str_eq(tk_store_text(s, 1), content);
    tk_store_reset(s);
    return TK_OK;
}

tk_status tk_desk_watch_remove(tk_store *store, tk_str name, bool *removed, tk_err *err)
{
    int64_t id = 0;
    bool same;
    *removed = false;
    tk_status status = tk_store_begin(store, "removing a watch", err);
    if (status != TK_OK)
        return status;
    status = watch_find(store, name, TK_STR(""), &id, &same, err);
    if (status == TK_OK && id != 0)
        status = watch_drop(store, id, err);
    if (status == TK_OK && id != 0)
        status = tk_store_commit(store, err);
    tk_store_abort(store);
    *removed = status == TK_OK && id != 0;
    return status;
}

/* --- adding --- */

static const char ADD_LIST[] =
    "INSERT INTO watch_lists (name, content, source, as_of, law, world, world_name, claims, facts, orders, runs)"
    " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, 0)";
static const char ADD_ORDER[] =
    "INSERT INTO watch_orders (list, number, id, cells, asks_today) VALUES (?1, ?2, ?3, ?4, ?5)";
static const char ADD_STATE[] = "INSERT INTO watch_states (list, number) VALUES (?1, ?2)";

static tk_status add_list(tk_store *store, const tk_desk_watch_draft *draft, tk_str content, tk_err *err)
{
    const tk_desk_watch_question *q = &draft->question;
    watch_value values[] = {watch_text(draft->name),
                            watch_text(content),
                            watch_text(draft->source),
                            {.number = q->as_of, .null = !q->as_of_given},
                            watch_number((int64_t)q->law),
                            watch_number((int64_t)q->world),
                            watch_text(q->world_name),
                            watch_text(draft->claims),
                            watch_text(draft->facts),
                            watch_number((int64_t)draft->orders)};
    return watch_write(store, ADD_LIST, values, TK_COUNT(values), err);
}

static tk_status add_orders(tk_store *store, const tk_desk_watch_draft *draft, int64_t list, tk_err *err)
{
    tk_status status = TK_OK;
    int64_t number = 0;
    for (const draft_order *order = draft->first; status == TK_OK && order != NULL; order = order->next) {
        watch_value values[] = {watch_number(list), watch_number(++number), watch_text(order->id),
                                watch_text(order->cells), watch_number(order->asks_today ? 1 : 0)};
        status = watch_write(store, ADD_ORDER, values, TK_COUNT(values), err);
        if (status == TK_OK)
            status = watch_write(store, ADD_STATE, values, 2, err);
    }
    return status;
}

static const char COUNT[] = "SELECT count(*) FROM watch_lists";

/* Room for one more list. */
static tk_status add_room(tk_store *store, tk_err *err)
{
    tk_store_statement *s;
    bool row;
    tk_status status = watch_read(store, COUNT, NULL, 0, &s, &row, err);
    if (status != TK_OK || !row)
        return status;
    bool full = TK_WATCHES_MAX <= tk_store_int(s, 0);
    tk_store_reset(s);
    return full ? tk_err_set(err, TK_ERR_LIMIT, "a book holds at most %d watches", TK_WATCHES_MAX) : TK_OK;
}

static tk_status add_within(tk_store *store, const tk_desk_watch_draft *draft, tk_str content, bool force,
                            tk_desk_watch_added *added, tk_err *err)
{
    int64_t id = 0;
    bool same = false;
    tk_status status = watch_find(store, draft->name, content, &id, &same, err);
    if (status != TK_OK)
        return status;
    *added = same ? TK_DESK_WATCH_SAME
                  : (id == 0 ? TK_DESK_WATCH_NEW : (force ? TK_DESK_WATCH_REPLACED : TK_DESK_WATCH_REFUSED));
    if (*added == TK_DESK_WATCH_SAME || *added == TK_DESK_WATCH_REFUSED)
        return TK_OK;
    status = id != 0 ? watch_drop(store, id, err) : add_room(store, err);
    if (status == TK_OK)
        status = add_list(store, draft, content, err);
    if (status == TK_OK)
        status = add_orders(store, draft, tk_store_last_id(store), err);
    return status == TK_OK ? tk_store_commit(store, err) : status;
}

tk_status tk_desk_watch_add(tk_store *store, tk_desk_watch_draft *draft, bool force, tk_desk_watch_added *added,
                            tk_err *err)
{
    char content[TK_SHA256_HEX_BYTES];
    *added = TK_DESK_WATCH_REFUSED;
    tk_status status = draft_content(draft, content, err);
    if (status == TK_OK)
        status = tk_store_begin(store, "adding a watch", err);
    if (status != TK_OK)
        return status;
    status = add_within(store, draft, tk_str_from(content), force, added, err);
    tk_store_abort(store);
    return status;
}
