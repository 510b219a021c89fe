/* SPDX-License-Identifier: Apache-2.0 */
/* screening_faults.c: memory that runs out while the parties of an order are run against lists and their owners are
 * found: allocation number 1, 2, 3 … fails until a run sees no fault. Each time the answer is TK_ERR_MEMORY or the
 * whole of it: a hit is never lost for want of memory.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/out.h"
#include "base/str.h"
#include "seams/desk_book.h"
#include "seams/memory.h"
#include "seams/shelf.h"
#include "twokey/desk.h"

static const char entries[] =
    "EL|karo-minta|c|Karominta Microelectronics Co., Ltd.|KMME|CN|CN 9 Long Road, Wuhan|||||\n"
    "MEU|shu|c|Shutadan Aviation Institute||CN|||||\n";
static const char parties[] = "id,name,aliases,country,hq,address\n"
                              "km,Karominta Micro-electronics,KMME;Karominta,CN,SG,9 Long Road\n"
                              "b,Taminrol Foods,,SG,SG,\n";
static const char holdings[] = "holder,held,share,from,source\nkm,b,51,2024-01-01,register\n";

static void make_book(test_place *place, const char *path)
{
    test_book_import(path, parties);
    test_book_import(path, holdings);
    tk_shelf *shelf = test_shelf(place, "lists");
    tk_list_edition edition = test_edition(&place->arena, "us-csl", "2026-07-31", entries);
    (void)test_put(place, shelf, &edition);
    tk_shelf_close(shelf);
}

static tk_status answer(const tk_desk *desk, tk_out *out, tk_err *err)
{
    tk_clerk *clerk = NULL;
    tk_transaction order = {0};
    tk_ask ask = TK_ASK_INIT;
    tk_desk_result result;
    tk_str json = TK_STR("");
    order.cells[TK_COLUMN_ITEM] = TK_STR("nvidia-rtx3090");
    order.cells[TK_COLUMN_FROM] = TK_STR("US");
    order.cells[TK_COLUMN_TO] = TK_STR("SG");
    order.cells[TK_COLUMN_ACTIVITY] = TK_STR("export");
    order.cells[TK_COLUMN_PURCHASER] = TK_STR("Shutadan Institute of Aviation");
    order.cells[TK_COLUMN_END_USER] = TK_STR("b");
    order.cells[TK_COLUMN_AS_OF] = TK_STR("2026-08-03");
    ask.world = TK_WORLD_LAW;
    tk_status status = tk_clerk_new(desk, &clerk, err);
    if (status == TK_OK)
        status = tk_clerk_decide_json(clerk, &order, &ask, &result, &json, err);
    if (status == TK_OK)
        tk_out_add(out, json);
    tk_clerk_free(clerk);
    return status;
}

static void run_out(const tk_desk *desk, tk_str whole, unsigned long step, bool stays)
{
    unsigned long at = 1;
    for (bool hit = true; hit; at += step) {
        tk_out out;
        tk_err err = {0};
        tk_out_init(&out, NULL);
        test_memory_fail(at, stays);
        tk_status status = answer(desk, &out, &err);
        hit = test_memory_failed();
        test_memory_fail(0, false);
        if (status != TK_OK && (status != TK_ERR_MEMORY || !hit))
            fail_msg("allocation %lu: status %d, %s", at, (int)status, err.message);
        if (status == TK_OK && out.status == TK_OK && !stays) {
            assert_int_equal(tk_out_str(&out).len, whole.len);
            assert_memory_equal(tk_out_str(&out).ptr, whole.ptr, whole.len);
        }
        tk_out_fini(&out);
    }
    assert_in_range(at, 50, 20000);
}

static void screening_runs_out(void **state)
{
    test_place *place = *state;
    tk_desk_options options = TK_DESK_OPTIONS_INIT;
    tk_desk *desk = NULL;
    tk_out whole;
    tk_err err = {0};
    options.book = test_path(place, "book.db");
    options.lists_folder = test_path(place, "lists");
    make_book(place, options.book);
    assert_int_equal(tk_desk_open(&options, &desk, NULL, &err), TK_OK);
    tk_out_init(&whole, NULL);
    assert_int_equal(answer(desk, &whole, &err), TK_OK);
    assert_non_null(strstr(whole.bytes, "\"id\":\"MEU:shu\""));
    assert_non_null(strstr(whole.bytes, "\"owners\":[\"km 51\"]"));
    run_out(desk, tk_out_str(&whole), 1, false);
    run_out(desk, tk_out_str(&whole), 17, true);
    tk_out_fini(&whole);
    tk_desk_close(desk);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(screening_runs_out, test_place_make, test_place_remove),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
