/* SPDX-License-Identifier: Apache-2.0 */
/* claims_timeline.c: `twokey claims timeline`: claims by time in two lanes, US and China.
 *
 * As text they are grouped by the topics of the monitoring checklist; the text is the table of the picture. As a
 * picture (SVG) each claim is a square in the column of its month, darker the better its source; lines join claims that
 * cannot all be true. Months without a claim are left out, so that four quiet years do not squeeze one busy winter.
 */
#include <stdlib.h>
#include <string.h>

#include "cli/claims.h"

typedef struct mark {
    int64_t number;
    tk_str id, event, source, says;
    tk_date day;
    tk_claim_lane lane;
    tk_claim_topic topic;
    tk_claim_grade grade;
    int x, y; /* middle, in the picture */
} mark;

typedef struct timeline {
    claims_view *view;
    mark *marks; /* by event, then publication, then id */
    size_t count;
    const tk_claims_conflict *conflicts;
    size_t conflicts_count;
    size_t *by_number; /* marks */
} timeline;

static tk_status timeline_each(void *context, const tk_claim *claim, tk_err *err)
{
    timeline *t = context;
    tk_arena *arena = &t->view->arena;
    if (t->count == TK_CLAIMS_TIMELINE_MAX)
        return tk_err_set(err, TK_ERR_LIMIT, "more than %d claims; --since, --until or another filter narrows them",
                          TK_CLAIMS_TIMELINE_MAX);
    tk_str event = claim->cells[TK_CLAIM_DATE_EVENT];
    mark *m = &t->marks[t->count++];
    *m = (mark){.number = claim->number,
                .id = tk_arena_copy(arena, claim->cells[TK_CLAIM_ID]),
                .event = tk_arena_copy(arena, event.len == 0 ? claim->cells[TK_CLAIM_DATE_REPORTED] : event),
                .source = tk_arena_copy(arena, claim->cells[TK_CLAIM_SOURCE]),
                .says = tk_arena_copy(arena, claims_sentence(arena, claim)),
                .day = claim->event_from,
                .lane = tk_claims_lane(t->view->claims, claim),
                .topic = tk_claims_topic(t->view->claims, claim),
                .grade = {.source = tk_claims_source_grade(t->view->claims, claim)}};
    (void)tk_claims_picture_grade(t->view->picture, m->id, &m->grade);
    return arena->failed ? tk_err_set(err, TK_ERR_MEMORY, "out of memory") : TK_OK;
}

/* --- finding a mark by the number of its claim --- */

static void by_number_sift(const mark *marks, size_t *heap, size_t at, size_t count)
{
    for (;;) {
        size_t child = 2 * at + 1, held = heap[at];
        if (count <= child)
            return;
        if (child + 1 < count && marks[heap[child]].number < marks[heap[child + 1]].number)
            child++;
        if (marks[heap[child]].number <= marks[held].number)
            return;
        heap[at] = heap[child];
        heap[child] = held;
        at = child;
    }
}

/* Heap sort of indices: no comparison function could see the marks. */
static void timeline_index(timeline *t)
{
    for (size_t i = 0; i < t->count; i++)
        t->by_number[i] = i;
    for (size_t i = t->count / 2; i-- != 0;)
        by_number_sift(t->marks, t->by_number, i, t->count);
    for (size_t end = t->count; 1 < end; end--) {
        size_t last = t->by_number[end - 1];
        t->by_number[end - 1] = t->by_number[0];
        t->by_number[0] = last;
        by_number_sift(t->marks, t->by_number, 0, end - 1);
    }
}

static const mark *timeline_find(const timeline *t, int64_t number)
{
    size_t low = 0, high = t->count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (t->marks[t->by_number[middle]].number < number)
            low = middle + 1;
        else
            high = middle;
    }
    return low < t->count && t->marks[t->by_number[low]].number == number ? &t->marks[t->by_number[low]] : NULL;
}

/* Pairs to be joined: each claim of a later side with the first claim of the first side that is shown. */
typedef void (*timeline_pair)(timeline *t, size_t conflict, const mark *a, const mark *b, void *context);

