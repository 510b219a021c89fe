/* SPDX-License-Identifier: Apache-2.0 */
/* owners.c: cases of the ownership rules with what follows, small enough to check by hand; who stands in a chain; which
 * change would matter; shares as people write them. The cases of the public lists run where TWOKEY_LISTS is. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "base/csv.h"
#include "base/file.h"
#include "base/limits.h"
#include "desk/embedded.h"
#include "unit/parties/owning.h"

/* --- cases --- */

/* "A=covered; B=clear": counts what is not so. */
static size_t wrong_in(owning *o, tk_str name, tk_str expected)
{
    tk_str part, party;
    size_t wrong = 0;
    while (tk_str_split(&expected, ';', &part)) {
        (void)tk_str_split(&part, '=', &party);
        uint32_t at = owning_party(o, tk_str_trim(party));
        const char *state = at < OWNING_PARTIES ? tk_owner_state_name(tk_owners_state(o->owners, at)) : "not there";
        if (tk_str_is(tk_str_trim(part), state))
            continue;
        print_error("%.*s: %.*s is %s, not %.*s\n", (int)name.len, name.ptr, (int)party.len, party.ptr, state,
                    (int)part.len, part.ptr);
        wrong++;
    }
    return wrong;
}

static size_t wrong_case(tk_str name, tk_str parties, tk_str holdings, tk_str expected)
{
    owning o;
    if (!owning_read(&o, parties, holdings))
        fail_msg("%.*s: %s", (int)name.len, name.ptr, o.message);
    size_t wrong = wrong_in(&o, name, expected);
    owning_end(&o);
    return wrong;
}

/* Each column is what the header of the shared cases calls it. */
static const char *const cases[][4] = {
    {"half is enough", "X=listed", "X>A 50", "A=covered"},
    {"a millionth below half", "X=listed", "X>A 49.999999", "A=clear"},
    {"shares are not multiplied", "X=listed", "X>A 50; A>B 50; B>C 50", "A=covered; B=covered; C=covered"},
    {"an owner that is not covered passes nothing on", "X=listed", "X>A 49.9; A>B 100; X>B 49.9", "A=clear; B=clear"},
    {"direct and through a covered party", "X=listed", "X>A 60; X>B 25; A>B 25", "B=covered"},
    {"through two covered parties", "X=listed", "X>A 60; X>B 60; A>C 25; B>C 25", "C=covered"},
    {"two owners of one list", "X=listed; Y=listed", "X>A 20; Y>A 30", "A=covered"},
    {"two owners of lists that are added", "X=entity-list; Y=meu", "X>A 49; Y>A 1", "A=covered"},
    {"two owners of lists that are not added", "X=listed; Y=meu", "X>A 49; Y>A 49", "A=red-flag"},
    {"on both lists, counted once", "X=entity-list; X=meu", "X>A 30", "A=red-flag"},
    {"one owner alone", "X=alone; Y=alone", "X>A 49; Y>A 49; X>B 50", "A=clear; B=covered"},
    {"a minority of a list that flags it", "X=meu", "X>A 0.000001", "A=red-flag"},
    {"a minority of a list that notes it", "X=listed", "X>A 49", "A=clear"},
    {"nothing held", "X=meu", "X>A 0", "A=clear"},
    {"a minority through a covered party", "X=meu", "X>A 50; A>B 10", "A=covered; B=red-flag"},
    {"control is not ownership", "X=meu", "X controls A", "A=clear"},
    {"not known how much", "X=listed", "X>A ?", "A=red-flag"},
    {"not known how much, and enough without", "X=listed; Y=listed", "X>A ?; Y>A 50", "A=covered"},
    {"not known how much of an owner that is on no list", "X=listed; Z=clear", "Z>A ?; X>A 10", "A=clear"},
    {"a range below", "X=listed", "X>A 10-49.999999", "A=clear"},
    {"a range above", "X=listed", "X>A 50-60", "A=covered"},
    {"a range that straddles", "X=listed", "X>A 49.999999-50", "A=red-flag"},
    {"two ranges that straddle together", "X=listed; Y=listed", "X>A 20-30; Y>A 20-30", "A=red-flag"},
    {"below one that may be covered", "X=listed", "X>A ?; A>B 50", "A=red-flag; B=red-flag"},
    {"below one that may be covered, too little", "X=listed", "X>A ?; A>B 49", "B=clear"},
    {"nobody knows whether it is the entry", "X=listed?", "X>A 60", "A=red-flag"},
    {"one sure, one open", "X=listed; Y=listed?", "X>A 30; Y>A 30", "A=red-flag"},
    {"a circle that nobody feeds", "X=listed", "A>B 100; B>A 100; X>C 50", "A=clear; B=clear; C=covered"},
    {"a circle that is fed", "X=listed", "A>B 100; B>A 50; X>A 50", "A=covered; B=covered"},
    {"a circle that would cover itself", "X=listed", "A>B 100; B>A 50; X>A 49", "A=clear; B=clear"},
    {"its own shares do not count", "X=listed", "A>A 30; X>A 40", "A=clear"},
    {"more than all of it", "X=listed; Z=clear", "X>A 50; Z>A 100", "A=covered"},
    {"twice the same", "X=listed", "X>A 30; X>A 30", "A=clear"},
    {"twice, and the larger counts", "X=listed", "X>A 30; X>A 50", "A=covered"},
    {"nobody listed", "X=clear", "X>A 100; A>B 100", "A=clear; B=clear"},
};

