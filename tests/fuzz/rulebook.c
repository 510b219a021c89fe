/* SPDX-License-Identifier: Apache-2.0 */
/* rulebook.c: the rulebook compiler on any bytes, and deciding by what it lets through. What must hold:
 *
 *   - a text that is refused has a message with a place inside the text; one that is accepted has no error message
 *   - a value written as text and read again is the same value
 *   - deciding twice gives the same; a decision in which nothing is missing is settled or says what is not modelled
 *   - a text laid out by the formatter means what it meant, and laying it out again changes nothing
 *
 * A form feed cuts the input into several files.
 */
#include "base/compat.h"
#include "base/limits.h"
#include "base/num.h"
#include "base/out.h"
#include "fuzz.h"
#include "rulebook/format.h"
#include "twokey/decide.h"

enum { SOURCES_MAX = 4, DECISIONS = 3 };

#define ROW(p, g, sign, f, t, pub)                                                                                   \
    {                                                                                                                \
        {p, sizeof(p) - 1}, {g, sizeof(g) - 1}, sign, f, t, pub, {"s", 1}, false                                     \
    }
#define NAME(text)                                                                                                   \
    {                                                                                                                \
        text, sizeof(text) - 1                                                                                       \
    }

static const tk_str places[] = {NAME("AE"), NAME("CN"), NAME("CU"), NAME("DE"), NAME("HK"), NAME("IR"), NAME("JP"),
                                NAME("KH"), NAME("KP"), NAME("MO"), NAME("NL"), NAME("P0"), NAME("P1"), NAME("P2"),
                                NAME("P3"), NAME("P4"), NAME("SY"), NAME("TW"), NAME("US")};
static const tk_group_row groups[] = {
    ROW("DE", "A:1", true, TK_DATE_MIN, TK_DATE_MAX, TK_DATE_MIN),
    ROW("JP", "A:5", true, TK_DATE_MIN, TK_DATE_MAX, TK_DATE_MIN),
    ROW("NL", "A:6", true, 20000, TK_DATE_MAX, 19990),
    ROW("CN", "D:1", true, TK_DATE_MIN, TK_DATE_MAX, TK_DATE_MIN),
    ROW("AE", "D:4", true, TK_DATE_MIN, 20500, TK_DATE_MIN),
    ROW("AE", "D:4", false, 20300, TK_DATE_MAX, 20290),
    ROW("CN", "D:5", true, TK_DATE_MIN, TK_DATE_MAX, TK_DATE_MIN),
    ROW("KH", "D:5", true, 18970, TK_DATE_MAX, 18970),
    ROW("KP", "E:1", true, TK_DATE_MIN, TK_DATE_MAX, TK_DATE_MIN),
    ROW("P0", "G:0", true, 20454, TK_DATE_MAX, 20454),
    ROW("P1", "G:1", true, TK_DATE_MIN, 20500, 20460),
    ROW("P1", "G:1", false, 20470, 20480, 20465),
    ROW("P2", "G:2", true, TK_DATE_MIN, TK_DATE_MAX, TK_DATE_MIN),
    ROW("P3", "G:3", true, 20460, 20520, 20454),
};
static const tk_str contradicted[] = {NAME("C2")};
static const tk_claim_row claims[] = {
    {NAME("C1"), 20000, NAME("one"), contradicted, 1}, {NAME("C105"), 20400, NAME("three"), NULL, 0},
    {NAME("C2"), 20100, NAME("two"), NULL, 0},         {NAME("c0"), 20454, NAME("four"), NULL, 0},
    {NAME("c1"), 20460, NAME("five"), NULL, 0},        {NAME("c2"), 20470, NAME("six"), NULL, 0},
    {NAME("c3"), 20480, NAME("seven"), NULL, 0},
};
static const tk_str items[] = {NAME("nvidia-h20"), NAME("nvidia-h200-sxm")};
static const tk_str products[] = {NAME("h20"), NAME("h200")};
static const tk_str parties[] = {NAME("bytedance"), NAME("nvidia"), NAME("tencent")};

