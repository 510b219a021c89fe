/* SPDX-License-Identifier: Apache-2.0 */
/* csv.c: the CSV reader on any bytes. What must hold whatever they are:
 *
 *   - a file read from memory and the same read from a stream, in small pieces, gives the same rows and errors
 *   - cells are UTF-8 and within the limits, places are within the text
 *   - rows written by our writer and read again are the same rows
 */
#include "base/csv.h"

#include "base/limits.h"
#include "base/out.h"
#include "base/text.h"
#include "fuzz.h"

static const char byte_order_mark[] = "\xEF\xBB\xBF";

/* A stream that gives one to 4,096 bytes at a time. */
typedef struct trickle {
    const char *text;
    size_t len, at;
    uint64_t random;
} trickle;

static ssize_t trickle_read(void *cookie, char *buffer, size_t size)
{
    trickle *t = cookie;
    size_t piece = 1 + (size_t)fuzz_random(&t->random, 4096);
    if (size < piece)
        piece = size;
    if (t->len - t->at < piece)
        piece = t->len - t->at;
    memcpy(buffer, t->text + t->at, piece);
    t->at += piece;
    return (ssize_t)piece;
}

/* A stream is not read to the end of a record over the limit: there the hint about an open quote may differ. */
static bool same_message(const tk_err *a, const tk_err *b)
{
    if (a->status == TK_ERR_LIMIT && tk_str_starts(tk_str_from(a->message), TK_STR("a record of more than")))
        return tk_str_starts(tk_str_from(b->message), TK_STR("a record of more than"));
    return strcmp(a->message, b->message) == 0;
}

static void check_row(const tk_csv_row *row, size_t columns)
{
    FUZZ_CHECK(row->cells_count == columns);
    size_t bytes = 0;
    for (size_t i = 0; i < columns; i++) {
        FUZZ_CHECK(row->cells[i].len <= TK_FIELD_BYTES_MAX);
        FUZZ_CHECK(tk_text_utf8_check(row->cells[i]) == row->cells[i].len);
        FUZZ_CHECK(1 <= row->columns[i] && (i == 0 || row->columns[i - 1] < row->columns[i]));
        bytes += row->cells[i].len;
    }
    FUZZ_CHECK(bytes <= TK_ROW_BYTES_MAX && 1 <= row->line);
}

/* False, and nothing written, when quoting makes the row too long to be read again. */
static bool write_row(tk_out *out, const tk_str *cells, size_t count)
{
    size_t begin = out->len;
    for (size_t i = 0; i < count; i++)
        tk_csv_write_cell(out, cells[i], i == 0, true);
    if (out->len == begin)
        tk_out_text(out, "\"\""); /* one empty cell alone would be a blank line, which is no row */
    tk_out_char(out, '\n');
    if (out->len - begin <= TK_ROW_BYTES_MAX)
        return true;
    out->len = begin;
    return false;
}

/* Reads both readers side by side; the rows are written to `out`. Returns how many there were. */
static size_t read_both(tk_csv_reader *memory, tk_csv_reader *stream, size_t columns, tk_out *out)
{
    size_t rows = 0;
    for (;;) {
        const tk_csv_row *a = NULL, *b = NULL;
        tk_err err_a = {0}, err_b = {0};
        tk_status status = tk_csv_next(memory, &a, &err_a);
        FUZZ_CHECK(tk_csv_next(stream, &b, &err_b) == status);
        if (status != TK_OK) {
            FUZZ_CHECK(status == TK_ERR_INPUT || status == TK_ERR_LIMIT);
            FUZZ_CHECK(err_a.line == err_b.line && err_a.column == err_b.column && 1 <= err_a.line);
            FUZZ_CHECK(same_message(&err_a, &err_b));
            continue;
        }
        FUZZ_CHECK((a == NULL) == (b == NULL));
        if (a == NULL)
            return rows;
        check_row(a, columns);
        FUZZ_CHECK(a->line == b->line);
        for (size_t i = 0; i < columns; i++)
            FUZZ_CHECK(tk_str_eq(a->cells[i], b->cells[i]) && a->columns[i] == b->columns[i]);
        rows += write_row(out, a->cells, columns);
    }
}

/* Reads what was written, and writes it again: the same bytes, the same number of rows. */
static void check_round_trip(tk_str text, size_t rows)
{
    tk_csv_reader *reader = NULL;
    tk_err err = {0};
    FUZZ_CHECK(tk_csv_open_text(TK_STR("again"), text, &reader, &err) == TK_OK);
    tk_out out;
    tk_out_init(&out, NULL);
    size_t columns = 0;
    const tk_str *header = tk_csv_header(reader, &columns);
    tk_out_text(&out, byte_order_mark);
    FUZZ_CHECK(write_row(&out, header, columns));
    const tk_csv_row *row = NULL;
    for (size_t i = 0; i < rows; i++) {
        FUZZ_CHECK(tk_csv_next(reader, &row, &err) == TK_OK);
        FUZZ_CHECK(row != NULL);
        FUZZ_CHECK(write_row(&out, row->cells, columns));
    }
    FUZZ_CHECK(tk_csv_next(reader, &row, &err) == TK_OK);
    FUZZ_CHECK(row == NULL);
    FUZZ_CHECK(tk_str_eq(tk_out_str(&out), text));
    tk_out_fini(&out);
    tk_csv_close(reader);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    size_t len;
    char *text = fuzz_unpack(data, size, &len);
    trickle source = {text, len, 0, fuzz_seed(data, size)};
    FILE *file = fopencookie(&source, "r", (cookie_io_functions_t){.read = trickle_read});
    FUZZ_CHECK(file != NULL);
    tk_csv_reader *memory = NULL, *stream = NULL;
    tk_err err = {0}, err_stream = {0};
    tk_status status = tk_csv_open_text(TK_STR("f"), (tk_str){text, len}, &memory, &err);
    FUZZ_CHECK(tk_csv_open_file(TK_STR("f"), file, &stream, &err_stream) == status);
    FUZZ_CHECK(same_message(&err, &err_stream));
    if (status == TK_OK) {
        size_t columns = 0;
        const tk_str *header = tk_csv_header(memory, &columns);
        tk_out out;
        tk_out_init(&out, NULL);
        /* Ours, so that one in the name of the first column is not taken for it. */
        tk_out_text(&out, byte_order_mark);
        bool again = write_row(&out, header, columns);
        size_t rows = read_both(memory, stream, columns, &out);
        if (again)
            check_round_trip(tk_out_str(&out), rows);
        tk_out_fini(&out);
    }
    tk_csv_close(memory);
    tk_csv_close(stream);
    (void)fclose(file);
    free(text);
    return 0;
}
