/* SPDX-License-Identifier: Apache-2.0 */
/* screening.c: the shelf of a desk, the parties a clerk has screened, and their facts on the day of an order.
 *
 * Parties repeat from order to order and cost a hundred thousand times what the rest of a remembered answer costs, so
 * each is kept: under its id or name and the country that the order says. Memory is bounded: when it is full, all are
 * forgotten. What is kept does not depend on the day; entries have their own first and last days.
 */
#include "desk/screening_int.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "desk/book.h"
#include "desk/world.h"

enum { PLACES_FIRST = 1 << 8, PARTIES_KEPT = 1 << 16, KEEP_CHUNK = 64 * 1024 };

/* --- the shelf of a desk --- */

tk_status desk_shelf_open(const tk_desk_options *options, desk_shelf **out, tk_err *err)
{
    tk_shelf_options how = {.create = false, .shared = options->book_shared};
    tk_lists_texts texts = tk_desk_lists_texts();
    *out = NULL;
    if (options->lists_folder == NULL)
        return TK_OK;
    desk_shelf *shelf = calloc(1, sizeof *shelf);
    if (shelf == NULL)
        return tk_err_set(err, TK_ERR_MEMORY, "out of memory for the lists");
    tk_arena_init(&shelf->keep, KEEP_CHUNK, 0);
    tk_status status = tk_shelf_open(options->lists_folder, &how, &shelf->shelf, err);
    if (status == TK_OK)
        status = tk_lists_open(&texts, &shelf->lists, err);
    if (status == TK_OK)
        status = tk_owner_rules_read(texts.families.name, texts.families.text, &shelf->keep, &shelf->rules,
                                     &shelf->rules_count, err);
    if (status == TK_OK)
        *out = shelf;
    else
        desk_shelf_close(shelf);
    return status;
}

void desk_shelf_close(desk_shelf *shelf)
{
    if (shelf == NULL)
        return;
    tk_shelf_close(shelf->shelf);
    tk_lists_free(shelf->lists);
    tk_arena_fini(&shelf->keep);
    free(shelf);
}

/* --- the clerk's --- */

static uint64_t word_bit(const tk_fact_info *fact, tk_str word)
{
    for (size_t i = 0; i < fact->words_count; i++)
        if (tk_str_eq(fact->words[i], word))
            return UINT64_C(1) << i;
    return 0;
}

static size_t slot_of(const tk_desk *desk, size_t role, const char *attribute)
{
    char name[TK_ID_BYTES_MAX * 2];
    tk_str of = tk_role_name(role);
    int len = snprintf(name, sizeof name, TK_FMT ".%s", TK_ARG_STR(of), attribute);
    return tk_rulebook_find_fact(desk->book, (tk_str){name, (size_t)len}, NULL);
}

desk_screening *desk_screening_new(const tk_desk *desk)
{
    desk_screening *s = calloc(1, sizeof *s);
    if (s == NULL)
        return NULL;
    s->desk = desk;
    tk_arena_init(&s->keep, KEEP_CHUNK, 0);
    tk_arena_init(&s->known, 4096, 0);
    for (size_t role = 0; role < TK_ROLE_COUNT; role++)
        s->slots[role] = (screening_slots){.lists = slot_of(desk, role, "lists"),
                                           .entry_review = slot_of(desk, role, "entry_review"),
                                           .owner_lists = slot_of(desk, role, "owner_lists"),
                                           .owner_review = slot_of(desk, role, "owner_review"),
                                           .owner_minority = slot_of(desk, role, "owner_minority")};
    s->owning = screening_owning_new();
    s->places = desk->shelf == NULL ? 0 : PLACES_FIRST;
    s->parties = desk->shelf == NULL ? NULL : calloc(PLACES_FIRST, sizeof(*s->parties));
    if (s->owning == NULL || (desk->shelf != NULL && s->parties == NULL)) {
        desk_screening_free(s);
        return NULL;
    }
    return s;
}

void desk_screening_free(desk_screening *screening)
{
    if (screening == NULL)
        return;
    tk_screener_free(screening->screener);
    tk_screener_free(screening->ever);
    screening_owning_free(screening->owning);
    tk_arena_fini(&screening->keep);
    tk_arena_fini(&screening->known);
    free(screening->parties);
    free(screening);
}

static void screening_forget(desk_screening *s)
{
    memset(s->parties, 0, s->places * sizeof(*s->parties));
    s->parties_count = 0;
    screening_owning_forget(s->owning);
    tk_arena_reset(&s->keep);
}

static tk_status screener_of(const desk_screening *s, tk_date known_at, tk_screener **out, tk_err *err)
{
    tk_screener_options options = TK_SCREENER_OPTIONS_INIT;
    options.known_at = known_at;
    options.lists = s->desk->shelf->lists;
    return tk_screener_new(s->desk->shelf->shelf, &options, out, err);
}

