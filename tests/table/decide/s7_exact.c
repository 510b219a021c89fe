/* SPDX-License-Identifier: Apache-2.0 */
/* S6, pure, and S7, exact: same input, same bytes; numbers without rounding, units, quotients. */
#include "table/decide/table.h"

#define BIG(condition) "rule k" LAW "when " condition " then key = closed\n"
#define YES "closed law | key closed"
#define NO "open law | key open"

/* Numbers are scaled integers with units; a bare number takes the declared unit of the fact it is compared with. */
static void test_numbers(void **state)
{
    (void)state;
    static const table_row rows[] = {
        {"six decimals are exact", BIG("item.tpp >= 5.920001"), "item.tpp=5.920001", YES},
        {"one millionth below", BIG("item.tpp >= 5.920001"), "item.tpp=5.92", NO},
        {"underscores group digits", BIG("item.tpp = 4_800"), "item.tpp=4800", YES},
        {"large numbers", BIG("item.tpp >= 9_000_000_000_000"), "item.tpp=9000000000000", YES},
        {"a unit of the rule is brought to the fact's", BIG("item.dram >= 6.5 TB/s"), "item.dram=6500", YES},
        {"and is exact", BIG("item.dram >= 6.5 TB/s"), "item.dram=6499.999999", NO},
        {"a bare number takes the unit of the fact", BIG("item.dram >= 6500"), "item.dram=6500", YES},
        {"the fact's own unit", BIG("item.dram >= 6500 GB/s"), "item.dram=6500", YES},
        {"<", BIG("item.tpp < 5"), "item.tpp=5", NO},
        {"<=", BIG("item.tpp <= 5"), "item.tpp=5", YES},
        {">", BIG("item.tpp > 5"), "item.tpp=5", NO},
        {">=", BIG("item.tpp >= 5"), "item.tpp=5", YES},
        {"=", BIG("item.tpp = 5"), "item.tpp=5", YES},
        {"!=", BIG("item.tpp != 5"), "item.tpp=5", NO},
        {"= within bounds is unknown", BIG("item.tpp = 5"), "item.tpp=4..6", "undetermined law | key open/closed | missing item.tpp"},
        {"!= outside the bounds is true", BIG("item.tpp != 5"), "item.tpp=6..7", YES},
        {"a constant on the left", BIG("5 <= item.tpp"), "item.tpp=5", YES},
    };
    TABLE_RUN(rows);
}

