/* SPDX-License-Identifier: Apache-2.0 */
/* csv.c: separators, marks and line ends; quotes; the formula guard; limits; good rows behind bad ones. */
#include "base/csv.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/compat.h"
#include "base/err.h"
#include "base/limits.h"
#include "base/out.h"
#include "base/str.h"

static void add(char *out, size_t size, const char *text, size_t len)
{
    size_t at = strlen(out);
    assert_true(at + len < size);
    memcpy(out + at, text, len);
    out[at + len] = 0;
}

/* Cells between "|", records between "/"; a bad record as its message with line and column. */
static void read_all(tk_csv_reader *reader, char *out, size_t size)
{
    size_t columns;
    const tk_str *header = tk_csv_header(reader, &columns);
    out[0] = 0;
    for (size_t i = 0; i < columns; i++) {
        add(out, size, i == 0 ? "" : "|", i != 0);
        add(out, size, header[i].ptr, header[i].len);
    }
    for (;;) {
        const tk_csv_row *row = NULL;
        tk_err err = {0};
        tk_status status = tk_csv_next(reader, &row, &err);
        if (status == TK_OK && row == NULL)
            return;
        add(out, size, "/", 1);
        if (status != TK_OK) {
            char said[TK_ERR_MESSAGE_MAX + 64];
            int len = snprintf(said, sizeof said, "%u:%u %s", err.line, err.column, err.message);
            add(out, size, said, (size_t)len);
            continue;
        }
        assert_int_equal(row->cells_count, columns);
        for (size_t i = 0; i < columns; i++) {
            add(out, size, "|", i != 0);
            add(out, size, row->cells[i].ptr, row->cells[i].len);
        }
    }
}

static void check(const char *text, size_t len, const char *expected)
{
    char got[4096];
    tk_csv_reader *reader = NULL;
    tk_err err = {0};
    if (tk_csv_open_text(TK_STR("t.csv"), (tk_str){text, len}, &reader, &err) != TK_OK)
        (void)snprintf(got, sizeof got, "%u:%u %s", err.line, err.column, err.message);
    else
        read_all(reader, got, sizeof got);
    assert_string_equal(got, expected);
    tk_csv_close(reader);

    /* The same from a stream. */
    FILE *stream = tmpfile();
    assert_non_null(stream);
    assert_int_equal(fwrite(text, 1, len, stream), len);
    rewind(stream);
    reader = NULL;
    err = (tk_err){0};
    if (tk_csv_open_file(TK_STR("t.csv"), stream, &reader, &err) != TK_OK)
        (void)snprintf(got, sizeof got, "%u:%u %s", err.line, err.column, err.message);
    else
        read_all(reader, got, sizeof got);
    assert_string_equal(got, expected);
    tk_csv_close(reader);
    (void)fclose(stream);
}

#define CHECK(text, expected) check((text), sizeof(text) - 1, (expected))

static void test_csv_separators(void **state)
{
    (void)state;
    CHECK("a,b\n1,2\n", "a|b/1|2");
    CHECK("a;b\n1;2\n", "a|b/1|2");
    CHECK("a\tb\n1\t2\n", "a|b/1|2");
    CHECK("a;b\n1,5;2\n", "a|b/1,5|2");
    CHECK("a,b\n1;5,2\n", "a|b/1;5|2");
    CHECK("a\n1;2\n", "a/1;2");
    CHECK("\"a;b\",c\n1,2\n", "a;b|c/1|2"); /* inside quotes it separates nothing */
    CHECK(" a , b \n1,2\n", "a|b/1|2");
}

static void test_csv_line_ends(void **state)
{
    (void)state;
    CHECK("a,b\r\n1,2\r\n", "a|b/1|2");
    CHECK("a,b\r\n1,2", "a|b/1|2");
    CHECK("a,b\n1,2", "a|b/1|2");
    CHECK("a,b\n\n1,2\n\r\n3,4\n\n", "a|b/1|2/3|4");
    CHECK("a,b\n", "a|b");
    CHECK("a,b", "a|b");
    CHECK("\n\r\na,b\n1,2\n", "a|b/1|2");
    CHECK("# a remark; with; semicolons\n#more\na,b\n1,2\n#3,4\n", "a|b/1|2/#3|4"); /* behind the header # is text */
}

