/* SPDX-License-Identifier: Apache-2.0 */
/* clearances.c: decisions about hits, and whether they still count. */
#include "parties/clearances.h"

#include <stdlib.h>

#include "parties/parties_int.h"

static const char CLEAR_NEXT[] = "SELECT coalesce(max(number), 0) + 1 FROM parties_clearances";
static const char CLEAR_ADD[] = "INSERT INTO parties_clearances (number, day, who, verdict, hit, party, reason)"
                                " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)";
static const char CLEAR_FIELD[] = "INSERT INTO parties_compared (clearance, side, field, value)"
                                  " VALUES (?1, ?2, ?3, ?4)";
#define CLEAR_CELLS "SELECT c.number, c.day, c.who, c.verdict, c.hit, c.party, c.reason FROM parties_clearances c"
static const char CLEAR_LAST[] = CLEAR_CELLS " WHERE c.party = ?1 AND c.hit = ?2 ORDER BY c.number DESC LIMIT 1";
static const char CLEAR_COMPARED[] = "SELECT side, field, value FROM parties_compared WHERE clearance = ?1"
                                     " ORDER BY side, field";
static const char CLEAR_CONFIRMED[] =
    CLEAR_CELLS " WHERE c.party = ?1 AND c.verdict = 'confirmed' AND NOT EXISTS (SELECT 1 FROM parties_clearances d"
                " WHERE d.party = c.party AND d.hit = c.hit AND d.number > c.number) ORDER BY c.hit";
static const char CLEAR_OF[] = CLEAR_CELLS " WHERE c.party = ?1 ORDER BY c.number";
static const char CLEAR_ALL[] = CLEAR_CELLS " ORDER BY c.number";

/* --- words --- */

const char *tk_compared_field_name(tk_compared_field field)
{
    static const char *const names[TK_COMPARED_FIELD_COUNT] = {
#define X(NAME, text) text,
        TK_COMPARED_FIELDS(X)
#undef X
    };
    return names[field];
}

const char *tk_compared_side_name(tk_compared_side side)
{
    return side == TK_COMPARED_PARTY ? "party" : "entry";
}

const char *tk_clearance_state_name(tk_clearance_state state)
{
    static const char *const names[TK_CLEARANCE_STATE_COUNT] = {"open", "cleared", "confirmed", "lapsed"};
    return names[state];
}

static tk_status clear_memory(const tk_arena *arena, tk_err *err)
{
    return arena->failed ? tk_err_set(err, TK_ERR_MEMORY, "out of memory for the clearances") : TK_OK;
}

/* --- sides --- */

tk_compared tk_compared_of_party(const tk_party_record *party)
{
    const tk_str *cells = party->cells;
    return (tk_compared){.fields = {[TK_COMPARED_NAME] = cells[TK_PARTY_NAME],
                                    [TK_COMPARED_ALIASES] = cells[TK_PARTY_ALIASES],
                                    [TK_COMPARED_COUNTRY] = cells[TK_PARTY_COUNTRY],
                                    [TK_COMPARED_ADDRESS] = cells[TK_PARTY_ADDRESS],
                                    [TK_COMPARED_IDENTIFIERS] = cells[TK_PARTY_IDENTIFIERS],
                                    [TK_COMPARED_BIRTH] = cells[TK_PARTY_BIRTH]}};
}

static int text_order(const void *a, const void *b)
{
    return tk_str_cmp(*(const tk_str *)a, *(const tk_str *)b);
}

/* Sorted, separated by semicolons. */
static tk_str side_join(tk_arena *arena, tk_str *values, size_t count)
{
    size_t bytes = 1, len = 0;
    if (count != 0)
        qsort(values, count, sizeof(*values), text_order);
    for (size_t i = 0; i < count; i++)
        bytes += values[i].len + 1;
    char *text = TK_ARENA_ARRAY(arena, char, bytes);
    if (text == NULL)
        return TK_STR("");
    for (size_t i = 0; i < count; i++) {
        if (len != 0)
            text[len++] = ';';
        for (size_t j = 0; j < values[i].len; j++)
            text[len++] = values[i].ptr[j];
    }
    return (tk_str){text, len};
}

/* "CN Shenzhen", "passport E123": kind and value. */
static tk_str side_texts(tk_arena *arena, const tk_list_text *texts, size_t count)
{
    tk_str *values = TK_ARENA_ARRAY(arena, tk_str, count);
    for (size_t i = 0; values != NULL && i < count; i++)
        values[i] = tk_arena_printf(arena, TK_FMT "%s" TK_FMT, TK_ARG_STR(texts[i].kind),
                                    texts[i].kind.len == 0 ? "" : " ", TK_ARG_STR(texts[i].value));
    return arena->failed ? TK_STR("") : side_join(arena, values, count);
}

