/* SPDX-License-Identifier: Apache-2.0 */
/* screener.c: one party against the versions that count, with reasons.
 *
 * First the names: every listed name that reaches the threshold, and every entry with an identifier of the party. Then,
 * per entry, the best of its names and what the fields say. Only what is a hit in the end is explained.
 */
#include <stdlib.h>
#include <string.h>

#include "base/err.h"
#include "base/limits.h"
#include "base/num.h"
#include "base/str.h"
#include "screen/fields.h"
#include "screen/retrieve.h"
#include "screen/screener.h"

enum { SCREENER_CHUNK_BYTES = 64 * 1024, FIELDS_MAX = 4 };

struct tk_screener {
    tk_screener_options options;
    tk_arena keep;  /* as long as the screener */
    tk_arena arena; /* of one result */
    tk_names *names;
    screen_open *open;
    tk_str *versions;
    size_t open_count;
    tk_unscreened *unscreened;
    size_t unscreened_count;
    bool apart; /* hits of two sources are never one */
};

/* --- which versions --- */

/* The age of the version in days when it is more than its source allows; 0: it is not. */
static int version_too_old(const tk_screener_options *options, const tk_shelf_version *version)
{
    int64_t age = (int64_t)options->as_of - version->published;
    for (size_t i = 0; options->as_of != TK_DATE_MAX && i < options->sources_count; i++)
        if (tk_str_eq(options->sources[i].source, version->source) && options->sources[i].stale_days < age)
            return age < INT32_MAX ? (int)age : INT32_MAX;
    return 0;
}

static tk_status screener_open_version(tk_screener *screener, const tk_shelf *shelf, const tk_shelf_version *version,
                                       tk_err *err)
{
    tk_shelved *shelved = NULL;
    screen_open *open = &screener->open[screener->open_count];
    tk_status status = tk_shelved_open(shelf, version, false, &shelved, err);
    if (status != TK_OK)
        return status;
    status = screen_open_make(open, tk_shelved_view(shelved), &screener->keep, err);
    open->shelved = shelved;
    open->source = tk_arena_copy(&screener->keep, version->source);
    open->name = tk_arena_copy(&screener->keep, version->name);
    open->too_old = version_too_old(&screener->options, version);
    screener->versions[screener->open_count++] = open->name;
    return status;
}

static bool open_has_list(const screen_open *open, tk_str list)
{
    const screen_view *view = open->view;
    for (uint64_t at = 0; at < view->head->entries_count; at = screen_list_end(view, at))
        if (tk_str_eq(screen_entry_list(view, at), list))
            return true;
    return false;
}

static bool list_is_asked(const tk_screener_options *options, tk_str list)
{
    return options->list.len == 0 || tk_str_eq(options->list, list);
}

bool tk_screener_knows(const tk_screener *screener, tk_str list)
{
    for (size_t i = 0; i < screener->open_count; i++)
        if (screener->open[i].too_old == 0 && open_has_list(&screener->open[i], list))
            return true;
    return false;
}

static tk_unscreened unscreened_of(const tk_screener *screener, tk_str list)
{
    tk_unscreened out = {.list = list, .source = TK_STR(""), .published = TK_DATE_MIN};
    for (size_t i = 0; i < screener->open_count; i++)
        if (open_has_list(&screener->open[i], list))
            out = (tk_unscreened){list, screener->open[i].source, screener->open[i].published,
                                  screener->open[i].too_old};
    return out;
}

/* A source whose versions all came after *known at*: its lists were not known, though they are now. */
static tk_status screener_note_later(tk_screener *screener, const tk_shelf *shelf, const tk_shelf_version *version,
                                     tk_err *err)
{
    tk_shelved *shelved = NULL;
    tk_status status = tk_shelved_open(shelf, version, true, &shelved, err);
    if (status != TK_OK)
        return status;
    screen_open later = {.view = tk_shelved_view(shelved)};
    for (size_t i = 0; i < screener->unscreened_count; i++)
        if (screener->unscreened[i].source.len == 0 && open_has_list(&later, screener->unscreened[i].list))
            screener->unscreened[i].source = tk_arena_copy(&screener->keep, version->source);
    tk_shelved_close(shelved);
    return TK_OK;
}

