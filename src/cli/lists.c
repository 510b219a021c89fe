/* SPDX-License-Identifier: Apache-2.0 */
/* lists.c: `twokey lists`: which sub-verb, the tables, where lists are. */
#include "cli/lists.h"

#include <string.h>
#include <sys/stat.h>

#include "base/csv.h"
#include "base/file.h"

int lists_failed(lists_view *view, tk_status status)
{
    cli_complain_err(&view->err);
    return cli_exit_of(status);
}

int lists_open_shelf(lists_view *view)
{
    struct stat there;
    tk_str path;
    if (view->shelf != NULL)
        return CLI_EXIT_OK;
    int code = cli_shelf_path(view->args, &view->arena, &path);
    if (code != CLI_EXIT_OK)
        return code;
    return stat(path.ptr, &there) == 0 ? cli_shelf_open(view->args, false, &view->shelf) : CLI_EXIT_OK;
}

tk_status lists_versions(lists_view *view, const tk_shelf_version **versions, size_t *count)
{
    *versions = NULL;
    *count = 0;
    return view->shelf == NULL ? TK_OK : tk_shelf_versions(view->shelf, &view->arena, versions, count, &view->err);
}

tk_str lists_day(lists_view *view, tk_date day)
{
    char text[TK_DATE_TEXT_MAX];
    if (day == TK_DATE_MIN || day == TK_DATE_MAX)
        return TK_STR("");
    size_t len = tk_date_format(day, text);
    return tk_arena_copy(&view->arena, (tk_str){text, len});
}

tk_str lists_count(lists_view *view, uint64_t count)
{
    return cli_grouped(&view->arena, tk_arena_printf(&view->arena, "%llu", (unsigned long long)count));
}

void lists_line(lists_view *view, const char *name, tk_str text)
{
    enum { INDENT = 15 };
    if (text.len == 0)
        return;
    tk_out_text(view->page.out, "  ");
    cli_put_column(&view->page, CLI_DIM, tk_str_from(name), INDENT - 2);
    cli_put_wrapped(&view->page, CLI_PLAIN, text, INDENT, INDENT);
}

tk_str lists_counts(lists_view *view, const tk_list_edition *edition)
{
    tk_str out = TK_STR("");
    for (size_t i = 0, from = 0; i < edition->entries_count; i++) {
        bool last = i + 1 == edition->entries_count
                    || !tk_str_eq(edition->entries[i].list, edition->entries[i + 1].list);
        if (!last)
            continue;
        tk_str count = lists_count(view, i + 1 - from);
        out = tk_arena_printf(&view->arena, TK_FMT "%s" TK_FMT " " TK_FMT, TK_ARG_STR(out), out.len == 0 ? "" : "; ",
                              TK_ARG_STR(edition->entries[i].list), TK_ARG_STR(count));
        from = i + 1;
    }
    return out;
}

/* --- editions --- */

/* "name=Firm,list==EL" into mappings. */
static int read_mapping_text(lists_view *view, tk_str text, tk_list_reading *reading)
{
    tk_str part;
    tk_list_mapping *mappings = TK_ARENA_ARRAY(&view->arena, tk_list_mapping, text.len + 1);
    for (size_t n = 0; mappings != NULL && tk_str_split(&text, ',', &part); n++) {
        const char *equals = part.len == 0 ? NULL : memchr(part.ptr, '=', part.len);
        if (equals == NULL) {
            cli_complain("--map '" TK_FMT "': expected FIELD=COLUMN, or FIELD==VALUE for all", TK_ARG_STR(part));
            return CLI_EXIT_USAGE;
        }
        size_t at = (size_t)(equals - part.ptr);
        bool fixed = at + 1 < part.len && part.ptr[at + 1] == '=';
        size_t skip = at + (fixed ? 2 : 1);
        mappings[n] = (tk_list_mapping){tk_str_trim((tk_str){part.ptr, at}),
                                        tk_str_trim((tk_str){part.ptr + skip, part.len - skip}), fixed};
        reading->mappings_count = n + 1;
    }
    reading->mappings = mappings;
    return CLI_EXIT_OK;
}

/* A table with the columns field, column and value: a value without a column holds for all. */
static int read_mapping_file(lists_view *view, const char *path, tk_list_reading *reading)
{
    tk_str text, joined = TK_STR("");
    tk_csv_reader *csv = NULL;
    const tk_csv_row *row = NULL;
    tk_status status = tk_file_read(path, TK_DATA_FILE_BYTES_MAX, &view->arena, &text, &view->err);
    if (status == TK_OK)
        status = tk_csv_open_text(tk_str_from(path), text, &csv, &view->err);
    size_t count = 0;
    const tk_str *header = status == TK_OK ? tk_csv_header(csv, &count) : NULL;
    bool good = count == 3 && tk_str_is(header[0], "field") && tk_str_is(header[1], "column")
                && tk_str_is(header[2], "value");
    if (status == TK_OK && !good)
        status = tk_err_set(&view->err, TK_ERR_INPUT, "%s: a mapping has the columns field, column, value", path);
    while (status == TK_OK && (status = tk_csv_next(csv, &row, &view->err)) == TK_OK && row != NULL) {
        bool fixed = row->cells[1].len == 0;
        joined = tk_arena_printf(&view->arena, TK_FMT "%s" TK_FMT "=%s" TK_FMT, TK_ARG_STR(joined),
                                 joined.len == 0 ? "" : ",", TK_ARG_STR(row->cells[0]), fixed ? "=" : "",
                                 TK_ARG_STR(row->cells[fixed ? 2 : 1]));
    }
    tk_csv_close(csv);
    return status == TK_OK ? read_mapping_text(view, joined, reading) : lists_failed(view, status);
}

