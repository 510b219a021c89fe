/* SPDX-License-Identifier: Apache-2.0 */
/* json.c: a strict reader. Values as they are written, messages with the byte column, limits. */
#include "base/json.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/compat.h"
#include "base/limits.h"
#include "base/str.h"

/* All tokens of a text, or where and why it is refused. */
static void read_all(const char *text, size_t text_len, char *out, size_t size)
{
    static const char *const kinds[] = {"{", "}", "[", "]", "key ", "str ", "num ", "true", "false", "null", "end"};
    char *bytes = malloc(text_len + 1);
    tk_json_reader json;
    tk_err err = {0};
    size_t len = 0;
    assert_non_null(bytes);
    memcpy(bytes, text, text_len);
    out[0] = 0;
    tk_status status = tk_json_read_init(&json, TK_STR("t"), 7, bytes, text_len, &err);
    tk_json_token token = {.kind = TK_JSON_NULL};
    while (status == TK_OK && token.kind != TK_JSON_END) {
        status = tk_json_read_next(&json, &token, &err);
        if (status != TK_OK)
            break;
        bool shows = token.kind == TK_JSON_KEY || token.kind == TK_JSON_STRING || token.kind == TK_JSON_NUMBER;
        int written = snprintf(out + len, size - len, "%s%s%.*s", len == 0 ? "" : " ", kinds[token.kind],
                               shows ? (int)token.text.len : 0, token.text.ptr);
        assert_true(0 <= written && (size_t)written < size - len);
        len += (size_t)written;
    }
    if (status != TK_OK) {
        assert_int_equal(err.line, 7);
        (void)snprintf(out, size, "%u %s", err.column, err.message);
    }
    free(bytes);
}

static void test_json_good(void **state)
{
    (void)state;
    static const struct {
        const char *text, *tokens;
    } rows[] = {
        {"{}", "{ } end"},
        {"[]", "[ ] end"},
        {" { \"a\" : 1 , \"b\" : [ true , false , null ] } ", "{ key a num 1 key b [ true false null ] } end"},
        {"\"x\"", "str x end"},
        {"0", "num 0 end"},
        {"-0", "num -0 end"},
        {"15832.000001", "num 15832.000001 end"},
        {"1e400", "num 1e400 end"},
        {"-1.5E-3", "num -1.5E-3 end"},
        {"123456789012345678901234567890", "num 123456789012345678901234567890 end"},
        {"[[],{},[{}]]", "[ [ ] { } [ { } ] ] end"},
        {"{\"\":\"\"}", "{ key  str  } end"},
        {"\"\\\"\\\\\\/\\b\\f\\n\\r\\t\"", "str \"\\/\b\f\n\r\t end"},
        {"\"\\u0041\\u00e4\\u20AC\\ud83d\\udca9\"", "str A\xC3\xA4\xE2\x82\xAC\xF0\x9F\x92\xA9 end"},
        {"\"\xC3\xA4\"", "str \xC3\xA4 end"},
        {"{\"a\\u0062\":1}", "{ key ab num 1 } end"},
    };
    char got[512];
    for (size_t i = 0; i < TK_COUNT(rows); i++) {
        read_all(rows[i].text, strlen(rows[i].text), got, sizeof got);
        assert_string_equal(got, rows[i].tokens);
    }
}

static void test_json_bad(void **state)
{
    (void)state;
    static const struct {
        const char *text, *says; /* column and the beginning of the message */
    } rows[] = {
        {"", "1 the end of the line; expected a value"},
        {"  ", "3 the end of the line; expected a value"},
        {"{", "2 the end of the line; expected a key in double quotes"},
        {"[", "2 the end of the line; expected a value"},
        {"[1", "3 the end of the line; expected ',' or ']' behind a value"},
        {"{\"a\"", "5 the end of the line; expected ':' behind a key"},
        {"{\"a\":}", "6 '}'; expected a value"},
        {"{\"a\" 1}", "6 '1'; expected ':' behind a key"},
        {"{\"a\":1,}", "8 '}'; expected a key in double quotes"},
        {"[1,]", "4 ']'; expected a value"},
        {"[1 2]", "4 '2'; expected ',' or ']' behind a value"},
        {"{a:1}", "2 'a'; expected a key in double quotes"},
        {"{'a':1}", "2 '''; expected a key in double quotes"},
        {"[1}", "3 '}'; expected ',' or ']' behind a value"},
        {"{\"a\":1]", "7 ']'; expected ',' or '}' behind a value"},
        {"1 2", "3 '2'; expected the end of the line behind a JSON value"},
        {"{}{}", "3 '{'; expected the end of the line behind a JSON value"},
        {"tru", "1 'tru' is no JSON value"},
        {"True", "1 'True' is no JSON value"},
        {"NaN", "1 'NaN' is no JSON value"},
        {"01", "1 '01' is no JSON value"},
        {"+1", "1 '+1' is no JSON value"},
        {".5", "1 '.5' is no JSON value"},
        {"5.", "1 '5.' is no JSON value"},
        {"1e", "1 '1e' is no JSON value"},
        {"-", "1 '-' is no JSON value"},
        {"\"x", "1 a text is opened and never closed"},
        {"\"x\\", "3 \\ before the end of the line; expected one of"},
        {"\"\\x\"", "2 \\ before 'x'; expected one of"},
        {"\"\\u12\"", "2 \\u needs four hexadecimal digits behind it"},
        {"\"\\u12g4\"", "2 \\u needs four hexadecimal digits behind it"},
        {"\"\\u0000\"", "2 \\u0000 cannot stand in a text"},
        {"\"\\ud83d\"", "2 \\ud83d is half a surrogate pair; expected both halves"},
        {"\"\\ud83d\\u0041\"", "2 \\ud83d is half a surrogate pair; expected both halves"},
        {"\"\\udca9\"", "2 \\udca9 is half a surrogate pair; expected both halves"},
        {"\"a\tb\"", "3 the control character 0x09 inside a text; expected \\u0009"},
        {"\"a\nb\"", "3 the control character 0x0a inside a text; expected \\u000a"},
        {"[\"a\",\xFF]", "6 byte 0xff is not UTF-8"},
        {"\x01", "1 the control character 0x01; expected a value"},
        {"/* */ 1", "1 '/'; expected a value"},
    };
    char got[1200];
    for (size_t i = 0; i < TK_COUNT(rows); i++) {
        read_all(rows[i].text, strlen(rows[i].text), got, sizeof got);
        assert_memory_equal(got, rows[i].says, strlen(rows[i].says));
    }
}

