/* SPDX-License-Identifier: Apache-2.0 */
/* read.c: what is this file, of which day, and all of it together.
 *
 * A source is recognised by what it holds: an XML root, the columns of a header, the shape of the first record; never
 * by the name of the file, which people change. Only the day of publication may come from the name, when neither the
 * caller nor the file says it.
 */
#include <string.h>

#include "base/sha256.h"
#include "lists/lists_int.h"

/* --- the source --- */

/* How well a header fits one form of a source; fewer missing columns break ties. */
typedef struct read_fit {
    const tk_list_source *source;
    tk_str form;
    size_t found, missing;
    bool signed_by;
} read_fit;

static bool header_has(const tk_str *header, size_t count, tk_str column)
{
    for (size_t i = 0; i < count; i++)
        if (tk_str_eq(header[i], column))
            return true;
    return false;
}

static bool fits_better(const read_fit *a, const read_fit *b)
{
    if (a->signed_by != b->signed_by)
        return a->signed_by;
    return a->found != b->found ? a->found > b->found : a->missing < b->missing;
}

/* The best form of one source for a header. At least half of the columns must be there. */
static void fit_source(const tk_list_source *source, tk_str text, const tk_str *header, size_t count, read_fit *best)
{
    enum { SIGN_WITHIN = 8192 };
    tk_str rest = source->forms, form, columns, column;
    tk_str start = {text.ptr, text.len < SIGN_WITHIN ? text.len : SIGN_WITHIN};
    bool signed_by = source->sign.len != 0 && memmem(start.ptr, start.len, source->sign.ptr, source->sign.len) != NULL;
    if (source->sign.len != 0 && !signed_by)
        return;
    while (lists_next(&rest, " | ", &form)) {
        read_fit fit = {.source = source, .form = form, .signed_by = signed_by};
        for (columns = form; tk_str_split(&columns, ';', &column);) {
            if (header_has(header, count, column))
                fit.found++;
            else
                fit.missing++;
        }
        if (fit.missing <= fit.found && (best->source == NULL || fits_better(&fit, best)))
            *best = fit;
    }
}

static tk_status note_missing(lists_reader *reader, const read_fit *fit, const tk_str *header, size_t count,
                              tk_err *err)
{
    tk_str columns = fit->form, column;
    tk_str *missing = TK_ARENA_ARRAY(reader->arena, tk_str, fit->missing + 1);
    if (missing == NULL)
        return tk_err_set(err, TK_ERR_MEMORY, "out of memory");
    while (tk_str_split(&columns, ';', &column))
        if (!header_has(header, count, column))
            missing[reader->edition->missing_count++] = column;
    reader->edition->missing = missing;
    return TK_OK;
}

/* By the header. `wanted` NULL: any source. */
static tk_status recognise_header(lists_reader *reader, const tk_list_source *wanted, tk_err *err)
{
    tk_csv_reader *csv = NULL;
    const lists_file *file = &reader->files[0];
    size_t count, sources_count;
    read_fit best = {0};
    tk_status opened = tk_csv_open_text(file->name, file->text, &csv, NULL);
    if (opened == TK_ERR_MEMORY)
        return tk_err_set(err, TK_ERR_MEMORY, "out of memory");
    if (opened != TK_OK) /* no table at all */
        return TK_OK;
    const tk_str *header = tk_csv_header(csv, &count);
    const tk_list_source *sources = tk_lists_sources(reader->lists, &sources_count);
    if (wanted != NULL)
        fit_source(wanted, file->text, header, count, &best);
    for (size_t i = 0; wanted == NULL && i < sources_count; i++)
        fit_source(&sources[i], file->text, header, count, &best);
    reader->source = best.source;
    tk_status status = best.source == NULL ? TK_OK : note_missing(reader, &best, header, count, err);
    tk_csv_close(csv);
    return status;
}

static const tk_list_source *source_of_format(const tk_lists *lists, const char *format, bool with_list)
{
    size_t count;
    const tk_list_source *sources = tk_lists_sources(lists, &count);
    for (size_t i = 0; i < count; i++)
        if (tk_str_is(sources[i].format, format) && with_list == (sources[i].list.len != 0))
            return &sources[i];
    return NULL;
}

static bool looks_like_xml(tk_str text)
{
    if (tk_str_starts(text, TK_STR("\xef\xbb\xbf")))
        text = (tk_str){text.ptr + 3, text.len - 3};
    for (size_t i = 0; i < text.len; i++)
        if (text.ptr[i] != ' ' && text.ptr[i] != '\r' && text.ptr[i] != '\n' && text.ptr[i] != '\t')
            return text.ptr[i] == '<';
    return false;
}

