/* SPDX-License-Identifier: Apache-2.0 */
/* scripts.c: which readings a text has, and how each is put together.
 *
 * The text is decoded once into characters: invisible ones dropped, marks that stand alone joined or dropped,
 * look-alikes of another script inside a Latin word put right. Then it is rendered once for each reading that can
 * differ (digits for letters, two ways to write an umlaut), and readings that came out alike are kept once.
 */
#include "names/scripts.h"

#include <stdlib.h>
#include <string.h>

#include "base/err.h"
#include "base/limits.h"
#include "base/str.h"
#include "base/text.h"
#include "names/scripts_int.h"
#include "names/words.h"

struct scripts {
    scripts_icu *icu; /* NULL until a text needs it */
};

typedef struct scripts_char {
    uint32_t code;
    script script;
    const char *letters; /* of the table; NULL when the character is no letter of it */
} scripts_char;

/* One text on its way to readings. */
typedef struct scripts_work {
    scripts *reader;
    tk_arena *arena;
    tk_err *err;
    tk_name_kind kind;
    scripts_char *chars;
    size_t count;
    unsigned seen;    /* a bit for each script */
    bool look_alikes; /* letters of another script stood in a Latin word */
    bool persian;     /* a letter of Persian, not of Arabic */
    bool umlauts;     /* there are letters with a second way to be written: ä as a or ae */
    scripts_reading *out;
    size_t max, out_count;
} scripts_work;

typedef struct scripts_manner {
    bool umlauts, digits;
    scripts_cjk cjk;
    bool vowels_missing; /* out */
} scripts_manner;

static bool seen(const scripts_work *work, script what)
{
    return (work->seen & 1u << what) != 0;
}

tk_status scripts_new(scripts **out, tk_err *err)
{
    *out = calloc(1, sizeof(**out));
    return *out != NULL ? TK_OK : tk_err_set(err, TK_ERR_MEMORY, "no memory left for reading names");
}

void scripts_free(scripts *reader)
{
    if (reader == NULL)
        return;
    scripts_icu_free(reader->icu);
    free(reader);
}

bool scripts_icu_open(const scripts *reader)
{
    return reader->icu != NULL;
}

const scripts_letter *scripts_letter_find(uint32_t code)
{
    size_t low = 0, high = scripts_letters_count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (scripts_letters[middle].code < code)
            low = middle + 1;
        else
            high = middle;
    }
    return low < scripts_letters_count && scripts_letters[low].code == code ? &scripts_letters[low] : NULL;
}

void scripts_text_add(scripts_text *text, const char *bytes, size_t length)
{
    if (length == 0)
        return;
    if (text->length + length > text->room) {
        size_t room = 2 * (text->length + length) + 64;
        char *grown = tk_arena_get(text->arena, room);
        if (grown == NULL)
            return;
        if (text->length > 0)
            memcpy(grown, text->bytes, text->length);
        text->bytes = grown;
        text->room = room;
    }
    memcpy(text->bytes + text->length, bytes, length);
    text->length += length;
}

/* --- characters ----------------------------------------------------------------------------------------------- */

static bool is_invisible(uint32_t code)
{
    return code == 0xAD || code == 0x34F || code == 0x61C || code == 0x180E || (0x200B <= code && code <= 0x200F)
           || (0x202A <= code && code <= 0x202E) || (0x2060 <= code && code <= 0x206F)
           || (0xFE00 <= code && code <= 0xFE0F) || code == 0xFEFF || (0xE0000 <= code && code <= 0xE01EF);
}

/* Marks over and under letters, vowel points of Arabic (the table has those that are read) and Hebrew. */
static bool is_mark(uint32_t code)
{
    return (0x300 <= code && code <= 0x36F) || (0x483 <= code && code <= 0x487) || (0x591 <= code && code <= 0x5C7)
           || (0x610 <= code && code <= 0x61A) || (0x653 <= code && code <= 0x65F) || (0x6D6 <= code && code <= 0x6ED)
           || (0x1AB0 <= code && code <= 0x1AFF) || (0x1DC0 <= code && code <= 0x1DFF)
           || (0x20D0 <= code && code <= 0x20FF) || (0xFE20 <= code && code <= 0xFE2F);
}

static bool is_apostrophe(uint32_t code)
{
    return code == '\'' || code == '`' || code == 0xB4 || (0x2B9 <= code && code <= 0x2BF) || code == 0x2C8
           || (0x2018 <= code && code <= 0x201B) || code == 0x2032 || code == 0x2035 || code == 0x55A
           || code == 0x5F3;
}

