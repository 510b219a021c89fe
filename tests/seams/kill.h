/* SPDX-License-Identifier: Apache-2.0 */
/* kill.h: a program that goes on until it is killed (SIGKILL), and what it had said until then. */
#ifndef TK_TEST_KILL_H
#define TK_TEST_KILL_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

/* Works for ever, and writes to `tell` what it has acknowledged: whole, shorter than PIPE_BUF. It ends by itself only
 * when something went wrong, with a code of its own. */
typedef void (*test_doomed)(void *context, int tell);

/* Runs it in a process of its own. *told is what it says, to be read after the kill and closed. */
pid_t test_doomed_start(test_doomed doomed, void *context, int *told);
/* Waits, kills, and sees that it was the kill that ended it. */
void test_doomed_kill(pid_t child, uint64_t wait_us);

#endif
