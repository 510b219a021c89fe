/* SPDX-License-Identifier: Apache-2.0 */
/* wade.c: Mandarin names in Wade-Giles, turned into pinyin: "Ts'ao Kang-ch'uan" is "cao gang chuan".
 *
 * A name is taken for Wade-Giles when a syllable of it cannot be pinyin (hsiao, tse, tung, chiang). If all its words
 * are syllables, all are turned; else only such words as have one, which leaves "Hsinhua Trading" its trading. Lists
 * often lack the apostrophe, which tells p from b: then the sound without breath is taken, one letter beside the other.
 */
#include <string.h>

#include "names/scripts_int.h"
#include "names/words.h"

enum { WADE_WORD_MAX = 32, WADE_WORDS_MAX = 8, WADE_FINALS = 45 };

typedef struct wade_final {
    const char *spelt, *pinyin;
    bool only; /* no pinyin syllable ends so */
} wade_final;

/* Longest first; a colon is u with two dots. */
static const wade_final wade_finals[WADE_FINALS] = {
    {"iang", "iang", false}, {"iung", "iong", true}, {"uang", "uang", false}, {"iao", "iao", false},
    {"ieh", "ie", true}, {"ien", "ian", true}, {"ian", "ian", false}, {"ing", "ing", false},
    {"ang", "ang", false}, {"eng", "eng", false}, {"ung", "ong", true}, {"ong", "ong", false},
    {"uai", "uai", false}, {"uan", "uan", false}, {"uei", "ui", true}, {"ueh", "ue", true},
    {":eh", "ue", true}, {":an", "uan", true}, {"erh", "er", true}, {"ai", "ai", false},
    {"an", "an", false}, {"ao", "ao", false}, {"eh", "e", true}, {"ei", "ei", false},
    {"en", "en", false}, {"er", "er", false}, {"ia", "ia", false}, {"ie", "ie", false},
    {"ih", "i", true}, {"in", "in", false}, {"iu", "iu", false}, {"ou", "ou", false},
    {"ua", "ua", false}, {"ue", "ue", false}, {"ui", "ui", false}, {"un", "un", false},
    {"uo", "uo", false}, {":n", "un", true}, {"a", "a", false}, {"e", "e", false},
    {"i", "i", false}, {"o", "o", false}, {"u", "u", false}, {":", "u", true},
    {"", "", false}};

typedef struct wade_initial {
    const char *spelt, *pinyin, *before_i; /* before i and the u with dots: of ch, j and q */
    bool only;
} wade_initial;

static const wade_initial wade_initials[] = {
    {"ch'", "ch", "q", true}, {"ts'", "c", "c", true}, {"tz'", "c", "c", true}, {"ch", "zh", "j", false},
    {"ts", "z", "z", true},   {"tz", "z", "z", true},  {"hs", "x", "x", true},  {"sh", "sh", "sh", false},
    {"sz", "s", "s", true},   {"ss", "s", "s", true},  {"k'", "k", "k", true},  {"p'", "p", "p", true},
    {"t'", "t", "t", true},   {"k", "g", "g", false},  {"p", "b", "b", false},  {"t", "d", "d", false},
    {"s", "s", "s", false},   {"j", "r", "r", false},  {"l", "l", "l", false},  {"m", "m", "m", false},
    {"n", "n", "n", false},   {"f", "f", "f", false},  {"h", "h", "h", false},  {"w", "w", "w", false},
    {"y", "y", "y", false},   {"", "", "", false}};

typedef struct wade_word {
    size_t length, written;
    char spelt[WADE_WORD_MAX + 1], pinyin[2 * WADE_WORD_MAX + 8];
    bool made; /* of syllables alone */
    bool only; /* one of them is no pinyin */
} wade_word;

static bool wade_begins(const char *text, const char *part)
{
    return strncmp(text, part, strlen(part)) == 0;
}

/* What the romanizations write differently behind some initials. */
static const char *wade_pinyin_of(const wade_initial *initial, const wade_final *final)
{
    const char *first = initial->spelt;
    if (strcmp(final->spelt, "o") == 0) /* ko: ge; to: duo; po: bo */
        return *first == 'k' || *first == 'h' || *first == 0 ? "e" : strchr("pmfwy", *first) != NULL ? "o" : "uo";
    if (strcmp(final->spelt, "u") == 0 && (wade_begins(first, "tz") || wade_begins(first, "sz") ||
                                           wade_begins(first, "ss")))
        return "i";
    if (*first == 'y' && strcmp(final->spelt, "u") == 0)
        return "ou";
    if (*first == 'y' && strcmp(final->spelt, "en") == 0)
        return "an";
    return final->pinyin;
}

static bool wade_only(const wade_initial *initial, const wade_final *final)
{
    /* chiang, chien: in pinyin ch stands before i alone. */
    bool narrow = final->spelt[0] == 'i' && final->spelt[1] != 0;
    bool mild = initial->spelt[0] == 'j' && strchr("aeo", final->spelt[0]) != NULL;
    return initial->only || final->only || (wade_begins(initial->spelt, "ch") && narrow) || mild;
}

/* Could the word be made of syllables? Most words of other languages have a letter where no syllable has it, and are
 * told apart here, at the price of one walk. */