static void test_cases(void **state)
{
    size_t wrong = 0;
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        wrong += wrong_case(tk_str_from(cases[i][0]), tk_str_from(cases[i][1]), tk_str_from(cases[i][2]),
                            tk_str_from(cases[i][3]));
    assert_int_equal(wrong, 0);
}

static void test_shared_cases(void **state)
{
    char path[512];
    tk_arena arena;
    tk_str text;
    tk_csv_reader *csv;
    const tk_csv_row *row;
    size_t wrong = 0, count = 0;
    const char *folder = getenv("TWOKEY_LISTS");
    (void)state;
    if (folder == NULL)
        skip();
    (void)snprintf(path, sizeof path, "%s/ownership-cases.csv", folder);
    tk_arena_init(&arena, 65536, 0);
    assert_int_equal(tk_file_read(path, TK_DATA_FILE_BYTES_MAX, &arena, &text, NULL), TK_OK);
    assert_int_equal(tk_csv_open_text(TK_STR("cases"), text, &csv, NULL), TK_OK);
    for (;;) {
        assert_int_equal(tk_csv_next(csv, &row, NULL), TK_OK);
        if (row == NULL)
            break;
        wrong += wrong_case(row->cells[0], row->cells[1], row->cells[2], row->cells[3]);
        count++;
    }
    tk_csv_close(csv);
    tk_arena_fini(&arena);
    print_message("%zu cases\n", count);
    assert_int_equal(wrong, 0);
    assert_in_range(count, 21, 10000);
}

/* --- the rules that come with the program --- */

static const tk_owner_rule *shipped_rules(tk_arena *arena, size_t *count)
{
    const tk_owner_rule *rules;
    for (size_t i = 0; i < tk_embedded_files_count; i++)
        if (tk_str_is(tk_embedded_files[i].path, "lists/families.csv")) {
            tk_err err = {0};
            if (tk_owner_rules_read(tk_embedded_files[i].path, tk_embedded_files[i].text, arena, &rules, count, &err)
                != TK_OK)
                fail_msg("%s", err.message);
            return rules;
        }
    fail_msg("no table of families");
    return NULL;
}

