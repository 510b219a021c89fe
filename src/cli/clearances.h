/* SPDX-License-Identifier: Apache-2.0 */
/* clearances.h: `twokey screen clear` and `twokey screen confirm`, which the verb `screen` calls with its screener. */
#ifndef TK_CLI_CLEARANCES_H
#define TK_CLI_CLEARANCES_H

#include "cli/cli_int.h"
#include "screen/screener.h"

/* `screen clear HIT --party ID --reason TEXT [--by NAME]`: the second argument is the hit. Opens the book of the flags.
 * An exit code: CLI_EXIT_USAGE after a message when hit, party or reason is missing or not there. */
int cli_screen_clear(const cli_args *args, const tk_screener *screener);
/* `screen confirm HIT --party ID [--reason TEXT] [--by NAME]`. */
int cli_screen_confirm(const cli_args *args, const tk_screener *screener);
/* The flags of both, beside those of every verb and of the book. */
#define CLI_BITS_DECISION (CLI_BIT(PARTY) | CLI_BIT(REASON) | CLI_BIT(BY))

#endif
