/* SPDX-License-Identifier: Apache-2.0 */
/* page.c: paint and layout for people: 80 columns, colour only where it is wanted, outside text made visible. */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli/cli_int.h"

static const char *const paints[] = {
    [CLI_PLAIN] = "",        [CLI_BOLD] = "\x1b[1m",  [CLI_DIM] = "\x1b[2m",      [CLI_GREEN] = "\x1b[32m",
    [CLI_YELLOW] = "\x1b[33m", [CLI_RED] = "\x1b[31m", [CLI_MAGENTA] = "\x1b[35m", [CLI_CYAN] = "\x1b[36m",
};

static bool page_wants_colour(const cli_sink *sink, const cli_args *args)
{
    const char *choice = args->values[CLI_FLAG_COLOR];
    if (choice != NULL && strcmp(choice, "auto") != 0)
        return strcmp(choice, "always") == 0;
    const char *no_colour = getenv("NO_COLOR");
    const char *terminal = getenv("TERM");
    if (no_colour != NULL && no_colour[0] != 0)
        return false;
    return sink->path == NULL && terminal != NULL && strcmp(terminal, "dumb") != 0 && isatty(STDOUT_FILENO) == 1;
}

void cli_page_init(cli_page *page, cli_sink *sink, const cli_args *args)
{
    *page = (cli_page){.out = &sink->out, .colour = page_wants_colour(sink, args)};
    tk_arena_init(&page->scratch, (size_t)64 * 1024, 0);
}

void cli_page_fini(cli_page *page)
{
    tk_arena_fini(&page->scratch);
}

static void page_painted(cli_page *page, cli_paint paint, tk_str visible)
{
    bool painted = page->colour && paint != CLI_PLAIN && visible.len != 0;
    if (painted)
        tk_out_text(page->out, paints[paint]);
    tk_out_add(page->out, visible);
    if (painted)
        tk_out_text(page->out, "\x1b[0m");
}

void cli_put(cli_page *page, cli_paint paint, tk_str text)
{
    page_painted(page, paint, tk_text_visible(&page->scratch, text));
}

void cli_puts(cli_page *page, cli_paint paint, const char *text)
{
    page_painted(page, paint, tk_str_from(text)); /* our own words, line ends included */
}

void cli_put_column(cli_page *page, cli_paint paint, tk_str text, size_t columns)
{
    tk_str visible = tk_text_visible(&page->scratch, text);
    size_t width = tk_text_width(visible);
    if (columns < width && 2 < columns) {
        tk_str cut = tk_text_prefix(visible, columns - 2);
        visible = tk_arena_printf(&page->scratch, TK_FMT "..", TK_ARG_STR(cut));
        width = tk_text_width(visible);
    }
    page_painted(page, paint, visible);
    for (; width < columns; width++)
        tk_out_char(page->out, ' ');
}

/* The next word, with the spaces before it taken off. */
static bool page_word(tk_str *rest, tk_str *word)
{
    while (rest->len != 0 && rest->ptr[0] == ' ') {
        rest->ptr++;
        rest->len--;
    }
    size_t len = 0;
    while (len < rest->len && rest->ptr[len] != ' ')
        len++;
    *word = (tk_str){rest->ptr, len};
    *rest = (tk_str){rest->ptr + len, rest->len - len};
    return len != 0;
}

static void page_new_line(cli_page *page, size_t indent)
{
    tk_out_char(page->out, '\n');
    for (size_t i = 0; i < indent; i++)
        tk_out_char(page->out, ' ');
}

void cli_put_wrapped(cli_page *page, cli_paint paint, tk_str text, size_t at, size_t indent)
{
    tk_str rest = tk_text_visible(&page->scratch, text), word;
    bool first = true; /* on its line */
    while (page_word(&rest, &word)) {
        size_t width = tk_text_width(word);
        size_t gap = first ? 0 : 1;
        if (CLI_COLUMNS < at + gap + width && indent < at) {
            page_new_line(page, indent);
            at = indent;
            gap = 0;
        }
        if (gap != 0)
            tk_out_char(page->out, ' ');
        page_painted(page, paint, word);
        at += gap + width;
        first = false;
    }
    tk_out_char(page->out, '\n');
}

tk_str cli_grouped(tk_arena *arena, tk_str number)
{
    size_t whole = 0;
    size_t sign = number.len != 0 && number.ptr[0] == '-' ? 1 : 0;
    while (sign + whole < number.len && '0' <= number.ptr[sign + whole] && number.ptr[sign + whole] <= '9')
        whole++;
    bool plain = sign + whole == number.len || number.ptr[sign + whole] == '.';
    if (whole < 4 || !plain)
        return number;
    char *bytes = TK_ARENA_ARRAY(arena, char, number.len + whole / 3 + 1);
    if (bytes == NULL)
        return number;
    size_t len = 0;
    for (size_t i = 0; i < number.len; i++) {
        if (sign < i && i < sign + whole && (sign + whole - i) % 3 == 0)
            bytes[len++] = ',';
        bytes[len++] = number.ptr[i];
    }
    return (tk_str){bytes, len};
}

cli_paint cli_verdict_paint(tk_verdict verdict)
{
    switch (verdict) {
    case TK_VERDICT_OPEN:
        return CLI_GREEN;
    case TK_VERDICT_CONDITIONAL:
        return CLI_CYAN;
    case TK_VERDICT_LICENCE:
        return CLI_YELLOW;
    case TK_VERDICT_UNDETERMINED:
    case TK_VERDICT_CONFLICT:
        return CLI_MAGENTA;
    case TK_VERDICT_CLOSED:
        return CLI_RED;
    case TK_VERDICT_COUNT:
        break;
    }
    return CLI_PLAIN;
}

tk_str cli_joined(tk_arena *arena, const tk_str *items, size_t count, const char *between)
{
    size_t gap = strlen(between), len = 0;
    for (size_t i = 0; i < count; i++)
        len += items[i].len + gap;
    char *bytes = TK_ARENA_ARRAY(arena, char, len + 1);
    if (bytes == NULL)
        return TK_STR("");
    size_t at = 0;
    for (size_t i = 0; i < count; i++) {
        if (i != 0) {
            memcpy(bytes + at, between, gap);
            at += gap;
        }
        if (items[i].len != 0)
            memcpy(bytes + at, items[i].ptr, items[i].len);
        at += items[i].len;
    }
    return (tk_str){bytes, at};
}