/* 30 % of one list and 20 % of another: what the law of each says of it. */
static void test_shipped_rules(void **state)
{
    static const struct {
        const char *one, *other;
        bool covered;
    } pairs[] = {{"EL", "MEU", true}, {"MEU", "EL", true}, {"EL", "SDN", true}, {"SDN", "EL", false},
                 {"EL", "EL", true},  {"SDN", "SDN", true}};
    tk_arena arena;
    size_t count;
    (void)state;
    tk_arena_init(&arena, 16384, 0);
    const tk_owner_rule *rules = shipped_rules(&arena, &count);
    for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++) {
        tk_owner_listing listings[] = {{.party = 0, .sure = true}, {.party = 1, .sure = true}};
        const tk_owner_holding holdings[] = {
            {.holder = 0, .held = 2, .low = 30 * TK_NUM_SCALE, .high = 30 * TK_NUM_SCALE},
            {.holder = 1, .held = 2, .low = 20 * TK_NUM_SCALE, .high = 20 * TK_NUM_SCALE}};
        tk_owner_input input = {.parties_count = 3, .rules = rules, .rules_count = count, .holdings = holdings,
                                .holdings_count = 2, .listings = listings, .listings_count = 2};
        tk_owners *owners;
        for (uint32_t rule = 0; rule < count; rule++) {
            listings[0].rule = tk_str_is(rules[rule].list, pairs[i].one) ? rule : listings[0].rule;
            listings[1].rule = tk_str_is(rules[rule].list, pairs[i].other) ? rule : listings[1].rule;
        }
        assert_int_equal(tk_owners_solve(&input, &arena, &owners, NULL), TK_OK);
        assert_int_equal(tk_owners_answer(owners, 2, listings[0].rule).owners == TK_OWNER_IN, pairs[i].covered);
    }
    tk_arena_fini(&arena);
}

/* --- what is said about one party --- */

static void test_answers(void **state)
{
    owning o;
    uint8_t least, most;
    (void)state;
    assert_true(owning_read(&o, TK_STR("X=entity-list; Y=meu; Z=listed?"),
                            TK_STR("X>A 30; Y>A 20; Z>A 60; Z controls A; Y>B 10; A>B ?; A>A 5; Z>C 55; Y>C 50")));
    uint32_t a = owning_party(&o, TK_STR("A")), b = owning_party(&o, TK_STR("B"));
    tk_owner_answer entity = tk_owners_answer(o.owners, a, 1), listed = tk_owners_answer(o.owners, a, 0);
    assert_int_equal(entity.owners, TK_OWNER_IN);
    assert_int_equal(entity.minority, TK_OWNER_OUT);
    assert_true(entity.low == 50 * TK_NUM_SCALE && entity.high == entity.low && !entity.control && !entity.itself);
    assert_int_equal(listed.owners, TK_OWNER_UNSURE);
    assert_int_equal(listed.minority, TK_OWNER_UNSURE);
    assert_int_equal(listed.state, TK_OWNER_RED_FLAG);
    assert_true(listed.low == 0 && listed.high == 60 * TK_NUM_SCALE && listed.control);
    /* Surely the policies of X and Y; perhaps that of Z, which is the mildest here. */
    tk_owners_review(o.owners, a, &least, &most);
    assert_int_equal(least, 3);
    assert_int_equal(most, 3);
    tk_owner_answer below = tk_owners_answer(o.owners, b, 2);
    assert_int_equal(below.owners, TK_OWNER_UNSURE);
    assert_int_equal(below.minority, TK_OWNER_UNSURE);
    assert_true(below.low == 10 * TK_NUM_SCALE && below.high == 110 * TK_NUM_SCALE);
    assert_true(tk_owners_answer(o.owners, owning_party(&o, TK_STR("X")), 1).itself);
    tk_owners_review(o.owners, owning_party(&o, TK_STR("X")), &least, &most);
    assert_int_equal(most, 0);
    size_t odd_count;
    const tk_owner_odd *odd = tk_owners_oddities(o.owners, &odd_count);
    assert_int_equal(odd_count, 3); /* that Z controls A is no second stake */
    assert_int_equal(odd[0].kind, TK_OWNER_ODD_SELF);
    assert_int_equal(odd[1].kind, TK_OWNER_ODD_OVER);
    assert_int_equal(odd[1].party, a);
    assert_true(odd[1].sum == 110 * TK_NUM_SCALE);
    assert_int_equal(odd[2].kind, TK_OWNER_ODD_OVER);
    assert_int_equal(odd[2].party, owning_party(&o, TK_STR("C")));
    owning_end(&o);
}

static void test_review_unknown(void **state)
{
    owning o;
    uint8_t least, most;
    (void)state;
    assert_true(owning_read(&o, TK_STR("X=listed; Y=entity-list"), TK_STR("X>A 50; A>B 100; Y>B 1")));
    o.listings[0].review = 0;
    assert_int_equal(tk_owners_solve(&o.input, &o.arena, &o.owners, NULL), TK_OK);
    tk_owners_review(o.owners, owning_party(&o, TK_STR("B")), &least, &most);
    assert_int_equal(least, 0);
    assert_int_equal(most, 3); /* whatever the entry says; Y's one per cent covers nothing */
    owning_end(&o);
}

