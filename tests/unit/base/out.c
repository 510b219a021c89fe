/* SPDX-License-Identifier: Apache-2.0 */
/* out.c: the growing buffer, draining into a stream, failures that stick, and the JSON writer. */
#include "base/out.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/compat.h"
#include "base/str.h"

static void test_out_grows(void **state)
{
    (void)state;
    tk_out out;
    tk_out_init(&out, NULL);
    assert_int_equal(tk_out_str(&out).len, 0);
    for (int i = 0; i < 100000; i++)
        tk_out_char(&out, (char)('a' + i % 26));
    assert_int_equal(out.len, 100000);
    for (size_t i = 0; i < 100000; i++)
        assert_int_equal(out.bytes[i], (char)('a' + i % 26));
    tk_out_reset(&out);
    tk_out_printf(&out, "%d-%s", 42, "x");
    tk_out_text(&out, "y");
    tk_out_add(&out, TK_STR("z"));
    assert_true(tk_str_is(tk_out_str(&out), "42-xyz"));
    assert_int_equal(tk_out_flush(&out, NULL), TK_OK);
    assert_true(tk_str_is(tk_out_str(&out), "42-xyz")); /* nothing to drain into */
    tk_out_fini(&out);
}

static void test_out_drains(void **state)
{
    (void)state;
    enum { BYTES = 300000 };
    FILE *stream = tmpfile();
    char *back = malloc(BYTES + 1);
    tk_out out;
    assert_non_null(stream);
    assert_non_null(back);
    tk_out_init(&out, stream);
    for (int i = 0; i < BYTES / 10; i++) {
        tk_out_printf(&out, "%09d\n", i);
        assert_true(out.len < 128 * 1024); /* the buffer stays small */
    }
    assert_int_equal(tk_out_flush(&out, NULL), TK_OK);
    rewind(stream);
    assert_int_equal(fread(back, 1, BYTES + 1, stream), BYTES);
    for (int i = 0; i < BYTES / 10; i++) {
        char line[16];
        (void)snprintf(line, sizeof line, "%09d\n", i);
        assert_memory_equal(back + i * 10, line, 10);
    }
    free(back);
    (void)fclose(stream);
    tk_out_fini(&out);
}

/* A stream that takes nothing: the failure is said at the flush, whenever it happened. */
static void test_out_failure_sticks(void **state)
{
    (void)state;
    FILE *full = fopen("/dev/full", "w");
    tk_out out;
    tk_err err = {0};
    if (full == NULL)
        skip();
    tk_out_init(&out, full);
    for (int i = 0; i < 100000; i++)
        tk_out_text(&out, "more than a buffer holds");
    assert_int_equal(tk_out_flush(&out, &err), TK_ERR_IO);
    assert_string_equal(err.message, "the output could not be written");
    assert_int_equal(tk_out_flush(&out, NULL), TK_ERR_IO);
    tk_out_fini(&out);
    (void)fclose(full);
}

/* --- JSON --- */

static void test_json_structure(void **state)
{
    (void)state;
    tk_out out;
    tk_json json;
    tk_out_init(&out, NULL);
    tk_json_begin(&json, &out);
    tk_json_open(&json, '{');
    tk_json_key(&json, "a");
    tk_json_int(&json, 1);
    tk_json_key(&json, "b");
    tk_json_open(&json, '[');
    tk_json_bool(&json, true);
    tk_json_bool(&json, false);
    tk_json_null(&json);
    tk_json_open(&json, '{');
    tk_json_close(&json, '}');
    tk_json_raw(&json, TK_STR("[9]"));
    tk_json_close(&json, ']');
    tk_json_key(&json, "c");
    tk_json_open(&json, '[');
    tk_json_close(&json, ']');
    tk_json_key(&json, "d");
    tk_json_str(&json, TK_STR("x"));
    tk_json_close(&json, '}');
    assert_true(tk_str_is(tk_out_str(&out), "{\"a\":1,\"b\":[true,false,null,{},[9]],\"c\":[],\"d\":\"x\"}"));
    assert_int_equal(json.depth, 0);
    tk_out_fini(&out);
}

static void test_json_numbers(void **state)
{
    (void)state;
    static const struct {
        int64_t value;
        const char *text;
    } rows[] = {{0, "0"},   {1, "1"},      {-1, "-1"},
                {10, "10"}, {-990, "-990"}, {INT64_MAX, "9223372036854775807"},
                {INT64_MIN, "-9223372036854775808"}};
    for (size_t i = 0; i < TK_COUNT(rows); i++) {
        tk_out out;
        tk_json json;
        tk_out_init(&out, NULL);
        tk_json_begin(&json, &out);
        tk_json_int(&json, rows[i].value);
        assert_true(tk_str_is(tk_out_str(&out), rows[i].text));
        tk_out_fini(&out);
    }
}

static void test_json_texts(void **state)
{
    (void)state;
    static const struct {
        const char *text, *written;
    } rows[] = {
        {"", "\"\""},
        {"plain", "\"plain\""},
        {"say \"no\" \\ yes", "\"say \\\"no\\\" \\\\ yes\""},
        {"a\nb\rc\td", "\"a\\nb\\rc\\td\""},
        {"\x01\x1f", "\"\\u0001\\u001f\""},
        {"\xC3\xA4\xE2\x82\xAC\xF0\x9F\x92\xA9", "\"\xC3\xA4\xE2\x82\xAC\xF0\x9F\x92\xA9\""},
        {"\x80", "\"\xEF\xBF\xBD\""},
        {"a\xC3", "\"a\xEF\xBF\xBD\""},
        {"\xC3\xA4\xFF\xE2\x82\xAC", "\"\xC3\xA4\xEF\xBF\xBD\xE2\x82\xAC\""},
        {"\xF0\x9F\x92", "\"\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD\""},
        {"\xED\xA0\x80\n", "\"\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD\\n\""},
        {"\xF0\x9F\x92\xA9\x80", "\"\xF0\x9F\x92\xA9\xEF\xBF\xBD\""},
    };
    for (size_t i = 0; i < TK_COUNT(rows); i++) {
        tk_out out;
        tk_json json;
        tk_out_init(&out, NULL);
        tk_json_begin(&json, &out);
        tk_json_str(&json, tk_str_from(rows[i].text));
        assert_int_equal(out.len, strlen(rows[i].written));
        assert_memory_equal(out.bytes, rows[i].written, out.len);
        tk_out_fini(&out);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_out_grows),          cmocka_unit_test(test_out_drains),
        cmocka_unit_test(test_out_failure_sticks), cmocka_unit_test(test_json_structure),
        cmocka_unit_test(test_json_numbers),       cmocka_unit_test(test_json_texts),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
