/* SPDX-License-Identifier: Apache-2.0 */
/* store_queue.c: bookings a second into a book, each answered only when it is on disk: from one thread, and from many
 * whose jobs share commits. The figures are those of the disk under FOLDER; synchronous = FULL, WAL.
 *   store_queue FOLDER [JOBS]
 */
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/num.h"
#include "base/str.h"
#include "bench.h"
#include "store/queue.h"

enum { THREADS_MAX = 32 };

static const char *const versions[] = {"CREATE TABLE entries (id INTEGER PRIMARY KEY, text TEXT NOT NULL) STRICT;"};
static const tk_store_module module = {"entries", versions, 1};

static tk_status add_entry(tk_store *store, void *context, tk_err *err)
{
    static const char sql[] = "INSERT INTO entries (text) VALUES (?1)";
    tk_store_statement *statement;
    (void)context;
    tk_status status = tk_store_prepare(store, sql, &statement, err);
    if (status != TK_OK)
        return status;
    tk_store_bind_text(statement, 1, TK_STR("hold 128 of h200-sxm for an order of acme-cloud under licence D-1234567"));
    return tk_store_run(statement, err);
}

typedef struct client {
    pthread_t thread;
    tk_store_queue *queue;
    size_t jobs;
    double *samples; /* milliseconds a job took */
} client;

static void *submit_all(void *context)
{
    client *c = context;
    for (size_t i = 0; i < c->jobs; i++) {
        tk_err err = {0};
        uint64_t begin = bench_now_ns();
        if (tk_store_queue_submit(c->queue, add_entry, NULL, &err) != TK_OK)
            bench_fail("a job failed: %s", err.message);
        c->samples[i] = (double)(bench_now_ns() - begin) / 1e6;
    }
    return NULL;
}

static void measure(tk_store *store, size_t threads, size_t jobs)
{
    static client clients[THREADS_MAX];
    tk_store_queue *queue;
    double *samples = malloc(jobs * sizeof *samples);
    if (samples == NULL || tk_store_queue_open(store, "adding", &queue, NULL) != TK_OK)
        bench_fail("no memory or no thread");
    uint64_t begin = bench_now_ns();
    size_t each = jobs / threads;
    for (size_t i = 0; i < threads; i++) {
        clients[i] = (client){.queue = queue, .jobs = each, .samples = samples + i * each};
        if (pthread_create(&clients[i].thread, NULL, submit_all, &clients[i]) != 0)
            bench_fail("no thread");
    }
    for (size_t i = 0; i < threads; i++)
        (void)pthread_join(clients[i].thread, NULL);
    double seconds = (double)(bench_now_ns() - begin) / 1e9;
    tk_store_queue_counts counts = tk_store_queue_count(queue);
    tk_store_queue_close(queue);
    bench_stats stats = bench_stats_of(samples, each * threads);
    (void)printf("queue.%zu.per_s\t%.0f\n", threads, (double)counts.jobs / seconds);
    (void)printf("queue.%zu.per_commit\t%.1f\n", threads, (double)counts.jobs / (double)counts.commits);
    (void)printf("queue.%zu.ms.p50\t%.2f\n", threads, stats.median);
    (void)printf("queue.%zu.ms.p99\t%.2f\n", threads, stats.p99);
    free(samples);
}

int main(int argc, char **argv)
{
    char path[400];
    tk_num jobs = 3200 * TK_NUM_SCALE;
    if (argc < 2 || (3 <= argc && tk_num_parse(tk_str_from(argv[2]), &jobs, NULL) != TK_OK))
        bench_fail("usage: store_queue FOLDER [JOBS]");
    (void)snprintf(path, sizeof path, "%s/queue-book/book.db", argv[1]);
    (void)unlink(path);
    tk_store_options options = TK_STORE_OPTIONS_INIT;
    options.path = path;
    options.create = true;
    options.modules = &module;
    options.modules_count = 1;
    tk_store *store;
    tk_err err = {0};
    if (tk_store_open(&options, &store, &err) != TK_OK)
        bench_fail("%s: %s", err.file, err.message);
    static const size_t threads[] = {1, 8, 32};
    for (size_t i = 0; i < sizeof threads / sizeof *threads; i++)
        measure(store, threads[i], (size_t)(jobs / TK_NUM_SCALE) / (threads[i] == 1 ? 8 : 1));
    tk_store_close(store);
    (void)unlink(path);
    return 0;
}
