/* SPDX-License-Identifier: Apache-2.0 */
/* screener.c: which versions and entries count on a day, what fields do to a score, how hits are named and ordered. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include <cmocka.h>

#include "base/num.h"
#include "base/str.h"
#include "seams/shelf.h"

static const char listed[] =
    "EL|e1|c|Northern Optics Limited|Nordoptik|CN|Room 5, 18 Mill Lane, Leeds|HE 123 456|\n"
    "EL|e2|c|Vostok Machinery Works||RU|||\n"
    "EL|e3|c|Expired Machinery Works||RU||||2020-01-01|2024-12-31\n"
    "EL|e4|c|Coming Machinery Works||RU||||2030-01-01|\n"
    "SDN|s1|p|Tamin Orvel|Tamin Orwell|IR|||1962-03-04\n"
    "SDN|s2|v|Blue Heron||PA||IMO 9187629|\n";

typedef struct fixture {
    test_place *place;
    tk_shelf *shelf;
    tk_screener *screener;
    tk_screen_result result;
} fixture;

static fixture begin(void **state, const char *published)
{
    fixture f = {.place = *state};
    f.shelf = test_shelf(f.place, "lists");
    tk_list_edition edition = test_edition(&f.place->arena, "us-csl", published, listed);
    (void)test_put(f.place, f.shelf, &edition);
    return f;
}

static void end(fixture *f)
{
    tk_screener_free(f->screener);
    tk_shelf_close(f->shelf);
}

static tk_date day(const char *text)
{
    tk_date out = 0;
    assert_int_equal(tk_date_parse(tk_str_from(text), &out, NULL), TK_OK);
    return out;
}

static void use(fixture *f, tk_screener_options options)
{
    tk_err err = {0};
    tk_screener_free(f->screener);
    if (tk_screener_new(f->shelf, &options, &f->screener, &err) != TK_OK)
        fail_msg("no screener: %s", err.message);
}

static const tk_screen_result *ask(fixture *f, tk_screened party)
{
    tk_err err = {0};
    if (tk_screen(f->screener, &party, &f->result, &err) != TK_OK)
        fail_msg("not screened: %s", err.message);
    return &f->result;
}

static const tk_hit *hit_of(const tk_screen_result *result, const char *id)
{
    for (size_t i = 0; i < result->hits_count; i++)
        if (tk_str_is(result->hits[i].id, id))
            return &result->hits[i];
    return NULL;
}

static const tk_screener_options today = {.version = TK_SCREENER_OPTIONS_VERSION, .known_at = TK_DATE_MAX,
                                          .as_of = 20700}; /* 2026-09-04 */

static void test_exact_names_and_aliases(void **state)
{
    fixture f = begin(state, "2026-07-31");
    use(&f, today);
    const tk_screen_result *result = ask(&f, (tk_screened){.name = TK_STR("northern optics, LIMITED")});
    assert_int_equal(result->hits_count, 1);
    assert_int_equal(result->hits[0].score, TK_SCORE_ONE);
    assert_true(tk_str_is(result->hits[0].id, "EL:e1"));
    assert_int_equal(result->hits[0].alias.len, 0);
    assert_true(tk_str_starts(result->hits[0].version, TK_STR("us-csl 2026-07-31 ")));
    assert_int_equal(result->hits[0].why.score, TK_SCORE_ONE);
    result = ask(&f, (tk_screened){.name = TK_STR("Nordoptik")});
    assert_int_equal(result->hits_count, 1);
    assert_true(tk_str_is(result->hits[0].name, "Northern Optics Limited"));
    assert_true(tk_str_is(result->hits[0].alias, "Nordoptik"));
    assert_int_equal(ask(&f, (tk_screened){.name = TK_STR("Quite Another Party")})->hits_count, 0);
    end(&f);
}

