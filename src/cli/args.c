/* SPDX-License-Identifier: Apache-2.0 */
/* args.c: reading the command line. `--name value` and `--name=value`; a value may begin with a dash
 * (`--evidence -us-supply`). A flag that is unknown here is an error that names the nearest one. */
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "cli/cli_int.h"

const cli_flag_info cli_flag_infos[CLI_FLAG_COUNT] = {
#define X(NAME, text, value, help) [CLI_FLAG_##NAME] = {text, value, help},
    CLI_FLAGS(X)
#undef X
};

/* as_of stands in both tables; the flag is the same. */
const char *cli_order_flag(tk_column column)
{
    static char names[TK_COLUMN_COUNT][CLI_ORDER_FLAG_MAX];
    if (names[column][0] == 0) {
        tk_str name = tk_column_name(column);
        size_t len = name.len < sizeof(names[0]) ? name.len : sizeof(names[0]) - 1;
        for (size_t i = 0; i < len; i++)
            names[column][i] = name.ptr[i] == '_' ? '-' : name.ptr[i];
        names[column][len] = 0;
    }
    return names[column];
}

static cli_flag args_find_flag(const cli_verb *verb, tk_str name)
{
    for (size_t i = 0; i < CLI_FLAG_COUNT; i++)
        if ((verb->flags & cli_bit(i)) != 0 && tk_str_is(name, cli_flag_infos[i].name))
            return (cli_flag)i;
    return CLI_FLAG_COUNT;
}

static tk_column args_find_column(const cli_verb *verb, tk_str name)
{
    if (!verb->order_flags)
        return TK_COLUMN_COUNT;
    for (size_t i = 0; i < TK_COLUMN_COUNT; i++)
        if (i != TK_COLUMN_AS_OF && tk_str_is(name, cli_order_flag((tk_column)i)))
            return (tk_column)i;
    return TK_COLUMN_COUNT;
}

static void args_complain_unknown(const cli_verb *verb, tk_str name)
{
    tk_nearest near = tk_nearest_make(name);
    for (size_t i = 0; i < CLI_FLAG_COUNT; i++)
        if ((verb->flags & cli_bit(i)) != 0)
            tk_nearest_offer(&near, tk_str_from(cli_flag_infos[i].name));
    for (size_t i = 0; verb->order_flags && i < TK_COLUMN_COUNT; i++)
        tk_nearest_offer(&near, tk_str_from(cli_order_flag((tk_column)i)));
    if (near.best.ptr != NULL)
        cli_complain("unknown flag '--" TK_FMT "' of 'twokey %s'; did you mean '--" TK_FMT "'?", TK_ARG_STR(name),
                     verb->name, TK_ARG_STR(near.best));
    else
        cli_complain("unknown flag '--" TK_FMT "' of 'twokey %s'; 'twokey %s --help' lists them", TK_ARG_STR(name),
                     verb->name, verb->name);
}

static bool args_add_fact(cli_args *args, const char *value)
{
    const char *equals = strchr(value, '=');
    if (equals == NULL || equals == value) {
        cli_complain("--fact '%s': expected NAME=VALUE, for example item.tpp=4800", value);
        return false;
    }
    if (CLI_FACTS_MAX <= args->facts_count) {
        cli_complain("more than %d times --fact", CLI_FACTS_MAX);
        return false;
    }
    args->facts[args->facts_count++] = (tk_fact_text){.name = tk_str_trim((tk_str){value, (size_t)(equals - value)}),
                                                      .value = tk_str_from(equals + 1)};
    return true;
}

static bool args_set_flag(cli_args *args, cli_flag flag, const char *value)
{
    if (flag == CLI_FLAG_FACT)
        return args_add_fact(args, value);
    if (flag == CLI_FLAG_BELIEVE) {
        if (CLI_BELIEVE_MAX <= args->believe_count) {
            cli_complain("more than %d times --believe", CLI_BELIEVE_MAX);
            return false;
        }
        args->believe[args->believe_count++] = value;
        return true;
    }
    if (args->values[flag] != NULL && cli_flag_infos[flag].value != NULL) {
        cli_complain("--%s is given twice: '%s' and '%s'", cli_flag_infos[flag].name, args->values[flag], value);
        return false;
    }
    args->values[flag] = value;
    return true;
}

