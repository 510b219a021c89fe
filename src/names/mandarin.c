/* SPDX-License-Identifier: Apache-2.0 */
/* mandarin.c: Latin words that are Mandarin syllables, whichever romanization spelt them.
 *
 * Wade-Giles as it is found in lists has lost its apostrophes and dots, so that "chang" may be zhang or chang. Both
 * spellings are brought to signs that keep only what both keep: one for zh, ch, j and q, one for b and p, and so on.
 */
#include <string.h>

#include "names/words.h"

enum { MANDARIN_WORD_MAX = 40 };

typedef struct mandarin_part {
    char spelt[5], sign[5];
} mandarin_part;

enum { INITIALS_MAX = 4, FINALS_MAX = 14 };

/* Initials by their first letter, longest first; the empty one stands for the rest. */
static const mandarin_part mandarin_initials[26][INITIALS_MAX] = {
    ['b' - 'a'] = {{"b", "p"}},
    ['c' - 'a'] = {{"ch", "C"}, {"c", "T"}},
    ['d' - 'a'] = {{"d", "t"}},
    ['f' - 'a'] = {{"f", "f"}},
    ['g' - 'a'] = {{"g", "k"}},
    ['h' - 'a'] = {{"hs", "X"}, {"h", "h"}},
    ['j' - 'a'] = {{"j", "C"}},
    ['k' - 'a'] = {{"k", "k"}},
    ['l' - 'a'] = {{"l", "l"}},
    ['m' - 'a'] = {{"m", "m"}},
    ['n' - 'a'] = {{"n", "n"}},
    ['p' - 'a'] = {{"p", "p"}},
    ['q' - 'a'] = {{"q", "C"}},
    ['r' - 'a'] = {{"r", "r"}},
    ['s' - 'a'] = {{"sh", "S"}, {"sz", "s"}, {"ss", "s"}, {"s", "s"}},
    ['t' - 'a'] = {{"ts", "T"}, {"tz", "T"}, {"t", "t"}},
    ['w' - 'a'] = {{"w", "w"}},
    ['x' - 'a'] = {{"x", "X"}},
    ['y' - 'a'] = {{"y", "y"}},
    ['z' - 'a'] = {{"zh", "C"}, {"z", "T"}}};
static const mandarin_part mandarin_no_initial = {"", ""};

/* Finals by their first letter, longest first. A few are one here that only the other romanization tells apart: e, o
 * and uo. */
static const mandarin_part mandarin_finals_a[FINALS_MAX] = {{"ang", "ang"}, {"ai", "ai"}, {"an", "an"}, {"ao", "ao"},
                                                            {"a", "a"}};
static const mandarin_part mandarin_finals_e[FINALS_MAX] = {{"eng", "eng"}, {"erh", "er"}, {"ei", "ei"}, {"en", "en"},
                                                            {"er", "er"},   {"eh", "e"},   {"e", "o"}};
static const mandarin_part mandarin_finals_i[FINALS_MAX] = {
    {"iang", "iang"}, {"iong", "iong"}, {"iung", "iong"}, {"ian", "ian"}, {"ien", "ian"}, {"iao", "iao"},
    {"ieh", "ie"},    {"ing", "ing"},   {"ia", "ia"},     {"ie", "ie"},   {"ih", "i"},    {"in", "in"},
    {"iu", "iu"},     {"i", "i"}};
static const mandarin_part mandarin_finals_o[FINALS_MAX] = {{"ong", "ong"}, {"ou", "ou"}, {"o", "o"}};
static const mandarin_part mandarin_finals_u[FINALS_MAX] = {
    {"uang", "uang"}, {"uai", "uai"}, {"uan", "uan"}, {"ueh", "ue"}, {"uei", "ui"}, {"uen", "un"}, {"ung", "ong"},
    {"ua", "ua"},     {"ue", "ue"},   {"ui", "ui"},   {"un", "un"},  {"uo", "o"},   {"u", "u"}};
static const mandarin_part mandarin_finals_v[FINALS_MAX] = {{"v", "u"}};
static const mandarin_part mandarin_finals_y[FINALS_MAX] = {{"yuan", "uan"}, {"yu", "u"}};

