/* SPDX-License-Identifier: Apache-2.0 */
/* evaluate.c: the possible answers of every question (S1, S2, S7, S9).
 *
 * Everything is asked for on demand and remembered for the length of one evaluation; the memory belongs to the
 * decider, nothing is allocated here. Three-valued throughout: `unknown` is never taken for either side.
 */
#include <string.h>

#include "decide/decide_int.h"

static const tk_i128 eval_scale = TK_NUM_SCALE;
static const tk_i128 eval_day = (tk_i128)TK_NUM_SCALE * TK_NUM_SCALE;

void eval_begin(eval *e, const tk_rulebook *book, const tk_facts *facts, const tk_setting *setting,
                const uint64_t *world, const uint64_t *counted, bool no_presumptions)
{
    e->book = book;
    e->facts = facts;
    e->setting = *setting;
    e->world = world;
    e->no_presumptions = no_presumptions;
    e->no_claims = false;
    e->silent = false;
    e->believes = false;
    for (size_t i = 0; i < e->decider->world_words; i++)
        e->believes |= world[i] != 0;
    for (size_t i = 0; i < e->index->claims_facts_count; i++) {
        const fact_place *place = &facts->places[e->index->claims_facts[i]];
        e->believes |= place->supplied != 0 || place->row != 0;
    }
    e->doubtful = NULL;
    e->rows_only = false;
    e->leans = 0;
    e->fuller = NULL;
    e->refused = false;
    for (size_t i = 0; i < facts->evidence_touched_count; i++)
        e->refused |= facts->evidence[facts->evidence_touched[i]].state == TK_EVIDENCE_REFUSED;
    e->bare_ready = false;
    e->trial_slot = RB_NONE;
    e->trial_evidence = RB_NONE;
    if (book->rules_count != 0)
        memcpy(e->counted, counted, (book->rules_count + 63) / 64 * sizeof *counted);
    memset(e->alive, 0, e->index->rule_words * sizeof *e->alive);
    memset(e->value_done, 0, book->facts_count);
    memset(e->term_done, 0, book->facts_count);
    memset(e->nodes, K_NOT_YET, book->nodes_count);
    memset(e->applies, K_NOT_YET, book->rules_count);
    memset(e->stands, K_NOT_YET, book->rules_count);
    memset(e->questions, 0, book->questions_count * sizeof *e->questions);
}

/* ---- facts ---- */

/* S1: of a role that the transaction does not name nothing is there to be known. */
static bool eval_absent(const eval *e, rb_id slot)
{
    int role = e->book->facts[slot].role;
    return 0 <= role && !facts_role_present(e->facts, (unsigned)role);
}

/* What was set, can be looked up, or is `none` because nobody has that role; false: nothing known from anywhere. */
bool eval_given(const eval *e, rb_id slot, tk_value *out)
{
    const tk_facts *facts = e->facts;
    e->looked[slot / 64] |= UINT64_C(1) << (slot % 64);
    bool from_claims = e->book->facts[slot].from_claims;
    if (slot == e->trial_slot && !e->rows_only && !(from_claims && e->silent)) {
        *out = e->trial_value;
        return true;
    }
    if (facts->places[slot].supplied != 0 && !e->rows_only && !(from_claims && e->silent)) {
        *out = facts->said[facts->places[slot].supplied];
        return true;
    }
    bool told = !from_claims || !(e->no_claims || e->silent);
    const tk_value *row = told ? facts_row(facts, slot) : NULL;
    if (row != NULL) {
        *out = *row;
        return true;
    }
    if (told && facts->lookup != NULL && facts->lookup(facts->lookup_ctx, slot, out)
        && out->known != TK_UNKNOWN)
        return true;
    /* What claims say and settle nothing with is as unknown as a `?` that was supplied. */
    if (told && from_claims && e->believes && facts->claims != NULL
        && facts->claims->say(facts->claims->ctx, facts, slot, &e->setting, e->world, out))
        return true;
    if (!eval_absent(e, slot))
        return false;
    *out = TK_VALUE_NONE;
    return true;
}

bool eval_from_claims(const eval *e, rb_id slot)
{
    tk_value given;
    return slot != e->trial_slot && eval_given(e, slot, &given) && e->facts->places[slot].supplied == 0
           && (given.known != TK_NONE || !eval_absent(e, slot));
}

