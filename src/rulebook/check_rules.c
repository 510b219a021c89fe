/* SPDX-License-Identifier: Apache-2.0 */
/* check_rules.c: questions, rules, limits and gaps into the model, and the links between rules. */
#include <stdlib.h>
#include <string.h>

#include "base/limits.h"
#include "base/num.h"
#include "base/str.h"
#include "rulebook/check.h"

/* ---- questions ---- */

static void question_declare(check_ctx *ctx, const ast_stmt *s, rb_question *q)
{
    size_t count = 0;
    for (const ast_name *n = s->names; n != NULL; n = n->next)
        count++;
    tk_str *answers = TK_ARENA_ARRAY(&ctx->book->arena, tk_str, count);
    *q = (rb_question){.name = s->name->text,
                       .regime = s->regime,
                       .strictest = s->strictest,
                       .otherwise = -1,
                       .asked = RB_NONE,
                       .pos = s->name->pos};
    if (answers == NULL || s->regime == UINT16_MAX)
        return;
    if (TK_ANSWERS_MAX < count) {
        CHECK_ERROR(ctx, s->name->pos, "more than %d answers", TK_ANSWERS_MAX);
        return;
    }
    for (const ast_name *n = s->names; n != NULL; n = n->next) {
        for (size_t i = 0; i < q->answers_count; i++)
            if (tk_str_eq(answers[i], n->text))
                CHECK_ERROR(ctx, n->pos, "the answer '" TK_FMT "' is listed twice", TK_ARG_STR(n->text));
        if (tk_str_is(n->text, "undetermined") || tk_str_is(n->text, "conflict"))
            CHECK_ERROR(ctx, n->pos, "'" TK_FMT "' is what twokey itself says of a question and cannot be an answer",
                        TK_ARG_STR(n->text));
        answers[q->answers_count++] = n->text;
    }
    q->answers = answers;
    if (s->strictest && !s->ordered)
        CHECK_ERROR(ctx, s->name->pos, "'strictest' needs an order: separate the answers with '<', mildest first");
    if (s->ordered && !s->strictest && !s->cut)
        CHECK_ERROR(ctx, s->name->pos, "answers in order need ', strictest' (without an order separate them with '|')");
    if (s->otherwise == NULL) {
        if (!s->cut)
            CHECK_ERROR(ctx, s->name->pos, "a question says what holds 'otherwise' (an answer, or undetermined)");
    } else if (!tk_str_is(s->otherwise->text, "undetermined")) {
        size_t index;
        if (check_word(ctx, s->otherwise->pos, s->otherwise->text, q->answers, q->answers_count, q->name, &index))
            q->otherwise = (int)index;
    }
    q->is_key = tk_str_is(q->name, "key");
    if (q->is_key) {
        if (q->answers_count != 3 || !q->strictest || !tk_str_is(answers[0], "open")
            || !tk_str_is(answers[1], "licence") || !tk_str_is(answers[2], "closed"))
            CHECK_ERROR(ctx, s->name->pos, "the key of every regime is 'open < licence < closed, strictest'");
        ctx->book->regimes[s->regime].key = (rb_id)(q - ctx->book->questions);
        if (s->asked != NULL)
            CHECK_ERROR(ctx, s->name->pos, "the key is always asked");
    }
}

void check_questions(check_ctx *ctx)
{
    tk_rulebook *book = ctx->book;
    size_t at = 0;
    for (const ast_stmt *s = ctx->first; s != NULL; s = s->next)
        if (s->kind == AST_QUESTION)
            question_declare(ctx, s, &book->questions[at++]);
    for (size_t i = 0; i < book->regimes_count; i++)
        if (book->regimes[i].key == RB_NONE)
            CHECK_ERROR(ctx, book->regimes[i].pos,
                        "regime '" TK_FMT "' has no question 'key : open < licence < closed, strictest'",
                        TK_ARG_STR(book->regimes[i].id));
}

