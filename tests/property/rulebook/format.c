/* SPDX-License-Identifier: Apache-2.0 */
/* format.c: laying out changes layout only. The shipped rulebook, with the space between its tokens shaken at random,
 * is laid out; the result is laid out already, compiles, and gives every example the same answer and every rule the
 * same fate as before. */
#include "rulebook/format.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/arena.h"
#include "base/sha256.h"
#include "base/str.h"
#include "grammar.h"
#include "rulebook/lexer.h"
#include "twokey/desk.h"

enum { ROUNDS = 12 };

/* --- shaking --- */

static uint64_t next_random(uint64_t *state)
{
    *state ^= *state << 13;
    *state ^= *state >> 7;
    *state ^= *state << 17;
    return *state;
}

/* Space between two tokens, or none where there was none. A token that began its line goes on beginning one, and one in
 * column 1 stays there: both may be needed to tell statements apart. */
static void shake_gap(tk_out *out, tk_str gap, bool comments, uint64_t *random)
{
    static const char *const inside[] = {" ", "  ", "\t", "    ", "\n  ", "\r\n      ", "\n\n\n   ", "  # shaken\n "};
    static const char *const before_line[] = {"\n", "\r\n", "\n\n\n", "  \t\n", " # shaken\n", "\n# shaken\n\n"};
    bool comment = memchr(gap.ptr, '#', gap.len) != NULL;
    bool column_1 = gap.len != 0 && gap.ptr[gap.len - 1] == '\n';
    if (gap.len == 0 || comment)
        tk_out_add(out, gap);
    else if (column_1)
        tk_out_text(out, before_line[next_random(random) % 6]);
    else
        tk_out_text(out, inside[next_random(random) % (comments ? 8 : 7)]);
}

static void shake(tk_arena *arena, tk_str text, tk_out *out, uint64_t *random)
{
    tk_lexer lexer;
    ast_token token;
    uint32_t end = 0;
    int quantified = 0; /* `any recipient (` is one look ahead: no comment goes between */
    text = tk_arena_copy(arena, text);
    tk_lexer_init(&lexer, arena, 0, text);
    for (tk_lexer_next(&lexer, &token); token.kind != TK_LEX_END; tk_lexer_next(&lexer, &token)) {
        assert_int_not_equal(token.kind, TK_LEX_BAD);
        shake_gap(out, (tk_str){text.ptr + end, token.pos.offset - end}, quantified == 0, random);
        tk_out_add(out, (tk_str){text.ptr + token.pos.offset, token.end - token.pos.offset});
        end = token.end;
        if (token.kind == TK_T_ANY || token.kind == TK_T_EVERY || token.kind == TK_T_NO)
            quantified = 2;
        else
            quantified = token.kind == TK_T_ANY_OF || quantified == 2 ? 1 : 0;
    }
    tk_out_add(out, (tk_str){text.ptr + end, text.len - end});
}

static void layout(tk_str name, tk_str text, tk_out *out)
{
    tk_messages *messages = NULL;
    tk_err err = {0};
    tk_source source = {.name = name, .text = text};
    tk_status status = tk_rulebook_format(&source, out, &messages, &err);
    for (size_t i = 0; i < tk_messages_count(messages); i++) {
        const tk_message *message = tk_messages_get(messages, i);
        print_message(TK_FMT ":%u: " TK_FMT "\n", TK_ARG_STR(name), message->line, TK_ARG_STR(message->text));
    }
    if (status != TK_OK)
        fail_msg(TK_FMT ": %s\n" TK_FMT, TK_ARG_STR(name), err.message, TK_ARG_STR(text));
    tk_messages_free(messages);
}

/* --- what a rulebook means --- */

typedef struct meaning {
    const tk_rulebook *book;
    tk_sha256 *hash;
    size_t examples;
} meaning;

static void meaning_visit(void *ctx, const tk_example_result *result)
{
    meaning *m = ctx;
    tk_sha256_add(m->hash, result->title);
    tk_sha256_add(m->hash, result->detail);
    tk_sha256_add(m->hash, (tk_str){(const char *)result->fates, tk_rulebook_rule_count(m->book)});
    m->examples++;
}

