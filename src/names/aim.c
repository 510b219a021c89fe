/* SPDX-License-Identifier: Apache-2.0 */
/* aim.c: a bound on the score of a typed name and a listed one, seen without aligning them.
 *
 * Most names that share a key share little else, and aligning is dear. What a listed word can be to the words of the
 * typed name is worked out once and remembered, for the same words come again and again. A word without any partner is
 * lost whatever the aligning finds, and what is lost is often enough to stay below the floor. Where a word may still
 * find a partner in several words taken together, or be an acronym, the answer is that the score may be reached. What
 * is said here must hold of compare.c: tests/property/screen/exhaustive.c compares with all names.
 */
#include "names/aim.h"

#include <limits.h>
#include <string.h>

#include "names/compare.h"
#include "names/state.h"

enum {
    AIM_APART = 6,         /* letters that only one of two words has, and by how many a glued one is longer */
    AIM_LONGER = 3,
    AIM_TWO_SLIPS = 10,    /* letters of glued words that may have two slips */
    AIM_GLUED_LETTERS = 5, /* where they are not the same letters */
    AIM_SOUND_LETTERS = 5, /* of sounds that are nearly the same */
    AIM_UNVOWELLED_APART = 2,
    AIM_SOUND_SURE = 3,    /* letters of a word whose first sound stays what it is before another word */
    AIM_FORM_WORDS = 8,
    AIM_FORM_LETTERS = 5,  /* of a legal form that may be written with a slip */
    AIM_FORM_APART = 4,
    AIM_FORM_LONGER = 2
};

/* m, n and r: each is heard wherever it is written, and only there. A sound is kept whole of so many letters. */
static const uint32_t aim_heard = 1u << ('m' - 'a') | 1u << ('n' - 'a') | 1u << ('r' - 'a');
enum { AIM_HEARD_LETTERS = WORDS_SOUND_BYTES / 2 - 1 };

/* Written out: not every processor that this is built for counts bits itself. */
static inline unsigned bits_of(uint32_t x)
{
    x = x - (x >> 1 & 0x55555555U);
    x = (x & 0x33333333U) + (x >> 2 & 0x33333333U);
    x = (x + (x >> 4)) & 0x0F0F0F0FU;
    return x * 0x01010101U >> 24;
}

/* --- aiming --- */

static uint32_t initials_of(const align_side *side, unsigned *words)
{
    uint32_t initials = 0;
    *words = 0;
    for (size_t i = 0; i < side->count; i++) {
        const name_token *token = &side->tokens[i];
        unsigned letter = (unsigned)(unsigned char)side->text[token->text] - 'a';
        *words += token->words;
        initials |= token->words != 1 ? token->letters : letter < 26 ? UINT32_C(1) << letter : 0;
    }
    return initials;
}

/* A word as part of a run. Its first sound is kept only where another word behind it cannot change it. */
static aim_word word_run(const align_side *side, size_t at)
{
    const name_token *token = &side->tokens[at];
    bool sure = token->sound_length != 0 && token->length >= AIM_SOUND_SURE;
    return (aim_word){.letters = token->letters,
                      .length = (uint8_t)(token->length - (token->words - 1U)), /* a phrase has spaces in it */
                      .form = token->role == ROLE_FORM,
                      .phrase = token->words > 1,
                      .sound = sure ? side->sounds[token->sound] : 0,
                      .from = (uint8_t)at,
                      .count = 1};
}

/* Lengths of runs that may be one of the words; the last bit stands for all that are longer. */
static uint64_t lengths_of(const aim_word *words, size_t count)
{
    uint64_t lengths = 0;
    for (size_t i = 0; i < count; i++) {
        unsigned least = words[i].length < AIM_LONGER ? 0 : words[i].length - AIM_LONGER;
        if (words[i].form == 0)
            lengths |= least > 63 - 2 * AIM_LONGER ? UINT64_C(1) << 63 | UINT64_MAX << (least < 63 ? least : 63)
                                                   : ((UINT64_C(2) << 2 * AIM_LONGER) - 1) << least;
    }
    return lengths;
}