static tk_status screener_note_unscreened(tk_screener *screener, const tk_shelf *shelf,
                                          const tk_shelf_version *versions, size_t count, tk_err *err)
{
    const tk_screener_options *options = &screener->options;
    tk_status status = TK_OK;
    screener->unscreened = TK_ARENA_ARRAY(&screener->keep, tk_unscreened, options->expected_count);
    if (screener->keep.failed)
        return tk_err_set(err, TK_ERR_MEMORY, "out of memory for a screener");
    for (size_t i = 0; i < options->expected_count; i++)
        if (list_is_asked(options, options->expected[i]) && !tk_screener_knows(screener, options->expected[i]))
            screener->unscreened[screener->unscreened_count++] = unscreened_of(screener, options->expected[i]);
    for (size_t i = 0; status == TK_OK && screener->unscreened_count != 0 && i < count; i++)
        if (tk_shelf_choose(versions, count, versions[i].source, options->known_at) == NULL)
            status = screener_note_later(screener, shelf, &versions[i], err);
    return status;
}

static tk_status screener_choose(tk_screener *screener, const tk_shelf *shelf, tk_arena *scratch, tk_err *err)
{
    const tk_shelf_version *versions = NULL;
    size_t count = 0;
    tk_status status = shelf == NULL ? TK_OK : tk_shelf_versions(shelf, scratch, &versions, &count, err);
    if (status != TK_OK)
        return status;
    screener->open = TK_ARENA_ARRAY(&screener->keep, screen_open, count);
    screener->versions = TK_ARENA_ARRAY(&screener->keep, tk_str, count);
    if (screener->keep.failed)
        return tk_err_set(err, TK_ERR_MEMORY, "out of memory for a screener");
    for (size_t i = 0; status == TK_OK && i < count; i++)
        if (tk_shelf_choose(versions, count, versions[i].source, screener->options.known_at) == &versions[i])
            status = screener_open_version(screener, shelf, &versions[i], err);
    return status == TK_OK ? screener_note_unscreened(screener, shelf, versions, count, err) : status;
}

/* One that has no versions yet. */
static tk_status screener_make(const tk_screener_options *options, tk_screener **out, tk_err *err)
{
    *out = NULL;
    if (options->version != TK_SCREENER_OPTIONS_VERSION)
        return tk_err_set(err, TK_ERR_USAGE, "the options of a screener have version %u, and this library knows %d",
                          options->version, TK_SCREENER_OPTIONS_VERSION);
    tk_screener *screener = calloc(1, sizeof *screener);
    if (screener == NULL)
        return tk_err_set(err, TK_ERR_MEMORY, "out of memory for a screener");
    screener->options = *options;
    if (screener->options.threshold == 0)
        screener->options.threshold = TK_NAMES_THRESHOLD;
    tk_arena_init(&screener->keep, SCREENER_CHUNK_BYTES, 0);
    tk_arena_init(&screener->arena, SCREENER_CHUNK_BYTES, 0);
    tk_status status = tk_names_new(&screener->names, err);
    if (status == TK_OK)
        *out = screener;
    else
        tk_screener_free(screener);
    return status;
}

static tk_status screener_settle(tk_screener *screener, tk_status status, tk_screener **out)
{
    *out = status == TK_OK ? screener : NULL;
    if (status != TK_OK)
        tk_screener_free(screener);
    return status;
}

tk_status tk_screener_new(const tk_shelf *shelf, const tk_screener_options *options, tk_screener **out, tk_err *err)
{
    tk_status status = screener_make(options, out, err);
    if (status != TK_OK)
        return status;
    TK_ASSERT(*out != NULL);
    tk_arena scratch;
    tk_arena_init(&scratch, SCREENER_CHUNK_BYTES, 0);
    status = screener_choose(*out, shelf, &scratch, err);
    tk_arena_fini(&scratch);
    return screener_settle(*out, status, out);
}

