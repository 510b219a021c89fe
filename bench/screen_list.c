/* SPDX-License-Identifier: Apache-2.0 */
/* screen_list.c: the scorer of names against a whole list: false alarms, own names, slips, time of a pair.
 *   bench_screen_list FOLDER [-v] [SLIPS [SHARE]]
 * FOLDER holds csl-2026-07.csv.gz and clean-names.csv. Candidates are found by the keys of names; the list is a sorted
 * array of keys, nothing more, so that what is measured is the scorer. Ends with 0 when every bar holds.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

#include "base/csv.h"
#include "base/str.h"
#include "bench.h"
#include "names/names_int.h"

enum { KEYS_MAX = 8192, NAMES_MAX = 70000, TEXT_MAX = 64 * 1024 * 1024, TOP = 10 };

typedef struct posting {
    uint64_t hash;
    uint32_t name;
} posting;

typedef struct list {
    tk_names *names;
    tk_arena arena, scratch;
    const tk_name *prepared[NAMES_MAX];
    tk_str texts[NAMES_MAX];
    uint32_t entries[NAMES_MAX];
    size_t count, refused;
    posting *postings;
    size_t postings_count, postings_room;
    uint32_t seen[NAMES_MAX], round; /* which names were compared in this round */
    uint64_t compared;
    bool missed;          /* a bar */
    bool verbose, unkind; /* unkind: clean names are typed without their kind */
    unsigned share;       /* every how manieth clean name is looked at */
} list;

static char *inflated(const char *path, size_t *length)
{
    char *text = malloc(TEXT_MAX);
    gzFile file = gzopen(path, "rb");
    int got = file == NULL || text == NULL ? -1 : gzread(file, text, TEXT_MAX);
    if (got < 0)
        bench_fail("%s: cannot be read", path);
    gzclose(file);
    *length = (size_t)got;
    return text;
}

static void list_name(list *l, tk_str text, tk_name_kind kind, uint32_t entry)
{
    tk_err err = {0};
    text = tk_str_trim(text);
    if (text.len == 0 || l->count == NAMES_MAX)
        return;
    const tk_name *name;
    if (tk_names_prepare(l->names, &l->arena, text, kind, &name, &err) != TK_OK) {
        l->refused++;
        if (l->verbose)
            printf("refused: %s\n", err.message);
        return;
    }
    static tk_name_key keys[KEYS_MAX];
    size_t count = tk_names_keys(l->names, name, TK_NAME_LISTED, keys, KEYS_MAX);
    if (l->postings_count + count > l->postings_room) {
        l->postings_room = 2 * (l->postings_room + count);
        l->postings = realloc(l->postings, l->postings_room * sizeof(posting));
        if (l->postings == NULL)
            bench_fail("out of memory");
    }
    for (size_t i = 0; i < count; i++)
        l->postings[l->postings_count++] = (posting){keys[i].hash, (uint32_t)l->count};
    l->prepared[l->count] = name;
    l->entries[l->count] = entry;
    l->texts[l->count++] = tk_arena_copy(&l->arena, text);
}

static int by_hash(const void *a, const void *b)
{
    const posting *x = a, *y = b;
    if (x->hash != y->hash)
        return x->hash < y->hash ? -1 : 1;
    return x->name < y->name ? -1 : x->name > y->name;
}

static size_t column(const tk_csv_reader *reader, const char *name)
{
    size_t count = 0;
    const tk_str *header = tk_csv_header(reader, &count);
    for (size_t i = 0; i < count; i++)
        if (tk_str_is(header[i], name))
            return i;
    bench_fail("no column %s", name);
}

