/* SPDX-License-Identifier: Apache-2.0 */
/* tables.c: what the program brings along to understand claims: grades of source kinds, predicates, names.
 *
 * The tables are part of the program, so a wrong row is our own mistake; it is still said with file, line and value,
 * because they are edited by people.
 */
#include <stdlib.h>
#include <string.h>

#include "base/csv.h"
#include "claims/claims_int.h"

static const char *const topic_names[TK_TOPIC_COUNT] = {
#define X(NAME, text, says) text,
    TK_CLAIM_TOPICS(X)
#undef X
};
static const char *const topic_says[TK_TOPIC_COUNT] = {
#define X(NAME, text, says) says,
    TK_CLAIM_TOPICS(X)
#undef X
};
static const char *const stage_names[TK_STAGE_COUNT] = {
#define X(NAME, text) text,
    TK_CLAIM_STAGES(X)
#undef X
};
static const char *const kind_names[] = {"stage", "state", "measure"};
static const char *const about_names[] = {"item",  "round", "market", "application",
                                          "buyer", "party", "regime", "text"};

const char *tk_claim_topic_name(tk_claim_topic topic)
{
    return topic_names[topic];
}

const char *tk_claim_topic_says(tk_claim_topic topic)
{
    return topic_says[topic];
}

const char *tk_claim_stage_name(size_t stage)
{
    return stage_names[stage];
}

/* --- reading --- */

enum { TABLE_COLUMNS_MAX = 12 };

typedef struct table_reader {
    tk_csv_reader *csv;
    tk_str name;
    size_t at[TABLE_COLUMNS_MAX];
    const tk_csv_row *row;
    tk_arena *arena;
} table_reader;

static tk_status table_open(table_reader *t, const tk_source *source, const char *const *columns, size_t count,
                            tk_arena *arena, tk_err *err)
{
    *t = (table_reader){.name = source->name, .arena = arena};
    tk_status status = tk_csv_open_text(source->name, source->text, &t->csv, err);
    if (status != TK_OK)
        return status;
    size_t have;
    const tk_str *header = tk_csv_header(t->csv, &have);
    for (size_t i = 0; i < count; i++) {
        while (t->at[i] < have && !tk_str_is(header[t->at[i]], columns[i]))
            t->at[i]++;
        if (t->at[i] < have)
            continue;
        status = tk_err_set(err, TK_ERR_INPUT, "the table has no column '%s'", columns[i]);
        tk_err_where(err, source->name, 1, 1);
        return status;
    }
    return TK_OK;
}

/* False at the end of the table, and after a failure. */
static bool table_next(table_reader *t, tk_status *status, tk_err *err)
{
    *status = tk_csv_next(t->csv, &t->row, err);
    return *status == TK_OK && t->row != NULL;
}

static tk_str table_cell(const table_reader *t, size_t column)
{
    return tk_arena_copy(t->arena, tk_str_trim(t->row->cells[t->at[column]]));
}

static tk_status table_refuse(const table_reader *t, size_t column, const char *expected, tk_err *err)
{
    tk_status status = tk_err_set(err, TK_ERR_INPUT, "'" TK_FMT "': expected %s",
                                  TK_ARG_STR(t->row->cells[t->at[column]]), expected);
    tk_err_where(err, t->name, (uint32_t)t->row->line, t->row->columns[t->at[column]]);
    return status;
}

static size_t table_word(tk_str word, const char *const *words, size_t count)
{
    size_t at = 0;
    while (at < count && !tk_str_is(word, words[at]))
        at++;
    return at;
}

static size_t table_rows(tk_str text)
{
    size_t rows = 1;
    for (size_t i = 0; i < text.len; i++)
        rows += text.ptr[i] == '\n' ? 1 : 0;
    return rows;
}

/* --- grades.csv --- */

static tk_status read_grades(const tk_source *source, tk_arena *arena, claims_tables *tables, tk_err *err)
{
    static const char *const columns[] = {"source_kind", "grade", "own", "says"};
    table_reader t;
    tk_status status = table_open(&t, source, columns, TK_COUNT(columns), arena, err);
    while (status == TK_OK && table_next(&t, &status, err)) {
        tk_str grade = table_cell(&t, 1);
        if (grade.len != 1 || grade.ptr[0] < 'A' || 'F' < grade.ptr[0]) {
            status = table_refuse(&t, 1, "a grade from A to F", err);
        } else if (tables->kinds_count == TK_CLAIMS_KINDS_MAX) {
            status = table_refuse(&t, 0, "no more kinds", err);
        } else if (!tk_str_is(table_cell(&t, 2), "yes") && !tk_str_is(table_cell(&t, 2), "no")) {
            status = table_refuse(&t, 2, "yes where the source speaks of its own acts, else no", err);
        } else {
            tables->kinds[tables->kinds_count] = table_cell(&t, 0);
            tables->kinds_own[tables->kinds_count] = tk_str_is(table_cell(&t, 2), "yes");
            tables->kinds_say[tables->kinds_count] = table_cell(&t, 3);
            tables->grades[tables->kinds_count++] = grade.ptr[0];
        }
    }
    tk_csv_close(t.csv);
    return status;
}

