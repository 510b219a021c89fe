/* SPDX-License-Identifier: Apache-2.0 */
/* unknown.c: what the tables know nothing of in a claim that is well formed.
 *
 * Such a claim is kept, and may say nothing to any rule: a misspelt predicate is its own words, and "Bytedence" is no
 * buyer, so that an approval of it is an approval of nobody. Whoever imports it is told, with the nearest word that the
 * tables do know. Claims that are words or figures alone name whom they like: only of what a rule might hear are the
 * names looked at.
 */
#include "base/text.h"
#include "claims/claims_int.h"

enum { UNKNOWN_SHOWN = 60 };

static tk_str unknown_hint(tk_arena *arena, tk_str nearest)
{
    return nearest.ptr == NULL ? TK_STR("")
                               : tk_arena_printf(arena, "; did you mean '" TK_FMT "'?", TK_ARG_STR(nearest));
}

static void unknown_predicate(const tk_claims *claims, tk_arena *arena, tk_str predicate, bool hints,
                              claims_faults *faults)
{
    tk_nearest near = tk_nearest_make(predicate);
    for (size_t i = 0; hints && i < claims->tables.predicates_count; i++)
        tk_nearest_offer(&near, claims->tables.predicates[i].predicate);
    claims_faults_add(faults, TK_CLAIM_PREDICATE,
                      tk_arena_printf(arena, "'" TK_FMT "' is in no table and says nothing to any rule" TK_FMT,
                                      TK_ARG_STR(tk_text_prefix(predicate, UNKNOWN_SHOWN)),
                                      TK_ARG_STR(unknown_hint(arena, near.best))));
}

static tk_nearest unknown_nearest(const tk_claims *claims, tk_str text)
{
    tk_nearest near = tk_nearest_make(text);
    for (size_t i = 0; i < claims->tables.names_count; i++)
        tk_nearest_offer(&near, claims->tables.names[i].name);
    return near;
}

/* `nearly`: only what is nearly a name. An object is often none at all ("purchases"), and so is what stands beside a
 * predicate that no rule, or only now and then one, hears. */
static void unknown_name(const tk_claims *claims, tk_arena *arena, tk_claim_column column, tk_str text, bool nearly,
                         bool hints, claims_faults *faults)
{
    if (text.len == 0 || claims_names_any(&claims->tables, text))
        return;
    tk_nearest near = hints ? unknown_nearest(claims, text) : tk_nearest_make(text);
    if (nearly && (near.best.ptr == NULL || text.len < (size_t)near.distance * 4))
        return;
    claims_faults_add(faults, column,
                      tk_arena_printf(arena, "'" TK_FMT "' names nothing that the tables know" TK_FMT,
                                      TK_ARG_STR(tk_text_prefix(text, UNKNOWN_SHOWN)),
                                      TK_ARG_STR(unknown_hint(arena, near.best))));
}

/* Has it a rule that takes any claim, so that nothing but a name can be what is missing? */
static bool speaks_always(const claims_tables *tables, const claims_predicate *predicate)
{
    for (size_t i = 0; i < predicate->rules_count; i++) {
        const claims_rule *rule = &tables->rules[predicate->rules + i];
        if (rule->about != TK_ABOUT_TEXT && rule->kind != TK_KIND_MEASURE && rule->unit.len + rule->words.len == 0)
            return true;
    }
    return false;
}

static tk_status unknown_silence(const tk_claims *claims, tk_arena *arena, const tk_str *cells, claims_faults *faults,
                                 tk_err *err)
{
    tk_claim_statement *said;
    size_t count;
    tk_status status = claims_statements(claims, arena, cells, &said, &count, err);
    if (status != TK_OK || count != 1 || said[0].kind != TK_KIND_WORDS)
        return status;
    claims_faults_add(faults, TK_CLAIM_PREDICATE,
                      tk_arena_printf(arena,
                                      "'" TK_FMT "' says nothing to any rule here: neither subject nor object names a "
                                      "product or buyer that it could be about",
                                      TK_ARG_STR(cells[TK_CLAIM_PREDICATE])));
    return TK_OK;
}

tk_status claims_row_unknown(const tk_claims *claims, tk_arena *arena, const tk_str *cells, bool hints,
                             claims_faults *faults, tk_err *err)
{
    static const tk_claim_column named[] = {TK_CLAIM_ACTOR, TK_CLAIM_SUBJECT, TK_CLAIM_OBJECT};
    const claims_predicate *predicate = claims_tables_predicate(&claims->tables, cells[TK_CLAIM_PREDICATE]);
    if (predicate == NULL)
        unknown_predicate(claims, arena, cells[TK_CLAIM_PREDICATE], hints, faults);
    else if (!claims_predicate_speaks(&claims->tables, predicate))
        return TK_OK;
    bool always = predicate != NULL && speaks_always(&claims->tables, predicate);
    for (size_t i = 0; i < TK_COUNT(named); i++)
        unknown_name(claims, arena, named[i], cells[named[i]], !always || named[i] == TK_CLAIM_OBJECT, hints, faults);
    return always ? unknown_silence(claims, arena, cells, faults, err) : TK_OK;
}
