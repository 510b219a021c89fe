/* SPDX-License-Identifier: Apache-2.0 */
/* watch_answer.c: what of a decision is kept, and why one answer is not the other.
 *
 * A rule or claim that came or went is named wherever it stands. Behind it is one of a few movers: a claim that was
 * recorded since, another rulebook, catalogue or program. Where none of them moved, time did: the day that is asked
 * about, on which other rules are in force and other claims speak, or the day up to which things are known, after
 * which what was last heard long ago is settled no longer.
 *
 * Likewise a hit or owner of a party is named wherever one came, went or changed. Behind it is what somebody decided,
 * another version of the lists, a party or holding that was recorded since, or time.
 */
#include <stdlib.h>
#include <string.h>

#include "base/err.h"
#include "base/json.h"
#include "base/limits.h"
#include "base/num.h"
#include "base/out.h"
#include "base/str.h"
#include "desk/watch_int.h"

/* --- JSON as a tree --- */

typedef watch_node node;

static tk_status node_fill(tk_json_reader *json, tk_arena *arena, node *n, const tk_json_token *token, tk_err *err)
{
    tk_json_token next;
    node **last = &n->first;
    tk_status status = TK_OK;
    n->text = token->text;
    n->from = token->at;
    n->object = token->kind == TK_JSON_OBJECT;
    while (status == TK_OK && (n->object || token->kind == TK_JSON_ARRAY)) {
        status = tk_json_read_next(json, &next, err);
        if (status != TK_OK || next.kind == TK_JSON_OBJECT_END || next.kind == TK_JSON_ARRAY_END)
            break;
        node *child = TK_ARENA_NEW(arena, node);
        if (child == NULL)
            return watch_no_memory(err);
        if (n->object) {
            child->key = next.text;
            status = tk_json_read_next(json, &next, err);
        }
        if (status == TK_OK)
            status = node_fill(json, arena, child, &next, err);
        *last = child;
        last = &child->next;
    }
    n->to = json->at;
    return status;
}

tk_status watch_node_read(tk_str text, tk_arena *arena, const node **out, tk_err *err)
{
    tk_json_reader json;
    tk_json_token token;
    node *root = TK_ARENA_NEW(arena, node);
    char *bytes = tk_arena_get(arena, text.len + 1); /* reading unescapes in place */
    *out = root;
    if (root == NULL || bytes == NULL)
        return watch_no_memory(err);
    memcpy(bytes, text.ptr, text.len);
    tk_status status = tk_json_read_init(&json, TK_STR("answer"), 1, bytes, text.len, err);
    if (status == TK_OK)
        status = tk_json_read_next(&json, &token, err);
    return status == TK_OK ? node_fill(&json, arena, root, &token, err) : status;
}

/* A member of an object, or NULL. */
static const node *node_member(const node *n, tk_str key)
{
    for (const node *child = n->first; child != NULL; child = child->next)
        if (tk_str_eq(child->key, key))
            return child;
    return NULL;
}

/* Likewise; an empty node when there is none. */
static const node *node_at(const node *n, const char *key)
{
    static const node nothing = {.first = NULL};
    const node *member = node_member(n, tk_str_from(key));
    return member == NULL ? &nothing : member;
}

size_t watch_node_count(const node *n)
{
    size_t count = 0;
    for (const node *child = n->first; child != NULL; child = child->next)
        count++;
    return count;
}

tk_status watch_texts(tk_str json, tk_arena *arena, const tk_str **out, size_t *count, tk_err *err)
{
    const node *root;
    *count = 0;
    tk_status status = watch_node_read(json, arena, &root, err);
    if (status != TK_OK)
        return status;
    tk_str *texts = TK_ARENA_ARRAY(arena, tk_str, 2 * watch_node_count(root));
    if (texts == NULL)
        return watch_no_memory(err);
    for (const node *child = root->first; child != NULL; child = child->next) {
        if (root->object)
            texts[(*count)++] = child->key;
        texts[(*count)++] = child->text;
    }
    *out = texts;
    return TK_OK;
}

/* --- what is kept --- */

static tk_str node_as_written(const node *n, tk_str whole)
{
    return (tk_str){whole.ptr + n->from, n->to - n->from};
}

static void write_member(tk_json *json, const char *key, tk_str text)
{
    if (text.len == 0)
        return;
    tk_json_key(json, key);
    tk_json_str(json, text);
}

/* A version "us-csl 2026-07-31 a1b2c3d4" is of a source. */
static tk_str source_of(tk_str version)
{
    tk_str source = TK_STR("");
    (void)tk_str_split(&version, ' ', &source);
    return source;
}

static void write_hits(tk_json *json, const node *hits)
{
    tk_json_key(json, "hits");
    tk_json_open(json, '[');
    for (const node *hit = hits->first; hit != NULL; hit = hit->next) {
        tk_json_open(json, '{');
        write_member(json, "id", node_at(hit, "id")->text);
        write_member(json, "name", node_at(hit, "name")->text);
        write_member(json, "state", node_at(hit, "state")->text);
        write_member(json, "decided", node_at(hit, "decided")->text);
        write_member(json, "changed", node_at(hit, "changed")->text);
        write_member(json, "source", source_of(node_at(hit, "version")->text));
        tk_json_close(json, '}');
    }
    tk_json_close(json, ']');
}

