/* SPDX-License-Identifier: Apache-2.0 */
/* lists_diff.c: `twokey lists diff`: added, removed and changed entries, with what changed; and one entry on a page. */
#include "base/csv.h"
#include "cli/lists.h"

static const char *kind_says(tk_name_kind kind)
{
    static const char *const words[] = {"", "person", "company", "vessel"};
    return words[kind];
}

/* --- one field as text --- */

static tk_str joined_texts(tk_arena *arena, const tk_list_text *items, size_t count)
{
    tk_str out = TK_STR("");
    for (size_t i = 0; i < count; i++)
        out = tk_arena_printf(arena, TK_FMT "%s" TK_FMT "%s" TK_FMT, TK_ARG_STR(out), i == 0 ? "" : "; ",
                              TK_ARG_STR(items[i].kind), items[i].kind.len == 0 ? "" : " ",
                              TK_ARG_STR(items[i].value));
    return out;
}

static tk_str joined_aliases(tk_arena *arena, const tk_list_entry *entry)
{
    tk_str out = TK_STR("");
    for (size_t i = 0; i < entry->aliases_count; i++)
        out = tk_arena_printf(arena, TK_FMT "%s" TK_FMT "%s", TK_ARG_STR(out), i == 0 ? "" : "; ",
                              TK_ARG_STR(entry->aliases[i].text), entry->aliases[i].weak ? " (weak)" : "");
    return out;
}

static tk_str field_text(lists_view *view, const tk_list_entry *e, tk_list_field field)
{
    tk_arena *arena = &view->page.scratch;
    switch (field) {
    case TK_LIST_NAME: return e->name;
    case TK_LIST_KIND: return tk_str_from(kind_says(e->kind));
    case TK_LIST_ALIASES: return joined_aliases(arena, e);
    case TK_LIST_COUNTRIES: return cli_joined(arena, e->countries, e->countries_count, "; ");
    case TK_LIST_ADDRESSES: return joined_texts(arena, e->addresses, e->addresses_count);
    case TK_LIST_IDENTIFIERS: return joined_texts(arena, e->identifiers, e->identifiers_count);
    case TK_LIST_BIRTHS: return joined_texts(arena, e->births, e->births_count);
    case TK_LIST_PROGRAMS: return e->programs;
    case TK_LIST_REQUIREMENT: return e->requirement;
    case TK_LIST_POLICY: return e->policy;
    case TK_LIST_CITATION: return e->citation;
    case TK_LIST_REMARKS: return e->remarks;
    case TK_LIST_START: return lists_day(view, e->start);
    case TK_LIST_END: return lists_day(view, e->end);
    case TK_LIST_FIELD_COUNT: break;
    }
    return TK_STR("");
}

void lists_entry_text(lists_view *view, const tk_list_entry *entry)
{
    cli_page *page = &view->page;
    tk_str id = tk_arena_printf(&page->scratch, TK_FMT ":" TK_FMT, TK_ARG_STR(entry->list), TK_ARG_STR(entry->key));
    cli_put(page, CLI_BOLD, id);
    tk_out_char(page->out, '\n');
    for (int field = 0; field < TK_LIST_FIELD_COUNT; field++)
        lists_line(view, tk_list_field_name((tk_list_field)field).ptr, field_text(view, entry, (tk_list_field)field));
    tk_str review = tk_list_review_name(tk_lists_review(view->lists, entry->policy));
    lists_line(view, "review", entry->policy.len != 0 && review.len == 0 ? TK_STR("not known") : review);
    lists_line(view, "from", entry->url);
}

static void json_strs(tk_json *json, const char *key, const tk_str *items, size_t count)
{
    tk_json_key(json, key);
    tk_json_open(json, '[');
    for (size_t i = 0; i < count; i++)
        tk_json_str(json, items[i]);
    tk_json_close(json, ']');
}

static void json_texts(tk_json *json, const char *key, const tk_list_text *items, size_t count)
{
    tk_json_key(json, key);
    tk_json_open(json, '[');
    for (size_t i = 0; i < count; i++) {
        tk_json_open(json, '{');
        tk_json_key(json, "kind");
        tk_json_str(json, items[i].kind);
        tk_json_key(json, "value");
        tk_json_str(json, items[i].value);
        tk_json_close(json, '}');
    }
    tk_json_close(json, ']');
}

static void json_day(tk_json *json, const char *key, tk_date day)
{
    char text[TK_DATE_TEXT_MAX];
    tk_json_key(json, key);
    if (day == TK_DATE_MIN || day == TK_DATE_MAX)
        tk_json_null(json);
    else
        tk_json_str(json, (tk_str){text, tk_date_format(day, text)});
}

