/* SPDX-License-Identifier: Apache-2.0 */
/* S1, possible answers: values, none, unknown and bounds; Kleene's logic; roles; missing and presumed facts. */
#include "table/decide/table.h"

#define KIND "question kind : big | small | odd otherwise odd\n"

/* A fact has a value, is `none`, or is unknown; a number may be known within bounds. */
static void test_values(void **state)
{
    (void)state;
#define BIG KIND "rule big" LAW "when item.tpp >= 4800 then kind = big\n"
    static const table_row rows[] = {
        {"a value decides", BIG, "item.tpp=4800", "open law | key open | kind big"},
        {"a value decides the other way", BIG, "item.tpp=4799.999999", "open law | key open | kind odd"},
        {"nothing said is unknown", BIG, "", "open law | key open | kind big/odd | missing item.tpp"},
        {"`?` is unknown", BIG, "item.tpp=?", "open law | key open | kind big/odd | missing item.tpp"},
        {"`none` is known to be absent", BIG, "item.tpp=none", "open law | key open | kind odd"},
        {"bounds above the threshold decide", BIG, "item.tpp=4800..6080", "open law | key open | kind big"},
        {"bounds below the threshold decide", BIG, "item.tpp=3610..4799.9", "open law | key open | kind odd"},
        {"bounds across the threshold leave it open", BIG, "item.tpp=3610..6080", "open law | key open | kind big/odd | missing item.tpp"},
        {"bounds may be open above", BIG, "item.tpp=4800..", "open law | key open | kind big"},
        {"bounds may be open below", BIG, "item.tpp=..4799", "open law | key open | kind odd"},
        {"open bounds that reach across", BIG, "item.tpp=4799..", "open law | key open | kind big/odd | missing item.tpp"},
        {"what is said beats what is on record", BIG, "item.tpp=10 item.tpp:=9000", "open law | key open | kind odd"},
        {"a said `?` beats what is on record", BIG, "item.tpp=? item.tpp:=9000", "open law | key open | kind big/odd | missing item.tpp"},
        {"a date is bounds when only its year is known", KIND "rule old" LAW "when item.sold <= 2021-06-30 then kind = big\n", "item.sold=2021",
         "open law | key open | kind big/odd | missing item.sold"},
        {"a partial date may still decide", KIND "rule old" LAW "when item.sold <= 2021-06-30 then kind = big\n", "item.sold=2021-06",
         "open law | key open | kind big"},
        {"a set of words may be known in part: what is in", KIND "rule r" LAW "when end_user.class has cloud then kind = big\n", "end_user.class=cloud;?",
         "open law | key open | kind big"},
        {"a set of words may be known in part: what may be in", KIND "rule r" LAW "when end_user.class has cloud then kind = big\n", "end_user.class=lab;?",
         "open law | key open | kind big/odd | missing end_user.class"},
        {"a said set is complete", KIND "rule r" LAW "when end_user.class has cloud then kind = big\n", "end_user.class=lab", "open law | key open | kind odd"},
        {"the empty set is a value", KIND "rule r" LAW "when not end_user.class has cloud then kind = big\n", "end_user.class=none", "open law | key open | kind big"},
    };
    TABLE_RUN(rows);
}

