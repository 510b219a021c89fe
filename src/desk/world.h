/* SPDX-License-Identifier: Apache-2.0 */
/* world.h: the claims of the desk's book as one transaction needs them: what they say of its facts, which of them a
 * world believes, and between what verdicts all worlds lie.
 *
 * desk_claims is the desk's, shared by its clerks under a lock. desk_worlds is one clerk's: subjects it has met, each
 * looked up in the book once. A subject is the product, and the buyer: the end user by id, parent and classes.
 */
#ifndef TK_DESK_WORLD_H
#define TK_DESK_WORLD_H

#include "claims/world.h"
#include "desk/desk_int.h"

typedef struct desk_claims desk_claims;

/* Opens the book, or one in memory, and fills in the claims of the vocabulary, or how to look them up: what went wrong
 * with that is desk_claims_failure. */
TK_MUST_USE tk_status desk_claims_open(const tk_desk_options *options, tk_arena *keep, tk_vocabulary *vocabulary,
                                       desk_claims **out, tk_err *err);
/* Instead: all claims of the book. */
TK_MUST_USE tk_status desk_claims_read_all(desk_claims *claims, tk_vocabulary *vocabulary, tk_err *err);
TK_MUST_USE tk_status desk_claims_failure(const desk_claims *claims, tk_err *err);
/* Which facts come from claims, once the rulebook is compiled. */
TK_MUST_USE tk_status desk_claims_bind(desk_claims *claims, const tk_rulebook *book, tk_err *err);
void desk_claims_close(desk_claims *claims);
/* The book of the desk, for one thread at a time; who has it may take it again. */
tk_store *desk_claims_lock(desk_claims *claims);
void desk_claims_unlock(desk_claims *claims);
int64_t desk_claims_recorded(const desk_claims *claims);
/* Of the claims in use, those that were imported before the day of their publication, by id. */
TK_MUST_USE tk_status desk_claims_ahead(desk_claims *claims, tk_arena *arena, const tk_claim_ahead **out,
                                        size_t *count, tk_err *err);
TK_MUST_USE tk_status desk_claims_days(desk_claims *claims, tk_arena *arena, tk_claims_day_list *days, tk_err *err);

/* One subject at one known-at. */
typedef struct desk_world {
    const tk_claims_world *claims;
    const tk_claims_witness *witnesses;
    size_t count;
    size_t bits_words;    /* of a set of witnesses */
    uint32_t first;       /* of a witness that the rulebook does not know the number is this, and its place */
    uint32_t *index;      /* per witness: the claim's index in the rulebook, or its number */
    uint32_t *known;      /* witnesses that the rulebook knows */
    size_t known_count;
    tk_claim_speaker *speaking; /* those that say something and are not superseded, by id */
    uint32_t *speaker;    /* per speaker: which witness it is */
    size_t speaking_count;
    uint32_t *prevailing; /* indices of those that prevail, ascending */
    size_t prevailing_count;
    struct desk_said *said; /* what was asked last */
    uint8_t *words[TK_CLAIMS_FACTS_MAX]; /* per fact and word said of it: the rulebook's; UINT8_MAX: none */
} desk_world;

desk_worlds *desk_worlds_new(const tk_desk *desk); /* NULL: out of memory */
void desk_worlds_free(desk_worlds *worlds);
/* A question that believes these claims, ascending. Forgets subjects when there are many, or others were believed; what
 * was handed out before is no longer valid. */
void desk_worlds_begin(desk_worlds *worlds, const uint32_t *believed, size_t count);
/* From now on to the next begin everything asked is about this subject. */
void desk_worlds_fix(desk_worlds *worlds, const desk_world *world);
/* To be set with tk_facts_set_claims. */
const tk_claims_source *desk_worlds_source(const desk_worlds *worlds);
/* What went wrong while a decision asked, or TK_OK. */
TK_MUST_USE tk_status desk_worlds_failure(const desk_worlds *worlds, tk_err *err);
TK_MUST_USE tk_status desk_worlds_find(desk_worlds *worlds, const tk_facts *facts, tk_date known_at,
                                       const desk_world **out, tk_err *err);

/* Facts from claims, as the rulebook numbers them. */
size_t desk_worlds_facts(const desk_worlds *worlds);
size_t desk_worlds_slot(const desk_worlds *worlds, size_t fact);
int32_t desk_worlds_holds(const desk_worlds *worlds, size_t fact);
/* The id of a claim by its index or number. */
tk_str desk_world_id(const desk_world *world, const tk_rulebook *book, uint32_t claim);
/* SIZE_MAX: no witness. */
size_t desk_world_witness(const desk_world *world, tk_str id);
/* Under the believed indices; false: nobody says anything. */
bool desk_world_fold(const desk_worlds *worlds, const desk_world *world, size_t fact, const tk_setting *setting,
                     const uint64_t *witnesses, tk_claims_fold *fold);
/* For qsort and bsearch: indices of claims, ascending. */
int desk_world_order(const void *a, const void *b);
/* Bits of the witnesses among ascending indices; `bits_words` of them. */
void desk_world_bits(const desk_world *world, const uint32_t *claims, size_t count, uint64_t *witnesses);

/* range.c: what each key can be. */
typedef struct desk_range_ask {
    const desk_worlds *worlds;
    const desk_world *world;
    tk_decider *decider; /* has just decided the transaction, in whatever world */
    const tk_facts *facts;
    const tk_setting *setting; /* but for its claims */
    const uint32_t *believed;  /* in every world; ascending */
    size_t believed_count;
    bool paper_held;
} desk_range_ask;

typedef struct desk_range {
    tk_world_range *keys; /* with all they point at in the arena */
    size_t keys_count;
    bool exact; /* all of them */
    uint64_t *worst, *best; /* witnesses of the ends of all keys */
} desk_range;
TK_MUST_USE tk_status desk_range_find(const desk_range_ask *ask, tk_arena *arena, desk_range *out, tk_err *err);
/* One set of claims for all keys, as ascending indices: what is worst (or best) for each of them, together; where these
 * oppose each other, or together make another verdict of a key, a smallest set that is worst (best) for the verdict of
 * all. TK_ERR_LIMIT: there are too many sets. */
TK_MUST_USE tk_status desk_range_world(const desk_range *range, const desk_range_ask *ask, bool worst, tk_arena *arena,
                                       const uint32_t **claims, size_t *count, tk_err *err);

#endif
