/* SPDX-License-Identifier: Apache-2.0 */
/* worlds.c: the range of all worlds against every world there is. Random small sets of claims about two products and
 * three buyers, a few rulebooks that read them in every way the language has; each set of claims that can be true
 * together is believed by itself, and what comes out must be what the desk says of the range, with the same smallest
 * sets. Which claims oppose each other is worked out here anew, from how the claims were made.
 *
 * COUNT=n tries n sets (40); SEED=n chooses them (1).
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include <cmocka.h>

#include "base/compat.h"
#include "base/num.h"
#include "base/out.h"
#include "claims/world.h"
#include "property/claims/rows.h"
#include "twokey/desk.h"
#include "unit/claims/book.h"

enum { CLAIMS_MIN = 6 /* rules name so many */, CLAIMS_MAX = 11, SAYS_MAX = 4, KEYS_MAX = 2 };

/* --- rulebooks --- */

#define ACT " cites \"A\" published 2020-01-01 in force 2020-01-01 .. "
#define TOLD " reported in force 2020-01-01 .. "
#define BY(claims) " reported by " claims " in force 2020-01-01 .. "

static const char common[] =
    "common\n"
    "fact item.id : item\n"
    "fact item.product : product\n"
    "fact party.id : party\n"
    "fact route.from : place\n"
    "fact route.to : place\n"
    "fact quantity : number\n"
    "fact item.cn_stance : unreported | conditional-rounds | in-principle | paused | withheld from claims\n"
    "  holds 30 days\n"
    "fact item.cn_customs : unreported | accepts | refuses from claims\n"
    "fact application.stage : set of reported | approved | ordered | import-cleared | delivered from claims\n"
    "  holds 45 days\n"
    "fact buyer.access : admitted | barred | paused from claims\n";

#define CN "regime cn \"C\" covers 2020-01-01 .. read to 2029-12-31 when route.to = CN\n"                            \
           "fact cn.foreign_per_domestic : % from claims\n"                                                          \
           "question key : open < licence < closed, strictest otherwise open\n"
#define US "regime us \"U\" covers 2020-01-01 .. read to 2029-12-31 when route.from = US\n"                          \
           "question key : open < licence < closed, strictest otherwise open\n"

static const char *const cn_rules[] = {
    /* states and stages, exceptions of exceptions */
    CN "rule base" ACT "then key = licence\n"
       "rule gate" TOLD "when item.cn_customs = refuses then key = closed\n"
       "rule rounds exception to base" TOLD "when item.cn_stance = conditional-rounds then key = open\n"
       "rule slow exception to rounds" TOLD "when not application.stage has approved\n"
       "rule barred" TOLD "when buyer.access = barred then key = closed\n",
    /* claims by name, numbers, something to do, a fact of the order */
    CN "rule told" BY("K01 or (K02 and K03)") "when quantity >= 10 then key = closed\n"
       "rule relief exception to told" BY("K04") "when item.cn_stance != withheld then key = open\n"
       "  requires paper \"P\" before ship\n"
       "rule share" TOLD "when cn.foreign_per_domestic >= 500 % then key = licence\n"
       "rule held" TOLD "when application.stage has any of (ordered, delivered) and item.cn_stance = paused\n"
       "  then key = closed\n",
    /* named claims behind conditions that other named claims turn */
    CN "question mood : calm | tense otherwise calm\n"
       "rule base" ACT "then key = licence\n"
       "rule tense" BY("K02") "then mood = tense\n"
       "rule tenser" TOLD "when item.cn_stance = paused then mood = tense\n"
       "rule calm-closed" BY("K01") "when mood = calm then key = closed\n"
       "rule tense-open exception to base" BY("K03") "when mood = tense and buyer.access != barred then key = open\n"
       "rule back exception to tense-open" BY("K04") "when item.cn_customs = unreported\n",
    /* silence that cannot be told from ignorance */
    CN "rule base" ACT "when cn.foreign_per_domestic < 500 % then key = licence\n"
       "rule access" TOLD "when buyer.access = paused then key = closed\n"
       "rule cleared exception to base" TOLD "when application.stage has import-cleared then key = open\n"};

