/* SPDX-License-Identifier: Apache-2.0 */
/* world.c: the witnesses of one subject, what prevails among them, and the facts that a set of them makes.
 *
 * The picture is loaded twice: by what the facts are about, which gives the witnesses; then by everything that these
 * say, so that a dispute weighs the same whoever asks about it. Who wins a dispute depends on its two sides alone and
 * never on what else became of their claims; so the outcome is one, whatever the order, and no two of the claims that
 * prevail oppose each other.
 */
#include "claims/world.h"

#include <stdlib.h>
#include <string.h>

#include "claims/picture.h"

struct tk_claims_world {
    const tk_str *facts;
    size_t facts_count;
    tk_claims_witness *witnesses;
    size_t count;
    tk_str *words[TK_CLAIMS_FACTS_MAX]; /* per fact, by name */
    size_t words_count[TK_CLAIMS_FACTS_MAX];
    uint64_t off[TK_CLAIMS_FACTS_MAX]; /* words that are no rung */
    uint32_t *order;
};

const char *tk_claims_standing_says(tk_claims_standing standing)
{
    switch (standing) {
    case TK_STANDS_SUPERSEDED:
        return "superseded";
    case TK_STANDS_OVERRULED:
        return "overruled";
    case TK_STANDS_DISPUTED:
        return "disputed";
    case TK_STANDS_UNSOURCED:
        return "without a source";
    case TK_STANDS_PREVAILS:
        break;
    }
    return "prevails";
}

const tk_claims_witness *tk_claims_world_witnesses(const tk_claims_world *world, size_t *count)
{
    *count = world->count;
    return world->witnesses;
}

const tk_str *tk_claims_world_words(const tk_claims_world *world, size_t fact, size_t *count)
{
    *count = world->words_count[fact];
    return world->words[fact];
}

const uint32_t *tk_claims_world_order(const tk_claims_world *world)
{
    return world->order;
}

static int known_order(const void *a, const void *b)
{
    return tk_str_cmp(*(const tk_str *)a, *(const tk_str *)b);
}

tk_status tk_claims_known(const tk_claims *claims, bool items, tk_arena *arena, const tk_str **ids, size_t *count,
                          tk_err *err)
{
    const claims_tables *tables = &claims->tables;
    tk_str *list = TK_ARENA_ARRAY(arena, tk_str, tables->names_count);
    size_t all = 0, kept = 0;
    if (list == NULL)
        return tk_err_set(err, TK_ERR_MEMORY, "out of memory for the claims");
    for (size_t i = 0; i < tables->names_count; i++) {
        tk_str kind = tables->names[i].kind;
        if (items ? tk_str_is(kind, "product") : tk_str_is(kind, "buyer") || tk_str_is(kind, "class"))
            list[all++] = tables->names[i].id;
    }
    if (all != 0)
        qsort(list, all, sizeof *list, known_order);
    for (size_t i = 0; i < all; i++)
        if (kept == 0 || !tk_str_eq(list[kept - 1], list[i]))
            list[kept++] = list[i];
    *ids = list;
    *count = kept;
    return TK_OK;
}

/* --- making --- */

typedef struct maker {
    tk_claims *claims;
    const tk_claims_at *at;
    const tk_claims_subject *subject;
    const tk_str *named;
    size_t named_count;
    tk_arena *arena, scratch;
    tk_claim_statement *asked; /* what the picture is to be about */
    size_t asked_count, asked_size;
    tk_claims_picture *picture;
    tk_claims_world *world;
} maker;

static tk_status maker_memory(tk_err *err)
{
    return tk_err_set(err, TK_ERR_MEMORY, "out of memory for the claims");
}

