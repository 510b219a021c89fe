/* SPDX-License-Identifier: Apache-2.0 */
/* file.h: whole files in, whole files out (temporary file in the target folder, then rename). */
#ifndef TK_BASE_FILE_H
#define TK_BASE_FILE_H

#include "base/arena.h"

/* The whole file; TK_ERR_LIMIT above `bytes_max`. "-" is standard input. UTF-16 is named and refused, a UTF-8
 * byte-order mark is cut off. `out` lives in the arena. */
TK_MUST_USE tk_status tk_file_read(const char *path, size_t bytes_max, tk_arena *arena, tk_str *out, tk_err *err);
/* Nothing is overwritten unless `force`; nothing half-written stays. */
TK_MUST_USE tk_status tk_file_write(const char *path, tk_str content, bool force, tk_err *err);
/* Every regular file below `folder` whose name ends in `suffix`, sorted by path relative to the folder. */
TK_MUST_USE tk_status tk_file_list(const char *folder, const char *suffix, tk_arena *arena, tk_str **out,
                                   size_t *count, tk_err *err);

#endif
