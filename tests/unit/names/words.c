/* SPDX-License-Identifier: Apache-2.0 */
/* words.c: what the word tables know, how words are related, numbers, sounds. */
#include "names/words.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/compat.h"
#include "base/str.h"
#include "names/words_data.h"

static words_info find(const char *word)
{
    words_info info;
    (void)words_find(tk_str_from(word), &info);
    return info;
}

static void test_words_classes(void **state)
{
    (void)state;
    static const struct {
        const char *word;
        uint32_t classes;
    } cases[] = {{"ltd", WORDS_FORM},          {"gmbh", WORDS_FORM},
                 {"trading", WORDS_GENERIC},   {"technology", WORDS_GENERIC},
                 {"shenzhen", WORDS_PLACE},    {"iran", WORDS_PLACE},
                 {"hong kong", WORDS_PLACE},   {"mohammed", WORDS_GIVEN},
                 {"william", WORDS_GIVEN},     {"smith", WORDS_FAMILY},
                 {"ivanov", WORDS_FAMILY},     {"wang", WORDS_FAMILY},
                 {"mr", WORDS_TITLE},          {"haji", WORDS_TITLE},
                 {"al", WORDS_PARTICLE},       {"bin", WORDS_PARTICLE},
                 {"fourteenth", WORDS_NUMBER}, {"xiv", WORDS_NUMBER},
                 {"the", WORDS_NEGLIGIBLE},    {"und", WORDS_NEGLIGIBLE},
                 {"jr", WORDS_SUFFIX},         {"sociedad anonima", WORDS_FORM}};
    for (size_t i = 0; i < TK_COUNT(cases); i++)
        if ((find(cases[i].word).classes & cases[i].classes) == 0)
            fail_msg("%s", cases[i].word);
    words_info info;
    assert_false(words_find(TK_STR("zyxwvu"), &info));
    assert_int_equal(info.classes, 0);
    assert_int_equal(info.number, -1);
    assert_false(words_find(TK_STR(""), &info));
    assert_false(words_find((tk_str){NULL, 0}, &info));
    assert_true(find("smith").family > find("zylstra").family);
    assert_true(find("bank").generic > find("yoga").generic);
}

/* Forms that are alike cost nothing against each other: they have one class. */
static void test_words_forms(void **state)
{
    (void)state;
    static const char *const limited[] = {"ltd", "limited", "ooo", "llc", "gmbh", "sarl", "sro", "sdn bhd",
                                          "co ltd", "limited liability company", "pte ltd", "too",
                                          "obshchestvo s ogranichennoy otvetstvennostyu", "youxian gongsi"};
    static const char *const stock[] = {"plc", "inc", "jsc", "ag", "sa", "oao", "pao", "joint stock company",
                                        "sa de cv", "open joint stock company", "anonim sirketi",
                                        "kabushiki kaisha"};
    for (size_t i = 1; i < TK_COUNT(limited); i++)
        assert_int_equal(find(limited[i]).form, find("ltd").form);
    for (size_t i = 1; i < TK_COUNT(stock); i++)
        assert_int_equal(find(stock[i]).form, find("plc").form);
    assert_int_not_equal(find("ltd").form, find("plc").form);
    assert_int_equal(find("trading").form, 0);
}

static size_t phrase(const char *text, words_info *info)
{
    tk_str rest = tk_str_from(text), tokens[16];
    size_t count = 0;
    while (count < TK_COUNT(tokens) && tk_str_split(&rest, ' ', &tokens[count]))
        count++;
    return words_find_phrase(tokens, count, info);
}

static void test_words_phrases(void **state)
{
    (void)state;
    words_info info;
    assert_int_equal(phrase("joint stock company integral", &info), 3);
    assert_int_equal(info.classes & WORDS_FORM, WORDS_FORM);
    assert_int_equal(phrase("limited liability company", &info), 3);
    assert_int_equal(phrase("limited editions", &info), 1);
    assert_int_equal(phrase("united arab emirates bank", &info), 3);
    assert_int_equal(info.classes & WORDS_PLACE, WORDS_PLACE);
    assert_int_equal(phrase("united bank", &info), 1);
    assert_int_equal(phrase("qwertz bank", &info), 0);
    assert_int_equal(phrase("gmbh and co kg", &info), 4);
    assert_int_equal(words_find_phrase(NULL, 0, &info), 0);
    char longest[300];
    memset(longest, 'a', sizeof(longest));
    tk_str tokens[2] = {TK_STR("joint"), {longest, sizeof(longest)}};
    assert_int_equal(words_find_phrase(tokens, 2, &info), 1);
}

