/* SPDX-License-Identifier: Apache-2.0 */
/* decide_int.h: what the files of decide/ share. Private.
 *
 *   facts.c     what is known of one transaction
 *   counts.c    which rules count on a day (S3 to S5)
 *   evaluate.c  Kleene logic, rules, questions: possible answers (S1, S2, S9)
 *   index.c     what follows from the rulebook alone, found once per decider
 *   missing.c   which unknown facts keep several answers possible
 *   reasons.c   which rules an answer rests on, comparisons with values and margins
 *   keys.c      from answers to keys and the verdict (S10)
 *   compare.c   what reports, the other law, and single changes would do
 *   examples.c  examples of the rulebook
 *
 * An evaluation (eval) is one pass over one setting. A decision is made of a few: as asked, without presumptions,
 * under the other law, with one more claim, after one change.
 */
#ifndef TK_DECIDE_INT_H
#define TK_DECIDE_INT_H

#include "base/arena.h"
#include "base/compat.h"
#include "rulebook/model.h"
#include "twokey/decide.h"

/* ---- three-valued logic ---- */
typedef enum kleene {
    K_FALSE = 0,
    K_UNKNOWN = 1,
    K_TRUE = 2,
    K_NOT_YET = 3 /* memo cells only */
} kleene;

/* A memo cell holds a kleene and, for what was read while finding it, whether a presumption was among it. */
enum { MEMO_KLEENE = 3, MEMO_LEANS = 4, VALUE_DONE = 1 };

/* ---- facts ---- */
/* Where the values of a slot stand among those of the transaction; 0: nothing was said. A transaction says a few dozen
 * things: kept side by side they are few cache lines, spread over all slots they would be one each. */
typedef struct fact_place {
    uint16_t supplied, row;
    uint16_t presumed, bare; /* both or neither */
} fact_place;
typedef struct fact_evidence {
    uint8_t state; /* 0: nothing said; tk_evidence_state */
    tk_date date;
} fact_evidence;
struct tk_facts {
    const tk_rulebook *book;
    fact_place *places;     /* per slot */
    tk_value *said;         /* the first is no value */
    rb_id *said_slots;      /* whose they are, so that clearing is cheap */
    size_t said_count;
    fact_evidence *evidence;
    rb_id *evidence_touched;
    size_t evidence_touched_count;
    uint32_t roles;         /* bits of the roles named */
    bool has_override;      /* something that is or may be on record was replaced */
    tk_fact_lookup lookup;
    void *lookup_ctx;
    const tk_claims_source *claims;
};

/* ---- a number, known exactly, within bounds, or not ---- */
typedef struct interval {
    uint8_t known; /* tk_known */
    bool lo_open, hi_open; /* no bound on that side */
    tk_i128 lo, hi; /* trillionths */
} interval;

/* ---- what follows from the rulebook alone ---- */
typedef struct decide_index {
    size_t rule_words, question_words;
    uint64_t *question_rules;  /* per question, bit per rule: those with an answer to it */
    uint64_t *rule_questions;  /* per rule, bit per question: those its condition reads */
    rb_id *rule_guard;         /* per rule: the condition that is worked out first; false, the rule does not apply */
    rb_id *rule_rank;          /* per rule: its place among all rules in order of name, then of number */
    const rb_rule **rule_ranked; /* per rank: the rule */
    uint8_t *cites;            /* per node: a membership below it may come with a citation */
    uint8_t *cites_sets;       /* per set, likewise for names in it */
    uint8_t *dated_sets;       /* per set: may hold other things on another day */
    rb_id *dated;              /* conditions on such sets: one per set and fact */
    size_t dated_count;
    rb_id *gaps;               /* those with a condition, regime by regime */
    size_t *gaps_first;        /* per regime, and one more */
    rb_id *claims_facts;       /* the facts claims may say something of */
    size_t claims_facts_count;
    uint64_t claims_regimes;   /* bit per regime that reads one of them */
} decide_index;

/* ---- one evaluation ---- */
typedef struct question_state {
    bool done, tried; /* tried: `alive` knows its rules */
    uint8_t asked; /* kleene */
    bool conflict, otherwise_possible;
    uint8_t leans; /* MEMO_LEANS: a presumption was read */
    uint64_t possible;
} question_state;

