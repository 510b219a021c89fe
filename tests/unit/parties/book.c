/* SPDX-License-Identifier: Apache-2.0 */
/* book.c: files of parties and holdings into a book and out again; what is said of each row; which record stands; the
 * graph of a day; the rules of ownership as a table. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/err.h"
#include "base/limits.h"
#include "unit/parties/book.h"

typedef struct stage {
    tk_store *store;
    tk_arena arena;
    test_said said;
    tk_parties_imported done;
} stage;

static int stage_make(void **state)
{
    static stage s;
    s = (stage){.store = NULL};
    tk_arena_init(&s.arena, 65536, 0);
    assert_int_equal(test_parties_open(&s.store, NULL, NULL, NULL), TK_OK);
    *state = &s;
    return 0;
}

static int stage_remove(void **state)
{
    stage *s = *state;
    tk_store_close(s->store);
    tk_arena_fini(&s->arena);
    return 0;
}

static void import(stage *s, const char *text)
{
    tk_err err = {0};
    if (test_parties_import(s->store, text, &s->said, &s->done, &err) != TK_OK)
        fail_msg("%s", err.message);
    assert_int_equal(s->done.read, s->done.added + s->done.replaced + s->done.there + s->done.rejected);
}

static void counts(const stage *s, uint64_t added, uint64_t replaced, uint64_t there, uint64_t rejected)
{
    assert_int_equal(s->done.added, added);
    assert_int_equal(s->done.replaced, replaced);
    assert_int_equal(s->done.there, there);
    assert_int_equal(s->done.rejected, rejected);
}

static void says(const stage *s, const char *text)
{
    if (strstr(s->said.text, text) == NULL)
        fail_msg("'%s' is not in:\n%s", text, s->said.text);
}

static const char *exported(stage *s, int64_t at, tk_parties_table table)
{
    tk_out out;
    tk_out_init(&out, NULL);
    assert_int_equal(tk_parties_export(s->store, at, table, &out, NULL), TK_OK);
    tk_str text = tk_arena_copy(&s->arena, tk_out_str(&out));
    tk_out_fini(&out);
    return text.ptr;
}

#define PARTIES_HEADER                                                                                               \
    "id,name,aliases,kind,country,hq,parent,parent_hq,class,lists,entry_review,address,identifiers,birth,source,note\n"
#define HOLDINGS_HEADER "holder,held,share,control,from,to,source,note\n"

/* --- parties --- */

static void test_round_trip(void **state)
{
    stage *s = *state;
    static const char parties[] = PARTIES_HEADER
        "acme,\"Acme, \"\"quoted\"\"\",\"Alpha;Beta\",company,DE,DE,holding,SG,\"cloud;platform\",\"EL;UVL\",denial,"
        "\"1 Road\n2nd\","
        "\"A1;B2\",,register,\"'=note\"\n"
        "beta,Beta,,,,,,,,,,,,\"1970;1971-05-14\",,\n";
    static const char holdings[] = HOLDINGS_HEADER
        "acme,beta,45-55,yes,2024,2025-06,\"a report, p. 4\",\n"
        "EL:key-1,beta,49.999999,no,,,,\n"
        "beta,gamma,?,no,2024-01-02,,register,seen\n";
    import(s, parties);
    counts(s, 2, 0, 0, 0);
    assert_int_equal(s->done.table, TK_PARTIES);
    assert_string_equal(exported(s, INT64_MAX, TK_PARTIES), parties);
    import(s, holdings);
    counts(s, 3, 0, 0, 0);
    assert_int_equal(s->done.table, TK_HOLDINGS);
    assert_int_equal(s->done.first, 3);
    assert_int_equal(s->done.last, 5);
    const char *out = exported(s, INT64_MAX, TK_HOLDINGS);
    import(s, out);
    counts(s, 0, 0, 3, 0);
    assert_int_equal(s->done.batch, 0);
    import(s, exported(s, INT64_MAX, TK_PARTIES));
    counts(s, 0, 0, 2, 0);
    assert_string_equal(exported(s, INT64_MAX, TK_HOLDINGS), out);
}

