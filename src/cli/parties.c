/* SPDX-License-Identifier: Apache-2.0 */
/* parties.c: parties on record, the catalogue's or those of --parties FILE. What is not on record is said to be so: the
 * rulebook may presume it, but nobody looked it up. */
#include "base/csv.h"
#include "cli/present.h"

static const tk_str *parties_attributes(const cli_view *view, size_t *count)
{
    return tk_catalogue_party_attributes(tk_desk_catalogue(view->desk), count);
}

static tk_str parties_attribute(const cli_view *view, const tk_party *party, const char *name)
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

static void list_csv(cli_view *view)
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

static tk_str list_class(cli_view *view, const tk_party *party)
{
    tk_str class = parties_attribute(view, party, "class"), lists = parties_attribute(view, party, "lists");
    if (lists.len == 0 || tk_str_is(lists, "none"))
        return class;
    return tk_arena_printf(&view->page.scratch, TK_FMT " [" TK_FMT "]", TK_ARG_STR(class), TK_ARG_STR(lists));
}

static void list_text(cli_view *view)
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

static int parties_list(cli_view *view)
{
    (cli_format_is(view->args, "csv") ? list_csv : list_text)(view);
    return CLI_EXIT_OK;
}

/* --- show --- */

static const tk_party *show_find(const cli_view *view)
{
    char hint[CLI_HINT_MAX];
    const char *wanted = view->args->positional[1];
    const tk_party *party = cli_find_party(tk_desk_catalogue(view->desk), tk_str_from(wanted), hint);
    if (party == NULL)
        cli_complain("parties show '%s': there is no such party%s", wanted, hint);
    return party;
}

/* What the rulebook takes an end user's unsaid attribute for. */
static bool show_is_presumed(cli_view *view, tk_str attribute)
{
    tk_str name = tk_arena_printf(&view->page.scratch, "end_user." TK_FMT, TK_ARG_STR(attribute));
    size_t slot = tk_rulebook_find_fact(view->book, name, NULL);
    return slot != SIZE_MAX && tk_rulebook_fact(view->book, slot).presumed;
}

static int parties_show(cli_view *view)
{
    const tk_party *party = show_find(view);
    if (party == NULL)
        return CLI_EXIT_USAGE;
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
    cli_present_line(page, "source", party->source.len == 0 ? TK_STR("none given") : party->source);
    if (party->note.len != 0)
        cli_present_line(page, "note", party->note);
    return CLI_EXIT_OK;
}

/* --- the verb --- */

int cli_parties(const cli_verb *verb, const cli_args *args)
{
    static const cli_sub subs[] = {
        {.name = "list", .formats = "text|csv", .body = parties_list},
        {.name = "show", .argument = "party", .body = parties_show},
    };
    return cli_sub_run(verb, args, subs, TK_COUNT(subs), false);
}
