/* SPDX-License-Identifier: Apache-2.0 */
/* screen.c: importing a list and screening against it.
 *
 *     bench_screen FOLDER SCRATCH [million]      FOLDER has csl-2026-07.csv.gz and clean-names.csv; SCRATCH is empty
 *
 * QUERIES=n asks fewer. SCRATCH gets names.txt and queries.txt, which the peers read, and the shelf, lists.
 * Prints the figures of the published list, then of a list of a million names whose words are those of the published
 * one, put together anew. The queries are drawn from a seed: listed names as they stand, with one slip, with a word
 * less, in another order, in another script, and parties that are not listed.
 */
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>

#include "base/csv.h"
#include "base/file.h"
#include "base/limits.h"
#include "base/num.h"
#include "base/str.h"
#include "bench.h"
#include "screen/batch.h"

enum { QUERIES = 20000, MILLION = 1000000, FILE_BYTES_MAX = 256 * 1024 * 1024 };

static void check(tk_status status, const tk_err *err, const char *what)
{
    if (status != TK_OK)
        bench_fail("%s: %s", what, err->message);
}

static double seconds_since(uint64_t begin)
{
    return (double)(bench_now_ns() - begin) / 1e9;
}

static double memory_mb(void)
{
    struct rusage usage;
    (void)getrusage(RUSAGE_SELF, &usage);
    return (double)usage.ru_maxrss / 1024;
}

static tk_str file_of(tk_arena *arena, const char *folder, const char *name)
{
    tk_err err = {0};
    tk_str text;
    tk_str path = tk_arena_printf(arena, "%s/%s", folder, name);
    FILE *file = fopen(path.ptr, "rb");
    if (file == NULL)
        bench_fail("no %s", path.ptr);
    if (fseek(file, 0, SEEK_END) != 0)
        bench_fail("%s cannot be read", path.ptr);
    text.len = (size_t)ftell(file);
    rewind(file);
    char *bytes = tk_arena_get(arena, text.len + 1);
    if (bytes == NULL || fread(bytes, 1, text.len, file) != text.len)
        bench_fail("%s cannot be read: %s", path.ptr, err.message);
    (void)fclose(file);
    text.ptr = bytes;
    return text;
}

static tk_lists *tables(tk_arena *arena)
{
    tk_lists *lists = NULL;
    tk_err err = {0};
    tk_lists_texts texts = {.sources = {TK_STR("sources"), file_of(arena, "lists", "sources.csv")},
                            .families = {TK_STR("families"), file_of(arena, "lists", "families.csv")},
                            .policies = {TK_STR("policies"), file_of(arena, "lists", "policies.csv")},
                            .countries = {TK_STR("countries"), file_of(arena, "lists", "countries.csv")},
                            .places = {TK_STR("places"), file_of(arena, "catalogue", "places.csv")}};
    check(tk_lists_open(&texts, &lists, &err), &err, "tables");
    return lists;
}

/* --- queries --- */

typedef struct queries {
    tk_str *names;
    size_t count;
} queries;

static size_t words_of(tk_str name, tk_str *words, size_t most)
{
    size_t count = 0;
    tk_str word;
    while (count < most && tk_str_split(&name, ' ', &word))
        if (word.len != 0)
            words[count++] = word;
    return count;
}

/* A letter left out of a word of five letters or more. */
static tk_str slip(tk_arena *arena, tk_str name, uint64_t *seed)
{
    tk_str words[32];
    size_t count = words_of(name, words, 32), at = (size_t)bench_below(seed, count == 0 ? 1 : count);
    if (count == 0 || words[at].len < 5 || ((unsigned char)words[at].ptr[0] & 0x80) != 0)
        return name;
    size_t cut = (size_t)(words[at].ptr - name.ptr) + 1 + (size_t)bench_below(seed, words[at].len - 1);
    char *bytes = tk_arena_get(arena, name.len);
    memcpy(bytes, name.ptr, cut);
    memcpy(bytes + cut, name.ptr + cut + 1, name.len - cut - 1);
    return (tk_str){bytes, name.len - 1};
}

