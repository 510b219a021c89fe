/* SPDX-License-Identifier: Apache-2.0 */
/* check_sets.c: sets of places, of ids, and plain lists of words that get their type where they are used. */
#include <stdlib.h>
#include <string.h>

#include "base/limits.h"
#include "base/str.h"
#include "rulebook/check.h"

static rb_id sets_make(check_ctx *ctx, rb_id index);

const tk_str *check_cites(check_ctx *ctx, const ast_cite *cites, size_t *count, bool *unverified)
{
    *count = 0;
    for (const ast_cite *c = cites; c != NULL; c = c->next)
        (*count)++;
    tk_str *texts = TK_ARENA_ARRAY(&ctx->book->arena, tk_str, *count);
    size_t at = 0;
    for (const ast_cite *c = cites; texts != NULL && c != NULL; c = c->next) {
        if (c->text.len == 0)
            CHECK_ERROR(ctx, c->pos, "an empty citation cites nothing");
        texts[at++] =
            c->unverified ? tk_arena_printf(&ctx->book->arena, TK_FMT " (unverified)", TK_ARG_STR(c->text)) : c->text;
        if (c->unverified && unverified != NULL)
            *unverified = true;
    }
    return texts;
}

/* A left-leaning chain of `or` flattened: its operands, left to right. */
static size_t sets_operands(check_ctx *ctx, const ast_set *set, const ast_set ***out)
{
    size_t count = 1;
    for (const ast_set *s = set; s != NULL && s->op == AST_SET_OR; s = s->a)
        count++;
    const ast_set **items = TK_ARENA_ARRAY(ctx->scratch, const ast_set *, count);
    if (items == NULL)
        return 0;
    size_t at = count;
    while (set != NULL && set->op == AST_SET_OR) {
        items[--at] = set->b;
        set = set->a;
    }
    items[--at] = set;
    *out = items;
    return count;
}

/* A balanced tree, so that a long list is no deep one. */
static rb_id sets_union(check_ctx *ctx, const rb_id *ids, size_t count)
{
    if (count == 1)
        return ids[0];
    rb_id a = sets_union(ctx, ids, count / 2), b = sets_union(ctx, ids + count / 2, count - count / 2);
    return check_add_set(ctx, (rb_set){.op = RB_SET_OR, .a = a, .b = b});
}

static bool sets_too_deep(check_ctx *ctx, ast_pos pos, int depth)
{
    if (depth < TK_EXPRESSION_DEPTH_MAX)
        return false;
    CHECK_ERROR(ctx, pos, "nested too deeply (at most %d levels)", TK_EXPRESSION_DEPTH_MAX);
    return true;
}

static const check_symbol *sets_named(check_ctx *ctx, check_scope scope, tk_str name)
{
    scope.role = -1;
    const check_symbol *symbol = check_resolve(ctx, scope, name);
    return symbol != NULL && symbol->kind == CHECK_SET ? symbol : NULL;
}

static rb_id sets_find_group(const check_ctx *ctx, tk_str name)
{
    for (size_t i = 0; i < ctx->book->groups_count; i++)
        if (tk_str_eq(ctx->book->groups[i].name, name))
            return (rb_id)i;
    return RB_NONE;
}

