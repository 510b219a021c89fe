/* SPDX-License-Identifier: Apache-2.0 */
/* info.c: what a compiled rulebook declares, for callers. */
#include "base/str.h"
#include "rulebook/model.h"

tk_str tk_rulebook_hash(const tk_rulebook *book)
{
    return tk_str_from(book->hash);
}

tk_date tk_rulebook_known_at(const tk_rulebook *book)
{
    return book->known_at;
}

size_t tk_rulebook_regime_count(const tk_rulebook *book)
{
    return book->regimes_count;
}

tk_regime_info tk_rulebook_regime(const tk_rulebook *book, size_t index)
{
    const rb_regime *r = &book->regimes[index];
    return (tk_regime_info){.id = r->id,
                            .title = r->title,
                            .covers_from = r->covers_from,
                            .covers_to = r->covers_to,
                            .read_to = r->read_to};
}

size_t tk_rulebook_fact_count(const tk_rulebook *book)
{
    return book->facts_count;
}

tk_fact_info tk_rulebook_fact(const tk_rulebook *book, size_t slot)
{
    const rb_fact *f = &book->facts[slot];
    return (tk_fact_info){.name = f->name,
                          .type = f->type,
                          .unit = tk_rb_unit_name(f->unit),
                          .asks = f->asks,
                          .words = f->words,
                          .words_count = f->words_count,
                          .presumed = f->presume != RB_PRESUME_NO,
                          .from_claims = f->from_claims,
                          .holds = f->holds,
                          .is_term = f->term != RB_NONE};
}

size_t tk_rulebook_find_fact(const tk_rulebook *book, tk_str name, tk_str *nearest)
{
    size_t low = 0, high = book->facts_count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        int order = tk_str_cmp(book->facts[middle].name, name);
        if (order == 0)
            return middle;
        if (order < 0)
            low = middle + 1;
        else
            high = middle;
    }
    if (nearest != NULL) {
        tk_nearest best = tk_nearest_make(name);
        for (size_t i = 0; i < book->facts_count; i++)
            tk_nearest_offer(&best, book->facts[i].name);
        *nearest = best.best;
    }
    return SIZE_MAX;
}

size_t tk_rulebook_place_count(const tk_rulebook *book)
{
    return book->places_count;
}

tk_str tk_rulebook_place(const tk_rulebook *book, uint32_t place)
{
    return book->places[place];
}

bool tk_rulebook_place_in(const tk_rulebook *book, uint32_t place, tk_str group, tk_date as_of, tk_date known_at)
{
    for (rb_id i = 0; i < book->groups_count; i++) {
        if (!tk_str_eq(book->groups[i].name, group))
            continue;
        rb_member member = {0};
        tk_date newest = TK_DATE_MIN;
        bool found = false;
        for (uint32_t r = book->groups[i].first[place]; r < book->groups[i].first[place + 1]; r++) {
            const rb_group_row *row = &book->groups[i].rows[r];
            if (known_at < row->published || as_of < row->from || row->to < as_of || (found && row->published < newest))
                continue;
            found = true;
            newest = row->published;
            member.in = row->in;
        }
        return member.in;
    }
    for (size_t i = 0; i < book->named_sets_count; i++) {
        const struct rb_named_set *named = &book->named_sets[i];
        bool same = named->regime.len == 0
                        ? tk_str_eq(named->name, group)
                        : group.len == named->regime.len + 1 + named->name.len && tk_str_starts(group, named->regime)
                              && group.ptr[named->regime.len] == '.' && tk_str_ends(group, named->name);
        if (same)
            return tk_rb_set_has_place(book, named->set, place, as_of, known_at).in;
    }
    return false;
}

size_t tk_rulebook_evidence_count(const tk_rulebook *book)
{
    return book->evidence_count;
}

tk_str tk_rulebook_evidence(const tk_rulebook *book, size_t index)
{
    return book->evidence[index].name;
}

