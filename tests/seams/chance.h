/* SPDX-License-Identifier: Apache-2.0 */
/* chance.h: numbers by chance that a seed gives again, and the seeds and counts that the environment chooses. */
#ifndef TK_TEST_CHANCE_H
#define TK_TEST_CHANCE_H

#include <stdint.h>

/* The next number (splitmix64: every seed is as good as any other). */
uint64_t test_random(uint64_t *state);
/* What the environment says, as SEED=7, else the usual; other text ends the test. */
uint64_t test_chosen(const char *name, uint64_t usual);

#endif
