/* SPDX-License-Identifier: Apache-2.0 */
/* truth.c: facts, numbers and conditions, three-valued (S1, S7). */
#include "reference/judging.h"

/* Numbers in conditions are counted in ten-thousandths: whole facts times hundredths, twice over. */
enum { SCALE = 10000 };

/* ---- facts (S1) ---- */

bool judging_given(const judging *j, int fact, int role, ref_value *out)
{
    const ref_given *g = &j->t->given[fact][role];
    bool from_claims = j->m->facts[fact].from_claims;
    if (g->has_supplied && !j->record && !(from_claims && j->alone)) {
        *out = g->supplied;
        return true;
    }
    bool told = !from_claims || !(j->unclaimed || j->alone);
    if (told && g->has_row && g->row.known != REF_UNKNOWN) {
        *out = g->row;
        return true;
    }
    if (!j->m->facts[fact].party || judging_present(j, role))
        return false;
    *out = (ref_value){.known = REF_NONE}; /* nobody has the role: there is nothing to know */
    return true;
}

int judging_slot_role(const judging *j, int fact, int role)
{
    return j->m->facts[fact].party ? role : 0;
}

/* A fact that no term computes. */
ref_value judging_value(const judging *j, int fact, int role)
{
    const ref_fact *f = &j->m->facts[fact];
    ref_value v = {0};
    role = judging_slot_role(j, fact, role);
    if (judging_given(j, fact, role, &v))
        return v;
    /* Of a set that claims speak of silence is known: nobody reports any of its words. */
    if (f->from_claims && f->kind == REF_SET && !j->unclaimed)
        return (ref_value){.known = REF_VALUE};
    if (j->bare || j->record || f->presume == REF_PRESUME_NO)
        return v;
    return f->presume == REF_PRESUME_VALUE ? f->presumed : judging_value(j, f->presumed_fact, role);
}

/* ---- numbers (S7) ---- */

static range range_make(long lo, long hi)
{
    return (range){.known = lo == REF_OPEN_LOW && hi == REF_OPEN_HIGH ? REF_UNKNOWN : REF_VALUE, .lo = lo, .hi = hi};
}

static const range range_unknown = {.known = REF_UNKNOWN, .lo = REF_OPEN_LOW, .hi = REF_OPEN_HIGH};

static range range_of(const ref_value *v, ref_kind kind)
{
    long scale = kind == REF_NUMBER ? SCALE : 1;
    if (v->known == REF_UNKNOWN)
        return range_unknown;
    if (v->known == REF_NONE)
        return (range){.known = REF_NONE};
    return range_make(v->lo == REF_OPEN_LOW ? v->lo : v->lo * scale, v->hi == REF_OPEN_HIGH ? v->hi : v->hi * scale);
}

/* What the record settles stays: a supplied figure recomputes nothing that is derived from the one on record. */
static range recorded(judging *j, int index, int role)
{
    bool before = j->record;
    j->record = true;
    range r = judging_number(j, index, role);
    j->record = before;
    return single(r) ? r : judging_number(j, index, role);
}

range judging_slot_number(judging *j, int fact, int role)
{
    const ref_fact *f = &j->m->facts[fact];
    ref_value v;
    role = judging_slot_role(j, fact, role);
    if (judging_given(j, fact, role, &v))
        return range_of(&v, f->kind);
    if (f->term != REF_NOT)
        return recorded(j, f->term, role);
    if (f->presume == REF_PRESUME_FACT && !j->bare && !j->record)
        return judging_slot_number(j, f->presumed_fact, role);
    v = judging_value(j, fact, role);
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
    return range_make(a.lo == REF_OPEN_LOW ? a.lo : a.lo / 100 * hundredths,
                      a.hi == REF_OPEN_HIGH ? a.hi : a.hi / 100 * hundredths);
}

