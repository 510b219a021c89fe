/* SPDX-License-Identifier: Apache-2.0 */
/* err.c: a failure is said once, by its finder. */
#include "base/err.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/str.h"

static void test_err_first_wins(void **state)
{
    (void)state;
    tk_err err = {0};
    assert_int_equal(tk_err_set(&err, TK_ERR_INPUT, "the %s", "first"), TK_ERR_INPUT);
    assert_int_equal(tk_err_set(&err, TK_ERR_IO, "the second"), TK_ERR_IO);
    assert_int_equal(err.status, TK_ERR_INPUT);
    assert_string_equal(err.message, "the first");
    tk_err_where(&err, TK_STR("a.csv"), 3, 4);
    tk_err_where(&err, TK_STR("b.csv"), 5, 6);
    assert_string_equal(err.file, "a.csv");
    assert_int_equal(err.line, 3);
    assert_int_equal(err.column, 4);
}

static void test_err_null(void **state)
{
    (void)state;
    assert_int_equal(tk_err_set(NULL, TK_ERR_LIMIT, "nobody listens"), TK_ERR_LIMIT);
    tk_err_where(NULL, TK_STR("x"), 1, 1);
}

/* A message is cut at its end, a file name at its beginning. */
static void test_err_long(void **state)
{
    (void)state;
    static char message[TK_ERR_MESSAGE_MAX + 2], file[TK_ERR_FILE_MAX + 2];
    for (size_t more = 0; more < 2; more++) {
        tk_err err = {0};
        memset(message, 'm', sizeof message);
        message[TK_ERR_MESSAGE_MAX - 1 + more] = 0;
        (void)tk_err_set(&err, TK_ERR_INPUT, "%s", message);
        assert_int_equal(strlen(err.message), TK_ERR_MESSAGE_MAX - 1);
        memset(file, 'f', sizeof file);
        file[0] = 'x';
        tk_err_where(&err, (tk_str){file, TK_ERR_FILE_MAX - 1 + more}, 1, 1);
        assert_int_equal(strlen(err.file), TK_ERR_FILE_MAX - 1);
        assert_int_equal(err.file[0], more == 0 ? 'x' : 'f');
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_err_first_wins),
        cmocka_unit_test(test_err_null),
        cmocka_unit_test(test_err_long),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
