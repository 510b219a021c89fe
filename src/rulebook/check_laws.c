/* SPDX-License-Identifier: Apache-2.0 */
/* check_laws.c: what S8 refuses or reports once all rules are known: cycles, exceptions into other questions or to
 * replaced rules, limits nobody requires, dead and shadowed rules, merging rules with unequal conditions. */
#include <string.h>

#include "base/limits.h"
#include "base/num.h"
#include "base/str.h"
#include "rulebook/check.h"

/* ---- cycles ---- */

/* Of one thing on the walk: not seen, being followed, or the length of the longest chain that it begins. */
enum { MARK_NEW = 0, MARK_OPEN = 255 };

/* A walk along one relation (reads, excepts, is replaced by, counts because of) that looks for a way back to where it
 * came from. */
typedef struct walk {
    check_ctx *ctx;
    uint8_t *marks;
    /* The next thing `from` leads to, beginning the search at *cursor; RB_NONE when there is none. */
    rb_id (*next)(const struct walk *walk, rb_id from, size_t *cursor);
    const uint64_t *reads; /* of questions: a row of bits each */
    size_t words;
} walk;

/* Where the walk came from, kept on the stack. */
typedef struct walk_step {
    rb_id at;
    const struct walk_step *before;
} walk_step;

static rb_id walk_excepts(const walk *w, rb_id from, size_t *cursor)
{
    const rb_rule *rule = &w->ctx->book->rules[from];
    return *cursor < rule->targets_count ? rule->targets[(*cursor)++] : RB_NONE;
}

static rb_id walk_replaced_by(const walk *w, rb_id from, size_t *cursor)
{
    const rb_rule *rule = &w->ctx->book->rules[from];
    return *cursor < rule->replaced_by_count ? rule->replaced_by[(*cursor)++] : RB_NONE;
}

/* Whether a rule counts unstayed hangs on what replaces it and on its stays. */
static rb_id walk_hangs_on(const walk *w, rb_id from, size_t *cursor)
{
    const rb_rule *rules = w->ctx->book->rules, *rule = &rules[from];
    for (; *cursor < rule->exceptions_count; (*cursor)++)
        if (rules[rule->exceptions[*cursor]].is_stay)
            return rule->exceptions[(*cursor)++];
    return *cursor - rule->exceptions_count < rule->replaced_by_count
               ? rule->replaced_by[(*cursor)++ - rule->exceptions_count]
               : RB_NONE;
}

static rb_id walk_reads(const walk *w, rb_id from, size_t *cursor)
{
    for (; *cursor < w->ctx->book->questions_count; (*cursor)++)
        if ((w->reads[from * w->words + *cursor / 64] >> (*cursor % 64) & 1) != 0)
            return (rb_id)(*cursor)++;
    return RB_NONE;
}

static tk_str walk_name(const walk *w, rb_id at)
{
    return w->reads != NULL ? w->ctx->book->questions[at].name : w->ctx->book->rules[at].name;
}

/* The way from the first time the walk was there to the second: "key > review > key". */
static void walk_complain(const walk *w, const walk_step *last)
{
    const walk_step *first = last;
    tk_str way = walk_name(w, last->at);
    for (const walk_step *step = last->before; step != NULL; step = step->before) {
        way = tk_arena_printf(w->ctx->scratch, TK_FMT " > " TK_FMT, TK_ARG_STR(walk_name(w, step->at)),
                              TK_ARG_STR(way));
        first = step;
        if (step->at == last->at)
            break;
    }
    ast_pos pos = w->reads != NULL ? w->ctx->book->questions[first->at].pos : w->ctx->book->rules[first->at].pos;
    CHECK_ERROR(w->ctx, pos, "%s " TK_FMT " %s: " TK_FMT, w->reads != NULL ? "question" : "rule",
                TK_ARG_STR(tk_arena_printf(w->ctx->scratch, "'" TK_FMT "'", TK_ARG_STR(walk_name(w, last->at)))),
                w->reads != NULL           ? "reads its own answer"
                : w->next == walk_excepts  ? "is an exception to itself"
                : w->next == walk_hangs_on ? "counts or not because of itself, by what stays or replaces it"
                                           : "is replaced by itself",
                TK_ARG_STR(way));
}

