/* SPDX-License-Identifier: Apache-2.0 */
/* picture.c: the claims of some times, loaded: all of them, or those that speak of the same as given statements. */
#include "claims/picture.h"

#include <stdlib.h>
#include <string.h>

#define PICTURE_COLUMNS                                                                                              \
    "c.number, c.event_from, c.event_to, c.id, c.source, c.source_kind, c.actor, c.subject, c.predicate, c.object,"   \
    " c.quantity, c.unit, c.contradicts, c.derived_from"

static const char PICTURE_ALL[] = "SELECT " PICTURE_COLUMNS ", 0 FROM claims c WHERE c.published <= ?1"
                                  " AND c.number <= ?2";
/* Most claims have nobody pointing at them; asking here saves a statement for each. */
static const char PICTURE_KEY[] =
    "SELECT " PICTURE_COLUMNS ", EXISTS (SELECT 1 FROM claims_links l WHERE l.target = c.id AND l.kind IN (?4, ?5))"
    " FROM claims_keys k JOIN claims c ON c.number = k.claim WHERE k.key = ?3 AND c.published <= ?1 AND c.number <= ?2";
static const char PICTURE_ID[] = "SELECT " PICTURE_COLUMNS ", 1 FROM claims c WHERE c.id = ?3 AND c.published <= ?1"
                                 " AND c.number <= ?2";
static const char PICTURE_POINTING[] = "SELECT " PICTURE_COLUMNS ", 1 FROM claims_links l JOIN claims c"
                                       " ON c.number = l.claim WHERE l.target = ?3 AND l.kind = ?4"
                                       " AND c.published <= ?1 AND c.number <= ?2";
static const char PICTURE_SUPERSEDED[] = "SELECT DISTINCT l.target FROM claims_links l JOIN claims c"
                                         " ON c.number = l.claim WHERE l.kind = ?3 AND c.published <= ?1"
                                         " AND c.number <= ?2";
static const char PICTURE_IS_SUPERSEDED[] = "SELECT 1 FROM claims_links l JOIN claims c ON c.number = l.claim"
                                            " WHERE l.target = ?3 AND l.kind = ?4 AND c.published <= ?1"
                                            " AND c.number <= ?2";
static const char PICTURE_PARENT[] = "SELECT c.derived_from FROM claims c WHERE c.id = ?3 AND c.published <= ?1"
                                     " AND c.number <= ?2";

enum { PICTURE_HOPS_MAX = 32 };

/* What is read of a claim before it is known how many there are. */
typedef struct loaded {
    picture_entry entry;
    tk_str contradicts, derived_from;
    tk_claim_statement *said;
    size_t said_count;
    bool pointed; /* something links to it */
} loaded;

typedef struct loader {
    tk_claims *claims;
    tk_claims_at at;
    tk_arena *arena, scratch;
    loaded *rows;
    size_t count, size;
} loader;

static tk_status loader_memory(tk_err *err)
{
    return tk_err_set(err, TK_ERR_MEMORY, "out of memory for the claims");
}

static loaded *loader_row(loader *l)
{
    if (l->count == l->size) {
        size_t size = l->size == 0 ? 64 : l->size * 2;
        loaded *grown = TK_ARENA_ARRAY(&l->scratch, loaded, size);
        if (grown == NULL)
            return NULL;
        if (l->count != 0)
            memcpy(grown, l->rows, l->count * sizeof *grown);
        l->rows = grown;
        l->size = size;
    }
    return &l->rows[l->count++];
}

static tk_status loader_prepare(loader *l, const char *sql, tk_store_statement **statement, tk_err *err)
{
    tk_status status = tk_store_prepare(l->claims->store, sql, statement, err);
    if (status != TK_OK)
        return status;
    tk_store_bind_int(*statement, 1, l->at.known_at);
    tk_store_bind_int(*statement, 2, l->at.number);
    return TK_OK;
}

