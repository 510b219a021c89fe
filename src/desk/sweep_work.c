/* SPDX-License-Identifier: Apache-2.0 */
/* sweep_work.c: parties through the threads of a batch, and what comes of them into the book, so many at a time.
 *
 * The batch has a question for each name of a party. Threads write down what they find; it is read again in the
 * order of the questions, so the book gets the same rows whatever the number of threads is.
 */
#include <stdlib.h>
#include <string.h>

#include "base/err.h"
#include "base/sha256.h"
#include "base/str.h"
#include "desk/sweep_int.h"
#include "screen/batch.h"

static const char WORK_HITS[] = "SELECT party, hit, source FROM sweep_hits WHERE party >= ?1 AND party <= ?2"
                                " ORDER BY party, hit, source";
static const char WORK_END[] = "DELETE FROM sweep_hits WHERE party = ?1 AND hit = ?2 AND source = ?3";
static const char WORK_HIT[] = "INSERT INTO sweep_hits (party, hit, source, score, name, entry, alias, fingerprint,"
                               " first_day, last_day) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)";
static const char WORK_PARTY[] =
    "INSERT INTO sweep_parties (party, fingerprint, state, trouble) VALUES (?1, ?2, ?3, ?4)"
    " ON CONFLICT (party) DO UPDATE SET fingerprint = excluded.fingerprint,"
    " state = excluded.state, trouble = excluded.trouble";

typedef struct work_hit {
    tk_desk_sweep_hit hit;
    tk_date first, last;
} work_hit;

typedef struct work {
    sweep *s;
    const sweep_part *parts;
    sweep_party *parties; /* of the group, by id */
    size_t count;
    tk_screener_given *given;
    size_t given_count;
    size_t next_party, next_name; /* the question that is asked next */
    size_t party, name;           /* the question whose answer is read next */
    size_t kept;                  /* parties that are in the book */
    tk_arena chunk;               /* of what is not in it yet */
    work_hit *hits;
    size_t hits_count, hits_size, hits_of_party;
    tk_sha256 *hash;
} work;

/* --- asking --- */

static tk_status work_next(void *context, tk_arena *arena, tk_screened *party, const void **tag, bool *more,
                           tk_err *err)
{
    work *w = context;
    (void)arena;
    (void)err;
    *more = w->next_party < w->count;
    if (!*more)
        return TK_OK;
    const sweep_party *asked = &w->parties[w->next_party];
    *party = asked->asked;
    party->name = asked->names[w->next_name++];
    *tag = asked;
    if (w->next_name == asked->names_count) {
        w->next_name = 0;
        w->next_party++;
    }
    return TK_OK;
}

/* --- answers, from the threads to the one whose turn it is: numbers and texts one after another --- */

static void put_number(tk_out *out, int64_t number)
{
    tk_out_add(out, (tk_str){(const char *)&number, sizeof number});
}

static void put_text(tk_out *out, tk_str text)
{
    put_number(out, (int64_t)text.len);
    tk_out_add(out, text);
}

static int64_t take_number(tk_str *bytes)
{
    int64_t number;
    memcpy(&number, bytes->ptr, sizeof number);
    bytes->ptr += sizeof number;
    bytes->len -= sizeof number;
    return number;
}

static tk_str take_text(tk_str *bytes, tk_arena *arena)
{
    size_t len = (size_t)take_number(bytes);
    tk_str text = tk_arena_copy(arena, (tk_str){bytes->ptr, len});
    bytes->ptr += len;
    bytes->len -= len;
    return text;
}

static void work_write(void *context, const screen_answer *answer, tk_arena *scratch, tk_out *out, tk_out *said)
{
    size_t count = answer->status == TK_OK ? answer->result->hits_count : 0;
    (void)context;
    (void)said;
    put_text(out, answer->status == TK_OK ? TK_STR("")
                                          : tk_arena_printf(scratch, "'" TK_FMT "': %s",
                                                            TK_ARG_STR(answer->party->name), answer->err->message));
    put_number(out, (int64_t)count);
    for (size_t i = 0; i < count; i++) {
        const tk_hit *hit = &answer->result->hits[i];
        put_text(out, hit->id);
        put_text(out, hit->source);
        put_number(out, hit->score);
        put_text(out, hit->name);
        put_text(out, hit->alias);
        put_number(out, hit->start);
        put_number(out, hit->end);
    }
}

