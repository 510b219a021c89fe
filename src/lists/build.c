/* SPDX-License-Identifier: Apache-2.0 */
/* build.c: records put together into entries.
 *
 * Several records may be about one party: lists repeat a party once a country, or once an order. Those with the
 * publisher's number are one by the number; the others by list, name (letters and digits only) and what is asked for
 * them (requirement and policy). What they say is put together.
 *
 *   B1  Entries, and everything in them, stand in an order of their own, whatever the order in the file.
 *   B2  No key occurs twice in a list: the second party of the same name gets "-2" behind it.
 *   B3  read = accepted + rejected; entries = accepted - merged, less what only adds to another record.
 */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lists/lists_int.h"

enum { KEY_BYTES = 40 }; /* of a name in a key */

/* --- records as they are read --- */

/* Room for one more behind `count` items, or NULL. */
static void *grow(tk_arena *arena, void *items, size_t count, size_t *size, size_t item_bytes)
{
    if (count < *size)
        return items;
    size_t more = *size == 0 ? 4 : *size * 2;
    void *grown = tk_arena_get_array(arena, more, item_bytes);
    if (grown == NULL)
        return NULL;
    if (count != 0)
        memcpy(grown, items, count * item_bytes);
    *size = more;
    return grown;
}

lists_draft *lists_begin(lists_reader *reader, uint64_t line)
{
    reader->edition->read++;
    lists_draft *draft = TK_ARENA_NEW(&reader->scratch, lists_draft);
    if (draft != NULL) {
        draft->entry.start = TK_DATE_MIN;
        draft->entry.end = TK_DATE_MAX;
        draft->entry.line = line;
    }
    return draft;
}

void lists_reject(lists_reader *reader, uint64_t line, const char *format, ...)
{
    char text[512];
    reader->edition->rejected++;
    if (reader->edition->messages_count == TK_LIST_MESSAGES_MAX)
        return;
    va_list args;
    va_start(args, format);
    (void)vsnprintf(text, sizeof text, format, args);
    va_end(args);
    tk_list_message *grown = grow(reader->arena, reader->messages, reader->edition->messages_count,
                                  &reader->messages_size, sizeof *grown);
    if (grown == NULL)
        return;
    reader->messages = grown;
    grown[reader->edition->messages_count++]
        = (tk_list_message){tk_arena_copy(reader->arena, reader->file), line,
                            tk_arena_copy(reader->arena, tk_str_from(text))};
    reader->edition->messages = grown;
}

/* Why the draft is no entry, or NULL. */
static const char *accept_why_not(const lists_draft *draft)
{
    if (draft->entry.name.len == 0)
        return "no name";
    if (TK_LIST_NAME_BYTES_MAX < draft->entry.name.len)
        return "a name of more than 1000 bytes";
    if (TK_LIST_ALIASES_MAX < draft->aliases_count)
        return "more than 2000 aliases";
    for (size_t i = 0; i < draft->aliases_count; i++)
        if (TK_LIST_NAME_BYTES_MAX < draft->aliases[i].text.len)
            return "an alias of more than 1000 bytes";
    return NULL;
}

void lists_accept(lists_reader *reader, lists_draft *draft)
{
    const char *why = draft == NULL ? "out of memory" : accept_why_not(draft);
    if (why != NULL) {
        lists_reject(reader, draft == NULL ? 0 : draft->entry.line, "%s", why);
        return;
    }
    lists_draft **grown = grow(&reader->scratch, reader->drafts, reader->drafts_count, &reader->drafts_size,
                               sizeof(lists_draft *));
    if (grown == NULL)
        return;
    reader->drafts = grown;
    reader->drafts[reader->drafts_count++] = draft;
    reader->edition->accepted++;
    if (reader->newest < draft->entry.start && draft->entry.start <= reader->reading->today)
        reader->newest = draft->entry.start;
}

/* --- what a record says --- */

static void add_alias(lists_reader *reader, lists_draft *draft, tk_list_alias alias)
{
    if (alias.text.len == 0 || TK_LIST_ALIASES_MAX < draft->aliases_count)
        return;
    tk_list_alias *grown = grow(&reader->scratch, draft->aliases, draft->aliases_count, &draft->aliases_size,
                                sizeof *grown);
    if (grown == NULL)
        return;
    draft->aliases = grown;
    grown[draft->aliases_count++] = alias;
}

