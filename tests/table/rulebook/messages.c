/* SPDX-License-Identifier: Apache-2.0 */
/* The checker's messages: what is refused and reported (S8), where, and in which words.
 *
 * Every row compiles a text and compares all messages, each as "line:first-last severity: text", columns first to last
 * being what the caret underlines. A row begins below two lines that declare the regime and its key; a text that begins
 * with "regime", "common" or "!" is the whole file.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/compat.h"
#include "base/limits.h"
#include "base/str.h"
#include "twokey/rulebook.h"

#define ACT " cites \"A\" published 2020-01-01 in force 2020-01-01 .. "

static const char messages_common[] = "common\n"
                                      "fact a : yes | no\n"
                                      "fact item.tpp : number\n"
                                      "fact item.area : mm2\n"
                                      "fact item.dram : GB/s\n"
                                      "fact item.sold : date\n"
                                      "fact party.hq : place\n"
                                      "fact party.id : party\n"
                                      "fact party.class : set of cloud | lab\n"
                                      "fact route.to : place\n"
                                      "fact level : low < middle < high\n"
                                      "term item.density = item.tpp / item.area\n"
                                      "roles recipient = purchaser, end_user\n";
static const char messages_head[] = "regime us \"T\" covers 2010-01-01 .. read to 2029-12-31\n"
                                    "question key : open < licence < closed, strictest otherwise open\n";

enum { DAY_2021 = 18628 };
static const tk_str messages_places[] = {TK_STR("AE"), TK_STR("CN"), TK_STR("DE"), TK_STR("HK"), TK_STR("KH"), TK_STR("MO"), TK_STR("US")};
static const tk_group_row messages_groups[] = {
    {.place = TK_STR("CN"), .group = TK_STR("D:5"), .in = true, .from = DAY_2021, .to = TK_DATE_MAX, .published = DAY_2021}};
static const tk_claim_row messages_claims[] = {{.id = TK_STR("C1"), .published = DAY_2021}};
static const tk_str messages_items[] = {TK_STR("h200")}, messages_products[] = {TK_STR("h200-family")}, messages_parties[] = {TK_STR("acme")};
static const tk_vocabulary messages_vocabulary = {
    .places = messages_places, .places_count = TK_COUNT(messages_places), .groups = messages_groups, .groups_count = 1,
    .claims = messages_claims, .claims_count = 1, .items = messages_items, .items_count = 1,
    .products = messages_products, .products_count = 1, .parties = messages_parties, .parties_count = 1};

static tk_status messages_compile(const char *text, tk_messages **messages, tk_err *err)
{
    static char file[16384];
    bool whole = text[0] == '!' || strncmp(text, "regime", 6) == 0 || strncmp(text, "common", 6) == 0;
    int len = snprintf(file, sizeof file, "%s%s", whole ? "" : messages_head, text[0] == '!' ? text + 1 : text);
    assert_true(0 < len && (size_t)len < sizeof file);
    tk_source sources[2] = {{TK_STR("common.rules"), tk_str_from(messages_common)}, {TK_STR("us.rules"), tk_str_from(file)}};
    tk_rulebook *book = NULL;
    tk_status status = tk_rulebook_compile(sources, 2, &messages_vocabulary, &book, messages, err);
    assert_true((status == TK_OK) == (book != NULL));
    tk_rulebook_free(book);
    return status;
}

static const struct {
    const char *text, *messages;
} rows[] = {
    {"rule r published 2020-01-01 in force 2020-01-01 .. then key = closed\n",
     "3:6-6 error: rule 'r' cites nothing; a rule that no act or claim stands behind is refused\n"},
    {"rule r cites \"A\" in force 2020-01-01 .. then key = closed\n",
     "3:6-6 error: rule 'r' does not say when it was published (the day of first public release)\n"},
    {"rule r cites \"A\" published 2020-01-01 then key = closed\n",
     "3:6-6 error: rule 'r' does not say since when it is in force\n"},
    {"rule r cites \"\" published 2020-01-01 in force 2020-01-01 .. then key = closed\n",
     "3:14-15 error: an empty citation cites nothing\n"},
    {"question q : x | y otherwise y\n"
     "question p : x | y otherwise y\n"
     "rule r" ACT "when p = x then q = x\n"
     "rule s" ACT "when q = x then p = x\n",
     "3:10-10 error: question 'q' reads its own answer: q > p > q\n"},
    {"question review : x < y, strictest asked when key = licence otherwise x\n"
     "rule s" ACT "when review = x then key = closed\n",
     "2:10-12 error: question 'key' reads its own answer: key > review > key\n"},
    {"rule r exception to s" ACT "then key = closed\n"
     "rule s exception to r" ACT "then key = closed\n",
     "3:1-4 error: rule 'r' is an exception to itself: r > s > r\n"},
    {"rule base-rule" ACT "then key = closed\n"
     "rule r exception to bse-rule" ACT "\n",
     "4:21-28 error: exception to 'bse-rule', but there is no such rule; did you mean 'base-rule'?\n"},
    {"question q : x | y otherwise y\n"
     "rule base" ACT "then key = closed\n"
     "rule r exception to base" ACT "then q = x\n",
     "4:1-4 warning: rule 'base' never stands: its exception 'r' has no condition and is in force as long\n"
     "5:1-4 error: 'r' and its target 'base' answer different questions; let a rule of the other question read this one instead\n"},
    {"rule base" ACT "then key = closed\n"
     "rule new cites \"A\" published 2021-01-01 in force 2021-01-01 .. replaces base then key = closed\n"
     "rule r exception to base" ACT "when a = yes\n",
     "5:1-4 error: 'r' is in force on 2021-01-01, when its target 'base' has been replaced by 'new'; an exception does not pass to the successor: end it, or name the successor too\n"},
    {"fact thing.size : number\n",
     "3:6-15 error: nobody can supply 'thing.size': a fact belongs to item, route, party, a role or a regime, or has no dot\n"},
    {"fact itme.size : number\n",
     "3:6-14 error: nobody can supply 'itme.size': a fact belongs to item, route, party, a role or a regime, or has no dot; did you mean 'item'?\n"},
    {"fact us.open : yes | no\n",
     "3:6-12 error: nobody can supply 'us.open': a fact of a regime is an open point of law and says its question (fact us.open \"What …?\" : …)\n"},
    {"limit cap" ACT "counts item.tpp of shipped where a = yes at most 5 over all time\n",
     "3:7-9 error: no rule requires to stay within limit 'cap', so it binds nothing\n"},
    {"set listed of party\n"
     "  acme 2020-01-01 .. published 2020-01-01\n"
     "  out acme 2021-01-01 .. published 2020-01-01\n"
     "rule r" ACT "when end_user.id in listed then key = closed\n",
     "5:3-5 error: this row contradicts the row in line 4: in and out on the same day, published the same day\n"},
    /* A row speaks of what its groups and sets hold, on the days on which they hold it. */
    {"set s of place\n"
     "  D:5 2021-01-01 .. published 2021-01-01\n"
     "  out CN 2021-06-01 .. published 2021-01-01\n"
     "rule r" ACT "when route.to in s then key = closed\n",
     "5:3-5 error: this row contradicts the row in line 4: in and out on the same day, published the same day\n"},
    {"set s of place\n"
     "  D:5 2020-01-01 .. 2020-12-31 published 2021-01-01\n"
     "  out CN 2020-06-01 .. published 2021-01-01\n"
     "rule r" ACT "when route.to in s then key = closed\n",
     ""},
    {"set s of place\n"
     "  D:5 2020-01-01 .. 2021-01-01 published 2021-01-01\n"
     "  out CN 2020-06-01 .. published 2021-01-01\n"
     "rule r" ACT "when route.to in s then key = closed\n",
     "5:3-5 error: this row contradicts the row in line 4: in and out on the same day, published the same day\n"},
    {"set inner = HK or MO\n"
     "set outer = inner or DE\n"
     "set s of place\n"
     "  out outer 2021-01-01 .. published 2021-01-01\n"
     "  MO 2021-01-01 .. published 2021-01-01\n"
     "rule r" ACT "when route.to in s then key = closed\n",
     "7:3-4 error: this row contradicts the row in line 6: in and out on the same day, published the same day\n"},
    {"set inner = (HK or MO) but not MO\n"
     "set s of place\n"
     "  out inner 2021-01-01 .. published 2021-01-01\n"
     "  MO 2021-01-01 .. published 2021-01-01\n"
     "rule r" ACT "when route.to in s then key = closed\n",
     ""},
    {"set inner of place\n"
     "  HK 2021-01-01 .. published 2021-01-01\n"
     "  out HK 2022-01-01 .. 2022-12-31 published 2021-06-01\n"
     "set s of place\n"
     "  inner 2022-02-01 .. published 2021-01-01\n"
     "  out HK 2022-02-01 .. 2022-12-31 published 2021-01-01\n"
     "set t of place\n"
     "  inner 2022-02-01 .. published 2021-01-01\n"
     "  out HK 2022-02-01 .. 2023-01-01 published 2021-01-01\n"
     "rule r" ACT "when route.to in s or route.to in t then key = closed\n",
     "11:3-5 error: this row contradicts the row in line 10: in and out on the same day, published the same day\n"},
    {"set few of party = acme\n"
     "set listed of party\n"
     "  few 2020-01-01 .. published 2020-01-01\n"
     "  out acme 2021-01-01 .. published 2020-01-01\n"
     "rule r" ACT "when end_user.id in listed then key = closed\n",
     "6:3-5 error: this row contradicts the row in line 5: in and out on the same day, published the same day\n"},
    /* Twelve decimals are exact, more would be cut; what divides has six. */
    {"term item.a1 = 0.00001 * item.tpp\nrule r" ACT "when 1.5 * item.a1 >= 5 then key = closed\n", ""},
    {"term item.a1 = 0.000001 * item.tpp\nrule r" ACT "when 1.5 * item.a1 >= 5 then key = closed\n",
     "4:71-71 error: a number with 13 decimals cannot be calculated exactly (at most 12): a figure has 6, and each number it is multiplied by adds its own\n"},
    {"term item.a2 = 0.5 * item.a1\nterm item.a1 = 0.000001 * item.tpp\n",
     "3:6-12 error: a number with 13 decimals cannot be calculated exactly (at most 12): a figure has 6, and each number it is multiplied by adds its own\n"},
    {"fact item.sure : number presumed item.a1\nterm item.a1 = 0.00001 * item.tpp\nterm item.a2 = 0.05 * item.sure\n",
     "5:6-12 error: a number with 13 decimals cannot be calculated exactly (at most 12): a figure has 6, and each number it is multiplied by adds its own\n"},
    {"term item.a1 = 0.5 * item.area\nrule r" ACT "when item.tpp / item.a1 >= 5 then key = closed\n",
     "4:76-76 error: a divisor with 7 decimals cannot be calculated exactly (at most 6): a figure has 6, and each number it is multiplied by adds its own\n"},
    {"term item.a1 = 0.5 * item.tpp\nrule r" ACT "requires within cap before ship\nlimit cap" ACT "counts item.a1 * item.tpp of shipped where a = yes at most 5 over all time\n",
     "5:80-80 error: a factor with 7 decimals cannot be calculated exactly (at most 6): a figure has 6, and each number it is multiplied by adds its own\n"},
    {"rule r" ACT "when item.tp >= 5 then key = closed\n",
     "3:67-73 error: unknown fact or question 'item.tp'; did you mean 'item.tpp'?\n"},
    {"rule r" ACT "when a = yess then key = closed\n",
     "3:71-74 error: 'yess' is no value of 'a' (yes, no); did you mean 'yes'?\n"},
    {"rule r" ACT "when a = yes then key = close\n",
     "3:86-90 error: 'close' is no value of 'key' (open, licence, closed); did you mean 'closed'?\n"},
    {"rule r" ACT "when a = yes then kee = closed\n",
     "3:80-82 error: no question 'kee' in regime 'us'; did you mean 'key'?\n"},
    {"rule r" ACT "when route.to = CM then key = closed\n",
     "3:78-79 error: 'CM' is no place; a set or group is asked with 'in'; did you mean 'CN'?\n"},
    {"rule r" ACT "when route.to in D:55 then key = closed\n",
     "3:79-82 error: 'D:55' is no place, country group or set of places; did you mean 'D:5'?\n"},
    {"rule r" ACT "when end_user.id = acmee then key = closed\n",
     "3:81-85 error: no party 'acmee' in the catalogue; did you mean 'acme'?\n"},
    {"rule r" ACT "when item.dram >= 5 nm then key = closed\n",
     "3:77-78 error: units do not match: GB/s against nm\n"},
    {"rule r" ACT "when item.tpp >= 5 GB/s then key = closed\n",
     "3:76-77 error: units do not match: no unit against GB/s\n"},
    {"rule r" ACT "when a = yes and level = low or level = high then key = closed\n",
     "3:91-92 error: 'and' and 'or' side by side can be read both ways; put parentheses around the part that belongs together\n"},
    {"rule r" ACT "when item.tpp * item.dram >= 5 then key = closed\n",
     "3:76-76 error: one side of '*' is a plain number in a condition (products of facts are for 'counts' of a limit)\n"},
    {"rule r" ACT "when item.density >= item.tpp then key = closed\n",
     "3:80-81 error: a quotient is compared with a constant\n"},
    {"rule r" ACT "when item.density + item.tpp >= 5 then key = closed\n",
     "3:67-78 error: a quotient stands alone against a constant, not in a sum\n"},
    {"rule r" ACT "when item.tpp >= 5 and item.tpp < 5 then key = closed\n",
     "3:1-4 warning: rule 'r' can never apply: nothing satisfies what it asks of 'item.tpp'\n"},
    {"rule r" ACT "when item.tpp >= 5 then key = closed\n"
     "rule s" ACT "when item.tpp >= 7 then key = closed\n",
     "4:1-4 warning: rule 's' is shadowed: wherever it applies, 'r' gives the same answer\n"},
    {"question q : x | y otherwise y\n"
     "rule r" ACT "when item.tpp >= 5 then q = x requires kyc \"K\" before order\n"
     "rule s" ACT "when a = yes then q = x\n",
     "5:1-4 note: 's' and 'r' give the same answer with unequal conditions; where both stand the conditions add up\n"},
    {"rule r" ACT "then key = closed\n"
     "rule s exception to r" ACT "\n",
     "3:1-4 warning: rule 'r' never stands: its exception 's' has no condition and is in force as long\n"},
    {"set china = CN or HK\n"
     "rule r" ACT "when route.to = CN then key = closed\n",
     "4:1-4 note: rule 'r' names CN alone, which is also a member of set 'china'; is the set meant?\n"},
    {"rule r\n",
     "3:6-6 error: rule 'r' cites nothing; a rule that no act or claim stands behind is refused\n"
     "3:6-6 error: rule 'r' does not say since when it is in force\n"
     "3:6-6 error: rule 'r' does not say when it was published (the day of first public release)\n"
     "3:6-6 error: rule 'r' does nothing: it gives no answer, is no exception and requires nothing\n"},
    {"rule\n",
     "3:1-4 error: the statement ends too early here; expected a name\n"},
    {"rule r cites \"A\n",
     "3:14-14 error: a string that does not end on its line (escapes are \\\" and \\\\ only)\n"},
    {"rule r cites \"A\" publishd 2020-01-01\n",
     "3:18-25 error: 'publishd' does not fit here; did you mean 'published'?\n"},
    {"rule r cites \"A\" published 2020-13-01 in force 2020-01-01 .. then key = closed\n",
     "3:28-37 error: '2020-13-01' is not a date (expected a day of the calendar as YYYY-MM-DD, 1900 to 2199)\n"},
    {"rule r cites \"A\" published 2020-02-30 in force 2020-01-01 .. then key = closed\n",
     "3:28-37 error: '2020-02-30' is not a date (expected a day of the calendar as YYYY-MM-DD, 1900 to 2199)\n"},
    {"rule r cites \"A\" published 20-01-01\n",
     "3:28-35 error: '20-01-01' does not fit here; expected a date\n"},
    {"rul r cites \"A\"\n",
     "3:1-3 error: 'rul' begins no statement; did you mean 'rule'?\n"},
    {"  rule r cites \"A\"\n",
     "3:3-6 error: 'rule' begins a statement only in column 1; its other lines are indented\n"},
    {"rule r cites \"A\" cites \"B\" published 2020-01-01 in force 2020-01-01 .. then key = closed\n",
     "3:18-22 error: 'cites' is given twice in one statement\n"},
    {"rule r" ACT "when a = = yes\n",
     "3:71-71 error: '=' does not fit here; expected a name, a number, a date, '('\n"},
    {"rule r" ACT "when (a = yes then key = closed\n",
     "3:76-79 error: 'then' does not fit here; expected 'or', 'and', '=', a comparison, 'in', 'has', ')'\n"},
    {"rule r" ACT "when a = yes) then key = closed\n",
     "3:74-74 error: there is no '(' for this ')'\n"},
    {"rule r" ACT "when a ; yes then key = closed\n",
     "3:69-69 error: a character that means nothing here\n"},
    {"rule r" ACT "when a = yes then key = closed requires kyc\n",
     "3:102-104 error: the statement ends too early here; expected 'after', 'before'\n"},
    {"rule r" ACT "when a = yes then key = closed requires kyc \"K\" before shipping\n",
     "3:117-124 error: 'before shipping' is no stage; expected 'before order', 'before ship' or 'after delivery'\n"},
    {"rule r" ACT "when a = yes then key = closed requires kyc before ship\n",
     "3:102-104 error: condition 'kyc' needs its text: requires kyc \"…\"\n"},
    {"fact b : yes\n",
     "3:10-12 error: 'yes' is no type (number, a unit, date, place, party, item, product, text, or words as in 'yes | no')\n"},
    {"fact b : numbr\n",
     "3:10-14 error: 'numbr' is no type (number, a unit, date, place, party, item, product, text, or words as in 'yes | no'); did you mean 'number'?\n"},
    {"fact b : set of none | x\n",
     "3:17-20 error: 'none' is the empty set and cannot be one of its words\n"},
    {"fact b : yes | no requires kyc \"K\" before order\n",
     "3:19-26 error: 'requires' of a fact is the duty of its presumption, and 'b' is not presumed\n"},
    {"question q : x < y otherwise x\n",
     "3:10-10 error: answers in order need ', strictest' (without an order separate them with '|')\n"},
    {"question q : x | y, strictest otherwise x\n",
     "3:10-10 error: 'strictest' needs an order: separate the answers with '<', mildest first\n"},
    {"question q : x | y\n",
     "3:10-10 error: a question says what holds 'otherwise' (an answer, or undetermined)\n"},
    {"question q : x | y otherwise z\n",
     "3:30-30 error: 'z' is no value of 'q' (x, y)\n"},
    {"example \"e\" from US gives key = open\n",
     "3:1-7 error: an example says its day: 'as of DATE'\n"
     "3:13-16 error: unknown fact 'from'\n"},
    {"example \"e\" as of 2020-01-01 form US gives key = open\n",
     "3:30-33 error: unknown fact 'form'\n"},
    {"example \"e\" as of 2020-01-01 gives kee = open\n",
     "3:36-38 error: no question 'kee' to give an answer; did you mean 'key'?\n"},
    {"example \"e\" as of 2020-01-01 believe C9 gives key = open\n",
     "3:38-39 error: no claim 'C9'; did you mean 'C1'?\n"},
    {"term t = t2\n"
     "term t2 = t\n"
     "rule r" ACT "when t then key = closed\n",
     "3:6-6 error: term 't' is defined by itself\n"},
    {"term item.x = item.y + 1\n"
     "term item.y = item.x + 1\n",
     "3:6-11 error: term 'item.x' is defined by itself\n"},
    {"set s = t or CN\n"
     "set t = s or CN\n",
     ""},
    {"regime us \"T\" covers 2010-01-01 .. read to 2029-12-31\n",
     "1:1-6 error: regime 'us' has no question 'key : open < licence < closed, strictest'\n"},
    {"regime us\n"
     "question key : open < licence < closed, strictest otherwise open\n",
     "1:1-6 error: regime 'us' is named but never declared (regime us \"title\" covers … read to …)\n"},
    {"!rule r cites \"A\"\n",
     "1:1-4 error: a file begins with 'common' or 'regime NAME', so that it is clear whose rules these are\n"},
    {"common\n"
     "rule r" ACT "then key = closed\n",
     "2:1-4 error: a common file holds facts, roles, sets and terms; questions, rules and limits belong to a regime\n"},
    {"rule r reported by C9 in force 2020-01-01 .. then key = closed\n",
     "3:20-21 error: no claim 'C9'; did you mean 'C1'?\n"},
    {"rule r" ACT "\n",
     "3:6-6 error: rule 'r' does nothing: it gives no answer, is no exception and requires nothing\n"},
    {"rule r cites \"A\" published 2020-01-01 in force 2020-02-01 .. 2020-01-01 then key = closed\n",
     "3:48-57 error: in force until before it begins\n"},
    {"rule r cites \"A\" published 2020-01-01 in force 2020-02-01 .. , 2020-01-01 .. then key = closed\n",
     "3:64-73 error: spans are in order and do not overlap\n"},
    {"rule r" ACT "when any recipent (hq = CN) then key = closed\n",
     "3:71-78 error: 'recipent' is no group of roles and no role; did you mean 'recipient'?\n"},
    {"rule r" ACT "when any recipient (hqq = CN) then key = closed\n",
     "3:82-84 error: unknown fact or question 'hqq'; did you mean 'hq'?\n"},
    {"rule r" ACT "when end_user.class = cloud then key = closed\n",
     "3:82-82 error: 'end_user.class' is a set; ask 'has WORD' or 'has any of (…)'\n"},
    {"rule r" ACT "when a has yes then key = closed\n",
     "3:69-71 error: 'a' is no set of words; use = or in\n"},
    {"rule r" ACT "when route.to < CN then key = closed\n",
     "3:76-76 error: 'route.to' has no order; use = or !=\n"},
    {"rule r" ACT "when 5 < 6 then key = closed\n",
     "3:69-69 error: both sides are constants; nothing is asked\n"},
    {"rule r" ACT "when item.tpp then key = closed\n",
     "3:67-74 error: 'item.tpp' alone is no condition; only a yes/no fact, question or term is\n"},
    {"rule r" ACT "when item.sold + 5 > 2020-01-01 then key = closed\n",
     "3:79-79 error: only days can be added to a date\n"},
    {"rule r" ACT "when item.tpp > 2020-01-01 then key = closed\n",
     "3:76-76 error: a date and a number do not go together\n"},
    {"rule r" ACT "when item.tpp > 5.1234567 then key = closed\n",
     "3:78-86 error: '5.1234567' has more than six decimals\n"},
    {"rule r" ACT "when item.tpp > 99999999999999999999 then key = closed\n",
     "3:78-97 error: '99999999999999999999' is too large a number\n"},
    {"fact a : yes | no\n",
     "3:6-6 error: fact 'a' is declared twice; the other is in line 2 of common.rules\n"},
    {"question a : x | y otherwise x\n",
     "3:10-10 error: 'a' is declared twice; a fact of this name is in line 2 of common.rules\n"},
    {"rule r" ACT "then key = closed\n"
     "rule r" ACT "then key = closed\n",
     "4:6-6 error: 'r' is declared twice; a rule of this name is in line 3 of us.rules\n"},
    {"rule r" ACT "requires within cpa before ship\n"
     "limit cap" ACT "counts item.tpp of shipped where a = yes at most 5 over all time\n"
     "rule s" ACT "requires within cap before ship\n",
     "3:78-80 error: no limit 'cpa'; did you mean 'cap'?\n"},
    {"not modelled \"x\"\n",
     "3:1-12 error: what is not modelled is cited too\n"},
    {"rule r" ACT "replaces q then key = closed\n",
     "3:71-71 error: replaces 'q', but there is no such other rule\n"},
    {"rule r exception to r" ACT "then key = closed\n",
     "3:21-21 error: a rule cannot be an exception to itself\n"},
    {"example \"e\" as of 2020-01-01 too US gives key = open\n",
     "3:30-32 error: unknown fact 'too'; did you mean 'to'?\n"},
    {"rule r" ACT "then key = closed foo\n",
     "3:80-82 error: 'foo' does not fit here; expected a sentence in quotes, practice, reported by, cites, published, in force, replaces, when, then, requires\n"},
    {"rule a1 exception to a3" ACT "when a = yes\n"
     "rule a2 exception to a1" ACT "when a = yes\n"
     "rule a3 exception to a2" ACT "then key = closed\n",
     "3:1-4 error: rule 'a1' is an exception to itself: a1 > a3 > a2 > a1\n"},
    {"rule a1" ACT "replaces a2 then key = closed\n"
     "rule a2" ACT "replaces a1 then key = closed\n",
     "3:1-4 error: rule 'a1' is replaced by itself: a1 > a2 > a1\n"},
    {"limit cap" ACT "per item.tpp\n",
     "3:65-67 error: 'per' stands right behind the name\n"},
    {"rule r" ACT "exception to s\n",
     "3:62-73 error: 'exception to' stands right behind the name\n"},
    {"question q : x < y strictest otherwise x\n",
     "3:20-28 error: 'strictest' does not fit here; did you mean ', strictest'?\n"},
    {"regime us \"T\" covers 2010-01-01 .. read to 2029-12-31 wen a = yes\n"
     "question key : open < licence < closed, strictest otherwise open\n",
     "1:55-57 error: 'wen' does not fit here; did you mean 'when'?\n"},
    {"limit cap" ACT "at most 5\n",
     "3:7-9 error: limit 'cap' says what it counts, of what, at most how much and over which time ('over all time', 'over calendar year')\n"},
    {"limit cap" ACT "counts item.tpp of moved where a = yes at most 5 over all time\n"
     "rule s" ACT "requires within cap before ship\n",
     "3:84-88 error: 'moved' is no total of the ledger (shipped, ordered)\n"},
    {"limit cap" ACT "counts item.tpp of shipped where a = yes at most 5 % over all time\n"
     "rule s" ACT "requires within cap before ship\n",
     "3:106-112 error: a share is 'N % of shipped where …', an amount is a plain number\n"},
    {"limit cap" ACT "counts item.tpp of shipped where a = yes at most 5 over last month\n"
     "rule s" ACT "requires within cap before ship\n",
     "3:121-124 error: a limit is 'over all time' or 'over calendar year'\n"},
    {"limit cap" ACT "counts item.tpp of shipped where a = yes at most 5 over all time\n"
     "rule s" ACT "requires cap \"c\" before ship\n",
     "4:71-73 error: 'cap' is a limit; write 'requires within cap'\n"},
    {"rule s" ACT "requires kyc \"K\" before ship\n"
     "rule t" ACT "when a = yes requires kyc \"Other\" before ship\n",
     "4:84-86 error: condition 'kyc' is required elsewhere with another text or stage ('K')\n"},
    {"rule s" ACT "requires kyc \"K\" 0 days before ship\n",
     "3:79-79 error: days before a stage are a whole number from 1 to 10000\n"},
    {"rule s" ACT "requires kyc \"K\" 5 days after delivery\n",
     "3:79-79 error: a lead time is before order or before ship\n"},
    {"rule b" ACT "then key = closed\n"
     "rule s exception to b" ACT "requires kyc \"K\" before ship\n",
     "4:77-84 error: a rule without 'then' takes its targets away or adds duties, not both\n"},
    {"rule b" ACT "requires kyc \"K\" before ship\n"
     "rule s exception to b" ACT "\n",
     "4:21-21 error: 'b' answers no question, so it has no exceptions; give the duty a 'when'\n"},
    {"rule r" ACT "when item.dram >= 0.0000001 TB/s then key = closed\n",
     "3:80-88 error: '0.0000001' has more than six decimals\n"},
    {"rule r" ACT "when any recipient (any recipient (hq = CN)) then key = closed\n",
     "3:82-84 error: any, every and no do not nest\n"},
    {"rule r" ACT "when end_user.class has clod then key = closed\n",
     "3:86-89 error: 'clod' is no value of 'end_user.class' (cloud, lab); did you mean 'cloud'?\n"},
    {"rule r" ACT "when end_user.class has any of (cloud, labb) then key = closed\n",
     "3:101-104 error: 'labb' is no value of 'end_user.class' (cloud, lab); did you mean 'lab'?\n"},
    {"rule r" ACT "when item.sold + 5 days <= 2020-01-01 then key = closed\n"
     "rule q" ACT "when 5 days > item.sold then key = closed\n",
     "4:74-74 error: days are added to a date, not compared\n"},
    {"rule r" ACT "when route.to in (CN or HK but not MO) then key = closed\n",
     "3:89-95 error: 'or' and 'but not' side by side can be read both ways; put parentheses around the part that belongs together\n"},
    {"set s of things = x\n",
     "3:10-15 error: a set is of place, party, item, product, or of the answers of a question; 'things' is none of these\n"},
    {"set s\n"
     "  CN 2020-01-01 ..\n",
     "3:5-5 error: a set with dated rows says of what: 'set s of place | party | item | product'\n"},
    {"set s of place\n"
     "  CN 2020-02-01 .. 2020-01-01\n",
     "4:6-15 error: the row ends before it begins\n"},
    {"fact b : number presumed level\n",
     "3:26-30 error: 'b' is presumed from 'level', which is of another type\n"},
    {"fact b : yes | no presumed c\n"
     "fact c : yes | no presumed b\n",
     "4:6-6 error: the presumption of 'c' leads back to itself\n"},
    {"fact b : number presumed t\n"
     "term t = max of (b, 5)\n",
     "3:6-6 error: the presumption of 'b' leads back to itself\n"},
    {"fact b : GB/s presumed t\n"
     "term t = max of (item.area, 5)\n",
     "3:24-24 error: 'b' is presumed from 't', which is of another type\n"},
    {"fact party.rank : number presumed 5 requires rank \"R\" 5 days before ship\n",
     "3:37-44 error: the duty of a presumption has a name, a text and a stage, nothing else\n"},
    {"roles third = purchaser, buyer\n",
     "3:26-30 error: 'buyer' is no role (seller, purchaser, intermediate_consignee, ultimate_consignee, end_user)\n"},
    {"regime us \"T\" covers 2010-01-01 .. read to 2009-12-31\n"
     "question key : open < licence < closed, strictest otherwise open\n",
     "1:22-31 error: the span of regime 'us' ends before it begins\n"},
    {"regime u.s \"T\" covers 2010-01-01 .. read to 2029-12-31\n"
     "question key : open < licence < closed, strictest otherwise open\n",
     "1:8-10 error: 'u.s' is no id for a regime (letters and digits, no dot)\n"},
    {"regime us \"T\" covers 2010-01-01 ..\n"
     "question key : open < licence < closed, strictest otherwise open\n",
     "1:1-6 error: a regime says its title, 'covers DATE ..' and 'read to DATE'\n"},
    {"regime us \"T\" covers 2010-01-01 .. read to 2029-12-31\n"
     "question key : open < licence < shut, strictest otherwise open\n",
     "2:10-12 error: the key of every regime is 'open < licence < closed, strictest'\n"},
    {"question q : x | x otherwise x\n",
     "3:18-18 error: the answer 'x' is listed twice\n"},
    {"question q : x | undetermined otherwise x\n",
     "3:18-29 error: 'undetermined' is what twokey itself says of a question and cannot be an answer\n"},
    {"rule r" ACT "then key = closed\n"
     "regime us\n",
     "4:1-6 error: a file belongs to one regime, or is common; this one says so twice\n"},
    {"example \"e\" as of 2020-01-01 a maybe gives key = open\n",
     "3:32-36 error: 'maybe' is no value of a (expected yes, no)\n"},
    {"example \"e\" as of 2020-01-01 item h20 gives key = open\n",
     "3:35-37 error: no item 'h20' in the catalogue; did you mean 'h200'?\n"},
    {"example \"e\" as of 2020-01-01 evidence (kyc) gives key = open\n",
     "3:40-42 error: no condition 'kyc' for evidence\n"},
    {"example \"e\" as of 2020-01-01 law letter gives key = open\n",
     "3:34-39 error: law is 'enforced' or 'text'\n"},
    {"example \"e\" as of 2020-01-01 gives open\n",
     "3:36-39 error: 'open' alone gives nothing; only 'absent' does\n"},
    {"example \"e\" as of 2020-01-01 gives verdict = opn\n",
     "3:46-48 error: 'opn' is not expected here; did you mean 'open'?\n"},
    {"example \"e\" as of 2020-01-01 gives mising (a)\n",
     "3:36-41 error: a list in parentheses is 'missing (…)' or 'presumed (…)'; the possible answers are 'QUESTION in (…)'\n"},
    {"example \"e\" as of 2020-01-01 gives missing (aa)\n",
     "3:45-46 error: unknown fact 'aa'; did you mean 'a'?\n"},
    {"example \"e\" as of 2020-01-01 gives condition kyc = yes\n",
     "3:46-48 error: no condition 'kyc'\n"},
    {"example \"e\" as of 2020-01-01\n",
     "3:19-28 error: the statement ends too early here; expected a name, 'gives'\n"},
    {"rule r" ACT "when max of (item.tpp, item.density) > 5 then key = closed\n",
     "3:85-96 error: the maximum is of facts and their multiples\n"},
    {"rule r" ACT "when level > 5 then key = closed\n",
     "3:75-75 error: '5' is no value of 'level' (low, middle, high)\n"},
    {"rule r" ACT "when item.tpp in (CN) then key = closed\n",
     "3:76-77 error: a number or date is compared with = != < <= > >=, not with 'in'\n"},
    {"rule r" ACT "when key then key = closed\n",
     "3:67-69 error: 'key' alone is no condition; only a yes/no fact, question or term is\n"},
    {"rule r" ACT "when key in (open) then key = closed\n",
     "2:10-12 error: question 'key' reads its own answer: key > key\n"},
    {"rule r cites \"\\n\" published 2020-01-01 in force 2020-01-01 .. then key = closed\n",
     "3:14-14 error: a string that does not end on its line (escapes are \\\" and \\\\ only)\n"},
    {"set listed of party\n"
     "  acmee 2020-01-01 ..\n",
     "4:3-7 error: no party 'acmee' in the catalogue; did you mean 'acme'?\n"},
    {"rule r reported in force 2020-01-01 .. practice then key = closed\n",
     "3:40-47 error: 'practice or reported' is given twice in one statement\n"},
};

