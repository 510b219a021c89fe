/* SPDX-License-Identifier: Apache-2.0 */
/* explain.c: the whole derivation of one decision: per key and question, every rule that stands, was defeated, may
 * stand, or does not apply, each comparison with value, threshold and margin, and the citations. Rules that do not
 * count on the day are listed last, with the reason. */
#include <stdlib.h>
#include <string.h>

#include "cli/orders.h"
#include "cli/present.h"

static const char *fate_words(tk_rule_fate fate)
{
    switch (fate) {
    case TK_FATE_STANDS:
        return "stands";
    case TK_FATE_MAY_STAND:
        return "may stand";
    case TK_FATE_DEFEATED:
        return "defeated";
    case TK_FATE_NOT_APPLIES:
        return "does not apply";
    case TK_FATE_FAILED:
        return "failed";
    case TK_FATE_NOT_COUNTED:
        break;
    }
    return "does not count";
}

static cli_paint fate_paint(tk_rule_fate fate)
{
    switch (fate) {
    case TK_FATE_STANDS:
        return CLI_GREEN;
    case TK_FATE_MAY_STAND:
        return CLI_MAGENTA;
    case TK_FATE_DEFEATED:
    case TK_FATE_FAILED:
        return CLI_YELLOW;
    case TK_FATE_NOT_APPLIES:
    case TK_FATE_NOT_COUNTED:
        break;
    }
    return CLI_DIM;
}

static void explain_trace(cli_page *page, const tk_rulebook *book, const tk_rule_trace *trace)
{
    tk_arena *arena = &page->scratch;
    tk_rule_info rule = tk_rulebook_rule(book, trace->rule);
    cli_puts(page, CLI_PLAIN, "    ");
    cli_put(page, CLI_BOLD, rule.name);
    tk_str head = rule.answer.len == 0 ? TK_STR("")
                                       : tk_arena_printf(arena, " (" TK_FMT ")", TK_ARG_STR(rule.answer));
    cli_put(page, CLI_PLAIN, head);
    cli_puts(page, CLI_PLAIN, "  ");
    cli_puts(page, fate_paint(trace->fate), fate_words(trace->fate));
    if (trace->why.len != 0) {
        size_t at = 4 + rule.name.len + head.len + 2 + strlen(fate_words(trace->fate)) + 2;
        cli_puts(page, CLI_PLAIN, ": ");
        cli_put_wrapped(page, CLI_DIM, trace->why, at, 8);
    } else {
        tk_out_char(page->out, '\n');
    }
    if (rule.title.len != 0) {
        cli_puts(page, CLI_PLAIN, "      ");
        cli_put_wrapped(page, CLI_PLAIN, rule.title, 6, 6);
    }
    for (size_t i = 0; i < trace->because_count; i++)
        cli_present_because(page, book, trace->regime, &trace->because[i], 6);
    if (rule.cites_count != 0) {
        cli_puts(page, CLI_PLAIN, "      ");
        cli_put_wrapped(page, CLI_DIM, cli_joined(arena, rule.cites, rule.cites_count, "; "), 6, 8);
    }
}

/* Rules in the order of their fate: what stands comes first. */
static void explain_question(cli_page *page, const tk_rulebook *book, const tk_rule_trace *traces, size_t count,
                             tk_str regime, tk_str question)
{
    static const tk_rule_fate shown[] = {TK_FATE_STANDS, TK_FATE_MAY_STAND, TK_FATE_FAILED, TK_FATE_DEFEATED,
                                         TK_FATE_NOT_APPLIES};
    bool headed = false;
    for (size_t fate = 0; fate < TK_COUNT(shown); fate++) {
        for (size_t i = 0; i < count; i++) {
            const tk_rule_trace *trace = &traces[i];
            tk_rule_info rule = tk_rulebook_rule(book, trace->rule);
            if (trace->fate != shown[fate] || !tk_str_eq(trace->regime, regime)
                || !tk_str_eq(rule.question, question))
                continue;
            if (!headed) {
                tk_out_char(page->out, '\n');
                cli_puts(page, CLI_PLAIN, "  rules of ");
                cli_put(page, CLI_BOLD, question.len == 0 ? TK_STR("(exceptions and duties)") : question);
                tk_out_char(page->out, '\n');
                headed = true;
            }
            explain_trace(page, book, trace);
        }
    }
}

static bool trace_left_out(const tk_rule_trace *trace, tk_str regime)
{
    return tk_str_eq(trace->regime, regime) && trace->fate == TK_FATE_NOT_COUNTED;
}

