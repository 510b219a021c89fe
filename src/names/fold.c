/* SPDX-License-Identifier: Apache-2.0 */
/* fold.c: plain letters made into words: what a dot, a slash and a digit inside a word mean. */
#include <string.h>

#include "names/scripts_int.h"
#include "names/words.h"

enum { FOLD_PIECES_MAX = 12 };

static bool fold_is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static bool fold_is_letter(char c)
{
    return c >= 'a' && c <= 'z';
}

/* A chunk without blanks, cut at its dots and slashes. */
typedef struct fold_chunk {
    tk_str pieces[FOLD_PIECES_MAX];
    size_t count, letters; /* letters: pieces of one letter */
    bool short_pieces;     /* none longer than three letters */
} fold_chunk;

/* False when it has too many pieces to mean anything but a list. */
static bool fold_cut(tk_str chunk, fold_chunk *out)
{
    *out = (fold_chunk){.short_pieces = true};
    for (size_t i = 0; i <= chunk.len;) {
        size_t end = i;
        while (end < chunk.len && chunk.ptr[end] != '.' && chunk.ptr[end] != '/')
            end++;
        if (end > i) {
            if (out->count == FOLD_PIECES_MAX)
                return false;
            out->pieces[out->count++] = (tk_str){chunk.ptr + i, end - i};
            out->letters += end - i == 1 && fold_is_letter(chunk.ptr[i]) ? 1 : 0;
            out->short_pieces = out->short_pieces && end - i <= 3;
        }
        i = end + 1;
    }
    return true;
}

static size_t fold_join(const fold_chunk *chunk, char *out)
{
    size_t length = 0;
    for (size_t i = 0; i < chunk->count; i++) {
        memcpy(out + length, chunk->pieces[i].ptr, chunk->pieces[i].len);
        length += chunk->pieces[i].len;
    }
    return length;
}

/* "ph.d", "sp.z", "g.m.b.h": the pieces together are a word that the tables know. */
static bool fold_known(const fold_chunk *chunk, bool split_initials, char *out, size_t *length)
{
    words_info info;
    bool initials = split_initials && chunk->letters == chunk->count;
    if (chunk->count < 2 || !chunk->short_pieces || initials)
        return false;
    *length = fold_join(chunk, out);
    return words_find((tk_str){out, *length}, &info) && (info.classes & (WORDS_FORM | WORDS_SUFFIX)) != 0;
}

/* A run of single letters is one word: "u.s.a"; of a person, they are initials. */
static size_t fold_spell(const fold_chunk *chunk, bool split_initials, char *out)
{
    size_t length = 0;
    for (size_t i = 0; i < chunk->count; i++) {
        bool glue = i > 0 && !split_initials && chunk->pieces[i].len == 1 && chunk->pieces[i - 1].len == 1 &&
                    fold_is_letter(*chunk->pieces[i].ptr) && fold_is_letter(*chunk->pieces[i - 1].ptr);
        if (i > 0 && !glue)
            out[length++] = ' ';
        memcpy(out + length, chunk->pieces[i].ptr, chunk->pieces[i].len);
        length += chunk->pieces[i].len;
    }
    return length;
}

/* Dots and slashes as blanks; for chunks that mean nothing else. */
static size_t fold_blank(tk_str chunk, char *out)
{
    size_t length = 0;
    for (size_t i = 0; i < chunk.len; i++) {
        bool mark = chunk.ptr[i] == '.' || chunk.ptr[i] == '/';
        if (!mark)
            out[length++] = chunk.ptr[i];
        else if (length > 0 && out[length - 1] != ' ')
            out[length++] = ' ';
    }
    return length > 0 && out[length - 1] == ' ' ? length - 1 : length;
}

size_t scripts_fold_dots(char *text, size_t length, bool split_initials)
{
    size_t written = 0;
    for (size_t i = 0; i < length;) {
        while (i < length && text[i] == ' ')
            i++;
        size_t end = i;
        while (end < length && text[end] != ' ')
            end++;
        if (end == i)
            break;
        /* What a chunk becomes is never longer than the chunk, so it may be written where it was read, by a detour
         * only when pieces move. */
        char word[256];
        size_t wrote = 0;
        tk_str chunk = {text + i, end - i};
        fold_chunk cut;
        bool marked = memchr(chunk.ptr, '.', chunk.len) != NULL || memchr(chunk.ptr, '/', chunk.len) != NULL;
        if (marked && chunk.len < sizeof(word) && fold_cut(chunk, &cut)) {
            if (!fold_known(&cut, split_initials, word, &wrote))
                wrote = fold_spell(&cut, split_initials, word);
            memcpy(text + i, word, wrote);
        } else if (marked) {
            wrote = fold_blank(chunk, text + i);
        } else {
            wrote = chunk.len;
        }
        if (wrote > 0) {
            if (written > 0)
                text[written++] = ' ';
            memmove(text + written, text + i, wrote);
            written += wrote;
        }
        i = end;
    }
    return written;
}

static char fold_digit_letter(char digit)
{
    static const char letters[] = "oizeasgtbg";
    return digit == '1' ? 'i' : letters[digit - '0'];
}

/* "g00gle", "micr0soft", "5amsung": at least three letters, more letters than digits, and no digit at the end (a
 * model, a number: "boeing747", "14th"). */
static bool fold_digits_of_word(char *word, size_t length)
{
    size_t digits = 0, letters = 0;
    for (size_t i = 0; i < length; i++) {
        digits += fold_is_digit(word[i]) ? 1 : 0;
        letters += fold_is_letter(word[i]) ? 1 : 0;
    }
    int32_t number;
    if (digits == 0 || letters < 3 || letters <= digits || fold_is_digit(word[length - 1]) ||
        words_number((tk_str){word, length}, &number))
        return false;
    for (size_t i = 0; i < length; i++)
        if (fold_is_digit(word[i]))
            word[i] = fold_digit_letter(word[i]);
    return true;
}

bool scripts_fold_digits(char *text, size_t length)
{
    bool changed = false;
    for (size_t i = 0; i < length;) {
        size_t end = i;
        while (end < length && text[end] != ' ')
            end++;
        changed = (end > i && fold_digits_of_word(text + i, end - i)) || changed;
        i = end + 1;
    }
    return changed;
}