/* A word that says that another name follows ("a.k.a. ", "aka ", "f.k.a., ") and what stands behind it: its length. */
static size_t also_known(tk_str text)
{
    static const char *const words[] = {"a.k.a", "f.k.a", "n.k.a", "aka"};
    for (size_t i = 0; i < TK_COUNT(words); i++) {
        size_t at = strlen(words[i]);
        if (text.len <= at || !tk_str_eq_nocase((tk_str){text.ptr, at}, tk_str_from(words[i])))
            continue;
        while (at < text.len && memchr(".,: ", text.ptr[at], 4) != NULL)
            at++;
        return text.ptr[at - 1] == ' ' ? at : 0;
    }
    return 0;
}

/* Names in one text: "X, a.k.a. Y", "X (a.k.a. Y) Z" -> Y, and X or X Z, as aliases. The whole was taken already. */
static void put_names_within(lists_reader *reader, lists_draft *draft, tk_str text, tk_list_alias like)
{
    for (size_t i = 0; i < text.len; i++) {
        if (i != 0 && text.ptr[i - 1] != ' ' && text.ptr[i - 1] != '(')
            continue;
        size_t word = also_known((tk_str){text.ptr + i, text.len - i});
        if (word == 0)
            continue;
        bool inside = i != 0 && text.ptr[i - 1] == '(';
        tk_str before = {text.ptr, inside ? i - 1 : i}, other = {text.ptr + i + word, text.len - i - word};
        const char *close = inside ? memchr(other.ptr, ')', other.len) : NULL;
        tk_str after = TK_STR("");
        if (close != NULL) {
            after = (tk_str){close + 1, (size_t)(other.ptr + other.len - close - 1)};
            other.len = (size_t)(close - other.ptr);
        }
        before = lists_trim_name(before);
        after = lists_trim_name(after);
        like.text = lists_trim_name(other);
        add_alias(reader, draft, like);
        like.text = before.len == 0 || after.len == 0
                        ? (before.len == 0 ? after : before)
                        : tk_arena_printf(&reader->scratch, TK_FMT " " TK_FMT, TK_ARG_STR(before), TK_ARG_STR(after));
        add_alias(reader, draft, like);
        return;
    }
}

/* "Huawei Technologies Co., Ltd. (Huawei). Affiliated Entity: X": the party is X. */
static void put_part_name(lists_reader *reader, lists_draft *draft, tk_str text)
{
    static const char *const marks[] = {"Affiliated Entity: ", "subordinate entity ", "Subordinate Institution - "};
    for (size_t i = 0; i < TK_COUNT(marks); i++) {
        size_t at = lists_find(text, marks[i]), width = strlen(marks[i]);
        tk_list_alias alias = {0};
        if (at == SIZE_MAX || at == 0)
            continue;
        alias.text = lists_trim_name((tk_str){text.ptr + at + width, text.len - at - width});
        add_alias(reader, draft, alias);
    }
}

/* Letters of another script than the Latin one; what stands between them may be plain. */
static bool is_original(tk_str text)
{
    for (size_t i = 0; i < text.len; i++) {
        unsigned char c = (unsigned char)text.ptr[i];
        bool latin = c < 0xcd || c == 0xe2 || (c == 0xe1 && i + 1 < text.len && 0xb8 <= (unsigned char)text.ptr[i + 1]);
        if (!latin)
            return true;
    }
    return false;
}

/* "Sergei (Сергей)": both are names. */
static void put_scripts(lists_reader *reader, lists_draft *draft, tk_str text, tk_list_alias like)
{
    const char *open = text.len < 3 || text.ptr[text.len - 1] != ')' ? NULL : memchr(text.ptr, '(', text.len);
    if (open == NULL || open == text.ptr)
        return;
    tk_str inside = {open + 1, (size_t)(text.ptr + text.len - open) - 2};
    tk_str before = lists_trim_name((tk_str){text.ptr, (size_t)(open - text.ptr)});
    if (is_original(inside) == is_original(before))
        return;
    like.text = before;
    like.original = is_original(before);
    add_alias(reader, draft, like);
    like.text = lists_trim_name(inside);
    like.original = !like.original;
    add_alias(reader, draft, like);
}