/* False after a message. Chains are bounded, so that following one while deciding needs no deep stack. */
static bool walk_from(const walk *w, rb_id at, const walk_step *before)
{
    walk_step step = {.at = at, .before = before};
    uint8_t longest = 0;
    size_t cursor = 0;
    if (w->marks[at] != MARK_NEW && w->marks[at] != MARK_OPEN)
        return true;
    if (w->marks[at] == MARK_OPEN) {
        walk_complain(w, &step);
        return false;
    }
    w->marks[at] = MARK_OPEN;
    bool fine = true;
    for (rb_id to = w->next(w, at, &cursor); to != RB_NONE && fine; to = w->next(w, at, &cursor)) {
        fine = walk_from(w, to, &step);
        if (fine && longest < w->marks[to])
            longest = w->marks[to];
    }
    if (fine && TK_CHAIN_MAX <= longest) {
        ast_pos pos = w->reads != NULL ? w->ctx->book->questions[at].pos : w->ctx->book->rules[at].pos;
        CHECK_ERROR(w->ctx, pos, "the chain that begins with '" TK_FMT "' is too long (at most %d %s)",
                    TK_ARG_STR(walk_name(w, at)), TK_CHAIN_MAX,
                    w->reads != NULL           ? "questions that read each other"
                    : w->next == walk_excepts  ? "exceptions to each other"
                    : w->next == walk_hangs_on ? "stays and replacements"
                                               : "replacements");
        fine = false;
    }
    w->marks[at] = fine ? (uint8_t)(longest + 1) : 1;
    return fine;
}

typedef struct reads {
    uint64_t *questions; /* bits */
    const tk_rulebook *book;
} reads;

static void reads_node(reads *r, rb_id id)
{
    if (id == RB_NONE)
        return;
    const rb_node *n = &r->book->nodes[id];
    if (n->op == RB_QUESTION)
        r->questions[n->slot / 64] |= UINT64_C(1) << (n->slot % 64);
    for (rb_id i = 0; i < n->count; i++)
        reads_node(r, r->book->children[n->first + i]);
}

static void reads_question(reads *r, const rb_question *q)
{
    reads_node(r, q->asked);
    for (size_t i = 0; i < q->rules_count; i++) {
        const rb_rule *rule = &r->book->rules[q->rules[i]];
        reads_node(r, rule->when);
        for (size_t c = 0; c < rule->requires_count; c++)
            reads_node(r, rule->requires[c].when);
    }
}

/* Also finds the questions that are asked only because of the key: their conditions join those of the key. */
static void laws_questions(check_ctx *ctx)
{
    tk_rulebook *book = ctx->book;
    size_t words = (book->questions_count + 63) / 64;
    uint64_t *all = TK_ARENA_ARRAY(ctx->scratch, uint64_t, book->questions_count * words + 1);
    uint64_t *one = TK_ARENA_ARRAY(ctx->scratch, uint64_t, words + 1);
    uint8_t *marks = TK_ARENA_ARRAY(ctx->scratch, uint8_t, book->questions_count + 1);
    if (all == NULL || one == NULL || marks == NULL)
        return;
    for (size_t i = 0; i < book->questions_count; i++) {
        reads r = {.questions = all + i * words, .book = book};
        reads_question(&r, &book->questions[i]);
    }
    walk reads_walk = {.ctx = ctx, .marks = marks, .next = walk_reads, .reads = all, .words = words};
    for (rb_id i = 0; i < book->questions_count; i++)
        (void)walk_from(&reads_walk, i, NULL);
    for (size_t i = 0; i < book->questions_count; i++) {
        rb_question *q = &book->questions[i];
        memset(one, 0, (words + 1) * sizeof *one);
        reads r = {.questions = one, .book = book};
        reads_node(&r, q->asked);
        rb_id key = q->regime < book->regimes_count ? book->regimes[q->regime].key : RB_NONE;
        q->after_key = key != RB_NONE && (one[key / 64] >> (key % 64) & 1) != 0;
    }
}

