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

#include "desk/screening.h"
#include "desk/world.h"

struct tk_clerk {
    const tk_desk *desk;
    tk_decider *decider;
    tk_facts *facts;
    tk_arena scratch; /* one order */
    tk_out json;      /* the last object */
    tk_out part;      /* the part of it that follows from the decision */
    tk_out world;     /* the part about the world; of a remembered answer, behind the decision */
    tk_out recalled;
    tk_out frame;     /* the part that is the same for every order of a run */
    tk_out name;      /* the world it was made for */
    tk_out key;
    desk_memo *memo;
    desk_worlds *worlds;
    desk_screening *screening;
    const desk_world *subject; /* what the claims say of this order; NULL: not asked */
    tk_world_view view;
    uint8_t late; /* what the choice of the world looked at: clerk_late */
    bool frame_valid, frame_range;
    tk_law frame_law;
    tk_world frame_world;
    unsigned frame_flags;
    tk_date frame_known_at;
    uint32_t frame_claims[TK_CLAIMS_BELIEVED_MAX];
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
    tk_out_init(&clerk->world, NULL);
    tk_out_init(&clerk->recalled, NULL);
    tk_out_init(&clerk->frame, NULL);
    tk_out_init(&clerk->name, NULL);
    tk_out_init(&clerk->key, NULL);
    clerk->memo = desk_memo_new();
    clerk->worlds = desk_worlds_new(desk);
    clerk->screening = desk_screening_new(desk);
    tk_status status = clerk->worlds == NULL || clerk->screening == NULL
                           ? tk_err_set(err, TK_ERR_MEMORY, "out of memory for a clerk")
                           : tk_decider_new(desk->book, &clerk->decider, err);
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
    desk_worlds_free(clerk->worlds);
    desk_screening_free(clerk->screening);
    tk_facts_free(clerk->facts);
    tk_decider_free(clerk->decider);
    tk_out_fini(&clerk->key);
    tk_out_fini(&clerk->name);
    tk_out_fini(&clerk->frame);
    tk_out_fini(&clerk->recalled);
    tk_out_fini(&clerk->world);
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
    if (TK_CLAIMS_BELIEVED_MAX < ask->claims_count)
        return tk_err_set(err, TK_ERR_LIMIT, "%zu claims believed; at most %d", ask->claims_count,
                          TK_CLAIMS_BELIEVED_MAX);
    for (size_t i = 0; i < ask->claims_count; i++)
        if (tk_rulebook_claim_count(clerk->desk->book) <= ask->claims[i])
            return tk_err_set(err, TK_ERR_USAGE, "no claim number %u", ask->claims[i]);
    tk_arena_reset(&clerk->scratch);
    tk_status status = desk_gather(clerk->desk, &clerk->scratch, order, ask, &clerk->gathered, err);
    result->column = status == TK_OK ? TK_COLUMN_COUNT : clerk->gathered.column;
    result->item = clerk->gathered.item;
    result->as_of = clerk->gathered.as_of;
    result->known_at = clerk->gathered.known_at;
    result->as_of_from = clerk->gathered.as_of_from;
    if (status == TK_OK)
        status = desk_screening_apply(clerk->screening, order, &clerk->gathered, &clerk->scratch, &result->screening,
                                      err);
    return status;
}

void desk_gathered_fill(const desk_gathered *gathered, tk_facts *facts)
{
    tk_facts_clear(facts);
    for (size_t i = 0; i < gathered->slots_count; i++) {
        size_t slot = gathered->slots[i];
        if (gathered->origins[slot] == DESK_FACT_PRESUMED)
            tk_facts_presume(facts, slot, gathered->values[slot], gathered->bare[slot]);
        else
            tk_facts_set(facts, slot, gathered->values[slot], (tk_fact_origin)gathered->origins[slot]);
    }
    for (size_t role = 0; role < TK_ROLE_COUNT; role++)
        if (gathered->roles[role])
            tk_facts_name_role(facts, tk_role_name(role));
    for (size_t i = 0; i < gathered->evidence_count; i++)
        tk_facts_set_evidence(facts, gathered->evidence[i].evidence, gathered->evidence[i].state,
                              gathered->evidence[i].date);
}

static const tk_column late_columns[] = {TK_COLUMN_QUANTITY, TK_COLUMN_UNIT_VALUE, TK_COLUMN_CURRENCY,
                                         TK_COLUMN_ORDER_DATE, TK_COLUMN_SHIP_DATE};
_Static_assert(TK_COUNT(late_columns) <= 8, "a bit each");

