/* SPDX-License-Identifier: Apache-2.0 */
/* row.c: one claim as it stands in a file: is it one, and when was it. */
#include <stdlib.h>

#include "base/text.h"
#include "claims/claims_int.h"

static const char *const column_names[TK_CLAIM_COLUMN_COUNT] = {
#define X(NAME, text) text,
    TK_CLAIM_COLUMNS(X)
#undef X
};

const char *tk_claim_column_name(tk_claim_column column)
{
    return column_names[column];
}

static tk_status row_refuse(const claims_row *row, tk_claim_column column, const char *expected, tk_err *err)
{
    return tk_err_set(err, TK_ERR_INPUT, "'" TK_FMT "': expected %s",
                      TK_ARG_STR(tk_text_prefix(row->cells[column], 60)), expected);
}

static tk_status row_id(const claims_row *row, tk_err *err)
{
    return tk_str_is_id(row->cells[TK_CLAIM_ID])
               ? TK_OK
               : row_refuse(row, TK_CLAIM_ID, "an id: a letter or digit, then at most 63 of letters, digits, . _ : -",
                            err);
}

static tk_status row_predicate(const claims_row *row, tk_err *err)
{
    tk_str text = row->cells[TK_CLAIM_PREDICATE];
    bool good = text.len != 0 && text.len <= TK_ID_BYTES_MAX && 'a' <= text.ptr[0] && text.ptr[0] <= 'z';
    for (size_t i = 0; good && i < text.len; i++) {
        char c = text.ptr[i];
        good = ('a' <= c && c <= 'z') || ('0' <= c && c <= '9') || c == '_';
    }
    return good ? TK_OK : row_refuse(row, TK_CLAIM_PREDICATE, "a word such as approves_import", err);
}

/* Without a day of the event the claim is about the days on which it was made. */
static tk_status row_dates(claims_row *row, tk_claim_column *column, tk_err *err)
{
    tk_date first;
    *column = TK_CLAIM_DATE_REPORTED;
    if (tk_date_parse_partial(row->cells[TK_CLAIM_DATE_REPORTED], &first, &row->published, NULL) != TK_OK)
        return row_refuse(row, *column, "the day it was published: 2026-01-28, 2026-01 or 2026", err);
    row->event_from = first;
    row->event_to = row->published;
    *column = TK_CLAIM_DATE_EVENT;
    if (row->cells[TK_CLAIM_DATE_EVENT].len != 0
        && tk_date_parse_partial(row->cells[TK_CLAIM_DATE_EVENT], &row->event_from, &row->event_to, NULL) != TK_OK)
        return row_refuse(row, *column, "the day it is about: 2026-01-28, 2026-01, 2026, or nothing", err);
    return TK_OK;
}

static tk_status row_words(const tk_claims *claims, const claims_row *row, tk_claim_column *column, tk_err *err)
{
    static const char *const statuses[] = {"reported",   "announced", "confirmed", "denied",
                                           "superseded", "contradicted"};
    tk_str status = row->cells[TK_CLAIM_STATUS], url = row->cells[TK_CLAIM_SOURCE_URL];
    *column = TK_CLAIM_SOURCE_KIND;
    if (claims_tables_kind(&claims->tables, row->cells[TK_CLAIM_SOURCE_KIND]) == SIZE_MAX)
        return row_refuse(row, *column,
                          "official, company, named_press, analyst, anonymous_press, social or unsourced", err);
    *column = TK_CLAIM_STATUS;
    size_t at = 0;
    while (at < TK_COUNT(statuses) && !tk_str_is(status, statuses[at]))
        at++;
    if (status.len != 0 && at == TK_COUNT(statuses))
        return row_refuse(row, *column, "reported, announced, confirmed, denied, superseded, contradicted or nothing",
                          err);
    *column = TK_CLAIM_SOURCE_URL;
    if (url.len != 0 && !tk_str_starts(url, TK_STR("https://")) && !tk_str_starts(url, TK_STR("http://")))
        return row_refuse(row, *column, "an address that begins with https:// or http://, or nothing", err);
    return TK_OK;
}

static int link_order(const void *a, const void *b)
{
    return tk_str_cmp(*(const tk_str *)a, *(const tk_str *)b);
}

/* Sorted, each once, so that the same links written in another order are the same claim. */
static tk_status row_links(tk_arena *arena, claims_row *row, tk_claim_column column, tk_err *err)
{
    tk_str ids[TK_CLAIM_LINKS_MAX], rest = row->cells[column], part;
    size_t count = 0, bytes = 0;
    while (tk_str_split(&rest, ';', &part)) {
        part = tk_str_trim(part);
        if (part.len == 0)
            continue;
        if (count == TK_CLAIM_LINKS_MAX)
            return tk_err_set(err, TK_ERR_LIMIT, "more than %d ids", TK_CLAIM_LINKS_MAX);
        if (!tk_str_is_id(part) || tk_str_eq(part, row->cells[TK_CLAIM_ID]))
            return tk_err_set(err, TK_ERR_INPUT, "'" TK_FMT "': expected ids of other claims, separated by ;",
                              TK_ARG_STR(tk_text_prefix(part, 60)));
        bytes += part.len + 1;
        ids[count++] = part;
    }
    if (count == 0) {
        row->cells[column] = TK_STR("");
        return TK_OK;
    }
    qsort(ids, count, sizeof(ids[0]), link_order);
    char *text = TK_ARENA_ARRAY(arena, char, bytes);
    if (text == NULL)
        return tk_err_set(err, TK_ERR_MEMORY, "out of memory");
    size_t len = 0;
    for (size_t i = 0; i < count; i++) {
        if (i != 0 && tk_str_eq(ids[i], ids[i - 1]))
            continue;
        if (len != 0)
            text[len++] = ';';
        for (size_t j = 0; j < ids[i].len; j++)
            text[len++] = ids[i].ptr[j];
    }
    row->cells[column] = (tk_str){text, len};
    return TK_OK;
}

tk_status claims_row_check(const tk_claims *claims, tk_arena *arena, claims_row *row, tk_claim_column *column,
                           tk_err *err)
{
    static const tk_claim_column links[] = {TK_CLAIM_CONTRADICTS, TK_CLAIM_SUPERSEDES, TK_CLAIM_DERIVED_FROM,
                                            TK_CLAIM_RELATES_TO};
    for (size_t i = 0; i < TK_CLAIM_COLUMN_COUNT; i++)
        row->cells[i] = tk_str_trim(row->cells[i]);
    *column = TK_CLAIM_ID;
    tk_status status = row_id(row, err);
    if (status == TK_OK)
        status = row_dates(row, column, err);
    if (status == TK_OK)
        status = row_words(claims, row, column, err);
    if (status != TK_OK)
        return status;
    *column = TK_CLAIM_PREDICATE;
    status = row_predicate(row, err);
    if (status != TK_OK)
        return status;
    *column = TK_CLAIM_QUANTITY;
    status = tk_claim_bounds_parse(row->cells[TK_CLAIM_QUANTITY], &row->bounds, err);
    for (size_t i = 0; status == TK_OK && i < TK_COUNT(links); i++) {
        *column = links[i];
        status = row_links(arena, row, links[i], err);
    }
    return status;
}
