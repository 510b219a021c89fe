/* SPDX-License-Identifier: Apache-2.0 */
#include "seams/chance.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>

#include <cmocka.h>

#include "base/num.h"
#include "base/str.h"

uint64_t test_random(uint64_t *state)
{
    uint64_t z = *state += UINT64_C(0x9E3779B97F4A7C15);
    z = (z ^ z >> 30) * UINT64_C(0xBF58476D1CE4E5B9);
    z = (z ^ z >> 27) * UINT64_C(0x94D049BB133111EB);
    return z ^ z >> 31;
}

uint64_t test_chosen(const char *name, uint64_t usual)
{
    const char *text = getenv(name);
    tk_num value = 0;
    if (text == NULL)
        return usual;
    assert_int_equal(tk_num_parse(tk_str_from(text), &value, NULL), TK_OK);
    return (uint64_t)(value / TK_NUM_SCALE);
}
