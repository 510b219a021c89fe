/* SPDX-License-Identifier: Apache-2.0 */
/* golden.h: rows that decide one order at a desk with the shipped rulebook and hold the answer against one line.
 *
 * An order is words apart by blanks, `column=value` or `fact=value`, bounds without blanks (`1..2`). Three more words:
 *     believe=C105+C091   law=text   known_at=DATE
 *
 * What is expected is parts apart by ` | `. The first part is the overall verdict; each other part begins with a regime
 * and, apart by `; `, says of its key:
 *     us licence law       verdict and, where given, basis        us absent        the key is not touched
 *     review=denial        an answer; `key=open+licence` the possible ones
 *     missing a+b          exactly these facts; `missing -` none
 *     presumes a           among the presumed facts
 *     open a   met a   failed a     a condition
 *     cites TEXT           some reason cites exactly this         report C105      among the deciding reports
 *     note TEXT            some note of what is not modelled contains this
 */
#ifndef TEST_GOLDEN_H
#define TEST_GOLDEN_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/num.h"
#include "base/str.h"
#include "twokey/desk.h"

enum { GOLDEN_FACTS_MAX = 24, GOLDEN_CLAIMS_MAX = 16, GOLDEN_TEXT_MAX = 2048 };

typedef struct golden {
    tk_desk *desk;
    tk_clerk *clerk;
} golden;

static inline void golden_open(golden *g)
{
    tk_desk_options options = TK_DESK_OPTIONS_INIT;
    tk_messages *messages = NULL;
    tk_err err = {0};
    tk_status status = tk_desk_open(&options, &g->desk, &messages, &err);
    for (size_t i = 0; status != TK_OK && i < tk_messages_count(messages); i++) {
        const tk_message *m = tk_messages_get(messages, i);
        print_error(TK_FMT ":%u: " TK_FMT "\n", TK_ARG_STR(m->file), m->line, TK_ARG_STR(m->text));
    }
    tk_messages_free(messages);
    if (status != TK_OK)
        print_error("%s\n", err.message);
    assert_int_equal(status, TK_OK);
    assert_int_equal(tk_clerk_new(g->desk, &g->clerk, &err), TK_OK);
}

static inline void golden_close(golden *g)
{
    tk_clerk_free(g->clerk);
    tk_desk_close(g->desk);
}

/* --- the order --- */

typedef struct golden_order {
    tk_transaction order;
    tk_fact_text facts[GOLDEN_FACTS_MAX];
    uint32_t claims[GOLDEN_CLAIMS_MAX];
    tk_ask ask;
    char text[GOLDEN_TEXT_MAX]; /* what the cells point into */
} golden_order;

static inline void golden_claims(const golden *g, tk_str names, golden_order *out)
{
    tk_str name;
    size_t count = 0;
    while (tk_str_split(&names, '+', &name)) {
        size_t claim = tk_rulebook_find_claim(tk_desk_rulebook(g->desk), name, NULL);
        assert_true(claim != SIZE_MAX && count < GOLDEN_CLAIMS_MAX);
        out->claims[count++] = (uint32_t)claim;
    }
    out->ask.claims = out->claims;
    out->ask.claims_count = count;
}

static inline tk_date golden_day(tk_str text)
{
    tk_date day = TK_DATE_MIN;
    assert_int_equal(tk_date_parse(text, &day, NULL), TK_OK);
    return day;
}

static inline void golden_word(const golden *g, tk_str name, tk_str value, golden_order *out)
{
    tk_column column = tk_column_find(name, NULL);
    if (tk_str_is(name, "believe")) {
        golden_claims(g, value, out);
    } else if (tk_str_is(name, "law")) {
        out->ask.law = tk_str_is(value, "text") ? TK_LAW_TEXT : TK_LAW_ENFORCED;
    } else if (tk_str_is(name, "known_at")) {
        out->ask.known_at_given = true;
        out->ask.known_at = golden_day(value);
    } else if (column != TK_COLUMN_COUNT) {
        out->order.cells[column] = value;
    } else {
        assert_true(out->order.facts_count < GOLDEN_FACTS_MAX);
        out->facts[out->order.facts_count++] = (tk_fact_text){.name = name, .value = value};
    }
}

