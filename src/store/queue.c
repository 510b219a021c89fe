/* SPDX-License-Identifier: Apache-2.0 */
/* queue.c: the writer's thread and the line before it. A job lies on the stack of the thread that waits for it, so the
 * queue itself allocates nothing. */
#include "store/queue.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "store/store_int.h"

typedef struct queue_job {
    tk_store_job run;
    void *context;
    tk_err *err; /* of the thread that waits; may be NULL */
    tk_status status;
    bool done;
    pthread_cond_t answered;
    struct queue_job *next;
} queue_job;

struct tk_store_queue {
    tk_store *store;
    const char *doing;
    pthread_t writer;
    pthread_mutex_t lock; /* guards everything below */
    pthread_cond_t work;
    queue_job *first, *last;
    size_t waiting;
    bool closing;
    tk_store_queue_counts counts;
};

/* --- one group, in the writer's thread --- */

static void job_fail(queue_job *job, tk_status status, const tk_err *err)
{
    job->status = status;
    if (job->err != NULL && job->err->status == TK_OK)
        *job->err = *err;
}

/* Everything from `first` up to `end`, not counting it, that went well until now. */
static void jobs_fail(queue_job *first, const queue_job *end, tk_status status, const tk_err *err)
{
    for (queue_job *job = first; job != end; job = job->next)
        if (job->status == TK_OK)
            job_fail(job, status, err);
}

static void job_run(tk_store *store, queue_job *job)
{
    tk_err own = {0};
    job->status = store_exec(store, "SAVEPOINT job", &own);
    if (job->status != TK_OK) {
        job_fail(job, job->status, &own);
        return;
    }
    store->in_queue = true;
    job->status = job->run(store, job->context, job->err);
    store->in_queue = false;
    if (sqlite3_get_autocommit(store->db))
        return; /* SQLite rolled everything back */
    if (job->status != TK_OK)
        (void)sqlite3_exec(store->db, "ROLLBACK TO job", NULL, NULL, NULL);
    tk_status status = store_exec(store, "RELEASE job", &own);
    if (status != TK_OK && job->status == TK_OK)
        job_fail(job, status, &own);
}

/* Runs jobs until the end or until SQLite ended the transaction; returns the first one that did not run. */
static queue_job *group_run(tk_store_queue *queue, queue_job *first, bool *held)
{
    tk_err own = {0};
    *held = false;
    tk_status status = tk_store_begin(queue->store, queue->doing, &own);
    if (status != TK_OK) {
        jobs_fail(first, NULL, status, &own);
        return NULL;
    }
    for (queue_job *job = first; job != NULL; job = job->next) {
        job_run(queue->store, job);
        if (!sqlite3_get_autocommit(queue->store->db))
            continue;
        /* Memory or the disk gave out, and with this job all before it went. The commit knows the words. */
        status = tk_store_commit(queue->store, &own);
        jobs_fail(first, job->next, status, &own);
        return job->next;
    }
    status = tk_store_commit(queue->store, &own);
    if (status == TK_OK)
        *held = true;
    else
        jobs_fail(first, NULL, status, &own);
    return NULL;
}

/* --- the line --- */

static queue_job *queue_take(tk_store_queue *queue)
{
    queue_job *first = queue->first, *last = first;
    size_t count = 1;
    while (last->next != NULL && count < TK_STORE_GROUP_MAX) {
        last = last->next;
        count++;
    }
    queue->first = last->next;
    if (queue->first == NULL)
        queue->last = NULL;
    last->next = NULL;
    queue->waiting -= count;
    return first;
}

static void queue_answer(tk_store_queue *queue, queue_job *first, uint64_t commits)
{
    queue->counts.commits += commits;
    for (queue_job *job = first, *next; job != NULL; job = next) {
        next = job->next; /* the job is gone when its thread has woken up and the lock is free */
        queue->counts.jobs++;
        job->done = true;
        (void)pthread_cond_signal(&job->answered);
    }
}

static void *queue_write(void *context)
{
    tk_store_queue *queue = context;
    (void)pthread_mutex_lock(&queue->lock);
    for (;;) {
        while (queue->first == NULL && !queue->closing)
            (void)pthread_cond_wait(&queue->work, &queue->lock);
        if (queue->first == NULL)
            break;
        queue_job *group = queue_take(queue);
        uint64_t commits = 0;
        (void)pthread_mutex_unlock(&queue->lock);
        for (queue_job *rest = group; rest != NULL;) {
            bool held;
            rest = group_run(queue, rest, &held);
            commits += held ? 1 : 0;
        }
        (void)pthread_mutex_lock(&queue->lock);
        queue_answer(queue, group, commits);
    }
    (void)pthread_mutex_unlock(&queue->lock);
    return NULL;
}

tk_status tk_store_queue_open(tk_store *store, const char *doing, tk_store_queue **out, tk_err *err)
{
    *out = NULL;
    tk_store_queue *queue = calloc(1, sizeof *queue);
    if (queue == NULL)
        return store_fail_memory(err);
    queue->store = store;
    queue->doing = doing;
    (void)pthread_mutex_init(&queue->lock, NULL);
    (void)pthread_cond_init(&queue->work, NULL);
    int failed = pthread_create(&queue->writer, NULL, queue_write, queue);
    if (failed == 0) {
        *out = queue;
        return TK_OK;
    }
    (void)pthread_cond_destroy(&queue->work);
    (void)pthread_mutex_destroy(&queue->lock);
    free(queue);
    return tk_err_set(err, TK_ERR_MEMORY, "no thread for the writer: %s", strerror(failed));
}

tk_status tk_store_queue_submit(tk_store_queue *queue, tk_store_job run, void *context, tk_err *err)
{
    queue_job job = {.run = run, .context = context, .err = err};
    (void)pthread_mutex_lock(&queue->lock);
    if (TK_STORE_QUEUE_MAX <= queue->waiting || queue->closing) {
        bool closing = queue->closing;
        (void)pthread_mutex_unlock(&queue->lock);
        return closing ? tk_err_set(err, TK_ERR_BUSY, "%s: the book is being closed", queue->doing)
                       : tk_err_set(err, TK_ERR_BUSY, "%s: %d jobs wait for the book already; try again", queue->doing,
                                    TK_STORE_QUEUE_MAX);
    }
    (void)pthread_cond_init(&job.answered, NULL);
    /* The job is taken off the queue before this function returns. */
    if (queue->last == NULL)
        queue->first = &job; /* cppcheck-suppress autoVariables */
    else
        queue->last->next = &job;
    queue->last = &job; /* cppcheck-suppress autoVariables */
    queue->waiting++;
    (void)pthread_cond_signal(&queue->work);
    while (!job.done)
        (void)pthread_cond_wait(&job.answered, &queue->lock);
    (void)pthread_mutex_unlock(&queue->lock);
    (void)pthread_cond_destroy(&job.answered);
    return job.status;
}

tk_store_queue_counts tk_store_queue_count(tk_store_queue *queue)
{
    (void)pthread_mutex_lock(&queue->lock);
    tk_store_queue_counts counts = queue->counts;
    (void)pthread_mutex_unlock(&queue->lock);
    return counts;
}

void tk_store_queue_close(tk_store_queue *queue)
{
    if (queue == NULL)
        return;
    (void)pthread_mutex_lock(&queue->lock);
    queue->closing = true;
    (void)pthread_cond_signal(&queue->work);
    (void)pthread_mutex_unlock(&queue->lock);
    (void)pthread_join(queue->writer, NULL);
    (void)pthread_cond_destroy(&queue->work);
    (void)pthread_mutex_destroy(&queue->lock);
    free(queue);
}
