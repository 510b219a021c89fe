/* SPDX-License-Identifier: Apache-2.0 */
/* queue.c: many threads, one commit for a group; a job that fails is undone alone; the line has an end. */
#include "store/queue.h"

#include <pthread.h>
#include <sched.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/err.h"
#include "base/limits.h"
#include "base/str.h"
#include "seams/notes.h"
#include "seams/place.h"

typedef struct gate {
    pthread_mutex_t lock;
    pthread_cond_t moved;
    bool entered, open;
} gate;

static void gate_make(gate *g)
{
    *g = (gate){0};
    assert_int_equal(pthread_mutex_init(&g->lock, NULL), 0);
    assert_int_equal(pthread_cond_init(&g->moved, NULL), 0);
}

/* A job that keeps the writer until the gate opens. */
static tk_status wait_at_gate(tk_store *store, void *context, tk_err *err)
{
    (void)store;
    (void)err;
    gate *g = context;
    (void)pthread_mutex_lock(&g->lock);
    g->entered = true;
    (void)pthread_cond_broadcast(&g->moved);
    while (!g->open)
        (void)pthread_cond_wait(&g->moved, &g->lock);
    (void)pthread_mutex_unlock(&g->lock);
    return TK_OK;
}

static void gate_open(gate *g)
{
    (void)pthread_mutex_lock(&g->lock);
    g->open = true;
    (void)pthread_cond_broadcast(&g->moved);
    (void)pthread_mutex_unlock(&g->lock);
}

static void gate_await(gate *g)
{
    (void)pthread_mutex_lock(&g->lock);
    while (!g->entered)
        (void)pthread_cond_wait(&g->moved, &g->lock);
    (void)pthread_mutex_unlock(&g->lock);
}

/* --- one thread of a test: hands in one job, keeps the answer --- */

typedef struct client {
    pthread_t thread;
    tk_store_queue *queue;
    tk_store_job job;
    void *context;
    int64_t id;
    tk_status status;
    tk_err err;
} client;

static void *client_run(void *context)
{
    client *c = context;
    tk_status status = tk_store_queue_submit(c->queue, c->job, c->context == NULL ? c : c->context, &c->err);
    __atomic_store_n(&c->status, status, __ATOMIC_RELEASE);
    return NULL;
}

static void client_start(client *c)
{
    assert_int_equal(pthread_create(&c->thread, NULL, client_run, c), 0);
}

static tk_status add_one(tk_store *store, void *context, tk_err *err)
{
    client *c = context;
    return test_note_insert(store, c->id, "one", err);
}

/* Two notes, the second of which fails every third time. */
static tk_status add_two(tk_store *store, void *context, tk_err *err)
{
    client *c = context;
    tk_status status = test_note_insert(store, 2 * c->id, "first", err);
    if (status == TK_OK && c->id % 3 == 0)
        return tk_err_set(err, TK_ERR_INPUT, "note %d is not wanted", (int)c->id);
    if (status == TK_OK)
        status = test_note_insert(store, 2 * c->id + 1, "second", err);
    return status;
}

static tk_store_queue *queue_of(tk_store *store)
{
    tk_store_queue *queue = NULL;
    assert_int_equal(tk_store_queue_open(store, "booking", &queue, NULL), TK_OK);
    return queue;
}

/* Time for the threads to take their place in the line behind the gate. None of the tests is wrong when one is late:
 * it only comes into a later group. */
static void settle(void)
{
    (void)usleep(30000);
}

static void test_queue_groups(void **state)
{
    test_place *place = *state;
    enum { CLIENTS = 24 };
    test_setting s;
    test_setting_make(&s, test_path(place, "book.db"), 1);
    tk_store *store = test_opened(&s);
    tk_store_queue *queue = queue_of(store);
    static client clients[CLIENTS + 1];
    gate g;
    gate_make(&g);
    memset(clients, 0, sizeof clients);
    clients[CLIENTS] = (client){.queue = queue, .job = wait_at_gate, .context = &g};
    client_start(&clients[CLIENTS]);
    gate_await(&g);
    for (int i = 0; i < CLIENTS; i++) {
        clients[i] = (client){.queue = queue, .job = add_two, .id = i};
        client_start(&clients[i]);
    }
    settle();
    gate_open(&g);
    for (int i = 0; i <= CLIENTS; i++)
        assert_int_equal(pthread_join(clients[i].thread, NULL), 0);
    for (int i = 0; i < CLIENTS; i++) {
        assert_int_equal(clients[i].status, i % 3 == 0 ? TK_ERR_INPUT : TK_OK);
        if (i % 3 == 0)
            assert_memory_equal(clients[i].err.message, "note ", 5);
    }
    tk_store_queue_counts counts = tk_store_queue_count(queue);
    assert_int_equal(counts.jobs, CLIENTS + 1);
    assert_in_range(counts.commits, 2, CLIENTS); /* fewer commits than jobs: they shared */
    tk_store_queue_close(queue);
    /* A job is kept whole or not at all. */
    assert_int_equal(test_notes(store), 2 * (CLIENTS - CLIENTS / 3));
    static const char first[] = "SELECT count(*) FROM notes WHERE id / 2 % 3 = 0";
    assert_int_equal(test_number(store, first), 0);
    test_whole(store);
    tk_store_close(store);
}

