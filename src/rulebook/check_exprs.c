/* SPDX-License-Identifier: Apache-2.0 */
/* check_exprs.c: conditions and numbers, typed and turned into nodes.
 *
 * S7: a bare number takes the declared unit of what it is compared with; arithmetic is sums, constant multiples,
 * the maximum, a date plus days, and one quotient against a constant.
 */
#include <string.h>

#include "base/limits.h"
#include "base/num.h"
#include "base/str.h"
#include "rulebook/check.h"

static const tk_i128 num_scale = TK_NUM_SCALE;

/* What one side of a comparison is. */
typedef enum side_kind {
    SIDE_LITERAL = 0, /* a name that means nothing by itself */
    SIDE_NUMBER,      /* a number or date: fact, constant or arithmetic */
    SIDE_FACT,        /* a fact of another type */
    SIDE_QUESTION,
    SIDE_OTHER        /* a condition, a set, a rule … */
} side_kind;

static side_kind side_of(check_ctx *ctx, check_scope scope, const ast_expr *e, rb_id *id)
{
    *id = RB_NONE;
    switch ((int)e->op) {
    case AST_PLUS: case AST_TIMES: case AST_DIVIDE: case AST_MAX: case AST_NUMBER: case AST_DATE: case AST_DAYS:
        return SIDE_NUMBER;
    case AST_NAME:
        break;
    default:
        return SIDE_OTHER;
    }
    const check_symbol *symbol = check_resolve(ctx, scope, e->text);
    if (symbol == NULL)
        return SIDE_LITERAL;
    *id = symbol->id;
    if (symbol->kind == CHECK_FACT) {
        tk_type type = ctx->book->facts[symbol->id].type;
        return type == TK_TYPE_NUMBER || type == TK_TYPE_DATE ? SIDE_NUMBER : SIDE_FACT;
    }
    return symbol->kind == CHECK_QUESTION ? SIDE_QUESTION : SIDE_OTHER;
}

static tk_str expr_slice(const check_ctx *ctx, const ast_expr *e)
{
    const tk_source *file = &ctx->book->files[e->pos.file];
    return (tk_str){file->text.ptr + e->begin, e->end - e->begin};
}

/* One line of it: runs of blanks and line ends become one space, comments go. */
static tk_str expr_text(check_ctx *ctx, tk_str slice)
{
    char *out = tk_arena_get(&ctx->book->arena, slice.len + 1);
    size_t len = 0;
    bool blank = false;
    if (out == NULL)
        return (tk_str){"", 0};
    for (size_t i = 0; i < slice.len; i++) {
        char c = slice.ptr[i];
        if (c == '#')
            while (i + 1 < slice.len && slice.ptr[i + 1] != '\n')
                i++;
        if (c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '#') {
            blank = len != 0;
            continue;
        }
        if (blank)
            out[len++] = ' ';
        blank = false;
        out[len++] = c;
    }
    return (tk_str){out, len};
}

/* How a side reads in a reason: a fact by its full name, anything else as written. */
static tk_str expr_label(check_ctx *ctx, check_scope scope, const ast_expr *e)
{
    if (e->op == AST_NAME) {
        const check_symbol *symbol = check_resolve(ctx, scope, e->text);
        if (symbol != NULL && symbol->kind == CHECK_FACT)
            return ctx->book->facts[symbol->id].name;
        return e->text;
    }
    return expr_text(ctx, expr_slice(ctx, e));
}

static tk_str expr_test(check_ctx *ctx, const ast_expr *e)
{
    const tk_source *file = &ctx->book->files[e->pos.file];
    return expr_text(ctx, (tk_str){file->text.ptr + e->pos.offset, e->end - e->pos.offset});
}

static const rb_words *expr_words(check_ctx *ctx, tk_str fact, tk_str test)
{
    rb_words *words = TK_ARENA_NEW(&ctx->book->arena, rb_words);
    if (words != NULL)
        *words = (rb_words){.fact = fact, .test = test};
    return words;
}

static const rb_words *expr_words_of(check_ctx *ctx, check_scope scope, const ast_expr *e)
{
    return expr_words(ctx, expr_label(ctx, scope, e->a), expr_test(ctx, e));
}

void check_size_add(check_size *into, check_size of)
{
    if (__builtin_add_overflow(into->parts, of.parts, &into->parts))
        into->parts = UINT32_MAX;
    if (into->height <= of.height)
        into->height = of.height + 1;
}

bool check_size_fits(check_size size)
{
    return size.parts <= TK_WRITTEN_OUT_MAX && size.height <= TK_EXPRESSION_DEPTH_MAX;
}

static bool expr_too_deep(check_ctx *ctx, ast_pos pos, int depth)
{
    if (depth < TK_EXPRESSION_DEPTH_MAX)
        return false;
    CHECK_ERROR(ctx, pos, "nested too deeply (at most %d levels)", TK_EXPRESSION_DEPTH_MAX);
    return true;
}

/* ---- numbers ---- */

typedef struct number {
    rb_id num;
    bool is_date, is_days; /* days: a constant number of days */
    bool is_constant, is_quotient;
    bool bare;             /* a constant without a unit: takes the unit of the other side */
    int unit;
    tk_num constant;
    ast_pos pos;
} number;

static bool number_of(check_ctx *ctx, check_scope scope, const ast_expr *e, number *out, int depth);

static bool number_literal(check_ctx *ctx, const ast_expr *e, number *out)
{
    tk_err err = {0};
    tk_date date = 0;
    out->is_constant = true;
    if (e->op == AST_DATE) {
        if (!check_date(ctx, e->pos, e->text, &date))
            return false;
        out->is_date = true;
        out->num = check_add_num(ctx, (rb_num){.op = RB_NUM_CONST, .constant = (tk_i128)date * num_scale * num_scale});
        return true;
    }
    if (tk_num_parse(e->text, &out->constant, &err) != TK_OK) {
        CHECK_ERROR(ctx, e->pos, "%s", err.message);
        return false;
    }
    out->is_days = e->op == AST_DAYS;
    if (out->is_days && out->constant % TK_NUM_SCALE != 0) {
        CHECK_ERROR(ctx, e->pos, "days are whole");
        return false;
    }
    out->unit = e->unit.ptr != NULL ? tk_rb_unit_find(e->unit) : -1;
    out->bare = e->unit.ptr == NULL && !out->is_days;
    out->num = check_add_num(ctx, (rb_num){.op = RB_NUM_CONST, .constant = (tk_i128)out->constant * num_scale});
    return true;
}

