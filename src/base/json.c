/* SPDX-License-Identifier: Apache-2.0 */
/* json.c: a strict reader of JSON, one token at a time, in the caller's bytes.
 *
 *   J1  text[at .. len) is unread and unchanged; what lies before may have been unescaped over itself.
 *   J2  `expect` says what may come next; `depth` and `objects` say inside what.
 */
#include "base/json.h"

#include <stdio.h>
#include <string.h>

#include "base/err.h"
#include "base/limits.h"
#include "base/str.h"
#include "base/text.h"

typedef enum json_expect {
    EXPECT_VALUE,
    EXPECT_VALUE_OR_CLOSE, /* behind [ */
    EXPECT_KEY_OR_CLOSE,   /* behind { */
    EXPECT_MORE            /* behind a value: a comma, the closing bracket, or the end */
} json_expect;

_Static_assert(TK_JSON_DEPTH_MAX <= 32, "objects has one bit for each level");

enum { JSON_SHOWN_COLUMNS = 40 };

void tk_json_read_where(const tk_json_reader *json, size_t at, tk_err *err)
{
    tk_err_where(err, json->name, (uint32_t)json->line, (uint32_t)(at + 1));
}

#define JSON_FAIL(json, at, err, status, ...)                                                                        \
    ((void)tk_err_set((err), (status), __VA_ARGS__), tk_json_read_where((json), (at), (err)), (status))

tk_status tk_json_read_init(tk_json_reader *json, tk_str name, uint64_t line, char *bytes, size_t len, tk_err *err)
{
    *json = (tk_json_reader){.name = name, .line = line, .text = bytes, .len = len, .expect = EXPECT_VALUE};
    size_t bad = tk_text_utf8_check((tk_str){bytes, len});
    if (bad < len)
        return JSON_FAIL(json, bad, err, TK_ERR_INPUT, "byte 0x%02x is not UTF-8", (unsigned char)bytes[bad]);
    return TK_OK;
}

static void json_skip_blanks(tk_json_reader *json)
{
    while (json->at < json->len) {
        char c = json->text[json->at];
        if (c != ' ' && c != '\t' && c != '\r')
            break;
        json->at++;
    }
}

enum { JSON_SHOWN_BYTES = 40 };

/* What stands at `at`, for a message: one character in quotes, a control by its number, or the end of the line. */
static const char *json_shown(const tk_json_reader *json, size_t at, char out[JSON_SHOWN_BYTES])
{
    if (at == json->len)
        return "the end of the line";
    size_t end = at + 1;
    while (end < json->len && ((unsigned char)json->text[end] & 0xC0) == 0x80)
        end++;
    unsigned char first = (unsigned char)json->text[at];
    if (first < 0x20)
        (void)snprintf(out, JSON_SHOWN_BYTES, "the control character 0x%02x", first);
    else
        (void)snprintf(out, JSON_SHOWN_BYTES, "'%.*s'", (int)(end - at), json->text + at);
    return out;
}

static tk_status json_unexpected(const tk_json_reader *json, const char *expected, tk_err *err)
{
    char found[JSON_SHOWN_BYTES];
    return JSON_FAIL(json, json->at, err, TK_ERR_INPUT, "%s; expected %s", json_shown(json, json->at, found),
                     expected);
}

/* --- texts --- */

/* Four hexadecimal digits at `at`; false when they are not there. */
static bool json_hex4(const tk_json_reader *json, size_t at, uint32_t *value)
{
    if (json->len < at + 4)
        return false;
    *value = 0;
    for (size_t i = at; i < at + 4; i++) {
        char c = json->text[i];
        uint32_t digit;
        if ('0' <= c && c <= '9')
            digit = (uint32_t)(c - '0');
        else if ('a' <= c && c <= 'f')
            digit = (uint32_t)(c - 'a') + 10;
        else if ('A' <= c && c <= 'F')
            digit = (uint32_t)(c - 'A') + 10;
        else
            return false;
        *value = *value << 4 | digit;
    }
    return true;
}

static char *json_put_utf8(char *out, uint32_t code)
{
    if (code < 0x80) {
        *out++ = (char)code;
        return out;
    }
    unsigned more = code < 0x800 ? 1 : (code < 0x10000 ? 2 : 3);
    static const uint32_t lead[] = {0, 0xC0, 0xE0, 0xF0};
    *out++ = (char)(lead[more] | code >> (6 * more));
    while (more-- > 0)
        *out++ = (char)(0x80 | (code >> (6 * more) & 0x3F));
    return out;
}