static uint8_t clerk_late(const tk_clerk *clerk)
{
    unsigned late = 0;
    for (size_t i = 0; i < TK_COUNT(late_columns); i++)
        if (tk_decider_looked_at(clerk->decider, clerk->desk->column_slots[late_columns[i]]))
            late |= 1U << i;
    return (uint8_t)late;
}

/* --- the world of an order --- */

/* An authorisation, or a written approval, of any regime. */
static bool clerk_paper_held(const tk_clerk *clerk)
{
    const desk_gathered *gathered = &clerk->gathered;
    for (size_t i = 0; i < gathered->evidence_count; i++) {
        tk_str name = tk_rulebook_evidence(clerk->desk->book, gathered->evidence[i].evidence);
        if (gathered->evidence[i].state == TK_EVIDENCE_HELD
            && (tk_str_ends(name, TK_STR(".licence")) || tk_str_ends(name, TK_STR(".written-approval"))))
            return true;
    }
    return false;
}

static bool claims_have(const uint32_t *claims, size_t count, uint32_t claim)
{
    for (size_t i = 0; i < count; i++)
        if (claims[i] == claim)
            return true;
    return false;
}

/* Both ascending; what both have stands once. */
static tk_status claims_join(tk_clerk *clerk, const tk_ask *ask, const uint32_t *more, size_t count,
                             tk_setting *setting, tk_err *err)
{
    uint32_t *all = TK_ARENA_ARRAY(&clerk->scratch, uint32_t, ask->claims_count + count);
    size_t a = 0, b = 0, at = 0;
    if (all == NULL)
        return tk_err_set(err, TK_ERR_MEMORY, "out of memory for the worlds of an order");
    while (a < ask->claims_count || b < count) {
        bool left = b == count || (a < ask->claims_count && ask->claims[a] <= more[b]);
        uint32_t claim = left ? ask->claims[a++] : more[b++];
        if (at == 0 || all[at - 1] != claim)
            all[at++] = claim;
    }
    setting->claims = all;
    setting->claims_count = at;
    return TK_OK;
}

/* A world of one's own is one of all worlds; what is believed beside a world is believed in all of them. */
static tk_status clerk_range(tk_clerk *clerk, const tk_ask *asked, const tk_setting *setting, desk_range *range,
                             desk_range_ask *ask, tk_err *err)
{
    bool everywhere = asked->world != TK_WORLD_CHOSEN;
    *ask = (desk_range_ask){.worlds = clerk->worlds,
                            .world = clerk->subject,
                            .decider = clerk->decider,
                            .facts = clerk->facts,
                            .setting = setting,
                            .believed = everywhere ? asked->claims : NULL,
                            .believed_count = everywhere ? asked->claims_count : 0,
                            .paper_held = clerk_paper_held(clerk)};
    return desk_range_find(ask, &clerk->scratch, range, err);
}

static tk_status clerk_world(tk_clerk *clerk, const tk_ask *ask, tk_setting *setting, desk_range *range, tk_err *err)
{
    bool extreme = ask->world == TK_WORLD_STRICT || ask->world == TK_WORLD_OPEN;
    desk_range_ask asked;
    const uint32_t *claims;
    size_t count = 0;
    *range = (desk_range){.keys = NULL};
    setting->claims = ask->claims;
    setting->claims_count = ask->claims_count;
    clerk->late = 0;
    if (ask->world == TK_WORLD_PREVAILING)
        return claims_join(clerk, ask, clerk->subject->prevailing, clerk->subject->prevailing_count, setting, err);
    if (!extreme)
        return TK_OK;
    const tk_decision *decision; /* whichever: it makes the decider know the facts */
    tk_status status = tk_decide(clerk->decider, clerk->facts, setting, 0, &decision, err);
    if (status == TK_OK)
        status = clerk_range(clerk, ask, setting, range, &asked, err);
    if (status == TK_OK)
        status = desk_range_world(range, &asked, ask->world == TK_WORLD_STRICT, &clerk->scratch, &claims, &count, err);
    clerk->late = clerk_late(clerk); /* which set it is turns on these too, whatever the decision looks at */
    return status == TK_OK ? claims_join(clerk, ask, claims, count, setting, err) : status;
}

static tk_str world_name(const tk_ask *ask)
{
    switch (ask->world) {
    case TK_WORLD_PREVAILING:
        return TK_STR("prevailing");
    case TK_WORLD_STRICT:
        return TK_STR("strict");
    case TK_WORLD_OPEN:
        return TK_STR("open");
    case TK_WORLD_CHOSEN:
        return ask->world_name;
    case TK_WORLD_LAW:
        break;
    }
    return TK_STR("law");
}

