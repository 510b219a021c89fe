/* SPDX-License-Identifier: Apache-2.0 */
/* vfs.h: a disk that fails when it is told to, and one whose power is cut: an SQLite VFS over the usual one.
 *
 * Faults  The n-th call that touches the disk fails: opening, reading, writing, syncing, truncating, locking, the
 *         shared index of the log, deleting. Run with n = 1, 2, 3 … until a run sees no fault.
 * Power   Everything up to the n-th write, truncation or sync happens; then all calls fail. What was not synced is,
 *         write by write and from a seed, kept, dropped or torn at sectors of 512 bytes, in any order between syncs.
 *
 * The calls that the store makes itself (fsync, rename, renameat2) come here too: the linker routes them
 * (cmake/tests.cmake).
 * Nothing is synced for real, so that thousands of runs are quick.
 */
#ifndef TK_TEST_VFS_H
#define TK_TEST_VFS_H

#include <stdbool.h>
#include <stdint.h>

/* The name to give to SQLite. */
#define TEST_VFS "twokey-test"

typedef enum test_fault {
    TEST_FAULT_ONCE,   /* one call fails, later ones work: a sector that cannot be read, a cable that came loose */
    TEST_FAULT_STAYS,  /* every call from then on fails: the disk is gone */
    TEST_FAULT_FULL,   /* the n-th write stops half-way, and every later one, because there is no room */
    TEST_FAULT_KINDS
} test_fault;

/* Registers the VFS, once for the process. */
void test_vfs_register(void);
/* From now on: the call with this number fails (0: none). */
void test_vfs_fail(test_fault fault, uint64_t at);
/* Has a fault been met since? */
bool test_vfs_failed(void);

/* From now on writes are kept back until they are synced, and the power is cut at this write, truncation or sync. */
void test_vfs_cut_power(uint64_t at);
bool test_vfs_power_is_cut(void);
/* The files as they are found when the power is back. Everything must be closed. */
void test_vfs_power_back(uint64_t seed);

#endif
