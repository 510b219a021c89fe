/* SPDX-License-Identifier: Apache-2.0 */
/* check_rows.c: rows of a set that say in and out of one member on one day, published the same day.
 *
 * Of the rows known, the latest published that covers a day decides (S3), so two of one day of publication must not
 * disagree. A row may name groups and other sets, which are dated themselves: what it says is found by asking both
 * rows' sets on every day on which one of them can change, of every member that both ever speak of. Two sets of rows
 * can be made to take very long to compare; the steps are counted, and a rulebook that needs too many is refused.
 */
#include "base/limits.h"
#include "base/str.h"
#include "rulebook/check.h"

typedef struct rows_pair {
    check_ctx *ctx;
    rb_id a, b;       /* what the rows name */
    tk_date from, to; /* the days on which both rows speak */
    bool places;
    uint64_t cost; /* of asking both sets of one member */
} rows_pair;

static bool rows_spent(const check_ctx *ctx)
{
    return TK_ROWS_COMPARED_MAX < ctx->rows_compared;
}

/* How many parts a set has, written out. */
static uint64_t rows_parts(const tk_rulebook *book, rb_id id)
{
    const rb_set *set = &book->sets[id];
    uint64_t parts = 1 + set->names_count;
    if (set->op == RB_SET_OR || set->op == RB_SET_BUT_NOT)
        parts += rows_parts(book, set->a) + rows_parts(book, set->b);
    for (size_t i = 0; i < set->rows_count; i++)
        parts += rows_parts(book, set->rows[i].members);
    return parts;
}

static bool rows_share_places(const tk_rulebook *book, rb_id a, rb_id b)
{
    for (size_t i = 0; i < (book->places_count + 63) / 64; i++)
        if ((book->sets[a].ever[i] & book->sets[b].ever[i]) != 0)
            return true;
    return false;
}

static bool rows_place_on(const rows_pair *pair, tk_date day)
{
    const tk_rulebook *book = pair->ctx->book;
    const uint64_t *a = book->sets[pair->a].ever, *b = book->sets[pair->b].ever;
    for (rb_id place = 0; place < book->places_count && !rows_spent(pair->ctx); place++) {
        if ((a[place / 64] & b[place / 64] & UINT64_C(1) << (place % 64)) == 0)
            continue;
        pair->ctx->rows_compared += pair->cost;
        if (tk_rb_set_has_place(book, pair->a, place, day, TK_DATE_MAX).in
            && tk_rb_set_has_place(book, pair->b, place, day, TK_DATE_MAX).in)
            return true;
    }
    return false;
}

/* A name that stands in `id`, a part of the first set, is in both on the day. */
static bool rows_name_on(const rows_pair *pair, rb_id id, tk_date day)
{
    const tk_rulebook *book = pair->ctx->book;
    const rb_set *set = &book->sets[id];
    for (size_t i = 0; i < set->names_count && !rows_spent(pair->ctx); i++) {
        pair->ctx->rows_compared += pair->cost;
        if (tk_rb_set_has_name(book, pair->a, set->names[i], day, TK_DATE_MAX).in
            && tk_rb_set_has_name(book, pair->b, set->names[i], day, TK_DATE_MAX).in)
            return true;
    }
    if (set->op == RB_SET_OR || set->op == RB_SET_BUT_NOT)
        return rows_name_on(pair, set->a, day) || rows_name_on(pair, set->b, day);
    for (size_t i = 0; i < set->rows_count; i++)
        if (rows_name_on(pair, set->rows[i].members, day))
            return true;
    return false;
}

static bool rows_on(const rows_pair *pair, tk_date day)
{
    if (day < pair->from || pair->to < day || rows_spent(pair->ctx))
        return false;
    return pair->places ? rows_place_on(pair, day) : rows_name_on(pair, pair->a, day);
}

static bool rows_around(const rows_pair *pair, tk_date from, tk_date to)
{
    return rows_on(pair, from) || (to != TK_DATE_MAX && rows_on(pair, to + 1));
}

/* On a day on which `id`, a part of one of the two, begins or ends to hold something. */
static bool rows_when_changes(const rows_pair *pair, rb_id id)
{
    const tk_rulebook *book = pair->ctx->book;
    const rb_set *set = &book->sets[id];
    if (set->always)
        return false;
    if (set->op == RB_SET_GROUP) {
        const rb_group *group = &book->groups[set->group];
        for (size_t i = 0; i < group->rows_count; i++)
            if (rows_around(pair, group->rows[i].from, group->rows[i].to))
                return true;
    }
    if (set->op == RB_SET_OR || set->op == RB_SET_BUT_NOT)
        return rows_when_changes(pair, set->a) || rows_when_changes(pair, set->b);
    for (size_t i = 0; i < set->rows_count; i++)
        if (rows_around(pair, set->rows[i].from, set->rows[i].to) || rows_when_changes(pair, set->rows[i].members))
            return true;
    return false;
}

static bool rows_contradict(check_ctx *ctx, const rb_row *x, const rb_row *y, bool places)
{
    rows_pair pair = {.ctx = ctx, .a = x->members, .b = y->members, .places = places};
    pair.from = x->from < y->from ? y->from : x->from;
    pair.to = x->to < y->to ? x->to : y->to;
    if (x->in == y->in || x->published != y->published || pair.to < pair.from || rows_spent(ctx))
        return false;
    if (ctx->sets_finished < ctx->book->sets_count) {
        tk_rb_sets_finish(ctx->book, ctx->scratch, ctx->sets_finished);
        ctx->sets_finished = ctx->book->sets_count;
    }
    if (ctx->scratch->failed || (places && !rows_share_places(ctx->book, pair.a, pair.b)))
        return false;
    pair.cost = rows_parts(ctx->book, pair.a) + rows_parts(ctx->book, pair.b);
    ctx->rows_compared += pair.cost;
    return rows_on(&pair, pair.from) || rows_when_changes(&pair, pair.a) || rows_when_changes(&pair, pair.b);
}

bool check_rows(check_ctx *ctx, const rb_row *rows, const ast_row *const *sources, size_t count, bool places)
{
    bool fine = true, spent = rows_spent(ctx);
    for (size_t i = 0; i < count; i++)
        if (rows_contradict(ctx, &rows[i], &rows[count], places)) {
            CHECK_ERROR(ctx, sources[count]->pos,
                        "this row contradicts the row in line %u: in and out on the same day, published the same day",
                        sources[i]->pos.line);
            fine = false;
        }
    if (!spent && rows_spent(ctx)) {
        CHECK_ERROR(
            ctx, sources[count]->pos,
            "to compare this row with those before it takes too long: name fewer groups and sets in rows that "
            "are in and out on the same days");
        fine = false;
    }
    return fine;
}