static void test_records(void **state)
{
    stage *s = *state;
    const tk_party_record *party;
    import(s, "id,name,hq,note\nacme,Acme,DE,first\n");
    import(s, "id,name,hq\nacme,Acme,SG\nother,Other,\n");
    counts(s, 1, 1, 0, 0);
    says(s, "note 2:1 party acme takes the place of the earlier record: hq was 'DE', here 'SG'");
    /* What the file does not speak of stays. */
    assert_int_equal(tk_parties_find(s->store, INT64_MAX, TK_STR("acme"), &s->arena, &party, NULL), TK_OK);
    assert_true(tk_str_is(party->cells[TK_PARTY_NOTE], "first") && tk_str_is(party->cells[TK_PARTY_HQ], "SG"));
    assert_int_equal(party->number, 2);
    assert_int_equal(party->recorded, 20000);
    assert_true(tk_str_is(party->batch, "file.csv"));
    assert_int_equal(tk_parties_find(s->store, 1, TK_STR("acme"), &s->arena, &party, NULL), TK_OK);
    assert_true(tk_str_is(party->cells[TK_PARTY_HQ], "DE"));
    assert_int_equal(tk_parties_find(s->store, 1, TK_STR("other"), &s->arena, &party, NULL), TK_OK);
    assert_null(party);
    assert_string_equal(exported(s, 1, TK_PARTIES), PARTIES_HEADER "acme,Acme,,,,DE,,,,,,,,,,first\n");
    /* Values in another order are the same record. */
    import(s, "id,aliases\nacme,b; a;b\n");
    counts(s, 0, 1, 0, 0);
    import(s, "id,aliases\nacme,a;b\n");
    counts(s, 0, 0, 1, 0);
    int64_t number;
    assert_int_equal(tk_parties_recorded(s->store, &number, NULL), TK_OK);
    assert_int_equal(number, 4);
}

static void test_bad_rows(void **state)
{
    stage *s = *state;
    import(s, "id,name,kind,birth,parent\n"
              "good,Good,company,,\n"
              "a b,Bad,,,\n"
              "noname,,,,\n"
              "kind,Kind,firm,,\n"
              "born,Born,person,1970-13,\n"
              "parent,P,,,no id\n"
              "good,Good again,company,,\n"
              "short,Short\n"
              "last,Last,vessel,,good\n");
    counts(s, 2, 0, 0, 7);
    says(s, "rejected 3:1 id 'a b': expected an id");
    says(s, "rejected 4:8 party noname, name expected a name");
    says(s, "rejected 5:11 party kind, kind 'firm': expected company, person, vessel or nothing");
    says(s, "rejected 6:18 party born, birth '1970-13': expected a day");
    says(s, "rejected 7:12 party parent, parent 'no id': expected an id");
    says(s, "rejected 8:1 party good stands twice in this file, first in line 2");
    says(s, "rejected 9:");
    import(s, HOLDINGS_HEADER
           "a,b,50,no,,,,\n"
           "a,b,51,no,,,,\n"
           "a,b,51,no,2024,,,\n"
           "a b,c,50,no,,,,\n"
           "a,,50,no,,,,\n"
           "a,c,101,no,,,,\n"
           "a,c,50,perhaps,,,,\n"
           "a,c,50,,2024-02-30,,,\n"
           "a,c,50,,,soon,,\n"
           "a,c,50,,2024-06,2024-05,,\n"
           "a,d,?,,2024,2024,,\n");
    counts(s, 3, 0, 0, 8);
    says(s, "rejected 3:1 holding of a in b stands twice in this file, first in line 2");
    says(s, "rejected 5:1 holding of a b in c, holder 'a b': expected an id");
    says(s, "rejected 6:3 holding of a in , held '': expected an id");
    says(s, "rejected 7:5 holding of a in c, share '101': expected a percentage from 0 to 100");
    says(s, "rejected 8:8 holding of a in c, control 'perhaps': expected yes, no or nothing");
    says(s, "rejected 9:9 holding of a in c, from '2024-02-30': expected the first day");
    says(s, "rejected 10:10 holding of a in c, to 'soon': expected the last day");
    says(s, "rejected 11:17 holding of a in c, to '2024-05': expected no day before the first one");
    says(s, "note 0:0 there is no party a yet; the holding is kept");
    assert_int_equal(s->done.loose, 3);
}

