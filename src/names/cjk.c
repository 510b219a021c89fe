/* SPDX-License-Identifier: Apache-2.0 */
/* cjk.c: Chinese characters, Hangul and Kana in plain letters.
 *
 * These scripts write words without spaces. A run of them is cut by the table of phrases, the longest first; what lies
 * between phrases is read character by character and stays together: it is the name proper, whose word limits nobody
 * knows (SCRIPTS_UNSPACED tells the scorer so). Numbers become digits.
 */
#include <string.h>

#include "names/scripts_int.h"

enum { HANGUL_FIRST = 0xAC00, HANGUL_COUNT = 11172, CJK_WORD_MAX = 64 };

/* A family name and up to three characters; longer runs are no persons. */
enum { PERSON_MIN = 2, PERSON_MAX = 4 };

static bool is_hangul(uint32_t code)
{
    return code - HANGUL_FIRST < HANGUL_COUNT;
}

static bool is_kana(uint32_t code)
{
    return 0x3041 <= code && code <= 0x30FF;
}

/* --- phrases -------------------------------------------------------------------------------------------------- */

static uint16_t simplified(uint32_t code)
{
    if (!scripts_han_covers(code))
        return code <= UINT16_MAX ? (uint16_t)code : 0;
    uint16_t simple = scripts_simplified[code - SCRIPTS_HAN_FIRST];
    return simple != 0 ? simple : (uint16_t)code;
}

static const scripts_phrase *phrase_at(uint32_t hash, const uint16_t *codes, size_t count)
{
    const uint32_t mask = scripts_phrase_mask;
    for (uint32_t at = hash & mask; scripts_phrase_slots[at] != 0; at = (at + 1) & mask) {
        const scripts_phrase *phrase = &scripts_phrases[scripts_phrase_slots[at] - 1];
        if (phrase->hash == hash && phrase->length == count &&
            memcmp(scripts_phrase_text + phrase->text, codes, count * sizeof(*codes)) == 0)
            return phrase;
    }
    return NULL;
}

static const scripts_phrase *phrase_search(const uint32_t *codes, size_t count, bool exact)
{
    uint16_t text[SCRIPTS_PHRASE_MAX];
    uint32_t hash = SCRIPTS_PHRASE_SEED;
    const scripts_phrase *best = NULL;
    if (exact && count > SCRIPTS_PHRASE_MAX)
        return NULL;
    for (size_t i = 0; i < count && i < SCRIPTS_PHRASE_MAX; i++) {
        text[i] = simplified(codes[i]);
        hash = scripts_phrase_hash(hash, text[i]);
        if (exact && i + 1 < count)
            continue;
        const scripts_phrase *found = phrase_at(hash, text, i + 1);
        best = found != NULL ? found : best;
    }
    return best;
}

const scripts_phrase *scripts_phrase_find(const uint32_t *codes, size_t count)
{
    return phrase_search(codes, count, false);
}

const scripts_phrase *scripts_phrase_exact(const uint32_t *codes, size_t count)
{
    return phrase_search(codes, count, true);
}

/* --- words under way ------------------------------------------------------------------------------------------ */

/* The reading of one run: whole words go out with a space before, characters gather in `word` until it ends. */
typedef struct cjk_out {
    scripts_cjk *how;
    scripts_text *text;
    char word[CJK_WORD_MAX * SCRIPTS_SYLLABLE_MAX];
    size_t length;
} cjk_out;

static void put_word(cjk_out *out, const char *word, size_t length)
{
    scripts_text_add(out->text, " ", 1);
    scripts_text_add(out->text, word, length);
    scripts_text_add(out->text, " ", 1);
}

static void end_word(cjk_out *out)
{
    if (out->length > 0)
        put_word(out, out->word, out->length);
    out->length = 0;
}

static void gather(cjk_out *out, const char *letters)
{
    size_t length = strlen(letters);
    if (out->length + length > sizeof(out->word))
        end_word(out);
    memcpy(out->word + out->length, letters, length);
    out->length += length;
}

