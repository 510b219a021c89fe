/* SPDX-License-Identifier: Apache-2.0 */
/* twokey/screen.h: parties against restricted-party lists.
 *
 * A *shelf* is a folder of list versions: one read-only, checksummed file a version, mapped into memory when used and
 * put in place by rename, so nobody ever sees half a list. Old versions stay and may be asked. A *screener* works for
 * one thread at one shelf: it finds the entries that may be the party, scores each by twokey/names.h, adds what
 * country, address, identifiers and date of birth say, and gives reasons.
 *
 * The version used is the newest of a source published on or before *known at*. Without one, and when it is older than
 * its source allows on *as of*, the lists of that source are not known: no hit then proves nothing, and the answer says
 * so.
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

typedef struct tk_shelf_options {
    bool create; /* make the folder when there is none */
    bool shared; /* the group may write too */
} tk_shelf_options;
/* TK_ERR_USAGE: no such folder, or one that others can write to. */
TK_EXPORT TK_MUST_USE tk_status tk_shelf_open(const char *folder, const tk_shelf_options *options, tk_shelf **out,
                                              tk_err *err);
TK_EXPORT void tk_shelf_close(tk_shelf *shelf);

/* After how many days an edition of a source is too old to prove anything. */
typedef struct tk_screen_source {
    tk_str source;
    int stale_days;
} tk_screen_source;

enum { TK_SCREENER_OPTIONS_VERSION = 1 };
/* What is borrowed must live as long as the screener. */
typedef struct tk_screener_options {
    unsigned version;
    tk_date as_of, known_at;         /* TK_DATE_MAX: whatever is on the shelf is known */
    const tk_screen_source *sources; /* borrowed; a source that is not here never gets old */
    size_t sources_count;
    const tk_str *expected; /* borrowed; codes of the lists that are reported when they are not known */
    size_t expected_count;
    const struct tk_lists *lists; /* borrowed; names of countries, and what policies come to; NULL: neither */
    tk_str list;                  /* borrowed; entries of this list alone; "": of all */
    unsigned threshold;           /* 0: TK_NAMES_THRESHOLD */
    size_t hits_max;              /* so many of the best hits; 0: all */
} tk_screener_options;
#define TK_SCREENER_OPTIONS_INIT                                                                                     \
    {.version = TK_SCREENER_OPTIONS_VERSION, .as_of = TK_DATE_MAX, .known_at = TK_DATE_MAX}

/* Opens the versions that the options choose; they stay what they are while the screener lives, whatever is imported
 * meanwhile. A version that is damaged, or was made by another method of names, is refused: what it would have hit
 * cannot be known. The shelf is not needed afterwards; NULL is one with nothing on it. */
TK_EXPORT TK_MUST_USE tk_status tk_screener_new(const tk_shelf *shelf, const tk_screener_options *options,
                                                tk_screener **out, tk_err *err);
TK_EXPORT void tk_screener_free(tk_screener *screener);
/* Versions in use, by source: "us-csl 2026-07-31 a1b2c3d4". */
TK_EXPORT const tk_str *tk_screener_versions(const tk_screener *screener, size_t *count);
/* Is the list in a version that is in use and not too old? Only then no hit means something. */
TK_EXPORT bool tk_screener_knows(const tk_screener *screener, tk_str list);

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

/* A list that is expected and not known. */
typedef struct tk_unscreened {
    tk_str list, source; /* source "": no version on the shelf has the list */
    tk_date published;   /* of the version that is too old; TK_DATE_MIN: none was published by *known at* */
    int age_days;        /* of that version on *as of*; 0: there is none */
} tk_unscreened;

typedef struct tk_screen_result {
    const tk_hit *hits; /* from the highest score down; ties by id */
    size_t hits_count;
    const tk_unscreened *unscreened;
    size_t unscreened_count;
    const tk_hit *outside; /* would be hits, but their entry began after or ended before *as of* */
    size_t outside_count;
    size_t hits_more; /* hits beyond hits_max */
} tk_screen_result;

/* What every result of this screener says of lists that are not known, without a party. */
TK_EXPORT void tk_screener_unscreened(const tk_screener *screener, tk_screen_result *out);
/* TK_ERR_INPUT, TK_ERR_LIMIT: the name cannot be compared; say so, and go on with the next party. TK_ERR_CORRUPT: a
 * version is damaged. The result lives until the next call. */
TK_EXPORT TK_MUST_USE tk_status tk_screen(tk_screener *screener, const tk_screened *party, tk_screen_result *out,
                                          tk_err *err);

#ifdef __cplusplus
}
#endif
#endif