static void timeline_pairs(timeline *t, timeline_pair pair, void *context)
{
    for (size_t i = 0; i < t->conflicts_count; i++) {
        const tk_claims_conflict *conflict = &t->conflicts[i];
        const mark *first = NULL;
        for (size_t s = 0; s < conflict->sides_count; s++) {
            const mark *begins = first;
            for (size_t j = 0; j < conflict->sides[s].count; j++) {
                const mark *m = timeline_find(t, conflict->sides[s].numbers[j]);
                if (m != NULL && begins != NULL)
                    pair(t, i, begins, m, context);
                if (m != NULL && first == NULL)
                    first = m;
            }
        }
    }
}

/* --- text --- */

static const char *const lane_names[TK_LANE_COUNT] = {"US", "CN"};

static void text_line(timeline *t, const mark *m)
{
    enum { EVENT = 12, LANE = 4, ID = 10, GRADE = 6, LEFT = CLI_COLUMNS - EVENT - LANE - ID - GRADE };
    cli_page *page = &t->view->page;
    cli_put_column(page, CLI_PLAIN, m->event, EVENT);
    cli_put_column(page, CLI_PLAIN, tk_str_from(lane_names[m->lane]), LANE);
    cli_put_column(page, CLI_BOLD, m->id, ID - 1);
    tk_out_char(page->out, ' ');
    cli_put_column(page, CLI_CYAN, claims_grade(&page->scratch, &m->grade), GRADE);
    if (LEFT < tk_text_width(tk_text_visible(&page->scratch, m->says)))
        cli_put_column(page, CLI_PLAIN, m->says, LEFT);
    else
        cli_put(page, CLI_PLAIN, m->says);
    tk_out_char(page->out, '\n');
    tk_arena_reset(&page->scratch);
}

static void text_pair(timeline *t, size_t conflict, const mark *a, const mark *b, void *context)
{
    bool *headed = context;
    cli_page *page = &t->view->page;
    (void)conflict;
    if (!*headed)
        cli_puts(page, CLI_BOLD, "cannot all be true\n");
    *headed = true;
    cli_put(page, CLI_PLAIN, a->id);
    cli_puts(page, CLI_PLAIN, " and ");
    cli_put(page, CLI_PLAIN, b->id);
    tk_out_char(page->out, '\n');
}

static void timeline_text(timeline *t)
{
    cli_page *page = &t->view->page;
    for (size_t topic = 0; topic < TK_TOPIC_COUNT; topic++) {
        bool headed = false;
        for (size_t i = 0; i < t->count; i++) {
            if (t->marks[i].topic != (tk_claim_topic)topic)
                continue;
            if (!headed) {
                cli_puts(page, CLI_BOLD, tk_claim_topic_says((tk_claim_topic)topic));
                tk_out_char(page->out, '\n');
            }
            headed = true;
            text_line(t, &t->marks[i]);
        }
        if (headed)
            tk_out_char(page->out, '\n');
    }
    bool headed = false;
    timeline_pairs(t, text_pair, &headed);
    if (headed)
        tk_out_char(page->out, '\n');
}

/* --- JSON --- */

static void json_pair(timeline *t, size_t conflict, const mark *a, const mark *b, void *context)
{
    tk_json *json = context;
    (void)t;
    tk_json_open(json, '{');
    tk_json_key(json, "conflict");
    tk_json_int(json, (int64_t)conflict + 1);
    tk_json_key(json, "claims");
    tk_json_open(json, '[');
    tk_json_str(json, a->id);
    tk_json_str(json, b->id);
    tk_json_close(json, ']');
    tk_json_close(json, '}');
}