/* --- Hangul --------------------------------------------------------------------------------------------------- */

static const char *const hangul_initials[2][19] = {
    {"g", "kk", "n", "d", "tt", "r", "m", "b", "pp", "s", "ss", "", "j", "jj", "ch", "k", "t", "p", "h"},
    {"k", "kk", "n", "t", "tt", "r", "m", "p", "pp", "s", "ss", "", "j", "jj", "ch", "k", "t", "p", "h"}};
static const char *const hangul_vowels[2][21] = {
    {"a", "ae", "ya", "yae", "eo", "e", "yeo", "ye", "o", "wa", "wae", "oe", "yo", "u", "wo", "we", "wi", "yu", "eu",
     "ui", "i"},
    {"a", "ae", "ya", "yae", "o", "e", "yo", "ye", "o", "wa", "wae", "oe", "yo", "u", "wo", "we", "wi", "yu", "u",
     "ui", "i"}};
static const char *const hangul_finals[28] = {"",  "k", "k", "k", "n", "n", "n", "t", "l", "k", "m", "l", "l", "l",
                                              "p", "l", "m", "p", "p", "t", "t", "ng", "t", "t", "k", "t", "p", ""};

static void read_hangul(cjk_out *out, uint32_t code)
{
    uint32_t at = code - HANGUL_FIRST, manner = out->how->mccune ? 1 : 0, initial = at / 588;
    /* Between voiced sounds the older romanization softens k, t, p. */
    static const char *const soft[19] = {"g", NULL, NULL, "d", NULL, NULL, NULL, "b"};
    bool voiced = out->length > 0 && strchr("aeiouynmlg", out->word[out->length - 1]) != NULL;
    gather(out, manner == 1 && voiced && soft[initial] != NULL ? soft[initial] : hangul_initials[manner][initial]);
    gather(out, hangul_vowels[manner][at / 28 % 21]);
    gather(out, hangul_finals[at % 28]);
}

/* Family names as people write them, whatever the rules say. */
static const char *hangul_family(uint32_t code, bool mccune)
{
    size_t low = 0, high = scripts_korean_families_count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (scripts_korean_families[middle].code < code)
            low = middle + 1;
        else
            high = middle;
    }
    const scripts_korean_family *family = &scripts_korean_families[low];
    if (low == scripts_korean_families_count || family->code != code)
        return NULL;
    return mccune ? family->older : family->usual;
}

/* --- Kana ----------------------------------------------------------------------------------------------------- */

/* A small vowel or y changes the syllable before it (shi-ya: sha, fu-a: fa); a small tsu doubles what follows. */
static void read_kana(cjk_out *out, uint32_t code, uint32_t before)
{
    const scripts_letter *letter = scripts_letter_find(code);
    if (letter == NULL)
        return;
    const char *letters = letter->letters;
    uint32_t row = code >= 0x30A0 ? code - 0x60 : code;
    bool small_y = row == 0x3083 || row == 0x3085 || row == 0x3087;
    bool small_vowel = row == 0x3041 || row == 0x3043 || row == 0x3045 || row == 0x3047 || row == 0x3049;
    if ((small_y || small_vowel) && out->length > 0) {
        char last = out->word[out->length - 1];
        bool hard = out->length > 1 && memchr("hj", out->word[out->length - 2], 2) != NULL;
        bool drops = small_y ? last == 'i' : last == 'i' || last == 'e' || last == 'o' || last == 'u';
        out->length -= drops ? 1 : 0;
        letters += small_y && drops && hard ? 1 : 0;
    }
    bool doubled = (before == 0x3063 || before == 0x30C3) && strchr("kstpbdgzjch", letters[0]) != NULL;
    if (doubled && letters[0] != 0) {
        char twice[2] = {letters[0] == 'c' ? 't' : letters[0], 0};
        gather(out, twice);
    }
    gather(out, letters);
}

