/* SPDX-License-Identifier: Apache-2.0 */
/* fields.c: countries, identifiers and dates of birth held against each other; addresses are in address.c. */
#include "screen/fields.h"

#include <stdio.h>
#include <string.h>

#include "base/num.h"
#include "base/str.h"

/* --- countries --- */

tk_str screen_country_code(const tk_lists *lists, tk_arena *arena, tk_str text)
{
    if (lists != NULL)
        return tk_lists_country(lists, tk_str_trim(text));
    tk_str folded = screen_fold(arena, text);
    if (folded.len != 2 || folded.ptr[0] < 'a' || 'z' < folded.ptr[0] || folded.ptr[1] < 'a' || 'z' < folded.ptr[1])
        return TK_STR("");
    char code[2] = {(char)(folded.ptr[0] - 'a' + 'A'), (char)(folded.ptr[1] - 'a' + 'A')};
    return tk_arena_copy(arena, (tk_str){code, sizeof code});
}

screen_says screen_country(const tk_lists *lists, tk_arena *arena, tk_str left, tk_str right)
{
    tk_str a = screen_country_code(lists, arena, left), b = screen_country_code(lists, arena, right);
    if (a.len == 0 || b.len == 0)
        return SCREEN_SILENT;
    return tk_str_eq(a, b) ? SCREEN_SAME : SCREEN_DIFFERENT;
}

/* --- identifiers --- */

enum { IDENTIFIER_LEAST = 5, IDENTIFIER_BYTES = 64, IDENTIFIER_NUMBER = 6, IMO_DIGITS = 7 };

typedef struct identifier {
    char text[IDENTIFIER_BYTES];
    size_t len;
    size_t prefix; /* letters of a country before a number */
} identifier;

static bool is_digit(char c)
{
    return '0' <= c && c <= '9';
}

static bool digits_only(const char *text, size_t len)
{
    for (size_t i = 0; i < len; i++)
        if (!is_digit(text[i]))
            return false;
    return len != 0;
}

/* Letters and digits in capitals; other characters of ASCII are how somebody wrote it, bytes of others are kept. */
static identifier identifier_read(tk_str text)
{
    identifier id = {.len = 0};
    for (size_t i = 0; i < text.len && id.len < IDENTIFIER_BYTES; i++) {
        char c = text.ptr[i];
        if ('a' <= c && c <= 'z')
            c = (char)(c - 'a' + 'A');
        if (is_digit(c) || ('A' <= c && c <= 'Z') || ((unsigned char)c & 0x80) != 0)
            id.text[id.len++] = c;
    }
    if (id.len == 3 + IMO_DIGITS && memcmp(id.text, "IMO", 3) == 0 && digits_only(id.text + 3, IMO_DIGITS)) {
        id.len = IMO_DIGITS;
        memmove(id.text, id.text + 3, IMO_DIGITS);
    }
    if (2 + IDENTIFIER_NUMBER <= id.len && !is_digit(id.text[0]) && !is_digit(id.text[1])
        && digits_only(id.text + 2, id.len - 2))
        id.prefix = 2;
    return id;
}

static tk_str identifier_text(const identifier *id, size_t from)
{
    return (tk_str){id->text + from, id->len - from};
}

/* Without its prefix a number equals one written without; two prefixes must agree. */
screen_says screen_identifier(tk_str left, tk_str right)
{
    identifier a = identifier_read(left), b = identifier_read(right);
    if (a.len < IDENTIFIER_LEAST || b.len < IDENTIFIER_LEAST)
        return SCREEN_SILENT;
    bool same = tk_str_eq(identifier_text(&a, 0), identifier_text(&b, 0));
    if (!same && (a.prefix == 0 || b.prefix == 0))
        same = tk_str_eq(identifier_text(&a, a.prefix), identifier_text(&b, b.prefix));
    return same ? SCREEN_SAME : SCREEN_DIFFERENT;
}

