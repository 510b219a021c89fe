/* SPDX-License-Identifier: Apache-2.0 */
/* lists.h: restricted-party lists as their publishers write them, read into one form; what a new edition must pass
 * before it replaces the old one; what differs between two.
 *
 * A *source* is what is published and imported together (the Consolidated Screening List, the three files of OFAC …):
 * a row of lists/sources.csv, with the columns a file must have, the least number of entries, the share it may shrink
 * by, and after how many days it is stale. A *list* is what the law names ("EL", "SDN" …): a row of lists/families.csv
 * with the wording by which sources name it, and the ownership rule of its family, cited. Nothing of this is in C.
 *
 * Reading never fails half: each record is an entry or one message with line and reason (read = accepted + rejected;
 * merged says how many of the accepted went into an entry that was there). What the gate refuses is refused whole, with
 * every reason.
 *
 *     tk_lists *lists = NULL;
 *     status = tk_lists_open(&texts, &lists, &err);
 *     tk_list_edition *edition = NULL;
 *     status = tk_lists_read(lists, files, files_count, &options, &arena, &edition, &err);
 *     tk_list_verdict verdict;
 *     status = tk_lists_gate(lists, edition, in_force, &arena, &verdict, &err);
 *
 * Threads   A tk_lists is read-only once made, and so is an edition.
 */
#ifndef TK_LISTS_LISTS_H
#define TK_LISTS_LISTS_H

#include "base/arena.h"
#include "twokey/names.h"
#include "twokey/rulebook.h" /* tk_source: a name and its text */

/* --- one party of one list --- */

typedef struct tk_list_alias {
    tk_str text;
    bool weak;     /* the publisher calls it a weak or low-quality alias */
    bool original; /* in the original script */
} tk_list_alias;

typedef struct tk_list_text { /* an identifier: kind, value; an address: country, text; a day of birth: "", text */
    tk_str kind, value;
} tk_list_text;

/* One party of one list, as published. Empty where the source is silent. All text is trimmed, without control
 * characters, in the arena of the edition. */
typedef struct tk_list_entry {
    tk_str list;  /* code of families.csv */
    tk_str key;   /* an id, the same for a party in every edition: the publisher's number, else made of its name */
    tk_name_kind kind;
    tk_str name;
    const tk_list_alias *aliases; /* no two the same, none the same as the name; as published, and cut where glued */
    size_t aliases_count;
    const tk_str *countries; /* ISO 3166 codes of addresses, nationality, flag; sorted, each once */
    size_t countries_count;
    const tk_list_text *addresses, *identifiers, *births;
    size_t addresses_count, identifiers_count, births_count;
    tk_str programs, requirement, policy; /* policy as published; tk_lists_review says what it comes to */
    tk_str citation, url, remarks;
    tk_date start, end; /* TK_DATE_MIN / TK_DATE_MAX where not said */
    uint64_t line;      /* in the file it came from */
} tk_list_entry;

/* What an edition can say of its entries at all: a diff compares only what both sides can say. X(ENUM, "word") */
#define TK_LIST_FIELDS(X)                                                                                            \
    X(NAME, "name")                                                                                                  \
    X(KIND, "kind")                                                                                                  \
    X(ALIASES, "aliases")                                                                                            \
    X(COUNTRIES, "countries")                                                                                        \
    X(ADDRESSES, "addresses")                                                                                        \
    X(IDENTIFIERS, "identifiers")                                                                                    \
    X(BIRTHS, "births")                                                                                              \
    X(PROGRAMS, "programs")                                                                                          \
    X(REQUIREMENT, "requirement")                                                                                    \
    X(POLICY, "policy")                                                                                              \
    X(CITATION, "citation")                                                                                          \
    X(REMARKS, "remarks")                                                                                            \
    X(START, "start")                                                                                                \
    X(END, "end")
typedef enum tk_list_field {
#define X(NAME, text) TK_LIST_##NAME,
    TK_LIST_FIELDS(X)
#undef X
    TK_LIST_FIELD_COUNT
} tk_list_field;
tk_str tk_list_field_name(tk_list_field field);
#define TK_LIST_FIELD_BIT(field) (UINT32_C(1) << (field))

