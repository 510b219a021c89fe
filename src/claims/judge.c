/* SPDX-License-Identifier: Apache-2.0 */
/* judge.c: what the statements about one thing make of each other: how many sources agree, what cannot hold together.
 *
 * Works through the statements key by key. A key's statements fall into classes that say the same:
 *   stage    same stage, asserted or denied
 *   state    same state, in the same month
 *   measure  intervals that share a point, in the same month
 *   words    the same words
 * and the classes of a key may be in conflict:
 *   stage    asserted and, for the same day or a later one, denied
 *   state    states that exclude each other, or one asserted and denied, for the same single day
 *   measure  intervals that do not meet, in the same month
 * Everything is kept per class, so that ten thousand statements about one thing take the space of ten thousand, not of
 * their pairs. A superseded claim takes no part.
 */
#include "claims/picture.h"

#include <stdlib.h>
#include <string.h>

int32_t picture_month(tk_date day)
{
    char text[TK_DATE_TEXT_MAX];
    size_t len = tk_date_format(day, text);
    if (len != 10)
        return 0;
    return ((text[0] - '0') * 1000 + (text[1] - '0') * 100 + (text[2] - '0') * 10 + text[3] - '0') * 12
           + (text[5] - '0') * 10 + text[6] - '0' - 1;
}

/* --- independent sources --- */

typedef struct origin_pair {
    uint64_t mark;
    uint32_t at;
} origin_pair;

static int pair_order(const void *a, const void *b)
{
    const origin_pair *x = a, *y = b;
    if (x->mark != y->mark)
        return x->mark < y->mark ? -1 : 1;
    return x->at < y->at ? -1 : (y->at < x->at ? 1 : 0);
}

uint32_t picture_root(uint32_t *parents, uint32_t at)
{
    while (parents[at] != at) {
        parents[at] = parents[parents[at]];
        at = parents[at];
    }
    return at;
}

void picture_join(uint32_t *parents, uint32_t a, uint32_t b)
{
    a = picture_root(parents, a);
    b = picture_root(parents, b);
    if (a != b)
        parents[a < b ? b : a] = a < b ? a : b;
}

static int number_order(const void *a, const void *b)
{
    const uint32_t *x = a, *y = b;
    return *x < *y ? -1 : (*y < *x ? 1 : 0);
}

uint32_t picture_independent(const tk_claims_picture *picture, uint32_t *entries, size_t count, tk_arena *scratch)
{
    if (count < 2)
        return (uint32_t)count;
    qsort(entries, count, sizeof(uint32_t), number_order);
    size_t kept = 1;
    for (size_t i = 1; i < count; i++)
        if (entries[i] != entries[kept - 1])
            entries[kept++] = entries[i];
    uint32_t *parents = TK_ARENA_ARRAY(scratch, uint32_t, kept);
    origin_pair *pairs = TK_ARENA_ARRAY(scratch, origin_pair, kept);
    if (parents == NULL || pairs == NULL)
        return 0;
    for (uint32_t i = 0; i < kept; i++)
        parents[i] = i;
    for (int by = 0; by < 2; by++) {
        for (uint32_t i = 0; i < kept; i++) {
            const picture_entry *entry = &picture->entries[entries[i]];
            pairs[i] = (origin_pair){by == 0 ? entry->origin : entry->source, i};
        }
        qsort(pairs, kept, sizeof(origin_pair), pair_order);
        for (size_t i = 1; i < kept; i++)
            if (pairs[i].mark == pairs[i - 1].mark)
                picture_join(parents, pairs[i].at, pairs[i - 1].at);
    }
    uint32_t roots = 0;
    for (uint32_t i = 0; i < kept; i++)
        roots += picture_root(parents, i) == i ? 1 : 0;
    return roots;
}

/* --- one key --- */

typedef struct judge {
    tk_claims_picture *picture;
    picture_said **said; /* of one key, without superseded claims; reordered at will */
    size_t count;
    uint32_t *entries; /* room for as many */
    tk_arena scratch;
    size_t grounds_size;
    bool failed;
} judge;

