/* SPDX-License-Identifier: Apache-2.0 */
/* owners_json.c: the same as one JSON object on a line. Shares are texts, which are exact. */
#include "cli/owners.h"

static const char *const in_names[] = {"no", "unknown", "yes"};

static void json_text(tk_json *json, const char *key, tk_str text)
{
    tk_json_key(json, key);
    tk_json_str(json, text);
}

static void json_number(tk_json *json, const char *key, tk_arena *arena, tk_num value)
{
    json_text(json, key, owners_number(arena, value));
}

static void json_holding(owners_view *o, tk_json *json, size_t holding)
{
    tk_arena *scratch = &o->view->page.scratch;
    const tk_holding_record *record = &o->graph->records[holding];
    for (size_t i = 0; i < TK_HOLDING_COLUMN_COUNT; i++)
        json_text(json, tk_parties_column_name(TK_HOLDINGS, i), record->cells[i]);
    tk_json_key(json, "recorded");
    tk_json_int(json, record->number);
    json_text(json, "recorded_on", parties_day(scratch, record->recorded));
}

static void json_step(owners_view *o, tk_json *json, const tk_owner_step *step)
{
    tk_arena *scratch = &o->view->page.scratch;
    tk_json_open(json, '{');
    json_text(json, "party", o->graph->ids[step->party]);
    json_text(json, "name", owners_name(o, step->party));
    json_text(json, "list", o->graph->input.rules[step->rule].list);
    json_text(json, "covered", tk_str_from(in_names[step->covered]));
    json_number(json, "low", scratch, step->low);
    json_number(json, "high", scratch, step->high);
    tk_json_key(json, "holdings");
    tk_json_open(json, '[');
    for (size_t i = 0; i < step->holdings_count; i++) {
        tk_json_open(json, '{');
        json_holding(o, json, step->holdings[i]);
        tk_json_close(json, '}');
    }
    tk_json_close(json, ']');
    tk_json_close(json, '}');
}

static void json_change(owners_view *o, tk_json *json, const tk_owner_change *change)
{
    tk_arena *scratch = &o->view->page.scratch;
    if (!change->there)
        return;
    const tk_holding_record *record = &o->graph->records[change->holding];
    tk_json_open(json, '{');
    json_text(json, "holder", record->cells[TK_HOLDING_HOLDER]);
    json_text(json, "held", record->cells[TK_HOLDING_HELD]);
    json_number(json, change->above ? "at_least" : "below", scratch, change->share);
    json_number(json, "by", scratch, change->by);
    json_text(json, "covered", tk_str_from(in_names[change->becomes]));
    tk_json_close(json, '}');
}

static void json_answer(tk_json *json, tk_arena *scratch, const tk_owner_rule *rule, const tk_owner_answer *answer)
{
    json_text(json, "list", rule->list);
    json_text(json, "state", tk_str_from(tk_owner_state_name(answer->state)));
    json_text(json, "owners", tk_str_from(in_names[answer->owners]));
    json_text(json, "minority", tk_str_from(in_names[answer->minority]));
    json_number(json, "low", scratch, answer->low);
    json_number(json, "high", scratch, answer->high);
    json_number(json, "percent", scratch, rule->percent);
    tk_json_key(json, "aggregate");
    tk_json_bool(json, rule->aggregate);
    json_text(json, "with", rule->with);
    tk_json_key(json, "control");
    tk_json_bool(json, answer->control);
    tk_json_key(json, "itself");
    tk_json_bool(json, answer->itself);
    json_text(json, "citation", rule->citation);
}

static tk_status json_rule(owners_view *o, tk_json *json, size_t rule)
{
    parties_view *view = o->view;
    tk_owner_answer answer = tk_owners_answer(o->graph->owners, o->party, rule);
    const tk_owner_step *steps;
    size_t count;
    tk_owner_change up, down;
    bool complete;
    tk_status status =
        tk_owners_chain(o->graph->owners, o->party, rule, &view->arena, &steps, &count, &view->err);
    if (status == TK_OK)
        status = tk_owners_change(o->graph->owners, o->party, rule, &view->arena, &up, &down, &complete, &view->err);
    if (status != TK_OK)
        return status;
    tk_json_open(json, '{');
    json_answer(json, &view->page.scratch, &o->graph->input.rules[rule], &answer);
    tk_json_key(json, "chain");
    tk_json_open(json, '[');
    for (size_t i = 0; i < count; i++)
        json_step(o, json, &steps[i]);
    tk_json_close(json, ']');
    tk_json_key(json, "changes");
    tk_json_open(json, '[');
    json_change(o, json, &up);
    json_change(o, json, &down);
    tk_json_close(json, ']');
    tk_json_key(json, "changes_complete");
    tk_json_bool(json, complete);
    tk_json_close(json, '}');
    tk_arena_reset(&view->page.scratch);
    return TK_OK;
}

static void json_review(owners_view *o, tk_json *json)
{
    uint8_t least, most;
    tk_owners_review(o->graph->owners, o->party, &least, &most);
    tk_json_key(json, "review");
    if (most == 0) {
        tk_json_null(json);
        return;
    }
    tk_json_open(json, '{');
    json_text(json, "least", owners_review(o, least));
    json_text(json, "most", owners_review(o, most));
    tk_json_close(json, '}');
}

tk_status owners_json(owners_view *o)
{
    tk_json json;
    tk_arena *scratch = &o->view->page.scratch;
    tk_status status = TK_OK;
    tk_owner_state state = tk_owners_state(o->graph->owners, o->party);
    bool unknown = state == TK_OWNER_CLEAR && o->holders == 0;
    tk_json_begin(&json, o->view->page.out);
    tk_json_open(&json, '{');
    json_text(&json, "party", o->graph->ids[o->party]);
    json_text(&json, "name", o->name);
    json_text(&json, "as_of", parties_day(scratch, o->day));
    json_text(&json, "state", unknown ? TK_STR("unknown") : tk_str_from(tk_owner_state_name(state)));
    tk_json_key(&json, "holders");
    tk_json_int(&json, (int64_t)o->holders);
    json_number(&json, "held_low", scratch, o->known_low);
    json_number(&json, "held_high", scratch, o->known_high);
    json_review(o, &json);
    tk_json_key(&json, "lists");
    tk_json_open(&json, '[');
    for (size_t rule = 0; status == TK_OK && rule < o->graph->input.rules_count; rule++)
        status = json_rule(o, &json, rule);
    tk_json_close(&json, ']');
    tk_json_close(&json, '}');
    tk_out_char(o->view->page.out, '\n');
    return status;
}