static const char *const us_rules[] = {
    US "rule base" ACT "then key = licence\n"
       "rule sold exception to base" TOLD "when application.stage has ordered then key = open\n",
    US "rule base" ACT "when quantity >= 5 then key = licence\n",
    US "rule shut" BY("K05 and K06") "then key = closed\n"
       "rule stop" BY("K03") "when item.cn_customs = refuses then key = licence\n"
       "rule go exception to stop" TOLD "when application.stage has delivered then key = open\n",
    US "rule stop" TOLD "when item.cn_customs != accepts then key = closed\n"};

/* --- claims --- */

static const char *const products[] = {"rtx4090d", "l20"}, *const product_names[] = {"RTX 4090D", "L20"};
static const char *const items[] = {"nvidia-rtx4090d", "nvidia-l20"};
static const char *const buyers[] = {"tsinghua", "jd", "china-mobile"};
static const char *const buyer_names[] = {"Tsinghua", "JD.com", "China Mobile"};

typedef struct said {
    tk_claim_kind kind;
    const char *fact, *value, *excludes;
    int product, buyer; /* -1: none */
    bool denies;
    int low, high;
    char about[64]; /* of a number of somebody's own words */
} said;

typedef struct made {
    char row[ROW_MAX];
    char id[16];
    said says[SAYS_MAX];
    int says_count;
    tk_date event, published;
    bool day;
    int against, supersedes; /* -1: none */
} made;

static made claims[CLAIMS_MAX];
static int claims_count;

static const char POSITIVE[] = "open|in-principle|conditional-rounds|orders-accepted", NEGATIVE[] = "paused|withheld";
static const char SHUT[] = "barred|paused";

typedef struct quantity {
    const char *text;
    int low, high;
} quantity;
static const quantity quantities[] = {{"0", 0, 0}, {"4", 4, 4}, {"3-6", 3, 6}, {"5", 5, 5}, {"5-9", 5, 9}};

static void say(made *m, tk_claim_kind kind, const char *fact, const char *value, const char *excludes, int product,
                int buyer, bool denies)
{
    if (0 <= product || 0 <= buyer)
        m->says[m->says_count++] = (said){.kind = kind, .fact = fact, .value = value, .excludes = excludes,
                                          .product = product, .buyer = buyer, .denies = denies};
}

static void say_number(made *m, const char *fact, const quantity *q, const char *about)
{
    said *s = &m->says[m->says_count++];
    *s = (said){.kind = TK_KIND_MEASURE, .fact = fact, .value = "", .excludes = "", .product = -1, .buyer = -1,
                .low = q->low, .high = q->high};
    (void)snprintf(s->about, sizeof s->about, "%s", about);
}

/* Everybody is told, or one buyer is. */
static void say_stop(made *m, const char *stance, int product, int buyer)
{
    if (buyer < 0)
        say(m, TK_KIND_STATE, "stance", stance, POSITIVE, product, -1, false);
    else
        say(m, TK_KIND_STATE, "access", "paused", "admitted", product, buyer, false);
}