/* --- an answer means: it is on disk. A second handle sees every note whose thread has its answer. --- */

static tk_store_queue *shared_queue;
static atomic_int answered, wrong;

static void *ask_many(void *context)
{
    client *c = context;
    for (int i = 0; i < 40; i++) {
        client one = {.id = c->id * 1000 + i};
        if (tk_store_queue_submit(shared_queue, add_one, &one, NULL) == TK_OK)
            (void)atomic_fetch_add(&answered, 1);
        else
            (void)atomic_fetch_add(&wrong, 1);
    }
    return NULL;
}

static void test_queue_answers(void **state)
{
    test_place *place = *state;
    enum { CLIENTS = 16 };
    test_setting s;
    test_setting_make(&s, test_path(place, "book.db"), 1);
    tk_store *store = test_opened(&s), *reader = test_opened(&s);
    static client clients[CLIENTS];
    shared_queue = queue_of(store);
    atomic_store(&answered, 0);
    atomic_store(&wrong, 0);
    for (int i = 0; i < CLIENTS; i++) {
        clients[i] = (client){.id = i + 1};
        assert_int_equal(pthread_create(&clients[i].thread, NULL, ask_many, &clients[i]), 0);
    }
    for (int64_t seen = 0; seen < (int64_t)CLIENTS * 40; (void)sched_yield()) {
        seen = atomic_load(&answered);
        assert_true(seen <= test_notes(reader));
        if (atomic_load(&wrong) != 0)
            break;
    }
    for (int i = 0; i < CLIENTS; i++)
        assert_int_equal(pthread_join(clients[i].thread, NULL), 0);
    assert_int_equal(atomic_load(&wrong), 0);
    tk_store_queue_close(shared_queue);
    assert_int_equal(test_notes(store), (int64_t)CLIENTS * 40);
    tk_store_close(reader);
    tk_store_close(store);
}

/* --- the line is full at its limit, not before --- */

static void test_queue_limit(void **state)
{
    test_place *place = *state;
    test_setting s;
    test_setting_make(&s, test_path(place, "book.db"), 1);
    tk_store *store = test_opened(&s);
    tk_store_queue *queue = queue_of(store);
    static client clients[TK_STORE_QUEUE_MAX + 1];
    client first = {.queue = queue, .job = wait_at_gate}, more = {.queue = queue, .id = 9999};
    gate g;
    pthread_attr_t small;
    gate_make(&g);
    first.context = &g;
    client_start(&first);
    gate_await(&g);
    assert_int_equal(pthread_attr_init(&small), 0);
    assert_int_equal(pthread_attr_setstacksize(&small, (size_t)256 * 1024), 0);
    size_t started = 0;
    while (started <= TK_STORE_QUEUE_MAX) { /* one too many: exactly one is refused */
        clients[started] = (client){.queue = queue, .job = add_one, .id = (int64_t)started + 1};
        assert_int_equal(pthread_create(&clients[started].thread, &small, client_run, &clients[started]), 0);
        started++;
    }
    /* The line is full when one more is refused; until then that one would wait, so only look when all are in. */
    for (int tries = 0; tries < 1000; tries++) {
        size_t refused = 0;
        settle();
        for (size_t i = 0; i < started; i++)
            refused += __atomic_load_n(&clients[i].status, __ATOMIC_ACQUIRE) == TK_ERR_BUSY ? 1 : 0;
        if (refused != 0)
            break;
    }
    more.status = tk_store_queue_submit(queue, add_one, &more, &more.err);
    assert_int_equal(more.status, TK_ERR_BUSY);
    assert_string_equal(more.err.message, "booking: 1024 jobs wait for the book already; try again");
    gate_open(&g);
    assert_int_equal(pthread_join(first.thread, NULL), 0);
    size_t good = 0;
    for (size_t i = 0; i < started; i++) {
        assert_int_equal(pthread_join(clients[i].thread, NULL), 0);
        good += clients[i].status == TK_OK ? 1 : 0;
    }
    assert_int_equal(good, TK_STORE_QUEUE_MAX);
    assert_int_equal(first.status, TK_OK);
    tk_store_queue_counts counts = tk_store_queue_count(queue);
    assert_int_equal(counts.jobs, TK_STORE_QUEUE_MAX + 1);
    assert_in_range(counts.commits, TK_STORE_QUEUE_MAX / TK_STORE_GROUP_MAX, TK_STORE_QUEUE_MAX / 8);
    tk_store_queue_close(queue);
    assert_int_equal(test_notes(store), TK_STORE_QUEUE_MAX);
    (void)pthread_attr_destroy(&small);
    tk_store_close(store);
}

