/* SPDX-License-Identifier: Apache-2.0 */
/* states.c: what the Chinese key answers in each state a product was reported to be in, under the world that prevails.
 *
 * The states are those of the reports from March 2025 on: open, discouraged, paused, under review, necessity, the
 * border, in principle, in rounds, with orders, withheld, closed to a class. Each has a day on which it holds and one
 * on which it does not yet, or another buyer whom it does not concern. A row is asked as known on its day unless it
 * says otherwise.
 */
#include "golden/desk/golden.h"

typedef struct states_row {
    const char *because, *item, *day, *order, *expected;
} states_row;

#define H200 "nvidia-h200-sxm"
#define H20 "nvidia-h20-96"
#define UNIVERSITY "end_user_class=university end_user_hq=CN"
#define SITE "end_user_class=state-funded-data-centre end_user_hq=CN end_user.site_complete="
#define LIFTED " cn.customs_stop_lifted=yes"
#define NOTHING "cn undetermined; stance=unreported; key=open+licence+closed"

static const states_row states_rows[] = {
    /* Open until the middle of 2025, which was said in October (C052). */
    {"as known in May nobody had said so", "nvidia-l20", "2025-05-01", "end_user=tencent", NOTHING},
    {"open", "nvidia-l20", "2025-05-01", "end_user=tencent known_at=2025-10-10",
     "cn conditional reported; stance=open; open cn.written-approval"},
    {"and not in July", "nvidia-l20", "2025-07-01", "end_user=tencent known_at=2025-10-10", NOTHING},
    /* Discouraged: the energy standard (C017), explanations (C036, C037). */
    {"before the advice", H20, "2025-03-25", "end_user=tencent", NOTHING},
    {"the advice against the H20", H20, "2025-03-26", "end_user=tencent",
     "cn conditional reported; stance=discouraged; open energy-standard; open necessity-statement"},
    {"explanations", H20, "2025-08-22", "end_user=deepseek",
     "cn conditional reported; stance=discouraged; open necessity-statement"},
    {"180 days after the last word", H20, "2026-02-08", "end_user=deepseek", "cn conditional; stance=discouraged"},
    {"nobody knows any more", H20, "2026-02-09", "end_user=deepseek",
     "cn undetermined; missing item.cn_stance"},
    /* Paused: the H20 for three platforms (C038), the H200 for all (C081). */
    {"August is over when the report of August is out", H20, "2025-08-30", "end_user=tencent", "cn conditional"},
    {"told to pause", H20, "2025-08-31", "end_user=tencent", "cn closed; stance=discouraged"},
    {"asked to explain, not to pause", H20, "2025-08-31", "end_user=baidu", "cn conditional; stance=discouraged"},
    {"a pause of others pauses nobody else", H20, "2025-08-05", UNIVERSITY " known_at=2025-09-01",
     "cn conditional; stance=discouraged"},
    {"before the pause", H200, "2026-01-06", "end_user=tencent", "cn licence; stance=under-review"},
    {"the pause of January", H200, "2026-01-07", "end_user=tencent", "cn closed; stance=paused"},
    /* Under review (C066, C069): reported on the 10th of the 9th. */
    {"nothing was out", H200, "2025-12-09", "end_user=tencent", NOTHING},
    {"under review", H200, "2025-12-10", "end_user=tencent",
     "cn licence reported; stance=under-review; open necessity-statement"},
    /* Necessity (C089, C090) and the border (C091), both of the 13th and out on the 14th. */
    {"the day before it was out", H200, "2026-01-13", UNIVERSITY, "cn closed; stance=paused; customs=unreported"},
    {"necessity, behind a closed border", H200, "2026-01-14", UNIVERSITY,
     "cn closed; stance=necessity-only; customs=refuses"},
    {"the RTX 5090D V2, before its stop was out", "nvidia-rtx5090dv2", "2026-05-19", "end_user=tencent",
     "cn undetermined; customs=unreported"},
    {"the border for the RTX 5090D V2", "nvidia-rtx5090dv2", "2026-05-20", "end_user=tencent",
     "cn closed; customs=refuses"},
    {"and no other chip", "nvidia-rtx5090d", "2026-05-20", "end_user=tencent", NOTHING},
    /* In principle (C103). From here on whether the stop was lifted is asked. */
    {"before", H200, "2026-01-22", "end_user=tencent", "cn closed; stance=necessity-only"},
    {"in principle", H200, "2026-01-23", "end_user=tencent",
     "cn undetermined; stance=in-principle; key=licence+closed; missing cn.customs_stop_lifted"},
    {"in principle, if the stop was lifted", H200, "2026-01-23", "end_user=tencent" LIFTED,
     "cn licence reported; review=approval"},
    {"if it was not", H200, "2026-01-23", "end_user=tencent cn.customs_stop_lifted=no", "cn closed"},
    {"not named", H200, "2026-01-23", "end_user=jd" LIFTED,
     "cn licence; review=approval+case-by-case+denial"},
    /* In rounds: three platforms (C105), then DeepSeek (C111); state firms under tight control (C108). */
    {"the first round", H200, "2026-01-28", "end_user=bytedance" LIFTED,
     "cn conditional reported; stance=conditional-rounds; open terms-final; open cn-round-1-volume; "
     "open cn.written-approval"},
    {"no other buyer", H200, "2026-01-28", "end_user=jd" LIFTED, "cn licence; stance=conditional-rounds"},
    {"DeepSeek, before", H200, "2026-01-29", "end_user=deepseek" LIFTED, "cn licence"},
    {"DeepSeek", H200, "2026-01-30", "end_user=deepseek" LIFTED, "cn conditional; open cn-round-1b-volume"},
    {"a university", H200, "2026-02-01", UNIVERSITY LIFTED, "cn licence; stance=conditional-rounds"},
    {"a state firm was barred", H200, "2026-01-28", "end_user=china-telecom" LIFTED, "cn licence; review=denial"},
    {"then under tight control", H200, "2026-01-29", "end_user=china-telecom" LIFTED,
     "cn licence; review=case-by-case"},
    {"the military stays barred", H200, "2026-02-01", "end_user_class=military end_user_hq=CN" LIFTED,
     "cn licence; review=denial"},
    /* Orders at the maker (C127, C176). */
    {"before the orders", H200, "2026-03-17", "end_user=tencent" LIFTED, "cn conditional; stance=conditional-rounds"},
    {"orders", H200, "2026-03-18", "end_user=tencent" LIFTED, "cn conditional; stance=orders-accepted"},
    {"orders are nobody's clearance", H200, "2026-03-18", "end_user=jd" LIFTED, "cn licence; stance=orders-accepted"},
    /* Withheld (C142, C150), also where licences of the US were issued (C139). */
    {"before it was withheld", H200, "2026-05-14", "end_user=jd" LIFTED, "cn licence; stance=orders-accepted"},
    {"withheld", H200, "2026-05-15", "end_user=jd" LIFTED,
     "cn closed; stance=withheld | us licence; open us-buyer-cap"},
    {"withheld from the cleared too", H200, "2026-06-30", "end_user=bytedance" LIFTED, "cn closed; stance=withheld"},
    {"180 days after the last word", H200, "2026-11-28", "end_user_class=university end_user_hq=CN" LIFTED,
     "cn closed; stance=withheld"},
    {"nobody knows any more", H200, "2026-11-29", "end_user_class=university end_user_hq=CN" LIFTED,
     "cn undetermined; missing item.cn_customs+item.cn_stance"},
    /* Closed to a class: platforms (C045), state-funded sites (C057); half of a public hub (C039); ports (C052). */
    {"before", "nvidia-rtx6000d", "2025-09-16", "end_user=tencent", NOTHING},
    {"the RTX Pro 6000D at a platform", "nvidia-rtx6000d", "2025-09-17", "end_user=tencent", "cn closed"},
    {"at a university", "nvidia-rtx6000d", "2025-09-17", UNIVERSITY, NOTHING},
    {"a site before the report", "nvidia-l20", "2025-11-04", SITE "10", NOTHING},
    {"a new site", "nvidia-l20", "2025-11-05", SITE "10", "cn closed"},
    {"a site further along", "nvidia-l20", "2025-11-05", SITE "60", "cn licence; review=case-by-case"},
    {"a public hub", H20, "2025-08-31", "end_user_class=public-hub end_user_hq=CN",
     "cn conditional; open public-hub-share"},
    {"ports inspect", H20, "2025-10-10", UNIVERSITY, "cn conditional; open customs-papers"},
};