const tk_value *eval_value_new(eval *e, rb_id slot)
{
    static const tk_value unknown = {0};
    tk_value *value = e->rows_only ? &e->row_value : &e->values[slot];
    const rb_fact *fact = &e->book->facts[slot];
    uint8_t done = VALUE_DONE;
    if (eval_given(e, slot, value))
        ;
    else if (fact->silence.known == TK_VALUE && !e->no_claims)
        *value = fact->silence;
    else if (e->facts->places[slot].bare != 0) {
        const fact_place *place = &e->facts->places[slot];
        bool bare = e->rows_only || e->no_presumptions;
        *value = e->facts->said[bare ? place->bare : place->presumed];
        done |= bare ? 0 : MEMO_LEANS;
    } else if (e->rows_only || e->no_presumptions || fact->presume == RB_PRESUME_NO)
        *value = unknown;
    else {
        *value = fact->presume == RB_PRESUME_VALUE ? fact->presumed : *eval_value(e, fact->presumed_slot);
        done |= MEMO_LEANS;
    }
    e->leans |= done;
    if (!e->rows_only)
        e->value_done[slot] = done;
    return value;
}

rb_id eval_root_slot(eval *e, rb_id slot)
{
    tk_value unused;
    while (!e->no_presumptions && e->book->facts[slot].presume == RB_PRESUME_FACT
           && e->book->facts[slot].term == RB_NONE && !eval_given(e, slot, &unused))
        slot = e->book->facts[slot].presumed_slot;
    return slot;
}

/* ---- numbers ---- */

static interval interval_unknown(void)
{
    return (interval){.known = TK_UNKNOWN, .lo_open = true, .hi_open = true};
}

static interval interval_point(tk_i128 value)
{
    return (interval){.known = TK_VALUE, .lo = value, .hi = value};
}

static bool interval_is_point(const interval *i)
{
    return i->known == TK_VALUE && !i->lo_open && !i->hi_open && i->lo == i->hi;
}

static interval interval_settle(interval i)
{
    if (i.lo_open && i.hi_open && i.known == TK_VALUE)
        i.known = TK_UNKNOWN;
    return i;
}

static interval interval_of(const tk_value *value, tk_type type)
{
    if (value->known == TK_UNKNOWN)
        return interval_unknown();
    if (value->known == TK_NONE)
        return (interval){.known = TK_NONE};
    tk_i128 scale = type == TK_TYPE_DATE ? eval_day : eval_scale;
    return interval_settle((interval){.known = TK_VALUE,
                                      .lo_open = value->as.range.lo == TK_NUM_MIN,
                                      .hi_open = value->as.range.hi == TK_NUM_MAX,
                                      .lo = (tk_i128)value->as.range.lo * scale,
                                      .hi = (tk_i128)value->as.range.hi * scale});
}

static bool eval_is_quotient(const eval *e, rb_id num, rb_id *divide);

/* A term keeps what the record settles: overriding one figure recomputes nothing derived from it. */
static interval eval_term(eval *e, rb_id slot)
{
    rb_id term = e->book->facts[slot].term;
    if (e->rows_only)
        return eval_number(e, term);
    if (e->term_done[slot] != 0) {
        e->leans |= e->term_done[slot];
        return e->terms[slot];
    }
    interval result;
    uint8_t before = e->leans;
    e->leans = 0;
    if (e->facts->has_override) {
        e->rows_only = true;
        result = eval_number(e, term);
        e->rows_only = false;
        if (interval_is_point(&result))
            goto done;
    }
    result = eval_number(e, term);
done:
    e->terms[slot] = result;
    e->term_done[slot] = (uint8_t)(VALUE_DONE | (e->leans & MEMO_LEANS));
    e->leans |= before;
    return result;
}

static interval eval_slot(eval *e, rb_id slot)
{
    const rb_fact *fact = &e->book->facts[slot];
    tk_value given;
    if (fact->term != RB_NONE) {
        if (eval_given(e, slot, &given))
            return interval_of(&given, fact->type);
        return eval_term(e, slot);
    }
    if (fact->presume == RB_PRESUME_FACT && !e->no_presumptions && !e->rows_only && !eval_given(e, slot, &given)) {
        e->leans |= MEMO_LEANS;
        return eval_slot(e, fact->presumed_slot);
    }
    return interval_of(eval_value(e, slot), fact->type);
}

