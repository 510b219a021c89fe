/* SPDX-License-Identifier: Apache-2.0 */
/* text.c: well-formed UTF-8, text from outside made visible, and how wide it stands on a terminal. */
#include "base/text.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/compat.h"
#include "base/str.h"

static void test_text_utf8(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        size_t good;
    } rows[] = {
        {"", 0},
        {"plain ascii of more than eight bytes", 36},
        {"\xC3\xA4", 2},
        {"\xE2\x82\xAC", 3},
        {"\xF0\x9F\x92\xA9", 4},
        {"\xF4\x8F\xBF\xBF", 4},     /* U+10FFFF */
        {"a\xC3", 1},                /* cut off */
        {"ab\xE2\x82", 2},
        {"12345678\xF0\x9F\x92", 8},
        {"a\x80", 1},                /* a continuation alone */
        {"a\xC0\x80", 1},            /* overlong */
        {"a\xC1\xBF", 1},
        {"a\xE0\x9F\xBF", 1},
        {"a\xF0\x8F\xBF\xBF", 1},
        {"a\xED\xA0\x80", 1},        /* a surrogate */
        {"a\xF4\x90\x80\x80", 1},    /* beyond U+10FFFF */
        {"a\xF5\x80\x80\x80", 1},
        {"a\xFF", 1},
        {"a\xC3\xC3", 1},
        {"12345678\xC3\xA4" "2345678\x80", 17},
    };
    for (size_t i = 0; i < TK_COUNT(rows); i++)
        assert_int_equal(tk_text_utf8_check(tk_str_from(rows[i].text)), rows[i].good);
}

static void test_text_visible(void **state)
{
    (void)state;
    static const struct {
        const char *text, *shown;
    } rows[] = {
        {"plain", "plain"},
        {"H\xC3\xBC" "bsch \xE4\xB8\xAD\xE6\x96\x87", "H\xC3\xBC" "bsch \xE4\xB8\xAD\xE6\x96\x87"},
        {"a\nb\rc\td", "a\\nb\\rc\\td"},
        {"\x1b[31mred\x1b[0m", "\\x1b[31mred\\x1b[0m"},
        {"\x07\x7f", "\\x07\\x7f"},
        {"\xC2\x9B" "2J", "\\x9b2J"},                          /* the one-byte escape */
        {"\xE2\x80\xAE" "txt.exe", "\\u202etxt.exe"},          /* right-to-left override */
        {"\xE2\x81\xA6x\xE2\x81\xA9", "\\u2066x\\u2069"},      /* isolates */
        {"\xE2\x80\x8B", "\\u200b"},                           /* no width */
        {"\xE2\x80\xA8", "\\u2028"},                           /* line separator */
        {"\xC2\xAD", "\\xad"},                                 /* soft hyphen */
        {"\xEF\xBB\xBF", "\\ufeff"},
        {"\xF3\xA0\x81\x81", "\\U000e0041"},                   /* a tag */
        {"a\x80z", "a\\x80z"},
        {"a\xC3", "a\\xc3"},
        {"\xED\xA0\x80", "\\xed\\xa0\\x80"},
    };
    tk_arena arena;
    tk_arena_init(&arena, 1024, 0);
    for (size_t i = 0; i < TK_COUNT(rows); i++) {
        tk_str shown = tk_text_visible(&arena, tk_str_from(rows[i].text));
        assert_int_equal(shown.len, strlen(rows[i].shown));
        assert_memory_equal(shown.ptr, rows[i].shown, shown.len);
    }
    tk_str zero = tk_text_visible(&arena, (tk_str){"a\0b", 3});
    assert_true(tk_str_is(zero, "a\\x00b"));
    /* Clean text is borrowed, so that showing it costs nothing. */
    tk_str clean = TK_STR("clean");
    assert_ptr_equal(tk_text_visible(&arena, clean).ptr, clean.ptr);
    tk_arena_fini(&arena);
}

static void test_text_width(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        size_t columns;
    } rows[] = {
        {"", 0},          {"abc", 3},      {"\xC3\xA4", 1},         {"\xE4\xB8\xAD\xE6\x96\x87", 4}, {"e\xCC\x81", 1},
        {"\xEF\xBD\x81", 2}, {"\xF0\x9F\x92\xA9", 2}, {"\xED\x95\x9C", 2}, {"a\x80", 2},
    };
    for (size_t i = 0; i < TK_COUNT(rows); i++)
        assert_int_equal(tk_text_width(tk_str_from(rows[i].text)), rows[i].columns);
}

static void test_text_prefix(void **state)
{
    (void)state;
    tk_str text = TK_STR("a\xE4\xB8\xAD" "e\xCC\x81z"); /* 1 + 2 + 1 (with its accent) + 1 columns */
    assert_int_equal(tk_text_prefix(text, 0).len, 0);
    assert_int_equal(tk_text_prefix(text, 1).len, 1);
    assert_int_equal(tk_text_prefix(text, 2).len, 1); /* half a character is none */
    assert_int_equal(tk_text_prefix(text, 3).len, 4);
    assert_int_equal(tk_text_prefix(text, 4).len, 7);
    assert_int_equal(tk_text_prefix(text, 5).len, 8);
    assert_int_equal(tk_text_prefix(text, 80).len, text.len);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_text_utf8),
        cmocka_unit_test(test_text_visible),
        cmocka_unit_test(test_text_width),
        cmocka_unit_test(test_text_prefix),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