/* The versions in use that have the whole of a list, with how long each is good. */
static tk_status list_versions(desk_screening *s, screening_list *list, tk_err *err)
{
    tk_str source;
    tk_date published;
    size_t count = 0;
    while (tk_screener_list(s->screener, list->code, count, &source, &published))
        count++;
    list->versions = TK_ARENA_ARRAY(&s->known, struct screening_version, count);
    for (size_t i = 0; list->versions != NULL && i < count; i++) {
        (void)tk_screener_list(s->screener, list->code, i, &source, &published);
        const tk_list_source *known = tk_lists_source(s->desk->shelf->lists, source);
        if (known != NULL && known->whole)
            list->versions[list->versions_count++] =
                (struct screening_version){source, published, known->stale_days};
    }
    list->ever = list->versions_count != 0;
    if (list->ever)
        return TK_OK;
    tk_status status = s->ever != NULL ? TK_OK : screener_of(s, TK_DATE_MAX, &s->ever, err);
    for (size_t i = 0; status == TK_OK && tk_screener_list(s->ever, list->code, i, &source, &published); i++) {
        const tk_list_source *known = tk_lists_source(s->desk->shelf->lists, source);
        list->ever |= known != NULL && known->whole;
    }
    return status;
}

/* Several lists may go by one word of the rulebook, and some by none. */
static tk_status screening_lists(desk_screening *s, tk_err *err)
{
    size_t count, slot = s->slots[TK_ROLE_COUNT - 1].lists;
    const tk_list_family *families = tk_lists_families(s->desk->shelf->lists, &count);
    tk_status status = TK_OK;
    tk_arena_reset(&s->known);
    s->lists_count = 0;
    s->lists = TK_ARENA_ARRAY(&s->known, screening_list, count);
    if (slot == SIZE_MAX)
        return TK_OK;
    tk_fact_info fact = tk_rulebook_fact(s->desk->book, slot);
    for (size_t i = 0; status == TK_OK && s->lists != NULL && i < count; i++) {
        screening_list list = {.code = families[i].code, .bit = word_bit(&fact, families[i].party_lists)};
        if (list.bit == 0)
            continue;
        status = list_versions(s, &list, err);
        s->lists[s->lists_count++] = list;
    }
    return status == TK_OK && s->known.failed ? tk_err_set(err, TK_ERR_MEMORY, "out of memory for the lists") : status;
}

static tk_status screening_begin(desk_screening *s, tk_date known_at, tk_err *err)
{
    if (s->screener != NULL && s->known_at == known_at)
        return TK_OK;
    tk_screener_free(s->screener);
    s->screener = NULL;
    screening_forget(s);
    tk_status status = screener_of(s, known_at, &s->screener, err);
    if (status == TK_OK)
        status = screening_lists(s, err);
    if (status != TK_OK) {
        tk_screener_free(s->screener);
        s->screener = NULL;
    }
    s->known_at = known_at;
    return status;
}

/* --- hits that last longer than the screener's next call --- */

static const tk_aligned *keep_tokens(tk_arena *keep, const tk_comparison *why)
{
    tk_aligned *tokens = TK_ARENA_ARRAY(keep, tk_aligned, why->tokens_count);
    for (size_t i = 0; tokens != NULL && i < why->tokens_count; i++) {
        tokens[i] = why->tokens[i];
        tokens[i].left = tk_arena_copy(keep, why->tokens[i].left);
        tokens[i].right = tk_arena_copy(keep, why->tokens[i].right);
    }
    return tokens;
}

static const tk_field_note *keep_fields(tk_arena *keep, const tk_hit *hit)
{
    tk_field_note *fields = TK_ARENA_ARRAY(keep, tk_field_note, hit->fields_count);
    for (size_t i = 0; fields != NULL && i < hit->fields_count; i++) {
        fields[i] = hit->fields[i];
        fields[i].left = tk_arena_copy(keep, hit->fields[i].left);
        fields[i].right = tk_arena_copy(keep, hit->fields[i].right);
    }
    return fields;
}

/* Its other texts are the version's, which stays mapped. */
static tk_hit keep_hit(tk_arena *keep, const tk_hit *hit)
{
    tk_hit out = *hit;
    out.id = tk_arena_copy(keep, hit->id);
    out.why.left = tk_arena_copy(keep, hit->why.left);
    out.why.right = tk_arena_copy(keep, hit->why.right);
    out.why.tokens = keep_tokens(keep, &hit->why);
    out.fields = keep_fields(keep, hit);
    return out;
}

/* --- what a search is told of a party --- */

static tk_str first_of(tk_str several)
{
    tk_str part = TK_STR("");
    (void)tk_str_split(&several, ';', &part);
    return tk_str_trim(part);
}

static size_t values_of(tk_str several, tk_str *out, size_t most)
{
    size_t count = 0;
    tk_str part;
    while (count < most && tk_str_split(&several, ';', &part))
        if (tk_str_trim(part).len != 0)
            out[count++] = tk_str_trim(part);
    return count;
}