/* Punctuation, symbols, private use: what separates words whatever the script. */
static bool is_separator(uint32_t code)
{
    return code < 0xC0 || code == 0xD7 || code == 0xF7 || (0x2C2 <= code && code <= 0x2DF)
           || (0x2E5 <= code && code <= 0x2FF) || code == 0x37E || code == 0x387 || (0x55B <= code && code <= 0x55F)
           || code == 0x589 || code == 0x58A || code == 0x5BE || code == 0x5F4 || (0x600 <= code && code <= 0x60F)
           || code == 0x61B || (0x61D <= code && code <= 0x61F) || (0x66A <= code && code <= 0x66D) || code == 0x6D4
           || code == 0x1680 || (0x2000 <= code && code <= 0x206F) || (0x20A0 <= code && code <= 0x20CF)
           || (0x2190 <= code && code <= 0x245F) || (0x2500 <= code && code <= 0x2BFF)
           || (0x2E00 <= code && code <= 0x2E7F) || (0x2FF0 <= code && code <= 0x3004)
           || (0x3008 <= code && code <= 0x3020) || code == 0x3030 || code == 0x30A0 || code == 0x30FB
           || (0xE000 <= code && code <= 0xF8FF) || (0xFE10 <= code && code <= 0xFE6F)
           || (0xFF5F <= code && code <= 0xFF65)
           || (0xFFE0 <= code && code <= 0xFFFF) || (0x1F000 <= code && code <= 0x1FAFF) || 0xF0000 <= code;
}

/* Also the signs for "once more", zero, and the legal forms in one character. */
static bool is_han(uint32_t code)
{
    return code == 0x3005 || code == 0x3007 || code == 0x321C || code == 0x3231 || code == 0x3232
           || (0x3400 <= code && code <= 0x4DBF)
           || (0x4E00 <= code && code <= 0x9FFF) || (0xF900 <= code && code <= 0xFAFF)
           || (0x20000 <= code && code <= 0x323AF);
}

/* Letters that are two when the marks are not a character of their own: и and breve. */
static uint32_t compose(uint32_t letter, uint32_t mark)
{
    static const uint32_t pairs[][3] = {{0x418, 0x306, 0x419}, {0x438, 0x306, 0x439}, {0x415, 0x308, 0x401},
                                        {0x435, 0x308, 0x451}, {0x406, 0x308, 0x407}, {0x456, 0x308, 0x457},
                                        {0x423, 0x306, 0x40E}, {0x443, 0x306, 0x45E}, {'a', 0x308, 0xE4},
                                        {'o', 0x308, 0xF6},    {'u', 0x308, 0xFC},    {'A', 0x308, 0xC4},
                                        {'O', 0x308, 0xD6},    {'U', 0x308, 0xDC},    {'a', 0x30A, 0xE5},
                                        {'A', 0x30A, 0xC5}};
    for (size_t i = 0; i < sizeof(pairs) / sizeof(pairs[0]); i++)
        if (pairs[i][0] == letter && pairs[i][1] == mark)
            return pairs[i][2];
    /* Kana with a voicing mark. */
    if (mark == 0x3099 && ((0x304B <= letter && letter <= 0x3068) || (0x30AB <= letter && letter <= 0x30C8)))
        return letter + 1;
    if ((mark == 0x3099 || mark == 0x309A) && ((0x306F <= letter && letter <= 0x307B) ||
                                               (0x30CF <= letter && letter <= 0x30DB)))
        return letter + (mark - 0x3098);
    return 0;
}

static script script_of_ascii(uint32_t code)
{
    bool word = (code >= 'a' && code <= 'z') || (code >= 'A' && code <= 'Z') || (code >= '0' && code <= '9');
    return word ? SCRIPT_LATIN : SCRIPT_NONE;
}

static void classify(scripts_char *c)
{
    c->letters = NULL;
    if (c->code < 0x80) {
        c->script = script_of_ascii(c->code);
        return;
    }
    const scripts_letter *letter = scripts_letter_find(c->code);
    if (letter != NULL) {
        c->script = (script)letter->script;
        c->letters = letter->letters;
    } else if (is_han(c->code)) {
        c->script = SCRIPT_HAN;
    } else if (0xAC00 <= c->code && c->code <= 0xD7A3) {
        c->script = SCRIPT_HANGUL;
    } else {
        c->script = is_separator(c->code) || is_apostrophe(c->code) ? SCRIPT_NONE : SCRIPT_OTHER;
    }
}

