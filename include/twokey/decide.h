/* SPDX-License-Identifier: Apache-2.0 */
/* twokey/decide.h: one transaction, every key, with reasons.
 *
 * A decision is a function of (facts, evidence, rulebook, as of, known at, law, world) and of nothing else.
 * A tk_decider holds the memory of one thread; after its first decisions it allocates nothing. Everything a
 * decision points at lives until the next call with the same decider, or until the rulebook is freed.
 *
 *     tk_decider *decider = NULL;
 *     tk_facts *facts = NULL;
 *     if (tk_decider_new(book, &decider, &err) == TK_OK && tk_facts_new(book, &facts, &err) == TK_OK) {
 *         tk_facts_set(facts, slot, value, TK_FACT_SUPPLIED);
 *         tk_setting setting = {.as_of = day, .known_at = tk_rulebook_known_at(book)};
 *         const tk_decision *decision;
 *         status = tk_decide(decider, facts, &setting, 0, &decision, &err);
 *     }
 */
#ifndef TWOKEY_DECIDE_H
#define TWOKEY_DECIDE_H

#include "twokey/base.h"
#include "twokey/rulebook.h"
#include "twokey/value.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef enum tk_law {
    TK_LAW_ENFORCED = 0, /* rules of kind practice count */
    TK_LAW_TEXT          /* they do not */
} tk_law;

typedef struct tk_setting {
    tk_date as_of, known_at;
    tk_law law;
    const uint32_t *claims; /* indices of believed claims (tk_rulebook_find_claim, tk_claim_speaker), in any order */
    size_t claims_count;
} tk_setting;

/* --- facts of one transaction --- */

typedef struct tk_facts tk_facts;
typedef enum tk_fact_origin {
    TK_FACT_ROW = 1,  /* from a catalogue, a list, the party file: what is on record */
    TK_FACT_SUPPLIED  /* said with the transaction, or by --fact: replaces what is on record */
} tk_fact_origin;

/* Looked up when no value was set; false: nothing known from here either. Must give the same answer each time. */
typedef bool (*tk_fact_lookup)(void *ctx, size_t slot, tk_value *out);

/* A claim that says something of a fact `from claims` in this transaction. One that the rulebook does not know has a
 * number of its own, from tk_rulebook_claims_end on. */
typedef struct tk_claim_speaker {
    tk_str id;
    uint32_t claim; /* index of tk_rulebook_find_claim, or that number */
    tk_date event;  /* the first day it is about */
    const uint32_t *contradicts; /* likewise: claims that say, or of which it says, that both cannot be true */
    size_t contradicts_count;
} tk_claim_speaker;

typedef struct tk_claim_speakers {
    const tk_claim_speaker *list; /* by id */
    size_t count;
    size_t end; /* every number is below it; at most TK_WORLD_CLAIMS_MAX beyond tk_rulebook_claims_end */
} tk_claim_speakers;

/* What believed claims say of the facts `from claims`, for the one transaction that the facts are about. All calls
 * must give the same answer each time, and may ask tk_facts_get. `world`: a bit per claim, by its index or number. */
typedef struct tk_claims_source {
    void *ctx;
    /* False: nobody says anything. True with an unknown value: what is said settles nothing. */
    bool (*say)(void *ctx, const tk_facts *facts, size_t slot, const tk_setting *setting, const uint64_t *world,
                tk_value *out);
    /* Those known at setting->known_at and not superseded. */
    tk_claim_speakers (*speak)(void *ctx, const tk_facts *facts, const tk_setting *setting);
    /* False: whoever believes this speaker beside the world hears the same of every fact. May be NULL: perhaps not. */
    bool (*tells)(void *ctx, const tk_facts *facts, const tk_setting *setting, const uint64_t *world,
                  size_t speaker);
} tk_claims_source;

TK_EXPORT TK_MUST_USE tk_status tk_facts_new(const tk_rulebook *book, tk_facts **out, tk_err *err);
TK_EXPORT void tk_facts_free(tk_facts *facts);
/* Forgets everything; keeps the memory. */
TK_EXPORT void tk_facts_clear(tk_facts *facts);
/* Supplied beats row. A supplied unknown (`?`) switches a presumption off. */
TK_EXPORT void tk_facts_set(tk_facts *facts, size_t slot, tk_value value, tk_fact_origin origin);
/* A fact of which part is known, in place of the rulebook's own presumption: `presumed` where presumptions are made,
 * `bare` where they are not, which says the same or less. A decision that needs the difference rests on a presumption,
 * and its duties join the conditions: a party that was run against some lists is on none of the others by presumption
 * alone. For sets of words; supplied and row beat it. */
