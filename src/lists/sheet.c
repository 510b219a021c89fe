/* SPDX-License-Identifier: Apache-2.0 */
/* sheet.c: lists that come as one table with a header line.
 *
 * A format is a table of columns and what each holds; a mapping makes such a table for a file of one's own. The
 * reader of CSV is strict: a record that it refuses is one message, and the next is read. A line that repeats the
 * header is noted for the gate, and so is a last record that breaks off.
 */
#include <string.h>

#include "lists/lists_int.h"

/* What a column holds. "; " stands between several, `;` alone between names that were glued. */
typedef enum sheet_holds {
    HOLDS_NAME,
    HOLDS_NAME_BEHIND, /* the name as elsewhere written: an alias, and the name when there is no other */
    HOLDS_ALIASES,
    HOLDS_ALIASES_COMMA, /* a comma without a space between them */
    HOLDS_ALIASES_WEAK,
    HOLDS_LIST,
    HOLDS_NUMBER,
    HOLDS_KIND,
    HOLDS_COUNTRIES,
    HOLDS_ADDRESSES,
    HOLDS_ADDRESS_PART,
    HOLDS_ADDRESS_COUNTRY,
    HOLDS_BIRTHS,
    HOLDS_IDENTIFIERS, /* "kind, value, country" each */
    HOLDS_IDENTIFIER,  /* of the kind that the label says */
    HOLDS_PROGRAMS,
    HOLDS_REQUIREMENT,
    HOLDS_POLICY,
    HOLDS_CITATION,
    HOLDS_URL,
    HOLDS_REMARKS, /* behind the label */
    HOLDS_START,
    HOLDS_END,
    HOLDS_NEWEST /* a day on which the record was written */
} sheet_holds;

typedef struct sheet_column {
    const char *column;
    sheet_holds holds;
    const char *label;
} sheet_column;

