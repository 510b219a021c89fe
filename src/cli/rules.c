/* SPDX-License-Identifier: Apache-2.0 */
/* rules.c: `rules`, the rulebook looked at: what it declares, and one statement with everything around it. */
#include <string.h>

#include "base/csv.h"
#include "cli/rules.h"

bool cli_rules_wanted(const cli_view *view, const tk_rule_info *rule)
{
    const char *regime = view->args->values[CLI_FLAG_REGIME];
    return regime == NULL || tk_str_is(rule->regime, regime);
}

/* --regime must name one: a misspelt regime would list nothing and look like a clean bill. */
bool cli_rules_regime_is_known(const cli_view *view)
{
    const char *wanted = view->args->values[CLI_FLAG_REGIME];
    if (wanted == NULL)
        return true;
    tk_nearest near = tk_nearest_make(tk_str_from(wanted));
    for (size_t i = 0; i < tk_rulebook_regime_count(view->book); i++) {
        tk_str id = tk_rulebook_regime(view->book, i).id;
        if (tk_str_is(id, wanted))
            return true;
        tk_nearest_offer(&near, id);
    }
    char hint[CLI_HINT_MAX];
    cli_complain("--regime '%s': the rulebook has no such regime%s", wanted, cli_hint(near.best, hint));
    return false;
}

/* --- words --- */

static const char *rules_kind(tk_rule_kind kind)
{
    switch (kind) {
    case TK_RULE_LAW:
        return "law";
    case TK_RULE_PRACTICE:
        return "practice";
    case TK_RULE_REPORTED:
        break;
    }
    return "reported";
}

/* "2026-01-15", "" for an open end. */
static tk_str rules_day(tk_arena *arena, tk_date day)
{
    char text[TK_DATE_TEXT_MAX];
    return day == TK_DATE_MIN || day == TK_DATE_MAX ? TK_STR("")
                                                    : tk_arena_copy(arena, (tk_str){text, tk_date_format(day, text)});
}

tk_str cli_rules_full_name(tk_arena *arena, tk_str regime, tk_str name)
{
    return regime.len == 0 ? name : tk_arena_printf(arena, TK_FMT "." TK_FMT, TK_ARG_STR(regime), TK_ARG_STR(name));
}

static tk_str rules_answers(tk_arena *arena, const tk_rule_info *rule)
{
    return rule->question.len == 0 ? TK_STR("")
                                   : tk_arena_printf(arena, TK_FMT " = " TK_FMT, TK_ARG_STR(rule->question),
                                                     TK_ARG_STR(rule->answer));
}

/* --- list --- */

enum { LIST_NAME = 37, LIST_KIND = 9, LIST_FROM = 12, LIST_ANSWERS = CLI_COLUMNS - LIST_NAME - LIST_KIND - LIST_FROM };

static void list_csv_row(cli_view *view, const tk_rule_info *rule)
{
    tk_out *out = view->page.out;
    tk_arena *arena = &view->page.scratch;
    char line[24];
    int line_len = snprintf(line, sizeof(line), "%u", (unsigned)rule->line);
    const tk_span *last = rule->spans_count == 0 ? NULL : &rule->spans[rule->spans_count - 1];
    const tk_str cells[] = {
        rule->regime,
        rule->name,
        tk_str_from(rules_kind(rule->kind)),
        rule->question,
        rule->answer,
        rules_day(arena, rule->published),
        last == NULL ? TK_STR("") : rules_day(arena, rule->spans[0].from),
        last == NULL ? TK_STR("") : rules_day(arena, last->to),
        rule->title,
        cli_joined(arena, rule->cites, rule->cites_count, "; "),
        rule->file,
        (tk_str){line, (size_t)line_len},
    };
    for (size_t i = 0; i < TK_COUNT(cells); i++)
        tk_csv_write_cell(out, cells[i], i == 0, true);
    tk_out_char(out, '\n');
}

