/* SPDX-License-Identifier: Apache-2.0 */
/* rules_coverage.c: every provision of the law with what encodes it, or why nothing does.
 *
 * The table rulebooks/<regime>/provisions.csv is written by people from the sources; this file holds it against the
 * rulebook. A name that the rulebook does not declare, and a provision with neither a name nor a reason, are mistakes:
 * the law that nobody wrote down must not vanish behind a table that looks full.
 *
 * `encoded_by` is a `;` list. Each entry is a declared name ("us.item-a", or "item-a" in the table of its own regime),
 * a fact of a role ("end_user.hq"), a piece of evidence ("us.licence", "lab-test"), a claim ("C105"), a country group
 * ("D:5"), a table of the catalogue ("catalogue/items.csv") or one of its columns ("catalogue/items.csv:us_sale_date").
 */
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "base/csv.h"
#include "cli/rules.h"

#define COVERAGE_COLUMNS(X)                                                                                          \
    X(ID, "id")                                                                                                      \
    X(PROVISION, "provision")                                                                                        \
    X(ENCODED_BY, "encoded_by")                                                                                      \
    X(NOT_MODELLED, "not_modelled")                                                                                  \
    X(CITES, "cites")                                                                                                \
    X(CONFIDENCE, "confidence")

typedef enum coverage_column {
#define X(NAME, text) COVERAGE_##NAME,
    COVERAGE_COLUMNS(X)
#undef X
    COVERAGE_COLUMN_COUNT
} coverage_column;

static const char *const coverage_names[COVERAGE_COLUMN_COUNT] = {
#define X(NAME, text) text,
    COVERAGE_COLUMNS(X)
#undef X
};

typedef struct coverage_row {
    struct coverage_row *next;
    tk_str cells[COVERAGE_COLUMN_COUNT];
    uint64_t line;
} coverage_row;

typedef struct coverage_table {
    tk_str file, regime; /* "us/provisions.csv", "us" */
    coverage_row *rows, **end;
    size_t count, encoded;
} coverage_table;

typedef struct coverage_run {
    cli_view *view;
    tk_arena keep; /* rows of the table at hand */
    size_t mistakes;
} coverage_run;

static void coverage_wrong(coverage_run *run, const coverage_table *table, uint64_t line, const char *format, ...)
    TK_PRINTF(4, 5);

static void coverage_wrong(coverage_run *run, const coverage_table *table, uint64_t line, const char *format, ...)
{
    char text[1024];
    va_list args;
    va_start(args, format);
    (void)vsnprintf(text, sizeof(text), format, args);
    va_end(args);
    cli_complain(TK_FMT ":%llu: %s", TK_ARG_STR(table->file), (unsigned long long)line, text);
    run->mistakes++;
}

/* --- names --- */

static bool coverage_catalogue(tk_str name)
{
    static const char *const tables[] = {"catalogue/items.csv", "catalogue/places.csv", "catalogue/groups.csv",
                                         "catalogue/parties.csv"};
    for (size_t i = 0; i < TK_COUNT(tables); i++)
        if (tk_str_is(name, tables[i]))
            return true;
    tk_str column = name, items;
    if (!tk_str_split(&column, ':', &items) || !tk_str_is(items, tables[0]))
        return false;
    for (size_t i = 0; i < TK_ITEM_COLUMN_COUNT; i++)
        if (tk_str_eq(tk_item_column_name((tk_item_column)i), column))
            return true;
    return false;
}

static bool coverage_group(const cli_view *view, tk_str name)
{
    size_t count;
    const tk_group_row *groups = tk_catalogue_groups(tk_desk_catalogue(view->desk), &count);
    for (size_t i = 0; i < count; i++)
        if (tk_str_eq(groups[i].group, name))
            return true;
    return false;
}

/* The whole name of what the rulebook declares under `name`, seen from `regime`; "" and the nearest when nothing. */
static tk_str coverage_declared(coverage_run *run, tk_str regime, tk_str name, tk_nearest *near)
{
    const tk_rulebook *book = run->view->book;
    tk_str found = TK_STR("");
    for (size_t i = 0; i < tk_rulebook_declared_count(book); i++) {
        tk_declared declared = tk_rulebook_declared(book, i);
        if (declared.kind == TK_DECLARED_GAP)
            continue;
        tk_str full = cli_rules_full_name(&run->keep, declared.regime, declared.name);
        bool own = tk_str_eq(declared.name, name) && (declared.regime.len == 0 || tk_str_eq(declared.regime, regime));
        if (own || tk_str_eq(full, name))
            found = full;
        tk_nearest_offer(near, full);
    }
    return found;
}