/* What the predicate says: a second reading of claims/predicates.csv. */
static const char *say_what(made *m, int product, int buyer, const quantity *q, const char *actor, const char *subject)
{
    char about[64];
    switch (below(13)) {
    case 0:
        say(m, TK_KIND_STATE, "customs", "accepts", "refuses", product, -1, false);
        return "accepts_import";
    case 1:
        say(m, TK_KIND_STATE, "customs", "refuses", "accepts", product, -1, false);
        say(m, TK_KIND_STAGE, "stage", "import-cleared", "", product, -1, true);
        return "blocks_import";
    case 2:
        say(m, TK_KIND_STAGE, "stage", "approved", "", product, buyer, q != NULL && q->high == 0);
        if (0 <= buyer) {
            say(m, TK_KIND_STATE, "stance", "conditional-rounds", NEGATIVE, product, -1, false);
            say(m, TK_KIND_STATE, "access", "admitted", SHUT, product, buyer, false);
        }
        return "approves_import";
    case 3:
        say(m, TK_KIND_STAGE, "stage", "reported", "", product, buyer, q != NULL && q->high == 0);
        say(m, TK_KIND_STATE, "stance", "in-principle", NEGATIVE, product, -1, false);
        if (0 <= buyer)
            say(m, TK_KIND_STATE, "access", "admitted", SHUT, product, buyer, false);
        return "in_principle_approval";
    case 4:
        say_stop(m, "paused", product, buyer);
        return "instructs_pause";
    case 5:
        say_stop(m, "withheld", product, buyer);
        say(m, TK_KIND_STAGE, "stage", "delivered", "", product, buyer, true);
        return "withholds";
    case 6:
        say(m, TK_KIND_STAGE, "stage", "ordered", "", product, buyer, q != NULL && q->high == 0);
        (void)snprintf(about, sizeof about, "%s: %s", actor, subject);
        if (q != NULL)
            say_number(m, "orders", q, about);
        return "orders_placed";
    case 7:
        say(m, TK_KIND_STAGE, "stage", "cancelled", "", product, buyer, q != NULL && q->high == 0);
        return "cancels";
    case 8:
        say(m, TK_KIND_STAGE, "stage", "approved", "", product, buyer, true);
        return "denies";
    case 9:
        if (0 <= buyer)
            say(m, TK_KIND_STATE, "access", "barred", "", product, buyer, false);
        return "bans_purchase";
    case 10:
        if (q != NULL)
            say_number(m, "ratio", q, "");
        return "sets_foreign_per_domestic";
    case 11:
        say(m, TK_KIND_STAGE, "stage", "delivered", "", product, buyer, q != NULL && q->high == 0);
        return "delivers";
    default:
        return "motive";
    }
}

static void make_claim(int number)
{
    static const char *const events[] = {"2026-01-10", "2026-01-11", "2026-01-20",
                                         "2026-01",    "2026-02-01", "2026-03-01"};
    static const char *const reports[] = {"2026-01-12", "2026-01-25", "2026-02-02", "2026-03-02"};
    static const char *const actors[] = {"China", "GACC", "Nvidia"}, *const sources[] = {"Reuters", "FT", "GACC", ""};
    static const char *const kinds[] = {"official", "named_press", "anonymous_press", "social", "unsourced"};
    made *m = &claims[number];
    char id[16], subject[40], denied[56], against[16] = "", supersedes[16] = "";
    int product = (int)below(2), buyer = below(3) == 0 ? -1 : (int)below(3);
    const quantity *q = below(2) == 0 ? NULL : &PICK(quantities);
    const char *actor = PICK(actors), *event = PICK(events), *report = PICK(reports);
    tk_date last;
    *m = (made){.against = below(5) == 0 ? (int)below((uint64_t)claims_count) : -1,
                .supersedes = below(7) == 0 ? (int)below((uint64_t)claims_count) : -1};
    (void)snprintf(id, sizeof id, "K%02d", number + 1);
    memcpy(m->id, id, sizeof id);
    m->against = m->against == number ? -1 : m->against;
    m->supersedes = m->supersedes == number ? -1 : m->supersedes;
    if (0 <= m->against)
        (void)snprintf(against, sizeof against, "K%02d", m->against + 1);
    if (0 <= m->supersedes)
        (void)snprintf(supersedes, sizeof supersedes, "K%02d", m->supersedes + 1);
    (void)snprintf(subject, sizeof subject, "%s%s%s", product_names[product], buyer < 0 ? "" : " ",
                   buyer < 0 ? "" : buyer_names[buyer]);
    const char *predicate = say_what(m, product, buyer, q, actor, subject);
    (void)snprintf(denied, sizeof denied, "%s%s", subject, strcmp(predicate, "denies") == 0 ? " approval" : "");
    row_cells cells = {.id = id,
                       .event = event,
                       .reported = report,
                       .source = PICK(sources),
                       .kind = PICK(kinds),
                       .actor = actor,
                       .subject = denied,
                       .predicate = predicate,
                       .object = "",
                       .quantity = q == NULL ? "" : q->text,
                       .contradicts = against,
                       .supersedes = supersedes,
                       .derived_from = ""};
    row_write(m->row, &cells);
    assert_int_equal(tk_date_parse_partial(tk_str_from(event), &m->event, &last, NULL), TK_OK);
    m->day = m->event == last;
    assert_int_equal(tk_date_parse(tk_str_from(report), &m->published, NULL), TK_OK);
}

