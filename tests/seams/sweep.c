/* SPDX-License-Identifier: Apache-2.0 */
#include "seams/sweep.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/csv.h"
#include "base/sha256.h"
#include "base/str.h"
#include "seams/chance.h"

tk_store *test_sweep_open(const char *path)
{
    static tk_store_module modules[2];
    tk_store_options options = TK_STORE_OPTIONS_INIT;
    tk_store *store = NULL;
    tk_err err = {0};
    modules[0] = tk_parties_module;
    modules[1] = tk_desk_sweep_module;
    options.path = path;
    options.in_memory = path == NULL;
    options.modules = modules;
    options.modules_count = 2;
    options.create = true;
    if (tk_store_open(&options, &store, &err) != TK_OK)
        fail_msg("no book: %s", err.message);
    return store;
}

static void say(void *context, bool note, const tk_err *err)
{
    (void)context;
    if (!note)
        fail_msg("line %u: %s", (unsigned)err->line, err->message);
}

void test_sweep_parties(tk_store *store, const char *rows)
{
    tk_out text;
    tk_parties_imported done;
    tk_err err = {0};
    tk_out_init(&text, NULL);
    tk_out_text(&text, "id,name,aliases,kind,country,address,identifiers\n");
    tk_out_text(&text, rows);
    tk_parties_input input = {.name = TK_STR("parties.csv"), .text = tk_out_str(&text), .day = 20000, .say = say};
    tk_status status = tk_parties_import(store, &input, &done, &err);
    tk_out_fini(&text);
    if (status != TK_OK)
        fail_msg("%s", err.message);
}

static tk_str random_name(tk_arena *arena, const tk_list_edition *edition, uint64_t *seed)
{
    for (;;) {
        tk_str name = test_name_random(arena, edition, seed);
        if (memchr(name.ptr, ';', name.len) == NULL)
            return tk_str_trim(name);
    }
}

void test_sweep_random_parties(tk_store *store, tk_arena *arena, const tk_list_edition *edition, unsigned first,
                               unsigned end, uint64_t *seed)
{
    static const char *const countries[] = {"CN", "RU", "DE", ""};
    static const char *const kinds[] = {"company", "person", ""};
    tk_out rows;
    tk_out_init(&rows, NULL);
    for (unsigned i = first; i < end; i++) {
        tk_str name = random_name(arena, edition, seed), alias = TK_STR("");
        if (test_random_below(seed, 3) == 0)
            alias = random_name(arena, edition, seed);
        if (test_random_below(seed, 40) == 0)
            name = TK_STR("...");
        tk_out_printf(&rows, "P%04u,", i);
        tk_csv_write_cell(&rows, name, true, false);
        tk_csv_write_cell(&rows, alias, false, false);
        tk_out_printf(&rows, ",%s,%s,,", kinds[test_random_below(seed, 3)], countries[test_random_below(seed, 4)]);
        if (test_random_below(seed, 5) == 0)
            tk_out_printf(&rows, "N%06u", (unsigned)test_random_below(seed, edition->entries_count));
        tk_out_char(&rows, '\n');
    }
    tk_out_char(&rows, 0);
    assert_int_equal(rows.status, TK_OK);
    test_sweep_parties(store, rows.bytes);
    tk_out_fini(&rows);
}

static tk_list_entry changed(tk_arena *arena, const tk_list_edition *names, tk_list_entry entry, uint64_t *seed)
{
    uint64_t how = test_random_below(seed, 30);
    const tk_list_entry *other = &names->entries[test_random_below(seed, names->entries_count)];
    if (how == 0)
        entry.name = other->name;
    if (how == 1) {
        entry.aliases = other->aliases;
        entry.aliases_count = other->aliases_count;
    }
    if (how == 2) {
        entry.countries = other->countries;
        entry.countries_count = other->countries_count;
    }
    if (how == 3)
        entry.end = entry.end == TK_DATE_MAX ? 20000 : TK_DATE_MAX;
    if (how == 4)
        entry.remarks = tk_arena_copy(arena, TK_STR("nothing that is compared"));
    return entry;
}

