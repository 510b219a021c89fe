/* SPDX-License-Identifier: Apache-2.0 */
/* claims.c: any bytes as a file of claims. What must hold whatever they are:
 *
 *   - every row is counted once: read = added + there + rejected, and each rejected row is said
 *   - the same file again adds nothing and rejects the same rows
 *   - what is exported comes in again, whole, and is exported to the same bytes
 *   - every claim in the book is listed once, and found by its id
 *   - grades, conflicts, searches, stages and worlds can be made of whatever came in
 *   - a claim from beyond the day of the import is among those that are ahead, and no other
 *
 * The books are in memory: what a disk does to one is the business of other tests, and costs a hundred times as much.
 */

#include "claims/world.h"
#include "desk/embedded.h"
#include "fuzz.h"

static tk_source embedded(const char *path)
{
    for (size_t i = 0; i < tk_embedded_files_count; i++)
        if (tk_str_is(tk_embedded_files[i].path, path))
            return (tk_source){.name = tk_embedded_files[i].path, .text = tk_embedded_files[i].text};
    abort();
}

static tk_claims *open_book(tk_store **store)
{
    static const char nothing[] = "id,date_reported,source_kind,actor,subject,predicate\n";
    tk_claims *claims = NULL;
    tk_store_options options = TK_STORE_OPTIONS_INIT;
    options.in_memory = true;
    options.modules = &tk_claims_module;
    options.modules_count = 1;
    options.create = true;
    tk_claims_texts texts = {.grades = embedded("claims/grades.csv"),
                             .predicates = embedded("claims/predicates.csv"),
                             .names = embedded("claims/names.csv"),
                             .shipped = {.name = TK_STR("none"), .text = TK_STR(nothing)}};
    FUZZ_CHECK(tk_store_open(&options, store, NULL) == TK_OK);
    FUZZ_CHECK(tk_claims_open(*store, &texts, &claims, NULL, NULL) == TK_OK);
    return claims;
}

enum { TODAY = 20634 }; /* 2026-06-30 */

typedef struct lookup {
    tk_claims *claims;
    tk_claims_at at;
    uint64_t listed, ahead;
    tk_arena arena;
} lookup;

static void count_rejected(void *context, tk_claims_saying saying, const tk_err *err)
{
    uint64_t *rejected = context;
    FUZZ_CHECK(err->message[0] != 0);
    FUZZ_CHECK(saying != TK_CLAIMS_ALSO || *rejected != 0);
    *rejected += saying == TK_CLAIMS_REJECTED ? 1 : 0;
}

static bool import(tk_claims *claims, tk_str text, tk_claims_imported *done)
{
    uint64_t rejected = 0;
    tk_claims_input input = TK_CLAIMS_INPUT_INIT;
    input.name = TK_STR("f");
    input.text = text;
    input.ignore_unknown = true;
    input.allow_future = true;
    input.today = TODAY;
    input.say = count_rejected;
    input.context = &rejected;
    tk_status status = tk_claims_import(claims, &input, done, NULL);
    FUZZ_CHECK(status == TK_OK || status == TK_ERR_INPUT || status == TK_ERR_LIMIT);
    if (status != TK_OK)
        return false;
    FUZZ_CHECK(done->read == done->added + done->there + done->rejected && done->rejected == rejected);
    return true;
}

static tk_status find_one(void *context, const tk_claim *claim, tk_err *err)
{
    lookup *look = context;
    const tk_claim *found = NULL;
    const tk_claim_statement *said;
    size_t count = 0;
    (void)err;
    look->listed++;
    look->ahead += TODAY < claim->published ? 1 : 0;
    FUZZ_CHECK(tk_claims_find(look->claims, &look->at, claim->cells[TK_CLAIM_ID], &look->arena, &found, NULL) == TK_OK);
    FUZZ_CHECK(found != NULL && found->number == claim->number);
    FUZZ_CHECK(tk_claims_statements(look->claims, claim, &look->arena, &said, &count, NULL) == TK_OK && count != 0);
    return TK_OK;
}