bool eval_known(eval *e, rb_id slot)
{
    tk_type type = e->book->facts[slot].type;
    if (type == TK_TYPE_NUMBER || type == TK_TYPE_DATE)
        return eval_slot(e, slot).known != TK_UNKNOWN;
    return eval_value(e, slot)->known != TK_UNKNOWN;
}

static interval interval_add(interval a, interval b)
{
    if (a.known == TK_NONE || b.known == TK_NONE)
        return (interval){.known = TK_NONE};
    interval sum = {.known = TK_VALUE, .lo_open = a.lo_open || b.lo_open, .hi_open = a.hi_open || b.hi_open};
    sum.lo_open |= !sum.lo_open && __builtin_add_overflow(a.lo, b.lo, &sum.lo);
    sum.hi_open |= !sum.hi_open && __builtin_add_overflow(a.hi, b.hi, &sum.hi);
    return interval_settle(sum);
}

/* `decimals`: those of the factor. What is scaled has at most twelve with them, so neither division cuts anything. */
static interval interval_scale(interval a, tk_i128 millionths, uint32_t decimals)
{
    static const int32_t tens[] = {1, 10, 100, 1000, 10000, 100000, 1000000};

    if (a.known != TK_VALUE)
        return a;
    interval out = a;
    if (millionths < 0) {
        out = (interval){.known = TK_VALUE, .lo = a.hi, .hi = a.lo, .lo_open = a.hi_open, .hi_open = a.lo_open};
    }
    tk_i128 factor = millionths / tens[6 - decimals];
    out.lo_open |= !out.lo_open && __builtin_mul_overflow(out.lo / tens[decimals], factor, &out.lo);
    out.hi_open |= !out.hi_open && __builtin_mul_overflow(out.hi / tens[decimals], factor, &out.hi);
    return interval_settle(out);
}

static interval eval_max(eval *e, const rb_num *n)
{
    interval out = {.known = TK_NONE};
    for (rb_id i = 0; i < n->count; i++) {
        interval one = eval_number(e, e->book->children[n->first + i]);
        if (one.known == TK_NONE)
            continue; /* not offered: skipped */
        if (out.known == TK_NONE) {
            out = one;
            out.known = TK_VALUE;
            continue;
        }
        if (!one.lo_open && (out.lo_open || out.lo < one.lo)) {
            out.lo = one.lo;
            out.lo_open = false;
        }
        if (one.hi_open)
            out.hi_open = true;
        else if (!out.hi_open && out.hi < one.hi)
            out.hi = one.hi;
    }
    return interval_settle(out);
}

static interval eval_product(eval *e, const rb_num *n)
{
    interval a = eval_number(e, e->book->children[n->first]), b = eval_number(e, e->book->children[n->first + 1]);
    tk_i128 product;
    if (!interval_is_point(&a) || !interval_is_point(&b)
        || __builtin_mul_overflow(a.lo / eval_scale, b.lo / eval_scale, &product))
        return interval_unknown();
    return interval_point(product);
}

interval eval_number(eval *e, rb_id num)
{
    const rb_num *n = &e->book->nums[num];
    interval out;
    switch (n->op) {
    case RB_NUM_CONST:
        return interval_point(n->constant);
    case RB_NUM_FACT:
        return eval_slot(e, n->slot);
    case RB_NUM_ADD:
        out = eval_number(e, e->book->children[n->first]);
        for (rb_id i = 1; i < n->count; i++)
            out = interval_add(out, eval_number(e, e->book->children[n->first + i]));
        return out;
    case RB_NUM_SCALE:
        return interval_scale(eval_number(e, e->book->children[n->first]), n->constant,
                              n->decimals - e->book->nums[e->book->children[n->first]].decimals);
    case RB_NUM_MAX:
        return eval_max(e, n);
    case RB_NUM_PRODUCT:
        return eval_product(e, n);
    case RB_NUM_DIVIDE: /* only compared, never computed: see eval_quotient */
    default:
        return interval_unknown();
    }
}

static kleene kleene_of(bool yes, bool no)
{
    return yes ? K_TRUE : no ? K_FALSE : K_UNKNOWN;
}

