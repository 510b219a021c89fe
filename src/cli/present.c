/* SPDX-License-Identifier: Apache-2.0 */
/* present.c: one decision on a page of 80 columns. */
#include "cli/present.h"

#include <string.h>

enum { INDENT = 2, LABEL = 15, TEXT_AT = INDENT + LABEL };

void cli_present_line(cli_page *page, const char *name, tk_str text)
{
    cli_puts(page, CLI_PLAIN, "  ");
    cli_put_column(page, CLI_DIM, tk_str_from(name), LABEL);
    cli_put_wrapped(page, CLI_PLAIN, text, TEXT_AT, TEXT_AT);
}

static tk_str shown_cell(const tk_transaction *order, tk_column column)
{
    tk_str cell = tk_str_trim(order->cells[column]);
    return cell;
}

static tk_str head_what(cli_page *page, const tk_transaction *order, const tk_desk_result *result)
{
    tk_arena *arena = &page->scratch;
    tk_str item = result->item.len != 0 ? result->item : TK_STR("an item given by its figures");
    tk_str quantity = cli_grouped(arena, shown_cell(order, TK_COLUMN_QUANTITY));
    tk_str from = cli_place(arena, order->cells[TK_COLUMN_FROM]), to = cli_place(arena, order->cells[TK_COLUMN_TO]);
    tk_str text = quantity.len == 0
                      ? item
                      : tk_arena_printf(arena, TK_FMT " x " TK_FMT, TK_ARG_STR(quantity), TK_ARG_STR(item));
    if (from.len != 0)
        text = tk_arena_printf(arena, TK_FMT ", from " TK_FMT, TK_ARG_STR(text), TK_ARG_STR(from));
    if (to.len != 0)
        text = tk_arena_printf(arena, TK_FMT "%s to " TK_FMT, TK_ARG_STR(text), from.len == 0 ? "," : "",
                               TK_ARG_STR(to));
    tk_str user = shown_cell(order, TK_COLUMN_END_USER);
    if (user.len != 0)
        text = tk_arena_printf(arena, TK_FMT ", for " TK_FMT, TK_ARG_STR(text), TK_ARG_STR(user));
    return text;
}

/* Those of the question that are known on the day, or that are not. */
static tk_str believing_list(tk_arena *arena, const tk_rulebook *book, const tk_ask *ask, tk_date known_at, bool known,
                             size_t *count)
{
    tk_str *names = TK_ARENA_ARRAY(arena, tk_str, ask->claims_count);
    *count = 0;
    for (size_t i = 0; names != NULL && i < ask->claims_count; i++)
        if ((tk_rulebook_claim_published(book, ask->claims[i]) <= known_at) == known)
            names[(*count)++] = tk_rulebook_claim(book, ask->claims[i]);
    return names == NULL ? TK_STR("") : cli_joined(arena, names, *count, ", ");
}

bool cli_is_opposed(const tk_rulebook *book, const cli_question *question, tk_date known_at)
{
    return question->opposed && tk_rulebook_claim_published(book, question->opposed_claims[0]) <= known_at
           && tk_rulebook_claim_published(book, question->opposed_claims[1]) <= known_at;
}

tk_str cli_believing(tk_arena *arena, const tk_rulebook *book, const cli_question *question, tk_date known_at)
{
    const tk_ask *ask = &question->ask;
    size_t known, unknown;
    tk_str believed = believing_list(arena, book, ask, known_at, true, &known);
    tk_str not_yet = believing_list(arena, book, ask, known_at, false, &unknown);
    tk_str text = known == 0 ? TK_STR("") : tk_arena_printf(arena, ", believing " TK_FMT, TK_ARG_STR(believed));
    if (cli_is_opposed(book, question, known_at)) {
        tk_str a = tk_rulebook_claim(book, question->opposed_claims[0]);
        tk_str b = tk_rulebook_claim(book, question->opposed_claims[1]);
        text = tk_arena_printf(arena, TK_FMT ", which contradict each other: " TK_FMT " and " TK_FMT
                                             " cannot both be true",
                               TK_ARG_STR(text), TK_ARG_STR(a), TK_ARG_STR(b));
    }
    if (unknown == 0)
        return text;
    return tk_arena_printf(arena, TK_FMT "; " TK_FMT " %s not known then, and not believed", TK_ARG_STR(text),
                           TK_ARG_STR(not_yet), unknown == 1 ? "is" : "are");
}

