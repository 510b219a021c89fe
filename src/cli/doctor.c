/* SPDX-License-Identifier: Apache-2.0 */
/* doctor.c: what this program is made of: versions, rules and data with their ages, the book in use, and parts that are
 * not there.
 *
 * The one command whose answer depends on today: how old the law is that was read, in days.
 */
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cli/book.h"
#include "cli/present.h"
#include "desk/book.h"
#include "desk/watch.h"
#include "store/book.h"

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

/* --- the book --- */

static tk_str doctor_count(tk_arena *arena, int64_t count, const char *what)
{
    return tk_arena_printf(arena, "%lld %s%s", (long long)count, what, count == 1 ? "" : what[0] == 'w' ? "es" : "s");
}

/* "claims 2, watch 1"; *current: those are the versions that this program writes. */
static tk_status doctor_versions(tk_arena *arena, tk_store *store, const tk_store_options *options, tk_str *text,
                                 bool *current, tk_err *err)
{
    tk_status status = TK_OK;
    *current = true;
    *text = TK_STR("");
    for (size_t i = 0; status == TK_OK && i < options->modules_count; i++) {
        int64_t version;
        status = tk_store_version(store, &options->modules[i], &version, err);
        *current = *current && version == (int64_t)options->modules[i].count;
        *text = tk_arena_printf(arena, TK_FMT "%s%s %lld", TK_ARG_STR(*text), i == 0 ? "" : ", ",
                                options->modules[i].name, (long long)version);
    }
    return status;
}

static tk_status doctor_book_holds(cli_page *page, tk_store *store, const tk_store_options *options, tk_err *err)
{
    tk_arena *arena = &page->scratch;
    tk_desk_watch_list *lists;
    tk_str versions;
    size_t watches = 0;
    int64_t claims = 0;
    bool current;
    tk_status status = doctor_versions(arena, store, options, &versions, &current, err);
    if (status == TK_OK && current)
        status = tk_claims_stored(store, &claims, err);
    if (status == TK_OK && current)
        status = tk_desk_watch_lists(store, arena, &lists, &watches, err);
    if (status != TK_OK)
        return status;
    cli_present_line(page, "", tk_arena_printf(arena, "schema: " TK_FMT "%s", TK_ARG_STR(versions),
                                               current ? "" : "; older than this program, which brings it up to date "
                                                              "when it next opens the book"));
    if (current)
        cli_present_line(page, "", tk_arena_printf(arena, TK_FMT ", " TK_FMT,
                                                   TK_ARG_STR(doctor_count(arena, claims, "claim")),
                                                   TK_ARG_STR(doctor_count(arena, (int64_t)watches, "watch"))));
    return TK_OK;
}

static int doctor_book_present(cli_page *page, tk_store_options *options)
{
    tk_arena *arena = &page->scratch;
    struct stat file;
    tk_store *store = NULL;
    tk_err err = {0};
    tk_str mode = stat(options->path, &file) == 0
                      ? tk_arena_printf(arena, ", mode 0%03o", (unsigned)file.st_mode & 0777U) : TK_STR("");
    cli_present_line(page, "book",
                     tk_arena_printf(arena, "%s" TK_FMT, options->path, TK_ARG_STR(mode)));
    options->read_only = options->any_older = true;
    tk_status status = tk_store_open(options, &store, &err);
    if (status == TK_OK)
        status = doctor_book_holds(page, store, options, &err);
    tk_store_close(store);
    if (status == TK_OK)
        return CLI_EXIT_OK;
    cli_present_line(page, "", tk_arena_printf(arena, "WRONG: %s", err.message));
    return CLI_EXIT_FAILURE;
}

/* The book that this user's commands use. Its pages are not read one by one: 'book check' does that. */
static int doctor_book(cli_view *view)
{
    cli_page *page = &view->page;
    tk_store_options options;
    tk_err err = {0};
    tk_str path;
    tk_book_place place = tk_book_place_of(view->args->values[CLI_FLAG_BOOK]);
    if (tk_book_path(&place, &page->scratch, &path, &err) != TK_OK) {
        cli_present_line(page, "book", tk_arena_printf(&page->scratch, "none: %s", err.message));
        return CLI_EXIT_OK;
    }
    if (!tk_store_present(path.ptr)) {
        cli_present_line(page, "book",
                         tk_arena_printf(&page->scratch,
                                         TK_FMT ": not there; the claims of the program count. 'claims' and 'watch' "
                                         "make it",
                                         TK_ARG_STR(path)));
        return CLI_EXIT_OK;
    }
    int code = cli_book_options(view->args, &page->scratch, &options);
    return code == CLI_EXIT_OK ? doctor_book_present(page, &options) : code;
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
    int code = doctor_book(view);
    doctor_around(page);
    return code;
}

int cli_doctor(const cli_verb *verb, const cli_args *args)
{
    return cli_no_arguments(verb, args) ? cli_view_run(args, doctor_body) : CLI_EXIT_USAGE;
}
