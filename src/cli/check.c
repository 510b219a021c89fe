/* SPDX-License-Identifier: Apache-2.0 */
/* check.c: may it move? One order by flags, or a file of them.
 *
 * A file is read one order at a time and answered at once. A row that is wrong gets one message and no answer; the
 * rest goes on, and the last line on standard error says read = accepted + rejected.
 */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli/orders.h"
#include "cli/present.h"

typedef enum check_format {
    FORMAT_TEXT,
    FORMAT_JSON,
    FORMAT_CSV
} check_format;

enum { NOTES_MAX = 16, NAMES_SEEN = 4096, NAMES_LOOKED_AT_MAX = 2000 };

typedef struct check_run {
    tk_desk *desk;
    const tk_rulebook *book;
    tk_clerk *clerk;
    cli_question question;
    cli_sink sink;
    cli_page page;
    check_format format;
    uint64_t accepted, rejected;
    uint64_t verdicts[TK_VERDICT_COUNT];
    int worst; /* highest exit code of a row */
    uint64_t names[NAMES_SEEN]; /* hashes of names that were looked at, each in its place */
    size_t names_count, notes_count;
    tk_date known_at;           /* of all rows; likewise the next two */
    int64_t recorded;
    char world[CLI_WORLD_NAME_MAX];
} check_run;

/* --- CSV --- */

static void csv_header(check_run *run)
{
    tk_out *out = &run->sink.out;
    tk_out_text(out, "id,verdict");
    for (size_t i = 0; i < tk_rulebook_regime_count(run->book); i++)
        tk_csv_write_cell(out, tk_rulebook_regime(run->book, i).id, false, true);
    tk_out_text(out, ",reason,missing,conditions_open,as_of,known_at\n");
}

static void csv_row(check_run *run, const tk_desk_result *result)
{
    tk_out *out = &run->sink.out;
    tk_arena *arena = &run->page.scratch;
    const tk_decision *decision = result->decision;
    tk_csv_write_cell(out, result->id, true, true);
    tk_csv_write_cell(out, tk_verdict_overall_name(result->verdict), false, true);
    for (size_t i = 0; i < tk_rulebook_regime_count(run->book); i++) {
        tk_str verdict = TK_STR("");
        for (size_t j = 0; j < decision->keys_count; j++)
            if (tk_str_eq(decision->keys[j].regime, tk_rulebook_regime(run->book, i).id))
                verdict = tk_verdict_name(decision->keys[j].verdict);
        tk_csv_write_cell(out, verdict, false, true);
    }
    char day[TK_DATE_TEXT_MAX];
    tk_csv_write_cell(out, cli_reason(arena, run->book, result), false, true);
    tk_csv_write_cell(out, cli_missing(arena, decision, ";"), false, true);
    tk_csv_write_cell(out, cli_conditions_open(arena, decision, ";"), false, true);
    tk_csv_write_cell(out, (tk_str){day, tk_date_format(result->as_of, day)}, false, false);
    tk_csv_write_cell(out, (tk_str){day, tk_date_format(result->known_at, day)}, false, false);
    tk_out_char(out, '\n');
}

/* --- text for a file: a table of two to four lines an order --- */

enum { KEY_COLUMNS = 14, VERDICT_COLUMNS = 20, ID_COLUMNS_MIN = 12, REGIMES_SHOWN_MAX = 3 };

static size_t table_regimes(const check_run *run)
{
    size_t count = tk_rulebook_regime_count(run->book);
    return count < REGIMES_SHOWN_MAX ? count : REGIMES_SHOWN_MAX;
}

static size_t table_id_columns(const check_run *run)
{
    size_t used = VERDICT_COLUMNS + table_regimes(run) * KEY_COLUMNS;
    return CLI_COLUMNS < used + ID_COLUMNS_MIN ? ID_COLUMNS_MIN : CLI_COLUMNS - used;
}

