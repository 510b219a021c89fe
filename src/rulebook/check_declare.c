/* SPDX-License-Identifier: Apache-2.0 */
/* check_declare.c: who declares what: regimes, vocabulary, evidence names, facts, and the names of the rest. */
#include <stdlib.h>
#include <string.h>

#include "base/limits.h"
#include "base/num.h"
#include "base/str.h"
#include "rulebook/check.h"

bool check_date(check_ctx *ctx, ast_pos pos, tk_str text, tk_date *out)
{
    tk_err err = {0};
    if (tk_date_parse(text, out, &err) == TK_OK)
        return true;
    CHECK_ERROR(ctx, pos, "%s", err.message);
    return false;
}

bool check_stage(check_ctx *ctx, const ast_requires *requires, rb_stage *out)
{
    tk_str word = requires->stage->text;
    if (!requires->after && tk_str_is(word, "order"))
        *out = RB_BEFORE_ORDER;
    else if (!requires->after && tk_str_is(word, "ship"))
        *out = RB_BEFORE_SHIP;
    else if (requires->after && tk_str_is(word, "delivery"))
        *out = RB_AFTER_DELIVERY;
    else {
        CHECK_ERROR(ctx, requires->stage->pos,
                    "'%s " TK_FMT "' is no stage; expected 'before order', 'before ship' or 'after delivery'",
                    requires->after ? "after" : "before", TK_ARG_STR(word));
        return false;
    }
    return true;
}

/* ---- regimes ---- */

static int regimes_compare(const void *left, const void *right)
{
    const rb_regime *a = left, *b = right;
    return tk_str_cmp(a->id, b->id);
}

static rb_regime *regimes_find(tk_rulebook *book, tk_str id)
{
    for (size_t i = 0; i < book->regimes_count; i++)
        if (tk_str_eq(book->regimes[i].id, id))
            return &book->regimes[i];
    return NULL;
}

static void regimes_declare(check_ctx *ctx, const ast_stmt *stmt, rb_regime *regime)
{
    if (regime->declared) {
        CHECK_ERROR(ctx, stmt->pos,
                    "regime '" TK_FMT
                    "' is declared twice; once with title and span is enough, other files say 'regime " TK_FMT
                    "' alone",
                    TK_ARG_STR(regime->id), TK_ARG_STR(regime->id));
        return;
    }
    regime->declared = true;
    regime->title = stmt->title;
    regime->pos = stmt->pos;
    regime->covers_from = TK_DATE_MIN;
    regime->covers_to = TK_DATE_MAX;
    regime->read_to = TK_DATE_MAX;
    if (stmt->title.ptr == NULL || stmt->spans == NULL || stmt->read_to == NULL) {
        if (!stmt->cut)
            CHECK_ERROR(ctx, stmt->pos, "a regime says its title, 'covers DATE ..' and 'read to DATE'");
        return;
    }
    bool fine = check_date(ctx, stmt->spans->pos, stmt->spans->from, &regime->covers_from);
    if (stmt->spans->to.ptr != NULL)
        fine = check_date(ctx, stmt->spans->pos, stmt->spans->to, &regime->covers_to) && fine;
    fine = check_date(ctx, stmt->read_to->pos, stmt->read_to->text, &regime->read_to) && fine;
    if (fine && (regime->covers_to < regime->covers_from || regime->read_to < regime->covers_from))
        CHECK_ERROR(ctx, stmt->spans->pos, "the span of regime '" TK_FMT "' ends before it begins",
                    TK_ARG_STR(regime->id));
}

void check_regimes(check_ctx *ctx)
{
    tk_rulebook *book = ctx->book;
    book->regimes = TK_ARENA_ARRAY(&book->arena, rb_regime, TK_REGIMES_MAX);
    if (book->regimes == NULL)
        return;
    for (const ast_stmt *s = ctx->first; s != NULL; s = s->next) {
        if (s->kind != AST_REGIME || regimes_find(book, s->name->text) != NULL)
            continue;
        if (book->regimes_count == TK_REGIMES_MAX) {
            CHECK_ERROR(ctx, s->pos, "more than %d regimes", TK_REGIMES_MAX);
            ctx->stopped = true;
            return;
        }
        if (!tk_str_is_id(s->name->text) || memchr(s->name->text.ptr, '.', s->name->text.len) != NULL)
            CHECK_ERROR(ctx, s->name->pos, "'" TK_FMT "' is no id for a regime (letters and digits, no dot)",
                        TK_ARG_STR(s->name->text));
        book->regimes[book->regimes_count++] = (rb_regime){.id = s->name->text,
                                                           .when = RB_NONE,
                                                           .key = RB_NONE,
                                                           .licence = RB_NONE,
                                                           .written = RB_NONE,
                                                           .pos = s->pos,
                                                           .covers_from = TK_DATE_MIN,
                                                           .covers_to = TK_DATE_MAX,
                                                           .read_to = TK_DATE_MAX};
    }
    qsort(book->regimes, book->regimes_count, sizeof *book->regimes, regimes_compare);
    uint16_t file = UINT16_MAX, regime = UINT16_MAX;
    bool headed = false;
    for (ast_stmt *s = ctx->first; s != NULL; s = s->next) {
        if (s->pos.file != file) {
            file = s->pos.file;
            regime = UINT16_MAX;
            headed = false;
        }
        if (s->kind == AST_COMMON || s->kind == AST_REGIME) {
            if (headed)
                CHECK_ERROR(ctx, s->pos, "a file belongs to one regime, or is common; this one says so twice");
            headed = true;
            if (s->kind == AST_REGIME) {
                rb_regime *found = regimes_find(book, s->name->text);
                regime = (uint16_t)(found - book->regimes);
                if (s->clauses != 0)
                    regimes_declare(ctx, s, found);
            }
        } else if (!headed) {
            CHECK_ERROR(ctx, s->pos,
                        "a file begins with 'common' or 'regime NAME', so that it is clear whose rules these are");
            headed = true;
            s->regime = regime;
            continue;
        }
        s->regime = regime;
        if (regime == UINT16_MAX
            && (s->kind == AST_RULE || s->kind == AST_QUESTION || s->kind == AST_LIMIT
                || s->kind == AST_NOT_MODELLED))
            CHECK_ERROR(
                ctx, s->pos,
                "a common file holds facts, roles, sets and terms; questions, rules and limits belong to a regime");
    }
    for (size_t i = 0; i < book->regimes_count; i++)
        if (!book->regimes[i].declared)
            CHECK_ERROR(ctx, book->regimes[i].pos,
                        "regime '" TK_FMT "' is named but never declared (regime " TK_FMT
                        " \"title\" covers … read to …)",
                        TK_ARG_STR(book->regimes[i].id), TK_ARG_STR(book->regimes[i].id));
}

