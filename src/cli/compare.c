/* SPDX-License-Identifier: Apache-2.0 */
/* compare.c: `twokey screen compare`: two names, or a file of pairs, and whether they denote the same party. It
 * needs no list and no book. A file gives one row for each row, in the same order: a pair that cannot be compared says
 * why in its row and on standard error, and the rest goes on.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/csv.h"
#include "cli/compare.h"
#include "names/names_int.h"

typedef struct compare_view {
    const cli_args *args;
    tk_names *names;
    tk_arena arena; /* of one pair */
    cli_sink sink;
    cli_page page;
    uint64_t rejected;
} compare_view;

enum { COMPARE_LEFT, COMPARE_RIGHT, COMPARE_KIND, COMPARE_COLUMNS };
static const char *const compare_columns[COMPARE_COLUMNS] = {"left", "right", "kind"};

static const struct {
    const char *text;
    tk_name_kind kind;
} compare_kinds[] = {{"", TK_NAME_UNKNOWN},        {"unknown", TK_NAME_UNKNOWN},      {"person", TK_NAME_PERSON},
                     {"company", TK_NAME_COMPANY}, {"organization", TK_NAME_COMPANY}, {"vessel", TK_NAME_VESSEL}};

static tk_status compare_kind(tk_str text, tk_name_kind *out, tk_err *err)
{
    for (size_t i = 0; i < sizeof(compare_kinds) / sizeof(compare_kinds[0]); i++)
        if (tk_str_eq_nocase(text, tk_str_from(compare_kinds[i].text))) {
            *out = compare_kinds[i].kind;
            return TK_OK;
        }
    return tk_err_set(err, TK_ERR_INPUT,
                      "kind is '" TK_FMT "'; expected person, company, organization, vessel or unknown",
                      TK_ARG_STR(text));
}

static tk_status compare_two(compare_view *view, tk_str left, tk_str right, tk_name_kind kind, tk_comparison *out,
                             tk_err *err)
{
    const tk_name *a, *b;
    tk_status status = tk_names_prepare(view->names, &view->arena, left, kind, &a, err);
    if (status != TK_OK)
        return status;
    status = tk_names_prepare(view->names, &view->arena, right, kind, &b, err);
    return status == TK_OK ? tk_names_explain(view->names, a, b, &view->arena, out, err) : status;
}

static void compare_score(tk_out *out, unsigned score)
{
    tk_out_printf(out, "%u.%03u", score / TK_SCORE_ONE, score % TK_SCORE_ONE);
}

/* --- text --- */

enum { TEXT_HOW = 15, TEXT_NAME = 24 };

static void text_rows(compare_view *view, const tk_comparison *found)
{
    cli_page *page = &view->page;
    for (size_t i = 0; i < found->tokens_count; i++) {
        const tk_aligned *row = &found->tokens[i];
        bool lost = row->points < 0;
        tk_out_text(page->out, "  ");
        cli_put_column(page, lost ? CLI_YELLOW : CLI_PLAIN, tk_alignment_name(row->how), TEXT_HOW);
        cli_put_column(page, CLI_PLAIN, row->left, TEXT_NAME);
        cli_put_column(page, CLI_PLAIN, row->right, TEXT_NAME);
        tk_out_printf(page->out, "%+5d\n", row->points);
    }
}

static void text_write(compare_view *view, tk_str left, tk_str right, const tk_comparison *found)
{
    cli_page *page = &view->page;
    const struct {
        const char *label;
        tk_str written, read;
    } sides[] = {{"left", left, found->left}, {"right", right, found->right}};
    for (size_t i = 0; i < 2; i++) {
        tk_out_printf(page->out, "%-7s", sides[i].label);
        cli_put(page, CLI_BOLD, sides[i].written);
        cli_put(page, CLI_DIM, tk_arena_printf(&page->scratch, "  read as " TK_FMT, TK_ARG_STR(sides[i].read)));
        tk_out_char(page->out, '\n');
    }
    tk_out_printf(page->out, "%-7s", "score");
    compare_score(page->out, found->score);
    cli_puts(page, found->match ? CLI_RED : CLI_GREEN, found->match ? "  match" : "  no match");
    cli_put(page, CLI_DIM,
            tk_arena_printf(&page->scratch, "  (threshold 0.%03d, %s)", TK_NAMES_THRESHOLD, TK_NAMES_METHOD));
    tk_out_char(page->out, '\n');
    if (found->decided.len != 0) {
        tk_out_printf(page->out, "%-7s", "by");
        cli_put(page, CLI_PLAIN, found->decided);
        tk_out_char(page->out, '\n');
    }
    text_rows(view, found);
}

/* --- JSON --- */

