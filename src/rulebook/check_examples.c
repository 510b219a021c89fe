/* SPDX-License-Identifier: Apache-2.0 */
/* check_examples.c: examples into the model; decide/ runs them. */
#include "base/limits.h"
#include "base/num.h"
#include "base/str.h"
#include "rulebook/check.h"

static size_t names_count(const ast_name *names)
{
    size_t count = 0;
    for (; names != NULL; names = names->next)
        count++;
    return count;
}

static void example_claims(check_ctx *ctx, const ast_value *value, rb_example *example)
{
    const ast_value *list = value->kind == AST_VALUE_LIST ? value->list : value;
    size_t count = 0;
    for (const ast_value *v = list; v != NULL; v = v->next)
        count++;
    uint32_t *claims = TK_ARENA_ARRAY(&ctx->book->arena, uint32_t, count);
    for (const ast_value *v = list; claims != NULL && v != NULL; v = v->next) {
        tk_str nearest = {NULL, 0};
        size_t claim = tk_rulebook_find_claim(ctx->book, v->lo, &nearest);
        if (claim == SIZE_MAX)
            CHECK_ERROR(ctx, v->pos, "no claim '" TK_FMT "'%s", TK_ARG_STR(v->lo),
                        check_did_you_mean(ctx, (tk_nearest){.best = nearest}));
        else
            claims[example->claims_count++] = (uint32_t)claim;
    }
    example->claims = claims;
}

static const char *const short_names[][2] = {
    {"from", "route.from"}, {"to", "route.to"}, {"activity", "route.activity"}};

/* The nearest of all that may stand at the head of a pair. */
static const char *example_nearest(check_ctx *ctx, tk_str name)
{
    static const char *const words[] = {"item", "believe", "law", "evidence", "as of", "known at"};
    tk_nearest nearest = tk_nearest_make(name);
    for (size_t i = 0; i < ctx->book->facts_count; i++)
        tk_nearest_offer(&nearest, ctx->book->facts[i].name);
    for (size_t i = 0; i < TK_COUNT(short_names); i++)
        if (check_fact(ctx, tk_str_from(short_names[i][1])) != RB_NONE)
            tk_nearest_offer(&nearest, tk_str_from(short_names[i][0]));
    for (size_t i = 0; i < TK_COUNT(words); i++)
        tk_nearest_offer(&nearest, tk_str_from(words[i]));
    for (size_t i = 0; i < RB_ROLE_COUNT; i++)
        tk_nearest_offer(&nearest, tk_str_from(tk_rb_role_names[i]));
    return check_did_you_mean(ctx, nearest);
}

static void example_pair(check_ctx *ctx, const ast_pair *pair, rb_example *example, rb_example_value *values)
{
    tk_str name = pair->name->text;
    if (tk_str_is(name, "believe")) {
        example_claims(ctx, pair->value, example);
        return;
    }
    if (tk_str_is(name, "law")) {
        example->law_text = tk_str_is(pair->value->lo, "text");
        if (!example->law_text && !tk_str_is(pair->value->lo, "enforced"))
            CHECK_ERROR(ctx, pair->value->pos, "law is 'enforced' or 'text'");
        return;
    }
    if (tk_str_is(name, "item") || tk_rb_find_role(name) != RB_NONE) {
        tk_str id = pair->value->lo;
        if (pair->value->kind != AST_VALUE_WORD || pair->value->lo_unit.ptr != NULL) {
            CHECK_ERROR(ctx, pair->value->pos, "'" TK_FMT "' takes an id", TK_ARG_STR(name));
            return;
        }
        if (tk_str_is(name, "item") && !check_id(ctx, pair->value->pos, id, RB_NAME_ITEM))
            return;
        values[example->values_count++] = (rb_example_value){.slot = RB_NONE, .subject = name, .id = id};
        return;
    }
    for (size_t i = 0; i < TK_COUNT(short_names); i++)
        if (tk_str_is(name, short_names[i][0]))
            name = tk_str_from(short_names[i][1]);
    rb_id slot = check_fact(ctx, name);
    if (slot == RB_NONE) {
        CHECK_ERROR(ctx, pair->name->pos, "unknown fact '" TK_FMT "'%s", TK_ARG_STR(pair->name->text),
                    example_nearest(ctx, pair->name->text));
        return;
    }
    rb_example_value *out = &values[example->values_count];
    *out = (rb_example_value){.slot = slot};
    if (check_value(ctx, slot, pair->value, &out->value))
        example->values_count++;
}