/* `and`, `or`, `not` are Kleene's; a comparison with `none` is false. */
static void test_kleene(void **state)
{
    (void)state;
#define AND KIND "rule r" LAW "when a = yes and b = yes then kind = big\n"
#define OR KIND "rule r" LAW "when a = yes or b = yes then kind = big\n"
#define NOT KIND "rule r" LAW "when not a = yes then kind = big\n"
    static const table_row rows[] = {
        {"true and true", AND, "a=yes b=yes", "open law | key open | kind big"},
        {"true and false", AND, "a=yes b=no", "open law | key open | kind odd"},
        {"true and unknown", AND, "a=yes", "open law | key open | kind big/odd | missing b"},
        {"false and unknown is false", AND, "a=no", "open law | key open | kind odd"},
        {"unknown and false is false", AND, "b=no", "open law | key open | kind odd"},
        {"unknown and unknown", AND, "", "open law | key open | kind big/odd | missing a, b"},
        {"false or false", OR, "a=no b=no", "open law | key open | kind odd"},
        {"true or unknown is true", OR, "a=yes", "open law | key open | kind big"},
        {"unknown or true is true", OR, "b=yes", "open law | key open | kind big"},
        {"false or unknown", OR, "a=no", "open law | key open | kind big/odd | missing b"},
        {"not true", NOT, "a=yes", "open law | key open | kind odd"},
        {"not false", NOT, "a=no", "open law | key open | kind big"},
        {"not unknown", NOT, "", "open law | key open | kind big/odd | missing a"},
        {"`none` equals no word", KIND "rule r" LAW "when a = yes then kind = big\n", "a=none", "open law | key open | kind odd"},
        {"`none` differs from no word either", KIND "rule r" LAW "when a != yes then kind = big\n", "a=none", "open law | key open | kind odd"},
        {"not of a comparison with `none` is true", NOT, "a=none", "open law | key open | kind big"},
        {"`none` < 5 is false", KIND "rule r" LAW "when item.tpp < 5 then kind = big\n", "item.tpp=none", "open law | key open | kind odd"},
        {"`none` != 5 is false", KIND "rule r" LAW "when item.tpp != 5 then kind = big\n", "item.tpp=none", "open law | key open | kind odd"},
        {"5 > `none` is false from the other side", KIND "rule r" LAW "when 5 > item.tpp then kind = big\n", "item.tpp=none", "open law | key open | kind odd"},
        {"`none` is in no set of places", KIND "rule r" LAW "when route.to in D:5 then kind = big\n", "route.to=none", "open law | key open | kind odd"},
        {"`none` != a place is false", KIND "rule r" LAW "when route.to != CN then kind = big\n", "route.to=none", "open law | key open | kind odd"},
        {"two facts, one `none`: not equal", KIND "rule r" LAW "when route.to = route.from then kind = big\n", "route.to=none route.from=CN", "open law | key open | kind odd"},
        {"two facts, one `none`: nor different", KIND "rule r" LAW "when route.to != route.from then kind = big\n", "route.to=none route.from=CN", "open law | key open | kind odd"},
        {"two facts, one unknown", KIND "rule r" LAW "when route.to = route.from then kind = big\n", "route.from=CN", "open law | key open | kind big/odd | missing route.to"},
        {"two facts that are the same", KIND "rule r" LAW "when route.to = route.from then kind = big\n", "route.to=CN route.from=CN", "open law | key open | kind big"},
        {"two facts that are not", KIND "rule r" LAW "when route.to = route.from then kind = big\n", "route.to=CN route.from=US", "open law | key open | kind odd"},
        {"two facts that differ", KIND "rule r" LAW "when route.to != route.from then kind = big\n", "route.to=CN route.from=US", "open law | key open | kind big"},
        {"two ids that are the same", KIND "rule r" LAW "when seller.id = end_user.id then kind = big\n", "seller.id=acme end_user.id=acme", "open law | key open | kind big"},
        {"two ids that are not", KIND "rule r" LAW "when seller.id = end_user.id then kind = big\n", "seller.id=acme end_user.id=acm", "open law | key open | kind odd"},
        {"two words that are the same", KIND "rule r" LAW "when a = b then kind = big\n", "a=no b=no", "open law | key open | kind big"},
        {"a figure `none` on the top of a quotient", KIND "rule r" LAW "when item.density >= 1 then kind = big\n", "item.tpp=none item.area=10", "open law | key open | kind odd"},
        {"words in order are compared by it", KIND "rule r" LAW "when level >= middle then kind = big\n", "level=high", "open law | key open | kind big"},
        {"words in order below", KIND "rule r" LAW "when level >= middle then kind = big\n", "level=low", "open law | key open | kind odd"},
    };
    TABLE_RUN(rows);
}

