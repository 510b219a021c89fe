/* SPDX-License-Identifier: Apache-2.0 */
/* judge.c: what the rules mean, written down as plainly as the semantics S1 to S10 read.
 *
 * Nothing is remembered but the answers of questions and which rules count; everything else is worked out each time it
 * is asked for. Where the semantics leave a choice, the comment says which reading is taken and why.
 */
#include <string.h>

#include "reference/reference.h"

/* Numbers in conditions are counted in ten-thousandths: whole facts times hundredths, twice over. */
enum { SCALE = 10000, KEY_OPEN = 1, KEY_LICENCE = 2, KEY_CLOSED = 4 };

typedef struct judging {
    const ref_model *m;
    const ref_transaction *t;
    ref_setting s;
    bool bare;                  /* no presumptions */
    bool record;                /* only what is on record: nothing supplied, nothing presumed */
    bool unclaimed;             /* what claims say of facts is left out */
    struct judging *presuming;  /* the judging with presumptions: this one itself, or what a bare one stands beside */
    bool answered[REF_QUESTIONS_MAX];
    ref_answer answers[REF_QUESTIONS_MAX];
    signed char counts[REF_RULES_MAX][REF_DAYS]; /* 0 not worked out, 1 no, 2 yes */
    /* found on the way: which rules an answer rests on, and what is missing */
    bool rests[REF_RULES_MAX], rests_question[REF_QUESTIONS_MAX];
    bool blamed[REF_RULES_MAX], blamed_question[REF_QUESTIONS_MAX];
    ref_key *key;
} judging;

static ref_truth truth(judging *j, int condition, int role);
static const ref_answer *answer(judging *j, int question);

static ref_truth not(ref_truth a)
{
    return (ref_truth)(REF_YES - a);
}

static ref_truth both(ref_truth a, ref_truth b)
{
    return a < b ? a : b;
}

static ref_truth either(ref_truth a, ref_truth b)
{
    return a < b ? b : a;
}

static ref_truth always_never(bool always, bool never)
{
    return always ? REF_YES : never ? REF_NO : REF_MAYBE;
}

/* ---- facts (S1) ---- */

static bool given(const judging *j, int fact, int role, ref_value *out)
{
    const ref_given *g = &j->t->given[fact][role];
    if (g->has_supplied && !j->record) {
        *out = g->supplied;
        return true;
    }
    if (j->unclaimed && j->m->facts[fact].from_claims)
        return false;
    if (g->has_row && g->row.known != REF_UNKNOWN) {
        *out = g->row;
        return true;
    }
    return false;
}

static int slot_role(const judging *j, int fact, int role)
{
    return j->m->facts[fact].party ? role : 0;
}

/* A fact that no term computes. */
static ref_value value(const judging *j, int fact, int role)
{
    const ref_fact *f = &j->m->facts[fact];
    ref_value v = {0};
    role = slot_role(j, fact, role);
    if (given(j, fact, role, &v) || j->bare || j->record || f->presume == REF_PRESUME_NO)
        return v;
    return f->presume == REF_PRESUME_VALUE ? f->presumed : value(j, f->presumed_fact, role);
}

/* ---- numbers (S7) ---- */

typedef struct range {
    ref_known known;
    long lo, hi;
} range;

static range range_make(long lo, long hi)
{
    return (range){.known = lo == REF_OPEN_LOW && hi == REF_OPEN_HIGH ? REF_UNKNOWN : REF_VALUE, .lo = lo, .hi = hi};
}

static const range range_unknown = {.known = REF_UNKNOWN, .lo = REF_OPEN_LOW, .hi = REF_OPEN_HIGH};

static bool single(range r)
{
    return r.known == REF_VALUE && r.lo == r.hi;
}

static range range_of(const ref_value *v, ref_kind kind)
{
    long scale = kind == REF_NUMBER ? SCALE : 1;
    if (v->known == REF_UNKNOWN)
        return range_unknown;
    if (v->known == REF_NONE)
        return (range){.known = REF_NONE};
    return range_make(v->lo == REF_OPEN_LOW ? v->lo : v->lo * scale, v->hi == REF_OPEN_HIGH ? v->hi : v->hi * scale);
}

static range number(judging *j, int index, int role);

/* What the record settles stays: a supplied figure recomputes nothing that is derived from the one on record. */
static range recorded(judging *j, int index, int role)
{
    bool before = j->record;
    j->record = true;
    range r = number(j, index, role);
    j->record = before;
    return single(r) ? r : number(j, index, role);
}

static range slot_number(judging *j, int fact, int role)
{
    const ref_fact *f = &j->m->facts[fact];
    ref_value v;
    role = slot_role(j, fact, role);
    if (given(j, fact, role, &v))
        return range_of(&v, f->kind);
    if (f->term != REF_NOT)
        return recorded(j, f->term, role);
    if (f->presume == REF_PRESUME_FACT && !j->bare && !j->record)
        return slot_number(j, f->presumed_fact, role);
    v = value(j, fact, role);
    return range_of(&v, f->kind);
}

static range sum(range a, range b)
{
    if (a.known == REF_NONE || b.known == REF_NONE)
        return (range){.known = REF_NONE};
    return range_make(a.lo == REF_OPEN_LOW || b.lo == REF_OPEN_LOW ? REF_OPEN_LOW : a.lo + b.lo,
                      a.hi == REF_OPEN_HIGH || b.hi == REF_OPEN_HIGH ? REF_OPEN_HIGH : a.hi + b.hi);
}

static range greatest(range a, range b)
{
    if (a.known == REF_NONE)
        return b;
    if (b.known == REF_NONE)
        return a;
    return range_make(a.lo < b.lo ? b.lo : a.lo, a.hi < b.hi ? b.hi : a.hi);
}

static range times(range a, long hundredths)
{
    if (a.known != REF_VALUE)
        return a;
    return range_make(a.lo == REF_OPEN_LOW ? a.lo : a.lo / 100 * hundredths, a.hi == REF_OPEN_HIGH ? a.hi : a.hi / 100 * hundredths);
}

