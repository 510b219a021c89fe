/* SPDX-License-Identifier: Apache-2.0 */
/* Watches: what a run keeps, what it calls a change and why, and that of two runs one reports. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include <cmocka.h>

#include "base/limits.h"
#include "base/num.h"
#include "base/out.h"
#include "base/sha256.h"
#include "desk/embedded.h"
#include "unit/desk/watching.h"

static const tk_desk_watch_question usual = {.world = TK_WORLD_PREVAILING};

static tk_date day(const char *text)
{
    tk_date date = 0;
    assert_int_equal(tk_date_parse(tk_str_from(text), &date, NULL), TK_OK);
    return date;
}

static void open_at(watching *w, const char *path)
{
    tk_err err = {0};
    if (watching_open(w, path, &err) != TK_OK)
        fail_msg("%s: %s", err.file, err.message);
}

static void desk_with_data(watching *w, const char *path, const char *rulebook, const char *parties)
{
    tk_err err = {0};
    if (watching_desk(w, path, rulebook, parties, &err) != TK_OK)
        fail_msg("%s: %s", err.file, err.message);
}

static void desk_with(watching *w, const char *path, const char *rulebook)
{
    desk_with_data(w, path, rulebook, NULL);
}

static void must_add(watching *w, const tk_transaction *orders, size_t count, const tk_desk_watch_question *question)
{
    tk_desk_watch_added added;
    tk_err err = {0};
    if (watching_add(w, "desk", orders, count, question, false, &added, &err) != TK_OK)
        fail_msg("%s", err.message);
    assert_int_equal(added, TK_DESK_WATCH_NEW);
}

static tk_desk_watch_list the_list(watching *w)
{
    tk_desk_watch_list *lists;
    size_t count;
    assert_int_equal(tk_desk_watch_lists(w->store, &w->arena, &lists, &count, NULL), TK_OK);
    assert_int_equal(count, 1);
    return lists[0];
}

static tk_desk_watch_run go(watching *w, const char *today)
{
    tk_desk_watch_list list = the_list(w);
    tk_desk_watch_run run;
    tk_err err = {0};
    if (tk_desk_watch_go(w->store, w->desk, w->clerk, &list, day(today), watching_say, w, &w->arena, &run, &err)
        != TK_OK)
        fail_msg("%s", err.message);
    assert_int_equal(run.accepted + run.rejected, list.orders);
    return run;
}

/* The one order changed; the change. */
static const tk_desk_watch_change *go_changes(watching *w, const char *today)
{
    tk_desk_watch_run run = go(w, today);
    assert_int_equal(run.changed_count, 1);
    return run.changed[0].change;
}

static const tk_desk_watch_cause *cause_of(const tk_desk_watch_change *change, tk_desk_watch_kind kind,
                                           const char *name)
{
    for (size_t i = 0; i < change->causes_count; i++)
        if (change->causes[i].kind == kind && (name == NULL || tk_str_is(change->causes[i].name, name)))
            return &change->causes[i];
    return NULL;
}

static void has_cause(const tk_desk_watch_change *change, tk_desk_watch_kind kind, const char *name,
                      tk_desk_watch_how how)
{
    const tk_desk_watch_cause *cause = cause_of(change, kind, name);
    if (cause == NULL)
        fail_msg("no %s %s", tk_desk_watch_kind_name(kind), name == NULL ? "" : name);
    assert_int_equal(cause->how, how);
}

static size_t causes_of(const tk_desk_watch_change *change, tk_desk_watch_kind kind)
{
    size_t count = 0;
    for (size_t i = 0; i < change->causes_count; i++)
        count += change->causes[i].kind == kind ? 1 : 0;
    return count;
}

static void has_cause_of(const tk_desk_watch_change *change, tk_desk_watch_kind kind, const char *name,
                         tk_desk_watch_how how, const char *before, const char *now)
{
    has_cause(change, kind, name, how);
    const tk_desk_watch_cause *cause = cause_of(change, kind, name);
    if (!tk_str_is(cause->before, before) || !tk_str_is(cause->now, now))
        fail_msg("%s: " TK_FMT " -> " TK_FMT, name, TK_ARG_STR(cause->before), TK_ARG_STR(cause->now));
}

static void import(watching *w, const char *rows)
{
    tk_claims *claims;
    tk_claims_imported done;
    tk_claims_texts texts = tk_desk_claims_texts();
    tk_arena arena;
    tk_arena_init(&arena, 4096, 0);
    tk_str text = tk_arena_printf(&arena, "id,date_event,date_reported,source,source_url,source_kind,actor,subject,"
                                          "predicate,status,supersedes\n%s", rows);
    tk_claims_input input = TK_CLAIMS_INPUT_INIT;
    input.name = TK_STR("test");
    input.text = text;
    input.today = TK_DATE_MAX;
    assert_int_equal(tk_claims_open(w->store, &texts, &claims, NULL, NULL), TK_OK);
    assert_int_equal(tk_claims_import(claims, &input, &done, NULL), TK_OK);
    assert_int_equal(done.rejected, 0);
    assert_true(done.added != 0);
    tk_claims_close(claims);
    tk_arena_fini(&arena);
}

#define WITHHOLDS "T1,2026-02-05,2026-02-05,MOFCOM,https://example.org/1,official,MOFCOM,H200,withholds,announced,\n"
#define LIFTED "T2,2026-02-06,2026-02-06,Blog,https://example.org/2,social,Blogger,weather,is_fine,reported,\n"
#define CORRECTED                                                                                                    \
    "T3,2026-02-05,2026-02-08,MOFCOM,https://example.org/3,official,MOFCOM,H200,instructs_pause,announced,T1\n"

