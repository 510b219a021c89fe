/* SPDX-License-Identifier: Apache-2.0 */
#include "seams/kill.h"

#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

enum { KILL_ENDED = 9 };

pid_t test_doomed_start(test_doomed doomed, void *context, int *told)
{
    int tell[2];
    assert_int_equal(pipe(tell), 0);
    pid_t child = fork();
    assert_int_not_equal(child, -1);
    if (child == 0) {
        (void)close(tell[0]);
        doomed(context, tell[1]);
        _exit(KILL_ENDED);
    }
    (void)close(tell[1]);
    *told = tell[0];
    return child;
}

void test_doomed_kill(pid_t child, uint64_t wait_us)
{
    struct timespec wait = {(time_t)(wait_us / 1000000), (long)(wait_us % 1000000) * 1000};
    int how = 0;
    (void)nanosleep(&wait, NULL);
    assert_int_equal(kill(child, SIGKILL), 0);
    assert_int_equal(waitpid(child, &how, 0), child);
    if (!WIFSIGNALED(how))
        fail_msg("the program ended on its own, with %d", WEXITSTATUS(how));
}