static range number(judging *j, int index, int role)
{
    const ref_number *n = &j->m->numbers[index];
    switch (n->op) {
    case REF_CONSTANT:
        return n->is_date ? range_make(n->constant, n->constant) : range_make(n->constant * (SCALE / 100), n->constant * (SCALE / 100));
    case REF_FACT:
        return slot_number(j, n->fact, n->role == REF_EACH ? role : n->role);
    case REF_SUM:
        return sum(number(j, n->a, role), number(j, n->b, role));
    case REF_TIMES:
        return times(number(j, n->a, role), n->constant);
    case REF_MAX:
        return greatest(number(j, n->a, role), number(j, n->b, role));
    case REF_PLUS_DAYS:
        return sum(number(j, n->a, role), range_make(n->constant, n->constant));
    case REF_QUOTIENT: /* only ever compared */
    default:
        return range_unknown;
    }
}

static ref_truth compare(range a, range b, ref_how how)
{
    if (a.known == REF_NONE || b.known == REF_NONE)
        return REF_NO;
    switch (how) {
    case REF_LT: return always_never(a.hi < b.lo, a.lo >= b.hi);
    case REF_LE: return always_never(a.hi <= b.lo, a.lo > b.hi);
    case REF_GT: return always_never(a.lo > b.hi, a.hi <= b.lo);
    case REF_GE: return always_never(a.lo >= b.hi, a.hi < b.lo);
    case REF_EQ: return always_never(single(a) && single(b) && a.lo == b.lo, a.hi < b.lo || b.hi < a.lo);
    case REF_NE: return not(compare(a, b, REF_EQ));
    }
    return REF_MAYBE;
}

/* The quotient behind a number: written here, or by a term that nothing replaced. */
static int quotient_behind(judging *j, int index)
{
    const ref_number *n = &j->m->numbers[index];
    ref_value v;
    if (n->op == REF_QUOTIENT)
        return index;
    if (n->op != REF_FACT || j->m->facts[n->fact].term == REF_NOT || given(j, n->fact, 0, &v))
        return REF_NOT;
    return quotient_behind(j, j->m->facts[n->fact].term);
}

static void quotient_parts(judging *j, int quotient, range *a, range *b)
{
    const ref_number *n = &j->m->numbers[quotient];
    bool before = j->record;
    j->record = true;
    *a = number(j, n->a, 0);
    *b = number(j, n->b, 0);
    j->record = before;
    if (single(*a) && single(*b))
        return;
    *a = number(j, n->a, 0);
    *b = number(j, n->b, 0);
}

/* a / b against c: multiplied out, a against c * b. Constants are above zero. */
static ref_truth compare_quotient(judging *j, int quotient, range c, ref_how how)
{
    range a, b;
    quotient_parts(j, quotient, &a, &b);
    if (a.known == REF_UNKNOWN || b.known == REF_UNKNOWN || b.known == REF_NONE)
        return REF_MAYBE;
    if (a.known == REF_NONE)
        return REF_NO;
    if (b.lo == REF_OPEN_LOW || b.lo <= 0)
        return REF_MAYBE;
    range left = {.known = REF_VALUE, .lo = a.lo == REF_OPEN_LOW ? a.lo : a.lo * 100, .hi = a.hi == REF_OPEN_HIGH ? a.hi : a.hi * 100};
    range right = {.known = REF_VALUE, .lo = c.lo / 100 * b.lo, .hi = b.hi == REF_OPEN_HIGH ? b.hi : c.lo / 100 * b.hi};
    return compare(left, right, how);
}

/* ---- conditions ---- */

static bool place_in_set(const judging *j, const ref_set *set, long place)
{
    bool in = false;
    int newest = INT_MIN;
    for (int i = 0; i < set->rows_count; i++) {
        const ref_row *row = &set->rows[i];
        if ((row->places >> place & 1) == 0 || j->s.known_at < row->published || j->s.as_of < row->span.from || row->span.to < j->s.as_of || row->published < newest)
            continue;
        newest = row->published;
        in = !row->out;
    }
    return in;
}

static ref_truth truth_place(const judging *j, const ref_condition *c, const ref_value *v)
{
    bool listed = (c->mask >> v->lo & 1) != 0;
    if (c->set == REF_NOT)
        return listed ? REF_YES : REF_NO;
    bool in = place_in_set(j, &j->m->sets[c->set], v->lo);
    return (c->but_not ? in && !listed : in || listed) ? REF_YES : REF_NO;
}

static ref_truth truth_fact(judging *j, const ref_condition *c, int role)
{
    ref_value v = value(j, c->fact, c->role == REF_EACH ? role : c->role), w;
    if (v.known == REF_NONE)
        return REF_NO;
    switch (c->op) {
    case REF_IS_WORD: case REF_IN_NAMES:
        return v.known == REF_UNKNOWN ? REF_MAYBE : (c->mask >> v.lo & 1) != 0 ? REF_YES : REF_NO;
    case REF_HAS:
        return v.known == REF_UNKNOWN ? REF_MAYBE : always_never((v.in & c->mask) != 0, ((v.in | v.unsure) & c->mask) == 0);
    case REF_IN_PLACES:
        return v.known == REF_UNKNOWN ? REF_MAYBE : truth_place(j, c, &v);
    case REF_SAME:
        w = value(j, c->other, c->other_role == REF_EACH ? role : c->other_role);
        if (w.known == REF_NONE)
            return REF_NO;
        if (v.known == REF_UNKNOWN || w.known == REF_UNKNOWN)
            return REF_MAYBE;
        return (v.lo == w.lo) == (c->how == REF_EQ) ? REF_YES : REF_NO;
    case REF_AND: case REF_OR: case REF_NEGATE: case REF_ANY: case REF_EVERY: case REF_NONE_OF: case REF_COMPARE: case REF_ASKS: case REF_SHOWN: case REF_TERM:
    default:
        return REF_MAYBE;
    }
}

/* A role that is not named is absent; somebody always sells and somebody always uses it in the end. */
static bool present(const judging *j, int role)
{
    return role == 0 || role == REF_ROLES - 1 || (j->t->roles >> role & 1) != 0;
}

