/* SPDX-License-Identifier: Apache-2.0 */
/* sweep_report.c: what the book has now beside what the last settled report had. */
#include <stdlib.h>
#include <string.h>

#include "base/err.h"
#include "base/sha256.h"
#include "base/str.h"
#include "desk/sweep_int.h"

#define HIT_CELLS "party, hit, source, score, name, entry, alias, fingerprint"
/* Of two sources the better hit first, of equal ones the later by name, as a search of both has it. */
static const char REPORT_NOW[] = "SELECT " HIT_CELLS " FROM sweep_hits WHERE first_day <= ?1 AND last_day >= ?1"
                                 " ORDER BY party, hit, score DESC, source DESC";
static const char REPORT_BEFORE[] = "SELECT " HIT_CELLS " FROM sweep_reported ORDER BY party, hit";
static const char REPORT_TROUBLES[] = "SELECT party, trouble FROM sweep_parties WHERE trouble <> '' ORDER BY party";
static const char SETTLE_END[] = "DELETE FROM sweep_reported WHERE party = ?1 AND hit = ?2";
static const char SETTLE_ADD[] = "INSERT OR REPLACE INTO sweep_reported (" HIT_CELLS ")"
                                 " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)";
static const char SETTLE_STATES[] = "DELETE FROM sweep_states WHERE id NOT IN (SELECT state FROM sweep_parties)";

const char *tk_desk_sweep_kind_name(tk_desk_sweep_kind kind)
{
    static const char *const names[TK_DESK_SWEEP_KINDS] = {"new", "gone", "changed", "still"};
    return names[kind];
}

/* --- rows --- */

typedef struct report_hits {
    tk_desk_sweep_hit *at;
    size_t count, size;
} report_hits;

static tk_desk_sweep_hit report_hit(tk_store_statement *statement, tk_arena *arena)
{
    return (tk_desk_sweep_hit){.party = tk_arena_copy(arena, tk_store_text(statement, 0)),
                               .id = tk_arena_copy(arena, tk_store_text(statement, 1)),
                               .source = tk_arena_copy(arena, tk_store_text(statement, 2)),
                               .score = (unsigned)tk_store_int(statement, 3),
                               .name = tk_arena_copy(arena, tk_store_text(statement, 4)),
                               .entry = tk_arena_copy(arena, tk_store_text(statement, 5)),
                               .alias = tk_arena_copy(arena, tk_store_text(statement, 6)),
                               .fingerprint = tk_arena_copy(arena, tk_store_text(statement, 7))};
}

/* The place behind the last one; NULL: no memory. */
static void *report_room(tk_arena *arena, void *items, size_t count, size_t *size, size_t bytes)
{
    if (count < *size)
        return items;
    size_t more = *size == 0 ? 256 : *size * 2;
    void *out = tk_arena_get_array(arena, more, bytes);
    if (out != NULL && items != NULL)
        memcpy(out, items, count * bytes);
    *size = more;
    return out;
}

static bool same_hit(const tk_desk_sweep_hit *a, const tk_desk_sweep_hit *b)
{
    return tk_str_eq(a->party, b->party) && tk_str_eq(a->id, b->id);
}

static tk_status report_read(sweep *s, const char *sql, bool by_day, report_hits *out, tk_err *err)
{
    tk_store_statement *statement;
    bool row = false;
    tk_status status = tk_store_prepare(s->store, sql, &statement, err);
    if (status == TK_OK && by_day)
        tk_store_bind_int(statement, 1, s->options->as_of);
    while (status == TK_OK && (status = tk_store_step(statement, &row, err)) == TK_OK && row) {
        tk_desk_sweep_hit hit = report_hit(statement, s->arena);
        if (out->count != 0 && same_hit(&out->at[out->count - 1], &hit))
            continue;
        out->at = report_room(s->arena, out->at, out->count, &out->size, sizeof *out->at);
        if (out->at == NULL)
            return sweep_no_memory(err);
        out->at[out->count++] = hit;
    }
    return status == TK_OK && s->arena->failed ? sweep_no_memory(err) : status;
}

static tk_status report_troubles(sweep *s, tk_err *err)
{
    tk_store_statement *statement;
    tk_desk_sweep_trouble *troubles = NULL;
    size_t size = 0;
    bool row = false;
    tk_status status = tk_store_prepare(s->store, REPORT_TROUBLES, &statement, err);
    while (status == TK_OK && (status = tk_store_step(statement, &row, err)) == TK_OK && row) {
        troubles = report_room(s->arena, troubles, s->out->troubles_count, &size, sizeof *troubles);
        if (troubles == NULL)
            return sweep_no_memory(err);
        troubles[s->out->troubles_count++] =
            (tk_desk_sweep_trouble){tk_arena_copy(s->arena, tk_store_text(statement, 0)),
                                    tk_arena_copy(s->arena, tk_store_text(statement, 1))};
    }
    s->out->troubles = troubles;
    return status;
}

/* --- what people decided --- */

typedef struct report_decided { /* a hit that somebody decided about */
    tk_str party, id;
} report_decided;

