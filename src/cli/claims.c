/* SPDX-License-Identifier: Apache-2.0 */
/* claims.c: `twokey claims`: import, add, list, search, export, and opening the book. What is written about a claim is
 * its own text and what is worked out from it; up to which number claims were asked is said with every answer. */
#include "cli/claims.h"

#include <stdlib.h>
#include <string.h>

#include "base/csv.h"
#include "desk/book.h"

/* --- what the sub-verbs share --- */

int claims_failed(claims_view *view, tk_status status)
{
    if (status == TK_OK)
        return CLI_EXIT_OK;
    cli_complain_err(&view->err);
    return cli_exit_of(status);
}

tk_str claims_day(tk_arena *arena, tk_date day)
{
    char text[TK_DATE_TEXT_MAX];
    size_t len = tk_date_format(day, text);
    return tk_arena_copy(arena, (tk_str){text, len});
}

tk_str claims_sentence(tk_arena *arena, const tk_claim *claim)
{
    const tk_str *c = claim->cells;
    if (c[TK_CLAIM_SAYS].len != 0)
        return c[TK_CLAIM_SAYS];
    return tk_arena_printf(arena, TK_FMT "%s" TK_FMT ", " TK_FMT "%s" TK_FMT "%s" TK_FMT "%s" TK_FMT,
                           TK_ARG_STR(c[TK_CLAIM_ACTOR]), c[TK_CLAIM_ACTOR].len == 0 ? "" : ": ",
                           TK_ARG_STR(c[TK_CLAIM_SUBJECT]), TK_ARG_STR(c[TK_CLAIM_PREDICATE]),
                           c[TK_CLAIM_OBJECT].len == 0 ? "" : ", ", TK_ARG_STR(c[TK_CLAIM_OBJECT]),
                           c[TK_CLAIM_QUANTITY].len == 0 ? "" : ", ", TK_ARG_STR(c[TK_CLAIM_QUANTITY]),
                           c[TK_CLAIM_UNIT].len == 0 ? "" : " ", TK_ARG_STR(c[TK_CLAIM_UNIT]));
}

tk_status claims_picture(claims_view *view)
{
    return tk_claims_picture_all(view->claims, &view->at, &view->arena, &view->picture, &view->err);
}

/* With a picture as far as the claim is part of it. */
static tk_claim_grade grade_of(const claims_view *view, const tk_claim *claim)
{
    tk_claim_grade grade;
    if (view->picture != NULL && tk_claims_picture_grade(view->picture, claim->cells[TK_CLAIM_ID], &grade))
        return grade;
    return (tk_claim_grade){.source = tk_claims_source_grade(view->claims, claim)};
}

enum { LINE_ID = 10, LINE_DATE = 12, LINE_GRADE = 6 };

void claims_heading(claims_view *view)
{
    cli_put_column(&view->page, CLI_DIM, TK_STR("CLAIM"), LINE_ID);
    cli_put_column(&view->page, CLI_DIM, TK_STR("EVENT"), LINE_DATE);
    cli_put_column(&view->page, CLI_DIM, TK_STR("GRADE"), LINE_GRADE);
    cli_puts(&view->page, CLI_DIM, "SAYS\n");
}

void claims_line(claims_view *view, const tk_claim *claim)
{
    cli_page *page = &view->page;
    tk_claim_grade grade = grade_of(view, claim);
    tk_str event = claim->cells[TK_CLAIM_DATE_EVENT];
    tk_str says = claims_sentence(&page->scratch, claim);
    size_t left = CLI_COLUMNS - LINE_ID - LINE_DATE - LINE_GRADE;
    cli_put_column(page, CLI_BOLD, claim->cells[TK_CLAIM_ID], LINE_ID - 1);
    tk_out_char(page->out, ' ');
    cli_put_column(page, CLI_PLAIN, event.len == 0 ? claim->cells[TK_CLAIM_DATE_REPORTED] : event, LINE_DATE);
    cli_put_column(page, CLI_CYAN, claims_grade(&page->scratch, &grade), LINE_GRADE);
    if (left < tk_text_width(tk_text_visible(&page->scratch, says)))
        cli_put_column(page, CLI_PLAIN, says, left);
    else
        cli_put(page, CLI_PLAIN, says);
    tk_out_char(page->out, '\n');
    tk_arena_reset(&page->scratch);
}

