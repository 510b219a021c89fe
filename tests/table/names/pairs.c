/* SPDX-License-Identifier: Apache-2.0 */
/* pairs.c: for each way in which two tokens can belong together, pairs of names that show it, and beside them pairs that
 * come near it and are other parties. Every pair is compared in both directions.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>

#include <cmocka.h>

#include "base/str.h"
#include "names/names_int.h"

typedef struct pair {
    tk_name_kind kind;
    const char *left, *right;
    bool match;
    tk_alignment how;     /* stands in the explanation */
    const char *decided; /* NULL: whatever */
} pair;

#define P TK_NAME_PERSON
#define C TK_NAME_COMPANY
#define U TK_NAME_UNKNOWN

static const pair pairs[] = {
    /* the same */
    {U, "Northwind Optics Ltd.", "NORTHWIND OPTICS, LTD", true, TK_ALIGN_EQUAL, "exact"},
    {U, "Société Lumière", "Societe Lumiere", true, TK_ALIGN_EQUAL, "exact"},
    {U, "Green Heron Trading LLC", "green-heron trading l.l.c.", true, TK_ALIGN_EQUAL, NULL},
    /* word order, legal forms */
    {P, "Marchetti, Silvana", "Silvana Marchetti", true, TK_ALIGN_EQUAL, NULL},
    {C, "JSC Volgapribor", "Volgapribor Joint Stock Company", true, TK_ALIGN_LEGAL_FORM, NULL},
    {C, "Helvora GmbH", "Helvora", true, TK_ALIGN_LEGAL_FORM, NULL},
    /* slips */
    {U, "Zephyrion Systems", "Zephyrikn Systems", true, TK_ALIGN_TYPO, NULL},
    {P, "Teodora Vasilkova", "Teodora Vasliкova", true, TK_ALIGN_EQUAL, NULL},
    {U, "Quellmark", "Quelmark", true, TK_ALIGN_ROMANIZATION, NULL},
    {C, "Northwind Tradign Company", "Northwind Trading Company", true, TK_ALIGN_TYPO, NULL},
    {C, "Limited Liabilty Company Ostrava", "Limited Liability Company Ostrava", true, TK_ALIGN_LEGAL_FORM, NULL},
    {C, "Zephyrion Systems", "Meridova Systems", false, TK_ALIGN_CONTRADICTING, NULL},
    /* abbreviations, initials, nicknames */
    {C, "Orvantis Tech", "Orvantis Technology Co., Ltd.", true, TK_ALIGN_ABBREVIATION, NULL},
    {P, "T. Vasilkova", "Teodora Vasilkova", true, TK_ALIGN_INITIAL, NULL},
    {P, "Bill Thornquist", "William Thornquist", true, TK_ALIGN_NICKNAME, NULL},
    {P, "Bill Thornquist", "Harold Thornquist", false, TK_ALIGN_CONTRADICTING, NULL},
    /* romanizations */
    {P, "Mohammed Zarqawan", "Muhamad Zarkawan", true, TK_ALIGN_ROMANIZATION, NULL},
    {P, "Юрий Дорохин", "Yuri Dorokhin", true, TK_ALIGN_EQUAL, NULL},
    {P, "Iouri Dorokhin", "Yury Dorokhin", true, TK_ALIGN_ROMANIZATION, NULL},
    /* translations */
    {C, "Завод Орлан", "Orlan Plant", true, TK_ALIGN_TRANSLATION, NULL},
    {C, "Orlan Zavod", "Orlan Plant", true, TK_ALIGN_TRANSLATION, NULL},
    /* acronyms */
    {C, "ZQPTW", "Zenith Quantum Photonics Technology Works", true, TK_ALIGN_ACRONYM, NULL},
    {C, "XQPTW", "Zenith Quantum Photonics Technology Works", false, TK_ALIGN_CONTRADICTING, NULL},
    /* glued and split */
    {C, "Hel Vora Optics", "Helvora Optics", true, TK_ALIGN_GLUED, NULL},
    {P, "SilvanaMarchetti", "Silvana Marchetti", true, TK_ALIGN_GLUED, NULL},
    /* common words never match alone, and cost little */
    {C, "Pacific Trading Company", "Baltic Trading Company", false, TK_ALIGN_GENERIC, NULL},
    {C, "Helvora Optics Group", "Helvora Optics", true, TK_ALIGN_MISSING, NULL},
    /* numbers decide */
    {C, "Research Institute No. 14", "14th Research Institute", true, TK_ALIGN_NUMBER, NULL},
    {C, "Institute Fourteen of Optics", "Institute 14 of Optics", true, TK_ALIGN_NUMBER, NULL},
    {C, "Research Institute No. 14", "Research Institute No. 15", false, TK_ALIGN_CONTRADICTING, "number"},
    {C, "Volgapribor Plant 150", "Volgapribor Plant 810", false, TK_ALIGN_CONTRADICTING, "number"},
    {TK_NAME_VESSEL, "HAI XIN 7", "HAI XIN 9", false, TK_ALIGN_CONTRADICTING, "number"},
    /* places decide */
    {C, "Helvora Optics Beijing", "Helvora Optics Shanghai", false, TK_ALIGN_CONTRADICTING, "place"},
    {C, "Shanghai Helvora Optics", "Helvora Optics (Shanghai)", true, TK_ALIGN_PLACE, NULL},
    {C, "Peking Optical Works", "Beijing Optical Works", true, TK_ALIGN_EQUAL, NULL},
    /* persons: a missing father's name is cheap, another given name is another person */
    {P, "Dorokhin Yuri", "DOROKHIN, Yuri Anatolyevich", true, TK_ALIGN_MISSING, NULL},
    {P, "Yuri Anatolyevich Dorokhin", "Sergey Anatolyevich Dorokhin", false, TK_ALIGN_CONTRADICTING, NULL},
    {P, "Yuri Anatolyevich Dorokhin", "Yuri Anatolyevich Malinin", false, TK_ALIGN_CONTRADICTING, NULL},
    {P, "Dorokhin", "Yuri Anatolyevich Dorokhin", false, TK_ALIGN_MISSING, NULL},
    {P, "Robert Miller", "Kenneth Miller", false, TK_ALIGN_CONTRADICTING, NULL},
    {P, "David Campbell", "Vernon David Campbell", false, TK_ALIGN_MISSING, "common names only"},
    /* Arabic: without vowels, with particles */
    {P, "محمد الزرقاوي", "Muhammad al-Zarqawi", true, TK_ALIGN_EQUAL, NULL},
    {P, "Abd al-Rahman Zarkawan", "Abdul Rahman al-Zarkawan", true, TK_ALIGN_EQUAL, NULL},
    /* look-alikes of another script, digits for letters */
    {C, "Hеlvora Optics", "Helvora Optics", true, TK_ALIGN_EQUAL, NULL}, /* a Cyrillic e */
    {C, "Helv0ra Optics", "Helvora Optics", true, TK_ALIGN_EQUAL, NULL},
};

