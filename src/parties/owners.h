/* SPDX-License-Identifier: Apache-2.0 */
/* owners.h: who owns whom by how much, and what follows from it: the ownership rules of restricted-party lists.
 *
 * A list may reach beyond its entries: what listed parties own by a percentage or more is treated as listed too. That
 * is a threshold and not a product: a party that the rule covers counts in full as an owner of the next one, and shares
 * are not multiplied along the chain (60 % of 60 % is not 36 %). Which percentage, whether the stakes of several owners
 * are added, with the owners of which other lists, and what a stake below it means is a row of data for each list
 * (tk_owner_rule); nothing of it is in C.
 *
 * Shares are exact, in millionths of a percent; a share may be a range, or not known (then 0 to 100). Whether a party
 * is on a list may be open. So there are two answers: the least set of parties that are surely covered (lowest shares,
 * sure entries alone), and the least set of those that may be (highest shares, open entries too). Between them lies the
 * red flag: neither covered nor clear. Cycles of holdings are no special case: both sets are least fixed points, in
 * which nobody is covered by a circle that no listed party feeds.
 *
 * Ownership  Everything lives in the arena of the call; the input is borrowed as long as the answers are used.
 * Threads    No state.
 */
#ifndef TK_PARTIES_OWNERS_H
#define TK_PARTIES_OWNERS_H

#include "base/arena.h"

/* --- what is asked --- */

/* What a listed owner below the percentage is. */
typedef enum tk_owner_minority {
    TK_OWNER_MINORITY_NOTHING,
    TK_OWNER_MINORITY_NOTE,
    TK_OWNER_MINORITY_RED_FLAG
} tk_owner_minority;

/* The ownership rule of one list. */
typedef struct tk_owner_rule {
    tk_str list;    /* its code: "EL" */
    tk_str with;    /* lists whose owners' stakes are added to those of its own: "MEU;SDN"; codes of other rules */
    tk_num percent; /* from here up it covers: 50 * TK_NUM_SCALE */
    bool aggregate; /* stakes of several owners are added; else one of them alone must reach it */
    tk_owner_minority minority;
    tk_str citation;
} tk_owner_rule;

/* The rows of a table of lists that have one: columns code, owned_percent (empty: no rule), aggregate (yes, no),
 * minority (none, note, red-flag), citation, and owned_with (other codes, separated by semicolons), which may be
 * missing. */
TK_MUST_USE tk_status tk_owner_rules_read(tk_str name, tk_str text, tk_arena *arena, const tk_owner_rule **rules,
                                          size_t *count, tk_err *err);

/* A party is on a list that has a rule. */
typedef struct tk_owner_listing {
    uint32_t party, rule;
    bool sure;      /* false: nobody has decided yet whether the entry is this party */
    uint8_t review; /* how strict the entry's policy is, the strictest the highest; 0: not known */
} tk_owner_listing;

typedef struct tk_owner_holding {
    uint32_t holder, held;
    tk_num low, high; /* percent; 0 and 100 when not known */
    bool unknown, control;
} tk_owner_holding;

typedef struct tk_owner_input {
    size_t parties_count;
    const tk_owner_rule *rules; /* at most TK_OWNER_RULES_MAX */
    size_t rules_count;
    const tk_owner_holding *holdings; /* of one day */
    size_t holdings_count;
    const tk_owner_listing *listings;
    size_t listings_count;
    uint8_t review_max; /* what a policy that is not known may come to */
} tk_owner_input;

/* "50", "49.999 %", "45-55", "?": percent from 0 to 100. */
TK_MUST_USE tk_status tk_owner_share_parse(tk_str text, tk_owner_holding *holding, tk_err *err);
/* The same back: "45-55", "?". */
tk_str tk_owner_share_text(const tk_owner_holding *holding, tk_arena *arena);

/* --- what is answered --- */

typedef struct tk_owners tk_owners;

/* TK_ERR_LIMIT: more rules, or an input that cannot be (a holding of a party that is not there). */
TK_MUST_USE tk_status tk_owners_solve(const tk_owner_input *input, tk_arena *arena, tk_owners **out, tk_err *err);

typedef enum tk_owner_state {
    TK_OWNER_CLEAR,
    TK_OWNER_RED_FLAG,
    TK_OWNER_COVERED,
    TK_OWNER_STATE_COUNT
} tk_owner_state;
const char *tk_owner_state_name(tk_owner_state state);

/* May be read as a value of a set: surely in it, not in it, or nobody knows. */
typedef enum tk_owner_in { TK_OWNER_OUT, TK_OWNER_UNSURE, TK_OWNER_IN } tk_owner_in;

/* One party by the rule of one list. */
typedef struct tk_owner_answer {
    tk_owner_state state;
    tk_owner_in owners;   /* listed parties own it by the percentage or more */
    tk_owner_in minority; /* listed parties own less */
    tk_num low, high;     /* what they own together (without aggregation: the largest stake) */
    bool control;         /* one of them controls it; that alone covers nothing */
    bool itself;          /* it is, or may be, on the list itself */
} tk_owner_answer;
tk_owner_answer tk_owners_answer(const tk_owners *owners, uint32_t party, size_t rule);
/* The strictest answer of all rules. */
tk_owner_state tk_owners_state(const tk_owners *owners, uint32_t party);
/* The strictest policy among the owners that cover it: at least, at most; both 0 when nobody does. */
void tk_owners_review(const tk_owners *owners, uint32_t party, uint8_t *least, uint8_t *most);

/* Why: the holdings that count, each party behind the owners it needs. */
typedef struct tk_owner_step {
    uint32_t party;       /* held */
    size_t rule;          /* by which it is covered, or is not */
    tk_owner_in covered;  /* so far as these holdings say */
    tk_num low, high;     /* the sums of these holdings */
    const size_t *holdings; /* of the input; the largest first */
    size_t holdings_count;
} tk_owner_step;
/* The last step is the party; none when no listed party has a stake in it. */
TK_MUST_USE tk_status tk_owners_chain(const tk_owners *owners, uint32_t party, size_t rule, tk_arena *arena,
                                      const tk_owner_step **steps, size_t *count, tk_err *err);

/* The least change of one holding that is on record and would change the answer. */
typedef struct tk_owner_change {
    bool there;
    bool above;     /* true: when it is `share` or more; false: when it falls below `share` */
    size_t holding; /* of the input */
    tk_num share, by;
    tk_owner_in becomes;
} tk_owner_change;
/* Up: one that would cover it (from clear: that might); down: one that would not any more. Looks at the holdings of its
 * owners only; gives up after TK_OWNER_TRIES_MAX shares, or TK_OWNER_WORK_MAX work (*complete false). */
TK_MUST_USE tk_status tk_owners_change(const tk_owners *owners, uint32_t party, size_t rule, tk_arena *arena,
                                       tk_owner_change *up, tk_owner_change *down, bool *complete, tk_err *err);

/* What is odd about the input. */
typedef enum tk_owner_oddity {
    TK_OWNER_ODD_OVER,  /* the holders of `party` have more than 100 % together: `sum` */
    TK_OWNER_ODD_SELF,  /* a holding of a party in itself counts for nothing */
    TK_OWNER_ODD_TWICE  /* the same holder and held as `other`; the larger counts */
} tk_owner_oddity;
typedef struct tk_owner_odd {
    tk_owner_oddity kind;
    uint32_t party;
    size_t holding, other;
    tk_num sum;
} tk_owner_odd;
const tk_owner_odd *tk_owners_oddities(const tk_owners *owners, size_t *count);

#endif