static void test_csv_marks(void **state)
{
    (void)state;
    CHECK("\xEF\xBB\xBF"
          "a,b\n1,2\n",
          "a|b/1|2");
    CHECK("\xFF\xFE"
          "a\0",
          "1:1 the file is UTF-16; save it as UTF-8");
    CHECK("\xFE\xFF"
          "\0a",
          "1:1 the file is UTF-16; save it as UTF-8");
    CHECK("", "1:1 the file is empty; the first line names the columns");
    CHECK("\xEF\xBB\xBF", "1:1 the file is empty; the first line names the columns");
    CHECK("# only a remark\n", "1:1 the file is empty; the first line names the columns");
    CHECK("a,b,a\n", "1:5 column 'a' is named twice");
}

/* Without a header: the caller names the columns, and the first line is a record. */
static void test_csv_bare(void **state)
{
    static const char *const columns[] = {"number", "name"}, *const twice[] = {"a", "a"};
    static const struct {
        const char *text, *expected;
    } rows[] = {
        {"1,\"x, y\"\r\n2,z", "number|name/1|x, y/2|z"},
        {"", "number|name"},
        {"#1,a\n", "number|name/#1|a"}, /* no remark */
        {"1,2,3\n4\n5,6\n",
         "number|name/1:5 3 cells, but the header has 2 columns; '3' is too many (a ',' inside a cell needs quotes)"
         "/2:1 1 cell, but the header has 2 columns; the first missing one is 'name'/5|6"},
    };
    (void)state;
    char got[512];
    tk_csv_reader *reader = NULL;
    for (size_t i = 0; i < TK_COUNT(rows); i++) {
        tk_str text = tk_str_from(rows[i].text);
        assert_int_equal(tk_csv_open_bare(TK_STR("t"), text, ',', columns, 2, &reader, NULL), TK_OK);
        read_all(reader, got, sizeof got);
        assert_string_equal(got, rows[i].expected);
        tk_csv_close(reader);
    }
    tk_err err = {0};
    assert_int_equal(tk_csv_open_bare(TK_STR("t"), TK_STR("1,2"), ',', twice, 2, &reader, &err), TK_ERR_INPUT);
    assert_null(reader);
    assert_string_equal(err.message, "column 'a' is named twice");
}

static void test_csv_quotes(void **state)
{
    (void)state;
    CHECK("a,b\n\"1,5\",2\n", "a|b/1,5|2");
    CHECK("a,b\n\"say \"\"no\"\"\",2\n", "a|b/say \"no\"|2");
    CHECK("a,b\n\"two\nlines\",2\n3,4\n", "a|b/two\nlines|2/3|4");
    CHECK("a,b\n\"two\r\nlines\",2\r\n3,4\r\n", "a|b/two\r\nlines|2/3|4");
    CHECK("a,b\n\"\",\"\"\n", "a|b/|");
    CHECK("a,b\nx\"y,2\n", "a|b/x\"y|2"); /* a quote in the middle is text */
    CHECK("a,b\n\"x\"y,2\n3,4\n",
          "a|b/2:4 'y' behind a closing quote; a quote inside a cell is doubled, and a cell that holds one is "
          "quoted/3|4");
    CHECK("a,b\n\"x,2\n3,4\n", "a|b/2:1 a quote is opened and never closed/3|4");
}

static void test_csv_bad_then_good(void **state)
{
    (void)state;
    CHECK("a,b,c\n1,2\n3,4,5\n6,7,8,9\n10,11,12\n",
          "a|b|c/2:3 2 cells, but the header has 3 columns; the first missing one is 'c'/3|4|5"
          "/4:7 4 cells, but the header has 3 columns; '9' is too many (a ',' inside a cell needs quotes)/10|11|12");
    CHECK("a,b\n1,\xC3\x28\n3,4\n", "a|b/2:3 byte 0xc3 is not UTF-8/3|4");
    CHECK("a,b\n\"x\ny\",\"z\"q\n3,4\n",
          "a|b/2:10 'q' behind a closing quote; a quote inside a cell is doubled, and a cell that holds one is "
          "quoted/3|4");
}