/* A text of the shipped rulebook that another one stands in for. */
typedef struct edit {
    const char *file, *from, *to;
} edit;

static tk_str edited(tk_arena *arena, tk_str file, tk_str text, const edit *edits, size_t count, size_t *done)
{
    tk_str copy = tk_arena_copy(arena, text);
    for (size_t i = 0; i < count; i++) {
        const char *at = tk_str_is(file, edits[i].file) ? strstr(copy.ptr, edits[i].from) : NULL;
        if (at == NULL)
            continue;
        copy = tk_arena_printf(arena, TK_FMT "%s%s", (int)(at - copy.ptr), copy.ptr, edits[i].to,
                               at + strlen(edits[i].from));
        ++*done;
    }
    return copy;
}

/* The shipped rulebook, edited, in a folder of the test. */
static const char *other_rulebook(test_place *place, const edit *edits, size_t count)
{
    static const char prefix[] = "rulebooks/";
    const char *folder = test_path(place, "data");
    size_t done = 0;
    for (size_t i = 0; i < tk_embedded_files_count; i++) {
        tk_str path = tk_embedded_files[i].path;
        if (!tk_str_starts(path, TK_STR(prefix)))
            continue;
        path = (tk_str){path.ptr + strlen(prefix), path.len - strlen(prefix)};
        tk_str whole = tk_arena_printf(&place->arena, "%s/" TK_FMT, folder, TK_ARG_STR(path));
        for (size_t j = strlen(folder); j < whole.len; j++) {
            if (whole.ptr[j] != '/')
                continue;
            tk_str above = tk_arena_copy(&place->arena, (tk_str){whole.ptr, j});
            (void)mkdir(above.ptr, 0700);
        }
        test_write(whole.ptr, edited(&place->arena, path, tk_embedded_files[i].text, edits, count, &done));
    }
    assert_int_equal(done, count);
    return folder;
}

/* An order under the shipped rulebook, then under the edited one: the change. The watch is left open. */
static const tk_desk_watch_change *change_of(watching *w, test_place *place, const tk_desk_watch_question *question,
                                             const edit *edits, size_t count)
{
    const char *path = test_path(place, "book/book.db"), *folder = other_rulebook(place, edits, count);
    tk_transaction orders[] = {watching_order("a", "h200-sxm", "bytedance")};
    open_at(w, path);
    must_add(w, orders, 1, question);
    (void)go(w, "2026-02-10");
    desk_with(w, path, folder);
    return go_changes(w, "2026-02-10");
}

static const tk_desk_watch_change *change_by(watching *w, test_place *place, const edit *edits, size_t count)
{
    return change_of(w, place, &usual, edits, count);
}

/* --- tests --- */

static void test_nothing_changed(void **state)
{
    watching w;
    tk_transaction orders[] = {watching_order("a", "h200-sxm", "bytedance"), watching_order("b", "h20-96", "tencent"),
                               watching_order("a", "h200-sxm", "bytedance")};
    open_at(&w, test_path(*state, "book/book.db"));
    must_add(&w, orders, TK_COUNT(orders), &usual);
    tk_desk_watch_run run = go(&w, "2026-02-10");
    assert_true(run.first);
    assert_int_equal(run.accepted, 3);
    assert_int_equal(run.changed_count, 0);
    assert_int_equal(watching_number(&w, "SELECT count(*) FROM watch_answers"), 2); /* the same answer once */
    run = go(&w, "2026-02-11");
    assert_false(run.first);
    assert_int_equal(run.changed_count, 0);
    assert_int_equal(watching_number(&w, "SELECT count(*) FROM watch_answers"), 2);
    assert_int_equal(watching_number(&w, "SELECT count(*) FROM watch_moments"), 1);
    assert_int_equal(w.said, 0);
    watching_close(&w);
}

/* Of two statements that are worded otherwise, and one that has another comment, the one that the order reads. */
static void test_rulebook(void **state)
{
    watching w;
    static const edit edits[] = {
        {"us/items.rules", "item.tpp >= 4800", "item.tpp >= 4801"},
        {"us/uae.rules", "A licence is needed for the United Arab Emirates by name.", "By name."},
        {"us/regime.rules", "china\nset advanced", "china # and so on\nset advanced"},
    };
    const tk_desk_watch_change *change = change_by(&w, *state, edits, TK_COUNT(edits));
    has_cause_of(change, TK_DESK_WATCH_STATEMENT, "rule us.item-a", TK_DESK_WATCH_REWORDED, "", "");
    has_cause(change, TK_DESK_WATCH_RULEBOOK, "", TK_DESK_WATCH_OTHER);
    assert_null(cause_of(change, TK_DESK_WATCH_DATE, NULL)); /* the rulebook explains it */
    assert_null(cause_of(change, TK_DESK_WATCH_CLAIM, NULL));
    assert_null(cause_of(change, TK_DESK_WATCH_CATALOGUE, NULL));
    assert_int_equal(change->causes_count, 2);
    assert_int_equal(change->keys_count, 0);
    assert_int_equal(go(&w, "2026-02-11").changed_count, 0);
    watching_close(&w);
}

/* No rule is another one, but a set that rules read. */
static void test_set(void **state)
{
    watching w;
    static const edit edits[] = {{"us/regime.rules", "set advanced = 3A090.a, 3A090.b", "set advanced = 3A090.b"}};
    const tk_desk_watch_change *change = change_by(&w, *state, edits, TK_COUNT(edits));
    has_cause_of(change, TK_DESK_WATCH_STATEMENT, "set us.advanced", TK_DESK_WATCH_REWORDED, "", "");
    assert_int_equal(causes_of(change, TK_DESK_WATCH_STATEMENT), 1);
    watching_close(&w);
}

