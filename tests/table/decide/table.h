/* SPDX-License-Identifier: Apache-2.0 */
/* table.h: rows that decide one transaction under a small rulebook and compare the whole decision.
 *
 * A row is: a sentence (what the row proves), rules (text of one regime `us`; when it begins with "regime" it is the
 * whole file), facts (words apart by blanks) and the decision as one line. Every row compares every part of the
 * decision that is there, so a row also fails when something appears that it does not speak of.
 *
 * Facts   a=yes            said with the transaction      a:=yes        on record
 *         a~=EL/EL;?       known in part: with presumptions / without
 *         x=3..5           bounds (no blanks inside)      x=? x=none    unknown, absent
 *         +kyc +kyc@DATE   evidence held                  -kyc          evidence refused
 *         role:purchaser   names a role                   as-of=DATE    known-at=DATE   law=text
 *         believe=C1       a claim of the world           changes       fills would_change
 *         explain          prints the fate of every rule
 *
 * Decision  "VERDICT BASIS | QUESTION answer | missing … | presumed … | conditions NAME yes … | limits … | gaps … |
 *           reports … | differs VERDICT | by RULES | changes …"; a part that is empty is left out, `by` is written when
 *           the row asks for it. Several keys stand one a line, before them "OVERALL:" when there is not exactly one.
 */
#ifndef TEST_TABLE_H
#define TEST_TABLE_H

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
#include "twokey/decide.h"

/* What nearly every rule of the tests says of itself. */
#define LAW " cites \"Act\" published 2020-01-01 in force 2020-01-01 .. "
#define PRACTICE " practice cites \"Notice\" published 2020-01-01 in force 2020-01-01 .. "

typedef struct table_row {
    const char *says, *rules, *facts, *decision;
} table_row;

static const char table_common[] =
    "common\n"
    "roles recipient = purchaser, intermediate_consignee, ultimate_consignee, end_user\n"
    "roles buyer = purchaser\n"
    "fact a : yes | no\n"
    "fact b : yes | no\n"
    "fact c : yes | no\n"
    "fact d : yes | no\n"
    "fact quantity : number\n"
    "fact level : low < middle < high\n"
    "fact item.tpp : number\n"
    "fact item.area : mm2\n"
    "fact item.dram : GB/s\n"
    "fact item.io : GB/s\n"
    "fact item.sold : date\n"
    "fact item.bought : date\n"
    "fact item.product : product\n"
    "fact party.id : party\n"
    "fact party.hq : place\n"
    "fact party.parent_hq : place presumed hq\n"
    "fact party.class : set of cloud | lab | telecom\n"
    "fact party.lists : set of EL | UVL presumed none\n"
    "  requires screened \"Parties are screened\" before order\n"
    "fact party.flag : yes | no\n"
    "fact route.from : place\n"
    "fact route.to : place\n"
    "fact route.order_date : date\n"
    "fact route.ship_date : date\n"
    "fact us.open_point \"Does the act reach this?\" : yes | no\n"
    "fact item.stance : paused | going from claims\n"
    "fact item.quota : number from claims\n"
    "term item.density = item.tpp / item.area\n"
    "term item.peak = max of (item.dram, item.io)\n";

static const char table_head[] =
    "regime us \"Test regime\"\n"
    "  covers 2010-01-01 .. read to 2029-12-31\n"
    "question key : open < licence < closed, strictest otherwise open\n";

static const tk_str table_places[] = {TK_STR("AE"), TK_STR("CN"), TK_STR("DE"), TK_STR("HK"), TK_STR("KH"), TK_STR("MO"), TK_STR("US")};
enum { DAY_2021 = 18628, DAY_2022 = 18993, DAY_2023 = 19358, DAY_2024 = 19723 }; /* first days of the years */
static const tk_group_row table_groups[] = {
    {.place = TK_STR("CN"), .group = TK_STR("D:5"), .in = true, .from = DAY_2021, .to = TK_DATE_MAX, .published = DAY_2021, .cites = TK_STR("list of 2021")},
    {.place = TK_STR("KH"), .group = TK_STR("D:5"), .in = true, .from = DAY_2021, .to = TK_DATE_MAX, .published = DAY_2021, .cites = TK_STR("list of 2021")},
    {.place = TK_STR("KH"), .group = TK_STR("D:5"), .in = false, .from = DAY_2022, .to = TK_DATE_MAX, .published = DAY_2023, .cites = TK_STR("list of 2023")},
    {.place = TK_STR("AE"), .group = TK_STR("D:4"), .in = true, .from = DAY_2021, .to = DAY_2023, .published = DAY_2021, .cites = TK_STR("a letter"), .unverified = true},
};
static const tk_str table_contradicts_c4[] = {TK_STR("C4")};
static const tk_str table_contradicts_c3[] = {TK_STR("C3")};
static const tk_claim_row table_claims[] = {
    {.id = TK_STR("C1"), .published = DAY_2021, .says = TK_STR("approved")},
    {.id = TK_STR("C2"), .published = DAY_2023, .says = TK_STR("paused")},
    {.id = TK_STR("C3"), .published = DAY_2021, .says = TK_STR("open"), .contradicts = table_contradicts_c4, .contradicts_count = 1},
    {.id = TK_STR("C4"), .published = DAY_2021, .says = TK_STR("shut"), .contradicts = table_contradicts_c3, .contradicts_count = 1},
};

