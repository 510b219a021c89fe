/* SPDX-License-Identifier: Apache-2.0 */
/* pairing.c: which tokens of two names belong together. Rounds, the surest first: the same letters; known phrases with
 * a slip; legal forms of one class; words glued or split; known relations, sounds and slips, the heaviest first; glued
 * with a slip; an acronym for several words. A token that found a partner keeps it.
 */
#include <string.h>

#include "base/str.h"
#include "names/compare.h"

enum {
    LEAST_LIKE = COMPARE_LEAST_LIKE, /* tokens less alike than this are no partners */
    PAIRING_GLUED = 990 /* points of words glued without a slip */
};

/* --- partners ------------------------------------------------------------------------------------------------ */

static void pair_add(comparison *c, compare_pair pair)
{
    for (size_t i = 0; i < pair.left_count; i++)
        c->taken_left[pair.left + i] = 1;
    for (size_t i = 0; i < pair.right_count; i++)
        c->taken_right[pair.right + i] = 1;
    c->pairs[c->pairs_count++] = pair;
}

static unsigned weight_of(const name_token *tokens, size_t from, size_t count)
{
    unsigned weight = 0;
    for (size_t i = 0; i < count; i++)
        weight += tokens[from + i].weight;
    return weight;
}

static compare_pair pair_of(const comparison *c, size_t left, size_t left_count, size_t right, size_t right_count,
                            align_likeness like)
{
    unsigned weight =
        (weight_of(c->left.tokens, left, left_count) + weight_of(c->right.tokens, right, right_count)) / 2;
    return (compare_pair){(uint8_t)left,     (uint8_t)left_count, (uint8_t)right,        (uint8_t)right_count,
                          (uint8_t)like.how, like.sure,           (uint16_t)like.points, (uint16_t)weight};
}

static tk_alignment how_equal(const name_token *a)
{
    return a->role == ROLE_NUMBER    ? TK_ALIGN_NUMBER
           : a->role == ROLE_PLACE   ? TK_ALIGN_PLACE
           : a->role == ROLE_GENERIC ? TK_ALIGN_GENERIC
           : a->role == ROLE_FORM    ? TK_ALIGN_LEGAL_FORM
                                     : TK_ALIGN_EQUAL;
}

static void round_same(comparison *c)
{
    size_t next = 0; /* names are mostly in the same order: look on where the last one was found */
    for (size_t i = 0; i < c->left.count; i++) {
        const name_token *a = &c->left.tokens[i];
        for (size_t k = 0; k < c->right.count; k++) {
            size_t j = next + k < c->right.count ? next + k : next + k - c->right.count;
            const name_token *b = &c->right.tokens[j];
            if (c->taken_right[j] || a->hash != b->hash || (a->role == ROLE_FORM) != (b->role == ROLE_FORM))
                continue;
            pair_add(c, pair_of(c, i, 1, j, 1, (align_likeness){1000, how_equal(a), true}));
            next = j + 1;
            break;
        }
    }
}

static void round_forms(comparison *c)
{
    for (size_t i = 0; i < c->left.count; i++)
        for (size_t j = 0; j < c->right.count && !c->taken_left[i] && c->left.tokens[i].role == ROLE_FORM; j++) {
            const name_token *a = &c->left.tokens[i], *b = &c->right.tokens[j];
            if (!c->taken_right[j] && b->role == ROLE_FORM && a->form == b->form)
                pair_add(c, pair_of(c, i, 1, j, 1, (align_likeness){1000, TK_ALIGN_LEGAL_FORM, false}));
        }
}

enum { FORM_BYTES = 64, FORM_SLIP_LETTERS = 5, FORM_LONG = 8 };

