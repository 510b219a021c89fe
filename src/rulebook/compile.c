/* SPDX-License-Identifier: Apache-2.0 */
/* compile.c: the passes in order, the model's growing arrays, and the life of a rulebook. */
#include <stdlib.h>
#include <string.h>

#include "base/err.h"
#include "base/limits.h"
#include "base/sha256.h"
#include "base/str.h"
#include "base/text.h"
#include "rulebook/check.h"
#include "rulebook/parse.h"

/* ---- growing ---- */

/* Number 0 of every array is there from the beginning and means nothing. Once memory has run out it is what everybody
 * gets: whoever follows it finds something, and the compilation ends before anything is made of it. */
#define COMPILE_GROW(ctx, array, value) \
    do { \
        tk_rulebook *book_ = (ctx)->book; \
        if (book_->arena.failed) \
            return 0; \
        if (book_->array##_count == book_->array##_size) { \
            size_t size_ = book_->array##_size == 0 ? 256 : book_->array##_size * 2; \
            void *grown_ = RB_NONE <= size_ ? NULL : realloc(book_->array, size_ * sizeof book_->array[0]); \
            if (grown_ == NULL) { \
                book_->arena.failed = true; \
                return 0; \
            } \
            book_->array = grown_; \
            book_->array##_size = size_; \
        } \
        book_->array[book_->array##_count] = (value); \
        return (rb_id)book_->array##_count++; \
    } while (0)

rb_id check_add_node(check_ctx *ctx, rb_node node)
{
    COMPILE_GROW(ctx, nodes, node);
}

rb_id check_add_num(check_ctx *ctx, rb_num num)
{
    COMPILE_GROW(ctx, nums, num);
}

rb_id check_add_set(check_ctx *ctx, rb_set set)
{
    COMPILE_GROW(ctx, sets, set);
}

rb_id check_add_claim_expr(check_ctx *ctx, rb_claim_expr expr)
{
    COMPILE_GROW(ctx, claim_exprs, expr);
}

static rb_id compile_add_child(check_ctx *ctx, rb_id child)
{
    COMPILE_GROW(ctx, children, child);
}

rb_id check_add_children(check_ctx *ctx, const rb_id *ids, size_t count)
{
    rb_id first = (rb_id)ctx->book->children_count;
    for (size_t i = 0; i < count; i++)
        (void)compile_add_child(ctx, ids[i]);
    return first;
}

static void compile_begin(check_ctx *ctx)
{
    (void)check_add_node(ctx, (rb_node){.op = RB_FALSE});
    (void)check_add_num(ctx, (rb_num){.op = RB_NUM_CONST});
    (void)check_add_set(ctx, (rb_set){.op = RB_SET_NAMES});
    (void)check_add_claim_expr(ctx, (rb_claim_expr){.op = RB_CLAIM_NAME});
    (void)compile_add_child(ctx, 0);
}

/* ---- sources ---- */

static int compile_source_compare(const void *left, const void *right)
{
    return tk_str_cmp(((const tk_source *)left)->name, ((const tk_source *)right)->name);
}

/* Says where the byte at `bad` stands; the name of the file is there already. */
static tk_status compile_not_utf8(tk_str text, size_t bad, tk_err *err)
{
    uint32_t line = 1;
    size_t begin = 0;
    for (size_t i = 0; i < bad; i++) {
        if (text.ptr[i] == '\n') {
            line++;
            begin = i + 1;
        }
    }
    if (err != NULL) {
        err->line = line;
        err->column = (uint32_t)(bad - begin) + 1;
    }
    return tk_err_set(err, TK_ERR_INPUT, "byte 0x%02x is not UTF-8", (unsigned)(uint8_t)text.ptr[bad]);
}

static tk_status compile_sources(tk_rulebook *book, const tk_source *sources, size_t count, tk_err *err)
{
    if (UINT16_MAX <= count)
        return tk_err_set(err, TK_ERR_LIMIT, "more than %d rulebook files", UINT16_MAX - 1);
    book->files = TK_ARENA_ARRAY(&book->arena, tk_source, count);
    if (book->files == NULL)
        return tk_err_set(err, TK_ERR_MEMORY, "out of memory");
    for (size_t i = 0; i < count; i++) {
        tk_str text = sources[i].text;
        if (tk_str_starts(text, TK_STR("\xEF\xBB\xBF")))
            text = (tk_str){text.ptr + 3, text.len - 3};
        tk_err_where(err, sources[i].name, 0, 0);
        if (TK_RULEBOOK_FILE_BYTES_MAX < text.len)
            return tk_err_set(err, TK_ERR_LIMIT, "the file has %zu bytes; at most %d are read", text.len,
                              TK_RULEBOOK_FILE_BYTES_MAX);
        if (2 <= text.len && ((uint8_t)text.ptr[0] == 0xFF || (uint8_t)text.ptr[0] == 0xFE)
            && ((uint8_t)text.ptr[1] == 0xFE || (uint8_t)text.ptr[1] == 0xFF))
            return tk_err_set(err, TK_ERR_INPUT, "the file is UTF-16; save it as UTF-8");
        size_t good = tk_text_utf8_check(text);
        if (good != text.len)
            return compile_not_utf8(text, good, err);
        if (err != NULL)
            err->file[0] = 0;
        book->files[i] = (tk_source){.name = tk_arena_copy(&book->arena, sources[i].name),
                                     .text = tk_arena_copy(&book->arena, text)};
    }
    book->files_count = count;
    qsort(book->files, count, sizeof *book->files, compile_source_compare);
    for (size_t i = 1; i < count; i++)
        if (tk_str_eq(book->files[i - 1].name, book->files[i].name))
            return tk_err_set(err, TK_ERR_USAGE, "two rulebook files are named '" TK_FMT "'",
                              TK_ARG_STR(book->files[i].name));
    return TK_OK;
}

static tk_status compile_hash(tk_rulebook *book, tk_err *err)
{
    tk_sha256 *hash = NULL;
    tk_status status = tk_sha256_new(&hash, err);
    if (status != TK_OK)
        return status;
    for (size_t i = 0; i < book->files_count; i++) {
        tk_sha256_add(hash, book->files[i].name);
        tk_sha256_add(hash, book->files[i].text);
    }
    status = tk_sha256_finish(hash, book->hash, err);
    tk_sha256_free(hash);
    return status;
}

/* ---- the days on which anything dated may change ---- */

typedef struct days {
    tk_arena *arena;
    tk_date *items;
    size_t count, size;
} days;

static void days_add(days *d, tk_date date)
{
    if (date == TK_DATE_MIN || date == TK_DATE_MAX)
        return;
    if (d->count == d->size) {
        size_t size = d->size == 0 ? 256 : d->size * 2;
        tk_date *items = TK_ARENA_ARRAY(d->arena, tk_date, size);
        if (items == NULL)
            return;
        if (d->count != 0)
            memcpy(items, d->items, d->count * sizeof *items);
        d->items = items;
        d->size = size;
    }
    d->items[d->count++] = date;
}

static void days_span(days *d, tk_date from, tk_date to)
{
    days_add(d, from);
    days_add(d, to == TK_DATE_MAX ? TK_DATE_MAX : to + 1);
}

static int days_compare(const void *left, const void *right)
{
    const tk_date *a = left, *b = right;
    return *a < *b ? -1 : *a > *b;
}

static void days_act(days *d, const rb_act *act)
{
    for (size_t i = 0; i < act->spans_count; i++)
        days_span(d, act->spans[i].from, act->spans[i].to);
}

static void compile_boundaries(check_ctx *ctx)
{
    tk_rulebook *book = ctx->book;
    days d = {.arena = ctx->scratch};
    for (size_t i = 0; i < book->rules_count; i++)
        days_act(&d, &book->rules[i].act);
    for (size_t i = 0; i < book->limits_count; i++)
        days_act(&d, &book->limits[i].act);
    for (size_t i = 0; i < book->regimes_count; i++) {
        days_span(&d, book->regimes[i].covers_from, book->regimes[i].covers_to);
        days_add(&d, book->regimes[i].read_to == TK_DATE_MAX ? TK_DATE_MAX : book->regimes[i].read_to + 1);
    }
    for (size_t i = 0; i < book->sets_count; i++)
        for (size_t r = 0; r < book->sets[i].rows_count; r++)
            days_span(&d, book->sets[i].rows[r].from, book->sets[i].rows[r].to);
    for (size_t i = 0; i < book->groups_count; i++)
        for (size_t r = 0; r < book->groups[i].rows_count; r++)
            days_span(&d, book->groups[i].rows[r].from, book->groups[i].rows[r].to);
    if (d.count == 0)
        return;
    qsort(d.items, d.count, sizeof *d.items, days_compare);
    book->boundaries = TK_ARENA_ARRAY(&book->arena, tk_date, d.count);
    for (size_t i = 0; book->boundaries != NULL && i < d.count; i++)
        if (i == 0 || d.items[i] != d.items[i - 1])
            book->boundaries[book->boundaries_count++] = d.items[i];
}

/* ---- what is declared, for people ---- */

static tk_declared_kind declared_kind(ast_kind kind)
{
    switch (kind) {
    case AST_REGIME: return TK_DECLARED_REGIME;
    case AST_ROLES: return TK_DECLARED_ROLES;
    case AST_FACT: return TK_DECLARED_FACT;
    case AST_SET: return TK_DECLARED_SET;
    case AST_TERM: return TK_DECLARED_TERM;
    case AST_QUESTION: return TK_DECLARED_QUESTION;
    case AST_RULE: return TK_DECLARED_RULE;
    case AST_LIMIT: return TK_DECLARED_LIMIT;
    case AST_NOT_MODELLED: return TK_DECLARED_GAP;
    case AST_COMMON: case AST_EXAMPLE: break;
    }
    return 0;
}

static void compile_declared(check_ctx *ctx)
{
    tk_rulebook *book = ctx->book;
    size_t count = 0;
    for (const ast_stmt *s = ctx->first; s != NULL; s = s->next)
        count++;
    book->declared = TK_ARENA_ARRAY(&book->arena, tk_declared, count);
    for (const ast_stmt *s = ctx->first; s != NULL && book->declared != NULL; s = s->next) {
        tk_declared_kind kind = declared_kind(s->kind);
        tk_str name = s->name != NULL ? s->name->text : s->title;
        /* A regime is declared once, with its title; its other files only name it. */
        if (kind == 0 || name.ptr == NULL || (kind == TK_DECLARED_REGIME && s->title.ptr == NULL))
            continue;
        bool common = s->regime == UINT16_MAX || kind == TK_DECLARED_REGIME || book->regimes_count <= s->regime;
        book->declared[book->declared_count++] =
            (tk_declared){.kind = kind,
                          .regime = common ? TK_STR("") : book->regimes[s->regime].id,
                          .name = name,
                          .text = {book->files[s->pos.file].text.ptr + s->begin, s->end - s->begin},
                          .file = book->files[s->pos.file].name,
                          .line = s->pos.line};
    }
}

/* ---- compiling ---- */

static void compile_passes(check_ctx *ctx)
{
    static void (*const passes[])(check_ctx *) = {check_regimes, check_vocabulary, check_evidence_names, check_facts,
                                                  check_names,   check_questions,  check_sets,           check_terms,
                                                  check_presumptions,
                                                  check_rules,   check_laws,       check_examples};
    ast_stmt *last = NULL;
    for (size_t i = 0; i < ctx->book->files_count && !ctx->book->arena.failed; i++)
        tk_parse_file(&ctx->book->arena, ctx->messages, (uint16_t)i, ctx->book->files[i].text, &ctx->first, &last);
    for (size_t i = 0; i < sizeof passes / sizeof passes[0]; i++) {
        /* The checks over all rules and the examples need a model without mistakes. */
        bool needs_all = passes[i] == check_laws || passes[i] == check_examples;
        if (ctx->stopped || ctx->book->arena.failed || ctx->scratch->failed
            || (needs_all && ctx->messages->errors != 0))
            return;
        passes[i](ctx);
    }
}

tk_status tk_rulebook_compile(const tk_source *sources, size_t sources_count, const tk_vocabulary *vocabulary,
                              tk_rulebook **out, tk_messages **messages, tk_err *err)
{
    static const tk_vocabulary empty = {0};
    tk_arena scratch;
    tk_arena_init(&scratch, 256 * 1024, 0);
    *out = NULL;
    *messages = tk_messages_new();
    tk_rulebook *book = calloc(1, sizeof *book);
    tk_status status;
    if (*messages == NULL || book == NULL) {
        status = tk_err_set(err, TK_ERR_MEMORY, "out of memory");
        goto failed;
    }
    tk_arena_init(&book->arena, 256 * 1024, 0);
    book->known_at = TK_DATE_MIN;
    status = compile_sources(book, sources, sources_count, err);
    if (status == TK_OK)
        status = compile_hash(book, err);
    if (status != TK_OK)
        goto failed;
    (*messages)->files = book->files;
    (*messages)->files_count = book->files_count;
    check_ctx ctx = {.book = book,
                     .messages = *messages,
                     .vocabulary = vocabulary != NULL ? vocabulary : &empty,
                     .scratch = &scratch};
    compile_begin(&ctx);
    compile_passes(&ctx);
    if ((*messages)->errors == 0 && !book->arena.failed) {
        tk_rb_share(book, &scratch);
        tk_rb_sets_finish(book, &book->arena, 0);
    }
    compile_boundaries(&ctx);
    compile_declared(&ctx);
    tk_messages_sort(*messages);
    (*messages)->files = NULL;
    (*messages)->files_count = 0;
    if (book->arena.failed || scratch.failed || (*messages)->failed) {
        status = tk_err_set(err, TK_ERR_MEMORY, "out of memory");
        goto failed;
    }
    if ((*messages)->errors != 0) {
        status = tk_err_set(err, TK_ERR_INPUT, "the rulebook has %zu mistake%s", (*messages)->errors,
                            (*messages)->errors == 1 ? "" : "s");
        goto failed;
    }
    *out = book;
    tk_arena_fini(&scratch);
    return TK_OK;

failed:
    if (*messages != NULL)
        (*messages)->files = NULL, (*messages)->files_count = 0;
    tk_rulebook_free(book);
    tk_arena_fini(&scratch);
    return status;
}

void tk_rulebook_free(tk_rulebook *book)
{
    if (book == NULL)
        return;
    free(book->nodes);
    free(book->nums);
    free(book->sets);
    free(book->children);
    free(book->claim_exprs);
    tk_arena_fini(&book->arena);
    free(book);
}