/* ---- text that grows ---- */

typedef struct table_text {
    char bytes[8192];
    size_t len;
} table_text;

TK_PRINTF(2, 3) static inline void table_add(table_text *t, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    int written = vsnprintf(t->bytes + t->len, sizeof t->bytes - t->len, format, args);
    va_end(args);
    assert_true(0 <= written && (size_t)written < sizeof t->bytes - t->len);
    t->len += (size_t)written;
}

/* ---- compiling ---- */

static inline void table_print_messages(const tk_messages *messages)
{
    for (size_t i = 0; i < tk_messages_count(messages); i++) {
        const tk_message *m = tk_messages_get(messages, i);
        print_error("  " TK_FMT ":%u:%u: " TK_FMT "\n    " TK_FMT "\n", TK_ARG_STR(m->file), m->line, m->column, TK_ARG_STR(m->text), TK_ARG_STR(m->excerpt));
    }
}

/* `more` is a second regime's file, or NULL. Fails the test when the text does not compile. */
static inline tk_rulebook *table_compile(const char *rules, const char *more)
{
    char text[16384];
    bool whole = strncmp(rules, "regime", 6) == 0;
    int len = snprintf(text, sizeof text, "%s%s", whole ? "" : table_head, rules);
    assert_true(0 < len && (size_t)len < sizeof text);
    tk_source sources[3] = {{TK_STR("common.rules"), tk_str_from(table_common)}, {TK_STR("us.rules"), tk_str_from(text)},
                            {TK_STR("xx.rules"), tk_str_from(more == NULL ? "" : more)}};
    tk_vocabulary vocabulary = {.places = table_places, .places_count = sizeof table_places / sizeof table_places[0],
                                .groups = table_groups, .groups_count = sizeof table_groups / sizeof table_groups[0],
                                .claims = table_claims, .claims_count = sizeof table_claims / sizeof table_claims[0]};
    tk_rulebook *book = NULL;
    tk_messages *messages = NULL;
    tk_err err = {0};
    tk_status status = tk_rulebook_compile(sources, more == NULL ? 2 : 3, &vocabulary, &book, &messages, &err);
    if (status != TK_OK) {
        print_error("%s\n", err.message);
        table_print_messages(messages);
    }
    tk_messages_free(messages);
    assert_int_equal(status, TK_OK);
    return book;
}

/* ---- facts ---- */

typedef struct table_ask {
    tk_setting setting;
    uint32_t claims[8];
    unsigned flags;
} table_ask;

static inline tk_date table_date(tk_str text)
{
    tk_date date = 0;
    assert_int_equal(tk_date_parse(text, &date, NULL), TK_OK);
    return date;
}

static inline void table_value(const tk_rulebook *book, tk_facts *facts, tk_str name, tk_str value, tk_fact_origin origin)
{
    tk_err err = {0};
    tk_value out;
    size_t slot = tk_rulebook_find_fact(book, name, NULL);
    if (slot == SIZE_MAX)
        fail_msg("no fact " TK_FMT, TK_ARG_STR(name));
    if (tk_rulebook_read_value(book, slot, value, &out, &err) != TK_OK)
        fail_msg("%s", err.message);
    tk_facts_set(facts, slot, out, origin);
}

/* `with/without` presumptions. */
static inline void table_presume(const tk_rulebook *book, tk_facts *facts, tk_str name, tk_str value)
{
    tk_value values[2];
    size_t slot = tk_rulebook_find_fact(book, name, NULL);
    assert_int_not_equal(slot, SIZE_MAX);
    for (size_t i = 0; i < 2; i++) {
        tk_str part = {NULL, 0};
        assert_true(tk_str_split(&value, '/', &part) || i == 1);
        assert_int_equal(tk_rulebook_read_value(book, slot, part, &values[i], NULL), TK_OK);
    }
    tk_facts_presume(facts, slot, values[0], values[1]);
}

