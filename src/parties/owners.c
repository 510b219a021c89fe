/* SPDX-License-Identifier: Apache-2.0 */
/* owners.c: the fixed point of ownership, and the answers read from it.
 *
 * A party that becomes covered passes that on to what it holds, once for each rule; so the work is the number of
 * holdings times the number of rules at most, whatever the shape of the graph. A stake counts for a rule from the
 * moment at which its holder is covered by the rule or by one whose stakes are added to it, and counts once.
 */
#include "parties/owners_int.h"

#include <string.h>

#include "base/num.h"
#include "base/text.h"

static tk_status owners_no_memory(tk_err *err)
{
    (void)tk_err_set(err, TK_ERR_MEMORY, "out of memory for who owns whom");
    return TK_ERR_MEMORY;
}

/* --- the graph --- */

/* Counting sort: `begin` has one place more than there are parties. */
static void graph_begins(size_t *begin, size_t parties)
{
    size_t sum = 0;
    for (size_t i = 0; i <= parties; i++) {
        size_t count = begin[i];
        begin[i] = sum;
        sum += count;
    }
}

tk_status owners_graph_make(owners_graph *graph, tk_arena *arena, tk_err *err)
{
    size_t n = graph->parties, m = graph->edges_count;
    owners_edge *sorted = TK_ARENA_ARRAY(arena, owners_edge, m);
    size_t *at = TK_ARENA_ARRAY(arena, size_t, n + 1);
    graph->out = TK_ARENA_ARRAY(arena, size_t, n + 1);
    graph->in = TK_ARENA_ARRAY(arena, size_t, n + 1);
    graph->in_edges = TK_ARENA_ARRAY(arena, uint32_t, m);
    if (arena->failed)
        return owners_no_memory(err);
    for (size_t i = 0; i < m; i++) {
        graph->out[graph->edges[i].holder]++;
        graph->in[graph->edges[i].held]++;
    }
    graph_begins(graph->out, n);
    graph_begins(graph->in, n);
    memcpy(at, graph->out, (n + 1) * sizeof(*at));
    for (size_t i = 0; i < m; i++)
        sorted[at[graph->edges[i].holder]++] = graph->edges[i];
    memcpy(at, graph->in, (n + 1) * sizeof(*at));
    for (size_t i = 0; i < m; i++)
        graph->in_edges[at[sorted[i].held]++] = (uint32_t)i;
    graph->edges = sorted;
    return TK_OK;
}

/* --- the fixed point --- */

tk_status owners_run_make(const owners_graph *graph, owners_run *run, tk_arena *arena, tk_err *err)
{
    size_t n = graph->parties;
    *run = (owners_run){.ruled = TK_ARENA_ARRAY(arena, uint64_t, n),
                        .covers = TK_ARENA_ARRAY(arena, uint64_t, n),
                        .has = TK_ARENA_ARRAY(arena, uint64_t, n),
                        .done = TK_ARENA_ARRAY(arena, uint64_t, n),
                        .sum = TK_ARENA_ARRAY(arena, tk_num, n * graph->rules),
                        .when = TK_ARENA_ARRAY(arena, uint32_t, n * graph->rules),
                        .queue = TK_ARENA_ARRAY(arena, uint32_t, n),
                        .queued = TK_ARENA_ARRAY(arena, bool, n)};
    return arena->failed ? owners_no_memory(err) : TK_OK;
}

typedef struct going {
    const owners_graph *graph;
    owners_side side;
    owners_run *run;
    size_t first, waiting; /* of the queue, a ring in which each party stands once at most */
    uint32_t clock;
} going;

static void go_wait(going *g, uint32_t party)
{
    owners_run *run = g->run;
    if (run->queued[party] || (run->covers[party] & ~run->done[party]) == 0)
        return;
    run->queued[party] = true;
    run->queue[(g->first + g->waiting++) % g->graph->parties] = party;
}

static void go_cover(going *g, uint32_t party)
{
    owners_run *run = g->run;
    size_t rules = g->graph->rules;
    uint64_t open = run->has[party] & ~run->ruled[party];
    for (size_t rule = 0; open != 0; rule++, open >>= 1) {
        if ((open & 1) == 0 || run->sum[party * rules + rule] < g->graph->rule[rule].percent)
            continue;
        run->ruled[party] |= UINT64_C(1) << rule;
        run->covers[party] |= UINT64_C(1) << rule;
        run->when[party * rules + rule] = g->clock++;
    }
    go_wait(g, party);
}

