/* SPDX-License-Identifier: Apache-2.0 */
/* rules_format.c: `rules format`: files in house layout, shown, compared or written in place. */
#include <string.h>

#include "base/file.h"
#include "cli/rules.h"
#include "rulebook/format.h"

typedef struct format_run {
    const cli_args *args;
    tk_out *shown; /* what standard output or --out gets */
    bool check, write;
    size_t changed;
} format_run;

static int format_args(const cli_args *args)
{
    static const cli_flag others[] = {CLI_FLAG_FORMAT,    CLI_FLAG_REGIME,  CLI_FLAG_RULEBOOK,
                                      CLI_FLAG_CATALOGUE, CLI_FLAG_PARTIES};
    for (size_t i = 0; i < TK_COUNT(others); i++)
        if (args->values[others[i]] != NULL) {
            cli_complain("--%s does not go with 'rules format'", cli_flag_infos[others[i]].name);
            return CLI_EXIT_USAGE;
        }
    bool check = args->values[CLI_FLAG_CHECK] != NULL, write = args->values[CLI_FLAG_WRITE] != NULL;
    if (check && write)
        cli_complain("rules format: --check changes nothing and --write does; give one of them");
    else if (args->positional_count < 2)
        cli_complain("rules format: which file? Give one or more files that end in .rules");
    else if (!check && !write && 2 < args->positional_count)
        cli_complain("rules format shows one file; with --check or --write it takes several");
    else
        return CLI_EXIT_OK;
    return CLI_EXIT_USAGE;
}

static tk_status format_finish(format_run *run, const char *path, tk_str before, tk_str after, tk_err *err)
{
    bool same = tk_str_eq(before, after);
    run->changed += same ? 0 : 1;
    if (!run->check && !run->write)
        tk_out_add(run->shown, after);
    if (same || (!run->check && !run->write))
        return TK_OK;
    tk_status status = run->write ? tk_file_write(path, after, true, err) : TK_OK;
    if (status == TK_OK)
        tk_out_printf(run->shown, "%s\n", path);
    return status;
}

static int format_file(format_run *run, const char *path)
{
    tk_arena arena;
    tk_arena_init(&arena, (size_t)64 * 1024, 0);
    tk_err err = {0};
    tk_messages *messages = NULL;
    tk_out after;
    tk_out_init(&after, NULL);
    tk_source source = {.name = tk_str_from(path)};
    tk_status status = tk_file_read(path, TK_RULEBOOK_FILE_BYTES_MAX, &arena, &source.text, &err);
    if (status == TK_OK)
        status = tk_rulebook_format(&source, &after, &messages, &err);
    if (status == TK_OK)
        status = format_finish(run, path, source.text, tk_out_str(&after), &err);
    if (status != TK_OK) {
        cli_print_messages(stderr, messages, TK_SEVERITY_ERROR);
        tk_err_where(&err, tk_str_from(path), 0, 0);
        cli_complain_err(&err);
    }
    tk_messages_free(messages);
    tk_out_fini(&after);
    tk_arena_fini(&arena);
    return cli_exit_of(status);
}

/* A file that cannot be laid out does not keep the others from it; the exit code is the worst. */
int cli_rules_format(const cli_args *args)
{
    int code = format_args(args);
    cli_sink sink = {0};
    if (code == CLI_EXIT_OK)
        code = cli_sink_open(&sink, args);
    if (code != CLI_EXIT_OK)
        return code;
    format_run run = {.args = args,
                      .shown = &sink.out,
                      .check = args->values[CLI_FLAG_CHECK] != NULL,
                      .write = args->values[CLI_FLAG_WRITE] != NULL};
    for (size_t i = 1; i < args->positional_count; i++) {
        int one = format_file(&run, args->positional[i]);
        if (one != CLI_EXIT_OK && code != CLI_EXIT_FAILURE)
            code = one;
    }
    int closed = cli_sink_close(&sink, code == CLI_EXIT_OK);
    if (code == CLI_EXIT_OK)
        code = closed;
    return code == CLI_EXIT_OK && run.check && run.changed != 0 ? CLI_EXIT_CHANGED : code;
}
