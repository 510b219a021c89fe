/* SPDX-License-Identifier: Apache-2.0 */
/* columns.c: the names of an order's columns, made from the one table in desk.h. */
#include "desk/desk_int.h"

static const tk_str column_names[TK_COLUMN_COUNT] = {
#define X(NAME, text, fact) [TK_COLUMN_##NAME] = {text, sizeof(text) - 1},
    TK_TRANSACTION_COLUMNS(X)
#undef X
};

static const tk_str column_facts[TK_COLUMN_COUNT] = {
#define X(NAME, text, fact) [TK_COLUMN_##NAME] = {fact, sizeof(fact) - 1},
    TK_TRANSACTION_COLUMNS(X)
#undef X
};

static const tk_str role_names[TK_ROLE_COUNT] = {
    {"seller", 6},
    {"purchaser", 9},
    {"intermediate_consignee", 22},
    {"ultimate_consignee", 18},
    {"end_user", 8},
};

tk_str tk_column_name(tk_column column)
{
    return column < TK_COLUMN_COUNT ? column_names[column] : TK_STR("");
}

tk_str tk_column_fact(tk_column column)
{
    return column < TK_COLUMN_COUNT ? column_facts[column] : TK_STR("");
}

tk_column tk_column_find(tk_str name, tk_str *nearest)
{
    for (size_t i = 0; i < TK_COLUMN_COUNT; i++)
        if (tk_str_eq_nocase(column_names[i], name))
            return (tk_column)i;
    tk_nearest near = tk_nearest_make(name);
    for (size_t i = 0; i < TK_COLUMN_COUNT && nearest != NULL; i++)
        tk_nearest_offer(&near, column_names[i]);
    if (nearest != NULL)
        *nearest = near.best.ptr == NULL ? TK_STR("") : near.best;
    return TK_COLUMN_COUNT;
}

tk_str tk_role_name(size_t role)
{
    return role < TK_ROLE_COUNT ? role_names[role] : TK_STR("");
}

size_t tk_role_find(tk_str name)
{
    for (size_t i = 0; i < TK_ROLE_COUNT; i++)
        if (tk_str_eq(role_names[i], name))
            return i;
    return TK_ROLE_COUNT;
}