static ref_truth truth_roles(judging *j, const ref_condition *c)
{
    ref_truth any = REF_NO, every = REF_YES;
    for (int role = 0; role < REF_ROLES; role++) {
        if ((c->roles >> role & 1) == 0 || !present(j, role))
            continue;
        any = either(any, truth(j, c->a, role));
        every = both(every, truth(j, c->a, role));
    }
    return c->op == REF_ANY ? any : c->op == REF_EVERY ? every : not(any);
}

static ref_truth truth_asks(judging *j, const ref_condition *c)
{
    const ref_answer *a = answer(j, c->index);
    if (a->asked == REF_NO)
        return REF_NO;
    return always_never(a->asked == REF_YES && (a->possible & ~c->mask) == 0, (a->possible & c->mask) == 0);
}

static ref_truth truth_compare(judging *j, const ref_condition *c, int role)
{
    int quotient = quotient_behind(j, c->a);
    if (quotient != REF_NOT)
        return compare_quotient(j, quotient, number(j, c->b, role), c->how);
    return compare(number(j, c->a, role), number(j, c->b, role), c->how);
}

static ref_truth truth(judging *j, int condition, int role)
{
    const ref_condition *c = &j->m->conditions[condition];
    switch (c->op) {
    case REF_AND: return both(truth(j, c->a, role), truth(j, c->b, role));
    case REF_OR: return either(truth(j, c->a, role), truth(j, c->b, role));
    case REF_NEGATE: return not(truth(j, c->a, role));
    case REF_ANY: case REF_EVERY: case REF_NONE_OF: return truth_roles(j, c);
    case REF_COMPARE: return truth_compare(j, c, role);
    case REF_IS_WORD: case REF_HAS: case REF_IN_PLACES: case REF_IN_NAMES: case REF_SAME: return truth_fact(j, c, role);
    case REF_ASKS: return truth_asks(j, c);
    case REF_SHOWN: return j->t->shown[c->index].state == 1 ? REF_YES : REF_NO;
    case REF_TERM: return truth(j, j->m->terms[c->index], REF_EACH);
    }
    return REF_MAYBE;
}

static ref_truth truth_if_any(judging *j, int condition)
{
    return condition == REF_NOT ? REF_YES : truth(j, condition, REF_EACH);
}

/* ---- which rules count (S3, S4, S5) ---- */

static bool act_known(const judging *j, const ref_act *act)
{
    const ref_claim *claims = j->m->claims;
    if (j->s.known_at < act->published || (act->kind == REF_PRACTICE && j->s.text))
        return false;
    if (act->claim_a == REF_NOT)
        return true;
    bool a = (j->s.world >> act->claim_a & 1) != 0 && claims[act->claim_a].published <= j->s.known_at;
    if (act->claim_b == REF_NOT)
        return a;
    bool b = (j->s.world >> act->claim_b & 1) != 0 && claims[act->claim_b].published <= j->s.known_at;
    return act->both ? a && b : a || b;
}

static bool act_in_force(const ref_act *act, int day)
{
    for (int i = 0; i < act->spans_count; i++)
        if (act->spans[i].from <= day && day <= act->spans[i].to)
            return true;
    return false;
}

static bool is_exception_to(const ref_rule *rule, int target)
{
    for (int i = 0; i < rule->targets_count; i++)
        if (rule->targets[i] == target)
            return true;
    return false;
}

static bool counts_on(judging *j, int rule, int day);

/* An exception without `when` and `then` is a stay. */
static bool stayed_on(judging *j, int rule, int day)
{
    for (int i = 0; i < REF_RULES_MAX; i++) {
        const ref_rule *stay = &j->m->rules[i];
        if (stay->used && is_exception_to(stay, rule) && stay->when == REF_NOT && stay->answer == REF_NOT && counts_on(j, i, day) && !stayed_on(j, i, day))
            return true;
    }
    return false;
}

static bool counts_work_out(judging *j, int rule, int day)
{
    const ref_rule *r = &j->m->rules[rule];
    if (!r->used || !act_known(j, &r->act) || !act_in_force(&r->act, day))
        return false;
    for (int newer = 0; newer < REF_RULES_MAX; newer++) {
        if (!j->m->rules[newer].used || j->m->rules[newer].replaces != rule)
            continue;
        for (int d = REF_DAY_0; d <= day; d++)
            if (counts_on(j, newer, d) && !stayed_on(j, newer, d))
                return false;
    }
    return true;
}

static bool counts_on(judging *j, int rule, int day)
{
    if (day < REF_DAY_0)
        return false;
    if (REF_DAY_0 + REF_DAYS <= day) /* nothing changes any more */
        day = REF_DAY_0 + REF_DAYS - 1;
    signed char *known = &j->counts[rule][day - REF_DAY_0];
    if (*known == 0)
        *known = counts_work_out(j, rule, day) ? 2 : 1;
    return *known == 2;
}

static bool counts(judging *j, int rule)
{
    return counts_on(j, rule, j->s.as_of);
}

/* ---- conditions of rules (S9) ---- */

static int require_met_index(const ref_require *r)
{
    return r->limit != REF_NOT ? REF_EVIDENCE_MAX + r->limit : r->evidence;
}

/* A limit that is not in force, or outside the believed world, binds nothing. */
static bool require_binds(const judging *j, const ref_require *r)
{
    if (r->limit == REF_NOT)
        return true;
    const ref_act *act = &j->m->limits[r->limit].act;
    return act_known(j, act) && act_in_force(act, j->s.as_of);
}

static tk_met require_met(const judging *j, const ref_require *r)
{
    const ref_shown *shown = &j->t->shown[require_met_index(r)];
    if (shown->state == 2)
        return TK_MET_FAILED;
    if (shown->state == 0)
        return TK_MET_NO;
    if (r->days == 0)
        return TK_MET_YES;
    int fact = r->stage == 0 ? j->m->order_date : j->m->ship_date;
    ref_value stage;
    if (fact == REF_NOT || shown->date == INT_MIN || !given(j, fact, 0, &stage) || stage.known != REF_VALUE || stage.lo == REF_OPEN_LOW)
        return TK_MET_NO;
    return shown->date + r->days <= stage.lo ? TK_MET_YES : TK_MET_NO;
}