static void example_evidence(check_ctx *ctx, const ast_stmt *s, rb_example *example)
{
    size_t count = 0;
    for (const ast_evidence *e = s->evidence; e != NULL; e = e->next)
        count++;
    rb_example_evidence *list = TK_ARENA_ARRAY(&ctx->book->arena, rb_example_evidence, count);
    for (const ast_evidence *e = s->evidence; list != NULL && e != NULL; e = e->next) {
        tk_str nearest = {NULL, 0};
        size_t found = tk_rulebook_find_evidence(ctx->book, e->name->text, &nearest);
        rb_example_evidence *out = &list[example->evidence_count];
        if (found == SIZE_MAX) {
            CHECK_ERROR(ctx, e->name->pos, "no condition '" TK_FMT "' for evidence%s", TK_ARG_STR(e->name->text),
                        check_did_you_mean(ctx, (tk_nearest){.best = nearest}));
            continue;
        }
        *out = (rb_example_evidence){.evidence = (rb_id)found, .refused = e->refused, .date = TK_DATE_MIN};
        if (e->date == NULL || check_date(ctx, e->date->pos, e->date->text, &out->date))
            example->evidence_count++;
    }
    example->evidence = list;
}

static bool example_word(check_ctx *ctx, const ast_name *value, const char *const *words, size_t count)
{
    if (value == NULL) /* no memory was left for it */
        return false;
    tk_nearest nearest = tk_nearest_make(value->text);
    for (size_t i = 0; i < count; i++) {
        if (tk_str_is(value->text, words[i]))
            return true;
        tk_nearest_offer(&nearest, tk_str_from(words[i]));
    }
    CHECK_ERROR(ctx, value->pos, "'" TK_FMT "' is not expected here%s", TK_ARG_STR(value->text),
                check_did_you_mean(ctx, nearest));
    return false;
}

static void expect_names(check_ctx *ctx, const ast_name *names, rb_expect *out)
{
    tk_str *list = TK_ARENA_ARRAY(&ctx->book->arena, tk_str, names_count(names));
    for (const ast_name *n = names; list != NULL && n != NULL; n = n->next)
        list[out->names_count++] = n->text;
    out->names = list;
}

static bool expect_question(check_ctx *ctx, const rb_example *example, const ast_gives *g, rb_expect *out)
{
    check_scope scope = {.regime = example->regime, .role = -1};
    const check_symbol *symbol = check_resolve(ctx, scope, g->name->text);
    size_t index;
    if (symbol == NULL || symbol->kind != CHECK_QUESTION) {
        CHECK_ERROR(ctx, g->name->pos, "no question '" TK_FMT "' to give an answer%s", TK_ARG_STR(g->name->text),
                    check_nearest_symbol(ctx, scope, g->name->text, 1U << CHECK_QUESTION));
        return false;
    }
    out->question = symbol->id;
    out->kind = RB_EXPECT_ANSWER;
    const rb_question *q = &ctx->book->questions[symbol->id];
    if (g->kind == AST_GIVES_IS && g->values == NULL) /* no memory was left for it */
        return false;
    if (g->kind == AST_GIVES_IS && tk_str_is(g->values->text, "undetermined"))
        out->kind = RB_EXPECT_UNDETERMINED;
    else if (g->kind == AST_GIVES_IS && tk_str_is(g->values->text, "conflict"))
        out->kind = RB_EXPECT_CONFLICT;
    else
        for (const ast_name *n = g->values; n != NULL; n = n->next)
            if (!check_word(ctx, n->pos, n->text, q->answers, q->answers_count, q->name, &index))
                return false;
    expect_names(ctx, g->values, out);
    return true;
}