static inline void golden_read(const golden *g, const char *text, golden_order *out)
{
    *out = (golden_order){.ask = TK_ASK_INIT};
    out->ask.world = TK_WORLD_LAW; /* the tests say what they believe */
    out->order.facts = out->facts;
    size_t len = strlen(text);
    assert_true(len < sizeof out->text);
    memcpy(out->text, text, len + 1);
    tk_str rest = tk_str_from(out->text), word, name;
    while (tk_str_split(&rest, ' ', &word)) {
        if (word.len == 0)
            continue;
        assert_true(tk_str_split(&word, '=', &name));
        golden_word(g, name, word, out);
    }
}

/* --- the answer --- */

static inline bool golden_has(tk_strs list, tk_str name)
{
    for (size_t i = 0; i < list.count; i++)
        if (tk_str_eq(list.items[i], name))
            return true;
    return false;
}

/* `a+b` is the whole list, in its order; `-` the empty one. */
static inline bool golden_is(const tk_str *items, size_t count, tk_str names)
{
    if (tk_str_is(names, "-"))
        return count == 0;
    tk_str name;
    size_t at = 0;
    while (tk_str_split(&names, '+', &name)) {
        if (at == count || !tk_str_eq(items[at], name))
            return false;
        at++;
    }
    return at == count;
}

static inline bool golden_answer(const tk_key_decision *key, tk_str question, tk_str wanted)
{
    for (size_t i = 0; i < key->answers_count; i++) {
        const tk_answer *answer = &key->answers[i];
        if (tk_str_eq(answer->question, question))
            return tk_str_eq(answer->answer, wanted)
                   || (1 < answer->possible_count && golden_is(answer->possible, answer->possible_count, wanted));
    }
    return false;
}

static inline bool golden_condition(const tk_key_decision *key, tk_str name, tk_met met)
{
    for (size_t i = 0; i < key->conditions_count; i++)
        if (tk_str_eq(key->conditions[i].name, name))
            return key->conditions[i].met == met;
    return false;
}

static inline bool golden_cites(const tk_key_decision *key, tk_str text)
{
    for (size_t i = 0; i < key->reasons_count; i++)
        for (size_t j = 0; j < key->reasons[i].cites_count; j++)
            if (tk_str_eq(key->reasons[i].cites[j], text))
                return true;
    return false;
}

static inline bool golden_note(const tk_key_decision *key, tk_str text)
{
    for (size_t i = 0; i < key->not_modelled.count; i++)
        if (memmem(key->not_modelled.items[i].ptr, key->not_modelled.items[i].len, text.ptr, text.len) != NULL)
            return true;
    return false;
}

/* One `; ` part about a key. */
static inline bool golden_part(const tk_key_decision *key, tk_str part)
{
    tk_str word, rest = part;
    if (memchr(part.ptr, ' ', part.len) == NULL)
        return tk_str_split(&rest, '=', &word) && golden_answer(key, word, rest);
    (void)tk_str_split(&rest, ' ', &word);
    if (tk_str_is(word, "missing"))
        return golden_is(key->missing.items, key->missing.count, rest);
    if (tk_str_is(word, "presumes"))
        return golden_has(key->presumed, rest);
    if (tk_str_is(word, "report"))
        return golden_has(key->if_reported, rest);
    if (tk_str_is(word, "open"))
        return golden_condition(key, rest, TK_MET_NO);
    if (tk_str_is(word, "met"))
        return golden_condition(key, rest, TK_MET_YES);
    if (tk_str_is(word, "failed"))
        return golden_condition(key, rest, TK_MET_FAILED);
    if (tk_str_is(word, "cites"))
        return golden_cites(key, rest);
    if (tk_str_is(word, "note"))
        return golden_note(key, rest);
    return false;
}

