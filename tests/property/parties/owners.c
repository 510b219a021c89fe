/* SPDX-License-Identifier: Apache-2.0 */
/* owners.c: the fixed point of ownership against a reference that counts again and again until nothing changes: every
 * graph of three parties with few shares, and random ones of five. And what must hold whatever the graph: another
 * stake of a covered party never uncovers anybody, the order of the input does not matter, and the least change of one
 * holding is the least that the reference finds.
 *
 * COUNT=n tries n random graphs (3000); SEED=n chooses them (1).
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "seams/chance.h"
#include "unit/parties/owning.h"

enum { PARTIES_MAX = 5, HOLDINGS_MAX = 24, LISTINGS_MAX = 12 };
#define PERCENT TK_NUM_SCALE

static uint64_t random_state;

static uint64_t next_random(void)
{
    return test_random(&random_state);
}

typedef struct graph {
    tk_owner_holding holdings[HOLDINGS_MAX];
    tk_owner_listing listings[LISTINGS_MAX];
    tk_owner_input input;
} graph;

static void graph_begin(graph *g, size_t parties)
{
    *g = (graph){.input = {.parties_count = parties,
                           .rules = owning_rules,
                           .rules_count = OWNING_RULES,
                           .review_max = 3}};
}

static void graph_hold(graph *g, uint32_t holder, uint32_t held, tk_num low, tk_num high)
{
    g->holdings[g->input.holdings_count++] =
        (tk_owner_holding){.holder = holder, .held = held, .low = low, .high = high};
}

static void graph_list(graph *g, uint32_t party, uint32_t rule, bool sure)
{
    g->listings[g->input.listings_count++] =
        (tk_owner_listing){.party = party, .rule = rule, .sure = sure, .review = (uint8_t)(rule % 3 + 1)};
}

/* The input points into the graph, which is copied about. */
static const tk_owner_input *graph_input(graph *g)
{
    g->input.holdings = g->holdings;
    g->input.listings = g->listings;
    return &g->input;
}

/* --- the reference --- */

typedef struct covered {
    bool ruled[PARTIES_MAX][OWNING_RULES], is[PARTIES_MAX][OWNING_RULES];
} covered;

static bool counts_for(size_t owner_rule, size_t rule)
{
    /* entity-list and meu add each other's stakes. */
    return owner_rule == rule || (owner_rule + rule == 3 && owner_rule != 0 && rule != 0);
}

static bool ref_reaches(const graph *g, bool high, const covered *c, size_t party, size_t rule)
{
    tk_num sum = 0, most = 0;
    bool own = false;
    for (size_t i = 0; i < g->input.parties_count; i++) {
        tk_num share = 0;
        bool counts = false;
        for (size_t j = 0; j < g->input.holdings_count; j++) {
            const tk_owner_holding *h = &g->holdings[j];
            tk_num of = high ? h->high : h->low;
            if (h->holder == i && h->held == party && i != party && share < of)
                share = of;
        }
        for (size_t j = 0; j < OWNING_RULES; j++)
            counts |= c->is[i][j] && counts_for(j, rule);
        own |= share != 0 && c->is[i][rule];
        sum += counts ? share : 0;
        most = c->is[i][rule] && most < share ? share : most;
    }
    return owning_rules[rule].aggregate ? own && 50 * PERCENT <= sum : 50 * PERCENT <= most;
}

static covered reference(const graph *g, bool high)
{
    covered c = {0};
    bool moved = true;
    for (size_t i = 0; i < g->input.listings_count; i++)
        if (high || g->listings[i].sure)
            c.is[g->listings[i].party][g->listings[i].rule] = true;
    while (moved) {
        moved = false;
        for (size_t party = 0; party < g->input.parties_count; party++)
            for (size_t rule = 0; rule < OWNING_RULES; rule++)
                if (!c.ruled[party][rule] && ref_reaches(g, high, &c, party, rule))
                    moved = c.ruled[party][rule] = c.is[party][rule] = true;
    }
    return c;
}

/* --- comparing --- */

static tk_owners *solved(graph *g, tk_arena *arena)
{
    tk_owners *owners;
    assert_int_equal(tk_owners_solve(graph_input(g), arena, &owners, NULL), TK_OK);
    return owners;
}

