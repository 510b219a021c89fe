/* SPDX-License-Identifier: Apache-2.0 */
/* generate.c: random rulebooks that compile, and transactions that fit them.
 *
 * Facts have fixed places in the table, so that a number always finds its kind; which of them a model declares, and
 * everything else, is drawn. Rules except and replace only earlier rules and questions read only earlier questions, so
 * that there are no cycles.
 */
#include <stdlib.h>
#include <string.h>

#include "reference/reference.h"

/* splitmix64: every seed is as good as any other. */
uint64_t ref_next(ref_random *r)
{
    uint64_t z = r->state += UINT64_C(0x9e3779b97f4a7c15);
    z = (z ^ z >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ z >> 27) * UINT64_C(0x94d049bb133111eb);
    return z ^ z >> 31;
}

int ref_below(ref_random *r, int limit)
{
    return (int)(ref_next(r) % (uint64_t)limit);
}

bool ref_chance(ref_random *r, int percent)
{
    return ref_below(r, 100) < percent;
}

unsigned long ref_count(unsigned long normal)
{
    const char *text = getenv("COUNT");
    return text == NULL || *text == 0 ? normal : strtoul(text, NULL, 10);
}

uint64_t ref_seed(uint64_t normal)
{
    const char *text = getenv("SEED");
    return text == NULL || *text == 0 ? normal : strtoull(text, NULL, 0);
}

static int day_within(ref_random *r, int first, int last)
{
    return REF_DAY_0 + first + ref_below(r, last - first + 1);
}

/* ---- facts ---- */

enum {
    F_NUMBER_0,
    F_NUMBER_1,
    F_NUMBER_2,
    F_TERM,
    F_QUOTIENT,
    F_DATE,
    F_WORD,
    F_ORDERED,
    F_SET,
    F_PLACE,
    F_NAME,
    F_PLACE_2,
    F_PARTY_HQ,
    F_PARTY_PARENT_HQ,
    F_PARTY_WORD,
    F_PARTY_LISTS,
    F_PARTY_NUMBER,
    F_ORDER_DATE,
    F_SHIP_DATE,
    F_COUNT
};

ref_value ref_generate_value(ref_random *r, const ref_fact *fact, bool none_too)
{
    ref_value v = {.known = REF_VALUE};
    if (none_too && fact->kind != REF_SET && ref_chance(r, 10))
        return (ref_value){.known = REF_NONE};
    switch (fact->kind) {
    case REF_NUMBER:
        v.lo = ref_below(r, 10);
        break;
    case REF_DATE:
        v.lo = day_within(r, 0, 90);
        break;
    case REF_WORD:
        v.lo = ref_below(r, fact->words);
        break;
    case REF_SET:
        v.in = (unsigned)ref_below(r, 1 << fact->words);
        break;
    case REF_PLACE:
        v.lo = ref_below(r, REF_PLACES);
        break;
    case REF_NAME:
        v.lo = ref_below(r, REF_NAMES);
        break;
    }
    v.hi = v.lo;
    return v;
}

static void fact_make(ref_model *m, int index, ref_kind kind, bool party)
{
    m->facts[index] = (ref_fact){
        .used = true, .kind = kind, .party = party, .presumed_fact = REF_NOT, .duty = REF_NOT, .term = REF_NOT};
}

static void fact_presume(ref_random *r, ref_model *m, int index, int percent)
{
    ref_fact *f = &m->facts[index];
    if (!ref_chance(r, percent))
        return;
    f->presume = REF_PRESUME_VALUE;
    f->presumed = ref_generate_value(r, f, true);
    if (ref_chance(r, 40))
        f->duty = ref_below(r, REF_EVIDENCE_MAX);
}

static int number_add(ref_model *m, ref_number number)
{
    m->numbers[m->numbers_count] = number;
    return m->numbers_count++;
}

static int number_fact(ref_model *m, int fact, int role)
{
    return number_add(
        m, (ref_number){
               .op = REF_FACT, .fact = fact, .role = m->facts[fact].party ? role : 0, .a = REF_NOT, .b = REF_NOT});
}

