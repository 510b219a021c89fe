/* SPDX-License-Identifier: Apache-2.0 */
/* inprocess.c: what compiling and deciding cost inside a process, in time and in allocations.
 *
 *     bench_inprocess NAME ORDERS.csv [RULEBOOK_FOLDER]
 *
 * Every order is decided by itself, in the order of the file, round after round; each decision is one sample. The
 * clock is
 * read before and after it, which costs some 30 ns of what is shown. Nothing is remembered from one order to the
 * next. After
 * one round that is not counted, deciding must not allocate: an allocation ends the measuring with 1.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/csv.h"
#include "base/file.h"
#include "base/str.h"
#include "bench.h"
#include "decide/decide_int.h"
#include "desk/desk_int.h"

enum {
    COMPILES = 200,
    OPENS = 50,
    SAMPLES_MAX = 100000,
    SAMPLES_WHOLE = 10000,
    ORDERS_MAX = 100000,
    ORDERS_SET_MAX = 4096
};

typedef struct bench_book {
    const char *name;
    tk_desk_options options;
    tk_desk *desk;
    tk_arena keep;
    tk_transaction *orders;
    size_t orders_count;
    tk_ask ask;
} bench_book;

static double samples[SAMPLES_MAX];

static void must(tk_status status, const tk_err *err)
{
    if (status != TK_OK)
        bench_fail("%s:%u: %s", err->file, (unsigned)err->line, err->message);
}

static void report(const bench_book *book, const char *what, bench_stats stats, double unit)
{
    (void)printf("%s.%s.p50\t%.3f\n%s.%s.p99\t%.3f\n", book->name, what, stats.median / unit, book->name, what,
                 stats.p99 / unit);
}

/* --- the orders, all in memory --- */

static void orders_read(bench_book *book, const char *path)
{
    tk_err err = {0};
    tk_str text;
    tk_csv_reader *csv = NULL;
    must(tk_file_read(path, TK_DATA_FILE_BYTES_MAX, &book->keep, &text, &err), &err);
    must(tk_csv_open_text(tk_str_from(path), text, &csv, &err), &err);
    size_t columns_count;
    const tk_str *header = tk_csv_header(csv, &columns_count);
    tk_column columns[TK_CSV_COLUMNS_MAX];
    for (size_t i = 0; i < columns_count; i++)
        columns[i] = tk_column_find(header[i], NULL);
    book->orders = TK_ARENA_ARRAY(&book->keep, tk_transaction, ORDERS_MAX);
    const tk_csv_row *row = NULL;
    for (;;) {
        must(tk_csv_next(csv, &row, &err), &err);
        if (row == NULL || book->orders_count == ORDERS_MAX)
            break;
        tk_transaction *order = &book->orders[book->orders_count++];
        for (size_t i = 0; i < row->cells_count; i++)
            if (columns[i] < TK_COLUMN_COUNT)
                order->cells[columns[i]] = tk_arena_copy(&book->keep, row->cells[i]);
    }
    tk_csv_close(csv);
    if (book->orders_count == 0 || book->keep.failed)
        bench_fail("%s holds no order that can be measured", path);
}

/* --- compiling --- */

