/* SPDX-License-Identifier: Apache-2.0 */
/* file.c: a version of a list made into bytes and read back.
 *
 * Making is one pass over the entries: each is written down as published, its names are prepared, and their keys and
 * those of its identifiers are collected. Reading trusts nothing: a cursor that is asked for more than there is turns
 * broken and gives empty texts from then on.
 */
#include "screen/file.h"

#include <string.h>

#include "base/compat.h"
#include "base/err.h"
#include "base/limits.h"
#include "base/sha256.h"
#include "base/str.h"
#include "screen/fields.h"
#include "screen/index.h"

static const char file_magic[8] = {'t', 'w', 'k', 'y', 'l', 'i', 's', 't'};
enum { FILE_MARK = 0x01020304, FILE_ALIGN = 8, FILE_CHUNK_BYTES = 256 * 1024 };

_Static_assert(sizeof(screen_head) % FILE_ALIGN == 0, "parts begin aligned");
_Static_assert(offsetof(screen_head, check) + sizeof(uint64_t) == sizeof(screen_head), "the check is last");
_Static_assert(sizeof(screen_name) == 16, "as it lies in the file");

/* --- writing an entry --- */

static void put_bytes(tk_out *out, const void *bytes, size_t size)
{
    tk_out_add(out, (tk_str){bytes, size});
}

static void put_u32(tk_out *out, size_t value)
{
    uint32_t small = (uint32_t)value;
    put_bytes(out, &small, sizeof small);
}

static void put_text(tk_out *out, tk_str text)
{
    put_u32(out, text.len);
    tk_out_add(out, text);
}

static void put_pairs(tk_out *out, const tk_list_text *pairs, size_t count)
{
    put_u32(out, count);
    for (size_t i = 0; i < count; i++) {
        put_text(out, pairs[i].kind);
        put_text(out, pairs[i].value);
    }
}

/* The line comes first, so that the rest can be compared between versions. */
static void put_entry(tk_out *out, const tk_list_entry *entry)
{
    put_bytes(out, &entry->line, sizeof entry->line);
    put_u32(out, (size_t)entry->kind);
    put_bytes(out, &entry->start, sizeof entry->start);
    put_bytes(out, &entry->end, sizeof entry->end);
    const tk_str texts[] = {entry->list,   entry->key,      entry->name, entry->programs, entry->requirement,
                            entry->policy, entry->citation, entry->url,  entry->remarks};
    for (size_t i = 0; i < TK_COUNT(texts); i++)
        put_text(out, texts[i]);
    put_u32(out, entry->aliases_count);
    for (size_t i = 0; i < entry->aliases_count; i++) {
        put_u32(out, (size_t)(entry->aliases[i].weak ? 1 : 0) | (size_t)(entry->aliases[i].original ? 2 : 0));
        put_text(out, entry->aliases[i].text);
    }
    put_u32(out, entry->countries_count);
    for (size_t i = 0; i < entry->countries_count; i++)
        put_text(out, entry->countries[i]);
    put_pairs(out, entry->addresses, entry->addresses_count);
    put_pairs(out, entry->identifiers, entry->identifiers_count);
    put_pairs(out, entry->births, entry->births_count);
}

/* --- making --- */

typedef struct file_maker {
    tk_names *names;
    tk_arena scratch; /* of one entry */
    tk_arena keep;    /* of the index */
    screen_index_maker index;
    tk_name_key *keys; /* of one name */
    tk_out entries, begins, table, blocks;
    uint64_t names_count, unprepared_count;
} file_maker;

static void maker_begin(file_maker *maker, tk_names *names)
{
    *maker = (file_maker){.names = names};
    tk_arena_init(&maker->scratch, FILE_CHUNK_BYTES, 0);
    tk_arena_init(&maker->keep, FILE_CHUNK_BYTES, 0);
    maker->keys = TK_ARENA_ARRAY(&maker->keep, tk_name_key, TK_SCREEN_KEYS_MAX);
    screen_index_begin(&maker->index);
    tk_out *const outs[] = {&maker->entries, &maker->begins, &maker->table, &maker->blocks};
    for (size_t i = 0; i < TK_COUNT(outs); i++)
        tk_out_init(outs[i], NULL);
}