/* A known phrase, most often a legal form, in which the other side has a slip: "joint stock" and "joiknt stock". */
static void phrase_slip_at(comparison *c, bool whole_left, size_t i)
{
    const align_side *whole = whole_left ? &c->left : &c->right, *other = whole_left ? &c->right : &c->left;
    const uint8_t *taken = whole_left ? c->taken_right : c->taken_left;
    char letters[FORM_BYTES], run[FORM_BYTES];
    size_t length = align_joined(whole, i, 1, letters, sizeof letters);
    for (size_t from = 0; length >= FORM_SLIP_LETTERS && from < other->count; from++)
        for (size_t count = 1; from + count <= other->count && !taken[from + count - 1]; count++) {
            size_t joined = align_joined(other, from, count, run, sizeof run);
            if (joined == 0 || joined > length + 2)
                break;
            unsigned most = length < FORM_LONG ? 1 : 2;
            if (joined + most < length || align_edits((tk_str){letters, length}, (tk_str){run, joined}, most) > most)
                continue;
            bool form = whole->tokens[i].role == ROLE_FORM;
            align_likeness like = {form ? 1000 : 950, form ? TK_ALIGN_LEGAL_FORM : TK_ALIGN_TYPO, false};
            compare_pair pair =
                whole_left ? pair_of(c, i, 1, from, count, like) : pair_of(c, from, count, i, 1, like);
            pair.weight = whole->tokens[i].weight;
            pair_add(c, pair);
            return;
        }
}

static bool phrase_slips(const name_token *token)
{
    return token->role == ROLE_FORM || token->words > 1;
}

static void round_phrase_slips(comparison *c)
{
    for (size_t i = 0; i < c->left.count; i++)
        if (!c->taken_left[i] && phrase_slips(&c->left.tokens[i]))
            phrase_slip_at(c, true, i);
    for (size_t i = 0; i < c->right.count; i++)
        if (!c->taken_right[i] && phrase_slips(&c->right.tokens[i]))
            phrase_slip_at(c, false, i);
}

enum { GLUED_LONG = 10 }; /* letters that leave room for two slips */

typedef enum glue { GLUE_SAME, GLUE_SOUND, GLUE_SLIPS } glue;

/* Is one token of `whole` the same as `count` tokens of `split` from `from`? */
static unsigned glued_points(const align_side *whole, const name_token *token, const align_side *split, size_t from,
                             size_t count, glue slips)
{
    char letters[GLUED_BYTES], own[GLUED_BYTES];
    size_t length = align_joined(split, from, count, letters, sizeof letters), own_length = 0;
    for (size_t i = 0; i < token->length && own_length < sizeof own; i++)
        if (whole->text[token->text + i] != ' ')
            own[own_length++] = whole->text[token->text + i];
    if (length == 0 || own_length < 2)
        return 0;
    tk_str a = {own, own_length}, b = {letters, length};
    if (tk_str_eq(a, b))
        return PAIRING_GLUED;
    if (slips == GLUE_SAME || length < 5 || own_length < 5)
        return 0;
    char sound_a[WORDS_SOUND_BYTES], sound_b[WORDS_SOUND_BYTES];
    if (own_length > length + 3 || length > own_length + 3)
        return 0;
    size_t heard_a = words_sound(a, sound_a), heard_b = words_sound(b, sound_b);
    if (heard_a == heard_b && heard_a >= 3 && memcmp(sound_a, sound_b, heard_a) == 0)
        return 900;
    if (slips == GLUE_SOUND)
        return 0;
    unsigned most = length < GLUED_LONG ? 1 : 2, edits = align_edits(a, b, most);
    if (edits > most)
        return 0;
    return align_edits_points(length, edits);
}

unsigned compare_glued(const align_side *whole, const name_token *token, const align_side *split, size_t from,
                       size_t count)
{
    return glued_points(whole, token, split, from, count, GLUE_SLIPS);
}

static bool free_run(const uint8_t *taken, const name_token *tokens, size_t from, size_t count)
{
    for (size_t i = from; i < from + count; i++)
        if (taken[i] || tokens[i].role == ROLE_FORM || tokens[i].letters >> 26 != 0)
            return false;
    return true;
}

static size_t letters_of(const name_token *token)
{
    return token->length - (token->words - 1u);
}

/* A cheap look before letters are joined: about as long, and about the same letters. */
static bool glue_likely(const name_token *whole, size_t length, uint32_t letters, glue slips)
{
    size_t own = letters_of(whole);
    if (slips == GLUE_SAME)
        return own == length && whole->letters == letters;
    return own <= length + 3 && length <= own + 3 && __builtin_popcount(whole->letters ^ letters) <= 6;
}