static inline void table_evidence(const tk_rulebook *book, tk_facts *facts, tk_str word)
{
    tk_str name = {word.ptr + 1, word.len - 1}, rest = name, part;
    tk_date date = TK_DATE_MIN;
    if (tk_str_split(&rest, '@', &part) && part.len != name.len) {
        name = part;
        date = table_date(rest);
    }
    size_t index = tk_rulebook_find_evidence(book, name, NULL);
    if (index == SIZE_MAX)
        fail_msg("no evidence " TK_FMT, TK_ARG_STR(name));
    tk_facts_set_evidence(facts, index, word.ptr[0] == '+' ? TK_EVIDENCE_HELD : TK_EVIDENCE_REFUSED, date);
}

static inline void table_word(const tk_rulebook *book, tk_facts *facts, tk_str word, table_ask *ask)
{
    tk_str value = word, name = {NULL, 0};
    if (word.ptr[0] == '+' || word.ptr[0] == '-') {
        table_evidence(book, facts, word);
        return;
    }
    if (tk_str_starts(word, TK_STR("role:"))) {
        tk_facts_name_role(facts, (tk_str){word.ptr + 5, word.len - 5});
        return;
    }
    if (tk_str_is(word, "changes") || tk_str_is(word, "explain")) {
        ask->flags |= tk_str_is(word, "changes") ? TK_DECIDE_WOULD_CHANGE : TK_DECIDE_EXPLAIN;
        return;
    }
    assert_true(tk_str_split(&value, '=', &name));
    if (tk_str_is(name, "as-of"))
        ask->setting.as_of = table_date(value);
    else if (tk_str_is(name, "known-at"))
        ask->setting.known_at = table_date(value);
    else if (tk_str_is(name, "law"))
        ask->setting.law = tk_str_is(value, "text") ? TK_LAW_TEXT : TK_LAW_ENFORCED;
    else if (tk_str_is(name, "believe"))
        ask->claims[ask->setting.claims_count++] = (uint32_t)tk_rulebook_find_claim(book, value, NULL);
    else if (name.ptr[name.len - 1] == ':')
        table_value(book, facts, (tk_str){name.ptr, name.len - 1}, value, TK_FACT_ROW);
    else if (name.ptr[name.len - 1] == '~')
        table_presume(book, facts, (tk_str){name.ptr, name.len - 1}, value);
    else
        table_value(book, facts, name, value, TK_FACT_SUPPLIED);
}

static inline void table_facts(const tk_rulebook *book, tk_facts *facts, const char *text, table_ask *ask)
{
    *ask = (table_ask){.setting = {.as_of = DAY_2024, .known_at = DAY_2024}, .flags = TK_DECIDE_COMPARE};
    tk_str rest = tk_str_from(text), word;
    while (tk_str_split(&rest, ' ', &word))
        if (word.len != 0)
            table_word(book, facts, word, ask);
    ask->setting.claims = ask->claims;
}

/* ---- the decision as text ---- */

static inline void table_names(table_text *t, const char *head, tk_strs names)
{
    for (size_t i = 0; i < names.count; i++)
        table_add(t, "%s" TK_FMT, i == 0 ? head : ", ", TK_ARG_STR(names.items[i]));
}

static inline void table_key(table_text *t, const tk_key_decision *key, bool by)
{
    static const char *const mets[] = {"yes", "no", "failed"};
    tk_str verdict = tk_verdict_name(key->verdict), basis = tk_basis_name(key->basis);
    table_add(t, TK_FMT " " TK_FMT, TK_ARG_STR(verdict), TK_ARG_STR(basis));
    for (size_t i = 0; i < key->answers_count; i++) {
        const tk_answer *answer = &key->answers[i];
        bool conflict = tk_str_is(answer->answer, "conflict");
        table_add(t, " | " TK_FMT "%s", TK_ARG_STR(answer->question), conflict ? " conflict" : "");
        for (size_t p = 0; p < answer->possible_count; p++)
            table_add(t, "%s" TK_FMT, p == 0 ? " " : "/", TK_ARG_STR(answer->possible[p]));
        if (!conflict && answer->possible_count == 1 && !tk_str_eq(answer->answer, answer->possible[0]))
            table_add(t, " perhaps");
    }
    table_names(t, " | missing ", key->missing);
    table_names(t, " | presumed ", key->presumed);
    for (size_t i = 0; i < key->conditions_count; i++)
        table_add(t, "%s" TK_FMT " %s", i == 0 ? " | conditions " : ", ", TK_ARG_STR(key->conditions[i].name), mets[key->conditions[i].met]);
    for (size_t i = 0; i < key->limits_count; i++)
        table_add(t, "%s" TK_FMT " " TK_FMT "%s%s", i == 0 ? " | limits " : ", ", TK_ARG_STR(key->limits[i].name), TK_ARG_STR(key->limits[i].amount),
                  key->limits[i].binds ? " binds " : " counts", key->limits[i].binds ? mets[key->limits[i].met] : "");
    table_names(t, " | gaps ", key->not_modelled);
    table_names(t, " | reports ", key->if_reported);
    if (key->law_differs) {
        tk_str other = tk_verdict_name(key->other_law_verdict);
        table_add(t, " | differs " TK_FMT, TK_ARG_STR(other));
    }
    for (size_t i = 0; by && i < key->reasons_count; i++) {
        table_add(t, "%s" TK_FMT, i == 0 ? " | by " : ", ", TK_ARG_STR(key->reasons[i].rule));
        for (size_t c = 0; c < key->reasons[i].cites_count; c++)
            table_add(t, "%s" TK_FMT "%s", c == 0 ? " [" : "; ", TK_ARG_STR(key->reasons[i].cites[c]), c + 1 == key->reasons[i].cites_count ? "]" : "");
    }
}

