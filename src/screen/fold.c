/* SPDX-License-Identifier: Apache-2.0 */
/* fold.c: text of addresses and countries made comparable: small plain letters, digits, single spaces.
 *
 * Names are folded by src/names with all their scripts; a field needs less: what a keyboard without accents makes of
 * Latin letters, and small letters in Greek and Cyrillic.
 */
#include <string.h>

#include "screen/fields.h"

/* U+00C0 to U+017F; a space where the character is no letter. */
static const char fold_latin[] = "aaaaaaaceeeeiiiidnooooo ouuuuyts"
                                 "aaaaaaaceeeeiiiidnooooo ouuuuyty"
                                 "aaaaaaccccccccddddeeeeeeeeeegggg"
                                 "gggghhhhiiiiiiiiiiiijjkkklllllll"
                                 "lllnnnnnnnnnoooooooorrrrrrssssss"
                                 "ssttttttuuuuuuuuuuuuwwyyyzzzzzzs";

_Static_assert(sizeof fold_latin - 1 == 0x180 - 0xC0, "a letter for each character");

static bool fold_is_plain(char c)
{
    return ('a' <= c && c <= 'z') || ('0' <= c && c <= '9');
}

/* Two bytes of UTF-8 as one character, and what it folds to; 0: it stays as it is. */
static unsigned fold_two(unsigned code)
{
    if (code < 0xC0)
        return ' '; /* signs and the no-break space */
    if (code < 0x180)
        return (unsigned char)fold_latin[code - 0xC0];
    if (0x391 <= code && code <= 0x3A9)
        return code + 0x20;
    if (0x410 <= code && code <= 0x42F)
        return code + 0x20;
    if (0x400 <= code && code <= 0x40F)
        return code + 0x50;
    return (0x300 <= code && code <= 0x36F) ? 1 : 0; /* 1: a mark on the letter before it, left out */
}

typedef struct fold_out {
    char *bytes;
    size_t len;
} fold_out;

static void fold_byte(fold_out *out, char c)
{
    if (c == ' ' && (out->len == 0 || out->bytes[out->len - 1] == ' '))
        return;
    out->bytes[out->len++] = c;
}

static void fold_wide(fold_out *out, const char *at)
{
    unsigned code = ((unsigned char)at[0] & 31U) << 6 | ((unsigned char)at[1] & 63U), to = fold_two(code);
    if (to == 1)
        return;
    if (to != 0 && to < 0x80) {
        fold_byte(out, (char)to);
        return;
    }
    if (to == 0)
        to = code;
    fold_byte(out, (char)(0xC0 | to >> 6));
    fold_byte(out, (char)(0x80 | (to & 63)));
}

/* General punctuation and signs (U+2000 to U+2BFF), wide commas and brackets: no part of a word. */
static bool fold_is_sign(const char *at)
{
    unsigned char first = (unsigned char)at[0], second = (unsigned char)at[1], third = (unsigned char)at[2];
    return (first == 0xE2 && second < 0xB0) || (first == 0xE3 && second == 0x80 && third < 0x90)
           || (first == 0xEF && second == 0xBC && third < 0x90) || (first == 0xEF && second == 0xBB);
}

tk_str screen_fold(tk_arena *arena, tk_str text)
{
    fold_out out = {.bytes = tk_arena_get(arena, text.len + 1)};
    if (out.bytes == NULL)
        return TK_STR("");
    for (size_t i = 0; i < text.len; i++) {
        unsigned char c = (unsigned char)text.ptr[i];
        if ('A' <= c && c <= 'Z') {
            fold_byte(&out, (char)(c + 'a' - 'A'));
        } else if (c < 0x80) {
            fold_byte(&out, fold_is_plain((char)c) ? (char)c : ' ');
        } else if ((c & 0xE0) == 0xC0 && i + 1 < text.len) {
            fold_wide(&out, text.ptr + i++);
        } else if ((c & 0xF0) == 0xE0 && i + 2 < text.len && fold_is_sign(text.ptr + i)) {
            fold_byte(&out, ' ');
            i += 2;
        } else {
            fold_byte(&out, (char)c);
        }
    }
    if (out.len != 0 && out.bytes[out.len - 1] == ' ')
        out.len--;
    return (tk_str){out.bytes, out.len};
}
