/* SPDX-License-Identifier: Apache-2.0 */
/* screening.c: what lists, people's decisions and owners make of an order, on the day of the order and as known on
 * another. The chip needs no licence for itself, so that the parties alone decide.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/num.h"
#include "base/str.h"
#include "desk/book.h"
#include "seams/desk_book.h"
#include "seams/shelf.h"
#include "twokey/desk.h"
#include "unit/desk/settling.h"

/* The newest lists are of 2026-07-31; the source allows 14 days. Entries stand by list, then key. */
static const char entries[] =
    "EL|ended|c|Prifigol Semiconductor Ltd||SG||||2020-01-01|2026-08-01\n"
    "EL|karo-minta|c|Karominta Microelectronics Co., Ltd.|KMME|CN|CN 9 Long Road, Wuhan|||||\n"
    "EL|later|c|Velorzen Computing Ltd||SG||||2026-08-05|\n"
    "MEU|shu|c|Shutadan Aviation Institute||CN|||||\n"
    "SDN|77|c|Helyonik Trading LLC||AE|||||\n";

typedef struct desk_at {
    test_place *place;
    const char *book, *lists;
    tk_store *store;
    tk_store_module modules[TK_DESK_MODULES];
    tk_desk *desk;
    tk_clerk *clerk;
    tk_desk_result result;
} desk_at;

static tk_date day(const char *text)
{
    tk_date date = TK_DATE_MIN;
    assert_int_equal(tk_date_parse(tk_str_from(text), &date, NULL), TK_OK);
    return date;
}

static void begin(desk_at *d, void **state, bool lists)
{
    tk_store_options options = TK_STORE_OPTIONS_INIT;
    *d = (desk_at){.place = *state};
    d->book = test_path(d->place, "book.db");
    tk_desk_modules(d->modules);
    options.path = d->book;
    options.create = true;
    options.modules = d->modules;
    options.modules_count = TK_DESK_MODULES;
    assert_int_equal(tk_store_open(&options, &d->store, NULL), TK_OK);
    if (!lists)
        return;
    tk_shelf *shelf = test_shelf(d->place, "lists");
    tk_list_edition edition = test_edition(&d->place->arena, "us-csl", "2026-07-31", entries);
    (void)test_put(d->place, shelf, &edition);
    d->lists = tk_shelf_folder(shelf);
    d->lists = tk_arena_copy(&d->place->arena, tk_str_from(d->lists)).ptr;
    tk_shelf_close(shelf);
}

static void close_desk(desk_at *d)
{
    tk_clerk_free(d->clerk);
    tk_desk_close(d->desk);
    d->clerk = NULL;
    d->desk = NULL;
}

static void end(desk_at *d)
{
    close_desk(d);
    tk_store_close(d->store);
}

static void import(desk_at *d, const char *text)
{
    test_book_import(d->book, text);
}

static const char *said_country = ""; /* of the end user, by the order */

/* A new desk each time, so that what was written meanwhile counts. */
static void decide(desk_at *d, const char *end_user, const char *as_of, const char *known_at, tk_str *json)
{
    tk_desk_options options = TK_DESK_OPTIONS_INIT;
    tk_transaction order = {0};
    tk_ask ask = TK_ASK_INIT;
    tk_err err = {0};
    close_desk(d);
    options.book = d->book;
    options.lists_folder = d->lists;
    assert_int_equal(tk_desk_open(&options, &d->desk, NULL, &err), TK_OK);
    assert_int_equal(tk_clerk_new(d->desk, &d->clerk, NULL), TK_OK);
    order.cells[TK_COLUMN_ITEM] = TK_STR("nvidia-rtx3090");
    order.cells[TK_COLUMN_FROM] = TK_STR("US");
    order.cells[TK_COLUMN_TO] = TK_STR("SG");
    order.cells[TK_COLUMN_ACTIVITY] = TK_STR("export");
    order.cells[TK_COLUMN_END_USER] = tk_str_from(end_user);
    order.cells[TK_COLUMN_END_USER_HQ] = TK_STR("SG");
    order.cells[TK_COLUMN_END_USER_COUNTRY] = tk_str_from(said_country);
    order.cells[TK_COLUMN_EVIDENCE] = TK_STR("screened;end-use-statement;no-red-flags;owners-known");
    ask.as_of_given = ask.known_at_given = true;
    ask.as_of = day(as_of);
    ask.known_at = day(known_at);
    tk_status status = json == NULL ? tk_clerk_decide(d->clerk, &order, &ask, &d->result, &err)
                                    : tk_clerk_decide_json(d->clerk, &order, &ask, &d->result, json, &err);
    if (status != TK_OK)
        fail_msg("%s", err.message);
}

