/* SPDX-License-Identifier: Apache-2.0 */
/* claims.c: a million made-up claims into a book, and what looking things up in it costs.
 *
 *     bench_claims make COUNT > claims.csv      about 300 bytes each, the same bytes for the same count
 *     bench_claims more COUNT > claims.csv      others, by other ids
 *     bench_claims measure claims.csv BOOK      imports into BOOK, which must not be there yet; then looks things up
 *     bench_claims look BOOK                    looks things up in a book that is there
 *
 * The claims speak of 10 buyers and 26 products, under 40 predicates, and carry a sentence of made-up words whose
 * frequencies fall off as those of a language do, so that the full-text index has long and short lists.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/num.h"
#include "base/str.h"
#include "bench.h"
#include "claims/book.h"
#include "desk/embedded.h"

#define PICK(state, list) (list)[bench_below((state), sizeof(list) / sizeof((list)[0]))]

static const char *const buyers[] = {"Alibaba", "Baidu", "ByteDance", "Tencent", "DeepSeek", "JD.com", "China Mobile",
                                     "China Telecom", "China Unicom", "Megaspeed"};
static const char *const products[] = {
    "H200",   "H20",    "H100",        "H800",     "A100",      "A800",      "B200",         "B300",
    "GB200",  "GB300",  "GH200",       "L40S",     "L20",       "B100",      "B30A",         "MI308",
    "MI325X", "Ascend 910C", "RTX 4090", "RTX 4090D", "RTX 5090D", "RTX 5090D V2", "RTX Pro 6000D",
    "Ascend 950PR", "Ascend 950DT", "Ascend 960"};
/* About as often as among the claims that come with the program. */
static const char *const predicates[] = {
    "states", "states", "states", "states", "price", "price", "price", "approves_import", "approves_import",
    "approves_import", "orders_placed", "orders_placed", "plans_spend", "plans_spend", "performance_ratio",
    "requires_us_license", "launches", "issues_us_license", "issues_us_license", "output_plan", "revenue", "forecast",
    "described_as", "sets_domestic_share", "denies", "production_halt", "considers", "plans_shipment", "expects",
    "blocks_import", "attaches_conditions", "value_estimate", "shipments", "motive", "inventory", "instructs_pause",
    "in_principle_approval", "awaits_round", "delivers", "withholds"};
static const char *const kinds[] = {"official", "company", "named_press", "analyst", "anonymous_press", "social"};

/* Small numbers are far more frequent than large ones. */
static uint64_t word_of(uint64_t *state)
{
    uint64_t reach = UINT64_C(1) << (2 + bench_below(state, 14));
    return bench_below(state, reach);
}

static void put_day(uint64_t day)
{
    (void)printf("%04" PRIu64 "-%02" PRIu64 "-%02" PRIu64, 2023 + day / 336, day / 28 % 12 + 1, day % 28 + 1);
}

static void make_claim(uint64_t *state, char series, uint64_t number)
{
    uint64_t day = bench_below(state, 1340);
    (void)printf("%c%07" PRIu64 ",", series, number);
    put_day(day);
    (void)printf(",");
    put_day(day + bench_below(state, 4));
    (void)printf(",Paper %" PRIu64 ",https://example.org/%" PRIu64 ",%s,", bench_below(state, 400), number,
                 PICK(state, kinds));
    (void)printf("%s,%s,%s,,", PICK(state, buyers), PICK(state, products), PICK(state, predicates));
    (void)printf("%" PRIu64 ",chips,", 1 + bench_below(state, 400000));
    for (int i = 0; i < 26; i++)
        (void)printf("%sw%" PRIx64 "q", i == 0 ? "" : " ", word_of(state));
    (void)printf("\n");
}

static void make(uint64_t count, char series)
{
    uint64_t state = 20260128 + (uint64_t)(unsigned char)series - 'S';
    (void)printf("id,date_event,date_reported,source,source_url,source_kind,actor,subject,predicate,object,quantity,"
                 "unit,says\n");
    for (uint64_t i = 0; i < count; i++)
        make_claim(&state, series, i);
}

static tk_source embedded(const char *path)
{
    for (size_t i = 0; i < tk_embedded_files_count; i++)
        if (tk_str_is(tk_embedded_files[i].path, path))
            return (tk_source){.name = tk_embedded_files[i].path, .text = tk_embedded_files[i].text};
    bench_fail("the program was built without %s", path);
}

static void check(tk_status status, const tk_err *err)
{
    if (status != TK_OK)
        bench_fail("%s: %s", err->file, err->message);
}

static tk_claims *open_book(const char *path, tk_store **store)
{
    tk_err err = {0};
    tk_claims *claims;
    tk_store_options options = TK_STORE_OPTIONS_INIT;
    options.path = path;
    options.modules = &tk_claims_module;
    options.modules_count = 1;
    options.create = true;
    check(tk_store_open(&options, store, &err), &err);
    tk_claims_texts texts = {.grades = embedded("claims/grades.csv"),
                             .predicates = embedded("claims/predicates.csv"),
                             .names = embedded("claims/names.csv"),
                             .shipped = embedded("claims/claims.csv")};
    check(tk_claims_open(*store, &texts, &claims, NULL, &err), &err);
    return claims;
}