static tk_name_kind kind_of(tk_str word)
{
    return tk_str_is(word, "person")    ? TK_NAME_PERSON
           : tk_str_is(word, "company") ? TK_NAME_COMPANY
           : tk_str_is(word, "vessel")  ? TK_NAME_VESSEL
                                        : TK_NAME_UNKNOWN;
}

tk_screened screening_asked(const tk_str *cells, tk_str identifiers[SCREENING_VALUES_MAX])
{
    return (tk_screened){
        .country = cells[TK_PARTY_COUNTRY].len != 0 ? cells[TK_PARTY_COUNTRY] : cells[TK_PARTY_HQ],
        .address = first_of(cells[TK_PARTY_ADDRESS]),
        .birth = first_of(cells[TK_PARTY_BIRTH]),
        .kind = kind_of(cells[TK_PARTY_KIND]),
        .identifiers = identifiers,
        .identifiers_count = values_of(cells[TK_PARTY_IDENTIFIERS], identifiers, SCREENING_VALUES_MAX)};
}

size_t screening_names(const tk_str *cells, tk_str names[SCREENING_VALUES_MAX])
{
    names[0] = cells[TK_PARTY_NAME];
    return 1 + values_of(cells[TK_PARTY_ALIASES], names + 1, SCREENING_VALUES_MAX - 1);
}

/* --- one party --- */

typedef struct looking { /* up one party */
    desk_screening *s;
    tk_arena *work;
    tk_store *store;
    tk_party_record record; /* of the book, else what the catalogue says */
    tk_str names[SCREENING_VALUES_MAX];
    size_t names_count;
    tk_party_hit *hits;
    size_t count, size;
} looking;

static tk_str attribute_of(const tk_desk *desk, const tk_party *party, const char *name)
{
    size_t count;
    const tk_str *attributes = tk_catalogue_party_attributes(tk_desk_catalogue(desk), &count);
    for (size_t i = 0; i < count; i++)
        if (tk_str_is(attributes[i], name))
            return party->attributes[i];
    return TK_STR("");
}

/* What the catalogue says of a party that the book does not have; of nobody's id, the id itself is the name. */
static void look_in_catalogue(looking *l, tk_str id)
{
    const tk_desk *desk = l->s->desk;
    uint32_t at = desk_index_find(&desk->parties_by_id, id);
    tk_str *cells = l->record.cells;
    cells[TK_PARTY_ID] = id;
    cells[TK_PARTY_NAME] = id;
    if (at == UINT32_MAX)
        return;
    const tk_party *party = tk_catalogue_party(tk_desk_catalogue(desk), at);
    cells[TK_PARTY_NAME] = party->name;
    cells[TK_PARTY_COUNTRY] = attribute_of(desk, party, "country");
    cells[TK_PARTY_HQ] = attribute_of(desk, party, "hq");
}

static tk_status look_up(looking *l, tk_str id, tk_err *err)
{
    const tk_party_record *record = NULL;
    tk_status status = tk_parties_find(l->store, INT64_MAX, id, l->work, &record, err);
    if (status != TK_OK)
        return status;
    if (record != NULL)
        l->record = *record;
    else
        look_in_catalogue(l, id);
    l->names_count = screening_names(l->record.cells, l->names);
    return TK_OK;
}

static tk_party_hit *look_add(looking *l, tk_str id)
{
    for (size_t i = 0; i < l->count; i++)
        if (tk_str_eq(l->hits[i].hit.id, id))
            return &l->hits[i];
    if (l->count == l->size) {
        size_t size = l->size == 0 ? 16 : l->size * 2;
        tk_party_hit *more = TK_ARENA_ARRAY(&l->s->keep, tk_party_hit, size);
        if (more == NULL)
            return NULL;
        if (l->count != 0)
            memcpy(more, l->hits, l->count * sizeof *more);
        l->hits = more;
        l->size = size;
    }
    l->hits[l->count] = (tk_party_hit){.hit.score = 0};
    return &l->hits[l->count++];
}

static tk_status look_screen(looking *l, tk_str name, tk_str country, tk_err *err)
{
    tk_str identifiers[SCREENING_VALUES_MAX];
    tk_screened party = screening_asked(l->record.cells, identifiers);
    party.name = name;
    if (country.len != 0)
        party.country = country;
    tk_screen_result result;
    tk_status status = tk_screen(l->s->screener, &party, &result, err);
    for (size_t i = 0; status == TK_OK && i < result.hits_count; i++) {
        tk_party_hit *hit = look_add(l, result.hits[i].id);
        if (hit == NULL)
            return tk_err_set(err, TK_ERR_MEMORY, "out of memory for the hits of a party");
        if (hit->hit.score < result.hits[i].score)
            hit->hit = keep_hit(&l->s->keep, &result.hits[i]);
    }
    return status;
}

/* --- what people decided --- */