/* Every example's answer and every rule's fate in it, and what each rule says, without where it stands in its file. */
static size_t meaning_of(tk_desk *desk, const tk_rulebook *book, char out[TK_SHA256_HEX_BYTES])
{
    meaning m = {.book = book};
    assert_int_equal(tk_sha256_new(&m.hash, NULL), TK_OK);
    assert_int_equal(tk_rulebook_run_examples(book, tk_desk_example_rows, desk, meaning_visit, &m, NULL), TK_OK);
    for (size_t i = 0; i < tk_rulebook_rule_count(book); i++) {
        tk_rule_info rule = tk_rulebook_rule(book, i);
        tk_sha256_add(m.hash, rule.name);
        tk_sha256_add(m.hash, rule.title);
        tk_sha256_add(m.hash, rule.answer);
        for (size_t j = 0; j < rule.cites_count; j++)
            tk_sha256_add(m.hash, rule.cites[j]);
        for (size_t j = 0; j < rule.spans_count; j++)
            tk_sha256_add(m.hash, (tk_str){(const char *)&rule.spans[j], sizeof(rule.spans[j])});
    }
    assert_int_equal(tk_sha256_finish(m.hash, out, NULL), TK_OK);
    tk_sha256_free(m.hash);
    return m.examples;
}

/* Written to a folder and opened as --rulebook does, so that places, items and parties are those of the desk. */
static void write_file(const char *folder, tk_str name, tk_str text)
{
    char path[512], command[1200];
    (void)snprintf(path, sizeof(path), "%s/" TK_FMT, folder, TK_ARG_STR(name));
    (void)snprintf(command, sizeof(command), "mkdir -p \"$(dirname '%s')\"", path);
    assert_int_equal(system(command), 0);
    FILE *file = fopen(path, "wb");
    assert_non_null(file);
    assert_int_equal(fwrite(text.ptr, 1, text.len, file), text.len);
    assert_int_equal(fclose(file), 0);
}

static tk_desk *open_desk(const char *folder)
{
    tk_desk *desk = NULL;
    tk_messages *messages = NULL;
    tk_err err = {0};
    tk_desk_options options = TK_DESK_OPTIONS_INIT;
    options.rulebook_folder = folder;
    if (tk_desk_open(&options, &desk, &messages, &err) != TK_OK)
        fail_msg("%s: %s; first: " TK_FMT, folder, err.message,
                 TK_ARG_STR(tk_messages_count(messages) == 0 ? TK_STR("nothing") : tk_messages_get(messages, 0)->text));
    tk_messages_free(messages);
    return desk;
}

/* Lays out what was shaken, checks that this is stable, and puts it below `folder`. */
static void shake_and_lay_out(const tk_desk *desk, const char *folder, uint64_t *random, bool shaken)
{
    for (size_t i = 0; i < tk_desk_file_count(desk); i++) {
        tk_source file = tk_desk_file(desk, i);
        if (!tk_str_ends(file.name, TK_STR(".rules")))
            continue;
        tk_arena arena;
        tk_out wild, once, twice;
        tk_arena_init(&arena, 0, 0);
        tk_out_init(&wild, NULL);
        tk_out_init(&once, NULL);
        tk_out_init(&twice, NULL);
        if (shaken)
            shake(&arena, file.text, &wild, random);
        layout(file.name, shaken ? tk_out_str(&wild) : file.text, &once);
        layout(file.name, tk_out_str(&once), &twice);
        if (!tk_str_eq(tk_out_str(&once), tk_out_str(&twice)))
            fail_msg(TK_FMT ": laid out twice is not laid out once", TK_ARG_STR(file.name));
        write_file(folder, file.name, tk_out_str(&once));
        tk_out_fini(&wild);
        tk_out_fini(&once);
        tk_out_fini(&twice);
        tk_arena_fini(&arena);
    }
}

static void the_meaning_stays(void **state)
{
    (void)state;
    char folder[64] = "format-XXXXXX", command[128], before[TK_SHA256_HEX_BYTES], after[TK_SHA256_HEX_BYTES];
    assert_non_null(mkdtemp(folder));
    tk_desk *desk = open_desk(NULL);
    size_t examples = meaning_of(desk, tk_desk_rulebook(desk), before);
    assert_true(100 < examples);
    uint64_t random = 20261125;
    for (int round = 0; round < ROUNDS; round++) {
        shake_and_lay_out(desk, folder, &random, round != 0);
        tk_desk *other = open_desk(folder);
        assert_int_equal(meaning_of(other, tk_desk_rulebook(other), after), examples);
        assert_string_equal(before, after);
        tk_desk_close(other);
    }
    tk_desk_close(desk);
    (void)snprintf(command, sizeof(command), "rm -rf '%s'", folder);
    assert_int_equal(system(command), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(the_meaning_stays)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
