/* SPDX-License-Identifier: Apache-2.0 */
/* view.c: the frame of a verb that only shows things: which sub-verb, what goes with it, the desk, the page. */
#include <string.h>

#include "cli/cli_int.h"

int cli_view_run(const cli_args *args, cli_body body)
{
    cli_view view = {.args = args};
    int code = cli_desk_open(args, false, &view.desk, &view.messages);
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

bool cli_no_arguments(const cli_verb *verb, const cli_args *args)
{
    if (args->positional_count == 0)
        return true;
    cli_complain("%s takes no argument, but '%s' was given", verb->name, args->positional[0]);
    return false;
}

static bool sub_arguments(const cli_verb *verb, const cli_args *args, const cli_sub *sub)
{
    size_t wanted = sub->argument == NULL ? 1 : 2;
    if (wanted < args->positional_count) {
        const char *extra = args->positional[wanted];
        if (sub->argument == NULL)
            cli_complain("%s %s takes no argument, but '%s' was given", verb->name, sub->name, extra);
        else
            cli_complain("%s %s takes one %s; '%s' is one too many", verb->name, sub->name, sub->argument, extra);
        return false;
    }
    if (sub->argument != NULL && args->positional_count < wanted) {
        cli_complain("%s %s: which %s? 'twokey %s list' names them", verb->name, sub->name, sub->argument, verb->name);
        return false;
    }
    return true;
}

/* A flag of the verb that means nothing to this sub-verb would be silently dropped. */
static bool sub_flags(const cli_verb *verb, const cli_args *args, const cli_sub *sub)
{
    cli_bits taken = CLI_BITS_ALWAYS | CLI_BITS_DATA | CLI_BIT(OUT) | CLI_BIT(FORCE) | sub->flags
                     | (sub->formats == NULL ? 0 : CLI_BIT(FORMAT));
    for (size_t i = 0; i < CLI_FLAG_COUNT; i++)
        if (args->values[i] != NULL && (taken & cli_bit(i)) == 0) {
            cli_complain("--%s does not go with '%s %s'", cli_flag_infos[i].name, verb->name, sub->name);
            return false;
        }
    const char *format = args->values[CLI_FLAG_FORMAT];
    return format == NULL || cli_check_choice("--format", sub->formats, format);
}

int cli_sub_run(const cli_verb *verb, const cli_args *args, const cli_sub *subs, size_t count, bool first_is_usual)
{
    if (args->positional_count == 0 && !first_is_usual) {
        cli_complain("%s: what of them? Expected one of %s", verb->name, verb->subs);
        return CLI_EXIT_USAGE;
    }
    const cli_sub *sub = &subs[0];
    for (size_t i = 0; args->positional_count != 0 && i < count; i++)
        if (strcmp(args->positional[0], subs[i].name) == 0)
            sub = &subs[i];
    if (!sub_flags(verb, args, sub) || !sub_arguments(verb, args, sub))
        return CLI_EXIT_USAGE;
    return cli_view_run(args, sub->body);
}

bool cli_format_is(const cli_args *args, const char *format)
{
    const char *given = args->values[CLI_FLAG_FORMAT];
    return given != NULL && strcmp(given, format) == 0;
}
