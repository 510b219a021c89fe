/* SPDX-License-Identifier: Apache-2.0 */
/* tokens.c: a reading cut into tokens. What a word is in a name depends on what it can be (names/words.h) and on
 * where it stands: "as" is a legal form behind a name and a particle inside one, "xi" is a family name before it is an
 * eleven. Weights come from the role and from the frozen tables alone, never from a list, so that a score means the
 * same whatever list it was got from.
 */
#include "names/tokens.h"

#include <string.h>

#include "base/err.h"
#include "base/limits.h"
#include "base/str.h"
#include "names/align.h"
#include "names/words.h"

typedef struct cut {
    tk_str *words;
    size_t words_count, at; /* the word being looked at */
    tk_name_kind kind;
    bool comma, syllables, unvowelled;
    tokens *out;
    words_info *infos; /* of each token */
    tk_str base;       /* the whole text */
} cut;

enum { CUT_WORD_LETTERS = 6 }; /* of a word that consonants alone can make no other one of */

static tk_status cut_words(tk_arena *arena, cut *c, tk_err *err)
{
    size_t count = 0;
    for (size_t i = 0; i < c->base.len; i++)
        count += c->base.ptr[i] != ' ' && (i == 0 || c->base.ptr[i - 1] == ' ');
    if (count > TK_NAME_TOKENS_MAX)
        return tk_err_set(err, TK_ERR_LIMIT, "a name of %zu words; at most %d are compared", count,
                          (int)TK_NAME_TOKENS_MAX);
    c->words = TK_ARENA_ARRAY(arena, tk_str, count + 1);
    c->infos = TK_ARENA_ARRAY(arena, words_info, count + 1);
    c->out->tokens = TK_ARENA_ARRAY(arena, name_token, count + 1);
    c->out->sounds = TK_ARENA_ARRAY(arena, char, count *NAME_SOUND_MAX + 1);
    if (arena->failed)
        return tk_err_set(err, TK_ERR_MEMORY, "out of memory for a name");
    tk_str rest = c->base, word;
    while (tk_str_split(&rest, ' ', &word))
        if (word.len != 0)
            c->words[c->words_count++] = word;
    return TK_OK;
}

static bool cut_has_digit(tk_str word)
{
    for (size_t i = 0; i < word.len; i++)
        if ('0' <= word.ptr[i] && word.ptr[i] <= '9')
            return true;
    return false;
}

/* Legal forms of one or two letters are words or initials anywhere but at the ends of a name. */
static bool cut_form_stands(const cut *c, size_t at, size_t taken)
{
    size_t letters = 0;
    for (size_t i = 0; i < taken; i++)
        letters += c->words[at + i].len;
    if (letters <= 3 && (c->syllables || c->kind == TK_NAME_PERSON))
        return false;
    if (letters >= 3)
        return taken < c->words_count;
    if (at != 0 && at + taken == c->words_count)
        return true;
    return at == 0 && taken == 1 && letters == 2 && c->words_count > 1 && c->kind != TK_NAME_PERSON && !c->comma;
}

static size_t cut_phrase(const cut *c, words_info *info)
{
    *info = (words_info){.number = -1};
    size_t left = c->words_count - c->at;
    if (left > WORDS_PHRASE_MAX)
        left = WORDS_PHRASE_MAX;
    for (; left != 0; left--) {
        words_info found = {.number = -1};
        size_t taken = words_find_phrase(c->words + c->at, left, &found);
        if (taken == 0)
            break;
        if ((found.classes & WORDS_FORM) == 0 || cut_form_stands(c, c->at, taken)) {
            *info = found;
            return taken;
        }
        if (taken == 1) { /* what else the word is, it may be */
            *info = found;
            info->classes &= ~(uint32_t)WORDS_FORM;
            return 1;
        }
        left = taken;
    }
    return 1;
}

static void cut_letters(name_token *token, tk_str text)
{
    uint32_t hash = 2166136261u, letters = 0;
    for (size_t i = 0; i < text.len; i++) {
        unsigned char c = (unsigned char)text.ptr[i];
        if (c == ' ')
            continue;
        hash = (hash ^ c) * 16777619u;
        letters |= 'a' <= c && c <= 'z' ? 1u << (c - 'a') : 1u << 26;
    }
    token->hash = hash ^ hash >> 15;
    token->letters = letters;
}