static void table_upper(cli_page *page, tk_str text, const char *more, size_t columns)
{
    char upper[40];
    size_t len = 0;
    for (; len < text.len && len < sizeof(upper) - 1; len++) {
        char c = text.ptr[len];
        upper[len] = 'a' <= c && c <= 'z' ? (char)(c - ('a' - 'A')) : c;
    }
    tk_str shown = tk_arena_printf(&page->scratch, TK_FMT "%s", (int)len, upper, more);
    cli_put_column(page, CLI_DIM, shown, columns);
}

static void table_header(check_run *run)
{
    cli_page *page = &run->page;
    cli_put_column(page, CLI_DIM, TK_STR("ORDER"), table_id_columns(run));
    for (size_t i = 0; i < table_regimes(run); i++)
        table_upper(page, tk_rulebook_regime(run->book, i).id, " KEY", KEY_COLUMNS);
    cli_puts(page, CLI_DIM, "TOGETHER\n");
}

static void table_what(check_run *run, const tk_transaction *order, const tk_desk_result *result)
{
    cli_page *page = &run->page;
    tk_arena *arena = &page->scratch;
    tk_str parts[8];
    size_t count = 0;
    tk_str item = result->item.len != 0 ? result->item : TK_STR("hypothetical item");
    tk_str quantity = cli_grouped(arena, tk_str_trim(order->cells[TK_COLUMN_QUANTITY]));
    parts[count++] = quantity.len == 0
                         ? item
                         : tk_arena_printf(arena, TK_FMT " x " TK_FMT, TK_ARG_STR(quantity), TK_ARG_STR(item));
    tk_str from = cli_place(arena, order->cells[TK_COLUMN_FROM]), to = cli_place(arena, order->cells[TK_COLUMN_TO]);
    if (from.len != 0 || to.len != 0) {
        tk_str activity = tk_str_trim(order->cells[TK_COLUMN_ACTIVITY]);
        parts[count++] = tk_arena_printf(arena, TK_FMT " to " TK_FMT "%s" TK_FMT, TK_ARG_STR(from), TK_ARG_STR(to),
                                         activity.len == 0 ? "" : " ", TK_ARG_STR(activity));
    }
    static const tk_column buyers[] = {TK_COLUMN_END_USER, TK_COLUMN_ULTIMATE_CONSIGNEE, TK_COLUMN_PURCHASER};
    for (size_t i = 0; i < TK_COUNT(buyers); i++) {
        tk_str buyer = tk_str_trim(order->cells[buyers[i]]);
        if (buyer.len == 0 || tk_str_is(buyer, "none"))
            continue;
        parts[count++] = buyer;
        break;
    }
    char day[TK_DATE_TEXT_MAX];
    parts[count++] = (tk_str){day, tk_date_format(result->as_of, day)};
    cli_puts(page, CLI_PLAIN, "  ");
    cli_put_wrapped(page, CLI_DIM, cli_joined(arena, parts, count, ", "), 2, 2);
}

static void table_list(check_run *run, const char *label, tk_str text, cli_paint paint)
{
    if (text.len == 0)
        return;
    cli_page *page = &run->page;
    cli_puts(page, CLI_PLAIN, "  ");
    cli_puts(page, paint, label);
    cli_puts(page, CLI_PLAIN, " ");
    size_t at = 3 + strlen(label);
    cli_put_wrapped(page, CLI_PLAIN, text, at, at);
}