static void measure_import(tk_claims *claims, const char *path)
{
    tk_err err = {0};
    tk_claims_imported done;
    FILE *file = fopen(path, "rb");
    if (file == NULL)
        bench_fail("%s cannot be read", path);
    tk_claims_input input = TK_CLAIMS_INPUT_INIT;
    input.name = tk_str_from(path);
    input.stream = file;
    input.today = TK_DATE_MAX;
    uint64_t begin = bench_now_ns();
    clock_t worked = clock();
    check(tk_claims_import(claims, &input, &done, &err), &err);
    double seconds = (double)(bench_now_ns() - begin) / 1e9;
    double processor = (double)(clock() - worked) / CLOCKS_PER_SEC;
    (void)fclose(file);
    if (done.added != done.read || done.added == 0)
        bench_fail("%" PRIu64 " of %" PRIu64 " claims were imported", done.added, done.read);
    (void)printf("claims.count\t%" PRIu64 "\nclaims.import_per_s\t%.0f\nclaims.import_per_cpu_s\t%.0f\n", done.added,
                 (double)done.added / seconds, (double)done.added / processor);
}

enum { MEASURE_RUNS = 40, MEASURE_FOUND = 50 };

static void measure_search(tk_claims *claims, const char *name, const char *words)
{
    double samples[MEASURE_RUNS];
    tk_claims_at at = TK_CLAIMS_AT_ALL;
    tk_arena arena;
    tk_arena_init(&arena, (size_t)1024 * 1024, 0);
    for (size_t i = 0; i < MEASURE_RUNS; i++) {
        const tk_claim *found[MEASURE_FOUND];
        size_t count = 0;
        uint64_t matches = 0;
        bool more;
        tk_err err = {0};
        tk_arena_reset(&arena);
        uint64_t begin = bench_now_ns();
        check(tk_claims_search(claims, &at, tk_str_from(words), MEASURE_FOUND, &arena, found, &count, &matches, &more,
                               &err),
              &err);
        samples[i] = (double)(bench_now_ns() - begin) / 1e6;
        if (count == 0)
            bench_fail("no claim has '%s'", words);
    }
    tk_arena_fini(&arena);
    bench_stats stats = bench_stats_of(samples, MEASURE_RUNS);
    (void)printf("claims.search_%s_ms.p50\t%.3f\nclaims.search_%s_ms.p99\t%.3f\n", name, stats.median, name, stats.p99);
}

static void measure_stage(tk_claims *claims)
{
    double samples[MEASURE_RUNS];
    tk_claims_at at = TK_CLAIMS_AT_ALL;
    tk_str classes[] = {TK_STR("platform"), TK_STR("cloud")};
    tk_arena arena;
    tk_arena_init(&arena, (size_t)1024 * 1024, 0);
    for (size_t i = 0; i < MEASURE_RUNS; i++) {
        tk_claims_ladder ladder;
        tk_err err = {0};
        tk_arena_reset(&arena);
        uint64_t begin = bench_now_ns();
        check(tk_claims_stage(claims, &at, TK_STR("h200"), TK_STR("bytedance"), classes, 2, &arena, &ladder, &err),
              &err);
        samples[i] = (double)(bench_now_ns() - begin) / 1e6;
        bench_keep(&ladder);
    }
    tk_arena_fini(&arena);
    bench_stats stats = bench_stats_of(samples, MEASURE_RUNS);
    (void)printf("claims.stage_ms.p50\t%.3f\nclaims.stage_ms.p99\t%.3f\n", stats.median, stats.p99);
}

/* Imports `path` first, when there is one. */
static void measure(const char *path, const char *book)
{
    tk_store *store;
    tk_claims *claims = open_book(book, &store);
    if (path != NULL)
        measure_import(claims, path);
    tk_err err = {0};
    check(tk_store_begin_reading(store, "looking claims up", &err), &err);
    measure_search(claims, "rare", "wa12q");
    measure_search(claims, "two", "H200 w3fq");
    measure_search(claims, "three", "ByteDance w5q w19q");
    measure_search(claims, "all", "w1q");
    measure_stage(claims);
    tk_claims_close(claims);
    tk_store_close(store);
}

int main(int argc, char **argv)
{
    tk_num count;
    bool more = argc == 3 && strcmp(argv[1], "more") == 0;
    if ((more || (argc == 3 && strcmp(argv[1], "make") == 0))
        && tk_num_parse(tk_str_from(argv[2]), &count, NULL) == TK_OK)
        make((uint64_t)(count / TK_NUM_SCALE), more ? 'T' : 'S');
    else if (argc == 4 && strcmp(argv[1], "measure") == 0)
        measure(argv[2], argv[3]);
    else if (argc == 3 && strcmp(argv[1], "look") == 0)
        measure(NULL, argv[2]);
    else
        bench_fail("usage: bench_claims make COUNT | more COUNT | measure FILE BOOK | look BOOK");
    return 0;
}
