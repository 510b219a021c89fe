/* SPDX-License-Identifier: Apache-2.0 */
/* counts.c: which rules count on a day.
 *
 * S3  A rule counts when it was published on or before known at and is in force on as of. `replaces` ends the older
 *     rule for good from the first day the newer one counts and is not stayed. That day hangs on stays and on further
 *     replacements, which share each other: it is found once per rule and setting.
 * S4  A rule of kind practice counts unless the text of the law is asked for.
 * S5  A rule `reported by` claims counts only in a world that holds them.
 */
#include <string.h>

#include "decide/decide_int.h"

bool counts_claims_hold(const tk_rulebook *book, rb_id expr, tk_date known_at, const uint64_t *world)
{
    const rb_claim_expr *c = &book->claim_exprs[expr];
    switch (c->op) {
    case RB_CLAIM_NAME:
        return (world[c->claim / 64] >> (c->claim % 64) & 1) != 0 && book->claims[c->claim].published <= known_at;
    case RB_CLAIM_OR:
        return counts_claims_hold(book, c->a, known_at, world) || counts_claims_hold(book, c->b, known_at, world);
    case RB_CLAIM_AND:
        return counts_claims_hold(book, c->a, known_at, world) && counts_claims_hold(book, c->b, known_at, world);
    }
    return false;
}

static counts_why counts_visible(const tk_rulebook *book, const rb_act *act, const tk_setting *setting,
                                 const uint64_t *world)
{
    if (setting->known_at < act->published)
        return COUNTS_NOT_PUBLISHED;
    if (act->kind == TK_RULE_PRACTICE && setting->law == TK_LAW_TEXT)
        return COUNTS_TEXT_ONLY;
    if (act->claims != RB_NONE && !counts_claims_hold(book, act->claims, setting->known_at, world))
        return COUNTS_NOT_BELIEVED;
    return COUNTS_YES;
}

bool counts_act_visible(const tk_rulebook *book, const rb_act *act, const tk_setting *setting, const uint64_t *world)
{
    return counts_visible(book, act, setting, world) == COUNTS_YES;
}

static bool counts_in_force(const rb_act *act, tk_date day)
{
    for (size_t i = 0; i < act->spans_count; i++)
        if (act->spans[i].from <= day && day <= act->spans[i].to)
            return true;
    return false;
}

bool counts_act_on(const tk_rulebook *book, const rb_act *act, const tk_setting *setting, const uint64_t *world)
{
    return counts_act_visible(book, act, setting, world) && counts_in_force(act, setting->as_of);
}

/* ---- stays and replacements ---- */

static tk_date counts_begins(counts_memo *memo, rb_id rule);

/* From which day on a rule is replaced for good; COUNTS_NEVER. */
static tk_date counts_replaced_from(counts_memo *memo, rb_id index)
{
    const rb_rule *rule = &memo->book->rules[index];
    tk_date first = COUNTS_NEVER;
    for (size_t i = 0; i < rule->replaced_by_count; i++) {
        tk_date begins = counts_begins(memo, rule->replaced_by[i]);
        first = begins < first ? begins : first;
    }
    return first;
}

static bool counts_on(counts_memo *memo, rb_id index, tk_date day)
{
    const rb_rule *rule = &memo->book->rules[index];
    return counts_in_force(&rule->act, day)
           && counts_visible(memo->book, &rule->act, &memo->setting, memo->world) == COUNTS_YES
           && (rule->replaced_by_count == 0 || day < counts_replaced_from(memo, index));
}

/* Some stay of the rule counts on the day and is not stayed itself. The answer for the day asked last is kept: many
 * stays may share theirs, and all are asked of one day before the next. */
static bool counts_stayed(counts_memo *memo, rb_id index, tk_date day)
{
    const rb_rule *rule = &memo->book->rules[index];
    counts_stay *kept = &memo->stays[index];
    if (kept->known && kept->day == day)
        return kept->stayed;
    bool stayed = false;
    for (size_t i = 0; i < rule->exceptions_count && !stayed; i++) {
        rb_id stay = rule->exceptions[i];
        stayed = memo->book->rules[stay].is_stay && counts_on(memo, stay, day) && !counts_stayed(memo, stay, day);
    }
    *kept = (counts_stay){.known = true, .stayed = stayed, .day = day};
    return stayed;
}

