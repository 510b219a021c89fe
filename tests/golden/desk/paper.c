/* SPDX-License-Identifier: Apache-2.0 */
/* paper.c: the tricky cases that were worked out by hand before anything was encoded, W1 to W26, through a desk.
 *
 * They fix what the words of the language mean where a plain reading goes wrong: unknown against absent, `none` against
 * unknown, two times, law against practice, presumptions that must show, reports that must not count by themselves.
 */
#include "golden/desk/golden.h"

typedef struct paper_row {
    const char *says, *order, *expected;
} paper_row;

#define EXPORT "from=US activity=export "
/* What discharges every presumption. */
#define SHOWN "evidence=screened;end-use-statement;owners-known;no-red-flags "

static const paper_row paper_rows[] = {
    {"W1 a named purchaser of unknown headquarters",
     EXPORT "as_of=2026-06-15 item=nvidia-h100-sxm to=DE end_user_hq=DE purchaser_hq=?",
     "undetermined | us undetermined; key=open+licence; missing purchaser.hq"},
    {"W2 a die area nobody knows, in all three bands",
     EXPORT "as_of=2024-06-01 item.tpp=3000 item.datacenter=yes end_user_class=platform to=CN end_user_hq=CN",
     "undetermined | us undetermined; classification=none+3A090.a+3A090.b; key=open+licence; missing item.die_area"},
    {"W3 a figure that decides without the die area",
     EXPORT "as_of=2024-06-01 item.tpp=5000 item.datacenter=yes to=CN end_user_hq=CN",
     "undetermined | us licence law; classification=3A090.a; missing -"},
    {"W4 note 2 decides without the die area",
     EXPORT "as_of=2024-06-01 item.tpp=2000 item.datacenter=no to=CN end_user_hq=CN",
     "undetermined | us conditional; classification=none; missing -"},
    {"W5 no die counts: no figure would settle it",
     EXPORT "as_of=2024-06-01 item.tpp=2000 item.datacenter=yes item.die_area=none end_user_class=platform to=CN "
            "end_user_hq=CN",
     "undetermined | us undetermined; classification=none+3A090.a+3A090.b; missing -; note item.density"},
    {"W6 the H200 after January 2026", EXPORT "as_of=2026-02-10 item=nvidia-h200-sxm to=CN end_user_hq=CN",
     "undetermined | us licence law; review=case-by-case; open us-supply; open lab-test; open us-volume-cap; "
     "presumes end_use; "
     "presumes end_user.lists; presumes end_user.country; presumes known_violation; missing -"},
    {"W6 with a sale date that is only presumed: the launch",
     EXPORT "as_of=2026-02-10 item.tpp=15832 item.dram_bandwidth=4800 item.datacenter=yes "
            "item.launch_date=2024-11-18 to=CN end_user_hq=CN",
     "undetermined | us licence law; review=case-by-case; presumes item.us_sale_date"},
    {"W7 a certificate refused",
     EXPORT "as_of=2026-02-10 item=nvidia-h200-sxm to=CN end_user_hq=CN evidence=-us-supply",
     "undetermined | us licence law; review=denial"},
    {"W8 a reexport", "from=TW activity=reexport as_of=2026-02-10 item=nvidia-h200-sxm to=CN end_user_hq=CN",
     "undetermined | us licence law; review=denial"},
    {"W9 a sale date said to be unknown",
     EXPORT "as_of=2026-02-10 item=nvidia-h200-sxm item.us_sale_date=? to=CN end_user_hq=CN",
     "undetermined | us licence law; review=case-by-case+denial; missing item.us_sale_date"},
    {"W10 not enforced, once that is known",
     EXPORT "as_of=2025-06-01 known_at=2025-06-01 item=nvidia-h100-sxm to=DE end_user_hq=DE",
     "conditions-open | us conditional practice; key=open"},
    {"W10 before that was known",
     EXPORT "as_of=2025-06-01 known_at=2025-05-01 item=nvidia-h100-sxm to=DE end_user_hq=DE",
     "authorisation-needed | us licence law"},
    {"W10 by the text",
     EXPORT "as_of=2025-06-01 known_at=2025-06-01 law=text item=nvidia-h100-sxm to=DE end_user_hq=DE",
     "authorisation-needed | us licence law"},
    {"W10 by the text, before",
     EXPORT "as_of=2025-06-01 known_at=2025-05-01 law=text item=nvidia-h100-sxm to=DE end_user_hq=DE",
     "authorisation-needed | us licence law"},
    {"W11 China under practice", EXPORT "as_of=2025-06-01 item=nvidia-h100-sxm to=CN end_user_hq=CN",
     "undetermined | us licence law"},
    {"W11 China under the text", EXPORT "as_of=2025-06-01 law=text item=nvidia-h100-sxm to=CN end_user_hq=CN",
     "undetermined | us licence law"},
    {"W12 the affiliates rule before its stay was known",
     EXPORT "as_of=2025-11-20 known_at=2025-11-05 item.tpp=1000 to=SG end_user_hq=SG end_user.owner_lists=EL",
     "authorisation-needed | us licence law"},
    {"W12 the stay",
     EXPORT "as_of=2025-11-20 known_at=2025-11-15 item.tpp=1000 to=SG end_user_hq=SG end_user.owner_lists=EL",
     "conditions-open | us conditional; key=open"},
    {"W13 after the stay, before anybody spoke of more",
     EXPORT "as_of=2026-11-15 known_at=2026-09-01 item.tpp=1000 to=SG end_user_hq=SG end_user.owner_lists=EL",
     "authorisation-needed | us licence law"},
    {"W13 after the stay, an open point",
     EXPORT "as_of=2026-11-15 known_at=2026-11-15 item.tpp=1000 item.datacenter=yes to=SG end_user_hq=SG "
            "end_user.owner_lists=EL",
     "undetermined | us undetermined; key=open+licence; missing us.stay_extended"},
    {"W13 a person says no",
     EXPORT "as_of=2026-11-15 item.tpp=1000 item.datacenter=yes to=SG end_user_hq=SG end_user.owner_lists=EL "
            "us.stay_extended=no",
     "authorisation-needed | us licence law"},
    {"W14 Cambodia before its leaving was known",
     EXPORT "as_of=2025-12-01 known_at=2025-10-01 item.kind=memory item.memory_density=3.5 to=KH end_user_hq=KH",
     "authorisation-needed | us licence law; classification=3A090.c"},
    {"W14 Cambodia after",
     EXPORT "as_of=2025-12-01 known_at=2025-12-01 item.kind=memory item.memory_density=3.5 to=KH end_user_hq=KH",
     "conditions-open | us conditional; classification=3A090.c; key=open"},
    {"W15 G42 on its last day", EXPORT "as_of=2027-04-06 item=nvidia-h100-sxm to=AE end_user=g42 end_user_hq=AE",
     "conditions-open | us conditional; key=open; open us.law-read"},
    {"W15 G42 the day after", EXPORT "as_of=2027-04-07 item=nvidia-h100-sxm to=AE end_user=g42 end_user_hq=AE",
     "undetermined | us undetermined; key=open+licence; missing us.supp8_renewed"},
    {"W16 24 days of notice",
     EXPORT
     "as_of=2026-03-02 item=nvidia-l40 to=CN end_user_hq=CN end_user_class=platform ship_date=2026-03-02 "
     "evidence=purchase-order;one-end-user;nac-number;nac-notice@2026-02-06;screened;end-use-statement;no-red-flags",
     "undetermined | us conditional law; exception=NAC; open nac-notice"},
    {"W16 25 days of notice",
     EXPORT
     "as_of=2026-03-02 item=nvidia-l40 to=CN end_user_hq=CN end_user_class=platform ship_date=2026-03-02 "
     "evidence=purchase-order;one-end-user;nac-number;nac-notice@2026-02-05;screened;end-use-statement;no-red-flags",
     "undetermined | us open law; exception=NAC; met nac-notice"},
    {"W17 believing the first round",
     EXPORT "as_of=2026-02-01 item=nvidia-h200-sxm to=CN end_user=bytedance believe=C105",
     "authorisation-needed | cn conditional reported; key=open; open terms-final; missing -"},
    {"W17 believing the round and the customs stop",
     EXPORT "as_of=2026-02-01 item=nvidia-h200-sxm to=CN end_user=bytedance believe=C105+C091",
     "undetermined | cn undetermined reported; key=open+closed; missing cn.customs_stop_lifted"},
    {"W17 believing nothing", EXPORT "as_of=2026-02-01 item=nvidia-h200-sxm to=CN end_user=bytedance",
     "undetermined | cn undetermined; key=open+licence+closed; report C105"},
    {"W17 with both keys held",
     EXPORT "as_of=2026-02-01 item=nvidia-h200-sxm to=CN end_user=bytedance believe=C105 "
            "evidence=us.licence;terms-final;cn-round-1-volume;units-stated;us-supply;foundry-capacity;barred-uses-"
            "excluded;kyc;remote-users;iaas;"
            "lab-test;lab-certificate;lab-standing;us-volume-cap;screened;end-use-statement;no-red-flags;"
            "cn.written-approval",
     "may-move | us open law; key=licence | cn open reported; key=open; met cn.written-approval"},
    {"W18 outside every regime",
     "from=DE to=FR activity=export as_of=2026-06-15 item=nvidia-h100-sxm item.subject_to_ear=no",
     "undetermined | us absent | cn absent"},
    {"W19 before the law was read", EXPORT "as_of=2019-01-01 item=nvidia-h100-sxm to=CN end_user_hq=CN",
     "undetermined | us undetermined; key=open+licence+closed | cn undetermined"},
    {"W20 nobody named", EXPORT "as_of=2026-06-15 item=nvidia-h100-sxm to=DE",
     "undetermined | us undetermined; key=open+licence; missing end_user.hq"},
    {"W21 a Chinese headquarters, an American parent",
     EXPORT "as_of=2026-06-15 item=nvidia-h100-sxm to=SG end_user_hq=CN end_user_parent_hq=US",
     "authorisation-needed | us licence law"},
    {"W22 its mirror image",
     EXPORT "as_of=2026-06-15 item=nvidia-h100-sxm to=SG end_user_hq=SG end_user_parent_hq=CN",
     "authorisation-needed | us licence law"},
    {"W23 Hong Kong", EXPORT "as_of=2026-02-10 item=nvidia-h200-sxm quantity=8 to=HK end_user_hq=HK",
     "authorisation-needed | us licence law; review=case-by-case; open us-volume-cap | cn absent"},
    {"W24 a known violation settles what is unknown",
     EXPORT "as_of=2026-06-15 item=nvidia-h100-sxm to=DE end_user_hq=DE purchaser_hq=? known_violation=yes",
     "may-not-move | us closed law"},
    {"W25 a warning one can discharge",
     EXPORT "as_of=2025-10-15 item.tpp=1000 to=SG end_user_hq=SG end_user.owner_minority=EL " SHOWN,
     "conditions-open | us conditional; key=open; open red-flag-ownership"},
    {"W26 an unnamed seller is taken for the maker",
     EXPORT "as_of=2025-05-01 item=nvidia-h20-96 to=CN end_user_hq=CN",
     "undetermined | us licence law; presumes seller.parent"},
    {"W26 a seller that got no notice",
     EXPORT "as_of=2025-05-01 item=nvidia-h20-96 seller=dell to=CN end_user_hq=CN " SHOWN,
     "undetermined | us open law; key=open"},
};