static kleene interval_compare(const interval *a, const interval *b, rb_compare how)
{
    if (a->known == TK_NONE || b->known == TK_NONE)
        return K_FALSE; /* S1: a comparison with `none` is false */
    bool below = !a->hi_open && !b->lo_open && a->hi < b->lo, above = !a->lo_open && !b->hi_open && b->hi < a->lo;
    bool at_most = !a->hi_open && !b->lo_open && a->hi <= b->lo,
         at_least = !a->lo_open && !b->hi_open && b->hi <= a->lo;
    bool same = interval_is_point(a) && interval_is_point(b) && a->lo == b->lo;
    switch (how) {
    case RB_EQ: return kleene_of(same, below || above);
    case RB_NE: return kleene_of(below || above, same);
    case RB_LT: return kleene_of(below, at_least);
    case RB_LE: return kleene_of(at_most, above);
    case RB_GT: return kleene_of(above, at_most);
    case RB_GE: return kleene_of(at_least, below);
    default: return K_UNKNOWN;
    }
}

/* Is this side a quotient, written here or by a term that nothing replaced? */
static bool eval_is_quotient(const eval *e, rb_id num, rb_id *divide)
{
    const rb_num *n = &e->book->nums[num];
    tk_value given;
    while (n->op == RB_NUM_FACT && e->book->facts[n->slot].term != RB_NONE && !eval_given(e, n->slot, &given)) {
        num = e->book->facts[n->slot].term;
        n = &e->book->nums[num];
    }
    *divide = num;
    return n->op == RB_NUM_DIVIDE;
}

void eval_quotient_parts(eval *e, rb_id divide, interval *a, interval *b)
{
    const rb_num *n = &e->book->nums[divide];
    if (e->facts->has_override) {
        e->rows_only = true;
        *a = eval_number(e, e->book->children[n->first]);
        *b = eval_number(e, e->book->children[n->first + 1]);
        e->rows_only = false;
        if (interval_is_point(a) && interval_is_point(b))
            return;
    }
    *a = eval_number(e, e->book->children[n->first]);
    *b = eval_number(e, e->book->children[n->first + 1]);
}

bool eval_not_computable(eval *e, rb_id num)
{
    rb_id divide;
    interval a, b;
    if (!eval_is_quotient(e, num, &divide))
        return false;
    eval_quotient_parts(e, divide, &a, &b);
    return b.known == TK_NONE;
}

/* a / b against a constant, cross-multiplied: the sign of a - c * b at the ends of the bounds. */
static kleene eval_quotient(eval *e, rb_id divide, rb_id constant, rb_compare how)
{
    interval a, b, c = eval_number(e, constant);
    eval_quotient_parts(e, divide, &a, &b);
    if (b.known == TK_NONE || a.known == TK_UNKNOWN || b.known == TK_UNKNOWN)
        return K_UNKNOWN;
    if (a.known == TK_NONE)
        return K_FALSE;
    if (b.lo_open || b.lo <= 0)
        return K_UNKNOWN; /* a divisor that may be zero divides nothing */
    /* Everything in millionths from here: quotient * b.  lo = least of a/b, hi = greatest. */
    interval left = {.known = TK_VALUE, .lo_open = a.lo_open, .hi_open = a.hi_open};
    tk_i128 limit = c.lo / eval_scale, right_lo, right_hi, b_for_lo, b_for_hi;
    if (!a.lo_open && a.lo >= 0) {
        left.lo_open = b.hi_open && a.lo != 0;
        b_for_lo = b.hi_open ? b.lo : b.hi;
        if (b.hi_open && a.lo > 0) { /* a/b comes as near to zero as it likes, but stays above */
            left.lo_open = false;
            left.lo = 0;
            b_for_lo = b.lo;
        } else {
            left.lo = a.lo;
        }
    } else {
        left.lo = a.lo;
        b_for_lo = b.lo;
    }
    if (!a.hi_open && a.hi < 0) {
        b_for_hi = b.hi_open ? b.lo : b.hi;
        left.hi = b.hi_open ? 0 : a.hi;
    } else {
        left.hi = a.hi;
        b_for_hi = b.lo;
    }
    if (__builtin_mul_overflow(limit, b_for_lo / eval_scale, &right_lo)
        || __builtin_mul_overflow(limit, b_for_hi / eval_scale, &right_hi))
        return K_UNKNOWN;
    /* Compare lo of the quotient with c through left.lo against right_lo, hi through left.hi against right_hi. */
    bool lo_ge = !left.lo_open && left.lo >= right_lo, lo_gt = !left.lo_open && left.lo > right_lo;
    bool hi_le = !left.hi_open && left.hi <= right_hi, hi_lt = !left.hi_open && left.hi < right_hi;
    bool point = interval_is_point(&a) && interval_is_point(&b);
    switch (how) {
    case RB_GE: return kleene_of(lo_ge, hi_lt);
    case RB_GT: return kleene_of(lo_gt, hi_le);
    case RB_LE: return kleene_of(hi_le, lo_gt);
    case RB_LT: return kleene_of(hi_lt, lo_ge);
    case RB_EQ: return kleene_of(point && lo_ge && hi_le, lo_gt || hi_lt);
    case RB_NE: return kleene_of(lo_gt || hi_lt, point && lo_ge && hi_le);
    default: return K_UNKNOWN;
    }
}

