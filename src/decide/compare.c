/* SPDX-License-Identifier: Apache-2.0 */
/* compare.c: what else could be: the other law, one more report, one single change.
 *
 * Every entry is found by deciding again, so that it can never promise what the rules do not give. A change is only
 * ever a date, a fact that is missing, a piece of evidence, an authorisation or a report: never another item, figure,
 * party, place, route, role or a split (twokey is a tool for complying).
 */
#include <stdlib.h>
#include <string.h>

#include "base/num.h"
#include "base/str.h"
#include "decide/decide_int.h"

/* ---- a trial ---- */

static void trial_begin(tk_decider *d, const tk_facts *facts, const tk_setting *setting, const uint64_t *world)
{
    eval_begin(&d->other, d->book, facts, setting, world, counts_find(d, setting, world), false);
}

static bool overall_differs(overall_state a, overall_state b)
{
    return a.verdict != b.verdict || a.touched != b.touched;
}

/* Could it matter that some of these rules count, or do not? A rule whose condition is false, also without
 * presumptions, gives nothing, takes nothing away and leaves nothing open, whether it counts or not. */
static bool compare_touches_word(eval *e, size_t at, uint64_t rules)
{
    while (rules != 0) {
        rb_id when = e->book->rules[at * 64 + (size_t)__builtin_ctzll(rules)].when;
        rules &= rules - 1;
        if (when == RB_NONE || eval_node(keys_bare(e), when) != K_FALSE)
            return true;
    }
    return false;
}

static bool compare_touches(tk_decider *d, const uint64_t *rules)
{
    for (size_t i = 0; i < d->rule_words; i++)
        if (compare_touches_word(&d->main, i, rules[i]))
            return true;
    return false;
}

/* ---- law and reports, per key ---- */

/* Also one that counted earlier: it may have replaced a rule. */
static bool compare_is_practice(const rb_act *act, const tk_setting *setting)
{
    return act->kind == TK_RULE_PRACTICE && act->published <= setting->known_at && act->spans_count != 0
           && act->spans[0].from <= setting->as_of;
}

static bool compare_has_practice(const tk_decider *d, const tk_setting *setting, const rb_regime *regime)
{
    const tk_rulebook *book = d->book;
    for (size_t i = 0; i < book->rules_count; i++)
        if ((regime->reads >> book->rules[i].regime & 1) != 0 && compare_is_practice(&book->rules[i].act, setting))
            return true;
    for (size_t i = 0; i < book->limits_count; i++)
        if ((regime->reads >> book->limits[i].regime & 1) != 0 && compare_is_practice(&book->limits[i].act, setting))
            return true;
    return false;
}

static void compare_law(tk_decider *d, const tk_facts *facts, const tk_setting *setting, const rb_regime *regime,
                        const key_state *state, tk_key_decision *out)
{
    if (!compare_has_practice(d, setting, regime) || !compare_touches(d, d->practice_rules))
        return;
    tk_setting flipped = *setting;
    key_state other;
    flipped.law = setting->law == TK_LAW_ENFORCED ? TK_LAW_TEXT : TK_LAW_ENFORCED;
    trial_begin(d, facts, &flipped, d->world);
    keys_verdict(&d->other, regime, &other);
    out->law_differs = other.touched != state->touched || other.verdict != state->verdict;
    out->other_law_verdict = other.verdict;
}

/* Every report there is, by id: the claims that the rulebook knows, and those that speak. */
typedef struct report {
    tk_str id;
    rb_id claim;
    size_t speaker; /* SIZE_MAX: it says nothing here of a fact */
} report;

typedef struct report_walk {
    const tk_decider *d;
    rb_id known;
    size_t speaker;
} report_walk;

static bool report_next(report_walk *walk, report *out)
{
    const tk_rulebook *book = walk->d->book;
    const tk_claim_speakers *speakers = &walk->d->speakers;
    bool known = walk->known < book->claims_count, speaks = walk->speaker < speakers->count;
    if (!known && !speaks)
        return false;
    int order = !known ? 1 : (speaks ? tk_str_cmp(book->claims[walk->known].id, speakers->list[walk->speaker].id) : -1);
    if (order <= 0)
        *out = (report){book->claims[walk->known].id, walk->known, SIZE_MAX};
    else
        *out = (report){speakers->list[walk->speaker].id, speakers->list[walk->speaker].claim, SIZE_MAX};
    if (0 <= order)
        out->speaker = walk->speaker++;
    walk->known += order <= 0 ? 1 : 0;
    return true;
}