typedef struct fixture {
    tk_names *names;
    tk_arena arena;
} fixture;

static bool shows(const tk_comparison *found, tk_alignment how)
{
    for (size_t i = 0; i < found->tokens_count; i++)
        if (found->tokens[i].how == how)
            return true;
    return false;
}

/* False after what was found instead is printed. */
static bool holds(fixture *f, const pair *p, bool swap)
{
    const tk_name *left, *right;
    tk_comparison found;
    tk_err err = {0};
    tk_str a = tk_str_from(swap ? p->right : p->left), b = tk_str_from(swap ? p->left : p->right);
    if (tk_names_prepare(f->names, &f->arena, a, p->kind, &left, &err) != TK_OK
        || tk_names_prepare(f->names, &f->arena, b, p->kind, &right, &err) != TK_OK
        || tk_names_explain(f->names, left, right, &f->arena, &found, &err) != TK_OK) {
        print_error("%s | %s: %s\n", p->left, p->right, err.message);
        return false;
    }
    bool decided = p->decided == NULL || tk_str_is(found.decided, p->decided);
    if (found.match == p->match && shows(&found, p->how) && decided)
        return true;
    print_error("%s | %s: %u, by '" TK_FMT "'\n", p->left, p->right, found.score, TK_ARG_STR(found.decided));
    for (size_t i = 0; i < found.tokens_count; i++)
        print_error("    " TK_FMT ": " TK_FMT " | " TK_FMT " %+d\n", TK_ARG_STR(tk_alignment_name(found.tokens[i].how)),
                    TK_ARG_STR(found.tokens[i].left), TK_ARG_STR(found.tokens[i].right), found.tokens[i].points);
    return false;
}

static void test_every_pair(void **state)
{
    (void)state;
    fixture f = {0};
    tk_err err = {0};
    assert_int_equal(tk_names_new(&f.names, &err), TK_OK);
    tk_arena_init(&f.arena, 16 * 1024, 0);
    unsigned wrong = 0;
    for (size_t i = 0; i < sizeof(pairs) / sizeof(pairs[0]); i++) {
        tk_arena_reset(&f.arena);
        wrong += !holds(&f, &pairs[i], false);
        wrong += !holds(&f, &pairs[i], true);
    }
    tk_arena_fini(&f.arena);
    tk_names_free(f.names);
    assert_int_equal(wrong, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_every_pair)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