/* Sums, constant multiples, the maximum of facts (`none` is skipped), a date plus days. */
static void test_arithmetic(void **state)
{
    (void)state;
    static const table_row rows[] = {
        {"a sum", BIG("item.dram + item.io >= 4900 GB/s"), "item.dram=4000 item.io=900", YES},
        {"a sum just below", BIG("item.dram + item.io >= 4900 GB/s"), "item.dram=4000 item.io=899.999999", NO},
        {"a sum with an unknown part", BIG("item.dram + item.io >= 4900 GB/s"), "item.dram=4000", "undetermined law | key open/closed | missing item.io"},
        {"a sum with bounds that settle it", BIG("item.dram + item.io >= 4900 GB/s"), "item.dram=4000 item.io=900..1000", YES},
        {"a sum with an open bound that settles it", BIG("item.dram + item.io >= 4900 GB/s"), "item.dram=4000 item.io=900..", YES},
        {"a sum with `none` is no number", BIG("item.dram + item.io >= 4900 GB/s"), "item.dram=9000 item.io=none", NO},
        {"a constant multiple", BIG("2 * item.tpp >= 9.6"), "item.tpp=4.8", YES},
        {"a constant multiple with a fraction is exact", BIG("1.5 * item.tpp >= 0.000003"), "item.tpp=0.000002", YES},
        {"a constant multiple just below", BIG("1.5 * item.tpp > 0.000003"), "item.tpp=0.000002", NO},
        {"a sum of multiples", BIG("2 * item.dram + 3 * item.io = 13 GB/s"), "item.dram=2 item.io=3", YES},
        {"a multiple of a multiple below a millionth is exact",
         "term item.half = 0.5 * item.tpp\n" BIG("2 * item.half = 0.000001"), "item.tpp=0.000001", YES},
        {"with six decimals each", "term item.tiny = 0.000001 * item.tpp\n" BIG("1000000 * item.tiny = 0.000003"), "item.tpp=0.000003", YES},
        {"of a maximum", "term item.most = max of (0.5 * item.dram, item.io)\n" BIG("2 * item.most = 0.000003"), "item.dram=0.000003 item.io=0.000001", YES},
        {"a divided multiple keeps what is below a millionth", BIG("0.000001 * item.tpp / item.area >= 0.000001"), "item.tpp=0.999999 item.area=1", NO},
        {"the maximum", BIG("max of (item.dram, item.io) >= 5 GB/s"), "item.dram=1 item.io=5", YES},
        {"the maximum skips `none`", BIG("item.peak >= 5 GB/s"), "item.dram=none item.io=5", YES},
        {"the maximum of nothing but `none` is `none`", BIG("item.peak >= 0 GB/s"), "item.dram=none item.io=none", NO},
        {"the maximum with an unknown part is at least the known one", BIG("item.peak >= 5 GB/s"), "item.dram=5", YES},
        {"and unknown above it", BIG("item.peak >= 6 GB/s"), "item.dram=5", "undetermined law | key open/closed | missing item.io"},
        {"the maximum within bounds", BIG("item.peak < 6 GB/s"), "item.dram=1..5 item.io=2", YES},
        {"a date plus days: the last day", BIG("item.bought <= item.sold + 30 days"), "item.sold=2021-01-01 item.bought=2021-01-31", YES},
        {"a date plus days: the day after", BIG("item.bought <= item.sold + 30 days"), "item.sold=2021-01-01 item.bought=2021-02-01", NO},
        {"a date plus days over a leap day", BIG("item.bought = item.sold + 366 days"), "item.sold=2020-01-01 item.bought=2021-01-01", YES},
        {"a date against a constant", BIG("item.sold <= 2021-06-30"), "item.sold=2021-06-30", YES},
        {"two facts", BIG("item.dram > item.io"), "item.dram=2 item.io=1", YES},
        {"two facts with bounds that overlap", BIG("item.dram > item.io"), "item.dram=2..4 item.io=3", "undetermined law | key open/closed | missing item.dram"},
    };
    TABLE_RUN(rows);
}

/* One quotient against a constant, cross-multiplied in 128 bits. With an unknown part it is unknown; with divisor `none`
 * it is not computable: unknown too, but listed under not_modelled, because no figure would settle it. */
