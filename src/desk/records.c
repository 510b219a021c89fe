/* SPDX-License-Identifier: Apache-2.0 */
/* records.c: the catalogue and the claims, first as names that rules may use, then as facts of the compiled rulebook.
 *
 * A row becomes facts by its column names: the cell `hq` of a party is `<role>.hq`, the cell `die_area` of an item is
 * `item.die_area`, where the rulebook declares such a fact. An empty cell says nothing, so that a presumption may
 * step in.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/sha256.h"
#include "desk/book.h"
#include "desk/desk_int.h"
#include "desk/embedded.h"
#include "desk/world.h"
#include "twokey/catalogue.h"

struct desk_records {
    tk_catalogue *catalogue;
    tk_str items_name; /* the table of items, for messages */
};

const tk_catalogue *tk_desk_catalogue(const tk_desk *desk)
{
    return desk->records->catalogue;
}

/* --- texts --- */

static tk_status records_embedded(const char *path, tk_source *out, tk_err *err)
{
    for (size_t i = 0; i < tk_embedded_files_count; i++)
        if (tk_str_is(tk_embedded_files[i].path, path)) {
            *out = (tk_source){.name = tk_embedded_files[i].path, .text = tk_embedded_files[i].text};
            return TK_OK;
        }
    return tk_err_set(err, TK_ERR_BUG, "the program was built without %s", path);
}

static tk_status records_file(tk_desk *desk, const char *path, tk_source *out, tk_err *err)
{
    out->name = tk_arena_copy(&desk->keep, tk_str_from(path));
    return tk_file_read(path, TK_DATA_FILE_BYTES_MAX, &desk->keep, &out->text, err);
}

static tk_status records_table(tk_desk *desk, const char *folder, const char *table, tk_source *out, tk_err *err)
{
    tk_str path = folder == NULL ? tk_arena_printf(&desk->keep, "catalogue/%s", table)
                                 : tk_arena_printf(&desk->keep, "%s/%s", folder, table);
    if (path.ptr == NULL)
        return tk_err_set(err, TK_ERR_MEMORY, "out of memory for the catalogue");
    return folder == NULL ? records_embedded(path.ptr, out, err) : records_file(desk, path.ptr, out, err);
}

/* The parties of the book, as a table; no text when there are none. */
static tk_status records_book(tk_desk *desk, tk_source *out, tk_err *err)
{
    tk_str text = TK_STR("");
    tk_store *store = desk_claims_lock(desk->claims);
    tk_status status = tk_parties_as_catalogue(store, INT64_MAX, &desk->keep, &text, err);
    desk_claims_unlock(desk->claims);
    if (status == TK_OK && text.len != 0)
        *out = (tk_source){.name = TK_STR("parties of the book"), .text = text};
    return status;
}

static tk_status records_texts(tk_desk *desk, const tk_desk_options *options, tk_catalogue_texts *texts, tk_err *err)
{
    const char *folder = options->catalogue_folder;
    tk_status status = records_table(desk, folder, "items.csv", &texts->items, err);
    if (status == TK_OK)
        status = records_table(desk, folder, "places.csv", &texts->places, err);
    if (status == TK_OK)
        status = records_table(desk, folder, "groups.csv", &texts->groups, err);
    if (status == TK_OK)
        status = records_table(desk, folder, "parties.csv", &texts->parties, err);
    if (status == TK_OK)
        status = records_book(desk, &texts->book_parties, err);
    if (status == TK_OK && options->parties_file != NULL)
        status = records_file(desk, options->parties_file, &texts->own_parties, err);
    return status;
}

static tk_status records_hash(const tk_source *sources, size_t count, char out[TK_SHA256_HEX_BYTES], tk_err *err)
{
    tk_sha256 *hash = NULL;
    tk_status status = tk_sha256_new(&hash, err);
    if (status != TK_OK)
        return status;
    for (size_t i = 0; i < count; i++)
        tk_sha256_add(hash, sources[i].text);
    status = tk_sha256_finish(hash, out, err);
    tk_sha256_free(hash);
    return status;
}

/* --- the vocabulary of the rules --- */

