/* SPDX-License-Identifier: Apache-2.0 */
/* model.h: the compiled rulebook, as deciding reads it. Made by check_*.c, read-only afterwards.
 *
 * Everything is an index into an array of the book; RB_NONE is "no such thing". Names mean something only in the
 * checker: here a place is a number, a word is a bit, an answer is a bit, a fact is a slot.
 *
 * Invariants
 *   M1  Questions are numbered so that a question reads only questions with a smaller number.
 *   M2  Exceptions form no cycle and stay within one question; `replaces` forms no cycle.
 *   M3  A node's children have smaller numbers than the node (no cycle, bounded depth).
 *   M4  Arrays hold at most the numbers of limits.h; a question has at most 64 answers, a word type 64 words.
 */
#ifndef TK_RULEBOOK_MODEL_H
#define TK_RULEBOOK_MODEL_H

#include "base/arena.h"
#include "base/compat.h"
#include "rulebook/ast.h"
#include "twokey/rulebook.h"

typedef uint32_t rb_id;
#define RB_NONE UINT32_MAX
enum { RB_ROLE_COUNT = 5, RB_ROLE_SELLER = 0, RB_ROLE_END_USER = 4 };
extern const char *const tk_rb_role_names[RB_ROLE_COUNT];

typedef enum rb_stage {
    RB_BEFORE_ORDER = 0,
    RB_BEFORE_SHIP,
    RB_AFTER_DELIVERY
} rb_stage;

/* ---- facts ---- */
typedef enum rb_presume {
    RB_PRESUME_NO = 0,
    RB_PRESUME_VALUE,
    RB_PRESUME_FACT
} rb_presume;

typedef struct rb_duty {
    rb_id evidence;
    tk_str says;
    rb_stage stage;
} rb_duty;

typedef enum rb_name_kind {
    RB_NAME_TEXT = 0,
    RB_NAME_PARTY,
    RB_NAME_ITEM,
    RB_NAME_PRODUCT
} rb_name_kind;

typedef struct rb_fact {
    tk_str name;
    tk_type type;
    rb_name_kind name_kind;
    int role;               /* -1: of no role */
    int unit;               /* index into the table of units, -1: none */
    bool is_integer_days;   /* reserved for dates: scaled in days */
    bool ordered, from_claims;
    int32_t holds;          /* days that a report holds, counted from its event; 0: until the next one */
    tk_value silence;       /* from claims, with the word `unreported`: its value where no believed claim says more */
    tk_str asks;
    const tk_str *words;
    size_t words_count;
    rb_presume presume;
    tk_value presumed;
    rb_id presumed_slot;
    const rb_duty *duties;
    size_t duties_count;
    rb_id term;             /* number node that computes it, or RB_NONE */
    ast_pos pos;
} rb_fact;

/* ---- numbers in conditions: trillionths (1e-12); dates count in days of 1e12 ---- */
typedef enum rb_num_op {
    RB_NUM_CONST = 1,
    RB_NUM_FACT,   /* slot; a term's slot computes */
    RB_NUM_ADD,    /* children */
    RB_NUM_SCALE,  /* constant (millionths) times child */
    RB_NUM_MAX,    /* children; none is skipped */
    RB_NUM_DIVIDE, /* two children; only at the top of a side or as a term */
    RB_NUM_PRODUCT /* two children; only in `counts` of a limit */
} rb_num_op;

typedef struct rb_num {
    rb_num_op op;
    uint32_t decimals;  /* at most: what is multiplied or divided by is cut after so many, and loses nothing */
    rb_id slot;
    tk_i128 constant; /* CONST: trillionths; SCALE: millionths */
    rb_id first, count; /* children: book->children[first ..] */
} rb_num;

