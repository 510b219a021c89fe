/* SPDX-License-Identifier: Apache-2.0 */
/* watch_lists.c: what a run of a watch says of imported lists, of decisions about hits and of owners, and that it says
 * nothing of what no reader sees. The chip needs no licence for itself, so that the parties alone decide.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/num.h"
#include "seams/desk_book.h"
#include "unit/desk/settling.h"
#include "unit/desk/watching.h"

#define KAROMINTA "EL|karo-minta|c|Karominta Microelectronics Co., Ltd.|KMME|CN|CN 9 Long Road, Wuhan|||||\n"
#define MOVED "EL|karo-minta|c|Karominta Microelectronics Co., Ltd.|KMME|CN|CN 77 Short Road, Wuhan|||||\n"
#define SHUTADAN "MEU|shu|c|Shutadan Aviation Institute||CN|||||\n"
#define YONIKBRA "EL|yonikbra|c|Yonikbra Foods Ltd||SG|||||\n"

static const tk_desk_watch_question in_august = {.world = TK_WORLD_LAW, .as_of_given = true, .as_of = 20668};
static const tk_desk_watch_question on_its_day = {.world = TK_WORLD_LAW};

typedef struct shelved_watch {
    test_place *place;
    const char *path, *folder;
    tk_shelf *shelf;
    watching w;
} shelved_watch;

static tk_date day(const char *text)
{
    tk_date date = 0;
    assert_int_equal(tk_date_parse(tk_str_from(text), &date, NULL), TK_OK);
    return date;
}

/* A desk sees what is in the book and on the shelf when it is opened. */
static void again(shelved_watch *s, bool lists)
{
    tk_err err = {0};
    s->w.lists = lists ? s->folder : NULL;
    if (watching_desk(&s->w, s->path, NULL, NULL, &err) != TK_OK)
        fail_msg("%s", err.message);
}

static void publish(shelved_watch *s, const char *published, const char *entries)
{
    tk_list_edition edition = test_edition(&s->place->arena, "us-csl", published, entries);
    (void)test_put(s->place, s->shelf, &edition);
    again(s, true);
}

static void put_on_record(shelved_watch *s, const char *text)
{
    test_book_import(s->path, text);
    again(s, s->w.lists != NULL);
}

static void settle(shelved_watch *s, const char *hit, const char *party, bool confirmed)
{
    settle_hit(s->place, s->w.store, s->folder, hit, party, confirmed);
    again(s, true);
}

static tk_transaction chip_for(const char *id, const char *end_user)
{
    tk_transaction order = watching_order(id, "nvidia-rtx3090", end_user);
    order.cells[TK_COLUMN_TO] = TK_STR("SG");
    order.cells[TK_COLUMN_END_USER_HQ] = TK_STR("SG");
    order.cells[TK_COLUMN_EVIDENCE] = TK_STR("screened;end-use-statement;no-red-flags;owners-known");
    return order;
}

/* Two parties on record, and an order for each; `entries` NULL: no list yet. */
static void begin(shelved_watch *s, void **state, const tk_desk_watch_question *question, const char *entries)
{
    tk_desk_watch_added added;
    *s = (shelved_watch){.place = *state, .path = test_path(*state, "book.db")};
    s->shelf = test_shelf(s->place, "lists");
    s->folder = tk_arena_copy(&s->place->arena, tk_str_from(tk_shelf_folder(s->shelf))).ptr;
    tk_transaction orders[] = {chip_for("a", "km"), chip_for("b", "yo")};
    assert_int_equal(watching_open(&s->w, s->path, NULL), TK_OK);
    put_on_record(s, "id,name,country,hq,address\nkm,Karominta Microelectronics,SG,SG,1 Short Street\n"
                     "yo,Yonikbra Foods,SG,SG,\n");
    if (entries != NULL)
        publish(s, "2026-07-31", entries);
    assert_int_equal(watching_add(&s->w, "desk", orders, 2, question, false, &added, NULL), TK_OK);
}

static void end(shelved_watch *s)
{
    tk_shelf_close(s->shelf);
    watching_close(&s->w);
}

static tk_desk_watch_list the_list(watching *w)
{
    tk_desk_watch_list *lists;
    size_t count;
    assert_int_equal(tk_desk_watch_lists(w->store, &w->arena, &lists, &count, NULL), TK_OK);
    assert_int_equal(count, 1);
    return lists[0];
}

static tk_desk_watch_run go(shelved_watch *s, const char *today)
{
    watching *w = &s->w;
    tk_desk_watch_list list = the_list(w);
    tk_desk_watch_run run;
    tk_err err = {0};
    if (tk_desk_watch_go(w->store, w->desk, w->clerk, &list, day(today), watching_say, w, &w->arena, &run, &err)
        != TK_OK)
        fail_msg("%s", err.message);
    return run;
}