/* By the file of entries, if one is given; its parts alone are of either. */
static tk_status recognise_ofac(lists_reader *reader, tk_err *err)
{
    bool any = false, consolidated = false;
    for (size_t i = 0; i < reader->files_count; i++) {
        lists_ofac_kind kind;
        tk_status status = lists_ofac_kind_of(&reader->files[i], &kind, err);
        if (status == TK_OK && kind == LISTS_OFAC_MAIN)
            status = lists_ofac_consolidated(reader->lists, &reader->files[i], &consolidated, err);
        if (status != TK_OK)
            return status;
        any = any || kind != LISTS_OFAC_NONE;
    }
    if (any)
        reader->source = source_of_format(reader->lists, "ofac", !consolidated);
    return TK_OK;
}

/* By what the files hold; reader->source stays NULL when nothing fits. */
static tk_status recognise_content(lists_reader *reader, const tk_list_source *known, tk_err *err)
{
    tk_status status = TK_OK;
    if (looks_like_xml(reader->files[0].text))
        reader->source = source_of_format(reader->lists, "un", true);
    if (reader->source == NULL && known == NULL)
        status = recognise_ofac(reader, err);
    if (status == TK_OK && reader->source == NULL)
        status = recognise_header(reader, known, err);
    return status;
}

static tk_status recognise(lists_reader *reader, tk_err *err)
{
    tk_str wanted = reader->reading->source;
    const tk_list_source *known = wanted.len == 0 ? NULL : tk_lists_source(reader->lists, wanted);
    if (reader->reading->mappings_count != 0) {
        reader->source = known != NULL ? known : source_of_format(reader->lists, "mapped", false);
        return reader->source != NULL ? TK_OK : tk_err_set(err, TK_ERR_USAGE, "no source takes a mapping");
    }
    if (wanted.len != 0 && known == NULL)
        return tk_err_set(err, TK_ERR_USAGE, "no source '" TK_FMT "'; another list is read by a mapping",
                          TK_ARG_STR(wanted));
    if (known != NULL && known->forms.len == 0) {
        reader->source = known;
        return TK_OK;
    }
    tk_status status = recognise_content(reader, known, err);
    if (status != TK_OK || (reader->source != NULL && (known == NULL || known == reader->source)))
        return status;
    status = tk_err_set(
        err, TK_ERR_INPUT, known != NULL ? "not a file of the source that was named: its columns are others"
                                         : "not a list that is known: no XML of the United Nations, no files of OFAC, "
                                           "no columns of a source; a mapping reads any other table");
    tk_err_where(err, reader->files[0].name, 1, 1);
    return status;
}

/* --- the day --- */

/* "20260731" */
static bool plain_day(tk_str text, tk_date *out)
{
    enum { PLAIN = 8 };
    if (text.len < PLAIN || (PLAIN < text.len && '0' <= text.ptr[PLAIN] && text.ptr[PLAIN] <= '9'))
        return false;
    const char *p = text.ptr;
    const char day[] = {p[0], p[1], p[2], p[3], '-', p[4], p[5], '-', p[6], p[7]};
    return tk_date_parse((tk_str){day, sizeof day}, out, NULL) == TK_OK;
}

/* "csl-2026-07.csv.gz": a month or a day in a name. */
static bool date_in_name(tk_str name, tk_date today, tk_date *out)
{
    enum { MONTH = 7, DAY = 10 };
    for (size_t i = 0; i + MONTH <= name.len; i++) {
        tk_date first, last;
        if (i != 0 && '0' <= name.ptr[i - 1] && name.ptr[i - 1] <= '9')
            continue;
        if (i + DAY <= name.len && tk_date_parse((tk_str){name.ptr + i, DAY}, out, NULL) == TK_OK)
            return true;
        if (plain_day((tk_str){name.ptr + i, name.len - i}, out))
            return true;
        bool more = i + MONTH < name.len && '0' <= name.ptr[i + MONTH] && name.ptr[i + MONTH] <= '9';
        if (more || tk_date_parse_partial((tk_str){name.ptr + i, MONTH}, &first, &last, NULL) != TK_OK)
            continue;
        *out = first <= today && today < last ? today : last;
        return true;
    }
    return false;
}

