/* SPDX-License-Identifier: Apache-2.0 */
/* num.c, dates: whole and partial, leap years, the ends of the calendar. */
#include "base/num.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/compat.h"
#include "base/str.h"

static void test_date_parse(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        tk_date date;
    } rows[] = {
        {"1970-01-01", 0},     {"1970-01-02", 1},     {"1969-12-31", -1},    {"2000-02-29", 11016},
        {"2024-02-29", 19782}, {"2026-01-15", 20468}, {"1900-01-01", -25567}, {"2199-12-31", 84005},
    };
    for (size_t i = 0; i < TK_COUNT(rows); i++) {
        tk_date date = 42;
        char text[TK_DATE_TEXT_MAX];
        assert_int_equal(tk_date_parse(tk_str_from(rows[i].text), &date, NULL), TK_OK);
        assert_int_equal(date, rows[i].date);
        assert_int_equal(tk_date_format(date, text), 10);
        assert_string_equal(text, rows[i].text);
    }
}

static void test_date_refused(void **state)
{
    (void)state;
    static const char *const rows[] = {
        "",           "2026",       "2026-01",     "2026-1-15", "2026-01-1",  "26-01-15",   "2026-13-01", "2026-00-01",
        "2026-01-00", "2026-01-32", "2026-04-31",  "2023-02-29", "1900-02-29", "2100-02-29", "1899-12-31", "2200-01-01",
        "2026/01/15", "2026-01/15", "2026-01-15 ", " 2026-01-15", "2026-01-1x", "2026-01-15T00", "-026-01-15",
    };
    for (size_t i = 0; i < TK_COUNT(rows); i++) {
        tk_date date = 42;
        tk_err err = {0};
        assert_int_equal(tk_date_parse(tk_str_from(rows[i]), &date, &err), TK_ERR_INPUT);
        assert_non_null(
            strstr(err.message, "is not a date (expected a day of the calendar as YYYY-MM-DD, 1900 to 2199)"));
        assert_int_equal(date, 42);
    }
}

static void test_date_partial(void **state)
{
    (void)state;
    static const struct {
        const char *text, *first, *last;
    } rows[] = {
        {"2026", "2026-01-01", "2026-12-31"},    {"2026-02", "2026-02-01", "2026-02-28"},
        {"2024-02", "2024-02-01", "2024-02-29"}, {"2000-02", "2000-02-01", "2000-02-29"},
        {"2100-02", "2100-02-01", "2100-02-28"}, {"2026-12", "2026-12-01", "2026-12-31"},
        {"2026-04", "2026-04-01", "2026-04-30"}, {"2026-05-14", "2026-05-14", "2026-05-14"},
    };
    static const char *const bad[] = {"",        "202",     "20261",   "2026-", "2026-0",
                                      "2026-00", "2026-13", "2026 01", "1899",  "2200"};
    for (size_t i = 0; i < TK_COUNT(rows); i++) {
        tk_date first = 0, last = 0, expected = 0;
        assert_int_equal(tk_date_parse_partial(tk_str_from(rows[i].text), &first, &last, NULL), TK_OK);
        assert_int_equal(tk_date_parse(tk_str_from(rows[i].first), &expected, NULL), TK_OK);
        assert_int_equal(first, expected);
        assert_int_equal(tk_date_parse(tk_str_from(rows[i].last), &expected, NULL), TK_OK);
        assert_int_equal(last, expected);
    }
    for (size_t i = 0; i < TK_COUNT(bad); i++) {
        tk_date first, last;
        assert_int_equal(tk_date_parse_partial(tk_str_from(bad[i]), &first, &last, NULL), TK_ERR_INPUT);
    }
}

/* Every day of the calendar, in order: the day after the last is the first of the next month. */
static void test_date_every_day(void **state)
{
    (void)state;
    static const int lengths[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    tk_date expected = -25567;
    for (int year = 1900; year < 2200; year++)
        for (int month = 1; month <= 12; month++) {
            bool leap = month == 2 && (year % 400 == 0 || (year % 4 == 0 && year % 100 != 0));
            for (int day = 1; day <= lengths[month - 1] + leap; day++, expected++) {
                char text[40], back[TK_DATE_TEXT_MAX];
                tk_date date = 0;
                (void)snprintf(text, sizeof text, "%04d-%02d-%02d", year, month, day);
                assert_int_equal(tk_date_parse(tk_str_from(text), &date, NULL), TK_OK);
                assert_int_equal(date, expected);
                (void)tk_date_format(date, back);
                assert_string_equal(back, text);
            }
        }
    assert_int_equal(expected, 84006);
}

/* "No start" and "no end" are no days; asked for their text they say so and break nothing. */
static void test_date_ends(void **state)
{
    (void)state;
    char text[TK_DATE_TEXT_MAX];
    assert_int_equal(tk_date_format(TK_DATE_MIN, text), 1);
    assert_string_equal(text, "-");
    assert_int_equal(tk_date_format(TK_DATE_MAX, text), 1);
    assert_string_equal(text, "-");
}

static void test_date_today(void **state)
{
    (void)state;
    tk_date first = 0;
    assert_int_equal(tk_date_parse(TK_STR("2024-01-01"), &first, NULL), TK_OK);
    assert_true(first < tk_date_today());
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_date_parse),     cmocka_unit_test(test_date_refused), cmocka_unit_test(test_date_partial),
        cmocka_unit_test(test_date_every_day), cmocka_unit_test(test_date_ends),    cmocka_unit_test(test_date_today),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