/* Conditions of questions and regimes need terms and answers first. */
static void questions_conditions(check_ctx *ctx)
{
    size_t at = 0;
    for (const ast_stmt *s = ctx->first; s != NULL; s = s->next) {
        check_scope scope = {.regime = s->regime, .role = -1};
        if (s->kind == AST_QUESTION) {
            rb_question *q = &ctx->book->questions[at++];
            if (s->asked != NULL)
                q->asked = check_condition(ctx, scope, s->asked);
        } else if (s->kind == AST_REGIME && s->when != NULL && s->regime != UINT16_MAX) {
            ctx->book->regimes[s->regime].when = check_condition(ctx, scope, s->when);
        }
    }
}

/* ---- acts: what makes a rule or limit count ---- */

static rb_id act_claims(check_ctx *ctx, const ast_expr *e, uint16_t regime, tk_date *published, int depth)
{
    if (e == NULL)
        return RB_NONE;
    if (TK_EXPRESSION_DEPTH_MAX <= depth) {
        CHECK_ERROR(ctx, e->pos, "nested too deeply (at most %d levels)", TK_EXPRESSION_DEPTH_MAX);
        return RB_NONE;
    }
    if (e->op == AST_NAME) {
        tk_str nearest = {NULL, 0};
        size_t claim = tk_rulebook_find_claim(ctx->book, e->text, &nearest);
        if (claim == SIZE_MAX) {
            CHECK_ERROR(ctx, e->pos, "no claim '" TK_FMT "'%s", TK_ARG_STR(e->text),
                        check_did_you_mean(ctx, (tk_nearest){.best = nearest}));
            return RB_NONE;
        }
        if (regime != UINT16_MAX)
            ctx->book->claims[claim].regimes |= UINT64_C(1) << regime;
        if (*published < ctx->book->claims[claim].published)
            *published = ctx->book->claims[claim].published;
        return check_add_claim_expr(ctx, (rb_claim_expr){.op = RB_CLAIM_NAME, .claim = (rb_id)claim});
    }
    rb_id a = act_claims(ctx, e->a, regime, published, depth + 1),
          b = act_claims(ctx, e->b, regime, published, depth + 1);
    if (a == RB_NONE || b == RB_NONE)
        return RB_NONE;
    return check_add_claim_expr(ctx,
                                (rb_claim_expr){.op = e->op == AST_OR ? RB_CLAIM_OR : RB_CLAIM_AND, .a = a, .b = b});
}

static void act_spans(check_ctx *ctx, const ast_stmt *s, rb_act *act)
{
    size_t count = 0;
    for (const ast_span *p = s->spans; p != NULL; p = p->next)
        count++;
    rb_span *spans = TK_ARENA_ARRAY(&ctx->book->arena, rb_span, count);
    for (const ast_span *p = s->spans; spans != NULL && p != NULL; p = p->next) {
        rb_span span = {.to = TK_DATE_MAX};
        if (!check_date(ctx, p->pos, p->from, &span.from)
            || (p->to.ptr != NULL && !check_date(ctx, p->pos, p->to, &span.to)))
            continue;
        if (span.to < span.from)
            CHECK_ERROR(ctx, p->pos, "in force until before it begins");
        if (act->spans_count != 0 && span.from <= spans[act->spans_count - 1].to)
            CHECK_ERROR(ctx, p->pos, "spans are in order and do not overlap");
        spans[act->spans_count++] = span;
    }
    act->spans = spans;
}

