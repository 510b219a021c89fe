/* SPDX-License-Identifier: Apache-2.0 */
/* watch.h: orders that a book keeps, decided again whenever asked; what changed since the last time, and why.
 *
 * A watch is a list of orders under a name, with one question: dates, law, world and believed claims. A run decides
 * every order and keeps the answer; the answer before it stays, so that what a run said can be said again.
 *
 * What always holds
 *   - Adding a list is one transaction, and so is what a run found: after a crash all of it is there, or nothing.
 *   - A run replaces the answers of a list only when no other run did since it read them, and never those of a run
 *     that knew more claims. So of several runs at once one reports a change.
 *   - An answer is what was decided, without what changes on its own: the day, known-at, and the hashes of what it was
 *     decided with stand in a moment, which many answers share. Equal answers are kept once.
 *
 * Threads  As the store: one at a time.
 */
#ifndef TK_DESK_WATCH_H
#define TK_DESK_WATCH_H

#include "base/arena.h"
#include "store/store.h"
#include "twokey/desk.h"

extern const tk_store_module tk_desk_watch_module;

/* How all orders of a list are asked. */
typedef struct tk_desk_watch_question {
    bool as_of_given;
    tk_date as_of;
    tk_law law;
    tk_world world;
    tk_str world_name;    /* of a chosen world */
    const tk_str *claims; /* believed, by id, sorted */
    size_t claims_count;
    const tk_fact_text *facts;
    size_t facts_count;
} tk_desk_watch_question;

/* --- adding --- */

/* A list that is being put together, in memory. Everything it is given is copied. */
typedef struct tk_desk_watch_draft tk_desk_watch_draft;

typedef enum tk_desk_watch_added {
    TK_DESK_WATCH_NEW,
    TK_DESK_WATCH_SAME,     /* it was there, with this content: nothing is done */
    TK_DESK_WATCH_REPLACED, /* with `force`: the old one and its answers are gone */
    TK_DESK_WATCH_REFUSED   /* it is there with other content */
} tk_desk_watch_added;

/* A name is an id; TK_ERR_INPUT says what one looks like. `source` is kept to be shown. In the arena. */
TK_MUST_USE tk_status tk_desk_watch_draft_new(tk_arena *arena, tk_str name, tk_str source,
                                              const tk_desk_watch_question *question, tk_desk_watch_draft **out,
                                              tk_err *err);
/* One order, as far as its cells say something. Facts of the order are those of the question. TK_ERR_LIMIT: there are
 * TK_WATCH_ORDERS_MAX already. */
TK_MUST_USE tk_status tk_desk_watch_draft_put(tk_desk_watch_draft *draft, const tk_transaction *order, tk_err *err);
/* TK_ERR_LIMIT: the book has TK_WATCHES_MAX already. */
TK_MUST_USE tk_status tk_desk_watch_add(tk_store *store, tk_desk_watch_draft *draft, bool force,
                                        tk_desk_watch_added *added, tk_err *err);

/* --- what there is --- */

typedef struct tk_desk_watch_list {
    int64_t id;
    tk_str name, source;
    uint64_t orders;
    int64_t runs;  /* that kept answers; 0: there is no baseline yet */
    tk_date today; /* of the last run */
    const tk_str *claims; /* that are to be believed: tk_desk_options.believe */
    size_t claims_count;
} tk_desk_watch_list;

/* By name, into the arena. */
TK_MUST_USE tk_status tk_desk_watch_lists(tk_store *store, tk_arena *arena, tk_desk_watch_list **out, size_t *count,
                                          tk_err *err);
/* *removed false: there is none. */
TK_MUST_USE tk_status tk_desk_watch_remove(tk_store *store, tk_str name, bool *removed, tk_err *err);

/* --- changes --- */

