/* SPDX-License-Identifier: Apache-2.0 */
/* batch.h: many parties, several threads, answers in the order of the parties.
 *
 * Each thread has a screener of its own, so all of them look at the same versions only when nothing is imported while
 * they are made: screen_batch_run makes all of them first and compares. A thread takes a handful of parties, screens
 * and writes them down, and waits for its turn to hand the bytes on; what comes out does not depend on the number of
 * threads.
 */
#ifndef TK_SCREEN_BATCH_H
#define TK_SCREEN_BATCH_H

#include "screen/screener.h"
#include "screen/shelf.h"

enum { SCREEN_THREADS_MAX = 64 };

/* One party of a batch, and how it went. */
typedef struct screen_answer {
    uint64_t number; /* of the party, from 0 */
    const tk_screened *party;
    const void *tag; /* what `next` gave with it */
    tk_status status;
    const tk_screen_result *result; /* when status is TK_OK */
    const tk_err *err;              /* else */
} screen_answer;

typedef struct screen_batch {
    const tk_shelf *shelf;
    const tk_screener_given *given; /* NULL: the versions of the shelf */
    size_t given_count;
    const tk_screener_options *options;
    unsigned threads; /* 1 to SCREEN_THREADS_MAX */
    void *context;
    /* The next party; *more false at the end. Called by one thread at a time. What it gives lives in the arena. */
    tk_status (*next)(void *context, tk_arena *arena, tk_screened *party, const void **tag, bool *more, tk_err *err);
    /* Writes an answer down, and what is to be said about it beside. Called by many threads at once; `scratch` is the
     * thread's own. */
    void (*write)(void *context, const screen_answer *answer, tk_arena *scratch, tk_out *out, tk_out *said);
    /* Takes what was written about some parties, in order, by one thread at a time. */
    tk_status (*put)(void *context, tk_str bytes, tk_str said, uint64_t parties, tk_err *err);
} screen_batch;

/* TK_ERR_INPUT and TK_ERR_LIMIT of a party are an answer about it; every other failure ends the batch. */
TK_MUST_USE tk_status screen_batch_run(const screen_batch *batch, tk_err *err);

#endif
