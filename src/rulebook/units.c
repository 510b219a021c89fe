/* SPDX-License-Identifier: Apache-2.0 */
/* units.c: the units of the language. Conversion is exact or refused. */
#include "base/str.h"
#include "rulebook/model.h"

/* factor: how many millionths of the dimension's smallest step one unit is. */
static const struct {
    const char *name;
    int dimension;
    int64_t factor;
} units[] = {
    {"mm2", 1, 1},      {"cm2", 1, 100},
    {"MB/s", 2, 1},     {"GB/s", 2, 1000}, {"TB/s", 2, 1000000},
    {"GB/s/mm2", 3, 1},
    {"%", 4, 1},
    {"GB", 5, 1},       {"TB", 5, 1000},
    {"nm", 6, 1},
    {"W", 7, 1},        {"kW", 7, 1000},
    {"USD", 8, 1},
    {"TFLOPS", 9, 1},   {"TOPS", 9, 1},    {"PFLOPS", 9, 1000},
};

int tk_rb_unit_find(tk_str text)
{
    for (size_t i = 0; i < sizeof units / sizeof units[0]; i++)
        if (tk_str_is(text, units[i].name))
            return (int)i;
    return -1;
}

tk_str tk_rb_unit_name(int unit)
{
    return unit < 0 ? (tk_str){"", 0} : tk_str_from(units[unit].name);
}

bool tk_rb_unit_convert(tk_num value, int from, int to, tk_num *out, bool *same_dimension)
{
    *same_dimension = 0 <= from && 0 <= to && units[from].dimension == units[to].dimension;
    if (!*same_dimension)
        return false;
    tk_i128 scaled = (tk_i128)value * units[from].factor;
    if (scaled % units[to].factor != 0)
        return false;
    scaled /= units[to].factor;
    if (scaled < INT64_MIN + 1 || INT64_MAX - 1 < scaled)
        return false;
    *out = (tk_num)scaled;
    return true;
}