/* How few letters two neighbours have, and how many a word that may be glued; UINT_MAX and 0 without such. Sets
 * `phrases` where one is long, which may take words that are no run. */
static aim_reach reach_of(const align_side *side)
{
    aim_reach out = {UINT_MAX, 0, false};
    unsigned before = 0; /* letters of the word in front; 0: none that may be glued */
    for (size_t i = 0; i < side->count; i++) {
        const name_token *token = &side->tokens[i];
        unsigned length = token->length - (token->words - 1U);
        bool form = token->role == ROLE_FORM, glued = !form && token->letters >> 26 == 0;
        out.phrases |= (form || token->words > 1) && length >= AIM_FORM_LETTERS;
        if (glued && before != 0 && before + length < out.shortest)
            out.shortest = before + length;
        if (glued && out.longest < length)
            out.longest = length;
        before = glued ? length : 0;
    }
    return out;
}

static void aim_reading_at(aim_reading *to, const tk_name *typed, size_t reading)
{
    to->side = align_side_of(typed, reading);
    for (size_t i = 0; i < to->side.count; i++)
        to->words[i] = word_run(&to->side, i);
    to->reach = reach_of(&to->side);
    to->lengths = lengths_of(to->words, to->side.count);
    to->initials = initials_of(&to->side, &to->words_count);
}

void tk_names_aim(tk_names *names, const tk_name *typed)
{
    aim *by = &names->aim;
    by->typed = typed;
    by->readings_count = typed->readings_count;
    by->blunt = typed->readings_count > AIM_READINGS_MAX;
    for (size_t r = 0; r < typed->readings_count && !by->blunt; r++)
        by->blunt = name_readings(typed)[r].tokens_count > AIM_TOKENS_MAX;
    for (size_t r = 0; r < typed->readings_count && !by->blunt; r++)
        aim_reading_at(&by->readings[r], typed, r);
    if (++by->round == 0) {
        memset(by->seen, 0, sizeof by->seen);
        by->round = 1;
    }
}

/* --- words --- */

/* Everything that compare.c asks of a word beside its letters, and of its reading. */
static uint64_t word_of(size_t reading, const align_side *side, const name_token *token)
{
    uint64_t about = (uint64_t)token->role << 2 | (uint64_t)side->reading->person | (uint64_t)token->words << 56
                     | (uint64_t)side->reading->flags << 8 | (uint64_t)token->classes << 16
                     | (uint64_t)reading << 40 | (uint64_t)side->reading->how << 48;
    return (uint64_t)token->hash * UINT64_C(0x9E3779B97F4A7C15) ^ about * UINT64_C(0xFF51AFD7ED558CCD)
           ^ (uint64_t)token->canonical << 17;
}

static bool share_concept(const name_token *a, const name_token *b)
{
    for (size_t i = 0; i < a->concepts_count; i++)
        for (size_t j = 0; j < b->concepts_count; j++)
            if (a->concepts[i] == b->concepts[j])
                return true;
    return false;
}

/* May one be a slip of the other? Each changes few letters, and lengths little; a short particle may have one too. */
static bool may_be_slip(const name_token *a, const name_token *b, unsigned count)
{
    unsigned longer = a->length > b->length ? a->length : b->length, shorter = a->length + b->length - longer;
    unsigned most = align_edits_allowed(longer);
    if (longer == 3 && (a->role == ROLE_PARTICLE || b->role == ROLE_PARTICLE))
        most = 1;
    return longer - shorter <= most && count <= 2 * most;
}

