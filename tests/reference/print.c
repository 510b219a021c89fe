/* SPDX-License-Identifier: Apache-2.0 */
/* print.c: a model as .rules text, and a transaction as text for people. */
#include <stdarg.h>
#include <string.h>

#include "base/num.h"
#include "reference/reference.h"

/* One file under way. A model that outgrows it is a mistake of the generator, found by the compiler at once. */
typedef struct printer {
    const ref_model *m;
    char *text;
    size_t len;
} printer;

static void put(printer *p, const char *format, ...) TK_PRINTF(2, 3);
static void put(printer *p, const char *format, ...)
{
    va_list list;
    va_start(list, format);
    int len = vsnprintf(p->text + p->len, REF_TEXT_MAX - p->len, format, list);
    va_end(list);
    if (0 < len)
        p->len = p->len + (size_t)len < REF_TEXT_MAX ? p->len + (size_t)len : REF_TEXT_MAX - 1;
}

static const char *date_text(long day, char out[TK_DATE_TEXT_MAX])
{
    (void)tk_date_format((tk_date)day, out);
    return out;
}

static void put_span(printer *p, ref_span span)
{
    char from[TK_DATE_TEXT_MAX], to[TK_DATE_TEXT_MAX];
    put(p, "%s ..", date_text(span.from, from));
    if (span.to != INT_MAX)
        put(p, " %s", date_text(span.to, to));
}

static void put_fact(printer *p, int fact, int role)
{
    char name[REF_NAME_MAX];
    put(p, "%s", ref_fact_name(p->m, fact, role, name));
}

/* ---- numbers and conditions ---- */

static void put_number(printer *p, int index)
{
    const ref_number *n = &p->m->numbers[index];
    char day[TK_DATE_TEXT_MAX];
    switch (n->op) {
    case REF_CONSTANT:
        if (n->is_date)
            put(p, "%s", date_text(n->constant, day));
        else
            put(p, "%ld.%02ld", n->constant / 100, n->constant % 100);
        break;
    case REF_FACT:
        put_fact(p, n->fact, n->role);
        break;
    case REF_SUM:
        put_number(p, n->a);
        put(p, " + ");
        put_number(p, n->b);
        break;
    case REF_TIMES:
        put(p, "%ld.%02ld * ", n->constant / 100, n->constant % 100);
        put_number(p, n->a);
        break;
    case REF_MAX:
        put(p, "max of (");
        put_number(p, n->a);
        put(p, ", ");
        put_number(p, n->b);
        put(p, ")");
        break;
    case REF_QUOTIENT:
        put_number(p, n->a);
        put(p, " / ");
        put_number(p, n->b);
        break;
    case REF_PLUS_DAYS:
        put_number(p, n->a);
        put(p, " + %ld days", n->constant);
        break;
    }
}

static void put_mask(printer *p, const ref_fact *fact, unsigned mask, const char *between)
{
    char name[REF_NAME_MAX];
    bool first = true;
    for (int i = 0; i < 16; i++)
        if ((mask >> i & 1) != 0) {
            put(p, "%s%s", first ? "" : between, ref_word_name(fact, i, name));
            first = false;
        }
}

static void put_set_name(printer *p, int set)
{
    put(p, p->m->sets[set].group ? "G:%d" : "s%d", set);
}

static void put_places(printer *p, const ref_condition *c)
{
    const ref_fact *fact = &p->m->facts[c->fact];
    put(p, " in (");
    if (c->set != REF_NOT) {
        put_set_name(p, c->set);
        if (c->mask != 0)
            put(p, c->but_not ? " but not " : " or ");
    }
    if (c->set != REF_NOT && c->but_not && c->mask != 0)
        put(p, "(");
    put_mask(p, fact, c->mask, " or ");
    put(p, c->set != REF_NOT && c->but_not && c->mask != 0 ? "))" : ")");
}

static void put_asks(printer *p, const ref_condition *c, int regime)
{
    char name[REF_NAME_MAX];
    const ref_question *q = &p->m->questions[c->index];
    bool first = true;
    if (q->regime != regime)
        put(p, "%s.", ref_regime_name(q->regime));
    put(p, "%s in (", ref_question_name(p->m, c->index, name));
    for (int i = 0; i < q->answers; i++)
        if ((c->mask >> i & 1) != 0) {
            put(p, "%s%s", first ? "" : ", ", ref_answer_name(p->m, c->index, i, name));
            first = false;
        }
    put(p, ")");
}

