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

typedef struct world_line {
    const tk_claims_says *says;
    uint32_t witness;
} world_line;

enum { WORDS_MAX = 64 }; /* of one fact: a bit each */

struct tk_claims_world {
    const tk_str *facts;
    size_t facts_count;
    tk_claims_witness *witnesses;
    size_t count;
    tk_str *words[TK_CLAIMS_FACTS_MAX]; /* per fact, by name */
    size_t words_count[TK_CLAIMS_FACTS_MAX];
    uint64_t off[TK_CLAIMS_FACTS_MAX]; /* words that are no rung */
    uint32_t *order;
    world_line *lines[TK_CLAIMS_FACTS_MAX]; /* per fact: who says what of it, in that order */
    size_t lines_count[TK_CLAIMS_FACTS_MAX];
    const tk_claims_picture *picture;
    uint32_t *entries; /* per witness: its entry in the picture */
    bool *contested;   /* per witness: perhaps something opposes it */
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
    size_t asked_count;
    uint32_t *asked_places; /* by key: the number of each, open addressing; 0: free */
    size_t asked_places_size; /* a power of two */
    picture_loader loader;
    tk_claims_picture *picture;
    bool *speaks; /* per statement of the picture */
    tk_claims_world *world;
} maker;

static tk_status maker_memory(tk_err *err)
{
    return tk_err_set(err, TK_ERR_MEMORY, "out of memory for the claims");
}

static size_t asked_place(const maker *m, const tk_claim_statement *statement)
{
    size_t at = (size_t)((uint64_t)statement->key >> 7 ^ (uint64_t)statement->kind) & (m->asked_places_size - 1);
    while (m->asked_places[at] != 0) {
        const tk_claim_statement *there = &m->asked[m->asked_places[at] - 1];
        if (there->key == statement->key && there->kind == statement->kind)
            break;
        at = (at + 1) & (m->asked_places_size - 1);
    }
    return at;
}

static bool maker_ask_room(maker *m)
{
    size_t size = m->asked_places_size == 0 ? 256 : m->asked_places_size * 2;
    tk_claim_statement *grown = TK_ARENA_ARRAY(&m->scratch, tk_claim_statement, size / 2);
    uint32_t *places = TK_ARENA_ARRAY(&m->scratch, uint32_t, size);
    if (grown == NULL || places == NULL)
        return false;
    if (m->asked_count != 0)
        memcpy(grown, m->asked, m->asked_count * sizeof *grown);
    memset(places, 0, size * sizeof *places);
    m->asked = grown;
    m->asked_places = places;
    m->asked_places_size = size;
    for (size_t i = 0; i < m->asked_count; i++)
        places[asked_place(m, &m->asked[i])] = (uint32_t)i + 1;
    return true;
}