static int read_options(lists_view *view, tk_list_reading *reading)
{
    const char *published = view->args->values[CLI_FLAG_PUBLISHED], *source = view->args->values[CLI_FLAG_SOURCE];
    const char *map = view->args->values[CLI_FLAG_MAP];
    *reading = (tk_list_reading){.source = tk_str_from(source), .published = TK_DATE_MIN, .today = tk_date_today()};
    if (published != NULL && tk_date_parse(tk_str_from(published), &reading->published, NULL) != TK_OK) {
        cli_complain("--published '%s': expected a day, for example 2026-07-31", published);
        return CLI_EXIT_USAGE;
    }
    if (source != NULL && !tk_str_is_id(reading->source)) {
        cli_complain("--source '%s': expected an id", source);
        return CLI_EXIT_USAGE;
    }
    if (map == NULL)
        return CLI_EXIT_OK;
    return strchr(map, '=') != NULL ? read_mapping_text(view, tk_str_from(map), reading)
                                    : read_mapping_file(view, map, reading);
}

/* The files of one path, behind those that are there. */
static tk_status add_path(lists_view *view, const char *path, tk_list_file *files, size_t *count)
{
    struct stat there;
    tk_str *names = NULL, one = tk_str_from(path);
    size_t names_count = 1;
    bool folder = stat(path, &there) == 0 && S_ISDIR(there.st_mode);
    tk_status status = TK_OK;
    if (folder)
        status = tk_file_list(path, "", &view->arena, &names, &names_count, &view->err);
    else
        names = &one;
    for (size_t i = 0; status == TK_OK && i < names_count; i++) {
        if (*count == TK_LIST_FILES_MAX)
            return tk_err_set(&view->err, TK_ERR_LIMIT, "%s: more than %d files; give those of one list", path,
                              TK_LIST_FILES_MAX);
        tk_str name = folder ? tk_arena_printf(&view->arena, "%s/" TK_FMT, path, TK_ARG_STR(names[i])) : names[i];
        status = tk_file_read(name.ptr, TK_LIST_FILE_BYTES_MAX, &view->arena, &files[*count].bytes, &view->err);
        const char *slash = name.len == 0 ? NULL : memrchr(name.ptr, '/', name.len);
        size_t begin = slash == NULL ? 0 : (size_t)(slash - name.ptr) + 1;
        files[(*count)++].name = (tk_str){name.ptr + begin, name.len - begin};
    }
    return status;
}

int lists_read_paths(lists_view *view, const char *const *paths, size_t count, tk_list_edition **out)
{
    tk_list_file files[TK_LIST_FILES_MAX];
    size_t files_count = 0;
    tk_list_reading reading;
    int code = read_options(view, &reading);
    if (code != CLI_EXIT_OK)
        return code;
    tk_status status = TK_OK;
    for (size_t i = 0; status == TK_OK && i < count; i++)
        status = add_path(view, paths[i], files, &files_count);
    if (status == TK_OK && files_count == 0)
        status = tk_err_set(&view->err, TK_ERR_INPUT, "%s: there is no file in it", paths[0]);
    if (status == TK_OK)
        status = tk_lists_read(view->lists, files, files_count, &reading, &view->arena, out, &view->err);
    return status == TK_OK ? CLI_EXIT_OK : lists_failed(view, status);
}

/* A version by its name, or by the first digits of its hash. */
static const tk_shelf_version *find_version(const tk_shelf_version *versions, size_t count, tk_str name)
{
    enum { HASH_LEAST = 6 };
    for (size_t i = 0; i < count; i++)
        if (tk_str_eq(versions[i].name, name)
            || (HASH_LEAST <= name.len && tk_str_starts(versions[i].hash, name)))
            return &versions[i];
    return NULL;
}

