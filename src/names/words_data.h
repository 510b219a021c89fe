/* SPDX-License-Identifier: Apache-2.0 */
/* words_data.h: the shape of the tables that tools/make_words.c writes. */
#ifndef TK_NAMES_WORDS_DATA_H
#define TK_NAMES_WORDS_DATA_H

#include "names/words.h"

typedef struct words_entry {
    uint32_t hash;
    uint32_t text; /* offset in words_text */
    uint32_t canonical;
    int32_t number;
    uint32_t members; /* offset in words_members */
    uint16_t classes;
    uint8_t length;
    uint8_t form, generic, given, family;
    uint8_t members_count;
    uint8_t starts_phrase;
} words_entry;

extern const char words_text[];
extern const words_entry words_entries[];
extern const words_member words_members[];
extern const uint32_t words_slots[];   /* an entry's number + 1, or 0; open addressing */
extern const uint32_t words_slots_mask; /* slots - 1, a power of two */

/* Shared with the tool, so that both hash alike. */
static inline uint32_t words_hash(const char *text, size_t length)
{
    uint32_t hash = 2166136261u;
    for (size_t i = 0; i < length; i++)
        hash = (hash ^ (unsigned char)text[i]) * 16777619u;
    return hash ^ hash >> 15;
}

#endif
