/* SPDX-License-Identifier: Apache-2.0 */
/* rules.h: the sub-verbs of `rules`. Each writes on the page of the view and returns an exit code. */
#ifndef TK_CLI_RULES_H
#define TK_CLI_RULES_H

#include "cli/cli_int.h"

int cli_rules_list(cli_view *view);
int cli_rules_show(cli_view *view);
int cli_rules_test(cli_view *view);
int cli_rules_lint(cli_view *view);
int cli_rules_coverage(cli_view *view);
/* Works on files, without a desk. */
int cli_rules_format(const cli_args *args);

/* Is it of the regime that --regime names, or are all meant? */
bool cli_rules_wanted(const cli_view *view, const tk_rule_info *rule);

/* False after a message when --regime names none. */
bool cli_rules_regime_is_known(const cli_view *view);
/* "us.item-a"; the name alone where every regime sees it. */
tk_str cli_rules_full_name(tk_arena *arena, tk_str regime, tk_str name);

#endif