int lists_edition_named(lists_view *view, const char *name, size_t place, const tk_list_edition **out)
{
    struct stat there;
    size_t count;
    const tk_shelf_version *versions;
    tk_list_edition *edition = NULL;
    if (stat(name, &there) == 0) {
        int code = lists_read_paths(view, &name, 1, &edition);
        *out = edition;
        return code;
    }
    int code = lists_open_shelf(view);
    if (code != CLI_EXIT_OK)
        return code;
    tk_status status = lists_versions(view, &versions, &count);
    const tk_shelf_version *version = status == TK_OK ? find_version(versions, count, tk_str_from(name)) : NULL;
    if (status == TK_OK && version == NULL)
        status = tk_err_set(&view->err, TK_ERR_USAGE, "'%s' is no file, and no version; 'twokey lists show SOURCE' "
                            "names those of a source", name);
    if (status == TK_OK)
        status = tk_shelved_open(view->shelf, version, true, &view->shelved[place], &view->err);
    edition = TK_ARENA_NEW(&view->arena, tk_list_edition);
    if (status == TK_OK && edition == NULL)
        status = tk_err_set(&view->err, TK_ERR_MEMORY, "out of memory");
    if (status == TK_OK)
        status = tk_shelved_edition(view->shelved[place], &view->arena, edition, &view->err);
    *out = edition;
    return status == TK_OK ? CLI_EXIT_OK : lists_failed(view, status);
}

/* --- the verb --- */

typedef struct lists_sub {
    cli_bits flags;
    const char *name, *argument;
    size_t least, most; /* arguments behind the name */
    const char *formats;
    lists_body body;
} lists_sub;

#define FLAGS_READ (CLI_BIT(PUBLISHED) | CLI_BIT(SOURCE) | CLI_BIT(MAP))
static const lists_sub subs[] = {
    {FLAGS_READ | CLI_BIT(OLDER) | CLI_BIT(ACCEPT) | CLI_BIT(CHECK), "import", "file or folder", 1, TK_LIST_FILES_MAX,
     "text|json", lists_import},
    {CLI_BIT(AS_OF) | CLI_BIT(KNOWN_AT), "status", NULL, 0, 0, "text|json|csv", lists_status},
    {FLAGS_READ, "diff", "two files, folders or versions", 2, 2, "text|json|csv", lists_diff},
    {CLI_BIT(AS_OF) | CLI_BIT(KNOWN_AT), "show", "source, entry or list", 1, 1, "text|json", lists_show},
};

static bool sub_takes(const lists_sub *sub, const cli_args *args)
{
    if (args->positional_count < sub->least + 1) {
        cli_complain("lists %s: which %s?", sub->name, sub->argument);
        return false;
    }
    if (sub->most + 1 < args->positional_count) {
        cli_complain("lists %s: '%s' is one argument too many", sub->name, args->positional[sub->most + 1]);
        return false;
    }
    cli_bits taken = CLI_BITS_ALWAYS | CLI_BITS_BOOK | CLI_BIT(LISTS) | CLI_BIT(FORMAT) | CLI_BIT(OUT)
                      | CLI_BIT(FORCE) | sub->flags;
    for (size_t i = 0; i < CLI_FLAG_COUNT; i++)
        if (args->values[i] != NULL && (taken & cli_bit(i)) == 0) {
            cli_complain("--%s does not go with 'lists %s'", cli_flag_infos[i].name, sub->name);
            return false;
        }
    const char *format = args->values[CLI_FLAG_FORMAT];
    return format == NULL || cli_check_choice("--format", sub->formats, format);
}

static bool read_day(const cli_args *args, cli_flag flag, tk_date *day)
{
    const char *text = args->values[flag];
    if (text == NULL || tk_date_parse(tk_str_from(text), day, NULL) == TK_OK)
        return true;
    cli_complain("--%s '%s': expected a day, for example 2026-07-31", cli_flag_infos[flag].name, text);
    return false;
}

static int view_run(const cli_args *args, const lists_sub *sub)
{
    lists_view view = {.args = args, .as_of = tk_date_today(), .known_at = TK_DATE_MAX};
    if (!read_day(args, CLI_FLAG_AS_OF, &view.as_of) || !read_day(args, CLI_FLAG_KNOWN_AT, &view.known_at))
        return CLI_EXIT_USAGE;
    tk_arena_init(&view.arena, (size_t)256 * 1024, 0);
    int code = cli_list_tables_open(&view.lists);
    if (code == CLI_EXIT_OK)
        code = cli_sink_open(&view.sink, args);
    if (code == CLI_EXIT_OK) {
        cli_page_init(&view.page, &view.sink, args);
        code = sub->body(&view);
        cli_page_fini(&view.page);
        int closed = cli_sink_close(&view.sink, code == CLI_EXIT_OK || code == CLI_EXIT_CHANGED);
        if (closed != CLI_EXIT_OK)
            code = closed;
    }
    tk_shelved_close(view.shelved[0]);
    tk_shelved_close(view.shelved[1]);
    tk_shelf_close(view.shelf);
    tk_arena_fini(&view.arena);
    tk_lists_free(view.lists);
    return code;
}

int cli_lists(const cli_verb *verb, const cli_args *args)
{
    if (args->positional_count == 0) {
        cli_complain("lists: what of them? Expected one of %s", verb->subs);
        return CLI_EXIT_USAGE;
    }
    const lists_sub *sub = &subs[0];
    for (size_t i = 0; i < TK_COUNT(subs); i++)
        if (strcmp(args->positional[0], subs[i].name) == 0)
            sub = &subs[i];
    return sub_takes(sub, args) ? view_run(args, sub) : CLI_EXIT_USAGE;
}