static tk_status sides_of(looking *l, tk_str hit, tk_compared sides[TK_COMPARED_SIDES], tk_list_entry *entry,
                          bool *found, tk_err *err)
{
    tk_status status = tk_screener_entry(l->s->screener, hit, l->work, entry, found, err);
    sides[TK_COMPARED_PARTY] = tk_compared_of_party(&l->record);
    return status == TK_OK && *found ? tk_compared_of_entry(entry, l->work, &sides[TK_COMPARED_ENTRY], err) : status;
}

static tk_str decided_text(tk_arena *keep, const tk_clearance *last)
{
    char day[TK_DATE_TEXT_MAX];
    tk_str date = {day, tk_date_format(last->day, day)};
    return tk_arena_printf(keep, TK_FMT ", by " TK_FMT "%s" TK_FMT, TK_ARG_STR(date), TK_ARG_STR(last->who),
                           last->reason.len == 0 ? "" : ": ", TK_ARG_STR(last->reason));
}

static tk_str changes_text(tk_arena *keep, const tk_clearance_answer *answer)
{
    tk_str text = TK_STR("");
    for (size_t i = 0; i < answer->changes_count; i++) {
        const tk_compared_change *change = &answer->changes[i];
        text = tk_arena_printf(keep, TK_FMT "%s%s of the %s: '" TK_FMT "', before '" TK_FMT "'", TK_ARG_STR(text),
                               i == 0 ? "" : "; ", tk_compared_field_name(change->field),
                               tk_compared_side_name(change->side), TK_ARG_STR(change->now),
                               TK_ARG_STR(change->before));
    }
    return text;
}

static tk_status look_state(looking *l, tk_party_hit *hit, tk_err *err)
{
    tk_compared sides[TK_COMPARED_SIDES];
    tk_list_entry entry;
    tk_clearance_answer answer;
    bool found = false;
    tk_status status = sides_of(l, hit->hit.id, sides, &entry, &found, err);
    if (status != TK_OK || !found)
        return status;
    status = tk_clearances_find(l->store, hit->hit.id, l->record.cells[TK_PARTY_ID], sides, l->work, &answer, err);
    if (status != TK_OK || answer.state == TK_CLEARANCE_OPEN)
        return status;
    hit->state = (tk_hit_state)answer.state;
    hit->decided = decided_text(&l->s->keep, &answer.last);
    hit->changed = answer.state == TK_CLEARANCE_LAPSED ? changes_text(&l->s->keep, &answer) : TK_STR("");
    return TK_OK;
}

/* An entry that the party is confirmed to be counts also when their names are no longer alike. */
static tk_status look_confirmed(void *context, const tk_clearance *decision, tk_err *err)
{
    looking *l = context;
    tk_list_entry entry;
    bool found = false;
    tk_status status = tk_screener_entry(l->s->screener, decision->hit, l->work, &entry, &found, err);
    if (status != TK_OK || !found)
        return status;
    tk_party_hit *hit = look_add(l, decision->hit);
    if (hit == NULL)
        return tk_err_set(err, TK_ERR_MEMORY, "out of memory for the hits of a party");
    if (hit->hit.id.len == 0)
        hit->hit = (tk_hit){.id = tk_arena_copy(&l->s->keep, decision->hit),
                            .list = entry.list,
                            .name = entry.name,
                            .citation = entry.citation,
                            .policy = entry.policy,
                            .review = tk_list_review_name(tk_lists_review(l->s->desk->shelf->lists, entry.policy)),
                            .start = entry.start,
                            .end = entry.end};
    return TK_OK;
}

static int hits_order(const void *a, const void *b)
{
    const tk_party_hit *left = a, *right = b;
    if (left->hit.score != right->hit.score)
        return left->hit.score < right->hit.score ? 1 : -1;
    return tk_str_cmp(left->hit.id, right->hit.id);
}

static tk_status look_held(void *context, const tk_holding_record *record, tk_err *err)
{
    screened_party *party = context;
    (void)err;
    party->held |= tk_str_eq(record->cells[TK_HOLDING_HELD], party->id);
    return TK_OK;
}

/* What the order says of the country was compared: where it is another one, no decision was about that. */
static void look_country(looking *l, tk_str country)
{
    const tk_lists *lists = l->s->desk->shelf->lists;
    tk_str *own = &l->record.cells[TK_PARTY_COUNTRY];
    if (country.len != 0 && !tk_str_eq(tk_lists_country(lists, country), tk_lists_country(lists, *own)))
        *own = country;
}

