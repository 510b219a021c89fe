/* SPDX-License-Identifier: Apache-2.0 */
/* fuzz.h: what the fuzz targets share: their entry points, an input with runs unpacked, numbers drawn from it. */
#ifndef TESTS_FUZZ_FUZZ_H
#define TESTS_FUZZ_FUZZ_H

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/str.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerInitialize(int *argc, char ***argv);

/* Straight to the file descriptor, past what fuzz_silence does. */
#define FUZZ_CHECK(x)                                                                                                \
    ((x) ? (void)0 : ((void)dprintf(STDERR_FILENO, "%s:%d: %s does not hold\n", __FILE__, __LINE__, #x), abort()))

enum { FUZZ_UNPACKED_MAX = 1280 * 1024, FUZZ_UNPACKED_USUAL = 96 * 1024, FUZZ_RUN_BYTES = 8192 };

/* Numbers that follow from the input alone (splitmix64). */
static inline uint64_t fuzz_seed(const uint8_t *data, size_t size)
{
    return tk_str_hash((tk_str){(const char *)data, size});
}

/* The input as it stands, except that 0x1E '*' C N means N * 8192 times the byte C, so that a seed of a few bytes can
 * pass a limit of a megabyte. Writes to `out` when that is not NULL; returns the length. A fuzzer would spend its time
 * on megabytes; there, only one input in sixteen may have them. */
static inline size_t fuzz_expand(const uint8_t *data, size_t size, char *out)
{
    size_t used = 0, most = FUZZ_UNPACKED_MAX;
#ifdef FUZZING_BUILD_MODE_UNSAFE_FOR_PRODUCTION
    if (fuzz_seed(data, size) % 16 != 0)
        most = FUZZ_UNPACKED_USUAL;
#endif
    for (size_t i = 0; i < size; i++) {
        size_t run = 1;
        uint8_t c = data[i];
        if (i + 3 < size && c == 0x1E && data[i + 1] == '*') {
            run = (size_t)data[i + 3] * FUZZ_RUN_BYTES;
            if (most < used + run)
                run = 0;
            c = data[i + 2];
            i += 3;
        }
        if (out != NULL)
            memset(out + used, c, run);
        used += run;
    }
    return used;
}

/* The caller frees it. Exactly as large as the text, so that a sanitizer sees one byte too many. */
static inline char *fuzz_unpack(const uint8_t *data, size_t size, size_t *len)
{
    *len = fuzz_expand(data, size, NULL);
    char *out = malloc(*len == 0 ? 1 : *len);
    FUZZ_CHECK(out != NULL);
    (void)fuzz_expand(data, size, out);
    return out;
}

static inline uint64_t fuzz_random(uint64_t *state, uint64_t below)
{
    uint64_t z = *state += UINT64_C(0x9E3779B97F4A7C15);
    z = (z ^ z >> 30) * UINT64_C(0xBF58476D1CE4E5B9);
    z = (z ^ z >> 27) * UINT64_C(0x94D049BB133111EB);
    return (z ^ z >> 31) % below;
}

/* What the program says goes nowhere; what a sanitizer says still goes to file descriptor 2. */
static inline void fuzz_silence(void)
{
    FILE *nowhere = fopen("/dev/null", "w");
    FUZZ_CHECK(nowhere != NULL);
    stderr = nowhere;
}

#endif