void cli_present_head(cli_page *page, const tk_rulebook *book, const tk_transaction *order,
                      const cli_question *question, const tk_desk_result *result)
{
    const tk_ask *ask = &question->ask;
    tk_arena *arena = &page->scratch;
    char as_of[TK_DATE_TEXT_MAX], known_at[TK_DATE_TEXT_MAX];
    (void)tk_date_format(result->as_of, as_of);
    (void)tk_date_format(result->known_at, known_at);
    tk_str what = head_what(page, order, result);
    cli_put_wrapped(page, CLI_BOLD,
                    result->id.len == 0 ? what
                                        : tk_arena_printf(arena, TK_FMT ": " TK_FMT, TK_ARG_STR(result->id),
                                                          TK_ARG_STR(what)),
                    0, INDENT);
    tk_str when = tk_arena_printf(arena, "as of %s, known at %s, law %s, world " TK_FMT ", claims 1 to %lld", as_of,
                                  known_at, ask->law == TK_LAW_TEXT ? "text" : "enforced",
                                  TK_ARG_STR(result->world->name), (long long)result->world->recorded);
    when = tk_arena_printf(arena, TK_FMT TK_FMT, TK_ARG_STR(when),
                           TK_ARG_STR(cli_believing(arena, book, question, result->known_at)));
    cli_put_wrapped(page, CLI_DIM, when, 0, INDENT);
    tk_out_char(page->out, '\n');
    cli_put(page, result->touched ? cli_verdict_paint(result->verdict) : CLI_MAGENTA,
            tk_verdict_overall_name(result->verdict));
    cli_puts(page, CLI_PLAIN, "  ");
    size_t at = tk_verdict_overall_name(result->verdict).len + 2;
    cli_put_wrapped(page, CLI_PLAIN, cli_reason(arena, book, result), at, INDENT);
}

/* The members of a set as the rulebook writes them: "set hq-area = D:5 or MO" says "D:5 or MO". Empty for a set of
 * dated rows, which are too many for a line. */
static tk_str because_members(const tk_rulebook *book, tk_str regime, tk_str name)
{
    for (size_t i = 0; i < tk_rulebook_declared_count(book); i++) {
        tk_declared declared = tk_rulebook_declared(book, i);
        if (declared.kind != TK_DECLARED_SET || !tk_str_eq(declared.name, name)
            || (declared.regime.len != 0 && !tk_str_eq(declared.regime, regime)))
            continue;
        tk_str rest = declared.text, line, head;
        bool has_members = tk_str_split(&rest, '\n', &line) && rest.len == 0 && tk_str_split(&line, '=', &head)
                           && line.ptr != NULL;
        return has_members ? tk_str_trim(line) : TK_STR("");
    }
    return TK_STR("");
}

/* "in hq-area" is a name out of the rulebook; the reader of a decision is shown what it stands for. */
static tk_str because_test(cli_page *page, const tk_rulebook *book, tk_str regime, tk_str test)
{
    const tk_str in = TK_STR("in ");
    if (!tk_str_starts(test, in))
        return test;
    tk_str members = because_members(book, regime, (tk_str){test.ptr + in.len, test.len - in.len});
    return members.len == 0 ? test : tk_arena_printf(&page->scratch, "in " TK_FMT, TK_ARG_STR(members));
}

void cli_present_because(cli_page *page, const tk_rulebook *book, tk_str regime, const tk_because *because,
                         size_t indent)
{
    tk_arena *arena = &page->scratch;
    for (size_t i = 0; i < indent; i++)
        tk_out_char(page->out, ' ');
    cli_puts(page, because->unknown ? CLI_MAGENTA : (because->holds ? CLI_GREEN : CLI_RED),
             because->unknown ? "? " : (because->holds ? "+ " : "- "));
    tk_str value = tk_str_is(because->value, "?") ? TK_STR("unknown") : cli_grouped(arena, because->value);
    tk_str text = tk_arena_printf(arena, TK_FMT " = " TK_FMT ", asked " TK_FMT, TK_ARG_STR(because->fact),
                                  TK_ARG_STR(value), TK_ARG_STR(because_test(page, book, regime, because->test)));
    if (because->margin.len != 0) {
        tk_str margin = cli_grouped(arena, because->margin);
        text = tk_arena_printf(arena, TK_FMT " (margin " TK_FMT ")", TK_ARG_STR(text), TK_ARG_STR(margin));
    }
    cli_put_wrapped(page, CLI_PLAIN, text, indent + 2, indent + 4);
}