static bool maker_ask(maker *m, const tk_claim_statement *statement)
{
    if (m->asked_count == m->asked_size) {
        size_t size = m->asked_size == 0 ? 64 : m->asked_size * 2;
        tk_claim_statement *grown = TK_ARENA_ARRAY(&m->scratch, tk_claim_statement, size);
        if (grown == NULL)
            return false;
        if (m->asked_count != 0)
            memcpy(grown, m->asked, m->asked_count * sizeof *grown);
        m->asked = grown;
        m->asked_size = size;
    }
    m->asked[m->asked_count++] = *statement;
    return true;
}

static size_t maker_fact(const maker *m, tk_str fact)
{
    size_t at = 0;
    while (at < m->world->facts_count && !tk_str_eq(m->world->facts[at], fact))
        at++;
    return at;
}

/* Of one product or of all, of one buyer or of all: whatever the predicates say of a fact that is asked for. */
static bool maker_ask_rule(maker *m, const claims_rule *rule)
{
    tk_claim_statement asked = {.about = rule->about, .kind = rule->kind, .fact = rule->fact, .value = TK_STR("")};
    bool items = rule->about != TK_ABOUT_PARTY && rule->about != TK_ABOUT_REGIME;
    bool parties = !claims_about_item(rule->about) && rule->about != TK_ABOUT_REGIME;
    for (size_t i = 0; i < (items ? 2U : 1U); i++)
        for (size_t j = 0; j < (parties ? m->subject->parties_count : 0) + 1; j++) {
            asked.item = items && i == 0 ? m->subject->item : TK_STR("");
            asked.party = j == 0 ? TK_STR("") : m->subject->parties[j - 1];
            bool anything = asked.item.len + asked.party.len != 0 || rule->about == TK_ABOUT_REGIME;
            if (anything && !maker_ask(m, &asked))
                return false;
        }
    return true;
}

static bool maker_ask_facts(maker *m)
{
    const claims_tables *tables = &m->claims->tables;
    for (size_t p = 0; p < tables->predicates_count; p++)
        for (size_t r = 0; r < tables->predicates[p].rules_count; r++) {
            const claims_rule *rule = &tables->rules[tables->predicates[p].rules + r];
            bool again = false;
            if (rule->about == TK_ABOUT_TEXT || m->world->facts_count <= maker_fact(m, rule->fact))
                continue;
            for (size_t i = 0; i < m->asked_count && !again; i++)
                again = m->asked[i].about == rule->about && m->asked[i].kind == rule->kind
                        && tk_str_eq(m->asked[i].fact, rule->fact);
            if (!again && !maker_ask_rule(m, rule))
                return false;
        }
    return true;
}

static tk_status maker_ask_named(maker *m, tk_err *err)
{
    for (size_t i = 0; i < m->named_count; i++) {
        const tk_claim *claim;
        tk_claim_statement *said = NULL;
        size_t count = 0;
        tk_status status = tk_claims_find(m->claims, m->at, m->named[i], &m->scratch, &claim, err);
        if (status == TK_OK && claim != NULL)
            status = claims_statements(m->claims, &m->scratch, claim->cells, &said, &count, err);
        for (size_t j = 0; status == TK_OK && j < count; j++)
            status = maker_ask(m, &said[j]) ? TK_OK : maker_memory(err);
        if (status != TK_OK)
            return status;
    }
    return TK_OK;
}

static int asked_order(const void *a, const void *b)
{
    const tk_claim_statement *x = a, *y = b;
    int64_t left = claims_key(x), right = claims_key(y);
    if (left != right)
        return left < right ? -1 : 1;
    return (int)x->kind - (int)y->kind;
}

/* Each once: the same thing is asked about by every rule and every witness that speaks of it. */
static tk_status maker_look(maker *m, tk_arena *arena, tk_err *err)
{
    size_t kept = 0;
    if (m->asked_count != 0)
        qsort(m->asked, m->asked_count, sizeof *m->asked, asked_order);
    for (size_t i = 0; i < m->asked_count; i++)
        if (kept == 0 || asked_order(&m->asked[kept - 1], &m->asked[i]) != 0)
            m->asked[kept++] = m->asked[i];
    m->asked_count = kept;
    return tk_claims_picture_about(m->claims, m->at, m->asked, m->asked_count, arena, &m->picture, err);
}

