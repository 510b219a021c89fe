/* SPDX-License-Identifier: Apache-2.0 */
/* gather.c: from the text of one order to facts.
 *
 * What an order says comes from three places; a later one replaces an earlier one fact by fact:
 *   1. what is on record: the item's row, and the row of each named party once for the role it takes
 *   2. the order's own cells (`end_user_hq` says more than the party's row)
 *   3. facts said by name (`--fact end_user.hq=CN`)
 * Nothing is worked out anew from a replaced fact, and nothing is guessed: an empty cell sets nothing, and what a
 * rulebook presumes is the rulebook's business. In particular an order that gives no activity has none.
 *
 * A role takes part when its cell, one of its attributes or one of its facts is given.
 */
#include <string.h>

#include "desk/desk_int.h"

enum { ROLE_FIRST = TK_COLUMN_SELLER, ATTRIBUTE_FIRST = TK_COLUMN_SELLER_COUNTRY };
_Static_assert(TK_COLUMN_END_USER - TK_COLUMN_SELLER + 1 == TK_ROLE_COUNT, "roles stand side by side");
_Static_assert(TK_COLUMN_COUNT - TK_COLUMN_SELLER_COUNTRY == TK_ROLE_COUNT * TK_ROLE_ATTRIBUTE_COUNT,
               "attributes stand at the end, role by role");

static void gathered_set(desk_gathered *gathered, size_t slot, tk_value value, tk_fact_origin origin)
{
    if (gathered->origins[slot] == 0)
        gathered->slots[gathered->slots_count++] = (uint16_t)slot;
    gathered->values[slot] = value;
    gathered->origins[slot] = (uint8_t)origin;
}

static void gathered_set_row(desk_gathered *gathered, const desk_facts *row)
{
    for (size_t i = 0; i < row->count; i++)
        gathered_set(gathered, row->facts[i].slot, row->facts[i].value, TK_FACT_ROW);
}

static tk_status gather_fail(desk_gathered *gathered, tk_column column, tk_err *err, tk_status status,
                             const char *message)
{
    gathered->column = column;
    tk_str name = tk_column_name(column);
    return tk_err_set(err, status, TK_FMT ": %s", TK_ARG_STR(name), message);
}

static bool cell_given(tk_str cell)
{
    return tk_str_trim(cell).len != 0;
}

static bool cell_is(tk_str cell, const char *word)
{
    return tk_str_is(tk_str_trim(cell), word);
}

/* A place by its code, else by its name in any case. */
static bool gather_place_by_name(const tk_desk *desk, tk_arena *scratch, tk_str text, tk_value *value)
{
    tk_str folded = desk_fold(scratch, text);
    uint32_t place = desk_index_find(&desk->places_by_name, folded);
    if (place == UINT32_MAX)
        return false;
    *value = (tk_value){.known = TK_VALUE, .type = TK_TYPE_PLACE, .as.place = place};
    return true;
}

/* "UK" is no code of ISO 3166: says which one is meant, where the catalogue knows what else a place is called. */
static void gather_suggest_place(const tk_desk *desk, tk_str fact, tk_str text, tk_err *err)
{
    const tk_catalogue *catalogue = tk_desk_catalogue(desk);
    for (size_t i = 0; i < tk_catalogue_place_count(catalogue); i++) {
        const tk_place *place = tk_catalogue_place(catalogue, i);
        if (!tk_place_also_called(place, text) || err == NULL)
            continue;
        *err = (tk_err){0};
        (void)tk_err_set(err, TK_ERR_INPUT,
                         "'" TK_FMT "' is no place for " TK_FMT
                         " (expected a code such as CN); did you mean '" TK_FMT "' (" TK_FMT ")?",
                         TK_ARG_STR(text), TK_ARG_STR(fact), TK_ARG_STR(place->code), TK_ARG_STR(place->name));
        return;
    }
}

/* The id of a party that a cell or a value names: an id as it stands, a name on record as that party's id. */
static bool gather_party_id(const tk_desk *desk, tk_arena *scratch, tk_str text, tk_str *id)
{
    uint32_t known = desk_index_find(&desk->parties_by_id, text);
    if (known == UINT32_MAX) {
        tk_str folded = desk_fold(scratch, text);
        known = desk_index_find(&desk->parties_by_name, folded);
        if (known == UINT32_MAX)
            known = desk_index_find(&desk->parties_by_id, folded);
    }
    *id = known == UINT32_MAX ? text : desk->parties[known].id;
    return known != UINT32_MAX || tk_str_is_id(text);
}