static void list_text_row(cli_view *view, const tk_rule_info *rule)
{
    cli_page *page = &view->page;
    tk_arena *arena = &page->scratch;
    tk_str from = rule->spans_count == 0 ? TK_STR("") : rules_day(arena, rule->spans[0].from);
    cli_put_column(page, CLI_BOLD, cli_rules_full_name(arena, rule->regime, rule->name), LIST_NAME - 1);
    tk_out_char(page->out, ' ');
    cli_put_column(page, CLI_PLAIN, tk_str_from(rules_kind(rule->kind)), LIST_KIND);
    cli_put_column(page, CLI_PLAIN, from, LIST_FROM);
    tk_str answers = rules_answers(arena, rule);
    if (answers.len == 0)
        cli_puts(page, CLI_DIM, rule->targets_count != 0 ? "(takes away)" : "(duties)");
    else if (LIST_ANSWERS < tk_text_width(answers))
        cli_put_column(page, CLI_PLAIN, answers, LIST_ANSWERS);
    else
        cli_put(page, CLI_PLAIN, answers);
    tk_out_char(page->out, '\n');
}

int cli_rules_list(cli_view *view)
{
    if (!cli_rules_regime_is_known(view))
        return CLI_EXIT_USAGE;
    cli_page *page = &view->page;
    bool csv = cli_format_is(view->args, "csv");
    if (csv) {
        tk_out_text(page->out, "regime,name,kind,question,answer,published,from,to,says,cites,file,line\n");
    } else {
        cli_put_column(page, CLI_DIM, TK_STR("RULE"), LIST_NAME);
        cli_put_column(page, CLI_DIM, TK_STR("KIND"), LIST_KIND);
        cli_put_column(page, CLI_DIM, TK_STR("FROM"), LIST_FROM);
        cli_puts(page, CLI_DIM, "ANSWERS");
        tk_out_char(page->out, '\n');
    }
    for (size_t i = 0; i < tk_rulebook_rule_count(view->book); i++) {
        tk_rule_info rule = tk_rulebook_rule(view->book, i);
        if (!cli_rules_wanted(view, &rule))
            continue;
        (csv ? list_csv_row : list_text_row)(view, &rule);
        tk_arena_reset(&page->scratch);
    }
    return CLI_EXIT_OK;
}

/* --- show --- */

static const char *declared_kind(tk_declared_kind kind)
{
    switch (kind) {
    case TK_DECLARED_REGIME:
        return "regime";
    case TK_DECLARED_ROLES:
        return "roles";
    case TK_DECLARED_FACT:
        return "fact";
    case TK_DECLARED_SET:
        return "set";
    case TK_DECLARED_TERM:
        return "term";
    case TK_DECLARED_QUESTION:
        return "question";
    case TK_DECLARED_RULE:
        return "rule";
    case TK_DECLARED_LIMIT:
        return "limit";
    case TK_DECLARED_GAP:
        break;
    }
    return "not modelled";
}

static bool show_is_named(const tk_declared *declared, tk_str full, tk_str wanted)
{
    return tk_str_eq(full, wanted) || tk_str_eq(declared->name, wanted);
}

/* The statement that `wanted` names, whole ("us.item-a") or short when only one regime has it. */
static bool show_find(cli_view *view, tk_str wanted, tk_declared *out)
{
    tk_nearest near = tk_nearest_make(wanted);
    tk_str first = TK_STR(""), second = TK_STR("");
    size_t found = 0;
    for (size_t i = 0; i < tk_rulebook_declared_count(view->book); i++) {
        tk_declared declared = tk_rulebook_declared(view->book, i);
        tk_str full = cli_rules_full_name(&view->page.scratch, declared.regime, declared.name);
        tk_nearest_offer(&near, full);
        tk_nearest_offer(&near, declared.name);
        if (!show_is_named(&declared, full, wanted))
            continue;
        *(found == 0 ? &first : &second) = full;
        if (found++ == 0)
            *out = declared;
    }
    if (found == 1)
        return true;
    char hint[CLI_HINT_MAX];
    for (size_t i = 0; found == 0 && i < tk_rulebook_evidence_count(view->book); i++)
        tk_nearest_offer(&near, tk_rulebook_evidence(view->book, i));
    if (found == 0)
        cli_complain("rules show '" TK_FMT "': the rulebook declares no such name%s", TK_ARG_STR(wanted),
                     cli_hint(near.best, hint));
    else
        cli_complain("rules show '" TK_FMT "': '" TK_FMT "' or '" TK_FMT "'? Expected one name", TK_ARG_STR(wanted),
                     TK_ARG_STR(first), TK_ARG_STR(second));
    return false;
}

