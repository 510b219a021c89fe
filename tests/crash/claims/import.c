/* SPDX-License-Identifier: Apache-2.0 */
/* import.c: a program that imports batches of claims is killed (SIGKILL) at a random moment, again and again.
 * Afterwards every batch is there whole or not at all, what was acknowledged is there, and it can be searched.
 *
 * CYCLES=n kills n times (100); SEED=n chooses the moments (1).
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "seams/chance.h"
#include "seams/kill.h"
#include "unit/claims/book.h"

enum { BATCH_ROWS = 120, BATCHES_MAX = 100000, LONGEST_US = 90000 };

static uint64_t random_state;

/* --- the program that is killed --- */

static void make_batch(tk_out *out, unsigned batch)
{
    tk_out_reset(out);
    tk_out_text(out, "id,date_reported,source_kind,actor,subject,predicate,contradicts,note\n");
    for (unsigned i = 0; i < BATCH_ROWS; i++)
        tk_out_printf(out, "B%u-%u,2026-01-28,social,ByteDance,H200,orders_placed,B%u-%u,batch%u word%u\n", batch, i,
                      batch, (i + 1) % BATCH_ROWS, batch, i);
}

typedef struct importing {
    const char *path;
    unsigned batch; /* to begin with */
} importing;

/* Imports the batch after those that are there, says so, and goes on until it is killed. */
static void import_forever(void *context, int tell)
{
    const importing *from = context;
    unsigned batch = from->batch;
    test_book book;
    tk_out out;
    tk_claims_imported done;
    if (test_book_open(&book, from->path, NULL) != TK_OK)
        _exit(3);
    tk_out_init(&out, NULL);
    for (;; batch++) {
        make_batch(&out, batch);
        if (test_book_import(&book, tk_out_str(&out), &done, NULL) != TK_OK || done.added != BATCH_ROWS)
            _exit(4);
        if (write(tell, &batch, sizeof batch) != (ssize_t)sizeof batch)
            _exit(5);
    }
}

/* --- what is left --- */

static uint8_t rows_of[BATCHES_MAX];

static tk_status count_claim(void *context, const tk_claim *claim, tk_err *err)
{
    unsigned batch = 0, *highest = context;
    tk_str id = claim->cells[TK_CLAIM_ID];
    (void)err;
    for (size_t i = 1; i < id.len && id.ptr[i] != '-'; i++)
        batch = batch * 10 + (unsigned)(id.ptr[i] - '0');
    assert_in_range(batch, 1, BATCHES_MAX - 1);
    rows_of[batch]++;
    *highest = *highest < batch ? batch : *highest;
    return TK_OK;
}

static void must_be_found(test_book *book, unsigned batch)
{
    tk_arena arena;
    char words[32];
    const tk_claim *found[1];
    size_t count = 0;
    uint64_t matches = 0;
    bool more;
    tk_claims_at at = TK_CLAIMS_AT_ALL;
    tk_arena_init(&arena, 65536, 0);
    (void)snprintf(words, sizeof words, "batch%u", batch);
    tk_status status =
        tk_claims_search(book->claims, &at, tk_str_from(words), 1, &arena, found, &count, &matches, &more, NULL);
    assert_int_equal(status, TK_OK);
    assert_int_equal(matches, BATCH_ROWS);
    tk_arena_fini(&arena);
}

static void no_finding(void *context, tk_str finding)
{
    (void)context;
    fail_msg(TK_FMT, TK_ARG_STR(finding));
}

/* Every batch whole or absent, without a gap; returns the last one. */
static unsigned look(const char *path, unsigned acknowledged)
{
    test_book book;
    tk_err err = {0};
    unsigned highest = 0;
    size_t findings = 0;
    tk_claims_filter filter = TK_CLAIMS_FILTER_ALL;
    memset(rows_of, 0, sizeof rows_of);
    if (test_book_open(&book, path, &err) != TK_OK)
        fail_msg("%s: %s", err.file, err.message);
    assert_int_equal(tk_claims_list(book.claims, &filter, count_claim, &highest, NULL), TK_OK);
    for (unsigned i = 1; i <= highest; i++)
        assert_int_equal(rows_of[i], BATCH_ROWS);
    assert_true(acknowledged <= highest && highest <= acknowledged + 1);
    if (highest != 0)
        must_be_found(&book, highest);
    if (highest % 4 == 0)
        assert_int_equal(tk_store_check(book.store, no_finding, NULL, &findings, NULL), TK_OK);
    test_book_close(&book);
    return highest;
}

/* The last batch that the program said was on the disk. */
static unsigned kill_one(const char *path, unsigned last)
{
    importing from = {path, last + 1};
    unsigned batch;
    int told;
    pid_t child = test_doomed_start(import_forever, &from, &told);
    test_doomed_kill(child, test_random(&random_state) % LONGEST_US);
    while (read(told, &batch, sizeof batch) == (ssize_t)sizeof batch)
        last = batch;
    (void)close(told);
    return last;
}

static void test_kills(void **state)
{
    const char *path = test_path(*state, "book.db");
    uint64_t cycles = test_chosen("CYCLES", 100);
    unsigned last = 0, landed = 0;
    random_state = test_chosen("SEED", 1);
    for (uint64_t i = 0; i < cycles && last < BATCHES_MAX - 1000; i++) {
        unsigned acknowledged = kill_one(path, last);
        unsigned there = look(path, acknowledged);
        landed += there != last ? 1 : 0;
        last = there;
    }
    print_message("%u batches in %llu kills, %u of which came after a batch\n", last, (unsigned long long)cycles,
                  landed);
    assert_int_not_equal(last, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_kills, test_place_make, test_place_remove),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