static tk_status look_all(looking *l, tk_str id, tk_str country, screened_party *party, tk_err *err)
{
    tk_arena *keep = &l->s->keep;
    tk_status status = look_up(l, id, err);
    if (status == TK_OK)
        look_country(l, country);
    for (size_t i = 0; status == TK_OK && i < l->names_count; i++) {
        tk_err why = {0};
        status = look_screen(l, l->names[i], country, &why);
        if (status == TK_ERR_INPUT || status == TK_ERR_LIMIT) {
            party->trouble = tk_arena_copy(keep, tk_str_from(why.message));
            status = TK_OK;
        } else if (status != TK_OK && err != NULL)
            *err = why;
    }
    if (status == TK_OK)
        status = tk_clearances_confirmed(l->store, l->record.cells[TK_PARTY_ID], look_confirmed, l, err);
    for (size_t i = 0; status == TK_OK && i < l->count; i++)
        status = look_state(l, &l->hits[i], err);
    if (status != TK_OK)
        return status;
    if (l->count != 0)
        qsort(l->hits, l->count, sizeof *l->hits, hits_order);
    party->id = tk_arena_copy(keep, l->record.cells[TK_PARTY_ID]);
    party->name = tk_arena_copy(keep, l->record.cells[TK_PARTY_NAME]);
    party->hits = l->hits;
    party->hits_count = l->count;
    status = tk_parties_holdings(l->store, INT64_MAX, party->id, look_held, party, err);
    if (status != TK_OK)
        return status;
    return keep->failed ? tk_err_set(err, TK_ERR_MEMORY, "out of memory for the hits of a party") : TK_OK;
}

static screened_party **place_of(screened_party **parties, size_t places, tk_str key)
{
    size_t at = (size_t)tk_str_hash(key) & (places - 1);
    while (parties[at] != NULL && !tk_str_eq(parties[at]->key, key))
        at = (at + 1) & (places - 1);
    return &parties[at];
}

/* Half of the places stay free. False: no memory. */
static bool places_ready(desk_screening *s)
{
    if (s->parties_count < s->places / 2)
        return true;
    size_t places = s->places * 2;
    screened_party **parties = calloc(places, sizeof(*parties));
    if (parties == NULL)
        return false;
    for (size_t i = 0; i < s->places; i++)
        if (s->parties[i] != NULL)
            *place_of(parties, places, s->parties[i]->key) = s->parties[i];
    free(s->parties);
    s->parties = parties;
    s->places = places;
    return true;
}

tk_status screening_party(desk_screening *screening, tk_str id, tk_str country, const screened_party **out,
                          tk_err *err)
{
    tk_arena work;
    tk_arena_init(&work, 4096, 0);
    looking *l = TK_ARENA_NEW(&work, looking);
    tk_str key = tk_arena_printf(&work, TK_FMT "\n" TK_FMT, TK_ARG_STR(id), TK_ARG_STR(country));
    *out = NULL;
    tk_status status = work.failed || !places_ready(screening)
                           ? tk_err_set(err, TK_ERR_MEMORY, "out of memory for the hits of a party")
                           : TK_OK;
    if (status != TK_OK) {
        tk_arena_fini(&work);
        return status;
    }
    screened_party **place = place_of(screening->parties, screening->places, key);
    if (*place == NULL) {
        screened_party *party = TK_ARENA_NEW(&screening->keep, screened_party);
        *l = (looking){.s = screening, .work = &work, .store = desk_claims_lock(screening->desk->claims)};
        status = party == NULL ? tk_err_set(err, TK_ERR_MEMORY, "out of memory for the hits of a party")
                               : look_all(l, id, country, party, err);
        desk_claims_unlock(screening->desk->claims);
        if (status == TK_OK) {
            party->key = tk_arena_copy(&screening->keep, key);
            *place = party;
            screening->parties_count++;
        }
    }
    if (status == TK_OK)
        *out = *place;
    tk_arena_fini(&work);
    return status;
}

/* --- facts --- */

bool screening_hit_counts(const tk_party_hit *hit, tk_date as_of)
{
    return hit->hit.start <= as_of && as_of <= hit->hit.end;
}

uint8_t screening_review(tk_str review)
{
    for (int i = TK_LIST_REVIEW_APPROVAL; i <= TK_LIST_REVIEW_DENIAL; i++)
        if (tk_str_eq(tk_list_review_name((tk_list_review)i), review))
            return (uint8_t)i;
    return 0;
}

static uint64_t all_words(const tk_fact_info *fact)
{
    return fact->words_count < 64 ? (UINT64_C(1) << fact->words_count) - 1 : UINT64_MAX;
}

/* The word by which rules ask about a list. */
static tk_str list_word(const desk_screening *s, tk_str list)
{
    const tk_list_family *family = tk_lists_family(s->desk->shelf->lists, list);
    return family == NULL ? list : family->party_lists;
}

static void facts_set(desk_gathered *gathered, size_t slot, tk_value presumed, tk_value bare)
{
    if (gathered->origins[slot] == 0)
        gathered->slots[gathered->slots_count++] = (uint16_t)slot;
    gathered->origins[slot] = DESK_FACT_PRESUMED;
    gathered->values[slot] = presumed;
    gathered->bare[slot] = bare;
}

/* A set of words that was partly found: `in` surely, `open` perhaps, `never` was not looked for. What is on record
 * joins. */
