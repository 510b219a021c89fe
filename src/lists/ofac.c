/* SPDX-License-Identifier: Apache-2.0 */
/* ofac.c: OFAC's lists as comma-separated files without a header: entries, aliases, addresses and what did not fit into
 * the remarks of an entry. `-0-` means empty; the last line is a lone 0x1A.
 *
 * Aliases and addresses point to their entry by its number. They are sorted by it first, so that each entry finds its
 * own in one step, and what points nowhere is said.
 */
#include <stdlib.h>
#include <string.h>

#include "lists/lists_int.h"

static const char *const main_columns[] = {"number", "name", "kind", "programme", "title", "call sign",
                                           "vessel type", "tonnage", "gross tonnage", "flag", "owner", "remarks"};
static const char *const alias_columns[] = {"number", "alias number", "kind", "name", "remarks"};
static const char *const address_columns[] = {"number", "address number", "street", "city", "country", "remarks"};
static const char *const comment_columns[] = {"number", "remarks"};
enum { MAIN_NUMBER, MAIN_NAME, MAIN_KIND, MAIN_PROGRAMME, MAIN_TITLE, MAIN_CALL_SIGN, MAIN_FLAG = 9 };
enum { MAIN_REMARKS = 11, ALIAS_NAME = 3, ADDRESS_STREET = 2, ADDRESS_CITY, ADDRESS_COUNTRY, COMMENT_TEXT = 1 };

typedef struct ofac_shape {
    lists_ofac_kind kind;
    const char *const *columns;
    size_t count;
} ofac_shape;

static const ofac_shape shapes[] = {
    {LISTS_OFAC_MAIN, main_columns, TK_COUNT(main_columns)},
    {LISTS_OFAC_ALIASES, alias_columns, TK_COUNT(alias_columns)},
    {LISTS_OFAC_ADDRESSES, address_columns, TK_COUNT(address_columns)},
    {LISTS_OFAC_COMMENTS, comment_columns, TK_COUNT(comment_columns)},
};

/* --- which file is it? --- */

/* A record of one of the shapes begins with a number and has its count of cells. */
static tk_status has_shape(const lists_file *file, const ofac_shape *shape, bool *yes, tk_err *err)
{
    tk_csv_reader *csv = NULL;
    const tk_csv_row *row = NULL;
    tk_num number;
    const char *end = file->text.len == 0 ? NULL : memchr(file->text.ptr, '\n', file->text.len);
    tk_str line = {file->text.ptr, end == NULL ? file->text.len : (size_t)(end - file->text.ptr)};
    tk_status status = tk_csv_open_bare(file->name, line, ',', shape->columns, shape->count, &csv, err);
    *yes = status == TK_OK && tk_csv_next(csv, &row, NULL) == TK_OK && row != NULL
           && tk_num_parse(tk_str_trim(row->cells[0]), &number, NULL) == TK_OK;
    tk_csv_close(csv);
    return status;
}

tk_status lists_ofac_kind_of(const lists_file *file, lists_ofac_kind *kind, tk_err *err)
{
    bool yes = false;
    tk_status status = TK_OK;
    *kind = LISTS_OFAC_NONE;
    for (size_t i = 0; status == TK_OK && !yes && i < TK_COUNT(shapes); i++) {
        status = has_shape(file, &shapes[i], &yes, err);
        if (yes)
            *kind = shapes[i].kind;
    }
    return status;
}

static const ofac_shape *shape_of(lists_ofac_kind kind)
{
    for (size_t i = 0; i < TK_COUNT(shapes); i++)
        if (shapes[i].kind == kind)
            return &shapes[i];
    return NULL;
}

static tk_str cell(const tk_csv_row *row, size_t at)
{
    tk_str text = tk_str_trim(row->cells[at]);
    return tk_str_is(text, "-0-") ? TK_STR("") : text;
}

