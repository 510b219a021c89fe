/* SPDX-License-Identifier: Apache-2.0 */
/* subset.c: the ten rules of peers/subset.rules over a thousand transactions: written out for the peers, answered by
 * twokey, and timed.
 *
 *     bench_subset RULEBOOK_FOLDER OUTPUT_FOLDER
 *
 * writes transactions.json (an array of flat objects), transactions.clp (the same, for CLIPS) and answers.txt (one
 * line a
 * transaction: classification key review duty; review is `none` where it is not asked). All figures are integers,
 * density in
 * hundredths, memory density in tenths, days as YYYYMMDD, so that no peer meets a number it cannot hold. Many figures
 * lie on
 * or next to a threshold.
 *
 * Three times are taken, each with setting the facts of the transaction: the answers alone, as a peer gives them; a
 * decision with all its reasons; and that with the comparison of law and practice.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/num.h"
#include "base/str.h"
#include "bench.h"
#include "decide/decide_int.h"
#include "twokey/desk.h"

enum { TRANSACTIONS = 1000, RUNS = 15, ROUNDS = 40, PLACES = 6, OTHERS = 10, FACTS = OTHERS + PLACES, QUESTIONS = 4 };

typedef struct transaction {
    uint32_t as_of, us_sale_date; /* YYYYMMDD */
    bool memory, datacenter;
    uint32_t tpp, density, dram_bandwidth, memory_density;
    const char *from, *to, *activity;
    const char *hq[PLACES]; /* own and parent's of purchaser, ultimate consignee, end user */
} transaction;

static const char *const hq_names[PLACES] = {"purchaser_hq",          "purchaser_parent_hq",
                                             "ultimate_consignee_hq", "ultimate_consignee_parent_hq",
                                             "end_user_hq",           "end_user_parent_hq"};
static const char *const hq_facts[PLACES] = {"purchaser.hq",          "purchaser.parent_hq",
                                             "ultimate_consignee.hq", "ultimate_consignee.parent_hq",
                                             "end_user.hq",           "end_user.parent_hq"};
static const char *const question_names[QUESTIONS] = {"classification", "key", "review", "duty"};

/* --- making them --- */

#define PICK(state, list) (list)[bench_below((state), sizeof(list) / sizeof((list)[0]))]

static const uint32_t tpps[] = {0,     800,   1599,  1600,  1601,  2000,  2399,  2400,  3000,
                                4799,  4800,  5000,  12480, 14000, 14001, 15832, 17499, 17500,
                                20800, 20801, 20999, 21000, 21099, 21100, 36000};
static const uint32_t densities[] = {50, 159, 160, 161, 200, 319, 320, 400, 591, 592, 593, 800, 1900};
static const uint32_t bandwidths[] = {800,  2000, 3350, 4500, 4501, 4800, 4999, 5000,
                                      5800, 5801, 6000, 6199, 6200, 6499, 6500, 8000};
static const uint32_t days[] = {20231116, 20231117, 20240403, 20240404, 20241201, 20241202,
                                20250601, 20260114, 20260115, 20260210, 20260801};
static const uint32_t sales[] = {20200514, 20220920, 20240424, 20260114, 20260115, 20260116, 20260601};
static const char *const places[] = {"CN", "CN", "HK", "MO", "US", "US", "US", "DE", "JP", "TW", "SG", "MY",
                                     "AE", "SA", "VN", "KH", "IN", "GB", "AM", "RU", "VE", "KR", "NL", "BR"};
static const char *const homes[] = {"US", "US", "US", "DE", "JP", "TW", "SG", "MY",
                                    "AE", "GB", "KR", "NL", "CN", "MO", "SA"};
static const char *const activities[] = {"export", "export", "reexport", "transfer", "import"};

