/* SPDX-License-Identifier: Apache-2.0 */
/* parse.h: one file of rulebook text to a list of statements, and what the grammar's actions need. */
#ifndef TK_RULEBOOK_PARSE_H
#define TK_RULEBOOK_PARSE_H

#include "rulebook/ast.h"
#include "rulebook/messages.h"

/* Where the grammar's actions put what they recognise. */
typedef struct tk_parse {
    tk_arena *arena;
    tk_messages *messages;
    const char *text;    /* of the file */
    ast_stmt *first, *last;
    ast_stmt *current;   /* the statement whose clauses are being read */
    ast_token token;     /* the one fed last */
    ast_token previous;  /* the one before */
    bool failed;         /* skip to the next statement */
    bool complete;       /* the statement was whole before the mistake */
} tk_parse;

/* Appends the statements of one file to *first / *last. Complaints go to messages; reading goes on at the next
 * statement. `text` is followed by a 0. */
void tk_parse_file(tk_arena *arena, tk_messages *messages, uint16_t file, tk_str text, ast_stmt **first,
                   ast_stmt **last);

/* What lemon makes of grammar.y. */
void *tk_grammar_Alloc(void *(*allocate)(size_t size_bytes));
void tk_grammar_Free(void *parser, void (*release)(void *block));
void tk_grammar_(void *parser, int kind, ast_token token, tk_parse *parse);

/* For the actions. */
ast_stmt *tk_parse_begin(tk_parse *parse, ast_kind kind, ast_token keyword);
void tk_parse_clause(tk_parse *parse, uint32_t clause, ast_pos pos, const char *what);
ast_name *tk_parse_name(tk_parse *parse, ast_token token);
ast_expr *tk_parse_leaf(tk_parse *parse, ast_op op, ast_token token);
ast_expr *tk_parse_binary(tk_parse *parse, ast_op op, ast_token token, ast_expr *a, ast_expr *b);
ast_expr *tk_parse_logic(tk_parse *parse, ast_op op, ast_token token, ast_expr *a, ast_expr *b);
ast_set *tk_parse_set(tk_parse *parse, int op, ast_token token, ast_set *a, ast_set *b);
void tk_parse_syntax_error(tk_parse *parse, ast_token token, const int *expected, size_t expected_count);

#define PARSE_NEW(parse, type) TK_ARENA_NEW((parse)->arena, type)

#endif
