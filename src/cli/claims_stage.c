/* SPDX-License-Identifier: Apache-2.0 */
/* claims_stage.c: `twokey claims stage` and `conflicts`: how far an application is said to be, and which claims cannot
 * all be true. Nothing is decided here: both sides are shown with what they are worth. */
#include <string.h>

#include "cli/claims.h"
#include "cli/present.h"

tk_str claims_grade(tk_arena *arena, const tk_claim_grade *grade)
{
    if (grade->superseded)
        return tk_arena_printf(arena, "%c sup", grade->source);
    return tk_arena_printf(arena, grade->credibility == 0 ? "%c" : "%c%u", grade->source,
                           (unsigned)grade->credibility);
}

void claims_grade_json(tk_json *json, const tk_claim_grade *grade)
{
    tk_json_key(json, "source_grade");
    tk_json_str(json, (tk_str){&grade->source, 1});
    if (grade->credibility == 0)
        return;
    tk_json_key(json, "credibility");
    tk_json_int(json, grade->credibility);
    tk_json_key(json, "independent_sources");
    tk_json_int(json, grade->sources);
    tk_json_key(json, "denials");
    tk_json_int(json, grade->denials);
    tk_json_key(json, "superseded");
    tk_json_bool(json, grade->superseded);
}

/* --- stage --- */

typedef struct stage_question {
    tk_str item, product, party;
    tk_str classes[16];
    size_t classes_count;
} stage_question;

static bool stage_item(const claims_view *view, const tk_desk *desk, stage_question *question)
{
    tk_err err = {0};
    const tk_catalogue *catalogue = tk_desk_catalogue(desk);
    if (tk_desk_find_item(desk, tk_str_from(view->args->values[CLI_FLAG_ITEM]), &question->item, &err) != TK_OK) {
        cli_complain("--item: %s", err.message);
        return false;
    }
    for (size_t i = 0; i < tk_catalogue_item_count(catalogue); i++) {
        const tk_item *item = tk_catalogue_item(catalogue, i);
        if (tk_str_eq(item->cells[TK_ITEM_ID], question->item))
            question->product = item->cells[TK_ITEM_PRODUCT];
    }
    return true;
}

static void stage_classes(claims_view *view, const tk_catalogue *catalogue, const tk_party *party,
                          stage_question *question)
{
    size_t count;
    const tk_str *names = tk_catalogue_party_attributes(catalogue, &count);
    for (size_t i = 0; i < count; i++) {
        tk_str rest = tk_str_is(names[i], "class") ? party->attributes[i] : TK_STR(""), class;
        while (rest.len != 0 && tk_str_split(&rest, ';', &class))
            if (question->classes_count < TK_COUNT(question->classes))
                question->classes[question->classes_count++] = tk_arena_copy(&view->arena, tk_str_trim(class));
    }
}

static bool stage_buyer(claims_view *view, const tk_desk *desk, stage_question *question)
{
    char hint[CLI_HINT_MAX];
    const char *wanted = view->args->values[CLI_FLAG_BUYER];
    const tk_party *party = cli_find_party(tk_desk_catalogue(desk), tk_str_from(wanted), hint);
    if (party == NULL) {
        cli_complain("--buyer '%s': there is no such party%s", wanted, hint);
        return false;
    }
    question->party = tk_arena_copy(&view->arena, party->id);
    stage_classes(view, tk_desk_catalogue(desk), party, question);
    return true;
}

static int stage_read(claims_view *view, stage_question *question)
{
    const char *const *values = view->args->values;
    tk_desk *desk = NULL;
    if (values[CLI_FLAG_BUYER] == NULL || values[CLI_FLAG_ITEM] == NULL) {
        cli_complain("claims stage: say --buyer PARTY and --item ID");
        return CLI_EXIT_USAGE;
    }
    int code = cli_desk_open(view->args, false, &desk, NULL);
    if (code != CLI_EXIT_OK)
        return code;
    if (!stage_item(view, desk, question) || !stage_buyer(view, desk, question))
        code = CLI_EXIT_USAGE;
    question->item = tk_arena_copy(&view->arena, question->item);
    question->product = tk_arena_copy(&view->arena, question->product);
    tk_desk_close(desk);
    return code;
}

enum { STAGE_NAME = 16, STAGE_SIDE = 31 };

static tk_str stage_evidence(tk_arena *arena, const tk_claims_evidence *evidence)
{
    if (evidence->number == 0)
        return TK_STR("-");
    tk_str more = evidence->others == 0 ? TK_STR("") : tk_arena_printf(arena, " +%zu", evidence->others);
    return tk_arena_printf(arena, TK_FMT " " TK_FMT " " TK_FMT TK_FMT "%s", TK_ARG_STR(evidence->id),
                           TK_ARG_STR(claims_day(arena, evidence->event)),
                           TK_ARG_STR(claims_grade(arena, &evidence->grade)), TK_ARG_STR(more),
                           evidence->general ? " *" : "");
}

