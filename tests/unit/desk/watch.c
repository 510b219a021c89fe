/* SPDX-License-Identifier: Apache-2.0 */
/* Watches: what a run keeps, what it calls a change and why, and that of two runs one reports. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include <cmocka.h>

#include "base/num.h"
#include "base/out.h"
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

static void import(watching *w, const char *rows)
{
    tk_claims *claims;
    tk_claims_imported done;
    tk_claims_texts texts = tk_desk_claims_texts();
    tk_arena arena;
    tk_arena_init(&arena, 4096, 0);
    tk_str text = tk_arena_printf(&arena, "id,date_event,date_reported,source,source_url,source_kind,actor,subject,"
                                          "predicate,status\n%s", rows);
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

#define WITHHOLDS "T1,2026-02-05,2026-02-05,MOFCOM,https://example.org/1,official,MOFCOM,H200,withholds,announced\n"
#define LIFTED "T2,2026-02-06,2026-02-06,Blog,https://example.org/2,social,Blogger,weather,is_fine,reported\n"

/* The shipped rulebook with one text replaced, in a folder of the test. */
static const char *other_rulebook(test_place *place, const char *file, const char *from, const char *to)
{
    static const char prefix[] = "rulebooks/";
    const char *folder = test_path(place, "data");
    size_t replaced = 0;
    for (size_t i = 0; i < tk_embedded_files_count; i++) {
        tk_str path = tk_embedded_files[i].path, text = tk_embedded_files[i].text;
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
        tk_str copy = tk_arena_copy(&place->arena, text);
        const char *at = tk_str_is(path, file) ? strstr(copy.ptr, from) : NULL;
        if (at != NULL) {
            replaced++;
            copy = tk_arena_printf(&place->arena, TK_FMT "%s%s", (int)(at - copy.ptr), copy.ptr, to,
                                   at + strlen(from));
        }
        test_write(whole.ptr, copy);
    }
    assert_int_equal(replaced, 1);
    return folder;
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

static void test_rulebook(void **state)
{
    watching w;
    const char *path = test_path(*state, "book/book.db");
    const char *folder = other_rulebook(*state, "us/items.rules", "item.tpp >= 4800", "item.tpp >= 4801");
    tk_transaction orders[] = {watching_order("a", "h200-sxm", "bytedance")};
    open_at(&w, path);
    must_add(&w, orders, 1, &usual);
    (void)go(&w, "2026-02-10");
    desk_with(&w, path, folder);
    tk_desk_watch_run run = go(&w, "2026-02-11");
    assert_int_equal(run.changed_count, 1);
    const tk_desk_watch_change *change = run.changed[0].change;
    has_cause(change, TK_DESK_WATCH_RULE, "us.item-a", TK_DESK_WATCH_OTHER);
    has_cause(change, TK_DESK_WATCH_RULEBOOK, "", TK_DESK_WATCH_OTHER);
    assert_null(cause_of(change, TK_DESK_WATCH_DATE, NULL)); /* the rulebook explains it */
    assert_null(cause_of(change, TK_DESK_WATCH_CLAIM, NULL));
    assert_null(cause_of(change, TK_DESK_WATCH_CATALOGUE, NULL));
    assert_int_equal(change->causes_count, 2);
    assert_int_equal(change->keys_count, 0);
    assert_int_equal(go(&w, "2026-02-11").changed_count, 0);
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
    assert_int_equal(tk_desk_watch_show(w.store, &list, &w.arena, &shown, NULL), TK_OK);
    assert_int_equal(shown.orders_count, 2);
    assert_null(shown.orders[1].change);
    assert_int_equal(shown.orders[0].change->causes_count, change->causes_count);
    assert_true(tk_str_is(shown.orders[0].verdict, "may-not-move"));
    watching_close(&w);
}

/* The answers of all orders, one after the other. */
static tk_str answers_of(watching *w, tk_arena *arena)
{
    tk_desk_watch_list list = the_list(w);
    tk_desk_watch_shown shown;
    tk_str text = TK_STR("");
    assert_int_equal(tk_desk_watch_show(w->store, &list, &w->arena, &shown, NULL), TK_OK);
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
        " + (SELECT count(*) FROM watch_moments)";
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
    assert_int_equal(tk_desk_watch_show(w.store, &list, &w.arena, &shown, NULL), TK_OK);
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

#define TEST(f) cmocka_unit_test_setup_teardown(f, test_place_make, test_place_remove)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_nothing_changed), TEST(test_rulebook), TEST(test_date),     TEST(test_date_and_rule),
        TEST(test_claim),           TEST(test_any_order), TEST(test_add_and_remove), TEST(test_rejected),
        TEST(test_overtaken),       TEST(test_older_claims), TEST(test_claim_missing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
