/* SPDX-License-Identifier: Apache-2.0 */
/* queue.h: many threads, one writer: jobs that wait together share one commit, and so one sync of the disk.
 *
 * Each job runs in a savepoint: one that fails is rolled back alone. A thread gets its answer when the commit is on
 * disk, never before. While the disk syncs one group, the next one gathers; so the more threads wait, the more jobs a
 * sync carries.
 *
 * Threads   Submit from any number. The store belongs to the queue until the queue is closed.
 */
#ifndef TK_STORE_QUEUE_H
#define TK_STORE_QUEUE_H

#include "store/store.h"

typedef struct tk_store_queue tk_store_queue;

/* Runs in the writer's thread, inside a transaction that is not its own: it neither begins nor commits. What it did is
 * kept when it returns TK_OK and the commit holds. */
typedef tk_status (*tk_store_job)(tk_store *store, void *context, tk_err *err);

typedef struct tk_store_queue_counts {
    uint64_t jobs;    /* that ran, whatever came of them */
    uint64_t commits; /* that held */
} tk_store_queue_counts;

/* `doing` begins messages, as in tk_store_begin. */
TK_MUST_USE tk_status tk_store_queue_open(tk_store *store, const char *doing, tk_store_queue **out, tk_err *err);
/* Returns what became of the job. TK_ERR_BUSY at once, without running it, when TK_STORE_QUEUE_MAX jobs wait. After a
 * failed commit nobody knows whether the group counted: ask again with the same ids once the book is open again. */
TK_MUST_USE tk_status tk_store_queue_submit(tk_store_queue *queue, tk_store_job run, void *context, tk_err *err);
tk_store_queue_counts tk_store_queue_count(tk_store_queue *queue);
/* Finishes the jobs that wait and gives the store back. Nobody submits any more. */
void tk_store_queue_close(tk_store_queue *queue);

#endif
