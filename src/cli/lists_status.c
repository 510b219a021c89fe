/* SPDX-License-Identifier: Apache-2.0 */
/* lists_status.c: `twokey lists status` and `lists show`: which edition of each source is in use, how old it is and
 * when it is stale; a source with its versions, an entry as published, a list with its ownership rule. */
#include "base/csv.h"
#include "cli/lists.h"

#include <string.h>

static int age_of(const lists_view *view, const tk_shelf_version *version)
{
    return version->published < view->as_of ? view->as_of - version->published : 0;
}

static bool is_stale(const lists_view *view, const tk_list_source *source, const tk_shelf_version *version)
{
    return (int)source->stale_days < age_of(view, version);
}

/* "fresh", or what is wrong with it. */
static const char *state_of(const lists_view *view, const tk_list_source *source, const tk_shelf_version *version)
{
    if (!version->usable)
        return "not usable";
    return is_stale(view, source, version) ? "stale" : "fresh";
}

static tk_str short_hash(tk_str hash)
{
    enum { SHOWN = 8 };
    return (tk_str){hash.ptr, hash.len < SHOWN ? hash.len : SHOWN};
}

/* --- one line a source --- */

typedef void (*status_row)(lists_view *view, const tk_list_source *source, tk_str id, const tk_shelf_version *version);

/* Every source that has a version, and those that could have one, by id. */
static void each_source(lists_view *view, const tk_shelf_version *versions, size_t count, status_row row)
{
    size_t sources_count;
    const tk_list_source *sources = tk_lists_sources(view->lists, &sources_count);
    for (size_t i = 0; i < count; i++) { /* lists of one's own first: they stand in no table */
        bool first = i == 0 || !tk_str_eq(versions[i - 1].source, versions[i].source);
        if (first && tk_lists_source(view->lists, versions[i].source) == NULL)
            row(view, tk_lists_source_of(view->lists, versions[i].source), versions[i].source,
                tk_shelf_choose(versions, count, versions[i].source, view->known_at));
    }
    for (size_t i = 0; i < sources_count; i++)
        if (!tk_str_is(sources[i].format, "mapped"))
            row(view, &sources[i], sources[i].id,
                tk_shelf_choose(versions, count, sources[i].id, view->known_at));
}

enum { STATUS_SOURCE = 13, STATUS_DAY = 12, STATUS_AGE = 11, STATUS_ENTRIES = 9, STATUS_HASH = 10 };

static void text_row(lists_view *view, const tk_list_source *source, tk_str id, const tk_shelf_version *version)
{
    cli_page *page = &view->page;
    cli_put_column(page, CLI_BOLD, id, STATUS_SOURCE);
    if (version == NULL) {
        cli_puts(page, CLI_DIM, "never imported\n");
        return;
    }
    bool good = version->usable && !is_stale(view, source, version);
    cli_put_column(page, CLI_PLAIN, lists_day(view, version->published), STATUS_DAY);
    cli_put_column(page, CLI_PLAIN, tk_arena_printf(&view->arena, "%d days", age_of(view, version)), STATUS_AGE);
    cli_put_column(page, CLI_PLAIN, lists_count(view, version->entries), STATUS_ENTRIES);
    cli_put_column(page, CLI_DIM, short_hash(version->hash), STATUS_HASH);
    if (!good)
        cli_puts(page, CLI_RED, state_of(view, source, version));
    tk_out_printf(page->out, good ? "stale after %u days\n" : " (after %u days)\n", source->stale_days);
    if (version->rejected != 0) {
        tk_out_text(page->out, "  ");
        cli_put_wrapped(page, CLI_YELLOW,
                        tk_arena_printf(&view->arena, TK_FMT " of its records could not be read: who they name is not "
                                        "screened against",
                                        TK_ARG_STR(lists_count(view, version->rejected))),
                        2, 2);
    }
    if (version->trouble.len != 0) {
        tk_out_text(page->out, "  ");
        cli_put_wrapped(page, CLI_PLAIN, version->trouble, 2, 2);
    }
    tk_arena_reset(&page->scratch);
}