/* A \u escape whose backslash is at json->at; two of them for a character beyond U+FFFF. */
static tk_status json_escape_unicode(tk_json_reader *json, char **out, tk_err *err)
{
    size_t at = json->at;
    uint32_t code, low;
    if (!json_hex4(json, at + 2, &code))
        return JSON_FAIL(json, at, err, TK_ERR_INPUT, "\\u needs four hexadecimal digits behind it");
    json->at += 6;
    if (code == 0)
        return JSON_FAIL(json, at, err, TK_ERR_INPUT, "\\u0000 cannot stand in a text");
    if (0xD800 <= code && code <= 0xDFFF) {
        bool pair = code < 0xDC00 && json->at + 2 <= json->len && memcmp(json->text + json->at, "\\u", 2) == 0
                    && json_hex4(json, json->at + 2, &low) && 0xDC00 <= low && low <= 0xDFFF;
        if (!pair)
            return JSON_FAIL(json, at, err, TK_ERR_INPUT, "\\u%04x is half a surrogate pair; expected both halves",
                             (unsigned)code);
        json->at += 6;
        code = 0x10000 + ((code - 0xD800) << 10) + (low - 0xDC00);
    }
    *out = json_put_utf8(*out, code);
    return TK_OK;
}

static tk_status json_escape(tk_json_reader *json, char **out, tk_err *err)
{
    static const char letters[] = "\"\\/bfnrt", meant[] = "\"\\/\b\f\n\r\t";
    size_t letter = json->at + 1;
    if (letter < json->len && json->text[letter] == 'u')
        return json_escape_unicode(json, out, err);
    const char *found = letter < json->len ? memchr(letters, json->text[letter], sizeof(letters) - 1) : NULL;
    if (found == NULL) {
        char shown[JSON_SHOWN_BYTES];
        return JSON_FAIL(json, json->at, err, TK_ERR_INPUT,
                         "\\ before %s; expected one of \" \\ / b f n r t u behind it (\\\\ for a backslash)",
                         json_shown(json, letter, shown));
    }
    *(*out)++ = meant[found - letters];
    json->at += 2;
    return TK_OK;
}

/* A key or string whose quote is at json->at. */
static tk_status json_string(tk_json_reader *json, tk_json_kind kind, tk_json_token *token, tk_err *err)
{
    size_t begin = json->at++;
    char *out = json->text + json->at;
    *token = (tk_json_token){.kind = kind, .text.ptr = out, .at = begin};
    while (json->at < json->len) {
        char c = json->text[json->at];
        if (c == '"') {
            json->at++;
            token->text.len = (size_t)(out - token->text.ptr);
            if (TK_FIELD_BYTES_MAX < token->text.len)
                return JSON_FAIL(json, begin, err, TK_ERR_LIMIT, "a text of %zu bytes; at most %d are read",
                                 token->text.len, TK_FIELD_BYTES_MAX);
            return TK_OK;
        }
        if ((unsigned char)c < 0x20)
            return JSON_FAIL(json, json->at, err, TK_ERR_INPUT,
                             "the control character 0x%02x inside a text; expected \\u%04x", (unsigned)c,
                             (unsigned)c);
        if (c == '\\') {
            tk_status status = json_escape(json, &out, err);
            if (status != TK_OK)
                return status;
            continue;
        }
        *out++ = c;
        json->at++;
    }
    return JSON_FAIL(json, begin, err, TK_ERR_INPUT, "a text is opened and never closed");
}

/* --- numbers, true, false, null --- */

static bool json_is_digit(char c)
{
    return '0' <= c && c <= '9';
}

static bool json_is_word(char c)
{
    return json_is_digit(c) || ('a' <= c && c <= 'z') || ('A' <= c && c <= 'Z') || c == '+' || c == '-' || c == '.'
           || c == '_';
}

/* Takes the digits off the front; false when there is none. */
static bool json_take_digits(tk_str *text)
{
    size_t count = 0;
    while (count < text->len && json_is_digit(text->ptr[count]))
        count++;
    *text = (tk_str){text->ptr + count, text->len - count};
    return count != 0;
}

static bool json_take(tk_str *text, char a, char b)
{
    if (text->len == 0 || (text->ptr[0] != a && text->ptr[0] != b))
        return false;
    *text = (tk_str){text->ptr + 1, text->len - 1};
    return true;
}

/* -? (0 | [1-9][0-9]*) (. [0-9]+)? ([eE] [+-]? [0-9]+)?, and nothing behind it. */
static bool json_is_number(tk_str text)
{
    (void)json_take(&text, '-', '-');
    if (2 <= text.len && text.ptr[0] == '0' && json_is_digit(text.ptr[1]))
        return false;
    if (!json_take_digits(&text))
        return false;
    if (json_take(&text, '.', '.') && !json_take_digits(&text))
        return false;
    if (json_take(&text, 'e', 'E')) {
        (void)json_take(&text, '+', '-');
        if (!json_take_digits(&text))
            return false;
    }
    return text.len == 0;
}

