/* SPDX-License-Identifier: Apache-2.0 */
/* import.c: a file of claims into the book, in one transaction.
 *
 * Every row is accepted or rejected: read = added + there + rejected. A rejected row does not stop the others, and all
 * that is wrong with it is said. A claim that is there already counts as there when every cell that the file has says
 * the same; otherwise the row is rejected, and the messages name the cells that differ.
 *
 * Nobody reports from the future: what is published after the day of the import is rejected unless it is asked for. The
 * clock may be wrong, but it is no earlier than the claims that come with the program, those dated by the year aside.
 */
#include <string.h>

#include "base/csv.h"
#include "base/sha256.h"
#include "base/text.h"
#include "claims/claims_int.h"

static const char IMPORT_BATCH[] = "INSERT INTO claims_batches (name, edition, rows_read, added, there, rejected)"
                                   " VALUES (?1, ?2, 0, 0, 0, 0)";
static const char IMPORT_COUNTS[] = "UPDATE claims_batches SET rows_read = ?2, added = ?3, there = ?4, rejected = ?5"
                                    " WHERE id = ?1";
static const char IMPORT_EDITION[] = "SELECT id FROM claims_batches WHERE edition = ?1";
static const char IMPORT_CLAIM[] =
    "INSERT INTO claims (number, batch, event_from, event_to, published, id, date_event, date_reported, source,"
    " source_url, source_kind, actor, subject, predicate, object, quantity, unit, status, contradicts, supersedes,"
    " derived_from, relates_to, says, note) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15,"
    " ?16, ?17, ?18, ?19, ?20, ?21, ?22, ?23, ?24) ON CONFLICT (id) DO NOTHING";
static const char IMPORT_WORDS[] = "INSERT INTO claims_words (rowid, words) VALUES (?1, ?2)";
static const char IMPORT_LINK[] = "INSERT INTO claims_links (claim, kind, target) VALUES (?1, ?2, ?3)";
static const char IMPORT_THERE[] = "SELECT id, date_event, date_reported, source, source_url, source_kind, actor,"
                                   " subject, predicate, object, quantity, unit, status, contradicts, supersedes,"
                                   " derived_from, relates_to, says, note FROM claims WHERE id = ?1";
static const char IMPORT_LOOSE[] =
    "SELECT c.id, l.kind, l.target FROM claims_links l JOIN claims c ON c.number = l.claim WHERE l.claim >= ?1"
    " AND NOT EXISTS (SELECT 1 FROM claims t WHERE t.id = l.target) ORDER BY c.id, l.kind, l.target";
static const char IMPORT_MEANT[] = "SELECT id FROM claims WHERE id = ?1 COLLATE NOCASE ORDER BY id LIMIT 1";
static const char IMPORT_AHEAD[] = "INSERT INTO claims_ahead (claim) VALUES (?1)";
static const char IMPORT_NEWEST[] = "SELECT coalesce(max(c.published), ?1) FROM claims c JOIN claims_batches b"
                                    " ON b.id = c.batch WHERE b.edition IS NOT NULL AND length(c.date_reported) > 4";
/* Words are gathered in memory up to this many bytes before they become a part of the index on the disk. */
static const char IMPORT_GATHER[] = "INSERT INTO claims_words (claims_words, rank) VALUES ('hashsize', 4194304)";

typedef struct importer {
    tk_claims *claims;
    const tk_claims_input *input;
    tk_claims_imported *result;
    tk_csv_reader *csv;
    tk_claim_column *columns; /* of each cell of the file; TK_CLAIM_COLUMN_COUNT: to be ignored */
    size_t columns_count;
    bool given[TK_CLAIM_COLUMN_COUNT];
    int64_t next; /* number of the next claim */
    tk_date today; /* the latest day that is not after the import */
    bool today_sure;
    tk_arena keep, scratch;
    tk_out words;
    claims_days_seen seen;
} importer;

