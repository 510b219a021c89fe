/* SPDX-License-Identifier: Apache-2.0 */
/* check.h: from statements to the model. Private to the check_*.c files and compile.c.
 *
 * Order of the passes (each needs only what the earlier ones made):
 *   regimes and files > vocabulary > evidence names > facts and number terms > roles, sets, terms, questions (names)
 *   > sets > terms > presumptions > questions > rules, limits, gaps > the checks of S8 > examples.
 * A pass goes on after a mistake so that one run shows all of them; nothing is used after `errors` became non-zero.
 */
#ifndef TK_RULEBOOK_CHECK_H
#define TK_RULEBOOK_CHECK_H

#include "rulebook/messages.h"
#include "rulebook/model.h"

typedef enum check_kind {
    CHECK_NOTHING = 0,
    CHECK_FACT,
    CHECK_QUESTION,
    CHECK_TERM,  /* yes/no term */
    CHECK_SET,
    CHECK_ROLES,
    CHECK_RULE,
    CHECK_LIMIT
} check_kind;

typedef struct check_symbol {
    tk_str name;
    uint16_t regime; /* UINT16_MAX: common, seen by all */
    check_kind kind;
    rb_id id;        /* FACT slot, QUESTION, RULE, LIMIT index; TERM, SET, ROLES: index into the arrays below */
    ast_pos pos;
} check_symbol;

/* How large something is when the terms and sets it names are written out: what following it costs. */
typedef struct check_size {
    uint32_t parts, height;
} check_size;

/* A set or yes/no term while it is being made. */
typedef struct check_named {
    const ast_stmt *stmt;
    uint8_t state;   /* 0 not begun, 1 being made, 2 made, 3 has a mistake */
    enum { CHECK_SET_PLACES = 1, CHECK_SET_IDS, CHECK_SET_WORDS } kind;
    rb_id made;      /* set or node */
    check_size size;
} check_named;

typedef struct check_roles {
    uint32_t mask;
} check_roles;

typedef struct check_ctx {
    tk_rulebook *book;
    tk_messages *messages;
    const tk_vocabulary *vocabulary;
    ast_stmt *first;
    tk_arena *scratch;
    check_symbol *symbols;   /* open addressing */
    size_t symbols_count, symbols_size;
    check_named *sets, *terms;
    size_t sets_count, terms_count;
    check_roles *roles;
    size_t roles_count;
    check_size size;         /* of the condition being made, so far */
    uint8_t *decimals;       /* per slot of a number: decimals it has at most, 0: not found yet; NULL before terms */
    int terms_open;          /* terms that are being made */
    size_t sets_finished;    /* sets of the book that know already which places they ever speak of */
    uint64_t rows_compared;  /* steps taken to compare rows of sets */
    bool stopped;            /* over a limit: what follows would say nothing of use */
} check_ctx;

/* Where an expression stands: names of which regime, attributes of which party. */
typedef struct check_scope {
    uint16_t regime;
    int role; /* -1: none */
    bool in_limit; /* products are allowed */
} check_scope;

#define CHECK_ERROR(ctx, pos, ...) tk_messages_add((ctx)->messages, TK_SEVERITY_ERROR, (pos), __VA_ARGS__)
#define CHECK_WARN(ctx, pos, ...) tk_messages_add((ctx)->messages, TK_SEVERITY_WARNING, (pos), __VA_ARGS__)
#define CHECK_NOTE(ctx, pos, ...) tk_messages_add((ctx)->messages, TK_SEVERITY_NOTE, (pos), __VA_ARGS__)

/* check_symbols.c */
void check_symbol_add(check_ctx *ctx, check_symbol symbol);
const check_symbol *check_symbol_get(const check_ctx *ctx, uint16_t regime, tk_str name);
/* By the rules of scope: the bound party's fact, a fact, the own regime's name, a common one, "regime.name". */
const check_symbol *check_resolve(check_ctx *ctx, check_scope scope, tk_str name);
/* "; did you mean 'x'?" or "", in the scratch arena. */
const char *check_did_you_mean(check_ctx *ctx, tk_nearest nearest);
const char *check_nearest_symbol(check_ctx *ctx, check_scope scope, tk_str name, unsigned kinds);
rb_id check_fact(const check_ctx *ctx, tk_str name);
rb_id check_evidence(const check_ctx *ctx, tk_str name);

/* check_declare.c */
void check_regimes(check_ctx *ctx);
void check_vocabulary(check_ctx *ctx);
void check_evidence_names(check_ctx *ctx);
void check_facts(check_ctx *ctx);
void check_names(check_ctx *ctx);
void check_presumptions(check_ctx *ctx);
bool check_date(check_ctx *ctx, ast_pos pos, tk_str text, tk_date *out);
bool check_stage(check_ctx *ctx, const ast_requires *requires, rb_stage *out);

/* check_exprs.c, also for sets: adds what a named thing costs; false when that is more than limits.h allows. */
void check_size_add(check_size *into, check_size of);
bool check_size_fits(check_size size);

/* check_sets.c */
void check_sets(check_ctx *ctx);
rb_id check_place_set(check_ctx *ctx, check_scope scope, const ast_set *set, int depth);
rb_id check_name_set(check_ctx *ctx, check_scope scope, const ast_set *set, rb_name_kind kind, int depth);
/* The words of a set as a mask over `words`; false after a message. */
bool check_word_mask(check_ctx *ctx, check_scope scope, const ast_set *set, const tk_str *words, size_t words_count,
                     tk_str of_what, uint64_t *mask, int depth);
bool check_word(check_ctx *ctx, ast_pos pos, tk_str word, const tk_str *words, size_t words_count, tk_str of_what,
                size_t *index);
bool check_id(check_ctx *ctx, ast_pos pos, tk_str id, rb_name_kind kind);
const tk_str *check_cites(check_ctx *ctx, const ast_cite *cites, size_t *count, bool *unverified);

/* check_rows.c: refuses a row of a set that contradicts one of the `count` rows before it; false after a message. */
bool check_rows(check_ctx *ctx, const rb_row *rows, const ast_row *const *sources, size_t count, bool places);

/* check_exprs.c */
rb_id check_condition(check_ctx *ctx, check_scope scope, const ast_expr *expr);
rb_id check_number(check_ctx *ctx, check_scope scope, const ast_expr *expr, bool *is_date, int *unit);
void check_terms(check_ctx *ctx);
bool check_value(check_ctx *ctx, rb_id slot, const ast_value *value, tk_value *out);

/* check_rules.c */
void check_questions(check_ctx *ctx);
void check_rules(check_ctx *ctx);
/* check_laws.c: the refusals and reports of S8 that need everything. */
void check_laws(check_ctx *ctx);
/* check_examples.c */
void check_examples(check_ctx *ctx);

/* Growing the model's arrays; when memory ran out the arena says so, and the answer is 0. */
rb_id check_add_node(check_ctx *ctx, rb_node node);
rb_id check_add_num(check_ctx *ctx, rb_num num);
rb_id check_add_set(check_ctx *ctx, rb_set set);
rb_id check_add_children(check_ctx *ctx, const rb_id *ids, size_t count);
rb_id check_add_claim_expr(check_ctx *ctx, rb_claim_expr expr);

#endif