static ref_truth failed(judging *j, const ref_rule *r)
{
    ref_truth result = REF_NO;
    for (int i = 0; i < r->requires_count; i++)
        if (require_binds(j, &r->requires[i]) && require_met(j, &r->requires[i]) == TK_MET_FAILED)
            result = either(result, truth_if_any(j, r->requires[i].when));
    return result;
}

/* ---- rules (S2) ---- */

static ref_truth applies(judging *j, int rule)
{
    const ref_rule *r = &j->m->rules[rule];
    if (!counts(j, rule))
        return REF_NO;
    return both(truth_if_any(j, r->when), not(failed(j, r)));
}

static ref_truth stands(judging *j, int rule)
{
    ref_truth result = applies(j, rule);
    for (int i = 0; i < REF_RULES_MAX && result != REF_NO; i++)
        if (j->m->rules[i].used && is_exception_to(&j->m->rules[i], rule))
            result = both(result, not(stands(j, i)));
    return result;
}

/* It surely applies, and each exception that may stand has an answer too. *least: the mildest of those answers. */
static bool surely_answers(judging *j, int rule, int *least)
{
    if (applies(j, rule) != REF_YES)
        return false;
    *least = j->m->rules[rule].answer;
    for (int i = 0; i < REF_RULES_MAX; i++) {
        const ref_rule *exception = &j->m->rules[i];
        if (!exception->used || !is_exception_to(exception, rule) || stands(j, i) == REF_NO)
            continue;
        if (exception->answer == REF_NOT)
            return false;
        if (exception->answer < *least)
            *least = exception->answer;
    }
    return true;
}

static bool answers_question(const ref_model *m, int rule, int question)
{
    return m->rules[rule].used && m->rules[rule].question == question && m->rules[rule].answer != REF_NOT;
}

static unsigned all_answers(const ref_question *q)
{
    return (1U << q->answers) - 1;
}

static bool covered(const judging *j, int regime)
{
    const ref_regime *r = &j->m->regimes[regime];
    return r->covers_from <= j->s.as_of && j->s.as_of <= r->covers_to;
}

static bool may_fall_to_otherwise(judging *j, int question)
{
    int least;
    for (int i = 0; i < REF_RULES_MAX; i++)
        if (answers_question(j->m, i, question) && surely_answers(j, i, &least))
            return false;
    return true;
}

static void work_out_answer(judging *j, int question, ref_answer *out)
{
    const ref_question *q = &j->m->questions[question];
    unsigned standing = 0;
    out->asked = truth_if_any(j, q->asked);
    if (out->asked == REF_NO)
        return;
    if (!covered(j, q->regime)) {
        out->possible = all_answers(q);
        return;
    }
    int sure = 0;
    for (int i = 0; i < REF_RULES_MAX; i++) {
        int least;
        if (!answers_question(j->m, i, question))
            continue;
        unsigned bit = 1U << j->m->rules[i].answer;
        if (stands(j, i) != REF_NO)
            out->possible |= bit;
        if (stands(j, i) == REF_YES)
            standing |= bit;
        if (surely_answers(j, i, &least) && sure < least)
            sure = least;
    }
    if (may_fall_to_otherwise(j, question))
        out->possible |= q->otherwise == REF_NOT ? all_answers(q) : 1U << q->otherwise;
    if (q->strictest)
        out->possible &= ~((1U << sure) - 1);
    else
        out->conflict = (standing & (standing - 1)) != 0;
}

static const ref_answer *answer(judging *j, int question)
{
    if (!j->answered[question]) {
        ref_answer a = {0};
        work_out_answer(j, question, &a);
        j->answers[question] = a;
        j->answered[question] = true;
    }
    return &j->answers[question];
}

static bool several(unsigned possible)
{
    return (possible & (possible - 1)) != 0;
}

static unsigned least_bit(unsigned possible)
{
    return possible & (~possible + 1);
}

/* ---- missing (S1) ---- */

static void blame(judging *j, int condition, int role);

/* Behind a presumption "as that other fact" it is the other one that is unknown. */
static void miss(judging *j, int fact, int role)
{
    const ref_fact *f = &j->m->facts[fact];
    ref_value v;
    role = slot_role(j, fact, role);
    if (f->presume == REF_PRESUME_FACT && !j->bare && !given(j, fact, role, &v))
        miss(j, f->presumed_fact, role);
    else
        j->key->missing[fact][role] = true;
}

/* Is a part of it known, be it by presumption? */
static bool anything_known(judging *j, int index)
{
    const ref_number *n = &j->m->numbers[index];
    if (n->op == REF_FACT && j->m->facts[n->fact].term == REF_NOT)
        return value(j, n->fact, n->role).known != REF_UNKNOWN;
    if (n->op == REF_FACT)
        return anything_known(j, j->m->facts[n->fact].term);
    return (n->a != REF_NOT && anything_known(j, n->a)) || (n->b != REF_NOT && anything_known(j, n->b));
}

static bool not_computable(judging *j, int index)
{
    int quotient = quotient_behind(j, index);
    range a, b;
    if (quotient == REF_NOT)
        return false;
    quotient_parts(j, quotient, &a, &b);
    return b.known == REF_NONE;
}

/* A part of a maximum that cannot be the greatest, however it turns out. */
static bool outdone(range part, range maximum)
{
    return part.known == REF_VALUE && part.hi <= maximum.lo;
}

