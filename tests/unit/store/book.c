/* SPDX-License-Identifier: Apache-2.0 */
/* book.c: which file is the book, one row for each way of saying so. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/str.h"
#include "store/book.h"

static void test_book_path(void **state)
{
    (void)state;
    static const char relative[] = "TWOKEY_BOOK is 'b.db': expected a path that begins with /";
    static const char nowhere[] = "there is no place for the book";
    static const struct {
        tk_book_place place; /* --book, TWOKEY_BOOK, XDG_DATA_HOME, HOME */
        const char *path, *why;
    } rows[] = {
        {{"a.db", "/b.db", "/x", "/h"}, "a.db", NULL},
        {{"/a/a.db", NULL, NULL, NULL}, "/a/a.db", NULL},
        {{"", "/b.db", "/x", "/h"}, NULL, "--book names no file"},
        {{NULL, "/b.db", "/x", "/h"}, "/b.db", NULL},
        {{NULL, "b.db", "/x", "/h"}, NULL, relative},
        {{NULL, "", "/x", "/h"}, "/x/twokey/book.db", NULL},
        {{NULL, NULL, "/x", "/h"}, "/x/twokey/book.db", NULL},
        {{NULL, NULL, "/x", NULL}, "/x/twokey/book.db", NULL},
        {{NULL, NULL, "x", "/h"}, "/h/.local/share/twokey/book.db", NULL},
        {{NULL, NULL, "", "/h"}, "/h/.local/share/twokey/book.db", NULL},
        {{NULL, NULL, NULL, "/h"}, "/h/.local/share/twokey/book.db", NULL},
        {{NULL, NULL, NULL, "h"}, NULL, nowhere},
        {{NULL, NULL, NULL, ""}, NULL, nowhere},
        {{NULL, NULL, NULL, NULL}, NULL, nowhere},
        {{NULL, NULL, "x", "h"}, NULL, nowhere},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        tk_arena arena;
        tk_str path;
        tk_err err = {0};
        tk_arena_init(&arena, 1024, 0);
        tk_status status = tk_book_path(&rows[i].place, &arena, &path, &err);
        assert_int_equal(status, rows[i].path == NULL ? TK_ERR_USAGE : TK_OK);
        if (rows[i].path != NULL)
            assert_string_equal(path.ptr, rows[i].path); /* terminated */
        else if (strstr(err.message, rows[i].why) != err.message)
            fail_msg("row %zu: %s", i, err.message);
        tk_arena_fini(&arena);
    }
}

static void test_book_environment(void **state)
{
    (void)state;
    assert_int_equal(setenv("TWOKEY_BOOK", "/b.db", 1), 0);
    assert_int_equal(setenv("XDG_DATA_HOME", "/x", 1), 0);
    assert_int_equal(setenv("HOME", "/h", 1), 0);
    tk_book_place place = tk_book_place_of("a.db");
    assert_string_equal(place.asked, "a.db");
    assert_string_equal(place.book, "/b.db");
    assert_string_equal(place.xdg_data_home, "/x");
    assert_string_equal(place.home, "/h");
    assert_int_equal(unsetenv("TWOKEY_BOOK"), 0);
    place = tk_book_place_of(NULL);
    assert_null(place.asked);
    assert_null(place.book);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_book_path),
        cmocka_unit_test(test_book_environment),
    };
    return cmocka_run_group_tests_name("store/book", tests, NULL, NULL);
}
