/* SPDX-License-Identifier: Apache-2.0 */
/* parties_int.h: what the files of the module share: one checked row of either table, cells of a row of the book. */
#ifndef TK_PARTIES_INT_H
#define TK_PARTIES_INT_H

#include "base/err.h"
#include "base/limits.h"
#include "base/num.h"
#include "base/str.h"
#include "base/text.h"
#include "parties/book.h"

enum { PARTIES_COLUMNS_MAX = TK_PARTY_COLUMN_COUNT };

typedef struct parties_row {
    tk_str cells[PARTIES_COLUMNS_MAX];
    tk_date from, to; /* of a holding */
} parties_row;

/* Trims and checks the cells, and brings lists of values into one form. *column is the cell that is wrong. */
TK_MUST_USE tk_status parties_row_check(tk_parties_table table, tk_arena *arena, parties_row *row, size_t *column,
                                        tk_err *err);

/* Columns of the tables of the book, as FIND_PARTIES and FIND_HOLDINGS select them. */
void parties_read(tk_store_statement *statement, tk_arena *arena, tk_party_record *party);
void parties_read_holding(tk_store_statement *statement, tk_arena *arena, tk_holding_record *holding);

/* --- statements that more than one file needs: the columns of a row, without the word SELECT --- */

#define PARTIES_CELLS                                                                                                \
    "p.id, p.name, p.aliases, p.kind, p.country, p.hq, p.parent, p.parent_hq, p.class, p.lists, p.entry_review,"     \
    " p.address, p.identifiers, p.birth, p.source, p.note"
#define HOLDINGS_CELLS "h.holder, h.held, h.share, h.control, h.first_day, h.last_day, h.source, h.note"
/* The record that stands for its key up to number ?1. */
#define PARTIES_STAND                                                                                                \
    "p.number <= ?1 AND NOT EXISTS (SELECT 1 FROM parties q WHERE q.id = p.id AND q.number > p.number"               \
    " AND q.number <= ?1)"
#define HOLDINGS_STAND                                                                                               \
    "h.number <= ?1 AND NOT EXISTS (SELECT 1 FROM parties_holdings g WHERE g.held = h.held AND g.holder = h.holder"  \
    " AND g.since = h.since AND g.number > h.number AND g.number <= ?1)"

#endif
