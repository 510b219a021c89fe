/* SPDX-License-Identifier: Apache-2.0 */
/* conflict.c: claims that cannot all be true, in groups.
 *
 * A group is what hangs together by links and by conflicts of statements. Its sides are found by going through the
 * claims in order: each joins the first side whose claims it can hold beside, and opens a new one where there is none.
 * Sides are remembered by what they say in each conflict, not by their claims, so that a claim is compared with sides.
 */
#include "claims/picture.h"

#include <stdlib.h>
#include <string.h>

typedef struct member {
    uint32_t root, entry;
} member;

typedef struct stance {
    uint32_t ground, side, colour;
} stance;

typedef struct sorter {
    tk_claims_picture *picture;
    uint32_t *parents;
    member *members;
    size_t members_count;
    uint32_t *colours; /* of each entry, within its group */
    stance *stances;   /* of the group under way */
    size_t stances_count;
    uint32_t *ground_first; /* where the stances of a ground begin; PICTURE_NONE: nowhere */
    uint32_t *stance_next;
    tk_arena scratch;
} sorter;

static void unite_all(sorter *s)
{
    tk_claims_picture *p = s->picture;
    uint32_t *first = TK_ARENA_ARRAY(&s->scratch, uint32_t, p->grounds_count + 1);
    if (first == NULL)
        return;
    memset(first, 0xff, (p->grounds_count + 1) * sizeof(uint32_t));
    for (uint32_t i = 0; i < p->entries_count; i++)
        s->parents[i] = i;
    for (size_t i = 0; i < p->said_count; i++) {
        const picture_said *said = &p->said[i];
        for (int g = 0; g < 2; g++) {
            uint32_t ground = said->ground[g];
            if (ground == PICTURE_NONE)
                continue;
            if (first[ground] == PICTURE_NONE)
                first[ground] = said->entry;
            picture_join(s->parents, first[ground], said->entry);
        }
    }
    for (uint32_t i = 0; i < p->entries_count; i++)
        for (size_t k = 0; !p->entries[i].superseded && k < p->entries[i].links_count; k++)
            if (!p->entries[p->links[p->entries[i].links + k]].superseded)
                picture_join(s->parents, i, p->links[p->entries[i].links + k]);
}

static const picture_entry *entry_at(const sorter *s, uint32_t entry)
{
    return &s->picture->entries[entry];
}

static bool is_grounded(const picture_said *said)
{
    return said->ground[0] != PICTURE_NONE || said->ground[1] != PICTURE_NONE;
}

static bool is_member(const sorter *s, uint32_t entry)
{
    const tk_claims_picture *p = s->picture;
    const picture_entry *e = &p->entries[entry];
    if (e->superseded)
        return false;
    for (size_t i = 0; i < e->said_count; i++)
        if (is_grounded(&p->said[p->said_of[e->said + i]]))
            return true;
    for (size_t k = 0; k < e->links_count; k++)
        if (!p->entries[p->links[e->links + k]].superseded)
            return true;
    return false;
}

static int member_order(const void *a, const void *b)
{
    const member *x = a, *y = b;
    if (x->root != y->root)
        return x->root < y->root ? -1 : 1;
    return x->entry < y->entry ? -1 : (y->entry < x->entry ? 1 : 0);
}

/* --- sides --- */

/* Does the side say something else in a conflict of the statement? */
static bool side_disagrees(const sorter *s, const picture_said *said, uint32_t colour)
{
    for (int g = 0; g < 2; g++)
        for (uint32_t at = said->ground[g] == PICTURE_NONE ? PICTURE_NONE : s->ground_first[said->ground[g]];
             at != PICTURE_NONE; at = s->stance_next[at])
            if (s->stances[at].colour == colour && s->stances[at].side != said->side[g])
                return true;
    return false;
}

static bool holds_beside(const sorter *s, uint32_t entry, uint32_t colour, const bool *linked)
{
    const tk_claims_picture *p = s->picture;
    const picture_entry *e = &p->entries[entry];
    bool holds = !linked[colour];
    for (size_t i = 0; holds && i < e->said_count; i++)
        holds = !side_disagrees(s, &p->said[p->said_of[e->said + i]], colour);
    return holds;
}