static void maker_end(file_maker *maker)
{
    tk_out *const outs[] = {&maker->entries, &maker->begins, &maker->table, &maker->blocks};
    for (size_t i = 0; i < TK_COUNT(outs); i++)
        tk_out_fini(outs[i]);
    screen_index_end(&maker->index);
    tk_arena_fini(&maker->scratch);
    tk_arena_fini(&maker->keep);
}

static tk_status maker_status(const file_maker *maker, tk_err *err)
{
    const tk_out *const outs[] = {&maker->entries, &maker->begins, &maker->table, &maker->blocks, &maker->index.pairs};
    for (size_t i = 0; i < TK_COUNT(outs); i++)
        if (outs[i]->status != TK_OK)
            return tk_err_set(err, outs[i]->status, "out of memory for a version of a list");
    return TK_OK;
}

/* A name in which nothing can be compared is counted and left out; it could never be found. */
static tk_status maker_add_name(file_maker *maker, const tk_list_entry *entry, uint32_t number, uint32_t alias,
                                tk_err *err)
{
    const tk_name *name = NULL;
    tk_err why = {0};
    tk_str text = alias == 0 ? entry->name : entry->aliases[alias - 1].text;
    tk_status status = tk_names_prepare(maker->names, &maker->scratch, text, entry->kind, &name, &why);
    size_t size = status == TK_OK ? tk_name_size_bytes(name) : 0;
    if (status == TK_ERR_INPUT || status == TK_ERR_LIMIT) {
        maker->unprepared_count++;
        return TK_OK;
    }
    if (status != TK_OK)
        return tk_err_set(err, status, "%s", why.message);
    if (UINT32_MAX < maker->blocks.len / FILE_ALIGN || UINT32_MAX <= maker->names_count)
        return tk_err_set(err, TK_ERR_LIMIT, "a version of a list holds at most %u names", UINT32_MAX);
    screen_name row = {.entry = number,
                       .alias = alias,
                       .at = (uint32_t)(maker->blocks.len / FILE_ALIGN),
                       .size = (uint32_t)(size / FILE_ALIGN)};
    put_bytes(&maker->table, &row, sizeof row);
    put_bytes(&maker->blocks, name, size);
    size_t count = tk_names_keys(maker->names, name, TK_NAME_LISTED, maker->keys, TK_SCREEN_KEYS_MAX);
    for (size_t i = 0; i < count; i++)
        screen_index_add(&maker->index, maker->keys[i].hash, (uint32_t)maker->names_count);
    maker->names_count++;
    return TK_OK;
}

/* An identifier leads to the first name of its entry. */
static void maker_add_identifiers(file_maker *maker, const tk_list_entry *entry, uint32_t first)
{
    for (size_t i = 0; i < entry->identifiers_count; i++) {
        uint64_t keys[SCREEN_IDENTIFIER_KEYS];
        size_t count = screen_identifier_keys(entry->identifiers[i].value, keys);
        for (size_t k = 0; k < count; k++)
            screen_index_add(&maker->index, keys[k], first);
    }
}

static tk_status maker_add_entry(file_maker *maker, const tk_list_entry *entry, uint32_t number, tk_err *err)
{
    uint64_t begin = maker->entries.len, first = maker->names_count;
    put_bytes(&maker->begins, &begin, sizeof begin);
    put_entry(&maker->entries, entry);
    tk_status status = TK_OK;
    for (size_t alias = 0; status == TK_OK && alias <= entry->aliases_count; alias++)
        status = maker_add_name(maker, entry, number, (uint32_t)alias, err);
    if (status == TK_OK && first < maker->names_count)
        maker_add_identifiers(maker, entry, (uint32_t)first);
    tk_arena_reset(&maker->scratch);
    return status == TK_OK ? maker_status(maker, err) : status;
}

static void out_pad(tk_out *out)
{
    while (out->len % FILE_ALIGN != 0 && out->status == TK_OK)
        tk_out_char(out, 0);
}

static void out_part(tk_out *out, screen_head *head, screen_part part, const void *bytes, size_t size)
{
    head->parts[part] = (screen_extent){out->len, size};
    put_bytes(out, bytes, size);
    out_pad(out);
}

static void head_text(char *to, size_t size, tk_str text)
{
    memset(to, 0, size);
    if (text.len != 0)
        memcpy(to, text.ptr, text.len < size ? text.len : size);
}

