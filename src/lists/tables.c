/* SPDX-License-Identifier: Apache-2.0 */
/* tables.c: what is known of sources, families, policies and names of countries.
 *
 * The tables are part of the program, so a wrong row is our own mistake; it is still said with file, line and value,
 * because they are edited by people. All text is copied into the one arena of the tk_lists.
 */
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "lists/lists_int.h"

typedef struct lists_country {
    tk_str name, code;
} lists_country;

typedef struct lists_policy {
    tk_str pattern;
    tk_list_review review;
} lists_policy;

struct tk_lists {
    tk_arena keep;
    tk_list_source *sources;
    tk_list_family *families;
    lists_policy *policies;
    lists_country *countries; /* by name, letters alike in both cases */
    size_t sources_count, families_count, policies_count, countries_count;
};

static const char *const field_names[TK_LIST_FIELD_COUNT] = {
#define X(NAME, text) text,
    TK_LIST_FIELDS(X)
#undef X
};
static const char *const dated_names[TK_LIST_DATED_COUNT] = {
#define X(NAME, text) text,
    TK_LIST_DATED(X)
#undef X
};
static const char *const review_names[] = {"", "approval", "case-by-case", "denial"};

tk_str tk_list_field_name(tk_list_field field)
{
    return tk_str_from(field_names[field]);
}

tk_str tk_list_dated_name(tk_list_dated dated)
{
    return tk_str_from(dated_names[dated]);
}

tk_str tk_list_review_name(tk_list_review review)
{
    return tk_str_from(review_names[review]);
}

/* --- reading a table --- */

enum { TABLE_COLUMNS_MAX = 16 };

typedef struct table_reader {
    tk_csv_reader *csv;
    tk_arena *arena;
    const char *const *columns;
    size_t at[TABLE_COLUMNS_MAX];
    const tk_csv_row *row;
    tk_str name;
} table_reader;

/* Opens a table and takes room for as many rows as it has lines. */
static tk_status table_open(table_reader *t, const tk_source *source, const char *const *columns, size_t count,
                            size_t *rows_max, tk_err *err)
{
    t->columns = columns;
    t->name = source->name;
    *rows_max = 1;
    for (size_t i = 0; i < source->text.len; i++)
        *rows_max += source->text.ptr[i] == '\n' ? 1 : 0;
    tk_status status = tk_csv_open_text(source->name, source->text, &t->csv, err);
    if (status != TK_OK)
        return status;
    size_t have;
    const tk_str *header = tk_csv_header(t->csv, &have);
    for (size_t i = 0; i < count; i++) {
        t->at[i] = 0;
        while (t->at[i] < have && !tk_str_is(header[t->at[i]], columns[i]))
            t->at[i]++;
        if (t->at[i] < have)
            continue;
        status = tk_err_set(err, TK_ERR_INPUT, "the table has no column '%s'", columns[i]);
        tk_err_where(err, source->name, 1, 1);
        return status;
    }
    return TK_OK;
}

/* False at the end, and after a failure. */
static bool table_next(table_reader *t, tk_status *status, tk_err *err)
{
    *status = tk_csv_next(t->csv, &t->row, err);
    return *status == TK_OK && t->row != NULL;
}

static tk_str table_cell(const table_reader *t, size_t column)
{
    return tk_arena_copy(t->arena, tk_str_trim(t->row->cells[t->at[column]]));
}

static tk_status table_wrong(const table_reader *t, size_t column, const char *expected, tk_err *err)
{
    size_t at = t->at[column];
    tk_status status = tk_err_set(err, TK_ERR_INPUT, "%s '" TK_FMT "' is not %s", t->columns[column],
                                  TK_ARG_STR(t->row->cells[at]), expected);
    tk_err_where(err, t->name, (uint32_t)t->row->line, t->row->columns[at]);
    return status;
}

