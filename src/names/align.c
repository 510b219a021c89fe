/* SPDX-License-Identifier: Apache-2.0 */
/* align.c: how alike two tokens are. What is known of words comes first (the same word written otherwise, a nickname, a
 * translation), then what they sound like, then slips of the pen. Two words that are both known and not related are not
 * slips of each other: "Wuhan" is no way to write "Wuhai".
 */
#include "names/align.h"

#include <string.h>

#include "base/str.h"

align_side align_side_of(const tk_name *name, size_t reading)
{
    const name_reading *of = &name_readings(name)[reading];
    return (align_side){
        name, of, name_tokens(name, of), name_at(name, of->text), name_at(name, of->sounds), of->tokens_count};
}

static const align_likeness nothing_alike = {0, TK_ALIGN_CONTRADICTING, false};

bool align_syllabic(const align_side *left, const align_side *right)
{
    unsigned both = left->reading->flags & right->reading->flags, any = left->reading->flags | right->reading->flags;
    return (any & NAME_SYLLABLES) != 0 || (both & NAME_MONOSYLLABLES) != 0;
}

bool align_named(const align_side *side)
{
    for (size_t i = 0; i < side->count; i++)
        if (side->tokens[i].role == ROLE_NAME)
            return true;
    return false;
}

/* --- slips --------------------------------------------------------------------------------------------------- */

enum { EDITS_LETTERS_MAX = 40, SURE_LETTERS_MIN = 5 };

/* Optimal string alignment over what is left after the common ends; both at most EDITS_LETTERS_MAX letters. */
static unsigned edits_table(tk_str a, tk_str b, unsigned most)
{
    uint8_t rows[3][EDITS_LETTERS_MAX + 1];
    uint8_t *before = rows[0], *last = rows[1], *row = rows[2];
    for (size_t j = 0; j <= b.len; j++)
        last[j] = (uint8_t)j;
    memset(before, EDITS_LETTERS_MAX, b.len + 1);
    for (size_t i = 1; i <= a.len; i++) {
        unsigned least = row[0] = (uint8_t)i;
        for (size_t j = 1; j <= b.len; j++) {
            unsigned cost = last[j - 1] + (a.ptr[i - 1] != b.ptr[j - 1] ? 1u : 0u);
            unsigned step = 1u + (last[j] < row[j - 1] ? last[j] : row[j - 1]);
            cost = step < cost ? step : cost;
            if (i > 1 && j > 1 && a.ptr[i - 1] == b.ptr[j - 2] && a.ptr[i - 2] == b.ptr[j - 1]
                && before[j - 2] + 1u < cost)
                cost = before[j - 2] + 1u;
            row[j] = (uint8_t)cost;
            least = cost < least ? cost : least;
        }
        if (least > most)
            return most + 1;
        uint8_t *free_row = before;
        before = last;
        last = row;
        row = free_row;
    }
    return last[b.len] <= most ? last[b.len] : most + 1;
}

unsigned align_edits(tk_str a, tk_str b, unsigned most)
{
    while (a.len != 0 && b.len != 0 && a.ptr[0] == b.ptr[0]) {
        a = (tk_str){a.ptr + 1, a.len - 1};
        b = (tk_str){b.ptr + 1, b.len - 1};
    }
    while (a.len != 0 && b.len != 0 && a.ptr[a.len - 1] == b.ptr[b.len - 1]) {
        a.len--;
        b.len--;
    }
    size_t longer = a.len > b.len ? a.len : b.len, shorter = a.len < b.len ? a.len : b.len;
    if (longer - shorter > most || longer > EDITS_LETTERS_MAX)
        return most + 1;
    if (shorter == 0 || longer == 1)
        return (unsigned)longer;
    if (most == 1)
        return longer == 2 && shorter == 2 && a.ptr[0] == b.ptr[1] && a.ptr[1] == b.ptr[0] ? 1 : 2;
    return edits_table(a, b, most);
}

unsigned align_edits_allowed(size_t length)
{
    return length < 5 ? 0 : length < 8 ? 1 : length < 13 ? 2 : 3;
}