static const char *roles_name(unsigned roles)
{
    return roles == 0x1EU ? "recipient" : roles == 0x18U ? "receiver" : roles == 0x1FU ? "everybody" : "end_user";
}

static void put_condition(printer *p, int index, int regime);

static void put_part(printer *p, int index, int regime)
{
    put(p, "(");
    put_condition(p, index, regime);
    put(p, ")");
}

static void put_condition(printer *p, int index, int regime)
{
    static const char *const hows[] = {"=", "!=", "<", "<=", ">", ">="};
    const ref_condition *c = &p->m->conditions[index];
    char name[REF_NAME_MAX];
    switch (c->op) {
    case REF_AND:
    case REF_OR:
        put_part(p, c->a, regime);
        put(p, c->op == REF_AND ? " and " : " or ");
        put_part(p, c->b, regime);
        break;
    case REF_NEGATE:
        put(p, "not ");
        put_part(p, c->a, regime);
        break;
    case REF_ANY:
    case REF_EVERY:
    case REF_NONE_OF:
        put(p, "%s %s ", c->op == REF_ANY ? "any" : c->op == REF_EVERY ? "every" : "no", roles_name(c->roles));
        put_part(p, c->a, regime);
        break;
    case REF_COMPARE:
        put_number(p, c->a);
        put(p, " %s ", hows[c->how]);
        put_number(p, c->b);
        break;
    case REF_IS_WORD:
    case REF_IN_NAMES:
        put_fact(p, c->fact, c->role);
        put(p, " in (");
        put_mask(p, &p->m->facts[c->fact], c->mask, ", ");
        put(p, ")");
        break;
    case REF_HAS:
        put_fact(p, c->fact, c->role);
        put(p, " has any of (");
        put_mask(p, &p->m->facts[c->fact], c->mask, ", ");
        put(p, ")");
        break;
    case REF_IN_PLACES:
        put_fact(p, c->fact, c->role);
        put_places(p, c);
        break;
    case REF_SAME:
        put_fact(p, c->fact, c->role);
        put(p, " %s ", hows[c->how]);
        put_fact(p, c->other, c->other_role);
        break;
    case REF_ASKS:
        put_asks(p, c, regime);
        break;
    case REF_SHOWN:
        put(p, "evidence has %s", ref_met_name(c->index, name));
        break;
    case REF_TERM:
        put(p, "t%d", c->index);
        break;
    }
}

/* ---- statements ---- */

static const char *const stage_names[] = {"before order", "before ship", "after delivery"};

void ref_value_text(const ref_fact *fact, const ref_value *v, char out[REF_NAME_MAX * 4])
{
    char low[REF_NAME_MAX] = "", high[REF_NAME_MAX] = "", name[REF_NAME_MAX];
    size_t at = 0;
    out[0] = 0;
    if (v->known == REF_UNKNOWN || v->known == REF_NONE) {
        (void)snprintf(out, REF_NAME_MAX * 4, v->known == REF_NONE ? "none" : "?");
        return;
    }
    if (fact->kind == REF_SET) {
        for (int i = 0; i < fact->words; i++)
            if ((v->in >> i & 1) != 0)
                at += (size_t)snprintf(out + at, REF_NAME_MAX * 4 - at, "%s%s", at == 0 ? "" : ";",
                                       ref_word_name(fact, i, name));
        if (v->unsure != 0)
            (void)snprintf(out + at, REF_NAME_MAX * 4 - at, "%s?%x", at == 0 ? "" : ";", v->unsure);
        else if (at == 0)
            (void)snprintf(out, REF_NAME_MAX * 4, "none");
        return;
    }
    if (fact->kind != REF_NUMBER && fact->kind != REF_DATE) {
        (void)snprintf(out, REF_NAME_MAX * 4, "%s", ref_word_name(fact, (int)v->lo, name));
        return;
    }
    if (fact->kind == REF_DATE) {
        if (v->lo != REF_OPEN_LOW)
            (void)date_text(v->lo, low);
        if (v->hi != REF_OPEN_HIGH)
            (void)date_text(v->hi, high);
    } else {
        if (v->lo != REF_OPEN_LOW)
            (void)snprintf(low, sizeof low, "%ld", v->lo);
        if (v->hi != REF_OPEN_HIGH)
            (void)snprintf(high, sizeof high, "%ld", v->hi);
    }
    if (v->lo == v->hi)
        (void)snprintf(out, REF_NAME_MAX * 4, "%s", low);
    else
        (void)snprintf(out, REF_NAME_MAX * 4, "%s .. %s", low, high);
}