/* A stray byte was taken off the end; with it, it is a name as published all the same. */
static bool ends_in_stray(tk_str clean, tk_str whole)
{
    return clean.len != whole.len && tk_str_ends(clean, TK_STR("\xc3\xbf"));
}

void lists_put_alias(lists_reader *reader, lists_draft *draft, tk_str name, bool weak, bool original)
{
    tk_str clean = lists_clean(&reader->scratch, name), whole = lists_trim_name(clean), rest = whole, part;
    tk_list_alias alias = {.text = whole, .weak = weak, .original = original || is_original(whole)};
    add_alias(reader, draft, alias);
    if (ends_in_stray(clean, whole)) {
        alias.text = clean;
        add_alias(reader, draft, alias);
    }
    put_names_within(reader, draft, whole, alias);
    put_scripts(reader, draft, whole, alias);
    if (whole.len == 0 || memchr(whole.ptr, ';', whole.len) == NULL)
        return;
    while (lists_next(&rest, ";", &part)) { /* glued */
        alias.text = lists_trim_name(part);
        add_alias(reader, draft, alias);
    }
}

void lists_put_name(lists_reader *reader, lists_draft *draft, tk_str name)
{
    tk_list_alias alias = {0};
    tk_str country, clean = lists_clean(&reader->scratch, name), whole = lists_trim_name(clean);
    tk_name_kind kind = draft->entry.kind;
    draft->entry.name = lists_without_tail(whole, &kind, &country);
    (void)lists_put_country(reader, draft, country);
    if (draft->entry.kind == TK_NAME_UNKNOWN)
        draft->entry.kind = kind;
    if (draft->entry.name.len != whole.len || ends_in_stray(clean, whole)) {
        alias.text = clean;
        add_alias(reader, draft, alias);
    }
    put_names_within(reader, draft, draft->entry.name, alias);
    put_part_name(reader, draft, draft->entry.name);
}

bool lists_put_country(lists_reader *reader, lists_draft *draft, tk_str country)
{
    tk_str code = tk_lists_country(reader->lists, country);
    if (code.len == 0)
        return false;
    tk_str *grown = grow(&reader->scratch, draft->countries, draft->countries_count, &draft->countries_size,
                         sizeof *grown);
    if (grown == NULL)
        return false;
    draft->countries = grown;
    grown[draft->countries_count++] = code;
    return true;
}

static void add_text(lists_reader *reader, tk_list_text **items, size_t *count, size_t *size, tk_list_text item)
{
    if (item.value.len == 0)
        return;
    tk_list_text *grown = grow(&reader->scratch, *items, *count, size, sizeof *grown);
    if (grown == NULL)
        return;
    *items = grown;
    grown[(*count)++] = item;
}

/* The country at the end of an address, taken off it; else one that is written out elsewhere ("…, China, 361100"). */
static tk_str take_country(lists_reader *reader, tk_str *address)
{
    tk_str rest = *address, part;
    const char *comma = rest.len == 0 ? NULL : memrchr(rest.ptr, ',', rest.len);
    size_t at = comma == NULL ? 0 : (size_t)(comma - rest.ptr) + 1;
    tk_str last = {rest.ptr + at, rest.len - at};
    if (tk_lists_country(reader->lists, last).len != 0) {
        *address = tk_str_trim((tk_str){address->ptr, at == 0 ? 0 : at - 1});
        return last;
    }
    last = TK_STR(" ");
    while (tk_str_split(&rest, ',', &part)) {
        part = tk_str_trim(part);
        if (2 < part.len && tk_lists_country(reader->lists, part).len != 0)
            last = part;
    }
    return last;
}

void lists_put_address(lists_reader *reader, lists_draft *draft, tk_str text, tk_str country)
{
    tk_list_text address = {.value = lists_clean(&reader->scratch, text)};
    if (country.len == 0)
        country = take_country(reader, &address.value);
    (void)lists_put_country(reader, draft, country);
    address.kind = tk_lists_country(reader->lists, country);
    add_text(reader, &draft->addresses, &draft->addresses_count, &draft->addresses_size, address);
}

