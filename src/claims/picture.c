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
static const char PICTURE_NUMBER[] =
    "SELECT " PICTURE_COLUMNS ", EXISTS (SELECT 1 FROM claims_links l WHERE l.target = c.id AND l.kind IN (?4, ?5))"
    " FROM claims c WHERE c.number = ?3 AND c.published <= ?1 AND c.number <= ?2";
static const char PICTURE_KEY[] =
    "SELECT claim, event_from, event_to, id, brief,"
    " EXISTS (SELECT 1 FROM claims_links l WHERE l.target = k.id AND l.kind IN (?4, ?5))"
    " FROM claims_keys k WHERE key = ?3 AND published <= ?1 AND claim <= ?2";
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

static tk_status loader_memory(tk_err *err)
{
    return tk_err_set(err, TK_ERR_MEMORY, "out of memory for the claims");
}

enum { ROWS_OF_BLOCK = 64 };

static picture_row *loader_row(picture_loader *l)
{
    if (l->count == l->size) {
        size_t size = l->size == 0 ? 256 : l->size * 2;
        picture_row **grown = TK_ARENA_ARRAY(&l->scratch, picture_row *, size);
        if (grown == NULL)
            return NULL;
        if (l->count != 0)
            memcpy(grown, l->rows, l->count * sizeof *grown);
        l->rows = grown;
        l->size = size;
    }
    if (l->block == NULL || l->block_count == ROWS_OF_BLOCK) {
        l->block = TK_ARENA_ARRAY(&l->scratch, picture_row, ROWS_OF_BLOCK);
        l->block_count = 0;
        if (l->block == NULL)
            return NULL;
    }
    return l->rows[l->count++] = &l->block[l->block_count++];
}

static tk_status loader_prepare(picture_loader *l, const char *sql, tk_store_statement **statement, tk_err *err)
{
    tk_status status = tk_store_prepare(l->claims->store, sql, statement, err);
    if (status != TK_OK)
        return status;
    tk_store_bind_int(*statement, 1, l->at.known_at);
    tk_store_bind_int(*statement, 2, l->at.number);
    return TK_OK;
}

/* From the cells that PICTURE_COLUMNS and briefs have; they are copied where they are kept. */
static tk_status loader_add(picture_loader *l, const picture_entry *entry, tk_str *cells, bool pointed, tk_err *err)
{
    picture_row *row = loader_row(l);
    if (row == NULL)
        return loader_memory(err);
    size_t kind = claims_tables_kind(&l->claims->tables, cells[TK_CLAIM_SOURCE_KIND]);
    *row = (picture_row){.entry = *entry,
                         .pointed = pointed,
                         .contradicts = tk_arena_copy(&l->scratch, cells[TK_CLAIM_CONTRADICTS]),
                         .derived_from = tk_arena_copy(&l->scratch, cells[TK_CLAIM_DERIVED_FROM])};
    row->entry.id = tk_arena_copy(l->arena, entry->id);
    row->entry.grade = kind == SIZE_MAX ? 'F' : l->claims->tables.grades[kind];
    row->entry.own = claims_own_act(&l->claims->tables, cells);
    /* Nobody's name is nobody's twin. */
    tk_str source = cells[TK_CLAIM_SOURCE];
    row->entry.source = source.len == 0 ? tk_str_hash(row->entry.id) ^ 1 : tk_str_hash(source);
    cells[TK_CLAIM_UNIT] = tk_arena_copy(l->arena, cells[TK_CLAIM_UNIT]); /* the one that statements borrow */
    return claims_statements(l->claims, l->arena, cells, &row->said, &row->said_count, err);
}