/* ---- conditions ---- */

/* Most comparisons are of one known figure with a constant, without bounds and terms. K_NOT_YET: not this one. */
static kleene eval_compare_plain(eval *e, const rb_node *n)
{
    const rb_num *left = &e->book->nums[n->left], *right = &e->book->nums[n->right];
    if (left->op != RB_NUM_FACT || right->op != RB_NUM_CONST)
        return K_NOT_YET;
    const rb_fact *fact = &e->book->facts[left->slot];
    if (fact->term != RB_NONE || fact->presume == RB_PRESUME_FACT)
        return K_NOT_YET;
    const tk_value *value = eval_value(e, left->slot);
    int64_t figure = value->as.range.lo;
    if (value->known != TK_VALUE || figure != value->as.range.hi || figure == TK_NUM_MIN || figure == TK_NUM_MAX)
        return K_NOT_YET;
    tk_i128 scaled = (tk_i128)figure * (fact->type == TK_TYPE_DATE ? eval_day : eval_scale);
    bool below = scaled < right->constant, above = right->constant < scaled;
    switch (n->how) {
    case RB_EQ: return kleene_of(!below && !above, below || above);
    case RB_NE: return kleene_of(below || above, !below && !above);
    case RB_LT: return kleene_of(below, !below);
    case RB_LE: return kleene_of(!above, above);
    case RB_GT: return kleene_of(above, !above);
    case RB_GE: return kleene_of(!below, below);
    default: return K_NOT_YET;
    }
}

static TK_NOINLINE kleene eval_compare_bounds(eval *e, const rb_node *n)
{
    rb_id divide;
    if (eval_is_quotient(e, n->left, &divide))
        return eval_quotient(e, divide, n->right, n->how);
    interval a = eval_number(e, n->left), b = eval_number(e, n->right);
    return interval_compare(&a, &b, n->how);
}

static TK_NOINLINE kleene eval_compare(eval *e, const rb_node *n)
{
    kleene plain = eval_compare_plain(e, n);
    return plain != K_NOT_YET ? plain : eval_compare_bounds(e, n);
}

static TK_NOINLINE kleene eval_same(eval *e, const rb_node *n)
{
    const tk_value *a = eval_value(e, n->slot), *b = eval_value(e, n->other);
    if (a->known == TK_NONE || b->known == TK_NONE)
        return K_FALSE;
    if (a->known == TK_UNKNOWN || b->known == TK_UNKNOWN)
        return K_UNKNOWN;
    bool same = false;
    switch (e->book->facts[n->slot].type) {
    case TK_TYPE_WORD: same = a->as.word == b->as.word; break;
    case TK_TYPE_PLACE: same = a->as.place == b->as.place; break;
    case TK_TYPE_NAME:
        same = a->as.name.len == b->as.name.len && memcmp(a->as.name.ptr, b->as.name.ptr, a->as.name.len) == 0;
        break;
    case TK_TYPE_NUMBER: case TK_TYPE_DATE: case TK_TYPE_WORDS:
    default: return K_UNKNOWN;
    }
    return same == (n->how == RB_EQ) ? K_TRUE : K_FALSE;
}