void lists_put_identifier(lists_reader *reader, lists_draft *draft, tk_str kind, tk_str value)
{
    tk_list_text item = {lists_clean(&reader->scratch, kind), lists_clean(&reader->scratch, value)};
    add_text(reader, &draft->identifiers, &draft->identifiers_count, &draft->identifiers_size, item);
}

void lists_put_birth(lists_reader *reader, lists_draft *draft, tk_str text)
{
    tk_list_text item = {TK_STR(""), lists_birth(&reader->scratch, text)};
    add_text(reader, &draft->births, &draft->births_count, &draft->births_size, item);
}

void lists_put_text(lists_reader *reader, tk_str *to, tk_str text)
{
    text = lists_clean(&reader->scratch, text);
    if (to->len == 0)
        *to = text;
    else if (text.len != 0 && memmem(to->ptr, to->len, text.ptr, text.len) == NULL)
        *to = tk_arena_printf(&reader->scratch, TK_FMT "; " TK_FMT, TK_ARG_STR(*to), TK_ARG_STR(text));
}

/* --- in order, each once --- */

static int order_aliases(const void *a, const void *b)
{
    const tk_list_alias *x = a, *y = b;
    int order = tk_str_cmp(x->text, y->text);
    return order != 0 ? order : (x->weak - y->weak) * 2 + (y->original - x->original);
}

static int order_strs(const void *a, const void *b)
{
    return tk_str_cmp(*(const tk_str *)a, *(const tk_str *)b);
}

static int order_texts(const void *a, const void *b)
{
    const tk_list_text *x = a, *y = b;
    int order = tk_str_cmp(x->kind, y->kind);
    return order != 0 ? order : tk_str_cmp(x->value, y->value);
}

static void once_aliases(lists_draft *draft)
{
    size_t kept = 0;
    if (1 < draft->aliases_count)
        qsort(draft->aliases, draft->aliases_count, sizeof *draft->aliases, order_aliases);
    for (size_t i = 0; i < draft->aliases_count; i++)
        if (!tk_str_eq(draft->aliases[i].text, draft->entry.name)
            && (kept == 0 || !tk_str_eq(draft->aliases[i].text, draft->aliases[kept - 1].text)))
            draft->aliases[kept++] = draft->aliases[i];
    draft->aliases_count = kept;
}

static void once_texts(tk_list_text *items, size_t *count)
{
    size_t kept = 0;
    if (1 < *count)
        qsort(items, *count, sizeof *items, order_texts);
    for (size_t i = 0; i < *count; i++)
        if (kept == 0 || order_texts(&items[i], &items[kept - 1]) != 0)
            items[kept++] = items[i];
    *count = kept;
}

static void once_all(lists_draft *draft)
{
    size_t kept = 0;
    once_aliases(draft);
    if (1 < draft->countries_count)
        qsort(draft->countries, draft->countries_count, sizeof *draft->countries, order_strs);
    for (size_t i = 0; i < draft->countries_count; i++)
        if (kept == 0 || !tk_str_eq(draft->countries[i], draft->countries[kept - 1]))
            draft->countries[kept++] = draft->countries[i];
    draft->countries_count = kept;
    once_texts(draft->addresses, &draft->addresses_count);
    once_texts(draft->identifiers, &draft->identifiers_count);
    once_texts(draft->births, &draft->births_count);
}

/* --- one party --- */

/* Letters and digits of a text, in small letters: what stays the same when it is written with other marks. */
static tk_str fold_text(tk_arena *arena, tk_str text)
{
    char *out = tk_arena_get(arena, text.len + 1);
    size_t len = 0;
    for (size_t i = 0; out != NULL && i < text.len; i++) {
        unsigned char c = (unsigned char)text.ptr[i];
        bool upper = 'A' <= c && c <= 'Z';
        if (upper || ('a' <= c && c <= 'z') || ('0' <= c && c <= '9') || 0x80 <= c)
            out[len++] = (char)(upper ? c - 'A' + 'a' : c);
    }
    return (tk_str){out, len};
}

