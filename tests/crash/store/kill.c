/* SPDX-License-Identifier: Apache-2.0 */
/* A program that writes is killed (SIGKILL) at a random moment, again and again: making the book, opening it after
 * the last kill, adding through the queue from several threads, replacing it by a backup. Afterwards the book is whole,
 * what was acknowledged is there, and nothing is there by half.
 *
 * CYCLES=n kills n times (200); SEED=n chooses the moments (1).
 */
#include <pthread.h>
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
#include "seams/notes.h"
#include "seams/place.h"
#include "store/queue.h"

enum { THREADS = 4, LONGEST_US = 60000 };

static uint64_t random_state;

/* --- the program that is killed --- */

typedef struct writer {
    pthread_t thread;
    tk_store_queue *queue;
    int64_t first;
    int acknowledge;
} writer;

/* One booking: two notes, both or none. */
static tk_status add_pair(tk_store *store, void *context, tk_err *err)
{
    const int64_t *id = context;
    tk_status status = test_note_insert(store, *id, "pair", err);
    return status == TK_OK ? test_note_insert(store, *id + 1, "pair", err) : status;
}

static void *write_pairs(void *context)
{
    writer *w = context;
    for (int64_t id = w->first;; id += 2) {
        if (tk_store_queue_submit(w->queue, add_pair, &id, NULL) != TK_OK)
            _exit(3);
        if (write(w->acknowledge, &id, sizeof id) != sizeof id) /* whole: shorter than PIPE_BUF */
            _exit(4);
    }
}

typedef struct adding {
    const test_setting *s;
    int cycle;
} adding;

static void child_adds(void *context, int acknowledge)
{
    const adding *from = context;
    const test_setting *s = from->s;
    int cycle = from->cycle;
    tk_store *store;
    tk_store_queue *queue;
    writer writers[THREADS];
    if (tk_store_open(&s->options, &store, NULL) != TK_OK
        || tk_store_queue_open(store, "adding", &queue, NULL) != TK_OK)
        _exit(2);
    for (int i = 0; i < THREADS; i++) {
        writers[i] = (writer){.queue = queue,
                              .first = ((int64_t)cycle * THREADS + i + 1) * 1000000,
                              .acknowledge = acknowledge};
        if (pthread_create(&writers[i].thread, NULL, write_pairs, &writers[i]) != 0)
            _exit(5);
    }
    for (;;)
        (void)pause();
}

typedef struct restoring {
    const test_setting *s;
    const char *backups[2];
} restoring;

static void child_restores(void *context, int tell)
{
    const restoring *from = context;
    (void)tell;
    for (int i = 0;; i++)
        if (tk_store_restore(&from->s->options, from->backups[i % 2], true, NULL) != TK_OK)
            _exit(2);
}

/* --- the one who kills and looks --- */

static void kill_soon(pid_t child)
{
    uint64_t us = test_random(&random_state) % LONGEST_US;
    if (test_random(&random_state) % 4 == 0)
        us /= 20; /* often at the start: making the book, opening what the last kill left */
    test_doomed_kill(child, us);
}

typedef struct answers {
    int64_t *ids;
    size_t count, size;
} answers;

static void answers_read(answers *all, int from)
{
    int64_t id;
    while (read(from, &id, sizeof id) == sizeof id) {
        if (all->count == all->size) {
            all->size = all->size == 0 ? 1024 : all->size * 2;
            all->ids = realloc(all->ids, all->size * sizeof *all->ids);
            assert_non_null(all->ids);
        }
        all->ids[all->count++] = id;
    }
}

