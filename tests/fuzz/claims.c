/* SPDX-License-Identifier: Apache-2.0 */
/* claims.c: any bytes as a file of claims. What must hold whatever they are:
 *
 *   - every row is counted once: read = added + there + rejected, and each rejected row is said
 *   - the same file again adds nothing and rejects the same rows
 *   - what is exported comes in again, whole, and is exported to the same bytes
 *   - grades, conflicts and searches can be made of whatever came in
 */

#include "claims/book.h"
#include "desk/embedded.h"
#include "fuzz.h"

static char folder[64];

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
    (void)argc;
    (void)argv;
    const char *base = getenv("TMPDIR");
    (void)snprintf(folder, sizeof folder, "%.40s/claimsXXXXXX", base == NULL || 40 < strlen(base) ? "/tmp" : base);
    FUZZ_CHECK(mkdtemp(folder) != NULL);
    return 0;
}

static void path_of(char out[96], const char *name)
{
    (void)snprintf(out, 96, "%s/%s", folder, name);
}

static void take_away(void)
{
    static const char *const names[] = {"one.db", "one.db-wal", "one.db-shm", "two.db", "two.db-wal", "two.db-shm"};
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        char path[96];
        path_of(path, names[i]);
        (void)unlink(path);
    }
}

static tk_source embedded(const char *path)
{
    for (size_t i = 0; i < tk_embedded_files_count; i++)
        if (tk_str_is(tk_embedded_files[i].path, path))
            return (tk_source){.name = tk_embedded_files[i].path, .text = tk_embedded_files[i].text};
    abort();
}

static tk_claims *open_book(const char *name, tk_store **store)
{
    static const char nothing[] = "id,date_reported,source_kind,actor,subject,predicate\n";
    char path[96];
    path_of(path, name);
    tk_claims *claims = NULL;
    tk_store_options options = TK_STORE_OPTIONS_INIT;
    options.path = path;
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
    input.today = TK_DATE_MAX;
    input.say = count_rejected;
    input.context = &rejected;
    tk_status status = tk_claims_import(claims, &input, done, NULL);
    FUZZ_CHECK(status == TK_OK || status == TK_ERR_INPUT || status == TK_ERR_LIMIT);
    if (status != TK_OK)
        return false;
    FUZZ_CHECK(done->read == done->added + done->there + done->rejected && done->rejected == rejected);
    return true;
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
    take_away();
    tk_claims *claims = open_book("one.db", &store);
    if (import(claims, (tk_str){text, len}, &done)) {
        tk_out first, second;
        FUZZ_CHECK(import(claims, (tk_str){text, len}, &again));
        FUZZ_CHECK(again.added == 0 && again.rejected == done.rejected);
        ask(claims, (tk_str){text, len < 200 ? len : 200});
        export_all(claims, &first);
        tk_claims *other = open_book("two.db", &other_store);
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
    take_away();
    free(text);
    return 0;
}
