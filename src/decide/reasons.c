/* SPDX-License-Identifier: Apache-2.0 */
/* reasons.c: what a key rests on, in words: rules with citations, comparisons with value, threshold and margin,
 * conditions, limits. Everything lives in the decider's arena. */
#include <stdlib.h>
#include <string.h>

#include "base/err.h"
#include "base/num.h"
#include "base/str.h"
#include "decide/decide_int.h"

/* ---- values as text ---- */

static tk_str reasons_number_text(tk_decider *d, const interval *value, bool is_date)
{
    char lo[TK_I128_TEXT_MAX], hi[TK_I128_TEXT_MAX];
    if (value->known == TK_UNKNOWN)
        return TK_STR("?");
    if (value->known == TK_NONE)
        return TK_STR("none");
    const tk_i128 day = (tk_i128)TK_NUM_SCALE * TK_NUM_SCALE;
    lo[0] = hi[0] = 0;
    if (!value->lo_open)
        (void)(is_date ? tk_date_format((tk_date)(value->lo / day), lo) : tk_num12_format(value->lo, lo));
    if (!value->hi_open)
        (void)(is_date ? tk_date_format((tk_date)(value->hi / day), hi) : tk_num12_format(value->hi, hi));
    if (!value->lo_open && !value->hi_open && value->lo == value->hi)
        return tk_arena_copy(&d->arena, tk_str_from(lo));
    return tk_arena_printf(&d->arena, "%s%s..%s%s", lo, value->lo_open ? "" : " ", value->hi_open ? "" : " ", hi);
}

static tk_str reasons_slot_text(tk_decider *d, eval *e, rb_id slot)
{
    const rb_fact *fact = &e->book->facts[slot];
    const tk_value *value = eval_value(e, slot);
    /* Single words, places and ids need no copy. */
    if (value->known == TK_VALUE && fact->type == TK_TYPE_WORD)
        return fact->words[value->as.word];
    if (value->known == TK_VALUE && fact->type == TK_TYPE_PLACE)
        return e->book->places[value->as.place];
    if (value->known == TK_UNKNOWN)
        return TK_STR("?");
    char text[TK_VALUE_TEXT_MAX];
    size_t len = tk_rulebook_write_value(e->book, slot, value, text);
    return tk_arena_copy(&d->arena, (tk_str){text, len});
}

/* A quotient of known figures to four decimals, cut off: for reading, never for deciding. */
static bool reasons_quotient(eval *e, rb_id num, tk_i128 *millionths)
{
    const rb_num *n = &e->book->nums[num];
    while (n->op == RB_NUM_FACT && e->book->facts[n->slot].term != RB_NONE) {
        num = e->book->facts[n->slot].term;
        n = &e->book->nums[num];
    }
    if (n->op != RB_NUM_DIVIDE)
        return false;
    interval a, b;
    eval_quotient_parts(e, num, &a, &b);
    if (a.known != TK_VALUE || b.known != TK_VALUE || a.lo_open || a.hi_open || b.lo_open || b.hi_open || a.lo != a.hi
        || b.lo != b.hi || b.lo <= 0)
        return false;
    *millionths = a.lo / (b.lo / TK_NUM_SCALE) / 100 * 100;
    return true;
}

static tk_str reasons_margin(tk_decider *d, tk_i128 distance, bool is_date)
{
    char text[TK_I128_TEXT_MAX];
    if (distance < 0)
        distance = -distance;
    size_t len = tk_num12_format(distance, text);
    return is_date ? tk_arena_printf(&d->arena, "%.*s days", (int)len, text)
                   : tk_arena_copy(&d->arena, (tk_str){text, len});
}

static bool reasons_is_date(const eval *e, rb_id num)
{
    const rb_num *n = &e->book->nums[num];
    return n->op == RB_NUM_FACT ? e->book->facts[n->slot].type == TK_TYPE_DATE
                                : n->op == RB_NUM_ADD && reasons_is_date(e, e->book->children[n->first]);
}