/* Which regimes an answer of each regime may depend on, through others too. */
static void laws_regimes(check_ctx *ctx)
{
    tk_rulebook *book = ctx->book;
    uint64_t *questions = TK_ARENA_ARRAY(ctx->scratch, uint64_t, book->questions_count / 64 + 1);
    if (questions == NULL)
        return;
    for (size_t i = 0; i < book->regimes_count; i++) {
        rb_regime *regime = &book->regimes[i];
        memset(questions, 0, (book->questions_count / 64 + 1) * sizeof *questions);
        reads r = {.questions = questions, .book = book};
        reads_node(&r, regime->when);
        for (size_t q = 0; q < regime->questions_count; q++)
            reads_question(&r, &book->questions[regime->questions[q]]);
        for (size_t d = 0; d < regime->duty_rules_count; d++) {
            const rb_rule *rule = &book->rules[regime->duty_rules[d]];
            reads_node(&r, rule->when);
            for (size_t c = 0; c < rule->requires_count; c++)
                reads_node(&r, rule->requires[c].when);
        }
        for (size_t g = 0; g < book->gaps_count; g++)
            if (book->gaps[g].regime == i)
                reads_node(&r, book->gaps[g].when);
        regime->reads = UINT64_C(1) << i;
        for (size_t q = 0; q < book->questions_count; q++)
            if ((questions[q / 64] >> (q % 64) & 1) != 0)
                regime->reads |= UINT64_C(1) << book->questions[q].regime;
    }
    for (size_t round = 0; round < book->regimes_count; round++)
        for (size_t i = 0; i < book->regimes_count; i++)
            for (size_t other = 0; other < book->regimes_count; other++)
                if ((book->regimes[i].reads >> other & 1) != 0)
                    book->regimes[i].reads |= book->regimes[other].reads;
}

/* ---- exceptions ---- */

static tk_date laws_first_day(const rb_rule *rule)
{
    return rule->act.spans_count == 0 ? TK_DATE_MAX : rule->act.spans[0].from;
}

static void laws_exceptions(check_ctx *ctx, const rb_rule *rule)
{
    const tk_rulebook *book = ctx->book;
    tk_date end = rule->act.spans_count == 0 ? TK_DATE_MIN : rule->act.spans[rule->act.spans_count - 1].to;
    for (size_t i = 0; i < rule->replaced_by_count; i++)
        if (laws_first_day(&book->rules[rule->replaced_by[i]]) <= end)
            end = laws_first_day(&book->rules[rule->replaced_by[i]]) - 1;
    for (size_t i = 0; i < rule->targets_count; i++) {
        const rb_rule *target = &book->rules[rule->targets[i]];
        if (target->question != rule->question)
            CHECK_ERROR(ctx, rule->pos,
                        "'" TK_FMT "' and its target '" TK_FMT
                        "' answer different questions; let a rule of the other question read this one instead",
                        TK_ARG_STR(rule->name), TK_ARG_STR(target->name));
        for (size_t j = 0; j < target->replaced_by_count; j++) {
            rb_id successor = target->replaced_by[j];
            bool decided = (rb_id)(rule - book->rules) == successor;
            for (size_t k = 0; k < rule->targets_count; k++)
                decided |= rule->targets[k] == successor;
            if (!decided && laws_first_day(&book->rules[successor]) <= end) {
                char day[TK_DATE_TEXT_MAX];
                (void)tk_date_format(laws_first_day(&book->rules[successor]), day);
                CHECK_ERROR(
                    ctx, rule->pos,
                    "'" TK_FMT "' is in force on %s, when its target '" TK_FMT "' has been replaced by '" TK_FMT
                    "'; an exception does not pass to the successor: end it, or name the successor too",
                    TK_ARG_STR(rule->name), day, TK_ARG_STR(target->name), TK_ARG_STR(book->rules[successor].name));
            }
        }
    }
}

static bool laws_requires_same(const rb_rule *a, const rb_rule *b)
{
    if (a->requires_count != b->requires_count)
        return false;
    for (size_t i = 0; i < a->requires_count; i++) {
        bool found = false;
        for (size_t j = 0; j < b->requires_count; j++)
            found |= a->requires[i].evidence == b->requires[j].evidence && a->requires[i].days == b->requires[j].days;
        if (!found)
            return false;
    }
    return true;
}

