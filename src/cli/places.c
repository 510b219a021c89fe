/* SPDX-License-Identifier: Apache-2.0 */
/* places.c: places, the country groups they are in on a day, and the dated rows that say so.
 *
 * Without --as-of the day is the newest one up to which the law of any regime was read: an answer about places then
 * goes with the answers about items and does not change overnight.
 */
#include <stdlib.h>

#include "base/csv.h"
#include "cli/present.h"

typedef struct places_days {
    tk_date as_of, known_at;
} places_days;

static int places_ask(const cli_view *view, places_days *days)
{
    cli_question *question = calloc(1, sizeof(*question));
    if (question == NULL) {
        cli_complain("out of memory");
        return CLI_EXIT_FAILURE;
    }
    int code = cli_question_read(view->args, view->desk, question);
    const tk_ask *ask = &question->ask;
    tk_date newest = TK_DATE_MIN;
    for (size_t i = 0; i < tk_rulebook_regime_count(view->book); i++) {
        tk_date read_to = tk_rulebook_regime(view->book, i).read_to;
        if (read_to != TK_DATE_MAX && newest < read_to)
            newest = read_to;
    }
    days->as_of = ask->as_of_given ? ask->as_of : (newest != TK_DATE_MIN ? newest : ask->today);
    days->known_at = ask->known_at_given ? ask->known_at : tk_rulebook_known_at(view->book);
    free(question);
    return code;
}

static tk_str places_day(tk_arena *arena, tk_date day)
{
    char text[TK_DATE_TEXT_MAX];
    return day == TK_DATE_MIN || day == TK_DATE_MAX ? TK_STR("")
                                                    : tk_arena_copy(arena, (tk_str){text, tk_date_format(day, text)});
}

static uint32_t places_index(const tk_rulebook *book, tk_str code)
{
    for (size_t i = 0; i < tk_rulebook_place_count(book); i++)
        if (tk_str_eq(tk_rulebook_place(book, (uint32_t)i), code))
            return (uint32_t)i;
    return UINT32_MAX;
}

/* --- groups --- */

static bool groups_seen(const tk_str *groups, size_t count, tk_str group)
{
    for (size_t i = 0; i < count; i++)
        if (tk_str_eq(groups[i], group))
            return true;
    return false;
}

static int groups_order(const void *a, const void *b)
{
    return tk_str_cmp(*(const tk_str *)a, *(const tk_str *)b);
}

/* The country groups a place is in on the day, by name, joined by `between`. */
static tk_str groups_of(const cli_view *view, tk_arena *arena, tk_str code, const places_days *days,
                        const char *between)
{
    size_t rows_count, count = 0;
    const tk_group_row *rows = tk_catalogue_groups(tk_desk_catalogue(view->desk), &rows_count);
    tk_str *groups = TK_ARENA_ARRAY(arena, tk_str, rows_count + 1);
    uint32_t place = places_index(view->book, code);
    for (size_t i = 0; groups != NULL && place != UINT32_MAX && i < rows_count; i++)
        if (tk_str_eq(rows[i].place, code) && !groups_seen(groups, count, rows[i].group)
            && tk_rulebook_place_in(view->book, place, rows[i].group, days->as_of, days->known_at))
            groups[count++] = rows[i].group;
    if (groups == NULL || count == 0)
        return TK_STR("");
    qsort(groups, count, sizeof(*groups), groups_order);
    return cli_joined(arena, groups, count, between);
}

/* The named sets of the rulebook that hold it. */
static tk_str sets_of(const cli_view *view, tk_arena *arena, tk_str code, const places_days *days)
{
    size_t declared_count = tk_rulebook_declared_count(view->book), count = 0;
    tk_str *sets = TK_ARENA_ARRAY(arena, tk_str, declared_count + 1);
    uint32_t place = places_index(view->book, code);
    for (size_t i = 0; sets != NULL && place != UINT32_MAX && i < declared_count; i++) {
        tk_declared declared = tk_rulebook_declared(view->book, i);
        if (declared.kind != TK_DECLARED_SET)
            continue;
        tk_str name = declared.regime.len == 0 ? declared.name
                                               : tk_arena_printf(arena, TK_FMT "." TK_FMT, TK_ARG_STR(declared.regime),
                                                                 TK_ARG_STR(declared.name));
        if (tk_rulebook_place_in(view->book, place, name, days->as_of, days->known_at))
            sets[count++] = name;
    }
    return sets == NULL ? TK_STR("") : cli_joined(arena, sets, count, ", ");
}

static void places_head(cli_page *page, const places_days *days)
{
    char as_of[TK_DATE_TEXT_MAX], known_at[TK_DATE_TEXT_MAX];
    (void)tk_date_format(days->as_of, as_of);
    (void)tk_date_format(days->known_at, known_at);
    cli_put(page, CLI_DIM, tk_arena_printf(&page->scratch, "as of %s, known at %s", as_of, known_at));
    tk_out_char(page->out, '\n');
}

/* --- list --- */

enum { LIST_CODE = 6, LIST_NAME = 40 };

