/* SPDX-License-Identifier: Apache-2.0 */
/* screen.c: `twokey screen`: parties against the lists on the shelf. */
#include "cli/clearances.h"
#include "cli/compare.h"
#include "cli/screen.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

enum { SCREEN_TOP = 10, SCREEN_THREADS = 2 };

static bool read_number(const cli_args *args, cli_flag flag, uint64_t usual, uint64_t most, uint64_t *out)
{
    const char *text = args->values[flag];
    tk_num value = 0;
    *out = usual;
    if (text == NULL)
        return true;
    if (tk_num_parse(tk_str_from(text), &value, NULL) == TK_OK && value % TK_NUM_SCALE == 0 && TK_NUM_SCALE <= value
        && (uint64_t)(value / TK_NUM_SCALE) <= most) {
        *out = (uint64_t)(value / TK_NUM_SCALE);
        return true;
    }
    cli_complain("--%s '%s': expected a whole number from 1 to %llu", cli_flag_infos[flag].name, text,
                 (unsigned long long)most);
    return false;
}

static bool read_day(const cli_args *args, cli_flag flag, tk_date usual, tk_date *out)
{
    tk_err err = {0};
    const char *text = args->values[flag];
    *out = usual;
    if (text == NULL || tk_date_parse(tk_str_from(text), out, &err) == TK_OK)
        return true;
    cli_complain("--%s: %s", cli_flag_infos[flag].name, err.message);
    return false;
}

static bool read_list(screen_run *run)
{
    const char *text = run->args->values[CLI_FLAG_LIST];
    size_t count;
    char hint[CLI_HINT_MAX];
    if (text == NULL)
        return true;
    tk_nearest near = tk_nearest_make(tk_str_from(text));
    const tk_list_family *families = tk_lists_families(run->lists, &count);
    for (size_t i = 0; i < count; i++) {
        if (tk_str_eq_nocase(families[i].code, tk_str_from(text))) {
            run->options.list = families[i].code;
            return true;
        }
        tk_nearest_offer(&near, families[i].code);
    }
    cli_complain("--list '%s': there is no such list%s", text, cli_hint(near.best, hint));
    return false;
}

/* What the tables say of sources and lists. */
static bool read_tables(screen_run *run)
{
    size_t sources_count, families_count;
    const tk_list_source *sources = tk_lists_sources(run->lists, &sources_count);
    const tk_list_family *families = tk_lists_families(run->lists, &families_count);
    tk_screen_source *stale = TK_ARENA_ARRAY(&run->arena, tk_screen_source, sources_count);
    tk_str *expected = TK_ARENA_ARRAY(&run->arena, tk_str, families_count);
    if (stale == NULL || expected == NULL) {
        cli_complain("out of memory");
        return false;
    }
    for (size_t i = 0; i < sources_count; i++)
        stale[i] = (tk_screen_source){sources[i].id, (int)sources[i].stale_days};
    for (size_t i = 0; i < families_count; i++)
        expected[i] = families[i].code;
    run->options.lists = run->lists;
    run->options.sources = stale;
    run->options.sources_count = sources_count;
    run->options.expected = expected;
    run->options.expected_count = families_count;
    return true;
}

/* A folder of lists that nobody named and that is not there is one with nothing in it: nothing is known then. */
int screen_shelf_open(screen_run *run)
{
    struct stat there;
    tk_str path;
    if (run->args->values[CLI_FLAG_LISTS] != NULL)
        return cli_shelf_open(run->args, false, &run->shelf);
    int code = cli_shelf_path(run->args, &run->arena, &path);
    if (code != CLI_EXIT_OK || lstat(path.ptr, &there) != 0)
        return code;
    return cli_shelf_open(run->args, false, &run->shelf);
}

int screen_prepare(screen_run *run, uint64_t *threads)
{
    uint64_t top;
    const cli_args *args = run->args;
    run->options = (tk_screener_options)TK_SCREENER_OPTIONS_INIT;
    run->format = cli_format_is(args, "json") ? SCREEN_JSON : cli_format_is(args, "csv") ? SCREEN_CSV : SCREEN_TEXT;
    if (!read_number(args, CLI_FLAG_TOP, SCREEN_TOP, UINT32_MAX, &top)
        || !read_number(args, CLI_FLAG_THREADS, SCREEN_THREADS, SCREEN_THREADS_MAX, threads)
        || !read_day(args, CLI_FLAG_AS_OF, tk_date_today(), &run->options.as_of)
        || !read_day(args, CLI_FLAG_KNOWN_AT, TK_DATE_MAX, &run->options.known_at))
        return CLI_EXIT_USAGE;
    run->options.hits_max = (size_t)top;
    int code = cli_list_tables_open(&run->lists);
    if (code != CLI_EXIT_OK)
        return code;
    if (!read_tables(run))
        return CLI_EXIT_FAILURE;
    return read_list(run) ? CLI_EXIT_OK : CLI_EXIT_USAGE;
}

