/* SPDX-License-Identifier: Apache-2.0 */
/* watch_run.c: one run of a list: every order decided again, and what is different kept and said.
 *
 * Deciding goes on in a transaction for reading, so that nobody who writes waits for it; what it found is kept in one
 * of its own, provided that no other run of the list came between.
 */
#include <stdlib.h>
#include <string.h>

#include "base/err.h"
#include "base/num.h"
#include "base/str.h"
#include "desk/watch_int.h"
#include "parties/book.h"

/* --- the question and its orders --- */

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
    tk_str id;
    tk_str cells;  /* while it is decided */
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
    watch_asked asked;
    tk_ask ask;
    fresh **buckets;
    finding *first, **last;
    watch_keeper keeper; /* while what was found is kept */
    tk_date known_at;
    tk_str lists;    /* in use: those of the first order that was decided, as those of all */
    int64_t parties; /* the last record that was there when deciding began */
    tk_desk_watch_say say;
    void *context;
    tk_desk_watch_run *run;
    bool tries; /* what it kept is taken back */
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
    found->cells = TK_STR("");
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
    tk_str json, answer, lists;
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
        status = watch_answer_of(json, &g->scratch, &answer, &lists, &own);
    if (status != TK_OK) {
        if (err != NULL)
            *err = own;
        return status;
    }
    g->run->accepted++;
    g->known_at = result.known_at;
    if (g->lists.len == 0)
        g->lists = tk_arena_copy(&g->work, lists);
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

static const char SWAP_LIST[] = "UPDATE watch_lists SET runs = runs + 1, moment = ?1 WHERE id = ?2 AND runs = ?3"
                                " AND content = ?4";
static const char STATE_REJECTED[] = "UPDATE watch_states SET moment = ?3 WHERE list = ?1 AND number = ?2";
static const char STATE_CHANGED[] =
    "UPDATE watch_states SET answer_before = answer, moment_before = coalesce(moment, ?4), moment_changed = ?5,"
    " answer = ?3, moment = NULL WHERE list = ?1 AND number = ?2";
static const char STATE_FIRST[] =
    "UPDATE watch_states SET answer = ?3, moment = NULL WHERE list = ?1 AND number = ?2";

/* The swap: false in *done when another run, or another list of this name, came between. */
static tk_status going_swap(going *g, int64_t moment, bool *done, tk_err *err)
{
    watch_value values[] = {watch_number(moment), watch_number(g->run->list.id), watch_number(g->asked.runs),
                            watch_text(g->asked.content)};
    tk_status status = watch_write(g->store, SWAP_LIST, values, TK_COUNT(values), err);
    *done = status == TK_OK && tk_store_changes(g->store) == 1;
    return status;
}

/* An order that was or was not decided this time, other than last time; its answer stays. */
static tk_status going_keep_behind(going *g, const finding *f, tk_err *err)
{
    watch_value values[] = {watch_number(g->run->list.id), watch_number(f->number),
                            watch_id(f->rejected ? g->asked.moment : 0)};
    return watch_write(g->store, STATE_REJECTED, values, TK_COUNT(values), err);
}

static tk_status going_keep_one(going *g, const finding *f, int64_t moment, tk_err *err)
{
    if (f->answer == NULL)
        return going_keep_behind(g, f, err);
    tk_status status = f->answer->id != 0 ? TK_OK
                                          : watch_answer_keep(&g->keeper, tk_str_from(f->answer->hash),
                                                              f->answer->json, &f->answer->id, err);
    if (status != TK_OK)
        return status;
    watch_value values[] = {watch_number(g->run->list.id), watch_number(f->number), watch_id(f->answer->id),
                            watch_id(g->asked.moment), watch_id(moment)};
    if (g->run->first)
        return watch_write(g->store, STATE_FIRST, values, 3, err);
    g->run->changed_count++;
    return watch_write(g->store, STATE_CHANGED, values, TK_COUNT(values), err);
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
        status = watch_change_read(&g->keeper, g->run->list.id, f->number, f->asks_today, &order->change, err);
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
                           .today = g->ask.today,
                           .lists = g->lists,
                           .parties = g->parties};
    int64_t id = 0;
    bool done = false;
    tk_status status = watch_keeper_init(&g->keeper, g->store, g->arena, &g->scratch, err);
    if (status == TK_OK)
        status = watch_moment_keep(&g->keeper, &moment, &id, err);
    if (status == TK_OK)
        status = going_swap(g, id, &done, err);
    if (status != TK_OK || !done) {
        g->run->overtaken = status == TK_OK;
        return status;
    }
    status = watch_edition_keep(&g->keeper, tk_desk_rulebook(g->desk), err);
    for (const finding *f = g->first; status == TK_OK && f != NULL; f = f->next)
        status = going_keep_one(g, f, id, err);
    if (status == TK_OK && g->run->changed_count != 0)
        status = going_report(g, err);
    if (status != TK_OK || g->tries)
        return status;
    status = watch_sweep(g->store, err);
    return status == TK_OK ? tk_store_commit(g->store, err) : status;
}

/* Inside a transaction for reading. */
static tk_status going_look(going *g, tk_date today, tk_err *err)
{
    tk_status status = watch_asked_read(g->store, &g->run->list, &g->work, &g->asked, err);
    if (status != TK_OK)
        return status;
    g->run->first = g->asked.runs == 0;
    /* A run that knew more claims than this desk has finished since the desk was opened. */
    g->run->overtaken = tk_desk_claims_recorded(g->desk) < g->asked.recorded;
    if (g->run->overtaken)
        return TK_OK;
    tk_err own = {0};
    status = tk_parties_recorded(g->store, &g->parties, &own);
    if (status == TK_OK)
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

static tk_status going_whole(going *g, tk_date today, tk_err *err)
{
    g->last = &g->first;
    tk_arena_init(&g->work, (size_t)256 * 1024, 0);
    tk_arena_init(&g->scratch, (size_t)64 * 1024, 0);
    g->buckets = TK_ARENA_ARRAY(&g->work, fresh *, FRESH_BUCKETS);
    tk_status status = g->buckets == NULL ? watch_no_memory(err) : tk_sha256_new(&g->hash, err);
    if (status == TK_OK) {
        status = going_run(g, today == TK_DATE_MIN ? tk_date_today() : today, err);
        tk_sha256_free(g->hash);
    }
    tk_arena_fini(&g->scratch);
    tk_arena_fini(&g->work);
    return status;
}

tk_status tk_desk_watch_go(tk_store *store, const tk_desk *desk, tk_clerk *clerk, const tk_desk_watch_list *list,
                           tk_date today, tk_desk_watch_say say, void *context, tk_arena *arena,
                           tk_desk_watch_run *run, tk_err *err)
{
    *run = (tk_desk_watch_run){.list = *list};
    going g = {.store = store, .desk = desk, .clerk = clerk, .arena = arena, .say = say, .context = context,
               .run = run};
    return going_whole(&g, today, err);
}

tk_status tk_desk_watch_try(tk_store *store, const tk_desk *desk, tk_clerk *clerk, const tk_desk_watch_list *list,
                            tk_date today, tk_desk_watch_say say, void *context, tk_arena *arena,
                            tk_desk_watch_run *run, tk_err *err)
{
    *run = (tk_desk_watch_run){.list = *list};
    going g = {.store = store, .desk = desk, .clerk = clerk, .arena = arena, .say = say, .context = context,
               .run = run, .tries = true};
    return going_whole(&g, today, err);
}
