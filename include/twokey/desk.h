/* SPDX-License-Identifier: Apache-2.0 */
/* twokey/desk.h: from an order as a person writes it to a decision, and to the JSON object that scripts read.
 *
 * A tk_desk holds the compiled rulebook, the catalogue and the known claims; it is read-only after opening, so any
 * number of threads may share it. A tk_clerk works at a desk for one thread: it gathers the facts of a transaction
 * (the row of the item, the rows of the parties, what the order itself says), decides, and writes the answer.
 * After its first rows a clerk allocates nothing.
 *
 *     tk_desk_options options = TK_DESK_OPTIONS_INIT;
 *     status = tk_desk_open(&options, &desk, &messages, &err);
 *     status = tk_clerk_new(desk, &clerk, &err);
 *     tk_transaction order = {0};
 *     order.cells[TK_COLUMN_ITEM] = TK_STR("nvidia-h200-sxm");
 *     order.cells[TK_COLUMN_FROM] = TK_STR("US");
 *     order.cells[TK_COLUMN_TO] = TK_STR("CN");
 *     tk_ask ask = TK_ASK_INIT;
 *     status = tk_clerk_decide(clerk, &order, &ask, &result, &err);
 *     // result.decision->keys[0].verdict, ...; or tk_clerk_decide_json for the same as text
 *
 * Ownership   A result and what it points at live until the next call with the same clerk; cells are borrowed as
 *             long as that.
 * Failures    TK_ERR_INPUT: one cell or fact is wrong; result->column says which, the message what was expected.
 */
#ifndef TWOKEY_DESK_H
#define TWOKEY_DESK_H

#include "twokey/base.h"
#include "twokey/catalogue.h"
#include "twokey/decide.h"
#include "twokey/rulebook.h"
#include "twokey/screen.h"