/* --- chains: "A: X B = 80-80" a step --- */

static void chain_text(owning *o, const char *party, size_t rule, char *text, size_t size)
{
    const tk_owner_step *steps;
    size_t count, len = 0;
    uint32_t at = owning_party(o, tk_str_from(party));
    assert_int_equal(tk_owners_chain(o->owners, at, rule, &o->arena, &steps, &count, NULL), TK_OK);
    text[0] = 0;
    for (size_t i = 0; i < count; i++) {
        len += (size_t)snprintf(text + len, size - len, "%s" TK_FMT ":", i == 0 ? "" : "; ",
                                TK_ARG_STR(o->names[steps[i].party]));
        for (size_t j = 0; j < steps[i].holdings_count; j++)
            len += (size_t)snprintf(text + len, size - len, " " TK_FMT,
                                    TK_ARG_STR(o->names[o->holdings[steps[i].holdings[j]].holder]));
        len += (size_t)snprintf(text + len, size - len, " = %lld-%lld", (long long)(steps[i].low / TK_NUM_SCALE),
                                (long long)(steps[i].high / TK_NUM_SCALE));
    }
}

static const struct {
    const char *parties, *holdings, *party;
    size_t rule;
    const char *chain;
} chains[] = {
    {"X=listed", "X>A 50; A>B 60; B>A 30", "B", 0, "A: X = 50-50; B: A = 60-60"},
    {"X=listed", "X>A 50; A>B 60; B>A 30", "A", 0, "A: X = 50-50"},
    {"X=listed; Y=listed", "Y>A 30; X>A 20; A>C 40; X>C 11; Z>C 49", "C", 0, "A: Y X = 50-50; C: A X = 51-51"},
    {"X=entity-list; Y=meu", "X>A 60; Y>B 60; A>C 20; B>C 30", "C", 1, "A: X = 60-60; B: Y = 60-60; C: B A = 50-50"},
    {"X=listed", "X>A 10; Z>A 90", "A", 0, "A: X = 10-10"},
    {"X=listed", "Z>A 90", "A", 0, ""},
    {"X=listed", "X>A 40-60; A>B 50", "B", 0, "A: X = 40-60; B: A = 50-50"},
    {"X=listed", "X>A 50; X>B 50; A>B 50; B>A 50", "A", 0, "A: X = 50-50"},
    {"X=alone; Y=alone", "X>A 60; Y>A 30", "A", 3, "A: X Y = 60-60"},
};

static void test_chains(void **state)
{
    char text[512];
    (void)state;
    for (size_t i = 0; i < sizeof chains / sizeof *chains; i++) {
        owning o;
        assert_true(owning_read(&o, tk_str_from(chains[i].parties), tk_str_from(chains[i].holdings)));
        chain_text(&o, chains[i].party, chains[i].rule, text, sizeof text);
        assert_string_equal(text, chains[i].chain);
        owning_end(&o);
    }
}

/* --- changes: "up X>A 50 by 1" --- */

static size_t change_text(const owning *o, const tk_owner_change *change, const char *word, char *text, size_t size)
{
    static const char *const becomes[] = {"out", "unsure", "in"};
    char share[TK_NUM_TEXT_MAX], by[TK_NUM_TEXT_MAX];
    if (!change->there)
        return 0;
    (void)tk_num_format(change->share, share);
    (void)tk_num_format(change->by, by);
    const tk_owner_holding *h = &o->holdings[change->holding];
    return (size_t)snprintf(text, size, "%s " TK_FMT ">" TK_FMT " %s by %s %s;", word,
                            TK_ARG_STR(o->names[h->holder]), TK_ARG_STR(o->names[h->held]), share, by,
                            becomes[change->becomes]);
}