static void facts_set_words(desk_gathered *gathered, size_t slot, uint64_t in, uint64_t open, uint64_t never)
{
    const tk_value *row = &gathered->values[slot];
    if (gathered->origins[slot] == TK_FACT_SUPPLIED)
        return;
    if (gathered->origins[slot] == TK_FACT_ROW && row->known == TK_VALUE) {
        in |= row->as.words.in;
        open |= row->as.words.unsure;
        never = 0;
    }
    tk_value value = {.known = TK_VALUE, .type = TK_TYPE_WORDS, .as.words = {.in = in, .unsure = open & ~in}};
    tk_value bare = value;
    bare.as.words.unsure = (open | never) & ~in;
    facts_set(gathered, slot, value, bare);
}

static void facts_set_review(const tk_rulebook *book, desk_gathered *gathered, size_t slot, tk_str review)
{
    tk_fact_info fact = tk_rulebook_fact(book, slot);
    for (size_t i = 0; gathered->origins[slot] == 0 && i < fact.words_count; i++)
        if (tk_str_eq(fact.words[i], review)) {
            gathered->slots[gathered->slots_count++] = (uint16_t)slot;
            gathered->origins[slot] = TK_FACT_ROW;
            gathered->values[slot] = (tk_value){.known = TK_VALUE, .type = TK_TYPE_WORD, .as.word = (uint32_t)i};
        }
}

/* --- lists that are known on a day --- */

typedef struct day_lists {
    uint64_t unknown, never; /* bits of the words of `lists` */
    tk_unscreened *ages;     /* of the unknown ones */
    size_t ages_count;
    tk_str *names; /* of the rest */
    size_t names_count;
} day_lists;

/* Is it known on the day? `out` becomes its newest version. */
static bool list_is_fresh(const screening_list *list, tk_date as_of, tk_unscreened *out)
{
    bool fresh = false;
    *out = (tk_unscreened){.list = list->code, .source = TK_STR(""), .published = TK_DATE_MIN};
    for (size_t i = 0; i < list->versions_count; i++) {
        const struct screening_version *version = &list->versions[i];
        int64_t age = as_of < version->published ? 0 : (int64_t)as_of - version->published;
        fresh |= age <= (int64_t)version->stale_days;
        if (out->published < version->published) {
            out->source = version->source;
            out->published = version->published;
            out->age_days = age < INT32_MAX ? (int)age : INT32_MAX;
        }
    }
    return fresh;
}

static tk_status day_lists_find(const desk_screening *s, tk_date as_of, const tk_fact_info *fact, tk_arena *scratch,
                                day_lists *out, tk_err *err)
{
    *out = (day_lists){.ages = TK_ARENA_ARRAY(scratch, tk_unscreened, s->lists_count),
                       .names = TK_ARENA_ARRAY(scratch, tk_str, fact->words_count)};
    if (scratch->failed)
        return tk_err_set(err, TK_ERR_MEMORY, "out of memory for the lists of a day");
    uint64_t on_shelf = 0;
    for (size_t i = 0; i < s->lists_count; i++) {
        const screening_list *list = &s->lists[i];
        tk_unscreened age;
        on_shelf |= list->ever ? list->bit : 0;
        if (list_is_fresh(list, as_of, &age) || !list->ever)
            continue;
        out->unknown |= list->bit;
        out->ages[out->ages_count++] = age;
    }
    out->never = all_words(fact) & ~on_shelf;
    for (size_t i = 0; i < fact->words_count; i++)
        if ((out->never >> i & 1) != 0)
            out->names[out->names_count++] = fact->words[i];
    return TK_OK;
}

/* --- one role --- */

static void role_lists(desk_screening *s, size_t role, const screened_party *party, const day_lists *lists,
                       desk_gathered *gathered)
{
    const screening_slots *slots = &s->slots[role];
    if (slots->lists == SIZE_MAX)
        return;
    tk_fact_info fact = tk_rulebook_fact(s->desk->book, slots->lists);
    uint64_t in = 0, open = lists->unknown;
    uint8_t strictest = 0;
    bool silent = false;
    for (size_t i = 0; i < party->hits_count; i++) {
        const tk_party_hit *hit = &party->hits[i];
        uint64_t bit = word_bit(&fact, list_word(s, hit->hit.list));
        if (!screening_hit_counts(hit, gathered->as_of) || hit->state == TK_HIT_CLEARED)
            continue;
        if (hit->state != TK_HIT_CONFIRMED) {
            open |= bit;
            continue;
        }
        uint8_t review = screening_review(hit->hit.review);
        in |= bit;
        silent |= review == 0 && hit->hit.policy.len != 0;
        strictest = strictest < review ? review : strictest;
    }
    if (party->trouble.len != 0) /* what cannot be compared may be anybody */
        open |= all_words(&fact) & ~lists->never;
    facts_set_words(gathered, slots->lists, in, open, lists->never);
    if (slots->entry_review != SIZE_MAX && strictest != 0 && (!silent || strictest == TK_LIST_REVIEW_DENIAL))
        facts_set_review(s->desk->book, gathered, slots->entry_review, tk_list_review_name((tk_list_review)strictest));
}

