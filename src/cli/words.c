/* SPDX-License-Identifier: Apache-2.0 */
/* words.c: a decision in one sentence, and what is still missing. The same words in text and in CSV. */

#include "cli/cli_int.h"

static const tk_key_decision *worst_key(const tk_decision *decision)
{
    for (size_t i = 0; i < decision->keys_count; i++)
        if (decision->keys[i].verdict == decision->verdict)
            return &decision->keys[i];
    return decision->keys_count != 0 ? &decision->keys[0] : NULL;
}

static const tk_answer *key_answer(const tk_key_decision *key, const char *question)
{
    for (size_t i = 0; i < key->answers_count; i++)
        if (tk_str_is(key->answers[i].question, question))
            return &key->answers[i];
    return NULL;
}

/* Does everything that the rule compares hold for sure? One that perhaps stands is no headline beside one that does. */
static bool reason_is_sure(const tk_reason *reason)
{
    for (size_t i = 0; i < reason->because_count; i++)
        if (reason->because[i].unknown)
            return false;
    return true;
}

/* Of the rules that decide, one that answers the key, and of these one that surely stands; then the first by name. */
static const tk_reason *deciding_reason(const tk_key_decision *key)
{
    const tk_reason *best = NULL;
    int best_rank = -1;
    for (size_t i = 0; i < key->reasons_count; i++) {
        const tk_reason *reason = &key->reasons[i];
        int rank = (tk_str_is(reason->question, "key") ? 2 : 0) + (reason_is_sure(reason) ? 1 : 0);
        if (!reason->decides || rank <= best_rank)
            continue;
        best = reason;
        best_rank = rank;
    }
    return best;
}

/* Where no rule gives an open key, one that took a licence away says why: non-enforcement, a compliance date. */
static const tk_reason *relieving_reason(const tk_key_decision *key)
{
    for (size_t i = 0; i < key->reasons_count; i++)
        if (tk_str_is(key->reasons[i].question, "key") && key->reasons[i].answer.len == 0)
            return &key->reasons[i];
    return NULL;
}

static size_t conditions_not_met(const tk_key_decision *key)
{
    size_t count = 0;
    for (size_t i = 0; i < key->conditions_count; i++)
        count += key->conditions[i].met == TK_MET_YES ? 0 : 1;
    return count;
}

/* Nothing but reports could tell: every missing fact is one that claims give. */
static bool only_reports_missing(const tk_rulebook *book, const tk_key_decision *key)
{
    for (size_t i = 0; i < key->missing.count; i++) {
        size_t slot = tk_rulebook_find_fact(book, key->missing.items[i], NULL);
        if (slot == SIZE_MAX || !tk_rulebook_fact(book, slot).from_claims)
            return false;
    }
    return key->if_reported.count != 0;
}

/* What is missing, at most three: first what one can say of an order, then what is a question of law. */
static tk_str reason_missing(tk_arena *arena, const tk_key_decision *key)
{
    enum { SHOWN = 3 };
    tk_str shown[SHOWN];
    size_t count = 0;
    for (int of_order = 1; of_order >= 0; of_order--)
        for (size_t i = 0; i < key->missing.count && count < SHOWN; i++)
            if ((cli_fact_flag(arena, key->missing.items[i]).len != 0) == (of_order != 0))
                shown[count++] = key->missing.items[i];
    return tk_arena_printf(arena, TK_FMT "%s", TK_ARG_STR(cli_joined(arena, shown, count, ", ")),
                           count < key->missing.count ? " and more" : "");
}

/* Reports that would change the key; by what is believed already they are told apart from those that are. */
static tk_str reason_reports(tk_arena *arena, const tk_key_decision *key, const tk_world_view *world)
{
    tk_str would = cli_joined(arena, key->if_reported.items, key->if_reported.count, ", ");
    if (world != NULL && world->claims_count != 0)
        return tk_arena_printf(arena, "What is believed does not decide, nor does a published act; %zu other report%s "
                                      "would change that (" TK_FMT ").",
                               key->if_reported.count, key->if_reported.count == 1 ? "" : "s", TK_ARG_STR(would));
    return tk_arena_printf(arena,
                           "No published act decides; %zu report%s would, and none of them is believed (" TK_FMT ").",
                           key->if_reported.count, key->if_reported.count == 1 ? "" : "s", TK_ARG_STR(would));
}

