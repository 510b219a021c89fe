/* SPDX-License-Identifier: Apache-2.0 */
/* align.h: how alike are two tokens? */
#ifndef TK_NAMES_ALIGN_H
#define TK_NAMES_ALIGN_H

#include "names/block.h"

/* One side of a comparison: a reading of a prepared name. */
typedef struct align_side {
    const tk_name *name;
    const name_reading *reading;
    const name_token *tokens;
    const char *text, *sounds; /* of the reading */
    size_t count;
} align_side;

typedef struct align_likeness {
    unsigned points; /* 0 (nothing in common) to 1000 (the same) */
    tk_alignment how;
} align_likeness;

align_side align_side_of(const tk_name *name, size_t reading);
align_likeness align_tokens(const align_side *left, const name_token *a, const align_side *right,
                            const name_token *b);
/* Edits between two words (one letter put in, left out, another one, or two neighbours swapped), or `most` + 1. */
unsigned align_edits(tk_str a, tk_str b, unsigned most);
/* Edits that still make a slip of a word of so many letters. */
unsigned align_edits_allowed(size_t length);
/* Points of a word of `length` letters with so many edits. */
unsigned align_edits_points(size_t length, unsigned edits);

#endif