static void transaction_make(transaction *t, uint64_t *state)
{
    *t = (transaction){.as_of = PICK(state, days),
                       .us_sale_date = PICK(state, sales),
                       .memory = bench_below(state, 8) == 0,
                       .datacenter = bench_below(state, 3) != 0,
                       .tpp = PICK(state, tpps),
                       .density = PICK(state, densities),
                       .dram_bandwidth = PICK(state, bandwidths),
                       .memory_density = (uint32_t)bench_below(state, 41),
                       .from = bench_below(state, 2) == 0 ? "US" : PICK(state, places),
                       .to = PICK(state, places),
                       .activity = PICK(state, activities)};
    for (size_t i = 0; i < PLACES; i++)
        t->hq[i] = PICK(state, homes);
    if (bench_below(state, 6) == 0) { /* else the bands of the duty are hardly ever met */
        t->as_of = 20260210;
        t->to = "US";
        t->tpp = 15832;
        t->dram_bandwidth = 4800;
    }
}

/* --- writing them --- */

static FILE *open_file(const char *folder, const char *name)
{
    char path[4096];
    int len = snprintf(path, sizeof(path), "%s/%s", folder, name);
    FILE *file = len < 0 || sizeof(path) <= (size_t)len ? NULL : fopen(path, "w");
    if (file == NULL)
        bench_fail("%s/%s cannot be written", folder, name);
    return file;
}

static void close_file(FILE *file)
{
    if (fclose(file) != 0)
        bench_fail("a file could not be written");
}

static void write_json(FILE *file, const transaction *all)
{
    for (size_t i = 0; i < TRANSACTIONS; i++) {
        const transaction *t = &all[i];
        (void)fprintf(
            file,
            "%s{\"as_of\":%" PRIu32 ",\"kind\":\"%s\",\"tpp\":%" PRIu32 ",\"density\":%" PRIu32
            ",\"dram_bandwidth\":%" PRIu32 ",\"memory_density\":%" PRIu32
            ",\"datacenter\":%s,\"us_sale_date\":%" PRIu32 ",\"from\":\"%s\",\"to\":\"%s\",\"activity\":\"%s\"",
            i == 0 ? "[" : ",\n", t->as_of, t->memory ? "memory" : "processor", t->tpp, t->density, t->dram_bandwidth,
            t->memory_density, t->datacenter ? "true" : "false", t->us_sale_date, t->from, t->to, t->activity);
        for (size_t p = 0; p < PLACES; p++)
            (void)fprintf(file, ",\"%s\":\"%s\"", hq_names[p], t->hq[p]);
        (void)fputc('}', file);
    }
    (void)fputs("]\n", file);
}

static void write_clips(FILE *file, const transaction *all)
{
    (void)fputs("(deffacts transactions\n", file);
    for (size_t i = 0; i < TRANSACTIONS; i++) {
        const transaction *t = &all[i];
        (void)fprintf(file,
                      "(stored (as_of %" PRIu32 ") (kind %s) (tpp %" PRIu32 ") (density %" PRIu32
                      ") (dram_bandwidth %" PRIu32 ") (memory_density %" PRIu32
                      ") (datacenter %s) (us_sale_date %" PRIu32 ") (from %s) (to %s) (activity %s)",
                      t->as_of, t->memory ? "memory" : "processor", t->tpp, t->density, t->dram_bandwidth,
                      t->memory_density, t->datacenter ? "yes" : "no", t->us_sale_date, t->from, t->to, t->activity);
        for (size_t p = 0; p < PLACES; p++)
            (void)fprintf(file, " (%s %s)", hq_names[p], t->hq[p]);
        (void)fputs(")\n", file);
    }
    (void)fputs(")\n", file);
}

/* --- ours --- */

typedef struct subject {
    const tk_rulebook *book;
    tk_decider *decider;
    tk_facts *facts;
    tk_setting setting;
    eval eval; /* borrows the decider's memory: for answers alone */
    size_t slots[FACTS];
    rb_id questions[QUESTIONS];
    tk_value values[TRANSACTIONS][FACTS];
    tk_date as_of[TRANSACTIONS];
} subject;

static void must(tk_status status, const tk_err *err)
{
    if (status != TK_OK)
        bench_fail("%s", err->message);
}

static tk_date day_of(uint32_t day)
{
    char text[TK_DATE_TEXT_MAX];
    tk_date date;
    tk_err err = {0};
    (void)snprintf(text, sizeof(text), "%04" PRIu32 "-%02" PRIu32 "-%02" PRIu32, day / 10000 % 10000, day / 100 % 100,
                   day % 100);
    must(tk_date_parse(tk_str_from(text), &date, &err), &err);
    return date;
}

