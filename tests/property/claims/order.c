/* SPDX-License-Identifier: Apache-2.0 */
/* order.c: the order in which claims come does not matter. Random claims are imported as one file, and shuffled into
 * several; list, grades, conflicts and stages are the same, and so is the first book asked as it stood before more
 * came.
 *
 * COUNT=n tries n sets (40); SEED=n chooses them (1).
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/compat.h"
#include "base/num.h"
#include "property/claims/rows.h"
#include "unit/claims/book.h"

enum { CLAIMS_MAX = 40 };

/* Few of everything, so that claims meet. */
static void make_row(char row[ROW_MAX], size_t number, size_t count)
{
    static const char *const actors[] = {"Chinese government", "ByteDance", "Nvidia", "Jensen Huang", ""};
    static const char *const subjects[] = {"H200", "H20", "ByteDance; Alibaba", "H200 China approval", "H200 orders",
                                           "state-backed firms"};
    static const char *const predicates[] = {"approves_import", "denies", "orders_placed", "delivers", "withholds",
                                             "instructs_pause", "price",  "states",        "issues_us_license",
                                             "buyer_class_barred", "in_principle_approval", "heard_of"};
    static const char *const objects[] = {"", "H200", "H20 and more", "soon"};
    static const char *const quantities[] = {"", "0", "5", "~5", ">400000", "40000-80000", "100000s"};
    static const char *const days[] = {"2026-01-28", "2026-01-29", "2026-01", "2026", "2026-03-18", "2025-12-31"};
    static const char *const kinds[] = {"official", "company", "analyst", "anonymous_press", "social", "unsourced"};
    static const char *const sources[] = {"Reuters", "FT", "", "Nvidia"};
    char id[24], links[3][8] = {"", "", ""};
    for (size_t i = 0; i < 3; i++) {
        size_t other = below(count + 1);
        if (below(4) == 0 && other != number)
            (void)snprintf(links[i], sizeof links[i], "K%u", (unsigned)other % 100);
    }
    (void)snprintf(id, sizeof id, "K%zu", number);
    row_cells cells = {.id = id,
                       .event = PICK(days),
                       .reported = PICK(days),
                       .source = PICK(sources),
                       .kind = PICK(kinds),
                       .actor = PICK(actors),
                       .subject = PICK(subjects),
                       .predicate = PICK(predicates),
                       .object = PICK(objects),
                       .quantity = PICK(quantities),
                       .contradicts = links[0],
                       .supersedes = below(3) == 0 ? links[1] : "",
                       .derived_from = links[2]};
    row_write(row, &cells);
}

static void import_rows(test_book *book, const char *const *rows, size_t count, uint64_t *added)
{
    tk_out text;
    tk_err err = {0};
    tk_claims_imported done;
    tk_out_init(&text, NULL);
    tk_out_text(&text, row_header);
    for (size_t i = 0; i < count; i++)
        tk_out_text(&text, rows[i]);
    if (test_book_import(book, tk_out_str(&text), &done, &err) != TK_OK)
        fail_msg("%s", err.message);
    assert_int_equal(done.read, count);
    assert_int_equal(done.read, done.added + done.there + done.rejected);
    assert_int_equal(done.rejected, 0);
    *added += done.added;
    tk_out_fini(&text);
}

/* --- everything the book answers, without its numbers --- */

typedef struct writer {
    test_book *book;
    tk_claims_picture *picture;
    tk_claims_at at;
    tk_arena arena;
    tk_out out;
} writer;

static void write_grade(tk_out *out, const tk_claim_grade *grade)
{
    tk_out_printf(out, " %c%u/%u/%u%s", grade->source, (unsigned)grade->credibility, (unsigned)grade->sources,
                  (unsigned)grade->denials, grade->superseded ? " old" : "");
}

