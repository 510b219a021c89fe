/* SPDX-License-Identifier: Apache-2.0 */
/* import.c: a file of parties, or of holdings, into the book, in one transaction.
 *
 * Every row is accepted or rejected: read = added + replaced + there + rejected. A rejected row does not stop the
 * others. A record of the same key takes the place of the earlier one, when a cell that the file has says otherwise;
 * cells of columns that the file does not have stay as they were.
 */
#include "base/csv.h"
#include "parties/parties_int.h"

static const char IMPORT_BATCH[] = "INSERT INTO parties_batches (name, day, rows_read, added, replaced, there,"
                                   " rejected) VALUES (?1, ?2, 0, 0, 0, 0, 0)";
static const char IMPORT_COUNTS[] = "UPDATE parties_batches SET rows_read = ?2, added = ?3, replaced = ?4, there = ?5,"
                                    " rejected = ?6 WHERE id = ?1";
static const char IMPORT_PARTY[] =
    "INSERT INTO parties (number, batch, id, name, aliases, kind, country, hq, parent, parent_hq, class, lists,"
    " entry_review, address, identifiers, birth, source, note) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11,"
    " ?12, ?13, ?14, ?15, ?16, ?17, ?18)";
static const char IMPORT_HOLDING[] =
    "INSERT INTO parties_holdings (number, batch, holder, held, share, control, first_day, last_day, source, note,"
    " since, until) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12)";
static const char IMPORT_THERE[] = "SELECT " PARTIES_CELLS
                                   " FROM parties p WHERE p.id = ?1 ORDER BY p.number DESC LIMIT 1";
static const char IMPORT_HOLDING_THERE[] =
    "SELECT " HOLDINGS_CELLS " FROM parties_holdings h WHERE h.holder = ?1 AND h.held = ?2 AND h.since = ?3"
    " ORDER BY h.number DESC LIMIT 1";
static const char IMPORT_LOOSE[] =
    "SELECT id FROM (SELECT holder AS id FROM parties_holdings WHERE number >= ?1"
    " UNION SELECT held FROM parties_holdings WHERE number >= ?1)"
    " WHERE id NOT IN (SELECT id FROM parties) ORDER BY id";

/* Keys of the rows of this file, and where each stood first. */
typedef struct keys {
    tk_str *texts;
    uint64_t *lines;
    size_t count, size; /* a power of two, at most half full */
} keys;

typedef struct importer {
    tk_store *store;
    const tk_parties_input *input;
    tk_parties_imported *result;
    tk_parties_table table;
    tk_csv_reader *csv;
    size_t *columns; /* of each cell of the file; PARTIES_COLUMNS_MAX: to be ignored */
    size_t columns_count;
    bool given[PARTIES_COLUMNS_MAX];
    int64_t next;
    keys seen;
    tk_arena keep, scratch;
} importer;

static void import_say(const importer *im, bool note, const tk_err *err)
{
    if (im->input->say != NULL)
        im->input->say(im->input->context, note, err);
}

/* --- the header --- */

static size_t header_find(tk_parties_table table, tk_str name, tk_str *nearest)
{
    tk_nearest near = tk_nearest_make(name);
    for (size_t i = 0; i < tk_parties_column_count(table); i++) {
        if (tk_str_is(name, tk_parties_column_name(table, i)))
            return i;
        tk_nearest_offer(&near, tk_str_from(tk_parties_column_name(table, i)));
    }
    *nearest = near.best;
    return PARTIES_COLUMNS_MAX;
}

static tk_parties_table header_table(const tk_str *header, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (tk_str_is(header[i], tk_parties_column_name(TK_HOLDINGS, TK_HOLDING_HOLDER))
            || tk_str_is(header[i], tk_parties_column_name(TK_HOLDINGS, TK_HOLDING_HELD)))
            return TK_HOLDINGS;
    return TK_PARTIES;
}

static tk_status header_column(importer *im, size_t at, tk_str name, tk_err *err)
{
    tk_str near = TK_STR("");
    size_t column = header_find(im->table, name, &near);
    im->columns[at] = column;
    if (column == PARTIES_COLUMNS_MAX && im->input->ignore_unknown)
        return TK_OK;
    if (column == PARTIES_COLUMNS_MAX)
        return tk_err_set(err, TK_ERR_INPUT, "column '" TK_FMT "' is unknown%s" TK_FMT "%s%s", TK_ARG_STR(name),
                          near.len == 0 ? "" : "; did you mean '", TK_ARG_STR(near), near.len == 0 ? "" : "'?",
                          im->input->stream == NULL ? "" : "; --ignore-unknown goes on");
    im->given[column] = true;
    return TK_OK;
}