static void test_quotient(void **state)
{
    (void)state;
#define GAP "undetermined law | key open/closed | gaps item.density is not computable: its divisor is none"
    static const table_row rows[] = {
        {"exactly at the constant", BIG("item.density >= 5.92"), "item.tpp=4818.88 item.area=814", YES},
        {"one millionth below", BIG("item.density >= 5.92"), "item.tpp=4818.879999 item.area=814", NO},
        {"a third is compared without rounding: above", BIG("item.density > 0.333333"), "item.tpp=1 item.area=3", YES},
        {"a third is compared without rounding: below", BIG("item.density < 0.333334"), "item.tpp=1 item.area=3", YES},
        {"a third is no decimal", BIG("item.density = 0.333333"), "item.tpp=1 item.area=3", NO},
        {"a quotient that is one", BIG("item.density = 2.5"), "item.tpp=5 item.area=2", YES},
        {"large operands do not overflow", BIG("item.density >= 1"), "item.tpp=9000000000000 item.area=9000000000000", YES},
        {"written in the condition", BIG("item.tpp / item.area >= 5.92"), "item.tpp=4818.88 item.area=814", YES},
        {"an unknown divisor", BIG("item.density >= 5.92"), "item.tpp=4818", "undetermined law | key open/closed | missing item.area"},
        {"an unknown dividend", BIG("item.density >= 5.92"), "item.area=814", "undetermined law | key open/closed | missing item.tpp"},
        {"a divisor within bounds that settle it", BIG("item.density >= 5.92"), "item.tpp=6000 item.area=800..1000", YES},
        {"a divisor within bounds that do not", BIG("item.density >= 5.92"), "item.tpp=6000 item.area=800..1100", "undetermined law | key open/closed | missing item.area"},
        {"a divisor open above, dividend below", BIG("item.density >= 5.92"), "item.tpp=6000 item.area=2000..", NO},
        {"a dividend open below says nothing from above", BIG("item.density > 5"), "item.tpp=..1000 item.area=100", "undetermined law | key open/closed | missing item.tpp"},
        {"a dividend open below may still be too small", BIG("item.density > 5"), "item.tpp=..400 item.area=100", NO},
        {"a dividend open above is at least its bound", BIG("item.density > 5"), "item.tpp=501.. item.area=100", YES},
        {"a dividend open above says nothing from below", BIG("item.density < 5"), "item.tpp=400.. item.area=100", "undetermined law | key open/closed | missing item.tpp"},
        {"a quotient within bounds equals nothing surely", BIG("item.density = 5"), "item.tpp=400..600 item.area=100", "undetermined law | key open/closed | missing item.tpp"},
        {"but differs from what is outside", BIG("item.density != 7"), "item.tpp=400..600 item.area=100", YES},
        {"a divisor that may be zero divides nothing", BIG("item.density >= 5.92"), "item.tpp=6000 item.area=0..10", "undetermined law | key open/closed | missing item.area"},
        {"a divisor zero divides nothing", BIG("item.density >= 5.92"), "item.tpp=6000 item.area=0", "undetermined law | key open/closed"},
        {"not computable", BIG("item.density >= 5.92"), "item.tpp=6000 item.area=none", GAP},
        {"not computable, but settled otherwise", BIG("item.tpp >= 1600 and item.density >= 5.92"), "item.tpp=1000 item.area=none", NO},
        {"not computable beats a missing dividend", BIG("item.density >= 5.92"), "item.area=none", GAP},
        {"a supplied density is a number like any other", BIG("item.density >= 5.92"), "item.density=6", YES},
        {"where the record does not settle it, what is said counts", BIG("item.density >= 10"), "item.tpp:=4000 item.tpp=8000 item.area=800", YES},
        {"and nothing derived is recomputed from a supplied figure", BIG("item.density >= 5.92"), "item.tpp:=4000 item.area:=800 item.tpp=8000", NO},
    };
    TABLE_RUN(rows);
}

/* `and` and `or` mix only with parentheses; with them they mean what they say. */
static void test_parentheses(void **state)
{
    (void)state;
    static const table_row rows[] = {
        {"(a or b) and c", BIG("(a = yes or b = yes) and c = yes"), "a=yes b=no c=no", NO},
        {"a or (b and c)", BIG("a = yes or (b = yes and c = yes)"), "a=yes b=no c=no", YES},
        {"not binds closer than and", BIG("not a = yes and b = yes"), "a=no b=no", NO},
        {"not of a bracket", BIG("not (a = yes and b = yes)"), "a=no b=no", YES},
    };
    TABLE_RUN(rows);
}