static void timeline_json(timeline *t)
{
    tk_json json;
    tk_json_begin(&json, t->view->page.out);
    tk_json_open(&json, '{');
    tk_json_key(&json, "timeline");
    tk_json_open(&json, '[');
    for (size_t i = 0; i < t->count; i++) {
        const mark *m = &t->marks[i];
        tk_json_open(&json, '{');
        tk_json_key(&json, "claim");
        tk_json_str(&json, m->id);
        tk_json_key(&json, "event");
        tk_json_str(&json, m->event);
        tk_json_key(&json, "lane");
        tk_json_str(&json, tk_str_from(m->lane == TK_LANE_US ? "us" : "cn"));
        tk_json_key(&json, "topic");
        tk_json_str(&json, tk_str_from(tk_claim_topic_name(m->topic)));
        claims_grade_json(&json, &m->grade);
        tk_json_key(&json, "source");
        tk_json_str(&json, m->source);
        tk_json_key(&json, "says");
        tk_json_str(&json, m->says);
        tk_json_close(&json, '}');
    }
    tk_json_close(&json, ']');
    tk_json_key(&json, "links");
    tk_json_open(&json, '[');
    timeline_pairs(t, json_pair, &json);
    tk_json_close(&json, ']');
    tk_json_close(&json, '}');
    tk_out_char(t->view->page.out, '\n');
}

/* --- picture --- */

enum {
    SVG_LEFT = 64,
    SVG_TOP = 64,
    SVG_CELL = 13, /* a square and the gap behind it */
    SVG_SQUARE = 10,
    SVG_ROWS = 8, /* squares on top of each other, of one month and lane */
    SVG_AXIS = 44,
    SVG_LEAST = 26, /* width of a month */
    SVG_LEGEND = 40,
    SVG_NARROWEST = 640 /* room for the line below the title */
};
/* Darker is better; a claim that is corrected has no fill. */
static const char *const shades[6] = {"#08306b", "#2171b5", "#6baed6", "#9ecae1", "#c6dbef", "#eff3ff"};

/* Text of XML: markup escaped, and what no document may hold made visible. */
static void svg_text(timeline *t, tk_str text)
{
    tk_out *out = t->view->page.out;
    tk_str shown = tk_text_visible(&t->view->page.scratch, text);
    for (size_t i = 0; i < shown.len; i++) {
        switch (shown.ptr[i]) {
        case '&':
            tk_out_text(out, "&amp;");
            break;
        case '<':
            tk_out_text(out, "&lt;");
            break;
        case '>':
            tk_out_text(out, "&gt;");
            break;
        case '"':
            tk_out_text(out, "&quot;");
            break;
        default:
            tk_out_char(out, shown.ptr[i]);
        }
    }
}

static tk_str mark_month(const mark *m, tk_arena *arena)
{
    return tk_text_prefix(claims_day(arena, m->day), 7);
}

/* Places the marks of one month, from `begin` to `end`; returns its width. */
static int svg_place(timeline *t, size_t begin, size_t end, int left)
{
    int seen[TK_LANE_COUNT] = {0, 0}, width = SVG_LEAST;
    for (size_t i = begin; i < end; i++) {
        mark *m = &t->marks[i];
        int at = seen[m->lane]++, row = at % SVG_ROWS, column = at / SVG_ROWS;
        m->x = left + column * SVG_CELL + SVG_CELL / 2;
        /* Each lane grows away from the axis between them. */
        m->y = SVG_TOP + SVG_ROWS * SVG_CELL
               + (m->lane == TK_LANE_US ? -(row * SVG_CELL + SVG_CELL / 2) : SVG_AXIS + row * SVG_CELL + SVG_CELL / 2);
        int wide = (column + 1) * SVG_CELL + 4;
        width = width < wide ? wide : width;
    }
    return width;
}

static void svg_month(timeline *t, tk_str month, int left, int width, bool new_year)
{
    tk_out *out = t->view->page.out;
    int top = SVG_TOP + SVG_ROWS * SVG_CELL;
    tk_out_printf(out, "<line x1=\"%d\" y1=\"%d\" x2=\"%d\" y2=\"%d\" class=\"grid\"/>\n", left, SVG_TOP, left,
                  SVG_TOP + 2 * SVG_ROWS * SVG_CELL + SVG_AXIS);
    tk_out_printf(out, "<text x=\"%d\" y=\"%d\" class=\"month\">" TK_FMT "</text>\n", left + width / 2, top + 18,
                  TK_ARG_STR(((tk_str){month.ptr + 5, 2})));
    if (new_year)
        tk_out_printf(out, "<text x=\"%d\" y=\"%d\" class=\"year\">" TK_FMT "</text>\n", left + 3, top + 36,
                      TK_ARG_STR(tk_text_prefix(month, 4)));
}

