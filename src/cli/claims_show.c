/* SPDX-License-Identifier: Apache-2.0 */
/* claims_show.c: everything about one claim: its cells, what it says in the words of the tables, what points at it. */
#include <string.h>

#include "cli/claims.h"
#include "cli/present.h"

static tk_str show_about(tk_arena *arena, const tk_claim_statement *said)
{
    if (said->kind == TK_KIND_MEASURE)
        return tk_arena_printf(arena, TK_FMT " of " TK_FMT " in " TK_FMT, TK_ARG_STR(said->fact),
                               TK_ARG_STR(said->value),
                               TK_ARG_STR(said->unit.len == 0 ? TK_STR("no unit") : said->unit));
    return tk_arena_printf(arena, "%s" TK_FMT " = " TK_FMT "%s" TK_FMT "%s" TK_FMT, said->denies ? "denies " : "",
                           TK_ARG_STR(said->fact), TK_ARG_STR(said->value), said->item.len == 0 ? "" : ", item ",
                           TK_ARG_STR(said->item), said->party.len == 0 ? "" : ", party ", TK_ARG_STR(said->party));
}

static int show_statements(claims_view *view, const tk_claim *claim)
{
    const tk_claim_statement *said;
    size_t count;
    tk_status status = tk_claims_statements(view->claims, claim, &view->arena, &said, &count, &view->err);
    if (status != TK_OK)
        return claims_failed(view, status);
    for (size_t i = 0; i < count; i++)
        if (said[i].kind != TK_KIND_WORDS)
            cli_present_line(&view->page, "means", show_about(&view->arena, &said[i]));
    tk_str why_not = tk_claims_not_modelled(view->claims, claim);
    if (why_not.len != 0)
        cli_present_line(&view->page, "not modelled", why_not);
    return CLI_EXIT_OK;
}

static void show_text(claims_view *view, const tk_claim *claim)
{
    cli_page *page = &view->page;
    cli_put(page, CLI_BOLD, claim->cells[TK_CLAIM_ID]);
    tk_out_text(page->out, "  ");
    cli_put_wrapped(page, CLI_PLAIN, claims_sentence(&view->arena, claim), claim->cells[TK_CLAIM_ID].len + 2, 2);
    for (size_t i = TK_CLAIM_DATE_EVENT; i < TK_CLAIM_SAYS; i++)
        if (claim->cells[i].len != 0)
            cli_present_line(page, tk_claim_column_name((tk_claim_column)i), claim->cells[i]);
    if (claim->cells[TK_CLAIM_NOTE].len != 0)
        cli_present_line(page, "note", claim->cells[TK_CLAIM_NOTE]);
    cli_present_line(page, "known from", claims_day(&view->arena, claim->published));
    cli_present_line(page, "recorded", tk_arena_printf(&view->arena, "%lld", (long long)claim->number));
}

static tk_str show_side(claims_view *view, const tk_claims_side *side, tk_status *status)
{
    tk_str text = TK_STR("");
    for (size_t i = 0; *status == TK_OK && i < side->count; i++) {
        const tk_claim *claim;
        *status = tk_claims_get(view->claims, side->numbers[i], &view->arena, &claim, &view->err);
        if (*status == TK_OK)
            text = tk_arena_printf(&view->arena, TK_FMT "%s" TK_FMT, TK_ARG_STR(text), i == 0 ? "" : ", ",
                                   TK_ARG_STR(claim->cells[TK_CLAIM_ID]));
    }
    return text;
}

/* The conflict the claim is part of, its own side first. */
static tk_status show_conflict(claims_view *view, const tk_claim *claim, const tk_claims_conflict *conflict)
{
    tk_status status = TK_OK;
    size_t own = conflict->sides_count;
    for (size_t i = 0; i < conflict->sides_count; i++)
        for (size_t j = 0; j < conflict->sides[i].count; j++)
            own = conflict->sides[i].numbers[j] == claim->number ? i : own;
    if (own == conflict->sides_count)
        return TK_OK;
    cli_present_line(&view->page, "conflict", conflict->about.len == 0 ? TK_STR("by links") : conflict->about);
    cli_present_line(&view->page, "on its side", show_side(view, &conflict->sides[own], &status));
    for (size_t i = 0; status == TK_OK && i < conflict->sides_count; i++)
        if (i != own)
            cli_present_line(&view->page, "against", show_side(view, &conflict->sides[i], &status));
    cli_present_line(&view->page, "to settle it", conflict->settle);
    return status;
}

static int show_worth(claims_view *view, const tk_claim *claim)
{
    const tk_claim_statement *said;
    const tk_claims_conflict *conflicts;
    tk_claim_grade grade = {.source = 'F'};
    size_t count;
    tk_status status = tk_claims_statements(view->claims, claim, &view->arena, &said, &count, &view->err);
    if (status == TK_OK)
        status =
            tk_claims_picture_about(view->claims, &view->at, said, count, &view->arena, &view->picture, &view->err);
    if (status == TK_OK)
        status = tk_claims_conflicts(view->picture, &conflicts, &count, &view->err);
    if (status != TK_OK)
        return claims_failed(view, status);
    if (tk_claims_picture_grade(view->picture, claim->cells[TK_CLAIM_ID], &grade))
        cli_present_line(&view->page, "grade",
                         tk_arena_printf(&view->arena, TK_FMT ": %u independent source%s, %u denial%s",
                                         TK_ARG_STR(claims_grade(&view->arena, &grade)), (unsigned)grade.sources,
                                         grade.sources == 1 ? "" : "s", (unsigned)grade.denials,
                                         grade.denials == 1 ? "" : "s"));
    for (size_t i = 0; status == TK_OK && i < count; i++)
        status = show_conflict(view, claim, &conflicts[i]);
    return claims_failed(view, status);
}

int claims_show(claims_view *view)
{
    tk_str id = tk_str_from(view->args->positional[1]);
    const tk_claim *claim;
    tk_str near = TK_STR("");
    tk_status status = tk_claims_find(view->claims, &view->at, id, &view->arena, &claim, &view->err);
    if (status == TK_OK && claim == NULL)
        status = tk_claims_nearest(view->claims, id, &view->arena, &near, &view->err);
    bool meant = cli_is_meant(id, near);
    if (status == TK_OK && claim == NULL && meant)
        status = tk_claims_find(view->claims, &view->at, near, &view->arena, &claim, &view->err);
    if (status != TK_OK)
        return claims_failed(view, status);
    if (claim == NULL) {
        char hint[CLI_HINT_MAX];
        cli_complain("claims show '%s': there is no such claim%s", view->args->positional[1],
                     meant ? " at these times" : cli_hint(near, hint));
        return CLI_EXIT_USAGE;
    }
    if (cli_format_is(view->args, "json")) {
        claims_json(view, claim);
        return CLI_EXIT_OK;
    }
    show_text(view, claim);
    int code = show_statements(view, claim);
    return code == CLI_EXIT_OK ? show_worth(view, claim) : code;
}
