/* SPDX-License-Identifier: Apache-2.0 */
/* worlds.c: the H200 to a platform, a telecom operator and a university on twelve dates, under each world.
 *
 * Each day is asked about as it was known then. `because` says what on that day was reported: review (C066, C069),
 * pause (C081), barred classes (C085), the border (C091) and necessity (C089, C090), in principle (C103), the first
 * round (C105, C111) and tight control of state firms (C108), orders (C127, C176), withheld (C142, C150). A stop of
 * customs is never ended by an approval: from 23 January on whether it was lifted is asked, and the key is open in
 * between. 180 days after the last word a fact is unknown.
 */
#include "base/csv.h"
#include "base/file.h"
#include "golden/desk/golden.h"

enum { WORLDS_TEXT_MAX = 600 };

typedef struct worlds_row {
    const char *day, *expected, *because;
} worlds_row;

typedef struct worlds_buyer {
    const char *order;
    worlds_row rows[12];
} worlds_buyer;

static const worlds_buyer buyers[] = {
#include "golden/desk/worlds_rows.h"
};

static void text_add(char *text, const char *format, ...) __attribute__((format(printf, 2, 3)));
static void text_add(char *text, const char *format, ...)
{
    va_list arguments;
    size_t len = strlen(text);
    va_start(arguments, format);
    int more = vsnprintf(text + len, WORLDS_TEXT_MAX - len, format, arguments);
    va_end(arguments);
    assert_true(0 <= more && (size_t)more < WORLDS_TEXT_MAX - len);
}

static void text_claims(char *text, const tk_str *claims, size_t count)
{
    for (size_t i = 0; i < count; i++)
        text_add(text, "%s" TK_FMT, i == 0 ? " " : "+", TK_ARG_STR(claims[i]));
}

static const tk_world_range *cn_range(const tk_world_view *view)
{
    for (size_t i = 0; i < view->ranges_count; i++)
        if (tk_str_is(view->ranges[i].regime, "cn"))
            return &view->ranges[i];
    fail_msg("no range of the Chinese key");
    return NULL;
}

static tk_verdict cn_verdict(const tk_decision *decision)
{
    for (size_t i = 0; i < decision->keys_count; i++)
        if (tk_str_is(decision->keys[i].regime, "cn"))
            return decision->keys[i].verdict;
    fail_msg("no Chinese key");
    return TK_VERDICT_COUNT;
}

/* The Chinese key under the other worlds is what the range says, with the claims it names. */
static void worlds_agree(const golden *g, golden_order *order, const tk_world_range *range)
{
    static const tk_world worlds[] = {TK_WORLD_LAW, TK_WORLD_STRICT, TK_WORLD_OPEN};
    const tk_verdict expected[] = {range->law, range->worst.verdict, range->best.verdict};
    for (size_t i = 0; i < TK_COUNT(worlds); i++) {
        tk_desk_result result;
        tk_err err = {0};
        order->ask.world = worlds[i];
        assert_int_equal(tk_clerk_decide(g->clerk, &order->order, &order->ask, &result, &err), TK_OK);
        assert_int_equal(cn_verdict(result.decision), expected[i]);
    }
    assert_true(range->best.verdict <= range->prevailing.verdict && range->prevailing.verdict <= range->worst.verdict);
}

