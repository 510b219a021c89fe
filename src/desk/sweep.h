/* SPDX-License-Identifier: Apache-2.0 */
/* sweep.h: every party of a book against the lists, again and again, and only what is new about either.
 *
 * The book keeps of each party what was compared (a fingerprint), against which version of each source, and its hits. A
 * sweep runs parties that are new or have changed against all entries, and the others against the entries that have
 * come or changed since; hits of entries that are gone end. What is kept then is what a run of all parties against all
 * entries would give.
 *
 * What always holds
 *   - A sweep commits every so many parties. One that was killed has lost the parties since its last commit, and the
 *     next one goes on there.
 *   - What a sweep reports is what changed since the last report that was settled, not since the last commit: nothing
 *     that a killed sweep found goes unsaid. Of two sweeps at once one fails (TK_ERR_BUSY).
 *   - Hits are kept whatever the day; a report has those whose entry counts on its day.
 *   - Another version of the program, or of the method of names, runs everything.
 *
 * Threads  As the store: one at a time; a sweep has threads of its own.
 */
#ifndef TK_DESK_SWEEP_H
#define TK_DESK_SWEEP_H

#include "parties/clearances.h"
#include "screen/shelf.h"

extern const tk_store_module tk_desk_sweep_module;

typedef struct tk_desk_sweep_options {
    const tk_shelf *shelf;       /* NULL: one with nothing on it */
    const struct tk_lists *lists; /* names of countries */
    unsigned threads;
    bool full;             /* everything, whatever is kept */
    tk_date as_of;         /* hits of entries that count on this day are reported */
    uint64_t commit_every; /* parties; 0: as many as is usual */
    /* May be NULL: so many of the parties that this sweep has to look at are done. Called by one thread at a time. */
    void (*progress)(void *context, uint64_t done, uint64_t all);
    void *context;
} tk_desk_sweep_options;

typedef struct tk_desk_sweep_hit {
    tk_str party, name; /* id; the name that was hit */
    tk_str id;          /* LIST:KEY */
    tk_str entry, alias; /* name of the entry; its alias, when that was hit */
    unsigned score;
    tk_str source;
    tk_str fingerprint; /* of the entry's compared fields */
} tk_desk_sweep_hit;

typedef enum tk_desk_sweep_kind {
    TK_DESK_SWEEP_NEW,
    TK_DESK_SWEEP_GONE,
    TK_DESK_SWEEP_CHANGED, /* score, names or the entry's compared fields */
    TK_DESK_SWEEP_STILL,   /* there before, and nobody has decided */
    TK_DESK_SWEEP_KINDS
} tk_desk_sweep_kind;
const char *tk_desk_sweep_kind_name(tk_desk_sweep_kind kind); /* "new", "gone", "changed", "still" */

typedef struct tk_desk_sweep_change {
    tk_desk_sweep_kind kind;
    tk_desk_sweep_hit now, before; /* of a new hit there is no before, of one that is gone no now */
    tk_clearance_state state;      /* of a hit that is there */
} tk_desk_sweep_change;

typedef struct tk_desk_sweep_trouble {
    tk_str party, text; /* why a name of it cannot be compared */
} tk_desk_sweep_trouble;

typedef struct tk_desk_sweep {
    uint64_t parties;                 /* of the book */
    uint64_t whole, part;             /* run against all entries; against new and changed ones */
    uint64_t entries, entries_changed; /* in use; the most that any party was run against in part */
    uint64_t hits, with_hits;          /* that count; parties that have some */
    uint64_t states[TK_CLEARANCE_STATE_COUNT]; /* of the hits */
    uint64_t kinds[TK_DESK_SWEEP_KINDS];
    const tk_desk_sweep_change *changes; /* by kind, party, then hit */
    size_t changes_count;
    const tk_desk_sweep_trouble *troubles; /* by party */
    size_t troubles_count;
    const tk_str *sources, *versions; /* in use: "us-csl", "us-csl 2026-07-31 a1b2c3d4" */
    size_t versions_count;
    int64_t mark; /* how the book stood: for settling */
} tk_desk_sweep;

/* Brings the book to the newest versions on the shelf, and says what that changed. In the arena. */
TK_MUST_USE tk_status tk_desk_sweep_run(tk_store *store, const tk_desk_sweep_options *options, tk_arena *arena,
                                        tk_desk_sweep *out, tk_err *err);
/* What it said has been read: the next sweep reports what changes from here. TK_ERR_BUSY: another sweep was there in
 * between; nothing is settled. */
TK_MUST_USE tk_status tk_desk_sweep_settle(tk_store *store, const tk_desk_sweep *done, tk_err *err);

#endif
