/* SPDX-License-Identifier: Apache-2.0 */
/* world.c: claims of the book, looked up for the subject of one transaction, and what they say of its facts.
 *
 * The book is asked once for each subject; everything after that is bits over a few dozen witnesses. The number up to
 * which claims count is fixed when the desk is opened, so whoever imports meanwhile changes no answer of this desk.
 */
#include "desk/world.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "desk/book.h"

enum { WORLDS_KEPT = 512, SUBJECT_PARTIES_MAX = 66 };

struct desk_claims {
    pthread_mutex_t lock; /* around the store */
    tk_store_module modules[TK_DESK_MODULES];
    tk_store *store;
    tk_claims *claims;
    int64_t number; /* claims up to it count */
    tk_arena *rows; /* where claims go that are looked up for the vocabulary */
    tk_status failure; /* of looking them up */
    tk_err why;
    tk_arena keep;
    tk_str facts[TK_CLAIMS_FACTS_MAX];
    size_t slots[TK_CLAIMS_FACTS_MAX];
    int32_t holds[TK_CLAIMS_FACTS_MAX];
    size_t facts_count;
    const tk_str *items, *parties; /* that claims know, sorted */
    size_t items_count, parties_count;
    tk_str *named; /* claims that rules name */
    size_t named_count;
    size_t slot_product, slot_user, slot_parent, slot_class; /* SIZE_MAX: the rulebook has no such fact */
};

/* --- the book --- */

static tk_status claims_number(desk_claims *c, const tk_desk_options *options, tk_err *err)
{
    int64_t recorded = 0;
    tk_status status = tk_claims_recorded(c->claims, &recorded, err);
    if (status != TK_OK)
        return status;
    if (options->claims_at < 0 || recorded < options->claims_at)
        return tk_err_set(err, TK_ERR_INPUT, "claims-at %lld: the book has given numbers from 1 to %lld",
                          (long long)options->claims_at, (long long)recorded);
    c->number = options->claims_at == 0 ? recorded : options->claims_at;
    return TK_OK;
}

/* Who has it may take it again: a party is looked up while its owners are. */
static bool lock_init(pthread_mutex_t *lock)
{
    pthread_mutexattr_t how;
    if (pthread_mutexattr_init(&how) != 0)
        return false;
    bool good = pthread_mutexattr_settype(&how, PTHREAD_MUTEX_RECURSIVE) == 0 && pthread_mutex_init(lock, &how) == 0;
    (void)pthread_mutexattr_destroy(&how);
    return good;
}

tk_store *desk_claims_lock(desk_claims *claims)
{
    int rc = pthread_mutex_lock(&claims->lock);
    TK_ASSERT(rc == 0);
    return claims->store;
}

void desk_claims_unlock(desk_claims *claims)
{
    (void)pthread_mutex_unlock(&claims->lock);
}

static bool claims_look_up(void *ctx, tk_str id, tk_claim_row *row)
{
    desk_claims *c = ctx;
    tk_claims_at at = {.known_at = TK_DATE_MAX, .number = c->number};
    tk_err err = {0};
    bool found = false;
    tk_status status = c->failure != TK_OK
                           ? c->failure
                           : tk_claims_vocabulary_row(c->claims, &at, id, c->rows, row, &found, &err);
    if (status != TK_OK && c->failure == TK_OK) {
        c->failure = status;
        c->why = err;
    }
    return status == TK_OK && found;
}

/* What is to be believed, and what contradicts it; the rest is looked up when rules name it. */
static tk_status claims_look_up_believed(desk_claims *c, const tk_desk_options *options, tk_arena *keep,
                                         tk_vocabulary *vocabulary, tk_err *err)
{
    tk_claim_row row;
    size_t size = options->believe_count, known = 0;
    tk_claim_row *rows = TK_ARENA_ARRAY(keep, tk_claim_row, size);
    vocabulary->find_claim = claims_look_up;
    vocabulary->find_claim_ctx = c;
    for (size_t i = 0; rows != NULL && i < options->believe_count; i++)
        if (claims_look_up(c, options->believe[i], &row))
            rows[known++] = row;
    vocabulary->claims = rows;
    vocabulary->claims_count = known;
    return rows == NULL ? tk_err_set(err, TK_ERR_MEMORY, "out of memory for the claims") : desk_claims_failure(c, err);
}