static uint64_t head_check(const screen_head *head)
{
    return tk_str_hash((tk_str){(const char *)head, offsetof(screen_head, check)});
}

static tk_status parts_hash(tk_str parts, char hex[TK_SHA256_HEX_BYTES], tk_err *err)
{
    tk_sha256 *hash = NULL;
    tk_status status = tk_sha256_new(&hash, err);
    if (status != TK_OK)
        return status;
    tk_sha256_add(hash, parts);
    status = tk_sha256_finish(hash, hex, err);
    tk_sha256_free(hash);
    return status;
}

static void maker_lay_out(file_maker *maker, const screen_index *index, screen_head *head, tk_out *out)
{
    uint64_t end = maker->entries.len;
    put_bytes(&maker->begins, &end, sizeof end);
    put_bytes(out, head, sizeof *head);
    out_part(out, head, SCREEN_ENTRIES, maker->entries.bytes, maker->entries.len);
    out_part(out, head, SCREEN_BEGINS, maker->begins.bytes, maker->begins.len);
    out_part(out, head, SCREEN_NAMES, maker->table.bytes, maker->table.len);
    out_part(out, head, SCREEN_BLOCKS, maker->blocks.bytes, maker->blocks.len);
    out_part(out, head, SCREEN_BUCKETS, index->buckets, index->buckets_count * sizeof(uint32_t));
    out_part(out, head, SCREEN_KEYS, index->keys, index->keys_count * sizeof(uint32_t));
    out_part(out, head, SCREEN_STARTS, index->starts, index->starts_count * sizeof(uint32_t));
    out_part(out, head, SCREEN_POSTINGS, index->postings, index->postings_count * sizeof(uint32_t));
    head->file_bytes = out->len;
    head->bucket_bits = index->bucket_bits;
    head->keys_count = index->keys_count;
    head->postings_count = index->postings_count;
    head->names_count = maker->names_count;
    head->unprepared_count = maker->unprepared_count;
}

static tk_status maker_finish(file_maker *maker, screen_head *head, tk_out *out, tk_err *err)
{
    screen_index index;
    tk_status status = screen_index_make(&maker->index, &maker->keep, &index, err);
    if (status != TK_OK)
        return status;
    maker_lay_out(maker, &index, head, out);
    status = maker_status(maker, err);
    if (status == TK_OK && out->status != TK_OK)
        status = tk_err_set(err, out->status, "out of memory for a version of a list");
    char hex[TK_SHA256_HEX_BYTES];
    if (status == TK_OK)
        status = parts_hash((tk_str){out->bytes + sizeof *head, out->len - sizeof *head}, hex, err);
    if (status != TK_OK)
        return status;
    head_text(head->content, sizeof head->content, tk_str_from(hex));
    head->check = head_check(head);
    memcpy(out->bytes, head, sizeof *head);
    return TK_OK;
}

tk_status screen_file_make(tk_names *names, const tk_list_edition *edition, tk_date imported, uint32_t serial,
                           tk_out *out, tk_err *err)
{
    screen_head head = {.mark = FILE_MARK,
                        .format = SCREEN_FORMAT,
                        .published = edition->published,
                        .imported = imported,
                        .dated = (uint32_t)edition->dated,
                        .fields = edition->fields,
                        .serial = serial,
                        .read = edition->read,
                        .accepted = edition->accepted,
                        .rejected = edition->rejected,
                        .merged = edition->merged,
                        .entries_count = edition->entries_count};
    memcpy(head.magic, file_magic, sizeof file_magic);
    head_text(head.method, sizeof head.method, TK_STR(TK_NAMES_METHOD));
    head_text(head.source, sizeof head.source, edition->source);
    head_text(head.hash, sizeof head.hash, edition->hash);
    for (size_t i = 1; i < edition->entries_count; i++)
        if (tk_str_cmp(edition->entries[i].list, edition->entries[i - 1].list) < 0)
            return tk_err_set(err, TK_ERR_BUG, "the entries of an edition do not stand by list");
    if (UINT32_MAX <= edition->entries_count)
        return tk_err_set(err, TK_ERR_LIMIT, "a version of a list holds at most %u entries", UINT32_MAX - 1);
    file_maker maker;
    maker_begin(&maker, names);
    tk_status status = TK_OK;
    if (maker.keys == NULL)
        status = tk_err_set(err, TK_ERR_MEMORY, "out of memory for a version of a list");
    for (size_t i = 0; status == TK_OK && i < edition->entries_count; i++)
        status = maker_add_entry(&maker, &edition->entries[i], (uint32_t)i, err);
    tk_out_reset(out);
    if (status == TK_OK)
        status = maker_finish(&maker, &head, out, err);
    maker_end(&maker);
    return status;
}

