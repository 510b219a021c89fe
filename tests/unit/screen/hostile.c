/* SPDX-License-Identifier: Apache-2.0 */
/* hostile.c: a version file in which a byte was changed, any byte. The head refuses to be read; what lies behind it may
 * give other answers or a refusal, never a look outside; whoever verifies sees it.
 *
 * The bytes lie in memory of exactly their size, so that a sanitizer sees one too many.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/str.h"
#include "screen/retrieve.h"
#include "seams/shelf.h"

static const char listed[] =
    "EL|e1|c|Northern Optics Limited|Nordoptik;NOL|CN|1 Quay Road|HE 123 456|\n"
    "EL|e2|p|Tamin Orvel||IR|||1962-03-04|2020-01-01|\n"
    "UN|u1|v|Blue Heron||PA||IMO 9187629|\n";

typedef struct fixture {
    tk_names *names;
    const tk_name *typed[3];
    tk_arena arena;
} fixture;

/* Every entry, every name, some questions. */
static void use(fixture *f, const screen_view *view)
{
    tk_arena arena;
    screen_open open;
    screen_matches matches = {.count = 0};
    tk_arena_init(&arena, 4096, 0);
    for (uint64_t i = 0; i < view->head->entries_count; i = screen_list_end(view, i)) {
        tk_list_entry entry;
        (void)(screen_entry_read(view, i, &arena, &entry, NULL) == TK_OK);
        (void)screen_entry_list(view, i);
    }
    assert_int_equal(screen_open_make(&open, view, &arena, NULL), TK_OK);
    open.name = TK_STR("test");
    for (size_t i = 0; i < 3; i++) {
        tk_status status = screen_retrieve(&open, 0, f->names, f->typed[i], 700, &arena, &matches, NULL);
        assert_true(status == TK_OK || status == TK_ERR_CORRUPT);
    }
    tk_str id = TK_STR("9187629");
    tk_status status = screen_retrieve_identifier(&open, 0, f->names, f->typed[0], id, &arena, &matches, NULL);
    assert_true(status == TK_OK || status == TK_ERR_CORRUPT);
    for (size_t i = 0; i < matches.count; i++) {
        tk_list_entry entry;
        tk_comparison why;
        const tk_name *name;
        (void)(screen_entry_read(view, matches.at[i].entry, &arena, &entry, NULL) == TK_OK);
        if (screen_open_name(&open, matches.at[i].name, &name, NULL) == TK_OK)
            assert_int_equal(tk_names_explain(f->names, f->typed[0], name, &arena, &why, NULL), TK_OK);
    }
    tk_arena_fini(&arena);
}

static void change(fixture *f, tk_str whole, size_t at, unsigned char with)
{
    screen_view view;
    char *bytes = malloc(whole.len);
    assert_non_null(bytes);
    memcpy(bytes, whole.ptr, whole.len);
    bytes[at] = (char)((unsigned char)bytes[at] ^ with);
    tk_status status = screen_file_look(bytes, whole.len, &view, NULL);
    if (at < sizeof(screen_head)) {
        assert_int_not_equal(status, TK_OK);
    } else {
        assert_int_equal(status, TK_OK);
        assert_int_equal(screen_file_verify(&view, NULL), TK_ERR_CORRUPT);
        use(f, &view);
    }
    free(bytes);
}

static void test_every_byte(void **state)
{
    test_place *place = *state;
    static const char *const asked[] = {"Northern Optics Limited", "Tamin Orvel", "Blue Heron"};
    fixture f = {.names = NULL};
    tk_out out;
    tk_out_init(&out, NULL);
    tk_arena_init(&f.arena, 4096, 0);
    tk_list_edition edition = test_edition(&place->arena, "us-csl", "2026-07-31", listed);
    assert_int_equal(tk_names_new(&f.names, NULL), TK_OK);
    for (size_t i = 0; i < 3; i++)
        assert_int_equal(tk_names_prepare(f.names, &f.arena, tk_str_from(asked[i]), TK_NAME_UNKNOWN, &f.typed[i], NULL),
                         TK_OK);
    assert_int_equal(screen_file_make(f.names, &edition, 20000, 1, &out, NULL), TK_OK);
    tk_str whole = tk_out_str(&out);
    screen_view view;
    assert_int_equal(screen_file_look(whole.ptr, whole.len, &view, NULL), TK_OK);
    assert_int_equal(screen_file_verify(&view, NULL), TK_OK);
    use(&f, &view);
    for (size_t at = 0; at < whole.len; at++) {
        change(&f, whole, at, 0x01);
        change(&f, whole, at, 0xFF);
    }
    /* Cut off anywhere it is refused. */
    for (size_t len = 0; len < whole.len; len += 1 + len / 64) {
        char *bytes = malloc(len == 0 ? 1 : len);
        assert_non_null(bytes);
        memcpy(bytes, whole.ptr, len);
        assert_int_not_equal(screen_file_look(bytes, len, &view, NULL), TK_OK);
        free(bytes);
    }
    tk_out_fini(&out);
    tk_arena_fini(&f.arena);
    tk_names_free(f.names);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_every_byte, test_place_make, test_place_remove),
    };
    return cmocka_run_group_tests_name("screen/hostile", tests, NULL, NULL);
}