static tk_str coverage_name(coverage_run *run, tk_str regime, tk_str name, tk_nearest *near)
{
    const cli_view *view = run->view;
    tk_str full = coverage_declared(run, regime, name, near);
    if (full.len != 0)
        return full;
    bool known = tk_rulebook_find_fact(view->book, name, NULL) != SIZE_MAX
                 || tk_rulebook_find_evidence(view->book, name, NULL) != SIZE_MAX
                 || tk_rulebook_find_claim(view->book, name, NULL) != SIZE_MAX || coverage_group(view, name)
                 || coverage_catalogue(name);
    return known ? name : TK_STR("");
}

/* Puts whole names in place of those written, and says which name nothing. */
static void coverage_resolve(coverage_run *run, const coverage_table *table, coverage_row *row)
{
    tk_str rest = row->cells[COVERAGE_ENCODED_BY], part, text = TK_STR("");
    while (tk_str_split(&rest, ';', &part)) {
        part = tk_str_trim(part);
        if (part.len == 0)
            continue;
        tk_nearest near = tk_nearest_make(part);
        tk_str full = coverage_name(run, table->regime, part, &near);
        char hint[CLI_HINT_MAX];
        if (full.len == 0)
            coverage_wrong(run, table, row->line, "encoded_by: '" TK_FMT "' is no name of the rulebook%s",
                           TK_ARG_STR(part), cli_hint(near.best, hint));
        text = tk_arena_printf(&run->keep, TK_FMT "%s" TK_FMT, TK_ARG_STR(text), text.len == 0 ? "" : "; ",
                               TK_ARG_STR(full.len == 0 ? part : full));
    }
    row->cells[COVERAGE_ENCODED_BY] = text;
}

/* --- reading --- */

static bool coverage_header(coverage_run *run, const coverage_table *table, const tk_csv_reader *csv, size_t *at)
{
    size_t count;
    const tk_str *header = tk_csv_header(csv, &count);
    bool good = true;
    for (size_t i = 0; i < COVERAGE_COLUMN_COUNT; i++) {
        at[i] = SIZE_MAX;
        for (size_t j = 0; j < count; j++)
            if (tk_str_is(tk_str_trim(header[j]), coverage_names[i]))
                at[i] = j;
        if (at[i] == SIZE_MAX) {
            coverage_wrong(run, table, 1, "the column '%s' is missing", coverage_names[i]);
            good = false;
        }
    }
    return good;
}

static void coverage_row_add(coverage_run *run, coverage_table *table, const tk_csv_row *csv, const size_t *at)
{
    coverage_row *row = TK_ARENA_NEW(&run->keep, coverage_row);
    if (row == NULL)
        return;
    *row = (coverage_row){.line = csv->line};
    for (size_t i = 0; i < COVERAGE_COLUMN_COUNT; i++)
        row->cells[i] = tk_arena_copy(&run->keep, tk_str_trim(csv->cells[at[i]]));
    tk_str id = row->cells[COVERAGE_ID];
    if (id.len == 0)
        coverage_wrong(run, table, row->line, "the provision has no id");
    for (const coverage_row *other = table->rows; id.len != 0 && other != NULL; other = other->next)
        if (tk_str_eq(other->cells[COVERAGE_ID], id))
            coverage_wrong(run, table, row->line, "'" TK_FMT "' stands twice, first in line %llu", TK_ARG_STR(id),
                           (unsigned long long)other->line);
    coverage_resolve(run, table, row);
    bool encoded = row->cells[COVERAGE_ENCODED_BY].len != 0;
    if (!encoded && row->cells[COVERAGE_NOT_MODELLED].len == 0)
        coverage_wrong(run, table, row->line, "'" TK_FMT "' is neither encoded by anything nor said to be not modelled",
                       TK_ARG_STR(id));
    table->encoded += encoded ? 1 : 0;
    table->count++;
    *table->end = row;
    table->end = &row->next;
}

