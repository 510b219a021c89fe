/* SPDX-License-Identifier: Apache-2.0 */
/* watch_int.h: what the files of watches share: rows of the book, answers, editions of a rulebook. */
#ifndef TK_DESK_WATCH_INT_H
#define TK_DESK_WATCH_INT_H

#include "base/compat.h"
#include "base/sha256.h"
#include "desk/watch.h"

tk_status watch_no_memory(tk_err *err);

/* --- rows of the book (watch_keep.c) --- */

/* What a statement is given: a text, a number, or nothing. */
typedef struct watch_value {
    tk_str text; /* a NULL ptr: the number counts */
    int64_t number;
    bool null;
} watch_value;

static inline watch_value watch_text(tk_str text)
{
    return (watch_value){.text = {text.ptr == NULL ? "" : text.ptr, text.len}};
}
static inline watch_value watch_number(int64_t number)
{
    return (watch_value){.number = number};
}
/* The id of a row; 0: of none. */
static inline watch_value watch_id(int64_t id)
{
    return (watch_value){.number = id, .null = id == 0};
}

/* Runs a statement to its end. */
TK_MUST_USE tk_status watch_write(tk_store *store, const char *sql, const watch_value *values, int count, tk_err *err);
/* Its first row; where there is one, the caller resets *s. */
TK_MUST_USE tk_status watch_read(tk_store *store, const char *sql, const watch_value *values, int count,
                                 tk_store_statement **s, bool *row, tk_err *err);

/* --- editions: the statements of one rulebook, without their text (watch_edition.c) --- */

typedef struct watch_edition watch_edition;

/* As a text for the book. */
TK_MUST_USE tk_status watch_edition_of(const tk_rulebook *book, tk_arena *arena, tk_str *text, tk_err *err);
TK_MUST_USE tk_status watch_edition_read(tk_str text, tk_arena *arena, const watch_edition **out, tk_err *err);

/* Statements that one answer reads, by bit. */
typedef struct watch_reads {
    const watch_edition *edition; /* NULL: the book does not know it */
    uint64_t *bits;
} watch_reads;
TK_MUST_USE bool watch_reads_init(watch_reads *reads, const watch_edition *edition, tk_arena *arena);
/* A statement by kind and name, or nothing. `regime` may be empty. */
void watch_reads_add(watch_reads *reads, const char *kind, tk_str regime, tk_str name);
/* All of a regime. */
void watch_reads_add_regime(watch_reads *reads, tk_str regime);
/* And everything that those read. */
void watch_reads_close(watch_reads *reads);

/* `name` lives as long as the edition. */
typedef void (*watch_edition_say)(void *context, tk_desk_watch_how how, tk_str name, tk_str before, tk_str now);
/* Statements that either reads and that differ. */
void watch_editions_compare(const watch_reads *before, const watch_reads *now, tk_arena *arena, watch_edition_say say,
                            void *context);
/* Statements and rows read that came into force, or ended, between two days. */
void watch_edition_days(const watch_reads *reads, tk_date before, tk_date now, tk_arena *arena, watch_edition_say say,
                        void *context);

/* --- answers (watch_answer.c) --- */

/* What an answer was decided with, beside what the answer itself says. */
typedef struct watch_moment {
    tk_str rulebook, catalogue, program;
    int64_t recorded; /* the number of the last claim in use */
    tk_date known_at, today;
    tk_str lists;    /* versions of lists in use, a JSON array of "us-csl 2026-07-31 a1b2c3d4" */
    int64_t parties; /* the number of the last record of parties and holdings */
    const watch_edition *edition; /* NULL: not kept */
} watch_moment;

typedef struct watch_answer {
    tk_str json; /* as watch_answer_of made it; "": none */
    watch_moment moment;
} watch_answer;

/* The part of a decision (docs/decision.schema.json) that is no moment: verdict, keys, believed claims and facts, and
 * what lists and owners say of the parties as far as it is not of the version alone (no scores, no ages). `lists`: the
 * versions in use, as a moment has them; a part of the decision. */
