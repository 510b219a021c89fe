/* SPDX-License-Identifier: Apache-2.0 */
/* statements.c: what a claim says, in the words of the tables: of which product, to which buyer, which stage or state.
 *
 * Names are found as whole words, longest first, so that "H200 first round" names a product and "H200-equivalents" does
 * not. The buyer is looked for in the subject, then in the object, then in the actor: a regulator clears buyers, a
 * seller sells to them, and a buyer orders for itself. A claim of which the tables say nothing still is a statement:
 * its own words, which only the same words confirm.
 */
#include <string.h>

#include "claims/claims_int.h"

enum { STATEMENT_WORDS_MAX = 5, STATEMENT_NAME_MAX = 96, STATEMENT_FOUND_MAX = 24 };

typedef struct found_names {
    const claims_name *names[STATEMENT_FOUND_MAX];
    size_t count;
} found_names;

static bool is_gap(char c)
{
    return c == ' ' || c == ';' || c == ',' || c == '(' || c == ')' || c == '/' || c == '\t' || c == '\n';
}

static void found_add(found_names *found, const claims_name *name)
{
    for (size_t i = 0; i < found->count; i++)
        if (tk_str_eq(found->names[i]->kind, name->kind) && tk_str_eq(found->names[i]->id, name->id))
            return;
    if (found->count < STATEMENT_FOUND_MAX)
        found->names[found->count++] = name;
}

/* The longest name that begins at `at`; returns how many bytes it takes, 0 for none. */
static size_t scan_at(const claims_tables *tables, tk_str text, size_t at, found_names *found)
{
    char small[STATEMENT_NAME_MAX];
    size_t ends[STATEMENT_WORDS_MAX], words = 0, len = 0;
    while (words < STATEMENT_WORDS_MAX && at + len < text.len && len < sizeof small) {
        while (at + len < text.len && len < sizeof small && !is_gap(text.ptr[at + len])) {
            char c = text.ptr[at + len];
            small[len++] = 'A' <= c && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
        }
        ends[words++] = len;
        if (at + len < text.len && text.ptr[at + len] == ' ' && len < sizeof small)
            small[len++] = ' ';
        else
            break;
    }
    for (; words != 0; words--) {
        size_t count;
        const claims_name *name = claims_tables_name(tables, (tk_str){small, ends[words - 1]}, &count);
        for (size_t i = 0; i < count; i++)
            found_add(found, &name[i]);
        if (count != 0)
            return ends[words - 1];
    }
    return 0;
}

static void scan(const claims_tables *tables, tk_str text, found_names *found)
{
    size_t at = 0;
    while (at < text.len) {
        if (is_gap(text.ptr[at])) {
            at++;
            continue;
        }
        size_t taken = scan_at(tables, text, at, found);
        if (taken != 0) {
            at += taken;
            continue;
        }
        while (at < text.len && !is_gap(text.ptr[at]))
            at++;
    }
}

bool claims_names_any(const claims_tables *tables, tk_str text)
{
    found_names found = {.count = 0};
    scan(tables, text, &found);
    return found.count != 0;
}

/* Ids of one kind or another, of the first cell that names any. */
typedef struct id_list {
    tk_str ids[STATEMENT_FOUND_MAX];
    size_t count;
} id_list;

static void ids_of(const found_names *found, const char *kind, const char *or_kind, id_list *ids)
{
    for (size_t i = 0; i < found->count; i++)
        if (tk_str_is(found->names[i]->kind, kind) || (or_kind != NULL && tk_str_is(found->names[i]->kind, or_kind)))
            ids->ids[ids->count++] = found->names[i]->id;
}

typedef struct claim_names {
    found_names actor, subject, object;
    id_list items, parties;
    tk_str stage; /* that the subject names: "H200 China approval" */
} claim_names;

