/* SPDX-License-Identifier: Apache-2.0 */
/* memo.c: what a clerk remembers from one order to the next changes nothing but the time it takes.
 *
 * Two clerks answer the same orders, one that remembers and one that does not; every answer must be the same bytes. The
 * orders come in an order that makes remembered answers tempting: alike but for an amount, a day, a piece of evidence.
 * The memo is also asked directly: full tables, pieces that two texts share, a key that needs more.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/compat.h"
#include "desk/desk_int.h"

typedef struct two_clerks {
    tk_desk *desk;
    tk_clerk *remembers, *forgets;
    size_t answers;
} two_clerks;

static void clerks_open(two_clerks *c)
{
    tk_err err = {0};
    *c = (two_clerks){0};
    assert_int_equal(tk_desk_open(NULL, &c->desk, NULL, &err), TK_OK);
    assert_int_equal(tk_clerk_new(c->desk, &c->remembers, &err), TK_OK);
    assert_int_equal(tk_clerk_new(c->desk, &c->forgets, &err), TK_OK);
}

static void clerks_close(two_clerks *c)
{
    tk_clerk_free(c->remembers);
    tk_clerk_free(c->forgets);
    tk_desk_close(c->desk);
}

static void clerks_answer(two_clerks *c, const tk_transaction *order)
{
    tk_ask ask = TK_ASK_INIT, forget = TK_ASK_INIT;
    tk_desk_result a, b;
    tk_str first, second;
    tk_err err = {0};
    forget.forget = true;
    assert_int_equal(tk_clerk_decide_json(c->remembers, order, &ask, &a, &first, &err), TK_OK);
    assert_int_equal(tk_clerk_decide_json(c->forgets, order, &forget, &b, &second, &err), TK_OK);
    assert_int_equal(first.len, second.len);
    assert_memory_equal(first.ptr, second.ptr, first.len);
    assert_int_equal(a.verdict, b.verdict);
    assert_int_equal(a.touched, b.touched);
    c->answers++;
}

static void set(tk_transaction *order, tk_column column, const char *text)
{
    order->cells[column] = (tk_str){text, strlen(text)};
}

static void remembering_changes_nothing(void **state)
{
    static const char *const items[] = {"nvidia-h200-sxm", "nvidia-h20-96", "nvidia-b200"};
    static const char *const ways[][2] = {{"US", "CN"}, {"TW", "US"}, {"US", "DE"}, {"DE", "FR"}};
    static const char *const quantities[] = {"1", "2000", "2000", ""};
    static const char *const dates[] = {"2026-02-10", "2026-02-11", "2023-11-16", "2023-11-17", "2027-01-05"};
    static const char *const evidence[] = {"", "us.licence", "us.licence;cn.licence", "-screened",
                                           "screened@2026-01-02"};
    two_clerks c;
    (void)state;
    clerks_open(&c);
    for (int round = 0; round < 2; round++)
        for (size_t i = 0; i < 3 * 4 * 4 * 5 * 5; i++) {
            tk_transaction order = {0};
            size_t at = i;
            set(&order, TK_COLUMN_QUANTITY, quantities[at % 4]);
            set(&order, TK_COLUMN_SHIP_DATE, dates[at / 4 % 5]);
            set(&order, TK_COLUMN_ORDER_DATE, dates[(at + (size_t)round) % 5]);
            set(&order, TK_COLUMN_ITEM, items[at / 20 % 3]);
            set(&order, TK_COLUMN_FROM, ways[at / 60 % 4][0]);
            set(&order, TK_COLUMN_TO, ways[at / 60 % 4][1]);
            set(&order, TK_COLUMN_ACTIVITY, "export");
            set(&order, TK_COLUMN_END_USER, "bytedance");
            set(&order, TK_COLUMN_EVIDENCE, evidence[at / 240 % 5]);
            clerks_answer(&c, &order);
        }
    assert_int_equal(c.answers, 2 * 1200);
    clerks_close(&c);
}

/* What a decision did not look at changes nothing: the promise the memo rests on. */
static void what_is_not_looked_at_changes_nothing(void **state)
{
    two_clerks c;
    tk_transaction order = {0};
    tk_ask ask = TK_ASK_INIT;
    tk_desk_result result;
    tk_err err = {0};
    (void)state;
    clerks_open(&c);
    set(&order, TK_COLUMN_ITEM, "nvidia-h200-sxm");
    set(&order, TK_COLUMN_FROM, "US");
    set(&order, TK_COLUMN_TO, "DE");
    set(&order, TK_COLUMN_SHIP_DATE, "2026-02-10");
    assert_int_equal(tk_clerk_decide(c.forgets, &order, &ask, &result, &err), TK_OK);
    const tk_decider *decider = tk_clerk_decider(c.forgets);
    const tk_rulebook *book = tk_desk_rulebook(c.desk);
    assert_true(tk_decider_looked_at(decider, tk_rulebook_find_fact(book, (tk_str){"route.to", 8}, NULL)));
    assert_false(tk_decider_looked_at(decider, tk_rulebook_find_fact(book, (tk_str){"currency", 8}, NULL)));
    assert_false(tk_decider_looked_at(decider, SIZE_MAX));
    clerks_close(&c);
}