static tk_str reordered(tk_arena *arena, tk_str name)
{
    tk_str words[32], out = {"", 0};
    size_t count = words_of(name, words, 32);
    for (size_t i = 0; i < count; i++)
        out = tk_arena_printf(arena, TK_FMT "%s" TK_FMT, TK_ARG_STR(words[count - 1 - i]), i == 0 ? "" : " ",
                              TK_ARG_STR(out));
    tk_str last = count == 0 ? name : words[count - 1];
    return count < 2 ? name : tk_arena_printf(arena, TK_FMT " " TK_FMT, TK_ARG_STR(last),
                                              (int)(last.ptr - name.ptr), name.ptr);
}

static tk_str listed_name(const tk_list_edition *edition, uint64_t *seed)
{
    const tk_list_entry *entry = &edition->entries[bench_below(seed, edition->entries_count)];
    size_t which = (size_t)bench_below(seed, entry->aliases_count + 1);
    return which == 0 ? entry->name : entry->aliases[which - 1].text;
}

static tk_str one_query(tk_arena *arena, const tk_list_edition *edition, const tk_str *clean, size_t clean_count,
                        uint64_t *seed)
{
    static const char *const scripts[] = {"华为技术有限公司", "Газпром нефть", "中国航天科技集团", "شركة النفط الوطنية",
                                          "Рособоронэкспорт", "哈尔滨工业大学", "조선무역은행", "Τράπεζα Πειραιώς"};
    uint64_t kind = bench_below(seed, 100);
    tk_str name = listed_name(edition, seed);
    if (kind < 20)
        return name;
    if (kind < 40)
        return slip(arena, name, seed);
    if (kind < 50)
        return reordered(arena, name);
    if (kind < 55)
        return tk_str_from(scripts[bench_below(seed, sizeof scripts / sizeof scripts[0])]);
    return clean[bench_below(seed, clean_count)];
}

static tk_str *clean_names(tk_arena *arena, const char *folder, size_t *count)
{
    tk_err err = {0};
    tk_csv_reader *reader = NULL;
    const tk_csv_row *row = NULL;
    tk_str text = file_of(arena, folder, "clean-names.csv");
    tk_str *names = TK_ARENA_ARRAY(arena, tk_str, 20000);
    *count = 0;
    check(tk_csv_open_text(TK_STR("clean-names.csv"), text, &reader, &err), &err, "clean names");
    while (*count < 20000 && tk_csv_next(reader, &row, &err) == TK_OK && row != NULL)
        names[(*count)++] = tk_arena_copy(arena, row->cells[0]);
    tk_csv_close(reader);
    return names;
}

static queries make_queries(tk_arena *arena, const char *folder, const tk_list_edition *edition)
{
    uint64_t seed = 20260731;
    size_t clean_count;
    tk_str *clean = clean_names(arena, folder, &clean_count);
    const char *wanted = getenv("QUERIES"); /* fewer, for a quick look */
    tk_num count = 0;
    if (wanted != NULL)
        check(tk_num_parse(tk_str_from(wanted), &count, NULL), &(tk_err){0}, "QUERIES");
    queries out = {TK_ARENA_ARRAY(arena, tk_str, QUERIES), QUERIES};
    if (0 < count && count / TK_NUM_SCALE < QUERIES)
        out.count = (size_t)(count / TK_NUM_SCALE);
    for (size_t i = 0; i < out.count; i++)
        out.names[i] = one_query(arena, edition, clean, clean_count, &seed);
    return out;
}

/* --- measuring --- */

static void measure_queries(const tk_shelf *shelf, const tk_lists *lists, const queries *asked, const char *prefix)
{
    tk_err err = {0};
    tk_screener *screener = NULL;
    tk_screener_options options = TK_SCREENER_OPTIONS_INIT;
    static double samples[QUERIES];
    size_t count = 0, hits = 0;
    options.lists = lists;
    options.hits_max = 10;
    uint64_t begin = bench_now_ns();
    check(tk_screener_new(shelf, &options, &screener, &err), &err, "screener");
    (void)printf("%s_open_us\t%.0f\n", prefix, seconds_since(begin) * 1e6);
    for (size_t round = 0; round < 2; round++) { /* the first warms up */
        count = hits = 0;
        for (size_t i = 0; i < asked->count; i++) {
            tk_screen_result result;
            begin = bench_now_ns();
            tk_status status = tk_screen(screener, &(tk_screened){.name = asked->names[i]}, &result, &err);
            uint64_t spent = bench_now_ns() - begin;
            if (status != TK_OK && status != TK_ERR_INPUT && status != TK_ERR_LIMIT)
                check(status, &err, "screening");
            samples[count++] = (double)spent / 1000;
            if (status == TK_OK)
                hits += result.hits_count != 0;
        }
    }
    bench_stats stats = bench_stats_of(samples, count);
    (void)printf("%s_median_us\t%.1f\n%s_p99_us\t%.1f\n%s_max_us\t%.1f\n%s_hits_share\t%.3f\n", prefix, stats.median,
                 prefix, stats.p99, prefix, stats.max, prefix, (double)hits / (double)count);
    tk_screener_free(screener);
}

