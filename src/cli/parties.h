/* SPDX-License-Identifier: Apache-2.0 */
/* parties.h: what the verbs about parties share: the desk, the book of the user where there is one, a page. */
#ifndef TK_CLI_PARTIES_H
#define TK_CLI_PARTIES_H

#include "cli/book.h"
#include "parties/book.h"

typedef struct parties_view {
    const cli_args *args;
    tk_desk *desk;
    const tk_rulebook *book;
    tk_store *store; /* of the user; an empty one in memory where there is none */
    tk_arena arena;  /* for the whole command */
    cli_sink sink;
    cli_page page;
    const void *context; /* what the caller of parties_run hands to its body */
    tk_err err;
} parties_view;

/* 0, or an exit code after a message. */
typedef int (*parties_body)(parties_view *view);

/* Opens book, desk and page, lets `body` write, closes them. One that `writes` makes the book where there is none, and
 * its desk does not look at the parties of the book. Below CLI_EXIT_CONDITIONS nothing but CLI_EXIT_OK puts a file in
 * place. */
int parties_run(const cli_args *args, bool writes, parties_body body, const void *context);
/* The error of the view, said; its exit code. */
int parties_failed(parties_view *view, tk_status status);

int parties_import(parties_view *view);
int parties_add(parties_view *view);
int parties_export(parties_view *view);

/* "2026-02-10" into the arena; "" for the days that stand for none. */
tk_str parties_day(tk_arena *arena, tk_date day);
/* "60 %", "45-55 %", "a share nobody knows". */
tk_str parties_share(tk_arena *arena, const tk_owner_holding *share);
/* "from 2024-01-01 to 2025-06-30, annual report 2024; recorded 12". */
tk_str parties_holding_source(tk_arena *arena, const tk_holding_record *record);

#endif
