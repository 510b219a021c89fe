/* SPDX-License-Identifier: Apache-2.0 */
/* parties.c: parties, and what is on record of them, in the catalogue's table and in a desk's own.
 *
 * `id` is needed; `name`, `source` and `note` are for people; every other column is an attribute that a rulebook may
 * declare (`country`, `hq`, `class`, `lists`, `parent`, `parent_hq`, `entry_review`, …). Whether it does is checked
 * where the table meets the rulebook, so that a misspelt column does not vanish.
 *
 * The parties of a book, and a desk's own table, are added to the catalogue's, for the rules name parties of the
 * catalogue. A party that stands in several is the last one's: all of its cells, so that nothing is mixed from two
 * sources.
 */
#include "catalogue/catalogue_int.h"

enum { PARTY_ATTRIBUTES_MAX = TK_PARTY_TABLES * TK_CSV_COLUMNS_MAX };

typedef struct party_columns {
    size_t id, name, source, note;         /* SIZE_MAX: not there */
    size_t attributes[PARTY_ATTRIBUTES_MAX]; /* by attribute of the catalogue */
} party_columns;

/* What is read, and where each id stands among the parties: open addressing, 0 for a free place, else the number from 1. */
typedef struct parties_reading {
    tk_catalogue *catalogue;
    catalogue_table tables[TK_PARTY_TABLES];
    party_columns *at;
    uint32_t *places;
    size_t places_count; /* a power of two */
} parties_reading;

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
    for (size_t i = 0; i < PARTY_ATTRIBUTES_MAX; i++)
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

/* Where the row of an id goes: in place of the party of that id, else behind all. */
static tk_party *party_place(parties_reading *r, tk_str id)
{
    tk_catalogue *catalogue = r->catalogue;
    size_t at = (size_t)tk_str_hash(id) & (r->places_count - 1);
    while (r->places[at] != 0 && !tk_str_eq(catalogue->parties[r->places[at] - 1].id, id))
        at = (at + 1) & (r->places_count - 1);
    if (r->places[at] == 0)
        r->places[at] = (uint32_t)++catalogue->parties_count;
    return &catalogue->parties[r->places[at] - 1];
}

static tk_status party_read(parties_reading *r, tk_party_table number, tk_err *err)
{
    tk_catalogue *catalogue = r->catalogue;
    const catalogue_table *table = &r->tables[number];
    const party_columns *at = &r->at[number];
    tk_str id = party_cell(catalogue, table, at->id);
    if (!tk_str_is_id(id))
        return catalogue_table_wrong(table, at->id, err,
                                     "'" TK_FMT "' is no id (letters, digits and . _ : - , at most %d)",
                                     TK_ARG_STR(id), TK_ID_BYTES_MAX);
    tk_party *party = party_place(r, id);
    if (party->line != 0 && party->table == number)
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
                        .table = number};
    return TK_OK;
}

/* All headers are read before any row: a party has a cell for each attribute of any table. */
static tk_status parties_open(parties_reading *r, tk_err *err)
{
    tk_catalogue *catalogue = r->catalogue;
    size_t rows = 0;
    for (size_t i = 0; i < TK_PARTY_TABLES; i++)
        rows += r->tables[i].rows_max;
    r->places_count = 16;
    while (r->places_count < rows * 2)
        r->places_count *= 2;
    r->places = TK_ARENA_ARRAY(&catalogue->keep, uint32_t, r->places_count);
    catalogue->attributes = TK_ARENA_ARRAY(&catalogue->keep, tk_str, PARTY_ATTRIBUTES_MAX);
    catalogue->parties = TK_ARENA_ARRAY(&catalogue->keep, tk_party, rows);
    if (r->places == NULL || catalogue->attributes == NULL || catalogue->parties == NULL)
        return tk_err_set(err, TK_ERR_MEMORY, "out of memory for the parties");
    for (size_t i = 0; i < TK_PARTY_TABLES; i++) {
        tk_status status = r->tables[i].csv == NULL ? TK_OK : parties_header(catalogue, &r->tables[i], &r->at[i], err);
        if (status != TK_OK)
            return status;
        if (i == TK_PARTY_SHIPPED)
            catalogue->attributes_shared = catalogue->attributes_count;
    }
    return TK_OK;
}

tk_status catalogue_read_parties(tk_catalogue *catalogue, const tk_source *shared, const tk_source *book,
                                 const tk_source *own, tk_err *err)
{
    const tk_source *sources[TK_PARTY_TABLES] = {shared, book, own};
    parties_reading r = {.catalogue = catalogue};
    r.at = TK_ARENA_ARRAY(&catalogue->keep, party_columns, TK_PARTY_TABLES);
    tk_status status = r.at == NULL ? tk_err_set(err, TK_ERR_MEMORY, "out of memory for the parties") : TK_OK;
    for (size_t i = 0; status == TK_OK && i < TK_PARTY_TABLES; i++)
        if (sources[i]->text.ptr != NULL)
            status = catalogue_table_open(&r.tables[i], sources[i], err);
    if (status == TK_OK)
        status = parties_open(&r, err);
    for (size_t i = 0; status == TK_OK && i < TK_PARTY_TABLES; i++)
        while (status == TK_OK && r.tables[i].csv != NULL && catalogue_table_next(&r.tables[i], &status, err))
            status = party_read(&r, (tk_party_table)i, err);
    for (size_t i = 0; i < TK_PARTY_TABLES; i++)
        catalogue_table_close(&r.tables[i]);
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
