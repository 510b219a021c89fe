/* SPDX-License-Identifier: Apache-2.0 */
/* listing.c: see listing.h. */
#include "seams/listing.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/file.h"
#include "base/limits.h"
#include "base/num.h"
#include "desk/embedded.h"

static tk_source embedded(const char *path)
{
    for (size_t i = 0; i < tk_embedded_files_count; i++)
        if (tk_str_is(tk_embedded_files[i].path, path))
            return (tk_source){tk_embedded_files[i].path, tk_embedded_files[i].text};
    fail_msg("%s is no part of the program", path);
    return (tk_source){{NULL, 0}, {NULL, 0}};
}

void listing_texts(tk_lists_texts *texts)
{
    *texts = (tk_lists_texts){embedded("lists/sources.csv"), embedded("lists/families.csv"),
                              embedded("lists/policies.csv"), embedded("lists/countries.csv"),
                              embedded("catalogue/places.csv")};
}

tk_str listing_rulebook_lists(void)
{
    static const char begins[] = "fact party.lists", set[] = "set of ";
    tk_str text = embedded("rulebooks/common.rules").text, line;
    while (tk_str_split(&text, '\n', &line)) {
        if (!tk_str_starts(line, TK_STR(begins)))
            continue;
        const char *at = memmem(line.ptr, line.len, set, sizeof set - 1);
        assert_non_null(at);
        at += sizeof set - 1;
        return (tk_str){at, (size_t)(line.ptr + line.len - at)};
    }
    fail_msg("no fact party.lists");
    return text;
}

void listing_open(listing *l)
{
    tk_lists_texts texts;
    listing_texts(&texts);
    memset(l, 0, sizeof *l);
    if (tk_lists_open(&texts, &l->lists, &l->err) != TK_OK)
        fail_msg("%s:%u: %s", l->err.file, l->err.line, l->err.message);
    tk_arena_init(&l->arena, (size_t)64 * 1024, 0);
    l->reading.source = TK_STR("");
    l->reading.published = TK_DATE_MIN;
    assert_int_equal(tk_date_parse(TK_STR("2026-08-01"), &l->reading.today, NULL), TK_OK);
}

void listing_close(listing *l)
{
    tk_arena_fini(&l->arena);
    tk_lists_free(l->lists);
}

void listing_clear(listing *l)
{
    l->files_count = 0;
}

void listing_text(listing *l, const char *name, tk_str text)
{
    assert_true(l->files_count < sizeof l->files / sizeof l->files[0]);
    l->files[l->files_count++] = (tk_list_file){tk_str_from(name), text};
}

void listing_file(listing *l, const char *folder, const char *name)
{
    tk_str text, path = tk_arena_printf(&l->arena, "%s/%s", folder, name);
    if (tk_file_read(path.ptr, TK_LIST_FILE_BYTES_MAX, &l->arena, &text, &l->err) != TK_OK)
        fail_msg("%s", l->err.message);
    listing_text(l, name, text);
}

tk_status listing_read(listing *l)
{
    l->err = (tk_err){0};
    return tk_lists_read(l->lists, l->files, l->files_count, &l->reading, &l->arena, &l->edition, &l->err);
}

static void read_good(listing *l)
{
    if (listing_read(l) != TK_OK)
        fail_msg("%s:%u:%u: %s", l->err.file, l->err.line, l->err.column, l->err.message);
    assert_int_equal(l->edition->read, l->edition->accepted + l->edition->rejected);
}

void listing_sample(listing *l, const char *name)
{
    listing_clear(l);
    listing_file(l, TEST_SOURCE_DIR "/tests/data/lists", name);
    read_good(l);
}

void listing_good(listing *l, const char *name, tk_str text)
{
    listing_clear(l);
    listing_text(l, name, text);
    read_good(l);
}

void listing_refused(listing *l, const char *name, tk_str text, const char *said)
{
    listing_clear(l);
    listing_text(l, name, text);
    if (listing_read(l) == TK_OK)
        fail_msg("read, but '%s' was expected", said);
    if (strstr(l->err.message, said) == NULL)
        fail_msg("'%s' is not in '%s'", said, l->err.message);
    assert_null(l->edition);
}

const tk_list_entry *listing_entry(const listing *l, const char *list, const char *key)
{
    for (size_t i = 0; i < l->edition->entries_count; i++)
        if (tk_str_is(l->edition->entries[i].list, list)
            && tk_str_starts(l->edition->entries[i].key, tk_str_from(key)))
            return &l->edition->entries[i];
    fail_msg("no entry %s:%s", list, key);
    return NULL;
}

static const tk_list_alias *find_alias(const tk_list_entry *entry, const char *text)
{
    for (size_t i = 0; i < entry->aliases_count; i++)
        if (tk_str_is(entry->aliases[i].text, text))
            return &entry->aliases[i];
    return NULL;
}

bool listing_has_alias(const tk_list_entry *entry, const char *text)
{
    return find_alias(entry, text) != NULL;
}

void listing_alias(const tk_list_entry *entry, const char *text, bool weak, bool original)
{
    const tk_list_alias *alias = find_alias(entry, text);
    if (alias == NULL)
        fail_msg("no alias '%s'", text);
    assert_int_equal(alias->weak, weak);
    assert_int_equal(alias->original, original);
}

tk_list_verdict listing_gate(listing *l, const tk_list_in_force *in_force, bool older)
{
    tk_list_verdict verdict;
    if (tk_lists_gate(l->lists, l->edition, in_force, older, &l->arena, &verdict, &l->err) != TK_OK)
        fail_msg("%s", l->err.message);
    return verdict;
}

const char *listing_folder(void)
{
    const char *folder = getenv("TWOKEY_LISTS");
    return folder == NULL || folder[0] == '\0' ? NULL : folder;
}