static void subject_read(subject *s, size_t index, size_t slot, const char *text)
{
    tk_err err = {0};
    must(tk_rulebook_read_value(s->book, s->slots[slot], tk_str_from(text), &s->values[index][slot], &err), &err);
}

static tk_value number_of(uint32_t value, uint32_t scale)
{
    int64_t exact = (int64_t)value * (TK_NUM_SCALE / scale);
    return (tk_value){.known = TK_VALUE, .type = TK_TYPE_NUMBER, .as.range = {exact, exact}};
}

static void subject_values(subject *s, const transaction *all)
{
    static const char *const facts[OTHERS] = {"item.class",
                                              "item.tpp",
                                              "item.density",
                                              "item.dram_bandwidth",
                                              "item.memory_density",
                                              "item.datacenter",
                                              "item.us_sale_date",
                                              "route.from",
                                              "route.to",
                                              "route.activity"};
    for (size_t i = 0; i < FACTS; i++) {
        const char *name = i < OTHERS ? facts[i] : hq_facts[i - OTHERS];
        s->slots[i] = tk_rulebook_find_fact(s->book, tk_str_from(name), NULL);
        if (s->slots[i] == SIZE_MAX)
            bench_fail("the rulebook has no fact %s", name);
    }
    for (size_t i = 0; i < TRANSACTIONS; i++) {
        const transaction *t = &all[i];
        tk_date sale = day_of(t->us_sale_date);
        s->as_of[i] = day_of(t->as_of);
        subject_read(s, i, 0, t->memory ? "memory" : "processor");
        s->values[i][1] = number_of(t->tpp, 1);
        s->values[i][2] = number_of(t->density, 100);
        s->values[i][3] = number_of(t->dram_bandwidth, 1);
        s->values[i][4] = number_of(t->memory_density, 10);
        subject_read(s, i, 5, t->datacenter ? "yes" : "no");
        s->values[i][6] = (tk_value){.known = TK_VALUE, .type = TK_TYPE_DATE, .as.range = {sale, sale}};
        subject_read(s, i, 7, t->from);
        subject_read(s, i, 8, t->to);
        subject_read(s, i, 9, t->activity);
        for (size_t p = 0; p < PLACES; p++)
            subject_read(s, i, OTHERS + p, t->hq[p]);
    }
}

static void subject_set(subject *s, size_t index)
{
    tk_facts_clear(s->facts);
    for (size_t i = 0; i < FACTS; i++)
        tk_facts_set(s->facts, s->slots[i], s->values[index][i], TK_FACT_SUPPLIED);
    tk_facts_name_role(s->facts, TK_STR("purchaser"));
    tk_facts_name_role(s->facts, TK_STR("ultimate_consignee"));
    tk_facts_name_role(s->facts, TK_STR("end_user"));
    s->setting.as_of = s->as_of[index];
}

static const tk_decision *subject_decide(subject *s, size_t index, unsigned flags)
{
    const tk_decision *decision = NULL;
    tk_err err = {0};
    subject_set(s, index);
    must(tk_decide(s->decider, s->facts, &s->setting, flags, &decision, &err), &err);
    return decision;
}

/* The four questions and nothing else, as a peer answers them. */
static void subject_answer(subject *s, size_t index, int answers[QUESTIONS])
{
    subject_set(s, index);
    eval *e = &s->eval;
    eval_begin(e, s->book, s->facts, &s->setting, s->decider->world,
               counts_find(s->decider, &s->setting, s->decider->world), false);
    for (size_t q = 0; q < QUESTIONS; q++) {
        const question_state *state = eval_question(e, s->questions[q]);
        answers[q] = state->asked == K_TRUE ? __builtin_ctzll(state->possible) : -1;
    }
}

static const char *decided(const tk_decision *decision, const char *question, char text[64])
{
    const tk_key_decision *key = decision->keys_count == 1 ? &decision->keys[0] : NULL;
    for (size_t i = 0; key != NULL && i < key->answers_count; i++)
        if (tk_str_is(key->answers[i].question, question)) {
            (void)snprintf(text, 64, TK_FMT, TK_ARG_STR(key->answers[i].answer));
            return text;
        }
    return "none";
}