static void list_read(list *l, const char *path)
{
    size_t length;
    char *text = inflated(path, &length);
    tk_csv_reader *reader;
    tk_err err = {0};
    if (tk_csv_open_text(tk_str_from(path), (tk_str){text, length}, &reader, &err) != TK_OK)
        bench_fail("%s", err.message);
    size_t name = column(reader, "name"), alias = column(reader, "alt_names"), type = column(reader, "type");
    const tk_csv_row *row;
    for (uint32_t entry = 0; tk_csv_next(reader, &row, &err) == TK_OK && row != NULL; entry++) {
        tk_name_kind kind = tk_str_is(row->cells[type], "Individual") ? TK_NAME_PERSON
                            : tk_str_is(row->cells[type], "Vessel")   ? TK_NAME_VESSEL
                            : tk_str_is(row->cells[type], "Entity")   ? TK_NAME_COMPANY
                                                                      : TK_NAME_UNKNOWN;
        list_name(l, row->cells[name], kind, entry);
        tk_str rest = row->cells[alias], part;
        while (tk_str_split(&rest, ';', &part))
            list_name(l, part, kind, entry);
    }
    tk_csv_close(reader);
    free(text);
    qsort(l->postings, l->postings_count, sizeof(posting), by_hash);
}

typedef struct hit {
    unsigned score;
    uint32_t name;
} hit;

/* The best TOP names above the threshold, best first. */
static size_t find(list *l, const tk_name *typed, hit out[TOP])
{
    static tk_name_key keys[KEYS_MAX];
    size_t count = tk_names_keys(l->names, typed, TK_NAME_TYPED, keys, KEYS_MAX), hits = 0;
    l->round++;
    for (size_t i = 0; i < count; i++) {
        size_t low = 0, high = l->postings_count;
        while (low < high) {
            size_t middle = low + (high - low) / 2;
            if (l->postings[middle].hash < keys[i].hash)
                low = middle + 1;
            else
                high = middle;
        }
        for (; low < l->postings_count && l->postings[low].hash == keys[i].hash; low++) {
            uint32_t name = l->postings[low].name;
            if (l->seen[name] == l->round)
                continue;
            l->seen[name] = l->round;
            l->compared++;
            unsigned score = tk_names_score(l->names, typed, l->prepared[name], TK_NAMES_THRESHOLD);
            if (score == 0)
                continue;
            size_t at = hits < TOP ? hits++ : TOP;
            for (; at != 0 && out[at - 1].score < score; at--)
                if (at < TOP)
                    out[at] = out[at - 1];
            if (at < TOP)
                out[at] = (hit){score, name};
        }
    }
    return hits;
}

/* A figure beside its bar. */
static void figure(list *l, const char *name, uint64_t value, bool holds)
{
    l->missed = l->missed || !holds;
    printf("%s\t%llu%s\n", name, (unsigned long long)value, holds ? "" : "\tMISSED");
}

static void clean(list *l, const char *path)
{
    size_t length;
    char *text = inflated(path, &length);
    tk_csv_reader *reader;
    tk_err err = {0};
    if (tk_csv_open_text(tk_str_from(path), (tk_str){text, length}, &reader, &err) != TK_OK)
        bench_fail("%s", err.message);
    size_t name = column(reader, "name"), same = column(reader, "same_name_on_csl"), kind = column(reader, "kind");
    size_t set = column(reader, "set");
    const tk_csv_row *row;
    unsigned rows = 0, alarms = 0, read = 0;
    while (tk_csv_next(reader, &row, &err) == TK_OK && row != NULL) {
        if (tk_str_is(row->cells[same], "yes") || read++ % l->share != 0)
            continue;
        rows++;
        tk_arena_reset(&l->scratch);
        const tk_name *typed;
        tk_name_kind as = l->unkind                               ? TK_NAME_UNKNOWN
                          : tk_str_is(row->cells[kind], "person") ? TK_NAME_PERSON
                                                                  : TK_NAME_COMPANY;
        hit hits[TOP];
        if (tk_names_prepare(l->names, &l->scratch, row->cells[name], as, &typed, &err) != TK_OK
            || find(l, typed, hits) == 0)
            continue;
        alarms++;
        if (l->verbose)
            printf("alarm %4u " TK_FMT " | " TK_FMT " | " TK_FMT "\n", hits[0].score, TK_ARG_STR(row->cells[name]),
                   TK_ARG_STR(l->texts[hits[0].name]), TK_ARG_STR(row->cells[set]));
    }
    tk_csv_close(reader);
    free(text);
    printf("clean names\t%u\n", rows);
    figure(l, "false alarms, fewer than 5 in 1000", alarms, 1000 * alarms < 5 * rows);
}