/* Everything that was added, one by one. */
static void look_up(tk_claims *claims, const tk_claims_imported *done, tk_str words)
{
    lookup look = {.claims = claims, .at = TK_CLAIMS_AT_ALL};
    tk_claims_filter filter = TK_CLAIMS_FILTER_ALL;
    const tk_claim_ahead *ahead;
    tk_str near;
    size_t count = 0;
    tk_arena_init(&look.arena, (size_t)64 * 1024, 0);
    FUZZ_CHECK(tk_claims_list(claims, &filter, find_one, &look, NULL) == TK_OK);
    FUZZ_CHECK(look.listed == done->added && look.ahead == done->ahead);
    FUZZ_CHECK(tk_claims_ahead(claims, INT64_MAX, &look.arena, &ahead, &count, NULL) == TK_OK && count == done->ahead);
    for (size_t i = 0; i < count; i++)
        FUZZ_CHECK(TODAY < ahead[i].published && (i == 0 || tk_str_cmp(ahead[i - 1].id, ahead[i].id) < 0));
    FUZZ_CHECK(tk_claims_nearest(claims, words, &look.arena, &near, NULL) == TK_OK);
    tk_arena_fini(&look.arena);
}

/* How far an application is, and what of it prevails. */
static void stand(tk_claims *claims)
{
    const tk_str facts[] = {TK_STR("item.cn_stance"), TK_STR("application.stage")};
    const tk_str buyers[] = {TK_STR("bytedance"), TK_STR("state-backed")};
    tk_claims_at at = TK_CLAIMS_AT_ALL;
    tk_claims_subject subject = {TK_STR("h200"), buyers, 2};
    tk_claims_ladder ladder;
    tk_claims_world *world;
    tk_arena arena;
    tk_arena_init(&arena, (size_t)64 * 1024, 0);
    FUZZ_CHECK(tk_claims_stage(claims, &at, subject.item, buyers[0], &buyers[1], 1, &arena, &ladder, NULL) == TK_OK);
    tk_status status = tk_claims_world_make(claims, &at, facts, 2, &subject, NULL, 0, &arena, &world, NULL);
    FUZZ_CHECK(status == TK_OK || status == TK_ERR_LIMIT);
    tk_arena_fini(&arena);
}

static void export_all(tk_claims *claims, tk_out *out)
{
    tk_claims_at at = TK_CLAIMS_AT_ALL;
    tk_out_init(out, NULL);
    FUZZ_CHECK(tk_claims_export(claims, &at, out, NULL) == TK_OK);
}

static void ask(tk_claims *claims, tk_str words)
{
    tk_claims_at at = TK_CLAIMS_AT_ALL;
    tk_arena arena;
    tk_claims_picture *picture = NULL;
    const tk_claims_conflict *conflicts;
    const tk_claim *found[4];
    size_t count = 0;
    uint64_t matches;
    bool more;
    tk_arena_init(&arena, (size_t)64 * 1024, 0);
    FUZZ_CHECK(tk_claims_picture_all(claims, &at, &arena, &picture, NULL) == TK_OK);
    FUZZ_CHECK(tk_claims_conflicts(picture, &conflicts, &count, NULL) == TK_OK);
    tk_status status = tk_claims_search(claims, &at, words, 4, &arena, found, &count, &matches, &more, NULL);
    FUZZ_CHECK(status == TK_OK || status == TK_ERR_USAGE || status == TK_ERR_LIMIT);
    tk_arena_fini(&arena);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    size_t len;
    char *text = fuzz_unpack(data, size, &len);
    tk_store *store = NULL, *other_store = NULL;
    tk_claims_imported done, again;
    tk_claims *claims = open_book(&store);
    if (import(claims, (tk_str){text, len}, &done)) {
        tk_out first, second;
        FUZZ_CHECK(import(claims, (tk_str){text, len}, &again));
        FUZZ_CHECK(again.added == 0 && again.rejected == done.rejected);
        ask(claims, (tk_str){text, len < 200 ? len : 200});
        look_up(claims, &done, (tk_str){text, len < 60 ? len : 60});
        stand(claims);
        export_all(claims, &first);
        tk_claims *other = open_book(&other_store);
        FUZZ_CHECK(import(other, tk_out_str(&first), &again));
        FUZZ_CHECK(again.rejected == 0 && again.added == done.added);
        export_all(other, &second);
        FUZZ_CHECK(tk_str_eq(tk_out_str(&first), tk_out_str(&second)));
        tk_out_fini(&first);
        tk_out_fini(&second);
        tk_claims_close(other);
        tk_store_close(other_store);
    }
    tk_claims_close(claims);
    tk_store_close(store);
    free(text);
    return 0;
}
