/* SPDX-License-Identifier: Apache-2.0 */
/* parties.c: any bytes as a file of parties or of holdings. What must hold whatever they are:
 *
 *   - every row is counted once: read = added + replaced + there + rejected, and each rejected row is said
 *   - the same file again adds and replaces nothing and rejects the same rows
 *   - what is exported comes in again, whole, and is exported to the same bytes
 *   - who owns whom can be added up of whatever came in, with chains and changes
 */
#include "fuzz.h"
#include "parties/book.h"

static void open_book(tk_store **store)
{
    tk_store_options options = TK_STORE_OPTIONS_INIT;
    options.in_memory = true;
    options.modules = &tk_parties_module;
    options.modules_count = 1;
    FUZZ_CHECK(tk_store_open(&options, store, NULL) == TK_OK);
}

static void count_rejected(void *context, bool note, const tk_err *err)
{
    uint64_t *rejected = context;
    FUZZ_CHECK(err->message[0] != 0);
    *rejected += note ? 0 : 1;
}

static bool import(tk_store *store, tk_str text, tk_parties_imported *done)
{
    uint64_t rejected = 0;
    tk_err err = {0};
    tk_parties_input input = {
        .name = TK_STR("fuzz.csv"), .text = text, .say = count_rejected, .context = &rejected};
    tk_status status = tk_parties_import(store, &input, done, &err);
    FUZZ_CHECK(status == TK_OK || status == TK_ERR_INPUT || status == TK_ERR_LIMIT);
    FUZZ_CHECK(status == TK_OK || err.message[0] != 0);
    FUZZ_CHECK(done->read == done->added + done->replaced + done->there + done->rejected);
    FUZZ_CHECK(status != TK_OK || rejected == done->rejected);
    return status == TK_OK;
}

static void export(tk_store *store, tk_parties_table table, tk_out *out)
{
    tk_out_init(out, NULL);
    FUZZ_CHECK(tk_parties_export(store, INT64_MAX, table, out, NULL) == TK_OK);
}

static void round_trip(tk_store *store, tk_parties_table table)
{
    tk_store *second;
    tk_out one, two;
    tk_parties_imported done;
    open_book(&second);
    export(store, table, &one);
    FUZZ_CHECK(import(second, tk_out_str(&one), &done));
    FUZZ_CHECK(done.rejected == 0 && done.read == done.added && done.table == table);
    export(second, table, &two);
    FUZZ_CHECK(tk_str_eq(tk_out_str(&one), tk_out_str(&two)));
    tk_out_fini(&one);
    tk_out_fini(&two);
    tk_store_close(second);
}

static void add_up(tk_store *store)
{
    static const tk_owner_rule rules[] = {
        {.list = {"EL", 2}, .with = {"MEU", 3}, .percent = 50 * TK_NUM_SCALE, .aggregate = true},
        {.list = {"MEU", 3}, .percent = 25 * TK_NUM_SCALE},
    };
    tk_arena arena;
    tk_parties_graph *graph;
    tk_arena_init(&arena, 65536, 0);
    FUZZ_CHECK(tk_parties_owners(store, INT64_MAX, 20000, TK_STR("asked"), rules, 2, 3, NULL, &arena, &graph, NULL)
               == TK_OK);
    for (uint32_t party = 0; party < graph->input.parties_count && party < 8; party++)
        for (size_t rule = 0; rule < 2; rule++) {
            const tk_owner_step *steps;
            size_t count;
            tk_owner_change up, down;
            bool complete;
            FUZZ_CHECK(tk_owners_chain(graph->owners, party, rule, &arena, &steps, &count, NULL) == TK_OK);
            FUZZ_CHECK(tk_owners_change(graph->owners, party, rule, &arena, &up, &down, &complete, NULL) == TK_OK);
            FUZZ_CHECK(count == 0 || steps[count - 1].party == party);
        }
    tk_arena_fini(&arena);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    size_t len;
    char *bytes = fuzz_unpack(data, size, &len);
    tk_str text = {bytes, len};
    tk_store *store;
    tk_parties_imported first, again;
    open_book(&store);
    if (import(store, text, &first)) {
        FUZZ_CHECK(import(store, text, &again));
        FUZZ_CHECK(again.added == 0 && again.replaced == 0 && again.rejected == first.rejected);
        round_trip(store, first.table);
        add_up(store);
    }
    tk_store_close(store);
    free(bytes);
    return 0;
}
