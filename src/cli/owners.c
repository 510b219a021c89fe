/* SPDX-License-Identifier: Apache-2.0 */
/* owners.c: `twokey owners`: whether listed parties own a party by the percentage of their list, by which holdings, and
 * what would change that. */
#include "cli/owners.h"

#include <string.h>

#include "cli/present.h"
#include "desk/embedded.h"
#include "desk/screening.h"
#include "parties/listed.h"

/* --- words --- */

tk_str owners_review(const owners_view *o, uint8_t rank)
{
    return rank == 0 || o->reviews_count < rank ? TK_STR("") : o->reviews[rank - 1];
}

tk_str owners_name(const owners_view *o, uint32_t party)
{
    const tk_catalogue *catalogue = tk_desk_catalogue(o->view->desk);
    for (size_t i = 0; i < tk_catalogue_party_count(catalogue); i++)
        if (tk_str_eq(tk_catalogue_party(catalogue, i)->id, o->graph->ids[party]))
            return tk_catalogue_party(catalogue, i)->name;
    return TK_STR("");
}

tk_str owners_number(tk_arena *arena, tk_num value)
{
    char text[TK_NUM_TEXT_MAX];
    size_t len = tk_num_format(value, text);
    return tk_arena_copy(arena, (tk_str){text, len});
}

static tk_str owners_range(tk_arena *arena, tk_num low, tk_num high)
{
    if (low == high)
        return tk_arena_printf(arena, TK_FMT " %%", TK_ARG_STR(owners_number(arena, low)));
    return tk_arena_printf(arena, TK_FMT " to " TK_FMT " %%", TK_ARG_STR(owners_number(arena, low)),
                           TK_ARG_STR(owners_number(arena, high)));
}

static cli_paint owners_paint(tk_owner_state state)
{
    static const cli_paint paints[TK_OWNER_STATE_COUNT] = {CLI_GREEN, CLI_YELLOW, CLI_RED};
    return paints[state];
}

/* --- text --- */

static void text_head(owners_view *o)
{
    cli_page *page = &o->view->page;
    tk_str id = o->graph->ids[o->party], day = parties_day(&page->scratch, o->day);
    tk_owner_state state = tk_owners_state(o->graph->owners, o->party);
    cli_put(page, CLI_BOLD, id);
    tk_out_text(page->out, "  ");
    cli_put_wrapped(page, CLI_PLAIN, o->name.len == 0 ? TK_STR("(not a party on record)") : o->name, id.len + 2, 2);
    tk_str says = TK_STR("Clear: no listed parties own it by the percentage of their list");
    if (state == TK_OWNER_COVERED)
        says = TK_STR("Covered: listed parties own it by the percentage of their list or more");
    else if (state == TK_OWNER_RED_FLAG)
        says = TK_STR("Red flag: listed parties own a part of it, or may");
    else if (o->holders == 0)
        says = TK_STR("Unknown: nobody is on record as an owner");
    cli_put_wrapped(page, state == TK_OWNER_CLEAR && o->holders == 0 ? CLI_MAGENTA : owners_paint(state),
                    tk_arena_printf(&page->scratch, TK_FMT ", on " TK_FMT ".", TK_ARG_STR(says), TK_ARG_STR(day)), 0,
                    0);
}

static tk_str text_state(owners_view *o, size_t rule, const tk_owner_answer *answer)
{
    tk_arena *scratch = &o->view->page.scratch;
    const tk_owner_rule *row = &o->graph->input.rules[rule];
    tk_str range = owners_range(scratch, answer->low, answer->high), percent = owners_number(scratch, row->percent);
    tk_str with = row->with.len == 0 || !row->aggregate
                      ? TK_STR("")
                      : tk_arena_printf(scratch, " (with those of " TK_FMT ")", TK_ARG_STR(row->with));
    bool controls = answer->control && answer->state != TK_OWNER_COVERED;
    return tk_arena_printf(scratch,
                           "%s: listed owners%s" TK_FMT " have " TK_FMT "; from " TK_FMT " %% on it covers%s%s",
                           tk_owner_state_name(answer->state), row->aggregate ? " together" : ", the largest,",
                           TK_ARG_STR(with), TK_ARG_STR(range), TK_ARG_STR(percent),
                           controls ? "; a listed party controls it, which is not ownership" : "",
                           answer->itself ? "; it is, or may be, on the list itself" : "");
}

