/* SPDX-License-Identifier: Apache-2.0 */
/* clerk.c: gathers, decides, writes.
 *
 * What the memo remembers is the text between `"verdict"` and `"as_of"`. Its key holds everything that text can
 * depend on: the facts with their origin, which roles are named, the evidence, and the stretch of days `as of` lies
 * in. Law, world and known-at are the same for a whole run; when they change the memo is emptied.
 *
 * Some facts differ from order to order and are seldom looked at: the amounts and days of `late_columns`. They join
 * the key only where a decision with the same rest of the key looked at them; a fact it did not look at cannot have
 * changed it.
 */
#include <stdlib.h>
#include <string.h>

#include "desk/desk_int.h"

struct tk_clerk {
    const tk_desk *desk;
    tk_decider *decider;
    tk_facts *facts;
    tk_arena scratch; /* one order */
    tk_out json;      /* the last object */
    tk_out part;      /* the part of it that follows from the decision */
    tk_out frame;     /* the part that is the same for every order of a run */
    tk_out key;
    desk_memo *memo;
    bool frame_valid;
    tk_law frame_law;
    unsigned frame_flags;
    tk_date frame_known_at;
    uint32_t frame_claims[TK_WORLD_CLAIMS_MAX];
    size_t frame_claims_count;
    desk_gathered gathered;
};

tk_status tk_clerk_new(const tk_desk *desk, tk_clerk **out, tk_err *err)
{
    *out = NULL;
    tk_clerk *clerk = calloc(1, sizeof(*clerk));
    if (clerk == NULL)
        return tk_err_set(err, TK_ERR_MEMORY, "out of memory for a clerk");
    clerk->desk = desk;
    tk_arena_init(&clerk->scratch, (size_t)64 * 1024, (size_t)16 * 1024 * 1024);
    tk_out_init(&clerk->json, NULL);
    tk_out_init(&clerk->part, NULL);
    tk_out_init(&clerk->frame, NULL);
    tk_out_init(&clerk->key, NULL);
    clerk->memo = desk_memo_new();
    tk_status status = tk_decider_new(desk->book, &clerk->decider, err);
    if (status == TK_OK)
        status = tk_facts_new(desk->book, &clerk->facts, err);
    if (status != TK_OK) {
        tk_clerk_free(clerk);
        return status;
    }
    *out = clerk;
    return TK_OK;
}

void tk_clerk_free(tk_clerk *clerk)
{
    if (clerk == NULL)
        return;
    desk_memo_free(clerk->memo);
    tk_facts_free(clerk->facts);
    tk_decider_free(clerk->decider);
    tk_out_fini(&clerk->key);
    tk_out_fini(&clerk->frame);
    tk_out_fini(&clerk->part);
    tk_out_fini(&clerk->json);
    tk_arena_fini(&clerk->scratch);
    free(clerk);
}

const tk_decider *tk_clerk_decider(const tk_clerk *clerk)
{
    return clerk->decider;
}

static tk_status clerk_gather(tk_clerk *clerk, const tk_transaction *order, const tk_ask *ask, tk_desk_result *result,
                              tk_err *err)
{
    *result = (tk_desk_result){.id = tk_str_trim(order->cells[TK_COLUMN_ID]), .column = TK_COLUMN_COUNT};
    if (ask->version != TK_ASK_VERSION)
        return tk_err_set(err, TK_ERR_USAGE, "tk_ask of version %u; this library knows version %d", ask->version,
                          TK_ASK_VERSION);
    if (TK_WORLD_CLAIMS_MAX < ask->claims_count)
        return tk_err_set(err, TK_ERR_LIMIT, "%zu claims believed; at most %d", ask->claims_count, TK_WORLD_CLAIMS_MAX);
    tk_arena_reset(&clerk->scratch);
    tk_status status = desk_gather(clerk->desk, &clerk->scratch, order, ask, &clerk->gathered, err);
    result->column = status == TK_OK ? TK_COLUMN_COUNT : clerk->gathered.column;
    result->item = clerk->gathered.item;
    result->as_of = clerk->gathered.as_of;
    result->known_at = clerk->gathered.known_at;
    result->as_of_from = clerk->gathered.as_of_from;
    return status;
}

void desk_gathered_fill(const desk_gathered *gathered, tk_facts *facts)
{
    tk_facts_clear(facts);
    for (size_t i = 0; i < gathered->slots_count; i++) {
        size_t slot = gathered->slots[i];
        tk_facts_set(facts, slot, gathered->values[slot], (tk_fact_origin)gathered->origins[slot]);
    }
    for (size_t role = 0; role < TK_ROLE_COUNT; role++)
        if (gathered->roles[role])
            tk_facts_name_role(facts, tk_role_name(role));
    for (size_t i = 0; i < gathered->evidence_count; i++)
        tk_facts_set_evidence(facts, gathered->evidence[i].evidence, gathered->evidence[i].state,
                              gathered->evidence[i].date);
}