/* Read is accepted and rejected together: ten bad of a thousand. */
static void test_csv_counts(void **state)
{
    (void)state;
    tk_out out;
    tk_csv_reader *reader = NULL;
    const tk_csv_row *row = NULL;
    size_t good = 0, bad = 0;
    tk_out_init(&out, NULL);
    tk_out_text(&out, "a,b\n");
    for (int i = 0; i < 1000; i++)
        tk_out_text(&out, i % 100 == 7 ? "only one\n" : "1,2\n");
    assert_int_equal(tk_csv_open_text(TK_STR("t"), tk_out_str(&out), &reader, NULL), TK_OK);
    for (;;) {
        tk_status status = tk_csv_next(reader, &row, NULL);
        if (status == TK_OK && row == NULL)
            break;
        good += status == TK_OK;
        bad += status == TK_ERR_INPUT;
        if (row != NULL && good == 8)
            assert_int_equal(row->line, 10);
    }
    assert_int_equal(good, 990);
    assert_int_equal(bad, 10);
    tk_csv_close(reader);
    tk_out_fini(&out);
}

static void test_csv_places(void **state)
{
    (void)state;
    tk_csv_reader *reader = NULL;
    const tk_csv_row *row = NULL;
    assert_int_equal(tk_csv_open_text(TK_STR("t"), TK_STR("# r\na,b,c\n\"x\ny\",22,\"3\"\n4,5,6\n"), &reader, NULL),
                     TK_OK);
    assert_int_equal(tk_csv_next(reader, &row, NULL), TK_OK);
    assert_int_equal(row->line, 3);
    assert_int_equal(row->columns[0], 1);
    assert_int_equal(row->columns[1], 7);
    assert_int_equal(row->columns[2], 10);
    assert_int_equal(tk_csv_next(reader, &row, NULL), TK_OK);
    assert_int_equal(row->line, 5);
    tk_csv_close(reader);
}

/* --- limits, each at the limit and at limit + 1 --- */

static tk_status read_one(tk_str text, tk_err *err, size_t *cell)
{
    tk_csv_reader *reader = NULL;
    const tk_csv_row *row = NULL;
    tk_status status = tk_csv_open_text(TK_STR("t"), text, &reader, err);
    if (status == TK_OK)
        status = tk_csv_next(reader, &row, err);
    if (row != NULL)
        *cell = row->cells[0].len;
    if (status != TK_OK && reader != NULL) {
        /* The row behind the bad one is read. */
        assert_int_equal(tk_csv_next(reader, &row, NULL), TK_OK);
        assert_non_null(row);
        assert_true(tk_str_is(row->cells[0], "good"));
    }
    tk_csv_close(reader);
    return status;
}

static char *filled(const char *before, size_t count, char c, const char *after)
{
    size_t head = strlen(before), tail = strlen(after);
    char *text = malloc(head + count + tail + 1);
    assert_non_null(text);
    memcpy(text, before, head);
    memset(text + head, c, count);
    memcpy(text + head + count, after, tail + 1);
    return text;
}

static void test_csv_cell_limit(void **state)
{
    (void)state;
    for (int quoted = 0; quoted < 2; quoted++)
        for (size_t more = 0; more < 2; more++) {
            char *text = filled(quoted ? "a,b\n\"" : "a,b\n", TK_FIELD_BYTES_MAX + more, 'x',
                                quoted ? "\",2\ngood,2\n" : ",2\ngood,2\n");
            size_t cell = 0;
            tk_err err = {0};
            assert_int_equal(read_one(tk_str_from(text), &err, &cell), more == 0 ? TK_OK : TK_ERR_LIMIT);
            if (more == 0)
                assert_int_equal(cell, TK_FIELD_BYTES_MAX);
            else
                assert_string_equal(err.message, "a cell of 65537 bytes; at most 65536 are read");
            free(text);
        }
}

/* The ' that a spreadsheet is kept away with is no part of a cell, nor of its length. */
static void test_csv_cell_limit_guarded(void **state)
{
    (void)state;
    for (size_t more = 0; more < 2; more++) {
        char *text = filled("a,b\n\"'", TK_FIELD_BYTES_MAX + more, '=', "\",2\ngood,2\n");
        size_t cell = 0;
        tk_err err = {0};
        assert_int_equal(read_one(tk_str_from(text), &err, &cell), more == 0 ? TK_OK : TK_ERR_LIMIT);
        if (more == 0)
            assert_int_equal(cell, TK_FIELD_BYTES_MAX);
        free(text);
    }
}

