/* SPDX-License-Identifier: Apache-2.0 */
/* watch.h: what the sub-verbs of `twokey watch` share: the open book, and writing what changed. */
#ifndef TK_CLI_WATCH_H
#define TK_CLI_WATCH_H

#include "claims/book.h"
#include "cli/book.h"
#include "desk/watch.h"

typedef struct watch_view {
    const cli_args *args;
    tk_store *store;
    tk_claims *claims; /* to say what a claim is about */
    tk_desk *desk;     /* of add and run */
    tk_clerk *clerk;
    tk_desk_watch_list *lists;
    size_t lists_count;
    tk_arena arena; /* for the whole command */
    struct told_claim *told; /* what was said of claims: many orders change for the same ones */
    cli_sink sink;
    cli_page page;
    tk_err err;
} watch_view;

/* The error of the view, said; its exit code. */
int watch_failed(watch_view *view, tk_status status);
/* "o-17", or "row 17" for an order without an id. */
tk_str watch_order_name(tk_arena *arena, const tk_desk_watch_order *order);
/* Orders that changed and why: as text grouped by topic, else an object or rows an order. */
tk_status watch_write_changes(watch_view *view, const tk_desk_watch_list *list, const tk_desk_watch_order *orders,
                              size_t count);
/* Members of an object: before, now, keys, causes. */
tk_status watch_change_json(watch_view *view, tk_json *json, const tk_desk_watch_change *change);
void watch_csv_header(watch_view *view);

#endif