enum { IMPORT_HINTS_MAX = 64 }; /* the nearest word is looked for; later ones are only counted */

static void import_say(const importer *im, tk_claims_saying saying, const tk_err *err)
{
    if (im->input->say != NULL)
        im->input->say(im->input->context, saying, err);
}

/* Is the day after that of the import? The book is asked only where the clock says so. */
static tk_status import_is_ahead(importer *im, tk_date day, bool *ahead, tk_err *err)
{
    tk_store_statement *statement;
    bool row = false;
    *ahead = im->today < day;
    if (!*ahead || im->today_sure)
        return TK_OK;
    tk_status status = tk_store_prepare(im->claims->store, IMPORT_NEWEST, &statement, err);
    if (status != TK_OK)
        return status;
    tk_store_bind_int(statement, 1, im->today);
    status = tk_store_step(statement, &row, err);
    if (status != TK_OK)
        return status;
    tk_date newest = row ? (tk_date)tk_store_int(statement, 0) : im->today;
    tk_store_reset(statement);
    im->today = im->today < newest ? newest : im->today;
    im->today_sure = true;
    *ahead = im->today < day;
    return TK_OK;
}

/* --- the header --- */

static tk_claim_column header_find(tk_str name, tk_str *nearest)
{
    tk_nearest near = tk_nearest_make(name);
    for (size_t i = 0; i < TK_CLAIM_COLUMN_COUNT; i++) {
        if (tk_str_is(name, tk_claim_column_name((tk_claim_column)i)))
            return (tk_claim_column)i;
        tk_nearest_offer(&near, tk_str_from(tk_claim_column_name((tk_claim_column)i)));
    }
    *nearest = near.best;
    return TK_CLAIM_COLUMN_COUNT;
}

static tk_status import_header(importer *im, tk_err *err)
{
    static const tk_claim_column needed[] = {TK_CLAIM_ID,    TK_CLAIM_DATE_REPORTED, TK_CLAIM_SOURCE_KIND,
                                             TK_CLAIM_ACTOR, TK_CLAIM_SUBJECT,       TK_CLAIM_PREDICATE};
    size_t count;
    tk_status status = TK_OK;
    const tk_str *header = tk_csv_header(im->csv, &count);
    im->columns = TK_ARENA_ARRAY(&im->keep, tk_claim_column, count);
    im->columns_count = count;
    if (im->columns == NULL)
        return tk_err_set(err, TK_ERR_MEMORY, "out of memory");
    for (size_t i = 0; status == TK_OK && i < count; i++) {
        tk_str near = TK_STR("");
        im->columns[i] = header_find(header[i], &near);
        if (im->columns[i] != TK_CLAIM_COLUMN_COUNT)
            im->given[im->columns[i]] = true;
        else if (!im->input->ignore_unknown)
            status = tk_err_set(err, TK_ERR_INPUT,
                                "column '" TK_FMT "' is unknown%s" TK_FMT "%s; --ignore-unknown goes on",
                                TK_ARG_STR(header[i]), near.len == 0 ? "" : "; did you mean '", TK_ARG_STR(near),
                                near.len == 0 ? "" : "'?");
    }
    for (size_t i = 0; status == TK_OK && i < TK_COUNT(needed); i++)
        if (!im->given[needed[i]])
            status = tk_err_set(err, TK_ERR_INPUT, "there is no column '%s'; a file of claims has it",
                                tk_claim_column_name(needed[i]));
    if (status != TK_OK)
        tk_err_where(err, im->input->name, (uint32_t)tk_csv_header_line(im->csv), 1);
    return status;
}

/* --- one row --- */