tk_status desk_claims_read_all(desk_claims *c, tk_vocabulary *vocabulary, tk_err *err)
{
    tk_claims_at at = {.known_at = TK_DATE_MAX, .number = c->number};
    tk_claim_row *rows = NULL;
    tk_status status = tk_claims_vocabulary(c->claims, &at, c->rows, &rows, &vocabulary->claims_count, err);
    vocabulary->claims = rows;
    vocabulary->find_claim = NULL;
    return status;
}

static tk_status claims_vocabulary(desk_claims *c, const tk_desk_options *options, tk_arena *keep,
                                   tk_vocabulary *vocabulary, tk_err *err)
{
    c->rows = keep;
    return options->claims_named_only ? claims_look_up_believed(c, options, keep, vocabulary, err)
                                      : desk_claims_read_all(c, vocabulary, err);
}

tk_status desk_claims_failure(const desk_claims *claims, tk_err *err)
{
    if (claims->failure != TK_OK && err != NULL)
        *err = claims->why;
    return claims->failure;
}

tk_status desk_claims_open(const tk_desk_options *options, tk_arena *keep, tk_vocabulary *vocabulary, desk_claims **out,
                           tk_err *err)
{
    tk_store_options store = TK_STORE_OPTIONS_INIT;
    tk_claims_texts texts = tk_desk_claims_texts();
    *out = NULL;
    desk_claims *c = calloc(1, sizeof *c);
    if (c == NULL || !lock_init(&c->lock)) {
        free(c);
        return tk_err_set(err, TK_ERR_MEMORY, "out of memory for the claims");
    }
    tk_arena_init(&c->keep, 4096, 0);
    store.path = options->book;
    store.in_memory = options->book == NULL;
    store.shared = options->book_shared;
    tk_desk_modules(c->modules);
    store.modules = c->modules;
    store.modules_count = TK_DESK_MODULES;
    tk_status status = tk_store_open(&store, &c->store, err);
    if (status == TK_OK)
        status = tk_claims_open(c->store, &texts, &c->claims, NULL, err);
    if (status == TK_OK)
        status = claims_number(c, options, err);
    if (status == TK_OK)
        status = claims_vocabulary(c, options, keep, vocabulary, err);
    if (status == TK_OK)
        *out = c;
    else
        desk_claims_close(c);
    return status;
}

tk_status desk_claims_days(desk_claims *claims, tk_arena *arena, tk_claims_day_list *days, tk_err *err)
{
    return tk_claims_days(claims->claims, claims->number, arena, days, err);
}

void desk_claims_close(desk_claims *claims)
{
    if (claims == NULL)
        return;
    tk_claims_close(claims->claims);
    tk_store_close(claims->store);
    tk_arena_fini(&claims->keep);
    (void)pthread_mutex_destroy(&claims->lock);
    free(claims);
}

int64_t desk_claims_recorded(const desk_claims *claims)
{
    return claims->number;
}

tk_status desk_claims_ahead(desk_claims *claims, tk_arena *arena, const tk_claim_ahead **out, size_t *count,
                            tk_err *err)
{
    return tk_claims_ahead(claims->claims, claims->number, arena, out, count, err);
}

