/* SPDX-License-Identifier: Apache-2.0 */
/* lists_import.c: `twokey lists import`: read, judge, and only then put on the shelf. What a person accepts against the
 * gate is written down beside the versions, in accepted.csv. */
#include <pwd.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/csv.h"
#include "base/file.h"
#include "cli/lists.h"

typedef struct import {
    const tk_list_source *source;
    tk_list_edition *edition;
    tk_list_verdict verdict;
    const tk_shelf_version *before; /* in force, or NULL */
    tk_shelf_version after;
    bool put, was_there;
} import;

static void say_messages(const tk_list_edition *edition)
{
    enum { SAID_MAX = 20 };
    for (size_t i = 0; i < edition->messages_count && i < SAID_MAX; i++) {
        const tk_list_message *m = &edition->messages[i];
        cli_complain(TK_FMT ":%llu: " TK_FMT, TK_ARG_STR(m->file), (unsigned long long)m->line, TK_ARG_STR(m->text));
    }
    if (SAID_MAX < edition->rejected)
        cli_complain("and %llu records more that could not be read",
                     (unsigned long long)edition->rejected - SAID_MAX);
}

/* --- what was accepted --- */

static tk_str who(lists_view *view)
{
    enum { ROOM = 4096 };
    struct passwd user, *found = NULL;
    char *room = tk_arena_get(&view->arena, ROOM);
    bool known = room != NULL && getpwuid_r(getuid(), &user, room, ROOM, &found) == 0 && found != NULL;
    return known ? tk_str_from(found->pw_name) : TK_STR("");
}

/* One line more in accepted.csv. */
static tk_status keep_reason(lists_view *view, const import *im)
{
    struct stat there;
    tk_str before = TK_STR("day,version,reason,by,refused\n");
    tk_str path = tk_arena_printf(&view->arena, "%s/accepted.csv", tk_shelf_folder(view->shelf));
    tk_status status = TK_OK;
    if (stat(path.ptr, &there) == 0)
        status = tk_file_read(path.ptr, TK_DATA_FILE_BYTES_MAX, &view->arena, &before, &view->err);
    if (status != TK_OK)
        return status;
    tk_out out;
    tk_out_init(&out, NULL);
    tk_out_add(&out, before);
    tk_csv_write_cell(&out, lists_day(view, tk_date_today()), true, true);
    tk_csv_write_cell(&out, im->after.name, false, true);
    tk_csv_write_cell(&out, tk_str_from(view->args->values[CLI_FLAG_ACCEPT]), false, true);
    tk_csv_write_cell(&out, who(view), false, true);
    tk_csv_write_cell(&out, im->verdict.text, false, true);
    tk_out_char(&out, '\n');
    status = tk_out_flush(&out, &view->err);
    if (status == TK_OK)
        status = tk_file_write(path.ptr, tk_out_str(&out), true, &view->err);
    tk_out_fini(&out);
    return status;
}

/* --- what came of it --- */

static const char *outcome(const import *im)
{
    if (!im->put)
        return im->verdict.passed ? "good; checked, not kept" : "would be refused";
    return im->was_there ? "was there already" : "in force now, as of its day of publication";
}

static void write_text(lists_view *view, const import *im)
{
    const tk_list_edition *e = im->edition;
    cli_put(&view->page, CLI_BOLD, e->source);
    tk_out_text(view->page.out, "  ");
    cli_put_wrapped(&view->page, CLI_PLAIN, im->source->title, e->source.len + 2, 2);
    lists_line(view, "published", tk_arena_printf(&view->arena, TK_FMT ", " TK_FMT,
                                                  TK_ARG_STR(lists_day(view, e->published)),
                                                  TK_ARG_STR(tk_list_dated_name(e->dated))));
    lists_line(view, "entries", tk_arena_printf(&view->arena, TK_FMT " (" TK_FMT ")",
                                                TK_ARG_STR(lists_count(view, e->entries_count)),
                                                TK_ARG_STR(lists_counts(view, e))));
    lists_line(view, "records", tk_arena_printf(&view->arena, TK_FMT " read, " TK_FMT " accepted (" TK_FMT
                                                " of them merged into others), " TK_FMT " rejected",
                                                TK_ARG_STR(lists_count(view, e->read)),
                                                TK_ARG_STR(lists_count(view, e->accepted)),
                                                TK_ARG_STR(lists_count(view, e->merged)),
                                                TK_ARG_STR(lists_count(view, e->rejected))));
    lists_line(view, "hash", e->hash);
    if (im->put)
        lists_line(view, "version", im->after.name);
    lists_line(view, "outcome", tk_str_from(outcome(im)));
    if (!im->verdict.passed)
        lists_line(view, im->put ? "accepted" : "refused", im->verdict.text);
}

