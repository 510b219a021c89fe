/* SPDX-License-Identifier: Apache-2.0 */
/* compare.c: two readings compared: what was gained and lost, and the rules that no sum may overrule.
 *
 * Every token has a weight. What two partners share of their weight is gained, what they differ in is lost. Tokens
 * without a partner are lost too: a part of their weight when they are only missing on the other side, more than all
 * of it when the other side says something else in their place. The score is what was gained of everything, in
 * thousandths. Then the rules cap it: another number, another place, nothing in common but words that many names have,
 * nothing but guesses.
 */
#include "names/compare.h"

#include <string.h>

#include "base/str.h"

enum {
    COST_MISSING = COMPARE_COST_MISSING, /* thousandths of the weight of a token missing on the other side … */
    COST_MISSING_FEW = 450,              /* … where less than ENOUGH was found alike … */
    COST_MISSING_LITTLE = 700,           /* … or less than SOME */
    COST_MISSING_SYLLABLE = 1100,        /* … or in a name of syllables */
    UNVOWELLED_ENOUGH = 250,
    ENOUGH = 150,
    SOME = 110,
    COST_GENERIC_ALONE = 1800,                       /* of common words missing beside one word that tells, on top */
    COST_GENERIC = 2600,                             /* of common words that stand against other common words */
    COST_CONTRADICTING = COMPARE_COST_CONTRADICTING, /* of the weight that stands against other weight */
    COST_UNLIKE = COMPARE_COST_UNLIKE,               /* times what two partners differ in */
    COST_NUMBER = COMPARE_COST_NUMBER,               /* a number missing on the other side */
    SCORE_LETTERS = 985,                             /* the same letters, cut into words otherwise */
    SCORE_BELOW_EXACT = 995,                         /* the most that is not exact */
    CAP_NUMBER = 400,
    CAP_PLACE = 550,
    CAP_GENERIC = 500,
    CAP_KIND = 600,
    COMMON = 60, /* a given or family name this common, of 100 */
    SOFT_BELOW = 950,
    SOFT_SOUND_BELOW = 870,
    WEIGHT_SMALL = 4, /* of titles, particles and the like */
    SLIGHT = 10,      /* weight that does not matter */
    CAP_ONE_WORD = 650,
    CAP_GUESSES = COMPARE_CAP_GUESSES, /* no pair that is sure: slips of several letters, beginnings, near sounds */
    LOSS_GUESSED = 30,
    LOSS_FORM = 10
};

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