static const sheet_column csl_columns[] = {
    {"source", HOLDS_LIST, NULL},
    {"entity_number", HOLDS_NUMBER, NULL},
    {"type", HOLDS_KIND, NULL},
    {"programs", HOLDS_PROGRAMS, NULL},
    {"name", HOLDS_NAME, NULL},
    {"title", HOLDS_REMARKS, ""},
    {"addresses", HOLDS_ADDRESSES, NULL},
    {"federal_register_notice", HOLDS_CITATION, NULL},
    {"start_date", HOLDS_START, NULL},
    {"end_date", HOLDS_END, NULL},
    {"license_requirement", HOLDS_REQUIREMENT, NULL},
    {"license_policy", HOLDS_POLICY, NULL},
    {"call_sign", HOLDS_IDENTIFIER, "call sign"},
    {"vessel_flag", HOLDS_COUNTRIES, NULL},
    {"remarks", HOLDS_REMARKS, ""},
    {"source_list_url", HOLDS_URL, NULL},
    {"alt_names", HOLDS_ALIASES, NULL},
    {"countries", HOLDS_COUNTRIES, NULL},
    {"citizenships", HOLDS_COUNTRIES, NULL},
    {"dates_of_birth", HOLDS_BIRTHS, NULL},
    {"nationalities", HOLDS_COUNTRIES, NULL},
    {"ids", HOLDS_IDENTIFIERS, NULL},
};
static const sheet_column dpl_columns[] = {
    {"Name", HOLDS_NAME, NULL},
    {"Street_Address", HOLDS_ADDRESS_PART, NULL},
    {"City", HOLDS_ADDRESS_PART, NULL},
    {"State", HOLDS_ADDRESS_PART, NULL},
    {"Postal_Code", HOLDS_ADDRESS_PART, NULL},
    {"Country", HOLDS_ADDRESS_COUNTRY, NULL},
    {"Effective_Date", HOLDS_START, NULL},
    {"Expiration_Date", HOLDS_END, NULL},
    {"Last_Update", HOLDS_NEWEST, NULL},
    {"Action", HOLDS_REMARKS, ""},
    {"FR_Citation", HOLDS_CITATION, NULL},
};
static const sheet_column dod_1260h_columns[] = {
    {"Clean Name", HOLDS_NAME, NULL},
    {"Name", HOLDS_NAME_BEHIND, NULL},
    {"Alias", HOLDS_ALIASES_COMMA, NULL},
    {"Previous Name", HOLDS_ALIASES, NULL},
    {"Parent Name", HOLDS_REMARKS, "parent: "},
    {"Note", HOLDS_REMARKS, ""},
    {"Start date", HOLDS_START, NULL},
    {"End date", HOLDS_END, NULL},
    {"Source Url", HOLDS_URL, NULL},
};
static const sheet_column dod_1286_columns[] = {
    {"schema", HOLDS_KIND, NULL},
    {"name", HOLDS_NAME, NULL},
    {"aliases", HOLDS_ALIASES, NULL},
    {"program", HOLDS_PROGRAMS, NULL},
    {"reason", HOLDS_REMARKS, ""},
    {"report-date", HOLDS_START, NULL},
    {"start-date", HOLDS_START, NULL},
    {"end-date", HOLDS_END, NULL},
    {"country", HOLDS_COUNTRIES, NULL},
    {"notes", HOLDS_REMARKS, ""},
    {"source_url", HOLDS_URL, NULL},
};
static const sheet_column eu_columns[] = {
    {"programKey", HOLDS_PROGRAMS, NULL},
    {"celex", HOLDS_CITATION, NULL},
    {"annex", HOLDS_CITATION, "annex "},
    {"measure", HOLDS_REQUIREMENT, NULL},
    {"startDate", HOLDS_START, NULL},
    {"schema", HOLDS_KIND, NULL},
    {"name", HOLDS_NAME, NULL},
    {"alias", HOLDS_ALIASES, NULL},
    {"weakAlias", HOLDS_ALIASES_WEAK, NULL},
    {"previousName", HOLDS_ALIASES, NULL},
    {"country", HOLDS_COUNTRIES, NULL},
    {"nationality", HOLDS_COUNTRIES, NULL},
    {"jurisdiction", HOLDS_COUNTRIES, NULL},
    {"flag", HOLDS_COUNTRIES, NULL},
    {"birthDate", HOLDS_BIRTHS, NULL},
    {"passportNumber", HOLDS_IDENTIFIER, "passport"},
    {"registrationNumber", HOLDS_IDENTIFIER, "registration number"},
    {"taxNumber", HOLDS_IDENTIFIER, "tax number"},
    {"idNumber", HOLDS_IDENTIFIER, "identity number"},
    {"innCode", HOLDS_IDENTIFIER, "INN"},
    {"ogrnCode", HOLDS_IDENTIFIER, "OGRN"},
    {"kppCode", HOLDS_IDENTIFIER, "KPP"},
    {"okpoCode", HOLDS_IDENTIFIER, "OKPO"},
    {"leiCode", HOLDS_IDENTIFIER, "LEI"},
    {"swiftBic", HOLDS_IDENTIFIER, "SWIFT/BIC"},
    {"imoNumber", HOLDS_IDENTIFIER, "IMO"},
    {"mmsi", HOLDS_IDENTIFIER, "MMSI"},
    {"address", HOLDS_ADDRESSES, NULL},
    {"position", HOLDS_REMARKS, ""},
    {"notes", HOLDS_REMARKS, ""},
};

typedef struct sheet_format {
    const char *name;
    const sheet_column *columns;
    size_t count;
} sheet_format;

static const sheet_format formats[] = {
    {"csl", csl_columns, TK_COUNT(csl_columns)},
    {"dpl", dpl_columns, TK_COUNT(dpl_columns)},
    {"dod-1260h", dod_1260h_columns, TK_COUNT(dod_1260h_columns)},
    {"dod-1286", dod_1286_columns, TK_COUNT(dod_1286_columns)},
    {"eu", eu_columns, TK_COUNT(eu_columns)},
};