/* Reads a value for a slot; names of places and parties are accepted besides their codes. */
static tk_status gather_value(const tk_desk *desk, tk_arena *scratch, size_t slot, tk_str text, tk_value *value,
                              tk_err *err)
{
    text = tk_str_trim(text);
    tk_status status = tk_rulebook_read_value(desk->book, slot, text, value, err);
    if (status == TK_ERR_INPUT) {
        tk_fact_info info = tk_rulebook_fact(desk->book, slot);
        bool found = info.type == TK_TYPE_PLACE && gather_place_by_name(desk, scratch, text, value);
        tk_str id;
        if (!found && info.type == TK_TYPE_NAME && gather_party_id(desk, scratch, text, &id)) {
            *value = (tk_value){.known = TK_VALUE, .type = TK_TYPE_NAME, .as.name = id};
            found = true;
        }
        if (found) {
            if (err != NULL)
                *err = (tk_err){0};
            return TK_OK;
        }
        if (info.type == TK_TYPE_PLACE)
            gather_suggest_place(desk, info.name, text, err);
        return status;
    }
    if (status == TK_OK && value->known == TK_VALUE && value->type == TK_TYPE_NAME) {
        tk_str id = value->as.name;
        if (gather_party_id(desk, scratch, id, &id))
            value->as.name = id;
    }
    return status;
}

static tk_status gather_cell(const tk_desk *desk, tk_arena *scratch, tk_column column, tk_str cell,
                             desk_gathered *gathered, tk_err *err)
{
    size_t slot = desk->column_slots[column];
    if (slot == SIZE_MAX || !cell_given(cell))
        return TK_OK;
    tk_value value;
    tk_err inner = {0};
    tk_status status = gather_value(desk, scratch, slot, cell, &value, &inner);
    if (status != TK_OK)
        return gather_fail(gathered, column, err, status, inner.message);
    gathered_set(gathered, slot, value, TK_FACT_SUPPLIED);
    return TK_OK;
}

static tk_status gather_amount(const tk_desk *desk, tk_arena *scratch, tk_column column, tk_str cell, bool positive,
                               desk_gathered *gathered, tk_err *err)
{
    tk_status status = gather_cell(desk, scratch, column, cell, gathered, err);
    size_t slot = desk->column_slots[column];
    if (status != TK_OK || slot == SIZE_MAX || gathered->origins[slot] == 0)
        return status;
    const tk_value *value = &gathered->values[slot];
    if (value->known != TK_VALUE || value->type != TK_TYPE_NUMBER)
        return TK_OK;
    int64_t lo = value->as.range.lo, hi = value->as.range.hi;
    if (positive) {
        bool whole = lo != hi || lo % TK_NUM_SCALE == 0;
        if (lo < TK_NUM_SCALE || !whole) {
            tk_str text = tk_arena_printf(scratch, "'" TK_FMT "' is not possible; expected a whole number from 1 up",
                                          TK_ARG_STR(cell));
            return gather_fail(gathered, column, err, TK_ERR_INPUT, text.ptr);
        }
    } else if (lo < 0) {
        tk_str text = tk_arena_printf(scratch, "'" TK_FMT "' is below zero; expected an amount from 0 up",
                                      TK_ARG_STR(cell));
        return gather_fail(gathered, column, err, TK_ERR_INPUT, text.ptr);
    }
    return TK_OK;
}

static void gathered_set_name(const tk_desk *desk, desk_gathered *gathered, tk_column column, tk_str id)
{
    size_t slot = desk->column_slots[column];
    if (slot == SIZE_MAX)
        return;
    tk_value value = {.known = TK_VALUE, .type = TK_TYPE_NAME, .as.name = id};
    gathered_set(gathered, slot, value, TK_FACT_SUPPLIED);
}

static tk_status gather_item(const tk_desk *desk, tk_str cell, desk_gathered *gathered, tk_err *err)
{
    cell = tk_str_trim(cell);
    if (cell.len == 0)
        return TK_OK;
    if (tk_str_is(cell, "?")) {
        if (desk->column_slots[TK_COLUMN_ITEM] != SIZE_MAX)
            gathered_set(gathered, desk->column_slots[TK_COLUMN_ITEM], TK_VALUE_UNKNOWN, TK_FACT_SUPPLIED);
        return TK_OK;
    }
    tk_str id;
    tk_err inner = {0};
    tk_status status = tk_desk_find_item(desk, cell, &id, &inner);
    if (status != TK_OK)
        return gather_fail(gathered, TK_COLUMN_ITEM, err, status, inner.message);
    gathered->item = id;
    gathered_set_row(gathered, &desk->items[desk_index_find(&desk->items_by_id, id)].row);
    gathered_set_name(desk, gathered, TK_COLUMN_ITEM, id);
    return TK_OK;
}