static int number_constant(ref_model *m, long hundredths)
{
    return number_add(m, (ref_number){.op = REF_CONSTANT, .constant = hundredths, .a = REF_NOT, .b = REF_NOT});
}

static int number_times(ref_random *r, ref_model *m, int a)
{
    return number_add(m, (ref_number){.op = REF_TIMES, .constant = 50 * (1 + ref_below(r, 4)), .a = a, .b = REF_NOT});
}

/* A sum or maximum of the plain numbers, some of them multiplied. */
static int number_arithmetic(ref_random *r, ref_model *m, ref_number_op op)
{
    int a = number_fact(m, ref_below(r, 3), 0);
    if (ref_chance(r, 40))
        a = number_times(r, m, a);
    int b = number_fact(m, ref_below(r, 3), 0);
    if (ref_chance(r, 40))
        b = number_times(r, m, b);
    return number_add(m, (ref_number){.op = op, .a = a, .b = b});
}

static void facts_terms(ref_random *r, ref_model *m)
{
    if (ref_chance(r, 50)) {
        fact_make(m, F_TERM, REF_NUMBER, false);
        m->facts[F_TERM].term = ref_chance(r, 70) ? number_arithmetic(r, m, ref_chance(r, 60) ? REF_MAX : REF_SUM)
                                                  : number_times(r, m, number_fact(m, ref_below(r, 3), 0));
    }
    if (ref_chance(r, 50)) {
        fact_make(m, F_QUOTIENT, REF_NUMBER, false);
        int top = number_fact(m, m->facts[F_TERM].used ? F_TERM : F_NUMBER_1, 0);
        m->facts[F_QUOTIENT].term =
            number_add(m, (ref_number){.op = REF_QUOTIENT, .a = top, .b = number_fact(m, F_NUMBER_2, 0)});
    }
}

static void facts_make(ref_random *r, ref_model *m)
{
    for (int i = F_NUMBER_0; i <= F_NUMBER_2; i++)
        fact_make(m, i, REF_NUMBER, false);
    fact_presume(r, m, F_NUMBER_1, 20);
    if (ref_chance(r, 20)) {
        m->facts[F_NUMBER_2].presume = REF_PRESUME_FACT;
        m->facts[F_NUMBER_2].presumed_fact = F_NUMBER_0;
    }
    facts_terms(r, m);
    static const struct {
        int index;
        ref_kind kind;
        int words;
        bool party;
        int used, presumed;
    } others[] = {{F_DATE, REF_DATE, 0, false, 50, 30},         {F_WORD, REF_WORD, 2, false, 80, 30},
                  {F_ORDERED, REF_WORD, 3, false, 50, 20},      {F_SET, REF_SET, 3, false, 50, 30},
                  {F_PLACE, REF_PLACE, 0, false, 80, 20},       {F_NAME, REF_NAME, 0, false, 30, 20},
                  {F_PLACE_2, REF_PLACE, 0, false, 30, 30},     {F_PARTY_HQ, REF_PLACE, 0, true, 60, 15},
                  {F_PARTY_WORD, REF_WORD, 2, true, 40, 30},    {F_PARTY_LISTS, REF_SET, 3, true, 50, 60},
                  {F_PARTY_NUMBER, REF_NUMBER, 0, true, 25, 30}};
    for (size_t i = 0; i < sizeof others / sizeof others[0]; i++) {
        if (!ref_chance(r, others[i].used))
            continue;
        fact_make(m, others[i].index, others[i].kind, others[i].party);
        m->facts[others[i].index].words = others[i].words;
        m->facts[others[i].index].ordered = others[i].index == F_ORDERED;
        m->facts[others[i].index].from_claims = ref_chance(r, 12);
        fact_presume(r, m, others[i].index, others[i].presumed);
    }
    if (m->facts[F_PARTY_HQ].used && ref_chance(r, 60)) {
        fact_make(m, F_PARTY_PARENT_HQ, REF_PLACE, true);
        m->facts[F_PARTY_PARENT_HQ].presume = REF_PRESUME_FACT;
        m->facts[F_PARTY_PARENT_HQ].presumed_fact = F_PARTY_HQ;
        if (ref_chance(r, 30))
            m->facts[F_PARTY_PARENT_HQ].duty = ref_below(r, REF_EVIDENCE_MAX);
    }
    fact_make(m, F_ORDER_DATE, REF_DATE, false);
    fact_make(m, F_SHIP_DATE, REF_DATE, false);
    m->order_date = F_ORDER_DATE;
    m->ship_date = F_SHIP_DATE;
}