tk_status desk_claims_bind(desk_claims *c, const tk_rulebook *book, tk_err *err)
{
    for (size_t slot = 0; slot < tk_rulebook_fact_count(book); slot++) {
        tk_fact_info fact = tk_rulebook_fact(book, slot);
        if (!fact.from_claims)
            continue;
        if (c->facts_count == TK_CLAIMS_FACTS_MAX)
            return tk_err_set(err, TK_ERR_LIMIT, "more than %d facts come from claims", TK_CLAIMS_FACTS_MAX);
        c->facts[c->facts_count] = fact.name;
        c->holds[c->facts_count] = fact.holds;
        c->slots[c->facts_count++] = slot;
    }
    c->named = TK_ARENA_ARRAY(&c->keep, tk_str, tk_rulebook_claim_count(book));
    if (c->named == NULL)
        return tk_err_set(err, TK_ERR_MEMORY, "out of memory for the claims");
    for (size_t i = 0; i < tk_rulebook_claim_count(book); i++)
        if (tk_rulebook_claim_named(book, i))
            c->named[c->named_count++] = tk_rulebook_claim(book, i);
    tk_status status = tk_claims_known(c->claims, true, &c->keep, &c->items, &c->items_count, err);
    if (status == TK_OK)
        status = tk_claims_known(c->claims, false, &c->keep, &c->parties, &c->parties_count, err);
    if (status != TK_OK)
        return status;
    c->slot_product = tk_rulebook_find_fact(book, TK_STR("item.product"), NULL);
    c->slot_user = tk_rulebook_find_fact(book, TK_STR("end_user.id"), NULL);
    c->slot_parent = tk_rulebook_find_fact(book, TK_STR("end_user.parent"), NULL);
    c->slot_class = tk_rulebook_find_fact(book, TK_STR("end_user.class"), NULL);
    return TK_OK;
}

tk_status tk_desk_opposed(const tk_desk *desk, const uint32_t *claims, size_t count, bool *opposed, tk_str *a,
                          tk_str *b, tk_err *err)
{
    desk_claims *c = desk->claims;
    tk_claims_at at = {.known_at = TK_DATE_MAX, .number = c->number};
    tk_claims_subject nobody = {.item = TK_STR("")};
    tk_claims_world *world = NULL;
    tk_arena arena;
    *opposed = false;
    tk_arena_init(&arena, (size_t)16 * 1024, 0);
    tk_str *ids = TK_ARENA_ARRAY(&arena, tk_str, count);
    for (size_t i = 0; ids != NULL && i < count; i++)
        ids[i] = tk_rulebook_claim(desk->book, claims[i]);
    tk_status status = ids == NULL || pthread_mutex_lock(&c->lock) != 0
                           ? tk_err_set(err, TK_ERR_MEMORY, "out of memory for a world")
                           : TK_OK;
    if (status == TK_OK) {
        status = tk_claims_world_make(c->claims, &at, NULL, 0, &nobody, ids, count, &arena, &world, err);
        (void)pthread_mutex_unlock(&c->lock);
    }
    size_t witnesses = 0;
    const tk_claims_witness *list = status == TK_OK ? tk_claims_world_witnesses(world, &witnesses) : NULL;
    for (uint32_t i = 0; i < witnesses && !*opposed; i++)
        for (uint32_t k = i + 1; k < witnesses && !*opposed; k++) {
            if (!tk_claims_world_oppose(world, i, k))
                continue;
            *opposed = true;
            *a = tk_rulebook_claim(desk->book, tk_rulebook_find_claim(desk->book, list[i].id, NULL));
            *b = tk_rulebook_claim(desk->book, tk_rulebook_find_claim(desk->book, list[k].id, NULL));
        }
    tk_arena_fini(&arena);
    return status;
}

/* --- subjects --- */

typedef struct subject {
    tk_str item;
    tk_str parties[SUBJECT_PARTIES_MAX];
    size_t parties_count;
} subject;

struct desk_worlds {
    const tk_desk *desk;
    desk_claims *claims;
    tk_claims_source source;
    tk_arena arena;
    desk_world **kept;
    tk_str *keys;
    size_t kept_count;
    const desk_world *last, *fixed;
    tk_str last_key;
    uint32_t believed[TK_CLAIMS_BELIEVED_MAX]; /* by the question */
    size_t believed_count;
    tk_status failure;
    tk_err why;
};

static int text_order(const void *a, const void *b)
{
    return tk_str_cmp(*(const tk_str *)a, *(const tk_str *)b);
}

static bool is_known(const tk_str *list, size_t count, tk_str text)
{
    return count != 0 && bsearch(&text, list, count, sizeof *list, text_order) != NULL;
}

static void subject_name(const tk_facts *facts, size_t slot, tk_str *out)
{
    tk_value value;
    if (slot != SIZE_MAX && tk_facts_get(facts, slot, &value) && value.known == TK_VALUE && value.type == TK_TYPE_NAME)
        *out = value.as.name;
}

