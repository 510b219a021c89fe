/* SPDX-License-Identifier: Apache-2.0 */
/* shelf.c: where the lists are: the folder named by --lists, else `lists` in the folder of the book. */
#include "cli/shelf.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>

#include "desk/embedded.h"
#include "store/book.h"

static tk_str folder_of(tk_str path)
{
    while (path.len != 0 && path.ptr[path.len - 1] != '/')
        path.len--;
    return path;
}

int cli_shelf_path(const cli_args *args, tk_arena *arena, tk_str *path)
{
    tk_err err = {0};
    tk_str book;
    const char *lists = args->values[CLI_FLAG_LISTS];
    if (lists != NULL) {
        *path = tk_arena_copy(arena, tk_str_from(lists));
        return CLI_EXIT_OK;
    }
    tk_book_place place = tk_book_place_of(args->values[CLI_FLAG_BOOK]);
    tk_status status = tk_book_path(&place, arena, &book, &err);
    if (status != TK_OK) {
        cli_complain_err(&err);
        return cli_exit_of(status);
    }
    tk_str folder = folder_of(book);
    *path = tk_arena_printf(arena, TK_FMT "lists", TK_ARG_STR(folder));
    return CLI_EXIT_OK;
}

/* The folders above that are missing, for their owner alone, as a book makes them. */
static bool make_above(char *path)
{
    for (char *at = path + 1; *at != 0; at++) {
        if (*at != '/')
            continue;
        *at = 0;
        bool good = mkdir(path, 0700) == 0 || errno == EEXIST;
        *at = '/';
        if (!good)
            return false;
    }
    return true;
}

int cli_shelf_open(const cli_args *args, bool create, tk_shelf **out)
{
    tk_err err = {0};
    tk_arena arena;
    tk_str path = TK_STR("");
    tk_shelf_options options = {.create = create, .shared = args->values[CLI_FLAG_SHARED] != NULL};
    *out = NULL;
    tk_arena_init(&arena, 4096, 0);
    int code = cli_shelf_path(args, &arena, &path);
    tk_status status = TK_OK;
    if (code == CLI_EXIT_OK && create && path.len != 0 && !make_above((char *)(uintptr_t)path.ptr))
        status = tk_err_set(&err, TK_ERR_IO, "the folder " TK_FMT " cannot be made: %s", TK_ARG_STR(path),
                            strerror(errno));
    if (code == CLI_EXIT_OK && status == TK_OK)
        status = tk_shelf_open(path.ptr, &options, out, &err);
    tk_arena_fini(&arena);
    if (status != TK_OK) {
        cli_complain_err(&err);
        code = cli_exit_of(status);
    }
    return code;
}

static tk_source embedded(const char *path)
{
    for (size_t i = 0; i < tk_embedded_files_count; i++)
        if (tk_str_is(tk_embedded_files[i].path, path))
            return (tk_source){tk_embedded_files[i].path, tk_embedded_files[i].text};
    return (tk_source){tk_str_from(path), TK_STR("")};
}

int cli_list_tables_open(tk_lists **out)
{
    tk_err err = {0};
    tk_lists_texts texts = {.sources = embedded("lists/sources.csv"),
                            .families = embedded("lists/families.csv"),
                            .policies = embedded("lists/policies.csv"),
                            .countries = embedded("lists/countries.csv"),
                            .places = embedded("catalogue/places.csv")};
    tk_status status = tk_lists_open(&texts, out, &err);
    if (status != TK_OK)
        cli_complain_err(&err);
    return cli_exit_of(status);
}
