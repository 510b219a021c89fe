/* SPDX-License-Identifier: Apache-2.0 */
/* owners.c: who is covered by ownership among 10,000 parties with 100,000 holdings, by 14 rules: the two fixed points
 * and the answer of every party; and the least change of one holding for a party of that graph.
 */
#include <stdio.h>
#include <stdlib.h>

#include "base/num.h"
#include "bench.h"
#include "parties/owners.h"

enum { PARTIES = 10000, HOLDINGS = 100000, LISTED = 500, RULES = 14, RUNS = 50, CHANGES = 20, ARENA_CHUNK = 1 << 20 };

static char names[RULES][8];
static tk_owner_rule rules[RULES];
static tk_owner_holding holdings[HOLDINGS];
static tk_owner_listing listings[LISTED];

/* Shares as they are: mostly small, some above half, some not known; three rules add each other's owners. */
static void make(void)
{
    uint64_t state = 1;
    for (int i = 0; i < RULES; i++) {
        int len = snprintf(names[i], sizeof names[i], "L%d", i);
        rules[i] = (tk_owner_rule){.list = {names[i], (size_t)len},
                                   .with = i < 3 ? TK_STR("L0;L1;L2") : TK_STR(""),
                                   .percent = 50 * TK_NUM_SCALE,
                                   .aggregate = true,
                                   .minority = TK_OWNER_MINORITY_RED_FLAG};
    }
    for (int i = 0; i < HOLDINGS; i++) {
        bool unknown = bench_below(&state, 50) == 0;
        tk_num share = (tk_num)(bench_below(&state, 20) == 0 ? 60 : bench_below(&state, 12)) * TK_NUM_SCALE;
        holdings[i] = (tk_owner_holding){.holder = (uint32_t)bench_below(&state, PARTIES),
                                         .held = (uint32_t)bench_below(&state, PARTIES),
                                         .low = unknown ? 0 : share,
                                         .high = unknown ? 100 * TK_NUM_SCALE : share,
                                         .unknown = unknown};
    }
    for (int i = 0; i < LISTED; i++)
        listings[i] = (tk_owner_listing){.party = (uint32_t)bench_below(&state, PARTIES),
                                         .rule = (uint32_t)bench_below(&state, RULES),
                                         .sure = bench_below(&state, 8) != 0,
                                         .review = (uint8_t)bench_below(&state, 4)};
}

static size_t covered(const tk_owners *owners)
{
    size_t count = 0;
    for (uint32_t party = 0; party < PARTIES; party++)
        count += tk_owners_state(owners, party) == TK_OWNER_COVERED ? 1 : 0;
    return count;
}

static double change_ms(const tk_owners *owners, uint32_t party)
{
    tk_arena arena;
    tk_owner_change up, down;
    bool complete;
    tk_arena_init(&arena, ARENA_CHUNK, 0);
    uint64_t begin = bench_now_ns();
    if (tk_owners_change(owners, party, 0, &arena, &up, &down, &complete, NULL) != TK_OK)
        bench_fail("no change could be looked for");
    double took = (double)(bench_now_ns() - begin) / 1e6;
    tk_arena_fini(&arena);
    return took;
}

static void say(const char *name, bench_stats stats)
{
    (void)printf("owners.%s.p50\t%.3f\nowners.%s.p99\t%.3f\n", name, stats.median, name, stats.p99);
}

int main(void)
{
    const tk_owner_input input = {.parties_count = PARTIES,
                                  .rules = rules,
                                  .rules_count = RULES,
                                  .holdings = holdings,
                                  .holdings_count = HOLDINGS,
                                  .listings = listings,
                                  .listings_count = LISTED,
                                  .review_max = 3};
    double solved[RUNS], changed[CHANGES];
    tk_owners *owners = NULL;
    tk_arena arena;
    make();
    tk_arena_init(&arena, ARENA_CHUNK, 0);
    for (int i = 0; i < RUNS; i++) {
        tk_arena_reset(&arena);
        uint64_t begin = bench_now_ns();
        if (tk_owners_solve(&input, &arena, &owners, NULL) != TK_OK || covered(owners) == 0)
            bench_fail("the owners could not be added up");
        solved[i] = (double)(bench_now_ns() - begin) / 1e6;
    }
    for (uint32_t i = 0; i < CHANGES; i++)
        changed[i] = change_ms(owners, i * (PARTIES / CHANGES));
    say("solve_ms", bench_stats_of(solved, RUNS));
    say("change_ms", bench_stats_of(changed, CHANGES));
    tk_arena_fini(&arena);
    return 0;
}