static void subject_of(const desk_worlds *worlds, const tk_facts *facts, subject *s)
{
    const desk_claims *c = worlds->claims;
    tk_value value;
    *s = (subject){.item = TK_STR("")};
    subject_name(facts, c->slot_product, &s->item);
    if (!is_known(c->items, c->items_count, s->item))
        s->item = TK_STR("");
    const size_t ids[] = {c->slot_user, c->slot_parent};
    for (size_t i = 0; i < TK_COUNT(ids); i++) {
        tk_str id = TK_STR("");
        subject_name(facts, ids[i], &id);
        if (id.len != 0 && (s->parties_count == 0 || !tk_str_eq(s->parties[0], id))
            && is_known(c->parties, c->parties_count, id))
            s->parties[s->parties_count++] = id;
    }
    if (c->slot_class == SIZE_MAX || !tk_facts_get(facts, c->slot_class, &value) || value.known != TK_VALUE)
        return;
    tk_fact_info info = tk_rulebook_fact(worlds->desk->book, c->slot_class);
    for (size_t i = 0; i < info.words_count && value.type == TK_TYPE_WORDS; i++)
        if ((value.as.words.in >> i & 1) != 0 && is_known(c->parties, c->parties_count, info.words[i]))
            s->parties[s->parties_count++] = info.words[i];
}

/* Texts that no id holds keep the parts apart. */
static tk_str subject_key(const subject *s, tk_date known_at, char *out, size_t size)
{
    size_t len = 0;
    const char *day = (const char *)&known_at;
    for (size_t i = 0; i < sizeof known_at; i++)
        out[len++] = day[i];
    for (size_t i = 0; i < s->parties_count + 1; i++) {
        tk_str part = i == 0 ? s->item : s->parties[i - 1];
        if (size < len + part.len + 1)
            return (tk_str){NULL, 0};
        if (part.len != 0)
            memcpy(out + len, part.ptr, part.len);
        len += part.len;
        out[len++] = '\n';
    }
    return (tk_str){out, len};
}

static bool source_say(void *ctx, const tk_facts *facts, size_t slot, const tk_setting *setting, const uint64_t *world,
                       tk_value *out);
static bool source_tells(void *ctx, const tk_facts *facts, const tk_setting *setting, const uint64_t *world,
                         size_t speaker);
static tk_claim_speakers source_speak(void *ctx, const tk_facts *facts, const tk_setting *setting);

desk_worlds *desk_worlds_new(const tk_desk *desk)
{
    desk_worlds *worlds = calloc(1, sizeof *worlds);
    if (worlds == NULL)
        return NULL;
    worlds->desk = desk;
    worlds->claims = desk->claims;
    worlds->source = (tk_claims_source){.ctx = worlds, .say = source_say, .speak = source_speak,
                                         .tells = source_tells};
    worlds->kept = calloc(WORLDS_KEPT, sizeof *worlds->kept);
    worlds->keys = calloc(WORLDS_KEPT, sizeof *worlds->keys);
    tk_arena_init(&worlds->arena, (size_t)64 * 1024, 0);
    if (worlds->kept != NULL && worlds->keys != NULL)
        return worlds;
    desk_worlds_free(worlds);
    return NULL;
}

void desk_worlds_free(desk_worlds *worlds)
{
    if (worlds == NULL)
        return;
    tk_arena_fini(&worlds->arena);
    free(worlds->kept);
    free(worlds->keys);
    free(worlds);
}

void desk_worlds_begin(desk_worlds *worlds, const uint32_t *believed, size_t count)
{
    bool same = worlds->believed_count == count
                && (count == 0 || memcmp(worlds->believed, believed, count * sizeof *believed) == 0);
    worlds->failure = TK_OK;
    worlds->fixed = NULL;
    if (same && worlds->kept_count < WORLDS_KEPT / 2)
        return;
    TK_ASSERT(count <= TK_CLAIMS_BELIEVED_MAX);
    if (count != 0)
        memcpy(worlds->believed, believed, count * sizeof *believed);
    worlds->believed_count = count;
    worlds->kept_count = 0;
    worlds->last = NULL;
    tk_arena_reset(&worlds->arena);
}

void desk_worlds_fix(desk_worlds *worlds, const desk_world *world)
{
    worlds->fixed = world;
}