static void cut_sounds(tokens *out, name_token *token, tk_str text)
{
    char plain[128], sound[WORDS_SOUND_BYTES];
    size_t length = 0;
    for (size_t i = 0; i < text.len && length < sizeof plain; i++)
        if (text.ptr[i] != ' ')
            plain[length++] = text.ptr[i];
    tk_str word = {plain, length};
    size_t heard = words_skeleton(word, sound);
    token->skeleton_length = (uint8_t)heard;
    token->skeleton_hash = align_hash((tk_str){sound, heard});
    heard = words_sound(word, sound);
    token->sound_hash = align_hash((tk_str){sound, heard});
    if (heard > NAME_SOUND_MAX)
        heard = NAME_SOUND_MAX;
    token->sound = (uint16_t)out->sounds_length;
    token->sound_length = (uint8_t)heard;
    memcpy(out->sounds + out->sounds_length, sound, heard);
    out->sounds_length += heard;
}

static void cut_concepts(name_token *token, const words_info *info)
{
    size_t count = info->members_count < NAME_CONCEPTS_MAX ? info->members_count : NAME_CONCEPTS_MAX;
    for (size_t i = 0; i < count; i++) {
        token->concepts[i] = info->members[i].concept;
        token->concepts_how[i] = (uint8_t)info->members[i].how;
    }
    token->concepts_count = (uint8_t)count;
}

/* A phrase that is known only for what it is related to: its words say what it is. */
static uint32_t cut_phrase_classes(const cut *c, size_t taken)
{
    uint32_t classes = 0;
    for (size_t i = 0; i < taken; i++) {
        words_info word;
        if (!words_find(c->words[c->at + i], &word) || (word.classes & (WORDS_GENERIC | WORDS_NEGLIGIBLE)) == 0)
            return 0;
        classes |= word.classes & WORDS_GENERIC;
    }
    return classes;
}

static void cut_token(cut *c, size_t taken, const words_info *info)
{
    tokens *out = c->out;
    tk_str first = c->words[c->at], last = c->words[c->at + taken - 1];
    tk_str text = {first.ptr, (size_t)(last.ptr + last.len - first.ptr)};
    if (text.len > UINT8_MAX)
        text.len = UINT8_MAX; /* no word is that long; what follows is not compared */
    name_token *token = &out->tokens[out->count];
    token->text = (uint16_t)(first.ptr - c->base.ptr);
    token->length = (uint8_t)text.len;
    token->words = (uint8_t)taken;
    token->canonical = info->canonical;
    token->form = (uint16_t)info->form;
    bool phrase = taken > 1 && info->classes == 0;
    token->classes = (uint16_t)(phrase ? cut_phrase_classes(c, taken) : info->classes);
    token->given = info->given;
    token->family = info->family;
    token->generic = info->generic;
    token->number = -1;
    int32_t number = 0;
    if (words_number(text, &number)) {
        token->number = number;
        token->classes |= WORDS_NUMBER;
    }
    cut_letters(token, text);
    cut_concepts(token, info);
    cut_sounds(out, token, text);
    c->infos[out->count++] = *info;
}

/* A word of trades that happens to be a rare name, or the other way round: the commoner counts. */
static bool token_named(const name_token *token)
{
    unsigned name = token->given > token->family ? token->given : token->family;
    bool named = (token->classes & (WORDS_GIVEN | WORDS_FAMILY)) != 0;
    return named && ((token->classes & WORDS_GENERIC) == 0 || name > token->generic);
}

static bool token_is(const name_token *token, unsigned classes)
{
    return (token->classes & classes) != 0;
}

