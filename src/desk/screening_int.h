/* SPDX-License-Identifier: Apache-2.0 */
/* screening_int.h: what the files of the desk's screening share. */
#ifndef TK_DESK_SCREENING_INT_H
#define TK_DESK_SCREENING_INT_H

#include "desk/screening.h"
#include "parties/clearances.h"
#include "screen/screener.h"

/* The public names of what clearances say. */
_Static_assert((int)TK_HIT_OPEN == (int)TK_CLEARANCE_OPEN && (int)TK_HIT_CLEARED == (int)TK_CLEARANCE_CLEARED
                   && (int)TK_HIT_CONFIRMED == (int)TK_CLEARANCE_CONFIRMED
                   && (int)TK_HIT_LAPSED == (int)TK_CLEARANCE_LAPSED,
               "one state, one number");

struct desk_shelf {
    tk_arena keep;
    tk_shelf *shelf;
    tk_lists *lists;
    const tk_owner_rule *rules;
    size_t rules_count;
};

/* A party as it was run against the lists: all hits, whatever the day. */
typedef struct screened_party {
    tk_str key, id, name;
    tk_str trouble; /* why its name cannot be compared; "" */
    bool held; /* somebody holds a part of it, on some day */
    tk_party_hit *hits;
    size_t hits_count;
} screened_party;

typedef struct screening_slots { /* SIZE_MAX: the rulebook has no such fact */
    size_t lists, entry_review, owner_lists, owner_review, owner_minority;
} screening_slots;

/* A list that rules may ask about: the versions in use that have the whole of it. */
typedef struct screening_list {
    tk_str code;
    uint64_t bit; /* of its word in the fact `lists` */
    bool ever;    /* some version on the shelf has the whole of it, known by then or not */
    struct screening_version {
        tk_str source;
        tk_date published;
        unsigned stale_days;
    } *versions;
    size_t versions_count;
} screening_list;

typedef struct screening_owning screening_owning;

struct desk_screening {
    const tk_desk *desk;
    screening_slots slots[TK_ROLE_COUNT];
    tk_screener *screener, *ever; /* of what is known at `known_at`; of everything on the shelf */
    tk_date known_at;
    tk_arena known; /* of what is known at that day */
    screening_list *lists;
    size_t lists_count;
    tk_arena keep;            /* of the parties in memory */
    screened_party **parties; /* open addressing */
    size_t places, parties_count;
    screening_owning *owning;
};

/* What a search of the lists is told of the party of a row of the book, all but its name. */
enum { SCREENING_VALUES_MAX = 64 };
tk_screened screening_asked(const tk_str *cells, tk_str identifiers[SCREENING_VALUES_MAX]);
/* Its name, then its aliases. */
size_t screening_names(const tk_str *cells, tk_str names[SCREENING_VALUES_MAX]);

/* The party of an id or, when nobody has that id, of a name. `country` as the order says it, or "". Lives until
 * memory is full and all are forgotten. */
TK_MUST_USE tk_status screening_party(desk_screening *screening, tk_str id, tk_str country, const screened_party **out,
                                      tk_err *err);
bool screening_hit_counts(const tk_party_hit *hit, tk_date as_of);
/* How strict a review is: the strictest the highest; 0: not known. */
uint8_t screening_review(tk_str review);

/* owning.c: who owns the parties, by the book. `context` is a desk_screening_ask. */
TK_MUST_USE tk_status screening_ask_party(void *context, tk_parties_graph *graph, tk_str id,
                                          const tk_party_record *record, tk_err *err);
screening_owning *screening_owning_new(void);
void screening_owning_free(screening_owning *owning);
void screening_owning_forget(screening_owning *owning);
/* The owners of a party on a day; NULL when the book knows none. */
TK_MUST_USE tk_status screening_owning_find(desk_screening *screening, tk_str party, tk_date as_of,
                                            const tk_parties_graph **out, tk_err *err);

#endif