static tk_status gather_party(const tk_desk *desk, tk_arena *scratch, size_t role, tk_str cell,
                              desk_gathered *gathered, tk_err *err)
{
    tk_column column = (tk_column)(ROLE_FIRST + role);
    cell = tk_str_trim(cell);
    if (cell.len == 0 || tk_str_is(cell, "none"))
        return TK_OK; /* absent */
    gathered->roles[role] = true;
    if (tk_str_is(cell, "?")) {
        if (desk->column_slots[column] != SIZE_MAX)
            gathered_set(gathered, desk->column_slots[column], TK_VALUE_UNKNOWN, TK_FACT_SUPPLIED);
        return TK_OK;
    }
    tk_str id;
    /* With lists, a name is as good as an id: it can be run against them. */
    if (!gather_party_id(desk, scratch, cell, &id) && desk->shelf == NULL) {
        tk_str text = tk_arena_printf(scratch,
                                      "'" TK_FMT "' is no party id (letters, digits and . _ : - , at most %d) and no "
                                      "name on record; other names need lists to be run against",
                                      TK_ARG_STR(cell), TK_ID_BYTES_MAX);
        return gather_fail(gathered, column, err, TK_ERR_INPUT, text.ptr);
    }
    uint32_t known = desk_index_find(&desk->parties_by_id, id);
    if (known != UINT32_MAX)
        gathered_set_row(gathered, &desk->parties[known].roles[role]);
    gathered_set_name(desk, gathered, column, id);
    return TK_OK;
}

static tk_status gather_attributes(const tk_desk *desk, tk_arena *scratch, size_t role, const tk_transaction *order,
                                   desk_gathered *gathered, tk_err *err)
{
    for (size_t i = 0; i < TK_ROLE_ATTRIBUTE_COUNT; i++) {
        tk_column column = (tk_column)(ATTRIBUTE_FIRST + role * TK_ROLE_ATTRIBUTE_COUNT + i);
        tk_str cell = order->cells[column];
        if (!cell_given(cell))
            continue;
        tk_column party = (tk_column)(ROLE_FIRST + role);
        if (cell_is(order->cells[party], "none")) {
            tk_str name = tk_column_name(party);
            tk_str text =
                tk_arena_printf(scratch, "'" TK_FMT "' is said of a party that is absent (" TK_FMT " is none)",
                                TK_ARG_STR(cell), TK_ARG_STR(name));
            return gather_fail(gathered, column, err, TK_ERR_INPUT, text.ptr);
        }
        gathered->roles[role] = true;
        tk_status status = gather_cell(desk, scratch, column, cell, gathered, err);
        if (status != TK_OK)
            return status;
    }
    return TK_OK;
}

static tk_status gather_evidence_one(const tk_desk *desk, tk_arena *scratch, tk_str part, desk_gathered *gathered,
                                     tk_err *err)
{
    desk_evidence evidence = {.date = TK_DATE_MIN, .state = TK_EVIDENCE_HELD};
    tk_str name = part;
    if (name.ptr[0] == '-') {
        evidence.state = TK_EVIDENCE_REFUSED;
        name = tk_str_trim((tk_str){name.ptr + 1, name.len - 1});
    }
    const char *at = name.len == 0 ? NULL : memchr(name.ptr, '@', name.len);
    if (at != NULL) {
        tk_str day = tk_str_trim((tk_str){at + 1, name.len - (size_t)(at + 1 - name.ptr)});
        name = tk_str_trim((tk_str){name.ptr, (size_t)(at - name.ptr)});
        tk_err inner = {0};
        if (tk_date_parse(day, &evidence.date, &inner) != TK_OK) {
            tk_str text = tk_arena_printf(scratch, "'" TK_FMT "': %s", TK_ARG_STR(part), inner.message);
            return gather_fail(gathered, TK_COLUMN_EVIDENCE, err, TK_ERR_INPUT, text.ptr);
        }
    }
    tk_str nearest = TK_STR("");
    evidence.evidence = tk_rulebook_find_evidence(desk->book, name, &nearest);
    if (evidence.evidence == SIZE_MAX) {
        tk_str text = nearest.len == 0
                          ? tk_arena_printf(scratch,
                                            "'" TK_FMT "' is no condition, limit or authorisation of the rulebook",
                                            TK_ARG_STR(name))
                          : tk_arena_printf(scratch,
                                            "'" TK_FMT "' is no condition, limit or authorisation of the rulebook; did "
                                            "you mean '" TK_FMT "'?",
                                            TK_ARG_STR(name), TK_ARG_STR(nearest));
        return gather_fail(gathered, TK_COLUMN_EVIDENCE, err, TK_ERR_INPUT, text.ptr);
    }
    if (TK_EVIDENCE_MAX <= gathered->evidence_count) {
        tk_str text = tk_arena_printf(scratch, "more than %d pieces of evidence in one order", TK_EVIDENCE_MAX);
        return gather_fail(gathered, TK_COLUMN_EVIDENCE, err, TK_ERR_LIMIT, text.ptr);
    }
    gathered->evidence[gathered->evidence_count++] = evidence;
    return TK_OK;
}

