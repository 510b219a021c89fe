/* SPDX-License-Identifier: Apache-2.0 */
/* prepare.c: a name as it was written, made into a block that can be compared, and a block from a file, looked at
 * before it is believed.
 *
 * Two passes over the readings: cut each into tokens (in the arena), then lay everything into one block. The same name
 * and kind give the same bytes.
 */
#include <stdlib.h>
#include <string.h>

#include "base/err.h"
#include "base/limits.h"
#include "base/str.h"
#include "names/block.h"
#include "names/state.h"
#include "names/tokens.h"

tk_status tk_names_new(tk_names **out, tk_err *err)
{
    *out = calloc(1, sizeof(**out));
    if (*out == NULL)
        return tk_err_set(err, TK_ERR_MEMORY, "out of memory for comparing names");
    tk_status status = scripts_new(&(*out)->scripts, err);
    if (status != TK_OK) {
        free(*out);
        *out = NULL;
    }
    return status;
}

void tk_names_free(tk_names *names)
{
    if (names == NULL)
        return;
    scripts_free(names->scripts);
    free(names);
}

tk_str tk_alignment_name(tk_alignment alignment)
{
    static const tk_str texts[TK_ALIGN_COUNT] = {
#define X(NAME, text) TK_STR(text),
        TK_ALIGNMENTS(X)
#undef X
    };
    return texts[alignment];
}

/* Han, Hangul or Kana: their characters begin with these bytes. */
static bool is_syllabic(tk_str text)
{
    for (size_t i = 0; i < text.len; i++)
        if (0xE3 <= (unsigned char)text.ptr[i] && (unsigned char)text.ptr[i] <= 0xED)
            return true;
    return false;
}

/* --- laying out ---------------------------------------------------------------------------------------------- */

typedef struct layout {
    tk_name *name;
    size_t used, room;
} layout;

static size_t layout_round(size_t bytes)
{
    return (bytes + 7) & ~(size_t)7;
}

static uint32_t layout_put(layout *out, const void *bytes, size_t length)
{
    uint32_t offset = (uint32_t)out->used;
    if (length != 0)
        memcpy((char *)out->name + offset, bytes, length);
    out->used += length;
    return offset;
}

static uint64_t hash_step(uint64_t hash, const char *bytes, size_t length)
{
    for (size_t i = 0; i < length; i++)
        hash = (hash ^ (unsigned char)bytes[i]) * UINT64_C(1099511628211);
    return hash;
}

static const uint64_t hash_start = UINT64_C(14695981039346656037);

/* Letters of all tokens but legal forms, numbers as digits. Returns the length. */
static size_t squash(const scripts_reading *read, const tokens *cut, char *out)
{
    size_t length = 0;
    for (size_t i = 0; i < cut->count; i++) {
        const name_token *token = &cut->tokens[i];
        if (token->role == ROLE_FORM)
            continue;
        if (token->role == ROLE_NUMBER) {
            char digits[12];
            size_t count = 0;
            for (int32_t left = token->number; count == 0 || left != 0; left /= 10)
                digits[count++] = (char)('0' + left % 10);
            while (count != 0)
                out[length++] = digits[--count];
            continue;
        }
        for (size_t at = 0; at < token->length; at++)
            if (read->text.ptr[token->text + at] != ' ')
                out[length++] = read->text.ptr[token->text + at];
    }
    return length;
}

static uint32_t forms_hash(const tokens *cut)
{
    uint32_t hash = 0;
    for (size_t i = 0; i < cut->count; i++)
        if (cut->tokens[i].role == ROLE_FORM)
            hash += (cut->tokens[i].form != 0 ? cut->tokens[i].form : cut->tokens[i].hash) * 2654435761u;
    return hash;
}

static uint32_t letters_hash(tk_str text)
{
    uint64_t hash = hash_start;
    for (size_t i = 0; i < text.len; i++)
        if (text.ptr[i] != ' ')
            hash = hash_step(hash, text.ptr + i, 1);
    return (uint32_t)(hash ^ hash >> 32);
}

static bool is_vowel(char c)
{
    return c == 'a' || c == 'e' || c == 'i' || c == 'o' || c == 'u' || c == 'y';
}

static unsigned syllables(const char *text, size_t length)
{
    unsigned count = 0;
    for (size_t i = 0; i < length; i++)
        count += is_vowel(text[i]) && (i == 0 || !is_vowel(text[i - 1]));
    return count;
}

