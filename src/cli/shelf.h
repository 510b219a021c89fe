/* SPDX-License-Identifier: Apache-2.0 */
/* shelf.h: the folder of lists that the flags and the environment name, for every verb that reads or writes one. */
#ifndef TK_CLI_SHELF_H
#define TK_CLI_SHELF_H

#include "cli/cli_int.h"
#include "screen/shelf.h"

/* --lists DIR, else `lists` beside the book. `create` makes the folder when there is none, and that of the book. 0, or
 * an exit code after a message. */
int cli_shelf_open(const cli_args *args, bool create, tk_shelf **out);
/* Where it is, in the arena. 0, or an exit code after a message. */
int cli_shelf_path(const cli_args *args, tk_arena *arena, tk_str *path);

/* The tables of sources, families and policies that come with the program. 0, or an exit code after a message. */
int cli_list_tables_open(tk_lists **out);

#endif
