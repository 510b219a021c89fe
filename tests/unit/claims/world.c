/* SPDX-License-Identifier: Apache-2.0 */
/* world.c: what prevails among the claims about one subject, and the facts that they make, on books of a few claims in
 * memory. The predicates are a table of the test's own, so that states can be denied too.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/compat.h"
#include "base/limits.h"
#include "base/num.h"
#include "base/out.h"
#include "claims/world.h"
#include "unit/claims/book.h"

static const char predicates[] =
    "predicate,unit,words,about,kind,fact,value,polarity,excludes,lane,topic,note\n"
    "accepts,,,item,state,item.customs,accepts,for,refuses,cn,official,\n"
    "approves,,,application,stage,application.stage,approved,for,,cn,official,\n"
    "bars,,,buyer,state,buyer.access,barred,for,,cn,official,\n"
    "cancels,,,application,stage,application.stage,cancelled,for,,cn,orders,\n"
    "denies,,,application,stage,application.stage,@subject,against,,actor,official,\n"
    "denies_acceptance,,,item,state,item.customs,accepts,against,,actor,official,\n"
    "denies_cancelling,,,application,stage,application.stage,cancelled,against,,actor,official,\n"
    "holds,,,item,state,item.customs,holds,for,,cn,official,\n"
    "orders,,,application,stage,application.stage,ordered,for,,cn,orders,\n"
    "refuses,,,item,state,item.customs,refuses,for,accepts,cn,official,\n"
    "sees,,,,,,,,,actor,official,words alone\n"
    "sets_ratio,,,regime,measure,cn.ratio,,for,,cn,domestic,\n"
    "waits,,,item,state,item.customs,waits,for,accepts,cn,official,\n";

enum { CUSTOMS, STAGE, ACCESS, RATIO, FACTS };
static const tk_str facts[FACTS] = {TK_STR("item.customs"), TK_STR("application.stage"), TK_STR("buyer.access"),
                                    TK_STR("cn.ratio")};

typedef struct scene {
    test_book book;
    tk_arena arena;
    tk_claims_at at;
    tk_claims_subject subject;
    tk_str parties[3];
    tk_claims_world *world;
    const tk_claims_witness *witnesses;
    size_t count;
} scene;

static int scene_make(void **state)
{
    static scene s;
    tk_err err = {0};
    tk_source table = {.name = TK_STR("predicates.csv"), .text = TK_STR(predicates)};
    s = (scene){.at = TK_CLAIMS_AT_ALL};
    s.parties[0] = TK_STR("bytedance");
    s.subject = (tk_claims_subject){.item = TK_STR("h200"), .parties = s.parties, .parties_count = 1};
    tk_arena_init(&s.arena, 4096, 0);
    *state = &s;
    if (test_book_open_with(&s.book, NULL, &table, &err) == TK_OK)
        return 0;
    print_error("%s\n", err.message);
    return -1;
}

static int scene_end(void **state)
{
    scene *s = *state;
    test_book_close(&s->book);
    tk_arena_fini(&s->arena);
    return 0;
}

static const char header[] = "id,date_event,date_reported,source,source_kind,actor,subject,predicate,object,quantity,"
                             "unit,contradicts,supersedes,derived_from\n";

static void told(scene *s, const char *rows)
{
    tk_err err = {0};
    tk_claims_imported done;
    tk_str text = tk_arena_printf(&s->arena, "%s%s", header, rows);
    if (test_book_import(&s->book, text, &done, &err) != TK_OK)
        fail_msg("%s", err.message);
    assert_int_equal(done.rejected, 0);
}

static void asked_named(scene *s, const tk_str *named, size_t named_count)
{
    tk_err err = {0};
    if (tk_claims_world_make(s->book.claims, &s->at, facts, FACTS, &s->subject, named, named_count, &s->arena,
                             &s->world, &err) != TK_OK)
        fail_msg("%s", err.message);
    s->witnesses = tk_claims_world_witnesses(s->world, &s->count);
}

static void asked(scene *s)
{
    asked_named(s, NULL, 0);
}

static tk_date day(const char *text)
{
    tk_date date = 0;
    assert_int_equal(tk_date_parse(tk_str_from(text), &date, NULL), TK_OK);
    return date;
}

static uint32_t place_of(const scene *s, const char *id)
{
    for (uint32_t i = 0; i < s->count; i++)
        if (tk_str_is(s->witnesses[i].id, id))
            return i;
    return UINT32_MAX;
}

static void stands(const scene *s, const char *id, tk_claims_standing standing)
{
    uint32_t at = place_of(s, id);
    if (at == UINT32_MAX)
        fail_msg("%s is no witness", id);
    if (s->witnesses[at].standing != standing)
        fail_msg("%s: %s, expected %s", id, tk_claims_standing_says(s->witnesses[at].standing),
                 tk_claims_standing_says(standing));
}

/* The fact as text, with "~" before what is stale and "!" before what is broken; "-": nobody says anything. The ids of
 * whoever says it follow. Of what prevails, or of the ids with spaces between them. */
