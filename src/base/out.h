/* SPDX-License-Identifier: Apache-2.0 */
/* out.h: a growing buffer that may drain into a stream, and a small JSON writer on it (no allocation per value). */
#ifndef TK_BASE_OUT_H
#define TK_BASE_OUT_H

#include <stdio.h>

#include "twokey/base.h"

/* With a stream, the buffer is written out whenever it passes 64 KiB and at flush. Failures stick: see
 * tk_out_status. */
typedef struct tk_out {
    char *bytes;
    size_t len, size;
    FILE *stream; /* NULL: keep everything in memory */
    tk_status status;
    int failed_why; /* errno of the first write that failed; 0: none has */
} tk_out;

void tk_out_init(tk_out *out, FILE *stream);
void tk_out_fini(tk_out *out);
void tk_out_reset(tk_out *out);
void tk_out_add(tk_out *out, tk_str text);
void tk_out_text(tk_out *out, const char *text);
void tk_out_char(tk_out *out, char c);
void tk_out_printf(tk_out *out, const char *format, ...) TK_PRINTF(2, 3);
TK_MUST_USE tk_status tk_out_flush(tk_out *out, tk_err *err);
tk_str tk_out_str(const tk_out *out);

/* JSON: the caller writes braces, commas are placed by the writer. A state per nesting level is kept in `depth`. */
typedef struct tk_json {
    tk_out *out;
    uint64_t has_member; /* bit per level: a comma is due */
    unsigned depth;      /* at most 60 */
    bool after_key;
} tk_json;
void tk_json_begin(tk_json *json, tk_out *out);
void tk_json_open(tk_json *json, char bracket);  /* '{' or '[' */
void tk_json_close(tk_json *json, char bracket); /* '}' or ']' */
void tk_json_key(tk_json *json, const char *key);
void tk_json_str(tk_json *json, tk_str text); /* broken UTF-8 becomes U+FFFD */
void tk_json_int(tk_json *json, int64_t value);
void tk_json_bool(tk_json *json, bool value);
void tk_json_null(tk_json *json);
void tk_json_raw(tk_json *json, tk_str text); /* an already written value */

#endif
