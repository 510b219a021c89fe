/* SPDX-License-Identifier: Apache-2.0 */
/* make_words.c: turns the word tables of names/ into C, so that a look-up needs no start and no memory.
 *
 *     make_words OUTPUT SOURCES.csv WORDS.csv…
 *
 * A word table has the columns word,class,canonical,strength,source. SOURCES.csv names the sources in its first
 * column; a row with another source, an unknown class or a word that no reading could contain is refused: the build
 * stops with file and line. Rows about one word are put together; the highest strength counts. Several words that only
 * name a concept ("shipping company", what a foreign word means) are no phrase to be found, unless a row of the class
 * "phrase" says so: two words that belong together in one name need not in another.
 *
 * Built and run by the build; part of no product.
 */
#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "names/words_data.h"

enum { MAX_WORDS = 1 << 17, MAX_SLOTS = 1 << 18, MAX_ROWS = 1 << 18, MAX_SOURCES = 64, FIELDS = 5 };

typedef struct word {
    char *text;
    uint32_t classes;
    uint8_t form, generic, given, family;
    int32_t number;
    uint32_t same_as; /* word number + 1 */
    bool starts_phrase;
    bool said; /* a row begins with it */
    words_member members[WORDS_CONCEPTS_MAX];
    uint8_t members_count;
} word;

/* A row that ties a word to the concept that another word names. */
typedef struct tie {
    uint32_t word, to;
    words_relation how;
} tie;

static word words[MAX_WORDS];
static uint32_t slots[MAX_SLOTS], words_count;
static tie ties[MAX_ROWS];
static size_t ties_count;
static char sources[MAX_SOURCES][32];
static size_t sources_count;
static char forms[256][32];
static size_t forms_count;
static const char *file;
static int line;

static _Noreturn void die(const char *format, ...) TK_PRINTF(1, 2);
static _Noreturn void die(const char *format, ...)
{
    va_list args;
    va_start(args, format);
    (void)fprintf(stderr, "%s:%d: ", file, line);
    (void)vfprintf(stderr, format, args);
    (void)fprintf(stderr, "\n");
    va_end(args);
    exit(1);
}

static uint32_t word_at(const char *text)
{
    size_t length = strlen(text);
    uint32_t at = words_hash(text, length) & (MAX_SLOTS - 1);
    for (; slots[at] != 0; at = (at + 1) & (MAX_SLOTS - 1))
        if (strcmp(words[slots[at] - 1].text, text) == 0)
            return slots[at] - 1;
    if (words_count == MAX_WORDS)
        die("more than %d words", MAX_WORDS);
    words[words_count].text = strdup(text);
    words[words_count].number = -1;
    slots[at] = ++words_count;
    return words_count - 1;
}

/* Words of a reading: a-z, 0-9, single spaces between; at most WORDS_PHRASE_MAX of them. */
static void check_word(const char *text)
{
    size_t spaces = 0, length = strlen(text);
    for (size_t i = 0; i < length; i++) {
        bool space = text[i] == ' ';
        spaces += space ? 1 : 0;
        if (!(text[i] >= 'a' && text[i] <= 'z') && !(text[i] >= '0' && text[i] <= '9') &&
            !(space && i > 0 && i + 1 < length && text[i - 1] != ' '))
            die("'%s' is not a word of a reading", text);
    }
    if (length == 0 || length > 255 || spaces >= WORDS_PHRASE_MAX)
        die("'%s' is empty or too long", text);
}

static uint8_t form_of(const char *name)
{
    for (size_t i = 0; i < forms_count; i++)
        if (strcmp(forms[i], name) == 0)
            return (uint8_t)(i + 1);
    if (forms_count == 255 || strlen(name) >= sizeof(forms[0]) || *name == 0)
        die("'%s' is no class of legal forms", name);
    memcpy(forms[forms_count++], name, strlen(name) + 1);
    return (uint8_t)forms_count;
}

static void tie_words(uint32_t from, const char *to, words_relation how)
{
    check_word(to);
    if (ties_count == MAX_ROWS)
        die("more than %d rows", MAX_ROWS);
    ties[ties_count++] = (tie){from, word_at(to), how};
}

