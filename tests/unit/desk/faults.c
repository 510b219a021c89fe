/* SPDX-License-Identifier: Apache-2.0 */
/* Memory that runs out while the claims about an order are looked up, its worlds are ranged over and its answer is
 * written: allocation number 1, 2, 3 … fails until a run sees no fault. Each time the answer is TK_ERR_MEMORY or the
 * whole of it, and afterwards the same desk gives the same bytes as before.
 *
 * The allocations are those of seams/memory.h.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/compat.h"
#include "claims/world.h"
#include "desk/desk_int.h"
#include "seams/memory.h"
#include "unit/claims/book.h"

/* --- an order under every world, by a new clerk --- */

static tk_status answer(const tk_desk *desk, tk_world world, tk_out *out, tk_err *err)
{
    tk_clerk *clerk = NULL;
    tk_transaction order = {0};
    tk_ask ask = TK_ASK_INIT;
    tk_desk_result result;
    tk_str json = TK_STR("");
    order.cells[TK_COLUMN_ITEM] = TK_STR("nvidia-h200-sxm");
    order.cells[TK_COLUMN_END_USER] = TK_STR("bytedance");
    order.cells[TK_COLUMN_QUANTITY] = TK_STR("1000");
    order.cells[TK_COLUMN_FROM] = TK_STR("US");
    order.cells[TK_COLUMN_TO] = TK_STR("CN");
    order.cells[TK_COLUMN_ACTIVITY] = TK_STR("export");
    order.cells[TK_COLUMN_AS_OF] = TK_STR("2026-06-30");
    ask.world = world;
    ask.range = true;
    tk_status status = tk_clerk_new(desk, &clerk, err);
    if (status == TK_OK)
        status = tk_clerk_decide_json(clerk, &order, &ask, &result, &json, err);
    if (status == TK_OK)
        tk_out_add(out, json);
    tk_clerk_free(clerk);
    return status;
}

static void same_answer(const tk_desk *desk, tk_world world, tk_str whole)
{
    tk_out out;
    tk_err err = {0};
    tk_out_init(&out, NULL);
    assert_int_equal(answer(desk, world, &out, &err), TK_OK);
    assert_int_equal(tk_out_str(&out).len, whole.len);
    assert_memory_equal(tk_out_str(&out).ptr, whole.ptr, whole.len);
    tk_out_fini(&out);
}

/* Every `step`th allocation from `at` on. */
static unsigned long answers_run_out(const tk_desk *desk, tk_world world, tk_str whole, unsigned long at,
                                     unsigned long step, bool stays)
{
    for (bool hit = true; hit; at += step) {
        tk_out out;
        tk_err err = {0};
        tk_out_init(&out, NULL);
        test_memory_fail(at, stays);
        tk_status status = answer(desk, world, &out, &err);
        hit = test_memory_failed();
        test_memory_fail(0, false);
        if (status != TK_OK && (status != TK_ERR_MEMORY || !hit))
            fail_msg("allocation %lu: status %d, %s", at, (int)status, err.message);
        if (status != TK_OK)
            assert_non_null(strstr(err.message, "memory"));
        /* A fault that stays out of the answer's way changes nothing in it. */
        if (status == TK_OK && out.status == TK_OK && !stays) {
            assert_int_equal(tk_out_str(&out).len, whole.len);
            assert_memory_equal(tk_out_str(&out).ptr, whole.ptr, whole.len);
        }
        tk_out_fini(&out);
        if (at % 32 == 0)
            same_answer(desk, world, whole);
    }
    same_answer(desk, world, whole);
    return at;
}

static void worlds_run_out(void **state)
{
    static const tk_world worlds[] = {TK_WORLD_PREVAILING, TK_WORLD_STRICT, TK_WORLD_OPEN};
    tk_desk *desk = NULL;
    tk_err err = {0};
    (void)state;
    assert_int_equal(tk_desk_open(NULL, &desk, NULL, &err), TK_OK);
    for (size_t i = 0; i < TK_COUNT(worlds); i++) {
        tk_out whole;
        tk_out_init(&whole, NULL);
        assert_int_equal(answer(desk, worlds[i], &whole, &err), TK_OK);
        /* The three have nearly all of their allocations in common, so each meets a third of them. */
        assert_in_range(answers_run_out(desk, worlds[i], tk_out_str(&whole), i + 1, 3, false), 500, 10000);
        assert_in_range(answers_run_out(desk, worlds[i], tk_out_str(&whole), i + 1, 31, true), 500, 10000);
        tk_out_fini(&whole);
    }
    tk_desk_close(desk);
}

/* --- a world of claims alone, from arenas of one small block each --- */

static const char rows[] =
    "id,date_event,date_reported,source,source_kind,actor,subject,predicate,object,quantity,unit,contradicts,"
    "supersedes\n"
    "A,2026-01-10,2026-01-10,FT,named_press,China,H200,accepts_import,,,,,\n"
    "B,2026-01-10,2026-01-10,GACC,official,GACC,H200,blocks_import,,,,,\n"
    "C,2026-01-11,2026-01-11,FT,named_press,China,H200 ByteDance,approves_import,,,,D,\n"
    "D,2026-01-12,2026-01-12,WSJ,social,China,H200 approval,denies,,,,,\n"
    "E,2026-01-13,2026-01-13,WSJ,social,China,H200 ByteDance,orders_placed,,5-9,chips,,D\n";

static tk_status world(test_book *book, size_t *count, tk_err *err)
{
    static const tk_str facts[] = {TK_STR("item.cn_customs"), TK_STR("application.stage")};
    static const tk_str party = TK_STR("bytedance"), named = TK_STR("E");
    tk_claims_subject subject = {.item = TK_STR("h200"), .parties = &party, .parties_count = 1};
    tk_claims_at at = TK_CLAIMS_AT_ALL;
    tk_claims_world *made = NULL;
    tk_arena arena;
    tk_arena_init(&arena, 64, 0);
    tk_status status = tk_claims_world_make(book->claims, &at, facts, TK_COUNT(facts), &subject, &named, 1, &arena,
                                            &made, err);
    assert_true((status == TK_OK) == (made != NULL));
    if (status == TK_OK)
        (void)tk_claims_world_witnesses(made, count);
    tk_arena_fini(&arena);
    return status;
}

static void witnesses_run_out(void **state)
{
    test_book book;
    tk_claims_imported done;
    tk_err err = {0};
    size_t count = 0;
    bool hit = true;
    unsigned long at = 0;
    (void)state;
    assert_int_equal(test_book_open(&book, NULL, &err), TK_OK);
    assert_int_equal(test_book_import(&book, tk_str_from(rows), &done, &err), TK_OK);
    assert_int_equal(done.added, 5);
    while (hit) {
        tk_err why = {0};
        test_memory_fail(++at, false);
        tk_status status = world(&book, &count, &why);
        hit = test_memory_failed();
        test_memory_fail(0, false);
        if (status != TK_OK && (status != TK_ERR_MEMORY || !hit))
            fail_msg("allocation %lu: status %d, %s", at, (int)status, why.message);
        if (status == TK_OK)
            assert_int_equal(count, 5);
        assert_int_equal(world(&book, &count, &err), TK_OK);
        assert_int_equal(count, 5);
    }
    assert_in_range(at, 10, 10000);
    test_book_close(&book);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(witnesses_run_out), cmocka_unit_test(worlds_run_out)};
    return cmocka_run_group_tests_name("desk/faults", tests, test_memory_of_sqlite, NULL);
}