/* May they sound nearly the same? Where vowels are not written the consonants tell. */
static bool may_sound_alike(const name_token *a, const name_token *b, unsigned count, bool unvowelled)
{
    const uint32_t vowels = 1u << 0 | 1u << 4 | 1u << 8 | 1u << 14 | 1u << 20 | 1u << 22 | 1u << 24; /* aeiou w y */
    if (a->sound_hash == b->sound_hash || a->skeleton_hash == b->skeleton_hash
        || (unvowelled && bits_of((a->letters ^ b->letters) & ~vowels) <= AIM_UNVOWELLED_APART))
        return true;
    unsigned longer = a->sound_length > b->sound_length ? a->sound_length : b->sound_length;
    unsigned shorter = a->sound_length + b->sound_length - longer;
    return longer >= AIM_SOUND_LETTERS && longer - shorter <= 1 && count <= AIM_APART;
}

/* Is it worth asking how alike they are? */
static bool may_be_alike(const align_side *left, const name_token *a, const align_side *right, const name_token *b)
{
    uint32_t apart = a->letters ^ b->letters;
    unsigned count = bits_of(apart);
    bool unvowelled = ((left->reading->flags | right->reading->flags) & SCRIPTS_UNVOWELLED) != 0;
    bool beginning = ((apart & a->letters) == 0 || (apart & b->letters) == 0)
                     && left->text[a->text] == right->text[b->text];
    return may_be_slip(a, b, count) || beginning || may_sound_alike(a, b, count, unvowelled) || a->role == ROLE_NUMBER
           || b->role == ROLE_NUMBER || (a->canonical != 0 && a->canonical == b->canonical) || share_concept(a, b);
}

static void seen_fill(aim_seen *seen, const aim_reading *typed, const align_side *listed, const name_token *token)
{
    seen->mask = seen->best = seen->loose = seen->sure = 0;
    for (size_t i = 0; i < typed->side.count; i++) {
        const name_token *own = &typed->side.tokens[i];
        unsigned points = 0;
        bool sure = own->hash == token->hash, loose = (own->role == ROLE_NAME) != (token->role == ROLE_NAME);
        if (own->role == ROLE_FORM || token->role == ROLE_FORM) {
            points = own->role == token->role ? TK_SCORE_ONE : 0;
        } else if (may_be_alike(&typed->side, own, listed, token)) {
            align_likeness like = align_tokens(&typed->side, own, listed, token);
            points = like.points;
            sure = like.sure;
            loose = loose || like.how == TK_ALIGN_INITIAL;
        }
        seen->points[i] = points < COMPARE_LEAST_LIKE ? 0 : (uint8_t)((points + 3) / 4);
        if (seen->points[i] == 0)
            continue;
        seen->mask |= UINT32_C(1) << i;
        seen->best = seen->points[i] > seen->best ? seen->points[i] : seen->best;
        seen->loose |= loose;
        seen->sure |= sure;
    }
}

static const aim_seen *seen_of(aim *by, size_t reading, const align_side *listed, const name_token *token)
{
    uint64_t word = word_of(reading, listed, token);
    aim_seen *seen = &by->seen[(word >> 32 ^ word) % AIM_SEEN];
    if (seen->round != by->round || seen->word != word) {
        seen->round = by->round;
        seen->word = word;
        seen_fill(seen, &by->readings[reading], listed, token);
    }
    return seen;
}

/* --- the bound --- */

/* A score reaches a floor exactly when (1000 - floor) x gained - floor x lost is not below zero. That is a sum over
 * words, but for the words that stand against each other. */
typedef struct aim_side {
    int64_t value;     /* of words that may have a partner, each as good as it can be */
    unsigned alone, numbers; /* without one: weight, and numbers */
} aim_side;

/* With a partner that gives so many points, or, where that is better, merely missing on the other side. */
static int64_t value_of(const name_token *token, unsigned points, bool loose, unsigned floor)
{
    int64_t unlike = loose || points > TK_SCORE_ONE ? 0 : (int64_t)COMPARE_COST_UNLIKE * (TK_SCORE_ONE - points);
    int64_t paired = ((int64_t)(TK_SCORE_ONE - floor) * points - (int64_t)floor * unlike) * token->weight / 2;
    int64_t missing = -(int64_t)floor * COMPARE_COST_MISSING * token->weight;
    return paired > missing ? paired : missing;
}

