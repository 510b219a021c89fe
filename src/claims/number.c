/* SPDX-License-Identifier: Apache-2.0 */
/* number.c: numbers as reports give them, as bounds. Nothing is rounded: what is not said exactly is an interval. */
#include "base/text.h"
#include "claims/claims_int.h"
#include "twokey/value.h"

static tk_status number_refuse(tk_str text, tk_err *err)
{
    return tk_err_set(err, TK_ERR_INPUT,
                      "'" TK_FMT "' is no quantity; expected a number, >N, >=N, <N, <=N, ~N, N-M, or 10..0s",
                      TK_ARG_STR(tk_text_prefix(text, 40)));
}

static bool number_plain(tk_str text, tk_num *out)
{
    return tk_num_parse(tk_str_trim(text), out, NULL) == TK_OK && 0 <= *out;
}

/* "100000s": hundreds of thousands, so from 100,000 to less than a million. */
static bool number_order(tk_str text, tk_claim_bounds *out)
{
    if (text.len < 3 || text.ptr[text.len - 1] != 's' || text.ptr[0] != '1')
        return false;
    for (size_t i = 1; i + 1 < text.len; i++)
        if (text.ptr[i] != '0')
            return false;
    tk_num low;
    if (!number_plain((tk_str){text.ptr, text.len - 1}, &low) || TK_NUM_MAX / 10 < low)
        return false;
    *out = (tk_claim_bounds){.known = true, .low = low, .high = low * 10 - 1};
    return true;
}

static bool number_range(tk_str text, tk_claim_bounds *out)
{
    size_t dash = 1;
    while (dash < text.len && text.ptr[dash] != '-')
        dash++;
    if (text.len <= dash)
        return false;
    out->known = true;
    return number_plain((tk_str){text.ptr, dash}, &out->low)
           && number_plain((tk_str){text.ptr + dash + 1, text.len - dash - 1}, &out->high) && out->low <= out->high;
}

/* "> N" and its relatives: a number of millionths is whole, so "more than" begins at the next one. */
static bool number_compared(tk_str text, tk_claim_bounds *out)
{
    bool above = text.ptr[0] == '>', equal = 1 < text.len && text.ptr[1] == '=';
    size_t skip = equal ? 2 : 1;
    tk_num number;
    if (!number_plain((tk_str){text.ptr + skip, text.len - skip}, &number))
        return false;
    if (!equal && (above ? number == TK_NUM_MAX : number == 0))
        return false;
    out->known = true;
    out->low = above ? number + (equal ? 0 : 1) : 0;
    out->high = above ? TK_NUM_MAX : number - (equal ? 0 : 1);
    return true;
}

tk_status tk_claim_bounds_parse(tk_str text, tk_claim_bounds *out, tk_err *err)
{
    text = tk_str_trim(text);
    *out = (tk_claim_bounds){.low = 0, .high = TK_NUM_MAX};
    if (text.len == 0)
        return TK_OK;
    bool good;
    tk_num number;
    if (text.ptr[0] == '>' || text.ptr[0] == '<') {
        good = number_compared(text, out);
    } else if (text.ptr[0] == '~') {
        good = number_plain((tk_str){text.ptr + 1, text.len - 1}, &number) && number <= TK_NUM_MAX - number / 10;
        if (good)
            *out = (tk_claim_bounds){.known = true, .low = number - number / 10, .high = number + number / 10};
    } else if (number_plain(text, &number)) {
        *out = (tk_claim_bounds){.known = true, .low = number, .high = number};
        good = true;
    } else {
        good = number_order(text, out) || number_range(text, out);
    }
    return good ? TK_OK : number_refuse(text, err);
}

tk_str tk_claims_bounds_text(const tk_claim_bounds *bounds, tk_arena *arena)
{
    char low[TK_NUM_TEXT_MAX], high[TK_NUM_TEXT_MAX];
    tk_str from = {low, bounds->low == TK_NUM_MIN ? 0 : tk_num_format(bounds->low, low)};
    tk_str to = {high, bounds->high == TK_NUM_MAX ? 0 : tk_num_format(bounds->high, high)};
    if (bounds->low == bounds->high)
        return tk_arena_copy(arena, from);
    return tk_arena_printf(arena, TK_FMT "%s..%s" TK_FMT, TK_ARG_STR(from), from.len == 0 ? "" : " ",
                           to.len == 0 ? "" : " ", TK_ARG_STR(to));
}