tk_status tk_screener_new_given(const tk_screener_given *given, size_t count, const tk_screener_options *options,
                                tk_screener **out, tk_err *err)
{
    tk_status status = screener_make(options, out, err);
    if (status != TK_OK)
        return status;
    tk_screener *screener = *out;
    TK_ASSERT(screener != NULL);
    screener->apart = true;
    screener->open = TK_ARENA_ARRAY(&screener->keep, screen_open, count);
    screener->versions = TK_ARENA_ARRAY(&screener->keep, tk_str, count);
    if (screener->keep.failed)
        status = tk_err_set(err, TK_ERR_MEMORY, "out of memory for a screener");
    for (size_t i = 0; status == TK_OK && i < count; i++) {
        screen_open *open = &screener->open[i];
        status = screen_open_make(open, given[i].view, &screener->keep, err);
        open->source = tk_arena_copy(&screener->keep, given[i].source);
        open->name = tk_arena_copy(&screener->keep, given[i].name);
        screener->versions[screener->open_count++] = open->name;
    }
    return screener_settle(screener, status, out);
}

void tk_screener_free(tk_screener *screener)
{
    if (screener == NULL)
        return;
    for (size_t i = 0; i < screener->open_count; i++)
        tk_shelved_close(screener->open[i].shelved);
    tk_names_free(screener->names);
    tk_arena_fini(&screener->arena);
    tk_arena_fini(&screener->keep);
    free(screener);
}

const tk_str *tk_screener_versions(const tk_screener *screener, size_t *count)
{
    *count = screener->open_count;
    return screener->versions;
}

/* --- names --- */

static int matches_order(const void *a, const void *b)
{
    const screen_match *left = a, *right = b;
    if (left->version != right->version)
        return left->version < right->version ? -1 : 1;
    if (left->entry != right->entry)
        return left->entry < right->entry ? -1 : 1;
    if (left->score != right->score)
        return left->score < right->score ? 1 : -1;
    return left->name < right->name ? -1 : (left->name > right->name);
}

/* The best name of each entry, by version and entry. */
static void matches_best(screen_matches *matches)
{
    size_t kept = 0;
    if (matches->count == 0)
        return;
    qsort(matches->at, matches->count, sizeof *matches->at, matches_order);
    for (size_t i = 0; i < matches->count; i++)
        if (i == 0 || matches->at[i].version != matches->at[kept - 1].version
            || matches->at[i].entry != matches->at[kept - 1].entry)
            matches->at[kept++] = matches->at[i];
    matches->count = kept;
}

static tk_status screener_match(tk_screener *screener, const tk_screened *party, const tk_name *typed,
                                screen_matches *matches, tk_err *err)
{
    tk_status status = TK_OK;
    for (size_t i = 0; status == TK_OK && i < screener->open_count; i++) {
        screen_open *open = &screener->open[i];
        status = screen_retrieve(open, (uint32_t)i, screener->names, typed, screener->options.threshold,
                                 &screener->arena, matches, err);
        for (size_t k = 0; status == TK_OK && k < party->identifiers_count; k++)
            status = screen_retrieve_identifier(open, (uint32_t)i, screener->names, typed, party->identifiers[k],
                                                &screener->arena, matches, err);
    }
    matches_best(matches);
    return status;
}

/* --- fields --- */

typedef struct screener_found {
    screen_match match;
    tk_list_entry entry;
    tk_hit hit;
} screener_found;

typedef struct screener_notes {
    tk_field_note at[FIELDS_MAX];
    size_t count;
    int points;
    bool identified;
} screener_notes;

static void notes_add(screener_notes *notes, tk_str field, tk_str left, tk_str right, int points)
{
    notes->at[notes->count++] = (tk_field_note){field, left, right, points};
    notes->points += points;
}