/* ---- vocabulary ---- */

static int text_compare(const void *left, const void *right)
{
    return tk_str_cmp(*(const tk_str *)left, *(const tk_str *)right);
}

typedef struct vocabulary_row {
    tk_str group;
    rb_group_row row;
} vocabulary_row;

static int vocabulary_compare(const void *left, const void *right)
{
    const vocabulary_row *a = left, *b = right;
    int order = tk_str_cmp(a->group, b->group);
    if (order != 0)
        return order;
    if (a->row.place != b->row.place)
        return a->row.place < b->row.place ? -1 : 1;
    if (a->row.published != b->row.published)
        return a->row.published < b->row.published ? -1 : 1;
    if (a->row.from != b->row.from)
        return a->row.from < b->row.from ? -1 : 1;
    return (int)a->row.in - (int)b->row.in;
}

/* Rows of one place and group, published the same day, must not say in and out for the same day (S8). */
static void vocabulary_contradictions(check_ctx *ctx, const rb_group *group)
{
    for (size_t i = 0; i < group->rows_count; i++)
        for (size_t j = i + 1; j < group->rows_count && group->rows[j].place == group->rows[i].place; j++) {
            const rb_group_row *a = &group->rows[i], *b = &group->rows[j];
            if (a->in != b->in && a->published == b->published && a->from <= b->to && b->from <= a->to)
                CHECK_ERROR(ctx, ((ast_pos){.file = UINT16_MAX}),
                            "country groups: " TK_FMT " is in and out of " TK_FMT
                            " on the same day by rows published the same day",
                            TK_ARG_STR(ctx->book->places[a->place]), TK_ARG_STR(group->name));
        }
}

/* The mark of an unverified row goes with its citation, as it does for rules and sets. */
static tk_str vocabulary_cites(check_ctx *ctx, const tk_group_row *row)
{
    tk_arena *arena = &ctx->book->arena;
    if (!row->unverified)
        return tk_arena_copy(arena, row->cites);
    return row->cites.len != 0
               ? tk_arena_printf(arena, TK_FMT " (unverified)", TK_ARG_STR(row->cites))
               : tk_arena_printf(arena, "membership in " TK_FMT " (unverified)", TK_ARG_STR(row->group));
}

static void vocabulary_groups(check_ctx *ctx)
{
    tk_rulebook *book = ctx->book;
    const tk_vocabulary *v = ctx->vocabulary;
    vocabulary_row *rows = TK_ARENA_ARRAY(ctx->scratch, vocabulary_row, v->groups_count);
    rb_group_row *kept = TK_ARENA_ARRAY(&book->arena, rb_group_row, v->groups_count);
    book->groups = TK_ARENA_ARRAY(&book->arena, rb_group, v->groups_count);
    if (rows == NULL || kept == NULL || book->groups == NULL)
        return;
    size_t count = 0;
    for (size_t i = 0; i < v->groups_count; i++) {
        const tk_group_row *r = &v->groups[i];
        rb_id place = tk_rb_find_place(book, r->place);
        if (place == RB_NONE) {
            CHECK_ERROR(ctx, ((ast_pos){.file = UINT16_MAX}),
                        "country groups: '" TK_FMT "' (" TK_FMT ") is not in the table of places",
                        TK_ARG_STR(r->place), TK_ARG_STR(r->group));
            continue;
        }
        rows[count++] = (vocabulary_row){.group = tk_arena_copy(&book->arena, r->group),
                                         .row = {.place = place, .in = r->in, .unverified = r->unverified,
                                                 .from = r->from, .to = r->to, .published = r->published,
                                                 .cites = vocabulary_cites(ctx, r)}};
        if (book->known_at < r->published)
            book->known_at = r->published;
    }
    qsort(rows, count, sizeof *rows, vocabulary_compare);
    for (size_t i = 0; i < count;) {
        rb_group *group = &book->groups[book->groups_count++];
        uint32_t *first = TK_ARENA_ARRAY(&book->arena, uint32_t, book->places_count + 1);
        if (first == NULL)
            return;
        size_t begin = i;
        group->name = rows[i].group;
        group->rows = &kept[begin];
        for (; i < count && tk_str_eq(rows[i].group, group->name); i++)
            kept[i] = rows[i].row;
        group->rows_count = i - begin;
        for (size_t place = 0, at = 0; place <= book->places_count; place++) {
            while (at < group->rows_count && group->rows[at].place < place)
                at++;
            first[place] = (uint32_t)at;
        }
        group->first = first;
        vocabulary_contradictions(ctx, group);
    }
}