static tk_status coverage_read(coverage_run *run, const tk_source *source, coverage_table *table, tk_err *err)
{
    tk_csv_reader *csv = NULL;
    tk_str folder = source->name;
    *table = (coverage_table){.file = source->name, .end = &table->rows};
    if (!tk_str_split(&folder, '/', &table->regime) || folder.len == 0)
        table->regime = TK_STR("");
    tk_status status = tk_csv_open_text(source->name, source->text, &csv, err);
    if (status != TK_OK)
        return status;
    size_t at[COVERAGE_COLUMN_COUNT];
    bool good = coverage_header(run, table, csv, at);
    const tk_csv_row *row = NULL;
    while (good && (status = tk_csv_next(csv, &row, err)) == TK_OK && row != NULL)
        coverage_row_add(run, table, row, at);
    tk_csv_close(csv);
    if (status == TK_OK && run->keep.failed)
        status = tk_err_set(err, TK_ERR_MEMORY, "out of memory");
    return status;
}

/* --- writing --- */

/* Is the reason the title of a `not modelled` statement of this regime? */
static bool coverage_is_gap(const tk_rulebook *book, tk_str regime, tk_str reason)
{
    for (size_t i = 0; i < tk_rulebook_declared_count(book); i++) {
        tk_declared declared = tk_rulebook_declared(book, i);
        if (declared.kind == TK_DECLARED_GAP && tk_str_eq(declared.name, reason)
            && (declared.regime.len == 0 || tk_str_eq(declared.regime, regime)))
            return true;
    }
    return false;
}

static tk_str coverage_title(const coverage_run *run, const coverage_table *table)
{
    const tk_rulebook *book = run->view->book;
    for (size_t i = 0; i < tk_rulebook_regime_count(book); i++)
        if (tk_str_eq(tk_rulebook_regime(book, i).id, table->regime))
            return tk_rulebook_regime(book, i).title;
    return TK_STR("");
}

enum { COVERAGE_ID_WIDTH = 14 };

static void coverage_text_line(cli_page *page, const char *label, tk_str text)
{
    for (size_t i = 0; i < COVERAGE_ID_WIDTH; i++)
        tk_out_char(page->out, ' ');
    cli_puts(page, CLI_DIM, label);
    cli_put_wrapped(page, CLI_PLAIN, text, COVERAGE_ID_WIDTH + strlen(label), COVERAGE_ID_WIDTH + 2);
}

static void coverage_text(coverage_run *run, const coverage_table *table)
{
    cli_page *page = &run->view->page;
    cli_put(page, CLI_BOLD, tk_arena_printf(&run->keep, TK_FMT ": " TK_FMT, TK_ARG_STR(table->regime),
                                            TK_ARG_STR(coverage_title(run, table))));
    tk_out_printf(page->out, "\n%zu provisions, %zu encoded, %zu not modelled\n\n", table->count, table->encoded,
                  table->count - table->encoded);
    for (const coverage_row *row = table->rows; row != NULL; row = row->next) {
        tk_str id = row->cells[COVERAGE_ID];
        cli_put_column(page, CLI_BOLD, id, COVERAGE_ID_WIDTH - 1);
        tk_out_char(page->out, ' ');
        cli_put_wrapped(page, CLI_PLAIN, row->cells[COVERAGE_PROVISION], COVERAGE_ID_WIDTH, COVERAGE_ID_WIDTH);
        if (row->cells[COVERAGE_ENCODED_BY].len != 0)
            coverage_text_line(page, "by ", row->cells[COVERAGE_ENCODED_BY]);
        if (row->cells[COVERAGE_NOT_MODELLED].len != 0)
            coverage_text_line(page, "not modelled: ", row->cells[COVERAGE_NOT_MODELLED]);
        if (row->cells[COVERAGE_CITES].len != 0)
            coverage_text_line(page, "cites ", row->cells[COVERAGE_CITES]);
        tk_arena_reset(&page->scratch);
    }
}

/* A cell of a table: a bar would end it. */
static void coverage_markdown_cell(tk_out *out, tk_str text, const char *around)
{
    tk_out_text(out, around);
    for (size_t i = 0; i < text.len; i++) {
        if (text.ptr[i] == '|')
            tk_out_char(out, '\\');
        tk_out_char(out, text.ptr[i] == '\n' || text.ptr[i] == '\r' ? ' ' : text.ptr[i]);
    }
    tk_out_text(out, around);
}

