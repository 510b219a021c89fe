/* SPDX-License-Identifier: Apache-2.0 */
/* sweep_int.h: what the files of the sweep share: versions in use, parties to look at, what a group of them is run
 * against. */
#ifndef TK_DESK_SWEEP_INT_H
#define TK_DESK_SWEEP_INT_H

#include "base/sha256.h"
#include "desk/screening_int.h"
#include "desk/sweep.h"

enum { SWEEP_CHUNK_BYTES = 64 * 1024, SWEEP_PRINT_DIGITS = 32, SWEEP_COMMIT_EVERY = 4096 };

/* The newest version of a source. */
typedef struct sweep_version {
    tk_str source, file, name;
    tk_shelved *shelved;
} sweep_version;

/* A method and the versions that parties were run against: a row of sweep_states. */
typedef struct sweep_state {
    int64_t id;
    tk_str text; /* the method, then "source file", a line each */
} sweep_state;

typedef struct sweep_party {
    tk_str id, print, trouble;
    int64_t state;      /* it was run against; 0: it is run against everything */
    tk_screened asked;  /* without its name */
    tk_str *names;
    size_t names_count;
} sweep_party;

typedef struct sweep {
    tk_store *store;
    const tk_desk_sweep_options *options;
    tk_arena *arena;
    const tk_shelf_version *shelf_versions;
    size_t shelf_versions_count;
    sweep_version *versions;
    size_t versions_count;
    sweep_state *states; /* that the book has */
    size_t states_count, states_size;
    sweep_state target;
    int64_t mark; /* of the book, as this sweep last left it */
    sweep_party *parties; /* that have to be looked at, by state before, then id */
    size_t parties_count, parties_size;
    uint64_t done;
    tk_desk_sweep *out;
} sweep;

typedef enum sweep_mode {
    SWEEP_WHOLE, /* all entries: old hits of the source end */
    SWEEP_SAME,  /* the version that the parties know */
    SWEEP_PART   /* new and changed entries; hits of changed ones, and of those that are gone, end */
} sweep_mode;

/* What of a version in use the parties of one state before are run against. */
typedef struct sweep_part {
    sweep_mode mode;
    tk_out bytes;     /* of a version of the new and changed entries alone */
    screen_view view; /* of it */
    uint64_t entries; /* in it */
    tk_str *ended;    /* ids of hits, sorted */
    size_t ended_count, ended_size;
} sweep_part;

TK_MUST_USE tk_status sweep_no_memory(tk_err *err);
/* SWEEP_PRINT_DIGITS digits of a hash of texts, in the arena. */
TK_MUST_USE tk_status sweep_print(tk_arena *arena, tk_sha256 *hash, const tk_str *texts, size_t count, tk_str *out,
                                  tk_err *err);
/* How often somebody swept this book. */
TK_MUST_USE tk_status sweep_mark(tk_store *store, int64_t *mark, tk_err *err);
TK_MUST_USE tk_status sweep_is_busy(tk_err *err);
/* Takes the writer's place, if nobody swept since this one last did. */
TK_MUST_USE tk_status sweep_begin(tk_store *store, int64_t *mark, tk_err *err);
/* The fields of an entry that count for a decision about its hits; "" when the version has no such entry. */
TK_MUST_USE tk_status sweep_entry_print(const tk_shelved *shelved, tk_str hit, tk_arena *arena, tk_sha256 *hash,
                                        tk_str *out, tk_err *err);

/* sweep_plan.c: which versions, which parties. */
TK_MUST_USE tk_status sweep_versions_open(sweep *s, tk_err *err);
TK_MUST_USE tk_status sweep_parties_plan(sweep *s, tk_err *err);

/* sweep_part.c: what has changed from the versions of a state to those in use. */
TK_MUST_USE tk_status sweep_parts_make(sweep *s, int64_t state, sweep_part *parts, tk_arena *arena, tk_err *err);
void sweep_parts_free(sweep *s, sweep_part *parts);

/* sweep_work.c: runs the parties from `first` on, which share their state before, and keeps what comes of it. */
TK_MUST_USE tk_status sweep_work(sweep *s, const sweep_part *parts, size_t first, size_t count, tk_err *err);

/* sweep_report.c */
TK_MUST_USE tk_status sweep_report(sweep *s, tk_err *err);

#endif