/* The holder was covered by the rules `old`, and is now by those of `fresh` too. */
static void go_along(going *g, const owners_edge *edge, uint64_t old, uint64_t fresh)
{
    const owners_graph *graph = g->graph;
    tk_num share = edge->share[g->side];
    tk_num *sum = &g->run->sum[edge->held * graph->rules];
    if (share == 0)
        return;
    g->run->has[edge->held] |= fresh;
    for (size_t rule = 0; rule < graph->rules; rule++) {
        if (!graph->rule[rule].aggregate)
            sum[rule] = owners_bit(fresh, rule) && sum[rule] < share ? share : sum[rule];
        else if ((graph->group[rule] & fresh) != 0 && (graph->group[rule] & old) == 0)
            sum[rule] += share;
    }
    go_cover(g, edge->held);
}

static void run_clear(const owners_graph *graph, owners_side side, owners_run *run)
{
    size_t n = graph->parties;
    memset(run->ruled, 0, n * sizeof(*run->ruled));
    memset(run->has, 0, n * sizeof(*run->has));
    memset(run->done, 0, n * sizeof(*run->done));
    memset(run->sum, 0, n * graph->rules * sizeof(*run->sum));
    memset(run->when, 0xFF, n * graph->rules * sizeof(*run->when));
    memset(run->queued, 0, n * sizeof(*run->queued));
    memcpy(run->covers, graph->own[side], n * sizeof(*run->covers));
}

void owners_run_go(const owners_graph *graph, owners_side side, owners_run *run)
{
    going g = {.graph = graph, .side = side, .run = run};
    run_clear(graph, side, run);
    for (uint32_t party = 0; party < graph->parties; party++)
        go_wait(&g, party);
    while (g.waiting != 0) {
        uint32_t party = run->queue[g.first];
        uint64_t old = run->done[party], fresh = run->covers[party] & ~old;
        g.first = (g.first + 1) % graph->parties;
        g.waiting--;
        run->queued[party] = false;
        run->done[party] |= fresh;
        for (size_t i = graph->out[party]; i < graph->out[party + 1]; i++)
            go_along(&g, &graph->edges[i], old, fresh);
    }
}

/* --- the strictest policy of the owners --- */

typedef struct reviewing {
    const owners_graph *graph;
    const owners_run *run;
    owners_side side;
    const uint8_t *own; /* of the entries of a party itself */
    uint8_t *found;     /* of its owners */
} reviewing;

/* Does the edge belong to what covers its held? */
static bool review_counts(const reviewing *r, const owners_edge *edge)
{
    uint64_t ruled = r->run->ruled[edge->held];
    if (edge->share[r->side] == 0)
        return false;
    for (size_t rule = 0; ruled != 0; rule++, ruled >>= 1)
        if ((ruled & 1) != 0 && (owners_counts(r->graph, rule) & r->run->covers[edge->holder]) != 0)
            return true;
    return false;
}

/* Policies are few, so what a party passes on changes seldom; the queue of the run serves once more. */
static void review_run(const reviewing *r)
{
    const owners_graph *graph = r->graph;
    uint32_t *queue = r->run->queue;
    size_t first = 0, waiting = 0, n = graph->parties;
    for (uint32_t party = 0; party < n; party++) {
        r->run->queued[party] = r->own[party] != 0;
        if (r->own[party] != 0)
            queue[waiting++] = party;
    }
    while (waiting != 0) {
        uint32_t party = queue[first];
        uint8_t passed = r->own[party] < r->found[party] ? r->found[party] : r->own[party];
        first = (first + 1) % n;
        waiting--;
        r->run->queued[party] = false;
        for (size_t i = graph->out[party]; i < graph->out[party + 1]; i++) {
            const owners_edge *edge = &graph->edges[i];
            if (passed <= r->found[edge->held] || !review_counts(r, edge))
                continue;
            r->found[edge->held] = passed;
            if (!r->run->queued[edge->held])
                queue[(first + waiting++) % n] = edge->held;
            r->run->queued[edge->held] = true;
        }
    }
}

