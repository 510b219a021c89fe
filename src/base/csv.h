/* SPDX-License-Identifier: Apache-2.0 */
/* csv.h: streaming CSV (RFC 4180), in and out.
 *
 * Reader: comma, semicolon or tab, recognised from the header line; LF or CRLF; a byte-order mark is skipped; quoted
 * cells may hold separators, doubled quotes and line ends; blank lines are skipped; lines before the header that begin
 * with '#' are skipped. A leading ' before = + - @ tab CR is taken off (our own writer puts it there). A record that is
 * wrong (too many or too few cells, bad quoting, a cell or record over the limit, not UTF-8) is ONE error with line
 * and column; the reader then goes on with the next record. Memory is flat: one record at a time.
 *
 * Writer: quotes where needed; prefixes ' to text cells that begin with = + - @ tab CR.
 */
#ifndef TK_BASE_CSV_H
#define TK_BASE_CSV_H

#include <stdio.h>

#include "base/arena.h"

typedef struct tk_csv_reader tk_csv_reader;

typedef struct tk_csv_row {
    const tk_str *cells; /* valid until the next call */
    size_t cells_count;  /* == columns of the header */
    uint64_t line;       /* where the record starts; counts from 1 */
    const uint32_t *columns; /* byte column of each cell, from 1, counted from where the record starts */
} tk_csv_row;

/* From memory (borrowed) or from an open stream (not closed by the reader). `name` is for messages. Reads the
 * header. */
TK_MUST_USE tk_status tk_csv_open_text(tk_str name, tk_str text, tk_csv_reader **out, tk_err *err);
TK_MUST_USE tk_status tk_csv_open_file(tk_str name, FILE *stream, tk_csv_reader **out, tk_err *err);
/* From memory, without a header line: the caller says what the columns are and what stands between them. Text before
 * the first record is not skipped. */
TK_MUST_USE tk_status tk_csv_open_bare(tk_str name, tk_str text, char separator, const char *const *columns,
                                       size_t count, tk_csv_reader **out, tk_err *err);
void tk_csv_close(tk_csv_reader *reader);
const tk_str *tk_csv_header(const tk_csv_reader *reader, size_t *count);
uint64_t tk_csv_header_line(const tk_csv_reader *reader);
/* TK_OK with *row, or with *row == NULL at the end. TK_ERR_INPUT / TK_ERR_LIMIT for one bad record: call again for the
 * next. Other errors are final. */
TK_MUST_USE tk_status tk_csv_next(tk_csv_reader *reader, const tk_csv_row **row, tk_err *err);

/* Writes one cell to a buffer-like sink. `text_cell`: apply the formula guard. */
typedef struct tk_out tk_out;
void tk_csv_write_cell(tk_out *out, tk_str cell, bool first, bool text_cell);

#endif
