/* SPDX-License-Identifier: Apache-2.0 */
/* places.c: places, and their dated membership in country groups.
 *
 * A membership is a row of sign `in`; its end is a row of sign `out` with a publication date of its own, for the end is
 * known later than the beginning. Every place stands in places.csv, also those in no group: absence from a group is
 * then known, not unknown.
 */
#include <stdlib.h>

#include "catalogue/catalogue_int.h"

static int places_order(const void *a, const void *b)
{
    return tk_str_cmp(((const tk_place *)a)->code, ((const tk_place *)b)->code);
}

static tk_status places_check_twice(const tk_catalogue *catalogue, tk_str name, tk_err *err)
{
    for (size_t i = 1; i < catalogue->places_count; i++)
        if (tk_str_eq(catalogue->places[i - 1].code, catalogue->places[i].code)) {
            tk_status status = tk_err_set(err, TK_ERR_INPUT, "the place '" TK_FMT "' stands twice",
                                          TK_ARG_STR(catalogue->places[i].code));
            tk_err_where(err, name, 0, 0);
            return status;
        }
    return TK_OK;
}

tk_status catalogue_read_places(tk_catalogue *catalogue, const tk_source *source, tk_err *err)
{
    catalogue_table table;
    size_t code = 0, name = 0, also = 0;
    tk_status status = catalogue_table_open(&table, source, err);
    if (status == TK_OK)
        status = catalogue_table_column(&table, "code", &code, err);
    if (status == TK_OK)
        status = catalogue_table_column(&table, "name", &name, err);
    bool has_also = status == TK_OK && catalogue_table_column(&table, "also", &also, NULL) == TK_OK;
    catalogue->places = TK_ARENA_ARRAY(&catalogue->keep, tk_place, table.rows_max);
    if (status == TK_OK && catalogue->places == NULL)
        status = tk_err_set(err, TK_ERR_MEMORY, "out of memory for the catalogue");
    while (status == TK_OK && catalogue_table_next(&table, &status, err)) {
        tk_place *place = &catalogue->places[catalogue->places_count++];
        place->code = tk_arena_copy(&catalogue->keep, tk_str_trim(table.row->cells[code]));
        place->name = tk_arena_copy(&catalogue->keep, tk_str_trim(table.row->cells[name]));
        place->also = has_also ? tk_arena_copy(&catalogue->keep, table.row->cells[also]) : TK_STR("");
        if (!tk_str_is_id(place->code))
            status = catalogue_table_wrong(&table, code, err,
                                           "'" TK_FMT "' is no code of a place (expected one such as CN)",
                                           TK_ARG_STR(place->code));
    }
    catalogue_table_close(&table);
    if (status != TK_OK)
        return status;
    qsort(catalogue->places, catalogue->places_count, sizeof(*catalogue->places), places_order);
    return places_check_twice(catalogue, source->name, err);
}

/* --- country groups --- */

enum {
    GROUP_PLACE,
    GROUP_GROUP,
    GROUP_SIGN,
    GROUP_FROM,
    GROUP_TO,
    GROUP_PUBLISHED,
    GROUP_CITES,
    GROUP_CONFIDENCE,
    GROUP_COLUMNS
};
static const char *const group_columns[GROUP_COLUMNS] = {"place", "group",     "sign",  "from",
                                                         "to",    "published", "cites", "confidence"};

static bool place_known(const tk_catalogue *catalogue, tk_str code)
{
    tk_place wanted = {.code = code};
    return bsearch(&wanted, catalogue->places, catalogue->places_count, sizeof(wanted), places_order) != NULL;
}

static tk_status group_date(const catalogue_table *table, size_t column, tk_date open, tk_date *out, tk_err *err)
{
    tk_str cell = tk_str_trim(table->row->cells[column]);
    tk_err inner = {0};
    *out = open;
    if (cell.len == 0 || tk_date_parse(cell, out, &inner) == TK_OK)
        return TK_OK;
    return catalogue_table_wrong(table, column, err, "%s", inner.message);
}