static void own(list *l)
{
    unsigned bad = 0, unfound = 0;
    for (size_t i = 0; i < l->count; i++) {
        bad += tk_names_score(l->names, l->prepared[i], l->prepared[i], 0) != TK_SCORE_ONE;
        hit hits[TOP];
        size_t count = i % 16 == 0 ? find(l, l->prepared[i], hits) : 1;
        unfound += i % 16 == 0 && (count == 0 || hits[0].score != TK_SCORE_ONE);
    }
    printf("listed names\t%zu\n", l->count);
    figure(l, "refused", l->refused, l->refused == 0);
    figure(l, "not 1000 with themselves", bad, bad == 0);
    figure(l, "not found by themselves", unfound, unfound == 0);
}

/* One edit in a token of at least five ASCII letters; false when the name has none. */
static bool slip(uint64_t *seed, tk_str text, char out[2048], size_t *length)
{
    size_t starts[128], lengths[128], count = 0;
    for (size_t i = 0; i < text.len && count < 128;) {
        size_t from = i;
        while (i < text.len && ((text.ptr[i] | 32) >= 'a' && (text.ptr[i] | 32) <= 'z'))
            i++;
        if (i - from >= 5) {
            starts[count] = from;
            lengths[count++] = i - from;
        }
        i += i == from;
    }
    if (count == 0 || text.len > 1000)
        return false;
    size_t token = bench_below(seed, count), at = starts[token] + bench_below(seed, lengths[token] - 1);
    char letter = (char)('a' + bench_below(seed, 26));
    memcpy(out, text.ptr, text.len);
    *length = text.len;
    switch (bench_below(seed, 4)) {
    case 0:
        out[at] = letter;
        break;
    case 1:
        memmove(out + at, out + at + 1, text.len - at - 1);
        (*length)--;
        break;
    case 2:
        memmove(out + at + 1, out + at, text.len - at);
        out[at] = letter;
        (*length)++;
        break;
    default: {
        char kept = out[at];
        out[at] = out[at + 1];
        out[at + 1] = kept;
    }
    }
    return *length != text.len || memcmp(out, text.ptr, text.len) != 0;
}

static void slips(list *l, unsigned wanted)
{
    uint64_t seed = 20261125, took = 0;
    unsigned made = 0, lost = 0, low = 0;
    while (made < wanted) {
        size_t i = bench_below(&seed, l->count), length;
        char text[2048];
        if (!slip(&seed, l->texts[i], text, &length))
            continue;
        made++;
        tk_arena_reset(&l->scratch);
        const tk_name *typed;
        tk_err err = {0};
        if (tk_names_prepare(l->names, &l->scratch, (tk_str){text, length}, TK_NAME_UNKNOWN, &typed, &err) != TK_OK)
            continue;
        hit hits[TOP];
        uint64_t began = bench_now_ns();
        size_t count = find(l, typed, hits);
        took += bench_now_ns() - began;
        bool found = false;
        for (size_t k = 0; k < count; k++)
            found = found || l->entries[hits[k].name] == l->entries[i];
        if (found)
            continue;
        unsigned score = tk_names_score(l->names, typed, l->prepared[i], 0);
        lost++;
        low += score < TK_NAMES_THRESHOLD;
        if (l->verbose)
            printf("slip %4u %.*s | " TK_FMT "\n", score, (int)length, text, TK_ARG_STR(l->texts[i]));
    }
    printf("slips\t%u\n", made);
    figure(l, "not among the first ten, at most 5 in 1000", lost, 1000 * lost <= 5 * made);
    printf("of these below the threshold\t%u\nmicroseconds a slip\t%llu\n", low,
           (unsigned long long)(took / 1000 / (made + !made)));
}

