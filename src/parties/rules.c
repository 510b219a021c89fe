/* SPDX-License-Identifier: Apache-2.0 */
/* rules.c: the ownership rules in a table of lists; its other columns are for others. */
#include "base/csv.h"
#include "base/err.h"
#include "base/limits.h"
#include "base/num.h"
#include "base/str.h"
#include "parties/owners.h"

enum { RULE_CODE, RULE_PERCENT, RULE_AGGREGATE, RULE_MINORITY, RULE_CITATION, RULE_WITH, RULE_COLUMNS };
static const char *const rule_columns[RULE_COLUMNS] = {"code",     "owned_percent", "aggregate",
                                                       "minority", "citation",      "owned_with"};

typedef struct rules_table {
    tk_str name;
    tk_csv_reader *csv;
    size_t at[RULE_COLUMNS]; /* SIZE_MAX: not there */
} rules_table;

static tk_status rules_header(rules_table *t, tk_err *err)
{
    size_t count;
    const tk_str *header = tk_csv_header(t->csv, &count);
    for (size_t i = 0; i < RULE_COLUMNS; i++) {
        t->at[i] = 0;
        while (t->at[i] < count && !tk_str_is(tk_str_trim(header[t->at[i]]), rule_columns[i]))
            t->at[i]++;
        if (t->at[i] < count)
            continue;
        t->at[i] = SIZE_MAX;
        if (i != RULE_WITH) {
            (void)tk_err_set(err, TK_ERR_INPUT, "there is no column '%s'", rule_columns[i]);
            tk_err_where(err, t->name, (uint32_t)tk_csv_header_line(t->csv), 1);
            return TK_ERR_INPUT;
        }
    }
    return TK_OK;
}

static tk_str rules_cell(const rules_table *t, const tk_csv_row *row, size_t column)
{
    return t->at[column] == SIZE_MAX ? TK_STR("") : tk_str_trim(row->cells[t->at[column]]);
}

static tk_status rules_row(const rules_table *t, const tk_csv_row *row, tk_arena *arena, tk_owner_rule *rule,
                           tk_err *err)
{
    static const char *const minorities[] = {"none", "note", "red-flag"};
    tk_str minority = rules_cell(t, row, RULE_MINORITY), aggregate = rules_cell(t, row, RULE_AGGREGATE);
    size_t at = 0;
    while (minority.len != 0 && at < TK_COUNT(minorities) && !tk_str_is(minority, minorities[at]))
        at++;
    bool good = tk_num_parse(rules_cell(t, row, RULE_PERCENT), &rule->percent, NULL) == TK_OK
                && at < TK_COUNT(minorities) && (tk_str_is(aggregate, "yes") || tk_str_is(aggregate, "no"));
    if (!good) {
        (void)tk_err_set(err, TK_ERR_INPUT,
                         "list '" TK_FMT "': expected owned_percent as 50, aggregate yes or no, minority none, note or "
                         "red-flag",
                         TK_ARG_STR(rules_cell(t, row, RULE_CODE)));
        tk_err_where(err, t->name, (uint32_t)row->line, 1);
        return TK_ERR_INPUT;
    }
    rule->list = tk_arena_copy(arena, rules_cell(t, row, RULE_CODE));
    rule->with = tk_arena_copy(arena, rules_cell(t, row, RULE_WITH));
    rule->citation = tk_arena_copy(arena, rules_cell(t, row, RULE_CITATION));
    rule->aggregate = tk_str_is(aggregate, "yes");
    rule->minority = (tk_owner_minority)at;
    return TK_OK;
}

static tk_status rules_rows(rules_table *t, tk_arena *arena, tk_owner_rule *rules, size_t *count, tk_err *err)
{
    tk_status status = rules_header(t, err);
    while (status == TK_OK) {
        const tk_csv_row *row;
        status = tk_csv_next(t->csv, &row, err);
        if (status != TK_OK || row == NULL)
            break;
        if (rules_cell(t, row, RULE_PERCENT).len == 0)
            continue;
        if (*count == TK_OWNER_RULES_MAX)
            return tk_err_set(err, TK_ERR_LIMIT, "more than %d lists with a rule of ownership", TK_OWNER_RULES_MAX);
        status = rules_row(t, row, arena, &rules[(*count)++], err);
    }
    return status;
}

tk_status tk_owner_rules_read(tk_str name, tk_str text, tk_arena *arena, const tk_owner_rule **rules, size_t *count,
                              tk_err *err)
{
    rules_table t = {.name = name};
    tk_owner_rule *found = TK_ARENA_ARRAY(arena, tk_owner_rule, TK_OWNER_RULES_MAX);
    *rules = found;
    *count = 0;
    if (found == NULL)
        return tk_err_set(err, TK_ERR_MEMORY, "out of memory for the rules of ownership");
    tk_status status = tk_csv_open_text(name, text, &t.csv, err);
    if (status == TK_OK)
        status = rules_rows(&t, arena, found, count, err);
    tk_csv_close(t.csv);
    if (status == TK_OK && arena->failed)
        status = tk_err_set(err, TK_ERR_MEMORY, "out of memory for the rules of ownership");
    return status;
}
