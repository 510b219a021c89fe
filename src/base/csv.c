/* SPDX-License-Identifier: Apache-2.0 */
/* csv.c: streaming CSV.
 *
 * One buffer holds the record being read; it is refilled from the stream (or is the whole text). A record is found
 * first (its end may lie behind quoted line ends), then cut into cells in place. Unquoted cells are borrowed from the
 * buffer; a quoted cell is unescaped over itself, which only makes it shorter.
 *
 *   C1  cells[] of a row point into the buffer and live until the next call.
 *   C2  After an error the reader stands behind the bad record.
 */
#include "base/csv.h"

#include <stdlib.h>
#include <string.h>

#include "base/err.h"
#include "base/limits.h"
#include "base/out.h"
#include "base/str.h"
#include "base/text.h"

enum { CSV_BUFFER_BYTES = 256 * 1024 };

struct tk_csv_reader {
    tk_str name;
    char *name_copy;
    FILE *stream;
    char *buffer;
    size_t size, begin, end; /* unread: buffer[begin .. end) */
    bool ended;
    char separator;
    uint64_t line;           /* of buffer[begin] */
    tk_str *header;
    char *header_text;
    uint64_t header_line;
    size_t columns;
    tk_str *cells;
    uint32_t *cell_columns;
    tk_csv_row row;
};

static tk_status csv_fail(tk_csv_reader *r, tk_err *err, uint64_t line, size_t column)
{
    tk_err_where(err, r->name, (uint32_t)line, (uint32_t)column);
    return err != NULL ? err->status : TK_ERR_INPUT;
}

/* More bytes behind the unread ones. False: there are none. */
static bool csv_refill(tk_csv_reader *r)
{
    if (r->ended)
        return false;
    if (r->begin != 0) {
        memmove(r->buffer, r->buffer + r->begin, r->end - r->begin);
        r->end -= r->begin;
        r->begin = 0;
    }
    if (r->end == r->size) {
        if (TK_ROW_BYTES_MAX * 2 < r->size)
            return false;
        char *grown = realloc(r->buffer, r->size * 2);
        if (grown == NULL)
            return false;
        r->buffer = grown;
        r->size *= 2;
    }
    size_t got = fread(r->buffer + r->end, 1, r->size - r->end, r->stream);
    r->end += got;
    if (got == 0)
        r->ended = true;
    return got != 0;
}

/* The length of the next record with its line end; 0 at the end. Quotes count only where a cell begins with one. */
static size_t csv_record(tk_csv_reader *r, uint64_t *lines, bool *open_quote)
{
    size_t at = 0;
    bool quoted = false, cell_begins = true;
    *lines = 0;
    *open_quote = false;
    for (;;) {
        if (r->begin + at == r->end) {
            if (TK_ROW_BYTES_MAX < at || !csv_refill(r)) {
                *open_quote = quoted;
                return at;
            }
            continue;
        }
        const char *p = r->buffer + r->begin + at;
        size_t rest = r->end - r->begin - at;
        if (quoted) {
            const char *quote = memchr(p, '"', rest);
            size_t span = quote == NULL ? rest : (size_t)(quote - p);
            for (const char *n = p; (n = memchr(n, '\n', span - (size_t)(n - p))) != NULL; n++)
                (*lines)++;
            at += span;
            if (quote == NULL)
                continue;
            at++;
            if (r->begin + at == r->end)
                (void)csv_refill(r);
            if (r->begin + at < r->end && r->buffer[r->begin + at] == '"')
                at++;
            else
                quoted = false;
            cell_begins = false;
            continue;
        }
        char c = *p;
        at++;
        if (c == '\n') {
            (*lines)++;
            return at;
        }
        if (c == '"' && cell_begins)
            quoted = true;
        cell_begins = c == r->separator;
        if (!cell_begins && c != '"') {
            /* Run over the plain bytes of a cell. */
            rest = r->end - r->begin - at;
            p++;
            size_t i = 0;
            while (i < rest && p[i] != r->separator && p[i] != '\n')
                i++;
            at += i;
        }
    }
}