/* --- who is a witness --- */

static bool subject_is(const maker *m, tk_str party)
{
    for (size_t i = 0; i < m->subject->parties_count; i++)
        if (tk_str_eq(m->subject->parties[i], party))
            return true;
    return party.len == 0;
}

/* Does it say something of a fact asked for, about this subject? */
static bool said_speaks(const maker *m, const picture_said *said)
{
    bool measured = said->kind == TK_KIND_MEASURE && said->item.len + said->party.len == 0;
    if (said->kind == TK_KIND_WORDS || m->world->facts_count <= maker_fact(m, said->fact))
        return false;
    if (said->item.len != 0 && !tk_str_eq(said->item, m->subject->item))
        return false;
    return measured || subject_is(m, said->party);
}

static bool entry_named(const maker *m, tk_str id)
{
    for (size_t i = 0; i < m->named_count; i++)
        if (tk_str_eq(m->named[i], id))
            return true;
    return false;
}

static size_t entry_speaks(const maker *m, const picture_entry *entry)
{
    size_t count = 0;
    for (size_t i = 0; i < entry->said_count; i++)
        count += said_speaks(m, &m->picture->said[m->picture->said_of[entry->said + i]]) ? 1 : 0;
    return count;
}

static bool entry_is_witness(const maker *m, const picture_entry *entry)
{
    return !entry->beside && (entry_named(m, entry->id) || entry_speaks(m, entry) != 0);
}

/* Everything that witnesses say, also of other things: there they may be in dispute too. */
static bool maker_ask_witnesses(maker *m)
{
    const tk_claims_picture *p = m->picture;
    for (size_t i = 0; i < p->said_count; i++) {
        const picture_said *said = &p->said[i];
        if (!entry_is_witness(m, &p->entries[said->entry]))
            continue;
        tk_claim_statement asked = {.kind = said->kind, .fact = said->fact, .item = said->item, .party = said->party,
                                    .about = said->about, .value = said->value, .unit = said->unit};
        if (!maker_ask(m, &asked))
            return false;
    }
    return true;
}

/* --- disputes --- */

typedef struct side_weight {
    bool own;
    uint32_t sources;
    char grade; /* the best */
} side_weight;

/* < 0: a weighs less. Any number of claims without a source weighs less than one that has one. */
static int weight_order(const side_weight *a, const side_weight *b)
{
    bool a_sourced = a->grade < 'F', b_sourced = b->grade < 'F';
    if (a->own != b->own)
        return a->own ? 1 : -1;
    if (a_sourced != b_sourced)
        return a_sourced ? 1 : -1;
    if (a->sources != b->sources)
        return a->sources < b->sources ? -1 : 1;
    return a->grade == b->grade ? 0 : (a->grade < b->grade ? 1 : -1);
}

/* A statement that is part of a ground: two or more sides that cannot all be true. */
typedef struct ground_said {
    uint32_t ground, side, entry;
    const picture_said *said;
} ground_said;

static int ground_order(const void *a, const void *b)
{
    const ground_said *x = a, *y = b;
    if (x->ground != y->ground)
        return x->ground < y->ground ? -1 : 1;
    if (x->side != y->side)
        return x->side < y->side ? -1 : 1;
    if (x->entry != y->entry)
        return x->entry < y->entry ? -1 : 1;
    return x->said < y->said ? -1 : (y->said < x->said ? 1 : 0);
}

/* One side of a ground: what it weighs, and what of it matters to whom it opposes. */
typedef struct ground_side {
    const ground_said *first;
    side_weight weight;
    tk_num most_low, least_high; /* of measures */
} ground_side;

