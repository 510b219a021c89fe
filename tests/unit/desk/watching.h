/* SPDX-License-Identifier: Apache-2.0 */
/* watching.h: a book of its own with a desk on it, for tests of watches. */
#ifndef TESTS_UNIT_DESK_WATCHING_H
#define TESTS_UNIT_DESK_WATCHING_H

#include "base/str.h"
#include "desk/book.h"
#include "desk/watch.h"
#include "seams/place.h"

typedef struct watching {
    tk_store_module modules[TK_DESK_MODULES];
    tk_store *store;
    tk_desk *desk;
    tk_clerk *clerk;
    tk_arena arena;
    const char *lists; /* folder of a shelf that the next desk uses; NULL: none */
    uint64_t said;
    char last[2048]; /* message said */
} watching;

/* `vfs` NULL: the usual disk. */
static inline tk_status watching_book_on(watching *w, const char *path, const char *vfs, tk_err *err)
{
    tk_store_options options = TK_STORE_OPTIONS_INIT;
    tk_desk_modules(w->modules);
    options.path = path;
    options.modules = w->modules;
    options.modules_count = TK_DESK_MODULES;
    options.create = true;
    options.seams.vfs = vfs;
    return tk_store_open(&options, &w->store, err);
}

static inline tk_status watching_book(watching *w, const char *path, tk_err *err)
{
    return watching_book_on(w, path, NULL, err);
}

/* NULL: the shipped rulebook; no parties of one's own. */
static inline tk_status watching_desk(watching *w, const char *path, const char *rulebook, const char *parties,
                                      tk_err *err)
{
    tk_desk_options options = TK_DESK_OPTIONS_INIT;
    tk_clerk_free(w->clerk);
    tk_desk_close(w->desk);
    w->clerk = NULL;
    options.book = path;
    options.rulebook_folder = rulebook;
    options.parties_file = parties;
    options.lists_folder = w->lists;
    tk_status status = tk_desk_open(&options, &w->desk, NULL, err);
    return status == TK_OK ? tk_clerk_new(w->desk, &w->clerk, err) : status;
}

static inline tk_status watching_open(watching *w, const char *path, tk_err *err)
{
    *w = (watching){.said = 0};
    tk_arena_init(&w->arena, 65536, 0);
    tk_status status = watching_book(w, path, err);
    return status == TK_OK ? watching_desk(w, path, NULL, NULL, err) : status;
}

static inline void watching_close(watching *w)
{
    tk_clerk_free(w->clerk);
    tk_desk_close(w->desk);
    tk_store_close(w->store);
    tk_arena_fini(&w->arena);
}

/* One number out of the book; -1: it could not be had. */
static inline int64_t watching_number(watching *w, const char *sql)
{
    tk_store_statement *s;
    bool row = false;
    if (tk_store_prepare(w->store, sql, &s, NULL) != TK_OK || tk_store_step(s, &row, NULL) != TK_OK || !row)
        return -1;
    int64_t number = tk_store_int(s, 0);
    tk_store_reset(s);
    return number;
}

static inline tk_transaction watching_order(const char *id, const char *item, const char *end_user)
{
    tk_transaction order = {.facts = NULL};
    order.cells[TK_COLUMN_ID] = tk_str_from(id);
    order.cells[TK_COLUMN_ITEM] = tk_str_from(item);
    order.cells[TK_COLUMN_FROM] = TK_STR("US");
    order.cells[TK_COLUMN_TO] = TK_STR("CN");
    order.cells[TK_COLUMN_ACTIVITY] = TK_STR("export");
    order.cells[TK_COLUMN_END_USER] = tk_str_from(end_user);
    return order;
}

static inline tk_status watching_add(watching *w, const char *name, const tk_transaction *orders, size_t count,
                                     const tk_desk_watch_question *question, bool force, tk_desk_watch_added *added,
                                     tk_err *err)
{
    tk_desk_watch_draft *draft;
    tk_status status =
        tk_desk_watch_draft_new(&w->arena, tk_str_from(name), TK_STR("orders.csv"), question, &draft, err);
    for (size_t i = 0; status == TK_OK && i < count; i++)
        status = tk_desk_watch_draft_put(draft, &orders[i], err);
    return status == TK_OK ? tk_desk_watch_add(w->store, draft, force, added, err) : status;
}

static inline void watching_say(void *context, const tk_desk_watch_list *list, int64_t number, tk_str id,
                                const tk_err *err)
{
    watching *w = context;
    (void)list;
    (void)snprintf(w->last, sizeof w->last, "%lld " TK_FMT ": %s", (long long)number, TK_ARG_STR(id), err->message);
    w->said++;
}

#endif
