/* SPDX-License-Identifier: Apache-2.0 */
/* watch.c: the tables of watches in a book; adding, running and looking at lists.
 *
 *   watch_lists    a name, one question, and the moment of the last run; `content` is a hash of question and orders,
 *                  which does not depend on the order of the rows
 *   watch_orders   cells of an order as a JSON object; never changed
 *   watch_states   one row an order: its answer, and the one before it
 *   watch_answers  answers, each once, by hash
 *   watch_moments  what answers were decided with, each once
 *
 * An order's moment is that of its list's last run. An order that could not be decided then keeps the moment of the
 * run that decided it last.
 *
 * States name answers and moments without a foreign key: removing those that nobody names would ask for an index on
 * each such column, as large as the states themselves.
 */
#include "desk/watch.h"

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
};
const tk_store_module tk_desk_watch_module = {"watch", migrations, TK_COUNT(migrations)};

static tk_status watch_no_memory(tk_err *err)
{
    return tk_err_set(err, TK_ERR_MEMORY, "out of memory for a watch");
}

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

static const char LISTS[] = "SELECT l.id, l.name, l.source, l.orders, l.runs, m.today FROM watch_lists AS l"
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
        if (arena->failed) {
            tk_store_reset(s);
            return watch_no_memory(err);
        }
        lists[(*count)++] = (tk_desk_watch_list){.id = tk_store_int(s, 0),
                                                 .name = name,
                                                 .source = source,
                                                 .orders = (uint64_t)tk_store_int(s, 3),
                                                 .runs = tk_store_int(s, 4),
                                                 .today = (tk_date)tk_store_int(s, 5)};
    }
    *out = lists;
    return status;
}

static const char DROP_STATES[] = "DELETE FROM watch_states WHERE list = ?1";
static const char DROP_ORDERS[] = "DELETE FROM watch_orders WHERE list = ?1";
static const char DROP_LIST[] = "DELETE FROM watch_lists WHERE id = ?1";
static const char SWEEP_ANSWERS[] =
    "DELETE FROM watch_answers WHERE id NOT IN (SELECT answer FROM watch_states WHERE answer IS NOT NULL"
    " UNION SELECT answer_before FROM watch_states WHERE answer_before IS NOT NULL)";
static const char SWEEP_MOMENTS[] =
    "DELETE FROM watch_moments WHERE id NOT IN (SELECT moment FROM watch_lists WHERE moment IS NOT NULL"
    " UNION SELECT moment FROM watch_states WHERE moment IS NOT NULL"
    " UNION SELECT moment_before FROM watch_states WHERE moment_before IS NOT NULL"
    " UNION SELECT moment_changed FROM watch_states WHERE moment_changed IS NOT NULL)";

static tk_status run_with(tk_store *store, const char *sql, const int64_t *values, int count, tk_err *err)
{
    tk_store_statement *s;
    tk_status status = tk_store_prepare(store, sql, &s, err);
    if (status != TK_OK)
        return status;
    for (int i = 0; i < count; i++) {
        if (values[i] == 0)
            tk_store_bind_null(s, i + 1);
        else
            tk_store_bind_int(s, i + 1, values[i]);
    }
    return tk_store_run(s, err);
}

static tk_status watch_sweep(tk_store *store, tk_err *err)
{
    tk_status status = tk_store_execute(store, SWEEP_ANSWERS, err);
    return status == TK_OK ? tk_store_execute(store, SWEEP_MOMENTS, err) : status;
}

static tk_status watch_drop(tk_store *store, int64_t list, tk_err *err)
{
    static const char *const steps[] = {DROP_STATES, DROP_ORDERS, DROP_LIST};
    tk_status status = TK_OK;
    for (size_t i = 0; status == TK_OK && i < TK_COUNT(steps); i++)
        status = run_with(store, steps[i], &list, 1, err);
    return status == TK_OK ? watch_sweep(store, err) : status;
}

/* *id 0: there is none. */
static const char FIND[] = "SELECT id, content FROM watch_lists WHERE name = ?1";

