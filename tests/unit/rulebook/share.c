/* SPDX-License-Identifier: Apache-2.0 */
/* share.c: equal sets, numbers and conditions of a compiled rulebook are one; what only looks alike stays apart. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "base/compat.h"
#include "base/str.h"
#include "rulebook/model.h"

#define ACT " cites \"A\" published 2020-01-01 in force 2020-01-01 .. "

static const char share_head[] = "regime us \"T\" covers 2010-01-01 .. read to 2029-12-31\n"
                                 "question key : open < licence < closed, strictest otherwise open\n"
                                 "fact a : yes | no\n"
                                 "fact b : yes | no\n"
                                 "fact item.tpp : number\n"
                                 "fact item.dram : GB/s\n"
                                 "fact route.to : place\n"
                                 "fact end_user.hq : place\n"
                                 "set both = CN or MO\n"
                                 "term same = a = yes and b = no\n";

/* The book of two rules, `first` and `second`, with these conditions. */
static tk_rulebook *share_compile(const char *first, const char *second)
{
    static const tk_str places[] = {TK_STR("CN"), TK_STR("MO"), TK_STR("US")};
    tk_vocabulary vocabulary = {.places = places, .places_count = TK_COUNT(places)};
    char text[2048];
    int len = snprintf(text, sizeof text,
                       "%srule first" ACT "when %s then key = closed\nrule second" ACT "when %s then key = licence\n",
                       share_head, first, second);
    assert_true(0 < len && (size_t)len < sizeof text);
    tk_source source = {TK_STR("us.rules"), tk_str_from(text)};
    tk_rulebook *book = NULL;
    tk_messages *messages = NULL;
    tk_err err = {0};
    if (tk_rulebook_compile(&source, 1, &vocabulary, &book, &messages, &err) != TK_OK)
        fail_msg("%s: %s / %s", err.message, first, second);
    tk_messages_free(messages);
    return book;
}

static const struct {
    const char *says, *first, *second;
    bool one;
} rows[] = {
    {"a comparison with a word", "a = yes", "a = yes", true},
    {"another word", "a = yes", "a = no", false},
    {"another fact", "a = yes", "b = yes", false},
    {"a whole condition", "a = yes and (b = no or item.tpp >= 5)", "a = yes and (b = no or item.tpp >= 5)", true},
    {"in another order it is read in another order", "a = yes and b = no", "b = no and a = yes", false},
    {"a comparison of numbers", "item.tpp >= 4800", "item.tpp >= 4800", true},
    {"another threshold", "item.tpp >= 4800", "item.tpp >= 4801", false},
    {"another way to compare", "item.tpp >= 4800", "item.tpp > 4800", false},
    {"one number in other words: the words stand in the reasons", "item.dram >= 4000", "item.dram >= 4 TB/s", false},
    {"a sum", "item.tpp + item.tpp > 3", "item.tpp + item.tpp > 3", true},
    {"a multiple", "2 * item.tpp > 3", "2 * item.tpp > 3", true},
    {"another multiple", "2 * item.tpp > 3", "4 * item.tpp > 3", false},
    {"a set of places", "route.to in (CN or MO)", "route.to in (CN or MO)", true},
    {"another set", "route.to in (CN or MO)", "route.to in (CN or US)", false},
    {"what is left of a set", "route.to in (CN but not MO)", "route.to in (CN or MO)", false},
    {"a set by its name", "route.to in both", "route.to in both", true},
    {"a term is what it stands for", "same", "a = yes and b = no", true},
    {"a negation is not what it negates", "not (a = yes)", "a = yes", false},
};

static void test_conditions(void **state)
{
    (void)state;
    for (size_t i = 0; i < TK_COUNT(rows); i++) {
        tk_rulebook *book = share_compile(rows[i].first, rows[i].second);
        assert_int_equal(book->rules_count, 2);
        if ((book->rules[0].when == book->rules[1].when) != rows[i].one)
            fail_msg("%s: %s, and should be %s", rows[i].says, rows[i].one ? "two" : "one",
                     rows[i].one ? "one" : "two");
        tk_rulebook_free(book);
    }
}

/* Parts are shared also where the wholes differ. */
static void test_parts(void **state)
{
    (void)state;
    tk_rulebook *book = share_compile("a = yes and item.tpp > 5", "b = yes and item.tpp > 5");
    const rb_node *first = &book->nodes[book->rules[0].when], *second = &book->nodes[book->rules[1].when];
    assert_int_equal(first->count, 2);
    assert_int_equal(second->count, 2);
    assert_int_not_equal(book->children[first->first], book->children[second->first]);
    assert_int_equal(book->children[first->first + 1], book->children[second->first + 1]);
    tk_rulebook_free(book);
    book = share_compile("route.to in (CN or MO)", "end_user.hq in (CN or MO)");
    assert_int_not_equal(book->rules[0].when, book->rules[1].when);
    assert_int_equal(book->nodes[book->rules[0].when].set, book->nodes[book->rules[1].when].set);
    tk_rulebook_free(book);
    book = share_compile("item.tpp > 5", "item.tpp < 5");
    first = &book->nodes[book->rules[0].when];
    second = &book->nodes[book->rules[1].when];
    assert_int_equal(first->left, second->left);
    assert_int_equal(first->right, second->right);
    tk_rulebook_free(book);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_conditions), cmocka_unit_test(test_parts)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