/* The statement stands on a row of PICTURE_COLUMNS. */
static tk_status loader_read(loader *l, tk_store_statement *statement, bool beside, tk_err *err)
{
    static const tk_claim_column columns[] = {TK_CLAIM_ACTOR,  TK_CLAIM_SUBJECT,  TK_CLAIM_PREDICATE,
                                              TK_CLAIM_OBJECT, TK_CLAIM_QUANTITY, TK_CLAIM_UNIT};
    tk_str cells[TK_CLAIM_COLUMN_COUNT] = {{0}};
    loaded *row = loader_row(l);
    if (row == NULL)
        return loader_memory(err);
    for (int i = 0; i < (int)TK_COUNT(columns); i++)
        cells[columns[i]] = tk_arena_copy(l->arena, tk_store_text(statement, 6 + i));
    cells[TK_CLAIM_SOURCE_KIND] = tk_store_text(statement, 5);
    size_t kind = claims_tables_kind(&l->claims->tables, tk_store_text(statement, 5));
    *row = (loaded){.entry = {.number = tk_store_int(statement, 0),
                              .event_from = (tk_date)tk_store_int(statement, 1),
                              .event_to = (tk_date)tk_store_int(statement, 2),
                              .id = tk_arena_copy(l->arena, tk_store_text(statement, 3)),
                              .source = tk_str_hash(tk_store_text(statement, 4)),
                              .grade = kind == SIZE_MAX ? 'F' : l->claims->tables.grades[kind],
                              .own = claims_own_act(&l->claims->tables, cells),
                              .beside = beside},
                    .pointed = tk_store_int(statement, 14) != 0,
                    .contradicts = tk_arena_copy(&l->scratch, tk_store_text(statement, 12)),
                    .derived_from = tk_arena_copy(&l->scratch, tk_store_text(statement, 13))};
    /* Nobody's name is nobody's twin. */
    if (tk_store_text(statement, 4).len == 0)
        row->entry.source = tk_str_hash(row->entry.id) ^ 1;
    return claims_statements(l->claims, l->arena, cells, &row->said, &row->said_count, err);
}

static tk_status loader_rows(loader *l, tk_store_statement *statement, bool beside, tk_err *err)
{
    for (;;) {
        bool row = false;
        tk_status status = tk_store_step(statement, &row, err);
        if (status != TK_OK || !row)
            return status;
        status = loader_read(l, statement, beside, err);
        if (status != TK_OK) {
            tk_store_reset(statement);
            return status;
        }
    }
}

static int loaded_order(const void *a, const void *b)
{
    const loaded *x = a, *y = b;
    int order = tk_str_cmp(x->entry.id, y->entry.id);
    return order != 0 ? order : (int)x->entry.beside - (int)y->entry.beside;
}

/* By id, each once; a claim that is here in its own right stays so. */
static void loader_sort(loader *l)
{
    size_t kept = 0;
    if (l->count == 0)
        return;
    qsort(l->rows, l->count, sizeof(loaded), loaded_order);
    for (size_t i = 1; i < l->count; i++)
        if (!tk_str_eq(l->rows[i].entry.id, l->rows[kept].entry.id))
            l->rows[++kept] = l->rows[i];
    l->count = kept + 1;
}