/* No key of a name: the hash begins elsewhere. */
static uint64_t identifier_hash(tk_str text)
{
    uint64_t z = tk_str_hash(text) ^ UINT64_C(0x6964656E74696679);
    z = (z ^ z >> 30) * UINT64_C(0xBF58476D1CE4E5B9);
    z = (z ^ z >> 27) * UINT64_C(0x94D049BB133111EB);
    return z ^ z >> 31;
}

size_t screen_identifier_keys(tk_str text, uint64_t keys[SCREEN_IDENTIFIER_KEYS])
{
    identifier id = identifier_read(text);
    if (id.len < IDENTIFIER_LEAST)
        return 0;
    keys[0] = identifier_hash(identifier_text(&id, 0));
    if (id.prefix == 0)
        return 1;
    keys[1] = identifier_hash(identifier_text(&id, id.prefix));
    return 2;
}

/* --- dates of birth --- */

typedef struct birth {
    tk_date first, last;
} birth;

static bool birth_number(tk_str word, unsigned *out)
{
    *out = 0;
    if (word.len == 0 || 4 < word.len || !digits_only(word.ptr, word.len))
        return false;
    for (size_t i = 0; i < word.len; i++)
        *out = *out * 10 + (unsigned)(word.ptr[i] - '0');
    return true;
}

/* 1 to 12 for "jan", "january" …; 0: no month. */
static unsigned birth_month(tk_str word)
{
    static const char months[] = "janfebmaraprmayjunjulaugsepoctnovdec";
    if (word.len < 3)
        return 0;
    for (unsigned i = 0; i < 12; i++)
        if (tk_str_eq_nocase((tk_str){months + (size_t)3 * i, 3}, (tk_str){word.ptr, 3}))
            return i + 1;
    return 0;
}

static bool birth_make(unsigned year, unsigned month, unsigned day, birth *out)
{
    char text[40];
    int len = day != 0     ? snprintf(text, sizeof text, "%04u-%02u-%02u", year, month, day)
              : month != 0 ? snprintf(text, sizeof text, "%04u-%02u", year, month)
                           : snprintf(text, sizeof text, "%04u", year);
    return tk_date_parse_partial((tk_str){text, (size_t)len}, &out->first, &out->last, NULL) == TK_OK;
}

/* "1952-10-07", "1952", "07 Oct 1952", "circa 1963" (two years either way), "1960 to 1963". */
static bool birth_read(tk_str text, birth *out)
{
    if (tk_date_parse_partial(tk_str_trim(text), &out->first, &out->last, NULL) == TK_OK)
        return true;
    unsigned day = 0, month = 0, years[2] = {0, 0}, count = 0, value;
    bool about = false;
    tk_str rest = text, word;
    while (tk_str_split(&rest, ' ', &word)) {
        if (birth_number(word, &value) && word.len == 4 && count < 2)
            years[count++] = value;
        else if (birth_number(word, &value) && word.len <= 2)
            day = value;
        else if (birth_month(word) != 0)
            month = birth_month(word);
        else if (tk_str_starts(word, TK_STR("c")) || tk_str_starts(word, TK_STR("C")) || tk_str_is(word, "about"))
            about = true;
    }
    if (count == 0)
        return false;
    if (count == 1 && !about)
        return birth_make(years[0], month, month == 0 ? 0 : day, out);
    birth from, to;
    unsigned wide = about ? 2 : 0;
    if (!birth_make(years[0] - wide, 0, 0, &from) || !birth_make(years[count - 1] + wide, 0, 0, &to))
        return false;
    *out = (birth){from.first, to.last};
    return true;
}

screen_says screen_birth(tk_str left, tk_str right)
{
    birth a, b;
    if (!birth_read(left, &a) || !birth_read(right, &b))
        return SCREEN_SILENT;
    return a.first <= b.last && b.first <= a.last ? SCREEN_SAME : SCREEN_DIFFERENT;
}
