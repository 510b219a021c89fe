/* SPDX-License-Identifier: Apache-2.0 */
/* sweep.c: `twokey screen --all-parties`: the parties of the book against the lists, and what changed since last time.
 *
 * What was found counts as said when it is written whole: only then is it settled, and the next call begins from there.
 */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli/book.h"
#include "cli/screen.h"
#include "desk/sweep.h"

enum { SWEEP_TOLD_MS = 200, SWEEP_SECONDS = 60, COLUMN_SCORE = 9 };

typedef struct sweep_run {
    screen_run screen;
    tk_store *store;
    tk_desk_sweep found;
    tk_screener *screener; /* says which lists are not known */
    tk_screen_result none;
    int64_t began, told; /* milliseconds; progress */
    bool tells;
} sweep_run;

/* --- progress, for somebody who sits before it --- */

static void progress_tell(void *context, uint64_t done, uint64_t all)
{
    sweep_run *run = context;
    int64_t now = tk_clock_ms();
    if (!run->tells || now - run->told < SWEEP_TOLD_MS)
        return;
    run->told = now;
    uint64_t spent = (uint64_t)(now - run->began) + 1, rate = done * 1000 / spent;
    uint64_t left = rate == 0 ? 0 : (all - done) / rate;
    (void)fprintf(stderr, "\r%llu of %llu parties, %llu/s, %llu:%02llu left\033[K", (unsigned long long)done,
                  (unsigned long long)all, (unsigned long long)rate, (unsigned long long)(left / SWEEP_SECONDS),
                  (unsigned long long)(left % SWEEP_SECONDS));
    (void)fflush(stderr);
}

static void progress_end(const sweep_run *run)
{
    if (run->tells && run->told != run->began)
        (void)fputs("\r\033[K", stderr);
}

/* --- one change --- */

static const tk_desk_sweep_hit *shown_hit(const tk_desk_sweep_change *change)
{
    return change->kind == TK_DESK_SWEEP_GONE ? &change->before : &change->now;
}

static tk_str list_of(tk_str id)
{
    tk_str list = TK_STR("");
    (void)tk_str_split(&id, ':', &list);
    return list;
}

static bool has_before(const tk_desk_sweep_change *change)
{
    return change->kind == TK_DESK_SWEEP_CHANGED || change->kind == TK_DESK_SWEEP_GONE;
}

static tk_str before_score(tk_arena *arena, const tk_desk_sweep_change *change)
{
    return has_before(change) ? screen_score(arena, change->before.score) : TK_STR("");
}

static tk_str now_score(tk_arena *arena, const tk_desk_sweep_change *change)
{
    return change->kind == TK_DESK_SWEEP_GONE ? TK_STR("") : screen_score(arena, change->now.score);
}

static tk_str version_of(const tk_desk_sweep *found, const tk_desk_sweep_change *change)
{
    for (size_t i = 0; change->kind != TK_DESK_SWEEP_GONE && i < found->versions_count; i++)
        if (tk_str_eq(found->sources[i], change->now.source))
            return found->versions[i];
    return TK_STR("");
}

static tk_str state_of(const tk_desk_sweep_change *change)
{
    return change->kind == TK_DESK_SWEEP_GONE ? TK_STR("") : tk_str_from(tk_clearance_state_name(change->state));
}

/* --- text --- */

static tk_str text_before(tk_arena *arena, const tk_desk_sweep_change *change)
{
    const tk_desk_sweep_hit *before = &change->before, *now = &change->now;
    if (change->kind != TK_DESK_SWEEP_CHANGED)
        return TK_STR("");
    tk_str name = before->alias.len != 0 ? before->alias : before->entry;
    tk_str score = screen_score(arena, before->score);
    if (before->score == now->score && tk_str_eq(before->alias, now->alias) && tk_str_eq(before->entry, now->entry)
        && tk_str_eq(before->name, now->name))
        return TK_STR("the same score; fields of the entry have changed");
    return tk_arena_printf(arena, TK_FMT ", '" TK_FMT "' and '" TK_FMT "'", TK_ARG_STR(score), TK_ARG_STR(before->name),
                           TK_ARG_STR(name));
}

