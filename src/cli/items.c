/* SPDX-License-Identifier: Apache-2.0 */
/* items.c: accelerators and their figures. */
#include "cli/cli_int.h"

static int items_list(cli_view *view)
{
    const tk_catalogue *catalogue = tk_desk_catalogue(view->desk);
    tk_out_printf(view->page.out, "%zu items\n", tk_catalogue_item_count(catalogue));
    return CLI_EXIT_OK;
}

int cli_items(const cli_verb *verb, const cli_args *args)
{
    return cli_no_arguments(verb, args) ? cli_view_run(args, items_list) : CLI_EXIT_USAGE;
}
