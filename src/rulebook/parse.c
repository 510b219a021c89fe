/* SPDX-License-Identifier: Apache-2.0 */
/* parse.c: feeds tokens to the grammar, one statement at a time, and says what was expected.
 *
 * The parser is ended and begun anew at every statement keyword in column 1. A statement with a mistake costs
 * itself only, and the grammar's own machine never has to guess where to go on.
 */
#include "rulebook/parse.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/compat.h"
#include "base/limits.h"
#include "base/str.h"
#include "grammar.h"
#include "rulebook/lexer.h"

ast_stmt *tk_parse_begin(tk_parse *parse, ast_kind kind, ast_token keyword)
{
    /* There is always a current statement to fill: a spare when memory ran out. */
    static const ast_stmt empty = {0};
    ast_stmt *stmt = parse->current;
    *stmt = empty;
    stmt->kind = kind;
    stmt->pos = keyword.pos;
    stmt->begin = keyword.pos.offset;
    stmt->regime = UINT16_MAX;
    return stmt;
}

void tk_parse_clause(tk_parse *parse, uint32_t clause, ast_pos pos, const char *what)
{
    if ((parse->current->clauses & clause) != 0)
        tk_messages_add(parse->messages, TK_SEVERITY_ERROR, pos, "'%s' is given twice in one statement", what);
    parse->current->clauses |= clause;
}

ast_name *tk_parse_name(tk_parse *parse, ast_token token)
{
    ast_name *name = PARSE_NEW(parse, ast_name);
    if (name != NULL)
        *name = (ast_name){.pos = token.pos, .text = token.text};
    return name;
}

ast_expr *tk_parse_leaf(tk_parse *parse, ast_op op, ast_token token)
{
    ast_expr *expr = PARSE_NEW(parse, ast_expr);
    if (expr != NULL)
        *expr = (ast_expr){.op = op, .pos = token.pos, .begin = token.pos.offset, .end = token.end, .text = token.text};
    return expr;
}

ast_expr *tk_parse_binary(tk_parse *parse, ast_op op, ast_token token, ast_expr *a, ast_expr *b)
{
    ast_expr *expr = tk_parse_leaf(parse, op, token);
    if (expr == NULL || a == NULL)
        return NULL;
    expr->a = a;
    expr->b = b;
    expr->begin = a->begin;
    expr->end = b != NULL ? b->end : a->end;
    return expr;
}

/* S7: `A or B and C` can be read both ways, so it is refused. */
ast_expr *tk_parse_logic(tk_parse *parse, ast_op op, ast_token token, ast_expr *a, ast_expr *b)
{
    ast_op other = op == AST_OR ? AST_AND : AST_OR;
    const ast_expr *sides[2] = {a, b};
    for (size_t i = 0; i < 2; i++) {
        if (sides[i] != NULL && sides[i]->op == other && !sides[i]->parenthesized) {
            tk_messages_add(parse->messages, TK_SEVERITY_ERROR, token.pos,
                            "'and' and 'or' side by side can be read both ways; put parentheses around the part "
                            "that belongs together");
            break;
        }
    }
    return tk_parse_binary(parse, op, token, a, b);
}

ast_set *tk_parse_set(tk_parse *parse, int op, ast_token token, ast_set *a, ast_set *b)
{
    ast_set *set = PARSE_NEW(parse, ast_set);
    if (set == NULL || a == NULL || b == NULL)
        return NULL;
    if (a->op != AST_SET_NAME && !a->parenthesized && (int)a->op != op)
        tk_messages_add(parse->messages, TK_SEVERITY_ERROR, token.pos,
                        "'or' and 'but not' side by side can be read both ways; put parentheses around the part "
                        "that belongs together");
    set->op = op == AST_SET_OR ? AST_SET_OR : AST_SET_BUT_NOT;
    set->pos = token.pos;
    set->a = a;
    set->b = b;
    return set;
}