TK_EXPORT void tk_facts_presume(tk_facts *facts, size_t slot, tk_value presumed, tk_value bare);
TK_EXPORT void tk_facts_set_lookup(tk_facts *facts, tk_fact_lookup lookup, void *ctx);
/* Borrowed until the facts are cleared. */
TK_EXPORT void tk_facts_set_claims(tk_facts *facts, const tk_claims_source *source);
/* What was set for a slot, supplied before row; false: nothing. */
TK_EXPORT bool tk_facts_get(const tk_facts *facts, size_t slot, tk_value *out);
/* A role that is named takes part in `any`, `every`, `no`; seller and end user always do. */
TK_EXPORT void tk_facts_name_role(tk_facts *facts, tk_str role);
typedef enum tk_evidence_state {
    TK_EVIDENCE_HELD = 1,
    TK_EVIDENCE_REFUSED
} tk_evidence_state;
/* `date` TK_DATE_MIN: no date known. The last word on a name counts. */
TK_EXPORT void tk_facts_set_evidence(tk_facts *facts, size_t evidence, tk_evidence_state state, tk_date date);

/* --- the decision --- */

/* Verdict of a key, best to worst; of several keys together the worst counts. */
typedef enum tk_verdict {
    TK_VERDICT_OPEN = 0,
    TK_VERDICT_CONDITIONAL,
    TK_VERDICT_LICENCE,
    TK_VERDICT_UNDETERMINED,
    TK_VERDICT_CONFLICT,
    TK_VERDICT_CLOSED,
    TK_VERDICT_COUNT
} tk_verdict;

typedef enum tk_basis {
    TK_BASIS_LAW = 0,
    TK_BASIS_PRACTICE,
    TK_BASIS_REPORTED
} tk_basis;

typedef enum tk_met {
    TK_MET_YES = 0,
    TK_MET_NO,
    TK_MET_FAILED
} tk_met;

typedef struct tk_because {
    tk_str fact;   /* "item.tpp" */
    tk_str value;  /* "15832", "?" */
    tk_str test;   /* ">= 4800" */
    tk_str margin; /* "11032"; "" where a margin means nothing */
    bool holds;
    bool unknown;  /* the comparison could not be settled */
} tk_because;

typedef struct tk_reason {
    tk_str rule, says, question, answer;
    const tk_str *cites;
    size_t cites_count;
    const tk_because *because;
    size_t because_count;
    tk_rule_kind kind;
    bool decides; /* among the rules that give the key's answer */
} tk_reason;

typedef struct tk_condition {
    tk_str name, says, stage; /* stage: "before order", "before ship", "after delivery" */
    tk_met met;
} tk_condition;

typedef struct tk_answer {
    tk_str question, answer;  /* answer "undetermined" when several are possible, "conflict" when rules disagree */
    const tk_str *possible;   /* the answers still possible (one when determined) */
    size_t possible_count;
} tk_answer;

typedef struct tk_limit_use {
    tk_str name;
    tk_str amount; /* what this transaction would add, "31664000"; "?" when unknown */
    bool binds;    /* a standing rule requires to stay within it; otherwise it only counts */
    tk_met met;    /* only when it binds */
} tk_limit_use;

typedef struct tk_strs {
    const tk_str *items;
    size_t count;
} tk_strs;

typedef struct tk_key_decision {
    tk_str regime;
    tk_verdict verdict;
    tk_basis basis;
    const tk_answer *answers;       size_t answers_count;     /* asked questions, by name */
    const tk_reason *reasons;       size_t reasons_count;     /* by rule name */
    const tk_condition *conditions; size_t conditions_count;  /* by name */
    const tk_limit_use *limits;     size_t limits_count;      /* by name */
    tk_strs missing, presumed, not_modelled, if_reported;     /* by name */
    bool law_differs;               /* text and practice give this key different verdicts */
    tk_verdict other_law_verdict;   /* the verdict under the other law, when law_differs */
} tk_key_decision;

typedef enum tk_change_kind {
    TK_CHANGE_DATE = 1,
    TK_CHANGE_FACT,
    TK_CHANGE_EVIDENCE,
    TK_CHANGE_AUTHORISATION,
    TK_CHANGE_REPORT
} tk_change_kind;

/* One single change after which the overall verdict is another. Checked by deciding again. */
typedef struct tk_change {
    tk_change_kind kind;
    tk_str name;   /* "as_of", a fact, a piece of evidence, "us.licence", a claim */
    tk_str value;  /* "2026-01-15", "yes", "nac-notice@2026-02-05", … */
    bool touched;  /* false: no modelled regime is touched any more */
    tk_verdict verdict; /* of the worst key after the change */
} tk_change;

typedef struct tk_decision {
    bool touched;       /* false: outside every modelled regime; verdict is then undetermined */
    tk_verdict verdict; /* of the worst key */
    const tk_key_decision *keys;   size_t keys_count;    /* by regime id; a key not touched is absent */
    const tk_change *would_change; size_t would_change_count;
} tk_decision;

enum {
    TK_DECIDE_COMPARE = 1,      /* fill if_reported and law_differs */
    TK_DECIDE_WOULD_CHANGE = 2, /* fill would_change */
    TK_DECIDE_EXPLAIN = 4       /* reasons also for rules that were defeated or blocked by an unknown */
};

