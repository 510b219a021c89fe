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

/* NULL when the table lacks the character. */
const scripts_letter *scripts_letter_find(uint32_t code);

/* Growing text of one reading, in the arena. After a failed allocation it stays as it is and `failed` is set. */
typedef struct scripts_text {
    tk_arena *arena;
    char *bytes;
    size_t length, room;
} scripts_text;
void scripts_text_add(scripts_text *text, const char *bytes, size_t length);

/* Dots, slashes and blanks of a text of plain letters made into words: "s.a." is "sa", "co.ltd" is "co ltd".
 * `split_initials`: "j.r." is "j r". Writes over `text`, returns the new length. */
size_t scripts_fold_dots(char *text, size_t length, bool split_initials);
/* Digits that stand for letters inside words ("g00gle") replaced in place. False when there were none. */
bool scripts_fold_digits(char *text, size_t length);

/* A run of characters of a script without a table of ours, as plain letters. */
typedef struct scripts_icu scripts_icu;
TK_MUST_USE tk_status scripts_icu_new(scripts_icu **out, tk_err *err);
void scripts_icu_free(scripts_icu *icu);
TK_MUST_USE tk_status scripts_icu_letters(scripts_icu *icu, const uint32_t *codes, size_t count, scripts_text *out,
                                          tk_err *err);

#endif
