/* SPDX-License-Identifier: Apache-2.0 */
/* examples.c: the examples of the rulebook, decided and compared with what they give. */
#include <stdlib.h>
#include <string.h>

#include "base/err.h"
#include "base/num.h"
#include "base/str.h"
#include "decide/decide_int.h"

static void example_facts(const tk_rulebook *book, const rb_example *example, tk_facts *facts, tk_example_rows rows,
                          void *rows_ctx)
{
    tk_facts_clear(facts);
    if (rows != NULL)
        rows(rows_ctx, TK_STR(""), TK_STR(""), facts);
    for (size_t i = 0; i < example->values_count; i++) {
        const rb_example_value *v = &example->values[i];
        char name[80];
        if (v->slot != RB_NONE) {
            tk_facts_set(facts, v->slot, v->value, TK_FACT_SUPPLIED);
            if (0 <= book->facts[v->slot].role)
                tk_facts_name_role(facts, tk_str_from(tk_rb_role_names[book->facts[v->slot].role]));
            continue;
        }
        memcpy(name, v->subject.ptr, v->subject.len);
        memcpy(name + v->subject.len, ".id", 3);
        size_t slot = tk_rulebook_find_fact(book, (tk_str){name, v->subject.len + 3}, NULL);
        if (slot != SIZE_MAX)
            tk_facts_set(facts, slot, (tk_value){.known = TK_VALUE, .type = TK_TYPE_NAME, .as.name = v->id},
                         TK_FACT_ROW);
        tk_facts_name_role(facts, v->subject);
        if (rows != NULL)
            rows(rows_ctx, v->subject, v->id, facts);
    }
    for (size_t i = 0; i < example->evidence_count; i++)
        tk_facts_set_evidence(facts, example->evidence[i].evidence,
                              example->evidence[i].refused ? TK_EVIDENCE_REFUSED : TK_EVIDENCE_HELD,
                              example->evidence[i].date);
}

static bool names_same(const tk_str *wanted, size_t wanted_count, const tk_str *got, size_t got_count)
{
    size_t found = 0;
    for (size_t i = 0; i < got_count; i++) {
        bool in = false;
        for (size_t j = 0; j < wanted_count; j++)
            in |= tk_str_eq(wanted[j], got[i]);
        if (!in)
            return false;
        found++;
    }
    return found == wanted_count;
}

static tk_str names_joined(tk_arena *arena, const tk_str *names, size_t count)
{
    tk_str out = TK_STR("");
    for (size_t i = 0; i < count; i++)
        out = tk_arena_printf(arena, TK_FMT "%s" TK_FMT, TK_ARG_STR(out), i == 0 ? "" : ", ", TK_ARG_STR(names[i]));
    return count == 0 ? TK_STR("nothing") : out;
}

static tk_str expect_failed(tk_arena *arena, tk_str what, tk_str wanted, tk_str got)
{
    return tk_arena_printf(arena, TK_FMT ": expected " TK_FMT ", is " TK_FMT, TK_ARG_STR(what), TK_ARG_STR(wanted),
                           TK_ARG_STR(got));
}

static tk_str expect_answer(const tk_rulebook *book, const rb_expect *x, const tk_key_decision *key, tk_arena *arena)
{
    const rb_question *q = &book->questions[x->question];
    const tk_answer *answer = NULL;
    for (size_t i = 0; i < key->answers_count; i++)
        if (tk_str_eq(key->answers[i].question, q->name))
            answer = &key->answers[i];
    if (answer == NULL)
        return expect_failed(arena, q->name, x->word, TK_STR("not asked"));
    tk_str got = tk_str_is(answer->answer, "undetermined")
                     ? tk_arena_printf(arena, "one of " TK_FMT,
                                       TK_ARG_STR(names_joined(arena, answer->possible, answer->possible_count)))
                     : answer->answer;
    if (x->kind == RB_EXPECT_UNDETERMINED || x->kind == RB_EXPECT_CONFLICT)
        return tk_str_eq(answer->answer, x->word) ? TK_STR("") : expect_failed(arena, q->name, x->word, got);
    if (names_same(x->names, x->names_count, answer->possible, answer->possible_count)
        && (x->names_count != 1 || tk_str_eq(answer->answer, x->names[0])))
        return TK_STR("");
    return expect_failed(arena, q->name, names_joined(arena, x->names, x->names_count), got);
}

static tk_str expect_condition(const rb_expect *x, const tk_key_decision *key, tk_arena *arena)
{
    static const char *const mets[] = {"yes", "no", "failed"};
    for (size_t i = 0; i < key->conditions_count; i++)
        if (tk_str_eq(key->conditions[i].name, x->condition))
            return tk_str_is(x->word, mets[key->conditions[i].met])
                       ? TK_STR("")
                       : expect_failed(arena, x->condition, x->word, tk_str_from(mets[key->conditions[i].met]));
    return expect_failed(arena, x->condition, x->word, TK_STR("no condition of the key"));
}

