/* SPDX-License-Identifier: Apache-2.0 */
/* doctor.c: what this program is made of: versions, rules and data with their ages, and parts that are not there.
 *
 * The one command whose answer depends on today: how old the law is that was read, in days.
 */
#include <stdlib.h>
#include <unistd.h>

#include "cli/present.h"

static tk_str doctor_day(tk_arena *arena, tk_date day)
{
    char text[TK_DATE_TEXT_MAX];
    return tk_arena_copy(arena, (tk_str){text, tk_date_format(day, text)});
}

/* "12 days ago", "today", "in 3 days". */
static tk_str doctor_age(tk_arena *arena, tk_date day, tk_date today)
{
    long days = (long)today - (long)day;
    if (days == 0)
        return TK_STR("today");
    const char *unit = days == 1 || days == -1 ? "day" : "days";
    return 0 < days ? tk_arena_printf(arena, "%ld %s ago", days, unit)
                    : tk_arena_printf(arena, "in %ld %s", -days, unit);
}

/* 64 digits end where the page ends. */
static void doctor_hash(cli_page *page, tk_str hash)
{
    for (size_t at = hash.len; at < CLI_COLUMNS; at++)
        tk_out_char(page->out, ' ');
    cli_put(page, CLI_DIM, hash);
    tk_out_char(page->out, '\n');
}

/* --- the law --- */

static void doctor_regime(cli_page *page, const tk_regime_info *regime, tk_date today)
{
    tk_arena *arena = &page->scratch;
    tk_str from = regime->covers_from == TK_DATE_MIN ? TK_STR("") : doctor_day(arena, regime->covers_from);
    tk_str to = regime->covers_to == TK_DATE_MAX ? TK_STR("") : doctor_day(arena, regime->covers_to);
    tk_str text = tk_arena_printf(arena, TK_FMT "; covers " TK_FMT " ..%s" TK_FMT, TK_ARG_STR(regime->title),
                                  TK_ARG_STR(from), to.len == 0 ? "" : " ", TK_ARG_STR(to));
    if (regime->read_to != TK_DATE_MAX) {
        text = tk_arena_printf(arena, TK_FMT "; read to " TK_FMT ", " TK_FMT, TK_ARG_STR(text),
                               TK_ARG_STR(doctor_day(arena, regime->read_to)),
                               TK_ARG_STR(doctor_age(arena, regime->read_to, today)));
        if (regime->read_to < today)
            text = tk_arena_printf(arena, TK_FMT ": for later days this key is at best conditional", TK_ARG_STR(text));
    }
    cli_present_line(page, tk_arena_copy(arena, regime->id).ptr, text);
}

static void doctor_rulebook(cli_view *view, tk_date today)
{
    cli_page *page = &view->page;
    tk_arena *arena = &page->scratch;
    const tk_rulebook *book = view->book;
    const char *folder = view->args->values[CLI_FLAG_RULEBOOK];
    size_t files = 0;
    for (size_t i = 0; i < tk_desk_file_count(view->desk); i++)
        files += tk_str_ends(tk_desk_file(view->desk, i).name, TK_STR(".rules")) ? 1 : 0;
    cli_present_line(page, "rulebook",
                     tk_arena_printf(arena, "%s: %zu files, %zu rules, %zu facts; %zu warnings and notes",
                                     folder == NULL ? "the program's own" : folder, files, tk_rulebook_rule_count(book),
                                     tk_rulebook_fact_count(book), tk_messages_count(view->messages)));
    doctor_hash(page, tk_rulebook_hash(book));
    tk_date known_at = tk_rulebook_known_at(book);
    if (known_at != TK_DATE_MIN)
        cli_present_line(page, "newest", tk_arena_printf(arena, "published " TK_FMT ", " TK_FMT,
                                                         TK_ARG_STR(doctor_day(arena, known_at)),
                                                         TK_ARG_STR(doctor_age(arena, known_at, today))));
    for (size_t i = 0; i < tk_rulebook_regime_count(book); i++) {
        tk_regime_info regime = tk_rulebook_regime(book, i);
        doctor_regime(page, &regime, today);
    }
}

/* --- the data --- */