/* `any`, `every`, `no` range over the stated roles; a role not named is absent; seller and end user always exist. */
static void test_roles(void **state)
{
    (void)state;
#define ANY KIND "rule r" LAW "when any recipient (hq = CN) then kind = big\n"
#define EVERY KIND "rule r" LAW "when every recipient (hq = CN) then kind = big\n"
#define NONE KIND "rule r" LAW "when no recipient (hq = CN) then kind = big\n"
    static const table_row rows[] = {
        {"a comment may stand before the group, before its condition, and before a list",
         KIND "rule r" LAW "when any # of them\n  recipient # who\n  (class has any of # these\n (cloud, lab)) or (no# group\n buyer (hq = DE) and every # one\n\n# two\n buyer(hq = CN))"
              " then kind = big\n",
         "role:purchaser purchaser.hq=CN purchaser.class=none end_user.class=none", "open law | key open | kind big"},
        {"an attribute of a role not named is `none`", KIND "rule r" LAW "when purchaser.hq = CN then kind = big\n", "", "open law | key open | kind odd"},
        {"also when it differs", KIND "rule r" LAW "when purchaser.hq != CN then kind = big\n", "", "open law | key open | kind odd"},
        {"and not that is true", KIND "rule r" LAW "when not purchaser.hq in D:5 then kind = big\n", "", "open law | key open | kind big"},
        {"a set of words of nobody has nothing", KIND "rule r" LAW "when ultimate_consignee.class has cloud then kind = big\n", "", "open law | key open | kind odd"},
        {"nothing is presumed of nobody", KIND "rule r" LAW "when purchaser.lists has EL or purchaser.parent_hq = CN then kind = big\n", "", "open law | key open | kind odd"},
        {"nobody is the end user's like", KIND "rule r" LAW "when purchaser.id = end_user.id then kind = big\n", "end_user.id=acme", "open law | key open | kind odd"},
        {"a named role that nothing is known of", KIND "rule r" LAW "when purchaser.hq = CN then kind = big\n", "role:purchaser", "open law | key open | kind big/odd | missing purchaser.hq"},
        {"the seller always exists", KIND "rule r" LAW "when seller.hq = CN then kind = big\n", "", "open law | key open | kind big/odd | missing seller.hq"},
        {"the end user always exists", KIND "rule r" LAW "when end_user.hq = CN then kind = big\n", "", "open law | key open | kind big/odd | missing end_user.hq"},
        {"what nobody would have to undertake is no condition",
         "rule r" LAW "then key = open requires iaas \"I\" before order when ultimate_consignee.class has cloud\n", "", "open law | key open"},
        {"any: one role settles it", ANY, "role:purchaser purchaser.hq=CN", "open law | key open | kind big"},
        {"any: one true settles it, whatever the end user is", ANY, "role:purchaser purchaser.hq=CN end_user.hq=?", "open law | key open | kind big"},
        {"any: a role not named takes no part", ANY, "purchaser.hq=CN end_user.hq=DE", "open law | key open | kind odd"},
        {"any: the end user always exists", ANY, "end_user.hq=CN", "open law | key open | kind big"},
        {"any: an unknown end user leaves it open", ANY, "role:purchaser purchaser.hq=DE", "open law | key open | kind big/odd | missing end_user.hq"},
        {"any: a named role that is unknown", ANY, "role:purchaser end_user.hq=DE", "open law | key open | kind big/odd | missing purchaser.hq"},
        {"any: all known and none fits", ANY, "role:purchaser purchaser.hq=DE end_user.hq=US", "open law | key open | kind odd"},
        {"any: a role outside the group takes no part", ANY, "role:seller seller.hq=CN end_user.hq=US", "open law | key open | kind odd"},
        {"every: all must", EVERY, "role:purchaser purchaser.hq=CN end_user.hq=CN", "open law | key open | kind big"},
        {"every: one false settles it", EVERY, "role:purchaser purchaser.hq=DE", "open law | key open | kind odd"},
        {"every: one unknown", EVERY, "role:purchaser purchaser.hq=CN", "open law | key open | kind big/odd | missing end_user.hq"},
        {"every: a role not named takes no part", EVERY, "purchaser.hq=DE end_user.hq=CN", "open law | key open | kind big"},
        {"no: none may", NONE, "role:purchaser purchaser.hq=DE end_user.hq=US", "open law | key open | kind big"},
        {"no: one does", NONE, "role:purchaser purchaser.hq=CN end_user.hq=?", "open law | key open | kind odd"},
        {"no: one unknown", NONE, "end_user.hq=?", "open law | key open | kind big/odd | missing end_user.hq"},
        {"any over a group of which nobody is named", KIND "rule r" LAW "when any buyer (hq = CN) then kind = big\n", "purchaser.hq=CN", "open law | key open | kind odd"},
        {"every over a group of which nobody is named", KIND "rule r" LAW "when every buyer (hq = CN) then kind = big\n", "purchaser.hq=US", "open law | key open | kind big"},
        {"no over a group of which nobody is named", KIND "rule r" LAW "when no buyer (hq = CN) then kind = big\n", "purchaser.hq=CN", "open law | key open | kind big"},
        {"the seller always exists", KIND "rule r" LAW "when any seller (hq = CN) then kind = big\n", "", "open law | key open | kind big/odd | missing seller.hq"},
        {"a comparison inside is of one and the same role", KIND "rule r" LAW "when any recipient (hq = CN and flag = yes) then kind = big\n",
         "role:purchaser purchaser.hq=CN purchaser.flag=no end_user.hq=US end_user.flag=yes", "open law | key open | kind odd"},
    };
    TABLE_RUN(rows);
}