static tk_status import_header(importer *im, tk_err *err)
{
    static const size_t needed[TK_PARTIES_TABLES][3] = {
        {TK_PARTY_ID, TK_PARTY_ID, TK_PARTY_ID}, {TK_HOLDING_HOLDER, TK_HOLDING_HELD, TK_HOLDING_SHARE}};
    size_t count;
    tk_status status = TK_OK;
    const tk_str *header = tk_csv_header(im->csv, &count);
    im->table = im->result->table = header_table(header, count);
    im->columns = TK_ARENA_ARRAY(&im->keep, size_t, count);
    im->columns_count = count;
    if (im->columns == NULL)
        return tk_err_set(err, TK_ERR_MEMORY, "out of memory");
    for (size_t i = 0; status == TK_OK && i < count; i++)
        status = header_column(im, i, header[i], err);
    for (size_t i = 0; status == TK_OK && i < 3; i++)
        if (!im->given[needed[im->table][i]])
            status = tk_err_set(err, TK_ERR_INPUT, "there is no column '%s'; a file of %s has it",
                                tk_parties_column_name(im->table, needed[im->table][i]),
                                im->table == TK_PARTIES ? "parties" : "holdings");
    if (status != TK_OK)
        tk_err_where(err, im->input->name, (uint32_t)tk_csv_header_line(im->csv), 1);
    return status;
}

/* --- keys --- */

static size_t keys_place(const keys *k, tk_str key)
{
    size_t at = (size_t)tk_str_hash(key) & (k->size - 1);
    while (k->texts[at].ptr != NULL && !tk_str_eq(k->texts[at], key))
        at = (at + 1) & (k->size - 1);
    return at;
}

static bool keys_grow(keys *k, tk_arena *arena)
{
    keys more = {.count = k->count, .size = k->size == 0 ? 256 : k->size * 2};
    more.texts = TK_ARENA_ARRAY(arena, tk_str, more.size);
    more.lines = TK_ARENA_ARRAY(arena, uint64_t, more.size);
    if (arena->failed)
        return false;
    for (size_t i = 0; i < k->size; i++)
        if (k->texts[i].ptr != NULL) {
            size_t at = keys_place(&more, k->texts[i]);
            more.texts[at] = k->texts[i];
            more.lines[at] = k->lines[i];
        }
    *k = more;
    return true;
}

/* The line where the key stood first, or 0 and from now on this one. */
static tk_status keys_line(importer *im, const parties_row *row, uint64_t line, uint64_t *first, tk_err *err)
{
    keys *k = &im->seen;
    tk_str key = row->cells[TK_PARTY_ID];
    if (im->table == TK_HOLDINGS)
        key = tk_arena_printf(&im->scratch, TK_FMT " " TK_FMT " %lld", TK_ARG_STR(key),
                              TK_ARG_STR(row->cells[TK_HOLDING_HELD]), (long long)row->from);
    *first = 0;
    if ((k->size <= k->count * 2 && !keys_grow(k, &im->keep)) || im->scratch.failed)
        return tk_err_set(err, TK_ERR_MEMORY, "out of memory for a party");
    size_t at = keys_place(k, key);
    *first = k->texts[at].ptr == NULL ? 0 : k->lines[at];
    if (*first != 0)
        return TK_OK;
    k->texts[at] = tk_arena_copy(&im->keep, key);
    k->lines[at] = line;
    k->count++;
    return im->keep.failed ? tk_err_set(err, TK_ERR_MEMORY, "out of memory for a party") : TK_OK;
}

/* --- what is there --- */

typedef struct there {
    bool found;
    tk_str cells[PARTIES_COLUMNS_MAX];
} there;