/* Parties of whom lists or owners say something. */
static void write_parties(tk_json *json, const node *parties, tk_str decision)
{
    bool any = false;
    for (const node *party = parties->first; party != NULL; party = party->next) {
        const node *hits = node_at(party, "hits"), *owned = node_at(party, "owned");
        if (hits->first == NULL && owned->first == NULL)
            continue;
        if (!any) {
            tk_json_key(json, "parties");
            tk_json_open(json, '[');
        }
        any = true;
        tk_json_open(json, '{');
        write_member(json, "party", node_at(party, "party")->text);
        write_hits(json, hits);
        tk_json_key(json, "owned");
        tk_json_raw(json, node_as_written(owned, decision));
        tk_json_close(json, '}');
    }
    if (any)
        tk_json_close(json, ']');
}

static bool keys_miss_lists(const node *keys)
{
    for (const node *key = keys->first; key != NULL; key = key->next)
        for (const node *fact = node_at(key, "missing")->first; fact != NULL; fact = fact->next)
            if (tk_str_ends(fact->text, TK_STR("lists")))
                return true;
    return false;
}

/* Lists of which nothing is known, where a key asks for them. Their age is of the day. */
static void write_unknown(tk_json *json, const node *unknown)
{
    if (unknown->first == NULL)
        return;
    tk_json_key(json, "unknown");
    tk_json_open(json, '[');
    for (const node *list = unknown->first; list != NULL; list = list->next) {
        tk_json_open(json, '{');
        write_member(json, "list", node_at(list, "list")->text);
        write_member(json, "source", node_at(list, "source")->text);
        tk_str published = node_at(list, "published")->text;
        write_member(json, "published", tk_str_is(published, "null") ? TK_STR("") : published);
        tk_json_close(json, '}');
    }
    tk_json_close(json, ']');
}

static void write_answer(tk_json *json, const node *root, tk_str decision)
{
    const node *world = node_at(root, "world"), *screening = node_at(root, "screening");
    tk_json_open(json, '{');
    tk_json_key(json, "verdict");
    tk_json_raw(json, node_as_written(node_at(root, "verdict"), decision));
    tk_json_key(json, "keys");
    tk_json_raw(json, node_as_written(node_at(root, "keys"), decision));
    tk_json_key(json, "claims");
    tk_json_raw(json, node_as_written(node_at(world, "claims"), decision));
    tk_json_key(json, "facts");
    tk_json_raw(json, node_as_written(node_at(world, "facts"), decision));
    write_parties(json, node_at(screening, "parties"), decision);
    if (keys_miss_lists(node_at(root, "keys")))
        write_unknown(json, node_at(screening, "unknown"));
    tk_json_close(json, '}');
}

tk_status watch_answer_of(tk_str decision, tk_arena *arena, tk_str *answer, tk_str *lists, tk_err *err)
{
    const node *root;
    tk_out out;
    tk_json json;
    tk_status status = watch_node_read(decision, arena, &root, err);
    if (status != TK_OK)
        return status;
    const node *world = node_at(root, "world");
    const node *parts[] = {node_at(root, "verdict"), node_at(root, "keys"), node_at(world, "claims"),
                           node_at(world, "facts"), node_at(root, "lists")};
    for (size_t i = 0; i < TK_COUNT(parts); i++)
        if (parts[i]->to == 0)
            return tk_err_set(err, TK_ERR_BUG, "a decision without its parts");
    *lists = node_as_written(node_at(root, "lists"), decision);
    tk_out_init(&out, NULL);
    tk_json_begin(&json, &out);
    write_answer(&json, root, decision);
    *answer = tk_arena_copy(arena, tk_out_str(&out));
    bool good = out.status == TK_OK && !arena->failed;
    tk_out_fini(&out);
    return good ? TK_OK : watch_no_memory(err);
}

tk_status watch_answer_verdict(tk_str answer, tk_arena *arena, tk_str *verdict, tk_err *err)
{
    const node *root;
    *verdict = TK_STR("");
    if (answer.len == 0)
        return TK_OK;
    tk_status status = watch_node_read(answer, arena, &root, err);
    if (status == TK_OK)
        *verdict = node_at(root, "verdict")->text;
    return status;
}

/* --- pieces of what is kept --- */

typedef struct cutting {
    tk_str text;
    size_t at, count;
    watch_part *parts;
} cutting;

static void cut_to(cutting *c, size_t at, bool own)
{
    if (c->at < at)
        c->parts[c->count++] = (watch_part){.text = {c->text.ptr + c->at, at - c->at}, .own = own};
    c->at = at;
}

static bool is_whole_number(const node *n, tk_str whole)
{
    tk_str text = node_as_written(n, whole);
    for (size_t i = 0; i < text.len; i++)
        if (text.ptr[i] < '0' || '9' < text.ptr[i])
            return false;
    return text.len != 0;
}

/* Of reasons, conditions, limits and parties each is a piece, with the comma behind it. */
static void cut_list(cutting *c, const node *list)
{
    for (const node *item = list->first; item != NULL; item = item->next) {
        const node *amount = node_at(item, "amount");
        cut_to(c, item->from, false);
        if (is_whole_number(amount, c->text)) {
            cut_to(c, amount->from, false);
            cut_to(c, amount->to, true);
        }
        if (item->next == NULL)
            cut_to(c, item->to, false);
    }
}