static bool counts_has_stays(const tk_rulebook *book, const rb_rule *rule)
{
    for (size_t i = 0; i < rule->exceptions_count; i++)
        if (book->rules[rule->exceptions[i]].is_stay)
            return true;
    return false;
}

/* The number of the stretch a day lies in: no rule begins or ends to count within it. */
static uint32_t counts_era(const tk_rulebook *book, tk_date day)
{
    size_t low = 0, high = book->boundaries_count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (book->boundaries[middle] <= day)
            low = middle + 1;
        else
            high = middle;
    }
    return (uint32_t)low;
}

/* The first day of the span, before `end`, on which no stay holds the rule up. */
static tk_date counts_begins_in(counts_memo *memo, rb_id index, const rb_span *span, tk_date end)
{
    const tk_rulebook *book = memo->book;
    if (end <= span->from)
        return COUNTS_NEVER;
    if (!counts_stayed(memo, index, span->from))
        return span->from;
    for (size_t i = counts_era(book, span->from); i < book->boundaries_count; i++) {
        tk_date day = book->boundaries[i];
        if (span->to < day || end <= day)
            break;
        if (!counts_stayed(memo, index, day))
            return day;
    }
    return COUNTS_NEVER;
}

static tk_date counts_begins_new(counts_memo *memo, rb_id index)
{
    const rb_rule *rule = &memo->book->rules[index];
    if (rule->act.spans_count == 0
        || counts_visible(memo->book, &rule->act, &memo->setting, memo->world) != COUNTS_YES)
        return COUNTS_NEVER;
    tk_date end = counts_replaced_from(memo, index), begins = COUNTS_NEVER;
    if (!counts_has_stays(memo->book, rule))
        return rule->act.spans[0].from < end ? rule->act.spans[0].from : COUNTS_NEVER;
    for (size_t i = 0; i < rule->act.spans_count && begins == COUNTS_NEVER; i++)
        begins = counts_begins_in(memo, index, &rule->act.spans[i], end);
    return begins;
}

/* The first day on which the rule counts and is not stayed: from then on what it replaces is gone. The checker saw to
 * it that no rule hangs on itself here. */
static tk_date counts_begins(counts_memo *memo, rb_id index)
{
    if (!memo->begins_known[index]) {
        memo->begins[index] = counts_begins_new(memo, index);
        memo->begins_known[index] = true;
    }
    return memo->begins[index];
}

/* What was found holds as long as the same is known and believed and the same law is asked for. */
static counts_memo *counts_prepare(tk_decider *decider, const tk_setting *setting, const uint64_t *world)
{
    counts_memo *memo = &decider->counts;
    if (memo->used && memo->setting.known_at == setting->known_at && memo->setting.law == setting->law
        && memcmp(memo->world, world, decider->book_words * sizeof *world) == 0)
        return memo;
    memo->used = true;
    memo->setting = (tk_setting){.known_at = setting->known_at, .law = setting->law};
    memcpy(memo->world, world, decider->book_words * sizeof *world);
    memset(memo->begins_known, 0, memo->book->rules_count * sizeof *memo->begins_known);
    memset(memo->stays, 0, memo->book->rules_count * sizeof *memo->stays);
    return memo;
}

counts_why counts_rule(tk_decider *decider, rb_id index, const tk_setting *setting, const uint64_t *world,
                       rb_id *replaced_by)
{
    const rb_rule *rule = &decider->book->rules[index];
    counts_why why = counts_visible(decider->book, &rule->act, setting, world);
    if (why != COUNTS_YES)
        return why;
    if (!counts_in_force(&rule->act, setting->as_of))
        return COUNTS_NOT_IN_FORCE;
    for (size_t i = 0; i < rule->replaced_by_count; i++)
        if (counts_begins(counts_prepare(decider, setting, world), rule->replaced_by[i]) <= setting->as_of) {
            *replaced_by = rule->replaced_by[i];
            return COUNTS_REPLACED;
        }
    return COUNTS_YES;
}

static uint64_t counts_hash(const counted_set *key, const uint64_t *world, size_t words)
{
    uint64_t hash = key->era * UINT64_C(0x9e3779b97f4a7c15);
    hash ^= (uint64_t)(uint32_t)key->known_at * UINT64_C(0xc2b2ae3d27d4eb4f);
    hash ^= (uint64_t)key->law << 7;
    for (size_t i = 0; i < words; i++)
        hash = (hash ^ world[i]) * UINT64_C(0x100000001b3);
    return hash ^ hash >> 29;
}