static tk_str text_holding(owners_view *o, size_t holding)
{
    tk_arena *scratch = &o->view->page.scratch;
    const tk_holding_record *record = &o->graph->records[holding];
    tk_str holder = record->cells[TK_HOLDING_HOLDER], name = owners_name(o, o->graph->input.holdings[holding].holder);
    return tk_arena_printf(scratch, TK_FMT "%s" TK_FMT "%s" TK_FMT ", " TK_FMT, TK_ARG_STR(holder),
                           name.len == 0 ? ": " : " (", TK_ARG_STR(name), name.len == 0 ? "" : "): ",
                           TK_ARG_STR(parties_share(scratch, &record->share)),
                           TK_ARG_STR(parties_holding_source(scratch, record)));
}

static void text_step(owners_view *o, const tk_owner_step *step)
{
    cli_page *page = &o->view->page;
    static const char *const says[] = {"below", "may reach", "reaches"};
    tk_str percent = owners_number(&page->scratch, o->graph->input.rules[step->rule].percent);
    o->shown[step->party] = true;
    tk_out_text(page->out, "    ");
    cli_put(page, CLI_BOLD, o->graph->ids[step->party]);
    cli_put_wrapped(page, CLI_PLAIN,
                    tk_arena_printf(&page->scratch, ": " TK_FMT ", %s " TK_FMT " %%",
                                    TK_ARG_STR(owners_range(&page->scratch, step->low, step->high)),
                                    says[step->covered], TK_ARG_STR(percent)),
                    4 + o->graph->ids[step->party].len, 6);
    for (size_t i = 0; i < step->holdings_count; i++) {
        tk_out_text(page->out, "      ");
        cli_put_wrapped(page, CLI_PLAIN, text_holding(o, step->holdings[i]), 6, 8);
    }
}

/* "(5 more)", "(by more than 5)"; what is not known has no distance. */
static tk_str change_by(owners_view *o, const tk_owner_change *change)
{
    tk_arena *scratch = &o->view->page.scratch;
    tk_str by = owners_number(scratch, change->by);
    if (o->graph->records[change->holding].share.unknown)
        return TK_STR("");
    if (change->by == 0)
        return TK_STR(" (which it just reaches)");
    return change->above ? tk_arena_printf(scratch, " (" TK_FMT " more)", TK_ARG_STR(by))
                         : tk_arena_printf(scratch, " (" TK_FMT " less)", TK_ARG_STR(by));
}

static void text_change(owners_view *o, const tk_owner_change *change)
{
    cli_page *page = &o->view->page;
    static const char *const becomes[] = {"not covered", "perhaps covered", "covered"};
    if (!change->there)
        return;
    const tk_holding_record *record = &o->graph->records[change->holding];
    tk_str text = tk_arena_printf(&page->scratch,
                                  "%s if the share of " TK_FMT " in " TK_FMT " were %s " TK_FMT " %%" TK_FMT,
                                  becomes[change->becomes], TK_ARG_STR(record->cells[TK_HOLDING_HOLDER]),
                                  TK_ARG_STR(record->cells[TK_HOLDING_HELD]), change->above ? "at least" : "below",
                                  TK_ARG_STR(owners_number(&page->scratch, change->share)),
                                  TK_ARG_STR(change_by(o, change)));
    tk_out_text(page->out, "    ");
    cli_put_wrapped(page, CLI_CYAN, text, 4, 6);
}

static bool step_is(const tk_owner_step *a, const tk_owner_step *b)
{
    bool same = a->party == b->party && a->holdings_count == b->holdings_count;
    for (size_t i = 0; same && i < a->holdings_count; i++)
        same = a->holdings[i] == b->holdings[i];
    return same;
}