tk_status watch_answer_cut(tk_str answer, tk_arena *arena, const watch_part **parts, size_t *count, tk_err *err)
{
    enum { LISTS = 3, PARTS_OF_ITEM = 3, PARTS_OF_LIST = 2 };
    static const char *const lists[LISTS] = {"reasons", "conditions", "limits"}; /* as a key has them in order */
    const node *root;
    size_t most = 1;
    tk_status status = watch_node_read(answer, arena, &root, err);
    if (status != TK_OK)
        return status;
    const node *keys = node_at(root, "keys");
    for (const node *key = keys->first; key != NULL; key = key->next)
        for (size_t i = 0; i < LISTS; i++)
            most += PARTS_OF_ITEM * watch_node_count(node_at(key, lists[i])) + PARTS_OF_LIST;
    most += PARTS_OF_ITEM * watch_node_count(node_at(root, "parties")) + PARTS_OF_LIST;
    cutting c = {.text = answer, .parts = TK_ARENA_ARRAY(arena, watch_part, most)};
    if (c.parts == NULL)
        return watch_no_memory(err);
    for (const node *key = keys->first; key != NULL; key = key->next)
        for (size_t i = 0; i < LISTS; i++)
            cut_list(&c, node_at(key, lists[i]));
    cut_list(&c, node_at(root, "parties"));
    cut_to(&c, answer.len, false);
    *parts = c.parts;
    *count = c.count;
    return TK_OK;
}

/* --- names of one answer, sorted --- */

typedef struct named {
    tk_str name, party; /* `party` of a hit or owner; else empty */
    const node *node;
} named;

typedef struct names {
    named *items;
    size_t count;
} names;

static int named_order(const void *a, const void *b)
{
    const named *left = a, *right = b;
    int order = tk_str_cmp(left->name, right->name);
    return order != 0 ? order : tk_str_cmp(left->party, right->party);
}

static void names_finish(names *list)
{
    size_t kept = 0;
    if (list->count != 0)
        qsort(list->items, list->count, sizeof(list->items[0]), named_order);
    for (size_t i = 0; i < list->count; i++)
        if (kept == 0 || named_order(&list->items[kept - 1], &list->items[i]) != 0)
            list->items[kept++] = list->items[i];
    list->count = kept;
}

static bool names_have(const names *list, tk_str name)
{
    named wanted = {.name = name, .party = TK_STR("")};
    return list->count != 0
           && bsearch(&wanted, list->items, list->count, sizeof(list->items[0]), named_order) != NULL;
}

static void names_add(names *list, tk_arena *arena, const node *items)
{
    named *grown = TK_ARENA_ARRAY(arena, named, list->count + watch_node_count(items));
    if (grown == NULL)
        return;
    if (list->count != 0)
        memcpy(grown, list->items, list->count * sizeof(grown[0]));
    list->items = grown;
    for (const node *item = items->first; item != NULL; item = item->next)
        list->items[list->count++] = (named){.name = item->text, .party = TK_STR(""), .node = item};
}

static names names_of_rules(const node *answer, tk_arena *arena)
{
    names list = {NULL, 0};
    const node *keys = node_at(answer, "keys");
    for (const node *key = keys->first; key != NULL; key = key->next) {
        size_t at = list.count;
        names_add(&list, arena, node_at(key, "reasons"));
        for (; at < list.count; at++)
            list.items[at].name = tk_arena_printf(arena, TK_FMT "." TK_FMT, TK_ARG_STR(key->key),
                                                  TK_ARG_STR(node_at(list.items[at].node, "rule")->text));
    }
    names_finish(&list);
    return list;
}

static names names_of_claims(const node *answer, tk_arena *arena)
{
    names list = {NULL, 0};
    const node *facts = node_at(answer, "facts");
    names_add(&list, arena, node_at(answer, "claims"));
    for (const node *fact = facts->first; fact != NULL; fact = fact->next)
        names_add(&list, arena, node_at(fact, "claims"));
    names_finish(&list);
    return list;
}

static names names_of_reports(const node *answer, tk_arena *arena)
{
    names list = {NULL, 0};
    const node *keys = node_at(answer, "keys");
    for (const node *key = keys->first; key != NULL; key = key->next)
        names_add(&list, arena, node_at(key, "if_reported"));
    names_finish(&list);
    return list;
}

static names names_of_facts(const node *answer, tk_arena *arena)
{
    names list = {NULL, 0};
    names_add(&list, arena, node_at(answer, "facts"));
    for (size_t i = 0; i < list.count; i++)
        list.items[i].name = node_at(list.items[i].node, "fact")->text;
    names_finish(&list);
    return list;
}

/* Hits by `id`, or owners by `list`. One party may have several roles. */
static names names_of_parties(const node *answer, const char *member, const char *called, tk_arena *arena)
{
    names list = {NULL, 0};
    const node *parties = node_at(answer, "parties");
    for (const node *party = parties->first; party != NULL; party = party->next) {
        size_t at = list.count;
        names_add(&list, arena, node_at(party, member));
        for (; at < list.count; at++) {
            list.items[at].name = node_at(list.items[at].node, called)->text;
            list.items[at].party = node_at(party, "party")->text;
        }
    }
    names_finish(&list);
    return list;
}