static void act_check(check_ctx *ctx, const ast_stmt *s, rb_act *act)
{
    const char *what = s->kind == AST_RULE ? "rule" : "limit";
    tk_str name = s->name->text;
    *act = (rb_act){.kind = s->practice   ? TK_RULE_PRACTICE
                            : s->reported ? TK_RULE_REPORTED
                                          : TK_RULE_LAW,
                    .published = TK_DATE_MIN,
                    .claims = RB_NONE};
    act->cites = check_cites(ctx, s->cites, &act->cites_count, NULL);
    if (!s->reported && s->cites == NULL && !s->cut)
        CHECK_ERROR(ctx, s->name->pos,
                    "%s '" TK_FMT "' cites nothing; a %s that no act or claim stands behind is refused", what,
                    TK_ARG_STR(name), what);
    if (!s->reported && s->published == NULL && !s->cut)
        CHECK_ERROR(ctx, s->name->pos,
                    "%s '" TK_FMT "' does not say when it was published (the day of first public release)", what,
                    TK_ARG_STR(name));
    if (s->spans == NULL && !s->cut)
        CHECK_ERROR(ctx, s->name->pos, "%s '" TK_FMT "' does not say since when it is in force", what,
                    TK_ARG_STR(name));
    act_spans(ctx, s, act);
    tk_date published = TK_DATE_MIN;
    if (s->published != NULL && check_date(ctx, s->published->pos, s->published->text, &published))
        act->published = published;
    if (s->claims != NULL)
        act->claims = act_claims(ctx, s->claims, s->regime, &published, 0);
    /* TK_DATE_MAX: a report that is not there yet. */
    if (ctx->book->known_at < published && published != TK_DATE_MAX)
        ctx->book->known_at = published;
}

/* ---- rules ---- */

static void rule_requires(check_ctx *ctx, const ast_stmt *s, rb_rule *rule)
{
    size_t count = 0;
    for (const ast_requires *r = s->requires; r != NULL; r = r->next)
        count++;
    rb_require *requires = TK_ARENA_ARRAY(&ctx->book->arena, rb_require, count);
    check_scope scope = {.regime = s->regime, .role = -1};
    for (const ast_requires *r = s->requires; requires != NULL && r != NULL; r = r->next) {
        rb_require *out = &requires[rule->requires_count];
        *out = (rb_require){.limit = RB_NONE, .when = RB_NONE, .evidence = check_evidence(ctx, r->name->text)};
        if (!check_stage(ctx, r, &out->stage))
            continue;
        if (r->within) {
            const check_symbol *symbol = check_resolve(ctx, scope, r->name->text);
            if (symbol == NULL || symbol->kind != CHECK_LIMIT) {
                CHECK_ERROR(ctx, r->name->pos, "no limit '" TK_FMT "'%s", TK_ARG_STR(r->name->text),
                            check_nearest_symbol(ctx, scope, r->name->text, 1U << CHECK_LIMIT));
                continue;
            }
            out->limit = symbol->id;
        } else {
            const rb_evidence *evidence = &ctx->book->evidence[out->evidence];
            if (evidence->is_limit)
                CHECK_ERROR(ctx, r->name->pos, "'" TK_FMT "' is a limit; write 'requires within " TK_FMT "'",
                            TK_ARG_STR(r->name->text), TK_ARG_STR(r->name->text));
            out->says = r->says.ptr != NULL ? r->says : evidence->says;
            if (out->says.ptr == NULL)
                CHECK_ERROR(ctx, r->name->pos, "condition '" TK_FMT "' needs its text: requires " TK_FMT " \"…\"",
                            TK_ARG_STR(r->name->text), TK_ARG_STR(r->name->text));
            else if (!tk_str_eq(out->says, evidence->says) || out->stage != evidence->stage)
                CHECK_ERROR(ctx, r->name->pos,
                            "condition '" TK_FMT "' is required elsewhere with another text or stage ('" TK_FMT "')",
                            TK_ARG_STR(r->name->text), TK_ARG_STR(evidence->says));
        }
        if (r->days.ptr != NULL) {
            tk_num days = 0;
            tk_err err = {0};
            if (tk_num_parse(r->days, &days, &err) != TK_OK || days <= 0 || days % TK_NUM_SCALE != 0
                || 10000 < days / TK_NUM_SCALE)
                CHECK_ERROR(ctx, r->days_pos, "days before a stage are a whole number from 1 to 10000");
            else
                out->days = (int)(days / TK_NUM_SCALE);
            if (out->stage == RB_AFTER_DELIVERY)
                CHECK_ERROR(ctx, r->days_pos, "a lead time is before order or before ship");
        }
        if (r->when != NULL)
            out->when = check_condition(ctx, scope, r->when);
        rule->requires_count++;
    }
    rule->requires = requires;
}