/* Rules that do not count on the day, gathered by why: a later law has dozens of them with the same reason. */
static void explain_left_out(cli_page *page, const tk_rulebook *book, const tk_key_decision *key,
                             const tk_rule_trace *traces, size_t count)
{
    tk_arena *arena = &page->scratch;
    tk_str *names = TK_ARENA_ARRAY(arena, tk_str, count);
    size_t left = 0;
    for (size_t i = 0; i < count; i++)
        left += trace_left_out(&traces[i], key->regime) ? 1 : 0;
    if (left == 0 || names == NULL)
        return;
    tk_out_char(page->out, '\n');
    cli_puts(page, CLI_PLAIN, "  ");
    cli_put(page, CLI_DIM, tk_arena_printf(arena, "%zu rules do not count on this day:", left));
    tk_out_char(page->out, '\n');
    for (size_t i = 0; i < count; i++) {
        if (!trace_left_out(&traces[i], key->regime))
            continue;
        size_t same = 0;
        bool said = false;
        for (size_t j = 0; j < count && !said; j++) {
            if (!trace_left_out(&traces[j], key->regime) || !tk_str_eq(traces[j].why, traces[i].why))
                continue;
            said = j < i; /* with the first of them */
            names[same++] = tk_rulebook_rule(book, traces[j].rule).name;
        }
        if (said)
            continue;
        cli_puts(page, CLI_PLAIN, "    ");
        cli_put_wrapped(page, CLI_PLAIN, traces[i].why, 4, 4);
        cli_puts(page, CLI_PLAIN, "      ");
        cli_put_wrapped(page, CLI_DIM, cli_joined(arena, names, same, ", "), 6, 6);
    }
}

static void explain_key(cli_page *page, const tk_rulebook *book, const tk_key_decision *key, tk_law law,
                        const tk_rule_trace *traces, size_t count)
{
    cli_present_key(page, book, key, law, false);
    for (size_t i = 0; i < key->answers_count; i++)
        explain_question(page, book, traces, count, key->regime, key->answers[i].question);
    explain_question(page, book, traces, count, key->regime, TK_STR(""));
    explain_left_out(page, book, key, traces, count);
}

/* Copies the order read last; the reader keeps it only until it reads the next. */
static void explain_keep(tk_arena *keep, const cli_orders *orders, tk_transaction *order)
{
    for (size_t i = 0; i < TK_COLUMN_COUNT; i++)
        order->cells[i] = orders->order.cells[i].ptr == NULL ? orders->order.cells[i]
                                                             : tk_arena_copy(keep, orders->order.cells[i]);
}

/* Without an id: the one order of the file. Of several none is the one meant. */
static int explain_read_only(tk_arena *keep, cli_orders *orders, tk_transaction *order)
{
    enum { SHOWN = 5 };
    cli_orders first = {0};
    tk_str names = TK_STR("");
    size_t count = 0;
    cli_next next;
    while (count <= SHOWN && (next = cli_orders_next(orders)) != CLI_NEXT_END) {
        if (next == CLI_NEXT_FAILURE)
            return CLI_EXIT_FAILURE;
        if (next == CLI_NEXT_BAD)
            continue;
        tk_str id = tk_str_trim(orders->order.cells[TK_COLUMN_ID]);
        const char *between = count == 0 ? "" : ", ";
        if (count == 0) {
            explain_keep(keep, orders, order);
            first = *orders;
        }
        if (count == SHOWN)
            names = tk_arena_printf(keep, TK_FMT ", …", TK_ARG_STR(names));
        else if (id.len == 0)
            names = tk_arena_printf(keep, TK_FMT "%s(line %llu, no id)", TK_ARG_STR(names), between,
                                    (unsigned long long)orders->line);
        else
            names = tk_arena_printf(keep, TK_FMT "%s" TK_FMT, TK_ARG_STR(names), between,
                                    TK_ARG_STR(tk_text_prefix(id, TK_ID_BYTES_MAX)));
        count++;
    }
    if (keep->failed) {
        cli_complain("out of memory");
        return CLI_EXIT_FAILURE;
    }
    if (count == 1) { /* messages about it name its place, not that of the end of the file */
        orders->line = first.line;
        memcpy(orders->cell_columns, first.cell_columns, sizeof(orders->cell_columns));
        return CLI_EXIT_OK;
    }
    if (count == 0)
        cli_complain("%s: holds no order", orders->name);
    else
        cli_complain("%s: holds several orders (" TK_FMT "); --id chooses one", orders->name, TK_ARG_STR(names));
    return CLI_EXIT_USAGE;
}