static bool laws_spans_meet(const rb_act *a, const rb_act *b)
{
    for (size_t i = 0; i < a->spans_count; i++)
        for (size_t j = 0; j < b->spans_count; j++)
            if (a->spans[i].from <= b->spans[j].to && b->spans[j].from <= a->spans[i].to)
                return true;
    return false;
}

/* ---- interval reasoning over plain conjunctions ---- */

enum { BOX_TESTS_MAX = 48 };

/* What a conjunction demands of one fact. */
typedef struct box_test {
    rb_op op;
    rb_id slot;
    uint64_t mask;
    tk_i128 lo, hi;      /* numbers, trillionths */
    bool lo_open, hi_open;
} box_test;

typedef struct box {
    box_test tests[BOX_TESTS_MAX];
    size_t count;
    bool whole; /* every part of the condition is in the tests */
} box;

static const tk_i128 box_infinite = (tk_i128)1 << 120;

static box_test *box_find(box *b, rb_op op, rb_id slot)
{
    for (size_t i = 0; i < b->count; i++)
        if (b->tests[i].op == op && b->tests[i].slot == slot)
            return &b->tests[i];
    if (b->count == BOX_TESTS_MAX) {
        b->whole = false;
        return NULL;
    }
    b->tests[b->count] =
        (box_test){.op = op, .slot = slot, .mask = UINT64_MAX, .lo = -box_infinite, .hi = box_infinite};
    return &b->tests[b->count++];
}

static void box_compare(const tk_rulebook *book, box *b, const rb_node *n)
{
    const rb_num *left = &book->nums[n->left], *right = &book->nums[n->right];
    box_test *t = left->op == RB_NUM_FACT && right->op == RB_NUM_CONST && n->how != RB_NE
                      ? box_find(b, RB_COMPARE, left->slot)
                      : NULL;
    if (t == NULL) {
        b->whole = false;
        return;
    }
    tk_i128 c = right->constant;
    bool lower = n->how == RB_GT || n->how == RB_GE || n->how == RB_EQ,
         upper = n->how == RB_LT || n->how == RB_LE || n->how == RB_EQ;
    if (lower && (t->lo < c || (t->lo == c && n->how == RB_GT))) {
        t->lo = c;
        t->lo_open = n->how == RB_GT;
    }
    if (upper && (c < t->hi || (t->hi == c && n->how == RB_LT))) {
        t->hi = c;
        t->hi_open = n->how == RB_LT;
    }
}

static void box_add(const tk_rulebook *book, box *b, rb_id id)
{
    if (id == RB_NONE)
        return;
    const rb_node *n = &book->nodes[id];
    box_test *t;
    switch (n->op) {
    case RB_AND:
        for (rb_id i = 0; i < n->count; i++)
            box_add(book, b, book->children[n->first + i]);
        break;
    case RB_TERM:
        box_add(book, b, book->children[n->first]);
        break;
    case RB_COMPARE:
        box_compare(book, b, n);
        break;
    case RB_WORD: case RB_QUESTION:
        t = box_find(b, n->op, n->slot);
        if (t != NULL)
            t->mask &= n->mask;
        break;
    case RB_TRUE:
        break;
    case RB_FALSE:
    case RB_OR:
    case RB_NOT:
    case RB_ANY:
    case RB_EVERY:
    case RB_NO:
    case RB_HAS:
    case RB_PLACE:
    case RB_NAME:
    case RB_SAME:
    case RB_EVIDENCE:
    default:
        b->whole = false;
        break;
    }
}

static bool box_empty(const tk_rulebook *book, const box *b, const box_test **why)
{
    for (size_t i = 0; i < b->count; i++) {
        const box_test *t = &b->tests[i];
        size_t words = t->op == RB_WORD       ? book->facts[t->slot].words_count
                       : t->op == RB_QUESTION ? book->questions[t->slot].answers_count
                                              : 64;
        uint64_t all = words == 64 ? UINT64_MAX : (UINT64_C(1) << words) - 1;
        *why = t;
        if (t->op != RB_COMPARE ? (t->mask & all) == 0
                                : t->hi < t->lo || (t->hi == t->lo && (t->lo_open || t->hi_open)))
            return true;
    }
    return false;
}