static void test_fact_declared(void **state)
{
    watching w;
    static const edit edits[] = {
        {"cn/regime.rules", "holds 180 days\nfact item.cn_customs", "holds 10 days\nfact item.cn_customs"}};
    const tk_desk_watch_change *change = change_by(&w, *state, edits, TK_COUNT(edits));
    has_cause_of(change, TK_DESK_WATCH_STATEMENT, "fact item.cn_stance", TK_DESK_WATCH_REWORDED, "", "");
    assert_int_equal(causes_of(change, TK_DESK_WATCH_STATEMENT), 1);
    watching_close(&w);
}

/* A rule that would count if a claim were believed is no reason of any key: the regimes are looked at. */
static void test_no_reason(void **state)
{
    watching w;
    tk_desk_watch_question law = {.world = TK_WORLD_LAW};
    static const edit edits[] = {
        {"us/regime.rules", "set advanced", "set m01 = BY\nset m02 = BY\nset m03 = BY\nset m04 = BY\nset m05 = BY\n"
                                            "set m06 = BY\nset m07 = BY\nset m08 = BY\nset m09 = BY\nset m10 = BY\n"
                                            "set m11 = BY\nset m12 = BY\nset m13 = BY\nset advanced"},
        {"us/regime.rules", "set advanced", "rule extra\n  \"As reported.\"\n  reported by C105\n"
                                            "  in force 2026-01-01 ..\n  when item.kind = processor\n"
                                            "  then key = closed\n\nset advanced"},
    };
    const tk_desk_watch_change *change = change_of(&w, *state, &law, edits, TK_COUNT(edits));
    assert_null(cause_of(change, TK_DESK_WATCH_RULE, NULL));
    has_cause_of(change, TK_DESK_WATCH_STATEMENT, "rule us.extra", TK_DESK_WATCH_CAME, "", "");
    has_cause_of(change, TK_DESK_WATCH_STATEMENT, "", TK_DESK_WATCH_OTHER, "", "2");
    assert_int_equal(causes_of(change, TK_DESK_WATCH_STATEMENT), TK_WATCH_STATEMENTS_MAX + 1);
    watching_close(&w);
}

static void test_other_dates(void **state)
{
    watching w;
    static const edit edits[] = {{"us/h200.rules", "in force   2026-01-15 ..", "in force   2026-03-01 .. 2027-01-01"}};
    const tk_desk_watch_change *change = change_by(&w, *state, edits, TK_COUNT(edits));
    has_cause(change, TK_DESK_WATCH_RULE, "us.review-h200", TK_DESK_WATCH_WENT);
    has_cause_of(change, TK_DESK_WATCH_STATEMENT, "rule us.review-h200", TK_DESK_WATCH_REDATED, "2026-01-15..",
                 "2026-03-01..2027-01-01");
    assert_int_equal(causes_of(change, TK_DESK_WATCH_STATEMENT), 1);
    watching_close(&w);
}

/* A rule that is new, and gone again under the shipped rulebook. The book alone says it again. */
static void test_statement_added(void **state)
{
    watching w;
    static const edit edits[] = {{"us/regime.rules", "set advanced = 3A090.a, 3A090.b",
                                  "set advanced = 3A090.a, 3A090.b\n\nrule extra-licence\n  \"More.\"\n"
                                  "  cites \"1 CFR 1\"\n  published 2026-01-01\n  in force 2026-01-01 ..\n"
                                  "  when classification in advanced\n"
                                  "  requires extra \"One more paper\" before ship"}};
    const tk_desk_watch_change *change = change_by(&w, *state, edits, TK_COUNT(edits));
    has_cause_of(change, TK_DESK_WATCH_STATEMENT, "rule us.extra-licence", TK_DESK_WATCH_CAME, "", "");
    desk_with(&w, test_path(*state, "book/book.db"), NULL);
    change = go_changes(&w, "2026-02-10");
    has_cause_of(change, TK_DESK_WATCH_STATEMENT, "rule us.extra-licence", TK_DESK_WATCH_WENT, "", "");
    assert_int_equal(causes_of(change, TK_DESK_WATCH_STATEMENT), 1);
    tk_desk_watch_list list = the_list(&w);
    tk_desk_watch_shown shown;
    assert_int_equal(tk_desk_watch_show(w.store, &list, true, &w.arena, &shown, NULL), TK_OK);
    has_cause(shown.orders[0].change, TK_DESK_WATCH_STATEMENT, "rule us.extra-licence", TK_DESK_WATCH_WENT);
    assert_int_equal(watching_number(&w, "SELECT count(*) FROM watch_editions"), 2);
    watching_close(&w);
}

static void test_date(void **state)
{
    watching w;
    tk_transaction orders[] = {watching_order("a", "h200-sxm", "bytedance"),
                               watching_order("b", "h200-sxm", "bytedance")};
    orders[1].cells[TK_COLUMN_AS_OF] = TK_STR("2026-01-10"); /* has a day of its own */
    open_at(&w, test_path(*state, "book/book.db"));
    must_add(&w, orders, 2, &usual);
    (void)go(&w, "2026-01-11");
    tk_desk_watch_run run = go(&w, "2026-02-20");
    assert_int_equal(run.changed_count, 1);
    assert_true(tk_str_is(run.changed[0].id, "a"));
    const tk_desk_watch_change *change = run.changed[0].change;
    has_cause(change, TK_DESK_WATCH_DATE, "", TK_DESK_WATCH_OTHER);
    const tk_desk_watch_cause *cause = cause_of(change, TK_DESK_WATCH_DATE, NULL);
    assert_true(tk_str_is(cause->before, "2026-01-11") && tk_str_is(cause->now, "2026-02-20"));
    assert_null(cause_of(change, TK_DESK_WATCH_RULEBOOK, NULL));
    watching_close(&w);
}

