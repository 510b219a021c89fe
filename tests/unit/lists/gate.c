/* SPDX-License-Identifier: Apache-2.0 */
/* gate.c: what an edition is refused for, and where each limit lies; what differs between two; gzip; the tables. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <zlib.h>

#include "base/compat.h"
#include "base/limits.h"
#include "base/num.h"
#include "base/out.h"
#include "desk/embedded.h"
#include "lists/lists_int.h"
#include "seams/listing.h"

/* --- the gate --- */

/* An edition of the source "bis-dpl": at least 300 entries, 25 percent fewer at most, 5 rejects in 1000. */
static tk_list_edition edition(size_t entries, uint64_t rejected)
{
    return (tk_list_edition){.source = TK_STR("bis-dpl"), .published = 20000, .entries_count = entries,
                             .read = entries + rejected, .accepted = entries, .rejected = rejected};
}

static void gate(void **state)
{
    listing *l = *state;
    static const tk_str missing[] = {{"Name", 4}, {"Country", 7}};
    tk_list_edition e = edition(400, 0), short_one = edition(299, 0), least = edition(300, 0), none = edition(0, 0);
    tk_list_edition rejects = edition(398, 2), more_rejects = edition(397, 3), all = edition(1, 9);
    tk_list_edition lacks = e, header = e, cut = e;
    lacks.missing = missing;
    lacks.missing_count = 2;
    header.second_header = 2;
    cut.cut_off = 77;
    all.missing = missing;
    all.missing_count = 1;
    all.second_header = 2;
    all.cut_off = 3;
    const struct {
        tk_list_edition *edition;
        tk_list_in_force before; /* published 0: there is none */
        bool older;
        size_t reasons;
        const char *said;
    } rows[] = {
        {&e, {0, 0, 0, NULL}, false, 0, ""},
        {&least, {0, 0, 0, NULL}, false, 0, ""},
        {&short_one, {0, 0, 0, NULL}, false, 1, "it has 299 entries; at least 300 are expected"},
        {&none, {0, 0, 0, NULL}, false, 1, "it has 0 entries"},
        {&e, {20000, 400, 0, NULL}, false, 0, ""},
        {&e, {19999, 533, 0, NULL}, false, 0, ""}, /* 24.9 percent fewer */
        {&e, {19999, 534, 0, NULL}, false, 1, "it has 400 entries, the one in force 534: it shrank by 25 percent"},
        {&e, {20001, 400, 0, NULL}, false, 1, "it was published on 2024-10-04, the one in force on 2024-10-05"},
        {&e, {20001, 400, 0, NULL}, true, 0, ""},
        {&rejects, {0, 0, 0, NULL}, false, 0, ""},
        {&more_rejects, {0, 0, 0, NULL}, false, 1, "3 of its 400 records could not be read; at most 5 in 1000"},
        {&lacks, {0, 0, 0, NULL}, false, 1, "it lacks parts: Name, Country"},
        {&header, {0, 0, 0, NULL}, false, 1, "the header stands in it twice (line 2)"},
        {&cut, {0, 0, 0, NULL}, false, 1, "it is cut off: the last record (line 77) is broken"},
        {&all, {20001, 400, 0, NULL}, false, 7,
         "the header stands in it twice (line 2); it is cut off: the last record (line 3) is broken; it lacks a part: "
         "Name; it has 1 entries; at least 300 are expected; it has 1 entries, the one in force 400: it shrank by 99 "
         "percent"},
    };
    for (size_t i = 0; i < TK_COUNT(rows); i++) {
        l->edition = rows[i].edition;
        const tk_list_in_force *before = rows[i].before.published == 0 ? NULL : &rows[i].before;
        tk_list_verdict verdict = listing_gate(l, before, rows[i].older);
        if (verdict.reasons_count != rows[i].reasons || verdict.passed != (rows[i].reasons == 0)
            || !tk_str_starts(verdict.text, tk_str_from(rows[i].said)))
            fail_msg("row %zu: %.*s", i, TK_ARG_STR(verdict.text));
    }
    e.source = TK_STR("house"); /* a list of one's own: the row "own" */
    l->edition = &e;
    assert_true(listing_gate(l, NULL, false).passed);
}