static void rule_declare(check_ctx *ctx, const ast_stmt *s, rb_rule *rule)
{
    const tk_source *file = &ctx->book->files[s->pos.file];
    *rule = (rb_rule){.name = s->name->text,
                      .title = s->title,
                      .regime = s->regime,
                      .when = RB_NONE,
                      .question = RB_NONE,
                      .answer = -1,
                      .text = {file->text.ptr + s->begin, s->end - s->begin},
                      .pos = s->pos,
                      .last_line = s->pos.line};
    for (size_t i = 0; i < rule->text.len; i++)
        rule->last_line += rule->text.ptr[i] == '\n';
    if (s->regime == UINT16_MAX)
        return;
    check_scope scope = {.regime = s->regime, .role = -1};
    act_check(ctx, s, &rule->act);
    if (s->when != NULL)
        rule->when = check_condition(ctx, scope, s->when);
    if (s->question != NULL) {
        const check_symbol *symbol = check_symbol_get(ctx, s->regime, s->question->text);
        size_t index;
        if (symbol == NULL || symbol->kind != CHECK_QUESTION)
            CHECK_ERROR(ctx, s->question->pos, "no question '" TK_FMT "' in regime '" TK_FMT "'%s",
                        TK_ARG_STR(s->question->text), TK_ARG_STR(ctx->book->regimes[s->regime].id),
                        check_nearest_symbol(ctx, scope, s->question->text, 1U << CHECK_QUESTION));
        else {
            const rb_question *q = &ctx->book->questions[symbol->id];
            rule->question = symbol->id;
            if (check_word(ctx, s->answer->pos, s->answer->text, q->answers, q->answers_count, q->name, &index))
                rule->answer = (int)index;
        }
    }
    rule_requires(ctx, s, rule);
    if (s->question == NULL && s->names == NULL) {
        rule->is_duty = true;
        if (s->requires == NULL && !s->cut)
            CHECK_ERROR(ctx, s->name->pos,
                        "rule '" TK_FMT "' does nothing: it gives no answer, is no exception and requires nothing",
                        TK_ARG_STR(s->name->text));
    }
    if (s->question == NULL && s->names != NULL && s->requires != NULL)
        CHECK_ERROR(ctx, s->requires->pos, "a rule without 'then' takes its targets away or adds duties, not both");
    rule->is_stay = s->question == NULL && s->names != NULL && s->when == NULL;
}

typedef struct link {
    rb_id from, to;
} link;

static void rule_targets(check_ctx *ctx, const ast_stmt *s, rb_id index, link *links, size_t *count)
{
    rb_rule *rule = &ctx->book->rules[index];
    check_scope scope = {.regime = s->regime, .role = -1};
    size_t targets = 0;
    for (const ast_name *n = s->names; n != NULL; n = n->next)
        targets++;
    rb_id *ids = TK_ARENA_ARRAY(&ctx->book->arena, rb_id, targets);
    for (const ast_name *n = s->names; ids != NULL && n != NULL; n = n->next) {
        const check_symbol *symbol = check_symbol_get(ctx, s->regime, n->text);
        if (symbol == NULL || symbol->kind != CHECK_RULE) {
            CHECK_ERROR(ctx, n->pos, "exception to '" TK_FMT "', but there is no such rule%s", TK_ARG_STR(n->text),
                        check_nearest_symbol(ctx, scope, n->text, 1U << CHECK_RULE));
            continue;
        }
        const rb_rule *target = &ctx->book->rules[symbol->id];
        bool twice = false;
        for (size_t i = 0; i < rule->targets_count; i++)
            twice |= ids[i] == symbol->id;
        if (symbol->id == index || twice) {
            CHECK_ERROR(ctx, n->pos,
                        symbol->id == index ? "a rule cannot be an exception to itself"
                                            : "this target is named twice");
            continue;
        }
        if (target->is_duty) {
            CHECK_ERROR(ctx, n->pos,
                        "'" TK_FMT "' answers no question, so it has no exceptions; give the duty a 'when'",
                        TK_ARG_STR(n->text));
            continue;
        }
        ids[rule->targets_count++] = symbol->id;
        links[(*count)++] = (link){.from = symbol->id, .to = index};
    }
    rule->targets = ids;
}