/* --- looking at one --- */

tk_str screen_head_text(const char *text, size_t size)
{
    return (tk_str){text, strnlen(text, size)};
}

bool screen_method_is_ours(const screen_head *head)
{
    return tk_str_is(screen_head_text(head->method, sizeof head->method), TK_NAMES_METHOD);
}

/* What each part must measure by the counts of the head; the entries and the blocks are as long as they say. */
static bool extents_are_right(const screen_head *head)
{
    uint64_t counts[] = {head->entries_count, head->names_count, head->keys_count, head->postings_count};
    for (size_t i = 0; i < TK_COUNT(counts); i++)
        if (UINT32_MAX <= counts[i])
            return false;
    if (head->bucket_bits < 1 || 31 < head->bucket_bits || TK_LIST_DATED_COUNT <= head->dated)
        return false;
    const screen_extent *parts = head->parts;
    uint64_t at = sizeof *head;
    for (size_t i = 0; i < SCREEN_PARTS; i++) {
        if (parts[i].at != at || head->file_bytes < at || head->file_bytes - at < parts[i].bytes)
            return false;
        at += (parts[i].bytes + (FILE_ALIGN - 1)) / FILE_ALIGN * FILE_ALIGN;
    }
    return at == head->file_bytes && parts[SCREEN_BEGINS].bytes == (head->entries_count + 1) * sizeof(uint64_t)
           && parts[SCREEN_NAMES].bytes == head->names_count * sizeof(screen_name)
           && parts[SCREEN_BUCKETS].bytes == (((uint64_t)1 << head->bucket_bits) + 1) * sizeof(uint32_t)
           && parts[SCREEN_KEYS].bytes == head->keys_count * sizeof(uint32_t)
           && parts[SCREEN_STARTS].bytes == (head->keys_count + 1) * sizeof(uint32_t)
           && parts[SCREEN_POSTINGS].bytes == head->postings_count * sizeof(uint32_t);
}

tk_status screen_head_look(const screen_head *head, uint64_t file_bytes, tk_err *err)
{
    if (file_bytes < sizeof *head || memcmp(head->magic, file_magic, sizeof file_magic) != 0)
        return tk_err_set(err, TK_ERR_INPUT, "is no version of a list");
    if (head->mark != FILE_MARK)
        return tk_err_set(err, TK_ERR_INPUT, "was made on a machine of another kind; import the list here");
    if (head->format != SCREEN_FORMAT)
        return tk_err_set(err, TK_ERR_INPUT, "has format %u, and this program reads %d; import the list again",
                          head->format, SCREEN_FORMAT);
    if (head->check != head_check(head) || !extents_are_right(head))
        return tk_err_set(err, TK_ERR_CORRUPT, "its head is damaged; remove the file and import the list again");
    if (head->file_bytes != file_bytes)
        return tk_err_set(err, TK_ERR_CORRUPT, "holds %llu bytes where %llu were written; import the list again",
                          (unsigned long long)file_bytes, (unsigned long long)head->file_bytes);
    return TK_OK;
}

tk_status screen_file_look(const void *bytes, size_t size, screen_view *view, tk_err *err)
{
    const screen_head *head = bytes;
    *view = (screen_view){0};
    tk_status status = screen_head_look(head, size, err);
    if (status != TK_OK)
        return status;
    const char *at = bytes;
    *view = (screen_view){.bytes = at,
                          .size = size,
                          .head = head,
                          .entries = at + head->parts[SCREEN_ENTRIES].at,
                          .blocks = at + head->parts[SCREEN_BLOCKS].at,
                          .begins = (const void *)(at + head->parts[SCREEN_BEGINS].at),
                          .names = (const void *)(at + head->parts[SCREEN_NAMES].at),
                          .buckets = (const void *)(at + head->parts[SCREEN_BUCKETS].at),
                          .keys = (const void *)(at + head->parts[SCREEN_KEYS].at),
                          .starts = (const void *)(at + head->parts[SCREEN_STARTS].at),
                          .postings = (const void *)(at + head->parts[SCREEN_POSTINGS].at)};
    return TK_OK;
}