/* The claims of the vocabulary, and what is looked up beside them. */
typedef struct known_claims {
    check_ctx *ctx;
    tk_claim_row *rows;
    size_t count, size;
} known_claims;

static void known_add(known_claims *known, const tk_claim_row *row)
{
    if (known->count == known->size) {
        size_t size = known->size == 0 ? 64 : known->size * 2;
        tk_claim_row *grown = TK_ARENA_ARRAY(known->ctx->scratch, tk_claim_row, size);
        if (grown == NULL)
            return;
        if (known->count != 0)
            memcpy(grown, known->rows, known->count * sizeof *grown);
        known->rows = grown;
        known->size = size;
    }
    known->rows[known->count++] = *row;
}

static void known_find(known_claims *known, tk_str id)
{
    const tk_vocabulary *v = known->ctx->vocabulary;
    tk_claim_row row;
    if (v->find_claim(v->find_claim_ctx, id, &row))
        known_add(known, &row);
}

static void known_named(known_claims *known, const ast_expr *e, int depth)
{
    if (e == NULL || TK_EXPRESSION_DEPTH_MAX <= depth)
        return;
    if (e->op == AST_NAME) {
        known_find(known, e->text);
        return;
    }
    known_named(known, e->a, depth + 1);
    known_named(known, e->b, depth + 1);
}

static void known_believed(known_claims *known, const ast_pair *pairs)
{
    for (const ast_pair *pair = pairs; pair != NULL; pair = pair->next) {
        if (!tk_str_is(pair->name->text, "believe"))
            continue;
        const ast_value *list = pair->value->kind == AST_VALUE_LIST ? pair->value->list : pair->value;
        for (const ast_value *value = list; value != NULL; value = value->next)
            known_find(known, value->lo);
    }
}

/* Whoever believes one of two that contradict each other must know of the other. */
static void known_contradicted(known_claims *known)
{
    size_t count = known->count;
    for (size_t i = 0; i < count; i++)
        for (size_t j = 0; j < known->rows[i].contradicts_count; j++)
            known_find(known, known->rows[i].contradicts[j]);
}

static int known_order(const void *left, const void *right)
{
    return tk_str_cmp(((const tk_claim_row *)left)->id, ((const tk_claim_row *)right)->id);
}

/* By id, each once. */
static void known_make(known_claims *known)
{
    const tk_vocabulary *v = known->ctx->vocabulary;
    size_t kept = 0;
    for (size_t i = 0; i < v->claims_count; i++)
        known_add(known, &v->claims[i]);
    for (const ast_stmt *s = known->ctx->first; s != NULL && v->find_claim != NULL; s = s->next) {
        known_named(known, s->claims, 0);
        if (s->kind == AST_EXAMPLE)
            known_believed(known, s->pairs);
    }
    if (v->find_claim != NULL)
        known_contradicted(known);
    if (known->count != 0)
        qsort(known->rows, known->count, sizeof *known->rows, known_order);
    for (size_t i = 0; i < known->count; i++)
        if (kept == 0 || !tk_str_eq(known->rows[kept - 1].id, known->rows[i].id))
            known->rows[kept++] = known->rows[i];
    known->count = kept;
}

static void vocabulary_claims(check_ctx *ctx)
{
    tk_rulebook *book = ctx->book;
    known_claims known = {.ctx = ctx};
    known_make(&known);
    book->claims = TK_ARENA_ARRAY(&book->arena, rb_claim, known.count);
    if (book->claims == NULL)
        return;
    for (size_t i = 0; i < known.count; i++)
        book->claims[i] = (rb_claim){.id = tk_arena_copy(&book->arena, known.rows[i].id),
                                     .says = tk_arena_copy(&book->arena, known.rows[i].says),
                                     .published = known.rows[i].published};
    book->claims_count = known.count;
    for (size_t i = 0; i < known.count; i++) {
        const tk_claim_row *row = &known.rows[i];
        rb_id *ids = TK_ARENA_ARRAY(&book->arena, rb_id, row->contradicts_count);
        size_t count = 0;
        for (size_t j = 0; ids != NULL && j < row->contradicts_count; j++) {
            size_t other = tk_rulebook_find_claim(book, row->contradicts[j], NULL);
            if (other != SIZE_MAX)
                ids[count++] = (rb_id)other;
        }
        book->claims[i].contradicts = ids;
        book->claims[i].contradicts_count = count;
    }
}