enum { SHOW_LABEL = 14 };

static void show_line(cli_page *page, const char *label, tk_str text)
{
    if (text.len == 0)
        return;
    cli_puts(page, CLI_PLAIN, "  ");
    cli_put_column(page, CLI_DIM, tk_str_from(label), SHOW_LABEL);
    cli_put_wrapped(page, CLI_PLAIN, text, SHOW_LABEL + 2, SHOW_LABEL + 2);
}

static void show_rules(cli_view *view, const char *label, const uint32_t *rules, size_t count)
{
    tk_arena *arena = &view->page.scratch;
    tk_str *names = TK_ARENA_ARRAY(arena, tk_str, count);
    for (size_t i = 0; names != NULL && i < count; i++) {
        tk_rule_info rule = tk_rulebook_rule(view->book, rules[i]);
        names[i] = cli_rules_full_name(arena, rule.regime, rule.name);
    }
    show_line(&view->page, label, names == NULL ? TK_STR("") : cli_joined(arena, names, count, ", "));
}

/* What the rule replaces is written at the replaced one. */
static void show_replaces(cli_view *view, size_t index)
{
    size_t count = tk_rulebook_rule_count(view->book), found = 0;
    uint32_t *rules = TK_ARENA_ARRAY(&view->page.scratch, uint32_t, count);
    for (size_t i = 0; rules != NULL && i < count; i++) {
        tk_rule_info other = tk_rulebook_rule(view->book, i);
        for (size_t j = 0; j < other.replaced_by_count; j++)
            if (other.replaced_by[j] == index) {
                rules[found++] = (uint32_t)i;
                break;
            }
    }
    if (rules != NULL)
        show_rules(view, "replaces", rules, found);
}

static tk_str show_spans(tk_arena *arena, const tk_rule_info *rule)
{
    tk_str text = TK_STR("");
    for (size_t i = 0; i < rule->spans_count; i++) {
        tk_str from = rules_day(arena, rule->spans[i].from), to = rules_day(arena, rule->spans[i].to);
        text = tk_arena_printf(arena, TK_FMT "%s" TK_FMT " ..%s" TK_FMT, TK_ARG_STR(text), i == 0 ? "" : ", ",
                               TK_ARG_STR(from), to.len == 0 ? "" : " ", TK_ARG_STR(to));
    }
    return text;
}

static void show_rule(cli_view *view, size_t index)
{
    cli_page *page = &view->page;
    tk_arena *arena = &page->scratch;
    tk_rule_info rule = tk_rulebook_rule(view->book, index);
    show_line(page, "says", rule.title);
    show_line(page, "kind", tk_str_from(rules_kind(rule.kind)));
    show_line(page, "answers", rules_answers(arena, &rule));
    show_line(page, "published", rules_day(arena, rule.published));
    show_line(page, "in force", show_spans(arena, &rule));
    show_line(page, "cites", cli_joined(arena, rule.cites, rule.cites_count, "; "));
    show_rules(view, "exception to", rule.targets, rule.targets_count);
    show_rules(view, "excepted by", rule.exceptions, rule.exceptions_count);
    show_replaces(view, index);
    show_rules(view, "replaced by", rule.replaced_by, rule.replaced_by_count);
}

