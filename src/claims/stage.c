/* SPDX-License-Identifier: Apache-2.0 */
/* stage.c: how far the application of one buyer for one product is, as reported: the best evidence for and against each
 * stage. No stage is concluded from another: an approval is no order, and an order is no delivery.
 */
#include <stdlib.h>
#include <string.h>

#include "claims/picture.h"

/* A state holds until the next one: of all reports the newest count, those of the newest day that any speaks of. */
static const char STAGE_NEWEST[] =
    "SELECT k.event_from FROM claims_keys k JOIN claims c ON c.number = k.claim WHERE k.key = ?3 AND c.published <= ?1"
    " AND c.number <= ?2 AND NOT EXISTS (SELECT 1 FROM claims_links l JOIN claims s ON s.number = l.claim"
    " WHERE l.target = c.id AND l.kind = ?4 AND s.published <= ?1 AND s.number <= ?2)"
    " ORDER BY k.event_from DESC LIMIT 1";
static const char STAGE_OF_DAY[] =
    "SELECT c.number, c.id, c.source_kind, c.actor, c.subject, c.predicate, c.object, c.quantity, c.unit"
    " FROM claims_keys k JOIN claims c ON c.number = k.claim WHERE k.key = ?3 AND k.event_from = ?5"
    " AND c.published <= ?1 AND c.number <= ?2 AND NOT EXISTS (SELECT 1 FROM claims_links l JOIN claims s"
    " ON s.number = l.claim WHERE l.target = c.id AND l.kind = ?4 AND s.published <= ?1 AND s.number <= ?2)"
    " ORDER BY c.id LIMIT 100";

static const tk_str fact_stage = {"application.stage", 17}, fact_licence = {"application.us_licence", 22},
                    fact_access = {"buyer.access", 12};
static const char *const fact_states[] = {"item.cn_stance", "item.cn_customs"};

/* True when `a` is the better evidence. */
static bool better(const tk_claims_evidence *a, const tk_claims_evidence *b)
{
    if (b->number == 0)
        return true;
    if (a->general != b->general)
        return !a->general;
    if (a->grade.source != b->grade.source)
        return a->grade.source < b->grade.source;
    if (a->grade.credibility != b->grade.credibility)
        return a->grade.credibility < b->grade.credibility;
    if (a->event != b->event)
        return b->event < a->event;
    return tk_str_cmp(a->id, b->id) < 0;
}

static void offer(tk_claims_evidence *best, const tk_claims_evidence *evidence)
{
    size_t others = best->number == 0 ? 0 : best->others + 1;
    if (better(evidence, best))
        *best = *evidence;
    best->others = others;
}

static tk_claims_evidence evidence_of(const tk_claims_picture *picture, const picture_said *said)
{
    const picture_entry *entry = &picture->entries[said->entry];
    return (tk_claims_evidence){.number = entry->number,
                                .id = entry->id,
                                .event = entry->event_from,
                                .grade = {.source = entry->grade,
                                          .credibility = picture_credibility(picture, said),
                                          .sources = said->sources,
                                          .denials = said->denials},
                                .general = said->party.len == 0};
}

/* --- beside the ladder --- */

enum { BESIDE_MAX = 64 };

typedef struct besides {
    tk_claims_beside list[BESIDE_MAX];
    size_t count;
} besides;

static void beside_offer(besides *b, tk_str fact, tk_str value, const tk_claims_evidence *evidence)
{
    for (size_t i = 0; i < b->count; i++)
        if (tk_str_eq(b->list[i].fact, fact) && tk_str_eq(b->list[i].value, value)) {
            offer(&b->list[i].evidence, evidence);
            return;
        }
    if (b->count < BESIDE_MAX)
        b->list[b->count++] = (tk_claims_beside){.fact = fact, .value = value, .evidence = *evidence};
}

static int beside_order(const void *a, const void *b)
{
    const tk_claims_beside *x = a, *y = b;
    int order = tk_str_cmp(x->fact, y->fact);
    return order != 0 ? order : tk_str_cmp(x->value, y->value);
}

static size_t stage_find(tk_str value)
{
    size_t at = 0;
    while (at < TK_STAGE_COUNT && !tk_str_is(value, tk_claim_stage_name(at)))
        at++;
    return at;
}

static void ladder_fill(const tk_claims_picture *picture, const int64_t *keys, size_t keys_count, tk_arena *arena,
                        tk_claims_ladder *ladder, besides *b)
{
    for (size_t i = 0; i < picture->said_count; i++) {
        const picture_said *said = &picture->said[i];
        bool wanted = false;
        for (size_t k = 0; k < keys_count; k++)
            wanted |= said->key == keys[k];
        if (!wanted || picture->entries[said->entry].superseded)
            continue;
        tk_claims_evidence evidence = evidence_of(picture, said);
        size_t stage = tk_str_eq(said->fact, fact_stage) ? stage_find(said->value) : TK_STAGE_COUNT;
        if (stage < TK_STAGE_COUNT) {
            offer(said->denies ? &ladder->stages[stage].denies : &ladder->stages[stage].asserts, &evidence);
        } else {
            tk_str value = said->denies ? tk_arena_printf(arena, "not " TK_FMT, TK_ARG_STR(said->value)) : said->value;
            beside_offer(b, said->fact, value, &evidence);
        }
    }
}

/* --- the newest state of a product --- */

