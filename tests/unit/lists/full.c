/* SPDX-License-Identifier: Apache-2.0 */
/* full.c: the published lists, whole, where TWOKEY_LISTS says they are: every record is read, the broken one is
 * refused, and no two entries share a key. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/compat.h"
#include "seams/listing.h"

enum { SKIPPED = 77 };

static void whole(void **state)
{
    static const struct {
        const char *files[4], *source;
        uint64_t read;
        size_t entries;
    } rows[] = {
        {{"csl-2026-07.csv.gz"}, "us-csl", 25921, 25000},
        {{"csl-2022-05.csv.gz"}, "us-csl", 14160, 14000},
        {{"sdn-2021-07.csv.gz", "alt-2021-07.csv.gz", "add-2021-07.csv.gz", "sdn_comments-2021-07.csv.gz"}, "ofac-sdn",
         34728, 8976},
        {{"cons_prim-2025-12.csv.gz", "cons_alt-2025-12.csv.gz", "cons_add-2025-12.csv.gz"}, "ofac-cons", 2089, 442},
        {{"dpl-2021-07.txt.gz"}, "bis-dpl", 546, 400},
        {{"dpl-2023-11.txt.gz"}, "bis-dpl", 665, 500},
        {{"un-2026-02.xml.gz"}, "un", 1003, 1003},
        {{"dod-1260h.csv.gz"}, "dod-1260h", 397, 200},
        {{"dod-1286.csv.gz"}, "dod-1286", 443, 150},
        {{"eu-269-2014.csv.gz"}, "eu-269-2014", 2802, 2700},
        {{"eu-833-2014.csv.gz"}, "eu-833-2014", 1746, 1700},
    };
    listing *l = *state;
    for (size_t i = 0; i < TK_COUNT(rows); i++) {
        listing_clear(l);
        for (size_t j = 0; j < TK_COUNT(rows[i].files) && rows[i].files[j] != NULL; j++)
            listing_file(l, listing_folder(), rows[i].files[j]);
        if (listing_read(l) != TK_OK)
            fail_msg("%s: %s", rows[i].files[0], l->err.message);
        if (!tk_str_is(l->edition->source, rows[i].source) || l->edition->read != rows[i].read
            || l->edition->rejected != 0 || l->edition->entries_count < rows[i].entries)
            fail_msg("%s: %llu read, %llu rejected, %zu entries", rows[i].files[0],
                     (unsigned long long)l->edition->read, (unsigned long long)l->edition->rejected,
                     l->edition->entries_count);
        tk_list_verdict verdict = listing_gate(l, NULL, false);
        if (!verdict.passed)
            fail_msg("%s: %.*s", rows[i].files[0], TK_ARG_STR(verdict.text));
    }
}

static void broken(void **state)
{
    listing *l = *state;
    listing_clear(l);
    listing_file(l, listing_folder(), "csl-2023-11-part.csv.gz");
    assert_int_equal(listing_read(l), TK_OK);
    const tk_list_in_force before = {.published = 0, .entries_count = 14080};
    tk_list_verdict verdict = listing_gate(l, &before, false);
    assert_false(verdict.passed);
    assert_int_equal(verdict.reasons_count, 4);
    static const char *const said[] = {"the header stands in it twice (line 2)", "it is cut off", "at least 10000",
                                       "it shrank by 70 percent"};
    for (size_t i = 0; i < TK_COUNT(said); i++)
        if (strstr(verdict.text.ptr, said[i]) == NULL)
            fail_msg("'%s' is not in '%s'", said[i], verdict.text.ptr);
}

/* Every policy of the list comes to a review, or is one of those that a row says are unknown. */
static void policies(void **state)
{
    static const char *const unknown[] = {"744.2",   "744.3",           "744.4",      "746.8", "744.23(d)",
                                          "744.11",  "744.21(d) and (e)", "for EAR99 items", "For all items"};
    listing *l = *state;
    listing_clear(l);
    listing_file(l, listing_folder(), "csl-2026-07.csv.gz");
    assert_int_equal(listing_read(l), TK_OK);
    for (size_t i = 0; i < l->edition->entries_count; i++) {
        tk_str policy = l->edition->entries[i].policy;
        bool known = policy.len == 0 || tk_lists_review(l->lists, policy) != TK_LIST_REVIEW_UNKNOWN;
        for (size_t j = 0; j < TK_COUNT(unknown) && !known; j++)
            known = strstr(policy.ptr, unknown[j]) != NULL;
        if (!known)
            fail_msg("'%.*s'", TK_ARG_STR(policy));
    }
}

static void keys(void **state)
{
    listing *l = *state;
    listing_clear(l);
    listing_file(l, listing_folder(), "csl-2026-07.csv.gz");
    assert_int_equal(listing_read(l), TK_OK);
    const tk_list_entry *e = l->edition->entries;
    for (size_t i = 0; i < l->edition->entries_count; i++) {
        assert_true(tk_str_is_id(e[i].key));
        if (i != 0) {
            int order = tk_str_cmp(e[i - 1].list, e[i].list);
            assert_true(order < 0 || (order == 0 && tk_str_cmp(e[i - 1].key, e[i].key) < 0));
        }
    }
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
    const struct CMUnitTest tests[] = {TEST(whole), TEST(broken), TEST(policies), TEST(keys)};
    if (listing_folder() == NULL) {
        (void)puts("skipped: TWOKEY_LISTS names no folder with the published lists");
        return SKIPPED;
    }
    return cmocka_run_group_tests(tests, NULL, NULL);
}
