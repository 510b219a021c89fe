/* SPDX-License-Identifier: Apache-2.0 */
/* sweep_plan.c: the versions in use, what the book knows of earlier sweeps, and the parties that have to be looked
 * at. */
#include <stdlib.h>
#include <string.h>

#include "base/err.h"
#include "base/sha256.h"
#include "base/str.h"
#include "desk/sweep_int.h"

static const char PLAN_STATES[] = "SELECT id, text FROM sweep_states ORDER BY id";
static const char PLAN_STATE_ADD[] = "INSERT INTO sweep_states (text) VALUES (?1)";
static const char PLAN_PARTIES[] = "SELECT party, fingerprint, state, trouble FROM sweep_parties ORDER BY party";

/* --- versions --- */

static tk_status version_open(sweep *s, const tk_shelf_version *version, tk_err *err)
{
    sweep_version *out = &s->versions[s->versions_count];
    *out = (sweep_version){.source = version->source, .file = version->file, .name = version->name};
    tk_status status = tk_shelved_open(s->options->shelf, version, false, &out->shelved, err);
    s->versions_count += status == TK_OK;
    return status;
}

/* Another program may weigh fields otherwise: its version stands for all of that. */
static tk_str state_text(const sweep *s)
{
    tk_str text = tk_arena_printf(s->arena, "%s %s\n", TK_NAMES_METHOD, tk_version());
    for (size_t i = 0; i < s->versions_count; i++)
        text = tk_arena_printf(s->arena, TK_FMT TK_FMT " " TK_FMT "\n", TK_ARG_STR(text),
                               TK_ARG_STR(s->versions[i].source), TK_ARG_STR(s->versions[i].file));
    return text;
}

tk_status sweep_versions_open(sweep *s, tk_err *err)
{
    tk_status status = TK_OK;
    if (s->options->shelf != NULL)
        status = tk_shelf_versions(s->options->shelf, s->arena, &s->shelf_versions, &s->shelf_versions_count, err);
    if (status != TK_OK)
        return status;
    const tk_shelf_version *versions = s->shelf_versions;
    s->versions = TK_ARENA_ARRAY(s->arena, sweep_version, s->shelf_versions_count);
    if (s->versions == NULL)
        return sweep_no_memory(err);
    for (size_t i = 0; status == TK_OK && i < s->shelf_versions_count; i++)
        if (tk_shelf_choose(versions, s->shelf_versions_count, versions[i].source, TK_DATE_MAX) == &versions[i])
            status = version_open(s, &versions[i], err);
    s->target.text = state_text(s);
    return status == TK_OK && s->arena->failed ? sweep_no_memory(err) : status;
}

/* --- what the book knows --- */

typedef struct plan_known {
    tk_str id, print, trouble;
    int64_t state;
} plan_known;

typedef struct plan {
    sweep *s;
    tk_arena work; /* of what the book knows */
    tk_sha256 *hash;
    plan_known *known; /* by id */
    size_t known_count, known_size, at;
} plan;

/* Makes room for one more. NULL: no memory. */
static void *grown(tk_arena *arena, void *items, size_t count, size_t *size, size_t bytes)
{
    if (count < *size)
        return items;
    size_t more = *size == 0 ? 64 : *size * 2;
    void *out = tk_arena_get_array(arena, more, bytes);
    if (out != NULL && count != 0)
        memcpy(out, items, count * bytes);
    *size = out == NULL ? *size : more;
    return out;
}

static tk_status plan_states(sweep *s, tk_err *err)
{
    tk_store_statement *statement;
    bool row = false;
    tk_status status = tk_store_prepare(s->store, PLAN_STATES, &statement, err);
    while (status == TK_OK && (status = tk_store_step(statement, &row, err)) == TK_OK && row) {
        s->states = grown(s->arena, s->states, s->states_count, &s->states_size, sizeof *s->states);
        if (s->states == NULL)
            return sweep_no_memory(err);
        sweep_state *state = &s->states[s->states_count++];
        *state = (sweep_state){tk_store_int(statement, 0), tk_arena_copy(s->arena, tk_store_text(statement, 1))};
        if (tk_str_eq(state->text, s->target.text))
            s->target.id = state->id;
    }
    return status;
}

static tk_status plan_known_read(plan *p, tk_err *err)
{
    tk_store_statement *statement;
    bool row = false;
    tk_status status = tk_store_prepare(p->s->store, PLAN_PARTIES, &statement, err);
    while (status == TK_OK && (status = tk_store_step(statement, &row, err)) == TK_OK && row) {
        p->known = grown(&p->work, p->known, p->known_count, &p->known_size, sizeof *p->known);
        if (p->known == NULL)
            return sweep_no_memory(err);
        p->known[p->known_count++] = (plan_known){.id = tk_arena_copy(&p->work, tk_store_text(statement, 0)),
                                                  .print = tk_arena_copy(&p->work, tk_store_text(statement, 1)),
                                                  .state = tk_store_int(statement, 2),
                                                  .trouble = tk_arena_copy(&p->work, tk_store_text(statement, 3))};
    }
    return status == TK_OK && p->work.failed ? sweep_no_memory(err) : status;
}

/* The state of a party as far as something can be built on it: not one of another method. */
static int64_t plan_state_before(const sweep *s, const plan_known *known, tk_str print)
{
    if (known == NULL || s->options->full || !tk_str_eq(known->print, print))
        return 0;
    for (size_t i = 0; i < s->states_count; i++) {
        tk_str before = s->states[i].text, now = s->target.text, method_before, method_now;
        if (s->states[i].id == known->state && tk_str_split(&before, '\n', &method_before)
            && tk_str_split(&now, '\n', &method_now) && tk_str_eq(method_before, method_now))
            return known->state;
    }
    return 0;
}