static uint32_t judge_ground(judge *j, const picture_said *about)
{
    tk_claims_picture *p = j->picture;
    if (p->grounds_count == j->grounds_size) {
        size_t size = j->grounds_size == 0 ? 32 : j->grounds_size * 2;
        picture_ground *grown = TK_ARENA_ARRAY(p->arena, picture_ground, size);
        if (grown == NULL) {
            j->failed = true;
            return PICTURE_NONE;
        }
        if (p->grounds_count != 0)
            memcpy(grown, p->grounds, p->grounds_count * sizeof *grown);
        p->grounds = grown;
        j->grounds_size = size;
    }
    p->grounds[p->grounds_count] = (picture_ground){.said = (uint32_t)(about - p->said)};
    return (uint32_t)p->grounds_count++;
}

static const picture_entry *entry_of(const judge *j, const picture_said *said)
{
    return &j->picture->entries[said->entry];
}

typedef bool (*said_test)(const picture_said *said, const picture_said *other);

/* Independent sources among the statements from `begin` to `end` that pass. */
static uint32_t judge_sources(judge *j, size_t begin, size_t end, said_test test, const picture_said *about)
{
    size_t count = 0;
    for (size_t i = begin; i < end; i++)
        if (test(j->said[i], about))
            j->entries[count++] = j->said[i]->entry;
    uint32_t sources = picture_independent(j->picture, j->entries, count, &j->scratch);
    j->failed |= j->scratch.failed;
    return sources;
}

static bool same_class(const picture_said *said, const picture_said *about)
{
    if (said->kind == TK_KIND_MEASURE)
        return said->bucket == about->bucket && said->side[0] == about->side[0];
    return said->denies == about->denies && said->bucket == about->bucket && tk_str_eq(said->value, about->value);
}

static int class_order(const void *a, const void *b)
{
    const picture_said *x = *(picture_said *const *)a, *y = *(picture_said *const *)b;
    int order = tk_str_cmp(x->value, y->value);
    if (order != 0)
        return order;
    if (x->denies != y->denies)
        return x->denies ? 1 : -1;
    if (x->bucket != y->bucket)
        return x->bucket < y->bucket ? -1 : 1;
    if (x->kind == TK_KIND_MEASURE && x->side[0] != y->side[0])
        return x->side[0] < y->side[0] ? -1 : 1;
    return x->entry < y->entry ? -1 : (y->entry < x->entry ? 1 : 0);
}

/* How many independent sources say the same. */
static void judge_agreement(judge *j)
{
    qsort(j->said, j->count, sizeof(j->said[0]), class_order);
    for (size_t begin = 0; begin < j->count;) {
        size_t end = begin + 1;
        while (end < j->count && same_class(j->said[end], j->said[begin]))
            end++;
        uint32_t sources = judge_sources(j, begin, end, same_class, j->said[begin]);
        for (; begin < end; begin++)
            j->said[begin]->sources = sources;
    }
}

/* --- conflicts of stages --- */

static bool stage_marked(const picture_said *said, const picture_said *about)
{
    return said->ground[0] != PICTURE_NONE && said->denies == about->denies;
}

/* begin .. end: one stage, asserted ones first. A denial holds for what was asserted of the same day or before. */
static void judge_stage(judge *j, size_t begin, size_t end)
{
    tk_date first = TK_DATE_MAX, last = TK_DATE_MIN;
    size_t denied = begin;
    while (denied < end && !j->said[denied]->denies)
        denied++;
    for (size_t i = begin; i < denied; i++)
        first = entry_of(j, j->said[i])->event_from < first ? entry_of(j, j->said[i])->event_from : first;
    for (size_t i = denied; i < end; i++)
        last = last < entry_of(j, j->said[i])->event_from ? entry_of(j, j->said[i])->event_from : last;
    if (denied == begin || denied == end || last < first)
        return;
    uint32_t ground = judge_ground(j, j->said[begin]);
    for (size_t i = begin; i < end; i++) {
        tk_date day = entry_of(j, j->said[i])->event_from;
        if (i < denied ? day <= last : first <= day) {
            j->said[i]->ground[0] = ground;
            j->said[i]->side[0] = i < denied ? 0 : 1;
        }
    }
    uint32_t asserts = judge_sources(j, begin, denied, stage_marked, j->said[begin]);
    uint32_t denials = judge_sources(j, denied, end, stage_marked, j->said[denied]);
    for (size_t i = begin; i < end; i++)
        if (j->said[i]->ground[0] != PICTURE_NONE)
            j->said[i]->denials = i < denied ? denials : asserts;
}