static void names_of(const claims_tables *tables, const tk_str *cells, claim_names *names)
{
    memset(names, 0, sizeof *names);
    scan(tables, cells[TK_CLAIM_ACTOR], &names->actor);
    scan(tables, cells[TK_CLAIM_SUBJECT], &names->subject);
    scan(tables, cells[TK_CLAIM_OBJECT], &names->object);
    ids_of(&names->subject, "product", NULL, &names->items);
    if (names->items.count == 0)
        ids_of(&names->object, "product", NULL, &names->items);
    ids_of(&names->subject, "buyer", "class", &names->parties);
    if (names->parties.count == 0)
        ids_of(&names->object, "buyer", "class", &names->parties);
    if (names->parties.count == 0)
        ids_of(&names->actor, "buyer", "class", &names->parties);
    id_list stages = {.count = 0};
    ids_of(&names->subject, "stage", NULL, &stages);
    names->stage = stages.count == 0 ? TK_STR("") : stages.ids[0];
}

/* --- making statements --- */

typedef struct maker {
    const tk_claims *claims;
    tk_arena *arena;
    const tk_str *cells;
    claim_names names;
    tk_claim_bounds bounds;
    tk_claim_statement few[4]; /* most say no more */
    tk_claim_statement *out;
    size_t count, size;
} maker;

static bool maker_add(maker *m, const tk_claim_statement *statement)
{
    if (m->count == m->size) {
        size_t size = m->size * 2;
        tk_claim_statement *grown = TK_ARENA_ARRAY(m->arena, tk_claim_statement, size);
        if (grown == NULL)
            return false;
        if (m->count != 0)
            memcpy(grown, m->out, m->count * sizeof *grown);
        m->out = grown;
        m->size = size;
    }
    m->out[m->count] = *statement;
    m->out[m->count++].key = claims_key(statement);
    return true;
}

static tk_str small_letters(tk_arena *arena, const char *format_gap, const tk_str *parts, size_t count)
{
    size_t len = 0, gap = strlen(format_gap);
    for (size_t i = 0; i < count; i++)
        len += parts[i].len + gap;
    char *bytes = TK_ARENA_ARRAY(arena, char, len + 1);
    if (bytes == NULL)
        return TK_STR("");
    len = 0;
    for (size_t i = 0; i < count; i++) {
        if (i != 0) {
            memcpy(bytes + len, format_gap, gap);
            len += gap;
        }
        for (size_t j = 0; j < parts[i].len; j++) {
            char c = parts[i].ptr[j];
            bytes[len++] = 'A' <= c && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
        }
    }
    return (tk_str){bytes, len};
}

/* Is `text` one of the words of a list with | between them? */
static bool one_of(tk_str list, tk_str text)
{
    tk_str rest = list, word;
    while (tk_str_split(&rest, '|', &word))
        if (tk_str_eq(word, text))
            return true;
    return false;
}

/* "0 chips delivered" denies, whatever the predicate asserts. */
static bool rule_denies(const maker *m, const claims_rule *rule)
{
    bool nothing = m->bounds.known && m->bounds.low == 0 && m->bounds.high == 0;
    return rule->denies || (rule->kind == TK_KIND_STAGE && nothing);
}

/* A number of whoever and whatever the claim names in its own words. */
static bool maker_measure(maker *m, const claims_rule *rule)
{
    const tk_str about[] = {m->cells[TK_CLAIM_ACTOR], m->cells[TK_CLAIM_SUBJECT]};
    tk_claim_statement said = {.about = TK_ABOUT_TEXT,
                               .kind = TK_KIND_MEASURE,
                               .fact = rule->fact,
                               .value = small_letters(m->arena, ": ", about, TK_COUNT(about)),
                               .unit = m->cells[TK_CLAIM_UNIT],
                               .bounds = m->bounds};
    return maker_add(m, &said);
}

bool claims_about_item(tk_claim_about about)
{
    return about == TK_ABOUT_ITEM || about == TK_ABOUT_ROUND || about == TK_ABOUT_MARKET;
}

