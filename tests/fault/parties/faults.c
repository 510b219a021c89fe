/* SPDX-License-Identifier: Apache-2.0 */
/* Memory that runs out, ours and SQLite's, while parties and holdings are imported, listed and added up, and a hit is
 * decided: allocation number 1, 2, 3 … fails until a run sees no fault. The answer is TK_ERR_MEMORY or the work is
 * done; afterwards the batch or the decision is there whole or not at all.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "parties/clearances.h"
#include "seams/memory.h"
#include "seams/vfs.h"
#include "unit/parties/book.h"

typedef struct stage {
    const char *path;
    tk_store *store;
    tk_arena arena;
    int turn;
} stage;

static void reopen(stage *g)
{
    tk_err err = {0};
    tk_store_close(g->store);
    tk_arena_fini(&g->arena);
    tk_arena_init(&g->arena, 512, 0);
    if (test_parties_open(&g->store, g->path, TEST_VFS, &err) != TK_OK)
        fail_msg("%s", err.message);
}

/* --- the work; each has another key each time --- */

static tk_status import_text(stage *g, const char *text, tk_err *err)
{
    test_said said;
    tk_parties_imported done;
    tk_status status = test_parties_import(g->store, text, &said, &done, err);
    if (status == TK_OK)
        assert_int_equal(done.added, 2);
    return status;
}

static tk_status work_parties(stage *g, tk_err *err)
{
    char text[256];
    (void)snprintf(text, sizeof text, "id,name,aliases\np%d-a,A,x;y\np%d-b,B,\n", g->turn, g->turn);
    return import_text(g, text, err);
}

static tk_status work_holdings(stage *g, tk_err *err)
{
    char text[256];
    (void)snprintf(text, sizeof text, "holder,held,share\nEL:%d,p%d-a,30-60\np%d-a,p%d-b,51\n", g->turn, g->turn,
                   g->turn, g->turn);
    return import_text(g, text, err);
}

static tk_status one_more(void *context, const tk_party_record *party, tk_err *err)
{
    (void)party;
    (void)err;
    *(int *)context += 1;
    return TK_OK;
}

static tk_status work_list(stage *g, tk_err *err)
{
    int count = 0;
    tk_str text;
    tk_status status = tk_parties_list(g->store, INT64_MAX, one_more, &count, err);
    if (status == TK_OK)
        assert_true(count != 0 && count % 2 == 0);
    return status == TK_OK ? tk_parties_as_catalogue(g->store, INT64_MAX, &g->arena, &text, err) : status;
}

static tk_status work_owners(stage *g, tk_err *err)
{
    static const tk_owner_rule rules[] = {{.list = {"EL", 2}, .percent = 50 * TK_NUM_SCALE, .aggregate = true}};
    tk_parties_graph *graph;
    const tk_owner_step *steps;
    size_t count;
    tk_owner_change up, down;
    bool complete;
    tk_status status = tk_parties_owners(g->store, INT64_MAX, 20000, TK_STR("p0-b"), rules, 1, 3, NULL, &g->arena,
                                         &graph, err);
    if (status != TK_OK)
        return status;
    uint32_t party = (uint32_t)tk_parties_graph_find(graph, TK_STR("p0-b"));
    assert_int_equal(tk_owners_state(graph->owners, party), TK_OWNER_RED_FLAG);
    status = tk_owners_chain(graph->owners, party, 0, &g->arena, &steps, &count, err);
    if (status == TK_OK)
        assert_int_equal(count, 2);
    if (status == TK_OK)
        status = tk_owners_change(graph->owners, party, 0, &g->arena, &up, &down, &complete, err);
    if (status == TK_OK)
        assert_true(up.there && down.there && complete);
    return status;
}

static const tk_compared sides[TK_COMPARED_SIDES];

static tk_status work_clear(stage *g, tk_err *err)
{
    int64_t number;
    char hit[32];
    (void)snprintf(hit, sizeof hit, "EL:%d", g->turn);
    tk_clearance decision = {
        .who = TK_STR("desk"), .hit = tk_str_from(hit), .party = TK_STR("p0-a"), .reason = TK_STR("other")};
    return tk_clearances_add(g->store, &decision, sides, &number, err);
}

static tk_status work_state(stage *g, tk_err *err)
{
    tk_clearance_answer answer;
    tk_compared changed[TK_COMPARED_SIDES] = {{.fields = {{"x", 1}}}};
    tk_status status =
        tk_clearances_find(g->store, TK_STR("EL:0"), TK_STR("p0-a"), changed, &g->arena, &answer, err);
    if (status == TK_OK)
        assert_true(answer.state == TK_CLEARANCE_LAPSED && answer.changes_count == 1);
    return status;
}

/* --- the book afterwards --- */

static int64_t number(stage *g, const char *sql)
{
    tk_store_statement *statement;
    bool row = false;
    assert_int_equal(tk_store_prepare(g->store, sql, &statement, NULL), TK_OK);
    assert_int_equal(tk_store_step(statement, &row, NULL), TK_OK);
    assert_true(row);
    int64_t value = tk_store_int(statement, 0);
    tk_store_reset(statement);
    return value;
}

static void look(stage *g)
{
    assert_int_equal(number(g, "SELECT count(*) FROM parties") % 2, 0);
    assert_int_equal(number(g, "SELECT count(*) FROM parties_holdings") % 2, 0);
    assert_int_equal(number(g, "SELECT count(*) FROM parties_compared"),
                     TK_COMPARED_SIDES * TK_COMPARED_FIELD_COUNT
                         * number(g, "SELECT count(*) FROM parties_clearances"));
    assert_int_equal(number(g, "SELECT count(*) FROM parties_batches b WHERE b.added <> (SELECT count(*) FROM parties"
                               " WHERE batch = b.id) + (SELECT count(*) FROM parties_holdings WHERE batch = b.id)"),
                     0);
}

static void run_out(stage *g, tk_status (*work)(stage *g, tk_err *err), bool stays)
{
    unsigned long at = 0;
    bool hit = true;
    while (hit) {
        tk_err err = {0};
        reopen(g);
        at += stays ? 7 : 1; /* the same places were met by single faults */
        g->turn++;
        test_memory_fail(at, stays);
        tk_status status = work(g, &err);
        hit = test_memory_failed();
        test_memory_fail(0, false);
        if (status != TK_OK && (status != TK_ERR_MEMORY || !hit))
            fail_msg("allocation %lu: status %d, %s", at, (int)status, err.message);
        if (status != TK_OK)
            assert_non_null(strstr(err.message, "memory"));
        reopen(g);
        look(g);
    }
    assert_in_range(at, 5, 100000);
}

static void test_faults(void **state)
{
    static tk_status (*const works[])(stage *, tk_err *) = {work_parties, work_holdings, work_list,
                                                            work_owners,  work_clear,    work_state};
    stage g = {.path = test_path(*state, "book/book.db")};
    tk_arena_init(&g.arena, 512, 0);
    test_vfs_register(); /* nothing is synced */
    reopen(&g);
    assert_int_equal(work_parties(&g, NULL), TK_OK);
    assert_int_equal(work_holdings(&g, NULL), TK_OK);
    assert_int_equal(work_clear(&g, NULL), TK_OK);
    for (int stays = 0; stays < 2; stays++)
        for (size_t i = 0; i < sizeof works / sizeof *works; i++)
            run_out(&g, works[i], stays == 1);
    tk_store_close(g.store);
    tk_arena_fini(&g.arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_faults, test_place_make, test_place_remove),
    };
    return cmocka_run_group_tests_name("parties/faults", tests, test_memory_of_sqlite, NULL);
}