/* Only where reports matter: what is believed, and between what verdicts the worlds lie. */
static void table_world(check_run *run, const tk_world_view *world, bool opposed)
{
    tk_arena *arena = &run->page.scratch;
    for (size_t i = 0; i < world->facts_count; i++)
        table_list(run, "believed:",
                   tk_arena_printf(arena, TK_FMT " = " TK_FMT "%s (" TK_FMT ")", TK_ARG_STR(world->facts[i].fact),
                                   TK_ARG_STR(world->facts[i].value), world->facts[i].stale ? ", too long ago" : "",
                                   TK_ARG_STR(cli_joined(arena, world->facts[i].claims, world->facts[i].claims_count,
                                                         ", "))),
                   CLI_DIM);
    for (size_t i = 0; i < world->ranges_count; i++) {
        const tk_world_range *range = &world->ranges[i];
        if (!range->bound && range->worst.verdict == range->best.verdict && range->law == range->best.verdict)
            continue;
        tk_str label = tk_arena_printf(arena, TK_FMT " worlds:", TK_ARG_STR(range->regime));
        table_list(run, label.ptr, cli_range_text(arena, range, opposed), CLI_DIM);
    }
}

static void table_row(check_run *run, const tk_transaction *order, const tk_desk_result *result)
{
    cli_page *page = &run->page;
    tk_arena *arena = &page->scratch;
    const tk_decision *decision = result->decision;
    tk_out_char(page->out, '\n');
    cli_put_column(page, CLI_BOLD, result->id.len == 0 ? TK_STR("-") : result->id, table_id_columns(run) - 1);
    tk_out_char(page->out, ' ');
    for (size_t i = 0; i < table_regimes(run); i++) {
        const tk_key_decision *key = NULL;
        for (size_t j = 0; j < decision->keys_count; j++)
            if (tk_str_eq(decision->keys[j].regime, tk_rulebook_regime(run->book, i).id))
                key = &decision->keys[j];
        cli_put_column(page, key == NULL ? CLI_DIM : cli_verdict_paint(key->verdict),
                       key == NULL ? TK_STR("-") : tk_verdict_name(key->verdict), KEY_COLUMNS);
    }
    cli_put(page, result->touched ? cli_verdict_paint(result->verdict) : CLI_MAGENTA,
            tk_verdict_overall_name(result->verdict));
    tk_out_char(page->out, '\n');
    table_what(run, order, result);
    cli_puts(page, CLI_PLAIN, "  ");
    cli_put_wrapped(page, CLI_PLAIN, cli_reason(arena, run->book, result), 2, 2);
    table_list(run, "missing:", cli_missing_columns(arena, decision), CLI_MAGENTA);
    table_list(run, "to show:", cli_conditions_open(arena, decision, ", "), CLI_YELLOW);
    table_list(run, "lists:", cli_screening_text(arena, result->screening), CLI_MAGENTA);
    table_world(run, result->world, cli_is_opposed(run->book, &run->question, result->known_at));
}

/* The order book that a newcomer runs first; nobody else needs to be told what to try. */
static bool table_is_example(const char *path)
{
    static const char example[] = "examples/h200-2026/orders.csv";
    size_t len = strlen(path);
    return sizeof(example) - 1 <= len && strcmp(path + len - (sizeof(example) - 1), example) == 0;
}

static void table_try_next(cli_page *page, const char *path)
{
    cli_puts(page, CLI_DIM, "\ntry next\n");
    /* A long path would leave the page; the reader knows which file was meant. */
    cli_puts(page, CLI_PLAIN, "  twokey check ");
    cli_put(page, CLI_PLAIN, strlen(path) <= 40 ? tk_str_from(path) : TK_STR("orders.csv"));
    cli_puts(page, CLI_PLAIN,
             " --format json | head -1\n"
             "  twokey explain --item h200-sxm --from US --to CN --activity export \\\n"
             "                 --end-user-hq CN --as-of 2026-02-10\n"
             "  twokey check   --item h200-sxm --from US --to CN --activity export \\\n"
             "                 --end-user bytedance --as-of 2026-02-10 --world open\n"
             "  twokey items show h200-sxm        twokey rules list        twokey --help\n");
}