/* --- which of them oppose each other --- */

static bool listed(const char *list, const char *word)
{
    tk_str rest = tk_str_from(list), part;
    while (rest.len != 0 && tk_str_split(&rest, '|', &part))
        if (tk_str_is(part, word))
            return true;
    return false;
}

static int month_of(tk_date day)
{
    char text[TK_DATE_TEXT_MAX];
    (void)tk_date_format(day, text);
    return (text[5] - '0') * 10 + text[6] - '0'; /* all of one year */
}

static bool says_oppose(const made *a, const said *x, const made *b, const said *y)
{
    if (x->kind != y->kind || strcmp(x->fact, y->fact) != 0)
        return false;
    if (x->kind == TK_KIND_MEASURE)
        return strcmp(x->about, y->about) == 0 && month_of(a->event) == month_of(b->event)
               && (x->high < y->low || y->high < x->low);
    if (x->product != y->product)
        return false;
    if (x->kind == TK_KIND_STATE)
        return x->buyer == y->buyer && a->day && b->day && a->event == b->event
               && (listed(x->excludes, y->value) || listed(y->excludes, x->value));
    if (strcmp(x->value, y->value) != 0 || x->denies == y->denies)
        return false;
    const said *denial = x->denies ? x : y;
    tk_date denied = x->denies ? a->event : b->event, reported = x->denies ? b->event : a->event;
    return reported <= denied && (x->buyer == y->buyer || denial->buyer < 0);
}

static bool oppose(int a, int b)
{
    const made *x = &claims[a], *y = &claims[b];
    if (x->against == b || y->against == a)
        return true;
    for (int i = 0; i < x->says_count; i++)
        for (int k = 0; k < y->says_count; k++)
            if (says_oppose(x, &x->says[i], y, &y->says[k]))
                return true;
    return false;
}

/* --- books and desks --- */

static char folder[300], rules_folder[340];

static const char *path_of(const char *name)
{
    static char paths[4][400];
    static int next;
    char *path = paths[next++ % 4];
    (void)snprintf(path, sizeof paths[0], "%s/%s", folder, name);
    return path;
}

static void write_text(const char *path, const char *text)
{
    test_write(path, tk_str_from(text));
}

static void import(test_book *book, const int *order, int count)
{
    tk_out text;
    tk_err err = {0};
    tk_claims_imported done;
    tk_out_init(&text, NULL);
    tk_out_text(&text, row_header);
    for (int i = 0; i < count; i++)
        tk_out_text(&text, claims[order[i]].row);
    if (test_book_import(book, tk_out_str(&text), &done, &err) != TK_OK)
        fail_msg("%s", err.message);
    assert_int_equal(done.added, count);
    tk_out_fini(&text);
}

/* A book that holds the claims, imported in a random order and in two files. */
static const char *make_book(const char *name)
{
    const char *path = path_of(name);
    test_book book;
    tk_err err = {0};
    int order[CLAIMS_MAX];
    for (int i = 0; i < claims_count; i++) {
        int at = (int)below((uint64_t)i + 1);
        order[i] = order[at];
        order[at] = i;
    }
    if (test_book_open(&book, path, &err) != TK_OK)
        fail_msg("%s", err.message);
    int first = 1 + (int)below((uint64_t)claims_count - 1);
    import(&book, order, first);
    import(&book, order + first, claims_count - first);
    test_book_close(&book);
    return path;
}

typedef struct place_asked {
    tk_desk *desk;
    tk_clerk *clerk;
} place_asked;

static void place_open(place_asked *p, const char *book, bool named_only)
{
    tk_desk_options options = TK_DESK_OPTIONS_INIT;
    tk_messages *messages = NULL;
    tk_err err = {0};
    options.rulebook_folder = rules_folder;
    options.book = book;
    options.claims_named_only = named_only;
    if (tk_desk_open(&options, &p->desk, &messages, &err) != TK_OK)
        fail_msg("%s " TK_FMT, err.message,
                 TK_ARG_STR(tk_messages_count(messages) == 0 ? TK_STR("") : tk_messages_get(messages, 0)->text));
    tk_messages_free(messages);
    assert_int_equal(tk_clerk_new(p->desk, &p->clerk, &err), TK_OK);
}

