/* SPDX-License-Identifier: Apache-2.0 */
/* process.c: how long a whole program takes, and how much memory, run after run.
 *
 *     bench_process NAME RUNS PROGRAM ARGUMENT ...
 *
 * Standard output of the program goes to /dev/null, its standard error likewise. It runs on one core. Two first runs
 * are
 * not counted. A program that ends by a signal, or with 1 or 2 (failure, bad input), ends the measuring.
 */
#include <fcntl.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "bench.h"

enum { RUNS_MAX = 10000, RUNS_WARM = 2, CHILD_FAILED = 120 };

typedef struct process_cost {
    double wall_ms, cpu_ms;
    long rss_kib;
} process_cost;

static void process_child(char **command)
{
    cpu_set_t one;
    CPU_ZERO(&one);
    CPU_SET(0, &one);
    int null = open("/dev/null", O_WRONLY | O_CLOEXEC);
    bool ready = sched_setaffinity(0, sizeof(one), &one) == 0 && null >= 0 && dup2(null, STDOUT_FILENO) >= 0
                 && dup2(null, STDERR_FILENO) >= 0;
    if (ready)
        execvp(command[0], command);
    _exit(CHILD_FAILED);
}

static double timeval_ms(struct timeval time)
{
    return (double)time.tv_sec * 1e3 + (double)time.tv_usec / 1e3;
}

static process_cost process_run(char **command)
{
    uint64_t begin = bench_now_ns();
    pid_t child = vfork();
    if (child == 0)
        process_child(command);
    int state = 0;
    struct rusage usage;
    if (child < 0 || wait4(child, &state, 0, &usage) != child)
        bench_fail("%s could not be run", command[0]);
    uint64_t end = bench_now_ns();
    int code = WIFEXITED(state) ? WEXITSTATUS(state) : CHILD_FAILED;
    if (code == 1 || code == 2 || code == CHILD_FAILED)
        bench_fail("%s %s ended with %d", command[0], command[1] == NULL ? "" : command[1], code);
    return (process_cost){.wall_ms = (double)(end - begin) / 1e6,
                          .cpu_ms = timeval_ms(usage.ru_utime) + timeval_ms(usage.ru_stime),
                          .rss_kib = usage.ru_maxrss};
}

int main(int argc, char **argv)
{
    long runs = argc < 4 ? 0 : strtol(argv[2], NULL, 10);
    if (runs < 1 || RUNS_MAX < runs)
        bench_fail("bench_process NAME RUNS PROGRAM ARGUMENT ...");
    static double wall[RUNS_MAX], cpu[RUNS_MAX];
    long rss_kib = 0;
    for (long i = 0; i < RUNS_WARM && runs != 1; i++)
        (void)process_run(argv + 3);
    for (long i = 0; i < runs; i++) {
        process_cost cost = process_run(argv + 3);
        wall[i] = cost.wall_ms;
        cpu[i] = cost.cpu_ms;
        if (rss_kib < cost.rss_kib)
            rss_kib = cost.rss_kib;
    }
    bench_stats walls = bench_stats_of(wall, (size_t)runs), cpus = bench_stats_of(cpu, (size_t)runs);
    (void)printf("%s.runs\t%ld\n%s.wall_ms\t%.3f\n%s.wall_p99_ms\t%.3f\n%s.cpu_ms\t%.3f\n%s.rss_kib\t%ld\n", argv[1],
                 runs, argv[1], walls.median, argv[1], walls.p99, argv[1], cpus.median, argv[1], rss_kib);
    return 0;
}