/* Quoted cell beginning behind its quote: unescapes in place, *next is behind the closing quote. */
static tk_str csv_unquote(char *text, const char *limit, char **next)
{
    char *out = text, *in = text;
    while (in < limit) {
        if (*in == '"') {
            if (in + 1 < limit && in[1] == '"')
                in++;
            else
                break;
        }
        *out++ = *in++;
    }
    *next = in < limit ? in + 1 : in;
    return (tk_str){text, (size_t)(out - text)};
}

/* How many ' stand before a character that makes a spreadsheet take the cell for a formula; false when none follows. */
static bool csv_formula(tk_str cell, size_t *quotes)
{
    *quotes = 0;
    while (*quotes < cell.len && cell.ptr[*quotes] == '\'')
        (*quotes)++;
    return *quotes < cell.len && memchr("=+-@\t\r", cell.ptr[*quotes], 6) != NULL;
}

/* Takes off the ' that our writer put there. */
static tk_str csv_unguard(tk_str cell)
{
    size_t quotes;
    return csv_formula(cell, &quotes) && quotes != 0 ? (tk_str){cell.ptr + 1, cell.len - 1} : cell;
}

/* Cuts one record of `len` bytes at buffer[begin]. */
static tk_status csv_cut(tk_csv_reader *r, size_t len, size_t max, size_t *count, tk_err *err)
{
    char *text = r->buffer + r->begin, *p = text, *limit = text + len;
    if (p < limit && limit[-1] == '\n')
        limit--;
    if (p < limit && limit[-1] == '\r')
        limit--;
    size_t bad = tk_text_utf8_check((tk_str){text, (size_t)(limit - text)});
    if (text + bad != limit) {
        (void)tk_err_set(err, TK_ERR_INPUT, "byte 0x%02x is not UTF-8", (unsigned char)text[bad]);
        return csv_fail(r, err, r->line, bad + 1);
    }
    *count = 0;
    for (;;) {
        size_t column = (size_t)(p - text) + 1;
        tk_str cell;
        if (p < limit && *p == '"') {
            char *next;
            cell = csv_unquote(p + 1, limit, &next);
            if (next < limit && *next != r->separator) {
                (void)tk_err_set(err, TK_ERR_INPUT,
                                 "'%c' behind a closing quote; a quote inside a cell is doubled, and a cell that "
                                 "holds one is quoted",
                                 *next);
                return csv_fail(r, err, r->line, (size_t)(next - text) + 1);
            }
            p = next;
        } else {
            char *end = memchr(p, r->separator, (size_t)(limit - p));
            if (end == NULL)
                end = limit;
            cell = (tk_str){p, (size_t)(end - p)};
            p = end;
        }
        cell = csv_unguard(cell); /* what our writer put before it is no part of the cell, nor of its length */
        if (TK_FIELD_BYTES_MAX < cell.len) {
            (void)tk_err_set(err, TK_ERR_LIMIT, "a cell of %zu bytes; at most %d are read", cell.len,
                             TK_FIELD_BYTES_MAX);
            return csv_fail(r, err, r->line, column);
        }
        if (*count == max) {
            size_t cells = *count;
            for (const char *q = p; q < limit; q++)
                cells += *q == r->separator;
            if (r->header == NULL)
                (void)tk_err_set(err, TK_ERR_LIMIT, "more than %d columns", TK_CSV_COLUMNS_MAX);
            else
                (void)tk_err_set(err, TK_ERR_INPUT,
                                 "%zu cells, but the header has %zu column%s; '" TK_FMT
                                 "' is too many (a '%c' inside a cell needs quotes)",
                                 cells + 1, r->columns, r->columns == 1 ? "" : "s",
                                 TK_ARG_STR(tk_text_prefix(cell, 40)), r->separator);
            return csv_fail(r, err, r->line, column);
        }
        r->cells[*count] = cell;
        r->cell_columns[(*count)++] = (uint32_t)column;
        if (p == limit)
            return TK_OK;
        p++; /* the separator */
    }
}

static bool csv_is_blank(const char *text, size_t len)
{
    return len == 0 || (len == 1 && text[0] == '\n') || (len == 2 && text[0] == '\r' && text[1] == '\n');
}