static void test_entries_outside_their_days(void **state)
{
    fixture f = begin(state, "2026-07-31");
    use(&f, today);
    const tk_screen_result *result = ask(&f, (tk_screened){.name = TK_STR("Expired Machinery Works")});
    assert_null(hit_of(result, "EL:e3"));
    assert_true(0 < result->outside_count);
    assert_true(tk_str_is(result->outside[0].id, "EL:e3"));
    assert_int_equal(result->outside[0].end, day("2024-12-31"));
    result = ask(&f, (tk_screened){.name = TK_STR("Coming Machinery Works")});
    assert_null(hit_of(result, "EL:e4"));
    assert_true(tk_str_is(result->outside[0].id, "EL:e4"));
    tk_screener_options then = today;
    then.as_of = day("2024-12-31"); /* the last day counts */
    use(&f, then);
    assert_non_null(hit_of(ask(&f, (tk_screened){.name = TK_STR("Expired Machinery Works")}), "EL:e3"));
    then.as_of = day("2030-01-01"); /* the first day counts */
    use(&f, then);
    assert_non_null(hit_of(ask(&f, (tk_screened){.name = TK_STR("Coming Machinery Works")}), "EL:e4"));
    end(&f);
}

static int points_of(const tk_hit *hit, const char *field)
{
    for (size_t i = 0; i < hit->fields_count; i++)
        if (tk_str_is(hit->fields[i].field, field))
            return hit->fields[i].points;
    return 0;
}

static void test_fields_move_a_score(void **state)
{
    fixture f = begin(state, "2026-07-31");
    use(&f, today);
    tk_screened party = {.name = TK_STR("Northern Optics Limited"), .country = TK_STR("RU")};
    const tk_hit *hit = hit_of(ask(&f, party), "EL:e1");
    assert_true(points_of(hit, "country") < 0);
    assert_int_equal((int)hit->score, TK_SCORE_ONE + points_of(hit, "country"));
    party.country = TK_STR("cn");
    party.address = TK_STR("18 Mill Ln, Rm 5, LEEDS");
    hit = hit_of(ask(&f, party), "EL:e1");
    assert_true(0 < points_of(hit, "country") && 0 < points_of(hit, "address"));
    assert_int_equal(hit->score, TK_SCORE_ONE); /* never above one */
    party = (tk_screened){.name = TK_STR("Tamin Orvel"), .birth = TK_STR("1962")};
    assert_true(0 < points_of(hit_of(ask(&f, party), "SDN:s1"), "birth"));
    party.birth = TK_STR("1990-01-01");
    hit = hit_of(ask(&f, party), "SDN:s1"); /* an exact name stays a hit */
    assert_non_null(hit);
    assert_true(points_of(hit, "birth") < 0);
    end(&f);
}

static void test_identifier_alone_is_a_hit(void **state)
{
    fixture f = begin(state, "2026-07-31");
    use(&f, today);
    tk_str ids[] = {TK_STR("none"), TK_STR("9187629")};
    tk_screened party = {.name = TK_STR("Green Stork"), .identifiers = ids, .identifiers_count = 1};
    assert_int_equal(ask(&f, party)->hits_count, 0);
    party.identifiers_count = 2;
    const tk_screen_result *result = ask(&f, party);
    assert_int_equal(result->hits_count, 1);
    assert_true(tk_str_is(result->hits[0].id, "SDN:s2"));
    assert_true(950 <= result->hits[0].score);
    assert_true(0 < points_of(&result->hits[0], "identifier"));
    assert_true(result->hits[0].why.score < TK_NAMES_THRESHOLD);
    end(&f);
}

static void test_one_list(void **state)
{
    fixture f = begin(state, "2026-07-31");
    tk_screener_options options = today;
    options.list = TK_STR("SDN");
    use(&f, options);
    assert_int_equal(ask(&f, (tk_screened){.name = TK_STR("Northern Optics Limited")})->hits_count, 0);
    assert_int_equal(ask(&f, (tk_screened){.name = TK_STR("Tamin Orvel")})->hits_count, 1);
    end(&f);
}

/* Two sources bring the same party of the same list: one hit. */
static void test_two_sources_one_hit(void **state)
{
    fixture f = begin(state, "2026-07-31");
    tk_list_edition other = test_edition(&f.place->arena, "us-ofac", "2026-08-15", "SDN|s1|p|Tamin Orvel\n");
    (void)test_put(f.place, f.shelf, &other);
    use(&f, today);
    const tk_screen_result *result = ask(&f, (tk_screened){.name = TK_STR("Tamin Orvel")});
    assert_int_equal(result->hits_count, 1);
    assert_true(tk_str_is(result->hits[0].id, "SDN:s1"));
    end(&f);
}

