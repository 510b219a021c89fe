/* SPDX-License-Identifier: Apache-2.0 */
/* traps.c: what publishers leave in their files, each as a row of a table: what stands there, and what is made of it;
 * then files that are no lists. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/compat.h"
#include "base/limits.h"
#include "base/num.h"
#include "base/out.h"
#include "seams/listing.h"

#define HEADER                                                                                                       \
    "source,entity_number,type,programs,name,alt_names,countries,license_requirement,license_policy,"                \
    "federal_register_notice,source_list_url\n"

/* One record of the slim list as text. */
static tk_str slim(tk_out *out, const char *name, const char *aliases, const char *countries)
{
    tk_out_reset(out);
    tk_out_printf(out, HEADER "Entity List (EL) - Bureau of Industry and Security,,,,\"%s\",\"%s\",%s,,,,\n", name,
                  aliases, countries);
    return tk_out_str(out);
}

/* Name and aliases of the one entry as "name|alias|alias". */
static void names_of(const listing *l, tk_out *out)
{
    assert_int_equal(l->edition->entries_count, 1);
    const tk_list_entry *e = &l->edition->entries[0];
    tk_out_reset(out);
    tk_out_add(out, e->name);
    for (size_t i = 0; i < e->aliases_count; i++) {
        tk_out_char(out, '|');
        tk_out_add(out, e->aliases[i].text);
    }
}

static void names(void **state)
{
    static const struct {
        const char *name, *aliases, *expected;
    } rows[] = {
        {"Acme, ", "", "Acme"},
        {" Acme Co., Ltd.,", "", "Acme Co., Ltd."},
        {"Acme", "A1; A2;A3", "Acme|A1|A2|A2;A3|A3"}, /* glued: the whole stays a name, a cut may be wrong */
        {"Acme", "HPSTAR;; Beijing", "Acme|Beijing|HPSTAR"},
        {"Acme", "Acme; B; B", "Acme|B"},
        {"Acme", "A1;\xc2\xa0" "A2", "Acme|A1|A1; A2|A2"},
        {"Acme\xc2\xa0Trading  Ltd", "", "Acme Trading Ltd"},
        {"A\xe2\x80\x8b" "cme\xc2\x81", "", "Acme"},
        {"Xi\xe2\x80\x99" "an \xe2\x80\x9cMolot\xe2\x80\x9d", "", "Xi\xe2\x80\x99" "an \xe2\x80\x9cMolot\xe2\x80\x9d"},
        {"Acme Co., Ltd.\xc3\xbf", "", "Acme Co., Ltd.|Acme Co., Ltd.\xc3\xbf"},
        {"Lou\xc3\xbf", "", "Lou\xc3\xbf"},
        {"Acme", "Bulk Ltd.\xc3\xbf", "Acme|Bulk Ltd.|Bulk Ltd.\xc3\xbf"},
        {"Acme; and any successor, sub-unit, or subsidiary thereof", "",
         "Acme|Acme; and any successor, sub-unit, or subsidiary thereof"},
        {"Acme (PRC entity)", "", "Acme|Acme (PRC entity)"},
        {"Acme (Shenzhen)", "", "Acme (Shenzhen)"},
        {"Acme, a.k.a., Bulk", "", "Acme, a.k.a., Bulk|Acme|Bulk"},
        {"Acme (aka Bulk) Ltd", "", "Acme (aka Bulk) Ltd|Acme Ltd|Bulk"},
        {"Acme", "a.k.a. Bulk; aka", "Acme|Bulk|a.k.a. Bulk|aka"},
        {"Osaka Trading", "", "Osaka Trading"},
        {"Acme. Affiliated Entity: Bulk Ltd.", "", "Acme. Affiliated Entity: Bulk Ltd.|Bulk Ltd."},
        {"Acme", "\xd0\x90\xd0\xba\xd0\xbc\xd0\xb5 (Akme)", "Acme|Akme|\xd0\x90\xd0\xba\xd0\xbc\xd0\xb5|"
                                                            "\xd0\x90\xd0\xba\xd0\xbc\xd0\xb5 (Akme)"},
    };
    tk_out text, got;
    tk_out_init(&text, NULL);
    tk_out_init(&got, NULL);
    for (size_t i = 0; i < TK_COUNT(rows); i++) {
        listing_good(*state, "2026-07-31.csv", slim(&text, rows[i].name, rows[i].aliases, "CN"));
        names_of(*state, &got);
        if (!tk_str_is(tk_out_str(&got), rows[i].expected))
            fail_msg("row %zu: '%.*s'", i, TK_ARG_STR(tk_out_str(&got)));
    }
    tk_out_fini(&text);
    tk_out_fini(&got);
}

