/* SPDX-License-Identifier: Apache-2.0 */
/* row.c: one party, or one holding, as it stands in a file: is it one? */
#include <stdlib.h>

#include "parties/parties_int.h"

static const char *const party_names[] = {
#define X(NAME, text) text,
    TK_PARTY_COLUMNS(X)
#undef X
};
static const char *const holding_names[] = {
#define X(NAME, text) text,
    TK_HOLDING_COLUMNS(X)
#undef X
};

const char *tk_parties_column_name(tk_parties_table table, size_t column)
{
    return table == TK_PARTIES ? party_names[column] : holding_names[column];
}

size_t tk_parties_column_count(tk_parties_table table)
{
    return table == TK_PARTIES ? (size_t)TK_PARTY_COLUMN_COUNT : (size_t)TK_HOLDING_COLUMN_COUNT;
}

static tk_status row_refuse(tk_str cell, const char *expected, tk_err *err)
{
    return tk_err_set(err, TK_ERR_INPUT, "'" TK_FMT "': expected %s", TK_ARG_STR(tk_text_prefix(cell, 60)), expected);
}

static tk_status row_id(tk_str cell, tk_err *err)
{
    return tk_str_is_id(cell)
               ? TK_OK
               : row_refuse(cell, "an id: a letter or digit, then at most 63 of letters, digits, . _ : -", err);
}

/* --- several values in a cell --- */

static int value_order(const void *a, const void *b)
{
    return tk_str_cmp(*(const tk_str *)a, *(const tk_str *)b);
}

/* In the order of bytes, each once, so that the same values written in another order are the same record. */
static tk_status row_values(tk_arena *arena, tk_str *cell, tk_err *err)
{
    tk_str rest = *cell, part;
    size_t most = 1, count = 0, len = 0;
    for (size_t i = 0; i < cell->len; i++)
        most += cell->ptr[i] == ';' ? 1 : 0;
    tk_str *values = TK_ARENA_ARRAY(arena, tk_str, most);
    char *text = TK_ARENA_ARRAY(arena, char, cell->len + 1);
    if (values == NULL || text == NULL)
        return tk_err_set(err, TK_ERR_MEMORY, "out of memory for a party");
    while (rest.len != 0 && tk_str_split(&rest, ';', &part)) {
        part = tk_str_trim(part);
        if (part.len != 0)
            values[count++] = part;
    }
    qsort(values, count, sizeof(*values), value_order);
    for (size_t i = 0; i < count; i++) {
        if (i != 0 && tk_str_eq(values[i], values[i - 1]))
            continue;
        if (len != 0)
            text[len++] = ';';
        for (size_t j = 0; j < values[i].len; j++)
            text[len++] = values[i].ptr[j];
    }
    *cell = (tk_str){text, len};
    return TK_OK;
}

/* --- a party --- */

static tk_status row_kind(tk_str cell, tk_err *err)
{
    static const char *const kinds[] = {"", "company", "person", "vessel"};
    for (size_t i = 0; i < TK_COUNT(kinds); i++)
        if (tk_str_is(cell, kinds[i]))
            return TK_OK;
    return row_refuse(cell, "company, person, vessel or nothing", err);
}

static tk_status row_birth(tk_str cell, tk_err *err)
{
    tk_str part;
    tk_date first, last;
    while (cell.len != 0 && tk_str_split(&cell, ';', &part))
        if (tk_date_parse_partial(part, &first, &last, NULL) != TK_OK)
            return row_refuse(part, "a day, a month or a year (1970-05-14, 1970), several separated by ;", err);
    return TK_OK;
}

static tk_status party_check(tk_arena *arena, parties_row *row, size_t *column, tk_err *err)
{
    static const tk_party_column several[] = {TK_PARTY_ALIASES, TK_PARTY_CLASS, TK_PARTY_LISTS,
                                              TK_PARTY_ADDRESS, TK_PARTY_IDENTIFIERS, TK_PARTY_BIRTH};
    tk_status status = row_id(row->cells[*column = TK_PARTY_ID], err);
    if (status == TK_OK && row->cells[*column = TK_PARTY_NAME].len == 0)
        status = tk_err_set(err, TK_ERR_INPUT, "expected a name");
    if (status == TK_OK)
        status = row_kind(row->cells[*column = TK_PARTY_KIND], err);
    if (status == TK_OK && row->cells[*column = TK_PARTY_PARENT].len != 0)
        status = row_id(row->cells[TK_PARTY_PARENT], err);
    for (size_t i = 0; status == TK_OK && i < TK_COUNT(several); i++)
        status = row_values(arena, &row->cells[*column = several[i]], err);
    return status == TK_OK ? row_birth(row->cells[*column = TK_PARTY_BIRTH], err) : status;
}

/* --- a holding --- */

static tk_status row_days(parties_row *row, size_t *column, tk_err *err)
{
    tk_str from = row->cells[TK_HOLDING_FROM], to = row->cells[TK_HOLDING_TO];
    tk_date other;
    row->from = TK_DATE_MIN;
    row->to = TK_DATE_MAX;
    *column = TK_HOLDING_FROM;
    if (from.len != 0 && tk_date_parse_partial(from, &row->from, &other, NULL) != TK_OK)
        return row_refuse(from, "the first day: 2026-01-28, 2026-01, 2026 or nothing", err);
    *column = TK_HOLDING_TO;
    if (to.len != 0 && tk_date_parse_partial(to, &other, &row->to, NULL) != TK_OK)
        return row_refuse(to, "the last day: 2026-01-28, 2026-01, 2026 or nothing", err);
    return row->from <= row->to ? TK_OK : row_refuse(to, "no day before the first one", err);
}

static tk_status holding_check(tk_arena *arena, parties_row *row, size_t *column, tk_err *err)
{
    tk_owner_holding share = {0};
    tk_str *control = &row->cells[TK_HOLDING_CONTROL];
    tk_status status = row_id(row->cells[*column = TK_HOLDING_HOLDER], err);
    if (status == TK_OK)
        status = row_id(row->cells[*column = TK_HOLDING_HELD], err);
    if (status == TK_OK)
        status = tk_owner_share_parse(row->cells[*column = TK_HOLDING_SHARE], &share, err);
    if (status != TK_OK)
        return status;
    row->cells[TK_HOLDING_SHARE] = tk_owner_share_text(&share, arena);
    *column = TK_HOLDING_CONTROL;
    if (control->len == 0)
        *control = TK_STR("no");
    if (!tk_str_is(*control, "yes") && !tk_str_is(*control, "no"))
        return row_refuse(*control, "yes, no or nothing", err);
    status = row_days(row, column, err);
    return status == TK_OK && arena->failed ? tk_err_set(err, TK_ERR_MEMORY, "out of memory for a holding") : status;
}

tk_status parties_row_check(tk_parties_table table, tk_arena *arena, parties_row *row, size_t *column, tk_err *err)
{
    for (size_t i = 0; i < tk_parties_column_count(table); i++)
        row->cells[i] = tk_str_trim(row->cells[i]);
    return table == TK_PARTIES ? party_check(arena, row, column, err) : holding_check(arena, row, column, err);
}