void claims_json(claims_view *view, const tk_claim *claim)
{
    tk_json json;
    tk_claim_grade grade = grade_of(view, claim);
    tk_json_begin(&json, view->page.out);
    tk_json_open(&json, '{');
    for (size_t i = 0; i < TK_CLAIM_COLUMN_COUNT; i++) {
        tk_json_key(&json, tk_claim_column_name((tk_claim_column)i));
        tk_json_str(&json, claim->cells[i]);
    }
    tk_json_key(&json, "published");
    tk_json_str(&json, claims_day(&view->page.scratch, claim->published));
    tk_json_key(&json, "recorded");
    tk_json_int(&json, claim->number);
    claims_grade_json(&json, &grade);
    tk_json_close(&json, '}');
    tk_out_char(view->page.out, '\n');
    tk_arena_reset(&view->page.scratch);
}

void claims_times(claims_view *view, uint64_t count)
{
    tk_str day = view->at.known_at == TK_DATE_MAX ? TK_STR("any day")
                                                  : claims_day(&view->page.scratch, view->at.known_at);
    if (cli_format_is(view->args, "json")) {
        tk_json json;
        tk_json_begin(&json, view->page.out);
        tk_json_open(&json, '{');
        tk_json_key(&json, "claims");
        tk_json_int(&json, (int64_t)count);
        tk_json_key(&json, "recorded");
        tk_json_int(&json, view->recorded);
        tk_json_key(&json, "known_at");
        if (view->at.known_at == TK_DATE_MAX)
            tk_json_null(&json);
        else
            tk_json_str(&json, day);
        tk_json_close(&json, '}');
        tk_out_char(view->page.out, '\n');
    } else if (!cli_format_is(view->args, "csv")) {
        cli_put_wrapped(&view->page, CLI_DIM,
                        tk_arena_printf(&view->page.scratch,
                                        "%llu claim%s; recorded up to %lld, known at " TK_FMT,
                                        (unsigned long long)count, count == 1 ? "" : "s", (long long)view->recorded,
                                        TK_ARG_STR(day)),
                        0, 0);
    }
}

/* --- import and add --- */

enum { NOTES_SHOWN = 16 };

static const char *import_saying(tk_claims_saying saying)
{
    switch (saying) {
    case TK_CLAIMS_REJECTED:
        return "rejected";
    case TK_CLAIMS_ALSO:
        return "also";
    case TK_CLAIMS_NOTE:
        break;
    }
    return "note";
}

/* Every rejected row is named; of the notes the first ones, the summary counts them all. */
static void import_say(void *context, tk_claims_saying saying, const tk_err *err)
{
    claims_view *view = context;
    if (saying == TK_CLAIMS_NOTE && NOTES_SHOWN < ++view->notes)
        return;
    tk_arena *scratch = &view->page.scratch;
    tk_str file = tk_text_visible(scratch, tk_str_from(err->file));
    tk_str text = tk_text_visible(scratch, tk_str_from(err->message));
    (void)fprintf(stderr, TK_FMT, TK_ARG_STR(file));
    if (err->line != 0)
        (void)fprintf(stderr, ":%u:%u", (unsigned)err->line, (unsigned)err->column);
    (void)fprintf(stderr, ": %s: " TK_FMT "\n", import_saying(saying), TK_ARG_STR(text));
    tk_arena_reset(scratch);
}