static const struct {
    const char *parties, *holdings, *party, *changes;
} changes[] = {
    {"X=listed", "X>A 49", "A", "up X>A 50 by 1 in;"},
    {"X=listed", "X>A 60", "A", "down X>A 50 by 10 out;"},
    {"X=listed", "X>A 40; A>B 100; X>B 10", "B", "up X>A 50 by 10 in;"},
    {"X=listed; Y=listed", "X>A 20; Y>A 10; Z>A 70", "A", "up X>A 40 by 20 in;"},
    {"X=listed; Y=listed", "X>A 40; Y>A 30", "A", "down X>A 20 by 20 out;"},
    {"X=listed", "X>A 60; A>B 55", "B", "down A>B 50 by 5 out;"},
    {"X=listed", "X>A 52; A>B 55", "B", "down X>A 50 by 2 out;"},
    {"X=listed", "X>A 60; X>B 60; A>C 50; B>C 50", "C", ""},
    {"X=listed", "X>A 50; A>B 60; B>A 30", "A", "down X>A 50 by 0 out;"},
    {"X=listed", "X>A ?", "A", "up X>A 50 by 50 in;down X>A 50 by 50 out;"},
    {"X=listed", "X>A 45-55", "A", "up X>A 50 by 5 in;down X>A 50 by 5 out;"},
    {"X=listed", "Z>A 100", "A", ""},
    {"X=listed", "X>A 10; A>B 100; Y>B ?", "B", "up X>A 50 by 40 in;"},
    {"X=listed", "X>Z 100", "A", ""},
    {"X=listed?", "X>A 40", "A", "up X>A 50 by 10 unsure;"},
    {"X=listed; Y=listed", "X>A 20-30; Y>A 10", "A", "up X>A 40 by 10 in;"},
};

static void test_changes(void **state)
{
    char text[512];
    (void)state;
    for (size_t i = 0; i < sizeof changes / sizeof *changes; i++) {
        owning o;
        tk_owner_change up, down;
        bool complete;
        assert_true(owning_read(&o, tk_str_from(changes[i].parties), tk_str_from(changes[i].holdings)));
        uint32_t party = owning_party(&o, tk_str_from(changes[i].party));
        assert_int_equal(tk_owners_solve(&o.input, &o.arena, &o.owners, NULL), TK_OK);
        assert_int_equal(tk_owners_change(o.owners, party, 0, &o.arena, &up, &down, &complete, NULL), TK_OK);
        assert_true(complete);
        text[0] = 0;
        size_t len = change_text(&o, &up, "up", text, sizeof text);
        (void)change_text(&o, &down, "down", text + len, sizeof text - len);
        if (strcmp(text, changes[i].changes) != 0)
            fail_msg("%s: %s, not %s", changes[i].holdings, text, changes[i].changes);
        owning_end(&o);
    }
}

/* A listed party has a tenth of each of `tried` companies, each of which has a hundredth of P: none of these holdings
 * alone can cover P, and each has to be tried. Others who hold a little make it `edges` holdings in all. */
static bool all_tried(size_t tried, size_t edges)
{
    tk_arena arena;
    tk_owners *owners;
    tk_owner_change up, down;
    bool complete;
    tk_arena_init(&arena, (size_t)1024 * 1024, 0);
    size_t parties = 2 + edges - tried, count = 0; /* the listed one, P, and everybody who has a part of P */
    tk_owner_holding *holdings = TK_ARENA_ARRAY(&arena, tk_owner_holding, edges);
    const tk_owner_listing listing = {.party = 0, .rule = 0, .sure = true};
    assert_non_null(holdings);
    for (uint32_t i = 2; i < parties; i++) {
        bool one = i < 2 + tried;
        if (one)
            holdings[count++] = (tk_owner_holding){
                .holder = 0, .held = i, .low = 10 * TK_NUM_SCALE, .high = 10 * TK_NUM_SCALE};
        holdings[count++] = (tk_owner_holding){.holder = i, .held = 1, .low = TK_NUM_SCALE, .high = TK_NUM_SCALE};
    }
    assert_int_equal(count, edges);
    tk_owner_input input = {.parties_count = parties, .rules = owning_rules, .rules_count = 1, .holdings = holdings,
                            .holdings_count = count, .listings = &listing, .listings_count = 1};
    assert_int_equal(tk_owners_solve(&input, &arena, &owners, NULL), TK_OK);
    assert_int_equal(tk_owners_change(owners, 1, 0, &arena, &up, &down, &complete, NULL), TK_OK);
    assert_false(up.there || down.there);
    tk_arena_fini(&arena);
    return complete;
}