static const char *fold_under(scene *s, size_t fact, const char *as_of, int32_t holds, const char *ids)
{
    uint64_t bits[4] = {0};
    assert_in_range(s->count, 0, sizeof bits * 8);
    tk_str rest = tk_str_from(ids == NULL ? "" : ids), id;
    for (uint32_t i = 0; ids == NULL && i < s->count; i++)
        if (s->witnesses[i].standing == TK_STANDS_PREVAILS)
            bits[i / 64] |= UINT64_C(1) << (i % 64);
    while (rest.len != 0 && tk_str_split(&rest, ' ', &id)) {
        uint32_t at = 0;
        while (at < s->count && !tk_str_eq(s->witnesses[at].id, id))
            at++;
        assert_in_range(at, 0, s->count - 1);
        bits[at / 64] |= UINT64_C(1) << (at % 64);
    }
    tk_claims_fold fold;
    tk_date today = day(as_of);
    tk_date heard = s->at.known_at < today ? s->at.known_at : today;
    tk_claims_world_fact(s->world, fact, bits, today, heard, holds, &fold);
    if (!fold.said)
        return "-";
    size_t count;
    const tk_str *words = tk_claims_world_words(s->world, fact, &count);
    tk_str text = tk_arena_printf(&s->arena, "%s%s", fold.stale ? "~" : "", fold.broken ? "!" : "");
    if (fold.kind == TK_KIND_MEASURE)
        text = tk_arena_printf(&s->arena, TK_FMT TK_FMT, TK_ARG_STR(text),
                               TK_ARG_STR(tk_claims_bounds_text(&fold.bounds, &s->arena)));
    else
        for (size_t i = 0; i < count; i++)
            if ((fold.words >> i & 1) != 0)
                text = tk_arena_printf(&s->arena, TK_FMT TK_FMT "%s ", TK_ARG_STR(text), TK_ARG_STR(words[i]),
                                       (fold.off >> i & 1) != 0 ? "(off)" : "");
    char since[TK_DATE_TEXT_MAX + 1] = "";
    (void)tk_date_format(fold.since, since);
    since[10] = '\0';
    uint32_t voices[256];
    assert_in_range(tk_claims_world_lines(s->world, fact), 0, TK_COUNT(voices));
    size_t speaking = tk_claims_world_voices(s->world, fact, bits, today, &fold, voices);
    text = tk_arena_printf(&s->arena, TK_FMT "| %s", TK_ARG_STR(text), since + 5);
    for (size_t i = 0; i < speaking; i++)
        text = tk_arena_printf(&s->arena, TK_FMT " " TK_FMT, TK_ARG_STR(text), TK_ARG_STR(s->witnesses[voices[i]].id));
    return tk_arena_printf(&s->arena, TK_FMT "%c", TK_ARG_STR(text), '\0').ptr;
}

static const char *fold(scene *s, size_t fact, const char *as_of)
{
    return fold_under(s, fact, as_of, 0, NULL);
}

#define ON(date) date "," date ","

/* --- states --- */

static void test_states_of_days(void **state)
{
    scene *s = *state;
    told(s, "A," ON("2026-01-10") "FT,named_press,China,H200,accepts,,,,,,\n"
            "B," ON("2026-01-20") "FT,named_press,China,H200,refuses,,,,,,\n"
            "C,2026-02,2026-02-03,FT,named_press,China,H200,accepts,,,,,,\n");
    asked(s);
    assert_int_equal(s->count, 3);
    assert_string_equal(fold(s, CUSTOMS, "2026-01-09"), "-");
    assert_string_equal(fold(s, CUSTOMS, "2026-01-10"), "accepts | 01-10 A");
    assert_string_equal(fold(s, CUSTOMS, "2026-01-19"), "accepts | 01-10 A");
    assert_string_equal(fold(s, CUSTOMS, "2026-01-20"), "refuses | 01-20 B");
    /* A partial date begins on its first day. */
    assert_string_equal(fold(s, CUSTOMS, "2026-02-01"), "accepts | 02-01 C");
    assert_false(s->witnesses[place_of(s, "C")].event_is_day);
    stands(s, "A", TK_STANDS_PREVAILS);
    stands(s, "B", TK_STANDS_PREVAILS);
    assert_string_equal(fold_under(s, CUSTOMS, "2026-03-01", 0, "A"), "accepts | 01-10 A");
    assert_string_equal(fold_under(s, CUSTOMS, "2026-03-01", 0, ""), "-");
}