static int import_said(claims_view *view, const tk_claims_imported *done)
{
    tk_out *out = view->page.out;
    tk_out_printf(out, "%llu read: %llu new, %llu there already, %llu rejected\n", (unsigned long long)done->read,
                  (unsigned long long)done->added, (unsigned long long)done->there,
                  (unsigned long long)done->rejected);
    if (done->added != 0)
        tk_out_printf(out, "batch %lld, recorded %lld to %lld\n", (long long)done->batch, (long long)done->first,
                      (long long)done->last);
    static const char *const counted[][2] = {
        {"word or name in no table", "words or names in no table"},
        {"claim published after today", "claims published after today"},
        {"link to a claim that is not there", "links to claims that are not there"},
    };
    const uint64_t counts[] = {done->unknown, done->ahead, done->loose};
    const char *between = "notes: ";
    for (size_t i = 0; i < TK_COUNT(counts); i++) {
        if (counts[i] == 0)
            continue;
        tk_out_printf(out, "%s%llu %s", between, (unsigned long long)counts[i], counted[i][counts[i] == 1 ? 0 : 1]);
        between = ", ";
    }
    if (NOTES_SHOWN < view->notes)
        tk_out_printf(out, "; the first %d are shown", NOTES_SHOWN);
    tk_out_text(out, view->notes == 0 ? "" : "\n");
    return done->rejected == 0 ? CLI_EXIT_OK : CLI_EXIT_USAGE;
}

static tk_claims_input import_input(claims_view *view, tk_str name)
{
    tk_claims_input input = TK_CLAIMS_INPUT_INIT;
    input.name = name;
    input.allow_future = view->args->values[CLI_FLAG_ALLOW_FUTURE] != NULL;
    input.say = import_say;
    input.context = view;
    return input;
}

int claims_import(claims_view *view)
{
    const char *path = view->args->positional[1];
    bool standard = strcmp(path, "-") == 0;
    FILE *file = standard ? stdin : fopen(path, "rb");
    if (file == NULL) {
        cli_complain("%s: cannot be opened", path);
        return CLI_EXIT_FAILURE;
    }
    tk_claims_imported done;
    tk_claims_input input = import_input(view, standard ? TK_STR("standard input") : tk_str_from(path));
    input.stream = file;
    input.ignore_unknown = view->args->values[CLI_FLAG_IGNORE_UNKNOWN] != NULL;
    tk_status status = tk_claims_import(view->claims, &input, &done, &view->err);
    if (!standard)
        (void)fclose(file);
    return status == TK_OK ? import_said(view, &done) : claims_failed(view, status);
}

static const cli_flag add_flags[TK_CLAIM_COLUMN_COUNT] = {
#define X(NAME, text) [TK_CLAIM_##NAME] = CLI_FLAG_##NAME,
    TK_CLAIM_COLUMNS(X)
#undef X
};

/* One claim is a file of one row: the same checks, the same messages. */
int claims_add(claims_view *view)
{
    tk_out text;
    tk_out_init(&text, NULL);
    for (size_t i = 0; i < TK_CLAIM_COLUMN_COUNT; i++)
        tk_csv_write_cell(&text, tk_str_from(tk_claim_column_name((tk_claim_column)i)), i == 0, false);
    tk_out_char(&text, '\n');
    for (size_t i = 0; i < TK_CLAIM_COLUMN_COUNT; i++) {
        const char *value = view->args->values[add_flags[i]];
        tk_csv_write_cell(&text, tk_str_from(value), i == 0, true);
    }
    tk_out_char(&text, '\n');
    tk_claims_imported done;
    tk_claims_input input = import_input(view, TK_STR("claims add"));
    input.text = tk_out_str(&text);
    tk_status status = text.status == TK_OK ? tk_claims_import(view->claims, &input, &done, &view->err) : TK_ERR_MEMORY;
    tk_out_fini(&text);
    return status == TK_OK ? import_said(view, &done) : claims_failed(view, status);
}

/* --- list --- */

static tk_str list_text(const claims_view *view, cli_flag flag)
{
    const char *value = view->args->values[flag];
    return value == NULL ? (tk_str){NULL, 0} : tk_str_from(value);
}