static void csv_row(lists_view *view, const tk_list_source *source, tk_str id, const tk_shelf_version *version)
{
    tk_out *out = view->page.out;
    tk_csv_write_cell(out, id, true, true);
    tk_csv_write_cell(out, source->title, false, true);
    if (version == NULL) {
        tk_out_printf(out, ",,,,%u,never imported,,,\n", source->stale_days);
        return;
    }
    tk_csv_write_cell(out, version->name, false, true);
    tk_csv_write_cell(out, lists_day(view, version->published), false, true);
    tk_out_printf(out, ",%d,%u", age_of(view, version), source->stale_days);
    tk_csv_write_cell(out, tk_str_from(state_of(view, source, version)), false, true);
    tk_out_printf(out, ",%llu", (unsigned long long)version->entries);
    tk_csv_write_cell(out, version->hash, false, true);
    tk_csv_write_cell(out, lists_day(view, version->imported), false, true);
    tk_out_char(out, '\n');
}

/* Members of an object. */
static void version_json(lists_view *view, tk_json *json, const tk_list_source *source, const tk_shelf_version *version)
{
    const struct {
        const char *key;
        tk_str value;
    } texts[] = {{"version", version->name}, {"published", lists_day(view, version->published)},
                 {"dated", tk_list_dated_name(version->dated)}, {"imported", lists_day(view, version->imported)},
                 {"hash", version->hash}, {"state", tk_str_from(state_of(view, source, version))},
                 {"trouble", version->trouble}};
    const struct {
        const char *key;
        int64_t value;
    } numbers[] = {{"age_days", age_of(view, version)}, {"entries", (int64_t)version->entries},
                   {"names", (int64_t)version->names}, {"rejected", (int64_t)version->rejected}};
    for (size_t i = 0; i < TK_COUNT(texts); i++) {
        tk_json_key(json, texts[i].key);
        tk_json_str(json, texts[i].value);
    }
    for (size_t i = 0; i < TK_COUNT(numbers); i++) {
        tk_json_key(json, numbers[i].key);
        tk_json_int(json, numbers[i].value);
    }
}

static void json_row(lists_view *view, const tk_list_source *source, tk_str id, const tk_shelf_version *version)
{
    tk_json json;
    tk_json_begin(&json, view->page.out);
    tk_json_open(&json, '{');
    tk_json_key(&json, "source");
    tk_json_str(&json, id);
    tk_json_key(&json, "title");
    tk_json_str(&json, source->title);
    tk_json_key(&json, "stale_days");
    tk_json_int(&json, source->stale_days);
    if (version != NULL)
        version_json(view, &json, source, version);
    tk_json_close(&json, '}');
    tk_out_char(view->page.out, '\n');
}

static void status_heading(lists_view *view)
{
    cli_page *page = &view->page;
    cli_put_column(page, CLI_DIM, TK_STR("SOURCE"), STATUS_SOURCE);
    cli_put_column(page, CLI_DIM, TK_STR("PUBLISHED"), STATUS_DAY);
    cli_put_column(page, CLI_DIM, TK_STR("AGE"), STATUS_AGE);
    cli_put_column(page, CLI_DIM, TK_STR("ENTRIES"), STATUS_ENTRIES);
    cli_put_column(page, CLI_DIM, TK_STR("HASH"), STATUS_HASH);
    cli_puts(page, CLI_DIM, "STATE\n");
}

int lists_status(lists_view *view)
{
    size_t count;
    const tk_shelf_version *versions;
    int code = lists_open_shelf(view);
    if (code != CLI_EXIT_OK)
        return code;
    tk_status status = lists_versions(view, &versions, &count);
    if (status != TK_OK)
        return lists_failed(view, status);
    if (cli_format_is(view->args, "json")) {
        each_source(view, versions, count, json_row);
    } else if (cli_format_is(view->args, "csv")) {
        tk_out_text(view->page.out,
                    "source,title,version,published,age_days,stale_days,state,entries,hash,imported\n");
        each_source(view, versions, count, csv_row);
    } else {
        status_heading(view);
        each_source(view, versions, count, text_row);
    }
    return CLI_EXIT_OK;
}

/* --- show: a source --- */

static int show_source(lists_view *view, const tk_list_source *source, tk_str id, const tk_shelf_version *versions,
                       size_t count)
{
    cli_page *page = &view->page;
    cli_put(page, CLI_BOLD, id);
    tk_out_text(page->out, "  ");
    cli_put_wrapped(page, CLI_PLAIN, source->title, id.len + 2, 2);
    lists_line(view, "publisher", source->publisher);
    lists_line(view, "from", source->url);
    lists_line(view, "terms", source->terms);
    lists_line(view, "gate", tk_arena_printf(&view->arena,
                                             "at least " TK_FMT " entries; at most %u percent fewer than the edition "
                                             "before; at most %u records in 1000 that cannot be read",
                                             TK_ARG_STR(lists_count(view, source->entries_min)),
                                             source->shrink_max_percent, source->reject_max_permille));
    lists_line(view, "stale", tk_arena_printf(&view->arena, "after %u days", source->stale_days));
    lists_line(view, "because", source->basis);
    const tk_shelf_version *used = tk_shelf_choose(versions, count, id, view->known_at);
    for (size_t i = 0; i < count; i++)
        if (tk_str_eq(versions[i].source, id))
            lists_line(view, &versions[i] == used ? "version *" : "version",
                       tk_arena_printf(&view->arena, TK_FMT ", " TK_FMT " entries", TK_ARG_STR(versions[i].name),
                                       TK_ARG_STR(lists_count(view, versions[i].entries))));
    return CLI_EXIT_OK;
}