tk_because reasons_because(tk_decider *d, eval *e, rb_id node)
{
    const rb_node *n = &e->book->nodes[node];
    kleene holds = eval_node(e, node);
    tk_because out = {.fact = n->words->fact,
                      .test = n->words->test,
                      .value = TK_STR(""),
                      .margin = TK_STR(""),
                      .holds = holds == K_TRUE,
                      .unknown = holds == K_UNKNOWN};
    switch (n->op) {
    case RB_COMPARE: {
        tk_i128 quotient;
        interval right = eval_number(e, n->right);
        bool is_date = reasons_is_date(e, n->left);
        if (reasons_quotient(e, n->left, &quotient)) {
            interval point = {.known = TK_VALUE, .lo = quotient * TK_NUM_SCALE, .hi = quotient * TK_NUM_SCALE};
            out.value = reasons_number_text(d, &point, false);
            out.margin = reasons_margin(d, quotient * TK_NUM_SCALE - right.lo, false);
            break;
        }
        interval left = eval_number(e, n->left);
        out.value = eval_not_computable(e, n->left) ? TK_STR("not computable") : reasons_number_text(d, &left, is_date);
        bool points = left.known == TK_VALUE && right.known == TK_VALUE && !left.lo_open && !left.hi_open
                      && !right.lo_open && !right.hi_open && left.lo == left.hi && right.lo == right.hi;
        if (points)
            out.margin = reasons_margin(d, left.lo - right.lo, is_date);
        break;
    }
    case RB_WORD: case RB_HAS: case RB_PLACE: case RB_NAME: case RB_SAME:
        out.value = reasons_slot_text(d, e, n->slot);
        break;
    case RB_QUESTION: {
        const rb_question *q = &e->book->questions[n->slot];
        const question_state *state = eval_question(e, n->slot);
        out.value = state->asked == K_FALSE ? TK_STR("not asked")
                    : state->possible == 0 || (state->possible & (state->possible - 1)) != 0
                        ? (state->conflict ? TK_STR("conflict") : TK_STR("undetermined"))
                        : q->answers[__builtin_ctzll(state->possible)];
        break;
    }
    case RB_EVIDENCE:
        out.value = holds == K_TRUE ? TK_STR("held") : TK_STR("not held");
        break;
    case RB_TRUE:
    case RB_FALSE:
    case RB_AND:
    case RB_OR:
    case RB_NOT:
    case RB_ANY:
    case RB_EVERY:
    case RB_NO:
    case RB_TERM:
    default:
        break;
    }
    return out;
}

static void because_add(tk_decider *d, eval *e, because_list *list, rb_id node)
{
    const rb_words *words = e->book->nodes[node].words;
    for (size_t i = 0; i < list->count; i++)
        if (tk_str_eq(list->items[i].fact, words->fact) && tk_str_eq(list->items[i].test, words->test))
            return;
    if (list->count == list->size) {
        size_t size = list->size == 0 ? 8 : list->size * 2;
        tk_because *items = TK_ARENA_ARRAY(&d->arena, tk_because, size);
        if (items == NULL)
            return;
        if (list->count != 0)
            memcpy(items, list->items, list->count * sizeof *items);
        list->items = items;
        list->size = size;
    }
    list->items[list->count++] = reasons_because(d, e, node);
}

static bool reasons_wants(eval *e, rb_id comparison, int wanted)
{
    return wanted == K_NOT_YET || eval_node(e, comparison) == (kleene)wanted;
}

/* wanted: K_TRUE the comparisons that make the node true, K_FALSE those that make it false, K_UNKNOWN those that leave
 * it open, K_NOT_YET all of them. */
void reasons_collect(tk_decider *d, eval *e, rb_id node, int wanted, because_list *list)
{
    const rb_node *n = &e->book->nodes[node];
    switch (n->op) {
    case RB_AND: case RB_OR: case RB_TERM:
        for (rb_id i = 0; i < n->count; i++) {
            rb_id child = e->book->children[n->first + i];
            if (e->book->nodes[child].count != 0 || reasons_wants(e, child, wanted))
                reasons_collect(d, e, child, wanted, list);
        }
        return;
    case RB_NOT:
        reasons_collect(d, e, e->book->children[n->first],
                        wanted == K_TRUE    ? K_FALSE
                        : wanted == K_FALSE ? K_TRUE
                                            : wanted,
                        list);
        return;
    case RB_ANY: case RB_EVERY: case RB_NO: {
        int inner = n->op == RB_NO ? (wanted == K_TRUE ? K_FALSE : wanted == K_FALSE ? K_TRUE : wanted) : wanted;
        for (rb_id i = 0; i < n->count; i++)
            if (facts_role_present(e->facts, (unsigned)(n->roles >> (4 * i) & 15)))
                reasons_collect(d, e, e->book->children[n->first + i], inner, list);
        return;
    }
    case RB_TRUE: case RB_FALSE:
        return;
    case RB_COMPARE:
    case RB_WORD:
    case RB_HAS:
    case RB_PLACE:
    case RB_NAME:
    case RB_SAME:
    case RB_QUESTION:
    case RB_EVIDENCE:
    default:
        if (reasons_wants(e, node, wanted))
            because_add(d, e, list, node);
        return;
    }
}