static size_t side_end(const ground_said *list, size_t begin, size_t end)
{
    size_t at = begin + 1;
    while (at < end && list[at].side == list[begin].side)
        at++;
    return at;
}

static ground_side side_make(maker *m, const ground_said *list, size_t count)
{
    ground_side side = {.first = list, .weight = {.grade = 'G'}, .most_low = TK_NUM_MIN, .least_high = TK_NUM_MAX};
    uint32_t *entries = TK_ARENA_ARRAY(&m->scratch, uint32_t, count);
    for (size_t i = 0; entries != NULL && i < count; i++) {
        const picture_entry *entry = &m->picture->entries[list[i].entry];
        const tk_claim_bounds *bounds = &list[i].said->bounds;
        entries[i] = list[i].entry;
        side.weight.own |= entry->own;
        side.weight.grade = entry->grade < side.weight.grade ? entry->grade : side.weight.grade;
        side.most_low = side.most_low < bounds->low ? bounds->low : side.most_low;
        side.least_high = bounds->high < side.least_high ? bounds->high : side.least_high;
    }
    if (entries != NULL)
        side.weight.sources = picture_independent(m->picture, entries, count, &m->scratch);
    return side;
}

/* Not all sides of a ground oppose each other: of three states two may go together, and so may numbers. Every member
 * of a stage's ground opposes one of the other side. */
static bool side_opposes(const maker *m, const ground_side *side, const ground_said *its)
{
    if (side->first->side == its->side)
        return false;
    switch (its->said->kind) {
    case TK_KIND_STATE:
        return picture_said_oppose(m->picture, side->first->said, its->said);
    case TK_KIND_MEASURE:
        return its->said->bounds.high < side->most_low || side->least_high < its->said->bounds.low;
    case TK_KIND_STAGE:
    case TK_KIND_WORDS:
        break;
    }
    return true;
}

static void stand_worse(tk_claims_standing *standing, tk_claims_standing now)
{
    if (*standing == TK_STANDS_PREVAILS)
        *standing = now;
}

/* One ground: out is whom a side opposes that weighs as much or more. */
static void ground_decide(maker *m, const ground_said *list, size_t count, tk_claims_standing *standings)
{
    ground_side *sides = TK_ARENA_ARRAY(&m->scratch, ground_side, list[count - 1].side + 1U);
    size_t sides_count = 0;
    for (size_t at = 0; sides != NULL && at < count; at = side_end(list, at, count))
        sides[sides_count++] = side_make(m, list + at, side_end(list, at, count) - at);
    for (size_t i = 0, own = 0; sides != NULL && i < count; i++) {
        int most = -1; /* how the weightiest side against it compares with its own */
        while (sides[own].first->side != list[i].side)
            own++;
        for (size_t k = 0; k < sides_count; k++) {
            int order = side_opposes(m, &sides[k], &list[i]) ? weight_order(&sides[k].weight, &sides[own].weight) : -1;
            most = most < order ? order : most;
        }
        if (0 <= most)
            stand_worse(&standings[list[i].entry], most == 0 ? TK_STANDS_DISPUTED : TK_STANDS_OVERRULED);
    }
}

static tk_status disputes_of_meaning(maker *m, tk_claims_standing *standings, tk_err *err)
{
    const tk_claims_picture *p = m->picture;
    ground_said *list = TK_ARENA_ARRAY(&m->scratch, ground_said, p->said_count * 2);
    size_t count = 0;
    if (list == NULL)
        return maker_memory(err);
    for (size_t i = 0; i < p->said_count; i++)
        for (size_t k = 0; k < TK_COUNT(p->said[i].ground); k++)
            if (p->said[i].ground[k] != PICTURE_NONE)
                list[count++] = (ground_said){p->said[i].ground[k], p->said[i].side[k], p->said[i].entry, &p->said[i]};
    if (count != 0)
        qsort(list, count, sizeof *list, ground_order);
    for (size_t begin = 0; begin < count;) {
        size_t end = begin + 1;
        while (end < count && list[end].ground == list[begin].ground)
            end++;
        ground_decide(m, list + begin, end - begin, standings);
        begin = end;
    }
    return m->scratch.failed ? maker_memory(err) : TK_OK;
}

