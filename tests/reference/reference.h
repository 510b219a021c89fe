/* SPDX-License-Identifier: Apache-2.0 */
/* reference.h: a second judge of small rulebooks, written for obviousness, and what the property tests need around it.
 *
 *   judge.c     what the rules mean: a model and a transaction in, a decision out; slow and plain on purpose; with
 *               truth.c, rules.c and missing.c (see judging.h)
 *   model.c     names of things in a model, looking things up, taking things away
 *   print.c     a model as .rules text, so that the real compiler reads it
 *   generate.c  random models, transactions and settings from a seed
 *   real.c      the same model and transaction through the library
 *   compare.c   where the two decisions differ, in words
 *   seeds.c     the loop over seeds that every property runs
 *
 * The judge shares no code with the library: it is written from the semantics S1 to S10 alone. Numbers are whole in
 * facts and hundredths in conditions, days are days since 1970, everything is found by looking at everything.
 */
#ifndef TESTS_REFERENCE_H
#define TESTS_REFERENCE_H

#include <limits.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "twokey/decide.h"

enum {
    REF_FACTS_MAX = 20,
    REF_ROLES = 5, /* seller, purchaser, intermediate_consignee, ultimate_consignee, end_user */
    REF_SLOTS_MAX = REF_FACTS_MAX * REF_ROLES,
    REF_RULES_MAX = 14,
    REF_QUESTIONS_MAX = 6,
    REF_REGIMES_MAX = 2,
    REF_EVIDENCE_MAX = 6,
    REF_LIMITS_MAX = 2,
    REF_CLAIMS_MAX = 4,
    REF_GAPS_MAX = 3,
    REF_SETS_MAX = 4,
    REF_TERMS_MAX = 3,
    REF_ROWS_MAX = 4,
    REF_CONDITIONS_MAX = 240,
    REF_NUMBERS_MAX = 240,
    REF_TARGETS_MAX = 3,
    REF_REQUIRES_MAX = 3,
    REF_PLACES = 5, /* P0 .. P4 */
    REF_NAMES = 4,  /* n0 .. n3 */
    REF_MET_MAX = REF_EVIDENCE_MAX + REF_LIMITS_MAX + 2 * REF_REGIMES_MAX, /* of a regime: licence, written approval */
    REF_DAY_0 = 20454, /* 2026-01-01; nothing in a model is dated earlier */
    REF_DAYS = 140, /* nor begins or ends later */
    REF_NOT = -1,  /* no such thing */
    REF_EACH = -1, /* the role that any, every or no is looking at */
    REF_TEXT_MAX = 48 * 1024
};
#define REF_OPEN_LOW LONG_MIN
#define REF_OPEN_HIGH LONG_MAX

/* ---- the model: a rulebook, said in structs ---- */

typedef enum ref_truth { REF_NO = 0, REF_MAYBE, REF_YES } ref_truth;
typedef enum ref_known { REF_UNKNOWN = 0, REF_NONE, REF_VALUE } ref_known;
typedef enum ref_kind { REF_NUMBER = 0, REF_DATE, REF_WORD, REF_SET, REF_PLACE, REF_NAME } ref_kind;

typedef struct ref_value {
    ref_known known;
    long lo, hi;         /* number, date; a word, place or name is its index, lo == hi */
    unsigned in, unsure; /* a set of words, flag by flag */
} ref_value;

typedef enum ref_presume { REF_PRESUME_NO = 0, REF_PRESUME_VALUE, REF_PRESUME_FACT } ref_presume;

typedef struct ref_fact {
    bool used, party, from_claims; /* party: one slot per role */
    ref_kind kind;
    int words;         /* word and set: w0 .. w(words - 1) */
    bool ordered;
    ref_presume presume;
    ref_value presumed;
    int presumed_fact; /* of the same role when that is a party's fact too */
    int duty;          /* evidence that the presumption asks for */
    int term;          /* number that computes it */
} ref_fact;

typedef enum ref_number_op {
    REF_CONSTANT = 1, REF_FACT, REF_SUM, REF_TIMES, REF_MAX, REF_QUOTIENT, REF_PLUS_DAYS
} ref_number_op;
typedef struct ref_number {
    ref_number_op op;
    int fact, role;
    long constant; /* hundredths; days for REF_PLUS_DAYS; a date for a constant that is one */
    bool is_date;
    int a, b;
} ref_number;