static void text_change(cli_page *page, const sweep_run *run, const tk_desk_sweep_change *change)
{
    tk_arena *arena = &page->scratch;
    const tk_desk_sweep_hit *hit = shown_hit(change);
    bool gone = change->kind == TK_DESK_SWEEP_GONE;
    tk_arena_reset(arena);
    tk_out_text(page->out, "  ");
    cli_put(page, gone ? CLI_DIM : CLI_RED, screen_score(arena, hit->score));
    tk_out_text(page->out, "  ");
    cli_put(page, CLI_BOLD, hit->id);
    tk_out_text(page->out, "  ");
    cli_put_wrapped(page, CLI_PLAIN, hit->entry, COLUMN_SCORE + 2 + hit->id.len, 2 * SCREEN_LABEL_COLUMNS);
    screen_text_line(page, "party",
                     tk_arena_printf(arena, TK_FMT ": " TK_FMT, TK_ARG_STR(hit->party), TK_ARG_STR(hit->name)));
    screen_text_line(page, "alias", hit->alias);
    screen_text_line(page, "before", text_before(arena, change));
    screen_text_line(page, "list", version_of(&run->found, change));
    screen_text_line(page, "state", state_of(change));
}

static void text_totals(cli_page *page, const tk_desk_sweep *found)
{
    tk_arena *arena = &page->scratch;
    tk_arena_reset(arena);
    cli_put_wrapped(
        page, CLI_BOLD,
        tk_arena_printf(arena,
                        "%llu parties: %llu run against all %llu entries, %llu against %llu new and changed "
                        "ones, %llu as they were",
                        (unsigned long long)found->parties, (unsigned long long)found->whole,
                        (unsigned long long)found->entries, (unsigned long long)found->part,
                        (unsigned long long)found->entries_changed,
                        (unsigned long long)(found->parties - found->whole - found->part)),
        0, 2);
    cli_put_wrapped(page, CLI_PLAIN,
                    tk_arena_printf(arena,
                                    "%llu hits of %llu parties: %llu new, %llu changed, %llu gone since; %llu open, "
                                    "%llu lapsed, %llu cleared, %llu confirmed",
                                    (unsigned long long)found->hits, (unsigned long long)found->with_hits,
                                    (unsigned long long)found->kinds[TK_DESK_SWEEP_NEW],
                                    (unsigned long long)found->kinds[TK_DESK_SWEEP_CHANGED],
                                    (unsigned long long)found->kinds[TK_DESK_SWEEP_GONE],
                                    (unsigned long long)found->states[TK_CLEARANCE_OPEN],
                                    (unsigned long long)found->states[TK_CLEARANCE_LAPSED],
                                    (unsigned long long)found->states[TK_CLEARANCE_CLEARED],
                                    (unsigned long long)found->states[TK_CLEARANCE_CONFIRMED]),
                    0, 2);
}

static void write_text(sweep_run *run)
{
    static const char *const heads[TK_DESK_SWEEP_KINDS] = {"new", "gone", "changed", "still undecided"};
    const tk_desk_sweep *found = &run->found;
    cli_page page;
    cli_page_init(&page, &run->screen.sink, run->screen.args);
    for (size_t i = 0; i < found->changes_count; i++) {
        const tk_desk_sweep_change *change = &found->changes[i];
        if (i == 0 || found->changes[i - 1].kind != change->kind) {
            cli_puts(&page, CLI_CYAN, heads[change->kind]);
            tk_out_printf(page.out, ": %llu\n", (unsigned long long)found->kinds[change->kind]);
        }
        text_change(&page, run, change);
    }
    text_totals(&page, found);
    cli_page_fini(&page);
    screen_write_end(&run->screen, run->screener, &run->none);
}

/* --- JSON: one change a line, then the totals --- */

static void json_member(tk_json *json, const char *key, tk_str text)
{
    tk_json_key(json, key);
    tk_json_str(json, text);
}

static void json_number(tk_json *json, const char *key, uint64_t number)
{
    tk_json_key(json, key);
    tk_json_int(json, (int64_t)number);
}

static void json_raw(tk_json *json, const char *key, tk_str number)
{
    tk_json_key(json, key);
    if (number.len == 0)
        tk_json_null(json);
    else
        tk_json_raw(json, number);
}

static void json_change(tk_json *json, const sweep_run *run, const tk_desk_sweep_change *change, tk_arena *arena)
{
    const tk_desk_sweep_hit *hit = shown_hit(change);
    tk_json_open(json, '{');
    json_member(json, "change", tk_str_from(tk_desk_sweep_kind_name(change->kind)));
    json_member(json, "party", hit->party);
    json_member(json, "name", hit->name);
    json_member(json, "hit", hit->id);
    json_raw(json, "score", now_score(arena, change));
    json_raw(json, "before", before_score(arena, change));
    json_member(json, "list", list_of(hit->id));
    json_member(json, "entry", hit->entry);
    json_member(json, "alias", hit->alias);
    json_member(json, "source", hit->source);
    json_member(json, "version", version_of(&run->found, change));
    json_member(json, "state", state_of(change));
    tk_json_close(json, '}');
}

