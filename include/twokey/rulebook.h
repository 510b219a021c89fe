/* SPDX-License-Identifier: Apache-2.0 */
/* twokey/rulebook.h: from the text of the law to a compiled rulebook. The language: docs/rulebook-language.md.
 *
 * A rulebook is compiled once from all its files together and read-only after that: any number of threads may
 * decide with it. It copies what it needs; sources and vocabulary may be freed after compiling.
 *
 *     tk_rulebook *book = NULL;
 *     tk_messages *messages = NULL;
 *     tk_status status = tk_rulebook_compile(sources, count, &vocabulary, &book, &messages, &err);
 *     // TK_ERR_INPUT: messages hold every complaint, with file, line, column and caret
 *     tk_messages_free(messages);
 *     tk_rulebook_free(book);
 */
#ifndef TWOKEY_RULEBOOK_H
#define TWOKEY_RULEBOOK_H

#include "twokey/base.h"
#include "twokey/value.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct tk_rulebook tk_rulebook;
typedef struct tk_messages tk_messages;

/* One file of rulebook text. `name` is shown in messages ("us/items.rules"). UTF-8; a byte-order mark is skipped. */
typedef struct tk_source {
    tk_str name, text;
} tk_source;

/* Dated membership of a place in a country group ("KH", "D:5", out, 2025-11-07, …). */
typedef struct tk_group_row {
    tk_str place, group;
    bool in;             /* a row of sign out ends a membership */
    tk_date from, to;    /* both included; TK_DATE_MIN / MAX: open */
    tk_date published;   /* known from this day on; TK_DATE_MIN: always */
    tk_str cites;
    bool unverified;     /* low confidence: marks every decision that rests on it */
} tk_group_row;

/* A claim that rules may name in `reported by`: only what deciding needs of it. */
typedef struct tk_claim_row {
    tk_str id;
    tk_date published;        /* report date; a partial date counts from its last day */
    tk_str says;              /* one sentence, for people */
    const tk_str *contradicts; /* ids of claims that cannot be true at the same time */
    size_t contradicts_count;
} tk_claim_row;

/* Everything rules may name that is not in the rules themselves. Lists may be empty; when items or parties are
 * given, ids in rules are checked against them. */
typedef struct tk_vocabulary {
    const tk_str *places; /* codes, each once */
    size_t places_count;
    const tk_group_row *groups;
    size_t groups_count;
    const tk_claim_row *claims;
    size_t claims_count;
    /* Looks up a claim that a rule or an example names and `claims` does not have; NULL: there are no others. The row
     * must last until the rulebook is compiled. */
    bool (*find_claim)(void *ctx, tk_str id, tk_claim_row *row);
    void *find_claim_ctx;
    const tk_str *items;
    size_t items_count;
    const tk_str *products;
    size_t products_count;
    const tk_str *parties;
    size_t parties_count;
} tk_vocabulary;

typedef enum tk_severity {
    TK_SEVERITY_ERROR = 1,
    TK_SEVERITY_WARNING,
    TK_SEVERITY_NOTE
} tk_severity;

typedef struct tk_message {
    tk_severity severity;
    tk_str file;
    uint32_t line, column, width; /* width of the underlined part, at least 1 */
    tk_str text;                  /* "unknown fact 'item.tp'; did you mean 'item.tpp'?" */
    tk_str excerpt;               /* the source line, control characters made visible */
} tk_message;

/* Compiles. On TK_ERR_INPUT or TK_ERR_LIMIT *out stays NULL and *messages says why; on TK_OK *messages holds
 * warnings and notes. *messages is owned by the caller. */
TK_EXPORT TK_MUST_USE tk_status tk_rulebook_compile(const tk_source *sources, size_t sources_count,
                                                    const tk_vocabulary *vocabulary, tk_rulebook **out,
                                                    tk_messages **messages, tk_err *err);
TK_EXPORT void tk_rulebook_free(tk_rulebook *book);

TK_EXPORT size_t tk_messages_count(const tk_messages *messages);
TK_EXPORT const tk_message *tk_messages_get(const tk_messages *messages, size_t index);
TK_EXPORT void tk_messages_free(tk_messages *messages);

/* SHA-256 (64 hex digits) over the names and texts of all sources in order of name. */
TK_EXPORT tk_str tk_rulebook_hash(const tk_rulebook *book);
/* The newest publication of any rule, set row or named claim: the default of `known at`. */
TK_EXPORT tk_date tk_rulebook_known_at(const tk_rulebook *book);

/* --- what the rulebook declares; all text is borrowed from the rulebook --- */

typedef struct tk_regime_info {
    tk_str id, title;
    tk_date covers_from, covers_to, read_to;
} tk_regime_info;
TK_EXPORT size_t tk_rulebook_regime_count(const tk_rulebook *book);
TK_EXPORT tk_regime_info tk_rulebook_regime(const tk_rulebook *book, size_t index);

/* Facts are numbered slots; a party fact has one slot per role ("end_user.hq"). */
typedef struct tk_fact_info {
    tk_str name;
    tk_type type;
    tk_str unit;             /* "" when none */
    tk_str asks;             /* the question text of an open point of law, else "" */
    const tk_str *words;     /* TK_TYPE_WORD and TK_TYPE_WORDS: the declared words */
    size_t words_count;
    bool presumed;           /* a presumption is declared */
    bool from_claims;
    int32_t holds;           /* days that a report holds; 0: until the next one */
    bool is_term;            /* computed by a term of the rulebook unless supplied */
} tk_fact_info;
TK_EXPORT size_t tk_rulebook_fact_count(const tk_rulebook *book);
TK_EXPORT tk_fact_info tk_rulebook_fact(const tk_rulebook *book, size_t slot);
/* SIZE_MAX when there is none; then *nearest (may be NULL) is the nearest name or empty. */
TK_EXPORT size_t tk_rulebook_find_fact(const tk_rulebook *book, tk_str name, tk_str *nearest);
/* Reads "4800", "6 TB/s", "?", "none", "3610 .. 6080", "400000 ..", "2026" (a partial date is bounds),
 * "CN", "platform;cloud", "platform;?" for the fact's type. Ids are kept as borrowed text. */