static bool number_name(check_ctx *ctx, check_scope scope, const ast_expr *e, number *out)
{
    rb_id id;
    side_kind kind = side_of(ctx, scope, e, &id);
    if (kind != SIDE_NUMBER) {
        if (kind == SIDE_LITERAL)
            CHECK_ERROR(ctx, e->pos, "unknown name '" TK_FMT "'; a number was expected%s", TK_ARG_STR(e->text),
                        check_nearest_symbol(ctx, scope, e->text, 1U << CHECK_FACT));
        else
            CHECK_ERROR(ctx, e->pos, "'" TK_FMT "' is not a number", TK_ARG_STR(e->text));
        return false;
    }
    const rb_fact *fact = &ctx->book->facts[id];
    out->is_date = fact->type == TK_TYPE_DATE;
    out->unit = fact->unit;
    out->is_quotient = fact->term != RB_NONE && ctx->book->nums[fact->term].op == RB_NUM_DIVIDE;
    out->num = check_add_num(ctx, (rb_num){.op = RB_NUM_FACT, .slot = id});
    return true;
}

/* Brings two operands of a sum, maximum or comparison to one unit. */
static bool number_agree(check_ctx *ctx, ast_pos pos, number *a, number *b)
{
    number *constant = a->is_constant && a->bare ? a : b->is_constant && b->bare ? b : NULL;
    if (a->is_date != b->is_date) {
        CHECK_ERROR(ctx, pos, "a date and a number do not go together");
        return false;
    }
    if (a->is_date || constant != NULL || a->unit == b->unit)
        return true;
    number *given = a->is_constant ? a : b->is_constant ? b : NULL;
    const number *other = given == a ? b : a;
    bool same_dimension = false;
    if (given != NULL && given->unit >= 0 && other->unit >= 0) {
        tk_num converted;
        if (tk_rb_unit_convert(given->constant, given->unit, other->unit, &converted, &same_dimension)) {
            given->unit = other->unit;
            given->constant = converted;
            given->num = check_add_num(ctx, (rb_num){.op = RB_NUM_CONST, .constant = (tk_i128)converted * num_scale});
            return true;
        }
        if (same_dimension) {
            CHECK_ERROR(ctx, given->pos, "this number has no exact form in " TK_FMT " with six decimals",
                        TK_ARG_STR(tk_rb_unit_name(other->unit)));
            return false;
        }
    }
    tk_str left = tk_rb_unit_name(a->unit), right = tk_rb_unit_name(b->unit);
    CHECK_ERROR(ctx, pos, "units do not match: %s" TK_FMT " against %s" TK_FMT, left.len == 0 ? "no unit" : "",
                TK_ARG_STR(left), right.len == 0 ? "no unit" : "", TK_ARG_STR(right));
    return false;
}

static bool number_sum(check_ctx *ctx, check_scope scope, const ast_expr *e, number *out, int depth)
{
    size_t count = 1;
    for (const ast_expr *x = e; x->op == AST_PLUS; x = x->a)
        count++;
    rb_id *ids = TK_ARENA_ARRAY(ctx->scratch, rb_id, count);
    const ast_expr **operands = TK_ARENA_ARRAY(ctx->scratch, const ast_expr *, count);
    if (ids == NULL || operands == NULL)
        return false;
    size_t at = count;
    const ast_expr *x = e;
    for (; x->op == AST_PLUS; x = x->a)
        operands[--at] = x->b;
    operands[--at] = x;
    number all = {0};
    for (size_t i = 0; i < count; i++) {
        number one = {.unit = -1};
        if (!number_of(ctx, scope, operands[i], &one, depth + 1))
            return false;
        if (one.is_quotient) {
            CHECK_ERROR(ctx, operands[i]->pos, "a quotient stands alone against a constant, not in a sum");
            return false;
        }
        if (one.is_days) { /* a date plus days: scaled like a date */
            one.is_date = true;
            if (i == 0) {
                CHECK_ERROR(ctx, operands[i]->pos, "days are added behind a date: 'date + 180 days'");
                return false;
            }
            one.num = check_add_num(ctx, (rb_num){.op = RB_NUM_CONST, .constant = (tk_i128)one.constant * num_scale});
            if (!all.is_date) {
                CHECK_ERROR(ctx, operands[i]->pos, "days can only be added to a date");
                return false;
            }
        } else if (i != 0 && (one.is_date || all.is_date)) {
            CHECK_ERROR(ctx, operands[i]->pos, "only days can be added to a date");
            return false;
        } else if (i != 0 && !number_agree(ctx, operands[i]->pos, &all, &one)) {
            return false;
        }
        if (i == 0)
            all = one;
        else if (all.unit < 0)
            all.unit = one.unit;
        all.is_constant = all.is_constant && one.is_constant;
        all.bare = all.bare && one.bare;
        ids[i] = one.num;
    }
    *out = all;
    out->is_constant = false;
    out->num = check_add_num(
        ctx, (rb_num){.op = RB_NUM_ADD, .first = check_add_children(ctx, ids, count), .count = (rb_id)count});
    return true;
}

