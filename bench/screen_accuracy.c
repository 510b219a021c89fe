/* SPDX-License-Identifier: Apache-2.0 */
/* screen_accuracy.c: how often the scorer of names is right, on the published pairs.
 *   bench_screen_accuracy FOLDER [-v] [TESTS…]
 * FOLDER holds name-pairs.csv. Prints F1 of several cuts of the pairs, each also for two halves (by a hash of the pair;
 * rules were tuned with one half in sight and judged on the other), and the pairs right by what they test. With -v also
 * every pair that came out wrong, of the named tests only when some are named. Ends with 0 when every bar holds.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/csv.h"
#include "base/str.h"
#include "names/names_int.h"

enum { TESTS_MAX = 128, HALVES = 3, COLUMNS = 6 };

/* Right and wrong, matches and distinct ones. */
typedef struct tally {
    unsigned hit, missed, alarm, passed;
} tally;

typedef struct cut {
    const char *name;
    unsigned f1_least; /* the bars: F1 in thousandths, and how many may be wrong, in thousandths */
    unsigned wrong_most;
    tally halves[HALVES]; /* all, first half, second half */
} cut;

enum { CUT_ALL, CUT_SAME, CUT_SAME_WEAK, CUT_CROSS, CUT_STRONG, CUT_NUMBER, CUT_PLACE, CUT_COUNT };

typedef struct run {
    tk_names *names;
    tk_arena arena;
    cut cuts[CUT_COUNT];
    char tests[TESTS_MAX][64];
    tally by_test[TESTS_MAX];
    size_t tests_count;
    bool verbose, kinds;
    char **wanted;
    size_t wanted_count;
} run;

/* Letters outside Latin: anything from Greek on but the blocks of Latin further up and signs without letters. */
static bool beyond_latin(tk_str text)
{
    for (size_t i = 0; i < text.len; i++) {
        unsigned char a = (unsigned char)text.ptr[i], b = i + 1 < text.len ? (unsigned char)text.ptr[i + 1] : 0;
        if (a < 0xC0)
            continue;
        if ((a == 0xCD && b >= 0xB0) || (0xCE <= a && a < 0xE1) || (a == 0xE1 && (b < 0xB8 || b > 0xBB)))
            return true;
        if (a >= 0xE3 && !(a == 0xEF && b >= 0xBC) && !(a == 0xEF && b >= 0xB8))
            return true;
    }
    return false;
}

static tk_name_kind kind_of(tk_str text)
{
    if (tk_str_is(text, "person"))
        return TK_NAME_PERSON;
    if (tk_str_is(text, "company") || tk_str_is(text, "organization"))
        return TK_NAME_COMPANY;
    return tk_str_is(text, "vessel") ? TK_NAME_VESSEL : TK_NAME_UNKNOWN;
}

static void count(tally *to, bool expected, bool said)
{
    if (expected)
        said ? to->hit++ : to->missed++;
    else
        said ? to->alarm++ : to->passed++;
}

static tally *test_of(run *r, tk_str test)
{
    for (size_t i = 0; i < r->tests_count; i++)
        if (tk_str_is(test, r->tests[i]))
            return &r->by_test[i];
    if (r->tests_count == TESTS_MAX)
        return &r->by_test[TESTS_MAX - 1];
    snprintf(r->tests[r->tests_count], sizeof r->tests[0], TK_FMT, TK_ARG_STR(test));
    return &r->by_test[r->tests_count++];
}

static bool wanted(const run *r, tk_str test)
{
    for (size_t i = 0; i < r->wanted_count; i++)
        if (tk_str_is(test, r->wanted[i]))
            return true;
    return r->wanted_count == 0;
}

static unsigned score_of(run *r, const tk_str *cells, tk_str *decided)
{
    *decided = (tk_str){"", 0};
    tk_name_kind kind = r->kinds ? kind_of(cells[3]) : TK_NAME_UNKNOWN;
    const tk_name *left, *right;
    tk_err err = {0};
    if (tk_names_prepare(r->names, &r->arena, cells[0], kind, &left, &err) != TK_OK
        || tk_names_prepare(r->names, &r->arena, cells[1], kind, &right, &err) != TK_OK)
        return 0;
    tk_comparison why;
    if (r->verbose && tk_names_explain(r->names, left, right, &r->arena, &why, &err) == TK_OK)
        *decided = why.decided;
    return tk_names_score(r->names, left, right, 0);
}

static void pair(run *r, const tk_str *cells)
{
    tk_arena_reset(&r->arena);
    bool expected = tk_str_is(cells[2], "match"), weak = tk_str_is(cells[5], "weak");
    tk_str decided;
    unsigned score = score_of(r, cells, &decided);
    bool said = score >= TK_NAMES_THRESHOLD, cross = beyond_latin(cells[0]) || beyond_latin(cells[1]);
    size_t half = 1 + (tk_str_hash(cells[0]) ^ tk_str_hash(cells[1]) * 31) / 7 % 2;
    const bool in[CUT_COUNT] = {
        [CUT_ALL] = true,
        [CUT_SAME] = !cross && !weak,
        [CUT_SAME_WEAK] = !cross,
        [CUT_CROSS] = cross,
        [CUT_STRONG] = tk_str_is(cells[5], "strong"),
        [CUT_NUMBER] = tk_str_is(cells[4], "distinct-number"),
        [CUT_PLACE] = tk_str_is(cells[4], "distinct-location"),
    };
    for (size_t i = 0; i < CUT_COUNT; i++)
        if (in[i]) {
            count(&r->cuts[i].halves[0], expected, said);
            count(&r->cuts[i].halves[half], expected, said);
        }
    count(test_of(r, cells[4]), expected, said);
    if (r->verbose && expected != said && wanted(r, cells[4]))
        printf("%4u %-8s %-6s %-24.*s %-12.*s " TK_FMT " | " TK_FMT "\n", score, expected ? "match" : "distinct",
               half == 1 ? "1" : "2", (int)cells[4].len, cells[4].ptr, (int)decided.len, decided.ptr,
               TK_ARG_STR(cells[0]), TK_ARG_STR(cells[1]));
}

