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
    bool sure; /* of a kind that shares a key for retrieval: names are never alike by guesses alone */
} align_likeness;

/* Are the names made of syllables that each tell? */
bool align_syllabic(const align_side *left, const align_side *right);
align_side align_side_of(const tk_name *name, size_t reading);
/* Has it tokens that tell a party from others? */
bool align_named(const align_side *side);
align_likeness align_tokens(const align_side *left, const name_token *a, const align_side *right,
                            const name_token *b);
/* Edits between two words (one letter put in, left out, another one, or two neighbours swapped), or `most` + 1. */
unsigned align_edits(tk_str a, tk_str b, unsigned most);
/* Edits that still make a slip of a word of so many letters. */
unsigned align_edits_allowed(size_t length);
/* Letters of `count` tokens from `from` without spaces. Returns the length, 0 when they are more than `room`. */
size_t align_joined(const align_side *side, size_t from, size_t count, char *out, size_t room);
/* Hash of letters, as name_token.hash. */
uint32_t align_hash(tk_str letters);

/* First letters of the words of a name from its beginning, in a few manners: with or without small words, legal forms
 * (never those in front), the last word of a trade. It ends before digits. Every beginning of it of at least
 * ACRONYM_LETTERS_MIN letters is an acronym. ends[k] is the number of tokens that k + 1 letters stand for; 0: none that
 * could be said to be one. `manner` below ACRONYM_MANNERS. Returns the length. */
enum { ACRONYM_MANNERS = 8, ACRONYM_LETTERS_MIN = 3, ACRONYM_LETTERS_MAX = 8 };
enum { ACRONYM_LETTERS_SURE = 5 }; /* fewer are the first letters of too many names */
typedef struct align_acronym {
    char letters[ACRONYM_LETTERS_MAX];
    uint8_t ends[ACRONYM_LETTERS_MAX];
    size_t length, start; /* start: tokens in front that it leaves out */
} align_acronym;
align_acronym align_acronym_of(const align_side *side, unsigned manner);
/* The beginning of a word of seven letters and more, under which it is looked for. */
enum { SKELETON_SURE = 4 }; /* so many consonants in a row are no chance */
enum { BEGINNING_LETTERS = 5, BEGINNING_WORD_MIN = 6 };

/* Points of a word of `length` letters with so many edits. */
unsigned align_edits_points(size_t length, unsigned edits);

#endif