/* Every transaction inside `inner` is inside `outer` (which must be a whole box). */
static bool box_inside(box *inner, const box *outer)
{
    for (size_t i = 0; i < outer->count; i++) {
        const box_test *o = &outer->tests[i];
        size_t before = inner->count;
        const box_test *t = box_find(inner, o->op, o->slot);
        if (t == NULL || inner->count != before) {
            inner->count = before;
            return false;
        }
        if ((t->mask & ~o->mask) != 0 && o->op != RB_COMPARE)
            return false;
        if (o->op == RB_COMPARE
            && (t->lo < o->lo || o->hi < t->hi || (t->lo == o->lo && o->lo_open && !t->lo_open)
                || (t->hi == o->hi && o->hi_open && !t->hi_open)))
            return false;
    }
    return true;
}

static bool laws_spans_inside(const rb_act *inner, const rb_act *outer)
{
    for (size_t i = 0; i < inner->spans_count; i++) {
        bool inside = false;
        for (size_t j = 0; j < outer->spans_count; j++)
            inside |= outer->spans[j].from <= inner->spans[i].from && inner->spans[i].to <= outer->spans[j].to;
        if (!inside)
            return false;
    }
    return inner->published >= outer->published;
}

static void laws_dead(check_ctx *ctx, const rb_rule *rule, const box *b)
{
    const tk_rulebook *book = ctx->book;
    const box_test *why = NULL;
    if (box_empty(book, b, &why))
        CHECK_WARN(
            ctx, rule->pos, "rule '" TK_FMT "' can never apply: nothing satisfies what it asks of '" TK_FMT "'",
            TK_ARG_STR(rule->name),
            TK_ARG_STR(why->op == RB_QUESTION ? book->questions[why->slot].name : book->facts[why->slot].name));
    for (size_t i = 0; i < rule->exceptions_count; i++) {
        const rb_rule *exception = &book->rules[rule->exceptions[i]];
        if (exception->when == RB_NONE && exception->exceptions_count == 0 && exception->act.kind == TK_RULE_LAW
            && exception->requires_count == 0 && exception->replaced_by_count == 0
            && laws_spans_inside(&rule->act, &exception->act) && exception->act.published <= rule->act.published)
            CHECK_WARN(ctx, rule->pos,
                       "rule '" TK_FMT "' never stands: its exception '" TK_FMT
                       "' has no condition and is in force as long",
                       TK_ARG_STR(rule->name), TK_ARG_STR(exception->name));
    }
}

static void laws_pairs(check_ctx *ctx, const rb_question *q)
{
    const tk_rulebook *book = ctx->book;
    box *boxes = TK_ARENA_ARRAY(ctx->scratch, box, q->rules_count);
    if (boxes == NULL)
        return;
    for (size_t i = 0; i < q->rules_count; i++) {
        boxes[i].whole = true;
        box_add(book, &boxes[i], book->rules[q->rules[i]].when);
        laws_dead(ctx, &book->rules[q->rules[i]], &boxes[i]);
    }
    for (size_t i = 0; i < q->rules_count; i++)
        for (size_t j = 0; j < q->rules_count; j++) {
            const rb_rule *a = &book->rules[q->rules[i]], *b = &book->rules[q->rules[j]];
            if (i == j || a->answer < 0 || a->answer != b->answer)
                continue;
            if (i < j && a->requires_count + b->requires_count != 0 && !laws_requires_same(a, b)
                && laws_spans_meet(&a->act, &b->act) && !q->is_key)
                CHECK_NOTE(ctx, b->pos,
                           "'" TK_FMT "' and '" TK_FMT
                           "' give the same answer with unequal conditions; where both stand the conditions add up",
                           TK_ARG_STR(b->name), TK_ARG_STR(a->name));
            if (boxes[j].whole && boxes[j].count != 0 && b->exceptions_count == 0 && a->exceptions_count == 0
                && b->act.kind <= a->act.kind && b->act.claims == RB_NONE && b->replaced_by_count == 0
                && a->targets_count == 0 && b->requires_count == 0 && a->requires_count == 0
                && laws_spans_inside(&a->act, &b->act) && box_inside(&boxes[i], &boxes[j]))
                CHECK_WARN(ctx, a->pos,
                           "rule '" TK_FMT "' is shadowed: wherever it applies, '" TK_FMT "' gives the same answer",
                           TK_ARG_STR(a->name), TK_ARG_STR(b->name));
        }
}

