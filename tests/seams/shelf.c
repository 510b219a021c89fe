/* SPDX-License-Identifier: Apache-2.0 */
/* shelf.c: editions and shelves for tests. The people in them are made of random syllables. */
#include "seams/shelf.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/num.h"
#include "base/sha256.h"
#include "base/str.h"
#include "seams/chance.h"

static const tk_str nothing = {"", 0};

static tk_str take(tk_str *rest)
{
    tk_str part;
    return tk_str_split(rest, '|', &part) ? part : nothing;
}

static size_t parts_of(tk_str text)
{
    size_t count = 0;
    tk_str part;
    while (tk_str_split(&text, ';', &part))
        count += part.len != 0;
    return count;
}

static const tk_str *texts_of(tk_arena *arena, tk_str text, size_t *count)
{
    tk_str *out = TK_ARENA_ARRAY(arena, tk_str, parts_of(text)), part;
    *count = 0;
    while (tk_str_split(&text, ';', &part))
        if (part.len != 0)
            out[(*count)++] = part;
    return out;
}

static const tk_list_text *pairs_of(tk_arena *arena, tk_str text, size_t *count)
{
    const tk_str *texts = texts_of(arena, text, count);
    tk_list_text *out = TK_ARENA_ARRAY(arena, tk_list_text, *count);
    for (size_t i = 0; i < *count; i++)
        out[i] = (tk_list_text){nothing, texts[i]};
    return out;
}

static tk_date day_of(tk_str text, tk_date otherwise)
{
    tk_date day = otherwise;
    if (text.len != 0)
        assert_int_equal(tk_date_parse(text, &day, NULL), TK_OK);
    return day;
}

static tk_list_entry entry_of(tk_arena *arena, tk_str line, uint64_t number)
{
    tk_list_entry entry = {.line = number, .requirement = TK_STR("all items"),
                           .policy = TK_STR("presumption of denial"),
                           .citation = TK_STR("notice of a test"), .programs = nothing, .url = nothing,
                           .remarks = nothing};
    entry.list = take(&line);
    entry.key = take(&line);
    tk_str kind = take(&line);
    entry.kind = tk_str_is(kind, "p")   ? TK_NAME_PERSON
                 : tk_str_is(kind, "c") ? TK_NAME_COMPANY
                 : tk_str_is(kind, "v") ? TK_NAME_VESSEL
                                        : TK_NAME_UNKNOWN;
    entry.name = take(&line);
    const tk_str *aliases = texts_of(arena, take(&line), &entry.aliases_count);
    tk_list_alias *list = TK_ARENA_ARRAY(arena, tk_list_alias, entry.aliases_count);
    for (size_t i = 0; i < entry.aliases_count; i++)
        list[i] = (tk_list_alias){.text = aliases[i], .weak = i % 2 == 1};
    entry.aliases = list;
    entry.countries = texts_of(arena, take(&line), &entry.countries_count);
    entry.addresses = pairs_of(arena, take(&line), &entry.addresses_count);
    entry.identifiers = pairs_of(arena, take(&line), &entry.identifiers_count);
    entry.births = pairs_of(arena, take(&line), &entry.births_count);
    entry.start = day_of(take(&line), TK_DATE_MIN);
    entry.end = day_of(take(&line), TK_DATE_MAX);
    return entry;
}

tk_list_edition test_edition(tk_arena *arena, const char *source, const char *published, const char *text)
{
    tk_list_edition edition = {.source = tk_str_from(source), .published = day_of(tk_str_from(published), 0)};
    tk_str rest = tk_arena_copy(arena, tk_str_from(text)), line;
    size_t lines = 0;
    for (const char *at = text; *at != 0; at++)
        lines += *at == '\n';
    tk_list_entry *entries = TK_ARENA_ARRAY(arena, tk_list_entry, lines + 1);
    while (tk_str_split(&rest, '\n', &line))
        if (line.len != 0) {
            entries[edition.entries_count] = entry_of(arena, line, edition.entries_count + 1);
            edition.entries_count++;
        }
    tk_sha256 *hash = NULL;
    char hex[TK_SHA256_HEX_BYTES];
    assert_int_equal(tk_sha256_new(&hash, NULL), TK_OK);
    tk_sha256_add(hash, tk_str_from(text));
    assert_int_equal(tk_sha256_finish(hash, hex, NULL), TK_OK);
    tk_sha256_free(hash);
    edition.hash = tk_arena_copy(arena, tk_str_from(hex));
    edition.entries = entries;
    edition.read = edition.accepted = edition.entries_count;
    assert_false(arena->failed);
    return edition;
}

uint64_t test_random_below(uint64_t *state, uint64_t below)
{
    return test_random(state) % below;
}

static void word(tk_out *out, uint64_t *state)
{
    static const char *const syllables[] = {"ka", "ro", "min", "ta", "shu", "vel", "or", "zen", "lu", "pri", "dan",
                                            "ek",
                                            "mor", "fi", "gol", "sun", "bra", "nik", "yo", "hel"};
    size_t count = 2 + (size_t)test_random_below(state, 3);
    for (size_t i = 0; i < count; i++)
        tk_out_text(out, syllables[test_random_below(state, sizeof syllables / sizeof syllables[0])]);
}

