/* SPDX-License-Identifier: Apache-2.0 */
/* block.h: a prepared name as it lies in memory and in files: a head, readings, tokens, text. No pointers; every offset
 * counts from the head. Everything that can be known of one name alone is worked out when it is prepared, so that
 * comparing two only compares numbers, and letters where numbers differ by little.
 */
#ifndef TK_NAMES_BLOCK_H
#define TK_NAMES_BLOCK_H

#include "names/names_int.h"
#include "names/scripts.h"
#include "names/words.h"

enum {
    NAME_MAGIC = 0x314d4e54, /* "TNM1": another layout gets another one */
    NAME_CONCEPTS_MAX = 8,   /* concepts of one token that are kept, the smallest numbers */
    NAME_SOUND_MAX = 24,     /* letters of a sound that are kept */
    NAME_BLOCK_BYTES_MAX = 1 << 20
};

/* Beside the flags of scripts.h: what a reading is made of. */
enum {
    NAME_SYLLABLES = 64, /* written in a script of syllables (Han, Hangul, Kana): a syllable more is another name */
    NAME_MONOSYLLABLES = 128, /* Latin words of one syllable each, as romanized names of that kind are */
};

/* What a token is in its name: decided once, by its classes and its place. */
typedef enum name_role {
    ROLE_NAME = 0,   /* tells this party from others */
    ROLE_PATRONYMIC, /* father's name */
    ROLE_INITIAL,    /* one letter for a word */
    ROLE_NUMBER,
    ROLE_PLACE,
    ROLE_GENERIC,
    ROLE_TITLE,
    ROLE_SUFFIX,
    ROLE_PARTICLE,
    ROLE_NEGLIGIBLE,
    ROLE_FORM,
    ROLE_COUNT
} name_role;

typedef struct name_token {
    uint32_t hash;      /* of its letters */
    uint32_t canonical; /* of words written otherwise; 0: stands for itself */
    uint32_t letters;   /* bit 0 to 25: has this letter; bit 26: has a digit */
    uint32_t sound_hash, skeleton_hash;
    int32_t number;   /* -1: none */
    uint16_t form;    /* class of the legal form */
    uint16_t classes; /* words_class */
    uint16_t text;    /* where its letters begin in the text of the reading */
    uint16_t sound;   /* where its sound begins in the sounds of the reading */
    uint16_t concepts[NAME_CONCEPTS_MAX];
    uint8_t concepts_how[NAME_CONCEPTS_MAX];
    uint8_t concepts_count;
    uint8_t length, sound_length, skeleton_length;
    uint8_t role; /* name_role */
    uint8_t weight;
    uint8_t given, family;
    uint8_t words; /* 1, or more for a phrase */
    uint8_t generic;
    uint8_t spare[2];
} name_token;

typedef struct name_reading {
    uint32_t tokens;        /* offset of the first token */
    uint32_t text;          /* offset of the letters, a space between words */
    uint32_t sounds;        /* offset of the sounds, nothing between */
    uint32_t squashed;      /* offset of the letters of all tokens but legal forms, without spaces */
    uint64_t squashed_hash; /* of these, numbers as digits */
    uint32_t forms_hash;    /* classes of the legal forms, whatever their order; 0: none */
    uint32_t letters_hash;  /* of the whole text without spaces */
    uint16_t tokens_count, text_length, sounds_length, squashed_length;
    uint16_t weight; /* of all tokens */
    uint8_t how;     /* scripts_how */
    uint8_t flags;   /* SCRIPTS_… */
    uint8_t person;  /* 0: surely not one, 1: may be, 2: surely */
    uint8_t spare[11];
} name_reading;

struct tk_name {
    uint32_t magic;
    uint32_t size_bytes;
    uint64_t written_hash; /* of the name as written, folded by script only; says which names are the same text */
    uint16_t kind;
    uint16_t readings_count;
    uint32_t readings; /* offset */
};

static inline const void *name_at(const tk_name *name, uint32_t offset)
{
    return (const char *)name + offset;
}

static inline const name_reading *name_readings(const tk_name *name)
{
    return name_at(name, name->readings);
}

static inline const name_token *name_tokens(const tk_name *name, const name_reading *reading)
{
    return name_at(name, reading->tokens);
}

static inline tk_str name_text(const tk_name *name, const name_reading *reading, const name_token *token)
{
    return (tk_str){(const char *)name_at(name, reading->text) + token->text, token->length};
}

static inline tk_str name_sound(const tk_name *name, const name_reading *reading, const name_token *token)
{
    return (tk_str){(const char *)name_at(name, reading->sounds) + token->sound, token->sound_length};
}

#endif