tk_status tk_compared_of_entry(const tk_list_entry *entry, tk_arena *arena, tk_compared *out, tk_err *err)
{
    tk_str *aliases = TK_ARENA_ARRAY(arena, tk_str, entry->aliases_count);
    tk_str *countries = TK_ARENA_ARRAY(arena, tk_str, entry->countries_count);
    *out = (tk_compared){.fields = {[TK_COMPARED_NAME] = entry->name}};
    if (arena->failed)
        return clear_memory(arena, err);
    for (size_t i = 0; i < entry->aliases_count; i++)
        aliases[i] = entry->aliases[i].text;
    for (size_t i = 0; i < entry->countries_count; i++)
        countries[i] = entry->countries[i];
    out->fields[TK_COMPARED_ALIASES] = side_join(arena, aliases, entry->aliases_count);
    out->fields[TK_COMPARED_COUNTRY] = side_join(arena, countries, entry->countries_count);
    out->fields[TK_COMPARED_ADDRESS] = side_texts(arena, entry->addresses, entry->addresses_count);
    out->fields[TK_COMPARED_IDENTIFIERS] = side_texts(arena, entry->identifiers, entry->identifiers_count);
    out->fields[TK_COMPARED_BIRTH] = side_texts(arena, entry->births, entry->births_count);
    return clear_memory(arena, err);
}

/* --- deciding --- */

static tk_status add_number(tk_store *store, int64_t *number, tk_err *err)
{
    tk_store_statement *statement;
    bool row = false;
    tk_status status = tk_store_prepare(store, CLEAR_NEXT, &statement, err);
    if (status == TK_OK)
        status = tk_store_step(statement, &row, err);
    if (status != TK_OK)
        return status;
    *number = tk_store_int(statement, 0);
    tk_store_reset(statement);
    return TK_OK;
}

static tk_status add_row(tk_store *store, const tk_clearance *decision, int64_t number, tk_err *err)
{
    tk_store_statement *statement;
    tk_status status = tk_store_prepare(store, CLEAR_ADD, &statement, err);
    if (status != TK_OK)
        return status;
    tk_store_bind_int(statement, 1, number);
    tk_store_bind_int(statement, 2, decision->day);
    tk_store_bind_text(statement, 3, decision->who);
    tk_store_bind_text(statement, 4, decision->confirmed ? TK_STR("confirmed") : TK_STR("cleared"));
    tk_store_bind_text(statement, 5, decision->hit);
    tk_store_bind_text(statement, 6, decision->party);
    tk_store_bind_text(statement, 7, decision->reason);
    return tk_store_run(statement, err);
}

static tk_status add_fields(tk_store *store, const tk_compared sides[TK_COMPARED_SIDES], int64_t number, tk_err *err)
{
    tk_status status = TK_OK;
    for (int side = 0; side < TK_COMPARED_SIDES; side++)
        for (int field = 0; status == TK_OK && field < TK_COMPARED_FIELD_COUNT; field++) {
            tk_store_statement *statement;
            tk_str value = sides[side].fields[field];
            status = tk_store_prepare(store, CLEAR_FIELD, &statement, err);
            if (status != TK_OK)
                break;
            tk_store_bind_int(statement, 1, number);
            tk_store_bind_int(statement, 2, side);
            tk_store_bind_int(statement, 3, field);
            tk_store_bind_text(statement, 4, value.ptr == NULL ? TK_STR("") : value);
            status = tk_store_run(statement, err);
        }
    return status;
}

static tk_status add_check(const tk_clearance *decision, tk_err *err)
{
    tk_str list, key = decision->hit;
    if (!tk_str_split(&key, ':', &list) || list.len == 0 || key.len == 0 || list.len == decision->hit.len)
        return tk_err_set(err, TK_ERR_INPUT, "'" TK_FMT "': expected a hit as LIST:KEY",
                          TK_ARG_STR(tk_text_prefix(decision->hit, 60)));
    if (!tk_str_is_id(decision->party))
        return tk_err_set(err, TK_ERR_INPUT, "'" TK_FMT "': expected the id of a party",
                          TK_ARG_STR(tk_text_prefix(decision->party, 60)));
    if (tk_str_trim(decision->who).len == 0)
        return tk_err_set(err, TK_ERR_INPUT, "a decision about a hit has somebody who made it");
    if (!decision->confirmed && tk_str_trim(decision->reason).len == 0)
        return tk_err_set(err, TK_ERR_INPUT, "a hit is cleared for a reason");
    return TK_OK;
}

tk_status tk_clearances_add(tk_store *store, const tk_clearance *decision, const tk_compared sides[TK_COMPARED_SIDES],
                            int64_t *number, tk_err *err)
{
    *number = 0;
    tk_status status = add_check(decision, err);
    if (status == TK_OK)
        status = tk_store_begin(store, "deciding about a hit", err);
    if (status != TK_OK)
        return status;
    status = add_number(store, number, err);
    if (status == TK_OK)
        status = add_row(store, decision, *number, err);
    if (status == TK_OK)
        status = add_fields(store, sides, *number, err);
    if (status == TK_OK)
        status = tk_store_commit(store, err);
    else
        tk_store_abort(store);
    return status;
}

