/* SPDX-License-Identifier: Apache-2.0 */
/* out.c: a growing buffer that may drain into a stream, and JSON on it. A failure sticks until looked at. */
#include "base/out.h"

#include <errno.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "base/err.h"
#include "base/str.h"
#include "base/text.h"

enum { OUT_BYTES_FIRST = 4096, OUT_DRAIN_BYTES = 64 * 1024 };

void tk_out_init(tk_out *out, FILE *stream)
{
    *out = (tk_out){.stream = stream};
}

void tk_out_fini(tk_out *out)
{
    free(out->bytes);
    *out = (tk_out){0};
}

void tk_out_reset(tk_out *out)
{
    out->len = 0;
}

static void out_drain(tk_out *out)
{
    if (out->stream == NULL || out->len == 0 || out->status != TK_OK)
        return;
    if (fwrite(out->bytes, 1, out->len, out->stream) != out->len) {
        out->failed_why = errno;
        out->status = TK_ERR_IO;
    }
    out->len = 0;
}

/* Room for `more` bytes, or a sticking failure. */
static bool out_reserve_anew(tk_out *out, size_t more)
{
    if (out->status != TK_OK)
        return false;
    if (out->stream != NULL && OUT_DRAIN_BYTES < out->len)
        out_drain(out);
    if (out->size - out->len >= more)
        return out->status == TK_OK;
    size_t size = out->size == 0 ? OUT_BYTES_FIRST : out->size, wanted;
    if (__builtin_add_overflow(out->len, more, &wanted)) {
        out->status = TK_ERR_MEMORY;
        return false;
    }
    while (size < wanted) {
        if (SIZE_MAX / 2 < size) {
            out->status = TK_ERR_MEMORY;
            return false;
        }
        size *= 2;
    }
    char *bytes = realloc(out->bytes, size);
    if (bytes == NULL) {
        out->status = TK_ERR_MEMORY;
        return false;
    }
    out->bytes = bytes;
    out->size = size;
    return true;
}

/* The same, quick where there is room already. */
static inline bool out_reserve(tk_out *out, size_t more)
{
    if (out->status == TK_OK && more <= out->size - out->len && (out->stream == NULL || out->len <= OUT_DRAIN_BYTES))
        return true;
    return out_reserve_anew(out, more);
}

void tk_out_add(tk_out *out, tk_str text)
{
    if (text.len == 0 || !out_reserve(out, text.len))
        return;
    memcpy(out->bytes + out->len, text.ptr, text.len);
    out->len += text.len;
}

void tk_out_text(tk_out *out, const char *text)
{
    tk_out_add(out, tk_str_from(text));
}

void tk_out_char(tk_out *out, char c)
{
    if (out_reserve(out, 1))
        out->bytes[out->len++] = c;
}

void tk_out_printf(tk_out *out, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    int len = vsnprintf(NULL, 0, format, args);
    va_end(args);
    if (len < 0 || !out_reserve(out, (size_t)len + 1))
        return;
    va_start(args, format);
    (void)vsnprintf(out->bytes + out->len, (size_t)len + 1, format, args);
    va_end(args);
    out->len += (size_t)len;
}

tk_status tk_out_flush(tk_out *out, tk_err *err)
{
    out_drain(out);
    if (out->status == TK_OK && out->stream != NULL && fflush(out->stream) != 0) {
        out->failed_why = errno;
        out->status = TK_ERR_IO;
    }
    if (out->status == TK_ERR_MEMORY)
        return tk_err_set(err, TK_ERR_MEMORY, "out of memory");
    if (out->status != TK_OK)
        return tk_err_set(err, TK_ERR_IO, "the output could not be written");
    return TK_OK;
}

tk_str tk_out_str(const tk_out *out)
{
    return (tk_str){out->bytes != NULL ? out->bytes : "", out->len};
}

/* ---- JSON ---- */

void tk_json_begin(tk_json *json, tk_out *out)
{
    *json = (tk_json){.out = out};
}

static void json_before_value(tk_json *json)
{
    uint64_t bit = UINT64_C(1) << json->depth;
    if (json->after_key)
        json->after_key = false;
    else if ((json->has_member & bit) != 0)
        tk_out_char(json->out, ',');
    json->has_member |= bit;
}

void tk_json_open(tk_json *json, char bracket)
{
    json_before_value(json);
    tk_out_char(json->out, bracket);
    TK_ASSERT(json->depth < 60);
    json->depth++;
    json->has_member &= ~(UINT64_C(1) << json->depth);
}

void tk_json_close(tk_json *json, char bracket)
{
    TK_ASSERT(json->depth != 0);
    json->depth--;
    tk_out_char(json->out, bracket);
}