static void put_fact_statement(printer *p, int index)
{
    static const char *const types[] = {"number", "date", "", "", "place", "text"};
    const ref_fact *f = &p->m->facts[index];
    char name[REF_NAME_MAX], text[REF_NAME_MAX * 4];
    if (f->term != REF_NOT) {
        put(p, "term %s = ", ref_fact_name(p->m, index, 0, name));
        put_number(p, f->term);
        put(p, "\n\n");
        return;
    }
    if (f->party)
        put(p, "fact party.f%d : ", index);
    else
        put(p, "fact %s : ", ref_fact_name(p->m, index, 0, name));
    if (f->kind == REF_SET)
        put(p, "set of ");
    for (int i = 0; i < f->words && (f->kind == REF_WORD || f->kind == REF_SET); i++)
        put(p, "%s%s", i == 0 ? "" : f->ordered ? " < " : " | ", ref_word_name(f, i, name));
    put(p, "%s%s", types[f->kind], f->from_claims ? " from claims" : "");
    if (f->presume == REF_PRESUME_FACT)
        put(p, " presumed %s", ref_fact_name(p->m, f->presumed_fact, REF_EACH, name));
    if (f->presume == REF_PRESUME_VALUE && f->kind == REF_SET && f->presumed.in != 0) {
        put(p, " presumed (");
        put_mask(p, f, f->presumed.in, ", ");
        put(p, ")");
    } else if (f->presume == REF_PRESUME_VALUE) {
        ref_value_text(f, &f->presumed, text);
        put(p, " presumed %s", text);
    }
    if (f->duty != REF_NOT)
        put(p, "\n  requires e%d \"Evidence %d is shown\" %s", f->duty, f->duty,
            stage_names[p->m->evidence_stage[f->duty]]);
    put(p, "\n\n");
}

static void put_set_statement(printer *p, int index)
{
    const ref_set *set = &p->m->sets[index];
    static const ref_fact places = {.kind = REF_PLACE};
    char day[TK_DATE_TEXT_MAX];
    put(p, "set s%d of place\n", index);
    for (int i = 0; i < set->rows_count; i++) {
        put(p, "  %s", set->rows[i].out ? "out " : "");
        put_mask(p, &places, set->rows[i].places, ", ");
        put(p, " ");
        put_span(p, set->rows[i].span);
        put(p, "  published %s  cites \"Row %d\"\n", date_text(set->rows[i].published, day), i);
    }
    put(p, "\n");
}

static void put_question_statement(printer *p, int index)
{
    const ref_question *q = &p->m->questions[index];
    char name[REF_NAME_MAX];
    put(p, "question %s : ", ref_question_name(p->m, index, name));
    for (int i = 0; i < q->answers; i++)
        put(p, "%s%s", i == 0 ? "" : q->strictest ? " < " : " | ", ref_answer_name(p->m, index, i, name));
    put(p, "%s", q->strictest ? ", strictest" : "");
    if (q->asked != REF_NOT) {
        put(p, "\n  asked when ");
        put_condition(p, q->asked, q->regime);
    }
    put(p, "\n  otherwise %s\n\n", ref_answer_name(p->m, index, q->otherwise, name));
}

static void put_act(printer *p, const ref_act *act, const char *what, int index)
{
    char day[TK_DATE_TEXT_MAX];
    if (act->kind == REF_PRACTICE)
        put(p, "  practice\n");
    if (act->kind == REF_REPORTED && act->claim_a == REF_NOT)
        put(p, "  reported\n");
    if (act->kind == REF_REPORTED && act->claim_a != REF_NOT) {
        put(p, "  reported by c%d", act->claim_a);
        if (act->claim_b != REF_NOT)
            put(p, " %s c%d", act->both ? "and" : "or", act->claim_b);
        put(p, "\n");
    }
    if (act->kind != REF_REPORTED)
        put(p, "  cites \"%s %d\"  published %s\n", what, index, date_text(act->published, day));
    put(p, "  in force ");
    for (int i = 0; i < act->spans_count; i++) {
        put(p, "%s", i == 0 ? "" : ", ");
        put_span(p, act->spans[i]);
    }
    put(p, "\n");
}