unsigned align_edits_points(size_t length, unsigned edits)
{
    unsigned cost = edits * 500 / (unsigned)length;
    return cost < 1000 ? 1000 - cost : 0;
}

/* The letters that only one of two words has, counted. A cheap bound: every edit changes at most two of them. */
static unsigned letters_apart(const name_token *a, const name_token *b)
{
    return (unsigned)__builtin_popcount(a->letters ^ b->letters);
}

/* Letters of a phrase have spaces between; the beginning must not reach one. */
static bool same_beginning(tk_str a, tk_str b)
{
    return a.len >= BEGINNING_WORD_MIN && b.len >= BEGINNING_WORD_MIN && memcmp(a.ptr, b.ptr, BEGINNING_LETTERS) == 0;
}

static unsigned consonants_apart(const name_token *a, const name_token *b)
{
    const uint32_t vowels = 1u << 0 | 1u << 4 | 1u << 8 | 1u << 14 | 1u << 20 | 1u << 22 | 1u << 24; /* aeiou w y */
    return (unsigned)__builtin_popcount((a->letters ^ b->letters) & ~vowels);
}

static align_likeness slip(const align_side *left, const name_token *a, const align_side *right, const name_token *b)
{
    size_t longer = a->length > b->length ? a->length : b->length, shorter = a->length + b->length - longer;
    unsigned most = align_edits_allowed(longer);
    if (((left->reading->flags | right->reading->flags) & (NAME_SYLLABLES | SCRIPTS_UNVOWELLED)) != 0)
        return nothing_alike; /* nobody makes a slip in letters that he does not write */
    if ((a->role == ROLE_PARTICLE) != (b->role == ROLE_PARTICLE) && longer == 3)
        most = a->classes == 0 || b->classes == 0; /* "xal" for "al", but not "ali" */
    if (most == 0 || longer - shorter > most || letters_apart(a, b) > 2 * most
        || ((a->letters | b->letters) >> 26) != 0)
        return nothing_alike;
    tk_str x = {left->text + a->text, a->length}, y = {right->text + b->text, b->length};
    unsigned edits = align_edits(x, y, most);
    if (edits > most)
        return nothing_alike;
    bool sure = (edits == 1 && longer >= SURE_LETTERS_MIN) || same_beginning(x, y);
    return (align_likeness){align_edits_points(longer, edits), TK_ALIGN_TYPO, sure};
}

/* --- what is known of words ---------------------------------------------------------------------------------- */

enum {
    POINTS_SAME = 990,
    POINTS_ABBREVIATION = 960,
    POINTS_NICKNAME = 870,
    POINTS_TRANSLATION = 920,
    POINTS_SKELETON = 920,
    POINTS_UNVOWELLED_LEAST = 820,
    POINTS_CUT_SHORT = 780,
    POINTS_CUT_LONG = 880,
    POINTS_INITIAL = 900
};

static align_likeness related(const name_token *a, const name_token *b)
{
    if (a->canonical != 0 && a->canonical == b->canonical)
        return (align_likeness){POINTS_SAME, TK_ALIGN_EQUAL, true};
    static const align_likeness closeness[] = {
        [WORDS_UNRELATED] = {0, TK_ALIGN_CONTRADICTING, false},
        [WORDS_SAME] = {POINTS_SAME, TK_ALIGN_EQUAL, true},
        [WORDS_ABBREVIATION] = {POINTS_ABBREVIATION, TK_ALIGN_ABBREVIATION, true},
        [WORDS_NICKNAME] = {POINTS_NICKNAME, TK_ALIGN_NICKNAME, true},
        [WORDS_TRANSLATION] = {POINTS_TRANSLATION, TK_ALIGN_TRANSLATION, true},
    };
    align_likeness best = closeness[WORDS_UNRELATED];
    for (size_t i = 0; i < a->concepts_count; i++)
        for (size_t j = 0; j < b->concepts_count; j++) {
            if (a->concepts[i] != b->concepts[j])
                continue;
            unsigned how = a->concepts_how[i] > b->concepts_how[j] ? a->concepts_how[i] : b->concepts_how[j];
            if (how <= WORDS_TRANSLATION && closeness[how].points > best.points)
                best = closeness[how];
        }
    return best;
}

