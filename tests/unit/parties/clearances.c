/* SPDX-License-Identifier: Apache-2.0 */
/* clearances.c: decisions about hits: what counts, until when, and what has changed since. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "parties/clearances.h"
#include "unit/parties/book.h"

typedef struct stage {
    tk_store *store;
    tk_arena arena;
    tk_compared sides[TK_COMPARED_SIDES];
} stage;

static int stage_make(void **state)
{
    static stage s;
    s = (stage){.store = NULL};
    tk_arena_init(&s.arena, 4096, 0);
    assert_int_equal(test_parties_open(&s.store, NULL, NULL, NULL), TK_OK);
    for (int side = 0; side < TK_COMPARED_SIDES; side++)
        for (int field = 0; field < TK_COMPARED_FIELD_COUNT; field++)
            s.sides[side].fields[field] = tk_str_from(tk_compared_field_name((tk_compared_field)field));
    *state = &s;
    return 0;
}

static int stage_remove(void **state)
{
    stage *s = *state;
    tk_store_close(s->store);
    tk_arena_fini(&s->arena);
    return 0;
}

static tk_status decide(stage *s, const char *hit, const char *party, bool confirmed, const char *reason)
{
    tk_clearance decision = {.day = 20000,
                             .who = TK_STR("desk"),
                             .hit = tk_str_from(hit),
                             .party = tk_str_from(party),
                             .reason = tk_str_from(reason),
                             .confirmed = confirmed};
    int64_t number;
    return tk_clearances_add(s->store, &decision, s->sides, &number, NULL);
}

static tk_clearance_answer found(stage *s, const char *hit, const char *party)
{
    tk_clearance_answer answer;
    assert_int_equal(tk_clearances_find(s->store, tk_str_from(hit), tk_str_from(party), s->sides, &s->arena, &answer,
                                        NULL), TK_OK);
    return answer;
}

static void test_decisions(void **state)
{
    stage *s = *state;
    assert_int_equal(found(s, "EL:a", "acme").state, TK_CLEARANCE_OPEN);
    assert_int_equal(decide(s, "EL:a", "acme", false, "another town"), TK_OK);
    tk_clearance_answer answer = found(s, "EL:a", "acme");
    assert_int_equal(answer.state, TK_CLEARANCE_CLEARED);
    assert_true(tk_str_is(answer.last.who, "desk") && tk_str_is(answer.last.reason, "another town"));
    assert_int_equal(answer.last.day, 20000);
    assert_int_equal(answer.last.number, 1);
    assert_int_equal(found(s, "EL:b", "acme").state, TK_CLEARANCE_OPEN);
    assert_int_equal(found(s, "EL:a", "other").state, TK_CLEARANCE_OPEN);
    assert_int_equal(decide(s, "EL:a", "acme", true, ""), TK_OK);
    assert_int_equal(found(s, "EL:a", "acme").state, TK_CLEARANCE_CONFIRMED);
    assert_int_equal(decide(s, "EL:a", "acme", false, "a mistake"), TK_OK);
    assert_int_equal(found(s, "EL:a", "acme").state, TK_CLEARANCE_CLEARED);
}

/* Whatever field of either side changes, the clearance has lapsed, and no sooner. */
static void test_lapses(void **state)
{
    stage *s = *state;
    assert_int_equal(decide(s, "EL:a", "acme", false, "reason"), TK_OK);
    for (int side = 0; side < TK_COMPARED_SIDES; side++)
        for (int field = 0; field < TK_COMPARED_FIELD_COUNT; field++) {
            tk_str before = s->sides[side].fields[field];
            s->sides[side].fields[field] = TK_STR("changed");
            tk_clearance_answer answer = found(s, "EL:a", "acme");
            assert_int_equal(answer.state, TK_CLEARANCE_LAPSED);
            assert_int_equal(answer.changes_count, 1);
            assert_int_equal(answer.changes[0].side, side);
            assert_int_equal(answer.changes[0].field, field);
            assert_true(tk_str_eq(answer.changes[0].before, before) && tk_str_is(answer.changes[0].now, "changed"));
            s->sides[side].fields[field] = before;
            assert_int_equal(found(s, "EL:a", "acme").state, TK_CLEARANCE_CLEARED);
        }
    /* All of them together, and cleared anew as they are. */
    for (int side = 0; side < TK_COMPARED_SIDES; side++)
        for (int field = 0; field < TK_COMPARED_FIELD_COUNT; field++)
            s->sides[side].fields[field] = TK_STR("");
    assert_int_equal(found(s, "EL:a", "acme").changes_count, TK_COMPARED_SIDES * TK_COMPARED_FIELD_COUNT);
    assert_int_equal(decide(s, "EL:a", "acme", false, "looked again"), TK_OK);
    assert_int_equal(found(s, "EL:a", "acme").state, TK_CLEARANCE_CLEARED);
    assert_int_equal(found(s, "EL:a", "acme").changes_count, 0);
}