tk_list_edition test_sweep_next(tk_arena *arena, const tk_list_edition *before, int days, uint64_t *seed)
{
    tk_list_edition out = *before;
    tk_list_edition names = test_edition_random(arena, "names", "2026-01-01", 40, test_random(seed));
    tk_list_entry *entries = TK_ARENA_ARRAY(arena, tk_list_entry, before->entries_count + 8);
    tk_sha256 *hash = NULL;
    char hex[TK_SHA256_HEX_BYTES];
    out.published += days;
    out.entries_count = 0;
    for (size_t i = 0; i < before->entries_count; i++)
        if (test_random_below(seed, 30) != 0)
            entries[out.entries_count++] = changed(arena, &names, before->entries[i], seed);
    for (uint64_t i = test_random_below(seed, 8); i != 0; i--) {
        tk_list_entry entry = names.entries[i];
        entry.key = tk_arena_printf(arena, "X%06u%02u", (unsigned)(out.published % 1000000), 99 - (unsigned)i);
        entries[out.entries_count++] = entry;
    }
    tk_str text = tk_arena_printf(arena, "%llu %d", (unsigned long long)test_random(seed), (int)out.published);
    assert_int_equal(tk_sha256_new(&hash, NULL), TK_OK);
    tk_sha256_add(hash, text);
    assert_int_equal(tk_sha256_finish(hash, hex, NULL), TK_OK);
    tk_sha256_free(hash);
    out.hash = tk_arena_copy(arena, tk_str_from(hex));
    out.entries = entries;
    out.read = out.accepted = out.entries_count;
    return out;
}

tk_desk_sweep test_sweep(tk_store *store, const tk_shelf *shelf, tk_arena *arena, unsigned threads, bool full,
                         bool settle)
{
    tk_desk_sweep_options options = {
        .shelf = shelf, .threads = threads, .full = full, .as_of = 20700, .commit_every = 7};
    tk_desk_sweep out;
    tk_err err = {0};
    tk_status status = tk_desk_sweep_run(store, &options, arena, &out, &err);
    if (status == TK_OK && settle)
        status = tk_desk_sweep_settle(store, &out, &err);
    if (status != TK_OK)
        fail_msg("no sweep: %s", err.message);
    return out;
}

tk_str test_sweep_dump(tk_store *store, tk_arena *arena, bool reported)
{
    static const char ALL[] = "SELECT party, hit, source, score, name, entry, alias, fingerprint, first_day, last_day"
                              " FROM sweep_hits UNION ALL SELECT party, '', '', 0, fingerprint, '', trouble, '', 0, 0"
                              " FROM sweep_parties ORDER BY party, hit, source";
    /* Not the source: which of two brings a hit is no change of it. */
    static const char SAID[] = "SELECT party, hit, '', score, name, entry, alias, fingerprint, 0, 0"
                               " FROM sweep_reported ORDER BY party, hit";
    tk_store_statement *statement;
    tk_out out;
    bool row = false;
    tk_out_init(&out, NULL);
    assert_int_equal(tk_store_prepare(store, reported ? SAID : ALL, &statement, NULL), TK_OK);
    for (;;) {
        assert_int_equal(tk_store_step(statement, &row, NULL), TK_OK);
        if (!row)
            break;
        for (int i = 0; i < 10; i++) {
            tk_out_add(&out, tk_store_text(statement, i));
            tk_out_char(&out, i == 9 ? '\n' : '|');
        }
    }
    tk_str text = tk_arena_copy(arena, tk_out_str(&out));
    tk_out_fini(&out);
    return text;
}

uint64_t test_sweep_ready(tk_store *store)
{
    static const char READY[] = "SELECT count(*) FROM sweep_parties"
                                " WHERE state = (SELECT max(id) FROM sweep_states)";
    tk_store_statement *statement;
    bool row = false;
    assert_int_equal(tk_store_prepare(store, READY, &statement, NULL), TK_OK);
    assert_int_equal(tk_store_step(statement, &row, NULL), TK_OK);
    assert_true(row);
    uint64_t count = (uint64_t)tk_store_int(statement, 0);
    tk_store_reset(statement);
    return count;
}