/* One party may stand in a chain for the rules of two lists, by the same holdings; people read them once. */
static void text_chain(owners_view *o, const tk_owner_step *steps, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        size_t before = 0;
        while (before < i && !step_is(&steps[before], &steps[i]))
            before++;
        if (before == i)
            text_step(o, &steps[i]);
    }
}

/* What is known of the party by the rule of one list. */
typedef struct rule_answer {
    tk_owner_answer answer;
    const tk_owner_step *steps;
    size_t count;
    tk_owner_change up, down;
    bool complete;
} rule_answer;

static tk_status text_ask(owners_view *o, size_t rule, rule_answer *of)
{
    parties_view *view = o->view;
    const tk_owners *owners = o->graph->owners;
    of->answer = tk_owners_answer(owners, o->party, rule);
    tk_status status = tk_owners_chain(owners, o->party, rule, &view->arena, &of->steps, &of->count, &view->err);
    return status == TK_OK ? tk_owners_change(owners, o->party, rule, &view->arena, &of->up, &of->down, &of->complete,
                                              &view->err)
                           : status;
}

static void text_rule(owners_view *o, size_t rule, const rule_answer *of)
{
    cli_page *page = &o->view->page;
    tk_out_text(page->out, "  ");
    cli_put_column(page, owners_paint(of->answer.state), o->graph->input.rules[rule].list, 6);
    cli_put_wrapped(page, CLI_PLAIN, text_state(o, rule, &of->answer), 8, 8);
    text_chain(o, of->steps, of->count);
    text_change(o, &of->up);
    text_change(o, &of->down);
    if (!of->complete)
        cli_puts(page, CLI_DIM, "    not every holding above it was tried for a change; there are very many\n");
    tk_out_text(page->out, "    ");
    cli_put_wrapped(page, CLI_DIM, o->graph->input.rules[rule].citation, 4, 6);
    tk_arena_reset(&page->scratch);
}

/* Each list of which an owner has something, or a change would bring one, at length; the others together. */
static tk_status text_rules(owners_view *o)
{
    cli_page *page = &o->view->page;
    size_t count = o->graph->input.rules_count, none_count = 0;
    tk_str *none = TK_ARENA_ARRAY(&o->view->arena, tk_str, count);
    tk_status status = none == NULL ? tk_err_set(&o->view->err, TK_ERR_MEMORY, "out of memory") : TK_OK;
    for (size_t rule = 0; status == TK_OK && rule < count; rule++) {
        rule_answer of;
        status = text_ask(o, rule, &of);
        if (status != TK_OK)
            return status;
        if (of.answer.high == 0 && !of.answer.control && !of.answer.itself && !of.up.there)
            none[none_count++] = o->graph->input.rules[rule].list;
        else
            text_rule(o, rule, &of);
    }
    if (status != TK_OK || none_count == 0)
        return status;
    tk_str lists = cli_joined(&page->scratch, none, none_count, ", ");
    cli_puts(page, CLI_PLAIN, "  ");
    cli_put_wrapped(page, CLI_PLAIN,
                    tk_arena_printf(&page->scratch, "No owner on record is on, or covered by, " TK_FMT ".",
                                    TK_ARG_STR(lists)),
                    2, 2);
    return TK_OK;
}

static void text_review(owners_view *o)
{
    cli_page *page = &o->view->page;
    uint8_t least, most;
    tk_owners_review(o->graph->owners, o->party, &least, &most);
    tk_str from = owners_review(o, least), to = owners_review(o, most);
    if (most == 0)
        return;
    tk_str text = to;
    if (least == 0)
        text = tk_arena_printf(&page->scratch, "not known, " TK_FMT " at most", TK_ARG_STR(to));
    else if (least != most)
        text = tk_arena_printf(&page->scratch, TK_FMT ", perhaps " TK_FMT, TK_ARG_STR(from), TK_ARG_STR(to));
    cli_puts(page, CLI_PLAIN, "  ");
    cli_put_wrapped(page, CLI_PLAIN,
                    tk_arena_printf(&page->scratch, "Strictest policy among the owners that cover it: " TK_FMT ".",
                                    TK_ARG_STR(text)),
                    2, 2);
}

