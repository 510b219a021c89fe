/* SPDX-License-Identifier: Apache-2.0 */
/* watch_write.c: what changed, for people by the topics of a monitoring checklist, for scripts order by order. */
#include <stdlib.h>
#include <string.h>

#include "base/csv.h"
#include "cli/claims.h"
#include "cli/watch.h"

/* --- topics: those of claims, then what else changes an answer --- */

enum {
    TOPIC_PARTIES = TK_TOPIC_COUNT,
    TOPIC_RULES,
    TOPIC_BELIEVED,
    TOPIC_INPUTS,
    TOPIC_TIME
};

static const char *topic_name(unsigned topic)
{
    static const char *const more[] = {"parties", "rules", "believed", "inputs", "time"};
    return topic < TK_TOPIC_COUNT ? tk_claim_topic_name((tk_claim_topic)topic) : more[topic - TK_TOPIC_COUNT];
}

static const char *topic_says(unsigned topic)
{
    static const char *const more[] = {"lists and owners of the parties", "rules", "what believed claims say",
                                       "what decides", "time"};
    return topic < TK_TOPIC_COUNT ? tk_claim_topic_says((tk_claim_topic)topic) : more[topic - TK_TOPIC_COUNT];
}

/* What the tables of claims, or the topics, say of a cause. */
typedef struct told {
    unsigned topic;
    tk_str says;
    tk_str successor; /* of a claim that is believed no longer: the one that superseded it, or empty */
} told;

typedef struct told_claim {
    struct told_claim *next;
    tk_str name;
    int64_t recorded;
    told told;
} told_claim;

/* At the time of the change: what came later explains nothing. */
static tk_status tell_claim(watch_view *view, const tk_desk_watch_change *change, const tk_desk_watch_cause *cause,
                            told *out)
{
    tk_claims_at at = {.known_at = TK_DATE_MAX, .number = change->recorded};
    const tk_claim *claim = NULL;
    tk_status status = tk_claims_find(view->claims, &at, cause->name, &view->arena, &claim, &view->err);
    out->topic = claim == NULL ? TK_TOPIC_OFFICIAL : (unsigned)tk_claims_topic(view->claims, claim);
    if (claim != NULL)
        out->says = claims_sentence(&view->arena, claim);
    return status == TK_OK
               ? tk_claims_successor(view->claims, &at, cause->name, &view->arena, &out->successor, &view->err)
               : status;
}

static tk_status tell_claim_once(watch_view *view, const tk_desk_watch_change *change,
                                 const tk_desk_watch_cause *cause, told *out)
{
    const told_claim *known = view->told;
    while (known != NULL && (known->recorded != change->recorded || !tk_str_eq(known->name, cause->name)))
        known = known->next;
    if (known == NULL) {
        told_claim *made = TK_ARENA_NEW(&view->arena, told_claim);
        if (made == NULL)
            return tk_err_set(&view->err, TK_ERR_MEMORY, "out of memory for a watch");
        *made = (told_claim){.next = view->told, .name = cause->name, .recorded = change->recorded, .told = *out};
        tk_status status = tell_claim(view, change, cause, &made->told);
        if (status != TK_OK)
            return status;
        known = view->told = made;
    }
    *out = known->told;
    if (cause->kind != TK_DESK_WATCH_CLAIM || cause->how != TK_DESK_WATCH_WENT)
        out->successor = TK_STR("");
    return TK_OK;
}

static tk_status tell(watch_view *view, const tk_desk_watch_change *change, const tk_desk_watch_cause *cause,
                      told *out)
{
    *out = (told){.topic = TOPIC_TIME, .says = TK_STR(""), .successor = TK_STR("")};
    switch (cause->kind) {
    case TK_DESK_WATCH_CLAIM:
    case TK_DESK_WATCH_REPORT:
        return tell_claim_once(view, change, cause, out);
    case TK_DESK_WATCH_LIST:
    case TK_DESK_WATCH_UNKNOWN:
    case TK_DESK_WATCH_HIT:
    case TK_DESK_WATCH_OWNER:
        out->topic = TOPIC_PARTIES;
        return TK_OK;
    case TK_DESK_WATCH_STATEMENT:
        out->topic = TOPIC_RULES;
        return TK_OK;
    case TK_DESK_WATCH_RULE:
        out->topic = TOPIC_RULES;
        out->says = cause->how == TK_DESK_WATCH_WENT ? cause->before : cause->now;
        return TK_OK;
    case TK_DESK_WATCH_FACT:
        out->topic = TOPIC_BELIEVED;
        return TK_OK;
    case TK_DESK_WATCH_RULEBOOK:
    case TK_DESK_WATCH_CATALOGUE:
    case TK_DESK_WATCH_PROGRAM:
        out->topic = TOPIC_INPUTS;
        return TK_OK;
    case TK_DESK_WATCH_KNOWN_AT:
    case TK_DESK_WATCH_FORCE:
    case TK_DESK_WATCH_DATE:
    case TK_DESK_WATCH_KINDS:
        break;
    }
    return TK_OK;
}

