/* SPDX-License-Identifier: Apache-2.0 */
/* doctor.c: what this program is made of: versions, rules and data with their ages, and parts that are not there. */
#include "cli/cli_int.h"

static void doctor_line(cli_page *page, const char *name, tk_str text)
{
    cli_puts(page, CLI_PLAIN, "  ");
    cli_put_column(page, CLI_DIM, tk_str_from(name), 14);
    cli_put_wrapped(page, CLI_PLAIN, text, 16, 16);
}

static int doctor_body(cli_view *view)
{
    cli_page *page = &view->page;
    doctor_line(page, "twokey", tk_str_from(tk_version()));
    doctor_line(page, "rulebook", tk_rulebook_hash(view->book));
    doctor_line(page, "catalogue", tk_desk_catalogue_hash(view->desk));
    doctor_line(page, "claims", tk_desk_claims_hash(view->desk));
    return CLI_EXIT_OK;
}

int cli_doctor(const cli_verb *verb, const cli_args *args)
{
    return cli_no_arguments(verb, args) ? cli_view_run(args, doctor_body) : CLI_EXIT_USAGE;
}