void check_vocabulary(check_ctx *ctx)
{
    tk_rulebook *book = ctx->book;
    const tk_vocabulary *v = ctx->vocabulary;
    book->places = TK_ARENA_ARRAY(&book->arena, tk_str, v->places_count);
    if (book->places == NULL)
        return;
    for (size_t i = 0; i < v->places_count; i++)
        book->places[book->places_count++] = tk_arena_copy(&book->arena, v->places[i]);
    qsort(book->places, book->places_count, sizeof *book->places, text_compare);
    vocabulary_groups(ctx);
    vocabulary_claims(ctx);
}

/* ---- names of evidence ---- */

typedef struct evidence_list {
    tk_arena *arena;
    rb_evidence *items;
    size_t count, size;
} evidence_list;

static void evidence_add(evidence_list *list, rb_evidence evidence)
{
    if (list->count == list->size) {
        size_t size = list->size == 0 ? 256 : list->size * 2;
        rb_evidence *items = TK_ARENA_ARRAY(list->arena, rb_evidence, size);
        if (items == NULL)
            return;
        if (list->count != 0)
            memcpy(items, list->items, list->count * sizeof *items);
        list->items = items;
        list->size = size;
    }
    list->items[list->count++] = evidence;
}

static void evidence_of_expr(evidence_list *list, const ast_expr *expr)
{
    for (; expr != NULL; expr = expr->a) {
        if (expr->op == AST_EVIDENCE)
            evidence_add(list, (rb_evidence){.name = expr->names->text, .asked_by_rule = true});
        evidence_of_expr(list, expr->b);
        if (expr->op == AST_MAX)
            return;
    }
}

static void evidence_of_requires(check_ctx *ctx, evidence_list *list, const ast_requires *requires)
{
    for (; requires != NULL; requires = requires->next) {
        rb_stage stage = RB_BEFORE_ORDER;
        (void)check_stage(ctx, requires, &stage);
        if (!requires->within)
            evidence_add(list, (rb_evidence){.name = requires->name->text,
                                             .says = requires->says,
                                             .stage = stage,
                                             .asked_by_rule = true});
        evidence_of_expr(list, requires->when);
    }
}

static int evidence_compare(const void *left, const void *right)
{
    const rb_evidence *a = left, *b = right;
    int order = tk_str_cmp(a->name, b->name);
    if (order != 0)
        return order;
    /* The one with a text first. */
    return (a->says.ptr == NULL) - (b->says.ptr == NULL);
}

static rb_id evidence_of_regime(check_ctx *ctx, const rb_regime *regime, tk_str kind)
{
    char name[TK_ID_BYTES_MAX + 32];
    size_t len = regime->id.len < TK_ID_BYTES_MAX ? regime->id.len : TK_ID_BYTES_MAX;
    memcpy(name, regime->id.ptr, len);
    memcpy(name + len, kind.ptr, kind.len);
    return check_evidence(ctx, (tk_str){name, len + kind.len});
}

void check_evidence_names(check_ctx *ctx)
{
    tk_rulebook *book = ctx->book;
    evidence_list list = {.arena = ctx->scratch};
    for (const ast_stmt *s = ctx->first; s != NULL; s = s->next) {
        evidence_of_requires(ctx, &list, s->requires);
        evidence_of_expr(&list, s->when);
        evidence_of_expr(&list, s->asked);
        evidence_of_expr(&list, s->expr);
        if (s->kind == AST_LIMIT)
            evidence_add(
                &list,
                (rb_evidence){.name = s->name->text, .says = s->title, .is_limit = true, .asked_by_rule = true});
    }
    for (size_t i = 0; i < book->regimes_count; i++) {
        evidence_add(&list, (rb_evidence){.name = tk_arena_printf(&book->arena, TK_FMT ".licence",
                                                                  TK_ARG_STR(book->regimes[i].id)),
                                          .says = TK_STR("An authorisation is held"),
                                          .stage = RB_BEFORE_SHIP,
                                          .asked_by_rule = true});
        evidence_add(&list, (rb_evidence){.name = tk_arena_printf(&book->arena, TK_FMT ".written-approval",
                                                                  TK_ARG_STR(book->regimes[i].id)),
                                          .says = TK_STR("A written approval is held, with its reference"),
                                          .stage = RB_BEFORE_SHIP,
                                          .asked_by_rule = true});
    }
    if (list.count != 0)
        qsort(list.items, list.count, sizeof *list.items, evidence_compare);
    book->evidence = TK_ARENA_ARRAY(&book->arena, rb_evidence, list.count);
    for (size_t i = 0; book->evidence != NULL && i < list.count; i++) {
        if (book->evidence_count != 0 && tk_str_eq(book->evidence[book->evidence_count - 1].name, list.items[i].name)) {
            book->evidence[book->evidence_count - 1].is_limit |= list.items[i].is_limit;
            continue;
        }
        book->evidence[book->evidence_count++] = list.items[i];
    }
    for (size_t i = 0; i < book->regimes_count; i++) {
        book->regimes[i].licence = evidence_of_regime(ctx, &book->regimes[i], TK_STR(".licence"));
        book->regimes[i].written = evidence_of_regime(ctx, &book->regimes[i], TK_STR(".written-approval"));
    }
}