/* The world with one more claim; false when that claim can change nothing. */
static bool compare_believe(tk_decider *d, const tk_facts *facts, const tk_setting *setting, const report *more)
{
    const tk_claims_source *source = facts->claims;
    rb_id claim = more->claim;
    uint64_t bit = UINT64_C(1) << (claim % 64);
    bool known = claim < d->book->claims_count, named = known && d->book->claims[claim].regimes != 0;
    bool speaks = more->speaker != SIZE_MAX;
    if ((d->world[claim / 64] & bit) != 0 || (known && setting->known_at < d->book->claims[claim].published))
        return false;
    if (speaks && source->tells != NULL)
        speaks = source->tells(source->ctx, facts, setting, d->world, more->speaker);
    if (!speaks && (!named || !compare_touches(d, d->claim_rules + claim * d->rule_words)))
        return false;
    memcpy(d->world_other, d->world, d->world_words * sizeof *d->world);
    d->world_other[claim / 64] |= bit;
    const uint64_t *counted = counts_find(d, setting, d->world_other);
    return speaks || counts_limit_hangs(d->book, claim)
           || memcmp(counted, d->main.counted, (d->book->rules_count + 63) / 64 * sizeof *counted) != 0;
}

static void compare_reports(tk_decider *d, const tk_facts *facts, const tk_setting *setting, const rb_regime *regime,
                            const key_state *state, tk_key_decision *out)
{
    size_t count = 0, at = 0;
    report more;
    for (report_walk walk = {.d = d}; report_next(&walk, &more);)
        count += (decide_claim_regimes(d, more.claim) & regime->reads) != 0;
    tk_str *ids = count == 0 ? NULL : TK_ARENA_ARRAY(&d->arena, tk_str, count);
    for (report_walk walk = {.d = d}; ids != NULL && report_next(&walk, &more);) {
        if ((decide_claim_regimes(d, more.claim) & regime->reads) == 0
            || !compare_believe(d, facts, setting, &more))
            continue;
        key_state other;
        trial_begin(d, facts, setting, d->world_other);
        keys_verdict(&d->other, regime, &other);
        if (!other.claims_conflict && (other.verdict != state->verdict || other.possible != state->possible))
            ids[at++] = more.id;
    }
    out->if_reported = (tk_strs){ids, at};
}

void compare_key(tk_decider *d, const tk_facts *facts, const tk_setting *setting, const rb_regime *regime,
                 const key_state *state, tk_key_decision *out)
{
    compare_law(d, facts, setting, regime, state, out);
    compare_reports(d, facts, setting, regime, state, out);
}

/* ---- single changes ---- */

enum { CHANGES_MAX = 96, VALUES_MAX = 192 };

typedef struct changes {
    tk_decider *d;
    const tk_facts *facts;
    const tk_setting *setting;
    overall_state now;
    tk_change *items;
    size_t count;
    tk_date *heard; /* ascending */
    size_t heard_count;
} changes;

static void changes_add(changes *c, tk_change_kind kind, tk_str name, tk_str value, overall_state then)
{
    if (c->count < CHANGES_MAX)
        c->items[c->count++] =
            (tk_change){.kind = kind, .name = name, .value = value, .touched = then.touched, .verdict = then.verdict};
}

static overall_state changes_on(changes *c, tk_date day)
{
    tk_setting setting = *c->setting;
    setting.as_of = day;
    trial_begin(c->d, c->facts, &setting, c->d->world);
    return keys_overall(&c->d->other);
}

/* Memberships that may be other ones on another day: conditions on a known place or id. */
typedef struct dated_nodes {
    rb_id *nodes;
    uint8_t *in; /* on `day` */
    tk_date day;
    size_t count;
} dated_nodes;

