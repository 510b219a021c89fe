/* SPDX-License-Identifier: Apache-2.0 */
/* make_scripts.c: turns names/letters.csv into C.
 *
 *     make_scripts OUTPUT LETTERS.csv
 *
 * A row gives one character, its plain letters (none for a sign that is not read) and its script. The rows may stand
 * in any order; a character that stands twice stops the build. Built and run by the build; part of no product.
 */
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "names/scripts_int.h"

enum { MAX_LETTERS = 8192 };

static scripts_letter letters[MAX_LETTERS];
static size_t letters_count;
static const char *const script_names[] = {"",         "latin",    "cyrillic", "greek", "arabic", "hebrew",
                                           "georgian", "armenian", "kana"};

static _Noreturn void die(const char *path, int line, const char *what)
{
    (void)fprintf(stderr, "%s:%d: %s\n", path, line, what);
    exit(1);
}

static size_t decode(const char *text, uint32_t *code)
{
    const unsigned char *p = (const unsigned char *)text;
    size_t length = p[0] < 0x80 ? 1 : p[0] < 0xE0 ? 2 : p[0] < 0xF0 ? 3 : 4;
    *code = length == 1 ? p[0] : p[0] & (0x7FU >> length);
    for (size_t i = 1; i < length; i++)
        *code = *code << 6 | (p[i] & 0x3FU);
    return length;
}

static char *next_field(char **rest)
{
    char *field = *rest, *comma = strchr(field, ',');
    if (comma != NULL)
        *comma++ = 0;
    *rest = comma != NULL ? comma : field + strlen(field);
    return field;
}

static const char *take(char *text)
{
    scripts_letter *letter = &letters[letters_count];
    char *character = next_field(&text), *plain = next_field(&text), *named = next_field(&text);
    if (letters_count == MAX_LETTERS)
        return "too many characters";
    if (character[decode(character, &letter->code)] != 0)
        return "the first field is not one character";
    static const char allowed[] = "abcdefghijklmnopqrstuvwxyz0123456789 ";
    if (strlen(plain) > SCRIPTS_LETTERS_MAX || strspn(plain, allowed) != strlen(plain))
        return "the second field is not plain letters";
    memcpy(letter->letters, plain, strlen(plain));
    for (size_t i = 1; i < sizeof(script_names) / sizeof(script_names[0]); i++)
        if (strcmp(named, script_names[i]) == 0)
            letter->script = (uint8_t)i;
    letters_count++;
    return letter->script == 0 ? "an unknown script" : NULL;
}

static int by_code(const void *a, const void *b)
{
    const scripts_letter *left = a, *right = b;
    return (left->code > right->code) - (left->code < right->code);
}

int main(int argc, char **argv)
{
    FILE *in = argc == 3 ? fopen(argv[2], "r") : NULL, *out = in != NULL ? fopen(argv[1], "w") : NULL;
    if (out == NULL) {
        (void)fprintf(stderr, "usage: make_scripts OUTPUT LETTERS.csv\n");
        return 2;
    }
    char text[256];
    for (int line = 1; fgets(text, sizeof(text), in) != NULL; line++) {
        text[strcspn(text, "\r\n")] = 0;
        const char *wrong = line == 1 ? NULL : take(text);
        if (wrong != NULL)
            die(argv[2], line, wrong);
    }
    qsort(letters, letters_count, sizeof(letters[0]), by_code);
    (void)fprintf(out, "/* Made by tools/make_scripts.c from names/letters.csv. */\n"
                       "#include \"names/scripts_int.h\"\n\nconst scripts_letter scripts_letters[] = {\n");
    for (size_t i = 0; i < letters_count; i++) {
        if (i > 0 && letters[i].code == letters[i - 1].code)
            die(argv[2], 1, "a character stands twice");
        (void)fprintf(out, "{%u,%u,\"%s\"},\n", letters[i].code, letters[i].script, letters[i].letters);
    }
    (void)fprintf(out, "};\nconst size_t scripts_letters_count = %zu;\n", letters_count);
    return fclose(out) == 0 && fclose(in) == 0 ? 0 : 1;
}