static TK_NOINLINE kleene eval_member(eval *e, const rb_node *n)
{
    const tk_value *value = eval_value(e, n->slot);
    if (value->known != TK_VALUE)
        return value->known == TK_NONE ? K_FALSE : K_UNKNOWN;
    rb_member member =
        n->op == RB_PLACE
            ? tk_rb_set_has_place(e->book, n->set, value->as.place, e->setting.as_of, e->setting.known_at)
            : tk_rb_set_has_name(e->book, n->set, value->as.name, e->setting.as_of, e->setting.known_at);
    return member.in == (n->how != RB_NE) ? K_TRUE : K_FALSE;
}

static kleene eval_has(eval *e, const rb_node *n)
{
    const tk_value *value = eval_value(e, n->slot);
    if (value->known != TK_VALUE)
        return value->known == TK_NONE ? K_FALSE : K_UNKNOWN;
    return kleene_of((value->as.words.in & n->mask) != 0, (value->as.words.unsure & n->mask) == 0);
}

static TK_NOINLINE kleene eval_asked(eval *e, const rb_node *n)
{
    const question_state *q = eval_question(e, n->slot);
    if (q->asked == K_FALSE || q->possible == 0)
        return K_FALSE;
    if ((q->possible & n->mask) == 0)
        return K_FALSE;
    return (q->possible & ~n->mask) == 0 && q->asked == K_TRUE ? K_TRUE : K_UNKNOWN;
}

static TK_NOINLINE kleene eval_roles(eval *e, const rb_node *n)
{
    /* any: or over the roles present; every: and; no: not any. */
    kleene all = n->op == RB_EVERY ? K_TRUE : K_FALSE;
    for (rb_id i = 0; i < n->count; i++) {
        if (!facts_role_present(e->facts, (unsigned)(n->roles >> (4 * i) & 15)))
            continue;
        kleene one = eval_node(e, e->book->children[n->first + i]);
        if (n->op == RB_EVERY ? one < all : all < one)
            all = one;
    }
    return n->op == RB_NO ? (kleene)(K_TRUE - all) : all;
}

static kleene eval_word(eval *e, const rb_node *n)
{
    const tk_value *value = eval_value(e, n->slot);
    if (value->known != TK_VALUE)
        return value->known == TK_NONE ? K_FALSE : K_UNKNOWN;
    return (n->mask >> value->as.word & 1) != 0 ? K_TRUE : K_FALSE;
}

static TK_NOINLINE kleene eval_and(eval *e, const rb_node *n)
{
    kleene all = K_TRUE;
    for (rb_id i = 0; i < n->count && all != K_FALSE; i++) {
        kleene one = eval_node(e, e->book->children[n->first + i]);
        if (one < all)
            all = one;
    }
    return all;
}

static TK_NOINLINE kleene eval_or(eval *e, const rb_node *n)
{
    kleene all = K_FALSE;
    for (rb_id i = 0; i < n->count && all != K_TRUE; i++) {
        kleene one = eval_node(e, e->book->children[n->first + i]);
        if (all < one)
            all = one;
    }
    return all;
}

static kleene eval_node_anew(eval *e, const rb_node *n)
{
    switch (n->op) {
    case RB_TRUE:
        return K_TRUE;
    case RB_FALSE:
        return K_FALSE;
    case RB_AND:
        return eval_and(e, n);
    case RB_OR:
        return eval_or(e, n);
    case RB_NOT:
        return (kleene)(K_TRUE - eval_node(e, e->book->children[n->first]));
    case RB_ANY:
    case RB_EVERY:
    case RB_NO:
        return eval_roles(e, n);
    case RB_COMPARE:
        return eval_compare(e, n);
    case RB_WORD:
        return eval_word(e, n);
    case RB_HAS:
        return eval_has(e, n);
    case RB_PLACE:
    case RB_NAME:
        return eval_member(e, n);
    case RB_SAME:
        return eval_same(e, n);
    case RB_QUESTION:
        return eval_asked(e, n);
    case RB_EVIDENCE: /* burden of proof: shown or not, never unknown */
        return eval_evidence(e, n->slot).state == TK_EVIDENCE_HELD ? K_TRUE : K_FALSE;
    case RB_TERM:
        return eval_node(e, e->book->children[n->first]);
    default:
        return K_UNKNOWN;
    }
}

static uint8_t eval_node_memo(eval *e, rb_id node)
{
    uint8_t before = e->leans;
    e->leans = 0;
    unsigned cell = (unsigned)eval_node_anew(e, &e->book->nodes[node]) | (e->leans & MEMO_LEANS);
    e->leans |= before;
    return e->nodes[node] = (uint8_t)cell;
}

