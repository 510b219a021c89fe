/* SPDX-License-Identifier: Apache-2.0 */
/* sound.c: what a Latin word sounds like, so that two romanizations of one foreign word come out alike.
 *
 * Vowels are one class: unstressed, unwritten or differently heard, they differ most between romanizations
 * (mohammed, muhammad). Consonants are brought to one sign for all ways of writing them. The result is coarse on
 * purpose, and never an equality.
 */
#include <string.h>

#include "names/words.h"

typedef struct sound_rule {
    char from[8], to[3];
} sound_rule;

/* By first letter, longest first, an empty one at the end. Capitals are sounds without a letter of their own: S = sh
 * and ch, which French writes alike, J = j as in John. */
static const sound_rule sound_c[] = {{"ch", "S"}, {"cz", "S"}, {"ck", "k"}, {"cq", "k"}, {"c", "k"}, {"", ""}};
static const sound_rule sound_d[] = {{"dsch", "J"}, {"dzh", "J"}, {"dj", "J"}, {"dz", "z"}, {"dh", "d"}, {"", ""}};
static const sound_rule sound_g[] = {{"gh", "k"}, {"g", "k"}, {"", ""}};
static const sound_rule sound_h[] = {{"hs", "s"}, {"", ""}};
static const sound_rule sound_k[] = {{"kh", "h"}, {"", ""}};
static const sound_rule sound_p[] = {{"ph", "f"}, {"", ""}};
static const sound_rule sound_q[] = {{"qu", "k"}, {"q", "k"}, {"", ""}};
static const sound_rule sound_s[] = {{"schtsch", "S"}, {"shtch", "S"}, {"shch", "S"}, {"sch", "S"},
                                     {"sh", "S"},      {"sz", "S"},    {"", ""}};
static const sound_rule sound_t[] = {{"tsch", "S"}, {"tch", "S"}, {"th", "t"}, {"ts", "s"}, {"tz", "s"}, {"", ""}};
static const sound_rule sound_w[] = {{"w", "v"}, {"", ""}};
static const sound_rule sound_x[] = {{"x", "ks"}, {"", ""}};
static const sound_rule sound_z[] = {{"zh", "J"}, {"", ""}};

static const sound_rule *const sound_rules[26] = {
    ['c' - 'a'] = sound_c, ['d' - 'a'] = sound_d, ['g' - 'a'] = sound_g, ['h' - 'a'] = sound_h,
    ['k' - 'a'] = sound_k, ['p' - 'a'] = sound_p, ['q' - 'a'] = sound_q, ['s' - 'a'] = sound_s,
    ['t' - 'a'] = sound_t, ['w' - 'a'] = sound_w, ['x' - 'a'] = sound_x, ['z' - 'a'] = sound_z};

static bool sound_is_vowel(char c)
{
    return c == 'a' || c == 'e' || c == 'i' || c == 'o' || c == 'u' || c == 'y';
}

static bool sound_vowel_at(tk_str word, size_t at)
{
    return at < word.len && sound_is_vowel(word.ptr[at]);
}

/* j behind a vowel is one itself in Slavic and German spelling (sergej, aleksejev), but not between two others (hijazi)
 * nor at the beginning (jamal). w is a vowel at the end of a word, behind another (andrew). */
static bool sound_half_vowel(tk_str word, size_t at)
{
    bool behind = at > 0 && sound_is_vowel(word.ptr[at - 1]), last = at + 1 == word.len;
    if (word.ptr[at] == 'w')
        return behind && last;
    bool between = behind && sound_vowel_at(word, at + 1) && word.ptr[at - 1] != 'e';
    return word.ptr[at] == 'j' && at > 0 && (behind || last) && !between;
}