static void place_close(place_asked *p)
{
    tk_clerk_free(p->clerk);
    tk_desk_close(p->desk);
}

/* --- one question --- */

typedef struct question {
    tk_transaction order;
    tk_ask ask;
    int candidates[CLAIMS_MAX]; /* known and not superseded, by id */
    int candidates_count;
    bool paper; /* an approval, or an authorisation, of some regime */
} question;

typedef struct answer {
    tk_verdict keys[KEYS_MAX]; /* cn, us; COUNT: not touched */
    tk_verdict overall;
} answer;

static void decide(place_asked *p, const question *q, tk_world world, unsigned set, bool range, tk_desk_result *result)
{
    uint32_t believed[CLAIMS_MAX];
    tk_ask ask = q->ask;
    tk_err err = {0};
    ask.world = world;
    ask.world_name = TK_STR("set");
    ask.claims = believed;
    ask.range = range;
    for (int i = 0; i < q->candidates_count; i++)
        if ((set >> i & 1) != 0)
            believed[ask.claims_count++] = (uint32_t)tk_rulebook_find_claim(
                tk_desk_rulebook(p->desk), tk_str_from(claims[q->candidates[i]].id), NULL);
    if (tk_clerk_decide(p->clerk, &q->order, &ask, result, &err) != TK_OK)
        fail_msg("%s", err.message);
}

static answer answer_of(const tk_desk_result *result)
{
    answer a = {.keys = {TK_VERDICT_COUNT, TK_VERDICT_COUNT}, .overall = result->verdict};
    for (size_t i = 0; i < result->decision->keys_count; i++)
        a.keys[tk_str_is(result->decision->keys[i].regime, "us") ? 1 : 0] = result->decision->keys[i].verdict;
    return a;
}

static void make_question(question *q)
{
    static const char *const as_of[] = {"2026-01-11", "2026-01-31", "2026-02-20", "2026-04-10"};
    static const char *const known_at[] = {"2026-01-20", "2026-02-10", "2026-06-01", "2026-06-01"};
    static const char *const evidence[] = {"", "", "cn.written-approval", "-cn.written-approval", "us.licence",
                                           "us.licence;cn.licence"};
    *q = (question){.ask = TK_ASK_INIT};
    q->ask.flags = 0;
    q->ask.as_of_given = q->ask.known_at_given = true;
    assert_int_equal(tk_date_parse(tk_str_from(PICK(as_of)), &q->ask.as_of, NULL), TK_OK);
    assert_int_equal(tk_date_parse(tk_str_from(PICK(known_at)), &q->ask.known_at, NULL), TK_OK);
    q->order.cells[TK_COLUMN_ITEM] = tk_str_from(PICK(items));
    q->order.cells[TK_COLUMN_END_USER] = tk_str_from(PICK(buyers));
    q->order.cells[TK_COLUMN_FROM] = TK_STR("US");
    q->order.cells[TK_COLUMN_TO] = TK_STR("CN");
    q->order.cells[TK_COLUMN_QUANTITY] = below(2) == 0 ? TK_STR("1") : TK_STR("20");
    tk_str shown = tk_str_from(PICK(evidence));
    q->paper = tk_str_is(shown, "cn.written-approval") || tk_str_starts(shown, TK_STR("us.licence"));
    q->order.cells[TK_COLUMN_EVIDENCE] = shown;
    for (int i = 0; i < claims_count; i++) {
        bool superseded = false;
        for (int by = 0; by < claims_count; by++)
            superseded |= claims[by].supersedes == i && claims[by].published <= q->ask.known_at;
        if (claims[i].published <= q->ask.known_at && !superseded)
            q->candidates[q->candidates_count++] = i;
    }
}

static bool consistent(const question *q, unsigned set)
{
    for (int i = 0; i < q->candidates_count; i++)
        for (int k = 0; k < i; k++)
            if ((set >> i & 1) != 0 && (set >> k & 1) != 0 && oppose(q->candidates[i], q->candidates[k]))
                return false;
    return true;
}