/* Under the law alone only rules and the day can change an answer. */
static void test_date_and_rule(void **state)
{
    watching w;
    tk_desk_watch_question law = {.world = TK_WORLD_LAW};
    tk_transaction orders[] = {watching_order("a", "h200-sxm", "bytedance")};
    open_at(&w, test_path(*state, "book/book.db"));
    must_add(&w, orders, 1, &law);
    (void)go(&w, "2026-01-14");
    tk_desk_watch_run run = go(&w, "2026-01-15");
    assert_int_equal(run.changed_count, 1);
    has_cause(run.changed[0].change, TK_DESK_WATCH_RULE, "us.review-h200", TK_DESK_WATCH_CAME);
    has_cause(run.changed[0].change, TK_DESK_WATCH_DATE, "", TK_DESK_WATCH_OTHER);
    assert_null(cause_of(run.changed[0].change, TK_DESK_WATCH_CLAIM, NULL));
    has_cause_of(run.changed[0].change, TK_DESK_WATCH_FORCE, "rule us.review-h200", TK_DESK_WATCH_BEGAN, "",
                 "2026-01-15");
    assert_null(cause_of(run.changed[0].change, TK_DESK_WATCH_STATEMENT, NULL));
    watching_close(&w);
}

/* Another rulebook in which nothing changed that the order reads does not explain what the day did. */
static void test_date_and_rulebook(void **state)
{
    watching w;
    const char *path = test_path(*state, "book/book.db");
    tk_desk_watch_question law = {.world = TK_WORLD_LAW};
    static const edit edits[] = {
        {"us/uae.rules", "A licence is needed for the United Arab Emirates by name.", "By name."}};
    tk_transaction orders[] = {watching_order("a", "h200-sxm", "bytedance")};
    open_at(&w, path);
    must_add(&w, orders, 1, &law);
    (void)go(&w, "2026-01-14");
    desk_with(&w, path, other_rulebook(*state, edits, TK_COUNT(edits)));
    const tk_desk_watch_change *change = go_changes(&w, "2026-01-15");
    assert_null(cause_of(change, TK_DESK_WATCH_STATEMENT, NULL));
    has_cause(change, TK_DESK_WATCH_RULEBOOK, "", TK_DESK_WATCH_OTHER);
    has_cause_of(change, TK_DESK_WATCH_FORCE, "rule us.review-h200", TK_DESK_WATCH_BEGAN, "", "2026-01-15");
    has_cause(change, TK_DESK_WATCH_DATE, "", TK_DESK_WATCH_OTHER);
    watching_close(&w);
}

/* The row of a set ends: the set is named, with the row and its last day. */
static void test_row_ends(void **state)
{
    watching w;
    tk_desk_watch_question law = {.world = TK_WORLD_LAW};
    tk_transaction orders[] = {watching_order("a", "h200-sxm", "g42")};
    orders[0].cells[TK_COLUMN_TO] = TK_STR("AE");
    open_at(&w, test_path(*state, "book/book.db"));
    must_add(&w, orders, 1, &law);
    (void)go(&w, "2027-04-06");
    const tk_desk_watch_change *change = go_changes(&w, "2027-04-07");
    has_cause_of(change, TK_DESK_WATCH_FORCE, "set us.supp-8: g42, core42", TK_DESK_WATCH_ENDED, "", "2027-04-06");
    watching_close(&w);
}

static void test_claim(void **state)
{
    watching w;
    const char *path = test_path(*state, "book/book.db");
    tk_transaction orders[] = {watching_order("a", "h200-sxm", "bytedance"), watching_order("b", "h20-96", "tencent")};
    open_at(&w, path);
    must_add(&w, orders, 2, &usual);
    (void)go(&w, "2026-02-10");
    import(&w, LIFTED); /* about nothing that matters here */
    desk_with(&w, path, NULL);
    assert_int_equal(go(&w, "2026-02-10").changed_count, 0);
    import(&w, WITHHOLDS);
    desk_with(&w, path, NULL);
    tk_desk_watch_run run = go(&w, "2026-02-10");
    assert_int_equal(run.changed_count, 1);
    const tk_desk_watch_change *change = run.changed[0].change;
    assert_true(tk_str_is(run.changed[0].id, "a"));
    has_cause(change, TK_DESK_WATCH_CLAIM, "T1", TK_DESK_WATCH_CAME);
    has_cause(change, TK_DESK_WATCH_FACT, "item.cn_stance", TK_DESK_WATCH_OTHER);
    assert_true(tk_str_is(cause_of(change, TK_DESK_WATCH_FACT, "item.cn_stance")->now, "withheld"));
    assert_null(cause_of(change, TK_DESK_WATCH_KNOWN_AT, NULL));
    assert_true(tk_str_is(change->now, "may-not-move"));
    assert_int_equal(change->keys_count, 1);
    assert_true(tk_str_is(change->keys[0].regime, "cn") && tk_str_is(change->keys[0].now, "closed"));

    /* It can be said again, from the book alone. */
    tk_desk_watch_list list = the_list(&w);
    tk_desk_watch_shown shown;
    assert_int_equal(tk_desk_watch_show(w.store, &list, true, &w.arena, &shown, NULL), TK_OK);
    assert_int_equal(shown.orders_count, 2);
    assert_null(shown.orders[1].change);
    assert_int_equal(shown.orders[0].change->causes_count, change->causes_count);
    assert_true(tk_str_is(shown.orders[0].verdict, "may-not-move"));
    watching_close(&w);
}