static void glue_at(comparison *c, bool whole_left, size_t i, glue slips)
{
    const align_side *whole = whole_left ? &c->left : &c->right, *split = whole_left ? &c->right : &c->left;
    const uint8_t *taken = whole_left ? c->taken_right : c->taken_left;
    const name_token *token = &whole->tokens[i];
    for (size_t j = 0; j + 1 < split->count; j++) {
        size_t length = 0;
        uint32_t letters = 0;
        for (size_t count = 1; count <= GLUED_MAX && j + count <= split->count; count++) {
            const name_token *part = &split->tokens[j + count - 1];
            if (!free_run(taken, split->tokens, j + count - 1, 1))
                break;
            length += letters_of(part);
            letters |= part->letters;
            if (count == 1 || !glue_likely(token, length, letters, slips))
                continue;
            unsigned points = glued_points(whole, token, split, j, count, slips);
            if (points == 0 || (points != PAIRING_GLUED && align_syllabic(&c->left, &c->right)))
                continue;
            align_likeness like = {points, TK_ALIGN_GLUED, points == PAIRING_GLUED};
            pair_add(c, whole_left ? pair_of(c, i, 1, j, count, like) : pair_of(c, j, count, i, 1, like));
            return;
        }
    }
}

static void round_glued(comparison *c, glue slips)
{
    for (size_t i = 0; i < c->left.count; i++)
        if (!c->taken_left[i] && c->left.tokens[i].role != ROLE_FORM && c->left.tokens[i].letters >> 26 == 0)
            glue_at(c, true, i, slips);
    for (size_t i = 0; i < c->right.count; i++)
        if (!c->taken_right[i] && c->right.tokens[i].role != ROLE_FORM && c->right.tokens[i].letters >> 26 == 0)
            glue_at(c, false, i, slips);
}

/* The most worth first; the loop is short, most names have few tokens left over. */
static void candidates_take(comparison *c, const compare_candidate *candidates, size_t count)
{
    for (;;) {
        const compare_candidate *best = NULL;
        for (size_t i = 0; i < count; i++) {
            const compare_pair *pair = &candidates[i].pair;
            if (!c->taken_left[pair->left] && !c->taken_right[pair->right]
                && (best == NULL || candidates[i].worth > best->worth))
                best = &candidates[i];
        }
        if (best == NULL)
            return;
        pair_add(c, best->pair);
    }
}

static void round_alike(comparison *c, compare_candidate *candidates)
{
    size_t count = 0;
    for (size_t i = 0; i < c->left.count; i++) {
        const name_token *a = &c->left.tokens[i];
        if (c->taken_left[i] || a->role == ROLE_FORM)
            continue;
        for (size_t j = 0; j < c->right.count && count < COMPARE_CANDIDATES_MAX; j++) {
            const name_token *b = &c->right.tokens[j];
            if (c->taken_right[j] || b->role == ROLE_FORM)
                continue;
            align_likeness like = align_tokens(&c->left, a, &c->right, b);
            if (like.points < LEAST_LIKE)
                continue;
            compare_pair pair = pair_of(c, i, 1, j, 1, like);
            /* An initial tells no more than its one letter; a slip of a common word is that word. */
            bool mixed = (a->role == ROLE_NAME) != (b->role == ROLE_NAME);
            if (like.how == TK_ALIGN_INITIAL || (mixed && like.how != TK_ALIGN_ROMANIZATION))
                pair.weight = a->weight < b->weight ? a->weight : b->weight;
            uint32_t worth = (uint32_t)like.points * (pair.weight + 1u);
            candidates[count++] = (compare_candidate){worth, pair};
        }
    }
    candidates_take(c, candidates, count);
}

/* --- acronyms ------------------------------------------------------------------------------------------------ */

enum { ACRONYM_POINTS = 900 };