static void side_add(aim_side *to, const name_token *token, unsigned points, bool loose, unsigned floor)
{
    if (points != 0)
        to->value += value_of(token, points, loose, floor);
    else if (token->role == ROLE_NUMBER)
        to->numbers++;
    else
        to->alone += token->weight;
}

static bool sides_reach(const aim_side *a, const aim_side *b, unsigned floor)
{
    unsigned against = a->alone < b->alone ? a->alone : b->alone;
    unsigned numbers = a->numbers > b->numbers ? a->numbers : b->numbers;
    int64_t lost = (int64_t)against * COMPARE_COST_CONTRADICTING
                   + (int64_t)(a->alone + b->alone - 2 * against) * COMPARE_COST_MISSING
                   + (int64_t)COMPARE_NUMBER_WEIGHT * numbers * COMPARE_COST_NUMBER;
    int64_t rounding = 4 * TK_SCORE_ONE * TK_SCORE_ONE; /* weights of pairs are halved and rounded */
    return 0 <= a->value + b->value + rounding - (int64_t)floor * lost;
}

typedef struct aim_pair {
    const aim_reading *typed;
    align_side listed;
    uint8_t typed_best[AIM_TOKENS_MAX]; /* in units of 4; 0: no partner */
    uint8_t listed_best[AIM_LISTED_MAX];
    uint64_t typed_loose, listed_loose; /* bits of words */
    uint64_t typed_swallowed, listed_swallowed;
    bool sure, sure_told; /* a pair of words that is more than a guess; with a listed word that tells */
    bool named;           /* there are such words in the listed reading */
} aim_pair;

static void side_sum(aim_side *to, const align_side *side, const uint8_t *best, uint64_t loose, uint64_t swallowed,
                     unsigned floor)
{
    *to = (aim_side){0};
    for (size_t i = 0; i < side->count; i++)
        if (best[i] != 0 || (swallowed >> i & 1) == 0)
            side_add(to, &side->tokens[i], 4U * best[i], ((loose | swallowed) >> i & 1) != 0, floor);
}

static bool pair_reaches(const aim_pair *pair, unsigned floor)
{
    aim_side typed, listed;
    side_sum(&typed, &pair->typed->side, pair->typed_best, pair->typed_loose, pair->typed_swallowed, floor);
    side_sum(&listed, &pair->listed, pair->listed_best, pair->listed_loose, pair->listed_swallowed, floor);
    return sides_reach(&typed, &listed, floor);
}

static void pair_words(aim_pair *pair, aim *by, size_t reading)
{
    for (size_t j = 0; j < pair->listed.count; j++) {
        const aim_seen *seen = seen_of(by, reading, &pair->listed, &pair->listed.tokens[j]);
        pair->listed_best[j] = seen->best;
        pair->listed_loose |= (uint64_t)seen->loose << j;
        bool tells = pair->listed.tokens[j].role == ROLE_NAME;
        pair->named |= tells;
        pair->sure |= seen->sure;
        pair->sure_told |= tells && seen->sure != 0;
        for (uint32_t rest = seen->mask; rest != 0; rest &= rest - 1) {
            unsigned i = (unsigned)__builtin_ctz(rest);
            if (pair->typed_best[i] < seen->points[i])
                pair->typed_best[i] = seen->points[i];
            pair->typed_loose |= (uint64_t)seen->loose << i;
        }
    }
}

/* --- several words for one --- */

/* A legal form, or another phrase that is known, in which there may be a slip. */
static bool is_long_phrase(const aim_word *word)
{
    return (word->form != 0 || word->phrase != 0) && word->length >= AIM_FORM_LETTERS;
}