tk_status screen_file_verify(const screen_view *view, tk_err *err)
{
    char hex[TK_SHA256_HEX_BYTES];
    tk_str parts = {view->bytes + sizeof *view->head, view->size - sizeof *view->head};
    tk_status status = parts_hash(parts, hex, err);
    if (status != TK_OK || memcmp(hex, view->head->content, SCREEN_HASH_BYTES) == 0)
        return status;
    return tk_err_set(err, TK_ERR_CORRUPT, "its content is not what was written; remove the file and import the list "
                      "again");
}

/* --- reading an entry --- */

typedef struct file_cursor {
    const char *at, *end;
    tk_arena *arena;
    bool broken;
} file_cursor;

static bool take_bytes(file_cursor *cursor, void *to, size_t size)
{
    if (cursor->broken || (size_t)(cursor->end - cursor->at) < size) {
        cursor->broken = true;
        memset(to, 0, size);
        return false;
    }
    memcpy(to, cursor->at, size);
    cursor->at += size;
    return true;
}

static uint32_t take_u32(file_cursor *cursor)
{
    uint32_t value;
    (void)take_bytes(cursor, &value, sizeof value);
    return value;
}

static tk_str take_text(file_cursor *cursor)
{
    uint32_t len = take_u32(cursor);
    if (cursor->broken || (size_t)(cursor->end - cursor->at) < len) {
        cursor->broken = true;
        return TK_STR("");
    }
    tk_str text = {cursor->at, len};
    cursor->at += len;
    return text;
}

/* A count of things of which each takes at least `least` bytes. */
static size_t take_count(file_cursor *cursor, size_t least)
{
    size_t count = take_u32(cursor);
    if ((size_t)(cursor->end - cursor->at) / least < count)
        cursor->broken = true;
    return cursor->broken ? 0 : count;
}

static const tk_list_text *take_pairs(file_cursor *cursor, size_t *count)
{
    *count = take_count(cursor, 2 * sizeof(uint32_t));
    tk_list_text *pairs = TK_ARENA_ARRAY(cursor->arena, tk_list_text, *count);
    if (pairs == NULL)
        *count = 0;
    for (size_t i = 0; i < *count; i++) {
        pairs[i].kind = take_text(cursor);
        pairs[i].value = take_text(cursor);
    }
    return pairs;
}

static const tk_list_alias *take_aliases(file_cursor *cursor, size_t *count)
{
    *count = take_count(cursor, 2 * sizeof(uint32_t));
    tk_list_alias *aliases = TK_ARENA_ARRAY(cursor->arena, tk_list_alias, *count);
    if (aliases == NULL)
        *count = 0;
    for (size_t i = 0; i < *count; i++) {
        uint32_t marks = take_u32(cursor);
        aliases[i] = (tk_list_alias){.weak = (marks & 1) != 0, .original = (marks & 2) != 0};
        aliases[i].text = take_text(cursor);
    }
    return aliases;
}

static const tk_str *take_texts(file_cursor *cursor, size_t *count)
{
    *count = take_count(cursor, sizeof(uint32_t));
    tk_str *texts = TK_ARENA_ARRAY(cursor->arena, tk_str, *count);
    if (texts == NULL)
        *count = 0;
    for (size_t i = 0; i < *count; i++)
        texts[i] = take_text(cursor);
    return texts;
}

static void take_entry(file_cursor *cursor, tk_list_entry *out)
{
    (void)take_bytes(cursor, &out->line, sizeof out->line);
    uint32_t kind = take_u32(cursor);
    out->kind = (tk_name_kind)kind;
    if (TK_NAME_VESSEL < kind)
        cursor->broken = true;
    (void)take_bytes(cursor, &out->start, sizeof out->start);
    (void)take_bytes(cursor, &out->end, sizeof out->end);
    tk_str *const texts[] = {&out->list,   &out->key,      &out->name, &out->programs, &out->requirement,
                             &out->policy, &out->citation, &out->url,  &out->remarks};
    for (size_t i = 0; i < TK_COUNT(texts); i++)
        *texts[i] = take_text(cursor);
    out->aliases = take_aliases(cursor, &out->aliases_count);
    out->countries = take_texts(cursor, &out->countries_count);
    out->addresses = take_pairs(cursor, &out->addresses_count);
    out->identifiers = take_pairs(cursor, &out->identifiers_count);
    out->births = take_pairs(cursor, &out->births_count);
}