static void sets_make(ref_random *r, ref_model *m)
{
    m->sets_count = 1 + ref_below(r, REF_SETS_MAX);
    for (int i = 0; i < m->sets_count; i++) {
        ref_set *set = &m->sets[i];
        set->group = ref_chance(r, 40);
        set->rows_count = 1 + ref_below(r, REF_ROWS_MAX);
        for (int k = 0; k < set->rows_count; k++) {
            ref_row *row = &set->rows[k];
            row->places = 1U + (unsigned)ref_below(r, (1 << REF_PLACES) - 1);
            row->out = k != 0 && ref_chance(r, 40);
            row->span.from = day_within(r, 0, 50);
            row->span.to = ref_chance(r, 60) ? INT_MAX : row->span.from + ref_below(r, 40);
            /* No two published the same day, so that no two can contradict each other. */
            row->published = REF_DAY_0 + ref_below(r, 15) * REF_ROWS_MAX + k;
        }
    }
}

/* ---- conditions ---- */

typedef struct drawing {
    ref_random *r;
    ref_model *m;
    int questions; /* the first so many may be read */
    bool each;     /* inside any, every, no */
    bool terms;
} drawing;

static int condition_add(ref_model *m, ref_condition c)
{
    m->conditions[m->conditions_count] = c;
    return m->conditions_count++;
}

static int draw_role(drawing *d)
{
    if (d->each)
        return REF_EACH;
    int drawn = ref_below(d->r, 100); /* mostly the end user, now and then somebody who may be absent */
    return drawn < 70 ? REF_ROLES - 1 : drawn < 85 ? 0 : 1 + drawn % (REF_ROLES - 2);
}

static unsigned draw_mask(drawing *d, int bits)
{
    return 1U + (unsigned)ref_below(d->r, (1 << bits) - 2 + (bits == 1));
}

static int draw_number_compare(drawing *d)
{
    ref_model *m = d->m;
    ref_condition c = {.op = REF_COMPARE, .how = (ref_how)ref_below(d->r, 6)};
    int pick = ref_below(d->r, 10);
    if (d->each && m->facts[F_PARTY_NUMBER].used)
        c.a = number_fact(m, F_PARTY_NUMBER, REF_EACH);
    else if (pick < 2 && m->facts[F_QUOTIENT].used) {
        c.a = number_fact(m, F_QUOTIENT, 0);
        c.b = number_constant(m, 50 * (1 + ref_below(d->r, 8)));
        return condition_add(m, c);
    } else if (pick < 4 && m->facts[F_TERM].used)
        c.a = number_fact(m, F_TERM, 0);
    else if (pick < 5)
        c.a = number_arithmetic(d->r, m, ref_chance(d->r, 50) ? REF_MAX : REF_SUM);
    else if (pick < 6) {
        c.a = number_add(
            m,
            (ref_number){.op = REF_QUOTIENT, .a = number_fact(m, F_NUMBER_0, 0), .b = number_fact(m, F_NUMBER_1, 0)});
        c.b = number_constant(m, 50 * (1 + ref_below(d->r, 8)));
        return condition_add(m, c);
    } else
        c.a = number_fact(m, ref_below(d->r, 3), 0);
    c.b = ref_chance(d->r, 80) ? number_constant(m, 50 * ref_below(d->r, 20)) : number_fact(m, ref_below(d->r, 3), 0);
    return condition_add(m, c);
}