size_t claims_tables_kind(const claims_tables *tables, tk_str kind)
{
    for (size_t i = 0; i < tables->kinds_count; i++)
        if (tk_str_eq(tables->kinds[i], kind))
            return i;
    return SIZE_MAX;
}

/* --- predicates.csv --- */

enum { PRED_PREDICATE, PRED_UNIT, PRED_WORDS, PRED_ABOUT, PRED_KIND, PRED_FACT, PRED_VALUE, PRED_POLARITY,
       PRED_EXCLUDES, PRED_LANE, PRED_TOPIC, PRED_NOTE, PRED_COLUMNS };

static tk_status predicate_rule(const table_reader *t, claims_rule *rule, tk_err *err)
{
    size_t about = table_word(table_cell(t, PRED_ABOUT), about_names, TK_COUNT(about_names));
    size_t kind = table_word(table_cell(t, PRED_KIND), kind_names, TK_COUNT(kind_names));
    tk_str polarity = table_cell(t, PRED_POLARITY);
    if (about == TK_COUNT(about_names))
        return table_refuse(t, PRED_ABOUT, "item, round, market, application, buyer, party, regime or text", err);
    if (kind == TK_COUNT(kind_names))
        return table_refuse(t, PRED_KIND, "stage, state, measure, or nothing when it is not modelled", err);
    if (!tk_str_is(polarity, "for") && !tk_str_is(polarity, "against"))
        return table_refuse(t, PRED_POLARITY, "for or against", err);
    *rule = (claims_rule){.predicate = table_cell(t, PRED_PREDICATE),
                          .unit = table_cell(t, PRED_UNIT),
                          .words = table_cell(t, PRED_WORDS),
                          .about = (tk_claim_about)about,
                          .kind = (tk_claim_kind)kind,
                          .fact = table_cell(t, PRED_FACT),
                          .value = table_cell(t, PRED_VALUE),
                          .excludes = table_cell(t, PRED_EXCLUDES),
                          .denies = tk_str_is(polarity, "against")};
    return rule->fact.len == 0 ? table_refuse(t, PRED_FACT, "the name of a fact", err) : TK_OK;
}

/* The first row of a predicate says its lane and topic; rows of one predicate stand together. */
static tk_status predicate_row(const table_reader *t, claims_tables *tables, tk_err *err)
{
    static const char *const lanes[] = {"us", "cn", "actor"};
    tk_str name = table_cell(t, PRED_PREDICATE);
    claims_predicate *last = tables->predicates_count == 0 ? NULL : &tables->predicates[tables->predicates_count - 1];
    if (last == NULL || !tk_str_eq(last->predicate, name)) {
        size_t lane = table_word(table_cell(t, PRED_LANE), lanes, TK_COUNT(lanes));
        size_t topic = table_word(table_cell(t, PRED_TOPIC), topic_names, TK_TOPIC_COUNT);
        if (last != NULL && 0 <= tk_str_cmp(last->predicate, name))
            return table_refuse(t, PRED_PREDICATE, "rows sorted by predicate", err);
        if (lane == TK_COUNT(lanes))
            return table_refuse(t, PRED_LANE, "us, cn, or actor for whichever lane the actor is in", err);
        if (topic == TK_TOPIC_COUNT)
            return table_refuse(t, PRED_TOPIC, "a topic of the monitoring checklist", err);
        size_t rules = last == NULL ? 0 : last->rules + last->rules_count;
        last = &tables->predicates[tables->predicates_count++];
        *last = (claims_predicate){.predicate = name,
                                   .lane = (tk_claim_lane)lane,
                                   .topic = (tk_claim_topic)topic,
                                   .rules = rules};
    }
    if (table_cell(t, PRED_KIND).len != 0)
        return predicate_rule(t, &tables->rules[last->rules + last->rules_count++], err);
    last->why_not = table_cell(t, PRED_NOTE);
    return last->why_not.len == 0 ? table_refuse(t, PRED_NOTE, "why the predicate is not modelled", err) : TK_OK;
}

