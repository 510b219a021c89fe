/* SPDX-License-Identifier: Apache-2.0 */
/* items.c: accelerators, and their figures by the rules' own definitions.
 *
 * TPP (15 CFR 774 supp. 1, technical notes to 3A090): "2 x MacTOPS x bit length", which is dense tera-operations per
 * second times bit length, the maximum over the bit lengths. Sparse rates do not count. A format that is not offered is
 * skipped; one whose rate nobody knows leaves TPP with a lower bound, for it could be the largest.
 */
#include <string.h>

#include "catalogue/catalogue_int.h"

static const tk_str column_names[TK_ITEM_COLUMN_COUNT] = {
#define X(NAME, text) [TK_ITEM_##NAME] = {text, sizeof(text) - 1},
    TK_ITEM_COLUMNS(X)
#undef X
};

tk_str tk_item_column_name(tk_item_column column)
{
    return column < TK_ITEM_COLUMN_COUNT ? column_names[column] : TK_STR("");
}

static const uint8_t format_bits[TK_ITEM_COLUMN_COUNT] = {
    [TK_ITEM_FP64] = 64, [TK_ITEM_FP32] = 32, [TK_ITEM_TF32] = 32, [TK_ITEM_BF16] = 16, [TK_ITEM_FP16] = 16,
    [TK_ITEM_FP8] = 8,   [TK_ITEM_INT8] = 8,  [TK_ITEM_FP4] = 4,   [TK_ITEM_INT4] = 4,
};

unsigned tk_item_format_bits(tk_item_column column)
{
    return column < TK_ITEM_COLUMN_COUNT ? format_bits[column] : 0;
}

static tk_status number_end(tk_str text, tk_num *out, tk_err *err)
{
    tk_status status = tk_num_parse(text, out, err);
    if (status == TK_OK && *out < 0)
        return tk_err_set(err, TK_ERR_INPUT, "'" TK_FMT "' is below zero", TK_ARG_STR(text));
    return status;
}

tk_status catalogue_number(tk_str cell, tk_value *out, tk_err *err)
{
    cell = tk_str_trim(cell);
    *out = TK_VALUE_UNKNOWN;
    if (cell.len == 0 || tk_str_is(cell, "?"))
        return TK_OK;
    if (tk_str_is(cell, "none")) {
        *out = TK_VALUE_NONE;
        return TK_OK;
    }
    *out = (tk_value){.known = TK_VALUE, .type = TK_TYPE_NUMBER, .as.range = {TK_NUM_MIN, TK_NUM_MAX}};
    size_t dots = 0;
    while (dots + 1 < cell.len && (cell.ptr[dots] != '.' || cell.ptr[dots + 1] != '.'))
        dots++;
    if (cell.len <= dots + 1) {
        tk_status status = number_end(cell, &out->as.range.lo, err);
        out->as.range.hi = out->as.range.lo;
        return status;
    }
    tk_str low = tk_str_trim((tk_str){cell.ptr, dots});
    tk_str high = tk_str_trim((tk_str){cell.ptr + dots + 2, cell.len - dots - 2});
    tk_status status = low.len == 0 ? TK_OK : number_end(low, &out->as.range.lo, err);
    if (status == TK_OK && high.len != 0)
        status = number_end(high, &out->as.range.hi, err);
    if (status == TK_OK && ((low.len == 0 && high.len == 0) || out->as.range.hi < out->as.range.lo))
        return tk_err_set(err, TK_ERR_INPUT, "'" TK_FMT "' bounds nothing; expected a .. b with a below b",
                          TK_ARG_STR(cell));
    return status;
}

static tk_num times_bits(tk_num rate, unsigned bits)
{
    tk_num product;
    return rate == TK_NUM_MIN || rate == TK_NUM_MAX || __builtin_mul_overflow(rate, (tk_num)bits, &product) ? rate
                                                                                                           : product;
}

tk_value tk_item_format_tpp(const tk_item *item, tk_item_column column)
{
    tk_value rate;
    unsigned bits = tk_item_format_bits(column);
    if (bits == 0 || catalogue_number(item->cells[column], &rate, NULL) != TK_OK)
        return TK_VALUE_UNKNOWN;
    if (rate.known == TK_VALUE) {
        rate.as.range.lo = times_bits(rate.as.range.lo, bits);
        rate.as.range.hi = times_bits(rate.as.range.hi, bits);
    }
    return rate;
}

/* The maximum over the formats: of rates, or of rates times bit length. An unknown rate could be the largest. */
static tk_value item_maximum(const tk_item *item, bool times_bit_length)
{
    tk_value most = TK_VALUE_NONE;
    bool unknown = false;
    for (size_t i = 0; i < TK_ITEM_COLUMN_COUNT; i++) {
        if (tk_item_format_bits((tk_item_column)i) == 0)
            continue;
        tk_value one = TK_VALUE_UNKNOWN;
        if (times_bit_length)
            one = tk_item_format_tpp(item, (tk_item_column)i);
        else if (catalogue_number(item->cells[i], &one, NULL) != TK_OK)
            one = TK_VALUE_UNKNOWN;
        unknown |= one.known == TK_UNKNOWN;
        if (one.known != TK_VALUE)
            continue;
        if (most.known != TK_VALUE) {
            most = one;
            continue;
        }
        if (most.as.range.lo < one.as.range.lo)
            most.as.range.lo = one.as.range.lo;
        if (most.as.range.hi < one.as.range.hi)
            most.as.range.hi = one.as.range.hi;
    }
    if (unknown && most.known != TK_VALUE)
        return TK_VALUE_UNKNOWN;
    if (unknown)
        most.as.range.hi = TK_NUM_MAX;
    return most;
}