/* ---- facts ---- */

typedef struct fact_list {
    rb_fact *items;
    const ast_stmt **stmts; /* where each was declared */
    size_t count;
    bool full;
} fact_list;

static bool fact_is_number_term(const ast_stmt *s)
{
    switch ((int)s->expr->op) {
    case AST_PLUS: case AST_TIMES: case AST_DIVIDE: case AST_MAX: case AST_NUMBER:
        return true;
    default:
        return false;
    }
}

/* The type said after the colon. */
static bool fact_type(check_ctx *ctx, const ast_stmt *s, rb_fact *fact)
{
    fact->unit = -1;
    if (s->unit.ptr != NULL) {
        fact->type = TK_TYPE_NUMBER;
        fact->unit = tk_rb_unit_find(s->unit);
        return true;
    }
    size_t count = 0;
    for (const ast_name *n = s->names; n != NULL; n = n->next)
        count++;
    if (count == 1 && !s->set_of) {
        static const struct {
            const char *name;
            tk_type type;
            rb_name_kind kind;
        } types[] = {{"number", TK_TYPE_NUMBER, 0}, {"date", TK_TYPE_DATE, 0}, {"place", TK_TYPE_PLACE, 0},
                     {"party", TK_TYPE_NAME, RB_NAME_PARTY}, {"item", TK_TYPE_NAME, RB_NAME_ITEM},
                     {"product", TK_TYPE_NAME, RB_NAME_PRODUCT}, {"text", TK_TYPE_NAME, RB_NAME_TEXT}};
        tk_nearest nearest = tk_nearest_make(s->names->text);
        for (size_t i = 0; i < sizeof types / sizeof types[0]; i++) {
            if (tk_str_is(s->names->text, types[i].name)) {
                fact->type = types[i].type;
                fact->name_kind = types[i].kind;
                return true;
            }
            tk_nearest_offer(&nearest, tk_str_from(types[i].name));
        }
        CHECK_ERROR(
            ctx, s->names->pos,
            "'" TK_FMT
            "' is no type (number, a unit, date, place, party, item, product, text, or words as in 'yes | no')%s",
            TK_ARG_STR(s->names->text), check_did_you_mean(ctx, nearest));
        return false;
    }
    if (TK_ANSWERS_MAX < count) {
        CHECK_ERROR(ctx, s->names->pos, "more than %d words", TK_ANSWERS_MAX);
        return false;
    }
    tk_str *words = TK_ARENA_ARRAY(&ctx->book->arena, tk_str, count);
    if (words == NULL)
        return false;
    size_t at = 0;
    for (const ast_name *n = s->names; n != NULL; n = n->next) {
        for (size_t i = 0; i < at; i++)
            if (tk_str_eq(words[i], n->text))
                CHECK_ERROR(ctx, n->pos, "the word '" TK_FMT "' is listed twice", TK_ARG_STR(n->text));
        if (s->set_of && tk_str_is(n->text, "none"))
            CHECK_ERROR(ctx, n->pos, "'none' is the empty set and cannot be one of its words");
        words[at++] = n->text;
    }
    fact->type = s->set_of ? TK_TYPE_WORDS : TK_TYPE_WORD;
    fact->words = words;
    fact->words_count = count;
    fact->ordered = s->ordered;
    return true;
}

static void fact_add(check_ctx *ctx, fact_list *list, const ast_stmt *s, tk_str name, int role, const rb_fact *pattern)
{
    /* A role's own declaration comes first and wins over party.X. */
    for (size_t i = 0; i < list->count; i++) {
        if (!tk_str_eq(list->items[i].name, name))
            continue;
        if (tk_str_starts(s->name->text, TK_STR("party."))
            && !tk_str_starts(list->stmts[i]->name->text, TK_STR("party.")))
            return;
        CHECK_ERROR(ctx, s->name->pos, "fact '" TK_FMT "' is declared twice; the other is in line %u of " TK_FMT,
                    TK_ARG_STR(name), list->stmts[i]->pos.line,
                    TK_ARG_STR(ctx->book->files[list->stmts[i]->pos.file].name));
        return;
    }
    if (list->count == TK_FACTS_MAX) {
        if (!list->full)
            CHECK_ERROR(ctx, s->pos, "more than %d facts, roles multiplied out", TK_FACTS_MAX);
        list->full = true;
        return;
    }
    rb_fact *fact = &list->items[list->count];
    *fact = *pattern;
    fact->name = name;
    fact->role = role;
    fact->term = RB_NONE;
    fact->presumed_slot = RB_NONE;
    fact->pos = s->name->pos;
    list->stmts[list->count++] = s;
}