/* --- the memo alone --- */

static tk_str text_of(char *buffer, size_t size, unsigned number)
{
    int len = snprintf(buffer, size, "{\"number\":%u,%0100d},{\"rest\":\"%0200d\"},{\"more\":%0100d}", number, 1, 2, 3);
    return (tk_str){buffer, (size_t)len};
}

static void memo_is_bounded_and_exact(void **state)
{
    enum { ADDED = 60000, LATE = 4 };
    desk_memo *memo = desk_memo_new();
    tk_out out;
    char buffer[1024], key[32];
    desk_memo_answer answer;
    (void)state;
    assert_non_null(memo);
    tk_out_init(&out, NULL);
    for (unsigned i = 0; i < ADDED; i++) {
        tk_str name = {key, (size_t)snprintf(key, sizeof(key), "key-%u", i)};
        assert_false(desk_memo_find(memo, name, &answer));
        desk_memo_add(memo, name, text_of(buffer, sizeof(buffer), i), TK_VERDICT_LICENCE, true);
        assert_true(desk_memo_find(memo, name, &answer));
        tk_out_reset(&out);
        desk_memo_write(memo, &answer, &out);
        tk_str text = text_of(buffer, sizeof(buffer), i);
        assert_int_equal(out.len, text.len);
        assert_memory_equal(out.bytes, text.ptr, text.len);
        assert_int_equal(answer.verdict, TK_VERDICT_LICENCE);
        assert_true(answer.touched);
        assert_int_equal(answer.late, 0);
    }
    tk_str name = {"needs more", 10};
    desk_memo_add_late(memo, name, 1);
    desk_memo_add_late(memo, name, LATE);
    assert_true(desk_memo_find(memo, name, &answer));
    assert_int_equal(answer.late, 1 | LATE);
    desk_memo_clear(memo);
    assert_false(desk_memo_find(memo, name, &answer));
    tk_out_fini(&out);
    desk_memo_free(memo);
}

/* Two worlds of a person's own that believe the same are told apart by their names. */
static void worlds_have_names(void **state)
{
    static const char *const names[] = {"first", "second", "second"};
    two_clerks c;
    tk_transaction order = {0};
    tk_ask ask = TK_ASK_INIT;
    (void)state;
    clerks_open(&c);
    set(&order, TK_COLUMN_ITEM, "nvidia-h200-sxm");
    set(&order, TK_COLUMN_FROM, "US");
    set(&order, TK_COLUMN_TO, "CN");
    ask.world = TK_WORLD_CHOSEN;
    for (size_t i = 0; i < TK_COUNT(names); i++) {
        tk_desk_result result;
        tk_str json;
        tk_err err = {0};
        char wanted[32];
        (void)snprintf(wanted, sizeof wanted, "\"%s\"", names[i]);
        ask.world_name = tk_str_from(names[i]);
        assert_int_equal(tk_clerk_decide_json(c.remembers, &order, &ask, &result, &json, &err), TK_OK);
        assert_true(tk_str_has_nocase(json, tk_str_from(wanted)));
    }
    clerks_close(&c);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(remembering_changes_nothing),
        cmocka_unit_test(what_is_not_looked_at_changes_nothing),
        cmocka_unit_test(memo_is_bounded_and_exact),
        cmocka_unit_test(worlds_have_names),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