static tk_status gather_evidence(const tk_desk *desk, tk_arena *scratch, tk_str cell, desk_gathered *gathered,
                                 tk_err *err)
{
    if (!cell_given(cell) || cell_is(cell, "none"))
        return TK_OK;
    tk_str part;
    while (tk_str_split(&cell, ';', &part)) {
        part = tk_str_trim(part);
        if (part.len == 0)
            continue;
        tk_status status = gather_evidence_one(desk, scratch, part, gathered, err);
        if (status != TK_OK)
            return status;
    }
    return TK_OK;
}

static tk_status gather_said_facts(const tk_desk *desk, tk_arena *scratch, const tk_transaction *order,
                                   desk_gathered *gathered, tk_err *err)
{
    for (size_t i = 0; i < order->facts_count; i++) {
        const tk_fact_text *said = &order->facts[i];
        tk_str nearest = TK_STR("");
        size_t slot = tk_rulebook_find_fact(desk->book, said->name, &nearest);
        gathered->column = TK_COLUMN_COUNT;
        if (slot == SIZE_MAX && nearest.len != 0)
            return tk_err_set(err, TK_ERR_INPUT,
                              "--fact: '" TK_FMT "' is no fact of the rulebook; did you mean '" TK_FMT "'?",
                              TK_ARG_STR(said->name), TK_ARG_STR(nearest));
        if (slot == SIZE_MAX)
            return tk_err_set(err, TK_ERR_INPUT, "--fact: '" TK_FMT "' is no fact of the rulebook",
                              TK_ARG_STR(said->name));
        if (!cell_given(said->value))
            return tk_err_set(err, TK_ERR_INPUT,
                              "--fact " TK_FMT
                              ": no value; ? says that it is unknown, none that it is known to be absent",
                              TK_ARG_STR(said->name));
        tk_value value;
        tk_err inner = {0};
        tk_status status = gather_value(desk, scratch, slot, said->value, &value, &inner);
        if (status != TK_OK)
            return tk_err_set(err, status, "--fact " TK_FMT ": %s", TK_ARG_STR(said->name), inner.message);
        gathered_set(gathered, slot, value, TK_FACT_SUPPLIED);
        tk_str rest = said->name, prefix;
        if (tk_str_split(&rest, '.', &prefix)) {
            size_t role = tk_role_find(prefix);
            if (role < TK_ROLE_COUNT)
                gathered->roles[role] = true;
        }
    }
    return TK_OK;
}

static tk_date gather_today(const tk_ask *ask)
{
    return ask->today == TK_DATE_MIN ? tk_date_today() : ask->today;
}

/* The newest publication of what is in use; no clock, except that a claim imported before its day waits for it. */
static tk_date desk_known_at(const tk_desk *desk, const tk_ask *ask)
{
    tk_date known_at = tk_rulebook_known_at(desk->book);
    if (ask->world == TK_WORLD_LAW && ask->claims_count == 0)
        return known_at;
    if (known_at < desk->claims_newest)
        known_at = desk->claims_newest;
    for (size_t i = 0; i < desk->claims_ahead_count; i++)
        if (known_at < desk->claims_ahead[i] && desk->claims_ahead[i] <= gather_today(ask))
            known_at = desk->claims_ahead[i];
    return known_at;
}