/* --- JSON --- */

static void json_text(tk_json *json, const char *key, tk_str text)
{
    tk_json_key(json, key);
    tk_json_str(json, text);
}

static void json_keys(tk_json *json, const tk_desk_watch_change *change)
{
    tk_json_key(json, "keys");
    tk_json_open(json, '[');
    for (size_t i = 0; i < change->keys_count; i++) {
        tk_json_open(json, '{');
        json_text(json, "regime", change->keys[i].regime);
        json_text(json, "before", change->keys[i].before);
        json_text(json, "now", change->keys[i].now);
        tk_json_close(json, '}');
    }
    tk_json_close(json, ']');
}

tk_status watch_change_json(watch_view *view, tk_json *json, const tk_desk_watch_change *change)
{
    tk_status status = TK_OK;
    json_text(json, "before", change->before);
    json_text(json, "now", change->now);
    json_keys(json, change);
    tk_json_key(json, "causes");
    tk_json_open(json, '[');
    for (size_t i = 0; status == TK_OK && i < change->causes_count; i++) {
        const tk_desk_watch_cause *cause = &change->causes[i];
        told about;
        status = tell(view, change, cause, &about);
        tk_json_open(json, '{');
        json_text(json, "topic", tk_str_from(topic_name(about.topic)));
        json_text(json, "kind", tk_str_from(tk_desk_watch_kind_name(cause->kind)));
        json_text(json, "name", cause->name);
        json_text(json, "how", tk_str_from(tk_desk_watch_how_name(cause->how)));
        json_text(json, "before", cause->before);
        json_text(json, "now", about.successor.len != 0 ? about.successor : cause->now);
        if (cause->party.len != 0)
            json_text(json, "party", cause->party);
        if (cause->entry.len != 0)
            json_text(json, "entry", cause->entry);
        tk_json_close(json, '}');
    }
    tk_json_close(json, ']');
    return status;
}

static tk_status write_json(watch_view *view, const tk_desk_watch_list *list, const tk_desk_watch_order *order)
{
    tk_json json;
    tk_json_begin(&json, view->page.out);
    tk_json_open(&json, '{');
    json_text(&json, "watch", list->name);
    tk_json_key(&json, "order");
    tk_json_int(&json, order->number);
    json_text(&json, "id", order->id);
    tk_status status = watch_change_json(view, &json, order->change);
    tk_json_close(&json, '}');
    tk_out_char(view->page.out, '\n');
    return status;
}

/* --- CSV --- */

void watch_csv_header(watch_view *view)
{
    tk_out_text(view->page.out, "watch,order,id,before,now,topic,kind,name,how,cause_before,cause_now,party,entry\n");
}

static void csv_row(watch_view *view, const tk_desk_watch_list *list, const tk_desk_watch_order *order,
                    const tk_desk_watch_cause *cause, const told *about)
{
    tk_out *out = view->page.out;
    static const tk_desk_watch_cause nothing = {.kind = TK_DESK_WATCH_KINDS};
    const tk_desk_watch_cause *c = cause == NULL ? &nothing : cause;
    tk_str cells[] = {order->id,
                      order->change->before,
                      order->change->now,
                      tk_str_from(cause == NULL ? "" : topic_name(about->topic)),
                      tk_str_from(cause == NULL ? "" : tk_desk_watch_kind_name(c->kind)),
                      c->name,
                      tk_str_from(cause == NULL ? "" : tk_desk_watch_how_name(c->how)),
                      c->before,
                      cause != NULL && about->successor.len != 0 ? about->successor : c->now,
                      c->party,
                      c->entry};
    tk_csv_write_cell(out, list->name, true, true);
    tk_out_printf(out, ",%lld", (long long)order->number);
    for (size_t i = 0; i < TK_COUNT(cells); i++)
        tk_csv_write_cell(out, cells[i], false, true);
    tk_out_char(out, '\n');
}

static tk_status write_csv(watch_view *view, const tk_desk_watch_list *list, const tk_desk_watch_order *order)
{
    const tk_desk_watch_change *change = order->change;
    tk_status status = TK_OK;
    if (change->causes_count == 0)
        csv_row(view, list, order, NULL, NULL);
    for (size_t i = 0; status == TK_OK && i < change->causes_count; i++) {
        told about;
        status = tell(view, change, &change->causes[i], &about);
        csv_row(view, list, order, &change->causes[i], &about);
    }
    return status;
}