static void fact_declare(check_ctx *ctx, fact_list *list, const ast_stmt *s, bool party_pass)
{
    tk_str name = s->name->text;
    bool is_party = tk_str_starts(name, TK_STR("party."));
    if (is_party != party_pass)
        return;
    rb_fact pattern = {.asks = s->kind == AST_FACT && s->title.ptr != NULL ? s->title : TK_STR(""),
                       .from_claims = s->from_claims,
                       .unit = -1};
    if (s->kind == AST_TERM)
        pattern.type = TK_TYPE_NUMBER;
    else if (!fact_type(ctx, s, &pattern))
        return;
    if (is_party) {
        tk_str attribute = {name.ptr + 6, name.len - 6};
        for (int role = 0; role < RB_ROLE_COUNT; role++)
            fact_add(ctx, list, s,
                     tk_arena_printf(&ctx->book->arena, "%s." TK_FMT, tk_rb_role_names[role], TK_ARG_STR(attribute)),
                     role, &pattern);
        return;
    }
    int role = -1;
    const char *dot = memchr(name.ptr, '.', name.len);
    if (dot != NULL) {
        tk_str head = {name.ptr, (size_t)(dot - name.ptr)};
        rb_id found = tk_rb_find_role(head);
        if (found != RB_NONE)
            role = (int)found;
        else if (regimes_find(ctx->book, head) != NULL) {
            if (s->kind == AST_FACT && s->title.ptr == NULL && !s->from_claims)
                CHECK_ERROR(ctx, s->name->pos,
                            "nobody can supply '" TK_FMT
                            "': a fact of a regime is an open point of law and says its question (fact " TK_FMT
                            " \"What …?\" : …)",
                            TK_ARG_STR(name), TK_ARG_STR(name));
        } else if (!tk_str_is(head, "item") && !tk_str_is(head, "route") && !s->from_claims) {
            tk_nearest nearest = tk_nearest_make(head);
            tk_nearest_offer(&nearest, TK_STR("item"));
            tk_nearest_offer(&nearest, TK_STR("route"));
            tk_nearest_offer(&nearest, TK_STR("party"));
            for (int r = 0; r < RB_ROLE_COUNT; r++)
                tk_nearest_offer(&nearest, tk_str_from(tk_rb_role_names[r]));
            CHECK_ERROR(ctx, s->name->pos,
                        "nobody can supply '" TK_FMT
                        "': a fact belongs to item, route, party, a role or a regime, or has no dot%s",
                        TK_ARG_STR(name), check_did_you_mean(ctx, nearest));
        }
    }
    fact_add(ctx, list, s, name, role, &pattern);
}

static int fact_compare(const void *left, const void *right)
{
    return tk_str_cmp(((const rb_fact *)left)->name, ((const rb_fact *)right)->name);
}

static void fact_duties(check_ctx *ctx, rb_fact *fact, const ast_stmt *s)
{
    size_t count = 0;
    for (const ast_requires *r = s->requires; r != NULL; r = r->next)
        count++;
    if (count == 0)
        return;
    if (s->presumed == NULL) {
        CHECK_ERROR(ctx, s->requires->pos,
                    "'requires' of a fact is the duty of its presumption, and '" TK_FMT "' is not presumed",
                    TK_ARG_STR(s->name->text));
        return;
    }
    rb_duty *duties = TK_ARENA_ARRAY(&ctx->book->arena, rb_duty, count);
    if (duties == NULL)
        return;
    size_t at = 0;
    for (const ast_requires *r = s->requires; r != NULL; r = r->next) {
        if (r->within || r->when != NULL || r->days.ptr != NULL || r->says.ptr == NULL) {
            CHECK_ERROR(ctx, r->pos, "the duty of a presumption has a name, a text and a stage, nothing else");
            continue;
        }
        rb_duty duty = {.evidence = check_evidence(ctx, r->name->text), .says = r->says};
        if (check_stage(ctx, r, &duty.stage))
            duties[at++] = duty;
    }
    fact->duties = duties;
    fact->duties_count = at;
}

/* S5: that no believed claim says anything is known, where the fact has a word for it, and of a set: then nobody
 * reports any of its words. */
static void fact_silence(rb_fact *fact)
{
    if (fact->from_claims && fact->type == TK_TYPE_WORDS)
        fact->silence = (tk_value){.known = TK_VALUE, .type = TK_TYPE_WORDS};
    for (size_t i = 0; fact->from_claims && fact->type == TK_TYPE_WORD && i < fact->words_count; i++)
        if (tk_str_is(fact->words[i], "unreported"))
            fact->silence = (tk_value){.known = TK_VALUE, .type = TK_TYPE_WORD, .as.word = (uint32_t)i};
}

static void fact_holds(check_ctx *ctx, rb_fact *fact, const ast_stmt *s)
{
    tk_num days = 0;
    if (s->holds.len == 0)
        return;
    if (tk_num_parse(s->holds, &days, NULL) == TK_OK && days % TK_NUM_SCALE == 0 && TK_NUM_SCALE <= days
        && days <= 10000 * (tk_num)TK_NUM_SCALE)
        fact->holds = (int32_t)(days / TK_NUM_SCALE);
    else
        CHECK_ERROR(ctx, s->holds_pos, "a report holds for a whole number of days from 1 to 10000");
}

static void fact_presumption(check_ctx *ctx, rb_id slot, const ast_stmt *s)
{
    rb_fact *fact = &ctx->book->facts[slot];
    const ast_value *value = s->presumed;
    fact_duties(ctx, fact, s);
    fact_silence(fact);
    fact_holds(ctx, fact, s);
    if (value == NULL)
        return;
    if (value->kind == AST_VALUE_WORD && value->lo_unit.ptr == NULL) {
        check_scope scope = {.regime = s->regime, .role = fact->role};
        const check_symbol *symbol = check_resolve(ctx, scope, value->lo);
        bool is_word = false;
        for (size_t i = 0; i < fact->words_count; i++)
            is_word |= tk_str_eq(fact->words[i], value->lo);
        if (!is_word && symbol != NULL && symbol->kind == CHECK_FACT) {
            fact->presume = RB_PRESUME_FACT;
            fact->presumed_slot = symbol->id;
            return;
        }
    }
    if (check_value(ctx, slot, value, &fact->presumed))
        fact->presume = RB_PRESUME_VALUE;
}