/* The statement stands on a row of PICTURE_COLUMNS. */
static tk_status loader_read(picture_loader *l, tk_store_statement *statement, bool beside, tk_err *err)
{
    static const tk_claim_column columns[] = {TK_CLAIM_SOURCE,    TK_CLAIM_SOURCE_KIND, TK_CLAIM_ACTOR,
                                              TK_CLAIM_SUBJECT,   TK_CLAIM_PREDICATE,   TK_CLAIM_OBJECT,
                                              TK_CLAIM_QUANTITY,  TK_CLAIM_UNIT,        TK_CLAIM_CONTRADICTS,
                                              TK_CLAIM_DERIVED_FROM};
    tk_str cells[TK_CLAIM_COLUMN_COUNT] = {{0}};
    for (int i = 0; i < (int)TK_COUNT(columns); i++)
        cells[columns[i]] = tk_store_text(statement, 4 + i);
    picture_entry entry = {.number = tk_store_int(statement, 0),
                           .event_from = (tk_date)tk_store_int(statement, 1),
                           .event_to = (tk_date)tk_store_int(statement, 2),
                           .id = tk_store_text(statement, 3),
                           .beside = beside};
    return loader_add(l, &entry, cells, tk_store_int(statement, 14) != 0, err);
}

static tk_status loader_rows(picture_loader *l, tk_store_statement *statement, bool beside, tk_err *err)
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

/* The ids lie elsewhere: what decides the order of most of them stands beside the row. */
typedef struct id_key {
    uint64_t head; /* the first bytes of the id */
    picture_row *row;
} id_key;

static int id_order(const void *a, const void *b)
{
    const id_key *x = a, *y = b;
    if (x->head != y->head)
        return x->head < y->head ? -1 : 1;
    int order = tk_str_cmp(x->row->entry.id, y->row->entry.id);
    return order != 0 ? order : (int)x->row->entry.beside - (int)y->row->entry.beside;
}

static uint64_t id_head(tk_str id)
{
    uint64_t head = 0;
    for (size_t i = 0; i < sizeof head; i++)
        head = head << 8 | (i < id.len ? (unsigned char)id.ptr[i] : 0);
    return head;
}

/* By id, each once; a claim that is here in its own right stays so. False: out of memory. */
static bool loader_sort(picture_loader *l)
{
    size_t kept = 0;
    id_key *keys = TK_ARENA_ARRAY(&l->scratch, id_key, l->count);
    if (keys == NULL)
        return false;
    for (size_t i = 0; i < l->count; i++)
        keys[i] = (id_key){id_head(l->rows[i]->entry.id), l->rows[i]};
    if (l->count != 0)
        qsort(keys, l->count, sizeof *keys, id_order);
    for (size_t i = 0; i < l->count; i++)
        if (kept == 0 || !tk_str_eq(l->rows[kept - 1]->entry.id, keys[i].row->entry.id))
            l->rows[kept++] = keys[i].row;
    l->count = kept;
    return true;
}

static picture_row *loader_find(picture_loader *l, tk_str id)
{
    picture_row wanted = {.entry = {.id = id}};
    size_t low = 0, high = l->count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (tk_str_cmp(l->rows[middle]->entry.id, wanted.entry.id) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return low < l->count && tk_str_eq(l->rows[low]->entry.id, id) ? l->rows[low] : NULL;
}

/* --- what links say --- */

/* Where a claim comes from: the end of the chain of what it repeats, as far as the book goes; of a circle its smallest
 * id. */
static tk_status loader_origin(picture_loader *l, picture_row *row, tk_err *err)
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

static tk_status loader_superseded_all(picture_loader *l, tk_err *err)
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
        picture_row *found = loader_find(l, tk_store_text(statement, 0));
        if (found != NULL)
            found->entry.superseded = true;
    }
}

static tk_status loader_superseded(picture_loader *l, picture_row *row, tk_err *err)
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

