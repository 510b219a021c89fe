/* SPDX-License-Identifier: Apache-2.0 */
/* claims.c: a new report comes in. What does it say, what contradicts it, how far is the application, what prevails?
 *
 *     cc claims.c $(pkg-config --cflags --libs twokey) -o claims && ./claims
 */
#include <stdio.h>
#include <twokey/claims.h>

static void said(void *context, tk_claims_saying saying, const tk_err *err)
{
    (void)context;
    printf("%s line %u: %s\n", saying == TK_CLAIMS_NOTE ? "note" : "wrong", (unsigned)err->line, err->message);
}

static tk_status print_claim(void *context, const tk_claim *claim, tk_err *err)
{
    const tk_str *cells = claim->cells;
    (void)context;
    (void)err;
    printf("%.*s: %.*s\n", (int)cells[TK_CLAIM_ID].len, cells[TK_CLAIM_ID].ptr, (int)cells[TK_CLAIM_PREDICATE].len,
           cells[TK_CLAIM_PREDICATE].ptr);
    return TK_OK;
}

/* A book in memory, with the claims that come with the program and two of our own. */
static tk_status open_book(tk_claims **claims, tk_err *err)
{
    tk_claims_book_options options = TK_CLAIMS_BOOK_OPTIONS_INIT;
    tk_claims_input input = TK_CLAIMS_INPUT_INIT;
    tk_claims_imported done;
    input.name = TK_STR("new.csv");
    input.text = TK_STR("id,date_reported,source,source_kind,actor,subject,predicate,object\n"
                        "X1,2026-06-22,GACC,official,GACC,H200,accepts_import,\n"
                        "X2,2026-06-22,Daily,anonymous_press,MOFCOM,Bytedence,approves_import,H200\n");
    input.say = said;
    tk_status status = tk_claims_book_open(&options, claims, NULL, err);
    return status == TK_OK ? tk_claims_import(*claims, &input, &done, err) : status;
}

static tk_status ask(tk_claims *claims, tk_arena *arena, tk_err *err)
{
    tk_claims_at at = TK_CLAIMS_AT_ALL;
    tk_claims_filter filter = TK_CLAIMS_FILTER_ALL;
    filter.subject = TK_STR("H200");
    filter.predicate = TK_STR("accepts_import");
    tk_status status = tk_claims_list(claims, &filter, print_claim, NULL, err);

    const tk_claim *claim = NULL;
    const tk_claim_statement *statements;
    tk_claims_picture *picture;
    const tk_claims_conflict *conflicts;
    size_t count = 0;
    if (status == TK_OK)
        status = tk_claims_find(claims, &at, TK_STR("C105"), arena, &claim, err);
    if (status == TK_OK)
        status = tk_claims_statements(claims, claim, arena, &statements, &count, err);
    if (status == TK_OK)
        status = tk_claims_picture_about(claims, &at, statements, count, arena, &picture, err);
    if (status == TK_OK)
        status = tk_claims_conflicts(picture, &conflicts, &count, err);
    if (status == TK_OK)
        printf("C105 is in %zu conflict%s\n", count, count == 1 ? "" : "s");

    tk_claims_ladder ladder;
    if (status == TK_OK)
        status = tk_claims_stage(claims, &at, TK_STR("h200"), TK_STR("bytedance"), NULL, 0, arena, &ladder, err);
    for (size_t i = 0; status == TK_OK && i < TK_STAGE_COUNT; i++)
        if (ladder.stages[i].asserts.number != 0)
            printf("%s: %.*s\n", tk_claim_stage_name(i), (int)ladder.stages[i].asserts.id.len,
                   ladder.stages[i].asserts.id.ptr);

    const tk_str facts[] = {TK_STR("item.cn_customs")};
    tk_claims_subject subject = {.item = TK_STR("h200")};
    tk_claims_world *world;
    if (status == TK_OK)
        status = tk_claims_world_make(claims, &at, facts, 1, &subject, NULL, 0, arena, &world, err);
    const tk_claims_witness *witness = status == TK_OK ? tk_claims_world_witnesses(world, &count) : NULL;
    for (size_t i = 0; status == TK_OK && i < count; i++)
        printf("%.*s of customs: %s\n", (int)witness[i].id.len, witness[i].id.ptr,
               tk_claims_standing_says(witness[i].standing));
    return status;
}

int main(void)
{
    tk_err err = {0};
    tk_claims *claims = NULL;
    tk_arena *arena = NULL;
    tk_status status = open_book(&claims, &err);
    if (status == TK_OK)
        status = tk_arena_new(&arena, &err);
    if (status == TK_OK)
        status = ask(claims, arena, &err);
    if (status != TK_OK)
        fprintf(stderr, "claims: %s\n", err.message);
    tk_arena_free(arena);
    tk_claims_close(claims);
    return status == TK_OK ? 0 : 1;
}