/* A rule that only takes targets away belongs to the question of its targets, which may do so themselves. */
static rb_id rule_question(const tk_rulebook *book, rb_id index, int depth)
{
    const rb_rule *rule = &book->rules[index];
    if (rule->question != RB_NONE || rule->targets_count == 0 || TK_EXPRESSION_DEPTH_MAX < depth)
        return rule->question;
    return rule_question(book, rule->targets[0], depth + 1);
}

static int link_compare(const void *left, const void *right)
{
    const link *a = left, *b = right;
    if (a->from != b->from)
        return a->from < b->from ? -1 : 1;
    return a->to < b->to ? -1 : a->to > b->to;
}

static void rule_links(check_ctx *ctx)
{
    tk_rulebook *book = ctx->book;
    size_t total = 0;
    for (const ast_stmt *s = ctx->first; s != NULL; s = s->next)
        if (s->kind == AST_RULE) {
            for (const ast_name *n = s->names; n != NULL; n = n->next)
                total++;
            for (const ast_name *n = s->replaces; n != NULL; n = n->next)
                total++;
        }
    link *exceptions = TK_ARENA_ARRAY(ctx->scratch, link, total), *replaced = TK_ARENA_ARRAY(ctx->scratch, link, total);
    size_t exceptions_count = 0, replaced_count = 0;
    rb_id index = 0;
    if (exceptions == NULL || replaced == NULL)
        return;
    for (const ast_stmt *s = ctx->first; s != NULL; s = s->next) {
        if (s->kind != AST_RULE)
            continue;
        rule_targets(ctx, s, index, exceptions, &exceptions_count);
        for (const ast_name *n = s->replaces; n != NULL; n = n->next) {
            const check_symbol *symbol = check_symbol_get(ctx, s->regime, n->text);
            if (symbol == NULL || symbol->kind != CHECK_RULE || symbol->id == index)
                CHECK_ERROR(ctx, n->pos, "replaces '" TK_FMT "', but there is no such other rule%s",
                            TK_ARG_STR(n->text),
                            check_nearest_symbol(ctx, (check_scope){.regime = s->regime, .role = -1}, n->text,
                                                 1U << CHECK_RULE));
            else
                replaced[replaced_count++] = (link){.from = symbol->id, .to = index};
        }
        index++;
    }
    qsort(exceptions, exceptions_count, sizeof *exceptions, link_compare);
    qsort(replaced, replaced_count, sizeof *replaced, link_compare);
    rb_id *ids = TK_ARENA_ARRAY(&book->arena, rb_id, exceptions_count + replaced_count);
    for (size_t i = 0; ids != NULL && i < exceptions_count; i++) {
        rb_rule *rule = &book->rules[exceptions[i].from];
        if (rule->exceptions_count == 0)
            rule->exceptions = &ids[i];
        ids[i] = exceptions[i].to;
        rule->exceptions_count++;
    }
    for (size_t i = 0; ids != NULL && i < replaced_count; i++) {
        rb_rule *rule = &book->rules[replaced[i].from];
        if (rule->replaced_by_count == 0)
            rule->replaced_by = &ids[exceptions_count + i];
        ids[exceptions_count + i] = replaced[i].to;
        rule->replaced_by_count++;
    }
    for (rb_id i = 0; i < book->rules_count; i++)
        if (book->rules[i].question == RB_NONE && !book->rules[i].is_duty)
            book->rules[i].question = rule_question(book, i, 0);
}