static tk_status gather_dates(const tk_desk *desk, tk_arena *scratch, const tk_transaction *order, const tk_ask *ask,
                              desk_gathered *gathered, tk_err *err)
{
    gathered->known_at = ask->known_at_given ? ask->known_at : desk_known_at(desk, ask);
    gathered->as_of_from = TK_COLUMN_COUNT;
    tk_str cell = tk_str_trim(order->cells[TK_COLUMN_AS_OF]);
    tk_err inner = {0};
    tk_date day = TK_DATE_MIN;
    if (cell.len != 0) {
        if (tk_date_parse(cell, &day, &inner) != TK_OK)
            return gather_fail(gathered, TK_COLUMN_AS_OF, err, TK_ERR_INPUT, inner.message);
        gathered->as_of_from = TK_COLUMN_AS_OF;
    }
    if (ask->as_of_given) {
        gathered->as_of = ask->as_of;
        gathered->as_of_from = TK_COLUMN_COUNT;
        return TK_OK;
    }
    if (cell.len != 0) {
        gathered->as_of = day;
        return TK_OK;
    }
    cell = tk_str_trim(order->cells[TK_COLUMN_SHIP_DATE]);
    if (cell.len != 0 && !tk_str_is(cell, "?") && !tk_str_is(cell, "none")) {
        if (tk_date_parse(cell, &gathered->as_of, &inner) != TK_OK) {
            tk_str text = tk_arena_printf(scratch, "'" TK_FMT "' is not one day, and without as_of the law is asked "
                                          "about for the ship date; give as_of", TK_ARG_STR(cell));
            return gather_fail(gathered, TK_COLUMN_SHIP_DATE, err, TK_ERR_INPUT, text.ptr);
        }
        gathered->as_of_from = TK_COLUMN_SHIP_DATE;
        return TK_OK;
    }
    gathered->as_of = gather_today(ask);
    return TK_OK;
}

static void gathered_clear(desk_gathered *gathered)
{
    for (size_t i = 0; i < gathered->slots_count; i++)
        gathered->origins[gathered->slots[i]] = 0;
    gathered->slots_count = 0;
    gathered->evidence_count = 0;
    memset(gathered->roles, 0, sizeof(gathered->roles));
    gathered->item = TK_STR("");
    gathered->column = TK_COLUMN_COUNT;
    gathered->as_of_from = TK_COLUMN_COUNT;
}

tk_status desk_gather(const tk_desk *desk, tk_arena *scratch, const tk_transaction *order, const tk_ask *ask,
                      desk_gathered *gathered, tk_err *err)
{
    static const tk_column plain[] = {TK_COLUMN_CURRENCY, TK_COLUMN_FROM,       TK_COLUMN_TO,       TK_COLUMN_ACTIVITY,
                                      TK_COLUMN_END_USE,  TK_COLUMN_ORDER_DATE, TK_COLUMN_SHIP_DATE};
    gathered_clear(gathered);
    tk_str id = tk_str_trim(order->cells[TK_COLUMN_ID]);
    if (id.len != 0 && !tk_str_is_id(id)) {
        tk_str text =
            tk_arena_printf(scratch, "'" TK_FMT "' is no id; expected letters, digits and . _ : - , at most %d",
                            TK_ARG_STR(id), TK_ID_BYTES_MAX);
        return gather_fail(gathered, TK_COLUMN_ID, err, TK_ERR_INPUT, text.ptr);
    }
    tk_status status = gather_dates(desk, scratch, order, ask, gathered, err);
    if (status == TK_OK)
        status = gather_item(desk, order->cells[TK_COLUMN_ITEM], gathered, err);
    for (size_t role = 0; status == TK_OK && role < TK_ROLE_COUNT; role++)
        status = gather_party(desk, scratch, role, order->cells[ROLE_FIRST + role], gathered, err);
    for (size_t role = 0; status == TK_OK && role < TK_ROLE_COUNT; role++)
        status = gather_attributes(desk, scratch, role, order, gathered, err);
    if (status == TK_OK)
        status =
            gather_amount(desk, scratch, TK_COLUMN_QUANTITY, order->cells[TK_COLUMN_QUANTITY], true, gathered, err);
    if (status == TK_OK)
        status = gather_amount(desk, scratch, TK_COLUMN_UNIT_VALUE, order->cells[TK_COLUMN_UNIT_VALUE], false, gathered,
                               err);
    for (size_t i = 0; status == TK_OK && i < TK_COUNT(plain); i++)
        status = gather_cell(desk, scratch, plain[i], order->cells[plain[i]], gathered, err);
    if (status == TK_OK)
        status = gather_evidence(desk, scratch, order->cells[TK_COLUMN_EVIDENCE], gathered, err);
    if (status == TK_OK)
        status = gather_said_facts(desk, scratch, order, gathered, err);
    if (status == TK_OK && scratch->failed)
        status = tk_err_set(err, TK_ERR_MEMORY, "out of memory while gathering the facts of an order");
    return status;
}