/* Behind a record whose end cannot be told: behind its first line, so that a lost quote does not eat the file. */
static void csv_skip_line(tk_csv_reader *r)
{
    const char *end;
    while ((end = memchr(r->buffer + r->begin, '\n', r->end - r->begin)) == NULL) {
        r->begin = r->end;
        if (!csv_refill(r))
            return;
    }
    r->begin = (size_t)(end - r->buffer) + 1;
    r->line++;
}

static tk_status csv_next(tk_csv_reader *r, size_t max, size_t *count, bool *at_end, tk_err *err)
{
    uint64_t lines = 0;
    bool open_quote = false;
    *at_end = false;
    for (;;) {
        size_t len = csv_record(r, &lines, &open_quote);
        if (len == 0) {
            if (r->stream != NULL && ferror(r->stream)) {
                (void)tk_err_set(err, TK_ERR_IO, "cannot be read to its end");
                return csv_fail(r, err, r->line, 0);
            }
            *at_end = true;
            return TK_OK;
        }
        const char *text = r->buffer + r->begin;
        tk_status status = TK_OK;
        if (TK_ROW_BYTES_MAX < len) {
            (void)tk_err_set(err, TK_ERR_LIMIT, "a record of more than %d bytes%s", TK_ROW_BYTES_MAX,
                             open_quote ? "; a quote that is never closed?" : "");
            status = csv_fail(r, err, r->line, 1);
            csv_skip_line(r);
            return status;
        }
        if (csv_is_blank(text, len)) {
            r->begin += len;
            r->line += lines;
            continue;
        }
        if (open_quote) {
            (void)tk_err_set(err, TK_ERR_INPUT, "a quote is opened and never closed");
            status = csv_fail(r, err, r->line, 1);
            csv_skip_line(r);
            return status;
        }
        status = csv_cut(r, len, max, count, err);
        r->row.line = r->line;
        r->begin += len;
        r->line += lines;
        return status;
    }
}

/* Lines above the header that begin with '#' or are blank. They are read as lines, however long; a quote in a comment
 * opens nothing. */
static void csv_skip_comments(tk_csv_reader *r)
{
    for (;;) {
        while (r->end - r->begin < 2 && csv_refill(r))
            continue;
        const char *text = r->buffer + r->begin;
        size_t len = r->end - r->begin;
        if (len == 0 || (text[0] != '#' && text[0] != '\n' && (len < 2 || memcmp(text, "\r\n", 2) != 0)))
            return;
        csv_skip_line(r);
    }
}

/* The whole header line into the buffer, however the stream is cut into pieces. */
static void csv_load_line(tk_csv_reader *r)
{
    while (memchr(r->buffer + r->begin, '\n', r->end - r->begin) == NULL && r->end - r->begin <= TK_ROW_BYTES_MAX)
        if (!csv_refill(r))
            return;
}

/* The separator that is most frequent in the first line outside quotes. */
static char csv_guess_separator(const char *text, size_t len)
{
    size_t counts[3] = {0, 0, 0};
    bool quoted = false;
    for (size_t i = 0; i < len && text[i] != '\n'; i++) {
        if (text[i] == '"')
            quoted = !quoted;
        if (quoted)
            continue;
        counts[0] += text[i] == ',';
        counts[1] += text[i] == ';';
        counts[2] += text[i] == '\t';
    }
    if (counts[1] > counts[0] && counts[1] >= counts[2])
        return ';';
    return counts[2] > counts[0] ? '\t' : ',';
}

/* Keeps the names of the columns; the same one twice could not be told apart. */
static tk_status csv_keep_header(tk_csv_reader *r, const tk_str *names, size_t count, tk_err *err)
{
    size_t bytes = 0;
    for (size_t i = 0; i < count; i++)
        bytes += names[i].len;
    r->header = calloc(count, sizeof *r->header);
    r->header_text = malloc(bytes + 1);
    if (r->header == NULL || r->header_text == NULL)
        return tk_err_set(err, TK_ERR_MEMORY, "out of memory");
    bytes = 0;
    for (size_t i = 0; i < count; i++) {
        tk_str name = tk_str_trim(names[i]);
        if (name.len != 0)
            memcpy(r->header_text + bytes, name.ptr, name.len);
        r->header[i] = (tk_str){r->header_text + bytes, name.len};
        bytes += name.len;
        for (size_t j = 0; j < i; j++) {
            if (tk_str_eq(r->header[j], name)) {
                (void)tk_err_set(err, TK_ERR_INPUT, "column '" TK_FMT "' is named twice", TK_ARG_STR(name));
                return csv_fail(r, err, r->row.line, r->cell_columns[i]);
            }
        }
    }
    r->columns = count;
    return TK_OK;
}