static rb_id sets_place_leaf(check_ctx *ctx, check_scope scope, const ast_set *leaf)
{
    rb_id place = tk_rb_find_place(ctx->book, leaf->name);
    if (place != RB_NONE)
        return check_add_set(ctx, (rb_set){.op = RB_SET_PLACE, .place = place});
    rb_id group = sets_find_group(ctx, leaf->name);
    if (group != RB_NONE)
        return check_add_set(ctx, (rb_set){.op = RB_SET_GROUP, .group = group});
    const check_symbol *symbol = sets_named(ctx, scope, leaf->name);
    if (symbol != NULL) {
        rb_id made = sets_make(ctx, symbol->id);
        if (ctx->sets[symbol->id].kind != CHECK_SET_PLACES) {
            if (ctx->sets[symbol->id].state == 2)
                CHECK_ERROR(ctx, leaf->pos, "set '" TK_FMT "' is not a set of places", TK_ARG_STR(leaf->name));
            return RB_NONE;
        }
        return made;
    }
    tk_nearest nearest = tk_nearest_make(leaf->name);
    for (size_t i = 0; i < ctx->book->places_count; i++)
        tk_nearest_offer(&nearest, ctx->book->places[i]);
    for (size_t i = 0; i < ctx->book->groups_count; i++)
        tk_nearest_offer(&nearest, ctx->book->groups[i].name);
    for (size_t i = 0; i < ctx->sets_count; i++)
        tk_nearest_offer(&nearest, ctx->sets[i].stmt->name->text);
    CHECK_ERROR(ctx, leaf->pos, "'" TK_FMT "' is no place, country group or set of places%s", TK_ARG_STR(leaf->name),
                check_did_you_mean(ctx, nearest));
    return RB_NONE;
}

rb_id check_place_set(check_ctx *ctx, check_scope scope, const ast_set *set, int depth)
{
    if (set == NULL || sets_too_deep(ctx, set->pos, depth))
        return RB_NONE;
    if (set->op == AST_SET_NAME)
        return sets_place_leaf(ctx, scope, set);
    if (set->op == AST_SET_BUT_NOT) {
        rb_id a = check_place_set(ctx, scope, set->a, depth + 1), b = check_place_set(ctx, scope, set->b, depth + 1);
        return a == RB_NONE || b == RB_NONE ? RB_NONE
                                            : check_add_set(ctx, (rb_set){.op = RB_SET_BUT_NOT, .a = a, .b = b});
    }
    const ast_set **operands = NULL;
    size_t count = sets_operands(ctx, set, &operands), made = 0;
    rb_id *ids = TK_ARENA_ARRAY(ctx->scratch, rb_id, count);
    for (size_t i = 0; ids != NULL && i < count; i++) {
        rb_id id = check_place_set(ctx, scope, operands[i], depth + 1);
        if (id != RB_NONE)
            ids[made++] = id;
    }
    return made == count && count != 0 ? sets_union(ctx, ids, count) : RB_NONE;
}

bool check_id(check_ctx *ctx, ast_pos pos, tk_str id, rb_name_kind kind)
{
    const tk_vocabulary *v = ctx->vocabulary;
    const tk_str *known = kind == RB_NAME_PARTY     ? v->parties
                          : kind == RB_NAME_ITEM    ? v->items
                          : kind == RB_NAME_PRODUCT ? v->products
                                                    : NULL;
    size_t count = kind == RB_NAME_PARTY     ? v->parties_count
                   : kind == RB_NAME_ITEM    ? v->items_count
                   : kind == RB_NAME_PRODUCT ? v->products_count
                                             : 0;
    const char *what = kind == RB_NAME_PARTY ? "party" : kind == RB_NAME_ITEM ? "item" : "product";
    if (!tk_str_is_id(id)) {
        CHECK_ERROR(ctx, pos, "'" TK_FMT "' is no id (letters, digits and . _ : -, at most %d)", TK_ARG_STR(id),
                    TK_ID_BYTES_MAX);
        return false;
    }
    if (count == 0)
        return true;
    for (size_t i = 0; i < count; i++)
        if (tk_str_eq(known[i], id))
            return true;
    tk_nearest nearest = tk_nearest_make(id);
    for (size_t i = 0; i < count; i++)
        tk_nearest_offer(&nearest, known[i]);
    CHECK_ERROR(ctx, pos, "no %s '" TK_FMT "' in the catalogue%s", what, TK_ARG_STR(id),
                check_did_you_mean(ctx, nearest));
    return false;
}

