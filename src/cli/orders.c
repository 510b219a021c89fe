/* SPDX-License-Identifier: Apache-2.0 */
/* orders.c: reading orders. A file that begins with `{` holds one JSON object a line; everything else is CSV. */
#include "cli/orders.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

enum { ORDERS_SHOWN_COLUMNS = 40 };

void cli_orders_complain(const cli_orders *orders, tk_column column, const char *message)
{
    unsigned at = column < TK_COLUMN_COUNT ? orders->cell_columns[column] : 0;
    if (at == 0)
        at = 1;
    cli_complain("%s:%llu:%u: %s", orders->name, (unsigned long long)orders->line, at, message);
}

/* The first byte that says something; blank lines above it are counted and passed over. */
static int orders_first_byte(cli_orders *orders)
{
    int c = getc(orders->stream);
    while (c == ' ' || c == '\r' || c == '\n') {
        orders->lines_above += c == '\n';
        c = getc(orders->stream);
    }
    return c;
}

/* What the first byte and the one behind it say; NULL when they may begin a file of orders. */
static const char *orders_first_fault(const cli_orders *orders, int first, int second)
{
    if (first == 0xFF || first == 0xFE || first == 0 || second == 0) /* every other byte of ASCII text is zero */
        return "UTF-16 text, or no text at all; expected UTF-8";
    if (first == '[')
        return "a JSON array; expected one JSON object a line";
    if (first == EOF && ferror(orders->stream) == 0)
        return "the file is empty; expected a header line such as id,item,quantity,from,to,end_user";
    return NULL;
}

/* Looks at the first bytes without using them up; a byte-order mark and blank lines are. False after a message. */
static bool orders_recognise(cli_orders *orders)
{
    int first = getc(orders->stream);
    if (first == 0xEF) {
        int second = getc(orders->stream), third = getc(orders->stream);
        if (second != 0xBB || third != 0xBF) {
            cli_complain("%s:1:1: not UTF-8; expected a CSV file or one JSON object a line in UTF-8", orders->name);
            return false;
        }
    } else if (first != EOF) {
        (void)ungetc(first, orders->stream);
    }
    first = orders_first_byte(orders);
    int second = first == EOF ? EOF : getc(orders->stream);
    if (ferror(orders->stream) != 0) {
        cli_complain("%s: cannot be read: %s", orders->name, strerror(errno));
        return false;
    }
    const char *fault = orders_first_fault(orders, first, second);
    if (fault != NULL) {
        cli_complain("%s:%llu:1: %s", orders->name, (unsigned long long)orders->lines_above + 1, fault);
        return false;
    }
    orders->json = first == '{';
    orders->line = orders->json ? orders->lines_above : 0;
    /* Both were read just before, so that the stream takes both back. */
    return (second == EOF || ungetc(second, orders->stream) != EOF) && ungetc(first, orders->stream) != EOF;
}

/* The reader has seen to it that no name stands twice. False after a message. */
static bool orders_map_column(cli_orders *orders, size_t index, tk_str name)
{
    tk_str nearest = TK_STR("");
    tk_column column = tk_column_find(name, &nearest);
    orders->columns[index] = (uint8_t)column;
    if (column != TK_COLUMN_COUNT || orders->ignore_unknown)
        return true;
    char hint[CLI_HINT_MAX];
    cli_complain("%s:%llu: column %zu, '" TK_FMT "', is unknown%s", orders->name, (unsigned long long)orders->line,
                 index + 1, TK_ARG_STR(tk_text_prefix(name, ORDERS_SHOWN_COLUMNS)),
                 nearest.len != 0 ? cli_hint(nearest, hint) : " (--ignore-unknown to go on)");
    return false;
}

/* A file whose first line names nothing we know has no header: one message is enough then. */
static bool orders_header_known(const cli_orders *orders, const tk_str *header)
{
    for (size_t i = 0; i < orders->columns_count; i++)
        if (tk_column_find(header[i], NULL) != TK_COLUMN_COUNT)
            return true;
    tk_str nearest = TK_STR("");
    (void)tk_column_find(header[0], &nearest);
    char hint[CLI_HINT_MAX];
    cli_complain("%s:%llu: '" TK_FMT "' is no column%s", orders->name, (unsigned long long)orders->line,
                 TK_ARG_STR(tk_text_prefix(header[0], ORDERS_SHOWN_COLUMNS)),
                 nearest.len != 0 ? cli_hint(nearest, hint)
                                  : "; expected a header line such as id,item,quantity,from,to,end_user");
    return false;
}

/* The CSV reader counts lines from where it began. */
static void orders_complain_csv(const cli_orders *orders, tk_err *err)
{
    if (err->line != 0)
        err->line += (uint32_t)orders->lines_above;
    tk_err_where(err, tk_str_from(orders->name), 0, 0);
    cli_complain_err(err);
}

static int orders_open_csv(cli_orders *orders)
{
    tk_err err = {0};
    tk_status status = tk_csv_open_file(tk_str_from(orders->name), orders->stream, &orders->csv, &err);
    if (status != TK_OK) {
        orders_complain_csv(orders, &err);
        return cli_exit_of(status);
    }
    const tk_str *header = tk_csv_header(orders->csv, &orders->columns_count);
    orders->line = orders->lines_above + tk_csv_header_line(orders->csv);
    if (!orders_header_known(orders, header))
        return CLI_EXIT_USAGE;
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
        orders_complain_csv(orders, &err);
        return status == TK_ERR_INPUT || status == TK_ERR_LIMIT ? CLI_NEXT_BAD : CLI_NEXT_FAILURE;
    }
    if (row == NULL)
        return CLI_NEXT_END;
    orders->line = orders->lines_above + row->line;
    for (size_t i = 0; i < row->cells_count && i < orders->columns_count; i++) {
        size_t column = orders->columns[i];
        if (column == TK_COLUMN_COUNT)
            continue;
        orders->order.cells[column] = row->cells[i];
        orders->cell_columns[column] = row->columns == NULL ? 0 : row->columns[i];
    }
    return CLI_NEXT_ORDER;
}
