/* SPDX-License-Identifier: Apache-2.0 */
/* json.h: a strict reader of JSON (RFC 8259) that works in the caller's bytes, one token at a time (writing: out.h).
 *
 * It takes one JSON text that stands on one line, as in a file of one object a line. Numbers are given as they were
 * written, never through a floating-point number. Texts are unescaped over themselves, which only makes them shorter,
 * so that nothing is allocated. Every message has the byte column at which the text is wrong.
 *
 *     tk_json_reader json;
 *     status = tk_json_read_init(&json, name, line, bytes, len, err);
 *     while (status == TK_OK) {
 *         status = tk_json_read_next(&json, &token, err);
 *         ... until token.kind is TK_JSON_END
 *     }
 *
 * Refused beyond what the standard refuses: \u0000 and half a surrogate pair (no text of ours can hold them), texts
 * and numbers of more than TK_FIELD_BYTES_MAX bytes, nesting deeper than TK_JSON_DEPTH_MAX.
 */
#ifndef TK_BASE_JSON_H
#define TK_BASE_JSON_H

#include "twokey/base.h"

typedef enum tk_json_kind {
    TK_JSON_OBJECT,     /* { */
    TK_JSON_OBJECT_END, /* } */
    TK_JSON_ARRAY,      /* [ */
    TK_JSON_ARRAY_END,  /* ] */
    TK_JSON_KEY,        /* the name of a member; its value comes next */
    TK_JSON_STRING,
    TK_JSON_NUMBER,
    TK_JSON_TRUE,
    TK_JSON_FALSE,
    TK_JSON_NULL,
    TK_JSON_END /* nothing is left */
} tk_json_kind;

typedef struct tk_json_token {
    tk_json_kind kind;
    tk_str text; /* a key or string unescaped, everything else as written; borrowed from the caller's bytes */
    size_t at;   /* offset of its first byte as written; the byte column is one more */
} tk_json_token;

typedef struct tk_json_reader {
    tk_str name; /* for messages */
    uint64_t line;
    char *text;
    size_t len, at;
    unsigned depth;
    uint32_t objects; /* bit d: what is open at depth d + 1 is an object, not an array */
    int expect;       /* json_expect of json.c */
} tk_json_reader;

/* `bytes` are changed by reading. TK_ERR_INPUT when they are not UTF-8. */
TK_MUST_USE tk_status tk_json_read_init(tk_json_reader *json, tk_str name, uint64_t line, char *bytes, size_t len,
                                        tk_err *err);
/* After a failure the reader must not be used again. */
TK_MUST_USE tk_status tk_json_read_next(tk_json_reader *json, tk_json_token *token, tk_err *err);
/* Reads over what `token` begins: the members of an object or array, or the value of a key. */
TK_MUST_USE tk_status tk_json_read_skip(tk_json_reader *json, const tk_json_token *token, tk_err *err);
/* Adds name, line and the byte column of `at` to a message about this text. */
void tk_json_read_where(const tk_json_reader *json, size_t at, tk_err *err);

#endif