static inline void table_changes(table_text *t, const tk_decision *decision)
{
    for (size_t i = 0; i < decision->would_change_count; i++) {
        const tk_change *change = &decision->would_change[i];
        tk_str verdict = change->touched ? tk_verdict_name(change->verdict) : TK_STR("untouched");
        table_add(t, "%s" TK_FMT "=" TK_FMT " " TK_FMT, i == 0 ? " | changes " : ", ", TK_ARG_STR(change->name), TK_ARG_STR(change->value), TK_ARG_STR(verdict));
    }
}

static inline void table_fates(table_text *t, const tk_rulebook *book, const tk_decider *decider)
{
    static const char *const fates[] = {"", "stands", "may stand", "defeated", "does not apply", "failed", "does not count"};
    size_t count;
    const tk_rule_trace *traces = tk_decider_traces(decider, &count);
    for (size_t i = 0; i < count; i++) {
        tk_str rule = tk_rulebook_rule(book, traces[i].rule).name;
        table_add(t, "%s" TK_FMT " %s%s" TK_FMT "%s", i == 0 ? " | fates " : ", ", TK_ARG_STR(rule), fates[traces[i].fate],
                  traces[i].why.len != 0 ? " (" : "", TK_ARG_STR(traces[i].why), traces[i].why.len != 0 ? ")" : "");
    }
}

static inline void table_decide_text(const tk_rulebook *book, const char *facts_text, bool by, table_text *t)
{
    tk_decider *decider = NULL;
    tk_facts *facts = NULL;
    const tk_decision *decision = NULL;
    tk_err err = {0};
    table_ask ask;
    assert_int_equal(tk_decider_new(book, &decider, &err), TK_OK);
    assert_int_equal(tk_facts_new(book, &facts, &err), TK_OK);
    table_facts(book, facts, facts_text, &ask);
    if (tk_decide(decider, facts, &ask.setting, ask.flags, &decision, &err) != TK_OK)
        fail_msg("%s", err.message);
    t->len = 0;
    if (decision->keys_count != 1) {
        tk_str overall = tk_verdict_overall_name(decision->verdict);
        table_add(t, TK_FMT ":%s", TK_ARG_STR(overall), decision->keys_count == 0 ? "" : "\n");
    }
    for (size_t i = 0; i < decision->keys_count; i++) {
        if (i != 0)
            table_add(t, "\n");
        table_key(t, &decision->keys[i], by);
    }
    table_changes(t, decision);
    table_fates(t, book, decider);
    tk_facts_free(facts);
    tk_decider_free(decider);
}

static inline void table_run_with(const table_row *rows, size_t count, const char *more)
{
    size_t failed = 0;
    for (size_t i = 0; i < count; i++) {
        static table_text got;
        tk_rulebook *book = table_compile(rows[i].rules, more);
        table_decide_text(book, rows[i].facts, strstr(rows[i].decision, " | by ") != NULL, &got);
        tk_rulebook_free(book);
        if (strcmp(got.bytes, rows[i].decision) == 0)
            continue;
        failed++;
        print_error("%s\n  facts     %s\n  expected  %s\n  decided   %s\n", rows[i].says, rows[i].facts, rows[i].decision, got.bytes);
    }
    assert_int_equal(failed, 0);
}

#define TABLE_RUN(rows) table_run_with((rows), sizeof(rows) / sizeof((rows)[0]), NULL)

#endif