typedef struct eval {
    const tk_rulebook *book;
    const decide_index *index;
    const tk_facts *facts;
    tk_setting setting;
    const uint64_t *world;   /* bit per claim */
    uint64_t *counted;       /* bit per rule: counts on the day */
    uint64_t *ranks;         /* bit per rank of a rule: room for an order by name */
    uint64_t *alive;         /* bit per rule: found to apply, or perhaps */
    bool refused;            /* some evidence is */
    bool no_presumptions;
    uint8_t leans;           /* MEMO_LEANS: a presumption was read since the condition in hand was begun */
    const struct eval *fuller; /* the same with presumptions: what leans on none is taken from there; may be NULL */
    bool no_claims;          /* what claims say of facts is left out: unknown */
    bool silent;             /* law alone: nobody says anything of facts from claims, whoever supplied one */
    bool believes;           /* some claim, or a fact from claims that was set */
    const uint64_t *doubtful; /* bit per rule: whether it counts is left open; NULL: of none */
    bool rows_only;          /* figures of the row, not what replaced them */
    tk_value row_value;      /* the one read last in that mode */
    /* memo */
    tk_value *values;        /* per slot */
    uint8_t *value_done;     /* VALUE_DONE: fetched, with MEMO_LEANS: presumed */
    interval *terms;         /* per slot of a number term */
    uint8_t *term_done;
    uint8_t *nodes;          /* per node: cell */
    uint8_t *applies, *stands; /* per rule: cell */
    question_state *questions;
    uint64_t *looked; /* bit per slot whose fact was asked for; the evaluations of a decider share it */
    /* What the last key rested on: filled by keys_verdict, per key. */
    uint64_t *missing, *marks, *missing_rules, *missing_questions; /* bits */
    uint64_t *rest_rules, *rest_questions;                         /* bits */
    uint64_t *presumed;                                            /* bits per slot */
    uint8_t *condition_met, *condition_stage;                      /* per evidence; CONDITION_NONE: not asked */
    tk_str *condition_says;
    rb_id *condition_list;
    size_t condition_count;
    /* One thing replaced for a trial: RB_NONE when nothing is. */
    rb_id trial_slot, trial_evidence;
    tk_value trial_value;
    fact_evidence trial_state;
    tk_decider *decider;
    struct eval *bare;  /* the same without presumptions, begun when first asked for */
    bool bare_ready;
} eval;

enum { CONDITION_NONE = 255 };

enum { CACHE_SETTINGS = 1024 };

/* Which rules count in one setting. */
typedef struct counted_set {
    bool used;
    uint32_t era; /* the stretch of days between two boundaries of the rulebook */
    tk_date known_at;
    tk_law law;
    uint64_t *world; /* exact copy, compared */
    uint64_t *rules;
} counted_set;

enum { COUNTS_NEVER = TK_DATE_MAX };

typedef struct counts_stay {
    bool known, stayed;
    tk_date day;
} counts_stay;

/* What counts.c found of rules that replace others and of stays, in the setting asked last whatever its day. */
typedef struct counts_memo {
    const tk_rulebook *book;
    bool used;
    tk_setting setting;  /* known at and law */
    uint64_t *world;
    tk_date *begins;     /* per rule: the first day on which it counts unstayed, COUNTS_NEVER */
    bool *begins_known;
    counts_stay *stays;  /* per rule, of one day */
} counts_memo;

/* What claims report: their expression, and the regimes whose keys it can matter to. */
typedef struct decide_act {
    rb_id claims;
    uint64_t regimes;
} decide_act;

struct tk_decider {
    const tk_rulebook *book;
    decide_index index;
    tk_arena arena;       /* of the decision handed out */
    tk_arena scratch;     /* of what is thrown away between evaluations */
    size_t world_size;  /* words of a set of claims at most */
    size_t world_words; /* as many as the transaction needs */
    size_t book_words;  /* of these, for the claims that the rulebook knows: what rules count turns on no others */
    size_t rule_words;
    tk_claim_speakers speakers; /* of the transaction */
    bool speakers_contradict;   /* some name another */
    counted_set cache[CACHE_SETTINGS];
    counts_memo counts;
    eval main, main_bare;   /* as asked, and without presumptions */
    eval other, other_bare; /* any other question, likewise */
    eval alone, alone_bare; /* law alone */
    bool alone_ready;       /* it was asked what is asked now, but for claims; below: verdicts or COUNT */
    tk_verdict *alone_verdicts;
    uint64_t *looked;
    uint64_t *world, *world_other, *world_none;
    uint64_t *speaks; /* bit per claim that says something of a fact from claims in this transaction */
    uint64_t *named;
    decide_act *acts; /* of what is named */
    size_t acts_count;
    /* The rules that may count, or not, because of a claim; because practice is left out: bits, a row per claim. */
    uint64_t *claim_rules, *practice_rules;
    uint64_t *claims_rules; /* because of any claim */
    tk_decision decision;
    tk_rule_trace *traces;
    size_t traces_count;
    void *blocks;         /* one allocation for all arrays above */
};

/* index.c */
void index_make(decide_index *index, const tk_rulebook *book);

