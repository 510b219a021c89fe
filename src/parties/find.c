/* SPDX-License-Identifier: Apache-2.0 */
/* find.c: looking up parties and holdings that stand up to a number; and writing them out. */
#include "base/csv.h"
#include "parties/parties_int.h"

#define FIND_PARTY                                                                                                   \
    "SELECT p.number, b.day, b.name, " PARTIES_CELLS " FROM parties p JOIN parties_batches b ON b.id = p.batch"
#define FIND_HOLDING                                                                                                 \
    "SELECT h.number, b.day, b.name, h.since, h.until, " HOLDINGS_CELLS                                              \
    " FROM parties_holdings h JOIN parties_batches b ON b.id = h.batch"
#define FIND_HOLDING_ORDER " ORDER BY h.held, h.holder, h.since"

static const char FIND_ONE[] = FIND_PARTY " WHERE p.id = ?2 AND p.number <= ?1 ORDER BY p.number DESC LIMIT 1";
static const char FIND_ALL[] = FIND_PARTY " WHERE " PARTIES_STAND " ORDER BY p.id";
static const char FIND_HOLDINGS[] = FIND_HOLDING " WHERE " HOLDINGS_STAND FIND_HOLDING_ORDER;
static const char FIND_HOLDINGS_OF[] =
    FIND_HOLDING " WHERE (h.held = ?2 OR h.holder = ?2) AND " HOLDINGS_STAND FIND_HOLDING_ORDER;

/* --- rows --- */

static void find_cells(tk_store_statement *statement, int first, tk_arena *arena, tk_str *cells, size_t count)
{
    for (size_t i = 0; i < count; i++)
        cells[i] = tk_arena_copy(arena, tk_store_text(statement, first + (int)i));
}

void parties_read(tk_store_statement *statement, tk_arena *arena, tk_party_record *party)
{
    party->number = tk_store_int(statement, 0);
    party->recorded = (tk_date)tk_store_int(statement, 1);
    party->batch = tk_arena_copy(arena, tk_store_text(statement, 2));
    find_cells(statement, 3, arena, party->cells, TK_PARTY_COLUMN_COUNT);
}

void parties_read_holding(tk_store_statement *statement, tk_arena *arena, tk_holding_record *holding)
{
    *holding = (tk_holding_record){.number = tk_store_int(statement, 0),
                                   .recorded = (tk_date)tk_store_int(statement, 1),
                                   .batch = tk_arena_copy(arena, tk_store_text(statement, 2)),
                                   .from = (tk_date)tk_store_int(statement, 3),
                                   .to = (tk_date)tk_store_int(statement, 4)};
    find_cells(statement, 5, arena, holding->cells, TK_HOLDING_COLUMN_COUNT);
    /* It was checked when it came in; a book that says otherwise says nothing of the share. */
    if (tk_owner_share_parse(holding->cells[TK_HOLDING_SHARE], &holding->share, NULL) != TK_OK)
        holding->share = (tk_owner_holding){.high = 100 * TK_NUM_SCALE, .unknown = true};
    holding->share.control = tk_str_is(holding->cells[TK_HOLDING_CONTROL], "yes");
}

static tk_status find_memory(const tk_arena *arena, tk_err *err)
{
    return arena->failed ? tk_err_set(err, TK_ERR_MEMORY, "out of memory for the parties") : TK_OK;
}

/* --- parties --- */

tk_status tk_parties_find(tk_store *store, int64_t at, tk_str id, tk_arena *arena, const tk_party_record **party,
                          tk_err *err)
{
    tk_store_statement *statement;
    bool row = false;
    *party = NULL;
    tk_status status = tk_store_prepare(store, FIND_ONE, &statement, err);
    if (status != TK_OK)
        return status;
    tk_store_bind_int(statement, 1, at);
    tk_store_bind_text(statement, 2, id);
    status = tk_store_step(statement, &row, err);
    if (status != TK_OK || !row)
        return status;
    tk_party_record *found = TK_ARENA_NEW(arena, tk_party_record);
    if (found != NULL)
        parties_read(statement, arena, found);
    tk_store_reset(statement);
    *party = found;
    return find_memory(arena, err);
}

tk_status tk_parties_list(tk_store *store, int64_t at, tk_parties_each each, void *context, tk_err *err)
{
    tk_store_statement *statement;
    tk_arena arena;
    tk_status status = tk_store_prepare(store, FIND_ALL, &statement, err);
    if (status != TK_OK)
        return status;
    tk_store_bind_int(statement, 1, at);
    tk_arena_init(&arena, (size_t)16 * 1024, 0);
    for (;;) {
        bool row = false;
        tk_party_record party;
        status = tk_store_step(statement, &row, err);
        if (status != TK_OK || !row)
            break;
        tk_arena_reset(&arena);
        parties_read(statement, &arena, &party);
        status = find_memory(&arena, err);
        if (status == TK_OK)
            status = each(context, &party, err);
        if (status != TK_OK) {
            tk_store_reset(statement);
            break;
        }
    }
    tk_arena_fini(&arena);
    return status;
}

