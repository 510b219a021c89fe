/* SPDX-License-Identifier: Apache-2.0 */
/* messages.c: complaints with their line, sorted by place. */
#include "rulebook/messages.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/limits.h"
#include "base/str.h"
#include "base/text.h"

tk_messages *tk_messages_new(void)
{
    tk_messages *messages = calloc(1, sizeof *messages);
    if (messages != NULL)
        tk_arena_init(&messages->arena, 4096, 0);
    return messages;
}

void tk_messages_free(tk_messages *messages)
{
    if (messages == NULL)
        return;
    tk_arena_fini(&messages->arena);
    free(messages->items);
    free(messages);
}

size_t tk_messages_count(const tk_messages *messages)
{
    return messages == NULL ? 0 : messages->count;
}

const tk_message *tk_messages_get(const tk_messages *messages, size_t index)
{
    return index < messages->count ? &messages->items[index] : NULL;
}

/* The line that holds `offset`, made safe to show. */
static tk_str messages_excerpt(tk_messages *messages, tk_str text, uint32_t offset)
{
    enum { EXCERPT_BYTES_MAX = 200 };
    size_t begin = offset < text.len ? offset : text.len, end;
    while (begin != 0 && text.ptr[begin - 1] != '\n' && offset - begin < EXCERPT_BYTES_MAX)
        begin--;
    for (end = begin; end < text.len && text.ptr[end] != '\n' && end - begin < EXCERPT_BYTES_MAX * 2;)
        end++;
    if (end != begin && text.ptr[end - 1] == '\r')
        end--;
    tk_str line = tk_arena_copy(&messages->arena, (tk_str){text.ptr + begin, end - begin});
    /* Tabs become spaces so that the caret stands right. */
    for (size_t i = 0; i < line.len; i++)
        if (line.ptr[i] == '\t')
            ((char *)(uintptr_t)line.ptr)[i] = ' ';
    return tk_text_visible(&messages->arena, line);
}

void tk_messages_add(tk_messages *messages, tk_severity severity, ast_pos pos, const char *format, ...)
{
    if (severity == TK_SEVERITY_ERROR)
        messages->errors++;
    if (TK_MESSAGES_MAX <= messages->count)
        return;
    if (messages->count == messages->size) {
        size_t size = messages->size == 0 ? 16 : messages->size * 2;
        tk_message *items = realloc(messages->items, size * sizeof *items);
        if (items == NULL) {
            messages->failed = true;
            return;
        }
        messages->items = items;
        messages->size = size;
    }
    char text[TK_ERR_MESSAGE_MAX];
    va_list args;
    va_start(args, format);
    (void)vsnprintf(text, sizeof text, format, args);
    va_end(args);
    tk_message *message = &messages->items[messages->count++];
    *message = (tk_message){.severity = severity,
                            .line = pos.line,
                            .column = pos.column,
                            .width = pos.width == 0 ? 1 : pos.width};
    message->text = tk_text_visible(&messages->arena, tk_arena_copy(&messages->arena, tk_str_from(text)));
    if (pos.file < messages->files_count) {
        const tk_source *file = &messages->files[pos.file];
        message->file = tk_arena_copy(&messages->arena, file->name);
        message->excerpt = messages_excerpt(messages, file->text, pos.offset);
    }
    messages->failed |= messages->arena.failed;
}

static int messages_compare(const void *left, const void *right)
{
    const tk_message *a = left, *b = right;
    int order = tk_str_cmp(a->file, b->file);
    if (order != 0)
        return order;
    if (a->line != b->line)
        return a->line < b->line ? -1 : 1;
    if (a->column != b->column)
        return a->column < b->column ? -1 : 1;
    return tk_str_cmp(a->text, b->text);
}

void tk_messages_sort(tk_messages *messages)
{
    if (messages->count == 0)
        return;
    qsort(messages->items, messages->count, sizeof *messages->items, messages_compare);
    size_t kept = 1;
    for (size_t i = 1; i < messages->count; i++)
        if (messages_compare(&messages->items[kept - 1], &messages->items[i]) != 0)
            messages->items[kept++] = messages->items[i];
        else if (messages->items[i].severity == TK_SEVERITY_ERROR)
            messages->errors--; /* said once, counted once */
    messages->count = kept;
}