bool cli_check_choice(const char *what, const char *choices, const char *value)
{
    tk_str rest = tk_str_from(choices), choice;
    tk_nearest near = tk_nearest_make(tk_str_from(value));
    while (tk_str_split(&rest, '|', &choice)) {
        if (tk_str_is(choice, value))
            return true;
        tk_nearest_offer(&near, choice);
    }
    char hint[CLI_HINT_MAX];
    cli_complain("%s '%s': expected %s%s", what, value, choices, cli_hint(near.best, hint));
    return false;
}

static bool args_check_values(const cli_verb *verb, const cli_args *args)
{
    const char *format = args->values[CLI_FLAG_FORMAT];
    if (format != NULL && verb->formats != NULL && !cli_check_choice("--format", verb->formats, format))
        return false;
    static const cli_flag chosen[] = {CLI_FLAG_LAW, CLI_FLAG_COLOR};
    for (size_t i = 0; i < TK_COUNT(chosen); i++) {
        const cli_flag_info *info = &cli_flag_infos[chosen[i]];
        const char *value = args->values[chosen[i]];
        char what[32];
        (void)snprintf(what, sizeof(what), "--%s", info->name);
        if (value != NULL && !cli_check_choice(what, info->value, value))
            return false;
    }
    return true;
}

static bool args_read_flag(const cli_verb *verb, int argc, char **argv, int *at, cli_args *args)
{
    const char *text = argv[*at] + 2;
    const char *equals = strchr(text, '=');
    tk_str name = {text, equals == NULL ? strlen(text) : (size_t)(equals - text)};
    cli_flag flag = args_find_flag(verb, name);
    tk_column column = flag == CLI_FLAG_COUNT ? args_find_column(verb, name) : TK_COLUMN_COUNT;
    if (flag == CLI_FLAG_COUNT && column == TK_COLUMN_COUNT) {
        args_complain_unknown(verb, name);
        return false;
    }
    const char *value = equals == NULL ? NULL : equals + 1;
    bool wants = column != TK_COLUMN_COUNT || cli_flag_infos[flag].value != NULL;
    if (!wants && value != NULL) {
        cli_complain("--" TK_FMT " takes no value, but '%s' was given", TK_ARG_STR(name), value);
        return false;
    }
    if (wants && value == NULL) {
        if (argc <= *at + 1) {
            cli_complain("--" TK_FMT " needs a value%s%s", TK_ARG_STR(name), flag == CLI_FLAG_COUNT ? "" : ": ",
                         flag == CLI_FLAG_COUNT ? "" : cli_flag_infos[flag].value);
            return false;
        }
        value = argv[++*at];
    }
    if (flag != CLI_FLAG_COUNT && wants && value[0] == 0) {
        cli_complain("--" TK_FMT " needs a value: %s", TK_ARG_STR(name), cli_flag_infos[flag].value);
        return false;
    }
    if (flag != CLI_FLAG_COUNT)
        return args_set_flag(args, flag, wants ? value : "");
    if (args->cells[column].ptr != NULL) {
        cli_complain("--" TK_FMT " is given twice", TK_ARG_STR(name));
        return false;
    }
    args->cells[column] = tk_str_from(value);
    args->order_given = true;
    return true;
}

bool cli_args_read(const cli_verb *verb, int argc, char **argv, cli_args *args)
{
    memset(args, 0, sizeof(*args));
    bool flags_end = false;
    for (int at = 0; at < argc; at++) {
        const char *text = argv[at];
        if (!flags_end && strcmp(text, "--") == 0) {
            flags_end = true;
        } else if (!flags_end && strcmp(text, "-h") == 0) {
            args->values[CLI_FLAG_HELP] = "";
        } else if (!flags_end && text[0] == '-' && text[1] == '-') {
            if (!args_read_flag(verb, argc, argv, &at, args))
                return false;
        } else if (!flags_end && text[0] == '-' && text[1] != 0) {
            cli_complain("unknown flag '%s'; flags begin with two dashes, 'twokey %s --help' lists them", text,
                         verb->name);
            return false;
        } else if (CLI_POSITIONAL_MAX <= args->positional_count) {
            cli_complain("more than %d arguments", CLI_POSITIONAL_MAX);
            return false;
        } else {
            args->positional[args->positional_count++] = text;
        }
    }
    return args->values[CLI_FLAG_HELP] != NULL || args_check_values(verb, args);
}