static void notes_country(tk_screener *screener, const tk_screened *party, const tk_list_entry *entry,
                          screener_notes *notes)
{
    if (party->country.len == 0 || entry->countries_count == 0)
        return;
    tk_str code = screen_country_code(screener->options.lists, &screener->arena, party->country);
    if (code.len == 0)
        return;
    for (size_t i = 0; i < entry->countries_count; i++)
        if (tk_str_eq(entry->countries[i], code)) {
            notes_add(notes, TK_STR("country"), code, entry->countries[i], SCREEN_COUNTRY_SAME);
            return;
        }
    notes_add(notes, TK_STR("country"), code, entry->countries[0], SCREEN_COUNTRY_DIFFERENT);
}

/* Of several values of an entry one that is the same is enough; only when all that say something differ, it counts. */
static void notes_several(tk_screener *screener, tk_str field, tk_str left, const tk_list_text *right, size_t count,
                          screener_notes *notes)
{
    bool birth = tk_str_is(field, "birth"), differs = false;
    for (size_t i = 0; left.len != 0 && i < count; i++) {
        screen_says says = birth ? screen_birth(left, right[i].value)
                                 : screen_address(&screener->arena, left, right[i].value);
        if (says == SCREEN_SAME) {
            notes_add(notes, field, left, right[i].value, birth ? SCREEN_BIRTH_SAME : SCREEN_ADDRESS_SAME);
            return;
        }
        differs |= says == SCREEN_DIFFERENT;
    }
    if (differs)
        notes_add(notes, field, left, right[0].value, birth ? SCREEN_BIRTH_DIFFERENT : SCREEN_ADDRESS_DIFFERENT);
}

static void notes_identifier(const tk_screened *party, const tk_list_entry *entry, screener_notes *notes)
{
    for (size_t i = 0; i < party->identifiers_count; i++)
        for (size_t k = 0; k < entry->identifiers_count; k++)
            if (screen_identifier(party->identifiers[i], entry->identifiers[k].value) == SCREEN_SAME) {
                notes_add(notes, TK_STR("identifier"), party->identifiers[i], entry->identifiers[k].value,
                          SCREEN_IDENTIFIER_SAME);
                notes->identified = true;
                return;
            }
}

static unsigned score_with(unsigned names, const screener_notes *notes)
{
    int score = (int)names + notes->points;
    if (notes->identified && score < SCREEN_IDENTIFIER_LEAST)
        score = SCREEN_IDENTIFIER_LEAST;
    if (score < 0)
        score = 0;
    return score < TK_SCORE_ONE ? (unsigned)score : TK_SCORE_ONE;
}

/* --- hits --- */

static tk_str review_of(const tk_screener *screener, tk_str policy)
{
    const tk_lists *lists = screener->options.lists;
    return lists == NULL ? TK_STR("") : tk_list_review_name(tk_lists_review(lists, policy));
}

static tk_status found_read(tk_screener *screener, const tk_screened *party, const screen_match *match,
                            screener_found *out, tk_err *err)
{
    const screen_open *open = &screener->open[match->version];
    out->match = *match;
    tk_status status = screen_entry_read(open->view, match->entry, &screener->arena, &out->entry, err);
    if (status != TK_OK)
        return status;
    const tk_list_entry *entry = &out->entry;
    uint32_t alias = open->view->names[match->name].alias;
    if (entry->aliases_count < alias)
        return tk_err_set(err, TK_ERR_CORRUPT, "the version " TK_FMT " is damaged; remove its file and import the list "
                          "again", TK_ARG_STR(open->name));
    screener_notes notes = {.count = 0};
    notes_identifier(party, entry, &notes);
    notes_country(screener, party, entry, &notes);
    notes_several(screener, TK_STR("address"), party->address, entry->addresses, entry->addresses_count, &notes);
    notes_several(screener, TK_STR("birth"), party->birth, entry->births, entry->births_count, &notes);
    tk_field_note *fields = TK_ARENA_ARRAY(&screener->arena, tk_field_note, notes.count);
    if (fields != NULL)
        memcpy(fields, notes.at, notes.count * sizeof *fields);
    out->hit = (tk_hit){.id = tk_arena_printf(&screener->arena, TK_FMT ":" TK_FMT, TK_ARG_STR(entry->list),
                                              TK_ARG_STR(entry->key)),
                        .list = entry->list,
                        .name = entry->name,
                        .alias = alias == 0 ? TK_STR("") : entry->aliases[alias - 1].text,
                        .score = score_with(match->score, &notes),
                        .fields = fields,
                        .fields_count = notes.count,
                        .source = open->source,
                        .version = open->name,
                        .citation = entry->citation,
                        .policy = entry->policy,
                        .review = review_of(screener, entry->policy),
                        .url = entry->url,
                        .start = entry->start,
                        .end = entry->end};
    return TK_OK;
}

