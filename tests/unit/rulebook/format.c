/* SPDX-License-Identifier: Apache-2.0 */
/* format.c: the house layout of rulebook text, case by case. */
#include "rulebook/format.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/str.h"

static const struct {
    const char *what, *before, *after;
} cases[] = {
    {"nothing", "", ""},
    {"blank lines alone", "\n \n\t\n", ""},
    {"a comment alone keeps its text", "#  two  words  \n", "#  two  words\n"},
    {"the last line ends", "common", "common\n"},
    {"Windows line ends and tabs", "common\r\n\r\nfact\ta :\tnumber\r\n", "common\n\nfact    a :    number\n"},
    {"one blank line at most, none at the ends", "\n\ncommon\n\n\n\nset a = CN\n\n\n", "common\n\nset a = CN\n"},
    {"single spaces are set", "set a=( D:1 or D:4 )but not HK\nroles r =seller ,end_user\n",
     "set a = (D:1 or D:4) but not HK\nroles r = seller, end_user\n"},
    {"columns stay as wide as they are", "fact a     : number   presumed 1      # why\n",
     "fact a     : number   presumed 1      # why\n"},
    {"a comment behind text keeps two spaces off", "fact a : number# why\n", "fact a : number  # why\n"},
    {"clauses are indented and padded",
     "rule a exception to b\n\"It is so.\"\n cites \"x\" , \"y\"\n      published 2025-01-01\n"
     " in force 2025-01-01 ..\n"
     " when item.tpp>=1\n then key=licence\n",
     "rule a exception to b\n  \"It is so.\"\n  cites      \"x\", \"y\"\n  published  2025-01-01\n"
     "  in force   2025-01-01 ..\n"
     "  when       item.tpp >= 1\n  then       key = licence\n"},
    {"clauses may share a line", "rule a\n  cites \"x\" published 2025-01-01 in force 2025-01-01 .. 2025-02-01\n",
     "rule a\n  cites      \"x\"   published 2025-01-01   in force 2025-01-01 .. 2025-02-01\n"},
    {"and, or hang before their operand",
     "rule a\n  when a = b\n  and (c = d\n  or e = f)\n  and g = h\n",
     "rule a\n  when       a = b\n         and (c = d\n           or e = f)\n         and g = h\n"},
    {"the condition of a requirement belongs to it",
     "rule a\n  requires kyc \"Says\" before order\n  when b = c\n  when d = e\n",
     "rule a\n  requires   kyc \"Says\" before order\n             when b = c\n  when       d = e\n"},
    {"a sentence that a requirement waits for",
     "rule a\n  requires kyc\n\"Says\"\n25 days before ship\n",
     "rule a\n  requires   kyc\n             \"Says\"\n             25 days before ship\n"},
    {"what is shared belongs to the bound of a limit",
     "limit a per b\n counts quantity\n of shipped where c = d\n at most 50 %\n of shipped where e = f\n"
     " over all time\n",
     "limit a per b\n  counts     quantity\n  of         shipped where c = d\n  at most    50 %\n"
     "             of shipped where e = f\n  over       all time\n"},
    {"alternatives go on under the colon", "fact a : x | y\n| z\npresumed x\n requires s \"Says\" before order\n",
     "fact a : x | y\n       | z\n       presumed x\n  requires s \"Says\" before order\n"},
    {"rows of a dated set", "set a of place\n china 2022-01-01 ..   published 2022-01-01 cites \"x\"\n"
     " out MO 2022-01-01 ..\n",
     "set a of place\n  china 2022-01-01 ..   published 2022-01-01 cites \"x\"\n  out MO 2022-01-01 ..\n"},
    {"the clauses of a regime", "regime us \"Title\"\ncovers 2022-08-26 ..\nread to 2026-10-05\nwhen a = b\n"
     "or c = d\n",
     "regime us \"Title\"\n  covers 2022-08-26 ..\n  read to 2026-10-05\n  when   a = b\n      or c = d\n"},
    {"examples", "example \"x\"\nas of 2025-01-01   item a from US to CN\nevidence ( b@2025-01-01 ,- c )\n"
     "gives key=licence ,\n missing ( )\n",
     "example \"x\"\n  as of 2025-01-01   item a from US to CN\n  evidence (b@2025-01-01, -c)\n"
     "  gives key = licence,\n"
     "        missing ()\n"},
    {"large statements stand apart, with their comments",
     "set a = CN\n# about b\nrule b\n  practice\nset c = CN\nexample \"d\"\n  gives absent\nexample \"e\"\n"
     "  gives absent\n",
     "set a = CN\n\n# about b\nrule b\n  practice\n\nset c = CN\n\nexample \"d\"\n  gives absent\nexample \"e\"\n"
     "  gives absent\n"},
    {"a keyword of several words over two lines", "rule a\n  when b in (c but\n   not d)\n",
     "rule a\n  when       b in (c but not d)\n"},
    {"comments between clauses", "rule a\n# in column 1\n        # inside\n  practice\n",
     "rule a\n# in column 1\n  # inside\n  practice\n"},
    {"words that begin statements elsewhere", "example \"x\"\n  item rule   limit set\n  gives absent\n",
     "example \"x\"\n  item rule   limit set\n  gives absent\n"},
};