/* ---- the rest ---- */

static void laws_limits(check_ctx *ctx)
{
    const tk_rulebook *book = ctx->book;
    for (rb_id i = 0; i < book->limits_count; i++) {
        bool required = false;
        for (size_t r = 0; r < book->rules_count; r++)
            for (size_t c = 0; c < book->rules[r].requires_count; c++)
                required |= book->rules[r].requires[c].limit == i;
        if (!required)
            CHECK_ERROR(ctx, book->limits[i].pos,
                        "no rule requires to stay within limit '" TK_FMT "', so it binds nothing",
                        TK_ARG_STR(book->limits[i].name));
    }
}

/* A literal place that is one of the few members of a named set: `route.to = CN` may have forgotten Hong Kong. */
static void laws_literal_places(check_ctx *ctx, const rb_rule *rule, rb_id id)
{
    const tk_rulebook *book = ctx->book;
    if (id == RB_NONE)
        return;
    const rb_node *n = &book->nodes[id];
    for (rb_id i = 0; i < n->count; i++)
        if (n->op != RB_TERM)
            laws_literal_places(ctx, rule, book->children[n->first + i]);
    if (n->op != RB_PLACE || book->sets[n->set].op != RB_SET_PLACE)
        return;
    for (size_t i = 0; i < book->named_sets_count; i++) {
        const struct rb_named_set *named = &book->named_sets[i];
        const rb_set *set = &book->sets[named->set];
        if (set->op != RB_SET_OR || book->sets[set->a].op != RB_SET_PLACE || book->sets[set->b].op != RB_SET_PLACE
            || !tk_str_eq(named->regime, book->regimes[rule->regime].id))
            continue;
        if (book->sets[set->a].place == book->sets[n->set].place
            || book->sets[set->b].place == book->sets[n->set].place)
            CHECK_NOTE(ctx, rule->pos,
                       "rule '" TK_FMT "' names " TK_FMT " alone, which is also a member of set '" TK_FMT
                       "'; is the set meant?",
                       TK_ARG_STR(rule->name), TK_ARG_STR(book->places[book->sets[n->set].place]),
                       TK_ARG_STR(named->name));
    }
}

void check_laws(check_ctx *ctx)
{
    tk_rulebook *book = ctx->book;
    uint8_t *marks = TK_ARENA_ARRAY(ctx->scratch, uint8_t, book->rules_count * 3 + 1);
    if (marks == NULL)
        return;
    walk excepts = {.ctx = ctx, .marks = marks, .next = walk_excepts};
    walk replaced = {.ctx = ctx, .marks = marks + book->rules_count, .next = walk_replaced_by};
    for (rb_id i = 0; i < book->rules_count; i++) {
        (void)walk_from(&excepts, i, NULL);
        (void)walk_from(&replaced, i, NULL);
    }
    walk hangs_on = {.ctx = ctx, .marks = marks + book->rules_count * 2, .next = walk_hangs_on};
    for (rb_id i = 0; i < book->rules_count && ctx->messages->errors == 0; i++)
        (void)walk_from(&hangs_on, i, NULL);
    laws_questions(ctx);
    laws_regimes(ctx);
    laws_limits(ctx);
    if (ctx->messages->errors != 0)
        return;
    for (size_t i = 0; i < book->rules_count; i++) {
        laws_exceptions(ctx, &book->rules[i]);
        laws_literal_places(ctx, &book->rules[i], book->rules[i].when);
    }
    for (size_t i = 0; i < book->questions_count; i++)
        laws_pairs(ctx, &book->questions[i]);
}