/* A claim that is believed no longer because another one superseded it, and the other one. */
static void test_claim_superseded(void **state)
{
    watching w;
    const char *path = test_path(*state, "book/book.db");
    tk_transaction orders[] = {watching_order("a", "h200-sxm", "bytedance")};
    open_at(&w, path);
    must_add(&w, orders, 1, &usual);
    import(&w, WITHHOLDS);
    desk_with(&w, path, NULL);
    (void)go(&w, "2026-02-10");
    import(&w, CORRECTED);
    desk_with(&w, path, NULL);
    const tk_desk_watch_change *change = go_changes(&w, "2026-02-10");
    has_cause(change, TK_DESK_WATCH_CLAIM, "T1", TK_DESK_WATCH_WENT);
    has_cause(change, TK_DESK_WATCH_CLAIM, "T3", TK_DESK_WATCH_CAME);
    assert_int_equal(causes_of(change, TK_DESK_WATCH_CLAIM), 2);
    has_cause_of(change, TK_DESK_WATCH_FACT, "item.cn_stance", TK_DESK_WATCH_OTHER, "withheld", "paused");
    watching_close(&w);
}

/* The answers of all orders, one after the other. */
static tk_str answers_of(watching *w, tk_arena *arena)
{
    tk_desk_watch_list list = the_list(w);
    tk_desk_watch_shown shown;
    tk_str text = TK_STR("");
    assert_int_equal(tk_desk_watch_show(w->store, &list, true, &w->arena, &shown, NULL), TK_OK);
    for (size_t i = 0; i < shown.orders_count; i++)
        text = tk_arena_printf(arena, TK_FMT TK_FMT TK_FMT "\n", TK_ARG_STR(text), TK_ARG_STR(shown.orders[i].id),
                               TK_ARG_STR(shown.orders[i].answer));
    return text;
}

static void test_any_order(void **state)
{
    test_place *place = *state;
    static const char *const books[] = {"one/book.db", "two/book.db"};
    tk_transaction orders[] = {watching_order("a", "h200-sxm", "bytedance"), watching_order("b", "h20-96", "tencent")};
    tk_transaction turned[] = {orders[1], orders[0]};
    tk_str texts[2];
    for (size_t i = 0; i < 2; i++) {
        watching w;
        tk_desk_watch_added added;
        const char *path = test_path(place, books[i]);
        open_at(&w, path);
        must_add(&w, orders, 2, &usual);
        assert_int_equal(watching_add(&w, "desk", turned, 2, &usual, false, &added, NULL), TK_OK);
        assert_int_equal(added, TK_DESK_WATCH_SAME);
        import(&w, i == 0 ? WITHHOLDS : LIFTED);
        import(&w, i == 0 ? LIFTED : WITHHOLDS);
        desk_with(&w, path, NULL);
        (void)go(&w, "2026-02-10");
        texts[i] = answers_of(&w, &place->arena);
        watching_close(&w);
    }
    assert_true(texts[0].len != 0 && tk_str_eq(texts[0], texts[1]));
}

static void test_add_and_remove(void **state)
{
    watching w;
    tk_desk_watch_added added;
    tk_err err = {0};
    bool removed;
    tk_transaction orders[] = {watching_order("a", "h200-sxm", "bytedance"), watching_order("", "h20-96", "tencent")};
    static const char everything[] =
        "SELECT (SELECT count(*) FROM watch_lists) + (SELECT count(*) FROM watch_orders)"
        " + (SELECT count(*) FROM watch_states) + (SELECT count(*) FROM watch_answers)"
        " + (SELECT count(*) FROM watch_moments) + (SELECT count(*) FROM watch_pieces)"
        " + (SELECT count(*) FROM watch_editions)";
    tk_fact_text fact = {.name = TK_STR("item.tpp"), .value = TK_STR("4800")};
    tk_str claim = TK_STR("C105");
    tk_desk_watch_question other = {.world = TK_WORLD_LAW, .as_of_given = true, .as_of = day("2026-02-10"),
                                    .law = TK_LAW_TEXT, .facts = &fact, .facts_count = 1, .claims = &claim,
                                    .claims_count = 1};
    open_at(&w, test_path(*state, "book/book.db"));
    assert_int_equal(watching_add(&w, "no name", orders, 2, &usual, false, &added, &err), TK_ERR_INPUT);
    assert_non_null(strstr(err.message, "'no name' is no name of a watch"));
    must_add(&w, orders, 2, &usual);
    (void)go(&w, "2026-02-10");
    assert_int_equal(watching_add(&w, "desk", orders, 1, &usual, false, &added, NULL), TK_OK);
    assert_int_equal(added, TK_DESK_WATCH_REFUSED);
    assert_int_equal(watching_add(&w, "desk", orders, 2, &other, false, &added, NULL), TK_OK);
    assert_int_equal(added, TK_DESK_WATCH_REFUSED);
    assert_int_equal(the_list(&w).runs, 1);
    assert_int_equal(watching_add(&w, "desk", orders, 2, &other, true, &added, NULL), TK_OK);
    assert_int_equal(added, TK_DESK_WATCH_REPLACED);
    assert_int_equal(the_list(&w).runs, 0);
    assert_int_equal(watching_number(&w, everything), 1 + 2 + 2);
    assert_true(go(&w, "2026-02-10").first);

    tk_desk_watch_list list = the_list(&w);
    tk_desk_watch_shown shown;
    assert_int_equal(tk_desk_watch_show(w.store, &list, true, &w.arena, &shown, NULL), TK_OK);
    assert_true(shown.question.as_of_given && shown.question.as_of == day("2026-02-10"));
    assert_int_equal(shown.question.law, TK_LAW_TEXT);
    assert_int_equal(shown.question.world, TK_WORLD_LAW);
    assert_true(shown.question.claims_count == 1 && tk_str_is(shown.question.claims[0], "C105"));
    assert_true(shown.question.facts_count == 1 && tk_str_is(shown.question.facts[0].name, "item.tpp"));
    assert_true(tk_str_is(shown.question.facts[0].value, "4800"));
    assert_true(tk_str_is(shown.orders[1].cells, "{\"item\":\"h20-96\",\"end_user\":\"tencent\",\"from\":\"US\","
                                                 "\"to\":\"CN\",\"activity\":\"export\"}"));
    assert_int_equal(tk_desk_watch_remove(w.store, TK_STR("other"), &removed, NULL), TK_OK);
    assert_false(removed);
    assert_int_equal(tk_desk_watch_remove(w.store, TK_STR("desk"), &removed, NULL), TK_OK);
    assert_true(removed);
    assert_int_equal(watching_number(&w, everything), 0);
    watching_close(&w);
}