enum { COLOURS_TRIED_MAX = 16 };

/* A side that says the same in some conflict; else one of the first sides that it can join; else a new one. */
static uint32_t colour_of(const sorter *s, uint32_t entry, uint32_t colours, const bool *linked)
{
    const tk_claims_picture *p = s->picture;
    const picture_entry *e = &p->entries[entry];
    for (size_t i = 0; i < 2 * (size_t)e->said_count; i++) {
        const picture_said *said = &p->said[p->said_of[e->said + i / 2]];
        uint32_t ground = said->ground[i % 2], side = said->side[i % 2];
        for (uint32_t at = ground == PICTURE_NONE ? PICTURE_NONE : s->ground_first[ground]; at != PICTURE_NONE;
             at = s->stance_next[at])
            if (s->stances[at].side == side && holds_beside(s, entry, s->stances[at].colour, linked))
                return s->stances[at].colour;
    }
    for (uint32_t colour = 0; colour < colours && colour < COLOURS_TRIED_MAX; colour++)
        if (holds_beside(s, entry, colour, linked))
            return colour;
    return colours;
}

static void take_stance_in(sorter *s, uint32_t ground, uint32_t side, uint32_t colour)
{
    if (ground == PICTURE_NONE)
        return;
    for (uint32_t at = s->ground_first[ground]; at != PICTURE_NONE; at = s->stance_next[at])
        if (s->stances[at].colour == colour)
            return;
    s->stances[s->stances_count] = (stance){ground, side, colour};
    s->stance_next[s->stances_count] = s->ground_first[ground];
    s->ground_first[ground] = (uint32_t)s->stances_count++;
}

static void take_stance(sorter *s, uint32_t entry, uint32_t colour)
{
    const tk_claims_picture *p = s->picture;
    const picture_entry *e = &p->entries[entry];
    for (size_t i = 0; i < e->said_count; i++) {
        const picture_said *said = &p->said[p->said_of[e->said + i]];
        for (int g = 0; g < 2; g++)
            take_stance_in(s, said->ground[g], said->side[g], colour);
    }
}

/* Colours the members of one group; returns how many sides there are. */
static uint32_t colour_group(sorter *s, const member *members, size_t count, bool *linked)
{
    uint32_t colours = 0;
    for (size_t i = 0; i < count; i++)
        s->colours[members[i].entry] = PICTURE_NONE;
    for (size_t i = 0; i < count; i++) {
        const picture_entry *e = entry_at(s, members[i].entry);
        for (int set = 1; set >= 0; set--) {
            if (set == 0) {
                uint32_t colour = colour_of(s, members[i].entry, colours, linked);
                colours += colour == colours ? 1 : 0;
                s->colours[members[i].entry] = colour;
                take_stance(s, members[i].entry, colour);
            }
            for (size_t k = 0; k < e->links_count; k++) {
                uint32_t other = s->picture->links[e->links + k];
                if (!entry_at(s, other)->superseded && s->colours[other] != PICTURE_NONE)
                    linked[s->colours[other]] = set == 1;
            }
        }
        for (size_t k = 0; k < e->links_count; k++) {
            uint32_t other = s->picture->links[e->links + k];
            if (s->colours[other] != PICTURE_NONE)
                linked[s->colours[other]] = false;
        }
    }
    return colours;
}

/* --- what is shown --- */

static tk_str conflict_settle(tk_str fact, tk_str value)
{
    static const struct {
        const char *fact, *value, *settle;
    } ways[] = {
        {"application.stage", "approved", "the approval itself, with its reference, from the buyer or the authority"},
        {"application.stage", "ordered", "a purchase order, or the seller's own figure for orders booked"},
        {"application.stage", "import-cleared", "a customs declaration that was accepted or turned away"},
        {"application.stage", "delivered", "a delivery record, or the seller's revenue for the period"},
        {"application.us_licence", NULL, "the licence with its number, from the exporter or the Commerce Department"},
        {"item.cn_stance", NULL, "a notice by the authority, or an order accepted or turned away after that day"},
        {"item.cn_customs", NULL, "a customs notice, or a declaration that is accepted or turned away after that day"},
        {"item.production", NULL, "the maker's word for the line and the day"},
    };
    for (size_t i = 0; i < TK_COUNT(ways); i++)
        if (tk_str_is(fact, ways[i].fact) && (ways[i].value == NULL || tk_str_is(value, ways[i].value)))
            return tk_str_from(ways[i].settle);
    return TK_STR("the document or figure itself, from whoever it is about, for the same day, unit and period");
}