/* ---- conditions ---- */
typedef enum rb_op {
    RB_TRUE = 1,
    RB_FALSE,
    RB_AND,
    RB_OR,
    RB_NOT,
    RB_ANY,       /* children with roles */
    RB_EVERY,
    RB_NO,
    RB_COMPARE,   /* num left, num right, how */
    RB_WORD,      /* slot's word in mask */
    RB_HAS,       /* slot's set has any of mask */
    RB_PLACE,     /* slot's place in set */
    RB_NAME,      /* slot's id in set */
    RB_SAME,      /* two facts (place, name or word of one type) are equal */
    RB_QUESTION,  /* question's answers in mask */
    RB_EVIDENCE,  /* evidence held */
    RB_TERM       /* a yes/no term: child */
} rb_op;

typedef enum rb_compare {
    RB_EQ = 1,
    RB_NE,
    RB_LT,
    RB_LE,
    RB_GT,
    RB_GE
} rb_compare;

/* How the author wrote a comparison: "item.tpp", ">= 4800". */
typedef struct rb_words {
    tk_str fact, test;
} rb_words;

typedef struct rb_node {
    rb_op op;
    rb_compare how;
    rb_id first, count;  /* children: book->children[first ..]; for ANY/EVERY/NO in order of role */
    rb_id slot, other;   /* fact slots; QUESTION, EVIDENCE, TERM: index in slot */
    rb_id set;
    rb_id left, right;   /* numbers */
    uint64_t mask;
    uint64_t roles;      /* ANY/EVERY/NO: role of child i in bits 4i .. 4i+3 */
    const rb_words *words; /* for reasons; NULL where no comparison is made */
} rb_node;

/* ---- sets of places and of names ---- */
typedef enum rb_set_op {
    RB_SET_PLACE = 1, /* one place */
    RB_SET_GROUP,     /* a country group */
    RB_SET_NAMES,     /* ids */
    RB_SET_OR,
    RB_SET_BUT_NOT,
    RB_SET_ROWS       /* dated rows of member sets */
} rb_set_op;

typedef struct rb_row {
    rb_id members; /* set */
    bool in, unverified;
    tk_date from, to, published;
    const tk_str *cites;
    size_t cites_count;
} rb_row;

typedef struct rb_set {
    rb_set_op op;
    rb_id place, group;
    rb_id a, b;
    const tk_str *names;
    size_t names_count;
    const rb_row *rows;
    size_t rows_count;
    /* Bit per place: on some day the set says something of it, if only that a row took it out. Made last. */
    const uint64_t *ever;
    bool always;           /* made of single places: what it ever holds it always holds */
    const uint64_t *cited; /* likewise: what it says of the place may come with a citation */
} rb_set;

typedef struct rb_group_row {
    rb_id place;
    bool in, unverified;
    tk_date from, to, published;
    tk_str cites;
} rb_group_row;

typedef struct rb_group {
    tk_str name;
    const rb_group_row *rows; /* by place, then published */
    size_t rows_count;
    const uint32_t *first;    /* per place: index of its first row; places_count + 1 entries */
} rb_group;

/* ---- questions and rules ---- */
typedef struct rb_question {
    tk_str name;
    uint16_t regime;
    const tk_str *answers;
    size_t answers_count;
    bool strictest, is_key;
    int otherwise;    /* answer, -1: undetermined */
    rb_id asked;      /* node, RB_NONE: always */
    bool after_key;   /* asked depends on the key of its regime */
    const rb_id *rules; /* that answer it or take answers away */
    size_t rules_count;
    ast_pos pos;
} rb_question;

typedef struct rb_require {
    rb_id evidence;   /* its name; a limit's name for `within` */
    rb_id limit;      /* RB_NONE unless `within` */
    tk_str says;
    int days;         /* 0: no lead time */
    rb_stage stage;
    rb_id when;       /* node, RB_NONE: always */
} rb_require;

typedef tk_span rb_span;