void check_facts(check_ctx *ctx)
{
    tk_rulebook *book = ctx->book;
    fact_list list = {.items = TK_ARENA_ARRAY(&book->arena, rb_fact, TK_FACTS_MAX),
                      .stmts = TK_ARENA_ARRAY(ctx->scratch, const ast_stmt *, TK_FACTS_MAX)};
    if (list.items == NULL || list.stmts == NULL)
        return;
    for (int pass = 0; pass < 2; pass++)
        for (const ast_stmt *s = ctx->first; s != NULL; s = s->next)
            if (s->kind == AST_FACT || (s->kind == AST_TERM && s->expr != NULL && fact_is_number_term(s)))
                fact_declare(ctx, &list, s, pass == 1);
    book->facts = list.items;
    book->facts_count = list.count;
    if (list.count != 0)
        qsort(book->facts, book->facts_count, sizeof *book->facts, fact_compare);
    for (size_t i = 0; i < book->facts_count; i++)
        check_symbol_add(ctx, (check_symbol){.name = book->facts[i].name, .regime = UINT16_MAX, .kind = CHECK_FACT,
                                             .id = (rb_id)i, .pos = book->facts[i].pos});
    for (const ast_stmt *s = ctx->first; s != NULL; s = s->next) {
        if (s->kind != AST_FACT)
            continue;
        for (size_t i = 0; i < book->facts_count; i++)
            if (book->facts[i].pos.file == s->name->pos.file && book->facts[i].pos.offset == s->name->pos.offset)
                fact_presumption(ctx, (rb_id)i, s);
    }
    book->slot_order_date = check_fact(ctx, TK_STR("route.order_date"));
    book->slot_ship_date = check_fact(ctx, TK_STR("route.ship_date"));
    for (int i = 0; i < 2; i++) {
        rb_id *slot = i == 0 ? &book->slot_order_date : &book->slot_ship_date;
        if (*slot != RB_NONE && book->facts[*slot].type != TK_TYPE_DATE)
            *slot = RB_NONE;
    }
}

/* What a fact is presumed from, and what that is computed from. */
enum { PRESUME_NEW = 0, PRESUME_OPEN, PRESUME_DONE };

static bool presumption_ends(check_ctx *ctx, uint8_t *states, rb_id slot);

static bool presumption_number_ends(check_ctx *ctx, uint8_t *states, rb_id num)
{
    const rb_num *n = &ctx->book->nums[num];
    if (n->op == RB_NUM_FACT)
        return presumption_ends(ctx, states, n->slot);
    for (rb_id i = 0; i < n->count; i++)
        if (!presumption_number_ends(ctx, states, ctx->book->children[n->first + i]))
            return false;
    return true;
}

/* A presumption that leads back to itself would never end. */
static bool presumption_ends(check_ctx *ctx, uint8_t *states, rb_id slot)
{
    rb_fact *fact = &ctx->book->facts[slot];
    bool ends = states[slot] != PRESUME_OPEN;
    if (states[slot] != PRESUME_NEW)
        return ends;
    states[slot] = PRESUME_OPEN;
    if (fact->term != RB_NONE)
        ends = presumption_number_ends(ctx, states, fact->term);
    else if (fact->presume == RB_PRESUME_FACT && !presumption_ends(ctx, states, fact->presumed_slot)) {
        CHECK_ERROR(ctx, fact->pos, "the presumption of '" TK_FMT "' leads back to itself", TK_ARG_STR(fact->name));
        fact->presume = RB_PRESUME_NO;
    }
    states[slot] = PRESUME_DONE;
    return ends;
}

/* After the terms are made: only then is it known in what unit each counts, and what it reads. */
void check_presumptions(check_ctx *ctx)
{
    const tk_rulebook *book = ctx->book;
    for (const ast_stmt *s = ctx->first; s != NULL; s = s->next)
        for (size_t i = 0; s->kind == AST_FACT && s->presumed != NULL && i < book->facts_count; i++) {
            const rb_fact *fact = &book->facts[i];
            if (fact->presume != RB_PRESUME_FACT || fact->pos.file != s->name->pos.file
                || fact->pos.offset != s->name->pos.offset)
                continue;
            const rb_fact *other = &book->facts[fact->presumed_slot];
            if (other->type != fact->type || other->unit != fact->unit)
                CHECK_ERROR(ctx, s->presumed->pos,
                            "'" TK_FMT "' is presumed from '" TK_FMT "', which is of another type",
                            TK_ARG_STR(fact->name), TK_ARG_STR(other->name));
        }
    uint8_t *states = TK_ARENA_ARRAY(ctx->scratch, uint8_t, book->facts_count);
    for (rb_id i = 0; states != NULL && ctx->messages->errors == 0 && i < book->facts_count; i++)
        (void)presumption_ends(ctx, states, i);
}

