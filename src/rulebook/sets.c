/* SPDX-License-Identifier: Apache-2.0 */
/* sets.c: membership on a day, as known on another.
 *
 * S3: a set or group is a list of rows, in or out, dated both ways; of the rows known, the latest published that
 * covers the day decides; no row: not a member.
 */
#include "base/str.h"
#include "rulebook/model.h"

const char *const tk_rb_role_names[RB_ROLE_COUNT] = {"seller", "purchaser", "intermediate_consignee",
                                                     "ultimate_consignee", "end_user"};

rb_id tk_rb_find_role(tk_str name)
{
    for (rb_id i = 0; i < RB_ROLE_COUNT; i++)
        if (tk_str_is(name, tk_rb_role_names[i]))
            return i;
    return RB_NONE;
}

rb_id tk_rb_find_place(const tk_rulebook *book, tk_str code)
{
    size_t low = 0, high = book->places_count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        int order = tk_str_cmp(book->places[middle], code);
        if (order == 0)
            return (rb_id)middle;
        if (order < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return RB_NONE;
}

static rb_member sets_group_has(const tk_rulebook *book, rb_id group, rb_id place, tk_date as_of, tk_date known_at)
{
    const rb_group *g = &book->groups[group];
    rb_member answer = {0};
    tk_date newest = TK_DATE_MIN;
    bool found = false;
    for (uint32_t i = g->first[place]; i < g->first[place + 1]; i++) {
        const rb_group_row *row = &g->rows[i];
        if (known_at < row->published || as_of < row->from || row->to < as_of || (found && row->published < newest))
            continue;
        found = true;
        newest = row->published;
        answer = (rb_member){.in = row->in, .unverified = row->unverified, .cites = row->cites};
    }
    return answer;
}

/* The rest is the same for places and ids; `name` is NULL for a place. */
static rb_member sets_has(const tk_rulebook *book, rb_id id, rb_id place, const tk_str *name, tk_date as_of,
                          tk_date known_at)
{
    const rb_set *set = &book->sets[id];
    rb_member a, b;
    if (name == NULL && (set->ever[place / 64] >> (place % 64) & 1) == 0)
        return (rb_member){0};
    if (name == NULL && set->always)
        return (rb_member){.in = true};
    switch (set->op) {
    case RB_SET_PLACE:
        return (rb_member){.in = name == NULL && set->place == place};
    case RB_SET_GROUP:
        return name == NULL ? sets_group_has(book, set->group, place, as_of, known_at) : (rb_member){0};
    case RB_SET_NAMES:
        for (size_t i = 0; name != NULL && i < set->names_count; i++)
            if (tk_str_eq(set->names[i], *name))
                return (rb_member){.in = true};
        return (rb_member){0};
    case RB_SET_OR:
        a = sets_has(book, set->a, place, name, as_of, known_at);
        if (a.in && !a.unverified)
            return a;
        b = sets_has(book, set->b, place, name, as_of, known_at);
        return b.in ? (a.in ? a : b) : a;
    case RB_SET_BUT_NOT:
        a = sets_has(book, set->a, place, name, as_of, known_at);
        if (!a.in)
            return a;
        b = sets_has(book, set->b, place, name, as_of, known_at);
        if (b.in)
            return (rb_member){.unverified = b.unverified, .cites = b.cites};
        return a;
    case RB_SET_ROWS: {
        rb_member answer = {0};
        tk_date newest = TK_DATE_MIN;
        bool found = false;
        for (size_t i = 0; i < set->rows_count; i++) {
            const rb_row *row = &set->rows[i];
            if (known_at < row->published || as_of < row->from || row->to < as_of
                || (found && row->published < newest))
                continue;
            rb_member member = sets_has(book, row->members, place, name, as_of, known_at);
            if (!member.in)
                continue;
            found = true;
            newest = row->published;
            answer = (rb_member){.in = row->in,
                                 .unverified = row->unverified || member.unverified,
                                 .cites = row->cites_count != 0 ? row->cites[0] : member.cites};
        }
        return answer;
    }
    }
    return (rb_member){0};
}

static void sets_add(uint64_t *to, const uint64_t *from, size_t words)
{
    for (size_t i = 0; i < words; i++)
        to[i] |= from[i];
}

static void sets_finish_one(const tk_rulebook *book, const rb_set *set, uint64_t *ever, uint64_t *cited, size_t words)
{
    const rb_set *parts = book->sets;
    switch (set->op) {
    case RB_SET_PLACE:
        ever[set->place / 64] |= UINT64_C(1) << (set->place % 64);
        break;
    case RB_SET_GROUP:
        for (size_t r = 0; r < book->groups[set->group].rows_count; r++) {
            const rb_group_row *row = &book->groups[set->group].rows[r];
            uint64_t bit = UINT64_C(1) << (row->place % 64);
            ever[row->place / 64] |= bit;
            cited[row->place / 64] |= row->cites.len != 0 ? bit : 0;
        }
        break;
    case RB_SET_OR:
    case RB_SET_BUT_NOT:
        sets_add(ever, parts[set->a].ever, words);
        sets_add(cited, parts[set->a].cited, words);
        if (set->op == RB_SET_OR) /* nothing is taken out of what holds nothing */
            sets_add(ever, parts[set->b].ever, words);
        sets_add(cited, parts[set->b].cited, words);
        break;
    case RB_SET_ROWS:
        for (size_t r = 0; r < set->rows_count; r++) {
            const rb_set *members = &parts[set->rows[r].members];
            sets_add(ever, members->ever, words);
            sets_add(cited, set->rows[r].cites_count != 0 ? members->ever : members->cited, words);
        }
        break;
    case RB_SET_NAMES:
        break;
    }
}

/* Most sets say nothing of most places, on no day, and cite nothing: that is found once. A set's parts have smaller
 * numbers. */
void tk_rb_sets_finish(tk_rulebook *book, tk_arena *arena, size_t first)
{
    size_t words = (book->places_count + 63) / 64;
    uint64_t *bits = TK_ARENA_ARRAY(arena, uint64_t, (book->sets_count - first) * words * 2);
    for (size_t i = first; bits != NULL && i < book->sets_count; i++) {
        uint64_t *ever = bits + (i - first) * words * 2, *cited = ever + words;
        rb_set *set = &book->sets[i];
        sets_finish_one(book, set, ever, cited, words);
        set->always = set->op == RB_SET_PLACE
                      || (set->op == RB_SET_OR && book->sets[set->a].always && book->sets[set->b].always);
        set->ever = ever;
        set->cited = cited;
    }
}

rb_member tk_rb_set_has_place(const tk_rulebook *book, rb_id set, rb_id place, tk_date as_of, tk_date known_at)
{
    return sets_has(book, set, place, NULL, as_of, known_at);
}

rb_member tk_rb_set_has_name(const tk_rulebook *book, rb_id set, tk_str name, tk_date as_of, tk_date known_at)
{
    return sets_has(book, set, 0, &name, as_of, known_at);
}
