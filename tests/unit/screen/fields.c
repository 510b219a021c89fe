/* SPDX-License-Identifier: Apache-2.0 */
/* fields.c: what address, identifier and date of birth say; the published cases where TWOKEY_LISTS has them. */
#include "screen/fields.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/compat.h"
#include "base/csv.h"
#include "base/file.h"
#include "base/str.h"
#include "seams/listing.h"

typedef struct field_case {
    const char *left, *right;
    screen_says says;
} field_case;

static tk_arena arena;
static listing lists;

static int arena_make(void **state)
{
    (void)state;
    tk_arena_init(&arena, 4096, 0);
    listing_open(&lists);
    return 0;
}

static int arena_drop(void **state)
{
    (void)state;
    listing_close(&lists);
    tk_arena_fini(&arena);
    return 0;
}

static screen_says says(const char *field, tk_str left, tk_str right)
{
    if (strcmp(field, "country") == 0)
        return screen_country(lists.lists, &arena, left, right);
    if (strcmp(field, "address") == 0)
        return screen_address(&arena, left, right);
    return strcmp(field, "identifier") == 0 ? screen_identifier(left, right) : screen_birth(left, right);
}

/* Both ways round: no field prefers a side. */
static void check_cases(const char *field, const field_case *cases, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        tk_str left = tk_str_from(cases[i].left), right = tk_str_from(cases[i].right);
        screen_says there = says(field, left, right), back = says(field, right, left);
        if (there != cases[i].says || back != cases[i].says)
            fail_msg("%s '%s' and '%s': %d and %d, not %d", field, cases[i].left, cases[i].right, (int)there,
                     (int)back, (int)cases[i].says);
    }
}

static void test_fold(void **state)
{
    (void)state;
    static const char *const pairs[][2] = {
        {"  Rue de l'Épée,  12 ", "rue de l epee 12"},
        {"ŁÓDŹ—Główna", "lodz glowna"},
        {"Москва, ул. Тверская", "москва ул тверская"},
        {"ΑΘΗΝΑ", "αθηνα"},
        {"北京市", "北京市"},
        {"№ 5", "5"},
        {"Stra\xC3\x9F" "e", "strase"},
        {"...", ""},
        {"", ""},
    };
    for (size_t i = 0; i < TK_COUNT(pairs); i++) {
        tk_str folded = screen_fold(&arena, tk_str_from(pairs[i][0]));
        if (!tk_str_is(folded, pairs[i][1]))
            fail_msg("'%s' is folded to '" TK_FMT "'", pairs[i][0], TK_ARG_STR(folded));
    }
}

static void test_address(void **state)
{
    (void)state;
    static const field_case cases[] = {
        {"12 Harbour Road, Wan Chai, Hong Kong", "Harbour Rd 12, Wan Chai, Hong Kong", SCREEN_SAME},
        {"12 Harbour Road, Wan Chai", "14 Harbour Road, Wan Chai", SCREEN_DIFFERENT},
        {"Unit 5, 3rd Floor, Gamma House, 18 Mill Lane", "Gamma House, 18 Mill Ln, Fl 3, Unit 5", SCREEN_SAME},
        {"18 Mill Lane North, Leeds", "18 Mill Lane South, Leeds", SCREEN_DIFFERENT},
        {"007 Mill Lane, Leeds", "7 Mill Lane, Leeds", SCREEN_SAME},
        {"Leeds", "18 Mill Lane, Leeds", SCREEN_SILENT},     /* a town says nothing against a street in it */
        {"Leeds", "Leeds", SCREEN_SILENT},                   /* nor for it */
        {"", "18 Mill Lane", SCREEN_SILENT},
        {"18", "18", SCREEN_SILENT},
        {"Gamma Industrial Park, Zone Bravo, Leeds", "Leeds, Zone Bravo, Gamma Industrial Park", SCREEN_SAME},
        {"Calle Mayor 5, Córdoba", "5 calle mayor, cordoba", SCREEN_SAME},
        {"18 Mill Lane, Leeds", "18 Oak Avenue, York", SCREEN_DIFFERENT}, /* the same number of another street */
    };
    check_cases("address", cases, TK_COUNT(cases));
}

