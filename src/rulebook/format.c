/* SPDX-License-Identifier: Apache-2.0 */
/* format.c: the house layout of rulebook text.
 *
 * The author's line breaks and columns are kept: a table of facts or a condition over several lines is laid out by
 * somebody who thought about it. What is fixed is the rest: statements begin in column 1, clauses are indented by two,
 * the clauses of rules and limits stand in one column, `and` and `or` hang before the operand they join, one blank line
 * separates, nothing trails. A gap of two or more spaces within a line is a column and stays as wide as it is.
 */
#include "rulebook/format.h"

#include "base/err.h"
#include "base/str.h"
#include "grammar.h"
#include "rulebook/lexer.h"
#include "rulebook/parse.h"

enum {
    FORMAT_COMMENT = -2, /* beside the kinds of tokens */
    CLAUSE_AT = 2,       /* where clauses begin */
    CLAUSE_PAD = 11,     /* columns of the keyword of a clause in rules and limits */
    REGIME_PAD = 7,
    COLUMN_GAP = 3,
    PARENTHESES_MAX = 160 /* more nest nowhere; what is deeper stands as deep as this */
};

/* A token or a comment, with the space before it. */
typedef struct format_item {
    int kind;
    tk_str text;
    unsigned breaks; /* line ends before it */
    unsigned gap;    /* spaces before it on its line */
    bool apart;      /* a blank line goes before it */
} format_item;

/* Walked twice: once to count, once to keep. */
typedef struct format_items {
    format_item *items; /* NULL while counting */
    size_t count;
} format_items;

typedef struct format_state {
    tk_out *out;
    const format_item *previous;
    int statement;      /* kind of its keyword, 0 before the first */
    int clause;         /* kind of the clause's first token, 0 in the head */
    bool clause_string; /* a string was seen in it */
    bool clause_when, clause_of;
    bool pad;           /* the item before is a keyword that is followed by its column */
    size_t depth;       /* of parentheses */
    size_t opened[PARENTHESES_MAX]; /* where the open ones stand */
    size_t column;      /* where the line has got to */
    size_t operand;     /* where the operands of the clause stand */
    size_t separator;   /* column of ':' or '=' in the head; 0: not seen */
} format_state;

/* --- reading --- */

static bool is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

static void items_add(format_items *list, format_item item)
{
    if (list->items != NULL)
        list->items[list->count] = item;
    list->count++;
}

/* What stands between two tokens: spaces, line ends, comments. */
static void items_gap(format_items *list, const char *at, const char *end, format_item *next)
{
    while (at < end) {
        if (*at == '\n') {
            next->breaks++;
            next->gap = 0;
        } else if (*at == '#') {
            const char *begin = at;
            while (at < end && *at != '\n')
                at++;
            const char *last = at;
            while (begin < last && (last[-1] == ' ' || last[-1] == '\t' || last[-1] == '\r'))
                last--;
            next->kind = FORMAT_COMMENT;
            next->text = (tk_str){begin, (size_t)(last - begin)};
            items_add(list, *next);
            *next = (format_item){0};
            continue;
        } else if (*at == ' ') {
            next->gap++;
        } else if (*at == '\t') {
            next->gap += 4;
        }
        at++;
    }
}

static void items_walk(format_items *list, tk_arena *arena, tk_str text)
{
    tk_lexer lexer;
    ast_token token;
    uint32_t end = 0;
    tk_lexer_init(&lexer, arena, 0, text);
    do {
        tk_lexer_next(&lexer, &token);
        format_item item = {0};
        items_gap(list, text.ptr + end, text.ptr + token.pos.offset, &item);
        item.kind = token.kind;
        item.text = (tk_str){text.ptr + token.pos.offset, token.end - token.pos.offset};
        if (token.kind != TK_LEX_END)
            items_add(list, item);
        end = token.end;
    } while (token.kind != TK_LEX_END);
}

static void items_read(format_items *list, tk_arena *arena, tk_str text)
{
    format_items counted = {0};
    items_walk(&counted, arena, text);
    *list = (format_items){.items = TK_ARENA_ARRAY(arena, format_item, counted.count + 1)};
    if (list->items != NULL)
        items_walk(list, arena, text);
}