rb_id check_name_set(check_ctx *ctx, check_scope scope, const ast_set *set, rb_name_kind kind, int depth)
{
    if (set == NULL || sets_too_deep(ctx, set->pos, depth))
        return RB_NONE;
    if (set->op == AST_SET_BUT_NOT) {
        rb_id a = check_name_set(ctx, scope, set->a, kind, depth + 1),
              b = check_name_set(ctx, scope, set->b, kind, depth + 1);
        return a == RB_NONE || b == RB_NONE ? RB_NONE
                                            : check_add_set(ctx, (rb_set){.op = RB_SET_BUT_NOT, .a = a, .b = b});
    }
    const ast_set **operands = NULL;
    size_t count = sets_operands(ctx, set, &operands), names_count = 0, sets_count = 0;
    tk_str *names = TK_ARENA_ARRAY(&ctx->book->arena, tk_str, count);
    rb_id *ids = TK_ARENA_ARRAY(ctx->scratch, rb_id, count + 1);
    bool fine = names != NULL && ids != NULL;
    for (size_t i = 0; names != NULL && ids != NULL && i < count; i++) {
        const ast_set *leaf = operands[i];
        const check_symbol *symbol = leaf->op == AST_SET_NAME ? sets_named(ctx, scope, leaf->name) : NULL;
        rb_id id = RB_NONE;
        if (leaf->op != AST_SET_NAME) {
            id = check_name_set(ctx, scope, leaf, kind, depth + 1);
        } else if (symbol != NULL) {
            check_named *named = &ctx->sets[symbol->id];
            id = sets_make(ctx, symbol->id);
            if (named->state == 2 && named->kind == CHECK_SET_WORDS) {
                named->state = 1;
                id = check_name_set(ctx, scope, named->stmt->set, kind, depth + 1);
                named->state = named->state == 1 ? 2 : named->state;
            } else if (named->state == 2 && named->kind == CHECK_SET_PLACES) {
                CHECK_ERROR(ctx, leaf->pos, "set '" TK_FMT "' is a set of places; ids were expected",
                            TK_ARG_STR(leaf->name));
                id = RB_NONE;
            }
        } else {
            fine = check_id(ctx, leaf->pos, leaf->name, kind) && fine;
            names[names_count++] = leaf->name;
            continue;
        }
        if (id != RB_NONE)
            ids[sets_count++] = id;
        else
            fine = false;
    }
    if (!fine)
        return RB_NONE;
    if (names_count != 0)
        ids[sets_count++] =
            check_add_set(ctx, (rb_set){.op = RB_SET_NAMES, .names = names, .names_count = names_count});
    return sets_union(ctx, ids, sets_count);
}

bool check_word(check_ctx *ctx, ast_pos pos, tk_str word, const tk_str *words, size_t words_count, tk_str of_what,
                size_t *index)
{
    for (size_t i = 0; i < words_count; i++)
        if (tk_str_eq(words[i], word)) {
            *index = i;
            return true;
        }
    tk_nearest nearest = tk_nearest_make(word);
    for (size_t i = 0; i < words_count; i++)
        tk_nearest_offer(&nearest, words[i]);
    tk_str list = {"", 0};
    for (size_t i = 0; i < words_count && i < 8; i++)
        list = tk_arena_printf(ctx->scratch, TK_FMT "%s" TK_FMT, TK_ARG_STR(list), i == 0 ? "" : ", ",
                               TK_ARG_STR(words[i]));
    CHECK_ERROR(ctx, pos, "'" TK_FMT "' is no value of '" TK_FMT "' (" TK_FMT "%s)%s", TK_ARG_STR(word),
                TK_ARG_STR(of_what), TK_ARG_STR(list), 8 < words_count ? ", …" : "",
                check_did_you_mean(ctx, nearest));
    return false;
}

