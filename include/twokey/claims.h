/* SPDX-License-Identifier: Apache-2.0 */
/* twokey/claims.h: the claims of a book: import, look up, say what they are worth and where they cannot all be true.
 *
 * A claim is a dated, sourced statement by somebody about a regime (docs/claims.md). Claims contradict each other; all
 * are kept, and what each is worth is worked out.
 *
 * Three times
 *   event      when what the claim says happened; a partial date starts on its first day
 *   published  when it was said; a partial date counts from its last day; what known-at filters by
 *   number     the place in the order of import ("recorded"); what claims-at filters by
 *
 * What always holds
 *   - A claim is never changed or removed; a correction is a new claim that supersedes.
 *   - One import is one transaction: after a crash the whole batch is there, or nothing of it.
 *   - What is answered depends on which claims are there, never on the order in which they came; only numbers do.
 *
 *     tk_claims_book_options options = TK_CLAIMS_BOOK_OPTIONS_INIT;
 *     options.path = "/home/me/desk/book.db";
 *     status = tk_claims_book_open(&options, &claims, NULL, &err);
 *     tk_claims_input input = TK_CLAIMS_INPUT_INIT;
 *     input.name = TK_STR("new.csv");
 *     input.stream = file;
 *     status = tk_claims_import(claims, &input, &done, &err);
 *     status = tk_arena_new(&arena, &err);
 *     tk_claims_at at = TK_CLAIMS_AT_ALL;
 *     status = tk_claims_find(claims, &at, TK_STR("C105"), arena, &claim, &err);
 *     // claim->cells[TK_CLAIM_SAYS]; all of it in examples/claims.c
 *     tk_arena_free(arena);
 *     tk_claims_close(claims);
 *
 * Ownership   A tk_claims holds its book open. Text and lists that are handed out live in the arena they were asked
 *             into; what a callback is given lives until it returns. A picture and a world also need their tk_claims.
 * Threads     A tk_claims belongs to one thread at a time. Other threads and programs may open the same book: writers
 *             take turns. They may import at any moment: whoever asks with the `number` of tk_claims_recorded sees the
 *             same claims in every call.
 * Errors      TK_ERR_INPUT: no book, or no file of claims; the message says where and what was expected. TK_ERR_BUSY:
 *             another program is writing. TK_ERR_CORRUPT: the book is damaged. A row that is rejected, a claim that is
 *             not there, and a conflict are answers.
 * Limits      Cells of 64 KiB, 64 ids in a cell of links, as the messages of TK_ERR_LIMIT say; the number of claims is
 *             bounded by the disk alone. A picture of all claims needs memory in proportion to them.
 */
#ifndef TWOKEY_CLAIMS_H
#define TWOKEY_CLAIMS_H

#include <stdio.h>

#include "twokey/base.h"

