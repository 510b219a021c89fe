/* SPDX-License-Identifier: Apache-2.0 */
/* parties.c: parties on record, the catalogue's, those of the book, those of --parties FILE: list and show. What is not
 * on record is said to be so: the rulebook may presume it, but nobody looked it up. */
#include "cli/parties.h"

#include <string.h>

#include "base/csv.h"
#include "cli/present.h"
#include "parties/clearances.h"

static const tk_str *parties_attributes(const parties_view *view, size_t *count)
{
    return tk_catalogue_party_attributes(tk_desk_catalogue(view->desk), count);
}

static tk_str parties_attribute(const parties_view *view, const tk_party *party, const char *name)
{
    size_t count;
    const tk_str *names = parties_attributes(view, &count);
    for (size_t i = 0; i < count; i++)
        if (tk_str_is(names[i], name))
            return party->attributes[i];
    return TK_STR("");
}

/* --- list --- */

enum { LIST_ID = 22, LIST_NAME = 26, LIST_HQ = 5, LIST_CLASS = CLI_COLUMNS - LIST_ID - LIST_NAME - LIST_HQ };

static void list_csv(parties_view *view)
{
    tk_out *out = view->page.out;
    size_t attributes;
    const tk_str *names = parties_attributes(view, &attributes);
    const tk_catalogue *catalogue = tk_desk_catalogue(view->desk);
    tk_out_text(out, "id,name");
    for (size_t i = 0; i < attributes; i++)
        tk_csv_write_cell(out, names[i], false, true);
    tk_out_text(out, ",source,note\n");
    for (size_t i = 0; i < tk_catalogue_party_count(catalogue); i++) {
        const tk_party *party = tk_catalogue_party(catalogue, i);
        tk_csv_write_cell(out, party->id, true, true);
        tk_csv_write_cell(out, party->name, false, true);
        for (size_t j = 0; j < attributes; j++)
            tk_csv_write_cell(out, party->attributes[j], false, true);
        tk_csv_write_cell(out, party->source, false, true);
        tk_csv_write_cell(out, party->note, false, true);
        tk_out_char(out, '\n');
    }
}

static tk_str list_class(parties_view *view, const tk_party *party)
{
    tk_str class = parties_attribute(view, party, "class"), lists = parties_attribute(view, party, "lists");
    if (lists.len == 0 || tk_str_is(lists, "none"))
        return class;
    return tk_arena_printf(&view->page.scratch, TK_FMT " [" TK_FMT "]", TK_ARG_STR(class), TK_ARG_STR(lists));
}

static void list_text(parties_view *view)
{
    cli_page *page = &view->page;
    const tk_catalogue *catalogue = tk_desk_catalogue(view->desk);
    cli_put_column(page, CLI_DIM, TK_STR("PARTY"), LIST_ID);
    cli_put_column(page, CLI_DIM, TK_STR("NAME"), LIST_NAME);
    cli_put_column(page, CLI_DIM, TK_STR("HQ"), LIST_HQ);
    cli_puts(page, CLI_DIM, "CLASS [LISTS]");
    tk_out_char(page->out, '\n');
    for (size_t i = 0; i < tk_catalogue_party_count(catalogue); i++) {
        const tk_party *party = tk_catalogue_party(catalogue, i);
        cli_put_column(page, CLI_BOLD, party->id, LIST_ID - 1);
        tk_out_char(page->out, ' ');
        cli_put_column(page, CLI_PLAIN, party->name, LIST_NAME - 1);
        tk_out_char(page->out, ' ');
        tk_str hq = parties_attribute(view, party, "hq"), class = list_class(view, party);
        cli_put_column(page, CLI_PLAIN, hq.len == 0 ? TK_STR("?") : hq, LIST_HQ);
        if (LIST_CLASS < tk_text_width(class))
            cli_put_column(page, CLI_PLAIN, class, LIST_CLASS);
        else
            cli_put(page, CLI_PLAIN, class.len == 0 ? TK_STR("?") : class);
        tk_out_char(page->out, '\n');
        tk_arena_reset(&page->scratch);
    }
}

