/* SPDX-License-Identifier: Apache-2.0 */
/* parties.c: parties, and what is on record of them, in the catalogue's table and in a desk's own.
 *
 * `id` is needed; `name`, `source` and `note` are for people; every other column is an attribute that a rulebook may
 * declare (`country`, `hq`, `class`, `lists`, `parent`, `parent_hq`, `entry_review`, …). Whether it does is checked
 * where the table meets the rulebook, so that a misspelt column does not vanish.
 *
 * The parties of a book, and a table given for the question, are added to the catalogue's, for the rules name parties
 * of the catalogue. A party that stands in several is that of the last: all of its cells, so that nothing is mixed from
 * two sources.
 */
#include "catalogue/catalogue_int.h"

/* The tables, each of which takes the place of those before it. */
enum { TABLE_SHARED, TABLE_BOOK, TABLE_OWN, TABLES, ATTRIBUTES_MAX = TABLES * TK_CSV_COLUMNS_MAX };

typedef struct party_columns {
    size_t id, name, source, note;         /* SIZE_MAX: not there */
    size_t attributes[ATTRIBUTES_MAX];     /* by attribute of the catalogue */
} party_columns;

/* The number of the attribute, which is added when it is new. */
static size_t parties_attribute(tk_catalogue *catalogue, tk_str name)
{
    for (size_t i = 0; i < catalogue->attributes_count; i++)
        if (tk_str_eq(catalogue->attributes[i], name))
            return i;
    catalogue->attributes[catalogue->attributes_count] = tk_arena_copy(&catalogue->keep, name);
    return catalogue->attributes_count++;
}

static tk_status parties_header(tk_catalogue *catalogue, const catalogue_table *table, party_columns *at, tk_err *err)
{
    size_t count;
    const tk_str *header = tk_csv_header(table->csv, &count);
    *at = (party_columns){.id = SIZE_MAX, .name = SIZE_MAX, .source = SIZE_MAX, .note = SIZE_MAX};
    for (size_t i = 0; i < ATTRIBUTES_MAX; i++)
        at->attributes[i] = SIZE_MAX;
    for (size_t i = 0; i < count; i++) {
        tk_str column = tk_str_trim(header[i]);
        size_t *where = tk_str_is(column, "id")       ? &at->id
                        : tk_str_is(column, "name")   ? &at->name
                        : tk_str_is(column, "source") ? &at->source
                        : tk_str_is(column, "note")   ? &at->note
                                                      : &at->attributes[parties_attribute(catalogue, column)];
        *where = i;
    }
    return at->id != SIZE_MAX ? TK_OK : catalogue_table_column(table, "id", &at->id, err);
}

static tk_str party_cell(tk_catalogue *catalogue, const catalogue_table *table, size_t column)
{
    return column == SIZE_MAX ? TK_STR("") : tk_arena_copy(&catalogue->keep, tk_str_trim(table->row->cells[column]));
}

/* Where a row goes: in place of the party of that id of an earlier table, else behind all. A book has each id once, so
 * its rows are looked for in the shared table alone. */
static tk_party *party_place(tk_catalogue *catalogue, tk_str id, unsigned table)
{
    size_t count = table == TABLE_BOOK ? catalogue->parties_shared : catalogue->parties_count;
    for (size_t i = 0; table != TABLE_SHARED && i < count; i++)
        if (tk_str_eq(catalogue->parties[i].id, id))
            return &catalogue->parties[i];
    return &catalogue->parties[catalogue->parties_count++];
}