static void company(tk_out *out, uint64_t *state)
{
    static const char *const trades[] = {"Trading", "Technology", "Import Export", "Electronics", "Shipping", "Optics",
                                         "Aviation", "Petroleum", "International", "Machinery"};
    static const char *const forms[] = {"Co., Ltd.", "LLC", "GmbH", "Limited", "Inc", ""};
    for (uint64_t i = test_random_below(state, 2); i < 2; i++) {
        word(out, state);
        tk_out_char(out, ' ');
    }
    tk_out_text(out, trades[test_random_below(state, sizeof trades / sizeof trades[0])]);
    if (test_random_below(state, 4) == 0)
        tk_out_printf(out, " No. %u", (unsigned)test_random_below(state, 40));
    tk_out_char(out, ' ');
    tk_out_text(out, forms[test_random_below(state, sizeof forms / sizeof forms[0])]);
}

static void person(tk_out *out, uint64_t *state)
{
    word(out, state);
    for (uint64_t i = test_random_below(state, 2); i < 2; i++) {
        tk_out_char(out, ' ');
        word(out, state);
    }
}

tk_list_edition test_edition_random(tk_arena *arena, const char *source, const char *published, size_t count,
                                    uint64_t seed)
{
    tk_out text;
    tk_out_init(&text, NULL);
    for (size_t i = 0; i < count; i++) {
        bool is_person = test_random_below(&seed, 3) == 0;
        tk_out_printf(&text, "EL|%06zu|%s|", i, is_person ? "p" : "c");
        (is_person ? person : company)(&text, &seed);
        tk_out_char(&text, '|');
        for (uint64_t alias = test_random_below(&seed, 3); alias != 0; alias--) {
            (is_person ? person : company)(&text, &seed);
            tk_out_char(&text, ';');
        }
        tk_out_printf(&text, "|%s||%s%06zu\n", test_random_below(&seed, 2) == 0 ? "CN" : "RU", "N", i);
    }
    tk_out_char(&text, 0);
    assert_int_equal(text.status, TK_OK);
    tk_list_edition edition = test_edition(arena, source, published, text.bytes);
    tk_out_fini(&text);
    return edition;
}

/* One letter dropped, doubled, changed or swapped with the next. */
static tk_str slip(tk_arena *arena, tk_str name, uint64_t *state)
{
    if (name.len < 3)
        return name;
    char *bytes = tk_arena_get(arena, name.len + 1);
    size_t at = (size_t)test_random_below(state, name.len - 1), how = (size_t)test_random_below(state, 4);
    size_t len = name.len;
    memcpy(bytes, name.ptr, name.len);
    if (how == 0) {
        memmove(bytes + at, bytes + at + 1, name.len - at - 1);
        len--;
    } else if (how == 1) {
        memmove(bytes + at + 1, bytes + at, name.len - at);
        len++;
    } else if (how == 2) {
        bytes[at] = (char)('a' + test_random_below(state, 26));
    } else {
        char next = bytes[at + 1];
        bytes[at + 1] = bytes[at];
        bytes[at] = next;
    }
    return (tk_str){bytes, len};
}

static tk_str without_a_word(tk_str name)
{
    const char *space = memchr(name.ptr, ' ', name.len);
    return space == NULL ? name : (tk_str){space + 1, (size_t)(name.ptr + name.len - space - 1)};
}

tk_str test_name_random(tk_arena *arena, const tk_list_edition *edition, uint64_t *state)
{
    const tk_list_entry *entry = &edition->entries[test_random_below(state, edition->entries_count)];
    tk_str name = entry->aliases_count == 0 || test_random_below(state, 2) == 0 ? entry->name : entry->aliases[0].text;
    tk_out other;
    switch (test_random_below(state, 5)) {
    case 0:
        return name;
    case 1:
        return slip(arena, name, state);
    case 2:
        return slip(arena, slip(arena, name, state), state);
    case 3:
        return without_a_word(name);
    default:
        break;
    }
    tk_out_init(&other, NULL);
    (test_random_below(state, 2) == 0 ? person : company)(&other, state);
    name = tk_arena_copy(arena, tk_out_str(&other));
    tk_out_fini(&other);
    return name;
}

tk_shelf *test_shelf(test_place *place, const char *name)
{
    tk_shelf *shelf = NULL;
    assert_int_equal(tk_shelf_open(test_path(place, name), &(tk_shelf_options){.create = true}, &shelf, NULL), TK_OK);
    return shelf;
}

tk_shelf_version test_put(test_place *place, const tk_shelf *shelf, const tk_list_edition *edition)
{
    tk_names *names = NULL;
    tk_shelf_version version;
    bool was_there;
    tk_err err = {0};
    assert_int_equal(tk_names_new(&names, NULL), TK_OK);
    tk_status status = tk_shelf_put(shelf, names, edition, 20000, &place->arena, &version, &was_there, &err);
    tk_names_free(names);
    if (status != TK_OK)
        fail_msg("the edition is not put: %s", err.message);
    assert_false(was_there);
    return version;
}