static void must_agree(graph *g, const tk_owners *owners)
{
    covered low = reference(g, false), high = reference(g, true);
    for (uint32_t party = 0; party < g->input.parties_count; party++)
        for (size_t rule = 0; rule < OWNING_RULES; rule++) {
            tk_owner_answer answer = tk_owners_answer(owners, party, rule);
            assert_int_equal(answer.owners == TK_OWNER_IN, low.ruled[party][rule]);
            assert_int_equal(answer.owners != TK_OWNER_OUT, high.ruled[party][rule]);
            assert_true(answer.low <= answer.high);
            assert_int_equal(answer.state == TK_OWNER_COVERED, answer.owners == TK_OWNER_IN);
            assert_false(answer.owners == TK_OWNER_IN && answer.minority != TK_OWNER_OUT);
        }
}

static void test_every_small_graph(void **state)
{
    static const tk_num lows[] = {0, 25 * PERCENT, 50 * PERCENT, 0};
    static const tk_num highs[] = {0, 25 * PERCENT, 50 * PERCENT, 100 * PERCENT};
    tk_arena arena;
    (void)state;
    tk_arena_init(&arena, (size_t)16 * 1024, 0);
    for (unsigned shares = 0; shares < 1U << 12; shares++)
        for (unsigned lists = 0; lists < 64; lists++) {
            graph g;
            unsigned at = 0;
            graph_begin(&g, 3);
            for (uint32_t holder = 0; holder < 3; holder++)
                for (uint32_t held = 0; held < 3; held++) {
                    if (holder == held)
                        continue;
                    unsigned share = shares >> 2 * at++ & 3;
                    if (share != 0)
                        graph_hold(&g, holder, held, lows[share], highs[share]);
                }
            for (uint32_t party = 0; party < 3; party++) {
                unsigned list = lists >> 2 * party & 3;
                if (list != 0)
                    graph_list(&g, party, list - 1, list != 1);
            }
            tk_arena_reset(&arena);
            must_agree(&g, solved(&g, &arena));
        }
    tk_arena_fini(&arena);
}

static void random_graph(graph *g)
{
    static const tk_num some[] = {0, 1, 10 * PERCENT, 20 * PERCENT, 25 * PERCENT, 30 * PERCENT, 50 * PERCENT - 1,
                                  50 * PERCENT, 60 * PERCENT, 100 * PERCENT};
    graph_begin(g, 2 + next_random() % (PARTIES_MAX - 1));
    size_t parties = g->input.parties_count, holdings = next_random() % 13, listings = 1 + next_random() % 3;
    for (size_t i = 0; i < holdings; i++) {
        tk_num a = some[next_random() % 10], b = next_random() % 3 == 0 ? some[next_random() % 10] : a;
        graph_hold(g, (uint32_t)(next_random() % parties), (uint32_t)(next_random() % parties), a < b ? a : b,
                   a < b ? b : a);
    }
    for (size_t i = 0; i < listings; i++)
        graph_list(g, (uint32_t)(next_random() % parties), (uint32_t)(next_random() % OWNING_RULES),
                   next_random() % 4 != 0);
}

/* Whoever was covered still is, and whoever was not clear is not. */
static void must_not_lose(graph *g, const tk_owners *before, tk_arena *arena)
{
    const tk_owners *after = solved(g, arena);
    for (uint32_t party = 0; party < g->input.parties_count; party++)
        for (size_t rule = 0; rule < OWNING_RULES; rule++)
            assert_true(tk_owners_answer(before, party, rule).owners <= tk_owners_answer(after, party, rule).owners);
}

static void more_holdings(const graph *g, const tk_owners *owners, tk_arena *arena)
{
    graph more = *g;
    uint32_t holder = (uint32_t)(next_random() % g->input.parties_count);
    tk_num share = (tk_num)(next_random() % 101) * PERCENT;
    graph_hold(&more, holder, (uint32_t)(next_random() % g->input.parties_count), share, share);
    must_not_lose(&more, owners, arena);
    more = *g;
    if (more.input.holdings_count == 0)
        return;
    tk_owner_holding *raised = &more.holdings[next_random() % more.input.holdings_count];
    raised->low = raised->low < share ? share : raised->low;
    raised->high = raised->high < share ? share : raised->high;
    must_not_lose(&more, owners, arena);
}

static void other_order(const graph *g, const tk_owners *owners, tk_arena *arena)
{
    graph turned = *g;
    for (size_t i = 0; i < g->input.holdings_count; i++)
        turned.holdings[i] = g->holdings[g->input.holdings_count - 1 - i];
    for (size_t i = 0; i < g->input.listings_count; i++)
        turned.listings[i] = g->listings[g->input.listings_count - 1 - i];
    const tk_owners *other = solved(&turned, arena);
    for (uint32_t party = 0; party < g->input.parties_count; party++) {
        uint8_t least[2], most[2];
        tk_owners_review(owners, party, &least[0], &most[0]);
        tk_owners_review(other, party, &least[1], &most[1]);
        assert_int_equal(least[0], least[1]);
        assert_int_equal(most[0], most[1]);
        assert_true(least[0] <= most[0]);
        for (size_t rule = 0; rule < OWNING_RULES; rule++) {
            tk_owner_answer a = tk_owners_answer(owners, party, rule), b = tk_owners_answer(other, party, rule);
            assert_true(a.owners == b.owners && a.minority == b.minority && a.low == b.low && a.high == b.high);
        }
    }
}