/* A name as a key: letters and digits with `-` between, cut, and a hash of all of it: other scripts leave nothing. */
static tk_str key_of_name(tk_arena *arena, tk_str name)
{
    char slug[KEY_BYTES + 1];
    size_t len = 0;
    bool gap = false;
    for (size_t i = 0; i < name.len; i++) {
        char c = name.ptr[i];
        bool upper = 'A' <= c && c <= 'Z', plain = ('a' <= c && c <= 'z') || upper || ('0' <= c && c <= '9');
        if (plain && len + 2 <= KEY_BYTES) {
            if (gap && len != 0)
                slug[len++] = '-';
            slug[len++] = (char)(upper ? c - 'A' + 'a' : c);
        }
        gap = !plain;
    }
    unsigned hash = (unsigned)(tk_str_hash(fold_text(arena, name)) & 0xffffffU);
    return tk_arena_printf(arena, TK_FMT "%s%06x", TK_ARG_STR(((tk_str){slug, len})), len == 0 ? "" : "-", hash);
}

static void give_key(lists_reader *reader, lists_draft *draft)
{
    tk_str number = draft->number, name = number.len != 0 ? number : draft->entry.name;
    draft->entry.key = tk_str_is_id(number) ? number : key_of_name(&reader->scratch, name);
    if (number.len == 0 && (draft->entry.policy.len != 0 || draft->entry.requirement.len != 0)) {
        tk_str both = tk_arena_printf(&reader->scratch, TK_FMT "|" TK_FMT, TK_ARG_STR(draft->entry.policy),
                                      TK_ARG_STR(draft->entry.requirement));
        draft->terms = fold_text(&reader->scratch, both);
    }
}

static int order_drafts(const void *a, const void *b)
{
    const lists_draft *x = *(lists_draft *const *)a, *y = *(lists_draft *const *)b;
    int order = tk_str_cmp(x->entry.list, y->entry.list);
    if (order == 0)
        order = tk_str_cmp(x->entry.key, y->entry.key);
    if (order == 0)
        order = tk_str_cmp(x->terms, y->terms);
    if (order == 0)
        order = tk_str_cmp(x->entry.name, y->entry.name);
    if (order == 0)
        order = tk_str_cmp(x->entry.citation, y->entry.citation);
    if (order == 0)
        order = tk_str_cmp(x->entry.policy, y->entry.policy);
    if (order == 0)
        order = (y->entry.line < x->entry.line) - (x->entry.line < y->entry.line);
    return order;
}

/* Are two neighbours in that order about one party? */
static bool same_party(const lists_draft *a, const lists_draft *b)
{
    return tk_str_eq(a->entry.list, b->entry.list) && tk_str_eq(a->entry.key, b->entry.key)
           && tk_str_eq(a->terms, b->terms);
}

static void merge(lists_reader *reader, lists_draft *into, const lists_draft *from)
{
    tk_list_alias name = {.text = from->entry.name};
    add_alias(reader, into, name);
    for (size_t i = 0; i < from->aliases_count; i++)
        add_alias(reader, into, from->aliases[i]);
    for (size_t i = 0; i < from->countries_count; i++)
        (void)lists_put_country(reader, into, from->countries[i]);
    for (size_t i = 0; i < from->addresses_count; i++)
        add_text(reader, &into->addresses, &into->addresses_count, &into->addresses_size, from->addresses[i]);
    for (size_t i = 0; i < from->identifiers_count; i++)
        add_text(reader, &into->identifiers, &into->identifiers_count, &into->identifiers_size, from->identifiers[i]);
    for (size_t i = 0; i < from->births_count; i++)
        add_text(reader, &into->births, &into->births_count, &into->births_size, from->births[i]);
    lists_put_text(reader, &into->entry.programs, from->entry.programs);
    lists_put_text(reader, &into->entry.citation, from->entry.citation);
    lists_put_text(reader, &into->entry.remarks, from->entry.remarks);
    if (from->entry.start < into->entry.start)
        into->entry.start = from->entry.start;
    if (into->entry.end < from->entry.end)
        into->entry.end = from->entry.end;
    if (into->entry.kind == TK_NAME_UNKNOWN)
        into->entry.kind = from->entry.kind;
}