/* To one of the keys that the order has: a report on China's gate is none of an order to Hong Kong. */
static bool view_matters(const tk_clerk *clerk, const tk_decision *decision, uint32_t claim)
{
    const tk_rulebook *book = clerk->desk->book;
    for (size_t i = 0; i < decision->keys_count; i++)
        for (size_t regime = 0; regime < tk_rulebook_regime_count(book); regime++)
            if (tk_str_eq(tk_rulebook_regime(book, regime).id, decision->keys[i].regime)
                && tk_decider_claim_matters(clerk->decider, claim, regime))
                return true;
    return false;
}

static int ids_order(const void *a, const void *b)
{
    return tk_str_cmp(*(const tk_str *)a, *(const tk_str *)b);
}

/* Those that were asked for, and of the rest those that can matter to this order: by id. */
static bool view_claims(tk_clerk *clerk, const tk_ask *ask, const tk_setting *setting, const tk_decision *decision,
                        tk_world_view *view)
{
    const desk_world *subject = clerk->subject;
    const uint64_t *named = tk_decider_named_claims(clerk->decider, clerk->facts, setting);
    tk_str *ids = TK_ARENA_ARRAY(&clerk->scratch, tk_str, setting->claims_count);
    for (size_t i = 0; ids != NULL && i < setting->claims_count; i++) {
        uint32_t claim = setting->claims[i];
        tk_str id = desk_world_id(subject, clerk->desk->book, claim);
        bool is_named = claim < subject->first && (named[claim / 64] >> (claim % 64) & 1) != 0;
        size_t witness = claim < subject->first ? desk_world_witness(subject, id) : claim - subject->first;
        bool speaks = witness != SIZE_MAX && subject->witnesses[witness].says_count != 0
                      && subject->witnesses[witness].event <= setting->as_of;
        bool matters = (speaks || is_named) && view_matters(clerk, decision, claim);
        bool asked = ask->world == TK_WORLD_LAW && claims_have(ask->claims, ask->claims_count, claim)
                     && tk_rulebook_claim_published(clerk->desk->book, claim) <= setting->known_at;
        if (asked || matters)
            ids[view->claims_count++] = id;
    }
    if (ids != NULL && view->claims_count != 0)
        qsort(ids, view->claims_count, sizeof *ids, ids_order);
    view->claims = ids;
    return ids != NULL;
}

static tk_str fold_text(tk_arena *arena, const desk_world *subject, size_t fact, const tk_claims_fold *fold)
{
    size_t count;
    const tk_str *words = tk_claims_world_words(subject->claims, fact, &count);
    tk_str text = TK_STR("");
    if (fold->broken || fold->stale)
        return TK_STR("?");
    if (fold->kind == TK_KIND_MEASURE)
        return tk_claims_bounds_text(&fold->bounds, arena);
    for (uint64_t rest = fold->words; rest != 0; rest &= rest - 1) {
        tk_str word = words[__builtin_ctzll(rest)];
        text = text.len == 0 ? word : tk_arena_printf(arena, TK_FMT "; " TK_FMT, TK_ARG_STR(text), TK_ARG_STR(word));
    }
    return text;
}

/* Under the witnesses of the bits; false: out of memory. */
static bool view_fact(tk_clerk *clerk, const tk_setting *setting, const uint64_t *bits, size_t fact,
                      tk_world_view *view, tk_world_fact *facts)
{
    const desk_world *subject = clerk->subject;
    size_t slot = desk_worlds_slot(clerk->worlds, fact);
    tk_claims_fold fold;
    if (!tk_decider_read(clerk->decider, slot)
        || !desk_world_fold(clerk->worlds, subject, fact, setting, bits, &fold))
        return true;
    uint32_t *voices = TK_ARENA_ARRAY(&clerk->scratch, uint32_t, tk_claims_world_lines(subject->claims, fact));
    if (voices == NULL)
        return false;
    size_t count = tk_claims_world_voices(subject->claims, fact, bits, setting->as_of, &fold, voices);
    tk_str *ids = TK_ARENA_ARRAY(&clerk->scratch, tk_str, count);
    for (size_t v = 0; ids != NULL && v < count; v++)
        ids[v] = subject->witnesses[voices[v]].id;
    facts[view->facts_count++] = (tk_world_fact){.fact = tk_rulebook_fact(clerk->desk->book, slot).name,
                                                 .value = fold_text(&clerk->scratch, subject, fact, &fold),
                                                 .since = fold.since,
                                                 .stale = fold.stale,
                                                 .claims = ids,
                                                 .claims_count = ids == NULL ? 0 : count};
    return ids != NULL;
}