static tk_status json_word(tk_json_reader *json, tk_json_token *token, tk_err *err)
{
    size_t begin = json->at;
    while (json->at < json->len && json_is_word(json->text[json->at]))
        json->at++;
    tk_str word = {json->text + begin, json->at - begin};
    if (word.len == 0)
        return json_unexpected(json, "a value: a text in double quotes, a number, true, false, null, [ or {", err);
    *token = (tk_json_token){.text = word, .at = begin};
    if (TK_FIELD_BYTES_MAX < word.len)
        return JSON_FAIL(json, begin, err, TK_ERR_LIMIT, "a value of %zu bytes; at most %d are read", word.len,
                         TK_FIELD_BYTES_MAX);
    if (tk_str_is(word, "true")) {
        token->kind = TK_JSON_TRUE;
    } else if (tk_str_is(word, "false")) {
        token->kind = TK_JSON_FALSE;
    } else if (tk_str_is(word, "null")) {
        token->kind = TK_JSON_NULL;
    } else if (json_is_number(word)) {
        token->kind = TK_JSON_NUMBER;
    } else {
        tk_str shown = tk_text_prefix(word, JSON_SHOWN_COLUMNS);
        return JSON_FAIL(json, begin, err, TK_ERR_INPUT,
                         "'" TK_FMT
                         "' is no JSON value; expected a text in double quotes, a number such as 12 or 5.92, "
                         "true, false or null",
                         TK_ARG_STR(shown));
    }
    return TK_OK;
}

/* --- structure --- */

static bool json_in_object(const tk_json_reader *json)
{
    return 0 < json->depth && (json->objects >> (json->depth - 1) & 1) != 0;
}

static tk_status json_open(tk_json_reader *json, bool object, tk_json_token *token, tk_err *err)
{
    if (json->depth == TK_JSON_DEPTH_MAX)
        return JSON_FAIL(json, json->at, err, TK_ERR_LIMIT, "nested deeper than %d levels", TK_JSON_DEPTH_MAX);
    uint32_t bit = UINT32_C(1) << json->depth++;
    json->objects = object ? json->objects | bit : json->objects & ~bit;
    json->expect = object ? EXPECT_KEY_OR_CLOSE : EXPECT_VALUE_OR_CLOSE;
    *token = (tk_json_token){object ? TK_JSON_OBJECT : TK_JSON_ARRAY, {json->text + json->at, 1}, json->at};
    json->at++;
    return TK_OK;
}

static tk_status json_close(tk_json_reader *json, tk_json_token *token)
{
    tk_json_kind kind = json_in_object(json) ? TK_JSON_OBJECT_END : TK_JSON_ARRAY_END;
    *token = (tk_json_token){kind, {json->text + json->at, 1}, json->at};
    json->at++;
    json->depth--;
    json->expect = EXPECT_MORE;
    return TK_OK;
}

static tk_status json_value(tk_json_reader *json, tk_json_token *token, tk_err *err)
{
    char c = json->at < json->len ? json->text[json->at] : 0;
    if (c == '{' || c == '[')
        return json_open(json, c == '{', token, err);
    json->expect = EXPECT_MORE;
    return c == '"' ? json_string(json, TK_JSON_STRING, token, err) : json_word(json, token, err);
}

static tk_status json_key(tk_json_reader *json, tk_json_token *token, tk_err *err)
{
    if (json->at == json->len || json->text[json->at] != '"')
        return json_unexpected(json, "a key in double quotes", err);
    tk_status status = json_string(json, TK_JSON_KEY, token, err);
    if (status != TK_OK)
        return status;
    json_skip_blanks(json);
    if (json->at == json->len || json->text[json->at] != ':')
        return json_unexpected(json, "':' behind a key", err);
    json->at++;
    json->expect = EXPECT_VALUE;
    return TK_OK;
}

tk_status tk_json_read_next(tk_json_reader *json, tk_json_token *token, tk_err *err)
{
    json_skip_blanks(json);
    bool object = json_in_object(json), at_end = json->at == json->len;
    char c = at_end ? 0 : json->text[json->at];
    bool closes = !at_end && 0 < json->depth && c == (object ? '}' : ']');
    switch ((json_expect)json->expect) {
    case EXPECT_VALUE_OR_CLOSE:
        return closes ? json_close(json, token) : json_value(json, token, err);
    case EXPECT_VALUE:
        return json_value(json, token, err);
    case EXPECT_KEY_OR_CLOSE:
        return closes ? json_close(json, token) : json_key(json, token, err);
    case EXPECT_MORE:
        break;
    }
    if (closes)
        return json_close(json, token);
    if (json->depth == 0) {
        *token = (tk_json_token){.kind = TK_JSON_END, .text = TK_STR(""), .at = json->at};
        return at_end ? TK_OK : json_unexpected(json, "the end of the line behind a JSON value", err);
    }
    if (c != ',')
        return json_unexpected(json, object ? "',' or '}' behind a value" : "',' or ']' behind a value", err);
    json->at++;
    json_skip_blanks(json);
    return object ? json_key(json, token, err) : json_value(json, token, err);
}

tk_status tk_json_read_skip(tk_json_reader *json, const tk_json_token *token, tk_err *err)
{
    tk_json_token next = *token;
    if (token->kind == TK_JSON_KEY) {
        tk_status status = tk_json_read_next(json, &next, err);
        if (status != TK_OK)
            return status;
    }
    if (next.kind != TK_JSON_OBJECT && next.kind != TK_JSON_ARRAY)
        return TK_OK;
    unsigned outside = json->depth - 1;
    while (outside < json->depth) {
        tk_status status = tk_json_read_next(json, &next, err);
        if (status != TK_OK)
            return status;
    }
    return TK_OK;
}
