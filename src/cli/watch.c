/* SPDX-License-Identifier: Apache-2.0 */
/* watch.c: `twokey watch`: orders that the book keeps, decided again; what changed since the last run, and why. */
#include "cli/watch.h"

#include <inttypes.h>
#include <string.h>

#include "base/csv.h"
#include "base/num.h"
#include "cli/orders.h"
#include "desk/book.h"

int watch_failed(watch_view *view, tk_status status)
{
    if (status == TK_OK)
        return CLI_EXIT_OK;
    cli_complain_err(&view->err);
    return cli_exit_of(status);
}

static tk_str day_text(tk_arena *arena, tk_date day)
{
    char text[TK_DATE_TEXT_MAX];
    return tk_arena_copy(arena, (tk_str){text, tk_date_format(day, text)});
}

/* --- add --- */

static void question_of(watch_view *view, const cli_question *asked, tk_desk_watch_question *question)
{
    const tk_ask *ask = &asked->ask;
    tk_str *claims = TK_ARENA_ARRAY(&view->arena, tk_str, ask->claims_count);
    for (size_t i = 0; claims != NULL && i < ask->claims_count; i++)
        claims[i] = tk_rulebook_claim(tk_desk_rulebook(view->desk), ask->claims[i]);
    *question = (tk_desk_watch_question){.as_of_given = ask->as_of_given,
                                         .as_of = ask->as_of,
                                         .law = ask->law,
                                         .world = ask->world,
                                         .world_name = ask->world_name,
                                         .claims = claims,
                                         .claims_count = ask->claims_count,
                                         .facts = view->args->facts,
                                         .facts_count = view->args->facts_count};
}

typedef struct add_count {
    uint64_t accepted, rejected;
} add_count;

/* Every order is decided once, so that nothing is kept that cannot be answered. */
static int add_read(watch_view *view, const tk_ask *ask, cli_orders *orders, tk_desk_watch_draft *draft,
                    add_count *count)
{
    for (;;) {
        tk_desk_result result;
        tk_err err = {0};
        cli_next next = cli_orders_next(orders);
        if (next == CLI_NEXT_END)
            return CLI_EXIT_OK;
        if (next == CLI_NEXT_FAILURE)
            return CLI_EXIT_FAILURE;
        if (next == CLI_NEXT_BAD) {
            count->rejected++;
            continue;
        }
        tk_status status = tk_clerk_decide(view->clerk, &orders->order, ask, &result, &err);
        if (status == TK_ERR_INPUT || status == TK_ERR_LIMIT) {
            cli_orders_complain(orders, result.column, err.message);
            count->rejected++;
            continue;
        }
        if (status == TK_OK)
            status = tk_desk_watch_draft_put(draft, &orders->order, &err);
        if (status != TK_OK) {
            cli_complain_err(&err);
            return cli_exit_of(status);
        }
        count->accepted++;
    }
}

static int add_keep(watch_view *view, tk_desk_watch_draft *draft, const char *name, const char *path,
                    const add_count *count)
{
    if (count->rejected != 0) {
        cli_complain("nothing is kept: %" PRIu64 " of %" PRIu64 " orders are wrong", count->rejected,
                     count->accepted + count->rejected);
        return CLI_EXIT_USAGE;
    }
    if (count->accepted == 0) {
        cli_complain("%s: no orders", path);
        return CLI_EXIT_USAGE;
    }
    tk_desk_watch_added added;
    tk_status status =
        tk_desk_watch_add(view->store, draft, view->args->values[CLI_FLAG_FORCE] != NULL, &added, &view->err);
    if (status != TK_OK)
        return watch_failed(view, status);
    if (added == TK_DESK_WATCH_REFUSED) {
        cli_complain("there is a watch '%s' with other orders or another question; --force replaces it", name);
        return CLI_EXIT_USAGE;
    }
    static const char *const words[] = {"kept", "there already", "kept, in place of what was there"};
    (void)printf("%s: %" PRIu64 " order%s %s\n", name, count->accepted, count->accepted == 1 ? "" : "s",
                 words[added]);
    return CLI_EXIT_OK;
}

