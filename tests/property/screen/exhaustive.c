/* SPDX-License-Identifier: Apache-2.0 */
/* exhaustive.c: retrieval finds what comparing with every listed name finds: the same entries with the same scores.
 *
 * Names of random editions, with slips, with words less, and of parties that are not listed. COUNT=n asks n names of
 * each edition (400); SEED=n chooses them (1). Where TWOKEY_LISTS has the published list, its names are asked too.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/num.h"
#include "base/str.h"
#include "seams/listing.h"
#include "seams/shelf.h"

static uint64_t number_of(const char *name, uint64_t usual)
{
    const char *text = getenv(name);
    tk_num value;
    if (text == NULL || tk_num_parse(tk_str_from(text), &value, NULL) != TK_OK)
        return usual;
    return (uint64_t)(value / TK_NUM_SCALE);
}

/* The best score of each entry, by comparing with each of its names. */
static void scan(tk_names *names, const screen_view *view, const tk_name *typed, unsigned *best)
{
    memset(best, 0, (size_t)view->head->entries_count * sizeof *best);
    for (uint32_t i = 0; i < view->head->names_count; i++) {
        size_t size;
        const tk_name *listed = screen_name_block(view, i, &size);
        assert_true(listed != NULL && tk_name_valid(listed, size));
        unsigned score = tk_names_score(names, typed, listed, 0);
        if (best[view->names[i].entry] < score)
            best[view->names[i].entry] = score;
    }
}

/* The entry of a hit: its id is LIST:KEY. */
static uint64_t entry_of(const screen_view *view, tk_str id)
{
    for (uint64_t i = 0; i < view->head->entries_count; i++) {
        tk_list_entry entry;
        tk_arena arena;
        tk_arena_init(&arena, 4096, 0);
        assert_int_equal(screen_entry_read(view, i, &arena, &entry, NULL), TK_OK);
        tk_arena_fini(&arena);
        if (id.len == entry.list.len + 1 + entry.key.len && tk_str_starts(id, entry.list) && tk_str_ends(id, entry.key))
            return i;
    }
    fail_msg("no entry has the id '" TK_FMT "'", TK_ARG_STR(id));
    return 0;
}

static void compare(tk_names *names, tk_screener *screener, const screen_view *view, tk_str name, unsigned *best)
{
    const tk_name *typed = NULL;
    tk_arena arena;
    tk_screen_result result;
    tk_arena_init(&arena, 4096, 0);
    tk_status status = tk_names_prepare(names, &arena, name, TK_NAME_UNKNOWN, &typed, NULL);
    assert_int_equal(tk_screen(screener, &(tk_screened){.name = name}, &result, NULL), status);
    if (status == TK_OK) {
        size_t expected = 0;
        scan(names, view, typed, best);
        for (uint64_t i = 0; i < view->head->entries_count; i++)
            expected += TK_NAMES_THRESHOLD <= best[i];
        for (size_t i = 0; i < result.hits_count; i++) {
            const tk_hit *hit = &result.hits[i];
            unsigned scanned = best[entry_of(view, hit->id)];
            if (hit->score != scanned || hit->why.score != scanned)
                fail_msg("'" TK_FMT "' and '" TK_FMT "': %u, explained %u, scanned %u", TK_ARG_STR(name),
                         TK_ARG_STR(hit->name), hit->score, hit->why.score, scanned);
        }
        if (result.hits_count != expected)
            fail_msg("'" TK_FMT "': %zu hits, %zu by comparing with all", TK_ARG_STR(name), result.hits_count,
                     expected);
    }
    tk_arena_fini(&arena);
}

/* Asks `count` names of the edition, or made of its own, and compares each with the scan. */
static void compare_many(test_place *place, const char *folder, const tk_list_edition *edition, uint64_t count,
                         uint64_t *seed)
{
    tk_shelf *shelf = test_shelf(place, folder);
    tk_shelf_version version = test_put(place, shelf, edition);
    tk_screener_options options = TK_SCREENER_OPTIONS_INIT;
    tk_screener *screener = NULL;
    tk_shelved *shelved = NULL;
    tk_names *names = NULL;
    assert_int_equal(tk_screener_new(shelf, &options, &screener, NULL), TK_OK);
    assert_int_equal(tk_shelved_open(shelf, &version, false, &shelved, NULL), TK_OK);
    assert_int_equal(tk_names_new(&names, NULL), TK_OK);
    unsigned *best = calloc(edition->entries_count, sizeof *best);
    assert_non_null(best);
    for (uint64_t k = 0; k < count; k++)
        compare(names, screener, tk_shelved_view(shelved), test_name_random(&place->arena, edition, seed), best);
    free(best);
    tk_names_free(names);
    tk_shelved_close(shelved);
    tk_screener_free(screener);
    tk_shelf_close(shelf);
}

static void test_random_editions(void **state)
{
    test_place *place = *state;
    uint64_t seed = number_of("SEED", 1), count = number_of("COUNT", 400);
    static const size_t sizes[] = {1, 30, 900};
    for (size_t i = 0; i < sizeof sizes / sizeof sizes[0]; i++) {
        tk_list_edition edition = test_edition_random(&place->arena, "us-csl", "2026-01-01", sizes[i], seed);
        compare_many(place, tk_arena_printf(&place->arena, "lists%zu", i).ptr, &edition, count, &seed);
    }
}

/* The published list: a scan of it is long, so a few names in the usual run. */
static void test_published_list(void **state)
{
    test_place *place = *state;
    listing l;
    uint64_t seed = number_of("SEED", 1);
    if (listing_folder() == NULL)
        skip();
    listing_open(&l);
    listing_file(&l, listing_folder(), "csl-2026-07.csv.gz");
    assert_int_equal(listing_read(&l), TK_OK);
    compare_many(place, "lists", l.edition, number_of("COUNT", 6), &seed);
    listing_close(&l);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_random_editions, test_place_make, test_place_remove),
        cmocka_unit_test_setup_teardown(test_published_list, test_place_make, test_place_remove),
    };
    return cmocka_run_group_tests_name("screen/exhaustive", tests, NULL, NULL);
}
