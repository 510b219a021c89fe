/* SPDX-License-Identifier: Apache-2.0 */
/* screen.c: a version file with any bytes changed, as somebody would who knows how its head is checked. The input is a
 * row of changes, three bytes each: where (two bytes, modulo the size) and what. What must hold:
 *
 *   - looking, reading entries, finding names and explaining them never leads outside
 *   - a file that was changed behind its head is seen by whoever verifies it
 */
#include "base/str.h"
#include "fuzz.h"
#include "screen/retrieve.h"

static tk_names *names;
static tk_arena keep;
static tk_out whole;
static const tk_name *typed[4];

static tk_list_edition make_edition(void)
{
    static const tk_list_alias aliases[] = {{{"Nordoptik", 9}, false, false}, {{"NOL Works", 9}, true, false}};
    static const tk_str countries[] = {{"CN", 2}, {"HK", 2}};
    static const tk_list_text ids[] = {{{"", 0}, {"IMO 9187629", 11}}};
    static const tk_list_entry entries[] = {
        {.list = {"EL", 2},
         .key = {"e1", 2},
         .kind = TK_NAME_COMPANY,
         .name = {"Northern Optics Limited", 23},
         .aliases = aliases,
         .aliases_count = 2,
         .countries = countries,
         .countries_count = 2,
         .start = TK_DATE_MIN,
         .end = TK_DATE_MAX},
        {.list = {"UN", 2},
         .key = {"u1", 2},
         .kind = TK_NAME_VESSEL,
         .name = {"Blue Heron", 10},
         .identifiers = ids,
         .identifiers_count = 1,
         .start = TK_DATE_MIN,
         .end = TK_DATE_MAX},
    };
    return (tk_list_edition){.source = TK_STR("us-csl"),
                             .hash = TK_STR("0000000000000000000000000000000000000000000000000000000000000000"),
                             .entries = entries,
                             .entries_count = 2};
}

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
    static const char *const asked[] = {"Northern Optics Limited", "Nordoptik", "Blue Heron", "Blu Heeron"};
    (void)argc;
    (void)argv;
    fuzz_silence();
    tk_arena_init(&keep, 4096, 0);
    tk_out_init(&whole, NULL);
    tk_list_edition edition = make_edition();
    FUZZ_CHECK(tk_names_new(&names, NULL) == TK_OK);
    FUZZ_CHECK(screen_file_make(names, &edition, 20000, 1, &whole, NULL) == TK_OK);
    for (size_t i = 0; i < 4; i++)
        FUZZ_CHECK(tk_names_prepare(names, &keep, tk_str_from(asked[i]), TK_NAME_UNKNOWN, &typed[i], NULL) == TK_OK);
    return 0;
}

static void use(const screen_view *view)
{
    tk_arena arena;
    screen_open open;
    screen_matches matches = {.count = 0};
    tk_arena_init(&arena, 4096, (size_t)64 * 1024 * 1024);
    for (uint64_t i = 0; i < view->head->entries_count && i < 100; i++) {
        tk_list_entry entry;
        (void)(screen_entry_read(view, i, &arena, &entry, NULL) == TK_OK);
        FUZZ_CHECK(i < screen_list_end(view, i));
    }
    if (screen_open_make(&open, view, &arena, NULL) == TK_OK) {
        open.name = TK_STR("fuzz");
        for (size_t i = 0; i < 4; i++)
            (void)(screen_retrieve(&open, 0, names, typed[i], 0, &arena, &matches, NULL) == TK_OK);
        tk_str id = TK_STR("9187629");
        (void)(screen_retrieve_identifier(&open, 0, names, typed[0], id, &arena, &matches, NULL) == TK_OK);
    }
    for (size_t i = 0; i < matches.count; i++) {
        tk_list_entry entry;
        tk_comparison why;
        const tk_name *name;
        (void)(screen_entry_read(view, matches.at[i].entry, &arena, &entry, NULL) == TK_OK);
        if (screen_open_name(&open, matches.at[i].name, &name, NULL) == TK_OK)
            FUZZ_CHECK(tk_names_explain(names, typed[i % 4], name, &arena, &why, NULL) != TK_ERR_BUG);
    }
    tk_arena_fini(&arena);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    screen_view view;
    tk_str original = tk_out_str(&whole);
    char *bytes = malloc(original.len);
    FUZZ_CHECK(bytes != NULL);
    memcpy(bytes, original.ptr, original.len);
    for (size_t i = 0; i + 3 <= size; i += 3)
        bytes[((size_t)data[i] << 8 | data[i + 1]) % original.len] = (char)data[i + 2];
    screen_head *head = (screen_head *)(void *)bytes;
    head->check = tk_str_hash((tk_str){bytes, offsetof(screen_head, check)});
    if (screen_file_look(bytes, original.len, &view, NULL) == TK_OK) {
        size_t behind = sizeof(screen_head);
        bool same = memcmp(bytes + behind, original.ptr + behind, original.len - behind) == 0;
        bool hash = memcmp(head->content, ((const screen_head *)(const void *)original.ptr)->content, SCREEN_HASH_BYTES)
                    == 0;
        FUZZ_CHECK(!hash || (screen_file_verify(&view, NULL) == TK_OK) == same);
        use(&view);
    }
    free(bytes);
    return 0;
}