static void merged(void **state)
{
    static const char text[] = HEADER
        "Entity List (EL) - Office,,,,\"Acme Co., Ltd.\",A,CN,Req.,Presumption of denial,1 FR 1,\n"
        "Entity List (EL) - Office,,,,\"ACME Co Ltd\",B,HK,Req,Presumption of denial.,2 FR 2,\n"
        "Entity List (EL) - Bureau of Industry and Security,,,,Acme Co Ltd,,US,Req,Case-by-case review,,\n"
        "Unverified List (UVL) - Bureau of Industry and Security,,,,Acme Co Ltd,,US,,,,\n";
    listing *l = *state;
    listing_good(l, "2026-07-31.csv", TK_STR(text));
    assert_int_equal(l->edition->entries_count, 3);
    assert_int_equal(l->edition->merged, 1);
    const tk_list_entry *e = listing_entry(l, "EL", "acme-co-ltd-");
    assert_int_equal(tk_lists_review(l->lists, e->policy), TK_LIST_REVIEW_CASE);
    e++;
    assert_true(tk_str_ends(e->key, TK_STR("-2")));
    assert_int_equal(e->countries_count, 2);
    assert_true(tk_str_is(e->citation, "2 FR 2; 1 FR 1") || tk_str_is(e->citation, "1 FR 1; 2 FR 2"));
    assert_true(listing_has_alias(e, "A") && listing_has_alias(e, "B"));
    assert_int_equal(tk_lists_review(l->lists, e->policy), TK_LIST_REVIEW_DENIAL);
}

/* The same records in another order are the same entries. */
static void order_is_nothing(void **state)
{
    listing *l = *state;
    listing_good(l, "2026-07-31.csv", TK_STR(HEADER "Entity List (EL),,,,B,,CN,,,,\nEntity List (EL),,,,A,,CN,,,,\n"));
    const tk_list_edition *one = l->edition;
    tk_list_difference difference;
    listing_good(l, "2026-07-31.csv", TK_STR(HEADER "Entity List (EL),,,,A,,CN,,,,\nEntity List (EL),,,,B,,CN,,,,\n"));
    assert_int_equal(tk_lists_diff(one, l->edition, &l->arena, &difference, &l->err), TK_OK);
    assert_int_equal(difference.changes_count, 0);
    assert_int_equal(one->entries_count, 2);
    assert_false(tk_str_eq(one->hash, l->edition->hash)); /* but not the same file */
}

/* Nor is it in a file of many lists. */
static void order_of_sample(void **state)
{
    listing *l = *state;
    listing_sample(l, "csl-full-2022-05.csv");
    const tk_list_edition *one = l->edition;
    tk_str text = l->files[0].bytes, line, lines[64];
    size_t count = 0;
    while (tk_str_split(&text, '\n', &line) && count < TK_COUNT(lines))
        lines[count++] = line;
    tk_out turned;
    tk_out_init(&turned, NULL);
    for (size_t i = 0; i < count; i++) { /* the header, then from the last record to the first */
        tk_out_add(&turned, lines[i == 0 ? 0 : count - i]);
        tk_out_char(&turned, '\n');
    }
    listing_good(l, "csl-full-2022-05.csv", tk_out_str(&turned));
    tk_list_difference difference;
    assert_int_equal(tk_lists_diff(one, l->edition, &l->arena, &difference, &l->err), TK_OK);
    assert_int_equal(difference.changes_count, 0);
    assert_int_equal(one->entries_count, l->edition->entries_count);
    assert_true(10 < one->entries_count);
    tk_out_fini(&turned);
}

/* The day of publication: as said, else in the file, else in its name, else of its newest entry. */
static void published(void **state)
{
    static const struct {
        const char *name, *day;
    } rows[] = {
        {"csl-2026-06-30.csv", "2026-06-30"}, {"csl-2026-06.csv.gz", "2026-06-30"}, {"csl_20260615.csv", "2026-06-15"},
        {"2026-08.csv", "2026-08-01"}, /* this month: of today */
        {"2024-02.csv", "2024-02-29"},        {"12026-06.csv", ""},                 {"csl-2026-061.csv", ""},
        {"csl-202606150.csv", ""},            {"833-2014.csv", ""},                 {"2026-13.csv", ""},
    };
    listing *l = *state;
    tk_str text = TK_STR(HEADER "Entity List (EL),,,,A,,CN,,,,\n");
    for (size_t i = 0; i < TK_COUNT(rows); i++) {
        tk_date day = TK_DATE_MIN;
        if (rows[i].day[0] == 0) {
            listing_refused(l, rows[i].name, text, "nothing says when it was published");
            continue;
        }
        assert_int_equal(tk_date_parse(tk_str_from(rows[i].day), &day, NULL), TK_OK);
        listing_good(l, rows[i].name, text);
        if (l->edition->published != day)
            fail_msg("%s: day %d", rows[i].name, (int)l->edition->published);
        assert_int_equal(l->edition->dated, TK_LIST_DATED_NAME);
    }
    l->reading.published = 20000;
    listing_good(l, "csl-2026-06-30.csv", text);
    assert_int_equal(l->edition->published, 20000);
    assert_int_equal(l->edition->dated, TK_LIST_DATED_SAID);
}