typedef struct report {
    sweep *s;
    report_hits now, before;
    report_decided *decided; /* by party, then hit */
    size_t decided_count, decided_size;
    tk_arena work; /* of one hit */
    tk_desk_sweep_change *changes;
} report;

static tk_status report_decision(void *context, const tk_clearance *decision, tk_err *err)
{
    report *r = context;
    tk_arena *arena = r->s->arena;
    r->decided = report_room(arena, r->decided, r->decided_count, &r->decided_size, sizeof *r->decided);
    if (r->decided == NULL)
        return sweep_no_memory(err);
    r->decided[r->decided_count++] = (report_decided){tk_arena_copy(arena, decision->party),
                                                      tk_arena_copy(arena, decision->hit)};
    return TK_OK;
}

static int decided_order(const void *a, const void *b)
{
    const report_decided *left = a, *right = b;
    int order = tk_str_cmp(left->party, right->party);
    return order != 0 ? order : tk_str_cmp(left->id, right->id);
}

/* The entry as its newest version in use has it, as clearing it would see it. */
static tk_status report_entry(const tk_screener *screener, tk_str hit, tk_arena *arena, tk_compared *side,
                              tk_err *err)
{
    tk_list_entry entry;
    bool found = false;
    tk_status status = tk_screener_entry(screener, hit, arena, &entry, &found, err);
    return status == TK_OK && found ? tk_compared_of_entry(&entry, arena, side, err) : status;
}

static tk_status report_state(report *r, tk_screener *screener, const tk_desk_sweep_hit *hit, tk_clearance_state *state,
                              tk_err *err)
{
    report_decided wanted = {hit->party, hit->id};
    tk_compared sides[TK_COMPARED_SIDES] = {{.fields = {{NULL, 0}}}};
    tk_clearance_answer answer;
    const tk_party_record *party;
    *state = TK_CLEARANCE_OPEN;
    if (r->decided_count == 0
        || bsearch(&wanted, r->decided, r->decided_count, sizeof wanted, decided_order) == NULL)
        return TK_OK;
    tk_arena_reset(&r->work);
    tk_status status = tk_parties_find(r->s->store, INT64_MAX, hit->party, &r->work, &party, err);
    if (status == TK_OK && party != NULL)
        sides[TK_COMPARED_PARTY] = tk_compared_of_party(party);
    if (status == TK_OK)
        status = report_entry(screener, hit->id, &r->work, &sides[TK_COMPARED_ENTRY], err);
    if (status == TK_OK)
        status = tk_clearances_find(r->s->store, hit->id, hit->party, sides, &r->work, &answer, err);
    if (status == TK_OK)
        *state = answer.state;
    return status;
}

/* --- beside each other --- */

static bool hit_changed(const tk_desk_sweep_hit *a, const tk_desk_sweep_hit *b)
{
    return a->score != b->score || !tk_str_eq(a->fingerprint, b->fingerprint) || !tk_str_eq(a->alias, b->alias)
           || !tk_str_eq(a->name, b->name) || !tk_str_eq(a->entry, b->entry);
}

static int hits_order(const tk_desk_sweep_hit *a, const tk_desk_sweep_hit *b)
{
    int order = tk_str_cmp(a->party, b->party);
    return order != 0 ? order : tk_str_cmp(a->id, b->id);
}

static void report_put(report *r, const tk_desk_sweep_change *change)
{
    tk_desk_sweep *out = r->s->out;
    r->changes[out->changes_count++] = *change;
    out->kinds[change->kind]++;
}

static bool state_is_open(tk_clearance_state state)
{
    return state == TK_CLEARANCE_OPEN || state == TK_CLEARANCE_LAPSED;
}

static tk_status report_one(report *r, tk_screener *screener, const tk_desk_sweep_hit *before,
                            const tk_desk_sweep_hit *now, tk_err *err)
{
    tk_desk_sweep *out = r->s->out;
    tk_desk_sweep_change change = {.kind = TK_DESK_SWEEP_GONE};
    tk_status status = TK_OK;
    if (before != NULL)
        change.before = *before;
    if (now != NULL) {
        change.now = *now;
        status = report_state(r, screener, now, &change.state, err);
        change.kind = before == NULL             ? TK_DESK_SWEEP_NEW
                      : hit_changed(before, now) ? TK_DESK_SWEEP_CHANGED
                                                 : TK_DESK_SWEEP_STILL;
        out->hits++;
        out->states[change.state]++;
    }
    if (change.kind != TK_DESK_SWEEP_STILL || state_is_open(change.state))
        report_put(r, &change);
    return status;
}

static int changes_order(const void *a, const void *b)
{
    const tk_desk_sweep_change *left = a, *right = b;
    if (left->kind != right->kind)
        return left->kind < right->kind ? -1 : 1;
    return hits_order(left->kind == TK_DESK_SWEEP_GONE ? &left->before : &left->now,
                      right->kind == TK_DESK_SWEEP_GONE ? &right->before : &right->now);
}

