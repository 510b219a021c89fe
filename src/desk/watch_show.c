/* SPDX-License-Identifier: Apache-2.0 */
/* watch_show.c: what a book says of a list: its question, the last answers, the last changes. */
#include "base/err.h"
#include "base/str.h"
#include "desk/watch_int.h"

/* --- its question --- */

static const char QUESTION[] =
    "SELECT l.as_of, l.law, l.world, l.world_name, l.claims, l.facts, l.runs, l.content, l.moment, m.recorded"
    " FROM watch_lists AS l LEFT JOIN watch_moments AS m ON m.id = l.moment WHERE l.id = ?1 AND l.name = ?2";

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

tk_status watch_asked_read(tk_store *store, const tk_desk_watch_list *list, tk_arena *arena, watch_asked *out,
                           tk_err *err)
{
    tk_store_statement *s;
    bool row;
    watch_value values[] = {watch_number(list->id), watch_text(list->name)};
    *out = (watch_asked){.runs = -1};
    tk_status status = watch_read(store, QUESTION, values, TK_COUNT(values), &s, &row, err);
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

/* --- its orders --- */

static const char CHANGED[] =
    "SELECT coalesce(answer_before, 0), moment_before, answer, moment_changed FROM watch_states"
    " WHERE list = ?1 AND number = ?2";

tk_status watch_change_read(watch_keeper *keeper, int64_t list, int64_t number, bool asks_today,
                            const tk_desk_watch_change **change, tk_err *err)
{
    tk_store_statement *s;
    bool row;
    watch_answer before, now;
    watch_value values[] = {watch_number(list), watch_number(number)};
    *change = NULL;
    tk_arena_reset(keeper->scratch);
    tk_status status = watch_read(keeper->store, CHANGED, values, TK_COUNT(values), &s, &row, err);
    if (status != TK_OK || !row)
        return status;
    int64_t ids[4];
    for (int i = 0; i < 4; i++)
        ids[i] = tk_store_int(s, i);
    tk_store_reset(s);
    if (ids[3] == 0)
        return TK_OK;
    status = watch_answer_get(keeper, ids[0], &before.json, err);
    if (status == TK_OK)
        status = watch_moment_get(keeper, ids[1], &before.moment, err);
    if (status == TK_OK)
        status = watch_answer_get(keeper, ids[2], &now.json, err);
    if (status == TK_OK)
        status = watch_moment_get(keeper, ids[3], &now.moment, err);
    return status == TK_OK ? watch_compare(keeper, &before, &now, asks_today, change, err) : status;
}

static const char SHOW[] = "SELECT o.number, o.id, o.cells, o.asks_today, coalesce(s.answer, 0)"
                           " FROM watch_orders AS o JOIN watch_states AS s ON s.list = o.list AND s.number = o.number"
                           " WHERE o.list = ?1 ORDER BY o.number";

/* The answer itself only where it is asked for. */
static tk_status show_one(watch_keeper *keeper, const tk_desk_watch_list *list, tk_store_statement *s, bool answers,
                          tk_desk_watch_order *order, tk_err *err)
{
    tk_str answer, verdict;
    tk_arena *arena = keeper->arena;
    order->number = tk_store_int(s, 0);
    order->id = tk_arena_copy(arena, tk_store_text(s, 1));
    order->cells = answers ? tk_arena_copy(arena, tk_store_text(s, 2)) : TK_STR("");
    bool asks_today = tk_store_int(s, 3) != 0;
    tk_arena_reset(keeper->scratch);
    tk_status status = watch_answer_get(keeper, tk_store_int(s, 4), &answer, err);
    if (status == TK_OK)
        status = watch_answer_verdict(answer, keeper->scratch, &verdict, err);
    if (status != TK_OK)
        return status;
    order->answer = answers ? tk_arena_copy(arena, answer) : TK_STR("");
    order->verdict = watch_keeper_text(keeper, verdict);
    status = watch_change_read(keeper, list->id, order->number, asks_today, &order->change, err);
    return arena->failed && status == TK_OK ? watch_no_memory(err) : status;
}

static tk_status show_orders(watch_keeper *keeper, const tk_desk_watch_list *list, bool answers,
                             tk_desk_watch_order *orders, size_t *count, tk_err *err)
{
    tk_store_statement *s;
    bool row = true;
    tk_status status = tk_store_prepare(keeper->store, SHOW, &s, err);
    if (status != TK_OK)
        return status;
    tk_store_bind_int(s, 1, list->id);
    while (status == TK_OK && *count < list->orders) {
        status = tk_store_step(s, &row, err);
        if (status != TK_OK || !row)
            return status;
        status = show_one(keeper, list, s, answers, &orders[(*count)++], err);
    }
    tk_store_reset(s);
    return status;
}

static tk_status show_within(tk_store *store, const tk_desk_watch_list *list, bool answers, tk_arena *arena,
                             tk_desk_watch_shown *shown, tk_err *err)
{
    watch_asked about;
    watch_keeper keeper;
    tk_arena scratch;
    tk_desk_watch_order *orders = TK_ARENA_ARRAY(arena, tk_desk_watch_order, list->orders);
    tk_status status = orders == NULL ? watch_no_memory(err) : watch_asked_read(store, list, arena, &about, err);
    if (status != TK_OK)
        return status;
    *shown = (tk_desk_watch_shown){.question = about.question, .orders = orders};
    tk_arena_init(&scratch, (size_t)64 * 1024, 0);
    status = watch_keeper_init(&keeper, store, arena, &scratch, err);
    if (status == TK_OK)
        status = show_orders(&keeper, list, answers, orders, &shown->orders_count, err);
    tk_arena_fini(&scratch);
    return status;
}

tk_status tk_desk_watch_show(tk_store *store, const tk_desk_watch_list *list, bool answers, tk_arena *arena,
                             tk_desk_watch_shown *shown, tk_err *err)
{
    tk_status status = tk_store_begin_reading(store, "showing a watch", err);
    if (status != TK_OK)
        return status;
    status = show_within(store, list, answers, arena, shown, err);
    tk_store_abort(store);
    return status;
}