static int parties_list(parties_view *view)
{
    (cli_format_is(view->args, "csv") ? list_csv : list_text)(view);
    return CLI_EXIT_OK;
}

/* --- words --- */

int parties_failed(parties_view *view, tk_status status)
{
    if (status == TK_OK)
        return CLI_EXIT_OK;
    cli_complain_err(&view->err);
    return cli_exit_of(status);
}

tk_str parties_day(tk_arena *arena, tk_date day)
{
    char text[TK_DATE_TEXT_MAX];
    if (day == TK_DATE_MIN || day == TK_DATE_MAX)
        return TK_STR("");
    size_t len = tk_date_format(day, text);
    return tk_arena_copy(arena, (tk_str){text, len});
}

tk_str parties_share(tk_arena *arena, const tk_owner_holding *share)
{
    if (share->unknown)
        return TK_STR("a share nobody knows");
    return tk_arena_printf(arena, TK_FMT " %%", TK_ARG_STR(tk_owner_share_text(share, arena)));
}

tk_str parties_holding_source(tk_arena *arena, const tk_holding_record *record)
{
    tk_str from = parties_day(arena, record->from), to = parties_day(arena, record->to);
    tk_str source = record->cells[TK_HOLDING_SOURCE];
    tk_str days = TK_STR("no first day given");
    if (from.len != 0)
        days = tk_arena_printf(arena, "from " TK_FMT, TK_ARG_STR(from));
    if (to.len != 0)
        days = tk_arena_printf(arena, TK_FMT " to " TK_FMT, TK_ARG_STR(days), TK_ARG_STR(to));
    return tk_arena_printf(arena, TK_FMT ", " TK_FMT "; recorded %lld", TK_ARG_STR(days),
                           TK_ARG_STR(source.len == 0 ? TK_STR("no source given") : source),
                           (long long)record->number);
}

/* --- show --- */

static const tk_party *show_find(const parties_view *view)
{
    char hint[CLI_HINT_MAX];
    const char *wanted = view->args->positional[1];
    const tk_party *party = cli_find_party(tk_desk_catalogue(view->desk), tk_str_from(wanted), hint);
    if (party == NULL)
        cli_complain("parties show '%s': there is no such party%s", wanted, hint);
    return party;
}

/* What the rulebook takes an end user's unsaid attribute for. */
static bool show_is_presumed(parties_view *view, tk_str attribute)
{
    tk_str name = tk_arena_printf(&view->page.scratch, "end_user." TK_FMT, TK_ARG_STR(attribute));
    size_t slot = tk_rulebook_find_fact(view->book, name, NULL);
    return slot != SIZE_MAX && tk_rulebook_fact(view->book, slot).presumed;
}

static void show_attributes(parties_view *view, const tk_party *party)
{
    cli_page *page = &view->page;
    size_t count;
    const tk_str *names = parties_attributes(view, &count);
    cli_put(page, CLI_BOLD, party->id);
    tk_out_text(page->out, "  ");
    cli_put_wrapped(page, CLI_PLAIN, party->name, party->id.len + 2, 2);
    for (size_t i = 0; i < count; i++) {
        tk_str value = party->attributes[i];
        if (value.len == 0)
            value = show_is_presumed(view, names[i]) ? TK_STR("not on record; presumed where a rule asks")
                                                     : TK_STR("not on record: unknown");
        cli_present_line(page, tk_arena_copy(&page->scratch, names[i]).ptr, value);
    }
}