static int draw_date_compare(drawing *d)
{
    ref_model *m = d->m;
    ref_condition c = {.op = REF_COMPARE, .how = (ref_how)ref_below(d->r, 6), .a = number_fact(m, F_DATE, 0)};
    if (ref_chance(d->r, 30))
        c.a = number_add(
            m, (ref_number){.op = REF_PLUS_DAYS, .constant = 1 + ref_below(d->r, 40), .a = c.a, .b = REF_NOT});
    if (ref_chance(d->r, 70))
        c.b = number_add(m, (ref_number){.op = REF_CONSTANT,
                                         .is_date = true,
                                         .constant = day_within(d->r, 0, 90),
                                         .a = REF_NOT,
                                         .b = REF_NOT});
    else
        c.b = number_fact(m, F_SHIP_DATE, 0);
    return condition_add(m, c);
}

static int draw_word(drawing *d, int fact)
{
    const ref_fact *f = &d->m->facts[fact];
    return condition_add(d->m, (ref_condition){.op = f->kind == REF_SET    ? REF_HAS
                                                     : f->kind == REF_NAME ? REF_IN_NAMES
                                                                           : REF_IS_WORD,
                                               .fact = fact,
                                               .role = f->party ? draw_role(d) : 0,
                                               .mask = draw_mask(d, f->kind == REF_NAME ? REF_NAMES : f->words)});
}

static int draw_place(drawing *d, int fact)
{
    ref_condition c = {
        .op = REF_IN_PLACES, .fact = fact, .role = d->m->facts[fact].party ? draw_role(d) : 0, .set = REF_NOT};
    if (fact == F_PARTY_PARENT_HQ && ref_chance(d->r, 15))
        return condition_add(d->m, (ref_condition){.op = REF_SAME,
                                                   .how = ref_chance(d->r, 50) ? REF_EQ : REF_NE,
                                                   .fact = fact,
                                                   .role = c.role,
                                                   .other = F_PARTY_HQ,
                                                   .other_role = c.role});
    if (fact == F_PLACE_2 && d->m->facts[F_PLACE].used && ref_chance(d->r, 40))
        return condition_add(
            d->m, (ref_condition){
                      .op = REF_SAME, .how = ref_chance(d->r, 50) ? REF_EQ : REF_NE, .fact = fact, .other = F_PLACE});
    if (ref_chance(d->r, 60)) {
        c.set = ref_below(d->r, d->m->sets_count);
        c.but_not = ref_chance(d->r, 40);
        c.mask = ref_chance(d->r, 50) ? 1U << ref_below(d->r, REF_PLACES) : 0;
    } else {
        c.mask = draw_mask(d, REF_PLACES);
    }
    return condition_add(d->m, c);
}

static int draw_asks(drawing *d)
{
    int question = ref_below(d->r, d->questions);
    if (!d->m->questions[question].used)
        return draw_number_compare(d);
    return condition_add(
        d->m,
        (ref_condition){.op = REF_ASKS, .index = question, .mask = draw_mask(d, d->m->questions[question].answers)});
}

static int draw_leaf(drawing *d)
{
    static const int plain[] = {F_WORD,     F_ORDERED,         F_SET,        F_PLACE,       F_NAME, F_PLACE_2,
                                F_PARTY_HQ, F_PARTY_PARENT_HQ, F_PARTY_WORD, F_PARTY_LISTS, F_DATE};
    static const int parties[] = {F_PARTY_HQ, F_PARTY_PARENT_HQ, F_PARTY_WORD, F_PARTY_LISTS};
    if (d->questions != 0 && ref_chance(d->r, 35))
        return draw_asks(d);
    if (ref_chance(d->r, 8))
        return condition_add(d->m, (ref_condition){.op = REF_SHOWN, .index = ref_below(d->r, REF_EVIDENCE_MAX)});
    if (d->terms && d->m->terms_count != 0 && ref_chance(d->r, 10))
        return condition_add(d->m, (ref_condition){.op = REF_TERM, .index = ref_below(d->r, d->m->terms_count)});
    for (int tries = 0; tries < 4; tries++) {
        int fact = d->each && ref_chance(d->r, 90) ? parties[ref_below(d->r, 4)] : plain[ref_below(d->r, 11)];
        if (!d->m->facts[fact].used)
            continue;
        ref_kind kind = d->m->facts[fact].kind;
        return kind == REF_DATE ? draw_date_compare(d) : kind == REF_PLACE ? draw_place(d, fact) : draw_word(d, fact);
    }
    return draw_number_compare(d);
}