bool check_word_mask(check_ctx *ctx, check_scope scope, const ast_set *set, const tk_str *words, size_t words_count,
                     tk_str of_what, uint64_t *mask, int depth)
{
    if (set == NULL || sets_too_deep(ctx, set->pos, depth))
        return false;
    uint64_t a = 0, b = 0;
    if (set->op == AST_SET_BUT_NOT) {
        if (!check_word_mask(ctx, scope, set->a, words, words_count, of_what, &a, depth + 1)
            || !check_word_mask(ctx, scope, set->b, words, words_count, of_what, &b, depth + 1))
            return false;
        *mask = a & ~b;
        return true;
    }
    if (set->op == AST_SET_OR) {
        const ast_set **operands = NULL;
        size_t count = sets_operands(ctx, set, &operands);
        bool fine = true;
        *mask = 0;
        for (size_t i = 0; i < count; i++) {
            fine = check_word_mask(ctx, scope, operands[i], words, words_count, of_what, &a, depth + 1) && fine;
            *mask |= a;
        }
        return fine;
    }
    size_t index;
    for (size_t i = 0; i < words_count; i++) {
        if (tk_str_eq(words[i], set->name)) {
            *mask = UINT64_C(1) << i;
            return true;
        }
    }
    const check_symbol *symbol = sets_named(ctx, scope, set->name);
    if (symbol != NULL && ctx->sets[symbol->id].stmt->set != NULL) {
        (void)sets_make(ctx, symbol->id);
        check_named *named = &ctx->sets[symbol->id];
        if (named->state != 2)
            return false;
        if (named->kind == CHECK_SET_WORDS) {
            named->state = 1; /* if it is met again on the way, it is made of itself */
            bool fine = check_word_mask(ctx, scope, named->stmt->set, words, words_count, of_what, mask, depth + 1);
            named->state = named->state == 1 ? 2 : named->state;
            return fine;
        }
    }
    return check_word(ctx, set->pos, set->name, words, words_count, of_what, &index);
}

/* ---- declared sets ---- */

/* A set without `of` is one of places when its first leaf is. */
static bool sets_looks_like_places(check_ctx *ctx, check_scope scope, const ast_set *set, int depth)
{
    while (set != NULL && set->op != AST_SET_NAME)
        set = set->a;
    if (set == NULL || TK_EXPRESSION_DEPTH_MAX < depth)
        return false;
    if (tk_rb_find_place(ctx->book, set->name) != RB_NONE || sets_find_group(ctx, set->name) != RB_NONE)
        return true;
    const check_symbol *symbol = sets_named(ctx, scope, set->name);
    if (symbol == NULL)
        return false;
    const ast_stmt *s = ctx->sets[symbol->id].stmt;
    if (s->of != NULL)
        return tk_str_is(s->of->text, "place");
    return s->set != NULL
           && sets_looks_like_places(ctx, (check_scope){.regime = s->regime, .role = -1}, s->set, depth + 1);
}

static bool sets_row_dates(check_ctx *ctx, const ast_row *row, rb_row *out)
{
    out->to = TK_DATE_MAX;
    if (!check_date(ctx, row->span->pos, row->span->from, &out->from)
        || (row->span->to.ptr != NULL && !check_date(ctx, row->span->pos, row->span->to, &out->to)))
        return false;
    out->published = out->from;
    if (row->published != NULL && !check_date(ctx, row->published->pos, row->published->text, &out->published))
        return false;
    if (out->to < out->from) {
        CHECK_ERROR(ctx, row->span->pos, "the row ends before it begins");
        return false;
    }
    if (ctx->book->known_at < out->published)
        ctx->book->known_at = out->published;
    return true;
}