/* One thing about a row, with the place of its cell. The id cannot be given where it is what is wrong. */
static void row_say(const importer *im, const tk_csv_row *row, tk_claims_saying saying, tk_str id,
                    const claims_fault *fault)
{
    tk_err said = {0};
    uint32_t at = 1;
    for (size_t i = 0; i < im->columns_count; i++)
        if (im->columns[i] == fault->column)
            at = row->columns[i];
    if (fault->column == TK_CLAIM_ID)
        (void)tk_err_set(&said, TK_ERR_INPUT, "id " TK_FMT, TK_ARG_STR(fault->says));
    else if (tk_str_is_id(id))
        (void)tk_err_set(&said, TK_ERR_INPUT, "claim " TK_FMT ", %s " TK_FMT, TK_ARG_STR(id),
                         tk_claim_column_name(fault->column), TK_ARG_STR(fault->says));
    else
        (void)tk_err_set(&said, TK_ERR_INPUT, "%s " TK_FMT, tk_claim_column_name(fault->column),
                         TK_ARG_STR(fault->says));
    tk_err_where(&said, im->input->name, (uint32_t)row->line, at == 0 ? 1 : at);
    import_say(im, saying, &said);
}

static void row_reject(importer *im, const tk_csv_row *row, const claims_row *claim, const claims_faults *faults)
{
    im->result->rejected++;
    for (size_t i = 0; i < faults->count; i++)
        row_say(im, row, i == 0 ? TK_CLAIMS_REJECTED : TK_CLAIMS_ALSO, claim->cells[TK_CLAIM_ID], &faults->list[i]);
}

/* A month that has begun is not in the future, although what it dates counts from its last day. */
static tk_status row_future(importer *im, const claims_row *claim, claims_faults *faults, tk_err *err)
{
    bool ahead = false;
    if (claim->published_from == TK_DATE_MIN || im->input->allow_future)
        return TK_OK;
    tk_status status = import_is_ahead(im, claim->published_from, &ahead, err);
    char today[TK_DATE_TEXT_MAX];
    if (ahead)
        claims_faults_add(faults, TK_CLAIM_DATE_REPORTED,
                          tk_arena_printf(&im->scratch,
                                          "'" TK_FMT "': expected a day up to today, " TK_FMT
                                          "; --allow-future takes what is still to come",
                                          TK_ARG_STR(claim->cells[TK_CLAIM_DATE_REPORTED]),
                                          (int)tk_date_format(im->today, today), today));
    return status;
}

static tk_status row_fill(importer *im, const tk_csv_row *row, claims_row *claim, claims_faults *faults, tk_err *err)
{
    *claim = (claims_row){0};
    for (size_t i = 0; i < TK_CLAIM_COLUMN_COUNT; i++)
        claim->cells[i] = TK_STR("");
    memcpy(claim->given, im->given, sizeof claim->given);
    for (size_t i = 0; i < im->columns_count; i++)
        if (im->columns[i] != TK_CLAIM_COLUMN_COUNT)
            claim->cells[im->columns[i]] = row->cells[i];
    claims_row_check(im->claims, &im->scratch, claim, faults);
    tk_status status = row_future(im, claim, faults, err);
    return status == TK_OK && im->scratch.failed ? tk_err_set(err, TK_ERR_MEMORY, "out of memory") : status;
}

/* The claim is in the book. Is it the same, in all that the file says? */
static tk_status row_compare(importer *im, const claims_row *claim, claims_faults *faults, tk_err *err)
{
    enum { SHOWN = 100 };
    tk_store_statement *statement;
    bool found = false;
    tk_status status = tk_store_prepare(im->claims->store, IMPORT_THERE, &statement, err);
    if (status != TK_OK)
        return status;
    tk_store_bind_text(statement, 1, claim->cells[TK_CLAIM_ID]);
    status = tk_store_step(statement, &found, err);
    for (int i = 0; status == TK_OK && found && i < TK_CLAIM_COLUMN_COUNT; i++) {
        tk_str there = tk_store_text(statement, i);
        if (!claim->given[i] || tk_str_eq(there, claim->cells[i]))
            continue;
        claims_faults_add(faults, (tk_claim_column)i,
                          tk_arena_printf(&im->scratch, "'" TK_FMT "': in the book it is '" TK_FMT "'%s",
                                          TK_ARG_STR(tk_text_prefix(claim->cells[i], SHOWN)),
                                          TK_ARG_STR(tk_text_prefix(there, SHOWN)),
                                          faults->count != 0 ? ""
                                                             : "; claims are never changed, a correction is a new "
                                                               "claim that supersedes"));
    }
    tk_store_reset(statement);
    return status;
}

