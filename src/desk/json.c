/* SPDX-License-Identifier: Apache-2.0 */
/* json.c: a decision as JSON. Described by docs/decision.schema.json; keys stand in that order.
 *
 * Decimals are strings and whole numbers are numbers, so that no reader rounds; a whole number too long for a double
 * (more than 15 digits) is a string too.
 */
#include "desk/desk_int.h"
#include "parties/clearances.h"

static bool json_is_whole(tk_str text)
{
    size_t at = text.len != 0 && text.ptr[0] == '-' ? 1 : 0;
    if (text.len == at || at + 15 < text.len)
        return false;
    if (text.ptr[at] == '0' && text.len != 1)
        return false;
    for (size_t i = at; i < text.len; i++)
        if (text.ptr[i] < '0' || '9' < text.ptr[i])
            return false;
    return true;
}

static void json_number(tk_json *json, tk_str text)
{
    if (json_is_whole(text))
        tk_json_raw(json, text);
    else
        tk_json_str(json, text);
}

static void json_member(tk_json *json, const char *key, tk_str text)
{
    tk_json_key(json, key);
    tk_json_str(json, text);
}

static void json_strs(tk_json *json, const char *key, const tk_str *items, size_t count)
{
    tk_json_key(json, key);
    tk_json_open(json, '[');
    for (size_t i = 0; i < count; i++)
        tk_json_str(json, items[i]);
    tk_json_close(json, ']');
}

/* Keys of an object may come from a rulebook, so they are written like any other text. */
static void json_key_str(tk_json *json, tk_str key)
{
    tk_json_str(json, key);
    tk_out_char(json->out, ':');
    json->after_key = true;
}

static tk_str met_name(tk_met met)
{
    switch (met) {
    case TK_MET_YES:
        return TK_STR("yes");
    case TK_MET_FAILED:
        return TK_STR("failed");
    case TK_MET_NO:
        break;
    }
    return TK_STR("no");
}

/* A value of a word or a name may look like a number ("1286" is a list); only numbers become numbers. */
static bool json_fact_is_number(const tk_rulebook *book, tk_str fact)
{
    size_t slot = tk_rulebook_find_fact(book, fact, NULL);
    return slot == SIZE_MAX || tk_rulebook_fact(book, slot).type == TK_TYPE_NUMBER;
}

static void json_because(tk_json *json, const tk_rulebook *book, const tk_because *because, size_t count)
{
    tk_json_key(json, "because");
    tk_json_open(json, '[');
    for (size_t i = 0; i < count; i++) {
        tk_json_open(json, '{');
        json_member(json, "fact", because[i].fact);
        tk_json_key(json, "value");
        if (json_is_whole(because[i].value) && json_fact_is_number(book, because[i].fact))
            tk_json_raw(json, because[i].value);
        else
            tk_json_str(json, because[i].value);
        json_member(json, "test", because[i].test);
        tk_json_key(json, "margin");
        json_number(json, because[i].margin);
        tk_json_close(json, '}');
    }
    tk_json_close(json, ']');
}

static void json_answers(tk_json *json, const tk_key_decision *key)
{
    tk_json_key(json, "answers");
    tk_json_open(json, '{');
    for (size_t i = 0; i < key->answers_count; i++) {
        json_key_str(json, key->answers[i].question);
        tk_json_str(json, key->answers[i].answer);
    }
    tk_json_close(json, '}');
}

static void json_possible(tk_json *json, const tk_key_decision *key)
{
    tk_json_key(json, "possible");
    tk_json_open(json, '{');
    for (size_t i = 0; i < key->answers_count; i++) {
        json_key_str(json, key->answers[i].question);
        tk_json_open(json, '[');
        for (size_t j = 0; j < key->answers[i].possible_count; j++)
            tk_json_str(json, key->answers[i].possible[j]);
        tk_json_close(json, ']');
    }
    tk_json_close(json, '}');
}

