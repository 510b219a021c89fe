/* SPDX-License-Identifier: Apache-2.0 */
/* orders_json.c: files of one JSON object a line: values, messages, limits, and good lines behind bad ones. */
#include "cli/orders.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

/* What a whole file gave: the orders as text, how many lines were bad, and what was said on standard error. */
typedef struct outcome {
    char orders[4096];
    char said[8192];
    unsigned good, bad;
    int opened;
    bool failed;
} outcome;

/* Standard error into a file, for the time of one call. */
static int said_begin(FILE **file)
{
    *file = tmpfile();
    assert_non_null(*file);
    (void)fflush(stderr);
    int kept = dup(STDERR_FILENO);
    assert_true(0 <= kept);
    assert_true(0 <= dup2(fileno(*file), STDERR_FILENO));
    return kept;
}

static void said_end(int kept, FILE *file, char *said, size_t size)
{
    (void)fflush(stderr);
    assert_true(0 <= dup2(kept, STDERR_FILENO));
    (void)close(kept);
    rewind(file);
    size_t len = fread(said, 1, size - 1, file);
    said[len] = 0;
    (void)fclose(file);
}

/* `line:item=x,quantity=12;` for each cell that was given. */
static void order_write(const cli_orders *orders, char *out, size_t size)
{
    size_t used = strlen(out);
    used += (size_t)snprintf(out + used, size - used, "%llu:", (unsigned long long)orders->line);
    bool first = true;
    for (unsigned i = 0; i < TK_COLUMN_COUNT; i++) {
        tk_str cell = orders->order.cells[i], name = tk_column_name((tk_column)i);
        if (cell.len == 0 || used + cell.len + 64 > size)
            continue;
        used += (size_t)snprintf(out + used, size - used, "%s" TK_FMT "@%u=" TK_FMT, first ? "" : ",",
                                 TK_ARG_STR(name), (unsigned)orders->cell_columns[i], TK_ARG_STR(cell));
        first = false;
    }
    (void)snprintf(out + used, size - used, ";");
}

static void read_file(tk_str text, bool ignore_unknown, outcome *result)
{
    memset(result, 0, sizeof(*result));
    char path[64];
    (void)snprintf(path, sizeof(path), "orders-%ld.jsonl", (long)getpid());
    FILE *file = fopen(path, "wb");
    assert_non_null(file);
    assert_int_equal(fwrite(text.ptr, 1, text.len, file), text.len);
    assert_int_equal(fclose(file), 0);
    FILE *said;
    int kept = said_begin(&said);
    cli_orders orders;
    result->opened = cli_orders_open(&orders, path, ignore_unknown);
    orders.name = "f";
    for (bool more = result->opened == CLI_EXIT_OK; more;) {
        switch (cli_orders_next(&orders)) {
        case CLI_NEXT_ORDER:
            result->good++;
            order_write(&orders, result->orders, sizeof(result->orders));
            break;
        case CLI_NEXT_BAD:
            result->bad++;
            break;
        case CLI_NEXT_END:
            more = false;
            break;
        case CLI_NEXT_FAILURE:
            result->failed = true;
            more = false;
            break;
        }
    }
    cli_orders_close(&orders);
    said_end(kept, said, result->said, sizeof(result->said));
    (void)remove(path);
}

static void test_orders_json__values(void **state)
{
    (void)state;
    static const struct {
        const char *line, *order;
    } rows[] = {
        {"{}", "1:;"},
        {"{\"item\":\"h200-sxm\",\"quantity\":12}", "1:item@9=h200-sxm,quantity@31=12;"},
        {"{\"unit_value\":31000.10}", "1:unit_value@15=31000.10;"},
        {"{\"quantity\":9007199254740993}", "1:quantity@13=9007199254740993;"},
        {"{\"unit_value\":1.0e3}", "1:unit_value@15=1.0e3;"},
        {"{\"item\":null,\"to\":\"CN\"}", "1:to@19=CN;"},
        {"{\"item\":\"\"}", "1:;"},
        {"{\"end_use\":true}", "1:end_use@12=yes;"},
        {"{\"end_use\":false}", "1:end_use@12=no;"},
        {"{\"evidence\":[\"kyc\",\"lab-test@2026-02-01\" , \"-iaas\"]}",
         "1:evidence@13=kyc;lab-test@2026-02-01;-iaas;"},
        {"{\"end_user_lists\":[]}", "1:end_user_lists@19=none;"},
        {"{\"end_user_lists\":[\"EL\"],\"to\":\"CN\"}", "1:to@31=CN,end_user_lists@19=EL;"},
        {"{\"end_user\":\"?\",\"purchaser\":\"none\"}", "1:purchaser@29=none,end_user@13=?;"},
        {"{\"quantity\":\"1 .. 5\"}", "1:quantity@13=1 .. 5;"},
        {"{\"\\u0069tem\":\"\\u0068200\"}", "1:item@14=h200;"},
        {"{\"end_user\":\"\xE4\xB8\xAD\",\"to\":\"CN\"}", "1:end_user@13=\xE4\xB8\xAD,to@24=CN;"},
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        outcome result;
        read_file(tk_str_from(rows[i].line), false, &result);
        assert_string_equal(result.said, "");
        assert_string_equal(result.orders, rows[i].order);
        assert_int_equal(result.good, 1);
    }
}

