/* SPDX-License-Identifier: Apache-2.0 */
/* twokey/names.h: do two names denote the same party, how surely, and why?
 *
 * A name is prepared once: folded to plain letters in every reading its script allows, cut into tokens, each token
 * classed (legal form, number, place, generic word, given name, family name …). Two prepared names are then compared
 * token by token. A prepared name is one flat block without pointers: it may be stored in a file and compared where it
 * lies.
 *
 * The score is in thousandths, 0 to 1000; 1000 only for names that are the same but for what never matters (case,
 * spaces, punctuation, accents, legal form written otherwise). The method has a name, TK_NAMES_METHOD; it never changes
 * under that name. docs/screening.md explains it with worked examples.
 *
 *     tk_names *names = NULL;
 *     status = tk_names_new(&names, &err);
 *     const tk_name *typed, *listed;
 *     status = tk_names_prepare(names, &arena, TK_STR("Hua Wei Tech"), TK_NAME_UNKNOWN, &typed, &err);
 *     …
 *     unsigned score = tk_names_score(names, typed, listed, 0);
 *     tk_comparison why;
 *     status = tk_names_explain(names, typed, listed, &arena, &why, &err);
 *
 * Threads   A tk_names belongs to one thread. Prepared names may be shared.
 * Failures  TK_ERR_LIMIT: a name above TK_NAME_BYTES_MAX or TK_NAME_TOKENS_MAX; TK_ERR_INPUT: not UTF-8, or nothing
 *           that could be compared; TK_ERR_MEMORY.
 */
#ifndef TWOKEY_NAMES_H
#define TWOKEY_NAMES_H

#include "twokey/base.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Part of every result. Another method gets another name. */
#define TK_NAMES_METHOD "names-1"

enum {
    TK_SCORE_ONE = 1000,
    TK_NAMES_THRESHOLD = 720 /* "match" from here up; chosen once, on the published pairs: docs/screening.md */
};

typedef enum tk_name_kind {
    TK_NAME_UNKNOWN = 0, /* both readings are tried */
    TK_NAME_PERSON,
    TK_NAME_COMPANY, /* a company, a university, an authority */
    TK_NAME_VESSEL   /* a ship or an aircraft */
} tk_name_kind;

/* How two tokens, or one without a partner, were taken. X(ENUM, "word in output") */
#define TK_ALIGNMENTS(X)                                                                                             \
    X(EQUAL, "equal")                                                                                                \
    X(TYPO, "typo")                                                                                                  \
    X(ABBREVIATION, "abbreviation")                                                                                  \
    X(INITIAL, "initial")                                                                                            \
    X(NICKNAME, "nickname")                                                                                          \
    X(ROMANIZATION, "romanization")                                                                                  \
    X(TRANSLATION, "translation")                                                                                    \
    X(ACRONYM, "acronym")                                                                                            \
    X(GLUED, "glued")                                                                                                \
    X(LEGAL_FORM, "legal form")                                                                                      \
    X(GENERIC, "generic word")                                                                                       \
    X(NUMBER, "number")                                                                                              \
    X(PLACE, "place")                                                                                                \
    X(MISSING, "missing")                                                                                            \
    X(CONTRADICTING, "contradicting")
typedef enum tk_alignment {
#define X(NAME, text) TK_ALIGN_##NAME,
    TK_ALIGNMENTS(X)
#undef X
    TK_ALIGN_COUNT
} tk_alignment;
TK_EXPORT tk_str tk_alignment_name(tk_alignment alignment);

typedef struct tk_names tk_names;
typedef struct tk_name tk_name; /* prepared; flat, aligned to 8 bytes */

TK_EXPORT TK_MUST_USE tk_status tk_names_new(tk_names **out, tk_err *err);
TK_EXPORT void tk_names_free(tk_names *names);

/* One line of the explanation: tokens as they were read (folded), several glued ones with a space between. */
typedef struct tk_aligned {
    tk_alignment how;
    tk_str left, right; /* "" on the side where it is missing */
    int points;         /* what it added (or took away), in thousandths of the whole */
} tk_aligned;

typedef struct tk_comparison {
    unsigned score;
    bool match;          /* score >= TK_NAMES_THRESHOLD */
    tk_str left, right;  /* the readings compared: of several, the pair with the highest score */
    const tk_aligned *tokens;
    size_t tokens_count;
    tk_str decided;      /* the rule that capped or fixed the score: "exact", "number", "place", "generic only" …; "" */
} tk_comparison;

#ifdef __cplusplus
}
#endif
#endif