enum { SYLLABLE_LETTERS_MAX = 6 };

static bool is_monosyllables(const scripts_reading *read, const tokens *cut)
{
    size_t count = 0;
    for (size_t i = 0; i < cut->count; i++) {
        const name_token *token = &cut->tokens[i];
        if (token->role != ROLE_NAME)
            continue;
        if (token->length > SYLLABLE_LETTERS_MAX || syllables(read->text.ptr + token->text, token->length) > 1)
            return false;
        count++;
    }
    return count >= 2;
}

static void layout_reading(layout *out, name_reading *reading, const scripts_reading *read, const tokens *cut,
                           char *scratch)
{
    *reading = (name_reading){
        .tokens_count = (uint16_t)cut->count,
        .text_length = (uint16_t)read->text.len,
        .sounds_length = (uint16_t)cut->sounds_length,
        .how = (uint8_t)read->how,
        .flags = (uint8_t)read->flags,
        .person = (uint8_t)cut->person,
        .forms_hash = forms_hash(cut),
        .letters_hash = letters_hash(read->text),
    };
    unsigned weight = 0;
    for (size_t i = 0; i < cut->count; i++)
        weight += cut->tokens[i].weight;
    reading->weight = (uint16_t)weight;
    reading->tokens = layout_put(out, cut->tokens, cut->count * sizeof(name_token));
    reading->text = layout_put(out, read->text.ptr, read->text.len);
    reading->sounds = layout_put(out, cut->sounds, cut->sounds_length);
    size_t length = squash(read, cut, scratch);
    reading->squashed_length = (uint16_t)length;
    reading->squashed_hash = hash_step(hash_start, scratch, length);
    reading->squashed = layout_put(out, scratch, length);
    out->used = layout_round(out->used);
}

/* The name as it stands but for ASCII case, blanks and punctuation. */
static uint64_t written_hash(tk_str text)
{
    uint64_t hash = hash_start;
    for (size_t i = 0; i < text.len; i++) {
        char c = text.ptr[i];
        if ('A' <= c && c <= 'Z')
            c = (char)(c + ('a' - 'A'));
        if ((unsigned char)c >= 0x80 || ('a' <= c && c <= 'z') || ('0' <= c && c <= '9'))
            hash = hash_step(hash, &c, 1);
    }
    return hash;
}

/* Digits of a squashed number may be longer than the word was ("ii" is 2, "million" is 1000000). */
enum { SQUASHED_NUMBER_BYTES = 12 };

static tk_status lay_out(tk_arena *arena, tk_str text, tk_name_kind kind, const scripts_reading *read,
                         const tokens *cut, size_t count, const tk_name **out, tk_err *err)
{
    size_t room = layout_round(sizeof(tk_name)) + layout_round(count * sizeof(name_reading)), longest = 0;
    for (size_t i = 0; i < count; i++) {
        size_t squashed = read[i].text.len + cut[i].count * SQUASHED_NUMBER_BYTES;
        longest = squashed > longest ? squashed : longest;
        room += layout_round(cut[i].count * sizeof(name_token) + read[i].text.len + cut[i].sounds_length + squashed);
    }
    char *scratch = tk_arena_get(arena, longest + 1);
    layout to = {.name = tk_arena_get(arena, room), .room = room};
    if (arena->failed)
        return tk_err_set(err, TK_ERR_MEMORY, "out of memory for a name");
    to.used = layout_round(sizeof(tk_name));
    *to.name = (tk_name){
        .magic = NAME_MAGIC,
        .kind = (uint16_t)kind,
        .readings_count = (uint16_t)count,
        .readings = (uint32_t)to.used,
        .written_hash = written_hash(text),
    };
    name_reading *readings = (name_reading *)(void *)((char *)to.name + to.used);
    to.used += layout_round(count * sizeof(name_reading));
    for (size_t i = 0; i < count; i++) {
        layout_reading(&to, &readings[i], &read[i], &cut[i], scratch);
        readings[i].flags |= is_syllabic(text)                     ? NAME_SYLLABLES
                             : is_monosyllables(&read[i], &cut[i]) ? NAME_MONOSYLLABLES
                                                                   : 0;
    }
    to.name->size_bytes = (uint32_t)to.used;
    *out = to.name;
    return TK_OK;
}

