/* SPDX-License-Identifier: Apache-2.0 */
/* gate.c: may an edition replace the one in force? Every reason against it is said at once; what is allowed stands in
 * the row of its source. */
#include "lists/lists_int.h"

enum { LIST_SHRINKS_FROM = 50, GATE_REASONS_MAX = 8, PERCENT = 100, PERMILLE = 1000 };

typedef struct gate {
    const tk_list_source *source;
    const tk_list_edition *edition;
    const tk_list_in_force *in_force;
    tk_arena *arena;
    tk_str *reasons;
    size_t count;
} gate;

static void gate_against(gate *g, tk_str reason)
{
    g->reasons[g->count++] = reason;
}

static void gate_whole(gate *g)
{
    const tk_list_edition *e = g->edition;
    if (e->second_header != 0)
        gate_against(g, tk_arena_printf(g->arena, "the header stands in it twice (line %llu)",
                                        (unsigned long long)e->second_header));
    if (e->cut_off != 0)
        gate_against(g, tk_arena_printf(g->arena, "it is cut off: the last record (line %llu) is broken",
                                        (unsigned long long)e->cut_off));
    if (e->missing_count == 0)
        return;
    tk_str names = e->missing[0];
    for (size_t i = 1; i < e->missing_count; i++)
        names = tk_arena_printf(g->arena, TK_FMT ", " TK_FMT, TK_ARG_STR(names), TK_ARG_STR(e->missing[i]));
    gate_against(g, tk_arena_printf(g->arena, "it lacks %s: " TK_FMT, e->missing_count == 1 ? "a part" : "parts",
                                    TK_ARG_STR(names)));
}

static void gate_count(gate *g)
{
    const tk_list_edition *e = g->edition;
    size_t before = g->in_force == NULL ? 0 : g->in_force->entries_count;
    if (e->entries_count < g->source->entries_min)
        gate_against(g, tk_arena_printf(g->arena, "it has %zu entries; at least %llu are expected", e->entries_count,
                                        (unsigned long long)g->source->entries_min));
    if (e->entries_count < before && before * g->source->shrink_max_percent < (before - e->entries_count) * PERCENT)
        gate_against(g, tk_arena_printf(g->arena,
                                        "it has %zu entries, the one in force %zu: it shrank by %zu percent, at most "
                                        "%u are expected",
                                        e->entries_count, before, (before - e->entries_count) * PERCENT / before,
                                        g->source->shrink_max_percent));
    if (e->read * g->source->reject_max_permille < e->rejected * PERMILLE)
        gate_against(g, tk_arena_printf(g->arena,
                                        "%llu of its %llu records could not be read; at most %u in 1000 are expected",
                                        (unsigned long long)e->rejected, (unsigned long long)e->read,
                                        g->source->reject_max_permille));
}

/* Entries stand by list. */
static size_t run_of(const tk_list_entry *entries, size_t count, size_t from)
{
    size_t to = from;
    while (to < count && tk_str_eq(entries[to].list, entries[from].list))
        to++;
    return to - from;
}

static size_t count_of(const tk_list_edition *e, tk_str list)
{
    for (size_t at = 0, n; at < e->entries_count; at += n) {
        n = run_of(e->entries, e->entries_count, at);
        if (tk_str_eq(e->entries[at].list, list))
            return n;
    }
    return 0;
}

/* One source may hold many lists: a file that breaks off between two lines is short of some of them, or has lost them,
 * and may be nearly as long as before. */
static void gate_lists(gate *g)
{
    const tk_list_edition *before = g->in_force == NULL ? NULL : g->in_force->edition;
    tk_str lost = TK_STR("");
    for (size_t at = 0, n; before != NULL && at < before->entries_count; at += n) {
        tk_str list = before->entries[at].list;
        n = run_of(before->entries, before->entries_count, at);
        size_t now = count_of(g->edition, list);
        bool less = now < n && LIST_SHRINKS_FROM <= n && n * g->source->shrink_max_percent < (n - now) * PERCENT;
        if (now != 0 && !less)
            continue;
        lost = tk_arena_printf(g->arena, TK_FMT "%s" TK_FMT " has %zu entries, before %zu", TK_ARG_STR(lost),
                               lost.len == 0 ? "" : ", ", TK_ARG_STR(list), now, n);
    }
    if (lost.len != 0)
        gate_against(g, tk_arena_printf(g->arena, "of its lists " TK_FMT, TK_ARG_STR(lost)));
}

static void gate_day(gate *g, bool older)
{
    char now[TK_DATE_TEXT_MAX], before[TK_DATE_TEXT_MAX];
    if (older || g->in_force == NULL || g->in_force->published <= g->edition->published)
        return;
    (void)tk_date_format(g->edition->published, now);
    (void)tk_date_format(g->in_force->published, before);
    gate_against(g, tk_arena_printf(g->arena, "it was published on %s, the one in force on %s (--older allows that)",
                                    now, before));
}

tk_status tk_lists_gate(const tk_lists *lists, const tk_list_edition *edition, const tk_list_in_force *in_force,
                        bool older, tk_arena *arena, tk_list_verdict *out, tk_err *err)
{
    *out = (tk_list_verdict){.text = TK_STR("")};
    gate g = {.source = tk_lists_source_of(lists, edition->source), .edition = edition, .in_force = in_force,
              .arena = arena, .reasons = TK_ARENA_ARRAY(arena, tk_str, GATE_REASONS_MAX)};
    if (g.reasons == NULL)
        return tk_err_set(err, TK_ERR_MEMORY, "out of memory");
    if (g.source == NULL)
        return tk_err_set(err, TK_ERR_USAGE, "no source '" TK_FMT "'", TK_ARG_STR(edition->source));
    gate_whole(&g);
    gate_count(&g);
    gate_lists(&g);
    gate_day(&g, older);
    for (size_t i = 0; i < g.count; i++)
        out->text = i == 0 ? g.reasons[0]
                           : tk_arena_printf(arena, TK_FMT "; " TK_FMT, TK_ARG_STR(out->text),
                                             TK_ARG_STR(g.reasons[i]));
    out->passed = g.count == 0;
    out->reasons = g.reasons;
    out->reasons_count = g.count;
    return arena->failed ? tk_err_set(err, TK_ERR_MEMORY, "out of memory") : TK_OK;
}
