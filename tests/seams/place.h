/* SPDX-License-Identifier: Apache-2.0 */
/* place.h: a folder of its own for each test of files, below $TMPDIR, and files as bytes. */
#ifndef TK_TEST_PLACE_H
#define TK_TEST_PLACE_H

#include <sys/types.h>

#include "base/arena.h"

typedef struct test_place {
    char folder[256];
    tk_arena arena;
} test_place;

/* cmocka's setup and teardown: *state is a test_place. */
int test_place_make(void **state);
int test_place_remove(void **state);

/* folder/name, kept as long as the place. */
const char *test_path(test_place *place, const char *name);
/* The file as it is; a file that cannot be read ends the test. */
tk_str test_bytes(test_place *place, const char *path);
void test_write(const char *path, tk_str bytes);
/* Permission bits and the setgid bit, of the name itself. */
mode_t test_mode(const char *path);
/* How many names the folder has. */
size_t test_entries(const char *folder);

#endif