static void gives(desk_at *d, const char *end_user, const char *as_of, const char *known_at, tk_verdict verdict)
{
    decide(d, end_user, as_of, known_at, NULL);
    if (d->result.verdict != verdict)
        fail_msg("'%s' on %s, known at %s: %s, expected %s", end_user, as_of, known_at,
                 tk_verdict_name(d->result.verdict).ptr, tk_verdict_name(verdict).ptr);
}

static const tk_key_decision *key_of(const desk_at *d)
{
    assert_int_equal(d->result.decision->keys_count, 1);
    return &d->result.decision->keys[0];
}

static bool has(tk_strs names, const char *name)
{
    for (size_t i = 0; i < names.count; i++)
        if (tk_str_is(names.items[i], name))
            return true;
    return false;
}

static tk_str answer_of(const desk_at *d, const char *question)
{
    const tk_key_decision *key = key_of(d);
    for (size_t i = 0; i < key->answers_count; i++)
        if (tk_str_is(key->answers[i].question, question))
            return key->answers[i].answer;
    return TK_STR("");
}

/* --- hits --- */

static void test_hits(void **state)
{
    desk_at d;
    begin(&d, state, true);
    gives(&d, "Karominta Microelectronics", "2026-08-03", "2026-09-01", TK_VERDICT_UNDETERMINED);
    assert_true(has(key_of(&d)->missing, "end_user.lists"));
    assert_int_equal(d.result.screening->parties_count, 1);
    assert_int_equal(d.result.screening->parties[0].hits_count, 1);
    assert_int_equal(d.result.screening->parties[0].hits[0].state, TK_HIT_OPEN);
    assert_string_equal(d.result.screening->parties[0].hits[0].hit.id.ptr, "EL:karo-minta");
    /* Nobody alike: nothing is found on what was looked at, and the duty for the lists that never were stays, here
     * met. */
    gives(&d, "Yonikbra Foods", "2026-08-03", "2026-09-01", TK_VERDICT_OPEN);
    assert_true(has(key_of(&d)->presumed, "end_user.lists"));
    assert_int_equal(d.result.screening->parties[0].hits_count, 0);
    /* An entry counts from its first day to its last. */
    gives(&d, "Velorzen Computing Ltd", "2026-08-04", "2026-09-01", TK_VERDICT_OPEN);
    gives(&d, "Velorzen Computing Ltd", "2026-08-05", "2026-09-01", TK_VERDICT_UNDETERMINED);
    gives(&d, "Prifigol Semiconductor Ltd", "2026-08-01", "2026-09-01", TK_VERDICT_UNDETERMINED);
    gives(&d, "Prifigol Semiconductor Ltd", "2026-08-02", "2026-09-01", TK_VERDICT_OPEN);
    end(&d);
}

/* A list that is too old, or was not published by then, proves nothing. */
static void test_days(void **state)
{
    desk_at d;
    begin(&d, state, true);
    gives(&d, "Yonikbra Foods", "2026-08-14", "2026-09-01", TK_VERDICT_OPEN);
    gives(&d, "Yonikbra Foods", "2026-08-15", "2026-09-01", TK_VERDICT_UNDETERMINED);
    bool told = false;
    for (size_t i = 0; i < d.result.screening->unknown_count; i++)
        told |= tk_str_is(d.result.screening->unknown[i].list, "EL") && d.result.screening->unknown[i].age_days == 15;
    assert_true(told);
    gives(&d, "Yonikbra Foods", "2026-07-31", "2026-07-31", TK_VERDICT_OPEN);
    gives(&d, "Yonikbra Foods", "2026-07-31", "2026-07-30", TK_VERDICT_UNDETERMINED);
    assert_int_equal(d.result.screening->versions_count, 0);
    /* The law of a day before the list was published: whoever is on it may have been. */
    gives(&d, "Yonikbra Foods", "2025-06-01", "2026-09-01", TK_VERDICT_OPEN);
    end(&d);
}