static names names_of_unknown(const node *answer, tk_arena *arena)
{
    names list = {NULL, 0};
    names_add(&list, arena, node_at(answer, "unknown"));
    for (size_t i = 0; i < list.count; i++)
        list.items[i].name = node_at(list.items[i].node, "list")->text;
    names_finish(&list);
    return list;
}

/* Versions by their source. */
static names names_of_versions(const node *lists, tk_arena *arena)
{
    names list = {NULL, 0};
    names_add(&list, arena, lists);
    for (size_t i = 0; i < list.count; i++)
        list.items[i].name = source_of(list.items[i].name);
    names_finish(&list);
    return list;
}

/* --- causes --- */

typedef struct compare {
    watch_keeper *keeper;
    tk_arena *arena; /* of this comparison */
    const watch_answer *before, *now;
    const node *root_before, *root_now;
    bool other_claims, other_parties; /* recorded since */
    tk_str *sources; /* of lists, whose hits came, went or lapsed */
    size_t sources_count;
    bool other_owners;
    tk_desk_watch_kind kind; /* of what an edition says */
    tk_desk_watch_cause *causes;
    size_t count, size;
    bool moved; /* something else than time explains it */
} compare;

/* Does it explain the change, so that time need not? */
static bool cause_moves(const compare *c, tk_desk_watch_kind kind)
{
    switch (kind) {
    case TK_DESK_WATCH_CLAIM:
    case TK_DESK_WATCH_REPORT:
        return c->other_claims;
    case TK_DESK_WATCH_HIT: /* one about which somebody decided stands for itself: compare_hit */
    case TK_DESK_WATCH_OWNER:
        return c->other_parties;
    case TK_DESK_WATCH_RULE:
    case TK_DESK_WATCH_FACT:
    case TK_DESK_WATCH_UNKNOWN:
    case TK_DESK_WATCH_RULEBOOK:
        return false;
    case TK_DESK_WATCH_LIST:
    case TK_DESK_WATCH_STATEMENT:
    case TK_DESK_WATCH_CATALOGUE:
    case TK_DESK_WATCH_PROGRAM:
    case TK_DESK_WATCH_KNOWN_AT:
    case TK_DESK_WATCH_FORCE:
    case TK_DESK_WATCH_DATE:
    case TK_DESK_WATCH_KINDS:
        break;
    }
    return true;
}

/* The arena shows when memory ran out. */
static void compare_put(compare *c, const tk_desk_watch_cause *cause)
{
    if (c->count == c->size) {
        size_t size = 2 * c->size + 16;
        tk_desk_watch_cause *more = TK_ARENA_ARRAY(c->arena, tk_desk_watch_cause, size);
        if (more == NULL)
            return;
        if (c->count != 0)
            memcpy(more, c->causes, c->count * sizeof(more[0]));
        c->causes = more;
        c->size = size;
    }
    c->causes[c->count++] = *cause;
    c->moved |= cause_moves(c, cause->kind);
}

static void compare_add(compare *c, tk_desk_watch_kind kind, tk_desk_watch_how how, tk_str name, tk_str before,
                        tk_str now)
{
    tk_desk_watch_cause cause = {.kind = kind, .how = how, .name = name, .before = before, .now = now,
                                 .party = TK_STR(""), .entry = TK_STR("")};
    compare_put(c, &cause);
}

/* "cleared 2026-11-25, by login: reason"; of a lapsed one, what changed. */
static tk_str hit_text(tk_arena *arena, const node *hit)
{
    tk_str state = node_at(hit, "state")->text, changed = node_at(hit, "changed")->text;
    tk_str decided = node_at(hit, "decided")->text;
    if (changed.len != 0)
        return tk_arena_printf(arena, TK_FMT ": " TK_FMT, TK_ARG_STR(state), TK_ARG_STR(changed));
    return decided.len == 0 ? state
                            : tk_arena_printf(arena, TK_FMT " " TK_FMT, TK_ARG_STR(state), TK_ARG_STR(decided));
}

/* "covered, 60 % (EL:huawei 60)", "red-flag, 10 to 30 % (…)". */
static tk_str owned_text(tk_arena *arena, const node *owned)
{
    tk_str low = node_at(owned, "low")->text, high = node_at(owned, "high")->text, holdings = TK_STR("");
    const node *owners = node_at(owned, "owners");
    for (const node *owner = owners->first; owner != NULL; owner = owner->next)
        holdings = tk_arena_printf(arena, TK_FMT "%s" TK_FMT, TK_ARG_STR(holdings), holdings.len == 0 ? "" : ", ",
                                   TK_ARG_STR(owner->text));
    bool range = !tk_str_eq(low, high);
    return tk_arena_printf(arena, TK_FMT ", " TK_FMT "%s" TK_FMT " %%%s" TK_FMT "%s",
                           TK_ARG_STR(node_at(owned, "state")->text), TK_ARG_STR(low), range ? " to " : "",
                           TK_ARG_STR(range ? high : TK_STR("")), holdings.len == 0 ? "" : " (", TK_ARG_STR(holdings),
                           holdings.len == 0 ? "" : ")");
}