/* Of several names of a party that hit an entry the best one counts, of equal ones the first. */
static tk_status work_hit_add(work *w, const work_hit *hit, tk_err *err)
{
    for (size_t i = w->hits_of_party; i < w->hits_count; i++) {
        work_hit *there = &w->hits[i];
        if (!tk_str_eq(there->hit.id, hit->hit.id) || !tk_str_eq(there->hit.source, hit->hit.source))
            continue;
        if (there->hit.score < hit->hit.score)
            *there = *hit;
        return TK_OK;
    }
    if (w->hits_count == w->hits_size) {
        size_t size = w->hits_size == 0 ? 256 : w->hits_size * 2;
        work_hit *more = TK_ARENA_ARRAY(&w->chunk, work_hit, size);
        if (more == NULL)
            return sweep_no_memory(err);
        if (w->hits_count != 0)
            memcpy(more, w->hits, w->hits_count * sizeof *more);
        w->hits = more;
        w->hits_size = size;
    }
    w->hits[w->hits_count++] = *hit;
    return TK_OK;
}

static tk_status work_read_hit(work *w, tk_str *bytes, const sweep_party *party, tk_err *err)
{
    tk_arena *chunk = &w->chunk;
    work_hit hit = {.hit = {.party = party->id, .name = party->names[w->name]}};
    hit.hit.id = take_text(bytes, chunk);
    hit.hit.source = take_text(bytes, chunk);
    hit.hit.score = (unsigned)take_number(bytes);
    hit.hit.entry = take_text(bytes, chunk);
    hit.hit.alias = take_text(bytes, chunk);
    hit.first = (tk_date)take_number(bytes);
    hit.last = (tk_date)take_number(bytes);
    return chunk->failed ? sweep_no_memory(err) : work_hit_add(w, &hit, err);
}

/* --- into the book --- */

static tk_status work_prints(work *w, tk_err *err)
{
    const sweep *s = w->s;
    tk_status status = TK_OK;
    for (size_t i = 0; status == TK_OK && i < w->hits_count; i++)
        for (size_t k = 0; status == TK_OK && k < s->versions_count; k++)
            if (tk_str_eq(s->versions[k].source, w->hits[i].hit.source))
                status = sweep_entry_print(s->versions[k].shelved, w->hits[i].hit.id, &w->chunk, w->hash,
                                           &w->hits[i].hit.fingerprint, err);
    return status;
}

static int text_order(const void *a, const void *b)
{
    return tk_str_cmp(*(const tk_str *)a, *(const tk_str *)b);
}

/* Does a hit that was kept end with what this group was run against? */
static bool work_ends(const work *w, tk_str hit, tk_str source)
{
    const sweep *s = w->s;
    for (size_t i = 0; i < s->versions_count; i++) {
        const sweep_part *part = &w->parts[i];
        if (!tk_str_eq(s->versions[i].source, source))
            continue;
        return part->mode == SWEEP_WHOLE
               || (part->mode == SWEEP_PART && part->ended_count != 0
                   && bsearch(&hit, part->ended, part->ended_count, sizeof hit, text_order) != NULL);
    }
    return true; /* no version of the source is in use any more */
}

static int party_order(const void *a, const void *b)
{
    return tk_str_cmp(*(const tk_str *)a, ((const sweep_party *)b)->id);
}

typedef struct work_ended {
    struct work_ended *next;
    tk_str party, hit, source;
} work_ended;