static bool wade_possible(const wade_word *word)
{
    for (size_t i = 0; i < word->length; i++) {
        char c = word->spelt[i], last = i > 0 ? word->spelt[i - 1] : (char)0, next = word->spelt[i + 1];
        bool vowel = next != 0 && strchr("aeiou:'", next) != NULL;
        if (strchr("bdqvx", c) != NULL || (c == 'c' && next != 'h') || (c == 'g' && last != 'n') ||
            (c == 'r' && last != 'e') || (c == 'z' && last != 't' && last != 's') ||
            (strchr("fjklmpwy", c) != NULL && !vowel))
            return false;
    }
    return word->length > 0;
}

/* Is there something in the word that pinyin does not write? Only then are syllables worth a try. */
static bool wade_marked(const wade_word *word)
{
    for (size_t i = 0; i < word->length; i++) {
        char c = word->spelt[i], next = word->spelt[i + 1], then = next != 0 ? word->spelt[i + 2] : (char)0;
        bool initial = (c == 'h' && next == 's') || (strchr("ts", c) != NULL && (next == 's' || next == 'z'));
        bool final = (c == 'i' && next == 'h') || (c == 'e' && next == 'h') || (c == 'u' && next == 'n' && then == 'g')
                     || (c == 'u' && next == 'e' && then == 'i') || (c == 'e' && next == 'r' && then == 'h')
                     || (c == 'i' && next == 'e' && then == 'n');
        bool narrow = c == 'h' && next == 'i' && then != 0 && i > 0 && word->spelt[i - 1] == 'c';
        bool mild = c == 'j' && next != 0 && strchr("aeo", next) != NULL;
        if (initial || final || narrow || mild || c == '\'' || c == ':')
            return true;
    }
    return false;
}

static bool wade_syllables(wade_word *word, size_t at)
{
    if (word->spelt[at] == 0)
        return at > 0;
    const char *text = word->spelt + at;
    for (size_t i = 0; i < sizeof(wade_initials) / sizeof(wade_initials[0]); i++) {
        const wade_initial *initial = &wade_initials[i];
        if (!wade_begins(text, initial->spelt))
            continue;
        const char *rest = text + strlen(initial->spelt);
        for (size_t k = 0; k + 1 < WADE_FINALS; k++) {
            const wade_final *final = &wade_finals[k];
            if (!wade_begins(rest, final->spelt))
                continue;
            size_t before = word->written;
            bool only = word->only;
            const char *start = final->spelt[0] == 'i' || final->spelt[0] == ':' ? initial->before_i : initial->pinyin;
            const char *end = wade_pinyin_of(initial, final);
            /* chih, shih: the i that is none. */
            if (strcmp(final->spelt, "ih") == 0)
                start = initial->pinyin;
            memcpy(word->pinyin + word->written, start, strlen(start));
            word->written += strlen(start);
            memcpy(word->pinyin + word->written, end, strlen(end));
            word->written += strlen(end);
            word->only = only || wade_only(initial, final);
            if (wade_syllables(word, at + strlen(initial->spelt) + strlen(final->spelt)))
                return true;
            word->written = before;
            word->only = only;
        }
    }
    return false;
}

/* Letters, apostrophes and the u with two dots of the next word; false when there are other letters in it. */
static bool wade_next(const uint32_t *codes, size_t count, size_t *at, wade_word *word)
{
    *word = (wade_word){.length = 0};
    while (*at < count && codes[*at] == ' ')
        ++*at;
    for (; *at < count && codes[*at] != ' '; ++*at) {
        uint32_t code = codes[*at];
        bool apostrophe = code == '\'' || code == '`' || code == 0x2018 || code == 0x2019 || code == 0x2BB
                          || code == 0x2BC;
        char c = apostrophe ? '\'' : code == 0xFC || code == 0xDC ? ':' : code < 0x80 ? (char)(code | 0x20) : (char)0;
        if ((!apostrophe && c != ':' && (c < 'a' || 'z' < c)) || word->length == WADE_WORD_MAX)
            return false;
        word->spelt[word->length++] = c;
    }
    return true;
}

bool scripts_wade_read(const uint32_t *codes, size_t count, scripts_text *out)
{
    wade_word words[WADE_WORDS_MAX];
    size_t words_count = 0;
    bool all = true, any = false, marked = false;
    for (size_t at = 0; at < count;) {
        if (words_count == WADE_WORDS_MAX || !wade_next(codes, count, &at, &words[words_count]))
            return false;
        wade_word *word = &words[words_count];
        if (word->length == 0)
            continue;
        word->made = wade_possible(word);
        marked = marked || (word->made && wade_marked(word));
        words_count++;
    }
    for (size_t i = 0; marked && i < words_count; i++) {
        words[i].made = words[i].made && wade_syllables(&words[i], 0);
        words[i].only = words[i].only && words[i].length > 2;
        all = all && words[i].made;
        any = any || (words[i].made && words[i].only);
    }
    for (size_t i = 0; any && i < words_count; i++) {
        words_info info;
        const wade_word *word = &words[i];
        bool known = words_find((tk_str){word->spelt, word->length}, &info) && (info.classes & WORDS_FAMILY) == 0;
        bool turned = all || (word->made && word->only && !known);
        scripts_text_add(out, " ", i > 0 ? 1 : 0);
        for (size_t k = 0; !turned && k < word->length; k++)
            scripts_text_add(out, word->spelt[k] == ':' ? "u" : &word->spelt[k], word->spelt[k] != '\'' ? 1 : 0);
        if (turned)
            scripts_text_add(out, word->pinyin, word->written);
    }
    return any && out->length > 0;
}