static tk_status records_vocabulary(tk_desk *desk, tk_vocabulary *vocabulary, tk_err *err)
{
    const tk_catalogue *catalogue = desk->records->catalogue;
    size_t items = tk_catalogue_item_count(catalogue), places = tk_catalogue_place_count(catalogue);
    size_t parties = tk_catalogue_party_count(catalogue);
    tk_str *item_names = TK_ARENA_ARRAY(&desk->keep, tk_str, items);
    tk_str *product_names = TK_ARENA_ARRAY(&desk->keep, tk_str, items);
    tk_str *place_names = TK_ARENA_ARRAY(&desk->keep, tk_str, places);
    tk_str *party_names = TK_ARENA_ARRAY(&desk->keep, tk_str, parties);
    if (item_names == NULL || product_names == NULL || place_names == NULL || party_names == NULL)
        return tk_err_set(err, TK_ERR_MEMORY, "out of memory for the catalogue");
    for (size_t i = 0; i < items; i++) {
        item_names[i] = tk_catalogue_item(catalogue, i)->cells[TK_ITEM_ID];
        product_names[i] = tk_catalogue_item(catalogue, i)->cells[TK_ITEM_PRODUCT];
    }
    for (size_t i = 0; i < places; i++)
        place_names[i] = tk_catalogue_place(catalogue, i)->code;
    for (size_t i = 0; i < parties; i++)
        party_names[i] = tk_catalogue_party(catalogue, i)->id;
    vocabulary->items = item_names;
    vocabulary->items_count = items;
    vocabulary->products = product_names;
    vocabulary->products_count = tk_str_unique(product_names, items);
    vocabulary->places = place_names;
    vocabulary->places_count = places;
    vocabulary->parties = party_names;
    vocabulary->parties_count = parties;
    vocabulary->groups = tk_catalogue_groups(catalogue, &vocabulary->groups_count);
    return TK_OK;
}

static tk_status records_claims(tk_desk *desk, const tk_desk_options *options, tk_vocabulary *vocabulary, tk_err *err)
{
    tk_source shipped = tk_desk_claims_texts().shipped;
    tk_status status = desk_claims_open(options, &desk->keep, vocabulary, &desk->claims, err);
    return status == TK_OK ? records_hash(&shipped, 1, desk->claims_hash, err) : status;
}

tk_status desk_records_open(tk_desk *desk, const tk_desk_options *options, tk_vocabulary *vocabulary, tk_err *err)
{
    tk_catalogue_texts texts = {0};
    desk->records = calloc(1, sizeof(*desk->records));
    if (desk->records == NULL)
        return tk_err_set(err, TK_ERR_MEMORY, "out of memory for the catalogue");
    tk_status status = records_claims(desk, options, vocabulary, err);
    if (status == TK_OK)
        status = records_texts(desk, options, &texts, err);
    desk->records->items_name = texts.items.name;
    if (status == TK_OK)
        status = tk_catalogue_read(&texts, &desk->records->catalogue, err);
    if (status == TK_OK)
        status = records_vocabulary(desk, vocabulary, err);
    if (status != TK_OK)
        return status;
    tk_source all[] = {texts.items, texts.places, texts.groups, texts.parties, texts.book_parties, texts.own_parties};
    return records_hash(all, sizeof(all) / sizeof(all[0]), desk->catalogue_hash, err);
}

void desk_records_close(tk_desk *desk)
{
    if (desk->records == NULL)
        return;
    tk_catalogue_free(desk->records->catalogue);
    free(desk->records);
    desk->records = NULL;
}

/* --- from rows to facts --- */

static size_t records_slot(tk_desk *desk, tk_str subject, tk_str attribute)
{
    char name[256];
    int len = snprintf(name, sizeof(name), TK_FMT "." TK_FMT, TK_ARG_STR(subject), TK_ARG_STR(attribute));
    if (len < 0 || (int)sizeof(name) <= len)
        return SIZE_MAX;
    return tk_rulebook_find_fact(desk->book, (tk_str){name, (size_t)len}, NULL);
}

/* `column`: as the table's header names it. */
static tk_status records_read(tk_desk *desk, size_t slot, tk_str row, tk_str column, tk_str cell, tk_value *value,
                              tk_err *err)
{
    tk_err inner = {0};
    tk_status status = tk_rulebook_read_value(desk->book, slot, cell, value, &inner);
    if (status == TK_OK)
        return TK_OK;
    /* The text speaks of the fact ("for seller.hq"); whoever keeps the table knows the column. */
    tk_str fact = tk_rulebook_fact(desk->book, slot).name, text = tk_str_from(inner.message);
    tk_str before = text, behind = TK_STR("");
    for (size_t i = 0; i + fact.len <= text.len && before.len == text.len; i++)
        if (memcmp(text.ptr + i, fact.ptr, fact.len) == 0) {
            before.len = i;
            behind = (tk_str){text.ptr + i + fact.len, text.len - i - fact.len};
        }
    bool named = before.len != text.len;
    return tk_err_set(err, status, "row '" TK_FMT "', column " TK_FMT ": " TK_FMT TK_FMT TK_FMT, TK_ARG_STR(row),
                      TK_ARG_STR(column), TK_ARG_STR(before), TK_ARG_STR(named ? column : behind), TK_ARG_STR(behind));
}

/* Facts of an item: its columns, and one figure that is worked out and has no column. */
enum { ITEM_TOPS = TK_ITEM_COLUMN_COUNT, ITEM_FACTS };

