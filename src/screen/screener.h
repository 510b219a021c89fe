/* SPDX-License-Identifier: Apache-2.0 */
/* screener.h: what other modules of the library use of a screener beyond twokey/screen.h. */
#ifndef TK_SCREEN_SCREENER_H
#define TK_SCREEN_SCREENER_H

#include "lists/lists.h"
#include "screen/file.h"
#include "twokey/screen.h"

/* One version as whoever opened or made it hands it over. */
typedef struct tk_screener_given {
    tk_str source, name;
    const screen_view *view; /* lives as long as the screener */
} tk_screener_given;
/* A screener of these versions, of different sources, and of no shelf. The same party of a list in two of them is two
 * hits here: whoever keeps hits by source needs both. Nothing is too old, and no list is expected. */
TK_MUST_USE tk_status tk_screener_new_given(const tk_screener_given *given, size_t count,
                                            const tk_screener_options *options, tk_screener **out, tk_err *err);

/* The versions in use that have a list, one by one from `at` 0: their source and when they were published. False: no
 * more. */
bool tk_screener_list(const tk_screener *screener, tk_str list, size_t at, tk_str *source, tk_date *published);
/* The entry behind a hit id (LIST:KEY), in the newest version in use that has it; *found false: none has it. Texts live
 * as long as the screener, arrays in the arena. */
TK_MUST_USE tk_status tk_screener_entry(const tk_screener *screener, tk_str hit, tk_arena *arena, tk_list_entry *out,
                                        bool *found, tk_err *err);

#endif