static void measure_compile(bench_book *book)
{
    tk_err err = {0};
    tk_desk records = {0};
    tk_vocabulary vocabulary = {0};
    tk_arena_init(&records.keep, (size_t)1024 * 1024, 0);
    must(desk_records_open(&records, &book->options, &vocabulary, &err), &err);
    tk_source *sources = TK_ARENA_ARRAY(&book->keep, tk_source, tk_desk_file_count(book->desk) + 1);
    size_t count = 0, bytes = 0, lines = 0;
    for (size_t i = 0; sources != NULL && i < tk_desk_file_count(book->desk); i++) {
        tk_source file = tk_desk_file(book->desk, i);
        if (!tk_str_ends(file.name, TK_STR(".rules")))
            continue;
        sources[count++] = file;
        bytes += file.text.len;
        for (size_t at = 0; at < file.text.len; at++)
            lines += file.text.ptr[at] == '\n' ? 1 : 0;
    }
    for (size_t i = 0; i < COMPILES; i++) {
        tk_rulebook *compiled = NULL;
        tk_messages *messages = NULL;
        uint64_t begin = bench_now_ns();
        must(tk_rulebook_compile(sources, count, &vocabulary, &compiled, &messages, &err), &err);
        samples[i] = (double)(bench_now_ns() - begin);
        tk_messages_free(messages);
        tk_rulebook_free(compiled);
    }
    report(book, "compile_ms", bench_stats_of(samples, COMPILES), 1e6);
    (void)printf("%s.rulebook.bytes\t%zu\n%s.rulebook.lines\t%zu\n%s.rulebook.files\t%zu\n%s.rulebook.rules\t%zu\n",
                 book->name, bytes, book->name, lines, book->name, count, book->name,
                 tk_rulebook_rule_count(tk_desk_rulebook(book->desk)));
    desk_records_close(&records);
    tk_arena_fini(&records.keep);
}

static void measure_open(bench_book *book)
{
    tk_err err = {0};
    for (size_t i = 0; i < OPENS; i++) {
        tk_desk *desk = NULL;
        uint64_t begin = bench_now_ns();
        must(tk_desk_open(&book->options, &desk, NULL, &err), &err);
        samples[i] = (double)(bench_now_ns() - begin);
        tk_desk_close(desk);
    }
    report(book, "open_ms", bench_stats_of(samples, OPENS), 1e6);
}

/* --- deciding --- */

static size_t rounds_of(size_t orders_count, size_t samples_max)
{
    size_t rounds = samples_max / orders_count;
    return rounds < 1 ? 1 : rounds;
}

/* Facts already set: what is measured is tk_decide alone. */
static void measure_decide(bench_book *book, const char *what, unsigned flags)
{
    tk_err err = {0};
    tk_decider *decider = NULL;
    desk_gathered *gathered = TK_ARENA_NEW(&book->keep, desk_gathered);
    size_t count = book->orders_count < ORDERS_SET_MAX ? book->orders_count : ORDERS_SET_MAX,
           rounds = rounds_of(count, SAMPLES_MAX), at = 0;
    tk_facts **facts = TK_ARENA_ARRAY(&book->keep, tk_facts *, count);
    tk_setting *settings = TK_ARENA_ARRAY(&book->keep, tk_setting, count);
    if (gathered == NULL || facts == NULL || settings == NULL)
        bench_fail("out of memory");
    must(tk_decider_new(tk_desk_rulebook(book->desk), &decider, &err), &err);
    for (size_t i = 0; i < count; i++) {
        must(desk_gather(book->desk, &book->keep, &book->orders[i], &book->ask, gathered, &err), &err);
        must(tk_facts_new(tk_desk_rulebook(book->desk), &facts[i], &err), &err);
        desk_gathered_fill(gathered, facts[i]);
        settings[i] = (tk_setting){.as_of = gathered->as_of, .known_at = gathered->known_at};
    }
    uint64_t allocations = 0;
    for (size_t round = 0; round <= rounds; round++) {
        if (round == 1)
            allocations = bench_allocations();
        for (size_t i = 0; i < count; i++) {
            const tk_decision *decision = NULL;
            uint64_t begin = bench_now_ns();
            must(tk_decide(decider, facts[i], &settings[i], flags, &decision, &err), &err);
            bench_keep(decision);
            if (round != 0)
                samples[at++] = (double)(bench_now_ns() - begin);
        }
    }
    if (bench_allocations() != allocations)
        bench_fail("%s: deciding allocated %llu times", what,
                   (unsigned long long)(bench_allocations() - allocations));
    report(book, what, bench_stats_of(samples, at), 1e3);
    for (size_t i = 0; i < count; i++)
        tk_facts_free(facts[i]);
    tk_decider_free(decider);
}

