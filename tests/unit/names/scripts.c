/* SPDX-License-Identifier: Apache-2.0 */
/* scripts.c: readings of every script. A case gives a text and all its readings, in order, with " | " between. */
#include "names/scripts.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/compat.h"
#include "base/limits.h"
#include "base/str.h"
#include "names/scripts_int.h"

/* Libraries cannot be opened while this is set. */
static bool libraries_missing;
void *__real_dlopen(const char *name, int mode);
void *__wrap_dlopen(const char *name, int mode);
void *__wrap_dlopen(const char *name, int mode)
{
    return libraries_missing ? NULL : __real_dlopen(name, mode);
}

typedef struct reader {
    scripts *scripts;
    tk_arena arena;
} reader;

static int setup(void **state)
{
    reader *r = calloc(1, sizeof(*r));
    tk_err err = {0};
    assert_non_null(r);
    assert_int_equal(scripts_new(&r->scripts, &err), TK_OK);
    tk_arena_init(&r->arena, 4096, 0);
    *state = r;
    return 0;
}

static int teardown(void **state)
{
    reader *r = *state;
    scripts_free(r->scripts);
    tk_arena_fini(&r->arena);
    free(r);
    return 0;
}

typedef struct reading_case {
    tk_name_kind kind;
    const char *text, *readings;
} reading_case;

static void check(reader *r, const reading_case *c)
{
    scripts_reading out[SCRIPTS_READINGS_MAX];
    size_t count;
    tk_err err = {0};
    tk_arena_reset(&r->arena);
    tk_status status =
        scripts_read(r->scripts, tk_str_from(c->text), c->kind, &r->arena, out, SCRIPTS_READINGS_MAX, &count, &err);
    if (status != TK_OK)
        fail_msg("%s: %s", c->text, err.message);
    tk_str all = TK_STR("");
    for (size_t i = 0; i < count; i++)
        all = tk_arena_printf(&r->arena, TK_FMT "%s" TK_FMT, TK_ARG_STR(all), i > 0 ? " | " : "",
                              TK_ARG_STR(out[i].text));
    if (!tk_str_is(all, c->readings))
        fail_msg("%s: " TK_FMT, c->text, TK_ARG_STR(all));
}

static void check_all(void **state, const reading_case *cases, size_t count)
{
    for (size_t i = 0; i < count; i++)
        check(*state, &cases[i]);
}

#define U TK_NAME_UNKNOWN
#define P TK_NAME_PERSON
#define C TK_NAME_COMPANY

static void test_scripts_latin(void **state)
{
    static const reading_case cases[] = {
        {C, "Hua Wei Technologies Co., Ltd.", "hua wei technologies co ltd"},
        {C, "S.A. de C.V.", "sa de cv"},
        {C, "ACME L.L.C.", "acme llc"},
        {C, "U.S.A. Trading", "usa trading"},
        {C, "St. John's", "st johns"},
        {C, "A/S Norsk K/K", "as norsk kk"},
        {C, "Sp. z o.o.", "sp z oo"},
        {C, "Co.,Ltd", "co ltd"},
        {C, "Example.com", "example com"},
        {C, "Johnson & Johnson", "johnson and johnson"},
        {C, "A+B", "a and b"},
        {C, "1,000 Islands 3.5", "1000 islands 3 5"},
        {C, "Plant \xE2\x84\x96" "14", "plant no 14"},
        {P, "J.R. Smith", "j r smith"},
        {C, "J.R. Smith", "jr smith"},
        {P, "al-Duri, Ma'mun O\xE2\x80\x99Neil", "al duri mamun oneil"},
        {P, "  Smith ,  John\t", "smith john"},
        {C, "\xC5\x81\xC3\xB3" "d\xC5\xBA \xC4\x90\xC3\x9E", "lodz dth"},
        {C, "\xC4\xB0stanbul \xC5\x9Eirketi", "istanbul sirketi"},
        {C, "Stra\xC3\x9F" "e", "strasse"},
        {P, "Nguy\xE1\xBB\x85n V\xC4\x83n", "nguyen van"},
        {P, "Bjo\xCC\x88rk", "bjork | bjoerk"},
        {C, "M\xC3\xBCller", "muller | mueller"},
        {C, "ＦＵＬＬ Ｃo．，Ltd", "full co ltd"},
        {C, "Hua\xE2\x80\x8Bwei Tech\xC2\xADnology\xEF\xBB\xBF", "huawei technology"},
        {C, "\xEF\xAC\x81rst \xE2\x85\xA3 \xE2\x91\xA1", "first iv 2"},
        {C, "Huawei\xC2\xA0Technologies", "huawei technologies"},
        {C, "Acme Oil Engineering (AOEC) Ltd", "acme oil engineering aoec ltd | acme oil engineering ltd"},
        {C, "Acme (\"Acme Oil\")", "acme acme oil | acme"},
        {C, "Acme (UAE) Ltd", "acme uae ltd"},
        {C, "Acme (Oil) Ltd", "acme oil ltd"},
        {C, "(ACME) Ltd", "acme ltd"}};
    check_all(state, cases, TK_COUNT(cases));
    assert_false(scripts_icu_open(((reader *)*state)->scripts));
}

