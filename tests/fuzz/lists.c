/* SPDX-License-Identifier: Apache-2.0 */
/* lists.c: the readers of party lists on any bytes. The first byte chooses how they are given: as one file recognised
 * by what it holds, as several files (0x1A ends one), or read by a mapping. What must hold whatever they are:
 *
 *   - every record is an entry or a message: read = accepted + rejected
 *   - entries and what is in them stand in order, each once, clean, within the limits
 *   - the same bytes give the same edition, which differs in nothing from itself; the gate has a verdict
 */
#include "base/limits.h"
#include "base/num.h"
#include "base/text.h"
#include "desk/embedded.h"
#include "fuzz.h"
#include "lists/lists.h"

static tk_lists *lists;

static tk_source embedded(const char *path)
{
    tk_source source = {{NULL, 0}, {NULL, 0}};
    for (size_t i = 0; i < tk_embedded_files_count; i++)
        if (tk_str_is(tk_embedded_files[i].path, path))
            source = (tk_source){tk_embedded_files[i].path, tk_embedded_files[i].text};
    FUZZ_CHECK(source.text.len != 0);
    return source;
}

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
    (void)argc;
    (void)argv;
    const tk_lists_texts texts = {embedded("lists/sources.csv"), embedded("lists/families.csv"),
                                  embedded("lists/policies.csv"), embedded("lists/countries.csv"),
                                  embedded("catalogue/places.csv")};
    FUZZ_CHECK(tk_lists_open(&texts, &lists, NULL) == TK_OK);
    return 0;
}

static void check_text(tk_str text)
{
    FUZZ_CHECK(tk_text_utf8_check(text) == text.len);
    for (size_t i = 0; i < text.len; i++)
        FUZZ_CHECK((unsigned char)text.ptr[i] >= 0x20 && text.ptr[i] != 0x7f);
    FUZZ_CHECK(text.len == 0 || (text.ptr[0] != ' ' && text.ptr[text.len - 1] != ' '));
}

static void check_texts(const tk_list_text *items, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        check_text(items[i].kind);
        check_text(items[i].value);
        if (i == 0)
            continue;
        int order = tk_str_cmp(items[i - 1].kind, items[i].kind);
        FUZZ_CHECK(order < 0 || (order == 0 && tk_str_cmp(items[i - 1].value, items[i].value) < 0));
    }
}

static void check_entry(const tk_list_entry *e)
{
    const tk_str texts[] = {e->name, e->programs, e->requirement, e->policy, e->citation, e->url, e->remarks};
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++)
        check_text(texts[i]);
    FUZZ_CHECK(e->name.len != 0 && e->name.len <= TK_LIST_NAME_BYTES_MAX);
    FUZZ_CHECK(tk_str_is_id(e->key) && tk_lists_family(lists, e->list) != NULL);
    for (size_t i = 0; i < e->aliases_count; i++) {
        check_text(e->aliases[i].text);
        FUZZ_CHECK(e->aliases[i].text.len != 0 && !tk_str_eq(e->aliases[i].text, e->name));
        FUZZ_CHECK(e->aliases[i].text.len <= TK_LIST_NAME_BYTES_MAX);
        FUZZ_CHECK(i == 0 || tk_str_cmp(e->aliases[i - 1].text, e->aliases[i].text) < 0);
    }
    for (size_t i = 0; i < e->countries_count; i++)
        FUZZ_CHECK(e->countries[i].len == 2 && (i == 0 || tk_str_cmp(e->countries[i - 1], e->countries[i]) < 0));
    check_texts(e->addresses, e->addresses_count);
    check_texts(e->identifiers, e->identifiers_count);
    check_texts(e->births, e->births_count);
}

static void check_edition(const tk_list_edition *e, tk_arena *arena)
{
    FUZZ_CHECK(e->read == e->accepted + e->rejected && e->merged <= e->accepted);
    FUZZ_CHECK(e->entries_count + e->merged <= e->accepted);
    FUZZ_CHECK(e->messages_count == (e->rejected < TK_LIST_MESSAGES_MAX ? e->rejected : TK_LIST_MESSAGES_MAX));
    for (size_t i = 0; i < e->entries_count; i++) {
        check_entry(&e->entries[i]);
        if (i == 0)
            continue;
        int order = tk_str_cmp(e->entries[i - 1].list, e->entries[i].list);
        FUZZ_CHECK(order < 0 || (order == 0 && tk_str_cmp(e->entries[i - 1].key, e->entries[i].key) < 0));
    }
    tk_list_verdict verdict;
    const tk_list_in_force before = {.published = e->published + 1, .entries_count = e->entries_count * 2};
    FUZZ_CHECK(tk_lists_gate(lists, e, &before, false, arena, &verdict, NULL) == TK_OK);
    FUZZ_CHECK(!verdict.passed && verdict.text.len != 0);
}

/* One to eight files, cut at the end mark. */
static size_t cut(tk_str text, tk_list_file *files, bool several)
{
    enum { FILES_MAX = 8 };
    size_t count = 0;
    tk_str part;
    files[0] = (tk_list_file){TK_STR("list-2026-07.csv"), text};
    while (several && count < FILES_MAX && tk_str_split(&text, '\x1a', &part))
        files[count++] = (tk_list_file){TK_STR("list-2026-07.csv"), part};
    return count == 0 ? 1 : count;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const tk_list_mapping mappings[] = {
        {{"name", 4}, {"Name", 4}, false},       {{"aliases", 7}, {"Aliases", 7}, false},
        {{"country", 7}, {"Country", 7}, false}, {{"list", 4}, {"EL", 2}, true},
        {{"number", 6}, {"Number", 6}, false},   {{"start", 5}, {"Start", 5}, false},
    };
    if (size == 0)
        return 0;
    size_t len;
    char *text = fuzz_unpack(data + 1, size - 1, &len);
    tk_list_file files[8];
    size_t count = cut((tk_str){text, len}, files, data[0] % 4 == 1);
    tk_list_reading reading = {.source = TK_STR(""), .published = TK_DATE_MIN, .today = 20666};
    if (data[0] % 4 == 2) {
        reading.mappings = mappings;
        reading.mappings_count = sizeof mappings / sizeof mappings[0];
    }
    tk_arena arena;
    tk_arena_init(&arena, (size_t)64 * 1024, 0);
    tk_list_edition *edition = NULL, *again = NULL;
    tk_err err = {0};
    tk_status status = tk_lists_read(lists, files, count, &reading, &arena, &edition, &err);
    FUZZ_CHECK((status == TK_OK) == (edition != NULL));
    FUZZ_CHECK(status == TK_OK || (err.message[0] != 0 && status != TK_ERR_BUG));
    if (status == TK_OK) {
        check_edition(edition, &arena);
        FUZZ_CHECK(tk_lists_read(lists, files, count, &reading, &arena, &again, NULL) == TK_OK);
        tk_list_difference difference;
        FUZZ_CHECK(tk_lists_diff(edition, again, &arena, &difference, NULL) == TK_OK);
        FUZZ_CHECK(difference.changes_count == 0 && tk_str_eq(edition->hash, again->hash));
    }
    tk_arena_fini(&arena);
    free(text);
    return 0;
}
