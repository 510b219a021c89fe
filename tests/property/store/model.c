/* SPDX-License-Identifier: Apache-2.0 */
/* Random work on a book beside a model that is obvious: a set of numbers for what is on disk, one for the transaction,
 * one for the backup. After every step both hold the same.
 *
 * COUNT=n tries n sequences (60); SEED=n begins elsewhere (1). A failure prints its seed.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/str.h"
#include "seams/chance.h"
#include "seams/notes.h"
#include "seams/place.h"

enum { NOTES = 60, STEPS = 60 };

typedef struct model {
    uint64_t on_disk, here, in_backup; /* bit i: note i + 1 is there */
    bool in_transaction, has_backup;
} model;

static uint64_t notes_as_bits(tk_store *store)
{
    static const char sql[] = "SELECT id FROM notes";
    tk_store_statement *statement;
    uint64_t bits = 0;
    bool row;
    assert_int_equal(tk_store_prepare(store, sql, &statement, NULL), TK_OK);
    for (;;) {
        assert_int_equal(tk_store_step(statement, &row, NULL), TK_OK);
        if (!row)
            return bits;
        bits |= UINT64_C(1) << (tk_store_int(statement, 0) - 1);
    }
}

/* A note more (twice the same one is refused), or one less. */
static void change(tk_store *store, model *m, uint64_t draw)
{
    static const char sql[] = "DELETE FROM notes WHERE id = ?1";
    uint64_t bit = UINT64_C(1) << draw % NOTES;
    if (draw / NOTES % 3 != 0) {
        tk_status status = test_note_insert(store, (int64_t)(draw % NOTES) + 1, "note", NULL);
        assert_int_equal(status, (m->here & bit) != 0 ? TK_ERR_BUG : TK_OK);
        m->here |= bit;
        return;
    }
    tk_store_statement *statement;
    assert_int_equal(tk_store_prepare(store, sql, &statement, NULL), TK_OK);
    tk_store_bind_int(statement, 1, (int64_t)(draw % NOTES) + 1);
    assert_int_equal(tk_store_run(statement, NULL), TK_OK);
    assert_int_equal(tk_store_changes(store), (m->here & bit) != 0 ? 1 : 0);
    m->here &= ~bit;
}

static void step_outside(tk_store **store, const test_setting *s, const char *copy, model *m, uint64_t draw)
{
    switch (draw % 8) {
    case 0:
        tk_store_close(*store);
        *store = test_opened(s);
        break;
    case 1:
        assert_int_equal(tk_store_backup(*store, copy, true, NULL), TK_OK);
        m->in_backup = m->on_disk;
        m->has_backup = true;
        break;
    case 2:
        if (!m->has_backup)
            break;
        assert_int_equal(tk_store_restore(&s->options, copy, true, NULL), TK_OK);
        m->on_disk = m->here = m->in_backup;
        break;
    default:
        assert_int_equal(tk_store_begin(*store, "changing", NULL), TK_OK);
        m->in_transaction = true;
    }
}

static void step_inside(tk_store **store, const test_setting *s, model *m, uint64_t draw)
{
    if (draw % 8 < 5) {
        change(*store, m, draw / 8);
        return;
    }
    if (draw % 8 == 5) {
        tk_store_abort(*store);
        m->here = m->on_disk;
    } else if (draw % 8 == 6) { /* the program ends in the middle */
        tk_store_close(*store);
        *store = test_opened(s);
        m->here = m->on_disk;
    } else {
        assert_int_equal(tk_store_commit(*store, NULL), TK_OK);
        m->on_disk = m->here;
    }
    m->in_transaction = false;
}

static void test_model(void **state)
{
    test_place *place = *state;
    uint64_t first = test_chosen("SEED", 1), count = test_chosen("COUNT", 60);
    for (uint64_t seed = first; seed < first + count; seed++) {
        uint64_t random = seed;
        char name[64];
        model m = {0};
        test_setting s;
        (void)snprintf(name, sizeof name, "%lu/book.db", (unsigned long)seed);
        test_setting_make(&s, test_path(place, name), TEST_NOTES_VERSIONS);
        const char *copy = test_path(place, "copy.db");
        tk_store *store = test_opened(&s), *other = test_opened(&s);
        for (int step = 0; step < STEPS; step++) {
            if (m.in_transaction)
                step_inside(&store, &s, &m, test_random(&random));
            else
                step_outside(&store, &s, copy, &m, test_random(&random));
            /* We see what we did, everybody else what is committed. */
            if (notes_as_bits(store) != m.here || notes_as_bits(other) != m.on_disk)
                fail_msg("seed %lu, step %d: the book differs from the model", (unsigned long)seed, step);
        }
        tk_store_close(store);
        test_whole(other);
        tk_store_close(other);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_model, test_place_make, test_place_remove)};
    return cmocka_run_group_tests_name("store/model", tests, NULL, NULL);
}
