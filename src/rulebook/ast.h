/* SPDX-License-Identifier: Apache-2.0 */
/* ast.h: rulebook text as it was written, before any name has a meaning.
 *
 * Everything lives in the arena of one compilation. Lists are linked through `next` in the order of the text.
 * A position is enough to show the line and put a caret under the right characters.
 */
#ifndef TK_RULEBOOK_AST_H
#define TK_RULEBOOK_AST_H

#include "base/arena.h"

typedef struct ast_pos {
    uint16_t file;
    uint16_t width;
    uint32_t line, column;
    uint32_t offset; /* into the text of the file */
} ast_pos;

/* A token as the grammar hands it around. `end` is the offset behind it. */
typedef struct ast_token {
    int kind;
    ast_pos pos;
    uint32_t end;
    tk_str text; /* for strings: without quotes, escapes resolved */
} ast_token;

typedef struct ast_name {
    struct ast_name *next;
    ast_pos pos;
    tk_str text;
} ast_name;

typedef enum ast_op {
    AST_OR = 1,
    AST_AND,
    AST_NOT,
    AST_EQ, AST_NE, AST_LT, AST_LE, AST_GT, AST_GE, /* order is used: comparisons */
    AST_IN,       /* a in set */
    AST_HAS,      /* a has any of names */
    AST_ANY, AST_EVERY, AST_NO,                     /* names: the group; a: the condition */
    AST_EVIDENCE, /* names: the condition's name */
    AST_PLUS, AST_TIMES, AST_DIVIDE,
    AST_MAX,      /* a: list through next */
    AST_NAME, AST_NUMBER, AST_DATE, AST_DAYS
} ast_op;

typedef struct ast_set {
    enum { AST_SET_NAME = 1, AST_SET_OR, AST_SET_BUT_NOT } op;
    ast_pos pos;
    bool parenthesized;
    tk_str name;
    struct ast_set *a, *b;
} ast_set;

typedef struct ast_expr {
    struct ast_expr *next; /* in a list of arguments */
    ast_op op;
    ast_pos pos;    /* of the operator, or of the leaf */
    uint32_t begin, end; /* the source text it spans */
    bool parenthesized;
    struct ast_expr *a, *b;
    ast_set *set;
    ast_name *names;
    tk_str text;    /* name, number or date as written */
    tk_str unit;
} ast_expr;

typedef struct ast_cite {
    struct ast_cite *next;
    ast_pos pos;
    tk_str text;
    bool unverified;
} ast_cite;

typedef struct ast_span {
    struct ast_span *next;
    ast_pos pos;
    tk_str from, to; /* to empty: open */
} ast_span;

/* A value in an example, or after `presumed`. */
typedef struct ast_value {
    struct ast_value *next; /* in a list */
    ast_pos pos;
    enum { AST_VALUE_WORD = 1, AST_VALUE_UNKNOWN, AST_VALUE_BOUNDS, AST_VALUE_LIST } kind;
    tk_str lo, hi;     /* WORD: lo; BOUNDS: either may be empty */
    tk_str lo_unit, hi_unit;
    struct ast_value *list;
} ast_value;

typedef struct ast_requires {
    struct ast_requires *next;
    ast_pos pos;
    ast_name *name;
    bool within;
    tk_str says;
    tk_str days;       /* empty: no lead time */
    ast_pos days_pos;
    bool after;
    ast_name *stage;
    ast_expr *when;
} ast_requires;

typedef struct ast_row {
    struct ast_row *next;
    ast_pos pos;
    bool out;
    ast_name *names;
    ast_span *span;
    ast_name *published; /* a date */
    ast_cite *cites;
} ast_row;

typedef struct ast_bound {
    ast_pos pos;
    bool strict;       /* less than */
    tk_str number, unit;
    bool or_more;      /* `400000 ..`: known only from below */
    ast_name *fact;
    ast_name *of;      /* share of: shipped | ordered */
    ast_expr *where;
} ast_bound;

typedef struct ast_pair {
    struct ast_pair *next;
    ast_name *name;
    ast_value *value;
} ast_pair;

typedef struct ast_evidence {
    struct ast_evidence *next;
    ast_name *name;
    ast_name *date;
    bool refused;
} ast_evidence;

typedef struct ast_gives {
    struct ast_gives *next;
    ast_pos pos;
    ast_name *name;
    ast_name *sub;     /* condition NAME = … */
    enum { AST_GIVES_IS = 1, AST_GIVES_IN, AST_GIVES_LIST, AST_GIVES_WORD } kind;
    ast_name *values;
} ast_gives;

typedef enum ast_kind {
    AST_COMMON = 1,
    AST_REGIME,
    AST_ROLES,
    AST_FACT,
    AST_SET,
    AST_TERM,
    AST_QUESTION,
    AST_RULE,
    AST_LIMIT,
    AST_NOT_MODELLED,
    AST_EXAMPLE
} ast_kind;

/* One statement. Which members mean something depends on the kind; a clause given twice is told by `clauses`. */
typedef struct ast_stmt {
    struct ast_stmt *next;
    ast_kind kind;
    ast_pos pos;       /* of the keyword */
    uint32_t begin, end;
    ast_name *name;
    tk_str title;
    ast_pos title_pos;
    uint32_t clauses;  /* bit per AST_CLAUSE_… seen */
    bool cut;          /* a mistake ended it early: what it lacks is not held against it */

    ast_span *spans;   /* covers, in force */
    ast_name *read_to, *published;
    ast_expr *when, *asked, *counts, *where;
    ast_cite *cites;
    ast_name *names;   /* roles: members; rule: exception to; fact: alternatives; question: answers */
    ast_name *replaces;
    ast_name *question, *answer;
    ast_requires *requires;
    ast_expr *claims;  /* reported by */
    bool practice, reported, strictest, ordered, set_of, from_claims;
    tk_str unit;       /* fact: a bare unit as type */
    tk_str holds;      /* fact from claims: days a report holds */
    ast_pos holds_pos;
    ast_value *presumed;
    ast_name *of;      /* set: element type; limit: shipped | ordered */
    ast_set *set;
    ast_row *rows;
    ast_expr *expr;    /* term */
    ast_name *otherwise, *per, *over, *over_2;
    ast_bound *bound;
    ast_pair *pairs;
    ast_evidence *evidence;
    ast_gives *gives;
    ast_name *as_of, *known_at;
    uint16_t regime;   /* filled by the checker: index of the regime of the file; UINT16_MAX: common */
} ast_stmt;

enum {
    AST_CLAUSE_TITLE = 1, AST_CLAUSE_CITES = 2, AST_CLAUSE_PUBLISHED = 4, AST_CLAUSE_FORCE = 8,
    AST_CLAUSE_REPLACES = 16, AST_CLAUSE_WHEN = 32, AST_CLAUSE_THEN = 64, AST_CLAUSE_KIND = 128,
    AST_CLAUSE_COVERS = 256, AST_CLAUSE_READ_TO = 512, AST_CLAUSE_ASKED = 1024, AST_CLAUSE_OTHERWISE = 2048,
    AST_CLAUSE_COUNTS = 4096, AST_CLAUSE_OF = 8192, AST_CLAUSE_BOUND = 16384, AST_CLAUSE_OVER = 32768,
    AST_CLAUSE_AS_OF = 65536, AST_CLAUSE_KNOWN_AT = 131072, AST_CLAUSE_EVIDENCE = 262144
};

#endif