static const char *parse_token_name(int kind)
{
    switch (kind) {
    case TK_T_WORD: return "a name";
    case TK_T_NUMBER: return "a number";
    case TK_T_DATE: return "a date";
    case TK_T_STRING: return "a text in quotes";
    case TK_T_UNIT: return "a unit";
    case TK_T_RANGE: return "'..'";
    case TK_T_UNKNOWN: return "'?'";
    case TK_T_LP: return "'('";
    case TK_T_RP: return "')'";
    case TK_T_COMMA: return "','";
    case TK_T_COLON: return "':'";
    case TK_T_BAR: return "'|'";
    case TK_T_EQ: return "'='";
    case TK_T_LT: case TK_T_LE: case TK_T_GT: case TK_T_GE: case TK_T_NE: return "a comparison";
    case TK_T_AND: return "'and'";
    case TK_T_OR: return "'or'";
    case TK_T_IN: return "'in'";
    case TK_T_HAS: return "'has'";
    case TK_T_PUBLISHED: return "'published'";
    case TK_T_CITES: return "'cites'";
    case TK_T_IN_FORCE: return "'in force'";
    case TK_T_WHEN: return "'when'";
    case TK_T_THEN: return "'then'";
    case TK_T_REQUIRES: return "'requires'";
    case TK_T_BEFORE: return "'before'";
    case TK_T_AFTER: return "'after'";
    case TK_T_GIVES: return "'gives'";
    case TK_T_OTHERWISE: return "'otherwise'";
    case TK_T_COVERS: return "'covers'";
    case TK_T_READ_TO: return "'read to'";
    case TK_T_COUNTS: return "'counts'";
    case TK_T_AT_MOST: return "'at most'";
    case TK_T_WHERE: return "'where'";
    case TK_T_OVER: return "'over'";
    case TK_T_DAYS: return "'days'";
    case TK_T_BUT_NOT: return "'but not'";
    default: return NULL;
    }
}

static bool parse_starts_statement(int kind)
{
    switch (kind) {
    case TK_T_COMMON: case TK_T_REGIME: case TK_T_ROLES: case TK_T_FACT: case TK_T_SET: case TK_T_TERM:
    case TK_T_QUESTION: case TK_T_RULE: case TK_T_LIMIT: case TK_T_NOT_MODELLED: case TK_T_EXAMPLE:
        return true;
    default:
        return false;
    }
}

/* The clauses a statement of this kind may hold, for a word that is none of them. */
static const char *const *parse_clauses(ast_kind kind)
{
    static const char *const rule[] = {
        "a sentence in quotes", "practice", "reported by", "cites", "published", "in force", "replaces", "when", "then",
        "requires",             NULL};
    static const char *const limit[] = {"a sentence in quotes",
                                        "reported by",
                                        "cites",
                                        "published",
                                        "in force",
                                        "counts",
                                        "of",
                                        "at most",
                                        "less than",
                                        "over",
                                        NULL};
    static const char *const regime[] = {"a title in quotes", "covers", "read to", "when", NULL};
    static const char *const question[] = {", strictest", "asked when", "otherwise", NULL};
    static const char *const fact[] = {"presumed", "from claims", "from claims holds", "requires", NULL};
    static const char *const row[] = {"published", "cites", NULL};
    static const char *const gap[] = {"cites", "when", NULL};
    static const char *const none[] = {NULL};
    switch (kind) {
    case AST_RULE: return rule;
    case AST_LIMIT: return limit;
    case AST_REGIME: return regime;
    case AST_QUESTION: return question;
    case AST_FACT: return fact;
    case AST_SET: return row;
    case AST_NOT_MODELLED: return gap;
    case AST_COMMON: case AST_ROLES: case AST_TERM: case AST_EXAMPLE:
    default: return none;
    }
}

static bool parse_is_statement_word(tk_str word)
{
    static const char *const words[] = {"common", "regime",   "roles", "fact",  "set",
                                        "term",   "question", "rule",  "limit", "example"};
    for (size_t i = 0; i < TK_COUNT(words); i++)
        if (tk_str_is(word, words[i]))
            return true;
    return false;
}

