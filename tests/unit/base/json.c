/* SPDX-License-Identifier: Apache-2.0 */
/* json.c: the JSON reader, good and bad texts in tables; limits at the limit and one beyond it. */
#include "base/json.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/limits.h"
#include "base/str.h"

/* Reads a copy of `text` to its end and writes its tokens one after another: `{ k:a "b" 12 }`. */
static tk_status read_all(tk_str text, char *out, size_t out_size, tk_err *err)
{
    char *bytes = malloc(text.len + 1);
    assert_non_null(bytes);
    memcpy(bytes, text.ptr, text.len);
    size_t used = 0;
    if (out_size != 0)
        out[0] = 0;
    tk_json_reader json;
    tk_json_token token = {.kind = TK_JSON_NULL};
    tk_status status = tk_json_read_init(&json, TK_STR("f"), 7, bytes, text.len, err);
    while (status == TK_OK && token.kind != TK_JSON_END) {
        status = tk_json_read_next(&json, &token, err);
        if (status != TK_OK || token.kind == TK_JSON_END || out_size == 0)
            continue;
        const char *around = token.kind == TK_JSON_STRING ? "\"" : "";
        int n = snprintf(out + used, out_size - used, "%s%s%s" TK_FMT "%s", used == 0 ? "" : " ",
                         token.kind == TK_JSON_KEY ? "k:" : "", around, TK_ARG_STR(token.text), around);
        assert_true(0 < n && (size_t)n < out_size - used);
        used += (size_t)n;
    }
    free(bytes);
    return status;
}

static void test_json__good(void **state)
{
    (void)state;
    static const struct {
        const char *text, *tokens;
    } rows[] = {
        {"{}", "{ }"},
        {"[]", "[ ]"},
        {" \t\r{ } \r", "{ }"},
        {"{\"a\":\"b\"}", "{ k:a \"b\" }"},
        {"{ \"a\" : 1 , \"b\" : [ true , false , null ] }", "{ k:a 1 k:b [ true false null ] }"},
        {"[[[]],{\"x\":{}}]", "[ [ [ ] ] { k:x { } } ]"},
        {"\"\"", "\"\""},
        {"0", "0"},
        {"-0", "-0"},
        {"40000000000000000000000000000000001", "40000000000000000000000000000000001"},
        {"0.10", "0.10"},
        {"5.920000000000000000001", "5.920000000000000000001"},
        {"1e5", "1e5"},
        {"-1.5E-07", "-1.5E-07"},
        {"1E+2", "1E+2"},
        {"\"a\\\"b\\\\c\\/d\"", "\"a\"b\\c/d\""},
        {"\"\\b\\f\\n\\r\\t\"", "\"\b\f\n\r\t\""},
        {"\"\\u0041\\u00e9\\u20AC\\ud83d\\ude00\"", "\"A\xC3\xA9\xE2\x82\xAC\xF0\x9F\x98\x80\""},
        {"\"\xE4\xB8\xAD\xE5\x9B\xBD\"", "\"\xE4\xB8\xAD\xE5\x9B\xBD\""},
        {"{\"\\u0061\\u0062\":1}", "{ k:ab 1 }"},
        {"\"\x7F\"", "\"\x7F\""},
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        char out[256];
        tk_err err = {0};
        tk_status status = read_all(tk_str_from(rows[i].text), out, sizeof(out), &err);
        if (status != TK_OK)
            fail_msg("%s: %s", rows[i].text, err.message);
        assert_string_equal(out, rows[i].tokens);
    }
}