TK_MUST_USE tk_status watch_answer_of(tk_str decision, tk_arena *arena, tk_str *answer, tk_str *lists, tk_err *err);
TK_MUST_USE tk_status watch_answer_verdict(tk_str answer, tk_arena *arena, tk_str *verdict, tk_err *err);
/* A part of an answer. */
typedef struct watch_part {
    tk_str text;
    bool own; /* the amount of an order: no other answer is likely to have it */
} watch_part;
/* Cuts an answer where others are likely to go on the same way; the parts one after the other are the answer. */
TK_MUST_USE tk_status watch_answer_cut(tk_str answer, tk_arena *arena, const watch_part **parts, size_t *count,
                                       tk_err *err);

/* JSON as a tree: such texts are small and were written by us. */
typedef struct watch_node {
    struct watch_node *first, *next;
    tk_str key, text;
    size_t from, to; /* offsets as written */
    bool object;
} watch_node;
TK_MUST_USE tk_status watch_node_read(tk_str text, tk_arena *arena, const watch_node **out, tk_err *err);
size_t watch_node_count(const watch_node *n);
/* Texts of a JSON array; of an object keys and values in turn. */
TK_MUST_USE tk_status watch_texts(tk_str json, tk_arena *arena, const tk_str **out, size_t *count, tk_err *err);

/* --- what is kept once (watch_keep.c) --- */

/* For one transaction: what was read is remembered. */
typedef struct watch_keeper {
    tk_store *store;
    tk_arena *arena;   /* what is said of changes, which say the same again and again: texts once */
    tk_arena *scratch; /* one order */
    struct watch_piece **by_text, **by_id;
    struct watch_kept_edition *editions;
} watch_keeper;

TK_MUST_USE tk_status watch_keeper_init(watch_keeper *keeper, tk_store *store, tk_arena *arena, tk_arena *scratch,
                                        tk_err *err);
/* The same text, to live in the keeper's arena, which shows when memory ran out. */
tk_str watch_keeper_text(watch_keeper *keeper, tk_str text);
TK_MUST_USE tk_status watch_moment_keep(watch_keeper *keeper, const watch_moment *moment, int64_t *id, tk_err *err);
TK_MUST_USE tk_status watch_moment_get(watch_keeper *keeper, int64_t id, watch_moment *moment, tk_err *err);
TK_MUST_USE tk_status watch_edition_keep(watch_keeper *keeper, const tk_rulebook *book, tk_err *err);
TK_MUST_USE tk_status watch_answer_keep(watch_keeper *keeper, tk_str hash, tk_str answer, int64_t *id, tk_err *err);
/* `id` 0: there is none. Into the scratch arena. */
TK_MUST_USE tk_status watch_answer_get(watch_keeper *keeper, int64_t id, tk_str *answer, tk_err *err);
/* What is different, and why. `asks_today`: the order and its list name no day. */
TK_MUST_USE tk_status watch_compare(watch_keeper *keeper, const watch_answer *before, const watch_answer *now,
                                    bool asks_today, const tk_desk_watch_change **out, tk_err *err);
/* Removes what nobody names any more. */
TK_MUST_USE tk_status watch_sweep(tk_store *store, tk_err *err);

/* --- reading a list (watch_show.c) --- */

typedef struct watch_asked {
    tk_desk_watch_question question;
    int64_t runs, moment;
    int64_t recorded; /* the last claim that the last run knew; 0: there was no run */
    tk_str content;
} watch_asked;
TK_MUST_USE tk_status watch_asked_read(tk_store *store, const tk_desk_watch_list *list, tk_arena *arena,
                                       watch_asked *out, tk_err *err);
/* What the state of an order says of its last change; *change NULL: nothing. */
TK_MUST_USE tk_status watch_change_read(watch_keeper *keeper, int64_t list, int64_t number, bool asks_today,
                                        const tk_desk_watch_change **change, tk_err *err);

#endif
