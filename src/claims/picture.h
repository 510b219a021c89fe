/* SPDX-License-Identifier: Apache-2.0 */
/* picture.h: claims of some times, small, with what they say and how that fits together. */
#ifndef TK_CLAIMS_PICTURE_H
#define TK_CLAIMS_PICTURE_H

#include "claims/claims_int.h"

enum { PICTURE_NONE = UINT32_MAX };

typedef struct picture_entry {
    int64_t number;
    tk_str id;
    tk_date event_from, event_to;
    uint64_t source, origin; /* who said it; where it comes from */
    uint32_t said, said_count;
    uint32_t links, links_count; /* claims it contradicts, or that contradict it */
    char grade;
    bool own; /* somebody on what he does himself */
    bool superseded;
    bool beside; /* here only because a link leads to it */
} picture_entry;

typedef struct picture_said {
    int64_t key;
    uint32_t entry;
    tk_claim_about about;
    tk_claim_kind kind;
    tk_str fact, value, excludes, item, party, unit;
    bool denies;
    tk_claim_bounds bounds;
    int32_t bucket;  /* of a state or measure: the month */
    uint32_t ground[2]; /* conflicts it is part of, or PICTURE_NONE: over its key; over what is said of all buyers */
    uint32_t side[2];   /* of each ground */
    uint32_t sources, denials;
} picture_said;

/* One key whose statements cannot all hold. */
typedef struct picture_ground {
    uint32_t said; /* any of its statements: what it is about */
} picture_ground;

struct tk_claims_picture {
    const tk_claims *claims;
    tk_arena *arena;
    picture_entry *entries; /* by id */
    size_t entries_count;
    picture_said *said; /* by key, then entry */
    size_t said_count;
    uint32_t *said_of; /* statements by entry */
    uint32_t *links;
    picture_ground *grounds;
    size_t grounds_count;
};

/* What is read of a claim before it is known how many there are. */
typedef struct picture_row {
    picture_entry entry;
    tk_str contradicts, derived_from;
    tk_claim_statement *said;
    size_t said_count;
    bool pointed; /* something links to it */
} picture_row;

/* A picture in the making: claims about more and more, each read once. */
typedef struct picture_loader {
    tk_claims *claims;
    tk_claims_at at;
    tk_arena *arena, scratch; /* of the picture; until it is made */
    picture_row **rows; /* in blocks, so that none moves */
    size_t count, size;
    picture_row *block; /* the last one */
    size_t block_count;
    int64_t *keys; /* looked up already, ascending */
    size_t keys_count;
    int64_t *seen; /* numbers of claims, open addressing; 0: free */
    size_t seen_count, seen_size; /* size: a power of two */
    int64_t *numbers; /* of claims that the keys are not enough to read */
    size_t numbers_count, numbers_size;
} picture_loader;

void picture_loader_init(picture_loader *loader, tk_claims *claims, const tk_claims_at *at, tk_arena *arena);
void picture_loader_fini(picture_loader *loader);
/* Reads the claims that speak of the same as one of the statements. */
TK_MUST_USE tk_status picture_load(picture_loader *loader, const tk_claim_statement *statements, size_t count,
                                   tk_err *err);
/* Adds what links lead to, and makes the picture. */
TK_MUST_USE tk_status picture_load_end(picture_loader *loader, tk_claims_picture **out, tk_err *err);

/* What hangs together: each its own parent to begin with. The root of a whole is its smallest member. */
uint32_t picture_root(uint32_t *parents, uint32_t at);
void picture_join(uint32_t *parents, uint32_t a, uint32_t b);
uint32_t picture_find(const tk_claims_picture *picture, tk_str id);
/* Independent sources among the entries: those that share neither origin nor publisher. `entries` are reordered. */
uint32_t picture_independent(const tk_claims_picture *picture, uint32_t *entries, size_t count, tk_arena *scratch);
/* Fills in what the statements of all keys make of each other. */
TK_MUST_USE tk_status picture_judge(tk_claims_picture *picture, tk_err *err);
uint8_t picture_credibility(const tk_claims_picture *picture, const picture_said *said);
int32_t picture_month(tk_date day);
/* Can the two not hold together? Of claims that count: links aside, `ground` and `side` are made of this. */
bool picture_said_oppose(const tk_claims_picture *picture, const picture_said *a, const picture_said *b);

#endif