static int draw_condition(drawing *d, int depth)
{
    static const unsigned groups[] = {0x1E, 0x18, 0x1F, 0x10};
    int pick = ref_below(d->r, 100);
    if (depth <= 0 || pick < 35)
        return draw_leaf(d);
    if (pick < 50 && !d->each) {
        drawing inner = *d;
        inner.each = true;
        inner.questions = 0;
        ref_condition c = {.op = (ref_op)(REF_ANY + ref_below(d->r, 3)), .roles = groups[ref_below(d->r, 4)]};
        c.a = draw_condition(&inner, depth - 1);
        return condition_add(d->m, c);
    }
    ref_condition c = {.op = pick < 60 ? REF_NEGATE : pick < 80 ? REF_AND : REF_OR};
    c.a = draw_condition(d, depth - 1);
    if (c.op != REF_NEGATE)
        c.b = draw_condition(d, depth - 1);
    return condition_add(d->m, c);
}

static int condition_make(ref_random *r, ref_model *m, int questions, bool terms)
{
    drawing d = {.r = r, .m = m, .questions = questions, .terms = terms};
    return draw_condition(&d, 2);
}

/* ---- questions, acts, rules ---- */

static void questions_make(ref_random *r, ref_model *m)
{
    int regimes = ref_chance(r, 30) ? 2 : 1, count = 2 + ref_below(r, 3);
    for (int i = 0; i < regimes; i++) {
        m->regimes[i] = (ref_regime){.used = true,
                                     .covers_from = REF_DAY_0,
                                     .covers_to = ref_chance(r, 90) ? INT_MAX : day_within(r, 60, 95),
                                     .read_to = ref_chance(r, 80) ? REF_DAY_0 + 400 : day_within(r, 50, 95),
                                     .when = REF_NOT};
        if (ref_chance(r, 25))
            m->regimes[i].when = condition_make(r, m, 0, true);
    }
    if (count < 2 * regimes)
        count = 2 * regimes;
    for (int i = 0; i < regimes; i++) /* each regime's key stands somewhere, not always last */
        m->questions[i == 0 ? ref_below(r, 2) : 2 + ref_below(r, count - 2)].is_key = true;
    for (int i = 0; i < count; i++) {
        ref_question *q = &m->questions[i];
        *q = (ref_question){
            .used = true, .is_key = q->is_key, .asked = REF_NOT, .regime = regimes == 1 || i < 2 ? 0 : 1};
        q->strictest = q->is_key || ref_chance(r, 50);
        q->answers = q->is_key ? 3 : 2 + ref_below(r, 3);
        q->otherwise = ref_chance(r, 20) ? REF_NOT : ref_chance(r, 60) ? 0 : ref_below(r, q->answers);
        if (!q->is_key && ref_chance(r, 30))
            q->asked = condition_make(r, m, i, true);
    }
}

static void act_make(ref_random *r, ref_act *act)
{
    int pick = ref_below(r, 100), from = day_within(r, 0, 45);
    *act = (ref_act){.kind = pick < 70   ? REF_LAW
                             : pick < 85 ? REF_PRACTICE
                                         : REF_REPORTED,
                     .claim_a = REF_NOT,
                     .claim_b = REF_NOT};
    act->published = act->kind == REF_REPORTED ? INT_MIN : from + ref_below(r, 30) - 15;
    act->spans[act->spans_count++] = (ref_span){from, ref_chance(r, 70) ? INT_MAX : from + ref_below(r, 50)};
    if (act->spans[0].to != INT_MAX && ref_chance(r, 40)) {
        int next = act->spans[0].to + 1 + ref_below(r, 10);
        act->spans[act->spans_count++] = (ref_span){next, ref_chance(r, 50) ? INT_MAX : next + ref_below(r, 20)};
    }
    if (act->kind != REF_REPORTED || ref_chance(r, 15))
        return;
    act->claim_a = ref_below(r, REF_CLAIMS_MAX);
    if (ref_chance(r, 40)) {
        act->claim_b = ref_below(r, REF_CLAIMS_MAX);
        act->both = ref_chance(r, 50);
        if (act->claim_b == act->claim_a)
            act->claim_b = REF_NOT;
    }
}

