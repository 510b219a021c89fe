/* SPDX-License-Identifier: Apache-2.0 */
/* clearances.c: what a person decides about a hit, into the book, with both sides as they were. */
#include "cli/clearances.h"

#include <pwd.h>
#include <string.h>
#include <unistd.h>

#include "cli/parties.h"
#include "cli/shelf.h"
#include "parties/clearances.h"
#include "screen/screener.h"

enum { LOGIN_BYTES = 4096 };

typedef struct decision_context {
    tk_screener *screener; /* of the newest versions, however old: the entry stands there as it stands */
    bool confirmed;
} decision_context;

static const char *decision_verb(const decision_context *context)
{
    return context->confirmed ? "screen confirm" : "screen clear";
}

/* Who runs the program, by the name that the system knows. */
static tk_str decision_login(tk_arena *arena)
{
    char room[LOGIN_BYTES];
    struct passwd entry, *user = NULL;
    if (getpwuid_r(geteuid(), &entry, room, sizeof room, &user) != 0 || user == NULL)
        return tk_arena_printf(arena, "user %lu", (unsigned long)geteuid());
    return tk_arena_copy(arena, tk_str_from(user->pw_name));
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
    tk_status status = tk_screener_entry(context->screener, hit, &view->arena, &entry, &found, &view->err);
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
                                        "changed since decision %lld: %s of the %s, '" TK_FMT "' -> '" TK_FMT "'",
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

static bool decision_arguments(const cli_args *args, const decision_context *context)
{
    const char *verb = decision_verb(context);
    cli_bits taken = CLI_BITS_ALWAYS | CLI_BITS_BOOK | CLI_BIT(LISTS) | CLI_BITS_DECISION;
    for (size_t i = 0; i < CLI_FLAG_COUNT; i++)
        if (args->values[i] != NULL && (taken & cli_bit(i)) == 0) {
            cli_complain("--%s does not go with '%s'", cli_flag_infos[i].name, verb);
            return false;
        }
    if (args->positional_count < 2)
        cli_complain("%s: which hit? Answers of 'twokey screen' show it as LIST:KEY", verb);
    else if (2 < args->positional_count)
        cli_complain("%s: '%s' is one argument too many", verb, args->positional[2]);
    else if (args->values[CLI_FLAG_PARTY] == NULL)
        cli_complain("%s: --party ID says which party the decision is about", verb);
    else if (!context->confirmed && args->values[CLI_FLAG_REASON] == NULL)
        cli_complain("%s: --reason TEXT says why the party is not this entry", verb);
    else
        return true;
    return false;
}

bool cli_screen_decides(const cli_args *args)
{
    return args->positional_count != 0
           && (strcmp(args->positional[0], "clear") == 0 || strcmp(args->positional[0], "confirm") == 0);
}

int cli_screen_decide(const cli_args *args)
{
    tk_err err = {0};
    tk_shelf *shelf = NULL;
    tk_screener_options options = TK_SCREENER_OPTIONS_INIT;
    decision_context context = {.confirmed = strcmp(args->positional[0], "confirm") == 0};
    if (!decision_arguments(args, &context))
        return CLI_EXIT_USAGE;
    int code = cli_shelf_open(args, false, &shelf);
    if (code != CLI_EXIT_OK)
        return code;
    tk_status status = tk_screener_new(shelf, &options, &context.screener, &err);
    if (status != TK_OK)
        cli_complain_err(&err);
    code = status == TK_OK ? parties_run(args, true, decision_body, &context) : cli_exit_of(status);
    tk_screener_free(context.screener);
    tk_shelf_close(shelf);
    return code;
}