typedef enum ref_op {
    REF_AND = 1, REF_OR, REF_NEGATE, REF_ANY, REF_EVERY, REF_NONE_OF, REF_COMPARE, REF_IS_WORD, REF_HAS, REF_IN_PLACES,
    REF_IN_NAMES, REF_SAME, REF_ASKS, REF_SHOWN, REF_TERM
} ref_op;
typedef enum ref_how { REF_EQ = 0, REF_NE, REF_LT, REF_LE, REF_GT, REF_GE } ref_how;
typedef struct ref_condition {
    ref_op op;
    ref_how how;     /* compare, same */
    int a, b;        /* parts; compare: numbers */
    unsigned roles;  /* any, every, no */
    int fact, role, other, other_role;
    unsigned mask;   /* words, answers, places, names */
    int set;         /* named set of places, REF_NOT: the mask alone */
    bool but_not;    /* of the set, those not in the mask */
    int index;       /* question, evidence, term */
} ref_condition;

typedef struct ref_span { int from, to; } ref_span; /* both included; to INT_MAX: open */
typedef struct ref_row {
    unsigned places;
    bool out;
    ref_span span;
    int published; /* INT_MIN: always known */
} ref_row;
typedef struct ref_set {
    bool group; /* comes with the vocabulary instead of the text */
    int rows_count;
    ref_row rows[REF_ROWS_MAX];
} ref_set;

typedef struct ref_question {
    bool used, strictest, is_key;
    int regime, answers, otherwise, asked;
} ref_question;

typedef enum ref_act_kind { REF_LAW = 0, REF_PRACTICE, REF_REPORTED } ref_act_kind;
typedef struct ref_act {
    ref_act_kind kind;
    int published; /* REF_REPORTED: INT_MIN */
    int spans_count;
    ref_span spans[2];
    int claim_a, claim_b; /* REF_NOT: no claim named */
    bool both;
} ref_act;

typedef struct ref_require {
    int evidence, limit; /* one of the two */
    int stage, days, when;
} ref_require;

typedef struct ref_rule {
    bool used;
    int regime;
    int question; /* REF_NOT: only duties */
    int answer;   /* REF_NOT: takes targets away, or only duties */
    ref_act act;
    int when;
    int targets_count, targets[REF_TARGETS_MAX];
    int replaces; /* rule */
    int requires_count;
    ref_require requires[REF_REQUIRES_MAX];
} ref_rule;

typedef struct ref_limit { bool used; int regime; ref_act act; } ref_limit;
typedef struct ref_gap { bool used; int regime, when; } ref_gap;
typedef struct ref_claim { int published; unsigned contradicts; } ref_claim;
typedef struct ref_regime { bool used; int covers_from, covers_to, read_to, when; } ref_regime;

typedef struct ref_model {
    ref_fact facts[REF_FACTS_MAX];
    int order_date, ship_date; /* facts, REF_NOT */
    ref_number numbers[REF_NUMBERS_MAX];
    int numbers_count;
    ref_condition conditions[REF_CONDITIONS_MAX];
    int conditions_count;
    ref_set sets[REF_SETS_MAX];
    int sets_count;
    int terms[REF_TERMS_MAX]; /* conditions */
    int terms_count;
    ref_regime regimes[REF_REGIMES_MAX];
    ref_question questions[REF_QUESTIONS_MAX]; /* each reads only earlier ones */
    ref_rule rules[REF_RULES_MAX];
    ref_limit limits[REF_LIMITS_MAX];
    ref_gap gaps[REF_GAPS_MAX];
    int evidence_stage[REF_EVIDENCE_MAX]; /* 0 before order, 1 before ship, 2 after delivery */
    ref_claim claims[REF_CLAIMS_MAX];
} ref_model;

/* ---- a transaction and the two times ---- */

typedef struct ref_given {
    bool has_row, has_supplied;
    ref_value row, supplied;
} ref_given;
typedef struct ref_shown {
    int state; /* 0 nothing said, 1 held, 2 refused */
    int date;  /* INT_MIN: no date */
} ref_shown;
typedef struct ref_transaction {
    ref_given given[REF_FACTS_MAX][REF_ROLES]; /* a fact that is no party's uses role 0 */
    unsigned roles;                            /* named */
    ref_shown shown[REF_MET_MAX];              /* evidence, limits, authorisations, approvals */
} ref_transaction;
typedef struct ref_setting {
    int as_of, known_at;
    bool text;
    unsigned world;
} ref_setting;

/* ---- a decision ---- */