/* A whole number from 0 to `most`; an empty cell is 0. */
static tk_status table_count(const table_reader *t, size_t column, uint64_t most, uint64_t *out, tk_err *err)
{
    tk_num value = 0;
    tk_str cell = tk_str_trim(t->row->cells[t->at[column]]);
    if (cell.len != 0 && tk_num_parse(cell, &value, NULL) != TK_OK)
        return table_wrong(t, column, "a number", err);
    if (value < 0 || value % TK_NUM_SCALE != 0 || most < (uint64_t)(value / TK_NUM_SCALE))
        return table_wrong(t, column, "a whole number in range", err);
    *out = (uint64_t)(value / TK_NUM_SCALE);
    return TK_OK;
}

/* --- the tables --- */

enum {
    SOURCE_ID, SOURCE_TITLE, SOURCE_PUBLISHER, SOURCE_FORMAT, SOURCE_FORMS, SOURCE_SIGN, SOURCE_LIST, SOURCE_MIN,
    SOURCE_SHRINK, SOURCE_REJECT, SOURCE_STALE, SOURCE_WHOLE, SOURCE_URL, SOURCE_TERMS, SOURCE_BASIS, SOURCE_COLUMNS
};
static const char *const source_columns[SOURCE_COLUMNS] = {
    "id", "title", "publisher", "format", "forms", "sign", "list", "entries_min", "shrink_max_percent",
    "reject_max_permille", "stale_days", "whole", "url", "terms", "basis",
};

static tk_status read_source(const table_reader *t, tk_list_source *source, tk_err *err)
{
    uint64_t shrink = 0, reject = 0, stale = 0;
    *source = (tk_list_source){
        .id = table_cell(t, SOURCE_ID),
        .title = table_cell(t, SOURCE_TITLE),
        .publisher = table_cell(t, SOURCE_PUBLISHER),
        .format = table_cell(t, SOURCE_FORMAT),
        .forms = table_cell(t, SOURCE_FORMS),
        .sign = table_cell(t, SOURCE_SIGN),
        .list = table_cell(t, SOURCE_LIST),
        .url = table_cell(t, SOURCE_URL),
        .terms = table_cell(t, SOURCE_TERMS),
        .basis = table_cell(t, SOURCE_BASIS),
    };
    if (!tk_str_is_id(source->id))
        return table_wrong(t, SOURCE_ID, "an id", err);
    tk_status status = table_count(t, SOURCE_MIN, UINT32_MAX, &source->entries_min, err);
    if (status == TK_OK)
        status = table_count(t, SOURCE_SHRINK, 100, &shrink, err);
    if (status == TK_OK)
        status = table_count(t, SOURCE_REJECT, 1000, &reject, err);
    if (status == TK_OK)
        status = table_count(t, SOURCE_STALE, 36500, &stale, err);
    if (status != TK_OK)
        return status;
    source->shrink_max_percent = (unsigned)shrink;
    source->reject_max_permille = (unsigned)reject;
    source->stale_days = (unsigned)stale;
    source->whole = tk_str_is(table_cell(t, SOURCE_WHOLE), "yes");
    if (!source->whole && !tk_str_is(table_cell(t, SOURCE_WHOLE), "no"))
        return table_wrong(t, SOURCE_WHOLE, "yes or no", err);
    return TK_OK;
}

static tk_status read_sources(tk_lists *lists, const tk_source *text, tk_err *err)
{
    table_reader t = {.arena = &lists->keep};
    size_t rows_max;
    tk_status status = table_open(&t, text, source_columns, SOURCE_COLUMNS, &rows_max, err);
    lists->sources = TK_ARENA_ARRAY(&lists->keep, tk_list_source, rows_max);
    if (lists->sources == NULL && status == TK_OK)
        status = tk_err_set(err, TK_ERR_MEMORY, "out of memory");
    while (status == TK_OK && table_next(&t, &status, err)) {
        status = read_source(&t, &lists->sources[lists->sources_count], err);
        lists->sources_count++;
    }
    tk_csv_close(t.csv);
    return status;
}

