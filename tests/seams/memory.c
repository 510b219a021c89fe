/* SPDX-License-Identifier: Apache-2.0 */
/* memory.c: allocations that fail.
 *
 * The linker routes a test's calls of malloc and its kin to the functions below (cmake/tests.cmake); SQLite is given
 * them by its own means.
 */
#include "seams/memory.h"

#include <malloc.h>
#include <stdlib.h>

#include <sqlite3.h>

static unsigned long fault_at, fault_seen; /* allocation number `fault_at` fails; 0: none does */
static bool fault_hit, fault_stays;

void *__real_malloc(size_t size);
void *__real_calloc(size_t count, size_t size);
void *__real_realloc(void *block, size_t size);
void *__real_aligned_alloc(size_t align, size_t size);
void *__wrap_malloc(size_t size);
void *__wrap_calloc(size_t count, size_t size);
void *__wrap_realloc(void *block, size_t size);
void *__wrap_aligned_alloc(size_t align, size_t size);

static bool fault_now(void)
{
    if (fault_at == 0)
        return false;
    unsigned long seen = __atomic_add_fetch(&fault_seen, 1, __ATOMIC_RELAXED);
    if (seen < fault_at || (!fault_stays && fault_at < seen))
        return false;
    fault_hit = true;
    return true;
}

void *__wrap_malloc(size_t size)
{
    return fault_now() ? NULL : __real_malloc(size);
}

void *__wrap_calloc(size_t count, size_t size)
{
    return fault_now() ? NULL : __real_calloc(count, size);
}

void *__wrap_realloc(void *block, size_t size)
{
    return fault_now() ? NULL : __real_realloc(block, size);
}

void *__wrap_aligned_alloc(size_t align, size_t size)
{
    return fault_now() ? NULL : __real_aligned_alloc(align, size);
}

void test_memory_fail(unsigned long at, bool stays)
{
    fault_seen = 0;
    fault_hit = false;
    fault_stays = stays;
    fault_at = at;
}

/* --- SQLite's memory --- */

static void *lite_malloc(int size)
{
    return fault_now() ? NULL : __real_malloc((size_t)size);
}

static void *lite_realloc(void *block, int size)
{
    return fault_now() ? NULL : __real_realloc(block, (size_t)size);
}

static int lite_size(void *block)
{
    return (int)malloc_usable_size(block);
}

static int lite_round(int size)
{
    return (size + 7) & ~7;
}

static int lite_init(void *data)
{
    (void)data;
    return SQLITE_OK;
}

static void lite_shutdown(void *data)
{
    (void)data;
}

bool test_memory_failed(void)
{
    return fault_hit;
}

int test_memory_of_sqlite(void **state)
{
    (void)state;
    static const sqlite3_mem_methods methods = {lite_malloc, free, lite_realloc, lite_size,
                                                lite_round, lite_init, lite_shutdown, NULL};
    return sqlite3_config(SQLITE_CONFIG_MALLOC, &methods) == SQLITE_OK && sqlite3_initialize() == SQLITE_OK ? 0 : -1;
}