/* Bytes that JSON text may hold as they are; others are escaped. */
static bool json_is_plain(unsigned char c)
{
    return 0x20 <= c && c != '"' && c != '\\';
}

#define JSON_EACH(byte) (UINT64_C(0x0101010101010101) * (byte))

/* Printable ASCII without a quote or a backslash, as nearly all of our texts are? Eight bytes a step: a byte that is
 * not leaves its top bit, and what it borrows can only mark one byte more. */
static bool json_is_plain_ascii(tk_str text)
{
    uint64_t odd = 0;
    size_t at = 0;
    for (; at + 8 <= text.len; at += 8) {
        uint64_t word;
        memcpy(&word, text.ptr + at, 8);
        odd |= word | (word - JSON_EACH(0x20)) | ((word ^ JSON_EACH('"')) - JSON_EACH(1))
               | ((word ^ JSON_EACH('\\')) - JSON_EACH(1));
    }
    bool plain = (odd & JSON_EACH(0x80)) == 0;
    for (; at < text.len && plain; at++)
        plain = json_is_plain((unsigned char)text.ptr[at]) && (unsigned char)text.ptr[at] < 0x80;
    return plain;
}

static void json_quoted(tk_out *out, tk_str text)
{
    static const char digits[] = "0123456789abcdef";
    if (json_is_plain_ascii(text) && out_reserve(out, text.len + 2)) {
        out->bytes[out->len++] = '"';
        if (text.len != 0)
            memcpy(out->bytes + out->len, text.ptr, text.len);
        out->len += text.len;
        out->bytes[out->len++] = '"';
        return;
    }
    bool broken = tk_text_utf8_check(text) != text.len;
    tk_out_char(out, '"');
    for (size_t at = 0; at < text.len;) {
        size_t end = at;
        while (end < text.len && json_is_plain((unsigned char)text.ptr[end])
               && (!broken || (unsigned char)text.ptr[end] < 0x80))
            end++;
        tk_out_add(out, (tk_str){text.ptr + at, end - at});
        if (end == text.len)
            break;
        unsigned char c = (unsigned char)text.ptr[end];
        at = end + 1;
        if (c == '"' || c == '\\') {
            tk_out_char(out, '\\');
            tk_out_char(out, (char)c);
        } else if (c == '\n' || c == '\r' || c == '\t') {
            tk_out_char(out, '\\');
            tk_out_char(out, c == '\n' ? 'n' : c == '\r' ? 'r' : 't');
        } else if (c < 0x20) {
            char escape[6] = {'\\', 'u', '0', '0', digits[c >> 4], digits[c & 15]};
            tk_out_add(out, (tk_str){escape, sizeof escape});
        } else { /* inside broken text: a good character stays, a bad byte becomes U+FFFD */
            size_t len = 1;
            while (len < 4 && end + len <= text.len && tk_text_utf8_check((tk_str){text.ptr + end, len}) != len)
                len++;
            if (len < 4 + 1 && end + len <= text.len && tk_text_utf8_check((tk_str){text.ptr + end, len}) == len) {
                tk_out_add(out, (tk_str){text.ptr + end, len});
                at = end + len;
            } else {
                tk_out_text(out, "\xEF\xBF\xBD");
            }
        }
    }
    tk_out_char(out, '"');
}

void tk_json_key(tk_json *json, const char *key)
{
    tk_out *out = json->out;
    size_t len = strlen(key);
    json_before_value(json);
    if (out_reserve(out, len + 3)) {
        out->bytes[out->len++] = '"';
        memcpy(out->bytes + out->len, key, len);
        memcpy(out->bytes + out->len + len, "\":", 2);
        out->len += len + 2;
    }
    json->after_key = true;
}

void tk_json_str(tk_json *json, tk_str text)
{
    json_before_value(json);
    json_quoted(json->out, text);
}

void tk_json_int(tk_json *json, int64_t value)
{
    char digits[24];
    size_t at = sizeof digits;
    uint64_t rest = value < 0 ? 0 - (uint64_t)value : (uint64_t)value;
    json_before_value(json);
    do {
        digits[--at] = (char)('0' + (int)(rest % 10));
        rest /= 10;
    } while (rest != 0);
    if (value < 0)
        digits[--at] = '-';
    tk_out_add(json->out, (tk_str){digits + at, sizeof digits - at});
}

void tk_json_bool(tk_json *json, bool value)
{
    json_before_value(json);
    tk_out_add(json->out, value ? TK_STR("true") : TK_STR("false"));
}

void tk_json_null(tk_json *json)
{
    json_before_value(json);
    tk_out_add(json->out, TK_STR("null"));
}

void tk_json_raw(tk_json *json, tk_str text)
{
    json_before_value(json);
    tk_out_add(json->out, text);
}