static void put_require(printer *p, const ref_require *r, int regime)
{
    if (r->limit != REF_NOT)
        put(p, "  requires within l%d %s", r->limit, stage_names[r->stage]);
    else {
        put(p, "  requires e%d \"Evidence %d is shown\" ", r->evidence, r->evidence);
        if (r->days != 0)
            put(p, "%d days ", r->days);
        put(p, "%s", stage_names[r->stage]);
    }
    if (r->when != REF_NOT) {
        put(p, " when ");
        put_condition(p, r->when, regime);
    }
    put(p, "\n");
}

static void put_rule_statement(printer *p, int index)
{
    const ref_rule *r = &p->m->rules[index];
    char name[REF_NAME_MAX];
    put(p, "rule u%d", index);
    for (int i = 0; i < r->targets_count; i++)
        put(p, "%s u%d", i == 0 ? " exception to" : ",", r->targets[i]);
    put(p, "\n");
    put_act(p, &r->act, "Rule", index);
    if (r->replaces != REF_NOT)
        put(p, "  replaces u%d\n", r->replaces);
    if (r->when != REF_NOT) {
        put(p, "  when ");
        put_condition(p, r->when, r->regime);
        put(p, "\n");
    }
    if (r->answer != REF_NOT) {
        put(p, "  then %s = ", ref_question_name(p->m, r->question, name));
        put(p, "%s\n", ref_answer_name(p->m, r->question, r->answer, name));
    }
    for (int i = 0; i < r->requires_count; i++)
        put_require(p, &r->requires[i], r -> regime);
    put(p, "\n");
}

static void put_limit_statement(printer *p, int index)
{
    const ref_limit *l = &p->m->limits[index];
    put(p, "limit l%d\n", index);
    put_act(p, &l->act, "Limit", index);
    put(p, "  counts item.f0 of shipped where item.f0 > 0 at most 1000 over all time\n\n");
}

static void put_gap_statement(printer *p, int index)
{
    put(p, "not modelled \"gap %d\" cites \"Gap %d\"", index, index);
    if (p->m->gaps[index].when != REF_NOT) {
        put(p, " when ");
        put_condition(p, p->m->gaps[index].when, p->m->gaps[index].regime);
    }
    put(p, "\n\n");
}

static void put_regime_head(printer *p, int regime)
{
    const ref_regime *r = &p->m->regimes[regime];
    char day[TK_DATE_TEXT_MAX];
    put(p, "regime %s \"Regime %d\" covers ", ref_regime_name(regime), regime);
    put_span(p, (ref_span){r->covers_from, r->covers_to});
    put(p, " read to %s", date_text(r->read_to, day));
    if (r->when != REF_NOT) {
        put(p, " when ");
        put_condition(p, r->when, regime);
    }
    put(p, "\n\n");
}

/* ---- a book: statements by owner, over files ---- */

typedef struct statement {
    void (*put)(printer *p, int index);
    int index, owner; /* REF_NOT: common */
} statement;

enum { STATEMENTS_MAX = 96 };

typedef struct statements {
    statement items[STATEMENTS_MAX];
    int count;
} statements;

static void statements_add(statements *s, void (*write)(printer *p, int index), int index, int owner)
{
    if (s->count < STATEMENTS_MAX)
        s->items[s->count++] = (statement){write, index, owner};
}

static void put_roles_statement(printer *p, int index)
{
    static const char *const texts[] = {
        "roles recipient = purchaser, intermediate_consignee, ultimate_consignee, end_user",
        "roles receiver = ultimate_consignee, end_user",
        "roles everybody = seller, purchaser, intermediate_consignee, ultimate_consignee, end_user"};
    put(p, "%s\n\n", texts[index]);
}

static void put_term_statement(printer *p, int index)
{
    put(p, "term t%d = ", index);
    put_condition(p, p->m->terms[index], REF_NOT);
    put(p, "\n\n");
}

static void statements_make(const ref_model *m, statements *s)
{
    for (int i = 0; i < 3; i++)
        statements_add(s, put_roles_statement, i, REF_NOT);
    for (int i = 0; i < REF_FACTS_MAX; i++)
        if (m->facts[i].used)
            statements_add(s, put_fact_statement, i, REF_NOT);
    for (int i = 0; i < m->sets_count; i++)
        if (!m->sets[i].group)
            statements_add(s, put_set_statement, i, REF_NOT);
    for (int i = 0; i < m->terms_count; i++)
        statements_add(s, put_term_statement, i, REF_NOT);
    for (int i = 0; i < REF_QUESTIONS_MAX; i++)
        if (m->questions[i].used)
            statements_add(s, put_question_statement, i, m->questions[i].regime);
    for (int i = 0; i < REF_RULES_MAX; i++)
        if (m->rules[i].used)
            statements_add(s, put_rule_statement, i, m->rules[i].regime);
    for (int i = 0; i < REF_LIMITS_MAX; i++)
        if (m->limits[i].used)
            statements_add(s, put_limit_statement, i, m->limits[i].regime);
    for (int i = 0; i < REF_GAPS_MAX; i++)
        if (m->gaps[i].used)
            statements_add(s, put_gap_statement, i, m->gaps[i].regime);
}

