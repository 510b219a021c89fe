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
    return keep->failed ? tk_err_set(err, TK_ERR_MEMORY, "out of memory for a version of a list") : TK_OK;
}

static tk_status open_damaged(const screen_open *open, tk_err *err)
{
    return tk_err_set(err, TK_ERR_CORRUPT, "the version " TK_FMT " is damaged; remove its file and import the list again",
                      TK_ARG_STR(open->name));
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

enum { AHEAD_NAMES = 6, AHEAD_LINES = 5, LINE_BYTES = 64 };

/* Names lie far from each other: what will be looked at soon is fetched while others are compared. */
static void retrieve_ahead(const screen_open *open, screen_run run, uint32_t i)
{
    if (run.count - i <= 2 * AHEAD_NAMES)
        return;
    uint32_t far = run.names[i + 2 * AHEAD_NAMES], near = run.names[i + AHEAD_NAMES];
    size_t size;
    if (far < open->view->head->names_count)
        __builtin_prefetch(&open->view->names[far]);
    const char *block = (const char *)screen_name_block(open->view, near, &size);
    for (size_t line = 0; line < AHEAD_LINES && line * LINE_BYTES < size; line++)
        __builtin_prefetch(block + line * LINE_BYTES);
}

static tk_status retrieve_run(screen_open *open, uint32_t version, tk_names *names, const tk_name *typed,
                              unsigned floor, screen_run run, tk_arena *arena, screen_matches *out, tk_err *err)
{
    for (uint32_t i = 0; i < run.count; i++) {
        uint32_t number = run.names[i];
        const tk_name *listed;
        retrieve_ahead(open, run, i);
        if (open->view->head->names_count <= number)
            return open_damaged(open, err);
        if (open->seen[number] == open->query)
            continue;
        open->seen[number] = open->query;
        tk_status status = screen_open_name(open, number, &listed, err);
        if (status != TK_OK)
            return status;
        if (!tk_names_may_reach(names, listed, floor))
            continue;
        out->compared++;
        screen_match match = {.version = version, .entry = open->view->names[number].entry, .name = number};
        match.score = tk_names_score(names, typed, listed, floor);
        if (match.score < floor)
            continue;
        status = matches_add(out, arena, match, err);
        if (status != TK_OK)
            return status;
    }
    return TK_OK;
}

tk_status screen_retrieve(screen_open *open, uint32_t version, tk_names *names, const tk_name *typed, unsigned floor,
                          tk_arena *arena, screen_matches *out, tk_err *err)
{
    tk_name_key keys[TK_SCREEN_KEYS_MAX];
    size_t count = tk_names_keys(names, typed, TK_NAME_TYPED, keys, TK_COUNT(keys));
    tk_status status = TK_OK;
    open_next_query(open);
    tk_names_aim(names, typed);
    for (size_t i = 0; status == TK_OK && i < count; i++) {
        screen_run run = screen_index_find(open->view, keys[i].hash);
        status = retrieve_run(open, version, names, typed, floor, run, arena, out, err);
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