/* The parts of a number that are not known exactly. */
static void blame_number(judging *j, int index, int role)
{
    const ref_number *n = &j->m->numbers[index];
    ref_value v;
    range r = number(j, index, role);
    if (n->op == REF_CONSTANT || single(r) || r.known == REF_NONE)
        return;
    if (n->op != REF_FACT) {
        if (n->a != REF_NOT && !(n->op == REF_MAX && outdone(number(j, n->a, role), r)))
            blame_number(j, n->a, role);
        if (n->b != REF_NOT && !(n->op == REF_MAX && outdone(number(j, n->b, role), r)))
            blame_number(j, n->b, role);
        return;
    }
    const ref_fact *f = &j->m->facts[n->fact];
    if (f->term == REF_NOT || given(j, n->fact, 0, &v))
        miss(j, n->fact, n->role == REF_EACH ? role : n->role);
    else if (not_computable(j, index))
        j->key->not_computable[n->fact][0] = true;
    else if (j->m->numbers[f->term].op == REF_MAX && !anything_known(j->presuming, f->term))
        miss(j, n->fact, 0); /* asked for by the name people know it by */
    else
        blame_number(j, f->term, role);
}

/* A rule that may stand or not: its own unknown condition, and its exceptions that may stand or not. */
static void blame_rule(judging *j, int rule)
{
    const ref_rule *r = &j->m->rules[rule];
    if (j->blamed[rule])
        return;
    j->blamed[rule] = true;
    if (applies(j, rule) == REF_MAYBE) {
        if (r->when != REF_NOT)
            blame(j, r->when, REF_EACH);
        for (int i = 0; i < r->requires_count; i++)
            if (r->requires[i].when != REF_NOT && require_binds(j, &r->requires[i]) && require_met(j, &r->requires[i]) == TK_MET_FAILED)
                blame(j, r->requires[i].when, REF_EACH);
    }
    for (int i = 0; i < REF_RULES_MAX; i++)
        if (j->m->rules[i].used && is_exception_to(&j->m->rules[i], rule) && stands(j, i) == REF_MAYBE)
            blame_rule(j, i);
}

/* Whatever becomes of a rule with this answer, the possible answers stay the same. */
static bool there_anyway(judging *j, int question, int result)
{
    const ref_question *q = &j->m->questions[question];
    for (int i = 0; i < REF_RULES_MAX; i++)
        if (answers_question(j->m, i, question) && j->m->rules[i].answer == result && stands(j, i) == REF_YES)
            return true;
    /* With nothing sure the question falls to `otherwise`; where that is the mildest answer possible, any other rule
     * that stands outranks this one. */
    return q->strictest && q->otherwise == result && may_fall_to_otherwise(j, question) && least_bit(answer(j, question)->possible) == 1U << result;
}

static void blame_question(judging *j, int question)
{
    const ref_question *q = &j->m->questions[question];
    const ref_answer *a = answer(j, question);
    if (j->blamed_question[question])
        return;
    j->blamed_question[question] = true;
    if (a->asked == REF_MAYBE)
        blame(j, q->asked, REF_EACH);
    if (!several(a->possible) || !covered(j, q->regime))
        return;
    for (int i = 0; i < REF_RULES_MAX; i++)
        if (answers_question(j->m, i, question) && (a->possible >> j->m->rules[i].answer & 1) != 0 && stands(j, i) == REF_MAYBE
            && !there_anyway(j, question, j->m->rules[i].answer))
            blame_rule(j, i);
}

static void blame(judging *j, int condition, int role)
{
    const ref_condition *c = &j->m->conditions[condition];
    int own = c->role == REF_EACH ? role : c->role, other = c->other_role == REF_EACH ? role : c->other_role;
    if (truth(j, condition, role) != REF_MAYBE)
        return;
    switch (c->op) {
    case REF_AND: case REF_OR:
        blame(j, c->a, role);
        blame(j, c->b, role);
        break;
    case REF_NEGATE:
        blame(j, c->a, role);
        break;
    case REF_ANY: case REF_EVERY: case REF_NONE_OF:
        for (int r = 0; r < REF_ROLES; r++)
            if ((c->roles >> r & 1) != 0 && present(j, r))
                blame(j, c->a, r);
        break;
    case REF_COMPARE:
        blame_number(j, c->a, role);
        blame_number(j, c->b, role);
        break;
    case REF_SAME:
        if (value(j, c->fact, own).known == REF_UNKNOWN)
            miss(j, c->fact, own);
        if (value(j, c->other, other).known == REF_UNKNOWN)
            miss(j, c->other, other);
        break;
    case REF_IS_WORD: case REF_HAS: case REF_IN_PLACES: case REF_IN_NAMES:
        miss(j, c->fact, own);
        break;
    case REF_ASKS:
        blame_question(j, c->index);
        break;
    case REF_TERM:
        blame(j, j->m->terms[c->index], REF_EACH);
        break;
    case REF_SHOWN:
        break;
    }
}

/* ---- keys (S8, S10) ---- */

static bool is_duty(const ref_model *m, int rule, int regime)
{
    const ref_rule *r = &m->rules[rule];
    return r->used && r->regime == regime && r->answer == REF_NOT && r->targets_count == 0;
}

static ref_truth duty_refused(judging *j, int regime)
{
    ref_truth result = REF_NO;
    for (int i = 0; i < REF_RULES_MAX; i++)
        if (is_duty(j->m, i, regime) && counts(j, i))
            result = either(result, both(truth_if_any(j, j->m->rules[i].when), failed(j, &j->m->rules[i])));
    return result;
}

static bool gap_open(judging *j, int regime)
{
    for (int i = 0; i < REF_GAPS_MAX; i++)
        if (j->m->gaps[i].used && j->m->gaps[i].regime == regime && j->m->gaps[i].when != REF_NOT && truth(j, j->m->gaps[i].when, REF_EACH) != REF_NO)
            return true;
    return false;
}

static int key_question(const ref_model *m, int regime)
{
    for (int i = 0; i < REF_QUESTIONS_MAX; i++)
        if (m->questions[i].used && m->questions[i].is_key && m->questions[i].regime == regime)
            return i;
    return REF_NOT;
}