static void test_scripts_guesses(void **state)
{
    static const reading_case cases[] = {
        {C, "G00gle", "g00gle | google"},
        {C, "Micr0soft 14th Unit", "micr0soft 14th unit | microsoft 14th unit"},
        {C, "5amsung", "5amsung | samsung"},
        {C, "Boeing747 H3C 3M B2B", "boeing747 h3c 3m b2b"},
        {C, "Micros\xD0\xBE" "ft \xD0\xA1orp", "microsoft corp"},               /* Cyrillic o and C */
        {P, "Iгор Астранiн", "igor astranin"}, /* Latin I and i in Cyrillic words */
        {C, "\xCE\x91" "pple", "apple"},                                         /* Greek Alpha */
        {C, "IBM \xD0\xA1\xD0\xA1\xD0\xA1", "ibm sss | ibm ccc"},                /* a word of look-alikes alone */
        {C, "IBM \xD0\x9C\xD0\xB8\xD1\x80", "ibm mir"}};
    check_all(state, cases, TK_COUNT(cases));
}

static void test_scripts_wade(void **state)
{
    static const reading_case cases[] = {
        {P, "Mao Tse-tung", "mao tse tung | mao ze dong"},
        {P, "Teng Hsiao-p'ing", "teng hsiao ping | deng xiao ping"},
        {P, "Ts\xE2\x80\x99" "ao Kang-ch'uan", "tsao kang chuan | cao gang chuan"},
        {P, "Chiang Ching-kuo", "chiang ching kuo | jiang jing guo"},
        {P, "Hs\xC3\xBC Chih-yung", "hsu chih yung | hsue chih yung | xu zhi yong"},
        {P, "Li Tsung-jen", "li tsung jen | li zong ren"},
        {C, "Hsinhua Trading Co", "hsinhua trading co | xinhua trading co"},
        {C, "Tzukuang", "tzukuang | ziguang"},
        {P, "Deng Xiaoping", "deng xiaoping"}, /* pinyin already */
        {P, "Li Wang", "li wang"},
        {C, "Ministry of Labour", "ministry of labour"}};
    check_all(state, cases, TK_COUNT(cases));
}

static void test_scripts_letters(void **state)
{
    static const reading_case cases[] = {
        /* Russian, Ukrainian, Belarusian, Serbian, Kazakh */
        {P, "\xD0\xAE\xD1\x80\xD0\xB8\xD0\xB9 \xD0\xA9\xD1\x83\xD0\xBA\xD0\xB8\xD0\xBD", "yuriy shchukin"},
        {C, "\xD0\x9E.\xD0\x9E.\xD0\x9E. \xD0\x97\xD0\xB0\xD0\xB2\xD0\xBE\xD0\xB4", "ooo zavod"},
        {P, "\xD0\x84\xD0\xB2\xD0\xB3\xD0\xB5\xD0\xBD \xD0\x87\xD0\xB6\xD0\xB0\xD0\xBA", "yevgen yizhak"},
        {P, "\xD0\x91\xD1\x8B\xD0\xBA\xD0\xB0\xD1\x9E", "bykau"},
        {P, "\xD0\x89\xD1\x83\xD0\xB1\xD0\xB8\xD1\x9B \xD0\x8F", "ljubic dz"},
        {C, "\xD2\x9A\xD0\xB0\xD0\xB7\xD0\xB0\xD2\x9B", "kazak"},
        {P, "\xD0\xB8\xCC\x86", "y"}, /* breve apart */
        /* Greek, Georgian, Armenian */
        {C, "\xCE\x95\xCF\x84\xCE\xB1\xCE\xB9\xCF\x81\xCE\xB5\xCE\xAF\xCE\xB1 \xCE\x91.\xCE\x95.", "etaireia ae"},
        {C, "\xE1\xBC\x88\xCE\xB8\xE1\xBF\x86\xCE\xBD\xCE\xB1\xCE\xB9", "athinai"},
        {C, "\xE1\x83\x97\xE1\x83\x91\xE1\x83\x98\xE1\x83\x9A\xE1\x83\x98\xE1\x83\xA1\xE1\x83\x98", "tbilisi"},
        {C, "\xD4\xB5\xD6\x80\xD6\x87\xD5\xA1\xD5\xB6", "erevan"}};
    check_all(state, cases, TK_COUNT(cases));
    assert_false(scripts_icu_open(((reader *)*state)->scripts));
}

