/* SPDX-License-Identifier: Apache-2.0 */
/* book.h: which file is the book: what was asked for, else the environment, else the user's data folder. */
#ifndef TK_STORE_BOOK_H
#define TK_STORE_BOOK_H

#include "base/arena.h"

/* Where a name comes from; NULL: not set. Empty counts as not set, as everywhere in a shell. */
typedef struct tk_book_place {
    const char *asked;         /* --book FILE: taken as it is, also relative to the current folder */
    const char *book;          /* $TWOKEY_BOOK */
    const char *xdg_data_home; /* $XDG_DATA_HOME */
    const char *home;          /* $HOME */
} tk_book_place;

/* The environment of this process, with what was asked for. */
tk_book_place tk_book_place_of(const char *asked);
/* The path, into the arena, terminated; a folder that is not there yet is made when the book is. A relative path in
 * the environment is refused, so that the current folder never supplies a book by chance. */
TK_MUST_USE tk_status tk_book_path(const tk_book_place *place, tk_arena *arena, tk_str *path, tk_err *err);

#endif