/* Somebody always sells, and somebody always uses it in the end (S1). */
static inline bool facts_role_present(const tk_facts *facts, unsigned role)
{
    return ((facts->roles | 1U << RB_ROLE_SELLER | 1U << RB_ROLE_END_USER) >> role & 1) != 0;
}

/* What the record says of a slot, or NULL: a record that says nothing leaves room for a presumption. */
static inline const tk_value *facts_row(const tk_facts *facts, rb_id slot)
{
    const tk_value *row = &facts->said[facts->places[slot].row];
    return facts->places[slot].row != 0 && row->known != TK_UNKNOWN ? row : NULL;
}

/* counts.c */
const uint64_t *counts_find(tk_decider *decider, const tk_setting *setting, const uint64_t *world);
/* Is there a limit that counts only when the claim is believed? */
bool counts_limit_hangs(const tk_rulebook *book, rb_id claim);
/* Fills claim_rules, claims_rules and practice_rules. */
void counts_reach(tk_decider *decider);
bool counts_act_visible(const tk_rulebook *book, const rb_act *act, const tk_setting *setting, const uint64_t *world);
bool counts_act_on(const tk_rulebook *book, const rb_act *act, const tk_setting *setting, const uint64_t *world);
bool counts_claims_hold(const tk_rulebook *book, rb_id expr, tk_date known_at, const uint64_t *world);
typedef enum counts_why {
    COUNTS_YES = 0, COUNTS_NOT_PUBLISHED, COUNTS_TEXT_ONLY, COUNTS_NOT_BELIEVED, COUNTS_NOT_IN_FORCE, COUNTS_REPLACED
} counts_why;
/* Why a rule counts or not, and which one replaced it. */
counts_why counts_rule(tk_decider *decider, rb_id rule, const tk_setting *setting, const uint64_t *world,
                       rb_id *replaced_by);

/* evaluate.c */
void eval_begin(eval *e, const tk_rulebook *book, const tk_facts *facts, const tk_setting *setting,
                const uint64_t *world, const uint64_t *counted, bool no_presumptions);
const tk_value *eval_value_new(eval *e, rb_id slot);
static inline const tk_value *eval_value(eval *e, rb_id slot)
{
    if (e->value_done[slot] == 0 || e->rows_only)
        return eval_value_new(e, slot);
    e->leans |= e->value_done[slot];
    return &e->values[slot];
}
/* Set, supplied or looked up: not presumed and not computed. */
bool eval_given(const eval *e, rb_id slot, tk_value *out);
/* Of a fact `from claims`: do the claims say something of it, and nobody else? */
bool eval_from_claims(const eval *e, rb_id slot);
/* Is something known of it, perhaps only by presumption or term? */
bool eval_known(eval *e, rb_id slot);
interval eval_number(eval *e, rb_id num);
/* Conditions, rules and questions are asked for again and again: by rules, by what is missing, by the reasons. */
uint8_t eval_node_new(eval *e, rb_id node);
static inline kleene eval_node(eval *e, rb_id node)
{
    uint8_t cell = e->nodes[node] == K_NOT_YET ? eval_node_new(e, node) : e->nodes[node];
    e->leans |= cell;
    return (kleene)(cell & MEMO_KLEENE);
}
uint8_t eval_applies_new(eval *e, rb_id rule);
static inline kleene eval_applies(eval *e, rb_id rule)
{
    uint8_t cell = e->applies[rule] == K_NOT_YET ? eval_applies_new(e, rule) : e->applies[rule];
    e->leans |= cell;
    return (kleene)(cell & MEMO_KLEENE);
}
uint8_t eval_stands_new(eval *e, rb_id rule);
static inline kleene eval_stands(eval *e, rb_id rule)
{
    uint8_t cell = e->stands[rule] == K_NOT_YET ? eval_stands_new(e, rule) : e->stands[rule];
    e->leans |= cell;
    return (kleene)(cell & MEMO_KLEENE);
}
void eval_question_new(eval *e, rb_id question);
static inline const question_state *eval_question(eval *e, rb_id question)
{
    if (!e->questions[question].done)
        eval_question_new(e, question);
    e->leans |= e->questions[question].leans;
    return &e->questions[question];
}
fact_evidence eval_evidence(const eval *e, rb_id evidence);
tk_met eval_requirement(const eval *e, const rb_require *require);
/* The slot whose value is really unknown behind a presumption ("parent_hq" presumed "hq": hq). */
rb_id eval_root_slot(eval *e, rb_id slot);
static inline bool eval_counts(const eval *e, rb_id rule)
{
    return (e->counted[rule / 64] >> (rule % 64) & 1) != 0;
}
/* The rules with an answer to a question that may apply: a word of their bits. Only once the question was evaluated. */
static inline uint64_t eval_live_rules(const eval *e, rb_id question, size_t word)
{
    return e->index->question_rules[question * e->index->rule_words + word]
           & (e->questions[question].tried ? e->alive[word] : e->counted[word]);
}
/* How many bits are set: mostly a few in the first words. */
static inline size_t bits_count(const uint64_t *bits, size_t words)
{
    size_t count = 0;
    for (size_t i = 0; i < words; i++)
        for (uint64_t word = bits[i]; word != 0; word &= word - 1)
            count++;
    return count;
}
/* The lowest bit, taken out of *bits. */
static inline rb_id bits_take(uint64_t *bits)
{
    rb_id at = (rb_id)__builtin_ctzll(*bits);
    *bits &= *bits - 1;
    return at;
}
void eval_quotient_parts(eval *e, rb_id divide, interval *a, interval *b);
/* A quotient whose divisor is `none`. */
bool eval_not_computable(eval *e, rb_id num);

