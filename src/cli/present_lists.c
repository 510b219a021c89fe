/* SPDX-License-Identifier: Apache-2.0 */
/* present_lists.c: what lists and owners say of the parties of an order, on a page. */
#include "base/num.h"
#include "base/str.h"
#include "cli/present.h"
#include "cli/screen.h"

static const char *state_words(tk_hit_state state)
{
    switch (state) {
    case TK_HIT_CLEARED:
        return "cleared";
    case TK_HIT_CONFIRMED:
        return "confirmed";
    case TK_HIT_LAPSED:
        return "cleared before, and changed since";
    case TK_HIT_OPEN:
        break;
    }
    return "nobody has decided";
}

/* `called`: by its id, or by its list. */
static tk_str hit_text(tk_arena *arena, const tk_party_hit *hit, tk_str called)
{
    tk_str alias = hit->hit.alias.len == 0
                       ? TK_STR("")
                       : tk_arena_printf(arena, " (as '" TK_FMT "')", TK_ARG_STR(hit->hit.alias));
    return tk_arena_printf(arena, TK_FMT " '" TK_FMT "'" TK_FMT ", score " TK_FMT ": %s", TK_ARG_STR(called),
                           TK_ARG_STR(hit->hit.name), TK_ARG_STR(alias),
                           TK_ARG_STR(screen_score(arena, hit->hit.score)), state_words(hit->state));
}

static tk_str owned_text(tk_arena *arena, const tk_party_owned *owned)
{
    bool range = !tk_str_eq(owned->low, owned->high);
    return tk_arena_printf(arena, TK_FMT " owners: " TK_FMT ", " TK_FMT "%s" TK_FMT " %% (" TK_FMT ")",
                           TK_ARG_STR(owned->list), TK_ARG_STR(owned->state), TK_ARG_STR(owned->low),
                           range ? " to " : "", TK_ARG_STR(range ? owned->high : TK_STR("")),
                           TK_ARG_STR(cli_joined(arena, owned->owners, owned->owners_count, ", ")));
}

/* Which verbs settle it, said once a party. */
static void party_next(cli_page *page, const tk_party_screening *party)
{
    bool open = false;
    for (size_t i = 0; i < party->hits_count; i++)
        open |= party->hits[i].state == TK_HIT_OPEN || party->hits[i].state == TK_HIT_LAPSED;
    if (open && tk_str_eq(party->party, party->name) && !tk_str_is_id(party->party))
        cli_present_line(page, "",
                         TK_STR("to settle it, record the party (twokey parties add id=ID name=NAME), order by "
                                "that id, then: twokey screen clear HIT --party ID --reason TEXT, or "
                                "screen confirm HIT"));
    else if (open)
        cli_present_line(page, "",
                         tk_arena_printf(&page->scratch,
                                         "each is settled by: twokey screen clear HIT --party '" TK_FMT
                                         "' --reason TEXT, or screen confirm HIT",
                                         TK_ARG_STR(party->party)));
}

static void party_lines(cli_page *page, const tk_party_screening *party)
{
    tk_arena *arena = &page->scratch;
    bool on_record = !tk_str_eq(party->party, party->name);
    tk_str head = tk_arena_printf(arena, TK_FMT ": " TK_FMT "%s" TK_FMT, TK_ARG_STR(party->role),
                                  TK_ARG_STR(party->name), on_record ? ", on record as " : "",
                                  TK_ARG_STR(on_record ? party->party : TK_STR("")));
    size_t said = party->hits_count + party->owned_count + (party->trouble.len != 0 ? 1 : 0);
    cli_present_line(page, "party", said == 0 ? tk_arena_printf(arena, TK_FMT ": no hit", TK_ARG_STR(head)) : head);
    if (party->trouble.len != 0)
        cli_present_line(page, "", tk_arena_printf(arena, "cannot be compared: " TK_FMT, TK_ARG_STR(party->trouble)));
    for (size_t i = 0; i < party->hits_count; i++) {
        const tk_party_hit *hit = &party->hits[i];
        cli_present_line(page, "", hit_text(arena, hit, hit->hit.id));
        if (hit->decided.len != 0)
            cli_present_line(page, "", tk_arena_printf(arena, "decided " TK_FMT, TK_ARG_STR(hit->decided)));
        if (hit->changed.len != 0)
            cli_present_line(page, "", tk_arena_printf(arena, "changed: " TK_FMT, TK_ARG_STR(hit->changed)));
    }
    for (size_t i = 0; i < party->owned_count; i++)
        cli_present_line(page, "", owned_text(arena, &party->owned[i]));
    party_next(page, party);
}

static tk_str unknown_text(tk_arena *arena, const tk_unscreened *list)
{
    char day[TK_DATE_TEXT_MAX];
    if (list->published == TK_DATE_MIN)
        return tk_arena_printf(arena, TK_FMT ": no version of it was published by then", TK_ARG_STR(list->list));
    (void)tk_date_format(list->published, day);
    return tk_arena_printf(arena,
                           TK_FMT ": " TK_FMT " of %s is %d days old on the day asked about; no hit proves nothing",
                           TK_ARG_STR(list->list), TK_ARG_STR(list->source), day, list->age_days);
}

void cli_present_screening(cli_page *page, const tk_screening_view *view)
{
    tk_arena *arena = &page->scratch;
    if (view == NULL || view->parties_count == 0)
        return;
    tk_out_char(page->out, '\n');
    cli_puts(page, CLI_BOLD, "lists\n");
    if (view->versions_count == 0)
        cli_present_line(page, "run against", TK_STR("nothing: no list was published by then"));
    for (size_t i = 0; i < view->versions_count; i++)
        cli_present_line(page, i == 0 ? "run against" : "", view->versions[i]);
    for (size_t i = 0; i < view->unknown_count; i++)
        cli_present_line(page, i == 0 ? "not known" : "", unknown_text(arena, &view->unknown[i]));
    if (view->never_count != 0)
        cli_present_line(page, "not looked at", cli_joined(arena, view->never, view->never_count, ", "));
    for (size_t i = 0; i < view->parties_count; i++)
        party_lines(page, &view->parties[i]);
}

tk_str cli_screening_text(tk_arena *arena, const tk_screening_view *view)
{
    tk_str text = TK_STR("");
    for (size_t i = 0; view != NULL && i < view->parties_count; i++) {
        const tk_party_screening *party = &view->parties[i];
        for (size_t k = 0; k < party->hits_count + party->owned_count; k++) {
            tk_str part = k < party->hits_count ? hit_text(arena, &party->hits[k], party->hits[k].hit.list)
                                                : owned_text(arena, &party->owned[k - party->hits_count]);
            text = tk_arena_printf(arena, TK_FMT "%s" TK_FMT ": " TK_FMT, TK_ARG_STR(text),
                                   text.len == 0 ? "" : "; ", TK_ARG_STR(party->role), TK_ARG_STR(part));
        }
    }
    return text;
}