/* What the book knows beyond what rules ask about. */
static tk_status show_record(parties_view *view, tk_str id)
{
    static const tk_party_column more[] = {TK_PARTY_ALIASES, TK_PARTY_KIND, TK_PARTY_ADDRESS, TK_PARTY_IDENTIFIERS,
                                           TK_PARTY_BIRTH};
    const tk_party_record *party;
    tk_status status = tk_parties_find(view->store, INT64_MAX, id, &view->arena, &party, &view->err);
    if (status != TK_OK || party == NULL)
        return status;
    for (size_t i = 0; i < TK_COUNT(more); i++)
        if (party->cells[more[i]].len != 0)
            cli_present_line(&view->page, tk_parties_column_name(TK_PARTIES, more[i]), party->cells[more[i]]);
    tk_str day = parties_day(&view->arena, party->recorded);
    cli_present_line(&view->page, "recorded",
                     tk_arena_printf(&view->arena, "%lld, on " TK_FMT " from " TK_FMT, (long long)party->number,
                                     TK_ARG_STR(day), TK_ARG_STR(party->batch)));
    return TK_OK;
}

typedef struct show_context {
    parties_view *view;
    tk_str id;
} show_context;

static tk_status show_holding(void *context, const tk_holding_record *record, tk_err *err)
{
    show_context *show = context;
    cli_page *page = &show->view->page;
    bool held = tk_str_eq(record->cells[TK_HOLDING_HELD], show->id);
    tk_str other = record->cells[held ? TK_HOLDING_HOLDER : TK_HOLDING_HELD];
    tk_str text = tk_arena_printf(&page->scratch, TK_FMT "%s" TK_FMT ", " TK_FMT, TK_ARG_STR(other),
                                  record->share.control ? ", in control, " : ", ",
                                  TK_ARG_STR(parties_share(&page->scratch, &record->share)),
                                  TK_ARG_STR(parties_holding_source(&page->scratch, record)));
    (void)err;
    cli_present_line(page, held ? "owned by" : "owns part of", text);
    return TK_OK;
}

static tk_status show_decision(void *context, const tk_clearance *decision, tk_err *err)
{
    show_context *show = context;
    tk_arena *scratch = &show->view->page.scratch;
    (void)err;
    cli_present_line(&show->view->page, decision->confirmed ? "confirmed" : "cleared",
                     tk_arena_printf(scratch, TK_FMT " by " TK_FMT " on " TK_FMT "%s" TK_FMT,
                                     TK_ARG_STR(decision->hit), TK_ARG_STR(decision->who),
                                     TK_ARG_STR(parties_day(scratch, decision->day)),
                                     decision->reason.len == 0 ? "" : ": ", TK_ARG_STR(decision->reason)));
    return TK_OK;
}

static int parties_show(parties_view *view)
{
    const tk_party *party = show_find(view);
    if (party == NULL)
        return CLI_EXIT_USAGE;
    cli_page *page = &view->page;
    show_context show = {.view = view, .id = party->id};
    show_attributes(view, party);
    tk_status status = show_record(view, party->id);
    if (status != TK_OK)
        return parties_failed(view, status);
    cli_present_line(page, "source", party->source.len == 0 ? TK_STR("none given") : party->source);
    if (party->note.len != 0)
        cli_present_line(page, "note", party->note);
    status = tk_parties_holdings(view->store, INT64_MAX, party->id, show_holding, &show, &view->err);
    if (status == TK_OK)
        status = tk_clearances_list(view->store, party->id, show_decision, &show, &view->err);
    return parties_failed(view, status);
}

/* --- opening --- */

static int view_store(parties_view *view, bool writes)
{
    tk_store_options options;
    int code = cli_book_options(view->args, &view->arena, &options);
    if (code != CLI_EXIT_OK)
        return code;
    options.create = writes;
    if (!writes && view->args->values[CLI_FLAG_BOOK] == NULL && !tk_store_present(options.path))
        options.in_memory = true;
    tk_status status = tk_store_open(&options, &view->store, &view->err);
    return parties_failed(view, status);
}

static int view_body(parties_view *view, bool writes, parties_body body)
{
    /* What reads sees one state of the book, however much is read and whoever writes meanwhile. */
    tk_status status = writes ? TK_OK : tk_store_begin_reading(view->store, "reading parties", &view->err);
    int code = status == TK_OK ? body(view) : parties_failed(view, status);
    tk_store_abort(view->store);
    return code;
}