static void coverage_markdown_row(coverage_run *run, const coverage_table *table, const coverage_row *row)
{
    tk_out *out = run->view->page.out;
    tk_str rest = row->cells[COVERAGE_ENCODED_BY], part, reason = row->cells[COVERAGE_NOT_MODELLED];
    tk_out_text(out, "| ");
    coverage_markdown_cell(out, row->cells[COVERAGE_ID], "");
    tk_out_text(out, " | ");
    coverage_markdown_cell(out, row->cells[COVERAGE_PROVISION], "");
    tk_out_text(out, " | ");
    bool begun = false;
    while (rest.len != 0 && tk_str_split(&rest, ';', &part)) {
        tk_out_text(out, begun ? ", " : "");
        coverage_markdown_cell(out, tk_str_trim(part), "`");
        begun = true;
    }
    if (reason.len != 0) {
        bool gap = coverage_is_gap(run->view->book, table->regime, reason);
        tk_out_text(out, begun ? "; not modelled: " : "not modelled: ");
        coverage_markdown_cell(out, reason, gap ? "*" : "");
    }
    tk_out_text(out, " | ");
    coverage_markdown_cell(out, row->cells[COVERAGE_CITES], "");
    tk_out_text(out, " | ");
    coverage_markdown_cell(out, row->cells[COVERAGE_CONFIDENCE], "");
    tk_out_text(out, " |\n");
}

static void coverage_markdown(coverage_run *run, const coverage_table *table)
{
    tk_out *out = run->view->page.out;
    tk_str title = coverage_title(run, table);
    tk_out_printf(out, "\n## " TK_FMT ": " TK_FMT "\n\n%zu provisions: %zu encoded, %zu not modelled.\n\n",
                  TK_ARG_STR(table->regime), TK_ARG_STR(title), table->count, table->encoded,
                  table->count - table->encoded);
    tk_out_text(out, "| id | provision | where it stands | cites | confidence |\n"
                     "|----|-----------|-----------------|-------|------------|\n");
    for (const coverage_row *row = table->rows; row != NULL; row = row->next)
        coverage_markdown_row(run, table, row);
}

static void coverage_markdown_head(tk_out *out)
{
    tk_out_text(out, "<!-- Written by: twokey rules coverage --format markdown. A test keeps it so. -->\n"
                     "# What of the law is encoded\n"
                     "\n"
                     "Every provision that the sources name, with the rule, set, limit, question, fact or table that\n"
                     "encodes it, or the reason why none does. A reason in *italics* is a `not modelled` statement of\n"
                     "the rulebook, which marks every decision that it may touch.\n");
}

int cli_rules_coverage(cli_view *view)
{
    coverage_run run = {.view = view};
    bool markdown = cli_format_is(view->args, "markdown");
    size_t tables = 0;
    int code = CLI_EXIT_OK;
    if (markdown)
        coverage_markdown_head(view->page.out);
    for (size_t i = 0; code == CLI_EXIT_OK && i < tk_desk_file_count(view->desk); i++) {
        tk_source source = tk_desk_file(view->desk, i);
        if (!tk_str_ends(source.name, TK_STR("provisions.csv")))
            continue;
        tk_err err = {0};
        coverage_table table;
        tk_arena_init(&run.keep, (size_t)64 * 1024, 0);
        tk_status status = coverage_read(&run, &source, &table, &err);
        code = cli_exit_of(status);
        if (status != TK_OK)
            cli_complain_err(&err);
        else if (markdown)
            coverage_markdown(&run, &table);
        else {
            tk_out_text(view->page.out, tables == 0 ? "" : "\n");
            coverage_text(&run, &table);
        }
        tk_arena_fini(&run.keep);
        tables++;
    }
    view->broken = code != CLI_EXIT_OK;
    if (code == CLI_EXIT_OK && tables == 0) {
        cli_complain("the rulebook has no table of provisions (REGIME/provisions.csv)");
        return CLI_EXIT_FAILURE;
    }
    return code != CLI_EXIT_OK ? code : (run.mistakes == 0 ? CLI_EXIT_OK : CLI_EXIT_FAILURE);
}
