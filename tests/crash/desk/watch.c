/* SPDX-License-Identifier: Apache-2.0 */
/* watch.c: a program that adds watches and runs them is killed (SIGKILL) at a random moment, again and again.
 * Afterwards a list is there whole or not at all, and of a run all answers are kept or none.
 *
 * CYCLES=n kills n times (40); SEED=n chooses the moments (1).
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/num.h"
#include "seams/chance.h"
#include "seams/kill.h"
#include "unit/desk/watching.h"

enum { ROWS = 60, LONGEST_US = 120000 };

static uint64_t random_state;

/* --- the program that is killed --- */

/* ROWS orders whose ids begin with the number of the round. */
static tk_status add_round(watching *w, unsigned round)
{
    static const tk_desk_watch_question law = {.world = TK_WORLD_LAW};
    static char ids[ROWS][32];
    tk_transaction orders[ROWS];
    tk_desk_watch_added added;
    for (unsigned i = 0; i < ROWS; i++) {
        (void)snprintf(ids[i], sizeof ids[i], "r%u-%u", round, i);
        orders[i] = watching_order(ids[i], i % 2 == 0 ? "h200-sxm" : "h20-96", "bytedance");
    }
    return watching_add(w, "desk", orders, ROWS, &law, true, &added, NULL);
}

static tk_status run_on(watching *w, const char *day)
{
    tk_desk_watch_list *lists;
    tk_desk_watch_run run;
    size_t count;
    tk_date today;
    tk_status status = tk_date_parse(tk_str_from(day), &today, NULL);
    if (status == TK_OK)
        status = tk_desk_watch_lists(w->store, &w->arena, &lists, &count, NULL);
    if (status != TK_OK || count != 1)
        return TK_ERR_BUG;
    status = tk_desk_watch_go(w->store, w->desk, w->clerk, &lists[0], today, watching_say, w, &w->arena, &run, NULL);
    return status == TK_OK && run.accepted == ROWS ? TK_OK : TK_ERR_BUG;
}

typedef struct watcher {
    const char *path;
    unsigned round; /* to begin with */
} watcher;

/* On 2026-01-15 the review changed: every answer is another one. */
static void watch_forever(void *context, int tell)
{
    const watcher *from = context;
    unsigned round = from->round;
    watching w;
    if (watching_open(&w, from->path, NULL) != TK_OK || write(tell, "x", 1) != 1)
        _exit(3);
    for (;; round++) { /* never the orders that are there, whose runs would go on counting */
        if (add_round(&w, round) != TK_OK)
            _exit(4);
        if (run_on(&w, "2026-01-14") != TK_OK || run_on(&w, "2026-01-15") != TK_OK)
            _exit(5);
        tk_arena_reset(&w.arena);
    }
}

/* --- what is left --- */

static void no_finding(void *context, tk_str finding)
{
    (void)context;
    fail_msg(TK_FMT, TK_ARG_STR(finding));
}

typedef struct left {
    unsigned nothing, added, baseline, changed;
} left;

static void look(const char *path, left *seen)
{
    static const char orders[] = "SELECT count(*) FROM watch_orders";
    static const char rounds[] = "SELECT count(DISTINCT substr(id, 1, instr(id, '-'))) FROM watch_orders";
    static const char states[] = "SELECT count(*) FROM watch_states AS s JOIN watch_orders AS o"
                                 " ON o.list = s.list AND o.number = s.number";
    static const char answers[] = "SELECT count(*) FROM watch_states AS s JOIN watch_answers AS a ON a.id = s.answer";
    static const char before[] =
        "SELECT count(*) FROM watch_states AS s JOIN watch_answers AS a ON a.id = s.answer_before"
        " JOIN watch_moments AS m ON m.id = s.moment_before JOIN watch_moments AS n ON n.id = s.moment_changed";
    static const char runs[] = "SELECT coalesce(max(runs), -1) FROM watch_lists";
    watching w = {.said = 0};
    tk_err err = {0};
    size_t findings = 0;
    if (watching_book(&w, path, &err) != TK_OK)
        fail_msg("%s: %s", err.file, err.message);
    int64_t done = watching_number(&w, runs), there = done < 0 ? 0 : ROWS;
    assert_in_range(done + 1, 0, 3);
    assert_int_equal(watching_number(&w, orders), there);
    assert_int_equal(watching_number(&w, states), there);
    assert_int_equal(watching_number(&w, rounds), done < 0 ? 0 : 1);
    assert_int_equal(watching_number(&w, answers), done < 1 ? 0 : ROWS);
    assert_int_equal(watching_number(&w, before), done < 2 ? 0 : ROWS);
    assert_int_equal(tk_store_check(w.store, no_finding, NULL, &findings, NULL), TK_OK);
    tk_store_close(w.store);
    *(done < 0 ? &seen->nothing : (done == 0 ? &seen->added : (done == 1 ? &seen->baseline : &seen->changed))) += 1;
}

static void kill_one(const char *path, unsigned round)
{
    watcher from = {path, round};
    int told;
    char ready;
    pid_t child = test_doomed_start(watch_forever, &from, &told);
    assert_int_equal(read(told, &ready, 1), 1);
    test_doomed_kill(child, test_random(&random_state) % LONGEST_US);
    (void)close(told);
}

static void test_kills(void **state)
{
    const char *path = test_path(*state, "book/book.db");
    uint64_t cycles = test_chosen("CYCLES", 40);
    left seen = {0, 0, 0, 0};
    random_state = test_chosen("SEED", 1);
    for (uint64_t i = 0; i < cycles; i++) {
        kill_one(path, (unsigned)i * 1000);
        look(path, &seen);
    }
    print_message("%llu kills: %u before a list, %u behind add, %u behind the baseline, %u behind a change\n",
                  (unsigned long long)cycles, seen.nothing, seen.added, seen.baseline, seen.changed);
    assert_true(seen.added + seen.baseline + seen.changed != 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_kills, test_place_make, test_place_remove),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