static size_t decode(const unsigned char *p, uint32_t *code)
{
    if (p[0] < 0x80) {
        *code = p[0];
        return 1;
    }
    size_t length = p[0] < 0xE0 ? 2 : p[0] < 0xF0 ? 3 : 4;
    *code = p[0] & (0x7FU >> length);
    for (size_t i = 1; i < length; i++)
        *code = *code << 6 | (p[i] & 0x3FU);
    return length;
}

static const uint16_t *stands_for(uint32_t code)
{
    size_t low = 0, high = scripts_compatibles_count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (scripts_compatibles[middle].code < code)
            low = middle + 1;
        else
            high = middle;
    }
    bool found = low < scripts_compatibles_count && scripts_compatibles[low].code == code;
    return found ? scripts_compatibles[low].to : NULL;
}

static void take_char(scripts_work *work, uint32_t code)
{
    scripts_char *last = work->count > 0 ? &work->chars[work->count - 1] : NULL;
    uint32_t whole = last != NULL && code >= 0x300 ? compose(last->code, code) : 0;
    if (whole != 0) {
        last->code = whole;
        classify(last);
    }
    if (whole != 0 || is_invisible(code) || is_mark(code))
        return;
    scripts_char *c = &work->chars[work->count++];
    c->code = code;
    classify(c);
}

/* At most four characters for three bytes: `chars` has room for twice the bytes. */
static void take_chars(scripts_work *work, tk_str text)
{
    for (size_t i = 0; i < text.len;) {
        uint32_t code;
        i += decode((const unsigned char *)text.ptr + i, &code);
        if (0xFF01 <= code && code <= 0xFF5E)
            code -= 0xFEE0; /* the wide form of an ASCII character */
        const uint16_t *others = code >= 0x1F00 ? stands_for(code) : NULL;
        if (others == NULL)
            take_char(work, code);
        for (size_t k = 0; others != NULL && k < SCRIPTS_COMPATIBLE_MAX && others[k] != 0; k++)
            take_char(work, others[k]);
    }
    for (size_t i = 0; i < work->count; i++) {
        uint32_t code = work->chars[i].code;
        work->seen |= 1u << work->chars[i].script;
        work->persian = work->persian || scripts_abjad_is_persian(code);
        work->umlauts = work->umlauts || (code < 0x100 && (code | 0x20) > 0xDF
                                          && strchr("\xE4\xF6\xFC\xE5\xF8", (char)(code | 0x20)) != NULL);
    }
}

/* --- look-alikes ---------------------------------------------------------------------------------------------- */

static char look_alike(uint32_t code)
{
    static const struct {
        uint16_t code;
        char letter;
    } table[] = {{0x391, 'a'}, {0x392, 'b'}, {0x395, 'e'}, {0x396, 'z'}, {0x397, 'h'}, {0x399, 'i'}, {0x39A, 'k'},
                 {0x39C, 'm'}, {0x39D, 'n'}, {0x39F, 'o'}, {0x3A1, 'p'}, {0x3A4, 't'}, {0x3A5, 'y'}, {0x3A7, 'x'},
                 {0x3B1, 'a'}, {0x3B5, 'e'}, {0x3B9, 'i'}, {0x3BA, 'k'}, {0x3BD, 'v'}, {0x3BF, 'o'}, {0x3C1, 'p'},
                 {0x3C4, 't'}, {0x3C5, 'u'}, {0x3C7, 'x'}, {0x405, 's'}, {0x406, 'i'}, {0x408, 'j'}, {0x410, 'a'},
                 {0x412, 'b'}, {0x415, 'e'}, {0x41A, 'k'}, {0x41C, 'm'}, {0x41D, 'h'}, {0x41E, 'o'}, {0x420, 'p'},
                 {0x421, 'c'}, {0x422, 't'}, {0x423, 'y'}, {0x425, 'x'}, {0x430, 'a'}, {0x432, 'b'}, {0x435, 'e'},
                 {0x43A, 'k'}, {0x43C, 'm'}, {0x43D, 'h'}, {0x43E, 'o'}, {0x440, 'p'}, {0x441, 'c'}, {0x442, 't'},
                 {0x443, 'y'}, {0x445, 'x'}, {0x455, 's'}, {0x456, 'i'}, {0x458, 'j'}, {0x501, 'd'}, {0x51B, 'q'},
                 {0x51D, 'w'}, {0x4BB, 'h'}, {0x4CF, 'l'}};
    for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++)
        if (table[i].code == code)
            return table[i].letter;
    return 0;
}

static void put_right(scripts_char *chars, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        char letter = chars[i].script == SCRIPT_CYRILLIC || chars[i].script == SCRIPT_GREEK ? look_alike(chars[i].code)
                                                                                            : (char)0;
        if (letter != 0)
            chars[i] = (scripts_char){.code = (unsigned char)letter, .script = SCRIPT_LATIN};
    }
}