/* a / b rounded to the nearest millionth; open ends stay open. */
static tk_num quotient(tk_num a, tk_num b)
{
    if (a == TK_NUM_MIN || a == TK_NUM_MAX)
        return a;
    if (b == TK_NUM_MIN || b <= 0)
        return TK_NUM_MAX;
    if (b == TK_NUM_MAX)
        return 0;
    tk_i128 scaled = (tk_i128)a * TK_NUM_SCALE, rounded = (scaled + b / 2) / b;
    return rounded < (tk_i128)TK_NUM_MAX ? (tk_num)rounded : TK_NUM_MAX;
}

static tk_value item_density(const tk_value *tpp, const tk_value *die_area)
{
    if (die_area->known == TK_NONE)
        return TK_VALUE_NONE;
    if (die_area->known != TK_VALUE || tpp->known != TK_VALUE)
        return TK_VALUE_UNKNOWN;
    tk_value density = {.known = TK_VALUE, .type = TK_TYPE_NUMBER};
    density.as.range.lo = quotient(tpp->as.range.lo, die_area->as.range.hi);
    density.as.range.hi = quotient(tpp->as.range.hi, die_area->as.range.lo);
    return density;
}

tk_status catalogue_figures(tk_item *item, tk_err *err)
{
    tk_value given, die_area;
    tk_status status = catalogue_number(item->cells[TK_ITEM_TPP], &given, err);
    if (status == TK_OK)
        status = catalogue_number(item->cells[TK_ITEM_DIE_AREA], &die_area, err);
    if (status != TK_OK)
        return status;
    item->tpp = given.known == TK_UNKNOWN ? item_maximum(item, true) : given;
    item->tops = item_maximum(item, false);
    item->density = item_density(&item->tpp, &die_area);
    return TK_OK;
}

/* --- reading --- */

static const tk_item_column number_columns[] = {
    TK_ITEM_FP64, TK_ITEM_FP32, TK_ITEM_TF32, TK_ITEM_BF16,     TK_ITEM_FP16,           TK_ITEM_FP8,
    TK_ITEM_INT8, TK_ITEM_FP4,  TK_ITEM_INT4, TK_ITEM_TPP,      TK_ITEM_DIE_AREA,       TK_ITEM_PROCESS_NM,
    TK_ITEM_TDP,  TK_ITEM_MEMORY_GB,          TK_ITEM_PRICE_USD, TK_ITEM_DRAM_BANDWIDTH, TK_ITEM_IO_BANDWIDTH,
    TK_ITEM_MEMORY_DENSITY,
};

static tk_status items_check_row(const catalogue_table *table, const tk_item *item, const size_t *at, tk_err *err)
{
    tk_str id = item->cells[TK_ITEM_ID];
    if (!tk_str_is_id(id))
        return catalogue_table_wrong(table, at[TK_ITEM_ID], err,
                                     "'" TK_FMT "' is no id (letters, digits and . _ : - , at most %d)", TK_ARG_STR(id),
                                     TK_ID_BYTES_MAX);
    for (size_t i = 0; i < sizeof(number_columns) / sizeof(number_columns[0]); i++) {
        tk_value value;
        tk_err inner = {0};
        if (catalogue_number(item->cells[number_columns[i]], &value, &inner) != TK_OK)
            return catalogue_table_wrong(table, at[number_columns[i]], err, "%s", inner.message);
    }
    if (item->cells[TK_ITEM_SOURCE].len == 0)
        return catalogue_table_wrong(table, at[TK_ITEM_SOURCE], err,
                                     "'" TK_FMT "' has no source; every row says where it is from", TK_ARG_STR(id));
    return TK_OK;
}

tk_status catalogue_read_items(tk_catalogue *catalogue, const tk_source *source, tk_err *err)
{
    catalogue_table table;
    size_t at[TK_ITEM_COLUMN_COUNT];
    tk_status status = catalogue_table_open(&table, source, err);
    for (size_t i = 0; status == TK_OK && i < TK_ITEM_COLUMN_COUNT; i++)
        status = catalogue_table_column(&table, column_names[i].ptr, &at[i], err);
    catalogue->items = TK_ARENA_ARRAY(&catalogue->keep, tk_item, table.rows_max);
    if (status == TK_OK && catalogue->items == NULL)
        status = tk_err_set(err, TK_ERR_MEMORY, "out of memory for the catalogue");
    while (status == TK_OK && catalogue_table_next(&table, &status, err)) {
        tk_item *item = &catalogue->items[catalogue->items_count];
        item->line = (uint32_t)table.row->line;
        for (size_t i = 0; i < TK_ITEM_COLUMN_COUNT; i++)
            item->cells[i] = tk_arena_copy(&catalogue->keep, tk_str_trim(table.row->cells[at[i]]));
        status = items_check_row(&table, item, at, err);
        if (status == TK_OK)
            status = catalogue_figures(item, err);
        for (size_t i = 0; status == TK_OK && i < catalogue->items_count; i++)
            if (tk_str_eq(catalogue->items[i].cells[TK_ITEM_ID], item->cells[TK_ITEM_ID]))
                status =
                    catalogue_table_wrong(&table, at[TK_ITEM_ID], err, "'" TK_FMT "' stands twice, first in line %u",
                                          TK_ARG_STR(item->cells[TK_ITEM_ID]), catalogue->items[i].line);
        catalogue->items_count++;
    }
    catalogue_table_close(&table);
    return status;
}

size_t tk_catalogue_item_count(const tk_catalogue *catalogue)
{
    return catalogue->items_count;
}

const tk_item *tk_catalogue_item(const tk_catalogue *catalogue, size_t index)
{
    TK_ASSERT(index < catalogue->items_count);
    return &catalogue->items[index];
}
