/* SPDX-License-Identifier: Apache-2.0 */
/* book.h: a book of claims for a test, with the program's tables and with the claims of the test alone. */
#ifndef TESTS_UNIT_CLAIMS_BOOK_H
#define TESTS_UNIT_CLAIMS_BOOK_H

#include "base/str.h"
#include "claims/book.h"
#include "desk/embedded.h"
#include "seams/place.h"

typedef struct test_book {
    tk_store *store;
    tk_claims *claims;
} test_book;

static inline tk_source test_embedded(const char *path)
{
    for (size_t i = 0; i < tk_embedded_files_count; i++)
        if (tk_str_is(tk_embedded_files[i].path, path))
            return (tk_source){.name = tk_embedded_files[i].path, .text = tk_embedded_files[i].text};
    return (tk_source){.name = TK_STR(""), .text = TK_STR("")};
}

/* `path` NULL: in memory. `predicates`: instead of the program's; NULL: those. */
static inline tk_status test_book_open_with(test_book *book, const char *path, const tk_source *predicates, tk_err *err)
{
    static const char nothing[] = "id,date_reported,source_kind,actor,subject,predicate\n";
    tk_store_options options = TK_STORE_OPTIONS_INIT;
    options.path = path;
    options.in_memory = path == NULL;
    options.modules = &tk_claims_module;
    options.modules_count = 1;
    options.create = true;
    tk_claims_texts texts = {.grades = test_embedded("claims/grades.csv"),
                             .predicates = predicates == NULL ? test_embedded("claims/predicates.csv") : *predicates,
                             .names = test_embedded("claims/names.csv"),
                             .shipped = {.name = TK_STR("none"), .text = TK_STR(nothing)}};
    *book = (test_book){NULL, NULL};
    tk_status status = tk_store_open(&options, &book->store, err);
    return status == TK_OK ? tk_claims_open(book->store, &texts, &book->claims, NULL, err) : status;
}

static inline tk_status test_book_open(test_book *book, const char *path, tk_err *err)
{
    return test_book_open_with(book, path, NULL, err);
}

static inline void test_book_close(test_book *book)
{
    tk_claims_close(book->claims);
    tk_store_close(book->store);
    *book = (test_book){NULL, NULL};
}

static inline tk_status test_book_import(test_book *book, tk_str text, tk_claims_imported *done, tk_err *err)
{
    tk_claims_input input = TK_CLAIMS_INPUT_INIT;
    input.name = TK_STR("claims.csv");
    input.text = text;
    input.today = TK_DATE_MAX;
    return tk_claims_import(book->claims, &input, done, err);
}

#endif