static void write_json(lists_view *view, const import *im)
{
    const tk_list_edition *e = im->edition;
    tk_json json;
    tk_json_begin(&json, view->page.out);
    tk_json_open(&json, '{');
    const struct {
        const char *key;
        tk_str value;
    } texts[] = {{"source", e->source}, {"title", im->source->title}, {"published", lists_day(view, e->published)},
                 {"dated", tk_list_dated_name(e->dated)}, {"hash", e->hash},
                 {"version", im->put ? im->after.name : TK_STR("")}, {"outcome", tk_str_from(outcome(im))}};
    for (size_t i = 0; i < TK_COUNT(texts); i++) {
        tk_json_key(&json, texts[i].key);
        tk_json_str(&json, texts[i].value);
    }
    const struct {
        const char *key;
        uint64_t value;
    } counts[] = {{"entries", e->entries_count}, {"read", e->read}, {"accepted", e->accepted},
                  {"merged", e->merged}, {"rejected", e->rejected}};
    for (size_t i = 0; i < TK_COUNT(counts); i++) {
        tk_json_key(&json, counts[i].key);
        tk_json_int(&json, (int64_t)counts[i].value);
    }
    tk_json_key(&json, "passed");
    tk_json_bool(&json, im->verdict.passed);
    tk_json_key(&json, "reasons");
    tk_json_open(&json, '[');
    for (size_t i = 0; i < im->verdict.reasons_count; i++)
        tk_json_str(&json, im->verdict.reasons[i]);
    tk_json_close(&json, ']');
    tk_json_close(&json, '}');
    tk_out_char(view->page.out, '\n');
}

/* --- the steps --- */

static int judge(lists_view *view, import *im)
{
    size_t count;
    const tk_shelf_version *versions;
    tk_status status = lists_versions(view, &versions, &count);
    if (status != TK_OK)
        return lists_failed(view, status);
    im->before = tk_shelf_choose(versions, count, im->edition->source, TK_DATE_MAX);
    tk_list_in_force in_force = {0};
    if (im->before != NULL)
        in_force = (tk_list_in_force){im->before->published, (size_t)im->before->entries, im->before->fields, NULL};
    tk_shelved *shelved = NULL;
    tk_list_edition before;
    /* One that cannot be read any more is judged by what stands in its head. */
    if (im->before != NULL && tk_shelved_open(view->shelf, im->before, true, &shelved, NULL) == TK_OK
        && tk_shelved_edition(shelved, &view->arena, &before, NULL) == TK_OK)
        in_force.edition = &before;
    status = tk_lists_gate(view->lists, im->edition, im->before == NULL ? NULL : &in_force,
                           view->args->values[CLI_FLAG_OLDER] != NULL, &view->arena, &im->verdict, &view->err);
    tk_shelved_close(shelved);
    return status == TK_OK ? CLI_EXIT_OK : lists_failed(view, status);
}

static int put(lists_view *view, import *im)
{
    tk_names *names = NULL;
    tk_shelf_close(view->shelf);
    view->shelf = NULL;
    int code = cli_shelf_open(view->args, true, &view->shelf);
    if (code != CLI_EXIT_OK)
        return code;
    tk_status status = tk_names_new(&names, &view->err);
    if (status == TK_OK)
        status = tk_shelf_put(view->shelf, names, im->edition, tk_date_today(), &view->arena, &im->after,
                              &im->was_there, &view->err);
    tk_names_free(names);
    im->put = status == TK_OK;
    if (status == TK_OK && !im->verdict.passed)
        status = keep_reason(view, im);
    return status == TK_OK ? CLI_EXIT_OK : lists_failed(view, status);
}

static void complain_refused(lists_view *view, const import *im)
{
    tk_str stays = im->before == NULL ? TK_STR("nothing was imported")
                                      : tk_arena_printf(&view->arena, "the version of " TK_FMT " stays in force",
                                                        TK_ARG_STR(lists_day(view, im->before->published)));
    cli_complain(TK_FMT " is refused: " TK_FMT "; " TK_FMT "; --accept REASON takes it all the same",
                 TK_ARG_STR(im->edition->source),
                 TK_ARG_STR(im->verdict.text), TK_ARG_STR(stays));
}

int lists_import(lists_view *view)
{
    import im = {0};
    const cli_args *args = view->args;
    const char *reason = args->values[CLI_FLAG_ACCEPT];
    if (reason != NULL && tk_str_trim(tk_str_from(reason)).len == 0) {
        cli_complain("--accept: say why");
        return CLI_EXIT_USAGE;
    }
    int code = lists_read_paths(view, args->positional + 1, args->positional_count - 1, &im.edition);
    if (code == CLI_EXIT_OK)
        code = lists_open_shelf(view);
    if (code != CLI_EXIT_OK)
        return code;
    im.source = tk_lists_source_of(view->lists, im.edition->source);
    say_messages(im.edition);
    code = judge(view, &im);
    if (code != CLI_EXIT_OK)
        return code;
    bool check = args->values[CLI_FLAG_CHECK] != NULL, refused = !im.verdict.passed && reason == NULL;
    if (refused)
        complain_refused(view, &im);
    if (refused && !check)
        return CLI_EXIT_USAGE;
    if (!check)
        code = put(view, &im);
    if (code != CLI_EXIT_OK)
        return code;
    if (cli_format_is(args, "json"))
        write_json(view, &im);
    else
        write_text(view, &im);
    return refused ? CLI_EXIT_USAGE : CLI_EXIT_OK;
}
