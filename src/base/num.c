/* SPDX-License-Identifier: Apache-2.0 */
/* num.c: decimal text to millionths and back; the civil calendar.
 *
 * Calendar arithmetic follows the era method (400 years = 146,097 days) of Howard Hinnant's public
 * "chrono-compatible low-level date algorithms".
 */
#include "base/num.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

#include "base/err.h"
#include "base/str.h"

enum { NUM_DECIMALS_MAX = 6 };

static bool num_is_digit(char c)
{
    return '0' <= c && c <= '9';
}

tk_status tk_num_parse(tk_str text, tk_num *out, tk_err *err)
{
    tk_num value = 0;
    size_t i = 0, digits = 0, decimals = 0;
    bool negative = false, point = false;
    if (i < text.len && text.ptr[i] == '-') {
        negative = true;
        i++;
    }
    for (; i < text.len; i++) {
        char c = text.ptr[i];
        if (c == '_' && !point && digits != 0 && i + 1 < text.len && num_is_digit(text.ptr[i + 1]))
            continue;
        if (c == '.' && !point && digits != 0 && i + 1 < text.len) {
            point = true;
            continue;
        }
        if (!num_is_digit(c))
            return tk_err_set(err, TK_ERR_INPUT, "'" TK_FMT "' is not a number (expected digits, as in 4800 or 5.92)",
                              TK_ARG_STR(text));
        if (point && ++decimals > NUM_DECIMALS_MAX)
            return tk_err_set(err, TK_ERR_INPUT, "'" TK_FMT "' has more than six decimals", TK_ARG_STR(text));
        if (__builtin_mul_overflow(value, 10, &value) || __builtin_add_overflow(value, c - '0', &value))
            return tk_err_set(err, TK_ERR_INPUT, "'" TK_FMT "' is too large a number", TK_ARG_STR(text));
        digits++;
    }
    if (digits == 0)
        return tk_err_set(err, TK_ERR_INPUT, "'" TK_FMT "' is not a number (expected digits, as in 4800 or 5.92)",
                          TK_ARG_STR(text));
    for (; decimals < NUM_DECIMALS_MAX; decimals++)
        if (__builtin_mul_overflow(value, 10, &value))
            return tk_err_set(err, TK_ERR_INPUT, "'" TK_FMT "' is too large a number", TK_ARG_STR(text));
    *out = negative ? -value : value;
    return TK_OK;
}

size_t tk_num12_format(tk_i128 value, char out[TK_I128_TEXT_MAX])
{
    const uint64_t scale = UINT64_C(1000000000000);
    char digits[TK_I128_TEXT_MAX]; /* the last one first */
    size_t count = 0, len = 0, decimals = 12;
    tk_u128 size = value < 0 ? -(tk_u128)value : (tk_u128)value, whole = size / scale;
    uint64_t part = (uint64_t)(size - whole * scale);
    while (part != 0 && part % 10 == 0) {
        part /= 10;
        decimals--;
    }
    if (part != 0) {
        for (; decimals != 0; decimals--, part /= 10)
            digits[count++] = (char)('0' + (int)(part % 10));
        digits[count++] = '.';
    }
    for (; UINT64_MAX < whole; whole /= 10)
        digits[count++] = (char)('0' + (int)(whole % 10));
    uint64_t rest = (uint64_t)whole; /* divided in 64 bits: several times faster */
    do {
        digits[count++] = (char)('0' + (int)(rest % 10));
        rest /= 10;
    } while (rest != 0);
    if (value < 0)
        out[len++] = '-';
    while (count != 0)
        out[len++] = digits[--count];
    out[len] = 0;
    return len;
}

size_t tk_num_format(tk_num value, char out[TK_NUM_TEXT_MAX])
{
    char text[TK_I128_TEXT_MAX];
    size_t len = tk_num12_format((tk_i128)value * TK_NUM_SCALE, text);
    memcpy(out, text, len + 1);
    return len;
}

static tk_date date_make(int year, int month, int day)
{
    year -= month <= 2;
    int era = year / 400;
    int year_of_era = year - era * 400;
    int day_of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
    int day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
    return era * 146097 + day_of_era - 719468;
}

static int date_days_of_month(int year, int month)
{
    static const int days[12] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
    return month == 2 && leap ? 29 : days[month - 1];
}

/* `count` digits at text[at], or -1. */
static int date_digits(tk_str text, size_t at, size_t count)
{
    int value = 0;
    for (size_t i = at; i < at + count; i++) {
        if (text.len <= i || !num_is_digit(text.ptr[i]))
            return -1;
        value = value * 10 + (text.ptr[i] - '0');
    }
    return value;
}

static tk_status date_bad(tk_str text, tk_err *err)
{
    return tk_err_set(err, TK_ERR_INPUT,
                      "'" TK_FMT "' is not a date (expected a day of the calendar as YYYY-MM-DD, 1900 to 2199)",
                      TK_ARG_STR(text));
}

tk_status tk_date_parse_partial(tk_str text, tk_date *first, tk_date *last, tk_err *err)
{
    bool has_month = text.len == 7 || text.len == 10, has_day = text.len == 10;
    int year = date_digits(text, 0, 4);
    int month = has_month ? date_digits(text, 5, 2) : 1;
    int day = has_day ? date_digits(text, 8, 2) : 1;
    if ((text.len != 4 && !has_month) || year < 1900 || 2199 < year || month < 1 || 12 < month || day < 1
        || date_days_of_month(year, month) < day || (has_month && text.ptr[4] != '-')
        || (has_day && text.ptr[7] != '-'))
        return date_bad(text, err);
    int last_month = has_month ? month : 12;
    *first = date_make(year, month, day);
    *last = date_make(year, last_month, has_day ? day : date_days_of_month(year, last_month));
    return TK_OK;
}

tk_status tk_date_parse(tk_str text, tk_date *out, tk_err *err)
{
    tk_date last;
    if (text.len != 10)
        return date_bad(text, err);
    return tk_date_parse_partial(text, out, &last, err);
}

/* 0000-01-01 and 9999-12-31. */
enum { DATE_SHOWN_MIN = -719528, DATE_SHOWN_MAX = 2932896 };

size_t tk_date_format(tk_date date, char out[TK_DATE_TEXT_MAX])
{
    if (date < DATE_SHOWN_MIN || DATE_SHOWN_MAX < date) { /* no start, no end */
        memcpy(out, "-", 2);
        return 1;
    }
    int days = date + 719468;
    int era = (days >= 0 ? days : days - 146096) / 146097;
    int day_of_era = days - era * 146097;
    int year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36524 - day_of_era / 146096) / 365;
    int day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    int shifted = (5 * day_of_year + 2) / 153;
    int day = day_of_year - (153 * shifted + 2) / 5 + 1;
    int month = shifted < 10 ? shifted + 3 : shifted - 9;
    int year = year_of_era + era * 400 + (month <= 2);
    const int parts[8] = {year / 1000, year / 100 % 10, year / 10 % 10, year % 10,
                          month / 10,  month % 10,      day / 10,       day % 10};
    size_t len = 0;
    for (size_t i = 0; i < 8; i++) {
        if (i == 4 || i == 6)
            out[len++] = '-';
        out[len++] = (char)('0' + parts[i]);
    }
    out[len] = 0;
    return len;
}

tk_date tk_date_today(void)
{
    return (tk_date)(time(NULL) / 86400);
}

int64_t tk_clock_ms(void)
{
    struct timespec now = {.tv_sec = 0};
    (void)clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}