static void key_answers(cli_page *page, const tk_key_decision *key)
{
    tk_arena *arena = &page->scratch;
    for (size_t i = 0; i < key->answers_count; i++) {
        const tk_answer *answer = &key->answers[i];
        if (tk_str_is(answer->answer, "none") && answer->possible_count < 2)
            continue;
        tk_str text = answer->answer;
        if (1 < answer->possible_count)
            text = tk_arena_printf(arena, TK_FMT ": " TK_FMT, TK_ARG_STR(answer->answer),
                                   TK_ARG_STR(cli_joined(arena, answer->possible, answer->possible_count, " or ")));
        else if (tk_str_is(answer->answer, "undetermined"))
            continue; /* not asked */
        cli_put(page, CLI_PLAIN, TK_STR("  "));
        size_t width = tk_text_width(answer->question) + 1;
        cli_put_column(page, CLI_DIM, answer->question, width < LABEL ? LABEL : width);
        cli_put_wrapped(page, CLI_PLAIN, text, width < LABEL ? TEXT_AT : INDENT + width, TEXT_AT);
    }
}

static const char *kind_note(tk_rule_kind kind)
{
    switch (kind) {
    case TK_RULE_PRACTICE:
        return " (practice)";
    case TK_RULE_REPORTED:
        return " (reported)";
    case TK_RULE_LAW:
        break;
    }
    return "";
}

static void key_reasons(cli_page *page, const tk_rulebook *book, const tk_key_decision *key)
{
    tk_arena *arena = &page->scratch;
    for (size_t i = 0; i < key->reasons_count; i++) {
        const tk_reason *reason = &key->reasons[i];
        /* Also what took another answer away: an exception without an answer is why the key is open. */
        if (!reason->decides && !tk_str_is(reason->question, "key"))
            continue;
        tk_str says = tk_arena_printf(arena, TK_FMT "%s: " TK_FMT, TK_ARG_STR(reason->rule), kind_note(reason->kind),
                                      TK_ARG_STR(reason->says));
        cli_present_line(page, "because", says);
        for (size_t j = 0; j < reason->because_count; j++)
            cli_present_because(page, book, key->regime, &reason->because[j], TEXT_AT);
        for (size_t j = 0; j < reason->cites_count; j++) {
            cli_put_column(page, CLI_PLAIN, TK_STR(""), TEXT_AT);
            cli_put_wrapped(page, CLI_DIM, reason->cites[j], TEXT_AT, TEXT_AT + 2);
        }
    }
}

static void key_conditions(cli_page *page, const tk_key_decision *key)
{
    tk_arena *arena = &page->scratch;
    for (size_t i = 0; i < key->conditions_count; i++) {
        const tk_condition *condition = &key->conditions[i];
        cli_puts(page, CLI_PLAIN, "  ");
        cli_put_column(page, CLI_DIM, i == 0 ? TK_STR("conditions") : TK_STR(""), LABEL);
        switch (condition->met) {
        case TK_MET_YES:
            cli_puts(page, CLI_GREEN, "[x] ");
            break;
        case TK_MET_FAILED:
            cli_puts(page, CLI_RED, "[!] ");
            break;
        case TK_MET_NO:
            cli_puts(page, CLI_YELLOW, "[ ] ");
            break;
        }
        tk_str text = tk_arena_printf(arena, TK_FMT ": " TK_FMT "%s" TK_FMT "%s", TK_ARG_STR(condition->name),
                                      TK_ARG_STR(condition->says), condition->stage.len == 0 ? "" : " (",
                                      TK_ARG_STR(condition->stage), condition->stage.len == 0 ? "" : ")");
        cli_put_wrapped(page, CLI_PLAIN, text, TEXT_AT + 4, TEXT_AT + 4);
    }
}

static const char *limit_stands(const tk_limit_use *limit)
{
    if (!limit->binds)
        return "only counts";
    switch (limit->met) {
    case TK_MET_YES:
        return "kept, as the evidence shows";
    case TK_MET_FAILED:
        return "binds, and is not kept";
    case TK_MET_NO:
        break;
    }
    return "binds";
}

/* What is kept whatever this adds is not held against an amount that nobody gave. */
static void key_limits(cli_page *page, const tk_key_decision *key)
{
    tk_arena *arena = &page->scratch;
    for (size_t i = 0; i < key->limits_count; i++) {
        const tk_limit_use *limit = &key->limits[i];
        bool unknown = tk_str_is(limit->amount, "?"), kept = limit->binds && limit->met == TK_MET_YES;
        tk_str amount = unknown ? TK_STR("an unknown amount") : cli_grouped(arena, limit->amount);
        tk_str adds = unknown && kept ? TK_STR("") : tk_arena_printf(arena, "adds " TK_FMT "; ", TK_ARG_STR(amount));
        cli_present_line(page, i == 0 ? "limits" : "",
                         tk_arena_printf(arena, TK_FMT ": " TK_FMT "%s", TK_ARG_STR(limit->name), TK_ARG_STR(adds),
                                         limit_stands(limit)));
    }
}