static void test_scripts_abjads(void **state)
{
    static const reading_case cases[] = {
        {P, "محمد الدوري", "muhammad al duri"},
        {P, "عبدالرحمن", "abd al rahman"},
        {P, "عبدالسلطان", "abd al sultan"},
        {P, "عبد الله الله", "abdallahallah | abd allah allah"},
        {P, "روح الله جلال الدين الدوري", "ruhallah jalalaldin al duri | ruh allah jalal al din al duri"},
        {P, "الدين", "al din"},
        {C, "روح الله", "ruh allah"},
        {P, "محمدباقر علیرضا", "muhammadbaqir alireza"},
        {P, "علي علی", "ali ali"},
        {P, "مُحَمَّد", "muhammad"},
        {P, "\xEF\xBB\xA3\xEF\xBA\xA4\xEF\xBB\xA4\xEF\xBA\xAA", "muhammad"}, /* forms by position */
        {C, "شركة النفط", "sharika al naft"},
        {C, "بنک ۲۰", "bank 20"},
        {C, "والسلطان", "and al sultan"},
        {P, "זגרוב", "zgrwb"},
        {C, "בנק ישראל בע\"מ", "bank israel ba m"},
        {P, "דוד כהן", "david cohen"}};
    check_all(state, cases, TK_COUNT(cases));
    assert_false(scripts_icu_open(((reader *)*state)->scripts));
}

static void test_scripts_chinese(void **state)
{
    static const reading_case cases[] = {
        {C, "华为技术有限公司",
         "huawei jishu youxian gongsi | huawei technology co ltd"},
        {C, "華為技術有限公司",
         "huawei jishu youxian gongsi | huawei technology co ltd"},
        {C, "上海先进半导体制造股份有限公司",
         "shanghai xianjin bandaoti zhizao gufen youxian gongsi | "
         "shanghai advanced semiconductor manufacturing co ltd"},
        {C, "佟某科技", "tongmou keji | tongmou technology | tungmau technology"},
        {C, "第十四研究所", "14 yanjiusuo | 14 research institute"},
        {C, "七一八研究所", "718 yanjiusuo | 718 research institute"},
        {C, "三十八所", "38 suo | 38 institute"},
        {C, "三一重工", "sanyi zhonggong | sanyi heavy industry | samyat heavy industry"},
        {C, "深圳市电子厂", "shenzhen dianzi chang | shenzhen electronics factory"},
        {C, "香港貿易", "xianggang maoyi | hong kong trading"},
        {U, "王小明", "wang xiaoming | wong siuming"},
        {P, "曾国藩", "zeng guofan | tsang kwokfan"},
        {P, "欧阳修", "ouyang xiu | auyeung sau"},
        {P, "呂布", "lu bu | lui po"},
        {U, "陳大文", "chen dawen | chan taiman"},
        {C, "ABC科技", "abc keji | abc technology"}};
    check_all(state, cases, TK_COUNT(cases));
    assert_false(scripts_icu_open(((reader *)*state)->scripts));
}