/* The other way: a few Latin letters in a Cyrillic word (Ukrainian i typed as Latin i). */
static void put_cyrillic(scripts_char *chars, size_t count)
{
    static const char latin[] = "abcehikmoptxy";
    static const uint16_t cyrillic[] = {0x430, 0x432, 0x441, 0x435, 0x43D, 0x456, 0x43A,
                                        0x43C, 0x43E, 0x440, 0x442, 0x445, 0x443};
    for (size_t i = 0; i < count; i++) {
        const char *found = chars[i].code < 0x80 ? strchr(latin, (int)(chars[i].code | 0x20)) : NULL;
        if (found != NULL && chars[i].script == SCRIPT_LATIN) {
            chars[i].code = cyrillic[found - latin];
            classify(&chars[i]);
        }
    }
}

/* A word with Latin letters whose other letters all look Latin is a Latin word, unless most are Cyrillic. `whole`: also
 * words that have no Latin letter of their own. */
static bool put_words_right(scripts_char *chars, size_t count, bool whole)
{
    bool changed = false;
    for (size_t i = 0; i < count;) {
        size_t end = i, latin = 0, alike = 0, other = 0, cyrillic = 0;
        for (; end < count && chars[end].script != SCRIPT_NONE; end++) {
            bool foreign = chars[end].script == SCRIPT_CYRILLIC || chars[end].script == SCRIPT_GREEK;
            cyrillic += chars[end].script == SCRIPT_CYRILLIC ? 1 : 0;
            if (foreign && look_alike(chars[end].code) != 0)
                alike++;
            else if (chars[end].script == SCRIPT_LATIN)
                latin += chars[end].code > '9' ? 1 : 0;
            else
                other++;
        }
        if (latin > 0 && cyrillic > 2 * latin) {
            put_cyrillic(chars + i, end - i);
        } else if (alike > 0 && other == 0 && (whole || latin > 0)) {
            put_right(chars + i, end - i);
            changed = true;
        }
        i = end + 1;
    }
    return changed;
}

/* --- rendering ------------------------------------------------------------------------------------------------ */

static const char *umlaut_of(uint32_t code)
{
    switch (code | 0x20) {
    case 0xE4:
        return "ae";
    case 0xF6:
    case 0xF8:
        return "oe";
    case 0xFC:
        return "ue";
    case 0xE5:
        return "aa";
    default:
        return NULL;
    }
}

static bool is_digit_char(const scripts_work *work, size_t at)
{
    return at < work->count && work->chars[at].code >= '0' && work->chars[at].code <= '9';
}

/* Punctuation in plain form: dots and slashes stay for scripts_fold_dots, apostrophes vanish. */
static void render_mark(const scripts_work *work, size_t at, scripts_text *out)
{
    uint32_t code = work->chars[at].code;
    bool between_digits = at > 0 && is_digit_char(work, at - 1) && is_digit_char(work, at + 1);
    if (is_apostrophe(code) || (code == ',' && between_digits))
        return;
    if (code == '&' || code == '+')
        scripts_text_add(out, " and ", 5);
    else if (code == '.' && !between_digits)
        scripts_text_add(out, ".", 1);
    else if (code == '/')
        scripts_text_add(out, "/", 1);
    else
        scripts_text_add(out, " ", 1);
}

static void render_letter(const scripts_char *c, const scripts_manner *manner, scripts_text *out)
{
    if (c->code < 0x80) {
        char small = (char)(c->code >= 'A' && c->code <= 'Z' ? c->code + 32 : c->code);
        scripts_text_add(out, &small, 1);
        return;
    }
    const char *umlaut = manner->umlauts && c->code < 0x100 ? umlaut_of(c->code) : NULL;
    const char *letters = umlaut != NULL ? umlaut : c->letters;
    scripts_text_add(out, letters, strlen(letters));
}

/* The codes of a run of characters, in the arena; NULL when memory ran out. */
static uint32_t *run_codes(scripts_work *work, size_t from, size_t to)
{
    uint32_t *codes = TK_ARENA_ARRAY(work->arena, uint32_t, to - from);
    for (size_t i = from; codes != NULL && i < to; i++)
        codes[i - from] = work->chars[i].code;
    return codes;
}

static tk_status render_other(scripts_work *work, const uint32_t *codes, size_t count, scripts_text *out)
{
    if (work->reader->icu == NULL) {
        tk_status status = scripts_icu_new(&work->reader->icu, work->err);
        if (status != TK_OK)
            return status;
    }
    return scripts_icu_letters(work->reader->icu, codes, count, out, work->err);
}

