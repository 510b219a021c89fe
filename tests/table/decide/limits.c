/* SPDX-License-Identifier: Apache-2.0 */
/* The limits of one decision, at the limit and one beyond: claims of a world and of a question, pieces of evidence, a file of parties. */
#include "table/decide/table.h"

#include <unistd.h>

#include "base/limits.h"
#include "base/out.h"
#include "twokey/desk.h"

static void test_world_claims(void **state)
{
    (void)state;
    tk_rulebook *book = table_compile("rule r reported by C1 in force 2020-01-01 .. then key = closed\n", NULL);
    tk_decider *decider = NULL;
    tk_facts *facts = NULL;
    static uint32_t claims[TK_WORLD_CLAIMS_MAX + 1]; /* the same claim over and over */
    assert_int_equal(tk_decider_new(book, &decider, NULL), TK_OK);
    assert_int_equal(tk_facts_new(book, &facts, NULL), TK_OK);
    for (size_t more = 0; more < 2; more++) {
        tk_setting setting = {.as_of = DAY_2024, .known_at = DAY_2024, .claims = claims, .claims_count = TK_WORLD_CLAIMS_MAX + more};
        const tk_decision *decision = NULL;
        tk_err err = {0};
        assert_int_equal(tk_decide(decider, facts, &setting, 0, &decision, &err), more == 0 ? TK_OK : TK_ERR_LIMIT);
        if (more == 1)
            assert_string_equal(err.message, "a world holds at most 103424 claims");
        else
            assert_int_equal(decision->verdict, TK_VERDICT_CLOSED);
    }
    claims[0] = 99;
    tk_setting setting = {.as_of = DAY_2024, .known_at = DAY_2024, .claims = claims, .claims_count = 1};
    const tk_decision *decision = NULL;
    assert_int_equal(tk_decide(decider, facts, &setting, 0, &decision, NULL), TK_ERR_USAGE);
    tk_facts_free(facts);
    tk_decider_free(decider);
    tk_rulebook_free(book);
}

static void test_believed(void **state)
{
    (void)state;
    static uint32_t claims[TK_CLAIMS_BELIEVED_MAX + 1]; /* the same claim over and over */
    tk_desk_options options = TK_DESK_OPTIONS_INIT;
    tk_desk *desk = NULL;
    tk_clerk *clerk = NULL;
    tk_messages *messages = NULL;
    assert_int_equal(tk_desk_open(&options, &desk, &messages, NULL), TK_OK);
    tk_messages_free(messages);
    assert_int_equal(tk_clerk_new(desk, &clerk, NULL), TK_OK);
    tk_transaction order = {0};
    tk_desk_result result;
    tk_ask ask = TK_ASK_INIT;
    order.cells[TK_COLUMN_AS_OF] = TK_STR("2026-01-01");
    ask.claims = claims;
    for (size_t more = 0; more < 2; more++) {
        tk_err err = {0};
        ask.claims_count = TK_CLAIMS_BELIEVED_MAX + more;
        assert_int_equal(tk_clerk_decide(clerk, &order, &ask, &result, &err), more == 0 ? TK_OK : TK_ERR_LIMIT);
        if (more == 1)
            assert_string_equal(err.message, "1025 claims believed; at most 1024");
    }
    ask.claims_count = 1;
    claims[0] = (uint32_t)tk_rulebook_claim_count(tk_desk_rulebook(desk));
    assert_int_equal(tk_clerk_decide(clerk, &order, &ask, &result, NULL), TK_ERR_USAGE);
    tk_clerk_free(clerk);
    tk_desk_close(desk);
}

static void test_evidence(void **state)
{
    (void)state;
    tk_desk_options options = TK_DESK_OPTIONS_INIT;
    tk_desk *desk = NULL;
    tk_clerk *clerk = NULL;
    tk_messages *messages = NULL;
    assert_int_equal(tk_desk_open(&options, &desk, &messages, NULL), TK_OK);
    tk_messages_free(messages);
    assert_int_equal(tk_clerk_new(desk, &clerk, NULL), TK_OK);
    for (int more = 0; more < 2; more++) {
        tk_out cell;
        tk_err err = {0};
        tk_transaction order = {0};
        tk_ask ask = TK_ASK_INIT;
        ask.world = TK_WORLD_LAW;
        tk_desk_result result;
        tk_out_init(&cell, NULL);
        for (int i = 0; i < TK_EVIDENCE_MAX + more; i++)
            tk_out_text(&cell, i == 0 ? "screened" : ";screened");
        order.cells[TK_COLUMN_EVIDENCE] = tk_out_str(&cell);
        order.cells[TK_COLUMN_AS_OF] = TK_STR("2026-01-01");
        assert_int_equal(tk_clerk_decide(clerk, &order, &ask, &result, &err), more == 0 ? TK_OK : TK_ERR_LIMIT);
        if (more == 1) {
            assert_string_equal(err.message, "evidence: more than 128 pieces of evidence in one order");
            assert_int_equal(result.column, TK_COLUMN_EVIDENCE);
        }
        tk_out_fini(&cell);
    }
    tk_clerk_free(clerk);
    tk_desk_close(desk);
}

/* Mostly remarks, so that the file is long and its table short. */
static void test_data_file(void **state)
{
    (void)state;
    enum { REMARK = 1024 * 1024 - 1 };
    const char *folder = getenv("TMPDIR");
    char path[400];
    static const char table[] = "id,name,country,source\nlimit-test,Limit Test,DE,made up\n";
    char *remark = malloc(REMARK);
    assert_non_null(remark);
    memset(remark, 'x', REMARK);
    remark[0] = '#';
    remark[REMARK - 1] = '\n';
    (void)snprintf(path, sizeof path, "%s/twokey-parties-XXXXXX", folder != NULL ? folder : "/tmp");
    int fd = mkstemp(path);
    assert_true(0 <= fd);
    for (int more = 0; more < 2; more++) {
        size_t left = TK_DATA_FILE_BYTES_MAX + (size_t)more - (sizeof table - 1);
        FILE *file = fopen(path, "wb");
        assert_non_null(file);
        while (left != 0) {
            size_t part = left < REMARK ? left : REMARK; /* the last one is cut at its beginning, not at its end */
            assert_int_equal(fwrite("#", 1, 1, file), 1);
            assert_int_equal(fwrite(remark + REMARK - part + 1, 1, part - 1, file), part - 1);
            left -= part;
        }
        assert_int_equal(fwrite(table, 1, sizeof table - 1, file), sizeof table - 1);
        assert_int_equal(fclose(file), 0);
        tk_desk_options options = TK_DESK_OPTIONS_INIT;
        tk_desk *desk = NULL;
        tk_messages *messages = NULL;
        tk_err err = {0};
        options.parties_file = path;
        tk_status status = tk_desk_open(&options, &desk, &messages, &err);
        if (more == 0 && status != TK_OK)
            fail_msg("%s", err.message);
        assert_int_equal(status, more == 0 ? TK_OK : TK_ERR_LIMIT);
        if (more == 1)
            assert_string_equal(err.message, "the file is larger than 67108864 bytes");
        tk_messages_free(messages);
        tk_desk_close(desk);
    }
    (void)close(fd);
    (void)unlink(path);
    free(remark);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_world_claims),
        cmocka_unit_test(test_believed),
        cmocka_unit_test(test_evidence),
        cmocka_unit_test(test_data_file),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