/* --- text --- */

/* A cause with the order that it changed. */
typedef struct reason {
    const tk_desk_watch_cause *cause;
    const tk_desk_watch_order *order;
    told told;
} reason;

/* All but the order. */
static int reason_same(const reason *a, const reason *b)
{
    int order = (int)a->told.topic - (int)b->told.topic;
    if (order == 0)
        order = (int)a->cause->kind - (int)b->cause->kind;
    if (order == 0)
        order = tk_str_cmp(a->cause->name, b->cause->name);
    if (order == 0)
        order = tk_str_cmp(a->cause->party, b->cause->party);
    if (order == 0)
        order = (int)a->cause->how - (int)b->cause->how;
    if (order == 0)
        order = tk_str_cmp(a->cause->before, b->cause->before);
    return order != 0 ? order : tk_str_cmp(a->cause->now, b->cause->now);
}

static int reason_order(const void *a, const void *b)
{
    const reason *x = a, *y = b;
    int order = reason_same(x, y);
    return order != 0 ? order : (x->order->number < y->order->number ? -1 : x->order->number > y->order->number);
}

tk_str watch_order_name(tk_arena *arena, const tk_desk_watch_order *order)
{
    return order->id.len != 0 ? order->id : tk_arena_printf(arena, "row %lld", (long long)order->number);
}

enum { NAME_COLUMNS = 16, CAUSE_INDENT = 4 };

static tk_str arrow(tk_arena *arena, tk_str before, tk_str now)
{
    return tk_arena_printf(arena, TK_FMT " -> " TK_FMT, TK_ARG_STR(before.len == 0 ? TK_STR("-") : before),
                           TK_ARG_STR(now.len == 0 ? TK_STR("-") : now));
}

static void text_order(watch_view *view, const tk_desk_watch_order *order)
{
    cli_page *page = &view->page;
    tk_arena *arena = &page->scratch;
    const tk_desk_watch_change *change = order->change;
    tk_str text = tk_str_eq(change->before, change->now)
                      ? tk_arena_printf(arena, TK_FMT ", as before; the reasons changed", TK_ARG_STR(change->now))
                      : arrow(arena, change->before, change->now);
    for (size_t i = 0; i < change->keys_count; i++)
        text = tk_arena_printf(arena, TK_FMT "%s" TK_FMT " " TK_FMT, TK_ARG_STR(text), i == 0 ? "; " : ", ",
                               TK_ARG_STR(change->keys[i].regime),
                               TK_ARG_STR(arrow(arena, change->keys[i].before, change->keys[i].now)));
    tk_str name = watch_order_name(arena, order);
    cli_puts(page, CLI_PLAIN, "  ");
    cli_put_column(page, CLI_BOLD, name, NAME_COLUMNS - 3);
    tk_out_char(page->out, ' ');
    cli_put_wrapped(page, CLI_PLAIN, text, NAME_COLUMNS, NAME_COLUMNS);
    tk_arena_reset(arena);
}

static tk_str hash_shown(tk_str hash)
{
    return (tk_str){hash.ptr, hash.len < 12 ? hash.len : 12};
}

/* "set us.s-ac is worded otherwise", "rule us.review-h200 came into force on 2026-01-15". */
static tk_str statement_sentence(tk_arena *arena, const tk_desk_watch_cause *c)
{
    static const char *const words[] = {
        [TK_DESK_WATCH_CAME] = "is new in the rulebook",
        [TK_DESK_WATCH_WENT] = "is no longer in the rulebook",
        [TK_DESK_WATCH_OTHER] = "is worded otherwise, with other dates",
        [TK_DESK_WATCH_REWORDED] = "is worded otherwise",
        [TK_DESK_WATCH_REDATED] = "has other dates",
        [TK_DESK_WATCH_BEGAN] = "came into force on ",
        [TK_DESK_WATCH_ENDED] = "was in force until ",
    };
    if (c->name.len == 0)
        return tk_arena_printf(arena, "more statements of these regimes that changed: " TK_FMT, TK_ARG_STR(c->now));
    bool day = c->kind == TK_DESK_WATCH_FORCE, dates = !day && (c->before.len != 0 || c->now.len != 0);
    tk_str more = day ? c->now : (dates ? arrow(arena, c->before, c->now) : TK_STR(""));
    return tk_arena_printf(arena, TK_FMT " %s%s" TK_FMT, TK_ARG_STR(c->name), words[c->how], dates ? ": " : "",
                           TK_ARG_STR(more));
}