/* The order `id` alone changed. */
static const tk_desk_watch_change *go_changes(shelved_watch *s, const char *today, const char *id)
{
    tk_desk_watch_run run = go(s, today);
    assert_int_equal(run.changed_count, 1);
    assert_true(tk_str_is(run.changed[0].id, id));
    return run.changed[0].change;
}

static const tk_desk_watch_cause *cause_of(const tk_desk_watch_change *change, tk_desk_watch_kind kind)
{
    const tk_desk_watch_cause *found = NULL;
    for (size_t i = 0; i < change->causes_count; i++)
        if (change->causes[i].kind == kind) {
            assert_null(found);
            found = &change->causes[i];
        }
    return found;
}

static void has(const tk_desk_watch_change *change, tk_desk_watch_kind kind, const char *name, tk_desk_watch_how how,
                const char *before, const char *now)
{
    const tk_desk_watch_cause *cause = cause_of(change, kind);
    if (cause == NULL)
        fail_msg("no %s", tk_desk_watch_kind_name(kind));
    if (!tk_str_is(cause->name, name) || cause->how != how || !tk_str_starts(cause->before, tk_str_from(before))
        || !tk_str_starts(cause->now, tk_str_from(now)) || (now[0] == '\0') != (cause->now.len == 0)
        || (before[0] == '\0') != (cause->before.len == 0))
        fail_msg(TK_FMT " %s: " TK_FMT " -> " TK_FMT, TK_ARG_STR(cause->name), tk_desk_watch_how_name(cause->how),
                 TK_ARG_STR(cause->before), TK_ARG_STR(cause->now));
}

static void has_none(const tk_desk_watch_change *change, tk_desk_watch_kind kind)
{
    if (cause_of(change, kind) != NULL)
        fail_msg("a %s", tk_desk_watch_kind_name(kind));
}

/* --- tests --- */

static void test_import(void **state)
{
    shelved_watch s;
    begin(&s, state, &in_august, NULL);
    assert_true(go(&s, "2026-08-03").first);
    publish(&s, "2026-07-31", KAROMINTA SHUTADAN);
    const tk_desk_watch_change *change = go_changes(&s, "2026-08-04", "a");
    has(change, TK_DESK_WATCH_LIST, "us-csl", TK_DESK_WATCH_CAME, "", "2026-07-31 ");
    has(change, TK_DESK_WATCH_HIT, "EL:karo-minta", TK_DESK_WATCH_CAME, "", "open");
    assert_true(tk_str_is(cause_of(change, TK_DESK_WATCH_HIT)->party, "km"));
    assert_true(tk_str_is(cause_of(change, TK_DESK_WATCH_HIT)->entry, "Karominta Microelectronics Co., Ltd."));
    has_none(change, TK_DESK_WATCH_DATE);
    has_none(change, TK_DESK_WATCH_KNOWN_AT);
    assert_true(tk_str_is(change->now, "undetermined"));
    assert_int_equal(go(&s, "2026-08-05").changed_count, 0);

    /* It can be said again, from the book alone. */
    tk_desk_watch_list list = the_list(&s.w);
    tk_desk_watch_shown shown;
    assert_int_equal(tk_desk_watch_show(s.w.store, &list, true, &s.w.arena, &shown, NULL), TK_OK);
    assert_int_equal(shown.orders[0].change->causes_count, change->causes_count);
    has(shown.orders[0].change, TK_DESK_WATCH_HIT, "EL:karo-minta", TK_DESK_WATCH_CAME, "", "open");
    has(shown.orders[0].change, TK_DESK_WATCH_LIST, "us-csl", TK_DESK_WATCH_CAME, "", "2026-07-31 ");
    assert_non_null(strstr(shown.orders[0].answer.ptr, "\"parties\":[{\"party\":\"km\",\"hits\":[{\"id\":\"EL:karo"));
    assert_null(shown.orders[1].change);
    end(&s);
}

/* An entry more: the order for that party, and only it; then the entry goes again. */
static void test_newer_version(void **state)
{
    shelved_watch s;
    begin(&s, state, &on_its_day, KAROMINTA SHUTADAN);
    (void)go(&s, "2026-08-03");
    publish(&s, "2026-08-01", KAROMINTA YONIKBRA SHUTADAN);
    const tk_desk_watch_change *change = go_changes(&s, "2026-08-04", "b");
    has(change, TK_DESK_WATCH_LIST, "us-csl", TK_DESK_WATCH_OTHER, "2026-07-31 ", "2026-08-01 ");
    has(change, TK_DESK_WATCH_HIT, "EL:yonikbra", TK_DESK_WATCH_CAME, "", "open");
    assert_true(tk_str_is(cause_of(change, TK_DESK_WATCH_HIT)->party, "yo"));
    has_none(change, TK_DESK_WATCH_DATE);
    publish(&s, "2026-08-02", KAROMINTA "MEU|more|c|Wuzorin Instruments||CN|||||\n");
    change = go_changes(&s, "2026-08-04", "b");
    has(change, TK_DESK_WATCH_LIST, "us-csl", TK_DESK_WATCH_OTHER, "2026-08-01 ", "2026-08-02 ");
    has(change, TK_DESK_WATCH_HIT, "EL:yonikbra", TK_DESK_WATCH_WENT, "open", "");
    end(&s);
}