static void json_write(compare_view *view, tk_str left, tk_str right, const tk_comparison *found)
{
    tk_json json;
    tk_json_begin(&json, view->page.out);
    tk_json_open(&json, '{');
    const struct {
        const char *key;
        tk_str value;
    } texts[] = {{"left", left},
                 {"right", right},
                 {"left_read", found->left},
                 {"right_read", found->right},
                 {"method", TK_STR(TK_NAMES_METHOD)},
                 {"decided", found->decided}};
    for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
        tk_json_key(&json, texts[i].key);
        tk_json_str(&json, texts[i].value);
    }
    tk_json_key(&json, "score");
    tk_json_raw(&json,
                tk_arena_printf(&view->arena, "%u.%03u", found->score / TK_SCORE_ONE, found->score % TK_SCORE_ONE));
    tk_json_key(&json, "match");
    tk_json_bool(&json, found->match);
    tk_json_key(&json, "tokens");
    tk_json_open(&json, '[');
    for (size_t i = 0; i < found->tokens_count; i++) {
        const tk_aligned *row = &found->tokens[i];
        tk_json_open(&json, '{');
        tk_json_key(&json, "how");
        tk_json_str(&json, tk_alignment_name(row->how));
        tk_json_key(&json, "left");
        tk_json_str(&json, row->left);
        tk_json_key(&json, "right");
        tk_json_str(&json, row->right);
        tk_json_key(&json, "points");
        tk_json_int(&json, row->points);
        tk_json_close(&json, '}');
    }
    tk_json_close(&json, ']');
    tk_json_close(&json, '}');
    tk_out_char(view->page.out, '\n');
}

/* --- CSV --- */

/* "equal huawei +800; missing cloud -20": what aligned, in one cell. */
static tk_str csv_why(compare_view *view, const tk_comparison *found)
{
    tk_str why = found->decided.len == 0 ? TK_STR("")
                                         : tk_arena_printf(&view->arena, "by " TK_FMT, TK_ARG_STR(found->decided));
    for (size_t i = 0; i < found->tokens_count; i++) {
        const tk_aligned *row = &found->tokens[i];
        bool both = row->left.len != 0 && row->right.len != 0 && !tk_str_eq(row->left, row->right);
        why = tk_arena_printf(&view->arena, TK_FMT "%s" TK_FMT " " TK_FMT "%s" TK_FMT " %+d", TK_ARG_STR(why),
                              why.len == 0 ? "" : "; ", TK_ARG_STR(tk_alignment_name(row->how)),
                              TK_ARG_STR(row->left.len != 0 ? row->left : row->right), both ? " = " : "",
                              TK_ARG_STR(both ? row->right : TK_STR("")), row->points);
    }
    return why;
}

static void csv_head(compare_view *view)
{
    tk_out_text(view->page.out, "left,right,score,match,why\n");
}

static void csv_write(compare_view *view, tk_str left, tk_str right, unsigned score, bool match, tk_str why)
{
    tk_out *out = view->page.out;
    tk_csv_write_cell(out, left, true, true);
    tk_csv_write_cell(out, right, false, true);
    tk_out_char(out, ',');
    compare_score(out, score);
    tk_out_text(out, match ? ",yes" : ",no");
    tk_csv_write_cell(out, why, false, true);
    tk_out_char(out, '\n');
}

/* --- one pair, a file of pairs --- */

static void compare_write(compare_view *view, tk_str left, tk_str right, const tk_comparison *found)
{
    if (cli_format_is(view->args, "csv"))
        csv_write(view, left, right, found->score, found->match, csv_why(view, found));
    else if (cli_format_is(view->args, "json"))
        json_write(view, left, right, found);
    else
        text_write(view, left, right, found);
}

static int compare_one(compare_view *view)
{
    tk_str left = tk_str_from(view->args->positional[1]), right = tk_str_from(view->args->positional[2]);
    tk_err err = {0};
    tk_comparison found;
    tk_status status = compare_two(view, left, right, TK_NAME_UNKNOWN, &found, &err);
    if (status != TK_OK) {
        cli_complain_err(&err);
        return cli_exit_of(status);
    }
    if (cli_format_is(view->args, "csv"))
        csv_head(view);
    compare_write(view, left, right, &found);
    return CLI_EXIT_OK;
}

static bool pairs_columns(const compare_view *view, const tk_csv_reader *csv, size_t at[COMPARE_COLUMNS])
{
    size_t count;
    const tk_str *header = tk_csv_header(csv, &count);
    for (size_t i = 0; i < COMPARE_COLUMNS; i++)
        at[i] = SIZE_MAX;
    for (size_t c = 0; c < count; c++) {
        tk_nearest near = tk_nearest_make(header[c]);
        size_t known = COMPARE_COLUMNS;
        for (size_t i = 0; i < COMPARE_COLUMNS; i++) {
            tk_nearest_offer(&near, tk_str_from(compare_columns[i]));
            known = tk_str_eq_nocase(header[c], tk_str_from(compare_columns[i])) ? i : known;
        }
        char hint[CLI_HINT_MAX];
        if (known < COMPARE_COLUMNS) {
            at[known] = c;
        } else if (view->args->values[CLI_FLAG_IGNORE_UNKNOWN] == NULL) {
            cli_complain("%s: column '" TK_FMT "' is not known; --ignore-unknown goes on without it%s",
                         view->args->values[CLI_FLAG_PAIRS], TK_ARG_STR(header[c]), cli_hint(near.best, hint));
            return false;
        }
    }
    for (size_t i = 0; i < COMPARE_KIND; i++)
        if (at[i] == SIZE_MAX) {
            cli_complain("%s: no column '%s'; expected left,right", view->args->values[CLI_FLAG_PAIRS],
                         compare_columns[i]);
            return false;
        }
    return true;
}