/* --- what counts now --- */

static void clear_read(tk_store_statement *statement, tk_arena *arena, tk_clearance *out)
{
    *out = (tk_clearance){.number = tk_store_int(statement, 0),
                          .day = (tk_date)tk_store_int(statement, 1),
                          .who = tk_arena_copy(arena, tk_store_text(statement, 2)),
                          .confirmed = tk_str_is(tk_store_text(statement, 3), "confirmed"),
                          .hit = tk_arena_copy(arena, tk_store_text(statement, 4)),
                          .party = tk_arena_copy(arena, tk_store_text(statement, 5)),
                          .reason = tk_arena_copy(arena, tk_store_text(statement, 6))};
}

static tk_status find_changes(tk_store *store, const tk_compared sides[TK_COMPARED_SIDES], tk_arena *arena,
                              tk_clearance_answer *answer, tk_err *err)
{
    tk_store_statement *statement;
    tk_status status = tk_store_prepare(store, CLEAR_COMPARED, &statement, err);
    if (status != TK_OK)
        return status;
    tk_store_bind_int(statement, 1, answer->last.number);
    for (;;) {
        bool row = false;
        status = tk_store_step(statement, &row, err);
        if (status != TK_OK || !row)
            return status == TK_OK ? clear_memory(arena, err) : status;
        int64_t side = tk_store_int(statement, 0), field = tk_store_int(statement, 1);
        /* A field that a later program compares is not ours to judge. */
        if (side < 0 || TK_COMPARED_SIDES <= side || field < 0 || TK_COMPARED_FIELD_COUNT <= field
            || tk_str_eq(tk_store_text(statement, 2), sides[side].fields[field]))
            continue;
        answer->changes[answer->changes_count++] = (tk_compared_change){.side = (tk_compared_side)side,
                                                                        .field = (tk_compared_field)field,
                                                                        .before = tk_arena_copy(
                                                                            arena, tk_store_text(statement, 2)),
                                                                        .now = sides[side].fields[field]};
    }
}

tk_status tk_clearances_find(tk_store *store, tk_str hit, tk_str party, const tk_compared sides[TK_COMPARED_SIDES],
                             tk_arena *arena, tk_clearance_answer *answer, tk_err *err)
{
    tk_store_statement *statement;
    bool row = false;
    *answer = (tk_clearance_answer){.state = TK_CLEARANCE_OPEN};
    tk_status status = tk_store_prepare(store, CLEAR_LAST, &statement, err);
    if (status != TK_OK)
        return status;
    tk_store_bind_text(statement, 1, party);
    tk_store_bind_text(statement, 2, hit);
    status = tk_store_step(statement, &row, err);
    if (status != TK_OK || !row)
        return status;
    clear_read(statement, arena, &answer->last);
    tk_store_reset(statement);
    status = find_changes(store, sides, arena, answer, err);
    if (answer->last.confirmed)
        answer->state = TK_CLEARANCE_CONFIRMED;
    else
        answer->state = answer->changes_count == 0 ? TK_CLEARANCE_CLEARED : TK_CLEARANCE_LAPSED;
    return status;
}

/* --- all of them --- */

static tk_status clear_each(tk_store *store, const char *sql, tk_str party, tk_clearances_each each, void *context,
                            tk_err *err)
{
    tk_store_statement *statement;
    tk_arena arena;
    tk_status status = tk_store_prepare(store, sql, &statement, err);
    if (status != TK_OK)
        return status;
    if (party.len != 0)
        tk_store_bind_text(statement, 1, party);
    tk_arena_init(&arena, 4096, 0);
    for (;;) {
        bool row = false;
        tk_clearance decision;
        status = tk_store_step(statement, &row, err);
        if (status != TK_OK || !row)
            break;
        tk_arena_reset(&arena);
        clear_read(statement, &arena, &decision);
        status = clear_memory(&arena, err);
        if (status == TK_OK)
            status = each(context, &decision, err);
        if (status != TK_OK) {
            tk_store_reset(statement);
            break;
        }
    }
    tk_arena_fini(&arena);
    return status;
}

tk_status tk_clearances_confirmed(tk_store *store, tk_str party, tk_clearances_each each, void *context, tk_err *err)
{
    return clear_each(store, CLEAR_CONFIRMED, party, each, context, err);
}

tk_status tk_clearances_list(tk_store *store, tk_str party, tk_clearances_each each, void *context, tk_err *err)
{
    return clear_each(store, party.len == 0 ? CLEAR_ALL : CLEAR_OF, party, each, context, err);
}