/* A last record that breaks off, as a download that was cut short leaves it. */
static void cut_off(void **state)
{
    listing *l = *state;
    listing_sample(l, "csl-full-2022-05.csv");
    tk_str whole = l->files[0].bytes;
    size_t end = whole.len;
    for (size_t lost = 3; lost < 200; lost += 13) {
        listing_good(l, "csl-full-2022-05.csv", (tk_str){whole.ptr, end - lost});
        assert_int_equal(l->edition->cut_off, 18);
        assert_non_null(strstr(listing_gate(l, NULL, false).text.ptr, "it is cut off"));
    }
    /* A broken record in the middle is one that is rejected, no more. */
    tk_str text = tk_arena_printf(&l->arena, TK_FMT "Entity List (EL),x\r\n" TK_FMT, TK_ARG_STR(whole),
                                  TK_ARG_STR(((tk_str){strchr(whole.ptr, '\n') + 1, 100})));
    listing_good(l, "2022-05.csv", text);
    assert_true(2 <= l->edition->rejected);
}

static void lost_column(void **state)
{
    static const char text[] = "source,entity_number,programs,name,alt_names,countries,license_requirement,"
                               "federal_register_notice,source_list_url\nEntity List (EL),,,Acme,,CN,,,\n";
    listing *l = *state;
    listing_good(l, "2026-07-31.csv", TK_STR(text));
    assert_non_null(strstr(listing_gate(l, NULL, false).text.ptr, "it lacks parts: type, license_policy"));
}

/* --- differences --- */

static void difference(void **state)
{
#define HEADER                                                                                                       \
    "Name\tCountry\tStreet_Address\tCity\tState\tPostal_Code\tEffective_Date\tExpiration_Date\t"                      \
    "Standard_Order\tLast_Update\tAction\tFR_Citation\n"
    static const char before[] = HEADER "A\tDE\t\t\t\t\t01/01/2020\t01/01/2030\tY\t2020-01-01\t\t1 FR 1\n"
                                        "B\tDE\t\t\t\t\t01/01/2020\t\tY\t2020-01-01\t\t1 FR 1\n"
                                        "C\tDE\t\t\t\t\t01/01/2020\t\tY\t2020-01-01\t\t1 FR 1\n";
    static const char after[] = HEADER "A\tFR\t\t\t\t\t01/01/2020\t01/01/2031\tY\t2020-01-01\tX\t1 FR 1\n"
                                       "D\tDE\t\t\t\t\t01/01/2020\t\tY\t2020-01-01\t\t1 FR 1\n"
                                       "C\tDE\t\t\t\t\t01/01/2020\t\tY\t2020-01-02\t\t1 FR 1\n";
    listing *l = *state;
    listing_good(l, "dpl.txt", TK_STR(before));
    tk_list_edition *old = l->edition;
    listing_good(l, "dpl.txt", TK_STR(after));
    tk_list_difference d;
    assert_int_equal(tk_lists_diff(old, l->edition, &l->arena, &d, &l->err), TK_OK);
    assert_int_equal(d.added, 1);
    assert_int_equal(d.removed, 1);
    assert_int_equal(d.changed, 1);
    assert_int_equal(d.changes_count, 3);
    assert_int_equal(d.changes[0].fields, TK_LIST_FIELD_BIT(TK_LIST_COUNTRIES) | TK_LIST_FIELD_BIT(TK_LIST_END)
                                              | TK_LIST_FIELD_BIT(TK_LIST_REMARKS));
    assert_true(d.changes[1].after == NULL && tk_str_is(d.changes[1].before->name, "B"));
    assert_true(d.changes[2].before == NULL && tk_str_is(d.changes[2].after->name, "D"));
    /* What one side cannot say is not compared. */
    old->fields &= ~(TK_LIST_FIELD_BIT(TK_LIST_COUNTRIES) | TK_LIST_FIELD_BIT(TK_LIST_END)
                     | TK_LIST_FIELD_BIT(TK_LIST_REMARKS));
    assert_int_equal(tk_lists_diff(old, l->edition, &l->arena, &d, &l->err), TK_OK);
    assert_int_equal(d.changed, 0);
    assert_int_equal(d.compared & TK_LIST_FIELD_BIT(TK_LIST_END), 0);
}