static tk_str reason_undetermined(tk_arena *arena, const tk_rulebook *book, const tk_key_decision *key,
                                  const tk_world_view *world)
{
    const tk_answer *answer = key_answer(key, "key");
    size_t possible_count = answer == NULL ? 0 : answer->possible_count;
    if (only_reports_missing(book, key))
        return reason_reports(arena, key, world);
    tk_str possible = answer == NULL ? TK_STR("") : cli_joined(arena, answer->possible, possible_count, " or ");
    if (key->missing.count != 0) {
        /* One answer alone, and still undetermined: what is unknown is whether the regime is touched. */
        const char *whether = possible_count == 1 ? ", if these rules apply at all," : (possible_count == 0 ? "" : ",");
        return tk_arena_printf(arena, TK_FMT "%s%s " TK_FMT ".", TK_ARG_STR(possible), whether,
                               possible_count == 0 ? "Depending on" : " depending on",
                               TK_ARG_STR(reason_missing(arena, key)));
    }
    if (key->not_modelled.count != 0)
        return tk_arena_printf(arena, TK_FMT "%s" TK_FMT ".", TK_ARG_STR(possible), 1 < possible_count ? ": " : "",
                               TK_ARG_STR(key->not_modelled.items[0]));
    if (key->if_reported.count != 0)
        return reason_reports(arena, key, world);
    if (possible_count == 3)
        return TK_STR("No published act decides, and no report on record would.");
    return 1 < possible_count ? tk_arena_printf(arena, "It may be " TK_FMT ".", TK_ARG_STR(possible))
                              : TK_STR("Nothing that was published decides this.");
}

/* The question in which rules disagree: the key may only have inherited it from another. */
static tk_str conflict_question(const tk_key_decision *key)
{
    for (size_t i = 0; i < key->answers_count; i++)
        if (tk_str_is(key->answers[i].answer, "conflict") && !tk_str_is(key->answers[i].question, "key"))
            return key->answers[i].question;
    return TK_STR("key");
}

static tk_str reason_conflict(tk_arena *arena, const tk_key_decision *key)
{
    tk_str question = conflict_question(key);
    tk_str text = TK_STR("Rules that stand give different answers:");
    size_t named = 0;
    for (size_t i = 0; i < key->reasons_count; i++) {
        const tk_reason *reason = &key->reasons[i];
        if (!tk_str_eq(reason->question, question))
            continue;
        text = tk_arena_printf(arena, TK_FMT "%s " TK_FMT, TK_ARG_STR(text), named++ == 0 ? "" : ",",
                               TK_ARG_STR(reason->rule));
        if (reason->answer.len != 0)
            text = tk_arena_printf(arena, TK_FMT " (" TK_FMT ")", TK_ARG_STR(text), TK_ARG_STR(reason->answer));
    }
    return tk_arena_printf(arena, TK_FMT ".", TK_ARG_STR(text));
}

static tk_str reason_of_key(tk_arena *arena, const tk_rulebook *book, const tk_key_decision *key,
                            const tk_world_view *world)
{
    if (key->verdict == TK_VERDICT_UNDETERMINED)
        return reason_undetermined(arena, book, key, world);
    const tk_reason *reason = deciding_reason(key);
    if (reason == NULL)
        reason = relieving_reason(key);
    for (size_t i = 0; i < key->conditions_count; i++)
        if (key->verdict == TK_VERDICT_CLOSED && key->conditions[i].met == TK_MET_FAILED)
            return tk_arena_printf(arena, "Refused: " TK_FMT ".", TK_ARG_STR(key->conditions[i].says));
    if (key->verdict == TK_VERDICT_CONFLICT)
        return reason_conflict(arena, key);
    if (reason != NULL && reason->says.len != 0)
        return reason->says;
    if (reason != NULL)
        return tk_arena_printf(arena, "Rule " TK_FMT ".", TK_ARG_STR(reason->rule));
    if (conditions_not_met(key) != 0)
        return TK_STR("No rule asks for an authorisation; conditions are open.");
    return TK_STR("No rule asks for an authorisation.");
}

/* A day before or behind the span that a regime covers; "" on any other. */
static tk_str reason_not_covered(tk_arena *arena, const tk_rulebook *book, const tk_key_decision *key, tk_date as_of)
{
    char day[TK_DATE_TEXT_MAX];
    for (size_t i = 0; i < tk_rulebook_regime_count(book); i++) {
        tk_regime_info regime = tk_rulebook_regime(book, i);
        if (!tk_str_eq(regime.id, key->regime) || (regime.covers_from <= as_of && as_of <= regime.covers_to))
            continue;
        bool before = as_of < regime.covers_from;
        size_t len = tk_date_format(before ? regime.covers_from : regime.covers_to, day);
        return tk_arena_printf(arena, "The rules written down cover days %s " TK_FMT " only.",
                               before ? "from" : "up to", (int)len, day);
    }
    return TK_STR("");
}