static int places_list(cli_view *view)
{
    places_days days;
    int code = places_ask(view, &days);
    if (code != CLI_EXIT_OK)
        return code;
    cli_page *page = &view->page;
    bool csv = cli_format_is(view->args, "csv");
    if (csv)
        tk_out_text(page->out, "code,name,groups\n");
    else
        places_head(page, &days);
    const tk_catalogue *catalogue = tk_desk_catalogue(view->desk);
    for (size_t i = 0; i < tk_catalogue_place_count(catalogue); i++) {
        const tk_place *place = tk_catalogue_place(catalogue, i);
        tk_str groups = groups_of(view, &page->scratch, place->code, &days, csv ? ";" : " ");
        if (csv) {
            tk_csv_write_cell(page->out, place->code, true, true);
            tk_csv_write_cell(page->out, place->name, false, true);
            tk_csv_write_cell(page->out, groups, false, true);
            tk_out_char(page->out, '\n');
        } else {
            cli_put_column(page, CLI_BOLD, place->code, LIST_CODE);
            cli_put_column(page, CLI_PLAIN, place->name, groups.len == 0 ? 0 : LIST_NAME - 1);
            tk_out_text(page->out, groups.len == 0 ? "" : " ");
            cli_put_wrapped(page, CLI_PLAIN, groups, LIST_CODE + LIST_NAME, LIST_CODE + LIST_NAME);
        }
        tk_arena_reset(&page->scratch);
    }
    return CLI_EXIT_OK;
}

/* --- show --- */

static const tk_place *show_find(const cli_view *view)
{
    const tk_catalogue *catalogue = tk_desk_catalogue(view->desk);
    tk_str wanted = tk_str_from(view->args->positional[1]);
    tk_nearest near = tk_nearest_make(wanted);
    for (size_t i = 0; i < tk_catalogue_place_count(catalogue); i++) {
        const tk_place *place = tk_catalogue_place(catalogue, i);
        if (tk_str_eq(place->code, wanted))
            return place;
        if (tk_str_eq_nocase(place->name, wanted))
            near = (tk_nearest){.wanted = wanted, .best = place->code};
        tk_nearest_offer(&near, place->code);
        if (tk_place_also_called(place, wanted))
            near = (tk_nearest){.wanted = wanted, .best = place->code};
    }
    char hint[CLI_HINT_MAX];
    cli_complain("places show '" TK_FMT "': there is no such place%s", TK_ARG_STR(wanted),
                 near.best.ptr == NULL ? "; 'twokey places' names them" : cli_hint(near.best, hint));
    return NULL;
}

enum { ROW_GROUP = 8, ROW_SIGN = 5, ROW_DAY = 12 };

static void show_row(cli_page *page, const tk_group_row *row)
{
    tk_arena *arena = &page->scratch;
    const char *mark = row->unverified ? " (unverified)" : "";
    tk_str cites = tk_arena_printf(arena, TK_FMT "%s", TK_ARG_STR(row->cites), mark);
    tk_out_text(page->out, "  ");
    cli_put_column(page, CLI_BOLD, row->group, ROW_GROUP);
    cli_put_column(page, row->in ? CLI_PLAIN : CLI_YELLOW, row->in ? TK_STR("in") : TK_STR("out"), ROW_SIGN);
    cli_put_column(page, CLI_PLAIN, places_day(arena, row->from), ROW_DAY);
    cli_put_column(page, CLI_PLAIN, places_day(arena, row->to), ROW_DAY);
    cli_put_column(page, CLI_PLAIN, places_day(arena, row->published), ROW_DAY);
    size_t at = 2 + ROW_GROUP + ROW_SIGN + 3 * ROW_DAY;
    cli_put_wrapped(page, CLI_DIM, cites, at, at);
}

static void show_rows(cli_view *view, tk_str code)
{
    cli_page *page = &view->page;
    size_t count, shown = 0;
    const tk_group_row *rows = tk_catalogue_groups(tk_desk_catalogue(view->desk), &count);
    for (size_t i = 0; i < count; i++) {
        if (!tk_str_eq(rows[i].place, code))
            continue;
        if (shown++ == 0) {
            tk_out_text(page->out, "\n  ");
            cli_put_column(page, CLI_DIM, TK_STR("GROUP"), ROW_GROUP);
            cli_put_column(page, CLI_DIM, TK_STR(""), ROW_SIGN);
            cli_put_column(page, CLI_DIM, TK_STR("FROM"), ROW_DAY);
            cli_put_column(page, CLI_DIM, TK_STR("TO"), ROW_DAY);
            cli_put_column(page, CLI_DIM, TK_STR("PUBLISHED"), ROW_DAY);
            cli_puts(page, CLI_DIM, "CITES");
            tk_out_char(page->out, '\n');
        }
        show_row(page, &rows[i]);
    }
}

static int places_show(cli_view *view)
{
    const tk_place *place = show_find(view);
    places_days days;
    int code = place == NULL ? CLI_EXIT_USAGE : places_ask(view, &days);
    if (code != CLI_EXIT_OK)
        return code;
    cli_page *page = &view->page;
    cli_put(page, CLI_BOLD, place->code);
    tk_out_text(page->out, "  ");
    cli_put(page, CLI_PLAIN, place->name);
    tk_out_char(page->out, '\n');
    places_head(page, &days);
    tk_str groups = groups_of(view, &page->scratch, place->code, &days, ", ");
    tk_str sets = sets_of(view, &page->scratch, place->code, &days);
    cli_present_line(page, "groups", groups.len == 0 ? TK_STR("in none") : groups);
    cli_present_line(page, "sets", sets.len == 0 ? TK_STR("in none of the rulebook's") : sets);
    show_rows(view, place->code);
    return CLI_EXIT_OK;
}

/* --- the verb --- */

int cli_places(const cli_verb *verb, const cli_args *args)
{
    enum { DAYS = CLI_BIT(AS_OF) | CLI_BIT(KNOWN_AT) };
    static const cli_sub subs[] = {
        {.name = "list", .formats = "text|csv", .flags = DAYS, .body = places_list},
        {.name = "show", .argument = "place", .flags = DAYS, .body = places_show},
    };
    return cli_sub_run(verb, args, subs, TK_COUNT(subs), true);
}