static void json_unknown(tk_json *json, const tk_screen_result *none)
{
    tk_json_key(json, "unscreened");
    tk_json_open(json, '[');
    for (size_t i = 0; i < none->unscreened_count; i++)
        tk_json_str(json, none->unscreened[i].list);
    tk_json_close(json, ']');
}

static void json_totals(tk_json *json, const sweep_run *run)
{
    const tk_desk_sweep *found = &run->found;
    tk_json_open(json, '{');
    json_number(json, "parties", found->parties);
    json_number(json, "run_against_all", found->whole);
    json_number(json, "run_against_changed", found->part);
    json_number(json, "entries", found->entries);
    json_number(json, "entries_changed", found->entries_changed);
    json_number(json, "hits", found->hits);
    json_number(json, "parties_with_hits", found->with_hits);
    for (int i = 0; i < TK_DESK_SWEEP_STILL; i++)
        json_number(json, tk_desk_sweep_kind_name((tk_desk_sweep_kind)i), found->kinds[i]);
    for (int i = 0; i < TK_CLEARANCE_STATE_COUNT; i++)
        json_number(json, tk_clearance_state_name((tk_clearance_state)i), found->states[i]);
    json_number(json, "rejected", found->troubles_count);
    json_member(json, "method", TK_STR(TK_NAMES_METHOD));
    tk_json_key(json, "versions");
    tk_json_open(json, '[');
    for (size_t i = 0; i < found->versions_count; i++)
        tk_json_str(json, found->versions[i]);
    tk_json_close(json, ']');
    json_unknown(json, &run->none);
    tk_json_close(json, '}');
}

static void write_json(sweep_run *run)
{
    tk_out *out = &run->screen.sink.out;
    tk_arena arena;
    tk_json json;
    tk_arena_init(&arena, 4096, 0);
    for (size_t i = 0; i < run->found.changes_count; i++) {
        tk_json_begin(&json, out);
        tk_arena_reset(&arena);
        json_change(&json, run, &run->found.changes[i], &arena);
        tk_out_char(out, '\n');
    }
    tk_json_begin(&json, out);
    json_totals(&json, run);
    tk_out_char(out, '\n');
    tk_arena_fini(&arena);
}

/* --- CSV --- */

static void write_csv(sweep_run *run)
{
    tk_out *out = &run->screen.sink.out;
    tk_arena arena;
    tk_arena_init(&arena, 4096, 0);
    tk_out_text(out, "change,party,name,hit,score,before,list,entry,alias,source,version,state\n");
    for (size_t i = 0; i < run->found.changes_count; i++) {
        const tk_desk_sweep_change *change = &run->found.changes[i];
        const tk_desk_sweep_hit *hit = shown_hit(change);
        tk_arena_reset(&arena);
        const tk_str cells[] = {tk_str_from(tk_desk_sweep_kind_name(change->kind)),
                                hit->party,
                                hit->name,
                                hit->id,
                                now_score(&arena, change),
                                before_score(&arena, change),
                                list_of(hit->id),
                                hit->entry,
                                hit->alias,
                                hit->source,
                                version_of(&run->found, change),
                                state_of(change)};
        for (size_t k = 0; k < TK_COUNT(cells); k++)
            tk_csv_write_cell(out, cells[k], k == 0, true);
        tk_out_char(out, '\n');
    }
    tk_arena_fini(&arena);
}

/* --- the verb --- */

static void say_troubles(sweep_run *run)
{
    tk_arena *arena = &run->screen.arena;
    for (size_t i = 0; i < run->found.troubles_count; i++) {
        const tk_desk_sweep_trouble *trouble = &run->found.troubles[i];
        tk_str text = tk_text_visible(arena, trouble->text);
        cli_complain("party " TK_FMT ": rejected: " TK_FMT, TK_ARG_STR(trouble->party), TK_ARG_STR(text));
    }
}

static int sweep_code(const sweep_run *run)
{
    const tk_desk_sweep *found = &run->found;
    if (found->troubles_count != 0)
        return CLI_EXIT_USAGE;
    if (screen_is_blind(&run->screen, run->screener, &run->none))
        return CLI_EXIT_UNDETERMINED;
    return found->states[TK_CLEARANCE_OPEN] + found->states[TK_CLEARANCE_LAPSED] != 0 ? CLI_EXIT_CONDITIONS
                                                                                      : CLI_EXIT_OK;
}

