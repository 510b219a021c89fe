/* SPDX-License-Identifier: Apache-2.0 */
/* lists.h: restricted-party lists as their publishers write them, read into one form; what a new edition must pass
 * before it replaces the old one; what differs between two.
 *
 * A *source* is what is published and imported together (the Consolidated Screening List, the three files of OFAC …):
 * a row of lists/sources.csv, with the columns a file must have, the least number of entries, the share it may shrink
 * by, and after how many days it is stale. A *list* is what the law names ("EL", "SDN" …): a row of lists/families.csv
 * with the wording by which sources name it, and the ownership rule of its family, cited. Nothing of this is in C.
 *
 * Reading never fails half: each record is an entry or one message with line and reason (read = accepted + rejected).
 * What the gate refuses is refused whole, with every reason.
 *
 * Threads   No state; an edition is read-only once made.
 */
#ifndef TK_LISTS_LISTS_H
#define TK_LISTS_LISTS_H

#include "base/arena.h"
#include "twokey/names.h"

typedef struct tk_list_alias {
    tk_str text;
    bool weak;     /* the publisher calls it a weak or low-quality alias */
    bool original; /* in the original script */
} tk_list_alias;

typedef struct tk_list_text { /* an identifier: kind and value; an address: country and text; a date of birth: "" and text */
    tk_str kind, value;
} tk_list_text;

/* One party of one list, as published. Empty where the source is silent. All text is trimmed, without control
 * characters, in the arena of the edition. */
typedef struct tk_list_entry {
    tk_str list;  /* code of families.csv */
    tk_str key;   /* the same party has the same key in every edition: publisher's number, else made of list, name, notice */
    tk_name_kind kind;
    tk_str name;
    const tk_list_alias *aliases;
    size_t aliases_count;
    const tk_str *countries; /* ISO 3166 codes of addresses, nationality, flag */
    size_t countries_count;
    const tk_list_text *addresses, *identifiers, *births;
    size_t addresses_count, identifiers_count, births_count;
    tk_str programs, requirement, policy; /* policy as published; tk_lists_review says what it comes to */
    tk_str citation, url, remarks;
    tk_date start, end; /* TK_DATE_MIN / TK_DATE_MAX where not said */
    uint64_t line;      /* in the file it came from */
} tk_list_entry;

typedef struct tk_list_edition {
    tk_str source;     /* id of sources.csv */
    tk_date published; /* by the file itself, else by its name, else as the caller says */
    tk_str hash;       /* SHA-256 of the file or files, uncompressed, 64 hex digits */
    const tk_list_entry *entries; /* by list, then key: does not depend on the order in the file */
    size_t entries_count;
    uint64_t read, accepted, rejected, merged; /* records; merged: repeats of one party put together */
} tk_list_edition;

#endif