/* The statement was complete: what could go on, and did the author mean it? */
static void parse_complain_clause(tk_parse *parse, ast_token token, tk_str text)
{
    const char *const *clauses = parse_clauses(parse->current->kind);
    char list[200] = "";
    size_t len = 0;
    tk_nearest nearest = tk_nearest_make(text);
    for (size_t i = 0; clauses[i] != NULL; i++) {
        tk_nearest_offer(&nearest, tk_str_from(clauses[i]));
        int written = snprintf(list + len, sizeof list - len, "%s%s", i == 0 ? "; expected " : ", ", clauses[i]);
        len += written < 0 || sizeof list - len <= (size_t)written ? 0 : (size_t)written;
    }
    if (token.pos.column != 1 && parse_is_statement_word(text))
        tk_messages_add(parse->messages, TK_SEVERITY_ERROR, token.pos,
                        "'" TK_FMT "' begins a statement only in column 1; its other lines are indented",
                        TK_ARG_STR(text));
    else if (token.kind == TK_T_PER || token.kind == TK_T_EXCEPTION_TO)
        tk_messages_add(parse->messages, TK_SEVERITY_ERROR, token.pos, "'" TK_FMT "' stands right behind the name",
                        TK_ARG_STR(text));
    else if (token.kind == TK_T_RP)
        tk_messages_add(parse->messages, TK_SEVERITY_ERROR, token.pos, "there is no '(' for this ')'");
    else if (nearest.best.ptr != NULL)
        tk_messages_add(parse->messages, TK_SEVERITY_ERROR, token.pos,
                        "'" TK_FMT "' does not fit here; did you mean '" TK_FMT "'?", TK_ARG_STR(text),
                        TK_ARG_STR(nearest.best));
    else
        tk_messages_add(parse->messages, TK_SEVERITY_ERROR, token.pos, "'" TK_FMT "' does not fit here%s",
                        TK_ARG_STR(text), list);
}

static size_t parse_expected(const int *expected, size_t count, char *list, size_t size)
{
    size_t len = 0, said = 0;
    for (size_t i = 0; i < count && said < 7; i++) {
        const char *name = parse_token_name(expected[i]);
        if (name == NULL || strstr(list, name) != NULL)
            continue;
        int written = snprintf(list + len, size - len, "%s%s", said == 0 ? "" : ", ", name);
        if (written < 0 || size - len <= (size_t)written)
            break;
        len += (size_t)written;
        said++;
    }
    return said;
}

void tk_parse_syntax_error(tk_parse *parse, ast_token token, const int *expected, size_t expected_count)
{
    if (parse->failed)
        return;
    parse->failed = true;
    char list[240] = "";
    size_t said = parse_expected(expected, expected_count, list, sizeof list);
    tk_str text = {parse->text + token.pos.offset, token.end - token.pos.offset};
    for (size_t i = 0; i < expected_count; i++)
        parse->complete |= parse_starts_statement(expected[i]);
    if (expected_count == 0)
        tk_messages_add(parse->messages, TK_SEVERITY_ERROR, token.pos, "nested too deeply (at most %d levels)",
                        TK_EXPRESSION_DEPTH_MAX);
    else if (token.kind == TK_LEX_END)
        tk_messages_add(parse->messages, TK_SEVERITY_ERROR, parse->previous.pos,
                        "the statement ends too early here; expected %s", said == 0 ? "more" : list);
    else if (parse->complete)
        parse_complain_clause(parse, token, text);
    else
        tk_messages_add(parse->messages, TK_SEVERITY_ERROR, token.pos, "'" TK_FMT "' does not fit here%s%s",
                        TK_ARG_STR(text), said == 0 ? "" : "; expected ", list);
}