static void test_messages(void **state)
{
    (void)state;
    size_t failed = 0;
    for (size_t i = 0; i < TK_COUNT(rows); i++) {
        static const char *const severities[] = {"", "error", "warning", "note"};
        tk_messages *messages = NULL;
        char got[4096] = "";
        size_t len = 0, errors = 0;
        tk_err err = {0};
        tk_status status = messages_compile(rows[i].text, &messages, &err);
        for (size_t m = 0; m < tk_messages_count(messages); m++) {
            const tk_message *message = tk_messages_get(messages, m);
            errors += message->severity == TK_SEVERITY_ERROR;
            assert_true(tk_str_is(message->file, "us.rules"));
            len += (size_t)snprintf(got + len, sizeof got - len, "%u:%u-%u %s: " TK_FMT "\n", message->line, message->column,
                                    message->column + message->width - 1, severities[message->severity], TK_ARG_STR(message->text));
        }
        tk_messages_free(messages);
        char counted[64];
        (void)snprintf(counted, sizeof counted, "the rulebook has %zu mistake%s", errors, errors == 1 ? "" : "s");
        if (strcmp(got, rows[i].messages) != 0 || (status == TK_OK) != (errors == 0) || (errors != 0 && strcmp(err.message, counted) != 0)) {
            print_error("%s  expected\n%s  said (%s)\n%s\n", rows[i].text, rows[i].messages, err.message, got);
            failed++;
        }
    }
    assert_int_equal(failed, 0);
}