static tk_status work_find_ended(work *w, size_t end, work_ended **out, tk_err *err)
{
    tk_store_statement *statement;
    const sweep_party *first = &w->parties[w->kept];
    bool row = false;
    *out = NULL;
    tk_status status = tk_store_prepare(w->s->store, WORK_HITS, &statement, err);
    if (status != TK_OK)
        return status;
    tk_store_bind_text(statement, 1, first->id);
    tk_store_bind_text(statement, 2, w->parties[end - 1].id);
    while ((status = tk_store_step(statement, &row, err)) == TK_OK && row) {
        tk_str party = tk_store_text(statement, 0), hit = tk_store_text(statement, 1);
        tk_str source = tk_store_text(statement, 2);
        if (!work_ends(w, hit, source) || bsearch(&party, first, end - w->kept, sizeof *first, party_order) == NULL)
            continue;
        work_ended *ended = TK_ARENA_NEW(&w->chunk, work_ended);
        if (ended == NULL)
            return sweep_no_memory(err);
        *ended = (work_ended){*out, tk_arena_copy(&w->chunk, party), tk_arena_copy(&w->chunk, hit),
                              tk_arena_copy(&w->chunk, source)};
        *out = ended;
    }
    return status == TK_OK && w->chunk.failed ? sweep_no_memory(err) : status;
}

static tk_status work_end_hits(work *w, size_t end, tk_err *err)
{
    work_ended *ended;
    tk_status status = work_find_ended(w, end, &ended, err);
    for (; status == TK_OK && ended != NULL; ended = ended->next) {
        tk_store_statement *statement;
        status = tk_store_prepare(w->s->store, WORK_END, &statement, err);
        if (status != TK_OK)
            return status;
        tk_store_bind_text(statement, 1, ended->party);
        tk_store_bind_text(statement, 2, ended->hit);
        tk_store_bind_text(statement, 3, ended->source);
        status = tk_store_run(statement, err);
    }
    return status;
}

static tk_status work_add_hit(const work *w, const work_hit *hit, tk_err *err)
{
    tk_store_statement *statement;
    tk_status status = tk_store_prepare(w->s->store, WORK_HIT, &statement, err);
    if (status != TK_OK)
        return status;
    const tk_str texts[] = {hit->hit.name, hit->hit.entry, hit->hit.alias, hit->hit.fingerprint};
    tk_store_bind_text(statement, 1, hit->hit.party);
    tk_store_bind_text(statement, 2, hit->hit.id);
    tk_store_bind_text(statement, 3, hit->hit.source);
    tk_store_bind_int(statement, 4, hit->hit.score);
    for (int i = 0; i < (int)TK_COUNT(texts); i++)
        tk_store_bind_text(statement, 5 + i, texts[i].ptr == NULL ? TK_STR("") : texts[i]);
    tk_store_bind_int(statement, 9, hit->first);
    tk_store_bind_int(statement, 10, hit->last);
    return tk_store_run(statement, err);
}

static tk_status work_add_party(const work *w, const sweep_party *party, tk_err *err)
{
    tk_store_statement *statement;
    tk_status status = tk_store_prepare(w->s->store, WORK_PARTY, &statement, err);
    if (status != TK_OK)
        return status;
    tk_store_bind_text(statement, 1, party->id);
    tk_store_bind_text(statement, 2, party->print);
    tk_store_bind_int(statement, 3, w->s->target.id);
    tk_store_bind_text(statement, 4, party->trouble);
    return tk_store_run(statement, err);
}

static tk_status work_keep_rows(work *w, size_t end, tk_err *err)
{
    tk_status status = work_prints(w, err);
    if (status == TK_OK)
        status = work_end_hits(w, end, err);
    for (size_t i = 0; status == TK_OK && i < w->hits_count; i++)
        status = work_add_hit(w, &w->hits[i], err);
    for (size_t i = w->kept; status == TK_OK && i < end; i++)
        status = work_add_party(w, &w->parties[i], err);
    return status;
}

/* Parties up to `end`, whose answers are all read. */
static tk_status work_keep(work *w, size_t end, tk_err *err)
{
    sweep *s = w->s;
    if (end == w->kept)
        return TK_OK;
    tk_status status = sweep_begin(s->store, &s->mark, err);
    if (status != TK_OK)
        return status;
    status = work_keep_rows(w, end, err);
    if (status == TK_OK)
        status = tk_store_commit(s->store, err);
    else
        tk_store_abort(s->store);
    w->kept = end;
    w->hits = NULL;
    w->hits_count = w->hits_size = w->hits_of_party = 0;
    tk_arena_reset(&w->chunk);
    return status;
}