static tk_status state_prepare(tk_claims *claims, const tk_claims_at *at, const char *sql,
                               const tk_claim_statement *about, tk_store_statement **statement, tk_err *err)
{
    tk_status status = tk_store_prepare(claims->store, sql, statement, err);
    if (status != TK_OK)
        return status;
    tk_store_bind_int(*statement, 1, at->known_at);
    tk_store_bind_int(*statement, 2, at->number);
    tk_store_bind_int(*statement, 3, claims_key(about));
    tk_store_bind_int(*statement, 4, TK_CLAIM_SUPERSEDES);
    return TK_OK;
}

static tk_status state_row(tk_claims *claims, tk_store_statement *statement, const tk_claim_statement *about,
                           tk_date day, tk_arena *arena, besides *b, tk_err *err)
{
    static const tk_claim_column columns[] = {TK_CLAIM_ACTOR,  TK_CLAIM_SUBJECT,  TK_CLAIM_PREDICATE,
                                              TK_CLAIM_OBJECT, TK_CLAIM_QUANTITY, TK_CLAIM_UNIT};
    tk_str cells[TK_CLAIM_COLUMN_COUNT] = {{0}};
    tk_claim_statement *said;
    size_t count;
    for (int i = 0; i < (int)TK_COUNT(columns); i++)
        cells[columns[i]] = tk_arena_copy(arena, tk_store_text(statement, 3 + i));
    size_t kind = claims_tables_kind(&claims->tables, tk_store_text(statement, 2));
    tk_claims_evidence evidence = {.number = tk_store_int(statement, 0),
                                   .id = tk_arena_copy(arena, tk_store_text(statement, 1)),
                                   .event = day,
                                   .grade = {.source = kind == SIZE_MAX ? 'F' : claims->tables.grades[kind]}};
    tk_status status = claims_statements(claims, arena, cells, &said, &count, err);
    for (size_t i = 0; status == TK_OK && i < count; i++)
        if (claims_key(&said[i]) == claims_key(about))
            beside_offer(b, said[i].fact, said[i].value, &evidence);
    return status;
}

static tk_status state_newest(tk_claims *claims, const tk_claims_at *at, const tk_claim_statement *about,
                              tk_arena *arena, besides *b, tk_err *err)
{
    tk_store_statement *statement;
    bool row = false;
    tk_status status = state_prepare(claims, at, STAGE_NEWEST, about, &statement, err);
    if (status == TK_OK)
        status = tk_store_step(statement, &row, err);
    if (status != TK_OK || !row)
        return status;
    tk_date day = (tk_date)tk_store_int(statement, 0);
    tk_store_reset(statement);
    status = state_prepare(claims, at, STAGE_OF_DAY, about, &statement, err);
    if (status != TK_OK)
        return status;
    tk_store_bind_int(statement, 5, day);
    for (;;) {
        status = tk_store_step(statement, &row, err);
        if (status != TK_OK || !row)
            return status;
        status = state_row(claims, statement, about, day, arena, b, err);
        if (status != TK_OK) {
            tk_store_reset(statement);
            return status;
        }
    }
}

/* --- the ladder --- */

enum { ASKED_MAX = 80, ASKED_CLASSES_MAX = 24 };

/* What may speak of this buyer and this product: of both, of the product alone, and of the buyer's access. */
static size_t ladder_ask(tk_str item, tk_str party, const tk_str *classes, size_t classes_count,
                         tk_claim_statement asked[ASKED_MAX])
{
    const tk_str none = TK_STR("");
    size_t count = 0;
    for (int general = 0; general < 2; general++) {
        asked[count++] = (tk_claim_statement){.fact = fact_stage, .item = item, .party = general ? none : party};
        asked[count++] = (tk_claim_statement){.fact = fact_licence, .item = item, .party = general ? none : party};
        asked[count++] = (tk_claim_statement){.fact = fact_access, .item = general ? none : item, .party = party};
        for (size_t i = 0; i < classes_count && i < ASKED_CLASSES_MAX; i++)
            asked[count++] =
                (tk_claim_statement){.fact = fact_access, .item = general ? none : item, .party = classes[i]};
    }
    return count;
}

tk_status tk_claims_stage(tk_claims *claims, const tk_claims_at *at, tk_str item, tk_str party, const tk_str *classes,
                          size_t classes_count, tk_arena *arena, tk_claims_ladder *ladder, tk_err *err)
{
    tk_claim_statement asked[ASKED_MAX];
    int64_t keys[ASKED_MAX];
    tk_claims_picture *picture;
    *ladder = (tk_claims_ladder){.beside = NULL};
    besides *b = TK_ARENA_NEW(arena, besides);
    size_t count = ladder_ask(item, party, classes, classes_count, asked);
    for (size_t i = 0; i < count; i++) {
        asked[i].about = TK_ABOUT_APPLICATION;
        asked[i].kind = TK_KIND_WORDS; /* what is said of other buyers is left out */
        keys[i] = claims_key(&asked[i]);
    }
    if (b == NULL)
        return tk_err_set(err, TK_ERR_MEMORY, "out of memory");
    tk_status status = tk_claims_picture_about(claims, at, asked, count, arena, &picture, err);
    if (status == TK_OK)
        ladder_fill(picture, keys, count, arena, ladder, b);
    for (size_t i = 0; status == TK_OK && i < TK_COUNT(fact_states); i++) {
        tk_claim_statement about = {.about = TK_ABOUT_ITEM, .fact = tk_str_from(fact_states[i]), .item = item};
        status = state_newest(claims, at, &about, arena, b, err);
    }
    if (b->count != 0)
        qsort(b->list, b->count, sizeof(b->list[0]), beside_order);
    ladder->beside = b->list;
    ladder->beside_count = b->count;
    if (status == TK_OK && arena->failed)
        status = tk_err_set(err, TK_ERR_MEMORY, "out of memory");
    return status;
}