/* Scripts that are read by words, not by letters. */
typedef enum run_kind { RUN_LETTERS, RUN_CJK, RUN_ABJAD, RUN_OTHER, RUN_NONE } run_kind;

static run_kind kind_of(const scripts_char *c)
{
    switch (c->script) {
    case SCRIPT_NONE:
        return RUN_NONE;
    case SCRIPT_KANA:
    case SCRIPT_HANGUL:
        return RUN_CJK;
    case SCRIPT_HAN:
        return c->code < 0xF900 ? RUN_CJK : RUN_OTHER;
    case SCRIPT_ARABIC:
    case SCRIPT_HEBREW:
        return RUN_ABJAD;
    case SCRIPT_OTHER:
        return RUN_OTHER;
    case SCRIPT_LATIN:
    case SCRIPT_CYRILLIC:
    case SCRIPT_GREEK:
    case SCRIPT_GEORGIAN:
    case SCRIPT_ARMENIAN:
    case SCRIPT_COUNT:
        break;
    }
    return RUN_LETTERS;
}

static tk_status render_run(scripts_work *work, run_kind kind, size_t from, size_t to, scripts_manner *manner,
                            scripts_text *out)
{
    uint32_t *codes = run_codes(work, from, to);
    if (codes == NULL)
        return TK_OK;
    if (kind == RUN_OTHER)
        return render_other(work, codes, to - from, out);
    if (kind == RUN_ABJAD)
        manner->vowels_missing = !scripts_abjad_read(codes, to - from, work->persian, out) || manner->vowels_missing;
    else
        scripts_cjk_read(&manner->cjk, codes, to - from, out);
    return TK_OK;
}

/* Two Greek letters for one sound; NULL when they are read one by one. */
static const char *greek_pair(uint32_t first, uint32_t second, bool begins)
{
    static const struct {
        uint16_t first, second;
        bool begins; /* only where a word begins */
        char letters[3];
    } pairs[] = {{0x3BF, 0x3C5, false, "ou"}, {0x3B1, 0x3C5, false, "av"}, {0x3B5, 0x3C5, false, "ev"},
                 {0x3B3, 0x3B3, false, "ng"}, {0x3BC, 0x3C0, true, "b"},   {0x3BD, 0x3C4, true, "d"},
                 {0x3B3, 0x3BA, true, "g"}};
    first = 0x391 <= first && first <= 0x3A9 ? first + 0x20 : first;
    second = second == 0x3CD || second == 0x38E || second == 0x3A5 ? 0x3C5 : second;
    second = 0x391 <= second && second <= 0x3A9 ? second + 0x20 : second;
    for (size_t i = 0; i < sizeof(pairs) / sizeof(pairs[0]); i++)
        if (pairs[i].first == first && pairs[i].second == second && (begins || !pairs[i].begins))
            return pairs[i].letters;
    return NULL;
}

/* One letter, or a pair; the number of characters taken. */
static size_t render_letters(const scripts_work *work, size_t at, const scripts_manner *manner, scripts_text *out)
{
    const scripts_char *c = &work->chars[at];
    if (c->script == SCRIPT_GREEK && at + 1 < work->count) {
        bool begins = at == 0 || c[-1].script == SCRIPT_NONE;
        const char *pair = greek_pair(c->code, c[1].code, begins);
        if (pair != NULL) {
            scripts_text_add(out, pair, strlen(pair));
            return 2;
        }
    }
    render_letter(c, manner, out);
    return 1;
}

static tk_status render(scripts_work *work, scripts_manner *manner, scripts_text *out)
{
    tk_status status = TK_OK;
    for (size_t i = 0; i < work->count && status == TK_OK;) {
        run_kind kind = kind_of(&work->chars[i]);
        size_t end = i + 1;
        if (kind == RUN_NONE) {
            render_mark(work, i, out);
        } else if (kind == RUN_LETTERS) {
            end = i + render_letters(work, i, manner, out);
        } else {
            while (end < work->count && kind_of(&work->chars[end]) == kind)
                end++;
            status = render_run(work, kind, i, end, manner, out);
        }
        i = end;
    }
    return status;
}

static void keep(scripts_work *work, tk_str text, scripts_how how, unsigned flags)
{
    for (size_t i = 0; i < work->out_count; i++)
        if (tk_str_eq(work->out[i].text, text))
            return;
    if (text.len > 0 && work->out_count < work->max)
        work->out[work->out_count++] = (scripts_reading){text, how, flags};
}