/* The last record of the key of this row. */
static tk_status there_find(importer *im, const parties_row *row, there *t, tk_err *err)
{
    tk_store_statement *statement;
    bool parties = im->table == TK_PARTIES;
    *t = (there){.found = false};
    tk_status status = tk_store_prepare(im->store, parties ? IMPORT_THERE : IMPORT_HOLDING_THERE, &statement, err);
    if (status != TK_OK)
        return status;
    tk_store_bind_text(statement, 1, row->cells[0]);
    if (!parties) {
        tk_store_bind_text(statement, 2, row->cells[TK_HOLDING_HELD]);
        tk_store_bind_int(statement, 3, row->from);
    }
    status = tk_store_step(statement, &t->found, err);
    if (status != TK_OK || !t->found)
        return status;
    for (size_t i = 0; i < tk_parties_column_count(im->table); i++)
        t->cells[i] = tk_arena_copy(&im->scratch, tk_store_text(statement, (int)i));
    tk_store_reset(statement);
    return im->scratch.failed ? tk_err_set(err, TK_ERR_MEMORY, "out of memory for a party") : TK_OK;
}

/* Fills in the key alone, as it would be written; whether it is one is seen later. */
static void there_key(const importer *im, parties_row *row)
{
    tk_date other;
    for (size_t i = 0; i < tk_parties_column_count(im->table); i++)
        row->cells[i] = tk_str_trim(row->cells[i]);
    row->from = TK_DATE_MIN;
    if (im->table == TK_HOLDINGS && row->cells[TK_HOLDING_FROM].len != 0
        && tk_date_parse_partial(row->cells[TK_HOLDING_FROM], &row->from, &other, NULL) != TK_OK)
        row->from = TK_DATE_MIN;
}

/* The first cell in which the row and what is there differ; the number of columns when none does. */
static size_t there_differs(const importer *im, const there *t, const parties_row *row)
{
    size_t at = 0, count = tk_parties_column_count(im->table);
    while (at < count && tk_str_eq(t->cells[at], row->cells[at]))
        at++;
    return at;
}

/* --- one row --- */

static tk_status row_bad(importer *im, const tk_csv_row *row, const parties_row *cells, size_t wrong, tk_status status,
                         const tk_err *inner, tk_err *err)
{
    const char *column = tk_parties_column_name(im->table, wrong);
    size_t at = 0;
    if (im->table == TK_PARTIES && wrong == TK_PARTY_ID)
        (void)tk_err_set(err, status, "id %s", inner->message);
    else if (im->table == TK_PARTIES)
        (void)tk_err_set(err, status, "party " TK_FMT ", %s %s", TK_ARG_STR(cells->cells[TK_PARTY_ID]), column,
                         inner->message);
    else
        (void)tk_err_set(err, status, "holding of " TK_FMT " in " TK_FMT ", %s %s",
                         TK_ARG_STR(tk_text_prefix(cells->cells[TK_HOLDING_HOLDER], 64)),
                         TK_ARG_STR(tk_text_prefix(cells->cells[TK_HOLDING_HELD], 64)), column, inner->message);
    while (at < im->columns_count && im->columns[at] != wrong)
        at++;
    tk_err_where(err, im->input->name, (uint32_t)row->line, at == im->columns_count ? 1 : row->columns[at]);
    return status;
}

/* The row with what is there filled in, checked. */
static tk_status row_fill(importer *im, const tk_csv_row *row, parties_row *cells, there *t, tk_err *said, tk_err *err)
{
    tk_err inner = {0};
    size_t wrong = 0;
    for (size_t i = 0; i < PARTIES_COLUMNS_MAX; i++)
        cells->cells[i] = TK_STR("");
    for (size_t i = 0; i < im->columns_count; i++)
        if (im->columns[i] != PARTIES_COLUMNS_MAX)
            cells->cells[im->columns[i]] = row->cells[i];
    there_key(im, cells);
    tk_status status = there_find(im, cells, t, err);
    if (status != TK_OK)
        return status;
    for (size_t i = 0; t->found && i < tk_parties_column_count(im->table); i++)
        cells->cells[i] = im->given[i] ? cells->cells[i] : t->cells[i];
    status = parties_row_check(im->table, &im->scratch, cells, &wrong, &inner);
    if (status == TK_OK && im->table == TK_PARTIES && im->input->check != NULL) {
        tk_party_column column = TK_PARTY_ID;
        status = im->input->check(im->input->context, cells->cells, &column, &inner);
        wrong = column;
    }
    if (status == TK_ERR_INPUT || status == TK_ERR_LIMIT)
        (void)row_bad(im, row, cells, wrong, status, &inner, said);
    else if (status != TK_OK)
        return tk_err_set(err, status, "%s", inner.message);
    return TK_OK;
}