static void json_reasons(tk_json *json, const tk_rulebook *book, const tk_key_decision *key)
{
    tk_json_key(json, "reasons");
    tk_json_open(json, '[');
    for (size_t i = 0; i < key->reasons_count; i++) {
        const tk_reason *reason = &key->reasons[i];
        tk_json_open(json, '{');
        json_member(json, "rule", reason->rule);
        json_member(json, "says", reason->says);
        json_strs(json, "cites", reason->cites, reason->cites_count);
        json_because(json, book, reason->because, reason->because_count);
        tk_json_close(json, '}');
    }
    tk_json_close(json, ']');
}

static void json_conditions(tk_json *json, const tk_key_decision *key)
{
    tk_json_key(json, "conditions");
    tk_json_open(json, '[');
    for (size_t i = 0; i < key->conditions_count; i++) {
        const tk_condition *condition = &key->conditions[i];
        tk_json_open(json, '{');
        json_member(json, "name", condition->name);
        json_member(json, "says", condition->says);
        json_member(json, "stage", condition->stage);
        json_member(json, "met", met_name(condition->met));
        tk_json_close(json, '}');
    }
    tk_json_close(json, ']');
}

static void json_limits(tk_json *json, const tk_key_decision *key)
{
    tk_json_key(json, "limits");
    tk_json_open(json, '[');
    for (size_t i = 0; i < key->limits_count; i++) {
        const tk_limit_use *limit = &key->limits[i];
        tk_json_open(json, '{');
        json_member(json, "name", limit->name);
        tk_json_key(json, "amount");
        json_number(json, limit->amount);
        tk_json_key(json, "binds");
        tk_json_bool(json, limit->binds);
        tk_json_key(json, "met");
        if (limit->binds)
            tk_json_str(json, met_name(limit->met));
        else
            tk_json_null(json);
        tk_json_close(json, '}');
    }
    tk_json_close(json, ']');
}

static void json_key_decision(tk_json *json, const tk_rulebook *book, const tk_key_decision *key)
{
    tk_json_open(json, '{');
    json_member(json, "verdict", tk_verdict_name(key->verdict));
    json_member(json, "basis", tk_basis_name(key->basis));
    json_answers(json, key);
    json_reasons(json, book, key);
    json_conditions(json, key);
    json_limits(json, key);
    json_possible(json, key);
    json_strs(json, "missing", key->missing.items, key->missing.count);
    json_strs(json, "presumed", key->presumed.items, key->presumed.count);
    tk_json_key(json, "law_differs");
    tk_json_bool(json, key->law_differs);
    json_strs(json, "not_modelled", key->not_modelled.items, key->not_modelled.count);
    json_strs(json, "if_reported", key->if_reported.items, key->if_reported.count);
    tk_json_close(json, '}');
}

static const char *change_kind_name(tk_change_kind kind)
{
    switch (kind) {
    case TK_CHANGE_DATE:
        return "date";
    case TK_CHANGE_FACT:
        return "fact";
    case TK_CHANGE_EVIDENCE:
        return "evidence";
    case TK_CHANGE_AUTHORISATION:
        return "authorisation";
    case TK_CHANGE_REPORT:
        return "report";
    }
    return "";
}

static void json_changes(tk_json *json, const tk_decision *decision)
{
    tk_json_key(json, "would_change");
    tk_json_open(json, '[');
    for (size_t i = 0; i < decision->would_change_count; i++) {
        const tk_change *change = &decision->would_change[i];
        tk_json_open(json, '{');
        json_member(json, "kind", tk_str_from(change_kind_name(change->kind)));
        json_member(json, "name", change->name);
        json_member(json, "value", change->value);
        json_member(json, "verdict", tk_verdict_overall_name(change->verdict));
        tk_json_close(json, '}');
    }
    tk_json_close(json, ']');
}

/* Parts of an object that belong side by side are written without the braces around them: the writer is begun inside
 * an object that its caller opened. */