static void worlds_text(const golden *g, const char *order_text, const char *day, char *text)
{
    golden_order order;
    char words[400];
    tk_desk_result result;
    tk_err err = {0};
    (void)snprintf(words, sizeof words, "item=nvidia-h200-sxm from=US to=CN activity=export as_of=%s known_at=%s %s",
                   day, day, order_text);
    golden_read(g, words, &order);
    order.ask.world = TK_WORLD_PREVAILING;
    order.ask.range = true;
    assert_int_equal(tk_clerk_decide(g->clerk, &order.order, &order.ask, &result, &err), TK_OK);
    const tk_world_range *range = cn_range(result.world);
    text[0] = 0;
    assert_false(range->bound);
    assert_int_equal(range->prevailing.verdict, cn_verdict(result.decision));
    text_add(text, "law " TK_FMT " | prevailing " TK_FMT, TK_ARG_STR(tk_verdict_name(range->law)),
             TK_ARG_STR(tk_verdict_name(range->prevailing.verdict)));
    text_add(text, " | strict " TK_FMT, TK_ARG_STR(tk_verdict_name(range->worst.verdict)));
    text_claims(text, range->worst.claims, range->worst.claims_count);
    text_add(text, " | open " TK_FMT, TK_ARG_STR(tk_verdict_name(range->best.verdict)));
    text_claims(text, range->best.claims, range->best.claims_count);
    for (size_t i = 0; i < result.world->facts_count; i++) {
        const tk_world_fact *fact = &result.world->facts[i];
        text_add(text, " | " TK_FMT "=" TK_FMT, TK_ARG_STR(fact->fact), TK_ARG_STR(fact->value));
        text_claims(text, fact->claims, fact->claims_count);
    }
    order.ask.range = false;
    /* What the range borrows lives until the next decision. */
    tk_world_range kept = *range;
    worlds_agree(g, &order, &kept);
}

static void test_twelve_dates(void **state)
{
    unsigned wrong = 0;
    for (size_t b = 0; b < TK_COUNT(buyers); b++)
        for (size_t i = 0; i < TK_COUNT(buyers[b].rows); i++) {
            const worlds_row *row = &buyers[b].rows[i];
            char text[WORLDS_TEXT_MAX];
            worlds_text(*state, buyers[b].order, row->day, text);
            if (strcmp(text, row->expected) == 0)
                continue;
            wrong++;
            print_error("%s, %s (%s)\n  expected %s\n  is       %s\n", buyers[b].order, row->day, row->because,
                        row->expected, text);
        }
    assert_int_equal(wrong, 0);
}

/* Of every order of the example, on its own day and as known now: what prevails lies within the range of its key,
 * and so does what law alone gives. */
static void test_example_book(void **state)
{
    golden *g = *state;
    tk_arena keep;
    tk_arena_init(&keep, 1 << 16, 1 << 20);
    tk_str text;
    tk_csv_reader *csv = NULL;
    tk_err err = {0};
    const tk_csv_row *row = NULL;
    size_t orders = 0, open_ended = 0;
    assert_int_equal(tk_file_read(TEST_SOURCE_DIR "/examples/h200-2026/orders.csv", 1 << 20, &keep, &text, &err),
                     TK_OK);
    assert_int_equal(tk_csv_open_text(TK_STR("orders.csv"), text, &csv, &err), TK_OK);
    while (tk_csv_next(csv, &row, &err) == TK_OK && row != NULL) {
        tk_transaction order = {0};
        tk_desk_result result;
        tk_ask ask = TK_ASK_INIT;
        size_t columns;
        const tk_str *header = tk_csv_header(csv, &columns);
        ask.range = true;
        for (size_t i = 0; i < row->cells_count && i < columns; i++)
            order.cells[tk_column_find(header[i], NULL)] = row->cells[i];
        assert_int_equal(tk_clerk_decide(g->clerk, &order, &ask, &result, &err), TK_OK);
        for (size_t i = 0; i < result.world->ranges_count; i++) {
            const tk_world_range *range = &result.world->ranges[i];
            open_ended += range->bound ? 1 : 0;
            assert_true(range->best.verdict <= range->prevailing.verdict);
            assert_true(range->prevailing.verdict <= range->worst.verdict);
            assert_true(range->best.verdict <= range->law && range->law <= range->worst.verdict);
        }
        orders++;
    }
    tk_csv_close(csv);
    tk_arena_fini(&keep);
    assert_int_equal(orders, 42);
    assert_int_equal(open_ended, 0);
}

static int worlds_setup(void **state)
{
    static golden g;
    golden_open(&g);
    *state = &g;
    return 0;
}

static int worlds_teardown(void **state)
{
    golden_close(*state);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_twelve_dates), cmocka_unit_test(test_example_book)};
    return cmocka_run_group_tests_name("golden/desk/worlds", tests, worlds_setup, worlds_teardown);
}
