/* SPDX-License-Identifier: Apache-2.0 */
/* present.h: one decision on a page, for `check` and `explain`. */
#ifndef TK_CLI_PRESENT_H
#define TK_CLI_PRESENT_H

#include "cli/cli_int.h"

/* What is asked, and the verdict of both keys together. */
void cli_present_head(cli_page *page, const tk_rulebook *book, const tk_transaction *order,
                      const cli_question *question, const tk_desk_result *result);
/* One key: verdict, answers, deciding rules, conditions, limits, what is missing, presumed, not modelled, reported. */
void cli_present_key(cli_page *page, const tk_rulebook *book, const tk_key_decision *key, tk_law law,
                     bool reasons);
void cli_present_changes(cli_page *page, const tk_decision *decision);
/* A comparison: "item.tpp 15,832 >= 4,800   over by 11,032". */
void cli_present_because(cli_page *page, const tk_rulebook *book, tk_str regime, const tk_because *because,
                         size_t indent);
/* "  name      text", wrapped. */
void cli_present_line(cli_page *page, const char *name, tk_str text);

/* "law: undetermined; prevailing: closed; anything from closed (C142) to licence (C066)". */
tk_str cli_range_text(tk_arena *arena, const tk_world_range *range, bool opposed);
/* What is believed of the facts, and between what verdicts all worlds lie. A world that contradicts itself (`opposed`)
 * is none of those. */
void cli_present_world(cli_page *page, const tk_world_view *world, bool opposed);

/* present_lists.c: what the lists and owners say of the parties; nothing when the desk has no lists. */
void cli_present_screening(cli_page *page, const tk_screening_view *view);
/* The same in one line: "end_user: EL 'Inspur Group Co., Ltd.', score 0.931: nobody has decided". "" when there is
 * nothing to say. */
tk_str cli_screening_text(tk_arena *arena, const tk_screening_view *view);

#endif
