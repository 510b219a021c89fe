/* SPDX-License-Identifier: Apache-2.0 */
/* book.h: the book that the flags and the environment name, for every verb that reads or writes one. */
#ifndef TK_CLI_BOOK_H
#define TK_CLI_BOOK_H

#include "cli/cli_int.h"
#include "store/store.h"

/* Path, modules and --shared; the path lives in the arena. 0, or an exit code after a message. */
int cli_book_options(const cli_args *args, tk_arena *arena, tk_store_options *options);

#endif
