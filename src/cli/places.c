/* SPDX-License-Identifier: Apache-2.0 */
/* places.c: places and their country groups, dated. */
#include "cli/cli_int.h"

static int places_list(cli_view *view)
{
    const tk_catalogue *catalogue = tk_desk_catalogue(view->desk);
    tk_out_printf(view->page.out, "%zu places\n", tk_catalogue_place_count(catalogue));
    return CLI_EXIT_OK;
}

int cli_places(const cli_verb *verb, const cli_args *args)
{
    return cli_no_arguments(verb, args) ? cli_view_run(args, places_list) : CLI_EXIT_USAGE;
}