/* --- holdings --- */

tk_status tk_parties_holdings(tk_store *store, int64_t at, tk_str party, tk_parties_holding each, void *context,
                              tk_err *err)
{
    tk_store_statement *statement;
    tk_arena arena;
    tk_status status = tk_store_prepare(store, party.len == 0 ? FIND_HOLDINGS : FIND_HOLDINGS_OF, &statement, err);
    if (status != TK_OK)
        return status;
    tk_store_bind_int(statement, 1, at);
    if (party.len != 0)
        tk_store_bind_text(statement, 2, party);
    tk_arena_init(&arena, (size_t)16 * 1024, 0);
    for (;;) {
        bool row = false;
        tk_holding_record holding;
        status = tk_store_step(statement, &row, err);
        if (status != TK_OK || !row)
            break;
        tk_arena_reset(&arena);
        parties_read_holding(statement, &arena, &holding);
        status = find_memory(&arena, err);
        if (status == TK_OK)
            status = each(context, &holding, err);
        if (status != TK_OK) {
            tk_store_reset(statement);
            break;
        }
    }
    tk_arena_fini(&arena);
    return status;
}

/* --- writing --- */

static void write_row(tk_out *out, const tk_str *cells, size_t count)
{
    for (size_t i = 0; i < count; i++)
        tk_csv_write_cell(out, cells[i], i == 0, true);
    tk_out_char(out, '\n');
}

static tk_status write_party(void *context, const tk_party_record *party, tk_err *err)
{
    (void)err;
    write_row(context, party->cells, TK_PARTY_COLUMN_COUNT);
    return TK_OK;
}

static tk_status write_holding(void *context, const tk_holding_record *holding, tk_err *err)
{
    (void)err;
    write_row(context, holding->cells, TK_HOLDING_COLUMN_COUNT);
    return TK_OK;
}

tk_status tk_parties_export(tk_store *store, int64_t at, tk_parties_table table, tk_out *out, tk_err *err)
{
    for (size_t i = 0; i < tk_parties_column_count(table); i++)
        tk_csv_write_cell(out, tk_str_from(tk_parties_column_name(table, i)), i == 0, false);
    tk_out_char(out, '\n');
    return table == TK_PARTIES ? tk_parties_list(store, at, write_party, out, err)
                               : tk_parties_holdings(store, at, TK_STR(""), write_holding, out, err);
}

/* What a catalogue's table has: id, what the rules ask about, and what people read. */
static const tk_party_column shared[] = {
    TK_PARTY_ID,    TK_PARTY_NAME,  TK_PARTY_COUNTRY,      TK_PARTY_HQ,     TK_PARTY_PARENT, TK_PARTY_PARENT_HQ,
    TK_PARTY_CLASS, TK_PARTY_LISTS, TK_PARTY_ENTRY_REVIEW, TK_PARTY_SOURCE, TK_PARTY_NOTE};

typedef struct sharing {
    tk_out *out;
    bool used[TK_PARTY_COLUMN_COUNT]; /* columns in which somebody has something */
} sharing;

static tk_status share_look(void *context, const tk_party_record *party, tk_err *err)
{
    sharing *s = context;
    (void)err;
    for (size_t i = 0; i < TK_PARTY_COLUMN_COUNT; i++)
        s->used[i] |= party->cells[i].len != 0;
    return TK_OK;
}

static tk_status share_party(void *context, const tk_party_record *party, tk_err *err)
{
    const sharing *s = context;
    (void)err;
    for (size_t i = 0; i < TK_COUNT(shared); i++)
        if (s->used[shared[i]])
            tk_csv_write_cell(s->out, party->cells[shared[i]], i == 0, true);
    tk_out_char(s->out, '\n');
    return TK_OK;
}

tk_status tk_parties_as_catalogue(tk_store *store, int64_t at, tk_arena *arena, tk_str *text, tk_err *err)
{
    tk_out out;
    sharing s = {.out = &out};
    tk_out_init(&out, NULL);
    *text = TK_STR("");
    /* A column that nobody fills is left out, so that rules that do not know it are not asked about it. */
    tk_status status = tk_parties_list(store, at, share_look, &s, err);
    for (size_t i = 0; i < TK_COUNT(shared); i++)
        if (s.used[shared[i]])
            tk_csv_write_cell(&out, tk_str_from(tk_parties_column_name(TK_PARTIES, shared[i])), i == 0, false);
    tk_out_char(&out, '\n');
    if (status == TK_OK && s.used[TK_PARTY_ID])
        status = tk_parties_list(store, at, share_party, &s, err);
    if (status == TK_OK && out.status != TK_OK)
        status = tk_err_set(err, TK_ERR_MEMORY, "out of memory for the parties");
    if (status == TK_OK && s.used[TK_PARTY_ID]) {
        *text = tk_arena_copy(arena, tk_out_str(&out));
        status = find_memory(arena, err);
    }
    tk_out_fini(&out);
    return status;
}