static void doctor_data(cli_view *view)
{
    cli_page *page = &view->page;
    tk_arena *arena = &page->scratch;
    const tk_catalogue *catalogue = tk_desk_catalogue(view->desk);
    const char *folder = view->args->values[CLI_FLAG_CATALOGUE], *parties = view->args->values[CLI_FLAG_PARTIES];
    size_t groups;
    (void)tk_catalogue_groups(catalogue, &groups);
    cli_present_line(page, "catalogue",
                     tk_arena_printf(arena, "%s: %zu items, %zu places, %zu rows of groups, %zu parties%s%s",
                                     folder == NULL ? "the program's own" : folder, tk_catalogue_item_count(catalogue),
                                     tk_catalogue_place_count(catalogue), groups, tk_catalogue_party_count(catalogue),
                                     parties == NULL ? "" : " of ", parties == NULL ? "" : parties));
    doctor_hash(page, tk_desk_catalogue_hash(view->desk));
    cli_present_line(page, "claims", tk_arena_printf(arena, "%zu reports come with the program; a book may hold more",
                                                     tk_rulebook_claim_count(view->book)));
    doctor_hash(page, tk_desk_claims_hash(view->desk));
    cli_present_line(page, "lists", TK_STR("none imported: what is on a list comes with the party"));
}

/* --- around the program --- */

/* The first of `folders` (separated by ':') in which the file lies; "" when none has it. */
static tk_str doctor_find(tk_arena *arena, tk_str folders, const char *file)
{
    tk_str folder;
    while (tk_str_split(&folders, ':', &folder)) {
        tk_str path = tk_arena_printf(arena, TK_FMT "/%s", TK_ARG_STR(folder), file);
        if (folder.len != 0 && path.len != 0 && access(path.ptr, R_OK) == 0)
            return path;
    }
    return TK_STR("");
}

/* `share` folders: the user's own, where this program was installed, the system's. */
static tk_str doctor_shares(tk_arena *arena, const char *below)
{
    const char *data = getenv("XDG_DATA_HOME"), *home = getenv("HOME");
    tk_str own = TK_STR("");
    if (data != NULL && data[0] == '/')
        own = tk_arena_printf(arena, "%s/%s", data, below);
    else if (home != NULL && home[0] == '/')
        own = tk_arena_printf(arena, "%s/.local/share/%s", home, below);
    char program[4096];
    ssize_t len = readlink("/proc/self/exe", program, sizeof(program) - 1);
    tk_str beside = {program, len < 0 ? 0 : (size_t)len};
    for (int up = 0; up < 2; up++) /* PREFIX/bin/twokey to PREFIX */
        while (beside.len != 0 && beside.ptr[--beside.len] != '/')
            continue;
    return tk_arena_printf(arena, TK_FMT ":" TK_FMT "/share/%s:/usr/local/share/%s:/usr/share/%s", TK_ARG_STR(own),
                           TK_ARG_STR(beside), below, below, below);
}

static void doctor_around(cli_page *page)
{
    static const struct {
        const char *name, *below, *file, *how;
    } parts[] = {
        {"manual", "man/man1", "twokey.1", "not installed; 'twokey VERB --help' says the same"},
        {"bash", "bash-completion/completions", "twokey", "no completion; 'twokey completion bash' writes it"},
        {"zsh", "zsh/site-functions", "_twokey", "no completion; 'twokey completion zsh' writes it"},
        {"fish", "fish/vendor_completions.d", "twokey.fish", "no completion; 'twokey completion fish' writes it"},
    };
    tk_arena *arena = &page->scratch;
    for (size_t i = 0; i < TK_COUNT(parts); i++) {
        tk_str found = doctor_find(arena, doctor_shares(arena, parts[i].below), parts[i].file);
        cli_present_line(page, parts[i].name, found.len != 0 ? found : tk_str_from(parts[i].how));
    }
    static const char *const unused[] = {"PostgreSQL", "MPI", "CUDA"};
    for (size_t i = 0; i < TK_COUNT(unused); i++)
        cli_present_line(page, unused[i], TK_STR("not used by this version, whether it is there or not"));
}

static int doctor_body(cli_view *view)
{
    cli_page *page = &view->page;
    tk_date today = tk_date_today();
    cli_present_line(page, "twokey", tk_str_from(tk_version()));
    cli_present_line(page, "today", doctor_day(&page->scratch, today));
    doctor_rulebook(view, today);
    doctor_data(view);
    doctor_around(page);
    return CLI_EXIT_OK;
}

int cli_doctor(const cli_verb *verb, const cli_args *args)
{
    return cli_no_arguments(verb, args) ? cli_view_run(args, doctor_body) : CLI_EXIT_USAGE;
}