static int watch_add(watch_view *view)
{
    static cli_question asked;
    const char *name = view->args->positional[1], *path = view->args->positional[2];
    int code = cli_question_read(view->args, view->desk, &asked);
    if (code != CLI_EXIT_OK)
        return code;
    tk_desk_watch_question question;
    tk_desk_watch_draft *draft;
    question_of(view, &asked, &question);
    tk_status status = tk_desk_watch_draft_new(&view->arena, tk_str_from(name), tk_str_from(path), &question, &draft,
                                               &view->err);
    if (status != TK_OK)
        return watch_failed(view, status);
    cli_orders orders;
    add_count count = {0, 0};
    code = cli_orders_open(&orders, path, view->args->values[CLI_FLAG_IGNORE_UNKNOWN] != NULL);
    orders.order.facts = view->args->facts;
    orders.order.facts_count = view->args->facts_count;
    if (code == CLI_EXIT_OK)
        code = add_read(view, &asked.ask, &orders, draft, &count);
    cli_orders_close(&orders);
    return code == CLI_EXIT_OK ? add_keep(view, draft, name, path, &count) : code;
}

/* --- which lists --- */

static const tk_desk_watch_list *list_named(watch_view *view, const char *name)
{
    tk_nearest near = tk_nearest_make(tk_str_from(name));
    for (size_t i = 0; i < view->lists_count; i++) {
        if (tk_str_is(view->lists[i].name, name))
            return &view->lists[i];
        tk_nearest_offer(&near, view->lists[i].name);
    }
    char hint[CLI_HINT_MAX];
    cli_complain("there is no watch '%s'%s", name,
                 near.best.ptr != NULL ? cli_hint(near.best, hint) : "; 'twokey watch list' lists them");
    return NULL;
}

/* --- run --- */

static void run_say(void *context, const tk_desk_watch_list *list, int64_t number, tk_str id, const tk_err *err)
{
    (void)context;
    if (number == 0)
        cli_complain(TK_FMT ": %s", TK_ARG_STR(list->name), err->message);
    else if (id.len == 0)
        cli_complain(TK_FMT ": row %" PRId64 ": %s", TK_ARG_STR(list->name), number, err->message);
    else
        cli_complain(TK_FMT ": " TK_FMT ": %s", TK_ARG_STR(list->name), TK_ARG_STR(id), err->message);
}

static bool watch_checks(const watch_view *view)
{
    return view->args->values[CLI_FLAG_CHECK] != NULL;
}

static void run_first(watch_view *view, const tk_desk_watch_run *run)
{
    tk_out *out = view->page.out;
    if (cli_format_is(view->args, "json")) {
        tk_json json;
        tk_json_begin(&json, out);
        tk_json_open(&json, '{');
        tk_json_key(&json, "watch");
        tk_json_str(&json, run->list.name);
        tk_json_key(&json, "baseline");
        tk_json_int(&json, (int64_t)run->accepted);
        tk_json_close(&json, '}');
        tk_out_char(out, '\n');
    } else if (!cli_format_is(view->args, "csv")) {
        static const char *const ends[] = {" is", "s are", " would be", "s would be"};
        tk_out_printf(out, TK_FMT ": first run; %" PRIu64 " answer%s kept as the baseline\n",
                      TK_ARG_STR(run->list.name), run->accepted,
                      ends[(run->accepted == 1 ? 0 : 1) + (watch_checks(view) ? 2 : 0)]);
    }
}

static tk_status run_write(watch_view *view, const tk_desk_watch_run *run)
{
    cli_page *page = &view->page;
    if (run->first && !run->overtaken && run->accepted != 0)
        run_first(view, run);
    if (run->changed_count == 0)
        return TK_OK;
    if (!cli_format_is(view->args, "json") && !cli_format_is(view->args, "csv"))
        cli_put_wrapped(page, CLI_BOLD,
                        tk_arena_printf(&view->arena,
                                        TK_FMT ": %zu of %" PRIu64 " orders changed since the run of " TK_FMT,
                                        TK_ARG_STR(run->list.name), run->changed_count, run->list.orders,
                                        TK_ARG_STR(day_text(&view->arena, run->list.today))),
                        0, 2);
    return watch_write_changes(view, &run->list, run->changed, run->changed_count);
}

typedef struct run_total {
    uint64_t accepted, rejected;
    size_t changed;
} run_total;

static int run_one(watch_view *view, const tk_desk_watch_list *list, tk_date today, run_total *total)
{
    tk_desk_watch_run run = {0};
    tk_status status = (watch_checks(view) ? tk_desk_watch_try : tk_desk_watch_go)(
        view->store, view->desk, view->clerk, list, today, run_say, NULL, &view->arena, &run, &view->err);
    if (status == TK_OK)
        status = run_write(view, &run);
    if (status != TK_OK)
        return watch_failed(view, status);
    if (run.overtaken)
        (void)fprintf(stderr, "twokey: " TK_FMT ": another run came first, and says what it found\n",
                      TK_ARG_STR(list->name));
    total->accepted += run.accepted;
    total->rejected += run.rejected;
    total->changed += run.changed_count;
    return CLI_EXIT_OK;
}

