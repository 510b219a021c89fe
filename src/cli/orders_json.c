/* SPDX-License-Identifier: Apache-2.0 */
/* orders_json.c: orders as one JSON object a line.
 *
 * A key is the name of a column; its value becomes what the same cell of a CSV file would hold:
 *
 *     "text"       the text                      12, 5.92    the digits as they were written
 *     true, false  yes, no                       null        not supplied
 *     ["a", "b"]   the set a;b                   []          none: known to be empty
 *
 * One object is one order and stands on one line, so that a line that is wrong costs that line only. The line is kept
 * in one buffer that grows to the longest line seen; cells point into it and nothing else is allocated.
 */
#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "cli/orders.h"

enum { JSON_LINE_BYTES_FIRST = 4096, JSON_SHOWN_COLUMNS = 40 };

typedef enum line_end {
    LINE_READ,
    LINE_NONE,     /* the file ends here */
    LINE_TOO_LONG, /* read over */
    LINE_NO_MEMORY
} line_end;

/* Room for one byte more. */
static bool line_grow(cli_orders *orders, size_t used)
{
    if (used < orders->line_size)
        return true;
    size_t size = orders->line_size == 0 ? JSON_LINE_BYTES_FIRST : orders->line_size * 2;
    char *grown = realloc(orders->line_bytes, size);
    if (grown == NULL)
        return false;
    orders->line_bytes = grown;
    orders->line_size = size;
    return true;
}

/* The next line without its end. Memory stays below twice the longest line allowed, whatever the file holds. */
static line_end line_read(cli_orders *orders, size_t *len)
{
    size_t used = 0;
    bool any = false, too_long = false;
    for (;;) {
        int c = getc_unlocked(orders->stream);
        if (c == EOF)
            break;
        any = true;
        if (c == '\n')
            break;
        if (TK_ROW_BYTES_MAX <= used) {
            too_long = true;
            continue;
        }
        if (!line_grow(orders, used))
            return LINE_NO_MEMORY;
        orders->line_bytes[used++] = (char)c;
    }
    *len = used;
    if (!any)
        return LINE_NONE;
    return too_long ? LINE_TOO_LONG : LINE_READ;
}

static bool line_is_blank(const char *text, size_t len)
{
    for (size_t i = 0; i < len; i++)
        if (text[i] != ' ' && text[i] != '\t' && text[i] != '\r')
            return false;
    return true;
}

/* --- values --- */

/* [ has been read. The members are moved together over what the array took up as written, which is always more. */
static tk_status value_list(tk_json_reader *json, const tk_json_token *array, tk_str *cell, tk_err *err)
{
    char *begin = json->text + array->at, *out = begin;
    for (;;) {
        tk_json_token token;
        tk_status status = tk_json_read_next(json, &token, err);
        if (status != TK_OK)
            return status;
        if (token.kind == TK_JSON_ARRAY_END)
            break;
        tk_str shown = tk_text_prefix(token.text, JSON_SHOWN_COLUMNS);
        const char *fault = NULL;
        if (token.kind != TK_JSON_STRING)
            fault = "in a list; expected a text in double quotes";
        else if (tk_str_trim(token.text).len == 0)
            fault = "in a list says nothing; leave it out";
        else if (memchr(token.text.ptr, ';', token.text.len) != NULL)
            fault = "in a list holds a ';', which separates; write its parts as texts of their own";
        if (fault != NULL) {
            status = tk_err_set(err, TK_ERR_INPUT, "'" TK_FMT "' %s", TK_ARG_STR(shown), fault);
            tk_json_read_where(json, token.at, err);
            return status;
        }
        if (out != begin)
            *out++ = ';';
        memmove(out, token.text.ptr, token.text.len);
        out += token.text.len;
    }
    *cell = out == begin ? TK_STR("none") : (tk_str){begin, (size_t)(out - begin)};
    if (TK_FIELD_BYTES_MAX < cell->len) {
        (void)tk_err_set(err, TK_ERR_LIMIT, "a list of %zu bytes; at most %d are read", cell->len,
                         TK_FIELD_BYTES_MAX);
        tk_json_read_where(json, array->at, err);
        return TK_ERR_LIMIT;
    }
    return TK_OK;
}

static tk_status value_read(tk_json_reader *json, tk_column column, tk_str *cell, size_t *at, tk_err *err)
{
    tk_json_token token;
    tk_status status = tk_json_read_next(json, &token, err);
    if (status != TK_OK)
        return status;
    *at = token.at;
    if (token.kind == TK_JSON_ARRAY)
        return value_list(json, &token, cell, err);
    if (token.kind == TK_JSON_OBJECT) {
        tk_str name = tk_column_name(column);
        status = tk_err_set(err, TK_ERR_INPUT,
                            TK_FMT
                            ": '{' begins an object; expected a text, a number, true, false, null or a list of texts",
                            TK_ARG_STR(name));
        tk_json_read_where(json, token.at, err);
        return status;
    }
    if (token.kind == TK_JSON_TRUE)
        *cell = TK_STR("yes");
    else if (token.kind == TK_JSON_FALSE)
        *cell = TK_STR("no");
    else if (token.kind == TK_JSON_NULL)
        *cell = TK_STR("");
    else
        *cell = token.text;
    return TK_OK;
}