/* Do the holdings on record name all of its owners? */
static bool owners_are_all(const tk_parties_graph *graph, uint32_t party)
{
    tk_num sum = 0;
    for (size_t i = 0; i < graph->input.holdings_count; i++)
        if (graph->input.holdings[i].held == party && !graph->input.holdings[i].unknown)
            sum += graph->input.holdings[i].low;
    return sum >= 100 * TK_NUM_SCALE;
}

static void role_owners_words(desk_screening *s, size_t slot, const tk_parties_graph *graph, uint32_t party,
                              bool minority, desk_gathered *gathered)
{
    if (slot == SIZE_MAX)
        return;
    tk_fact_info fact = tk_rulebook_fact(s->desk->book, slot);
    uint64_t in = 0, open = 0;
    for (size_t rule = 0; rule < graph->input.rules_count; rule++) {
        tk_owner_answer answer = tk_owners_answer(graph->owners, party, rule);
        tk_owner_in says = minority ? answer.minority : answer.owners;
        uint64_t bit = word_bit(&fact, list_word(s, graph->input.rules[rule].list));
        in |= says == TK_OWNER_IN ? bit : 0;
        open |= says == TK_OWNER_UNSURE ? bit : 0;
    }
    facts_set_words(gathered, slot, in, open, owners_are_all(graph, party) ? 0 : all_words(&fact));
}

static void role_owners(desk_screening *s, size_t role, const tk_parties_graph *graph, uint32_t party,
                        desk_gathered *gathered)
{
    const screening_slots *slots = &s->slots[role];
    uint8_t least, most;
    role_owners_words(s, slots->owner_lists, graph, party, false, gathered);
    role_owners_words(s, slots->owner_minority, graph, party, true, gathered);
    tk_owners_review(graph->owners, party, &least, &most);
    if (slots->owner_review != SIZE_MAX && least != 0 && least == most)
        facts_set_review(s->desk->book, gathered, slots->owner_review, tk_list_review_name((tk_list_review)least));
}

/* --- for people to see --- */

static void view_hits(const screened_party *party, tk_date as_of, tk_arena *scratch, tk_party_screening *out)
{
    tk_party_hit *hits = TK_ARENA_ARRAY(scratch, tk_party_hit, party->hits_count);
    for (size_t i = 0; hits != NULL && i < party->hits_count; i++)
        if (screening_hit_counts(&party->hits[i], as_of))
            hits[out->hits_count++] = party->hits[i];
    out->hits = hits;
}

static tk_str percent_text(tk_num percent, tk_arena *scratch)
{
    char text[TK_NUM_TEXT_MAX];
    return tk_arena_copy(scratch, (tk_str){text, tk_num_format(percent, text)});
}

static tk_status view_owner(const tk_parties_graph *graph, uint32_t party, size_t rule, tk_arena *scratch,
                            tk_party_owned *out, tk_err *err)
{
    const tk_owner_step *steps;
    size_t count;
    tk_owner_answer answer = tk_owners_answer(graph->owners, party, rule);
    *out = (tk_party_owned){.list = graph->input.rules[rule].list,
                            .state = tk_str_from(tk_owner_state_name(answer.state)),
                            .low = percent_text(answer.low, scratch),
                            .high = percent_text(answer.high, scratch)};
    tk_status status = tk_owners_chain(graph->owners, party, rule, scratch, &steps, &count, err);
    if (status != TK_OK || count == 0)
        return status;
    const tk_owner_step *last = &steps[count - 1];
    tk_str *owners = TK_ARENA_ARRAY(scratch, tk_str, last->holdings_count);
    for (size_t i = 0; owners != NULL && i < last->holdings_count; i++) {
        const tk_owner_holding *holding = &graph->input.holdings[last->holdings[i]];
        tk_str share = tk_owner_share_text(holding, scratch);
        owners[i] = tk_arena_printf(scratch, TK_FMT " " TK_FMT, TK_ARG_STR(graph->ids[holding->holder]),
                                    TK_ARG_STR(share));
    }
    out->owners = owners;
    out->owners_count = owners == NULL ? 0 : last->holdings_count;
    return TK_OK;
}

static tk_status view_owners(const tk_parties_graph *graph, uint32_t party, tk_arena *scratch, tk_party_screening *out,
                             tk_err *err)
{
    tk_party_owned *owned = TK_ARENA_ARRAY(scratch, tk_party_owned, graph->input.rules_count);
    tk_status status = owned == NULL ? tk_err_set(err, TK_ERR_MEMORY, "out of memory for who owns a party") : TK_OK;
    for (size_t rule = 0; status == TK_OK && rule < graph->input.rules_count; rule++) {
        tk_owner_answer answer = tk_owners_answer(graph->owners, party, rule);
        if (answer.state != TK_OWNER_CLEAR || answer.minority != TK_OWNER_OUT)
            status = view_owner(graph, party, rule, scratch, &owned[out->owned_count++], err);
    }
    out->owned = owned;
    return status;
}