static tk_status owners_review(tk_owners *owners, tk_arena *arena, tk_err *err)
{
    const tk_owner_input *input = owners->input;
    for (int side = 0; side < OWNERS_SIDES; side++) {
        uint8_t *own = TK_ARENA_ARRAY(arena, uint8_t, input->parties_count);
        owners->review[side] = TK_ARENA_ARRAY(arena, uint8_t, input->parties_count);
        if (arena->failed)
            return arena->failed ? owners_no_memory(err) : TK_OK;
        for (size_t i = 0; i < input->listings_count; i++) {
            const tk_owner_listing *listing = &input->listings[i];
            uint8_t review = listing->review == 0 && side == OWNERS_HIGH ? input->review_max : listing->review;
            if ((listing->sure || side == OWNERS_HIGH) && own[listing->party] < review)
                own[listing->party] = review;
        }
        review_run(&(reviewing){.graph = &owners->graph,
                                .run = &owners->runs[side],
                                .side = (owners_side)side,
                                .own = own,
                                .found = owners->review[side]});
    }
    return TK_OK;
}

/* --- the input --- */

static void odd_add(tk_owners *owners, tk_owner_odd odd)
{
    owners->odd[owners->odd_count++] = odd;
}

/* Of each pair one edge, the larger in both answers: another row about the same pair can only add. */
static void edges_merge(tk_owners *owners, uint32_t *last, size_t *stamp)
{
    owners_graph *graph = &owners->graph;
    size_t kept = 0, begin = 0;
    for (uint32_t holder = 0; holder < graph->parties; holder++) {
        size_t end = graph->out[holder + 1], first = kept;
        for (size_t i = begin; i < end; i++) {
            owners_edge edge = graph->edges[i];
            owners_edge *there = stamp[edge.held] == (size_t)holder + 1 ? &graph->edges[last[edge.held]] : NULL;
            if (there == NULL) {
                stamp[edge.held] = (size_t)holder + 1;
                last[edge.held] = (uint32_t)kept;
                graph->edges[kept++] = edge;
                continue;
            }
            /* A row that says control alone is no second stake. */
            if (edge.share[OWNERS_HIGH] != 0 && there->share[OWNERS_HIGH] != 0)
                odd_add(owners, (tk_owner_odd){.kind = TK_OWNER_ODD_TWICE, .party = edge.held,
                                               .holding = edge.holding, .other = there->holding});
            if (there->share[OWNERS_LOW] < edge.share[OWNERS_LOW])
                there->holding = edge.holding;
            for (int side = 0; side < OWNERS_SIDES; side++)
                there->share[side] = there->share[side] < edge.share[side] ? edge.share[side] : there->share[side];
            there->control |= edge.control;
        }
        begin = end;
        graph->out[holder] = first;
    }
    graph->edges_count = kept;
}

static tk_status edges_read(tk_owners *owners, tk_arena *arena, tk_err *err)
{
    const tk_owner_input *input = owners->input;
    owners_graph *graph = &owners->graph;
    graph->edges = TK_ARENA_ARRAY(arena, owners_edge, input->holdings_count);
    uint32_t *last = TK_ARENA_ARRAY(arena, uint32_t, input->parties_count);
    size_t *stamp = TK_ARENA_ARRAY(arena, size_t, input->parties_count);
    if (arena->failed)
        return owners_no_memory(err);
    for (size_t i = 0; i < input->holdings_count; i++) {
        const tk_owner_holding *h = &input->holdings[i];
        if (input->parties_count <= h->holder || input->parties_count <= h->held) {
            (void)tk_err_set(err, TK_ERR_LIMIT, "holding %llu names a party that is not there", (unsigned long long)i);
            return TK_ERR_LIMIT;
        }
        if (h->holder == h->held) {
            odd_add(owners, (tk_owner_odd){.kind = TK_OWNER_ODD_SELF, .party = h->held, .holding = i, .other = i});
            continue;
        }
        graph->edges[graph->edges_count++] = (owners_edge){
            .holder = h->holder, .held = h->held, .share = {h->low, h->high}, .holding = i, .control = h->control};
    }
    tk_status status = owners_graph_make(graph, arena, err);
    if (status != TK_OK)
        return status;
    edges_merge(owners, last, stamp);
    return owners_graph_make(graph, arena, err);
}

static void edges_over(tk_owners *owners)
{
    const owners_graph *graph = &owners->graph;
    for (uint32_t party = 0; party < graph->parties; party++) {
        tk_num sum = 0;
        for (size_t i = graph->in[party]; i < graph->in[party + 1]; i++)
            sum += graph->edges[graph->in_edges[i]].share[OWNERS_LOW];
        if (100 * TK_NUM_SCALE < sum)
            odd_add(owners, (tk_owner_odd){.kind = TK_OWNER_ODD_OVER, .party = party, .sum = sum});
    }
}

