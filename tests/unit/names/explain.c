/* SPDX-License-Identifier: Apache-2.0 */
/* explain.c: an explanation has the words of each side on its side, whichever way the names are given, and its points
 * are parts of one thousand.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "base/str.h"
#include "names/names_int.h"

typedef struct fixture {
    tk_names *names;
    tk_arena arena;
} fixture;

static int setup(void **state)
{
    fixture *f = calloc(1, sizeof(*f));
    tk_err err = {0};
    *state = f;
    if (f == NULL || tk_names_new(&f->names, &err) != TK_OK)
        return -1;
    tk_arena_init(&f->arena, 16 * 1024, 0);
    return 0;
}

static int teardown(void **state)
{
    fixture *f = *state;
    tk_arena_fini(&f->arena);
    tk_names_free(f->names);
    free(f);
    return 0;
}

static tk_comparison explained(fixture *f, const char *left, const char *right, tk_name_kind kind)
{
    const tk_name *a, *b;
    tk_comparison out = {0};
    tk_err err = {0};
    if (tk_names_prepare(f->names, &f->arena, tk_str_from(left), kind, &a, &err) != TK_OK
        || tk_names_prepare(f->names, &f->arena, tk_str_from(right), kind, &b, &err) != TK_OK
        || tk_names_explain(f->names, a, b, &f->arena, &out, &err) != TK_OK)
        fail_msg("%s | %s: %s", left, right, err.message);
    return out;
}

static const tk_aligned *row_of(const tk_comparison *found, tk_alignment how)
{
    for (size_t i = 0; i < found->tokens_count; i++)
        if (found->tokens[i].how == how)
            return &found->tokens[i];
    fail_msg("no row '" TK_FMT "'", TK_ARG_STR(tk_alignment_name(how)));
    return NULL;
}

static void check_sides(const tk_comparison *found, const char *left, const char *right, const char *missing_left,
                        const char *missing_right)
{
    assert_true(tk_str_is(found->left, left));
    assert_true(tk_str_is(found->right, right));
    const tk_aligned *missing = row_of(found, TK_ALIGN_MISSING);
    assert_true(tk_str_is(missing->left, missing_left));
    assert_true(tk_str_is(missing->right, missing_right));
    assert_true(missing->points < 0);
}

static void test_sides(void **state)
{
    fixture *f = *state;
    tk_comparison found = explained(f, "Helvora Optics Group", "Optics Helvora", TK_NAME_COMPANY);
    check_sides(&found, "helvora optics group", "optics helvora", "group", "");
    found = explained(f, "Optics Helvora", "Helvora Optics Group", TK_NAME_COMPANY);
    check_sides(&found, "optics helvora", "helvora optics group", "", "group");
}

static void test_points_are_parts(void **state)
{
    fixture *f = *state;
    tk_comparison found = explained(f, "Helvora Marine Optics", "Helvora Optics Trading", TK_NAME_COMPANY);
    int gained = 0, all = 0;
    for (size_t i = 0; i < found.tokens_count; i++) {
        gained += found.tokens[i].points > 0 ? found.tokens[i].points : 0;
        all += abs(found.tokens[i].points);
    }
    assert_in_range(gained, found.score - 5, found.score + 5);
    assert_in_range(all, 990, 1000);
}

static void test_glued_words_stand_together(void **state)
{
    fixture *f = *state;
    tk_comparison found = explained(f, "Hel Vora Optics", "Helvora Optic", TK_NAME_COMPANY);
    const tk_aligned *glued = row_of(&found, TK_ALIGN_GLUED);
    assert_true(tk_str_is(glued->left, "hel vora"));
    assert_true(tk_str_is(glued->right, "helvora"));
}

static void test_what_decided(void **state)
{
    fixture *f = *state;
    assert_true(tk_str_is(explained(f, "Helvora", "HELVORA.", TK_NAME_UNKNOWN).decided, "exact"));
    assert_int_equal(explained(f, "Helvora", "HELVORA.", TK_NAME_UNKNOWN).score, TK_SCORE_ONE);
    assert_true(tk_str_is(explained(f, "Helvora 3", "Helvora 4", TK_NAME_VESSEL).decided, "number"));
    assert_true(tk_str_is(explained(f, "Helvora Paris", "Helvora Tokyo", TK_NAME_COMPANY).decided, "place"));
    assert_true(tk_str_is(explained(f, "Helvora Optics", "Optics Helvora", TK_NAME_COMPANY).decided, ""));
}

static void test_kinds_that_differ(void **state)
{
    fixture *f = *state;
    const tk_name *person, *vessel;
    tk_comparison found;
    tk_str text = TK_STR("Helvora Maru");
    assert_int_equal(tk_names_prepare(f->names, &f->arena, text, TK_NAME_PERSON, &person, NULL), TK_OK);
    assert_int_equal(tk_names_prepare(f->names, &f->arena, TK_STR("Maru Helvora"), TK_NAME_VESSEL, &vessel, NULL),
                     TK_OK);
    assert_int_equal(tk_names_explain(f->names, person, vessel, &f->arena, &found, NULL), TK_OK);
    assert_true(tk_str_is(found.decided, "kind"));
    assert_false(found.match);
    /* An exact name beats every other rule. */
    assert_int_equal(tk_names_prepare(f->names, &f->arena, text, TK_NAME_VESSEL, &vessel, NULL), TK_OK);
    assert_int_equal(tk_names_score(f->names, person, vessel, 0), TK_SCORE_ONE);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_sides, setup, teardown),
        cmocka_unit_test_setup_teardown(test_points_are_parts, setup, teardown),
        cmocka_unit_test_setup_teardown(test_glued_words_stand_together, setup, teardown),
        cmocka_unit_test_setup_teardown(test_what_decided, setup, teardown),
        cmocka_unit_test_setup_teardown(test_kinds_that_differ, setup, teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