static loaded *loader_find(loader *l, tk_str id)
{
    loaded wanted = {.entry = {.id = id}};
    size_t low = 0, high = l->count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (tk_str_cmp(l->rows[middle].entry.id, wanted.entry.id) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return low < l->count && tk_str_eq(l->rows[low].entry.id, id) ? &l->rows[low] : NULL;
}

/* --- what links say --- */

/* Where a claim comes from: the end of the chain of what it repeats, as far as the book goes; of a circle its smallest
 * id. */
static tk_status loader_origin(loader *l, loaded *row, tk_err *err)
{
    tk_str at = row->entry.id, next = row->derived_from, smallest = at;
    size_t hops = 0;
    while (next.len != 0 && hops++ < PICTURE_HOPS_MAX) {
        tk_store_statement *statement;
        tk_str rest = next, first;
        bool found = false;
        (void)tk_str_split(&rest, ';', &first);
        at = tk_arena_copy(&l->scratch, first);
        if (tk_str_cmp(at, smallest) < 0)
            smallest = at;
        tk_status status = loader_prepare(l, PICTURE_PARENT, &statement, err);
        if (status != TK_OK)
            return status;
        tk_store_bind_text(statement, 3, at);
        status = tk_store_step(statement, &found, err);
        if (status != TK_OK)
            return status;
        next = found ? tk_arena_copy(&l->scratch, tk_store_text(statement, 0)) : TK_STR("");
        tk_store_reset(statement);
    }
    row->entry.origin = tk_str_hash(next.len == 0 ? at : smallest);
    return TK_OK;
}

static tk_status loader_superseded_all(loader *l, tk_err *err)
{
    tk_store_statement *statement;
    tk_status status = loader_prepare(l, PICTURE_SUPERSEDED, &statement, err);
    if (status != TK_OK)
        return status;
    tk_store_bind_int(statement, 3, TK_CLAIM_SUPERSEDES);
    for (;;) {
        bool row = false;
        status = tk_store_step(statement, &row, err);
        if (status != TK_OK || !row)
            return status;
        loaded *found = loader_find(l, tk_store_text(statement, 0));
        if (found != NULL)
            found->entry.superseded = true;
    }
}

static tk_status loader_superseded(loader *l, loaded *row, tk_err *err)
{
    tk_store_statement *statement;
    tk_status status = loader_prepare(l, PICTURE_IS_SUPERSEDED, &statement, err);
    if (status != TK_OK)
        return status;
    tk_store_bind_text(statement, 3, row->entry.id);
    tk_store_bind_int(statement, 4, TK_CLAIM_SUPERSEDES);
    status = tk_store_step(statement, &row->entry.superseded, err);
    tk_store_reset(statement);
    return status;
}

static tk_status loader_pointing(loader *l, tk_str id, tk_err *err)
{
    tk_store_statement *statement;
    tk_status status = loader_prepare(l, PICTURE_POINTING, &statement, err);
    if (status != TK_OK)
        return status;
    tk_store_bind_text(statement, 3, id);
    tk_store_bind_int(statement, 4, TK_CLAIM_CONTRADICTS);
    return loader_rows(l, statement, true, err);
}

/* Claims at the other ends of links, of a picture that does not hold all. */
static tk_status loader_beside(loader *l, tk_err *err)
{
    size_t count = l->count;
    tk_status status = TK_OK;
    for (size_t i = 0; status == TK_OK && i < count; i++) {
        tk_store_statement *statement;
        tk_str id = l->rows[i].entry.id, rest = l->rows[i].contradicts, part;
        if (l->rows[i].pointed)
            status = loader_pointing(l, id, err);
        while (status == TK_OK && rest.len != 0 && tk_str_split(&rest, ';', &part)) {
            status = loader_prepare(l, PICTURE_ID, &statement, err);
            if (status != TK_OK)
                break;
            tk_store_bind_text(statement, 3, part);
            status = loader_rows(l, statement, true, err);
        }
    }
    loader_sort(l);
    return status;
}

/* --- the picture --- */

uint32_t picture_find(const tk_claims_picture *picture, tk_str id)
{
    size_t low = 0, high = picture->entries_count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (tk_str_cmp(picture->entries[middle].id, id) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return low < picture->entries_count && tk_str_eq(picture->entries[low].id, id) ? (uint32_t)low : PICTURE_NONE;
}

static int said_order(const void *a, const void *b)
{
    const picture_said *x = a, *y = b;
    if (x->key != y->key)
        return x->key < y->key ? -1 : 1;
    if (x->entry != y->entry)
        return x->entry < y->entry ? -1 : 1;
    int order = tk_str_cmp(x->value, y->value);
    return order != 0 ? order : (int)x->denies - (int)y->denies;
}

static void picture_say(tk_claims_picture *picture, const loader *l)
{
    for (size_t i = 0; i < l->count; i++)
        for (size_t j = 0; !l->rows[i].entry.beside && j < l->rows[i].said_count; j++) {
            const tk_claim_statement *s = &l->rows[i].said[j];
            picture->said[picture->said_count++] = (picture_said){.key = claims_key(s),
                                                                  .entry = (uint32_t)i,
                                                                  .about = s->about,
                                                                  .kind = s->kind,
                                                                  .fact = s->fact,
                                                                  .value = s->value,
                                                                  .excludes = s->excludes,
                                                                  .item = s->item,
                                                                  .party = s->party,
                                                                  .unit = s->unit,
                                                                  .denies = s->denies,
                                                                  .bounds = s->bounds,
                                                                  .ground = {PICTURE_NONE, PICTURE_NONE}};
        }
    if (picture->said_count != 0)
        qsort(picture->said, picture->said_count, sizeof(picture_said), said_order);
}

/* Statements by claim, for whoever asks about one. */
static void picture_index(tk_claims_picture *picture)
{
    for (size_t i = 0; i < picture->said_count; i++)
        picture->entries[picture->said[i].entry].said_count++;
    uint32_t at = 0;
    for (size_t i = 0; i < picture->entries_count; i++) {
        picture->entries[i].said = at;
        at += picture->entries[i].said_count;
        picture->entries[i].said_count = 0;
    }
    for (size_t i = 0; i < picture->said_count; i++) {
        picture_entry *entry = &picture->entries[picture->said[i].entry];
        picture->said_of[entry->said + entry->said_count++] = (uint32_t)i;
    }
}

/* Links work both ways. `count` alone counts them. */
static void picture_links(tk_claims_picture *picture, const loader *l, bool count)
{
    for (size_t i = 0; i < l->count; i++) {
        tk_str rest = l->rows[i].contradicts, part;
        while (rest.len != 0 && tk_str_split(&rest, ';', &part)) {
            uint32_t other = picture_find(picture, part);
            if (other == PICTURE_NONE)
                continue;
            picture_entry *a = &picture->entries[i], *b = &picture->entries[other];
            if (!count) {
                picture->links[a->links + a->links_count] = other;
                picture->links[b->links + b->links_count] = (uint32_t)i;
            }
            a->links_count++;
            b->links_count++;
        }
    }
}

static tk_status picture_make(loader *l, tk_claims_picture **out, tk_err *err)
{
    tk_claims_picture *picture = TK_ARENA_NEW(l->arena, tk_claims_picture);
    size_t said = 0;
    if (picture == NULL || PICTURE_NONE <= l->count)
        return loader_memory(err);
    for (size_t i = 0; i < l->count; i++)
        said += l->rows[i].entry.beside ? 0 : l->rows[i].said_count;
    *picture = (tk_claims_picture){.claims = l->claims, .arena = l->arena, .entries_count = l->count};
    picture->entries = TK_ARENA_ARRAY(l->arena, picture_entry, l->count);
    picture->said = TK_ARENA_ARRAY(l->arena, picture_said, said);
    picture->said_of = TK_ARENA_ARRAY(l->arena, uint32_t, said);
    if (picture->entries == NULL || picture->said == NULL || picture->said_of == NULL)
        return loader_memory(err);
    for (size_t i = 0; i < l->count; i++)
        picture->entries[i] = l->rows[i].entry;
    picture_say(picture, l);
    picture_index(picture);
    picture_links(picture, l, true);
    size_t links = 0;
    for (size_t i = 0; i < l->count; i++) {
        picture->entries[i].links = (uint32_t)links;
        links += picture->entries[i].links_count;
        picture->entries[i].links_count = 0;
    }
    picture->links = TK_ARENA_ARRAY(l->arena, uint32_t, links);
    if (picture->links == NULL)
        return loader_memory(err);
    picture_links(picture, l, false);
    *out = picture;
    return picture_judge(picture, err);
}

static tk_status loader_finish(loader *l, bool all, tk_claims_picture **out, tk_err *err)
{
    loader_sort(l);
    tk_status status = all ? loader_superseded_all(l, err) : loader_beside(l, err);
    for (size_t i = 0; status == TK_OK && i < l->count; i++) {
        status = loader_origin(l, &l->rows[i], err);
        if (status == TK_OK && !all && l->rows[i].pointed)
            status = loader_superseded(l, &l->rows[i], err);
    }
    return status == TK_OK ? picture_make(l, out, err) : status;
}

tk_status tk_claims_picture_all(tk_claims *claims, const tk_claims_at *at, tk_arena *arena, tk_claims_picture **out,
                                tk_err *err)
{
    tk_store_statement *statement;
    loader l = {.claims = claims, .at = *at, .arena = arena};
    tk_arena_init(&l.scratch, (size_t)256 * 1024, 0);
    tk_status status = loader_prepare(&l, PICTURE_ALL, &statement, err);
    if (status == TK_OK)
        status = loader_rows(&l, statement, false, err);
    if (status == TK_OK)
        status = loader_finish(&l, true, out, err);
    tk_arena_fini(&l.scratch);
    return status;
}

static tk_status loader_key(loader *l, int64_t key, tk_err *err)
{
    tk_store_statement *statement;
    tk_status status = loader_prepare(l, PICTURE_KEY, &statement, err);
    if (status != TK_OK)
        return status;
    tk_store_bind_int(statement, 3, key);
    tk_store_bind_int(statement, 4, TK_CLAIM_CONTRADICTS);
    tk_store_bind_int(statement, 5, TK_CLAIM_SUPERSEDES);
    return loader_rows(l, statement, false, err);
}

tk_status tk_claims_picture_about(tk_claims *claims, const tk_claims_at *at, const tk_claim_statement *statements,
                                  size_t count, tk_arena *arena, tk_claims_picture **out, tk_err *err)
{
    loader l = {.claims = claims, .at = *at, .arena = arena};
    tk_arena_init(&l.scratch, (size_t)256 * 1024, 0);
    tk_status status = TK_OK;
    for (size_t i = 0; status == TK_OK && i < count; i++) {
        tk_claim_statement general = statements[i];
        general.party = TK_STR("");
        status = loader_key(&l, claims_key(&statements[i]), err);
        if (status == TK_OK && statements[i].kind == TK_KIND_STAGE)
            status = loader_key(&l, statements[i].party.len == 0 ? claims_key_any(&general) : claims_key(&general),
                                err);
    }
    if (status == TK_OK)
        status = loader_finish(&l, false, out, err);
    tk_arena_fini(&l.scratch);
    return status;
}