/* --- gzip --- */

static tk_str packed(listing *l, tk_str text)
{
    z_stream z = {0};
    size_t size = text.len / 100 + 4096 + text.len;
    unsigned char *out = tk_arena_get(&l->arena, size);
    assert_non_null(out);
    assert_int_equal(deflateInit2(&z, 9, Z_DEFLATED, 15 + 16, 9, Z_DEFAULT_STRATEGY), Z_OK);
    z.next_in = (Bytef *)(uintptr_t)text.ptr;
    z.avail_in = (unsigned)text.len;
    z.next_out = out;
    z.avail_out = (unsigned)size;
    assert_int_equal(deflate(&z, Z_FINISH), Z_STREAM_END);
    tk_str bytes = {(const char *)out, size - z.avail_out};
    assert_int_equal(deflateEnd(&z), Z_OK);
    return bytes;
}

static void unpacks(void **state)
{
    listing *l = *state;
    listing_sample(l, "dpl-2023-11.tsv");
    tk_str text = l->files[0].bytes, hash = l->edition->hash, gzip = packed(l, text);
    listing_good(l, "dpl-2023-11.txt.gz", gzip);
    assert_true(tk_str_eq(hash, l->edition->hash)); /* of what was published, not of how it was packed */
    size_t half = text.len / 2;
    tk_str one = packed(l, (tk_str){text.ptr, half}), two = packed(l, (tk_str){text.ptr + half, text.len - half});
    char *both = tk_arena_get(&l->arena, one.len + two.len);
    memcpy(both, one.ptr, one.len);
    memcpy(both + one.len, two.ptr, two.len);
    listing_good(l, "dpl-2023-11.txt.gz", (tk_str){both, one.len + two.len});
    assert_true(tk_str_eq(hash, l->edition->hash));
    listing_refused(l, "a.gz", (tk_str){gzip.ptr, gzip.len - 1}, "break off");
    listing_refused(l, "a.gz", (tk_str){gzip.ptr, 12}, "break off");
    listing_refused(l, "a.gz", (tk_str){gzip.ptr, 2}, "break off");
    both = tk_arena_get(&l->arena, gzip.len + 2);
    memcpy(both, gzip.ptr, gzip.len);
    listing_refused(l, "a.gz", (tk_str){both, gzip.len + 2}, "something else stands behind");
    both[gzip.len / 2] = (char)~both[gzip.len / 2];
    listing_refused(l, "a.gz", (tk_str){both, gzip.len}, "damaged");
}

static void bombs(void **state)
{
    listing *l = *state;
    size_t size = (size_t)16 * 1024 * 1024;
    char *zeros = calloc(1, size);
    assert_non_null(zeros);
    memset(zeros, 'a', size);
    tk_str gzip = packed(l, (tk_str){zeros, size});
    listing_refused(l, "a.gz", gzip, "more than 200 times its size");
    /* Tightly packed but small is no bomb. */
    tk_str out;
    gzip = packed(l, (tk_str){zeros, TK_LIST_GZIP_FREE_BYTES});
    assert_int_equal(lists_unpack(TK_STR("a.gz"), gzip, &l->arena, &out, &l->err), TK_OK);
    assert_int_equal(out.len, TK_LIST_GZIP_FREE_BYTES);
    free(zeros);
    tk_str large = {"", (size_t)TK_LIST_FILE_BYTES_MAX + 1};
    assert_int_equal(lists_unpack(TK_STR("a"), large, &l->arena, &out, &l->err), TK_ERR_LIMIT);
}

/* --- the tables --- */