/* --- members --- */

static tk_status key_unknown(tk_json_reader *json, const tk_json_token *key, bool ignore, tk_err *err)
{
    if (ignore)
        return tk_json_read_skip(json, key, err);
    tk_str nearest = TK_STR(""), shown = tk_text_prefix(key->text, JSON_SHOWN_COLUMNS);
    (void)tk_column_find(key->text, &nearest);
    char hint[CLI_HINT_MAX];
    tk_status status = tk_err_set(err, TK_ERR_INPUT, "key '" TK_FMT "' is unknown%s", TK_ARG_STR(shown),
                                  nearest.len != 0 ? cli_hint(nearest, hint) : " (--ignore-unknown to go on)");
    tk_json_read_where(json, key->at, err);
    return status;
}

/* A key has been read; `keys` has the byte column of each key of this line, 0 where it has not come yet. */
static tk_status member_read(cli_orders *orders, tk_json_reader *json, const tk_json_token *key,
                             uint32_t keys[TK_COLUMN_COUNT], tk_err *err)
{
    tk_column column = tk_column_find(key->text, NULL);
    if (column == TK_COLUMN_COUNT)
        return key_unknown(json, key, orders->ignore_unknown, err);
    if (keys[column] != 0) {
        (void)tk_err_set(err, TK_ERR_INPUT, "key '" TK_FMT "' stands twice, first at column %u",
                         TK_ARG_STR(key->text), (unsigned)keys[column]);
        tk_json_read_where(json, key->at, err);
        return TK_ERR_INPUT;
    }
    keys[column] = (uint32_t)key->at + 1;
    size_t at = 0;
    tk_status status = value_read(json, column, &orders->order.cells[column], &at, err);
    orders->cell_columns[column] = (uint32_t)at + 1;
    return status;
}

static tk_status object_read(cli_orders *orders, size_t len, tk_err *err)
{
    tk_json_reader json;
    tk_json_token token;
    uint32_t keys[TK_COLUMN_COUNT] = {0};
    tk_status status =
        tk_json_read_init(&json, tk_str_from(orders->name), orders->line, orders->line_bytes, len, err);
    if (status == TK_OK)
        status = tk_json_read_next(&json, &token, err);
    if (status != TK_OK)
        return status;
    if (token.kind != TK_JSON_OBJECT) {
        tk_str shown = tk_text_prefix(token.text, JSON_SHOWN_COLUMNS);
        status = tk_err_set(err, TK_ERR_INPUT, "'" TK_FMT "' is no order; expected one JSON object a line",
                            TK_ARG_STR(shown));
        tk_json_read_where(&json, token.at, err);
        return status;
    }
    for (;;) {
        status = tk_json_read_next(&json, &token, err);
        if (status != TK_OK)
            return status;
        if (token.kind == TK_JSON_OBJECT_END)
            break;
        status = member_read(orders, &json, &token, keys, err);
        if (status != TK_OK)
            return status;
    }
    return tk_json_read_next(&json, &token, err); /* nothing may stand behind the object */
}

/* --- lines --- */

/* The next line that is not blank. */
static cli_next line_next(cli_orders *orders, size_t *len)
{
    for (;;) {
        line_end end = line_read(orders, len);
        if (ferror(orders->stream) != 0) {
            cli_complain("%s: cannot be read to its end", orders->name);
            return CLI_NEXT_FAILURE;
        }
        orders->line++;
        if (end == LINE_NONE)
            return CLI_NEXT_END;
        if (end == LINE_NO_MEMORY) {
            cli_complain("out of memory");
            return CLI_NEXT_FAILURE;
        }
        if (end == LINE_TOO_LONG) {
            cli_complain("%s:%llu:1: a line of more than %d bytes", orders->name, (unsigned long long)orders->line,
                         TK_ROW_BYTES_MAX);
            return CLI_NEXT_BAD;
        }
        if (!line_is_blank(orders->line_bytes, *len))
            return CLI_NEXT_ORDER;
    }
}

cli_next cli_orders_next_json(cli_orders *orders)
{
    size_t len = 0;
    cli_next next = line_next(orders, &len);
    if (next != CLI_NEXT_ORDER)
        return next;
    memset(orders->order.cells, 0, sizeof(orders->order.cells));
    memset(orders->cell_columns, 0, sizeof(orders->cell_columns));
    tk_err err = {0};
    tk_status status = object_read(orders, len, &err);
    if (status == TK_OK)
        return CLI_NEXT_ORDER;
    cli_complain_err(&err);
    return CLI_NEXT_BAD;
}