/* Programmes of those that stand on other lists than the SDN list are named by families; most of the records tell. */
tk_status lists_ofac_consolidated(const tk_lists *lists, const lists_file *file, bool *yes, tk_err *err)
{
    enum { LOOKED_AT = 200, NAMES_MORE = 2 };
    tk_csv_reader *csv = NULL;
    const tk_csv_row *row = NULL;
    size_t read = 0, other = 0;
    tk_status status = tk_csv_open_bare(file->name, file->text, ',', main_columns, TK_COUNT(main_columns), &csv, err);
    while (status == TK_OK && read < LOOKED_AT && tk_csv_next(csv, &row, NULL) == TK_OK && row != NULL) {
        const tk_list_family *family = lists_family_of(lists, cell(row, MAIN_PROGRAMME));
        read++;
        other += family != NULL && NAMES_MORE <= family->programs.len ? 1 : 0;
    }
    tk_csv_close(csv);
    *yes = read < 2 * other;
    return status;
}

/* --- aliases, addresses, comments by number --- */

typedef struct ofac_row {
    tk_str number, cells[3];
    uint64_t line;
    bool used;
} ofac_row;

typedef struct ofac_rows {
    ofac_row *rows;
    size_t count;
    tk_str file;
} ofac_rows;

static int order_rows(const void *a, const void *b)
{
    const ofac_row *x = a, *y = b;
    int order = tk_str_cmp(x->number, y->number);
    return order != 0 ? order : (y->line < x->line) - (x->line < y->line);
}

/* The next whole record; what is broken is said on the way. False at the end and on failure. */
static bool next_row(lists_reader *reader, tk_csv_reader *csv, const tk_csv_row **row, tk_status *status, tk_err *err)
{
    for (;;) {
        tk_err wrong = {0};
        *status = tk_csv_next(csv, row, &wrong);
        if (*status == TK_OK) {
            if (*row != NULL)
                reader->edition->cut_off = 0;
            return *row != NULL;
        }
        if (*status != TK_ERR_INPUT && *status != TK_ERR_LIMIT) {
            if (err != NULL)
                *err = wrong;
            return false;
        }
        reader->edition->read++;
        reader->edition->cut_off = wrong.line;
        lists_reject(reader, wrong.line, "%s", wrong.message);
    }
}

static tk_status open_rows(lists_reader *reader, const lists_file *file, lists_ofac_kind kind, tk_csv_reader **csv,
                           tk_err *err)
{
    const ofac_shape *shape = shape_of(kind);
    TK_ASSERT(file != NULL && shape != NULL);
    reader->file = file->name;
    return tk_csv_open_bare(file->name, file->text, ',', shape->columns, shape->count, csv, err);
}

static tk_status read_rows(lists_reader *reader, const lists_file *file, lists_ofac_kind kind, ofac_rows *out,
                           tk_err *err)
{
    tk_csv_reader *csv = NULL;
    const tk_csv_row *row;
    size_t lines = 1, first = kind == LISTS_OFAC_ALIASES    ? ALIAS_NAME
                              : kind == LISTS_OFAC_ADDRESSES ? ADDRESS_STREET
                                                             : COMMENT_TEXT;
    for (size_t i = 0; i < file->text.len; i++)
        lines += file->text.ptr[i] == '\n' ? 1 : 0;
    *out = (ofac_rows){.rows = TK_ARENA_ARRAY(&reader->scratch, ofac_row, lines), .file = file->name};
    if (out->rows == NULL)
        return tk_err_set(err, TK_ERR_MEMORY, "out of memory");
    tk_status status = open_rows(reader, file, kind, &csv, err);
    while (status == TK_OK && next_row(reader, csv, &row, &status, err)) {
        ofac_row *kept = &out->rows[out->count++];
        kept->line = row->line;
        kept->number = tk_arena_copy(&reader->scratch, cell(row, MAIN_NUMBER));
        for (size_t i = 0; i < TK_COUNT(kept->cells) && first + i < row->cells_count; i++)
            kept->cells[i] = tk_arena_copy(&reader->scratch, cell(row, first + i));
    }
    tk_csv_close(csv);
    qsort(out->rows, out->count, sizeof *out->rows, order_rows);
    return status;
}