/* ---- reasons of a key ---- */

/* Adds a citation that is not there yet; marked and not, it is one, and marked. */
static void reasons_cite(tk_str *cites, size_t *count, size_t max, tk_str cite)
{
    static const char mark[] = " (unverified)";
    size_t marked = sizeof mark - 1;
    for (size_t i = 0; i < *count; i++) {
        bool longer = cites[i].len + marked == cite.len;
        size_t least = longer ? cites[i].len : cite.len;
        if ((cites[i].len != cite.len && !longer && cite.len + marked != cites[i].len)
            || memcmp(cites[i].ptr, cite.ptr, least) != 0
            || (cites[i].len != cite.len && !tk_str_ends(longer ? cite : cites[i], TK_STR(mark))))
            continue;
        if (longer)
            cites[i] = cite;
        return;
    }
    if (*count < max)
        cites[(*count)++] = cite;
}

/* The citation of a membership that rests on a marked row joins those of the rule. */
static void reasons_member_cites(eval *e, rb_id node, tk_str *cites, size_t *count, size_t max)
{
    const rb_node *n = &e->book->nodes[node];
    for (rb_id i = 0; i < n->count; i++)
        if (e->index->cites[e->book->children[n->first + i]] != 0)
            reasons_member_cites(e, e->book->children[n->first + i], cites, count, max);
    if ((n->op != RB_PLACE && n->op != RB_NAME) || eval_value(e, n->slot)->known != TK_VALUE)
        return;
    const tk_value *value = eval_value(e, n->slot);
    if (n->op == RB_PLACE
        && (e->book->sets[n->set].cited[value->as.place / 64] >> (value->as.place % 64) & 1) == 0)
        return;
    rb_member member =
        n->op == RB_PLACE
            ? tk_rb_set_has_place(e->book, n->set, value->as.place, e->setting.as_of, e->setting.known_at)
            : tk_rb_set_has_name(e->book, n->set, value->as.name, e->setting.as_of, e->setting.known_at);
    if (member.cites.len != 0)
        reasons_cite(cites, count, max, member.cites);
}

/* Behind the rule's own. */
static void reasons_cite_members(tk_decider *d, eval *e, const rb_rule *rule, tk_reason *out)
{
    enum { MEMBER_CITES_MAX = 16 };
    tk_str member[MEMBER_CITES_MAX];
    size_t count = 0;
    reasons_member_cites(e, rule->when, member, &count, MEMBER_CITES_MAX);
    tk_str *cites = count == 0 ? NULL : TK_ARENA_ARRAY(&d->arena, tk_str, rule->act.cites_count + count);
    if (cites == NULL)
        return;
    if (rule->act.cites_count != 0)
        memcpy(cites, rule->act.cites, rule->act.cites_count * sizeof *cites);
    out->cites_count = rule->act.cites_count;
    for (size_t i = 0; i < count; i++)
        reasons_cite(cites, &out->cites_count, rule->act.cites_count + count, member[i]);
    out->cites = cites;
}

static void reasons_rule(tk_decider *d, eval *e, rb_id index, const rb_regime *regime, tk_reason *out)
{
    const rb_rule *rule = &e->book->rules[index];
    const rb_question *q = rule->question == RB_NONE ? NULL : &e->book->questions[rule->question];
    because_list because = {0};
    *out = (tk_reason){.rule = rule->name,
                       .says = rule->title.ptr != NULL ? rule->title : TK_STR(""),
                       .kind = rule->act.kind,
                       .question = q != NULL ? q->name : TK_STR(""),
                       .answer = q != NULL && 0 <= rule->answer ? q->answers[rule->answer] : TK_STR(""),
                       .cites = rule->act.cites,
                       .cites_count = rule->act.cites_count,
                       .decides =
                           rule->question == regime->key && 0 <= rule->answer && eval_stands(e, index) != K_FALSE};
    if (rule->when == RB_NONE)
        return;
    kleene applies = eval_applies(e, index);
    reasons_collect(d, e, rule->when, K_TRUE, &because);
    if (applies == K_UNKNOWN)
        reasons_collect(d, e, rule->when, K_UNKNOWN, &because);
    out->because = because.items;
    out->because_count = because.count;
    if (e->index->cites[rule->when] != 0)
        reasons_cite_members(d, e, rule, out);
}

