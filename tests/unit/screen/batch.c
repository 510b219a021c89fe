/* SPDX-License-Identifier: Apache-2.0 */
/* batch.c: the same bytes in the order of the parties whatever the number of threads; a party that cannot be compared
 * is an answer; a failure ends the whole. */
#include "screen/batch.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/err.h"
#include "base/str.h"
#include "seams/shelf.h"

enum { PARTIES = 700, ENTRIES = 150 };

typedef struct feed {
    tk_str names[PARTIES];
    size_t count, next, put_parties;
    size_t next_fails_at, put_fails_at; /* 0: never */
    tk_out out, said;
} feed;

static tk_status feed_next(void *context, tk_arena *arena, tk_screened *party, const void **tag, bool *more,
                           tk_err *err)
{
    feed *from = context;
    (void)arena;
    if (from->next_fails_at != 0 && from->next_fails_at == from->next + 1)
        return tk_err_set(err, TK_ERR_IO, "the parties cannot be read on");
    *more = from->next < from->count;
    if (*more) {
        *tag = &from->names[from->next];
        party->name = from->names[from->next++];
    }
    return TK_OK;
}

static void feed_write(void *context, const screen_answer *answer, tk_arena *scratch, tk_out *out, tk_out *said)
{
    const feed *from = context;
    assert_ptr_equal(answer->tag, &from->names[answer->number]);
    if (answer->status != TK_OK) {
        tk_out_printf(said, "%llu: %s\n", (unsigned long long)answer->number, answer->err->message);
        return;
    }
    tk_out_printf(out, "%llu", (unsigned long long)answer->number);
    for (size_t i = 0; i < answer->result->hits_count; i++)
        tk_out_add(out, tk_arena_printf(scratch, " " TK_FMT "=%u", TK_ARG_STR(answer->result->hits[i].id),
                                        answer->result->hits[i].score));
    tk_out_char(out, '\n');
}

static tk_status feed_put(void *context, tk_str bytes, tk_str said, uint64_t parties, tk_err *err)
{
    feed *from = context;
    from->put_parties += parties;
    if (from->put_fails_at != 0 && from->put_fails_at <= from->put_parties)
        return tk_err_set(err, TK_ERR_IO, "nobody takes the answers");
    tk_out_add(&from->out, bytes);
    tk_out_add(&from->said, said);
    return TK_OK;
}

static tk_status run(feed *from, const tk_shelf *shelf, unsigned threads, tk_err *err)
{
    tk_screener_options options = TK_SCREENER_OPTIONS_INIT;
    from->next = from->put_parties = 0;
    tk_out_reset(&from->out);
    tk_out_reset(&from->said);
    screen_batch batch = {.shelf = shelf,
                          .options = &options,
                          .threads = threads,
                          .context = from,
                          .next = feed_next,
                          .write = feed_write,
                          .put = feed_put};
    return screen_batch_run(&batch, err);
}

static feed *feed_make(test_place *place, tk_shelf **shelf)
{
    uint64_t seed = 3;
    feed *from = calloc(1, sizeof *from);
    assert_non_null(from);
    tk_list_edition edition = test_edition_random(&place->arena, "us-csl", "2026-01-01", ENTRIES, 9);
    *shelf = test_shelf(place, "lists");
    (void)test_put(place, *shelf, &edition);
    for (size_t i = 0; i < PARTIES; i++)
        from->names[i] = i % 50 == 49 ? TK_STR("...") : test_name_random(&place->arena, &edition, &seed);
    from->count = PARTIES;
    tk_out_init(&from->out, NULL);
    tk_out_init(&from->said, NULL);
    return from;
}

static void feed_free(feed *from, tk_shelf *shelf)
{
    tk_out_fini(&from->out);
    tk_out_fini(&from->said);
    tk_shelf_close(shelf);
    free(from);
}

static void test_same_bytes(void **state)
{
    test_place *place = *state;
    tk_shelf *shelf;
    feed *from = feed_make(place, &shelf);
    assert_int_equal(run(from, shelf, 1, NULL), TK_OK);
    tk_str out = tk_arena_copy(&place->arena, tk_out_str(&from->out));
    tk_str said = tk_arena_copy(&place->arena, tk_out_str(&from->said));
    assert_true(out.len != 0 && said.len != 0);
    for (unsigned threads = 2; threads <= 5; threads++) {
        assert_int_equal(run(from, shelf, threads, NULL), TK_OK);
        assert_true(tk_str_eq(tk_out_str(&from->out), out));
        assert_true(tk_str_eq(tk_out_str(&from->said), said));
        assert_int_equal(from->put_parties, PARTIES);
    }
    feed_free(from, shelf);
}

static void test_failures_end_it(void **state)
{
    test_place *place = *state;
    tk_shelf *shelf;
    feed *from = feed_make(place, &shelf);
    for (unsigned threads = 1; threads <= 3; threads++) {
        tk_err err = {0};
        from->next_fails_at = 300;
        assert_int_equal(run(from, shelf, threads, &err), TK_ERR_IO);
        assert_string_equal(err.message, "the parties cannot be read on");
        from->next_fails_at = 0;
        from->put_fails_at = 200;
        err = (tk_err){0};
        assert_int_equal(run(from, shelf, threads, &err), TK_ERR_IO);
        assert_string_equal(err.message, "nobody takes the answers");
        from->put_fails_at = 0;
    }
    assert_int_equal(run(from, shelf, 0, NULL), TK_ERR_USAGE);
    assert_int_equal(run(from, shelf, SCREEN_THREADS_MAX + 1, NULL), TK_ERR_USAGE);
    from->count = 0;
    assert_int_equal(run(from, shelf, 2, NULL), TK_OK);
    assert_int_equal(from->out.len, 0);
    feed_free(from, shelf);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_same_bytes, test_place_make, test_place_remove),
        cmocka_unit_test_setup_teardown(test_failures_end_it, test_place_make, test_place_remove),
    };
    return cmocka_run_group_tests_name("screen/batch", tests, NULL, NULL);
}