static unsigned set_of(const question *q, const tk_str *ids, size_t count)
{
    unsigned set = 0;
    for (size_t i = 0; i < count; i++) {
        int at = 0;
        while (at < q->candidates_count && !tk_str_is(ids[i], claims[q->candidates[at]].id))
            at++;
        if (at == q->candidates_count)
            fail_msg(TK_FMT " is no claim of this question", TK_ARG_STR(ids[i]));
        set |= 1U << at;
    }
    return set;
}

/* Fewest claims, then the smallest ids. */
static bool smaller(unsigned a, unsigned b)
{
    int x = __builtin_popcount(a), y = __builtin_popcount(b);
    return x != y ? x < y : (a & ((a ^ b) & (~(a ^ b) + 1))) != 0;
}

typedef struct extreme {
    tk_verdict verdict;
    unsigned set;
    bool found;
} extreme;

static void offer(extreme *e, tk_verdict verdict, unsigned set, bool worst)
{
    bool better = worst ? e->verdict < verdict : verdict < e->verdict;
    if (!e->found || better || (verdict == e->verdict && smaller(set, e->set)))
        *e = (extreme){verdict, set, true};
}

typedef struct ends {
    extreme worst[KEYS_MAX + 1], best[KEYS_MAX + 1];
} ends;

/* S5: no report makes a key better than what waits for the paper. */
static void never_better(const question *q, const answer *law, const answer *now)
{
    for (int i = 0; i < KEYS_MAX && !q->paper; i++)
        if (law->keys[i] != TK_VERDICT_COUNT && now->keys[i] < TK_VERDICT_CONDITIONAL)
            assert_true(law->keys[i] <= now->keys[i]);
    if (!q->paper && now->overall < TK_VERDICT_CONDITIONAL)
        assert_true(law->overall <= now->overall);
}

/* Of all sets that hold `held`; it is no part of what a smallest set is counted by. */
static void every_world(place_asked *p, const question *q, unsigned held, const answer *law, ends *out)
{
    tk_desk_result result;
    *out = (ends){0};
    for (unsigned set = 0; set < 1U << q->candidates_count; set++) {
        if ((set & held) != held || !consistent(q, set))
            continue;
        decide(p, q, TK_WORLD_CHOSEN, set, false, &result);
        answer now = answer_of(&result);
        never_better(q, law, &now);
        for (int i = 0; i <= KEYS_MAX; i++) {
            tk_verdict verdict = i == KEYS_MAX ? now.overall : now.keys[i];
            offer(&out->worst[i], verdict, set & ~held, true);
            offer(&out->best[i], verdict, set & ~held, false);
        }
    }
}

static void explain(const question *q, const char *what)
{
    print_error("%s: as of %d known at %d, " TK_FMT " to " TK_FMT ", quantity " TK_FMT ", evidence '" TK_FMT "'\n%s",
                what, (int)q->ask.as_of, (int)q->ask.known_at, TK_ARG_STR(q->order.cells[TK_COLUMN_ITEM]),
                TK_ARG_STR(q->order.cells[TK_COLUMN_END_USER]), TK_ARG_STR(q->order.cells[TK_COLUMN_QUANTITY]),
                TK_ARG_STR(q->order.cells[TK_COLUMN_EVIDENCE]), row_header);
    for (int i = 0; i < claims_count; i++)
        print_error("%s", claims[i].row);
}

static void same_bound(const question *q, const char *what, const tk_world_bound *bound, const extreme *e)
{
    unsigned set = set_of(q, bound->claims, bound->claims_count);
    if (bound->verdict == e->verdict && set == e->set)
        return;
    explain(q, what);
    fail_msg("%s: " TK_FMT " by %x, expected " TK_FMT " by %x", what, TK_ARG_STR(tk_verdict_name(bound->verdict)), set,
             TK_ARG_STR(tk_verdict_name(e->verdict)), e->set);
}