/* What cannot be decided is named each time and keeps its answer; when it can be again, it is compared with that. */
static void test_rejected(void **state)
{
    watching w;
    const char *path = test_path(*state, "book/book.db");
    tk_transaction orders[] = {watching_order("a", "h200-sxm", "bytedance"), watching_order("b", "h20-96", "tencent")};
    const char *parties = test_path(*state, "ours.csv");
    test_write(parties, TK_STR("id,name,hq\nacme,Acme and Sons,CN\n"));
    orders[1].cells[TK_COLUMN_END_USER] = TK_STR("Acme and Sons"); /* a name is none where it is not on record */
    open_at(&w, path);
    desk_with_data(&w, path, NULL, parties);
    must_add(&w, orders, 2, &usual);
    (void)go(&w, "2026-02-10");
    tk_str before = answers_of(&w, &((test_place *)*state)->arena);
    desk_with(&w, path, NULL);
    for (int i = 0; i < 2; i++) {
        tk_desk_watch_run run = go(&w, "2026-02-10");
        assert_int_equal(run.rejected, 1);
        assert_int_equal(run.accepted, 1);
        assert_non_null(strstr(w.last, "2 b: end_user"));
    }
    assert_int_equal(w.said, 2);
    desk_with_data(&w, path, NULL, parties);
    tk_desk_watch_run run = go(&w, "2026-02-10");
    assert_int_equal(run.rejected, 0);
    assert_int_equal(run.changed_count, 0);
    assert_true(tk_str_eq(before, answers_of(&w, &((test_place *)*state)->arena)));
    watching_close(&w);
}

/* A second run, through another handle, in the middle of the first. */
typedef struct second {
    watching *other;
    tk_desk_watch_run run;
} second;

static void say_and_run(void *context, const tk_desk_watch_list *list, int64_t number, tk_str id, const tk_err *err)
{
    second *s = context;
    (void)list;
    (void)number;
    (void)id;
    (void)err;
    s->run = go(s->other, "2026-02-20");
}

static void test_overtaken(void **state)
{
    watching w, other;
    const char *path = test_path(*state, "book/book.db");
    tk_transaction orders[] = {watching_order("a", "h200-sxm", "bytedance"), watching_order("b", "no-such", "tencent")};
    open_at(&w, path);
    open_at(&other, path);
    must_add(&w, orders, 2, &usual);
    assert_true(go(&w, "2026-01-11").first);
    second s = {.other = &other};
    tk_desk_watch_list list = the_list(&w);
    tk_desk_watch_run run;
    assert_int_equal(tk_desk_watch_go(w.store, w.desk, w.clerk, &list, day("2026-02-20"), say_and_run, &s, &w.arena,
                                      &run, NULL), TK_OK);
    assert_int_equal(s.run.changed_count, 1);
    assert_false(s.run.overtaken);
    assert_true(run.overtaken);
    assert_int_equal(run.changed_count, 0);
    assert_int_equal(go(&w, "2026-02-20").changed_count, 0);
    watching_close(&other);
    watching_close(&w);
}

/* A desk that was opened before a claim came, and whose run begins behind one that knew the claim. */
static void test_older_claims(void **state)
{
    watching w, other;
    const char *path = test_path(*state, "book/book.db");
    tk_transaction orders[] = {watching_order("a", "h200-sxm", "bytedance")};
    open_at(&w, path);
    must_add(&w, orders, 1, &usual);
    (void)go(&w, "2026-02-10");
    import(&w, WITHHOLDS);
    open_at(&other, path);
    assert_int_equal(go(&other, "2026-02-10").changed_count, 1);
    tk_desk_watch_list list = the_list(&w);
    tk_desk_watch_run run;
    assert_int_equal(tk_desk_watch_go(w.store, w.desk, w.clerk, &list, day("2026-02-10"), watching_say, &w, &w.arena,
                                      &run, NULL), TK_OK);
    assert_true(run.overtaken);
    assert_int_equal(run.changed_count, 0);
    assert_int_equal(go(&other, "2026-02-10").changed_count, 0);
    desk_with(&w, path, NULL);
    assert_int_equal(go(&w, "2026-02-10").changed_count, 0);
    watching_close(&other);
    watching_close(&w);
}

