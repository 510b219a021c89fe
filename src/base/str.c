/* SPDX-License-Identifier: Apache-2.0 */
/* str.c: borrowed text. Comparison is by bytes; only names that people type are compared without case. */
#include "base/str.h"

#include <stdlib.h>
#include <string.h>

#include "base/limits.h"

tk_str tk_str_from(const char *text)
{
    return text == NULL ? (tk_str){"", 0} : (tk_str){text, strlen(text)};
}

bool tk_str_eq(tk_str a, tk_str b)
{
    return a.len == b.len && (a.len == 0 || a.ptr == b.ptr || memcmp(a.ptr, b.ptr, a.len) == 0);
}

bool tk_str_is(tk_str a, const char *b)
{
    return tk_str_eq(a, tk_str_from(b));
}

static char str_lower(char c)
{
    return 'A' <= c && c <= 'Z' ? (char)(c + ('a' - 'A')) : c;
}

bool tk_str_eq_nocase(tk_str a, tk_str b)
{
    if (a.len != b.len)
        return false;
    for (size_t i = 0; i < a.len; i++)
        if (str_lower(a.ptr[i]) != str_lower(b.ptr[i]))
            return false;
    return true;
}

bool tk_str_has_nocase(tk_str text, tk_str part)
{
    for (size_t at = 0; at + part.len <= text.len; at++)
        if (tk_str_eq_nocase((tk_str){text.ptr + at, part.len}, part))
            return true;
    return false;
}

int tk_str_cmp(tk_str a, tk_str b)
{
    size_t common = a.len < b.len ? a.len : b.len;
    int order = common == 0 || a.ptr == b.ptr ? 0 : memcmp(a.ptr, b.ptr, common);
    if (order != 0)
        return order;
    return a.len < b.len ? -1 : (b.len < a.len ? 1 : 0);
}

bool tk_str_starts(tk_str text, tk_str prefix)
{
    return prefix.len <= text.len && (prefix.len == 0 || memcmp(text.ptr, prefix.ptr, prefix.len) == 0);
}

bool tk_str_ends(tk_str text, tk_str suffix)
{
    return suffix.len <= text.len
           && (suffix.len == 0 || memcmp(text.ptr + text.len - suffix.len, suffix.ptr, suffix.len) == 0);
}

static bool str_is_blank(char c)
{
    return c == ' ' || c == '\t';
}

tk_str tk_str_trim(tk_str text)
{
    while (text.len != 0 && str_is_blank(text.ptr[0])) {
        text.ptr++;
        text.len--;
    }
    while (text.len != 0 && str_is_blank(text.ptr[text.len - 1]))
        text.len--;
    return text;
}

bool tk_str_split(tk_str *rest, char separator, tk_str *part)
{
    if (rest->ptr == NULL)
        return false;
    const char *at = rest->len == 0 ? NULL : memchr(rest->ptr, separator, rest->len);
    if (at == NULL) {
        *part = *rest;
        *rest = (tk_str){NULL, 0};
        return true;
    }
    *part = (tk_str){rest->ptr, (size_t)(at - rest->ptr)};
    *rest = (tk_str){at + 1, rest->len - part->len - 1};
    return true;
}

/* FNV-1a, 64 bits. */
uint64_t tk_str_hash(tk_str text)
{
    uint64_t hash = UINT64_C(14695981039346656037);
    for (size_t i = 0; i < text.len; i++)
        hash = (hash ^ (unsigned char)text.ptr[i]) * UINT64_C(1099511628211);
    return hash;
}

static bool str_is_alnum(char c)
{
    return ('a' <= c && c <= 'z') || ('A' <= c && c <= 'Z') || ('0' <= c && c <= '9');
}

bool tk_str_is_id(tk_str text)
{
    if (text.len == 0 || TK_ID_BYTES_MAX < text.len || !str_is_alnum(text.ptr[0]))
        return false;
    for (size_t i = 1; i < text.len; i++) {
        char c = text.ptr[i];
        if (!str_is_alnum(c) && c != '.' && c != '_' && c != ':' && c != '-')
            return false;
    }
    return true;
}

static int str_order(const void *a, const void *b)
{
    return tk_str_cmp(*(const tk_str *)a, *(const tk_str *)b);
}

size_t tk_str_unique(tk_str *texts, size_t count)
{
    size_t kept = 0;
    if (count != 0)
        qsort(texts, count, sizeof(texts[0]), str_order);
    for (size_t i = 0; i < count; i++)
        if (texts[i].len != 0 && (kept == 0 || !tk_str_eq(texts[kept - 1], texts[i])))
            texts[kept++] = texts[i];
    return kept;
}

tk_nearest tk_nearest_make(tk_str wanted)
{
    return (tk_nearest){.wanted = wanted, .distance = UINT32_MAX};
}

enum { NEAREST_BYTES_MAX = 64 };

/* Optimal string alignment distance of two texts of at most NEAREST_BYTES_MAX bytes. */
static unsigned nearest_distance(tk_str a, tk_str b)
{
    unsigned rows[3][NEAREST_BYTES_MAX + 1];
    unsigned *before = rows[0], *previous = rows[1], *current = rows[2];
    for (size_t j = 0; j <= b.len; j++)
        previous[j] = (unsigned)j;
    for (size_t i = 1; i <= a.len; i++) {
        current[0] = (unsigned)i;
        for (size_t j = 1; j <= b.len; j++) {
            unsigned cost = str_lower(a.ptr[i - 1]) == str_lower(b.ptr[j - 1]) ? 0 : 1;
            unsigned best = previous[j - 1] + cost;
            if (previous[j] + 1 < best)
                best = previous[j] + 1;
            if (current[j - 1] + 1 < best)
                best = current[j - 1] + 1;
            if (1 < i && 1 < j && str_lower(a.ptr[i - 1]) == str_lower(b.ptr[j - 2])
                && str_lower(a.ptr[i - 2]) == str_lower(b.ptr[j - 1]) && before[j - 2] + 1 < best)
                best = before[j - 2] + 1;
            current[j] = best;
        }
        unsigned *spare = before;
        before = previous;
        previous = current;
        current = spare;
    }
    return previous[b.len];
}

void tk_nearest_offer(tk_nearest *nearest, tk_str choice)
{
    if (NEAREST_BYTES_MAX < nearest->wanted.len || NEAREST_BYTES_MAX < choice.len || choice.len == 0)
        return;
    unsigned distance = nearest_distance(nearest->wanted, choice);
    size_t longer = nearest->wanted.len < choice.len ? choice.len : nearest->wanted.len;
    if (longer < distance * 2)
        return; /* more than half of it differs: not worth saying */
    if (distance < nearest->distance
        || (distance == nearest->distance && tk_str_cmp(choice, nearest->best) < 0)) {
        nearest->distance = distance;
        nearest->best = choice;
    }
}
