/* SPDX-License-Identifier: Apache-2.0 */
/* completion.c: completion scripts, made from the same tables as the help. */
#include <string.h>

#include "cli/cli_int.h"

static void flags_of(const cli_verb *verb, const char *before)
{
    for (size_t i = 0; i < CLI_FLAG_COUNT; i++)
        if ((verb->flags & cli_bit(i)) != 0)
            (void)printf("%s--%s", before, cli_flag_infos[i].name);
    for (size_t i = 0; verb->order_flags && i < TK_COLUMN_COUNT; i++)
        if (i != TK_COLUMN_AS_OF)
            (void)printf("%s--%s", before, cli_order_flag((tk_column)i));
}

/* Between single quotes: zsh ends the text for an apostrophe, fish escapes it. */
static void put_quoted(const char *text, const char *apostrophe)
{
    (void)putchar('\'');
    for (; *text != 0; text++) {
        if (*text == '\'')
            (void)fputs(apostrophe, stdout);
        else
            (void)putchar(*text);
    }
    (void)putchar('\'');
}

static void completion_bash(void)
{
    (void)printf("# bash completion of twokey\n"
                 "_twokey() {\n"
                 "    local word=${COMP_WORDS[COMP_CWORD]} words=\n"
                 "    if [ \"$COMP_CWORD\" -eq 1 ]; then\n"
                 "        words=\"");
    for (size_t i = 0; i < cli_verbs_count; i++)
        (void)printf("%s ", cli_verbs[i].name);
    (void)printf("--help --version\"\n"
                 "    else\n"
                 "        case ${COMP_WORDS[1]} in\n");
    for (size_t i = 0; i < cli_verbs_count; i++) {
        (void)printf("        %s) words=\"%s", cli_verbs[i].name, cli_verbs[i].subs == NULL ? "" : cli_verbs[i].subs);
        flags_of(&cli_verbs[i], " ");
        (void)printf("\" ;;\n");
    }
    (void)printf("        esac\n"
                 "    fi\n"
                 "    COMPREPLY=($(compgen -W \"$words\" -- \"$word\"))\n"
                 "    local IFS=$'\\n'\n"
                 "    [ ${#COMPREPLY[@]} -ne 0 ] || COMPREPLY=($(compgen -f -- \"$word\"))\n"
                 "}\n"
                 "complete -o filenames -F _twokey twokey\n");
}

static void completion_zsh(void)
{
    (void)printf("#compdef twokey\n"
                 "_twokey() {\n"
                 "    if (( CURRENT == 2 )); then\n"
                 "        local -a verbs=(\n");
    for (size_t i = 0; i < cli_verbs_count; i++) {
        (void)printf("            %s:", cli_verbs[i].name);
        put_quoted(cli_verbs[i].summary, "'\\''");
        (void)putchar('\n');
    }
    (void)printf("        )\n"
                 "        _describe verb verbs\n"
                 "        return\n"
                 "    fi\n"
                 "    case $words[2] in\n");
    for (size_t i = 0; i < cli_verbs_count; i++) {
        (void)printf("    %s) compadd -- %s", cli_verbs[i].name, cli_verbs[i].subs == NULL ? "" : cli_verbs[i].subs);
        flags_of(&cli_verbs[i], " ");
        (void)printf(" ;;\n");
    }
    (void)printf("    esac\n"
                 "    _files\n"
                 "}\n"
                 "if [ \"$funcstack[1]\" = _twokey ]; then _twokey \"$@\"; else compdef _twokey twokey; fi\n");
}

static void fish_flag(const cli_verb *verb, const char *flag, bool value, const char *help)
{
    (void)printf("complete -c twokey -n '__fish_seen_subcommand_from %s' -l %s%s", verb->name, flag,
                 value ? " -r" : "");
    if (help != NULL) {
        (void)fputs(" -d ", stdout);
        put_quoted(help, "\\'");
    }
    (void)putchar('\n');
}

static void completion_fish(void)
{
    (void)printf("# fish completion of twokey\n");
    for (size_t i = 0; i < cli_verbs_count; i++) {
        const cli_verb *verb = &cli_verbs[i];
        (void)printf("complete -c twokey -n __fish_use_subcommand -f -a %s -d ", verb->name);
        put_quoted(verb->summary, "\\'");
        (void)putchar('\n');
        if (verb->subs != NULL)
            (void)printf("complete -c twokey -n '__fish_seen_subcommand_from %s' -f -a '%s'\n", verb->name,
                         verb->subs);
        for (size_t j = 0; j < CLI_FLAG_COUNT; j++)
            if ((verb->flags & cli_bit(j)) != 0)
                fish_flag(verb, cli_flag_infos[j].name, cli_flag_infos[j].value != NULL, cli_flag_infos[j].help);
        for (size_t j = 0; verb->order_flags && j < TK_COLUMN_COUNT; j++)
            if (j != TK_COLUMN_AS_OF)
                fish_flag(verb, cli_order_flag((tk_column)j), true, NULL);
    }
}

int cli_completion(const cli_verb *verb, const cli_args *args)
{
    if (args->positional_count != 1) {
        cli_complain("completion for which shell? Expected one of %s", verb->subs);
        return CLI_EXIT_USAGE;
    }
    const char *shell = args->positional[0];
    if (strcmp(shell, "bash") == 0)
        completion_bash();
    else if (strcmp(shell, "zsh") == 0)
        completion_zsh();
    else
        completion_fish();
    return CLI_EXIT_OK;
}
