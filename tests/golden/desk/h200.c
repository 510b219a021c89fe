/* SPDX-License-Identifier: Apache-2.0 */
/* h200.c: the order book examples/h200-2026/orders.csv, row by row, in the world `law`.
 *
 * Each row carries the citation, or where no act decides the report, that makes it right; the test looks for it among
 * the reasons, so that a right answer for a wrong reason fails too. Ids are frozen: a row may be added, not renamed.
 */
#include "golden/desk/golden.h"

#include "base/csv.h"
#include "base/file.h"

typedef struct h200_row {
    const char *id, *expected;
} h200_row;

/* What the Chinese key says of an H200 that no believed report speaks of. */
#define CN_UNREPORTED                                                                                                \
    "cn undetermined law; key=open+licence+closed; missing -"

static const h200_row h200_rows[] = {
    {"o-01", "undetermined | us licence law; classification=3A090.a; review=case-by-case; open us-volume-cap; open "
             "lab-test; open iaas; "
             "cites 91 FR 1684 | " CN_UNREPORTED "; report C066; report C105"},
    {"o-02",
     "undetermined | us open law; key=licence; review=case-by-case; met us.licence; met lab-test; open records; "
     "cites 15 CFR 742.6(b)(10)(iii)(A)(1) | " CN_UNREPORTED "; report C105"},
    {"o-03", "undetermined | us licence law; review=denial; cites 88 FR 73458 | " CN_UNREPORTED "; report C105"},
    {"o-04",
     "authorisation-needed | us licence law; review=case-by-case; open us-volume-cap; cites 91 FR 1684 | cn absent"},
    {"o-05", "authorisation-needed | us licence law; review=case-by-case; cites 91 FR 1684 | cn absent"},
    {"o-06", "undetermined | us licence law; review=denial; presumes item.subject_to_ear; cites 15 CFR 742.6(b)(10) "
             "| " CN_UNREPORTED "; report C105"},
    {"o-07", "undetermined | us licence law; review=case-by-case | " CN_UNREPORTED "; report C085; report C108"},
    {"o-08", "undetermined | us licence law; classification=3A090.a; review=denial; cites 15 CFR 742.6(b)(10) "
             "| " CN_UNREPORTED},
    {"o-09", "undetermined | us licence law; review=case-by-case; presumes purchaser.lists | " CN_UNREPORTED
             "; report C081; report C142"},
    {"o-10", "may-move | us open practice; classification=3A090.a; met screened; met end-use-statement; met "
             "no-red-flags; missing -; "
             "cites BIS announcement 2025-05-13 | cn absent"},
    {"o-11", "conditions-open | us conditional practice; open screened; open end-use-statement; open no-red-flags; "
             "cites BIS announcement 2025-05-13"},
    {"o-12", "undetermined | us undetermined; key=open+licence; missing purchaser.hq; cites 15 CFR 744.23(a)(3)"},
    {"o-13", "undetermined | us undetermined; key=open+licence; missing end_user.hq; cites 15 CFR 744.23(a)(3)"},
    {"o-14",
     "authorisation-needed | us licence law; review=denial; missing -; cites 15 CFR 744.23(a)(3) | cn absent"},
    {"o-15",
     "may-move | us open practice; missing -; presumes end_user.parent_hq; cites BIS announcement 2025-05-13"},
    {"o-16", "authorisation-needed | us licence law; review=denial; cites 15 CFR 744.23(a)(3)"},
    {"o-17", "undetermined | us open law; classification=none; entry=3A991.p | " CN_UNREPORTED "; report C017"},
    {"o-18", "undetermined | us licence law; classification=none; review=denial; presumes seller.parent; "
             "cites Letter to NVIDIA of 2025-04-09 (Form 8-K of 2025-04-15) | " CN_UNREPORTED "; report C017"},
    {"o-19", "may-move | us open law; classification=none; entry=3A991.p | cn absent"},
    {"o-20", "authorisation-needed | us licence law; presumes seller.parent; cites Letter to NVIDIA of 2025-04-09 "
             "(Form 8-K of 2025-04-15)"},
    {"o-21", "undetermined | us open law; classification=3A090.b; exception=NAC; met nac-notice; cites 15 CFR "
             "740.8(a) | " CN_UNREPORTED},
    {"o-22", "may-move | us open law; exception=NAC; met nac-notice; cites 15 CFR 740.2(a)(9)(ii) | cn absent"},
    {"o-23", "conditions-open | us conditional law; exception=NAC; open nac-notice; cites 15 CFR 740.8(a)"},
    {"o-24", "may-move | us open law; key=open; cites 91 FR 43034 | cn absent"},
    {"o-25", "authorisation-needed | us licence law; cites 91 FR 43034"},
    {"o-26", "authorisation-needed | us licence law; classification=none; review=approval+case-by-case+denial; "
             "missing end_user.entry_review; "
             "cites 15 CFR 744 supp. 4"},
    {"o-27", "conditions-open | us conditional law; presumes end_user.owner_lists; presumes end_user.owner_minority; "
             "open owners-known"},
    {"o-28", "may-not-move | us closed law; cites 15 CFR 736.2(b)(4) (unverified)"},
    {"o-29", "may-not-move | us closed; failed no-red-flags; presumes known_violation"},
    {"o-30",
     "authorisation-needed | us licence law; classification=3A090.c; cites 15 CFR 742.6(a)(6)(i)(B) | cn absent"},
    {"o-31", "conflict | us conflict; classification=conflict; key=conflict; missing -; cites 89 FR 96790"},
    {"o-32", "undetermined | us undetermined; missing item.tpp; cites 88 FR 73458 | cn absent"},
    {"o-33", "may-move | us open law; duty=ad-valorem-25; cites Proclamation 11002 | cn absent"},
    {"o-34", "may-move | us open law; duty=none; cites HTSUS 9903.79.03-09"},
    {"o-35", "authorisation-needed | us licence law; review=denial; presumes item.subject_to_ear; cites 15 CFR "
             "742.6(b)(10) | cn absent"},
    {"o-36", "undetermined | us undetermined; missing item.tops+item.tpp | " CN_UNREPORTED "; report C045"},
    /* Without lists nobody knows better than what was shown; tests/cli/example_lists.sh has them with lists. */
    {"o-37", "may-move | us open law; entry=3A991.p; met screened; presumes end_user.lists | cn absent"},
    {"o-38", "may-move | us open law; met screened; presumes purchaser.lists"},
    {"o-39", "may-move | us open law; met screened"},
    {"o-40", "may-move | us open law; met owners-known; presumes end_user.owner_lists"},
    {"o-41", "may-move | us open law; met screened"},
    {"o-42", "may-move | us open law; met owners-known; presumes end_user.owner_minority"},
};

