/* SPDX-License-Identifier: Apache-2.0 */
/* rules.c: `rules`, the rulebook looked at: which sub-verb, and the names of its rules. */
#include <string.h>

#include "cli/rules.h"

bool cli_rules_wanted(const cli_view *view, const tk_rule_info *rule)
{
    const char *regime = view->args->values[CLI_FLAG_REGIME];
    return regime == NULL || tk_str_is(rule->regime, regime);
}

int cli_rules(const cli_verb *verb, const cli_args *args)
{
    (void)verb;
    if (args->positional_count == 0) {
        cli_complain("rules: what of them? Expected one of %s", verb->subs);
        return CLI_EXIT_USAGE;
    }
    const char *sub = args->positional[0];
    if (strcmp(sub, "lint") == 0)
        return cli_view_run(args, cli_rules_lint);
    return cli_view_run(args, cli_rules_test);
}
