/* SPDX-License-Identifier: Apache-2.0 */
/* row.c: one claim as it stands in a file: is it one, and when was it. All that is wrong with it is said, by column. */
#include <string.h>

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

void claims_faults_add(claims_faults *faults, tk_claim_column column, tk_str says)
{
    size_t at = 0;
    while (at < faults->count && faults->list[at].column < column)
        at++;
    if (at < faults->count && faults->list[at].column == column)
        return;
    memmove(&faults->list[at + 1], &faults->list[at], (faults->count - at) * sizeof(faults->list[0]));
    faults->list[at] = (claims_fault){column, says};
    faults->count++;
}

typedef struct row_check {
    const tk_claims *claims;
    tk_arena *arena;
    claims_row *row;
    claims_faults *faults;
} row_check;

static void row_refuse(row_check *check, tk_claim_column column, const char *expected)
{
    claims_faults_add(check->faults, column,
                      tk_arena_printf(check->arena, "'" TK_FMT "': expected %s",
                                      TK_ARG_STR(tk_text_prefix(check->row->cells[column], 60)), expected));
}

static void row_id(row_check *check)
{
    if (!tk_str_is_id(check->row->cells[TK_CLAIM_ID]))
        row_refuse(check, TK_CLAIM_ID, "an id: a letter or digit, then at most 63 of letters, digits, . _ : -");
}

static void row_predicate(row_check *check)
{
    tk_str text = check->row->cells[TK_CLAIM_PREDICATE];
    bool good = text.len != 0 && text.len <= TK_ID_BYTES_MAX && 'a' <= text.ptr[0] && text.ptr[0] <= 'z';
    for (size_t i = 0; good && i < text.len; i++) {
        char c = text.ptr[i];
        good = ('a' <= c && c <= 'z') || ('0' <= c && c <= '9') || c == '_';
    }
    if (!good)
        row_refuse(check, TK_CLAIM_PREDICATE, "a word such as approves_import");
}

/* Without a day of the event the claim is about the days on which it was made. */
static void row_dates(row_check *check)
{
    claims_row *row = check->row;
    tk_date first = TK_DATE_MIN;
    if (tk_date_parse_partial(row->cells[TK_CLAIM_DATE_REPORTED], &first, &row->published, NULL) != TK_OK)
        row_refuse(check, TK_CLAIM_DATE_REPORTED, "the day it was published: 2026-01-28, 2026-01 or 2026");
    row->published_from = row->event_from = first;
    row->event_to = row->published;
    if (row->cells[TK_CLAIM_DATE_EVENT].len != 0
        && tk_date_parse_partial(row->cells[TK_CLAIM_DATE_EVENT], &row->event_from, &row->event_to, NULL) != TK_OK)
        row_refuse(check, TK_CLAIM_DATE_EVENT, "the day it is about: 2026-01-28, 2026-01, 2026, or nothing");
}

static void row_words(row_check *check)
{
    static const char *const statuses[] = {"reported",   "announced", "confirmed", "denied",
                                           "superseded", "contradicted"};
    const claims_row *row = check->row;
    tk_str status = row->cells[TK_CLAIM_STATUS], url = row->cells[TK_CLAIM_SOURCE_URL];
    if (url.len != 0 && !tk_str_starts(url, TK_STR("https://")) && !tk_str_starts(url, TK_STR("http://")))
        row_refuse(check, TK_CLAIM_SOURCE_URL, "an address that begins with https:// or http://, or nothing");
    if (claims_tables_kind(&check->claims->tables, row->cells[TK_CLAIM_SOURCE_KIND]) == SIZE_MAX)
        row_refuse(check, TK_CLAIM_SOURCE_KIND,
                   "official, company, named_press, analyst, anonymous_press, social or unsourced");
    size_t at = 0;
    while (at < TK_COUNT(statuses) && !tk_str_is(status, statuses[at]))
        at++;
    if (status.len != 0 && at == TK_COUNT(statuses))
        row_refuse(check, TK_CLAIM_STATUS,
                   "reported, announced, confirmed, denied, superseded, contradicted or nothing");
}

static void row_quantity(row_check *check)
{
    tk_err err = {0};
    if (tk_claim_bounds_parse(check->row->cells[TK_CLAIM_QUANTITY], &check->row->bounds, &err) != TK_OK)
        claims_faults_add(check->faults, TK_CLAIM_QUANTITY,
                          tk_arena_copy(check->arena, tk_str_from(err.message)));
}

/* Ids with ; between them. */
static tk_str links_joined(tk_arena *arena, const tk_str *ids, size_t count, size_t bytes)
{
    char *text = TK_ARENA_ARRAY(arena, char, bytes);
    size_t len = 0;
    for (size_t i = 0; text != NULL && i < count; i++) {
        if (len != 0)
            text[len++] = ';';
        memcpy(text + len, ids[i].ptr, ids[i].len);
        len += ids[i].len;
    }
    return (tk_str){text, len};
}

/* Sorted, each once, so that the same links written in another order are the same claim. */
static void row_links(row_check *check, tk_claim_column column)
{
    claims_row *row = check->row;
    tk_str ids[TK_CLAIM_LINKS_MAX], rest = row->cells[column], part;
    size_t count = 0, bytes = 0;
    while (tk_str_split(&rest, ';', &part)) {
        part = tk_str_trim(part);
        if (part.len == 0)
            continue;
        if (count == TK_CLAIM_LINKS_MAX) {
            claims_faults_add(check->faults, column,
                              tk_arena_printf(check->arena, "more than %d ids", TK_CLAIM_LINKS_MAX));
            return;
        }
        if (!tk_str_is_id(part) || tk_str_eq(part, row->cells[TK_CLAIM_ID])) {
            claims_faults_add(check->faults, column,
                              tk_arena_printf(check->arena,
                                              "'" TK_FMT "': expected ids of other claims, separated by ;",
                                              TK_ARG_STR(tk_text_prefix(part, 60))));
            return;
        }
        bytes += part.len + 1;
        ids[count++] = part;
    }
    count = tk_str_unique(ids, count);
    row->cells[column] = count == 0 ? TK_STR("") : links_joined(check->arena, ids, count, bytes);
}

void claims_row_check(const tk_claims *claims, tk_arena *arena, claims_row *row, claims_faults *faults)
{
    static const tk_claim_column links[] = {TK_CLAIM_CONTRADICTS, TK_CLAIM_SUPERSEDES, TK_CLAIM_DERIVED_FROM,
                                            TK_CLAIM_RELATES_TO};
    row_check check = {claims, arena, row, faults};
    for (size_t i = 0; i < TK_CLAIM_COLUMN_COUNT; i++)
        row->cells[i] = tk_str_trim(row->cells[i]);
    row_id(&check);
    row_dates(&check);
    row_words(&check);
    row_predicate(&check);
    row_quantity(&check);
    for (size_t i = 0; i < TK_COUNT(links); i++)
        row_links(&check, links[i]);
}