/* A list whose question names a claim that is not there: said once, and nothing of it is touched. */
static void test_claim_missing(void **state)
{
    watching w;
    tk_str claim = TK_STR("C-none");
    tk_desk_watch_question question = {.world = TK_WORLD_LAW, .claims = &claim, .claims_count = 1};
    tk_transaction orders[] = {watching_order("a", "h200-sxm", "bytedance"), watching_order("b", "h20-96", "tencent")};
    open_at(&w, test_path(*state, "book/book.db"));
    must_add(&w, orders, 2, &question);
    tk_desk_watch_run run = go(&w, "2026-02-10");
    assert_int_equal(run.rejected, 2);
    assert_int_equal(w.said, 1);
    assert_non_null(strstr(w.last, "claim C-none, which is to be believed, is not in this book"));
    assert_int_equal(the_list(&w).runs, 0);
    watching_close(&w);
}

/* Trying says what a run would, as often as it is asked, and leaves no trace. */
static void test_try(void **state)
{
    watching w;
    tk_transaction orders[] = {watching_order("a", "h200-sxm", "bytedance")};
    static const char everything[] = "SELECT (SELECT sum(runs) FROM watch_lists) + (SELECT count(*) FROM watch_answers)"
                                     " + (SELECT count(*) FROM watch_moments) + (SELECT count(*) FROM watch_pieces)"
                                     " + (SELECT count(*) FROM watch_editions)";
    open_at(&w, test_path(*state, "book/book.db"));
    must_add(&w, orders, 1, &usual);
    tk_desk_watch_list list = the_list(&w);
    tk_desk_watch_run run;
    assert_int_equal(tk_desk_watch_try(w.store, w.desk, w.clerk, &list, day("2026-01-14"), watching_say, &w, &w.arena,
                                       &run, NULL), TK_OK);
    assert_true(run.first && run.accepted == 1);
    assert_int_equal(watching_number(&w, everything), 0);
    (void)go(&w, "2026-01-14");
    int64_t kept = watching_number(&w, everything);
    list = the_list(&w);
    for (int i = 0; i < 2; i++) {
        assert_int_equal(tk_desk_watch_try(w.store, w.desk, w.clerk, &list, day("2026-01-15"), watching_say, &w,
                                           &w.arena, &run, NULL), TK_OK);
        assert_int_equal(run.changed_count, 1);
        has_cause(run.changed[0].change, TK_DESK_WATCH_FORCE, "rule us.review-h200", TK_DESK_WATCH_BEGAN);
        assert_int_equal(watching_number(&w, everything), kept);
    }
    assert_int_equal(go(&w, "2026-01-15").changed_count, 1);
    watching_close(&w);
}

/* What is put together again is what was hashed; another amount brings no piece of its own. */
static void test_pieces(void **state)
{
    watching w;
    tk_transaction orders[] = {watching_order("a", "h200-sxm", "bytedance"),
                               watching_order("b", "h200-sxm", "bytedance"), watching_order("c", "h20-96", "tencent")};
    static const char pieces[] = "SELECT count(*) FROM watch_pieces";
    tk_desk_watch_added added;
    tk_sha256 *hash;
    open_at(&w, test_path(*state, "book/book.db"));
    orders[0].cells[TK_COLUMN_QUANTITY] = TK_STR("2000");
    orders[1].cells[TK_COLUMN_QUANTITY] = TK_STR("70123");
    must_add(&w, orders, 1, &usual);
    (void)go(&w, "2026-02-10");
    int64_t one = watching_number(&w, pieces);
    assert_int_equal(watching_add(&w, "desk", orders, TK_COUNT(orders), &usual, true, &added, NULL), TK_OK);
    assert_int_equal(watching_number(&w, pieces), 0);
    (void)go(&w, "2026-02-10");
    assert_int_equal(watching_number(&w, "SELECT count(*) FROM watch_answers"), TK_COUNT(orders));
    assert_in_range(watching_number(&w, pieces), one, 2 * one - 1);
    assert_int_equal(watching_number(&w, "SELECT count(*) FROM watch_answers WHERE pieces LIKE '% =70123 %'"), 1);

    tk_desk_watch_list list = the_list(&w);
    tk_desk_watch_shown shown;
    assert_int_equal(tk_desk_watch_show(w.store, &list, true, &w.arena, &shown, NULL), TK_OK);
    assert_int_equal(tk_sha256_new(&hash, NULL), TK_OK);
    for (size_t i = 0; i < TK_COUNT(orders); i++) {
        char hex[TK_SHA256_HEX_BYTES], sql[160];
        tk_sha256_add(hash, shown.orders[i].answer);
        assert_int_equal(tk_sha256_finish(hash, hex, NULL), TK_OK);
        (void)snprintf(sql, sizeof sql, "SELECT count(*) FROM watch_answers WHERE hash = '%s'", hex);
        tk_str text = tk_arena_copy(&w.arena, tk_str_from(sql)); /* a statement is known by its address */
        assert_int_equal(watching_number(&w, text.ptr), 1);
    }
    tk_sha256_free(hash);
    watching_close(&w);
}