/* A reported rule is cited by the believed claims that make it count. */
static void reasons_claims(tk_decider *d, const eval *e, rb_id expr, tk_str *cites, size_t *count)
{
    const rb_claim_expr *c = &e->book->claim_exprs[expr];
    if (c->op != RB_CLAIM_NAME) {
        reasons_claims(d, e, c->a, cites, count);
        reasons_claims(d, e, c->b, cites, count);
        return;
    }
    const rb_claim *claim = &e->book->claims[c->claim];
    if ((e->world[c->claim / 64] >> (c->claim % 64) & 1) != 0 && claim->published <= e->setting.known_at && *count < 64)
        cites[(*count)++] = claim->id;
}

/* The believed claims stand before the rule's own citations. */
static void reasons_cite_claims(tk_decider *d, const eval *e, rb_id expr, tk_reason *reason)
{
    tk_str claims[64];
    size_t count = 0;
    reasons_claims(d, e, expr, claims, &count);
    tk_str *cites = TK_ARENA_ARRAY(&d->arena, tk_str, reason->cites_count + count);
    if (cites == NULL)
        return;
    memcpy(cites, claims, count * sizeof *cites);
    if (reason->cites_count != 0)
        memcpy(cites + count, reason->cites, reason->cites_count * sizeof *cites);
    reason->cites = cites;
    reason->cites_count += count;
}

static void reasons_conflict(tk_decider *d, const eval *e, const key_state *state, tk_reason *out)
{
    static const rb_claim unnamed = {.id = TK_STR("claims"), .says = TK_STR("claims that the rulebook does not know")};
    const rb_claim *a = state->claim_a == RB_NONE ? &unnamed : &e->book->claims[state->claim_a];
    const rb_claim *b = state->claim_b == RB_NONE ? &unnamed : &e->book->claims[state->claim_b];
    tk_str *cites = TK_ARENA_ARRAY(&d->arena, tk_str, 2);
    if (cites == NULL)
        return;
    cites[0] = a->id;
    cites[1] = b->id;
    *out = (tk_reason){
        .rule = tk_arena_printf(&d->arena, TK_FMT " against " TK_FMT, TK_ARG_STR(a->id), TK_ARG_STR(b->id)),
        .says = tk_arena_printf(&d->arena, "Believed together, but both cannot be true: " TK_FMT " / " TK_FMT,
                                TK_ARG_STR(a->says), TK_ARG_STR(b->says)),
        .question = TK_STR("key"),
        .answer = TK_STR(""),
        .kind = TK_RULE_REPORTED,
        .cites = cites,
        .cites_count = 2,
        .decides = true};
}

/* The last one is put where its name belongs. */
static void reasons_put_last(tk_reason *reasons, size_t count)
{
    tk_reason last = reasons[count - 1];
    size_t at = count - 1;
    for (; at != 0 && tk_str_cmp(last.rule, reasons[at - 1].rule) < 0; at--)
        reasons[at] = reasons[at - 1];
    reasons[at] = last;
}

/* In order of the rules' names. */
static void reasons_rules(tk_decider *d, eval *e, const rb_regime *regime, const key_state *state, tk_key_decision *out)
{
    size_t words = e->index->rule_words, at = 0;
    for (size_t i = 0; i < regime->questions_count && !state->before_covers; i++)
        keys_rest(e, regime->questions[i]);
    size_t count = bits_count(e->rest_rules, words) + (state->claims_conflict ? 1 : 0);
    tk_reason *reasons = TK_ARENA_ARRAY(&d->arena, tk_reason, count);
    if (reasons == NULL)
        return;
    memset(e->ranks, 0, words * sizeof *e->ranks);
    for (size_t i = 0; i < words; i++)
        for (uint64_t word = e->rest_rules[i]; word != 0;) {
            rb_id rank = e->index->rule_rank[i * 64 + bits_take(&word)];
            e->ranks[rank / 64] |= UINT64_C(1) << (rank % 64);
        }
    for (size_t i = 0; i < words; i++)
        for (uint64_t word = e->ranks[i]; word != 0;) {
            const rb_rule *rule = e->index->rule_ranked[i * 64 + bits_take(&word)];
            reasons_rule(d, e, (rb_id)(rule - e->book->rules), regime, &reasons[at]);
            if (rule->act.claims != RB_NONE)
                reasons_cite_claims(d, e, rule->act.claims, &reasons[at]);
            at++;
        }
    if (state->claims_conflict) {
        reasons_conflict(d, e, state, &reasons[at++]);
        reasons_put_last(reasons, at);
    }
    out->reasons = reasons;
    out->reasons_count = at;
}