/* --- the least change --- */

/* Is the party covered in the reference when the pair of this holding has this share on this side? */
static bool ref_with(const graph *g, bool high, size_t holding, tk_num share, uint32_t party, size_t rule)
{
    graph other = *g;
    for (size_t i = 0; i < g->input.holdings_count; i++)
        if (g->holdings[i].holder == g->holdings[holding].holder && g->holdings[i].held == g->holdings[holding].held)
            *(high ? &other.holdings[i].high : &other.holdings[i].low) = share;
    return reference(&other, high).ruled[party][rule];
}

/* What the pair of a holding has: of several rows the largest. */
static tk_num ref_share(const graph *g, bool high, size_t holding)
{
    tk_num share = 0;
    for (size_t i = 0; i < g->input.holdings_count; i++) {
        tk_num of = high ? g->holdings[i].high : g->holdings[i].low;
        if (g->holdings[i].holder == g->holdings[holding].holder && g->holdings[i].held == g->holdings[holding].held
            && share < of)
            share = of;
    }
    return share;
}

/* The smallest share of the pair at which the party is covered; above 100 % when there is none. Larger shares only
 * cover more, so halving finds it. */
static tk_num ref_from(const graph *g, bool high, size_t holding, uint32_t party, size_t rule)
{
    tk_num from = 0, to = 100 * PERCENT + 1;
    while (from < to) {
        tk_num middle = from + (to - from) / 2;
        if (ref_with(g, high, holding, middle, party, rule))
            to = middle;
        else
            from = middle + 1;
    }
    return from;
}

static tk_num ref_least(const graph *g, bool high, bool up, uint32_t party, size_t rule)
{
    tk_num least = 0;
    for (size_t i = 0; i < g->input.holdings_count; i++) {
        if (g->holdings[i].holder == g->holdings[i].held)
            continue;
        tk_num from = ref_from(g, high, i, party, rule), share = ref_share(g, high, i);
        if (up ? 100 * PERCENT < from : from == 0)
            continue;
        tk_num by = up ? from - share : share - from + 1;
        least = least == 0 || by < least ? by : least;
    }
    return least;
}

static void least_change(const graph *g, const tk_owners *owners, tk_arena *arena)
{
    uint32_t party = (uint32_t)(next_random() % g->input.parties_count);
    size_t rule = next_random() % OWNING_RULES;
    tk_owner_change up, down;
    bool complete;
    assert_int_equal(tk_owners_change(owners, party, rule, arena, &up, &down, &complete, NULL), TK_OK);
    assert_true(complete);
    tk_owner_in owned = tk_owners_answer(owners, party, rule).owners;
    if (owned != TK_OWNER_IN)
        assert_int_equal(up.there ? up.by : 0, ref_least(g, owned == TK_OWNER_OUT, true, party, rule));
    else
        assert_false(up.there);
    if (owned != TK_OWNER_OUT)
        assert_int_equal(down.there ? down.by + 1 : 0, ref_least(g, owned == TK_OWNER_UNSURE, false, party, rule));
    else
        assert_false(down.there);
    if (up.there)
        assert_true(ref_with(g, owned == TK_OWNER_OUT, up.holding, up.share, party, rule));
    if (down.there)
        assert_true(!ref_with(g, owned == TK_OWNER_UNSURE, down.holding, down.share - 1, party, rule)
                    && ref_with(g, owned == TK_OWNER_UNSURE, down.holding, down.share, party, rule));
}

static void test_random_graphs(void **state)
{
    uint64_t count = test_chosen("COUNT", 3000);
    tk_arena arena;
    (void)state;
    random_state = test_chosen("SEED", 1);
    tk_arena_init(&arena, (size_t)64 * 1024, 0);
    for (uint64_t i = 0; i < count; i++) {
        graph g;
        tk_arena_reset(&arena);
        random_graph(&g);
        const tk_owners *owners = solved(&g, &arena);
        must_agree(&g, owners);
        more_holdings(&g, owners, &arena);
        other_order(&g, owners, &arena);
        least_change(&g, owners, &arena);
    }
    tk_arena_fini(&arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_every_small_graph),
        cmocka_unit_test(test_random_graphs),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