/* F1 in thousandths. */
static unsigned f1(const tally *t)
{
    unsigned wrong = t->missed + t->alarm, all = 2 * t->hit + wrong;
    return all == 0 ? 1000 : 2000 * t->hit / all;
}

static bool print_cut(const cut *of)
{
    const tally *t = of->halves;
    unsigned wrong = t->missed + t->alarm, all = t->hit + t->passed + wrong;
    bool holds = f1(t) >= of->f1_least && wrong * 1000 <= of->wrong_most * all;
    printf("%-28s %6u %6u %6u %6u %6u %6u %6u %5u%% %s\n", of->name, f1(&t[0]), f1(&t[1]), f1(&t[2]), t->hit,
           t->missed, t->alarm, t->passed, all == 0 ? 100 : 100 * (all - wrong) / all, holds ? "" : "MISSED");
    return holds;
}

/* Does every bar hold? */
static bool print(const run *r)
{
    bool holds = true;
    printf("%-28s %6s %6s %6s %6s %6s %6s %6s %6s\n", "pairs", "F1", "half 1", "half 2", "hit", "missed", "alarm",
           "passed", "right");
    for (size_t i = 0; i < CUT_COUNT; i++)
        holds = print_cut(&r->cuts[i]) && holds;
    printf("\n");
    for (size_t i = 0; i < r->tests_count; i++) {
        const tally *t = &r->by_test[i];
        unsigned all = t->hit + t->missed + t->alarm + t->passed;
        printf("%-28s %5u of %5u right\n", r->tests[i], t->hit + t->passed, all);
    }
    return holds;
}

static bool columns(const tk_csv_reader *reader, size_t out[COLUMNS])
{
    static const char *const names[COLUMNS] = {"left", "right", "expected", "kind", "tests", "strength"};
    size_t header_count = 0;
    const tk_str *header = tk_csv_header(reader, &header_count);
    for (size_t i = 0; i < COLUMNS; i++) {
        for (out[i] = 0; out[i] < header_count && !tk_str_is(header[out[i]], names[i]);)
            out[i]++;
        if (out[i] == header_count)
            return false;
    }
    return true;
}

static bool read_all(run *r, const char *path)
{
    FILE *stream = fopen(path, "rb");
    tk_csv_reader *reader = NULL;
    tk_err err = {0};
    size_t at[COLUMNS];
    bool ok =
        stream != NULL && tk_csv_open_file(tk_str_from(path), stream, &reader, &err) == TK_OK && columns(reader, at);
    const tk_csv_row *row = NULL;
    while (ok && tk_csv_next(reader, &row, &err) == TK_OK && row != NULL) {
        tk_str cells[COLUMNS];
        for (size_t i = 0; i < COLUMNS; i++)
            cells[i] = row->cells[at[i]];
        pair(r, cells);
    }
    tk_csv_close(reader);
    if (stream != NULL)
        fclose(stream);
    return ok;
}

int main(int argc, char **argv)
{
    run r = {.cuts = {
                 [CUT_ALL] = {"all", 850, 1000, {{0}}},
                 [CUT_SAME] = {"same script, not weak", 930, 1000, {{0}}},
                 [CUT_SAME_WEAK] = {"same script", 890, 1000, {{0}}},
                 [CUT_CROSS] = {"across scripts", 0, 1000, {{0}}},
                 [CUT_STRONG] = {"strong", 1000, 0, {{0}}},
                 [CUT_NUMBER] = {"distinct numbers", 0, 50, {{0}}},
                 [CUT_PLACE] = {"distinct places", 0, 56, {{0}}}, /* one of 18 */
             }};
    char path[4096];
    tk_err err = {0};
    if (argc < 2 || tk_names_new(&r.names, &err) != TK_OK)
        return 2;
    int first = 2;
    for (; first < argc && argv[first][0] == '-'; first++) {
        r.verbose = r.verbose || strcmp(argv[first], "-v") == 0;
        r.kinds = r.kinds || strcmp(argv[first], "-k") == 0;
    }
    r.wanted = argv + first;
    r.wanted_count = (size_t)(argc - first);
    tk_arena_init(&r.arena, 64 * 1024, 0);
    snprintf(path, sizeof path, "%s/name-pairs.csv", argv[1]);
    bool ok = read_all(&r, path);
    if (!ok)
        fprintf(stderr, "%s: cannot be read\n", path);
    ok = ok && print(&r);
    tk_arena_fini(&r.arena);
    tk_names_free(r.names);
    return ok ? 0 : 1;
}