static void test_states_of_one_day(void **state)
{
    scene *s = *state;
    told(s, "A," ON("2026-01-10") "FT,named_press,China,H200,accepts,,,,,,\n"
            "B," ON("2026-01-10") "Reuters,named_press,China,H200,refuses,,,,,,\n"
            "H," ON("2026-01-10") "WSJ,named_press,China,H200,holds,,,,,,\n"
            "D," ON("2026-01-15") "WSJ,named_press,China,H200,denies_acceptance,,,,,,\n");
    asked(s);
    /* As much on either side: neither is believed. */
    stands(s, "A", TK_STANDS_DISPUTED);
    stands(s, "B", TK_STANDS_DISPUTED);
    assert_string_equal(fold(s, CUSTOMS, "2026-01-10"), "holds | 01-10 H");
    assert_true(tk_claims_world_oppose(s->world, place_of(s, "A"), place_of(s, "B")));
    assert_false(tk_claims_world_oppose(s->world, place_of(s, "A"), place_of(s, "H")));
    /* What need not exclude each other is still more than one answer. */
    assert_string_equal(fold_under(s, CUSTOMS, "2026-01-10", 0, "B H"), "!holds refuses | 01-10 B H");
    /* A denial of a later day takes the state back; one of an earlier day says nothing of it. */
    assert_string_equal(fold_under(s, CUSTOMS, "2026-01-14", 0, "A D"), "accepts | 01-10 A");
    assert_string_equal(fold_under(s, CUSTOMS, "2026-01-15", 0, "A D"), "!accepts | 01-10 A");
    assert_string_equal(fold_under(s, CUSTOMS, "2026-01-15", 0, "B D"), "refuses | 01-10 B");
    assert_string_equal(fold_under(s, CUSTOMS, "2026-01-15", 0, "D"), "-");
}

/* Three states of a day of which two exclude the third: each dispute is decided by its own two sides. */
static void test_states_not_opposed(void **state)
{
    scene *s = *state;
    told(s, "A," ON("2026-01-10") "FT,anonymous_press,China,H200,accepts,,,,,,\n"
            "R," ON("2026-01-10") "Reuters,named_press,China,H200,refuses,,,,,,\n"
            "W1," ON("2026-01-10") "WSJ,named_press,China,H200,waits,,,,,,\n"
            "W2," ON("2026-01-10") "Nikkei,named_press,China,H200,waits,,,,,,\n");
    asked(s);
    stands(s, "A", TK_STANDS_OVERRULED);
    stands(s, "R", TK_STANDS_PREVAILS);
    stands(s, "W1", TK_STANDS_PREVAILS);
    assert_string_equal(fold(s, CUSTOMS, "2026-01-10"), "!refuses waits | 01-10 R W1 W2");
}

/* --- stages --- */

static void test_stages(void **state)
{
    scene *s = *state;
    told(s, "A," ON("2026-01-10") "FT,named_press,China,H200 ByteDance,approves,,,,,,\n"
            "N," ON("2026-01-12") "FT,named_press,China,H200,orders,,,,,,\n" /* nobody is named: reaches nothing */
            "O," ON("2026-01-20") "FT,named_press,ByteDance,H200,orders,,,,,,\n"
            "X," ON("2026-02-01") "FT,named_press,ByteDance,H200,cancels,,,,,,\n"
            "P," ON("2026-03-01") "FT,named_press,ByteDance,H200,orders,,,,,,\n"
            "T," ON("2026-01-11") "FT,named_press,Tencent,H200,orders,,,,,,\n");
    asked(s);
    assert_int_equal(s->count, 5);
    assert_string_equal(fold(s, STAGE, "2026-01-09"), "-");
    assert_string_equal(fold(s, STAGE, "2026-01-15"), "approved | 01-10 A");
    assert_string_equal(fold(s, STAGE, "2026-01-20"), "approved ordered | 01-20 A O");
    assert_string_equal(fold(s, STAGE, "2026-02-01"), "cancelled(off) | 02-01 X");
    assert_string_equal(fold(s, STAGE, "2026-03-01"), "ordered | 03-01 O P");
}

