/* SPDX-License-Identifier: Apache-2.0 */
/* notes.h: a little module that tests of the store keep in a book: notes with texts, and links between them. */
#ifndef TK_TEST_NOTES_H
#define TK_TEST_NOTES_H

#include "store/store.h"

/* Version 1: notes; 2: each with a grade; 3: links between them. */
enum { TEST_NOTES_VERSIONS = 3 };
extern const char *const test_notes_versions[TEST_NOTES_VERSIONS];

/* Two modules, `notes` and `other`; the options name the first alone until told otherwise. */
typedef struct test_setting {
    tk_store_module modules[2];
    tk_store_options options;
} test_setting;
void test_setting_make(test_setting *setting, const char *path, size_t version);

/* Ends the test with the message when it cannot be opened. */
tk_store *test_opened(const test_setting *setting);
/* Opening fails with this status and a message that has this text. */
void test_refused(const test_setting *setting, tk_status status, const char *text);
/* The first column of the first row; `sql` is constant text. */
int64_t test_number(tk_store *store, const char *sql);
/* One note in one transaction. */
TK_MUST_USE tk_status test_note_add(tk_store *store, int64_t id, const char *text, tk_err *err);
/* Inside a transaction. */
TK_MUST_USE tk_status test_note_insert(tk_store *store, int64_t id, const char *text, tk_err *err);
/* How many notes there are, and how many of them are 1, 2, 3 … without a gap. */
int64_t test_notes(tk_store *store);
int64_t test_notes_unbroken(tk_store *store);
/* Nothing is wrong with the book. */
void test_whole(tk_store *store);

#endif
