/* SPDX-License-Identifier: Apache-2.0 */
/* desk_book.c: a book with the parties and holdings of a few lines. */
#include "seams/desk_book.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "base/str.h"
#include "desk/book.h"
#include "parties/book.h"

void test_book_import(const char *path, const char *text)
{
    tk_store_module modules[TK_DESK_MODULES];
    tk_store_options options = TK_STORE_OPTIONS_INIT;
    tk_store *store = NULL;
    tk_parties_input input = {.name = TK_STR("test"), .text = tk_str_from(text), .day = 20000};
    tk_parties_imported done;
    tk_desk_modules(modules);
    options.path = path;
    options.create = true;
    options.modules = modules;
    options.modules_count = TK_DESK_MODULES;
    assert_int_equal(tk_store_open(&options, &store, NULL), TK_OK);
    assert_int_equal(tk_parties_import(store, &input, &done, NULL), TK_OK);
    assert_int_equal(done.rejected, 0);
    tk_store_close(store);
}
