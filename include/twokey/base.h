/* SPDX-License-Identifier: Apache-2.0 */
/* twokey/base.h: what every public header shares: status, error, text, exact numbers, dates.
 *
 * Ownership   A tk_str never owns its bytes; its comment or function says what it borrows from.
 * Threads     No global state anywhere in the library. An object may be used by one thread at a time unless
 *             its header says "read-only after making": then any number of threads may read it.
 * Errors      A function that can FAIL (memory, I/O, broken input) returns tk_status and takes a `tk_err *err`
 *             last, which may be NULL. An ANSWER (closed, undetermined, refused) is a value, never a status.
 */
#ifndef TWOKEY_BASE_H
#define TWOKEY_BASE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#if defined(__GNUC__)
#define TK_EXPORT __attribute__((visibility("default")))
#define TK_MUST_USE __attribute__((warn_unused_result))
#define TK_PRINTF(fmt, args) __attribute__((format(printf, fmt, args)))
#else
#define TK_EXPORT
#define TK_MUST_USE
#define TK_PRINTF(fmt, args)
#endif

/* Failures. Numbers are never reused; gaps are left on purpose. */
typedef enum tk_status {
    TK_OK = 0,
    TK_ERR_MEMORY = -1, /* an allocation failed */
    TK_ERR_IO = -2,     /* a file could not be read or written */
    TK_ERR_INPUT = -3,  /* input is wrong: the message says where, which value, what was expected */
    TK_ERR_LIMIT = -4,  /* input is larger than a limit of limits.h; the message names the limit */
    TK_ERR_USAGE = -5,  /* the caller asked for something that does not exist or does not combine */
    TK_ERR_BUSY = -6,   /* another program holds the book, or too many jobs wait; later it may work */
    TK_ERR_CORRUPT = -7, /* a book is damaged */
    TK_ERR_BUG = -9     /* our own mistake; please report */
} tk_status;

/* Text: pointer and length, not terminated, may hold any byte. */
typedef struct tk_str {
    const char *ptr;
    size_t len;
} tk_str;

#define TK_STR(literal) ((tk_str){(literal), sizeof(literal) - 1})

enum { TK_ERR_MESSAGE_MAX = 960, TK_ERR_FILE_MAX = 256 };

/* One failure: a message of one line, and where in which file (line and column count from 1; 0 = not known). */
typedef struct tk_err {
    tk_status status;
    uint32_t line;
    uint32_t column;
    char file[TK_ERR_FILE_MAX];
    char message[TK_ERR_MESSAGE_MAX];
} tk_err;

/* A number: a whole count of millionths (5.92 is 5920000). Range about +-9.2e12; six decimals, exact. */
typedef int64_t tk_num;
#define TK_NUM_SCALE INT64_C(1000000)

/* A date: days since 1970-01-01 (proleptic Gregorian). TK_DATE_MIN / MAX stand for "no start" / "no end". */
typedef int32_t tk_date;
#define TK_DATE_MIN INT32_MIN
#define TK_DATE_MAX INT32_MAX

/* Memory for answers with one lifetime: what is asked into an arena lives until it is reset or freed. */
typedef struct tk_arena tk_arena;
TK_EXPORT TK_MUST_USE tk_status tk_arena_new(tk_arena **out, tk_err *err);
TK_EXPORT void tk_arena_free(tk_arena *arena);
/* Keeps the memory for what comes next; everything that was handed out from it is gone. */
TK_EXPORT void tk_arena_reset(tk_arena *arena);

/* "1.2.3", the content of the file VERSION. Static text. */
TK_EXPORT const char *tk_version(void);

#ifdef __cplusplus
}
#endif
#endif