static bool example_expect(check_ctx *ctx, const rb_example *example, const ast_gives *g, rb_expect *out)
{
    static const char *const verdicts[] = {"open", "conditional", "licence", "undetermined", "conflict", "closed"};
    static const char *const bases[] = {"law", "practice", "reported"};
    static const char *const mets[] = {"yes", "no", "failed"};
    tk_str name = g->name->text;
    *out = (rb_expect){.pos = g->pos, .question = RB_NONE};
    if (g->values != NULL)
        out->word = g->values->text;
    if (g->kind == AST_GIVES_WORD) {
        out->kind = RB_EXPECT_ABSENT;
        if (tk_str_is(name, "absent"))
            return true;
        CHECK_ERROR(ctx, g->pos, "'" TK_FMT "' alone gives nothing; only 'absent' does", TK_ARG_STR(name));
        return false;
    }
    if (g->kind == AST_GIVES_LIST) {
        bool missing = tk_str_is(name, "missing");
        if (!missing && !tk_str_is(name, "presumed")) {
            CHECK_ERROR(ctx, g->pos,
                        "a list in parentheses is 'missing (…)' or 'presumed (…)'; the possible answers are "
                        "'QUESTION in (…)'");
            return false;
        }
        out->kind = missing ? RB_EXPECT_MISSING : RB_EXPECT_PRESUMED;
        for (const ast_name *n = g->values; n != NULL; n = n->next)
            if (check_fact(ctx, n->text) == RB_NONE)
                CHECK_ERROR(ctx, n->pos, "unknown fact '" TK_FMT "'%s", TK_ARG_STR(n->text),
                            check_nearest_symbol(ctx, (check_scope){.regime = example->regime, .role = -1}, n->text,
                                                 1U << CHECK_FACT));
        expect_names(ctx, g->values, out);
        return true;
    }
    if (g->sub != NULL) {
        out->kind = RB_EXPECT_CONDITION;
        out->condition = g->sub->text;
        if (!tk_str_is(name, "condition")) {
            CHECK_ERROR(ctx, g->pos, "expected 'condition NAME = yes | no | failed'");
            return false;
        }
        if (check_evidence(ctx, g->sub->text) == RB_NONE && !tk_str_ends(g->sub->text, TK_STR(".law-read"))) {
            CHECK_ERROR(ctx, g->sub->pos, "no condition '" TK_FMT "'", TK_ARG_STR(g->sub->text));
            return false;
        }
        return example_word(ctx, g->values, mets, TK_COUNT(mets));
    }
    if (g->kind == AST_GIVES_IS && tk_str_is(name, "verdict")) {
        out->kind = RB_EXPECT_VERDICT;
        return example_word(ctx, g->values, verdicts, TK_COUNT(verdicts));
    }
    if (g->kind == AST_GIVES_IS && tk_str_is(name, "basis")) {
        out->kind = RB_EXPECT_BASIS;
        return example_word(ctx, g->values, bases, TK_COUNT(bases));
    }
    return expect_question(ctx, example, g, out);
}

static void example_declare(check_ctx *ctx, const ast_stmt *s, rb_example *example)
{
    *example = (rb_example){
        .title = s->title, .regime = s->regime, .pos = s->pos, .as_of = TK_DATE_MIN, .known_at = TK_DATE_MIN};
    size_t pairs = 0, gives = 0;
    for (const ast_pair *p = s->pairs; p != NULL; p = p->next)
        pairs++;
    for (const ast_gives *g = s->gives; g != NULL; g = g->next)
        gives++;
    if (s->as_of == NULL)
        CHECK_ERROR(ctx, s->pos, "an example says its day: 'as of DATE'");
    else
        (void)check_date(ctx, s->as_of->pos, s->as_of->text, &example->as_of);
    if (s->known_at != NULL)
        (void)check_date(ctx, s->known_at->pos, s->known_at->text, &example->known_at);
    rb_example_value *values = TK_ARENA_ARRAY(&ctx->book->arena, rb_example_value, pairs);
    rb_expect *expects = TK_ARENA_ARRAY(&ctx->book->arena, rb_expect, gives);
    if (values == NULL || expects == NULL)
        return;
    for (const ast_pair *p = s->pairs; p != NULL; p = p->next)
        example_pair(ctx, p, example, values);
    example->values = values;
    example_evidence(ctx, s, example);
    for (const ast_gives *g = s->gives; g != NULL; g = g->next)
        if (example_expect(ctx, example, g, &expects[example->expects_count]))
            example->expects_count++;
    example->expects = expects;
}

void check_examples(check_ctx *ctx)
{
    for (const ast_stmt *s = ctx->first; s != NULL; s = s->next) {
        if (s->kind != AST_EXAMPLE)
            continue;
        if (s->regime == UINT16_MAX)
            CHECK_ERROR(ctx, s->pos, "an example stands in a file of the regime whose answers it gives");
        else
            example_declare(ctx, s, &ctx->book->examples[ctx->book->examples_count++]);
    }
}