static bool view_facts(tk_clerk *clerk, const tk_setting *setting, tk_world_view *view)
{
    const desk_world *subject = clerk->subject;
    size_t count = desk_worlds_facts(clerk->worlds);
    uint64_t *bits = TK_ARENA_ARRAY(&clerk->scratch, uint64_t, subject->bits_words);
    tk_world_fact *facts = TK_ARENA_ARRAY(&clerk->scratch, tk_world_fact, count);
    bool good = bits != NULL && facts != NULL;
    if (good)
        desk_world_bits(subject, setting->claims, setting->claims_count, bits);
    for (size_t i = 0; good && i < count; i++)
        good = view_fact(clerk, setting, bits, i, view, facts);
    view->facts = facts;
    return good;
}

static tk_status clerk_view(tk_clerk *clerk, const tk_ask *ask, const tk_setting *setting,
                            const tk_decision *decision, desk_range *range, tk_err *err)
{
    tk_world_view *view = &clerk->view;
    tk_status status = TK_OK;
    *view = (tk_world_view){.name = world_name(ask), .recorded = tk_desk_claims_recorded(clerk->desk)};
    /* Where nobody is believed there is nothing to show. */
    bool good = setting->claims_count == 0
                || (view_facts(clerk, setting, view) && view_claims(clerk, ask, setting, decision, view));
    desk_range_ask asked;
    if (good && ask->range && range->keys == NULL)
        status = clerk_range(clerk, ask, setting, range, &asked, err);
    if (ask->range) {
        view->ranges = range->keys;
        view->ranges_count = range->keys_count;
    }
    return good && !clerk->scratch.failed ? status
                                          : tk_err_set(err, TK_ERR_MEMORY, "out of memory for the worlds of an order");
}

static tk_status clerk_subject(tk_clerk *clerk, const tk_ask *ask, tk_err *err)
{
    desk_gathered_fill(&clerk->gathered, clerk->facts);
    tk_facts_set_claims(clerk->facts, desk_worlds_source(clerk->worlds));
    desk_worlds_begin(clerk->worlds, ask->claims, ask->claims_count);
    tk_status status =
        desk_worlds_find(clerk->worlds, clerk->facts, clerk->gathered.known_at, &clerk->subject, err);
    desk_worlds_fix(clerk->worlds, clerk->subject);
    return status;
}

/* The facts are filled in. */
static tk_status clerk_decide(tk_clerk *clerk, const tk_ask *ask, tk_desk_result *result, tk_err *err)
{
    const desk_gathered *gathered = &clerk->gathered;
    tk_setting setting = {.as_of = gathered->as_of, .known_at = gathered->known_at, .law = ask->law};
    desk_range range;
    tk_status status = clerk_world(clerk, ask, &setting, &range, err);
    if (status == TK_OK)
        status = tk_decide(clerk->decider, clerk->facts, &setting, ask->flags, &result->decision, err);
    if (status == TK_OK)
        status = desk_worlds_failure(clerk->worlds, err);
    if (status == TK_OK)
        status = clerk_view(clerk, ask, &setting, result->decision, &range, err);
    if (status != TK_OK)
        return status;
    result->world = &clerk->view;
    result->verdict = result->decision->verdict;
    result->touched = result->decision->touched;
    return TK_OK;
}