/* 0, 1 or 2 as name_reading.person: a legal form, a word of trades or digits speak against a person. */
static unsigned cut_person(const cut *c)
{
    if (c->kind == TK_NAME_PERSON)
        return 2;
    if (c->kind != TK_NAME_UNKNOWN)
        return 0;
    size_t against = 0, names = 0;
    for (size_t i = 0; i < c->out->count; i++) {
        const name_token *token = &c->out->tokens[i];
        bool named = token_named(token) || token_is(token, WORDS_TITLE | WORDS_PARTICLE);
        names += token_is(token, WORDS_GIVEN | WORDS_FAMILY);
        named = named || (c->unvowelled && token->length < CUT_WORD_LETTERS);
        against += token_is(token, WORDS_FORM) || (token_is(token, WORDS_GENERIC) && !named)
                   || cut_has_digit((tk_str){c->base.ptr + token->text, token->length});
    }
    if (against != 0)
        return names > 1 && c->comma ? 1 : 0;
    return c->comma && c->out->count <= 8 ? 2 : 1;
}

static bool cut_roman_letters(tk_str text)
{
    return text.len != 0 && strspn(text.ptr, "ivxlcdm") >= text.len;
}

static bool cut_number_stands(const cut *c, size_t at, tk_str text)
{
    const name_token *token = &c->out->tokens[at];
    if (!token_is(token, WORDS_NUMBER) || token->number < 0)
        return false;
    if (cut_has_digit(text))
        return true;
    if (!cut_roman_letters(text))
        return c->out->person == 0 || c->out->count > 1;
    if (at == 0)
        return false;
    if (tk_str_is(text, "ii") || tk_str_is(text, "iii") || tk_str_is(text, "iv") || tk_str_is(text, "vii")
        || tk_str_is(text, "viii") || tk_str_is(text, "ix"))
        return true;
    return c->out->person == 0 && at + 1 == c->out->count;
}

static bool cut_patronymic_ending(tk_str text)
{
    static const char *const endings[] = {"ovich", "evich",  "ovna",   "evna", "ovych", "evych", "ivna",
                                          "avich", "ovitch", "evitch", "avna", "ilich", "mich",  "ichna"};
    if (text.len < 7)
        return false;
    for (size_t i = 0; i < sizeof endings / sizeof endings[0]; i++)
        if (tk_str_ends(text, tk_str_from(endings[i])))
            return true;
    return false;
}

/* "Argo I": the first of a row, where a person's name would not end. */
static bool cut_first_stands(const cut *c, size_t at, tk_str text)
{
    return tk_str_is(text, "i") && at != 0 && at + 1 == c->out->count && !c->comma && c->out->person != 2;
}

/* "al", "bin", and phrases that end in such a word ("abd al"), before another word. */
static bool cut_leads(const cut *c, size_t at)
{
    const name_token *token = &c->out->tokens[at];
    if (at + 1 >= c->out->count)
        return false;
    if (token_is(token, WORDS_PARTICLE) || token->words == 1)
        return token_is(token, WORDS_PARTICLE);
    size_t last = token->length;
    while (last != 0 && c->base.ptr[token->text + last - 1] != ' ')
        last--;
    words_info info;
    return words_find((tk_str){c->base.ptr + token->text + last, token->length - last}, &info)
           && (info.classes & WORDS_PARTICLE) != 0 && (info.classes & (WORDS_PLACE | WORDS_GENERIC)) == 0;
}

/* "No. 14", "Number 14": says that a number comes. */
static bool cut_announces(const cut *c, size_t at, tk_str text)
{
    if (at + 1 >= c->out->count || !token_is(&c->out->tokens[at + 1], WORDS_NUMBER))
        return false;
    return tk_str_is(text, "no") || tk_str_is(text, "nr") || tk_str_is(text, "number");
}

static name_role cut_role(const cut *c, size_t at)
{
    const name_token *token = &c->out->tokens[at];
    tk_str text = {c->base.ptr + token->text, token->length};
    unsigned person = c->out->person;
    bool named = token_named(token) || (c->unvowelled && token->length < CUT_WORD_LETTERS);
    if (token_is(token, WORDS_FORM))
        return ROLE_FORM;
    if (cut_number_stands(c, at, text))
        return ROLE_NUMBER;
    if (cut_announces(c, at, text))
        return ROLE_NEGLIGIBLE;
    if (cut_first_stands(c, at, text)) {
        c->out->tokens[at].number = 1;
        return ROLE_NUMBER;
    }
    if (person != 0 && token_is(token, WORDS_SUFFIX) && at != 0 && at + 1 == c->out->count)
        return ROLE_SUFFIX;
    if (c->syllables && person != 0)
        return ROLE_NAME;
    if (cut_leads(c, at))
        return ROLE_PARTICLE;
    if (person != 0 && token_is(token, WORDS_TITLE) && !(named && c->out->count < 3) && c->out->count > 1)
        return ROLE_TITLE;
    if (text.len == 1 && person != 0)
        return ROLE_INITIAL;
    if (token_is(token, WORDS_NEGLIGIBLE) && (!named || person == 0))
        return ROLE_NEGLIGIBLE;
    if (person != 2 && token_is(token, WORDS_PLACE) && !(named && person == 1))
        return ROLE_PLACE;
    if (person != 2 && token_is(token, WORDS_GENERIC) && !(named && person == 1))
        return ROLE_GENERIC;
    return text.len == 1 ? ROLE_INITIAL : ROLE_NAME;
}