static void check_range(const question *q, const tk_world_view *view, const answer *law, const answer *prevailing,
                        const ends *e)
{
    assert_int_equal(view->ranges_count, KEYS_MAX);
    for (int i = 0; i < KEYS_MAX; i++) {
        const tk_world_range *range = &view->ranges[i];
        assert_true(tk_str_is(range->regime, i == 0 ? "cn" : "us"));
        assert_false(range->bound);
        assert_int_equal(range->law, law->keys[i]);
        assert_int_equal(range->prevailing.verdict, prevailing->keys[i]);
        same_bound(q, i == 0 ? "worst cn" : "worst us", &range->worst, &e->worst[i]);
        same_bound(q, i == 0 ? "best cn" : "best us", &range->best, &e->best[i]);
        assert_in_range(prevailing->keys[i], range->best.verdict, range->worst.verdict);
        assert_in_range(law->keys[i], range->best.verdict, range->worst.verdict);
    }
}

/* What is shown of what is believed may leave out what does not matter, and never holds two that oppose. */
static unsigned check_believed(const question *q, const tk_world_view *view)
{
    unsigned set = set_of(q, view->claims, view->claims_count);
    assert_true(consistent(q, set));
    return set;
}

/* Claims that the question believes are part of every set. */
static void check_held(place_asked *p, const question *q, const answer *law)
{
    tk_desk_result result;
    ends e;
    unsigned held = (unsigned)below(1U << q->candidates_count) & (unsigned)below(1U << q->candidates_count);
    if (held == 0 || !consistent(q, held))
        return;
    every_world(p, q, held, law, &e);
    decide(p, q, TK_WORLD_LAW, held, false, &result);
    answer bare = answer_of(&result);
    decide(p, q, TK_WORLD_LAW, held, true, &result);
    assert_int_equal(result.world->ranges_count, KEYS_MAX);
    for (int i = 0; i < KEYS_MAX; i++) {
        const tk_world_range *range = &result.world->ranges[i];
        assert_false(range->bound);
        assert_int_equal(range->law, bare.keys[i]);
        same_bound(q, "worst beside what is believed", &range->worst, &e.worst[i]);
        same_bound(q, "best beside what is believed", &range->best, &e.best[i]);
        assert_in_range(bare.keys[i], range->best.verdict, range->worst.verdict);
    }
}

static void check_question(place_asked *p, place_asked *other)
{
    question q;
    tk_desk_result result;
    ends e;
    tk_str json[2];
    tk_err err = {0};
    make_question(&q);
    decide(p, &q, TK_WORLD_LAW, 0, false, &result);
    answer law = answer_of(&result);
    every_world(p, &q, 0, &law, &e);
    check_held(p, &q, &law);
    decide(p, &q, TK_WORLD_PREVAILING, 0, true, &result);
    answer prevailing = answer_of(&result);
    never_better(&q, &law, &prevailing);
    unsigned set = check_believed(&q, result.world);
    check_range(&q, result.world, &law, &prevailing, &e);
    decide(p, &q, TK_WORLD_CHOSEN, set, false, &result);
    answer again = answer_of(&result);
    assert_memory_equal(&again, &prevailing, sizeof again);
    for (int worst = 0; worst < 2; worst++) {
        const extreme *wanted = worst == 1 ? &e.worst[KEYS_MAX] : &e.best[KEYS_MAX];
        decide(p, &q, worst == 1 ? TK_WORLD_STRICT : TK_WORLD_OPEN, 0, false, &result);
        (void)check_believed(&q, result.world);
        if (result.verdict != wanted->verdict)
            explain(&q, worst == 1 ? "strict" : "open");
        assert_int_equal(result.verdict, wanted->verdict);
    }
    /* The same bytes of a book into which the same claims came in another order, and of a desk that knows few. */
    for (tk_world world = TK_WORLD_LAW; world <= TK_WORLD_OPEN; world++) {
        q.ask.world = world;
        q.ask.range = true;
        q.ask.flags = TK_DECIDE_COMPARE | TK_DECIDE_WOULD_CHANGE;
        assert_int_equal(tk_clerk_decide_json(p->clerk, &q.order, &q.ask, &result, &json[0], &err), TK_OK);
        assert_int_equal(tk_clerk_decide_json(other->clerk, &q.order, &q.ask, &result, &json[1], &err), TK_OK);
        assert_int_equal(json[0].len, json[1].len);
        assert_memory_equal(json[0].ptr, json[1].ptr, json[0].len);
    }
}