static bool maker_rule(maker *m, const claims_rule *rule)
{
    if (rule->unit.len != 0 && !one_of(rule->unit, m->cells[TK_CLAIM_UNIT]))
        return true;
    if (rule->words.len != 0 && !tk_str_has_nocase(m->cells[TK_CLAIM_OBJECT], rule->words))
        return true;
    if (rule->kind == TK_KIND_MEASURE && !m->bounds.known)
        return true;
    if (rule->about == TK_ABOUT_TEXT)
        return maker_measure(m, rule);
    tk_claim_statement said = {.about = rule->about,
                               .kind = rule->kind,
                               .fact = rule->fact,
                               .value = tk_str_is(rule->value, "@subject") ? m->names.stage : rule->value,
                               .excludes = rule->excludes,
                               .unit = m->cells[TK_CLAIM_UNIT],
                               .denies = rule_denies(m, rule),
                               .bounds = m->bounds};
    if (said.value.len == 0 && rule->kind != TK_KIND_MEASURE)
        return true;
    if (rule->about == TK_ABOUT_REGIME)
        return maker_add(m, &said);
    bool no_items = rule->about == TK_ABOUT_PARTY || m->names.items.count == 0;
    bool no_parties = m->names.parties.count == 0;
    if ((rule->about == TK_ABOUT_BUYER || rule->about == TK_ABOUT_ROUND) && no_parties)
        return true;
    if (rule->about == TK_ABOUT_MARKET && !no_parties)
        return true;
    no_parties |= claims_about_item(rule->about);
    for (size_t i = 0; i < (no_items ? 1 : m->names.items.count); i++)
        for (size_t j = 0; j < (no_parties ? 1 : m->names.parties.count); j++) {
            said.item = no_items ? TK_STR("") : m->names.items.ids[i];
            said.party = no_parties ? TK_STR("") : m->names.parties.ids[j];
            /* What names neither is about nothing that could be looked up. */
            if (said.item.len + said.party.len != 0 && !maker_add(m, &said))
                return false;
        }
    return true;
}

static bool maker_words(maker *m)
{
    const tk_str words[] = {m->cells[TK_CLAIM_ACTOR], m->cells[TK_CLAIM_SUBJECT], m->cells[TK_CLAIM_PREDICATE],
                            m->cells[TK_CLAIM_OBJECT], m->cells[TK_CLAIM_QUANTITY], m->cells[TK_CLAIM_UNIT]};
    tk_claim_statement said = {.about = TK_ABOUT_TEXT,
                               .kind = TK_KIND_WORDS,
                               .fact = TK_STR("words"),
                               .value = small_letters(m->arena, "|", words, TK_COUNT(words)),
                               .bounds = m->bounds};
    return maker_add(m, &said);
}

tk_status claims_statements(const tk_claims *claims, tk_arena *arena, const tk_str *cells, tk_claim_statement **out,
                            size_t *count, tk_err *err)
{
    maker m = {.claims = claims, .arena = arena, .cells = cells};
    m.out = m.few;
    m.size = TK_COUNT(m.few);
    tk_status status = tk_claim_bounds_parse(cells[TK_CLAIM_QUANTITY], &m.bounds, err);
    if (status != TK_OK)
        return status;
    const claims_predicate *predicate = claims_tables_predicate(&claims->tables, cells[TK_CLAIM_PREDICATE]);
    bool good = true;
    if (predicate != NULL && predicate->rules_count != 0)
        names_of(&claims->tables, cells, &m.names);
    for (size_t i = 0; good && predicate != NULL && i < predicate->rules_count; i++)
        good = maker_rule(&m, &claims->tables.rules[predicate->rules + i]);
    if (good && m.count == 0)
        good = maker_words(&m);
    *out = m.out;
    *count = m.count;
    if (good && m.out == m.few) {
        *out = TK_ARENA_ARRAY(arena, tk_claim_statement, m.count);
        good = *out != NULL;
        if (good)
            memcpy(*out, m.few, m.count * sizeof **out);
    }
    return good ? TK_OK : tk_err_set(err, TK_ERR_MEMORY, "out of memory");
}