static tk_status report_compare(report *r, tk_screener *screener, tk_err *err)
{
    size_t b = 0, n = 0;
    tk_status status = TK_OK;
    r->changes = TK_ARENA_ARRAY(r->s->arena, tk_desk_sweep_change, r->now.count + r->before.count);
    if (r->changes == NULL)
        return sweep_no_memory(err);
    for (size_t i = 0; i < r->now.count; i++)
        r->s->out->with_hits += i == 0 || !tk_str_eq(r->now.at[i].party, r->now.at[i - 1].party);
    while (status == TK_OK && (b < r->before.count || n < r->now.count)) {
        int order = b == r->before.count ? 1
                    : n == r->now.count  ? -1
                                         : hits_order(&r->before.at[b], &r->now.at[n]);
        status = report_one(r, screener, order <= 0 ? &r->before.at[b] : NULL, 0 <= order ? &r->now.at[n] : NULL, err);
        b += order <= 0;
        n += 0 <= order;
    }
    if (r->s->out->changes_count != 0)
        qsort(r->changes, r->s->out->changes_count, sizeof *r->changes, changes_order);
    r->s->out->changes = r->changes;
    return status;
}

static tk_status report_screener(sweep *s, tk_screener **out, tk_err *err)
{
    tk_screener_options options = TK_SCREENER_OPTIONS_INIT;
    tk_screener_given *given = TK_ARENA_ARRAY(s->arena, tk_screener_given, s->versions_count);
    if (given == NULL)
        return sweep_no_memory(err);
    for (size_t i = 0; i < s->versions_count; i++)
        given[i] = (tk_screener_given){s->versions[i].source, s->versions[i].name,
                                       tk_shelved_view(s->versions[i].shelved)};
    return tk_screener_new_given(given, s->versions_count, &options, out, err);
}

static tk_status report_all(report *r, tk_screener *screener, tk_err *err)
{
    int64_t mark = 0;
    tk_status status = sweep_mark(r->s->store, &mark, err);
    if (status == TK_OK && mark != r->s->mark)
        status = sweep_is_busy(err);
    if (status == TK_OK)
        status = report_read(r->s, REPORT_NOW, true, &r->now, err);
    if (status == TK_OK)
        status = report_read(r->s, REPORT_BEFORE, false, &r->before, err);
    if (status == TK_OK)
        status = report_troubles(r->s, err);
    if (status == TK_OK)
        status = tk_clearances_list(r->s->store, TK_STR(""), report_decision, r, err);
    if (r->decided_count != 0)
        qsort(r->decided, r->decided_count, sizeof *r->decided, decided_order);
    return status == TK_OK ? report_compare(r, screener, err) : status;
}

tk_status sweep_report(sweep *s, tk_err *err)
{
    report r = {.s = s};
    tk_screener *screener = NULL;
    tk_status status = report_screener(s, &screener, err);
    if (status != TK_OK)
        return status;
    tk_arena_init(&r.work, SWEEP_CHUNK_BYTES, 0);
    status = tk_store_begin_reading(s->store, "screening all parties", err);
    if (status == TK_OK) {
        status = report_all(&r, screener, err);
        if (status == TK_OK)
            status = tk_store_commit(s->store, err);
        else
            tk_store_abort(s->store);
    }
    tk_arena_fini(&r.work);
    tk_screener_free(screener);
    return status;
}

/* --- it was read --- */

static tk_status settle_one(tk_store *store, const tk_desk_sweep_change *change, tk_err *err)
{
    tk_store_statement *statement;
    bool gone = change->kind == TK_DESK_SWEEP_GONE;
    const tk_desk_sweep_hit *hit = gone ? &change->before : &change->now;
    tk_status status = tk_store_prepare(store, gone ? SETTLE_END : SETTLE_ADD, &statement, err);
    if (status != TK_OK)
        return status;
    tk_store_bind_text(statement, 1, hit->party);
    tk_store_bind_text(statement, 2, hit->id);
    if (!gone) {
        tk_store_bind_text(statement, 3, hit->source);
        tk_store_bind_int(statement, 4, hit->score);
        tk_store_bind_text(statement, 5, hit->name);
        tk_store_bind_text(statement, 6, hit->entry);
        tk_store_bind_text(statement, 7, hit->alias);
        tk_store_bind_text(statement, 8, hit->fingerprint);
    }
    return tk_store_run(statement, err);
}

tk_status tk_desk_sweep_settle(tk_store *store, const tk_desk_sweep *done, tk_err *err)
{
    int64_t mark = done->mark;
    tk_status status = sweep_begin(store, &mark, err);
    if (status != TK_OK)
        return status;
    for (size_t i = 0; status == TK_OK && i < done->changes_count; i++)
        if (done->changes[i].kind != TK_DESK_SWEEP_STILL)
            status = settle_one(store, &done->changes[i], err);
    if (status == TK_OK)
        status = tk_store_execute(store, SETTLE_STATES, err);
    if (status == TK_OK)
        status = tk_store_commit(store, err);
    else
        tk_store_abort(store);
    return status;
}
