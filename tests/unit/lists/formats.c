/* SPDX-License-Identifier: Apache-2.0 */
/* formats.c: a sample of every format, recognised by what it holds and read into the same form; the names of the files
 * say nothing. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "base/compat.h"
#include "base/num.h"
#include "seams/listing.h"

static tk_date day(const char *text)
{
    tk_date out;
    assert_int_equal(tk_date_parse(tk_str_from(text), &out, NULL), TK_OK);
    return out;
}

static void is_text(tk_str got, const char *wanted)
{
    if (!tk_str_is(got, wanted))
        fail_msg("'%.*s', not '%s'", TK_ARG_STR(got), wanted);
}

static bool has_text(const tk_list_text *items, size_t count, const char *kind, const char *value)
{
    for (size_t i = 0; i < count; i++)
        if (tk_str_is(items[i].kind, kind) && tk_str_is(items[i].value, value))
            return true;
    return false;
}

static void csl_full(void **state)
{
    listing *l = *state;
    listing_sample(l, "csl-full-2022-05.csv");
    is_text(l->edition->source, "us-csl");
    assert_int_equal(l->edition->published, day("2022-05-31"));
    assert_int_equal(l->edition->dated, TK_LIST_DATED_NAME);
    assert_int_equal(l->edition->rejected, 0);
    assert_int_equal(l->edition->missing_count, 0);
    const tk_list_entry *e = listing_entry(l, "SDN", "33876");
    is_text(e->name, "BETONJERKA DOO ALEKSINAC");
    assert_int_equal(e->kind, TK_NAME_COMPANY);
    assert_int_equal(e->countries_count, 1);
    is_text(e->countries[0], "RS");
    assert_true(has_text(e->addresses, e->addresses_count, "RS", "Autoput Bb, Aleksinac, 18220"));
    assert_true(has_text(e->identifiers, e->identifiers_count, "V.A.T. Number", "100302988"));
    is_text(e->programs, "GLOMAG");
    assert_int_equal(e->end, TK_DATE_MAX);
    e = listing_entry(l, "EL", "sugon-");
    assert_int_equal(e->start, day("2019-06-24"));
    assert_int_equal(tk_lists_review(l->lists, e->policy), TK_LIST_REVIEW_DENIAL);
    assert_true(listing_has_alias(e, "Dawning Information Industry"));
    const tk_list_entry *ship = listing_entry(l, "SDN", "23156");
    assert_int_equal(ship->kind, TK_NAME_VESSEL);
}

static void csl_slim(void **state)
{
    listing *l = *state;
    listing_clear(l);
    listing_file(l, TEST_SOURCE_DIR "/lists/sample", "csl-sample-2026-07-31.csv");
    assert_int_equal(listing_read(l), TK_OK);
    is_text(l->edition->source, "sample");
    assert_int_equal(l->edition->published, day("2026-07-31"));
    assert_int_equal(l->edition->rejected, 0);
    assert_true(listing_gate(l, NULL, false).passed);
    assert_int_equal(l->edition->fields & TK_LIST_FIELD_BIT(TK_LIST_ADDRESSES), 0);
    const tk_list_entry *e = listing_entry(l, "CMIC", "30951");
    is_text(e->name, "Semiconductor Manufacturing International Corporation");
    assert_int_equal(e->countries_count, 2);
    is_text(e->countries[0], "CN");
    is_text(e->countries[1], "KY");
    listing_alias(e, "SMIC", false, false);
    /* Two orders against one party that ask the same: one entry. Two that do not: two, told apart by their keys. */
    e = listing_entry(l, "DPL", "gold-technology-limited-");
    is_text(e->citation, "70 F.R. 12442 3/14/05 70 F.R. 54710 9/16/05 71 F.R. 13581 3/16/06");
    assert_int_equal(l->edition->merged, 1);
    e = listing_entry(l, "EL", "yangtze-memory-technologies-japan-inc-");
    assert_true(tk_str_eq(e[0].name, e[1].name));
    assert_true(tk_str_ends(e[1].key, TK_STR("-2")));
    e = listing_entry(l, "EL", "huawei-technologies-co-ltd-huawei-affil-5e6d45");
    listing_alias(e, "Beijing Huawei Longshine Information Technology Co., Ltd.", false, false);
    e = listing_entry(l, "ISN", "yidatong-");
    is_text(e->name, "Yidatong (Tianjin) Metal Materials Co., Ltd");
    assert_true(listing_has_alias(e, "Yidatong (Tianjin) Metal Materials Co., Ltd; and any successor, sub-unit, or "
                                     "subsidiary thereof"));
}