static void judge_stages(judge *j)
{
    for (size_t begin = 0; begin < j->count;) {
        size_t end = begin + 1;
        while (end < j->count && tk_str_eq(j->said[end]->value, j->said[begin]->value))
            end++;
        judge_stage(j, begin, end);
        begin = end;
    }
}

/* --- conflicts of states --- */

static bool listed(tk_str list, tk_str word)
{
    tk_str rest = list, part;
    while (rest.len != 0 && tk_str_split(&rest, '|', &part))
        if (tk_str_eq(part, word))
            return true;
    return false;
}

static bool state_excludes(const picture_said *a, const picture_said *b)
{
    if (a->denies != b->denies)
        return tk_str_eq(a->value, b->value);
    return !a->denies && (listed(a->excludes, b->value) || listed(b->excludes, a->value));
}

static bool stage_opposes(const tk_claims_picture *picture, const picture_said *a, const picture_said *b)
{
    const picture_said *denial = a->denies ? a : b, *report = a->denies ? b : a;
    if (a->denies == b->denies || !tk_str_eq(a->fact, b->fact) || !tk_str_eq(a->value, b->value)
        || !tk_str_eq(a->item, b->item) || !(tk_str_eq(a->party, b->party) || denial->party.len == 0))
        return false;
    return picture->entries[report->entry].event_from <= picture->entries[denial->entry].event_from;
}

bool picture_said_oppose(const tk_claims_picture *picture, const picture_said *a, const picture_said *b)
{
    const picture_entry *x = &picture->entries[a->entry], *y = &picture->entries[b->entry];
    if (a->kind != b->kind)
        return false;
    switch (a->kind) {
    case TK_KIND_STAGE:
        return stage_opposes(picture, a, b);
    case TK_KIND_STATE:
        return a->key == b->key && x->event_from == x->event_to && y->event_from == y->event_to
               && x->event_from == y->event_from && state_excludes(a, b);
    case TK_KIND_MEASURE:
        return a->key == b->key && picture_month(x->event_from) == picture_month(y->event_from)
               && (a->bounds.high < b->bounds.low || b->bounds.high < a->bounds.low);
    case TK_KIND_WORDS:
        break;
    }
    return false;
}

static int state_order(const picture_said *x, const picture_said *y)
{
    int order = tk_str_cmp(x->value, y->value);
    return order != 0 ? order : (int)x->denies - (int)y->denies;
}

/* begin .. end: one day, by state. Each state is compared with the others once, not each claim with each. */
static void judge_day(judge *j, size_t begin, size_t end)
{
    uint32_t ground = PICTURE_NONE, side = 0;
    for (size_t a = begin; a < end;) {
        size_t a_end = a;
        bool excluded = false;
        while (a_end < end && state_order(j->said[a_end], j->said[a]) == 0)
            a_end++;
        for (size_t b = begin; b < end; b++)
            excluded |= (b == begin || state_order(j->said[b], j->said[b - 1]) != 0)
                        && state_excludes(j->said[a], j->said[b]);
        if (excluded && ground == PICTURE_NONE)
            ground = judge_ground(j, j->said[a]);
        uint32_t denials = excluded ? judge_sources(j, begin, end, state_excludes, j->said[a]) : 0;
        for (; a < a_end; a++) {
            j->said[a]->denials = denials;
            if (excluded) {
                j->said[a]->ground[0] = ground;
                j->said[a]->side[0] = side;
            }
        }
        side++;
    }
}