/* Parts are kept apart by a byte that no text of a table holds. */
int64_t claims_key(const tk_claim_statement *statement)
{
    const tk_str parts[] = {statement->fact, statement->item, statement->party,
                            statement->about == TK_ABOUT_TEXT ? statement->value : TK_STR(""),
                            statement->about == TK_ABOUT_TEXT ? statement->unit : TK_STR("")};
    uint64_t key = 0;
    for (size_t i = 0; i < TK_COUNT(parts); i++)
        key = (key ^ tk_str_hash(parts[i])) * UINT64_C(0x9E3779B97F4A7C15) + i;
    return (int64_t)(key >> 1);
}

/* Where nobody is named, everybody may be meant: by this number a statement about any buyer finds those about one. */
int64_t claims_key_any(const tk_claim_statement *statement)
{
    tk_claim_statement any = *statement;
    any.party = TK_STR("*");
    return claims_key(&any);
}

/* --- where a claim stands in the picture --- */

static tk_claim_lane lane_of(const claims_tables *tables, tk_str text)
{
    found_names found = {.count = 0};
    scan(tables, text, &found);
    for (size_t i = 0; i < found.count; i++)
        if (found.names[i]->lane != TK_LANE_COUNT)
            return found.names[i]->lane;
    return TK_LANE_COUNT;
}

bool claims_own_act(const claims_tables *tables, const tk_str *cells)
{
    size_t kind = claims_tables_kind(tables, cells[TK_CLAIM_SOURCE_KIND]);
    const claims_predicate *predicate = claims_tables_predicate(tables, cells[TK_CLAIM_PREDICATE]);
    if (kind == SIZE_MAX || !tables->kinds_own[kind] || predicate == NULL)
        return false;
    return predicate->lane != TK_LANE_COUNT && predicate->lane == lane_of(tables, cells[TK_CLAIM_ACTOR]);
}

tk_claim_lane tk_claims_lane(const tk_claims *claims, const tk_claim *claim)
{
    const claims_predicate *predicate = claims_tables_predicate(&claims->tables, claim->cells[TK_CLAIM_PREDICATE]);
    if (predicate != NULL && predicate->lane != TK_LANE_COUNT)
        return predicate->lane;
    tk_claim_lane lane = lane_of(&claims->tables, claim->cells[TK_CLAIM_ACTOR]);
    if (lane == TK_LANE_COUNT)
        lane = lane_of(&claims->tables, claim->cells[TK_CLAIM_SUBJECT]);
    return lane == TK_LANE_COUNT ? TK_LANE_CN : lane;
}

tk_claim_topic tk_claims_topic(const tk_claims *claims, const tk_claim *claim)
{
    const claims_predicate *predicate = claims_tables_predicate(&claims->tables, claim->cells[TK_CLAIM_PREDICATE]);
    return predicate == NULL ? TK_TOPIC_OFFICIAL : predicate->topic;
}

tk_str tk_claims_not_modelled(const tk_claims *claims, const tk_claim *claim)
{
    const claims_predicate *predicate = claims_tables_predicate(&claims->tables, claim->cells[TK_CLAIM_PREDICATE]);
    if (predicate == NULL)
        return TK_STR("the table of predicates does not know this one");
    /* Of some predicates only certain words say something. */
    for (size_t i = 0; i < predicate->rules_count; i++) {
        tk_str words = claims->tables.rules[predicate->rules + i].words;
        if (words.len != 0 && tk_str_has_nocase(claim->cells[TK_CLAIM_OBJECT], words))
            return TK_STR("");
    }
    return predicate->why_not.ptr == NULL ? TK_STR("") : predicate->why_not;
}

tk_status tk_claims_statements(const tk_claims *claims, const tk_claim *claim, tk_arena *arena,
                               const tk_claim_statement **out, size_t *count, tk_err *err)
{
    tk_claim_statement *made = NULL;
    tk_status status = claims_statements(claims, arena, claim->cells, &made, count, err);
    *out = made;
    return status;
}

char tk_claims_source_grade(const tk_claims *claims, const tk_claim *claim)
{
    size_t kind = claims_tables_kind(&claims->tables, claim->cells[TK_CLAIM_SOURCE_KIND]);
    return kind == SIZE_MAX ? 'F' : claims->tables.grades[kind];
}
