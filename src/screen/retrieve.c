/* SPDX-License-Identifier: Apache-2.0 */
/* retrieve.c: from the keys of a typed name to the listed names that reach a score. */
#include "screen/retrieve.h"

#include <string.h>

#include "base/compat.h"
#include "base/err.h"
#include "base/limits.h"
#include "base/str.h"
#include "screen/fields.h"

enum { MATCHES_FIRST = 32 };

tk_status screen_open_make(screen_open *open, const screen_view *view, tk_arena *keep, tk_err *err)
{
    *open = (screen_open){.view = view, .published = view->head->published};
    open->seen = TK_ARENA_ARRAY(keep, uint32_t, view->head->names_count);
    open->whole = TK_ARENA_ARRAY(keep, uint8_t, view->head->names_count);
    open->keys = TK_ARENA_ARRAY(keep, tk_name_key, TK_SCREEN_KEYS_MAX);
    open->runs = TK_ARENA_ARRAY(keep, screen_run, TK_SCREEN_KEYS_MAX);
    return keep->failed ? tk_err_set(err, TK_ERR_MEMORY, "out of memory for a version of a list") : TK_OK;
}

static tk_status open_damaged(const screen_open *open, tk_err *err)
{
    return tk_err_set(err, TK_ERR_CORRUPT, "the version " TK_FMT " is damaged; remove its file and import the list "
                      "again", TK_ARG_STR(open->name));
}

tk_status screen_open_name(screen_open *open, uint32_t name, const tk_name **out, tk_err *err)
{
    size_t size;
    *out = screen_name_block(open->view, name, &size);
    if (*out == NULL)
        return open_damaged(open, err);
    if (open->whole[name] == 0 && !tk_name_valid(*out, size))
        return open_damaged(open, err);
    open->whole[name] = 1;
    return TK_OK;
}

static tk_status matches_add(screen_matches *out, tk_arena *arena, screen_match match, tk_err *err)
{
    if (out->count == out->size) {
        size_t size = out->size == 0 ? MATCHES_FIRST : 2 * out->size;
        screen_match *at = TK_ARENA_ARRAY(arena, screen_match, size);
        if (at == NULL)
            return tk_err_set(err, TK_ERR_MEMORY, "out of memory for what was found");
        if (out->count != 0)
            memcpy(at, out->at, out->count * sizeof *at);
        out->at = at;
        out->size = size;
    }
    out->at[out->count++] = match;
    return TK_OK;
}

/* After 2^32 queries every mark is taken away once. */
static void open_next_query(screen_open *open)
{
    if (++open->query != 0)
        return;
    memset(open->seen, 0, (size_t)open->view->head->names_count * sizeof *open->seen);
    open->query = 1;
}

/* Every name that shares a key, once, in the order met. */
typedef struct retrieve_names {
    uint32_t *at;
    size_t count;
} retrieve_names;

static tk_status retrieve_gather(screen_open *open, size_t keys_count, tk_arena *arena, retrieve_names *out,
                                 tk_err *err)
{
    screen_run *runs = open->runs;
    size_t most = 0;
    for (size_t i = 0; i < keys_count; i++) {
        runs[i] = screen_index_find(open->view, open->keys[i].hash);
        most += runs[i].count;
    }
    if (open->view->head->names_count < most)
        most = (size_t)open->view->head->names_count;
    *out = (retrieve_names){TK_ARENA_ARRAY(arena, uint32_t, most), 0};
    if (out->at == NULL)
        return tk_err_set(err, TK_ERR_MEMORY, "out of memory for what was found");
    for (size_t i = 0; i < keys_count; i++)
        for (uint32_t k = 0; k < runs[i].count; k++) {
            uint32_t name = runs[i].names[k];
            if (open->view->head->names_count <= name)
                return open_damaged(open, err);
            if (open->seen[name] != open->query)
                out->at[out->count++] = name;
            open->seen[name] = open->query;
        }
    return TK_OK;
}

enum { AHEAD_NAMES = 4, AHEAD_LINES = 6, LINE_BYTES = 64 };

/* Names lie far from each other: what is looked at soon is fetched while others are compared. */
static void retrieve_ahead(const screen_open *open, const retrieve_names *names, size_t at)
{
    size_t size;
    if (at + 2 * AHEAD_NAMES < names->count)
        __builtin_prefetch(&open->view->names[names->at[at + 2 * AHEAD_NAMES]]);
    if (names->count <= at + AHEAD_NAMES)
        return;
    const char *block = (const char *)screen_name_block(open->view, names->at[at + AHEAD_NAMES], &size);
    for (size_t line = 0; line < AHEAD_LINES && line * LINE_BYTES < size; line++)
        __builtin_prefetch(block + line * LINE_BYTES);
}

tk_status screen_retrieve(screen_open *open, uint32_t version, tk_names *names, const tk_name *typed, unsigned floor,
                          tk_arena *arena, screen_matches *out, tk_err *err)
{
    retrieve_names found;
    size_t count = tk_names_keys(names, typed, TK_NAME_TYPED, open->keys, TK_SCREEN_KEYS_MAX);
    open_next_query(open);
    tk_status status = retrieve_gather(open, count, arena, &found, err);
    tk_names_aim(names, typed);
    for (size_t i = 0; status == TK_OK && i < found.count; i++) {
        const tk_name *listed;
        retrieve_ahead(open, &found, i);
        status = screen_open_name(open, found.at[i], &listed, err);
        if (status != TK_OK || !tk_names_may_reach(names, listed, floor))
            continue;
        out->compared++;
        screen_match match = {.version = version, .entry = open->view->names[found.at[i]].entry, .name = found.at[i]};
        match.score = tk_names_score(names, typed, listed, floor);
        if (floor <= match.score)
            status = matches_add(out, arena, match, err);
    }
    return status;
}

/* Names of one entry stand together. */
static tk_status best_of_entry(screen_open *open, tk_names *names, const tk_name *typed, screen_match *match,
                               tk_err *err)
{
    const screen_view *view = open->view;
    for (uint32_t at = match->name; at < view->head->names_count && view->names[at].entry == match->entry; at++) {
        const tk_name *listed;
        tk_status status = screen_open_name(open, at, &listed, err);
        if (status != TK_OK)
            return status;
        unsigned score = tk_names_score(names, typed, listed, 0);
        if (at != match->name && score <= match->score)
            continue;
        match->score = score;
        match->name = at;
    }
    return TK_OK;
}

tk_status screen_retrieve_identifier(screen_open *open, uint32_t version, tk_names *names, const tk_name *typed,
                                     tk_str identifier, tk_arena *arena, screen_matches *out, tk_err *err)
{
    uint64_t keys[SCREEN_IDENTIFIER_KEYS];
    size_t count = screen_identifier_keys(identifier, keys);
    tk_status status = TK_OK;
    for (size_t k = 0; status == TK_OK && k < count; k++) {
        screen_run run = screen_index_find(open->view, keys[k]);
        for (uint32_t i = 0; status == TK_OK && i < run.count; i++) {
            if (open->view->head->names_count <= run.names[i])
                return open_damaged(open, err);
            screen_match match = {.version = version,
                                  .entry = open->view->names[run.names[i]].entry,
                                  .name = run.names[i]};
            status = best_of_entry(open, names, typed, &match, err);
            if (status == TK_OK)
                status = matches_add(out, arena, match, err);
        }
    }
    return status;
}