/* Ids are checked against lists only when the input begins with a comment, so that both ways are tried. */
static tk_vocabulary vocabulary_of(const char *text, size_t len)
{
    tk_vocabulary vocabulary = {.places = places,
                                .places_count = TK_COUNT(places),
                                .groups = groups,
                                .groups_count = TK_COUNT(groups),
                                .claims = claims,
                                .claims_count = TK_COUNT(claims)};
    if (len != 0 && text[0] == '#') {
        vocabulary.items = items;
        vocabulary.items_count = TK_COUNT(items);
        vocabulary.products = products;
        vocabulary.products_count = TK_COUNT(products);
        vocabulary.parties = parties;
        vocabulary.parties_count = TK_COUNT(parties);
    }
    return vocabulary;
}

static size_t cut(const char *text, size_t len, tk_source sources[SOURCES_MAX])
{
    static const tk_str names[SOURCES_MAX] = {NAME("a.rules"), NAME("b.rules"), NAME("us/c.rules"),
                                              NAME("us/d.rules")};
    tk_str rest = {text, len}, part;
    size_t count = 0;
    while (count + 1 < SOURCES_MAX && tk_str_split(&rest, '\f', &part)) {
        sources[count] = (tk_source){names[count], part};
        count++;
    }
    if (rest.ptr != NULL) {
        sources[count] = (tk_source){names[count], rest};
        count++;
    }
    return count;
}

static uint32_t line_count(tk_str text)
{
    uint32_t lines = 1;
    for (size_t i = 0; i < text.len; i++)
        lines += text.ptr[i] == '\n';
    return lines;
}

/* A refused text has an error among its messages; only when it could not be read at all, `err` says so. */
static void check_messages(const tk_messages *messages, const tk_source *sources, size_t count, bool refused,
                           const tk_err *err)
{
    bool error = false;
    FUZZ_CHECK(tk_messages_count(messages) <= TK_MESSAGES_MAX + 1);
    for (size_t i = 0; i < tk_messages_count(messages); i++) {
        const tk_message *message = tk_messages_get(messages, i);
        error = error || message->severity == TK_SEVERITY_ERROR;
        FUZZ_CHECK(message->text.len != 0 && 1 <= message->width);
        for (size_t j = 0; j < count; j++)
            if (tk_str_eq(sources[j].name, message->file))
                FUZZ_CHECK(message->line <= line_count(sources[j].text) + 1);
    }
    bool not_utf8 = refused && strstr(err->message, "is not UTF-8") != NULL;
    FUZZ_CHECK(not_utf8 == (err->line != 0 && err->column != 0));
    FUZZ_CHECK(error == refused || (refused && err->file[0] != 0 && err->message[0] != 0));
}

/* A text that may be a value of the type. */
static tk_str value_text(const tk_fact_info *info, uint64_t *random, char out[128])
{
    static const char *const numbers[] = {"0", "1", "4800", "5.92", "1600 .. 4800", "400000 ..", ".. 10", "21000"};
    static const char *const dates[] = {"2022-10-07", "2026-01-15", "2026", "2026-02 ..", "2023-11-17 .. 2026-01-16"};
    static const char *const any[] = {"?", "none"};
    if (fuzz_random(random, 6) == 0)
        return tk_str_from(any[fuzz_random(random, 2)]);
    switch (info->type) {
    case TK_TYPE_NUMBER:
        return tk_str_from(numbers[fuzz_random(random, TK_COUNT(numbers))]);
    case TK_TYPE_DATE:
        return tk_str_from(dates[fuzz_random(random, TK_COUNT(dates))]);
    case TK_TYPE_WORD:
        return info->words_count == 0 ? TK_STR("yes") : info->words[fuzz_random(random, info->words_count)];
    case TK_TYPE_WORDS: {
        if (info->words_count == 0)
            return TK_STR("?");
        tk_str a = info->words[fuzz_random(random, info->words_count)];
        tk_str b = fuzz_random(random, 3) == 0 ? TK_STR("?") : info->words[fuzz_random(random, info->words_count)];
        int len = snprintf(out, 128, TK_FMT ";" TK_FMT, TK_ARG_STR(a), TK_ARG_STR(b));
        return (tk_str){out, len < 128 ? (size_t)len : 0};
    }
    case TK_TYPE_PLACE:
        return places[fuzz_random(random, TK_COUNT(places))];
    case TK_TYPE_NAME:
        return parties[fuzz_random(random, TK_COUNT(parties))];
    }
    return TK_STR("");
}