/* Once: a run that passes midnight stays one run. A day of another date is only looked at, for the answers of that day
 * are none to compare those of today with. */
static int run_day(watch_view *view, tk_date *today)
{
    const char *text = view->args->values[CLI_FLAG_AS_OF];
    *today = tk_date_today();
    if (text == NULL)
        return CLI_EXIT_OK;
    if (!watch_checks(view)) {
        cli_complain("watch run: --as-of goes with --check");
        return CLI_EXIT_USAGE;
    }
    if (tk_date_parse(tk_str_from(text), today, &view->err) == TK_OK)
        return CLI_EXIT_OK;
    cli_complain("--as-of: %s", view->err.message);
    return CLI_EXIT_USAGE;
}

static int watch_run(watch_view *view)
{
    const cli_args *args = view->args;
    run_total total = {0, 0, 0};
    tk_date today;
    const tk_desk_watch_list *chosen[CLI_POSITIONAL_MAX];
    int code = run_day(view, &today);
    if (code != CLI_EXIT_OK)
        return code;
    for (size_t i = 1; i < args->positional_count; i++)
        if ((chosen[i] = list_named(view, args->positional[i])) == NULL)
            return CLI_EXIT_USAGE;
    if (cli_format_is(args, "csv"))
        watch_csv_header(view);
    for (size_t i = 0; code == CLI_EXIT_OK && args->positional_count == 1 && i < view->lists_count; i++)
        code = run_one(view, &view->lists[i], today, &total);
    for (size_t i = 1; code == CLI_EXIT_OK && i < args->positional_count; i++)
        code = run_one(view, chosen[i], today, &total);
    (void)fprintf(stderr, "twokey: read %" PRIu64 " = accepted %" PRIu64 " + rejected %" PRIu64 "\n",
                  total.accepted + total.rejected, total.accepted, total.rejected);
    if (code != CLI_EXIT_OK)
        return code;
    return total.changed != 0 ? CLI_EXIT_CHANGED : (total.rejected != 0 ? CLI_EXIT_USAGE : CLI_EXIT_OK);
}

/* --- list, show, remove --- */

static void list_json(watch_view *view, const tk_desk_watch_list *list)
{
    tk_json json;
    tk_json_begin(&json, view->page.out);
    tk_json_open(&json, '{');
    tk_json_key(&json, "watch");
    tk_json_str(&json, list->name);
    tk_json_key(&json, "orders");
    tk_json_int(&json, (int64_t)list->orders);
    tk_json_key(&json, "runs");
    tk_json_int(&json, list->runs);
    tk_json_key(&json, "last_run");
    if (list->runs == 0)
        tk_json_null(&json);
    else
        tk_json_str(&json, day_text(&view->page.scratch, list->today));
    tk_json_key(&json, "file");
    tk_json_str(&json, list->source);
    tk_json_close(&json, '}');
    tk_out_char(view->page.out, '\n');
}

enum { LIST_NAME = 28, LIST_NUMBER = 10, LIST_DAY = 12 };

static void list_line(watch_view *view, const tk_desk_watch_list *list, bool csv)
{
    cli_page *page = &view->page;
    tk_str orders = tk_arena_printf(&page->scratch, "%" PRIu64, list->orders);
    tk_str runs = tk_arena_printf(&page->scratch, "%" PRId64, list->runs);
    tk_str day = list->runs == 0 ? TK_STR("") : day_text(&page->scratch, list->today);
    if (csv) {
        tk_csv_write_cell(page->out, list->name, true, true);
        tk_csv_write_cell(page->out, orders, false, false);
        tk_csv_write_cell(page->out, runs, false, false);
        tk_csv_write_cell(page->out, day, false, false);
        tk_csv_write_cell(page->out, list->source, false, true);
        tk_out_char(page->out, '\n');
        return;
    }
    cli_put_column(page, CLI_BOLD, list->name, LIST_NAME - 1);
    tk_out_char(page->out, ' ');
    cli_put_column(page, CLI_PLAIN, orders, LIST_NUMBER);
    cli_put_column(page, CLI_PLAIN, runs, LIST_NUMBER);
    cli_put_column(page, CLI_PLAIN, day.len == 0 ? TK_STR("never") : day, LIST_DAY);
    cli_put_wrapped(page, CLI_PLAIN, list->source, LIST_NAME + 2 * LIST_NUMBER + LIST_DAY, 2);
}