#ifdef __cplusplus
extern "C" {
#endif

/* --- the columns of an order: X(ENUM, "column", "fact or empty") --- */

#define TK_TRANSACTION_COLUMNS(X)                                                                                    \
    X(ID, "id", "")                                                                                                  \
    X(AS_OF, "as_of", "")                                                                                            \
    X(ITEM, "item", "item.id")                                                                                       \
    X(QUANTITY, "quantity", "quantity")                                                                              \
    X(UNIT_VALUE, "unit_value", "unit_value")                                                                        \
    X(CURRENCY, "currency", "currency")                                                                              \
    X(SELLER, "seller", "seller.id")                                                                                 \
    X(PURCHASER, "purchaser", "purchaser.id")                                                                        \
    X(INTERMEDIATE_CONSIGNEE, "intermediate_consignee", "intermediate_consignee.id")                                 \
    X(ULTIMATE_CONSIGNEE, "ultimate_consignee", "ultimate_consignee.id")                                             \
    X(END_USER, "end_user", "end_user.id")                                                                           \
    X(FROM, "from", "route.from")                                                                                    \
    X(TO, "to", "route.to")                                                                                          \
    X(ACTIVITY, "activity", "route.activity")                                                                        \
    X(END_USE, "end_use", "end_use")                                                                                 \
    X(EVIDENCE, "evidence", "")                                                                                      \
    X(ORDER_DATE, "order_date", "route.order_date")                                                                  \
    X(SHIP_DATE, "ship_date", "route.ship_date")                                                                     \
    TK_ROLE_COLUMNS(X, SELLER, "seller")                                                                             \
    TK_ROLE_COLUMNS(X, PURCHASER, "purchaser")                                                                       \
    TK_ROLE_COLUMNS(X, INTERMEDIATE_CONSIGNEE, "intermediate_consignee")                                             \
    TK_ROLE_COLUMNS(X, ULTIMATE_CONSIGNEE, "ultimate_consignee")                                                     \
    TK_ROLE_COLUMNS(X, END_USER, "end_user")

#define TK_ROLE_COLUMNS(X, ROLE, role)                                                                               \
    X(ROLE##_COUNTRY, role "_country", role ".country")                                                              \
    X(ROLE##_HQ, role "_hq", role ".hq")                                                                             \
    X(ROLE##_CLASS, role "_class", role ".class")                                                                    \
    X(ROLE##_LISTS, role "_lists", role ".lists")                                                                    \
    X(ROLE##_PARENT, role "_parent", role ".parent")                                                                 \
    X(ROLE##_PARENT_HQ, role "_parent_hq", role ".parent_hq")

typedef enum tk_column {
#define X(NAME, text, fact) TK_COLUMN_##NAME,
    TK_TRANSACTION_COLUMNS(X)
#undef X
    TK_COLUMN_COUNT
} tk_column;

enum { TK_ROLE_COUNT = 5, TK_ROLE_ATTRIBUTE_COUNT = 6 };

TK_EXPORT tk_str tk_column_name(tk_column column);
/* The fact that a cell of the column says, "end_user.hq"; "" where it says none. */
TK_EXPORT tk_str tk_column_fact(tk_column column);
/* TK_COLUMN_COUNT when there is none; then *nearest (may be NULL) is the nearest name or empty. */
TK_EXPORT tk_column tk_column_find(tk_str name, tk_str *nearest);

/* A fact said by name: `--fact item.tpp=4800`. It replaces that one fact; nothing derived is worked out anew. */
typedef struct tk_fact_text {
    tk_str name, value;
} tk_fact_text;

/* One order as text. A cell that is NULL or empty was not supplied; `?` is unknown, `none` known to be absent,
 * `a .. b` bounds. */
typedef struct tk_transaction {
    tk_str cells[TK_COLUMN_COUNT];
    const tk_fact_text *facts;
    size_t facts_count;
} tk_transaction;

/* --- the desk --- */

typedef struct tk_desk tk_desk;

enum { TK_DESK_OPTIONS_VERSION = 1 };
typedef struct tk_desk_options {
    unsigned version;
    const char *rulebook_folder;  /* NULL: the shipped rulebook */
    const char *catalogue_folder; /* NULL: the shipped catalogue */
    const char *parties_file;     /* added to those of the catalogue; NULL: none */
    const char *book;             /* its claims count; NULL: the claims that come with the program, in memory */
    bool book_shared;             /* the group may use the book too */
    int64_t claims_at;            /* as the book stood when it gave this number; 0: all of its claims */
    const char *lists_folder;     /* parties are run against the lists there; NULL: against none */
    /* tk_rulebook_find_claim knows no claims but those that rules and their examples name, these, and what contradicts
     * any of them; so a book of a million is opened at once. All other claims count as ever, and cannot be believed by
     * index. False: it knows all. */
    bool claims_named_only;
    const tk_str *believe;
    size_t believe_count;
} tk_desk_options;
#define TK_DESK_OPTIONS_INIT {.version = TK_DESK_OPTIONS_VERSION}

/* On TK_ERR_INPUT *messages (owned by the caller, may be NULL) holds what is wrong with the rulebook; when it is
 * NULL too, `err` says what else is wrong. On TK_OK *messages holds the checker's warnings. */
TK_EXPORT TK_MUST_USE tk_status tk_desk_open(const tk_desk_options *options, tk_desk **out, tk_messages **messages,
                                             tk_err *err);
TK_EXPORT void tk_desk_close(tk_desk *desk);

TK_EXPORT const tk_rulebook *tk_desk_rulebook(const tk_desk *desk);
TK_EXPORT const tk_catalogue *tk_desk_catalogue(const tk_desk *desk);
/* The files of the rulebook in use: texts of rules and tables of provisions; borrowed from the desk. */
TK_EXPORT size_t tk_desk_file_count(const tk_desk *desk);
TK_EXPORT tk_source tk_desk_file(const tk_desk *desk, size_t index);
/* The number of the last claim in use, which asks for the same claims again. */
TK_EXPORT int64_t tk_desk_claims_recorded(const tk_desk *desk);
/* SHA-256 of the catalogue and of the claims that come with the program, 64 hex digits. */
TK_EXPORT tk_str tk_desk_catalogue_hash(const tk_desk *desk);
TK_EXPORT tk_str tk_desk_claims_hash(const tk_desk *desk);
/* The id of the item that `text` names, whole or as a tail that names one entry only; TK_ERR_INPUT says why not. */
TK_EXPORT TK_MUST_USE tk_status tk_desk_find_item(const tk_desk *desk, tk_str text, tk_str *id, tk_err *err);
/* Are there two of these claims that cannot both be true, by a link or by what they say? *a and *b: the first two. */
TK_EXPORT TK_MUST_USE tk_status tk_desk_opposed(const tk_desk *desk, const uint32_t *claims, size_t count,
                                                bool *opposed, tk_str *a, tk_str *b, tk_err *err);
/* For tk_rulebook_run_examples: sets what is on record for an item or a party, and asks the desk's claims. `ctx` is the
 * desk; one run at a time. */
TK_EXPORT void tk_desk_example_rows(void *ctx, tk_str role_or_item, tk_str id, tk_facts *facts);

/* --- worlds --- */

/* Which claims are taken as true. Whatever the world, `claims` of the question are believed beside it. */
typedef enum tk_world {
    TK_WORLD_LAW = 0,   /* none */
    TK_WORLD_PREVAILING, /* what prevails by the published method: docs/worlds.md */
    TK_WORLD_STRICT,    /* of all sets of claims that can be true together, one with the worst verdict */
    TK_WORLD_OPEN,      /* one with the best */
    TK_WORLD_CHOSEN     /* those of a file: the `claims` of the question, under the name of the question */
} tk_world;

/* What the believed claims say of one fact that the decision looked at. */
typedef struct tk_world_fact {
    tk_str fact, value; /* "?" where they settle nothing, or were last heard too long ago */
    tk_date since;      /* the last day they speak of */
    bool stale;
    const tk_str *claims;
    size_t claims_count;
} tk_world_fact;

typedef struct tk_world_bound {
    tk_verdict verdict;
    const tk_str *claims; /* a smallest set that gives it */
    size_t claims_count;
} tk_world_bound;

/* What one key can be under claims that can be true together; `law` and `prevailing` are TK_VERDICT_COUNT where the key
 * is not asked for at all, and the ends are those of the sets under which it is. The `claims` of the question are
 * believed in every one of them, but for those of a world that is chosen; no end names them. `bound`: there are too
 * many of them to try; then worst and best are no better and no worse than written, and name no claims. */
typedef struct tk_world_range {
    tk_str regime;
    tk_verdict law;
    tk_world_bound prevailing, worst, best;
    bool bound;
} tk_world_range;

typedef struct tk_world_view {
    tk_str name;
    int64_t recorded;
    const tk_str *claims; /* believed, and able to matter here; of world law: those of the question */
    size_t claims_count;
    const tk_world_fact *facts;
    size_t facts_count;
    const tk_world_range *ranges; /* by regime; only when asked for */
    size_t ranges_count;
} tk_world_view;

/* --- what lists and owners say of the parties --- */

/* What somebody decided about a hit. */
typedef enum tk_hit_state {
    TK_HIT_OPEN = 0,  /* nobody has: the party may be on the list */
    TK_HIT_CLEARED,   /* it is not this party */
    TK_HIT_CONFIRMED, /* it is */
    TK_HIT_LAPSED     /* it was cleared, and something that was compared has changed: as open */
} tk_hit_state;

typedef struct tk_party_hit {
    tk_hit hit; /* the list's side; its fields and reasons too */
    tk_hit_state state;
    tk_str decided; /* "2026-11-25, by login: reason" */
    tk_str changed; /* of a lapsed one: which field of which side, before and now */
} tk_party_hit;

/* One party by the ownership rule of one list. */
typedef struct tk_party_owned {
    tk_str list;
    tk_str state;     /* "covered", "red-flag", "clear" */
    tk_str low, high; /* percent that listed owners hold */
    const tk_str *owners; /* the holdings that count, "EL:huawei 60" first the largest */
    size_t owners_count;
} tk_party_owned;

typedef struct tk_party_screening {
    tk_str role, party; /* as the order names it, or its id on record */
    tk_str name;        /* what was screened */
    tk_str trouble;     /* why its name cannot be compared; "" */
    const tk_party_hit *hits; /* whose entries stand on *as of* */
    size_t hits_count;
    const tk_party_owned *owned; /* that are not clear */
    size_t owned_count;
} tk_party_screening;

typedef struct tk_screening_view {
    const tk_str *versions; /* in use, by source */
    size_t versions_count;
    const tk_unscreened *unknown; /* lists that are on the shelf, and not known on the day: no version, or too old */
    size_t unknown_count;
    const tk_str *never; /* lists that rules may ask about and the shelf never had */
    size_t never_count;
    const tk_party_screening *parties; /* of each role that the order names, in their order */
    size_t parties_count;
} tk_screening_view;

/* --- the clerk --- */

typedef struct tk_clerk tk_clerk;

enum { TK_ASK_VERSION = 1 };
typedef struct tk_ask {
    unsigned version;
    bool as_of_given, known_at_given;
    tk_date as_of;    /* else the order's as_of, else its ship_date, else `today` */
    tk_date known_at; /* else the newest in the rulebook and, but for world law, the claims in use */
    tk_date today;    /* TK_DATE_MIN: the clock is asked */
    tk_law law;
    tk_world world;
    tk_str world_name;      /* of a chosen world */
    bool range;             /* also find what the keys can be under any claims */
    const uint32_t *claims; /* believed: indices of tk_rulebook_find_claim, sorted */
    size_t claims_count;
    unsigned flags;         /* TK_DECIDE_… */
    bool forget;            /* remember nothing from one order to the next: slower, same answers */
} tk_ask;
#define TK_ASK_INIT                                                                                                  \
    {.version = TK_ASK_VERSION, .today = TK_DATE_MIN, .world = TK_WORLD_PREVAILING, .flags = TK_DECIDE_COMPARE}

typedef struct tk_desk_result {
    tk_str id;          /* as given; "" when none */
    tk_str item;        /* the whole id; "" for a hypothetical item */
    tk_date as_of, known_at;
    tk_verdict verdict; /* of the worst key */
    bool touched;       /* false: outside every modelled regime */
    const tk_world_view *world;  /* NULL likewise */
    const tk_screening_view *screening; /* NULL: the desk has no lists */
    const tk_decision *decision; /* NULL when tk_clerk_decide_json remembered the answer */
    tk_column column;     /* on TK_ERR_INPUT: the cell at fault; TK_COLUMN_COUNT: a fact or the whole order */
    tk_column as_of_from; /* TK_COLUMN_AS_OF, TK_COLUMN_SHIP_DATE; TK_COLUMN_COUNT: asked for, or today */
} tk_desk_result;

TK_EXPORT TK_MUST_USE tk_status tk_clerk_new(const tk_desk *desk, tk_clerk **out, tk_err *err);
TK_EXPORT void tk_clerk_free(tk_clerk *clerk);
/* Gathers the facts of one order and decides. */
TK_EXPORT TK_MUST_USE tk_status tk_clerk_decide(tk_clerk *clerk, const tk_transaction *order, const tk_ask *ask,
                                                tk_desk_result *result, tk_err *err);
/* The decider of the last decision, for tk_decider_traces. */
TK_EXPORT const tk_decider *tk_clerk_decider(const tk_clerk *clerk);
/* The decision as one compact JSON object without line end (docs/decision.schema.json). Decides and writes; answers
 * that were worked out before are remembered, which changes nothing but the time it takes. */
TK_EXPORT TK_MUST_USE tk_status tk_clerk_decide_json(tk_clerk *clerk, const tk_transaction *order, const tk_ask *ask,
                                                     tk_desk_result *result, tk_str *json, tk_err *err);

#ifdef __cplusplus
}
#endif
#endif