/* On one day what ends the way up comes after it, whatever the ids. */
static void test_stages_of_one_day(void **state)
{
    scene *s = *state;
    told(s, "A," ON("2026-01-10") "FT,named_press,China,H200 ByteDance,cancels,,,,,,\n"
            "B," ON("2026-01-10") "FT,named_press,ByteDance,H200,orders,,,,,,\n"
            "C," ON("2026-01-12") "FT,named_press,ByteDance,H200,denies_cancelling,,,,,,\n");
    asked(s);
    assert_string_equal(fold_under(s, STAGE, "2026-01-10", 0, "A B"), "cancelled(off) | 01-10 A");
    /* A denied end is none, and brings nothing back. */
    assert_string_equal(fold_under(s, STAGE, "2026-01-12", 0, "A B C"), "| 01-10");
}

static void test_stages_denied(void **state)
{
    scene *s = *state;
    told(s, "A," ON("2026-01-10") "FT,named_press,China,H200 ByteDance,approves,,,,,,\n"
            "B," ON("2026-01-10") "WSJ,named_press,ByteDance,H200,orders,,,,,,\n"
            "D," ON("2026-01-12") "MFA,official,MFA,H200 approval,denies,,,,,,\n"
            "E," ON("2026-01-20") "FT,named_press,China,H200 ByteDance,approves,,,,,,\n"
            "Z," ON("2026-01-09") "Reuters,named_press,ByteDance,H200,orders,,0,chips,,,\n");
    asked(s);
    stands(s, "A", TK_STANDS_OVERRULED); /* an authority on itself, against a report */
    stands(s, "D", TK_STANDS_PREVAILS);
    stands(s, "E", TK_STANDS_PREVAILS); /* of a later day */
    assert_string_equal(fold(s, STAGE, "2026-01-12"), "ordered | 01-10 B");
    assert_string_equal(fold(s, STAGE, "2026-01-20"), "approved ordered | 01-20 B E");
    /* "0 ordered" of the day before denies nothing of this one, and is no voice for it. */
    stands(s, "Z", TK_STANDS_PREVAILS);
    assert_string_equal(fold_under(s, STAGE, "2026-01-11", 0, "A D"), "approved | 01-10 A");
    assert_string_equal(fold_under(s, STAGE, "2026-01-12", 0, "A D"), "| 01-10");
    assert_string_equal(fold_under(s, STAGE, "2026-01-20", 0, "A D E"), "approved | 01-20 A E");
    assert_string_equal(fold_under(s, STAGE, "2026-01-12", 0, "D"), "-");
}

/* --- measures --- */

static void test_measures(void **state)
{
    scene *s = *state;
    told(s, "A," ON("2026-01-10") "FT,named_press,China,chips,sets_ratio,,>4,x,,,\n"
            "B," ON("2026-01-10") "WSJ,named_press,China,chips,sets_ratio,,2-6,x,,,\n"
            "C," ON("2026-02-10") "WSJ,named_press,China,chips,sets_ratio,,3,x,,,\n"
            "N," ON("2026-02-12") "WSJ,named_press,China,chips,sets_ratio,,,x,,,\n"
            "E," ON("2026-03-05") "WSJ,named_press,China,chips,sets_ratio,,3,x,,,\n"
            "F," ON("2026-03-06") "FT,named_press,China,chips,sets_ratio,,9,x,,,\n");
    asked(s);
    assert_int_equal(place_of(s, "N"), UINT32_MAX); /* no number, nothing said */
    assert_string_equal(fold(s, RATIO, "2026-01-31"), "4.000001 .. 6| 01-10 A B");
    assert_string_equal(fold(s, RATIO, "2026-02-28"), "3| 02-10 C");
    /* Numbers of one month that do not meet are a dispute; of other months a change. */
    stands(s, "C", TK_STANDS_PREVAILS);
    stands(s, "E", TK_STANDS_DISPUTED);
    stands(s, "F", TK_STANDS_DISPUTED);
    assert_string_equal(fold(s, RATIO, "2026-03-31"), "3| 02-10 C");
    assert_string_equal(fold_under(s, RATIO, "2026-03-31", 0, "E F"), "9| 03-06 F");
}

