/* SPDX-License-Identifier: Apache-2.0 */
/* index.c: what follows from the rulebook alone, found once per decider, so that no decision looks for it again. */
#include <stdlib.h>

#include "base/str.h"
#include "decide/decide_int.h"

static void bit_set(uint64_t *bits, rb_id index)
{
    bits[index / 64] |= UINT64_C(1) << (index % 64);
}

/* May a name be in the set by a row that is cited? */
static bool index_name_cites(const decide_index *index, const rb_set *set)
{
    switch (set->op) {
    case RB_SET_OR:
    case RB_SET_BUT_NOT:
        return (index->cites_sets[set->a] | index->cites_sets[set->b]) != 0;
    case RB_SET_ROWS:
        for (size_t i = 0; i < set->rows_count; i++)
            if (set->rows[i].cites_count != 0 || index->cites_sets[set->rows[i].members] != 0)
                return true;
        return false;
    case RB_SET_PLACE:
    case RB_SET_GROUP:
    case RB_SET_NAMES:
    default:
        return false;
    }
}

static bool index_place_cites(const tk_rulebook *book, const rb_set *set)
{
    for (size_t i = 0; i < (book->places_count + 63) / 64; i++)
        if (set->cited[i] != 0)
            return true;
    return false;
}

/* Sets and conditions have larger numbers than their parts (M3). */
static void index_cites(decide_index *index, const tk_rulebook *book)
{
    for (size_t i = 0; i < book->sets_count; i++)
        index->cites_sets[i] = index_name_cites(index, &book->sets[i]);
    for (size_t i = 0; i < book->nodes_count; i++) {
        const rb_node *n = &book->nodes[i];
        bool cites = (n->op == RB_PLACE && index_place_cites(book, &book->sets[n->set]))
                     || (n->op == RB_NAME && index->cites_sets[n->set] != 0);
        for (rb_id c = 0; c < n->count && !cites; c++)
            cites = index->cites[book->children[n->first + c]] != 0;
        index->cites[i] = cites;
    }
}

static bool index_set_dated(const decide_index *index, const rb_set *set)
{
    bool parts = set->op == RB_SET_OR || set->op == RB_SET_BUT_NOT;
    return set->op == RB_SET_GROUP || set->op == RB_SET_ROWS
           || (parts && (index->dated_sets[set->a] | index->dated_sets[set->b]) != 0);
}

static void index_dated(decide_index *index, const tk_rulebook *book)
{
    for (size_t i = 0; i < book->sets_count; i++)
        index->dated_sets[i] = index_set_dated(index, &book->sets[i]);
    for (rb_id i = 0; i < book->nodes_count; i++) {
        const rb_node *n = &book->nodes[i];
        bool known = (n->op != RB_PLACE && n->op != RB_NAME) || index->dated_sets[n->set] == 0;
        for (size_t j = 0; j < index->dated_count && !known; j++) {
            const rb_node *other = &book->nodes[index->dated[j]];
            known = other->op == n->op && other->slot == n->slot && other->set == n->set;
        }
        if (!known)
            index->dated[index->dated_count++] = i;
    }
}

static void index_questions_read(const tk_rulebook *book, rb_id node, uint64_t *questions)
{
    const rb_node *n = &book->nodes[node];
    if (n->op == RB_QUESTION)
        bit_set(questions, n->slot);
    for (rb_id i = 0; i < n->count; i++)
        index_questions_read(book, book->children[n->first + i], questions);
}

/* The first of what must all hold, RB_NONE where nothing must. */
static rb_id index_guard(const tk_rulebook *book, rb_id node)
{
    while (node != RB_NONE && book->nodes[node].op == RB_AND && book->nodes[node].count != 0)
        node = book->children[book->nodes[node].first];
    return node;
}

static void index_rules(decide_index *index, const tk_rulebook *book)
{
    for (size_t q = 0; q < book->questions_count; q++)
        for (size_t i = 0; i < book->questions[q].rules_count; i++)
            if (0 <= book->rules[book->questions[q].rules[i]].answer)
                bit_set(index->question_rules + q * index->rule_words, book->questions[q].rules[i]);
    for (size_t i = 0; i < book->rules_count; i++)
        index->rule_guard[i] = index_guard(book, book->rules[i].when);
    for (size_t i = 0; i < book->rules_count; i++)
        if (book->rules[i].when != RB_NONE)
            index_questions_read(book, book->rules[i].when, index->rule_questions + i * index->question_words);
}