static bool number_times(check_ctx *ctx, check_scope scope, const ast_expr *e, number *out, int depth)
{
    number a = {.unit = -1}, b = {.unit = -1};
    if (!number_of(ctx, scope, e->a, &a, depth + 1) || !number_of(ctx, scope, e->b, &b, depth + 1))
        return false;
    const number *constant = a.is_constant ? &a : b.is_constant ? &b : NULL, *other = constant == &a ? &b : &a;
    if (a.is_date || b.is_date || a.is_days || b.is_days || a.is_quotient || b.is_quotient) {
        CHECK_ERROR(ctx, e->pos, "dates, days and quotients cannot be multiplied");
        return false;
    }
    if (constant == NULL && scope.in_limit) {
        rb_id ids[2] = {a.num, b.num};
        *out = (number){.unit = -1, .pos = e->pos};
        out->num =
            check_add_num(ctx, (rb_num){.op = RB_NUM_PRODUCT, .first = check_add_children(ctx, ids, 2), .count = 2});
        return true;
    }
    if (constant == NULL || !constant->bare) {
        CHECK_ERROR(
            ctx, e->pos,
            "one side of '*' is a plain number in a condition (products of facts are for 'counts' of a limit)");
        return false;
    }
    const rb_num *inner = other->num == RB_NONE ? NULL : &ctx->book->nums[other->num];
    if (inner != NULL && inner->op != RB_NUM_FACT && inner->op != RB_NUM_MAX) {
        CHECK_ERROR(ctx, e->pos, "multiply single facts, then add");
        return false;
    }
    *out = (number){.unit = other->unit, .pos = e->pos};
    out->num = check_add_num(ctx, (rb_num){.op = RB_NUM_SCALE, .constant = constant->constant,
                                           .first = check_add_children(ctx, &other->num, 1), .count = 1});
    return true;
}

static bool number_max(check_ctx *ctx, check_scope scope, const ast_expr *e, number *out, int depth)
{
    size_t count = 0;
    for (const ast_expr *x = e->a; x != NULL; x = x->next)
        count++;
    rb_id *ids = TK_ARENA_ARRAY(ctx->scratch, rb_id, count);
    number all = {.unit = -1};
    size_t at = 0;
    for (const ast_expr *x = e->a; ids != NULL && x != NULL; x = x->next) {
        number one = {.unit = -1, .pos = x->pos};
        if (!number_of(ctx, scope, x, &one, depth + 1))
            return false;
        if (one.is_quotient || one.is_days) {
            CHECK_ERROR(ctx, x->pos, "the maximum is of facts and their multiples");
            return false;
        }
        if (at == 0)
            all = one;
        else if (!number_agree(ctx, x->pos, &all, &one))
            return false;
        if (all.unit < 0)
            all.unit = one.unit;
        ids[at++] = one.num;
    }
    *out = all;
    out->is_constant = false;
    out->bare = false;
    out->num =
        check_add_num(ctx, (rb_num){.op = RB_NUM_MAX, .first = check_add_children(ctx, ids, at), .count = (rb_id)at});
    return ids != NULL;
}

static bool number_divide(check_ctx *ctx, check_scope scope, const ast_expr *e, number *out, int depth)
{
    number a = {.unit = -1}, b = {.unit = -1};
    if (!number_of(ctx, scope, e->a, &a, depth + 1) || !number_of(ctx, scope, e->b, &b, depth + 1))
        return false;
    if (a.is_date || b.is_date || a.is_days || b.is_days || a.is_quotient || b.is_quotient) {
        CHECK_ERROR(ctx, e->pos, "a quotient is of two plain numbers");
        return false;
    }
    if (b.num != RB_NONE && ctx->book->nums[b.num].op != RB_NUM_FACT) {
        CHECK_ERROR(ctx, e->b->pos, "the divisor is a single fact");
        return false;
    }
    rb_id ids[2] = {a.num, b.num};
    *out = (number){.unit = -1, .is_quotient = true, .pos = e->pos};
    out->num = check_add_num(ctx, (rb_num){.op = RB_NUM_DIVIDE, .first = check_add_children(ctx, ids, 2), .count = 2});
    return true;
}

static bool number_of(check_ctx *ctx, check_scope scope, const ast_expr *e, number *out, int depth)
{
    out->pos = e->pos;
    if (expr_too_deep(ctx, e->pos, depth))
        return false;
    switch ((int)e->op) {
    case AST_NUMBER: case AST_DATE: case AST_DAYS:
        return number_literal(ctx, e, out);
    case AST_NAME:
        return number_name(ctx, scope, e, out);
    case AST_PLUS:
        return number_sum(ctx, scope, e, out, depth);
    case AST_TIMES:
        return number_times(ctx, scope, e, out, depth);
    case AST_MAX:
        return number_max(ctx, scope, e, out, depth);
    case AST_DIVIDE:
        return number_divide(ctx, scope, e, out, depth);
    default:
        CHECK_ERROR(ctx, e->pos, "a number was expected here, not a condition");
        return false;
    }
}

/* ---- decimals (S7) ----
 *
 * A figure has six decimals, a multiple of it those of the factor too. Numbers are evaluated in trillionths, so twelve
 * are exact and more would be cut. What divides, or is multiplied by another figure, has six. */
enum { FIGURE_DECIMALS = 6, NUMBER_DECIMALS_MAX = 12, DECIMALS_OPEN = 255 };

static unsigned constant_decimals(tk_i128 constant, unsigned most)
{
    while (most != 0 && constant % 10 == 0) {
        constant /= 10;
        most--;
    }
    return most;
}

static unsigned number_decimals(check_ctx *ctx, rb_id num, ast_pos pos);

/* Of a term, or a fact that is presumed from one. What leads back to itself is refused elsewhere. */
static unsigned fact_decimals(check_ctx *ctx, rb_id slot)
{
    const rb_fact *fact = &ctx->book->facts[slot];
    unsigned found = FIGURE_DECIMALS, other = 0;
    if (fact->type == TK_TYPE_DATE || ctx->decimals[slot] == DECIMALS_OPEN)
        return FIGURE_DECIMALS;
    if (ctx->decimals[slot] != 0)
        return ctx->decimals[slot];
    ctx->decimals[slot] = DECIMALS_OPEN;
    if (fact->term != RB_NONE)
        other = number_decimals(ctx, fact->term, fact->pos);
    else if (fact->presume == RB_PRESUME_FACT)
        other = fact_decimals(ctx, fact->presumed_slot);
    found = found < other ? other : found;
    ctx->decimals[slot] = (uint8_t)found;
    return found;
}

/* The decimals a part may have where it stands; what has more is named once and counts as fitting from there on. */
static unsigned decimals_at_most(check_ctx *ctx, ast_pos pos, const char *what, unsigned found, unsigned most)
{
    if (found <= most)
        return found;
    CHECK_ERROR(ctx, pos, "%s with %u decimals cannot be calculated exactly (at most %u): a figure has %d, and each "
                          "number it is multiplied by adds its own",
                what, found, most, FIGURE_DECIMALS);
    return most;
}