/* Fields that a mapping may name. */
#define MAPPING_FIELDS(X)                                                                                            \
    X("name", HOLDS_NAME, NULL)                                                                                      \
    X("aliases", HOLDS_ALIASES, NULL)                                                                                \
    X("weak-aliases", HOLDS_ALIASES_WEAK, NULL)                                                                      \
    X("list", HOLDS_LIST, NULL)                                                                                      \
    X("number", HOLDS_NUMBER, NULL)                                                                                  \
    X("kind", HOLDS_KIND, NULL)                                                                                      \
    X("country", HOLDS_COUNTRIES, NULL)                                                                              \
    X("address", HOLDS_ADDRESSES, NULL)                                                                              \
    X("birth", HOLDS_BIRTHS, NULL)                                                                                   \
    X("identifier", HOLDS_IDENTIFIER, "")                                                                            \
    X("programs", HOLDS_PROGRAMS, NULL)                                                                              \
    X("requirement", HOLDS_REQUIREMENT, NULL)                                                                        \
    X("policy", HOLDS_POLICY, NULL)                                                                                  \
    X("citation", HOLDS_CITATION, NULL)                                                                              \
    X("url", HOLDS_URL, NULL)                                                                                        \
    X("remarks", HOLDS_REMARKS, "")                                                                                  \
    X("start", HOLDS_START, NULL)                                                                                    \
    X("end", HOLDS_END, NULL)
static const sheet_column mapping_columns[] = {
#define X(name, holds, label) {name, holds, label},
    MAPPING_FIELDS(X)
#undef X
};
static const char *const mapping_fields[] = {
#define X(name, holds, label) name,
    MAPPING_FIELDS(X)
#undef X
};

const char *const *tk_lists_mapping_fields(size_t *count)
{
    *count = TK_COUNT(mapping_fields);
    return mapping_fields;
}

/* --- one cell --- */

static tk_name_kind kind_called(tk_str word)
{
    static const struct {
        const char *word;
        tk_name_kind kind;
    } words[] = {
        {"individual", TK_NAME_PERSON},   {"person", TK_NAME_PERSON},       {"entity", TK_NAME_COMPANY},
        {"company", TK_NAME_COMPANY},     {"legalentity", TK_NAME_COMPANY}, {"organization", TK_NAME_COMPANY},
        {"publicbody", TK_NAME_COMPANY},  {"vessel", TK_NAME_VESSEL},       {"aircraft", TK_NAME_VESSEL},
        {"airplane", TK_NAME_VESSEL},
    };
    for (size_t i = 0; i < TK_COUNT(words); i++)
        if (tk_str_eq_nocase(word, tk_str_from(words[i].word)))
            return words[i].kind;
    return TK_NAME_UNKNOWN;
}

static bool has_digit(tk_str text)
{
    for (size_t i = 0; i < text.len; i++)
        if ('0' <= text.ptr[i] && text.ptr[i] <= '9')
            return true;
    return false;
}

/* What identifies: a short text with a digit that is no day. */
static bool is_identifier(tk_str value)
{
    enum { VALUE_MOST = 64 };
    tk_date day;
    return has_digit(value) && value.len <= VALUE_MOST && !lists_date(value, &day);
}

static bool is_identifier_kind(tk_str kind)
{
    static const char *const others[] = {"date",       "sanctions", "information", "directive",
                                         "prohibited", "phone",     "website"};
    enum { CODE = 2, KIND_MOST = 60 };
    if (kind.len <= CODE || KIND_MOST < kind.len || has_digit(kind))
        return false;
    for (size_t i = 0; i < TK_COUNT(others); i++)
        if (lists_find(kind, others[i]) != SIZE_MAX)
            return false;
    return true;
}

/* "Registration Number, 1027700167110, RU", or as in older editions the other way round: "RU, 1027700167110,
 * Registration Number". */
static void put_identifiers(lists_reader *reader, lists_draft *draft, tk_str cell)
{
    enum { PARTS_MAX = 8 };
    tk_str one, parts[PARTS_MAX];
    while (lists_next(&cell, "; ", &one)) {
        size_t count = 0;
        while (count < PARTS_MAX && lists_next(&one, ", ", &parts[count]))
            count++;
        if (count < 2)
            continue;
        if (is_identifier_kind(parts[count - 1]) && is_identifier(parts[count - 2]))
            lists_put_identifier(reader, draft, parts[count - 1], parts[count - 2]);
        else if (is_identifier_kind(parts[0]) && is_identifier(parts[1]))
            lists_put_identifier(reader, draft, parts[0], parts[1]);
    }
}

