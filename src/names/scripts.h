/* SPDX-License-Identifier: Apache-2.0 */
/* scripts.h: a text in any script, turned into readings in plain letters.
 *
 * A reading is made of words of lower-case ASCII letters and digits with single spaces between. One text may have
 * several: a Chinese name as pinyin, as Cantonese, and with its words translated; a word with digits for letters
 * (G00gle) with and without them; a name with its short form in brackets ("(АО «БПЗ»)") with and without it. The first
 * reading is always the one nearest to the text.
 *
 * Latin text, plain or with accents, is read from a small table of our own. Cyrillic, Greek, Arabic, Hebrew, Hangul,
 * Kana and Han have tables of their own too. ICU is opened, once per tk_names and only when a text needs it, for every
 * other script and for compatibility forms that the table lacks.
 */
#ifndef TK_NAMES_SCRIPTS_H
#define TK_NAMES_SCRIPTS_H

#include "base/arena.h"
#include "twokey/names.h"

typedef enum scripts_how {
    SCRIPTS_WRITTEN = 0, /* Latin letters, folded */
    SCRIPTS_ROMANIZED,   /* letter by letter, or character by character */
    SCRIPTS_TRANSLATED   /* words of a known meaning given in English, the rest romanized */
} scripts_how;

enum {
    SCRIPTS_UNVOWELLED = 1, /* the script leaves vowels out: compare by words_skeleton() */
    SCRIPTS_GUESSED = 2,    /* digits were taken for letters (g00gle), or letters of another script for look-alikes */
    SCRIPTS_UNSPACED = 4    /* the script has no spaces: word limits are ours, glued and split must be alike */
};

typedef struct scripts_reading {
    tk_str text; /* in the arena */
    scripts_how how;
    unsigned flags;
} scripts_reading;

enum { SCRIPTS_READINGS_MAX = 8 };

typedef struct scripts scripts;

TK_MUST_USE tk_status scripts_new(scripts **out, tk_err *err);
void scripts_free(scripts *reader);

/* Readings of `text`, all different, at most `max`; *count says how many. TK_ERR_INPUT when the text is not UTF-8 or
 * has no letter and no digit; TK_ERR_LIMIT above TK_NAME_BYTES_MAX; TK_ERR_MEMORY; TK_ERR_USAGE when the text needs ICU
 * and ICU cannot be opened. */
TK_MUST_USE tk_status scripts_read(scripts *reader, tk_str text, tk_name_kind kind, tk_arena *arena,
                                   scripts_reading *out, size_t max, size_t *count, tk_err *err);
/* Was ICU opened? For tests and for the doctor. */
bool scripts_icu_open(const scripts *reader);

#endif
