/* SPDX-License-Identifier: Apache-2.0 */
/* rules_test.c: `rules test` runs the examples of the rulebook; `rules lint` says which rules they leave out.
 *
 * A rule is tried on both sides when one example is inside it (it applies, whether or not an exception takes it away)
 * and one is outside it. A rule without `when` applies on every day on which it counts, so its outside is a day, a
 * world or a reading of the law in which it does not count.
 */
#include <stdlib.h>

#include "cli/rules.h"

/* --- test --- */

typedef struct rules_test_run {
    cli_page *page;
    size_t passed, failed;
} rules_test_run;

static void test_visit(void *ctx, const tk_example_result *result)
{
    rules_test_run *run = ctx;
    if (result->passed) {
        run->passed++;
        return;
    }
    run->failed++;
    cli_page *page = run->page;
    cli_put(page, CLI_BOLD, result->file);
    tk_out_printf(page->out, ":%u: ", (unsigned)result->line);
    cli_put(page, CLI_PLAIN, result->title);
    tk_out_text(page->out, ": ");
    cli_put(page, CLI_RED, result->detail);
    tk_out_char(page->out, '\n');
    tk_arena_reset(&page->scratch);
}

int cli_rules_test(cli_view *view)
{
    rules_test_run run = {.page = &view->page};
    tk_err err = {0};
    /* The desk is only read: the callback takes it without `const` because its context is anybody's. */
    tk_status status = tk_rulebook_run_examples(view->book, tk_desk_example_rows, view->desk, test_visit, &run, &err);
    if (status != TK_OK) {
        view->broken = true;
        cli_complain_err(&err);
        return cli_exit_of(status);
    }
    tk_out_printf(view->page.out, "%zu examples, ", run.passed + run.failed);
    if (run.failed == 0)
        cli_puts(&view->page, CLI_GREEN, "all passed");
    else
        cli_put(&view->page, CLI_RED, tk_arena_printf(&view->page.scratch, "%zu failed", run.failed));
    tk_out_char(view->page.out, '\n');
    return run.failed == 0 ? CLI_EXIT_OK : CLI_EXIT_FAILURE;
}

/* --- lint --- */

enum { LINT_INSIDE = 1, LINT_OUTSIDE = 2, LINT_BOTH = 3 };

typedef struct rules_lint_run {
    const tk_rulebook *book;
    uint8_t *seen; /* per rule: LINT_… */
} rules_lint_run;

static bool lint_is_beside(const tk_rule_info *rule, tk_date day)
{
    for (size_t i = 0; i < rule->spans_count; i++)
        if ((rule->spans[i].from != TK_DATE_MIN && day == rule->spans[i].from - 1)
            || (rule->spans[i].to != TK_DATE_MAX && day == rule->spans[i].to + 1))
            return true;
    return false;
}

static void lint_visit(void *ctx, const tk_example_result *result)
{
    const rules_lint_run *run = ctx;
    for (size_t i = 0; i < tk_rulebook_rule_count(run->book); i++) {
        tk_rule_info rule = tk_rulebook_rule(run->book, i);
        uint8_t fate = result->fates[i];
        bool inside = fate == TK_FATE_STANDS || fate == TK_FATE_DEFEATED;
        bool outside = fate == TK_FATE_NOT_APPLIES || fate == TK_FATE_FAILED
                       || (fate == TK_FATE_NOT_COUNTED && (rule.always || lint_is_beside(&rule, result->as_of)));
        run->seen[i] = (uint8_t)(run->seen[i] | (inside ? LINT_INSIDE : 0) | (outside ? LINT_OUTSIDE : 0));
    }
}

static void lint_say(cli_view *view, const tk_rule_info *rule, uint8_t seen)
{
    cli_page *page = &view->page;
    cli_put(page, CLI_BOLD, rule->file);
    tk_out_printf(page->out, ":%u: ", (unsigned)rule->line);
    cli_put(page, CLI_YELLOW,
            tk_arena_printf(&page->scratch, TK_FMT "." TK_FMT, TK_ARG_STR(rule->regime), TK_ARG_STR(rule->name)));
    const char *outside = rule->always ? "does not count" : "does not apply";
    if (seen == 0)
        tk_out_printf(page->out, ": no example where it applies, and none where it %s\n", outside);
    else if (seen == LINT_OUTSIDE)
        tk_out_text(page->out, ": no example where it applies\n");
    else
        tk_out_printf(page->out, ": no example where it %s\n", outside);
    tk_arena_reset(&page->scratch);
}

static size_t lint_rules(cli_view *view, const uint8_t *seen, size_t *looked_at)
{
    size_t lacking = 0;
    for (size_t i = 0; i < tk_rulebook_rule_count(view->book); i++) {
        tk_rule_info rule = tk_rulebook_rule(view->book, i);
        if (!cli_rules_wanted(view, &rule))
            continue;
        ++*looked_at;
        if (seen[i] == LINT_BOTH)
            continue;
        lint_say(view, &rule, seen[i]);
        lacking++;
    }
    return lacking;
}

int cli_rules_lint(cli_view *view)
{
    if (!cli_rules_regime_is_known(view))
        return CLI_EXIT_USAGE;
    size_t count = tk_rulebook_rule_count(view->book);
    rules_lint_run run = {.book = view->book, .seen = calloc(count + 1, 1)};
    if (run.seen == NULL) {
        cli_complain("out of memory");
        return CLI_EXIT_FAILURE;
    }
    tk_err err = {0};
    tk_status status = tk_rulebook_run_examples(view->book, tk_desk_example_rows, view->desk, lint_visit, &run, &err);
    int code = cli_exit_of(status);
    if (status == TK_OK) {
        cli_write_messages(view->page.out, view->messages, TK_SEVERITY_NOTE);
        size_t looked_at = 0, lacking = lint_rules(view, run.seen, &looked_at);
        tk_out_printf(view->page.out,
                      "rules: %zu; without an example on each side: %zu; messages of the checker: %zu\n", looked_at,
                      lacking, tk_messages_count(view->messages));
        code = lacking == 0 ? CLI_EXIT_OK : CLI_EXIT_FAILURE;
    } else {
        view->broken = true;
        cli_complain_err(&err);
    }
    free(run.seen);
    return code;
}