/* Each line is wrong in one way; message with line, byte column and value. */
static void test_orders_json__bad(void **state)
{
    (void)state;
    static const struct {
        const char *line, *says;
    } rows[] = {
        {"{\"end_user_hk\":\"CN\"}", "f:1:2: key 'end_user_hk' is unknown; did you mean 'end_user_hq'?"},
        {"{\"colour of the box\":\"CN\"}", "f:1:2: key 'colour of the box' is unknown (--ignore-unknown to go on)"},
        {"{\"item\":\"a\",\"to\":\"CN\",\"item\":\"b\"}", "f:1:23: key 'item' stands twice, first at column 2"},
        {"{\"item\":null,\"item\":\"b\"}", "f:1:14: key 'item' stands twice, first at column 2"},
        {"{\"item\":{\"id\":\"a\"}}", "f:1:9: item: '{' begins an object; expected a text"},
        {"{\"facts\":{\"item.tpp\":1}}", "f:1:2: key 'facts' is unknown"},
        {"{\"end_user_lists\":[1286]}", "f:1:20: '1286' in a list; expected a text in double quotes"},
        {"{\"end_user_lists\":[[\"EL\"]]}", "f:1:20: '[' in a list; expected a text in double quotes"},
        {"{\"end_user_lists\":[null]}", "f:1:20: 'null' in a list; expected a text in double quotes"},
        {"{\"end_user_lists\":[\"EL\",\" \"]}", "f:1:25: ' ' in a list says nothing; leave it out"},
        {"{\"evidence\":[\"kyc;iaas\"]}", "f:1:14: 'kyc;iaas' in a list holds a ';'"},
        {"{\"item\":\"a\"} {\"item\":\"b\"}", "f:1:14: '{'; expected the end of the line behind a JSON value"},
        {"{\"item\":\"a\"", "f:1:12: the end of the line; expected ',' or '}' behind a value"},
        {"{\"quantity\":012}", "f:1:13: '012' is no JSON value"},
        {"{\"item\":\"\x80\"}", "f:1:10: byte 0x80 is not UTF-8"},
        {"{\"item\":\"\\u202ex\\", "f:1:17: \\ before the end of the line"},
        {"{\"\x1b[31m\":1}", "f:1:3: the control character 0x1b inside a text"},
        {"{\"\\u001b[31m\":1}", "f:1:2: key '\\x1b[31m' is unknown"},
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        outcome result;
        char text[512];
        int len = snprintf(text, sizeof(text), "%s\n{\"item\":\"next\"}\n", rows[i].line);
        read_file((tk_str){text, (size_t)len}, false, &result);
        if (strstr(result.said, rows[i].says) == NULL)
            fail_msg("%s: \"%s\"; expected \"%s\"", rows[i].line, result.said, rows[i].says);
        assert_ptr_equal(strchr(result.said, '\n'), result.said + strlen(result.said) - 1);
        assert_int_equal(result.bad, 1);
        assert_string_equal(result.orders, "2:item@9=next;");
    }
}

/* What is no object at all, behind a first line that makes it a JSON file. */
static void test_orders_json__no_object(void **state)
{
    (void)state;
    outcome result;
    read_file(TK_STR("{\"item\":\"a\"}\n[]\n\"x\"\n12\nitem,to\n{\"item\":\"b\"}"), false, &result);
    assert_string_equal(result.orders, "1:item@9=a;6:item@9=b;");
    assert_int_equal(result.bad, 4);
    assert_non_null(strstr(result.said, "f:2:1: '[' is no order; expected one JSON object a line"));
    assert_non_null(strstr(result.said, "f:3:1: 'x' is no order"));
    assert_non_null(strstr(result.said, "f:4:1: '12' is no order"));
    assert_non_null(strstr(result.said, "f:5:1: 'item' is no JSON value"));
}

static void test_orders_json__blank_lines_and_line_ends(void **state)
{
    (void)state;
    outcome result;
    read_file(TK_STR("\xEF\xBB\xBF{\"item\":\"a\"}\r\n\r\n\n \t\n{\"item\":\"b\"}\r\n\n{\"item\":\"c\"}"), false,
              &result);
    assert_string_equal(result.said, "");
    assert_string_equal(result.orders, "1:item@9=a;5:item@9=b;7:item@9=c;");
}

/* Nothing of one order is left in the next. */
static void test_orders_json__no_rest_of_the_order_before(void **state)
{
    (void)state;
    outcome result;
    read_file(TK_STR("{\"item\":\"a\",\"to\":\"CN\"}\n{\"to\":bad}\n{\"item\":\"b\"}\n"), false, &result);
    assert_string_equal(result.orders, "1:item@9=a,to@18=CN;3:item@9=b;");
}

