/* SPDX-License-Identifier: Apache-2.0 */
/* words.h: what is known about single words of names: frozen tables, compiled in, looked up by hash.
 *
 * The tables are the files of names/, each row with its source (names/sources.csv says what a source is). They are
 * turned into C by tools/make_words.c during the build. A word is looked up as it stands in a reading: lower-case
 * ASCII letters and digits. A phrase is several such words with single spaces between.
 *
 * A word may be several things at once: "young" is a family name and a word; "co" is a legal form and an abbreviation.
 * What it is in a name, its place in the name decides, and that is the scorer's business.
 */
#ifndef TK_NAMES_WORDS_H
#define TK_NAMES_WORDS_H

#include "twokey/names.h"

typedef enum words_class {
    WORDS_FORM = 1u << 0,       /* legal form of a company: ltd, gmbh, "limited liability company" */
    WORDS_GENERIC = 1u << 1,    /* says what many companies do or are: trading, technology, group */
    WORDS_PLACE = 1u << 2,      /* country, province, city */
    WORDS_GIVEN = 1u << 3,      /* given name */
    WORDS_FAMILY = 1u << 4,     /* family name */
    WORDS_TITLE = 1u << 5,      /* mr, dr, general, haji */
    WORDS_PARTICLE = 1u << 6,   /* al, bin, von, de: belongs to the word after it */
    WORDS_NUMBER = 1u << 7,     /* two, second, ii: `number` says which */
    WORDS_NEGLIGIBLE = 1u << 8, /* the, and, of, la, und */
    WORDS_SUFFIX = 1u << 9      /* jr, sr, iii after a person's name */
} words_class;

/* Words are related when they belong to one concept, each in its own way; the looser way counts. */
typedef enum words_relation {
    WORDS_UNRELATED = 0,
    WORDS_SAME,         /* written otherwise, nothing more: organisation, organization; peking, beijing */
    WORDS_ABBREVIATION, /* intl, international */
    WORDS_ROMANIZATION, /* wong, wang; qadhafi, gaddafi */
    WORDS_NICKNAME,     /* bill, william; also the same given name in two languages: juan, john */
    WORDS_TRANSLATION,  /* zavod, plant */
    WORDS_PART          /* a place in a place: shenzhen, china; two cities of one country are not related */
} words_relation;

enum {
    WORDS_CONCEPTS_MAX = 32, /* concepts one word may belong to */
    WORDS_PHRASE_MAX = 8     /* words of the longest phrase */
};

/* A word belongs to a concept: "intl" to that of "international", as its abbreviation. */
typedef struct words_member {
    uint16_t concept;
    uint16_t how; /* words_relation to the word that names the concept; WORDS_SAME for that word itself */
} words_member;

typedef struct words_info {
    uint32_t classes;       /* words_class, or 0 when the word is unknown */
    uint32_t form;          /* class of the legal form: equal when forms are alike (ooo, llc, gmbh); 0: none */
    uint32_t canonical;     /* equal for words that are WORDS_SAME; 0: the word stands for itself alone */
    int32_t number;         /* WORDS_NUMBER: its value; else -1 */
    uint8_t generic;        /* 0 to 100: how common among words of companies */
    uint8_t given, family;  /* 0 to 100: how common as such a name */
    bool starts_phrase;     /* some phrase of several words begins with it */
    uint8_t members_count;
    const words_member *members; /* sorted by concept; nicknames have the largest numbers */
} words_info;

/* Frozen data: no start, no memory, any thread. `word` may be a phrase. False when nothing is known of it. */
bool words_find(tk_str word, words_info *out);

/* The longest phrase that `count` words begin with; the number of words taken, 0 when there is none. A single word
 * counts as a phrase of one. `tokens[0..]` are single words. */
size_t words_find_phrase(const tk_str *tokens, size_t count, words_info *out);

/* How two words are related, the closest relation first. Neither is looked up again. */
words_relation words_relate(const words_info *a, const words_info *b);

/* The value of a number: digits ("14"), digits with an ending ("14th"), words ("fourteenth"), Roman numerals in capital
 * or small letters from 2 up ("xiv"). False for anything else and for values above 999999999. */
bool words_number(tk_str word, int32_t *out);

/* What a Latin word sounds like, whatever romanization it was written in: mohammed, muhamad and mahomet are alike, so
 * are yuri, iurii and youri. Language-neutral and coarse: evidence, not equality. Writes at most
 * WORDS_SOUND_BYTES - 1 bytes and a 0 to out; returns the length. A word without letters gives its digits. */
enum { WORDS_SOUND_BYTES = 48 };
size_t words_sound(tk_str word, char out[WORDS_SOUND_BYTES]);
/* The consonants of the sound alone, for readings without vowels (Arabic, Hebrew, Persian). */
size_t words_skeleton(tk_str word, char out[WORDS_SOUND_BYTES]);

#endif