static bool seen_cjk(const scripts_work *work)
{
    return seen(work, SCRIPT_HAN) || seen(work, SCRIPT_KANA) || seen(work, SCRIPT_HANGUL);
}

static scripts_how how_of(const scripts_work *work, const scripts_manner *manner)
{
    if (manner->cjk.english && manner->cjk.meant)
        return SCRIPTS_TRANSLATED;
    return (work->seen & ~(1u << SCRIPT_LATIN | 1u << SCRIPT_NONE)) != 0 ? SCRIPTS_ROMANIZED : SCRIPTS_WRITTEN;
}

static unsigned flags_of(const scripts_work *work, const scripts_manner *manner)
{
    return (work->look_alikes ? SCRIPTS_GUESSED : 0U) | (manner->vowels_missing ? SCRIPTS_UNVOWELLED : 0U) |
           (seen_cjk(work) ? SCRIPTS_UNSPACED : 0U);
}

static bool has_digit(tk_str text)
{
    for (size_t i = 0; i < text.len; i++)
        if (text.ptr[i] >= '0' && text.ptr[i] <= '9')
            return true;
    return false;
}

static tk_str word_at(const char *text, size_t length, size_t at)
{
    size_t end = at;
    while (end < length && text[end] != ' ')
        end++;
    return (tk_str){text + at, end - at};
}

/* Compound names of Arabic are one word in most Latin spellings: Ruhollah, Jalaluddin. The blanks inside "x allah" and
 * "x al din" go. In place: what is looked at ahead is not written yet. */
static size_t glue_compounds(char *text, size_t length)
{
    size_t written = 0;
    bool behind_al = false;
    for (size_t i = 0; i < length;) {
        tk_str word = word_at(text, length, i);
        size_t next = i + word.len + 1;
        bool article = tk_str_is(word, "al");
        bool before_din = article && next < length && tk_str_is(word_at(text, length, next), "din");
        bool glued = tk_str_is(word, "allah") || before_din || (behind_al && tk_str_is(word, "din"));
        if (i > 0 && !glued)
            text[written++] = ' ';
        behind_al = article && i > 0;
        memmove(text + written, word.ptr, word.len);
        written += word.len;
        i = next;
    }
    return written;
}

/* Words of what was rendered; with digits for letters put right as one more reading, where there are any. */
static void keep_rendered(scripts_work *work, scripts_text *text, bool digits, scripts_how how, unsigned flags)
{
    if (text->length == 0)
        return;
    text->length = scripts_fold_dots(text->bytes, text->length, work->kind == TK_NAME_PERSON);
    tk_str apart = {NULL, 0};
    if (seen(work, SCRIPT_ARABIC) && work->kind != TK_NAME_COMPANY) {
        apart = tk_arena_copy(work->arena, (tk_str){text->bytes, text->length});
        text->length = glue_compounds(text->bytes, text->length);
    }
    tk_str plain = {text->bytes, text->length};
    keep(work, plain, how, flags);
    keep(work, apart, how, flags);
    if (!digits || !has_digit(plain))
        return;
    scripts_text guessed = {.arena = work->arena};
    scripts_text_add(&guessed, plain.ptr, plain.len);
    if (guessed.length == plain.len && scripts_fold_digits(guessed.bytes, guessed.length))
        keep(work, (tk_str){guessed.bytes, guessed.length}, how, flags | SCRIPTS_GUESSED);
}

static tk_status read_manner(scripts_work *work, scripts_manner *manner)
{
    scripts_text text = {.arena = work->arena};
    tk_status status = render(work, manner, &text);
    if (status == TK_OK)
        keep_rendered(work, &text, manner->digits, how_of(work, manner), flags_of(work, manner));
    return status;
}

/* --- ASCII ---------------------------------------------------------------------------------------------------- */

static bool is_ascii(tk_str text)
{
    unsigned char all = 0;
    for (size_t i = 0; i < text.len; i++)
        all |= (unsigned char)text.ptr[i];
    return all < 0x80;
}

static bool is_digit_at(tk_str text, size_t at)
{
    return at < text.len && text.ptr[at] >= '0' && text.ptr[at] <= '9';
}