static tk_status row_insert(importer *im, const parties_row *row, tk_err *err)
{
    tk_store_statement *statement;
    bool parties = im->table == TK_PARTIES;
    int count = (int)tk_parties_column_count(im->table);
    tk_status status = tk_store_prepare(im->store, parties ? IMPORT_PARTY : IMPORT_HOLDING, &statement, err);
    if (status != TK_OK)
        return status;
    tk_store_bind_int(statement, 1, im->next++);
    tk_store_bind_int(statement, 2, im->result->batch);
    for (int i = 0; i < count; i++)
        tk_store_bind_text(statement, 3 + i, row->cells[i]);
    if (!parties) {
        tk_store_bind_int(statement, 3 + count, row->from);
        tk_store_bind_int(statement, 4 + count, row->to);
    }
    return tk_store_run(statement, err);
}

static tk_str row_named(importer *im, const parties_row *row)
{
    const tk_str *cells = row->cells;
    return im->table == TK_PARTIES
               ? tk_arena_printf(&im->scratch, "party " TK_FMT, TK_ARG_STR(cells[TK_PARTY_ID]))
               : tk_arena_printf(&im->scratch, "holding of " TK_FMT " in " TK_FMT, TK_ARG_STR(cells[TK_HOLDING_HOLDER]),
                                 TK_ARG_STR(cells[TK_HOLDING_HELD]));
}

/* A good row: what becomes of it. */
static tk_status row_take(importer *im, const tk_csv_row *row, const parties_row *cells, const there *t, tk_err *err)
{
    tk_err said = {0};
    uint64_t first;
    size_t differs = t->found ? there_differs(im, t, cells) : 0;
    tk_str named = row_named(im, cells);
    tk_status status = keys_line(im, cells, row->line, &first, err);
    if (status != TK_OK)
        return status;
    if (first == 0 && t->found && differs == tk_parties_column_count(im->table)) {
        im->result->there++;
        return TK_OK;
    }
    if (first != 0)
        (void)tk_err_set(&said, TK_ERR_INPUT, TK_FMT " stands twice in this file, first in line %llu",
                         TK_ARG_STR(named), (unsigned long long)first);
    else if (t->found)
        (void)tk_err_set(&said, TK_ERR_INPUT,
                         TK_FMT " takes the place of the earlier record: %s was '" TK_FMT "', here '" TK_FMT "'",
                         TK_ARG_STR(named), tk_parties_column_name(im->table, differs),
                         TK_ARG_STR(tk_text_prefix(t->cells[differs], 60)),
                         TK_ARG_STR(tk_text_prefix(cells->cells[differs], 60)));
    tk_err_where(&said, im->input->name, (uint32_t)row->line, 1);
    if (said.status != TK_OK)
        import_say(im, first == 0, &said);
    *(first != 0 ? &im->result->rejected : (t->found ? &im->result->replaced : &im->result->added)) += 1;
    return first != 0 ? TK_OK : row_insert(im, cells, err);
}

static tk_status import_row(importer *im, const tk_csv_row *row, tk_err *err)
{
    parties_row cells = {.from = 0};
    there t;
    tk_err said = {0};
    tk_arena_reset(&im->scratch);
    tk_status status = row_fill(im, row, &cells, &t, &said, err);
    if (status != TK_OK)
        return status;
    if (said.status == TK_OK)
        return row_take(im, row, &cells, &t, err);
    import_say(im, false, &said);
    im->result->rejected++;
    return TK_OK;
}

static tk_status import_rows(importer *im, tk_err *err)
{
    for (;;) {
        const tk_csv_row *row = NULL;
        tk_err said = {0};
        tk_status status = tk_csv_next(im->csv, &row, &said);
        if (status == TK_OK && row == NULL)
            return TK_OK;
        im->result->read++;
        if (status == TK_OK)
            status = import_row(im, row, err);
        else if (status == TK_ERR_INPUT || status == TK_ERR_LIMIT) {
            im->result->rejected++;
            import_say(im, false, &said);
            status = TK_OK;
        } else if (err != NULL) {
            *err = said;
        }
        if (status != TK_OK)
            return status;
    }
}