/* A record of many cells, so that no cell is over its own limit. */
static void test_csv_record_limit(void **state)
{
    (void)state;
    for (size_t more = 0; more < 2; more++) {
        tk_out out;
        size_t cell = 0;
        tk_err err = {0};
        tk_out_init(&out, NULL);
        for (int i = 0; i < 32; i++)
            tk_out_printf(&out, "%sc%d", i == 0 ? "" : ",", i);
        tk_out_char(&out, '\n');
        size_t begin = out.len;
        for (int i = 0; i < 31; i++)
            for (int b = 0; b < 32768; b++)
                tk_out_char(&out, b == 32767 ? ',' : 'x');
        while (out.len - begin < TK_ROW_BYTES_MAX - 1 + more)
            tk_out_char(&out, 'x');
        tk_out_text(&out, "\ngood");
        for (int i = 1; i < 32; i++)
            tk_out_text(&out, ",x");
        tk_out_char(&out, '\n');
        assert_int_equal(read_one(tk_out_str(&out), &err, &cell), more == 0 ? TK_OK : TK_ERR_LIMIT);
        if (more == 0)
            assert_int_equal(cell, 32767);
        else
            assert_string_equal(err.message, "a record of more than 1048576 bytes");
        tk_out_fini(&out);
    }
}

/* A quote that is lost eats at most its own line, also where the rest of the file is longer than a record may be. */
static void test_csv_lost_quote(void **state)
{
    (void)state;
    tk_out out;
    size_t cell = 0;
    tk_err err = {0};
    tk_out_init(&out, NULL);
    tk_out_text(&out, "a,b\n\"lost,2\ngood,2\n");
    while (out.len < TK_ROW_BYTES_MAX + 100)
        tk_out_text(&out, "rows,rows\n");
    assert_int_equal(read_one(tk_out_str(&out), &err, &cell), TK_ERR_LIMIT);
    assert_string_equal(err.message, "a record of more than 1048576 bytes; a quote that is never closed?");
    assert_int_equal(err.line, 2);
    tk_out_fini(&out);
}

static void test_csv_column_limit(void **state)
{
    (void)state;
    for (int more = 0; more < 2; more++) {
        tk_out out;
        tk_csv_reader *reader = NULL;
        tk_err err = {0};
        tk_out_init(&out, NULL);
        for (int i = 0; i < TK_CSV_COLUMNS_MAX + more; i++)
            tk_out_printf(&out, "%sc%d", i == 0 ? "" : ",", i);
        tk_status status = tk_csv_open_text(TK_STR("t"), tk_out_str(&out), &reader, &err);
        assert_int_equal(status, more == 0 ? TK_OK : TK_ERR_LIMIT);
        if (more == 1)
            assert_string_equal(err.message, "more than 512 columns");
        tk_csv_close(reader);
        tk_out_fini(&out);
    }
}

/* --- writing --- */

static void test_csv_write(void **state)
{
    (void)state;
    static const struct {
        const char *cell, *text, *plain; /* written as text of people, and as a figure of ours */
    } rows[] = {
        {"abc", "abc", "abc"},
        {"", "", ""},
        {"a,b", "\"a,b\"", "\"a,b\""},
        {"a;b", "\"a;b\"", "\"a;b\""},
        {"say \"no\"", "\"say \"\"no\"\"\"", "\"say \"\"no\"\"\""},
        {"two\nlines", "\"two\nlines\"", "\"two\nlines\""},
        {"=1+2", "\"'=1+2\"", "=1+2"},
        {"+1", "\"'+1\"", "+1"},
        {"-1", "\"'-1\"", "-1"},
        {"@x", "\"'@x\"", "@x"},
        {"\tx", "\"'\tx\"", "\"\tx\""},
        {"\rx", "\"'\rx\"", "\"\rx\""},
        {"'=x", "\"''=x\"", "\"''=x\""},
        {"'x", "'x", "'x"},
        {"#x", "\"#x\"", "\"#x\""},
        {" x", "\" x\"", "\" x\""},
        {"x ", "\"x \"", "\"x \""},
    };
    for (size_t i = 0; i < TK_COUNT(rows); i++)
        for (int text = 0; text < 2; text++) {
            tk_out out;
            tk_out_init(&out, NULL);
            tk_csv_write_cell(&out, tk_str_from(rows[i].cell), true, text == 1);
            assert_int_equal(out.len, strlen(text ? rows[i].text : rows[i].plain));
            if (out.len != 0)
                assert_memory_equal(out.bytes, text ? rows[i].text : rows[i].plain, out.len);
            tk_out_fini(&out);
        }
}