static int watch_list(watch_view *view)
{
    cli_page *page = &view->page;
    bool json = cli_format_is(view->args, "json"), csv = cli_format_is(view->args, "csv");
    if (csv) {
        tk_out_text(page->out, "watch,orders,runs,last_run,file\n");
    } else if (!json) {
        cli_put_column(page, CLI_DIM, TK_STR("WATCH"), LIST_NAME);
        cli_put_column(page, CLI_DIM, TK_STR("ORDERS"), LIST_NUMBER);
        cli_put_column(page, CLI_DIM, TK_STR("RUNS"), LIST_NUMBER);
        cli_put_column(page, CLI_DIM, TK_STR("LAST RUN"), LIST_DAY);
        cli_puts(page, CLI_DIM, "FROM\n");
    }
    for (size_t i = 0; i < view->lists_count; i++) {
        if (json)
            list_json(view, &view->lists[i]);
        else
            list_line(view, &view->lists[i], csv);
        tk_arena_reset(&page->scratch);
    }
    return CLI_EXIT_OK;
}

static const char *world_word(const tk_desk_watch_question *q)
{
    static const char *const words[] = {"law", "prevailing", "strict", "open"};
    return q->world == TK_WORLD_CHOSEN ? q->world_name.ptr : words[q->world];
}

static void show_question(watch_view *view, const tk_desk_watch_list *list, const tk_desk_watch_question *q)
{
    tk_arena *arena = &view->arena;
    tk_str text = tk_arena_printf(arena, "%" PRIu64 " order%s from " TK_FMT ", as of " TK_FMT ", law %s, world %s",
                                  list->orders, list->orders == 1 ? "" : "s", TK_ARG_STR(list->source),
                                  TK_ARG_STR(q->as_of_given ? day_text(arena, q->as_of)
                                                            : TK_STR("the order's day, else today")),
                                  q->law == TK_LAW_TEXT ? "text" : "enforced", world_word(q));
    if (q->claims_count != 0)
        text = tk_arena_printf(arena, TK_FMT ", believing " TK_FMT, TK_ARG_STR(text),
                               TK_ARG_STR(cli_joined(arena, q->claims, q->claims_count, ", ")));
    for (size_t i = 0; i < q->facts_count; i++)
        text = tk_arena_printf(arena, TK_FMT ", " TK_FMT "=" TK_FMT, TK_ARG_STR(text), TK_ARG_STR(q->facts[i].name),
                               TK_ARG_STR(q->facts[i].value));
    tk_str head = tk_arena_printf(arena, TK_FMT ": ", TK_ARG_STR(list->name));
    cli_put(&view->page, CLI_BOLD, head);
    cli_put_wrapped(&view->page, CLI_PLAIN, text, head.len, 2);
    if (list->runs == 0)
        cli_puts(&view->page, CLI_DIM, "never run\n");
}

static tk_status show_json(watch_view *view, const tk_desk_watch_list *list, const tk_desk_watch_order *order)
{
    tk_json json;
    tk_status status = TK_OK;
    tk_json_begin(&json, view->page.out);
    tk_json_open(&json, '{');
    tk_json_key(&json, "watch");
    tk_json_str(&json, list->name);
    tk_json_key(&json, "order");
    tk_json_int(&json, order->number);
    tk_json_key(&json, "cells");
    tk_json_raw(&json, order->cells);
    tk_json_key(&json, "answer");
    if (order->answer.len == 0)
        tk_json_null(&json);
    else
        tk_json_raw(&json, order->answer);
    tk_json_key(&json, "last_change");
    if (order->change == NULL) {
        tk_json_null(&json);
    } else {
        tk_json_open(&json, '{');
        status = watch_change_json(view, &json, order->change);
        tk_json_close(&json, '}');
    }
    tk_json_close(&json, '}');
    tk_out_char(view->page.out, '\n');
    return status;
}

static void show_csv(watch_view *view, const tk_desk_watch_order *order)
{
    tk_out *out = view->page.out;
    tk_out_printf(out, "%lld", (long long)order->number);
    tk_csv_write_cell(out, order->id, false, true);
    tk_csv_write_cell(out, order->verdict, false, true);
    tk_csv_write_cell(out, order->change == NULL ? TK_STR("") : order->change->before, false, true);
    tk_out_char(out, '\n');
}