static bool list_day(claims_view *view, cli_flag flag, bool last, tk_date *day)
{
    const char *value = view->args->values[flag];
    tk_date from, to;
    if (value == NULL)
        return true;
    if (tk_date_parse_partial(tk_str_from(value), &from, &to, NULL) != TK_OK) {
        cli_complain("--%s '%s': expected a day as 2026-01-28, a month or a year", cli_flag_infos[flag].name, value);
        return false;
    }
    *day = last ? to : from;
    return true;
}

typedef struct list_context {
    claims_view *view;
    uint64_t count;
} list_context;

static void list_csv(claims_view *view, const tk_claim *claim)
{
    tk_out *out = view->page.out;
    tk_claim_grade grade = grade_of(view, claim);
    tk_str text = claims_grade(&view->page.scratch, &grade);
    tk_out_printf(out, "%lld," TK_FMT, (long long)claim->number, TK_ARG_STR(text));
    for (size_t i = 0; i < TK_CLAIM_COLUMN_COUNT; i++)
        tk_csv_write_cell(out, claim->cells[i], false, true);
    tk_out_char(out, '\n');
    tk_arena_reset(&view->page.scratch);
}

static tk_status list_each(void *context, const tk_claim *claim, tk_err *err)
{
    list_context *list = context;
    const cli_args *args = list->view->args;
    (void)err;
    list->count++;
    (cli_format_is(args, "json") ? claims_json : cli_format_is(args, "csv") ? list_csv : claims_line)(list->view,
                                                                                                    claim);
    return TK_OK;
}

int claims_filter(claims_view *view, tk_claims_filter *filter)
{
    *filter = TK_CLAIMS_FILTER_ALL;
    filter->at = view->at;
    filter->actor = list_text(view, CLI_FLAG_ACTOR);
    filter->subject = list_text(view, CLI_FLAG_SUBJECT);
    filter->predicate = list_text(view, CLI_FLAG_PREDICATE);
    filter->stage = list_text(view, CLI_FLAG_STAGE);
    filter->source_kind = list_text(view, CLI_FLAG_SOURCE_KIND);
    if (!list_day(view, CLI_FLAG_SINCE, false, &filter->from) || !list_day(view, CLI_FLAG_UNTIL, true, &filter->to))
        return CLI_EXIT_USAGE;
    return CLI_EXIT_OK;
}

int claims_list(claims_view *view)
{
    tk_claims_filter filter;
    int code = claims_filter(view, &filter);
    if (code != CLI_EXIT_OK)
        return code;
    if (cli_format_is(view->args, "csv")) {
        tk_out_text(view->page.out, "recorded,grade");
        for (size_t i = 0; i < TK_CLAIM_COLUMN_COUNT; i++)
            tk_csv_write_cell(view->page.out, tk_str_from(tk_claim_column_name((tk_claim_column)i)), false, false);
        tk_out_char(view->page.out, '\n');
    } else if (!cli_format_is(view->args, "json")) {
        claims_heading(view);
    }
    list_context list = {.view = view};
    tk_status status = claims_picture(view);
    if (status == TK_OK)
        status = tk_claims_list(view->claims, &filter, list_each, &list, &view->err);
    if (status != TK_OK)
        return claims_failed(view, status);
    claims_times(view, list.count);
    return CLI_EXIT_OK;
}

/* --- search and export --- */

static bool search_limit(const claims_view *view, size_t *limit)
{
    const char *value = view->args->values[CLI_FLAG_LIMIT];
    tk_num number;
    *limit = 50;
    if (value == NULL)
        return true;
    if (tk_num_parse(tk_str_from(value), &number, NULL) != TK_OK || number % TK_NUM_SCALE != 0
        || number < TK_NUM_SCALE || TK_CLAIMS_SORTED_MAX * TK_NUM_SCALE < number) {
        cli_complain("--limit '%s': expected a number from 1 to %d", value, TK_CLAIMS_SORTED_MAX);
        return false;
    }
    *limit = (size_t)(number / TK_NUM_SCALE);
    return true;
}

