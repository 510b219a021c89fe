/* SPDX-License-Identifier: Apache-2.0 */
/* claims.c: reads claims.csv. */
#include "claims/claims.h"

#include "base/csv.h"
#include "base/err.h"
#include "base/num.h"
#include "base/str.h"

enum { CLAIM_ID, CLAIM_REPORTED, CLAIM_CONTRADICTS, CLAIM_SAYS, CLAIM_COLUMNS };
static const char *const claim_columns[CLAIM_COLUMNS] = {"id", "date_reported", "contradicts", "says"};

static tk_status claims_header(tk_csv_reader *csv, tk_str name, size_t at[CLAIM_COLUMNS], tk_err *err)
{
    size_t count;
    const tk_str *header = tk_csv_header(csv, &count);
    for (size_t i = 0; i < CLAIM_COLUMNS; i++) {
        at[i] = 0;
        while (at[i] < count && !tk_str_is(header[at[i]], claim_columns[i]))
            at[i]++;
        if (at[i] < count)
            continue;
        tk_status status = tk_err_set(err, TK_ERR_INPUT, "the table has no column '%s'", claim_columns[i]);
        tk_err_where(err, name, 1, 1);
        return status;
    }
    return TK_OK;
}

static tk_status claims_contradicts(tk_arena *arena, tk_str cell, tk_claim_row *claim, tk_err *err)
{
    size_t most = 1;
    for (size_t i = 0; i < cell.len; i++)
        most += cell.ptr[i] == ';' ? 1 : 0;
    tk_str *ids = TK_ARENA_ARRAY(arena, tk_str, most);
    if (ids == NULL)
        return tk_err_set(err, TK_ERR_MEMORY, "out of memory for the claims");
    tk_str rest = cell, part;
    while (tk_str_split(&rest, ';', &part)) {
        part = tk_str_trim(part);
        if (part.len != 0)
            ids[claim->contradicts_count++] = tk_arena_copy(arena, part);
    }
    claim->contradicts = ids;
    return TK_OK;
}

static tk_status claims_row(const tk_csv_row *row, const size_t at[CLAIM_COLUMNS], tk_arena *arena, tk_claim_row *claim,
                            tk_err *err)
{
    claim->id = tk_arena_copy(arena, tk_str_trim(row->cells[at[CLAIM_ID]]));
    claim->says = tk_arena_copy(arena, tk_str_trim(row->cells[at[CLAIM_SAYS]]));
    if (!tk_str_is_id(claim->id))
        return tk_err_set(err, TK_ERR_INPUT, "id: '" TK_FMT "' is no id", TK_ARG_STR(claim->id));
    tk_date first;
    tk_err inner = {0};
    if (tk_date_parse_partial(tk_str_trim(row->cells[at[CLAIM_REPORTED]]), &first, &claim->published, &inner) != TK_OK)
        return tk_err_set(err, TK_ERR_INPUT, "date_reported: %s", inner.message);
    return claims_contradicts(arena, row->cells[at[CLAIM_CONTRADICTS]], claim, err);
}

tk_status tk_claims_read(const tk_source *source, tk_arena *arena, tk_claim_row **out, size_t *count, tk_err *err)
{
    tk_csv_reader *csv = NULL;
    size_t at[CLAIM_COLUMNS] = {0}, most = 1;
    *count = 0;
    for (size_t i = 0; i < source->text.len; i++)
        most += source->text.ptr[i] == '\n' ? 1 : 0;
    tk_status status = tk_csv_open_text(source->name, source->text, &csv, err);
    if (status == TK_OK)
        status = claims_header(csv, source->name, at, err);
    *out = TK_ARENA_ARRAY(arena, tk_claim_row, most);
    if (status == TK_OK && *out == NULL)
        status = tk_err_set(err, TK_ERR_MEMORY, "out of memory for the claims");
    while (status == TK_OK && *out != NULL) {
        const tk_csv_row *row = NULL;
        status = tk_csv_next(csv, &row, err);
        if (status == TK_OK && row == NULL)
            break;
        if (status == TK_OK)
            status = claims_row(row, at, arena, &(*out)[(*count)++], err);
        if (status != TK_OK)
            tk_err_where(err, source->name, row == NULL ? 0 : (uint32_t)row->line, 1);
    }
    tk_csv_close(csv);
    return status;
}