/* Rules of one name stay in the order of their numbers. */
static int index_rank_compare(const void *left, const void *right)
{
    const rb_rule *a = *(const rb_rule *const *)left, *b = *(const rb_rule *const *)right;
    int order = tk_str_cmp(a->name, b->name);
    return order != 0 ? order : (a > b) - (a < b);
}

static void index_ranks(decide_index *index, const tk_rulebook *book)
{
    for (size_t i = 0; i < book->rules_count; i++)
        index->rule_ranked[i] = &book->rules[i];
    if (book->rules_count != 0)
        qsort(index->rule_ranked, book->rules_count, sizeof *index->rule_ranked, index_rank_compare);
    for (rb_id i = 0; i < book->rules_count; i++)
        index->rule_rank[index->rule_ranked[i] - book->rules] = i;
}

static bool index_number_hears(const tk_rulebook *book, rb_id num)
{
    const rb_num *n = &book->nums[num];
    if (n->op == RB_NUM_FACT)
        return book->facts[n->slot].from_claims
               || (book->facts[n->slot].term != RB_NONE && index_number_hears(book, book->facts[n->slot].term));
    for (rb_id i = 0; i < n->count; i++)
        if (index_number_hears(book, book->children[n->first + i]))
            return true;
    return false;
}

/* Is there a fact from claims below the condition? */
static bool index_hears(const tk_rulebook *book, rb_id node)
{
    const rb_node *n = &book->nodes[node];
    bool slot = n->op == RB_WORD || n->op == RB_HAS || n->op == RB_PLACE || n->op == RB_NAME || n->op == RB_SAME;
    if (slot && (book->facts[n->slot].from_claims || (n->op == RB_SAME && book->facts[n->other].from_claims)))
        return true;
    if (n->op == RB_COMPARE && (index_number_hears(book, n->left) || index_number_hears(book, n->right)))
        return true;
    for (rb_id i = 0; i < n->count; i++)
        if (index_hears(book, book->children[n->first + i]))
            return true;
    return false;
}

static bool index_limit_hears(const tk_rulebook *book, const rb_limit *limit)
{
    return (limit->where != RB_NONE && index_hears(book, limit->where))
           || (limit->share_where != RB_NONE && index_hears(book, limit->share_where))
           || (limit->bound_fact != RB_NONE && book->facts[limit->bound_fact].from_claims)
           || (limit->counts != RB_NONE && index_number_hears(book, limit->counts));
}

static void index_hearers(decide_index *index, const tk_rulebook *book)
{
    for (size_t i = 0; i < book->rules_count && index->claims_facts_count != 0; i++) {
        const rb_rule *rule = &book->rules[i];
        bool hears = rule->when != RB_NONE && index_hears(book, rule->when);
        for (size_t r = 0; r < rule->requires_count; r++)
            hears |= (rule->requires[r].limit != RB_NONE
                      && index_limit_hears(book, &book->limits[rule->requires[r].limit]))
                     || (rule->requires[r].when != RB_NONE && index_hears(book, rule->requires[r].when));
        index->claims_regimes |= hears ? UINT64_C(1) << rule->regime : 0;
    }
    for (size_t i = 0; i < book->regimes_count && index->claims_facts_count != 0; i++)
        if (book->regimes[i].when != RB_NONE && index_hears(book, book->regimes[i].when))
            index->claims_regimes |= UINT64_C(1) << i;
}

void index_make(decide_index *index, const tk_rulebook *book)
{
    size_t at = 0;
    for (size_t r = 0; r < book->regimes_count; r++) {
        index->gaps_first[r] = at;
        for (rb_id i = 0; i < book->gaps_count; i++)
            if (book->gaps[i].regime == r && book->gaps[i].when != RB_NONE)
                index->gaps[at++] = i;
    }
    index->gaps_first[book->regimes_count] = at;
    for (rb_id slot = 0; slot < book->facts_count; slot++)
        if (book->facts[slot].from_claims)
            index->claims_facts[index->claims_facts_count++] = slot;
    index_cites(index, book);
    index_dated(index, book);
    index_rules(index, book);
    index_ranks(index, book);
    index_hearers(index, book);
}