/* A zero byte is no end of the text. */
static void test_json_zero(void **state)
{
    (void)state;
    char got[256];
    read_all("[1]\0", 4, got, sizeof got);
    assert_memory_equal(got, "4 the control character 0x00; expected the end of the line", 57);
}

static void test_json_depth(void **state)
{
    (void)state;
    char text[4 * TK_JSON_DEPTH_MAX + 16], got[1200];
    for (size_t more = 0; more < 2; more++)
        for (int objects = 0; objects < 2; objects++) {
            size_t depth = TK_JSON_DEPTH_MAX + more, len = 0;
            if (objects) { /* objects inside an array */
                for (size_t i = 0; i + 1 < depth; i++)
                    text[len++] = '[';
                memcpy(text + len, "{}", 2);
                len += 2;
                for (size_t i = 0; i + 1 < depth; i++)
                    text[len++] = ']';
            } else {
                for (size_t i = 0; i < depth; i++)
                    text[len++] = '[';
                for (size_t i = 0; i < depth; i++)
                    text[len++] = ']';
            }
            read_all(text, len, got, sizeof got);
            if (more == 0)
                assert_string_equal(got + strlen(got) - 3, "end");
            else
                assert_string_equal(got, "33 nested deeper than 32 levels");
        }
}

static void test_json_field_limit(void **state)
{
    (void)state;
    for (size_t more = 0; more < 2; more++)
        for (int number = 0; number < 2; number++) {
            size_t len = TK_FIELD_BYTES_MAX + more;
            char *text = malloc(len + 2);
            tk_json_reader json;
            tk_json_token token;
            tk_err err = {0};
            assert_non_null(text);
            memset(text, number ? '1' : 'x', len + 2);
            if (!number)
                text[0] = text[len + 1] = '"';
            assert_int_equal(tk_json_read_init(&json, TK_STR("t"), 1, text, number ? len : len + 2, &err), TK_OK);
            assert_int_equal(tk_json_read_next(&json, &token, &err), more == 0 ? TK_OK : TK_ERR_LIMIT);
            if (more == 1)
                assert_string_equal(err.message, number ? "a value of 65537 bytes; at most 65536 are read"
                                                        : "a text of 65537 bytes; at most 65536 are read");
            free(text);
        }
}

static void test_json_skip(void **state)
{
    (void)state;
    char text[] = "{\"a\":{\"x\":[1,{\"y\":2}]},\"b\":[[]],\"c\":3,\"d\":4}";
    tk_json_reader json;
    tk_json_token token;
    size_t keys = 0;
    assert_int_equal(tk_json_read_init(&json, TK_STR("t"), 1, text, strlen(text), NULL), TK_OK);
    assert_int_equal(tk_json_read_next(&json, &token, NULL), TK_OK);
    for (;;) {
        assert_int_equal(tk_json_read_next(&json, &token, NULL), TK_OK);
        if (token.kind == TK_JSON_OBJECT_END)
            break;
        assert_int_equal(token.kind, TK_JSON_KEY);
        assert_int_equal(token.text.ptr[0], 'a' + (char)keys++);
        assert_int_equal(tk_json_read_skip(&json, &token, NULL), TK_OK);
    }
    assert_int_equal(keys, 4);
    assert_int_equal(tk_json_read_next(&json, &token, NULL), TK_OK);
    assert_int_equal(token.kind, TK_JSON_END);
    char broken[] = "{\"a\":[1,}";
    assert_int_equal(tk_json_read_init(&json, TK_STR("t"), 1, broken, strlen(broken), NULL), TK_OK);
    assert_int_equal(tk_json_read_next(&json, &token, NULL), TK_OK);
    assert_int_equal(tk_json_read_skip(&json, &token, NULL), TK_ERR_INPUT);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_json_good),  cmocka_unit_test(test_json_bad),         cmocka_unit_test(test_json_zero),
        cmocka_unit_test(test_json_depth), cmocka_unit_test(test_json_field_limit), cmocka_unit_test(test_json_skip),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