typedef struct feed {
    const queries *asked;
    size_t next, repeats;
} feed;

static tk_status feed_next(void *context, tk_arena *arena, tk_screened *party, const void **tag, bool *more,
                           tk_err *err)
{
    feed *from = context;
    (void)arena;
    (void)err;
    *tag = NULL;
    *more = from->next < from->asked->count * from->repeats;
    if (*more)
        party->name = from->asked->names[from->next++ % from->asked->count];
    return TK_OK;
}

static void feed_write(void *context, const screen_answer *answer, tk_arena *scratch, tk_out *out, tk_out *said)
{
    (void)context;
    (void)scratch;
    (void)said;
    tk_out_char(out, answer->status == TK_OK && answer->result->hits_count != 0 ? '1' : '0');
}

static tk_status feed_put(void *context, tk_str bytes, tk_str said, uint64_t parties, tk_err *err)
{
    (void)context;
    (void)said;
    (void)parties;
    (void)err;
    bench_keep(bytes.ptr);
    return TK_OK;
}

static double parties_per_second(const tk_shelf *shelf, const tk_lists *lists, const queries *asked, unsigned threads)
{
    tk_err err = {0};
    tk_screener_options options = TK_SCREENER_OPTIONS_INIT;
    feed from = {.asked = asked, .repeats = 3};
    options.lists = lists;
    options.hits_max = 10;
    screen_batch batch = {.shelf = shelf,
                          .options = &options,
                          .threads = threads,
                          .context = &from,
                          .next = feed_next,
                          .write = feed_write,
                          .put = feed_put};
    uint64_t begin = bench_now_ns();
    check(screen_batch_run(&batch, &err), &err, "batch");
    return (double)from.next / seconds_since(begin);
}

static tk_shelf *put(const char *folder, const tk_list_edition *edition, tk_arena *arena, double *seconds)
{
    tk_err err = {0};
    tk_shelf *shelf = NULL;
    tk_names *names = NULL;
    tk_shelf_version version;
    bool was_there;
    uint64_t begin = bench_now_ns();
    check(tk_names_new(&names, &err), &err, "names");
    check(tk_shelf_open(folder, &(tk_shelf_options){.create = true}, &shelf, &err), &err, "shelf");
    check(tk_shelf_put(shelf, names, edition, edition->published, arena, &version, &was_there, &err), &err, "putting");
    *seconds = seconds_since(begin);
    tk_names_free(names);
    (void)printf("screen_file_mb\t%.1f\nscreen_names\t%llu\n", (double)version.bytes / 1e6,
                 (unsigned long long)version.names);
    return shelf;
}

/* Names of as many words as a listed one, each word from another listed name. */
static tk_list_edition million(tk_arena *arena, const tk_list_edition *edition)
{
    uint64_t seed = 1000000;
    tk_list_entry *entries = TK_ARENA_ARRAY(arena, tk_list_entry, MILLION);
    tk_list_edition out = *edition;
    for (size_t i = 0; i < MILLION; i++) {
        tk_str words[32], other[32], name = {"", 0};
        size_t count = words_of(listed_name(edition, &seed), words, 32);
        for (size_t w = 0; w < count; w++) {
            size_t others = words_of(listed_name(edition, &seed), other, 32);
            tk_str word = others == 0 ? words[w] : other[w < others ? w : others - 1];
            name = tk_arena_printf(arena, TK_FMT "%s" TK_FMT, TK_ARG_STR(name), w == 0 ? "" : " ", TK_ARG_STR(word));
        }
        entries[i] = (tk_list_entry){.list = TK_STR("EL"),
                                     .key = tk_arena_printf(arena, "%07zu", i),
                                     .kind = TK_NAME_UNKNOWN,
                                     .name = name,
                                     .start = TK_DATE_MIN,
                                     .end = TK_DATE_MAX};
    }
    if (arena->failed)
        bench_fail("out of memory for a million names");
    out.entries = entries;
    out.entries_count = MILLION;
    return out;
}