/* --- who asks does not matter --- */

static void standings(test_book *book, const tk_claims_at *at, int product, int buyer, int *out)
{
    static const tk_str facts[] = {TK_STR("item.cn_stance"), TK_STR("item.cn_customs"), TK_STR("application.stage"),
                                   TK_STR("buyer.access"), TK_STR("cn.foreign_per_domestic")};
    tk_str party = tk_str_from(buyers[buyer]);
    tk_claims_subject subject = {.item = tk_str_from(products[product]), .parties = &party, .parties_count = 1};
    tk_claims_world *world = NULL;
    tk_arena arena;
    tk_err err = {0};
    tk_arena_init(&arena, (size_t)64 * 1024, 0);
    if (tk_claims_world_make(book->claims, at, facts, TK_COUNT(facts), &subject, NULL, 0, &arena, &world, &err)
        != TK_OK)
        fail_msg("%s", err.message);
    size_t count;
    const tk_claims_witness *w = tk_claims_world_witnesses(world, &count);
    for (size_t i = 0; i < count; i++)
        for (int c = 0; c < claims_count; c++) {
            if (!tk_str_is(w[i].id, claims[c].id))
                continue;
            if (out[c] != -1 && out[c] != (int)w[i].standing)
                fail_msg("%s: %s for one, %s for another", claims[c].row,
                         tk_claims_standing_says((tk_claims_standing)out[c]), tk_claims_standing_says(w[i].standing));
            out[c] = (int)w[i].standing;
            for (uint32_t k = 0; k < i; k++)
                assert_false(w[i].standing == TK_STANDS_PREVAILS && w[k].standing == TK_STANDS_PREVAILS
                             && tk_claims_world_oppose(world, (uint32_t)i, k));
        }
    tk_arena_fini(&arena);
}

static void check_standings(const char *path)
{
    test_book book;
    tk_err err = {0};
    int out[CLAIMS_MAX];
    if (test_book_open(&book, path, &err) != TK_OK)
        fail_msg("%s", err.message);
    tk_claims_at at = TK_CLAIMS_AT_ALL;
    memset(out, -1, sizeof out);
    for (int product = 0; product < 2; product++)
        for (int buyer = 0; buyer < 3; buyer++)
            standings(&book, &at, product, buyer, out);
    test_book_close(&book);
}

/* --- --- */

static void one_set(uint64_t round)
{
    place_asked first, second;
    claims_count = CLAIMS_MIN + (int)below(CLAIMS_MAX - CLAIMS_MIN + 1);
    for (int i = 0; i < claims_count; i++)
        make_claim(i);
    write_text(path_of("rules/cn.rules"), cn_rules[round % TK_COUNT(cn_rules)]);
    write_text(path_of("rules/us.rules"), us_rules[round / TK_COUNT(cn_rules) % TK_COUNT(us_rules)]);
    char a[32], b[32];
    (void)snprintf(a, sizeof a, "a%llu.db", (unsigned long long)round);
    (void)snprintf(b, sizeof b, "b%llu.db", (unsigned long long)round);
    const char *left = make_book(a), *right = make_book(b);
    check_standings(left);
    place_open(&first, left, false);
    place_open(&second, right, true);
    for (int i = 0; i < 3; i++)
        check_question(&first, &second);
    place_close(&second);
    place_close(&first);
}

static void test_worlds(void **given)
{
    test_place *place = *given;
    (void)snprintf(folder, sizeof folder, "%s", place->folder);
    (void)snprintf(rules_folder, sizeof rules_folder, "%s/rules", place->folder);
    assert_int_equal(mkdir(rules_folder, 0700), 0);
    write_text(path_of("rules/common.rules"), common);
    row_state = test_chosen("SEED", 1);
    uint64_t count = test_chosen("COUNT", 40);
    for (uint64_t round = 0; round < count; round++) {
        uint64_t seed = row_state;
        one_set(round);
        if (getenv("SEED") != NULL && count == 1)
            print_message("seed %llu done\n", (unsigned long long)seed);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_worlds, test_place_make, test_place_remove)};
    return cmocka_run_group_tests_name("claims/worlds", tests, NULL, NULL);
}