static unsigned number_decimals(check_ctx *ctx, rb_id num, ast_pos pos)
{
    rb_num *n = &ctx->book->nums[num];
    unsigned most = 0, all = 0;
    for (rb_id i = 0; i < n->count; i++) {
        unsigned one = number_decimals(ctx, ctx->book->children[n->first + i], pos);
        if (n->op == RB_NUM_PRODUCT || (n->op == RB_NUM_DIVIDE && i == 1))
            one = decimals_at_most(ctx, pos, n->op == RB_NUM_DIVIDE ? "a divisor" : "a factor", one, FIGURE_DECIMALS);
        most = most < one ? one : most;
        all += one;
    }
    if (n->op == RB_NUM_CONST)
        most = constant_decimals(n->constant, NUMBER_DECIMALS_MAX);
    else if (n->op == RB_NUM_FACT)
        most = fact_decimals(ctx, n->slot);
    else if (n->op == RB_NUM_PRODUCT)
        most = all;
    else if (n->op == RB_NUM_SCALE)
        most = decimals_at_most(ctx, pos, "a number", most + constant_decimals(n->constant, FIGURE_DECIMALS),
                                NUMBER_DECIMALS_MAX);
    n->decimals = most;
    return most;
}

static void terms_decimals(check_ctx *ctx)
{
    ctx->decimals = TK_ARENA_ARRAY(ctx->scratch, uint8_t, ctx->book->facts_count + 1);
    for (rb_id i = 0; ctx->decimals != NULL && i < ctx->book->facts_count; i++)
        (void)fact_decimals(ctx, i);
}

rb_id check_number(check_ctx *ctx, check_scope scope, const ast_expr *expr, bool *is_date, int *unit)
{
    number out = {.unit = -1, .num = RB_NONE};
    if (expr == NULL || !number_of(ctx, scope, expr, &out, 0))
        return RB_NONE;
    *is_date = out.is_date;
    *unit = out.unit;
    if (ctx->decimals != NULL)
        (void)number_decimals(ctx, out.num, expr->pos);
    return out.num;
}

/* ---- comparisons ---- */

static rb_compare compare_how(ast_op op)
{
    return (rb_compare)((int)op - (int)AST_EQ + (int)RB_EQ);
}

static rb_compare compare_flipped(rb_compare how)
{
    switch (how) {
    case RB_LT: return RB_GT;
    case RB_LE: return RB_GE;
    case RB_GT: return RB_LT;
    case RB_GE: return RB_LE;
    case RB_EQ: case RB_NE:
    default: return how;
    }
}

static rb_id compare_numbers(check_ctx *ctx, check_scope scope, const ast_expr *e)
{
    number a = {.unit = -1}, b = {.unit = -1};
    if (!number_of(ctx, scope, e->a, &a, 0) || !number_of(ctx, scope, e->b, &b, 0))
        return RB_NONE;
    if (a.is_days || b.is_days) {
        CHECK_ERROR(ctx, e->pos, "days are added to a date, not compared");
        return RB_NONE;
    }
    if ((a.is_quotient && !b.is_constant) || (b.is_quotient && !a.is_constant)) {
        CHECK_ERROR(ctx, e->pos, "a quotient is compared with a constant");
        return RB_NONE;
    }
    if (a.is_constant && b.is_constant) {
        CHECK_ERROR(ctx, e->pos, "both sides are constants; nothing is asked");
        return RB_NONE;
    }
    if (!(a.is_quotient && b.bare) && !(b.is_quotient && a.bare) && !number_agree(ctx, e->pos, &a, &b))
        return RB_NONE;
    if (ctx->decimals != NULL) {
        (void)number_decimals(ctx, a.num, e->a->pos);
        (void)number_decimals(ctx, b.num, e->b->pos);
    }
    rb_compare how = compare_how(e->op);
    bool flip = a.is_constant;
    return check_add_node(ctx, (rb_node){.op = RB_COMPARE,
                                         .how = flip ? compare_flipped(how) : how,
                                         .left = flip ? b.num : a.num,
                                         .right = flip ? a.num : b.num,
                                         .words = expr_words(ctx, expr_label(ctx, scope, flip ? e->b : e->a),
                                                             flip ? expr_text(ctx, expr_slice(ctx, e))
                                                                  : expr_test(ctx, e))});
}

/* The words for which `word how index` holds, in declared order. */
static uint64_t compare_words(rb_compare how, size_t index, size_t count)
{
    uint64_t mask = 0;
    for (size_t i = 0; i < count; i++) {
        bool holds = how == RB_EQ ? i == index : how == RB_NE ? i != index : how == RB_LT ? i < index
                     : how == RB_LE ? i <= index : how == RB_GT ? i > index : i >= index;
        if (holds)
            mask |= UINT64_C(1) << i;
    }
    return mask;
}

static rb_id compare_question(check_ctx *ctx, check_scope scope, const ast_expr *e, rb_id id)
{
    const rb_question *q = &ctx->book->questions[id];
    size_t index;
    if (e->b->op != AST_NAME && e->b->op != AST_NUMBER) {
        CHECK_ERROR(ctx, e->b->pos, "a question is compared with one of its answers");
        return RB_NONE;
    }
    if (!check_word(ctx, e->b->pos, e->b->text, q->answers, q->answers_count, q->name, &index))
        return RB_NONE;
    rb_compare how = compare_how(e->op);
    if (how != RB_EQ && how != RB_NE && !q->strictest) {
        CHECK_ERROR(ctx, e->pos, "the answers of '" TK_FMT "' have no order (declare them with '<')",
                    TK_ARG_STR(q->name));
        return RB_NONE;
    }
    return check_add_node(ctx, (rb_node){.op = RB_QUESTION,
                                         .slot = id,
                                         .mask = compare_words(how, index, q->answers_count),
                                         .words = expr_words_of(ctx, scope, e)});
}

static bool fact_same_words(const rb_fact *a, const rb_fact *b)
{
    if (a->words_count != b->words_count)
        return false;
    for (size_t i = 0; i < a->words_count; i++)
        if (!tk_str_eq(a->words[i], b->words[i]))
            return false;
    return true;
}