static tk_value records_figure(const tk_item *item, size_t fact)
{
    return fact == TK_ITEM_TPP ? item->tpp : fact == ITEM_TOPS ? item->tops : TK_VALUE_UNKNOWN;
}

static tk_status bind_item(tk_desk *desk, const size_t slots[ITEM_FACTS], const tk_item *item, desk_item *out,
                           tk_err *err)
{
    out->id = item->cells[TK_ITEM_ID];
    out->row.facts = TK_ARENA_ARRAY(&desk->keep, desk_fact, ITEM_FACTS);
    if (out->row.facts == NULL)
        return tk_err_set(err, TK_ERR_MEMORY, "out of memory for the catalogue");
    for (size_t i = 0; i < ITEM_FACTS; i++) {
        if (slots[i] == SIZE_MAX || i == TK_ITEM_ID)
            continue;
        desk_fact fact = {.slot = slots[i], .value = records_figure(item, i)};
        if (fact.value.known == TK_UNKNOWN) {
            if (i == ITEM_TOPS || item->cells[i].len == 0)
                continue;
            tk_status status = records_read(desk, slots[i], out->id, tk_item_column_name((tk_item_column)i),
                                            item->cells[i], &fact.value, err);
            if (status != TK_OK) {
                tk_err_where(err, desk->records->items_name, item->line, 0);
                return status;
            }
        }
        out->row.facts[out->row.count++] = fact;
    }
    return TK_OK;
}

static tk_status bind_items(tk_desk *desk, tk_err *err)
{
    const tk_catalogue *catalogue = desk->records->catalogue;
    size_t slots[ITEM_FACTS], count = tk_catalogue_item_count(catalogue);
    for (size_t i = 0; i < TK_ITEM_COLUMN_COUNT; i++)
        slots[i] = records_slot(desk, TK_STR("item"), tk_item_column_name((tk_item_column)i));
    slots[ITEM_TOPS] = records_slot(desk, TK_STR("item"), TK_STR("tops"));
    desk->items = TK_ARENA_ARRAY(&desk->keep, desk_item, count);
    if (desk->items == NULL || !desk_index_init(&desk->items_by_id, &desk->keep, count))
        return tk_err_set(err, TK_ERR_MEMORY, "out of memory for the catalogue");
    for (size_t i = 0; i < count; i++) {
        tk_status status = bind_item(desk, slots, tk_catalogue_item(catalogue, i), &desk->items[i], err);
        if (status != TK_OK)
            return status;
        desk_index_add(&desk->items_by_id, desk->items[i].id, (uint32_t)i);
    }
    desk->items_count = count;
    return TK_OK;
}

/* A column that is no attribute of a party would vanish: it is an error with the nearest one. The usual six are known
 * to every rulebook, also to one that reads none of them. */
static tk_status bind_attribute(const tk_desk *desk, tk_str attribute, tk_err *err)
{
    static const char prefix[] = "end_user.";
    tk_nearest near = tk_nearest_make(attribute);
    for (size_t i = 0; i < TK_ROLE_ATTRIBUTE_COUNT; i++) {
        tk_column column = (tk_column)(TK_COLUMN_END_USER_COUNTRY + i);
        tk_str name = tk_column_name(column);
        name = (tk_str){name.ptr + sizeof(prefix) - 1, name.len - (sizeof(prefix) - 1)};
        if (tk_str_eq(name, attribute))
            return TK_OK;
        tk_nearest_offer(&near, name);
    }
    for (size_t i = 0; i < tk_rulebook_fact_count(desk->book); i++) {
        tk_str name = tk_rulebook_fact(desk->book, i).name;
        if (!tk_str_starts(name, TK_STR(prefix)))
            continue;
        name = (tk_str){name.ptr + sizeof(prefix) - 1, name.len - (sizeof(prefix) - 1)};
        if (tk_str_eq(name, attribute))
            return TK_OK;
        tk_nearest_offer(&near, name);
    }
    if (near.best.ptr != NULL)
        return tk_err_set(err, TK_ERR_INPUT, "column '" TK_FMT "' is no fact of a party; did you mean '" TK_FMT "'?",
                          TK_ARG_STR(attribute), TK_ARG_STR(near.best));
    return tk_err_set(err, TK_ERR_INPUT, "column '" TK_FMT "' is no fact of a party", TK_ARG_STR(attribute));
}

/* Columns of the table of own parties are known by where its rows are from. */
static void bind_where_own(const tk_catalogue *catalogue, tk_err *err)
{
    for (size_t i = 0; i < tk_catalogue_party_count(catalogue); i++) {
        const tk_party *party = tk_catalogue_party(catalogue, i);
        if (party->own) {
            tk_err_where(err, party->file, 1, 0);
            return;
        }
    }
}