static rb_id sets_make_rows(check_ctx *ctx, const ast_stmt *s, bool places, rb_name_kind kind)
{
    size_t count = 0, at = 0;
    for (const ast_row *row = s->rows; row != NULL; row = row->next)
        count++;
    rb_row *rows = TK_ARENA_ARRAY(&ctx->book->arena, rb_row, count);
    const ast_row **sources = TK_ARENA_ARRAY(ctx->scratch, const ast_row *, count);
    bool fine = true;
    check_scope scope = {.regime = s->regime, .role = -1};
    for (const ast_row *row = s->rows; rows != NULL && sources != NULL && row != NULL; row = row->next) {
        rb_row *out = &rows[at];
        out->in = !row->out;
        if (!sets_row_dates(ctx, row, out)) {
            fine = false;
            continue;
        }
        ast_set *members = NULL;
        for (const ast_name *n = row->names; n != NULL; n = n->next) {
            ast_set *leaf = TK_ARENA_NEW(ctx->scratch, ast_set), *both = TK_ARENA_NEW(ctx->scratch, ast_set);
            if (leaf == NULL || both == NULL)
                return RB_NONE;
            *leaf = (ast_set){.op = AST_SET_NAME, .pos = n->pos, .name = n->text};
            *both = (ast_set){.op = AST_SET_OR, .pos = n->pos, .a = members, .b = leaf};
            members = members == NULL ? leaf : both;
        }
        out->cites = check_cites(ctx, row->cites, &out->cites_count, &out->unverified);
        out->members = places ? check_place_set(ctx, scope, members, 0) : check_name_set(ctx, scope, members, kind, 0);
        fine = fine && out->members != RB_NONE;
        sources[at++] = row;
        fine = fine && check_rows(ctx, rows, sources, at - 1, places);
    }
    return fine ? check_add_set(ctx, (rb_set){.op = RB_SET_ROWS, .rows = rows, .rows_count = at}) : RB_NONE;
}

static rb_id sets_make(check_ctx *ctx, rb_id index)
{
    check_named *named = &ctx->sets[index];
    const ast_stmt *s = named->stmt;
    check_scope scope = {.regime = s->regime, .role = -1};
    if (2 <= named->state)
        return named->made;
    if (named->state == 1) {
        CHECK_ERROR(ctx, s->name->pos, "set '" TK_FMT "' is made of itself", TK_ARG_STR(s->name->text));
        named->state = 3;
        return RB_NONE;
    }
    named->state = 1;
    rb_name_kind kind = RB_NAME_TEXT;
    bool words = false;
    if (s->of == NULL) {
        named->kind =
            s->rows == NULL && sets_looks_like_places(ctx, scope, s->set, 0) ? CHECK_SET_PLACES : CHECK_SET_WORDS;
        words = named->kind == CHECK_SET_WORDS;
        if (s->rows != NULL)
            CHECK_ERROR(ctx, s->name->pos,
                        "a set with dated rows says of what: 'set " TK_FMT " of place | party | item | product'",
                        TK_ARG_STR(s->name->text));
    } else if (tk_str_is(s->of->text, "place")) {
        named->kind = CHECK_SET_PLACES;
    } else if (tk_str_is(s->of->text, "party") || tk_str_is(s->of->text, "item") || tk_str_is(s->of->text, "product")
               || tk_str_is(s->of->text, "text")) {
        named->kind = CHECK_SET_IDS;
        kind = tk_str_is(s->of->text, "party") ? RB_NAME_PARTY : tk_str_is(s->of->text, "item") ? RB_NAME_ITEM
               : tk_str_is(s->of->text, "product") ? RB_NAME_PRODUCT : RB_NAME_TEXT;
    } else {
        const check_symbol *symbol = check_resolve(ctx, scope, s->of->text);
        named->kind = CHECK_SET_WORDS;
        words = true;
        if (symbol == NULL || (symbol->kind != CHECK_QUESTION && symbol->kind != CHECK_FACT))
            CHECK_ERROR(ctx, s->of->pos,
                        "a set is of place, party, item, product, or of the answers of a question; '" TK_FMT
                        "' is none of these%s",
                        TK_ARG_STR(s->of->text),
                        check_nearest_symbol(ctx, scope, s->of->text, 1U << CHECK_QUESTION | 1U << CHECK_FACT));
        if (s->rows != NULL)
            CHECK_ERROR(ctx, s->of->pos, "dated rows are for places, parties, items and products");
    }
    if (s->rows != NULL && !words)
        named->made = sets_make_rows(ctx, s, named->kind == CHECK_SET_PLACES, kind);
    else if (s->set != NULL && !words)
        named->made = named->kind == CHECK_SET_PLACES ? check_place_set(ctx, scope, s->set, 0)
                                                      : check_name_set(ctx, scope, s->set, kind, 0);
    if (named->state == 1)
        named->state = words || named->made != RB_NONE ? 2 : 3;
    return named->made;
}