/* Records that are none: one message each with its line, and the next is read. */
static void rejected(void **state)
{
    static const struct {
        const char *record, *said;
        unsigned line;
    } rows[] = {
        {"Entity List (EL),,,,,,CN,,,,\n", "no name", 2},
        {"Moon List,,,,Acme,,CN,,,,\n", "'Moon List': no list is called so", 2},
        {"Entity List (EL),,,,Acme,,CN,,,\n", "10 cells", 2},
        {"Entity List (EL),,,,Acme,,CN,,,,,x\n", "is too many", 2},
        {"Entity List (EL),,,,\"Ac\"me,,CN,,,,\n", "behind a closing quote", 2},
        {"Entity List (EL),,,,Ac\xffme,,CN,,,,\n", "byte 0xff is not UTF-8", 2},
        {"Entity List (EL),,,,\"Acme,,CN,,,,\n", "never closed", 2},
        {HEADER, "the header line again", 2},
    };
    listing *l = *state;
    for (size_t i = 0; i < TK_COUNT(rows); i++) {
        tk_str text = tk_arena_printf(&l->arena, HEADER "%sEntity List (EL),,,,Good,,CN,,,,\n", rows[i].record);
        listing_good(l, "2026-07-31.csv", text);
        if (i != 6) /* a quote that is never closed may take others with it */
            assert_int_equal(l->edition->entries_count, 1);
        assert_true(1 <= l->edition->rejected && l->edition->messages_count == l->edition->rejected);
        assert_int_equal(l->edition->messages[0].line, rows[i].line);
        if (strstr(l->edition->messages[0].text.ptr, rows[i].said) == NULL)
            fail_msg("row %zu: %s", i, l->edition->messages[0].text.ptr);
        assert_false(listing_gate(l, NULL, false).passed);
    }
}

/* A day that is none takes nobody off the list. */
static void days(void **state)
{
    static const char text[]
        = "Name\tStreet_Address\tCity\tState\tCountry\tPostal_Code\tEffective_Date\tExpiration_Date\tStandard_Order\t"
          "Last_Update\tAction\tFR_Citation\n"
          "ACME\t\t\t\tDE\t\t11/01/1023\t09/30/3033\tY\t2023-02-03\t\t1 F.R. 1\n";
    listing *l = *state;
    listing_good(l, "dpl.txt", TK_STR(text));
    assert_int_equal(l->edition->entries_count, 1);
    assert_int_equal(l->edition->dated, TK_LIST_DATED_NEWEST);
    assert_int_equal(l->edition->entries[0].start, TK_DATE_MIN);
    assert_int_equal(l->edition->entries[0].end, TK_DATE_MAX);
    assert_true(tk_str_is(l->edition->entries[0].remarks,
                          "begins, as published: 11/01/1023; ends, as published: 09/30/3033"));
}

static void limits(void **state)
{
    listing *l = *state;
    tk_out text, many;
    tk_out_init(&text, NULL);
    tk_out_init(&many, NULL);
    char *name = calloc(1, TK_LIST_NAME_BYTES_MAX + 2);
    assert_non_null(name);
    memset(name, 'x', TK_LIST_NAME_BYTES_MAX);
    listing_good(l, "2026-07-31.csv", slim(&text, name, "", "CN"));
    assert_int_equal(l->edition->entries_count, 1);
    name[TK_LIST_NAME_BYTES_MAX] = 'x';
    listing_good(l, "2026-07-31.csv", slim(&text, name, "", "CN"));
    assert_int_equal(l->edition->rejected, 1);
    listing_good(l, "2026-07-31.csv", slim(&text, "Acme", name, "CN"));
    assert_int_equal(l->edition->rejected, 1);
    free(name);
    for (unsigned i = 0; i < 10000; i++) {
        tk_out_printf(&many, "%s%u", i == 0 ? "" : "; ", i);
        if (i + 1 == TK_LIST_ALIASES_MAX) {
            listing_good(l, "2026-07-31.csv", slim(&text, "Acme", tk_arena_copy(&l->arena, tk_out_str(&many)).ptr, ""));
            assert_int_equal(l->edition->entries[0].aliases_count, TK_LIST_ALIASES_MAX);
        }
    }
    listing_good(l, "2026-07-31.csv", slim(&text, "Acme", tk_arena_copy(&l->arena, tk_out_str(&many)).ptr, ""));
    assert_int_equal(l->edition->rejected, 1);
    assert_non_null(strstr(l->edition->messages[0].text.ptr, "aliases"));
    tk_out_fini(&text);
    tk_out_fini(&many);
}