/* What has a flag of its own comes first; the rest is said by --fact. */
static void key_missing_add(tk_arena *arena, tk_str flag, tk_str name, tk_str *flags, tk_str *facts)
{
    if (flag.len != 0)
        *flags = tk_arena_printf(arena, TK_FMT "%s" TK_FMT, TK_ARG_STR(*flags), flags->len == 0 ? "" : ", ",
                                 TK_ARG_STR(flag));
    else
        *facts = tk_arena_printf(arena, "%s" TK_FMT "%s" TK_FMT, facts->len == 0 ? "--fact " : "", TK_ARG_STR(*facts),
                                 facts->len == 0 ? "" : ", ", TK_ARG_STR(name));
}

/* Missing facts of one key, as one would say them; an open point of law is put as its question. */
static void key_missing(cli_page *page, const tk_rulebook *book, const tk_key_decision *key)
{
    tk_arena *arena = &page->scratch;
    tk_str flags = TK_STR(""), facts = TK_STR("");
    for (size_t i = 0; i < key->missing.count; i++) {
        tk_str name = key->missing.items[i];
        size_t slot = tk_rulebook_find_fact(book, name, NULL);
        tk_fact_info fact = slot == SIZE_MAX ? (tk_fact_info){0} : tk_rulebook_fact(book, slot);
        tk_str asks = fact.asks;
        if (asks.len != 0 && !fact.from_claims)
            cli_present_line(page, "open point",
                             tk_arena_printf(arena, TK_FMT ": " TK_FMT, TK_ARG_STR(name), TK_ARG_STR(asks)));
        else
            key_missing_add(arena, cli_fact_flag(arena, name), name, &flags, &facts);
    }
    if (flags.len != 0 && facts.len != 0)
        flags = tk_arena_printf(arena, TK_FMT ", ", TK_ARG_STR(flags));
    if (flags.len != 0 || facts.len != 0)
        cli_present_line(page, "missing", tk_arena_printf(arena, TK_FMT TK_FMT, TK_ARG_STR(flags), TK_ARG_STR(facts)));
}

void cli_present_key(cli_page *page, const tk_rulebook *book, const tk_key_decision *key, tk_law law,
                     bool reasons)
{
    tk_arena *arena = &page->scratch;
    tk_out_char(page->out, '\n');
    cli_put(page, CLI_BOLD, key->regime);
    cli_puts(page, CLI_PLAIN, "  ");
    cli_put(page, cli_verdict_paint(key->verdict), tk_verdict_name(key->verdict));
    const char *basis = key->basis == TK_BASIS_LAW ? "law" : (key->basis == TK_BASIS_PRACTICE ? "practice" : "reports");
    cli_puts(page, CLI_DIM, "  on the basis of ");
    cli_puts(page, CLI_DIM, basis);
    tk_out_char(page->out, '\n');
    key_answers(page, key);
    if (reasons)
        key_reasons(page, book, key);
    key_conditions(page, key);
    key_limits(page, key);
    key_missing(page, book, key);
    if (key->presumed.count != 0)
        cli_present_line(page, "presumed", cli_joined(arena, key->presumed.items, key->presumed.count, ", "));
    for (size_t i = 0; i < key->not_modelled.count; i++)
        cli_present_line(page, i == 0 ? "not modelled" : "", key->not_modelled.items[i]);
    if (key->if_reported.count != 0)
        cli_present_line(page, "if reported", cli_joined(arena, key->if_reported.items, key->if_reported.count, ", "));
    if (key->law_differs)
        cli_present_line(page, "law differs",
                         tk_arena_printf(arena, "under --law %s this key is " TK_FMT,
                                         law == TK_LAW_TEXT ? "enforced" : "text",
                                         TK_ARG_STR(tk_verdict_name(key->other_law_verdict))));
}

/* --- worlds --- */

static tk_str bound_text(tk_arena *arena, const tk_world_bound *bound, bool open_ended)
{
    tk_str verdict = tk_verdict_name(bound->verdict);
    if (open_ended || bound->claims_count == 0)
        return verdict;
    return tk_arena_printf(arena, TK_FMT " (" TK_FMT ")", TK_ARG_STR(verdict),
                           TK_ARG_STR(cli_joined(arena, bound->claims, bound->claims_count, ", ")));
}

static tk_str verdict_text(tk_verdict verdict)
{
    return verdict == TK_VERDICT_COUNT ? TK_STR("not asked for") : tk_verdict_name(verdict);
}