/* What else keeps `closed` possible: gaps, and duties that were refused and are perhaps owed. */
static void blame_gaps_and_duties(judging *j, int regime)
{
    for (int i = 0; i < REF_GAPS_MAX; i++)
        if (j->m->gaps[i].used && j->m->gaps[i].regime == regime && j->m->gaps[i].when != REF_NOT)
            blame(j, j->m->gaps[i].when, REF_EACH);
    for (int i = 0; i < REF_RULES_MAX; i++) {
        const ref_rule *r = &j->m->rules[i];
        if (!is_duty(j->m, i, regime) || !counts(j, i) || both(truth_if_any(j, r->when), failed(j, r)) != REF_MAYBE)
            continue;
        if (r->when != REF_NOT)
            blame(j, r->when, REF_EACH);
        for (int c = 0; c < r->requires_count; c++)
            if (r->requires[c].when != REF_NOT && require_binds(j, &r->requires[c]) && require_met(j, &r->requires[c]) == TK_MET_FAILED)
                blame(j, r->requires[c].when, REF_EACH);
    }
}

static void blame_begin(judging *j, ref_key *into)
{
    memset(j->blamed, 0, sizeof j->blamed);
    memset(j->blamed_question, 0, sizeof j->blamed_question);
    memset(into->missing, 0, sizeof into->missing);
    memset(into->not_computable, 0, sizeof into->not_computable);
    j->key = into;
}

static void blame_scope(judging *j, int regime, bool closed)
{
    if (j->m->regimes[regime].when != REF_NOT)
        blame(j, j->m->regimes[regime].when, REF_EACH);
    if (!closed)
        blame_gaps_and_duties(j, regime);
}

/* Not those of a question that is perhaps not even asked, nor of a key that is closed whatever it answers. */
static bool asks_for_facts(judging *j, int question, int regime, bool closed)
{
    const ref_question *q = &j->m->questions[question];
    return q->used && q->regime == regime && answer(j->presuming, question)->asked == REF_YES && !(closed && q->is_key);
}

/* A closed key stays closed whatever else is unknown; outside the span covered no fact would settle anything. */
static void blame_key(judging *j, int regime, bool closed, ref_key *into)
{
    blame_begin(j, into);
    blame_scope(j, regime, closed || !covered(j, regime));
    for (int i = 0; i < REF_QUESTIONS_MAX && covered(j, regime); i++)
        if (asks_for_facts(j, i, regime, closed))
            blame_question(j, i);
}

/* ---- what an answer rests on ---- */

static void rest_question(judging *j, int question);

static void rest_reads(judging *j, int condition)
{
    const ref_condition *c = &j->m->conditions[condition];
    if (c->op == REF_ASKS)
        rest_question(j, c->index);
    if (c->op == REF_TERM)
        rest_reads(j, j->m->terms[c->index]);
    if (c->op == REF_AND || c->op == REF_OR || c->op == REF_NEGATE || c->op == REF_ANY || c->op == REF_EVERY || c->op == REF_NONE_OF)
        rest_reads(j, c->a);
    if (c->op == REF_AND || c->op == REF_OR)
        rest_reads(j, c->b);
}

/* The rule, the answers it reads, its exceptions that perhaps stand, and what keeps the others from standing. */
static void rest_rule(judging *j, int rule)
{
    if (j->rests[rule])
        return;
    j->rests[rule] = true;
    if (j->m->rules[rule].when != REF_NOT)
        rest_reads(j, j->m->rules[rule].when);
    for (int e = 0; e < REF_RULES_MAX; e++) {
        if (!j->m->rules[e].used || !is_exception_to(&j->m->rules[e], rule) || applies(j, e) == REF_NO)
            continue;
        if (stands(j, e) != REF_NO)
            rest_rule(j, e);
        for (int g = 0; g < REF_RULES_MAX && stands(j, e) == REF_NO; g++)
            if (j->m->rules[g].used && is_exception_to(&j->m->rules[g], e) && stands(j, g) != REF_NO)
                rest_rule(j, g);
    }
}

/* Would the possible answers be others if a rule with this answer stood as well? */
static bool would_matter(const ref_question *q, const ref_answer *a, int result)
{
    return q->strictest ? least_bit(a->possible) < 1U << result : a->possible != 1U << result;
}

static void rest_question(judging *j, int question)
{
    const ref_question *q = &j->m->questions[question];
    const ref_answer *a = answer(j, question);
    if (j->rests_question[question])
        return;
    j->rests_question[question] = true;
    if (a->asked == REF_NO)
        return;
    for (int i = 0; i < REF_RULES_MAX; i++) {
        if (!answers_question(j->m, i, question) || applies(j, i) == REF_NO)
            continue;
        bool possible = (a->possible >> j->m->rules[i].answer & 1) != 0;
        if (stands(j, i) != REF_NO && possible)
            rest_rule(j, i);
        for (int e = 0; e < REF_RULES_MAX && stands(j, i) == REF_NO && would_matter(q, a, j->m->rules[i].answer); e++)
            if (j->m->rules[e].used && is_exception_to(&j->m->rules[e], i) && stands(j, e) != REF_NO)
                rest_rule(j, e);
    }
}

static void condition_add(ref_key *k, int met_index, int stage, tk_met met)
{
    if (!k->condition[met_index]) {
        k->condition[met_index] = true;
        k->met[met_index] = met;
        k->stage[met_index] = stage;
        return;
    }
    if (k->met[met_index] < met)
        k->met[met_index] = met;
    if (stage < k->stage[met_index])
        k->stage[met_index] = stage;
}

static void conditions_of_rules(judging *j, ref_key *k)
{
    for (int i = 0; i < REF_RULES_MAX; i++)
        for (int c = 0; j->rests[i] && c < j->m->rules[i].requires_count; c++) {
            const ref_require *r = &j->m->rules[i].requires[c];
            if (require_binds(j, r) && truth_if_any(j, r->when) != REF_NO)
                condition_add(k, require_met_index(r), r->stage, require_met(j, r));
        }
}

static tk_met shown_met(const judging *j, int met_index)
{
    int state = j->t->shown[met_index].state;
    return state == 1 ? TK_MET_YES : state == 2 ? TK_MET_FAILED : TK_MET_NO;
}

static void presumed_duties(const judging *j, ref_key *k)
{
    for (int f = 0; f < REF_FACTS_MAX; f++)
        for (int role = 0; role < REF_ROLES; role++)
            if (k->presumed[f][role] && j->m->facts[f].duty != REF_NOT)
                condition_add(k, j->m->facts[f].duty, j->m->evidence_stage[j->m->facts[f].duty], shown_met(j, j->m->facts[f].duty));
}