/* Adding is mutual only where both rows say so: each list has its own law. */
static tk_status rules_read(tk_owners *owners, tk_err *err)
{
    const tk_owner_input *input = owners->input;
    owners_graph *graph = &owners->graph;
    if (TK_OWNER_RULES_MAX < input->rules_count)
        return tk_err_set(err, TK_ERR_LIMIT, "more than %d rules of ownership", TK_OWNER_RULES_MAX);
    for (size_t i = 0; i < input->rules_count; i++) {
        tk_str rest = input->rules[i].with, code;
        graph->group[i] = UINT64_C(1) << i;
        if (input->rules[i].percent <= 0 || 100 * TK_NUM_SCALE < input->rules[i].percent)
            return tk_err_set(err, TK_ERR_INPUT, "list '" TK_FMT "': expected a percentage above 0 and up to 100",
                              TK_ARG_STR(input->rules[i].list));
        while (tk_str_split(&rest, ';', &code)) {
            size_t at = 0;
            code = tk_str_trim(code);
            while (at < input->rules_count && !tk_str_eq(input->rules[at].list, code))
                at++;
            if (at < input->rules_count)
                graph->group[i] |= UINT64_C(1) << at;
            else if (code.len != 0)
                return tk_err_set(err, TK_ERR_INPUT,
                                  "list '" TK_FMT "': stakes are added to those of '" TK_FMT
                                  "', which has no rule of ownership",
                                  TK_ARG_STR(input->rules[i].list), TK_ARG_STR(code));
        }
    }
    return TK_OK;
}

static tk_status listings_read(tk_owners *owners, tk_arena *arena, tk_err *err)
{
    const tk_owner_input *input = owners->input;
    owners_graph *graph = &owners->graph;
    for (int side = 0; side < OWNERS_SIDES; side++)
        graph->own[side] = TK_ARENA_ARRAY(arena, uint64_t, input->parties_count);
    if (arena->failed)
        return owners_no_memory(err);
    for (size_t i = 0; i < input->listings_count; i++) {
        const tk_owner_listing *listing = &input->listings[i];
        if (input->parties_count <= listing->party || input->rules_count <= listing->rule)
            return tk_err_set(err, TK_ERR_LIMIT, "listing %llu names a party or a rule that is not there",
                              (unsigned long long)i);
        graph->own[OWNERS_HIGH][listing->party] |= UINT64_C(1) << listing->rule;
        if (listing->sure)
            graph->own[OWNERS_LOW][listing->party] |= UINT64_C(1) << listing->rule;
    }
    return TK_OK;
}

tk_status tk_owners_solve(const tk_owner_input *input, tk_arena *arena, tk_owners **out, tk_err *err)
{
    tk_owners *owners = TK_ARENA_NEW(arena, tk_owners);
    tk_owner_odd *odd = TK_ARENA_ARRAY(arena, tk_owner_odd, input->holdings_count + input->parties_count);
    *out = NULL;
    if (arena->failed)
        return owners_no_memory(err);
    *owners = (tk_owners){.input = input, .odd = odd};
    owners->graph.parties = input->parties_count;
    owners->graph.rules = input->rules_count;
    owners->graph.rule = input->rules;
    tk_status status = rules_read(owners, err);
    if (status == TK_OK)
        status = edges_read(owners, arena, err);
    if (status == TK_OK)
        status = listings_read(owners, arena, err);
    for (int side = 0; status == TK_OK && side < OWNERS_SIDES; side++) {
        status = owners_run_make(&owners->graph, &owners->runs[side], arena, err);
        if (status == TK_OK)
            owners_run_go(&owners->graph, (owners_side)side, &owners->runs[side]);
    }
    if (status == TK_OK)
        status = owners_review(owners, arena, err);
    if (status != TK_OK)
        return status;
    edges_over(owners);
    *out = owners;
    return TK_OK;
}

/* --- answers --- */

static bool answer_control(const tk_owners *owners, uint32_t party, size_t rule)
{
    const owners_graph *graph = &owners->graph;
    for (size_t i = graph->in[party]; i < graph->in[party + 1]; i++) {
        const owners_edge *edge = &graph->edges[graph->in_edges[i]];
        if (edge->control && owners_bit(owners->runs[OWNERS_HIGH].covers[edge->holder], rule))
            return true;
    }
    return false;
}

