/* SPDX-License-Identifier: Apache-2.0 */
/* desk.c: one order, any text in any cell, through the clerk with the shipped rulebook. What must hold:
 *
 *   - an order is decided, or refused with a message and a column
 *   - the answer as text is one line of JSON in UTF-8, with the verdict of the answer as a structure
 *   - a remembered answer is, byte for byte, the one worked out anew
 *
 * The input is lines of `column=text`; a name that is no column is taken for a fact, as --fact does.
 */
#include "twokey/desk.h"
#include "base/compat.h"
#include "base/json.h"
#include "base/limits.h"
#include "base/text.h"
#include "fuzz.h"

enum { FACTS_MAX = 16, TODAY = 20500, FIRST_DAY = 18900, DAYS = 1900 };

static tk_desk *desk;
/* Two clerks for the whole run: one may remember the answers to earlier inputs, the other never does. */
static tk_clerk *remembering, *forgetting;

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
    (void)argc, (void)argv;
    tk_desk_options options = TK_DESK_OPTIONS_INIT;
    tk_messages *messages = NULL;
    tk_err err = {0};
    FUZZ_CHECK(tk_desk_open(&options, &desk, &messages, &err) == TK_OK);
    FUZZ_CHECK(tk_clerk_new(desk, &remembering, &err) == TK_OK);
    FUZZ_CHECK(tk_clerk_new(desk, &forgetting, &err) == TK_OK);
    tk_messages_free(messages);
    return 0;
}

static void read_order(tk_str text, tk_transaction *order, tk_fact_text facts[FACTS_MAX])
{
    tk_str line;
    order->facts = facts;
    while (tk_str_split(&text, '\n', &line)) {
        tk_str value = line, name;
        if (!tk_str_split(&value, '=', &name) || value.ptr == NULL)
            continue;
        tk_column column = tk_column_find(name, NULL);
        if (column < TK_COLUMN_COUNT)
            order->cells[column] = value;
        else if (order->facts_count < FACTS_MAX)
            facts[order->facts_count++] = (tk_fact_text){name, value};
    }
}

static tk_ask make_ask(uint64_t *random, uint32_t claims[2])
{
    tk_ask ask = TK_ASK_INIT;
    ask.today = TODAY;
    ask.law = fuzz_random(random, 2) == 0 ? TK_LAW_ENFORCED : TK_LAW_TEXT;
    ask.flags = fuzz_random(random, 2) == 0 ? TK_DECIDE_COMPARE : 0;
    if (fuzz_random(random, 8) == 0)
        ask.flags |= TK_DECIDE_WOULD_CHANGE; /* hundreds of decisions */
    ask.as_of_given = fuzz_random(random, 4) == 0;
    ask.as_of = FIRST_DAY + (tk_date)fuzz_random(random, DAYS);
    ask.known_at_given = fuzz_random(random, 4) == 0;
    ask.known_at = FIRST_DAY + (tk_date)fuzz_random(random, DAYS);
    size_t known = tk_rulebook_claim_count(tk_desk_rulebook(desk));
    if (2 <= known && fuzz_random(random, 2) == 0) {
        claims[0] = (uint32_t)fuzz_random(random, known - 1);
        claims[1] = claims[0] + 1;
        ask.claims = claims;
        ask.claims_count = 1 + (size_t)fuzz_random(random, 2);
    }
    return ask;
}

/* One JSON object on one line, nothing behind it. */
static void check_json(tk_str json)
{
    FUZZ_CHECK(json.len == 0 || memchr(json.ptr, '\n', json.len) == NULL);
    char *copy = malloc(json.len + 1);
    FUZZ_CHECK(copy != NULL);
    memcpy(copy, json.ptr, json.len);
    tk_json_reader reader;
    tk_json_token token = {.kind = TK_JSON_NULL};
    FUZZ_CHECK(tk_json_read_init(&reader, TK_STR("decision"), 1, copy, json.len, NULL) == TK_OK);
    for (bool first = true; token.kind != TK_JSON_END; first = false) {
        FUZZ_CHECK(tk_json_read_next(&reader, &token, NULL) == TK_OK);
        FUZZ_CHECK(!first || token.kind == TK_JSON_OBJECT);
    }
    free(copy);
}

/* The answer as text: perhaps remembered, surely remembered, and worked out anew. */
static void check_texts(const tk_transaction *order, tk_ask ask, tk_status expected, tk_verdict verdict)
{
    tk_err err = {0};
    tk_desk_result result;
    tk_str json, again;
    tk_status status = tk_clerk_decide_json(remembering, order, &ask, &result, &json, &err);
    FUZZ_CHECK(status == expected);
    if (status != TK_OK)
        return;
    FUZZ_CHECK(result.verdict == verdict);
    check_json(json);
    char *first = malloc(json.len + 1);
    FUZZ_CHECK(first != NULL);
    memcpy(first, json.ptr, json.len);
    tk_str kept = {first, json.len};
    FUZZ_CHECK(tk_clerk_decide_json(remembering, order, &ask, &result, &again, &err) == TK_OK);
    FUZZ_CHECK(tk_str_eq(kept, again));
    ask.forget = true;
    FUZZ_CHECK(tk_clerk_decide_json(forgetting, order, &ask, &result, &again, &err) == TK_OK);
    FUZZ_CHECK(tk_str_eq(kept, again));
    free(first);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    size_t len;
    char *text = fuzz_unpack(data, size, &len);
    if (TK_ROW_BYTES_MAX < len || tk_text_utf8_check((tk_str){text, len}) != len) {
        free(text); /* no reader of orders lets this through */
        return 0;
    }
    tk_transaction order = {0};
    tk_fact_text facts[FACTS_MAX];
    read_order((tk_str){text, len}, &order, facts);
    uint64_t random = fuzz_seed(data, size);
    uint32_t claims[2];
    tk_ask ask = make_ask(&random, claims);
    tk_err err = {0};
    tk_desk_result result;
    tk_status status = tk_clerk_decide(forgetting, &order, &ask, &result, &err);
    FUZZ_CHECK(status == TK_OK || status == TK_ERR_INPUT || status == TK_ERR_LIMIT);
    FUZZ_CHECK(status == TK_OK || (err.message[0] != 0 && result.column <= TK_COLUMN_COUNT));
    check_texts(&order, ask, status, status == TK_OK ? result.verdict : TK_VERDICT_COUNT);
    free(text);
    return 0;
}