static void test_orders_json__ignore_unknown(void **state)
{
    (void)state;
    outcome result;
    read_file(TK_STR("{\"x\":{\"item\":[1,{}]},\"item\":\"a\",\"y\":1,\"y\":2}\n{\"x\":[,],\"item\":\"b\"}\n"), true,
              &result);
    assert_string_equal(result.orders, "1:item@29=a;");
    assert_int_equal(result.bad, 1);
    assert_non_null(strstr(result.said, "f:2:7: ','; expected a value"));
}

/* 1,000 lines of which every hundredth is wrong, each in its own way. */
static void test_orders_json__read_is_accepted_and_rejected(void **state)
{
    (void)state;
    static const char *const wrong[] = {
        "{\"itme\":\"a\"}",   "{",  "{\"item\":}", "[]", "{\"item\":\"a\"}}", "{\"item\":1x}", "\"", "{\"item\":{}}",
        "{\"evidence\":[0]}", "nul"};
    enum { SIZE = 64 * 1000 };
    char *text = malloc(SIZE);
    assert_non_null(text);
    size_t len = 0;
    for (unsigned i = 0; i < 1000; i++)
        len += (size_t)(i % 100 == 50 ? snprintf(text + len, SIZE - len, "%s\n", wrong[i / 100])
                                      : snprintf(text + len, SIZE - len, "{\"id\":\"r%u\",\"quantity\":%u}\n", i, i));
    outcome result;
    read_file((tk_str){text, len}, false, &result);
    free(text);
    assert_int_equal(result.good, 990);
    assert_int_equal(result.bad, 10);
    for (unsigned i = 0; i < 10; i++) {
        char place[32];
        (void)snprintf(place, sizeof(place), "twokey: f:%u:", i * 100 + 51);
        assert_non_null(strstr(result.said, place));
    }
}

/* A line of `len` bytes: an order, then blanks. */
static void read_line_of(size_t len, const char *end, outcome *result)
{
    char *text = malloc(len + strlen(end));
    assert_non_null(text);
    memset(text, ' ', len);
    memcpy(text, "{\"item\":\"a\"}", 12);
    memcpy(text + len, end, strlen(end));
    read_file((tk_str){text, len + strlen(end)}, false, result);
    free(text);
}

static void test_orders_json__line_limit(void **state)
{
    (void)state;
    outcome result;
    read_line_of(TK_ROW_BYTES_MAX, "\n{\"item\":\"b\"}\n", &result);
    assert_string_equal(result.orders, "1:item@9=a;2:item@9=b;");
    read_line_of(TK_ROW_BYTES_MAX + 1, "\n{\"item\":\"b\"}\n", &result);
    assert_string_equal(result.orders, "2:item@9=b;");
    assert_string_equal(result.said, "twokey: f:1:1: a line of more than 1048576 bytes\n");
    read_line_of((size_t)3 * TK_ROW_BYTES_MAX, "", &result);
    assert_int_equal(result.good, 0);
    assert_int_equal(result.bad, 1);
}

/* A list whose members joined make `len` bytes. */
static void read_list_of(size_t len, outcome *result)
{
    char *text = malloc(len + 64);
    assert_non_null(text);
    int used = snprintf(text, len + 64, "{\"evidence\":[\"%0*d\",\"%0*d\"]}\n", (int)(len / 2), 0,
                        (int)(len - len / 2 - 1), 0);
    read_file((tk_str){text, (size_t)used}, false, result);
    free(text);
}

static void test_orders_json__list_limit(void **state)
{
    (void)state;
    outcome result;
    read_list_of(TK_FIELD_BYTES_MAX, &result);
    assert_int_equal(result.good, 1);
    read_list_of(TK_FIELD_BYTES_MAX + 1, &result);
    assert_int_equal(result.bad, 1);
    assert_string_equal(result.said, "twokey: f:1:13: a list of 65537 bytes; at most 65536 are read\n");
}

static void test_orders_json__utf_16(void **state)
{
    (void)state;
    static const tk_str rows[] = {
        {"\xFF\xFE{\0\"\0", 6},
        {"\xFE\xFF\0{\0\"", 6},
        {"{\0\"\0i\0\n\0}\0", 10},
        {"\0{\0\"\0i\0\n\0}", 10},
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        outcome result;
        read_file(rows[i], false, &result);
        assert_non_null(strstr(result.said, "UTF-16"));
        assert_int_equal(result.opened, CLI_EXIT_USAGE);
        assert_int_equal(result.good, 0);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_orders_json__values),
        cmocka_unit_test(test_orders_json__bad),
        cmocka_unit_test(test_orders_json__no_object),
        cmocka_unit_test(test_orders_json__blank_lines_and_line_ends),
        cmocka_unit_test(test_orders_json__no_rest_of_the_order_before),
        cmocka_unit_test(test_orders_json__ignore_unknown),
        cmocka_unit_test(test_orders_json__read_is_accepted_and_rejected),
        cmocka_unit_test(test_orders_json__line_limit),
        cmocka_unit_test(test_orders_json__list_limit),
        cmocka_unit_test(test_orders_json__utf_16),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