static tk_str reasons_stage(uint8_t stage)
{
    return stage == RB_BEFORE_ORDER  ? TK_STR("before order")
           : stage == RB_BEFORE_SHIP ? TK_STR("before ship")
                                     : TK_STR("after delivery");
}

static int conditions_compare(const void *left, const void *right)
{
    return tk_str_cmp(((const tk_condition *)left)->name, ((const tk_condition *)right)->name);
}

static void reasons_conditions(tk_decider *d, const eval *e, const rb_regime *regime, const key_state *state,
                               tk_key_decision *out)
{
    tk_condition *conditions = TK_ARENA_ARRAY(&d->arena, tk_condition, e->condition_count + 1);
    if (conditions == NULL)
        return;
    size_t at = 0;
    for (size_t i = 0; i < e->condition_count; i++) {
        rb_id evidence = e->condition_list[i];
        conditions[at++] = (tk_condition){.name = e->book->evidence[evidence].name,
                                          .says = e->condition_says[evidence],
                                          .stage = reasons_stage(e->condition_stage[evidence]),
                                          .met = (tk_met)e->condition_met[evidence]};
    }
    if (state->after_read) {
        char day[TK_DATE_TEXT_MAX];
        (void)tk_date_format(regime->read_to, day);
        conditions[at++] =
            (tk_condition){.name = tk_arena_printf(&d->arena, TK_FMT ".law-read", TK_ARG_STR(regime->id)),
                           .says = tk_arena_printf(&d->arena, "law not read after %s: check what changed since", day),
                           .stage = TK_STR("before order"),
                           .met = TK_MET_NO};
    }
    qsort(conditions, at, sizeof *conditions, conditions_compare);
    out->conditions = conditions;
    out->conditions_count = at;
}

static int limits_compare(const void *left, const void *right)
{
    return tk_str_cmp(((const tk_limit_use *)left)->name, ((const tk_limit_use *)right)->name);
}

/* A limit counts what matches it, also when the match is unknown (S9); it binds where a rule requires it. */
static void reasons_limits(tk_decider *d, eval *e, const rb_regime *regime, tk_key_decision *out)
{
    tk_limit_use *limits = TK_ARENA_ARRAY(&d->arena, tk_limit_use, e->book->limits_count);
    size_t at = 0;
    for (size_t i = 0; limits != NULL && i < e->book->limits_count; i++) {
        const rb_limit *limit = &e->book->limits[i];
        if (&e->book->regimes[limit->regime] != regime || !counts_act_on(e->book, &limit->act, &e->setting, e->world))
            continue;
        bool binds = e->condition_met[limit->evidence] != CONDITION_NONE;
        if (!binds && (limit->where == RB_NONE || eval_node(e, limit->where) == K_FALSE))
            continue;
        interval amount = eval_number(e, limit->counts);
        limits[at++] = (tk_limit_use){.name = limit->name,
                                      .amount = reasons_number_text(d, &amount, false),
                                      .binds = binds,
                                      .met = binds ? (tk_met)e->condition_met[limit->evidence] : TK_MET_YES};
    }
    if (at != 0)
        qsort(limits, at, sizeof *limits, limits_compare);
    out->limits = limits;
    out->limits_count = at;
}

static tk_strs reasons_slots(tk_decider *d, const eval *e, const uint64_t *bits)
{
    size_t count = bits_count(bits, (e->book->facts_count + 63) / 64), at = 0;
    tk_str *names = count == 0 ? NULL : TK_ARENA_ARRAY(&d->arena, tk_str, count);
    for (size_t i = 0; names != NULL && i < (e->book->facts_count + 63) / 64; i++) {
        uint64_t word = bits[i];
        while (word != 0) {
            names[at++] = e->book->facts[i * 64 + (size_t)__builtin_ctzll(word)].name; /* slots are in order of name */
            word &= word - 1;
        }
    }
    return (tk_strs){names, at};
}

