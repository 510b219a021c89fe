/* SPDX-License-Identifier: Apache-2.0 */
/* desk_book.h: a book with the parties and holdings of a few lines. */
#ifndef TK_TEST_DESK_BOOK_H
#define TK_TEST_DESK_BOOK_H

/* Parties, or holdings, into the book at `path`, which is made when there is none. A row that is wrong ends the
 * test. */
void test_book_import(const char *path, const char *text);

#endif