static void test_states(void **state)
{
    const golden *g = *state;
    unsigned wrong = 0;
    for (size_t i = 0; i < TK_COUNT(states_rows); i++) {
        const states_row *row = &states_rows[i];
        golden_order order;
        char words[400], title[200];
        tk_desk_result result;
        tk_err err = {0};
        (void)snprintf(words, sizeof words, "item=%s from=US to=CN activity=export as_of=%s known_at=%s %s", row->item,
                       row->day, row->day, row->order);
        (void)snprintf(title, sizeof title, "%s, %s, %s (%s)", row->item, row->day, row->order, row->because);
        golden_read(g, words, &order);
        order.ask.world = TK_WORLD_PREVAILING;
        assert_int_equal(tk_clerk_decide(g->clerk, &order.order, &order.ask, &result, &err), TK_OK);
        tk_str rest = tk_str_from(row->expected), part;
        while (tk_str_split(&rest, '|', &part))
            wrong += golden_check_key(title, result.decision, tk_str_trim(part));
    }
    assert_int_equal(wrong, 0);
}

static int states_setup(void **state)
{
    static golden g;
    golden_open(&g);
    *state = &g;
    return 0;
}

static int states_teardown(void **state)
{
    golden_close(*state);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_states)};
    return cmocka_run_group_tests_name("golden/desk/states", tests, states_setup, states_teardown);
}
