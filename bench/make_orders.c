/* SPDX-License-Identifier: Apache-2.0 */
/* make_orders.c: an order book of any length from a seed, as CSV on standard output.
 *
 *     bench_make_orders ROWS [KINDS] < catalogue/items.csv
 *
 * A row is one of KINDS (24,000 unless said) combinations of item, parties, route, use, dates and evidence, each as
 * likely as the next, so that nothing is gained by remembering the last few; its id, quantity and price are its own.
 * KINDS 0: every row is a combination of its own. The same arguments give the same bytes.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bench.h"

enum { ITEMS_MAX = 1024, ITEM_BYTES_MAX = 65, KINDS_USUAL = 24000 };

typedef struct items {
    char ids[ITEMS_MAX][ITEM_BYTES_MAX];
    size_t count;
} items;

/* The first cell of each line; the catalogue quotes no id. */
static void items_read(items *out)
{
    char line[16384];
    bool header = true;
    while (fgets(line, sizeof(line), stdin) != NULL) {
        size_t len = strcspn(line, ",\r\n");
        if (!header && len != 0 && len < ITEM_BYTES_MAX && out->count < ITEMS_MAX && line[0] != '"') {
            memcpy(out->ids[out->count], line, len);
            out->ids[out->count++][len] = 0;
        }
        header = false;
    }
    if (out->count == 0)
        bench_fail("no items on standard input");
}

#define PICK(state, list) (list)[bench_below((state), sizeof(list) / sizeof((list)[0]))]

static const char *const parties[] = {"alibaba",  "bytedance", "tencent", "baidu",     "china-mobile",
                                      "deepseek", "g42",       "core42",  "microsoft", "alphabet",
                                      "amazon",   "foxconn",   "dell",    "biren"};
static const char *const places[] = {"CN", "CN", "CN", "HK", "MO", "MY", "SG", "TW", "AE", "SA",
                                     "VN", "IN", "DE", "JP", "KR", "US", "US", "GB", "KH", "TR"};
static const char *const activities[] = {"export", "export", "export", "reexport", "transfer", "import"};
static const char *const uses[] = {"", "", "civil", "military", "supercomputer", "us-datacenter", "?"};
static const char *const evidence[] = {
    "",         "", "", "us.licence", "cn.licence", "us.licence;cn.licence", "screened", "screened;end-use-statement",
    "-screened"};

/* A day between 2023-01-01 and 2026-11-28; days 29 to 31 are left out for simplicity. */
static void put_day(uint64_t *state)
{
    uint64_t day = bench_below(state, 47 * 28);
    uint64_t month = day / 28;
    (void)printf(",%04" PRIu64 "-%02" PRIu64 "-%02" PRIu64, 2023 + month / 12, month % 12 + 1, day % 28 + 1);
}

/* A party by its id, or one that is not on record with its headquarters, or nobody. */
static void put_party(uint64_t *state, unsigned named_percent)
{
    uint64_t draw = bench_below(state, 100);
    if (named_percent <= draw)
        (void)fputs(",,", stdout);
    else if (draw % 3 == 0)
        (void)printf(",party-%" PRIu64 ",%s", bench_below(state, 500), PICK(state, places));
    else
        (void)printf(",%s,", PICK(state, parties));
}

int main(int argc, char **argv)
{
    static items catalogue;
    uint64_t rows = argc < 2 ? 0 : strtoull(argv[1], NULL, 10),
             kinds = argc < 3 ? KINDS_USUAL : strtoull(argv[2], NULL, 10);
    if (rows == 0)
        bench_fail("bench_make_orders ROWS [KINDS] < catalogue/items.csv");
    items_read(&catalogue);
    (void)puts("id,quantity,unit_value,currency,item,from,to,activity,ship_date,order_date,purchaser,purchaser_hq,"
               "ultimate_consignee,ultimate_consignee_hq,end_user,end_user_hq,end_use,evidence");
    uint64_t own = 1;
    for (uint64_t row = 0; row < rows; row++) {
        uint64_t kind = kinds == 0 ? row : bench_below(&own, kinds);
        uint64_t state = kind * UINT64_C(0x9e3779b97f4a7c15) + 7;
        (void)printf("order-%07" PRIu64 ",%" PRIu64 ",%" PRIu64 ",USD,%s,%s,%s,%s", row,
                     8 * (1 + bench_below(&own, 250)), 1000 + 10 * bench_below(&own, 4000),
                     catalogue.ids[bench_below(&state, catalogue.count)], PICK(&state, places), PICK(&state, places),
                     PICK(&state, activities));
        put_day(&state);
        put_day(&state);
        put_party(&state, 40);
        put_party(&state, 50);
        put_party(&state, 90);
        (void)printf(",%s,%s\n", PICK(&state, uses), PICK(&state, evidence));
    }
    if (fflush(stdout) != 0)
        bench_fail("the orders could not be written");
    return 0;
}
