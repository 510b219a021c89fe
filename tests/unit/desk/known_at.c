/* SPDX-License-Identifier: Apache-2.0 */
/* known_at.c: the default of known-at is the newest publication in use and asks no clock; a claim that was imported
 * before its day joins on that day, and not before. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "base/num.h"
#include "unit/desk/watching.h"

static tk_date day(const char *text)
{
    tk_date date = TK_DATE_MIN;
    assert_int_equal(tk_date_parse(tk_str_from(text), &date, NULL), TK_OK);
    return date;
}

static void import(watching *w, const char *text, const char *today, bool allow_future, tk_claims_imported *done)
{
    tk_claims *claims;
    tk_claims_texts texts = tk_desk_claims_texts();
    tk_claims_input input = TK_CLAIMS_INPUT_INIT;
    input.name = TK_STR("test");
    input.text = tk_str_from(text);
    input.today = day(today);
    input.allow_future = allow_future;
    assert_int_equal(tk_claims_open(w->store, &texts, &claims, NULL, NULL), TK_OK);
    assert_int_equal(tk_claims_import(claims, &input, done, NULL), TK_OK);
    tk_claims_close(claims);
}

static void is_known_at(watching *w, const char *book, tk_world world, const char *today, const char *expected)
{
    tk_transaction order = watching_order("o", "h200-sxm", "bytedance");
    tk_ask ask = TK_ASK_INIT;
    tk_desk_result result;
    ask.world = world;
    ask.today = day(today);
    assert_int_equal(watching_desk(w, book, NULL, NULL, NULL), TK_OK);
    assert_int_equal(tk_clerk_decide(w->clerk, &order, &ask, &result, NULL), TK_OK);
    assert_int_equal(result.known_at, day(expected));
}

#define HEADER "id,date_reported,source_kind,actor,subject,predicate\n"

static void test_ahead(void **state)
{
    const char *book = test_path(*state, "book/book.db");
    watching w;
    tk_claims_imported done;
    assert_int_equal(watching_open(&w, book, NULL), TK_OK);
    is_known_at(&w, book, TK_WORLD_PREVAILING, "2026-11-25", "2026-09-28");

    import(&w, HEADER "A1,2026-11-26,official,GACC,H200,accepts_import\n", "2026-11-25", false, &done);
    assert_int_equal(done.rejected, 1);
    import(&w, HEADER "A1,2026-11-25,official,GACC,H200,accepts_import\n", "2026-11-25", false, &done);
    assert_int_equal(done.added, 1);
    assert_int_equal(done.ahead, 0);
    is_known_at(&w, book, TK_WORLD_PREVAILING, "2026-11-25", "2026-11-25");
    is_known_at(&w, book, TK_WORLD_PREVAILING, "2020-01-01", "2026-11-25"); /* no clock */

    /* A month that has begun is no future, and counts from its last day. */
    import(&w, HEADER "A2,2026-11,official,GACC,H200,accepts_import\n", "2026-11-25", false, &done);
    assert_int_equal(done.added, 1);
    assert_int_equal(done.ahead, 1);
    import(&w, HEADER "A3,2027-01-01,official,GACC,H200,accepts_import\n", "2026-11-25", true, &done);
    assert_int_equal(done.added, 1);
    assert_int_equal(done.ahead, 1);
    is_known_at(&w, book, TK_WORLD_PREVAILING, "2026-11-29", "2026-11-25");
    is_known_at(&w, book, TK_WORLD_PREVAILING, "2026-11-30", "2026-11-30");
    is_known_at(&w, book, TK_WORLD_PREVAILING, "2026-12-31", "2026-11-30");
    is_known_at(&w, book, TK_WORLD_PREVAILING, "2027-01-01", "2027-01-01");
    is_known_at(&w, book, TK_WORLD_LAW, "2027-01-01", "2026-09-28");

    /* Imported on its day it is like any other. */
    import(&w, HEADER "A4,2027-01-02,official,GACC,H200,accepts_import\n", "2027-01-02", false, &done);
    assert_int_equal(done.ahead, 0);
    is_known_at(&w, book, TK_WORLD_PREVAILING, "2026-11-25", "2027-01-02");
    watching_close(&w);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_ahead, test_place_make, test_place_remove),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