enum { H200_ROWS = sizeof h200_rows / sizeof h200_rows[0] };

static void h200_order(const tk_csv_reader *csv, const tk_csv_row *row, tk_transaction *order)
{
    size_t count;
    const tk_str *header = tk_csv_header(csv, &count);
    *order = (tk_transaction){0};
    for (size_t i = 0; i < count; i++) {
        tk_column column = tk_column_find(header[i], NULL);
        assert_true(column != TK_COLUMN_COUNT);
        order->cells[column] = row->cells[i];
    }
}

static void test_rows(void **state)
{
    golden *g = *state;
    tk_arena keep;
    tk_arena_init(&keep, 1 << 16, 1 << 20);
    tk_str text;
    tk_csv_reader *csv = NULL;
    tk_err err = {0};
    assert_int_equal(tk_file_read(TEST_SOURCE_DIR "/examples/h200-2026/orders.csv", 1 << 20, &keep, &text, &err),
                     TK_OK);
    assert_int_equal(tk_csv_open_text(TK_STR("orders.csv"), text, &csv, &err), TK_OK);
    unsigned wrong = 0, seen = 0;
    size_t at = 0;
    const tk_csv_row *row = NULL;
    while (tk_csv_next(csv, &row, &err) == TK_OK && row != NULL) {
        tk_transaction order;
        tk_desk_result result;
        tk_ask ask = TK_ASK_INIT;
        ask.world = TK_WORLD_LAW;
        h200_order(csv, row, &order);
        assert_true(at < H200_ROWS);
        assert_true(tk_str_is(order.cells[TK_COLUMN_ID], h200_rows[at].id));
        /* Nothing of the answer may depend on today. */
        assert_true(order.cells[TK_COLUMN_AS_OF].len == 10 && order.cells[TK_COLUMN_ORDER_DATE].len == 10
                    && order.cells[TK_COLUMN_SHIP_DATE].len == 10);
        assert_int_equal(tk_clerk_decide(g->clerk, &order, &ask, &result, &err), TK_OK);
        wrong += golden_check(h200_rows[at].id, &result, h200_rows[at].expected);
        seen |= 1U << result.verdict;
        at++;
    }
    tk_csv_close(csv);
    tk_arena_fini(&keep);
    assert_int_equal(wrong, 0);
    assert_int_equal(at, H200_ROWS);
    assert_int_equal(seen, (1U << TK_VERDICT_COUNT) - 1); /* every overall verdict at least once */
}

static int h200_setup(void **state)
{
    static golden g;
    golden_open(&g);
    *state = &g;
    return 0;
}

static int h200_teardown(void **state)
{
    golden_close(*state);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_rows)};
    return cmocka_run_group_tests_name("golden/desk/h200", tests, h200_setup, h200_teardown);
}
