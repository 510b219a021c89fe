/* SPDX-License-Identifier: Apache-2.0 */
/* make_scripts.c: turns the tables of scripts in names/ into C.
 *
 *     make_scripts OUTPUT FOLDER
 *
 * letters.csv, letters-unicode.csv   character,letters,script,source: the plain letters of one character (none: it is
 *               not read)
 * compatibility.csv   character,characters,source: a character that stands for others
 * korean-families.csv   character,usual,older,source: family names of one syllable
 * phrases.csv, then phrases-cldr.csv and phrases-arabic.csv   text,english,spoken,kind,source: words of scripts
 *               without spaces, and words with their vowels; of rows about one word the first holds
 * han.csv, then han-own.csv   kind,reading,characters,source: what a row of the later file says holds
 *
 * Every source has to stand in sources.csv. What does not fit stops the build with file and line. Built and run by the
 * build; part of no product.
 */
#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "names/scripts_int.h"

enum {
    MAX_LETTERS = 8192,
    MAX_SYLLABLES = 2048,
    MAX_PHRASES = 32768,
    MAX_COMPATIBLE = 4096,
    MAX_FAMILIES = 256,
    MAX_SOURCES = 64,
    MAX_LINE = 16384
};

typedef struct phrase {
    uint16_t text[SCRIPTS_PHRASE_MAX];
    size_t length;
    uint32_t hash;
    char *english, *spoken;
    scripts_phrase_kind kind;
} phrase;

static scripts_letter letters[MAX_LETTERS];
static scripts_compatible compatible[MAX_COMPATIBLE];
static scripts_korean_family families[MAX_FAMILIES];
static char syllables[MAX_SYLLABLES][SCRIPTS_SYLLABLE_MAX + 1];
static uint16_t han[SCRIPTS_HAN_KINDS][SCRIPTS_HAN_COUNT], simplified[SCRIPTS_HAN_COUNT];
static phrase phrases[MAX_PHRASES];
static char sources[MAX_SOURCES][32];
static size_t letters_count, syllables_count = 1, phrases_count, sources_count, compatible_count;
static size_t families_count;
static char path[4096];
static int line;