/* --- sounds -------------------------------------------------------------------------------------------------- */

/* Costs in tenths of an edit. Letters of one class are heard alike and written one for the other. */
enum {
    HEARD_UNWRITTEN = 1,
    HEARD_VOWELS = 3,
    HEARD_CLASS = 4,
    HEARD_SILENT = 3,
    HEARD_VOWEL_MORE = 4,
    HEARD_GENDER = 9,
    HEARD_EDIT = 10
};
enum { HEARD_LETTERS_MAX = 24 };

/* Bits of the classes of a letter: vowels, hissing, throat, lips, teeth, nose, what j and y stand for. */
static unsigned heard_classes(char c)
{
    static const uint8_t classes[26] = {
        ['a' - 'a'] = 1,  ['b' - 'a'] = 8, ['c' - 'a'] = 6,  ['d' - 'a'] = 16, ['e' - 'a'] = 1,  ['f' - 'a'] = 8,
        ['g' - 'a'] = 68, ['h' - 'a'] = 4, ['i' - 'a'] = 65, ['j' - 'a'] = 66, ['k' - 'a'] = 4,  ['m' - 'a'] = 32,
        ['n' - 'a'] = 32, ['o' - 'a'] = 1, ['p' - 'a'] = 8,  ['q' - 'a'] = 4,  ['s' - 'a'] = 2,  ['t' - 'a'] = 16,
        ['u' - 'a'] = 1,  ['v' - 'a'] = 8, ['w' - 'a'] = 9,  ['x' - 'a'] = 6,  ['y' - 'a'] = 65, ['z' - 'a'] = 18,
    };
    return 'a' <= c && c <= 'z' ? classes[c - 'a'] : 0;
}

static unsigned heard_change(char a, char b, bool end, bool unvowelled)
{
    if (a == b)
        return 0;
    unsigned shared = heard_classes(a) & heard_classes(b);
    if (unvowelled && (shared & 1) != 0)
        return HEARD_UNWRITTEN;
    if (end && (a == 'a' || b == 'a')) /* Mario and Maria, Antonio and Antonia */
        return HEARD_GENDER;
    return (shared & 1) != 0 ? HEARD_VOWELS : shared != 0 ? HEARD_CLASS : HEARD_EDIT;
}

/* One letter more: a doubled one, an h and a vowel are heard least. */
static unsigned heard_more(const char *word, size_t length, size_t at, bool unvowelled)
{
    char c = word[at];
    if (unvowelled && (heard_classes(c) & 1) != 0)
        return HEARD_UNWRITTEN;
    bool after_vowel = at != 0 && (heard_classes(word[at - 1]) & 1) != 0;
    if ((c == 'h' && (!after_vowel || at + 1 == length)) || (at != 0 && word[at - 1] == c))
        return HEARD_SILENT;
    if (at + 1 == length && !after_vowel && c != 'e' && (heard_classes(c) & 1) != 0)
        return HEARD_GENDER;
    return (heard_classes(c) & 1) != 0 ? HEARD_VOWEL_MORE : HEARD_EDIT;
}

/* Points of two words by what is heard of their difference; 0 when they are too long to tell. Where they do not sound
 * the same (`same`), a letter of a short word tells more. */
static unsigned heard_points(tk_str a, tk_str b, bool unvowelled, bool same)
{
    if (a.len > HEARD_LETTERS_MAX || b.len > HEARD_LETTERS_MAX)
        return 0;
    unsigned rows[2][HEARD_LETTERS_MAX + 1];
    unsigned *last = rows[0], *row = rows[1];
    last[0] = 0;
    for (size_t j = 1; j <= b.len; j++)
        last[j] = last[j - 1] + heard_more(b.ptr, b.len, j - 1, unvowelled);
    for (size_t i = 1; i <= a.len; i++) {
        unsigned more = heard_more(a.ptr, a.len, i - 1, unvowelled);
        row[0] = last[0] + more;
        for (size_t j = 1; j <= b.len; j++) {
            unsigned best =
                last[j - 1] + heard_change(a.ptr[i - 1], b.ptr[j - 1], i == a.len && j == b.len, unvowelled);
            unsigned left_out = last[j] + more, put_in = row[j - 1] + heard_more(b.ptr, b.len, j - 1, unvowelled);
            best = left_out < best ? left_out : best;
            row[j] = put_in < best ? put_in : best;
        }
        unsigned *free_row = last;
        last = row;
        row = free_row;
    }
    if (a.len + b.len == 0)
        return 0;
    unsigned longer = (unsigned)(a.len > b.len ? a.len : b.len),
             cost = last[b.len] * (longer <= 5 && !same ? 140 : 100) / longer;
    return cost < 1000 ? 1000 - cost : 0;
}