static tk_status give_day(lists_reader *reader, tk_err *err)
{
    tk_list_edition *edition = reader->edition;
    tk_date by_name = TK_DATE_MIN;
    for (size_t i = 0; i < reader->files_count && by_name == TK_DATE_MIN; i++)
        (void)date_in_name(reader->files[i].name, reader->reading->today, &by_name);
    const tk_date days[TK_LIST_DATED_COUNT] = {[TK_LIST_DATED_SAID] = reader->reading->published,
                                               [TK_LIST_DATED_FILE] = reader->by_file,
                                               [TK_LIST_DATED_NAME] = by_name,
                                               [TK_LIST_DATED_NEWEST] = reader->newest};
    for (size_t i = 0; i < TK_COUNT(days); i++)
        if (days[i] != TK_DATE_MIN) {
            edition->published = days[i];
            edition->dated = (tk_list_dated)i;
            return TK_OK;
        }
    return tk_err_set(err, TK_ERR_INPUT,
                      "nothing says when it was published: neither the file nor its name (--published DAY says it)");
}

/* --- all of it --- */

/* The end mark of old systems, and blanks before it, are no record. */
static tk_str without_end_mark(tk_str text)
{
    while (text.len != 0 && memchr("\x1a \r\n", text.ptr[text.len - 1], 4) != NULL)
        text.len--;
    return text;
}

static tk_status unpack_files(lists_reader *reader, const tk_list_file *files, size_t count, tk_err *err)
{
    char hex[TK_SHA256_HEX_BYTES];
    tk_sha256 *hash = NULL;
    lists_file *unpacked = TK_ARENA_ARRAY(&reader->scratch, lists_file, count);
    if (unpacked == NULL)
        return tk_err_set(err, TK_ERR_MEMORY, "out of memory");
    tk_status status = tk_sha256_new(&hash, err);
    for (size_t i = 0; status == TK_OK && i < count; i++) {
        unpacked[i].name = files[i].name;
        status = lists_unpack(files[i].name, files[i].bytes, &reader->scratch, &unpacked[i].text, err);
        if (status == TK_OK)
            tk_sha256_add(hash, unpacked[i].text);
        unpacked[i].text = without_end_mark(unpacked[i].text);
    }
    if (status == TK_OK)
        status = tk_sha256_finish(hash, hex, err);
    if (status == TK_OK)
        reader->edition->hash = tk_arena_copy(reader->arena, tk_str_from(hex));
    tk_sha256_free(hash);
    reader->files = unpacked;
    reader->files_count = count;
    return status;
}

static tk_status read_all(lists_reader *reader, tk_err *err)
{
    tk_status status = recognise(reader, err);
    if (status != TK_OK)
        return status;
    const tk_list_source *source = reader->source;
    TK_ASSERT(source != NULL);
    bool several = tk_str_is(source->format, "ofac");
    if (!several && 1 < reader->files_count)
        return tk_err_set(err, TK_ERR_INPUT, TK_FMT " is one file; give one at a time", TK_ARG_STR(source->id));
    if (tk_str_is(source->format, "un"))
        status = lists_read_un(reader, err);
    else if (several)
        status = lists_read_ofac(reader, err);
    else
        status = lists_read_sheet(reader, err);
    if (status == TK_OK)
        status = lists_build(reader, err);
    if (status == TK_OK)
        status = give_day(reader, err);
    return status;
}

tk_status tk_lists_read(const tk_lists *lists, const tk_list_file *files, size_t files_count,
                        const tk_list_reading *reading, tk_arena *arena, tk_list_edition **out, tk_err *err)
{
    *out = NULL;
    if (files_count == 0 || TK_LIST_FILES_MAX < files_count)
        return tk_err_set(err, TK_ERR_LIMIT, "%zu files; a list is 1 to %d", files_count, TK_LIST_FILES_MAX);
    lists_reader reader = {.lists = lists, .reading = reading, .arena = arena, .by_file = TK_DATE_MIN,
                           .newest = TK_DATE_MIN, .edition = TK_ARENA_NEW(arena, tk_list_edition)};
    if (reader.edition == NULL)
        return tk_err_set(err, TK_ERR_MEMORY, "out of memory");
    tk_arena_init(&reader.scratch, 1 << 20, 0);
    tk_status status = unpack_files(&reader, files, files_count, err);
    if (status == TK_OK)
        status = read_all(&reader, err);
    if (status == TK_OK) {
        tk_str id = reading->mappings_count != 0 && reading->source.len != 0 ? reading->source : reader.source->id;
        reader.edition->source = tk_arena_copy(arena, id);
        status = arena->failed ? tk_err_set(err, TK_ERR_MEMORY, "out of memory") : TK_OK;
    }
    tk_arena_fini(&reader.scratch);
    if (status == TK_OK)
        *out = reader.edition;
    return status;
}