/* OFAC's alt.csv with 10,000 names for one entry: said, and the gate refuses. */
static void many_aliases(void **state)
{
    listing *l = *state;
    tk_out many;
    tk_out_init(&many, NULL);
    for (unsigned i = 0; i < 10000; i++)
        tk_out_printf(&many, "1,%u,\"aka\",\"N%u\",-0- \n", i, i);
    listing_clear(l);
    listing_text(l, "sdn.csv", TK_STR("1,\"ACME\",-0- ,\"CUBA\",-0- ,-0- ,-0- ,-0- ,-0- ,-0- ,-0- ,-0- \n\x1a"));
    listing_text(l, "alt.csv", tk_out_str(&many));
    listing_text(l, "add-2026-07-31.csv", TK_STR("2,1,-0- ,\"Havana\",\"Cuba\",-0- \n\x1a"));
    assert_int_equal(listing_read(l), TK_OK);
    assert_int_equal(l->edition->entries_count, 0);
    assert_int_equal(l->edition->read, 10002);
    assert_int_equal(l->edition->rejected, 2); /* the entry, and an address of nobody */
    assert_non_null(strstr(l->edition->messages[1].text.ptr, "entry 2 is not in the list"));
    tk_out_fini(&many);
}

static void xml(void **state)
{
    static const struct {
        const char *text, *said;
    } rows[] = {
        {"<CONSOLIDATED_LIST dateGenerated=\"2026-02-27T00\"><ENTITIES>", "breaks off"},
        {"<CONSOLIDATED_LIST><ENTITIES></INDIVIDUALS></CONSOLIDATED_LIST>", "not well-formed: mismatched tag"},
        {"<!DOCTYPE a [<!ENTITY x SYSTEM \"file:///etc/passwd\">]><CONSOLIDATED_LIST>&x;</CONSOLIDATED_LIST>",
         "document type"},
        {"<!DOCTYPE lolz [<!ENTITY a \"ha\"><!ENTITY b \"&a;&a;\">]><CONSOLIDATED_LIST>&b;</CONSOLIDATED_LIST>",
         "document type"},
        {"<CONSOLIDATED_LIST>&nbsp;</CONSOLIDATED_LIST>", "undefined entity"},
        {"<html><body>404</body></html>", "its root is not CONSOLIDATED_LIST"},
        {"<CONSOLIDATED_LIST><A><A><A><A><A><A><A><A><A><A><A><A><A><A><A><A>", "nested too deep"},
        {"<CONSOLIDATED_LIST/>", "nothing says when it was published"},
    };
    for (size_t i = 0; i < TK_COUNT(rows); i++)
        listing_refused(*state, "un.xml", tk_str_from(rows[i].text), rows[i].said);
}

static void no_lists(void **state)
{
    static const struct {
        const char *text, *said;
    } rows[] = {
        {"", "not a list that is known"},
        {"\x1a", "not a list that is known"},
        {"a,b,c\n1,2,3\n", "not a list that is known"},
        {"{\"results\": []}", "not a list that is known"},
        {"PK\x03\x04", "not a list that is known"},
        {"\xff\xfe" "a", "not a list that is known"},
    };
    for (size_t i = 0; i < TK_COUNT(rows); i++)
        listing_refused(*state, "2026-07-31.csv", tk_str_from(rows[i].text), rows[i].said);
    listing *l = *state;
    listing_clear(l);
    assert_int_equal(listing_read(l), TK_ERR_LIMIT);
    listing_file(l, TEST_SOURCE_DIR "/tests/data/lists", "dpl-2023-11.tsv");
    listing_file(l, TEST_SOURCE_DIR "/tests/data/lists", "dpl-2023-11.tsv");
    assert_int_equal(listing_read(l), TK_ERR_INPUT);
    assert_non_null(strstr(l->err.message, "bis-dpl is one file"));
    listing_clear(l);
    listing_file(l, TEST_SOURCE_DIR "/tests/data/lists", "sdn-2021-07.csv");
    listing_file(l, TEST_SOURCE_DIR "/tests/data/lists", "sdn-2021-07.csv");
    assert_int_equal(listing_read(l), TK_ERR_INPUT);
    assert_non_null(strstr(l->err.message, "of the same kind"));
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

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
    const struct CMUnitTest tests[] = {
        TEST(names),    TEST(merged), TEST(order_is_nothing), TEST(order_of_sample), TEST(published),
        TEST(rejected), TEST(days),   TEST(limits),           TEST(many_aliases),    TEST(xml),
        TEST(no_lists),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
