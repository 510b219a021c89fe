/* SPDX-License-Identifier: Apache-2.0 */
/* str.c: comparing, cutting, ids, and the nearest valid choice for a misspelt one. */
#include "base/str.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/compat.h"
#include "base/limits.h"

static void test_str_compare(void **state)
{
    (void)state;
    assert_true(tk_str_eq(TK_STR("abc"), TK_STR("abc")));
    assert_false(tk_str_eq(TK_STR("abc"), TK_STR("abC")));
    assert_false(tk_str_eq(TK_STR("abc"), TK_STR("ab")));
    assert_true(tk_str_eq((tk_str){NULL, 0}, TK_STR("")));
    assert_true(tk_str_eq_nocase(TK_STR("H200-SXM"), TK_STR("h200-sxm")));
    assert_false(tk_str_eq_nocase(TK_STR("\xC3\x84"), TK_STR("\xC3\xA4")));
    assert_true(tk_str_cmp(TK_STR("a"), TK_STR("b")) < 0);
    assert_true(tk_str_cmp(TK_STR("a"), TK_STR("ab")) < 0);
    assert_true(tk_str_cmp(TK_STR("B"), TK_STR("a")) < 0);
    assert_true(tk_str_cmp(TK_STR("\xFF"), TK_STR("a")) > 0);
    assert_int_equal(tk_str_cmp(TK_STR(""), (tk_str){NULL, 0}), 0);
    assert_true(tk_str_starts(TK_STR("party.hq"), TK_STR("party.")));
    assert_false(tk_str_starts(TK_STR("par"), TK_STR("party.")));
    assert_true(tk_str_ends(TK_STR("us.law-read"), TK_STR(".law-read")));
    assert_false(tk_str_ends(TK_STR("read"), TK_STR(".law-read")));
    assert_int_equal(tk_str_from(NULL).len, 0);
    assert_true(tk_str_hash(TK_STR("ab")) != tk_str_hash(TK_STR("ba")));
}

static void test_str_cut(void **state)
{
    (void)state;
    assert_true(tk_str_is(tk_str_trim(TK_STR(" \t a b \t")), "a b"));
    assert_int_equal(tk_str_trim(TK_STR(" \t ")).len, 0);
    tk_str rest = TK_STR("a;;b"), part;
    assert_true(tk_str_split(&rest, ';', &part) && tk_str_is(part, "a"));
    assert_true(tk_str_split(&rest, ';', &part) && tk_str_is(part, ""));
    assert_true(tk_str_split(&rest, ';', &part) && tk_str_is(part, "b"));
    assert_false(tk_str_split(&rest, ';', &part));
    rest = TK_STR("a;");
    assert_true(tk_str_split(&rest, ';', &part) && tk_str_is(part, "a"));
    assert_true(tk_str_split(&rest, ';', &part) && tk_str_is(part, ""));
    assert_false(tk_str_split(&rest, ';', &part));
}

static void test_str_ids(void **state)
{
    (void)state;
    static const char *const good[] = {"a", "7", "nvidia-h200-sxm", "3A090.a", "D:5", "x_y", "A.b:c-d_e"};
    static const char *const bad[] = {"",    "-a",  ".a",       "_a",        ":a",  "a b",
                                      "a/b", "a\n", "\xC3\xA4", "a\xC3\xA4", "a;b", "../x"};
    char longest[TK_ID_BYTES_MAX + 2];
    for (size_t i = 0; i < TK_COUNT(good); i++)
        assert_true(tk_str_is_id(tk_str_from(good[i])));
    for (size_t i = 0; i < TK_COUNT(bad); i++)
        assert_false(tk_str_is_id(tk_str_from(bad[i])));
    memset(longest, 'x', sizeof longest);
    assert_true(tk_str_is_id((tk_str){longest, TK_ID_BYTES_MAX}));
    assert_false(tk_str_is_id((tk_str){longest, TK_ID_BYTES_MAX + 1}));
    assert_false(tk_str_is_id((tk_str){"a\0b", 3}));
}

static void test_str_unique(void **state)
{
    tk_str texts[] = {TK_STR("b"), TK_STR(""), TK_STR("a"), TK_STR("b"), TK_STR("ab"), TK_STR("a"), TK_STR("")};
    (void)state;
    assert_int_equal(tk_str_unique(texts, TK_COUNT(texts)), 3);
    assert_true(tk_str_is(texts[0], "a") && tk_str_is(texts[1], "ab") && tk_str_is(texts[2], "b"));
    assert_int_equal(tk_str_unique(NULL, 0), 0);
}

static void test_str_nearest(void **state)
{
    (void)state;
    static const char *const choices[] = {"item.tpp", "item.density", "end_user.hq", "end_user_hq",
                                          "route.to", "route.from",   "key"};
    static const struct {
        const char *wanted, *nearest;
    } rows[] = {
        {"item.tp", "item.tpp"},
        {"item.ttp", "item.tpp"},
        {"itme.tpp", "item.tpp"},
        {"ITEM.TPP", "item.tpp"},
        {"item.densty", "item.density"},
        {"enduser_hq", "end_user_hq"},
        {"end_user.hq2", "end_user.hq"},
        {"route.form", "route.from"},
        {"kye", "key"},
        {"zzzzzz", NULL},
        {"", NULL},
        {"q", NULL},
    };
    for (size_t i = 0; i < TK_COUNT(rows); i++) {
        tk_nearest nearest = tk_nearest_make(tk_str_from(rows[i].wanted));
        for (size_t c = 0; c < TK_COUNT(choices); c++)
            tk_nearest_offer(&nearest, tk_str_from(choices[c]));
        if (rows[i].nearest == NULL)
            assert_null(nearest.best.ptr);
        else
            assert_true(tk_str_is(nearest.best, rows[i].nearest));
    }
}

/* Ties go to the first by bytes, in whatever order they are offered. */
static void test_str_nearest_ties(void **state)
{
    (void)state;
    tk_nearest a = tk_nearest_make(TK_STR("cat")), b = a;
    tk_nearest_offer(&a, TK_STR("bat"));
    tk_nearest_offer(&a, TK_STR("hat"));
    tk_nearest_offer(&b, TK_STR("hat"));
    tk_nearest_offer(&b, TK_STR("bat"));
    assert_true(tk_str_is(a.best, "bat"));
    assert_true(tk_str_is(b.best, "bat"));
}

/* What is longer than an id is neither compared nor written over. */
static void test_str_nearest_long(void **state)
{
    (void)state;
    char text[66];
    memset(text, 'a', sizeof text);
    tk_nearest nearest = tk_nearest_make((tk_str){text, 64});
    tk_nearest_offer(&nearest, (tk_str){text, 65});
    assert_null(nearest.best.ptr);
    tk_nearest_offer(&nearest, (tk_str){text, 63});
    assert_int_equal(nearest.best.len, 63);
    nearest = tk_nearest_make((tk_str){text, 65});
    tk_nearest_offer(&nearest, (tk_str){text, 64});
    assert_null(nearest.best.ptr);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_str_compare),      cmocka_unit_test(test_str_cut),
        cmocka_unit_test(test_str_ids),          cmocka_unit_test(test_str_unique),
        cmocka_unit_test(test_str_nearest),
        cmocka_unit_test(test_str_nearest_ties), cmocka_unit_test(test_str_nearest_long),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