static bool is_statement(int kind)
{
    switch (kind) {
    case TK_T_COMMON: case TK_T_REGIME: case TK_T_ROLES: case TK_T_FACT: case TK_T_SET: case TK_T_TERM:
    case TK_T_QUESTION: case TK_T_RULE: case TK_T_LIMIT: case TK_T_NOT_MODELLED: case TK_T_EXAMPLE:
        return true;
    default:
        return false;
    }
}

/* Statements of several lines stand apart; tables of facts and sets may stand close. */
static bool is_large(int kind)
{
    return kind == TK_T_REGIME || kind == TK_T_RULE || kind == TK_T_LIMIT || kind == TK_T_EXAMPLE;
}

/* Comments right above a statement belong to it, so the blank line goes above them. */
static void items_set_apart(format_items *list)
{
    int before = 0;
    for (size_t i = 0; i < list->count; i++) {
        int kind = list->items[i].kind;
        if (!is_statement(kind))
            continue;
        size_t first = i;
        while (first != 0 && list->items[first - 1].kind == FORMAT_COMMENT && list->items[first].breaks == 1
               && (first == 1 || list->items[first - 1].breaks != 0))
            first--;
        bool examples = kind == TK_T_EXAMPLE && before == TK_T_EXAMPLE; /* may stand close: many are two lines */
        list->items[first].apart = first != 0 && !examples && (is_large(kind) || is_large(before));
        before = kind;
    }
}

/* --- which tokens begin a clause --- */

static bool clause_in_rule(const format_state *state, int kind)
{
    bool in_requires = state->clause == TK_T_REQUIRES;
    bool in_bound = state->clause == TK_T_AT_MOST || state->clause == TK_T_LESS_THAN;
    int before = state->previous->kind;
    switch (kind) {
    case TK_T_STRING: /* the sentence of the rule, unless a clause waits for it */
        return before != TK_T_COMMA && before != TK_T_CITES && !(in_requires && !state->clause_string);
    case TK_T_WHEN: /* the condition of a requirement belongs to it */
        return !in_requires || state->clause_when;
    case TK_T_OF: /* so does the whole of a share */
        return state->statement == TK_T_LIMIT && !(in_bound && !state->clause_of);
    case TK_T_PRACTICE: case TK_T_REPORTED: case TK_T_REPORTED_BY: case TK_T_CITES: case TK_T_PUBLISHED:
    case TK_T_IN_FORCE: case TK_T_REPLACES: case TK_T_THEN: case TK_T_REQUIRES: case TK_T_COUNTS: case TK_T_AT_MOST:
    case TK_T_LESS_THAN: case TK_T_OVER:
        return true;
    default:
        return false;
    }
}

static bool begins_clause(const format_state *state, int kind)
{
    if (state->depth != 0 || state->previous == NULL)
        return false;
    switch (state->statement) {
    case TK_T_RULE: case TK_T_LIMIT:
        return clause_in_rule(state, kind);
    case TK_T_REGIME:
        return kind == TK_T_STRING || kind == TK_T_COVERS || kind == TK_T_READ_TO || kind == TK_T_WHEN;
    case TK_T_FACT:
        return kind == TK_T_REQUIRES;
    case TK_T_QUESTION:
        return kind == TK_T_ASKED_WHEN || kind == TK_T_OTHERWISE;
    case TK_T_NOT_MODELLED:
        return kind == TK_T_CITES || kind == TK_T_WHEN;
    case TK_T_EXAMPLE:
        return state->clause != TK_T_GIVES || kind == TK_T_GIVES;
    case TK_T_SET: /* a row of a dated set */
        return state->separator == 0 && kind != TK_T_PUBLISHED && kind != TK_T_CITES && kind != TK_T_OF
               && state->previous->kind != TK_T_COMMA;
    default:
        return false;
    }
}

/* --- writing --- */

static void put_spaces(format_state *state, size_t count)
{
    for (size_t i = 0; i < count; i++)
        tk_out_char(state->out, ' ');
    state->column += count;
}

/* A keyword of several words may have been written over two lines. */
static void put_text(format_state *state, const format_item *item)
{
    if (item->kind == TK_T_STRING || item->kind == FORMAT_COMMENT) {
        tk_out_add(state->out, item->text);
        state->column += item->text.len;
        return;
    }
    bool space = false;
    for (size_t i = 0; i < item->text.len; i++) {
        char c = item->text.ptr[i];
        bool blank = is_blank(c);
        if (!blank && space)
            tk_out_char(state->out, ' ');
        state->column += !blank && space ? 1 : 0;
        if (!blank)
            tk_out_char(state->out, c);
        state->column += blank ? 0 : 1;
        space = blank;
    }
}