enum {
    FAMILY_CODE, FAMILY_NAME, FAMILY_WORDINGS, FAMILY_PROGRAMS, FAMILY_PERCENT, FAMILY_AGGREGATE, FAMILY_MINORITY,
    FAMILY_CITATION, FAMILY_URL, FAMILY_PARTY_LISTS, FAMILY_COLUMNS
};
static const char *const family_columns[FAMILY_COLUMNS] = {
    "code", "name", "wordings", "programs", "owned_percent", "aggregate", "minority", "citation", "url", "party_lists",
};

static tk_status read_family(const table_reader *t, tk_list_family *family, tk_err *err)
{
    *family = (tk_list_family){
        .code = table_cell(t, FAMILY_CODE),
        .name = table_cell(t, FAMILY_NAME),
        .wordings = table_cell(t, FAMILY_WORDINGS),
        .programs = table_cell(t, FAMILY_PROGRAMS),
        .citation = table_cell(t, FAMILY_CITATION),
        .url = table_cell(t, FAMILY_URL),
        .party_lists = table_cell(t, FAMILY_PARTY_LISTS),
    };
    tk_str percent = table_cell(t, FAMILY_PERCENT), minority = table_cell(t, FAMILY_MINORITY);
    if (!tk_str_is_id(family->code))
        return table_wrong(t, FAMILY_CODE, "an id", err);
    if (percent.len != 0
        && (tk_num_parse(percent, &family->owned_percent, NULL) != TK_OK || family->owned_percent <= 0
            || 100 * TK_NUM_SCALE < family->owned_percent))
        return table_wrong(t, FAMILY_PERCENT, "a percentage", err);
    if (percent.len != 0 && family->citation.len == 0)
        return table_wrong(t, FAMILY_CITATION, "a citation: an ownership rule has one", err);
    family->aggregate = tk_str_is(table_cell(t, FAMILY_AGGREGATE), "yes");
    if (tk_str_is(minority, "note"))
        family->minority = TK_LIST_MINORITY_NOTE;
    else if (tk_str_is(minority, "red-flag"))
        family->minority = TK_LIST_MINORITY_RED_FLAG;
    else if (minority.len != 0)
        return table_wrong(t, FAMILY_MINORITY, "'note', 'red-flag' or empty", err);
    return TK_OK;
}

static tk_status read_families(tk_lists *lists, const tk_source *text, tk_err *err)
{
    table_reader t = {.arena = &lists->keep};
    size_t rows_max;
    tk_status status = table_open(&t, text, family_columns, FAMILY_COLUMNS, &rows_max, err);
    lists->families = TK_ARENA_ARRAY(&lists->keep, tk_list_family, rows_max);
    if (lists->families == NULL && status == TK_OK)
        status = tk_err_set(err, TK_ERR_MEMORY, "out of memory");
    while (status == TK_OK && table_next(&t, &status, err)) {
        status = read_family(&t, &lists->families[lists->families_count], err);
        lists->families_count++;
    }
    tk_csv_close(t.csv);
    return status;
}

static tk_status read_policies(tk_lists *lists, const tk_source *text, tk_err *err)
{
    static const char *const columns[] = {"pattern", "review"};
    table_reader t = {.arena = &lists->keep};
    size_t rows_max;
    tk_status status = table_open(&t, text, columns, TK_COUNT(columns), &rows_max, err);
    lists->policies = TK_ARENA_ARRAY(&lists->keep, lists_policy, rows_max);
    if (lists->policies == NULL && status == TK_OK)
        status = tk_err_set(err, TK_ERR_MEMORY, "out of memory");
    while (status == TK_OK && table_next(&t, &status, err)) {
        lists_policy *policy = &lists->policies[lists->policies_count++];
        policy->pattern = table_cell(&t, 0);
        tk_str review = table_cell(&t, 1);
        size_t word = 1;
        while (word < TK_COUNT(review_names) && !tk_str_is(review, review_names[word]))
            word++;
        if (word < TK_COUNT(review_names))
            policy->review = (tk_list_review)word;
        else if (!tk_str_is(review, "unknown"))
            status = table_wrong(&t, 1, "approval, case-by-case, denial or unknown", err);
    }
    tk_csv_close(t.csv);
    return status;
}