/* "us-csl 2026-07-31"; empty when none was published by then. */
static tk_str unknown_text(tk_arena *arena, const node *list)
{
    tk_str source = node_at(list, "source")->text, published = node_at(list, "published")->text;
    return published.len == 0 ? TK_STR("")
                              : tk_arena_printf(arena, TK_FMT " " TK_FMT, TK_ARG_STR(source), TK_ARG_STR(published));
}

/* "2026-07-31 a1b2c3d4" of "us-csl 2026-07-31 a1b2c3d4". */
static tk_str version_text(const named *item)
{
    tk_str text = item->node->text, source;
    (void)tk_str_split(&text, ' ', &source);
    return text;
}

/* What stands for a named thing in `before` and `now` of its cause. */
static tk_str cause_text(const compare *c, tk_desk_watch_kind kind, const named *item)
{
    if (kind == TK_DESK_WATCH_RULE)
        return node_at(item->node, "says")->text;
    if (kind == TK_DESK_WATCH_FACT)
        return node_at(item->node, "value")->text;
    if (kind == TK_DESK_WATCH_HIT)
        return hit_text(c->arena, item->node);
    if (kind == TK_DESK_WATCH_OWNER)
        return owned_text(c->arena, item->node);
    if (kind == TK_DESK_WATCH_UNKNOWN)
        return unknown_text(c->arena, item->node);
    return kind == TK_DESK_WATCH_LIST ? version_text(item) : TK_STR("");
}

static bool same_texts(const node *a, const node *b)
{
    const node *x = a->first, *y = b->first;
    while (x != NULL && y != NULL && tk_str_eq(x->text, y->text)) {
        x = x->next;
        y = y->next;
    }
    return x == NULL && y == NULL;
}

static bool cause_changed(const compare *c, tk_desk_watch_kind kind, const named *a, const named *b)
{
    return !tk_str_eq(cause_text(c, kind, a), cause_text(c, kind, b))
           || (kind == TK_DESK_WATCH_RULE && !same_texts(node_at(a->node, "cites"), node_at(b->node, "cites")));
}

static void compare_source(compare *c, tk_str source)
{
    if (source.len != 0)
        c->sources[c->sources_count++] = source;
}

/* Which versions of lists may be behind it. */
static void compare_behind(compare *c, const tk_desk_watch_cause *cause, const node *before, const node *now)
{
    const node *last = now != NULL ? now : before;
    if (cause->kind == TK_DESK_WATCH_UNKNOWN) {
        compare_source(c, before == NULL ? TK_STR("") : node_at(before, "source")->text);
        compare_source(c, now == NULL ? TK_STR("") : node_at(now, "source")->text);
    } else if (cause->kind == TK_DESK_WATCH_OWNER) {
        c->other_owners = true;
    } else if (cause->kind == TK_DESK_WATCH_HIT) {
        bool decided = cause->how == TK_DESK_WATCH_OTHER && !tk_str_is(node_at(last, "state")->text, "lapsed");
        c->moved |= decided;
        compare_source(c, decided ? TK_STR("") : node_at(last, "source")->text);
    }
}

/* `before` and `now`: NULL where it is not. */
static void compare_named(compare *c, tk_desk_watch_kind kind, tk_desk_watch_how how, const named *before,
                          const named *now)
{
    const named *item = now != NULL ? now : before;
    tk_desk_watch_cause cause = {
        .kind = kind,
        .how = how,
        .name = item->name,
        .before = before == NULL ? TK_STR("") : cause_text(c, kind, before),
        .now = now == NULL ? TK_STR("") : cause_text(c, kind, now),
        .party = item->party,
        .entry = kind == TK_DESK_WATCH_HIT ? node_at(item->node, "name")->text : TK_STR("")};
    compare_put(c, &cause);
    compare_behind(c, &cause, before == NULL ? NULL : before->node, now == NULL ? NULL : now->node);
}

/* Both sorted. Names that `but_a` or `but_b` has are left out; NULL leaves out nothing. */
static void compare_names(compare *c, tk_desk_watch_kind kind, const names *a, const names *b, const names *but_a,
                          const names *but_b)
{
    size_t i = 0, j = 0;
    while (i < a->count || j < b->count) {
        int order = i == a->count ? 1 : (j == b->count ? -1 : named_order(&a->items[i], &b->items[j]));
        tk_str name = order <= 0 ? a->items[i].name : b->items[j].name;
        bool left_out = (but_a != NULL && names_have(but_a, name)) || (but_b != NULL && names_have(but_b, name));
        const named *before = &a->items[i], *now = &b->items[j];
        i += order <= 0 ? 1 : 0;
        j += order >= 0 ? 1 : 0;
        if (left_out)
            continue;
        if (0 < order)
            compare_named(c, kind, TK_DESK_WATCH_CAME, NULL, now);
        else if (order < 0)
            compare_named(c, kind, TK_DESK_WATCH_WENT, before, NULL);
        else if (cause_changed(c, kind, before, now))
            compare_named(c, kind, TK_DESK_WATCH_OTHER, before, now);
    }
}

static tk_str day_text(tk_arena *arena, tk_date day)
{
    char text[TK_DATE_TEXT_MAX];
    return tk_arena_copy(arena, (tk_str){text, tk_date_format(day, text)});
}

/* --- statements of the rulebook --- */