/* Names of persons mean something too, but nobody calls them by it. */
static size_t without_translations(scripts_reading *read, size_t count)
{
    size_t kept = 0;
    for (size_t i = 0; i < count; i++)
        if (read[i].how != SCRIPTS_TRANSLATED)
            read[kept++] = read[i];
    return kept != 0 ? kept : count;
}

tk_status tk_names_prepare(tk_names *names, tk_arena *arena, tk_str text, tk_name_kind kind, const tk_name **out,
                           tk_err *err)
{
    *out = NULL;
    if (text.len > TK_NAME_BYTES_MAX)
        return tk_err_set(err, TK_ERR_LIMIT, "a name of %zu bytes; at most %d are compared", text.len,
                          (int)TK_NAME_BYTES_MAX);
    scripts_reading read[SCRIPTS_READINGS_MAX];
    tokens cut[SCRIPTS_READINGS_MAX];
    size_t count = 0;
    tk_status status = scripts_read(names->scripts, text, kind, arena, read, SCRIPTS_READINGS_MAX, &count, err);
    if (status != TK_OK)
        return status;
    bool comma = text.len != 0 && memchr(text.ptr, ',', text.len) != NULL;
    count = kind == TK_NAME_PERSON ? without_translations(read, count) : count;
    for (size_t i = 0; i < count; i++) {
        tokens_from from = {
            .kind = kind,
            .comma = comma,
            .unvowelled = (read[i].flags & SCRIPTS_UNVOWELLED) != 0 && read[i].how == SCRIPTS_ROMANIZED,
            .syllables = is_syllabic(text) && read[i].how == SCRIPTS_ROMANIZED,
        };
        status = tokens_cut(arena, read[i].text, from, &cut[i], err);
        if (status != TK_OK)
            return status;
    }
    return lay_out(arena, text, kind, read, cut, count, out, err);
}

size_t tk_name_size_bytes(const tk_name *name)
{
    return name->size_bytes;
}

/* --- blocks from a file -------------------------------------------------------------------------------------- */

static bool inside(uint64_t offset, uint64_t length, uint64_t size_bytes)
{
    return offset <= size_bytes && length <= size_bytes - offset;
}

static bool valid_token(const name_reading *reading, const name_token *token)
{
    return token->role < ROLE_COUNT && token->words != 0 && token->words <= token->length
           && token->concepts_count <= NAME_CONCEPTS_MAX && token->length != 0
           && inside(token->text, token->length, reading->text_length) && token->sound_length <= NAME_SOUND_MAX
           && inside(token->sound, token->sound_length, reading->sounds_length) && token->weight <= 100;
}

static bool valid_reading(const tk_name *name, const name_reading *reading)
{
    uint64_t size_bytes = name->size_bytes;
    if (reading->tokens % 8 != 0 || reading->tokens_count == 0 || reading->tokens_count > TK_NAME_TOKENS_MAX
        || !inside(reading->tokens, reading->tokens_count * sizeof(name_token), size_bytes)
        || !inside(reading->text, reading->text_length, size_bytes)
        || !inside(reading->sounds, reading->sounds_length, size_bytes)
        || !inside(reading->squashed, reading->squashed_length, size_bytes))
        return false;
    const name_token *token = name_tokens(name, reading);
    unsigned weight = 0;
    for (size_t i = 0; i < reading->tokens_count; i++) {
        if (!valid_token(reading, &token[i]) || (i != 0 && token[i].text <= token[i - 1].text))
            return false;
        weight += token[i].weight;
    }
    return weight == reading->weight && reading->person <= 2;
}

bool tk_name_valid(const void *block, size_t size_bytes)
{
    const tk_name *name = block;
    if ((uintptr_t)block % 8 != 0 || size_bytes < sizeof(*name) || name->magic != NAME_MAGIC
        || name->size_bytes > size_bytes || name->size_bytes < sizeof(*name) || name->size_bytes % 8 != 0
        || name->readings_count == 0 || name->readings_count > SCRIPTS_READINGS_MAX || name->readings % 8 != 0
        || !inside(name->readings, name->readings_count * sizeof(name_reading), name->size_bytes))
        return false;
    for (size_t i = 0; i < name->readings_count; i++)
        if (!valid_reading(name, &name_readings(name)[i]))
            return false;
    return true;
}