/* Other entries, other days, other records: what is said of these parties stays, and nothing is reported. */
static void test_nothing_to_see(void **state)
{
    shelved_watch s;
    begin(&s, state, &on_its_day, KAROMINTA SHUTADAN);
    (void)go(&s, "2026-08-03");
    publish(&s, "2026-08-01", "EL|other|c|Wuzorin Instruments||CN|||||\n" KAROMINTA);
    put_on_record(&s, "id,name,hq\nother,Dangol Foods,SG\n");
    assert_int_equal(go(&s, "2026-08-06").changed_count, 0);
    assert_int_equal(watching_number(&s.w, "SELECT count(*) FROM watch_moments"), 1);
    /* A change for another reason does not name the version of the day. */
    publish(&s, "2026-08-02", KAROMINTA);
    settle(&s, "EL:karo-minta", "km", false);
    has_none(go_changes(&s, "2026-08-06", "a"), TK_DESK_WATCH_LIST);
    end(&s);
}

static void test_decided(void **state)
{
    shelved_watch s;
    begin(&s, state, &on_its_day, KAROMINTA SHUTADAN);
    (void)go(&s, "2026-08-03");
    settle(&s, "EL:karo-minta", "km", false);
    const tk_desk_watch_change *change = go_changes(&s, "2026-08-04", "a");
    has(change, TK_DESK_WATCH_HIT, "EL:karo-minta", TK_DESK_WATCH_OTHER, "open",
        "cleared 2026-02-16, by desk: looked at the papers");
    assert_true(tk_str_is(change->now, "may-move"));
    has_none(change, TK_DESK_WATCH_DATE);
    has_none(change, TK_DESK_WATCH_LIST);
    /* Another address on the list: somebody has to look again. */
    publish(&s, "2026-08-01", MOVED SHUTADAN);
    change = go_changes(&s, "2026-08-04", "a");
    has(change, TK_DESK_WATCH_HIT, "EL:karo-minta", TK_DESK_WATCH_OTHER, "cleared ", "lapsed: address of the entry: ");
    has(change, TK_DESK_WATCH_LIST, "us-csl", TK_DESK_WATCH_OTHER, "2026-07-31 ", "2026-08-01 ");
    settle(&s, "EL:karo-minta", "km", true);
    change = go_changes(&s, "2026-08-04", "a");
    has(change, TK_DESK_WATCH_HIT, "EL:karo-minta", TK_DESK_WATCH_OTHER, "lapsed: ", "confirmed 2026-02-16, by desk");
    has_none(change, TK_DESK_WATCH_LIST);
    assert_true(tk_str_is(change->now, "authorisation-needed"));
    end(&s);
}

/* The affiliates rule is asked about a day on which it was in force. */
static void test_owners(void **state)
{
    shelved_watch s;
    tk_desk_watch_question october = on_its_day;
    october.as_of_given = true;
    october.as_of = day("2025-10-15");
    begin(&s, state, &october, KAROMINTA SHUTADAN);
    (void)go(&s, "2026-08-03");
    put_on_record(&s, "holder,held,share,from,source\nEL:karo-minta,yo,60,2024-01-01,register\n");
    const tk_desk_watch_change *change = go_changes(&s, "2026-08-04", "b");
    has(change, TK_DESK_WATCH_OWNER, "EL", TK_DESK_WATCH_CAME, "", "covered, 60 % (EL:karo-minta 60)");
    assert_true(tk_str_is(cause_of(change, TK_DESK_WATCH_OWNER)->party, "yo"));
    has_none(change, TK_DESK_WATCH_LIST);
    has_none(change, TK_DESK_WATCH_DATE);
    put_on_record(&s, "holder,held,share,from,source\nEL:karo-minta,yo,10,2024-01-01,register\n");
    change = go_changes(&s, "2026-08-04", "b");
    has(change, TK_DESK_WATCH_OWNER, "EL", TK_DESK_WATCH_OTHER, "covered, 60 % (EL:karo-minta 60)",
        "red-flag, 10 % (EL:karo-minta 10)");
    end(&s);
}

