/* SPDX-License-Identifier: Apache-2.0 */
/* err.h: filling in a tk_err. The finder of a failure writes the message; callers only add the file. */
#ifndef TK_BASE_ERR_H
#define TK_BASE_ERR_H

#include "twokey/base.h"

/* Sets *err (when not NULL and not yet set) and returns `status`, so that `return tk_err_set(…)` reads well. */
tk_status tk_err_set(tk_err *err, tk_status status, const char *format, ...) TK_PRINTF(3, 4);
/* Adds where, if nobody has. `file` is shortened from the left when too long. */
void tk_err_where(tk_err *err, tk_str file, uint32_t line, uint32_t column);

/* Our own mistakes: on in every build. */
#define TK_ASSERT(x) ((x) ? (void)0 : tk_assert_failed(#x, __FILE__, __LINE__))
_Noreturn void tk_assert_failed(const char *condition, const char *file, int line);

#endif