static void show_line(watch_view *view, const tk_desk_watch_order *order)
{
    tk_str name = watch_order_name(&view->page.scratch, order);
    cli_puts(&view->page, CLI_PLAIN, "  ");
    cli_put_column(&view->page, CLI_BOLD, name, LIST_NAME - 3);
    tk_out_char(view->page.out, ' ');
    cli_put(&view->page, CLI_PLAIN, order->verdict.len == 0 ? TK_STR("-") : order->verdict);
    tk_out_char(view->page.out, '\n');
    tk_arena_reset(&view->page.scratch);
}

/* The last change of each order, as its run said it. */
static tk_status show_changes(watch_view *view, const tk_desk_watch_list *list, const tk_desk_watch_shown *shown)
{
    size_t count = 0;
    tk_desk_watch_order *changed = TK_ARENA_ARRAY(&view->arena, tk_desk_watch_order, shown->orders_count);
    for (size_t i = 0; changed != NULL && i < shown->orders_count; i++)
        if (shown->orders[i].change != NULL)
            changed[count++] = shown->orders[i];
    if (count == 0)
        return TK_OK;
    cli_puts(&view->page, CLI_BOLD, "last changes\n");
    return watch_write_changes(view, list, changed, count);
}

static int watch_show(watch_view *view)
{
    tk_desk_watch_shown shown;
    bool json = cli_format_is(view->args, "json"), csv = cli_format_is(view->args, "csv");
    const tk_desk_watch_list *list = list_named(view, view->args->positional[1]);
    if (list == NULL)
        return CLI_EXIT_USAGE;
    tk_status status = tk_desk_watch_show(view->store, list, json, &view->arena, &shown, &view->err);
    if (status != TK_OK)
        return watch_failed(view, status);
    if (csv)
        tk_out_text(view->page.out, "order,id,verdict,before\n");
    else if (!json)
        show_question(view, list, &shown.question);
    for (size_t i = 0; status == TK_OK && i < shown.orders_count; i++) {
        if (json)
            status = show_json(view, list, &shown.orders[i]);
        else if (csv)
            show_csv(view, &shown.orders[i]);
        else
            show_line(view, &shown.orders[i]);
    }
    if (status == TK_OK && !json && !csv)
        status = show_changes(view, list, &shown);
    return watch_failed(view, status);
}

static int watch_remove(watch_view *view)
{
    bool removed = false;
    const tk_desk_watch_list *list = list_named(view, view->args->positional[1]);
    if (list == NULL)
        return CLI_EXIT_USAGE;
    tk_status status = tk_desk_watch_remove(view->store, list->name, &removed, &view->err);
    if (status != TK_OK)
        return watch_failed(view, status);
    (void)printf(TK_FMT ": %s\n", TK_ARG_STR(list->name), removed ? "removed" : "was removed meanwhile");
    return CLI_EXIT_OK;
}

/* --- opening --- */

typedef struct watch_sub {
    const char *name, *first, *second; /* what its arguments are; NULL: takes none */
    bool many, desk, writes;           /* any number of the first; opens the desk; has no output file */
    cli_bits flags;
    int (*body)(watch_view *view);
} watch_sub;

#define FLAGS_QUESTION                                                                                               \
    (CLI_BIT(AS_OF) | CLI_BIT(LAW) | CLI_BIT(WORLD) | CLI_BIT(ALLOW_CONTRADICTION) | CLI_BIT(IGNORE_UNKNOWN))
#define FLAGS_OUT (CLI_BIT(FORMAT) | CLI_BIT(OUT) | CLI_BIT(FORCE))
static const watch_sub subs[] = {
    {"add", "name", "file, or - for standard input", false, true, true,
     FLAGS_QUESTION | CLI_BITS_DATA | CLI_BIT(FORCE), watch_add},
    {"run", "name", NULL, true, true, false, FLAGS_OUT | CLI_BITS_DATA | CLI_BIT(CHECK) | CLI_BIT(AS_OF), watch_run},
    {"list", NULL, NULL, false, false, false, FLAGS_OUT, watch_list},
    {"show", "name", NULL, false, false, false, FLAGS_OUT, watch_show},
    {"remove", "name", NULL, false, false, true, 0, watch_remove},
};

