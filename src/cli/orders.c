/* SPDX-License-Identifier: Apache-2.0 */
/* orders.c: reading orders. A file that begins with `{` holds one JSON object a line; everything else is CSV. */
#include "cli/orders.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

void cli_orders_complain(const cli_orders *orders, tk_column column, const char *message)
{
    unsigned at = column < TK_COLUMN_COUNT ? orders->cell_columns[column] : 0;
    if (at == 0)
        at = 1;
    cli_complain("%s:%llu:%u: %s", orders->name, (unsigned long long)orders->line, at, message);
}

/* Looks at the first bytes without using them up; a byte-order mark is. False after a message. */
static bool orders_recognise(cli_orders *orders)
{
    int first = getc(orders->stream);
    if (first == 0xEF) {
        int second = getc(orders->stream), third = getc(orders->stream);
        if (second != 0xBB || third != 0xBF) {
            cli_complain("%s:1:1: not UTF-8; expected a CSV file or one JSON object a line in UTF-8", orders->name);
            return false;
        }
        first = getc(orders->stream);
    }
    if (first == 0xFF || first == 0xFE) {
        cli_complain("%s:1:1: UTF-16 text; expected UTF-8", orders->name);
        return false;
    }
    if (first == EOF && ferror(orders->stream) != 0) {
        cli_complain("%s: cannot be read: %s", orders->name, strerror(errno));
        return false;
    }
    if (first == EOF) {
        cli_complain("%s:1:1: the file is empty; expected a header line such as id,item,quantity,from,to,end_user",
                     orders->name);
        return false;
    }
    if (first == '[') {
        cli_complain("%s:1:1: a JSON array; expected one JSON object a line", orders->name);
        return false;
    }
    orders->json = first == '{';
    return ungetc(first, orders->stream) != EOF;
}

static bool orders_map_column(cli_orders *orders, size_t index, tk_str name)
{
    tk_str nearest = TK_STR("");
    name = tk_str_trim(name);
    tk_column column = tk_column_find(name, &nearest);
    orders->columns[index] = (uint8_t)column;
    if (column == TK_COLUMN_COUNT) {
        if (orders->ignore_unknown)
            return true;
        char hint[CLI_HINT_MAX];
        cli_complain("%s:1: column %zu, '" TK_FMT "', is unknown%s", orders->name, index + 1, TK_ARG_STR(name),
                     nearest.len != 0 ? cli_hint(nearest, hint) : " (--ignore-unknown to go on)");
        return false;
    }
    for (size_t i = 0; i < index; i++)
        if (orders->columns[i] == column) {
            cli_complain("%s:1: column '" TK_FMT "' stands twice, as column %zu and %zu", orders->name,
                         TK_ARG_STR(name), i + 1, index + 1);
            return false;
        }
    return true;
}

static int orders_open_csv(cli_orders *orders)
{
    tk_err err = {0};
    tk_status status = tk_csv_open_file(tk_str_from(orders->name), orders->stream, &orders->csv, &err);
    if (status != TK_OK) {
        cli_complain_err(&err);
        return cli_exit_of(status);
    }
    const tk_str *header = tk_csv_header(orders->csv, &orders->columns_count);
    bool good = true;
    for (size_t i = 0; i < orders->columns_count; i++)
        good = orders_map_column(orders, i, header[i]) && good;
    return good ? CLI_EXIT_OK : CLI_EXIT_USAGE;
}

int cli_orders_open(cli_orders *orders, const char *path, bool ignore_unknown)
{
    memset(orders, 0, sizeof(*orders));
    orders->ignore_unknown = ignore_unknown;
    if (strcmp(path, "-") == 0) {
        orders->name = "<stdin>";
        orders->stream = stdin;
    } else {
        orders->name = path;
        orders->stream = fopen(path, "rb");
        orders->owned = true;
        if (orders->stream == NULL) {
            cli_complain("%s: cannot be opened: %s", path, strerror(errno));
            return CLI_EXIT_USAGE;
        }
    }
    if (!orders_recognise(orders))
        return CLI_EXIT_USAGE;
    return orders->json ? CLI_EXIT_OK : orders_open_csv(orders);
}

void cli_orders_close(cli_orders *orders)
{
    tk_csv_close(orders->csv);
    free(orders->line_bytes);
    if (orders->owned && orders->stream != NULL)
        (void)fclose(orders->stream);
    orders->stream = NULL;
}

cli_next cli_orders_next(cli_orders *orders)
{
    if (orders->json)
        return cli_orders_next_json(orders);
    const tk_csv_row *row = NULL;
    tk_err err = {0};
    tk_status status = tk_csv_next(orders->csv, &row, &err);
    if (status != TK_OK) {
        tk_err_where(&err, tk_str_from(orders->name), 0, 0);
        cli_complain_err(&err);
        return status == TK_ERR_INPUT || status == TK_ERR_LIMIT ? CLI_NEXT_BAD : CLI_NEXT_FAILURE;
    }
    if (row == NULL)
        return CLI_NEXT_END;
    orders->line = row->line;
    for (size_t i = 0; i < row->cells_count && i < orders->columns_count; i++) {
        size_t column = orders->columns[i];
        if (column == TK_COLUMN_COUNT)
            continue;
        orders->order.cells[column] = row->cells[i];
        orders->cell_columns[column] = row->columns == NULL ? 0 : row->columns[i];
    }
    return CLI_NEXT_ORDER;
}