static tk_status csv_make_cells(tk_csv_reader *r, tk_err *err)
{
    r->cells = calloc(TK_CSV_COLUMNS_MAX, sizeof *r->cells);
    r->cell_columns = calloc(TK_CSV_COLUMNS_MAX, sizeof *r->cell_columns);
    return r->cells == NULL || r->cell_columns == NULL ? tk_err_set(err, TK_ERR_MEMORY, "out of memory") : TK_OK;
}

static tk_status csv_read_header(tk_csv_reader *r, tk_err *err)
{
    size_t count = 0;
    bool at_end = false;
    if (r->stream != NULL)
        (void)csv_refill(r);
    const char *text = r->buffer;
    size_t len = r->end;
    if (2 <= len && (memcmp(text, "\xFF\xFE", 2) == 0 || memcmp(text, "\xFE\xFF", 2) == 0)) {
        (void)tk_err_set(err, TK_ERR_INPUT, "the file is UTF-16; save it as UTF-8");
        return csv_fail(r, err, 1, 1);
    }
    if (3 <= len && memcmp(text, "\xEF\xBB\xBF", 3) == 0)
        r->begin = 3;
    csv_skip_comments(r);
    csv_load_line(r);
    r->separator = csv_guess_separator(r->buffer + r->begin, r->end - r->begin);
    tk_status status = csv_make_cells(r, err);
    if (status == TK_OK)
        status = csv_next(r, TK_CSV_COLUMNS_MAX, &count, &at_end, err);
    if (status != TK_OK)
        return status;
    if (at_end) {
        (void)tk_err_set(err, TK_ERR_INPUT, "the file is empty; the first line names the columns");
        return csv_fail(r, err, 1, 1);
    }
    r->header_line = r->row.line;
    return csv_keep_header(r, r->cells, count, err);
}

/* Room for the reader; nothing is read yet. */
static tk_status csv_begin(tk_csv_reader *r, tk_str name, tk_err *err)
{
    r->name_copy = malloc(name.len + 1);
    if (r->buffer == NULL || r->name_copy == NULL)
        return tk_err_set(err, TK_ERR_MEMORY, "out of memory");
    if (name.len != 0)
        memcpy(r->name_copy, name.ptr, name.len);
    r->name = (tk_str){r->name_copy, name.len};
    r->line = 1;
    return TK_OK;
}

/* Hands the reader over, or takes it away when it could not be opened. */
static tk_status csv_opened(tk_csv_reader *r, tk_status status, tk_csv_reader **out)
{
    *out = status == TK_OK ? r : NULL;
    if (status != TK_OK)
        tk_csv_close(r);
    return status;
}

static tk_csv_reader *csv_from_text(tk_str text)
{
    tk_csv_reader *r = calloc(1, sizeof *r);
    if (r != NULL) {
        r->buffer = malloc(text.len + 1);
        r->size = text.len + 1;
        r->ended = true;
        if (r->buffer != NULL && text.len != 0)
            memcpy(r->buffer, text.ptr, text.len);
        r->end = text.len;
    }
    return r;
}

tk_status tk_csv_open_text(tk_str name, tk_str text, tk_csv_reader **out, tk_err *err)
{
    tk_csv_reader *r = csv_from_text(text);
    *out = NULL;
    if (r == NULL)
        return tk_err_set(err, TK_ERR_MEMORY, "out of memory");
    tk_status status = csv_begin(r, name, err);
    if (status == TK_OK)
        status = csv_read_header(r, err);
    return csv_opened(r, status, out);
}

