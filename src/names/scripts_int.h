/* SPDX-License-Identifier: Apache-2.0 */
/* scripts_int.h: what the files behind scripts.h share. */
#ifndef TK_NAMES_SCRIPTS_INT_H
#define TK_NAMES_SCRIPTS_INT_H

#include "names/scripts.h"

/* In the order of names/letters.csv's scripts; tools/make_scripts.c writes these numbers. */
typedef enum script {
    SCRIPT_NONE = 0, /* a space, punctuation, a symbol */
    SCRIPT_LATIN,
    SCRIPT_CYRILLIC,
    SCRIPT_GREEK,
    SCRIPT_ARABIC,
    SCRIPT_HEBREW,
    SCRIPT_GEORGIAN,
    SCRIPT_ARMENIAN,
    SCRIPT_KANA,
    SCRIPT_HAN,
    SCRIPT_HANGUL,
    SCRIPT_OTHER, /* read by ICU */
    SCRIPT_COUNT
} script;

enum { SCRIPTS_LETTERS_MAX = 6 };

typedef struct scripts_letter {
    uint32_t code;
    uint8_t script;
    char letters[SCRIPTS_LETTERS_MAX + 1];
} scripts_letter;

extern const scripts_letter scripts_letters[]; /* sorted by code */
extern const size_t scripts_letters_count;

/* A character that stands for up to four others. */
enum { SCRIPTS_COMPATIBLE_MAX = 4 };
typedef struct scripts_compatible {
    uint16_t code, to[SCRIPTS_COMPATIBLE_MAX];
} scripts_compatible;
extern const scripts_compatible scripts_compatibles[]; /* sorted by code */
extern const size_t scripts_compatibles_count;

/* Family names of one Hangul syllable, as they are usually written, and by the older romanization. */
typedef struct scripts_korean_family {
    uint16_t code;
    char usual[SCRIPTS_LETTERS_MAX + 1], older[SCRIPTS_LETTERS_MAX + 1];
} scripts_korean_family;
extern const scripts_korean_family scripts_korean_families[]; /* sorted by code */
extern const size_t scripts_korean_families_count;

/* Growing text of one reading, in the arena. After a failed allocation it stays as it is and `failed` is set. */
typedef struct scripts_text {
    tk_arena *arena;
    char *bytes;
    size_t length, room;
} scripts_text;
void scripts_text_add(scripts_text *text, const char *bytes, size_t length);

/* Chinese characters: readings by character, an index of scripts_syllables, 0 for none. */
typedef enum scripts_han_kind {
    SCRIPTS_MANDARIN,
    SCRIPTS_CANTONESE,
    SCRIPTS_JAPANESE,
    SCRIPTS_FAMILY, /* Mandarin, as a family name; only characters that are family names have one */
    SCRIPTS_HAN_KINDS
} scripts_han_kind;
enum {
    SCRIPTS_HAN_FIRST = 0x3400,
    SCRIPTS_HAN_COUNT = 0xA000 - SCRIPTS_HAN_FIRST,
    SCRIPTS_SYLLABLE_MAX = 8,
    SCRIPTS_PHRASE_MAX = 20
};
extern const char scripts_syllables[][SCRIPTS_SYLLABLE_MAX + 1];
extern const uint16_t scripts_han[SCRIPTS_HAN_KINDS][SCRIPTS_HAN_COUNT];
extern const uint16_t scripts_simplified[SCRIPTS_HAN_COUNT]; /* 0: the character is its own simplified form */

static inline bool scripts_han_covers(uint32_t code)
{
    return (0x3400 <= code && code <= 0x4DBF) || (0x4E00 <= code && code <= 0x9FFF);
}

/* Words of known meaning, in simplified characters where they are Chinese. */
typedef enum scripts_phrase_kind {
    SCRIPTS_WORD,
    SCRIPTS_FORM,
    SCRIPTS_PLACE,
    SCRIPTS_END,      /* a word only behind another one or a number: 厂, 局 */
    SCRIPTS_SURNAME,  /* a family name of two characters */
    SCRIPTS_VOWELLED, /* a word of a script that leaves vowels out, with its vowels; spoken: as Persian has it */
    SCRIPTS_JOINS,    /* the same, of a name that others are written in one word with */
    SCRIPTS_NAME,     /* the same, of names all over the world; never a part of a word */
} scripts_phrase_kind;
typedef struct scripts_phrase {
    uint32_t hash;
    uint32_t text; /* offset in scripts_phrase_text */
    uint8_t length;
    uint8_t kind;
    uint32_t english, spoken; /* offsets in scripts_phrase_letters; spoken "": by its characters */
} scripts_phrase;
extern const uint16_t scripts_phrase_text[];
extern const char scripts_phrase_letters[];
extern const scripts_phrase scripts_phrases[];
extern const uint32_t scripts_phrase_mask;
extern const uint16_t scripts_phrase_slots[];