/* What is odd about the holdings of those that were spoken of. */
static void text_oddities(owners_view *o)
{
    cli_page *page = &o->view->page;
    size_t count;
    const tk_owner_odd *odd = tk_owners_oddities(o->graph->owners, &count);
    for (size_t i = 0; i < count; i++) {
        tk_str id = o->graph->ids[odd[i].party];
        if (odd[i].party != o->party && !o->shown[odd[i].party])
            continue;
        tk_str text = odd[i].kind == TK_OWNER_ODD_OVER
                          ? tk_arena_printf(&page->scratch,
                                            "note: the holders of " TK_FMT " have " TK_FMT " %% together",
                                            TK_ARG_STR(id), TK_ARG_STR(owners_number(&page->scratch, odd[i].sum)))
                          : tk_arena_printf(&page->scratch, "note: " TK_FMT " holds itself, which counts for nothing",
                                            TK_ARG_STR(id));
        cli_put_wrapped(page, CLI_DIM, text, 0, 6);
    }
}

static tk_status owners_text(owners_view *o)
{
    cli_page *page = &o->view->page;
    text_head(o);
    if (o->holders != 0)
        cli_put_wrapped(page, CLI_DIM,
                        tk_arena_printf(&page->scratch, "On record: %zu holder%s with " TK_FMT " of it%s", o->holders,
                                        o->holders == 1 ? "" : "s",
                                        TK_ARG_STR(owners_range(&page->scratch, o->known_low, o->known_high)),
                                        o->known_high < 100 * TK_NUM_SCALE ? "; who has the rest is not known." : "."),
                        0, 0);
    tk_status status = text_rules(o);
    text_review(o);
    text_oddities(o);
    return status;
}

/* --- asking --- */

static tk_str owners_table(void)
{
    for (size_t i = 0; i < tk_embedded_files_count; i++)
        if (tk_str_is(tk_embedded_files[i].path, "lists/families.csv"))
            return tk_embedded_files[i].text;
    return TK_STR("");
}

static void owners_known(owners_view *o)
{
    const tk_owner_input *input = &o->graph->input;
    for (size_t i = 0; i < input->holdings_count; i++) {
        const tk_owner_holding *h = &input->holdings[i];
        if (h->held != o->party || h->holder == o->party)
            continue;
        o->holders++;
        o->known_low += h->low;
        o->known_high += h->high;
    }
}

static tk_status owners_graph(owners_view *o, tk_str asked, const tk_parties_listed *listed)
{
    parties_view *view = o->view;
    const tk_owner_rule *rules;
    size_t count;
    tk_parties_graph *graph;
    tk_status status = tk_owner_rules_read(TK_STR("lists/families.csv"), owners_table(), &view->arena, &rules, &count,
                                           &view->err);
    if (status == TK_OK)
        status = tk_parties_owners(view->store, INT64_MAX, o->day, asked, rules, count, (uint8_t)o->reviews_count,
                                   listed, &view->arena, &graph, &view->err);
    if (status != TK_OK)
        return status;
    o->graph = graph;
    o->party = (uint32_t)tk_parties_graph_find(graph, asked);
    o->shown = TK_ARENA_ARRAY(&view->arena, bool, graph->input.parties_count);
    if (o->shown == NULL)
        return tk_err_set(&view->err, TK_ERR_MEMORY, "out of memory");
    owners_known(o);
    return TK_OK;
}