static void json_begin_inside(tk_json *json, tk_out *out)
{
    tk_json_begin(json, out);
    json->depth = 1;
}

void desk_json_decision(const tk_rulebook *book, const tk_decision *decision, tk_out *out)
{
    tk_json json;
    json_begin_inside(&json, out);
    json_member(&json, "verdict", tk_verdict_overall_name(decision->verdict));
    tk_json_key(&json, "keys");
    tk_json_open(&json, '{');
    for (size_t i = 0; i < decision->keys_count; i++) {
        json_key_str(&json, decision->keys[i].regime);
        json_key_decision(&json, book, &decision->keys[i]);
    }
    tk_json_close(&json, '}');
    json_changes(&json, decision);
}

static void json_bound(tk_json *json, const char *key, const tk_world_bound *bound, bool open_ended)
{
    tk_json_key(json, key);
    tk_json_open(json, '{');
    json_member(json, "verdict", tk_verdict_name(bound->verdict));
    if (!open_ended)
        json_strs(json, "claims", bound->claims, bound->claims_count);
    tk_json_close(json, '}');
}

static void json_verdict(tk_json *json, const char *key, tk_verdict verdict)
{
    tk_json_key(json, key);
    if (verdict == TK_VERDICT_COUNT)
        tk_json_null(json);
    else
        tk_json_str(json, tk_verdict_name(verdict));
}

static void json_ranges(tk_json *json, const tk_world_view *view)
{
    tk_json_key(json, "range");
    tk_json_open(json, '{');
    for (size_t i = 0; i < view->ranges_count; i++) {
        const tk_world_range *range = &view->ranges[i];
        json_key_str(json, range->regime);
        tk_json_open(json, '{');
        json_verdict(json, "law", range->law);
        json_verdict(json, "prevailing", range->prevailing.verdict);
        json_bound(json, "worst", &range->worst, range->bound);
        json_bound(json, "best", &range->best, range->bound);
        tk_json_key(json, "bound");
        tk_json_bool(json, range->bound);
        tk_json_close(json, '}');
    }
    tk_json_close(json, '}');
}

void desk_json_world(const tk_world_view *view, tk_out *out)
{
    tk_json json;
    char day[TK_DATE_TEXT_MAX];
    tk_json_begin(&json, out);
    tk_json_open(&json, '{');
    json_member(&json, "name", view->name);
    json_strs(&json, "claims", view->claims, view->claims_count);
    tk_json_key(&json, "recorded");
    tk_json_int(&json, view->recorded);
    tk_json_key(&json, "facts");
    tk_json_open(&json, '[');
    for (size_t i = 0; i < view->facts_count; i++) {
        const tk_world_fact *fact = &view->facts[i];
        tk_json_open(&json, '{');
        json_member(&json, "fact", fact->fact);
        json_member(&json, "value", fact->value);
        json_member(&json, "since", (tk_str){day, tk_date_format(fact->since, day)});
        tk_json_key(&json, "stale");
        tk_json_bool(&json, fact->stale);
        json_strs(&json, "claims", fact->claims, fact->claims_count);
        tk_json_close(&json, '}');
    }
    tk_json_close(&json, ']');
    if (view->ranges != NULL)
        json_ranges(&json, view);
    tk_json_close(&json, '}');
}

void desk_json_frame(const tk_desk *desk, const tk_screening_view *screening, tk_out *out)
{
    tk_json json;
    json_begin_inside(&json, out);
    json_member(&json, "rulebook", tk_rulebook_hash(desk->book));
    json_member(&json, "catalogue", tk_str_from(desk->catalogue_hash));
    json_strs(&json, "lists", screening == NULL ? NULL : screening->versions,
              screening == NULL ? 0 : screening->versions_count);
    json_member(&json, "engine", tk_str_from(tk_version()));
}

/* --- what lists and owners say of the parties --- */

