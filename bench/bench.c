/* SPDX-License-Identifier: Apache-2.0 */
/* bench.c: clock, statistics, numbers from a seed, counted allocations. */
#include "bench.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

uint64_t bench_now_ns(void)
{
    struct timespec now;
    if (clock_gettime(CLOCK_MONOTONIC, &now) != 0)
        bench_fail("no monotonic clock");
    return (uint64_t)now.tv_sec * UINT64_C(1000000000) + (uint64_t)now.tv_nsec;
}

static int samples_order(const void *a, const void *b)
{
    double left = *(const double *)a, right = *(const double *)b;
    return left < right ? -1 : (right < left ? 1 : 0);
}

bench_stats bench_stats_of(double *samples, size_t count)
{
    if (count == 0)
        bench_fail("no samples");
    qsort(samples, count, sizeof(*samples), samples_order);
    return (bench_stats){.min = samples[0],
                         .median = samples[count / 2],
                         .p99 = samples[(count * 99 + 99) / 100 - 1],
                         .max = samples[count - 1],
                         .count = count};
}

uint64_t bench_random(uint64_t *state)
{
    uint64_t z = (*state += UINT64_C(0x9e3779b97f4a7c15));
    z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
    return z ^ (z >> 31);
}

uint64_t bench_below(uint64_t *state, uint64_t count)
{
    return bench_random(state) % count;
}

void bench_fail(const char *format, ...)
{
    va_list args;
    va_start(args, format);
    (void)fputs("bench: ", stderr);
    (void)vfprintf(stderr, format, args);
    (void)fputc('\n', stderr);
    va_end(args);
    exit(1);
}

void bench_keep(const void *result)
{
    __asm__ volatile("" : : "g"(result) : "memory");
}

/* --- allocations: linked with -Wl,--wrap=malloc and so on --- */

static uint64_t allocations;

uint64_t bench_allocations(void)
{
    return allocations;
}

void *__real_malloc(size_t size);
void *__real_calloc(size_t count, size_t size);
void *__real_realloc(void *old, size_t size);
void *__real_aligned_alloc(size_t alignment, size_t size);
void *__wrap_malloc(size_t size);
void *__wrap_calloc(size_t count, size_t size);
void *__wrap_realloc(void *old, size_t size);
void *__wrap_aligned_alloc(size_t alignment, size_t size);

void *__wrap_malloc(size_t size)
{
    allocations++;
    return __real_malloc(size);
}

void *__wrap_calloc(size_t count, size_t size)
{
    allocations++;
    return __real_calloc(count, size);
}

void *__wrap_realloc(void *old, size_t size)
{
    allocations++;
    return __real_realloc(old, size);
}

void *__wrap_aligned_alloc(size_t alignment, size_t size)
{
    allocations++;
    return __real_aligned_alloc(alignment, size);
}