static void test_words_relations(void **state)
{
    (void)state;
    static const struct {
        const char *left, *right;
        words_relation relation;
    } cases[] = {{"intl", "international", WORDS_ABBREVIATION},
                 {"tech", "technologies", WORDS_ABBREVIATION},
                 {"bros", "brothers", WORDS_ABBREVIATION},
                 {"st", "street", WORDS_ABBREVIATION},
                 {"st", "saint", WORDS_ABBREVIATION},
                 {"saint", "street", WORDS_UNRELATED},
                 {"organisation", "organization", WORDS_SAME},
                 {"peking", "beijing", WORDS_SAME},
                 {"chinese", "china", WORDS_SAME},
                 {"bill", "william", WORDS_NICKNAME},
                 {"bill", "will", WORDS_NICKNAME},
                 {"sasha", "aleksandr", WORDS_NICKNAME},
                 {"wong", "huang", WORDS_ROMANIZATION},
                 {"wong", "wang", WORDS_ROMANIZATION},
                 {"qadhafi", "gaddafi", WORDS_ROMANIZATION},
                 {"zavod", "plant", WORDS_TRANSLATION},
                 {"keji", "technology", WORDS_TRANSLATION},
                 {"shenzhen", "china", WORDS_PART},
                 {"shenzhen", "shanghai", WORDS_UNRELATED},
                 {"shenzhen", "iran", WORDS_UNRELATED},
                 {"trading", "shipping", WORDS_UNRELATED},
                 {"qwertz", "qwertz", WORDS_UNRELATED}};
    for (size_t i = 0; i < TK_COUNT(cases); i++) {
        words_info left = find(cases[i].left), right = find(cases[i].right);
        if (words_relate(&left, &right) != cases[i].relation || words_relate(&right, &left) != cases[i].relation)
            fail_msg("%s, %s: %d", cases[i].left, cases[i].right, (int)words_relate(&left, &right));
    }
    assert_int_equal(find("peking").canonical, find("beijing").canonical);
    assert_int_not_equal(find("peking").canonical, find("shanghai").canonical);
}

static void test_words_numbers(void **state)
{
    (void)state;
    static const struct {
        const char *word;
        int32_t number;
    } cases[] = {{"14", 14},      {"14th", 14},      {"1st", 1},       {"fourteenth", 14}, {"fourteen", 14},
                 {"xiv", 14},     {"ii", 2},         {"two", 2},       {"007", 7},         {"999999999", 999999999},
                 {"drei", 3},     {"pervyy", 1},     {"ninety", 90},   {"0", 0}};
    for (size_t i = 0; i < TK_COUNT(cases); i++) {
        int32_t number;
        if (!words_number(tk_str_from(cases[i].word), &number) || number != cases[i].number)
            fail_msg("%s", cases[i].word);
    }
    static const char *const none[] = {"", "a", "14a", "5g", "1234567890", "th", "h200", "bank", "1xx"};
    int32_t number;
    for (size_t i = 0; i < TK_COUNT(none); i++)
        if (words_number(tk_str_from(none[i]), &number))
            fail_msg("%s is %d", none[i], (int)number);
}