/* --- conflicts of measures --- */

static int measure_order(const void *a, const void *b)
{
    const picture_said *x = *(picture_said *const *)a, *y = *(picture_said *const *)b;
    if (x->bucket != y->bucket)
        return x->bucket < y->bucket ? -1 : 1;
    if (x->bounds.high != y->bounds.high)
        return x->bounds.high < y->bounds.high ? -1 : 1;
    if (x->bounds.low != y->bounds.low)
        return x->bounds.low < y->bounds.low ? -1 : 1;
    return x->entry < y->entry ? -1 : (y->entry < x->entry ? 1 : 0);
}

static bool measure_marked(const picture_said *said, const picture_said *about)
{
    (void)about;
    return said->ground[0] != PICTURE_NONE;
}

/* Who says something else: all independent sources of the conflict less those of the side, and at least one. So a month
 * of many numbers is counted in one pass a side. */
static void judge_month_denials(judge *j, size_t begin, size_t end)
{
    uint32_t all = judge_sources(j, begin, end, measure_marked, j->said[begin]);
    while (begin < end) {
        size_t next = begin;
        while (next < end && j->said[next]->side[0] == j->said[begin]->side[0])
            next++;
        uint32_t own = judge_sources(j, begin, next, measure_marked, j->said[begin]);
        for (; begin < next; begin++)
            if (j->said[begin]->ground[0] != PICTURE_NONE)
                j->said[begin]->denials = own < all ? all - own : 1;
    }
}

/* begin .. end: one month, by upper bound. A new side begins where a statement does not hold the point that all of the
 * side before it share: its smallest upper bound. Then nothing of the sides before reaches as far. */
static void judge_month(judge *j, size_t begin, size_t end)
{
    tk_num least_high = j->said[begin]->bounds.high, most_low = TK_NUM_MIN, point = least_high;
    uint32_t side = 0, ground = PICTURE_NONE;
    for (size_t i = begin; i < end; i++) {
        const tk_claim_bounds *bounds = &j->said[i]->bounds;
        if (point < bounds->low) {
            side++;
            point = bounds->high;
        }
        j->said[i]->side[0] = side;
        most_low = most_low < bounds->low ? bounds->low : most_low;
    }
    if (least_high < most_low)
        ground = judge_ground(j, j->said[begin]);
    for (size_t i = begin; i < end; i++) {
        const tk_claim_bounds *bounds = &j->said[i]->bounds;
        if (least_high < bounds->low || bounds->high < most_low)
            j->said[i]->ground[0] = ground;
    }
    if (ground != PICTURE_NONE)
        judge_month_denials(j, begin, end);
}

static void judge_measures(judge *j)
{
    qsort(j->said, j->count, sizeof(j->said[0]), measure_order);
    for (size_t begin = 0; begin < j->count;) {
        size_t end = begin + 1;
        int32_t month = j->said[begin]->bucket;
        while (end < j->count && j->said[end]->bucket == month)
            end++;
        judge_month(j, begin, end);
        begin = end;
    }
}

static int day_order(const void *a, const void *b)
{
    const picture_said *x = *(picture_said *const *)a, *y = *(picture_said *const *)b;
    if (x->bucket != y->bucket)
        return x->bucket < y->bucket ? -1 : 1;
    int order = state_order(x, y);
    if (order != 0)
        return order;
    return x->entry < y->entry ? -1 : (y->entry < x->entry ? 1 : 0);
}

/* Only what is dated to the day can be said of one day. */
static void judge_states(judge *j)
{
    size_t all = j->count, days = 0;
    for (size_t i = 0; i < all; i++) {
        const picture_entry *entry = entry_of(j, j->said[i]);
        picture_said *said = j->said[i];
        said->bucket = entry->event_from;
        if (entry->event_from == entry->event_to) {
            j->said[i] = j->said[days];
            j->said[days++] = said;
        }
    }
    if (days != 0)
        qsort(j->said, days, sizeof(j->said[0]), day_order);
    for (size_t begin = 0; begin < days;) {
        size_t end = begin + 1;
        while (end < days && j->said[end]->bucket == j->said[begin]->bucket)
            end++;
        judge_day(j, begin, end);
        begin = end;
    }
    for (size_t i = 0; i < all; i++)
        j->said[i]->bucket = picture_month(entry_of(j, j->said[i])->event_from);
}