/* Lays out and writes the months; returns where the last one ends. */
static int svg_months(timeline *t)
{
    tk_arena *arena = &t->view->arena;
    int left = SVG_LEFT;
    tk_str year = TK_STR("");
    for (size_t begin = 0; begin < t->count;) {
        tk_str month = mark_month(&t->marks[begin], arena);
        size_t end = begin + 1;
        while (end < t->count && tk_str_eq(mark_month(&t->marks[end], arena), month))
            end++;
        int width = svg_place(t, begin, end, left);
        svg_month(t, month, left, width, !tk_str_eq(tk_text_prefix(month, 4), year));
        year = tk_text_prefix(month, 4);
        left += width;
        begin = end;
    }
    return left;
}

static void svg_pair(timeline *t, size_t conflict, const mark *a, const mark *b, void *context)
{
    tk_out *out = t->view->page.out;
    int bow = 18 + (int)(conflict % 4) * 8;
    /* Squares above each other are joined beside their column, where the line is seen. */
    int aside = a->x == b->x ? SVG_CELL : 0, above = a->x == b->x ? 0 : bow;
    (void)context;
    tk_out_printf(out, "<path d=\"M%d %d C%d %d %d %d %d %d\" class=\"link\"><title>", a->x, a->y, a->x + aside,
                  a->y - above, b->x + aside, b->y - above, b->x, b->y);
    svg_text(t, a->id);
    tk_out_text(out, " and ");
    svg_text(t, b->id);
    tk_out_text(out, " cannot both be true</title></path>\n");
    tk_arena_reset(&t->view->page.scratch);
}

static void svg_mark(timeline *t, const mark *m)
{
    tk_out *out = t->view->page.out;
    int half = SVG_SQUARE / 2;
    tk_out_printf(out, "<rect x=\"%d\" y=\"%d\" width=\"%d\" height=\"%d\" rx=\"2\" class=\"%s\" fill=\"%s\"><title>",
                  m->x - half, m->y - half, SVG_SQUARE, SVG_SQUARE, m->grade.superseded ? "old" : "claim",
                  m->grade.superseded ? "none" : shades[m->grade.source - 'A']);
    svg_text(t, tk_arena_printf(&t->view->page.scratch, TK_FMT " " TK_FMT " [" TK_FMT "] " TK_FMT, TK_ARG_STR(m->id),
                                TK_ARG_STR(m->event),
                                TK_ARG_STR(claims_grade(&t->view->page.scratch, &m->grade)), TK_ARG_STR(m->says)));
    tk_out_text(out, "</title></rect>\n");
    tk_arena_reset(&t->view->page.scratch);
}

static void svg_legend(timeline *t, int top)
{
    tk_out *out = t->view->page.out;
    for (int i = 0; i < 6; i++)
        tk_out_printf(out,
                      "<rect x=\"%d\" y=\"%d\" width=\"%d\" height=\"%d\" rx=\"2\" class=\"claim\" fill=\"%s\"/>"
                      "<text x=\"%d\" y=\"%d\" class=\"key\">%c</text>\n",
                      SVG_LEFT + i * 36, top, SVG_SQUARE, SVG_SQUARE, shades[i], SVG_LEFT + i * 36 + 14, top + 9,
                      (char)('A' + i));
    tk_out_printf(out, "<text x=\"%d\" y=\"%d\" class=\"key\">grade of the source</text>\n", SVG_LEFT + 6 * 36,
                  top + 9);
    tk_out_printf(out, "<path d=\"M%d %d h24\" class=\"link\"/><text x=\"%d\" y=\"%d\" class=\"key\">cannot all be true"
                       "</text>\n",
                  SVG_LEFT, top + 24, SVG_LEFT + 30, top + 28);
}