static tk_status bind_party(tk_desk *desk, const tk_str *attributes, size_t attributes_count, const size_t *slots,
                            const tk_party *party, desk_party *out, tk_err *err)
{
    out->id = party->id;
    for (size_t role = 0; role < TK_ROLE_COUNT; role++) {
        desk_facts *row = &out->roles[role];
        row->facts = TK_ARENA_ARRAY(&desk->keep, desk_fact, attributes_count);
        if (row->facts == NULL)
            return tk_err_set(err, TK_ERR_MEMORY, "out of memory for the parties");
        for (size_t i = 0; i < attributes_count; i++) {
            size_t slot = slots[role * attributes_count + i];
            if (slot == SIZE_MAX || party->attributes[i].len == 0 || attributes[i].len == 0)
                continue;
            desk_fact fact = {.slot = slot};
            tk_status status = records_read(desk, slot, party->id, attributes[i], party->attributes[i],
                                            &fact.value, err);
            if (status != TK_OK) {
                tk_err_where(err, party->file, party->line, party->columns[i]);
                return status;
            }
            row->facts[row->count++] = fact;
        }
    }
    return TK_OK;
}

static tk_status bind_parties(tk_desk *desk, tk_err *err)
{
    const tk_catalogue *catalogue = desk->records->catalogue;
    size_t attributes_count, count = tk_catalogue_party_count(catalogue);
    const tk_str *attributes = tk_catalogue_party_attributes(catalogue, &attributes_count);
    size_t *slots = TK_ARENA_ARRAY(&desk->keep, size_t, TK_ROLE_COUNT * attributes_count);
    desk->parties = TK_ARENA_ARRAY(&desk->keep, desk_party, count);
    if (slots == NULL || desk->parties == NULL || !desk_index_init(&desk->parties_by_id, &desk->keep, count)
        || !desk_index_init(&desk->parties_by_name, &desk->keep, count))
        return tk_err_set(err, TK_ERR_MEMORY, "out of memory for the parties");
    for (size_t i = 0; i < attributes_count; i++) {
        bool own = tk_catalogue_party_attributes_shared(catalogue) <= i;
        tk_status status = own ? bind_attribute(desk, attributes[i], err) : TK_OK;
        if (status != TK_OK) {
            bind_where_own(catalogue, err);
            return status;
        }
        for (size_t role = 0; role < TK_ROLE_COUNT; role++)
            slots[role * attributes_count + i] = records_slot(desk, tk_role_name(role), attributes[i]);
    }
    for (size_t i = 0; i < count; i++) {
        const tk_party *party = tk_catalogue_party(catalogue, i);
        tk_status status = bind_party(desk, attributes, attributes_count, slots, party, &desk->parties[i], err);
        if (status != TK_OK)
            return status;
        if (desk_index_find(&desk->parties_by_id, party->id) != UINT32_MAX)
            return tk_err_set(err, TK_ERR_INPUT, "parties: '" TK_FMT "' stands twice, again in line %u",
                              TK_ARG_STR(party->id), party->line);
        desk_index_add(&desk->parties_by_id, party->id, (uint32_t)i);
        desk_index_add(&desk->parties_by_name, desk_fold(&desk->keep, party->name), (uint32_t)i);
    }
    desk->parties_count = count;
    return TK_OK;
}

static uint32_t records_place_number(const tk_rulebook *book, tk_str code)
{
    for (size_t i = 0; i < tk_rulebook_place_count(book); i++)
        if (tk_str_eq(tk_rulebook_place(book, (uint32_t)i), code))
            return (uint32_t)i;
    return UINT32_MAX;
}

static tk_status bind_places(tk_desk *desk, tk_err *err)
{
    const tk_catalogue *catalogue = desk->records->catalogue;
    size_t count = tk_catalogue_place_count(catalogue);
    if (!desk_index_init(&desk->places_by_name, &desk->keep, count * 2))
        return tk_err_set(err, TK_ERR_MEMORY, "out of memory for the places");
    for (size_t i = 0; i < count; i++) {
        const tk_place *place = tk_catalogue_place(catalogue, i);
        uint32_t number = records_place_number(desk->book, place->code);
        desk_index_add(&desk->places_by_name, desk_fold(&desk->keep, place->code), number);
        desk_index_add(&desk->places_by_name, desk_fold(&desk->keep, place->name), number);
    }
    return TK_OK;
}

tk_status desk_records_bind(tk_desk *desk, tk_err *err)
{
    tk_status status = bind_items(desk, err);
    if (status == TK_OK)
        status = bind_parties(desk, err);
    if (status == TK_OK)
        status = bind_places(desk, err);
    if (status == TK_OK && desk->keep.failed)
        status = tk_err_set(err, TK_ERR_MEMORY, "out of memory for the catalogue");
    return status;
}