static rb_id compare_fact(check_ctx *ctx, check_scope scope, const ast_expr *e, rb_id slot)
{
    const rb_fact *fact = &ctx->book->facts[slot];
    rb_compare how = compare_how(e->op);
    const ast_expr *b = e->b;
    rb_node node = {.how = how, .slot = slot, .words = expr_words_of(ctx, scope, e)};
    if (b->op != AST_NAME && b->op != AST_NUMBER) {
        CHECK_ERROR(ctx, b->pos, "'" TK_FMT "' is not a number; expected one of its values", TK_ARG_STR(fact->name));
        return RB_NONE;
    }
    if (how != RB_EQ && how != RB_NE && !(fact->type == TK_TYPE_WORD && fact->ordered)) {
        CHECK_ERROR(ctx, e->pos, "'" TK_FMT "' has no order; use = or !=%s", TK_ARG_STR(fact->name),
                    fact->type == TK_TYPE_WORD ? " (declare its words with '<' to give them one)" : "");
        return RB_NONE;
    }
    rb_id other = RB_NONE;
    bool is_word = false;
    for (size_t i = 0; i < fact->words_count; i++)
        is_word |= tk_str_eq(fact->words[i], b->text);
    if (b->op == AST_NAME && !is_word && side_of(ctx, scope, b, &other) == SIDE_FACT) {
        const rb_fact *second = &ctx->book->facts[other];
        if (second->type != fact->type || fact->type == TK_TYPE_WORDS
            || (fact->type == TK_TYPE_WORD && !fact_same_words(fact, second)) || (how != RB_EQ && how != RB_NE)) {
            CHECK_ERROR(ctx, e->pos, "'" TK_FMT "' and '" TK_FMT "' cannot be compared", TK_ARG_STR(fact->name),
                        TK_ARG_STR(second->name));
            return RB_NONE;
        }
        node.op = RB_SAME;
        node.other = other;
        return check_add_node(ctx, node);
    }
    size_t index;
    switch (fact->type) {
    case TK_TYPE_WORD:
        if (!check_word(ctx, b->pos, b->text, fact->words, fact->words_count, fact->name, &index))
            return RB_NONE;
        node.op = RB_WORD;
        node.mask = compare_words(how, index, fact->words_count);
        return check_add_node(ctx, node);
    case TK_TYPE_WORDS:
        CHECK_ERROR(ctx, e->pos, "'" TK_FMT "' is a set; ask 'has WORD' or 'has any of (…)'", TK_ARG_STR(fact->name));
        return RB_NONE;
    case TK_TYPE_PLACE:
    case TK_TYPE_NAME: {
        ast_set leaf = {.op = AST_SET_NAME, .pos = b->pos, .name = b->text};
        if (fact->type == TK_TYPE_PLACE && tk_rb_find_place(ctx->book, b->text) == RB_NONE) {
            tk_nearest nearest = tk_nearest_make(b->text);
            for (size_t i = 0; i < ctx->book->places_count; i++)
                tk_nearest_offer(&nearest, ctx->book->places[i]);
            CHECK_ERROR(ctx, b->pos, "'" TK_FMT "' is no place; a set or group is asked with 'in'%s",
                        TK_ARG_STR(b->text), check_did_you_mean(ctx, nearest));
            return RB_NONE;
        }
        node.op = fact->type == TK_TYPE_PLACE ? RB_PLACE : RB_NAME;
        node.set = fact->type == TK_TYPE_PLACE ? check_place_set(ctx, scope, &leaf, 0) : RB_NONE;
        if (fact->type == TK_TYPE_NAME) {
            if (!check_id(ctx, b->pos, b->text, fact->name_kind))
                return RB_NONE;
            tk_str *one = TK_ARENA_NEW(&ctx->book->arena, tk_str);
            if (one == NULL)
                return RB_NONE;
            *one = b->text;
            node.set = check_add_set(ctx, (rb_set){.op = RB_SET_NAMES, .names = one, .names_count = 1});
        }
        return node.set == RB_NONE ? RB_NONE : check_add_node(ctx, node);
    }
    case TK_TYPE_NUMBER: case TK_TYPE_DATE:
    default:
        return RB_NONE;
    }
}

static rb_id compare_unknown(check_ctx *ctx, check_scope scope, const ast_expr *e)
{
    if (e->op == AST_NAME)
        CHECK_ERROR(
            ctx, e->pos, "unknown fact or question '" TK_FMT "'%s", TK_ARG_STR(e->text),
            check_nearest_symbol(ctx, scope, e->text, 1U << CHECK_FACT | 1U << CHECK_QUESTION | 1U << CHECK_TERM));
    else
        CHECK_ERROR(ctx, e->pos, "a fact or question was expected here");
    return RB_NONE;
}

static rb_id compare(check_ctx *ctx, check_scope scope, const ast_expr *e)
{
    rb_id a, b;
    side_kind left = side_of(ctx, scope, e->a, &a), right = side_of(ctx, scope, e->b, &b);
    if (left == SIDE_FACT)
        return compare_fact(ctx, scope, e, a);
    if (left == SIDE_QUESTION)
        return compare_question(ctx, scope, e, a);
    if (left == SIDE_NUMBER) {
        if (right == SIDE_LITERAL || right == SIDE_FACT || right == SIDE_QUESTION) {
            CHECK_ERROR(ctx, e->b->pos, "a number or date was expected here, not '" TK_FMT "'%s",
                        TK_ARG_STR(e->b->text),
                        right == SIDE_LITERAL ? check_nearest_symbol(ctx, scope, e->b->text, 1U << CHECK_FACT) : "");
            return RB_NONE;
        }
        return compare_numbers(ctx, scope, e);
    }
    return compare_unknown(ctx, scope, e->a);
}