static const mandarin_part *mandarin_finals(char first)
{
    switch (first) {
    case 'a':
        return mandarin_finals_a;
    case 'e':
        return mandarin_finals_e;
    case 'i':
        return mandarin_finals_i;
    case 'o':
        return mandarin_finals_o;
    case 'u':
        return mandarin_finals_u;
    case 'v':
        return mandarin_finals_v;
    case 'y':
        return mandarin_finals_y;
    default:
        return NULL;
    }
}

typedef struct mandarin_parse {
    tk_str word;
    char *out;
    size_t length;
    unsigned steps;
} mandarin_parse;

static bool mandarin_at(tk_str word, size_t at, const char *spelt)
{
    for (; *spelt != 0; spelt++, at++)
        if (at == word.len || word.ptr[at] != *spelt)
            return false;
    return true;
}

static bool mandarin_is(const mandarin_part *part, const char *spelt)
{
    return strcmp(part->spelt, spelt) == 0;
}

/* What a final is behind its initial: "yeh" and "yen" are ye and yan, "yu" may be you, "tzu" and "szu" end like zi. */
static const char *mandarin_final_sign(const mandarin_part *initial, const mandarin_part *final)
{
    if (*initial->sign == 'y') {
        if (mandarin_is(final, "en") || mandarin_is(final, "an"))
            return "an";
        if (mandarin_is(final, "ou"))
            return "u";
        if (mandarin_is(final, "e") || mandarin_is(final, "eh"))
            return "e";
    }
    bool hissed = mandarin_is(initial, "tz") || mandarin_is(initial, "sz") || mandarin_is(initial, "ss");
    if (hissed && mandarin_is(final, "u"))
        return "i";
    if (*initial->spelt == 0 && mandarin_is(final, "i"))
        return "yi";
    return final->sign;
}

/* j before a, e, o and in jung, jui, juo, jih is the r of the other romanization. */
static const char *mandarin_initial_sign(const mandarin_part *initial, const mandarin_part *final)
{
    bool mild = *initial->spelt == 'j' && (strchr("aeo", final->spelt[0]) != NULL || mandarin_is(final, "ung") ||
                                           mandarin_is(final, "ui") || mandarin_is(final, "uo") ||
                                           mandarin_is(final, "ih"));
    return mild ? "r" : initial->sign;
}

static void mandarin_put(mandarin_parse *parse, const char *sign)
{
    size_t length = strlen(sign);
    if (parse->length + length < WORDS_SOUND_BYTES) {
        memcpy(parse->out + parse->length, sign, length);
        parse->length += length;
    }
}

static bool mandarin_syllables(mandarin_parse *parse, size_t at);

static bool mandarin_behind(mandarin_parse *parse, const mandarin_part *initial, size_t at)
{
    enum { STEPS_MAX = 400 };
    const mandarin_part *finals = at < parse->word.len ? mandarin_finals(parse->word.ptr[at]) : NULL;
    for (size_t i = 0; finals != NULL && i < FINALS_MAX && finals[i].spelt[0] != 0; i++) {
        if (!mandarin_at(parse->word, at, finals[i].spelt) || ++parse->steps > STEPS_MAX)
            continue;
        size_t before = parse->length;
        mandarin_put(parse, mandarin_initial_sign(initial, &finals[i]));
        mandarin_put(parse, mandarin_final_sign(initial, &finals[i]));
        if (mandarin_syllables(parse, at + strlen(finals[i].spelt)))
            return true;
        parse->length = before;
    }
    return false;
}

/* Syllables from `at` on; the longest first, shorter ones when what follows is none. */
static bool mandarin_syllables(mandarin_parse *parse, size_t at)
{
    if (at == parse->word.len)
        return true;
    char first = parse->word.ptr[at];
    if (first < 'a' || 'z' < first)
        return false;
    const mandarin_part *initials = mandarin_initials[first - 'a'];
    for (size_t i = 0; i < INITIALS_MAX && initials[i].spelt[0] != 0; i++)
        if (mandarin_at(parse->word, at, initials[i].spelt) &&
            mandarin_behind(parse, &initials[i], at + strlen(initials[i].spelt)))
            return true;
    return mandarin_behind(parse, &mandarin_no_initial, at);
}

size_t words_mandarin(tk_str word, char out[WORDS_SOUND_BYTES])
{
    mandarin_parse parse = {.word = word, .out = out};
    bool made = word.len > 0 && word.len <= MANDARIN_WORD_MAX && mandarin_syllables(&parse, 0);
    out[made ? parse.length : 0] = 0;
    return made ? parse.length : 0;
}