static tk_status clerk_decide(tk_clerk *clerk, const tk_ask *ask, tk_desk_result *result, tk_err *err)
{
    const desk_gathered *gathered = &clerk->gathered;
    desk_gathered_fill(gathered, clerk->facts);
    tk_setting setting = {.as_of = gathered->as_of,
                          .known_at = gathered->known_at,
                          .law = ask->law,
                          .claims = ask->claims,
                          .claims_count = ask->claims_count};
    tk_status status = tk_decide(clerk->decider, clerk->facts, &setting, ask->flags, &result->decision, err);
    if (status != TK_OK)
        return status;
    result->verdict = result->decision->verdict;
    result->touched = result->decision->touched;
    return TK_OK;
}

tk_status tk_clerk_decide(tk_clerk *clerk, const tk_transaction *order, const tk_ask *ask, tk_desk_result *result,
                          tk_err *err)
{
    tk_status status = clerk_gather(clerk, order, ask, result, err);
    return status == TK_OK ? clerk_decide(clerk, ask, result, err) : status;
}

/* --- the key of the memo --- */

static void key_bytes(tk_out *key, const void *bytes, size_t len)
{
    tk_out_add(key, (tk_str){bytes, len});
}

static void key_value(tk_out *key, const tk_value *value)
{
    if (value->known != TK_VALUE)
        return;
    switch ((tk_type)value->type) {
    case TK_TYPE_NUMBER:
    case TK_TYPE_DATE:
        key_bytes(key, &value->as.range, sizeof(value->as.range));
        break;
    case TK_TYPE_WORDS:
        key_bytes(key, &value->as.words, sizeof(value->as.words));
        break;
    case TK_TYPE_WORD:
        key_bytes(key, &value->as.word, sizeof(value->as.word));
        break;
    case TK_TYPE_PLACE:
        key_bytes(key, &value->as.place, sizeof(value->as.place));
        break;
    case TK_TYPE_NAME:
        key_bytes(key, &value->as.name.len, sizeof(value->as.name.len));
        tk_out_add(key, value->as.name);
        break;
    }
}

/* The number of days in `cuts` up to and including a day. */
static uint32_t cuts_before(const tk_desk *desk, tk_date day)
{
    size_t low = 0, high = desk->cuts_count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (desk->cuts[middle] <= day)
            low = middle + 1;
        else
            high = middle;
    }
    return (uint32_t)low;
}

static const tk_column late_columns[] = {TK_COLUMN_QUANTITY, TK_COLUMN_UNIT_VALUE, TK_COLUMN_CURRENCY,
                                         TK_COLUMN_ORDER_DATE, TK_COLUMN_SHIP_DATE};
_Static_assert(TK_COUNT(late_columns) <= 8, "a bit each");

static void key_fact(tk_out *key, const desk_gathered *gathered, size_t slot)
{
    uint16_t number = (uint16_t)slot;
    uint8_t kind[4];
    memcpy(kind, &number, 2);
    kind[2] = gathered->origins[slot];
    kind[3] = (uint8_t)(gathered->values[slot].known | gathered->values[slot].type << 4);
    key_bytes(key, kind, sizeof(kind));
    key_value(key, &gathered->values[slot]);
}

static bool key_is_late(const tk_desk *desk, size_t slot)
{
    for (size_t i = 0; i < TK_COUNT(late_columns); i++)
        if (desk->column_slots[late_columns[i]] == slot)
            return true;
    return false;
}

static tk_str clerk_key(tk_clerk *clerk)
{
    const desk_gathered *gathered = &clerk->gathered;
    tk_out *key = &clerk->key;
    tk_out_reset(key);
    uint32_t era = cuts_before(clerk->desk, gathered->as_of);
    key_bytes(key, &era, sizeof(era));
    key_bytes(key, gathered->roles, sizeof(gathered->roles));
    for (size_t i = 0; i < gathered->slots_count; i++) {
        if (!key_is_late(clerk->desk, gathered->slots[i]))
            key_fact(key, gathered, gathered->slots[i]);
    }
    for (size_t i = 0; i < gathered->evidence_count; i++) {
        const desk_evidence *evidence = &gathered->evidence[i];
        uint32_t parts[3] = {(uint32_t)evidence->evidence, (uint32_t)evidence->state, (uint32_t)evidence->date};
        key_bytes(key, parts, sizeof(parts));
    }
    return tk_out_str(key);
}

/* The same key with the late facts of `late` behind it. */
static tk_str clerk_key_late(tk_clerk *clerk, uint8_t late)
{
    const desk_gathered *gathered = &clerk->gathered;
    uint8_t mark[4] = {UINT8_MAX, UINT8_MAX, 0, late}; /* no fact and no evidence has this number */
    key_bytes(&clerk->key, mark, sizeof(mark));
    for (size_t i = 0; i < TK_COUNT(late_columns); i++) {
        size_t slot = clerk->desk->column_slots[late_columns[i]];
        if ((late >> i & 1) != 0 && slot != SIZE_MAX && gathered->origins[slot] != 0)
            key_fact(&clerk->key, gathered, slot);
    }
    return tk_out_str(&clerk->key);
}

