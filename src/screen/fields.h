/* SPDX-License-Identifier: Apache-2.0 */
/* fields.h: what country, address, identifier and date of birth say about two parties whose names are alike.
 *
 * Each comparison has three answers, for most fields say nothing most of the time: an address without a street cannot
 * contradict one with a street. Only what two sides really state is held against each other.
 */
#ifndef TK_SCREEN_FIELDS_H
#define TK_SCREEN_FIELDS_H

#include "base/arena.h"
#include "lists/lists.h"

typedef enum screen_says { SCREEN_SILENT, SCREEN_SAME, SCREEN_DIFFERENT } screen_says;

/* Points of a field, in thousandths: what it adds when it is the same, what it takes away when it differs. A field
 * alone never makes a hit of names that are not alike, but for an identifier: the number of a passport or a register is
 * one party's. Chosen so that an exact name (1000) stays a hit whatever one other field says. */
enum {
    SCREEN_COUNTRY_SAME = 20,
    SCREEN_COUNTRY_DIFFERENT = -30,
    SCREEN_ADDRESS_SAME = 50,
    SCREEN_ADDRESS_DIFFERENT = -20,
    SCREEN_BIRTH_SAME = 50,
    SCREEN_BIRTH_DIFFERENT = -200,
    SCREEN_IDENTIFIER_SAME = 300, /* up to one */
    SCREEN_IDENTIFIER_LEAST = 950 /* the score of an equal identifier, whatever the names are */
};

/* Plain small letters of Latin, Greek and Cyrillic without marks; everything but letters and digits is one space. */
tk_str screen_fold(tk_arena *arena, tk_str text);

/* The code of a country given by code or by a name; "" when it is neither. `lists` NULL: any two letters are a code,
 * and nothing else is. */
tk_str screen_country_code(const tk_lists *lists, tk_arena *arena, tk_str text);
screen_says screen_country(const tk_lists *lists, tk_arena *arena, tk_str left, tk_str right);
/* Numbers decide; of words, most of the shorter side must be in the longer. Order does not count. */
screen_says screen_address(tk_arena *arena, tk_str left, tk_str right);
/* Letters and digits alone count; "IMO" and the code of a country before a number do not. */
screen_says screen_identifier(tk_str left, tk_str right);
/* Days, months or years, as precisely as both know them. */
screen_says screen_birth(tk_str left, tk_str right);

/* Hashes, two equal identifiers share one. None for a text too short to be one party's alone. */
enum { SCREEN_IDENTIFIER_KEYS = 2 };
size_t screen_identifier_keys(tk_str text, uint64_t keys[SCREEN_IDENTIFIER_KEYS]);

#endif
