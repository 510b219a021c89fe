/* SPDX-License-Identifier: Apache-2.0 */
/* shelf.h: a folder of list versions, one read-only file each.
 *
 * Every import is a file of its own, `<source>-<published>-<first 8 digits of its hash>.list`. It is written under
 * another name, synced, and renamed when it is whole: whoever looks sees the old versions or the old ones and the new
 * one. A file never changes; whoever has one mapped keeps it. Old versions stay until their owner removes the file.
 *
 *     tk_shelf *shelf = NULL;
 *     status = tk_shelf_open("…/lists", &(tk_shelf_options){.create = true}, &shelf, &err);
 *     status = tk_shelf_put(shelf, names, &edition, tk_date_today(), &arena, &version, &was_there, &err);
 *
 * Threads   A shelf holds its path and nothing else: any number of threads may use it. A version that is open is
 *           read-only.
 * Processes Any number, also such that put. What a program that was killed left behind is taken away by the next put.
 * Failures  TK_ERR_USAGE: no such folder, or one that others can write to; TK_ERR_CORRUPT: a file that is not what was
 *           written; TK_ERR_IO, TK_ERR_MEMORY. A failed put leaves the shelf as it was.
 */
#ifndef TK_SCREEN_SHELF_H
#define TK_SCREEN_SHELF_H

#include "screen/file.h"
#include "twokey/screen.h"

const char *tk_shelf_folder(const tk_shelf *shelf);

/* What is known of a version without reading its entries. */
typedef struct tk_shelf_version {
    tk_str name; /* "us-csl 2026-07-31 a1b2c3d4" */
    tk_str file; /* in the folder */
    tk_str source, hash, method;
    tk_date published, imported;
    tk_list_dated dated;
    uint32_t serial;
    uint32_t fields; /* which fields the source can say at all */
    uint64_t bytes, entries, names;
    uint64_t unprepared; /* names in which nothing can be compared */
    uint64_t read, accepted, rejected, merged;
    bool usable;    /* whole, and by the method of this program */
    tk_str trouble; /* why it is not usable, and what helps; "" */
} tk_shelf_version;

/* By source, then day, then import. Files whose names are no names of versions are passed over. */
TK_MUST_USE tk_status tk_shelf_versions(const tk_shelf *shelf, tk_arena *arena, const tk_shelf_version **out,
                                        size_t *count, tk_err *err);
/* The newest of the source published on or before the day; NULL when there is none. */
const tk_shelf_version *tk_shelf_choose(const tk_shelf_version *versions, size_t count, tk_str source,
                                        tk_date known_at);

/* Puts an edition on the shelf; *version lives in the arena. *was_there: this very file was imported before, nothing is
 * written. One made by another method, or a damaged one, is replaced. */
TK_MUST_USE tk_status tk_shelf_put(const tk_shelf *shelf, tk_names *names, const tk_list_edition *edition,
                                   tk_date today, tk_arena *arena, tk_shelf_version *version, bool *was_there,
                                   tk_err *err);
/* Makes the index of a version anew by the method of this program; its entries stay as they are. */
TK_MUST_USE tk_status tk_shelf_renew(const tk_shelf *shelf, tk_names *names, const tk_shelf_version *version,
                                     tk_err *err);
/* Compares the whole file with the hash it was written with. */
TK_MUST_USE tk_status tk_shelf_verify(const tk_shelf *shelf, const tk_shelf_version *version, tk_err *err);

/* --- one version, open --- */

typedef struct tk_shelved tk_shelved;

/* Maps the file; `any_method` for reading entries alone. */
TK_MUST_USE tk_status tk_shelved_open(const tk_shelf *shelf, const tk_shelf_version *version, bool any_method,
                                      tk_shelved **out, tk_err *err);
void tk_shelved_close(tk_shelved *shelved);
const screen_view *tk_shelved_view(const tk_shelved *shelved);
uint64_t tk_shelved_count(const tk_shelved *shelved);
/* Entry `index`, by list, then key. Its texts live as long as `shelved`, its arrays in the arena. */
TK_MUST_USE tk_status tk_shelved_entry(const tk_shelved *shelved, uint64_t index, tk_arena *arena, tk_list_entry *out,
                                       tk_err *err);
/* All of them; lives as long as both. */
TK_MUST_USE tk_status tk_shelved_edition(const tk_shelved *shelved, tk_arena *arena, tk_list_edition *out,
                                         tk_err *err);

#endif