static void rule_requires(ref_random *r, ref_model *m, ref_rule *rule, int least)
{
    int count = least + (ref_chance(r, 40) ? ref_below(r, 3) : 0);
    for (int i = 0; i < count && rule->requires_count < REF_REQUIRES_MAX; i++) {
        ref_require q = {.evidence = ref_below(r, REF_EVIDENCE_MAX), .limit = REF_NOT, .when = REF_NOT};
        q.stage = m->evidence_stage[q.evidence];
        if (ref_chance(r, 20)) {
            q.limit = ref_below(r, REF_LIMITS_MAX);
            q.evidence = REF_NOT;
            q.stage = ref_below(r, 3);
            m->limits[q.limit].used = m->limits[q.limit].used || rule->regime == m->limits[q.limit].regime;
            if (!m->limits[q.limit].used || m->limits[q.limit].regime != rule->regime)
                continue;
        } else if (q.stage != 2 && ref_chance(r, 30)) {
            q.days = 1 + ref_below(r, 30);
        }
        if (ref_chance(r, 30))
            q.when = condition_make(r, m, 0, true);
        rule->requires[rule->requires_count++] = q;
    }
}

static void rule_targets(ref_random *r, const ref_model *m, int index, ref_rule *rule)
{
    int wanted = 1 + ref_below(r, 2);
    for (int tries = 0; tries < 12 && rule->targets_count < wanted; tries++) {
        int target = ref_below(r, index);
        bool fits = m->rules[target].question == rule->question && m->rules[target].question != REF_NOT;
        for (int i = 0; i < rule->targets_count; i++)
            fits = fits && rule->targets[i] != target;
        if (fits)
            rule->targets[rule->targets_count++] = target;
    }
}

static void rule_make(ref_random *r, ref_model *m, int index)
{
    ref_rule *rule = &m->rules[index];
    int question = ref_below(r, REF_QUESTIONS_MAX);
    while (!m->questions[question].used || (!m->questions[question].is_key && ref_chance(r, 40)))
        question = ref_below(r, REF_QUESTIONS_MAX);
    *rule = (ref_rule){.used = true,
                       .question = question,
                       .answer = REF_NOT,
                       .regime = m->questions[question].regime,
                       .when = REF_NOT,
                       .replaces = REF_NOT};
    act_make(r, &rule->act);
    if (ref_chance(r, 10)) {
        rule->question = REF_NOT;
        if (ref_chance(r, 80))
            rule->when = condition_make(r, m, REF_QUESTIONS_MAX, true);
        rule_requires(r, m, rule, 1);
        if (rule->requires_count == 0)
            rule->used = false;
        return;
    }
    if (index != 0 && ref_chance(r, 45))
        rule_targets(r, m, index, rule);
    if (rule->targets_count == 0 || ref_chance(r, 50))
        rule->answer = ref_below(r, m->questions[question].answers);
    if (!(rule->answer == REF_NOT && ref_chance(r, 20)))
        rule->when = condition_make(r, m, question, true);
    if (rule->answer != REF_NOT && ref_chance(r, 35))
        rule_requires(r, m, rule, 1);
    if (index != 0 && ref_chance(r, 15)) {
        int older = ref_below(r, index);
        if (m->rules[older].used && m->rules[older].regime == rule->regime)
            rule->replaces = older;
    }
}

/* ---- an exception in force while its target is replaced is refused (S8) ---- */

static long last_day(const ref_model *m, int rule)
{
    const ref_act *act = &m->rules[rule].act;
    long last = act->spans[act->spans_count - 1].to;
    for (int i = 0; i < REF_RULES_MAX; i++)
        if (m->rules[i].used && m->rules[i].replaces == rule && m->rules[i].act.spans[0].from <= last)
            last = m->rules[i].act.spans[0].from - 1;
    return last;
}

static bool names_target(const ref_rule *rule, int target)
{
    for (int i = 0; i < rule->targets_count; i++)
        if (rule->targets[i] == target)
            return true;
    return false;
}

