/* SPDX-License-Identifier: Apache-2.0 */
/* book.h: what every book of this program holds: all that open one name all its parts. */
#ifndef TK_DESK_BOOK_H
#define TK_DESK_BOOK_H

#include "claims/book.h"
#include "lists/lists.h"
#include "parties/book.h"
#include "store/store.h"

enum { TK_DESK_MODULES = 4 };

/* Must live as long as the store that is opened with them. */
void tk_desk_modules(tk_store_module modules[TK_DESK_MODULES]);
/* The tables of claims, and the claims, that come with the program. */
tk_claims_texts tk_desk_claims_texts(void);
/* What is known of lists and their sources. */
tk_lists_texts tk_desk_lists_texts(void);

#endif
