/* SPDX-License-Identifier: Apache-2.0 */
/* bench.h: what the measuring programs share: a clock, statistics, numbers from a seed, and a count of allocations.
 *
 * Figures are printed one a line as `name TAB value`, so that bench/run can lay them out; a program that finds a wrong
 * answer or an allocation where there must be none says so and stops with 1.
 */
#ifndef TK_BENCH_H
#define TK_BENCH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

uint64_t bench_now_ns(void);

typedef struct bench_stats {
    double min, median, p99, max;
    size_t count;
} bench_stats;
/* Sorts the samples. */
bench_stats bench_stats_of(double *samples, size_t count);

/* The same numbers from the same seed on every machine (splitmix64). */
uint64_t bench_random(uint64_t *state);
uint64_t bench_below(uint64_t *state, uint64_t count);

/* Calls of malloc, calloc, realloc and aligned_alloc so far, by our own code (the linker wraps them). */
uint64_t bench_allocations(void);

/* Says why and ends the program with 1. */
_Noreturn void bench_fail(const char *format, ...) __attribute__((format(printf, 1, 2)));
/* The result is used, as far as the compiler can tell. */
void bench_keep(const void *result);

#endif
