/* SPDX-License-Identifier: Apache-2.0 */
/* judging.h: what the files of the second judge share.
 *
 *   truth.c     facts, numbers and conditions (S1, S7)
 *   rules.c     which rules count, apply and stand; the answers of questions (S2 to S5, S9)
 *   missing.c   which unknown facts keep several answers possible (S1)
 *   judge.c     keys, and what they rest on (S8, S10)
 *
 * Nothing is remembered but the answers of questions and which rules count; everything else is worked out each time it
 * is asked for. Where the semantics leave a choice, the comment says which reading is taken and why.
 */
#ifndef TESTS_REFERENCE_JUDGING_H
#define TESTS_REFERENCE_JUDGING_H

#include <string.h>

#include "reference/reference.h"

enum { KEY_OPEN = 1, KEY_LICENCE = 2, KEY_CLOSED = 4 };

typedef struct judging {
    const ref_model *m;
    const ref_transaction *t;
    ref_setting s;
    bool bare;                 /* no presumptions */
    bool record;               /* only what is on record: nothing supplied, nothing presumed */
    bool unclaimed;            /* what claims say of facts is left out: unknown */
    bool alone;                /* law alone: nobody says anything of such facts, whoever did */
    struct judging *presuming; /* the judging with presumptions: this one itself, or what a bare one stands beside */
    bool answered[REF_QUESTIONS_MAX];
    ref_answer answers[REF_QUESTIONS_MAX];
    signed char counts[REF_RULES_MAX][REF_DAYS]; /* 0 not worked out, 1 no, 2 yes */
    /* found on the way: which rules an answer rests on, and what is missing */
    bool rests[REF_RULES_MAX], rests_question[REF_QUESTIONS_MAX];
    bool blamed[REF_RULES_MAX], blamed_question[REF_QUESTIONS_MAX];
    ref_key *key;
} judging;

/* A number, known exactly or within bounds; the open ends are REF_OPEN_LOW and REF_OPEN_HIGH. */
typedef struct range {
    ref_known known;
    long lo, hi;
} range;

static inline ref_truth not(ref_truth a)
{
    return (ref_truth)(REF_YES - a);
}

static inline ref_truth both(ref_truth a, ref_truth b)
{
    return a < b ? a : b;
}

static inline ref_truth either(ref_truth a, ref_truth b)
{
    return a < b ? b : a;
}

static inline ref_truth always_never(bool always, bool never)
{
    return always ? REF_YES : never ? REF_NO : REF_MAYBE;
}

static inline bool single(range r)
{
    return r.known == REF_VALUE && r.lo == r.hi;
}

static inline bool several(unsigned possible)
{
    return (possible & (possible - 1)) != 0;
}

static inline unsigned least_bit(unsigned possible)
{
    return possible & (~possible + 1);
}

/* truth.c */
bool judging_given(const judging *j, int fact, int role, ref_value *out);
int judging_slot_role(const judging *j, int fact, int role);
ref_value judging_value(const judging *j, int fact, int role);
range judging_slot_number(judging *j, int fact, int role);
range judging_number(judging *j, int index, int role);
int judging_quotient_behind(judging *j, int index);
void judging_quotient_parts(judging *j, int quotient, range *a, range *b);
bool judging_present(const judging *j, int role);
ref_truth judging_truth(judging *j, int condition, int role);
ref_truth judging_truth_if_any(judging *j, int condition);

/* rules.c */
bool judging_is_exception_to(const ref_rule *rule, int target);
bool judging_counts(judging *j, int rule);
int judging_require_met_index(const ref_require *r);
bool judging_require_binds(const judging *j, const ref_require *r);
tk_met judging_require_met(const judging *j, const ref_require *r);
ref_truth judging_failed(judging *j, const ref_rule *r);
ref_truth judging_applies(judging *j, int rule);
ref_truth judging_stands(judging *j, int rule);
bool judging_answers_question(const ref_model *m, int rule, int question);
bool judging_covered(const judging *j, int regime);
bool judging_may_fall_to_otherwise(judging *j, int question);
const ref_answer *judging_answer(judging *j, int question);
bool judging_is_duty(const ref_model *m, int rule, int regime);
ref_truth judging_duty_refused(judging *j, int regime);
int judging_key_question(const ref_model *m, int regime);

/* missing.c */
void judging_blame_question(judging *j, int question);
void judging_blame_gaps_and_duties(judging *j, int regime);
void judging_blame_begin(judging *j, ref_key *into);
void judging_blame_scope(judging *j, int regime, bool closed);
void judging_blame_key(judging *j, int regime, bool closed, ref_key *into);
void judging_miss_behind(judging *j, int fact, int role, ref_key *k);

#endif
