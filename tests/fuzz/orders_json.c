/* SPDX-License-Identifier: Apache-2.0 */
/* orders_json.c: files of JSON lines, any bytes. What must hold: every line that is not blank is an order or one bad
 * line; cells are UTF-8 and within the limits; an order written as JSON again reads as the same order. */
#include "base/limits.h"
#include "base/out.h"
#include "base/text.h"
#include "cli/orders.h"
#include "fuzz.h"

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
    (void)argc, (void)argv;
    fuzz_silence();
    return 0;
}

static uint64_t lines_not_blank(const char *text, size_t len)
{
    uint64_t count = 0;
    bool blank = true;
    for (size_t i = 0; i < len; i++) {
        if (text[i] == '\n') {
            count += !blank;
            blank = true;
        } else if (text[i] != ' ' && text[i] != '\t' && text[i] != '\r') {
            blank = false;
        }
    }
    return count + !blank;
}

static void check_cells(const cli_orders *orders)
{
    FUZZ_CHECK(1 <= orders->line);
    for (size_t i = 0; i < TK_COLUMN_COUNT; i++) {
        tk_str cell = orders->order.cells[i];
        FUZZ_CHECK(cell.len <= TK_FIELD_BYTES_MAX);
        FUZZ_CHECK(tk_text_utf8_check(cell) == cell.len);
        FUZZ_CHECK(orders->cell_columns[i] <= TK_ROW_BYTES_MAX);
        FUZZ_CHECK(cell.len == 0 || orders->cell_columns[i] != 0);
    }
}

static cli_orders orders_of(FILE *stream)
{
    return (cli_orders){.name = "f", .stream = stream, .json = true};
}

/* The order as one JSON object of texts, read by the same reader: the same cells. */
static void check_again(const tk_transaction *order)
{
    tk_out out;
    tk_json json;
    tk_out_init(&out, NULL);
    tk_json_begin(&json, &out);
    tk_json_open(&json, '{');
    for (size_t i = 0; i < TK_COLUMN_COUNT; i++) {
        char name[64];
        if (order->cells[i].len == 0)
            continue;
        (void)snprintf(name, sizeof(name), TK_FMT, TK_ARG_STR(tk_column_name((tk_column)i)));
        tk_json_key(&json, name);
        tk_json_str(&json, order->cells[i]);
    }
    tk_json_close(&json, '}');
    tk_str text = tk_out_str(&out);
    if (text.len <= TK_ROW_BYTES_MAX) { /* escapes make it longer than it was */
        FILE *stream = fmemopen((void *)(uintptr_t)text.ptr, text.len, "r");
        FUZZ_CHECK(stream != NULL);
        cli_orders again = orders_of(stream);
        FUZZ_CHECK(cli_orders_next_json(&again) == CLI_NEXT_ORDER);
        for (size_t i = 0; i < TK_COLUMN_COUNT; i++)
            FUZZ_CHECK(tk_str_eq(again.order.cells[i], order->cells[i]));
        cli_orders_close(&again);
        (void)fclose(stream);
    }
    tk_out_fini(&out);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    size_t len;
    char *text = fuzz_unpack(data, size, &len);
    FILE *stream = len == 0 ? fopen("/dev/null", "r") : fmemopen(text, len, "r");
    FUZZ_CHECK(stream != NULL);
    cli_orders orders = orders_of(stream);
    orders.ignore_unknown = (fuzz_seed(data, size) & 1) != 0;
    uint64_t read = 0;
    cli_next next = CLI_NEXT_ORDER;
    while (next == CLI_NEXT_ORDER || next == CLI_NEXT_BAD) {
        next = cli_orders_next(&orders);
        read += next == CLI_NEXT_ORDER || next == CLI_NEXT_BAD;
        if (next != CLI_NEXT_ORDER)
            continue;
        check_cells(&orders);
        check_again(&orders.order);
    }
    FUZZ_CHECK(next == CLI_NEXT_END && read == lines_not_blank(text, len));
    cli_orders_close(&orders);
    (void)fclose(stream);
    free(text);
    return 0;
}