static bool found_is_outside(const tk_screener *screener, const screener_found *found)
{
    tk_date as_of = screener->options.as_of;
    return as_of != TK_DATE_MAX && (as_of < found->entry.start || found->entry.end < as_of);
}

/* The same party of the same list, brought by two sources, is one hit: the better one, of two equal ones the newer. */
static int found_order(const void *a, const void *b)
{
    const screener_found *left = a, *right = b;
    if (left->hit.score != right->hit.score)
        return left->hit.score < right->hit.score ? 1 : -1;
    int order = tk_str_cmp(left->hit.id, right->hit.id);
    return order != 0 ? order : -tk_str_cmp(left->hit.version, right->hit.version);
}

static bool found_before(const screener_found *found, size_t count, const tk_hit *hit, bool apart)
{
    for (size_t i = 0; i < count; i++)
        if (tk_str_eq(found[i].hit.id, hit->id) && (!apart || tk_str_eq(found[i].hit.source, hit->source)))
            return true;
    return false;
}

/* Sorts, drops repeats, cuts to the most that are wanted; *more: how many were cut. */
static size_t found_settle(const tk_screener *screener, screener_found *found, size_t count, size_t *more)
{
    size_t most = screener->options.hits_max;
    size_t kept = 0;
    *more = 0;
    if (count != 0)
        qsort(found, count, sizeof *found, found_order);
    for (size_t i = 0; i < count; i++) {
        if (found_before(found, kept, &found[i].hit, screener->apart))
            continue;
        if (most != 0 && most <= kept) {
            (*more)++;
            continue;
        }
        found[kept++] = found[i];
    }
    return kept;
}

static tk_status found_explain(tk_screener *screener, const tk_name *typed, screener_found *found, size_t count,
                               const tk_hit **out, tk_err *err)
{
    tk_hit *hits = TK_ARENA_ARRAY(&screener->arena, tk_hit, count);
    *out = hits;
    if (hits == NULL)
        return tk_err_set(err, TK_ERR_MEMORY, "out of memory for hits");
    tk_status status = TK_OK;
    for (size_t i = 0; status == TK_OK && i < count; i++) {
        const tk_name *listed;
        hits[i] = found[i].hit;
        status = screen_open_name(&screener->open[found[i].match.version], found[i].match.name, &listed, err);
        if (status == TK_OK)
            status = tk_names_explain(screener->names, typed, listed, &screener->arena, &hits[i].why, err);
    }
    return status;
}