/* --- the batch --- */

static tk_status import_batch(importer *im, tk_err *err)
{
    tk_store_statement *statement;
    tk_status status = tk_parties_recorded(im->store, &im->next, err);
    if (status == TK_OK)
        status = tk_store_prepare(im->store, IMPORT_BATCH, &statement, err);
    if (status != TK_OK)
        return status;
    im->result->first = ++im->next;
    tk_store_bind_text(statement, 1, im->input->name);
    tk_store_bind_int(statement, 2, im->input->day);
    status = tk_store_run(statement, err);
    im->result->batch = tk_store_last_id(im->store);
    return status;
}

static tk_status import_counts(importer *im, tk_err *err)
{
    tk_store_statement *statement;
    const tk_parties_imported *done = im->result;
    tk_status status = tk_store_prepare(im->store, IMPORT_COUNTS, &statement, err);
    if (status != TK_OK)
        return status;
    tk_store_bind_int(statement, 1, done->batch);
    tk_store_bind_int(statement, 2, (int64_t)done->read);
    tk_store_bind_int(statement, 3, (int64_t)done->added);
    tk_store_bind_int(statement, 4, (int64_t)done->replaced);
    tk_store_bind_int(statement, 5, (int64_t)done->there);
    tk_store_bind_int(statement, 6, (int64_t)done->rejected);
    return tk_store_run(statement, err);
}

/* Ends of holdings that nobody knows are kept: the party may come with another file. */
static tk_status import_loose(importer *im, tk_err *err)
{
    tk_store_statement *statement;
    tk_status status = tk_store_prepare(im->store, IMPORT_LOOSE, &statement, err);
    if (status != TK_OK)
        return status;
    tk_store_bind_int(statement, 1, im->result->first);
    for (;;) {
        bool row = false;
        status = tk_store_step(statement, &row, err);
        if (status != TK_OK || !row)
            return status;
        tk_err said = {0};
        tk_str id = tk_store_text(statement, 0);
        if (im->input->known != NULL && im->input->known(im->input->context, id))
            continue;
        (void)tk_err_set(&said, TK_ERR_INPUT, "there is no party " TK_FMT " yet; the holding is kept", TK_ARG_STR(id));
        tk_err_where(&said, im->input->name, 0, 0);
        im->result->loose++;
        import_say(im, true, &said);
    }
}

static bool import_recorded(const tk_parties_imported *done)
{
    return done->added + done->replaced != 0;
}

static tk_status import_in_transaction(importer *im, tk_err *err)
{
    tk_status status = import_batch(im, err);
    if (status == TK_OK)
        status = import_rows(im, err);
    if (status == TK_OK && im->table == TK_HOLDINGS && import_recorded(im->result))
        status = import_loose(im, err);
    return status == TK_OK ? import_counts(im, err) : status;
}

static tk_status import_run(importer *im, tk_err *err)
{
    tk_status status = im->input->stream != NULL
                           ? tk_csv_open_file(im->input->name, im->input->stream, &im->csv, err)
                           : tk_csv_open_text(im->input->name, im->input->text, &im->csv, err);
    if (status == TK_OK)
        status = import_header(im, err);
    if (status == TK_OK)
        status = tk_store_begin(im->store, "importing parties", err);
    if (status != TK_OK)
        return status;
    status = import_in_transaction(im, err);
    /* A file that says nothing new leaves no trace. */
    bool keep = status == TK_OK && import_recorded(im->result);
    if (keep)
        status = tk_store_commit(im->store, err);
    else
        tk_store_abort(im->store);
    im->result->last = im->next - 1;
    if (!keep)
        im->result->batch = im->result->first = im->result->last = 0;
    return status;
}

tk_status tk_parties_import(tk_store *store, const tk_parties_input *input, tk_parties_imported *result, tk_err *err)
{
    importer im = {.store = store, .input = input, .result = result};
    *result = (tk_parties_imported){.table = TK_PARTIES};
    tk_arena_init(&im.keep, 4096, 0);
    tk_arena_init(&im.scratch, (size_t)16 * 1024, 0);
    tk_status status = import_run(&im, err);
    tk_csv_close(im.csv);
    tk_arena_fini(&im.scratch);
    tk_arena_fini(&im.keep);
    return status;
}
