/* SPDX-License-Identifier: Apache-2.0 */
/* twokey/value.h: what is known about one fact.
 *
 * A fact is UNKNOWN (nobody said, or `?` was said), NONE (known to be absent: `none`), or has a VALUE. A number
 * or date may be known within bounds (lo < hi). A set of words is partly known flag by flag.
 */
#ifndef TWOKEY_VALUE_H
#define TWOKEY_VALUE_H

#include "twokey/base.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef enum tk_type {
    TK_TYPE_NUMBER = 1, /* tk_num in the unit the rulebook declares for the fact */
    TK_TYPE_DATE,       /* tk_date */
    TK_TYPE_WORD,       /* one of the words the rulebook declares (yes | no is such a type) */
    TK_TYPE_WORDS,      /* a set of such words, at most 64 */
    TK_TYPE_PLACE,      /* index of a place in the rulebook's vocabulary */
    TK_TYPE_NAME        /* an id: of a party, an item, a product */
} tk_type;

typedef enum tk_known {
    TK_UNKNOWN = 0,
    TK_NONE,
    TK_VALUE
} tk_known;

/* An open end of bounds ("400000 .."). */
#define TK_NUM_MIN INT64_MIN
#define TK_NUM_MAX INT64_MAX

typedef struct tk_value {
    uint8_t known; /* tk_known */
    uint8_t type;  /* tk_type; 0 while unknown or none and the type does not matter */
    union {
        struct {
            int64_t lo, hi; /* number (millionths) or date (days); a single value has lo == hi */
        } range;
        struct {
            uint64_t in, unsure; /* bit i: word i of the declared type is in / may be in; disjoint */
        } words;
        uint32_t word;  /* index of the word in the declared type */
        uint32_t place; /* index of the place in the vocabulary */
        tk_str name;    /* borrowed: must live as long as the facts are used */
    } as;
} tk_value;

#define TK_VALUE_UNKNOWN ((tk_value){.known = TK_UNKNOWN})
#define TK_VALUE_NONE ((tk_value){.known = TK_NONE})

#ifdef __cplusplus
}
#endif
#endif