static void test_without(void **state)
{
    desk_at d;
    begin(&d, state, false);
    gives(&d, "yonikbra", "2026-08-03", "2026-09-01", TK_VERDICT_OPEN);
    assert_null(d.result.screening);
    end(&d);
}

/* What the order says itself stays; what is on record joins what was found. */
static void test_said_and_on_record(void **state)
{
    desk_at d;
    begin(&d, state, true);
    import(&d, "id,name,country,hq,lists,entry_review\nkm,Karominta Microelectronics,CN,SG,EL,denial\n");
    gives(&d, "km", "2026-08-03", "2026-09-01", TK_VERDICT_LICENCE);
    assert_true(tk_str_is(answer_of(&d, "review"), "denial"));
    assert_int_equal(d.result.screening->parties[0].hits[0].state, TK_HIT_OPEN);
    end(&d);
}

/* A name in which nothing can be compared may be anybody's. */
static void test_trouble(void **state)
{
    desk_at d;
    begin(&d, state, true);
    gives(&d, "!?", "2026-08-03", "2026-09-01", TK_VERDICT_UNDETERMINED);
    assert_true(d.result.screening->parties[0].trouble.len != 0);
    end(&d);
}

/* --- what people decide --- */

static void settle(desk_at *d, const char *hit, const char *party, bool confirmed)
{
    settle_hit(d->place, d->store, d->lists, hit, party, confirmed);
}

static void test_decisions(void **state)
{
    desk_at d;
    begin(&d, state, true);
    import(&d, "id,name,country,hq,address\nkm,Karominta Microelectronics,SG,SG,1 Short Street\n"
               "hy,Helyonik Trade LLC,SG,SG,\n");
    gives(&d, "km", "2026-08-03", "2026-09-01", TK_VERDICT_UNDETERMINED);
    settle(&d, "EL:karo-minta", "km", false);
    gives(&d, "km", "2026-08-03", "2026-09-01", TK_VERDICT_OPEN);
    assert_int_equal(d.result.screening->parties[0].hits[0].state, TK_HIT_CLEARED);
    assert_non_null(strstr(d.result.screening->parties[0].hits[0].decided.ptr, "by desk: looked at the papers"));
    /* Nobody cleared a firm of another country, as this order says it is. */
    said_country = "DE";
    gives(&d, "km", "2026-08-03", "2026-09-01", TK_VERDICT_UNDETERMINED);
    said_country = "Singapore";
    gives(&d, "km", "2026-08-03", "2026-09-01", TK_VERDICT_OPEN);
    said_country = "";
    /* Another address: somebody has to look again. */
    import(&d, "id,name,country,hq,address\nkm,Karominta Microelectronics,SG,SG,9 Long Road\n");
    gives(&d, "km", "2026-08-03", "2026-09-01", TK_VERDICT_UNDETERMINED);
    assert_int_equal(d.result.screening->parties[0].hits[0].state, TK_HIT_LAPSED);
    assert_non_null(strstr(d.result.screening->parties[0].hits[0].changed.ptr, "address of the party"));
    settle(&d, "EL:karo-minta", "km", true);
    gives(&d, "km", "2026-08-03", "2026-09-01", TK_VERDICT_LICENCE);
    assert_true(tk_str_is(answer_of(&d, "review"), "denial"));
    /* A new name takes nobody off a list. */
    import(&d, "id,name,country,hq,address\nkm,Yonikbra Foods,SG,SG,9 Long Road\n");
    gives(&d, "km", "2026-08-03", "2026-09-01", TK_VERDICT_LICENCE);
    assert_int_equal(d.result.screening->parties[0].hits[0].state, TK_HIT_CONFIRMED);
    /* Sanctions are not modelled; the decision says so and is never open. */
    settle(&d, "SDN:77", "hy", true);
    gives(&d, "hy", "2026-08-03", "2026-09-01", TK_VERDICT_UNDETERMINED);
    assert_false(has(key_of(&d)->missing, "end_user.lists"));
    assert_true(key_of(&d)->not_modelled.count != 0);
    end(&d);
}

/* --- owners --- */