int claims_search(claims_view *view)
{
    const cli_args *args = view->args;
    tk_str words[CLI_POSITIONAL_MAX];
    size_t limit, count = 0;
    uint64_t matches = 0;
    bool more = false;
    if (!search_limit(view, &limit))
        return CLI_EXIT_USAGE;
    const tk_claim **found = TK_ARENA_ARRAY(&view->arena, const tk_claim *, limit);
    for (size_t i = 1; i < args->positional_count; i++)
        words[i - 1] = tk_str_from(args->positional[i]);
    tk_str all = cli_joined(&view->arena, words, args->positional_count - 1, " ");
    tk_status status = view->arena.failed ? tk_err_set(&view->err, TK_ERR_MEMORY, "out of memory") : TK_OK;
    if (status == TK_OK)
        status = tk_claims_search(view->claims, &view->at, all, limit, &view->arena, found, &count, &matches, &more,
                                  &view->err);
    if (status != TK_OK)
        return claims_failed(view, status);
    bool json = cli_format_is(args, "json");
    if (!json)
        claims_heading(view);
    for (size_t i = 0; i < count; i++)
        (json ? claims_json : claims_line)(view, found[i]);
    if (!json && (more || count < matches)) {
        cli_puts(&view->page, CLI_DIM,
                 more ? "Very many match; of those recorded last, the newest. Another word narrows it down.\n"
                      : "More match; --limit shows more, another word fewer.\n");
    }
    claims_times(view, matches);
    return CLI_EXIT_OK;
}

int claims_export(claims_view *view)
{
    return claims_failed(view, tk_claims_export(view->claims, &view->at, view->page.out, &view->err));
}

/* --- opening --- */

static int view_times(claims_view *view)
{
    const char *day = view->args->values[CLI_FLAG_KNOWN_AT], *number = view->args->values[CLI_FLAG_CLAIMS_AT];
    tk_num count;
    view->at = TK_CLAIMS_AT_ALL;
    if (day != NULL && tk_date_parse(tk_str_from(day), &view->at.known_at, &view->err) != TK_OK) {
        cli_complain("--known-at: %s", view->err.message);
        return CLI_EXIT_USAGE;
    }
    tk_status status = tk_claims_recorded(view->claims, &view->recorded, &view->err);
    if (status != TK_OK || number == NULL) {
        view->at.number = view->recorded;
        return claims_failed(view, status);
    }
    if (tk_num_parse(tk_str_from(number), &count, NULL) != TK_OK || count % TK_NUM_SCALE != 0 || count < 0
        || view->recorded < count / TK_NUM_SCALE) {
        cli_complain("--claims-at '%s': expected a number up to %lld, the last that was recorded", number,
                     (long long)view->recorded);
        return CLI_EXIT_USAGE;
    }
    view->at.number = view->recorded = count / TK_NUM_SCALE;
    return CLI_EXIT_OK;
}

static int view_book(claims_view *view)
{
    tk_store_options options;
    int code = cli_book_options(view->args, &view->arena, &options);
    if (code != CLI_EXIT_OK)
        return code;
    options.create = true;
    tk_claims_texts texts = tk_desk_claims_texts();
    tk_claims_imported shipped = {0};
    tk_status status = tk_store_open(&options, &view->store, &view->err);
    if (status == TK_OK)
        status = tk_claims_open(view->store, &texts, &view->claims, &shipped, &view->err);
    if (status != TK_OK)
        return claims_failed(view, status);
    if (shipped.rejected != 0)
        (void)fprintf(stderr,
                      "twokey: note: %llu claims of this version of the program differ from those in the book, which "
                      "stay as they are\n",
                      (unsigned long long)shipped.rejected);
    return CLI_EXIT_OK;
}

typedef struct claims_sub {
    const char *name, *argument; /* what its arguments are, NULL for none */
    const char *formats;
    cli_bits flags;
    claims_body body;
    bool many; /* takes more than one argument */
    bool writes;
} claims_sub;

/* What reads sees one state of the book, however much is read and whoever writes meanwhile. */
static int view_body(claims_view *view, const claims_sub *sub)
{
    tk_status status = sub->writes ? TK_OK : tk_store_begin_reading(view->store, "reading claims", &view->err);
    if (status != TK_OK)
        return claims_failed(view, status);
    int code = view_times(view);
    if (code == CLI_EXIT_OK)
        code = sub->body(view);
    tk_store_abort(view->store);
    return code;
}

