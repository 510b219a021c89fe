/* SPDX-License-Identifier: Apache-2.0 */
/* compare.c: two readings compared token by token.
 *
 * Every token has a weight. Tokens find partners in five rounds, the surest first: the same letters; words glued or
 * split; known relations, sounds and slips, the heaviest first; glued with a slip; an acronym for several words. What
 * two partners share of their weight is gained, what they differ in is lost. Tokens without a partner are lost too: a
 * part of their weight when they are only missing on the other side, more than all of it when the other side says
 * something else in their place. The score is what was gained of everything, in thousandths. Then the rules that no sum
 * may overrule cap it: another number, another place, nothing in common but words that many names have.
 */
#include "names/compare.h"

#include <string.h>

#include "base/str.h"

enum {
    COST_MISSING = COMPARE_COST_MISSING,       /* thousandths of the weight of a token missing on the other side … */
    COST_MISSING_FEW = 450,   /* … where less than ENOUGH was found alike … */
    COST_MISSING_LITTLE = 700, /* … or less than SOME */
    COST_MISSING_SYLLABLE = 1100, /* … or in a name of syllables */
    UNVOWELLED_ENOUGH = 200,
    ENOUGH = 150,
    SOME = 110,
    COST_GENERIC_ALONE = 1400, /* of common words missing beside one word that tells, on top */
    COST_GENERIC = 2600,      /* of common words that stand against other common words */
    COST_CONTRADICTING = COMPARE_COST_CONTRADICTING, /* of the weight that stands against other weight */
    COST_UNLIKE = COMPARE_COST_UNLIKE,          /* times what two partners differ in */
    COST_NUMBER = COMPARE_COST_NUMBER,       /* a number missing on the other side */
    LEAST_LIKE = COMPARE_LEAST_LIKE,         /* tokens less alike than this are no partners */
    SCORE_LETTERS = 985,      /* the same letters, cut into words otherwise */
    SCORE_BELOW_EXACT = 995,  /* the most that is not exact */
    CAP_NUMBER = 400,
    CAP_PLACE = 550,
    CAP_GENERIC = 500,
    CAP_KIND = 600,
    COMMON = 60,              /* a given or family name this common, of 100 */
    SOFT_BELOW = 950,
    SOFT_SOUND_BELOW = 870,
    SLIGHT = 10,              /* weight that does not matter */
    CAP_ONE_WORD = 650,
    CAP_GUESSES = 650,        /* no pair that is sure: slips of several letters, beginnings, near sounds */
    GLUED_POINTS = 990,
    LOSS_GUESSED = 30,
    LOSS_FORM = 10
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
    unsigned weight = (weight_of(c->left.tokens, left, left_count) + weight_of(c->right.tokens, right, right_count)) / 2;
    return (compare_pair){(uint8_t)left,    (uint8_t)left_count,    (uint8_t)right,   (uint8_t)right_count,
                          (uint8_t)like.how, like.sure,           (uint16_t)like.points, (uint16_t)weight};
}