/* --- countries --- */

static int country_order(const void *a, const void *b)
{
    const lists_country *x = a, *y = b;
    size_t common = x->name.len < y->name.len ? x->name.len : y->name.len;
    int order = common == 0 ? 0 : strncasecmp(x->name.ptr, y->name.ptr, common);
    return order != 0 ? order : (x->name.len > y->name.len) - (x->name.len < y->name.len);
}

static void add_country(tk_lists *lists, tk_str name, tk_str code)
{
    if (name.len != 0)
        lists->countries[lists->countries_count++] = (lists_country){name, code};
}

/* Names of one table; `also` is a third column of further names, `;` between. */
static tk_status read_countries(tk_lists *lists, const tk_source *text, const char *const *columns, size_t count,
                                tk_err *err)
{
    table_reader t = {.arena = &lists->keep};
    size_t rows_max;
    tk_status status = table_open(&t, text, columns, count, &rows_max, err);
    for (size_t i = 0; i < text->text.len; i++)
        rows_max += text->text.ptr[i] == ';' ? 1 : 0;
    lists_country *grown = TK_ARENA_ARRAY(&lists->keep, lists_country, lists->countries_count + 2 * rows_max);
    if (grown == NULL) {
        tk_csv_close(t.csv);
        return status != TK_OK ? status : tk_err_set(err, TK_ERR_MEMORY, "out of memory");
    }
    if (lists->countries_count != 0)
        memcpy(grown, lists->countries, lists->countries_count * sizeof *grown);
    lists->countries = grown;
    while (status == TK_OK && table_next(&t, &status, err)) {
        tk_str code = table_cell(&t, 0), also = count == 3 ? table_cell(&t, 2) : TK_STR(""), part;
        if (code.len != 2)
            status = table_wrong(&t, 0, "a code of two letters", err);
        add_country(lists, code, code);
        add_country(lists, table_cell(&t, 1), code);
        while (tk_str_split(&also, ';', &part))
            add_country(lists, tk_str_trim(part), code);
    }
    tk_csv_close(t.csv);
    return status;
}

tk_str tk_lists_country(const tk_lists *lists, tk_str text)
{
    lists_country wanted = {.name = tk_str_trim(text)};
    const lists_country *found = wanted.name.len == 0 || lists->countries_count == 0
                                     ? NULL
                                     : bsearch(&wanted, lists->countries, lists->countries_count,
                                               sizeof *lists->countries, country_order);
    return found == NULL ? TK_STR("") : found->code;
}

/* --- all together --- */

static int source_order(const void *a, const void *b)
{
    return tk_str_cmp(((const tk_list_source *)a)->id, ((const tk_list_source *)b)->id);
}

static int family_order(const void *a, const void *b)
{
    return tk_str_cmp(((const tk_list_family *)a)->code, ((const tk_list_family *)b)->code);
}

tk_status tk_lists_open(const tk_lists_texts *texts, tk_lists **out, tk_err *err)
{
    static const char *const places[] = {"code", "name", "also"};
    static const char *const countries[] = {"code", "name"};
    *out = NULL;
    tk_lists *lists = calloc(1, sizeof *lists);
    if (lists == NULL)
        return tk_err_set(err, TK_ERR_MEMORY, "out of memory");
    tk_arena_init(&lists->keep, 64 * 1024, 0);
    tk_status status = read_sources(lists, &texts->sources, err);
    if (status == TK_OK)
        status = read_families(lists, &texts->families, err);
    if (status == TK_OK)
        status = read_policies(lists, &texts->policies, err);
    if (status == TK_OK)
        status = read_countries(lists, &texts->places, places, TK_COUNT(places), err);
    if (status == TK_OK)
        status = read_countries(lists, &texts->countries, countries, TK_COUNT(countries), err);
    if (status == TK_OK && lists->keep.failed)
        status = tk_err_set(err, TK_ERR_MEMORY, "out of memory");
    if (status != TK_OK) {
        tk_lists_free(lists);
        return status;
    }
    qsort(lists->sources, lists->sources_count, sizeof *lists->sources, source_order);
    qsort(lists->families, lists->families_count, sizeof *lists->families, family_order);
    qsort(lists->countries, lists->countries_count, sizeof *lists->countries, country_order);
    *out = lists;
    return TK_OK;
}