static void compare_say(void *context, tk_desk_watch_how how, tk_str name, tk_str before, tk_str now)
{
    compare *c = context;
    compare_add(c, c->kind, how, name, before, now);
}

/* A fact of a role is declared for all roles at once. */
static void reads_add_facts(watch_reads *reads, const node *facts)
{
    for (const node *fact = facts->first; fact != NULL; fact = fact->next) {
        tk_str name = fact->text;
        const char *dot = memchr(name.ptr, '.', name.len);
        watch_reads_add(reads, "fact", TK_STR(""), name);
        if (dot != NULL)
            watch_reads_add(reads, "fact", TK_STR("party"),
                            (tk_str){dot + 1, (size_t)(name.ptr + name.len - dot - 1)});
    }
}

static void reads_add_key(watch_reads *reads, const node *key)
{
    const node *reasons = node_at(key, "reasons"), *limits = node_at(key, "limits");
    const node *gaps = node_at(key, "not_modelled");
    watch_reads_add(reads, "regime", TK_STR(""), key->key);
    for (const node *reason = reasons->first; reason != NULL; reason = reason->next)
        watch_reads_add(reads, "rule", key->key, node_at(reason, "rule")->text);
    for (const node *limit = limits->first; limit != NULL; limit = limit->next)
        watch_reads_add(reads, "limit", key->key, node_at(limit, "name")->text);
    for (const node *gap = gaps->first; gap != NULL; gap = gap->next)
        watch_reads_add(reads, "not modelled", key->key, gap->text);
    reads_add_facts(reads, node_at(key, "missing"));
    reads_add_facts(reads, node_at(key, "presumed"));
}

/* Keys that are as they were read nothing that explains the change. */
static void reads_add_keys(watch_reads *reads, const node *root, const node *other, tk_str text, tk_str other_text)
{
    const node *keys = node_at(root, "keys");
    for (const node *key = keys->first; key != NULL; key = key->next) {
        const node *twin = node_member(node_at(other, "keys"), key->key);
        if (twin == NULL || !tk_str_eq(node_as_written(key, text), node_as_written(twin, other_text)))
            reads_add_key(reads, key);
    }
}

/* What the keys that changed read, then or now. An answer that is not there reads nothing. */
static bool compare_reads(const compare *c, const watch_answer *with, watch_reads *reads)
{
    if (!watch_reads_init(reads, with->moment.edition, c->arena))
        return false;
    reads_add_keys(reads, c->root_before, c->root_now, c->before->json, c->now->json);
    reads_add_keys(reads, c->root_now, c->root_before, c->now->json, c->before->json);
    watch_reads_close(reads);
    return true;
}

/* Where nothing changed that the reasons read, all that the regimes of those keys say is looked at, and the first of
 * it named. */
static void compare_rest(compare *c, watch_reads *before, watch_reads *now)
{
    size_t first = c->count;
    const node *roots[] = {c->root_before, c->root_now};
    for (size_t i = 0; i < TK_COUNT(roots); i++) {
        const node *keys = node_at(roots[i], "keys");
        for (const node *key = keys->first; key != NULL; key = key->next) {
            watch_reads_add_regime(before, key->key);
            watch_reads_add_regime(now, key->key);
        }
    }
    watch_editions_compare(before, now, c->arena, compare_say, c);
    if (c->count <= first + TK_WATCH_STATEMENTS_MAX)
        return;
    tk_str more = tk_arena_printf(c->arena, "%zu", c->count - first - TK_WATCH_STATEMENTS_MAX);
    c->count = first + TK_WATCH_STATEMENTS_MAX;
    compare_add(c, TK_DESK_WATCH_STATEMENT, TK_DESK_WATCH_OTHER, TK_STR(""), TK_STR(""), more);
}

/* Another rulebook explains a change when a statement that is read is another one; where the book does not know, it is
 * taken to. `time`: there is something else that may. */
static void compare_editions(compare *c, bool time)
{
    watch_reads before, now;
    size_t first = c->count;
    c->kind = TK_DESK_WATCH_STATEMENT;
    if (!compare_reads(c, c->before, &before) || !compare_reads(c, c->now, &now))
        return;
    watch_editions_compare(&before, &now, c->arena, compare_say, c);
    if (c->count == first && !c->moved && !time)
        compare_rest(c, &before, &now);
    c->moved |= before.edition == NULL || now.edition == NULL;
}

/* Between two days, as the rulebook is now. */
static void compare_days(compare *c)
{
    watch_reads reads;
    c->kind = TK_DESK_WATCH_FORCE;
    if (compare_reads(c, c->now, &reads))
        watch_edition_days(&reads, c->before->moment.today, c->now->moment.today, c->arena, compare_say, c);
}

static void compare_texts(compare *c, tk_desk_watch_kind kind, tk_str before, tk_str now)
{
    if (!tk_str_eq(before, now))
        compare_add(c, kind, TK_DESK_WATCH_OTHER, TK_STR(""), before, now);
}

/* --- what lists and owners say of the parties --- */