static void raise_to(uint8_t *value, const char *strength)
{
    long number = strtol(strength, NULL, 10);
    if (number < 0 || number > 100)
        die("strength %s is not 0 to 100", strength);
    if (number > *value)
        *value = (uint8_t)number;
}

/* Classes that say what a word is. */
static bool take_class(word *w, const char *name, const char *canonical, const char *strength)
{
    static const struct {
        const char *name;
        uint32_t bit;
    } classes[] = {{"form", WORDS_FORM},         {"generic", WORDS_GENERIC},   {"place", WORDS_PLACE},
                   {"given", WORDS_GIVEN},       {"family", WORDS_FAMILY},     {"title", WORDS_TITLE},
                   {"particle", WORDS_PARTICLE}, {"number", WORDS_NUMBER},     {"negligible", WORDS_NEGLIGIBLE},
                   {"suffix", WORDS_SUFFIX}};
    uint32_t bit = 0;
    for (size_t i = 0; i < sizeof(classes) / sizeof(classes[0]); i++)
        if (strcmp(classes[i].name, name) == 0)
            bit = classes[i].bit;
    w->classes |= bit;
    if (bit == WORDS_FORM)
        w->form = form_of(canonical);
    else if (bit == WORDS_NUMBER)
        w->number = (int32_t)strtol(canonical, NULL, 10);
    else if (bit == WORDS_GENERIC)
        raise_to(&w->generic, strength);
    else if (bit == WORDS_GIVEN)
        raise_to(&w->given, strength);
    else if (bit == WORDS_FAMILY)
        raise_to(&w->family, strength);
    return bit != 0;
}

static void take_row(char *fields[FIELDS])
{
    check_word(fields[0]);
    bool known = false;
    for (size_t i = 0; i < sources_count; i++)
        known = known || strcmp(sources[i], fields[4]) == 0;
    if (!known)
        die("the source '%s' is not in the table of sources", fields[4]);
    uint32_t at = word_at(fields[0]);
    words[at].said = true;
    const char *name = fields[1], *canonical = fields[2];
    if (strcmp(name, "phrase") == 0)
        return;
    bool taken = take_class(&words[at], name, canonical, fields[3]);
    bool form_or_number = strcmp(name, "form") == 0 || strcmp(name, "number") == 0;
    static const struct {
        const char *name;
        words_relation how;
    } ties_known[] = {{"short", WORDS_ABBREVIATION},
                      {"romanization", WORDS_ROMANIZATION},
                      {"nickname", WORDS_NICKNAME},
                      {"translation", WORDS_TRANSLATION},
                      {"part", WORDS_PART}};
    bool tied = false;
    for (size_t i = 0; i < sizeof(ties_known) / sizeof(ties_known[0]); i++)
        if (strcmp(ties_known[i].name, name) == 0) {
            tie_words(at, canonical, ties_known[i].how);
            tied = true;
        }
    if (tied)
        return;
    if (strcmp(name, "same") == 0 || (taken && !form_or_number && *canonical != 0)) {
        if (strcmp(fields[0], canonical) != 0)
            tie_words(at, canonical, WORDS_SAME);
    } else if (!taken)
        die("'%s' is no class of words", name);
}

static int split(char *text, char *fields[FIELDS])
{
    int count = 0;
    for (char *part = text; part != NULL && count < FIELDS; count++) {
        fields[count] = part;
        part = strchr(part, ',');
        if (part != NULL)
            *part++ = 0;
        if (count == FIELDS - 1 && part != NULL)
            return FIELDS + 1;
    }
    return count;
}

static void read_table(const char *path, void (*take)(char *fields[FIELDS]), const char *header)
{
    FILE *in = fopen(path, "r");
    file = path;
    line = 0;
    if (in == NULL)
        die("cannot be opened");
    char text[4096];
    while (fgets(text, sizeof(text), in) != NULL) {
        line++;
        text[strcspn(text, "\r\n")] = 0;
        char *fields[FIELDS];
        if (line == 1) {
            if (strncmp(text, header, strlen(header)) != 0)
                die("the header is not '%s'", header);
        } else if (take == take_row && split(text, fields) != FIELDS) {
            die("a row has %d fields", FIELDS);
        } else {
            fields[0] = text;
            if (take != take_row)
                text[strcspn(text, ",")] = 0;
            take(fields);
        }
    }
    (void)fclose(in);
}