static int show_source_json(lists_view *view, const tk_list_source *source, tk_str id,
                            const tk_shelf_version *versions, size_t count)
{
    tk_json json;
    tk_json_begin(&json, view->page.out);
    tk_json_open(&json, '{');
    const struct {
        const char *key;
        tk_str value;
    } texts[] = {{"source", id}, {"title", source->title}, {"publisher", source->publisher}, {"url", source->url},
                 {"terms", source->terms}, {"basis", source->basis}};
    for (size_t i = 0; i < TK_COUNT(texts); i++) {
        tk_json_key(&json, texts[i].key);
        tk_json_str(&json, texts[i].value);
    }
    tk_json_key(&json, "stale_days");
    tk_json_int(&json, source->stale_days);
    tk_json_key(&json, "versions");
    tk_json_open(&json, '[');
    for (size_t i = 0; i < count; i++)
        if (tk_str_eq(versions[i].source, id)) {
            tk_json_open(&json, '{');
            version_json(view, &json, source, &versions[i]);
            tk_json_close(&json, '}');
        }
    tk_json_close(&json, ']');
    tk_json_close(&json, '}');
    tk_out_char(view->page.out, '\n');
    return CLI_EXIT_OK;
}

/* --- show: a list --- */

static const char *minority_says(tk_list_minority minority)
{
    return minority == TK_LIST_MINORITY_RED_FLAG ? "a red flag to be explained"
           : minority == TK_LIST_MINORITY_NOTE   ? "a note"
                                                 : "nothing";
}

static tk_str percent_of(lists_view *view, const tk_list_family *family)
{
    char text[TK_NUM_TEXT_MAX];
    size_t len = tk_num_format(family->owned_percent, text);
    return tk_arena_copy(&view->arena, (tk_str){text, len});
}

static int show_family(lists_view *view, const tk_list_family *family)
{
    cli_page *page = &view->page;
    cli_put(page, CLI_BOLD, family->code);
    tk_out_text(page->out, "  ");
    cli_put_wrapped(page, CLI_PLAIN, family->name, family->code.len + 2, 2);
    lists_line(view, "called", family->wordings);
    if (family->owned_percent == 0)
        lists_line(view, "ownership", TK_STR("no rule on record: what a listed party owns is not listed by that"));
    else
        lists_line(view, "ownership",
                   tk_arena_printf(&view->arena, "from " TK_FMT " percent on%s; a listed owner below that is %s",
                                   TK_ARG_STR(percent_of(view, family)),
                                   family->aggregate ? ", shares of several listed owners added up" : "",
                                   minority_says(family->minority)));
    lists_line(view, "by", family->citation);
    lists_line(view, "see", family->url);
    lists_line(view, "in rules", family->party_lists.len == 0 ? TK_STR("no rule asks for it") : family->party_lists);
    return CLI_EXIT_OK;
}

static int show_family_json(lists_view *view, const tk_list_family *family)
{
    tk_json json;
    tk_json_begin(&json, view->page.out);
    tk_json_open(&json, '{');
    const struct {
        const char *key;
        tk_str value;
    } texts[] = {{"list", family->code}, {"name", family->name}, {"wordings", family->wordings},
                 {"citation", family->citation}, {"url", family->url}, {"party_lists", family->party_lists}};
    for (size_t i = 0; i < TK_COUNT(texts); i++) {
        tk_json_key(&json, texts[i].key);
        tk_json_str(&json, texts[i].value);
    }
    tk_json_key(&json, "owned_percent");
    if (family->owned_percent == 0)
        tk_json_null(&json);
    else
        tk_json_raw(&json, percent_of(view, family));
    tk_json_key(&json, "aggregate");
    tk_json_bool(&json, family->aggregate);
    tk_json_close(&json, '}');
    tk_out_char(view->page.out, '\n');
    return CLI_EXIT_OK;
}

/* --- show: an entry --- */