static tk_status row_words(importer *im, int64_t number, const claims_row *claim, tk_err *err)
{
    static const tk_claim_column searched[] = {TK_CLAIM_SOURCE, TK_CLAIM_ACTOR, TK_CLAIM_SUBJECT, TK_CLAIM_PREDICATE,
                                               TK_CLAIM_OBJECT, TK_CLAIM_UNIT,  TK_CLAIM_SAYS,    TK_CLAIM_NOTE};
    tk_store_statement *statement;
    tk_status status = tk_store_prepare(im->claims->store, IMPORT_WORDS, &statement, err);
    if (status != TK_OK)
        return status;
    tk_out_reset(&im->words);
    for (size_t i = 0; i < TK_COUNT(searched); i++) {
        tk_out_add(&im->words, claim->cells[searched[i]]);
        tk_out_char(&im->words, '\n');
    }
    if (im->words.status != TK_OK)
        return tk_err_set(err, TK_ERR_MEMORY, "out of memory");
    tk_store_bind_int(statement, 1, number);
    tk_store_bind_text(statement, 2, tk_out_str(&im->words));
    return tk_store_run(statement, err);
}

static tk_status row_links(importer *im, int64_t number, const claims_row *claim, tk_err *err)
{
    static const tk_claim_column links[] = {TK_CLAIM_CONTRADICTS, TK_CLAIM_SUPERSEDES, TK_CLAIM_DERIVED_FROM,
                                            TK_CLAIM_RELATES_TO};
    tk_status status = TK_OK;
    for (size_t i = 0; i < TK_COUNT(links); i++) {
        tk_str rest = claim->cells[links[i]], part;
        while (status == TK_OK && rest.len != 0 && tk_str_split(&rest, ';', &part)) {
            tk_store_statement *statement;
            status = tk_store_prepare(im->claims->store, IMPORT_LINK, &statement, err);
            if (status != TK_OK)
                break;
            tk_store_bind_int(statement, 1, number);
            tk_store_bind_int(statement, 2, links[i]);
            tk_store_bind_text(statement, 3, part);
            status = tk_store_run(statement, err);
        }
    }
    return status;
}

/* On record before its day: until then it moves no default of known-at. */
static tk_status row_ahead(importer *im, int64_t number, const claims_row *claim, tk_err *err)
{
    tk_store_statement *statement;
    bool ahead;
    tk_status status = import_is_ahead(im, claim->published, &ahead, err);
    if (status != TK_OK || !ahead)
        return status;
    im->result->ahead++;
    status = tk_store_prepare(im->claims->store, IMPORT_AHEAD, &statement, err);
    if (status != TK_OK)
        return status;
    tk_store_bind_int(statement, 1, number);
    return tk_store_run(statement, err);
}

static tk_status row_keys(importer *im, int64_t number, const claims_row *row, tk_err *err)
{
    tk_claim claim = {.number = number, .event_from = row->event_from, .event_to = row->event_to,
                      .published = row->published};
    memcpy(claim.cells, row->cells, sizeof claim.cells);
    return claims_keys_add(im->claims, &im->scratch, &claim, &im->seen, err);
}