typedef enum tk_desk_watch_kind {
    TK_DESK_WATCH_RULE,      /* of the reasons; `name` "us.item-a", `text` what it says */
    TK_DESK_WATCH_CLAIM,     /* that is believed and matters */
    TK_DESK_WATCH_REPORT,    /* a claim that would change the key if it were believed */
    TK_DESK_WATCH_FACT,      /* what believed claims say of it; before and now */
    TK_DESK_WATCH_LIST,      /* versions of a source of lists, "us-csl": the day and the beginning of the hash */
    TK_DESK_WATCH_UNKNOWN,   /* a list of which nothing is known on the day, "EL"; its last version, or "" for none */
    TK_DESK_WATCH_HIT,       /* of `party`, "EL:KEY", `entry` its name; what was decided about it, before and now */
    TK_DESK_WATCH_OWNER,     /* of `party`, from the list "EL"; state, share and holdings, before and now */
    TK_DESK_WATCH_STATEMENT, /* of the rulebook, that a key reads which changed: "set us.s-ac"; other dates. Without a
                              * name, last: `now` is how many more of its regimes changed, which no reason reads */
    TK_DESK_WATCH_RULEBOOK,  /* hashes before and now, and so on */
    TK_DESK_WATCH_CATALOGUE,
    TK_DESK_WATCH_PROGRAM,
    TK_DESK_WATCH_KNOWN_AT,
    TK_DESK_WATCH_FORCE,     /* a statement or row of a set, that came into force or ended; `now` the day */
    TK_DESK_WATCH_DATE,
    TK_DESK_WATCH_KINDS
} tk_desk_watch_kind;
typedef enum tk_desk_watch_how {
    TK_DESK_WATCH_CAME,
    TK_DESK_WATCH_WENT,
    TK_DESK_WATCH_OTHER,    /* of a statement: other words and other dates */
    TK_DESK_WATCH_REWORDED, /* a statement: its dates are what they were */
    TK_DESK_WATCH_REDATED,  /* a statement: its words are what they were */
    TK_DESK_WATCH_BEGAN,    /* on a day; */
    TK_DESK_WATCH_ENDED     /* was in force until a day */
} tk_desk_watch_how;
const char *tk_desk_watch_kind_name(tk_desk_watch_kind kind); /* "rule" */
const char *tk_desk_watch_how_name(tk_desk_watch_how how);    /* "came", "went", "changed" */

typedef struct tk_desk_watch_cause {
    tk_desk_watch_kind kind;
    tk_desk_watch_how how;
    tk_str name;
    tk_str before, now; /* values of a fact, hashes, days; what a rule said and says */
    tk_str party, entry; /* of a hit or owner; else empty */
} tk_desk_watch_cause;

typedef struct tk_desk_watch_key {
    tk_str regime, before, now; /* verdicts; "" where the order did not touch the regime */
} tk_desk_watch_key;

/* One order whose answer is another one now. Verdicts are overall names; before "": it could not be decided. */
typedef struct tk_desk_watch_change {
    tk_str before, now;
    const tk_desk_watch_key *keys; /* those whose verdict changed, by regime */
    size_t keys_count;
    const tk_desk_watch_cause *causes; /* of a kind by name */
    size_t causes_count;
    int64_t recorded; /* the last claim that the answer now knew */
} tk_desk_watch_change;

/* One order of a list with its last answer. */
typedef struct tk_desk_watch_order {
    int64_t number;
    tk_str id; /* "" when the order has none */
    tk_str cells;  /* a JSON object of columns; "" in a run, and where answers were not asked for */
    tk_str answer; /* JSON; "" likewise, and when there is none yet */
    tk_str verdict; /* of the answer, or "" */
    const tk_desk_watch_change *change; /* the last one; NULL: none since the baseline */
} tk_desk_watch_order;

/* --- a run --- */

typedef struct tk_desk_watch_run {
    tk_desk_watch_list list;
    bool first;    /* there was no answer before: what was decided is the baseline, and nothing is a change */
    bool overtaken; /* another run finished meanwhile, or knew claims that came after the desk was opened, and said what
                     * it found: nothing was kept */
    uint64_t accepted, rejected; /* all orders of the list */
    const tk_desk_watch_order *changed; /* by number */
    size_t changed_count;
} tk_desk_watch_run;

/* An order that could not be decided; its answer stays what it was. */
typedef void (*tk_desk_watch_say)(void *context, const tk_desk_watch_list *list, int64_t number, tk_str id,
                                  const tk_err *err);

/* Decides the orders of a list and keeps the answers. `today` as in tk_ask. What it found lives in the arena. */
TK_MUST_USE tk_status tk_desk_watch_go(tk_store *store, const tk_desk *desk, tk_clerk *clerk,
                                       const tk_desk_watch_list *list, tk_date today, tk_desk_watch_say say,
                                       void *context, tk_arena *arena, tk_desk_watch_run *run, tk_err *err);
/* Likewise, but nothing is kept: the next run finds the same. */
TK_MUST_USE tk_status tk_desk_watch_try(tk_store *store, const tk_desk *desk, tk_clerk *clerk,
                                        const tk_desk_watch_list *list, tk_date today, tk_desk_watch_say say,
                                        void *context, tk_arena *arena, tk_desk_watch_run *run, tk_err *err);

/* --- looking --- */

typedef struct tk_desk_watch_shown {
    tk_desk_watch_question question;
    const tk_desk_watch_order *orders; /* by number */
    size_t orders_count;
} tk_desk_watch_shown;
/* `answers` false: verdicts and changes alone, which is a small part of the memory. */
TK_MUST_USE tk_status tk_desk_watch_show(tk_store *store, const tk_desk_watch_list *list, bool answers,
                                         tk_arena *arena, tk_desk_watch_shown *shown, tk_err *err);

#endif
