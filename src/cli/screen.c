/* SPDX-License-Identifier: Apache-2.0 */
/* screen.c: `twokey screen`: the verb and its parts. */
#include <string.h>

#include "cli/compare.h"

int cli_screen(const cli_verb *verb, const cli_args *args)
{
    if (args->positional_count != 0 && strcmp(args->positional[0], "compare") == 0)
        return cli_screen_compare(args);
    cli_complain("%s: what? 'twokey %s --help' names it", verb->name, verb->name);
    return CLI_EXIT_USAGE;
}