static void test_more_hits_than_wanted(void **state)
{
    fixture f = begin(state, "2026-07-31");
    tk_list_edition many = test_edition(&f.place->arena, "un", "2026-08-15",
                                        "UN|1|c|Orbital Foundry\nUN|2|c|Orbital Foundry\nUN|3|c|Orbital Foundry\n");
    (void)test_put(f.place, f.shelf, &many);
    tk_screener_options options = today;
    options.hits_max = 2;
    use(&f, options);
    const tk_screen_result *result = ask(&f, (tk_screened){.name = TK_STR("Orbital Foundry")});
    assert_int_equal(result->hits_count, 2);
    assert_int_equal(result->hits_more, 1);
    assert_true(tk_str_is(result->hits[0].id, "UN:1") && tk_str_is(result->hits[1].id, "UN:2"));
    end(&f);
}

/* --- which versions count --- */

static const tk_screen_source sources[] = {{{"us-csl", 6}, 30}, {{"us-ofac", 7}, 30}};
static const tk_str expected[] = {{"EL", 2}, {"SDN", 3}, {"UN", 2}};

static tk_screener_options with_sources(const char *as_of, const char *known_at)
{
    tk_screener_options options = TK_SCREENER_OPTIONS_INIT;
    options.sources = sources;
    options.sources_count = 2;
    options.expected = expected;
    options.expected_count = 3;
    options.as_of = day(as_of);
    if (known_at != NULL)
        options.known_at = day(known_at);
    return options;
}

static void expect_unscreened(const tk_screen_result *result, size_t at, const char *list, const char *source, int age)
{
    assert_true(at < result->unscreened_count);
    assert_true(tk_str_is(result->unscreened[at].list, list));
    assert_true(tk_str_is(result->unscreened[at].source, source));
    assert_int_equal(result->unscreened[at].age_days, age);
}

static void test_stale_lists_are_not_known(void **state)
{
    fixture f = begin(state, "2026-07-01");
    tk_screened party = {.name = TK_STR("Nobody Here")};
    use(&f, with_sources("2026-07-31", NULL)); /* 30 days old: the last day it counts */
    const tk_screen_result *result = ask(&f, party);
    assert_int_equal(result->unscreened_count, 1);
    expect_unscreened(result, 0, "UN", "", 0);
    assert_int_equal(result->unscreened[0].published, TK_DATE_MIN);
    assert_true(tk_screener_knows(f.screener, TK_STR("EL")) && !tk_screener_knows(f.screener, TK_STR("UN")));
    use(&f, with_sources("2026-08-01", NULL));
    result = ask(&f, party);
    assert_int_equal(result->unscreened_count, 3);
    expect_unscreened(result, 0, "EL", "us-csl", 31);
    expect_unscreened(result, 1, "SDN", "us-csl", 31);
    assert_int_equal(result->unscreened[0].published, day("2026-07-01"));
    assert_false(tk_screener_knows(f.screener, TK_STR("EL")));
    /* What is known of it is told all the same. */
    assert_int_equal(ask(&f, (tk_screened){.name = TK_STR("Tamin Orvel")})->hits_count, 1);
    /* Another source with the same list makes it known. */
    tk_list_edition other = test_edition(&f.place->arena, "us-ofac", "2026-07-20", "SDN|s1|p|Tamin Orvel\n");
    (void)test_put(f.place, f.shelf, &other);
    use(&f, with_sources("2026-08-01", NULL));
    result = ask(&f, party);
    assert_int_equal(result->unscreened_count, 2);
    expect_unscreened(result, 0, "EL", "us-csl", 31);
    end(&f);
}

static void test_known_at_chooses(void **state)
{
    fixture f = begin(state, "2026-07-01");
    tk_list_edition later = test_edition(&f.place->arena, "us-csl", "2026-07-20", "EL|e9|c|Newly Added Foundry\n");
    (void)test_put(f.place, f.shelf, &later);
    tk_screened party = {.name = TK_STR("Newly Added Foundry")};
    size_t count;
    use(&f, with_sources("2026-07-21", "2026-07-20"));
    assert_int_equal(ask(&f, party)->hits_count, 1);
    assert_int_equal(f.result.unscreened_count, 2); /* the later edition has no SDN list */
    use(&f, with_sources("2026-07-21", "2026-07-19"));
    assert_int_equal(ask(&f, party)->hits_count, 0);
    assert_int_equal(f.result.unscreened_count, 1);
    (void)tk_screener_versions(f.screener, &count);
    assert_int_equal(count, 1);
    use(&f, with_sources("2026-07-21", "2026-06-30"));
    assert_int_equal(ask(&f, party)->hits_count, 0);
    assert_int_equal(f.result.unscreened_count, 3);
    expect_unscreened(&f.result, 0, "EL", "us-csl", 0); /* it came later */
    assert_int_equal(f.result.unscreened[0].published, TK_DATE_MIN);
    expect_unscreened(&f.result, 2, "UN", "", 0);
    (void)tk_screener_versions(f.screener, &count);
    assert_int_equal(count, 0);
    end(&f);
}