static _Noreturn void die(const char *format, ...) TK_PRINTF(1, 2);
static _Noreturn void die(const char *format, ...)
{
    va_list args;
    va_start(args, format);
    (void)fprintf(stderr, "%s:%d: ", path, line);
    (void)vfprintf(stderr, format, args);
    (void)fprintf(stderr, "\n");
    va_end(args);
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

static void check_plain(const char *text, size_t max)
{
    static const char allowed[] = "abcdefghijklmnopqrstuvwxyz0123456789 ";
    if (strlen(text) > max || strspn(text, allowed) != strlen(text))
        die("'%s' is not plain letters, or too many", text);
}

static int index_of(const char *word, const char *const *words, int count)
{
    for (int i = 0; i < count; i++)
        if (strcmp(word, words[i]) == 0)
            return i;
    die("'%s' is not known here", word);
}

static void take_source(char *fields[])
{
    if (sources_count == MAX_SOURCES || strlen(fields[0]) >= sizeof(sources[0]))
        die("too many sources, or a name too long");
    memcpy(sources[sources_count++], fields[0], strlen(fields[0]) + 1);
}

static void take_letter(char *fields[])
{
    static const char *const known[] = {"latin",    "cyrillic", "greek", "arabic", "hebrew",
                                        "georgian", "armenian", "kana"};
    scripts_letter *letter = &letters[letters_count];
    if (letters_count++ == MAX_LETTERS || fields[0][decode(fields[0], &letter->code)] != 0)
        die("the first field is not one character, or there are too many");
    check_plain(fields[1], SCRIPTS_LETTERS_MAX);
    memcpy(letter->letters, fields[1], strlen(fields[1]));
    letter->script = (uint8_t)(1 + index_of(fields[2], known, sizeof(known) / sizeof(known[0])));
}

static void take_compatible(char *fields[])
{
    scripts_compatible *c = &compatible[compatible_count];
    uint32_t code;
    if (compatible_count++ == MAX_COMPATIBLE || fields[0][decode(fields[0], &code)] != 0 || code > UINT16_MAX)
        die("the first field is not one character, or there are too many");
    c->code = (uint16_t)code;
    size_t count = 0;
    for (const char *p = fields[1]; *p != 0; count++) {
        p += decode(p, &code);
        if (count == SCRIPTS_COMPATIBLE_MAX || code > UINT16_MAX)
            die("more than %d characters, or rare ones", SCRIPTS_COMPATIBLE_MAX);
        c->to[count] = (uint16_t)code;
    }
}

static void take_family(char *fields[])
{
    scripts_korean_family *family = &families[families_count];
    uint32_t code;
    if (families_count++ == MAX_FAMILIES || fields[0][decode(fields[0], &code)] != 0 || code > UINT16_MAX)
        die("the first field is not one character, or there are too many");
    if (families_count > 1 && families[families_count - 2].code >= code)
        die("the rows are not in order of the characters");
    check_plain(fields[1], SCRIPTS_LETTERS_MAX);
    check_plain(fields[2], SCRIPTS_LETTERS_MAX);
    family->code = (uint16_t)code;
    memcpy(family->usual, fields[1], strlen(fields[1]));
    memcpy(family->older, fields[2], strlen(fields[2]));
}

static uint16_t syllable_of(const char *text)
{
    check_plain(text, SCRIPTS_SYLLABLE_MAX);
    for (size_t i = 1; i < syllables_count; i++)
        if (strcmp(syllables[i], text) == 0)
            return (uint16_t)i;
    if (syllables_count == MAX_SYLLABLES)
        die("more than %d syllables", MAX_SYLLABLES);
    memcpy(syllables[syllables_count], text, strlen(text) + 1);
    return (uint16_t)syllables_count++;
}

static void take_han(char *fields[])
{
    static const char *const kinds[] = {"mandarin", "cantonese", "japanese", "family", "simplified"};
    int kind = index_of(fields[0], kinds, sizeof(kinds) / sizeof(kinds[0]));
    uint32_t value = 0;
    if (kind == SCRIPTS_HAN_KINDS)
        (void)decode(fields[1], &value);
    else
        value = syllable_of(fields[1]);
    for (const char *p = fields[2]; *p != 0;) {
        uint32_t code;
        p += decode(p, &code);
        if (!scripts_han_covers(code) || value > UINT16_MAX)
            die("a character outside the tables");
        (kind == SCRIPTS_HAN_KINDS ? simplified : han[kind])[code - SCRIPTS_HAN_FIRST] = (uint16_t)value;
    }
}

static void take_phrase(char *fields[])
{
    static const char *const kinds[] = {"word", "form", "place", "end", "family", "vowelled", "joins", "name"};
    phrase *p = &phrases[phrases_count];
    if (phrases_count++ == MAX_PHRASES)
        die("more than %d phrases", MAX_PHRASES);
    for (const char *text = fields[0]; *text != 0;) {
        uint32_t code;
        text += decode(text, &code);
        if (p->length == SCRIPTS_PHRASE_MAX || code > UINT16_MAX)
            die("'%s' is too long, or of a rare script", fields[0]);
        uint16_t simple = scripts_han_covers(code) ? simplified[code - SCRIPTS_HAN_FIRST] : (uint16_t)0;
        p->text[p->length++] = simple != 0 ? simple : (uint16_t)scripts_abjad_fold(code);
    }
    check_plain(fields[1], 255);
    check_plain(fields[2], 255);
    p->english = strdup(fields[1]);
    p->spoken = strdup(fields[2]);
    p->kind = (scripts_phrase_kind)index_of(fields[3], kinds, sizeof(kinds) / sizeof(kinds[0]));
    p->hash = SCRIPTS_PHRASE_SEED;
    for (size_t i = 0; i < p->length; i++)
        p->hash = scripts_phrase_hash(p->hash, p->text[i]);
    /* Characters that differ may be one when simplified; the first row holds. */
    for (size_t i = 0; i + 1 < phrases_count; i++)
        if (phrases[i].hash == p->hash && phrases[i].length == p->length &&
            memcmp(phrases[i].text, p->text, p->length * sizeof(p->text[0])) == 0) {
            *p = (phrase){.length = 0};
            phrases_count--;
            return;
        }
}

static void check_source(const char *source)
{
    for (size_t i = 0; i < sources_count; i++)
        if (strcmp(sources[i], source) == 0)
            return;
    die("the source '%s' is not in sources.csv", source);
}

static void read_table(const char *folder, const char *name, const char *header, void (*take)(char *fields[]))
{
    (void)snprintf(path, sizeof(path), "%s/%s", folder, name);
    FILE *in = fopen(path, "r");
    line = 0;
    if (in == NULL)
        die("cannot be opened");
    static char text[MAX_LINE];
    while (fgets(text, sizeof(text), in) != NULL) {
        char *fields[8], *rest = text;
        int count = 0, wanted = 1;
        for (const char *p = header; *p != 0; p++)
            wanted += *p == ',' ? 1 : 0;
        text[strcspn(text, "\r\n")] = 0;
        if (++line == 1) {
            if (strcmp(text, header) != 0)
                die("the header is not '%s'", header);
            continue;
        }
        for (; rest != NULL && count < 8; count++) {
            fields[count] = rest;
            rest = strchr(rest, ',');
            if (rest != NULL)
                *rest++ = 0;
        }
        if (count != wanted)
            die("a row has %d fields", wanted);
        if (take != take_source)
            check_source(fields[count - 1]);
        take(fields);
    }
    (void)fclose(in);
}

static int by_code(const void *a, const void *b)
{
    const scripts_letter *left = a, *right = b;
    return (left->code > right->code) - (left->code < right->code);
}

static void write_letters(FILE *out)
{
    qsort(letters, letters_count, sizeof(letters[0]), by_code);
    (void)fprintf(out, "const scripts_letter scripts_letters[] = {\n");
    for (size_t i = 0; i < letters_count; i++) {
        if (i > 0 && letters[i].code == letters[i - 1].code)
            die("U+%04X stands twice in letters.csv", letters[i].code);
        (void)fprintf(out, "{%u,%u,\"%s\"},\n", letters[i].code, letters[i].script, letters[i].letters);
    }
    (void)fprintf(out, "};\nconst size_t scripts_letters_count = %zu;\n", letters_count);
}

static int by_compatible(const void *a, const void *b)
{
    const scripts_compatible *left = a, *right = b;
    return (left->code > right->code) - (left->code < right->code);
}

static void write_compatible(FILE *out)
{
    qsort(compatible, compatible_count, sizeof(compatible[0]), by_compatible);
    (void)fprintf(out, "const scripts_compatible scripts_compatibles[] = {\n");
    for (size_t i = 0; i < compatible_count; i++)
        (void)fprintf(out, "{%u,{%u,%u,%u,%u}},\n", compatible[i].code, compatible[i].to[0], compatible[i].to[1],
                      compatible[i].to[2], compatible[i].to[3]);
    (void)fprintf(out, "};\nconst size_t scripts_compatibles_count = %zu;\n", compatible_count);
}

static void write_families(FILE *out)
{
    (void)fprintf(out, "const scripts_korean_family scripts_korean_families[] = {\n");
    for (size_t i = 0; i < families_count; i++)
        (void)fprintf(out, "{%u,\"%s\",\"%s\"},\n", families[i].code, families[i].usual, families[i].older);
    (void)fprintf(out, "};\nconst size_t scripts_korean_families_count = %zu;\n", families_count);
}

static void write_numbers(FILE *out, const uint16_t *numbers, size_t count)
{
    for (size_t i = 0; i < count; i++)
        (void)fprintf(out, "%u,%s", numbers[i], i % 24 == 23 ? "\n" : "");
}

static void write_han(FILE *out)
{
    (void)fprintf(out, "const char scripts_syllables[][SCRIPTS_SYLLABLE_MAX + 1] = {\n");
    for (size_t i = 0; i < syllables_count; i++)
        (void)fprintf(out, "\"%s\",%s", syllables[i], i % 12 == 11 ? "\n" : "");
    (void)fprintf(out, "};\nconst uint16_t scripts_han[SCRIPTS_HAN_KINDS][SCRIPTS_HAN_COUNT] = {\n");
    for (size_t kind = 0; kind < SCRIPTS_HAN_KINDS; kind++) {
        (void)fprintf(out, "{");
        write_numbers(out, han[kind], SCRIPTS_HAN_COUNT);
        (void)fprintf(out, "},\n");
    }
    (void)fprintf(out, "};\nconst uint16_t scripts_simplified[SCRIPTS_HAN_COUNT] = {\n");
    write_numbers(out, simplified, SCRIPTS_HAN_COUNT);
    (void)fprintf(out, "};\n");
}

static void write_phrases(FILE *out)
{
    size_t size = 1, at = 0, letters_at = 0;
    while (size < phrases_count * 2)
        size *= 2;
    uint16_t *slots = calloc(size, sizeof(*slots));
    if (slots == NULL)
        die("no memory");
    (void)fprintf(out, "const uint16_t scripts_phrase_text[] = {\n");
    for (size_t i = 0; i < phrases_count; i++)
        write_numbers(out, phrases[i].text, phrases[i].length);
    (void)fprintf(out, "0};\nconst char scripts_phrase_letters[] =");
    for (size_t i = 0; i < phrases_count; i++)
        (void)fprintf(out, "\n\"%s\\0%s\\0\"", phrases[i].english, phrases[i].spoken);
    (void)fprintf(out, ";\nconst scripts_phrase scripts_phrases[] = {\n");
    for (size_t i = 0; i < phrases_count; i++) {
        const phrase *p = &phrases[i];
        size_t spoken_at = letters_at + strlen(p->english) + 1;
        (void)fprintf(out, "{%uu,%zu,%zu,%d,%zu,%zu},\n", p->hash, at, p->length, (int)p->kind, letters_at, spoken_at);
        letters_at = spoken_at + strlen(p->spoken) + 1;
        at += p->length;
        size_t slot = p->hash & (size - 1);
        while (slots[slot] != 0)
            slot = (slot + 1) & (size - 1);
        slots[slot] = (uint16_t)(i + 1);
    }
    (void)fprintf(out, "};\nconst uint32_t scripts_phrase_mask = %zu;\nconst uint16_t scripts_phrase_slots[] = {\n",
                  size - 1);
    write_numbers(out, slots, size);
    (void)fprintf(out, "};\n");
    free(slots);
}

int main(int argc, char **argv)
{
    FILE *out = argc == 3 ? fopen(argv[1], "w") : NULL;
    if (out == NULL) {
        (void)fprintf(stderr, "usage: make_scripts OUTPUT FOLDER\n");
        return 2;
    }
    read_table(argv[2], "sources.csv", "source,what,licence,where", take_source);
    read_table(argv[2], "letters.csv", "character,letters,script,source", take_letter);
    read_table(argv[2], "letters-unicode.csv", "character,letters,script,source", take_letter);
    read_table(argv[2], "compatibility.csv", "character,characters,source", take_compatible);
    read_table(argv[2], "korean-families.csv", "character,usual,older,source", take_family);
    read_table(argv[2], "han.csv", "kind,reading,characters,source", take_han);
    read_table(argv[2], "han-own.csv", "kind,reading,characters,source", take_han);
    read_table(argv[2], "phrases.csv", "text,english,spoken,kind,source", take_phrase);
    read_table(argv[2], "phrases-cldr.csv", "text,english,spoken,kind,source", take_phrase);
    read_table(argv[2], "phrases-arabic.csv", "text,english,spoken,kind,source", take_phrase);
    (void)fprintf(out, "/* Made by tools/make_scripts.c from names/. */\n#include \"names/scripts_int.h\"\n\n");
    write_letters(out);
    write_compatible(out);
    write_families(out);
    write_han(out);
    write_phrases(out);
    return fclose(out) == 0 ? 0 : 1;
}
