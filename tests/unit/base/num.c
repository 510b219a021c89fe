/* SPDX-License-Identifier: Apache-2.0 */
/* num.c: decimal numbers there and back, and where they end. */
#include "base/num.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/compat.h"
#include "base/str.h"

static void test_num_parse(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        int64_t value;
    } good[] = {
        {"0", 0},
        {"1", 1000000},
        {"5.92", 5920000},
        {"0.000001", 1},
        {"4_800", INT64_C(4800000000)},
        {"1_000_000", INT64_C(1000000000000)},
        {"007", 7000000},
        {"1.500000", 1500000},
        {"-5", -5000000},
        {"40000000000", INT64_C(40000000000000000)},
        {"9223372036854.775807", INT64_MAX},
        {"-9223372036854.775807", -INT64_MAX},
    };
    for (size_t i = 0; i < TK_COUNT(good); i++) {
        tk_num value = 0;
        assert_int_equal(tk_num_parse(tk_str_from(good[i].text), &value, NULL), TK_OK);
        assert_true(value == good[i].value);
    }
}

static void test_num_refused(void **state)
{
    (void)state;
    static const struct {
        const char *text, *says;
    } bad[] = {
        {"", "is not a number"},
        {"-", "is not a number"},
        {".", "is not a number"},
        {".5", "is not a number"},
        {"5.", "is not a number"},
        {"5.x", "is not a number"},
        {"1.2.3", "is not a number"},
        {"_1", "is not a number"},
        {"1_", "is not a number"},
        {"1__0", "is not a number"},
        {"1.5_0", "is not a number"},
        {"1 000", "is not a number"},
        {"1,000", "is not a number"},
        {"1e6", "is not a number"},
        {"0x10", "is not a number"},
        {"+5", "is not a number"},
        {"--5", "is not a number"},
        {"nan", "is not a number"},
        {"5.1234567", "has more than six decimals"},
        {"5.0000000", "has more than six decimals"},
        {"9223372036854.775808", "is too large a number"},
        {"9223372036855", "is too large a number"},
        {"99999999999999999999999999", "is too large a number"},
    };
    for (size_t i = 0; i < TK_COUNT(bad); i++) {
        tk_num value = 42;
        tk_err err = {0};
        assert_int_equal(tk_num_parse(tk_str_from(bad[i].text), &value, &err), TK_ERR_INPUT);
        assert_non_null(strstr(err.message, bad[i].says));
        assert_true(value == 42);
    }
}

static void test_num_format(void **state)
{
    (void)state;
    static const struct {
        int64_t value;
        const char *text;
    } rows[] = {
        {0, "0"},
        {1, "0.000001"},
        {10, "0.00001"},
        {1000000, "1"},
        {5920000, "5.92"},
        {-5920000, "-5.92"},
        {-1, "-0.000001"},
        {INT64_C(15832000000), "15832"},
        {INT64_C(100000000), "100"},
        {INT64_MAX, "9223372036854.775807"},
        {INT64_MIN, "-9223372036854.775808"},
    };
    for (size_t i = 0; i < TK_COUNT(rows); i++) {
        char text[TK_NUM_TEXT_MAX];
        assert_int_equal(tk_num_format(rows[i].value, text), strlen(rows[i].text));
        assert_string_equal(text, rows[i].text);
    }
}

/* Formatting and parsing again gives the same number, at every size. */
static void test_num_round_trip(void **state)
{
    (void)state;
    uint64_t random = 88172645463325252U;
    for (int i = 0; i < 20000; i++) {
        random ^= random << 13;
        random ^= random >> 7;
        random ^= random << 17;
        int64_t value = (int64_t)(random >> (i % 63));
        if (value == INT64_MIN)
            continue;
        char text[TK_NUM_TEXT_MAX];
        tk_num back = 0;
        size_t len = tk_num_format(value, text);
        assert_int_equal(tk_num_parse((tk_str){text, len}, &back, NULL), TK_OK);
        assert_true(back == value);
    }
}

static void test_num12(void **state)
{
    (void)state;
    const tk_i128 one = (tk_i128)TK_NUM_SCALE * TK_NUM_SCALE;
    const tk_i128 most = (tk_i128)(~(tk_u128)0 >> 1);
    const struct {
        tk_i128 value;
        const char *text;
    } rows[] = {
        {0, "0"},
        {1, "0.000000000001"},
        {one, "1"},
        {one / 2, "0.5"},
        {-one / 4, "-0.25"},
        {one * 10, "10"},
        {most, "170141183460469231731687303.715884105727"},
        {-most - 1, "-170141183460469231731687303.715884105728"},
    };
    for (size_t i = 0; i < TK_COUNT(rows); i++) {
        char text[TK_I128_TEXT_MAX];
        assert_int_equal(tk_num12_format(rows[i].value, text), strlen(rows[i].text));
        assert_string_equal(text, rows[i].text);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_num_parse),      cmocka_unit_test(test_num_refused), cmocka_unit_test(test_num_format),
        cmocka_unit_test(test_num_round_trip), cmocka_unit_test(test_num12),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
