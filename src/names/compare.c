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
    COST_MISSING = 350,       /* thousandths of the weight of a token missing on the other side */
    COST_CONTRADICTING = 1300, /* of the weight that stands against other weight */
    COST_NUMBER = 1300,       /* a number missing on the other side */
    LEAST_LIKE = 650,         /* tokens less alike than this are no partners */
    SCORE_LETTERS = 985,      /* the same letters, cut into words otherwise */
    SCORE_BELOW_EXACT = 995,  /* the most that is not exact */
    CAP_NUMBER = 400,
    CAP_PLACE = 550,
    CAP_GENERIC = 500,
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

/* Is one token of `whole` the same as `count` tokens of `split` from `from`? */
static unsigned glued_points(const align_side *whole, const name_token *token, const align_side *split, size_t from,
                             size_t count, bool slips)
{
    char letters[GLUED_BYTES], own[GLUED_BYTES];
    size_t length = align_joined(split, from, count, letters, sizeof letters), own_length = 0;
    for (size_t i = 0; i < token->length && own_length < sizeof own; i++)
        if (whole->text[token->text + i] != ' ')
            own[own_length++] = whole->text[token->text + i];
    if (length == 0 || own_length < 3)
        return 0;
    tk_str a = {own, own_length}, b = {letters, length};
    if (tk_str_eq(a, b))
        return GLUED_POINTS;
    if (!slips || length < 5 || own_length < 5)
        return 0;
    char sound_a[WORDS_SOUND_BYTES], sound_b[WORDS_SOUND_BYTES];
    if (own_length > length + 3 || length > own_length + 3)
        return 0;
    size_t heard_a = words_sound(a, sound_a), heard_b = words_sound(b, sound_b);
    if (heard_a == heard_b && heard_a >= 3 && memcmp(sound_a, sound_b, heard_a) == 0)
        return 900;
    unsigned edits = align_edits(a, b, length < 8 ? 1 : 2);
    if (edits > (length < 8 ? 1u : 2u))
        return 0;
    return align_edits_points(length, edits);
}

static bool free_run(const uint8_t *taken, const name_token *tokens, size_t from, size_t count)
{
    for (size_t i = from; i < from + count; i++)
        if (taken[i] || tokens[i].role == ROLE_FORM || tokens[i].role == ROLE_NUMBER)
            return false;
    return true;
}

static void glue_at(comparison *c, bool whole_left, size_t i, bool slips)
{
    const align_side *whole = whole_left ? &c->left : &c->right, *split = whole_left ? &c->right : &c->left;
    const uint8_t *taken = whole_left ? c->taken_right : c->taken_left;
    const name_token *token = &whole->tokens[i];
    for (size_t count = 2; count <= GLUED_MAX; count++)
        for (size_t j = 0; j + count <= split->count; j++) {
            if (!free_run(taken, split->tokens, j, count))
                continue;
            unsigned points = glued_points(whole, token, split, j, count, slips);
            if (points == 0)
                continue;
            align_likeness like = {points, TK_ALIGN_GLUED, points == GLUED_POINTS};
            pair_add(c, whole_left ? pair_of(c, i, 1, j, count, like) : pair_of(c, j, count, i, 1, like));
            return;
        }
}

static void round_glued(comparison *c, bool slips)
{
    for (size_t i = 0; i < c->left.count; i++)
        if (!c->taken_left[i] && c->left.tokens[i].role != ROLE_FORM && c->left.tokens[i].role != ROLE_NUMBER)
            glue_at(c, true, i, slips);
    for (size_t i = 0; i < c->right.count; i++)
        if (!c->taken_right[i] && c->right.tokens[i].role != ROLE_FORM && c->right.tokens[i].role != ROLE_NUMBER)
            glue_at(c, false, i, slips);
}

typedef struct candidate {
    uint32_t worth;
    compare_pair pair;
} candidate;

enum { CANDIDATES_MAX = 128 };