/* Names of the pairs against every listed name, and by keys: a match that shares no key would never be found. */
static void keyless(list *l, const char *path, unsigned wanted)
{
    size_t length;
    char *text = inflated(path, &length);
    tk_csv_reader *reader;
    tk_err err = {0};
    if (tk_csv_open_text(tk_str_from(path), (tk_str){text, length}, &reader, &err) != TK_OK)
        bench_fail("%s", err.message);
    size_t left = column(reader, "left");
    const tk_csv_row *row;
    unsigned rows = 0, looked = 0, matches = 0, lost = 0, barred = 0;
    while (tk_csv_next(reader, &row, &err) == TK_OK && row != NULL && looked < wanted) {
        if (rows++ % 7 != 0)
            continue;
        looked++;
        tk_arena_reset(&l->scratch);
        const tk_name *typed;
        hit hits[TOP];
        if (tk_names_prepare(l->names, &l->scratch, row->cells[left], TK_NAME_UNKNOWN, &typed, &err) != TK_OK)
            continue;
        (void)find(l, typed, hits);
        tk_names_aim(l->names, typed);
        for (size_t i = 0; i < l->count; i++) {
            unsigned score = tk_names_score(l->names, typed, l->prepared[i], TK_NAMES_THRESHOLD);
            matches += score != 0;
            barred += score != 0 && !tk_names_may_reach(l->names, l->prepared[i], TK_NAMES_THRESHOLD);
            if (score == 0 || l->seen[i] == l->round)
                continue;
            lost++;
            if (l->verbose)
                printf("no key %4u " TK_FMT " | " TK_FMT "\n", score, TK_ARG_STR(row->cells[left]),
                       TK_ARG_STR(l->texts[i]));
        }
    }
    tk_csv_close(reader);
    free(text);
    printf("compared with every listed name\t%u\nmatches\t%u\n", looked, matches);
    figure(l, "matches that share no key", lost, lost == 0);
    figure(l, "matches that the bound forbids", barred, barred == 0);
}

static void pair_time(list *l)
{
    uint64_t seed = 7, began = bench_now_ns(), sum = 0;
    enum { PAIRS = 1000000 };
    for (size_t i = 0; i < PAIRS; i++)
        sum += tk_names_score(l->names, l->prepared[bench_below(&seed, l->count)],
                              l->prepared[bench_below(&seed, l->count)], 0);
    bench_keep(&sum);
    printf("nanoseconds a pair at random, no floor\t%llu\n", (unsigned long long)((bench_now_ns() - began) / PAIRS));
}

int main(int argc, char **argv)
{
    static list l;
    char path[4096];
    tk_err err = {0};
    if (argc < 2 || tk_names_new(&l.names, &err) != TK_OK)
        return 2;
    tk_arena_init(&l.arena, 1 << 20, 0);
    tk_arena_init(&l.scratch, 64 * 1024, 0);
    int first = 2;
    for (; first < argc && argv[first][0] == '-'; first++) {
        l.verbose = l.verbose || strcmp(argv[first], "-v") == 0;
        l.unkind = l.unkind || strcmp(argv[first], "-u") == 0;
    }
    l.share = first + 1 < argc ? (unsigned)strtoul(argv[first + 1], NULL, 10) : 1;
    uint64_t began = bench_now_ns();
    snprintf(path, sizeof path, "%s/csl-2026-07.csv.gz", argv[1]);
    list_read(&l, path);
    printf("list read, ms\t%llu\nkeys\t%zu\nbytes of names\t%zu\n",
           (unsigned long long)((bench_now_ns() - began) / 1000000), l.postings_count, l.arena.used_bytes);
    own(&l);
    l.compared = 0;
    began = bench_now_ns();
    snprintf(path, sizeof path, "%s/clean-names.csv", argv[1]);
    clean(&l, path);
    printf("ns a compared pair\t%llu\ncompared\t%llu\n",
           (unsigned long long)((bench_now_ns() - began) / (l.compared + 1)), (unsigned long long)l.compared);
    slips(&l, first < argc ? (unsigned)strtoul(argv[first], NULL, 10) : 5000);
    snprintf(path, sizeof path, "%s/name-pairs.csv", argv[1]);
    keyless(&l, path, l.share == 1 ? 400 : 100);
    pair_time(&l);
    return l.missed ? 1 : 0;
}