/* The line that a message shows, and what of it is underlined. */
static void test_excerpts(void **state)
{
    (void)state;
    static const struct {
        const char *text, *excerpt, *underlined;
    } excerpts[] = {
        {"rule r" ACT "when item.tp >= 5 then key = closed\n", "rule r" ACT "when item.tp >= 5 then key = closed", "item.tp"},
        {"rule r" ACT "when item.tp >= 5 then key = closed\r\n", "rule r" ACT "when item.tp >= 5 then key = closed", "item.tp"},
        {"rule r\tcites \"A\"\n\tpublished 2020-13-01\n\tin force 2020-01-01 .. then key = closed\n", " published 2020-13-01", "2020-13-01"},
        {"rule r" ACT "# \x1b[31m\n  when item.tp >= 5 then key = closed\n", "  when item.tp >= 5 then key = closed", "item.tp"},
        {"rule r" ACT "when item.tp >= 5 then key = closed", "rule r" ACT "when item.tp >= 5 then key = closed", "item.tp"},
    };
    for (size_t i = 0; i < TK_COUNT(excerpts); i++) {
        tk_messages *messages = NULL;
        assert_int_equal(messages_compile(excerpts[i].text, &messages, NULL), TK_ERR_INPUT);
        const tk_message *message = tk_messages_get(messages, 0);
        assert_non_null(message);
        assert_int_equal(message->excerpt.len, strlen(excerpts[i].excerpt));
        assert_memory_equal(message->excerpt.ptr, excerpts[i].excerpt, message->excerpt.len);
        assert_int_equal(message->width, strlen(excerpts[i].underlined));
        assert_memory_equal(message->excerpt.ptr + message->column - 1, excerpts[i].underlined, message->width);
        tk_messages_free(messages);
    }
}