/* --- Han ------------------------------------------------------------------------------------------------------ */

static void read_han(cjk_out *out, uint32_t code, scripts_han_kind kind)
{
    uint16_t at = 0;
    if (scripts_han_covers(code)) {
        at = scripts_han[kind][code - SCRIPTS_HAN_FIRST];
        uint16_t simple = simplified(code);
        at = at != 0 ? at : scripts_han[kind][simple - SCRIPTS_HAN_FIRST];
        at = at != 0 ? at : scripts_han[SCRIPTS_MANDARIN][code - SCRIPTS_HAN_FIRST];
    }
    if (at == 0)
        out->how->unknown = true;
    else
        gather(out, scripts_syllables[at]);
}

static uint16_t family_of(uint32_t code)
{
    uint16_t simple = simplified(code);
    return scripts_han_covers(simple) ? scripts_han[SCRIPTS_FAMILY][simple - SCRIPTS_HAN_FIRST] : (uint16_t)0;
}

static int numeral(uint32_t code)
{
    static const uint16_t digits[] = {0x96F6, 0x4E00, 0x4E8C, 0x4E09, 0x56DB, 0x4E94, 0x516D, 0x4E03, 0x516B, 0x4E5D};
    if (code == 0x3007)
        return 0;
    for (int i = 0; i < 10; i++)
        if (digits[i] == code)
            return i;
    return code == 0x5341 ? 10 : code == 0x767E ? 100 : -1;
}

/* 第十四, 七一八, 三十八: the characters taken, the value in *value; 0 when they are no number. Behind 第 any numeral
 * counts; without, it takes three digits or a ten, because names begin with single numerals (三一). */
static size_t read_number(const uint32_t *codes, size_t count, long *value)
{
    size_t start = codes[0] == 0x7B2C ? 1 : 0, i = start;
    long digits = 0, sum = 0, last = -1;
    bool places = false;
    for (; i < count && i < start + 6; i++) {
        int n = numeral(codes[i]);
        if (n < 0)
            break;
        if (n >= 10) {
            sum += (last < 0 ? 1 : last) * n;
            last = -1;
            places = true;
        } else {
            digits = digits * 10 + n;
            last = n;
        }
    }
    size_t taken = i - start;
    bool enough = start == 1 ? taken > 0 : taken >= 3 || (places && taken == 2);
    if (!enough)
        return 0;
    *value = places ? sum + (last < 0 ? 0 : last) : digits;
    return i;
}

/* --- runs ----------------------------------------------------------------------------------------------------- */

static void read_one(cjk_out *out, const uint32_t *codes, size_t at)
{
    uint32_t code = codes[at];
    if (is_hangul(code))
        read_hangul(out, code);
    else if (is_kana(code))
        read_kana(out, code, at > 0 ? codes[at - 1] : 0);
    else if (code == 0x3005 && at > 0)
        read_han(out, codes[at - 1], out->how->read); /* the character before, once more */
    else
        read_han(out, code, out->how->read);
}

static void read_phrase(cjk_out *out, const scripts_phrase *phrase, const uint32_t *codes)
{
    end_word(out);
    /* A place is called what English calls it; other names of places are words of the name. */
    const char *spoken = scripts_phrase_spoken(phrase), *known = NULL;
    if (out->how->english || (*spoken == 0 && phrase->kind == SCRIPTS_PLACE))
        known = scripts_phrase_english(phrase);
    else if (*spoken != 0)
        known = spoken;
    if (known != NULL) {
        put_word(out, known, strlen(known));
        return;
    }
    for (size_t i = 0; i < phrase->length; i++)
        read_one(out, codes, i);
    end_word(out);
}

/* 市, 省, 县, 区: behind a place they add nothing. */
static bool is_rank_of_place(uint32_t code)
{
    return code == 0x5E02 || code == 0x7701 || code == 0x53BF || code == 0x7E23 || code == 0x533A || code == 0x5340 ||
           code == 0xC2DC;
}

