/* SPDX-License-Identifier: Apache-2.0 */
/* err.c: one failure, said once. */
#include "base/err.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

tk_status tk_err_set(tk_err *err, tk_status status, const char *format, ...)
{
    if (err == NULL || err->status != TK_OK)
        return status;
    err->status = status;
    va_list args;
    va_start(args, format);
    (void)vsnprintf(err->message, sizeof err->message, format, args);
    va_end(args);
    return status;
}

void tk_err_where(tk_err *err, tk_str file, uint32_t line, uint32_t column)
{
    if (err == NULL || err->file[0] != 0)
        return;
    size_t skip = file.len < sizeof err->file ? 0 : file.len - (sizeof err->file - 1);
    memcpy(err->file, file.ptr + skip, file.len - skip);
    err->file[file.len - skip] = 0;
    err->line = line;
    err->column = column;
}

_Noreturn void tk_assert_failed(const char *condition, const char *file, int line)
{
    (void)fprintf(stderr, "twokey: bug: %s does not hold (%s:%d); please report this\n", condition, file, line);
    abort();
}