static tk_str example_check(const tk_rulebook *book, const rb_example *example, const tk_decision *decision,
                            tk_arena *arena)
{
    const tk_key_decision *key = NULL;
    for (size_t i = 0; i < decision->keys_count; i++)
        if (tk_str_eq(decision->keys[i].regime, book->regimes[example->regime].id))
            key = &decision->keys[i];
    for (size_t i = 0; i < example->expects_count; i++) {
        const rb_expect *x = &example->expects[i];
        tk_str detail = TK_STR("");
        if (x->kind == RB_EXPECT_ABSENT || key == NULL) {
            if ((x->kind == RB_EXPECT_ABSENT) != (key == NULL))
                return key == NULL ? TK_STR("the key is absent: the regime is not touched")
                                   : TK_STR("the key is there, expected it to be absent");
            continue;
        }
        switch (x->kind) {
        case RB_EXPECT_ANSWER: case RB_EXPECT_CONFLICT: case RB_EXPECT_UNDETERMINED:
            detail = expect_answer(book, x, key, arena);
            break;
        case RB_EXPECT_VERDICT:
            if (!tk_str_eq(tk_verdict_name(key->verdict), x->word))
                detail = expect_failed(arena, TK_STR("verdict"), x->word, tk_verdict_name(key->verdict));
            break;
        case RB_EXPECT_BASIS:
            if (!tk_str_eq(tk_basis_name(key->basis), x->word))
                detail = expect_failed(arena, TK_STR("basis"), x->word, tk_basis_name(key->basis));
            break;
        case RB_EXPECT_MISSING:
            if (!names_same(x->names, x->names_count, key->missing.items, key->missing.count))
                detail = expect_failed(arena, TK_STR("missing"), names_joined(arena, x->names, x->names_count),
                                       names_joined(arena, key->missing.items, key->missing.count));
            break;
        case RB_EXPECT_PRESUMED:
            if (!names_same(x->names, x->names_count, key->presumed.items, key->presumed.count))
                detail = expect_failed(arena, TK_STR("presumed"), names_joined(arena, x->names, x->names_count),
                                       names_joined(arena, key->presumed.items, key->presumed.count));
            break;
        case RB_EXPECT_CONDITION:
            detail = expect_condition(x, key, arena);
            break;
        case RB_EXPECT_ABSENT:
        default:
            break;
        }
        if (detail.len != 0)
            return detail;
    }
    return TK_STR("");
}

tk_status tk_rulebook_run_examples(const tk_rulebook *book, tk_example_rows rows, void *rows_ctx,
                                   tk_example_visit visit, void *visit_ctx, tk_err *err)
{
    tk_decider *decider = NULL;
    tk_facts *facts = NULL;
    uint8_t *fates = calloc(book->rules_count + 1, 1);
    tk_arena arena;
    tk_arena_init(&arena, 4096, 0);
    tk_status status =
        fates == NULL ? tk_err_set(err, TK_ERR_MEMORY, "out of memory") : tk_decider_new(book, &decider, err);
    if (status == TK_OK)
        status = tk_facts_new(book, &facts, err);
    for (size_t i = 0; status == TK_OK && i < book->examples_count; i++) {
        const rb_example *example = &book->examples[i];
        const tk_decision *decision = NULL;
        tk_setting setting = {.as_of = example->as_of,
                              .known_at = example->known_at == TK_DATE_MIN ? book->known_at : example->known_at,
                              .law = example->law_text ? TK_LAW_TEXT : TK_LAW_ENFORCED,
                              .claims = example->claims,
                              .claims_count = example->claims_count};
        tk_arena_reset(&arena);
        example_facts(book, example, facts, rows, rows_ctx);
        status = tk_decide(decider, facts, &setting, 0, &decision, err);
        if (status != TK_OK)
            break;
        tk_str detail = example_check(book, example, decision, &arena);
        if (arena.failed) { /* what is wrong could not be written down */
            status = tk_err_set(err, TK_ERR_MEMORY, "out of memory");
            break;
        }
        for (rb_id r = 0; r < book->rules_count; r++)
            fates[r] = book->rules[r].regime == example->regime ? (uint8_t)reasons_fate(&decider->main, r) : 0;
        tk_example_result result = {.file = book->files[example->pos.file].name,
                                    .title = example->title,
                                    .line = example->pos.line, .as_of = example->as_of,
                                    .passed = detail.len == 0,
                                    .detail = detail,
                                    .fates = fates};
        visit(visit_ctx, &result);
    }
    tk_arena_fini(&arena);
    free(fates);
    tk_facts_free(facts);
    tk_decider_free(decider);
    return status;
}