/* May several words, of so many letters, be the one word? The same letters, or the same sound, or a slip or two. */
static inline bool may_be_glued(const aim_word *whole, const aim_word *run)
{
    unsigned longer = whole->length > run->length ? whole->length - run->length : run->length - whole->length;
    if (longer > AIM_LONGER)
        return false;
    unsigned apart = bits_of(whole->letters ^ run->letters);
    if (apart > AIM_APART || whole->letters >> 26 != 0 || whole->form != 0)
        return false;
    if (apart == 0 && longer == 0)
        return true;
    if (whole->length < AIM_GLUED_LETTERS || run->length < AIM_GLUED_LETTERS)
        return false;
    unsigned slips = run->length < AIM_TWO_SLIPS ? 1 : 2;
    if (apart <= 2 * slips && longer <= slips)
        return true;
    bool whole_heard = whole->length <= AIM_HEARD_LETTERS && run->length <= AIM_HEARD_LETTERS;
    return (whole->sound == run->sound || whole->sound == 0 || run->sound == 0)
           && (!whole_heard || ((whole->letters ^ run->letters) & aim_heard) == 0);
}

/* May they be a slip of the phrase? */
static bool may_be_phrase(const aim_word *phrase, const aim_word *run)
{
    unsigned longer = phrase->length > run->length ? phrase->length - run->length : run->length - phrase->length;
    return longer <= AIM_FORM_LONGER && bits_of(phrase->letters ^ run->letters) <= AIM_FORM_APART;
}

/* One side as the other's words see it. */
typedef struct aim_half {
    const align_side *side;
    const aim_word *words;
    uint64_t found;     /* glued with something */
    uint64_t swallowed; /* by a phrase of the other side: neither found nor alone */
    uint64_t paired;    /* phrases that swallowed */
    uint64_t lengths;   /* bits: so many letters may be one of its words */
    bool surely;        /* look at the letters themselves */
} aim_half;

static void glue_whole(aim_half *whole, size_t i, aim_half *split, const aim_word *run)
{
    if (!may_be_glued(&whole->words[i], run))
        return;
    if (whole->surely && compare_glued(whole->side, &whole->side->tokens[i], split->side, run->from, run->count) == 0)
        return;
    whole->found |= UINT64_C(1) << i;
    split->found |= ((UINT64_C(1) << run->count) - 1) << run->from;
}

/* The run with one word more; false where none may be added. */
static bool run_grow(aim_word *run, const aim_half *split)
{
    const aim_word *next = &split->words[run->from + run->count];
    if (run->from + run->count >= split->side->count || next->form != 0 || next->letters >> 26 != 0)
        return false;
    run->letters |= next->letters;
    run->length = (uint8_t)(run->length + next->length);
    run->count++;
    return true;
}

/* Words of `whole` for runs of `split`. */
static void glue_runs(aim_half *whole, aim_half *split)
{
    for (size_t from = 0; from + 1 < split->side->count; from++) {
        aim_word run = split->words[from];
        if (run.form != 0 || run.letters >> 26 != 0)
            continue;
        run.from = (uint8_t)from;
        run.count = 1;
        while (run.count < GLUED_MAX && run_grow(&run, split)) {
            if ((whole->lengths >> (run.length < 63 ? run.length : 63) & 1) == 0)
                continue;
            for (size_t i = 0; i < whole->side->count; i++)
                glue_whole(whole, i, split, &run);
        }
    }
}

/* A phrase takes words that are a slip of it, whatever they are; these count for nothing, and it for itself. */
static void swallow(aim_half *phrases, aim_half *split)
{
    for (size_t i = 0; i < phrases->side->count; i++) {
        const aim_word *phrase = &phrases->words[i];
        if (!is_long_phrase(phrase))
            continue;
        for (size_t from = 0; from < split->side->count; from++) {
            aim_word run = {.length = 0};
            for (size_t to = from; to < split->side->count && run.length <= phrase->length; to++) {
                run.letters |= split->words[to].letters;
                run.length = (uint8_t)(run.length + split->words[to].length);
                if (!may_be_phrase(phrase, &run))
                    continue;
                split->swallowed |= ((UINT64_C(2) << (to - from)) - 1) << from;
                phrases->paired |= UINT64_C(1) << i;
            }
        }
    }
}