/* Is something known of it with presumptions? */
static bool known(judging *j, int fact, int role)
{
    if (j->m->facts[fact].kind == REF_NUMBER || j->m->facts[fact].kind == REF_DATE)
        return slot_number(j, fact, role).known != REF_UNKNOWN;
    return value(j, fact, role).known != REF_UNKNOWN;
}

static bool surely_closed(judging *j, int regime)
{
    return answer(j, key_question(j->m, regime))->possible == KEY_CLOSED || duty_refused(j, regime) == REF_YES;
}

/* What would be missing without the presumptions, and is known with them. */
static void presumed(judging *j, judging *bare, int regime, ref_key *k)
{
    static ref_key beside;
    blame_key(bare, regime, surely_closed(bare, regime), &beside);
    for (int f = 0; f < REF_FACTS_MAX; f++)
        for (int role = 0; role < ref_roles_of(&j->m->facts[f]); role++) {
            ref_value v;
            k->presumed[f][role] = beside.missing[f][role] && j->m->facts[f].presume != REF_PRESUME_NO && !given(j, f, role, &v) && known(j, f, role);
        }
}

/* Behind a presumption "as that other fact" that is unknown, the other fact. */
static void miss_behind(judging *j, int fact, int role, ref_key *k)
{
    ref_key *before = j->key;
    j->key = k;
    miss(j, fact, role);
    j->key = before;
}

/* Does the key itself rest on a presumption whose duty was refused? Surely, where nothing is missing without the
 * presumptions that is unknown with them too. What is unknown may leave the presumption idle: it is missing then,
 * where `missing` is asked for. */
static ref_truth presumption_refused(judging *j, judging *bare, int regime, const ref_key *k, ref_key *missing)
{
    static ref_key beside;
    bool refused = false, unsure = false, closed = surely_closed(bare, regime);
    blame_begin(bare, &beside);
    blame_scope(bare, regime, closed);
    if (!closed)
        blame_question(bare, key_question(j->m, regime));
    for (int f = 0; f < REF_FACTS_MAX; f++)
        for (int role = 0; role < ref_roles_of(&j->m->facts[f]); role++) {
            ref_value v;
            if (!beside.missing[f][role])
                continue;
            /* Also one presumed as another fact that is unknown: it will be presumed once that is known. */
            refused = refused || (j->m->facts[f].duty != REF_NOT && shown_met(j, j->m->facts[f].duty) == TK_MET_FAILED && !given(j, f, role, &v));
            unsure = unsure || !k->presumed[f][role];
        }
    for (int f = 0; f < REF_FACTS_MAX && refused && missing != NULL; f++)
        for (int role = 0; role < ref_roles_of(&j->m->facts[f]); role++)
            if (beside.missing[f][role] && !k->presumed[f][role])
                miss_behind(j, f, role, missing);
    return !refused ? REF_NO : unsure ? REF_MAYBE : REF_YES;
}

static unsigned claims_of(const ref_act *act)
{
    return (act->claim_a == REF_NOT ? 0 : 1U << act->claim_a) | (act->claim_b == REF_NOT ? 0 : 1U << act->claim_b);
}

/* Two believed claims, known by then, that cannot both be true; one of them is named by a rule or limit of the regime. */
static bool claims_contradict(const judging *j, int regime)
{
    unsigned named = 0, believed = 0;
    for (int i = 0; i < REF_RULES_MAX; i++)
        if (j->m->rules[i].used && j->m->rules[i].regime == regime)
            named |= claims_of(&j->m->rules[i].act);
    for (int i = 0; i < REF_LIMITS_MAX; i++)
        if (j->m->limits[i].used && j->m->limits[i].regime == regime)
            named |= claims_of(&j->m->limits[i].act);
    for (int c = 0; c < REF_CLAIMS_MAX; c++)
        believed |= j->m->claims[c].published <= j->s.known_at ? j->s.world & 1U << c : 0;
    for (int a = 0; a < REF_CLAIMS_MAX; a++)
        for (int b = 0; b < REF_CLAIMS_MAX; b++)
            if ((believed >> a & 1) != 0 && (believed >> b & 1) != 0 && (j->m->claims[a].contradicts >> b & 1) != 0 && (named & (1U << a | 1U << b)) != 0)
                return true;
    return false;
}

/* Several answers because rules of some question disagree. */
static bool conflict_behind(judging *j, int regime)
{
    static ref_key unused;
    blame_begin(j, &unused);
    blame_question(j, key_question(j->m, regime));
    blame_gaps_and_duties(j, regime);
    for (int i = 0; i < REF_QUESTIONS_MAX; i++)
        if (j->blamed_question[i] && answer(j, i)->conflict)
            return true;
    return false;
}

/* A rule that requires to stay within a limit that only a report knows of rests on the report. */
static bool within_reported(judging *j, const ref_rule *r)
{
    for (int i = 0; i < r->requires_count; i++)
        if (r->requires[i].limit != REF_NOT && require_binds(j, &r->requires[i]) && j->m->limits[r->requires[i].limit].act.kind == REF_REPORTED
            && truth_if_any(j, r->requires[i].when) != REF_NO)
            return true;
    return false;
}

/* Would something be missing if the claims said nothing of any fact? */
static bool rests_on_claims(judging *j, judging *unclaimed, int regime)
{
    static ref_key beside;
    blame_key(unclaimed, regime, surely_closed(unclaimed, regime), &beside);
    for (int f = 0; f < REF_FACTS_MAX; f++)
        for (int role = 0; role < ref_roles_of(&j->m->facts[f]); role++) {
            ref_value v;
            if (j->m->facts[f].from_claims && beside.missing[f][role] && !j->t->given[f][role].has_supplied && given(j, f, role, &v))
                return true;
        }
    return false;
}

