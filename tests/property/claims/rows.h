/* SPDX-License-Identifier: Apache-2.0 */
/* rows.h: random claims as rows of a file, for properties of a book. What they say is up to the property. */
#ifndef TESTS_PROPERTY_CLAIMS_ROWS_H
#define TESTS_PROPERTY_CLAIMS_ROWS_H

#include <stdio.h>

#include "seams/chance.h"

enum { ROW_MAX = 256 };

static const char row_header[] = "id,date_event,date_reported,source,source_kind,actor,subject,predicate,object,"
                                 "quantity,unit,contradicts,supersedes,derived_from\n";

/* Cells without commas; "" where there is none. */
typedef struct row_cells {
    const char *id, *event, *reported, *source, *kind, *actor, *subject, *predicate, *object, *quantity;
    const char *contradicts, *supersedes, *derived_from;
} row_cells;

static inline void row_write(char row[ROW_MAX], const row_cells *c)
{
    (void)snprintf(row, ROW_MAX, "%s,%s,%s,%s,%s,%s,%s,%s,%s,%s,chips,%s,%s,%s\n", c->id, c->event, c->reported,
                   c->source, c->kind, c->actor, c->subject, c->predicate, c->object, c->quantity, c->contradicts,
                   c->supersedes, c->derived_from);
}

static uint64_t row_state;

static inline uint64_t below(uint64_t count)
{
    return test_random(&row_state) % count;
}

#define PICK(list) (list)[below(TK_COUNT(list))]

#endif
