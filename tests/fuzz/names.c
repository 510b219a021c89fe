/* SPDX-License-Identifier: Apache-2.0 */
/* names.c: readings of any bytes, and what the word tables make of their words. The first byte chooses the kind of the
 * name. What must hold whatever the rest is:
 *
 *   - a text is refused with a message, or has readings of plain letters, digits and single spaces, all different
 *   - a reading is its own first reading
 *   - the same text gives the same readings again
 *   - sounds and skeletons are plain, end within their bytes, and follow from the word alone
 *   - words are related both ways alike, and no phrase is longer than the words it is looked for in
 */
#include "base/limits.h"
#include "base/text.h"
#include "fuzz.h"
#include "names/scripts.h"
#include "names/words.h"

enum { WORDS_MAX = 64 };

static void check_plain(tk_str text)
{
    FUZZ_CHECK(text.len > 0 && text.ptr[0] != ' ' && text.ptr[text.len - 1] != ' ');
    for (size_t i = 0; i < text.len; i++) {
        char c = text.ptr[i];
        bool word = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
        FUZZ_CHECK(word || (c == ' ' && text.ptr[i - 1] != ' '));
    }
}

static void check_sounds(tk_str word)
{
    char sound[WORDS_SOUND_BYTES], again[WORDS_SOUND_BYTES];
    size_t length = words_sound(word, sound);
    FUZZ_CHECK(length < sizeof(sound) && strlen(sound) == length && length > 0);
    FUZZ_CHECK(words_sound(word, again) == length && memcmp(sound, again, length) == 0);
    length = words_skeleton(word, sound);
    FUZZ_CHECK(length < sizeof(sound) && strlen(sound) == length);
    int32_t number;
    FUZZ_CHECK(!words_number(word, &number) || number >= 0);
}

static void check_words(tk_str text)
{
    tk_str words[WORDS_MAX], rest = text;
    size_t count = 0;
    while (count < WORDS_MAX && tk_str_split(&rest, ' ', &words[count]))
        count++;
    words_info before = {0};
    for (size_t i = 0; i < count; i++) {
        words_info info, phrase;
        check_sounds(words[i]);
        bool known = words_find(words[i], &info);
        FUZZ_CHECK(known || (info.classes == 0 && info.members_count == 0 && info.number == -1));
        size_t taken = words_find_phrase(words + i, count - i, &phrase);
        FUZZ_CHECK(taken <= count - i && taken <= WORDS_PHRASE_MAX);
        FUZZ_CHECK(words_relate(&info, &before) == words_relate(&before, &info));
        before = info;
    }
}

static size_t read_text(scripts *reader, tk_str text, tk_name_kind kind, tk_arena *arena, scripts_reading *out)
{
    size_t count = 0;
    tk_err err = {0};
    tk_status status = scripts_read(reader, text, kind, arena, out, SCRIPTS_READINGS_MAX, &count, &err);
    FUZZ_CHECK(status == TK_OK || status == TK_ERR_INPUT || status == TK_ERR_LIMIT);
    FUZZ_CHECK((status == TK_OK) == (count > 0) && (status == TK_OK) == (err.message[0] == 0));
    FUZZ_CHECK(count <= SCRIPTS_READINGS_MAX);
    return count;
}

static void check_readings(scripts *reader, const scripts_reading *readings, size_t count, tk_arena *arena)
{
    for (size_t i = 0; i < count; i++) {
        check_plain(readings[i].text);
        check_words(readings[i].text);
        for (size_t k = 0; k < i; k++)
            FUZZ_CHECK(!tk_str_eq(readings[i].text, readings[k].text));
        scripts_reading own[SCRIPTS_READINGS_MAX];
        if (readings[i].text.len <= TK_NAME_BYTES_MAX) {
            FUZZ_CHECK(read_text(reader, readings[i].text, TK_NAME_COMPANY, arena, own) > 0);
            FUZZ_CHECK(tk_str_eq(own[0].text, readings[i].text));
        }
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static scripts *reader;
    tk_err err = {0};
    if (reader == NULL)
        FUZZ_CHECK(scripts_new(&reader, &err) == TK_OK);
    if (size == 0)
        return 0;
    size_t len;
    char *text = fuzz_unpack(data + 1, size - 1, &len);
    tk_arena arena;
    tk_arena_init(&arena, 4096, 0);
    scripts_reading first[SCRIPTS_READINGS_MAX], again[SCRIPTS_READINGS_MAX];
    tk_name_kind kind = (tk_name_kind)(data[0] % 4);
    size_t count = read_text(reader, (tk_str){text, len}, kind, &arena, first);
    FUZZ_CHECK(read_text(reader, (tk_str){text, len}, kind, &arena, again) == count);
    for (size_t i = 0; i < count; i++)
        FUZZ_CHECK(tk_str_eq(first[i].text, again[i].text) && first[i].flags == again[i].flags);
    check_readings(reader, first, count, &arena);
    tk_arena_fini(&arena);
    free(text);
    return 0;
}