/* The order: by flags, or the one with the given id of a file (the only one when the file holds one). */
static int explain_read(const cli_args *args, tk_arena *keep, cli_orders *orders, tk_transaction *order)
{
    *order = (tk_transaction){0};
    memcpy(order->cells, args->cells, sizeof(order->cells));
    if (args->positional_count == 0)
        return CLI_EXIT_OK;
    tk_str wanted = tk_str_trim(args->cells[TK_COLUMN_ID]);
    int code = cli_orders_open(orders, args->positional[0], args->values[CLI_FLAG_IGNORE_UNKNOWN] != NULL);
    if (code != CLI_EXIT_OK)
        return code;
    if (wanted.len == 0)
        return explain_read_only(keep, orders, order);
    tk_nearest near = tk_nearest_make(wanted);
    char nearest[TK_ID_BYTES_MAX + 1] = "";
    for (;;) {
        cli_next next = cli_orders_next(orders);
        if (next == CLI_NEXT_BAD)
            continue;
        if (next == CLI_NEXT_FAILURE)
            return CLI_EXIT_FAILURE;
        if (next == CLI_NEXT_END)
            break;
        tk_str id = tk_str_trim(orders->order.cells[TK_COLUMN_ID]);
        if (tk_str_eq(id, wanted)) {
            explain_keep(keep, orders, order);
            return CLI_EXIT_OK;
        }
        unsigned before = near.distance;
        tk_nearest_offer(&near, id);
        if (near.distance != before && id.len < sizeof(nearest)) {
            memcpy(nearest, id.ptr, id.len);
            nearest[id.len] = 0;
            near.best = tk_str_from(nearest); /* the row's text goes away with the row */
        }
    }
    char hint[CLI_HINT_MAX];
    cli_complain("%s: no order has the id '" TK_FMT "'%s", orders->name, TK_ARG_STR(wanted),
                 cli_hint(tk_str_from(nearest), hint));
    return CLI_EXIT_USAGE;
}

int cli_explain(const cli_verb *verb, const cli_args *args)
{
    (void)verb;
    if (1 < args->positional_count) {
        cli_complain("explain takes one file; '%s' is one too many", args->positional[1]);
        return CLI_EXIT_USAGE;
    }
    if (args->positional_count == 0 && !args->order_given && args->facts_count == 0) {
        cli_complain("explain what? Give an order by flags (twokey explain --item h200-sxm --from US --to CN "
                     "--activity export --end-user bytedance), or a file and --id of one of its orders");
        return CLI_EXIT_USAGE;
    }
    for (size_t i = 0; args->positional_count != 0 && i < TK_COLUMN_COUNT; i++)
        if (args->cells[i].ptr != NULL && i != TK_COLUMN_ID) {
            cli_complain("explain takes a file or an order by flags, not both; of a file, --id chooses the order");
            return CLI_EXIT_USAGE;
        }
    tk_desk *desk = NULL;
    tk_clerk *clerk = NULL;
    cli_question *question = calloc(1, sizeof(*question));
    cli_orders *orders = calloc(1, sizeof(*orders));
    cli_sink sink = {0};
    cli_page page = {0};
    tk_err err = {0};
    tk_arena keep;
    tk_arena_init(&keep, (size_t)16 * 1024, 0);
    int code = CLI_EXIT_FAILURE;
    if (question == NULL || orders == NULL) {
        cli_complain("out of memory");
        goto out;
    }
    code = cli_desk_open(args, true, &desk, NULL);
    if (code != CLI_EXIT_OK)
        goto out;
    code = cli_question_read(args, desk, question);
    if (code != CLI_EXIT_OK)
        goto out;
    tk_transaction order;
    code = explain_read(args, &keep, orders, &order);
    if (code != CLI_EXIT_OK)
        goto out;
    order.facts = args->facts;
    order.facts_count = args->facts_count;
    question->ask.range = true;
    question->ask.flags = TK_DECIDE_COMPARE | TK_DECIDE_WOULD_CHANGE | TK_DECIDE_EXPLAIN;
    tk_desk_result result = {.column = TK_COLUMN_COUNT};
    tk_status status = tk_clerk_new(desk, &clerk, &err);
    if (status == TK_OK)
        status = tk_clerk_decide(clerk, &order, &question->ask, &result, &err);
    if (status != TK_OK) {
        if (args->positional_count != 0 && result.column < TK_COLUMN_COUNT)
            cli_orders_complain(orders, result.column, err.message);
        else
            cli_complain_err(&err);
        code = cli_exit_of(status);
        goto out;
    }
    code = cli_sink_open(&sink, args);
    if (code != CLI_EXIT_OK)
        goto out;
    cli_page_init(&page, &sink, args);
    const tk_rulebook *book = tk_desk_rulebook(desk);
    size_t count = 0;
    const tk_rule_trace *traces = tk_decider_traces(tk_clerk_decider(clerk), &count);
    cli_present_head(&page, book, &order, question, &result);
    for (size_t i = 0; i < result.decision->keys_count; i++)
        explain_key(&page, book, &result.decision->keys[i], question->ask.law, traces, count);
    cli_present_screening(&page, result.screening);
    cli_present_world(&page, result.world, cli_is_opposed(book, question, result.known_at));
    cli_present_changes(&page, result.decision);
    cli_page_fini(&page);
    code = cli_sink_close(&sink, true);
    if (code == CLI_EXIT_OK)
        code = tk_verdict_exit_code(result.verdict);
out:
    if (orders != NULL && args->positional_count != 0 && orders->name != NULL)
        cli_orders_close(orders);
    tk_clerk_free(clerk);
    tk_desk_close(desk);
    tk_arena_fini(&keep);
    free(orders);
    free(question);
    return code;
}
