/* SPDX-License-Identifier: Apache-2.0 */
/* memory.h: memory that runs out when it is told to, ours and SQLite's. For programs whose name ends in "faults", which
 * the linker gives these allocations. */
#ifndef TK_TEST_MEMORY_H
#define TK_TEST_MEMORY_H

#include <stdbool.h>
#include <stddef.h>

/* From now on allocation number `at` fails (0: none does), and with `stays` every later one. */
void test_memory_fail(unsigned long at, bool stays);
/* Has one failed since? */
bool test_memory_failed(void);
/* cmocka's setup of a group: before SQLite is used first. */
int test_memory_of_sqlite(void **state);

#endif
