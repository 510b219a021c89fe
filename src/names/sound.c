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
    const char *from, *to;
} sound_rule;

/* Longest first. Small letters are what was read, capitals are sounds without a letter of their own: C = ch, S = sh,
 * J = j as in John. */
static const sound_rule sound_rules[] = {
    {"shtch", "S"}, {"schtsch", "S"}, {"shch", "S"}, {"tsch", "C"}, {"dsch", "J"}, {"tch", "C"}, {"sch", "S"},
    {"dzh", "J"},   {"dj", "J"},      {"dz", "z"},   {"ch", "C"},   {"cz", "C"},   {"sh", "S"},  {"sz", "S"},
    {"zh", "J"},    {"kh", "h"},      {"gh", "g"},   {"ph", "f"},   {"th", "t"},   {"dh", "d"},  {"ck", "k"},
    {"cq", "k"},    {"qu", "k"},      {"ts", "s"},   {"tz", "s"},   {"hs", "s"},   {"ks", "ks"}, {"x", "ks"},
    {"q", "k"},     {"c", "k"},       {"w", "v"},    {"b", "b"},    {"z", "z"}};

static bool sound_is_vowel(char c)
{
    return c == 'a' || c == 'e' || c == 'i' || c == 'o' || c == 'u' || c == 'y';
}

/* j is a vowel of its own beside vowels in Slavic and German spelling (jurij), and dj elsewhere (jamal): at the
 * beginning it is the consonant, after a vowel or before the end it is the vowel. */
static bool sound_j_is_vowel(tk_str word, size_t at)
{
    return at > 0 && (sound_is_vowel(word.ptr[at - 1]) || at + 1 == word.len);
}

static const sound_rule *sound_rule_at(tk_str word, size_t at)
{
    for (size_t i = 0; i < sizeof(sound_rules) / sizeof(sound_rules[0]); i++) {
        size_t length = strlen(sound_rules[i].from);
        if (at + length <= word.len && memcmp(word.ptr + at, sound_rules[i].from, length) == 0)
            return &sound_rules[i];
    }
    return NULL;
}

static void sound_add(char out[WORDS_SOUND_BYTES], size_t *length, char c)
{
    bool twice = *length > 0 && out[*length - 1] == c;
    if (!twice && *length + 1 < WORDS_SOUND_BYTES)
        out[(*length)++] = c;
}

/* Letter by letter into sounds; vowels all 'a', doubles once. */
static size_t sound_letters(tk_str word, char out[WORDS_SOUND_BYTES])
{
    size_t length = 0;
    for (size_t i = 0; i < word.len;) {
        char c = word.ptr[i];
        /* w and u are one before and after vowels: duwayr, douair. */
        if (sound_is_vowel(c) || (c == 'j' && sound_j_is_vowel(word, i)) ||
            (c == 'w' && i > 0 && sound_is_vowel(word.ptr[i - 1]))) {
            sound_add(out, &length, 'a');
            i++;
            continue;
        }
        if (c == 'c' && i + 1 < word.len && strchr("eiy", word.ptr[i + 1]) != NULL && i > 0) {
            sound_add(out, &length, 's');
            i++;
            continue;
        }
        const sound_rule *rule = sound_rule_at(word, i);
        if (rule == NULL) {
            sound_add(out, &length, c == 'j' ? 'J' : c);
            i++;
            continue;
        }
        for (const char *to = rule->to; *to != 0; to++)
            sound_add(out, &length, *to);
        i += strlen(rule->from);
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
    case 'g':
        return 'k';
    case 'v':
        return 'f';
    case 'z':
        return 's';
    default:
        return c;
    }
}

/* Ends are heard least: final vowels and h go (abdalla, abdallah), voiced ends turn voiceless (ivanov, ivanoff), and
 * -er after a consonant is -r (alexander, aleksandr). */
static size_t sound_end(char *sound, size_t length)
{
    while (length > 2 && (sound[length - 1] == 'a' || sound[length - 1] == 'h'))
        length--;
    if (length > 3 && (sound[length - 1] == 'r' || sound[length - 1] == 'l') && sound[length - 2] == 'a') {
        sound[length - 2] = sound[length - 1];
        length--;
    }
    if (length > 2)
        sound[length - 1] = sound_voiceless(sound[length - 1]);
    return length;
}

size_t words_sound(tk_str word, char out[WORDS_SOUND_BYTES])
{
    size_t length = sound_end(out, sound_letters(word, out));
    out[length] = 0;
    return length;
}

/* Vowels and half-vowels go, but for one at the beginning, which Arabic writes. */
size_t words_skeleton(tk_str word, char out[WORDS_SOUND_BYTES])
{
    char sound[WORDS_SOUND_BYTES];
    size_t heard = words_sound(word, sound), length = 0;
    for (size_t i = 0; i < heard; i++)
        if (i == 0 || (sound[i] != 'a' && sound[i] != 'v'))
            sound_add(out, &length, sound[i]);
    out[length] = 0;
    return length;
}