static int view_run(const cli_args *args, const claims_sub *sub)
{
    claims_view view = {.args = args};
    tk_arena_init(&view.arena, (size_t)64 * 1024, 0);
    int code = view_book(&view);
    if (code == CLI_EXIT_OK)
        code = cli_sink_open(&view.sink, args);
    if (code == CLI_EXIT_OK) {
        cli_page_init(&view.page, &view.sink, args);
        code = view_body(&view, sub);
        cli_page_fini(&view.page);
        int closed = cli_sink_close(&view.sink, code == CLI_EXIT_OK || code == CLI_EXIT_USAGE);
        if (closed != CLI_EXIT_OK)
            code = closed;
    }
    tk_claims_close(view.claims);
    tk_store_close(view.store);
    tk_arena_fini(&view.arena);
    return code;
}

#define FLAGS_TIMES (CLI_BIT(KNOWN_AT) | CLI_BIT(CLAIMS_AT) | CLI_BIT(OUT) | CLI_BIT(FORCE))
static const claims_sub subs[] = {
    {"import", "file, or - for standard input", NULL, CLI_BIT(IGNORE_UNKNOWN) | CLI_BIT(ALLOW_FUTURE),
     claims_import, false, true},
    {"add", NULL, NULL, CLI_BITS_ADD | CLI_BIT(ALLOW_FUTURE), claims_add, false, true},
    {"list", NULL, "text|csv|json", FLAGS_TIMES | CLI_BITS_FILTER, claims_list, false, false},
    {"show", "claim", "text|json", FLAGS_TIMES, claims_show, false, false},
    {"search", "words", "text|json", FLAGS_TIMES | CLI_BIT(LIMIT), claims_search, true, false},
    {"timeline", NULL, "text|json|svg", FLAGS_TIMES | CLI_BITS_FILTER, claims_timeline, false, false},
    {"conflicts", NULL, "text|json", FLAGS_TIMES, claims_conflicts, false, false},
    {"stage", NULL, "text|json", FLAGS_TIMES | CLI_BIT(BUYER) | CLI_BIT(ITEM), claims_stage, false, false},
    {"export", NULL, NULL, FLAGS_TIMES, claims_export, false, false},
};

static bool sub_takes(const claims_sub *sub, const cli_args *args)
{
    size_t least = sub->argument == NULL ? 1 : 2, most = sub->many ? CLI_POSITIONAL_MAX : least;
    if (args->positional_count < least) {
        cli_complain("claims %s: which %s?", sub->name, sub->argument);
        return false;
    }
    if (most < args->positional_count) {
        cli_complain("claims %s: '%s' is one argument too many", sub->name, args->positional[most]);
        return false;
    }
    cli_bits taken = CLI_BITS_ALWAYS | CLI_BITS_BOOK | sub->flags | (sub->formats == NULL ? 0 : CLI_BIT(FORMAT));
    for (size_t i = 0; i < CLI_FLAG_COUNT; i++)
        if (args->values[i] != NULL && (taken & cli_bit(i)) == 0) {
            cli_complain("--%s does not go with 'claims %s'", cli_flag_infos[i].name, sub->name);
            return false;
        }
    const char *format = args->values[CLI_FLAG_FORMAT];
    return format == NULL || cli_check_choice("--format", sub->formats, format);
}

int cli_claims(const cli_verb *verb, const cli_args *args)
{
    if (args->positional_count == 0) {
        cli_complain("claims: what of them? Expected one of %s", verb->subs);
        return CLI_EXIT_USAGE;
    }
    const claims_sub *sub = &subs[0];
    for (size_t i = 0; i < TK_COUNT(subs); i++)
        if (strcmp(args->positional[0], subs[i].name) == 0)
            sub = &subs[i];
    return sub_takes(sub, args) ? view_run(args, sub) : CLI_EXIT_USAGE;
}
