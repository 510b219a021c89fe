/* SPDX-License-Identifier: Apache-2.0 */
/* settling.h: somebody decides about a hit, as it is in the newest version on a shelf and in the book. */
#ifndef TESTS_UNIT_DESK_SETTLING_H
#define TESTS_UNIT_DESK_SETTLING_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "base/str.h"
#include "parties/clearances.h"
#include "seams/shelf.h"

static inline void settle_hit(test_place *place, tk_store *store, const char *lists, const char *hit, const char *party,
                              bool confirmed)
{
    tk_arena *arena = &place->arena;
    tk_shelf *shelf = NULL;
    tk_shelf_options how = {.create = false};
    const tk_shelf_version *versions;
    size_t count;
    tk_shelved *shelved = NULL;
    const tk_party_record *record = NULL;
    tk_compared sides[TK_COMPARED_SIDES];
    int64_t number;
    assert_int_equal(tk_shelf_open(lists, &how, &shelf, NULL), TK_OK);
    assert_int_equal(tk_shelf_versions(shelf, arena, &versions, &count, NULL), TK_OK);
    assert_int_equal(tk_shelved_open(shelf, &versions[count - 1], false, &shelved, NULL), TK_OK);
    assert_int_equal(tk_parties_find(store, INT64_MAX, tk_str_from(party), arena, &record, NULL), TK_OK);
    sides[TK_COMPARED_PARTY] = tk_compared_of_party(record);
    bool found = false;
    for (uint64_t i = 0; i < tk_shelved_count(shelved) && !found; i++) {
        tk_list_entry entry;
        assert_int_equal(tk_shelved_entry(shelved, i, arena, &entry, NULL), TK_OK);
        tk_str id = tk_arena_printf(arena, TK_FMT ":" TK_FMT, TK_ARG_STR(entry.list), TK_ARG_STR(entry.key));
        found = tk_str_is(id, hit);
        if (found)
            assert_int_equal(tk_compared_of_entry(&entry, arena, &sides[TK_COMPARED_ENTRY], NULL), TK_OK);
    }
    assert_true(found);
    tk_clearance decision = {.day = 20500, .who = TK_STR("desk"), .hit = tk_str_from(hit), .party = tk_str_from(party),
                             .reason = TK_STR("looked at the papers"), .confirmed = confirmed};
    assert_int_equal(tk_clearances_add(store, &decision, sides, &number, NULL), TK_OK);
    tk_shelved_close(shelved);
    tk_shelf_close(shelf);
}

#endif