static tk_status loader_pointing(picture_loader *l, tk_str id, tk_err *err)
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
static tk_status loader_beside(picture_loader *l, tk_err *err)
{
    size_t count = l->count;
    tk_status status = TK_OK;
    for (size_t i = 0; status == TK_OK && i < count; i++) {
        tk_store_statement *statement;
        tk_str id = l->rows[i]->entry.id, rest = l->rows[i]->contradicts, part;
        if (l->rows[i]->pointed)
            status = loader_pointing(l, id, err);
        while (status == TK_OK && rest.len != 0 && tk_str_split(&rest, ';', &part)) {
            status = loader_prepare(l, PICTURE_ID, &statement, err);
            if (status != TK_OK)
                break;
            tk_store_bind_text(statement, 3, part);
            status = loader_rows(l, statement, true, err);
        }
    }
    /* What stands beside nothing is in order already. */
    return status == TK_OK && l->count != count && !loader_sort(l) ? loader_memory(err) : status;
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

typedef struct said_key {
    int64_t key;
    uint32_t entry, at;
    const tk_claim_statement *said;
} said_key;

static int said_order(const void *a, const void *b)
{
    const said_key *x = a, *y = b;
    if (x->key != y->key)
        return x->key < y->key ? -1 : 1;
    if (x->entry != y->entry)
        return x->entry < y->entry ? -1 : 1;
    int order = tk_str_cmp(x->said->value, y->said->value);
    if (order != 0 || x->said->denies != y->said->denies)
        return order != 0 ? order : (int)x->said->denies - (int)y->said->denies;
    return x->at < y->at ? -1 : (y->at < x->at ? 1 : 0);
}

/* False: out of memory. */
static bool picture_say(tk_claims_picture *picture, picture_loader *l, size_t count)
{
    said_key *keys = TK_ARENA_ARRAY(&l->scratch, said_key, count);
    count = 0;
    for (uint32_t i = 0; keys != NULL && i < l->count; i++)
        for (size_t j = 0; !l->rows[i]->entry.beside && j < l->rows[i]->said_count; j++) {
            keys[count] = (said_key){l->rows[i]->said[j].key, i, (uint32_t)count, &l->rows[i]->said[j]};
            count++;
        }
    if (keys != NULL && count != 0)
        qsort(keys, count, sizeof *keys, said_order);
    for (size_t i = 0; keys != NULL && i < count; i++) {
        const tk_claim_statement *s = keys[i].said;
        picture->said[picture->said_count++] = (picture_said){.key = s->key,
                                                              .entry = keys[i].entry,
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
    return keys != NULL;
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
static void picture_links(tk_claims_picture *picture, const picture_loader *l, bool count)
{
    for (size_t i = 0; i < l->count; i++) {
        tk_str rest = l->rows[i]->contradicts, part;
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

static tk_status picture_make(picture_loader *l, tk_claims_picture **out, tk_err *err)
{
    tk_claims_picture *picture = TK_ARENA_NEW(l->arena, tk_claims_picture);
    size_t said = 0;
    if (picture == NULL || PICTURE_NONE <= l->count)
        return loader_memory(err);
    for (size_t i = 0; i < l->count; i++)
        said += l->rows[i]->entry.beside ? 0 : l->rows[i]->said_count;
    *picture = (tk_claims_picture){.claims = l->claims, .arena = l->arena, .entries_count = l->count};
    picture->entries = TK_ARENA_ARRAY(l->arena, picture_entry, l->count);
    picture->said = TK_ARENA_ARRAY(l->arena, picture_said, said);
    picture->said_of = TK_ARENA_ARRAY(l->arena, uint32_t, said);
    if (picture->entries == NULL || picture->said == NULL || picture->said_of == NULL)
        return loader_memory(err);
    for (size_t i = 0; i < l->count; i++)
        picture->entries[i] = l->rows[i]->entry;
    if (!picture_say(picture, l, said))
        return loader_memory(err);
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

static tk_status loader_finish(picture_loader *l, bool all, tk_claims_picture **out, tk_err *err)
{
    if (!loader_sort(l))
        return loader_memory(err);
    tk_status status = all ? loader_superseded_all(l, err) : loader_beside(l, err);
    for (size_t i = 0; status == TK_OK && i < l->count; i++) {
        status = loader_origin(l, l->rows[i], err);
        if (status == TK_OK && !all && l->rows[i]->pointed)
            status = loader_superseded(l, l->rows[i], err);
    }
    return status == TK_OK ? picture_make(l, out, err) : status;
}

void picture_loader_init(picture_loader *loader, tk_claims *claims, const tk_claims_at *at, tk_arena *arena)
{
    *loader = (picture_loader){.claims = claims, .at = *at, .arena = arena};
    tk_arena_init(&loader->scratch, (size_t)256 * 1024, 0);
}

void picture_loader_fini(picture_loader *loader)
{
    tk_arena_fini(&loader->scratch);
}

tk_status tk_claims_picture_all(tk_claims *claims, const tk_claims_at *at, tk_arena *arena, tk_claims_picture **out,
                                tk_err *err)
{
    tk_store_statement *statement;
    picture_loader l;
    picture_loader_init(&l, claims, at, arena);
    tk_status status = loader_prepare(&l, PICTURE_ALL, &statement, err);
    if (status == TK_OK)
        status = loader_rows(&l, statement, false, err);
    if (status == TK_OK)
        status = loader_finish(&l, true, out, err);
    picture_loader_fini(&l);
    return status;
}

/* --- by what claims speak of --- */

static int number_order(const void *a, const void *b)
{
    const int64_t *x = a, *y = b;
    return *x < *y ? -1 : (*y < *x ? 1 : 0);
}

static size_t numbers_unique(int64_t *numbers, size_t count)
{
    size_t kept = 0;
    if (count != 0)
        qsort(numbers, count, sizeof *numbers, number_order);
    for (size_t i = 0; i < count; i++)
        if (kept == 0 || numbers[kept - 1] != numbers[i])
            numbers[kept++] = numbers[i];
    return kept;
}

static bool numbers_have(const int64_t *numbers, size_t count, int64_t number)
{
    return count != 0 && bsearch(&number, numbers, count, sizeof *numbers, number_order) != NULL;
}

static bool loader_number(picture_loader *l, int64_t number)
{
    if (l->numbers_count == l->numbers_size) {
        size_t size = l->numbers_size == 0 ? 256 : l->numbers_size * 2;
        int64_t *grown = TK_ARENA_ARRAY(&l->scratch, int64_t, size);
        if (grown == NULL)
            return false;
        if (l->numbers_count != 0)
            memcpy(grown, l->numbers, l->numbers_count * sizeof *grown);
        l->numbers = grown;
        l->numbers_size = size;
    }
    l->numbers[l->numbers_count++] = number;
    return true;
}

static int64_t *seen_place(int64_t *seen, size_t size, int64_t number)
{
    size_t at = (size_t)((uint64_t)number * UINT64_C(0x9E3779B97F4A7C15) >> 20) & (size - 1);
    while (seen[at] != 0 && seen[at] != number)
        at = (at + 1) & (size - 1);
    return &seen[at];
}

/* *again: it was met before. False: out of memory. */
static bool loader_meet(picture_loader *l, int64_t number, bool *again)
{
    if (l->seen_size <= l->seen_count * 2) {
        size_t size = l->seen_size == 0 ? 1024 : l->seen_size * 2;
        int64_t *grown = TK_ARENA_ARRAY(&l->scratch, int64_t, size);
        if (grown == NULL)
            return false;
        memset(grown, 0, size * sizeof *grown);
        for (size_t i = 0; i < l->seen_size; i++)
            if (l->seen[i] != 0)
                *seen_place(grown, size, l->seen[i]) = l->seen[i];
        l->seen = grown;
        l->seen_size = size;
    }
    int64_t *place = seen_place(l->seen, l->seen_size, number);
    *again = *place != 0;
    l->seen_count += *again ? 0 : 1;
    *place = number;
    return true;
}

/* The statement stands on a row of PICTURE_KEY. Most claims stand under several keys that are asked about. */
static tk_status loader_brief(picture_loader *l, tk_store_statement *statement, tk_err *err)
{
    int64_t number = tk_store_int(statement, 0);
    tk_str cells[TK_CLAIM_COLUMN_COUNT] = {{0}};
    bool again;
    if (!loader_meet(l, number, &again))
        return loader_memory(err);
    if (again)
        return TK_OK;
    if (!claims_brief_read(tk_store_text(statement, 4), cells))
        return loader_number(l, number) ? TK_OK : loader_memory(err);
    picture_entry entry = {.number = number,
                           .event_from = (tk_date)tk_store_int(statement, 1),
                           .event_to = (tk_date)tk_store_int(statement, 2),
                           .id = tk_store_text(statement, 3)};
    return loader_add(l, &entry, cells, tk_store_int(statement, 5) != 0, err);
}

static tk_status loader_key(picture_loader *l, int64_t key, tk_err *err)
{
    tk_store_statement *statement;
    tk_status status = loader_prepare(l, PICTURE_KEY, &statement, err);
    if (status != TK_OK)
        return status;
    tk_store_bind_int(statement, 3, key);
    tk_store_bind_int(statement, 4, TK_CLAIM_CONTRADICTS);
    tk_store_bind_int(statement, 5, TK_CLAIM_SUPERSEDES);
    for (;;) {
        bool row = false;
        status = tk_store_step(statement, &row, err);
        if (status != TK_OK || !row)
            return status;
        status = loader_brief(l, statement, err);
        if (status != TK_OK) {
            tk_store_reset(statement);
            return status;
        }
    }
}

/* Of those that have no brief. */
static tk_status loader_claims(picture_loader *l, tk_err *err)
{
    tk_status status = TK_OK;
    for (size_t i = 0; status == TK_OK && i < l->numbers_count; i++) {
        tk_store_statement *statement;
        status = loader_prepare(l, PICTURE_NUMBER, &statement, err);
        if (status != TK_OK)
            return status;
        tk_store_bind_int(statement, 3, l->numbers[i]);
        tk_store_bind_int(statement, 4, TK_CLAIM_CONTRADICTS);
        tk_store_bind_int(statement, 5, TK_CLAIM_SUPERSEDES);
        status = loader_rows(l, statement, false, err);
    }
    l->numbers_count = 0;
    return status;
}

tk_status picture_load(picture_loader *l, const tk_claim_statement *statements, size_t count, tk_err *err)
{
    int64_t *keys = TK_ARENA_ARRAY(&l->scratch, int64_t, l->keys_count + count * 2);
    size_t wanted = 0;
    tk_status status = keys == NULL ? loader_memory(err) : TK_OK;
    for (size_t i = 0; keys != NULL && i < count; i++) {
        tk_claim_statement general = statements[i];
        general.party = TK_STR("");
        keys[wanted++] = claims_key(&statements[i]);
        if (statements[i].kind == TK_KIND_STAGE)
            keys[wanted++] = statements[i].party.len == 0 ? claims_key_any(&general) : claims_key(&general);
    }
    wanted = numbers_unique(keys, wanted);
    for (size_t i = 0; status == TK_OK && i < wanted; i++)
        if (!numbers_have(l->keys, l->keys_count, keys[i]))
            status = loader_key(l, keys[i], err);
    if (status != TK_OK)
        return status;
    if (l->keys_count != 0)
        memcpy(keys + wanted, l->keys, l->keys_count * sizeof *keys);
    l->keys_count = numbers_unique(keys, wanted + l->keys_count);
    l->keys = keys;
    return loader_claims(l, err);
}

tk_status picture_load_end(picture_loader *l, tk_claims_picture **out, tk_err *err)
{
    return loader_finish(l, false, out, err);
}

tk_status tk_claims_picture_about(tk_claims *claims, const tk_claims_at *at, const tk_claim_statement *statements,
                                  size_t count, tk_arena *arena, tk_claims_picture **out, tk_err *err)
{
    picture_loader l;
    picture_loader_init(&l, claims, at, arena);
    tk_status status = picture_load(&l, statements, count, err);
    if (status == TK_OK)
        status = picture_load_end(&l, out, err);
    picture_loader_fini(&l);
    return status;
}