static rb_id condition_in(check_ctx *ctx, check_scope scope, const ast_expr *e)
{
    rb_id id;
    rb_node node = {.how = RB_EQ, .words = expr_words_of(ctx, scope, e)};
    switch (side_of(ctx, scope, e->a, &id)) {
    case SIDE_QUESTION: {
        const rb_question *q = &ctx->book->questions[id];
        node.op = RB_QUESTION;
        node.slot = id;
        return check_word_mask(ctx, scope, e->set, q->answers, q->answers_count, q->name, &node.mask, 0)
                   ? check_add_node(ctx, node)
                   : RB_NONE;
    }
    case SIDE_FACT: {
        const rb_fact *fact = &ctx->book->facts[id];
        node.slot = id;
        if (fact->type == TK_TYPE_WORD) {
            node.op = RB_WORD;
            return check_word_mask(ctx, scope, e->set, fact->words, fact->words_count, fact->name, &node.mask, 0)
                       ? check_add_node(ctx, node)
                       : RB_NONE;
        }
        if (fact->type == TK_TYPE_WORDS) {
            CHECK_ERROR(ctx, e->pos, "'" TK_FMT "' is a set; ask 'has any of (…)'", TK_ARG_STR(fact->name));
            return RB_NONE;
        }
        node.op = fact->type == TK_TYPE_PLACE ? RB_PLACE : RB_NAME;
        node.set = fact->type == TK_TYPE_PLACE ? check_place_set(ctx, scope, e->set, 0)
                                               : check_name_set(ctx, scope, e->set, fact->name_kind, 0);
        return node.set == RB_NONE ? RB_NONE : check_add_node(ctx, node);
    }
    case SIDE_NUMBER:
        CHECK_ERROR(ctx, e->pos, "a number or date is compared with = != < <= > >=, not with 'in'");
        return RB_NONE;
    case SIDE_LITERAL: case SIDE_OTHER:
    default:
        return compare_unknown(ctx, scope, e->a);
    }
}

static rb_id condition_has(check_ctx *ctx, check_scope scope, const ast_expr *e)
{
    rb_id id;
    if (side_of(ctx, scope, e->a, &id) != SIDE_FACT)
        return compare_unknown(ctx, scope, e->a);
    const rb_fact *fact = &ctx->book->facts[id];
    if (fact->type != TK_TYPE_WORDS) {
        CHECK_ERROR(ctx, e->pos, "'" TK_FMT "' is no set of words; use = or in", TK_ARG_STR(fact->name));
        return RB_NONE;
    }
    rb_node node = {.op = RB_HAS, .slot = id, .words = expr_words_of(ctx, scope, e)};
    bool fine = true;
    for (const ast_name *n = e->names; n != NULL; n = n->next) {
        ast_set leaf = {.op = AST_SET_NAME, .pos = n->pos, .name = n->text};
        uint64_t mask = 0;
        fine = check_word_mask(ctx, scope, &leaf, fact->words, fact->words_count, fact->name, &mask, 0) && fine;
        node.mask |= mask;
    }
    return fine ? check_add_node(ctx, node) : RB_NONE;
}

/* ---- conditions ---- */

static rb_id condition(check_ctx *ctx, check_scope scope, const ast_expr *e, int depth);

static rb_id condition_logic(check_ctx *ctx, check_scope scope, const ast_expr *e, int depth)
{
    size_t count = 1;
    for (const ast_expr *x = e; x->op == e->op; x = x->a)
        count++;
    rb_id *ids = TK_ARENA_ARRAY(ctx->scratch, rb_id, count);
    const ast_expr **operands = TK_ARENA_ARRAY(ctx->scratch, const ast_expr *, count);
    if (ids == NULL || operands == NULL)
        return RB_NONE;
    size_t at = count;
    const ast_expr *x = e;
    for (; x->op == e->op; x = x->a)
        operands[--at] = x->b;
    operands[--at] = x;
    bool fine = true;
    for (size_t i = 0; i < count; i++) {
        ids[i] = condition(ctx, scope, operands[i], depth + 1);
        fine = fine && ids[i] != RB_NONE;
    }
    if (!fine)
        return RB_NONE;
    return check_add_node(ctx, (rb_node){.op = e->op == AST_AND ? RB_AND : RB_OR,
                                         .first = check_add_children(ctx, ids, count),
                                         .count = (rb_id)count});
}

static rb_id condition_roles(check_ctx *ctx, check_scope scope, const ast_expr *e, int depth)
{
    const check_symbol *symbol = check_symbol_get(ctx, UINT16_MAX, e->names->text);
    if (0 <= scope.role) {
        CHECK_ERROR(ctx, e->pos, "any, every and no do not nest");
        return RB_NONE;
    }
    if (symbol == NULL || symbol->kind != CHECK_ROLES) {
        CHECK_ERROR(ctx, e->names->pos, "'" TK_FMT "' is no group of roles and no role%s", TK_ARG_STR(e->names->text),
                    check_nearest_symbol(ctx, scope, e->names->text, 1U << CHECK_ROLES));
        return RB_NONE;
    }
    rb_id ids[RB_ROLE_COUNT];
    rb_node node = {.op = e->op == AST_ANY ? RB_ANY : e->op == AST_EVERY ? RB_EVERY : RB_NO};
    uint32_t mask = ctx->roles[symbol->id].mask;
    for (int role = 0; role < RB_ROLE_COUNT; role++) {
        if ((mask & (1U << role)) == 0)
            continue;
        check_scope inner = scope;
        inner.role = role;
        size_t errors = ctx->messages->errors;
        ids[node.count] = condition(ctx, inner, e->a, depth + 1);
        if (errors != ctx->messages->errors)
            return RB_NONE; /* the other roles would say the same again */
        node.roles |= (uint64_t)role << (4 * node.count);
        node.count++;
    }
    node.first = check_add_children(ctx, ids, node.count);
    return check_add_node(ctx, node);
}

static rb_id terms_make(check_ctx *ctx, rb_id index);