/* What a link alone says is weighed claim against claim. */
static void disputes_of_links(maker *m, tk_claims_standing *standings)
{
    const tk_claims_picture *p = m->picture;
    for (size_t i = 0; i < p->entries_count; i++) {
        const picture_entry *a = &p->entries[i];
        for (size_t k = 0; k < a->links_count && !a->superseded; k++) {
            const picture_entry *b = &p->entries[p->links[a->links + k]];
            side_weight x = {a->own, 1, a->grade}, y = {b->own, 1, b->grade};
            int order = weight_order(&x, &y);
            if (!b->superseded && order <= 0)
                stand_worse(&standings[i], order == 0 ? TK_STANDS_DISPUTED : TK_STANDS_OVERRULED);
        }
    }
}

/* --- the world --- */

static int word_order(const void *a, const void *b)
{
    return tk_str_cmp(*(const tk_str *)a, *(const tk_str *)b);
}

static bool is_rung(tk_str word)
{
    for (size_t i = 0; i < TK_STAGE_COUNT; i++)
        if (tk_str_is(word, tk_claim_stage_name(i)))
            return true;
    return false;
}

/* The words that anybody says of a fact; more than 64 are one too many for a set of bits. */
static tk_status world_words(maker *m, size_t fact, tk_err *err)
{
    tk_claims_world *w = m->world;
    const tk_claims_picture *p = m->picture;
    tk_str *words = TK_ARENA_ARRAY(m->arena, tk_str, p->said_count);
    size_t count = 0, kept = 0;
    if (words == NULL)
        return maker_memory(err);
    for (size_t i = 0; i < p->said_count; i++)
        if (p->said[i].kind != TK_KIND_MEASURE && said_speaks(m, &p->said[i])
            && tk_str_eq(p->said[i].fact, w->facts[fact]))
            words[count++] = p->said[i].value;
    if (count != 0)
        qsort(words, count, sizeof *words, word_order);
    for (size_t i = 0; i < count; i++)
        if (kept == 0 || !tk_str_eq(words[kept - 1], words[i]))
            words[kept++] = words[i];
    if (64 < kept)
        return tk_err_set(err, TK_ERR_LIMIT, "claims say more than 64 different things of " TK_FMT,
                          TK_ARG_STR(w->facts[fact]));
    w->words[fact] = words;
    w->words_count[fact] = kept;
    for (size_t i = 0; i < kept; i++)
        w->off[fact] |= is_rung(words[i]) ? 0 : UINT64_C(1) << i;
    return TK_OK;
}

static tk_claims_says says_of(const maker *m, const picture_said *said)
{
    size_t fact = maker_fact(m, said->fact), word = 0;
    while (word < m->world->words_count[fact] && !tk_str_eq(m->world->words[fact][word], said->value))
        word++;
    return (tk_claims_says){.fact = (uint32_t)fact,
                            .word = (uint32_t)word,
                            .kind = said->kind,
                            .denies = said->denies,
                            .names_buyer = said->party.len != 0,
                            .bounds = said->bounds};
}

static bool witness_say(maker *m, const picture_entry *entry, tk_claims_witness *witness)
{
    tk_claims_says *says = TK_ARENA_ARRAY(m->arena, tk_claims_says, entry_speaks(m, entry));
    if (says == NULL)
        return false;
    witness->says = says;
    for (size_t i = 0; i < entry->said_count; i++) {
        const picture_said *said = &m->picture->said[m->picture->said_of[entry->said + i]];
        if (said_speaks(m, said))
            says[witness->says_count++] = says_of(m, said);
    }
    return true;
}