static const sound_rule *sound_rule_at(tk_str word, size_t at)
{
    char first = word.ptr[at];
    const sound_rule *rule = first >= 'a' && first <= 'z' ? sound_rules[first - 'a'] : NULL;
    for (; rule != NULL && rule->from[0] != 0; rule++) {
        size_t i = 1;
        while (rule->from[i] != 0 && at + i < word.len && word.ptr[at + i] == rule->from[i])
            i++;
        if (rule->from[i] == 0)
            return rule;
    }
    return NULL;
}

static void sound_add(char out[WORDS_SOUND_BYTES], size_t *length, char c)
{
    bool twice = *length > 0 && out[*length - 1] == c;
    if (!twice && *length + 1 < WORDS_SOUND_BYTES)
        out[(*length)++] = c;
}

/* The article inside a long word takes the sound of the next letter, and is written either way: abdalrahman,
 * abdurrahman. */
static bool sound_assimilated(tk_str word, size_t at)
{
    return word.ptr[at] == 'l' && word.len >= 8 && at > 2 && at + 2 < word.len && sound_is_vowel(word.ptr[at - 1]) &&
           strchr("dtrzsn", word.ptr[at + 1]) != NULL;
}

/* Letter by letter into sounds; vowels all 'a', doubles once. */
static size_t sound_letters(tk_str word, char out[WORDS_SOUND_BYTES])
{
    size_t length = 0;
    for (size_t i = 0; i < word.len;) {
        char c = word.ptr[i];
        const sound_rule *rule = NULL;
        if (sound_is_vowel(c) || sound_half_vowel(word, i))
            sound_add(out, &length, 'a');
        else if (sound_assimilated(word, i))
            ;
        else if ((c == 'x' && i == 0)
                 || (c == 'c' && i > 0 && sound_vowel_at(word, i + 1) && strchr("eiy", word.ptr[i + 1]) != NULL))
            sound_add(out, &length, 's');
        else if ((rule = sound_rule_at(word, i)) == NULL)
            sound_add(out, &length, c == 'j' ? 'J' : c);
        for (const char *to = rule != NULL ? rule->to : ""; *to != 0; to++)
            sound_add(out, &length, *to);
        i += rule != NULL ? strlen(rule->from) : 1;
    }
    return length;
}

static char sound_voiceless(char c)
{
    switch (c) {
    case 'd':
        return 't';
    case 'b':
        return 'p';
    case 'v':
        return 'f';
    case 'z':
        return 's';
    default:
        return c;
    }
}

/* Ends are heard least: final vowels and h go (abdalla, abdallah), other voiced ends turn voiceless (ivanov, ivanoff),
 * and -er after a consonant is -r (alexander, aleksandr). */
static size_t sound_end(char *sound, size_t length)
{
    size_t whole = length;
    while (length > 2 && (sound[length - 1] == 'a' || sound[length - 1] == 'h'))
        length--;
    bool open = length < whole;
    if (length > 3 && (sound[length - 1] == 'r' || sound[length - 1] == 'l') && sound[length - 2] == 'a') {
        sound[length - 2] = sound[length - 1];
        length--;
    }
    if (length > 2 && !open)
        sound[length - 1] = sound_voiceless(sound[length - 1]);
    return length > 1 && sound[length - 1] == sound[length - 2] ? length - 1 : length;
}

size_t words_sound(tk_str word, char out[WORDS_SOUND_BYTES])
{
    size_t length = sound_letters(word, out);
    length = sound_end(out, length);
    out[length] = 0;
    return length;
}

/* Vowels and half-vowels go, but for one at the beginning, which Arabic writes. Arabic has no p. */
size_t words_skeleton(tk_str word, char out[WORDS_SOUND_BYTES])
{
    char sound[WORDS_SOUND_BYTES] = {0};
    size_t heard = words_sound(word, sound), length = 0;
    for (size_t i = 0; i < heard; i++)
        if (i == 0 || (sound[i] != 'a' && sound[i] != 'v'))
            sound_add(out, &length, sound[i] == 'p' ? 'b' : sound[i]);
    out[length] = 0;
    return length;
}