static void take_source(char *fields[FIELDS])
{
    if (sources_count == MAX_SOURCES || strlen(fields[0]) >= sizeof(sources[0]))
        die("too many sources, or a name too long");
    memcpy(sources[sources_count++], fields[0], strlen(fields[0]) + 1);
}

static uint32_t root_of(uint32_t at)
{
    for (int steps = 0; words[at].same_as != 0; steps++) {
        if (steps > 100)
            die("'%s' is the same as itself by a detour", words[at].text);
        at = words[at].same_as - 1;
    }
    return at;
}

static void join(uint32_t at, uint16_t concept, words_relation how)
{
    word *w = &words[at];
    for (uint8_t i = 0; i < w->members_count; i++)
        if (w->members[i].concept == concept) {
            if ((uint16_t)how < w->members[i].how)
                w->members[i].how = (uint16_t)how;
            return;
        }
    if (w->members_count == WORDS_CONCEPTS_MAX)
        die("'%s' belongs to more than %d concepts", w->text, WORDS_CONCEPTS_MAX);
    w->members[w->members_count++] = (words_member){concept, (uint16_t)how};
}

static int by_concept(const void *a, const void *b)
{
    const words_member *left = a, *right = b;
    return (left->concept > right->concept) - (left->concept < right->concept);
}

/* Words that are the same share the concept of their root; other ties lead to the concept of the root. */
static void make_concepts(void)
{
    static uint16_t concept_of[MAX_WORDS];
    unsigned count = 0;
    for (size_t i = 0; i < ties_count; i++)
        if (ties[i].how == WORDS_SAME) {
            uint32_t to = root_of(ties[i].to), from = root_of(ties[i].word);
            if (words[ties[i].word].same_as != 0 && to != from)
                die("'%s' is the same as '%s' and as '%s'", words[ties[i].word].text, words[from].text,
                    words[to].text);
            if (to != from)
                words[from].same_as = to + 1;
        }
    /* Who keeps only some concepts of a word keeps the smallest numbers: nicknames, of which some words have dozens,
     * come last. */
    static const words_relation order[] = {WORDS_SAME,        WORDS_ROMANIZATION, WORDS_ABBREVIATION,
                                           WORDS_TRANSLATION, WORDS_PART,         WORDS_NICKNAME};
    for (size_t k = 0; k < sizeof(order) / sizeof(order[0]); k++)
        for (size_t i = 0; i < ties_count; i++) {
            uint32_t root = root_of(ties[i].to);
            if (ties[i].how != order[k] || concept_of[root] != 0)
                continue;
            if (++count > UINT16_MAX)
                die("more than %d concepts", UINT16_MAX);
            concept_of[root] = (uint16_t)count;
        }
    for (uint32_t i = 0; i < words_count; i++) {
        uint16_t concept = concept_of[root_of(i)];
        if (concept != 0)
            join(i, concept, WORDS_SAME);
    }
    for (size_t i = 0; i < ties_count; i++)
        if (ties[i].how != WORDS_SAME)
            join(ties[i].word, concept_of[root_of(ties[i].to)], ties[i].how);
    for (uint32_t i = 0; i < words_count; i++)
        qsort(words[i].members, words[i].members_count, sizeof(words[i].members[0]), by_concept);
}

/* What means a generic word is one itself, in another language or cut short, unless it is a name besides; words of few
 * letters are left to be names. */
static void spread_generic(void)
{
    static const uint32_t names = WORDS_GIVEN | WORDS_FAMILY | WORDS_PLACE | WORDS_FORM | WORDS_TITLE | WORDS_PARTICLE;
    for (size_t i = 0; i < ties_count; i++) {
        word *w = &words[ties[i].word];
        const word *to = &words[ties[i].to], *root = &words[root_of(ties[i].to)];
        uint8_t strength = to->generic > root->generic ? to->generic : root->generic;
        size_t least = ties[i].how == WORDS_ABBREVIATION ? 3 : 4;
        bool spreads = ties[i].how == WORDS_ABBREVIATION || ties[i].how == WORDS_TRANSLATION;
        if (!spreads || strength == 0 || (w->classes & names) != 0 || strlen(w->text) < least)
            continue;
        w->classes |= WORDS_GENERIC;
        if (strength > w->generic)
            w->generic = strength;
    }
}