/* The listed names and the queries, one a line, for the peers. */
static void write_lines(const char *folder, const char *name, const tk_str *lines, size_t count)
{
    char path[480];
    (void)snprintf(path, sizeof path, "%s/%s", folder, name);
    FILE *file = fopen(path, "wb");
    if (file == NULL)
        bench_fail("%s cannot be written", path);
    for (size_t i = 0; i < count; i++)
        (void)fprintf(file, TK_FMT "\n", TK_ARG_STR(lines[i]));
    if (fclose(file) != 0)
        bench_fail("%s cannot be written", path);
}

static void write_for_peers(tk_arena *arena, const char *folder, const tk_list_edition *edition, const queries *asked)
{
    size_t count = 0, at = 0;
    for (size_t i = 0; i < edition->entries_count; i++)
        count += 1 + edition->entries[i].aliases_count;
    tk_str *names = TK_ARENA_ARRAY(arena, tk_str, count);
    for (size_t i = 0; i < edition->entries_count; i++) {
        names[at++] = edition->entries[i].name;
        for (size_t k = 0; k < edition->entries[i].aliases_count; k++)
            names[at++] = edition->entries[i].aliases[k].text;
    }
    write_lines(folder, "names.txt", names, count);
    write_lines(folder, "queries.txt", asked->names, asked->count);
}

int main(int argc, char **argv)
{
    if (argc < 3)
        bench_fail("usage: bench_screen FOLDER SCRATCH");
    tk_err err = {0};
    tk_arena arena;
    tk_list_edition *edition = NULL;
    char folder[400];
    double seconds;
    (void)setvbuf(stdout, NULL, _IOLBF, 0);
    tk_arena_init(&arena, (size_t)1024 * 1024, 0);
    tk_lists *lists = tables(&arena);
    tk_list_file file = {TK_STR("csl-2026-07.csv.gz"), file_of(&arena, argv[1], "csl-2026-07.csv.gz")};
    tk_list_reading reading = {.published = TK_DATE_MIN, .today = 20700, .source = TK_STR("")};
    uint64_t begin = bench_now_ns();
    check(tk_lists_read(lists, &file, 1, &reading, &arena, &edition, &err), &err, "reading");
    double read = seconds_since(begin);
    (void)snprintf(folder, sizeof folder, "%s/lists", argv[2]);
    tk_shelf *shelf = put(folder, edition, &arena, &seconds);
    (void)printf("screen_import_s\t%.3f\nscreen_index_s\t%.3f\n", read + seconds, seconds);
    queries asked = make_queries(&arena, argv[1], edition);
    write_for_peers(&arena, argv[2], edition, &asked);
    measure_queries(shelf, lists, &asked, "screen");
    double one = parties_per_second(shelf, lists, &asked, 1), two = parties_per_second(shelf, lists, &asked, 2);
    (void)printf("screen_parties_s\t%.0f\nscreen_threads_factor\t%.2f\nscreen_memory_mb\t%.0f\n", one, two / one,
                 memory_mb());
    tk_shelf_close(shelf);
    if (3 < argc) {
        tk_arena large;
        tk_arena_init(&large, (size_t)1024 * 1024, 0);
        tk_list_edition grown = million(&large, edition);
        (void)snprintf(folder, sizeof folder, "%s/million", argv[2]);
        shelf = put(folder, &grown, &large, &seconds);
        tk_arena_fini(&large);
        (void)printf("screen_million_import_s\t%.1f\n", seconds);
        measure_queries(shelf, lists, &asked, "screen_million");
        tk_shelf_close(shelf);
    }
    tk_lists_free(lists);
    tk_arena_fini(&arena);
    return 0;
}