/* Two files an owner when shuffled; the first of a regime declares it. */
void ref_print(const ref_model *m, uint64_t shuffle, ref_book_text *out)
{
    statements s = {.count = 0};
    ref_random r = {shuffle};
    out->files = 0;
    statements_make(m, &s);
    for (int i = s.count; shuffle != 0 && 1 < i; i--) {
        int other = ref_below(&r, i);
        statement swap = s.items[i - 1];
        s.items[i - 1] = s.items[other];
        s.items[other] = swap;
    }
    for (int owner = REF_NOT; owner < REF_REGIMES_MAX; owner++) {
        int files = shuffle == 0 ? 1 : 2;
        if (owner != REF_NOT && !m->regimes[owner].used)
            continue;
        for (int f = 0; f < files; f++) {
            printer p = {.m = m, .text = out->text[out->files]};
            if (owner == REF_NOT)
                put(&p, "common\n\n");
            else if (f == 0)
                put_regime_head(&p, owner);
            else
                put(&p, "regime %s\n\n", ref_regime_name(owner));
            for (int i = 0; i < s.count; i++)
                if (s.items[i].owner == owner && (i % files) == f)
                    s.items[i].put(&p, s.items[i].index);
            (void)snprintf(out->names[out->files], sizeof out->names[0], "%c%d.rules",
                           shuffle == 0 ? 'a' : (char)('a' + ref_below(&r, 26)), (int)out->files);
            out->len[out->files++] = p.len;
        }
    }
}

/* ---- for people ---- */

void ref_print_transaction(FILE *out, const ref_model *m, const ref_transaction *t, const ref_setting *s)
{
    char name[REF_NAME_MAX], text[REF_NAME_MAX * 4], day[TK_DATE_TEXT_MAX], known[TK_DATE_TEXT_MAX];
    (void)fprintf(out, "as of %s  known at %s  law %s  world %x  roles %x\n", date_text(s->as_of, day),
                  date_text(s->known_at, known), s->text ? "text" : "enforced", s->world, t->roles);
    for (int f = 0; f < REF_FACTS_MAX; f++)
        for (int role = 0; role < ref_roles_of(&m->facts[f]); role++) {
            const ref_given *g = &t->given[f][role];
            if (g->has_row) {
                ref_value_text(&m->facts[f], &g->row, text);
                (void)fprintf(out, "  on record %s = %s\n", ref_fact_name(m, f, role, name), text);
            }
            if (g->has_supplied) {
                ref_value_text(&m->facts[f], &g->supplied, text);
                (void)fprintf(out, "  supplied  %s = %s\n", ref_fact_name(m, f, role, name), text);
            }
        }
    for (int i = 0; i < REF_MET_MAX; i++)
        if (t->shown[i].state != 0)
            (void)fprintf(out, "  evidence  %s%s%s%s\n", t->shown[i].state == 2 ? "-" : "", ref_met_name(i, name),
                          t->shown[i].date == INT_MIN ? "" : "@",
                          t->shown[i].date == INT_MIN ? "" : date_text(t->shown[i].date, day));
    for (int i = 0; i < REF_CLAIMS_MAX; i++)
        (void)fprintf(out, "  claim c%d published %s contradicts %x\n", i, date_text(m->claims[i].published, day),
                      m->claims[i].contradicts);
    for (int i = 0; i < m->sets_count; i++)
        for (int k = 0; m->sets[i].group && k < m->sets[i].rows_count; k++) {
            const ref_row *row = &m->sets[i].rows[k];
            (void)fprintf(out, "  group G:%d %s places %x %s .. %s published %s\n", i, row->out ? "out" : "in",
                          row->places, date_text(row->span.from, day),
                          row->span.to == INT_MAX ? "" : date_text(row->span.to, known),
                          row->published == INT_MIN ? "always" : "");
        }
}