/* Whatever is written as text is read back as it was. */
static void test_csv_round_trip(void **state)
{
    (void)state;
    static const char alphabet[] = "=+-@\t\r\n'\",;# x";
    enum { LETTERS = sizeof alphabet - 1 };
    tk_out out;
    tk_out_init(&out, NULL);
    for (int n = 0; n < LETTERS * LETTERS * LETTERS; n++) {
        char cell[4] = {alphabet[n % LETTERS], alphabet[n / LETTERS % LETTERS], alphabet[n / LETTERS / LETTERS], 0};
        tk_csv_reader *reader = NULL;
        const tk_csv_row *row = NULL;
        tk_out_reset(&out);
        tk_out_text(&out, "a,b\n");
        tk_csv_write_cell(&out, tk_str_from(cell), true, true);
        tk_csv_write_cell(&out, tk_str_from(cell), false, true);
        tk_out_char(&out, '\n');
        assert_int_equal(tk_csv_open_text(TK_STR("t"), tk_out_str(&out), &reader, NULL), TK_OK);
        assert_int_equal(tk_csv_next(reader, &row, NULL), TK_OK);
        assert_non_null(row);
        for (size_t i = 0; i < 2; i++)
            assert_memory_equal(row->cells[i].ptr, cell, 3);
        tk_csv_close(reader);
    }
    tk_out_fini(&out);
}

/* A comment above the header may be longer than any buffer and hold what looks like an open quote; the separator is
 * still the header's. */
static void test_csv_comments(void **state)
{
    (void)state;
    enum { LONG = 2 * TK_ROW_BYTES_MAX };
    static const char rest[] = "\n# see \"a, or b\n#,\"\n\r\na;b\n1;2\n";
    char *text = malloc(LONG + sizeof(rest));
    assert_non_null(text);
    memset(text, '#', LONG);
    memcpy(text + LONG, rest, sizeof(rest));
    for (int from_stream = 0; from_stream < 2; from_stream++) {
        size_t len = LONG + sizeof(rest) - 1, columns = 0;
        FILE *stream = fmemopen(text, len, "r");
        tk_csv_reader *reader = NULL;
        const tk_csv_row *row = NULL;
        tk_err err = {0};
        tk_status status = from_stream == 1 ? tk_csv_open_file(TK_STR("f"), stream, &reader, &err)
                                            : tk_csv_open_text(TK_STR("f"), (tk_str){text, len}, &reader, &err);
        assert_int_equal(status, TK_OK);
        const tk_str *header = tk_csv_header(reader, &columns);
        assert_int_equal(columns, 2);
        assert_true(tk_str_is(header[1], "b"));
        assert_int_equal(tk_csv_next(reader, &row, &err), TK_OK);
        assert_non_null(row);
        assert_int_equal(row->line, 6);
        assert_true(tk_str_is(row->cells[1], "2"));
        tk_csv_close(reader);
        (void)fclose(stream);
    }
    free(text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_csv_separators),    cmocka_unit_test(test_csv_line_ends),
        cmocka_unit_test(test_csv_marks),         cmocka_unit_test(test_csv_bare),
        cmocka_unit_test(test_csv_quotes),
        cmocka_unit_test(test_csv_bad_then_good), cmocka_unit_test(test_csv_counts),
        cmocka_unit_test(test_csv_places),        cmocka_unit_test(test_csv_cell_limit),
        cmocka_unit_test(test_csv_cell_limit_guarded),
        cmocka_unit_test(test_csv_record_limit),  cmocka_unit_test(test_csv_lost_quote),
        cmocka_unit_test(test_csv_column_limit),  cmocka_unit_test(test_csv_write),
        cmocka_unit_test(test_csv_round_trip),    cmocka_unit_test(test_csv_comments),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
