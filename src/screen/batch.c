/* SPDX-License-Identifier: Apache-2.0 */
/* batch.c: parties handed to threads by the handful; bytes handed on in order.
 *
 * One lock guards the source of parties, the turn and the first failure. A thread holds it while it fetches parties and
 * while it hands bytes on; the thread whose turn it is never waits for another one, so somebody always goes on.
 */
#include "screen/batch.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "base/err.h"
#include "base/str.h"

enum { BATCH_HANDFUL = 64, BATCH_CHUNK_BYTES = 64 * 1024, BATCH_TRIES = 8 };

typedef struct batch_state {
    const screen_batch *batch;
    pthread_mutex_t lock;
    pthread_cond_t turned;
    uint64_t handful_next; /* number of the next handful to be fetched */
    uint64_t turn;         /* the handful whose bytes are handed on next */
    uint64_t party_next;
    bool ended;
    tk_status status; /* the first failure */
    tk_err err;
} batch_state;

typedef struct batch_worker {
    batch_state *state;
    tk_screener *screener;
    pthread_t thread;
    tk_arena arena, scratch;
    tk_out out, said;
    tk_screened parties[BATCH_HANDFUL];
    const void *tags[BATCH_HANDFUL];
    size_t count;
    uint64_t handful, party_first;
} batch_worker;

/* With the lock held. */
static void state_fail(batch_state *state, tk_status status, const tk_err *err)
{
    if (state->status == TK_OK) {
        state->status = status;
        state->err = *err;
    }
    state->ended = true;
    (void)pthread_cond_broadcast(&state->turned);
}

/* With the lock held. */
static void worker_fetch(batch_worker *worker)
{
    batch_state *state = worker->state;
    const screen_batch *batch = state->batch;
    tk_err err = {0};
    tk_arena_reset(&worker->arena);
    worker->count = 0;
    worker->handful = state->handful_next;
    worker->party_first = state->party_next;
    while (worker->count < BATCH_HANDFUL && !state->ended) {
        bool more = false;
        tk_screened *party = &worker->parties[worker->count];
        *party = (tk_screened){0};
        tk_status status = batch->next(batch->context, &worker->arena, party, &worker->tags[worker->count], &more,
                                       &err);
        if (status != TK_OK)
            state_fail(state, status, &err);
        else if (!more)
            state->ended = true;
        else
            worker->count++;
    }
    state->party_next += worker->count;
    state->handful_next += worker->count != 0;
}

/* False after a failure that ends the batch. */
static bool worker_screen(batch_worker *worker, tk_err *err, tk_status *failed)
{
    const screen_batch *batch = worker->state->batch;
    tk_out_reset(&worker->out);
    tk_out_reset(&worker->said);
    for (size_t i = 0; i < worker->count; i++) {
        tk_screen_result result;
        *err = (tk_err){0};
        tk_status status = tk_screen(worker->screener, &worker->parties[i], &result, err);
        if (status != TK_OK && status != TK_ERR_INPUT && status != TK_ERR_LIMIT) {
            *failed = status;
            return false;
        }
        screen_answer answer = {.number = worker->party_first + i,
                                .party = &worker->parties[i],
                                .tag = worker->tags[i],
                                .status = status,
                                .result = status == TK_OK ? &result : NULL,
                                .err = status == TK_OK ? NULL : err};
        tk_arena_reset(&worker->scratch);
        batch->write(batch->context, &answer, &worker->scratch, &worker->out, &worker->said);
    }
    *failed = TK_OK;
    if (worker->out.status != TK_OK || worker->said.status != TK_OK || worker->scratch.failed)
        *failed = tk_err_set(err, TK_ERR_MEMORY, "out of memory for answers");
    return *failed == TK_OK;
}

/* With the lock held: waits for the turn, then hands the bytes on. */
static void worker_put(batch_worker *worker)
{
    batch_state *state = worker->state;
    const screen_batch *batch = state->batch;
    tk_err err = {0};
    while (state->turn != worker->handful && state->status == TK_OK)
        (void)pthread_cond_wait(&state->turned, &state->lock);
    if (state->status != TK_OK)
        return;
    tk_status status = batch->put(batch->context, tk_out_str(&worker->out), tk_out_str(&worker->said), worker->count,
                                  &err);
    if (status != TK_OK)
        state_fail(state, status, &err);
    state->turn++;
    (void)pthread_cond_broadcast(&state->turned);
}