/* *added false: a claim of this id is there. */
static tk_status row_insert(importer *im, const claims_row *claim, bool *added, tk_err *err)
{
    tk_store_statement *statement;
    int64_t number = im->next;
    tk_status status = tk_store_prepare(im->claims->store, IMPORT_CLAIM, &statement, err);
    if (status != TK_OK)
        return status;
    tk_store_bind_int(statement, 1, number);
    tk_store_bind_int(statement, 2, im->result->batch);
    tk_store_bind_int(statement, 3, claim->event_from);
    tk_store_bind_int(statement, 4, claim->event_to);
    tk_store_bind_int(statement, 5, claim->published);
    for (int i = 0; i < TK_CLAIM_COLUMN_COUNT; i++)
        tk_store_bind_text(statement, 6 + i, claim->cells[i].ptr == NULL ? TK_STR("") : claim->cells[i]);
    status = tk_store_run(statement, err);
    *added = status == TK_OK && tk_store_changes(im->claims->store) != 0;
    if (!*added)
        return status;
    im->next++;
    status = row_ahead(im, number, claim, err);
    if (status == TK_OK)
        status = row_words(im, number, claim, err);
    if (status == TK_OK)
        status = row_links(im, number, claim, err);
    if (status == TK_OK)
        status = row_keys(im, number, claim, err);
    return status;
}

/* What is worth knowing about a claim that is in the book now. */
static tk_status row_notes(importer *im, const tk_csv_row *row, const claims_row *claim, bool ahead, tk_err *err)
{
    claims_faults notes = {.count = 0};
    char day[TK_DATE_TEXT_MAX];
    if (im->input->say == NULL)
        return TK_OK;
    tk_status status = claims_row_unknown(im->claims, &im->scratch, claim->cells,
                                          im->result->unknown < IMPORT_HINTS_MAX, &notes, err);
    im->result->unknown += notes.count;
    if (ahead)
        claims_faults_add(&notes, TK_CLAIM_DATE_REPORTED,
                          tk_arena_printf(&im->scratch, "'" TK_FMT "': published " TK_FMT
                                          ", after today: counts from that day",
                                          TK_ARG_STR(claim->cells[TK_CLAIM_DATE_REPORTED]),
                                          (int)tk_date_format(claim->published, day), day));
    if (status == TK_OK && im->scratch.failed)
        status = tk_err_set(err, TK_ERR_MEMORY, "out of memory");
    for (size_t i = 0; status == TK_OK && i < notes.count; i++)
        row_say(im, row, TK_CLAIMS_NOTE, claim->cells[TK_CLAIM_ID], &notes.list[i]);
    return status;
}

static tk_status import_row(importer *im, const tk_csv_row *row, tk_err *err)
{
    claims_row claim;
    claims_faults faults = {.count = 0};
    bool added = false;
    uint64_t ahead = im->result->ahead;
    tk_arena_reset(&im->scratch);
    tk_status status = row_fill(im, row, &claim, &faults, err);
    if (status == TK_OK && faults.count == 0)
        status = row_insert(im, &claim, &added, err);
    if (status == TK_OK && faults.count == 0 && !added)
        status = row_compare(im, &claim, &faults, err);
    if (status == TK_OK && im->scratch.failed)
        status = tk_err_set(err, TK_ERR_MEMORY, "out of memory");
    if (status != TK_OK)
        return status;
    if (faults.count != 0)
        row_reject(im, row, &claim, &faults);
    else if (!added)
        im->result->there++;
    else
        im->result->added++;
    return added ? row_notes(im, row, &claim, im->result->ahead != ahead, err) : TK_OK;
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
            import_say(im, TK_CLAIMS_REJECTED, &said);
            status = TK_OK;
        } else if (err != NULL) {
            *err = said;
        }
        if (status != TK_OK)
            return status;
    }
}

/* --- the batch --- */

static tk_status import_batch(importer *im, tk_str edition, tk_err *err)
{
    tk_store_statement *statement;
    tk_status status = tk_claims_recorded(im->claims, &im->next, err);
    if (status == TK_OK)
        status = tk_store_prepare(im->claims->store, IMPORT_BATCH, &statement, err);
    if (status != TK_OK)
        return status;
    im->next++;
    im->result->first = im->next;
    tk_store_bind_text(statement, 1, im->input->name);
    tk_store_bind_text(statement, 2, edition);
    status = tk_store_run(statement, err);
    im->result->batch = tk_store_last_id(im->claims->store);
    if (status == TK_OK)
        status = tk_store_execute(im->claims->store, IMPORT_GATHER, err);
    return status;
}