/* --- one edition of one source --- */

typedef struct tk_list_message {
    tk_str file; /* as given */
    uint64_t line;
    tk_str text;
} tk_list_message;

/* How the day of publication is known. X(ENUM, "words") */
#define TK_LIST_DATED(X)                                                                                             \
    X(SAID, "as said")                                                                                               \
    X(FILE, "by the file")                                                                                           \
    X(NAME, "by the name of the file")                                                                               \
    X(NEWEST, "by its newest entry")
typedef enum tk_list_dated {
#define X(NAME, text) TK_LIST_DATED_##NAME,
    TK_LIST_DATED(X)
#undef X
    TK_LIST_DATED_COUNT
} tk_list_dated;
tk_str tk_list_dated_name(tk_list_dated dated);

typedef struct tk_list_edition {
    tk_str source;     /* id of sources.csv */
    tk_date published; /* as the caller says, else by the file itself, else by its name, else its newest entry */
    tk_list_dated dated;
    tk_str hash;       /* SHA-256 of the file or files, uncompressed, 64 hex digits */
    uint32_t fields;   /* what it can say: TK_LIST_FIELD_BIT */
    const tk_list_entry *entries; /* by list, then key: does not depend on the order in the file */
    size_t entries_count;
    uint64_t read, accepted, rejected, merged; /* records; merged: of the accepted, repeats put together */
    const tk_list_message *messages;           /* the first TK_LIST_MESSAGES_MAX of the rejected */
    size_t messages_count;
    /* For the gate. */
    const tk_str *missing; /* columns that the source must have and this file has not */
    size_t missing_count;
    uint64_t second_header; /* line; 0: none */
    uint64_t cut_off;       /* line of a last record that breaks off; 0: it does not */
} tk_list_edition;

/* --- what is known of sources, lists and policies --- */

typedef struct tk_list_source {
    tk_str id, title, publisher, format; /* format: the reader, or "mapped" */
    tk_str forms;      /* columns a file must have: `;` between columns, ` | ` between forms; "" : none asked for */
    tk_str sign;       /* text near the beginning that tells this source from others of the same format, or "" */
    tk_str list;       /* code for formats that hold one list, else "" */
    uint64_t entries_min;
    unsigned shrink_max_percent, reject_max_permille;
    unsigned stale_days;
    bool whole; /* no: it has a part of its lists, so that no hit in it says nothing */
    tk_str url, terms, basis; /* basis: where each number comes from */
} tk_list_source;

typedef enum tk_list_minority { /* what a listed owner below the share is */
    TK_LIST_MINORITY_NONE,
    TK_LIST_MINORITY_NOTE,
    TK_LIST_MINORITY_RED_FLAG
} tk_list_minority;

typedef struct tk_list_family {
    tk_str code, name;
    tk_str wordings; /* how sources name it, `;` between */
    tk_str programs; /* programmes of OFAC's files that mean it, `;` between, `*` at an end for any text */
    tk_num owned_percent; /* from this share on an owned party is treated as listed; 0: no such rule */
    bool aggregate;       /* shares of several listed owners are added up */
    tk_list_minority minority;
    tk_str citation, url; /* of the ownership rule */
    tk_str party_lists;   /* the value of `party.lists` in rulebooks, "" when no rulebook asks for it */
} tk_list_family;

/* What a licence policy comes to, as `entry_review` in rulebooks. */
typedef enum tk_list_review {
    TK_LIST_REVIEW_UNKNOWN = 0, /* nothing said, or a wording that no row knows */
    TK_LIST_REVIEW_APPROVAL,
    TK_LIST_REVIEW_CASE,
    TK_LIST_REVIEW_DENIAL
} tk_list_review;
tk_str tk_list_review_name(tk_list_review review); /* "", "approval", "case-by-case", "denial" */

typedef struct tk_lists tk_lists;

typedef struct tk_lists_texts {
    tk_source sources, families, policies, countries; /* lists/…csv */
    tk_source places; /* catalogue/places.csv: codes and names of countries */
} tk_lists_texts;