static void table_summary(check_run *run, const char *path)
{
    cli_page *page = &run->page;
    tk_arena *arena = &page->scratch;
    tk_out_char(page->out, '\n');
    tk_str text = TK_STR("");
    for (size_t i = 0; i < TK_VERDICT_COUNT; i++) {
        if (run->verdicts[i] == 0)
            continue;
        tk_str name = tk_verdict_overall_name((tk_verdict)i);
        text = tk_arena_printf(arena, TK_FMT "%s%" PRIu64 " " TK_FMT, TK_ARG_STR(text), text.len == 0 ? "" : ", ",
                               run->verdicts[i], TK_ARG_STR(name));
    }
    tk_str head = tk_arena_printf(arena, "%" PRIu64 " order%s: ", run->accepted,
                                  run->accepted == 1 ? "" : "s");
    cli_put(page, CLI_BOLD, head);
    cli_put_wrapped(page, CLI_PLAIN, text.len == 0 ? TK_STR("no answer") : text, head.len, 2);
    if (run->accepted != 0) {
        char day[TK_DATE_TEXT_MAX];
        (void)tk_date_format(run->known_at, day);
        cli_put_wrapped(page, CLI_DIM,
                        tk_arena_printf(arena, "known at %s, law %s, world %s, claims 1 to %" PRId64 TK_FMT, day,
                                        run->question.ask.law == TK_LAW_TEXT ? "text" : "enforced", run->world,
                                        run->recorded,
                                        TK_ARG_STR(cli_believing(arena, run->book, &run->question, run->known_at))),
                        0, 2);
    }
    if (table_is_example(path))
        table_try_next(page, path);
}

/* --- parties that are not on record, but nearly --- */

/* A misspelt name has no record, and so no list entry either: it would look cleaner than the party that was meant. Each
 * such name is said once, on standard error. Finding the nearest name takes its time: a file with thousands of names is
 * to be screened, and only its first ones are looked at. */
static void check_note_party(check_run *run, tk_column column, tk_str name)
{
    const tk_catalogue *catalogue = tk_desk_catalogue(run->desk);
    uint64_t hash = tk_str_hash(name);
    tk_nearest near = tk_nearest_make(name);
    if (run->names[hash % NAMES_SEEN] == hash)
        return;
    run->names[hash % NAMES_SEEN] = hash;
    run->names_count++;
    for (size_t i = 0; i < tk_catalogue_party_count(catalogue); i++) {
        const tk_party *party = tk_catalogue_party(catalogue, i);
        if (tk_str_eq_nocase(party->id, name) || tk_str_eq_nocase(party->name, name))
            return;
        tk_nearest_offer(&near, party->id);
        tk_nearest_offer(&near, party->name);
    }
    if (near.best.ptr == NULL)
        return;
    run->notes_count++;
    tk_str role = tk_column_name(column);
    cli_complain("note: " TK_FMT " '" TK_FMT "' is not on record; did you mean '" TK_FMT "'?", TK_ARG_STR(role),
                 TK_ARG_STR(name), TK_ARG_STR(near.best));
}

/* Where there are lists, a name that is no id was run against them as it stands. */
static void check_note_parties(check_run *run, const tk_transaction *order, bool screened)
{
    for (tk_column column = TK_COLUMN_SELLER; column <= TK_COLUMN_END_USER; column++) {
        tk_str name = tk_str_trim(order->cells[column]);
        if (name.len != 0 && !tk_str_is(name, "?") && !tk_str_is(name, "none")
            && !(screened && !tk_str_is_id(name)))
            check_note_party(run, column, name);
    }
}

/* --- one order --- */

static void check_count(check_run *run, const tk_desk_result *result)
{
    int code = tk_verdict_exit_code(result->verdict);
    if (run->worst < code)
        run->worst = code;
    run->accepted++;
    run->known_at = result->known_at;
    if (result->world != NULL) { /* a remembered answer is text alone */
        run->recorded = result->world->recorded;
        (void)snprintf(run->world, sizeof run->world, TK_FMT, TK_ARG_STR(result->world->name));
    }
    run->verdicts[result->verdict]++;
}