/* --- who denies it of everybody --- */

static int thing_order(const picture_said *x, const picture_said *y)
{
    int order = tk_str_cmp(x->fact, y->fact);
    if (order == 0)
        order = tk_str_cmp(x->item, y->item);
    return order != 0 ? order : tk_str_cmp(x->value, y->value);
}

static int general_order(const void *a, const void *b)
{
    const picture_said *x = *(picture_said *const *)a, *y = *(picture_said *const *)b;
    int order = thing_order(x, y);
    if (order == 0)
        order = tk_str_cmp(x->party, y->party);
    if (order != 0)
        return order;
    return x->entry < y->entry ? -1 : (y->entry < x->entry ? 1 : 0);
}

static bool general_side(const picture_said *said, const picture_said *about)
{
    return said->ground[1] != PICTURE_NONE && said->side[1] == about->side[1];
}

/* begin .. end: one stage of one product, of all buyers, statements that name none first. "No orders" denies the order
 * of every buyer that was reported for that day or before. */
static void judge_general(judge *j, size_t begin, size_t end)
{
    tk_date first = TK_DATE_MAX, last = TK_DATE_MIN;
    for (size_t i = begin; i < end; i++) {
        const picture_said *said = j->said[i];
        tk_date day = entry_of(j, said)->event_from;
        if (said->party.len == 0 && said->denies)
            last = last < day ? day : last;
        else if (said->party.len != 0 && !said->denies)
            first = day < first ? day : first;
    }
    if (last < first)
        return;
    uint32_t ground = judge_ground(j, j->said[begin]);
    const picture_said *of_side[2] = {NULL, NULL};
    for (size_t i = begin; i < end; i++) {
        picture_said *said = j->said[i];
        tk_date day = entry_of(j, said)->event_from;
        if (said->denies != (said->party.len == 0) || (said->denies ? day < first : last < day))
            continue;
        said->ground[1] = ground;
        said->side[1] = said->denies ? 1 : 0;
        of_side[said->side[1]] = said;
    }
    /* The first report and the last denial of the loop above are among them. */
    TK_ASSERT(of_side[0] != NULL && of_side[1] != NULL);
    uint32_t sources[2];
    for (int side = 0; side < 2; side++)
        sources[side] = judge_sources(j, begin, end, general_side, of_side[side]);
    for (size_t i = begin; i < end; i++)
        if (j->said[i]->ground[1] != PICTURE_NONE)
            j->said[i]->denials += sources[1 - j->said[i]->side[1]];
}

static void judge_generals(judge *j)
{
    tk_claims_picture *p = j->picture;
    j->count = 0;
    for (size_t i = 0; i < p->said_count; i++)
        if (p->said[i].kind == TK_KIND_STAGE && !p->entries[p->said[i].entry].superseded)
            j->said[j->count++] = &p->said[i];
    if (j->count != 0)
        qsort(j->said, j->count, sizeof(j->said[0]), general_order);
    for (size_t begin = 0; begin < j->count;) {
        size_t end = begin + 1;
        while (end < j->count && thing_order(j->said[end], j->said[begin]) == 0)
            end++;
        judge_general(j, begin, end);
        tk_arena_reset(&j->scratch);
        begin = end;
    }
}

/* --- all keys --- */

static void judge_key(judge *j)
{
    tk_claim_kind kind = j->said[0]->kind;
    for (size_t i = 0; i < j->count; i++)
        j->said[i]->bucket = kind == TK_KIND_MEASURE ? picture_month(entry_of(j, j->said[i])->event_from) : 0;
    if (kind == TK_KIND_MEASURE)
        judge_measures(j);
    else if (kind == TK_KIND_STATE)
        judge_states(j);
    judge_agreement(j);
    if (kind == TK_KIND_STAGE)
        judge_stages(j);
    tk_arena_reset(&j->scratch);
}