/* The first row of that number, or NULL; *last is behind the last one. */
static ofac_row *rows_of(const ofac_rows *rows, tk_str number, ofac_row **last)
{
    size_t low = 0, high = rows->count;
    *last = NULL;
    if (high == 0)
        return NULL;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (tk_str_cmp(rows->rows[middle].number, number) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    *last = rows->rows + low;
    while (*last < rows->rows + rows->count && tk_str_eq((*last)->number, number))
        (*last)->used = true, (*last)++;
    return rows->rows + low;
}

/* Rows that belong to no entry; the others were taken with it. */
static void tell_rows(lists_reader *reader, const ofac_rows *rows)
{
    reader->file = rows->file;
    for (size_t i = 0; i < rows->count; i++) {
        reader->edition->read++;
        if (rows->rows[i].used)
            reader->edition->accepted++;
        else
            lists_reject(reader, rows->rows[i].line, "entry " TK_FMT " is not in the list",
                         TK_ARG_STR(rows->rows[i].number));
    }
}

/* --- remarks --- */

/* "Tax ID No. 7702070139 (Russia)": kind, value. The value is the last word that is not in brackets; it has a digit. */
static void put_identifier(lists_reader *reader, lists_draft *draft, tk_str one)
{
    static const char *const others[] = {"Date", "Phone", "Website", "E-Mail", "Email", "Executive Order", "Directive",
                                         "DOB", "POB", "http", "Year of Build", "Linked To", "section "};
    const char *bracket = one.len == 0 || one.ptr[one.len - 1] != ')' ? NULL : memrchr(one.ptr, '(', one.len);
    if (bracket != NULL)
        one = tk_str_trim((tk_str){one.ptr, (size_t)(bracket - one.ptr)});
    const char *space = one.len == 0 ? NULL : memrchr(one.ptr, ' ', one.len);
    if (space == NULL)
        return;
    for (size_t i = 0; i < TK_COUNT(others); i++)
        if (lists_find(one, others[i]) != SIZE_MAX)
            return;
    tk_str kind = {one.ptr, (size_t)(space - one.ptr)}, value = {space + 1, (size_t)(one.ptr + one.len - space - 1)};
    bool digit = false;
    for (size_t i = 0; i < value.len; i++)
        digit = digit || ('0' <= value.ptr[i] && value.ptr[i] <= '9');
    enum { VALUE_LEAST = 4, KIND_MOST = 60 };
    if (digit && VALUE_LEAST <= value.len && kind.len <= KIND_MOST)
        lists_put_identifier(reader, draft, kind, value);
}

static bool begins(tk_str *text, const char *word)
{
    if (!tk_str_starts(*text, tk_str_from(word)))
        return false;
    *text = (tk_str){text->ptr + strlen(word), text->len - strlen(word)};
    return true;
}

/* A name up to its closing quote; those of remarks are called weak by OFAC unless they are former or new names. */
static void put_quoted(lists_reader *reader, lists_draft *draft, tk_str name, bool weak)
{
    if (name.len != 0 && name.ptr[name.len - 1] == '\'')
        name.len--;
    lists_put_alias(reader, draft, name, weak, false);
}

static void put_remarks(lists_reader *reader, lists_draft *draft, tk_str remarks)
{
    tk_str rest = remarks, one;
    lists_put_text(reader, &draft->entry.remarks, remarks);
    while (lists_next(&rest, "; ", &one)) {
        if (one.len != 0 && one.ptr[one.len - 1] == '.')
            one.len--;
        (void)begins(&one, "alt. ");
        if (begins(&one, "DOB "))
            lists_put_birth(reader, draft, one);
        else if (begins(&one, "a.k.a. '"))
            put_quoted(reader, draft, one, true);
        else if (begins(&one, "f.k.a. '") || begins(&one, "n.k.a. '"))
            put_quoted(reader, draft, one, false);
        else if (begins(&one, "nationality ") || begins(&one, "citizen "))
            (void)lists_put_country(reader, draft, one);
        else
            put_identifier(reader, draft, one);
    }
}

/* --- entries --- */

/* "UKRAINE-EO13662] [RUSSIA-EO14024" as "UKRAINE-EO13662; RUSSIA-EO14024". */
static tk_str programmes(lists_reader *reader, tk_str text)
{
    char *out = tk_arena_get(&reader->scratch, text.len + 1);
    size_t len = 0;
    for (size_t i = 0; out != NULL && i < text.len; i++) {
        if (text.len - i >= 3 && memcmp(text.ptr + i, "] [", 3) == 0) {
            out[len++] = ';';
            out[len++] = ' ';
            i += 2;
        } else {
            out[len++] = text.ptr[i];
        }
    }
    return (tk_str){out, len};
}

typedef struct ofac_set {
    const lists_file *files[LISTS_OFAC_COMMENTS + 1]; /* by kind */
    ofac_rows aliases, addresses, comments;
} ofac_set;

static void put_rows(lists_reader *reader, lists_draft *draft, const ofac_set *set, tk_str remarks)
{
    ofac_row *last, *row = rows_of(&set->comments, draft->number, &last);
    for (; row < last; row++) /* the overflow goes on where the remarks break off */
        remarks = tk_arena_printf(&reader->scratch, TK_FMT TK_FMT, TK_ARG_STR(remarks), TK_ARG_STR(row->cells[0]));
    put_remarks(reader, draft, remarks);
    for (row = rows_of(&set->aliases, draft->number, &last); row < last; row++)
        lists_put_alias(reader, draft, row->cells[0], false, false);
    for (row = rows_of(&set->addresses, draft->number, &last); row < last; row++) {
        tk_str text = row->cells[0].len == 0   ? row->cells[1]
                      : row->cells[1].len == 0 ? row->cells[0]
                                               : tk_arena_printf(&reader->scratch, TK_FMT ", " TK_FMT,
                                                                 TK_ARG_STR(row->cells[0]), TK_ARG_STR(row->cells[1]));
        if (text.len != 0)
            lists_put_address(reader, draft, text, row->cells[2].len != 0 ? row->cells[2] : TK_STR(" "));
        else
            (void)lists_put_country(reader, draft, row->cells[2]);
    }
}

static void read_entry(lists_reader *reader, const tk_csv_row *row, const ofac_set *set)
{
    lists_draft *draft = lists_begin(reader, row->line);
    if (draft == NULL)
        return;
    tk_str kind = cell(row, MAIN_KIND), title = cell(row, MAIN_TITLE), call_sign = cell(row, MAIN_CALL_SIGN);
    draft->number = tk_arena_copy(&reader->scratch, cell(row, MAIN_NUMBER));
    draft->entry.kind = tk_str_is(kind, "individual")                              ? TK_NAME_PERSON
                        : tk_str_is(kind, "vessel") || tk_str_is(kind, "aircraft") ? TK_NAME_VESSEL
                                                                                   : TK_NAME_COMPANY;
    lists_put_name(reader, draft, cell(row, MAIN_NAME));
    lists_put_text(reader, &draft->entry.programs, programmes(reader, cell(row, MAIN_PROGRAMME)));
    lists_put_text(reader, &draft->entry.remarks, title);
    lists_put_identifier(reader, draft, TK_STR("call sign"), call_sign);
    (void)lists_put_country(reader, draft, cell(row, MAIN_FLAG));
    put_rows(reader, draft, set, cell(row, MAIN_REMARKS));
    const tk_list_family *family = lists_family_of(reader->lists, draft->entry.programs);
    draft->entry.list = reader->source->list.len != 0 || family == NULL ? reader->source->list : family->code;
    if (draft->entry.list.len == 0)
        lists_reject(reader, row->line, "programme '" TK_FMT "' belongs to no list", TK_ARG_STR(draft->entry.programs));
    else
        lists_accept(reader, draft);
}

static tk_status sort_files(lists_reader *reader, ofac_set *set, tk_err *err)
{
    for (size_t i = 0; i < reader->files_count; i++) {
        const lists_file *file = &reader->files[i];
        lists_ofac_kind kind;
        tk_status status = lists_ofac_kind_of(file, &kind, err);
        if (status != TK_OK)
            return status;
        if (kind == LISTS_OFAC_NONE)
            status = tk_err_set(err, TK_ERR_INPUT, "not one of OFAC's files: no number and 12, 5, 6 or 2 cells");
        else if (set->files[kind] != NULL)
            status = tk_err_set(err, TK_ERR_INPUT, "of the same kind as " TK_FMT "; give the files of one edition",
                                TK_ARG_STR(set->files[kind]->name));
        if (status != TK_OK) {
            tk_err_where(err, file->name, 1, 1);
            return status;
        }
        set->files[kind] = file;
    }
    if (set->files[LISTS_OFAC_MAIN] == NULL)
        return tk_err_set(err, TK_ERR_INPUT, "OFAC's file of entries (sdn.csv or cons_prim.csv) is missing");
    return TK_OK;
}

/* What the set can say, and which of its files is not there: an edition without its aliases is none. */
static tk_status tell_files(lists_reader *reader, const ofac_set *set, tk_err *err)
{
    static const struct {
        lists_ofac_kind kind;
        tk_list_field field;
        const char *name;
    } parts[] = {{LISTS_OFAC_ALIASES, TK_LIST_ALIASES, "aliases (alt.csv)"},
                 {LISTS_OFAC_ADDRESSES, TK_LIST_ADDRESSES, "addresses (add.csv)"}};
    tk_str *missing = TK_ARENA_ARRAY(reader->arena, tk_str, TK_COUNT(parts));
    if (missing == NULL)
        return tk_err_set(err, TK_ERR_MEMORY, "out of memory");
    reader->edition->missing = missing;
    for (size_t i = 0; i < TK_COUNT(parts); i++) {
        if (set->files[parts[i].kind] != NULL)
            reader->edition->fields |= TK_LIST_FIELD_BIT(parts[i].field);
        else
            missing[reader->edition->missing_count++] = tk_str_from(parts[i].name);
    }
    return TK_OK;
}

tk_status lists_read_ofac(lists_reader *reader, tk_err *err)
{
    static const tk_list_field said[] = {TK_LIST_NAME, TK_LIST_KIND, TK_LIST_PROGRAMS, TK_LIST_IDENTIFIERS,
                                         TK_LIST_BIRTHS, TK_LIST_REMARKS, TK_LIST_COUNTRIES};
    ofac_set set = {0};
    tk_csv_reader *csv = NULL;
    const tk_csv_row *row;
    tk_status status = sort_files(reader, &set, err);
    ofac_rows *const rows[] = {NULL, NULL, &set.aliases, &set.addresses, &set.comments};
    uint64_t cut_off = 0;
    for (lists_ofac_kind kind = LISTS_OFAC_ALIASES; status == TK_OK && kind <= LISTS_OFAC_COMMENTS; kind++) {
        if (set.files[kind] != NULL)
            status = read_rows(reader, set.files[kind], kind, rows[kind], err);
        cut_off = reader->edition->cut_off != 0 ? reader->edition->cut_off : cut_off;
    }
    if (status == TK_OK)
        status = open_rows(reader, set.files[LISTS_OFAC_MAIN], LISTS_OFAC_MAIN, &csv, err);
    while (status == TK_OK && next_row(reader, csv, &row, &status, err))
        read_entry(reader, row, &set);
    tk_csv_close(csv);
    if (status != TK_OK)
        return status;
    for (size_t i = LISTS_OFAC_ALIASES; i <= LISTS_OFAC_COMMENTS; i++)
        tell_rows(reader, rows[i]);
    if (reader->edition->cut_off == 0)
        reader->edition->cut_off = cut_off;
    for (size_t i = 0; i < TK_COUNT(said); i++)
        reader->edition->fields |= TK_LIST_FIELD_BIT(said[i]);
    return tell_files(reader, &set, err);
}