/* Control characters of the text are never sent to a terminal. */
static void test_hostile_text(void **state)
{
    (void)state;
    tk_messages *messages = NULL;
    assert_int_equal(messages_compile("rule r" ACT "then key = \x1b]0;x\x07\n", &messages, NULL), TK_ERR_INPUT);
    for (size_t i = 0; i < tk_messages_count(messages); i++) {
        const tk_message *message = tk_messages_get(messages, i);
        assert_null(memchr(message->text.ptr, 0x1b, message->text.len));
        assert_null(memchr(message->excerpt.ptr, 0x1b, message->excerpt.len));
    }
    tk_messages_free(messages);
}

/* Messages come in order of place, and a line that is said twice is said once. */
static void test_order(void **state)
{
    (void)state;
    tk_messages *messages = NULL;
    assert_int_equal(messages_compile("fact b : numbr\nfact c : dat\nrule r" ACT "when item.tp >= 5 and item.tp >= 5 then kee = x\n", &messages, NULL), TK_ERR_INPUT);
    assert_int_equal(tk_messages_count(messages), 5);
    for (size_t i = 1; i < tk_messages_count(messages); i++) {
        const tk_message *a = tk_messages_get(messages, i - 1), *b = tk_messages_get(messages, i);
        assert_true(a->line < b->line || (a->line == b->line && a->column < b->column));
    }
    assert_null(tk_messages_get(messages, 5));
    tk_messages_free(messages);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_messages), cmocka_unit_test(test_excerpts), cmocka_unit_test(test_hostile_text), cmocka_unit_test(test_order),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
