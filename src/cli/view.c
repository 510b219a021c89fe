/* SPDX-License-Identifier: Apache-2.0 */
/* view.c: the frame of a verb that only shows things: desk, page, arguments. */
#include "cli/cli_int.h"

int cli_view_run(const cli_args *args, int (*body)(cli_view *view))
{
    cli_view view = {.args = args};
    int code = cli_desk_open(args, &view.desk, &view.messages);
    if (code != CLI_EXIT_OK)
        return code;
    view.book = tk_desk_rulebook(view.desk);
    cli_sink sink = {0};
    code = cli_sink_open(&sink, args);
    if (code == CLI_EXIT_OK) {
        cli_page_init(&view.page, &sink, args);
        code = body(&view);
        cli_page_fini(&view.page);
        int closed = cli_sink_close(&sink, !view.broken);
        if (closed != CLI_EXIT_OK)
            code = closed;
    }
    tk_messages_free(view.messages);
    tk_desk_close(view.desk);
    return code;
}

const char *cli_only_argument(const cli_verb *verb, const cli_args *args, const char *what)
{
    if (args->positional_count == 2)
        return args->positional[1];
    if (args->positional_count < 2)
        cli_complain("%s %s which %s? 'twokey %s list' names them", verb->name, args->positional[0], what, verb->name);
    else
        cli_complain("%s %s takes one %s; '%s' is one too many", verb->name, args->positional[0], what,
                     args->positional[2]);
    return NULL;
}

bool cli_no_arguments(const cli_verb *verb, const cli_args *args)
{
    size_t taken = verb->subs == NULL ? 0 : 1;
    if (args->positional_count <= taken)
        return true;
    if (taken == 0)
        cli_complain("%s takes no argument, but '%s' was given", verb->name, args->positional[0]);
    else
        cli_complain("%s %s takes no argument, but '%s' was given", verb->name, args->positional[0],
                     args->positional[1]);
    return false;
}