/* The owner, a party of whom nobody decided whether it is the entry, is taken off the list. */
static void test_owner_off_the_list(void **state)
{
    shelved_watch s;
    tk_desk_watch_question october = on_its_day;
    october.as_of_given = true;
    october.as_of = day("2025-10-15");
    begin(&s, state, &october, KAROMINTA SHUTADAN);
    put_on_record(&s, "holder,held,share,from,source\nkm,yo,60,2024-01-01,register\n");
    (void)go(&s, "2026-08-03");
    publish(&s, "2026-08-01", SHUTADAN);
    tk_desk_watch_run run = go(&s, "2026-08-04");
    assert_int_equal(run.changed_count, 2);
    has(run.changed[1].change, TK_DESK_WATCH_OWNER, "EL", TK_DESK_WATCH_WENT, "red-flag, 0 to 60 % (km 60)", "");
    has(run.changed[1].change, TK_DESK_WATCH_LIST, "us-csl", TK_DESK_WATCH_OTHER, "2026-07-31 ", "2026-08-01 ");
    has_none(run.changed[1].change, TK_DESK_WATCH_DATE);
    end(&s);
}

/* The source allows 14 days. */
static void test_too_old(void **state)
{
    shelved_watch s;
    begin(&s, state, &on_its_day, "EL|other|c|Wuzorin Instruments||CN|||||\n");
    (void)go(&s, "2026-08-14");
    tk_desk_watch_run run = go(&s, "2026-08-15");
    assert_int_equal(run.changed_count, 2);
    has(run.changed[0].change, TK_DESK_WATCH_UNKNOWN, "EL", TK_DESK_WATCH_CAME, "", "us-csl 2026-07-31");
    has(run.changed[0].change, TK_DESK_WATCH_DATE, "", TK_DESK_WATCH_OTHER, "2026-08-14", "2026-08-15");
    has_none(run.changed[0].change, TK_DESK_WATCH_LIST);
    assert_int_equal(go(&s, "2026-08-16").changed_count, 0); /* a day older, and no less known */
    publish(&s, "2026-08-10", "EL|other|c|Wuzorin Instruments||CN|||||\n");
    run = go(&s, "2026-08-17");
    assert_int_equal(run.changed_count, 2);
    has(run.changed[0].change, TK_DESK_WATCH_UNKNOWN, "EL", TK_DESK_WATCH_WENT, "us-csl 2026-07-31", "");
    has(run.changed[0].change, TK_DESK_WATCH_LIST, "us-csl", TK_DESK_WATCH_OTHER, "2026-07-31 ", "2026-08-10 ");
    has_none(run.changed[0].change, TK_DESK_WATCH_DATE);
    end(&s);
}

/* Names that nobody has on record, taken with lists: without them such an order is named once a run, and keeps its
 * answer. */
static void test_names(void **state)
{
    shelved_watch s;
    tk_desk_watch_added added;
    begin(&s, state, &in_august, KAROMINTA SHUTADAN);
    tk_transaction orders[] = {chip_for("a", "km"), chip_for("n", "Prifigol Semiconductor"),
                               chip_for("m", "Velorzen Computing")};
    orders[1].cells[TK_COLUMN_PURCHASER] = TK_STR("Taminrol Trade");
    orders[2].cells[TK_COLUMN_END_USER] = TK_STR("Karominta Microelectronics Co");
    assert_int_equal(watching_add(&s.w, "desk", orders, 3, &in_august, true, &added, NULL), TK_OK);
    (void)go(&s, "2026-08-03");
    again(&s, false);
    tk_desk_watch_run run = go(&s, "2026-08-03");
    assert_int_equal(run.accepted, 1);
    assert_int_equal(run.rejected, 2);
    assert_int_equal(s.w.said, 2);
    assert_non_null(strstr(s.w.last, "3 m: end_user: "));
    /* The order that goes on without lists lost its hit. */
    assert_int_equal(run.changed_count, 1);
    has(run.changed[0].change, TK_DESK_WATCH_HIT, "EL:karo-minta", TK_DESK_WATCH_WENT, "open", "");
    has(run.changed[0].change, TK_DESK_WATCH_LIST, "us-csl", TK_DESK_WATCH_WENT, "2026-07-31 ", "");
    /* With lists the others are what they were. */
    again(&s, true);
    run = go(&s, "2026-08-03");
    assert_int_equal(run.rejected, 0);
    assert_int_equal(run.changed_count, 1);
    assert_true(tk_str_is(run.changed[0].id, "a"));
    assert_int_equal(s.w.said, 2);
    end(&s);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, test_place_make, test_place_remove)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_import),  TEST(test_newer_version), TEST(test_nothing_to_see), TEST(test_decided),
        TEST(test_owners),  TEST(test_owner_off_the_list), TEST(test_too_old), TEST(test_names),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