/* Where each syllable tells, what is heard of a difference counts twice. */
static unsigned heard_strictly(const align_side *left, const align_side *right, unsigned points)
{
    if (!align_syllabic(left, right))
        return points;
    return points <= 500 ? 0 : points - (1000 - points);
}

static align_likeness sound(const align_side *left, const name_token *a, const align_side *right, const name_token *b)
{
    if (a->sound_length < 2 || b->sound_length < 2)
        return nothing_alike;
    tk_str x = {left->text + a->text, a->length}, y = {right->text + b->text, b->length};
    bool unvowelled = ((left->reading->flags | right->reading->flags) & SCRIPTS_UNVOWELLED) != 0;
    align_likeness like = {0, TK_ALIGN_ROMANIZATION, true};
    if (a->sound_hash == b->sound_hash) {
        like.points = heard_strictly(left, right, heard_points(x, y, unvowelled, true));
        return like;
    }
    if (a->skeleton_hash == b->skeleton_hash && a->skeleton_length >= (unvowelled ? 2 : 3)) {
        like.points = unvowelled ? POINTS_SKELETON : heard_points(x, y, unvowelled, false);
        like.sure = unvowelled || a->skeleton_length >= SKELETON_SURE;
        return like;
    }
    if (unvowelled && consonants_apart(a, b) <= 2) {
        unsigned points = heard_points(x, y, true, false);
        return points >= POINTS_UNVOWELLED_LEAST ? (align_likeness){points, TK_ALIGN_ROMANIZATION, false}
                                                 : nothing_alike;
    }
    if (align_syllabic(left, right))
        return nothing_alike;
    size_t longer = a->sound_length > b->sound_length ? a->sound_length : b->sound_length;
    size_t shorter = a->sound_length + b->sound_length - longer;
    if (longer < 5 || longer - shorter > 1 || letters_apart(a, b) > 6)
        return nothing_alike;
    tk_str heard = {left->sounds + a->sound, a->sound_length}, other = {right->sounds + b->sound, b->sound_length};
    if (align_edits(heard, other, 1) > 1)
        return nothing_alike;
    return (align_likeness){heard_points(x, y, unvowelled, false), TK_ALIGN_ROMANIZATION, same_beginning(x, y)};
}

/* "tech" for "technopark": the beginning of a word, in at least three letters. */
static align_likeness cut_short(const align_side *left, const name_token *a, const align_side *right,
                                const name_token *b)
{
    const name_token *shorter = a->length < b->length ? a : b;
    const char *x = left->text + a->text, *y = right->text + b->text;
    if (((left->reading->flags | right->reading->flags) & NAME_SYLLABLES) != 0)
        return nothing_alike;
    bool persons = left->reading->person != 0 && right->reading->person != 0;
    bool romanized = left->reading->how == SCRIPTS_ROMANIZED || right->reading->how == SCRIPTS_ROMANIZED;
    if (persons && romanized && shorter->length == 2 && a->length != b->length && memcmp(x, y, 2) == 0)
        return (align_likeness){POINTS_INITIAL, TK_ALIGN_INITIAL, false}; /* one letter of another script: Yu. */
    if (persons && shorter->length == 1 && x[0] == y[0] && (a->length > 1 || b->length > 1))
        return (align_likeness){POINTS_INITIAL, TK_ALIGN_INITIAL, false};
    if (shorter->length < 3 || memcmp(x, y, shorter->length) != 0 || ((a->letters | b->letters) >> 26) != 0)
        return nothing_alike;
    bool sure = shorter->length >= BEGINNING_WORD_MIN && left->reading->person + right->reading->person < 2;
    return (align_likeness){sure ? POINTS_CUT_LONG : POINTS_CUT_SHORT, TK_ALIGN_ABBREVIATION, sure};
}