/* What the evaluation with presumptions found without leaning on one is found without them too. */
uint8_t eval_node_new(eval *e, rb_id node)
{
    if (e->fuller != NULL && e->fuller->nodes[node] < K_NOT_YET)
        return e->nodes[node] = e->fuller->nodes[node];
    return eval_node_memo(e, node);
}

/* ---- conditions of rules (S9) ---- */

fact_evidence eval_evidence(const eval *e, rb_id evidence)
{
    return evidence == e->trial_evidence ? e->trial_state : e->facts->evidence[evidence];
}

tk_met eval_requirement(const eval *e, const rb_require *require)
{
    fact_evidence evidence = eval_evidence(e, require->evidence);
    /* A limit outside the believed world, or not in force, asks nothing. */
    if (require->limit != RB_NONE
        && !counts_act_on(e->book, &e->book->limits[require->limit].act, &e->setting, e->world))
        return TK_MET_YES;
    if (evidence.state == TK_EVIDENCE_REFUSED)
        return TK_MET_FAILED;
    if (evidence.state != TK_EVIDENCE_HELD)
        return TK_MET_NO;
    if (require->days == 0)
        return TK_MET_YES;
    rb_id slot = require->stage == RB_BEFORE_ORDER ? e->book->slot_order_date : e->book->slot_ship_date;
    tk_value stage;
    if (evidence.date == TK_DATE_MIN || slot == RB_NONE || !eval_given(e, slot, &stage) || stage.known != TK_VALUE
        || stage.as.range.lo == TK_NUM_MIN)
        return TK_MET_NO; /* without both dates nothing is shown */
    return (int64_t)evidence.date + require->days <= stage.as.range.lo ? TK_MET_YES : TK_MET_NO;
}

/* Has some condition of the rule failed? Only asked when some evidence was refused. */
static TK_NOINLINE kleene eval_failed(eval *e, const rb_rule *rule)
{
    kleene failed = K_FALSE;
    for (size_t i = 0; i < rule->requires_count && failed != K_TRUE; i++) {
        const rb_require *require = &rule->requires[i];
        if (eval_requirement(e, require) != TK_MET_FAILED)
            continue;
        kleene asked = require->when == RB_NONE ? K_TRUE : eval_node(e, require->when);
        if (failed < asked)
            failed = asked;
    }
    return failed;
}

static kleene eval_applies_anew(eval *e, rb_id index)
{
    const rb_rule *rule = &e->book->rules[index];
    kleene applies = rule->when == RB_NONE ? K_TRUE : eval_node(e, rule->when);
    /* What may not count may not ask for anything either. */
    if (e->doubtful != NULL && (e->doubtful[index / 64] >> (index % 64) & 1) != 0)
        return applies == K_TRUE ? K_UNKNOWN : applies;
    if (applies != K_FALSE && e->refused && rule->requires_count != 0) {
        kleene held = (kleene)(K_TRUE - eval_failed(e, rule));
        if (held < applies)
            applies = held;
    }
    return applies;
}

uint8_t eval_applies_new(eval *e, rb_id index)
{
    uint8_t before = e->leans;
    unsigned cell = K_FALSE;
    e->leans = 0;
    if (e->fuller != NULL && e->fuller->applies[index] < K_NOT_YET)
        cell = e->fuller->applies[index];
    else if (eval_counts(e, index))
        cell = (unsigned)eval_applies_anew(e, index) | (e->leans & MEMO_LEANS);
    if ((cell & MEMO_KLEENE) != K_FALSE)
        e->alive[index / 64] |= UINT64_C(1) << (index % 64);
    e->leans |= before;
    return e->applies[index] = (uint8_t)cell;
}

static kleene eval_stands_anew(eval *e, rb_id index)
{
    const rb_rule *rule = &e->book->rules[index];
    kleene stands = eval_applies(e, index);
    for (size_t i = 0; i < rule->exceptions_count && stands != K_FALSE; i++) {
        kleene spared = (kleene)(K_TRUE - eval_stands(e, rule->exceptions[i]));
        if (spared < stands)
            stands = spared;
    }
    return stands;
}