static tk_status watch_find(tk_store *store, tk_str name, tk_str content, int64_t *id, bool *same, tk_err *err)
{
    tk_store_statement *s;
    bool row = false;
    *id = 0;
    *same = false;
    tk_status status = tk_store_prepare(store, FIND, &s, err);
    if (status != TK_OK)
        return status;
    tk_store_bind_text(s, 1, name);
    status = tk_store_step(s, &row, err);
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
    tk_store_statement *s;
    const tk_desk_watch_question *q = &draft->question;
    tk_status status = tk_store_prepare(store, ADD_LIST, &s, err);
    if (status != TK_OK)
        return status;
    tk_store_bind_text(s, 1, draft->name);
    tk_store_bind_text(s, 2, content);
    tk_store_bind_text(s, 3, draft->source);
    if (q->as_of_given)
        tk_store_bind_int(s, 4, q->as_of);
    else
        tk_store_bind_null(s, 4);
    tk_store_bind_int(s, 5, (int64_t)q->law);
    tk_store_bind_int(s, 6, (int64_t)q->world);
    tk_store_bind_text(s, 7, q->world_name);
    tk_store_bind_text(s, 8, draft->claims);
    tk_store_bind_text(s, 9, draft->facts);
    tk_store_bind_int(s, 10, (int64_t)draft->orders);
    return tk_store_run(s, err);
}