/* missing.c: adds to the bits of `slots`; `marks` gets number terms that are not computable. */
typedef struct missing_ctx {
    eval *e;
    eval *asked_by; /* which questions are asked: the evaluation with presumptions */
    uint64_t *slots, *marks;
    uint64_t *rules, *questions; /* seen */
    /* Only presumed facts are sought: what this evaluation found without leaning on a presumption is left alone, since
     * all that is unknown below it is unknown with presumptions too. NULL: everything is sought. */
    const eval *settled;
} missing_ctx;
void missing_question(missing_ctx *m, rb_id question);
/* What leaves it open whether something not modelled, or a refused duty, closes the key. */
void missing_gaps(missing_ctx *m, const rb_regime *regime);
/* Unknown scope of the regime, and the gaps unless the key is closed anyway. */
void missing_scope(missing_ctx *m, const rb_regime *regime, bool closed);
/* Everything unknown in a key: its scope, the asked questions, gaps and duties. A closed key stays closed whatever else
 * is unknown: then only the other questions miss something. */
void missing_key(missing_ctx *m, const rb_regime *regime, bool closed);

/* The regimes that a claim can matter to: those that name it, and where it speaks of a fact, those that read one. */
static inline uint64_t decide_claim_regimes(const tk_decider *d, rb_id claim)
{
    bool speaks = (d->speaks[claim / 64] >> (claim % 64) & 1) != 0;
    uint64_t names = claim < d->book->claims_count ? d->book->claims[claim].regimes : 0;
    return names | (speaks ? d->index.claims_regimes : 0);
}

/* keys.c */
typedef struct key_state {
    kleene touched;
    tk_basis basis;
    bool before_covers, after_read;
    bool refused_unsure; /* a presumption the key perhaps rests on was refused */
    uint64_t possible;   /* answers of the key with gaps and failed duties */
    bool conflict;
    bool claims_conflict;
    rb_id claim_a, claim_b;
    tk_verdict verdict;
} key_state;
/* The verdict, and in `e` what it rests on: conditions, presumed facts, rules. Allocates nothing. */
void keys_verdict(eval *e, const rb_regime *regime, key_state *out);
/* Marks the rules that give the possible answers of a question, and those of the questions they read. */
void keys_rest(eval *e, rb_id question);
/* Fills e->presumed: what `missing` would name if all presumptions were taken away at once. */
void keys_presumed(eval *e, const rb_regime *regime);
/* The same evaluation without presumptions. */
eval *keys_bare(eval *e);
/* Fills missing and marks; only where somebody reads them. */
void keys_find_missing(eval *e, const rb_regime *regime, const key_state *state);
typedef struct overall_state {
    bool touched;
    tk_verdict verdict;
} overall_state;
overall_state keys_overall(eval *e);
tk_met keys_evidence_met(const eval *e, rb_id evidence);

/* reasons.c */
tk_status reasons_key(tk_decider *decider, eval *e, const rb_regime *regime, const key_state *state, unsigned flags,
                      tk_key_decision *out);
tk_because reasons_because(tk_decider *decider, eval *e, rb_id node);
tk_rule_fate reasons_fate(eval *e, rb_id index);
typedef struct because_list {
    tk_because *items;
    size_t count, size;
} because_list;
/* The comparisons below a node that have the wanted value (or all of them). */
void reasons_collect(tk_decider *decider, eval *e, rb_id node, int wanted, because_list *list);

/* compare.c */
void compare_key(tk_decider *decider, const tk_facts *facts, const tk_setting *setting, const rb_regime *regime,
                 const key_state *state, tk_key_decision *out);
void compare_changes(tk_decider *decider, const tk_facts *facts, const tk_setting *setting, overall_state now);

#endif