static void json_aligned(tk_json *json, const tk_comparison *why)
{
    tk_json_key(json, "why");
    tk_json_open(json, '[');
    for (size_t i = 0; i < why->tokens_count; i++) {
        const tk_aligned *token = &why->tokens[i];
        tk_json_open(json, '{');
        json_member(json, "how", tk_alignment_name(token->how));
        json_member(json, "left", token->left);
        json_member(json, "right", token->right);
        tk_json_close(json, '}');
    }
    tk_json_close(json, ']');
}

static void json_hit(tk_json *json, const tk_party_hit *hit)
{
    char score[TK_NUM_TEXT_MAX];
    tk_json_open(json, '{');
    json_member(json, "id", hit->hit.id);
    json_member(json, "list", hit->hit.list);
    json_member(json, "state", tk_str_from(tk_clearance_state_name((tk_clearance_state)hit->state)));
    json_member(json, "name", hit->hit.name);
    json_member(json, "alias", hit->hit.alias);
    tk_num exact = (tk_num)hit->hit.score * (TK_NUM_SCALE / TK_SCORE_ONE);
    json_member(json, "score", (tk_str){score, tk_num_format(exact, score)});
    json_aligned(json, &hit->hit.why);
    json_member(json, "review", hit->hit.review);
    json_member(json, "citation", hit->hit.citation);
    json_member(json, "version", hit->hit.version);
    json_member(json, "decided", hit->decided);
    json_member(json, "changed", hit->changed);
    tk_json_close(json, '}');
}

static void json_owned(tk_json *json, const tk_party_owned *owned)
{
    tk_json_open(json, '{');
    json_member(json, "list", owned->list);
    json_member(json, "state", owned->state);
    json_member(json, "low", owned->low);
    json_member(json, "high", owned->high);
    json_strs(json, "owners", owned->owners, owned->owners_count);
    tk_json_close(json, '}');
}

static void json_screened(tk_json *json, const tk_party_screening *party)
{
    tk_json_open(json, '{');
    json_member(json, "role", party->role);
    json_member(json, "party", party->party);
    json_member(json, "name", party->name);
    json_member(json, "trouble", party->trouble);
    tk_json_key(json, "hits");
    tk_json_open(json, '[');
    for (size_t i = 0; i < party->hits_count; i++)
        json_hit(json, &party->hits[i]);
    tk_json_close(json, ']');
    tk_json_key(json, "owned");
    tk_json_open(json, '[');
    for (size_t i = 0; i < party->owned_count; i++)
        json_owned(json, &party->owned[i]);
    tk_json_close(json, ']');
    tk_json_close(json, '}');
}

static void json_unknown(tk_json *json, const tk_unscreened *list)
{
    char day[TK_DATE_TEXT_MAX];
    bool there = list->published != TK_DATE_MIN;
    tk_json_open(json, '{');
    json_member(json, "list", list->list);
    json_member(json, "source", list->source);
    tk_json_key(json, "published");
    if (there)
        tk_json_str(json, (tk_str){day, tk_date_format(list->published, day)});
    else
        tk_json_null(json);
    tk_json_key(json, "age_days");
    tk_json_int(json, there ? list->age_days : 0);
    tk_json_close(json, '}');
}

void desk_json_screening(const tk_screening_view *view, tk_out *out)
{
    tk_json json;
    tk_json_begin(&json, out);
    tk_json_open(&json, '{');
    json_member(&json, "method", TK_STR(TK_NAMES_METHOD));
    tk_json_key(&json, "unknown");
    tk_json_open(&json, '[');
    for (size_t i = 0; i < view->unknown_count; i++)
        json_unknown(&json, &view->unknown[i]);
    tk_json_close(&json, ']');
    json_strs(&json, "never", view->never, view->never_count);
    tk_json_key(&json, "parties");
    tk_json_open(&json, '[');
    for (size_t i = 0; i < view->parties_count; i++)
        json_screened(&json, &view->parties[i]);
    tk_json_close(&json, ']');
    tk_json_close(&json, '}');
}