/* ---- names of everything else ---- */

static void names_roles(check_ctx *ctx, const ast_stmt *s)
{
    uint32_t mask = 0;
    for (const ast_name *n = s->names; n != NULL; n = n->next) {
        rb_id role = tk_rb_find_role(n->text);
        const check_symbol *group = role == RB_NONE ? check_symbol_get(ctx, UINT16_MAX, n->text) : NULL;
        if (role != RB_NONE)
            mask |= 1U << role;
        else if (group != NULL && group->kind == CHECK_ROLES)
            mask |= ctx->roles[group->id].mask;
        else {
            tk_nearest nearest = tk_nearest_make(n->text);
            for (int r = 0; r < RB_ROLE_COUNT; r++)
                tk_nearest_offer(&nearest, tk_str_from(tk_rb_role_names[r]));
            CHECK_ERROR(ctx, n->pos,
                        "'" TK_FMT
                        "' is no role (seller, purchaser, intermediate_consignee, ultimate_consignee, end_user)%s",
                        TK_ARG_STR(n->text), check_did_you_mean(ctx, nearest));
        }
    }
    ctx->roles[ctx->roles_count].mask = mask;
    check_symbol_add(ctx, (check_symbol){.name = s->name->text,
                                         .regime = UINT16_MAX,
                                         .kind = CHECK_ROLES,
                                         .id = (rb_id)ctx->roles_count,
                                         .pos = s->name->pos});
    ctx->roles_count++;
}

void check_names(check_ctx *ctx)
{
    tk_rulebook *book = ctx->book;
    size_t count[AST_EXAMPLE + 1] = {0};
    for (const ast_stmt *s = ctx->first; s != NULL; s = s->next)
        count[s->kind]++;
    ctx->sets = TK_ARENA_ARRAY(ctx->scratch, check_named, count[AST_SET]);
    ctx->terms = TK_ARENA_ARRAY(ctx->scratch, check_named, count[AST_TERM]);
    ctx->roles = TK_ARENA_ARRAY(ctx->scratch, check_roles, count[AST_ROLES] + RB_ROLE_COUNT);
    book->questions = TK_ARENA_ARRAY(&book->arena, rb_question, count[AST_QUESTION]);
    book->rules = TK_ARENA_ARRAY(&book->arena, rb_rule, count[AST_RULE]);
    book->limits = TK_ARENA_ARRAY(&book->arena, rb_limit, count[AST_LIMIT]);
    book->gaps = TK_ARENA_ARRAY(&book->arena, rb_gap, count[AST_NOT_MODELLED]);
    book->examples = TK_ARENA_ARRAY(&book->arena, rb_example, count[AST_EXAMPLE]);
    if (ctx->scratch->failed || book->arena.failed)
        return;
    for (rb_id role = 0; role < RB_ROLE_COUNT; role++) {
        ctx->roles[ctx->roles_count].mask = 1U << role;
        check_symbol_add(ctx, (check_symbol){.name = tk_str_from(tk_rb_role_names[role]),
                                             .regime = UINT16_MAX,
                                             .kind = CHECK_ROLES,
                                             .id = (rb_id)ctx->roles_count++});
    }
    if (TK_RULES_MAX < count[AST_RULE]) {
        CHECK_ERROR(ctx, ctx->first->pos, "more than %d rules", TK_RULES_MAX);
        ctx->stopped = true;
        return;
    }
    if (TK_QUESTIONS_MAX < count[AST_QUESTION]) {
        CHECK_ERROR(ctx, ctx->first->pos, "more than %d questions", TK_QUESTIONS_MAX);
        ctx->stopped = true;
        return;
    }
    for (const ast_stmt *s = ctx->first; s != NULL; s = s->next) {
        check_symbol symbol = {.regime = s->regime, .pos = s->name != NULL ? s->name->pos : s->pos};
        if (s->name != NULL)
            symbol.name = s->name->text;
        switch (s->kind) {
        case AST_ROLES:
            names_roles(ctx, s);
            continue;
        case AST_SET:
            symbol.kind = CHECK_SET;
            symbol.id = (rb_id)ctx->sets_count;
            ctx->sets[ctx->sets_count++] = (check_named){.stmt = s, .made = RB_NONE};
            break;
        case AST_TERM:
            if (s->expr == NULL || fact_is_number_term(s))
                continue;
            symbol.kind = CHECK_TERM;
            symbol.id = (rb_id)ctx->terms_count;
            ctx->terms[ctx->terms_count++] = (check_named){.stmt = s, .made = RB_NONE};
            break;
        case AST_QUESTION:
            symbol.kind = CHECK_QUESTION;
            symbol.id = (rb_id)book->questions_count++;
            break;
        case AST_RULE:
            symbol.kind = CHECK_RULE;
            symbol.id = (rb_id)book->rules_count++;
            break;
        case AST_LIMIT:
            symbol.kind = CHECK_LIMIT;
            symbol.id = (rb_id)book->limits_count++;
            break;
        case AST_COMMON: case AST_REGIME: case AST_FACT: case AST_NOT_MODELLED: case AST_EXAMPLE:
        default:
            continue;
        }
        check_symbol_add(ctx, symbol);
    }
}
