/* SPDX-License-Identifier: Apache-2.0 */
/* diff.c: what differs between two editions: both are in order, so one walk along them tells. Only what both can say is
 * compared: an edition without addresses took none away. */
#include "lists/lists_int.h"

static int order_entries(const tk_list_entry *a, const tk_list_entry *b)
{
    int order = tk_str_cmp(a->list, b->list);
    return order != 0 ? order : tk_str_cmp(a->key, b->key);
}

static bool same_aliases(const tk_list_entry *a, const tk_list_entry *b)
{
    if (a->aliases_count != b->aliases_count)
        return false;
    for (size_t i = 0; i < a->aliases_count; i++)
        if (!tk_str_eq(a->aliases[i].text, b->aliases[i].text) || a->aliases[i].weak != b->aliases[i].weak)
            return false;
    return true;
}

static bool same_countries(const tk_list_entry *a, const tk_list_entry *b)
{
    if (a->countries_count != b->countries_count)
        return false;
    for (size_t i = 0; i < a->countries_count; i++)
        if (!tk_str_eq(a->countries[i], b->countries[i]))
            return false;
    return true;
}

static bool same_texts(const tk_list_text *a, size_t a_count, const tk_list_text *b, size_t b_count)
{
    if (a_count != b_count)
        return false;
    for (size_t i = 0; i < a_count; i++)
        if (!tk_str_eq(a[i].kind, b[i].kind) || !tk_str_eq(a[i].value, b[i].value))
            return false;
    return true;
}

static bool same_field(const tk_list_entry *a, const tk_list_entry *b, tk_list_field field)
{
    switch (field) {
    case TK_LIST_NAME: return tk_str_eq(a->name, b->name);
    case TK_LIST_KIND: return a->kind == b->kind;
    case TK_LIST_ALIASES: return same_aliases(a, b);
    case TK_LIST_COUNTRIES: return same_countries(a, b);
    case TK_LIST_ADDRESSES: return same_texts(a->addresses, a->addresses_count, b->addresses, b->addresses_count);
    case TK_LIST_IDENTIFIERS:
        return same_texts(a->identifiers, a->identifiers_count, b->identifiers, b->identifiers_count);
    case TK_LIST_BIRTHS: return same_texts(a->births, a->births_count, b->births, b->births_count);
    case TK_LIST_PROGRAMS: return tk_str_eq(a->programs, b->programs);
    case TK_LIST_REQUIREMENT: return tk_str_eq(a->requirement, b->requirement);
    case TK_LIST_POLICY: return tk_str_eq(a->policy, b->policy);
    case TK_LIST_CITATION: return tk_str_eq(a->citation, b->citation);
    case TK_LIST_REMARKS: return tk_str_eq(a->remarks, b->remarks);
    case TK_LIST_START: return a->start == b->start;
    case TK_LIST_END: return a->end == b->end;
    case TK_LIST_FIELD_COUNT: break;
    }
    return true;
}

static uint32_t changed_fields(const tk_list_entry *a, const tk_list_entry *b, uint32_t compared)
{
    uint32_t changed = 0;
    for (int field = 0; field < TK_LIST_FIELD_COUNT; field++)
        if ((compared & TK_LIST_FIELD_BIT(field)) != 0 && !same_field(a, b, (tk_list_field)field))
            changed |= TK_LIST_FIELD_BIT(field);
    return changed;
}

/* Notes one step of the walk: which side comes first, or both. */
static void step(tk_list_difference *out, tk_list_change *changes, const tk_list_entry *before,
                 const tk_list_entry *after)
{
    tk_list_change change = {before, after, 0};
    if (before == NULL)
        out->added++;
    else if (after == NULL)
        out->removed++;
    else if ((change.fields = changed_fields(before, after, out->compared)) != 0)
        out->changed++;
    else
        return;
    changes[out->changes_count++] = change;
}

tk_status tk_lists_diff(const tk_list_edition *before, const tk_list_edition *after, tk_arena *arena,
                        tk_list_difference *out, tk_err *err)
{
    size_t b = 0, a = 0;
    *out = (tk_list_difference){.compared = before->fields & after->fields};
    tk_list_change *changes = TK_ARENA_ARRAY(arena, tk_list_change, before->entries_count + after->entries_count);
    if (changes == NULL)
        return tk_err_set(err, TK_ERR_MEMORY, "out of memory");
    while (b < before->entries_count || a < after->entries_count) {
        int order = b == before->entries_count  ? 1
                    : a == after->entries_count ? -1
                                                : order_entries(&before->entries[b], &after->entries[a]);
        const tk_list_entry *left = order <= 0 ? &before->entries[b++] : NULL;
        const tk_list_entry *right = 0 <= order ? &after->entries[a++] : NULL;
        step(out, changes, left, right);
    }
    out->changes = changes;
    return TK_OK;
}
