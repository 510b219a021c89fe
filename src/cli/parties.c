/* SPDX-License-Identifier: Apache-2.0 */
/* parties.c: parties on record. */
#include "cli/cli_int.h"

static int parties_list(cli_view *view)
{
    const tk_catalogue *catalogue = tk_desk_catalogue(view->desk);
    tk_out_printf(view->page.out, "%zu parties\n", tk_catalogue_party_count(catalogue));
    return CLI_EXIT_OK;
}

int cli_parties(const cli_verb *verb, const cli_args *args)
{
    return cli_no_arguments(verb, args) ? cli_view_run(args, parties_list) : CLI_EXIT_USAGE;
}