tk_status tk_clerk_decide(tk_clerk *clerk, const tk_transaction *order, const tk_ask *ask, tk_desk_result *result,
                          tk_err *err)
{
    tk_status status = clerk_gather(clerk, order, ask, result, err);
    if (status == TK_OK)
        status = clerk_subject(clerk, ask, err);
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

static void key_fact(tk_out *key, const desk_gathered *gathered, size_t slot)
{
    uint16_t number = (uint16_t)slot;
    uint8_t kind[4];
    memcpy(kind, &number, 2);
    kind[2] = gathered->origins[slot];
    kind[3] = (uint8_t)(gathered->values[slot].known | gathered->values[slot].type << 4);
    key_bytes(key, kind, sizeof(kind));
    key_value(key, &gathered->values[slot]);
    if (gathered->origins[slot] == DESK_FACT_PRESUMED)
        key_value(key, &gathered->bare[slot]);
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

/* Between a decision and its world in what is remembered: no JSON has this byte. */
#define WORLD_BEHIND "\n"

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
    uint8_t late = clerk_late(clerk) | clerk->late;
    if (desk_memo_find(clerk->memo, key, &known))
        late |= known.late;
    if (late != 0) {
        desk_memo_add_late(clerk->memo, key, late);
        key = clerk_key_late(clerk, late);
    }
    tk_out_add(&clerk->part, TK_STR(WORLD_BEHIND));
    tk_out_add(&clerk->part, tk_out_str(&clerk->world));
    desk_memo_add(clerk->memo, key, tk_out_str(&clerk->part), result->verdict, result->touched);
}

/* --- JSON --- */

static bool clerk_frame_fits(const tk_clerk *clerk, const tk_ask *ask)
{
    return clerk->frame_valid && clerk->frame_law == ask->law && clerk->frame_flags == ask->flags
           && clerk->frame_world == ask->world && tk_str_eq(tk_out_str(&clerk->name), world_name(ask))
           && clerk->frame_range == ask->range
           && clerk->frame_known_at == clerk->gathered.known_at && clerk->frame_claims_count == ask->claims_count
           && (ask->claims_count == 0
               || memcmp(clerk->frame_claims, ask->claims, ask->claims_count * sizeof(uint32_t)) == 0);
}

static void clerk_make_frame(tk_clerk *clerk, const tk_ask *ask, const tk_screening_view *screening)
{
    desk_memo_clear(clerk->memo);
    tk_out_reset(&clerk->frame);
    desk_json_frame(clerk->desk, screening, &clerk->frame);
    tk_out_reset(&clerk->name);
    tk_out_add(&clerk->name, world_name(ask));
    clerk->frame_law = ask->law;
    clerk->frame_world = ask->world;
    clerk->frame_range = ask->range;
    clerk->frame_flags = ask->flags;
    clerk->frame_known_at = clerk->gathered.known_at;
    clerk->frame_claims_count = ask->claims_count;
    if (ask->claims_count != 0)
        memcpy(clerk->frame_claims, ask->claims, ask->claims_count * sizeof(uint32_t));
    clerk->frame_valid = true;
}

/* `known` NULL: the decision was just written to `part`, and its world to `world`. */
static void clerk_write(tk_clerk *clerk, const tk_desk_result *result, const tk_ask *ask,
                        const desk_memo_answer *known)
{
    tk_out *out = &clerk->json;
    tk_str part = tk_out_str(&clerk->part), world = tk_out_str(&clerk->world);
    if (known != NULL) {
        tk_out_reset(&clerk->recalled);
        desk_memo_write(clerk->memo, known, &clerk->recalled);
        world = tk_out_str(&clerk->recalled);
        (void)tk_str_split(&world, WORLD_BEHIND[0], &part);
    }
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
    tk_out_add(out, part);
    tk_out_add(out, TK_STR(",\"as_of\":\""));
    tk_out_add(out, (tk_str){day, tk_date_format(result->as_of, day)});
    tk_out_add(out, TK_STR("\",\"known_at\":\""));
    tk_out_add(out, (tk_str){day, tk_date_format(result->known_at, day)});
    tk_out_add(out, ask->law == TK_LAW_TEXT ? TK_STR("\",\"law\":\"text\",\"world\":")
                                            : TK_STR("\",\"law\":\"enforced\",\"world\":"));
    tk_out_add(out, world);
    if (result->screening != NULL) {
        tk_out_add(out, TK_STR(",\"screening\":"));
        desk_json_screening(result->screening, out);
    }
    tk_out_char(out, ',');
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
        clerk_make_frame(clerk, ask, result->screening);
    /* The nearest other day depends on the day itself, not on its stretch. */
    bool remember = !ask->forget && (ask->flags & (TK_DECIDE_WOULD_CHANGE | TK_DECIDE_EXPLAIN)) == 0;
    desk_memo_answer answer;
    bool found = remember && clerk_recall(clerk, &answer);
    if (found) {
        result->verdict = answer.verdict;
        result->touched = answer.touched;
    } else {
        status = clerk_subject(clerk, ask, err);
        if (status == TK_OK)
            status = clerk_decide(clerk, ask, result, err);
        if (status != TK_OK)
            return status;
        tk_out_reset(&clerk->part);
        tk_out_reset(&clerk->world);
        desk_json_decision(clerk->desk->book, result->decision, &clerk->part);
        desk_json_world(&clerk->view, &clerk->world);
    }
    clerk_write(clerk, result, ask, found ? &answer : NULL);
    if (!found && remember)
        clerk_remember(clerk, result);
    const tk_out *outs[] = {&clerk->json,  &clerk->recalled, &clerk->world, &clerk->part,
                            &clerk->frame, &clerk->name,     &clerk->key};
    bool written = true;
    for (size_t i = 0; i < TK_COUNT(outs); i++)
        written &= outs[i]->status == TK_OK;
    if (!written)
        return tk_err_set(err, TK_ERR_MEMORY, "out of memory while writing a decision");
    *json = tk_out_str(&clerk->json);
    return TK_OK;
}