/* Without lists: what is on record. */
static tk_status owners_by_record(owners_view *o, tk_str asked)
{
    parties_view *view = o->view;
    tk_parties_on_record record = {.store = view->store,
                                   .catalogue = tk_desk_catalogue(view->desk),
                                   .reviews = o->reviews,
                                   .reviews_count = o->reviews_count};
    tk_parties_listed listed = {tk_parties_on_record_ask, &record};
    tk_status status = tk_parties_on_record_sort(&record, &view->arena, &view->err);
    return status == TK_OK ? owners_graph(o, asked, &listed) : status;
}

/* With lists: as decisions about orders see it, open hits and all. */
static tk_status owners_by_lists(owners_view *o, tk_str asked)
{
    parties_view *view = o->view;
    desk_screening_ask ask;
    tk_parties_listed listed;
    desk_screening *screening = desk_screening_new(view->desk);
    if (screening == NULL) {
        (void)tk_err_set(&view->err, TK_ERR_MEMORY, "out of memory");
        return TK_ERR_MEMORY;
    }
    tk_status status = desk_screening_listed(screening, o->day, &ask, &listed, &view->err);
    if (status == TK_OK)
        status = owners_graph(o, asked, &listed);
    desk_screening_free(screening);
    return status;
}

static tk_status owners_ask(owners_view *o, tk_str asked)
{
    parties_view *view = o->view;
    size_t slot = tk_rulebook_find_fact(view->book, TK_STR("end_user.entry_review"), NULL);
    if (slot != SIZE_MAX) {
        o->reviews = tk_rulebook_fact(view->book, slot).words;
        o->reviews_count = tk_rulebook_fact(view->book, slot).words_count;
    }
    return (view->desk->shelf == NULL ? owners_by_record : owners_by_lists)(o, asked);
}

static tk_status owners_seen(void *context, const tk_holding_record *holding, tk_err *err)
{
    (void)holding;
    (void)err;
    *(bool *)context = true;
    return TK_OK;
}

static int owners_body(parties_view *view)
{
    static const int codes[TK_OWNER_STATE_COUNT] = {CLI_EXIT_OK, CLI_EXIT_UNDETERMINED, CLI_EXIT_CLOSED};
    owners_view o = {.view = view, .day = tk_date_today()};
    const char *day = view->args->values[CLI_FLAG_AS_OF], *asked = view->args->positional[0];
    char hint[CLI_HINT_MAX];
    if (day != NULL && tk_date_parse(tk_str_from(day), &o.day, &view->err) != TK_OK) {
        cli_complain("--as-of: %s", view->err.message);
        return CLI_EXIT_USAGE;
    }
    const tk_party *party = cli_find_party(tk_desk_catalogue(view->desk), tk_str_from(asked), hint);
    tk_str id = party == NULL ? tk_str_from(asked) : party->id;
    bool seen = party != NULL; /* or in a holding, of whatever day */
    tk_status status =
        seen ? TK_OK : tk_parties_holdings(view->store, INT64_MAX, id, owners_seen, &seen, &view->err);
    if (status == TK_OK && !seen) {
        cli_complain("owners '%s': there is no such party%s", asked, hint);
        return CLI_EXIT_USAGE;
    }
    if (status == TK_OK)
        status = owners_ask(&o, id);
    if (status != TK_OK)
        return parties_failed(view, status);
    o.name = party == NULL ? TK_STR("") : party->name;
    status = cli_format_is(view->args, "json") ? owners_json(&o) : owners_text(&o);
    if (status != TK_OK)
        return parties_failed(view, status);
    tk_owner_state state = tk_owners_state(o.graph->owners, o.party);
    return state == TK_OWNER_CLEAR && o.holders == 0 ? CLI_EXIT_UNDETERMINED : codes[state];
}

int cli_owners(const cli_verb *verb, const cli_args *args)
{
    if (args->positional_count == 0) {
        cli_complain("%s: of which party? 'twokey parties list' names them", verb->name);
        return CLI_EXIT_USAGE;
    }
    if (1 < args->positional_count) {
        cli_complain("%s takes one party; '%s' is one too many", verb->name, args->positional[1]);
        return CLI_EXIT_USAGE;
    }
    return parties_run(args, false, owners_body, NULL);
}
