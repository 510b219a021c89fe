/* SPDX-License-Identifier: Apache-2.0 */
/* values.c: the text form of one fact's value, in and out. One grammar for cells, flags, examples and answers:
 * a value, `?` (unknown), `none`, or bounds `a .. b`, `a ..`, `.. b`. */
#include <string.h>

#include "base/err.h"
#include "base/limits.h"
#include "base/num.h"
#include "base/str.h"
#include "rulebook/model.h"

/* "6 TB/s" in the unit of the fact. */
static tk_status values_read_number(const rb_fact *fact, tk_str text, int64_t *out, tk_err *err)
{
    size_t digits = 0;
    while (digits < text.len && text.ptr[digits] != ' ' && text.ptr[digits] != '\t' && text.ptr[digits] != '%')
        digits++;
    tk_str unit_text = tk_str_trim((tk_str){text.ptr + digits, text.len - digits});
    tk_num value;
    tk_status status = tk_num_parse((tk_str){text.ptr, digits}, &value, err);
    if (status != TK_OK)
        return status;
    if (value == TK_NUM_MIN || value == TK_NUM_MAX)
        return tk_err_set(err, TK_ERR_INPUT, "'" TK_FMT "' is too large a number", TK_ARG_STR(text));
    *out = value;
    if (unit_text.len == 0)
        return TK_OK;
    int unit = tk_rb_unit_find(unit_text);
    bool same_dimension = false;
    if (unit == fact->unit && unit >= 0)
        return TK_OK;
    if (unit < 0 || fact->unit < 0 || !tk_rb_unit_convert(value, unit, fact->unit, out, &same_dimension)) {
        tk_str expected = tk_rb_unit_name(fact->unit);
        return tk_err_set(err, TK_ERR_INPUT, "'" TK_FMT "': '" TK_FMT "' is no unit for %s" TK_FMT, TK_ARG_STR(text),
                          TK_ARG_STR(unit_text), expected.len == 0 ? "a plain number" : "", TK_ARG_STR(expected));
    }
    return TK_OK;
}

/* Figures of an item, how many there are and what one costs, and whatever has a unit: there is no less than none. */
static bool values_is_amount(const rb_fact *fact)
{
    return fact->type == TK_TYPE_NUMBER
           && (fact->unit >= 0 || tk_str_starts(fact->name, TK_STR("item.")) || tk_str_is(fact->name, "quantity")
               || tk_str_is(fact->name, "unit_value"));
}

static tk_status values_not_negative(const rb_fact *fact, tk_str text, int64_t value, tk_err *err)
{
    if (0 <= value || value == TK_NUM_MIN || !values_is_amount(fact))
        return TK_OK;
    return tk_err_set(err, TK_ERR_INPUT,
                      "'" TK_FMT "' is less than nothing; " TK_FMT " is an amount (expected 0 or more)",
                      TK_ARG_STR(text), TK_ARG_STR(fact->name));
}

static tk_status values_read_end(const rb_fact *fact, tk_str text, int64_t *lo, int64_t *hi, tk_err *err)
{
    if (fact->type == TK_TYPE_NUMBER) {
        tk_status status = values_read_number(fact, text, lo, err);
        if (status != TK_OK)
            return status;
        *hi = *lo;
        return values_not_negative(fact, text, *lo, err);
    }
    tk_date first = 0, last = 0;
    tk_status status = tk_date_parse_partial(text, &first, &last, err);
    *lo = first;
    *hi = last;
    return status;
}

static tk_status values_read_range(const rb_fact *fact, tk_str text, tk_value *out, tk_err *err)
{
    const char *dots = NULL;
    for (size_t i = 0; i + 1 < text.len && dots == NULL; i++)
        if (text.ptr[i] == '.' && text.ptr[i + 1] == '.')
            dots = text.ptr + i;
    int64_t unused;
    if (dots == NULL)
        return values_read_end(fact, text, &out->as.range.lo, &out->as.range.hi, err);
    tk_str lo = tk_str_trim((tk_str){text.ptr, (size_t)(dots - text.ptr)});
    tk_str hi = tk_str_trim((tk_str){dots + 2, text.len - (size_t)(dots - text.ptr) - 2});
    out->as.range.lo = TK_NUM_MIN;
    out->as.range.hi = TK_NUM_MAX;
    if (lo.len == 0 && hi.len == 0)
        return tk_err_set(err, TK_ERR_INPUT,
                          "'..' alone bounds nothing (expected 'a .. b', 'a ..' or '.. b'; unknown is '?')");
    if (lo.len != 0) {
        tk_status status = values_read_end(fact, lo, &out->as.range.lo, &unused, err);
        if (status != TK_OK)
            return status;
    }
    if (hi.len != 0) {
        tk_status status = values_read_end(fact, hi, &unused, &out->as.range.hi, err);
        if (status != TK_OK)
            return status;
    }
    if (out->as.range.hi < out->as.range.lo)
        return tk_err_set(err, TK_ERR_INPUT, "'" TK_FMT "': the lower bound is above the upper", TK_ARG_STR(text));
    return TK_OK;
}