tk_status tk_csv_open_bare(tk_str name, tk_str text, char separator, const char *const *columns, size_t count,
                           tk_csv_reader **out, tk_err *err)
{
    TK_ASSERT(count <= TK_CSV_COLUMNS_MAX);
    tk_csv_reader *r = csv_from_text(text);
    *out = NULL;
    if (r == NULL)
        return tk_err_set(err, TK_ERR_MEMORY, "out of memory");
    tk_status status = csv_begin(r, name, err);
    if (status == TK_OK)
        status = csv_make_cells(r, err);
    if (status == TK_OK) {
        r->separator = separator;
        for (size_t i = 0; i < count; i++)
            r->cells[i] = tk_str_from(columns[i]);
        status = csv_keep_header(r, r->cells, count, err);
    }
    return csv_opened(r, status, out);
}

tk_status tk_csv_open_file(tk_str name, FILE *stream, tk_csv_reader **out, tk_err *err)
{
    tk_csv_reader *r = calloc(1, sizeof *r);
    *out = NULL;
    if (r == NULL)
        return tk_err_set(err, TK_ERR_MEMORY, "out of memory");
    r->stream = stream;
    r->size = CSV_BUFFER_BYTES;
    r->buffer = malloc(r->size);
    tk_status status = csv_begin(r, name, err);
    if (status == TK_OK)
        status = csv_read_header(r, err);
    return csv_opened(r, status, out);
}

void tk_csv_close(tk_csv_reader *r)
{
    if (r == NULL)
        return;
    free(r->name_copy);
    free(r->buffer);
    free(r->header);
    free(r->header_text);
    free(r->cells);
    free(r->cell_columns);
    free(r);
}

const tk_str *tk_csv_header(const tk_csv_reader *reader, size_t *count)
{
    *count = reader->columns;
    return reader->header;
}

uint64_t tk_csv_header_line(const tk_csv_reader *reader)
{
    return reader->header_line;
}

tk_status tk_csv_next(tk_csv_reader *r, const tk_csv_row **row, tk_err *err)
{
    size_t count = 0;
    bool at_end = false;
    *row = NULL;
    tk_status status = csv_next(r, r->columns, &count, &at_end, err);
    if (status != TK_OK || at_end)
        return status;
    if (count < r->columns) {
        (void)tk_err_set(err, TK_ERR_INPUT,
                         "%zu cell%s, but the header has %zu columns; the first missing one is '" TK_FMT "'", count,
                         count == 1 ? "" : "s", r->columns, TK_ARG_STR(r->header[count]));
        return csv_fail(r, err, r->row.line, r->cell_columns[count - 1]);
    }
    r->row.cells = r->cells;
    r->row.cells_count = count;
    r->row.columns = r->cell_columns;
    *row = &r->row;
    return TK_OK;
}

void tk_csv_write_cell(tk_out *out, tk_str cell, bool first, bool text_cell)
{
    size_t quotes;
    /* A cell that already looks guarded would lose its quote when read back. */
    bool guard = csv_formula(cell, &quotes) && (text_cell || quotes != 0);
    bool quote = cell.len != 0 && (cell.ptr[0] == '#' || cell.ptr[0] == ' ' || cell.ptr[cell.len - 1] == ' ');
    for (size_t i = 0; i < cell.len && !quote; i++)
        quote = cell.ptr[i] == ',' || cell.ptr[i] == ';' || cell.ptr[i] == '"' || cell.ptr[i] == '\n'
                || cell.ptr[i] == '\r' || cell.ptr[i] == '\t';
    if (!first)
        tk_out_char(out, ',');
    if (!quote && !guard) {
        tk_out_add(out, cell);
        return;
    }
    tk_out_char(out, '"');
    if (guard)
        tk_out_char(out, '\'');
    for (size_t at = 0; at < cell.len;) {
        const char *p = memchr(cell.ptr + at, '"', cell.len - at);
        size_t end = p == NULL ? cell.len : (size_t)(p - cell.ptr) + 1;
        tk_out_add(out, (tk_str){cell.ptr + at, end - at});
        if (p != NULL)
            tk_out_char(out, '"');
        at = end;
    }
    tk_out_char(out, '"');
}
