/* SPDX-License-Identifier: Apache-2.0 */
/* share.c: what is written several times is kept once.
 *
 * Rules repeat each other's conditions, and a yes/no term or a set that is named is written out where it is named.
 * An answer is remembered per condition while deciding, so equal conditions that are one condition are answered once.
 * Two are equal when they ask the same in the same words: the words stand in the reasons. Parts have smaller numbers
 * than what they are part of, so one pass in order of number is enough. What is no longer used stays where it is.
 */
#include <string.h>

#include "base/str.h"
#include "rulebook/model.h"

typedef struct share {
    tk_rulebook *book;
    rb_id *slots; /* open addressing; RB_NONE: free */
    size_t mask;
    rb_id *sets, *nums, *nodes; /* per number: the first that is equal */
} share;

typedef bool share_equal(const share *s, rb_id a, rb_id b);

static uint64_t share_mix(uint64_t hash, uint64_t part)
{
    hash = (hash ^ part) * UINT64_C(0xff51afd7ed558ccd);
    return hash ^ hash >> 32;
}

static rb_id share_first(share *s, uint64_t hash, rb_id id, share_equal *equal)
{
    size_t at = (size_t)hash & s->mask;
    for (; s->slots[at] != RB_NONE; at = (at + 1) & s->mask)
        if (equal(s, s->slots[at], id))
            return s->slots[at];
    s->slots[at] = id;
    return id;
}

static void share_clear(share *s)
{
    for (size_t i = 0; i <= s->mask; i++)
        s->slots[i] = RB_NONE;
}

static bool share_children_equal(const share *s, rb_id a, rb_id b, rb_id count)
{
    return count == 0 || memcmp(s->book->children + a, s->book->children + b, count * sizeof *s->book->children) == 0;
}

/* ---- sets ---- */

static bool share_is_plain(const rb_set *set)
{
    return set->op != RB_SET_NAMES && set->op != RB_SET_ROWS;
}

static bool share_sets_equal(const share *s, rb_id a, rb_id b)
{
    const rb_set *x = &s->book->sets[a], *y = &s->book->sets[b];
    return x->op == y->op && x->place == y->place && x->group == y->group && x->a == y->a && x->b == y->b;
}

static void share_sets(share *s)
{
    share_clear(s);
    for (rb_id i = 0; i < s->book->sets_count; i++) {
        rb_set *set = &s->book->sets[i];
        s->sets[i] = i;
        if (!share_is_plain(set))
            continue;
        if (set->op == RB_SET_OR || set->op == RB_SET_BUT_NOT) {
            set->a = s->sets[set->a];
            set->b = s->sets[set->b];
        }
        uint64_t hash = share_mix(share_mix((uint64_t)set->op, set->place), set->group);
        s->sets[i] = share_first(s, share_mix(share_mix(hash, set->a), set->b), i, share_sets_equal);
    }
}

/* ---- numbers ---- */

static bool share_nums_equal(const share *s, rb_id a, rb_id b)
{
    const rb_num *x = &s->book->nums[a], *y = &s->book->nums[b];
    return x->op == y->op && x->slot == y->slot && x->constant == y->constant && x->count == y->count
           && share_children_equal(s, x->first, y->first, x->count);
}

static void share_nums(share *s)
{
    share_clear(s);
    for (rb_id i = 0; i < s->book->nums_count; i++) {
        const rb_num *n = &s->book->nums[i];
        uint64_t hash = share_mix(share_mix((uint64_t)n->op, n->slot), (uint64_t)n->constant);
        for (rb_id c = 0; c < n->count; c++) {
            rb_id *child = &s->book->children[n->first + c];
            *child = s->nums[*child];
            hash = share_mix(hash, *child);
        }
        s->nums[i] = share_first(s, hash, i, share_nums_equal);
    }
}

/* ---- conditions ---- */

static bool share_words_equal(const rb_words *x, const rb_words *y)
{
    if (x == NULL || y == NULL)
        return x == y;
    return tk_str_eq(x->fact, y->fact) && tk_str_eq(x->test, y->test);
}

static bool share_nodes_equal(const share *s, rb_id a, rb_id b)
{
    const rb_node *x = &s->book->nodes[a], *y = &s->book->nodes[b];
    return x->op == y->op && x->how == y->how && x->slot == y->slot && x->other == y->other && x->set == y->set
           && x->left == y->left && x->right == y->right && x->mask == y->mask && x->roles == y->roles
           && x->count == y->count && share_children_equal(s, x->first, y->first, x->count)
           && share_words_equal(x->words, y->words);
}

static void share_nodes(share *s)
{
    share_clear(s);
    for (rb_id i = 0; i < s->book->nodes_count; i++) {
        rb_node *n = &s->book->nodes[i];
        if (n->op == RB_PLACE || n->op == RB_NAME)
            n->set = s->sets[n->set];
        if (n->op == RB_COMPARE) {
            n->left = s->nums[n->left];
            n->right = s->nums[n->right];
        }
        uint64_t hash = share_mix(share_mix((uint64_t)n->op << 8 | (uint64_t)n->how, n->slot), n->mask);
        hash = share_mix(share_mix(hash, n->set), (uint64_t)n->left << 32 | n->right);
        for (rb_id c = 0; c < n->count; c++) {
            rb_id *child = &s->book->children[n->first + c];
            *child = s->nodes[*child];
            hash = share_mix(hash, *child);
        }
        /* A term is what it stands for. */
        s->nodes[i] = n->op == RB_TERM ? s->book->children[n->first] : share_first(s, hash, i, share_nodes_equal);
    }
}

static void share_use(const share *s, rb_id *node)
{
    if (*node != RB_NONE)
        *node = s->nodes[*node];
}

void tk_rb_share(tk_rulebook *book, tk_arena *scratch)
{
    size_t most = book->nodes_count < book->nums_count ? book->nums_count : book->nodes_count, size = 64;
    if (most < book->sets_count)
        most = book->sets_count;
    while (size < most * 2)
        size *= 2;
    share s = {.book = book,
               .slots = TK_ARENA_ARRAY(scratch, rb_id, size),
               .mask = size - 1,
               .sets = TK_ARENA_ARRAY(scratch, rb_id, book->sets_count),
               .nums = TK_ARENA_ARRAY(scratch, rb_id, book->nums_count),
               .nodes = TK_ARENA_ARRAY(scratch, rb_id, book->nodes_count)};
    if (scratch->failed)
        return;
    share_sets(&s);
    share_nums(&s);
    share_nodes(&s);
    for (size_t i = 0; i < book->rules_count; i++)
        share_use(&s, &book->rules[i].when);
    for (size_t i = 0; i < book->questions_count; i++)
        share_use(&s, &book->questions[i].asked);
    for (size_t i = 0; i < book->gaps_count; i++)
        share_use(&s, &book->gaps[i].when);
    for (size_t i = 0; i < book->regimes_count; i++)
        share_use(&s, &book->regimes[i].when);
}