static tk_status screener_judge(tk_screener *screener, const tk_screened *party, const tk_name *typed,
                                const screen_matches *matches, tk_screen_result *out, tk_err *err)
{
    screener_found *hits = TK_ARENA_ARRAY(&screener->arena, screener_found, matches->count);
    screener_found *outside = TK_ARENA_ARRAY(&screener->arena, screener_found, matches->count);
    size_t hits_count = 0, outside_count = 0, ignored;
    if (screener->arena.failed)
        return tk_err_set(err, TK_ERR_MEMORY, "out of memory for hits");
    tk_status status = TK_OK;
    for (size_t i = 0; status == TK_OK && i < matches->count; i++) {
        screener_found found;
        status = found_read(screener, party, &matches->at[i], &found, err);
        if (status != TK_OK || found.hit.score < screener->options.threshold
            || !list_is_asked(&screener->options, found.hit.list))
            continue;
        if (found_is_outside(screener, &found))
            outside[outside_count++] = found;
        else
            hits[hits_count++] = found;
    }
    if (status != TK_OK)
        return status;
    out->hits_count = found_settle(screener, hits, hits_count, &out->hits_more);
    out->outside_count = found_settle(screener, outside, outside_count, &ignored);
    status = found_explain(screener, typed, hits, out->hits_count, &out->hits, err);
    if (status == TK_OK)
        status = found_explain(screener, typed, outside, out->outside_count, &out->outside, err);
    if (status == TK_OK && screener->arena.failed)
        status = tk_err_set(err, TK_ERR_MEMORY, "out of memory for hits");
    return status;
}

void tk_screener_unscreened(const tk_screener *screener, tk_screen_result *out)
{
    *out = (tk_screen_result){.unscreened = screener->unscreened, .unscreened_count = screener->unscreened_count};
}

tk_status tk_screen(tk_screener *screener, const tk_screened *party, tk_screen_result *out, tk_err *err)
{
    const tk_name *typed = NULL;
    screen_matches matches = {.count = 0};
    tk_screener_unscreened(screener, out);
    tk_arena_reset(&screener->arena);
    tk_status status = tk_names_prepare(screener->names, &screener->arena, party->name, party->kind, &typed, err);
    if (status == TK_OK)
        status = screener_match(screener, party, typed, &matches, err);
    if (status == TK_OK)
        status = screener_judge(screener, party, typed, &matches, out, err);
    return status;
}

/* --- lists and entries in use --- */

bool tk_screener_list(const tk_screener *screener, tk_str list, size_t at, tk_str *source, tk_date *published)
{
    for (size_t i = 0; i < screener->open_count; i++) {
        const screen_open *open = &screener->open[i];
        if (!open_has_list(open, list) || at-- != 0)
            continue;
        *source = open->source;
        *published = open->published;
        return true;
    }
    return false;
}

/* Entries lie by list, then key. */
static tk_status open_find(const screen_open *open, tk_str list, tk_str key, tk_arena *arena, tk_list_entry *out,
                           bool *found, tk_err *err)
{
    const screen_view *view = open->view;
    tk_status status = TK_OK;
    for (uint64_t at = 0; at < view->head->entries_count; at = screen_list_end(view, at)) {
        uint64_t low = at, high = screen_list_end(view, at);
        if (!tk_str_eq(screen_entry_list(view, at), list))
            continue;
        while (status == TK_OK && low < high && !*found) {
            uint64_t middle = low + (high - low) / 2;
            status = screen_entry_read(view, middle, arena, out, err);
            int order = status == TK_OK ? tk_str_cmp(out->key, key) : 0;
            *found = status == TK_OK && order == 0;
            low = order < 0 ? middle + 1 : low;
            high = order < 0 ? high : middle;
        }
    }
    return status;
}

tk_status tk_screener_entry(const tk_screener *screener, tk_str hit, tk_arena *arena, tk_list_entry *out, bool *found,
                            tk_err *err)
{
    tk_str key = hit, list = TK_STR("");
    tk_date newest = TK_DATE_MIN;
    *found = false;
    (void)tk_str_split(&key, ':', &list);
    for (size_t i = 0; i < screener->open_count; i++) {
        tk_list_entry entry;
        bool here = false;
        tk_status status = open_find(&screener->open[i], list, key, arena, &entry, &here, err);
        if (status != TK_OK)
            return status;
        if (here && (!*found || newest < screener->open[i].published)) {
            *out = entry;
            *found = true;
            newest = screener->open[i].published;
        }
    }
    return TK_OK;
}
