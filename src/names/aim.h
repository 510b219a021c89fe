/* SPDX-License-Identifier: Apache-2.0 */
/* aim.h: one typed name against many listed ones: most of them are told apart without aligning them. */
#ifndef TK_NAMES_AIM_H
#define TK_NAMES_AIM_H

#include "names/align.h"

enum {
    AIM_TOKENS_MAX = 24,   /* of a typed reading; a longer one is aligned with everything */
    AIM_READINGS_MAX = 4,  /* of a typed name, likewise */
    AIM_LISTED_MAX = 64,   /* words of a listed reading */
    AIM_SEEN = 2048        /* listed words remembered; a power of two */
};

/* What a listed word can be to the words of a typed reading. */
typedef struct aim_seen {
    uint64_t word;  /* what makes it this word */
    uint32_t round; /* of the name aimed with; else it is of an earlier one */
    uint32_t mask;  /* words of the typed reading that may be its partner */
    uint8_t best;   /* the most points with any, in units of 4, rounded up */
    uint8_t loose;  /* with one of them it may count with less than its weight */
    uint8_t sure;   /* one of them is more than a guess */
    uint8_t points[AIM_TOKENS_MAX];
} aim_seen;

/* A word, or several in a row taken together. */
typedef struct aim_word {
    uint32_t letters;
    uint8_t length, form, phrase, from, count;
    char sound; /* the first; 0: not sure */
} aim_word;

/* Which words and runs of words of a reading may be glued with those of another one. */
typedef struct aim_reach {
    unsigned shortest, longest; /* letters: of two neighbours, of one word */
    bool phrases;               /* a long one, which may take other words with a slip */
} aim_reach;

typedef struct aim_reading {
    align_side side;
    aim_word words[AIM_TOKENS_MAX];
    aim_reach reach;
    uint64_t lengths; /* bits: so many letters of a run may be one of the words */
    uint32_t initials;
    unsigned words_count; /* a phrase counts all of its own */
} aim_reading;

typedef struct aim {
    const tk_name *typed;
    uint32_t round;
    bool blunt; /* too many readings or words: nothing is told apart */
    size_t readings_count;
    aim_reading readings[AIM_READINGS_MAX];
    aim_seen seen[AIM_SEEN];
    aim_word listed[AIM_LISTED_MAX]; /* of the name that is looked at */
} aim;

#endif