/* As it was written, line by line; what a terminal would obey is made visible. */
static void show_text(cli_page *page, tk_str text)
{
    tk_str rest = text, line;
    while (tk_str_split(&rest, '\n', &line)) {
        if (line.len != 0 && line.ptr[line.len - 1] == '\r')
            line.len--;
        cli_puts(page, CLI_PLAIN, "  ");
        cli_put(page, CLI_PLAIN, line);
        tk_out_char(page->out, '\n');
    }
}

/* A condition is declared by no statement of its own: what it shows, and the rules that require it. */
static int show_condition(cli_view *view, size_t evidence)
{
    cli_page *page = &view->page;
    size_t count = tk_rulebook_rule_count(view->book), found = 0;
    uint32_t *rules = TK_ARENA_ARRAY(&page->scratch, uint32_t, count);
    for (size_t i = 0; rules != NULL && i < count; i++)
        if (tk_rulebook_rule_requires(view->book, i, evidence))
            rules[found++] = (uint32_t)i;
    cli_put(page, CLI_BOLD, tk_rulebook_evidence(view->book, evidence));
    cli_puts(page, CLI_DIM, "  condition\n");
    show_line(page, "says", tk_rulebook_evidence_says(view->book, evidence));
    if (rules != NULL)
        show_rules(view, "required by", rules, found);
    return CLI_EXIT_OK;
}

static bool show_declares(cli_view *view, tk_str wanted)
{
    for (size_t i = 0; i < tk_rulebook_declared_count(view->book); i++) {
        tk_declared declared = tk_rulebook_declared(view->book, i);
        tk_str full = cli_rules_full_name(&view->page.scratch, declared.regime, declared.name);
        if (show_is_named(&declared, full, wanted))
            return true;
    }
    return false;
}

int cli_rules_show(cli_view *view)
{
    cli_page *page = &view->page;
    tk_declared declared = {0};
    tk_str wanted = tk_str_from(view->args->positional[1]);
    size_t evidence = tk_rulebook_find_evidence(view->book, wanted, NULL);
    if (evidence != SIZE_MAX && !show_declares(view, wanted))
        return show_condition(view, evidence);
    if (!show_find(view, wanted, &declared))
        return CLI_EXIT_USAGE;
    cli_put(page, CLI_BOLD, cli_rules_full_name(&page->scratch, declared.regime, declared.name));
    cli_put(page, CLI_DIM, tk_arena_printf(&page->scratch, "  %s, " TK_FMT ":%u", declared_kind(declared.kind),
                                           TK_ARG_STR(declared.file), (unsigned)declared.line));
    tk_out_char(page->out, '\n');
    for (size_t i = 0; declared.kind == TK_DECLARED_RULE && i < tk_rulebook_rule_count(view->book); i++) {
        tk_rule_info rule = tk_rulebook_rule(view->book, i);
        if (tk_str_eq(rule.regime, declared.regime) && tk_str_eq(rule.name, declared.name))
            show_rule(view, i);
    }
    tk_out_char(page->out, '\n');
    show_text(page, declared.text);
    return CLI_EXIT_OK;
}

/* --- the verb --- */

int cli_rules(const cli_verb *verb, const cli_args *args)
{
    static const cli_sub subs[] = {
        {.name = "list", .formats = "text|csv", .flags = CLI_BIT(REGIME), .body = cli_rules_list},
        {.name = "show", .argument = "rule", .body = cli_rules_show},
        {.name = "lint", .flags = CLI_BIT(REGIME), .body = cli_rules_lint},
        {.name = "test", .body = cli_rules_test},
        {.name = "coverage", .formats = "text|markdown", .body = cli_rules_coverage},
    };
    if (args->positional_count != 0 && strcmp(args->positional[0], "format") == 0)
        return cli_rules_format(args);
    return cli_sub_run(verb, args, subs, TK_COUNT(subs), false);
}
