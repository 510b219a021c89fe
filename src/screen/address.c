/* SPDX-License-Identifier: Apache-2.0 */
/* address.c: are two addresses the same place?
 *
 * An address is a bag of tokens. Words that only say what kind of thing follows (street, floor, room) are left out,
 * however they are abbreviated. Numbers decide: when both sides have some, those of one side must all be on the other.
 * Directions decide: north is not south. Of the other words, three in five of the shorter side must be on the longer
 * one.
 */
#include <string.h>

#include "base/compat.h"
#include "base/str.h"
#include "screen/fields.h"

enum { ADDRESS_TOKENS_MAX = 64 };

typedef enum address_class { ADDRESS_WORD, ADDRESS_NUMBER, ADDRESS_DIRECTION } address_class;

typedef struct address_token {
    tk_str text;
    address_class class;
} address_token;

typedef struct address {
    address_token tokens[ADDRESS_TOKENS_MAX];
    size_t count, words, numbers;
} address;

/* Kinds of ways, buildings and parts of them, in full and short, in the languages whose addresses lists have most. */
static const char *const address_kinds[] = {
    "street", "st", "str", "strasse", "straat", "ulitsa", "ulica", "ul", "road", "rd", "avenue", "ave", "av",
    "avenida", "prospekt", "prospect", "pr", "pr t", "boulevard", "blvd", "lane", "ln", "drive", "dr", "highway",
    "hwy", "square", "sq", "place", "pl", "pereulok", "per", "shosse", "sh", "rue", "calle", "via", "jalan", "jl",
    "lu", "building", "bldg", "bld", "block", "blk", "tower", "twr", "house", "dom", "d", "korpus", "korp",
    "stroenie", "floor", "fl", "f", "room", "rm", "flat", "apartment", "apt", "suite", "ste", "unit", "office",
    "of", "ofis", "no", "number", "nr", "district", "dist", "city", "province", "prov", "region", "oblast", "obl",
    "county", "zip", "po", "box", "p", "o", "the", "and", "near", "level", "lot", "g",
};

static const char *const address_directions[][2] = {{"north", "n"}, {"south", "s"}, {"east", "e"}, {"west", "w"}};

static bool address_is_kind(tk_str token)
{
    for (size_t i = 0; i < TK_COUNT(address_kinds); i++)
        if (tk_str_is(token, address_kinds[i]))
            return true;
    return false;
}

static bool address_is_digit(char c)
{
    return '0' <= c && c <= '9';
}

/* "12th" counts as 12; leading zeros never count. */
static tk_str address_number(tk_str token)
{
    size_t digits = 0;
    while (digits < token.len && address_is_digit(token.ptr[digits]))
        digits++;
    tk_str tail = {token.ptr + digits, token.len - digits};
    if (digits != 0 && (tk_str_is(tail, "th") || tk_str_is(tail, "st") || tk_str_is(tail, "nd") || tk_str_is(tail, "rd")
                        || tk_str_is(tail, "f")))
        token.len = digits;
    while (1 < token.len && token.ptr[0] == '0')
        token = (tk_str){token.ptr + 1, token.len - 1};
    return token;
}

static void address_add(address *to, tk_str token)
{
    address_token *next = &to->tokens[to->count];
    if (to->count == ADDRESS_TOKENS_MAX || token.len == 0 || address_is_kind(token))
        return;
    *next = (address_token){token, ADDRESS_WORD};
    bool number = false;
    for (size_t i = 0; i < token.len; i++)
        number |= address_is_digit(token.ptr[i]);
    if (number)
        *next = (address_token){address_number(token), ADDRESS_NUMBER};
    for (size_t i = 0; i < TK_COUNT(address_directions); i++)
        if (tk_str_is(token, address_directions[i][0]) || tk_str_is(token, address_directions[i][1]))
            *next = (address_token){tk_str_from(address_directions[i][0]), ADDRESS_DIRECTION};
    to->words += next->class == ADDRESS_WORD;
    to->numbers += next->class == ADDRESS_NUMBER;
    to->count++;
}

static void address_read(tk_arena *arena, tk_str text, address *out)
{
    out->count = out->words = out->numbers = 0;
    tk_str rest = screen_fold(arena, text), token;
    while (tk_str_split(&rest, ' ', &token))
        address_add(out, token);
}

/* Tokens of the class that stand on both sides, each partner taken once. */
static size_t address_shared(const address *a, const address *b, address_class class)
{
    bool taken[ADDRESS_TOKENS_MAX] = {false};
    size_t shared = 0;
    for (size_t i = 0; i < a->count; i++) {
        bool found = false;
        for (size_t j = 0; !found && a->tokens[i].class == class && j < b->count; j++)
            if (!taken[j] && b->tokens[j].class == class && tk_str_eq(a->tokens[i].text, b->tokens[j].text))
                found = taken[j] = true;
        shared += found;
    }
    return shared;
}

/* One side says north, and the other only some other direction. */
static bool address_directions_clash(const address *a, const address *b)
{
    size_t left = 0, right = 0;
    for (size_t i = 0; i < a->count; i++)
        left += a->tokens[i].class == ADDRESS_DIRECTION;
    for (size_t i = 0; i < b->count; i++)
        right += b->tokens[i].class == ADDRESS_DIRECTION;
    return left != 0 && right != 0 && address_shared(a, b, ADDRESS_DIRECTION) == 0;
}

static size_t address_less(size_t a, size_t b)
{
    return a < b ? a : b;
}

screen_says screen_address(tk_arena *arena, tk_str left, tk_str right)
{
    address a, b;
    address_read(arena, left, &a);
    address_read(arena, right, &b);
    size_t words = address_less(a.words, b.words), numbers = address_less(a.numbers, b.numbers);
    if (words == 0 || address_directions_clash(&a, &b))
        return words == 0 ? SCREEN_SILENT : SCREEN_DIFFERENT;
    size_t shared_words = address_shared(&a, &b, ADDRESS_WORD);
    bool most = words * 3 <= shared_words * 5;
    if (numbers == 0) /* a town alone is no address, and says nothing against one */
        return most && a.numbers == b.numbers && 3 <= words ? SCREEN_SAME : SCREEN_SILENT;
    return most && address_shared(&a, &b, ADDRESS_NUMBER) == numbers ? SCREEN_SAME : SCREEN_DIFFERENT;
}
