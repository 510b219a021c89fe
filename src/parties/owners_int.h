/* SPDX-License-Identifier: Apache-2.0 */
/* owners_int.h: the graph of holdings, and one fixed point over it. */
#ifndef TK_PARTIES_OWNERS_INT_H
#define TK_PARTIES_OWNERS_INT_H

#include "base/err.h"
#include "base/limits.h"
#include "base/str.h"
#include "parties/owners.h"

/* The two answers: surely, and at most. */
typedef enum owners_side { OWNERS_LOW, OWNERS_HIGH, OWNERS_SIDES } owners_side;

/* A holding of one party in another one, each pair once. */
typedef struct owners_edge {
    uint32_t holder, held;
    tk_num share[OWNERS_SIDES];
    size_t holding; /* of the input */
    bool control;
} owners_edge;

typedef struct owners_graph {
    size_t parties, rules;
    const tk_owner_rule *rule;
    uint64_t group[TK_OWNER_RULES_MAX]; /* rules whose covered parties' stakes count for this one; itself is one */
    owners_edge *edges;                 /* by holder */
    size_t edges_count;
    size_t *out;                  /* [parties + 1]: where the edges of a holder begin */
    uint32_t *in_edges;           /* numbers of edges, by held */
    size_t *in;                   /* [parties + 1] */
    uint64_t *own[OWNERS_SIDES];  /* rules of the lists that a party is on itself */
} owners_graph;

/* What one fixed point found. */
typedef struct owners_run {
    uint64_t *ruled; /* by holdings alone */
    uint64_t *covers; /* ruled, or on the list itself */
    uint64_t *has;   /* rules of which a covered party has a stake here */
    tk_num *sum;     /* [party * rules + rule] */
    uint32_t *when;  /* [party * rules + rule]: the order in which `ruled` came about; UINT32_MAX: it did not */
    uint64_t *done;  /* what of `covers` has been passed on */
    uint32_t *queue;
    bool *queued;
} owners_run;

struct tk_owners {
    const tk_owner_input *input;
    owners_graph graph;
    owners_run runs[OWNERS_SIDES];
    uint8_t *review[OWNERS_SIDES];
    tk_owner_odd *odd;
    size_t odd_count;
};

/* `edges` is put in order; the rest is made of it. */
TK_MUST_USE tk_status owners_graph_make(owners_graph *graph, tk_arena *arena, tk_err *err);
TK_MUST_USE tk_status owners_run_make(const owners_graph *graph, owners_run *run, tk_arena *arena, tk_err *err);
void owners_run_go(const owners_graph *graph, owners_side side, owners_run *run);
static inline bool owners_bit(uint64_t mask, size_t at)
{
    return (mask >> at & 1) != 0;
}
/* Rules whose stakes are added to those of `rule`, or that alone. */
static inline uint64_t owners_counts(const owners_graph *graph, size_t rule)
{
    return graph->rule[rule].aggregate ? graph->group[rule] : UINT64_C(1) << rule;
}

#endif