static tk_status check_order(check_run *run, const tk_transaction *order, bool single, tk_desk_result *result,
                             tk_err *err)
{
    tk_status status;
    if (run->format == FORMAT_JSON) {
        tk_str json;
        status = tk_clerk_decide_json(run->clerk, order, &run->question.ask, result, &json, err);
        if (status != TK_OK)
            return status;
        tk_out_add(&run->sink.out, json);
        tk_out_char(&run->sink.out, '\n');
    } else {
        status = tk_clerk_decide(run->clerk, order, &run->question.ask, result, err);
        if (status != TK_OK)
            return status;
        tk_arena_reset(&run->page.scratch);
        if (run->format == FORMAT_CSV) {
            csv_row(run, result);
        } else if (!single) {
            table_row(run, order, result);
        } else {
            cli_present_head(&run->page, run->book, order, &run->question, result);
            for (size_t i = 0; i < result->decision->keys_count; i++)
                cli_present_key(&run->page, run->book, &result->decision->keys[i], run->question.ask.law, true);
            cli_present_screening(&run->page, result->screening);
            cli_present_world(&run->page, result->world,
                              cli_is_opposed(run->book, &run->question, result->known_at));
            cli_present_changes(&run->page, result->decision);
        }
    }
    check_count(run, result);
    if (run->notes_count < NOTES_MAX && run->names_count < NAMES_LOOKED_AT_MAX)
        check_note_parties(run, order, result->screening != NULL);
    return TK_OK;
}

/* After a failure of writing there is no use in going on. */
static bool check_output_broken(const check_run *run)
{
    return run->sink.out.status != TK_OK;
}

static int check_file(check_run *run, const cli_args *args)
{
    cli_orders orders;
    const char *path = args->positional[0];
    int code = cli_orders_open(&orders, path, args->values[CLI_FLAG_IGNORE_UNKNOWN] != NULL);
    if (code == CLI_EXIT_OK && run->format == FORMAT_CSV)
        csv_header(run);
    if (code == CLI_EXIT_OK && run->format == FORMAT_TEXT)
        table_header(run);
    orders.order.facts = args->facts;
    orders.order.facts_count = args->facts_count;
    bool more = code == CLI_EXIT_OK;
    while (more && !check_output_broken(run)) {
        tk_desk_result result;
        tk_err err = {0};
        tk_status status = TK_OK;
        switch (cli_orders_next(&orders)) {
        case CLI_NEXT_ORDER:
            status = check_order(run, &orders.order, false, &result, &err);
            break;
        case CLI_NEXT_BAD:
            run->rejected++;
            continue;
        case CLI_NEXT_END:
            more = false;
            continue;
        case CLI_NEXT_FAILURE:
            code = CLI_EXIT_FAILURE;
            more = false;
            continue;
        }
        if (status == TK_ERR_INPUT || status == TK_ERR_LIMIT) {
            cli_orders_complain(&orders, result.column, err.message);
            run->rejected++;
        } else if (status != TK_OK) {
            cli_complain_err(&err);
            code = CLI_EXIT_FAILURE;
            more = false;
        }
    }
    if (code == CLI_EXIT_OK && run->format == FORMAT_TEXT)
        table_summary(run, path);
    cli_orders_close(&orders);
    return code;
}

static int check_flags(check_run *run, const cli_args *args)
{
    tk_transaction order = {.facts = args->facts, .facts_count = args->facts_count};
    memcpy(order.cells, args->cells, sizeof(order.cells));
    if (run->format == FORMAT_CSV)
        csv_header(run);
    tk_desk_result result;
    tk_err err = {0};
    tk_status status = check_order(run, &order, true, &result, &err);
    if (status == TK_OK)
        return CLI_EXIT_OK;
    tk_str message = tk_str_from(err.message);
    if (result.column < TK_COLUMN_COUNT) {
        /* On the command line a column is called by its flag. */
        tk_str name = tk_column_name(result.column);
        if (tk_str_starts(message, name))
            cli_complain("--%s%s", cli_order_flag(result.column), err.message + name.len);
        else
            cli_complain("--%s: %s", cli_order_flag(result.column), err.message);
    } else {
        cli_complain_err(&err);
    }
    return cli_exit_of(status);
}