static uint64_t commit_every(const work *w)
{
    uint64_t every = w->s->options->commit_every;
    return every == 0 ? SWEEP_COMMIT_EVERY : every;
}

static tk_status work_party_done(work *w, tk_err *err)
{
    const tk_desk_sweep_options *options = w->s->options;
    w->name = 0;
    w->party++;
    w->s->done++;
    w->hits_of_party = w->hits_count;
    tk_status status = commit_every(w) <= w->party - w->kept ? work_keep(w, w->party, err) : TK_OK;
    if (options->progress != NULL)
        options->progress(options->context, w->s->done, w->s->parties_count);
    return status;
}

static tk_status work_put(void *context, tk_str bytes, tk_str said, uint64_t parties, tk_err *err)
{
    work *w = context;
    tk_status status = TK_OK;
    (void)said;
    for (uint64_t i = 0; status == TK_OK && i < parties; i++) {
        sweep_party *party = &w->parties[w->party];
        tk_str trouble = take_text(&bytes, w->s->arena);
        int64_t count = take_number(&bytes);
        if (w->name == 0 || party->trouble.len == 0)
            party->trouble = trouble;
        for (; status == TK_OK && 0 < count; count--)
            status = work_read_hit(w, &bytes, party, err);
        if (status == TK_OK && ++w->name == party->names_count)
            status = work_party_done(w, err);
    }
    return status;
}

/* --- the whole --- */

static tk_status work_given(work *w, tk_arena *arena, tk_err *err)
{
    const sweep *s = w->s;
    w->given = TK_ARENA_ARRAY(arena, tk_screener_given, s->versions_count);
    for (size_t i = 0; w->given != NULL && i < s->versions_count; i++) {
        const sweep_part *part = &w->parts[i];
        const screen_view *view = part->mode == SWEEP_WHOLE ? tk_shelved_view(s->versions[i].shelved) : &part->view;
        if (part->mode == SWEEP_WHOLE || (part->mode == SWEEP_PART && part->entries != 0))
            w->given[w->given_count++] = (tk_screener_given){s->versions[i].source, s->versions[i].name, view};
    }
    return w->given == NULL ? sweep_no_memory(err) : TK_OK;
}

static tk_status work_batch(work *w, tk_err *err)
{
    tk_screener_options options = TK_SCREENER_OPTIONS_INIT;
    options.lists = w->s->options->lists;
    screen_batch batch = {.given = w->given,
                          .given_count = w->given_count,
                          .options = &options,
                          .threads = w->s->options->threads,
                          .context = w,
                          .next = work_next,
                          .write = work_write,
                          .put = work_put};
    return screen_batch_run(&batch, err);
}

/* Nothing came, and nobody needs to be asked; but without any list a name may still be none. */
static tk_status work_without(work *w, tk_err *err)
{
    tk_status status = TK_OK;
    while (status == TK_OK && w->party < w->count)
        status = work_party_done(w, err);
    return status;
}

tk_status sweep_work(sweep *s, const sweep_part *parts, size_t first, size_t count, tk_err *err)
{
    work w = {.s = s, .parts = parts, .parties = &s->parties[first], .count = count};
    tk_arena arena;
    tk_status status = tk_sha256_new(&w.hash, err);
    if (status != TK_OK)
        return status;
    tk_arena_init(&arena, SWEEP_CHUNK_BYTES, 0);
    tk_arena_init(&w.chunk, SWEEP_CHUNK_BYTES, 0);
    status = work_given(&w, &arena, err);
    if (status == TK_OK)
        status = w.given_count == 0 && w.parties[0].state != 0 ? work_without(&w, err) : work_batch(&w, err);
    if (status == TK_OK)
        status = work_keep(&w, count, err);
    tk_arena_fini(&w.chunk);
    tk_arena_fini(&arena);
    tk_sha256_free(w.hash);
    return status;
}