tk_str cli_reason(tk_arena *arena, const tk_rulebook *book, const tk_desk_result *result)
{
    const tk_decision *decision = result->decision;
    const tk_key_decision *key = worst_key(decision);
    if (!decision->touched || key == NULL)
        return TK_STR("Outside every modelled regime.");
    tk_str reason = reason_not_covered(arena, book, key, result->as_of);
    if (reason.len == 0)
        reason = reason_of_key(arena, book, key, result->world);
    return tk_arena_printf(arena, TK_FMT ": " TK_FMT, TK_ARG_STR(key->regime), TK_ARG_STR(reason));
}

/* Sorted, each once. */
static tk_str words_joined(tk_arena *arena, tk_str *items, size_t count, const char *between)
{
    return cli_joined(arena, items, tk_str_unique(items, count), between);
}

/* A place as typed, "us" or "China": a code is shown as codes are written, a name as it is. */
tk_str cli_place(tk_arena *arena, tk_str text)
{
    tk_str trimmed = tk_str_trim(text);
    if (trimmed.len != 2)
        return trimmed;
    char code[2];
    for (size_t i = 0; i < 2; i++) {
        char c = trimmed.ptr[i];
        code[i] = 'a' <= c && c <= 'z' ? (char)(c - ('a' - 'A')) : c;
    }
    return tk_arena_copy(arena, (tk_str){code, 2});
}

/* What one types to say a fact: its flag, or the column of a file. Empty for a fact that only --fact says. */
tk_str cli_fact_flag(tk_arena *arena, tk_str fact)
{
    for (tk_column column = 0; column < TK_COLUMN_COUNT; column++)
        if (tk_str_eq(tk_column_fact(column), fact))
            return tk_arena_printf(arena, "--%s", cli_order_flag(column));
    return TK_STR("");
}

static tk_str words_column(tk_str fact)
{
    for (tk_column column = 0; column < TK_COLUMN_COUNT; column++)
        if (tk_str_eq(tk_column_fact(column), fact))
            return tk_column_name(column);
    return fact;
}

tk_str cli_missing_columns(tk_arena *arena, const tk_decision *decision)
{
    size_t count = 0, at = 0;
    for (size_t i = 0; i < decision->keys_count; i++)
        count += decision->keys[i].missing.count;
    tk_str *items = TK_ARENA_ARRAY(arena, tk_str, count);
    for (size_t i = 0; items != NULL && i < decision->keys_count; i++)
        for (size_t j = 0; j < decision->keys[i].missing.count; j++)
            items[at++] = words_column(decision->keys[i].missing.items[j]);
    return items == NULL ? TK_STR("") : words_joined(arena, items, at, ", ");
}

tk_str cli_missing(tk_arena *arena, const tk_decision *decision, const char *between)
{
    size_t count = 0;
    for (size_t i = 0; i < decision->keys_count; i++)
        count += decision->keys[i].missing.count;
    tk_str *items = TK_ARENA_ARRAY(arena, tk_str, count);
    if (items == NULL)
        return TK_STR("");
    size_t at = 0;
    for (size_t i = 0; i < decision->keys_count; i++)
        for (size_t j = 0; j < decision->keys[i].missing.count; j++)
            items[at++] = decision->keys[i].missing.items[j];
    return words_joined(arena, items, at, between);
}

tk_str cli_conditions_open(tk_arena *arena, const tk_decision *decision, const char *between)
{
    size_t count = 0;
    for (size_t i = 0; i < decision->keys_count; i++)
        count += conditions_not_met(&decision->keys[i]);
    tk_str *items = TK_ARENA_ARRAY(arena, tk_str, count);
    if (items == NULL)
        return TK_STR("");
    size_t at = 0;
    for (size_t i = 0; i < decision->keys_count; i++)
        for (size_t j = 0; j < decision->keys[i].conditions_count; j++)
            if (decision->keys[i].conditions[j].met != TK_MET_YES)
                items[at++] = decision->keys[i].conditions[j].name;
    return words_joined(arena, items, at, between);
}