static void timeline_svg(timeline *t)
{
    static const char style[] =
        "<style>text{font-family:sans-serif;fill:#222}.title{font-size:16px;font-weight:bold}.sub{font-size:12px;"
        "fill:#555}.lane{font-size:14px;font-weight:bold}.month{font-size:10px;text-anchor:middle;fill:#555}"
        ".year{font-size:12px;font-weight:bold}.key{font-size:12px}.grid{stroke:#e4e4e4}.claim{stroke:#456}"
        ".old{stroke:#999;stroke-dasharray:2 2}.link{fill:none;stroke:#c0392b;stroke-opacity:.65;stroke-width:1.3}"
        "</style>\n";
    tk_out *out = t->view->page.out, body;
    tk_out_init(&body, NULL);
    t->view->page.out = &body; /* the width is known when the months are laid out */
    int right = svg_months(t) + 16;
    timeline_pairs(t, svg_pair, NULL);
    for (size_t i = 0; i < t->count; i++)
        svg_mark(t, &t->marks[i]);
    t->view->page.out = out;
    int lanes = SVG_TOP + 2 * SVG_ROWS * SVG_CELL + SVG_AXIS, width = right < SVG_NARROWEST ? SVG_NARROWEST : right;
    int height = lanes + SVG_LEGEND + 16;
    tk_out_printf(out, "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d %d\" width=\"%d\" height=\"%d\">\n",
                  width, height, width, height);
    tk_out_printf(out, "<title>Claims by month, US and China</title>\n%s", style);
    tk_out_printf(out, "<rect width=\"%d\" height=\"%d\" fill=\"#fff\"/>\n", width, height);
    tk_out_text(out, "<text x=\"16\" y=\"26\" class=\"title\">Claims by month, US and China</text>\n");
    tk_out_printf(out, "<text x=\"16\" y=\"46\" class=\"sub\">%zu claims, recorded up to %lld, known at " TK_FMT
                       "; months without a claim are left out</text>\n",
                  t->count, (long long)t->view->recorded,
                  TK_ARG_STR(t->view->at.known_at == TK_DATE_MAX ? TK_STR("any day")
                                                                 : claims_day(&t->view->arena, t->view->at.known_at)));
    tk_out_printf(out, "<text x=\"16\" y=\"%d\" class=\"lane\">US</text>\n<text x=\"16\" y=\"%d\" class=\"lane\">China"
                       "</text>\n",
                  SVG_TOP + SVG_ROWS * SVG_CELL - 8, SVG_TOP + SVG_ROWS * SVG_CELL + SVG_AXIS + 14);
    tk_out_add(out, tk_out_str(&body));
    svg_legend(t, lanes + 12);
    tk_out_text(out, "</svg>\n");
    out->status = body.status != TK_OK ? body.status : out->status;
    tk_out_fini(&body);
}

int claims_timeline(claims_view *view)
{
    timeline t = {.view = view};
    tk_claims_filter filter;
    int code = claims_filter(view, &filter);
    if (code != CLI_EXIT_OK)
        return code;
    t.marks = TK_ARENA_ARRAY(&view->arena, mark, TK_CLAIMS_TIMELINE_MAX);
    t.by_number = TK_ARENA_ARRAY(&view->arena, size_t, TK_CLAIMS_TIMELINE_MAX);
    tk_status status = view->arena.failed ? tk_err_set(&view->err, TK_ERR_MEMORY, "out of memory") : TK_OK;
    if (status == TK_OK)
        status = claims_picture(view);
    if (status == TK_OK)
        status = tk_claims_list(view->claims, &filter, timeline_each, &t, &view->err);
    if (status == TK_OK)
        status = tk_claims_conflicts(view->picture, &t.conflicts, &t.conflicts_count, &view->err);
    if (status != TK_OK)
        return claims_failed(view, status);
    timeline_index(&t);
    if (cli_format_is(view->args, "svg")) {
        timeline_svg(&t);
        return CLI_EXIT_OK;
    }
    (cli_format_is(view->args, "json") ? timeline_json : timeline_text)(&t);
    claims_times(view, t.count);
    return CLI_EXIT_OK;
}
