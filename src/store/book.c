/* SPDX-License-Identifier: Apache-2.0 */
/* book.c: which file is the book. The environment is read in one place, so that tests can play it. */
#include "store/book.h"

#include <stdlib.h>

#include "base/err.h"
#include "base/str.h"

tk_book_place tk_book_place_of(const char *asked)
{
    return (tk_book_place){.asked = asked,
                           .book = getenv("TWOKEY_BOOK"),
                           .xdg_data_home = getenv("XDG_DATA_HOME"),
                           .home = getenv("HOME")};
}

static bool place_is_set(const char *value)
{
    return value != NULL && value[0] != 0;
}

tk_status tk_book_path(const tk_book_place *place, tk_arena *arena, tk_str *path, tk_err *err)
{
    *path = (tk_str){NULL, 0};
    if (place->asked != NULL) {
        if (place->asked[0] == 0)
            return tk_err_set(err, TK_ERR_USAGE, "--book names no file");
        *path = tk_arena_copy(arena, tk_str_from(place->asked));
    } else if (place_is_set(place->book)) {
        if (place->book[0] != '/')
            return tk_err_set(err, TK_ERR_USAGE, "TWOKEY_BOOK is '%s': expected a path that begins with /, so that the "
                              "book does not depend on the current folder", place->book);
        *path = tk_arena_copy(arena, tk_str_from(place->book));
    } else if (place_is_set(place->xdg_data_home) && place->xdg_data_home[0] == '/') {
        /* A relative XDG_DATA_HOME is to be ignored, says the XDG base directory specification. */
        *path = tk_arena_printf(arena, "%s/twokey/book.db", place->xdg_data_home);
    } else if (place_is_set(place->home) && place->home[0] == '/') {
        *path = tk_arena_printf(arena, "%s/.local/share/twokey/book.db", place->home);
    } else {
        return tk_err_set(err, TK_ERR_USAGE, "there is no place for the book: neither --book, TWOKEY_BOOK, "
                          "XDG_DATA_HOME nor HOME names one; say --book FILE");
    }
    return arena->failed ? tk_err_set(err, TK_ERR_MEMORY, "out of memory") : TK_OK;
}