static void test_paper(void **state)
{
    golden *g = *state;
    unsigned wrong = 0;
    for (size_t i = 0; i < sizeof paper_rows / sizeof paper_rows[0]; i++) {
        golden_order order;
        tk_desk_result result;
        tk_err err = {0};
        golden_read(g, paper_rows[i].order, &order);
        tk_status status = tk_clerk_decide(g->clerk, &order.order, &order.ask, &result, &err);
        if (status != TK_OK)
            print_error("%s: %s\n", paper_rows[i].says, err.message);
        assert_int_equal(status, TK_OK);
        wrong += golden_check(paper_rows[i].says, &result, paper_rows[i].expected);
    }
    assert_int_equal(wrong, 0);
}

/* Claims that exclude each other are a conflict of the Chinese key, and say so whatever else is known. */
static void test_contradictions(void **state)
{
    golden *g = *state;
    static const char *const pairs[] = {"C105+C112", "C105+C126", "C112+C126", "C096+C097"};
    unsigned wrong = 0;
    for (size_t i = 0; i < sizeof pairs / sizeof pairs[0]; i++) {
        char text[256];
        golden_order order;
        tk_desk_result result;
        (void)snprintf(text, sizeof text,
                       EXPORT "as_of=2026-04-01 item=nvidia-h200-sxm to=CN end_user=bytedance believe=%s", pairs[i]);
        golden_read(g, text, &order);
        assert_int_equal(tk_clerk_decide(g->clerk, &order.order, &order.ask, &result, NULL), TK_OK);
        wrong += golden_check(pairs[i], &result, "conflict | us licence law | cn conflict");
    }
    assert_int_equal(wrong, 0);
}

static int paper_setup(void **state)
{
    static golden g;
    golden_open(&g);
    *state = &g;
    return 0;
}

static int paper_teardown(void **state)
{
    golden_close(*state);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_paper), cmocka_unit_test(test_contradictions)};
    return cmocka_run_group_tests_name("golden/desk/paper", tests, paper_setup, paper_teardown);
}
