/* SPDX-License-Identifier: Apache-2.0 */
/* Memory that runs out while lists of orders are added, run, shown and removed: allocation number 1, 2, 3 … fails until
 * a run sees no fault. The answer is TK_ERR_MEMORY or the work is done; afterwards a list is there whole or not at all,
 * its orders are answered by one run, and a change that was not kept is found by the next run.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/num.h"
#include "seams/memory.h"
#include "seams/vfs.h"
#include "unit/desk/watching.h"

enum { ORDERS = 3, CHANGING = 2 };

typedef struct stage {
    const char *path;
    watching w;
    tk_date today;
    tk_desk_watch_run run; /* of the last work that ran a list */
} stage;

static const tk_desk_watch_question usual = {.world = TK_WORLD_LAW};

static tk_status add_named(stage *g, const char *name, tk_err *err)
{
    tk_transaction orders[ORDERS] = {watching_order("a", "h200-sxm", "bytedance"),
                                     watching_order("b", "h200-sxm", "tencent"),
                                     watching_order("c", "h20-96", "tencent")};
    tk_desk_watch_added added;
    orders[ORDERS - 1].cells[TK_COLUMN_AS_OF] = TK_STR("2026-01-11"); /* whatever the day of the run */
    return watching_add(&g->w, name, orders, ORDERS, &usual, true, &added, err);
}

static tk_status list_named(stage *g, const char *name, tk_desk_watch_list *list, tk_err *err)
{
    tk_desk_watch_list *lists;
    size_t count;
    tk_status status = tk_desk_watch_lists(g->w.store, &g->w.arena, &lists, &count, err);
    *list = (tk_desk_watch_list){.id = 0};
    for (size_t i = 0; status == TK_OK && i < count; i++)
        if (tk_str_is(lists[i].name, name))
            *list = lists[i];
    return status;
}

static tk_status work_add(stage *g, tk_err *err)
{
    return add_named(g, "other", err);
}

static tk_status work_run(stage *g, tk_err *err)
{
    tk_desk_watch_list list;
    tk_status status = list_named(g, "desk", &list, err);
    return status == TK_OK ? tk_desk_watch_go(g->w.store, g->w.desk, g->w.clerk, &list, g->today, watching_say, &g->w,
                                              &g->w.arena, &g->run, err)
                           : status;
}

static tk_status work_show(stage *g, tk_err *err)
{
    tk_desk_watch_list list;
    tk_desk_watch_shown shown;
    tk_status status = list_named(g, "desk", &list, err);
    if (status == TK_OK)
        status = tk_desk_watch_show(g->w.store, &list, true, &g->w.arena, &shown, err);
    if (status == TK_OK)
        assert_int_equal(shown.orders_count, ORDERS);
    return status;
}

static tk_status work_remove(stage *g, tk_err *err)
{
    bool removed;
    return tk_desk_watch_remove(g->w.store, TK_STR("other"), &removed, err);
}

/* The book by a handle that has met no fault. */
static void reopen(stage *g)
{
    tk_err err = {0};
    tk_store_close(g->w.store);
    tk_arena_fini(&g->w.arena);
    tk_arena_init(&g->w.arena, 65536, 0);
    if (watching_book_on(&g->w, g->path, TEST_VFS, &err) != TK_OK)
        fail_msg("%s", err.message);
}

static tk_date day(const char *text)
{
    tk_date date = 0;
    assert_int_equal(tk_date_parse(tk_str_from(text), &date, NULL), TK_OK);
    return date;
}

/* As of one day, so that the run of the next finds changes, whatever the last fault left. */
static void set_back(stage *g, tk_status (*work)(stage *g, tk_err *err))
{
    g->today = day("2026-01-11");
    assert_int_equal(work_run(g, NULL), TK_OK);
    if (work == work_remove)
        assert_int_equal(add_named(g, "other", NULL), TK_OK);
    if (work == work_add)
        assert_int_equal(work_remove(g, NULL), TK_OK);
    if (work == work_show) {
        g->today = day("2026-02-20");
        assert_int_equal(work_run(g, NULL), TK_OK);
    }
    g->today = day("2026-02-20");
}

static void look(stage *g, tk_status (*work)(stage *g, tk_err *err), tk_status status, int64_t runs)
{
    tk_desk_watch_list list, other;
    assert_int_equal(list_named(g, "desk", &list, NULL), TK_OK);
    assert_int_equal(list_named(g, "other", &other, NULL), TK_OK);
    assert_int_equal(list.orders, ORDERS);
    if (other.id != 0)
        assert_int_equal(watching_number(&g->w, "SELECT count(*) FROM watch_orders AS o JOIN watch_lists AS l"
                                                " ON l.id = o.list AND l.name = 'other'"), ORDERS);
    if (status == TK_OK && work == work_add)
        assert_true(other.id != 0);
    if (status == TK_OK && work == work_remove)
        assert_true(other.id == 0);
    if (work != work_run)
        return;
    assert_int_equal(list.runs, status == TK_OK ? runs + 1 : runs);
    if (status == TK_OK)
        assert_int_equal(g->run.changed_count, CHANGING);
    assert_int_equal(work_run(g, NULL), TK_OK);
    assert_int_equal(g->run.changed_count, status == TK_OK ? 0 : CHANGING);
}

static void run_out(stage *g, tk_status (*work)(stage *g, tk_err *err), bool stays)
{
    unsigned long at = 0;
    bool hit = true;
    while (hit) {
        tk_desk_watch_list before;
        tk_err err = {0};
        reopen(g);
        set_back(g, work);
        reopen(g);
        assert_int_equal(list_named(g, "desk", &before, NULL), TK_OK);
        at += stays ? 9 : 1; /* the same places were met by single faults */
        test_memory_fail(at, stays);
        tk_status status = work(g, &err);
        hit = test_memory_failed();
        test_memory_fail(0, false);
        if (status != TK_OK && (status != TK_ERR_MEMORY || !hit))
            fail_msg("allocation %lu: status %d, %s", at, (int)status, err.message);
        if (status != TK_OK)
            assert_non_null(strstr(err.message, "memory"));
        reopen(g);
        look(g, work, status, before.runs);
    }
    assert_in_range(at, 20, 100000);
}

static void test_faults(void **state)
{
    static tk_status (*const works[])(stage *, tk_err *) = {work_add, work_run, work_show, work_remove};
    stage g = {.path = test_path(*state, "book/book.db")};
    tk_err err = {0};
    if (watching_open(&g.w, g.path, &err) != TK_OK)
        fail_msg("%s", err.message);
    test_vfs_register(); /* nothing is synced */
    reopen(&g);
    assert_int_equal(add_named(&g, "desk", NULL), TK_OK);
    for (int stays = 0; stays < 2; stays++)
        for (size_t i = 0; i < sizeof works / sizeof *works; i++)
            run_out(&g, works[i], stays == 1);
    watching_close(&g.w);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_faults, test_place_make, test_place_remove),
    };
    return cmocka_run_group_tests_name("desk/watch_faults", tests, test_memory_of_sqlite, NULL);
}
