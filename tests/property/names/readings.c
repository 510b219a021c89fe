/* SPDX-License-Identifier: Apache-2.0 */
/* readings.c: what holds for the readings of any text, on texts drawn from all scripts.
 *
 *   plain         letters, digits and single spaces, all readings different, the first reading of a reading is itself
 *   case          capital letters change nothing
 *   invisible     characters without width, put anywhere, change nothing
 *   blanks        blanks doubled and put around change nothing
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/compat.h"
#include "base/str.h"
#include "names/scripts.h"

enum { TEXTS = 3000, CHARS_MAX = 24, BYTES_MAX = 4 * CHARS_MAX * 4 };

static struct {
    scripts *reader;
    tk_arena arena;
    uint64_t random;
} at;

static uint64_t next_random(uint64_t below) /* splitmix64 */
{
    uint64_t z = at.random += UINT64_C(0x9E3779B97F4A7C15);
    z = (z ^ z >> 30) * UINT64_C(0xBF58476D1CE4E5B9);
    z = (z ^ z >> 27) * UINT64_C(0x94D049BB133111EB);
    return (z ^ z >> 31) % below;
}

static const struct {
    uint32_t first, last;
} ranges[] = {{'a', 'z'},         {'A', 'Z'},         {'0', '9'},         {' ', '/'},         {0xC0, 0x17F},
              {0x400, 0x45F},     {0x386, 0x3CE},     {0x620, 0x64A},     {0x670, 0x6D3},     {0x5D0, 0x5EA},
              {0x10D0, 0x10F0},   {0x561, 0x587},     {0x3041, 0x30FE},   {0x4E00, 0x4FFF},   {0xAC00, 0xAFFF},
              {0x1E00, 0x1EFF},   {0xFF01, 0xFF5E},   {0xFE80, 0xFEFC},   {0x300, 0x310},     {0x2160, 0x216B},
              {0x2018, 0x201F},   {0x1F00, 0x1FFF}};

static size_t put_char(char *out, uint32_t code)
{
    if (code < 0x80) {
        out[0] = (char)code;
        return 1;
    }
    if (code < 0x800) {
        out[0] = (char)(0xC0 | code >> 6);
        out[1] = (char)(0x80 | (code & 63));
        return 2;
    }
    out[0] = (char)(0xE0 | code >> 12);
    out[1] = (char)(0x80 | (code >> 6 & 63));
    out[2] = (char)(0x80 | (code & 63));
    return 3;
}

/* Characters of one or two ranges, so that words are long enough to be read as words. */
static size_t draw_codes(uint32_t codes[CHARS_MAX])
{
    size_t count = 1 + (size_t)next_random(CHARS_MAX), first = (size_t)next_random(TK_COUNT(ranges));
    size_t second = (size_t)next_random(TK_COUNT(ranges));
    for (size_t i = 0; i < count; i++) {
        size_t range = next_random(4) == 0 ? second : first;
        codes[i] = next_random(6) == 0 ? ' '
                                       : ranges[range].first +
                                             (uint32_t)next_random(ranges[range].last - ranges[range].first + 1);
    }
    return count;
}

static tk_str write_codes(const uint32_t *codes, size_t count, char out[BYTES_MAX])
{
    size_t length = 0;
    for (size_t i = 0; i < count; i++)
        length += put_char(out + length, codes[i]);
    return (tk_str){out, length};
}

static size_t read_text(tk_str text, tk_name_kind kind, scripts_reading out[SCRIPTS_READINGS_MAX])
{
    size_t count;
    tk_err err = {0};
    tk_status status = scripts_read(at.reader, text, kind, &at.arena, out, SCRIPTS_READINGS_MAX, &count, &err);
    if (status != TK_OK)
        assert_int_equal(status, TK_ERR_INPUT);
    return count;
}

static void assert_same(tk_str text, const scripts_reading *a, size_t a_count, const scripts_reading *b, size_t b_count)
{
    bool same = a_count == b_count;
    for (size_t i = 0; same && i < a_count; i++)
        same = tk_str_eq(a[i].text, b[i].text);
    if (!same)
        fail_msg(TK_FMT ": " TK_FMT " and " TK_FMT, TK_ARG_STR(text), TK_ARG_STR(a_count > 0 ? a[0].text : TK_STR("")),
                 TK_ARG_STR(b_count > 0 ? b[0].text : TK_STR("")));
}