static void put_countries(lists_reader *reader, lists_draft *draft, tk_str cell)
{
    tk_str one, part;
    while (lists_next(&cell, ";", &one))
        if (!lists_put_country(reader, draft, one))
            while (lists_next(&one, ", ", &part))
                (void)lists_put_country(reader, draft, part);
}

/* A sheet being read: where the columns stand, and what is gathered from several cells of one record. */
typedef struct sheet {
    lists_reader *reader;
    lists_draft *draft;
    tk_str behind, address, country, kind; /* the name as elsewhere written; parts of an address */
    const char *wrong;                     /* why the record is none */
    tk_str wrong_value;
} sheet;

static void put_names(sheet *s, tk_str cell, const char *separator, bool weak)
{
    tk_str one;
    while (lists_next(&cell, separator, &one))
        if (one.ptr[one.len - 1] != ':' && !tk_str_is(one, "Text of image")) /* left behind by who keyed it in */
            lists_put_alias(s->reader, s->draft, one, weak, false);
}

/* "Knownsec,Beijing Kownsec": a comma with a space behind it is part of a name ("Co., Ltd"). */
static void put_names_comma(sheet *s, tk_str cell)
{
    size_t from = 0;
    for (size_t i = 0; i <= cell.len; i++)
        if (i == cell.len || (cell.ptr[i] == ',' && i + 1 < cell.len && cell.ptr[i + 1] != ' ')) {
            lists_put_alias(s->reader, s->draft, (tk_str){cell.ptr + from, i - from}, false, false);
            from = i + 1;
        }
}

static void put_list(sheet *s, tk_str cell)
{
    const tk_list_family *family = s->reader->family; /* records of a list stand together */
    if (family == NULL || !tk_str_eq(cell, s->reader->wording)) {
        family = lists_family_called(s->reader->lists, cell);
        s->reader->family = family;
        s->reader->wording = tk_arena_copy(&s->reader->scratch, cell);
    }
    if (family != NULL) {
        s->draft->entry.list = family->code;
        return;
    }
    s->wrong = "no list is called so";
    s->wrong_value = cell;
}

static void put_labelled(lists_reader *reader, tk_str *to, const char *label, tk_str cell)
{
    if (label != NULL && label[0] != '\0')
        cell = tk_arena_printf(&reader->scratch, "%s" TK_FMT, label, TK_ARG_STR(cell));
    lists_put_text(reader, to, cell);
}

/* A day that is none of the calendar ("1023-11-01") is kept as a remark: a slip of the pen takes nobody off a list. */
static void put_days(sheet *s, sheet_holds holds, tk_str cell)
{
    tk_date day, first, last;
    if (!lists_date(cell, &day)) {
        if (tk_date_parse_partial(cell, &first, &last, NULL) != TK_OK) {
            const char *what = holds == HOLDS_END ? "ends" : holds == HOLDS_START ? "begins" : "written";
            put_labelled(s->reader, &s->draft->entry.remarks,
                         tk_arena_printf(&s->reader->scratch, "%s, as published: ", what).ptr, cell);
            return;
        }
        day = holds == HOLDS_END ? last : first;
    }
    if (holds == HOLDS_START)
        s->draft->entry.start = day;
    else if (holds == HOLDS_END)
        s->draft->entry.end = day;
    else if (s->reader->newest < day && day <= s->reader->reading->today)
        s->reader->newest = day;
}

static void put_part(lists_reader *reader, tk_str *to, tk_str cell)
{
    if (to->len == 0)
        *to = cell;
    else
        *to = tk_arena_printf(&reader->scratch, TK_FMT ", " TK_FMT, TK_ARG_STR(*to), TK_ARG_STR(cell));
}