typedef struct ref_answer {
    ref_truth asked;
    bool conflict;
    unsigned possible;
} ref_answer;
typedef struct ref_key {
    ref_truth touched;
    tk_verdict verdict;
    tk_basis basis;
    unsigned possible;
    bool conflict;
    bool condition[REF_MET_MAX];
    tk_met met[REF_MET_MAX];
    int stage[REF_MET_MAX];
    bool missing[REF_FACTS_MAX][REF_ROLES], presumed[REF_FACTS_MAX][REF_ROLES];
    bool not_computable[REF_FACTS_MAX][REF_ROLES];
    bool gap[REF_GAPS_MAX];
} ref_key;
typedef struct ref_decision {
    bool touched;
    tk_verdict verdict;
    ref_key keys[REF_REGIMES_MAX];
    ref_answer answers[REF_QUESTIONS_MAX];
} ref_decision;

void ref_judge(const ref_model *m, const ref_transaction *t, const ref_setting *s, ref_decision *out);
/* Does a rule count on the day asked about? */
bool ref_counts(const ref_model *m, const ref_setting *s, int rule);

/* ---- names ---- */
extern const char *const ref_role_names[REF_ROLES];
enum { REF_NAME_MAX = 48 };
const char *ref_fact_name(const ref_model *m, int fact, int role, char out[REF_NAME_MAX]);
const char *ref_question_name(const ref_model *m, int question, char out[REF_NAME_MAX]);
const char *ref_answer_name(const ref_model *m, int question, int answer, char out[REF_NAME_MAX]);
const char *ref_met_name(int met, char out[REF_NAME_MAX]); /* "e1", "l0", "r0.licence" */
const char *ref_word_name(const ref_fact *fact, int word, char out[REF_NAME_MAX]);
const char *ref_regime_name(int regime);
int ref_roles_of(const ref_fact *fact); /* 1, or REF_ROLES for a party's fact */

/* ---- text ---- */
enum { REF_FILES_MAX = 6 };
typedef struct ref_book_text {
    char names[REF_FILES_MAX][24];
    char text[REF_FILES_MAX][REF_TEXT_MAX];
    size_t len[REF_FILES_MAX];
    size_t files;
} ref_book_text;
/* shuffle 0: statements in order, a file for what is common and one per regime; otherwise a seed that mixes them and
 * spreads them over files. */
void ref_print(const ref_model *m, uint64_t shuffle, ref_book_text *out);
void ref_print_transaction(FILE *out, const ref_model *m, const ref_transaction *t, const ref_setting *s);
void ref_value_text(const ref_fact *fact, const ref_value *value, char out[REF_NAME_MAX * 4]);

/* ---- random ---- */
typedef struct ref_random { uint64_t state; } ref_random;
uint64_t ref_next(ref_random *r);
int ref_below(ref_random *r, int limit);
bool ref_chance(ref_random *r, int percent);
void ref_generate(ref_random *r, ref_model *m);
void ref_generate_transaction(ref_random *r, const ref_model *m, ref_transaction *t);
void ref_generate_setting(ref_random *r, const ref_model *m, ref_setting *s);
/* A single value that a fact may have. */
ref_value ref_generate_value(ref_random *r, const ref_fact *fact, bool none_too);
/* COUNT from the environment, else what the test wants. */
unsigned long ref_count(unsigned long normal);
uint64_t ref_seed(uint64_t normal); /* SEED likewise */
/* Tries the seeds that once failed; tries `normal` seeds, or as the environment says. Both fail the test on the first
 * that does not hold. */
void ref_try_kept(const uint64_t *kept, size_t count, bool (*holds)(uint64_t seed));
void ref_try_seeds(unsigned long normal, bool (*holds)(uint64_t seed));

/* ---- through the library ---- */
typedef struct ref_real {
    tk_rulebook *book;
    tk_decider *decider;
    tk_facts *facts;
    uint32_t claims[REF_CLAIMS_MAX];
    char message[1024]; /* why the book was refused */
} ref_real;
bool ref_real_open(ref_real *real, const ref_model *m, const ref_book_text *text);
void ref_real_close(ref_real *real);
tk_value ref_real_value(const ref_model *m, int fact, const ref_value *value);
const tk_decision *ref_real_decide(ref_real *real, const ref_model *m, const ref_transaction *t, const ref_setting *s,
                                   unsigned flags);
/* The key decision of a regime, NULL when absent. */
const tk_key_decision *ref_real_key(const tk_decision *d, int regime);

/* ---- compared ---- */
/* Empty when both say the same; else the first differences, in words. */
bool ref_compare(const ref_model *m, const ref_setting *s, const ref_decision *expected, const tk_decision *actual,
                 char *out, size_t size);

/* ---- shrinking: true while the failure remains ---- */
typedef bool (*ref_fails)(void *ctx, const ref_model *m, const ref_transaction *t, const ref_setting *s);
void ref_shrink(ref_model *m, ref_transaction *t, ref_setting *s, ref_fails fails, void *ctx);

#endif
