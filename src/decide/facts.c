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
    facts->cells = calloc(book->facts_count + 1, sizeof *facts->cells);
    facts->touched = calloc(book->facts_count + 1, sizeof *facts->touched);
    facts->evidence = calloc(book->evidence_count + 1, sizeof *facts->evidence);
    facts->evidence_touched = calloc(book->evidence_count + 1, sizeof *facts->evidence_touched);
    if (facts->cells == NULL || facts->touched == NULL || facts->evidence == NULL || facts->evidence_touched == NULL) {
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
    free(facts->cells);
    free(facts->touched);
    free(facts->evidence);
    free(facts->evidence_touched);
    free(facts);
}

void tk_facts_clear(tk_facts *facts)
{
    for (size_t i = 0; i < facts->touched_count; i++)
        facts->cells[facts->touched[i]] = (fact_cell){0};
    for (size_t i = 0; i < facts->evidence_touched_count; i++)
        facts->evidence[facts->evidence_touched[i]] = (fact_evidence){0};
    facts->touched_count = 0;
    facts->evidence_touched_count = 0;
    facts->roles = 0;
    facts->has_override = false;
    facts->lookup = NULL;
    facts->lookup_ctx = NULL;
}

void tk_facts_set(tk_facts *facts, size_t slot, tk_value value, tk_fact_origin origin)
{
    TK_ASSERT(slot < facts->book->facts_count);
    fact_cell *cell = &facts->cells[slot];
    if (!cell->listed) {
        facts->touched[facts->touched_count++] = (rb_id)slot;
        cell->listed = 1;
    }
    if (origin == TK_FACT_SUPPLIED) {
        cell->supplied = value;
        cell->has_supplied = 1;
    } else {
        cell->row = value;
        cell->has_row = value.known != TK_UNKNOWN; /* a record that says nothing leaves room for a presumption */
    }
    /* A term is on record too, in what it is computed from. */
    facts->has_override |= cell->has_supplied && (cell->has_row || facts->book->facts[slot].term != RB_NONE);
}

void tk_facts_set_lookup(tk_facts *facts, tk_fact_lookup lookup, void *ctx)
{
    facts->lookup = lookup;
    facts->lookup_ctx = ctx;
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