static void test_scripts_korean(void **state)
{
    static const reading_case cases[] = {
        {U, "김정은", "kim jeong eun | kim jong un"},
        {P, "이재용", "lee jae yong | yi jae yong"},
        {C, "삼성전자 주식회사", "samseong jeonja jusik hoesa | samsung electronics co ltd"},
        {C, "조선무역회사", "choson muyok hoesa | korea trading company"},
        {C, "\xE3\x88\x9C한국", "jusik hoesa hanguk | co ltd korea"}};
    check_all(state, cases, TK_COUNT(cases));
}

static void test_scripts_japanese(void **state)
{
    static const reading_case cases[] = {
        {C, "ソニーグループ株式会社", "soni gurupu kabushiki kaisha | soni group co ltd"},
        {C, "キャノン", "kyanon"},
        {C, "シャープ", "shapu"},
        {C, "ファナック", "fanakku"},
        {C, "マッチ", "matchi"},
        {C, "がくえん", "gakuen"},
        {C, "か\xE3\x82\x99", "ga"}, /* voicing mark apart */
        {C, "\xEF\xBD\xBF\xEF\xBE\x86\xEF\xBD\xB0", "soni"}, /* narrow */
        {C, "佐々木ソフト", "sasabokusofuto | tsotsomuksofuto"}};
    check_all(state, cases, TK_COUNT(cases));
}

static void test_scripts_icu(void **state)
{
    reader *r = *state;
    static const reading_case cases[] = {{C, "टाटा मोटर्स", "tata motarsa"}, {C, "ไทย", "thiy"}};
    check_all(state, cases, TK_COUNT(cases));
    assert_true(scripts_icu_open(r->scripts));
}

/* Without ICU, names of its scripts are refused, and all others read. */
static void test_scripts_icu_missing(void **state)
{
    reader *r = *state;
    scripts_reading out[SCRIPTS_READINGS_MAX];
    size_t count;
    tk_err err = {0};
    libraries_missing = true;
    tk_status status = scripts_read(r->scripts, TK_STR("ไทย"), C, &r->arena, out, SCRIPTS_READINGS_MAX, &count, &err);
    assert_int_equal(status, TK_ERR_USAGE);
    assert_non_null(strstr(err.message, "needs ICU"));
    assert_int_equal(count, 0);
    check(r, &(reading_case){C, "华为", "huawei"});
    libraries_missing = false;
    check(r, &(reading_case){C, "ไทย", "thiy"});
}

static unsigned flags_of(reader *r, const char *text, size_t at)
{
    scripts_reading out[SCRIPTS_READINGS_MAX];
    size_t count;
    tk_err err = {0};
    tk_arena_reset(&r->arena);
    assert_int_equal(scripts_read(r->scripts, tk_str_from(text), TK_NAME_COMPANY, &r->arena, out, SCRIPTS_READINGS_MAX,
                                  &count, &err),
                     TK_OK);
    assert_true(at < count);
    return out[at].flags | (unsigned)out[at].how << 8;
}

static void test_scripts_flags(void **state)
{
    reader *r = *state;
    assert_int_equal(flags_of(r, "Acme", 0), SCRIPTS_WRITTEN << 8);
    assert_int_equal(flags_of(r, "G00gle", 0), SCRIPTS_WRITTEN << 8);
    assert_int_equal(flags_of(r, "G00gle", 1), SCRIPTS_WRITTEN << 8 | SCRIPTS_GUESSED);
    assert_int_equal(flags_of(r, "\xD0\x97\xD0\xB0\xD0\xB2\xD0\xBE\xD0\xB4", 0), SCRIPTS_ROMANIZED << 8);
    assert_int_equal(flags_of(r, "محمد", 0), SCRIPTS_ROMANIZED << 8);
    assert_int_equal(flags_of(r, "قطمیر", 0), SCRIPTS_ROMANIZED << 8 | SCRIPTS_UNVOWELLED);
    assert_int_equal(flags_of(r, "华为技术", 0), SCRIPTS_ROMANIZED << 8 | SCRIPTS_UNSPACED);
    assert_int_equal(flags_of(r, "华为技术", 1), SCRIPTS_TRANSLATED << 8 | SCRIPTS_UNSPACED);
}