static int strs_compare(const void *left, const void *right)
{
    return tk_str_cmp(*(const tk_str *)left, *(const tk_str *)right);
}

/* S3: outside the span covered nothing decides; that is said, not left to be found out. */
static tk_str reasons_not_covered(tk_decider *d, const rb_regime *regime, tk_date as_of)
{
    char day[TK_DATE_TEXT_MAX];
    bool before = as_of < regime->covers_from;
    (void)tk_date_format(before ? regime->covers_from : regime->covers_to, day);
    return tk_arena_printf(&d->arena, TK_FMT " is covered %s %s", TK_ARG_STR(regime->id), before ? "from" : "up to",
                           day);
}

static void reasons_not_modelled(tk_decider *d, eval *e, const rb_regime *regime, const key_state *state,
                                 tk_key_decision *out)
{
    tk_strs marks = reasons_slots(d, e, e->marks);
    size_t r = (size_t)(regime - e->book->regimes), first = e->index->gaps_first[r], end = e->index->gaps_first[r + 1];
    tk_str *items = TK_ARENA_ARRAY(&d->arena, tk_str, marks.count + end - first + 1);
    size_t at = 0;
    if (items != NULL && state->before_covers)
        items[at++] = reasons_not_covered(d, regime, e->setting.as_of);
    for (size_t i = 0; items != NULL && i < marks.count; i++)
        items[at++] =
            tk_arena_printf(&d->arena, TK_FMT " is not computable: its divisor is none", TK_ARG_STR(marks.items[i]));
    for (size_t i = first; items != NULL && i < end; i++) {
        const rb_gap *gap = &e->book->gaps[e->index->gaps[i]];
        if (eval_node(e, gap->when) != K_FALSE)
            items[at++] = gap->title;
    }
    if (at != 0)
        qsort(items, at, sizeof *items, strs_compare);
    out->not_modelled = (tk_strs){items, at};
}

/* `answers`: room for as many as the question has. */
static tk_answer reasons_answer(eval *e, const rb_regime *regime, const key_state *state, rb_id index, tk_str *answers)
{
    const rb_question *q = &e->book->questions[index];
    const question_state *s = eval_question(e, index);
    uint64_t possible = index == regime->key ? state->possible : s->possible;
    tk_answer out = {.question = q->name, .answer = TK_STR("undetermined")};
    size_t at = 0;
    for (uint64_t rest = possible; rest != 0;)
        answers[at++] = q->answers[bits_take(&rest)];
    out.possible = answers;
    out.possible_count = at;
    if (s->conflict || (index == regime->key && state->conflict))
        out.answer = TK_STR("conflict");
    else if (at == 1 && s->asked == K_TRUE)
        out.answer = answers[0];
    return out;
}

static void reasons_answers(tk_decider *d, eval *e, const rb_regime *regime, const key_state *state,
                            tk_key_decision *out)
{
    tk_answer *answers = TK_ARENA_ARRAY(&d->arena, tk_answer, regime->questions_count);
    size_t at = 0, possible = 0;
    for (size_t i = 0; i < regime->questions_count; i++)
        possible += e->book->questions[regime->questions[i]].answers_count;
    tk_str *words = TK_ARENA_ARRAY(&d->arena, tk_str, possible);
    for (size_t i = 0; answers != NULL && words != NULL && i < regime->questions_count; i++) {
        if (eval_question(e, regime->questions[i])->asked == K_FALSE)
            continue;
        answers[at++] = reasons_answer(e, regime, state, regime->questions[i], words);
        words += e->book->questions[regime->questions[i]].answers_count;
    }
    out->answers = answers;
    out->answers_count = at;
}

/* ---- explain ---- */

/* The span that begins next, else the one that ended last; spans are in order and do not overlap. */
static tk_str trace_not_in_force(tk_decider *d, const rb_act *act, tk_date as_of)
{
    char from[TK_DATE_TEXT_MAX], to[TK_DATE_TEXT_MAX];
    size_t next = 0;
    while (next < act->spans_count && act->spans[next].from <= as_of)
        next++;
    if (next < act->spans_count) {
        (void)tk_date_format(act->spans[next].from, from);
        return tk_arena_printf(&d->arena, "in force from %s", from);
    }
    if (next == 0)
        return TK_STR("not in force");
    (void)tk_date_format(act->spans[next - 1].from, from);
    (void)tk_date_format(act->spans[next - 1].to, to);
    return tk_arena_printf(&d->arena, "in force from %s to %s", from, to);
}