typedef enum rb_claim_op {
    RB_CLAIM_NAME = 1,
    RB_CLAIM_OR,
    RB_CLAIM_AND
} rb_claim_op;
typedef struct rb_claim_expr {
    rb_claim_op op;
    rb_id claim;
    rb_id a, b; /* book->claim_exprs */
} rb_claim_expr;

/* When something counts: shared by rules and limits. */
typedef struct rb_act {
    tk_rule_kind kind;
    tk_date published; /* TK_DATE_MIN for reported */
    const rb_span *spans;
    size_t spans_count;
    rb_id claims;      /* claim expression, RB_NONE */
    const tk_str *cites; /* "… (unverified)" when marked */
    size_t cites_count;
} rb_act;

typedef struct rb_rule {
    tk_str name, title;
    uint16_t regime;
    rb_act act;
    rb_id when;       /* node, RB_NONE: always */
    rb_id question;   /* RB_NONE: duties only */
    int answer;       /* -1: takes away only, or duties only */
    bool is_stay, is_duty;
    const rb_require *requires;
    size_t requires_count;
    const rb_id *exceptions;  /* rules that are exceptions to this one */
    size_t exceptions_count;
    const rb_id *targets;
    size_t targets_count;
    const rb_id *replaced_by; /* rules that replace this one */
    size_t replaced_by_count;
    tk_str text;
    ast_pos pos;
    uint32_t last_line;
} rb_rule;

typedef struct rb_limit {
    tk_str name, title;
    uint16_t regime;
    rb_act act;
    rb_id evidence;
    rb_id counts;     /* number */
    rb_id where;      /* node */
    rb_id per;        /* slot, RB_NONE */
    bool of_ordered;  /* else shipped */
    bool strict, share, or_more, per_year;
    tk_num number;    /* limit, or percent of the other total */
    rb_id bound_fact; /* slot, RB_NONE */
    rb_id share_where;
    ast_pos pos;
} rb_limit;

typedef struct rb_gap {
    tk_str title;
    uint16_t regime;
    rb_id when; /* RB_NONE: a note */
    const tk_str *cites;
    size_t cites_count;
    ast_pos pos;
} rb_gap;

typedef struct rb_regime {
    tk_str id, title;
    tk_date covers_from, covers_to, read_to;
    rb_id when;    /* node, RB_NONE: every transaction */
    rb_id key;     /* question */
    rb_id licence; /* evidence "<id>.licence" */
    rb_id written; /* evidence "<id>.written-approval" */
    uint64_t reads; /* bit per regime whose answers its own may depend on, itself included */
    const rb_id *questions; /* of this regime, in order of number */
    size_t questions_count;
    const rb_id *rules;
    size_t rules_count;
    const rb_id *duty_rules;
    size_t duty_rules_count;
    ast_pos pos;
    bool declared;
} rb_regime;

typedef struct rb_claim {
    tk_str id, says;
    tk_date published;
    const rb_id *contradicts;
    size_t contradicts_count;
    uint64_t regimes; /* bit per regime whose rules or limits name it */
} rb_claim;

typedef struct rb_example_value {
    rb_id slot;       /* RB_NONE for item and roles given by id */
    tk_str subject;   /* "item" or a role, when an id was given */
    tk_str id;
    tk_value value;
} rb_example_value;
typedef struct rb_example_evidence {
    rb_id evidence;
    bool refused;
    tk_date date;
} rb_example_evidence;
typedef enum rb_expect_kind {
    RB_EXPECT_ANSWER = 1, /* possible == mask; conflict wanted or not */
    RB_EXPECT_CONFLICT,
    RB_EXPECT_UNDETERMINED,
    RB_EXPECT_VERDICT,
    RB_EXPECT_BASIS,
    RB_EXPECT_ABSENT,
    RB_EXPECT_MISSING,
    RB_EXPECT_PRESUMED,
    RB_EXPECT_CONDITION
} rb_expect_kind;
typedef struct rb_expect {
    rb_expect_kind kind;
    ast_pos pos;
    rb_id question;
    tk_str word;             /* verdict, basis, met, answer */
    tk_str condition;
    const tk_str *names;     /* missing, presumed, or the answers that must be possible */
    size_t names_count;
} rb_expect;
typedef struct rb_example {
    tk_str title;
    uint16_t regime; /* UINT16_MAX: of a common file, never run */
    ast_pos pos;
    tk_date as_of, known_at; /* TK_DATE_MIN: not given */
    bool law_text;
    const uint32_t *claims;
    size_t claims_count;
    const rb_example_value *values;
    size_t values_count;
    const rb_example_evidence *evidence;
    size_t evidence_count;
    const rb_expect *expects;
    size_t expects_count;
} rb_example;