#define SCRIPTS_PHRASE_SEED 2166136261u
static inline uint32_t scripts_phrase_hash(uint32_t hash, uint16_t code)
{
    hash = (hash ^ code) * 16777619u;
    return hash ^ hash >> 13;
}
static inline const char *scripts_phrase_english(const scripts_phrase *phrase)
{
    return scripts_phrase_letters + phrase->english;
}
static inline const char *scripts_phrase_spoken(const scripts_phrase *phrase)
{
    return scripts_phrase_letters + phrase->spoken;
}
/* The longest phrase that the codes begin with, at most `count` of them; NULL when there is none. */
const scripts_phrase *scripts_phrase_find(const uint32_t *codes, size_t count);
/* The phrase that the codes are. */
const scripts_phrase *scripts_phrase_exact(const uint32_t *codes, size_t count);

/* One run of Han, Kana and Hangul characters in plain letters. */
typedef struct scripts_cjk {
    scripts_han_kind read; /* how Chinese characters are read */
    bool english;          /* words of known meaning in English */
    bool person;           /* a family name, then a given name */
    bool foreign;          /* a person's name too long for that, by sound: no words of known meaning */
    bool mccune;           /* Hangul by the older romanization */
    bool meant;            /* out: a word of known meaning was found */
    bool unknown;          /* out: a character has no reading */
} scripts_cjk;
void scripts_cjk_read(scripts_cjk *how, const uint32_t *codes, size_t count, scripts_text *out);
/* Could the run be a person's name? Short, and begins with a family name. */
bool scripts_cjk_is_person(const uint32_t *codes, size_t count);

/* Letters of Arabic and Persian that spelling varies with, as one; shared with the tool. */
static inline uint32_t scripts_abjad_fold(uint32_t code)
{
    switch (code) {
    case 0x622: /* alef with madda, hamza above, hamza below, wasla */
    case 0x623:
    case 0x625:
    case 0x671:
        return 0x627;
    case 0x643: /* kaf */
        return 0x6A9;
    case 0x64A: /* yeh, alef maksura, yeh with hamza */
    case 0x649:
    case 0x626:
        return 0x6CC;
    case 0x624:
        return 0x648;
    case 0x629: /* teh marbuta, heh goal, heh doachashmee, heh with yeh */
    case 0x6C1:
    case 0x6BE:
    case 0x6C0:
        return 0x647;
    default:
        return code;
    }
}

/* One word of Arabic or Hebrew letters. False when its vowels are not known: its consonants were written. */
bool scripts_abjad_read(const uint32_t *codes, size_t count, bool persian, scripts_text *out);
/* A letter that Persian writes and Arabic does not. */
bool scripts_abjad_is_persian(uint32_t code);

/* NULL when the table lacks the character. */
const scripts_letter *scripts_letter_find(uint32_t code);

/* Dots, slashes and blanks of a text of plain letters made into words: "s.a." is "sa", "co.ltd" is "co ltd".
 * `split_initials`: "j.r." is "j r". Writes over `text`, returns the new length. */
size_t scripts_fold_dots(char *text, size_t length, bool split_initials);
/* Digits that stand for letters inside words ("g00gle") replaced in place. False when there were none. */
bool scripts_fold_digits(char *text, size_t length);

/* A Latin text in Wade-Giles as pinyin. False when it is not: nothing was written. */
bool scripts_wade_read(const uint32_t *codes, size_t count, scripts_text *out);

/* A run of characters of a script without a table of ours, as plain letters. */
typedef struct scripts_icu scripts_icu;
TK_MUST_USE tk_status scripts_icu_new(scripts_icu **out, tk_err *err);
void scripts_icu_free(scripts_icu *icu);
TK_MUST_USE tk_status scripts_icu_letters(scripts_icu *icu, const uint32_t *codes, size_t count, scripts_text *out,
                                          tk_err *err);

#endif