static tk_str trace_why(tk_decider *d, eval *e, rb_id index)
{
    const tk_rulebook *book = e->book;
    const rb_rule *rule = &book->rules[index];
    rb_id replaced_by = RB_NONE;
    char day[TK_DATE_TEXT_MAX];
    switch (counts_rule(d, index, &e->setting, e->world, &replaced_by)) {
    case COUNTS_NOT_PUBLISHED:
        (void)tk_date_format(rule->act.published, day);
        return tk_arena_printf(&d->arena, "published %s, later than known at", day);
    case COUNTS_TEXT_ONLY:
        return TK_STR("practice, left out under --law text");
    case COUNTS_NOT_BELIEVED:
        return TK_STR("its reports are not believed in this world");
    case COUNTS_REPLACED:
        return tk_arena_printf(&d->arena, "replaced by " TK_FMT, TK_ARG_STR(book->rules[replaced_by].name));
    case COUNTS_NOT_IN_FORCE:
        return trace_not_in_force(d, &rule->act, e->setting.as_of);
    case COUNTS_YES:
    default:
        break;
    }
    for (size_t i = 0; i < rule->exceptions_count; i++)
        if (eval_stands(e, rule->exceptions[i]) != K_FALSE && eval_applies(e, index) != K_FALSE)
            return tk_arena_printf(&d->arena, "%s " TK_FMT,
                                   eval_stands(e, rule->exceptions[i]) == K_TRUE ? "defeated by"
                                                                                 : "perhaps defeated by",
                                   TK_ARG_STR(book->rules[rule->exceptions[i]].name));
    for (size_t i = 0; i < rule->requires_count; i++)
        if (eval_requirement(e, &rule->requires[i]) == TK_MET_FAILED)
            return tk_arena_printf(&d->arena, "condition " TK_FMT " was refused",
                                   TK_ARG_STR(book->evidence[rule->requires[i].evidence].name));
    return TK_STR("");
}

tk_rule_fate reasons_fate(eval *e, rb_id index)
{
    const rb_rule *rule = &e->book->rules[index];
    if (!eval_counts(e, index))
        return TK_FATE_NOT_COUNTED;
    kleene applies = eval_applies(e, index), stands = eval_stands(e, index);
    if (applies == K_FALSE) {
        kleene when = rule->when == RB_NONE ? K_TRUE : eval_node(e, rule->when);
        return when == K_FALSE ? TK_FATE_NOT_APPLIES : TK_FATE_FAILED;
    }
    if (stands == K_FALSE)
        return TK_FATE_DEFEATED;
    return stands == K_TRUE ? TK_FATE_STANDS : TK_FATE_MAY_STAND;
}

static void reasons_traces(tk_decider *d, eval *e, const rb_regime *regime)
{
    for (size_t i = 0; i < regime->rules_count; i++) {
        rb_id index = regime->rules[i];
        because_list because = {0};
        tk_rule_fate fate = reasons_fate(e, index);
        if (fate != TK_FATE_NOT_COUNTED && e->book->rules[index].when != RB_NONE)
            reasons_collect(d, e, e->book->rules[index].when, K_NOT_YET, &because);
        d->traces[d->traces_count++] = (tk_rule_trace){.regime = regime->id,
                                                       .rule = index,
                                                       .fate = fate,
                                                       .why = trace_why(d, e, index),
                                                       .because = because.items,
                                                       .because_count = because.count};
    }
}

tk_status reasons_key(tk_decider *d, eval *e, const rb_regime *regime, const key_state *state, unsigned flags,
                      tk_key_decision *out)
{
    *out = (tk_key_decision){.regime = regime->id, .verdict = state->verdict, .basis = state->basis};
    reasons_answers(d, e, regime, state, out);
    reasons_conditions(d, e, regime, state, out);
    reasons_limits(d, e, regime, out);
    out->missing = reasons_slots(d, e, e->missing);
    out->presumed = reasons_slots(d, e, e->presumed);
    reasons_not_modelled(d, e, regime, state, out);
    reasons_rules(d, e, regime, state, out);
    if ((flags & TK_DECIDE_EXPLAIN) != 0)
        reasons_traces(d, e, regime);
    return d->arena.failed ? TK_ERR_MEMORY : TK_OK;
}