static void ofac(void **state)
{
    listing *l = *state;
    listing_clear(l);
    listing_file(l, TEST_SOURCE_DIR "/tests/data/lists", "add-2021-07.csv"); /* in any order, under any name */
    listing_file(l, TEST_SOURCE_DIR "/tests/data/lists", "sdn-2021-07.csv");
    listing_file(l, TEST_SOURCE_DIR "/tests/data/lists", "sdn_comments-2021-07.csv");
    listing_file(l, TEST_SOURCE_DIR "/tests/data/lists", "alt-2021-07.csv");
    assert_int_equal(listing_read(l), TK_OK);
    is_text(l->edition->source, "ofac-sdn");
    assert_int_equal(l->edition->rejected, 0);
    assert_int_equal(l->edition->missing_count, 0);
    assert_int_equal(l->edition->entries_count, 6);
    const tk_list_entry *e = listing_entry(l, "SDN", "306");
    is_text(e->name, "BANCO NACIONAL DE CUBA");
    listing_alias(e, "NATIONAL BANK OF CUBA", false, false);
    listing_alias(e, "BNC", true, false);
    assert_true(has_text(e->addresses, e->addresses_count, "CH", "Zweierstrasse 35, Zurich CH-8022"));
    e = listing_entry(l, "SDN", "15036");
    assert_int_equal(e->kind, TK_NAME_VESSEL);
    listing_alias(e, "ALPHA", false, false);
    assert_true(has_text(e->identifiers, e->identifiers_count, "Vessel Registration Identification IMO", "9187629"));
    assert_true(has_text(e->identifiers, e->identifiers_count, "MMSI", "572469210"));
    assert_true(has_text(e->identifiers, e->identifiers_count, "call sign", "T2EU4"));
    assert_true(tk_str_ends(e->remarks, TK_STR("Linked To: NATIONAL IRANIAN TANKER COMPANY."))); /* put together */
    e = listing_entry(l, "SDN", "4500");
    assert_true(has_text(e->identifiers, e->identifiers_count, "NIT #", "890328888-1"));
}

static void ofac_consolidated(void **state)
{
    listing *l = *state;
    listing_clear(l);
    listing_file(l, TEST_SOURCE_DIR "/tests/data/lists", "cons_prim-2025-12.csv");
    listing_file(l, TEST_SOURCE_DIR "/tests/data/lists", "cons_alt-2025-12.csv");
    listing_file(l, TEST_SOURCE_DIR "/tests/data/lists", "cons_add-2025-12.csv");
    assert_int_equal(listing_read(l), TK_OK);
    is_text(l->edition->source, "ofac-cons");
    is_text(listing_entry(l, "CMIC", "30923")->name, "CHINA MOBILE LIMITED");
    is_text(listing_entry(l, "CAP", "15268")->name, "BANK OF KUNLUN CO LTD");
    is_text(listing_entry(l, "SSI", "17013")->programs, "UKRAINE-EO13662; RUSSIA-EO14024");
    is_text(listing_entry(l, "MBS", "31693")->programs, "RUSSIA-EO14024");
    /* Without its parts it is read, and the gate says what lacks; a part alone is nothing. */
    listing_sample(l, "cons_prim-2025-12.csv");
    assert_non_null(strstr(listing_gate(l, NULL, false).text.ptr, "it lacks parts: aliases (alt.csv), addresses"));
    listing_refused(l, "alt.csv", TK_STR("36,12,\"aka\",\"AERO-CARIBBEAN\",-0- \n"), "file of entries");
}

static void dpl(void **state)
{
    listing *l = *state;
    listing_sample(l, "dpl-2023-11.tsv");
    is_text(l->edition->source, "bis-dpl");
    assert_int_equal(l->edition->entries_count, 3);
    assert_int_equal(l->edition->merged, 3);
    const tk_list_entry *e = listing_entry(l, "DPL", "tetrabal-");
    is_text(e->name, "TETRABAL CORPORATION, INC");
    assert_int_equal(e->start, day("2001-09-06"));
    assert_int_equal(e->end, day("2056-06-29"));
    assert_int_equal(e->addresses_count, 3);
    assert_true(has_text(e->addresses, e->addresses_count, "US", "316 CANDLEWOOD PLACE, RICHARDSON, TX, 75081"));
}

static void un(void **state)
{
    listing *l = *state;
    listing_sample(l, "un-2026-02.xml");
    is_text(l->edition->source, "un");
    assert_int_equal(l->edition->published, day("2026-02-27"));
    assert_int_equal(l->edition->dated, TK_LIST_DATED_FILE);
    assert_int_equal(l->edition->entries_count, 4);
    const tk_list_entry *e = listing_entry(l, "UN", "IRe.049");
    is_text(e->name, "ORIENTAL OIL KISH");
    listing_alias(e, "شركة النفط الشرقية كيش", false, true);
    assert_int_equal(e->start, day("2010-06-09"));
    is_text(e->programs, "Iran");
    e = listing_entry(l, "UN", "KPe.00");
    assert_int_equal(e->kind, TK_NAME_COMPANY);
    assert_true(e->aliases_count != 0 && e->countries_count != 0);
    is_text(e->countries[0], "KP");
}