static rb_id condition_name(check_ctx *ctx, check_scope scope, const ast_expr *e)
{
    const check_symbol *symbol = check_resolve(ctx, scope, e->text);
    const tk_str *words = NULL;
    size_t count = 0, yes;
    if (symbol == NULL)
        return compare_unknown(ctx, scope, e);
    if (symbol->kind == CHECK_TERM) {
        rb_id made = terms_make(ctx, symbol->id);
        check_size_add(&ctx->size, ctx->terms[symbol->id].size);
        return made == RB_NONE ? RB_NONE
                               : check_add_node(ctx, (rb_node){.op = RB_TERM,
                                                               .slot = symbol->id,
                                                               .first = check_add_children(ctx, &made, 1),
                                                               .count = 1});
    }
    if (symbol->kind == CHECK_FACT && ctx->book->facts[symbol->id].type == TK_TYPE_WORD) {
        words = ctx->book->facts[symbol->id].words;
        count = ctx->book->facts[symbol->id].words_count;
    } else if (symbol->kind == CHECK_QUESTION) {
        words = ctx->book->questions[symbol->id].answers;
        count = ctx->book->questions[symbol->id].answers_count;
    }
    for (yes = 0; yes < count && !tk_str_is(words[yes], "yes"); yes++)
        ;
    if (yes == count) {
        CHECK_ERROR(ctx, e->pos, "'" TK_FMT "' alone is no condition; only a yes/no fact, question or term is",
                    TK_ARG_STR(e->text));
        return RB_NONE;
    }
    return check_add_node(ctx, (rb_node){.op = symbol->kind == CHECK_FACT ? RB_WORD : RB_QUESTION,
                                         .slot = symbol->id,
                                         .mask = UINT64_C(1) << yes,
                                         .how = RB_EQ,
                                         .words = expr_words(ctx, expr_label(ctx, scope, e), TK_STR("= yes"))});
}

static rb_id condition(check_ctx *ctx, check_scope scope, const ast_expr *e, int depth)
{
    if (e == NULL || expr_too_deep(ctx, e->pos, depth))
        return RB_NONE;
    check_size_add(&ctx->size, (check_size){.parts = 1});
    switch (e->op) {
    case AST_AND: case AST_OR:
        return condition_logic(ctx, scope, e, depth);
    case AST_NOT: {
        rb_id inner = condition(ctx, scope, e->a, depth + 1);
        return inner == RB_NONE
                   ? RB_NONE
                   : check_add_node(ctx,
                                    (rb_node){.op = RB_NOT, .first = check_add_children(ctx, &inner, 1), .count = 1});
    }
    case AST_EQ: case AST_NE: case AST_LT: case AST_LE: case AST_GT: case AST_GE:
        return compare(ctx, scope, e);
    case AST_IN:
        return condition_in(ctx, scope, e);
    case AST_HAS:
        return condition_has(ctx, scope, e);
    case AST_ANY: case AST_EVERY: case AST_NO:
        return condition_roles(ctx, scope, e, depth);
    case AST_EVIDENCE:
        return check_add_node(ctx, (rb_node){.op = RB_EVIDENCE, .slot = check_evidence(ctx, e->names->text),
                                             .words = expr_words(ctx, TK_STR("evidence"), expr_test(ctx, e))});
    case AST_NAME:
        return condition_name(ctx, scope, e);
    case AST_PLUS: case AST_TIMES: case AST_DIVIDE: case AST_MAX: case AST_NUMBER: case AST_DATE: case AST_DAYS:
    default:
        CHECK_ERROR(ctx, e->pos, "a condition was expected here, not a number");
        return RB_NONE;
    }
}

/* Leaves in ctx->size how large the condition is. */
rb_id check_condition(check_ctx *ctx, check_scope scope, const ast_expr *expr)
{
    ctx->size = (check_size){0};
    rb_id made = condition(ctx, scope, expr, 0);
    if (made == RB_NONE || check_size_fits(ctx->size))
        return made;
    CHECK_ERROR(ctx, expr->pos,
                "the condition is too large with its terms written out (at most %d parts, %d levels of terms)",
                TK_WRITTEN_OUT_MAX, TK_EXPRESSION_DEPTH_MAX);
    ctx->size = (check_size){0};
    return RB_NONE;
}

/* ---- terms ---- */

static rb_id terms_make(check_ctx *ctx, rb_id index)
{
    check_named *named = &ctx->terms[index];
    const ast_stmt *s = named->stmt;
    if (2 <= named->state)
        return named->made;
    if (named->state == 1) {
        CHECK_ERROR(ctx, s->name->pos, "term '" TK_FMT "' is defined by itself", TK_ARG_STR(s->name->text));
        named->state = 3;
        return RB_NONE;
    }
    /* Terms that are named before they are declared are made on the way; the way must not be long. */
    if (TK_EXPRESSION_DEPTH_MAX <= ctx->terms_open) {
        CHECK_ERROR(ctx, s->name->pos, "term '" TK_FMT "' is nested too deeply in others (at most %d levels)",
                    TK_ARG_STR(s->name->text), TK_EXPRESSION_DEPTH_MAX);
        named->state = 3;
        return RB_NONE;
    }
    check_size outer = ctx->size;
    named->state = 1;
    ctx->terms_open++;
    named->made = check_condition(ctx, (check_scope){.regime = s->regime, .role = -1}, s->expr);
    ctx->terms_open--;
    named->size = ctx->size;
    ctx->size = outer;
    if (named->state == 1)
        named->state = named->made == RB_NONE ? 3 : 2;
    return named->made;
}

/* A multiple of a figure is no longer in its unit (TPP = bits times TFLOPS); a sum or maximum of figures is. */
static bool terms_scaled(const check_ctx *ctx, rb_id num)
{
    const rb_num *n = &ctx->book->nums[num];
    if (n->op == RB_NUM_SCALE || n->op == RB_NUM_DIVIDE || n->op == RB_NUM_PRODUCT)
        return true;
    for (rb_id i = 0; i < n->count; i++)
        if (terms_scaled(ctx, ctx->book->children[n->first + i]))
            return true;
    return false;
}

