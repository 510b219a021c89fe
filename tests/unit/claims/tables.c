/* SPDX-License-Identifier: Apache-2.0 */
/* tables.c: the program's tables fit its data: every predicate of the claims that come along has a row, every name
 * leads to something the catalogue has. And worked examples of grades and conflicts, small enough to check by hand.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/csv.h"
#include "unit/claims/book.h"

/* Calls `row` with the cells of the named columns. */
typedef void (*row_test)(const tk_str *cells);

static void each_row(const char *path, const char *const *columns, size_t count, row_test test)
{
    tk_source source = test_embedded(path);
    tk_csv_reader *csv = NULL;
    tk_str cells[8];
    size_t at[8], have;
    assert_int_equal(tk_csv_open_text(source.name, source.text, &csv, NULL), TK_OK);
    const tk_str *header = tk_csv_header(csv, &have);
    for (size_t i = 0; i < count; i++)
        for (at[i] = 0; !tk_str_is(header[at[i]], columns[i]);)
            assert_in_range(++at[i], 0, have - 1);
    for (;;) {
        const tk_csv_row *row = NULL;
        assert_int_equal(tk_csv_next(csv, &row, NULL), TK_OK);
        if (row == NULL)
            break;
        for (size_t i = 0; i < count; i++)
            cells[i] = row->cells[at[i]];
        test(cells);
    }
    tk_csv_close(csv);
}

static tk_str wanted;
static bool found;

static void find_first(const tk_str *cells)
{
    found |= tk_str_eq(cells[0], wanted);
}

static bool is_in(const char *path, const char *column, tk_str text)
{
    const char *const columns[] = {column};
    wanted = text;
    found = false;
    each_row(path, columns, 1, find_first);
    return found;
}

static char predicates[256][80];
static size_t predicates_count;

static void keep_predicate(const tk_str *cells)
{
    size_t at = 0;
    char text[80];
    (void)snprintf(text, sizeof text, TK_FMT, TK_ARG_STR(cells[0]));
    while (at < predicates_count && strcmp(predicates[at], text) != 0)
        at++;
    assert_in_range(at, 0, 255);
    if (at == predicates_count)
        memcpy(predicates[predicates_count++], text, sizeof text);
}

static void test_predicates(void **state)
{
    static const char *const columns[] = {"predicate"};
    (void)state;
    predicates_count = 0;
    each_row("claims/claims.csv", columns, 1, keep_predicate);
    assert_true(100 < predicates_count);
    for (size_t i = 0; i < predicates_count; i++)
        if (!is_in("claims/predicates.csv", "predicate", tk_str_from(predicates[i])))
            fail_msg("the predicate '%s' has no row", predicates[i]);
}

static char names[512][3][80];
static size_t names_count;

static void keep_name(const tk_str *cells)
{
    assert_in_range(names_count, 0, 511);
    for (size_t i = 0; i < 3; i++)
        (void)snprintf(names[names_count][i], 80, TK_FMT, TK_ARG_STR(cells[i]));
    names_count++;
}

static void test_names(void **state)
{
    static const char *const columns[] = {"name", "kind", "id"};
    (void)state;
    names_count = 0;
    each_row("claims/names.csv", columns, 3, keep_name);
    for (size_t i = 0; i < names_count; i++) {
        const char *kind = names[i][1];
        tk_str id = tk_str_from(names[i][2]);
        bool good = true;
        if (strcmp(kind, "product") == 0)
            good = is_in("catalogue/items.csv", "product", id);
        else if (strcmp(kind, "buyer") == 0 || strcmp(kind, "vendor") == 0)
            good = is_in("catalogue/parties.csv", "id", id);
        if (!good)
            fail_msg("'%s' is called %s '%s', which the catalogue does not have", names[i][0], kind, names[i][2]);
    }
}

/* --- worked examples --- */

typedef struct example {
    test_book book;
    tk_arena arena;
    tk_claims_picture *picture;
    const tk_claims_conflict *conflicts;
    size_t count;
} example;

