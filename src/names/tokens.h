/* SPDX-License-Identifier: Apache-2.0 */
/* tokens.h: a reading cut into tokens, each with its role and weight. */
#ifndef TK_NAMES_TOKENS_H
#define TK_NAMES_TOKENS_H

#include "base/arena.h"
#include "names/block.h"

typedef struct tokens {
    name_token *tokens; /* in the arena */
    size_t count;
    char *sounds; /* of all tokens, one after the other */
    size_t sounds_length;
    unsigned person; /* as name_reading says */
} tokens;

/* What is known of the name as it was written. */
typedef struct tokens_from {
    tk_name_kind kind;
    bool comma;      /* it had one, as "SURNAME, Given" has */
    bool unvowelled; /* short letters of it that look like English words are none */
    bool syllables;  /* it was written in characters of a syllable each: none is a particle or an initial */
} tokens_from;

/* TK_ERR_LIMIT above TK_NAME_TOKENS_MAX. */
TK_MUST_USE tk_status tokens_cut(tk_arena *arena, tk_str text, tokens_from from, tokens *out, tk_err *err);

#endif