static void test_scripts_refused(void **state)
{
    reader *r = *state;
    scripts_reading out[SCRIPTS_READINGS_MAX];
    size_t count;
    static const char *const nothing[] = {"", " ", "...", "\xE2\x98\x85", "\xE2\x80\x8B", "'"};
    for (size_t i = 0; i < TK_COUNT(nothing); i++) {
        tk_err err = {0};
        assert_int_equal(scripts_read(r->scripts, tk_str_from(nothing[i]), U, &r->arena, out, 8, &count, &err),
                         TK_ERR_INPUT);
        assert_non_null(strstr(err.message, "no letter and no digit"));
        assert_int_equal(count, 0);
    }
    tk_err err = {0};
    assert_int_equal(scripts_read(r->scripts, TK_STR("ab\xFF"), U, &r->arena, out, 8, &count, &err), TK_ERR_INPUT);
    assert_non_null(strstr(err.message, "byte 3"));
    char longest[TK_NAME_BYTES_MAX + 1];
    memset(longest, 'x', sizeof(longest));
    tk_err too_long = {0};
    assert_int_equal(scripts_read(r->scripts, (tk_str){longest, TK_NAME_BYTES_MAX}, U, &r->arena, out, 8, &count, &err),
                     TK_OK);
    assert_int_equal(
        scripts_read(r->scripts, (tk_str){longest, sizeof(longest)}, U, &r->arena, out, 8, &count, &too_long),
        TK_ERR_LIMIT);
    /* Fewer readings than there are: the first ones. */
    assert_int_equal(scripts_read(r->scripts, TK_STR("M\xC3\xBCller"), U, &r->arena, out, 1, &count, &err), TK_OK);
    assert_int_equal(count, 1);
    assert_true(tk_str_is(out[0].text, "muller"));
}

static void test_scripts_memory(void **state)
{
    reader *r = *state;
    scripts_reading out[SCRIPTS_READINGS_MAX];
    static const char *const texts[] = {"Acme Trading Co., Ltd.", "华为技术有限公司", "محمد الدوري", "टाटा"};
    for (size_t i = 0; i < TK_COUNT(texts); i++)
        for (size_t limit = 1; limit < 4000; limit += 61) {
            tk_arena small;
            tk_arena_init(&small, 256, limit);
            size_t count;
            tk_err err = {0};
            tk_status status = scripts_read(r->scripts, tk_str_from(texts[i]), C, &small, out, 8, &count, &err);
            assert_true(status == TK_ERR_MEMORY || (status == TK_OK && count > 0));
            tk_arena_fini(&small);
        }
}

/* The tables that the build made: sorted, no character twice, every syllable plain letters. */
static void test_scripts_tables(void **state)
{
    (void)state;
    for (size_t i = 1; i < scripts_letters_count; i++)
        assert_true(scripts_letters[i - 1].code < scripts_letters[i].code);
    for (size_t i = 1; i < scripts_compatibles_count; i++)
        assert_true(scripts_compatibles[i - 1].code < scripts_compatibles[i].code);
    size_t read = 0;
    for (size_t i = 0; i < SCRIPTS_HAN_COUNT; i++)
        read += scripts_han[SCRIPTS_MANDARIN][i] != 0 ? 1 : 0;
    assert_true(read > 25000);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_scripts_latin, setup, teardown),
        cmocka_unit_test_setup_teardown(test_scripts_guesses, setup, teardown),
        cmocka_unit_test_setup_teardown(test_scripts_wade, setup, teardown),
        cmocka_unit_test_setup_teardown(test_scripts_letters, setup, teardown),
        cmocka_unit_test_setup_teardown(test_scripts_abjads, setup, teardown),
        cmocka_unit_test_setup_teardown(test_scripts_chinese, setup, teardown),
        cmocka_unit_test_setup_teardown(test_scripts_korean, setup, teardown),
        cmocka_unit_test_setup_teardown(test_scripts_japanese, setup, teardown),
        cmocka_unit_test_setup_teardown(test_scripts_icu, setup, teardown),
        cmocka_unit_test_setup_teardown(test_scripts_icu_missing, setup, teardown),
        cmocka_unit_test_setup_teardown(test_scripts_flags, setup, teardown),
        cmocka_unit_test_setup_teardown(test_scripts_refused, setup, teardown),
        cmocka_unit_test_setup_teardown(test_scripts_memory, setup, teardown),
        cmocka_unit_test(test_scripts_tables)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