static void look(const test_setting *s, const answers *all, int cycle)
{
    static const char odd[] = "SELECT count(*) FROM (SELECT id / 2 FROM notes GROUP BY id / 2 HAVING count(*) <> 2)";
    static const char one[] = "SELECT count(*) FROM notes WHERE id = ?1";
    tk_store_statement *statement;
    bool row;
    if (!tk_store_present(s->options.path)) {
        assert_int_equal(all->count, 0); /* killed before there was a book */
        return;
    }
    tk_store *store = test_opened(s);
    test_whole(store);
    assert_int_equal(test_number(store, odd), 0);
    for (size_t i = 0; i < all->count; i++) {
        assert_int_equal(tk_store_prepare(store, one, &statement, NULL), TK_OK);
        tk_store_bind_int(statement, 1, all->ids[i]);
        assert_int_equal(tk_store_step(statement, &row, NULL), TK_OK);
        if (tk_store_int(statement, 0) != 1)
            fail_msg("cycle %d: %ld was acknowledged and is lost", cycle, (long)all->ids[i]);
        tk_store_reset(statement);
    }
    tk_store_close(store);
}

static void start_anew(const char *path)
{
    static const char *const endings[] = {"", "-wal", "-shm"};
    for (size_t i = 0; i < 3; i++) {
        char name[600];
        (void)snprintf(name, sizeof name, "%s%s", path, endings[i]);
        (void)unlink(name);
    }
}

static void test_kill_adding(void **state)
{
    test_place *place = *state;
    test_setting s;
    answers all = {0};
    uint64_t cycles = test_chosen("CYCLES", 200);
    size_t acknowledged = 0;
    random_state = test_chosen("SEED", 1);
    test_setting_make(&s, test_path(place, "desk/book.db"), TEST_NOTES_VERSIONS);
    for (int cycle = 0; cycle < (int)cycles; cycle++) {
        adding from = {&s, cycle % 20};
        int told;
        if (cycle % 20 == 0) {
            start_anew(s.options.path);
            all.count = 0;
        }
        pid_t child = test_doomed_start(child_adds, &from, &told);
        size_t before = all.count;
        kill_soon(child);
        answers_read(&all, told);
        acknowledged += all.count - before;
        (void)close(told);
        look(&s, &all, cycle);
    }
    assert_in_range(acknowledged, cycles / 4, UINT64_MAX); /* it did write */
    free(all.ids);
}

static void test_kill_restoring(void **state)
{
    test_place *place = *state;
    test_setting s, other;
    const char *backups[2] = {test_path(place, "first.db"), test_path(place, "second.db")};
    static const int64_t counts[2] = {10, 400};
    for (int i = 0; i < 2; i++) {
        test_setting_make(&other, test_path(place, i == 0 ? "a.db" : "b.db"), TEST_NOTES_VERSIONS);
        tk_store *store = test_opened(&other);
        assert_int_equal(tk_store_begin(store, "filling", NULL), TK_OK);
        for (int64_t id = 1; id <= counts[i]; id++)
            assert_int_equal(test_note_insert(store, id, "note", NULL), TK_OK);
        assert_int_equal(tk_store_commit(store, NULL), TK_OK);
        assert_int_equal(tk_store_backup(store, backups[i], false, NULL), TK_OK);
        tk_store_close(store);
    }
    test_setting_make(&s, test_path(place, "desk/book.db"), TEST_NOTES_VERSIONS);
    random_state = test_chosen("SEED", 1);
    bool seen[2] = {false, false};
    for (uint64_t cycle = 0; cycle < test_chosen("CYCLES", 200) / 4 + 1; cycle++) {
        restoring from = {&s, {backups[0], backups[1]}};
        int told;
        pid_t child = test_doomed_start(child_restores, &from, &told);
        kill_soon(child);
        (void)close(told);
        if (!tk_store_present(s.options.path))
            continue;
        tk_store *store = test_opened(&s);
        test_whole(store);
        int64_t notes = test_notes(store);
        assert_true(notes == counts[0] || notes == counts[1]);
        assert_int_equal(test_notes_unbroken(store), notes);
        seen[notes == counts[1]] = true;
        tk_store_close(store);
    }
    assert_true(seen[0] || seen[1]);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, test_place_make, test_place_remove)

int main(void)
{
    const struct CMUnitTest tests[] = {TEST(test_kill_adding), TEST(test_kill_restoring)};
    return cmocka_run_group_tests_name("store/kill", tests, NULL, NULL);
}