static inline const tk_key_decision *golden_key(const tk_decision *decision, tk_str regime)
{
    for (size_t i = 0; i < decision->keys_count; i++)
        if (tk_str_eq(decision->keys[i].regime, regime))
            return &decision->keys[i];
    return NULL;
}

/* `us licence law`, `us licence`, `us absent`. */
static inline bool golden_verdict(const tk_key_decision *key, tk_str verdict, tk_str basis)
{
    if (tk_str_is(verdict, "absent"))
        return key == NULL;
    return key != NULL && tk_str_eq(tk_verdict_name(key->verdict), verdict)
           && (basis.len == 0 || tk_str_eq(tk_basis_name(key->basis), basis));
}

static inline void golden_wrong(const char *title, const tk_key_decision *key, tk_str part)
{
    print_error("%s: not so: " TK_FMT "\n", title, TK_ARG_STR(part));
    if (key == NULL)
        return;
    tk_str verdict = tk_verdict_name(key->verdict), basis = tk_basis_name(key->basis);
    print_error("  is " TK_FMT " " TK_FMT ";", TK_ARG_STR(verdict), TK_ARG_STR(basis));
    for (size_t i = 0; i < key->answers_count; i++)
        print_error(" " TK_FMT "=" TK_FMT, TK_ARG_STR(key->answers[i].question), TK_ARG_STR(key->answers[i].answer));
    print_error("; missing");
    for (size_t i = 0; i < key->missing.count; i++)
        print_error(" " TK_FMT, TK_ARG_STR(key->missing.items[i]));
    print_error("; presumed");
    for (size_t i = 0; i < key->presumed.count; i++)
        print_error(" " TK_FMT, TK_ARG_STR(key->presumed.items[i]));
    print_error("; open");
    for (size_t i = 0; i < key->conditions_count; i++)
        if (key->conditions[i].met != TK_MET_YES)
            print_error(" " TK_FMT, TK_ARG_STR(key->conditions[i].name));
    print_error("; reports");
    for (size_t i = 0; i < key->if_reported.count; i++)
        print_error(" " TK_FMT, TK_ARG_STR(key->if_reported.items[i]));
    print_error("\n");
}

/* The parts about one key; returns how many are wrong. */
static inline unsigned golden_check_key(const char *title, const tk_decision *decision, tk_str parts)
{
    unsigned wrong = 0;
    tk_str regime, verdict = {NULL, 0}, head = parts;
    const char *next = memmem(parts.ptr, parts.len, "; ", 2);
    if (next != NULL)
        head.len = (size_t)(next - parts.ptr);
    tk_str whole = head;
    (void)tk_str_split(&head, ' ', &regime);
    (void)tk_str_split(&head, ' ', &verdict);
    const tk_key_decision *key = golden_key(decision, regime);
    if (!golden_verdict(key, verdict, head)) {
        golden_wrong(title, key, whole);
        return 1;
    }
    while (next != NULL) {
        tk_str part = {next + 2, parts.len - (size_t)(next + 2 - parts.ptr)};
        next = memmem(part.ptr, part.len, "; ", 2);
        if (next != NULL)
            part.len = (size_t)(next - part.ptr);
        if (key == NULL || !golden_part(key, part)) {
            golden_wrong(title, key, part);
            wrong++;
        }
    }
    return wrong;
}

/* Holds a decision against the expected line; returns how many parts are wrong. */
static inline unsigned golden_check(const char *title, const tk_desk_result *result, const char *expected)
{
    unsigned wrong = 0;
    tk_str rest = tk_str_from(expected), part;
    bool first = true;
    while (tk_str_split(&rest, '|', &part)) {
        part = tk_str_trim(part);
        if (!first) {
            wrong += golden_check_key(title, result->decision, part);
        } else if (!tk_str_eq(tk_verdict_overall_name(result->verdict), part)) {
            tk_str verdict = tk_verdict_overall_name(result->verdict);
            print_error("%s: expected " TK_FMT ", is " TK_FMT "\n", title, TK_ARG_STR(part), TK_ARG_STR(verdict));
            wrong++;
        }
        first = false;
    }
    return wrong;
}

#endif