static tk_status write_claim(void *context, const tk_claim *claim, tk_err *err)
{
    writer *w = context;
    tk_claim_grade grade;
    (void)err;
    for (size_t i = 0; i < TK_CLAIM_COLUMN_COUNT; i++)
        tk_out_printf(&w->out, TK_FMT "|", TK_ARG_STR(claim->cells[i]));
    assert_true(tk_claims_picture_grade(w->picture, claim->cells[TK_CLAIM_ID], &grade));
    assert_in_range(grade.credibility, 1, 6);
    write_grade(&w->out, &grade);
    tk_out_char(&w->out, '\n');
    /* What is worked out for one claim alone is what is worked out for all. */
    const tk_claim_statement *said;
    size_t count;
    tk_claims_picture *about;
    tk_claim_grade alone;
    assert_int_equal(tk_claims_statements(w->book->claims, claim, &w->arena, &said, &count, NULL), TK_OK);
    assert_int_not_equal(count, 0);
    assert_int_equal(tk_claims_picture_about(w->book->claims, &w->at, said, count, &w->arena, &about, NULL), TK_OK);
    assert_true(tk_claims_picture_grade(about, claim->cells[TK_CLAIM_ID], &alone));
    write_grade(&w->out, &alone);
    assert_int_equal(alone.credibility, grade.credibility);
    assert_int_equal(alone.sources, grade.sources);
    assert_int_equal(alone.denials, grade.denials);
    return TK_OK;
}

static void write_conflicts(writer *w)
{
    const tk_claims_conflict *conflicts;
    size_t count;
    assert_int_equal(tk_claims_conflicts(w->picture, &conflicts, &count, NULL), TK_OK);
    for (size_t i = 0; i < count; i++) {
        tk_out_printf(&w->out, "conflict " TK_FMT " %d%d\n", TK_ARG_STR(conflicts[i].about), conflicts[i].linked,
                      conflicts[i].detected);
        assert_true(2 <= conflicts[i].sides_count);
        for (size_t s = 0; s < conflicts[i].sides_count; s++) {
            assert_true(1 <= conflicts[i].sides[s].count);
            for (size_t j = 0; j < conflicts[i].sides[s].count; j++) {
                const tk_claim *claim;
                assert_int_equal(
                    tk_claims_get(w->book->claims, conflicts[i].sides[s].numbers[j], &w->arena, &claim, NULL), TK_OK);
                tk_out_printf(&w->out, " " TK_FMT, TK_ARG_STR(claim->cells[TK_CLAIM_ID]));
            }
            tk_out_text(&w->out, " /");
        }
        tk_out_char(&w->out, '\n');
    }
}

static void write_evidence(tk_out *out, const tk_claims_evidence *evidence)
{
    tk_out_printf(out, " " TK_FMT " %zu%s", TK_ARG_STR(evidence->id), evidence->others, evidence->general ? "*" : "");
    if (evidence->number != 0)
        write_grade(out, &evidence->grade);
}

static void write_stages(writer *w, const tk_claims_at *at)
{
    tk_claims_ladder ladder;
    tk_str classes[] = {TK_STR("state-backed")};
    tk_err err = {0};
    if (tk_claims_stage(w->book->claims, at, TK_STR("h200"), TK_STR("bytedance"), classes, 1, &w->arena, &ladder, &err)
        != TK_OK)
        fail_msg("%s", err.message);
    for (size_t i = 0; i < TK_STAGE_COUNT; i++) {
        tk_out_printf(&w->out, "%s", tk_claim_stage_name(i));
        write_evidence(&w->out, &ladder.stages[i].asserts);
        write_evidence(&w->out, &ladder.stages[i].denies);
        tk_out_char(&w->out, '\n');
    }
    for (size_t i = 0; i < ladder.beside_count; i++) {
        tk_out_printf(&w->out, TK_FMT " " TK_FMT, TK_ARG_STR(ladder.beside[i].fact),
                      TK_ARG_STR(ladder.beside[i].value));
        write_evidence(&w->out, &ladder.beside[i].evidence);
        tk_out_char(&w->out, '\n');
    }
}