/* "another version of us-csl: 2026-07-31 a1b2c3d4 -> 2026-08-07 0f1e2d3c", "us-csl came: …". */
static tk_str list_sentence(tk_arena *arena, const tk_desk_watch_cause *c)
{
    if (c->how == TK_DESK_WATCH_OTHER)
        return tk_arena_printf(arena, "another version of " TK_FMT ": " TK_FMT, TK_ARG_STR(c->name),
                               TK_ARG_STR(arrow(arena, c->before, c->now)));
    return tk_arena_printf(arena, TK_FMT " %s: " TK_FMT, TK_ARG_STR(c->name),
                           tk_desk_watch_how_name(c->how), TK_ARG_STR(c->now.len != 0 ? c->now : c->before));
}

/* "EL is known no longer: us-csl 2026-07-31 is too old". */
static tk_str unknown_sentence(tk_arena *arena, const tk_desk_watch_cause *c)
{
    if (c->how == TK_DESK_WATCH_WENT)
        return tk_arena_printf(arena, TK_FMT " is known now", TK_ARG_STR(c->name));
    return tk_arena_printf(arena, TK_FMT " is %s: %s" TK_FMT "%s", TK_ARG_STR(c->name),
                           c->how == TK_DESK_WATCH_CAME ? "known no longer" : "not known, as before",
                           c->now.len == 0 ? "no version of it was published by then" : "", TK_ARG_STR(c->now),
                           c->now.len == 0 ? "" : " is too old");
}

/* "km, EL:kmme 'KMME Co., Ltd.': a hit now, open", "…: no hit any more, was open", "…: open -> cleared …"; likewise of
 * owners. */
static tk_str party_sentence(tk_arena *arena, const tk_desk_watch_cause *c)
{
    bool hit = c->kind == TK_DESK_WATCH_HIT;
    tk_str what = hit ? tk_arena_printf(arena, TK_FMT ", " TK_FMT " '" TK_FMT "'", TK_ARG_STR(c->party),
                                        TK_ARG_STR(c->name), TK_ARG_STR(c->entry))
                      : tk_arena_printf(arena, TK_FMT ", owners on " TK_FMT, TK_ARG_STR(c->party), TK_ARG_STR(c->name));
    if (c->how == TK_DESK_WATCH_CAME)
        return tk_arena_printf(arena, TK_FMT ": %snow, " TK_FMT, TK_ARG_STR(what), hit ? "a hit " : "",
                               TK_ARG_STR(c->now));
    if (c->how == TK_DESK_WATCH_WENT)
        return tk_arena_printf(arena, TK_FMT ": %s any more, was " TK_FMT, TK_ARG_STR(what), hit ? "no hit" : "none",
                               TK_ARG_STR(c->before));
    return tk_arena_printf(arena, TK_FMT ": " TK_FMT, TK_ARG_STR(what), TK_ARG_STR(arrow(arena, c->before, c->now)));
}

/* "C301 came: …", "us.item-a changed: …", "the rulebook is another: … -> …". */
static tk_str cause_sentence(tk_arena *arena, const reason *r)
{
    const tk_desk_watch_cause *c = r->cause;
    tk_str how = tk_str_from(tk_desk_watch_how_name(c->how));
    const char *colon = r->told.says.len == 0 ? "" : ": ";
    switch (c->kind) {
    case TK_DESK_WATCH_RULE:
        return tk_arena_printf(arena, TK_FMT " " TK_FMT "%s" TK_FMT, TK_ARG_STR(c->name), TK_ARG_STR(how), colon,
                               TK_ARG_STR(r->told.says));
    case TK_DESK_WATCH_CLAIM:
        return tk_arena_printf(arena, TK_FMT " %s%s" TK_FMT "%s" TK_FMT, TK_ARG_STR(c->name),
                               c->how == TK_DESK_WATCH_CAME ? "is believed now" : "is believed no longer",
                               r->told.successor.len == 0 ? "" : ", superseded by ", TK_ARG_STR(r->told.successor),
                               colon, TK_ARG_STR(r->told.says));
    case TK_DESK_WATCH_REPORT:
        return tk_arena_printf(arena, TK_FMT " %s%s" TK_FMT, TK_ARG_STR(c->name),
                               c->how == TK_DESK_WATCH_CAME ? "would change the key, if believed"
                                                            : "would change the key no longer", colon,
                               TK_ARG_STR(r->told.says));
    case TK_DESK_WATCH_FACT:
        return tk_arena_printf(arena, TK_FMT ": " TK_FMT, TK_ARG_STR(c->name),
                               TK_ARG_STR(arrow(arena, c->before, c->now)));
    case TK_DESK_WATCH_LIST:
        return list_sentence(arena, c);
    case TK_DESK_WATCH_UNKNOWN:
        return unknown_sentence(arena, c);
    case TK_DESK_WATCH_HIT:
    case TK_DESK_WATCH_OWNER:
        return party_sentence(arena, c);
    case TK_DESK_WATCH_STATEMENT:
    case TK_DESK_WATCH_FORCE:
        return statement_sentence(arena, c);
    case TK_DESK_WATCH_RULEBOOK:
    case TK_DESK_WATCH_CATALOGUE:
    case TK_DESK_WATCH_PROGRAM:
        return tk_arena_printf(arena, "another %s: " TK_FMT, tk_desk_watch_kind_name(c->kind),
                               TK_ARG_STR(arrow(arena, hash_shown(c->before), hash_shown(c->now))));
    case TK_DESK_WATCH_KNOWN_AT:
        return tk_arena_printf(arena, "known at: " TK_FMT, TK_ARG_STR(arrow(arena, c->before, c->now)));
    case TK_DESK_WATCH_DATE:
    case TK_DESK_WATCH_KINDS:
        break;
    }
    return tk_arena_printf(arena, "as of: " TK_FMT, TK_ARG_STR(arrow(arena, c->before, c->now)));
}