static void check_value(const tk_rulebook *book, size_t slot, tk_str text, const tk_value *value)
{
    char written[TK_VALUE_TEXT_MAX], again[TK_VALUE_TEXT_MAX];
    size_t len = tk_rulebook_write_value(book, slot, value, written);
    FUZZ_CHECK(len < TK_VALUE_TEXT_MAX);
    tk_value read;
    tk_err err = {0};
    FUZZ_CHECK(tk_rulebook_read_value(book, slot, (tk_str){written, len}, &read, &err) == TK_OK);
    FUZZ_CHECK(tk_rulebook_write_value(book, slot, &read, again) == len && memcmp(written, again, len) == 0);
    FUZZ_CHECK(text.len != 0);
}

static void fill_facts(const tk_rulebook *book, tk_facts *facts, uint64_t *random)
{
    static const tk_str roles[] = {NAME("purchaser"), NAME("intermediate_consignee"), NAME("ultimate_consignee")};
    tk_facts_clear(facts);
    for (size_t slot = 0; slot < tk_rulebook_fact_count(book); slot++) {
        tk_fact_info info = tk_rulebook_fact(book, slot);
        char buffer[128];
        tk_value value;
        if (fuzz_random(random, 3) == 0)
            continue;
        tk_str text = value_text(&info, random, buffer);
        if (tk_rulebook_read_value(book, slot, text, &value, NULL) != TK_OK)
            continue;
        check_value(book, slot, text, &value);
        tk_facts_set(facts, slot, value, fuzz_random(random, 2) == 0 ? TK_FACT_ROW : TK_FACT_SUPPLIED);
    }
    for (size_t i = 0; i < TK_COUNT(roles); i++)
        if (fuzz_random(random, 2) == 0)
            tk_facts_name_role(facts, roles[i]);
    for (size_t i = 0; i < tk_rulebook_evidence_count(book); i++)
        if (fuzz_random(random, 2) == 0)
            tk_facts_set_evidence(facts, i, fuzz_random(random, 4) == 0 ? TK_EVIDENCE_REFUSED : TK_EVIDENCE_HELD,
                                  fuzz_random(random, 2) == 0 ? TK_DATE_MIN
                                                              : 20400 + (tk_date)fuzz_random(random, 100));
}

static void check_decision(const tk_decision *decision)
{
    tk_verdict worst = TK_VERDICT_OPEN;
    for (size_t i = 0; i < decision->keys_count; i++) {
        const tk_key_decision *key = &decision->keys[i];
        FUZZ_CHECK(key->verdict < TK_VERDICT_COUNT);
        worst = worst < key->verdict ? key->verdict : worst;
        FUZZ_CHECK(i == 0 || tk_str_cmp(decision->keys[i - 1].regime, key->regime) < 0);
        for (size_t j = 0; j < key->answers_count; j++)
            FUZZ_CHECK(key->answers[j].answer.len != 0);
        for (size_t j = 0; j < key->missing.count; j++)
            FUZZ_CHECK(key->missing.items[j].len != 0);
    }
    FUZZ_CHECK(decision->touched == (decision->keys_count != 0));
    FUZZ_CHECK(decision->verdict == (decision->touched ? worst : TK_VERDICT_UNDETERMINED));
}

static void decide(const tk_rulebook *book, uint64_t *random)
{
    tk_decider *decider = NULL;
    tk_facts *facts = NULL;
    tk_err err = {0};
    FUZZ_CHECK(tk_decider_new(book, &decider, &err) == TK_OK);
    FUZZ_CHECK(tk_facts_new(book, &facts, &err) == TK_OK);
    for (int i = 0; i < DECISIONS; i++) {
        fill_facts(book, facts, random);
        uint32_t believed[] = {0, 1, 2, 3};
        tk_setting setting = {.as_of = 18900 + (tk_date)fuzz_random(random, 1900),
                              .known_at = tk_rulebook_known_at(book),
                              .law = fuzz_random(random, 2) == 0 ? TK_LAW_ENFORCED : TK_LAW_TEXT,
                              .claims = believed,
                              .claims_count = (size_t)fuzz_random(random, 5)};
        size_t known = tk_rulebook_claim_count(book);
        if (known < setting.claims_count)
            setting.claims_count = known;
        if (fuzz_random(random, 3) == 0)
            setting.known_at = 18900 + (tk_date)fuzz_random(random, 1900);
        unsigned flags = (unsigned)fuzz_random(random, 8);
        const tk_decision *decision = NULL;
        tk_status status = tk_decide(decider, facts, &setting, flags, &decision, &err);
        if (status == TK_ERR_LIMIT)
            continue;
        FUZZ_CHECK(status == TK_OK);
        check_decision(decision);
        tk_verdict verdict = decision->verdict;
        size_t keys = decision->keys_count;
        FUZZ_CHECK(tk_decide(decider, facts, &setting, 0, &decision, &err) == TK_OK);
        FUZZ_CHECK(decision->verdict == verdict && decision->keys_count == keys);
    }
    tk_facts_free(facts);
    tk_decider_free(decider);
}