/* What nearly all names are: the same as below, in one walk over the bytes. */
static void read_ascii(scripts_work *work, tk_str text)
{
    size_t ands = 0;
    for (size_t i = 0; i < text.len; i++)
        ands += text.ptr[i] == '&' || text.ptr[i] == '+' ? 1 : 0;
    scripts_text out = {.arena = work->arena, .room = text.len + 4 * ands};
    out.bytes = tk_arena_get(work->arena, out.room);
    if (out.bytes == NULL)
        return;
    for (size_t i = 0; i < text.len; i++) {
        char c = text.ptr[i];
        bool between_digits = i > 0 && is_digit_at(text, i - 1) && is_digit_at(text, i + 1);
        if ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '/' || (c == '.' && !between_digits)) {
            out.bytes[out.length++] = c;
        } else if (c >= 'A' && c <= 'Z') {
            out.bytes[out.length++] = (char)(c + 32);
        } else if (c == '&' || c == '+') {
            memcpy(out.bytes + out.length, " and ", 5);
            out.length += 5;
        } else if (c != '\'' && c != '`' && !(c == ',' && between_digits)) {
            out.bytes[out.length++] = ' ';
        }
    }
    keep_rendered(work, &out, true, SCRIPTS_WRITTEN, 0);
}

/* What a name in these scripts is: a person's with a family name in front, one told by sound, or of words. */
typedef enum cjk_name { CJK_WORDS, CJK_PERSON, CJK_FOREIGN } cjk_name;

static cjk_name cjk_is(scripts_work *work)
{
    enum { CHARS_MAX = 5 };
    size_t runs = 0, chars = 0;
    bool could = true;
    if (work->kind != TK_NAME_UNKNOWN && work->kind != TK_NAME_PERSON)
        return CJK_WORDS;
    for (size_t i = 0; i < work->count;) {
        size_t end = i;
        while (end < work->count && kind_of(&work->chars[end]) == RUN_CJK)
            end++;
        if (end > i) {
            uint32_t *codes = run_codes(work, i, end);
            could = could && codes != NULL && scripts_cjk_is_person(codes, end - i);
            chars += end - i;
            runs++;
        }
        i = end + 1;
    }
    if (work->kind == TK_NAME_UNKNOWN)
        return could && runs == 1 ? CJK_PERSON : CJK_WORDS;
    return chars <= CHARS_MAX && runs <= 2 && !seen(work, SCRIPT_KANA) ? CJK_PERSON : CJK_FOREIGN;
}

/* Chinese, Japanese and Korean: as spoken, as meant, and as spoken elsewhere. */
static tk_status read_cjk(scripts_work *work)
{
    cjk_name is = cjk_is(work);
    bool person = is == CJK_PERSON, foreign = is == CJK_FOREIGN, words = is == CJK_WORDS;
    scripts_han_kind usual = seen(work, SCRIPT_KANA) ? SCRIPTS_JAPANESE : SCRIPTS_MANDARIN;
    scripts_manner spoken = {.digits = true, .cjk = {.read = usual, .person = person, .foreign = foreign}};
    tk_status status = read_manner(work, &spoken);
    scripts_manner meant = {.cjk = {.read = usual, .english = true}};
    if (status == TK_OK && spoken.cjk.meant)
        status = read_manner(work, &meant);
    if (status == TK_OK && seen(work, SCRIPT_HANGUL)) {
        scripts_manner older = {.cjk = {.person = person, .foreign = foreign, .mccune = true, .english = words}};
        status = read_manner(work, &older);
    }
    if (status == TK_OK && seen(work, SCRIPT_HAN)) {
        scripts_manner south = {
            .cjk = {.read = SCRIPTS_CANTONESE, .person = person, .foreign = foreign, .english = words}};
        status = read_manner(work, &south);
    }
    return status;
}

static tk_status read_all(scripts_work *work)
{
    work->look_alikes = put_words_right(work->chars, work->count, false);
    if (seen_cjk(work))
        return read_cjk(work);
    scripts_manner plain = {.digits = true};
    tk_status status = read_manner(work, &plain);
    scripts_manner umlauts = {.umlauts = true};
    if (status == TK_OK && work->umlauts)
        status = read_manner(work, &umlauts);
    bool latin = false, foreign = seen(work, SCRIPT_CYRILLIC) || seen(work, SCRIPT_GREEK);
    for (size_t i = 0; i < work->count; i++)
        latin = latin || (work->chars[i].script == SCRIPT_LATIN && work->chars[i].code > '9');
    if (status == TK_OK && latin && foreign && put_words_right(work->chars, work->count, true)) {
        work->look_alikes = true;
        status = read_manner(work, &plain);
    }
    return status;
}

/* --- short names in brackets ---------------------------------------------------------------------------------- */

static bool is_capital(uint32_t code)
{
    return (code >= 'A' && code <= 'Z') || (0x410 <= code && code <= 0x42F) || code == 0x401 || code == 0x406;
}

static bool is_quote(uint32_t code)
{
    return code == '"' || code == 0xAB || code == 0xBB || (0x2018 <= code && code <= 0x201F);
}

