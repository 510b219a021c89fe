/* SPDX-License-Identifier: Apache-2.0 */
/* lexer.h: rulebook text to tokens. Token kinds are those of the grammar (grammar.h). */
#ifndef TK_RULEBOOK_LEXER_H
#define TK_RULEBOOK_LEXER_H

#include "rulebook/ast.h"

/* Kinds that never reach the grammar. */
enum { TK_LEX_END = 0, TK_LEX_BAD = -1 };

typedef struct tk_lexer {
    const char *begin, *cursor, *limit; /* *limit is 0 */
    const char *line_begin;
    uint32_t line;
    uint16_t file;
    tk_arena *arena;
    const char *complaint; /* with TK_LEX_BAD */
} tk_lexer;

void tk_lexer_init(tk_lexer *lexer, tk_arena *arena, uint16_t file, tk_str text_terminated);
void tk_lexer_next(tk_lexer *lexer, ast_token *out);

#endif