static tk_owner_in answer_in(bool low, bool high)
{
    return low ? TK_OWNER_IN : (high ? TK_OWNER_UNSURE : TK_OWNER_OUT);
}

tk_owner_answer tk_owners_answer(const tk_owners *owners, uint32_t party, size_t rule)
{
    const owners_run *low = &owners->runs[OWNERS_LOW], *high = &owners->runs[OWNERS_HIGH];
    size_t at = party * owners->graph.rules + rule;
    TK_ASSERT(party < owners->graph.parties && rule < owners->graph.rules);
    bool surely = owners_bit(low->ruled[party], rule), maybe = owners_bit(high->ruled[party], rule);
    bool stake = owners_bit(low->has[party], rule), maybe_stake = owners_bit(high->has[party], rule);
    tk_owner_answer answer = {.owners = answer_in(surely, maybe),
                              .minority = answer_in(stake && !maybe, maybe_stake && !surely),
                              .low = stake ? low->sum[at] : 0,
                              .high = maybe_stake ? high->sum[at] : 0,
                              .control = answer_control(owners, party, rule),
                              .itself = owners_bit(owners->graph.own[OWNERS_HIGH][party], rule)};
    bool warns = answer.owners == TK_OWNER_UNSURE
                 || (answer.minority != TK_OWNER_OUT
                     && owners->graph.rule[rule].minority == TK_OWNER_MINORITY_RED_FLAG);
    answer.state = surely ? TK_OWNER_COVERED : (warns ? TK_OWNER_RED_FLAG : TK_OWNER_CLEAR);
    return answer;
}

tk_owner_state tk_owners_state(const tk_owners *owners, uint32_t party)
{
    tk_owner_state worst = TK_OWNER_CLEAR;
    for (size_t rule = 0; rule < owners->graph.rules; rule++) {
        tk_owner_state state = tk_owners_answer(owners, party, rule).state;
        worst = worst < state ? state : worst;
    }
    return worst;
}

void tk_owners_review(const tk_owners *owners, uint32_t party, uint8_t *least, uint8_t *most)
{
    TK_ASSERT(party < owners->graph.parties);
    *least = owners->review[OWNERS_LOW][party];
    *most = owners->review[OWNERS_HIGH][party];
}

const tk_owner_odd *tk_owners_oddities(const tk_owners *owners, size_t *count)
{
    *count = owners->odd_count;
    return owners->odd;
}

const char *tk_owner_state_name(tk_owner_state state)
{
    static const char *const names[TK_OWNER_STATE_COUNT] = {"clear", "red-flag", "covered"};
    return names[state];
}

/* --- shares --- */

static tk_status share_one(tk_str text, tk_num *share)
{
    text = tk_str_trim(text);
    if (tk_str_ends(text, TK_STR("%")))
        text = tk_str_trim((tk_str){text.ptr, text.len - 1});
    if (tk_num_parse(text, share, NULL) != TK_OK)
        return TK_ERR_INPUT;
    return 0 <= *share && *share <= 100 * TK_NUM_SCALE ? TK_OK : TK_ERR_INPUT;
}

tk_status tk_owner_share_parse(tk_str text, tk_owner_holding *holding, tk_err *err)
{
    tk_str rest = tk_str_trim(text), first;
    holding->unknown = tk_str_is(rest, "?");
    holding->low = 0;
    holding->high = 100 * TK_NUM_SCALE;
    if (holding->unknown)
        return TK_OK;
    bool range = memchr(text.ptr == NULL ? "" : text.ptr, '-', text.len) != NULL;
    bool good = tk_str_split(&rest, '-', &first) && share_one(first, &holding->low) == TK_OK
                && share_one(range ? rest : first, &holding->high) == TK_OK && holding->low <= holding->high;
    return good ? TK_OK
                : tk_err_set(err, TK_ERR_INPUT,
                             "'" TK_FMT "': expected a percentage from 0 to 100 (49.99), a range (45-55) or ?",
                             TK_ARG_STR(tk_text_prefix(text, 60)));
}

tk_str tk_owner_share_text(const tk_owner_holding *holding, tk_arena *arena)
{
    char low[TK_NUM_TEXT_MAX], high[TK_NUM_TEXT_MAX];
    if (holding->unknown)
        return TK_STR("?");
    (void)tk_num_format(holding->low, low);
    (void)tk_num_format(holding->high, high);
    return holding->low == holding->high ? tk_arena_printf(arena, "%s", low)
                                         : tk_arena_printf(arena, "%s-%s", low, high);
}