static void visit_example(void *ctx, const tk_example_result *result)
{
    (void)ctx;
    FUZZ_CHECK(result->passed == (result->detail.len == 0));
}

/* Everything that can be asked about a rulebook. */
static void ask(const tk_rulebook *book)
{
    FUZZ_CHECK(tk_rulebook_hash(book).len == 64);
    for (size_t i = 0; i < tk_rulebook_rule_count(book); i++) {
        tk_rule_info info = tk_rulebook_rule(book, i);
        FUZZ_CHECK(info.name.len != 0 && info.line <= info.last_line);
    }
    for (size_t i = 0; i < tk_rulebook_fact_count(book); i++) {
        tk_fact_info info = tk_rulebook_fact(book, i);
        FUZZ_CHECK(tk_rulebook_find_fact(book, info.name, NULL) == i);
    }
    for (size_t i = 0; i < tk_rulebook_evidence_count(book); i++)
        FUZZ_CHECK(tk_rulebook_find_evidence(book, tk_rulebook_evidence(book, i), NULL) == i);
    for (uint32_t i = 0; i < tk_rulebook_place_count(book); i++)
        (void)tk_rulebook_place_in(book, i, TK_STR("D:5"), 20500, 20500);
    tk_err err = {0};
    FUZZ_CHECK(tk_rulebook_run_examples(book, NULL, NULL, visit_example, NULL, &err) == TK_OK);
}

/* Lays out each file; the result compiles as the original did, and is laid out already. */
static void check_format(const tk_source *sources, size_t count, const tk_vocabulary *vocabulary, bool compiled)
{
    tk_source laid_out[SOURCES_MAX];
    tk_out outs[SOURCES_MAX], again;
    size_t done = 0;
    bool good = true;
    for (; done < count && good; done++) {
        tk_messages *messages = NULL;
        tk_out_init(&outs[done], NULL);
        good = tk_rulebook_format(&sources[done], &outs[done], &messages, NULL) == TK_OK;
        tk_messages_free(messages);
        FUZZ_CHECK(good || !compiled);
        laid_out[done] = (tk_source){sources[done].name, tk_out_str(&outs[done])};
        if (!good)
            continue;
        tk_out_init(&again, NULL);
        FUZZ_CHECK(tk_rulebook_format(&laid_out[done], &again, &messages, NULL) == TK_OK);
        FUZZ_CHECK(tk_str_eq(tk_out_str(&again), laid_out[done].text));
        tk_messages_free(messages);
        tk_out_fini(&again);
    }
    if (good) {
        tk_rulebook *book = NULL;
        tk_messages *messages = NULL;
        tk_status status = tk_rulebook_compile(laid_out, count, vocabulary, &book, &messages, NULL);
        FUZZ_CHECK((status == TK_OK) == compiled || status == TK_ERR_LIMIT);
        tk_messages_free(messages);
        tk_rulebook_free(book);
    }
    while (done-- > 0)
        tk_out_fini(&outs[done]);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    size_t len;
    char *text = fuzz_unpack(data, size, &len);
    tk_source sources[SOURCES_MAX];
    size_t count = cut(text, len, sources);
    tk_vocabulary vocabulary = vocabulary_of(text, len);
    tk_rulebook *book = NULL;
    tk_messages *messages = NULL;
    tk_err err = {0};
    tk_status status = tk_rulebook_compile(sources, count, &vocabulary, &book, &messages, &err);
    FUZZ_CHECK(status == TK_OK || status == TK_ERR_INPUT || status == TK_ERR_LIMIT);
    FUZZ_CHECK((status == TK_OK) == (book != NULL));
    check_messages(messages, sources, count, status != TK_OK, &err);
    if (book != NULL) {
        uint64_t random = fuzz_seed(data, size);
        ask(book);
        decide(book, &random);
    }
    check_format(sources, count, &vocabulary, status == TK_OK);
    tk_messages_free(messages);
    tk_rulebook_free(book);
    free(text);
    return 0;
}
