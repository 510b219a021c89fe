/* SPDX-License-Identifier: Apache-2.0 */
/* words.c: text as published, made clean; names and days cut out of it.
 *
 * Publishers leave behind what their tools left: no-break spaces, control characters, commas at ends, several names in
 * one field. What is cut is cut so that no name is lost: the whole as published stays a name too where a cut could be
 * wrong.
 */
#include <string.h>

#include "lists/lists_int.h"

/* --- clean text --- */

static bool is_digit(char c)
{
    return '0' <= c && c <= '9';
}

static bool is_letter(char c)
{
    return ('a' <= c && c <= 'z') || ('A' <= c && c <= 'Z');
}

/* What stands at `p`: 0 text; else its length, *blank when it is a space of some kind, not when it is invisible. */
static size_t clean_special(const unsigned char *p, size_t rest, bool *blank)
{
    *blank = true;
    if (p[0] < 0x80) {
        *blank = p[0] == ' ' || ('\t' <= p[0] && p[0] <= '\r');
        return p[0] <= ' ' || p[0] == 0x7f ? 1 : 0;
    }
    if (2 <= rest && p[0] == 0xc2 && p[1] <= 0xa0) { /* controls, no-break space */
        *blank = p[1] == 0xa0 || p[1] == 0x85;
        return 2;
    }
    if (rest < 3 || (p[0] != 0xe2 && p[0] != 0xe3 && p[0] != 0xef))
        return 0;
    if (p[0] == 0xe2 && p[1] == 0x80) {
        *blank = p[2] <= 0x8a || p[2] == 0xa8 || p[2] == 0xa9 || p[2] == 0xaf; /* spaces, line ends */
        bool invisible = (0x8b <= p[2] && p[2] <= 0x8f) || (0xaa <= p[2] && p[2] <= 0xae);
        return *blank || invisible ? 3 : 0;
    }
    if (memcmp(p, "\xe3\x80\x80", 3) == 0)
        return 3;
    *blank = false;
    return memcmp(p, "\xef\xbb\xbf", 3) == 0 || (p[0] == 0xe2 && p[1] == 0x81 && 0xa0 <= p[2] && p[2] <= 0xaf) ? 3 : 0;
}

tk_str lists_clean(tk_arena *arena, tk_str text)
{
    text = tk_str_trim(text);
    if (text.len == 0)
        return TK_STR("");
    char *out = tk_arena_get(arena, text.len + 1);
    if (out == NULL)
        return TK_STR("");
    size_t len = 0;
    bool space = false;
    for (size_t i = 0; i < text.len;) {
        bool blank;
        size_t special = clean_special((const unsigned char *)text.ptr + i, text.len - i, &blank);
        if (special != 0) {
            space = space || blank;
            i += special;
            continue;
        }
        if (space && len != 0)
            out[len++] = ' ';
        space = false;
        out[len++] = text.ptr[i++];
    }
    return (tk_str){out, len};
}

/* --- names --- */

tk_str lists_trim_name(tk_str name)
{
    for (;;) {
        name = tk_str_trim(name);
        if (name.len == 0)
            return name;
        char last = name.ptr[name.len - 1], first = name.ptr[0];
        if (last == ',' || last == ';')
            name.len--;
        else if (first == ',' || first == ';')
            name = (tk_str){name.ptr + 1, name.len - 1};
        else if (3 <= name.len && memcmp(name.ptr + name.len - 2, "\xc3\xbf", 2) == 0
                 && !is_letter(name.ptr[name.len - 3])) /* a byte of 0xff that somebody took for a letter */
            name.len -= 2;
        else
            return name;
    }
}

size_t lists_find(tk_str text, const char *part)
{
    tk_str wanted = tk_str_from(part);
    for (size_t i = 0; wanted.len != 0 && i + wanted.len <= text.len; i++) /* most places differ in the first byte */
        if (((text.ptr[i] ^ wanted.ptr[0]) & ~('a' - 'A')) == 0
            && tk_str_eq_nocase((tk_str){text.ptr + i, wanted.len}, wanted))
            return i;
    return SIZE_MAX;
}

tk_str lists_without_tail(tk_str name, tk_name_kind *kind, tk_str *country)
{
    static const char *const tails[] = {" and any successor", "; any successor", " and any subsidiar",
                                        " and all subsidiar", " and its subsidiar"};
    *country = TK_STR("");
    for (size_t i = 0; i < TK_COUNT(tails); i++) {
        size_t at = lists_find(name, tails[i]);
        if (at != SIZE_MAX && at != 0)
            name = lists_trim_name((tk_str){name.ptr, at});
    }
    const char *open = name.len == 0 || name.ptr[name.len - 1] != ')' ? NULL : memrchr(name.ptr, '(', name.len);
    if (open == NULL || open == name.ptr)
        return name;
    tk_str inside = {open + 1, (size_t)(name.ptr + name.len - open) - 2};
    bool person = tk_str_ends(inside, TK_STR(" national")) || tk_str_ends(inside, TK_STR(" individual"));
    if (!person && !tk_str_ends(inside, TK_STR(" entity")))
        return name;
    *kind = person ? TK_NAME_PERSON : TK_NAME_COMPANY;
    *country = (tk_str){inside.ptr, (size_t)((const char *)memrchr(inside.ptr, ' ', inside.len) - inside.ptr)};
    return lists_trim_name((tk_str){name.ptr, (size_t)(open - name.ptr)});
}

