/* SPDX-License-Identifier: Apache-2.0 */
/* compare.h: `twokey screen compare`, which needs no list. */
#ifndef TK_CLI_COMPARE_H
#define TK_CLI_COMPARE_H

#include "cli/cli_int.h"

/* `screen compare LEFT RIGHT` or `--pairs FILE`: the arguments begin with "compare". */
int cli_screen_compare(const cli_args *args);

#endif