/* reasons[begin .. end): one cause. */
static void text_cause(watch_view *view, const reason *reasons, size_t begin, size_t end)
{
    cli_page *page = &view->page;
    tk_arena *arena = &page->scratch;
    tk_str *ids = TK_ARENA_ARRAY(arena, tk_str, end - begin);
    cli_puts(page, CLI_PLAIN, "    ");
    cli_put_wrapped(page, CLI_PLAIN, cause_sentence(arena, &reasons[begin]), CAUSE_INDENT, CAUSE_INDENT + 2);
    for (size_t i = begin; ids != NULL && i < end; i++)
        ids[i - begin] = watch_order_name(arena, reasons[i].order);
    cli_puts(page, CLI_PLAIN, "      ");
    if (ids != NULL)
        cli_put_wrapped(page, CLI_DIM, cli_joined(arena, ids, end - begin, ", "), CAUSE_INDENT + 2,
                        CAUSE_INDENT + 2);
    tk_arena_reset(arena);
}

static void text_causes(watch_view *view, const reason *reasons, size_t count)
{
    for (size_t begin = 0; begin < count;) {
        size_t end = begin + 1;
        while (end < count && reason_same(&reasons[begin], &reasons[end]) == 0)
            end++;
        if (begin == 0 || reasons[begin - 1].told.topic != reasons[begin].told.topic) {
            cli_puts(&view->page, CLI_PLAIN, "  ");
            cli_puts(&view->page, CLI_DIM, topic_says(reasons[begin].told.topic));
            tk_out_char(view->page.out, '\n');
        }
        text_cause(view, reasons, begin, end);
        begin = end;
    }
    if (count == 0)
        cli_puts(&view->page, CLI_DIM, "  nothing that the book keeps says why: other records of items or parties\n");
}

static tk_status write_text(watch_view *view, const tk_desk_watch_order *orders, size_t count)
{
    size_t most = 0, at = 0;
    for (size_t i = 0; i < count; i++)
        most += orders[i].change->causes_count;
    reason *reasons = TK_ARENA_ARRAY(&view->arena, reason, most);
    if (reasons == NULL)
        return tk_err_set(&view->err, TK_ERR_MEMORY, "out of memory for a watch");
    for (size_t i = 0; i < count; i++) {
        text_order(view, &orders[i]);
        for (size_t j = 0; j < orders[i].change->causes_count; j++, at++) {
            reasons[at] = (reason){.cause = &orders[i].change->causes[j], .order = &orders[i]};
            tk_status status = tell(view, orders[i].change, reasons[at].cause, &reasons[at].told);
            if (status != TK_OK)
                return status;
        }
    }
    if (most != 0)
        qsort(reasons, most, sizeof(reasons[0]), reason_order);
    text_causes(view, reasons, most);
    return TK_OK;
}

tk_status watch_write_changes(watch_view *view, const tk_desk_watch_list *list, const tk_desk_watch_order *orders,
                              size_t count)
{
    bool json = cli_format_is(view->args, "json"), csv = cli_format_is(view->args, "csv");
    if (!json && !csv)
        return write_text(view, orders, count);
    tk_status status = TK_OK;
    for (size_t i = 0; status == TK_OK && i < count; i++)
        status = (json ? write_json : write_csv)(view, list, &orders[i]);
    return status;
}
