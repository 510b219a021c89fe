/* SPDX-License-Identifier: Apache-2.0 */
/* parties.c: parties, and what is on record of them.
 *
 * `id` is needed; `name`, `source` and `note` are for people; every other column is an attribute that a rulebook may
 * declare (`country`, `hq`, `class`, `lists`, `parent`, `parent_hq`, `entry_review`, …). Whether it does is checked
 * where the table meets the rulebook, so that a misspelt column does not vanish.
 */
#include "catalogue/catalogue_int.h"

typedef struct party_columns {
    size_t id, name, source, note; /* SIZE_MAX: not there */
    size_t attributes[TK_CSV_COLUMNS_MAX];
} party_columns;

static tk_status parties_header(tk_catalogue *catalogue, const catalogue_table *table, party_columns *at, tk_err *err)
{
    size_t count;
    const tk_str *header = tk_csv_header(table->csv, &count);
    *at = (party_columns){.id = SIZE_MAX, .name = SIZE_MAX, .source = SIZE_MAX, .note = SIZE_MAX};
    catalogue->attributes = TK_ARENA_ARRAY(&catalogue->keep, tk_str, count);
    if (catalogue->attributes == NULL)
        return tk_err_set(err, TK_ERR_MEMORY, "out of memory for the parties");
    for (size_t i = 0; i < count; i++) {
        tk_str column = tk_str_trim(header[i]);
        size_t *where = tk_str_is(column, "id")       ? &at->id
                        : tk_str_is(column, "name")   ? &at->name
                        : tk_str_is(column, "source") ? &at->source
                        : tk_str_is(column, "note")   ? &at->note
                                                      : NULL;
        if (where != NULL) {
            *where = i;
            continue;
        }
        at->attributes[catalogue->attributes_count] = i;
        catalogue->attributes[catalogue->attributes_count++] = tk_arena_copy(&catalogue->keep, column);
    }
    return at->id != SIZE_MAX ? TK_OK : catalogue_table_column(table, "id", &at->id, err);
}

static tk_str party_cell(tk_catalogue *catalogue, const catalogue_table *table, size_t column)
{
    return column == SIZE_MAX ? TK_STR("") : tk_arena_copy(&catalogue->keep, tk_str_trim(table->row->cells[column]));
}

static tk_status party_read(tk_catalogue *catalogue, const catalogue_table *table, const party_columns *at, tk_err *err)
{
    tk_party *party = &catalogue->parties[catalogue->parties_count++];
    party->line = (uint32_t)table->row->line;
    party->id = party_cell(catalogue, table, at->id);
    party->name = party_cell(catalogue, table, at->name);
    party->source = party_cell(catalogue, table, at->source);
    party->note = party_cell(catalogue, table, at->note);
    if (!tk_str_is_id(party->id))
        return catalogue_table_wrong(table, at->id, err,
                                     "'" TK_FMT "' is no id (letters, digits and . _ : - , at most %d)",
                                     TK_ARG_STR(party->id), TK_ID_BYTES_MAX);
    tk_str *cells = TK_ARENA_ARRAY(&catalogue->keep, tk_str, catalogue->attributes_count);
    if (cells == NULL)
        return tk_err_set(err, TK_ERR_MEMORY, "out of memory for the parties");
    for (size_t i = 0; i < catalogue->attributes_count; i++)
        cells[i] = party_cell(catalogue, table, at->attributes[i]);
    party->attributes = cells;
    return TK_OK;
}

tk_status catalogue_read_parties(tk_catalogue *catalogue, const tk_source *source, tk_err *err)
{
    catalogue_table table;
    party_columns at = {0};
    tk_status status = catalogue_table_open(&table, source, err);
    if (status == TK_OK)
        status = parties_header(catalogue, &table, &at, err);
    catalogue->parties = TK_ARENA_ARRAY(&catalogue->keep, tk_party, table.rows_max);
    if (status == TK_OK && catalogue->parties == NULL)
        status = tk_err_set(err, TK_ERR_MEMORY, "out of memory for the parties");
    while (status == TK_OK && catalogue_table_next(&table, &status, err))
        status = party_read(catalogue, &table, &at, err);
    catalogue_table_close(&table);
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