/* Each text, the byte column of the fault, and what the message must say. */
static void test_json__bad(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        uint32_t column;
        const char *says;
    } rows[] = {
        {"", 1, "the end of the line; expected a value"},
        {"{", 2, "the end of the line; expected a key in double quotes"},
        {"[", 2, "the end of the line; expected a value"},
        {"{\"a\"", 5, "the end of the line; expected ':' behind a key"},
        {"{\"a\":", 6, "the end of the line; expected a value"},
        {"{\"a\":1", 7, "the end of the line; expected ',' or '}' behind a value"},
        {"[1", 3, "the end of the line; expected ',' or ']' behind a value"},
        {"{\"a\":1,}", 8, "'}'; expected a key in double quotes"},
        {"[1,]", 4, "']'; expected a value"},
        {"[,1]", 2, "','; expected a value"},
        {"{,}", 2, "','; expected a key"},
        {"{\"a\" 1}", 6, "'1'; expected ':' behind a key"},
        {"{\"a\":1 \"b\":2}", 8, "'\"'; expected ',' or '}' behind a value"},
        {"{\"a\":1]", 7, "']'; expected ',' or '}' behind a value"},
        {"[1}", 3, "'}'; expected ',' or ']' behind a value"},
        {"]", 1, "']'; expected a value"},
        {"{} {}", 4, "'{'; expected the end of the line behind a JSON value"},
        {"{}\n{}", 3, "the control character 0x0a; expected the end of the line"},
        {"{a:1}", 2, "'a'; expected a key in double quotes"},
        {"{'a':1}", 2, "'''; expected a key in double quotes"},
        {"[tru]", 2, "'tru' is no JSON value"},
        {"[True]", 2, "'True' is no JSON value"},
        {"[NaN]", 2, "'NaN' is no JSON value"},
        {"[-]", 2, "'-' is no JSON value"},
        {"[+1]", 2, "'+1' is no JSON value"},
        {"[01]", 2, "'01' is no JSON value"},
        {"[-01]", 2, "'-01' is no JSON value"},
        {"[.5]", 2, "'.5' is no JSON value"},
        {"[5.]", 2, "'5.' is no JSON value"},
        {"[1e]", 2, "'1e' is no JSON value"},
        {"[1e+]", 2, "'1e+' is no JSON value"},
        {"[0x10]", 2, "'0x10' is no JSON value"},
        {"[1_000]", 2, "'1_000' is no JSON value"},
        {"[\xC3\xA9]", 2, "'\xC3\xA9'; expected a value"},
        {"[/*c*/1]", 2, "'/'; expected a value"},
        {"[\"abc", 2, "a text is opened and never closed"},
        {"[\"abc\\\"", 2, "a text is opened and never closed"},
        {"[\"a\tb\"]", 4, "the control character 0x09 inside a text; expected \\u0009"},
        {"[\"a\\x41\"]", 4, "\\ before 'x'; expected one of"},
        {"[\"a\\", 4, "\\ before the end of the line; expected one of"},
        {"[\"\\u12", 3, "\\u needs four hexadecimal digits"},
        {"[\"\\u12g4\"]", 3, "\\u needs four hexadecimal digits"},
        {"[\"\\u0000\"]", 3, "\\u0000 cannot stand in a text"},
        {"[\"\\ud83d\"]", 3, "\\ud83d is half a surrogate pair"},
        {"[\"\\ud83dx\"]", 3, "\\ud83d is half a surrogate pair"},
        {"[\"\\ud83d\\u0041\"]", 3, "\\ud83d is half a surrogate pair"},
        {"[\"\\ude00\"]", 3, "\\ude00 is half a surrogate pair"},
        {"[\"a\xFF\"]", 4, "byte 0xff is not UTF-8"},
        {"[\"\xC0\xAF\"]", 3, "byte 0xc0 is not UTF-8"},
        {"[\"\xED\xA0\x80\"]", 3, "byte 0xed is not UTF-8"},
        {"\xEF\xBB\xBF[]", 1, "expected a value"},
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        char out[256];
        tk_err err = {0};
        tk_status status = read_all(tk_str_from(rows[i].text), out, sizeof(out), &err);
        if (status != TK_ERR_INPUT)
            fail_msg("%s: status %d", rows[i].text, (int)status);
        if (strstr(err.message, rows[i].says) == NULL || err.column != rows[i].column)
            fail_msg("%s: column %u, \"%s\"; expected column %u, \"%s\"", rows[i].text, (unsigned)err.column,
                     err.message, (unsigned)rows[i].column, rows[i].says);
        assert_string_equal(err.file, "f");
        assert_int_equal(err.line, 7);
        assert_int_equal(read_all(tk_str_from(rows[i].text), out, sizeof(out), NULL), TK_ERR_INPUT);
    }
}

static void test_json__nul(void **state)
{
    (void)state;
    char out[64];
    tk_err err = {0};
    assert_int_equal(read_all((tk_str){"[\0]", 3}, out, sizeof(out), &err), TK_ERR_INPUT);
    assert_non_null(strstr(err.message, "the control character 0x00; expected a value"));
    assert_int_equal(err.column, 2);
}

/* Every text that is cut off is an error, none a crash or an answer. */
static void test_json__cut_off(void **state)
{
    (void)state;
    static const char whole[] = "{\"a\":[1,{\"b\":\"x\\u00e9\\n\"}],\"c\":-1.5e3,\"d\":null}";
    char out[256];
    assert_int_equal(read_all(tk_str_from(whole), out, sizeof(out), NULL), TK_OK);
    for (size_t len = 0; len + 1 < sizeof(whole); len++)
        assert_int_equal(read_all((tk_str){whole, len}, out, sizeof(out), NULL), TK_ERR_INPUT);
}

