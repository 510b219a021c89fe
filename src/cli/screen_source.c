/* SPDX-License-Identifier: Apache-2.0 */
/* screen_source.c: the parties of `twokey screen`: names as arguments, a CSV file, or one name a line. */
#include <string.h>

#include "base/file.h"
#include "cli/screen.h"

static const char *const column_names[SCREEN_COLUMN_COUNT] = {
#define X(NAME, text) [SCREEN_COLUMN_##NAME] = text,
    SCREEN_COLUMNS(X)
#undef X
};

/* An argument is a file by the look of it, never because one of that name happens to be there. */
static bool is_file(const char *argument)
{
    static const char *const endings[] = {".csv", ".tsv", ".txt"};
    tk_str text = tk_str_from(argument);
    if (tk_str_is(text, "-") || tk_str_starts(text, TK_STR("/")) || tk_str_starts(text, TK_STR("./"))
        || tk_str_starts(text, TK_STR("../")))
        return true;
    for (size_t i = 0; i < TK_COUNT(endings); i++)
        if (tk_str_ends(text, tk_str_from(endings[i])))
            return true;
    return false;
}

/* Does the first line have a cell that is a column? Then it is the header of a table, with or without `name`. */
static bool has_header(tk_str text)
{
    tk_str line, cell;
    while (tk_str_split(&text, '\n', &line) && (line.len == 0 || line.ptr[0] == '#'))
        continue;
    for (const char *separator = ",;\t"; *separator != 0; separator++) {
        tk_str rest = line;
        while (tk_str_split(&rest, *separator, &cell)) {
            if (cell.len != 0 && cell.ptr[cell.len - 1] == '\r')
                cell.len--;
            cell = tk_str_trim(cell);
            if (cell.len > 1 && cell.ptr[0] == '"' && cell.ptr[cell.len - 1] == '"')
                cell = (tk_str){cell.ptr + 1, cell.len - 2};
            for (size_t i = 0; i < SCREEN_COLUMN_COUNT; i++)
                if (tk_str_eq_nocase(cell, tk_str_from(column_names[i])))
                    return true;
        }
    }
    return false;
}

static int complain_column(const screen_source *source, tk_str column)
{
    char hint[CLI_HINT_MAX];
    tk_nearest near = tk_nearest_make(column);
    for (size_t i = 0; i < SCREEN_COLUMN_COUNT; i++)
        tk_nearest_offer(&near, tk_str_from(column_names[i]));
    cli_complain("%s: unknown column '" TK_FMT "'%s; --ignore-unknown goes on", source->name, TK_ARG_STR(column),
                 cli_hint(near.best, hint));
    return CLI_EXIT_USAGE;
}

static int read_columns(screen_source *source)
{
    size_t count;
    bool named = false;
    const tk_str *header = tk_csv_header(source->csv, &count);
    for (size_t i = 0; i < count; i++) {
        size_t column = 0;
        while (column < SCREEN_COLUMN_COUNT && !tk_str_eq_nocase(header[i], tk_str_from(column_names[column])))
            column++;
        source->columns[i] = (uint8_t)column;
        if (column == SCREEN_COLUMN_COUNT && source->args->values[CLI_FLAG_IGNORE_UNKNOWN] == NULL)
            return complain_column(source, header[i]);
        named |= column == SCREEN_COLUMN_NAME;
    }
    if (!named)
        cli_complain("%s: its first line is a header without a column 'name'; the columns are name, country, address, "
                     "birth, ids, kind, id", source->name);
    return named ? CLI_EXIT_OK : CLI_EXIT_USAGE;
}

static int open_file(screen_source *source, const char *path)
{
    tk_err err = {0};
    tk_str text;
    source->name = strcmp(path, "-") == 0 ? "standard input" : path;
    tk_status status = tk_file_read(path, TK_DATA_FILE_BYTES_MAX, &source->text, &text, &err);
    if (status == TK_OK && has_header(text))
        status = tk_csv_open_text(tk_str_from(source->name), text, &source->csv, &err);
    if (status != TK_OK) {
        cli_complain_err(&err);
        return cli_exit_of(status);
    }
    source->rest = text;
    return source->csv == NULL ? CLI_EXIT_OK : read_columns(source);
}

static bool kind_read(tk_str text, tk_name_kind *kind)
{
    static const char *const kinds[] = {
        [TK_NAME_UNKNOWN] = "unknown", [TK_NAME_PERSON] = "person", [TK_NAME_COMPANY] = "company",
        [TK_NAME_VESSEL] = "vessel",
    };
    for (size_t i = 0; i < TK_COUNT(kinds); i++)
        if (tk_str_eq_nocase(text, tk_str_from(kinds[i]))) {
            *kind = (tk_name_kind)i;
            return true;
        }
    *kind = TK_NAME_UNKNOWN;
    return text.len == 0;
}

int screen_source_open(screen_source *source, const cli_args *args)
{
    static const cli_flag of_one[] = {CLI_FLAG_COUNTRY, CLI_FLAG_ADDRESS, CLI_FLAG_BIRTH, CLI_FLAG_ID};
    *source = (screen_source){.args = args};
    tk_arena_init(&source->text, (size_t)64 * 1024, 0);
    tk_name_kind kind;
    if (!kind_read(tk_str_from(args->values[CLI_FLAG_KIND]), &kind)) {
        cli_complain("--kind '%s': expected person, company, vessel or unknown", args->values[CLI_FLAG_KIND]);
        return CLI_EXIT_USAGE;
    }
    if (args->positional_count == 0) {
        cli_complain("screen: which name, or which file of parties? 'twokey screen --help' shows how");
        return CLI_EXIT_USAGE;
    }
    bool file = args->positional_count == 1 && is_file(args->positional[0]);
    for (size_t i = 0; i < TK_COUNT(of_one); i++)
        if (args->values[of_one[i]] != NULL && (file || args->positional_count != 1)) {
            cli_complain("--%s is said of one name; a file has a column for it", cli_flag_infos[of_one[i]].name);
            return CLI_EXIT_USAGE;
        }
    return file ? open_file(source, args->positional[0]) : CLI_EXIT_OK;
}