static bool left_hanging(const ref_model *m, int newer)
{
    int older = m->rules[newer].replaces;
    for (int i = 0; i < REF_RULES_MAX; i++)
        if (m->rules[i].used && i != newer && names_target(&m->rules[i], older) && !names_target(&m->rules[i], newer)
            && m->rules[newer].act.spans[0].from <= last_day(m, i))
            return true;
    return false;
}

/* Exceptions follow to the successor where they can; where they cannot, nothing is replaced. */
static void settle_replacements(ref_random *r, ref_model *m)
{
    for (int newer = 0; newer < REF_RULES_MAX; newer++)
        for (int i = newer + 1; i < REF_RULES_MAX && m->rules[newer].used && m->rules[newer].replaces != REF_NOT;
             i++) {
            ref_rule *rule = &m->rules[i];
            if (rule->used && rule->question == m->rules[newer].question
                && names_target(rule, m->rules[newer].replaces) && !names_target(rule, newer)
                && rule->targets_count < REF_TARGETS_MAX && ref_chance(r, 70))
                rule->targets[rule->targets_count++] = newer;
        }
    for (bool again = true; again;) {
        again = false;
        for (int newer = 0; newer < REF_RULES_MAX; newer++)
            if (m->rules[newer].used && m->rules[newer].replaces != REF_NOT && left_hanging(m, newer)) {
                m->rules[newer].replaces = REF_NOT;
                again = true;
            }
    }
}

/* ---- stays of stays ---- */

static void stay_make(ref_random *r, ref_model *m, int index, int target)
{
    m->rules[index] =
        (ref_rule){.used = true, .question = m->rules[target].question, .regime = m->rules[target].regime};
    ref_rule *stay = &m->rules[index];
    stay->answer = stay->when = stay->replaces = REF_NOT;
    stay->targets[stay->targets_count++] = target;
    stay->act = (ref_act){.claim_a = REF_NOT, .claim_b = REF_NOT, .published = REF_DAY_0 - 1, .spans_count = 1};
    stay->act.spans[0].from = m->rules[target].act.spans[0].from + ref_below(r, 6);
    stay->act.spans[0].to = ref_chance(r, 40) ? INT_MAX : stay->act.spans[0].from + ref_below(r, 40);
}

/* Now and then a rule replaces another, is stayed, and its stay is stayed: such chains are too rare otherwise. */
static void stays_make(uint64_t seed, ref_model *m, int first)
{
    ref_random r = {seed};
    int older = ref_below(&r, first);
    if (!ref_chance(&r, 12) || REF_RULES_MAX < first + 3 || !m->rules[older].used
        || m->rules[older].question == REF_NOT)
        return;
    ref_rule *newer = &m->rules[first];
    *newer = (ref_rule){.used = true, .question = m->rules[older].question, .regime = m->rules[older].regime};
    newer->answer = ref_below(&r, m->questions[newer->question].answers);
    newer->when = REF_NOT;
    newer->replaces = older;
    newer->act = (ref_act){.claim_a = REF_NOT, .claim_b = REF_NOT, .published = REF_DAY_0 - 1, .spans_count = 1};
    newer->act.spans[0].from = day_within(&r, 0, 30);
    newer->act.spans[0].to = ref_chance(&r, 30) ? INT_MAX : newer->act.spans[0].from + ref_below(&r, 40);
    stay_make(&r, m, first + 1, first);
    stay_make(&r, m, first + 2, first + 1);
}

static void claims_make(ref_random *r, ref_model *m)
{
    for (int i = 0; i < REF_CLAIMS_MAX; i++)
        m->claims[i].published = day_within(r, 0, 60);
    for (int pairs = ref_below(r, 3); pairs != 0; pairs--) {
        int a = ref_below(r, REF_CLAIMS_MAX), b = ref_below(r, REF_CLAIMS_MAX);
        if (a != b)
            m->claims[a].contradicts |= 1U << b;
    }
}