static void test_words_sounds(void **state)
{
    (void)state;
    static const char *const alike[][2] = {
        {"mohammed", "muhamad"},   {"mohammed", "mahomet"},   {"yuri", "iurii"},          {"yuri", "youri"},
        {"sergey", "sergej"},      {"aleksandr", "alexander"}, {"ivanov", "ivanoff"},     {"abdallah", "abdulla"},
        {"qasim", "kassem"},       {"qadhafi", "gaddafi"},    {"hussein", "husayn"},      {"youssef", "yusuf"},
        {"djamal", "jamal"},       {"nowak", "novak"},        {"tschernyschewski", "chernyshevsky"},
        {"abdurrahman", "abdalrahman"}, {"jalaluddin", "jalalaldin"}, {"xi", "hsi"}};
    for (size_t i = 0; i < TK_COUNT(alike); i++) {
        char left[WORDS_SOUND_BYTES], right[WORDS_SOUND_BYTES];
        size_t length = words_sound(tk_str_from(alike[i][0]), left);
        assert_int_equal(length, strlen(left));
        (void)words_sound(tk_str_from(alike[i][1]), right);
        if (strcmp(left, right) != 0)
            fail_msg("%s %s, %s %s", alike[i][0], left, alike[i][1], right);
    }
    static const char *const unlike[][2] = {{"karim", "salim"}, {"ivanov", "petrov"}, {"huawei", "hikvision"}};
    for (size_t i = 0; i < TK_COUNT(unlike); i++) {
        char left[WORDS_SOUND_BYTES], right[WORDS_SOUND_BYTES];
        (void)words_sound(tk_str_from(unlike[i][0]), left);
        (void)words_sound(tk_str_from(unlike[i][1]), right);
        assert_string_not_equal(left, right);
    }
    char out[WORDS_SOUND_BYTES], longest[200];
    assert_int_equal(words_sound(TK_STR(""), out), 0);
    (void)words_sound(TK_STR("747"), out);
    assert_string_equal(out, "747");
    for (size_t i = 0; i < sizeof(longest); i++)
        longest[i] = (char)('b' + i % 3);
    assert_int_equal(words_sound((tk_str){longest, sizeof(longest)}, out), WORDS_SOUND_BYTES - 1);
}

/* Arabic letters without vowels, and what Latin spells of them. */
static void test_words_skeletons(void **state)
{
    (void)state;
    static const char *const alike[][2] = {{"mhmd", "mohammed"}, {"khld", "khalid"}, {"dwry", "duri"},
                                           {"nasr", "nasser"},   {"prwyz", "parwiz"}, {"btn", "putin"}};
    for (size_t i = 0; i < TK_COUNT(alike); i++) {
        char left[WORDS_SOUND_BYTES], right[WORDS_SOUND_BYTES];
        size_t length = words_skeleton(tk_str_from(alike[i][0]), left);
        assert_int_equal(length, strlen(left));
        (void)words_skeleton(tk_str_from(alike[i][1]), right);
        if (strcmp(left, right) != 0)
            fail_msg("%s %s, %s %s", alike[i][0], left, alike[i][1], right);
    }
    char out[WORDS_SOUND_BYTES];
    assert_int_equal(words_skeleton(TK_STR(""), out), 0);
}

/* Every word of the tables is found again by its own text, and says nothing out of range. */
static void test_words_tables(void **state)
{
    (void)state;
    size_t seen = 0;
    for (size_t slot = 0; slot <= words_slots_mask; slot++) {
        if (words_slots[slot] == 0)
            continue;
        const words_entry *entry = &words_entries[words_slots[slot] - 1];
        tk_str word = {words_text + entry->text, entry->length};
        words_info info;
        assert_true(words_find(word, &info));
        assert_ptr_equal(info.members, words_members + entry->members);
        assert_true(info.generic <= 100 && info.given <= 100 && info.family <= 100);
        assert_true((info.form != 0) == ((info.classes & WORDS_FORM) != 0));
        assert_true((info.number >= 0) == ((info.classes & WORDS_NUMBER) != 0));
        for (size_t i = 1; i < info.members_count; i++)
            assert_true(info.members[i - 1].concept < info.members[i].concept);
        seen++;
    }
    assert_true(seen > 20000);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_words_classes),   cmocka_unit_test(test_words_forms),
        cmocka_unit_test(test_words_phrases),   cmocka_unit_test(test_words_relations),
        cmocka_unit_test(test_words_numbers),   cmocka_unit_test(test_words_sounds),
        cmocka_unit_test(test_words_skeletons),
        cmocka_unit_test(test_words_tables)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