static void example_open(example *e, void **state, const char *name, const char *rows)
{
    tk_out text;
    tk_claims_imported done;
    tk_claims_at at = TK_CLAIMS_AT_ALL;
    assert_int_equal(test_book_open(&e->book, test_path(*state, name), NULL), TK_OK);
    tk_out_init(&text, NULL);
    tk_out_text(&text, "id,date_event,date_reported,source,source_kind,actor,subject,predicate,object,quantity,unit,"
                       "contradicts,supersedes,derived_from\n");
    tk_out_text(&text, rows);
    assert_int_equal(test_book_import(&e->book, tk_out_str(&text), &done, NULL), TK_OK);
    assert_int_equal(done.rejected, 0);
    tk_out_fini(&text);
    tk_arena_init(&e->arena, 65536, 0);
    assert_int_equal(tk_claims_picture_all(e->book.claims, &at, &e->arena, &e->picture, NULL), TK_OK);
    assert_int_equal(tk_claims_conflicts(e->picture, &e->conflicts, &e->count, NULL), TK_OK);
}

static void example_close(example *e)
{
    tk_arena_fini(&e->arena);
    test_book_close(&e->book);
}

static void grade_is(const example *e, const char *id, const char *expected)
{
    tk_claim_grade grade;
    char text[48];
    assert_true(tk_claims_picture_grade(e->picture, tk_str_from(id), &grade));
    (void)snprintf(text, sizeof text, "%c%u %u/%u%s", grade.source, (unsigned)grade.credibility, grade.sources,
                   grade.denials, grade.superseded ? " sup" : "");
    if (strcmp(text, expected) != 0)
        fail_msg("%s: %s, expected %s", id, text, expected);
}

/* One wire story, ten times: one source. Another outlet is a second one, an official word a third. */
static void test_repetition(void **state)
{
    example e;
    example_open(&e, state, "repetition.db",
                 "W,2026-01-28,2026-01-28,Reuters,anonymous_press,China,ByteDance,approves_import,H200,,,,,\n"
                 "R1,2026-01-28,2026-01-28,A,social,China,ByteDance,approves_import,H200,,,,,W\n"
                 "R2,2026-01-28,2026-01-29,B,social,China,ByteDance,approves_import,H200,,,,,R1\n"
                 "R3,2026-01-28,2026-01-29,Reuters,named_press,China,ByteDance,approves_import,H200,,,,,\n"
                 "U,2026-01-28,2026-01-29,,unsourced,China,Alibaba,approves_import,H20,,,,,\n");
    grade_is(&e, "W", "C3 1/0");
    grade_is(&e, "R2", "E3 1/0");
    grade_is(&e, "U", "F6 1/0");
    assert_int_equal(e.count, 0);
    example_close(&e);
    example_open(&e, state, "independent.db",
                 "W,2026-01-28,2026-01-28,Reuters,anonymous_press,China,ByteDance,approves_import,H200,,,,,\n"
                 "F,2026-01-28,2026-01-28,FT,anonymous_press,China,ByteDance,approves_import,H200,,,,,\n"
                 "O,2026-01-28,2026-01-28,MIIT,official,MIIT,ByteDance,approves_import,H200,,,,,\n");
    grade_is(&e, "W", "C1 3/0");
    example_close(&e);
}

/* A denial of the same day or later, and none of a day before; a denial that names nobody is one of everybody. */
static void test_denial(void **state)
{
    example e;
    example_open(&e, state, "denial.db",
                 "P,2026-01-28,2026-01-28,Reuters,anonymous_press,China,ByteDance,approves_import,H200,,,,,\n"
                 "D,2026-01-29,2026-01-29,Nvidia,company,Nvidia,H200 China approval,denies,,,,,,\n"
                 "E,2026-01-27,2026-01-27,MFA,official,MFA,H20 approval,denies,,,,,,\n"
                 "L,2026-01-28,2026-01-28,FT,anonymous_press,China,Alibaba,approves_import,H20,,,,,\n");
    grade_is(&e, "P", "C4 1/1");
    grade_is(&e, "D", "B4 1/1");
    grade_is(&e, "L", "C3 1/0");
    assert_int_equal(e.count, 1);
    example_close(&e);
    example_open(&e, state, "denied.db",
                 "P,2026-01-28,2026-01-28,Reuters,anonymous_press,ByteDance,H200,orders_placed,,5,chips,,,\n"
                 "Z,2026-01-29,2026-01-29,Nvidia,company,Nvidia,H200,orders_placed,,0,orders,,,\n"
                 "Y,2026-01-27,2026-01-27,FT,anonymous_press,Tencent,H20,orders_placed,,5,chips,,,\n"
                 "X,2026-01-26,2026-01-26,Nvidia,company,Nvidia,H20,orders_placed,,0,orders,,,\n");
    grade_is(&e, "P", "C4 1/1");
    grade_is(&e, "Z", "B4 1/1");
    grade_is(&e, "Y", "C3 1/0");
    assert_int_equal(e.count, 1);
    assert_int_equal(e.conflicts[0].sides_count, 2);
    assert_true(e.conflicts[0].detected && !e.conflicts[0].linked);
    example_close(&e);
}