void tk_lists_free(tk_lists *lists)
{
    if (lists == NULL)
        return;
    tk_arena_fini(&lists->keep);
    free(lists);
}

const tk_list_source *tk_lists_sources(const tk_lists *lists, size_t *count)
{
    *count = lists->sources_count;
    return lists->sources;
}

const tk_list_source *tk_lists_source(const tk_lists *lists, tk_str id)
{
    for (size_t i = 0; i < lists->sources_count; i++)
        if (tk_str_eq(lists->sources[i].id, id))
            return &lists->sources[i];
    return NULL;
}

const tk_list_source *tk_lists_source_of(const tk_lists *lists, tk_str id)
{
    const tk_list_source *source = tk_lists_source(lists, id);
    for (size_t i = 0; source == NULL && i < lists->sources_count; i++)
        if (tk_str_is(lists->sources[i].format, "mapped"))
            source = &lists->sources[i];
    return source;
}

const tk_list_family *tk_lists_families(const tk_lists *lists, size_t *count)
{
    *count = lists->families_count;
    return lists->families;
}

const tk_list_family *tk_lists_family(const tk_lists *lists, tk_str code)
{
    for (size_t i = 0; i < lists->families_count; i++)
        if (tk_str_eq(lists->families[i].code, code))
            return &lists->families[i];
    return NULL;
}

/* --- wordings --- */

static char fold(char c)
{
    return 'A' <= c && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

bool lists_matches(tk_str pattern, tk_str text)
{
    size_t p = 0, t = 0, star = SIZE_MAX, from = 0;
    while (t < text.len) {
        if (p < pattern.len && pattern.ptr[p] == '*') {
            star = p++;
            from = t;
        } else if (p < pattern.len && fold(pattern.ptr[p]) == fold(text.ptr[t])) {
            p++;
            t++;
        } else if (star != SIZE_MAX) { /* the last star takes one more */
            p = star + 1;
            t = ++from;
        } else {
            return false;
        }
    }
    while (p < pattern.len && pattern.ptr[p] == '*')
        p++;
    return p == pattern.len;
}

const tk_list_family *lists_family_called(const tk_lists *lists, tk_str wording)
{
    size_t office = lists_find(wording, " - ");
    tk_str shorter = {wording.ptr, office == SIZE_MAX ? wording.len : office}, rest, part;
    for (size_t i = 0; i < lists->families_count; i++) {
        const tk_list_family *family = &lists->families[i];
        if (tk_str_eq_nocase(family->code, wording))
            return family;
        for (rest = family->wordings; tk_str_split(&rest, ';', &part);)
            if (part.len != 0 && (tk_str_eq_nocase(part, shorter) || tk_str_eq_nocase(part, wording)))
                return family;
    }
    return NULL;
}

const tk_list_family *lists_family_of(const tk_lists *lists, tk_str programs)
{
    const tk_list_family *best = NULL;
    size_t best_len = 0;
    tk_str program, rest, part;
    while (lists_next(&programs, "; ", &program)) {
        for (size_t i = 0; i < lists->families_count; i++)
            for (rest = lists->families[i].programs; tk_str_split(&rest, ';', &part);)
                if (best_len < part.len && lists_matches(part, program)) {
                    best = &lists->families[i];
                    best_len = part.len;
                }
    }
    return best;
}

tk_list_review tk_lists_review(const tk_lists *lists, tk_str policy)
{
    for (size_t i = 0; policy.len != 0 && i < lists->policies_count; i++)
        if (lists_matches(lists->policies[i].pattern, policy))
            return lists->policies[i].review;
    return TK_LIST_REVIEW_UNKNOWN;
}
