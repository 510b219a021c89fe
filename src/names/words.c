/* SPDX-License-Identifier: Apache-2.0 */
/* words.c: looking words up in the frozen tables, and telling how two of them are related. */
#include "names/words.h"

#include <string.h>

#include "names/words_data.h"

static void info_from(const words_entry *entry, words_info *out)
{
    *out = (words_info){.classes = entry->classes,
                        .form = entry->form,
                        .canonical = entry->canonical,
                        .number = entry->number,
                        .generic = entry->generic,
                        .given = entry->given,
                        .family = entry->family,
                        .starts_phrase = entry->starts_phrase != 0,
                        .members_count = entry->members_count,
                        .members = words_members + entry->members};
}

bool words_find(tk_str word, words_info *out)
{
    uint32_t hash = words_hash(word.ptr, word.len);
    for (uint32_t at = hash & words_slots_mask; words_slots[at] != 0; at = (at + 1) & words_slots_mask) {
        const words_entry *entry = &words_entries[words_slots[at] - 1];
        if (entry->hash == hash && entry->length == word.len &&
            memcmp(words_text + entry->text, word.ptr, word.len) == 0) {
            info_from(entry, out);
            return true;
        }
    }
    *out = (words_info){.number = -1};
    return false;
}

size_t words_find_phrase(const tk_str *tokens, size_t count, words_info *out)
{
    if (count == 0)
        return 0;
    bool found = words_find(tokens[0], out);
    if (!found || !out->starts_phrase)
        return found ? 1 : 0;
    char phrase[256];
    size_t length = 0, taken = 1;
    for (size_t i = 0; i < count && i < WORDS_PHRASE_MAX; i++) {
        if (length + 1 + tokens[i].len > sizeof(phrase) - 1)
            break;
        if (i > 0)
            phrase[length++] = ' ';
        memcpy(phrase + length, tokens[i].ptr, tokens[i].len);
        length += tokens[i].len;
        words_info longer;
        if (i > 0 && words_find((tk_str){phrase, length}, &longer)) {
            *out = longer;
            taken = i + 1;
        }
    }
    return taken > 1 || out->classes != 0 || out->members_count > 0 ? taken : 0;
}

words_relation words_relate(const words_info *a, const words_info *b)
{
    words_relation best = WORDS_UNRELATED;
    for (size_t i = 0, k = 0; i < a->members_count && k < b->members_count;) {
        uint16_t left = a->members[i].concept, right = b->members[k].concept;
        if (left == right) {
            uint16_t looser = a->members[i].how > b->members[k].how ? a->members[i].how : b->members[k].how;
            bool siblings = a->members[i].how == WORDS_PART && b->members[k].how == WORDS_PART;
            if (!siblings && (best == WORDS_UNRELATED || looser < (uint16_t)best))
                best = (words_relation)looser;
        }
        i += left <= right ? 1 : 0;
        k += right <= left ? 1 : 0;
    }
    return best;
}

/* "fourteenth" and "ii" stand in the tables; here are digits, and digits with an ending. */
bool words_number(tk_str word, int32_t *out)
{
    int32_t value = 0;
    size_t i = 0;
    for (; i < word.len && word.ptr[i] >= '0' && word.ptr[i] <= '9'; i++) {
        if (i == 9)
            return false;
        value = value * 10 + (word.ptr[i] - '0');
    }
    tk_str ending = {word.ptr + i, word.len - i};
    bool plain = ending.len == 0 || (ending.len == 2 && memchr("snrt", ending.ptr[0], 4) != NULL &&
                                     memchr("tdh", ending.ptr[1], 3) != NULL);
    if (i > 0 && plain) {
        *out = value;
        return true;
    }
    words_info info;
    if (i > 0 || !words_find(word, &info) || (info.classes & WORDS_NUMBER) == 0)
        return false;
    *out = info.number;
    return true;
}
