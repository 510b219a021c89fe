/* SPDX-License-Identifier: Apache-2.0 */
/* book.c: the parts of a book, and what the program brings along for them. */
#include "desk/book.h"

#include "base/arena.h"
#include "base/err.h"
#include "base/str.h"
#include "desk/embedded.h"
#include "desk/sweep.h"
#include "desk/watch.h"
#include "parties/book.h"

void tk_desk_modules(tk_store_module modules[TK_DESK_MODULES])
{
    modules[0] = tk_claims_module;
    modules[1] = tk_desk_watch_module;
    modules[2] = tk_parties_module;
    modules[3] = tk_desk_sweep_module;
}

static tk_source embedded_table(const char *path)
{
    tk_source table = {.name = tk_str_from(path), .text = TK_STR("")};
    for (size_t i = 0; i < tk_embedded_files_count; i++)
        if (tk_str_is(tk_embedded_files[i].path, path))
            table.text = tk_embedded_files[i].text;
    return table;
}

tk_claims_texts tk_desk_claims_texts(void)
{
    return (tk_claims_texts){.grades = embedded_table("claims/grades.csv"),
                             .predicates = embedded_table("claims/predicates.csv"),
                             .names = embedded_table("claims/names.csv"),
                             .shipped = embedded_table("claims/claims.csv")};
}

tk_lists_texts tk_desk_lists_texts(void)
{
    return (tk_lists_texts){.sources = embedded_table("lists/sources.csv"),
                            .families = embedded_table("lists/families.csv"),
                            .policies = embedded_table("lists/policies.csv"),
                            .countries = embedded_table("lists/countries.csv"),
                            .places = embedded_table("catalogue/places.csv")};
}

/* --- a book for its claims alone --- */

typedef struct claims_book {
    tk_arena *memory; /* which this stands in */
    tk_store_module modules[TK_DESK_MODULES]; /* the store borrows them */
    tk_store *store;
} claims_book;

static void claims_book_free(void *owned)
{
    claims_book *book = owned;
    tk_store_close(book->store);
    tk_arena_free(book->memory);
}

tk_status tk_claims_book_open(const tk_claims_book_options *options, tk_claims **out, tk_claims_imported *shipped,
                              tk_err *err)
{
    tk_store_options store = TK_STORE_OPTIONS_INIT;
    tk_claims_texts texts = tk_desk_claims_texts();
    *out = NULL;
    if (options->version != TK_CLAIMS_BOOK_OPTIONS_VERSION)
        return tk_err_set(err, TK_ERR_USAGE, "tk_claims_book_options of version %u; this library knows version %d",
                          options->version, TK_CLAIMS_BOOK_OPTIONS_VERSION);
    tk_arena *memory;
    tk_status status = tk_arena_new(&memory, err);
    if (status != TK_OK)
        return status;
    claims_book *book = TK_ARENA_NEW(memory, claims_book);
    if (book == NULL) {
        tk_arena_free(memory);
        return tk_err_set(err, TK_ERR_MEMORY, "out of memory for a book");
    }
    book->memory = memory;
    tk_desk_modules(book->modules);
    store.path = options->path;
    store.in_memory = options->path == NULL;
    store.create = options->create;
    store.shared = options->shared;
    store.modules = book->modules;
    store.modules_count = TK_DESK_MODULES;
    status = tk_store_open(&store, &book->store, err);
    if (status == TK_OK)
        status = tk_claims_open(book->store, &texts, out, shipped, err);
    if (status == TK_OK)
        tk_claims_own(*out, book, claims_book_free);
    else
        claims_book_free(book);
    return status;
}