static tk_status values_bad_word(const rb_fact *fact, tk_str word, tk_err *err)
{
    tk_nearest nearest = tk_nearest_make(word);
    char list[400];
    size_t len = 0, said = 0;
    for (size_t i = 0; i < fact->words_count; i++) {
        tk_nearest_offer(&nearest, fact->words[i]);
        if (len + fact->words[i].len + 3 < sizeof list) {
            if (said++ != 0) {
                list[len++] = ',';
                list[len++] = ' ';
            }
            memcpy(list + len, fact->words[i].ptr, fact->words[i].len);
            len += fact->words[i].len;
        }
    }
    if (nearest.best.ptr != NULL)
        return tk_err_set(err, TK_ERR_INPUT,
                          "'" TK_FMT "' is no value of " TK_FMT "; did you mean '" TK_FMT "'? (%.*s)",
                          TK_ARG_STR(word), TK_ARG_STR(fact->name), TK_ARG_STR(nearest.best), (int)len, list);
    return tk_err_set(err, TK_ERR_INPUT, "'" TK_FMT "' is no value of " TK_FMT " (expected %.*s)", TK_ARG_STR(word),
                      TK_ARG_STR(fact->name), (int)len, list);
}

static tk_status values_read_words(const rb_fact *fact, tk_str text, tk_value *out, tk_err *err)
{
    tk_str rest = text, part;
    while (tk_str_split(&rest, ';', &part)) {
        part = tk_str_trim(part);
        size_t i = 0;
        if (part.len == 0)
            continue;
        if (tk_str_is(part, "?")) { /* these, and perhaps others */
            uint64_t all = fact->words_count == 64 ? UINT64_MAX : (UINT64_C(1) << fact->words_count) - 1;
            out->as.words.unsure = all;
            continue;
        }
        while (i < fact->words_count && !tk_str_eq_nocase(fact->words[i], part))
            i++;
        if (i == fact->words_count)
            return values_bad_word(fact, part, err);
        out->as.words.in |= UINT64_C(1) << i;
    }
    out->as.words.unsure &= ~out->as.words.in;
    return TK_OK;
}

static tk_status values_read_place(const tk_rulebook *book, const rb_fact *fact, tk_str text, tk_value *out,
                                   tk_err *err)
{
    out->as.place = tk_rb_find_place(book, text);
    if (out->as.place != RB_NONE)
        return TK_OK;
    tk_nearest nearest = tk_nearest_make(text);
    for (size_t i = 0; i < book->places_count; i++)
        tk_nearest_offer(&nearest, book->places[i]);
    if (nearest.best.ptr != NULL)
        return tk_err_set(err, TK_ERR_INPUT,
                          "'" TK_FMT "' is no place for " TK_FMT
                          " (expected a code such as CN); did you mean '" TK_FMT "'?",
                          TK_ARG_STR(text), TK_ARG_STR(fact->name), TK_ARG_STR(nearest.best));
    return tk_err_set(err, TK_ERR_INPUT, "'" TK_FMT "' is no place for " TK_FMT " (expected a code such as CN)",
                      TK_ARG_STR(text), TK_ARG_STR(fact->name));
}