static bool entries_oppose(const tk_claims_picture *p, uint32_t a, uint32_t b)
{
    const picture_entry *x = &p->entries[a], *y = &p->entries[b];
    for (size_t k = 0; k < x->links_count; k++)
        if (p->links[x->links + k] == b)
            return true;
    for (size_t i = 0; i < x->said_count; i++)
        for (size_t j = 0; j < y->said_count; j++)
            if (picture_said_oppose(p, &p->said[p->said_of[x->said + i]], &p->said[p->said_of[y->said + j]]))
                return true;
    return false;
}

static bool witness_oppose(maker *m, const uint32_t *entries, size_t at)
{
    tk_claims_world *w = m->world;
    uint32_t *against = TK_ARENA_ARRAY(&m->scratch, uint32_t, w->count);
    size_t count = 0;
    if (against == NULL)
        return false;
    for (uint32_t other = 0; other < w->count; other++)
        if (other != at && entries_oppose(m->picture, entries[at], entries[other]))
            against[count++] = other;
    uint32_t *kept = TK_ARENA_ARRAY(m->arena, uint32_t, count);
    if (kept == NULL)
        return false;
    if (count != 0)
        memcpy(kept, against, count * sizeof *kept);
    w->witnesses[at].against = kept;
    w->witnesses[at].against_count = count;
    return true;
}

typedef struct order_key {
    tk_date event;
    uint32_t late, witness;
} order_key;

/* Of one day, what ends the way up comes after every rung, and denials last: what is reported and denied for one day
 * was denied. */
static uint32_t says_late(const tk_claims_world *world, const tk_claims_says *says)
{
    if (says->denies)
        return 2;
    return says->kind == TK_KIND_STAGE && (world->off[says->fact] >> says->word & 1) != 0 ? 1 : 0;
}

static int order_order(const void *a, const void *b)
{
    const order_key *x = a, *y = b;
    if (x->event != y->event)
        return x->event < y->event ? -1 : 1;
    if (x->late != y->late)
        return x->late < y->late ? -1 : 1;
    return x->witness < y->witness ? -1 : (y->witness < x->witness ? 1 : 0);
}

static bool world_order(maker *m)
{
    tk_claims_world *w = m->world;
    order_key *keys = TK_ARENA_ARRAY(&m->scratch, order_key, w->count);
    w->order = TK_ARENA_ARRAY(m->arena, uint32_t, w->count);
    if (keys == NULL || w->order == NULL)
        return false;
    for (uint32_t i = 0; i < w->count; i++) {
        keys[i] = (order_key){.event = w->witnesses[i].event, .witness = i};
        for (size_t k = 0; k < w->witnesses[i].says_count; k++) {
            uint32_t late = says_late(w, &w->witnesses[i].says[k]);
            keys[i].late = keys[i].late < late ? late : keys[i].late;
        }
    }
    if (w->count != 0)
        qsort(keys, w->count, sizeof *keys, order_order);
    for (uint32_t i = 0; i < w->count; i++)
        w->order[i] = keys[i].witness;
    return true;
}

static tk_claims_standing standing_of(const picture_entry *entry, tk_claims_standing dispute)
{
    if (entry->superseded)
        return TK_STANDS_SUPERSEDED;
    return entry->grade == 'F' && dispute == TK_STANDS_PREVAILS ? TK_STANDS_UNSOURCED : dispute;
}