/* The most worth first; the loop is short, most names have few tokens left over. */
static void candidates_take(comparison *c, candidate *candidates, size_t count)
{
    for (;;) {
        const candidate *best = NULL;
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

static void round_alike(comparison *c)
{
    candidate candidates[CANDIDATES_MAX];
    size_t count = 0;
    for (size_t i = 0; i < c->left.count; i++) {
        const name_token *a = &c->left.tokens[i];
        if (c->taken_left[i] || a->role == ROLE_FORM)
            continue;
        for (size_t j = 0; j < c->right.count && count < CANDIDATES_MAX; j++) {
            const name_token *b = &c->right.tokens[j];
            if (c->taken_right[j] || b->role == ROLE_FORM)
                continue;
            align_likeness like = align_tokens(&c->left, a, &c->right, b);
            if (like.points < LEAST_LIKE)
                continue;
            compare_pair pair = pair_of(c, i, 1, j, 1, like);
            uint32_t worth = (uint32_t)like.points * (pair.weight + 1u);
            candidates[count++] = (candidate){worth, pair};
        }
    }
    candidates_take(c, candidates, count);
}

/* --- acronyms ------------------------------------------------------------------------------------------------ */

enum { ACRONYM_POINTS = 850 };

/* Do the letters of `short_text` begin the words from..from+count in order, each word that tells something used? */
static bool acronym_fits(const align_side *side, size_t from, size_t count, tk_str letters)
{
    size_t at = 0;
    for (size_t i = from; i < from + count; i++) {
        const name_token *token = &side->tokens[i];
        tk_str text = {side->text + token->text, token->length};
        bool used = false;
        for (size_t k = 0; k < text.len; k++)
            if ((k == 0 || text.ptr[k - 1] == ' ') && at < letters.len && letters.ptr[at] == text.ptr[k]) {
                at++;
                used = true;
            }
        if (!used && token->role != ROLE_NEGLIGIBLE && token->role != ROLE_GENERIC && token->role != ROLE_FORM
            && token->role != ROLE_PARTICLE)
            return false;
    }
    return at == letters.len;
}

/* Do the first letters of `full`, or of its beginning, make the token? "CETC 54" and "China Electronics Technology Group
 * Corporation 54th Research Institute". */
static bool acronym_whole(comparison *c, bool short_left, size_t i)
{
    const align_side *brief = short_left ? &c->left : &c->right, *full = short_left ? &c->right : &c->left;
    const uint8_t *taken = short_left ? c->taken_right : c->taken_left;
    size_t length = brief->tokens[i].length;
    for (unsigned manner = 0; manner < ACRONYM_MANNERS; manner++) {
        align_acronym whole = align_acronym_of(full, manner);
        if (whole.length < length || whole.ends[length - 1] == 0
            || memcmp(whole.letters, brief->text + brief->tokens[i].text, length) != 0)
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

static void acronym_at(comparison *c, bool short_left, size_t i)
{
    const align_side *brief = short_left ? &c->left : &c->right, *full = short_left ? &c->right : &c->left;
    const uint8_t *taken = short_left ? c->taken_right : c->taken_left;
    const name_token *token = &brief->tokens[i];
    if (acronym_whole(c, short_left, i))
        return;
    tk_str letters = {brief->text + token->text, token->length};
    for (size_t from = 0; from < full->count; from++)
        for (size_t count = full->count - from; count >= 2; count--) {
            bool open = true;
            for (size_t k = from; k < from + count && open; k++)
                open = !taken[k];
            if (!open || !acronym_fits(full, from, count, letters))
                continue;
            align_likeness like = {ACRONYM_POINTS, TK_ALIGN_ACRONYM, false};
            pair_add(c, short_left ? pair_of(c, i, 1, from, count, like) : pair_of(c, from, count, i, 1, like));
            return;
        }
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
            acronym_at(c, true, i);
    for (size_t i = 0; i < c->right.count; i++)
        if (!c->taken_right[i] && acronym_likely(&c->right.tokens[i]))
            acronym_at(c, false, i);
}

/* --- the sum ------------------------------------------------------------------------------------------------- */

/* What was found of one side: weight without a partner, and how many tokens of which role. */
typedef struct remains {
    unsigned weight, numbers, names, names_weight, places, names_all;
} remains;

static remains remains_of(const align_side *side, const uint8_t *taken)
{
    remains out = {0};
    for (size_t i = 0; i < side->count; i++) {
        const name_token *token = &side->tokens[i];
        out.names_all += token->role == ROLE_NAME;
        if (taken[i])
            continue;
        if (token->role == ROLE_NUMBER) {
            out.numbers++;
            continue;
        }
        out.weight += token->weight;
        out.places += token->role == ROLE_PLACE;
        out.names += token->role == ROLE_NAME;
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

/* Is there a pair that is more than a guess, of words that tell something where there are some? */
static bool any_sure(const comparison *c, bool telling)
{
    for (size_t i = 0; i < c->pairs_count; i++)
        if (c->pairs[i].sure && (!telling || pair_tells(c, &c->pairs[i])))
            return true;
    return false;
}

static void rules(comparison *c, const remains *left, const remains *right)
{
    if (left->numbers != 0 && right->numbers != 0)
        cap(c, CAP_NUMBER, TK_STR("number"));
    if (left->places != 0 && right->places != 0)
        cap(c, CAP_PLACE, TK_STR("place"));
    unsigned paired = names_paired(c);
    bool named = left->names_all + right->names_all != 0;
    if (paired == 0 && named)
        cap(c, CAP_GENERIC, TK_STR("generic only"));
    if (!any_sure(c, named))
        cap(c, CAP_GUESSES, TK_STR("guesses only"));
    bool person = c->left.reading->person != 0 && c->right.reading->person != 0;
    if (person && paired == 1 && (left->names_all == 1) != (right->names_all == 1))
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

static void sum(comparison *c)
{
    remains left = remains_of(&c->left, c->taken_left), right = remains_of(&c->right, c->taken_right);
    for (size_t i = 0; i < c->pairs_count; i++) {
        c->gained += (unsigned)c->pairs[i].weight * c->pairs[i].points;
        c->lost += (unsigned)c->pairs[i].weight * (1000u - c->pairs[i].points);
    }
    unsigned against = left.weight < right.weight ? left.weight : right.weight;
    c->lost += against * COST_CONTRADICTING + (left.weight + right.weight - 2 * against) * COST_MISSING;
    c->lost += 60 * (left.numbers > right.numbers ? left.numbers : right.numbers) * COST_NUMBER;
    unsigned all = c->gained + c->lost;
    c->score = all == 0 ? 0 : (unsigned)((uint64_t)c->gained * TK_SCORE_ONE / all);
    if (c->left.reading->forms_hash != c->right.reading->forms_hash)
        c->score = c->score > LOSS_FORM ? c->score - LOSS_FORM : 0;
    if (c->score > SCORE_BELOW_EXACT)
        c->score = SCORE_BELOW_EXACT;
    rules(c, &left, &right);
    if (c->score < SCORE_LETTERS && same_letters(c)) {
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

void compare_readings(comparison *c, const tk_name *left, size_t left_reading, const tk_name *right,
                      size_t right_reading, unsigned floor)
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
    round_forms(c);
    round_glued(c, false);
    round_alike(c);
    round_glued(c, true);
    round_acronyms(c);
    sum(c);
    if (exact) {
        c->score = TK_SCORE_ONE;
        c->decided = TK_STR("exact");
    }
}

void compare_names(comparison *best, const tk_name *left, const tk_name *right, unsigned floor)
{
    bool any = false;
    comparison other;
    for (size_t i = 0; i < left->readings_count; i++)
        for (size_t j = 0; j < right->readings_count; j++) {
            comparison *to = any ? &other : best;
            compare_readings(to, left, i, right, j, floor);
            if (any && other.score > best->score)
                *best = other;
            any = true;
        }
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
    int64_t cost = (int64_t)against * COST_CONTRADICTING / 2 + (int64_t)(mine.weight - against) * COST_MISSING;
    return mine.weight == 0 ? 0 : cost * token->weight / mine.weight;
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