static tk_status add_orders(tk_store *store, const tk_desk_watch_draft *draft, int64_t list, tk_err *err)
{
    tk_store_statement *s;
    tk_status status = TK_OK;
    int64_t values[] = {list, 0};
    for (const draft_order *order = draft->first; status == TK_OK && order != NULL; order = order->next) {
        values[1]++;
        status = tk_store_prepare(store, ADD_ORDER, &s, err);
        if (status != TK_OK)
            return status;
        tk_store_bind_int(s, 1, list);
        tk_store_bind_int(s, 2, values[1]);
        tk_store_bind_text(s, 3, order->id);
        tk_store_bind_text(s, 4, order->cells);
        tk_store_bind_int(s, 5, order->asks_today ? 1 : 0);
        status = tk_store_run(s, err);
        if (status == TK_OK)
            status = run_with(store, ADD_STATE, values, 2, err);
    }
    return status;
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
    if (id != 0)
        status = watch_drop(store, id, err);
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

/* --- reading a list --- */

static const char QUESTION[] =
    "SELECT l.as_of, l.law, l.world, l.world_name, l.claims, l.facts, l.runs, l.content, l.moment, m.recorded"
    " FROM watch_lists AS l LEFT JOIN watch_moments AS m ON m.id = l.moment WHERE l.id = ?1 AND l.name = ?2";

typedef struct asked {
    tk_desk_watch_question question;
    int64_t runs, moment;
    int64_t recorded; /* the last claim that the last run knew; 0: there was no run */
    tk_str content;
} asked;

static tk_status asked_texts(tk_desk_watch_question *q, tk_str claims, tk_str facts, tk_arena *arena, tk_err *err)
{
    const tk_str *texts = NULL;
    size_t count = 0;
    tk_status status = watch_texts(claims, arena, &q->claims, &q->claims_count, err);
    if (status == TK_OK)
        status = watch_texts(facts, arena, &texts, &count, err);
    if (status != TK_OK)
        return status;
    tk_fact_text *pairs = TK_ARENA_ARRAY(arena, tk_fact_text, count / 2);
    if (pairs == NULL)
        return watch_no_memory(err);
    for (size_t i = 0; i < count / 2; i++)
        pairs[i] = (tk_fact_text){.name = texts[2 * i], .value = texts[2 * i + 1]};
    q->facts = pairs;
    q->facts_count = count / 2;
    return TK_OK;
}

static tk_status asked_read(tk_store *store, const tk_desk_watch_list *list, tk_arena *arena, asked *out, tk_err *err)
{
    tk_store_statement *s;
    bool row = false;
    *out = (asked){.runs = -1};
    tk_status status = tk_store_prepare(store, QUESTION, &s, err);
    if (status != TK_OK)
        return status;
    tk_store_bind_int(s, 1, list->id);
    tk_store_bind_text(s, 2, list->name);
    status = tk_store_step(s, &row, err);
    if (status != TK_OK)
        return status;
    if (!row)
        return tk_err_set(err, TK_ERR_USAGE, "there is no watch '" TK_FMT "' any more", TK_ARG_STR(list->name));
    tk_desk_watch_question *q = &out->question;
    q->as_of_given = !tk_store_is_null(s, 0);
    q->as_of = (tk_date)tk_store_int(s, 0);
    q->law = (tk_law)tk_store_int(s, 1);
    q->world = (tk_world)tk_store_int(s, 2);
    q->world_name = tk_arena_copy(arena, tk_store_text(s, 3));
    tk_str claims = tk_arena_copy(arena, tk_store_text(s, 4)), facts = tk_arena_copy(arena, tk_store_text(s, 5));
    out->runs = tk_store_int(s, 6);
    out->content = tk_arena_copy(arena, tk_store_text(s, 7));
    out->moment = tk_store_int(s, 8);
    out->recorded = tk_store_int(s, 9);
    tk_store_reset(s);
    return arena->failed ? watch_no_memory(err) : asked_texts(q, claims, facts, arena, err);
}

static int claim_order(const void *a, const void *b)
{
    uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;
    return x < y ? -1 : (y < x ? 1 : 0);
}

static tk_status ask_make(const tk_desk *desk, const tk_desk_watch_question *q, tk_date today, tk_arena *arena,
                          tk_ask *ask, tk_err *err)
{
    const tk_rulebook *book = tk_desk_rulebook(desk);
    uint32_t *claims = TK_ARENA_ARRAY(arena, uint32_t, q->claims_count);
    if (claims == NULL)
        return watch_no_memory(err);
    for (size_t i = 0; i < q->claims_count; i++) {
        size_t claim = tk_rulebook_find_claim(book, q->claims[i], NULL);
        if (claim == SIZE_MAX)
            return tk_err_set(err, TK_ERR_INPUT, "claim " TK_FMT ", which is to be believed, is not in this book",
                              TK_ARG_STR(q->claims[i]));
        claims[i] = (uint32_t)claim;
    }
    if (q->claims_count != 0)
        qsort(claims, q->claims_count, sizeof(claims[0]), claim_order);
    *ask = (tk_ask)TK_ASK_INIT;
    ask->as_of_given = q->as_of_given;
    ask->as_of = q->as_of;
    ask->today = today;
    ask->law = q->law;
    ask->world = q->world;
    ask->world_name = q->world_name;
    ask->claims = claims;
    ask->claims_count = q->claims_count;
    return TK_OK;
}

static tk_status order_read(tk_str cells, const tk_desk_watch_question *q, tk_arena *arena, tk_transaction *order,
                            tk_err *err)
{
    const tk_str *texts;
    size_t count;
    tk_status status = watch_texts(cells, arena, &texts, &count, err);
    *order = (tk_transaction){.facts = q->facts, .facts_count = q->facts_count};
    for (size_t i = 0; status == TK_OK && i + 1 < count; i += 2) {
        tk_column column = tk_column_find(texts[i], NULL);
        if (column == TK_COLUMN_COUNT)
            return tk_err_set(err, TK_ERR_INPUT, "column '" TK_FMT "' is unknown to this program",
                              TK_ARG_STR(texts[i]));
        order->cells[column] = texts[i + 1];
    }
    return status;
}

/* --- a run: deciding --- */

/* Answers of a run that are not those of the book, each once. */
enum { FRESH_BUCKETS = 1 << 14 };
typedef struct fresh {
    struct fresh *next;
    char hash[TK_SHA256_HEX_BYTES];
    tk_str json;
    int64_t id; /* in the book; 0: not yet */
} fresh;

/* An order whose state is to change. */
typedef struct finding {
    struct finding *next;
    int64_t number;
    tk_str id, cells;
    fresh *answer; /* NULL: only whether it could be decided is different */
    bool asks_today, rejected;
} finding;

typedef struct going {
    tk_store *store;
    const tk_desk *desk;
    tk_clerk *clerk;
    tk_arena *arena;   /* of the caller: what is reported */
    tk_arena work;     /* this run */
    tk_arena scratch;  /* one order */
    tk_sha256 *hash;
    asked asked;
    tk_ask ask;
    fresh **buckets;
    finding *first, **last;
    tk_date known_at;
    tk_desk_watch_say say;
    void *context;
    tk_desk_watch_run *run;
} going;

static fresh *fresh_find(going *g, const char *hash, tk_str json)
{
    fresh **at = &g->buckets[tk_str_hash(tk_str_from(hash)) % FRESH_BUCKETS];
    while (*at != NULL && strcmp((*at)->hash, hash) != 0)
        at = &(*at)->next;
    if (*at != NULL)
        return *at;
    fresh *made = TK_ARENA_NEW(&g->work, fresh);
    if (made == NULL)
        return NULL;
    memcpy(made->hash, hash, TK_SHA256_HEX_BYTES);
    made->json = tk_arena_copy(&g->work, json);
    *at = made;
    return made;
}

static tk_status going_find(going *g, const finding *about, fresh *answer, bool rejected, tk_err *err)
{
    finding *found = TK_ARENA_NEW(&g->work, finding);
    if (found == NULL)
        return watch_no_memory(err);
    *found = *about;
    found->id = tk_arena_copy(&g->work, about->id);
    found->cells = tk_arena_copy(&g->work, about->cells);
    found->answer = answer;
    found->rejected = rejected;
    *g->last = found;
    g->last = &found->next;
    return g->work.failed ? watch_no_memory(err) : TK_OK;
}

/* Decides one order. `known`: the hash of its answer in the book, or empty. `behind`: it could not be decided last
 * time. */
static tk_status going_order(going *g, const finding *about, tk_str known, bool behind, tk_err *err)
{
    tk_transaction order;
    tk_desk_result result;
    tk_str json, answer;
    tk_err own = {0};
    char hash[TK_SHA256_HEX_BYTES];
    tk_status status = order_read(about->cells, &g->asked.question, &g->scratch, &order, &own);
    if (status == TK_OK)
        status = tk_clerk_decide_json(g->clerk, &order, &g->ask, &result, &json, &own);
    if (status == TK_ERR_INPUT || status == TK_ERR_LIMIT) {
        g->run->rejected++;
        g->say(g->context, &g->run->list, about->number, about->id, &own);
        return behind ? TK_OK : going_find(g, about, NULL, true, err);
    }
    if (status == TK_OK)
        status = watch_answer_of(json, &g->scratch, &answer, &own);
    if (status != TK_OK) {
        if (err != NULL)
            *err = own;
        return status;
    }
    g->run->accepted++;
    g->known_at = result.known_at;
    tk_sha256_add(g->hash, answer);
    status = tk_sha256_finish(g->hash, hash, err);
    if (status != TK_OK || (tk_str_is(known, hash) && !behind))
        return status;
    fresh *made = tk_str_is(known, hash) ? NULL : fresh_find(g, hash, answer);
    return g->work.failed ? watch_no_memory(err) : going_find(g, about, made, false, err);
}

static const char ORDERS[] =
    "SELECT o.number, o.id, o.cells, o.asks_today, a.hash, s.moment FROM watch_orders AS o JOIN watch_states AS s"
    " ON s.list = o.list AND s.number = o.number LEFT JOIN watch_answers AS a ON a.id = s.answer"
    " WHERE o.list = ?1 ORDER BY o.number";

static tk_status going_decide(going *g, tk_err *err)
{
    tk_store_statement *s;
    bool row = true;
    tk_status status = tk_store_prepare(g->store, ORDERS, &s, err);
    if (status != TK_OK)
        return status;
    tk_store_bind_int(s, 1, g->run->list.id);
    while (status == TK_OK) {
        status = tk_store_step(s, &row, err);
        if (status != TK_OK || !row)
            return status;
        finding about = {.number = tk_store_int(s, 0),
                         .id = tk_store_text(s, 1),
                         .cells = tk_store_text(s, 2),
                         .asks_today = tk_store_int(s, 3) != 0};
        tk_arena_reset(&g->scratch);
        status = going_order(g, &about, tk_store_text(s, 4), !tk_store_is_null(s, 5), err);
    }
    tk_store_reset(s);
    return status;
}

/* --- a run: keeping --- */

static const char MOMENT_ADD[] = "INSERT OR IGNORE INTO watch_moments (rulebook, catalogue, program,"
                                 " recorded, known_at, today) VALUES (?1, ?2, ?3, ?4, ?5, ?6)";
static const char MOMENT_FIND[] = "SELECT id FROM watch_moments WHERE rulebook = ?1 AND catalogue = ?2"
                                  " AND program = ?3 AND recorded = ?4 AND known_at = ?5 AND today = ?6";
static const char MOMENT_GET[] =
    "SELECT rulebook, catalogue, program, recorded, known_at, today FROM watch_moments WHERE id = ?1";

static tk_status moment_with(tk_store *store, const char *sql, const watch_moment *moment, tk_store_statement **s,
                             tk_err *err)
{
    tk_status status = tk_store_prepare(store, sql, s, err);
    if (status != TK_OK)
        return status;
    tk_store_bind_text(*s, 1, moment->rulebook);
    tk_store_bind_text(*s, 2, moment->catalogue);
    tk_store_bind_text(*s, 3, moment->program);
    tk_store_bind_int(*s, 4, moment->recorded);
    tk_store_bind_int(*s, 5, moment->known_at);
    tk_store_bind_int(*s, 6, moment->today);
    return TK_OK;
}

static tk_status moment_keep(tk_store *store, const watch_moment *moment, int64_t *id, tk_err *err)
{
    tk_store_statement *s;
    bool row = false;
    tk_status status = moment_with(store, MOMENT_ADD, moment, &s, err);
    if (status == TK_OK)
        status = tk_store_run(s, err);
    if (status == TK_OK)
        status = moment_with(store, MOMENT_FIND, moment, &s, err);
    if (status == TK_OK)
        status = tk_store_step(s, &row, err);
    if (status != TK_OK)
        return status;
    *id = row ? tk_store_int(s, 0) : 0;
    tk_store_reset(s);
    return row ? TK_OK : tk_err_set(err, TK_ERR_BUG, "a moment that was kept is not there");
}

static tk_status moment_get(tk_store *store, int64_t id, tk_arena *arena, watch_moment *moment, tk_err *err)
{
    tk_store_statement *s;
    bool row = false;
    tk_status status = tk_store_prepare(store, MOMENT_GET, &s, err);
    if (status != TK_OK)
        return status;
    tk_store_bind_int(s, 1, id);
    status = tk_store_step(s, &row, err);
    if (status != TK_OK)
        return status;
    if (!row)
        return tk_err_set(err, TK_ERR_CORRUPT, "the book is damaged: a watch lacks the moment of a run");
    *moment = (watch_moment){.rulebook = tk_arena_copy(arena, tk_store_text(s, 0)),
                             .catalogue = tk_arena_copy(arena, tk_store_text(s, 1)),
                             .program = tk_arena_copy(arena, tk_store_text(s, 2)),
                             .recorded = tk_store_int(s, 3),
                             .known_at = (tk_date)tk_store_int(s, 4),
                             .today = (tk_date)tk_store_int(s, 5)};
    tk_store_reset(s);
    return arena->failed ? watch_no_memory(err) : TK_OK;
}

static const char ANSWER_ADD[] = "INSERT OR IGNORE INTO watch_answers (hash, answer) VALUES (?1, ?2)";
static const char ANSWER_FIND[] = "SELECT id FROM watch_answers WHERE hash = ?1";
static const char ANSWER_GET[] = "SELECT answer FROM watch_answers WHERE id = ?1";

static tk_status answer_keep(tk_store *store, fresh *answer, tk_err *err)
{
    tk_store_statement *s;
    bool row = false;
    if (answer->id != 0)
        return TK_OK;
    tk_status status = tk_store_prepare(store, ANSWER_ADD, &s, err);
    if (status != TK_OK)
        return status;
    tk_store_bind_text(s, 1, tk_str_from(answer->hash));
    tk_store_bind_text(s, 2, answer->json);
    status = tk_store_run(s, err);
    if (status == TK_OK)
        status = tk_store_prepare(store, ANSWER_FIND, &s, err);
    if (status != TK_OK)
        return status;
    tk_store_bind_text(s, 1, tk_str_from(answer->hash));
    status = tk_store_step(s, &row, err);
    if (status != TK_OK)
        return status;
    answer->id = row ? tk_store_int(s, 0) : 0;
    tk_store_reset(s);
    return row ? TK_OK : tk_err_set(err, TK_ERR_BUG, "an answer that was kept is not there");
}

/* `id` 0: there is none. */
static tk_status answer_get(tk_store *store, int64_t id, tk_arena *arena, tk_str *answer, tk_err *err)
{
    tk_store_statement *s;
    bool row = false;
    *answer = TK_STR("");
    if (id == 0)
        return TK_OK;
    tk_status status = tk_store_prepare(store, ANSWER_GET, &s, err);
    if (status != TK_OK)
        return status;
    tk_store_bind_int(s, 1, id);
    status = tk_store_step(s, &row, err);
    if (status != TK_OK)
        return status;
    if (!row)
        return tk_err_set(err, TK_ERR_CORRUPT, "the book is damaged: a watch lacks an answer");
    *answer = tk_arena_copy(arena, tk_store_text(s, 0));
    tk_store_reset(s);
    return arena->failed ? watch_no_memory(err) : TK_OK;
}

static const char SWAP_LIST[] = "UPDATE watch_lists SET runs = runs + 1, moment = ?1 WHERE id = ?2 AND runs = ?3"
                                " AND content = ?4";
static const char STATE_REJECTED[] = "UPDATE watch_states SET moment = ?3 WHERE list = ?1 AND number = ?2";
static const char STATE_CHANGED[] =
    "UPDATE watch_states SET answer_before = answer, moment_before = coalesce(moment, ?3), moment_changed = ?4,"
    " answer = ?5, moment = NULL WHERE list = ?1 AND number = ?2";
static const char STATE_FIRST[] =
    "UPDATE watch_states SET answer = ?3, moment = NULL WHERE list = ?1 AND number = ?2";

/* The swap: false in *done when another run, or another list of this name, came between. */
static tk_status going_swap(going *g, int64_t moment, bool *done, tk_err *err)
{
    tk_store_statement *s;
    tk_status status = tk_store_prepare(g->store, SWAP_LIST, &s, err);
    if (status != TK_OK)
        return status;
    tk_store_bind_int(s, 1, moment);
    tk_store_bind_int(s, 2, g->run->list.id);
    tk_store_bind_int(s, 3, g->asked.runs);
    tk_store_bind_text(s, 4, g->asked.content);
    status = tk_store_run(s, err);
    *done = status == TK_OK && tk_store_changes(g->store) == 1;
    return status;
}

static tk_status going_keep_one(going *g, const finding *f, int64_t moment, tk_err *err)
{
    int64_t list = g->run->list.id, before = g->asked.moment;
    if (f->rejected)
        return run_with(g->store, STATE_REJECTED, (int64_t[]){list, f->number, before}, 3, err);
    if (f->answer == NULL)
        return run_with(g->store, STATE_REJECTED, (int64_t[]){list, f->number, 0}, 3, err);
    tk_status status = answer_keep(g->store, f->answer, err);
    if (status != TK_OK)
        return status;
    if (g->run->first)
        return run_with(g->store, STATE_FIRST, (int64_t[]){list, f->number, f->answer->id}, 3, err);
    g->run->changed_count++;
    return run_with(g->store, STATE_CHANGED, (int64_t[]){list, f->number, before, moment, f->answer->id}, 5, err);
}

static const char CHANGED[] =
    "SELECT coalesce(answer_before, 0), moment_before, answer, moment_changed FROM watch_states"
    " WHERE list = ?1 AND number = ?2";

/* What the state of an order says of its last change; *change NULL: nothing. */
static tk_status change_read(tk_store *store, int64_t list, int64_t number, bool asks_today, tk_arena *arena,
                             const tk_desk_watch_change **change, tk_err *err)
{
    tk_store_statement *s;
    bool row = false;
    watch_answer before, now;
    *change = NULL;
    tk_status status = tk_store_prepare(store, CHANGED, &s, err);
    if (status != TK_OK)
        return status;
    tk_store_bind_int(s, 1, list);
    tk_store_bind_int(s, 2, number);
    status = tk_store_step(s, &row, err);
    if (status != TK_OK || !row)
        return status;
    int64_t ids[4];
    for (int i = 0; i < 4; i++)
        ids[i] = tk_store_int(s, i);
    tk_store_reset(s);
    if (ids[3] == 0)
        return TK_OK;
    status = answer_get(store, ids[0], arena, &before.json, err);
    if (status == TK_OK)
        status = moment_get(store, ids[1], arena, &before.moment, err);
    if (status == TK_OK)
        status = answer_get(store, ids[2], arena, &now.json, err);
    if (status == TK_OK)
        status = moment_get(store, ids[3], arena, &now.moment, err);
    return status == TK_OK ? watch_compare(&before, &now, asks_today, arena, change, err) : status;
}

static tk_status going_report(going *g, tk_err *err)
{
    tk_desk_watch_order *orders = TK_ARENA_ARRAY(g->arena, tk_desk_watch_order, g->run->changed_count);
    size_t count = 0;
    tk_status status = orders == NULL ? watch_no_memory(err) : TK_OK;
    for (const finding *f = g->first; status == TK_OK && f != NULL; f = f->next) {
        if (f->answer == NULL)
            continue;
        tk_desk_watch_order *order = &orders[count++];
        order->number = f->number;
        order->id = tk_arena_copy(g->arena, f->id);
        order->cells = tk_arena_copy(g->arena, f->cells);
        order->answer = tk_arena_copy(g->arena, f->answer->json);
        status = change_read(g->store, g->run->list.id, f->number, f->asks_today, g->arena, &order->change, err);
        if (status == TK_OK)
            order->verdict = order->change->now;
    }
    g->run->changed = orders;
    return status;
}

static tk_status going_keep_within(going *g, tk_err *err)
{
    watch_moment moment = {.rulebook = tk_rulebook_hash(tk_desk_rulebook(g->desk)),
                           .catalogue = tk_desk_catalogue_hash(g->desk),
                           .program = tk_str_from(tk_version()),
                           .recorded = tk_desk_claims_recorded(g->desk),
                           .known_at = g->known_at,
                           .today = g->ask.today};
    int64_t id = 0;
    bool done = false;
    tk_status status = moment_keep(g->store, &moment, &id, err);
    if (status == TK_OK)
        status = going_swap(g, id, &done, err);
    if (status != TK_OK || !done) {
        g->run->overtaken = status == TK_OK;
        return status;
    }
    for (const finding *f = g->first; status == TK_OK && f != NULL; f = f->next)
        status = going_keep_one(g, f, id, err);
    if (status == TK_OK && g->run->changed_count != 0)
        status = going_report(g, err);
    if (status == TK_OK)
        status = watch_sweep(g->store, err);
    return status == TK_OK ? tk_store_commit(g->store, err) : status;
}

/* Inside a transaction for reading. */
static tk_status going_look(going *g, tk_date today, tk_err *err)
{
    tk_status status = asked_read(g->store, &g->run->list, &g->work, &g->asked, err);
    if (status != TK_OK)
        return status;
    g->run->first = g->asked.runs == 0;
    /* A run that knew more claims than this desk has finished since the desk was opened. */
    g->run->overtaken = tk_desk_claims_recorded(g->desk) < g->asked.recorded;
    if (g->run->overtaken)
        return TK_OK;
    tk_err own = {0};
    status = ask_make(g->desk, &g->asked.question, today, &g->work, &g->ask, &own);
    if (status == TK_ERR_INPUT) {
        g->run->rejected = g->run->list.orders;
        g->say(g->context, &g->run->list, 0, TK_STR(""), &own);
        return TK_OK;
    }
    return status == TK_OK ? going_decide(g, err) : tk_err_set(err, status, "%s", own.message);
}

static tk_status going_run(going *g, tk_date today, tk_err *err)
{
    tk_status status = tk_store_begin_reading(g->store, "running a watch", err);
    if (status != TK_OK)
        return status;
    status = going_look(g, today, err);
    tk_store_abort(g->store);
    /* Nothing was decided: the moment of the list stays that of its answers. */
    if (status != TK_OK || g->run->accepted == 0)
        return status;
    status = tk_store_begin(g->store, "running a watch", err);
    if (status != TK_OK)
        return status;
    status = going_keep_within(g, err);
    tk_store_abort(g->store);
    return status;
}

tk_status tk_desk_watch_go(tk_store *store, const tk_desk *desk, tk_clerk *clerk, const tk_desk_watch_list *list,
                           tk_date today, tk_desk_watch_say say, void *context, tk_arena *arena,
                           tk_desk_watch_run *run, tk_err *err)
{
    *run = (tk_desk_watch_run){.list = *list};
    going g = {.store = store, .desk = desk, .clerk = clerk, .arena = arena, .say = say, .context = context,
               .run = run};
    g.last = &g.first;
    tk_arena_init(&g.work, (size_t)256 * 1024, 0);
    tk_arena_init(&g.scratch, (size_t)64 * 1024, 0);
    g.buckets = TK_ARENA_ARRAY(&g.work, fresh *, FRESH_BUCKETS);
    tk_status status = g.buckets == NULL ? watch_no_memory(err) : tk_sha256_new(&g.hash, err);
    if (status == TK_OK) {
        status = going_run(&g, today == TK_DATE_MIN ? tk_date_today() : today, err);
        tk_sha256_free(g.hash);
    }
    tk_arena_fini(&g.scratch);
    tk_arena_fini(&g.work);
    return status;
}

/* --- looking --- */

static const char SHOW[] = "SELECT o.number, o.id, o.cells, o.asks_today, coalesce(s.answer, 0)"
                           " FROM watch_orders AS o JOIN watch_states AS s ON s.list = o.list AND s.number = o.number"
                           " WHERE o.list = ?1 ORDER BY o.number";

static tk_status show_one(tk_store *store, const tk_desk_watch_list *list, tk_store_statement *s, tk_arena *arena,
                          tk_desk_watch_order *order, tk_err *err)
{
    order->number = tk_store_int(s, 0);
    order->id = tk_arena_copy(arena, tk_store_text(s, 1));
    order->cells = tk_arena_copy(arena, tk_store_text(s, 2));
    bool asks_today = tk_store_int(s, 3) != 0;
    tk_status status = answer_get(store, tk_store_int(s, 4), arena, &order->answer, err);
    if (status == TK_OK)
        status = watch_answer_verdict(order->answer, arena, &order->verdict, err);
    if (status == TK_OK)
        status = change_read(store, list->id, order->number, asks_today, arena, &order->change, err);
    return arena->failed && status == TK_OK ? watch_no_memory(err) : status;
}

static tk_status show_within(tk_store *store, const tk_desk_watch_list *list, tk_arena *arena,
                             tk_desk_watch_shown *shown, tk_err *err)
{
    asked about;
    tk_store_statement *s;
    bool row = true;
    tk_desk_watch_order *orders = TK_ARENA_ARRAY(arena, tk_desk_watch_order, list->orders);
    tk_status status = orders == NULL ? watch_no_memory(err) : asked_read(store, list, arena, &about, err);
    if (status == TK_OK)
        status = tk_store_prepare(store, SHOW, &s, err);
    if (status != TK_OK)
        return status;
    *shown = (tk_desk_watch_shown){.question = about.question, .orders = orders};
    tk_store_bind_int(s, 1, list->id);
    while (status == TK_OK && shown->orders_count < list->orders) {
        status = tk_store_step(s, &row, err);
        if (status != TK_OK || !row)
            return status;
        status = show_one(store, list, s, arena, &orders[shown->orders_count++], err);
    }
    tk_store_reset(s);
    return status;
}

tk_status tk_desk_watch_show(tk_store *store, const tk_desk_watch_list *list, tk_arena *arena,
                             tk_desk_watch_shown *shown, tk_err *err)
{
    tk_status status = tk_store_begin_reading(store, "showing a watch", err);
    if (status != TK_OK)
        return status;
    status = show_within(store, list, arena, shown, err);
    tk_store_abort(store);
    return status;
}
