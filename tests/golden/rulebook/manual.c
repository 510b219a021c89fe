/* SPDX-License-Identifier: Apache-2.0 */
/* The language manual keeps its word: every block of docs/rulebook-language.md is compiled, every example in it is run.
 *
 *   ```rules heading        what the other blocks stand behind, unless they begin with a regime of their own
 *   ```rules                compiles; every example passes; it has at least one
 *   ```rules error TEXT     is refused, and a message holds TEXT
 *   ```rules warning TEXT   compiles, and a warning or note holds TEXT
 *
 * Together the blocks use every keyword of the language. Blocks without `rules` are grammar and console text.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/arena.h"
#include "base/compat.h"
#include "base/file.h"
#include "base/str.h"
#include "twokey/decide.h"

enum { BLOCKS_MAX = 200, MANUAL_BYTES_MAX = 1024 * 1024, DAY_2021 = 18628, DAY_KH_LEFT = 20399 };

typedef struct block {
    tk_str kind, text; /* "", "heading", "error TEXT", "warning TEXT" */
    unsigned line;
} block;

static tk_arena arena;
static block blocks[BLOCKS_MAX];
static size_t blocks_count;
static tk_str heading;

static const tk_str places[] = {TK_STR("AE"), TK_STR("CN"), TK_STR("DE"), TK_STR("GB"), TK_STR("HK"),
                                TK_STR("IR"), TK_STR("KH"), TK_STR("MO"), TK_STR("MY"), TK_STR("US")};
#define IN_D5(code)                                                                                                  \
    {                                                                                                                \
        .place = TK_STR(code), .group = TK_STR("D:5"), .in = true, .from = DAY_2021, .to = TK_DATE_MAX,              \
        .published = DAY_2021                                                                                        \
    }
static const tk_group_row groups[] = {
    IN_D5("CN"), IN_D5("IR"), IN_D5("KH"), IN_D5("MO"),
    {.place = TK_STR("KH"), .group = TK_STR("D:5"), .from = DAY_KH_LEFT, .to = TK_DATE_MAX, .published = DAY_KH_LEFT}};
static const tk_claim_row claims[] = {{.id = TK_STR("C1"), .published = DAY_2021},
                                      {.id = TK_STR("C2"), .published = DAY_2021},
                                      {.id = TK_STR("C3"), .published = DAY_2021}};
static const tk_vocabulary vocabulary = {.places = places,
                                         .places_count = TK_COUNT(places),
                                         .groups = groups,
                                         .groups_count = TK_COUNT(groups),
                                         .claims = claims,
                                         .claims_count = TK_COUNT(claims)};

/* --- reading the manual --- */

static int read_blocks(void **state)
{
    (void)state;
    tk_str manual, line;
    tk_err err = {0};
    unsigned number = 0;
    block *open = NULL;
    tk_arena_init(&arena, 1024 * 1024, 0);
    if (tk_file_read(TEST_SOURCE_DIR "/docs/rulebook-language.md", MANUAL_BYTES_MAX, &arena, &manual, &err) != TK_OK) {
        print_error("%s: %s\n", err.file, err.message);
        return -1;
    }
    for (tk_str rest = manual; tk_str_split(&rest, '\n', &line);) {
        number++;
        if (open != NULL && tk_str_is(line, "```")) {
            open->text.len = (size_t)(line.ptr - open->text.ptr);
            if (tk_str_is(open->kind, "heading"))
                heading = open->text;
            open = NULL;
        } else if (open == NULL && tk_str_starts(line, TK_STR("```rules")) && blocks_count < BLOCKS_MAX) {
            open = &blocks[blocks_count++];
            *open = (block){.kind = tk_str_trim((tk_str){line.ptr + 8, line.len - 8}),
                            .text = {line.ptr + line.len + 1, 0},
                            .line = number};
        }
    }
    return open == NULL && heading.len != 0 ? 0 : -1;
}

static int free_blocks(void **state)
{
    (void)state;
    tk_arena_fini(&arena);
    return 0;
}

/* --- compiling one block --- */

static tk_status compile(const block *b, tk_rulebook **book, tk_messages **messages, tk_err *err)
{
    bool alone = tk_str_starts(b->text, TK_STR("regime ")) || tk_str_starts(b->text, TK_STR("common"));
    tk_str head = alone ? TK_STR("") : heading;
    tk_source source = {.name = TK_STR("manual.rules"),
                        .text = tk_arena_printf(&arena, TK_FMT TK_FMT, TK_ARG_STR(head), TK_ARG_STR(b->text))};
    return tk_rulebook_compile(&source, 1, &vocabulary, book, messages, err);
}

static bool says(const tk_messages *messages, tk_str text, bool errors)
{
    for (size_t i = 0; i < tk_messages_count(messages); i++) {
        const tk_message *m = tk_messages_get(messages, i);
        for (size_t at = 0; at + text.len <= m->text.len; at++)
            if ((m->severity == TK_SEVERITY_ERROR) == errors && memcmp(m->text.ptr + at, text.ptr, text.len) == 0)
                return true;
    }
    return false;
}