static void policies(void **state)
{
    static const struct {
        const char *policy;
        tk_list_review review;
    } rows[] = {
        {"", TK_LIST_REVIEW_UNKNOWN},
        {"Presumption of denial", TK_LIST_REVIEW_DENIAL},
        {"Presumption for denial.", TK_LIST_REVIEW_DENIAL},
        {"Policy of Denial. Case-by-case basis for items for U.S. Government supported use in the International Space "
         "Station (ISS).", TK_LIST_REVIEW_DENIAL},
        {"Presumption of denial except case-by-case for items not described in ECCN 3B001.a.4", TK_LIST_REVIEW_CASE},
        {"Case-by-Case review for licenses for the safety of civil aviation of aircraft.", TK_LIST_REVIEW_CASE},
        {"Case-by-case for all items listed on the CCL. Presumption of approval for EAR99 items", TK_LIST_REVIEW_CASE},
        {"Presumption of approval for EAR99 items", TK_LIST_REVIEW_UNKNOWN},
        {"Presumption of approval", TK_LIST_REVIEW_APPROVAL},
        {"See §744.2 (d) of the EAR", TK_LIST_REVIEW_UNKNOWN},
        {"See §§ 744.2(d), 744.3(d), and 744.4(d)", TK_LIST_REVIEW_UNKNOWN},
        {"See §§744.11 and 744.23(d) of the EAR", TK_LIST_REVIEW_UNKNOWN},
        {"See § 746.8(b)(2) of the EAR", TK_LIST_REVIEW_UNKNOWN},
        {"Something new", TK_LIST_REVIEW_UNKNOWN},
    };
    listing *l = *state;
    for (size_t i = 0; i < TK_COUNT(rows); i++)
        if (tk_lists_review(l->lists, tk_str_from(rows[i].policy)) != rows[i].review)
            fail_msg("'%s'", rows[i].policy);
}

static void families(void **state)
{
    listing *l = *state;
    static const char *const wordings[] = {"Entity List (EL) - Bureau of Industry and Security", "el",
                                           "Entity List (EL)"};
    for (size_t i = 0; i < TK_COUNT(wordings); i++)
        assert_true(tk_str_is(lists_family_called(l->lists, tk_str_from(wordings[i]))->code, "EL"));
    assert_null(lists_family_called(l->lists, TK_STR("Entity")));
    assert_null(lists_family_called(l->lists, TK_STR("")));
    assert_true(tk_str_is(lists_family_of(l->lists, TK_STR("SDGT; NS-PLC"))->code, "PLC"));
    assert_true(tk_str_is(lists_family_of(l->lists, TK_STR("NEW-EO1"))->code, "MBS"));
    const tk_list_family *el = tk_lists_family(l->lists, TK_STR("EL"));
    const tk_list_family *cmic = tk_lists_family(l->lists, TK_STR("CMIC"));
    assert_true(el->owned_percent == 50 * TK_NUM_SCALE && el->aggregate && el->minority == TK_LIST_MINORITY_RED_FLAG);
    assert_true(cmic->owned_percent == 0 && cmic->citation.len == 0);
    assert_true(tk_str_is(tk_lists_country(l->lists, TK_STR("Korea, North")), "KP"));
    assert_true(tk_str_is(tk_lists_country(l->lists, TK_STR("cn")), "CN"));
    assert_int_equal(tk_lists_country(l->lists, TK_STR("Atlantis")).len, 0);
    /* Each list that rules ask about is a family's, each source has a basis for its numbers. */
    size_t count;
    const tk_list_family *all = tk_lists_families(l->lists, &count);
    tk_str rest = listing_rulebook_lists(), word;
    while (tk_str_split(&rest, '|', &word)) {
        size_t at = 0;
        while (at < count && !tk_str_eq(all[at].party_lists, tk_str_trim(word)))
            at++;
        if (at == count)
            fail_msg("no family for '%.*s'", TK_ARG_STR(word));
    }
    const tk_list_source *sources = tk_lists_sources(l->lists, &count);
    for (size_t i = 0; i < count; i++)
        assert_true(sources[i].basis.len != 0 && sources[i].stale_days != 0);
}

#define FAMILIES "code,name,wordings,programs,owned_percent,aggregate,minority,citation,url,party_lists\n"