static void *worker_run(void *context)
{
    batch_worker *worker = context;
    batch_state *state = worker->state;
    TK_ASSERT(state != NULL);
    (void)pthread_mutex_lock(&state->lock);
    while (state->status == TK_OK) {
        tk_err err = {0};
        tk_status failed = TK_OK;
        worker_fetch(worker);
        if (worker->count == 0)
            break;
        (void)pthread_mutex_unlock(&state->lock);
        bool good = worker_screen(worker, &err, &failed);
        (void)pthread_mutex_lock(&state->lock);
        if (good)
            worker_put(worker);
        else
            state_fail(state, failed, &err);
    }
    (void)pthread_mutex_unlock(&state->lock);
    return NULL;
}

/* --- screeners that look at the same versions --- */

static bool same_versions(const tk_screener *a, const tk_screener *b)
{
    size_t left_count, right_count;
    const tk_str *left = tk_screener_versions(a, &left_count), *right = tk_screener_versions(b, &right_count);
    bool same = left_count == right_count;
    for (size_t i = 0; same && i < left_count; i++)
        same = tk_str_eq(left[i], right[i]);
    return same;
}

static void workers_free_screeners(batch_worker *workers, unsigned count)
{
    for (unsigned i = 0; i < count; i++) {
        tk_screener_free(workers[i].screener);
        workers[i].screener = NULL;
    }
}

static tk_status worker_make_screener(const screen_batch *batch, batch_worker *worker, tk_err *err)
{
    return batch->given == NULL
               ? tk_screener_new(batch->shelf, batch->options, &worker->screener, err)
               : tk_screener_new_given(batch->given, batch->given_count, batch->options, &worker->screener, err);
}

/* Something may be imported between two of them; then all are made again. */
static tk_status workers_make_screeners(const screen_batch *batch, batch_worker *workers, tk_err *err)
{
    for (unsigned tries = 0; tries < BATCH_TRIES; tries++) {
        tk_status status = TK_OK;
        bool same = true;
        for (unsigned i = 0; status == TK_OK && i < batch->threads; i++) {
            status = worker_make_screener(batch, &workers[i], err);
            same = same && status == TK_OK && same_versions(workers[0].screener, workers[i].screener);
        }
        if (status != TK_OK || same)
            return status;
        workers_free_screeners(workers, batch->threads);
    }
    return tk_err_set(err, TK_ERR_BUSY, "lists are imported all the time; screen again when that is over");
}

/* --- the whole --- */

static void workers_begin(batch_worker *workers, unsigned count, batch_state *state)
{
    for (unsigned i = 0; i < count; i++) {
        workers[i].state = state;
        tk_arena_init(&workers[i].arena, BATCH_CHUNK_BYTES, 0);
        tk_arena_init(&workers[i].scratch, BATCH_CHUNK_BYTES, 0);
        tk_out_init(&workers[i].out, NULL);
        tk_out_init(&workers[i].said, NULL);
    }
}

static void workers_end(batch_worker *workers, unsigned count)
{
    workers_free_screeners(workers, count);
    for (unsigned i = 0; i < count; i++) {
        tk_out_fini(&workers[i].out);
        tk_out_fini(&workers[i].said);
        tk_arena_fini(&workers[i].scratch);
        tk_arena_fini(&workers[i].arena);
    }
}

/* The thread that calls is the first worker; with one nothing else is started. A thread that cannot be started is done
 * without. */
static void workers_run(batch_worker *workers, unsigned count)
{
    unsigned started = 1;
    while (started < count && pthread_create(&workers[started].thread, NULL, worker_run, &workers[started]) == 0)
        started++;
    (void)worker_run(&workers[0]);
    for (unsigned i = 1; i < started; i++)
        (void)pthread_join(workers[i].thread, NULL);
}

tk_status screen_batch_run(const screen_batch *batch, tk_err *err)
{
    if (batch->threads == 0 || SCREEN_THREADS_MAX < batch->threads)
        return tk_err_set(err, TK_ERR_USAGE, "a batch has 1 to %d threads", SCREEN_THREADS_MAX);
    batch_worker *workers = calloc(batch->threads, sizeof *workers);
    if (workers == NULL)
        return tk_err_set(err, TK_ERR_MEMORY, "out of memory for a batch");
    batch_state state = {.batch = batch};
    (void)pthread_mutex_init(&state.lock, NULL);
    (void)pthread_cond_init(&state.turned, NULL);
    workers_begin(workers, batch->threads, &state);
    tk_status status = workers_make_screeners(batch, workers, err);
    if (status == TK_OK)
        workers_run(workers, batch->threads);
    if (status == TK_OK && state.status != TK_OK) {
        status = tk_err_set(err, state.status, "%s", state.err.message);
        tk_err_where(err, tk_str_from(state.err.file), state.err.line, state.err.column);
    }
    workers_end(workers, batch->threads);
    (void)pthread_cond_destroy(&state.turned);
    (void)pthread_mutex_destroy(&state.lock);
    free(workers);
    return status;
}
