/* SPDX-License-Identifier: Apache-2.0 */
/* keys.c: under which keys a name is looked for.
 *
 * The scorer lets two names match only when one pair of their tokens is "sure", or when all their letters are the
 * same: a pair of tokens that tell a party from others, or of any tokens where neither name has such ones. Each way of
 * being sure has a key here that both sides give:
 *     the same letters, glued words, acronyms   letters of a token, of up to four neighbours joined, first letters
 *     one slip in a word of five letters         the letters with one of them left out, on both sides
 *     slips in a long word, a word cut short     its first letters
 *     the same sound                             the sound
 *     the same consonants                        the consonants, if they are many or one side has no vowels
 *     related words                              the canonical form, the concepts
 *     the same number                            the number
 *     all letters the same                       the squashed name
 * bench/screen_list.c looks for matches that share no key.
 */
#include <stdlib.h>

#include "names/compare.h"
#include "names/state.h"

/* Kinds of keys, so that a sound is never taken for a word. */
typedef enum key_space {
    SPACE_LETTERS = 1,
    SPACE_SOUND,
    SPACE_VOWELLED,   /* consonants of a name whose vowels are written */
    SPACE_UNVOWELLED, /* of one whose vowels are not */
    SPACE_BEGINNING,
    SPACE_CANONICAL,
    SPACE_CONCEPT,
    SPACE_NUMBER,
    SPACE_SQUASHED,
    SPACE_WHOLE
} key_space;

typedef struct key_list {
    tk_name_key *keys;
    size_t count, max;
} key_list;

static void key_add(key_list *to, key_space space, uint64_t value, unsigned weight)
{
    if (to->count == to->max)
        return;
    uint64_t hash = (value + (uint64_t)space * UINT64_C(0x9e3779b97f4a7c15)) * UINT64_C(0xff51afd7ed558ccd);
    hash ^= hash >> 32;
    to->keys[to->count++] = (tk_name_key){hash * UINT64_C(0xc4ceb9fe1a85ec53), (uint16_t)weight};
}

enum { DELETED_FROM = 4, DELETED_TO = GLUED_BYTES }; /* letters of a word that gives keys with one left out */

static void keys_deleted(key_list *to, const align_side *side, const name_token *token)
{
    if (token->length < DELETED_FROM || token->length > DELETED_TO || token->letters >> 26 != 0)
        return;
    char word[DELETED_TO], less[DELETED_TO];
    size_t at = (size_t)(token - side->tokens), length = align_joined(side, at, 1, word, sizeof word);
    for (size_t i = 0; i < length; i++) {
        if (i != 0 && word[i] == word[i - 1])
            continue; /* the same letters are left */
        size_t kept = 0;
        for (size_t k = 0; k < length; k++)
            if (k != i)
                less[kept++] = word[k];
        key_add(to, SPACE_LETTERS, align_hash((tk_str){less, kept}), token->weight * 6u);
    }
}

static void keys_sounds(key_list *to, const align_side *side, const name_token *token, tk_name_side as)
{
    if (token->sound_length >= 2)
        key_add(to, SPACE_SOUND, token->sound_hash, token->weight * 8u);
    if (token->skeleton_length < 2)
        return;
    bool unvowelled = (side->reading->flags & SCRIPTS_UNVOWELLED) != 0;
    key_space own = unvowelled ? SPACE_UNVOWELLED : SPACE_VOWELLED;
    if (as == TK_NAME_LISTED || unvowelled)
        key_add(to, own, token->skeleton_hash, token->weight * 5u);
    if (as == TK_NAME_TYPED && !unvowelled && token->skeleton_length >= SKELETON_SURE)
        key_add(to, own, token->skeleton_hash, token->weight * 5u);
    if (as == TK_NAME_TYPED)
        key_add(to, unvowelled ? SPACE_VOWELLED : SPACE_UNVOWELLED, token->skeleton_hash, token->weight * 5u);
}

