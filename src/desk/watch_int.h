/* SPDX-License-Identifier: Apache-2.0 */
/* watch_int.h: answers that a watch keeps, and what is different between two of them. */
#ifndef TK_DESK_WATCH_INT_H
#define TK_DESK_WATCH_INT_H

#include "desk/watch.h"

/* What an answer was decided with, beside what the answer itself says. */
typedef struct watch_moment {
    tk_str rulebook, catalogue, program;
    int64_t recorded; /* the number of the last claim in use */
    tk_date known_at, today;
} watch_moment;

typedef struct watch_answer {
    tk_str json; /* as watch_answer_of made it; "": none */
    watch_moment moment;
} watch_answer;

/* The part of a decision (docs/decision.schema.json) that is no moment: verdict, keys, believed claims and facts. */
TK_MUST_USE tk_status watch_answer_of(tk_str decision, tk_arena *arena, tk_str *answer, tk_err *err);
TK_MUST_USE tk_status watch_answer_verdict(tk_str answer, tk_arena *arena, tk_str *verdict, tk_err *err);
/* `asks_today`: the order and its list name no day. */
TK_MUST_USE tk_status watch_compare(const watch_answer *before, const watch_answer *now, bool asks_today,
                                    tk_arena *arena, const tk_desk_watch_change **out, tk_err *err);
/* Texts of a JSON array; of an object keys and values in turn. */
TK_MUST_USE tk_status watch_texts(tk_str json, tk_arena *arena, const tk_str **out, size_t *count, tk_err *err);

#endif