static tk_status import_counts(importer *im, tk_err *err)
{
    tk_store_statement *statement;
    tk_status status = tk_store_prepare(im->claims->store, IMPORT_COUNTS, &statement, err);
    if (status != TK_OK)
        return status;
    tk_store_bind_int(statement, 1, im->result->batch);
    tk_store_bind_int(statement, 2, (int64_t)im->result->read);
    tk_store_bind_int(statement, 3, (int64_t)im->result->added);
    tk_store_bind_int(statement, 4, (int64_t)im->result->there);
    tk_store_bind_int(statement, 5, (int64_t)im->result->rejected);
    return tk_store_run(statement, err);
}

/* A link is kept as written, or the order of files would matter; only the case of its letters is worth a hint. */
static tk_status loose_meant(importer *im, tk_str target, tk_str *meant, tk_err *err)
{
    tk_store_statement *statement;
    bool row = false;
    tk_status status = tk_store_prepare(im->claims->store, IMPORT_MEANT, &statement, err);
    if (status != TK_OK)
        return status;
    tk_store_bind_text(statement, 1, target);
    status = tk_store_step(statement, &row, err);
    if (status != TK_OK || !row)
        return status;
    *meant = tk_arena_copy(&im->scratch, tk_store_text(statement, 0));
    tk_store_reset(statement);
    return TK_OK;
}

/* Links to nothing are kept: what they name may come with another file. */
static tk_status import_loose(importer *im, tk_err *err)
{
    tk_store_statement *statement;
    tk_status status = tk_store_prepare(im->claims->store, IMPORT_LOOSE, &statement, err);
    if (status != TK_OK)
        return status;
    tk_store_bind_int(statement, 1, im->result->first);
    for (;;) {
        bool row = false;
        status = tk_store_step(statement, &row, err);
        if (status != TK_OK || !row)
            return status;
        tk_err said = {0};
        tk_str id = tk_store_text(statement, 0), target = tk_store_text(statement, 2), meant = TK_STR("");
        tk_arena_reset(&im->scratch);
        if (im->result->loose < IMPORT_HINTS_MAX) {
            status = loose_meant(im, target, &meant, err);
            if (status != TK_OK)
                return status;
        }
        (void)tk_err_set(&said, TK_ERR_INPUT,
                         "claim " TK_FMT ", %s: there is no claim " TK_FMT " yet; the link is kept%s" TK_FMT "%s",
                         TK_ARG_STR(id), tk_claim_column_name((tk_claim_column)tk_store_int(statement, 1)),
                         TK_ARG_STR(target), meant.len == 0 ? "" : "; did you mean '", TK_ARG_STR(meant),
                         meant.len == 0 ? "" : "'?");
        tk_err_where(&said, im->input->name, 0, 0);
        im->result->loose++;
        import_say(im, TK_CLAIMS_NOTE, &said);
    }
}

static tk_status import_in_transaction(importer *im, tk_str edition, tk_err *err)
{
    tk_status status = claims_keys_renew(im->claims, err);
    if (status == TK_OK)
        status = import_batch(im, edition, err);
    if (status == TK_OK)
        status = import_rows(im, err);
    if (status == TK_OK && im->result->added != 0)
        status = import_loose(im, err);
    if (status == TK_OK)
        status = import_counts(im, err);
    return status;
}