static void test_owners(void **state)
{
    desk_at d;
    begin(&d, state, true);
    import(&d, "id,name,country,hq\na,Yonikbra Foods,SG,SG\nb,Taminrol Foods,SG,SG\nc,Dangol Foods,SG,SG\n"
               "d,Karominta Microelectronics,CN,CN\ne,Fizen Foods,SG,SG\n");
    import(&d, "holder,held,share,from,source\nEL:karo-minta,a,50,2024-01-01,register\na,b,51,2024-01-01,register\n"
               "EL:karo-minta,c,49.999,2024-01-01,register\nd,e,80,2024-01-01,register\n");
    /* In force from 2025-09-29 to 2025-11-09; the shares are not multiplied. */
    gives(&d, "a", "2025-10-15", "2026-09-01", TK_VERDICT_LICENCE);
    assert_true(tk_str_is(answer_of(&d, "review"), "denial"));
    assert_int_equal(d.result.screening->parties[0].owned_count, 1);
    gives(&d, "b", "2025-10-15", "2026-09-01", TK_VERDICT_LICENCE);
    assert_true(tk_str_is(d.result.screening->parties[0].owned[0].state, "covered"));
    gives(&d, "b", "2025-09-28", "2026-09-01", TK_VERDICT_OPEN);
    gives(&d, "b", "2023-12-31", "2026-09-01", TK_VERDICT_OPEN);
    assert_int_equal(d.result.screening->parties[0].owned_count, 0);
    /* Below half: the red flag of the affiliates rule, a duty and no licence. */
    gives(&d, "c", "2025-10-15", "2026-09-01", TK_VERDICT_CONDITIONAL);
    assert_true(tk_str_is(d.result.screening->parties[0].owned[0].state, "red-flag"));
    /* An entry that has ended owns nothing in its name; one of a list that nobody imported is taken at its word. */
    import(&d, "id,name,country,hq\nf,Shulor Foods,SG,SG\ng,Vorek Foods,SG,SG\n");
    import(&d, "holder,held,share,from,source\nEL:ended,f,90,2024-01-01,register\nEL:ended,g,90,2019-01-01,register\n");
    gives(&d, "f", "2025-10-15", "2026-09-01", TK_VERDICT_LICENCE);
    gives(&d, "f", "2026-08-03", "2026-09-01", TK_VERDICT_OPEN);
    assert_int_equal(d.result.screening->parties[0].owned_count, 0);
    /* The owner is a hit that nobody decided: so is what it owns. */
    gives(&d, "e", "2025-10-15", "2026-09-01", TK_VERDICT_UNDETERMINED);
    assert_true(has(key_of(&d)->missing, "end_user.owner_lists"));
    settle(&d, "EL:karo-minta", "d", false);
    gives(&d, "e", "2025-10-15", "2026-09-01", TK_VERDICT_OPEN);
    /* On record as listed, with its policy: so is what it owns. */
    import(&d, "id,name,country,hq,lists,entry_review\nd,Karominta Microelectronics,CN,CN,EL,case-by-case\n");
    gives(&d, "e", "2025-10-15", "2026-09-01", TK_VERDICT_LICENCE);
    assert_true(tk_str_is(answer_of(&d, "review"), "case-by-case"));
    end(&d);
}

/* --- JSON --- */

static void test_json(void **state)
{
    desk_at d;
    tk_str json;
    begin(&d, state, true);
    decide(&d, "Karominta Microelectronics", "2026-08-03", "2026-09-01", &json);
    assert_non_null(strstr(json.ptr, "\"screening\":{\"method\":\"" TK_NAMES_METHOD "\""));
    assert_non_null(strstr(json.ptr, "\"id\":\"EL:karo-minta\",\"list\":\"EL\",\"state\":\"open\""));
    assert_non_null(strstr(json.ptr, "\"lists\":[\"us-csl 2026-07-31 "));
    end(&d);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_hits, test_place_make, test_place_remove),
        cmocka_unit_test_setup_teardown(test_days, test_place_make, test_place_remove),
        cmocka_unit_test_setup_teardown(test_without, test_place_make, test_place_remove),
        cmocka_unit_test_setup_teardown(test_said_and_on_record, test_place_make, test_place_remove),
        cmocka_unit_test_setup_teardown(test_trouble, test_place_make, test_place_remove),
        cmocka_unit_test_setup_teardown(test_decisions, test_place_make, test_place_remove),
        cmocka_unit_test_setup_teardown(test_owners, test_place_make, test_place_remove),
        cmocka_unit_test_setup_teardown(test_json, test_place_make, test_place_remove),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