/* A phrase can only begin at a word that says so: the word itself becomes known for that. */
static void mark_phrases(void)
{
    for (uint32_t i = 0; i < words_count; i++) {
        char *space = strchr(words[i].text, ' ');
        if (space == NULL || !words[i].said)
            continue;
        char first[256];
        (void)snprintf(first, sizeof(first), "%.*s", (int)(space - words[i].text), words[i].text);
        words[word_at(first)].starts_phrase = true;
    }
}

static void write_text(FILE *out)
{
    (void)fprintf(out, "const char words_text[] =");
    for (uint32_t i = 0; i < words_count; i++)
        (void)fprintf(out, "%s\"%s\"", i % 8 == 0 ? "\n" : "", words[i].text);
    (void)fprintf(out, ";\n");
}

static void write_entries(FILE *out)
{
    uint32_t text = 0, members = 0;
    (void)fprintf(out, "const words_entry words_entries[] = {\n");
    for (uint32_t i = 0; i < words_count; i++) {
        const word *w = &words[i];
        uint32_t length = (uint32_t)strlen(w->text), root = root_of(i);
        uint32_t canonical = root != i || w->members_count > 0 ? root + 1 : 0;
        (void)fprintf(out, "{%uu,%u,%u,%d,%u,%u,%u,%u,%u,%u,%u,%u,%u},\n", words_hash(w->text, length), text,
                      canonical, w->number, members, w->classes, length, w->form, w->generic, w->given, w->family,
                      w->members_count, w->starts_phrase ? 1u : 0u);
        text += length;
        members += w->members_count;
    }
    (void)fprintf(out, "};\nconst words_member words_members[] = {\n");
    for (uint32_t i = 0; i < words_count; i++)
        for (uint8_t k = 0; k < words[i].members_count; k++)
            (void)fprintf(out, "{%u,%u},", words[i].members[k].concept, words[i].members[k].how);
    (void)fprintf(out, "{0,0}};\n");
}

static void write_slots(FILE *out)
{
    uint32_t size = 1;
    while (size < words_count * 2)
        size *= 2;
    uint32_t *table = calloc(size, sizeof(*table));
    if (table == NULL)
        die("no memory");
    for (uint32_t i = 0; i < words_count; i++) {
        if (strchr(words[i].text, ' ') != NULL && !words[i].said)
            continue;
        uint32_t at = words_hash(words[i].text, strlen(words[i].text)) & (size - 1);
        while (table[at] != 0)
            at = (at + 1) & (size - 1);
        table[at] = i + 1;
    }
    (void)fprintf(out, "const uint32_t words_slots_mask = %u;\nconst uint32_t words_slots[] = {\n", size - 1);
    for (uint32_t i = 0; i < size; i++)
        (void)fprintf(out, "%u,%s", table[i], i % 24 == 23 ? "\n" : "");
    (void)fprintf(out, "};\n");
    free(table);
}

int main(int argc, char **argv)
{
    if (argc < 4) {
        (void)fprintf(stderr, "usage: make_words OUTPUT SOURCES.csv WORDS.csv...\n");
        return 2;
    }
    read_table(argv[2], take_source, "source,");
    for (int i = 3; i < argc; i++)
        read_table(argv[i], take_row, "word,class,canonical,strength,source");
    make_concepts();
    spread_generic();
    mark_phrases();
    FILE *out = fopen(argv[1], "w");
    if (out == NULL) {
        (void)fprintf(stderr, "make_words: cannot write %s\n", argv[1]);
        return 1;
    }
    (void)fprintf(out, "/* Made by tools/make_words.c from the word tables of names/. */\n"
                       "#include \"names/words_data.h\"\n");
    write_text(out);
    write_entries(out);
    write_slots(out);
    return fclose(out) == 0 ? 0 : 1;
}