static void test_readings_plain(void **state)
{
    (void)state;
    for (size_t round = 0; round < TEXTS; round++) {
        uint32_t codes[CHARS_MAX];
        char bytes[BYTES_MAX];
        tk_arena_reset(&at.arena);
        tk_str text = write_codes(codes, draw_codes(codes), bytes);
        scripts_reading out[SCRIPTS_READINGS_MAX], own[SCRIPTS_READINGS_MAX];
        size_t count = read_text(text, (tk_name_kind)next_random(4), out);
        for (size_t i = 0; i < count; i++) {
            for (size_t k = 0; k < out[i].text.len; k++)
                assert_non_null(strchr("abcdefghijklmnopqrstuvwxyz0123456789 ", out[i].text.ptr[k]));
            for (size_t k = 0; k < i; k++)
                assert_false(tk_str_eq(out[k].text, out[i].text));
            assert_true(read_text(out[i].text, TK_NAME_COMPANY, own) > 0);
            if (!tk_str_eq(own[0].text, out[i].text))
                fail_msg(TK_FMT ": " TK_FMT, TK_ARG_STR(text), TK_ARG_STR(out[i].text));
        }
    }
}

static void test_readings_case(void **state)
{
    (void)state;
    for (size_t round = 0; round < TEXTS; round++) {
        uint32_t codes[CHARS_MAX], large[CHARS_MAX];
        char bytes[BYTES_MAX], large_bytes[BYTES_MAX];
        tk_arena_reset(&at.arena);
        size_t count = draw_codes(codes);
        for (size_t i = 0; i < count; i++) {
            uint32_t c = codes[i];
            bool small = (c >= 'a' && c <= 'z') || (c >= 0xE0 && c <= 0xFE && c != 0xF7) || (c >= 0x430 && c <= 0x44F);
            large[i] = small ? c - 32 : c;
        }
        tk_str text = write_codes(codes, count, bytes), other = write_codes(large, count, large_bytes);
        scripts_reading a[SCRIPTS_READINGS_MAX], b[SCRIPTS_READINGS_MAX];
        assert_same(text, a, read_text(text, TK_NAME_COMPANY, a), b, read_text(other, TK_NAME_COMPANY, b));
    }
}

static void test_readings_invisible(void **state)
{
    (void)state;
    static const uint32_t none[] = {0x200B, 0x200C, 0x200D, 0x2060, 0xFEFF, 0xAD, 0x202E, 0xFE0F};
    for (size_t round = 0; round < TEXTS; round++) {
        uint32_t codes[CHARS_MAX], more[2 * CHARS_MAX];
        char bytes[BYTES_MAX], more_bytes[BYTES_MAX];
        tk_arena_reset(&at.arena);
        size_t count = draw_codes(codes), more_count = 0;
        for (size_t i = 0; i < count; i++) {
            more[more_count++] = codes[i];
            if (next_random(3) == 0)
                more[more_count++] = none[next_random(TK_COUNT(none))];
        }
        tk_str text = write_codes(codes, count, bytes), other = write_codes(more, more_count, more_bytes);
        scripts_reading a[SCRIPTS_READINGS_MAX], b[SCRIPTS_READINGS_MAX];
        assert_same(text, a, read_text(text, TK_NAME_UNKNOWN, a), b, read_text(other, TK_NAME_UNKNOWN, b));
    }
}

static void test_readings_blanks(void **state)
{
    (void)state;
    static const uint32_t blanks[] = {' ', '\t', 0xA0, 0x3000, 0x2003};
    for (size_t round = 0; round < TEXTS; round++) {
        uint32_t codes[CHARS_MAX], more[2 * CHARS_MAX + 2];
        char bytes[BYTES_MAX], more_bytes[BYTES_MAX];
        tk_arena_reset(&at.arena);
        size_t count = draw_codes(codes), more_count = 0;
        more[more_count++] = blanks[next_random(TK_COUNT(blanks))];
        for (size_t i = 0; i < count; i++) {
            more[more_count++] = codes[i];
            if (codes[i] == ' ')
                more[more_count++] = blanks[next_random(TK_COUNT(blanks))];
        }
        more[more_count++] = ' ';
        tk_str text = write_codes(codes, count, bytes), other = write_codes(more, more_count, more_bytes);
        scripts_reading a[SCRIPTS_READINGS_MAX], b[SCRIPTS_READINGS_MAX];
        assert_same(text, a, read_text(text, TK_NAME_UNKNOWN, a), b, read_text(other, TK_NAME_UNKNOWN, b));
    }
}

static int setup(void **state)
{
    (void)state;
    tk_err err = {0};
    at.random = 20260725;
    tk_arena_init(&at.arena, 16384, 0);
    return scripts_new(&at.reader, &err) == TK_OK ? 0 : -1;
}

static int teardown(void **state)
{
    (void)state;
    scripts_free(at.reader);
    tk_arena_fini(&at.arena);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_readings_plain), cmocka_unit_test(test_readings_case),
                                       cmocka_unit_test(test_readings_invisible),
                                       cmocka_unit_test(test_readings_blanks)};
    return cmocka_run_group_tests(tests, setup, teardown);
}