const tk_claims_source *desk_worlds_source(const desk_worlds *worlds)
{
    return &worlds->source;
}

tk_status desk_worlds_failure(const desk_worlds *worlds, tk_err *err)
{
    if (worlds->failure != TK_OK && err != NULL && err->status == TK_OK)
        *err = worlds->why;
    return worlds->failure;
}

size_t desk_worlds_facts(const desk_worlds *worlds)
{
    return worlds->claims->facts_count;
}

size_t desk_worlds_slot(const desk_worlds *worlds, size_t fact)
{
    return worlds->claims->slots[fact];
}

int32_t desk_worlds_holds(const desk_worlds *worlds, size_t fact)
{
    return worlds->claims->holds[fact];
}

/* --- one subject --- */

int desk_world_order(const void *a, const void *b)
{
    const uint32_t *x = a, *y = b;
    return *x < *y ? -1 : (*y < *x ? 1 : 0);
}

static bool world_words(const desk_worlds *worlds, desk_world *world, tk_arena *arena)
{
    const desk_claims *c = worlds->claims;
    for (size_t fact = 0; fact < c->facts_count; fact++) {
        tk_fact_info info = tk_rulebook_fact(worlds->desk->book, c->slots[fact]);
        size_t count;
        const tk_str *words = tk_claims_world_words(world->claims, fact, &count);
        world->words[fact] = TK_ARENA_ARRAY(arena, uint8_t, count);
        if (world->words[fact] == NULL)
            return false;
        for (size_t i = 0; i < count; i++) {
            world->words[fact][i] = UINT8_MAX;
            for (size_t w = 0; w < info.words_count && w < UINT8_MAX; w++)
                if (tk_str_eq(info.words[w], words[i]))
                    world->words[fact][i] = (uint8_t)w;
        }
    }
    return true;
}

/* What the facts come to under one world, as far as it was asked. */
typedef struct desk_folds {
    bool used;
    uint32_t done; /* a bit per fact */
    tk_date as_of, heard;
    uint64_t *bits;
    tk_claims_fold folds[TK_CLAIMS_FACTS_MAX];
} desk_folds;
_Static_assert(TK_CLAIMS_FACTS_MAX <= 32, "a bit each");

/* A decision asks for several facts of the same world; beside it stands the one it is compared with. */
enum { SAID_WORLDS = 2 };

struct desk_said {
    desk_folds worlds[SAID_WORLDS];
    size_t next;
    uint64_t *bits; /* of the world that is asked about */
};

static bool world_said(desk_world *world, tk_arena *arena)
{
    world->said = TK_ARENA_NEW(arena, struct desk_said);
    if (world->said == NULL)
        return false;
    *world->said = (struct desk_said){.bits = TK_ARENA_ARRAY(arena, uint64_t, world->bits_words)};
    for (size_t i = 0; i < SAID_WORLDS; i++)
        world->said->worlds[i].bits = TK_ARENA_ARRAY(arena, uint64_t, world->bits_words);
    return !arena->failed;
}

/* The same as witnesses; superseded ones are believed by nobody but by hand. */
static bool world_links(desk_world *world, tk_arena *arena)
{
    for (size_t i = 0; i < world->speaking_count; i++) {
        const tk_claims_witness *w = &world->witnesses[world->speaker[i]];
        uint32_t *contradicts = w->linked_count == 0 ? NULL : TK_ARENA_ARRAY(arena, uint32_t, w->linked_count);
        for (size_t k = 0; contradicts != NULL && k < w->linked_count; k++)
            contradicts[k] = world->index[w->linked[k]];
        world->speaking[i].contradicts = contradicts;
        world->speaking[i].contradicts_count = contradicts == NULL ? 0 : w->linked_count;
    }
    return !arena->failed;
}

