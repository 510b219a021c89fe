/* SPDX-License-Identifier: Apache-2.0 */
/* text.h: text from outside, made safe to show; Unicode only as far as that needs it. */
#ifndef TK_BASE_TEXT_H
#define TK_BASE_TEXT_H

#include "base/arena.h"

/* The offset of the first byte that is not well-formed UTF-8, or text.len. */
size_t tk_text_utf8_check(tk_str text);
/* Control characters, escape sequences and bidi overrides as visible escapes (\x1b, \u202e, \n), broken bytes as
 * \xNN; other text unchanged. Borrows `text` when nothing had to change. */
tk_str tk_text_visible(tk_arena *arena, tk_str text);
/* Columns of a terminal the text takes (East Asian wide = 2, combining = 0). */
size_t tk_text_width(tk_str text);
/* The longest prefix of at most `columns` columns, cut at a character. */
tk_str tk_text_prefix(tk_str text, size_t columns);

#endif
