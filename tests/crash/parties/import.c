/* SPDX-License-Identifier: Apache-2.0 */
/* import.c: a program that imports parties, then their holdings, batch after batch, is killed (SIGKILL) at a random
 * moment, again and again. Afterwards every batch is there whole or not at all, and what was acknowledged is there.
 *
 * CYCLES=n kills n times (60); SEED=n chooses the moments (1).
 */
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

#include "seams/chance.h"
#include "unit/parties/book.h"

enum { BATCH_ROWS = 60, BATCHES_MAX = 100000, LONGEST_US = 60000 };

static uint64_t random_state;

static uint64_t next_random(void)
{
    return test_random(&random_state);
}

/* --- the program that is killed --- */

/* Odd batches are parties, even ones holdings in the parties of the batch before. */
static void make_batch(tk_out *out, unsigned batch)
{
    bool parties = batch % 2 == 1;
    tk_out_reset(out);
    tk_out_text(out, parties ? "id,name\n" : "holder,held,share\n");
    for (unsigned i = 0; i < BATCH_ROWS; i++)
        if (parties)
            tk_out_printf(out, "B%u-%u,Party %u\n", batch, i, i);
        else
            tk_out_printf(out, "B%u-%u,B%u-%u,%u\n", batch, i, batch - 1, i, i);
    tk_out_char(out, '\0');
}

/* Imports the batch after those that are there, says so, and goes on until it is killed. */
_Noreturn static void import_forever(const char *path, unsigned batch, int tell)
{
    tk_store *store;
    tk_out out;
    tk_parties_imported done;
    test_said said;
    if (test_parties_open(&store, path, NULL, NULL) != TK_OK)
        _exit(3);
    tk_out_init(&out, NULL);
    for (;; batch++) {
        make_batch(&out, batch);
        if (test_parties_import(store, out.bytes, &said, &done, NULL) != TK_OK || done.added != BATCH_ROWS)
            _exit(4);
        if (write(tell, &batch, sizeof batch) != (ssize_t)sizeof batch)
            _exit(5);
    }
}

/* --- what is left --- */

static uint8_t rows_of[BATCHES_MAX];

static void count_id(tk_str id, unsigned *highest)
{
    unsigned batch = 0;
    for (size_t i = 1; i < id.len && id.ptr[i] != '-'; i++)
        batch = batch * 10 + (unsigned)(id.ptr[i] - '0');
    assert_in_range(batch, 1, BATCHES_MAX - 1);
    rows_of[batch]++;
    *highest = *highest < batch ? batch : *highest;
}

static tk_status count_party(void *context, const tk_party_record *party, tk_err *err)
{
    (void)err;
    count_id(party->cells[TK_PARTY_ID], context);
    return TK_OK;
}

static tk_status count_holding(void *context, const tk_holding_record *holding, tk_err *err)
{
    (void)err;
    count_id(holding->cells[TK_HOLDING_HOLDER], context);
    return TK_OK;
}

static void no_finding(void *context, tk_str finding)
{
    (void)context;
    fail_msg(TK_FMT, TK_ARG_STR(finding));
}

/* Every batch whole or absent, without a gap; returns the last one. */
static unsigned look(const char *path, unsigned acknowledged)
{
    tk_store *store;
    tk_err err = {0};
    unsigned highest = 0;
    size_t findings = 0;
    int64_t number;
    memset(rows_of, 0, sizeof rows_of);
    if (test_parties_open(&store, path, NULL, &err) != TK_OK)
        fail_msg("%s: %s", err.file, err.message);
    assert_int_equal(tk_parties_list(store, INT64_MAX, count_party, &highest, NULL), TK_OK);
    assert_int_equal(tk_parties_holdings(store, INT64_MAX, TK_STR(""), count_holding, &highest, NULL), TK_OK);
    for (unsigned i = 1; i <= highest; i++)
        assert_int_equal(rows_of[i], BATCH_ROWS);
    assert_true(acknowledged <= highest && highest <= acknowledged + 1);
    assert_int_equal(tk_parties_recorded(store, &number, NULL), TK_OK);
    assert_int_equal(number, highest * BATCH_ROWS);
    if (highest % 4 == 0)
        assert_int_equal(tk_store_check(store, no_finding, NULL, &findings, NULL), TK_OK);
    tk_store_close(store);
    return highest;
}

/* The last batch that the child said was on the disk. */
static unsigned kill_one(const char *path, unsigned last)
{
    int tell[2];
    assert_int_equal(pipe(tell), 0);
    pid_t child = fork();
    assert_true(0 <= child);
    if (child == 0) {
        (void)close(tell[0]);
        import_forever(path, last + 1, tell[1]);
    }
    (void)close(tell[1]);
    struct timespec pause = {.tv_nsec = (long)(next_random() % LONGEST_US) * 1000};
    (void)nanosleep(&pause, NULL);
    (void)kill(child, SIGKILL);
    unsigned batch;
    while (read(tell[0], &batch, sizeof batch) == (ssize_t)sizeof batch)
        last = batch;
    (void)close(tell[0]);
    int how = 0;
    assert_int_equal(waitpid(child, &how, 0), child);
    assert_true(WIFSIGNALED(how)); /* nothing went wrong before */
    return last;
}

static void test_kills(void **state)
{
    const char *path = test_path(*state, "book.db");
    uint64_t cycles = test_chosen("CYCLES", 60);
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