/* Nearest statement keyword for a word in column 1 that is none. */
static void parse_complain_statement(tk_parse *parse, ast_token token)
{
    static const char *const keywords[] = {"common",   "regime", "roles", "fact",         "set",    "term",
                                           "question", "rule",   "limit", "not modelled", "example"};
    tk_nearest nearest = tk_nearest_make(token.text);
    for (size_t i = 0; i < sizeof keywords / sizeof keywords[0]; i++)
        tk_nearest_offer(&nearest, tk_str_from(keywords[i]));
    if (nearest.best.ptr != NULL)
        tk_messages_add(parse->messages, TK_SEVERITY_ERROR, token.pos,
                        "'" TK_FMT "' begins no statement; did you mean '" TK_FMT "'?", TK_ARG_STR(token.text),
                        TK_ARG_STR(nearest.best));
    else
        tk_messages_add(parse->messages, TK_SEVERITY_ERROR, token.pos,
                        "'" TK_FMT "' begins no statement (common, regime, roles, fact, set, term, question, rule, "
                        "limit, not modelled, example; a statement begins in column 1, its other lines are indented)",
                        TK_ARG_STR(token.text));
}

/* One statement whose keyword is in parse->token; leaves the token behind it there. */
static void parse_statement(tk_parse *parse, tk_lexer *lexer)
{
    void *parser = tk_grammar_Alloc(malloc);
    ast_stmt *stmt = PARSE_NEW(parse, ast_stmt);
    if (parser == NULL || stmt == NULL) {
        parse->arena->failed = true;
        parse->token.kind = TK_LEX_END;
        tk_grammar_Free(parser, free);
        return;
    }
    parse->current = stmt;
    parse->failed = parse->complete = false;
    do {
        if (parse->token.kind == TK_LEX_BAD) {
            if (!parse->failed)
                tk_messages_add(parse->messages, TK_SEVERITY_ERROR, parse->token.pos, "%s", lexer->complaint);
            parse->failed = true;
        } else if (!parse->failed) {
            tk_grammar_(parser, parse->token.kind, parse->token, parse);
        }
        parse->previous = parse->token;
        tk_lexer_next(lexer, &parse->token);
    } while (parse->token.kind != TK_LEX_END && !parse_starts_statement(parse->token.kind)
             && !(parse->token.pos.column == 1 && parse->token.kind == TK_T_WORD));
    ast_token end = parse->previous;
    end.kind = TK_LEX_END;
    if (!parse->failed)
        tk_grammar_(parser, 0, end, parse);
    tk_grammar_Free(parser, free);
    /* What was complete before a word too many still declares its name. */
    if ((parse->failed && !parse->complete) || stmt->kind == 0)
        return;
    stmt->cut = parse->failed;
    stmt->end = parse->previous.end;
    if (parse->last != NULL)
        parse->last->next = stmt;
    else
        parse->first = stmt;
    parse->last = stmt;
}

void tk_parse_file(tk_arena *arena, tk_messages *messages, uint16_t file, tk_str text, ast_stmt **first,
                   ast_stmt **last)
{
    tk_parse parse = {.arena = arena, .messages = messages, .text = text.ptr, .first = *first, .last = *last};
    tk_lexer lexer;
    tk_lexer_init(&lexer, arena, file, text);
    tk_lexer_next(&lexer, &parse.token);
    while (parse.token.kind != TK_LEX_END && !arena->failed) {
        if (parse_starts_statement(parse.token.kind)) {
            parse_statement(&parse, &lexer);
            continue;
        }
        if (parse.token.kind == TK_LEX_BAD)
            tk_messages_add(messages, TK_SEVERITY_ERROR, parse.token.pos, "%s", lexer.complaint);
        else
            parse_complain_statement(&parse, parse.token);
        do {
            tk_lexer_next(&lexer, &parse.token);
        } while (parse.token.kind != TK_LEX_END && !parse_starts_statement(parse.token.kind)
                 && parse.token.pos.column != 1);
    }
    *first = parse.first;
    *last = parse.last;
}
