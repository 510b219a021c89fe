/* SPDX-License-Identifier: Apache-2.0 */
/* twokey/screen.h: parties against restricted-party lists.
 *
 * A *shelf* is a folder of list versions: one read-only, checksummed file a version, mapped into memory when used and
 * put in place by rename, so nobody ever sees half a list. Old versions stay and may be asked. A *screener* works for
 * one thread at one shelf: it finds the entries that may be the party, scores each by twokey/names.h, adds what
 * country, address, identifiers and date of birth say, and gives reasons.
 *
 * The version used is the newest of a source published on or before *known at*. Without one, and when it is older than
 * its source allows on *as of*, the lists of that source are not known: no hit then proves nothing, and the answer says so.
 *
 * Threads   A shelf may be shared; a screener belongs to one thread. What a result points at lives until the next call
 *           with the same screener.
 */
#ifndef TWOKEY_SCREEN_H
#define TWOKEY_SCREEN_H

#include "twokey/base.h"
#include "twokey/names.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct tk_shelf tk_shelf;
typedef struct tk_screener tk_screener;

/* A party as it is known; empty where nothing is. */
typedef struct tk_screened {
    tk_str name, country, address, birth; /* country: a code or a name; birth: a date, or a year */
    const tk_str *identifiers;
    size_t identifiers_count;
    tk_name_kind kind;
} tk_screened;

/* What a field besides the name said. */
typedef struct tk_field_note {
    tk_str field, left, right; /* "country", "CN", "RU" */
    int points;                /* added or taken away, in thousandths */
} tk_field_note;

typedef struct tk_hit {
    tk_str id;      /* LIST:KEY, for clearing and confirming; stays the same over versions */
    tk_str list, name, alias; /* the entry's main name; the alias that was hit, "" when the main name was */
    unsigned score;           /* with the fields */
    tk_comparison why;
    const tk_field_note *fields;
    size_t fields_count;
    tk_str source, version; /* id of the source; version "us-csl 2026-07-31 a1b2c3d4" */
    tk_str citation, policy, review, url;
    tk_date start, end;
} tk_hit;

/* Lists that could not be looked at. */
typedef struct tk_unscreened {
    tk_str list, source;
    tk_date published; /* TK_DATE_MIN: no version */
    int age_days;      /* above what the source allows; 0: no version */
} tk_unscreened;

typedef struct tk_screen_result {
    const tk_hit *hits; /* from the highest score down; ties by id */
    size_t hits_count;
    const tk_unscreened *unscreened;
    size_t unscreened_count;
} tk_screen_result;

#ifdef __cplusplus
}
#endif
#endif