static void terms_numbers(check_ctx *ctx)
{
    for (const ast_stmt *s = ctx->first; s != NULL; s = s->next) {
        rb_id slot = s->kind == AST_TERM && s->expr != NULL ? check_fact(ctx, s->name->text) : RB_NONE;
        if (slot == RB_NONE || ctx->book->facts[slot].pos.offset != s->name->pos.offset
            || ctx->book->facts[slot].pos.file != s->name->pos.file)
            continue;
        bool is_date = false;
        int unit = -1;
        rb_id made = check_number(ctx, (check_scope){.regime = s->regime, .role = -1}, s->expr, &is_date, &unit);
        if (made == RB_NONE)
            continue;
        ctx->book->facts[slot].term = made;
        ctx->book->facts[slot].unit = terms_scaled(ctx, made) ? -1 : unit;
        if (is_date)
            CHECK_ERROR(ctx, s->name->pos, "a term is a number or a yes/no condition, not a date");
    }
    /* A quotient stands alone; a term may have been read before it was known to be one. */
    for (size_t i = 0; i < ctx->book->facts_count; i++) {
        const rb_fact *fact = &ctx->book->facts[i];
        const rb_num *n = fact->term == RB_NONE ? NULL : &ctx->book->nums[fact->term];
        for (rb_id c = 0; n != NULL && c < n->count; c++) {
            const rb_num *child = &ctx->book->nums[ctx->book->children[n->first + c]];
            rb_id term = child->op == RB_NUM_FACT ? ctx->book->facts[child->slot].term : RB_NONE;
            if (term != RB_NONE && ctx->book->nums[term].op == RB_NUM_DIVIDE)
                CHECK_ERROR(ctx, fact->pos,
                            "term '" TK_FMT "' calculates with the quotient '" TK_FMT
                            "'; a quotient only stands alone against a constant",
                            TK_ARG_STR(fact->name), TK_ARG_STR(ctx->book->facts[child->slot].name));
        }
    }
}

/* The terms below one number term, each measured once. */
typedef struct measure {
    check_ctx *ctx;
    check_size *sizes; /* per slot; height 0: not measured, OPEN: being measured */
} measure;

enum { MEASURE_OPEN = -1 };

static void measure_term(const measure *m, rb_id slot, int depth);

static void measure_number(const measure *m, rb_id num, check_size *size, int depth)
{
    const rb_num *n = &m->ctx->book->nums[num];
    check_size_add(size, (check_size){.parts = 1});
    for (rb_id i = 0; i < n->count; i++)
        measure_number(m, m->ctx->book->children[n->first + i], size, depth);
    if (n->op != RB_NUM_FACT || m->ctx->book->facts[n->slot].term == RB_NONE)
        return;
    measure_term(m, n->slot, depth + 1);
    check_size_add(size, m->sizes[n->slot]);
}

static void measure_term(const measure *m, rb_id slot, int depth)
{
    rb_fact *fact = &m->ctx->book->facts[slot];
    check_size size = {0};
    if (m->sizes[slot].height == (uint32_t)MEASURE_OPEN) {
        CHECK_ERROR(m->ctx, fact->pos, "term '" TK_FMT "' is defined by itself", TK_ARG_STR(fact->name));
        m->sizes[slot] = (check_size){.parts = 1, .height = 1};
    }
    if (m->sizes[slot].height != 0)
        return;
    m->sizes[slot].height = (uint32_t)MEASURE_OPEN;
    if (depth <= TK_EXPRESSION_DEPTH_MAX)
        measure_number(m, fact->term, &size, depth);
    if (TK_EXPRESSION_DEPTH_MAX < depth || !check_size_fits(size)) {
        CHECK_ERROR(m->ctx, fact->pos,
                    "term '" TK_FMT "' is too large with its terms written out (at most %d parts, %d levels)",
                    TK_ARG_STR(fact->name), TK_WRITTEN_OUT_MAX, TK_EXPRESSION_DEPTH_MAX);
        size = (check_size){.parts = 1, .height = 1};
    }
    m->sizes[slot] = size;
}

void check_terms(check_ctx *ctx)
{
    terms_numbers(ctx);
    if (ctx->messages->errors != 0)
        return;
    measure m = {.ctx = ctx, .sizes = TK_ARENA_ARRAY(ctx->scratch, check_size, ctx->book->facts_count + 1)};
    for (rb_id i = 0; m.sizes != NULL && i < ctx->book->facts_count; i++)
        if (ctx->book->facts[i].term != RB_NONE)
            measure_term(&m, i, 0);
    if (ctx->messages->errors != 0)
        return;
    terms_decimals(ctx);
    for (size_t i = 0; i < ctx->terms_count; i++)
        (void)terms_make(ctx, (rb_id)i);
}

/* ---- values in examples and presumptions ---- */

bool check_value(check_ctx *ctx, rb_id slot, const ast_value *value, tk_value *out)
{
    const rb_fact *fact = &ctx->book->facts[slot];
    tk_err err = {0};
    tk_str text = {"", 0};
    switch (value->kind) {
    case AST_VALUE_UNKNOWN:
        text = TK_STR("?");
        break;
    case AST_VALUE_WORD:
        text = value->lo_unit.ptr == NULL ? value->lo
                                          : tk_arena_printf(ctx->scratch, TK_FMT " " TK_FMT, TK_ARG_STR(value->lo),
                                                            TK_ARG_STR(value->lo_unit));
        break;
    case AST_VALUE_BOUNDS:
        text = tk_arena_printf(ctx->scratch, TK_FMT " " TK_FMT " .. " TK_FMT " " TK_FMT, TK_ARG_STR(value->lo),
                               TK_ARG_STR(value->lo_unit), TK_ARG_STR(value->hi), TK_ARG_STR(value->hi_unit));
        break;
    case AST_VALUE_LIST:
        if (value->list == NULL)
            text = TK_STR("none");
        for (const ast_value *v = value->list; v != NULL; v = v->next) {
            if (v->kind != AST_VALUE_WORD && v->kind != AST_VALUE_UNKNOWN) {
                CHECK_ERROR(ctx, v->pos, "a list holds single words");
                return false;
            }
            text = tk_arena_printf(ctx->scratch, TK_FMT "%s" TK_FMT, TK_ARG_STR(text), text.len == 0 ? "" : ";",
                                   TK_ARG_STR(v->lo));
        }
        break;
    }
    text = tk_arena_copy(&ctx->book->arena, tk_str_trim(text)); /* ids stay borrowed from it */
    if (tk_rulebook_read_value(ctx->book, slot, text, out, &err) != TK_OK) {
        CHECK_ERROR(ctx, value->pos, "%s", err.message);
        return false;
    }
    if (fact->type == TK_TYPE_NAME && out->known == TK_VALUE && fact->name_kind == RB_NAME_PRODUCT)
        return check_id(ctx, value->pos, out->as.name, fact->name_kind);
    return true;
}