static tk_status run_next(void *context, tk_arena *arena, tk_screened *party, const void **tag, bool *more,
                          tk_err *err)
{
    screen_run *run = context;
    return screen_source_next(&run->source, arena, party, tag, more, err);
}

static tk_status run_put(void *context, tk_str bytes, tk_str said, uint64_t parties, tk_err *err)
{
    screen_run *run = context;
    run->parties += parties;
    tk_out_add(&run->sink.out, bytes);
    if (said.len != 0)
        (void)fwrite(said.ptr, 1, said.len, stderr);
    return run->sink.out.status == TK_OK ? TK_OK : tk_err_set(err, run->sink.out.status, "writing failed");
}

/* A list that no version ever had is said, and no reason: whoever imports one source wants to work with it. */
bool screen_is_blind(const screen_run *run, const tk_screener *screener, const tk_screen_result *none)
{
    size_t versions;
    (void)tk_screener_versions(screener, &versions);
    if (versions == 0)
        return true;
    for (size_t i = 0; i < none->unscreened_count; i++)
        if (none->unscreened[i].source.len != 0 || run->options.list.len != 0)
            return true;
    return false;
}

static int run_code(const screen_run *run, bool blind)
{
    if (run->rejected != 0)
        return CLI_EXIT_USAGE;
    if (blind)
        return CLI_EXIT_UNDETERMINED;
    return run->with_hits != 0 ? CLI_EXIT_CONDITIONS : CLI_EXIT_OK;
}

static int run_failed(tk_status status, const tk_err *err)
{
    cli_complain_err(err);
    return cli_exit_of(status);
}

static int run_screen(screen_run *run, unsigned threads)
{
    tk_err err = {0};
    tk_screener *screener = NULL;
    tk_screen_result none;
    tk_status status = tk_screener_new(run->shelf, &run->options, &screener, &err);
    if (status != TK_OK)
        return run_failed(status, &err);
    tk_screener_unscreened(screener, &none);
    screen_batch batch = {.shelf = run->shelf,
                          .options = &run->options,
                          .threads = threads,
                          .context = run,
                          .next = run_next,
                          .write = screen_write,
                          .put = run_put};
    screen_write_begin(run);
    status = screen_batch_run(&batch, &err);
    int code = status == TK_OK ? run_code(run, screen_is_blind(run, screener, &none)) : run_failed(status, &err);
    if (status == TK_OK)
        screen_write_end(run, screener, &none);
    tk_screener_free(screener);
    return code;
}

int cli_screen(const cli_verb *verb, const cli_args *args)
{
    uint64_t threads = 0;
    if (args->positional_count != 0 && strcmp(args->positional[0], "compare") == 0)
        return cli_screen_compare(args);
    if (cli_screen_decides(args))
        return cli_screen_decide(args);
    if (args->values[CLI_FLAG_ALL_PARTIES] != NULL)
        return cli_sweep(args);
    if (args->values[CLI_FLAG_FULL] != NULL) {
        cli_complain("--full goes with '%s --all-parties'", verb->name);
        return CLI_EXIT_USAGE;
    }
    for (size_t i = 0; i < CLI_FLAG_COUNT; i++)
        if (args->values[i] != NULL && (CLI_BITS_DECISION & cli_bit(i)) != 0) {
            cli_complain("--%s goes with '%s clear' and '%s confirm'", cli_flag_infos[i].name, verb->name, verb->name);
            return CLI_EXIT_USAGE;
        }
    if (args->values[CLI_FLAG_PAIRS] != NULL) {
        cli_complain("--pairs goes with '%s compare'", verb->name);
        return CLI_EXIT_USAGE;
    }
    screen_run *run = calloc(1, sizeof *run);
    if (run == NULL) {
        cli_complain("out of memory");
        return CLI_EXIT_FAILURE;
    }
    run->args = args;
    tk_arena_init(&run->arena, 4096, 0);
    int code = screen_prepare(run, &threads);
    if (code == CLI_EXIT_OK)
        code = screen_source_open(&run->source, args);
    if (code == CLI_EXIT_OK)
        code = screen_shelf_open(run);
    if (code == CLI_EXIT_OK)
        code = cli_sink_open(&run->sink, args);
    if (code == CLI_EXIT_OK) {
        code = run_screen(run, run->source.name == NULL ? 1 : (unsigned)threads);
        int closed = cli_sink_close(&run->sink, code != CLI_EXIT_FAILURE);
        if (closed != CLI_EXIT_OK)
            code = closed;
    }
    screen_source_close(&run->source);
    tk_shelf_close(run->shelf);
    tk_lists_free(run->lists);
    tk_arena_fini(&run->arena);
    free(run);
    return code;
}