uint8_t eval_stands_new(eval *e, rb_id index)
{
    if (e->fuller != NULL && e->fuller->stands[index] < K_NOT_YET)
        return e->stands[index] = e->fuller->stands[index];
    uint8_t before = e->leans;
    e->leans = 0;
    unsigned cell = (unsigned)eval_stands_anew(e, index) | (e->leans & MEMO_LEANS);
    e->leans |= before;
    return e->stands[index] = (uint8_t)cell;
}

/* ---- questions (S2) ---- */

/* The rule surely applies, and whichever of its possible exceptions stands has an answer too. *least: the mildest
 * of these answers. */
static bool eval_surely_answers(eval *e, rb_id index, int *least)
{
    const rb_rule *rule = &e->book->rules[index];
    if (rule->answer < 0 || eval_applies(e, index) != K_TRUE)
        return false;
    *least = rule->answer;
    for (size_t i = 0; i < rule->exceptions_count; i++) {
        rb_id exception = rule->exceptions[i];
        if (eval_stands(e, exception) == K_FALSE)
            continue;
        int answer = e->book->rules[exception].answer;
        if (answer < 0)
            return false;
        if (answer < *least)
            *least = answer;
    }
    return true;
}

static uint64_t eval_all_answers(const rb_question *q)
{
    return q->answers_count == 64 ? UINT64_MAX : (UINT64_C(1) << q->answers_count) - 1;
}

/* Does a rule that counts not apply? Most fail at the first of their conditions, which many share. */
static inline bool eval_idle(eval *e, rb_id rule)
{
    rb_id guard = e->index->rule_guard[rule];
    if (e->applies[rule] == K_NOT_YET && guard != RB_NONE && eval_node(e, guard) == K_FALSE)
        e->applies[rule] = e->nodes[guard];
    return eval_applies(e, rule) == K_FALSE;
}

static void eval_answer(eval *e, rb_id index, const rb_question *q, question_state *state)
{
    uint64_t standing = 0;
    int floor = -1;
    bool sure = false;
    for (size_t i = 0; i < e->index->rule_words; i++) {
        uint64_t rules = e->index->question_rules[index * e->index->rule_words + i] & e->counted[i];
        while (rules != 0) {
            rb_id rule = (rb_id)(i * 64) + bits_take(&rules);
            if (eval_idle(e, rule))
                continue;
            int least;
            uint64_t bit = UINT64_C(1) << e->book->rules[rule].answer;
            kleene stands = eval_stands(e, rule);
            if (stands != K_FALSE)
                state->possible |= bit;
            if (stands == K_TRUE)
                standing |= bit;
            if (eval_surely_answers(e, rule, &least)) {
                sure = true;
                if (floor < least)
                    floor = least;
            }
        }
    }
    state->tried = true;
    if (!sure) {
        state->otherwise_possible = true;
        state->possible |= q->otherwise < 0 ? eval_all_answers(q) : UINT64_C(1) << q->otherwise;
    }
    if (q->strictest) {
        if (0 < floor)
            state->possible &= ~((UINT64_C(1) << floor) - 1);
    } else if ((standing & (standing - 1)) != 0) {
        state->conflict = true;
    }
}

static void eval_question_anew(eval *e, rb_id index, question_state *state)
{
    const rb_question *q = &e->book->questions[index];
    const rb_regime *regime = &e->book->regimes[q->regime];
    state->asked = (uint8_t)(q->asked == RB_NONE ? K_TRUE : eval_node(e, q->asked));
    if (state->asked == K_FALSE)
        return;
    if (e->setting.as_of < regime->covers_from || regime->covers_to < e->setting.as_of) {
        state->possible = eval_all_answers(q); /* S3: outside the span covered every answer is undetermined */
        state->otherwise_possible = true;
        return;
    }
    eval_answer(e, index, q, state);
}

void eval_question_new(eval *e, rb_id index)
{
    question_state *state = &e->questions[index];
    if (e->fuller != NULL && e->fuller->questions[index].done && e->fuller->questions[index].leans == 0) {
        *state = e->fuller->questions[index];
        for (size_t i = 0; i < e->index->rule_words && state->tried; i++)
            e->alive[i] |= e->fuller->alive[i] & e->index->question_rules[index * e->index->rule_words + i];
        return;
    }
    uint8_t before = e->leans;
    e->leans = 0;
    state->done = true;
    eval_question_anew(e, index, state);
    state->leans = e->leans & MEMO_LEANS;
    e->leans |= before;
}
