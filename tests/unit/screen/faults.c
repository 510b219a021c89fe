/* SPDX-License-Identifier: Apache-2.0 */
/* Memory that runs out while a version is put, opened and screened against: allocation number 1, 2, 3 … fails until a
 * run sees no fault. The answer is TK_ERR_MEMORY or the work is done; afterwards the shelf is whole.
 *
 * The allocations are those of seams/memory.h.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/str.h"
#include "seams/memory.h"
#include "seams/shelf.h"

static tk_status work_put(const tk_shelf *shelf, const tk_list_edition *edition, tk_err *err)
{
    tk_names *names = NULL;
    tk_shelf_version version;
    bool was_there;
    tk_arena arena;
    tk_arena_init(&arena, 4096, 0);
    tk_status status = tk_names_new(&names, err);
    if (status == TK_OK)
        status = tk_shelf_put(shelf, names, edition, 20000, &arena, &version, &was_there, err);
    tk_names_free(names);
    tk_arena_fini(&arena);
    return status;
}

static void put_runs_out(test_place *place, const tk_shelf *shelf)
{
    tk_list_edition edition = test_edition_random(&place->arena, "us-csl", "2026-01-01", 12, 1);
    bool met = true;
    for (unsigned long at = 1; met; at++) {
        tk_err err = {0};
        test_memory_fail(at, at % 2 == 0);
        tk_status status = work_put(shelf, &edition, &err);
        met = test_memory_failed();
        test_memory_fail(0, false);
        if (status != TK_OK && (!met || status != TK_ERR_MEMORY || err.message[0] == 0))
            fail_msg("allocation %lu: status %d, '%s'", at, (int)status, err.message);
        const tk_shelf_version *versions = NULL;
        size_t count;
        assert_int_equal(tk_shelf_versions(shelf, &place->arena, &versions, &count, NULL), TK_OK);
        assert_true(count <= 1 && (status != TK_OK || count == 1));
        for (size_t i = 0; i < count; i++)
            assert_int_equal(tk_shelf_verify(shelf, &versions[i], NULL), TK_OK);
    }
}

/* One answer as text, or why there is none. */
static tk_status work_screen(const tk_shelf *shelf, tk_str name, tk_out *out, tk_err *err)
{
    tk_screener *screener = NULL;
    tk_screener_options options = TK_SCREENER_OPTIONS_INIT;
    tk_screen_result result;
    tk_str ids[] = {TK_STR("N000003")};
    tk_screened party = {.name = name, .country = TK_STR("CN"), .identifiers = ids, .identifiers_count = 1};
    tk_status status = tk_screener_new(shelf, &options, &screener, err);
    if (status == TK_OK)
        status = tk_screen(screener, &party, &result, err);
    for (size_t i = 0; status == TK_OK && i < result.hits_count; i++)
        tk_out_printf(out, TK_FMT " %u %zu\n", TK_ARG_STR(result.hits[i].id), result.hits[i].score,
                      result.hits[i].why.tokens_count);
    tk_screener_free(screener);
    return status;
}

static void screen_runs_out(test_place *place, const tk_shelf *shelf)
{
    tk_list_edition edition = test_edition_random(&place->arena, "us-csl", "2026-01-01", 12, 1);
    tk_str name = edition.entries[5].name;
    tk_out whole, out;
    tk_out_init(&whole, NULL);
    assert_int_equal(work_screen(shelf, name, &whole, NULL), TK_OK);
    assert_true(whole.len != 0);
    bool met = true;
    for (unsigned long at = 1; met; at++) {
        tk_err err = {0};
        tk_out_init(&out, NULL);
        test_memory_fail(at, at % 2 == 0);
        tk_status status = work_screen(shelf, name, &out, &err);
        met = test_memory_failed();
        test_memory_fail(0, false);
        if (status != TK_OK && (!met || status != TK_ERR_MEMORY || err.message[0] == 0))
            fail_msg("allocation %lu: status %d, '%s'", at, (int)status, err.message);
        if (status == TK_OK && out.status == TK_OK)
            assert_true(tk_str_eq(tk_out_str(&out), tk_out_str(&whole)));
        tk_out_fini(&out);
    }
    tk_out_fini(&whole);
}

static void test_put_then_screen(void **state)
{
    test_place *place = *state;
    tk_shelf *shelf = test_shelf(place, "lists");
    put_runs_out(place, shelf);
    screen_runs_out(place, shelf);
    tk_shelf_close(shelf);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_put_then_screen, test_place_make, test_place_remove),
    };
    return cmocka_run_group_tests_name("screen/faults", tests, NULL, NULL);
}