void screen_source_close(screen_source *source)
{
    tk_csv_close(source->csv);
    tk_arena_fini(&source->text);
}

/* --- one party --- */

/* "A 123; B 456" */
static void read_ids(tk_str text, tk_arena *arena, tk_screened *party)
{
    size_t most = 1;
    for (size_t i = 0; i < text.len; i++)
        most += text.ptr[i] == ';';
    tk_str *ids = TK_ARENA_ARRAY(arena, tk_str, most), part;
    while (ids != NULL && tk_str_split(&text, ';', &part))
        if (tk_str_trim(part).len != 0)
            ids[party->identifiers_count++] = tk_str_trim(part);
    party->identifiers = ids;
}

static void read_cells(const tk_str cells[SCREEN_COLUMN_COUNT], tk_arena *arena, tk_screened *party, screen_tag *tag)
{
    party->name = cells[SCREEN_COLUMN_NAME];
    party->country = cells[SCREEN_COLUMN_COUNTRY];
    party->address = cells[SCREEN_COLUMN_ADDRESS];
    party->birth = cells[SCREEN_COLUMN_BIRTH];
    tag->id = cells[SCREEN_COLUMN_ID];
    read_ids(cells[SCREEN_COLUMN_IDS], arena, party);
    if (!kind_read(cells[SCREEN_COLUMN_KIND], &party->kind))
        tag->wrong = tk_arena_printf(arena, "the kind '" TK_FMT "' is none of person, company, vessel, unknown",
                                     TK_ARG_STR(cells[SCREEN_COLUMN_KIND]));
}

static tk_str flag_text(const cli_args *args, cli_flag flag)
{
    return tk_str_from(args->values[flag]);
}

static bool next_argument(screen_source *source, tk_arena *arena, tk_screened *party, screen_tag *tag)
{
    const cli_args *args = source->args;
    if (args->positional_count <= source->next)
        return false;
    tk_str cells[SCREEN_COLUMN_COUNT] = {
        [SCREEN_COLUMN_NAME] = tk_str_from(args->positional[source->next++]),
        [SCREEN_COLUMN_COUNTRY] = flag_text(args, CLI_FLAG_COUNTRY),
        [SCREEN_COLUMN_ADDRESS] = flag_text(args, CLI_FLAG_ADDRESS),
        [SCREEN_COLUMN_BIRTH] = flag_text(args, CLI_FLAG_BIRTH),
        [SCREEN_COLUMN_IDS] = flag_text(args, CLI_FLAG_ID),
        [SCREEN_COLUMN_KIND] = flag_text(args, CLI_FLAG_KIND),
    };
    read_cells(cells, arena, party, tag);
    return true;
}

static bool next_line(screen_source *source, tk_arena *arena, tk_screened *party, screen_tag *tag)
{
    tk_str line, cells[SCREEN_COLUMN_COUNT] = {{NULL, 0}};
    while (tk_str_split(&source->rest, '\n', &line)) {
        source->line++;
        if (line.len != 0 && line.ptr[line.len - 1] == '\r')
            line.len--;
        line = tk_str_trim(line);
        if (line.len == 0)
            continue;
        tag->line = source->line;
        cells[SCREEN_COLUMN_NAME] = line;
        cells[SCREEN_COLUMN_KIND] = flag_text(source->args, CLI_FLAG_KIND);
        read_cells(cells, arena, party, tag);
        return true;
    }
    return false;
}

static tk_status next_row(screen_source *source, tk_arena *arena, tk_screened *party, screen_tag *tag, bool *more,
                          tk_err *err)
{
    const tk_csv_row *row = NULL;
    tk_err why = {0};
    tk_str cells[SCREEN_COLUMN_COUNT] = {{NULL, 0}};
    tk_status status = tk_csv_next(source->csv, &row, &why);
    if (status == TK_ERR_INPUT || status == TK_ERR_LIMIT) {
        tag->line = why.line;
        tag->wrong = tk_arena_copy(arena, tk_str_from(why.message));
        *more = true;
        return TK_OK;
    }
    *more = status == TK_OK && row != NULL;
    if (!*more)
        return status == TK_OK ? TK_OK : tk_err_set(err, status, "%s", why.message);
    tag->line = row->line;
    for (size_t i = 0; i < row->cells_count; i++)
        if (source->columns[i] < SCREEN_COLUMN_COUNT)
            cells[source->columns[i]] = tk_arena_copy(arena, tk_str_trim(row->cells[i]));
    read_cells(cells, arena, party, tag);
    return TK_OK;
}

tk_status screen_source_next(screen_source *source, tk_arena *arena, tk_screened *party, const void **tag, bool *more,
                             tk_err *err)
{
    screen_tag *made = TK_ARENA_NEW(arena, screen_tag);
    if (made == NULL)
        return tk_err_set(err, TK_ERR_MEMORY, "out of memory for a party");
    *made = (screen_tag){.id = TK_STR(""), .wrong = TK_STR("")};
    *tag = made;
    tk_status status = TK_OK;
    if (source->csv != NULL)
        status = next_row(source, arena, party, made, more, err);
    else if (source->name != NULL)
        *more = next_line(source, arena, party, made);
    else
        *more = next_argument(source, arena, party, made);
    if (status == TK_OK && arena->failed)
        status = tk_err_set(err, TK_ERR_MEMORY, "out of memory for a party");
    return status;
}