static tk_str ground_about(tk_arena *arena, const picture_said *said)
{
    if (said->kind == TK_KIND_MEASURE)
        return tk_arena_printf(arena, TK_FMT " of " TK_FMT, TK_ARG_STR(said->fact), TK_ARG_STR(said->value));
    return tk_arena_printf(arena, TK_FMT "%s" TK_FMT "%s" TK_FMT "%s" TK_FMT, TK_ARG_STR(said->fact),
                           said->kind == TK_KIND_STAGE ? " " : "",
                           TK_ARG_STR(said->kind == TK_KIND_STAGE ? said->value : TK_STR("")),
                           said->item.len == 0 ? "" : ", ", TK_ARG_STR(said->item), said->party.len == 0 ? "" : ", ",
                           TK_ARG_STR(said->party));
}

/* Each ground of the group once, in the order of its members. */
static void conflict_about(sorter *s, const member *members, size_t count, tk_claims_conflict *conflict)
{
    tk_claims_picture *p = s->picture;
    for (size_t i = 0; i < s->stances_count; i++) {
        uint32_t ground = s->stances[i].ground;
        if (s->ground_first[ground] == PICTURE_NONE)
            continue;
        s->ground_first[ground] = PICTURE_NONE;
        const picture_said *said = &p->said[p->grounds[ground].said];
        tk_str about = ground_about(p->arena, said);
        if (!conflict->detected)
            conflict->settle = conflict_settle(said->fact, said->value);
        if (conflict->detected && tk_str_ends(conflict->about, about))
            continue;
        conflict->about = conflict->detected ? tk_arena_printf(p->arena, TK_FMT "; " TK_FMT,
                                                               TK_ARG_STR(conflict->about), TK_ARG_STR(about))
                                             : about;
        conflict->detected = true;
    }
    for (size_t i = 0; i < count; i++)
        for (size_t k = 0; k < entry_at(s, members[i].entry)->links_count; k++)
            conflict->linked |= !entry_at(s, p->links[entry_at(s, members[i].entry)->links + k])->superseded;
    if (!conflict->detected)
        conflict->settle = conflict_settle(TK_STR(""), TK_STR(""));
}

typedef struct ordered {
    uint32_t colour;
    tk_date day;
    tk_str id;
    int64_t number;
} ordered;

static int ordered_order(const void *a, const void *b)
{
    const ordered *x = a, *y = b;
    if (x->colour != y->colour)
        return x->colour < y->colour ? -1 : 1;
    if (x->day != y->day)
        return x->day < y->day ? -1 : 1;
    return tk_str_cmp(x->id, y->id);
}

static bool conflict_sides(sorter *s, const member *members, size_t count, uint32_t colours,
                           tk_claims_conflict *conflict)
{
    tk_arena *arena = s->picture->arena;
    ordered *all = TK_ARENA_ARRAY(&s->scratch, ordered, count);
    int64_t *numbers = TK_ARENA_ARRAY(arena, int64_t, count);
    tk_claims_side *sides = TK_ARENA_ARRAY(arena, tk_claims_side, colours);
    if (all == NULL || numbers == NULL || sides == NULL)
        return false;
    for (size_t i = 0; i < count; i++) {
        const picture_entry *e = entry_at(s, members[i].entry);
        all[i] = (ordered){s->colours[members[i].entry], e->event_from, e->id, e->number};
    }
    qsort(all, count, sizeof(ordered), ordered_order);
    for (size_t i = 0; i < count; i++) {
        numbers[i] = all[i].number;
        if (sides[all[i].colour].count++ == 0)
            sides[all[i].colour].numbers = &numbers[i];
    }
    conflict->sides = sides;
    conflict->sides_count = colours;
    return true;
}