TK_EXPORT TK_MUST_USE tk_status tk_rulebook_read_value(const tk_rulebook *book, size_t slot, tk_str text,
                                                       tk_value *out, tk_err *err);
enum { TK_VALUE_TEXT_MAX = 1280 };
/* The same text form back: numbers without unit, dates YYYY-MM-DD, words joined by ";". Returns the length. */
TK_EXPORT size_t tk_rulebook_write_value(const tk_rulebook *book, size_t slot, const tk_value *value,
                                         char out[TK_VALUE_TEXT_MAX]);

TK_EXPORT size_t tk_rulebook_place_count(const tk_rulebook *book);
TK_EXPORT tk_str tk_rulebook_place(const tk_rulebook *book, uint32_t place);
/* Is `place` in `group` ("D:5", or the name of a set of a regime as "us.s-ac") on a day, as known on another? */
TK_EXPORT bool tk_rulebook_place_in(const tk_rulebook *book, uint32_t place, tk_str group, tk_date as_of,
                                    tk_date known_at);

/* Names that evidence may show: conditions of rules and presumptions, limits, `evidence has` names, and
 * "<regime>.licence". SIZE_MAX and *nearest as above. */
TK_EXPORT size_t tk_rulebook_find_evidence(const tk_rulebook *book, tk_str name, tk_str *nearest);
TK_EXPORT size_t tk_rulebook_evidence_count(const tk_rulebook *book);
TK_EXPORT tk_str tk_rulebook_evidence(const tk_rulebook *book, size_t index);
/* What it shows, in the words of the first statement that asks for it; "" where none does. */
TK_EXPORT tk_str tk_rulebook_evidence_says(const tk_rulebook *book, size_t index);

TK_EXPORT size_t tk_rulebook_find_claim(const tk_rulebook *book, tk_str id, tk_str *nearest);
TK_EXPORT size_t tk_rulebook_claim_count(const tk_rulebook *book);
/* Numbers from here on are free for claims that the rulebook does not know: tk_claim_speaker. A multiple of 64. */
TK_EXPORT size_t tk_rulebook_claims_end(const tk_rulebook *book);
TK_EXPORT tk_str tk_rulebook_claim(const tk_rulebook *book, size_t index);
/* Does a rule or a limit name it? When was it published? */
TK_EXPORT bool tk_rulebook_claim_named(const tk_rulebook *book, size_t index);
TK_EXPORT tk_date tk_rulebook_claim_published(const tk_rulebook *book, size_t index);

/* Rules in order of file and line. */
typedef enum tk_rule_kind {
    TK_RULE_LAW = 1,
    TK_RULE_PRACTICE,
    TK_RULE_REPORTED
} tk_rule_kind;
/* A span of days, both included; TK_DATE_MIN / MAX: open. */
typedef struct tk_span {
    tk_date from, to;
} tk_span;
typedef struct tk_rule_info {
    tk_str regime, name, title;
    tk_rule_kind kind;
    tk_str question;      /* "" for a rule that answers nothing itself */
    tk_str answer;        /* "" likewise */
    const tk_str *cites;  /* an unverified citation ends in " (unverified)" */
    size_t cites_count;
    tk_date published;    /* TK_DATE_MIN for reported rules without ids */
    tk_str text;          /* the whole statement as written */
    tk_str file;
    uint32_t line, last_line;
    bool always;          /* has no `when` */
    const tk_span *spans; /* in force */
    size_t spans_count;
    const uint32_t *targets, *exceptions, *replaced_by; /* rules: excepted by this one, excepting it, replacing it */
    size_t targets_count, exceptions_count, replaced_by_count;
} tk_rule_info;
TK_EXPORT size_t tk_rulebook_rule_count(const tk_rulebook *book);
TK_EXPORT tk_rule_info tk_rulebook_rule(const tk_rulebook *book, size_t index);
/* Does the rule require this piece of evidence (tk_rulebook_find_evidence), in some case at least? */
TK_EXPORT bool tk_rulebook_rule_requires(const tk_rulebook *book, size_t index, size_t evidence);

/* Every statement that names something, in order of file and line: what a table of provisions may point at. */
typedef enum tk_declared_kind {
    TK_DECLARED_REGIME = 1,
    TK_DECLARED_ROLES,
    TK_DECLARED_FACT,
    TK_DECLARED_SET,
    TK_DECLARED_TERM,
    TK_DECLARED_QUESTION,
    TK_DECLARED_RULE,
    TK_DECLARED_LIMIT,
    TK_DECLARED_GAP /* not modelled */
} tk_declared_kind;
typedef struct tk_declared {
    tk_declared_kind kind;
    tk_str regime; /* "" for what every regime sees */
    tk_str name;   /* "item-a", "item.tpp"; of what is not modelled its title */
    tk_str text;   /* the whole statement as written */
    tk_str file;
    uint32_t line;
} tk_declared;
TK_EXPORT size_t tk_rulebook_declared_count(const tk_rulebook *book);
TK_EXPORT tk_declared tk_rulebook_declared(const tk_rulebook *book, size_t index);

#ifdef __cplusplus
}
#endif
#endif