/* A rule that is said even where the sum came to less by itself. */
static void decide(comparison *c, unsigned most, tk_str why)
{
    cap(c, most, why);
    c->decided = why;
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

/* A listed name is looked for under its words that tell; where it has such (one may be a common word with a slip), one
 * of them must be in the pair. A typed name is looked for under all of its words. */
static bool pair_found(const comparison *c, const compare_pair *pair)
{
    const align_side *listed = c->swapped ? &c->left : &c->right;
    size_t from = c->swapped ? pair->left : pair->right, count = c->swapped ? pair->left_count : pair->right_count;
    return !align_named(listed) || run_tells(listed, from, count);
}

/* Is there a pair that is more than a guess, of words that tell something where there are some? */
static bool any_sure(const comparison *c, bool telling)
{
    for (size_t i = 0; i < c->pairs_count; i++) {
        const compare_pair *pair = &c->pairs[i];
        if (pair->sure && pair->weight > WEIGHT_SMALL && (telling ? pair_tells(c, pair) : pair_found(c, pair)))
            return true;
    }
    return false;
}

/* Words but legal forms and small ones: of the pairs, and of the longer name. */
static unsigned words_found(const comparison *c)
{
    unsigned count = 0;
    for (size_t i = 0; i < c->pairs_count; i++)
        count += c->pairs[i].weight > WEIGHT_SMALL;
    return count;
}

static unsigned words_most(const comparison *c)
{
    unsigned left = 0, right = 0;
    for (size_t i = 0; i < c->left.count; i++)
        left += c->left.tokens[i].weight > WEIGHT_SMALL;
    for (size_t i = 0; i < c->right.count; i++)
        right += c->right.tokens[i].weight > WEIGHT_SMALL;
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
    if (left->places != 0 && right->places != 0)
        decide(c, CAP_PLACE, TK_STR("place"));
    if (left->numbers != 0 && right->numbers != 0)
        decide(c, CAP_NUMBER, TK_STR("number"));
    unsigned paired = names_paired(c);
    unsigned told_left = names_told(c, false), told_right = names_told(c, true);
    bool named = told_left + told_right != 0;
    if (paired == 0 && named)
        cap(c, CAP_GENERIC, TK_STR("generic only"));
    if (!any_sure(c, named))
        cap(c, CAP_GUESSES, TK_STR("guesses only"));
    if (!named && words_found(c) <= 2 && left->weight + right->weight > SLIGHT)
        cap(c, CAP_GENERIC, TK_STR("generic only"));
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
    c->missing = cost_missing(c);
    c->lost += against * COST_CONTRADICTING + (left.weight + right.weight - 2 * against) * c->missing;
    c->lost += common * (COST_GENERIC - COST_CONTRADICTING);
    c->alone = pairs_telling(c) == 1;
    if (c->alone)
        c->lost += (left.common + right.common - 2 * common) * COST_GENERIC_ALONE;
    c->lost += COMPARE_NUMBER_WEIGHT * (left.numbers > right.numbers ? left.numbers : right.numbers) * COST_NUMBER;
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
    compare_pair_up(c, candidates);
    sum(c);
    if (exact) {
        c->score = TK_SCORE_ONE;
        c->decided = TK_STR("exact");
    }
}

/* Any order will do that depends on the two blocks alone: so that partners, of which several may be equally near, are
 * the same whichever name was typed. */
static bool turned(const tk_name *typed, const tk_name *listed)
{
    if (typed->written_hash != listed->written_hash)
        return typed->written_hash > listed->written_hash;
    return typed->kind > listed->kind;
}

const comparison *compare_names(compare_work *work, const tk_name *typed, const tk_name *listed, unsigned floor)
{
    bool swap = turned(typed, listed);
    const tk_name *left = swap ? listed : typed, *right = swap ? typed : listed;
    comparison *best = NULL, *next = &work->results[0];
    for (size_t i = 0; i < left->readings_count; i++)
        for (size_t j = 0; j < right->readings_count; j++) {
            next->swapped = swap;
            compare_readings(next, work->candidates, left, i, right, j, floor);
            if (best == NULL || next->score > best->score)
                best = next;
            next = best == &work->results[0] ? &work->results[1] : &work->results[0];
        }
    return best;
}

/* --- for the explanation ------------------------------------------------------------------------------------- */

/* Of all legal forms without a partner the first one bears what they cost together. */
static int64_t form_cost(const comparison *c, bool right, size_t at)
{
    if (c->left.reading->forms_hash == c->right.reading->forms_hash)
        return 0;
    for (size_t i = 0; right && i < c->left.count; i++)
        if (!c->taken_left[i] && c->left.tokens[i].role == ROLE_FORM)
            return 0;
    const align_side *side = right ? &c->right : &c->left;
    for (size_t i = 0; i < at; i++)
        if (!(right ? c->taken_right : c->taken_left)[i] && side->tokens[i].role == ROLE_FORM)
            return 0;
    return ((int64_t)c->gained + c->lost) * LOSS_FORM / TK_SCORE_ONE;
}

int64_t compare_cost(const comparison *c, bool right, size_t at)
{
    remains mine = remains_of(right ? &c->right : &c->left, right ? c->taken_right : c->taken_left);
    remains other = remains_of(right ? &c->left : &c->right, right ? c->taken_left : c->taken_right);
    const name_token *token = &(right ? &c->right : &c->left)->tokens[at];
    if (token->role == ROLE_FORM)
        return form_cost(c, right, at);
    if (token->role == ROLE_NUMBER) {
        unsigned more = mine.numbers > other.numbers ? mine.numbers : other.numbers;
        return (int64_t)COMPARE_NUMBER_WEIGHT * COST_NUMBER * more / (mine.numbers + other.numbers);
    }
    /* What stands against something costs both sides alike; the rest only the side that has more. */
    unsigned against = mine.weight < other.weight ? mine.weight : other.weight;
    unsigned common = mine.common < other.common ? mine.common : other.common;
    int64_t cost = (int64_t)against * COST_CONTRADICTING / 2 + (int64_t)(mine.weight - against) * c->missing;
    cost = mine.weight == 0 ? 0 : cost * token->weight / mine.weight;
    int64_t more = (int64_t)common * (COST_GENERIC - COST_CONTRADICTING) / 2;
    more += c->alone ? (int64_t)(mine.common - common) * COST_GENERIC_ALONE : 0;
    return token->role == ROLE_GENERIC && mine.common != 0 ? cost + more * token->weight / mine.common : cost;
}

tk_alignment compare_rest(const comparison *c, bool right, size_t at)
{
    const name_token *token = &(right ? &c->right : &c->left)->tokens[at];
    remains other = remains_of(right ? &c->left : &c->right, right ? c->taken_left : c->taken_right);
    if (token->role == ROLE_FORM)
        return TK_ALIGN_LEGAL_FORM;
    bool against =
        token->role == ROLE_NUMBER ? other.numbers != 0 : other.names_weight != 0 && token->role == ROLE_NAME;
    if (token->role == ROLE_PLACE && other.places != 0)
        against = true;
    return against ? TK_ALIGN_CONTRADICTING : TK_ALIGN_MISSING;
}