static bool sub_takes(const watch_sub *sub, const cli_args *args)
{
    const char *wanted[] = {sub->many ? NULL : sub->first, sub->second};
    size_t most = 1;
    for (size_t i = 0; i < TK_COUNT(wanted); i++) {
        most += wanted[i] != NULL ? 1 : 0;
        if (wanted[i] != NULL && args->positional_count < most) {
            cli_complain("watch %s: which %s?", sub->name, wanted[i]);
            return false;
        }
    }
    if (!sub->many && most < args->positional_count) {
        cli_complain("watch %s: '%s' is one argument too many", sub->name, args->positional[most]);
        return false;
    }
    for (size_t i = 0; i < CLI_FLAG_COUNT; i++)
        if (args->values[i] != NULL
            && ((CLI_BITS_ALWAYS | CLI_BITS_BOOK | sub->flags) & cli_bit(i)) == 0) {
            cli_complain("--%s does not go with 'watch %s'", cli_flag_infos[i].name, sub->name);
            return false;
        }
    if ((args->facts_count != 0 || args->believe_count != 0) && sub->body != watch_add) {
        cli_complain("--%s goes with 'watch add'", args->facts_count != 0 ? "fact" : "believe");
        return false;
    }
    return true;
}

/* The desk must know the claims that any of the lists believes. */
static int watch_desk(watch_view *view)
{
    size_t count = 0;
    for (size_t i = 0; i < view->lists_count; i++)
        count += view->lists[i].claims_count;
    tk_str *ids = TK_ARENA_ARRAY(&view->arena, tk_str, count);
    if (ids == NULL)
        return watch_failed(view, tk_err_set(&view->err, TK_ERR_MEMORY, "out of memory for the lists"));
    count = 0;
    for (size_t i = 0; i < view->lists_count; i++)
        for (size_t k = 0; k < view->lists[i].claims_count; k++)
            ids[count++] = view->lists[i].claims[k];
    return cli_desk_open_believing(view->args, ids, count, &view->desk);
}

static int view_open(watch_view *view, const watch_sub *sub)
{
    tk_store_options options;
    int code = cli_book_options(view->args, &view->arena, &options);
    if (code != CLI_EXIT_OK)
        return code;
    options.create = true;
    tk_claims_texts texts = tk_desk_claims_texts();
    tk_status status = tk_store_open(&options, &view->store, &view->err);
    if (status == TK_OK)
        status = tk_claims_open(view->store, &texts, &view->claims, NULL, &view->err);
    if (status == TK_OK)
        status = tk_desk_watch_lists(view->store, &view->arena, &view->lists, &view->lists_count, &view->err);
    if (status != TK_OK)
        return watch_failed(view, status);
    if (sub->desk)
        code = watch_desk(view);
    if (sub->desk && code == CLI_EXIT_OK)
        code = watch_failed(view, tk_clerk_new(view->desk, &view->clerk, &view->err));
    return code;
}

/* What changed is kept before it is written, so a page that is not put in place can be asked for with show. */
static int view_body(watch_view *view, const watch_sub *sub)
{
    if (sub->writes)
        return sub->body(view);
    int code = cli_sink_open(&view->sink, view->args);
    if (code != CLI_EXIT_OK)
        return code;
    cli_page_init(&view->page, &view->sink, view->args);
    code = sub->body(view);
    cli_page_fini(&view->page);
    int closed = cli_sink_close(&view->sink, code != CLI_EXIT_FAILURE);
    return closed != CLI_EXIT_OK ? closed : code;
}

int cli_watch(const cli_verb *verb, const cli_args *args)
{
    if (args->positional_count == 0) {
        cli_complain("watch: do what? Expected one of %s", verb->subs);
        return CLI_EXIT_USAGE;
    }
    const watch_sub *sub = &subs[0];
    for (size_t i = 0; i < TK_COUNT(subs); i++)
        if (strcmp(args->positional[0], subs[i].name) == 0)
            sub = &subs[i];
    if (!sub_takes(sub, args))
        return CLI_EXIT_USAGE;
    watch_view view = {.args = args};
    tk_arena_init(&view.arena, (size_t)64 * 1024, 0);
    int code = view_open(&view, sub);
    if (code == CLI_EXIT_OK)
        code = view_body(&view, sub);
    tk_clerk_free(view.clerk);
    tk_desk_close(view.desk);
    tk_claims_close(view.claims);
    tk_store_close(view.store);
    tk_arena_fini(&view.arena);
    return code;
}