const uint64_t *counts_find(tk_decider *decider, const tk_setting *setting, const uint64_t *world)
{
    const tk_rulebook *book = decider->book;
    counted_set key = {.used = true,
                       .era = counts_era(book, setting->as_of),
                       .known_at = setting->known_at,
                       .law = setting->law};
    counted_set *set = &decider->cache[counts_hash(&key, world, decider->book_words) % CACHE_SETTINGS];
    if (set->used && set->era == key.era && set->known_at == key.known_at && set->law == key.law
        && memcmp(set->world, world, decider->book_words * sizeof *world) == 0)
        return set->rules;
    key.world = set->world;
    key.rules = set->rules;
    *set = key;
    memcpy(set->world, world, decider->book_words * sizeof *world);
    memset(set->rules, 0, decider->rule_words * sizeof *set->rules);
    counts_memo *memo = counts_prepare(decider, setting, world);
    for (rb_id i = 0; i < book->rules_count; i++)
        if (counts_on(memo, i, setting->as_of))
            set->rules[i / 64] |= UINT64_C(1) << (i % 64);
    return set->rules;
}

/* ---- what a claim, or the other law, can reach ---- */

static bool counts_names_claim(const tk_rulebook *book, rb_id expr, rb_id claim)
{
    const rb_claim_expr *c = &book->claim_exprs[expr];
    if (c->op == RB_CLAIM_NAME)
        return c->claim == claim;
    return counts_names_claim(book, c->a, claim) || counts_names_claim(book, c->b, claim);
}

/* The act counts, or not, because of the claim; RB_NONE: because it is practice. */
static bool counts_act_hangs(const tk_rulebook *book, const rb_act *act, rb_id claim)
{
    if (claim == RB_NONE)
        return act->kind == TK_RULE_PRACTICE;
    return act->claims != RB_NONE && counts_names_claim(book, act->claims, claim);
}

/* Adds a rule, what it replaces, and what the rules replace that it stays: whether those count hangs on it. */
static void counts_reach_rule(const tk_rulebook *book, rb_id index, uint64_t *bits)
{
    if ((bits[index / 64] >> (index % 64) & 1) != 0)
        return;
    bits[index / 64] |= UINT64_C(1) << (index % 64);
    for (rb_id i = 0; i < book->rules_count; i++)
        for (size_t r = 0; r < book->rules[i].replaced_by_count; r++)
            if (book->rules[i].replaced_by[r] == index)
                counts_reach_rule(book, i, bits);
    for (size_t i = 0; book->rules[index].is_stay && i < book->rules[index].targets_count; i++)
        counts_reach_rule(book, book->rules[index].targets[i], bits);
}

bool counts_limit_hangs(const tk_rulebook *book, rb_id claim)
{
    for (size_t i = 0; i < book->limits_count; i++)
        if (counts_act_hangs(book, &book->limits[i].act, claim))
            return true;
    return false;
}

static void counts_reach_from(const tk_rulebook *book, rb_id claim, uint64_t *bits)
{
    for (rb_id i = 0; i < book->rules_count; i++) {
        const rb_rule *rule = &book->rules[i];
        bool hangs = counts_act_hangs(book, &rule->act, claim);
        for (size_t r = 0; r < rule->requires_count && !hangs; r++)
            hangs = rule->requires[r].limit != RB_NONE
                    && counts_act_hangs(book, &book->limits[rule->requires[r].limit].act, claim);
        if (hangs)
            counts_reach_rule(book, i, bits);
    }
}

void counts_reach(tk_decider *decider)
{
    const tk_rulebook *book = decider->book;
    for (rb_id i = 0; i < book->claims_count; i++)
        if (book->claims[i].regimes != 0)
            counts_reach_from(book, i, decider->claim_rules + i * decider->rule_words);
    counts_reach_from(book, RB_NONE, decider->practice_rules);
    for (size_t i = 0; i < book->claims_count * decider->rule_words; i++)
        decider->claims_rules[i % decider->rule_words] |= decider->claim_rules[i];
}