static void sweep_write(sweep_run *run)
{
    run->screen.colour = false;
    if (run->screen.format == SCREEN_JSON)
        write_json(run);
    else if (run->screen.format == SCREEN_CSV)
        write_csv(run);
    else
        write_text(run);
}

static tk_status sweep_all(sweep_run *run, unsigned threads, tk_err *err)
{
    tk_desk_sweep_options options = {.shelf = run->screen.shelf,
                                     .lists = run->screen.lists,
                                     .threads = threads,
                                     .full = run->screen.args->values[CLI_FLAG_FULL] != NULL,
                                     .as_of = run->screen.options.as_of,
                                     .progress = progress_tell,
                                     .context = run};
    run->tells = isatty(STDERR_FILENO) == 1;
    run->began = run->told = tk_clock_ms();
    tk_status status = tk_desk_sweep_run(run->store, &options, &run->screen.arena, &run->found, err);
    progress_end(run);
    if (status == TK_OK)
        status = tk_screener_new(run->screen.shelf, &run->screen.options, &run->screener, err);
    if (status == TK_OK)
        tk_screener_unscreened(run->screener, &run->none);
    return status;
}

/* What is not written whole is not settled: the next call says it again. */
static int sweep_body(sweep_run *run, unsigned threads)
{
    tk_err err = {0};
    int code = cli_sink_open(&run->screen.sink, run->screen.args);
    if (code != CLI_EXIT_OK)
        return code;
    tk_status status = sweep_all(run, threads, &err);
    if (status == TK_OK) {
        say_troubles(run);
        sweep_write(run);
    }
    int closed = cli_sink_close(&run->screen.sink, status == TK_OK);
    if (closed != CLI_EXIT_OK && status == TK_OK)
        return closed;
    if (status == TK_OK)
        status = tk_desk_sweep_settle(run->store, &run->found, &err);
    if (status == TK_OK)
        return sweep_code(run);
    cli_complain_err(&err);
    return cli_exit_of(status);
}

/* Without a book there are no parties; none is made for that. */
static int sweep_store(sweep_run *run)
{
    tk_err err = {0};
    tk_store_options options;
    int code = cli_book_options(run->screen.args, &run->screen.arena, &options);
    if (code != CLI_EXIT_OK)
        return code;
    options.in_memory = !tk_store_present(options.path);
    tk_status status = tk_store_open(&options, &run->store, &err);
    if (status != TK_OK)
        cli_complain_err(&err);
    return cli_exit_of(status);
}

static bool sweep_takes(const cli_args *args)
{
    const cli_bits taken = CLI_BITS_ALWAYS | CLI_BITS_BOOK | CLI_BIT(ALL_PARTIES) | CLI_BIT(FULL) | CLI_BIT(OUT)
                           | CLI_BIT(FORCE) | CLI_BIT(FORMAT) | CLI_BIT(AS_OF) | CLI_BIT(LISTS) | CLI_BIT(THREADS);
    for (size_t i = 0; i < CLI_FLAG_COUNT; i++)
        if (args->values[i] != NULL && (taken & cli_bit(i)) == 0) {
            cli_complain("--%s does not go with 'screen --all-parties'", cli_flag_infos[i].name);
            return false;
        }
    if (args->positional_count != 0)
        cli_complain("screen --all-parties takes no name, but '%s' was given", args->positional[0]);
    return args->positional_count == 0;
}

int cli_sweep(const cli_args *args)
{
    uint64_t threads = 0;
    if (!sweep_takes(args))
        return CLI_EXIT_USAGE;
    sweep_run *run = calloc(1, sizeof *run);
    if (run == NULL) {
        cli_complain("out of memory");
        return CLI_EXIT_FAILURE;
    }
    run->screen.args = args;
    tk_arena_init(&run->screen.arena, (size_t)64 * 1024, 0);
    int code = screen_prepare(&run->screen, &threads);
    if (code == CLI_EXIT_OK)
        code = screen_shelf_open(&run->screen);
    if (code == CLI_EXIT_OK)
        code = sweep_store(run);
    if (code == CLI_EXIT_OK)
        code = sweep_body(run, (unsigned)threads);
    tk_screener_free(run->screener);
    tk_store_close(run->store);
    tk_shelf_close(run->screen.shelf);
    tk_lists_free(run->screen.lists);
    tk_arena_fini(&run->screen.arena);
    free(run);
    return code;
}