/* ---- limits and gaps ---- */

static bool limit_total(check_ctx *ctx, const ast_name *name, bool *ordered)
{
    *ordered = tk_str_is(name->text, "ordered");
    if (*ordered || tk_str_is(name->text, "shipped"))
        return true;
    CHECK_ERROR(ctx, name->pos, "'" TK_FMT "' is no total of the ledger (shipped, ordered)", TK_ARG_STR(name->text));
    return false;
}

static void limit_bound(check_ctx *ctx, const ast_stmt *s, rb_limit *limit)
{
    const ast_bound *b = s->bound;
    check_scope scope = {.regime = s->regime, .role = -1, .in_limit = true};
    bool of_ordered;
    limit->strict = b->strict;
    limit->or_more = b->or_more;
    if (b->number.ptr != NULL) {
        tk_err err = {0};
        if (tk_num_parse(b->number, &limit->number, &err) != TK_OK)
            CHECK_ERROR(ctx, b->pos, "%s", err.message);
        bool percent = b->unit.ptr != NULL && tk_str_is(b->unit, "%");
        if (percent != (b->of != NULL))
            CHECK_ERROR(ctx, b->pos, "a share is 'N %% of shipped where …', an amount is a plain number");
    } else if (b->fact != NULL) {
        const check_symbol *symbol = check_resolve(ctx, scope, b->fact->text);
        if (symbol == NULL || symbol->kind != CHECK_FACT || ctx->book->facts[symbol->id].type != TK_TYPE_NUMBER)
            CHECK_ERROR(ctx, b->fact->pos, "'" TK_FMT "' is no fact with a number%s", TK_ARG_STR(b->fact->text),
                        check_nearest_symbol(ctx, scope, b->fact->text, 1U << CHECK_FACT));
        else
            limit->bound_fact = symbol->id;
    }
    if (b->of != NULL && limit_total(ctx, b->of, &of_ordered)) {
        limit->share = true;
        limit->share_where = check_condition(ctx, scope, b->where);
    }
}

static void limit_declare(check_ctx *ctx, const ast_stmt *s, rb_limit *limit)
{
    *limit = (rb_limit){.name = s->name->text,
                        .title = s->title,
                        .regime = s->regime,
                        .counts = RB_NONE,
                        .where = RB_NONE,
                        .per = RB_NONE,
                        .bound_fact = RB_NONE,
                        .share_where = RB_NONE,
                        .pos = s->name->pos,
                        .evidence = check_evidence(ctx, s->name->text)};
    if (s->regime == UINT16_MAX)
        return;
    check_scope scope = {.regime = s->regime, .role = -1, .in_limit = true};
    act_check(ctx, s, &limit->act);
    if (s->counts == NULL || s->of == NULL || s->bound == NULL || s->over == NULL) {
        if (!s->cut)
            CHECK_ERROR(ctx, s->name->pos,
                    "limit '" TK_FMT "' says what it counts, of what, at most how much and over which time ('over "
                                     "all time', 'over calendar year')",
                    TK_ARG_STR(s->name->text));
        return;
    }
    bool is_date = false;
    int unit = -1;
    limit->counts = check_number(ctx, scope, s->counts, &is_date, &unit);
    if (is_date)
        CHECK_ERROR(ctx, s->counts->pos, "a limit counts an amount, not a date");
    if (limit_total(ctx, s->of, &limit->of_ordered))
        limit->where = check_condition(ctx, scope, s->where);
    if (s->per != NULL) {
        const check_symbol *symbol = check_resolve(ctx, scope, s->per->text);
        /* `per end_user`: the party itself. */
        if (symbol != NULL && symbol->kind == CHECK_ROLES)
            symbol = check_resolve(ctx, scope, tk_arena_printf(ctx->scratch, TK_FMT ".id", TK_ARG_STR(s->per->text)));
        if (symbol == NULL || symbol->kind != CHECK_FACT)
            CHECK_ERROR(ctx, s->per->pos, "'" TK_FMT "' is no fact to count per%s", TK_ARG_STR(s->per->text),
                        check_nearest_symbol(ctx, scope, s->per->text, 1U << CHECK_FACT));
        else
            limit->per = symbol->id;
    }
    limit_bound(ctx, s, limit);
    limit->per_year = tk_str_is(s->over->text, "calendar") && tk_str_is(s->over_2->text, "year");
    if (!limit->per_year && !(tk_str_is(s->over->text, "all") && tk_str_is(s->over_2->text, "time")))
        CHECK_ERROR(ctx, s->over->pos, "a limit is 'over all time' or 'over calendar year'");
}