static void dod(void **state)
{
    listing *l = *state;
    listing_sample(l, "dod-1260h.csv");
    is_text(l->edition->source, "dod-1260h");
    assert_int_equal(l->edition->dated, TK_LIST_DATED_NEWEST);
    const tk_list_entry *e = listing_entry(l, "1260H", "beijing-zhidao-");
    is_text(e->name, "Beijing Zhidao Chuangyu Information Technology Co., Ltd.");
    listing_alias(e, "Knownsec", false, false); /* a comma without a space stands between two */
    listing_alias(e, "Beijing Kownsec", false, false);
    e = listing_entry(l, "1260H", "avic-jonhon-");
    is_text(e->remarks, "parent: Aviation Industry Corporation of China Ltd.");
    e = listing_entry(l, "1260H", "beijing-megvii-");
    assert_int_equal(e->end, day("2025-01-07"));
    listing_sample(l, "dod-1286.csv");
    is_text(l->edition->source, "dod-1286");
    e = listing_entry(l, "1286", "harbin-institute-of-technology-");
    assert_true(0 < l->edition->merged); /* one entry of several yearly reports */
    is_text(e->countries[0], "CN");
}

static void eu(void **state)
{
    listing *l = *state;
    listing_sample(l, "eu-833-2014.csv");
    is_text(l->edition->source, "eu-833-2014");
    const tk_list_entry *e = listing_entry(l, "EU", "jsc-sirius-");
    listing_alias(e, "Kontsern Sirius", false, false);
    listing_alias(e, "Открытое Акционерное Общество «Концерн «Сириус» (ОАО «Концерн «Сириус»)", false, true);
    assert_int_equal(e->start, day("2014-09-12"));
    is_text(e->countries[0], "RU");
    is_text(e->citation, "32014R0833; annex IV");
    listing_sample(l, "eu-269-2014.csv");
    is_text(l->edition->source, "eu-269-2014");
    e = listing_entry(l, "EU", "xiamen-limbach-");
    listing_alias(e, "厦门林巴贺航空发动机股份有限公司", false, true);
    assert_false(listing_has_alias(e, "Text of image"));
    assert_false(listing_has_alias(e, "Chinese:"));
    is_text(e->countries[0], "CN");
}

static void mapped(void **state)
{
    listing *l = *state;
    static const tk_list_mapping mappings[] = {
        {{"name", 4}, {"Firma", 5}, false},       {{"aliases", 7}, {"Auch", 4}, false},
        {{"country", 7}, {"Land", 4}, false},     {{"list", 4}, {"EL", 2}, true},
        {{"start", 5}, {"Seit", 4}, false},       {{"identifier", 10}, {"Nummer", 6}, false},
    };
    tk_str text = TK_STR("Firma;Auch;Land;Seit;Nummer\nMuster Handel GmbH;\"MH; Muster\";DE;2024-05-01;HRB 123\n");
    l->reading.mappings = mappings;
    l->reading.mappings_count = TK_COUNT(mappings);
    l->reading.source = TK_STR("house");
    listing_good(l, "own.csv", text);
    is_text(l->edition->source, "house");
    const tk_list_entry *e = listing_entry(l, "EL", "muster-handel-gmbh-");
    listing_alias(e, "MH", false, false);
    is_text(e->countries[0], "DE");
    assert_int_equal(e->start, day("2024-05-01"));
    assert_true(listing_gate(l, NULL, false).passed);
    tk_list_mapping wrong[] = {{{"name", 4}, {"Nome", 4}, false}};
    l->reading.mappings = wrong;
    l->reading.mappings_count = 1;
    listing_refused(l, "own.csv", text, "no column 'Nome' for name");
    wrong[0].field = TK_STR("nome");
    listing_refused(l, "own.csv", text, "no field 'nome'");
    wrong[0] = (tk_list_mapping){TK_STR("name"), TK_STR("Firma"), false};
    listing_good(l, "own-2024-06-30.csv", text);
    assert_int_equal(l->edition->rejected, 1); /* no list */
    l->reading.mappings_count = 0;
    listing_refused(l, "own.csv", text, "no source 'house'");
    l->reading.source = TK_STR("");
    listing_refused(l, "own.csv", text, "not a list that is known");
}

static void named_source(void **state)
{
    listing *l = *state;
    l->reading.source = TK_STR("bis-dpl");
    listing_sample(l, "dpl-2023-11.tsv");
    l->reading.source = TK_STR("us-csl");
    listing_clear(l);
    listing_file(l, TEST_SOURCE_DIR "/tests/data/lists", "dpl-2023-11.tsv");
    assert_int_equal(listing_read(l), TK_ERR_INPUT);
    assert_non_null(strstr(l->err.message, "not a file of the source that was named"));
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
        TEST(csl_full), TEST(csl_slim), TEST(ofac), TEST(ofac_consolidated), TEST(dpl),
        TEST(un),       TEST(dod),      TEST(eu),   TEST(mapped),            TEST(named_source),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