static int pairs_row(compare_view *view, const tk_csv_row *row, const size_t at[COMPARE_COLUMNS])
{
    tk_str left = row->cells[at[COMPARE_LEFT]], right = row->cells[at[COMPARE_RIGHT]];
    tk_arena_reset(&view->arena);
    tk_arena_reset(&view->page.scratch);
    tk_err err = {0};
    tk_name_kind kind = TK_NAME_UNKNOWN;
    tk_comparison found;
    tk_status status = at[COMPARE_KIND] == SIZE_MAX ? TK_OK : compare_kind(row->cells[at[COMPARE_KIND]], &kind, &err);
    if (status == TK_OK)
        status = compare_two(view, left, right, kind, &found, &err);
    if (status == TK_OK) {
        compare_write(view, left, right, &found);
        return CLI_EXIT_OK;
    }
    tk_err_where(&err, tk_str_from(view->args->values[CLI_FLAG_PAIRS]), (uint32_t)row->line, 0);
    cli_complain_err(&err);
    if (status != TK_ERR_INPUT && status != TK_ERR_LIMIT)
        return cli_exit_of(status);
    view->rejected++;
    if (cli_format_is(view->args, "csv"))
        csv_write(view, left, right, 0, false, tk_arena_printf(&view->arena, "not compared: %s", err.message));
    return CLI_EXIT_OK;
}

static int pairs_rows(compare_view *view, tk_csv_reader *csv)
{
    size_t at[COMPARE_COLUMNS];
    if (!pairs_columns(view, csv, at))
        return CLI_EXIT_USAGE;
    if (cli_format_is(view->args, "csv"))
        csv_head(view);
    for (;;) {
        tk_err err = {0};
        const tk_csv_row *row = NULL;
        tk_status status = tk_csv_next(csv, &row, &err);
        if (status != TK_OK) {
            cli_complain_err(&err);
            if (status != TK_ERR_INPUT && status != TK_ERR_LIMIT)
                return cli_exit_of(status);
            view->rejected++;
            continue;
        }
        if (row == NULL)
            return view->rejected == 0 ? CLI_EXIT_OK : CLI_EXIT_USAGE;
        int code = pairs_row(view, row, at);
        if (code != CLI_EXIT_OK)
            return code;
    }
}

static int compare_pairs(compare_view *view)
{
    const char *path = view->args->values[CLI_FLAG_PAIRS];
    bool standard = strcmp(path, "-") == 0;
    FILE *stream = standard ? stdin : fopen(path, "rb");
    if (stream == NULL) {
        cli_complain("%s: %s", path, strerror(errno));
        return CLI_EXIT_USAGE;
    }
    tk_csv_reader *csv = NULL;
    tk_err err = {0};
    tk_status status = tk_csv_open_file(tk_str_from(path), stream, &csv, &err);
    int code = cli_exit_of(status);
    if (status == TK_OK)
        code = pairs_rows(view, csv);
    else
        cli_complain_err(&err);
    tk_csv_close(csv);
    if (!standard)
        fclose(stream);
    return code;
}

static bool compare_usable(const cli_args *args)
{
    bool file = args->values[CLI_FLAG_PAIRS] != NULL;
    if (args->positional_count == (file ? 1u : 3u))
        return true;
    cli_complain(file ? "screen compare: --pairs FILE takes no names beside it"
                      : "screen compare: expected two names, LEFT and RIGHT, or --pairs FILE");
    return false;
}

int cli_screen_compare(const cli_args *args)
{
    if (!compare_usable(args))
        return CLI_EXIT_USAGE;
    compare_view view = {.args = args};
    tk_err err = {0};
    tk_status status = tk_names_new(&view.names, &err);
    if (status != TK_OK) {
        cli_complain_err(&err);
        return cli_exit_of(status);
    }
    tk_arena_init(&view.arena, 16 * 1024, 0);
    int code = cli_sink_open(&view.sink, args);
    if (code == CLI_EXIT_OK) {
        cli_page_init(&view.page, &view.sink, args);
        code = args->values[CLI_FLAG_PAIRS] != NULL ? compare_pairs(&view) : compare_one(&view);
        cli_page_fini(&view.page);
        int closed = cli_sink_close(&view.sink, code != CLI_EXIT_FAILURE);
        code = closed != CLI_EXIT_OK ? closed : code;
    }
    tk_arena_fini(&view.arena);
    tk_names_free(view.names);
    return code;
}