static void print_messages(const block *b, const tk_messages *messages)
{
    print_error("docs/rulebook-language.md, the block of line %u:\n", b->line);
    for (size_t i = 0; i < tk_messages_count(messages); i++) {
        const tk_message *m = tk_messages_get(messages, i);
        print_error("  " TK_FMT "\n    " TK_FMT "\n", TK_ARG_STR(m->text), TK_ARG_STR(m->excerpt));
    }
}

typedef struct run {
    size_t count, failed;
} run;

static void visit(void *ctx, const tk_example_result *result)
{
    run *r = ctx;
    r->count++;
    if (result->passed)
        return;
    r->failed++;
    print_error("  example \"" TK_FMT "\": " TK_FMT "\n", TK_ARG_STR(result->title), TK_ARG_STR(result->detail));
}

/* True when the block does what the manual says of it. */
static bool check(const block *b)
{
    tk_rulebook *book = NULL;
    tk_messages *messages = NULL;
    tk_err err = {0};
    tk_str kind = b->kind, word = TK_STR("");
    (void)tk_str_split(&kind, ' ', &word);
    tk_str text = kind.ptr != NULL ? kind : TK_STR("");
    tk_status status = compile(b, &book, &messages, &err);
    bool fine;
    run r = {0};
    if (tk_str_is(word, "error")) {
        fine = status == TK_ERR_INPUT && text.len != 0 && says(messages, text, true);
    } else if (tk_str_is(word, "warning")) {
        fine = status == TK_OK && text.len != 0 && says(messages, text, false);
    } else {
        fine = status == TK_OK && (word.len == 0 || tk_str_is(word, "heading"));
        fine = fine && tk_rulebook_run_examples(book, NULL, NULL, visit, &r, &err) == TK_OK && r.failed == 0;
        fine = fine && (r.count != 0 || word.len != 0);
    }
    if (!fine)
        print_messages(b, messages);
    tk_messages_free(messages);
    tk_rulebook_free(book);
    return fine;
}

static void test_manual_blocks(void **state)
{
    (void)state;
    size_t failed = 0;
    assert_true(25 < blocks_count);
    for (size_t i = 0; i < blocks_count; i++)
        failed += !check(&blocks[i]);
    assert_int_equal(failed, 0);
}

/* --- nothing of the language is left out --- */

static bool uses(const char *keyword)
{
    size_t len = strlen(keyword);
    for (size_t i = 0; i < blocks_count; i++) {
        tk_str text = blocks[i].text;
        if (tk_str_starts(blocks[i].kind, TK_STR("error")))
            continue;
        for (size_t at = 0; at + len <= text.len; at++) {
            bool begins = at == 0 || strchr(" \n(", text.ptr[at - 1]) != NULL;
            bool ends = at + len == text.len || strchr(" \n(,", text.ptr[at + len]) != NULL;
            if (begins && ends && memcmp(text.ptr + at, keyword, len) == 0)
                return true;
        }
    }
    return false;
}

static void test_manual_is_whole(void **state)
{
    (void)state;
    static const char *const keywords[] = {"regime",
                                           "covers",
                                           "read to",
                                           "roles",
                                           "fact",
                                           "presumed",
                                           "from claims",
                                           "set",
                                           "set of",
                                           "out",
                                           "term",
                                           "question",
                                           "strictest",
                                           "asked when",
                                           "otherwise",
                                           "rule",
                                           "exception to",
                                           "practice",
                                           "reported",
                                           "reported by",
                                           "cites",
                                           "unverified",
                                           "published",
                                           "in force",
                                           "replaces",
                                           "when",
                                           "then",
                                           "requires",
                                           "within",
                                           "before order",
                                           "before ship",
                                           "after delivery",
                                           "days",
                                           "limit",
                                           "per",
                                           "counts",
                                           "of shipped where",
                                           "of ordered where",
                                           "at most",
                                           "less than",
                                           "over all time",
                                           "over calendar year",
                                           "not modelled",
                                           "example",
                                           "as of",
                                           "known at",
                                           "law text",
                                           "believe",
                                           "evidence",
                                           "gives",
                                           "missing",
                                           "basis",
                                           "verdict",
                                           "condition",
                                           "absent",
                                           "and",
                                           "or",
                                           "not",
                                           "in",
                                           "but not",
                                           "has",
                                           "has any of",
                                           "any",
                                           "every",
                                           "no",
                                           "evidence has",
                                           "max of",
                                           "none",
                                           "?",
                                           "..",
                                           "number",
                                           "date",
                                           "place",
                                           "party",
                                           "product",
                                           "yes"};
    size_t missing = 0;
    for (size_t i = 0; i < TK_COUNT(keywords); i++)
        if (!uses(keywords[i])) {
            print_error("no block of the manual uses '%s'\n", keywords[i]);
            missing++;
        }
    assert_int_equal(missing, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_manual_blocks), cmocka_unit_test(test_manual_is_whole)};
    return cmocka_run_group_tests(tests, read_blocks, free_blocks);
}