/* What stands in brackets behind a name is its short form when it is quoted or all capitals ("(АО «БПЗ»)", "(NIOEC)"),
 * and no word that tells the name from others, such as a place. */
static bool is_short_form(tk_str text)
{
    bool capitals = true, quoted = false;
    char plain[16];
    size_t letters = 0;
    for (size_t i = 0; i < text.len;) {
        uint32_t code;
        i += decode((const unsigned char *)text.ptr + i, &code);
        quoted = quoted || is_quote(code);
        capitals = capitals && is_capital(code);
        if (letters < sizeof(plain))
            plain[letters++] = (char)(code < 0x80 ? code | 0x20 : '?');
    }
    words_info info;
    bool known = letters < sizeof(plain) && words_find((tk_str){plain, letters}, &info);
    return quoted || (capitals && letters >= 3 && !known);
}

/* The text without such brackets; empty when there are none, or nothing else. */
static tk_str without_short_form(tk_arena *arena, tk_str text)
{
    const char *open = memchr(text.ptr, '(', text.len);
    const char *close = open != NULL ? memchr(open, ')', text.len - (size_t)(open - text.ptr)) : NULL;
    if (close == NULL || open - text.ptr < 4 || !is_short_form((tk_str){open + 1, (size_t)(close - open) - 1}))
        return TK_STR("");
    size_t before = (size_t)(open - text.ptr), behind = text.len - (size_t)(close + 1 - text.ptr);
    char *out = tk_arena_get(arena, before + behind + 1);
    if (out == NULL)
        return TK_STR("");
    memcpy(out, text.ptr, before);
    if (behind > 0)
        memcpy(out + before, close + 1, behind);
    return (tk_str){out, before + behind};
}

/* One more reading of Latin text that is Wade-Giles; longer texts are no names in it. */
static void read_wade(scripts_work *work, tk_str text)
{
    enum { CODES_MAX = 80 };
    uint32_t codes[CODES_MAX];
    size_t count = 0;
    for (size_t i = 0; i < text.len;) {
        uint32_t code;
        i += decode((const unsigned char *)text.ptr + i, &code);
        if (is_invisible(code))
            continue;
        if (count == CODES_MAX)
            return;
        bool blank = script_of_ascii(code) == SCRIPT_NONE && is_separator(code) && !is_apostrophe(code);
        if (blank && (count == 0 || codes[count - 1] == ' '))
            continue;
        codes[count++] = blank ? ' ' : code;
    }
    scripts_text out = {.arena = work->arena};
    if (scripts_wade_read(codes, count, &out))
        keep(work, (tk_str){out.bytes, out.length}, SCRIPTS_ROMANIZED, SCRIPTS_UNSPACED);
}

static tk_status read_text(scripts_work *work, tk_str text)
{
    if (is_ascii(text)) {
        read_ascii(work, text);
        return TK_OK;
    }
    work->chars = TK_ARENA_ARRAY(work->arena, scripts_char, 2 * text.len);
    if (work->chars == NULL)
        return TK_OK;
    take_chars(work, text);
    return read_all(work);
}

tk_status scripts_read(scripts *reader, tk_str text, tk_name_kind kind, tk_arena *arena, scripts_reading *out,
                       size_t max, size_t *count, tk_err *err)
{
    *count = 0;
    if (text.len > TK_NAME_BYTES_MAX)
        return tk_err_set(err, TK_ERR_LIMIT, "a name of %zu bytes; at most %d are read", text.len, TK_NAME_BYTES_MAX);
    size_t wrong = tk_text_utf8_check(text);
    if (wrong < text.len)
        return tk_err_set(err, TK_ERR_INPUT, "the name is not UTF-8: byte %zu", wrong + 1);
    scripts_work work = {.reader = reader, .arena = arena, .err = err, .kind = kind, .out = out, .max = max};
    tk_status status = read_text(&work, text);
    if (status == TK_OK)
        read_wade(&work, text);
    tk_str shorter = text.len > 0 ? without_short_form(arena, text) : TK_STR("");
    if (status == TK_OK && shorter.len > 0) {
        scripts_work again = {.reader = reader, .arena = arena, .err = err, .kind = kind, .out = out, .max = max};
        again.out_count = work.out_count;
        status = read_text(&again, shorter);
        work.out_count = again.out_count;
    }
    if (status == TK_OK && arena->failed)
        status = tk_err_set(err, TK_ERR_MEMORY, "no memory left for reading a name");
    if (status == TK_OK && work.out_count == 0)
        status = tk_err_set(err, TK_ERR_INPUT, "there is no letter and no digit in the name that can be read");
    *count = work.out_count;
    return status;
}