/* --- a job has no transaction of its own --- */

static tk_status meddle(tk_store *store, void *context, tk_err *err)
{
    tk_err own = {0};
    (void)context;
    bool good = tk_store_begin(store, "meddling", &own) == TK_ERR_BUG && tk_store_commit(store, NULL) == TK_ERR_BUG
                && tk_store_backup(store, "copy.db", true, NULL) == TK_ERR_BUG;
    tk_store_abort(store); /* does nothing here */
    if (!good)
        return tk_err_set(err, TK_ERR_USAGE, "a job could meddle: %s", own.message);
    return test_note_insert(store, 1, "kept", err);
}

static void test_queue_jobs_do_not_commit(void **state)
{
    test_place *place = *state;
    test_setting s;
    test_setting_make(&s, test_path(place, "book.db"), 1);
    tk_store *store = test_opened(&s);
    tk_store_queue *queue = queue_of(store);
    assert_int_equal(tk_store_queue_submit(queue, meddle, NULL, NULL), TK_OK);
    tk_store_queue_close(queue);
    assert_int_equal(test_notes(store), 1);
    assert_int_equal(test_note_add(store, 2, "its own again", NULL), TK_OK);
    tk_store_close(store);
}

/* --- SQLite gives up on the whole transaction in the middle of a group: nothing of it is kept, all are told --- */

static const char small_file[] = "PRAGMA max_page_count = 40";

static tk_status add_too_much(tk_store *store, void *context, tk_err *err)
{
    static char text[100 * 4096 + 1];
    (void)context;
    memset(text, 'x', sizeof text - 1);
    return test_note_insert(store, 5000, text, err);
}

static void test_queue_disk_full(void **state)
{
    test_place *place = *state;
    enum { CLIENTS = 6 };
    test_setting s;
    test_setting_make(&s, test_path(place, "book.db"), 1);
    tk_store *store = test_opened(&s);
    assert_int_equal(test_number(store, small_file), 40);
    tk_store_queue *queue = queue_of(store);
    static client clients[CLIENTS];
    client first = {.queue = queue, .job = wait_at_gate};
    gate g;
    gate_make(&g);
    first.context = &g;
    client_start(&first);
    gate_await(&g);
    for (int i = 0; i < CLIENTS; i++) {
        clients[i] = (client){.queue = queue, .job = i == 3 ? add_too_much : add_one, .id = i + 1};
        client_start(&clients[i]);
    }
    settle();
    gate_open(&g);
    assert_int_equal(pthread_join(first.thread, NULL), 0);
    int64_t good = 0;
    for (int i = 0; i < CLIENTS; i++) {
        assert_int_equal(pthread_join(clients[i].thread, NULL), 0);
        good += clients[i].status == TK_OK ? 1 : 0;
        if (clients[i].status != TK_OK)
            assert_int_equal(clients[i].status, TK_ERR_IO);
    }
    assert_int_equal(clients[3].status, TK_ERR_IO);
    assert_string_equal(clients[3].err.message, "booking: the disk is full; nothing of this was kept");
    tk_store_queue_close(queue);
    assert_int_equal(test_notes(store), good); /* what was answered is there, and nothing else */
    test_whole(store);
    tk_store_close(store);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, test_place_make, test_place_remove)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_queue_groups),    TEST(test_queue_answers), TEST(test_queue_jobs_do_not_commit),
        TEST(test_queue_disk_full), TEST(test_queue_limit),
    };
    return cmocka_run_group_tests_name("store/queue", tests, NULL, NULL);
}