static bool opposed(const picture_said *said, const picture_said *its)
{
    for (int i = 0; i < 2; i++)
        for (int k = 0; k < 2; k++)
            if (said->ground[i] != PICTURE_NONE && its->ground[k] == said->ground[i] && its->side[k] != said->side[i])
                return true;
    return false;
}

/* Links say it too. An opponent that a statement of the same key has already counted is not counted twice. */
static void judge_links(judge *j)
{
    tk_claims_picture *p = j->picture;
    for (size_t i = 0; i < p->entries_count; i++) {
        picture_entry *entry = &p->entries[i];
        if (entry->links_count == 0 || entry->superseded)
            continue;
        for (size_t s = 0; s < entry->said_count; s++) {
            picture_said *said = &p->said[p->said_of[entry->said + s]];
            uint32_t *others = TK_ARENA_ARRAY(&j->scratch, uint32_t, entry->links_count);
            size_t count = 0;
            for (size_t k = 0; others != NULL && k < entry->links_count; k++) {
                const picture_entry *other = &p->entries[p->links[entry->links + k]];
                bool counted = other->superseded;
                for (size_t o = 0; o < other->said_count; o++) {
                    const picture_said *its = &p->said[p->said_of[other->said + o]];
                    counted |= opposed(said, its);
                }
                if (!counted)
                    others[count++] = p->links[entry->links + k];
            }
            said->denials += picture_independent(p, others, count, &j->scratch);
        }
        j->failed |= j->scratch.failed;
        tk_arena_reset(&j->scratch);
    }
}

tk_status picture_judge(tk_claims_picture *picture, tk_err *err)
{
    judge j = {.picture = picture};
    tk_arena_init(&j.scratch, (size_t)64 * 1024, 0);
    j.said = TK_ARENA_ARRAY(picture->arena, picture_said *, picture->said_count);
    j.entries = TK_ARENA_ARRAY(picture->arena, uint32_t, picture->said_count);
    j.failed = j.said == NULL || j.entries == NULL;
    for (size_t begin = 0; !j.failed && begin < picture->said_count;) {
        size_t end = begin;
        j.count = 0;
        for (; end < picture->said_count && picture->said[end].key == picture->said[begin].key; end++)
            if (!picture->entries[picture->said[end].entry].superseded)
                j.said[j.count++] = &picture->said[end];
        if (j.count != 0)
            judge_key(&j);
        begin = end;
    }
    if (!j.failed)
        judge_generals(&j);
    if (!j.failed)
        judge_links(&j);
    tk_arena_fini(&j.scratch);
    return j.failed ? tk_err_set(err, TK_ERR_MEMORY, "out of memory for the claims") : TK_OK;
}

/* --- grades --- */

uint8_t picture_credibility(const tk_claims_picture *picture, const picture_said *said)
{
    if (said->denials != 0)
        return said->denials < said->sources ? 3 : (said->denials == said->sources ? 4 : 5);
    if (said->sources == 1 && picture->entries[said->entry].grade == 'F')
        return 6;
    return said->sources < 2 ? 3 : (said->sources == 2 ? 2 : 1);
}

bool tk_claims_picture_grade(const tk_claims_picture *picture, tk_str id, tk_claim_grade *grade)
{
    uint32_t at = picture_find(picture, id);
    if (at == PICTURE_NONE || picture->entries[at].beside)
        return false;
    const picture_entry *entry = &picture->entries[at];
    *grade = (tk_claim_grade){.source = entry->grade, .superseded = entry->superseded};
    for (size_t i = 0; i < entry->said_count; i++) {
        const picture_said *said = &picture->said[picture->said_of[entry->said + i]];
        uint8_t credibility = entry->superseded ? 6 : picture_credibility(picture, said);
        if (i != 0 && credibility <= grade->credibility)
            continue;
        grade->credibility = credibility;
        grade->sources = said->sources;
        grade->denials = said->denials;
    }
    return true;
}