static tk_status party_read(tk_catalogue *catalogue, const catalogue_table *table, const party_columns *at,
                            unsigned from, tk_err *err)
{
    tk_str id = party_cell(catalogue, table, at->id);
    if (!tk_str_is_id(id))
        return catalogue_table_wrong(table, at->id, err,
                                     "'" TK_FMT "' is no id (letters, digits and . _ : - , at most %d)",
                                     TK_ARG_STR(id), TK_ID_BYTES_MAX);
    tk_party *party = party_place(catalogue, id, from);
    if (party->own && from == TABLE_OWN)
        return catalogue_table_wrong(table, at->id, err, "'" TK_FMT "' stands twice, first in line %u", TK_ARG_STR(id),
                                     party->line);
    tk_str *cells = TK_ARENA_ARRAY(&catalogue->keep, tk_str, catalogue->attributes_count);
    uint32_t *columns = TK_ARENA_ARRAY(&catalogue->keep, uint32_t, catalogue->attributes_count);
    if (cells == NULL || columns == NULL)
        return tk_err_set(err, TK_ERR_MEMORY, "out of memory for the parties");
    for (size_t i = 0; i < catalogue->attributes_count; i++) {
        size_t column = at->attributes[i];
        cells[i] = party_cell(catalogue, table, column);
        if (column < table->row->cells_count && table->row->columns != NULL)
            columns[i] = table->row->columns[column];
    }
    *party = (tk_party){.id = id,
                        .name = party_cell(catalogue, table, at->name),
                        .source = party_cell(catalogue, table, at->source),
                        .note = party_cell(catalogue, table, at->note),
                        .attributes = cells,
                        .columns = columns,
                        .file = table->name,
                        .line = (uint32_t)table->row->line,
                        .own = from == TABLE_OWN};
    return TK_OK;
}

/* All headers are read before any row: a party has a cell for each attribute of any table. */
static tk_status parties_open(tk_catalogue *catalogue, catalogue_table *tables, party_columns *at, tk_err *err)
{
    size_t rows_max = 0;
    for (size_t i = 0; i < TABLES; i++)
        rows_max += tables[i].rows_max;
    catalogue->attributes = TK_ARENA_ARRAY(&catalogue->keep, tk_str, ATTRIBUTES_MAX);
    catalogue->parties = TK_ARENA_ARRAY(&catalogue->keep, tk_party, rows_max);
    if (catalogue->attributes == NULL || catalogue->parties == NULL)
        return tk_err_set(err, TK_ERR_MEMORY, "out of memory for the parties");
    for (size_t i = 0; i < TABLES; i++) {
        tk_status status = tables[i].csv == NULL ? TK_OK : parties_header(catalogue, &tables[i], &at[i], err);
        if (status != TK_OK)
            return status;
        if (i == TABLE_SHARED)
            catalogue->attributes_shared = catalogue->attributes_count;
    }
    return TK_OK;
}

static tk_status parties_rows(tk_catalogue *catalogue, catalogue_table *tables, const party_columns *at, tk_err *err)
{
    tk_status status = TK_OK;
    for (unsigned i = 0; status == TK_OK && i < TABLES; i++) {
        while (tables[i].csv != NULL && status == TK_OK && catalogue_table_next(&tables[i], &status, err))
            status = party_read(catalogue, &tables[i], &at[i], i, err);
        if (i == TABLE_SHARED)
            catalogue->parties_shared = catalogue->parties_count;
    }
    return status;
}

tk_status catalogue_read_parties(tk_catalogue *catalogue, const tk_catalogue_texts *texts, tk_err *err)
{
    const tk_source *sources[TABLES] = {&texts->parties, &texts->book_parties, &texts->own_parties};
    catalogue_table tables[TABLES] = {{0}, {0}, {0}};
    party_columns *at = TK_ARENA_ARRAY(&catalogue->keep, party_columns, TABLES);
    tk_status status = at == NULL ? tk_err_set(err, TK_ERR_MEMORY, "out of memory for the parties") : TK_OK;
    for (size_t i = 0; status == TK_OK && i < TABLES; i++)
        if (i == TABLE_SHARED || sources[i]->text.ptr != NULL)
            status = catalogue_table_open(&tables[i], sources[i], err);
    if (status == TK_OK)
        status = parties_open(catalogue, tables, at, err);
    if (status == TK_OK)
        status = parties_rows(catalogue, tables, at, err);
    for (size_t i = 0; i < TABLES; i++)
        catalogue_table_close(&tables[i]);
    return status;
}

size_t tk_catalogue_party_count(const tk_catalogue *catalogue)
{
    return catalogue->parties_count;
}

const tk_party *tk_catalogue_party(const tk_catalogue *catalogue, size_t index)
{
    TK_ASSERT(index < catalogue->parties_count);
    return &catalogue->parties[index];
}

const tk_str *tk_catalogue_party_attributes(const tk_catalogue *catalogue, size_t *count)
{
    *count = catalogue->attributes_count;
    return catalogue->attributes;
}

size_t tk_catalogue_party_attributes_shared(const tk_catalogue *catalogue)
{
    return catalogue->attributes_shared;
}