/* --- the edition --- */

static void copy_texts(tk_arena *arena, const tk_list_text *from, size_t count, const tk_list_text **to,
                       size_t *to_count)
{
    tk_list_text *items = TK_ARENA_ARRAY(arena, tk_list_text, count);
    for (size_t i = 0; items != NULL && i < count; i++)
        items[i] = (tk_list_text){tk_arena_copy(arena, from[i].kind), tk_arena_copy(arena, from[i].value)};
    *to = items;
    *to_count = count;
}

static void keep_entry(tk_arena *arena, const lists_draft *draft, tk_list_entry *out)
{
    *out = draft->entry;
    tk_str *const texts[] = {&out->list, &out->key, &out->name, &out->programs, &out->requirement,
                             &out->policy, &out->citation, &out->url, &out->remarks};
    for (size_t i = 0; i < TK_COUNT(texts); i++)
        *texts[i] = tk_arena_copy(arena, *texts[i]);
    tk_list_alias *aliases = TK_ARENA_ARRAY(arena, tk_list_alias, draft->aliases_count);
    for (size_t i = 0; aliases != NULL && i < draft->aliases_count; i++) {
        aliases[i] = draft->aliases[i];
        aliases[i].text = tk_arena_copy(arena, aliases[i].text);
    }
    out->aliases = aliases;
    out->aliases_count = draft->aliases_count;
    tk_str *countries = TK_ARENA_ARRAY(arena, tk_str, draft->countries_count);
    for (size_t i = 0; countries != NULL && i < draft->countries_count; i++)
        countries[i] = tk_arena_copy(arena, draft->countries[i]);
    out->countries = countries;
    out->countries_count = draft->countries_count;
    copy_texts(arena, draft->addresses, draft->addresses_count, &out->addresses, &out->addresses_count);
    copy_texts(arena, draft->identifiers, draft->identifiers_count, &out->identifiers, &out->identifiers_count);
    copy_texts(arena, draft->births, draft->births_count, &out->births, &out->births_count);
}

/* Puts neighbours together that are one party, and tells apart by "-2" those that only share a name. */
static size_t unite(lists_reader *reader)
{
    size_t kept = 0, alike = 1;
    for (size_t i = 0; i < reader->drafts_count; i++) {
        lists_draft *draft = reader->drafts[i], *last = kept == 0 ? NULL : reader->drafts[kept - 1];
        if (last != NULL && same_party(last, draft)) {
            merge(reader, last, draft);
            reader->edition->merged++;
            continue;
        }
        reader->drafts[kept++] = draft;
    }
    for (size_t i = 0; i < kept; i++) {
        lists_draft *draft = reader->drafts[i], *next = i + 1 == kept ? NULL : reader->drafts[i + 1];
        bool again = next != NULL && tk_str_eq(next->entry.list, draft->entry.list)
                     && tk_str_eq(next->entry.key, draft->entry.key);
        once_all(draft);
        if (1 < alike)
            draft->entry.key = tk_arena_printf(&reader->scratch, TK_FMT "-%zu", TK_ARG_STR(draft->entry.key), alike);
        alike = again ? alike + 1 : 1;
    }
    return kept;
}

tk_status lists_build(lists_reader *reader, tk_err *err)
{
    for (size_t i = 0; i < reader->drafts_count; i++)
        give_key(reader, reader->drafts[i]);
    if (1 < reader->drafts_count)
        qsort(reader->drafts, reader->drafts_count, sizeof(lists_draft *), order_drafts);
    size_t count = unite(reader);
    tk_list_entry *entries = TK_ARENA_ARRAY(reader->arena, tk_list_entry, count);
    for (size_t i = 0; entries != NULL && i < count; i++)
        keep_entry(reader->arena, reader->drafts[i], &entries[i]);
    if (reader->arena->failed || reader->scratch.failed)
        return tk_err_set(err, TK_ERR_MEMORY, "out of memory");
    reader->edition->entries = entries;
    reader->edition->entries_count = count;
    return TK_OK;
}