static align_likeness numbers(const name_token *a, const name_token *b)
{
    if (a->role == ROLE_NUMBER && b->role == ROLE_NUMBER && a->number == b->number)
        return (align_likeness){1000, TK_ALIGN_NUMBER, true};
    return nothing_alike;
}

static void keep_better(align_likeness *best, align_likeness other)
{
    bool sure = best->sure || other.sure;
    if (other.points > best->points)
        *best = other;
    best->sure = sure && best->points != 0;
}

align_likeness align_tokens(const align_side *left, const name_token *a, const align_side *right, const name_token *b)
{
    if (a->hash == b->hash)
        return (align_likeness){1000, TK_ALIGN_EQUAL, true};
    bool digits = ((a->letters | b->letters) >> 26) != 0;
    if (a->role == ROLE_NUMBER && b->role == ROLE_NUMBER)
        return numbers(a, b);
    if (a->role == ROLE_NUMBER || b->role == ROLE_NUMBER) /* "Second" with a slip */
        return digits ? numbers(a, b) : slip(left, a, right, b);
    align_likeness best = related(a, b);
    if (best.points != 0)
        return best;
    if ((a->role >= ROLE_TITLE) != (b->role >= ROLE_TITLE)) /* small words are what they are, but for slips */
        return slip(left, a, right, b);
    unsigned known = WORDS_GENERIC | WORDS_PLACE;
    bool both_known = (a->classes & known) != 0 && (b->classes & known) != 0;
    if (both_known)
        return best;
    best = sound(left, a, right, b);
    keep_better(&best, slip(left, a, right, b));
    keep_better(&best, cut_short(left, a, right, b));
    return best;
}

/* --- letters of several tokens ------------------------------------------------------------------------------- */

size_t align_joined(const align_side *side, size_t from, size_t count, char *out, size_t room)
{
    size_t length = 0;
    for (size_t i = from; i < from + count; i++) {
        const name_token *token = &side->tokens[i];
        for (size_t at = 0; at < token->length; at++) {
            char letter = side->text[token->text + at];
            if (letter == ' ')
                continue;
            if (length == room)
                return 0;
            out[length++] = letter;
        }
    }
    return length;
}

uint32_t align_hash(tk_str letters)
{
    uint32_t hash = 2166136261u;
    for (size_t i = 0; i < letters.len; i++)
        hash = (hash ^ (unsigned char)letters.ptr[i]) * 16777619u;
    return hash ^ hash >> 15;
}

static bool acronym_skips(const align_side *side, unsigned manner, size_t last_generic, size_t at)
{
    const name_token *token = &side->tokens[at];
    return ((manner & 1) != 0 && token->role == ROLE_NEGLIGIBLE) || ((manner & 2) != 0 && token->role == ROLE_FORM)
           || ((manner & 4) != 0 && at == last_generic);
}

align_acronym align_acronym_of(const align_side *side, unsigned manner)
{
    align_acronym out = {.length = 0};
    size_t last_generic = side->count, told = 0;
    for (size_t i = 0; i < side->count; i++)
        last_generic = side->tokens[i].role == ROLE_GENERIC ? i : last_generic;
    while (out.start < side->count && side->tokens[out.start].role == ROLE_FORM)
        out.start++;
    for (size_t i = out.start; i < side->count; i++) {
        const name_token *token = &side->tokens[i];
        if (acronym_skips(side, manner, last_generic, i))
            continue;
        if (token->letters >> 26 != 0)
            break;
        told += token->role != ROLE_NEGLIGIBLE && token->role != ROLE_FORM;
        for (size_t k = 0; k < token->length; k++) {
            if (k != 0 && (side->text[token->text + k - 1] != ' ' || token->role == ROLE_FORM))
                continue;
            if (out.length == ACRONYM_LETTERS_MAX)
                return out;
            out.ends[out.length] = (uint8_t)(told >= 2 ? i + 1 : 0);
            out.letters[out.length++] = side->text[token->text + k];
        }
    }
    return out;
}