/* The entry of an open version, or not: both are good. */
static tk_status find_entry(lists_view *view, const tk_shelved *shelved, tk_str list, tk_str key, tk_list_entry *entry,
                            bool *found)
{
    uint64_t low = 0, high = tk_shelved_count(shelved);
    *found = false;
    while (low < high) {
        uint64_t middle = low + (high - low) / 2;
        tk_status status = tk_shelved_entry(shelved, middle, &view->arena, entry, &view->err);
        if (status != TK_OK)
            return status;
        int order = tk_str_cmp(entry->list, list);
        if (order == 0)
            order = tk_str_cmp(entry->key, key);
        if (order == 0) {
            *found = true;
            return TK_OK;
        }
        if (order < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return TK_OK;
}

static void write_entry(lists_view *view, const tk_shelf_version *version, const tk_list_entry *entry)
{
    tk_json json;
    if (!cli_format_is(view->args, "json")) {
        lists_entry_text(view, entry);
        lists_line(view, "version", version->name);
        return;
    }
    tk_json_begin(&json, view->page.out);
    tk_json_open(&json, '{');
    tk_json_key(&json, "version");
    tk_json_str(&json, version->name);
    lists_entry_json(&json, entry);
    tk_json_close(&json, '}');
    tk_out_char(view->page.out, '\n');
}

/* LIST:KEY in the newest version of every source. */
static int show_entry(lists_view *view, tk_str id, const tk_shelf_version *versions, size_t count)
{
    size_t shown = 0;
    const char *colon = memchr(id.ptr, ':', id.len);
    size_t at = (size_t)(colon - id.ptr);
    tk_str list = {id.ptr, at}, key = {colon + 1, id.len - at - 1};
    for (size_t i = 0; i < count; i++) {
        tk_list_entry entry;
        bool found = false;
        if (&versions[i] != tk_shelf_choose(versions, count, versions[i].source, view->known_at))
            continue;
        tk_status status = tk_shelved_open(view->shelf, &versions[i], true, &view->shelved[0], &view->err);
        if (status == TK_OK)
            status = find_entry(view, view->shelved[0], list, key, &entry, &found);
        if (status == TK_OK && found)
            write_entry(view, &versions[i], &entry);
        tk_shelved_close(view->shelved[0]);
        view->shelved[0] = NULL;
        if (status != TK_OK)
            return lists_failed(view, status);
        shown += found ? 1 : 0;
    }
    if (shown != 0)
        return CLI_EXIT_OK;
    cli_complain("no entry '" TK_FMT "' in the lists in use", TK_ARG_STR(id));
    return CLI_EXIT_USAGE;
}

/* --- show: which of them --- */

static int complain_unknown(lists_view *view, tk_str id)
{
    char hint[CLI_HINT_MAX];
    size_t sources_count, families_count;
    const tk_list_source *sources = tk_lists_sources(view->lists, &sources_count);
    const tk_list_family *families = tk_lists_families(view->lists, &families_count);
    tk_nearest near = tk_nearest_make(id);
    for (size_t i = 0; i < sources_count; i++)
        tk_nearest_offer(&near, sources[i].id);
    for (size_t i = 0; i < families_count; i++)
        tk_nearest_offer(&near, families[i].code);
    cli_complain("'" TK_FMT "' is no source, list or entry%s", TK_ARG_STR(id), cli_hint(near.best, hint));
    return CLI_EXIT_USAGE;
}

int lists_show(lists_view *view)
{
    size_t count;
    const tk_shelf_version *versions;
    tk_str id = tk_str_from(view->args->positional[1]);
    const tk_list_family *family = tk_lists_family(view->lists, id);
    const tk_list_source *source = tk_lists_source(view->lists, id);
    bool json = cli_format_is(view->args, "json");
    int code = lists_open_shelf(view);
    if (code != CLI_EXIT_OK)
        return code;
    tk_status status = lists_versions(view, &versions, &count);
    if (status != TK_OK)
        return lists_failed(view, status);
    for (size_t i = 0; source == NULL && i < count; i++)
        if (tk_str_eq(versions[i].source, id))
            source = tk_lists_source_of(view->lists, id);
    if (source != NULL)
        return json ? show_source_json(view, source, id, versions, count)
                    : show_source(view, source, id, versions, count);
    if (family != NULL)
        return json ? show_family_json(view, family) : show_family(view, family);
    if (id.len != 0 && memchr(id.ptr, ':', id.len) != NULL)
        return show_entry(view, id, versions, count);
    return complain_unknown(view, id);
}