static tk_basis basis(judging *j, judging *unclaimed, int regime)
{
    tk_basis weakest = rests_on_claims(j, unclaimed, regime) ? TK_BASIS_REPORTED : TK_BASIS_LAW;
    for (int i = 0; i < REF_RULES_MAX; i++) {
        const ref_rule *r = &j->m->rules[i];
        if (!j->rests[i])
            continue;
        tk_basis kind = r->act.kind == REF_REPORTED || within_reported(j, r) ? TK_BASIS_REPORTED : r->act.kind == REF_PRACTICE ? TK_BASIS_PRACTICE : TK_BASIS_LAW;
        if (weakest < kind)
            weakest = kind;
    }
    return weakest;
}

static bool reads_key(const ref_model *m, int condition, int key)
{
    const ref_condition *c = &m->conditions[condition];
    switch (c->op) {
    case REF_ASKS: return c->index == key;
    case REF_TERM: return reads_key(m, m->terms[c->index], key);
    case REF_AND: case REF_OR: return reads_key(m, c->a, key) || reads_key(m, c->b, key);
    case REF_NEGATE: case REF_ANY: case REF_EVERY: case REF_NONE_OF: return reads_key(m, c->a, key);
    case REF_COMPARE: case REF_IS_WORD: case REF_HAS: case REF_IN_PLACES: case REF_IN_NAMES: case REF_SAME: case REF_SHOWN:
    default: return false;
    }
}

static void rest_key(judging *j, int regime, int key)
{
    memset(j->rests, 0, sizeof j->rests);
    memset(j->rests_question, 0, sizeof j->rests_question);
    rest_question(j, key);
    for (int i = 0; i < REF_RULES_MAX; i++)
        if (is_duty(j->m, i, regime) && counts(j, i) && truth_if_any(j, j->m->rules[i].when) != REF_NO)
            rest_rule(j, i);
}

static tk_verdict verdict(const judging *j, int regime, const ref_key *k)
{
    int licence = REF_EVIDENCE_MAX + REF_LIMITS_MAX + regime;
    if (k->conflict)
        return TK_VERDICT_CONFLICT;
    if (several(k->possible) || k->touched == REF_MAYBE)
        return TK_VERDICT_UNDETERMINED;
    if (k->possible == KEY_CLOSED)
        return TK_VERDICT_CLOSED;
    if (k->possible == KEY_LICENCE && shown_met(j, licence) != TK_MET_YES)
        return TK_VERDICT_LICENCE;
    if (j->m->regimes[regime].read_to < j->s.as_of)
        return TK_VERDICT_CONDITIONAL;
    for (int i = 0; i < REF_MET_MAX; i++)
        if (k->condition[i] && k->stage[i] != 2 && k->met[i] != TK_MET_YES)
            return TK_VERDICT_CONDITIONAL;
    return TK_VERDICT_OPEN;
}

static void judge_key(judging *j, judging *bare, judging *unclaimed, int regime, ref_key *k)
{
    int key = key_question(j->m, regime);
    k->touched = truth_if_any(j, j->m->regimes[regime].when);
    if (k->touched == REF_NO)
        return;
    k->possible = answer(j, key)->possible;
    if (covered(j, regime)) {
        rest_key(j, regime, key);
        presumed(j, bare, regime, k);
        ref_truth refused = either(duty_refused(j, regime), presumption_refused(j, bare, regime, k, NULL));
        if (refused == REF_YES)
            k->possible = KEY_CLOSED;
        else if (refused == REF_MAYBE || gap_open(j, regime))
            k->possible |= KEY_CLOSED;
        k->basis = basis(j, unclaimed, regime);
        /* What is asked because of the key brings its conditions, not its basis. */
        for (int i = 0; i < REF_QUESTIONS_MAX; i++) {
            const ref_question *q = &j->m->questions[i];
            if (q->used && q->regime == regime && q->asked != REF_NOT && reads_key(j->m, q->asked, key))
                rest_question(j, i);
        }
        conditions_of_rules(j, k);
        presumed_duties(j, k);
        int licence = REF_EVIDENCE_MAX + REF_LIMITS_MAX + regime;
        if ((k->possible & KEY_LICENCE) != 0)
            condition_add(k, licence, 1, shown_met(j, licence));
    }
    k->conflict = claims_contradict(j, regime) || (several(k->possible) && covered(j, regime) && conflict_behind(j, regime));
    k->verdict = verdict(j, regime, k);
    for (int i = 0; i < REF_GAPS_MAX; i++)
        k->gap[i] = j->m->gaps[i].used && j->m->gaps[i].regime == regime && j->m->gaps[i].when != REF_NOT && truth(j, j->m->gaps[i].when, REF_EACH) != REF_NO;
    blame_key(j, regime, k->possible == KEY_CLOSED, k);
    if (covered(j, regime) && k->possible != KEY_CLOSED)
        (void)presumption_refused(j, bare, regime, k, k);
}

void ref_judge(const ref_model *m, const ref_transaction *t, const ref_setting *s, ref_decision *out)
{
    judging j = {.m = m, .t = t, .s = *s}, bare = {.m = m, .t = t, .s = *s, .bare = true}, unclaimed = {.m = m, .t = t, .s = *s, .unclaimed = true};
    j.presuming = bare.presuming = unclaimed.presuming = &j;
    *out = (ref_decision){.verdict = TK_VERDICT_OPEN};
    for (int i = 0; i < REF_QUESTIONS_MAX; i++)
        if (m->questions[i].used)
            out->answers[i] = *answer(&j, i);
    for (int r = 0; r < REF_REGIMES_MAX; r++) {
        if (!m->regimes[r].used)
            continue;
        judge_key(&j, &bare, &unclaimed, r, &out->keys[r]);
        if (out->keys[r].touched == REF_NO)
            continue;
        out->touched = true;
        if (out->verdict < out->keys[r].verdict)
            out->verdict = out->keys[r].verdict;
    }
    if (!out->touched)
        out->verdict = TK_VERDICT_UNDETERMINED;
}

bool ref_counts(const ref_model *m, const ref_setting *s, int rule)
{
    static const ref_transaction nothing;
    judging j = {.m = m, .t = &nothing, .s = *s};
    return counts(&j, rule);
}