static bool conflict_group(sorter *s, const member *members, size_t count, bool *linked, tk_claims_conflict *conflict)
{
    s->stances_count = 0;
    uint32_t colours = colour_group(s, members, count, linked);
    *conflict = (tk_claims_conflict){.about = TK_STR(""), .settle = TK_STR("")};
    conflict_about(s, members, count, conflict);
    return conflict_sides(s, members, count, colours, conflict);
}

typedef struct group_first {
    tk_date day;
    tk_str id;
    size_t begin, end;
} group_first;

static int group_order(const void *a, const void *b)
{
    const group_first *x = a, *y = b;
    if (x->day != y->day)
        return x->day < y->day ? -1 : 1;
    return tk_str_cmp(x->id, y->id);
}

static bool sorter_groups(sorter *s, group_first **out, size_t *count)
{
    group_first *groups = TK_ARENA_ARRAY(&s->scratch, group_first, s->members_count);
    if (groups == NULL)
        return false;
    *count = 0;
    for (size_t begin = 0; begin < s->members_count;) {
        size_t end = begin;
        group_first group = {.day = TK_DATE_MAX, .begin = begin};
        for (; end < s->members_count && s->members[end].root == s->members[begin].root; end++) {
            const picture_entry *e = entry_at(s, s->members[end].entry);
            if (e->event_from < group.day)
                group = (group_first){.day = e->event_from, .id = e->id, .begin = begin};
        }
        group.end = end;
        groups[(*count)++] = group;
        begin = end;
    }
    if (*count != 0)
        qsort(groups, *count, sizeof(group_first), group_order);
    *out = groups;
    return true;
}

static bool sorter_make(sorter *s, tk_claims_conflict **out, size_t *count)
{
    tk_claims_picture *p = s->picture;
    s->parents = TK_ARENA_ARRAY(&s->scratch, uint32_t, p->entries_count + 1);
    s->members = TK_ARENA_ARRAY(&s->scratch, member, p->entries_count + 1);
    s->colours = TK_ARENA_ARRAY(&s->scratch, uint32_t, p->entries_count + 1);
    s->stances = TK_ARENA_ARRAY(&s->scratch, stance, 2 * p->said_count + 1);
    s->stance_next = TK_ARENA_ARRAY(&s->scratch, uint32_t, 2 * p->said_count + 1);
    s->ground_first = TK_ARENA_ARRAY(&s->scratch, uint32_t, p->grounds_count + 1);
    bool *linked = TK_ARENA_ARRAY(&s->scratch, bool, p->entries_count + 1);
    if (s->scratch.failed)
        return false;
    memset(s->ground_first, 0xff, (p->grounds_count + 1) * sizeof(uint32_t));
    unite_all(s);
    for (uint32_t i = 0; i < p->entries_count; i++)
        if (is_member(s, i))
            s->members[s->members_count++] = (member){picture_root(s->parents, i), i};
    if (s->members_count != 0)
        qsort(s->members, s->members_count, sizeof(member), member_order);
    group_first *groups = NULL;
    if (s->scratch.failed || !sorter_groups(s, &groups, count))
        return false;
    *out = TK_ARENA_ARRAY(p->arena, tk_claims_conflict, *count);
    bool good = *out != NULL;
    for (size_t i = 0; good && i < *count; i++)
        good = conflict_group(s, &s->members[groups[i].begin], groups[i].end - groups[i].begin, linked, &(*out)[i]);
    return good && !p->arena->failed && !s->scratch.failed;
}

tk_status tk_claims_conflicts(tk_claims_picture *picture, const tk_claims_conflict **out, size_t *count, tk_err *err)
{
    sorter s = {.picture = picture};
    tk_claims_conflict *made = NULL;
    tk_arena_init(&s.scratch, (size_t)64 * 1024, 0);
    bool good = sorter_make(&s, &made, count);
    tk_arena_fini(&s.scratch);
    *out = made;
    return good ? TK_OK : tk_err_set(err, TK_ERR_MEMORY, "out of memory for the conflicts");
}