/* --- parties --- */

static tk_status plan_print(plan *p, const tk_str *cells, const tk_screened *asked, tk_str *out, tk_err *err)
{
    const tk_str texts[] = {cells[TK_PARTY_NAME],    cells[TK_PARTY_ALIASES],     asked->country,        asked->address,
                            cells[TK_PARTY_KIND],    cells[TK_PARTY_IDENTIFIERS], asked->birth};
    return sweep_print(p->s->arena, p->hash, texts, TK_COUNT(texts), out, err);
}

static void plan_copy_texts(tk_arena *arena, const tk_str *from, size_t count, tk_str **out)
{
    *out = TK_ARENA_ARRAY(arena, tk_str, count);
    for (size_t i = 0; *out != NULL && i < count; i++)
        (*out)[i] = tk_arena_copy(arena, from[i]);
}

static tk_status plan_add(plan *p, const tk_party_record *record, const tk_screened *asked, sweep_party *party,
                          tk_err *err)
{
    sweep *s = p->s;
    tk_arena *arena = s->arena;
    tk_str names[SCREENING_VALUES_MAX], *identifiers;
    party->names_count = screening_names(record->cells, names);
    plan_copy_texts(arena, names, party->names_count, &party->names);
    plan_copy_texts(arena, asked->identifiers, asked->identifiers_count, &identifiers);
    party->id = tk_arena_copy(arena, record->cells[TK_PARTY_ID]);
    party->trouble = tk_arena_copy(arena, party->trouble);
    party->asked = *asked;
    party->asked.identifiers = identifiers;
    party->asked.country = tk_arena_copy(arena, asked->country);
    party->asked.address = tk_arena_copy(arena, asked->address);
    party->asked.birth = tk_arena_copy(arena, asked->birth);
    s->parties = grown(arena, s->parties, s->parties_count, &s->parties_size, sizeof *s->parties);
    if (s->parties == NULL || arena->failed)
        return sweep_no_memory(err);
    s->parties[s->parties_count++] = *party;
    return TK_OK;
}

static tk_status plan_party(void *context, const tk_party_record *record, tk_err *err)
{
    plan *p = context;
    sweep *s = p->s;
    tk_str identifiers[SCREENING_VALUES_MAX];
    tk_screened asked = screening_asked(record->cells, identifiers);
    sweep_party party = {.trouble = TK_STR("")};
    s->out->parties++;
    tk_status status = plan_print(p, record->cells, &asked, &party.print, err);
    if (status != TK_OK)
        return status;
    while (p->at < p->known_count && tk_str_cmp(p->known[p->at].id, record->cells[TK_PARTY_ID]) < 0)
        p->at++;
    const plan_known *known = p->at < p->known_count && tk_str_eq(p->known[p->at].id, record->cells[TK_PARTY_ID])
                                  ? &p->known[p->at]
                                  : NULL;
    party.state = plan_state_before(s, known, party.print);
    if (party.state != 0 && party.state == s->target.id)
        return TK_OK;
    if (known != NULL)
        party.trouble = known->trouble;
    return plan_add(p, record, &asked, &party, err);
}

static int plan_order(const void *a, const void *b)
{
    const sweep_party *left = a, *right = b;
    if (left->state != right->state)
        return left->state < right->state ? -1 : 1;
    return tk_str_cmp(left->id, right->id);
}

/* The state that parties are brought to, as a row of the book. */
static tk_status plan_target(sweep *s, tk_err *err)
{
    tk_store_statement *statement;
    if (s->target.id != 0 || s->parties_count == 0)
        return TK_OK;
    tk_status status = sweep_begin(s->store, &s->mark, err);
    if (status != TK_OK)
        return status;
    status = tk_store_prepare(s->store, PLAN_STATE_ADD, &statement, err);
    if (status == TK_OK) {
        tk_store_bind_text(statement, 1, s->target.text);
        status = tk_store_run(statement, err);
    }
    s->target.id = tk_store_last_id(s->store);
    if (status == TK_OK)
        status = tk_store_commit(s->store, err);
    else
        tk_store_abort(s->store);
    return status;
}

static tk_status plan_read(plan *p, tk_err *err)
{
    sweep *s = p->s;
    tk_status status = tk_store_begin_reading(s->store, "screening all parties", err);
    if (status != TK_OK)
        return status;
    status = sweep_mark(s->store, &s->mark, err);
    if (status == TK_OK)
        status = plan_states(s, err);
    if (status == TK_OK)
        status = plan_known_read(p, err);
    if (status == TK_OK)
        status = tk_parties_list(s->store, INT64_MAX, plan_party, p, err);
    if (status == TK_OK)
        return tk_store_commit(s->store, err);
    tk_store_abort(s->store);
    return status;
}

tk_status sweep_parties_plan(sweep *s, tk_err *err)
{
    plan p = {.s = s};
    tk_status status = tk_sha256_new(&p.hash, err);
    if (status != TK_OK)
        return status;
    tk_arena_init(&p.work, SWEEP_CHUNK_BYTES, 0);
    status = plan_read(&p, err);
    if (s->parties_count != 0)
        qsort(s->parties, s->parties_count, sizeof *s->parties, plan_order);
    tk_arena_fini(&p.work);
    tk_sha256_free(p.hash);
    return status == TK_OK ? plan_target(s, err) : status;
}