/* A number that fits the one that prevails is not overruled by it, though both stand against a third. */
static void test_measures_that_meet(void **state)
{
    scene *s = *state;
    told(s, "A," ON("2026-01-10") "FT,analyst,Analyst,chips,sets_ratio,,1-2,x,,,\n"
            "B," ON("2026-01-10") "WSJ,named_press,China,chips,sets_ratio,,3-5,x,,,\n"
            "C," ON("2026-01-10") "Nikkei,named_press,China,chips,sets_ratio,,4-7,x,,,\n"
            "D," ON("2026-01-10") "NDRC,official,NDRC,chips,sets_ratio,,6-9,x,,,\n");
    asked(s);
    stands(s, "A", TK_STANDS_OVERRULED);
    stands(s, "B", TK_STANDS_OVERRULED);
    stands(s, "C", TK_STANDS_PREVAILS);
    stands(s, "D", TK_STANDS_PREVAILS);
    assert_string_equal(fold(s, RATIO, "2026-01-31"), "6 .. 7| 01-10 C D");
}

/* --- what prevails --- */

static void test_standing(void **state)
{
    scene *s = *state;
    told(s, /* by the number of independent sources; what repeats another is none */
            "A1," ON("2026-01-10") "FT,anonymous_press,China,H200,accepts,,,,,,\n"
            "A2," ON("2026-01-10") "WSJ,anonymous_press,China,H200,accepts,,,,,,\n"
            "B1," ON("2026-01-10") "Nikkei,named_press,China,H200,refuses,,,,,,\n"
            "B2," ON("2026-01-10") "Relay,social,China,H200,refuses,,,,,,B1\n"
            /* by grade */
            "C," ON("2026-01-11") "FT,named_press,China,H200,accepts,,,,,,\n"
            "D," ON("2026-01-11") "WSJ,anonymous_press,China,H200,refuses,,,,,,\n"
            /* an act of one's own against any number of reports */
            "E1," ON("2026-01-12") "FT,named_press,China,H200,accepts,,,,,,\n"
            "E2," ON("2026-01-12") "WSJ,named_press,China,H200,accepts,,,,,,\n"
            "F," ON("2026-01-12") "GACC,official,GACC,H200,refuses,,,,,,\n"
            /* superseded: counts for nothing */
            "G," ON("2026-01-13") "FT,named_press,China,H200,accepts,,,,,,\n"
            "H," ON("2026-01-14") "FT,named_press,China,H200,refuses,,,,,G,\n"
            "I," ON("2026-01-13") "WSJ,anonymous_press,China,H200,refuses,,,,,,\n"
            /* without a source: not believed, and in no dispute by itself */
            "U," ON("2026-01-15") "Somebody,unsourced,China,H200,accepts,,,,,,\n");
    asked(s);
    stands(s, "A1", TK_STANDS_PREVAILS);
    stands(s, "A2", TK_STANDS_PREVAILS);
    stands(s, "B1", TK_STANDS_OVERRULED);
    stands(s, "B2", TK_STANDS_OVERRULED);
    stands(s, "C", TK_STANDS_PREVAILS);
    stands(s, "D", TK_STANDS_OVERRULED);
    stands(s, "E1", TK_STANDS_OVERRULED);
    stands(s, "E2", TK_STANDS_OVERRULED);
    stands(s, "F", TK_STANDS_PREVAILS);
    stands(s, "G", TK_STANDS_SUPERSEDED);
    stands(s, "H", TK_STANDS_PREVAILS);
    stands(s, "I", TK_STANDS_PREVAILS);
    stands(s, "U", TK_STANDS_UNSOURCED);
    assert_string_equal(fold(s, CUSTOMS, "2026-01-15"), "refuses | 01-14 H");
}

/* Nobody who has no source weighs anything against somebody who has. */
static void test_unsourced_alone(void **state)
{
    scene *s = *state;
    told(s, "A," ON("2026-01-10") "FT,named_press,China,H200,accepts,,,,,,\n"
            "U1," ON("2026-01-10") "One,unsourced,China,H200,refuses,,,,,,\n"
            "U2," ON("2026-01-10") "Two,unsourced,China,H200,refuses,,,,,,\n"
            "L," ON("2026-01-20") "FT,named_press,China,H200,accepts,,,,U1,,\n");
    asked(s);
    stands(s, "A", TK_STANDS_PREVAILS);
    stands(s, "L", TK_STANDS_PREVAILS);
    assert_string_equal(fold(s, CUSTOMS, "2026-01-10"), "accepts | 01-10 A");
}