static uint8_t clerk_late(const tk_clerk *clerk)
{
    unsigned late = 0;
    for (size_t i = 0; i < TK_COUNT(late_columns); i++)
        if (tk_decider_looked_at(clerk->decider, clerk->desk->column_slots[late_columns[i]]))
            late |= 1U << i;
    return (uint8_t)late;
}

static bool clerk_recall(tk_clerk *clerk, desk_memo_answer *answer)
{
    bool found = desk_memo_find(clerk->memo, clerk_key(clerk), answer);
    if (found && answer->late != 0)
        found = desk_memo_find(clerk->memo, clerk_key_late(clerk, answer->late), answer);
    return found;
}

static void clerk_remember(tk_clerk *clerk, const tk_desk_result *result)
{
    desk_memo_answer known;
    tk_str key = clerk_key(clerk);
    uint8_t late = clerk_late(clerk);
    if (desk_memo_find(clerk->memo, key, &known))
        late |= known.late;
    if (late != 0) {
        desk_memo_add_late(clerk->memo, key, late);
        key = clerk_key_late(clerk, late);
    }
    desk_memo_add(clerk->memo, key, tk_out_str(&clerk->part), result->verdict, result->touched);
}

/* --- JSON --- */

static bool clerk_frame_fits(const tk_clerk *clerk, const tk_ask *ask)
{
    return clerk->frame_valid && clerk->frame_law == ask->law && clerk->frame_flags == ask->flags
           && clerk->frame_known_at == clerk->gathered.known_at && clerk->frame_claims_count == ask->claims_count
           && (ask->claims_count == 0
               || memcmp(clerk->frame_claims, ask->claims, ask->claims_count * sizeof(uint32_t)) == 0);
}

static void clerk_make_frame(tk_clerk *clerk, const tk_ask *ask)
{
    desk_memo_clear(clerk->memo);
    tk_out_reset(&clerk->frame);
    desk_json_frame(clerk->desk, ask, &clerk->frame);
    clerk->frame_law = ask->law;
    clerk->frame_flags = ask->flags;
    clerk->frame_known_at = clerk->gathered.known_at;
    clerk->frame_claims_count = ask->claims_count;
    if (ask->claims_count != 0)
        memcpy(clerk->frame_claims, ask->claims, ask->claims_count * sizeof(uint32_t));
    clerk->frame_valid = true;
}

/* `known` NULL: the decision was just written to `part`. */
static void clerk_write(tk_clerk *clerk, const tk_desk_result *result, const desk_memo_answer *known)
{
    tk_out *out = &clerk->json;
    tk_out_reset(out);
    tk_json json;
    tk_json_begin(&json, out);
    tk_json_open(&json, '{');
    tk_json_key(&json, "id");
    if (result->id.len == 0)
        tk_json_null(&json);
    else
        tk_json_str(&json, result->id);
    char day[TK_DATE_TEXT_MAX];
    tk_out_char(out, ',');
    if (known != NULL)
        desk_memo_write(clerk->memo, known, out);
    else
        tk_out_add(out, tk_out_str(&clerk->part));
    tk_out_add(out, TK_STR(",\"as_of\":\""));
    tk_out_add(out, (tk_str){day, tk_date_format(result->as_of, day)});
    tk_out_add(out, TK_STR("\",\"known_at\":\""));
    tk_out_add(out, (tk_str){day, tk_date_format(result->known_at, day)});
    tk_out_add(out, TK_STR("\","));
    tk_out_add(out, tk_out_str(&clerk->frame));
    if (!result->touched)
        tk_out_add(out, TK_STR(",\"note\":\"outside every modelled regime\""));
    tk_out_char(out, '}');
}

tk_status tk_clerk_decide_json(tk_clerk *clerk, const tk_transaction *order, const tk_ask *ask, tk_desk_result *result,
                               tk_str *json, tk_err *err)
{
    tk_status status = clerk_gather(clerk, order, ask, result, err);
    if (status != TK_OK)
        return status;
    if (!clerk_frame_fits(clerk, ask))
        clerk_make_frame(clerk, ask);
    /* The nearest other day depends on the day itself, not on its stretch. */
    bool remember = !ask->forget && (ask->flags & (TK_DECIDE_WOULD_CHANGE | TK_DECIDE_EXPLAIN)) == 0;
    desk_memo_answer answer;
    bool found = remember && clerk_recall(clerk, &answer);
    if (found) {
        result->verdict = answer.verdict;
        result->touched = answer.touched;
    } else {
        status = clerk_decide(clerk, ask, result, err);
        if (status != TK_OK)
            return status;
        tk_out_reset(&clerk->part);
        desk_json_decision(clerk->desk->book, result->decision, &clerk->part);
        if (remember)
            clerk_remember(clerk, result);
    }
    clerk_write(clerk, result, found ? &answer : NULL);
    if (clerk->json.status != TK_OK || clerk->part.status != TK_OK || clerk->frame.status != TK_OK
        || clerk->key.status != TK_OK)
        return tk_err_set(err, TK_ERR_MEMORY, "out of memory while writing a decision");
    *json = tk_out_str(&clerk->json);
    return TK_OK;
}
