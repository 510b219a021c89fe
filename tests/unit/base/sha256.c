/* SPDX-License-Identifier: Apache-2.0 */
/* sha256.c: digests of framed parts. Every expected value was worked out by another implementation (Python's hashlib)
 * over: for each part, its length as eight bytes, least first, then its bytes. */
#include "base/sha256.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/str.h"

static void check(const tk_str *parts, size_t count, const char *expected)
{
    tk_sha256 *hash = NULL;
    assert_int_equal(tk_sha256_new(&hash, NULL), TK_OK);
    /* Twice: a finished hash starts anew. */
    for (int round = 0; round < 2; round++) {
        char digest[TK_SHA256_HEX_BYTES];
        for (size_t i = 0; i < count; i++)
            tk_sha256_add(hash, parts[i]);
        assert_int_equal(tk_sha256_finish(hash, digest, NULL), TK_OK);
        assert_string_equal(digest, expected);
    }
    tk_sha256_free(hash);
}

static void test_sha256_vectors(void **state)
{
    (void)state;
    tk_str empty = TK_STR(""), abc = TK_STR("abc");
    tk_str long_text = TK_STR("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq");
    check(NULL, 0, "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
    check(&empty, 1, "af5570f5a1810b7af78caf4bc70a660f0df51e42baf91d4de5b2328de0e83dfc");
    check(&abc, 1, "ce91dc5eec0139adf091900d225971d6ad246a845bad791b5693a9d0d55dd391");
    check(&long_text, 1, "f0d126df0d1e1fd6c9c19ae3b282dcc7dce52b72d1372e4292f5da9d1479073b");
}

/* The border between two parts is part of what is hashed. */
static void test_sha256_frames(void **state)
{
    (void)state;
    tk_str first[2] = {TK_STR("ab"), TK_STR("c")}, second[2] = {TK_STR("a"), TK_STR("bc")};
    check(first, 2, "43ee655579de01ca739b3f95c1c2d3f46d353b2c0df818064ea594506cdb2617");
    check(second, 2, "9a8acca1b6c6c0befd3fbc756aed625da998c998f7252e738c4ef061906b9b21");
}

static void test_sha256_million(void **state)
{
    (void)state;
    enum { MILLION = 1000000, THOUSAND = 1000 };
    char *text = malloc(MILLION);
    tk_str parts[THOUSAND];
    assert_non_null(text);
    memset(text, 'a', MILLION);
    tk_str whole = {text, MILLION};
    check(&whole, 1, "ed0b8b8c0574374dfd3c74e6e7c903ebc27c256dc3feb2752e112bd44c0b1608");
    for (size_t i = 0; i < THOUSAND; i++)
        parts[i] = (tk_str){text, THOUSAND};
    check(parts, THOUSAND, "8404628e6404a9eb3f43379a6767a115bab1e94f6104afd087d0b2f0edd6e193");
    free(text);
}

static void test_sha256_free_nothing(void **state)
{
    (void)state;
    tk_sha256_free(NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_sha256_vectors),
        cmocka_unit_test(test_sha256_frames),
        cmocka_unit_test(test_sha256_million),
        cmocka_unit_test(test_sha256_free_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
