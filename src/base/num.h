/* SPDX-License-Identifier: Apache-2.0 */
/* num.h: exact decimal numbers (tk_num, millionths) and dates. Nothing here ever rounds silently. */
#ifndef TK_BASE_NUM_H
#define TK_BASE_NUM_H

#include "base/arena.h"
#include "base/compat.h"

/* "5.92", "4_800", "40000000000". Digits, `_` between digits, at most six decimals. TK_ERR_INPUT otherwise. */
TK_MUST_USE tk_status tk_num_parse(tk_str text, tk_num *out, tk_err *err);
enum { TK_NUM_TEXT_MAX = 24, TK_DATE_TEXT_MAX = 12, TK_I128_TEXT_MAX = 48 };
/* Shortest exact decimal text, no grouping ("15832", "5.92"). Returns the length; `out` is terminated. */
size_t tk_num_format(tk_num value, char out[TK_NUM_TEXT_MAX]);
/* The same for a number of trillionths (scale 1e12), as conditions compute them. */
size_t tk_num12_format(tk_i128 value, char out[TK_I128_TEXT_MAX]);

/* "2026-02-10". A real day of the calendar between 1900-01-01 and 2199-12-31. */
TK_MUST_USE tk_status tk_date_parse(tk_str text, tk_date *out, tk_err *err);
/* "2026", "2026-05" or "2026-05-14": the first and the last day it can mean. */
TK_MUST_USE tk_status tk_date_parse_partial(tk_str text, tk_date *first, tk_date *last, tk_err *err);
size_t tk_date_format(tk_date date, char out[TK_DATE_TEXT_MAX]);
/* Today in UTC: with tk_clock_ms the only place that reads a clock. */
tk_date tk_date_today(void);
/* Milliseconds since some moment; for telling how fast something goes on, never for what it comes to. */
int64_t tk_clock_ms(void);

#endif
