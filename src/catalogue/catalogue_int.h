/* SPDX-License-Identifier: Apache-2.0 */
/* catalogue_int.h: what the files of the catalogue share.
 *
 *   table.c      one CSV table: header checked, every row handed on with its place for messages
 *   items.c      accelerators, and their figures by the rules' definitions
 *   places.c     places and their dated membership in country groups
 *   parties.c    parties and what is on record of them
 *   catalogue.c  all four together
 */
#ifndef TK_CATALOGUE_INT_H
#define TK_CATALOGUE_INT_H

#include "base/arena.h"
#include "base/compat.h"
#include "base/csv.h"
#include "base/err.h"
#include "base/limits.h"
#include "base/num.h"
#include "base/str.h"
#include "twokey/catalogue.h"

struct tk_catalogue {
    tk_arena keep;
    tk_item *items;
    size_t items_count;
    tk_place *places;
    size_t places_count;
    tk_group_row *groups;
    size_t groups_count;
    tk_party *parties;
    size_t parties_count, parties_shared; /* shared: of the catalogue's own table */
    tk_str *attributes; /* of parties */
    size_t attributes_count, attributes_shared;
};

/* --- one table --- */

typedef struct catalogue_table {
    tk_csv_reader *csv;
    tk_str name;
    const tk_csv_row *row; /* the row read last */
    size_t rows_max;       /* no more rows than this: for taking memory once */
} catalogue_table;

TK_MUST_USE tk_status catalogue_table_open(catalogue_table *table, const tk_source *source, tk_err *err);
void catalogue_table_close(catalogue_table *table);
/* False at the end and on failure: *status tells them apart. */
bool catalogue_table_next(catalogue_table *table, tk_status *status, tk_err *err);
/* Where a column stands, by name; TK_ERR_INPUT when it is missing. */
TK_MUST_USE tk_status catalogue_table_column(const catalogue_table *table, const char *name, size_t *at, tk_err *err);
/* One wrong cell of the row read last. */
TK_PRINTF(4, 5)
tk_status catalogue_table_wrong(const catalogue_table *table, size_t column, tk_err *err, const char *format, ...);

/* --- the four tables --- */

TK_MUST_USE tk_status catalogue_read_items(tk_catalogue *catalogue, const tk_source *source, tk_err *err);
TK_MUST_USE tk_status catalogue_read_places(tk_catalogue *catalogue, const tk_source *source, tk_err *err);
TK_MUST_USE tk_status catalogue_read_groups(tk_catalogue *catalogue, const tk_source *source, tk_err *err);
/* All tables of parties; those of the book and of one's own may hold no text. */
TK_MUST_USE tk_status catalogue_read_parties(tk_catalogue *catalogue, const tk_catalogue_texts *texts, tk_err *err);

/* A cell that holds a number: value, "" (unknown), none, `a .. b`, `a ..`, `.. b`. */
TK_MUST_USE tk_status catalogue_number(tk_str cell, tk_value *out, tk_err *err);
/* TPP and density of an item whose cells are read. */
TK_MUST_USE tk_status catalogue_figures(tk_item *item, tk_err *err);

#endif