range judging_number(judging *j, int index, int role)
{
    const ref_number *n = &j->m->numbers[index];
    switch (n->op) {
    case REF_CONSTANT:
        return n->is_date ? range_make(n->constant, n->constant)
                          : range_make(n->constant * (SCALE / 100), n->constant * (SCALE / 100));
    case REF_FACT:
        return judging_slot_number(j, n->fact, n->role == REF_EACH ? role : n->role);
    case REF_SUM:
        return sum(judging_number(j, n->a, role), judging_number(j, n->b, role));
    case REF_TIMES:
        return times(judging_number(j, n->a, role), n->constant);
    case REF_MAX:
        return greatest(judging_number(j, n->a, role), judging_number(j, n->b, role));
    case REF_PLUS_DAYS:
        return sum(judging_number(j, n->a, role), range_make(n->constant, n->constant));
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
    case REF_LT:
        return always_never(a.hi < b.lo, a.lo >= b.hi);
    case REF_LE:
        return always_never(a.hi <= b.lo, a.lo > b.hi);
    case REF_GT:
        return always_never(a.lo > b.hi, a.hi <= b.lo);
    case REF_GE:
        return always_never(a.lo >= b.hi, a.hi < b.lo);
    case REF_EQ:
        return always_never(single(a) && single(b) && a.lo == b.lo, a.hi < b.lo || b.hi < a.lo);
    case REF_NE:
        return not(compare(a, b, REF_EQ));
    }
    return REF_MAYBE;
}

/* The quotient behind a number: written here, or by a term that nothing replaced. */
int judging_quotient_behind(judging *j, int index)
{
    const ref_number *n = &j->m->numbers[index];
    ref_value v;
    if (n->op == REF_QUOTIENT)
        return index;
    if (n->op != REF_FACT || j->m->facts[n->fact].term == REF_NOT || judging_given(j, n->fact, 0, &v))
        return REF_NOT;
    return judging_quotient_behind(j, j->m->facts[n->fact].term);
}

void judging_quotient_parts(judging *j, int quotient, range *a, range *b)
{
    const ref_number *n = &j->m->numbers[quotient];
    bool before = j->record;
    j->record = true;
    *a = judging_number(j, n->a, 0);
    *b = judging_number(j, n->b, 0);
    j->record = before;
    if (single(*a) && single(*b))
        return;
    *a = judging_number(j, n->a, 0);
    *b = judging_number(j, n->b, 0);
}

/* a / b against c: multiplied out, a against c * b. Constants are above zero. */
static ref_truth compare_quotient(judging *j, int quotient, range c, ref_how how)
{
    range a, b;
    judging_quotient_parts(j, quotient, &a, &b);
    if (a.known == REF_UNKNOWN || b.known == REF_UNKNOWN || b.known == REF_NONE)
        return REF_MAYBE;
    if (a.known == REF_NONE)
        return REF_NO;
    if (b.lo == REF_OPEN_LOW || b.lo <= 0)
        return REF_MAYBE;
    range left = {.known = REF_VALUE,
                  .lo = a.lo == REF_OPEN_LOW ? a.lo : a.lo * 100,
                  .hi = a.hi == REF_OPEN_HIGH ? a.hi : a.hi * 100};
    range right = {
        .known = REF_VALUE, .lo = c.lo / 100 * b.lo, .hi = b.hi == REF_OPEN_HIGH ? b.hi : c.lo / 100 * b.hi};
    return compare(left, right, how);
}

/* ---- conditions ---- */