/* The caller frees it. */
static char *everything(test_book *book, const tk_claims_at *at)
{
    writer w = {.book = book, .at = *at};
    tk_claims_filter filter = TK_CLAIMS_FILTER_ALL;
    filter.at = *at;
    tk_arena_init(&w.arena, 65536, 0);
    tk_out_init(&w.out, NULL);
    assert_int_equal(tk_claims_picture_all(book->claims, at, &w.arena, &w.picture, NULL), TK_OK);
    assert_int_equal(tk_claims_list(book->claims, &filter, write_claim, &w, NULL), TK_OK);
    write_conflicts(&w);
    write_stages(&w, at);
    assert_int_equal(tk_claims_export(book->claims, at, &w.out, NULL), TK_OK);
    char *text = strndup(tk_out_str(&w.out).ptr, tk_out_str(&w.out).len);
    tk_out_fini(&w.out);
    tk_arena_fini(&w.arena);
    assert_non_null(text);
    return text;
}

static void same(char *a, char *b, uint64_t try)
{
    if (strcmp(a, b) != 0) {
        (void)fprintf(stderr, "--- one\n%s--- other\n%s", a, b);
        fail_msg("set %llu differs", (unsigned long long)try);
    }
    free(a);
    free(b);
}

static void one_set(test_place *place, uint64_t try)
{
    char rows[CLAIMS_MAX][ROW_MAX], name[32];
    const char *order[CLAIMS_MAX];
    test_book one, other;
    uint64_t added = 0, in_parts = 0;
    row_state = (test_chosen("SEED", 1) << 32) + try;
    size_t count = 2 + below(CLAIMS_MAX - 2);
    for (size_t i = 0; i < count; i++) {
        make_row(rows[i], i, count);
        order[i] = rows[i];
    }
    (void)snprintf(name, sizeof name, "a%llu.db", (unsigned long long)try);
    assert_int_equal(test_book_open(&one, test_path(place, name), NULL), TK_OK);
    (void)snprintf(name, sizeof name, "b%llu.db", (unsigned long long)try);
    assert_int_equal(test_book_open(&other, test_path(place, name), NULL), TK_OK);
    import_rows(&one, order, count, &added);
    for (size_t i = count; 1 < i; i--) {
        size_t with = below(i);
        const char *held = order[i - 1];
        order[i - 1] = order[with];
        order[with] = held;
    }
    for (size_t begin = 0; begin < count;) {
        size_t part = 1 + below(count - begin);
        import_rows(&other, &order[begin], part, &in_parts);
        begin += part;
    }
    assert_int_equal(added, in_parts);
    tk_claims_at at = TK_CLAIMS_AT_ALL;
    same(everything(&one, &at), everything(&other, &at), try);
    tk_date known = 0;
    assert_int_equal(tk_date_parse(TK_STR("2026-01-30"), &known, NULL), TK_OK);
    at.known_at = known;
    same(everything(&one, &at), everything(&other, &at), try);

    /* Asked as it stood: what came later changes nothing. */
    at = TK_CLAIMS_AT_ALL;
    assert_int_equal(tk_claims_recorded(one.claims, &at.number, NULL), TK_OK);
    char *before = everything(&one, &at);
    char later[] = "Z1,2025-01-01,2025-01-01,FT,official,BIS,H200,delivers,,0,chips,K0,K1,\n";
    const char *more[] = {later};
    import_rows(&one, more, 1, &added);
    same(before, everything(&one, &at), try);
    test_book_close(&one);
    test_book_close(&other);
}

static void test_order(void **context)
{
    uint64_t count = test_chosen("COUNT", 40);
    for (uint64_t i = 0; i < count; i++)
        one_set(*context, i);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_order, test_place_make, test_place_remove),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
