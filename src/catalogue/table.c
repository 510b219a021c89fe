/* SPDX-License-Identifier: Apache-2.0 */
/* table.c: one CSV table of the catalogue. */
#include <stdarg.h>
#include <stdio.h>

#include "catalogue/catalogue_int.h"

tk_status catalogue_table_open(catalogue_table *table, const tk_source *source, tk_err *err)
{
    *table = (catalogue_table){.name = source->name, .rows_max = 1};
    for (size_t i = 0; i < source->text.len; i++)
        table->rows_max += source->text.ptr[i] == '\n' ? 1 : 0;
    return tk_csv_open_text(source->name, source->text, &table->csv, err);
}

void catalogue_table_close(catalogue_table *table)
{
    tk_csv_close(table->csv);
    table->csv = NULL;
}

bool catalogue_table_next(catalogue_table *table, tk_status *status, tk_err *err)
{
    *status = tk_csv_next(table->csv, &table->row, err);
    if (*status != TK_OK)
        tk_err_where(err, table->name, 0, 0);
    return *status == TK_OK && table->row != NULL;
}

tk_status catalogue_table_column(const catalogue_table *table, const char *name, size_t *at, tk_err *err)
{
    size_t count;
    const tk_str *header = tk_csv_header(table->csv, &count);
    for (size_t i = 0; i < count; i++)
        if (tk_str_is(header[i], name)) {
            *at = i;
            return TK_OK;
        }
    tk_nearest near = tk_nearest_make(tk_str_from(name));
    for (size_t i = 0; i < count; i++)
        tk_nearest_offer(&near, header[i]);
    tk_status status = near.best.ptr == NULL
                           ? tk_err_set(err, TK_ERR_INPUT, "the table has no column '%s'", name)
                           : tk_err_set(err, TK_ERR_INPUT, "the table has no column '%s'; is '" TK_FMT "' meant?", name,
                                        TK_ARG_STR(near.best));
    tk_err_where(err, table->name, 1, 1);
    return status;
}

tk_status catalogue_table_wrong(const catalogue_table *table, size_t column, tk_err *err, const char *format, ...)
{
    char text[512];
    va_list args;
    va_start(args, format);
    (void)vsnprintf(text, sizeof(text), format, args);
    va_end(args);
    size_t count;
    const tk_str *header = tk_csv_header(table->csv, &count);
    tk_str name = column < count ? header[column] : TK_STR("row");
    tk_status status = tk_err_set(err, TK_ERR_INPUT, TK_FMT ": %s", TK_ARG_STR(name), text);
    uint32_t at = column < table->row->cells_count && table->row->columns != NULL ? table->row->columns[column] : 1;
    tk_err_where(err, table->name, (uint32_t)table->row->line, at);
    return status;
}
