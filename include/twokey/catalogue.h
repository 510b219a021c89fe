/* SPDX-License-Identifier: Apache-2.0 */
/* twokey/catalogue.h: what is on record about items, places and parties, a source per row.
 *
 * Four CSV tables (docs/catalogue.md): items.csv, places.csv, groups.csv, parties.csv. A cell is a value, empty (not
 * known), `none` (known to be absent: a number format that is not offered, no die that counts) or bounds `a .. b`.
 * Those are three different things and stay so: an empty format leaves total processing performance (TPP) with a lower
 * bound only, `none` is skipped.
 *
 * Figures are worked out by the rules' own definitions (15 CFR 774 supp. 1, technical notes to 3A090):
 *   TPP      the maximum over the number formats of dense tera-operations per second times bit length
 *   density  TPP divided by the area of all dies made with non-planar transistors, in mm2
 * A `tpp` cell in the table replaces the sum where the figure itself is disputed.
 *
 *     tk_catalogue *catalogue = NULL;
 *     status = tk_catalogue_read(&texts, &catalogue, &err);
 *     const tk_item *item = tk_catalogue_item(catalogue, 0);
 *     // item->tpp.as.range.lo in millionths: 15832000000
 *     tk_catalogue_free(catalogue);
 *
 * Ownership   All text is borrowed from the texts given to tk_catalogue_read, which must outlive the catalogue, or is
 *             the catalogue's own. Read-only after reading: any number of threads may use it.
 * Errors      TK_ERR_INPUT names file, line, column, value and what was expected. A table with one wrong row is refused
 *             whole: an item or party that is silently left out would change answers.
 */
#ifndef TWOKEY_CATALOGUE_H
#define TWOKEY_CATALOGUE_H

#include "twokey/base.h"
#include "twokey/rulebook.h"
#include "twokey/value.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct tk_catalogue tk_catalogue;

/* One table as text; `name` is for messages ("catalogue/items.csv"). */
typedef struct tk_catalogue_texts {
    tk_source items, places, groups, parties;
    /* Added to `parties`, in place of those of the same id: those of a book, then a desk's own; text.ptr NULL: none. */
    tk_source book_parties, own_parties;
} tk_catalogue_texts;

TK_EXPORT TK_MUST_USE tk_status tk_catalogue_read(const tk_catalogue_texts *texts, tk_catalogue **out, tk_err *err);
TK_EXPORT void tk_catalogue_free(tk_catalogue *catalogue);

/* --- items: X(ENUM, "column") --- */

#define TK_ITEM_COLUMNS(X)                                                                                           \
    X(ID, "id")                                                                                                      \
    X(NAME, "name")                                                                                                  \
    X(VENDOR, "vendor")                                                                                              \
    X(VENDOR_HQ, "vendor_hq")                                                                                        \
    X(PRODUCT, "product")                                                                                            \
    X(KIND, "kind")                                                                                                  \
    X(LAUNCH_DATE, "launch_date")                                                                                    \
    X(US_SALE_DATE, "us_sale_date")                                                                                  \
    X(US_SALE_SOURCE, "us_sale_source")                                                                              \
    X(DATACENTER, "datacenter")                                                                                      \
    X(FP64, "fp64")                                                                                                  \
    X(FP32, "fp32")                                                                                                  \
    X(TF32, "tf32")                                                                                                  \
    X(BF16, "bf16")                                                                                                  \
    X(FP16, "fp16")                                                                                                  \
    X(FP8, "fp8")                                                                                                    \
    X(INT8, "int8")                                                                                                  \
    X(FP4, "fp4")                                                                                                    \
    X(INT4, "int4")                                                                                                  \
    X(TPP, "tpp")                                                                                                    \
    X(DIE_AREA, "die_area")                                                                                          \
    X(PROCESS_NM, "process_nm")                                                                                      \
    X(MEMORY_GB, "memory_gb")                                                                                        \
    X(MEMORY_TYPE, "memory_type")                                                                                    \
    X(DRAM_BANDWIDTH, "dram_bandwidth")                                                                              \
    X(IO_BANDWIDTH, "io_bandwidth")                                                                                  \
    X(MEMORY_DENSITY, "memory_density")                                                                              \
    X(TDP, "tdp")                                                                                                    \
    X(PRICE_USD, "price_usd")                                                                                        \
    X(CONFIDENCE, "confidence")                                                                                      \
    X(SOURCE, "source")                                                                                              \
    X(NOTE, "note")

typedef enum tk_item_column {
#define X(NAME, text) TK_ITEM_##NAME,
    TK_ITEM_COLUMNS(X)
#undef X
    TK_ITEM_COLUMN_COUNT
} tk_item_column;

typedef struct tk_item {
    tk_str cells[TK_ITEM_COLUMN_COUNT]; /* as in the table */
    tk_value tpp;     /* worked out, or as the table says; unknown, or bounds */
    tk_value tops;    /* the largest rate, whatever its bit length (15 CFR 774 supp. 1, notes to 3A991) */
    tk_value density; /* for people, rounded to millionths; NONE: not computable, no die counts */
    uint32_t line;    /* in the table */
} tk_item;

TK_EXPORT tk_str tk_item_column_name(tk_item_column column);
TK_EXPORT size_t tk_catalogue_item_count(const tk_catalogue *catalogue);
/* In the order of the table. */
TK_EXPORT const tk_item *tk_catalogue_item(const tk_catalogue *catalogue, size_t index);
/* The bit length a format counts with, 0 for a column that is no number format. TF32 counts with 32 bits; where that is
 * disputed the table gives bounds for TPP. */
TK_EXPORT unsigned tk_item_format_bits(tk_item_column column);
/* One format's rate times its bit length; UNKNOWN or NONE as the cell is. */
TK_EXPORT tk_value tk_item_format_tpp(const tk_item *item, tk_item_column column);

/* --- places --- */

typedef struct tk_place {
    tk_str code, name;
    tk_str also; /* what else it is called, with `;` between; to suggest, not to read */
} tk_place;
TK_EXPORT size_t tk_catalogue_place_count(const tk_catalogue *catalogue);
/* By code. */
TK_EXPORT const tk_place *tk_catalogue_place(const tk_catalogue *catalogue, size_t index);
/* Is `name`, in either case, one of the things the place is also called? */
TK_EXPORT bool tk_place_also_called(const tk_place *place, tk_str name);
/* Signed, dated rows, in the order of the table; `unverified` for confidence G or L. */
TK_EXPORT const tk_group_row *tk_catalogue_groups(const tk_catalogue *catalogue, size_t *count);

/* --- parties --- */

typedef struct tk_party {
    tk_str id, name, source, note;
    const tk_str *attributes; /* one cell per attribute of the tables, in their order; "" where the table lacks it */
    const uint32_t *columns;  /* where each of them stands in its line, from 1; 0 where the table lacks it */
    tk_str file;              /* the table it is from */
    uint32_t line;
    bool own;                 /* from own_parties */
} tk_party;
TK_EXPORT size_t tk_catalogue_party_count(const tk_catalogue *catalogue);
TK_EXPORT const tk_party *tk_catalogue_party(const tk_catalogue *catalogue, size_t index);
/* Columns of the table that are facts of a party ("hq", "class", …); a rulebook that declares more may be given
 * more. */
TK_EXPORT const tk_str *tk_catalogue_party_attributes(const tk_catalogue *catalogue, size_t *count);
/* How many of them the table `parties` has; those behind are columns of the other tables alone. */
TK_EXPORT size_t tk_catalogue_party_attributes_shared(const tk_catalogue *catalogue);

#ifdef __cplusplus
}
#endif
#endif