static tk_status read_nested(size_t depth, tk_err *err)
{
    char text[2 * (TK_JSON_DEPTH_MAX + 1)], out[8 * (TK_JSON_DEPTH_MAX + 1)];
    memset(text, '[', depth);
    memset(text + depth, ']', depth);
    return read_all((tk_str){text, 2 * depth}, out, sizeof(out), err);
}

static void test_json__depth(void **state)
{
    (void)state;
    tk_err err = {0};
    assert_int_equal(read_nested(TK_JSON_DEPTH_MAX, &err), TK_OK);
    assert_int_equal(read_nested(TK_JSON_DEPTH_MAX + 1, &err), TK_ERR_LIMIT);
    assert_string_equal(err.message, "nested deeper than 32 levels");
    assert_int_equal(err.column, TK_JSON_DEPTH_MAX + 1);
}

/* A text or number of `len` bytes as the only member of a list. */
static tk_status read_long(size_t len, bool text, tk_err *err)
{
    size_t size = len + 4;
    char *bytes = malloc(size);
    assert_non_null(bytes);
    memset(bytes, text ? 'x' : '7', size);
    bytes[0] = '[';
    size_t end = len + 1;
    if (text) {
        bytes[1] = '"';
        bytes[len + 2] = '"';
        end = len + 3;
    }
    bytes[end] = ']';
    tk_status status = read_all((tk_str){bytes, end + 1}, NULL, 0, err);
    free(bytes);
    return status;
}

static void test_json__field_limit(void **state)
{
    (void)state;
    tk_err err = {0};
    assert_int_equal(read_long(TK_FIELD_BYTES_MAX, true, &err), TK_OK);
    assert_int_equal(read_long(TK_FIELD_BYTES_MAX, false, &err), TK_OK);
    assert_int_equal(read_long(TK_FIELD_BYTES_MAX + 1, true, &err), TK_ERR_LIMIT);
    assert_string_equal(err.message, "a text of 65537 bytes; at most 65536 are read");
    assert_int_equal(err.column, 2);
    err = (tk_err){0};
    assert_int_equal(read_long(TK_FIELD_BYTES_MAX + 1, false, &err), TK_ERR_LIMIT);
    assert_string_equal(err.message, "a value of 65537 bytes; at most 65536 are read");
}

/* Skipping leaves the reader behind the whole value, whatever it is. */
static void test_json__skip(void **state)
{
    (void)state;
    static const char *const values[] = {
        "1", "\"x\"", "null", "{}", "[]", "[[1],{\"b\":[2]},3]", "{\"c\":{\"d\":[]}}"};
    for (size_t i = 0; i < sizeof(values) / sizeof(values[0]); i++) {
        char text[64];
        int len = snprintf(text, sizeof(text), "{\"a\":%s,\"z\":9}", values[i]);
        tk_json_reader json;
        tk_json_token token;
        tk_err err = {0};
        assert_int_equal(tk_json_read_init(&json, TK_STR("f"), 1, text, (size_t)len, &err), TK_OK);
        assert_int_equal(tk_json_read_next(&json, &token, &err), TK_OK);
        assert_int_equal(tk_json_read_next(&json, &token, &err), TK_OK);
        assert_int_equal(token.kind, TK_JSON_KEY);
        assert_int_equal(tk_json_read_skip(&json, &token, &err), TK_OK);
        assert_int_equal(tk_json_read_next(&json, &token, &err), TK_OK);
        assert_int_equal(token.kind, TK_JSON_KEY);
        assert_true(tk_str_is(token.text, "z"));
    }
    char bad[] = "{\"a\":[1,}";
    tk_json_reader json;
    tk_json_token token;
    assert_int_equal(tk_json_read_init(&json, TK_STR("f"), 1, bad, strlen(bad), NULL), TK_OK);
    assert_int_equal(tk_json_read_next(&json, &token, NULL), TK_OK);
    assert_int_equal(tk_json_read_next(&json, &token, NULL), TK_OK);
    assert_int_equal(tk_json_read_skip(&json, &token, NULL), TK_ERR_INPUT);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_json__good),  cmocka_unit_test(test_json__bad),
        cmocka_unit_test(test_json__nul),   cmocka_unit_test(test_json__cut_off),
        cmocka_unit_test(test_json__depth), cmocka_unit_test(test_json__field_limit),
        cmocka_unit_test(test_json__skip),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