/* The same legal form in the same language, not only of the same kind. */
static bool same_form(const align_side *left, const align_side *right)
{
    for (size_t i = 0; i < left->count; i++)
        for (size_t j = 0; j < right->count; j++) {
            const name_token *a = &left->tokens[i], *b = &right->tokens[j];
            if (a->role == ROLE_FORM && b->role == ROLE_FORM
                && (a->hash == b->hash || (a->canonical != 0 && a->canonical == b->canonical)))
                return true;
        }
    return false;
}

/* Few letters are first letters of too many names: all of both names, and the same legal form, must stand behind. */
static bool acronym_short_stands(const align_side *brief, const align_side *full, size_t length, size_t start,
                                 size_t end)
{
    size_t told = 0;
    for (size_t i = 0; i < brief->count; i++)
        told += brief->tokens[i].role != ROLE_FORM;
    for (size_t i = end; i < full->count; i++)
        told += full->tokens[i].role != ROLE_FORM;
    if (told == 1 && length > ACRONYM_LETTERS_MIN && full->tokens[start].role == ROLE_PLACE
        && full->tokens[end - 1].role == ROLE_FORM)
        return true; /* "China Electronics … Corporation" */
    return told == 1 && brief->reading->forms_hash == full->reading->forms_hash && brief->reading->forms_hash != 0
           && (length > ACRONYM_LETTERS_MIN || same_form(brief, full));
}

/* Do the first letters of `full`, or of its beginning, make the token? "CETC 54" and "China Electronics Technology
 * Group Corporation 54th Research Institute". */
static bool acronym_whole(comparison *c, bool short_left, size_t i)
{
    const align_side *brief = short_left ? &c->left : &c->right, *full = short_left ? &c->right : &c->left;
    const uint8_t *taken = short_left ? c->taken_right : c->taken_left;
    size_t length = brief->tokens[i].length, first = 0;
    while (first + 1 < full->count && full->tokens[first].role == ROLE_FORM)
        first++;
    if (full->count < first + 2
        || (brief->text[brief->tokens[i].text] != full->text[full->tokens[first].text]
            && full->tokens[first].role != ROLE_NEGLIGIBLE && full->tokens[first].role != ROLE_GENERIC))
        return false;
    for (unsigned manner = 0; manner < ACRONYM_MANNERS; manner++) {
        align_acronym whole = align_acronym_of(full, manner);
        if (whole.length < length || whole.ends[length - 1] == 0
            || memcmp(whole.letters, brief->text + brief->tokens[i].text, length) != 0)
            continue;
        if (length < ACRONYM_LETTERS_SURE
            && !acronym_short_stands(brief, full, length, whole.start, whole.ends[length - 1]))
            continue;
        size_t count = whole.ends[length - 1] - whole.start;
        bool open = true;
        for (size_t k = whole.start; k < whole.start + count && open; k++)
            open = !taken[k];
        if (!open)
            continue;
        align_likeness like = {ACRONYM_POINTS, TK_ALIGN_ACRONYM, true};
        pair_add(c, short_left ? pair_of(c, i, 1, whole.start, count, like)
                               : pair_of(c, whole.start, count, i, 1, like));
        return true;
    }
    return false;
}

static bool acronym_likely(const name_token *token)
{
    return token->role == ROLE_NAME && token->words == 1 && token->length >= ACRONYM_LETTERS_MIN
           && token->length <= ACRONYM_LETTERS_MAX;
}

static void round_acronyms(comparison *c)
{
    if (c->left.reading->person == 2 || c->right.reading->person == 2)
        return;
    for (size_t i = 0; i < c->left.count; i++)
        if (!c->taken_left[i] && acronym_likely(&c->left.tokens[i]))
            (void)acronym_whole(c, true, i);
    for (size_t i = 0; i < c->right.count; i++)
        if (!c->taken_right[i] && acronym_likely(&c->right.tokens[i]))
            (void)acronym_whole(c, false, i);
}

/* --- all rounds ---------------------------------------------------------------------------------------------- */

void compare_pair_up(comparison *c, compare_candidate *candidates)
{
    round_same(c);
    round_phrase_slips(c);
    round_forms(c);
    round_glued(c, GLUE_SAME);
    round_glued(c, GLUE_SOUND);
    round_alike(c, candidates);
    round_glued(c, GLUE_SLIPS);
    round_acronyms(c);
}
