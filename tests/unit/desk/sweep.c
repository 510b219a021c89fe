/* SPDX-License-Identifier: Apache-2.0 */
/* sweep.c: what a report of a sweep says: each hit once, on its day, until it is settled; two sweeps at once. */
#include "desk/sweep.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/num.h"
#include "base/str.h"
#include "seams/sweep.h"

static void put(test_place *place, const tk_shelf *shelf, const char *source, const char *published, const char *text)
{
    tk_list_edition edition = test_edition(&place->arena, source, published, text);
    (void)test_put(place, shelf, &edition);
}

static tk_desk_sweep on_day(test_place *place, tk_store *store, const tk_shelf *shelf, const char *day)
{
    tk_desk_sweep_options options = {.shelf = shelf, .threads = 1};
    tk_desk_sweep out;
    assert_int_equal(tk_date_parse(tk_str_from(day), &options.as_of, NULL), TK_OK);
    assert_int_equal(tk_desk_sweep_run(store, &options, &place->arena, &out, NULL), TK_OK);
    assert_int_equal(tk_desk_sweep_settle(store, &out, NULL), TK_OK);
    return out;
}

/* A day that passes brings a hit and takes one, though nothing is run. */
static void test_days(void **state)
{
    test_place *place = *state;
    tk_shelf *shelf = test_shelf(place, "lists");
    tk_store *store = test_sweep_open(NULL);
    put(place, shelf, "us-csl", "2026-01-01",
        "EL|1|c|Velorzen Computing Ltd||SG||||2026-08-05|\n"
        "EL|2|c|Prifigol Optics Ltd||SG||||2020-01-01|2026-08-01\n");
    test_sweep_parties(store, "a,Velorzen Computing,,,,,\nb,Prifigol Optics,,,,,\n");
    tk_desk_sweep before = on_day(place, store, shelf, "2026-07-31");
    assert_int_equal(before.hits, 1);
    assert_true(tk_str_is(before.changes[0].now.id, "EL:2"));
    tk_desk_sweep after = on_day(place, store, shelf, "2026-08-06");
    assert_int_equal(after.whole + after.part, 0);
    assert_int_equal(after.changes_count, 2);
    assert_int_equal(after.changes[0].kind, TK_DESK_SWEEP_NEW);
    assert_true(tk_str_is(after.changes[0].now.id, "EL:1"));
    assert_int_equal(after.changes[1].kind, TK_DESK_SWEEP_GONE);
    assert_true(tk_str_is(after.changes[1].before.id, "EL:2"));
    tk_store_close(store);
    tk_shelf_close(shelf);
}

/* The same party of a list in two sources is one hit, the better; when that goes, the other is what stays. */
static void test_two_sources(void **state)
{
    test_place *place = *state;
    tk_shelf *shelf = test_shelf(place, "lists");
    tk_store *store = test_sweep_open(NULL);
    put(place, shelf, "one", "2026-01-01", "EL|1|c|Velorzen Computing Ltd||SG|||||\n");
    put(place, shelf, "two", "2026-01-01", "EL|1|c|Velorzen Computin Ltd||SG|||||\nEL|2|c|Karominta||SG|||||\n");
    test_sweep_parties(store, "a,Velorzen Computing,,,,,\n");
    tk_desk_sweep both = on_day(place, store, shelf, "2026-07-31");
    assert_int_equal(both.hits, 1);
    assert_true(tk_str_is(both.changes[0].now.source, "one"));
    put(place, shelf, "one", "2026-01-02", "EL|3|c|Helyonik||SG|||||\n");
    tk_desk_sweep left = on_day(place, store, shelf, "2026-07-31");
    assert_int_equal(left.changes_count, 1);
    assert_int_equal(left.changes[0].kind, TK_DESK_SWEEP_CHANGED);
    assert_true(tk_str_is(left.changes[0].now.source, "two"));
    assert_true(left.changes[0].now.score < left.changes[0].before.score);
    tk_store_close(store);
    tk_shelf_close(shelf);
}