tk_str tk_rulebook_evidence_says(const tk_rulebook *book, size_t index)
{
    tk_str says = book->evidence[index].says;
    return says.ptr != NULL ? says : TK_STR("");
}

size_t tk_rulebook_find_evidence(const tk_rulebook *book, tk_str name, tk_str *nearest)
{
    size_t low = 0, high = book->evidence_count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        int order = tk_str_cmp(book->evidence[middle].name, name);
        if (order == 0)
            return middle;
        if (order < 0)
            low = middle + 1;
        else
            high = middle;
    }
    if (nearest != NULL) {
        tk_nearest best = tk_nearest_make(name);
        for (size_t i = 0; i < book->evidence_count; i++)
            tk_nearest_offer(&best, book->evidence[i].name);
        *nearest = best.best;
    }
    return SIZE_MAX;
}

size_t tk_rulebook_claim_count(const tk_rulebook *book)
{
    return book->claims_count;
}

size_t tk_rulebook_claims_end(const tk_rulebook *book)
{
    return (book->claims_count + 63) / 64 * 64;
}

tk_str tk_rulebook_claim(const tk_rulebook *book, size_t index)
{
    return book->claims[index].id;
}

bool tk_rulebook_claim_named(const tk_rulebook *book, size_t index)
{
    return book->claims[index].regimes != 0;
}

tk_date tk_rulebook_claim_published(const tk_rulebook *book, size_t index)
{
    return book->claims[index].published;
}

size_t tk_rulebook_find_claim(const tk_rulebook *book, tk_str id, tk_str *nearest)
{
    size_t low = 0, high = book->claims_count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        int order = tk_str_cmp(book->claims[middle].id, id);
        if (order == 0)
            return middle;
        if (order < 0)
            low = middle + 1;
        else
            high = middle;
    }
    if (nearest != NULL) {
        tk_nearest best = tk_nearest_make(id);
        for (size_t i = 0; i < book->claims_count; i++)
            tk_nearest_offer(&best, book->claims[i].id);
        *nearest = best.best;
    }
    return SIZE_MAX;
}

size_t tk_rulebook_rule_count(const tk_rulebook *book)
{
    return book->rules_count;
}

tk_rule_info tk_rulebook_rule(const tk_rulebook *book, size_t index)
{
    const rb_rule *r = &book->rules[index];
    const rb_question *q = r->question == RB_NONE ? NULL : &book->questions[r->question];
    return (tk_rule_info){.regime = book->regimes[r->regime].id,
                          .name = r->name,
                          .title = r->title.ptr != NULL ? r->title : TK_STR(""),
                          .kind = r->act.kind,
                          .question = q != NULL && 0 <= r->answer ? q->name : TK_STR(""),
                          .answer = q != NULL && 0 <= r->answer ? q->answers[r->answer] : TK_STR(""),
                          .cites = r->act.cites,
                          .cites_count = r->act.cites_count,
                          .published = r->act.published,
                          .text = r->text,
                          .file = book->files[r->pos.file].name,
                          .line = r->pos.line,
                          .last_line = r->last_line,
                          .always = r->when == RB_NONE,
                          .spans = r->act.spans,
                          .spans_count = r->act.spans_count,
                          .targets = r->targets,
                          .targets_count = r->targets_count,
                          .exceptions = r->exceptions,
                          .exceptions_count = r->exceptions_count,
                          .replaced_by = r->replaced_by,
                          .replaced_by_count = r->replaced_by_count};
}

bool tk_rulebook_rule_requires(const tk_rulebook *book, size_t index, size_t evidence)
{
    const rb_rule *r = &book->rules[index];
    for (size_t i = 0; i < r->requires_count; i++)
        if (r->requires[i].evidence == evidence)
            return true;
    return false;
}

size_t tk_rulebook_declared_count(const tk_rulebook *book)
{
    return book->declared_count;
}

tk_declared tk_rulebook_declared(const tk_rulebook *book, size_t index)
{
    return book->declared[index];
}