void lists_entry_json(tk_json *json, const tk_list_entry *e)
{
    const struct {
        const char *key;
        tk_str value;
    } texts[] = {{"list", e->list}, {"key", e->key}, {"name", e->name}, {"kind", tk_str_from(kind_says(e->kind))},
                 {"programs", e->programs}, {"requirement", e->requirement}, {"policy", e->policy},
                 {"citation", e->citation}, {"url", e->url}, {"remarks", e->remarks}};
    for (size_t i = 0; i < TK_COUNT(texts); i++) {
        tk_json_key(json, texts[i].key);
        tk_json_str(json, texts[i].value);
    }
    tk_json_key(json, "aliases");
    tk_json_open(json, '[');
    for (size_t i = 0; i < e->aliases_count; i++) {
        tk_json_open(json, '{');
        tk_json_key(json, "name");
        tk_json_str(json, e->aliases[i].text);
        tk_json_key(json, "weak");
        tk_json_bool(json, e->aliases[i].weak);
        tk_json_key(json, "original");
        tk_json_bool(json, e->aliases[i].original);
        tk_json_close(json, '}');
    }
    tk_json_close(json, ']');
    json_strs(json, "countries", e->countries, e->countries_count);
    json_texts(json, "addresses", e->addresses, e->addresses_count);
    json_texts(json, "identifiers", e->identifiers, e->identifiers_count);
    json_texts(json, "births", e->births, e->births_count);
    json_day(json, "start", e->start);
    json_day(json, "end", e->end);
}

/* --- the difference --- */

static const tk_list_entry *entry_of(const tk_list_change *change)
{
    return change->after != NULL ? change->after : change->before;
}

static const char *change_says(const tk_list_change *change)
{
    return change->before == NULL ? "added" : change->after == NULL ? "removed" : "changed";
}

static tk_str fields_of(lists_view *view, uint32_t fields, const char *between)
{
    tk_str names[TK_LIST_FIELD_COUNT];
    size_t count = 0;
    for (int field = 0; field < TK_LIST_FIELD_COUNT; field++)
        if ((fields & TK_LIST_FIELD_BIT(field)) != 0)
            names[count++] = tk_list_field_name((tk_list_field)field);
    return cli_joined(&view->page.scratch, names, count, between);
}

static void text_change(lists_view *view, const tk_list_change *change)
{
    cli_page *page = &view->page;
    const tk_list_entry *entry = entry_of(change);
    TK_ASSERT(entry != NULL && (change->fields == 0 || (change->before != NULL && change->after != NULL)));
    const char *mark = change->before == NULL ? "+ " : change->after == NULL ? "- " : "~ ";
    cli_puts(page, change->before == NULL ? CLI_RED : change->after == NULL ? CLI_GREEN : CLI_YELLOW, mark);
    tk_str id = tk_arena_printf(&page->scratch, TK_FMT ":" TK_FMT, TK_ARG_STR(entry->list), TK_ARG_STR(entry->key));
    cli_put(page, CLI_DIM, id);
    tk_out_text(page->out, "  ");
    cli_put_wrapped(page, CLI_PLAIN, entry->name, tk_text_width(id) + 4, 4);
    for (int field = 0; field < TK_LIST_FIELD_COUNT; field++) {
        if ((change->fields & TK_LIST_FIELD_BIT(field)) == 0)
            continue;
        tk_str was = field_text(view, change->before, (tk_list_field)field);
        tk_str is = field_text(view, change->after, (tk_list_field)field);
        lists_line(view, tk_list_field_name((tk_list_field)field).ptr,
                   tk_arena_printf(&page->scratch, TK_FMT " -> " TK_FMT,
                                   TK_ARG_STR(was.len == 0 ? TK_STR("none") : was),
                                   TK_ARG_STR(is.len == 0 ? TK_STR("none") : is)));
    }
    tk_arena_reset(&page->scratch);
}