static void gap_declare(check_ctx *ctx, const ast_stmt *s, rb_gap *gap)
{
    *gap = (rb_gap){.title = s->title, .regime = s->regime, .when = RB_NONE, .pos = s->pos};
    gap->cites = check_cites(ctx, s->cites, &gap->cites_count, NULL);
    if (s->cites == NULL && !s->cut)
        CHECK_ERROR(ctx, s->pos, "what is not modelled is cited too");
    if (s->when != NULL && s->regime != UINT16_MAX)
        gap->when = check_condition(ctx, (check_scope){.regime = s->regime, .role = -1}, s->when);
}

/* ---- lists per regime and question ---- */

static int question_compare(const void *left, const void *right)
{
    const rb_question *const *a = left, *const *b = right;
    return tk_str_cmp((*a)->name, (*b)->name);
}

static void lists_make(check_ctx *ctx)
{
    tk_rulebook *book = ctx->book;
    rb_id *ids = TK_ARENA_ARRAY(&book->arena, rb_id, book->rules_count * 3 + book->questions_count);
    const rb_question **sorted = TK_ARENA_ARRAY(ctx->scratch, const rb_question *, book->questions_count);
    if (ids == NULL || sorted == NULL)
        return;
    for (size_t i = 0; i < book->questions_count; i++)
        sorted[i] = &book->questions[i];
    qsort(sorted, book->questions_count, sizeof(rb_question *), question_compare);
    for (size_t r = 0; r < book->regimes_count; r++) {
        rb_regime *regime = &book->regimes[r];
        regime->questions = ids;
        for (size_t i = 0; i < book->questions_count; i++)
            if (sorted[i]->regime == r)
                *ids++ = (rb_id)(sorted[i] - book->questions);
        regime->questions_count = (size_t)(ids - regime->questions);
        regime->rules = ids;
        for (size_t i = 0; i < book->rules_count; i++)
            if (book->rules[i].regime == r)
                *ids++ = (rb_id)i;
        regime->rules_count = (size_t)(ids - regime->rules);
        regime->duty_rules = ids;
        for (size_t i = 0; i < book->rules_count; i++)
            if (book->rules[i].regime == r && book->rules[i].is_duty)
                *ids++ = (rb_id)i;
        regime->duty_rules_count = (size_t)(ids - regime->duty_rules);
    }
    for (size_t q = 0; q < book->questions_count; q++) {
        rb_question *question = &book->questions[q];
        question->rules = ids;
        for (size_t i = 0; i < book->rules_count; i++)
            if (book->rules[i].question == q)
                *ids++ = (rb_id)i;
        question->rules_count = (size_t)(ids - question->rules);
    }
}

void check_rules(check_ctx *ctx)
{
    size_t rules = 0, limits = 0;
    questions_conditions(ctx);
    for (const ast_stmt *s = ctx->first; s != NULL; s = s->next) {
        if (s->kind == AST_RULE)
            rule_declare(ctx, s, &ctx->book->rules[rules++]);
        else if (s->kind == AST_LIMIT)
            limit_declare(ctx, s, &ctx->book->limits[limits++]);
        else if (s->kind == AST_NOT_MODELLED)
            gap_declare(ctx, s, &ctx->book->gaps[ctx->book->gaps_count++]);
    }
    rule_links(ctx);
    lists_make(ctx);
}