static bool is_glued(const format_item *a, const format_item *b)
{
    return a->kind == TK_T_LP || a->kind == TK_T_AT || a->kind == TK_T_MINUS || b->kind == TK_T_RP
           || b->kind == TK_T_COMMA || b->kind == TK_T_AT;
}

static size_t clause_pad(const format_state *state)
{
    return state->statement == TK_T_RULE || state->statement == TK_T_LIMIT
               ? CLAUSE_PAD
               : (state->statement == TK_T_REGIME ? REGIME_PAD : 0);
}

/* Where a line begins that goes on with what the line before began. */
static size_t continued_at(const format_state *state, int kind)
{
    bool in_head = state->clause == 0;
    size_t at = state->operand;
    if (in_head)
        at = state->separator == 0 ? 2 * CLAUSE_AT : state->separator + 2;
    if (in_head && (state->statement == TK_T_FACT || state->statement == TK_T_QUESTION) && state->depth == 0)
        at = state->separator == 0 ? 2 * CLAUSE_AT : state->separator;
    if (state->statement == TK_T_SET && state->separator == 0)
        at = 2 * CLAUSE_AT;
    if (state->depth != 0) {
        size_t innermost = (state->depth < PARENTHESES_MAX ? state->depth : PARENTHESES_MAX) - 1;
        at = state->opened[innermost] + (kind == TK_T_RP ? 0 : 1);
    }
    size_t back = kind == TK_T_AND ? 4 : (kind == TK_T_OR ? 3 : (kind == TK_T_BUT_NOT ? 8 : 0));
    return at < back + 2 * CLAUSE_AT ? 2 * CLAUSE_AT : at - back;
}

static void put_line_begin(format_state *state, const format_item *item, bool clause)
{
    if (state->previous != NULL) {
        tk_out_char(state->out, '\n');
        if (1 < item->breaks || item->apart)
            tk_out_char(state->out, '\n');
    }
    state->column = 0;
    if (item->kind == FORMAT_COMMENT)
        put_spaces(state, item->gap == 0 ? 0 : CLAUSE_AT);
    else if (!is_statement(item->kind))
        put_spaces(state, clause ? CLAUSE_AT : continued_at(state, item->kind));
}

/* Short clauses of rules and limits may share a line, a column apart. */
static bool stands_in_line(const format_state *state, int kind)
{
    return clause_pad(state) == CLAUSE_PAD && kind != TK_T_REQUIRES && kind != TK_T_OF;
}

static void put_gap(format_state *state, const format_item *item, bool clause)
{
    size_t gap = item->gap;
    if (item->kind == FORMAT_COMMENT)
        gap = gap < 2 ? 2 : gap;
    else if (is_glued(state->previous, item))
        gap = 0;
    else if (state->pad)
        gap = state->operand - state->column;
    else if (gap < 2)
        gap = clause && stands_in_line(state, item->kind) ? COLUMN_GAP : 1;
    put_spaces(state, gap);
}

static void note_statement(format_state *state, const format_item *item)
{
    state->statement = item->kind;
    state->clause = 0;
    state->depth = 0;
    state->operand = 2 * CLAUSE_AT;
    state->separator = 0;
}

static void note_clause(format_state *state, const format_item *item, size_t begin, bool line_begins)
{
    size_t pad = clause_pad(state), wide = state->column - begin + 1;
    state->clause = item->kind;
    state->clause_string = state->clause_when = state->clause_of = false;
    state->operand = begin + (line_begins && wide < pad ? pad : wide);
    state->pad = line_begins && pad != 0 && item->kind != TK_T_STRING;
}

static void note_token(format_state *state, const format_item *item, size_t begin)
{
    int kind = item->kind;
    if (kind == TK_T_LP) {
        if (state->depth < PARENTHESES_MAX)
            state->opened[state->depth] = begin;
        state->depth++;
    } else if (kind == TK_T_RP && state->depth != 0) {
        state->depth--;
    } else if ((kind == TK_T_COLON || kind == TK_T_EQ) && state->clause == 0 && state->separator == 0) {
        state->separator = begin;
    }
    state->clause_string |= kind == TK_T_STRING;
    state->clause_when |= kind == TK_T_WHEN;
    state->clause_of |= kind == TK_T_OF;
}