static void sets_measure(check_ctx *ctx, rb_id index, int depth);

/* One member of a set: a set of its own, or itself. */
static void sets_measure_leaf(check_ctx *ctx, rb_id index, tk_str name, check_size *size, int depth)
{
    check_scope scope = {.regime = ctx->sets[index].stmt->regime, .role = -1};
    const check_symbol *symbol = sets_named(ctx, scope, name);
    if (symbol == NULL || symbol->id == index) {
        check_size_add(size, (check_size){.parts = 1});
        return;
    }
    sets_measure(ctx, symbol->id, depth + 1);
    check_size_add(size, ctx->sets[symbol->id].size);
}

static void sets_measure_tree(check_ctx *ctx, rb_id index, const ast_set *set, check_size *size, int depth)
{
    for (; set != NULL && set->op != AST_SET_NAME; set = set->a)
        sets_measure_tree(ctx, index, set->b, size, depth);
    if (set != NULL)
        sets_measure_leaf(ctx, index, set->name, size, depth);
}

/* How large the set is with the sets it names written out; one that is too large is never followed. */
static void sets_measure(check_ctx *ctx, rb_id index, int depth)
{
    check_named *named = &ctx->sets[index];
    check_size size = {0};
    if (named->size.parts != 0)
        return;
    named->size.parts = 1; /* whoever meets it again on the way is told so when the set is made */
    if (depth <= TK_EXPRESSION_DEPTH_MAX) {
        sets_measure_tree(ctx, index, named->stmt->set, &size, depth);
        for (const ast_row *row = named->stmt->rows; row != NULL; row = row->next)
            for (const ast_name *n = row->names; n != NULL; n = n->next)
                sets_measure_leaf(ctx, index, n->text, &size, depth);
    }
    if (TK_EXPRESSION_DEPTH_MAX < depth || !check_size_fits(size)) {
        CHECK_ERROR(ctx, named->stmt->name->pos,
                    "set '" TK_FMT "' is too large with its sets written out (at most %d parts, %d levels)",
                    TK_ARG_STR(named->stmt->name->text), TK_WRITTEN_OUT_MAX, TK_EXPRESSION_DEPTH_MAX);
        named->state = 3;
        size = (check_size){.parts = 1, .height = 1};
    }
    named->size = size;
}

void check_sets(check_ctx *ctx)
{
    for (rb_id i = 0; i < ctx->sets_count; i++)
        sets_measure(ctx, i, 0);
    tk_rulebook *book = ctx->book;
    book->named_sets = TK_ARENA_ARRAY(&book->arena, struct rb_named_set, ctx->sets_count);
    for (size_t i = 0; i < ctx->sets_count && book->named_sets != NULL; i++) {
        rb_id made = sets_make(ctx, (rb_id)i);
        const ast_stmt *s = ctx->sets[i].stmt;
        if (ctx->sets[i].state == 2 && ctx->sets[i].kind == CHECK_SET_PLACES)
            book->named_sets[book->named_sets_count++] =
                (struct rb_named_set){.regime = s->regime == UINT16_MAX ? TK_STR("") : book->regimes[s->regime].id,
                                      .name = s->name->text,
                                      .set = made};
    }
}