static void refused(stage *s, const char *text, const char *message)
{
    tk_err err = {0};
    assert_int_equal(test_parties_import(s->store, text, &s->said, &s->done, &err), TK_ERR_INPUT);
    if (strstr(err.message, message) == NULL)
        fail_msg("'%s' is not in: %s", message, err.message);
    assert_int_equal(s->done.batch, 0);
}

static void test_headers(void **state)
{
    stage *s = *state;
    refused(s, "id,nmae\na,A\n", "column 'nmae' is unknown; did you mean 'name'?");
    refused(s, "id,name,id\na,A,a\n", "column 'id' is named twice");
    refused(s, "name\nA\n", "there is no column 'id'; a file of parties has it");
    refused(s, "holder,held\na,b\n", "there is no column 'share'; a file of holdings has it");
    refused(s, "held,share,hq\nb,50,DE\n", "column 'hq' is unknown");
    tk_parties_input input = {.name = TK_STR("f"), .text = TK_STR("id;name;more\na;A;x\n"), .ignore_unknown = true};
    assert_int_equal(tk_parties_import(s->store, &input, &s->done, NULL), TK_OK);
    counts(s, 1, 0, 0, 0);
    import(s, "id,name\n");
    counts(s, 0, 0, 0, 0);
    assert_int_equal(s->done.batch, 0);
}

/* --- checks of the caller --- */

static tk_status check_hq(void *context, const tk_str *cells, tk_party_column *column, tk_err *err)
{
    (void)context;
    *column = TK_PARTY_HQ;
    return tk_str_is(cells[TK_PARTY_HQ], "XX") ? tk_err_set(err, TK_ERR_INPUT, "'XX' is nowhere") : TK_OK;
}

static bool known_catalogue(void *context, tk_str id)
{
    (void)context;
    return tk_str_is(id, "catalogue");
}

static void test_checks(void **state)
{
    stage *s = *state;
    tk_parties_input input = {.name = TK_STR("f"),
                              .text = TK_STR("id,name,hq\na,A,XX\nb,B,DE\n"),
                              .say = test_say,
                              .check = check_hq,
                              .known = known_catalogue,
                              .context = &s->said};
    s->said = (test_said){.len = 0};
    assert_int_equal(tk_parties_import(s->store, &input, &s->done, NULL), TK_OK);
    counts(s, 1, 0, 0, 1);
    says(s, "rejected 2:5 party a, hq 'XX' is nowhere");
    input.text = TK_STR("holder,held,share\ncatalogue,b,10\nb,nobody,10\n");
    s->said = (test_said){.len = 0};
    assert_int_equal(tk_parties_import(s->store, &input, &s->done, NULL), TK_OK);
    assert_int_equal(s->done.loose, 1);
    assert_string_equal(s->said.text, "note 0:0 there is no party nobody yet; the holding is kept\n");
}

/* --- as a table of the catalogue --- */

static void test_as_catalogue(void **state)
{
    stage *s = *state;
    tk_str text;
    assert_int_equal(tk_parties_as_catalogue(s->store, INT64_MAX, &s->arena, &text, NULL), TK_OK);
    assert_int_equal(text.len, 0);
    import(s, "id,name,aliases,hq,lists\nacme,Acme,Alpha,DE,\nbeta,\"B, C\",,,EL\n");
    assert_int_equal(tk_parties_as_catalogue(s->store, INT64_MAX, &s->arena, &text, NULL), TK_OK);
    assert_string_equal(text.ptr, "id,name,hq,lists\nacme,Acme,DE,\nbeta,\"B, C\",,EL\n");
}

/* --- the graph of a day --- */

static const tk_owner_rule rules[] = {
    {.list = {"EL", 2}, .percent = 50 * TK_NUM_SCALE, .aggregate = true, .minority = TK_OWNER_MINORITY_RED_FLAG},
    {.list = {"SDN", 3}, .percent = 50 * TK_NUM_SCALE, .aggregate = true, .minority = TK_OWNER_MINORITY_NOTE},
};