void ref_generate(ref_random *r, ref_model *m)
{
    memset(m, 0, sizeof *m);
    for (int i = 0; i < REF_EVIDENCE_MAX; i++)
        m->evidence_stage[i] = ref_below(r, 3);
    facts_make(r, m);
    sets_make(r, m);
    claims_make(r, m);
    for (int count = ref_below(r, REF_TERMS_MAX); count != 0; count--) {
        int made = condition_make(r, m, 0, false);
        m->terms[m->terms_count++] = made;
    }
    questions_make(r, m);
    for (int i = 0; i < REF_LIMITS_MAX; i++) {
        m->limits[i].regime = m->regimes[1].used && i == 1 ? 1 : 0;
        act_make(r, &m->limits[i].act);
    }
    int count = 2 + ref_below(r, REF_RULES_MAX - 3);
    for (int i = 0;
         i < count && m->conditions_count + 60 < REF_CONDITIONS_MAX && m->numbers_count + 60 < REF_NUMBERS_MAX; i++)
        rule_make(r, m, i);
    stays_make(r->state, m, count);
    settle_replacements(r, m);
    for (int i = 0;
         i < REF_GAPS_MAX && m->conditions_count + 20 < REF_CONDITIONS_MAX && m->numbers_count + 20 < REF_NUMBERS_MAX;
         i++)
        if (ref_chance(r, 15))
            m->gaps[i] =
                (ref_gap){.used = true,
                          .regime = m->regimes[1].used ? ref_below(r, 2) : 0,
                          .when = ref_chance(r, 85) ? condition_make(r, m, REF_QUESTIONS_MAX, true) : REF_NOT};
}

/* ---- a transaction ---- */

static ref_value draw_known(ref_random *r, const ref_fact *f)
{
    ref_value v = ref_generate_value(r, f, true);
    if (v.known == REF_NONE)
        return v;
    if (f->kind == REF_SET && ref_chance(r, 25)) {
        v.unsure = (unsigned)ref_below(r, 1 << f->words) & ~v.in;
    } else if ((f->kind == REF_NUMBER || f->kind == REF_DATE) && ref_chance(r, 25)) {
        int pick = ref_below(r, 4);
        v.hi = pick == 0 ? REF_OPEN_HIGH : v.lo + ref_below(r, 4);
        if (pick == 1)
            v.lo = REF_OPEN_LOW;
    }
    return v;
}

void ref_generate_transaction(ref_random *r, const ref_model *m, ref_transaction *t)
{
    memset(t, 0, sizeof *t);
    t->roles = (unsigned)ref_below(r, 1 << REF_ROLES);
    int unknown = 10 + ref_below(r, 50);
    for (int f = 0; f < REF_FACTS_MAX; f++)
        for (int role = 0; role < ref_roles_of(&m->facts[f]); role++) {
            const ref_fact *fact = &m->facts[f];
            ref_given *g = &t->given[f][role];
            if (ref_chance(r, fact->term != REF_NOT ? 90 : unknown))
                continue;
            g->has_row = ref_chance(r, 60);
            g->has_supplied = !g->has_row || ref_chance(r, 30);
            if (g->has_row)
                g->row = ref_chance(r, 5) ? (ref_value){.known = REF_UNKNOWN} : draw_known(r, fact);
            if (g->has_supplied)
                g->supplied = ref_chance(r, 15) ? (ref_value){.known = REF_UNKNOWN} : draw_known(r, fact);
        }
    for (int i = 0; i < REF_MET_MAX; i++) {
        int pick = ref_below(r, 100);
        t->shown[i] = (ref_shown){.state = pick < 50   ? 0
                                           : pick < 80 ? 1
                                                       : 2,
                                  .date = ref_chance(r, 40) ? INT_MIN : day_within(r, 0, 80)};
    }
}

void ref_generate_setting(ref_random *r, const ref_model *m, ref_setting *s)
{
    (void)m;
    s->as_of = ref_chance(r, 5) ? REF_DAY_0 - 1 - ref_below(r, 5) : day_within(r, 20, 99);
    s->known_at = ref_chance(r, 70) ? REF_DAY_0 + 200 : day_within(r, 0, 99);
    s->text = ref_chance(r, 25);
    s->world = ref_chance(r, 50) ? 0 : (unsigned)ref_below(r, 1 << REF_CLAIMS_MAX);
}