bool lists_next(tk_str *rest, const char *separator, tk_str *part)
{
    size_t width = strlen(separator);
    while (rest->len != 0) {
        const char *at = memmem(rest->ptr, rest->len, separator, width);
        size_t len = at == NULL ? rest->len : (size_t)(at - rest->ptr);
        size_t taken = at == NULL ? len : len + width;
        *part = tk_str_trim((tk_str){rest->ptr, len});
        *rest = (tk_str){rest->ptr + taken, rest->len - taken};
        if (part->len != 0)
            return true;
    }
    return false;
}

/* --- days --- */

static bool take_number(tk_str *text, size_t digits_max, unsigned *out)
{
    size_t n = 0;
    for (*out = 0; n < text->len && n < digits_max && is_digit(text->ptr[n]); n++)
        *out = *out * 10 + (unsigned)(text->ptr[n] - '0');
    *text = (tk_str){text->ptr + n, text->len - n};
    return n != 0;
}

static bool take_char(tk_str *text, char c)
{
    if (text->len == 0 || text->ptr[0] != c)
        return false;
    *text = (tk_str){text->ptr + 1, text->len - 1};
    return true;
}

static bool make_date(unsigned year, unsigned month, unsigned day, tk_date *out)
{
    enum { TEXT = 11 };
    if (9999 < year || 12 < month || 31 < day)
        return false;
    char text[TEXT] = {(char)('0' + year / 1000), (char)('0' + year / 100 % 10), (char)('0' + year / 10 % 10),
                       (char)('0' + year % 10), '-', (char)('0' + month / 10), (char)('0' + month % 10), '-',
                       (char)('0' + day / 10), (char)('0' + day % 10)};
    return tk_date_parse((tk_str){text, TEXT - 1}, out, NULL) == TK_OK;
}

/* "Jun" as 6, 0 for anything else. */
static unsigned month_called(tk_str text)
{
    static const char months[] = "janfebmaraprmayjunjulaugsepoctnovdec";
    for (unsigned m = 0; 3 <= text.len && m < 12; m++)
        if (tk_str_eq_nocase((tk_str){text.ptr, 3}, (tk_str){months + (size_t)3 * m, 3}))
            return m + 1;
    return 0;
}

/* "03 Jun 2021" */
static bool date_in_words(tk_str text, tk_date *out)
{
    unsigned day, year;
    if (!take_number(&text, 2, &day) || !take_char(&text, ' '))
        return false;
    unsigned month = month_called(text);
    while (text.len != 0 && is_letter(text.ptr[0]))
        text = (tk_str){text.ptr + 1, text.len - 1};
    return month != 0 && take_char(&text, ' ') && take_number(&text, 4, &year) && text.len == 0
           && make_date(year, month, day, out);
}

bool lists_date(tk_str text, tk_date *out)
{
    unsigned a, b, c;
    text = tk_str_trim(text);
    if (10 <= text.len && text.ptr[4] == '-' && (text.len == 10 || !is_digit(text.ptr[10])))
        return tk_date_parse((tk_str){text.ptr, 10}, out, NULL) == TK_OK;
    tk_str rest = text;
    if (!take_number(&rest, 2, &a) || rest.len == 0)
        return false;
    char mark = rest.ptr[0];
    if (mark == ' ')
        return date_in_words(text, out);
    if ((mark != '/' && mark != '.') || !take_char(&rest, mark) || !take_number(&rest, 2, &b) || !take_char(&rest, mark)
        || !take_number(&rest, 4, &c) || rest.len != 0)
        return false;
    return mark == '/' ? make_date(c, a, b, out) : make_date(c, b, a, out);
}

tk_str lists_birth(tk_arena *arena, tk_str text)
{
    static const char *const about[] = {"circa ", "approximately "};
    text = tk_str_trim(text);
    for (size_t i = 0; i < TK_COUNT(about); i++)
        if (lists_find(text, about[i]) == 0)
            text = (tk_str){text.ptr + strlen(about[i]), text.len - strlen(about[i])};
    tk_date day;
    char out[TK_DATE_TEXT_MAX];
    if (!lists_date(text, &day))
        return lists_clean(arena, text);
    size_t len = tk_date_format(day, out);
    return tk_arena_copy(arena, (tk_str){out, len});
}
