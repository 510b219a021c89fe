/* SPDX-License-Identifier: Apache-2.0 */
/* book.h: a book of parties for a test. */
#ifndef TESTS_UNIT_PARTIES_BOOK_H
#define TESTS_UNIT_PARTIES_BOOK_H

#include <stdio.h>
#include <string.h>

#include "base/num.h"
#include "base/str.h"
#include "parties/book.h"
#include "seams/place.h"

/* `path` NULL: in memory; `vfs` NULL: the usual one. */
static inline tk_status test_parties_open(tk_store **store, const char *path, const char *vfs, tk_err *err)
{
    tk_store_options options = TK_STORE_OPTIONS_INIT;
    options.path = path;
    options.in_memory = path == NULL;
    options.modules = &tk_parties_module;
    options.modules_count = 1;
    options.create = true;
    options.seams.vfs = vfs;
    return tk_store_open(&options, store, err);
}

/* What was said, one line a message: "rejected 3:5 text". */
typedef struct test_said {
    char text[4096];
    size_t len;
} test_said;

static inline void test_say(void *context, bool note, const tk_err *err)
{
    test_said *said = context;
    if (said->len < sizeof said->text)
        said->len += (size_t)snprintf(said->text + said->len, sizeof said->text - said->len, "%s %u:%u %s\n",
                                      note ? "note" : "rejected", (unsigned)err->line, (unsigned)err->column,
                                      err->message);
}

static inline tk_status test_parties_import(tk_store *store, const char *text, test_said *said,
                                            tk_parties_imported *done, tk_err *err)
{
    tk_parties_input input = {
        .name = TK_STR("file.csv"), .text = tk_str_from(text), .day = 20000, .say = test_say, .context = said};
    *said = (test_said){.len = 0};
    return tk_parties_import(store, &input, done, err);
}

#endif