/* A book whose answers were kept whole: they are compared with and said again, and no edition is known. */
static void test_older_book(void **state)
{
    watching w;
    const char *path = test_path(*state, "book/book.db");
    tk_transaction orders[] = {watching_order("a", "h200-sxm", "bytedance")};
    open_at(&w, path);
    must_add(&w, orders, 1, &usual);
    (void)go(&w, "2026-01-14");
    tk_str answer = answers_of(&w, &((test_place *)*state)->arena);
    static const char *const back[] = {
        "CREATE TABLE kept AS SELECT * FROM watch_moments", "CREATE TABLE named AS SELECT moment FROM watch_lists",
        "UPDATE watch_lists SET moment = NULL", "DROP TABLE watch_moments",
        "CREATE TABLE watch_moments (id INTEGER PRIMARY KEY, rulebook TEXT NOT NULL, catalogue TEXT NOT NULL,"
        " program TEXT NOT NULL, recorded INTEGER NOT NULL, known_at INTEGER NOT NULL, today INTEGER NOT NULL,"
        " UNIQUE (rulebook, catalogue, program, recorded, known_at, today)) STRICT",
        "INSERT INTO watch_moments SELECT id, rulebook, catalogue, program, recorded, known_at, today FROM kept",
        "UPDATE watch_lists SET moment = (SELECT moment FROM named)", "DROP TABLE kept", "DROP TABLE named",
        "DELETE FROM watch_editions", "DROP TABLE watch_editions", "DROP TABLE watch_pieces",
        "ALTER TABLE watch_answers RENAME COLUMN pieces TO answer",
        "UPDATE store_schema SET version = 1 WHERE module = 'watch'"};
    tk_store_statement *s;
    assert_int_equal(tk_store_begin(w.store, "making it older", NULL), TK_OK);
    assert_int_equal(tk_store_prepare(w.store, "UPDATE watch_answers SET pieces = ?1", &s, NULL), TK_OK);
    tk_store_bind_text(s, 1, (tk_str){answer.ptr + 1, answer.len - 2}); /* without id and line end */
    assert_int_equal(tk_store_run(s, NULL), TK_OK);
    for (size_t i = 0; i < TK_COUNT(back); i++)
        assert_int_equal(tk_store_execute(w.store, back[i], NULL), TK_OK);
    assert_int_equal(tk_store_commit(w.store, NULL), TK_OK);
    watching_close(&w);
    open_at(&w, path);
    assert_true(tk_str_eq(answer, answers_of(&w, &((test_place *)*state)->arena)));
    assert_int_equal(the_list(&w).today, day("2026-01-14")); /* the moment is the list's still */
    assert_int_equal(watching_number(&w, "SELECT count(*) FROM watch_moments WHERE lists = '[]' AND parties = 0"), 1);
    assert_int_equal(go(&w, "2026-01-14").changed_count, 0);
    const tk_desk_watch_change *change = go_changes(&w, "2026-01-15");
    has_cause(change, TK_DESK_WATCH_RULE, "us.review-h200", TK_DESK_WATCH_CAME);
    watching_close(&w);
}

static void test_limit_orders(void **state)
{
    watching w;
    tk_desk_watch_draft *draft;
    tk_err err = {0};
    tk_transaction order = watching_order("a", "h200-sxm", "bytedance");
    open_at(&w, test_path(*state, "book/book.db"));
    assert_int_equal(tk_desk_watch_draft_new(&w.arena, TK_STR("desk"), TK_STR("orders.csv"), &usual, &draft, NULL),
                     TK_OK);
    for (int i = 0; i < TK_WATCH_ORDERS_MAX; i++)
        assert_int_equal(tk_desk_watch_draft_put(draft, &order, NULL), TK_OK);
    assert_int_equal(tk_desk_watch_draft_put(draft, &order, &err), TK_ERR_LIMIT);
    assert_string_equal(err.message, "a watch holds at most 100000 orders");
    watching_close(&w);
}

static void test_limit_watches(void **state)
{
    watching w;
    tk_desk_watch_added added;
    tk_err err = {0};
    tk_transaction orders[] = {watching_order("a", "h200-sxm", "bytedance")};
    static const char fill[] =
        "WITH RECURSIVE n (i) AS (VALUES (2) UNION ALL SELECT i + 1 FROM n WHERE i < 999) INSERT INTO watch_lists"
        " (name, content, source, law, world, world_name, claims, facts, orders, runs)"
        " SELECT 'w' || i, '', '', 0, 0, '', '[]', '[]', 0, 0 FROM n";
    open_at(&w, test_path(*state, "book/book.db"));
    must_add(&w, orders, 1, &usual);
    assert_int_equal(tk_store_execute(w.store, fill, NULL), TK_OK);
    assert_int_equal(watching_add(&w, "last", orders, 1, &usual, false, &added, NULL), TK_OK);
    assert_int_equal(watching_number(&w, "SELECT count(*) FROM watch_lists"), TK_WATCHES_MAX);
    assert_int_equal(watching_add(&w, "more", orders, 1, &usual, false, &added, &err), TK_ERR_LIMIT);
    assert_string_equal(err.message, "a book holds at most 1000 watches");
    /* One in the place of another is none more. */
    orders[0].cells[TK_COLUMN_QUANTITY] = TK_STR("7");
    assert_int_equal(watching_add(&w, "last", orders, 1, &usual, true, &added, NULL), TK_OK);
    assert_int_equal(added, TK_DESK_WATCH_REPLACED);
    watching_close(&w);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, test_place_make, test_place_remove)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_nothing_changed),  TEST(test_rulebook),         TEST(test_set),              TEST(test_fact_declared),
        TEST(test_other_dates),      TEST(test_statement_added),  TEST(test_no_reason),        TEST(test_date),
        TEST(test_date_and_rule),    TEST(test_date_and_rulebook), TEST(test_row_ends),         TEST(test_claim),
        TEST(test_any_order),        TEST(test_claim_superseded), TEST(test_add_and_remove),   TEST(test_rejected),
        TEST(test_overtaken),        TEST(test_older_claims),     TEST(test_claim_missing),    TEST(test_try),
        TEST(test_pieces),           TEST(test_older_book),       TEST(test_limit_orders),     TEST(test_limit_watches),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