static void stage_text(claims_view *view, const stage_question *question, const tk_claims_ladder *ladder)
{
    cli_page *page = &view->page;
    tk_arena *arena = &view->arena;
    cli_put_wrapped(page, CLI_BOLD,
                    tk_arena_printf(arena, TK_FMT " to " TK_FMT, TK_ARG_STR(question->item),
                                    TK_ARG_STR(question->party)),
                    0, 2);
    cli_put_column(page, CLI_DIM, TK_STR("STAGE"), STAGE_NAME);
    cli_put_column(page, CLI_DIM, TK_STR("BEST EVIDENCE FOR"), STAGE_SIDE);
    cli_puts(page, CLI_DIM, "AGAINST\n");
    for (size_t i = 0; i < TK_STAGE_COUNT; i++) {
        cli_put_column(page, CLI_PLAIN, tk_str_from(tk_claim_stage_name(i)), STAGE_NAME);
        cli_put_column(page, CLI_GREEN, stage_evidence(arena, &ladder->stages[i].asserts), STAGE_SIDE);
        cli_put(page, CLI_RED, stage_evidence(arena, &ladder->stages[i].denies));
        tk_out_char(page->out, '\n');
    }
    if (ladder->beside_count != 0)
        cli_puts(page, CLI_DIM, "BESIDE IT\n");
    for (size_t i = 0; i < ladder->beside_count; i++) {
        const tk_claims_beside *beside = &ladder->beside[i];
        tk_str what = tk_arena_printf(arena, TK_FMT " " TK_FMT ": " TK_FMT, TK_ARG_STR(beside->fact),
                                      TK_ARG_STR(beside->value), TK_ARG_STR(stage_evidence(arena, &beside->evidence)));
        cli_put_wrapped(page, CLI_PLAIN, what, 0, 2);
    }
    cli_puts(page, CLI_DIM, "Stages stand alone: an approval is no order, an order is no delivery.\n"
                            "+N others say the same; * names no buyer. Stance and customs: the newest report.\n");
}

static void evidence_json(tk_json *json, tk_arena *arena, const char *key, const tk_claims_evidence *evidence)
{
    tk_json_key(json, key);
    if (evidence->number == 0) {
        tk_json_null(json);
        return;
    }
    tk_json_open(json, '{');
    tk_json_key(json, "claim");
    tk_json_str(json, evidence->id);
    tk_json_key(json, "event");
    tk_json_str(json, claims_day(arena, evidence->event));
    claims_grade_json(json, &evidence->grade);
    tk_json_key(json, "names_buyer");
    tk_json_bool(json, !evidence->general);
    tk_json_key(json, "others");
    tk_json_int(json, (int64_t)evidence->others);
    tk_json_close(json, '}');
}

static void stage_json(claims_view *view, const stage_question *question, const tk_claims_ladder *ladder)
{
    tk_json json;
    tk_json_begin(&json, view->page.out);
    tk_json_open(&json, '{');
    tk_json_key(&json, "item");
    tk_json_str(&json, question->item);
    tk_json_key(&json, "buyer");
    tk_json_str(&json, question->party);
    tk_json_key(&json, "stages");
    tk_json_open(&json, '[');
    for (size_t i = 0; i < TK_STAGE_COUNT; i++) {
        tk_json_open(&json, '{');
        tk_json_key(&json, "stage");
        tk_json_str(&json, tk_str_from(tk_claim_stage_name(i)));
        evidence_json(&json, &view->arena, "for", &ladder->stages[i].asserts);
        evidence_json(&json, &view->arena, "against", &ladder->stages[i].denies);
        tk_json_close(&json, '}');
    }
    tk_json_close(&json, ']');
    tk_json_key(&json, "beside");
    tk_json_open(&json, '[');
    for (size_t i = 0; i < ladder->beside_count; i++) {
        tk_json_open(&json, '{');
        tk_json_key(&json, "fact");
        tk_json_str(&json, ladder->beside[i].fact);
        tk_json_key(&json, "value");
        tk_json_str(&json, ladder->beside[i].value);
        evidence_json(&json, &view->arena, "for", &ladder->beside[i].evidence);
        tk_json_close(&json, '}');
    }
    tk_json_close(&json, ']');
    tk_json_close(&json, '}');
    tk_out_char(view->page.out, '\n');
}

