/* SPDX-License-Identifier: Apache-2.0 */
/* clearances.c: what a person decides about a hit, into the book, with both sides as they were. */
#include "cli/clearances.h"

#include <pwd.h>
#include <unistd.h>

#include "cli/parties.h"
#include "parties/clearances.h"

typedef struct decision_context {
    const tk_screener *screener;
    bool confirmed;
} decision_context;

static const char *decision_verb(const decision_context *context)
{
    return context->confirmed ? "screen confirm" : "screen clear";
}

/* Who runs the program, by the name that the system knows. */
static tk_str decision_login(tk_arena *arena)
{
    const struct passwd *user = getpwuid(geteuid());
    return user != NULL ? tk_arena_copy(arena, tk_str_from(user->pw_name))
                        : tk_arena_printf(arena, "user %lu", (unsigned long)geteuid());
}

/* --- the two sides --- */

static tk_str catalogue_cell(const tk_catalogue *catalogue, const tk_party *party, const char *column)
{
    size_t count;
    const tk_str *names = tk_catalogue_party_attributes(catalogue, &count);
    for (size_t i = 0; i < count; i++)
        if (tk_str_is(names[i], column))
            return party->attributes[i];
    return TK_STR("");
}

/* The party of the book, else that of the catalogue, which has a name and a country. */
static int decision_party(parties_view *view, const decision_context *context, tk_str *id, tk_compared *side)
{
    char hint[CLI_HINT_MAX];
    const tk_party_record *record;
    tk_status status = tk_parties_find(view->store, INT64_MAX, *id, &view->arena, &record, &view->err);
    if (status != TK_OK)
        return parties_failed(view, status);
    if (record != NULL) {
        *side = tk_compared_of_party(record);
        return CLI_EXIT_OK;
    }
    const tk_catalogue *catalogue = tk_desk_catalogue(view->desk);
    const tk_party *party = cli_find_party(catalogue, *id, hint);
    if (party == NULL) {
        cli_complain("%s --party '" TK_FMT "': there is no such party%s; 'twokey parties add' records one",
                     decision_verb(context), TK_ARG_STR(*id), hint);
        return CLI_EXIT_USAGE;
    }
    *id = party->id;
    *side = (tk_compared){.fields = {[TK_COMPARED_NAME] = party->name,
                                     [TK_COMPARED_COUNTRY] = catalogue_cell(catalogue, party, "country")}};
    return CLI_EXIT_OK;
}

static int decision_entry(parties_view *view, const decision_context *context, tk_str hit, tk_compared *side)
{
    tk_list_entry entry;
    bool found = false;
    tk_status status =
        tk_screener_entry(context->screener, hit, &view->arena, &entry, &found, &view->err);
    if (status == TK_OK && found)
        status = tk_compared_of_entry(&entry, &view->arena, side, &view->err);
    if (status != TK_OK)
        return parties_failed(view, status);
    if (!found)
        cli_complain("%s '" TK_FMT "': no list in use has this entry; answers of 'twokey screen' show it as LIST:KEY",
                     decision_verb(context), TK_ARG_STR(hit));
    return found ? CLI_EXIT_OK : CLI_EXIT_USAGE;
}

/* --- deciding --- */

static void decision_said(parties_view *view, const tk_clearance *decision, const tk_clearance_answer *before)
{
    cli_page *page = &view->page;
    for (size_t i = 0; before->state == TK_CLEARANCE_LAPSED && i < before->changes_count; i++) {
        const tk_compared_change *change = &before->changes[i];
        cli_put_wrapped(page, CLI_DIM,
                        tk_arena_printf(&page->scratch,
                                        "since decision %lld the %s of the %s has changed: '" TK_FMT "' is now '" TK_FMT
                                        "'",
                                        (long long)before->last.number, tk_compared_field_name(change->field),
                                        tk_compared_side_name(change->side), TK_ARG_STR(change->before),
                                        TK_ARG_STR(change->now)),
                        0, 2);
    }
    cli_put_wrapped(page, CLI_PLAIN,
                    tk_arena_printf(&page->scratch, "%s: " TK_FMT " is %s" TK_FMT ", by " TK_FMT " on " TK_FMT
                                    "; decision %lld",
                                    decision->confirmed ? "confirmed" : "cleared", TK_ARG_STR(decision->party),
                                    decision->confirmed ? "" : "not ", TK_ARG_STR(decision->hit),
                                    TK_ARG_STR(decision->who),
                                    TK_ARG_STR(parties_day(&page->scratch, decision->day)),
                                    (long long)decision->number),
                    0, 2);
}

static int decision_body(parties_view *view)
{
    const decision_context *context = view->context;
    const char *reason = view->args->values[CLI_FLAG_REASON], *by = view->args->values[CLI_FLAG_BY];
    tk_clearance decision = {.day = tk_date_today(),
                             .who = by != NULL ? tk_str_from(by) : decision_login(&view->arena),
                             .hit = tk_str_from(view->args->positional[1]),
                             .party = tk_str_from(view->args->values[CLI_FLAG_PARTY]),
                             .reason = tk_str_from(reason),
                             .confirmed = context->confirmed};
    tk_compared sides[TK_COMPARED_SIDES];
    tk_clearance_answer before;
    int code = decision_party(view, context, &decision.party, &sides[TK_COMPARED_PARTY]);
    if (code == CLI_EXIT_OK)
        code = decision_entry(view, context, decision.hit, &sides[TK_COMPARED_ENTRY]);
    if (code != CLI_EXIT_OK)
        return code;
    tk_status status = tk_clearances_find(view->store, decision.hit, decision.party, sides, &view->arena, &before,
                                          &view->err);
    if (status == TK_OK)
        status = tk_clearances_add(view->store, &decision, sides, &decision.number, &view->err);
    if (status != TK_OK)
        return parties_failed(view, status);
    decision_said(view, &decision, &before);
    return CLI_EXIT_OK;
}

static int decision_run(const cli_args *args, const decision_context *context)
{
    const char *verb = decision_verb(context);
    if (args->positional_count < 2)
        cli_complain("%s: which hit? Answers of 'twokey screen' show it as LIST:KEY", verb);
    else if (2 < args->positional_count)
        cli_complain("%s: '%s' is one argument too many", verb, args->positional[2]);
    else if (args->values[CLI_FLAG_PARTY] == NULL)
        cli_complain("%s: --party ID says which party the decision is about", verb);
    else if (!context->confirmed && args->values[CLI_FLAG_REASON] == NULL)
        cli_complain("%s: --reason TEXT says why the party is not this entry", verb);
    else
        return parties_run(args, true, decision_body, context);
    return CLI_EXIT_USAGE;
}

int cli_screen_clear(const cli_args *args, const tk_screener *screener)
{
    return decision_run(args, &(decision_context){.screener = screener});
}

int cli_screen_confirm(const cli_args *args, const tk_screener *screener)
{
    return decision_run(args, &(decision_context){.screener = screener, .confirmed = true});
}
