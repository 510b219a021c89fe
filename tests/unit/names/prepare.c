/* SPDX-License-Identifier: Apache-2.0 */
/* prepare.c: a prepared name is the same bytes whenever it is prepared, lies where it is put, and a block from a file
 * is believed only when everything it points at is inside.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/limits.h"
#include "base/str.h"
#include "names/block.h"

typedef struct fixture {
    tk_names *names;
    tk_arena arena;
} fixture;

static int setup(void **state)
{
    fixture *f = calloc(1, sizeof(*f));
    tk_err err = {0};
    *state = f;
    if (f == NULL || tk_names_new(&f->names, &err) != TK_OK)
        return -1;
    tk_arena_init(&f->arena, 64 * 1024, 0);
    return 0;
}

static int teardown(void **state)
{
    fixture *f = *state;
    tk_arena_fini(&f->arena);
    tk_names_free(f->names);
    free(f);
    return 0;
}

static const tk_name *prepared(fixture *f, const char *text)
{
    const tk_name *name;
    tk_err err = {0};
    if (tk_names_prepare(f->names, &f->arena, tk_str_from(text), TK_NAME_UNKNOWN, &name, &err) != TK_OK)
        fail_msg("%s: %s", text, err.message);
    return name;
}

static tk_status refused(fixture *f, const char *bytes, size_t length)
{
    const tk_name *name;
    tk_err err = {0};
    tk_status status = tk_names_prepare(f->names, &f->arena, (tk_str){bytes, length}, TK_NAME_UNKNOWN, &name, &err);
    if (status != TK_OK) {
        assert_null(name);
        assert_int_not_equal(err.message[0], 0);
    }
    return status;
}

static void test_same_bytes(void **state)
{
    fixture *f = *state;
    const tk_name *first = prepared(f, "Helvora Optics (Shanghai) Co., Ltd.");
    (void)prepared(f, "上海光学有限公司");
    (void)prepared(f, "Юрий Дорохин");
    const tk_name *again = prepared(f, "Helvora Optics (Shanghai) Co., Ltd.");
    assert_int_equal(tk_name_size_bytes(first), tk_name_size_bytes(again));
    assert_int_equal(tk_name_size_bytes(first) % 8, 0);
    assert_memory_equal(first, again, tk_name_size_bytes(first));
}

static void test_lies_anywhere(void **state)
{
    fixture *f = *state;
    const tk_name *name = prepared(f, "Helvora Optics"), *other = prepared(f, "Helvora Optic");
    size_t size = tk_name_size_bytes(name);
    uint64_t *copy = tk_arena_get(&f->arena, size + 8);
    memcpy(copy + 1, name, size);
    assert_true(tk_name_valid(copy + 1, size));
    const tk_name *moved = (const tk_name *)(const void *)(copy + 1);
    assert_int_equal(tk_names_score(f->names, other, moved, 0), tk_names_score(f->names, other, name, 0));
}

static name_role role_of(const tk_name *name, size_t token)
{
    const name_reading *reading = &name_readings(name)[0];
    assert_in_range(token, 0, reading->tokens_count - 1);
    return (name_role)name_tokens(name, reading)[token].role;
}

static void test_roles(void **state)
{
    fixture *f = *state;
    const tk_name *company = prepared(f, "Helvora Optics Trading No. 14 Ltd.");
    assert_int_equal(role_of(company, 0), ROLE_NAME);
    assert_int_equal(role_of(company, 2), ROLE_GENERIC);
    assert_int_equal(role_of(company, 3), ROLE_NEGLIGIBLE);
    assert_int_equal(role_of(company, 4), ROLE_NUMBER);
    assert_int_equal(role_of(company, 5), ROLE_FORM);
    const tk_name *person = prepared(f, "DOROKHIN, Yuri Anatolyevich");
    assert_int_equal(name_readings(person)[0].person, 2);
    assert_int_equal(role_of(person, 2), ROLE_PATRONYMIC);
    assert_int_equal(role_of(prepared(f, "Limited"), 0), ROLE_NAME); /* nothing else is there */
}

static void test_limits(void **state)
{
    fixture *f = *state;
    char text[TK_NAME_BYTES_MAX + 2];
    memset(text, 'a', sizeof(text));
    assert_int_equal(refused(f, text, TK_NAME_BYTES_MAX), TK_OK);
    assert_int_equal(refused(f, text, TK_NAME_BYTES_MAX + 1), TK_ERR_LIMIT);
    for (size_t i = 0; i < sizeof(text); i++)
        text[i] = i % 2 == 0 ? (char)('b' + i / 2 % 20) : ' ';
    assert_int_equal(refused(f, text, 2 * TK_NAME_TOKENS_MAX), TK_OK);
    assert_int_equal(refused(f, text, 2 * TK_NAME_TOKENS_MAX + 1), TK_ERR_LIMIT);
}

static void test_nothing_to_compare(void **state)
{
    fixture *f = *state;
    assert_int_equal(refused(f, "", 0), TK_ERR_INPUT);
    assert_int_equal(refused(f, " ., - ", 6), TK_ERR_INPUT);
    assert_int_equal(refused(f, "\xff\xfe", 2), TK_ERR_INPUT);
    assert_int_equal(refused(f, "a\xc3", 2), TK_ERR_INPUT);
    assert_int_equal(refused(f, "a\x01\x1b[2J b\0c", 11), TK_OK); /* control characters are no letters */
}

/* A block cut off anywhere, or with any byte changed, is refused or can be compared without harm. */
static void test_hostile_blocks(void **state)
{
    fixture *f = *state;
    const tk_name *name = prepared(f, "Helvora Optics Trading No. 14 Ltd."),
                  *other = prepared(f, "Helvora Trading 14");
    size_t size = tk_name_size_bytes(name), refusals = 0;
    tk_name *copy = tk_arena_get(&f->arena, size);
    for (size_t length = 0; length < size; length++)
        assert_false(tk_name_valid(name, length));
    assert_false(tk_name_valid((const char *)name + 4, size - 4));
    for (size_t at = 0; at < size; at++)
        for (unsigned bit = 0; bit < 8; bit++) {
            memcpy(copy, name, size);
            ((unsigned char *)copy)[at] ^= (unsigned char)(1u << bit);
            if (!tk_name_valid(copy, size)) {
                refusals++;
                continue;
            }
            assert_in_range(tk_names_score(f->names, copy, other, 0), 0, TK_SCORE_ONE);
            tk_comparison found;
            tk_name_key keys[TK_NAME_KEYS_MAX];
            assert_int_equal(tk_names_explain(f->names, other, copy, &f->arena, &found, NULL), TK_OK);
            assert_in_range(tk_names_keys(f->names, copy, TK_NAME_LISTED, keys, TK_NAME_KEYS_MAX), 1,
                            TK_NAME_KEYS_MAX);
        }
    assert_in_range(refusals, 100, 8 * size);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_same_bytes, setup, teardown),
        cmocka_unit_test_setup_teardown(test_lies_anywhere, setup, teardown),
        cmocka_unit_test_setup_teardown(test_roles, setup, teardown),
        cmocka_unit_test_setup_teardown(test_limits, setup, teardown),
        cmocka_unit_test_setup_teardown(test_nothing_to_compare, setup, teardown),
        cmocka_unit_test_setup_teardown(test_hostile_blocks, setup, teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