static tk_status by_cell(void *context, tk_parties_graph *graph, tk_str id, const tk_party_record *party, tk_err *err)
{
    (void)context;
    (void)id;
    (void)err;
    if (party != NULL && party->cells[TK_PARTY_LISTS].len != 0)
        tk_parties_on_list(graph, party->cells[TK_PARTY_LISTS], true, 2);
    return TK_OK;
}

static tk_owner_answer owned(stage *s, int64_t at, const char *day, const char *party, size_t rule)
{
    tk_parties_graph *graph;
    tk_date date;
    tk_err err = {0};
    static const tk_parties_listed listed = {by_cell, NULL};
    assert_int_equal(tk_date_parse(tk_str_from(day), &date, NULL), TK_OK);
    if (tk_parties_owners(s->store, at, date, tk_str_from(party), rules, 2, 3, &listed, &s->arena, &graph, &err)
        != TK_OK)
        fail_msg("%s", err.message);
    size_t number = tk_parties_graph_find(graph, tk_str_from(party));
    assert_int_not_equal(number, SIZE_MAX);
    return tk_owners_answer(graph->owners, (uint32_t)number, rule);
}

static void test_days(void **state)
{
    stage *s = *state;
    import(s, "id,name,lists\nlisted,Listed,EL\n");
    import(s, "holder,held,share,from,to\n"
              "listed,acme,60,2024,2024-06\n"
              "listed,acme,40,2024-03-01,2024-04-30\n"
              "listed,acme,10,2025,\n"
              "SDN:12-3,acme,50,,2023\n"
              "NONE:1,acme,100,,\n");
    static const struct {
        const char *day;
        size_t rule;
        tk_num low;
    } days[] = {
        {"2023-12-31", 0, 0},  {"2024-01-01", 0, 60}, {"2024-02-29", 0, 60}, {"2024-03-01", 0, 40},
        {"2024-04-30", 0, 40}, {"2024-05-01", 0, 60}, {"2024-06-30", 0, 60}, {"2024-07-01", 0, 0},
        {"2025-01-01", 0, 10}, {"2023-12-31", 1, 50}, {"2024-01-01", 1, 0},
    };
    for (size_t i = 0; i < sizeof days / sizeof *days; i++) {
        tk_owner_answer answer = owned(s, INT64_MAX, days[i].day, "acme", days[i].rule);
        assert_true(answer.low == days[i].low * TK_NUM_SCALE);
        assert_int_equal(answer.owners, 50 <= days[i].low ? TK_OWNER_IN : TK_OWNER_OUT);
    }
    /* A correction; and what stood before it. */
    import(s, "holder,held,share,from,to\nlisted,acme,20,2024,2024-06\n");
    counts(s, 0, 1, 0, 0);
    assert_true(owned(s, INT64_MAX, "2024-01-01", "acme", 0).low == 20 * TK_NUM_SCALE);
    assert_true(owned(s, 6, "2024-01-01", "acme", 0).low == 60 * TK_NUM_SCALE);
    assert_int_equal(owned(s, INT64_MAX, "2024-01-01", "nobody-knows", 0).state, TK_OWNER_CLEAR);
    assert_true(owned(s, INT64_MAX, "2024-01-01", "listed", 0).itself);
}

/* Of one party: what lies above it, in circles too, and nothing else. */
static void test_above(void **state)
{
    stage *s = *state;
    tk_parties_graph *graph;
    import(s, "holder,held,share\na,b,1\nb,c,2\nc,b,3\nc,d,4\nx,c,5\nx,y,6\nc,c,7\n");
    static const struct {
        const char *party;
        size_t parties, holdings;
    } asked[] = {{"c", 4, 5}, {"b", 4, 5}, {"d", 5, 6}, {"y", 2, 1}, {"x", 1, 0}, {"nobody", 1, 0}, {"", 6, 7}};
    for (size_t i = 0; i < sizeof asked / sizeof *asked; i++) {
        assert_int_equal(tk_parties_owners(s->store, INT64_MAX, 20000, tk_str_from(asked[i].party), rules, 2, 3, NULL,
                                           &s->arena, &graph, NULL), TK_OK);
        assert_int_equal(graph->input.parties_count, asked[i].parties);
        assert_int_equal(graph->input.holdings_count, asked[i].holdings);
    }
}