/* From the order's text: gathering is included, and writing where JSON is asked for. */
static void measure_clerk(bench_book *book, const char *what, unsigned flags, tk_world world, bool range, bool json,
                          size_t samples_max)
{
    tk_err err = {0};
    tk_clerk *clerk = NULL;
    size_t count = book->orders_count < samples_max / 5 ? book->orders_count : samples_max / 5;
    size_t rounds = rounds_of(count, samples_max), at = 0;
    uint64_t allocations = 0, bytes = 0;
    must(tk_clerk_new(book->desk, &clerk, &err), &err);
    tk_ask ask = book->ask;
    ask.flags = flags;
    ask.world = world;
    ask.range = range;
    for (size_t round = 0; round <= rounds; round++) {
        if (round == 1)
            allocations = bench_allocations();
        for (size_t i = 0; i < count; i++) {
            tk_desk_result result;
            tk_str text = TK_STR("");
            uint64_t begin = bench_now_ns();
            tk_status status = json ? tk_clerk_decide_json(clerk, &book->orders[i], &ask, &result, &text, &err)
                                    : tk_clerk_decide(clerk, &book->orders[i], &ask, &result, &err);
            uint64_t end = bench_now_ns();
            must(status, &err);
            bytes += text.len;
            if (round != 0)
                samples[at++] = (double)(end - begin);
        }
    }
    /* Where single claims do not settle a range, the tables of its search are of the order alone. */
    if (!range && bench_allocations() != allocations)
        bench_fail("%s: deciding allocated %llu times", what,
                   (unsigned long long)(bench_allocations() - allocations));
    report(book, what, bench_stats_of(samples, at), 1e3);
    if (json)
        (void)printf("%s.%s.bytes\t%.0f\n", book->name, what, (double)bytes / (double)(count * (rounds + 1)));
    tk_clerk_free(clerk);
}

int main(int argc, char **argv)
{
    if (argc < 3)
        bench_fail("bench_inprocess NAME ORDERS.csv [RULEBOOK_FOLDER]");
    bench_book book = {.name = argv[1], .options = TK_DESK_OPTIONS_INIT, .ask = TK_ASK_INIT};
    book.options.rulebook_folder = argc < 4 ? NULL : argv[3];
    book.ask.forget = true;
    book.ask.today = 20500; /* 2026-02-16: an order without a date is asked about one day, not about today */
    tk_err err = {0};
    tk_arena_init(&book.keep, (size_t)1024 * 1024, 0);
    must(tk_desk_open(&book.options, &book.desk, NULL, &err), &err);
    orders_read(&book, argv[2]);
    (void)printf("%s.orders\t%zu\n", book.name, book.orders_count);
    measure_compile(&book);
    measure_open(&book);
    measure_decide(&book, "decide_us", 0);
    measure_clerk(&book, "clerk_us", 0, TK_WORLD_LAW, false, false, SAMPLES_MAX);
    measure_clerk(&book, "json_us", TK_DECIDE_COMPARE, TK_WORLD_LAW, false, true, SAMPLES_MAX);
    measure_decide(&book, "compare_us", TK_DECIDE_COMPARE);
    measure_clerk(&book, "whole_us", TK_DECIDE_COMPARE | TK_DECIDE_WOULD_CHANGE, TK_WORLD_LAW, false, false,
                  SAMPLES_WHOLE);
    measure_clerk(&book, "prevailing_us", 0, TK_WORLD_PREVAILING, false, false, SAMPLES_MAX);
    measure_clerk(&book, "prevailing_whole_us", TK_DECIDE_COMPARE | TK_DECIDE_WOULD_CHANGE, TK_WORLD_PREVAILING, false,
                  false, SAMPLES_WHOLE);
    measure_clerk(&book, "range_us", 0, TK_WORLD_PREVAILING, true, false, SAMPLES_WHOLE);
    tk_desk_close(book.desk);
    tk_arena_fini(&book.keep);
    return 0;
}