/* What glue does to the pair, applied to a copy of it. */
static bool halves_reach(const aim_pair *pair, const aim_half *typed, const aim_half *listed, unsigned floor)
{
    uint64_t typed_found = typed->found | typed->paired, listed_found = listed->found | listed->paired;
    if ((typed_found | listed_found | typed->swallowed | listed->swallowed) == 0)
        return false;
    aim_pair glued = *pair;
    for (size_t i = 0; i < typed->side->count; i++)
        if ((typed_found >> i & 1) != 0)
            glued.typed_best[i] = TK_SCORE_ONE / 4;
    for (size_t j = 0; j < listed->side->count; j++)
        if ((listed_found >> j & 1) != 0)
            glued.listed_best[j] = TK_SCORE_ONE / 4;
    glued.typed_loose |= typed_found;
    glued.listed_loose |= listed_found;
    glued.typed_swallowed = typed->swallowed;
    glued.listed_swallowed = listed->swallowed;
    return pair_reaches(&glued, floor);
}

/* Words long enough to be two of the other side, or short enough, with a neighbour, to be part of one. */
static uint64_t may_be_found(const align_side *side, const aim_reach *other)
{
    uint64_t found = 0;
    unsigned before = UINT_MAX / 2; /* letters of the word in front */
    for (size_t i = 0; i < side->count; i++) {
        const name_token *token = &side->tokens[i];
        bool glued = token->role != ROLE_FORM && token->letters >> 26 == 0;
        unsigned length = glued ? token->length - (token->words - 1U) : UINT_MAX / 2;
        if (glued && other->shortest <= length + AIM_LONGER)
            found |= UINT64_C(1) << i;
        if (i != 0 && before + length <= other->longest + AIM_LONGER)
            found |= UINT64_C(3) << (i - 1);
        before = length;
    }
    return found;
}

/* First by lengths, then by sets of letters alone, which is quick and mostly says no. */
static bool glue_reaches(const aim_pair *pair, aim_word words[AIM_LISTED_MAX], unsigned floor)
{
    aim_reach near = pair->typed->reach, far = reach_of(&pair->listed);
    aim_half typed = {.side = &pair->typed->side, .words = pair->typed->words};
    aim_half listed = {.side = &pair->listed, .words = words};
    typed.found = may_be_found(typed.side, &far);
    listed.found = may_be_found(listed.side, &near);
    bool phrases = near.phrases || far.phrases;
    if (!phrases && !halves_reach(pair, &typed, &listed, floor))
        return false;
    for (size_t j = 0; j < pair->listed.count; j++)
        words[j] = word_run(&pair->listed, j);
    typed.lengths = pair->typed->lengths;
    listed.lengths = lengths_of(listed.words, listed.side->count);
    swallow(&typed, &listed);
    swallow(&listed, &typed);
    if (phrases && !halves_reach(pair, &typed, &listed, floor))
        return false;
    typed.found = listed.found = 0;
    glue_runs(&typed, &listed);
    glue_runs(&listed, &typed);
    if (!halves_reach(pair, &typed, &listed, floor))
        return false;
    typed.found = listed.found = 0;
    typed.surely = listed.surely = true;
    glue_runs(&typed, &listed);
    glue_runs(&listed, &typed);
    return halves_reach(pair, &typed, &listed, floor);
}

/* May two words or more of `split`, with all their letters, be one of `whole`? Two neighbours then have no letters but
 * those that it has. */
static bool may_be_split(const align_side *whole, const align_side *split)
{
    for (size_t i = 0; i < whole->count; i++) {
        const name_token *token = &whole->tokens[i];
        bool before = false;
        for (size_t j = 0; j < split->count; j++) {
            const name_token *part = &split->tokens[j];
            bool within = (part->letters & ~token->letters) == 0 && part->length < token->length + part->words;
            if (before && within)
                return true;
            before = within;
        }
    }
    return false;
}