static void csv_change(lists_view *view, const tk_list_change *change)
{
    tk_out *out = view->page.out;
    const tk_list_entry *entry = entry_of(change);
    uint32_t fields = change->fields;
    TK_ASSERT(entry != NULL && (fields == 0 || (change->before != NULL && change->after != NULL)));
    for (int field = 0; field < TK_LIST_FIELD_COUNT || fields == 0; field++) {
        if (fields != 0 && (fields & TK_LIST_FIELD_BIT(field)) == 0)
            continue;
        tk_csv_write_cell(out, tk_str_from(change_says(change)), true, true);
        tk_csv_write_cell(out, entry->list, false, true);
        tk_csv_write_cell(out, entry->key, false, true);
        tk_csv_write_cell(out, entry->name, false, true);
        if (fields == 0) { /* added or removed: no field of its own */
            tk_out_text(out, ",,,\n");
            return;
        }
        tk_csv_write_cell(out, tk_list_field_name((tk_list_field)field), false, true);
        tk_csv_write_cell(out, field_text(view, change->before, (tk_list_field)field), false, true);
        tk_csv_write_cell(out, field_text(view, change->after, (tk_list_field)field), false, true);
        tk_out_char(out, '\n');
    }
    tk_arena_reset(&view->page.scratch);
}

static void json_change(lists_view *view, const tk_list_change *change)
{
    tk_json json;
    tk_json_begin(&json, view->page.out);
    tk_json_open(&json, '{');
    tk_json_key(&json, "change");
    tk_json_str(&json, tk_str_from(change_says(change)));
    tk_json_key(&json, "fields");
    tk_json_open(&json, '[');
    for (int field = 0; field < TK_LIST_FIELD_COUNT; field++)
        if ((change->fields & TK_LIST_FIELD_BIT(field)) != 0)
            tk_json_str(&json, tk_list_field_name((tk_list_field)field));
    tk_json_close(&json, ']');
    const tk_list_entry *const sides[] = {change->before, change->after};
    for (size_t i = 0; i < TK_COUNT(sides); i++) {
        tk_json_key(&json, i == 0 ? "before" : "after");
        if (sides[i] == NULL) {
            tk_json_null(&json);
            continue;
        }
        tk_json_open(&json, '{');
        lists_entry_json(&json, sides[i]);
        tk_json_close(&json, '}');
    }
    tk_json_close(&json, '}');
    tk_out_char(view->page.out, '\n');
}

static void text_summary(lists_view *view, const tk_list_edition *const *sides, const tk_list_difference *d)
{
    cli_page *page = &view->page;
    uint32_t not_compared = (sides[0]->fields | sides[1]->fields) & ~d->compared;
    tk_str line = tk_arena_printf(&view->arena,
                                  TK_FMT " of " TK_FMT " and of " TK_FMT ": " TK_FMT " added, " TK_FMT " removed, "
                                  TK_FMT " changed",
                                  TK_ARG_STR(sides[1]->source), TK_ARG_STR(lists_day(view, sides[0]->published)),
                                  TK_ARG_STR(lists_day(view, sides[1]->published)),
                                  TK_ARG_STR(lists_count(view, d->added)), TK_ARG_STR(lists_count(view, d->removed)),
                                  TK_ARG_STR(lists_count(view, d->changed)));
    cli_put_wrapped(page, CLI_BOLD, line, 0, 2);
    if (not_compared != 0)
        cli_put_wrapped(page, CLI_DIM,
                        tk_arena_printf(&view->arena, "not compared, since one of them cannot say it: " TK_FMT,
                                        TK_ARG_STR(fields_of(view, not_compared, ", "))),
                        0, 2);
}

int lists_diff(lists_view *view)
{
    const tk_list_edition *sides[2] = {NULL, NULL};
    tk_list_difference d;
    for (size_t i = 0; i < TK_COUNT(sides); i++) {
        int code = lists_edition_named(view, view->args->positional[i + 1], i, &sides[i]);
        if (code != CLI_EXIT_OK)
            return code;
    }
    if (!tk_str_eq(sides[0]->source, sides[1]->source)) {
        cli_complain("one is " TK_FMT ", the other " TK_FMT "; editions of one source are compared",
                     TK_ARG_STR(sides[0]->source), TK_ARG_STR(sides[1]->source));
        return CLI_EXIT_USAGE;
    }
    tk_status status = tk_lists_diff(sides[0], sides[1], &view->arena, &d, &view->err);
    if (status != TK_OK)
        return lists_failed(view, status);
    bool json = cli_format_is(view->args, "json"), csv = cli_format_is(view->args, "csv");
    if (csv)
        tk_out_text(view->page.out, "change,list,key,name,field,before,after\n");
    else if (!json)
        text_summary(view, sides, &d);
    for (size_t i = 0; i < d.changes_count; i++)
        (json ? json_change : csv ? csv_change : text_change)(view, &d.changes[i]);
    return d.changes_count == 0 ? CLI_EXIT_OK : CLI_EXIT_CHANGED;
}