static bool place_in_set(const judging *j, const ref_set *set, long place)
{
    bool in = false;
    int newest = INT_MIN;
    for (int i = 0; i < set->rows_count; i++) {
        const ref_row *row = &set->rows[i];
        if ((row->places >> place & 1) == 0 || j->s.known_at < row->published || j->s.as_of < row->span.from
            || row->span.to < j->s.as_of || row->published < newest)
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
    ref_value v = judging_value(j, c->fact, c->role == REF_EACH ? role : c->role), w;
    if (v.known == REF_NONE)
        return REF_NO;
    switch (c->op) {
    case REF_IS_WORD:
    case REF_IN_NAMES:
        return v.known == REF_UNKNOWN ? REF_MAYBE : (c->mask >> v.lo & 1) != 0 ? REF_YES : REF_NO;
    case REF_HAS:
        return v.known == REF_UNKNOWN ? REF_MAYBE
                                      : always_never((v.in & c->mask) != 0, ((v.in | v.unsure) & c->mask) == 0);
    case REF_IN_PLACES:
        return v.known == REF_UNKNOWN ? REF_MAYBE : truth_place(j, c, &v);
    case REF_SAME:
        w = judging_value(j, c->other, c->other_role == REF_EACH ? role : c->other_role);
        if (w.known == REF_NONE)
            return REF_NO;
        if (v.known == REF_UNKNOWN || w.known == REF_UNKNOWN)
            return REF_MAYBE;
        return (v.lo == w.lo) == (c->how == REF_EQ) ? REF_YES : REF_NO;
    case REF_AND:
    case REF_OR:
    case REF_NEGATE:
    case REF_ANY:
    case REF_EVERY:
    case REF_NONE_OF:
    case REF_COMPARE:
    case REF_ASKS:
    case REF_SHOWN:
    case REF_TERM:
    default:
        return REF_MAYBE;
    }
}

/* A role that is not named is absent; somebody always sells and somebody always uses it in the end. */
bool judging_present(const judging *j, int role)
{
    return role == 0 || role == REF_ROLES - 1 || (j->t->roles >> role & 1) != 0;
}

static ref_truth truth_roles(judging *j, const ref_condition *c)
{
    ref_truth any = REF_NO, every = REF_YES;
    for (int role = 0; role < REF_ROLES; role++) {
        if ((c->roles >> role & 1) == 0 || !judging_present(j, role))
            continue;
        any = either(any, judging_truth(j, c->a, role));
        every = both(every, judging_truth(j, c->a, role));
    }
    return c->op == REF_ANY ? any : c->op == REF_EVERY ? every : not(any);
}

static ref_truth truth_asks(judging *j, const ref_condition *c)
{
    const ref_answer *a = judging_answer(j, c->index);
    if (a->asked == REF_NO)
        return REF_NO;
    return always_never(a->asked == REF_YES && (a->possible & ~c->mask) == 0, (a->possible & c->mask) == 0);
}

static ref_truth truth_compare(judging *j, const ref_condition *c, int role)
{
    int quotient = judging_quotient_behind(j, c->a);
    if (quotient != REF_NOT)
        return compare_quotient(j, quotient, judging_number(j, c->b, role), c->how);
    return compare(judging_number(j, c->a, role), judging_number(j, c->b, role), c->how);
}

ref_truth judging_truth(judging *j, int condition, int role)
{
    const ref_condition *c = &j->m->conditions[condition];
    switch (c->op) {
    case REF_AND:
        return both(judging_truth(j, c->a, role), judging_truth(j, c->b, role));
    case REF_OR:
        return either(judging_truth(j, c->a, role), judging_truth(j, c->b, role));
    case REF_NEGATE:
        return not(judging_truth(j, c->a, role));
    case REF_ANY:
    case REF_EVERY:
    case REF_NONE_OF:
        return truth_roles(j, c);
    case REF_COMPARE:
        return truth_compare(j, c, role);
    case REF_IS_WORD:
    case REF_HAS:
    case REF_IN_PLACES:
    case REF_IN_NAMES:
    case REF_SAME:
        return truth_fact(j, c, role);
    case REF_ASKS:
        return truth_asks(j, c);
    case REF_SHOWN:
        return j->t->shown[c->index].state == 1 ? REF_YES : REF_NO;
    case REF_TERM:
        return judging_truth(j, j->m->terms[c->index], REF_EACH);
    }
    return REF_MAYBE;
}

ref_truth judging_truth_if_any(judging *j, int condition)
{
    return condition == REF_NOT ? REF_YES : judging_truth(j, condition, REF_EACH);
}