/* One possible answer is the answer, several are `undetermined`; conditions on a question look at all of them. */
static void test_questions(void **state)
{
    (void)state;
#define READS                                                                                                                                    \
    KIND "question other : yes | no otherwise no\n"                                                                                              \
    "rule big" LAW "when a = yes then kind = big\n"                                                                                              \
    "rule small" LAW "when b = yes then kind = small\n"
    static const table_row rows[] = {
        {"a condition on a question is true if all its possible answers satisfy it", READS "rule o" LAW "when kind in (big, odd) then other = yes\n", "b=no",
         "open law | key open | kind big/odd | other yes | missing a"},
        {"false if none does", READS "rule o" LAW "when kind = small then other = yes\n", "b=no", "open law | key open | kind big/odd | other no | missing a"},
        {"else unknown", READS "rule o" LAW "when kind = big then other = yes\n", "b=no", "open law | key open | kind big/odd | other yes/no | missing a"},
        {"!= looks at all of them too", READS "rule o" LAW "when kind != small then other = yes\n", "b=no", "open law | key open | kind big/odd | other yes | missing a"},
        {"one possible answer is the answer", READS, "a=yes b=no", "open law | key open | kind big | other no"},
        {"an unknown in another question leaves the key alone", READS "rule k" LAW "when c = yes then key = closed\n", "b=no c=no", "open law | key open | kind big/odd | other no | missing a"},
        {"a yes/no question alone is a condition", READS "rule o" LAW "when a = yes then other = yes\nrule k" LAW "when other then key = closed\n", "a=yes b=no",
         "closed law | key closed | kind big | other yes"},
        {"a yes/no fact alone is a condition", "rule k" LAW "when a then key = closed\n", "a=yes", "closed law | key closed"},
        {"a term alone is a condition", "term t = a = yes or b = yes\nrule k" LAW "when not t then key = closed\n", "a=no b=no", "closed law | key closed"},
        {"a question that is perhaps not asked", KIND "question other : yes | no asked when a = yes otherwise no\nrule k" LAW "when other = no then key = closed\n", "",
         "undetermined law | key open/closed | kind odd | other no perhaps | missing a"},
        {"a question not asked satisfies nothing", KIND "question other : yes | no asked when a = yes otherwise no\nrule k" LAW "when other = no then key = closed\n", "a=no",
         "open law | key open | kind odd"},
        {"nor is it different from anything", KIND "question other : yes | no asked when a = yes otherwise no\nrule k" LAW "when other != no then key = closed\n", "a=no",
         "open law | key open | kind odd"},
        {"`otherwise undetermined` is every answer", "question other : yes | no | maybe otherwise undetermined\n", "", "open law | key open | other yes/no/maybe"},
    };
    TABLE_RUN(rows);
}