static tk_status group_check(const tk_catalogue *catalogue, const catalogue_table *table, const size_t *at,
                             const tk_group_row *row, tk_err *err)
{
    tk_str sign = tk_str_trim(table->row->cells[at[GROUP_SIGN]]);
    if (!place_known(catalogue, row->place))
        return catalogue_table_wrong(table, at[GROUP_PLACE], err, "'" TK_FMT "' is no place of places.csv",
                                     TK_ARG_STR(row->place));
    if (!tk_str_is_id(row->group))
        return catalogue_table_wrong(table, at[GROUP_GROUP], err, "'" TK_FMT "' is no name of a group (such as D:5)",
                                     TK_ARG_STR(row->group));
    if (!tk_str_is(sign, "in") && !tk_str_is(sign, "out"))
        return catalogue_table_wrong(table, at[GROUP_SIGN], err, "'" TK_FMT "'; expected in or out", TK_ARG_STR(sign));
    if (row->cites.len == 0)
        return catalogue_table_wrong(table, at[GROUP_CITES], err, "is empty; a membership has a citation");
    if (row->to < row->from)
        return catalogue_table_wrong(table, at[GROUP_TO], err, "the span ends before it begins");
    return TK_OK;
}

static tk_status group_read(tk_catalogue *catalogue, const catalogue_table *table, const size_t *at, tk_group_row *row,
                            tk_err *err)
{
    const tk_str *cells = table->row->cells;
    row->place = tk_arena_copy(&catalogue->keep, tk_str_trim(cells[at[GROUP_PLACE]]));
    row->group = tk_arena_copy(&catalogue->keep, tk_str_trim(cells[at[GROUP_GROUP]]));
    row->cites = tk_arena_copy(&catalogue->keep, tk_str_trim(cells[at[GROUP_CITES]]));
    row->in = tk_str_is(tk_str_trim(cells[at[GROUP_SIGN]]), "in");
    tk_str confidence = tk_str_trim(cells[at[GROUP_CONFIDENCE]]);
    /* G: general knowledge, L: one secondary report. Both count and mark what rests on them. */
    row->unverified = tk_str_is(confidence, "G") || tk_str_is(confidence, "L");
    if (!row->unverified && !tk_str_is(confidence, "H") && !tk_str_is(confidence, "M"))
        return catalogue_table_wrong(table, at[GROUP_CONFIDENCE], err, "'" TK_FMT "'; expected H, M, L or G",
                                     TK_ARG_STR(confidence));
    tk_status status = group_date(table, at[GROUP_FROM], TK_DATE_MIN, &row->from, err);
    if (status == TK_OK)
        status = group_date(table, at[GROUP_TO], TK_DATE_MAX, &row->to, err);
    if (status == TK_OK)
        status = group_date(table, at[GROUP_PUBLISHED], TK_DATE_MIN, &row->published, err);
    return status == TK_OK ? group_check(catalogue, table, at, row, err) : status;
}

tk_status catalogue_read_groups(tk_catalogue *catalogue, const tk_source *source, tk_err *err)
{
    catalogue_table table;
    size_t at[GROUP_COLUMNS];
    tk_status status = catalogue_table_open(&table, source, err);
    for (size_t i = 0; status == TK_OK && i < GROUP_COLUMNS; i++)
        status = catalogue_table_column(&table, group_columns[i], &at[i], err);
    catalogue->groups = TK_ARENA_ARRAY(&catalogue->keep, tk_group_row, table.rows_max);
    if (status == TK_OK && catalogue->groups == NULL)
        status = tk_err_set(err, TK_ERR_MEMORY, "out of memory for the catalogue");
    while (status == TK_OK && catalogue_table_next(&table, &status, err))
        status = group_read(catalogue, &table, at, &catalogue->groups[catalogue->groups_count++], err);
    catalogue_table_close(&table);
    return status;
}

size_t tk_catalogue_place_count(const tk_catalogue *catalogue)
{
    return catalogue->places_count;
}

const tk_place *tk_catalogue_place(const tk_catalogue *catalogue, size_t index)
{
    TK_ASSERT(index < catalogue->places_count);
    return &catalogue->places[index];
}

bool tk_place_also_called(const tk_place *place, tk_str name)
{
    tk_str rest = place->also, part;
    while (tk_str_split(&rest, ';', &part))
        if (tk_str_eq_nocase(tk_str_trim(part), name))
            return true;
    return false;
}

const tk_group_row *tk_catalogue_groups(const tk_catalogue *catalogue, size_t *count)
{
    *count = catalogue->groups_count;
    return catalogue->groups;
}
