/* SPDX-License-Identifier: Apache-2.0 */
/* real.c: the same model and transaction through the library's public interface. */
#include <string.h>

#include "base/str.h"
#include "reference/reference.h"

/* ---- vocabulary ---- */

enum { GROUP_ROWS_MAX = REF_SETS_MAX * REF_ROWS_MAX * REF_PLACES };

static const char *const place_names[REF_PLACES] = {"P0", "P1", "P2", "P3", "P4"};
static const char *const id_names[REF_NAMES] = {"n0", "n1", "n2", "n3"};
static const char *const claim_names[REF_CLAIMS_MAX] = {"c0", "c1", "c2", "c3"};
static const char *const group_names[REF_SETS_MAX] = {"G:0", "G:1", "G:2", "G:3"};

static tk_date date_of(int day)
{
    return day == INT_MIN ? TK_DATE_MIN : day == INT_MAX ? TK_DATE_MAX : (tk_date)day;
}

static size_t vocabulary_groups(const ref_model *m, tk_group_row *rows)
{
    size_t count = 0;
    for (int s = 0; s < m->sets_count; s++)
        for (int k = 0; m->sets[s].group && k < m->sets[s].rows_count; k++)
            for (int p = 0; p < REF_PLACES; p++) {
                const ref_row *row = &m->sets[s].rows[k];
                if ((row->places >> p & 1) != 0)
                    rows[count++] = (tk_group_row){.place = tk_str_from(place_names[p]),
                                                   .group = tk_str_from(group_names[s]),
                                                   .in = !row->out,
                                                   .from = date_of(row->span.from),
                                                   .to = date_of(row->span.to),
                                                   .published = date_of(row->published),
                                                   .cites = TK_STR("Group")};
            }
    return count;
}

static void vocabulary_claims(const ref_model *m, tk_claim_row *rows,
                              tk_str contradicts[REF_CLAIMS_MAX][REF_CLAIMS_MAX])
{
    for (int i = 0; i < REF_CLAIMS_MAX; i++) {
        rows[i] = (tk_claim_row){.id = tk_str_from(claim_names[i]),
                                 .published = date_of(m->claims[i].published),
                                 .says = TK_STR("Somebody says so"),
                                 .contradicts = contradicts[i]};
        for (int other = 0; other < REF_CLAIMS_MAX; other++)
            if ((m->claims[i].contradicts >> other & 1) != 0)
                contradicts[i][rows[i].contradicts_count++] = tk_str_from(claim_names[other]);
    }
}

static void keep_message(ref_real *real, const tk_messages *messages, const tk_err *err)
{
    (void)snprintf(real->message, sizeof real->message, "%s", err->message);
    for (size_t i = 0; messages != NULL && i < tk_messages_count(messages); i++) {
        const tk_message *message = tk_messages_get(messages, i);
        if (message->severity == TK_SEVERITY_ERROR) {
            (void)snprintf(real->message, sizeof real->message, TK_FMT ":%u: " TK_FMT, TK_ARG_STR(message->file),
                           message->line, TK_ARG_STR(message->text));
            return;
        }
    }
}

bool ref_real_open(ref_real *real, const ref_model *m, const ref_book_text *text)
{
    tk_group_row groups[GROUP_ROWS_MAX];
    tk_claim_row claims[REF_CLAIMS_MAX];
    tk_str contradicts[REF_CLAIMS_MAX][REF_CLAIMS_MAX], places[REF_PLACES];
    tk_source sources[REF_FILES_MAX];
    tk_messages *messages = NULL;
    tk_err err = {0};
    *real = (ref_real){.book = NULL};
    for (int i = 0; i < REF_PLACES; i++)
        places[i] = tk_str_from(place_names[i]);
    for (size_t i = 0; i < text->files; i++)
        sources[i] = (tk_source){.name = tk_str_from(text->names[i]), .text = {text->text[i], text->len[i]}};
    vocabulary_claims(m, claims, contradicts);
    tk_vocabulary vocabulary = {.places = places,
                                .places_count = REF_PLACES,
                                .groups = groups,
                                .groups_count = vocabulary_groups(m, groups),
                                .claims = claims,
                                .claims_count = REF_CLAIMS_MAX};
    tk_status status = tk_rulebook_compile(sources, text->files, &vocabulary, &real->book, &messages, &err);
    if (status == TK_OK)
        status = tk_decider_new(real->book, &real->decider, &err);
    if (status == TK_OK)
        status = tk_facts_new(real->book, &real->facts, &err);
    if (status != TK_OK)
        keep_message(real, messages, &err);
    tk_messages_free(messages);
    return status == TK_OK;
}