static void test_confirmed_stays(void **state)
{
    stage *s = *state;
    assert_int_equal(decide(s, "SDN:7", "acme", true, ""), TK_OK);
    s->sides[TK_COMPARED_PARTY].fields[TK_COMPARED_NAME] = TK_STR("New name");
    tk_clearance_answer answer = found(s, "SDN:7", "acme");
    assert_int_equal(answer.state, TK_CLEARANCE_CONFIRMED);
    assert_int_equal(answer.changes_count, 1);
}

static void test_refused(void **state)
{
    stage *s = *state;
    assert_int_equal(decide(s, "EL", "acme", true, ""), TK_ERR_INPUT);
    assert_int_equal(decide(s, ":a", "acme", true, ""), TK_ERR_INPUT);
    assert_int_equal(decide(s, "EL:", "acme", true, ""), TK_ERR_INPUT);
    assert_int_equal(decide(s, "EL:a", "a b", true, ""), TK_ERR_INPUT);
    assert_int_equal(decide(s, "EL:a", "acme", false, " "), TK_ERR_INPUT);
    tk_clearance nobody = {.who = TK_STR(""), .hit = TK_STR("EL:a"), .party = TK_STR("acme"), .confirmed = true};
    int64_t number;
    assert_int_equal(tk_clearances_add(s->store, &nobody, s->sides, &number, NULL), TK_ERR_INPUT);
    assert_int_equal(found(s, "EL:a", "acme").state, TK_CLEARANCE_OPEN);
}

static tk_status note(void *context, const tk_clearance *decision, tk_err *err)
{
    char *text = context;
    (void)err;
    (void)snprintf(text + strlen(text), 200 - strlen(text), TK_FMT "/" TK_FMT "%s ", TK_ARG_STR(decision->party),
                   TK_ARG_STR(decision->hit), decision->confirmed ? "!" : "");
    return TK_OK;
}

static void test_lists(void **state)
{
    stage *s = *state;
    char text[200] = "";
    assert_int_equal(decide(s, "SDN:2", "acme", true, ""), TK_OK);
    assert_int_equal(decide(s, "EL:1", "acme", true, ""), TK_OK);
    assert_int_equal(decide(s, "EL:3", "acme", true, ""), TK_OK);
    assert_int_equal(decide(s, "EL:3", "acme", false, "not after all"), TK_OK);
    assert_int_equal(decide(s, "EL:1", "beta", true, ""), TK_OK);
    assert_int_equal(tk_clearances_confirmed(s->store, TK_STR("acme"), note, text, NULL), TK_OK);
    assert_string_equal(text, "acme/EL:1! acme/SDN:2! ");
    text[0] = 0;
    assert_int_equal(tk_clearances_list(s->store, TK_STR("acme"), note, text, NULL), TK_OK);
    assert_string_equal(text, "acme/SDN:2! acme/EL:1! acme/EL:3! acme/EL:3 ");
    text[0] = 0;
    assert_int_equal(tk_clearances_list(s->store, TK_STR(""), note, text, NULL), TK_OK);
    assert_string_equal(text, "acme/SDN:2! acme/EL:1! acme/EL:3! acme/EL:3 beta/EL:1! ");
}

/* Values in another order are the same side. */
static void test_sides(void **state)
{
    stage *s = *state;
    tk_list_alias aliases[] = {{.text = TK_STR("Beta")}, {.text = TK_STR("Alpha")}};
    tk_str countries[] = {TK_STR("HK"), TK_STR("CN")};
    tk_list_text addresses[] = {{TK_STR("CN"), TK_STR("2 Road")}, {TK_STR(""), TK_STR("1 Road")}};
    tk_list_text identifiers[] = {{TK_STR("IMO"), TK_STR("9187629")}};
    tk_list_entry entry = {.name = TK_STR("Name"),
                           .aliases = aliases,
                           .aliases_count = 2,
                           .countries = countries,
                           .countries_count = 2,
                           .addresses = addresses,
                           .addresses_count = 2,
                           .identifiers = identifiers,
                           .identifiers_count = 1};
    static const char *const wanted[] = {"Name", "Alpha;Beta", "CN;HK", "1 Road;CN 2 Road", "IMO 9187629", ""};
    for (int turn = 0; turn < 2; turn++) {
        tk_compared side;
        assert_int_equal(tk_compared_of_entry(&entry, &s->arena, &side, NULL), TK_OK);
        for (int field = 0; field < TK_COMPARED_FIELD_COUNT; field++)
            assert_true(tk_str_is(side.fields[field], wanted[field]));
        tk_list_alias alias = aliases[0];
        aliases[0] = aliases[1];
        aliases[1] = alias;
    }
    tk_party_record party = {.number = 1};
    for (int column = 0; column < TK_PARTY_COLUMN_COUNT; column++)
        party.cells[column] = tk_str_from(tk_parties_column_name(TK_PARTIES, (size_t)column));
    tk_compared side = tk_compared_of_party(&party);
    for (int field = 0; field < TK_COMPARED_FIELD_COUNT; field++)
        assert_true(tk_str_is(side.fields[field], tk_compared_field_name((tk_compared_field)field)));
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, stage_make, stage_remove)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_decisions), TEST(test_lapses), TEST(test_confirmed_stays),
        TEST(test_refused),   TEST(test_lists),  TEST(test_sides),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