tk_status tk_rulebook_read_value(const tk_rulebook *book, size_t slot, tk_str text, tk_value *out, tk_err *err)
{
    const rb_fact *fact = &book->facts[slot];
    text = tk_str_trim(text);
    *out = (tk_value){.type = (uint8_t)fact->type};
    if (text.len == 0 || tk_str_is(text, "?"))
        return TK_OK;
    bool has_none = false;
    for (size_t i = 0; i < fact->words_count; i++)
        has_none |= tk_str_is(fact->words[i], "none");
    if (tk_str_is(text, "none") && !has_none) {
        /* The empty set is a value, not an absence. */
        out->known = fact->type == TK_TYPE_WORDS ? TK_VALUE : TK_NONE;
        return TK_OK;
    }
    out->known = TK_VALUE;
    switch (fact->type) {
    case TK_TYPE_NUMBER:
    case TK_TYPE_DATE: {
        tk_status status = values_read_range(fact, text, out, err);
        if (status == TK_OK && out->as.range.lo == TK_NUM_MIN && out->as.range.hi == TK_NUM_MAX)
            out->known = TK_UNKNOWN;
        return status;
    }
    case TK_TYPE_WORD:
        for (size_t i = 0; i < fact->words_count; i++) {
            if (tk_str_eq_nocase(fact->words[i], text)) {
                out->as.word = (uint32_t)i;
                return TK_OK;
            }
        }
        return values_bad_word(fact, text, err);
    case TK_TYPE_WORDS:
        return values_read_words(fact, text, out, err);
    case TK_TYPE_PLACE:
        return values_read_place(book, fact, text, out, err);
    case TK_TYPE_NAME:
        if (!tk_str_is_id(text))
            return tk_err_set(err, TK_ERR_INPUT,
                              "'" TK_FMT "' is no id for " TK_FMT " (letters, digits and . _ : -, at most %d)",
                              TK_ARG_STR(text), TK_ARG_STR(fact->name), TK_ID_BYTES_MAX);
        out->as.name = text;
        return TK_OK;
    default:
        return tk_err_set(err, TK_ERR_BUG, "a fact without a type");
    }
}

static size_t values_write_end(const rb_fact *fact, int64_t value, char *out)
{
    return fact->type == TK_TYPE_DATE ? tk_date_format((tk_date)value, out) : tk_num_format(value, out);
}

static size_t values_add(char *out, size_t at, tk_str text)
{
    if (TK_VALUE_TEXT_MAX - 1 - at < text.len)
        text.len = TK_VALUE_TEXT_MAX - 1 - at;
    memcpy(out + at, text.ptr, text.len);
    out[at + text.len] = 0;
    return at + text.len;
}

size_t tk_rulebook_write_value(const tk_rulebook *book, size_t slot, const tk_value *value, char out[TK_VALUE_TEXT_MAX])
{
    const rb_fact *fact = &book->facts[slot];
    size_t at = 0;
    out[0] = 0;
    if (value->known == TK_UNKNOWN)
        return values_add(out, 0, TK_STR("?"));
    if (value->known == TK_NONE)
        return values_add(out, 0, TK_STR("none"));
    switch (fact->type) {
    case TK_TYPE_NUMBER:
    case TK_TYPE_DATE:
        if (value->as.range.lo == value->as.range.hi)
            return values_write_end(fact, value->as.range.lo, out);
        if (value->as.range.lo != TK_NUM_MIN) {
            at = values_write_end(fact, value->as.range.lo, out);
            at = values_add(out, at, TK_STR(" "));
        }
        at = values_add(out, at, TK_STR(".."));
        if (value->as.range.hi != TK_NUM_MAX) {
            at = values_add(out, at, TK_STR(" "));
            at += values_write_end(fact, value->as.range.hi, out + at);
        }
        return at;
    case TK_TYPE_WORD:
        return values_add(out, 0, fact->words[value->as.word]);
    case TK_TYPE_WORDS:
        for (size_t i = 0; i < fact->words_count; i++) {
            if ((value->as.words.in >> i & 1) == 0)
                continue;
            if (at != 0)
                at = values_add(out, at, TK_STR(";"));
            at = values_add(out, at, fact->words[i]);
        }
        if (value->as.words.unsure != 0)
            return values_add(out, at, at == 0 ? TK_STR("?") : TK_STR(";?"));
        return at == 0 ? values_add(out, 0, TK_STR("none")) : at;
    case TK_TYPE_PLACE:
        return values_add(out, 0, book->places[value->as.place]);
    case TK_TYPE_NAME:
        return values_add(out, 0, value->as.name);
    default:
        return 0;
    }
}