static bool changes_member(changes *c, rb_id node, tk_date day)
{
    const rb_node *n = &c->d->book->nodes[node];
    const tk_value *value = eval_value(&c->d->main, n->slot);
    tk_date known_at = c->setting->known_at;
    return n->op == RB_PLACE ? tk_rb_set_has_place(c->d->book, n->set, value->as.place, day, known_at).in
                             : tk_rb_set_has_name(c->d->book, n->set, value->as.name, day, known_at).in;
}

static dated_nodes changes_dated(changes *c)
{
    const decide_index *index = &c->d->index;
    dated_nodes dated = {.nodes = TK_ARENA_ARRAY(&c->d->arena, rb_id, index->dated_count),
                         .in = TK_ARENA_ARRAY(&c->d->arena, uint8_t, index->dated_count),
                         .day = TK_DATE_MIN};
    for (size_t i = 0; dated.nodes != NULL && dated.in != NULL && i < index->dated_count; i++) {
        const rb_node *n = &c->d->book->nodes[index->dated[i]];
        const tk_value *value = eval_value(&c->d->main, n->slot);
        const uint64_t *ever = c->d->book->sets[n->set].ever;
        if (value->known == TK_VALUE
            && (n->op == RB_NAME || (ever[value->as.place / 64] >> (value->as.place % 64) & 1) != 0))
            dated.nodes[dated.count++] = index->dated[i];
    }
    return dated;
}

/* Finds the memberships of a day; was one of them another when they were found last? */
static bool changes_members(changes *c, dated_nodes *dated, tk_date day)
{
    bool differ = false;
    for (size_t i = 0; i < dated->count; i++) {
        uint8_t in = changes_member(c, dated->nodes[i], day);
        differ |= in != dated->in[i];
        dated->in[i] = in;
    }
    dated->day = day;
    return differ;
}

static int days_order(const void *a, const void *b)
{
    tk_date x = *(const tk_date *)a, y = *(const tk_date *)b;
    return x < y ? -1 : (y < x ? 1 : 0);
}

static size_t days_sort(tk_date *days, size_t count)
{
    size_t kept = 0;
    if (count != 0)
        qsort(days, count, sizeof *days, days_order);
    for (size_t i = 0; i < count; i++)
        if (kept == 0 || days[kept - 1] != days[i])
            days[kept++] = days[i];
    return kept;
}