static uint64_t stage_count(const tk_claims_ladder *ladder)
{
    uint64_t count = 0;
    for (size_t i = 0; i < TK_STAGE_COUNT; i++) {
        const tk_claims_rung *rung = &ladder->stages[i];
        count += rung->asserts.number == 0 ? 0 : 1 + rung->asserts.others;
        count += rung->denies.number == 0 ? 0 : 1 + rung->denies.others;
    }
    for (size_t i = 0; i < ladder->beside_count; i++)
        count += 1 + ladder->beside[i].evidence.others;
    return count;
}

int claims_stage(claims_view *view)
{
    stage_question question = {.classes_count = 0};
    tk_claims_ladder ladder;
    int code = stage_read(view, &question);
    if (code != CLI_EXIT_OK)
        return code;
    tk_status status = tk_claims_stage(view->claims, &view->at, question.product, question.party, question.classes,
                                       question.classes_count, &view->arena, &ladder, &view->err);
    if (status != TK_OK)
        return claims_failed(view, status);
    (cli_format_is(view->args, "json") ? stage_json : stage_text)(view, &question, &ladder);
    claims_times(view, stage_count(&ladder));
    return CLI_EXIT_OK;
}

/* --- conflicts --- */

static tk_status conflict_text(claims_view *view, size_t number, const tk_claims_conflict *conflict)
{
    cli_page *page = &view->page;
    tk_status status = TK_OK;
    tk_str about = conflict->about.len == 0 ? TK_STR("claims that link to each other") : conflict->about;
    cli_put_wrapped(page, CLI_BOLD, tk_arena_printf(&page->scratch, "%zu  " TK_FMT, number, TK_ARG_STR(about)), 0, 3);
    for (size_t i = 0; status == TK_OK && i < conflict->sides_count; i++) {
        tk_out_printf(page->out, "   side %zu\n", i + 1);
        for (size_t j = 0; status == TK_OK && j < conflict->sides[i].count; j++) {
            const tk_claim *claim;
            status = tk_claims_get(view->claims, conflict->sides[i].numbers[j], &view->arena, &claim, &view->err);
            if (status == TK_OK)
                claims_line(view, claim);
        }
    }
    cli_puts(page, CLI_DIM, "   would settle it: ");
    cli_put_wrapped(page, CLI_PLAIN, conflict->settle, 20, 3);
    tk_out_char(page->out, '\n');
    return status;
}

static tk_status conflict_json(claims_view *view, const tk_claims_conflict *conflict)
{
    tk_json json;
    tk_status status = TK_OK;
    tk_json_begin(&json, view->page.out);
    tk_json_open(&json, '{');
    tk_json_key(&json, "about");
    tk_json_str(&json, conflict->about);
    tk_json_key(&json, "linked");
    tk_json_bool(&json, conflict->linked);
    tk_json_key(&json, "detected");
    tk_json_bool(&json, conflict->detected);
    tk_json_key(&json, "settle");
    tk_json_str(&json, conflict->settle);
    tk_json_key(&json, "sides");
    tk_json_open(&json, '[');
    for (size_t i = 0; i < conflict->sides_count; i++) {
        tk_json_open(&json, '[');
        for (size_t j = 0; status == TK_OK && j < conflict->sides[i].count; j++) {
            const tk_claim *claim;
            tk_claim_grade grade;
            status = tk_claims_get(view->claims, conflict->sides[i].numbers[j], &view->arena, &claim, &view->err);
            if (status != TK_OK || !tk_claims_picture_grade(view->picture, claim->cells[TK_CLAIM_ID], &grade))
                break;
            tk_json_open(&json, '{');
            tk_json_key(&json, "claim");
            tk_json_str(&json, claim->cells[TK_CLAIM_ID]);
            tk_json_key(&json, "date_event");
            tk_json_str(&json, claim->cells[TK_CLAIM_DATE_EVENT]);
            claims_grade_json(&json, &grade);
            tk_json_close(&json, '}');
        }
        tk_json_close(&json, ']');
    }
    tk_json_close(&json, ']');
    tk_json_close(&json, '}');
    tk_out_char(view->page.out, '\n');
    return status;
}

int claims_conflicts(claims_view *view)
{
    const tk_claims_conflict *conflicts;
    size_t count = 0;
    uint64_t claims = 0;
    tk_status status = claims_picture(view);
    if (status == TK_OK)
        status = tk_claims_conflicts(view->picture, &conflicts, &count, &view->err);
    for (size_t i = 0; status == TK_OK && i < count; i++) {
        status = cli_format_is(view->args, "json") ? conflict_json(view, &conflicts[i])
                                                   : conflict_text(view, i + 1, &conflicts[i]);
        for (size_t j = 0; j < conflicts[i].sides_count; j++)
            claims += conflicts[i].sides[j].count;
    }
    if (status != TK_OK)
        return claims_failed(view, status);
    claims_times(view, claims);
    return CLI_EXIT_OK;
}
