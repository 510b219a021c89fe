/* SPDX-License-Identifier: Apache-2.0 */
/* orders.h: a file of orders, CSV or one JSON object a line, one order at a time; memory is flat. */
#ifndef TK_CLI_ORDERS_H
#define TK_CLI_ORDERS_H

#include "base/csv.h"
#include "cli/cli_int.h"

typedef struct cli_orders {
    const char *name; /* for messages */
    FILE *stream;
    bool owned, json, ignore_unknown;
    tk_csv_reader *csv;
    uint8_t columns[TK_CSV_COLUMNS_MAX]; /* tk_column of each CSV column; TK_COLUMN_COUNT: not read */
    size_t columns_count;
    uint64_t lines_above; /* blank ones at the top, passed over */
    /* JSON lines */
    char *line_bytes;
    size_t line_size;
    /* the order read last */
    tk_transaction order;
    uint64_t line;
    uint32_t cell_columns[TK_COLUMN_COUNT]; /* byte column of each cell in its line; 0: not there */
} cli_orders;

typedef enum cli_next {
    CLI_NEXT_ORDER,
    CLI_NEXT_BAD, /* one record was wrong; a message was given */
    CLI_NEXT_END,
    CLI_NEXT_FAILURE
} cli_next;

/* `path` "-" is standard input. 0, or an exit code after a message. */
int cli_orders_open(cli_orders *orders, const char *path, bool ignore_unknown);
void cli_orders_close(cli_orders *orders);
cli_next cli_orders_next(cli_orders *orders);
/* One message about the order read last: where, then the text. */
void cli_orders_complain(const cli_orders *orders, tk_column column, const char *message);

/* JSON lines (orders_json.c) */
cli_next cli_orders_next_json(cli_orders *orders);

#endif