static tk_status layout(tk_str text, tk_out *out, tk_err *err)
{
    tk_messages *messages = NULL;
    tk_source source = {.name = TK_STR("case.rules"), .text = text};
    tk_out_init(out, NULL);
    tk_status status = tk_rulebook_format(&source, out, &messages, err);
    for (size_t i = 0; i < tk_messages_count(messages); i++)
        print_message(TK_FMT "\n", TK_ARG_STR(tk_messages_get(messages, i)->text));
    tk_messages_free(messages);
    return status;
}

static void each_case_and_again(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        tk_out once, twice;
        tk_err err = {0};
        if (layout(tk_str_from(cases[i].before), &once, &err) != TK_OK)
            fail_msg("%s: %s", cases[i].what, err.message);
        if (!tk_str_is(tk_out_str(&once), cases[i].after))
            fail_msg("%s:\n" TK_FMT, cases[i].what, TK_ARG_STR(tk_out_str(&once)));
        assert_int_equal(layout(tk_out_str(&once), &twice, &err), TK_OK);
        if (!tk_str_eq(tk_out_str(&once), tk_out_str(&twice)))
            fail_msg("%s, laid out twice:\n" TK_FMT, cases[i].what, TK_ARG_STR(tk_out_str(&twice)));
        tk_out_fini(&once);
        tk_out_fini(&twice);
    }
}

/* It is added behind what is there. */
static void the_buffer_keeps_what_it_held(void **state)
{
    (void)state;
    tk_messages *messages = NULL;
    tk_source source = {.name = TK_STR("a.rules"), .text = TK_STR("set a=CN")};
    tk_out out;
    tk_out_init(&out, NULL);
    tk_out_text(&out, "before|");
    assert_int_equal(tk_rulebook_format(&source, &out, &messages, NULL), TK_OK);
    assert_true(tk_str_is(tk_out_str(&out), "before|set a = CN\n"));
    tk_messages_free(messages);
    tk_out_fini(&out);
}

/* Where a statement ends is a guess in a text with mistakes. */
static void a_text_with_mistakes_is_refused(void **state)
{
    static const struct {
        const char *text;
        unsigned line, column;
    } wrong[] = {
        {"rule a\n  cites \"x\n", 2, 9},
        {"set a = CN\nruel b\n", 2, 1},
        {"rule a\n  when (b = c\n", 2, 13},
        {"set a = \x01\n", 1, 9},
    };
    (void)state;
    for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
        tk_messages *messages = NULL;
        tk_err err = {0};
        tk_out out;
        tk_out_init(&out, NULL);
        tk_source source = {.name = TK_STR("a.rules"), .text = tk_str_from(wrong[i].text)};
        assert_int_equal(tk_rulebook_format(&source, &out, &messages, &err), TK_ERR_INPUT);
        assert_int_equal(out.len, 0);
        assert_true(1 <= tk_messages_count(messages));
        const tk_message *message = tk_messages_get(messages, 0);
        if (message->line != wrong[i].line || message->column != wrong[i].column)
            fail_msg("%s: said in line %u, column %u", wrong[i].text, message->line, message->column);
        tk_messages_free(messages);
        tk_out_fini(&out);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_case_and_again),
        cmocka_unit_test(the_buffer_keeps_what_it_held),
        cmocka_unit_test(a_text_with_mistakes_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