static void test_identifier(void **state)
{
    (void)state;
    static const field_case cases[] = {
        {"IMO 9187629", "9187629", SCREEN_SAME},
        {"imo-9187629", "IMO9187629", SCREEN_SAME},
        {"IMO 9187629", "9187630", SCREEN_DIFFERENT},
        {"HE 123 456", "HE123456", SCREEN_SAME},
        {"DE123456789", "123456789", SCREEN_SAME},
        {"DE123456789", "FR123456789", SCREEN_DIFFERENT},
        {"AB12", "AB12", SCREEN_SILENT}, /* too short to be one party's alone */
        {"", "", SCREEN_SILENT},
        {"ab-12345", "AB 12345", SCREEN_SAME},
    };
    check_cases("identifier", cases, TK_COUNT(cases));
}

static void test_identifier_keys(void **state)
{
    (void)state;
    uint64_t left[SCREEN_IDENTIFIER_KEYS], right[SCREEN_IDENTIFIER_KEYS];
    assert_int_equal(screen_identifier_keys(TK_STR("AB12"), left), 0);
    assert_int_equal(screen_identifier_keys(TK_STR("IMO 9187629"), left), 1);
    assert_int_equal(screen_identifier_keys(TK_STR("9187629"), right), 1);
    assert_true(left[0] == right[0]);
    assert_int_equal(screen_identifier_keys(TK_STR("DE-123456789"), left), 2);
    assert_int_equal(screen_identifier_keys(TK_STR("123 456 789"), right), 1);
    assert_true(left[1] == right[0] && left[0] != right[0]);
}

static void test_country(void **state)
{
    (void)state;
    static const field_case cases[] = {
        {"PRC", "China", SCREEN_SAME},       {"cn", "China", SCREEN_SAME},        {"Turkey", "Türkiye", SCREEN_SAME},
        {"CN", "RU", SCREEN_DIFFERENT},      {"Atlantis", "CN", SCREEN_SILENT},   {"", "CN", SCREEN_SILENT},
        {"North Korea", "KP", SCREEN_SAME},
    };
    check_cases("country", cases, TK_COUNT(cases));
    assert_true(tk_str_is(screen_country_code(NULL, &arena, TK_STR("cn")), "CN")); /* without tables codes alone */
    assert_int_equal(screen_country_code(NULL, &arena, TK_STR("China")).len, 0);
}

static void test_birth(void **state)
{
    (void)state;
    static const field_case cases[] = {
        {"1952", "1952-10-07", SCREEN_SAME},
        {"1952-10", "07 Oct 1952", SCREEN_SAME},
        {"1952-11", "7 October 1952", SCREEN_DIFFERENT},
        {"1961", "circa 1963", SCREEN_SAME},
        {"1960", "circa 1963", SCREEN_DIFFERENT},
        {"1962-05-05", "1960 to 1963", SCREEN_SAME},
        {"1964", "1960 to 1963", SCREEN_DIFFERENT},
        {"unknown", "1952", SCREEN_SILENT},
        {"", "1952", SCREEN_SILENT},
    };
    check_cases("birth", cases, TK_COUNT(cases));
}

/* A case that is expected to match must be the same; one that is distinct must not be. */
static void test_published_cases(void **state)
{
    (void)state;
    const char *folder = getenv("TWOKEY_LISTS");
    if (folder == NULL)
        skip();
    tk_str path = tk_arena_printf(&arena, "%s/field-pairs.csv", folder), text;
    tk_csv_reader *reader = NULL;
    const tk_csv_row *row = NULL;
    size_t seen = 0;
    assert_int_equal(tk_file_read(path.ptr, 1 << 20, &arena, &text, NULL), TK_OK);
    assert_int_equal(tk_csv_open_text(path, text, &reader, NULL), TK_OK);
    while (tk_csv_next(reader, &row, NULL) == TK_OK && row != NULL) {
        const char *field = tk_str_is(row->cells[0], "date") ? "birth" : tk_arena_copy(&arena, row->cells[0]).ptr;
        bool same = says(field, row->cells[1], row->cells[2]) == SCREEN_SAME;
        if (same != tk_str_is(row->cells[3], "match"))
            fail_msg("%s '" TK_FMT "' and '" TK_FMT "' must be " TK_FMT, field, TK_ARG_STR(row->cells[1]),
                     TK_ARG_STR(row->cells[2]), TK_ARG_STR(row->cells[3]));
        seen++;
    }
    tk_csv_close(reader);
    assert_int_equal(seen, 21);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_fold),       cmocka_unit_test(test_address),         cmocka_unit_test(test_identifier),
        cmocka_unit_test(test_birth),      cmocka_unit_test(test_identifier_keys), cmocka_unit_test(test_country),
        cmocka_unit_test(test_published_cases),
    };
    return cmocka_run_group_tests_name("screen/fields", tests, arena_make, arena_drop);
}