static void put_item(format_state *state, const format_item *item)
{
    bool statement = is_statement(item->kind);
    bool clause = !statement && item->kind != FORMAT_COMMENT && begins_clause(state, item->kind);
    bool line_begins = item->breaks != 0 || state->previous == NULL || statement;
    if (line_begins)
        put_line_begin(state, item, clause);
    else
        put_gap(state, item, clause);
    size_t begin = state->column;
    put_text(state, item);
    state->pad = false;
    if (statement)
        note_statement(state, item);
    else if (clause)
        note_clause(state, item, begin, line_begins);
    if (item->kind != FORMAT_COMMENT && !statement)
        note_token(state, item, begin);
    state->previous = item;
}

/* --- the whole --- */

static bool item_same(const format_item *a, const format_item *b)
{
    if (a->kind != b->kind)
        return false;
    if (a->kind == FORMAT_COMMENT || a->kind == TK_T_STRING)
        return tk_str_eq(a->text, b->text);
    size_t i = 0, j = 0;
    for (;; i++, j++) {
        while (i < a->text.len && is_blank(a->text.ptr[i]))
            i++;
        while (j < b->text.len && is_blank(b->text.ptr[j]))
            j++;
        if (i == a->text.len || j == b->text.len)
            return i == a->text.len && j == b->text.len;
        if (a->text.ptr[i] != b->text.ptr[j])
            return false;
    }
}

/* Reads back what was written: the same items in the same order, or it is not given out. */
static tk_status format_verify(const format_items *items, tk_arena *arena, tk_str written, tk_err *err)
{
    format_items again = {0};
    tk_str text = tk_arena_copy(arena, written);
    if (!arena->failed)
        items_read(&again, arena, text);
    if (arena->failed)
        return tk_err_set(err, TK_ERR_MEMORY, "out of memory");
    bool same = again.count == items->count;
    for (size_t i = 0; same && i < items->count; i++)
        same = item_same(&items->items[i], &again.items[i]);
    return same ? TK_OK : tk_err_set(err, TK_ERR_BUG, "the laid out text is not the same text; please report this");
}

/* A text with mistakes is not laid out: where a statement ends is a guess there. */
static tk_status format_check(const tk_source *source, tk_arena *arena, tk_messages **messages, tk_err *err)
{
    *messages = tk_messages_new();
    if (*messages == NULL)
        return tk_err_set(err, TK_ERR_MEMORY, "out of memory");
    ast_stmt *first = NULL, *last = NULL;
    (*messages)->files = source;
    (*messages)->files_count = 1;
    tk_parse_file(arena, *messages, 0, source->text, &first, &last);
    tk_messages_sort(*messages);
    (*messages)->files = NULL;
    (*messages)->files_count = 0;
    size_t errors = (*messages)->errors;
    if (arena->failed)
        return tk_err_set(err, TK_ERR_MEMORY, "out of memory");
    return errors == 0 ? TK_OK
                       : tk_err_set(err, TK_ERR_INPUT, "the file has %zu mistake%s", errors, errors == 1 ? "" : "s");
}

tk_status tk_rulebook_format(const tk_source *source, tk_out *out, tk_messages **messages, tk_err *err)
{
    tk_arena arena;
    format_items items = {0};
    tk_arena_init(&arena, (size_t)64 * 1024, 0);
    *messages = NULL;
    tk_str text = source->text;
    if (tk_str_starts(text, TK_STR("\xEF\xBB\xBF")))
        text = (tk_str){text.ptr + 3, text.len - 3}; /* as the compiler does */
    tk_source copy = {.name = source->name, .text = tk_arena_copy(&arena, text)};
    tk_status status = arena.failed ? tk_err_set(err, TK_ERR_MEMORY, "out of memory")
                                    : format_check(&copy, &arena, messages, err);
    size_t from = out->len;
    if (status == TK_OK) {
        items_read(&items, &arena, copy.text);
        items_set_apart(&items);
        format_state state = {.out = out};
        for (size_t i = 0; i < items.count; i++)
            put_item(&state, &items.items[i]);
        if (items.count != 0)
            tk_out_char(out, '\n');
        if (arena.failed || out->status != TK_OK)
            status = tk_err_set(err, TK_ERR_MEMORY, "out of memory");
    }
    if (status == TK_OK)
        status = format_verify(&items, &arena, (tk_str){tk_out_str(out).ptr + from, out->len - from}, err);
    tk_arena_fini(&arena);
    return status;
}
