/* SPDX-License-Identifier: Apache-2.0 */
/* listing.h: lists for tests: the tables of the program, files of tests/data/lists or texts, what was read of them. */
#ifndef SEAMS_LISTING_H
#define SEAMS_LISTING_H

#include "base/str.h"
#include "lists/lists.h"

typedef struct listing {
    tk_lists *lists;
    tk_arena arena;
    tk_list_reading reading;
    tk_list_file files[8];
    size_t files_count;
    tk_list_edition *edition; /* of the last good reading */
    tk_err err;               /* of the last bad one */
} listing;

/* The tables of the program. */
void listing_texts(tk_lists_texts *texts);
/* The lists that rules ask about: "EL | MEU | …". */
tk_str listing_rulebook_lists(void);
/* Today is 2026-08-01. */
void listing_open(listing *l);
void listing_close(listing *l);
/* The files of the next reading: a text, or a file of tests/data/lists or of another folder. */
void listing_clear(listing *l);
void listing_text(listing *l, const char *name, tk_str text);
void listing_file(listing *l, const char *folder, const char *name);
/* Reads them; a good one ends in `edition`. */
tk_status listing_read(listing *l);
/* Reads one file of tests/data/lists; fails the test when it is refused. */
void listing_sample(listing *l, const char *name);
/* Reads one text; fails the test when it is refused. */
void listing_good(listing *l, const char *name, tk_str text);
/* Reads one text that must be refused with this within the message. */
void listing_refused(listing *l, const char *name, tk_str text, const char *said);
/* The entry of a key ("EL:sugon-…": a prefix is enough); fails the test when there is none. */
const tk_list_entry *listing_entry(const listing *l, const char *list, const char *key);
/* An alias is there, and weak and original as said. */
void listing_alias(const tk_list_entry *entry, const char *text, bool weak, bool original);
bool listing_has_alias(const tk_list_entry *entry, const char *text);
/* The verdict of the gate over the edition. */
tk_list_verdict listing_gate(listing *l, const tk_list_in_force *in_force, bool older);
/* Where the full lists are, or NULL: $TWOKEY_LISTS. */
const char *listing_folder(void);

#endif