static tk_status read_predicates(const tk_source *source, tk_arena *arena, claims_tables *tables, tk_err *err)
{
    static const char *const columns[PRED_COLUMNS] = {"predicate", "unit",  "words",    "about",    "kind",  "fact",
                                                      "value",     "polarity", "excludes", "lane", "topic", "note"};
    table_reader t;
    size_t most = table_rows(source->text);
    tables->predicates = TK_ARENA_ARRAY(arena, claims_predicate, most);
    tables->rules = TK_ARENA_ARRAY(arena, claims_rule, most);
    if (tables->predicates == NULL || tables->rules == NULL)
        return tk_err_set(err, TK_ERR_MEMORY, "out of memory for the predicates");
    tk_status status = table_open(&t, source, columns, TK_COUNT(columns), arena, err);
    while (status == TK_OK && table_next(&t, &status, err))
        status = predicate_row(&t, tables, err);
    tk_csv_close(t.csv);
    return status;
}

static int predicate_order(const void *key, const void *element)
{
    return tk_str_cmp(*(const tk_str *)key, ((const claims_predicate *)element)->predicate);
}

const claims_predicate *claims_tables_predicate(const claims_tables *tables, tk_str predicate)
{
    return bsearch(&predicate, tables->predicates, tables->predicates_count, sizeof(claims_predicate),
                   predicate_order);
}

bool claims_predicate_speaks(const claims_tables *tables, const claims_predicate *predicate)
{
    for (size_t i = 0; predicate != NULL && i < predicate->rules_count; i++)
        if (tables->rules[predicate->rules + i].about != TK_ABOUT_TEXT)
            return true;
    return false;
}

/* --- names.csv --- */

static int name_order(const void *a, const void *b)
{
    const claims_name *x = a, *y = b;
    int order = tk_str_cmp(x->name, y->name);
    if (order == 0)
        order = tk_str_cmp(x->kind, y->kind);
    return order == 0 ? tk_str_cmp(x->id, y->id) : order;
}

static tk_str name_small(tk_arena *arena, tk_str text)
{
    char *bytes = TK_ARENA_ARRAY(arena, char, text.len + 1);
    if (bytes == NULL)
        return TK_STR("");
    for (size_t i = 0; i < text.len; i++)
        bytes[i] = 'A' <= text.ptr[i] && text.ptr[i] <= 'Z' ? (char)(text.ptr[i] - 'A' + 'a') : text.ptr[i];
    return (tk_str){bytes, text.len};
}

static tk_status read_names(const tk_source *source, tk_arena *arena, claims_tables *tables, tk_err *err)
{
    static const char *const columns[] = {"name", "kind", "id", "lane"};
    static const char *const kinds[] = {"product", "buyer", "vendor", "class", "agency", "stage"};
    static const char *const lanes[] = {"us", "cn", ""};
    table_reader t;
    tables->names = TK_ARENA_ARRAY(arena, claims_name, table_rows(source->text));
    if (tables->names == NULL)
        return tk_err_set(err, TK_ERR_MEMORY, "out of memory for the names");
    tk_status status = table_open(&t, source, columns, TK_COUNT(columns), arena, err);
    while (status == TK_OK && table_next(&t, &status, err)) {
        claims_name name = {.name = name_small(arena, table_cell(&t, 0)), .kind = table_cell(&t, 1),
                            .id = table_cell(&t, 2)};
        size_t lane = table_word(table_cell(&t, 3), lanes, TK_COUNT(lanes));
        if (table_word(name.kind, kinds, TK_COUNT(kinds)) == TK_COUNT(kinds))
            status = table_refuse(&t, 1, "product, buyer, vendor, class, agency or stage", err);
        else if (lane == TK_COUNT(lanes))
            status = table_refuse(&t, 3, "us, cn or nothing", err);
        name.lane = (tk_claim_lane)lane;
        if (status == TK_OK)
            tables->names[tables->names_count++] = name;
    }
    tk_csv_close(t.csv);
    if (tables->names_count != 0)
        qsort(tables->names, tables->names_count, sizeof(claims_name), name_order);
    return status;
}

/* The first entry of a name; the others follow it. */
const claims_name *claims_tables_name(const claims_tables *tables, tk_str name, size_t *count)
{
    size_t low = 0, high = tables->names_count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (tk_str_cmp(tables->names[middle].name, name) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    *count = 0;
    while (low + *count < tables->names_count && tk_str_eq(tables->names[low + *count].name, name))
        (*count)++;
    return &tables->names[low];
}

tk_status claims_tables_read(const tk_claims_texts *texts, tk_arena *arena, claims_tables *tables, tk_err *err)
{
    tk_status status = read_grades(&texts->grades, arena, tables, err);
    if (status == TK_OK)
        status = read_predicates(&texts->predicates, arena, tables, err);
    if (status == TK_OK)
        status = read_names(&texts->names, arena, tables, err);
    if (status == TK_OK && arena->failed)
        status = tk_err_set(err, TK_ERR_MEMORY, "out of memory for the tables of claims");
    return status;
}