static tk_alignment how_equal(const name_token *a)
{
    return a->role == ROLE_NUMBER ? TK_ALIGN_NUMBER
           : a->role == ROLE_PLACE ? TK_ALIGN_PLACE
           : a->role == ROLE_GENERIC ? TK_ALIGN_GENERIC
           : a->role == ROLE_FORM ? TK_ALIGN_LEGAL_FORM
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

enum { FORM_BYTES = 64, FORM_SLIP_LETTERS = 6 };

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
            if (joined + 2 < length || align_edits((tk_str){letters, length}, (tk_str){run, joined}, 2) > 2)
                continue;
            bool form = whole->tokens[i].role == ROLE_FORM;
            align_likeness like = {form ? 1000 : 950, form ? TK_ALIGN_LEGAL_FORM : TK_ALIGN_TYPO, false};
            compare_pair pair = whole_left ? pair_of(c, i, 1, from, count, like) : pair_of(c, from, count, i, 1, like);
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
        return GLUED_POINTS;
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
            if (points == 0 || (points != GLUED_POINTS && align_syllabic(&c->left, &c->right)))
                continue;
            align_likeness like = {points, TK_ALIGN_GLUED, points == GLUED_POINTS};
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

enum { ACRONYM_POINTS = 900, ACRONYM_LETTERS_SURE = 5 };

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

/* Three letters are first letters of too many names: all of both names, and the same legal form, must stand behind. */
static bool acronym_short_stands(const align_side *brief, const align_side *full, size_t length, size_t end)
{
    size_t told = 0;
    for (size_t i = 0; i < brief->count; i++)
        told += brief->tokens[i].role != ROLE_FORM;
    for (size_t i = end; i < full->count; i++)
        told += full->tokens[i].role != ROLE_FORM;
    return told == 1 && brief->reading->forms_hash == full->reading->forms_hash && brief->reading->forms_hash != 0
           && (length > ACRONYM_LETTERS_MIN || same_form(brief, full));
}

/* Do the first letters of `full`, or of its beginning, make the token? "CETC 54" and "China Electronics Technology Group
 * Corporation 54th Research Institute". */
static bool acronym_whole(comparison *c, bool short_left, size_t i)
{
    const align_side *brief = short_left ? &c->left : &c->right, *full = short_left ? &c->right : &c->left;
    const uint8_t *taken = short_left ? c->taken_right : c->taken_left;
    size_t length = brief->tokens[i].length, first = 0;
    while (first + 1 < full->count && full->tokens[first].role == ROLE_FORM)
        first++;
    if (full->count < first + 2 || (brief->text[brief->tokens[i].text] != full->text[full->tokens[first].text]
                                    && full->tokens[first].role != ROLE_NEGLIGIBLE
                                    && full->tokens[first].role != ROLE_GENERIC))
        return false;
    for (unsigned manner = 0; manner < ACRONYM_MANNERS; manner++) {
        align_acronym whole = align_acronym_of(full, manner);
        if (whole.length < length || whole.ends[length - 1] == 0
            || memcmp(whole.letters, brief->text + brief->tokens[i].text, length) != 0)
            continue;
        if (length < ACRONYM_LETTERS_SURE && !acronym_short_stands(brief, full, length, whole.ends[length - 1]))
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

/* --- the sum ------------------------------------------------------------------------------------------------- */

/* What was found of one side: weight without a partner, and how many tokens of which role. */
typedef struct remains {
    unsigned weight, numbers, names_weight, places;
    unsigned common; /* weight of words of trades */
} remains;

static remains remains_of(const align_side *side, const uint8_t *taken)
{
    remains out = {0};
    for (size_t i = 0; i < side->count; i++) {
        const name_token *token = &side->tokens[i];
        if (taken[i])
            continue;
        if (token->role == ROLE_NUMBER) {
            out.numbers++;
            continue;
        }
        out.weight += token->weight;
        out.places += token->role == ROLE_PLACE;
        out.common += token->role == ROLE_GENERIC ? token->weight : 0;
        out.names_weight += token->role == ROLE_NAME ? token->weight : 0;
    }
    return out;
}

static void cap(comparison *c, unsigned most, tk_str why)
{
    if (c->score > most) {
        c->score = most;
        c->decided = why;
    }
}

static bool run_tells(const align_side *side, size_t from, size_t count)
{
    for (size_t k = from; k < from + count; k++)
        if (side->tokens[k].role == ROLE_NAME)
            return true;
    return false;
}

/* A pair of words that tell a party from others; glued ones may tell only together. */
static bool pair_tells(const comparison *c, const compare_pair *pair)
{
    bool left = run_tells(&c->left, pair->left, pair->left_count);
    bool right = run_tells(&c->right, pair->right, pair->right_count);
    return pair->how == TK_ALIGN_ACRONYM || (left && right) || (pair->how == TK_ALIGN_GLUED && (left || right));
}

static unsigned names_paired(const comparison *c)
{
    unsigned count = 0;
    for (size_t i = 0; i < c->pairs_count; i++) {
        const compare_pair *pair = &c->pairs[i];
        unsigned most = pair->left_count > pair->right_count ? pair->left_count : pair->right_count;
        count += pair_tells(c, pair) ? most : 0;
    }
    return count;
}

static unsigned pairs_telling(const comparison *c)
{
    unsigned count = 0;
    for (size_t i = 0; i < c->pairs_count; i++)
        count += pair_tells(c, &c->pairs[i]);
    return count;
}

/* Words that tell, of one side, but for those that were found to be a slip of a common word or a legal form. */
static unsigned names_told(const comparison *c, bool right)
{
    const align_side *side = right ? &c->right : &c->left;
    unsigned count = 0;
    for (size_t i = 0; i < side->count; i++)
        count += side->tokens[i].role == ROLE_NAME;
    for (size_t i = 0; i < c->pairs_count; i++) {
        const compare_pair *pair = &c->pairs[i];
        size_t from = right ? pair->right : pair->left, run = right ? pair->right_count : pair->left_count;
        for (size_t k = from; k < from + run && !pair_tells(c, pair); k++)
            count -= side->tokens[k].role == ROLE_NAME;
    }
    return count;
}

/* Is there a pair that is more than a guess, of words that tell something where there are some? */
static bool any_sure(const comparison *c, bool telling)
{
    for (size_t i = 0; i < c->pairs_count; i++)
        if (c->pairs[i].sure && (!telling || pair_tells(c, &c->pairs[i])))
            return true;
    return false;
}

/* Words but legal forms and small ones: of the pairs, and of the longer name. */
static unsigned words_found(const comparison *c)
{
    unsigned count = 0;
    for (size_t i = 0; i < c->pairs_count; i++)
        count += c->pairs[i].weight > 4;
    return count;
}

static unsigned words_most(const comparison *c)
{
    unsigned left = 0, right = 0;
    for (size_t i = 0; i < c->left.count; i++)
        left += c->left.tokens[i].weight > 4;
    for (size_t i = 0; i < c->right.count; i++)
        right += c->right.tokens[i].weight > 4;
    return left > right ? left : right;
}

/* How common as a name of persons. */
static unsigned commonness(const name_token *token)
{
    return token->given > token->family ? token->given : token->family;
}

/* Alike but not the same, and not by one slip that made a word nobody knows. */
static bool pair_soft(const comparison *c, const compare_pair *pair)
{
    if (pair->points >= (pair->how == TK_ALIGN_ROMANIZATION ? SOFT_SOUND_BELOW : SOFT_BELOW)
        || pair->how == TK_ALIGN_ACRONYM)
        return false;
    const name_token *a = &c->left.tokens[pair->left], *b = &c->right.tokens[pair->right];
    bool slip = pair->how == TK_ALIGN_TYPO && pair->points >= 900;
    return !slip || (a->classes != 0 && b->classes != 0);
}

/* What was found of persons are names that very many have. */
static bool common_only(const comparison *c)
{
    for (size_t i = 0; i < c->pairs_count; i++) {
        const compare_pair *pair = &c->pairs[i];
        const name_token *a = &c->left.tokens[pair->left], *b = &c->right.tokens[pair->right];
        unsigned x = commonness(a), y = commonness(b), more = x > y ? x : y, less = x > y ? y : x;
        if (pair_tells(c, pair) && (pair_soft(c, pair) ? more : less) < COMMON)
            return false;
        if (a->role == ROLE_PATRONYMIC || b->role == ROLE_PATRONYMIC)
            return false; /* the father's name too */
    }
    return true;
}

static unsigned soft_pairs(const comparison *c)
{
    unsigned count = 0;
    for (size_t i = 0; i < c->pairs_count; i++)
        count += pair_tells(c, &c->pairs[i]) && pair_soft(c, &c->pairs[i]);
    return count;
}

/* Has the first pair that tells another spelling? `brief`: of a word so short that a letter makes another one. */
static bool any_unlike(const comparison *c, bool *brief)
{
    for (size_t i = 0; i < c->pairs_count; i++) {
        const compare_pair *pair = &c->pairs[i];
        if (!pair_tells(c, pair) || pair->points >= SOFT_BELOW || pair->how == TK_ALIGN_ACRONYM)
            continue;
        *brief = c->left.tokens[pair->left].length < 5 && c->right.tokens[pair->right].length < 5;
        return true;
    }
    return false;
}

static void rules_weak(comparison *c, const remains *left, const remains *right, unsigned paired)
{
    unsigned apart = left->names_weight + right->names_weight;
    bool persons = c->left.reading->person != 0 || c->right.reading->person != 0;
    if (persons && paired <= 2 && (apart != 0 || soft_pairs(c) != 0) && common_only(c))
        cap(c, CAP_GUESSES, TK_STR("common names only"));
    uint32_t form_left = c->left.reading->forms_hash, form_right = c->right.reading->forms_hash;
    bool forms = form_left != form_right && form_left != 0 && form_right != 0;
    bool brief = false;
    bool alone = words_found(c) == 1 && form_left != form_right;
    if (paired == 1 && any_unlike(c, &brief) && (brief || forms || alone || left->weight + right->weight > SLIGHT))
        cap(c, CAP_GUESSES, TK_STR("one word alike"));
}

static bool kinds_differ(const comparison *c)
{
    unsigned left = c->left.name->kind, right = c->right.name->kind;
    return left != right && left != TK_NAME_UNKNOWN && right != TK_NAME_UNKNOWN;
}

static void rules(comparison *c, const remains *left, const remains *right)
{
    if (left->numbers != 0 && right->numbers != 0)
        cap(c, CAP_NUMBER, TK_STR("number"));
    if (left->places != 0 && right->places != 0)
        cap(c, CAP_PLACE, TK_STR("place"));
    unsigned paired = names_paired(c);
    unsigned told_left = names_told(c, false), told_right = names_told(c, true);
    bool named = told_left + told_right != 0;
    if (paired == 0 && named)
        cap(c, CAP_GENERIC, TK_STR("generic only"));
    if (!any_sure(c, named))
        cap(c, CAP_GUESSES, TK_STR("guesses only"));
    if (!named && ((words_found(c) < 2 && words_most(c) > 1) || (left->common != 0 && right->common != 0)))
        cap(c, CAP_GENERIC, TK_STR("generic only"));
    rules_weak(c, left, right, paired);
    if (kinds_differ(c))
        cap(c, CAP_KIND, TK_STR("kind"));
    bool person = c->left.reading->person != 0 || c->right.reading->person != 0;
    if (person && pairs_telling(c) == 1 && (left->names_weight == 0) != (right->names_weight == 0))
        cap(c, CAP_ONE_WORD, TK_STR("one word only"));
}

static bool is_exact(const comparison *c)
{
    if (c->left.name->written_hash == c->right.name->written_hash)
        return true;
    const name_reading *a = c->left.reading, *b = c->right.reading;
    unsigned lossy = SCRIPTS_UNVOWELLED | SCRIPTS_GUESSED | SCRIPTS_UNSPACED;
    return a->squashed_hash == b->squashed_hash && a->squashed_length == b->squashed_length
           && a->forms_hash == b->forms_hash && a->how == b->how && a->how != SCRIPTS_TRANSLATED
           && ((a->flags | b->flags) & lossy) == 0;
}

static bool same_letters(const comparison *c)
{
    const name_reading *a = c->left.reading, *b = c->right.reading;
    return a->letters_hash == b->letters_hash
           || (a->squashed_length == b->squashed_length && a->squashed_hash == b->squashed_hash);
}

/* The less was found alike, the more a missing token tells. */
static unsigned cost_missing(const comparison *c)
{
    bool translated = c->left.reading->how == SCRIPTS_TRANSLATED || c->right.reading->how == SCRIPTS_TRANSLATED;
    if (align_syllabic(&c->left, &c->right) && !translated)
        return COST_MISSING_SYLLABLE;
    unsigned flags = c->left.reading->flags | c->right.reading->flags;
    if ((flags & SCRIPTS_UNVOWELLED) != 0 && c->gained / 1000 < UNVOWELLED_ENOUGH)
        return COST_MISSING_LITTLE;
    unsigned alike = c->gained / 1000;
    return alike >= ENOUGH ? COST_MISSING : alike >= SOME ? COST_MISSING_FEW : COST_MISSING_LITTLE;
}

static void sum(comparison *c)
{
    remains left = remains_of(&c->left, c->taken_left), right = remains_of(&c->right, c->taken_right);
    for (size_t i = 0; i < c->pairs_count; i++) {
        c->gained += (unsigned)c->pairs[i].weight * c->pairs[i].points;
        c->lost += (unsigned)c->pairs[i].weight * (1000u - c->pairs[i].points) * COST_UNLIKE;
    }
    unsigned against = left.weight < right.weight ? left.weight : right.weight;
    unsigned common = left.common < right.common ? left.common : right.common;
    c->lost += against * COST_CONTRADICTING + (left.weight + right.weight - 2 * against) * cost_missing(c);
    c->lost += common * (COST_GENERIC - COST_CONTRADICTING);
    if (pairs_telling(c) == 1)
        c->lost += (left.common + right.common - 2 * common) * COST_GENERIC_ALONE;
    c->lost += 60 * (left.numbers > right.numbers ? left.numbers : right.numbers) * COST_NUMBER;
    unsigned all = c->gained + c->lost;
    c->score = all == 0 ? 0 : (unsigned)((uint64_t)c->gained * TK_SCORE_ONE / all);
    if (c->left.reading->forms_hash != c->right.reading->forms_hash)
        c->score = c->score > LOSS_FORM ? c->score - LOSS_FORM : 0;
    if (c->score > SCORE_BELOW_EXACT)
        c->score = SCORE_BELOW_EXACT;
    rules(c, &left, &right);
    if (c->score < SCORE_LETTERS && same_letters(c) && !kinds_differ(c)) {
        c->score = SCORE_LETTERS;
        c->decided = TK_STR("same letters");
    }
    if (((c->left.reading->flags | c->right.reading->flags) & SCRIPTS_GUESSED) != 0)
        c->score = c->score > LOSS_GUESSED ? c->score - LOSS_GUESSED : 0;
}

/* What could be reached if all of the lighter side found the same in the heavier. */
static unsigned bound(const comparison *c)
{
    unsigned left = c->left.reading->weight, right = c->right.reading->weight;
    unsigned less = left < right ? left : right, more = left + right - less;
    unsigned shared = (less + more) / 2 * 1000, all = shared + (more - less) / 2 * COST_MISSING;
    return all == 0 ? TK_SCORE_ONE : (unsigned)((uint64_t)shared * TK_SCORE_ONE / all);
}

static void compare_readings(comparison *c, compare_candidate *candidates, const tk_name *left, size_t left_reading,
                             const tk_name *right, size_t right_reading, unsigned floor)
{
    c->left = align_side_of(left, left_reading);
    c->right = align_side_of(right, right_reading);
    memset(c->taken_left, 0, c->left.count);
    memset(c->taken_right, 0, c->right.count);
    c->pairs_count = 0;
    c->gained = c->lost = c->score = 0;
    c->decided = (tk_str){"", 0};
    bool exact = is_exact(c);
    if (!exact && bound(c) < floor && !same_letters(c))
        return;
    round_same(c);
    round_phrase_slips(c);
    round_forms(c);
    round_glued(c, GLUE_SAME);
    round_glued(c, GLUE_SOUND);
    round_alike(c, candidates);
    round_glued(c, GLUE_SLIPS);
    round_acronyms(c);
    sum(c);
    if (exact) {
        c->score = TK_SCORE_ONE;
        c->decided = TK_STR("exact");
    }
}

const comparison *compare_names(compare_work *work, const tk_name *left, const tk_name *right, unsigned floor)
{
    comparison *best = NULL, *next = &work->results[0];
    for (size_t i = 0; i < left->readings_count; i++)
        for (size_t j = 0; j < right->readings_count; j++) {
            compare_readings(next, work->candidates, left, i, right, j, floor);
            if (best == NULL || next->score > best->score)
                best = next;
            next = best == &work->results[0] ? &work->results[1] : &work->results[0];
        }
    return best;
}

/* --- for the explanation ------------------------------------------------------------------------------------- */

int64_t compare_cost(const comparison *c, bool right, size_t at)
{
    remains mine = remains_of(right ? &c->right : &c->left, right ? c->taken_right : c->taken_left);
    remains other = remains_of(right ? &c->left : &c->right, right ? c->taken_left : c->taken_right);
    const name_token *token = &(right ? &c->right : &c->left)->tokens[at];
    if (token->role == ROLE_NUMBER) {
        unsigned more = mine.numbers > other.numbers ? mine.numbers : other.numbers;
        return (int64_t)60 * COST_NUMBER * more / (mine.numbers + other.numbers);
    }
    /* What stands against something costs both sides alike; the rest only the side that has more. */
    unsigned against = mine.weight < other.weight ? mine.weight : other.weight;
    unsigned common = mine.common < other.common ? mine.common : other.common;
    int64_t cost = (int64_t)against * COST_CONTRADICTING / 2 + (int64_t)(mine.weight - against) * cost_missing(c);
    cost = mine.weight == 0 ? 0 : cost * token->weight / mine.weight;
    if (token->role == ROLE_GENERIC && mine.common != 0)
        cost += (int64_t)common * (COST_GENERIC - COST_CONTRADICTING) / 2 * token->weight / mine.common;
    return cost;
}

tk_alignment compare_rest(const comparison *c, bool right, size_t at)
{
    const name_token *token = &(right ? &c->right : &c->left)->tokens[at];
    remains other = remains_of(right ? &c->left : &c->right, right ? c->taken_left : c->taken_right);
    if (token->role == ROLE_FORM)
        return TK_ALIGN_LEGAL_FORM;
    bool against = token->role == ROLE_NUMBER ? other.numbers != 0 : other.names_weight != 0 && token->role == ROLE_NAME;
    if (token->role == ROLE_PLACE && other.places != 0)
        against = true;
    return against ? TK_ALIGN_CONTRADICTING : TK_ALIGN_MISSING;
}
