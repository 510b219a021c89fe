/* SPDX-License-Identifier: Apache-2.0 */
/* sweep_part.c: what has come, changed or gone from one version of a source to the next, as a version of its own.
 *
 * Entries are compared as bytes, not by the fields that two editions can both say: an edition that no longer says
 * addresses changes scores, too.
 */
#include <stdlib.h>
#include <string.h>

#include "base/err.h"
#include "base/str.h"
#include "desk/sweep_int.h"

/* When more than half of the entries are new or other ones, all of them are run: the difference would save nothing. */
enum { PART_WHOLE_OF = 2 };

/* --- which version the parties know --- */

/* The file of a source in the text of a state; "" when it had none. */
static tk_str state_file(tk_str text, tk_str source)
{
    tk_str line, of;
    (void)tk_str_split(&text, '\n', &line); /* the method */
    while (tk_str_split(&text, '\n', &line))
        if (tk_str_split(&line, ' ', &of) && tk_str_eq(of, source))
            return line;
    return TK_STR("");
}

static tk_str state_text_of(const sweep *s, int64_t id)
{
    for (size_t i = 0; i < s->states_count; i++)
        if (s->states[i].id == id)
            return s->states[i].text;
    return TK_STR("");
}

static const tk_shelf_version *version_of_file(const sweep *s, tk_str file)
{
    for (size_t i = 0; i < s->shelf_versions_count; i++)
        if (tk_str_eq(s->shelf_versions[i].file, file))
            return &s->shelf_versions[i];
    return NULL;
}

/* --- the difference --- */

typedef struct part_walk {
    const screen_view *before, *after;
    tk_arena *arena;
    tk_list_entry *fresh; /* new and changed, as they are now */
    size_t fresh_count;
    sweep_part *part;
} part_walk;

static void part_end(part_walk *walk, const tk_list_entry *entry)
{
    sweep_part *part = walk->part;
    part->ended[part->ended_count++] = tk_arena_printf(walk->arena, TK_FMT ":" TK_FMT, TK_ARG_STR(entry->list),
                                                       TK_ARG_STR(entry->key));
}

static tk_status part_read(const screen_view *view, uint64_t at, tk_arena *arena, tk_list_entry *entry, bool *there,
                           tk_err *err)
{
    *there = at < view->head->entries_count;
    return *there ? screen_entry_read(view, at, arena, entry, err) : TK_OK;
}

static int part_order(const tk_list_entry *a, const tk_list_entry *b)
{
    int order = tk_str_cmp(a->list, b->list);
    return order != 0 ? order : tk_str_cmp(a->key, b->key);
}

/* Both lie by list, then key. */
static tk_status part_walk_all(part_walk *walk, tk_err *err)
{
    uint64_t b = 0, a = 0;
    for (;;) {
        tk_list_entry before, after;
        bool has_before, has_after;
        tk_status status = part_read(walk->before, b, walk->arena, &before, &has_before, err);
        if (status == TK_OK)
            status = part_read(walk->after, a, walk->arena, &after, &has_after, err);
        if (status != TK_OK || (!has_before && !has_after))
            return status;
        int order = !has_before ? 1 : !has_after ? -1 : part_order(&before, &after);
        bool same = order == 0 && tk_str_eq(screen_entry_bytes(walk->before, b), screen_entry_bytes(walk->after, a));
        if (order <= 0 && !same)
            part_end(walk, &before);
        if (0 <= order && !same)
            walk->fresh[walk->fresh_count++] = after;
        b += order <= 0;
        a += 0 <= order;
    }
}

static int text_order(const void *a, const void *b)
{
    return tk_str_cmp(*(const tk_str *)a, *(const tk_str *)b);
}

static tk_status part_version(const sweep_version *version, const part_walk *walk, sweep_part *part, tk_err *err)
{
    const screen_head *head = walk->after->head;
    tk_names *names = NULL;
    tk_list_edition edition = {.source = version->source,
                               .published = head->published,
                               .dated = (tk_list_dated)head->dated,
                               .hash = screen_head_text(head->hash, sizeof head->hash),
                               .fields = head->fields,
                               .entries = walk->fresh,
                               .entries_count = walk->fresh_count};
    tk_status status = tk_names_new(&names, err);
    if (status == TK_OK)
        status = screen_file_make(names, &edition, head->imported, head->serial, &part->bytes, err);
    if (status == TK_OK)
        status = screen_file_look(part->bytes.bytes, part->bytes.len, &part->view, err);
    tk_names_free(names);
    part->entries = walk->fresh_count;
    return status;
}

static tk_status part_differ(const sweep_version *version, const tk_shelved *old, sweep_part *part, tk_arena *arena,
                             tk_err *err)
{
    part_walk walk = {.before = tk_shelved_view(old),
                      .after = tk_shelved_view(version->shelved),
                      .arena = arena,
                      .part = part};
    walk.fresh = TK_ARENA_ARRAY(arena, tk_list_entry, tk_shelved_count(version->shelved));
    part->ended = TK_ARENA_ARRAY(arena, tk_str, tk_shelved_count(old));
    if (arena->failed)
        return sweep_no_memory(err);
    tk_status status = part_walk_all(&walk, err);
    if (status == TK_OK && arena->failed)
        status = sweep_no_memory(err);
    if (status != TK_OK || tk_shelved_count(version->shelved) / PART_WHOLE_OF < walk.fresh_count)
        return status;
    part->mode = SWEEP_PART;
    if (part->ended_count != 0)
        qsort(part->ended, part->ended_count, sizeof(*part->ended), text_order);
    return walk.fresh_count == 0 ? TK_OK : part_version(version, &walk, part, err);
}

/* An old version that is gone from the shelf, or cannot be read any more, is no failure: all entries are run then. */
static tk_status part_make(sweep *s, const sweep_version *version, tk_str before, sweep_part *part, tk_arena *arena,
                           tk_err *err)
{
    tk_shelved *old = NULL;
    if (tk_str_eq(before, version->file)) {
        part->mode = SWEEP_SAME;
        return TK_OK;
    }
    const tk_shelf_version *known = version_of_file(s, before);
    if (known == NULL || tk_shelved_open(s->options->shelf, known, true, &old, NULL) != TK_OK)
        return TK_OK;
    tk_err why = {0};
    tk_status status = part_differ(version, old, part, arena, &why);
    tk_shelved_close(old);
    if (status == TK_ERR_CORRUPT)
        part->mode = SWEEP_WHOLE;
    else if (status != TK_OK)
        return tk_err_set(err, status, "%s", why.message);
    return TK_OK;
}

tk_status sweep_parts_make(sweep *s, int64_t state, sweep_part *parts, tk_arena *arena, tk_err *err)
{
    tk_str text = state_text_of(s, state);
    tk_status status = TK_OK;
    uint64_t changed = 0;
    for (size_t i = 0; i < s->versions_count; i++) {
        parts[i] = (sweep_part){.mode = SWEEP_WHOLE};
        tk_out_init(&parts[i].bytes, NULL);
    }
    for (size_t i = 0; status == TK_OK && state != 0 && i < s->versions_count; i++) {
        status = part_make(s, &s->versions[i], state_file(text, s->versions[i].source), &parts[i], arena, err);
        changed += parts[i].mode == SWEEP_WHOLE ? tk_shelved_count(s->versions[i].shelved) : parts[i].entries;
    }
    if (s->out->entries_changed < changed)
        s->out->entries_changed = changed;
    return status;
}

void sweep_parts_free(sweep *s, sweep_part *parts)
{
    for (size_t i = 0; i < s->versions_count; i++)
        tk_out_fini(&parts[i].bytes);
}