#ifdef __cplusplus
extern "C" {
#endif

/* --- columns: X(ENUM, "name") --- */

#define TK_CLAIM_COLUMNS(X)                                                                                          \
    X(ID, "id")                                                                                                      \
    X(DATE_EVENT, "date_event")                                                                                      \
    X(DATE_REPORTED, "date_reported")                                                                                \
    X(SOURCE, "source")                                                                                              \
    X(SOURCE_URL, "source_url")                                                                                      \
    X(SOURCE_KIND, "source_kind")                                                                                    \
    X(ACTOR, "actor")                                                                                                \
    X(SUBJECT, "subject")                                                                                            \
    X(PREDICATE, "predicate")                                                                                        \
    X(OBJECT, "object")                                                                                              \
    X(QUANTITY, "quantity")                                                                                          \
    X(UNIT, "unit")                                                                                                  \
    X(STATUS, "status")                                                                                              \
    X(CONTRADICTS, "contradicts")                                                                                    \
    X(SUPERSEDES, "supersedes")                                                                                      \
    X(DERIVED_FROM, "derived_from")                                                                                  \
    X(RELATES_TO, "relates_to")                                                                                      \
    X(SAYS, "says")                                                                                                  \
    X(NOTE, "note")

typedef enum tk_claim_column {
#define X(NAME, text) TK_CLAIM_##NAME,
    TK_CLAIM_COLUMNS(X)
#undef X
    TK_CLAIM_COLUMN_COUNT
} tk_claim_column;
TK_EXPORT const char *tk_claim_column_name(tk_claim_column column);

/* --- words of the tables --- */

typedef enum tk_claim_lane { TK_LANE_US, TK_LANE_CN, TK_LANE_COUNT } tk_claim_lane;

#define TK_CLAIM_TOPICS(X)                                                                                           \
    X(OFFICIAL, "official", "official announcements")                                                                \
    X(ORDERS, "orders", "orders confirmed")                                                                          \
    X(SHIPMENTS, "shipments", "shipments")                                                                           \
    X(DOMESTIC, "domestic", "domestic capability")                                                                   \
    X(US_POLICY, "us-policy", "US policy")                                                                           \
    X(COMPETITORS, "competitors", "competitors")

typedef enum tk_claim_topic {
#define X(NAME, text, says) TK_TOPIC_##NAME,
    TK_CLAIM_TOPICS(X)
#undef X
    TK_TOPIC_COUNT
} tk_claim_topic;
TK_EXPORT const char *tk_claim_topic_name(tk_claim_topic topic);
TK_EXPORT const char *tk_claim_topic_says(tk_claim_topic topic);

/* What a statement is about, and how two of them can fail to hold together. */
typedef enum tk_claim_about {
    TK_ABOUT_ITEM,
    TK_ABOUT_ROUND,  /* of an item too, where the claim names a buyer: what nobody is let in for is no round */
    TK_ABOUT_MARKET, /* of an item too, where it names none: what one buyer is told to stop, others may go on with */
    TK_ABOUT_APPLICATION, /* of a buyer for a product; of all buyers where none is named */
    TK_ABOUT_BUYER,       /* likewise, but only of buyers who are named */
    TK_ABOUT_PARTY,
    TK_ABOUT_REGIME, /* of nothing in particular */
    TK_ABOUT_TEXT
} tk_claim_about;
typedef enum tk_claim_kind {
    TK_KIND_STAGE,   /* reached once and for all: a denial later than a report of it cannot hold beside it */
    TK_KIND_STATE,   /* one of several that exclude each other on the same day */
    TK_KIND_MEASURE, /* a number; bounds that do not meet cannot both hold in the same month */
    TK_KIND_WORDS    /* nothing is concluded from it */
} tk_claim_kind;

#define TK_CLAIM_STAGES(X)                                                                                           \
    X(REPORTED, "reported")                                                                                          \
    X(APPROVED, "approved")                                                                                          \
    X(TERMS_FINAL, "terms-final")                                                                                    \
    X(ALLOCATED, "allocated")                                                                                        \
    X(HELD, "held")                                                                                                  \
    X(ORDERED, "ordered")                                                                                            \
    X(TESTED, "tested")                                                                                              \
    X(EXPORT_CLEARED, "export-cleared")                                                                              \
    X(IMPORT_CLEARED, "import-cleared")                                                                              \
    X(DELIVERED, "delivered")                                                                                        \
    X(VERIFIED, "verified")

enum {
#define X(NAME, text) TK_STAGE_##NAME,
    TK_CLAIM_STAGES(X)
#undef X
    TK_STAGE_COUNT
};
TK_EXPORT const char *tk_claim_stage_name(size_t stage);

/* --- numbers --- */

typedef struct tk_claim_bounds {
    bool known;
    tk_num low, high; /* both included; TK_NUM_MIN / TK_NUM_MAX: open */
} tk_claim_bounds;

/* "805000", ">400000", "<=200000", "~2" (a tenth either way), "40000-80000", "100000s" (up to the next power of ten).
 * Empty text: not known. */
TK_EXPORT TK_MUST_USE tk_status tk_claim_bounds_parse(tk_str text, tk_claim_bounds *out, tk_err *err);

/* As docs/decision.schema.json writes them: "75000", "400000.000001 ..", "40000 .. 80000". */
TK_EXPORT tk_str tk_claims_bounds_text(const tk_claim_bounds *bounds, tk_arena *arena);

/* --- opening --- */

typedef struct tk_claims tk_claims;

typedef struct tk_claims_imported {
    uint64_t read, added, there, rejected; /* read == added + there + rejected */
    uint64_t loose;                        /* links to ids that are neither in the book nor in the file */
    uint64_t unknown;                      /* words and names that no table knows; counted where somebody is told */
    uint64_t ahead;                        /* claims whose publication lies after the day of the import */
    int64_t batch, first, last;            /* numbers given; 0 when nothing was added */
} tk_claims_imported;

enum { TK_CLAIMS_BOOK_OPTIONS_VERSION = 1 };
typedef struct tk_claims_book_options {
    unsigned version;
    const char *path; /* NULL: a book in memory, which ends with the handle */
    bool create;      /* make the book, and its folder, when there is none */
    bool shared;      /* the group may use the book too */
} tk_claims_book_options;
#define TK_CLAIMS_BOOK_OPTIONS_INIT {.version = TK_CLAIMS_BOOK_OPTIONS_VERSION}

/* Opens a book, and loads the claims that come with the program when the book does not have this edition of them;
 * *shipped says what that did (may be NULL; batch 0: nothing to do). */
TK_EXPORT TK_MUST_USE tk_status tk_claims_book_open(const tk_claims_book_options *options, tk_claims **out,
                                                    tk_claims_imported *shipped, tk_err *err);
TK_EXPORT void tk_claims_close(tk_claims *claims);
/* The highest number given. */
TK_EXPORT TK_MUST_USE tk_status tk_claims_recorded(tk_claims *claims, int64_t *number, tk_err *err);

/* --- import --- */

typedef enum tk_claims_saying {
    TK_CLAIMS_REJECTED, /* a row, with the first thing that is wrong with it */
    TK_CLAIMS_ALSO,     /* another thing that is wrong with the row rejected last */
    TK_CLAIMS_NOTE      /* worth knowing about a row that is in the book now */
} tk_claims_saying;
typedef void (*tk_claims_say)(void *context, tk_claims_saying saying, const tk_err *err);

/* A claim is about the past: what is published after `today` is rejected, or with `allow_future` kept and noted. Such a
 * claim counts from its day on; until then it moves no default of known-at. */
enum { TK_CLAIMS_INPUT_VERSION = 1 };
typedef struct tk_claims_input {
    unsigned version;
    tk_str name;  /* for messages, and kept with the batch */
    FILE *stream; /* or NULL: `text` */
    tk_str text;
    bool ignore_unknown; /* columns */
    bool allow_future;
    tk_date today;     /* TK_DATE_MIN: the clock is asked; TK_DATE_MAX: no day is after it */
    tk_claims_say say; /* may be NULL */
    void *context;
} tk_claims_input;
#define TK_CLAIMS_INPUT_INIT {.version = TK_CLAIMS_INPUT_VERSION, .today = TK_DATE_MIN}

/* TK_ERR_INPUT when the file cannot be read as claims at all. Rejected rows are no failure. */
TK_EXPORT TK_MUST_USE tk_status tk_claims_import(tk_claims *claims, const tk_claims_input *input,
                                                 tk_claims_imported *result, tk_err *err);

/* --- looking up --- */

/* Which claims: those known on a day and recorded up to a number. */
typedef struct tk_claims_at {
    tk_date known_at; /* TK_DATE_MAX: all */
    int64_t number;   /* INT64_MAX: all */
} tk_claims_at;
#define TK_CLAIMS_AT_ALL ((tk_claims_at){.known_at = TK_DATE_MAX, .number = INT64_MAX})

typedef struct tk_claim {
    int64_t number;
    tk_date event_from, event_to, published;
    tk_str cells[TK_CLAIM_COLUMN_COUNT];
} tk_claim;

/* *claim NULL: there is none with this id at these times. */
TK_EXPORT TK_MUST_USE tk_status tk_claims_find(tk_claims *claims, const tk_claims_at *at, tk_str id, tk_arena *arena,
                                               const tk_claim **claim, tk_err *err);
/* The nearest id that there is, or an empty text. */
TK_EXPORT TK_MUST_USE tk_status tk_claims_nearest(tk_claims *claims, tk_str id, tk_arena *arena, tk_str *nearest,
                                                  tk_err *err);

/* The first claim, by id, that supersedes it; an empty text when none does at these times. */
TK_EXPORT TK_MUST_USE tk_status tk_claims_successor(tk_claims *claims, const tk_claims_at *at, tk_str id,
                                                    tk_arena *arena, tk_str *successor, tk_err *err);

typedef struct tk_claims_filter {
    tk_claims_at at;
    tk_str actor, subject, predicate, stage, source_kind; /* ptr NULL: any. Parts of a text, whole words for the rest */
    tk_date from, to;                                     /* of the event: periods that touch it */
} tk_claims_filter;
#define TK_CLAIMS_FILTER_ALL                                                                                         \
    ((tk_claims_filter){.at = TK_CLAIMS_AT_ALL, .from = TK_DATE_MIN, .to = TK_DATE_MAX})

/* Claims by event, then publication, then id. The claim lives until the callback returns. */
typedef tk_status (*tk_claims_each)(void *context, const tk_claim *claim, tk_err *err);
TK_EXPORT TK_MUST_USE tk_status tk_claims_list(tk_claims *claims, const tk_claims_filter *filter,
                                               tk_claims_each each, void *context, tk_err *err);

/* Claims that have every word, latest publication first, at most `limit` of them; *matches counts all. When more than
 * a thousand have them, those recorded last are taken, and *more is true. */
TK_EXPORT TK_MUST_USE tk_status tk_claims_search(tk_claims *claims, const tk_claims_at *at, tk_str words,
                                                 size_t limit, tk_arena *arena, const tk_claim **found,
                                                 size_t *count, uint64_t *matches, bool *more, tk_err *err);

/* --- what claims say --- */

typedef struct tk_claim_statement {
    tk_claim_about about;
    tk_claim_kind kind;
    tk_str fact, value, excludes; /* of a text: the text */
    tk_str item, party;           /* catalogue's product and party or class; empty: none named */
    tk_str unit;                  /* of a measure */
    bool denies;
    tk_claim_bounds bounds;
    int64_t key; /* the same of statements about the same thing */
} tk_claim_statement;

/* At least one; what the tables say nothing of is its own words. */
TK_EXPORT TK_MUST_USE tk_status tk_claims_statements(const tk_claims *claims, const tk_claim *claim, tk_arena *arena,
                                                     const tk_claim_statement **out, size_t *count, tk_err *err);
TK_EXPORT tk_claim_lane tk_claims_lane(const tk_claims *claims, const tk_claim *claim);
TK_EXPORT tk_claim_topic tk_claims_topic(const tk_claims *claims, const tk_claim *claim);
/* Why nothing is concluded from its predicate; empty when something is. */
TK_EXPORT tk_str tk_claims_not_modelled(const tk_claims *claims, const tk_claim *claim);
/* A to F, by the kind of its source. */
TK_EXPORT char tk_claims_source_grade(const tk_claims *claims, const tk_claim *claim);

/* --- what they are worth together --- */

/* Claims of some times, with what they say; made once, asked often. Everything lives in the arena. */
typedef struct tk_claims_picture tk_claims_picture;

/* Of all claims; of those that speak of the same as one of the statements (which is enough to grade those). */
TK_EXPORT TK_MUST_USE tk_status tk_claims_picture_all(tk_claims *claims, const tk_claims_at *at, tk_arena *arena,
                                                      tk_claims_picture **out, tk_err *err);
TK_EXPORT TK_MUST_USE tk_status tk_claims_picture_about(tk_claims *claims, const tk_claims_at *at,
                                                        const tk_claim_statement *statements, size_t count,
                                                        tk_arena *arena, tk_claims_picture **out, tk_err *err);

/* docs/claims.md, "Grades". `sources` say the same, `denials` say what cannot hold beside it; both independent of each
 * other. */
typedef struct tk_claim_grade {
    char source;         /* A to F */
    uint8_t credibility; /* 1 to 6 */
    bool superseded;     /* a later claim corrects it: it counts for nothing */
    uint32_t sources, denials;
} tk_claim_grade;

/* Of the claim: as good as the weakest of its statements. False when the picture does not have it. */
TK_EXPORT bool tk_claims_picture_grade(const tk_claims_picture *picture, tk_str id, tk_claim_grade *grade);

/* Claims that cannot all be true. Claims of one side can. */
typedef struct tk_claims_side {
    const int64_t *numbers; /* by event, then id */
    size_t count;
} tk_claims_side;

typedef struct tk_claims_conflict {
    tk_str about;  /* "application.stage approved, h200, bytedance"; several joined by "; "; empty for links alone */
    tk_str settle; /* what would settle it */
    bool linked, detected; /* by a link; by what the statements mean */
    const tk_claims_side *sides;
    size_t sides_count;
} tk_claims_conflict;

/* By the first event of the group, then id. */
TK_EXPORT TK_MUST_USE tk_status tk_claims_conflicts(tk_claims_picture *picture, const tk_claims_conflict **out,
                                                    size_t *count, tk_err *err);

/* Claims by number, from an arena; NULL claims are not there. */
TK_EXPORT TK_MUST_USE tk_status tk_claims_get(tk_claims *claims, int64_t number, tk_arena *arena,
                                              const tk_claim **claim, tk_err *err);

/* --- how far an application is --- */

typedef struct tk_claims_evidence {
    int64_t number; /* 0: there is none */
    tk_str id;
    tk_date event;
    tk_claim_grade grade;
    bool general; /* names no buyer: weaker where it asserts, as strong where it denies */
    size_t others; /* claims that say the same and are not shown */
} tk_claims_evidence;

typedef struct tk_claims_rung {
    tk_claims_evidence asserts, denies;
} tk_claims_rung;

/* What is said beside the ladder: a state with the day it was last reported for. */
typedef struct tk_claims_beside {
    tk_str fact, value;
    tk_claims_evidence evidence;
} tk_claims_beside;

typedef struct tk_claims_ladder {
    tk_claims_rung stages[TK_STAGE_COUNT];
    const tk_claims_beside *beside; /* US licence, access of the buyer and its classes, stance and customs, off-ramps */
    size_t beside_count;
} tk_claims_ladder;

/* `item` is a product, `party` an id of the catalogue, `classes` those of the party. The strongest evidence: of this
 * buyer before general, by grade, then the latest event, then id. Each stage stands on its own claims. */
TK_EXPORT TK_MUST_USE tk_status tk_claims_stage(tk_claims *claims, const tk_claims_at *at, tk_str item, tk_str party,
                                                const tk_str *classes, size_t classes_count, tk_arena *arena,
                                                tk_claims_ladder *ladder, tk_err *err);

/* --- worlds: which claims prevail (docs/worlds.md) --- */

/* What a transaction is about. The claims that say something of the facts asked for about it are its witnesses; each
 * has a standing under what prevails. Deciding in a world is the business of a desk: twokey/desk.h. */
typedef struct tk_claims_subject {
    tk_str item; /* a product of the catalogue; empty: none known */
    const tk_str *parties; /* ids and classes of the buyer */
    size_t parties_count;
} tk_claims_subject;

typedef enum tk_claims_standing {
    TK_STANDS_PREVAILS,
    TK_STANDS_SUPERSEDED, /* a later claim corrects it */
    TK_STANDS_UNSOURCED,  /* nobody knows who said it: it may confirm others, and is not believed itself */
    TK_STANDS_OVERRULED,  /* what cannot hold beside it weighs more */
    TK_STANDS_DISPUTED    /* as much */
} tk_claims_standing;
TK_EXPORT const char *tk_claims_standing_says(tk_claims_standing standing);

/* One thing that a witness says of a fact asked for. */
typedef struct tk_claims_says {
    uint32_t fact;  /* index into the facts asked for */
    uint32_t word;  /* index into tk_claims_world_words of the fact */
    tk_claim_kind kind;
    bool denies;
    bool names_buyer;
    tk_claim_bounds bounds;
} tk_claims_says;

typedef struct tk_claims_witness {
    tk_str id;
    int64_t number;
    tk_date event;
    bool event_is_day; /* dated to the day */
    char grade;
    tk_claims_standing standing;
    const tk_claims_says *says;
    size_t says_count;
    const uint32_t *linked; /* witnesses that a link says cannot be true beside it */
    size_t linked_count;
} tk_claims_witness;

typedef struct tk_claims_world tk_claims_world;

enum { TK_CLAIMS_WITNESSES_MAX = 100 * 1000 };
/* `facts` as the rulebook calls them ("item.cn_stance"); `named`: ids of claims that are witnesses whatever they say.
 * TK_ERR_LIMIT: more than TK_CLAIMS_WITNESSES_MAX. */
TK_EXPORT TK_MUST_USE tk_status tk_claims_world_make(tk_claims *claims, const tk_claims_at *at, const tk_str *facts,
                                                     size_t facts_count, const tk_claims_subject *subject,
                                                     const tk_str *named, size_t named_count, tk_arena *arena,
                                                     tk_claims_world **out, tk_err *err);
/* By id. */
TK_EXPORT const tk_claims_witness *tk_claims_world_witnesses(const tk_claims_world *world, size_t *count);
/* Can the two witnesses not be true together? */
TK_EXPORT bool tk_claims_world_oppose(const tk_claims_world *world, uint32_t a, uint32_t b);
/* The words said of a fact, by name; none for a measure. */
TK_EXPORT const tk_str *tk_claims_world_words(const tk_claims_world *world, size_t fact, size_t *count);

#ifdef __cplusplus
}
#endif
#endif