void ref_real_close(ref_real *real)
{
    tk_facts_free(real->facts);
    tk_decider_free(real->decider);
    tk_rulebook_free(real->book);
    *real = (ref_real){.book = NULL};
}

/* ---- deciding ---- */

static size_t slot_of(const ref_real *real, const ref_model *m, int fact, int role)
{
    char name[REF_NAME_MAX];
    return tk_rulebook_find_fact(real->book, tk_str_from(ref_fact_name(m, fact, role, name)), NULL);
}

tk_value ref_real_value(const ref_model *m, int fact, const ref_value *v)
{
    static const tk_type types[] = {TK_TYPE_NUMBER, TK_TYPE_DATE,  TK_TYPE_WORD,
                                    TK_TYPE_WORDS,  TK_TYPE_PLACE, TK_TYPE_NAME};
    ref_kind kind = m->facts[fact].kind;
    tk_value out = {.known = (uint8_t)v->known, .type = (uint8_t)types[kind]};
    if (v->known == REF_NONE && kind == REF_SET)
        out.known = TK_VALUE; /* the empty set is a value */
    if (v->known != REF_VALUE)
        return out;
    int64_t scale = kind == REF_NUMBER ? TK_NUM_SCALE : 1;
    switch (kind) {
    case REF_NUMBER:
    case REF_DATE:
        out.as.range.lo = v->lo == REF_OPEN_LOW ? TK_NUM_MIN : v->lo * scale;
        out.as.range.hi = v->hi == REF_OPEN_HIGH ? TK_NUM_MAX : v->hi * scale;
        break;
    case REF_WORD:
        out.as.word = (uint32_t)v->lo;
        break;
    case REF_SET:
        out.as.words.in = v->in;
        out.as.words.unsure = v->unsure;
        break;
    case REF_PLACE:
        out.as.place = (uint32_t)v->lo;
        break;
    case REF_NAME:
        out.as.name = tk_str_from(id_names[v->lo]);
        break;
    }
    return out;
}

static void give_facts(ref_real *real, const ref_model *m, const ref_transaction *t)
{
    char name[REF_NAME_MAX];
    tk_facts_clear(real->facts);
    for (int f = 0; f < REF_FACTS_MAX; f++)
        for (int role = 0; role < ref_roles_of(&m->facts[f]); role++) {
            const ref_given *g = &t->given[f][role];
            if (g->has_row)
                tk_facts_set(real->facts, slot_of(real, m, f, role), ref_real_value(m, f, &g->row), TK_FACT_ROW);
            if (g->has_supplied)
                tk_facts_set(real->facts, slot_of(real, m, f, role), ref_real_value(m, f, &g->supplied),
                             TK_FACT_SUPPLIED);
        }
    for (int role = 0; role < REF_ROLES; role++)
        if ((t->roles >> role & 1) != 0)
            tk_facts_name_role(real->facts, tk_str_from(ref_role_names[role]));
    for (int i = 0; i < REF_MET_MAX; i++) {
        size_t evidence = tk_rulebook_find_evidence(real->book, tk_str_from(ref_met_name(i, name)), NULL);
        if (t->shown[i].state != 0 && evidence != SIZE_MAX)
            tk_facts_set_evidence(real->facts, evidence,
                                  t->shown[i].state == 1 ? TK_EVIDENCE_HELD : TK_EVIDENCE_REFUSED,
                                  date_of(t->shown[i].date));
    }
}

const tk_decision *ref_real_decide(ref_real *real, const ref_model *m, const ref_transaction *t, const ref_setting *s,
                                   unsigned flags)
{
    const tk_decision *decision = NULL;
    tk_err err = {0};
    size_t count = 0;
    for (int i = 0; i < REF_CLAIMS_MAX; i++)
        if ((s->world >> i & 1) != 0)
            real->claims[count++] = (uint32_t)tk_rulebook_find_claim(real->book, tk_str_from(claim_names[i]), NULL);
    tk_setting setting = {.as_of = s->as_of,
                          .known_at = s->known_at,
                          .law = s->text ? TK_LAW_TEXT : TK_LAW_ENFORCED,
                          .claims = real->claims,
                          .claims_count = count};
    give_facts(real, m, t);
    return tk_decide(real->decider, real->facts, &setting, flags, &decision, &err) == TK_OK ? decision : NULL;
}

const tk_key_decision *ref_real_key(const tk_decision *d, int regime)
{
    for (size_t i = 0; i < d->keys_count; i++)
        if (tk_str_is(d->keys[i].regime, ref_regime_name(regime)))
            return &d->keys[i];
    return NULL;
}
