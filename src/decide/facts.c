/* SPDX-License-Identifier: Apache-2.0 */
/* facts.c: what is known of one transaction: what the record says, and what was said with the transaction. */
#include <stdlib.h>
#include <string.h>

#include "base/err.h"
#include "base/str.h"
#include "decide/decide_int.h"

tk_status tk_facts_new(const tk_rulebook *book, tk_facts **out, tk_err *err)
{
    tk_facts *facts = calloc(1, sizeof *facts);
    *out = NULL;
    if (facts == NULL)
        return tk_err_set(err, TK_ERR_MEMORY, "out of memory");
    facts->book = book;
    size_t most = 4 * book->facts_count + 1; /* of each slot: supplied, on record, presumed, and without presumption */
    facts->places = calloc(book->facts_count + 1, sizeof *facts->places);
    facts->said = calloc(most, sizeof *facts->said);
    facts->said_slots = calloc(most, sizeof *facts->said_slots);
    facts->said_count = 1;
    facts->evidence = calloc(book->evidence_count + 1, sizeof *facts->evidence);
    facts->evidence_touched = calloc(book->evidence_count + 1, sizeof *facts->evidence_touched);
    if (facts->places == NULL || facts->said == NULL || facts->said_slots == NULL || facts->evidence == NULL
        || facts->evidence_touched == NULL) {
        tk_facts_free(facts);
        return tk_err_set(err, TK_ERR_MEMORY, "out of memory");
    }
    *out = facts;
    return TK_OK;
}

void tk_facts_free(tk_facts *facts)
{
    if (facts == NULL)
        return;
    free(facts->places);
    free(facts->said);
    free(facts->said_slots);
    free(facts->evidence);
    free(facts->evidence_touched);
    free(facts);
}

void tk_facts_clear(tk_facts *facts)
{
    for (size_t i = 1; i < facts->said_count; i++)
        facts->places[facts->said_slots[i]] = (fact_place){0};
    for (size_t i = 0; i < facts->evidence_touched_count; i++)
        facts->evidence[facts->evidence_touched[i]] = (fact_evidence){0};
    facts->said_count = 1;
    facts->evidence_touched_count = 0;
    facts->roles = 0;
    facts->has_override = false;
    facts->lookup = NULL;
    facts->lookup_ctx = NULL;
    facts->claims = NULL;
}

static void facts_say(tk_facts *facts, size_t slot, uint16_t *at, tk_value value)
{
    if (*at == 0) {
        *at = (uint16_t)facts->said_count++;
        facts->said_slots[*at] = (rb_id)slot;
    }
    facts->said[*at] = value;
}

void tk_facts_set(tk_facts *facts, size_t slot, tk_value value, tk_fact_origin origin)
{
    TK_ASSERT(slot < facts->book->facts_count);
    fact_place *place = &facts->places[slot];
    facts_say(facts, slot, origin == TK_FACT_SUPPLIED ? &place->supplied : &place->row, value);
    /* A term is on record too, in what it is computed from. */
    facts->has_override |=
        place->supplied != 0 && (facts_row(facts, (rb_id)slot) != NULL || facts->book->facts[slot].term != RB_NONE);
}

void tk_facts_presume(tk_facts *facts, size_t slot, tk_value presumed, tk_value bare)
{
    TK_ASSERT(slot < facts->book->facts_count);
    fact_place *place = &facts->places[slot];
    bool same = presumed.known == bare.known && presumed.as.words.in == bare.as.words.in
                && presumed.as.words.unsure == bare.as.words.unsure;
    if (same && place->row == 0)
        tk_facts_set(facts, slot, bare, TK_FACT_ROW); /* nothing is presumed */
    if (same)
        return;
    facts_say(facts, slot, &place->presumed, presumed);
    facts_say(facts, slot, &place->bare, bare);
}

void tk_facts_set_lookup(tk_facts *facts, tk_fact_lookup lookup, void *ctx)
{
    facts->lookup = lookup;
    facts->lookup_ctx = ctx;
}

void tk_facts_set_claims(tk_facts *facts, const tk_claims_source *source)
{
    facts->claims = source;
}

bool tk_facts_get(const tk_facts *facts, size_t slot, tk_value *out)
{
    TK_ASSERT(slot < facts->book->facts_count);
    const fact_place *place = &facts->places[slot];
    uint16_t at = place->supplied != 0 ? place->supplied : place->row;
    if (at == 0)
        return false;
    *out = facts->said[at];
    return true;
}

void tk_facts_name_role(tk_facts *facts, tk_str role)
{
    rb_id found = tk_rb_find_role(role);
    if (found != RB_NONE)
        facts->roles |= 1U << found;
}

void tk_facts_set_evidence(tk_facts *facts, size_t evidence, tk_evidence_state state, tk_date date)
{
    TK_ASSERT(evidence < facts->book->evidence_count);
    if (facts->evidence[evidence].state == 0)
        facts->evidence_touched[facts->evidence_touched_count++] = (rb_id)evidence;
    facts->evidence[evidence] = (fact_evidence){.state = (uint8_t)state, .date = date};
}