int parties_run(const cli_args *args, bool writes, parties_body body, const void *context)
{
    parties_view view = {.args = args, .context = context};
    tk_messages *messages = NULL;
    tk_arena_init(&view.arena, (size_t)16 * 1024, 0);
    int code = view_store(&view, writes);
    if (code == CLI_EXIT_OK)
        code = cli_desk_open(args, !writes, &view.desk, &messages);
    if (code == CLI_EXIT_OK)
        code = cli_sink_open(&view.sink, args);
    if (code == CLI_EXIT_OK) {
        view.book = tk_desk_rulebook(view.desk);
        cli_page_init(&view.page, &view.sink, args);
        code = view_body(&view, writes, body);
        cli_page_fini(&view.page);
        int closed = cli_sink_close(&view.sink, code == CLI_EXIT_OK || CLI_EXIT_CONDITIONS <= code);
        if (closed != CLI_EXIT_OK)
            code = closed;
    }
    tk_messages_free(messages);
    tk_desk_close(view.desk);
    tk_store_close(view.store);
    tk_arena_fini(&view.arena);
    return code;
}

/* --- the verb --- */

typedef struct parties_sub {
    const char *name, *argument; /* what its one argument is, NULL for none */
    const char *formats;
    cli_bits flags;
    parties_body body;
    bool many, optional; /* takes more arguments than one; does without */
    bool writes;
} parties_sub;

#define FLAGS_OUT (CLI_BIT(OUT) | CLI_BIT(FORCE))
static const parties_sub subs[] = {
    {"list", NULL, "text|csv", FLAGS_OUT, parties_list, false, false, false},
    {"show", "party", NULL, FLAGS_OUT, parties_show, false, false, false},
    {"import", "file, or - for standard input", NULL, CLI_BIT(IGNORE_UNKNOWN), parties_import, false, false, true},
    {"add", "columns, as id=acme name='Acme Ltd.' hq=DE", NULL, 0, parties_add, true, false, true},
    {"export", "table", NULL, FLAGS_OUT, parties_export, false, true, false},
};

static bool sub_takes(const parties_sub *sub, const cli_args *args)
{
    size_t least = sub->argument == NULL || sub->optional ? 1 : 2, most = sub->argument == NULL ? 1 : 2;
    most = sub->many ? CLI_POSITIONAL_MAX : most;
    if (args->positional_count < least) {
        cli_complain("parties %s: which %s?", sub->name, sub->argument);
        return false;
    }
    if (most < args->positional_count) {
        cli_complain("parties %s: '%s' is one argument too many", sub->name, args->positional[most]);
        return false;
    }
    cli_bits taken = CLI_BITS_ALWAYS | CLI_BITS_BOOK | CLI_BITS_DATA | sub->flags
                     | (sub->formats == NULL ? 0 : CLI_BIT(FORMAT));
    for (size_t i = 0; i < CLI_FLAG_COUNT; i++)
        if (args->values[i] != NULL && (taken & cli_bit(i)) == 0) {
            cli_complain("--%s does not go with 'parties %s'", cli_flag_infos[i].name, sub->name);
            return false;
        }
    const char *format = args->values[CLI_FLAG_FORMAT];
    return format == NULL || cli_check_choice("--format", sub->formats, format);
}

int cli_parties(const cli_verb *verb, const cli_args *args)
{
    if (args->positional_count == 0) {
        cli_complain("parties: what of them? Expected one of %s", verb->subs);
        return CLI_EXIT_USAGE;
    }
    const parties_sub *sub = &subs[0];
    for (size_t i = 0; i < TK_COUNT(subs); i++)
        if (strcmp(args->positional[0], subs[i].name) == 0)
            sub = &subs[i];
    return sub_takes(sub, args) ? parties_run(args, sub->writes, sub->body, NULL) : CLI_EXIT_USAGE;
}