/* The number of days up to and including a day. */
static size_t days_before(const tk_date *days, size_t count, tk_date day)
{
    size_t low = 0, high = count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (days[middle] <= day)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

/* The days on which a believed claim begins to count for a fact, or has been heard too long ago. */
static void changes_hear(changes *c)
{
    const tk_decider *d = c->d;
    const tk_claim_speakers *speakers = &d->speakers;
    size_t facts = d->index.claims_facts_count, count = 0;
    tk_date *events = TK_ARENA_ARRAY(&c->d->arena, tk_date, speakers->count);
    for (size_t i = 0; events != NULL && i < speakers->count; i++)
        if ((d->world[speakers->list[i].claim / 64] >> (speakers->list[i].claim % 64) & 1) != 0)
            events[count++] = speakers->list[i].event;
    count = events == NULL ? 0 : days_sort(events, count);
    c->heard = TK_ARENA_ARRAY(&c->d->arena, tk_date, count * (facts + 1));
    for (size_t i = 0; c->heard != NULL && i < count; i++) {
        c->heard[c->heard_count++] = events[i];
        for (size_t f = 0; f < facts; f++)
            if (d->book->facts[d->index.claims_facts[f]].holds != 0)
                c->heard[c->heard_count++] = events[i] + d->book->facts[d->index.claims_facts[f]].holds + 1;
    }
    if (c->heard != NULL)
        c->heard_count = days_sort(c->heard, c->heard_count);
}

/* Is a day between them one of these? */
static bool changes_heard(const changes *c, tk_date a, tk_date b)
{
    return days_before(c->heard, c->heard_count, a) != days_before(c->heard, c->heard_count, b);
}

/* May the verdict of a day be another one than that of the day evaluated last? Not when each regime covers both days
 * or neither, the same limits count, the facts are members of the same sets, and the rules that count on one day only
 * are rules that give and take nothing. */
static bool changes_may_differ(changes *c, eval *last, tk_date day, dated_nodes *dated)
{
    const tk_rulebook *book = c->d->book;
    tk_setting setting = last->setting;
    tk_date before = setting.as_of;
    setting.as_of = day;
    for (size_t i = 0; i < book->regimes_count; i++) {
        const rb_regime *r = &book->regimes[i];
        if ((r->covers_from <= day) != (r->covers_from <= before) || (r->covers_to < day) != (r->covers_to < before)
            || (r->read_to < day) != (r->read_to < before))
            return true;
    }
    for (size_t i = 0; i < book->limits_count; i++)
        if (counts_act_on(book, &book->limits[i].act, &setting, last->world)
            != counts_act_on(book, &book->limits[i].act, &last->setting, last->world))
            return true;
    if (dated->day != before)
        (void)changes_members(c, dated, before);
    if (changes_members(c, dated, day))
        return true;
    if (changes_heard(c, before, day))
        return true;
    const uint64_t *counted = counts_find(c->d, &setting, last->world);
    /* What is compared with law alone may change with it, by rules that are idle here. */
    for (size_t i = 0; i < c->d->rule_words; i++)
        if (last->believes ? counted[i] != last->counted[i]
                           : compare_touches_word(last, i, counted[i] ^ last->counted[i]))
            return true;
    dated->day = before; /* the same on both days, and it is the one that is compared with next */
    return false;
}

/* The boundaries of the rulebook, and the days of what is believed. */
static tk_date *changes_days(changes *c, size_t *count)
{
    const tk_rulebook *book = c->d->book;
    changes_hear(c);
    tk_date *days = TK_ARENA_ARRAY(&c->d->arena, tk_date, book->boundaries_count + c->heard_count);
    *count = 0;
    if (days == NULL)
        return NULL;
    if (book->boundaries_count != 0)
        memcpy(days, book->boundaries, book->boundaries_count * sizeof *days);
    if (c->heard_count != 0)
        memcpy(days + book->boundaries_count, c->heard, c->heard_count * sizeof *days);
    *count = days_sort(days, book->boundaries_count + c->heard_count);
    return days;
}

/* Between two such days nothing dated changes, so the nearest other verdict begins (or ends) at one. */
static void changes_dates(changes *c)
{
    dated_nodes dated = changes_dated(c);
    eval *last = &c->d->main;
    size_t count;
    const tk_date *days = changes_days(c, &count);
    size_t after = days_before(days, count, c->setting->as_of);
    tk_date found[2];
    overall_state then[2];
    bool has[2] = {false, false};
    for (size_t i = after; i-- > 0 && !has[0];) {
        found[0] = days[i] - 1;
        if (!changes_may_differ(c, last, found[0], &dated))
            continue;
        then[0] = changes_on(c, found[0]);
        last = &c->d->other;
        has[0] = overall_differs(then[0], c->now);
    }
    last = &c->d->main;
    for (size_t i = after; i < count && !has[1]; i++) {
        found[1] = days[i];
        if (!changes_may_differ(c, last, found[1], &dated))
            continue;
        then[1] = changes_on(c, found[1]);
        last = &c->d->other;
        has[1] = overall_differs(then[1], c->now);
    }
    for (int i = 0; i < 2; i++) {
        if (!has[i])
            continue;
        char day[TK_DATE_TEXT_MAX];
        size_t len = tk_date_format(found[i], day);
        changes_add(c, TK_CHANGE_DATE, TK_STR("as_of"), tk_arena_copy(&c->d->arena, (tk_str){day, len}), then[i]);
    }
}

/* ---- values worth trying for a missing fact ---- */

typedef struct tries {
    tk_value values[VALUES_MAX];
    size_t count;
} tries;

static void tries_add(tries *t, tk_value value)
{
    if (t->count < VALUES_MAX)
        t->values[t->count++] = value;
}

static void tries_number(tries *t, tk_type type, tk_i128 value)
{
    if (value <= TK_NUM_MIN || TK_NUM_MAX <= value)
        return;
    for (size_t i = 0; i < t->count; i++)
        if (t->values[i].as.range.lo == (int64_t)value)
            return;
    tries_add(t, (tk_value){.known = TK_VALUE, .type = (uint8_t)type, .as.range = {(int64_t)value, (int64_t)value}});
}

/* A side of a comparison as factor * fact + rest, both in trillionths; false where it is nothing of the kind. */
static bool tries_line(changes *c, rb_id num, rb_id slot, tk_i128 *factor, tk_i128 *rest)
{
    const rb_num *n = &c->d->book->nums[num];
    *factor = *rest = 0;
    if (n->op == RB_NUM_FACT && n->slot == slot) {
        *factor = (tk_i128)TK_NUM_SCALE * TK_NUM_SCALE;
        return true;
    }
    if (n->op == RB_NUM_FACT && c->d->book->facts[n->slot].term != RB_NONE)
        return tries_line(c, c->d->book->facts[n->slot].term, slot, factor, rest);
    if (n->op != RB_NUM_ADD && n->op != RB_NUM_SCALE) {
        interval value = eval_number(&c->d->main, num);
        *rest = value.lo;
        return value.known == TK_VALUE && !value.lo_open && !value.hi_open && value.lo == value.hi;
    }
    for (rb_id i = 0; i < n->count; i++) {
        tk_i128 by, and, most = (tk_i128)1 << 100;
        if (!tries_line(c, c->d->book->children[n->first + i], slot, &by, &and)
            || (n->op == RB_NUM_SCALE && (__builtin_mul_overflow(by, n->constant, &by)
                                          || __builtin_mul_overflow(and, n->constant, &and))))
            return false;
        *factor += n->op == RB_NUM_SCALE ? by / TK_NUM_SCALE : by;
        *rest += n->op == RB_NUM_SCALE ? and / TK_NUM_SCALE : and;
        if (most < *factor || *factor < -most || most < *rest || *rest < -most)
            return false;
    }
    return true;
}

/* Around the value at which the sums and multiples on both sides of a comparison are equal. */
static void tries_balance(changes *c, tries *t, const rb_node *n, rb_id slot, tk_i128 unit)
{
    const tk_i128 one = (tk_i128)TK_NUM_SCALE * TK_NUM_SCALE;
    tk_i128 left, right, left_rest, right_rest, value;
    if (!tries_line(c, n->left, slot, &left, &left_rest) || !tries_line(c, n->right, slot, &right, &right_rest)
        || left == right || __builtin_mul_overflow(right_rest - left_rest, one, &value))
        return;
    value = value / (left - right) / unit;
    tries_number(t, c->d->book->facts[slot].type, value);
    tries_number(t, c->d->book->facts[slot].type, value - 1);
    tries_number(t, c->d->book->facts[slot].type, value + 1);
}

/* Of a quotient whose divisor is the fact, against a constant: around numerator / constant. */
static void tries_divisor(changes *c, tries *t, const rb_node *n, rb_id slot)
{
    const tk_rulebook *book = c->d->book;
    const rb_num *left = &book->nums[n->left];
    tk_i128 constant = book->nums[n->right].constant;
    while (left->op == RB_NUM_FACT && book->facts[left->slot].term != RB_NONE)
        left = &book->nums[book->facts[left->slot].term];
    if (book->nums[n->right].op != RB_NUM_CONST || left->op != RB_NUM_DIVIDE || constant < TK_NUM_SCALE)
        return;
    const rb_num *divisor = &book->nums[book->children[left->first + 1]];
    interval top = eval_number(&c->d->main, book->children[left->first]);
    if (divisor->op != RB_NUM_FACT || divisor->slot != slot || top.known != TK_VALUE || top.lo_open || top.hi_open
        || top.lo != top.hi)
        return;
    tk_i128 value = top.lo / (constant / TK_NUM_SCALE);
    tries_number(t, book->facts[slot].type, value);
    tries_number(t, book->facts[slot].type, value + 1);
}

/* Around every value at which a comparison with the fact turns. Most are of another figure with a constant. */
static void tries_thresholds(changes *c, tries *t, rb_id slot)
{
    const tk_rulebook *book = c->d->book;
    const tk_i128 unit =
        book->facts[slot].type == TK_TYPE_DATE ? (tk_i128)TK_NUM_SCALE * TK_NUM_SCALE : TK_NUM_SCALE;
    for (size_t i = 0; i < book->nodes_count; i++) {
        const rb_node *n = &book->nodes[i];
        if (n->op != RB_COMPARE)
            continue;
        const rb_num *left = &book->nums[n->left];
        if (left->op == RB_NUM_FACT && left->slot != slot && book->facts[left->slot].term == RB_NONE
            && book->nums[n->right].op == RB_NUM_CONST)
            continue;
        tries_balance(c, t, n, slot, unit);
        tries_divisor(c, t, n, slot);
    }
}

/* A fact of a condition through which the missing one speaks: itself, or one that is presumed to be as it is. */
static bool tries_concerns(changes *c, rb_id fact, rb_id slot)
{
    return fact == slot || eval_root_slot(&c->d->main, fact) == slot;
}

/* The known other side of `hq = parent_hq` where this fact is one side; NULL: nothing of the kind. */
static const tk_value *tries_other_side(changes *c, const rb_node *n, rb_id slot)
{
    bool left = n->op == RB_SAME && tries_concerns(c, n->slot, slot);
    bool right = n->op == RB_SAME && tries_concerns(c, n->other, slot);
    const tk_value *other = left || right ? eval_value(&c->d->main, left ? n->other : n->slot) : NULL;
    return other != NULL && other->known == TK_VALUE ? other : NULL;
}

/* What conditions look for the fact in: a set, or one place that another fact names. */
typedef struct place_test {
    bool is_place;
    rb_id id;
} place_test;
enum { PLACE_TESTS_MAX = 64 };

static bool place_passes(changes *c, place_test test, rb_id place)
{
    if (test.is_place)
        return test.id == place;
    return tk_rb_set_has_place(c->d->book, test.id, place, c->setting->as_of, c->setting->known_at).in;
}

static size_t tries_place_tests(changes *c, rb_id slot, place_test tests[PLACE_TESTS_MAX])
{
    const tk_rulebook *book = c->d->book;
    size_t count = 0;
    for (size_t i = 0; i < book->nodes_count && count < PLACE_TESTS_MAX; i++) {
        const rb_node *n = &book->nodes[i];
        const tk_value *other = tries_other_side(c, n, slot);
        place_test test = {.is_place = other != NULL, .id = other != NULL ? other->as.place : n->set};
        if (other == NULL && (n->op != RB_PLACE || !tries_concerns(c, n->slot, slot)))
            continue;
        size_t at = 0;
        while (at < count && (tests[at].id != test.id || tests[at].is_place != test.is_place))
            at++;
        if (at == count)
            tests[count++] = test;
    }
    return count;
}

/* One place of each kind that the conditions on this fact tell apart. */
static void tries_places(changes *c, tries *t, rb_id slot)
{
    const tk_rulebook *book = c->d->book;
    uint64_t seen[VALUES_MAX];
    place_test tests[PLACE_TESTS_MAX];
    size_t tests_count = tries_place_tests(c, slot, tests);
    for (rb_id place = 0; place < book->places_count && t->count < VALUES_MAX; place++) {
        uint64_t kind = 0;
        for (size_t i = 0; i < tests_count; i++)
            if (place_passes(c, tests[i], place))
                kind |= UINT64_C(1) << i;
        size_t i = 0;
        while (i < t->count && seen[i] != kind)
            i++;
        if (i < t->count)
            continue;
        seen[t->count] = kind;
        tries_add(t, (tk_value){.known = TK_VALUE, .type = TK_TYPE_PLACE, .as.place = place});
    }
}

static void tries_names(changes *c, tries *t, rb_id slot)
{
    const tk_rulebook *book = c->d->book;
    tries_add(t, (tk_value){.known = TK_VALUE, .type = TK_TYPE_NAME, .as.name = TK_STR("another")});
    for (size_t i = 0; i < book->nodes_count; i++) {
        const rb_node *n = &book->nodes[i];
        const tk_value *other = tries_other_side(c, n, slot);
        if (other != NULL)
            tries_add(t, *other);
        if (n->op != RB_NAME || !tries_concerns(c, n->slot, slot))
            continue;
        const rb_set *set = &book->sets[n->set];
        for (size_t j = 0; set->op == RB_SET_NAMES && j < set->names_count; j++)
            tries_add(t, (tk_value){.known = TK_VALUE, .type = TK_TYPE_NAME, .as.name = set->names[j]});
    }
}

static int tries_compare(const void *left, const void *right)
{
    const tk_value *a = left, *b = right;
    switch ((tk_type)a->type) {
    case TK_TYPE_NUMBER: case TK_TYPE_DATE:
        return a->as.range.lo < b->as.range.lo ? -1 : a->as.range.lo > b->as.range.lo;
    case TK_TYPE_WORD:
        return a->as.word < b->as.word ? -1 : a->as.word > b->as.word;
    case TK_TYPE_WORDS:
        return a->as.words.in < b->as.words.in ? -1 : a->as.words.in > b->as.words.in;
    case TK_TYPE_PLACE:
        return a->as.place < b->as.place ? -1 : a->as.place > b->as.place;
    case TK_TYPE_NAME:
    default:
        return tk_str_cmp(a->as.name, b->as.name);
    }
}

/* In order of value: which of several is proposed must not hang on the order in which rules are written. */
static void tries_make(changes *c, tries *t, rb_id slot)
{
    const rb_fact *fact = &c->d->book->facts[slot];
    t->count = 0;
    switch (fact->type) {
    case TK_TYPE_NUMBER: case TK_TYPE_DATE:
        tries_thresholds(c, t, slot);
        break;
    case TK_TYPE_WORD:
        for (size_t i = 0; i < fact->words_count; i++)
            tries_add(t, (tk_value){.known = TK_VALUE, .type = TK_TYPE_WORD, .as.word = (uint32_t)i});
        break;
    case TK_TYPE_WORDS:
        tries_add(t, (tk_value){.known = TK_VALUE, .type = TK_TYPE_WORDS});
        for (size_t i = 0; i < fact->words_count; i++)
            tries_add(t, (tk_value){.known = TK_VALUE, .type = TK_TYPE_WORDS, .as.words = {.in = UINT64_C(1) << i}});
        break;
    case TK_TYPE_PLACE:
        tries_places(c, t, slot);
        break;
    case TK_TYPE_NAME:
    default:
        tries_names(c, t, slot);
        break;
    }
    if (t->count != 0)
        qsort(t->values, t->count, sizeof t->values[0], tries_compare);
}

/* One entry per verdict that learning the fact could lead to. */
static void changes_fact(changes *c, rb_id slot)
{
    tries t;
    unsigned said = 0;
    tries_make(c, &t, slot);
    for (size_t i = 0; i < t.count; i++) {
        trial_begin(c->d, c->facts, c->setting, c->d->world);
        c->d->other.trial_slot = slot;
        c->d->other.trial_value = t.values[i];
        overall_state then = keys_overall(&c->d->other);
        if (!overall_differs(then, c->now) || (said >> then.verdict & 1) != 0)
            continue;
        said |= 1U << then.verdict;
        char text[TK_VALUE_TEXT_MAX];
        size_t len = tk_rulebook_write_value(c->d->book, slot, &t.values[i], text);
        changes_add(c, TK_CHANGE_FACT, c->d->book->facts[slot].name, tk_arena_copy(&c->d->arena, (tk_str){text, len}),
                    then);
    }
}

/* The day by which evidence with a lead time must be dated; TK_DATE_MIN when none is asked, false when it cannot be
 * met. */
static bool changes_evidence_date(changes *c, rb_id evidence, tk_date *date)
{
    const tk_rulebook *book = c->d->book;
    *date = TK_DATE_MIN;
    for (size_t r = 0; r < book->rules_count; r++)
        for (size_t i = 0; i < book->rules[r].requires_count; i++) {
            const rb_require *require = &book->rules[r].requires[i];
            if (require->evidence != evidence || require->days == 0)
                continue;
            rb_id slot = require->stage == RB_BEFORE_ORDER ? book->slot_order_date : book->slot_ship_date;
            tk_value stage;
            if (slot == RB_NONE || !eval_given(&c->d->main, slot, &stage) || stage.known != TK_VALUE
                || stage.as.range.lo == TK_NUM_MIN)
                return false;
            tk_date latest = (tk_date)stage.as.range.lo - require->days;
            if (*date == TK_DATE_MIN || latest < *date)
                *date = latest;
        }
    return true;
}

static void changes_evidence(changes *c, rb_id evidence, tk_change_kind kind)
{
    tk_date date;
    if (!changes_evidence_date(c, evidence, &date))
        return;
    trial_begin(c->d, c->facts, c->setting, c->d->world);
    c->d->other.trial_evidence = evidence;
    c->d->other.trial_state = (fact_evidence){.state = TK_EVIDENCE_HELD, .date = date};
    overall_state then = keys_overall(&c->d->other);
    if (!overall_differs(then, c->now))
        return;
    tk_str name = c->d->book->evidence[evidence].name, value = name;
    if (date != TK_DATE_MIN) {
        char day[TK_DATE_TEXT_MAX];
        (void)tk_date_format(date, day);
        value = tk_arena_printf(&c->d->arena, TK_FMT "@%s", TK_ARG_STR(name), day);
    }
    changes_add(c, kind, name, value, then);
}

static void changes_reports(changes *c)
{
    report more;
    for (report_walk walk = {.d = c->d}; report_next(&walk, &more);) {
        if (decide_claim_regimes(c->d, more.claim) == 0 || !compare_believe(c->d, c->facts, c->setting, &more))
            continue;
        trial_begin(c->d, c->facts, c->setting, c->d->world_other);
        overall_state then = keys_overall(&c->d->other);
        if (overall_differs(then, c->now) && then.verdict != TK_VERDICT_CONFLICT)
            changes_add(c, TK_CHANGE_REPORT, more.id, TK_STR("believed"), then);
    }
}

/* Another route is another order, not something to find out about this one. */
static bool changes_of_route(tk_str name)
{
    return tk_str_starts(name, TK_STR("route.")) && !tk_str_ends(name, TK_STR("_date"));
}

static bool changes_seen(const changes *c, tk_str name)
{
    for (size_t i = 0; i < c->count; i++)
        if (tk_str_eq(c->items[i].name, name))
            return true;
    return false;
}

void compare_changes(tk_decider *d, const tk_facts *facts, const tk_setting *setting, overall_state now)
{
    changes c = {.d = d,
                 .facts = facts,
                 .setting = setting,
                 .now = now,
                 .items = TK_ARENA_ARRAY(&d->arena, tk_change, CHANGES_MAX)};
    if (c.items == NULL)
        return;
    changes_dates(&c);
    for (size_t k = 0; k < d->decision.keys_count; k++)
        for (size_t i = 0; i < d->decision.keys[k].missing.count; i++) {
            tk_str name = d->decision.keys[k].missing.items[i];
            if (!changes_seen(&c, name) && !changes_of_route(name))
                changes_fact(&c, (rb_id)tk_rulebook_find_fact(d->book, name, NULL));
        }
    for (int authorisations = 0; authorisations < 2; authorisations++)
        for (size_t k = 0; k < d->decision.keys_count; k++)
            for (size_t i = 0; i < d->decision.keys[k].conditions_count; i++) {
                const tk_condition *condition = &d->decision.keys[k].conditions[i];
                size_t evidence = tk_rulebook_find_evidence(d->book, condition->name, NULL);
                bool is_licence = false;
                for (size_t r = 0; r < d->book->regimes_count; r++)
                    is_licence |= d->book->regimes[r].licence == evidence;
                if (evidence != SIZE_MAX && condition->met != TK_MET_YES && is_licence == (authorisations == 1)
                    && !changes_seen(&c, condition->name))
                    changes_evidence(&c, (rb_id)evidence, is_licence ? TK_CHANGE_AUTHORISATION : TK_CHANGE_EVIDENCE);
            }
    changes_reports(&c);
    d->decision.would_change = c.items;
    d->decision.would_change_count = c.count;
}