/* `missing` names the unknown facts in the unknown conditions that keep several answers possible, and only those. */
static void test_missing(void **state)
{
    (void)state;
    static const table_row rows[] = {
        {"a fact in a condition that is settled is not missing", "rule k" LAW "when a = yes and b = yes then key = closed\n", "a=no", "open law | key open"},
        {"only the unknown parts of an unknown condition", "rule k" LAW "when a = yes and (b = yes or c = yes) then key = closed\n", "a=yes b=no",
         "undetermined law | key open/closed | missing c"},
        {"a part that is settled inside an unknown condition", "rule k" LAW "when (a = yes and b = yes) or c = yes then key = closed\n", "a=no",
         "undetermined law | key open/closed | missing c"},
        {"a rule for an answer that is given anyway", "rule k" LAW "when a = yes then key = closed\nrule l" LAW "when b = yes then key = closed\n", "a=yes", "closed law | key closed"},
        {"a rule for an answer that is outranked", "rule k" LAW "when a = yes then key = closed\nrule l" LAW "when b = yes then key = licence\n", "a=yes", "closed law | key closed"},
        {"what decides whether an exception stands", "rule k" LAW "when a = yes then key = closed\nrule x exception to k" LAW "when b = yes\n", "a=yes",
         "undetermined law | key open/closed | missing b"},
        {"an exception of a rule that does not apply", "rule k" LAW "when a = yes then key = closed\nrule x exception to k" LAW "when b = yes\n", "a=no", "open law | key open"},
        {"through a question that is read", KIND "rule q" LAW "when a = yes then kind = big\nrule k" LAW "when kind = big then key = closed\n", "",
         "undetermined law | key open/closed | kind big/odd | missing a"},
        {"through a term: its parts", "rule k" LAW "when item.density >= 5 then key = closed\n", "item.tpp=100", "undetermined law | key open/closed | missing item.area"},
        {"a maximum of which nothing is known, by its own name", "rule k" LAW "when item.peak >= 5 then key = closed\n", "", "undetermined law | key open/closed | missing item.peak"},
        {"a maximum of which something is known, by its parts", "rule k" LAW "when item.peak >= 5 then key = closed\n", "item.dram=3", "undetermined law | key open/closed | missing item.io"},
        {"both sides of a comparison of two facts", "rule k" LAW "when route.to = route.from then key = closed\n", "", "undetermined law | key open/closed | missing route.from, route.to"},
        {"a fact presumed from another is missed by the other's name", "rule k" LAW "when end_user.parent_hq = CN then key = closed\n", "",
         "undetermined law | key open/closed | missing end_user.hq"},
        {"and by its own when it was said to be unknown", "rule k" LAW "when end_user.parent_hq = CN then key = closed\n", "end_user.parent_hq=? end_user.hq=US",
         "undetermined law | key open/closed | missing end_user.parent_hq"},
        {"the scope of the regime", "regime us \"T\" covers 2010-01-01 .. read to 2029-12-31 when route.to = US\nquestion key : open < licence < closed, strictest otherwise open\n", "",
         "undetermined law | key open | missing route.to"},
        {"a refused duty that is perhaps owed", "rule d" LAW "when a = yes requires kyc \"K\" before order\n", "-kyc",
         "undetermined law | key open/closed | missing a | conditions kyc failed"},
        {"a rule for what the question falls to anyway, under strictest", "rule o" LAW "when b = yes then key = open\nrule k" LAW "when a = yes then key = closed\n", "",
         "undetermined law | key open/closed | missing a"},
        {"in a plain question it may still clash", KIND "rule x" LAW "when a = yes then kind = big\nrule y" LAW "when b = yes then kind = odd\n", "",
         "open law | key open | kind big/odd | missing a, b"},
        {"names are sorted", "rule k" LAW "when d = yes or c = yes or b = yes or a = yes then key = closed\n", "", "undetermined law | key open/closed | missing a, b, c, d"},
    };
    TABLE_RUN(rows);
}

