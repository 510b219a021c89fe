/* SPDX-License-Identifier: Apache-2.0 */
/* world.h: what claims can be believed together about one subject, which of them prevail, and what facts they make.
 *
 * A subject is what one transaction is about: a product, and a buyer by its ids and classes. Its witnesses are the
 * claims, known on a day and recorded up to a number, that say something of the facts asked for about that subject, or
 * that were asked for by id. A world is a set of witnesses; bits by their place in the list.
 *
 *     tk_claims_world *world;
 *     status = tk_claims_world_make(claims, &at, facts, 2, &subject, NULL, 0, &arena, &world, &err);
 *     tk_claims_fold fold;
 *     tk_claims_world_fact(world, 0, believed, as_of, 180, &fold);
 *
 * What prevails (docs/worlds.md): a superseded claim is out, and so is one without a public source. Two that cannot
 * both be true are a dispute, whether a link says so or what they say. It is decided by, in this order: an act of one's
 * own, officially or by the company itself, against reports; somebody who has a source against nobody who has; the
 * number of independent sources; the grade of the source. What is decided by none of these leaves both out. States of
 * different days are a change and no dispute.
 *
 * Everything lives in the arena and is read-only: any number of threads may ask.
 */
#ifndef TK_CLAIMS_WORLD_H
#define TK_CLAIMS_WORLD_H

#include "base/limits.h"
#include "claims/book.h"


/* The products, or the buyers and classes, that some name of the tables means: sorted, each once. Of what is not among
 * them no claim speaks, so that subjects without it are one. */
TK_MUST_USE tk_status tk_claims_known(const tk_claims *claims, bool items, tk_arena *arena, const tk_str **ids,
                                      size_t *count, tk_err *err);

/* Places of the witnesses by the day of the event, then id: the order in which folding goes. */
const uint32_t *tk_claims_world_order(const tk_claims_world *world);

/* What was said of one fact up to a day, put together claim by claim, in the order of the events. */
typedef struct tk_claims_fold {
    tk_claim_kind kind;
    bool said;           /* by anybody */
    bool stale;          /* and too long ago */
    bool broken;         /* a state: denied, or several on one day; a measure: bounds of one day that do not meet */
    tk_date since;       /* the last day that somebody spoke of */
    uint64_t words;      /* a state: the one; a stage: all that are reached */
    uint64_t off;        /* of these, the ones that are no rung of the ladder: cancelled, refused */
    tk_claim_bounds bounds;
} tk_claims_fold;

#define TK_CLAIMS_FOLD_NONE ((tk_claims_fold){.since = TK_DATE_MIN})

/* Adds what one witness says of all facts; `folds` has one for each fact asked for. */
void tk_claims_fold_witness(const tk_claims_world *world, uint32_t witness, tk_claims_fold *folds);
/* False: whoever believes the witness too comes to the same; `folds` are what the facts came to up to `as_of`. */
bool tk_claims_world_tells(const tk_claims_world *world, uint32_t witness, tk_date as_of, const tk_claims_fold *folds);
/* The fact under the world of the bits `believed`: of events up to `as_of`. A state that was last heard of more than
 * `holds` days before `heard` is stale (0: never); `heard` is the earlier of the day asked about and known at. */
void tk_claims_world_fact(const tk_claims_world *world, size_t fact, const uint64_t *believed, tk_date as_of,
                          tk_date heard, int32_t holds, tk_claims_fold *fold);
/* The believed witnesses whose word it is: those of the last day that say what the fold came to. Ascending; `voices`
 * has room for tk_claims_world_lines of them. */
size_t tk_claims_world_voices(const tk_claims_world *world, size_t fact, const uint64_t *believed, tk_date as_of,
                              const tk_claims_fold *fold, uint32_t *voices);
/* How often anything is said of a fact. */
size_t tk_claims_world_lines(const tk_claims_world *world, size_t fact);

#endif