static bool compare_hits(compare *c)
{
    tk_arena *arena = c->arena;
    const node *a = c->root_before, *b = c->root_now;
    names hits_a = names_of_parties(a, "hits", "id", arena), hits_b = names_of_parties(b, "hits", "id", arena);
    names owners_a = names_of_parties(a, "owned", "list", arena);
    names owners_b = names_of_parties(b, "owned", "list", arena);
    names unknown_a = names_of_unknown(a, arena), unknown_b = names_of_unknown(b, arena);
    c->sources = TK_ARENA_ARRAY(arena, tk_str, hits_a.count + hits_b.count + 2 * (unknown_a.count + unknown_b.count));
    if (arena->failed)
        return false;
    if (c->before->json.len == 0)
        hits_b.count = owners_b.count = unknown_b.count = 0;
    compare_names(c, TK_DESK_WATCH_HIT, &hits_a, &hits_b, NULL, NULL);
    compare_names(c, TK_DESK_WATCH_OWNER, &owners_a, &owners_b, NULL, NULL);
    compare_names(c, TK_DESK_WATCH_UNKNOWN, &unknown_a, &unknown_b, NULL, NULL);
    return !arena->failed;
}

static bool compare_has_source(const compare *c, tk_str source)
{
    for (size_t i = 0; i < c->sources_count; i++)
        if (tk_str_eq(c->sources[i], source))
            return true;
    return false;
}

/* Lists have new versions every day: one is named where it is behind a hit or an owner, or nothing else can be behind
 * the change. */
static tk_status compare_versions(compare *c, bool time, tk_err *err)
{
    const node *lists_a, *lists_b;
    size_t kept = c->count;
    bool moved = c->moved, all = (c->other_owners && !c->other_parties) || (!moved && !time);
    tk_status status = watch_node_read(c->before->moment.lists, c->arena, &lists_a, err);
    if (status == TK_OK)
        status = watch_node_read(c->now->moment.lists, c->arena, &lists_b, err);
    if (status != TK_OK)
        return status;
    names a = names_of_versions(lists_a, c->arena), b = names_of_versions(lists_b, c->arena);
    if (c->arena->failed)
        return watch_no_memory(err);
    compare_names(c, TK_DESK_WATCH_LIST, &a, &b, NULL, NULL);
    for (size_t i = kept; i < c->count; i++)
        if (all || compare_has_source(c, c->causes[i].name))
            c->causes[kept++] = c->causes[i];
    c->moved = moved || (kept != 0 && c->causes[kept - 1].kind == TK_DESK_WATCH_LIST);
    c->count = kept;
    return TK_OK;
}

/* --- what it was decided with --- */

static void compare_moments(compare *c, bool asks_today)
{
    const watch_moment *a = &c->before->moment, *b = &c->now->moment;
    tk_str none = TK_STR("");
    compare_texts(c, TK_DESK_WATCH_RULEBOOK, a->rulebook, b->rulebook);
    compare_texts(c, TK_DESK_WATCH_CATALOGUE, a->catalogue, b->catalogue);
    compare_texts(c, TK_DESK_WATCH_PROGRAM, a->program, b->program);
    if (c->moved)
        return;
    if (a->known_at != b->known_at)
        compare_add(c, TK_DESK_WATCH_KNOWN_AT, TK_DESK_WATCH_OTHER, none, day_text(c->arena, a->known_at),
                    day_text(c->arena, b->known_at));
    if (asks_today && a->today != b->today) {
        compare_days(c);
        compare_add(c, TK_DESK_WATCH_DATE, TK_DESK_WATCH_OTHER, none, day_text(c->arena, a->today),
                    day_text(c->arena, b->today));
    }
}

/* Of an order that could not be decided before, everything is new, and nothing of it is named. */
static bool compare_answers(compare *c)
{
    tk_arena *arena = c->arena;
    const node *a = c->root_before, *b = c->root_now;
    names rules_a = names_of_rules(a, arena), rules_b = names_of_rules(b, arena);
    names claims_a = names_of_claims(a, arena), claims_b = names_of_claims(b, arena);
    names reports_a = names_of_reports(a, arena), reports_b = names_of_reports(b, arena);
    names facts_a = names_of_facts(a, arena), facts_b = names_of_facts(b, arena);
    if (arena->failed)
        return false;
    if (c->before->json.len == 0)
        rules_b.count = claims_b.count = reports_b.count = facts_b.count = 0;
    compare_names(c, TK_DESK_WATCH_RULE, &rules_a, &rules_b, NULL, NULL);
    compare_names(c, TK_DESK_WATCH_CLAIM, &claims_a, &claims_b, NULL, NULL);
    /* A report that is believed now, or was before, stands among the claims. */
    compare_names(c, TK_DESK_WATCH_REPORT, &reports_a, &reports_b, &claims_a, &claims_b);
    compare_names(c, TK_DESK_WATCH_FACT, &facts_a, &facts_b, NULL, NULL);
    return compare_hits(c);
}

static tk_status compare_causes(compare *c, bool asks_today, tk_err *err)
{
    const watch_moment *a = &c->before->moment, *b = &c->now->moment;
    bool time = a->known_at != b->known_at || (asks_today && a->today != b->today);
    if (!compare_answers(c))
        return watch_no_memory(err);
    if (!tk_str_eq(a->rulebook, b->rulebook))
        compare_editions(c, time || c->sources_count != 0 || c->other_owners);
    tk_status status = compare_versions(c, time, err);
    if (status != TK_OK)
        return status;
    compare_moments(c, asks_today);
    return c->arena->failed ? watch_no_memory(err) : TK_OK;
}

