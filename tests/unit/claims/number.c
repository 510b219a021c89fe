/* SPDX-License-Identifier: Apache-2.0 */
/* number.c: quantities as reports write them, as bounds; what is no quantity is refused. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/str.h"
#include "claims/book.h"
#include "twokey/value.h"

static void test_bounds(void **state)
{
    static const struct {
        const char *text;
        tk_num low, high; /* in millionths */
    } good[] = {
        {"805000", 805000000000, 805000000000},
        {"1.4", 1400000, 1400000},
        {"0", 0, 0},
        {">400000", 400000000001, TK_NUM_MAX},
        {">=400000", 400000000000, TK_NUM_MAX},
        {"<75000", 0, 74999999999},
        {"<=200000", 0, 200000000000},
        {"<0.000001", 0, 0},
        {"~2", 1800000, 2200000},
        {"~0.000001", 1, 1},
        {"40000-80000", 40000000000, 80000000000},
        {"1.5-2.0", 1500000, 2000000},
        {" 12 - 16 ", 12000000, 16000000},
        {"3-3", 3000000, 3000000},
        {"100000s", 100000000000, 999999999999},
        {"10s", 10000000, 99999999},
        {"> 50", 50000001, TK_NUM_MAX},
    };
    (void)state;
    for (size_t i = 0; i < sizeof good / sizeof good[0]; i++) {
        tk_claim_bounds bounds;
        if (tk_claim_bounds_parse(tk_str_from(good[i].text), &bounds, NULL) != TK_OK)
            fail_msg("'%s' was refused", good[i].text);
        assert_true(bounds.known);
        assert_int_equal(bounds.low, good[i].low);
        assert_int_equal(bounds.high, good[i].high);
    }
}

static void test_nothing(void **state)
{
    tk_claim_bounds bounds;
    (void)state;
    assert_int_equal(tk_claim_bounds_parse(TK_STR("  "), &bounds, NULL), TK_OK);
    assert_false(bounds.known);
}

static void test_refused(void **state)
{
    static const char *const bad[] = {"-",   "about 7", "80000-40000", ">",  "<0",    "~",   "1-2-3", "-5",
                                      "1e6", "200000s", "s",           "1s", "10,5",  "><5", ">~5",   "5%",
                                      "7-",  "-7",      "0s",          "==", "1 000", "~-1", "NaN",   "<>1",
                                      "10ss", "~9223372036854"};
    (void)state;
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        tk_claim_bounds bounds;
        tk_err err = {0};
        if (tk_claim_bounds_parse(tk_str_from(bad[i]), &bounds, &err) != TK_ERR_INPUT)
            fail_msg("'%s' was taken", bad[i]);
        assert_non_null(strstr(err.message, "is no quantity; expected a number"));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_bounds),
        cmocka_unit_test(test_nothing),
        cmocka_unit_test(test_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