TK_MUST_USE tk_status tk_lists_open(const tk_lists_texts *texts, tk_lists **out, tk_err *err);
void tk_lists_free(tk_lists *lists);
const tk_list_source *tk_lists_sources(const tk_lists *lists, size_t *count); /* by id */
const tk_list_source *tk_lists_source(const tk_lists *lists, tk_str id);      /* NULL: none such */
/* The same; for an id that is not there, the row that stands for lists of one's own ("mapped"). */
const tk_list_source *tk_lists_source_of(const tk_lists *lists, tk_str id);
const tk_list_family *tk_lists_families(const tk_lists *lists, size_t *count); /* by code */
const tk_list_family *tk_lists_family(const tk_lists *lists, tk_str code);     /* NULL: none such */
tk_list_review tk_lists_review(const tk_lists *lists, tk_str policy);
/* The two-letter code of a country as sources write it (code, name, "Korea, North"), or "" when not known. Static or
 * the lists' own. */
tk_str tk_lists_country(const tk_lists *lists, tk_str text);

/* --- reading --- */

typedef struct tk_list_file {
    tk_str name;  /* for messages, and for a day in it ("csl-2026-07.csv.gz") */
    tk_str bytes; /* as it lies on disk; gzip is unpacked */
} tk_list_file;

/* One field of an entry and the column of a mapped file that holds it, or a value for all when `fixed`. */
typedef struct tk_list_mapping {
    tk_str field, column;
    bool fixed;
} tk_list_mapping;

typedef struct tk_list_reading {
    tk_str source;     /* "": recognised by its content */
    tk_date published; /* TK_DATE_MIN: not said */
    tk_date today;     /* an edition that names a month only is of its last day, or of today */
    const tk_list_mapping *mappings; /* with some, the file is read by them */
    size_t mappings_count;
} tk_list_reading;

/* TK_ERR_INPUT: not a list that is known (what was looked for is said), files of several sources, a broken gzip, XML
 * that is not well-formed or has a document type; TK_ERR_LIMIT: above a limit of limits.h. Everything else is told by
 * the edition. */
TK_MUST_USE tk_status tk_lists_read(const tk_lists *lists, const tk_list_file *files, size_t files_count,
                                    const tk_list_reading *reading, tk_arena *arena, tk_list_edition **out,
                                    tk_err *err);
/* Fields a mapping may name, and what they hold, for help: "name" … */
const char *const *tk_lists_mapping_fields(size_t *count);

/* --- the gate --- */

/* Of the edition in force, as far as the gate asks. */
typedef struct tk_list_in_force {
    tk_date published;
    size_t entries_count;
    uint32_t fields;
    const tk_list_edition *edition; /* its entries, to be counted list by list; NULL: they are not */
} tk_list_in_force;

typedef struct tk_list_verdict {
    bool passed;
    const tk_str *reasons; /* all of them, when refused */
    size_t reasons_count;
    tk_str text; /* the reasons as one message */
} tk_list_verdict;

/* `in_force` NULL: there is none. `older`: an older day of publication is no reason. */
TK_MUST_USE tk_status tk_lists_gate(const tk_lists *lists, const tk_list_edition *edition,
                                    const tk_list_in_force *in_force, bool older, tk_arena *arena,
                                    tk_list_verdict *out, tk_err *err);

/* --- the difference --- */

typedef struct tk_list_change {
    const tk_list_entry *before, *after; /* NULL: added; NULL: removed */
    uint32_t fields;                     /* that changed: TK_LIST_FIELD_BIT */
} tk_list_change;

typedef struct tk_list_difference {
    const tk_list_change *changes; /* by list, then key */
    size_t changes_count;
    size_t added, removed, changed;
    uint32_t compared; /* fields that both can say */
} tk_list_difference;

TK_MUST_USE tk_status tk_lists_diff(const tk_list_edition *before, const tk_list_edition *after, tk_arena *arena,
                                    tk_list_difference *out, tk_err *err);

#endif