/* Names, and what tells parties apart. */
static bool put_party(sheet *s, const sheet_column *column, tk_str cell)
{
    tk_str one;
    switch ((int)column->holds) {
    case HOLDS_NAME: lists_put_name(s->reader, s->draft, cell); return true;
    case HOLDS_NAME_BEHIND: s->behind = cell; return true;
    case HOLDS_ALIASES: put_names(s, cell, "; ", false); return true;
    case HOLDS_ALIASES_COMMA: put_names_comma(s, cell); return true;
    case HOLDS_ALIASES_WEAK: put_names(s, cell, "; ", true); return true;
    case HOLDS_NUMBER: s->draft->number = tk_arena_copy(&s->reader->scratch, cell); return true;
    case HOLDS_KIND:
        if (s->draft->entry.kind == TK_NAME_UNKNOWN)
            s->draft->entry.kind = kind_called(cell);
        return true;
    case HOLDS_COUNTRIES: put_countries(s->reader, s->draft, cell); return true;
    case HOLDS_ADDRESSES:
        while (lists_next(&cell, "; ", &one))
            lists_put_address(s->reader, s->draft, one, TK_STR(""));
        return true;
    case HOLDS_ADDRESS_PART: put_part(s->reader, &s->address, cell); return true;
    case HOLDS_ADDRESS_COUNTRY: s->country = cell; return true;
    case HOLDS_BIRTHS:
        while (lists_next(&cell, "; ", &one))
            lists_put_birth(s->reader, s->draft, one);
        return true;
    case HOLDS_IDENTIFIERS: put_identifiers(s->reader, s->draft, cell); return true;
    case HOLDS_IDENTIFIER:
        while (lists_next(&cell, "; ", &one))
            lists_put_identifier(s->reader, s->draft, tk_str_from(column->label), one);
        return true;
    default: return false;
    }
}

static void put_cell(sheet *s, const sheet_column *column, tk_str cell)
{
    tk_list_entry *entry = &s->draft->entry;
    cell = tk_str_trim(cell);
    if (cell.len == 0 || put_party(s, column, cell))
        return;
    switch ((int)column->holds) {
    case HOLDS_LIST: put_list(s, cell); break;
    case HOLDS_PROGRAMS: lists_put_text(s->reader, &entry->programs, cell); break;
    case HOLDS_REQUIREMENT: lists_put_text(s->reader, &entry->requirement, cell); break;
    case HOLDS_POLICY: lists_put_text(s->reader, &entry->policy, cell); break;
    case HOLDS_CITATION: put_labelled(s->reader, &entry->citation, column->label, cell); break;
    case HOLDS_URL: entry->url = lists_clean(&s->reader->scratch, cell); break;
    case HOLDS_REMARKS: put_labelled(s->reader, &entry->remarks, column->label, cell); break;
    default: put_days(s, column->holds, cell); break;
    }
}

/* What several cells say together. */
static void finish_record(sheet *s)
{
    tk_str behind = s->behind;
    while (behind.len != 0 && behind.ptr[behind.len - 1] == '*') /* a mark of the publisher */
        behind.len--;
    if (s->draft->entry.name.len == 0)
        lists_put_name(s->reader, s->draft, behind);
    else if (behind.len != 0)
        lists_put_alias(s->reader, s->draft, behind, false, false);
    if (s->address.len != 0)
        lists_put_address(s->reader, s->draft, s->address, s->country.len != 0 ? s->country : TK_STR(" "));
    else if (s->country.len != 0)
        (void)lists_put_country(s->reader, s->draft, s->country);
    if (s->draft->entry.list.len == 0)
        s->draft->entry.list = s->reader->source->list;
    if (s->draft->entry.list.len == 0 && s->wrong == NULL) {
        s->wrong = "the record names no list";
        s->wrong_value = s->draft->entry.name;
    }
}

/* --- one sheet --- */

typedef struct sheet_plan { /* what each column of the file holds */
    sheet_column columns[TK_CSV_COLUMNS_MAX];
    bool used[TK_CSV_COLUMNS_MAX];
    const tk_list_mapping *fixed;
    size_t fixed_count;
} sheet_plan;

