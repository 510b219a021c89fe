/* SPDX-License-Identifier: Apache-2.0 */
/* compare.h: two readings compared; the one piece of code behind tk_names_score() and tk_names_explain(). */
#ifndef TK_NAMES_COMPARE_H
#define TK_NAMES_COMPARE_H

#include "base/limits.h"
#include "names/align.h"

/* Words that may be glued into one, and letters of such a one that are compared. */
enum { GLUED_MAX = 4, GLUED_BYTES = 64 };
/* What the sum counts, where a bound of it must know. */
enum {
    COMPARE_LEAST_LIKE = 650,         /* tokens less alike than this are no partners */
    COMPARE_COST_MISSING = 350,       /* the least, in thousandths of the weight of a token missing on the other side */
    COMPARE_COST_CONTRADICTING = 1300, /* of the weight that stands against other weight */
    COMPARE_COST_UNLIKE = 3,          /* times what two partners differ in */
    COMPARE_NUMBER_WEIGHT = 60,
    COMPARE_COST_NUMBER = 1300,       /* a number missing on the other side */
    COMPARE_CAP_GUESSES = 650         /* the most without a pair that is sure, unless all letters are the same */
};

/* Tokens taken together: from `left`, left_count of them, and the same on the right. 0: missing on that side. */
typedef struct compare_pair {
    uint8_t left, left_count, right, right_count;
    uint8_t how; /* tk_alignment */
    uint8_t sure;
    uint16_t points; /* 0 to 1000: how alike */
    uint16_t weight;
} compare_pair;

typedef struct comparison {
    align_side left, right;
    uint8_t taken_left[TK_NAME_TOKENS_MAX], taken_right[TK_NAME_TOKENS_MAX]; /* already has a partner */
    compare_pair pairs[2 * TK_NAME_TOKENS_MAX];
    size_t pairs_count;
    unsigned gained, lost; /* in weight times 1000 */
    unsigned missing;      /* what a missing token costs, in thousandths of its weight */
    bool alone;            /* one pair alone tells the parties from others */
    bool swapped;          /* the name that is listed stands on the left */
    unsigned score;
    tk_str decided;
} comparison;

typedef struct compare_candidate {
    uint32_t worth;
    compare_pair pair;
} compare_candidate;
enum { COMPARE_CANDIDATES_MAX = 128 };

typedef struct compare_work {
    comparison results[2];
    compare_candidate candidates[COMPARE_CANDIDATES_MAX];
} compare_work;

/* Finds partners for the tokens of both sides. */
void compare_pair_up(comparison *c, compare_candidate *candidates);
/* The best of all pairs of readings, in one of work->results; score 0 when it is sure to stay below `floor`. */
const comparison *compare_names(compare_work *work, const tk_name *typed, const tk_name *listed, unsigned floor);
/* Points of one token for several of the other side, 0: they are not the same. */
unsigned compare_glued(const align_side *whole, const name_token *token, const align_side *split, size_t from,
                       size_t count);
/* Of a token without a partner: what it cost, in weight times 1000, and how it was taken. */
int64_t compare_cost(const comparison *c, bool right, size_t token);
tk_alignment compare_rest(const comparison *c, bool right, size_t token);

#endif