/* What was not settled is said again; of two that found the same, the second settles nothing. */
static void test_settling(void **state)
{
    test_place *place = *state;
    tk_err err = {0};
    tk_shelf *shelf = test_shelf(place, "lists");
    const char *path = test_path(place, "book.db");
    tk_store *mine = test_sweep_open(path), *theirs = test_sweep_open(path);
    put(place, shelf, "us-csl", "2026-01-01", "EL|1|c|Velorzen Computing Ltd||SG|||||\n");
    test_sweep_parties(mine, "a,Velorzen Computing,,,,,\n");
    tk_desk_sweep first = test_sweep(mine, shelf, &place->arena, 1, false, false);
    tk_desk_sweep second = test_sweep(theirs, shelf, &place->arena, 1, false, true);
    assert_int_equal(first.whole, 1);
    assert_int_equal(second.whole, 0);
    assert_int_equal(first.kinds[TK_DESK_SWEEP_NEW], 1);
    assert_int_equal(second.kinds[TK_DESK_SWEEP_NEW], 1);
    assert_int_equal(tk_desk_sweep_settle(mine, &first, &err), TK_ERR_BUSY);
    assert_non_null(strstr(err.message, "another screening of all parties"));
    tk_desk_sweep third = test_sweep(mine, shelf, &place->arena, 1, false, true);
    assert_int_equal(third.kinds[TK_DESK_SWEEP_NEW], 0);
    assert_int_equal(third.kinds[TK_DESK_SWEEP_STILL], 1);
    tk_store_close(mine);
    tk_store_close(theirs);
    tk_shelf_close(shelf);
}

typedef struct meddler {
    tk_store *other;
    const tk_shelf *shelf;
    tk_arena *arena;
    uint64_t calls, done;
} meddler;

static void meddle(void *context, uint64_t done, uint64_t all)
{
    meddler *m = context;
    assert_true(m->done < done && done <= all);
    m->done = done;
    if (++m->calls == 10)
        (void)test_sweep(m->other, m->shelf, m->arena, 1, false, false);
}

/* Somebody else goes on with what is half done: the first one ends, and what both did is whole. */
static void test_two_at_once(void **state)
{
    test_place *place = *state;
    uint64_t seed = 7;
    tk_err err = {0};
    tk_desk_sweep out;
    tk_shelf *shelf = test_shelf(place, "lists");
    const char *path = test_path(place, "book.db");
    tk_store *mine = test_sweep_open(path);
    meddler m = {.other = test_sweep_open(path), .shelf = shelf, .arena = &place->arena};
    tk_desk_sweep_options options = {
        .shelf = shelf, .threads = 2, .commit_every = 4, .progress = meddle, .context = &m};
    tk_list_edition edition = test_edition_random(&place->arena, "us-csl", "2026-01-01", 40, 3);
    (void)test_put(place, shelf, &edition);
    test_sweep_random_parties(mine, &place->arena, &edition, 0, 40, &seed);
    assert_int_equal(tk_desk_sweep_run(mine, &options, &place->arena, &out, &err), TK_ERR_BUSY);
    tk_desk_sweep rest = test_sweep(mine, shelf, &place->arena, 1, false, false);
    assert_int_equal(rest.whole + rest.part, 0);
    tk_str kept = test_sweep_dump(mine, &place->arena, false);
    (void)test_sweep(mine, shelf, &place->arena, 3, true, false);
    assert_true(tk_str_eq(kept, test_sweep_dump(mine, &place->arena, false)));
    tk_store_close(m.other);
    tk_store_close(mine);
    tk_shelf_close(shelf);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_days, test_place_make, test_place_remove),
        cmocka_unit_test_setup_teardown(test_two_sources, test_place_make, test_place_remove),
        cmocka_unit_test_setup_teardown(test_settling, test_place_make, test_place_remove),
        cmocka_unit_test_setup_teardown(test_two_at_once, test_place_make, test_place_remove),
    };
    return cmocka_run_group_tests_name("desk/sweep", tests, NULL, NULL);
}
