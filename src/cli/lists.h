/* SPDX-License-Identifier: Apache-2.0 */
/* lists.h: what the sub-verbs of `twokey lists` share: the tables, editions from files or from the shelf. */
#ifndef TK_CLI_LISTS_H
#define TK_CLI_LISTS_H

#include "cli/shelf.h"

typedef struct lists_view {
    const cli_args *args;
    tk_lists *lists;
    tk_arena arena; /* for the whole command */
    cli_sink sink;
    cli_page page;
    tk_shelf *shelf; /* NULL: not opened, or there is none */
    tk_shelved *shelved[2];
    tk_date as_of, known_at;
    tk_err err;
} lists_view;

/* 0, or an exit code after a message. */
typedef int (*lists_body)(lists_view *view);

int lists_import(lists_view *view);
int lists_status(lists_view *view);
int lists_diff(lists_view *view);
int lists_show(lists_view *view);

/* The error of the view, said; its exit code. */
int lists_failed(lists_view *view, tk_status status);
/* The shelf when there is one; without one view->shelf is NULL and nothing is said. */
int lists_open_shelf(lists_view *view);
tk_status lists_versions(lists_view *view, const tk_shelf_version **versions, size_t *count);
/* The edition in these files or folders. */
int lists_read_paths(lists_view *view, const char *const *paths, size_t count, tk_list_edition **out);
/* The edition that an argument names: a file, a folder, or a version. `place` 0 or 1. */
int lists_edition_named(lists_view *view, const char *name, size_t place, const tk_list_edition **out);
/* "2026-07-31", "" for no day. */
tk_str lists_day(lists_view *view, tk_date day);
/* "25,742" */
tk_str lists_count(lists_view *view, uint64_t count);
/* "  name        text", wrapped. */
void lists_line(lists_view *view, const char *name, tk_str text);
/* "SDN 19,179; EL 3,298": how many entries each list has. */
tk_str lists_counts(lists_view *view, const tk_list_edition *edition);
/* One entry, whole. */
void lists_entry_text(lists_view *view, const tk_list_entry *entry);
void lists_entry_json(tk_json *json, const tk_list_entry *entry);

#endif
