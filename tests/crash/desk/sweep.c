/* SPDX-License-Identifier: Apache-2.0 */
/* sweep.c: a program that screens all parties is killed (SIGKILL) at a random moment, again and again, each time
 * after a new edition of the list. What was committed stays, the next sweep looks at the other parties alone, and in
 * the end the book has the hits of one that is swept once.
 *
 * CYCLES=n kills n times (16); SEED=n chooses the moments (1).
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/str.h"
#include "seams/chance.h"
#include "seams/kill.h"
#include "seams/sweep.h"

enum { PARTIES = 140, ENTRIES = 200, LONGEST_US = 250000 };

typedef struct sweep_doomed {
    const char *book, *lists;
} sweep_doomed;

static void sweep_once(void *context, int tell)
{
    const sweep_doomed *doomed = context;
    tk_shelf *shelf = NULL;
    tk_arena arena;
    (void)tell;
    tk_arena_init(&arena, 65536, 0);
    if (tk_shelf_open(doomed->lists, &(tk_shelf_options){.create = false}, &shelf, NULL) != TK_OK)
        return;
    (void)test_sweep(test_sweep_open(doomed->book), shelf, &arena, 2, false, false);
    for (;;)
        (void)pause();
}

static void no_finding(void *context, tk_str finding)
{
    (void)context;
    fail_msg(TK_FMT, TK_ARG_STR(finding));
}

static void assert_as_swept_once(tk_store *store, const tk_shelf *shelf, tk_arena *arena)
{
    tk_str ours = test_sweep_dump(store, arena, false), said = test_sweep_dump(store, arena, true);
    (void)test_sweep(store, shelf, arena, 1, true, true);
    assert_true(tk_str_eq(ours, test_sweep_dump(store, arena, false)));
    assert_true(tk_str_eq(said, test_sweep_dump(store, arena, true)));
}

/* True when the kill came between the first and the last commit. */
static bool kill_one(const sweep_doomed *doomed, const tk_shelf *shelf, tk_arena *arena, uint64_t *seed)
{
    int told;
    size_t findings = 0;
    pid_t child = test_doomed_start(sweep_once, (void *)(uintptr_t)doomed, &told);
    test_doomed_kill(child, test_random_below(seed, LONGEST_US));
    (void)close(told);
    tk_store *store = test_sweep_open(doomed->book);
    assert_int_equal(tk_store_check(store, no_finding, NULL, &findings, NULL), TK_OK);
    uint64_t ready = test_sweep_ready(store);
    tk_desk_sweep rest = test_sweep(store, shelf, arena, 2, false, true);
    /* Nothing committed of this edition: those that are at the last state are at that of the edition before. */
    assert_true(rest.whole + rest.part == PARTIES - ready || (ready == PARTIES && rest.part == PARTIES));
    assert_as_swept_once(store, shelf, arena);
    tk_store_close(store);
    return rest.part != 0 && rest.part < PARTIES;
}

static void test_kills(void **state)
{
    test_place *place = *state;
    tk_arena *arena = &place->arena;
    uint64_t cycles = test_chosen("CYCLES", 16), seed = test_chosen("SEED", 1);
    unsigned between = 0;
    tk_shelf *shelf = test_shelf(place, "lists");
    sweep_doomed doomed = {test_path(place, "book.db"), test_path(place, "lists")};
    tk_list_edition edition = test_edition_random(arena, "us-csl", "2026-01-01", ENTRIES, 5);
    tk_store *store = test_sweep_open(doomed.book);
    test_sweep_random_parties(store, arena, &edition, 0, PARTIES, &seed);
    (void)test_put(place, shelf, &edition);
    (void)test_sweep(store, shelf, arena, 1, false, true);
    tk_store_close(store);
    for (uint64_t i = 0; i < cycles; i++) {
        edition = test_sweep_next(arena, &edition, 1, &seed);
        (void)test_put(place, shelf, &edition);
        between += kill_one(&doomed, shelf, arena, &seed);
    }
    print_message("%u of %llu kills came in between\n", between, (unsigned long long)cycles);
    tk_shelf_close(shelf);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_kills, test_place_make, test_place_remove),
    };
    return cmocka_run_group_tests_name("desk/sweep kills", tests, NULL, NULL);
}
