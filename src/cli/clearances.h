/* SPDX-License-Identifier: Apache-2.0 */
/* clearances.h: `twokey screen clear` and `twokey screen confirm`. */
#ifndef TK_CLI_CLEARANCES_H
#define TK_CLI_CLEARANCES_H

#include "cli/cli_int.h"

/* The flags of both, beside those of every verb, of the book and of the folder of lists. */
#define CLI_BITS_DECISION (CLI_BIT(PARTY) | CLI_BIT(REASON) | CLI_BIT(BY))

/* Is the first argument `clear` or `confirm`? */
bool cli_screen_decides(const cli_args *args);
/* `screen clear HIT --party ID --reason TEXT [--by NAME]`, `screen confirm HIT --party ID [--reason TEXT] [--by NAME]`:
 * finds the entry in the lists, the party in the book or the catalogue, and writes the decision into the book. */
int cli_screen_decide(const cli_args *args);

#endif