/* A father's name is one only beside two other names. */
static void cut_patronymics(const cut *c)
{
    size_t names = 0;
    for (size_t i = 0; i < c->out->count; i++)
        names += c->out->tokens[i].role == ROLE_NAME;
    for (size_t i = 0; i < c->out->count && c->out->person != 0 && names >= 3; i++) {
        name_token *token = &c->out->tokens[i];
        if (token->role == ROLE_NAME && cut_patronymic_ending((tk_str){c->base.ptr + token->text, token->length})) {
            token->role = ROLE_PATRONYMIC;
            names--;
        }
    }
}

static uint8_t cut_weight(const name_token *token)
{
    switch ((name_role)token->role) {
    case ROLE_NAME: {
        unsigned weight = token->length <= 2 ? 70 : token->length == 3 ? 85 : 100;
        unsigned common = token->given > token->family ? token->given : token->family;
        return (uint8_t)(common <= 40 ? weight : weight - (common - 40) * weight * 3 / 400);
    }
    case ROLE_PATRONYMIC:
        return 50;
    case ROLE_NUMBER:
        return 60;
    case ROLE_PLACE:
        return 40;
    case ROLE_GENERIC:
        return (uint8_t)(36 - token->generic * 24 / 100);
    case ROLE_INITIAL:
        return 25;
    case ROLE_SUFFIX:
        return 15;
    case ROLE_TITLE:
    case ROLE_PARTICLE:
        return 4;
    case ROLE_NEGLIGIBLE:
        return 2;
    case ROLE_FORM:
    case ROLE_COUNT:
        break;
    }
    return 0;
}

/* Short legal forms before others at the end: "Oy Ltd". */
static void cut_forms_behind(const cut *c)
{
    size_t at = c->out->count;
    while (at > 1
           && (c->out->tokens[at - 1].role == ROLE_FORM || (c->out->tokens[at - 1].form != 0 && at < c->out->count)))
        c->out->tokens[--at].role = ROLE_FORM;
}

/* A name of nothing but a legal form is that word. */
static void cut_nothing_else(const cut *c)
{
    for (size_t i = 0; i < c->out->count; i++)
        if (c->out->tokens[i].role != ROLE_FORM && c->out->tokens[i].role != ROLE_NEGLIGIBLE)
            return;
    for (size_t i = 0; i < c->out->count; i++)
        c->out->tokens[i].role = ROLE_NAME;
}

tk_status tokens_cut(tk_arena *arena, tk_str text, tokens_from from, tokens *out, tk_err *err)
{
    *out = (tokens){0};
    cut c = {.kind = from.kind,
             .comma = from.comma,
             .syllables = from.syllables,
             .unvowelled = from.unvowelled,
             .out = out,
             .base = text};
    tk_status status = cut_words(arena, &c, err);
    if (status != TK_OK)
        return status;
    while (c.at < c.words_count) {
        words_info info;
        size_t taken = cut_phrase(&c, &info);
        cut_token(&c, taken, &info);
        c.at += taken;
    }
    out->person = cut_person(&c);
    for (size_t i = 0; i < out->count; i++)
        out->tokens[i].role = (uint8_t)cut_role(&c, i);
    cut_forms_behind(&c);
    cut_nothing_else(&c);
    cut_patronymics(&c);
    for (size_t i = 0; i < out->count; i++)
        out->tokens[i].weight = cut_weight(&out->tokens[i]);
    return TK_OK;
}