typedef struct tk_decider tk_decider;
TK_EXPORT TK_MUST_USE tk_status tk_decider_new(const tk_rulebook *book, tk_decider **out, tk_err *err);
TK_EXPORT void tk_decider_free(tk_decider *decider);
TK_EXPORT TK_MUST_USE tk_status tk_decide(tk_decider *decider, const tk_facts *facts, const tk_setting *setting,
                                          unsigned flags, const tk_decision **out, tk_err *err);

/* Can a claim matter to the key of a regime in the transaction decided last? */
TK_EXPORT bool tk_decider_claim_matters(const tk_decider *decider, size_t claim, size_t regime);
TK_EXPORT const tk_rulebook *tk_decider_rulebook(const tk_decider *decider);
/* The verdict of one key alone (TK_VERDICT_COUNT: not touched); what tk_decide handed out for the same facts stays as
 * it is. Asked again and again with other claims and everything else the same, it is cheapest. */
TK_EXPORT TK_MUST_USE tk_status tk_decide_key(tk_decider *decider, const tk_facts *facts, const tk_setting *setting,
                                              size_t regime, tk_verdict *verdict, tk_err *err);
/* The claims named by a rule, or a limit that a rule requires, whose condition is not false whatever the claims say:
 * with those that speak of a fact, all that the last tk_decide could turn on. A bit per claim; the array belongs to the
 * decider and lives until its next call. */
TK_EXPORT const uint64_t *tk_decider_named_claims(tk_decider *decider, const tk_facts *facts,
                                                     const tk_setting *setting);

/* What rules make of those claims: the acts that tk_decider_named_claims found to count, or not, because of them; what
 * is reported twice by the same claims is one act. The same verdict, as far as named claims go, wherever these are the
 * same. */
TK_EXPORT size_t tk_decider_acts(const tk_decider *decider);
/* Can an act matter to the key of a regime? */
TK_EXPORT bool tk_decider_act_matters(const tk_decider *decider, size_t act, size_t regime);
/* Is a claim believed: 1, 0, or -1: not settled yet. */
typedef int (*tk_claim_belief)(void *ctx, size_t claim);
/* Do the claims of an act hold? Likewise. */
TK_EXPORT int tk_decider_act(const tk_decider *decider, size_t act, tk_claim_belief belief, void *ctx);

/* Did the last decision look at this fact? What it did not look at cannot have changed it: another value would have
 * given the same decision. */
TK_EXPORT bool tk_decider_looked_at(const tk_decider *decider, size_t slot);
/* Did its keys read it, aside from what was compared with them? */
TK_EXPORT bool tk_decider_read(const tk_decider *decider, size_t slot);

/* "open", "conditional", … and for several keys "may-move", "conditions-open", … */
TK_EXPORT tk_str tk_verdict_name(tk_verdict verdict);
TK_EXPORT tk_str tk_verdict_overall_name(tk_verdict verdict);
/* 0, 3, 3, 5, 5, 4. */
TK_EXPORT int tk_verdict_exit_code(tk_verdict verdict);
TK_EXPORT tk_str tk_basis_name(tk_basis basis);

/* --- explain: every rule of a question, whatever became of it --- */
typedef enum tk_rule_fate {
    TK_FATE_STANDS = 1,
    TK_FATE_MAY_STAND,   /* blocked by an unknown */
    TK_FATE_DEFEATED,    /* applies, but an exception stands */
    TK_FATE_NOT_APPLIES, /* its condition is false */
    TK_FATE_FAILED,      /* a condition was refused */
    TK_FATE_NOT_COUNTED  /* not published, not in force, replaced, not believed, practice under --law text */
} tk_rule_fate;
typedef struct tk_rule_trace {
    tk_str regime;
    size_t rule; /* index for tk_rulebook_rule */
    tk_rule_fate fate;
    tk_str why;  /* "in force from 2026-01-15", "replaced by item-a", "defeated by note-2", "" */
    const tk_because *because; size_t because_count;
} tk_rule_trace;
/* Traces of the last tk_decide with TK_DECIDE_EXPLAIN, in rulebook order. */
TK_EXPORT const tk_rule_trace *tk_decider_traces(const tk_decider *decider, size_t *count);

/* --- examples in the rulebook --- */
typedef struct tk_example_result {
    tk_str file, title;
    uint32_t line;
    tk_date as_of;
    bool passed;
    tk_str detail; /* "" or "key: expected open, is licence" */
    const uint8_t *fates; /* per rule (index as for tk_rulebook_rule): tk_rule_fate in this example; 0: not reached */
} tk_example_result;
typedef void (*tk_example_visit)(void *ctx, const tk_example_result *result);
/* Facts on record for an example's items and parties: sets rows for the id given to `item` or a role. Called first
 * with two empty texts, for what belongs to no id: where claims are asked. */
typedef void (*tk_example_rows)(void *ctx, tk_str role_or_item, tk_str id, tk_facts *facts);
TK_EXPORT TK_MUST_USE tk_status tk_rulebook_run_examples(const tk_rulebook *book, tk_example_rows rows,
                                                         void *rows_ctx, tk_example_visit visit, void *visit_ctx,
                                                         tk_err *err);

#ifdef __cplusplus
}
#endif
#endif