/* A decision is a function of its inputs: same input, same bytes, whatever was decided before; lists are sorted by name. */
static void test_pure(void **state)
{
    (void)state;
    static const char rules[] =
        "rule z" LAW "when d = yes then key = licence requires zeal \"Z\" before ship\n"
        "rule b" LAW "when a = yes then key = licence requires able \"A\" before order requires mild \"M\" after delivery\n"
        "rule k exception to z" PRACTICE "when c = yes\n"
        "rule r reported by C1 in force 2020-01-01 .. when b = yes then key = closed\n";
    static const char *const facts[] = {"a=yes b=no c=no d=yes", "", "a=yes b=yes believe=C1", "c=yes d=yes changes", "a=? b=? c=? d=? law=text", "a=yes as-of=2019-01-01"};
    static table_text first[6], again;
    tk_rulebook *book = table_compile(rules, NULL);
    for (size_t i = 0; i < 6; i++)
        table_decide_text(book, facts[i], true, &first[i]);
    assert_string_equal(first[0].bytes, "licence law | key licence | conditions able no, mild no, us.licence no, zeal no | by b [Act], z [Act]");
    /* One decider for all, in another order, twice. */
    tk_decider *decider = NULL;
    tk_facts *about = NULL;
    assert_int_equal(tk_decider_new(book, &decider, NULL), TK_OK);
    assert_int_equal(tk_facts_new(book, &about, NULL), TK_OK);
    for (size_t n = 0; n < 12; n++) {
        size_t i = n * 5 % 6;
        const tk_decision *decision = NULL;
        table_ask ask;
        tk_facts_clear(about);
        table_facts(book, about, facts[i], &ask);
        assert_int_equal(tk_decide(decider, about, &ask.setting, ask.flags, &decision, NULL), TK_OK);
        again.len = 0;
        table_key(&again, &decision->keys[0], true);
        table_changes(&again, decision);
        assert_string_equal(again.bytes, first[i].bytes);
    }
    tk_facts_free(about);
    tk_decider_free(decider);
    tk_rulebook_free(book);
}

/* The rulebook is its sources: any change of name or text is another rulebook; the order of the files is none. */
static void test_rulebook_hash(void **state)
{
    (void)state;
    static const char *const head = "regime us \"T\" covers 2010-01-01 .. read to 2029-12-31\nquestion key : open < licence < closed, strictest otherwise open\n";
    tk_source files[3][2] = {
        {{TK_STR("a.rules"), TK_STR("common\n")}, {TK_STR("b.rules"), tk_str_from(head)}},
        {{TK_STR("b.rules"), tk_str_from(head)}, {TK_STR("a.rules"), TK_STR("common\n")}},
        {{TK_STR("a.rules"), TK_STR("common\n\n")}, {TK_STR("b.rules"), tk_str_from(head)}},
    };
    tk_rulebook *books[3];
    for (int i = 0; i < 3; i++) {
        tk_messages *messages = NULL;
        assert_int_equal(tk_rulebook_compile(files[i], 2, NULL, &books[i], &messages, NULL), TK_OK);
        tk_messages_free(messages);
    }
    assert_true(tk_str_eq(tk_rulebook_hash(books[0]), tk_rulebook_hash(books[1])));
    assert_false(tk_str_eq(tk_rulebook_hash(books[0]), tk_rulebook_hash(books[2])));
    assert_int_equal(tk_rulebook_hash(books[0]).len, 64);
    for (int i = 0; i < 3; i++)
        tk_rulebook_free(books[i]);
}

/* The border between a name and a text, or a text and the next name, is part of what is hashed. */
static void test_rulebook_hash_borders(void **state)
{
    (void)state;
    tk_source files[2][2] = {
        {{TK_STR("a"), TK_STR("common\n#")}, {TK_STR("b"), TK_STR("common\n#")}},
        {{TK_STR(""), TK_STR("")}, {TK_STR("a"), TK_STR("common\n#bcommon\n#")}},
    };
    tk_rulebook *books[2] = {NULL, NULL};
    for (int i = 0; i < 2; i++) {
        tk_messages *messages = NULL;
        assert_int_equal(tk_rulebook_compile(files[i], 2, NULL, &books[i], &messages, NULL), TK_OK);
        tk_messages_free(messages);
    }
    assert_false(tk_str_eq(tk_rulebook_hash(books[0]), tk_rulebook_hash(books[1])));
    tk_rulebook_free(books[0]);
    tk_rulebook_free(books[1]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_numbers), cmocka_unit_test(test_arithmetic),    cmocka_unit_test(test_quotient),
        cmocka_unit_test(test_parentheses), cmocka_unit_test(test_pure), cmocka_unit_test(test_rulebook_hash), cmocka_unit_test(test_rulebook_hash_borders),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