/* Everything of the entry; empty when the file is damaged there. */
static tk_str entry_extent(const screen_view *view, uint64_t index)
{
    uint64_t size = view->head->parts[SCREEN_ENTRIES].bytes;
    if (view->head->entries_count <= index)
        return TK_STR("");
    uint64_t begin = view->begins[index], end = view->begins[index + 1];
    if (size < end || end < begin)
        return TK_STR("");
    return (tk_str){view->entries + begin, (size_t)(end - begin)};
}

tk_str screen_entry_bytes(const screen_view *view, uint64_t index)
{
    tk_str all = entry_extent(view, index);
    size_t line = all.len < sizeof(uint64_t) ? all.len : sizeof(uint64_t);
    return (tk_str){all.ptr + line, all.len - line};
}

tk_str screen_entry_list(const screen_view *view, uint64_t index)
{
    enum { KIND_START_END = sizeof(uint32_t) + 2 * sizeof(tk_date) };
    tk_str bytes = screen_entry_bytes(view, index);
    if (bytes.len < KIND_START_END)
        return TK_STR("");
    file_cursor cursor = {.at = bytes.ptr + KIND_START_END, .end = bytes.ptr + bytes.len};
    return take_text(&cursor);
}

uint64_t screen_list_end(const screen_view *view, uint64_t index)
{
    tk_str list = screen_entry_list(view, index);
    uint64_t low = index + 1, high = view->head->entries_count;
    while (low < high) {
        uint64_t middle = low + (high - low) / 2;
        if (tk_str_eq(screen_entry_list(view, middle), list))
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

tk_status screen_entry_read(const screen_view *view, uint64_t index, tk_arena *arena, tk_list_entry *out, tk_err *err)
{
    *out = (tk_list_entry){0};
    tk_str bytes = entry_extent(view, index);
    file_cursor cursor = {.at = bytes.ptr, .end = bytes.ptr + bytes.len, .arena = arena};
    take_entry(&cursor, out);
    if (arena->failed)
        return tk_err_set(err, TK_ERR_MEMORY, "out of memory for an entry of a list");
    if (cursor.broken || cursor.at != cursor.end)
        return tk_err_set(err, TK_ERR_CORRUPT, "entry %llu is damaged; remove the file and import the list again",
                          (unsigned long long)index);
    return TK_OK;
}

tk_status screen_edition_read(const screen_view *view, tk_arena *arena, tk_list_edition *out, tk_err *err)
{
    const screen_head *head = view->head;
    tk_list_entry *entries = TK_ARENA_ARRAY(arena, tk_list_entry, head->entries_count);
    *out = (tk_list_edition){.source = screen_head_text(head->source, sizeof head->source),
                             .published = head->published,
                             .dated = (tk_list_dated)head->dated,
                             .fields = head->fields,
                             .hash = screen_head_text(head->hash, sizeof head->hash),
                             .entries = entries,
                             .entries_count = head->entries_count,
                             .read = head->read,
                             .accepted = head->accepted,
                             .rejected = head->rejected,
                             .merged = head->merged};
    if (entries == NULL)
        return tk_err_set(err, TK_ERR_MEMORY, "out of memory for the entries of a list");
    tk_status status = TK_OK;
    for (uint64_t i = 0; status == TK_OK && i < head->entries_count; i++)
        status = screen_entry_read(view, i, arena, &entries[i], err);
    return status;
}

const tk_name *screen_name_block(const screen_view *view, uint32_t name, size_t *size_bytes)
{
    *size_bytes = 0;
    if (view->head->names_count <= name)
        return NULL;
    const screen_name *row = &view->names[name];
    uint64_t at = (uint64_t)row->at * FILE_ALIGN, size = (uint64_t)row->size * FILE_ALIGN;
    uint64_t whole = view->head->parts[SCREEN_BLOCKS].bytes;
    if (whole < at || whole - at < size || view->head->entries_count <= row->entry)
        return NULL;
    *size_bytes = (size_t)size;
    return (const void *)(view->blocks + at);
}