tk_str cli_range_text(tk_arena *arena, const tk_world_range *range, bool opposed)
{
    bool always = range->law != TK_VERDICT_COUNT && range->prevailing.verdict != TK_VERDICT_COUNT;
    tk_str law = verdict_text(range->law), prevailing = verdict_text(range->prevailing.verdict);
    if (always && !range->bound && range->worst.verdict == range->best.verdict)
        return tk_arena_printf(arena, TK_FMT " whatever is believed%s", TK_ARG_STR(law),
                               opposed ? " that can be true together" : "");
    return tk_arena_printf(arena,
                           "law: " TK_FMT "; prevailing: " TK_FMT "; anything from " TK_FMT " to " TK_FMT "%s%s",
                           TK_ARG_STR(law), TK_ARG_STR(prevailing),
                           TK_ARG_STR(bound_text(arena, &range->worst, range->bound)),
                           TK_ARG_STR(bound_text(arena, &range->best, range->bound)),
                           range->bound ? " (bound: too many claims to try)" : "",
                           opposed ? " under claims that can be true together" : "");
}

void cli_present_world(cli_page *page, const tk_world_view *world, bool opposed)
{
    tk_arena *arena = &page->scratch;
    if (world->facts_count + world->ranges_count == 0)
        return;
    tk_out_char(page->out, '\n');
    cli_puts(page, CLI_BOLD, "reports");
    tk_out_char(page->out, '\n');
    for (size_t i = 0; i < world->facts_count; i++) {
        const tk_world_fact *fact = &world->facts[i];
        char since[TK_DATE_TEXT_MAX];
        (void)tk_date_format(fact->since, since);
        const char *why = fact->stale ? "too long ago, "
                                      : (tk_str_is(fact->value, "?") ? "which settles nothing, " : "");
        cli_present_line(page, i == 0 ? "believed" : "",
                         tk_arena_printf(arena, TK_FMT " = " TK_FMT ", last heard %s, %sfrom " TK_FMT,
                                         TK_ARG_STR(fact->fact), TK_ARG_STR(fact->value), since, why,
                                         TK_ARG_STR(cli_joined(arena, fact->claims, fact->claims_count, ", "))));
    }
    if (opposed)
        cli_present_line(page, "this world", TK_STR("contradicts itself: what is believed cannot all be true"));
    for (size_t i = 0; i < world->ranges_count; i++)
        cli_present_line(page, i == 0 ? "worlds" : "",
                         tk_arena_printf(arena, TK_FMT " key: " TK_FMT, TK_ARG_STR(world->ranges[i].regime),
                                         TK_ARG_STR(cli_range_text(arena, &world->ranges[i], opposed))));
}

static const char *change_words(tk_change_kind kind)
{
    switch (kind) {
    case TK_CHANGE_DATE:
        return "on another day";
    case TK_CHANGE_FACT:
        return "a fact";
    case TK_CHANGE_EVIDENCE:
        return "evidence";
    case TK_CHANGE_AUTHORISATION:
        return "authorisation";
    case TK_CHANGE_REPORT:
        return "a report";
    }
    return "";
}

void cli_present_changes(cli_page *page, const tk_decision *decision)
{
    tk_arena *arena = &page->scratch;
    if (decision->would_change_count == 0)
        return;
    tk_out_char(page->out, '\n');
    cli_puts(page, CLI_BOLD, "would change\n");
    for (size_t i = 0; i < decision->would_change_count; i++) {
        const tk_change *change = &decision->would_change[i];
        cli_puts(page, CLI_PLAIN, "  ");
        cli_put_column(page, CLI_DIM, tk_str_from(change_words(change->kind)), LABEL);
        bool pair = change->kind == TK_CHANGE_FACT || change->kind == TK_CHANGE_DATE;
        tk_str what =
            pair ? tk_arena_printf(arena, TK_FMT " = " TK_FMT, TK_ARG_STR(change->name), TK_ARG_STR(change->value))
                 : (change->value.len != 0 && change->kind == TK_CHANGE_EVIDENCE ? change->value : change->name);
        what = tk_arena_printf(arena, TK_FMT ": ", TK_ARG_STR(what));
        cli_put(page, CLI_PLAIN, what);
        size_t at = TEXT_AT + tk_text_width(what);
        cli_put_wrapped(page, change->touched ? cli_verdict_paint(change->verdict) : CLI_MAGENTA,
                        change->touched ? tk_verdict_overall_name(change->verdict)
                                        : TK_STR("outside every modelled regime"),
                        at, TEXT_AT);
    }
}