static void wrong_tables(void **state)
{
    static const struct {
        const char *sources, *families, *policies, *said;
    } rows[] = {
        {"id\nx\n", NULL, NULL, "no column 'title'"},
        {NULL, "code\nEL\n", NULL, "no column 'name'"},
        {NULL, NULL, "pattern,review\n*,perhaps\n", "review 'perhaps' is not approval"},
        {NULL, FAMILIES "EL,,,,150,,,x,,\n", NULL, "owned_percent '150' is not a percentage"},
        {NULL, FAMILIES "EL,,,,50,,,,,\n", NULL, "a citation"},
        {NULL, FAMILIES "EL,,,,,,odd,,,\n", NULL, "minority 'odd'"},
        {"id,title,publisher,format,forms,sign,list,entries_min,shrink_max_percent,reject_max_permille,stale_days,"
         "whole,url,"
         "terms,basis\nx,,,,,,,1,101,0,1,yes,,,\n",
         NULL, NULL, "shrink_max_percent '101'"},
    };
    (void)state;
    tk_lists_texts good = {0};
    for (size_t i = 0; i < tk_embedded_files_count; i++) {
        tk_source file = {tk_embedded_files[i].path, tk_embedded_files[i].text};
        tk_source *const to[] = {&good.sources, &good.families, &good.policies, &good.countries, &good.places};
        static const char *const paths[] = {"lists/sources.csv", "lists/families.csv", "lists/policies.csv",
                                            "lists/countries.csv", "catalogue/places.csv"};
        for (size_t j = 0; j < TK_COUNT(to); j++)
            if (tk_str_is(file.name, paths[j]))
                *to[j] = file;
    }
    for (size_t i = 0; i < TK_COUNT(rows); i++) {
        tk_lists_texts texts = good;
        tk_lists *lists = NULL;
        tk_err err = {0};
        if (rows[i].sources != NULL)
            texts.sources.text = tk_str_from(rows[i].sources);
        if (rows[i].families != NULL)
            texts.families.text = tk_str_from(rows[i].families);
        if (rows[i].policies != NULL)
            texts.policies.text = tk_str_from(rows[i].policies);
        assert_int_equal(tk_lists_open(&texts, &lists, &err), TK_ERR_INPUT);
        assert_null(lists);
        if (strstr(err.message, rows[i].said) == NULL)
            fail_msg("row %zu: %s", i, err.message);
    }
}

static void patterns(void **state)
{
    (void)state;
    static const struct {
        const char *pattern, *text;
        bool yes;
    } rows[] = {
        {"", "", true},       {"", "a", false},    {"*", "", true},          {"a*", "ABC", true}, {"*c", "abc", true},
        {"*b*", "abc", true}, {"a*c", "ab", false}, {"*a*b*", "xxaxxb", true}, {"a", "ab", false},  {"**", "x", true},
    };
    for (size_t i = 0; i < TK_COUNT(rows); i++)
        if (lists_matches(tk_str_from(rows[i].pattern), tk_str_from(rows[i].text)) != rows[i].yes)
            fail_msg("'%s' and '%s'", rows[i].pattern, rows[i].text);
}

static int setup(void **state)
{
    static listing l;
    listing_open(&l);
    *state = &l;
    return 0;
}

static int teardown(void **state)
{
    listing_close(*state);
    return 0;
}

/* Nearly as long as before, and one list less: that is no edition, that is half of one. */
static void lists_that_are_gone(void **state)
{
    listing *l = *state;
    tk_list_entry before[4] = {{.list = TK_STR("DPL")}, {.list = TK_STR("DPL")}, {.list = TK_STR("EL")},
                               {.list = TK_STR("SDN")}};
    tk_list_entry now[4] = {{.list = TK_STR("DPL")}, {.list = TK_STR("EL")}, {.list = TK_STR("EL")},
                            {.list = TK_STR("EL")}};
    tk_list_edition was = {.source = TK_STR("own"), .published = 20000, .entries = before, .entries_count = 4};
    tk_list_edition is = {.source = TK_STR("own"), .published = 20001, .entries = now, .entries_count = 4};
    tk_list_in_force in_force = {20000, 4, 0, &was};
    l->edition = &is;
    tk_list_verdict verdict = listing_gate(l, &in_force, false);
    assert_int_equal(verdict.reasons_count, 1);
    assert_true(tk_str_is(verdict.text, "of its lists SDN has 0 entries, before 1"));
    now[3].list = TK_STR("SDN");
    assert_true(listing_gate(l, &in_force, false).passed);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
    const struct CMUnitTest tests[] = {
        TEST(gate),  TEST(cut_off),  TEST(lost_column), TEST(difference),   TEST(unpacks),
        TEST(bombs), TEST(policies), TEST(families),    TEST(wrong_tables), TEST(patterns),
        TEST(lists_that_are_gone),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