static void test_links(void **state)
{
    scene *s = *state;
    told(s, "A," ON("2026-01-10") "FT,named_press,China,H200,accepts,,,,,,\n"
            "B," ON("2026-01-20") "WSJ,anonymous_press,China,H200,holds,,,,A,,\n"
            "C," ON("2026-01-22") "WSJ,anonymous_press,China,H200,accepts,,,,D,,\n"
            "D," ON("2026-01-25") "FT,anonymous_press,China,H200,holds,,,,,,\n"
            "E," ON("2026-01-28") "FT,named_press,China,nothing at all,sees,,,,F,,\n"
            "F," ON("2026-01-28") "WSJ,named_press,China,H200,accepts,,,,,,\n"
            "G," ON("2026-01-30") "WSJ,named_press,China,H200,accepts,,,,gone,,\n");
    asked(s);
    stands(s, "A", TK_STANDS_PREVAILS);
    stands(s, "B", TK_STANDS_OVERRULED);
    stands(s, "C", TK_STANDS_DISPUTED);
    stands(s, "D", TK_STANDS_DISPUTED);
    stands(s, "F", TK_STANDS_DISPUTED); /* by one that is no witness here */
    stands(s, "G", TK_STANDS_PREVAILS);
    assert_int_equal(place_of(s, "E"), UINT32_MAX);
    assert_true(tk_claims_world_oppose(s->world, place_of(s, "A"), place_of(s, "B")));
    /* E says nothing of the facts, but rules name it. */
    const tk_str named[] = {TK_STR("E"), TK_STR("no such claim")};
    asked_named(s, named, 2);
    stands(s, "E", TK_STANDS_DISPUTED);
    assert_int_equal(s->witnesses[place_of(s, "E")].says_count, 0);
    assert_true(tk_claims_world_oppose(s->world, place_of(s, "E"), place_of(s, "F")));
    assert_false(tk_claims_world_oppose(s->world, place_of(s, "E"), place_of(s, "A")));
}

/* --- silence --- */

static void test_stale(void **state)
{
    scene *s = *state;
    told(s, "A," ON("2026-01-10") "FT,named_press,China,H200,accepts,,,,,,\n");
    asked(s);
    assert_string_equal(fold_under(s, CUSTOMS, "2026-01-20", 10, NULL), "accepts | 01-10 A");
    assert_string_equal(fold_under(s, CUSTOMS, "2026-01-21", 10, NULL), "~accepts | 01-10 A");
    assert_string_equal(fold_under(s, CUSTOMS, "2036-01-21", 0, NULL), "accepts | 01-10 A");
    /* Age is counted to what is known, not to the day asked about. */
    s->at.known_at = day("2026-01-20");
    asked(s);
    assert_string_equal(fold_under(s, CUSTOMS, "2026-12-31", 10, NULL), "accepts | 01-10 A");
}

/* --- which claims --- */

static void test_times(void **state)
{
    scene *s = *state;
    told(s, "A," ON("2026-01-10") "FT,named_press,China,H200,accepts,,,,,,\n"
            "B,2026-01-10,2026-01-29,WSJ,official,China,H200,refuses,,,,,,\n");
    told(s, "C,2026-01-20,2026-01-20,WSJ,named_press,China,H200,holds,,,,,A,\n"
            "P,2026-01-05,2026-01,WSJ,named_press,China,H200,holds,,,,,,\n");
    s->at.known_at = day("2026-01-28");
    asked(s);
    assert_int_equal(s->count, 2);
    stands(s, "A", TK_STANDS_SUPERSEDED);
    assert_string_equal(fold(s, CUSTOMS, "2026-02-01"), "holds | 01-20 C");
    s->at.known_at = day("2026-01-19"); /* nobody has corrected it yet */
    asked(s);
    stands(s, "A", TK_STANDS_PREVAILS);
    s->at.known_at = day("2026-01-31");
    asked(s);
    assert_int_equal(s->count, 4);
    s->at = (tk_claims_at){.known_at = TK_DATE_MAX, .number = 2};
    asked(s);
    assert_int_equal(s->count, 2);
    stands(s, "A", TK_STANDS_OVERRULED);
    stands(s, "B", TK_STANDS_PREVAILS);
    s->at.number = 0;
    asked(s);
    assert_int_equal(s->count, 0);
    assert_string_equal(fold(s, CUSTOMS, "2026-02-01"), "-");
}