static void read_company(cjk_out *out, const uint32_t *codes, size_t count)
{
    const scripts_phrase *last = NULL;
    bool number = false;
    for (size_t i = 0; i < count;) {
        long value;
        size_t taken = out->how->foreign ? 0 : read_number(codes + i, count - i, &value);
        if (taken > 0) {
            end_word(out);
            char digits[24];
            size_t at = sizeof(digits);
            do
                digits[--at] = (char)('0' + value % 10);
            while ((value /= 10) > 0);
            put_word(out, digits + at, sizeof(digits) - at);
            i += taken;
            last = NULL;
            number = true;
            continue;
        }
        const scripts_phrase *phrase = out->how->foreign ? NULL : scripts_phrase_find(codes + i, count - i);
        if (phrase != NULL && phrase->kind == SCRIPTS_END) {
            bool behind = number || (last != NULL && out->length == 0), ends = i + phrase->length == count;
            phrase = behind || (ends && (i == 0 || i > 1)) ? phrase : NULL;
        }
        if (phrase != NULL && phrase->kind <= SCRIPTS_END) {
            out->how->meant = true;
            read_phrase(out, phrase, codes + i);
            i += phrase->length;
            last = phrase;
        } else {
            bool rank = last != NULL && last->kind == SCRIPTS_PLACE && out->length == 0 && is_rank_of_place(codes[i]);
            if (!rank)
                read_one(out, codes, i);
            i++;
            last = rank ? last : NULL;
        }
        number = false;
    }
}

static void read_person(cjk_out *out, const uint32_t *codes, size_t count)
{
    const scripts_phrase *compound = count > 2 ? scripts_phrase_find(codes, 2) : NULL;
    size_t family = compound != NULL && compound->kind == SCRIPTS_SURNAME ? 2 : 1;
    const char *usual = is_hangul(codes[0]) ? hangul_family(codes[0], out->how->mccune) : NULL;
    if (family == 2 && out->how->read == SCRIPTS_MANDARIN)
        gather(out, scripts_phrase_english(compound));
    else if (usual != NULL)
        gather(out, usual);
    else if (out->how->read == SCRIPTS_MANDARIN && family_of(codes[0]) != 0)
        gather(out, scripts_syllables[family_of(codes[0])]);
    else
        for (size_t i = 0; i < family; i++)
            read_one(out, codes, i);
    end_word(out);
    for (size_t i = family; i < count; i++) {
        read_one(out, codes, i);
        if (is_hangul(codes[i]))
            end_word(out); /* Korean given names are written apart or with a hyphen */
    }
}

void scripts_cjk_read(scripts_cjk *how, const uint32_t *codes, size_t count, scripts_text *text)
{
    cjk_out out = {.how = how, .text = text};
    if (how->person && PERSON_MIN <= count && count <= PERSON_MAX && !is_kana(codes[0]))
        read_person(&out, codes, count);
    else
        read_company(&out, codes, count);
    end_word(&out);
}

bool scripts_cjk_is_person(const uint32_t *codes, size_t count)
{
    if (count < PERSON_MIN || PERSON_MAX < count)
        return false;
    bool hangul = is_hangul(codes[0]);
    const scripts_phrase *compound = scripts_phrase_find(codes, 2);
    bool known = compound != NULL && compound->kind == SCRIPTS_SURNAME;
    bool family = hangul ? hangul_family(codes[0], false) != NULL : family_of(codes[0]) != 0;
    if (!known && (!family || count == PERSON_MAX))
        return false;
    for (size_t i = 0; i < count; i++) {
        const scripts_phrase *phrase = scripts_phrase_find(codes + i, count - i);
        if (is_kana(codes[i]) || (phrase != NULL && phrase->kind != SCRIPTS_SURNAME && phrase->kind != SCRIPTS_END))
            return false;
    }
    return true;
}
