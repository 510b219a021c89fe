/* SPDX-License-Identifier: Apache-2.0 */
/* text.c: UTF-8 checked and made safe to show.
 *
 * Well-formed means the table of Unicode 15, section 3.9 (no surrogates, no overlong forms, at most U+10FFFF).
 */
#include "base/text.h"

#include <string.h>

/* The length of the well-formed character at `at`, 0 when there is none; its code point in *code. */
static size_t text_char(tk_str text, size_t at, uint32_t *code)
{
    const unsigned char *p = (const unsigned char *)text.ptr + at;
    size_t rest = text.len - at, len;
    uint32_t value;
    if (p[0] < 0x80) {
        *code = p[0];
        return 1;
    }
    if (0xC2 <= p[0] && p[0] <= 0xDF)
        len = 2, value = p[0] & 0x1FU;
    else if (0xE0 <= p[0] && p[0] <= 0xEF)
        len = 3, value = p[0] & 0x0FU;
    else if (0xF0 <= p[0] && p[0] <= 0xF4)
        len = 4, value = p[0] & 0x07U;
    else
        return 0;
    if (rest < len)
        return 0;
    for (size_t i = 1; i < len; i++) {
        if ((p[i] & 0xC0) != 0x80)
            return 0;
        value = value << 6 | (p[i] & 0x3FU);
    }
    if ((len == 3 && (value < 0x800 || (0xD800 <= value && value <= 0xDFFF)))
        || (len == 4 && (value < 0x10000 || 0x10FFFF < value)))
        return 0;
    *code = value;
    return len;
}

size_t tk_text_utf8_check(tk_str text)
{
    size_t at = 0;
    while (at < text.len) {
        uint64_t eight;
        while (at + 8 <= text.len && (memcpy(&eight, text.ptr + at, 8), (eight & UINT64_C(0x8080808080808080)) == 0))
            at += 8;
        if (text.len <= at)
            break;
        uint32_t code;
        size_t len = text_char(text, at, &code);
        if (len == 0)
            return at;
        at += len;
    }
    return text.len;
}

/* Controls, line and paragraph separators, bidi marks and overrides, tags, the byte-order mark. */
static bool text_is_hidden(uint32_t code)
{
    return code < 0x20 || (0x7F <= code && code < 0xA0) || code == 0xAD || code == 0x61C
           || (0x200B <= code && code <= 0x200F) || (0x2028 <= code && code <= 0x202E)
           || (0x2060 <= code && code <= 0x206F) || code == 0xFEFF || (0xFFF9 <= code && code <= 0xFFFB)
           || (0xE0000 <= code && code <= 0xE007F);
}

static size_t text_escape(uint32_t code, bool broken, char out[12])
{
    static const char digits[] = "0123456789abcdef";
    size_t len = 0, width = broken || code < 0x100 ? 2 : code < 0x10000 ? 4 : 8;
    out[len++] = '\\';
    if (!broken && (code == '\n' || code == '\r' || code == '\t')) {
        out[len++] = code == '\n' ? 'n' : code == '\r' ? 'r' : 't';
        return len;
    }
    out[len++] = width == 2 ? 'x' : width == 4 ? 'u' : 'U';
    for (size_t i = width; i-- > 0;)
        out[len++] = digits[code >> (4 * i) & 15];
    return len;
}

tk_str tk_text_visible(tk_arena *arena, tk_str text)
{
    size_t at = 0, need = 0;
    bool clean = true;
    char escape[12];
    for (int pass = 0;; pass++) {
        char *out = NULL;
        size_t len = 0;
        if (pass == 1) {
            out = tk_arena_get(arena, need + 1);
            if (out == NULL)
                return (tk_str){"", 0};
        }
        for (at = 0; at < text.len;) {
            uint32_t code = 0;
            size_t size = text_char(text, at, &code);
            bool broken = size == 0;
            if (broken) {
                code = (unsigned char)text.ptr[at];
                size = 1;
            }
            const char *piece = text.ptr + at;
            size_t piece_len = size;
            if (broken || text_is_hidden(code)) {
                clean = false;
                piece = escape;
                piece_len = text_escape(code, broken, escape);
            }
            if (out != NULL)
                memcpy(out + len, piece, piece_len);
            len += piece_len;
            at += size;
        }
        if (pass == 1)
            return (tk_str){out, len};
        if (clean)
            return text;
        need = len;
    }
}

static size_t text_columns(uint32_t code)
{
    if ((0x300 <= code && code <= 0x36F) || (0x200B <= code && code <= 0x200F) || (0xFE00 <= code && code <= 0xFE0F)
        || (0x20D0 <= code && code <= 0x20FF))
        return 0;
    bool wide = (0x1100 <= code && code <= 0x115F) || (0x2E80 <= code && code <= 0x303E)
                || (0x3041 <= code && code <= 0xA4CF) || (0xAC00 <= code && code <= 0xD7A3)
                || (0xF900 <= code && code <= 0xFAFF) || (0xFE30 <= code && code <= 0xFE6F)
                || (0xFF00 <= code && code <= 0xFF60) || (0xFFE0 <= code && code <= 0xFFE6)
                || (0x1F300 <= code && code <= 0x1FAFF) || (0x20000 <= code && code <= 0x3FFFD);
    return wide ? 2 : 1;
}

tk_str tk_text_prefix(tk_str text, size_t columns)
{
    size_t at = 0, used = 0;
    while (at < text.len) {
        uint32_t code = 0;
        size_t size = text_char(text, at, &code), width = size == 0 ? 1 : text_columns(code);
        if (columns - used < width)
            break;
        used += width;
        at += size == 0 ? 1 : size;
    }
    return (tk_str){text.ptr, at};
}

size_t tk_text_width(tk_str text)
{
    size_t width = 0;
    for (size_t at = 0; at < text.len;) {
        uint32_t code = 0;
        size_t size = text_char(text, at, &code);
        width += size == 0 ? 1 : text_columns(code);
        at += size == 0 ? 1 : size;
    }
    return width;
}