static bool world_lists(const desk_worlds *worlds, desk_world *world, tk_arena *arena)
{
    const tk_rulebook *book = worlds->desk->book;
    world->witnesses = tk_claims_world_witnesses(world->claims, &world->count);
    world->bits_words = (world->count + 63) / 64;
    world->first = (uint32_t)tk_rulebook_claims_end(book);
    world->index = TK_ARENA_ARRAY(arena, uint32_t, world->count);
    world->known = TK_ARENA_ARRAY(arena, uint32_t, world->count);
    world->speaking = TK_ARENA_ARRAY(arena, tk_claim_speaker, world->count);
    world->speaker = TK_ARENA_ARRAY(arena, uint32_t, world->count);
    world->prevailing = TK_ARENA_ARRAY(arena, uint32_t, world->count);
    if (arena->failed)
        return false;
    for (uint32_t i = 0; i < world->count; i++) {
        const tk_claims_witness *w = &world->witnesses[i];
        size_t known = tk_rulebook_find_claim(book, w->id, NULL);
        world->index[i] = known == SIZE_MAX ? world->first + i : (uint32_t)known;
        if (known != SIZE_MAX)
            world->known[world->known_count++] = i;
        if (w->standing != TK_STANDS_SUPERSEDED && w->says_count != 0) {
            world->speaker[world->speaking_count] = i;
            world->speaking[world->speaking_count++] =
                (tk_claim_speaker){.id = w->id, .claim = world->index[i], .event = w->event};
        }
        if (w->standing == TK_STANDS_PREVAILS)
            world->prevailing[world->prevailing_count++] = world->index[i];
    }
    if (world->prevailing_count != 0)
        qsort(world->prevailing, world->prevailing_count, sizeof(uint32_t), desk_world_order);
    return world_links(world, arena) && world_said(world, arena);
}

tk_str desk_world_id(const desk_world *world, const tk_rulebook *book, uint32_t claim)
{
    return claim < world->first ? tk_rulebook_claim(book, claim) : world->witnesses[claim - world->first].id;
}

