/* SPDX-License-Identifier: Apache-2.0 */
/* abjad.c: Arabic, Persian and Hebrew words.
 *
 * These scripts write consonants. A word of the table comes with its vowels; of any other the consonants are written,
 * and the reading says so (SCRIPTS_UNVOWELLED). Letters that differ from one country's spelling to the next
 * (ي and ی, ة and ه, أ and ا) are one.
 */
#include <string.h>

#include "names/scripts_int.h"

enum { ABJAD_WORD_MAX = 32, ALEF = 0x627, LAM = 0x644, WAW = 0x648 };

/* Vowel signs, tatweel, hamza alone: not read. */
static bool abjad_silent(uint32_t code)
{
    return code == 0x640 || (0x64B <= code && code <= 0x652) || code == 0x670 || code == 0x621;
}

/* How Persian reads letters that Arabic reads otherwise. */
static const char *abjad_persian(uint32_t code)
{
    return code == 0x636 || code == 0x630 ? "z" : code == 0x62B ? "s" : NULL;
}

static bool abjad_known(const uint32_t *word, size_t count, bool persian, scripts_text *out)
{
    const scripts_phrase *phrase = scripts_phrase_exact(word, count);
    if (phrase == NULL || phrase->kind < SCRIPTS_VOWELLED)
        return false;
    const char *letters = scripts_phrase_spoken(phrase);
    if (!persian || *letters == 0)
        letters = scripts_phrase_english(phrase);
    scripts_text_add(out, letters, strlen(letters));
    return true;
}

static void abjad_letters(const uint32_t *word, size_t count, bool persian, scripts_text *out)
{
    for (size_t i = 0; i < count; i++) {
        const scripts_letter *letter = scripts_letter_find(word[i]);
        const char *own = persian ? abjad_persian(word[i]) : NULL;
        const char *letters = own != NULL ? own : letter != NULL ? letter->letters : "";
        /* Two consonants that together would be read as one sound: t and s, s and h. */
        char last = i > 0 && out->length > 0 ? out->bytes[out->length - 1] : ' ';
        bool one = (last == 't' && letters[0] == 's') || (letters[0] == 'h' && strchr("sktdgzcp", last) != NULL);
        scripts_text_add(out, "a", one ? 1 : 0);
        scripts_text_add(out, letters, strlen(letters));
    }
}

/* abd al-… written in one, the article, "and" and "for the" before it. */
static size_t abjad_prefix(const uint32_t *word, size_t count, const char **letters)
{
    static const uint32_t abd[] = {0x639, 0x628, 0x62F, ALEF, LAM};
    *letters = "";
    if (count > 6 && memcmp(word, abd, sizeof(abd)) == 0) {
        *letters = "abd al ";
        return 5;
    }
    if (count > 5 && word[0] == WAW && word[1] == ALEF && word[2] == LAM) {
        *letters = "and al ";
        return 3;
    }
    if (count > 4 && word[0] == LAM && word[1] == LAM) {
        *letters = "lil ";
        return 2;
    }
    if (count > 4 && word[0] == ALEF && word[1] == LAM) {
        *letters = "al ";
        return 2;
    }
    return 0;
}

static bool abjad_is_name(const scripts_phrase *phrase)
{
    return phrase != NULL &&
           (phrase->kind == SCRIPTS_JOINS || (phrase->kind == SCRIPTS_VOWELLED && phrase->length > 2));
}

/* Two known names written in one, where one of them is of those that are: Muhammadbaqir, Heydarnia. They stay one. */
static bool abjad_two(const uint32_t *word, size_t count, bool persian, scripts_text *out)
{
    for (size_t first = count - 2; first >= 2 && count >= 4; first--) {
        const scripts_phrase *left = scripts_phrase_exact(word, first);
        const scripts_phrase *right = scripts_phrase_exact(word + first, count - first);
        if (!abjad_is_name(left) || !abjad_is_name(right) ||
            (left->kind != SCRIPTS_JOINS && right->kind != SCRIPTS_JOINS))
            continue;
        (void)abjad_known(word, first, persian, out);
        return abjad_known(word + first, count - first, persian, out);
    }
    return false;
}

static bool abjad_word(const uint32_t *word, size_t count, bool persian, scripts_text *out)
{
    if (abjad_known(word, count, persian, out))
        return true;
    /* Persian links a word to the next one by a ye at its end. */
    if (persian && count > 4 && word[count - 1] == 0x6CC && abjad_known(word, count - 1, persian, out))
        return true;
    const char *letters;
    size_t prefix = abjad_prefix(word, count, &letters);
    scripts_text_add(out, letters, strlen(letters));
    word += prefix;
    count -= prefix;
    if ((prefix > 0 && abjad_known(word, count, persian, out)) || abjad_two(word, count, persian, out))
        return true;
    abjad_letters(word, count, persian, out);
    return false;
}

bool scripts_abjad_is_persian(uint32_t code)
{
    return code == 0x67E || code == 0x686 || code == 0x698 || code == 0x6AF || code == 0x6A9 || code == 0x6CC;
}

bool scripts_abjad_read(const uint32_t *codes, size_t count, bool persian, scripts_text *out)
{
    uint32_t word[ABJAD_WORD_MAX];
    size_t length = 0;
    for (size_t i = 0; i < count; i++) {
        if (abjad_silent(codes[i]))
            continue;
        if (length == ABJAD_WORD_MAX) { /* no word is that long */
            abjad_letters(codes, count, persian, out);
            return false;
        }
        word[length++] = scripts_abjad_fold(codes[i]);
    }
    return length == 0 || abjad_word(word, length, persian, out);
}
