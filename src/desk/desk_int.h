/* SPDX-License-Identifier: Apache-2.0 */
/* desk_int.h: what the files of the desk share. */
#ifndef TK_DESK_INT_H
#define TK_DESK_INT_H

#include "base/arena.h"
#include "base/err.h"
#include "base/limits.h"
#include "base/num.h"
#include "base/out.h"
#include "base/str.h"
#include "twokey/desk.h"

/* --- names to indices: open addressing, filled once, read-only after that --- */

typedef struct desk_index {
    tk_str *names;
    uint32_t *values;
    size_t size; /* a power of two; 0: empty */
} desk_index;

bool desk_index_init(desk_index *index, tk_arena *arena, size_t names_count);
/* The first word on a name counts. */
void desk_index_add(desk_index *index, tk_str name, uint32_t value);
/* UINT32_MAX when there is none. */
uint32_t desk_index_find(const desk_index *index, tk_str name);

/* --- what is on record, turned into facts of the rulebook once --- */

typedef struct desk_fact {
    size_t slot;
    tk_value value;
} desk_fact;

typedef struct desk_facts {
    desk_fact *facts;
    size_t count;
} desk_facts;

typedef struct desk_party {
    tk_str id;
    desk_facts roles[TK_ROLE_COUNT]; /* the same row, once for each role it may take */
} desk_party;

typedef struct desk_item {
    tk_str id;
    desk_facts row;
} desk_item;

typedef struct desk_records desk_records;
typedef struct desk_worlds desk_worlds;

struct tk_desk {
    tk_arena keep;
    tk_source *files; /* of the rulebook: texts of rules, tables of provisions */
    size_t files_count;
    tk_rulebook *book;
    desk_records *records; /* the catalogue and the claims as they were read */
    struct desk_claims *claims;
    struct desk_shelf *shelf; /* NULL: no lists */
    tk_date claims_newest; /* publication; TK_DATE_MIN: there is none */
    tk_date *claims_ahead; /* publications that lay ahead when the claims were imported */
    size_t claims_ahead_count;
    desk_worlds *example_worlds; /* for the examples of the rulebook */
    char catalogue_hash[65], claims_hash[65];
    desk_item *items;
    size_t items_count;
    desk_party *parties;
    size_t parties_count;
    desk_index items_by_id, parties_by_id;
    desk_index parties_by_name; /* folded to lower case */
    desk_index places_by_name;  /* folded; the value is the place's index in the rulebook */
    size_t column_slots[TK_COLUMN_COUNT]; /* SIZE_MAX: the rulebook knows no such fact */
    /* Days on which something written anywhere begins or ends: between two of them no answer changes. */
    tk_date *cuts;
    size_t cuts_count;
};

/* records.c: reads the catalogue and the claims; then turns them into facts of the compiled rulebook. */
TK_MUST_USE tk_status desk_records_open(tk_desk *desk, const tk_desk_options *options, tk_vocabulary *vocabulary,
                                        tk_err *err);
TK_MUST_USE tk_status desk_records_bind(tk_desk *desk, tk_err *err);
void desk_records_close(tk_desk *desk);

/* ASCII letters to lower case, into the arena. */
tk_str desk_fold(tk_arena *arena, tk_str text);
tk_str tk_role_name(size_t role);
size_t tk_role_find(tk_str name); /* TK_ROLE_COUNT: none */

/* --- the facts of one order --- */

typedef struct desk_evidence {
    size_t evidence;
    tk_date date;
    tk_evidence_state state;
} desk_evidence;

enum { DESK_FACT_PRESUMED = TK_FACT_SUPPLIED + 1 };

typedef struct desk_gathered {
    tk_value values[TK_FACTS_MAX];
    tk_value bare[TK_FACTS_MAX];   /* of those presumed in part: what is known without presuming */
    uint8_t origins[TK_FACTS_MAX]; /* 0: not set, else tk_fact_origin or DESK_FACT_PRESUMED */
    uint16_t slots[TK_FACTS_MAX];  /* those that are set, in the order they were */
    size_t slots_count;
    bool roles[TK_ROLE_COUNT];     /* named by the order */
    desk_evidence evidence[TK_EVIDENCE_MAX];
    size_t evidence_count;
    tk_date as_of, known_at;
    tk_str item;
    tk_column column;     /* at fault */
    tk_column as_of_from;
} desk_gathered;

TK_MUST_USE tk_status desk_gather(const tk_desk *desk, tk_arena *scratch, const tk_transaction *order,
                                  const tk_ask *ask, desk_gathered *gathered, tk_err *err);
/* Clears the facts first. Names are borrowed from the order and the desk. */
void desk_gathered_fill(const desk_gathered *gathered, tk_facts *facts);

/* --- the decision as JSON --- */

/* `"verdict":…,"keys":{…},"would_change":[…]`: everything that follows from the decision alone. */
void desk_json_decision(const tk_rulebook *book, const tk_decision *decision, tk_out *out);
/* The object that is the world of a decision. */
void desk_json_world(const tk_world_view *view, tk_out *out);
/* The object that says what the lists and owners say of the parties. */
void desk_json_screening(const tk_screening_view *view, tk_out *out);
/* `"rulebook":…` to the end of the object, without the closing brace. */
void desk_json_frame(const tk_desk *desk, const tk_screening_view *screening, tk_out *out);

/* --- answers worked out before: exact keys, bounded memory --- */

typedef struct desk_memo desk_memo;
typedef struct desk_memo_answer {
    const uint32_t *pieces; /* of the text; borrowed until something is added */
    size_t pieces_count;
    tk_verdict verdict;
    bool touched;
    uint8_t late; /* not 0: no answer, but what else the key must hold, as the caller said it */
} desk_memo_answer;

desk_memo *desk_memo_new(void); /* NULL: no memory; everything works without */
void desk_memo_free(desk_memo *memo);
void desk_memo_clear(desk_memo *memo);
bool desk_memo_find(const desk_memo *memo, tk_str key, desk_memo_answer *answer);
void desk_memo_write(const desk_memo *memo, const desk_memo_answer *answer, tk_out *out);
void desk_memo_add(desk_memo *memo, tk_str key, tk_str text, tk_verdict verdict, bool touched);
/* Under this key stands no answer: a longer key is needed. What was said before joins. */
void desk_memo_add_late(desk_memo *memo, tk_str key, uint8_t late);

#endif