size_t desk_world_witness(const desk_world *world, tk_str id)
{
    size_t low = 0, high = world->count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (tk_str_cmp(world->witnesses[middle].id, id) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return low < world->count && tk_str_eq(world->witnesses[low].id, id) ? low : SIZE_MAX;
}

/* What rules name, and what the question believes: of these it is known what cannot be true beside them. NULL: out of
 * memory. */
static const tk_str *world_named(desk_worlds *worlds, size_t *count)
{
    const desk_claims *c = worlds->claims;
    tk_str *named = TK_ARENA_ARRAY(&worlds->arena, tk_str, c->named_count + worlds->believed_count);
    *count = 0;
    for (size_t i = 0; named != NULL && i < c->named_count; i++)
        named[(*count)++] = c->named[i];
    for (size_t i = 0; named != NULL && i < worlds->believed_count; i++)
        named[(*count)++] = tk_rulebook_claim(worlds->desk->book, worlds->believed[i]);
    return named;
}

static tk_status world_make(desk_worlds *worlds, const subject *s, tk_date known_at, desk_world **out, tk_err *err)
{
    desk_claims *c = worlds->claims;
    tk_claims_at at = {.known_at = known_at, .number = c->number};
    tk_claims_subject asked = {.item = tk_arena_copy(&worlds->arena, s->item)};
    tk_str *parties = TK_ARENA_ARRAY(&worlds->arena, tk_str, s->parties_count);
    desk_world *world = TK_ARENA_NEW(&worlds->arena, desk_world);
    size_t named_count;
    const tk_str *named = world_named(worlds, &named_count);
    if (parties == NULL || world == NULL || named == NULL)
        return tk_err_set(err, TK_ERR_MEMORY, "out of memory for the claims");
    *world = (desk_world){0};
    for (size_t i = 0; i < s->parties_count; i++)
        parties[i] = tk_arena_copy(&worlds->arena, s->parties[i]);
    asked.parties = parties;
    asked.parties_count = s->parties_count;
    tk_claims_world *made = NULL;
    if (pthread_mutex_lock(&c->lock) != 0)
        return tk_err_set(err, TK_ERR_BUG, "the lock of the claims is broken");
    /* One transaction for thousands of claims, not one for each. */
    tk_status status = tk_store_begin_reading(c->store, "looking claims up", err);
    if (status == TK_OK) {
        status = tk_claims_world_make(c->claims, &at, c->facts, c->facts_count, &asked, named, named_count,
                                      &worlds->arena, &made, err);
        tk_store_abort(c->store); /* nothing was written */
    }
    (void)pthread_mutex_unlock(&c->lock);
    world->claims = made;
    if (status == TK_OK && (!world_lists(worlds, world, &worlds->arena) || !world_words(worlds, world, &worlds->arena)))
        status = tk_err_set(err, TK_ERR_MEMORY, "out of memory for the claims");
    *out = world;
    return status;
}

tk_status desk_worlds_find(desk_worlds *worlds, const tk_facts *facts, tk_date known_at, const desk_world **out,
                           tk_err *err)
{
    subject s;
    char bytes[(TK_ID_BYTES_MAX + 1) * (SUBJECT_PARTIES_MAX + 1) + sizeof known_at];
    subject_of(worlds, facts, &s);
    tk_str key = subject_key(&s, known_at, bytes, sizeof bytes);
    *out = NULL;
    if (key.ptr == NULL)
        return tk_err_set(err, TK_ERR_LIMIT, "the names of a buyer and a product are too long");
    if (worlds->last != NULL && tk_str_eq(worlds->last_key, key)) {
        *out = worlds->last;
        return TK_OK;
    }
    size_t at = 0;
    while (at < worlds->kept_count && !tk_str_eq(worlds->keys[at], key))
        at++;
    if (at == worlds->kept_count) {
        /* Within one order a decision asks about few subjects; begin() keeps half of the places free for them. */
        if (at == WORLDS_KEPT)
            return tk_err_set(err, TK_ERR_BUG, "more than %d subjects in one order", WORLDS_KEPT / 2);
        tk_status status = world_make(worlds, &s, known_at, &worlds->kept[at], err);
        worlds->keys[at] = tk_arena_copy(&worlds->arena, key);
        if (status != TK_OK)
            return status;
        worlds->kept_count++;
    }
    worlds->last = *out = worlds->kept[at];
    worlds->last_key = worlds->keys[at];
    return TK_OK;
}

/* --- what a decision asks --- */

void desk_world_bits(const desk_world *world, const uint32_t *claims, size_t count, uint64_t *witnesses)
{
    memset(witnesses, 0, world->bits_words * sizeof *witnesses);
    for (size_t i = 0; i < world->known_count && count != 0; i++) {
        uint32_t at = world->known[i];
        if (bsearch(&world->index[at], claims, count, sizeof(uint32_t), desk_world_order) != NULL)
            witnesses[at / 64] |= UINT64_C(1) << (at % 64);
    }
    for (size_t i = count; i-- > 0 && world->first <= claims[i];) {
        uint32_t at = claims[i] - world->first;
        witnesses[at / 64] |= UINT64_C(1) << (at % 64);
    }
}

/* The numbers of unknown claims begin with a word, so that their bits are those of the witnesses. */
static void world_bits(const desk_world *world, const uint64_t *claims, uint64_t *witnesses)
{
    memcpy(witnesses, claims + world->first / 64, world->bits_words * sizeof *witnesses);
    for (size_t i = 0; i < world->known_count; i++) {
        uint32_t at = world->known[i], index = world->index[at];
        witnesses[at / 64] |= (claims[index / 64] >> (index % 64) & 1) << (at % 64);
    }
}

bool desk_world_fold(const desk_worlds *worlds, const desk_world *world, size_t fact, const tk_setting *setting,
                     const uint64_t *witnesses, tk_claims_fold *fold)
{
    tk_date heard = setting->as_of < setting->known_at ? setting->as_of : setting->known_at;
    tk_claims_world_fact(world->claims, fact, witnesses, setting->as_of, heard, worlds->claims->holds[fact], fold);
    return fold->said;
}

/* Words that the rulebook does not have settle nothing where they are a state, and are no stage it knows of. */
static tk_value fold_value(const desk_world *world, size_t fact, tk_type type, const tk_claims_fold *fold)
{
    tk_value value = TK_VALUE_UNKNOWN;
    if (fold->broken || fold->stale)
        return value;
    if (type == TK_TYPE_NUMBER && fold->kind == TK_KIND_MEASURE)
        return (tk_value){.known = TK_VALUE, .type = TK_TYPE_NUMBER,
                          .as.range = {.lo = fold->bounds.low, .hi = fold->bounds.high}};
    if (fold->kind == TK_KIND_MEASURE)
        return value;
    if (type == TK_TYPE_WORDS)
        value = (tk_value){.known = TK_VALUE, .type = TK_TYPE_WORDS};
    for (uint64_t words = fold->words; words != 0; words &= words - 1) {
        uint8_t word = world->words[fact][__builtin_ctzll(words)];
        if (word == UINT8_MAX)
            continue;
        if (type == TK_TYPE_WORDS)
            value.as.words.in |= UINT64_C(1) << word;
        else if (type == TK_TYPE_WORD)
            value = (tk_value){.known = TK_VALUE, .type = TK_TYPE_WORD, .as.word = word};
    }
    return value;
}

static const desk_world *source_world(desk_worlds *worlds, const tk_facts *facts, tk_date known_at)
{
    const desk_world *world = worlds->fixed;
    tk_err err = {0};
    if (world != NULL)
        return world;
    tk_status status = desk_worlds_find(worlds, facts, known_at, &world, &err);
    if (status != TK_OK && worlds->failure == TK_OK) {
        worlds->failure = status;
        worlds->why = err;
    }
    return world;
}

/* The folds of a world, perhaps those of one asked about before. */
static desk_folds *said_find(const desk_world *about, const tk_setting *setting, const uint64_t *world)
{
    struct desk_said *said = about->said;
    size_t size = about->bits_words * sizeof *said->bits;
    tk_date heard = setting->as_of < setting->known_at ? setting->as_of : setting->known_at;
    world_bits(about, world, said->bits);
    for (size_t i = 0; i < SAID_WORLDS; i++) {
        desk_folds *folds = &said->worlds[i];
        if (folds->used && folds->as_of == setting->as_of && folds->heard == heard
            && memcmp(folds->bits, said->bits, size) == 0)
            return folds;
    }
    desk_folds *folds = &said->worlds[said->next];
    said->next = (said->next + 1) % SAID_WORLDS;
    memcpy(folds->bits, said->bits, size);
    folds->used = true;
    folds->done = 0;
    folds->as_of = setting->as_of;
    folds->heard = heard;
    return folds;
}

static const tk_claims_fold *said_fold(const desk_worlds *worlds, const desk_world *about, const tk_setting *setting,
                                       desk_folds *folds, size_t fact)
{
    if ((folds->done >> fact & 1) == 0)
        (void)desk_world_fold(worlds, about, fact, setting, folds->bits, &folds->folds[fact]);
    folds->done |= UINT32_C(1) << fact;
    return &folds->folds[fact];
}

static bool source_say(void *ctx, const tk_facts *facts, size_t slot, const tk_setting *setting, const uint64_t *world,
                       tk_value *out)
{
    desk_worlds *worlds = ctx;
    const desk_world *about = source_world(worlds, facts, setting->known_at);
    size_t fact = 0;
    while (fact < worlds->claims->facts_count && worlds->claims->slots[fact] != slot)
        fact++;
    if (about == NULL || fact == worlds->claims->facts_count)
        return false;
    const tk_claims_fold *fold = said_fold(worlds, about, setting, said_find(about, setting, world), fact);
    if (fold->said)
        *out = fold_value(about, fact, tk_rulebook_fact(worlds->desk->book, slot).type, fold);
    return fold->said;
}

static bool source_tells(void *ctx, const tk_facts *facts, const tk_setting *setting, const uint64_t *world,
                         size_t speaker)
{
    desk_worlds *worlds = ctx;
    const desk_world *about = source_world(worlds, facts, setting->known_at);
    if (about == NULL)
        return false;
    desk_folds *folds = said_find(about, setting, world);
    for (size_t fact = 0; fact < worlds->claims->facts_count; fact++)
        (void)said_fold(worlds, about, setting, folds, fact);
    return tk_claims_world_tells(about->claims, about->speaker[speaker], setting->as_of, folds->folds);
}

static tk_claim_speakers source_speak(void *ctx, const tk_facts *facts, const tk_setting *setting)
{
    const desk_world *world = source_world(ctx, facts, setting->known_at);
    if (world == NULL)
        return (tk_claim_speakers){.end = 0};
    return (tk_claim_speakers){world->speaking, world->speaking_count, world->first + world->count};
}