static void write_answers(FILE *file, subject *s)
{
    for (size_t i = 0; i < TRANSACTIONS; i++) {
        const tk_decision *decision = subject_decide(s, i, 0);
        for (size_t q = 0; q < QUESTIONS; q++) {
            char text[64];
            (void)fprintf(file, "%s%s", q == 0 ? "" : " ", decided(decision, question_names[q], text));
        }
        (void)fputc('\n', file);
    }
    /* The short way must give what the whole decision says. */
    for (size_t i = 0; i < TRANSACTIONS; i++) {
        int answers[QUESTIONS];
        const tk_decision *decision = subject_decide(s, i, 0);
        char text[QUESTIONS][64];
        const char *said[QUESTIONS];
        for (size_t q = 0; q < QUESTIONS; q++)
            said[q] = decided(decision, question_names[q], text[q]);
        subject_answer(s, i, answers);
        for (size_t q = 0; q < QUESTIONS; q++) {
            const rb_question *question = &s->book->questions[s->questions[q]];
            if (!tk_str_is(answers[q] < 0 ? TK_STR("none") : question->answers[answers[q]], said[q]))
                bench_fail("transaction %zu: %s differs between the two ways", i, question_names[q]);
        }
    }
}

typedef enum subject_way { WAY_ANSWERS = 0, WAY_REASONS, WAY_COMPARE } subject_way;

static void measure(subject *s, subject_way way, const char *name)
{
    double runs[RUNS];
    for (size_t run = 0; run < RUNS; run++) {
        uint64_t begin = bench_now_ns();
        for (size_t round = 0; round < ROUNDS; round++)
            for (size_t i = 0; i < TRANSACTIONS; i++) {
                int answers[QUESTIONS];
                if (way == WAY_ANSWERS)
                    subject_answer(s, i, answers);
                else
                    bench_keep(subject_decide(s, i, way == WAY_COMPARE ? TK_DECIDE_COMPARE : 0));
                bench_keep(answers);
            }
        runs[run] = (double)(bench_now_ns() - begin) / ((double)ROUNDS * TRANSACTIONS);
    }
    (void)printf("%s\t%s\t%.0f\n", name, tk_version(), bench_stats_of(runs, RUNS).median);
}

int main(int argc, char **argv)
{
    static transaction all[TRANSACTIONS];
    static subject s;
    tk_desk_options options = TK_DESK_OPTIONS_INIT;
    tk_desk *desk = NULL;
    tk_err err = {0};
    if (argc != 3)
        bench_fail("bench_subset RULEBOOK_FOLDER OUTPUT_FOLDER");
    uint64_t state = 20260210;
    for (size_t i = 0; i < TRANSACTIONS; i++)
        transaction_make(&all[i], &state);
    FILE *file = open_file(argv[2], "transactions.json");
    write_json(file, all);
    close_file(file);
    file = open_file(argv[2], "transactions.clp");
    write_clips(file, all);
    close_file(file);

    options.rulebook_folder = argv[1];
    must(tk_desk_open(&options, &desk, NULL, &err), &err);
    s.book = tk_desk_rulebook(desk);
    s.setting.known_at = tk_rulebook_known_at(s.book);
    must(tk_decider_new(s.book, &s.decider, &err), &err);
    must(tk_facts_new(s.book, &s.facts, &err), &err);
    s.eval = s.decider->other;
    for (size_t q = 0; q < QUESTIONS; q++)
        for (rb_id i = 0; i < s.book->questions_count; i++)
            if (tk_str_is(s.book->questions[i].name, question_names[q]))
                s.questions[q] = i;
    subject_values(&s, all);
    file = open_file(argv[2], "answers.txt");
    write_answers(file, &s);
    close_file(file);
    measure(&s, WAY_ANSWERS, "twokey, answers alone");
    measure(&s, WAY_REASONS, "twokey, with reasons");
    measure(&s, WAY_COMPARE, "twokey, with reasons and comparison");
    tk_facts_free(s.facts);
    tk_decider_free(s.decider);
    tk_desk_close(desk);
    return 0;
}