static tk_status world_fill(maker *m, tk_err *err)
{
    const tk_claims_picture *p = m->picture;
    tk_claims_world *w = m->world;
    tk_claims_standing *standings = TK_ARENA_ARRAY(&m->scratch, tk_claims_standing, p->entries_count);
    uint32_t *entries = TK_ARENA_ARRAY(&m->scratch, uint32_t, p->entries_count);
    w->witnesses = TK_ARENA_ARRAY(m->arena, tk_claims_witness, p->entries_count);
    if (standings == NULL || entries == NULL || w->witnesses == NULL)
        return maker_memory(err);
    memset(standings, 0, p->entries_count * sizeof *standings);
    tk_status status = disputes_of_meaning(m, standings, err);
    disputes_of_links(m, standings);
    for (size_t fact = 0; status == TK_OK && fact < w->facts_count; fact++)
        status = world_words(m, fact, err);
    for (uint32_t i = 0; status == TK_OK && i < p->entries_count; i++) {
        const picture_entry *entry = &p->entries[i];
        if (!entry_is_witness(m, entry))
            continue;
        if (w->count == TK_CLAIMS_WITNESSES_MAX)
            return tk_err_set(err, TK_ERR_LIMIT, "more than %d claims speak of one transaction",
                              TK_CLAIMS_WITNESSES_MAX);
        tk_claims_witness *witness = &w->witnesses[w->count];
        *witness = (tk_claims_witness){.id = entry->id,
                                       .number = entry->number,
                                       .event = entry->event_from,
                                       .event_is_day = entry->event_from == entry->event_to,
                                       .grade = entry->grade,
                                       .standing = standing_of(entry, standings[i])};
        entries[w->count++] = i;
        status = witness_say(m, entry, witness) ? TK_OK : maker_memory(err);
    }
    for (size_t i = 0; status == TK_OK && i < w->count; i++)
        status = witness_oppose(m, entries, i) ? TK_OK : maker_memory(err);
    return status == TK_OK && !world_order(m) ? maker_memory(err) : status;
}

tk_status tk_claims_world_make(tk_claims *claims, const tk_claims_at *at, const tk_str *facts, size_t facts_count,
                               const tk_claims_subject *subject, const tk_str *named, size_t named_count,
                               tk_arena *arena, tk_claims_world **out, tk_err *err)
{
    *out = NULL;
    if (TK_CLAIMS_FACTS_MAX < facts_count)
        return tk_err_set(err, TK_ERR_LIMIT, "more than %d facts come from claims", TK_CLAIMS_FACTS_MAX);
    maker m = {.claims = claims, .at = at, .subject = subject, .named = named, .named_count = named_count,
               .arena = arena, .world = TK_ARENA_NEW(arena, tk_claims_world)};
    if (m.world == NULL)
        return maker_memory(err);
    *m.world = (tk_claims_world){.facts = facts, .facts_count = facts_count};
    tk_arena_init(&m.scratch, (size_t)64 * 1024, 0);
    tk_status status = maker_ask_facts(&m) ? TK_OK : maker_memory(err);
    if (status == TK_OK)
        status = maker_ask_named(&m, err);
    if (status == TK_OK)
        status = maker_look(&m, &m.scratch, err);
    if (status == TK_OK)
        status = maker_ask_witnesses(&m) ? TK_OK : maker_memory(err);
    if (status == TK_OK)
        status = maker_look(&m, arena, err);
    if (status == TK_OK)
        status = world_fill(&m, err);
    if (status == TK_OK)
        *out = m.world;
    tk_arena_fini(&m.scratch);
    return status;
}

/* --- facts of a world --- */

static void fold_state(tk_claims_fold *fold, const tk_claims_says *says, tk_date day)
{
    uint64_t bit = UINT64_C(1) << says->word;
    if (says->denies) {
        fold->broken |= (fold->words & bit) != 0;
        return;
    }
    if (fold->since != day || !fold->said) {
        fold->words = 0;
        fold->broken = false;
    }
    fold->words |= bit;
    fold->broken |= (fold->words & (fold->words - 1)) != 0;
    fold->said = true;
    fold->since = day;
}

/* A rung is reached by a buyer who is named, and given up by a denial of the same day or later, also one that means
 * everybody. What is no rung ends the way up; a later rung begins it again. */