/* --- an order --- */

/* The id, or the name, by which the order calls the party of a role; empty when it calls none. */
static tk_str order_party(const desk_screening *s, const tk_transaction *order, const desk_gathered *gathered,
                          size_t role)
{
    tk_column column = (tk_column)(TK_COLUMN_SELLER + role);
    size_t slot = s->desk->column_slots[column];
    tk_str cell = tk_str_trim(order->cells[column]);
    if (slot != SIZE_MAX && gathered->origins[slot] != 0 && gathered->values[slot].known == TK_VALUE)
        return gathered->values[slot].as.name;
    return tk_str_is(cell, "?") || tk_str_is(cell, "none") ? TK_STR("") : cell;
}

static tk_str order_country(const tk_transaction *order, size_t role)
{
    tk_str cell = tk_str_trim(order->cells[TK_COLUMN_SELLER_COUNTRY + role * TK_ROLE_ATTRIBUTE_COUNT]);
    return tk_str_is(cell, "?") || tk_str_is(cell, "none") ? TK_STR("") : cell;
}

static tk_status apply_role(desk_screening *s, const tk_transaction *order, desk_gathered *gathered, size_t role,
                            tk_str id, const day_lists *lists, tk_arena *scratch, tk_party_screening *out, tk_err *err)
{
    const screened_party *party;
    const tk_parties_graph *graph = NULL;
    tk_status status = screening_party(s, id, order_country(order, role), &party, err);
    if (status == TK_OK && party->held)
        status = screening_owning_find(s, party->id, gathered->as_of, &graph, err);
    if (status != TK_OK)
        return status;
    *out = (tk_party_screening){.role = tk_role_name(role),
                                .party = party->id,
                                .name = party->name,
                                .trouble = party->trouble};
    role_lists(s, role, party, lists, gathered);
    view_hits(party, gathered->as_of, scratch, out);
    size_t at = graph == NULL ? SIZE_MAX : tk_parties_graph_find(graph, party->id);
    if (at == SIZE_MAX)
        return TK_OK;
    role_owners(s, role, graph, (uint32_t)at, gathered);
    return view_owners(graph, (uint32_t)at, scratch, out, err);
}

tk_status desk_screening_listed(desk_screening *screening, tk_date as_of, desk_screening_ask *ask,
                                tk_parties_listed *out, tk_err *err)
{
    *ask = (desk_screening_ask){.screening = screening, .as_of = as_of};
    *out = (tk_parties_listed){.ask = screening_ask_party, .context = ask};
    return screening_begin(screening, TK_DATE_MAX, err);
}

tk_status desk_screening_apply(desk_screening *screening, const tk_transaction *order, desk_gathered *gathered,
                               tk_arena *scratch, const tk_screening_view **view, tk_err *err)
{
    desk_screening *s = screening;
    *view = NULL;
    if (s->desk->shelf == NULL)
        return TK_OK;
    tk_status status = screening_begin(s, gathered->known_at, err);
    if (status != TK_OK)
        return status;
    if (PARTIES_KEPT <= s->parties_count + TK_ROLE_COUNT) /* between orders, so that a view stays whole */
        screening_forget(s);
    tk_screening_view *out = TK_ARENA_NEW(scratch, tk_screening_view);
    tk_party_screening *parties = TK_ARENA_ARRAY(scratch, tk_party_screening, TK_ROLE_COUNT);
    size_t slot = s->slots[TK_ROLE_COUNT - 1].lists;
    tk_fact_info fact = slot == SIZE_MAX ? (tk_fact_info){.words_count = 0} : tk_rulebook_fact(s->desk->book, slot);
    day_lists lists;
    if (scratch->failed)
        return tk_err_set(err, TK_ERR_MEMORY, "out of memory for what the lists say");
    status = day_lists_find(s, gathered->as_of, &fact, scratch, &lists, err);
    for (size_t role = 0; status == TK_OK && role < TK_ROLE_COUNT; role++) {
        tk_str id = order_party(s, order, gathered, role);
        if (id.len != 0)
            status = apply_role(s, order, gathered, role, id, &lists, scratch, &parties[out->parties_count++], err);
    }
    out->versions = tk_screener_versions(s->screener, &out->versions_count);
    out->unknown = lists.ages;
    out->unknown_count = lists.ages_count;
    out->never = lists.names;
    out->never_count = lists.names_count;
    out->parties = parties;
    *view = out;
    if (status == TK_OK && scratch->failed)
        status = tk_err_set(err, TK_ERR_MEMORY, "out of memory for what the lists say");
    return status;
}