/* States exclude each other on one day; on different days, or of an unsure day, they are a change. */
static void test_states(void **state)
{
    example e;
    example_open(&e, state, "states.db",
                 "A,2026-03-01,2026-03-01,FT,anonymous_press,China,H200,instructs_pause,,,,,,\n"
                 "B,2026-03-01,2026-03-02,Reuters,anonymous_press,China,H200,in_principle_approval,,,,,,\n"
                 "C,2026-03-02,2026-03-02,Nikkei,anonymous_press,China,H200,in_principle_approval,,,,,,\n"
                 "D,2026-03,2026-03-02,WSJ,anonymous_press,China,H200,withholds,,,,,,\n"
                 "E,2026-03-01,2026-03-01,Post,anonymous_press,China,H200,discourages_purchase,,,,,,\n");
    grade_is(&e, "A", "C4 1/1");
    grade_is(&e, "B", "C3 2/1");
    grade_is(&e, "D", "C3 1/0");
    grade_is(&e, "E", "C3 1/0");
    assert_int_equal(e.count, 1);
    example_close(&e);
}

/* Intervals that do not meet; one that fits both is on no side; a superseded claim is out of it. */
static void test_measures(void **state)
{
    example e;
    example_open(&e, state, "measures.db",
                 "A,2026-03-01,2026-03-01,FT,analyst,Nvidia,H200,price,,20000,USD,,,\n"
                 "B,2026-03-09,2026-03-09,Reuters,analyst,Nvidia,H200,price,,27000,USD,,,\n"
                 "C,2026-03-10,2026-03-10,Nikkei,analyst,Nvidia,H200,price,,10000-30000,USD,,,\n"
                 "D,2026-03-10,2026-03-10,WSJ,analyst,Nvidia,H200,price,,1.4,million yuan,,,\n"
                 "E,2026-04-10,2026-04-10,Post,analyst,Nvidia,H200,price,,99000,USD,,,\n"
                 "F,2026-03-11,2026-03-11,AP,analyst,Nvidia,H200,price,,5,USD,,,\n"
                 "G,2026-03-12,2026-03-12,AP,analyst,Nvidia,H200,price,,27000,USD,,F,\n");
    assert_int_equal(e.count, 1);
    assert_int_equal(e.conflicts[0].sides_count, 2);
    grade_is(&e, "A", "C5 1/2");
    grade_is(&e, "B", "C3 3/1");
    grade_is(&e, "D", "C3 1/0");
    grade_is(&e, "E", "C3 1/0");
    grade_is(&e, "F", "C6 0/0 sup");
    example_close(&e);
}

/* Ten thousand claims about one thing: as many kept, not their pairs, and no time to speak of. */
static void test_many(void **state)
{
    example e;
    tk_out rows;
    tk_out_init(&rows, NULL);
    for (unsigned i = 0; i < 10000; i++)
        tk_out_printf(&rows, "M%u,2026-03-01,2026-03-01,S%u,analyst,Nvidia,H200,price,,%u,USD,,,\n", i, i, i / 2);
    tk_out_char(&rows, 0);
    example_open(&e, state, "many.db", tk_out_str(&rows).ptr);
    assert_int_equal(e.count, 1);
    assert_int_equal(e.conflicts[0].sides_count, 5000);
    grade_is(&e, "M7", "C5 2/9998");
    assert_true(e.arena.used_bytes < 10000 * 4096);
    tk_out_fini(&rows);
    example_close(&e);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_predicates),
        cmocka_unit_test(test_names),
        cmocka_unit_test_setup_teardown(test_repetition, test_place_make, test_place_remove),
        cmocka_unit_test_setup_teardown(test_denial, test_place_make, test_place_remove),
        cmocka_unit_test_setup_teardown(test_states, test_place_make, test_place_remove),
        cmocka_unit_test_setup_teardown(test_measures, test_place_make, test_place_remove),
        cmocka_unit_test_setup_teardown(test_many, test_place_make, test_place_remove),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