static uint32_t fields_of(sheet_holds holds)
{
    static const uint32_t bits[] = {
        [HOLDS_NAME] = TK_LIST_FIELD_BIT(TK_LIST_NAME),
        [HOLDS_NAME_BEHIND] = TK_LIST_FIELD_BIT(TK_LIST_NAME) | TK_LIST_FIELD_BIT(TK_LIST_ALIASES),
        [HOLDS_ALIASES] = TK_LIST_FIELD_BIT(TK_LIST_ALIASES),
        [HOLDS_ALIASES_COMMA] = TK_LIST_FIELD_BIT(TK_LIST_ALIASES),
        [HOLDS_ALIASES_WEAK] = TK_LIST_FIELD_BIT(TK_LIST_ALIASES),
        [HOLDS_KIND] = TK_LIST_FIELD_BIT(TK_LIST_KIND),
        [HOLDS_COUNTRIES] = TK_LIST_FIELD_BIT(TK_LIST_COUNTRIES),
        [HOLDS_ADDRESSES] = TK_LIST_FIELD_BIT(TK_LIST_ADDRESSES) | TK_LIST_FIELD_BIT(TK_LIST_COUNTRIES),
        [HOLDS_ADDRESS_PART] = TK_LIST_FIELD_BIT(TK_LIST_ADDRESSES),
        [HOLDS_ADDRESS_COUNTRY] = TK_LIST_FIELD_BIT(TK_LIST_COUNTRIES),
        [HOLDS_BIRTHS] = TK_LIST_FIELD_BIT(TK_LIST_BIRTHS),
        [HOLDS_IDENTIFIERS] = TK_LIST_FIELD_BIT(TK_LIST_IDENTIFIERS),
        [HOLDS_IDENTIFIER] = TK_LIST_FIELD_BIT(TK_LIST_IDENTIFIERS),
        [HOLDS_PROGRAMS] = TK_LIST_FIELD_BIT(TK_LIST_PROGRAMS),
        [HOLDS_REQUIREMENT] = TK_LIST_FIELD_BIT(TK_LIST_REQUIREMENT),
        [HOLDS_POLICY] = TK_LIST_FIELD_BIT(TK_LIST_POLICY),
        [HOLDS_CITATION] = TK_LIST_FIELD_BIT(TK_LIST_CITATION),
        [HOLDS_REMARKS] = TK_LIST_FIELD_BIT(TK_LIST_REMARKS),
        [HOLDS_START] = TK_LIST_FIELD_BIT(TK_LIST_START),
        [HOLDS_END] = TK_LIST_FIELD_BIT(TK_LIST_END),
    };
    return holds < TK_COUNT(bits) ? bits[holds] : 0;
}

static void plan_column(lists_reader *reader, sheet_plan *plan, const tk_str *header, size_t count,
                        const sheet_column *column, tk_str name)
{
    for (size_t i = 0; i < count; i++)
        if (tk_str_eq(header[i], name)) {
            plan->columns[i] = *column;
            plan->used[i] = true;
            reader->edition->fields |= fields_of(column->holds);
        }
}

static const sheet_column *mapping_called(tk_str field)
{
    for (size_t i = 0; i < TK_COUNT(mapping_columns); i++)
        if (tk_str_is(field, mapping_columns[i].column))
            return &mapping_columns[i];
    return NULL;
}

/* A mapping names fields there are and columns the file has. */
static tk_status plan_mapping(lists_reader *reader, sheet_plan *plan, const tk_str *header, size_t count, tk_err *err)
{
    const tk_list_reading *reading = reader->reading;
    for (size_t i = 0; i < reading->mappings_count; i++) {
        const tk_list_mapping *mapping = &reading->mappings[i];
        const sheet_column *column = mapping_called(mapping->field);
        size_t at = 0;
        if (column == NULL)
            return tk_err_set(err, TK_ERR_INPUT, "no field '" TK_FMT "' to map a column to",
                              TK_ARG_STR(mapping->field));
        while (at < count && !tk_str_eq(header[at], mapping->column))
            at++;
        if (at == count && !mapping->fixed)
            return tk_err_set(err, TK_ERR_INPUT, "the file has no column '" TK_FMT "' for " TK_FMT,
                              TK_ARG_STR(mapping->column), TK_ARG_STR(mapping->field));
        if (mapping->fixed)
            reader->edition->fields |= fields_of(column->holds);
        else
            plan_column(reader, plan, header, count, column, mapping->column);
    }
    plan->fixed = reading->mappings;
    plan->fixed_count = reading->mappings_count;
    return TK_OK;
}