typedef struct rb_evidence {
    tk_str name;
    bool asked_by_rule; /* required, or read by `evidence has` */
    tk_str says;
    rb_stage stage;
    bool is_limit;
} rb_evidence;

struct tk_rulebook {
    tk_arena arena;
    tk_source *files;       size_t files_count; /* copies, by name */
    char hash[65];
    tk_date known_at;

    tk_str *places;         size_t places_count; /* sorted */
    rb_group *groups;       size_t groups_count; /* by name */
    rb_claim *claims;       size_t claims_count; /* by id */

    rb_regime *regimes;     size_t regimes_count; /* by id */
    rb_fact *facts;         size_t facts_count;   /* by name */
    rb_question *questions; size_t questions_count;
    rb_rule *rules;         size_t rules_count;   /* by file and line */
    rb_limit *limits;       size_t limits_count;
    rb_gap *gaps;           size_t gaps_count;
    rb_example *examples;   size_t examples_count;
    rb_evidence *evidence;  size_t evidence_count; /* by name */

    rb_node *nodes;         size_t nodes_count, nodes_size;
    rb_num *nums;           size_t nums_count, nums_size;
    rb_set *sets;           size_t sets_count, sets_size;
    rb_id *children;        size_t children_count, children_size;
    rb_claim_expr *claim_exprs; size_t claim_exprs_count, claim_exprs_size;

    tk_date *boundaries;    size_t boundaries_count; /* days on which anything but claims may change */
    rb_id slot_order_date, slot_ship_date;           /* RB_NONE when not declared */
    /* Named sets of places, for tk_rulebook_place_in. */
    struct rb_named_set { tk_str regime, name; rb_id set; } *named_sets;
    size_t named_sets_count;
    tk_declared *declared;  size_t declared_count; /* by file and line */
};

/* The units of the language, and exact conversion between two of one dimension. */
int tk_rb_unit_find(tk_str text); /* -1: none */
tk_str tk_rb_unit_name(int unit);
/* value in unit `from` as a number in unit `to`; false: other dimension, or not exact in millionths. */
bool tk_rb_unit_convert(tk_num value, int from, int to, tk_num *out, bool *same_dimension);

/* Is an element in a set on a day? *unverified is set when the row that decides is. `cites` (may be NULL): that
 * row's citation. */
typedef struct rb_member {
    bool in, unverified;
    tk_str cites;
} rb_member;
/* Makes equal sets, numbers and conditions one; for a book without mistakes. */
void tk_rb_share(tk_rulebook *book, tk_arena *scratch);
/* Fills `ever` and `cited` of the sets from number `first` on; the arena shows when memory ran out. */
void tk_rb_sets_finish(tk_rulebook *book, tk_arena *arena, size_t first);
rb_member tk_rb_set_has_place(const tk_rulebook *book, rb_id set, rb_id place, tk_date as_of, tk_date known_at);
rb_member tk_rb_set_has_name(const tk_rulebook *book, rb_id set, tk_str name, tk_date as_of, tk_date known_at);

rb_id tk_rb_find_place(const tk_rulebook *book, tk_str code);
rb_id tk_rb_find_role(tk_str name); /* RB_NONE */

#endif
