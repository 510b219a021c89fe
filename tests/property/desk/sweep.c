/* SPDX-License-Identifier: Apache-2.0 */
/* sweep.c: whatever comes, changes and goes on either side, a book that is swept again and again has the hits of one
 * that is swept once, and its reports put together are what it has.
 *
 * Two sources share ids of entries; versions vanish from the shelf. STEPS=n takes n steps (10); SEED=n chooses (1).
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/csv.h"
#include "base/str.h"
#include "seams/chance.h"
#include "seams/sweep.h"

enum { PARTIES = 160, ENTRIES = 200 };

typedef struct step_world {
    test_place *place;
    tk_arena *arena;
    uint64_t seed;
    tk_shelf *shelf;
    tk_store *store;
    tk_list_edition editions[2];
    const char *last_file[2];
} step_world;

static void put(step_world *w, size_t which)
{
    tk_shelf_version version = test_put(w->place, w->shelf, &w->editions[which]);
    w->last_file[which] = tk_arena_printf(w->arena, "lists/" TK_FMT, TK_ARG_STR(version.file)).ptr;
}

static tk_status copy_party(void *context, const tk_party_record *party, tk_err *err)
{
    tk_store *store = context;
    tk_parties_imported done;
    tk_out text;
    tk_out_init(&text, NULL);
    for (size_t i = 0; i < TK_PARTY_COLUMN_COUNT; i++)
        tk_out_printf(&text, "%s%s", i == 0 ? "" : ",", tk_parties_column_name(TK_PARTIES, i));
    tk_out_char(&text, '\n');
    for (size_t i = 0; i < TK_PARTY_COLUMN_COUNT; i++)
        tk_csv_write_cell(&text, party->cells[i], i == 0, false);
    tk_out_char(&text, '\n');
    tk_parties_input input = {.name = TK_STR("copy"), .text = tk_out_str(&text), .day = 20000};
    tk_status status = tk_parties_import(store, &input, &done, err);
    tk_out_fini(&text);
    return status;
}

static void assert_as_swept_once(step_world *w, unsigned step)
{
    tk_store *fresh = test_sweep_open(NULL);
    assert_int_equal(tk_parties_list(w->store, INT64_MAX, copy_party, fresh, NULL), TK_OK);
    tk_desk_sweep once = test_sweep(fresh, w->shelf, w->arena, 1, false, true);
    tk_str ours = test_sweep_dump(w->store, w->arena, false), theirs = test_sweep_dump(fresh, w->arena, false);
    assert_int_equal(once.whole, once.parties);
    if (!tk_str_eq(ours, theirs))
        fail_msg("step %u:\n" TK_FMT "\nswept once:\n" TK_FMT, step, TK_ARG_STR(ours), TK_ARG_STR(theirs));
    assert_true(tk_str_eq(test_sweep_dump(w->store, w->arena, true), test_sweep_dump(fresh, w->arena, true)));
    tk_store_close(fresh);
}

/* One or more things happen. */
static void happen(step_world *w, unsigned step)
{
    uint64_t what = 1 + test_random_below(&w->seed, 15);
    for (size_t i = 0; i < 2; i++)
        if ((what >> i & 1) != 0) {
            if (test_random_below(&w->seed, 4) == 0)
                assert_int_equal(unlink(test_path(w->place, w->last_file[i])), 0);
            w->editions[i] = test_sweep_next(w->arena, &w->editions[i], 1, &w->seed);
            put(w, i);
        }
    if ((what & 4) != 0) {
        unsigned first = (unsigned)test_random_below(&w->seed, PARTIES);
        test_sweep_random_parties(w->store, w->arena, &w->editions[step % 2], first, first + 9, &w->seed);
    }
    if ((what & 8) != 0) /* two editions between two sweeps */
        w->editions[0] = test_sweep_next(w->arena, &w->editions[0], 1, &w->seed), put(w, 0);
}

static void test_steps(void **state)
{
    test_place *place = *state;
    step_world w = {.place = place, .arena = &place->arena, .seed = test_chosen("SEED", 1)};
    uint64_t steps = test_chosen("STEPS", 10), part = 0, kinds[TK_DESK_SWEEP_KINDS] = {0};
    w.shelf = test_shelf(place, "lists");
    w.store = test_sweep_open(NULL);
    w.editions[0] = test_edition_random(w.arena, "us-csl", "2026-01-01", ENTRIES, test_random(&w.seed));
    w.editions[1] = w.editions[0];
    w.editions[1].source = TK_STR("un");
    w.editions[1] = test_sweep_next(w.arena, &w.editions[1], 1, &w.seed);
    put(&w, 0);
    put(&w, 1);
    test_sweep_random_parties(w.store, w.arena, &w.editions[0], 0, PARTIES, &w.seed);
    for (unsigned step = 0; step < steps; step++) {
        tk_desk_sweep done = test_sweep(w.store, w.shelf, w.arena, 1 + step % 3, false, true);
        part += done.part;
        for (int i = 0; i < TK_DESK_SWEEP_KINDS && step != 0; i++)
            kinds[i] += done.kinds[i];
        assert_as_swept_once(&w, step);
        happen(&w, step);
    }
    assert_true(part != 0 && kinds[TK_DESK_SWEEP_NEW] != 0 && kinds[TK_DESK_SWEEP_GONE] != 0
                && kinds[TK_DESK_SWEEP_CHANGED] != 0);
    tk_store_close(w.store);
    tk_shelf_close(w.shelf);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_steps, test_place_make, test_place_remove),
    };
    return cmocka_run_group_tests_name("desk/sweep steps", tests, NULL, NULL);
}