static tk_status plan_make(lists_reader *reader, sheet_plan *plan, const tk_str *header, size_t count, tk_err *err)
{
    if (reader->reading->mappings_count != 0)
        return plan_mapping(reader, plan, header, count, err);
    for (size_t i = 0; i < TK_COUNT(formats); i++)
        if (tk_str_is(reader->source->format, formats[i].name))
            for (size_t j = 0; j < formats[i].count; j++)
                plan_column(reader, plan, header, count, &formats[i].columns[j],
                            tk_str_from(formats[i].columns[j].column));
    return TK_OK;
}

static bool is_header(const tk_csv_row *row, const tk_str *header)
{
    for (size_t i = 0; i < row->cells_count; i++)
        if (!tk_str_eq(tk_str_trim(row->cells[i]), header[i]))
            return false;
    return true;
}

static void read_record(lists_reader *reader, const sheet_plan *plan, const tk_csv_row *row)
{
    sheet s = {.reader = reader, .draft = lists_begin(reader, row->line)};
    if (s.draft == NULL)
        return;
    for (size_t i = 0; i < plan->fixed_count; i++)
        if (plan->fixed[i].fixed)
            put_cell(&s, mapping_called(plan->fixed[i].field), plan->fixed[i].column);
    for (size_t i = 0; i < row->cells_count; i++)
        if (plan->used[i])
            put_cell(&s, &plan->columns[i], row->cells[i]);
    finish_record(&s);
    if (s.wrong != NULL)
        lists_reject(reader, row->line, "'" TK_FMT "': %s", TK_ARG_STR(s.wrong_value), s.wrong);
    else
        lists_accept(reader, s.draft);
}

static tk_status read_records(lists_reader *reader, const sheet_plan *plan, tk_csv_reader *csv, const tk_str *header,
                              tk_err *err)
{
    const tk_csv_row *row = NULL;
    for (;;) {
        tk_err wrong = {0};
        tk_status status = tk_csv_next(csv, &row, &wrong);
        if (status == TK_OK && row == NULL)
            return TK_OK;
        if (status == TK_ERR_INPUT || status == TK_ERR_LIMIT) {
            reader->edition->read++;
            reader->edition->cut_off = wrong.line;
            lists_reject(reader, wrong.line, "%s", wrong.message);
            continue;
        }
        if (status != TK_OK) {
            if (err != NULL)
                *err = wrong;
            return status;
        }
        reader->edition->cut_off = 0; /* a whole record stands behind the broken one */
        if (is_header(row, header)) {
            reader->edition->read++;
            reader->edition->second_header = row->line;
            lists_reject(reader, row->line, "the header line again");
            continue;
        }
        read_record(reader, plan, row);
        if (reader->scratch.failed || reader->arena->failed)
            return tk_err_set(err, TK_ERR_MEMORY, "out of memory");
    }
}

static tk_status read_sheet(lists_reader *reader, const lists_file *file, sheet_plan *plan, tk_err *err)
{
    tk_csv_reader *csv = NULL;
    size_t count;
    reader->file = file->name;
    tk_status status = tk_csv_open_text(file->name, file->text, &csv, err);
    if (status != TK_OK)
        return status;
    const tk_str *header = tk_csv_header(csv, &count);
    status = plan_make(reader, plan, header, count, err);
    if (status == TK_OK)
        status = read_records(reader, plan, csv, header, err);
    tk_err_where(err, file->name, 1, 1);
    tk_csv_close(csv);
    return status;
}

tk_status lists_read_sheet(lists_reader *reader, tk_err *err)
{
    tk_status status = TK_OK;
    for (size_t i = 0; status == TK_OK && i < reader->files_count; i++) {
        sheet_plan *plan = TK_ARENA_NEW(&reader->scratch, sheet_plan);
        status = plan == NULL ? tk_err_set(err, TK_ERR_MEMORY, "out of memory")
                              : read_sheet(reader, &reader->files[i], plan, err);
    }
    return status;
}