static tk_status import_run(importer *im, tk_str edition, tk_err *err)
{
    tk_status status = im->input->stream != NULL
                           ? tk_csv_open_file(im->input->name, im->input->stream, &im->csv, err)
                           : tk_csv_open_text(im->input->name, im->input->text, &im->csv, err);
    if (status == TK_OK)
        status = import_header(im, err);
    if (status == TK_OK)
        status = tk_store_begin(im->claims->store, "importing claims", err);
    if (status != TK_OK)
        return status;
    status = import_in_transaction(im, edition, err);
    /* A file that adds nothing leaves no trace, except that an edition of our own need not be looked at again. */
    bool keep = status == TK_OK && (im->result->added != 0 || edition.ptr != NULL);
    if (keep)
        status = tk_store_commit(im->claims->store, err);
    else
        tk_store_abort(im->claims->store);
    if (!keep || im->result->added == 0)
        im->result->batch = keep ? im->result->batch : 0;
    im->result->last = im->result->added == 0 ? 0 : im->next - 1;
    if (im->result->added == 0)
        im->result->first = 0;
    return status;
}

static tk_status import_input(tk_claims *claims, const tk_claims_input *input, tk_str edition,
                              tk_claims_imported *result, tk_err *err)
{
    importer im = {.claims = claims, .input = input, .result = result, .today = input->today};
    *result = (tk_claims_imported){0};
    if (input->version != TK_CLAIMS_INPUT_VERSION)
        return tk_err_set(err, TK_ERR_USAGE, "tk_claims_input of version %u; this library knows version %d",
                          input->version, TK_CLAIMS_INPUT_VERSION);
    if (input->today == TK_DATE_MIN)
        im.today = tk_date_today();
    else
        im.today_sure = true;
    tk_arena_init(&im.keep, 4096, 0);
    tk_arena_init(&im.scratch, (size_t)16 * 1024, 0);
    tk_out_init(&im.words, NULL);
    tk_status status = import_run(&im, edition, err);
    tk_csv_close(im.csv);
    tk_out_fini(&im.words);
    tk_arena_fini(&im.scratch);
    tk_arena_fini(&im.keep);
    return status;
}

tk_status tk_claims_import(tk_claims *claims, const tk_claims_input *input, tk_claims_imported *result, tk_err *err)
{
    return import_input(claims, input, (tk_str){NULL, 0}, result, err);
}

/* --- the claims that come with the program --- */

static tk_status shipped_is_there(tk_claims *claims, tk_str edition, bool *there, tk_err *err)
{
    tk_store_statement *statement;
    *there = false;
    tk_status status = tk_store_prepare(claims->store, IMPORT_EDITION, &statement, err);
    if (status != TK_OK)
        return status;
    tk_store_bind_text(statement, 1, edition);
    status = tk_store_step(statement, there, err);
    tk_store_reset(statement);
    return status;
}

tk_status claims_import_shipped(tk_claims *claims, tk_claims_imported *result, tk_err *err)
{
    char hex[TK_SHA256_HEX_BYTES];
    bool there = false;
    tk_sha256 *hash;
    tk_status status = tk_sha256_new(&hash, err);
    if (status != TK_OK)
        return status;
    tk_sha256_add(hash, claims->texts.shipped.text);
    status = tk_sha256_finish(hash, hex, err);
    tk_sha256_free(hash);
    if (status == TK_OK)
        status = shipped_is_there(claims, tk_str_from(hex), &there, err);
    if (status != TK_OK || there)
        return status;
    tk_claims_input input = TK_CLAIMS_INPUT_INIT;
    input.name = claims->texts.shipped.name;
    input.text = claims->texts.shipped.text;
    input.today = TK_DATE_MAX;
    tk_err own = {0};
    status = import_input(claims, &input, tk_str_from(hex), result, &own);
    /* Two programs that start on a new book at once both get here; the second finds the edition taken. */
    if (status != TK_OK && shipped_is_there(claims, tk_str_from(hex), &there, NULL) == TK_OK && there) {
        *result = (tk_claims_imported){0};
        return TK_OK;
    }
    if (status != TK_OK && err != NULL)
        *err = own;
    return status;
}
