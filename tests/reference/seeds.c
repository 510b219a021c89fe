/* SPDX-License-Identifier: Apache-2.0 */
/* seeds.c: the seeds a property is tried with, and the line that says how to run the failing one again. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "reference/reference.h"

void ref_try_kept(const uint64_t *kept, size_t count, bool (*holds)(uint64_t seed))
{
    for (size_t i = 0; i < count; i++)
        if (!holds(kept[i]))
            fail_msg("kept seed %llu fails again", (unsigned long long)kept[i]);
}

void ref_try_seeds(unsigned long normal, bool (*holds)(uint64_t seed))
{
    unsigned long count = ref_count(normal);
    uint64_t seed = ref_seed(1);
    for (unsigned long i = 0; i < count; i++)
        if (!holds(seed + i))
            fail_msg("run again with SEED=%llu COUNT=1", (unsigned long long)(seed + i));
}