/* A screener keeps the version it opened; a new one sees the new version. */
static void test_swap(void **state)
{
    fixture f = begin(state, "2026-07-01");
    use(&f, today);
    tk_list_edition later = test_edition(&f.place->arena, "us-csl", "2026-07-20", "EL|e9|c|Newly Added Foundry\n");
    (void)test_put(f.place, f.shelf, &later);
    assert_int_equal(ask(&f, (tk_screened){.name = TK_STR("Newly Added Foundry")})->hits_count, 0);
    assert_int_equal(ask(&f, (tk_screened){.name = TK_STR("Nordoptik")})->hits_count, 1);
    use(&f, today);
    assert_int_equal(ask(&f, (tk_screened){.name = TK_STR("Newly Added Foundry")})->hits_count, 1);
    assert_int_equal(ask(&f, (tk_screened){.name = TK_STR("Nordoptik")})->hits_count, 0);
    end(&f);
}

static void test_damaged_version_is_refused(void **state)
{
    fixture f = begin(state, "2026-07-01");
    tk_list_edition later = test_edition(&f.place->arena, "us-csl", "2026-07-20", "EL|e9|c|Newly Added Foundry\n");
    tk_shelf_version version = test_put(f.place, f.shelf, &later);
    const char *path =
        test_path(f.place, tk_arena_printf(&f.place->arena, "lists/" TK_FMT, TK_ARG_STR(version.file)).ptr);
    assert_int_equal(chmod(path, 0600), 0);
    test_write(path, TK_STR("short"));
    tk_screener *screener = NULL;
    tk_err err = {0};
    /* The older one is not used instead. */
    assert_int_not_equal(tk_screener_new(f.shelf, &today, &screener, &err), TK_OK);
    assert_null(screener);
    assert_non_null(strstr(err.file, "us-csl-2026-07-20"));
    end(&f);
}

static void test_names_that_cannot_be_compared(void **state)
{
    fixture f = begin(state, "2026-07-31");
    use(&f, today);
    assert_int_equal(tk_screen(f.screener, &(tk_screened){.name = TK_STR("...")}, &f.result, NULL), TK_ERR_INPUT);
    assert_int_equal(ask(&f, (tk_screened){.name = TK_STR("Nordoptik")})->hits_count, 1);
    end(&f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_exact_names_and_aliases, test_place_make, test_place_remove),
        cmocka_unit_test_setup_teardown(test_entries_outside_their_days, test_place_make, test_place_remove),
        cmocka_unit_test_setup_teardown(test_fields_move_a_score, test_place_make, test_place_remove),
        cmocka_unit_test_setup_teardown(test_identifier_alone_is_a_hit, test_place_make, test_place_remove),
        cmocka_unit_test_setup_teardown(test_one_list, test_place_make, test_place_remove),
        cmocka_unit_test_setup_teardown(test_two_sources_one_hit, test_place_make, test_place_remove),
        cmocka_unit_test_setup_teardown(test_more_hits_than_wanted, test_place_make, test_place_remove),
        cmocka_unit_test_setup_teardown(test_stale_lists_are_not_known, test_place_make, test_place_remove),
        cmocka_unit_test_setup_teardown(test_known_at_chooses, test_place_make, test_place_remove),
        cmocka_unit_test_setup_teardown(test_swap, test_place_make, test_place_remove),
        cmocka_unit_test_setup_teardown(test_damaged_version_is_refused, test_place_make, test_place_remove),
        cmocka_unit_test_setup_teardown(test_names_that_cannot_be_compared, test_place_make, test_place_remove),
    };
    return cmocka_run_group_tests_name("screen/screener", tests, NULL, NULL);
}