static void fold_stage(tk_claims_fold *fold, const tk_claims_says *says, tk_date day, uint64_t off)
{
    uint64_t bit = UINT64_C(1) << says->word;
    if (says->denies) {
        fold->words &= ~bit; /* and says nothing of the others, so it keeps none of them fresh */
        fold->off &= ~bit;
        return;
    }
    if (!says->names_buyer)
        return;
    fold->words = (off & bit) != 0 ? (fold->words & off) | bit : (fold->words & ~off) | bit;
    fold->off = fold->words & off;
    fold->said = true;
    fold->since = day;
}

static void fold_measure(tk_claims_fold *fold, const tk_claims_says *says, tk_date day)
{
    if (says->denies)
        return;
    if (fold->since != day || !fold->said) {
        fold->bounds = says->bounds;
        fold->broken = false;
    } else {
        fold->bounds.low = fold->bounds.low < says->bounds.low ? says->bounds.low : fold->bounds.low;
        fold->bounds.high = says->bounds.high < fold->bounds.high ? says->bounds.high : fold->bounds.high;
        fold->broken |= fold->bounds.high < fold->bounds.low;
    }
    fold->said = true;
    fold->since = day;
}

static void fold_says(const tk_claims_world *world, const tk_claims_says *says, tk_date day, tk_claims_fold *fold)
{
    fold->kind = says->kind;
    switch (says->kind) {
    case TK_KIND_STATE:
        fold_state(fold, says, day);
        return;
    case TK_KIND_STAGE:
        fold_stage(fold, says, day, world->off[says->fact]);
        return;
    case TK_KIND_MEASURE:
        fold_measure(fold, says, day);
        return;
    case TK_KIND_WORDS:
        break;
    }
}

void tk_claims_fold_witness(const tk_claims_world *world, uint32_t witness, tk_claims_fold *folds)
{
    const tk_claims_witness *w = &world->witnesses[witness];
    for (size_t i = 0; i < w->says_count; i++)
        fold_says(world, &w->says[i], w->event, &folds[w->says[i].fact]);
}

static bool is_believed(const uint64_t *believed, uint32_t witness)
{
    return (believed[witness / 64] >> (witness % 64) & 1) != 0;
}

void tk_claims_world_fact(const tk_claims_world *world, size_t fact, const uint64_t *believed, tk_date as_of,
                          tk_date heard, int32_t holds, tk_claims_fold *fold)
{
    *fold = TK_CLAIMS_FOLD_NONE;
    for (size_t i = 0; i < world->count; i++) {
        const tk_claims_witness *w = &world->witnesses[world->order[i]];
        if (as_of < w->event)
            break;
        for (size_t k = 0; k < w->says_count && is_believed(believed, world->order[i]); k++)
            if (w->says[k].fact == fact)
                fold_says(world, &w->says[k], w->event, fold);
    }
    fold->stale = fold->said && holds != 0 && (int64_t)fold->since + holds < heard;
}

size_t tk_claims_world_voices(const tk_claims_world *world, size_t fact, const uint64_t *believed, tk_date as_of,
                              const tk_claims_fold *fold, uint32_t *voices, size_t size)
{
    size_t count = 0;
    for (uint32_t i = 0; i < world->count && count < size; i++) {
        const tk_claims_witness *w = &world->witnesses[i];
        bool speaks = false;
        for (size_t k = 0; k < w->says_count; k++) {
            const tk_claims_says *says = &w->says[k];
            bool word = says->kind == TK_KIND_MEASURE || (fold->words >> says->word & 1) != 0;
            bool day = says->kind == TK_KIND_STAGE || w->event == fold->since;
            bool reached = says->kind != TK_KIND_STAGE || says->names_buyer;
            bool denies = says->denies && says->kind != TK_KIND_STATE;
            speaks |= says->fact == fact && word && day && reached && !denies;
        }
        if (speaks && w->event <= as_of && is_believed(believed, i))
            voices[count++] = i;
    }
    return count;
}