/* Each once: the same thing is asked about by every rule and every witness that speaks of it. */
static bool maker_ask(maker *m, const tk_claim_statement *statement)
{
    if (m->asked_places_size <= m->asked_count * 2 && !maker_ask_room(m))
        return false;
    size_t at = asked_place(m, statement);
    if (m->asked_places[at] != 0)
        return true;
    m->asked[m->asked_count++] = *statement;
    m->asked_places[at] = (uint32_t)m->asked_count;
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
            asked.key = claims_key(&asked);
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

/* --- who is a witness --- */

static bool subject_is(const maker *m, tk_str party)
{
    for (size_t i = 0; i < m->subject->parties_count; i++)
        if (tk_str_eq(m->subject->parties[i], party))
            return true;
    return party.len == 0;
}

/* Does it say something of a fact asked for, about this subject? */
static bool words_speak(const maker *m, tk_claim_kind kind, tk_str fact, tk_str item, tk_str party)
{
    bool measured = kind == TK_KIND_MEASURE && item.len + party.len == 0;
    if (kind == TK_KIND_WORDS || m->world->facts_count <= maker_fact(m, fact))
        return false;
    if (item.len != 0 && !tk_str_eq(item, m->subject->item))
        return false;
    return measured || subject_is(m, party);
}

/* Asked again and again, so it is found once for all statements. */
static bool maker_speaks(maker *m)
{
    const tk_claims_picture *p = m->picture;
    m->speaks = TK_ARENA_ARRAY(&m->scratch, bool, p->said_count);
    for (size_t i = 0; m->speaks != NULL && i < p->said_count; i++)
        m->speaks[i] = words_speak(m, p->said[i].kind, p->said[i].fact, p->said[i].item, p->said[i].party);
    return m->speaks != NULL;
}

static bool said_speaks(const maker *m, const picture_said *said)
{
    return m->speaks[said - m->picture->said];
}

static bool entry_named(const maker *m, tk_str id)
{
    return m->named_count != 0 && bsearch(&id, m->named, m->named_count, sizeof *m->named, known_order) != NULL;
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
    return !entry->beside && (entry_speaks(m, entry) != 0 || entry_named(m, entry->id));
}

static bool row_is_witness(const maker *m, const picture_row *row)
{
    for (size_t i = 0; i < row->said_count; i++)
        if (words_speak(m, row->said[i].kind, row->said[i].fact, row->said[i].item, row->said[i].party))
            return true;
    return entry_named(m, row->entry.id);
}

/* Everything that witnesses say, also of other things: there they may be in dispute too. */
static bool maker_ask_witnesses(maker *m)
{
    for (size_t i = 0; i < m->loader.count; i++) {
        const picture_row *row = m->loader.rows[i];
        for (size_t k = 0; k < row->said_count && row_is_witness(m, row); k++)
            if (!maker_ask(m, &row->said[k]))
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

static bool is_rung(tk_str word)
{
    for (size_t i = 0; i < TK_STAGE_COUNT; i++)
        if (tk_str_is(word, tk_claim_stage_name(i)))
            return true;
    return false;
}

static bool words_add(tk_str *words, size_t *count, tk_str word)
{
    for (size_t i = 0; i < *count; i++)
        if (tk_str_eq(words[i], word))
            return true;
    if (*count == WORDS_MAX)
        return false;
    words[(*count)++] = word;
    return true;
}

/* The words that anybody says of a fact: no more than a set of bits can hold. */
static tk_status world_words(maker *m, tk_err *err)
{
    tk_claims_world *w = m->world;
    const tk_claims_picture *p = m->picture;
    for (size_t fact = 0; fact < w->facts_count; fact++) {
        w->words[fact] = TK_ARENA_ARRAY(m->arena, tk_str, WORDS_MAX);
        if (w->words[fact] == NULL)
            return maker_memory(err);
    }
    for (size_t i = 0; i < p->said_count; i++) {
        if (p->said[i].kind == TK_KIND_MEASURE || !said_speaks(m, &p->said[i]))
            continue;
        size_t fact = maker_fact(m, p->said[i].fact);
        if (!words_add(w->words[fact], &w->words_count[fact], p->said[i].value))
            return tk_err_set(err, TK_ERR_LIMIT, "claims say more than %d different things of " TK_FMT, WORDS_MAX,
                              TK_ARG_STR(w->facts[fact]));
    }
    for (size_t fact = 0; fact < w->facts_count; fact++) {
        if (w->words_count[fact] != 0)
            qsort(w->words[fact], w->words_count[fact], sizeof(tk_str), known_order);
        for (size_t i = 0; i < w->words_count[fact]; i++)
            w->off[fact] |= is_rung(w->words[fact][i]) ? 0 : UINT64_C(1) << i;
    }
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

/* Does anything oppose it? Of superseded claims nobody took note. */
static bool entry_contested(const tk_claims_picture *p, const picture_entry *entry)
{
    bool contested = entry->superseded || entry->links_count != 0;
    for (size_t i = 0; i < entry->said_count; i++) {
        const picture_said *said = &p->said[p->said_of[entry->said + i]];
        contested |= said->ground[0] != PICTURE_NONE || said->ground[1] != PICTURE_NONE;
    }
    return contested;
}

bool tk_claims_world_oppose(const tk_claims_world *world, uint32_t a, uint32_t b)
{
    const tk_claims_picture *p = world->picture;
    bool superseded = world->witnesses[a].standing == TK_STANDS_SUPERSEDED
                      || world->witnesses[b].standing == TK_STANDS_SUPERSEDED;
    if (!superseded && !(world->contested[a] && world->contested[b]))
        return false;
    return entries_oppose(p, world->entries[a], world->entries[b]);
}

static int place_order(const void *a, const void *b)
{
    const uint32_t *x = a, *y = b;
    return *x < *y ? -1 : (*y < *x ? 1 : 0);
}

/* Witnesses stand in the order of their entries. */
static bool world_links(maker *m)
{
    tk_claims_world *w = m->world;
    for (size_t i = 0; i < w->count; i++) {
        const picture_entry *entry = &m->picture->entries[w->entries[i]];
        uint32_t *linked = entry->links_count == 0 ? NULL : TK_ARENA_ARRAY(m->arena, uint32_t, entry->links_count);
        for (size_t k = 0; linked != NULL && k < entry->links_count; k++) {
            const uint32_t *found = bsearch(&m->picture->links[entry->links + k], w->entries, w->count,
                                            sizeof *w->entries, place_order);
            if (found != NULL)
                linked[w->witnesses[i].linked_count++] = (uint32_t)(found - w->entries);
        }
        w->witnesses[i].linked = linked;
    }
    return !m->arena->failed;
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

static bool world_lines(maker *m)
{
    tk_claims_world *w = m->world;
    size_t counts[TK_CLAIMS_FACTS_MAX] = {0};
    for (size_t i = 0; i < w->count; i++)
        for (size_t k = 0; k < w->witnesses[i].says_count; k++)
            counts[w->witnesses[i].says[k].fact]++;
    for (size_t fact = 0; fact < w->facts_count; fact++) {
        w->lines[fact] = TK_ARENA_ARRAY(m->arena, world_line, counts[fact]);
        if (w->lines[fact] == NULL)
            return false;
    }
    for (size_t i = 0; i < w->count; i++) {
        const tk_claims_witness *witness = &w->witnesses[w->order[i]];
        for (size_t k = 0; k < witness->says_count; k++) {
            size_t fact = witness->says[k].fact;
            w->lines[fact][w->lines_count[fact]++] = (world_line){&witness->says[k], w->order[i]};
        }
    }
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
    w->picture = p;
    w->entries = TK_ARENA_ARRAY(m->arena, uint32_t, p->entries_count);
    w->contested = TK_ARENA_ARRAY(m->arena, bool, p->entries_count);
    w->witnesses = TK_ARENA_ARRAY(m->arena, tk_claims_witness, p->entries_count);
    if (standings == NULL || w->entries == NULL || w->contested == NULL || w->witnesses == NULL || !maker_speaks(m))
        return maker_memory(err);
    memset(standings, 0, p->entries_count * sizeof *standings);
    tk_status status = disputes_of_meaning(m, standings, err);
    disputes_of_links(m, standings);
    if (status == TK_OK)
        status = world_words(m, err);
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
        w->contested[w->count] = entry_contested(p, entry);
        w->entries[w->count++] = i;
        status = witness_say(m, entry, witness) ? TK_OK : maker_memory(err);
    }
    return status == TK_OK && !(world_order(m) && world_lines(m) && world_links(m)) ? maker_memory(err) : status;
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
    picture_loader_init(&m.loader, claims, at, arena);
    tk_str *sorted = TK_ARENA_ARRAY(&m.scratch, tk_str, named_count);
    if (sorted != NULL && named_count != 0) {
        memcpy(sorted, named, named_count * sizeof *sorted);
        qsort(sorted, named_count, sizeof *sorted, known_order);
    }
    m.named = sorted;
    tk_status status = sorted != NULL && maker_ask_facts(&m) ? TK_OK : maker_memory(err);
    if (status == TK_OK)
        status = maker_ask_named(&m, err);
    if (status == TK_OK)
        status = picture_load(&m.loader, m.asked, m.asked_count, err);
    if (status == TK_OK)
        status = maker_ask_witnesses(&m) ? TK_OK : maker_memory(err);
    if (status == TK_OK)
        status = picture_load(&m.loader, m.asked, m.asked_count, err);
    if (status == TK_OK)
        status = picture_load_end(&m.loader, &m.picture, err);
    if (status == TK_OK)
        status = world_fill(&m, err);
    if (status == TK_OK)
        *out = m.world;
    picture_loader_fini(&m.loader);
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

/* A state or a number is what the last day says of it; of a stage each word comes and goes by itself, and one that is
 * reached at the end is reached whoever else says so before. */
static bool says_tells(const tk_claims_says *says, tk_date day, const tk_claims_fold *fold)
{
    bool there = says->kind != TK_KIND_MEASURE && (fold->words >> says->word & 1) != 0;
    bool early = fold->said && day < fold->since;
    switch (says->kind) {
    case TK_KIND_STATE:
        return !early && there == says->denies;
    case TK_KIND_STAGE:
        return says->denies ? there : says->names_buyer && !(there && day <= fold->since);
    case TK_KIND_MEASURE:
        return !early && !says->denies;
    case TK_KIND_WORDS:
        break;
    }
    return false;
}

bool tk_claims_world_tells(const tk_claims_world *world, uint32_t witness, tk_date as_of, const tk_claims_fold *folds)
{
    const tk_claims_witness *w = &world->witnesses[witness];
    bool tells = false;
    for (size_t i = 0; i < w->says_count && w->event <= as_of; i++)
        tells |= says_tells(&w->says[i], w->event, &folds[w->says[i].fact]);
    return tells;
}

void tk_claims_world_fact(const tk_claims_world *world, size_t fact, const uint64_t *believed, tk_date as_of,
                          tk_date heard, int32_t holds, tk_claims_fold *fold)
{
    *fold = TK_CLAIMS_FOLD_NONE;
    for (size_t i = 0; i < world->lines_count[fact]; i++) {
        const world_line *line = &world->lines[fact][i];
        tk_date day = world->witnesses[line->witness].event;
        if (as_of < day)
            break;
        if (is_believed(believed, line->witness))
            fold_says(world, line->says, day, fold);
    }
    fold->stale = fold->said && holds != 0 && (int64_t)fold->since + holds < heard;
}

static bool line_is_voice(const tk_claims_says *says, tk_date day, const tk_claims_fold *fold)
{
    bool word = says->kind == TK_KIND_MEASURE || (fold->words >> says->word & 1) != 0;
    bool reached = says->kind != TK_KIND_STAGE || says->names_buyer;
    bool denies = says->denies && says->kind != TK_KIND_STATE;
    return word && reached && !denies && (says->kind == TK_KIND_STAGE || day == fold->since);
}

size_t tk_claims_world_voices(const tk_claims_world *world, size_t fact, const uint64_t *believed, tk_date as_of,
                              const tk_claims_fold *fold, uint32_t *voices)
{
    size_t count = 0, kept = 0;
    for (size_t i = 0; i < world->lines_count[fact]; i++) {
        const world_line *line = &world->lines[fact][i];
        tk_date day = world->witnesses[line->witness].event;
        if (day <= as_of && is_believed(believed, line->witness) && line_is_voice(line->says, day, fold))
            voices[count++] = line->witness;
    }
    if (count != 0)
        qsort(voices, count, sizeof *voices, place_order);
    for (size_t i = 0; i < count; i++)
        if (kept == 0 || voices[kept - 1] != voices[i])
            voices[kept++] = voices[i];
    return kept;
}

size_t tk_claims_world_lines(const tk_claims_world *world, size_t fact)
{
    return world->lines_count[fact];
}