/* A fact may be presumed; what rests on it says so, and its duty joins the conditions. */
static void test_presumed(void **state)
{
    (void)state;
#define LISTED "rule k" LAW "when any recipient (lists has EL) then key = closed\n"
#define HQ "rule k" LAW "when end_user.parent_hq = CN then key = closed\n"
    static const table_row rows[] = {
        {"a figure may be presumed from a term that counts in its unit",
         KIND "fact item.low : mm2 presumed item.least\nterm item.least = max of (item.area, 5)\n"
              "rule r" LAW "when item.low >= 6 then kind = big\n",
         "item.area=7", "open law | key open | kind big | presumed item.low"},
        {"the presumed value is used when none was supplied, and its duty is open", LISTED, "", "conditional law | key open | presumed end_user.lists | conditions screened no"},
        {"the duty is met by evidence", LISTED, "+screened", "open law | key open | presumed end_user.lists | conditions screened yes"},
        {"a refused duty of a presumption closes the key", LISTED, "-screened", "closed law | key closed | presumed end_user.lists | conditions screened failed"},
        {"refused, where it is unsure whether the answer rests on the presumption", "rule k" LAW "when a = yes and any recipient (lists has EL) then key = closed\n", "-screened",
         "undetermined law | key open/closed | missing a | presumed end_user.lists | conditions screened failed"},
        {"refused, where it does not", "rule k" LAW "when a = yes and any recipient (lists has EL) then key = closed\n", "a=no -screened", "open law | key open"},
        {"known in part: what is presumed of the rest has its duty", LISTED, "end_user.lists~=UVL/UVL;?", "conditional law | key open | presumed end_user.lists | conditions screened no"},
        {"known in part: what is known needs no presumption", LISTED, "end_user.lists~=EL/EL;?", "closed law | key closed"},
        {"known in part: nothing presumed, nothing owed", LISTED, "end_user.lists~=UVL/UVL", "open law | key open"},
        {"known in part: a hit that nobody looked at", LISTED, "end_user.lists~=UVL;?/UVL;?", "undetermined law | key open/closed | missing end_user.lists"},
        {"known in part: a refused duty closes", LISTED, "end_user.lists~=UVL/UVL;? -screened", "closed law | key closed | presumed end_user.lists | conditions screened failed"},
        {"what is on record beats what is known in part", LISTED, "end_user.lists~=EL/EL end_user.lists:=UVL", "open law | key open"},
        {"a supplied value needs no presumption", LISTED, "end_user.lists=UVL", "open law | key open"},
        {"a value on record needs none either", LISTED, "end_user.lists:=EL", "closed law | key closed"},
        {"a supplied `?` stays unknown", LISTED, "end_user.lists=?", "undetermined law | key open/closed | missing end_user.lists"},
        {"presumed names what an answer rests on, and only that", "rule k" LAW "when a = yes and any recipient (lists has EL) then key = closed\n", "a=no", "open law | key open"},
        {"presumed even where the answer is known without the presumption? no: `missing` would not name it",
         "rule k" LAW "when a = yes or any recipient (lists has EL) then key = closed\n", "a=yes", "closed law | key closed"},
        {"every named role is presumed by itself", LISTED, "role:purchaser +screened", "open law | key open | presumed end_user.lists, purchaser.lists | conditions screened yes"},
        {"a role that is not named is presumed nothing", LISTED, "+screened", "open law | key open | presumed end_user.lists | conditions screened yes"},
        {"presumed from another fact", HQ, "end_user.hq=CN", "closed law | key closed | presumed end_user.parent_hq"},
        {"its own value wins over the presumption", HQ, "end_user.hq=CN end_user.parent_hq=US", "open law | key open"},
        {"presumed from an unknown fact is unknown, and nothing is presumed", HQ, "", "undetermined law | key open/closed | missing end_user.hq"},
        {"presumed from what a term works out", "term item.total = 2 * item.tpp\nfact item.best : number presumed item.total\nrule k" LAW "when item.best >= 5 then key = closed\n", "item.tpp=2",
         "open law | key open | presumed item.best"},
        {"a `none` said about the other fact is passed on", HQ, "end_user.hq=none", "open law | key open | presumed end_user.parent_hq"},
    };
    TABLE_RUN(rows);
}