/* The graph as it is takes one try. */
static void test_tries(void **state)
{
    (void)state;
    assert_true(all_tried(TK_OWNER_TRIES_MAX - 2, 3000));
    assert_false(all_tried(TK_OWNER_TRIES_MAX - 1, 3000));
    assert_true(all_tried(TK_OWNER_TRIES_MAX - 2, TK_OWNER_WORK_MAX / TK_OWNER_TRIES_MAX));
    assert_false(all_tried(TK_OWNER_TRIES_MAX - 2, TK_OWNER_WORK_MAX / TK_OWNER_TRIES_MAX + 1));
}

/* --- shares, and input that cannot be --- */

static void test_shares(void **state)
{
    static const char *const good[][2] = {{"50", "50"},       {"49.999999", "49.999999"}, {" 50 % ", "50"},
                                          {"45-55", "45-55"}, {"45 % - 55 %", "45-55"},   {"?", "?"},
                                          {"0", "0"},         {"100", "100"},             {"10-10", "10"}};
    static const char *const bad[] = {"", "-", "50-", "-5", "-50", "55-45", "100.000001", "half", "1e2", "10-20-30",
                                      "50 %%"};
    tk_arena arena;
    (void)state;
    tk_arena_init(&arena, 4096, 0);
    for (size_t i = 0; i < sizeof good / sizeof *good; i++) {
        tk_owner_holding h = {0};
        assert_int_equal(tk_owner_share_parse(tk_str_from(good[i][0]), &h, NULL), TK_OK);
        tk_str text = tk_owner_share_text(&h, &arena);
        assert_true(tk_str_is(text, good[i][1]));
    }
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        tk_owner_holding h = {0};
        assert_int_equal(tk_owner_share_parse(tk_str_from(bad[i]), &h, NULL), TK_ERR_INPUT);
    }
    tk_arena_fini(&arena);
}

static void refused(const tk_owner_input *input, tk_status wanted)
{
    tk_arena arena;
    tk_owners *owners;
    tk_arena_init(&arena, 4096, 0);
    assert_int_equal(tk_owners_solve(input, &arena, &owners, NULL), wanted);
    assert_null(owners);
    tk_arena_fini(&arena);
}

static void test_refused(void **state)
{
    static tk_owner_rule rules[TK_OWNER_RULES_MAX + 1];
    static char names[TK_OWNER_RULES_MAX + 1][16];
    tk_arena arena;
    tk_owners *owners;
    (void)state;
    for (int i = 0; i <= TK_OWNER_RULES_MAX; i++) {
        (void)snprintf(names[i], sizeof names[i], "L%d", i);
        rules[i] = (tk_owner_rule){
            .list = tk_str_from(names[i]), .with = TK_STR("L0;L63"), .percent = TK_NUM_SCALE, .aggregate = true};
    }
    tk_owner_input input = {.rules = rules, .rules_count = TK_OWNER_RULES_MAX};
    tk_arena_init(&arena, 4096, 0);
    assert_int_equal(tk_owners_solve(&input, &arena, &owners, NULL), TK_OK);
    tk_arena_fini(&arena);
    input.rules_count++;
    refused(&input, TK_ERR_LIMIT);
    input.rules_count = 1;
    refused(&input, TK_ERR_INPUT); /* L63 is not there */
    rules[0].with = TK_STR("");
    rules[0].percent = 0;
    refused(&input, TK_ERR_INPUT);
    rules[0].percent = 100 * TK_NUM_SCALE + 1;
    refused(&input, TK_ERR_INPUT);
    rules[0].percent = 100 * TK_NUM_SCALE;
    tk_owner_holding holding = {.holder = 0, .held = 1};
    input.holdings = &holding;
    input.holdings_count = 1;
    input.parties_count = 1;
    refused(&input, TK_ERR_LIMIT);
    input.holdings_count = 0;
    tk_owner_listing listing = {.party = 0, .rule = 1};
    input.listings = &listing;
    input.listings_count = 1;
    refused(&input, TK_ERR_LIMIT);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_cases),  cmocka_unit_test(test_shared_cases),   cmocka_unit_test(test_answers),
        cmocka_unit_test(test_shipped_rules), cmocka_unit_test(test_tries),
        cmocka_unit_test(test_chains), cmocka_unit_test(test_review_unknown), cmocka_unit_test(test_changes),
        cmocka_unit_test(test_shares), cmocka_unit_test(test_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