static void test_subjects(void **state)
{
    scene *s = *state;
    told(s, "A," ON("2026-01-10") "FT,named_press,China,Alibaba,bars,,,,,,\n"
            "B," ON("2026-01-10") "FT,named_press,China,ByteDance,bars,,,,,,\n"
            "C," ON("2026-01-10") "FT,named_press,China,telecom operators,bars,,,,,,\n"
            "D," ON("2026-01-10") "FT,named_press,China,H20,accepts,,,,,,\n"
            "E," ON("2026-01-10") "FT,named_press,China,H200,accepts,,,,,,\n"
            "F," ON("2026-01-10") "FT,named_press,China,H200; H20,holds,,,,,,\n"
            "G," ON("2026-01-10") "FT,named_press,China,ByteDance; Alibaba,orders,H200,,,,,\n");
    asked(s);
    assert_int_equal(s->count, 4); /* B E F G */
    assert_int_not_equal(place_of(s, "B"), UINT32_MAX);
    s->parties[1] = TK_STR("alibaba"); /* its parent */
    s->parties[2] = TK_STR("telecom"); /* its class */
    s->subject.parties_count = 3;
    s->subject.item = TK_STR("h20");
    asked(s);
    assert_int_equal(s->count, 5); /* A B C D F */
    assert_string_equal(fold(s, ACCESS, "2026-01-10"), "barred | 01-10 A B C");
    s->subject = (tk_claims_subject){.item = TK_STR("")};
    asked(s);
    assert_int_equal(s->count, 0);
}

static void test_unknown_words(void **state)
{
    scene *s = *state;
    told(s, "A," ON("2026-01-10") "FT,named_press,China,H200,never_heard_of,,,,,,\n"
            "B," ON("2026-01-10") "FT,named_press,China,H200,sees,,,,,,\n"
            "C," ON("2026-01-10") "FT,named_press,China,H200 soon,denies,,,,,,\n");
    asked(s);
    assert_int_equal(s->count, 0);
}

static void test_limits(void **state)
{
    scene *s = *state;
    tk_out rows;
    tk_out_init(&rows, NULL);
    for (int i = 0; i <= TK_CLAIMS_WITNESSES_MAX; i++)
        tk_out_printf(&rows, "W%06d," ON("2026-01-10") "FT,named_press,China,H200,accepts,,,,,,\n", i);
    tk_out_char(&rows, '\0');
    s->at.number = TK_CLAIMS_WITNESSES_MAX;
    told(s, tk_out_str(&rows).ptr);
    tk_out_fini(&rows);
    asked(s);
    assert_int_equal(s->count, TK_CLAIMS_WITNESSES_MAX);
    assert_int_equal(s->witnesses[17].standing, TK_STANDS_PREVAILS);
    s->at.number++;
    tk_err err = {0};
    assert_int_equal(tk_claims_world_make(s->book.claims, &s->at, facts, FACTS, &s->subject, NULL, 0, &s->arena,
                                          &s->world, &err),
                     TK_ERR_LIMIT);
    assert_non_null(strstr(err.message, "100000"));
    assert_null(s->world);
    tk_str many[TK_CLAIMS_FACTS_MAX + 1] = {{0}};
    assert_int_equal(tk_claims_world_make(s->book.claims, &s->at, many, TK_COUNT(many), &s->subject, NULL, 0, &s->arena,
                                          &s->world, &err),
                     TK_ERR_LIMIT);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, scene_make, scene_end)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_states_of_days), TEST(test_states_of_one_day), TEST(test_states_not_opposed),
        TEST(test_stages),         TEST(test_stages_of_one_day), TEST(test_stages_denied),
        TEST(test_measures),       TEST(test_measures_that_meet), TEST(test_standing),
        TEST(test_unsourced_alone), TEST(test_links),            TEST(test_stale),
        TEST(test_times),          TEST(test_subjects),          TEST(test_unknown_words),
        TEST(test_limits)};
    return cmocka_run_group_tests_name("claims/world", tests, NULL, NULL);
}