/* Unknown, unmodelled, stale or suspended never means open. */
static void test_never_open(void **state)
{
    (void)state;
    static const table_row rows[] = {
        {"unknown", "rule k" LAW "when a = yes then key = licence\n", "", "undetermined law | key open/licence | missing a | conditions us.licence no"},
        {"unmodelled", "not modelled \"Embargoes\" cites \"746\" when route.to = CN\n", "route.to=CN", "undetermined law | key open/closed | gaps Embargoes"},
        {"stale", "", "as-of=2030-01-01", "conditional law | key open | conditions us.law-read no"},
        {"not covered", "", "as-of=2009-12-31", "undetermined law | key open/licence/closed | gaps us is covered from 2010-01-01"},
        {"a licence that is refused or withdrawn", "rule k" LAW "when a = yes then key = licence\n", "a=yes -us.licence", "licence law | key licence | conditions us.licence failed"},
    };
    TABLE_RUN(rows);
}

/* No way of filling in the unknown facts leads outside the set, and learning an unknown fact never adds to it: all
 * ways of filling in four facts of three values, for rules with exceptions, a strictest and a plain question. */
enum { FACTS = 4 };
static const char exhaustive_rules[] =
    "question kind : big | small | odd otherwise odd\n"
    "rule q1" LAW "when a = yes and not b = yes then kind = big\n"
    "rule q2 exception to q1" LAW "when c = yes then kind = small\n"
    "rule q3 exception to q2" LAW "when d = yes\n"
    "rule k1" LAW "when kind = big or d = yes then key = licence\n"
    "rule k2 exception to k1" LAW "when b = yes and c != yes\n"
    "rule k3" LAW "when kind = small and b = yes then key = closed\n";

static uint64_t exhaustive_possible(tk_decider *decider, tk_facts *facts, const tk_rulebook *book, const int *values, const char *question)
{
    static const char *const names[FACTS] = {"a", "b", "c", "d"}, *const words[3] = {"?", "yes", "no"};
    tk_setting setting = {.as_of = DAY_2024, .known_at = DAY_2024};
    const tk_decision *decision = NULL;
    uint64_t possible = 0;
    tk_facts_clear(facts);
    for (int i = 0; i < FACTS; i++)
        table_value(book, facts, tk_str_from(names[i]), tk_str_from(words[values[i]]), TK_FACT_SUPPLIED);
    assert_int_equal(tk_decide(decider, facts, &setting, 0, &decision, NULL), TK_OK);
    const tk_key_decision *key = &decision->keys[0];
    for (size_t i = 0; i < key->answers_count; i++)
        for (size_t p = 0; tk_str_is(key->answers[i].question, question) && p < key->answers[i].possible_count; p++)
            possible |= UINT64_C(1) << (key->answers[i].possible[p].ptr[0] - 'a');
    assert_true(possible != 0);
    return possible;
}

static void test_learning_narrows(void **state)
{
    (void)state;
    tk_decider *decider = NULL;
    tk_facts *facts = NULL;
    tk_rulebook *book = table_compile(exhaustive_rules, NULL);
    assert_int_equal(tk_decider_new(book, &decider, NULL), TK_OK);
    assert_int_equal(tk_facts_new(book, &facts, NULL), TK_OK);
    for (int n = 0; n < 81; n++) {
        int values[FACTS] = {n % 3, n / 3 % 3, n / 9 % 3, n / 27};
        uint64_t key = exhaustive_possible(decider, facts, book, values, "key"), kind = exhaustive_possible(decider, facts, book, values, "kind");
        for (int i = 0; i < FACTS; i++) {
            if (values[i] != 0)
                continue;
            for (int learnt = 1; learnt < 3; learnt++) {
                values[i] = learnt;
                assert_int_equal(exhaustive_possible(decider, facts, book, values, "key") & ~key, 0);
                assert_int_equal(exhaustive_possible(decider, facts, book, values, "kind") & ~kind, 0);
            }
            values[i] = 0;
        }
    }
    tk_facts_free(facts);
    tk_decider_free(decider);
    tk_rulebook_free(book);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_values),   cmocka_unit_test(test_kleene),     cmocka_unit_test(test_roles),
        cmocka_unit_test(test_questions), cmocka_unit_test(test_missing),   cmocka_unit_test(test_presumed),
        cmocka_unit_test(test_never_open), cmocka_unit_test(test_learning_narrows),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