/* Without a pair that is sure a score stays low. Such are words alike with a listed word that tells, if there is one;
 * words that are glued without a slip; and acronyms, which are looked at elsewhere. */
static bool guesses_only(const aim_pair *pair, unsigned floor)
{
    return COMPARE_CAP_GUESSES < floor && !(pair->named ? pair->sure_told : pair->sure)
           && !may_be_split(&pair->typed->side, &pair->listed) && !may_be_split(&pair->listed, &pair->typed->side);
}

/* An acronym of few letters must be all of a name but for legal forms. */
static bool is_all(const align_side *brief, const name_token *token)
{
    for (size_t i = 0; i < brief->count; i++)
        if (brief->tokens[i].role != ROLE_FORM && &brief->tokens[i] != token)
            return false;
    return true;
}

static bool is_acronym(const align_side *brief, const name_token *token, const align_side *full)
{
    for (unsigned manner = 0; manner < ACRONYM_MANNERS; manner++) {
        align_acronym whole = align_acronym_of(full, manner);
        if (whole.length >= token->length && whole.ends[token->length - 1] != 0
            && memcmp(whole.letters, brief->text + token->text, token->length) == 0)
            return true;
    }
    return false;
}

/* Is a word of `brief` made of the first letters of `full`, of which there are so many? */
static bool may_be_acronym(const align_side *brief, const align_side *full, uint32_t initials, unsigned words)
{
    for (size_t i = 0; words >= ACRONYM_LETTERS_MIN && i < brief->count; i++) {
        const name_token *token = &brief->tokens[i];
        if (token->role == ROLE_NAME && token->words == 1 && token->length >= ACRONYM_LETTERS_MIN
            && token->length <= words && token->length <= ACRONYM_LETTERS_MAX && (token->letters & ~initials) == 0
            && (token->length >= ACRONYM_LETTERS_SURE || is_all(brief, token)) && is_acronym(brief, token, full))
            return true;
    }
    return false;
}

static bool acronyms_reach(const aim_pair *pair)
{
    unsigned words;
    if (pair->typed->side.reading->person == 2 || pair->listed.reading->person == 2)
        return false;
    uint32_t initials = initials_of(&pair->listed, &words);
    return may_be_acronym(&pair->typed->side, &pair->listed, initials, words)
           || may_be_acronym(&pair->listed, &pair->typed->side, pair->typed->initials, pair->typed->words_count);
}

static bool same_letters(const name_reading *a, const name_reading *b)
{
    return a->letters_hash == b->letters_hash
           || (a->squashed_length == b->squashed_length && a->squashed_hash == b->squashed_hash);
}

static bool reading_reaches(aim *by, size_t reading, const tk_name *listed, size_t other, unsigned floor)
{
    aim_pair pair;
    pair.typed = &by->readings[reading];
    pair.listed = align_side_of(listed, other);
    if (pair.listed.count > AIM_LISTED_MAX || same_letters(pair.typed->side.reading, pair.listed.reading))
        return true;
    memset(pair.typed_best, 0, sizeof pair.typed_best);
    pair.typed_loose = pair.listed_loose = 0;
    pair.typed_swallowed = pair.listed_swallowed = 0;
    pair.sure = pair.sure_told = pair.named = false;
    pair_words(&pair, by, reading);
    if (guesses_only(&pair, floor))
        return acronyms_reach(&pair);
    if (pair_reaches(&pair, floor) || acronyms_reach(&pair))
        return true;
    return glue_reaches(&pair, by->listed, floor);
}

bool tk_names_may_reach(tk_names *names, const tk_name *listed, unsigned floor)
{
    aim *by = &names->aim;
    if (by->blunt || floor == 0 || by->typed->written_hash == listed->written_hash)
        return true;
    for (size_t r = 0; r < by->readings_count; r++)
        for (size_t q = 0; q < listed->readings_count; q++)
            if (reading_reaches(by, r, listed, q, floor))
                return true;
    return false;
}