static bool compare_keys(const compare *c, tk_desk_watch_change *change)
{
    const node *a = node_at(c->root_before, "keys"), *b = node_at(c->root_now, "keys");
    names before = {NULL, 0}, now = {NULL, 0};
    names_add(&before, c->arena, a);
    names_add(&now, c->arena, b);
    tk_desk_watch_key *keys = TK_ARENA_ARRAY(c->arena, tk_desk_watch_key, before.count + now.count);
    if (c->arena->failed)
        return false;
    names *both[] = {&before, &now};
    for (size_t side = 0; side < TK_COUNT(both); side++) {
        for (size_t i = 0; i < both[side]->count; i++)
            both[side]->items[i].name = both[side]->items[i].node->key;
        names_finish(both[side]);
    }
    for (size_t i = 0, j = 0; i < before.count || j < now.count;) {
        int order = i == before.count
                        ? 1
                        : (j == now.count ? -1 : tk_str_cmp(before.items[i].name, now.items[j].name));
        tk_desk_watch_key key = {.before = TK_STR(""), .now = TK_STR("")};
        if (order <= 0) {
            key.regime = before.items[i].name;
            key.before = node_at(before.items[i++].node, "verdict")->text;
        }
        if (order >= 0) {
            key.regime = now.items[j].name;
            key.now = node_at(now.items[j++].node, "verdict")->text;
        }
        if (!tk_str_eq(key.before, key.now))
            keys[change->keys_count++] = key;
    }
    change->keys = keys;
    return true;
}

/* The change, so that it outlives the comparison. */
static const tk_desk_watch_change *compare_keep(const compare *c, const tk_desk_watch_change *change)
{
    watch_keeper *keeper = c->keeper;
    tk_desk_watch_change *kept = TK_ARENA_NEW(keeper->arena, tk_desk_watch_change);
    tk_desk_watch_key *keys = TK_ARENA_ARRAY(keeper->arena, tk_desk_watch_key, change->keys_count);
    tk_desk_watch_cause *causes = TK_ARENA_ARRAY(keeper->arena, tk_desk_watch_cause, c->count);
    if (keeper->arena->failed)
        return NULL;
    *kept = (tk_desk_watch_change){.before = watch_keeper_text(keeper, node_at(c->root_before, "verdict")->text),
                                   .now = watch_keeper_text(keeper, node_at(c->root_now, "verdict")->text),
                                   .keys = keys,
                                   .keys_count = change->keys_count,
                                   .causes = causes,
                                   .causes_count = c->count,
                                   .recorded = c->now->moment.recorded};
    for (size_t i = 0; i < change->keys_count; i++)
        keys[i] = (tk_desk_watch_key){watch_keeper_text(keeper, change->keys[i].regime),
                                      watch_keeper_text(keeper, change->keys[i].before),
                                      watch_keeper_text(keeper, change->keys[i].now)};
    for (size_t i = 0; i < c->count; i++)
        causes[i] = (tk_desk_watch_cause){.kind = c->causes[i].kind,
                                          .how = c->causes[i].how,
                                          .name = watch_keeper_text(keeper, c->causes[i].name),
                                          .before = watch_keeper_text(keeper, c->causes[i].before),
                                          .now = watch_keeper_text(keeper, c->causes[i].now),
                                          .party = watch_keeper_text(keeper, c->causes[i].party),
                                          .entry = watch_keeper_text(keeper, c->causes[i].entry)};
    return keeper->arena->failed ? NULL : kept;
}

tk_status watch_compare(watch_keeper *keeper, const watch_answer *before, const watch_answer *now, bool asks_today,
                        const tk_desk_watch_change **out, tk_err *err)
{
    static const node nothing = {.first = NULL};
    tk_arena *arena = keeper->scratch;
    compare c = {.keeper = keeper, .arena = arena, .before = before, .now = now, .root_before = &nothing};
    tk_desk_watch_change change = {.keys = NULL};
    tk_status status = TK_OK;
    c.other_claims = before->moment.recorded != now->moment.recorded;
    c.other_parties = before->moment.parties != now->moment.parties;
    if (before->json.len != 0)
        status = watch_node_read(before->json, arena, &c.root_before, err);
    if (status == TK_OK)
        status = watch_node_read(now->json, arena, &c.root_now, err);
    if (status != TK_OK)
        return status;
    if (!compare_keys(&c, &change))
        return watch_no_memory(err);
    status = compare_causes(&c, asks_today, err);
    if (status != TK_OK)
        return status;
    *out = compare_keep(&c, &change);
    return *out == NULL ? watch_no_memory(err) : TK_OK;
}

/* --- words --- */

const char *tk_desk_watch_kind_name(tk_desk_watch_kind kind)
{
    static const char *const words[TK_DESK_WATCH_KINDS] = {
        "rule",  "claim",     "report",   "fact",      "list",    "unknown-list", "hit",
        "owner", "statement", "rulebook", "catalogue", "program", "known-at",     "force", "date"};
    return words[kind];
}

const char *tk_desk_watch_how_name(tk_desk_watch_how how)
{
    static const char *const words[] = {"came", "went", "changed", "reworded", "redated", "began", "ended"};
    return words[how];
}