static bool check_args(const cli_args *args)
{
    bool order = args->order_given || (args->facts_count != 0 && args->positional_count == 0);
    if (1 < args->positional_count) {
        cli_complain("check takes one file; '%s' is one too many", args->positional[1]);
        return false;
    }
    if (args->positional_count == 1 && args->order_given) {
        cli_complain("check takes a file or an order by flags, not both ('%s' is a file)", args->positional[0]);
        return false;
    }
    if (args->positional_count == 0 && !order) {
        cli_complain("check what? Give a file, - for standard input, or an order by flags: "
                     "twokey check --item h200-sxm --from US --to CN --activity export --end-user bytedance");
        return false;
    }
    return true;
}

int cli_check(const cli_verb *verb, const cli_args *args)
{
    (void)verb;
    if (!check_args(args))
        return CLI_EXIT_USAGE;
    check_run *run = calloc(1, sizeof(*run));
    if (run == NULL) {
        cli_complain("out of memory");
        return CLI_EXIT_FAILURE;
    }
    const char *format = args->values[CLI_FLAG_FORMAT];
    run->format = format == NULL || strcmp(format, "text") == 0
                      ? FORMAT_TEXT
                      : (strcmp(format, "csv") == 0 ? FORMAT_CSV : FORMAT_JSON);
    bool file = args->positional_count == 1;
    int code = cli_desk_open(args, true, &run->desk, NULL);
    if (code != CLI_EXIT_OK)
        goto out;
    run->book = tk_desk_rulebook(run->desk);
    code = cli_question_read(args, run->desk, &run->question);
    if (code != CLI_EXIT_OK)
        goto out;
    run->question.ask.flags = run->format == FORMAT_CSV ? 0 : TK_DECIDE_COMPARE;
    if (!file || args->values[CLI_FLAG_WOULD_CHANGE] != NULL)
        run->question.ask.flags |= TK_DECIDE_WOULD_CHANGE;
    run->question.ask.range =
        !file || run->format == FORMAT_TEXT || args->values[CLI_FLAG_RANGE] != NULL;
    const char *memo = getenv("TWOKEY_MEMO"); /* for tests: answers must not depend on it */
    run->question.ask.forget = memo != NULL && strcmp(memo, "0") == 0;
    tk_err err = {0};
    tk_status status = tk_clerk_new(run->desk, &run->clerk, &err);
    if (status != TK_OK) {
        cli_complain_err(&err);
        code = cli_exit_of(status);
        goto out;
    }
    code = cli_sink_open(&run->sink, args);
    if (code != CLI_EXIT_OK)
        goto out;
    cli_page_init(&run->page, &run->sink, args);
    code = file ? check_file(run, args) : check_flags(run, args);
    cli_page_fini(&run->page);
    int closed = cli_sink_close(&run->sink, code == CLI_EXIT_OK);
    /* Behind the answers, also where both streams are one terminal. */
    if (file && code != CLI_EXIT_USAGE)
        (void)fprintf(stderr, "twokey: read %" PRIu64 " = accepted %" PRIu64 " + rejected %" PRIu64 "\n",
                      run->accepted + run->rejected, run->accepted, run->rejected);
    if (code == CLI_EXIT_OK)
        code = closed;
    if (code == CLI_EXIT_OK)
        code = run->rejected != 0 ? CLI_EXIT_USAGE : run->worst;
out:
    tk_clerk_free(run->clerk);
    tk_desk_close(run->desk);
    free(run);
    return code;
}