static tk_status note_holding(void *context, const tk_holding_record *holding, tk_err *err)
{
    char *text = context;
    (void)err;
    (void)snprintf(text + strlen(text), 200 - strlen(text), TK_FMT ">" TK_FMT " ",
                   TK_ARG_STR(holding->cells[TK_HOLDING_HOLDER]), TK_ARG_STR(holding->cells[TK_HOLDING_HELD]));
    return TK_OK;
}

static tk_status stop(void *context, const tk_holding_record *holding, tk_err *err)
{
    (void)context;
    (void)holding;
    return tk_err_set(err, TK_ERR_LIMIT, "enough");
}

static void test_holdings_of(void **state)
{
    stage *s = *state;
    char text[200] = "";
    import(s, "holder,held,share\nc,b,1\na,b,1\nb,d,1\nx,y,1\n");
    assert_int_equal(tk_parties_holdings(s->store, INT64_MAX, TK_STR("b"), note_holding, text, NULL), TK_OK);
    assert_string_equal(text, "a>b c>b b>d ");
    assert_int_equal(tk_parties_holdings(s->store, INT64_MAX, TK_STR(""), stop, NULL, NULL), TK_ERR_LIMIT);
    text[0] = 0;
    assert_int_equal(tk_parties_holdings(s->store, 2, TK_STR(""), note_holding, text, NULL), TK_OK);
    assert_string_equal(text, "a>b c>b ");
}

/* --- rules as a table --- */

static tk_status read_rules(stage *s, const char *text, const tk_owner_rule **read, size_t *count, tk_err *err)
{
    return tk_owner_rules_read(TK_STR("families.csv"), tk_str_from(text), &s->arena, read, count, err);
}

#define RULES_HEADER "code,owned_percent,aggregate,minority,citation\n"

static void test_rules(void **state)
{
    stage *s = *state;
    const tk_owner_rule *read;
    size_t count;
    tk_err err = {0};
    assert_int_equal(read_rules(s, "name,code,owned_with,owned_percent,aggregate,minority,citation\n"
                                   "x,A,B;C,50,yes,red-flag,law\nx,B,,33.3,no,,\nx,C,,,,,\nx,D,,25,yes,note,\n",
                                &read, &count, &err), TK_OK);
    assert_int_equal(count, 3);
    assert_true(tk_str_is(read[0].list, "A") && tk_str_is(read[0].with, "B;C") && tk_str_is(read[0].citation, "law"));
    assert_true(read[0].aggregate && read[0].minority == TK_OWNER_MINORITY_RED_FLAG);
    assert_true(read[1].percent == 33300000 && !read[1].aggregate && read[1].minority == TK_OWNER_MINORITY_NOTHING);
    assert_int_equal(read[2].minority, TK_OWNER_MINORITY_NOTE);
    static const char *const wrong[] = {"code,aggregate,minority,citation\n", RULES_HEADER "A,half,yes,note,\n",
                                        RULES_HEADER "A,50,perhaps,note,\n", RULES_HEADER "A,50,yes,flag,\n"};
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++)
        assert_int_equal(read_rules(s, wrong[i], &read, &count, NULL), TK_ERR_INPUT);
    char many[64 + 32 * (TK_OWNER_RULES_MAX + 1)];
    size_t len = (size_t)snprintf(many, sizeof many, RULES_HEADER);
    for (int i = 0; i < TK_OWNER_RULES_MAX; i++)
        len += (size_t)snprintf(many + len, sizeof many - len, "L%d,50,yes,note,\n", i);
    assert_int_equal(read_rules(s, many, &read, &count, NULL), TK_OK);
    assert_int_equal(count, TK_OWNER_RULES_MAX);
    (void)snprintf(many + len, sizeof many - len, "ONE,50,yes,note,\n");
    assert_int_equal(read_rules(s, many, &read, &count, NULL), TK_ERR_LIMIT);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, stage_make, stage_remove)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_round_trip), TEST(test_records),      TEST(test_bad_rows), TEST(test_headers), TEST(test_checks),
        TEST(test_as_catalogue), TEST(test_days),       TEST(test_holdings_of), TEST(test_rules),
        TEST(test_above),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