static void keys_token(key_list *to, const align_side *side, const name_token *token, tk_name_side as)
{
    if (token->role == ROLE_NUMBER)
        key_add(to, SPACE_NUMBER, (uint32_t)token->number, token->weight * 5u);
    key_add(to, SPACE_LETTERS, token->hash, token->weight * 10u);
    if (token->canonical != 0)
        key_add(to, SPACE_CANONICAL, token->canonical, token->weight * 9u);
    for (size_t i = 0; i < token->concepts_count; i++)
        key_add(to, SPACE_CONCEPT, token->concepts[i], token->weight * 7u);
    keys_sounds(to, side, token, as);
    keys_deleted(to, side, token);
    if (token->length >= BEGINNING_WORD_MIN)
        key_add(to, SPACE_BEGINNING, align_hash((tk_str){side->text + token->text, BEGINNING_LETTERS}),
                token->weight * 4u);
}

static void keys_joined(key_list *to, const align_side *side)
{
    for (size_t i = 0; i < side->count; i++)
        for (size_t count = 1; count <= GLUED_MAX && i + count <= side->count; count++) {
            const name_token *token = &side->tokens[i + count - 1];
            if (token->role == ROLE_FORM || token->letters >> 26 != 0)
                break;
            char letters[GLUED_BYTES];
            size_t length = count > 1 ? align_joined(side, i, count, letters, sizeof letters) : 0;
            if (length != 0)
                key_add(to, SPACE_LETTERS, align_hash((tk_str){letters, length}), 900);
        }
}

static void keys_acronyms(key_list *to, const align_side *side)
{
    if (side->reading->person == 2)
        return;
    for (unsigned manner = 0; manner < ACRONYM_MANNERS; manner++) {
        align_acronym whole = align_acronym_of(side, manner);
        for (size_t length = ACRONYM_LETTERS_MIN; length <= whole.length; length++)
            if (whole.ends[length - 1] != 0)
                key_add(to, SPACE_LETTERS, align_hash((tk_str){whole.letters, length}), 500);
    }
}

static int key_order(const void *a, const void *b)
{
    const tk_name_key *x = a, *y = b;
    if (x->weight != y->weight)
        return x->weight > y->weight ? -1 : 1;
    return x->hash < y->hash ? -1 : x->hash > y->hash;
}

static int key_hash_order(const void *a, const void *b)
{
    const tk_name_key *x = a, *y = b;
    if (x->hash != y->hash)
        return x->hash < y->hash ? -1 : 1;
    return x->weight > y->weight ? -1 : x->weight < y->weight;
}

/* Each key once, the heaviest of its weights, most telling first. */
static void keys_order(key_list *list)
{
    qsort(list->keys, list->count, sizeof(tk_name_key), key_hash_order);
    size_t kept = 0;
    for (size_t i = 0; i < list->count; i++)
        if (kept == 0 || list->keys[kept - 1].hash != list->keys[i].hash)
            list->keys[kept++] = list->keys[i];
    list->count = kept;
    qsort(list->keys, list->count, sizeof(tk_name_key), key_order);
}

size_t tk_names_keys(tk_names *names, const tk_name *name, tk_name_side side, tk_name_key *keys, size_t keys_max)
{
    (void)names;
    key_list list = {keys, 0, keys_max};
    for (size_t r = 0; r < name->readings_count; r++) {
        align_side of = align_side_of(name, r);
        key_add(&list, SPACE_SQUASHED, of.reading->squashed_hash, 1000);
        key_add(&list, SPACE_WHOLE, of.reading->letters_hash, 1000);
        /* A typed name may have a slip in a common word, which then looks like one that tells: it gives all. */
        bool named = side == TK_NAME_LISTED && align_named(&of);
        for (size_t i = 0; i < of.count; i++)
            if (of.tokens[i].role == ROLE_NAME || (!named && of.tokens[i].role != ROLE_FORM))
                keys_token(&list, &of, &of.tokens[i], side);
        keys_joined(&list, &of);
        keys_acronyms(&list, &of);
    }
    keys_order(&list);
    return list.count;
}
