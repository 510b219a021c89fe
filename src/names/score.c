/* SPDX-License-Identifier: Apache-2.0 */
/* score.c: the score of two names, and the same score with its reasons. */
#include <string.h>

#include "base/err.h"
#include "names/compare.h"
#include "names/state.h"

unsigned tk_names_score(tk_names *names, const tk_name *left, const tk_name *right, unsigned floor)
{
    unsigned score = compare_names(&names->work, left, right, floor)->score;
    return score < floor ? 0 : score;
}

static tk_str tokens_text(const align_side *side, size_t from, size_t count)
{
    if (count == 0)
        return (tk_str){"", 0};
    const name_token *first = &side->tokens[from], *last = &side->tokens[from + count - 1];
    return (tk_str){side->text + first->text, (size_t)(last->text + last->length - first->text)};
}

/* The rows of an explanation as they are made. */
typedef struct rows {
    const comparison *c;
    bool swap;
    tk_aligned *rows;
    size_t count;
    int64_t all; /* gained and lost */
} rows;

static void row_add(rows *to, tk_alignment how, tk_str left, tk_str right, int64_t weight)
{
    tk_aligned *row = &to->rows[to->count++];
    row->how = how;
    row->left = to->swap ? right : left;
    row->right = to->swap ? left : right;
    row->points = to->all == 0 ? 0 : (int)(weight * TK_SCORE_ONE / to->all);
}

static void rows_pairs(rows *to)
{
    const comparison *c = to->c;
    for (size_t at = 0; at < c->left.count; at++) /* in the order of the left name */
        for (size_t i = 0; i < c->pairs_count; i++) {
            const compare_pair *pair = &c->pairs[i];
            if (pair->left == at)
                row_add(to, (tk_alignment)pair->how, tokens_text(&c->left, pair->left, pair->left_count),
                        tokens_text(&c->right, pair->right, pair->right_count), (int64_t)pair->weight * pair->points);
        }
}

static void rows_rest(rows *to, bool right)
{
    const comparison *c = to->c;
    const align_side *side = right ? &c->right : &c->left;
    const uint8_t *taken = right ? c->taken_right : c->taken_left;
    for (size_t i = 0; i < side->count; i++) {
        if (taken[i])
            continue;
        tk_str text = tokens_text(side, i, 1), none = {"", 0};
        int64_t cost = compare_cost(c, right, i);
        tk_alignment how = compare_rest(c, right, i);
        row_add(to, how, right ? none : text, right ? text : none, -cost);
    }
}

tk_status tk_names_explain(tk_names *names, const tk_name *left, const tk_name *right, tk_arena *arena,
                           tk_comparison *out, tk_err *err)
{
    tk_aligned *aligned = TK_ARENA_ARRAY(arena, tk_aligned, 2 * TK_NAME_TOKENS_MAX);
    if (aligned == NULL)
        return tk_err_set(err, TK_ERR_MEMORY, "out of memory for comparing two names");
    const comparison *best = compare_names(&names->work, left, right, 0);
    bool swap = best->swapped;
    rows to = {.c = best, .swap = swap, .rows = aligned, .all = (int64_t)best->gained + best->lost};
    rows_pairs(&to);
    rows_rest(&to, false);
    rows_rest(&to, true);
    const align_side *l = swap ? &best->right : &best->left, *r = swap ? &best->left : &best->right;
    *out = (tk_comparison){
        .score = best->score,
        .match = best->score >= TK_NAMES_THRESHOLD,
        .left = {l->text, l->reading->text_length},
        .right = {r->text, r->reading->text_length},
        .tokens = aligned,
        .tokens_count = to.count,
        .decided = best->decided,
    };
    return TK_OK;
}
