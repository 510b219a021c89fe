/* SPDX-License-Identifier: Apache-2.0 */
/* items.c: accelerators: the list, the working of one item's figures, and what the rulebook says each one is.
 *
 * What an item is, is asked of the rulebook like anything else: an order that names the item and nothing more is
 * decided, and the answers of the questions `classification` and `entry` are shown. Nothing here knows a threshold.
 */
#include <string.h>

#include "base/csv.h"
#include "cli/present.h"

/* --- asking --- */

typedef struct items_asker {
    cli_view *view;
    tk_clerk *clerk;
    cli_question question;
    tk_str regime; /* the one that classifies; "" when none does */
} items_asker;

/* One item asked about. What it points at lives until the next. */
typedef struct items_answer {
    tk_str classification;
    tk_str entry;   /* "" when the regime asks for none */
    tk_str missing; /* joined by ";" */
    const tk_key_decision *key;
} items_answer;

static bool items_regime(items_asker *asker, tk_date *read_to)
{
    const tk_rulebook *book = asker->view->book;
    for (size_t i = 0; i < tk_rulebook_declared_count(book); i++) {
        tk_declared declared = tk_rulebook_declared(book, i);
        if (declared.kind == TK_DECLARED_QUESTION && tk_str_is(declared.name, "classification"))
            asker->regime = declared.regime;
    }
    for (size_t i = 0; i < tk_rulebook_regime_count(book); i++) {
        tk_regime_info regime = tk_rulebook_regime(book, i);
        if (tk_str_eq(regime.id, asker->regime)) {
            *read_to = regime.read_to;
            return true;
        }
    }
    return false;
}

/* Without --as-of the newest day up to which the law was read, so that the list does not change overnight. */
static int items_asker_open(items_asker *asker, cli_view *view)
{
    *asker = (items_asker){.view = view, .regime = TK_STR("")};
    int code = cli_question_read(view->args, view->desk, &asker->question);
    if (code != CLI_EXIT_OK)
        return code;
    tk_ask *ask = &asker->question.ask;
    tk_date read_to = TK_DATE_MAX;
    bool classifies = items_regime(asker, &read_to);
    if (!ask->as_of_given && classifies && read_to != TK_DATE_MAX) {
        ask->as_of = read_to;
        ask->as_of_given = true;
    }
    ask->flags = TK_DECIDE_EXPLAIN;
    tk_err err = {0};
    tk_status status = tk_clerk_new(view->desk, &asker->clerk, &err);
    if (status != TK_OK)
        cli_complain_err(&err);
    return cli_exit_of(status);
}

static tk_str items_answer_of(const tk_key_decision *key, const char *question)
{
    for (size_t i = 0; key != NULL && i < key->answers_count; i++)
        if (tk_str_is(key->answers[i].question, question))
            return key->answers[i].answer;
    return TK_STR("");
}

static bool items_is_about(const tk_rule_info *rule)
{
    return tk_str_is(rule->question, "classification") || tk_str_is(rule->question, "entry");
}

/* Does an unsettled comparison of these questions read the fact, itself or through a term? */
static bool items_is_read(const items_asker *asker, tk_str fact)
{
    size_t count;
    const tk_rulebook *book = asker->view->book;
    const tk_rule_trace *traces = tk_decider_traces(tk_clerk_decider(asker->clerk), &count);
    for (size_t i = 0; i < count; i++) {
        tk_rule_info rule = tk_rulebook_rule(book, traces[i].rule);
        if (traces[i].fate != TK_FATE_MAY_STAND || !items_is_about(&rule))
            continue;
        for (size_t j = 0; j < traces[i].because_count; j++) {
            const tk_because *because = &traces[i].because[j];
            size_t slot = because->unknown ? tk_rulebook_find_fact(book, because->fact, NULL) : SIZE_MAX;
            if (slot != SIZE_MAX && (tk_str_eq(because->fact, fact) || tk_rulebook_fact(book, slot).is_term))
                return true;
        }
    }
    return false;
}

static tk_str items_missing(const items_asker *asker, const tk_key_decision *key)
{
    tk_arena *arena = &asker->view->page.scratch;
    tk_str *names = TK_ARENA_ARRAY(arena, tk_str, key->missing.count);
    size_t count = 0;
    for (size_t i = 0; names != NULL && i < key->missing.count; i++)
        if (tk_str_starts(key->missing.items[i], TK_STR("item.")) && items_is_read(asker, key->missing.items[i]))
            names[count++] = key->missing.items[i];
    return names == NULL ? TK_STR("") : cli_joined(arena, names, count, ";");
}

static tk_status items_ask(items_asker *asker, tk_str id, items_answer *answer, tk_desk_result *result)
{
    tk_transaction order = {0};
    tk_err err = {0};
    order.cells[TK_COLUMN_ITEM] = id;
    *answer = (items_answer){.classification = TK_STR("undetermined"), .entry = TK_STR("")};
    tk_status status = tk_clerk_decide(asker->clerk, &order, &asker->question.ask, result, &err);
    if (status != TK_OK) {
        asker->view->broken = true;
        cli_complain_err(&err);
        return status;
    }
    for (size_t i = 0; i < result->decision->keys_count; i++)
        if (tk_str_eq(result->decision->keys[i].regime, asker->regime))
            answer->key = &result->decision->keys[i];
    if (answer->key == NULL)
        return TK_OK;
    tk_str classification = items_answer_of(answer->key, "classification");
    answer->classification = classification.len == 0 ? TK_STR("undetermined") : classification;
    answer->entry = items_answer_of(answer->key, "entry");
    if (tk_str_is(answer->classification, "undetermined") || tk_str_is(answer->entry, "undetermined"))
        answer->missing = items_missing(asker, answer->key);
    return TK_OK;
}

/* --- figures as text --- */

static tk_str items_number(tk_arena *arena, tk_num number, bool grouped)
{
    char text[TK_NUM_TEXT_MAX];
    tk_str plain = tk_arena_copy(arena, (tk_str){text, tk_num_format(number, text)});
    return grouped ? cli_grouped(arena, plain) : plain;
}

/* "15832", "3610 .. 6080", "2400 ..", "none", "?". */
static tk_str items_value(tk_arena *arena, const tk_value *value, bool grouped)
{
    if (value->known != TK_VALUE)
        return value->known == TK_NONE ? TK_STR("none") : TK_STR("?");
    int64_t lo = value->as.range.lo, hi = value->as.range.hi;
    if (lo == hi)
        return items_number(arena, lo, grouped);
    tk_str low = lo == TK_NUM_MIN ? TK_STR("") : items_number(arena, lo, grouped);
    tk_str high = hi == TK_NUM_MAX ? TK_STR("") : items_number(arena, hi, grouped);
    return tk_arena_printf(arena, TK_FMT "%s..%s" TK_FMT, TK_ARG_STR(low), low.len == 0 ? "" : " ",
                           high.len == 0 ? "" : " ", TK_ARG_STR(high));
}

static tk_str items_cell(tk_str cell)
{
    return cell.len == 0 ? TK_STR("?") : cell;
}

/* --- list --- */

enum {
    LIST_ID = 28,
    LIST_TPP = 14,
    LIST_DENSITY = 22,
    LIST_CLASS = CLI_COLUMNS - LIST_ID - LIST_TPP - LIST_DENSITY - 2
};

static void items_right(cli_page *page, tk_str text, size_t columns)
{
    for (size_t width = tk_text_width(text); width < columns; width++)
        tk_out_char(page->out, ' ');
    cli_put(page, CLI_PLAIN, text);
}

static void list_csv_row(cli_page *page, const tk_item *item, tk_str classification)
{
    tk_arena *arena = &page->scratch;
    const tk_str cells[] = {item->cells[TK_ITEM_ID],
                            item->cells[TK_ITEM_NAME],
                            items_cell(item->cells[TK_ITEM_VENDOR]),
                            items_value(arena, &item->tpp, false),
                            items_value(arena, &item->density, false),
                            items_cell(item->cells[TK_ITEM_DRAM_BANDWIDTH]),
                            items_cell(item->cells[TK_ITEM_IO_BANDWIDTH]),
                            items_cell(item->cells[TK_ITEM_DATACENTER]),
                            classification};
    for (size_t i = 0; i < TK_COUNT(cells); i++)
        tk_csv_write_cell(page->out, cells[i], i == 0, true);
    tk_out_char(page->out, '\n');
}

static void list_text_row(cli_page *page, const tk_item *item, tk_str classification)
{
    tk_arena *arena = &page->scratch;
    cli_put_column(page, CLI_BOLD, item->cells[TK_ITEM_ID], LIST_ID - 1);
    tk_out_char(page->out, ' ');
    items_right(page, items_value(arena, &item->tpp, true), LIST_TPP);
    items_right(page, items_value(arena, &item->density, true), LIST_DENSITY);
    tk_out_text(page->out, "  ");
    cli_paint paint = tk_str_is(classification, "undetermined") ? CLI_MAGENTA
                      : tk_str_is(classification, "none")       ? CLI_DIM
                                                                : CLI_YELLOW;
    cli_put(page, paint, tk_text_prefix(classification, LIST_CLASS));
    tk_out_char(page->out, '\n');
}

static void list_header(cli_page *page, bool csv)
{
    if (csv) {
        tk_out_text(page->out,
                    "id,name,vendor,tpp,density,dram_bandwidth,io_bandwidth,datacenter,classification\n");
        return;
    }
    cli_put_column(page, CLI_DIM, TK_STR("ITEM"), LIST_ID);
    cli_put_column(page, CLI_DIM, TK_STR("           TPP"), LIST_TPP);
    cli_put_column(page, CLI_DIM, TK_STR("           TPP PER MM2"), LIST_DENSITY + 2);
    cli_puts(page, CLI_DIM, "CLASS");
    tk_out_char(page->out, '\n');
}

static int items_list(cli_view *view)
{
    items_asker asker;
    int code = items_asker_open(&asker, view);
    if (code != CLI_EXIT_OK)
        return code;
    const tk_catalogue *catalogue = tk_desk_catalogue(view->desk);
    bool csv = cli_format_is(view->args, "csv");
    list_header(&view->page, csv);
    for (size_t i = 0; code == CLI_EXIT_OK && i < tk_catalogue_item_count(catalogue); i++) {
        const tk_item *item = tk_catalogue_item(catalogue, i);
        items_answer answer;
        tk_desk_result result;
        code = cli_exit_of(items_ask(&asker, item->cells[TK_ITEM_ID], &answer, &result));
        if (code == CLI_EXIT_OK)
            (csv ? list_csv_row : list_text_row)(&view->page, item, answer.classification);
        tk_arena_reset(&view->page.scratch);
    }
    tk_clerk_free(asker.clerk);
    return code;
}

/* --- classify --- */

enum { CLASSIFY_ID = 28, CLASSIFY_CLASS = 14, CLASSIFY_ENTRY = 14 };

static void classify_header(cli_page *page, bool csv)
{
    if (csv) {
        tk_out_text(page->out, "id,classification,entry,missing,as_of,known_at\n");
        return;
    }
    cli_put_column(page, CLI_DIM, TK_STR("ITEM"), CLASSIFY_ID);
    cli_put_column(page, CLI_DIM, TK_STR("CLASS"), CLASSIFY_CLASS);
    cli_put_column(page, CLI_DIM, TK_STR("ENTRY"), CLASSIFY_ENTRY);
    cli_puts(page, CLI_DIM, "MISSING");
    tk_out_char(page->out, '\n');
}

/* A list with spaces, where a line may break. */
static tk_str classify_spaced(tk_arena *arena, tk_str list)
{
    tk_str part, text = TK_STR("");
    while (tk_str_split(&list, ';', &part))
        text = tk_arena_printf(arena, TK_FMT "%s" TK_FMT, TK_ARG_STR(text), text.len == 0 ? "" : " ", TK_ARG_STR(part));
    return text;
}

static void classify_row(cli_page *page, bool csv, tk_str id, const items_answer *answer, const tk_desk_result *result)
{
    if (csv) {
        char as_of[TK_DATE_TEXT_MAX], known_at[TK_DATE_TEXT_MAX];
        tk_csv_write_cell(page->out, id, true, true);
        tk_csv_write_cell(page->out, answer->classification, false, true);
        tk_csv_write_cell(page->out, answer->entry, false, true);
        tk_csv_write_cell(page->out, answer->missing, false, true);
        tk_csv_write_cell(page->out, (tk_str){as_of, tk_date_format(result->as_of, as_of)}, false, false);
        tk_csv_write_cell(page->out, (tk_str){known_at, tk_date_format(result->known_at, known_at)}, false, false);
        tk_out_char(page->out, '\n');
        return;
    }
    cli_put_column(page, CLI_BOLD, id, CLASSIFY_ID - 1);
    tk_out_char(page->out, ' ');
    cli_put_column(page, CLI_PLAIN, answer->classification, answer->entry.len == 0 ? 0 : CLASSIFY_CLASS);
    if (answer->missing.len == 0) {
        cli_put(page, CLI_PLAIN, answer->entry);
        tk_out_char(page->out, '\n');
        return;
    }
    cli_put_column(page, CLI_PLAIN, answer->entry, CLASSIFY_ENTRY);
    size_t at = CLASSIFY_ID + CLASSIFY_CLASS + CLASSIFY_ENTRY;
    cli_put_wrapped(page, CLI_MAGENTA, classify_spaced(&page->scratch, answer->missing), at, at);
}

static int items_classify(cli_view *view)
{
    items_asker asker;
    int code = items_asker_open(&asker, view);
    if (code != CLI_EXIT_OK)
        return code;
    const tk_catalogue *catalogue = tk_desk_catalogue(view->desk);
    bool csv = cli_format_is(view->args, "csv");
    classify_header(&view->page, csv);
    for (size_t i = 0; code == CLI_EXIT_OK && i < tk_catalogue_item_count(catalogue); i++) {
        tk_str id = tk_catalogue_item(catalogue, i)->cells[TK_ITEM_ID];
        items_answer answer;
        tk_desk_result result;
        code = cli_exit_of(items_ask(&asker, id, &answer, &result));
        if (code == CLI_EXIT_OK)
            classify_row(&view->page, csv, id, &answer, &result);
        tk_arena_reset(&view->page.scratch);
    }
    tk_clerk_free(asker.clerk);
    return code;
}

/* --- show --- */

static void show_format(cli_page *page, const tk_item *item, tk_item_column column)
{
    tk_arena *arena = &page->scratch;
    tk_str name = tk_item_column_name(column), rate = item->cells[column];
    tk_value tpp = tk_item_format_tpp(item, column);
    tk_str text;
    if (tpp.known == TK_NONE)
        text = TK_STR("not offered");
    else if (tpp.known == TK_UNKNOWN)
        text = TK_STR("not known");
    else
        text = tk_arena_printf(arena, TK_FMT " %s x %u bit = " TK_FMT, TK_ARG_STR(cli_grouped(arena, rate)),
                               tk_str_starts(name, TK_STR("int")) ? "TOPS" : "TFLOPS", tk_item_format_bits(column),
                               TK_ARG_STR(items_value(arena, &tpp, true)));
    char label[16];
    (void)snprintf(label, sizeof(label), TK_FMT, TK_ARG_STR(name));
    cli_present_line(page, label, text);
}

static void show_figures(cli_page *page, const tk_item *item)
{
    tk_arena *arena = &page->scratch;
    tk_str tpp = items_value(arena, &item->tpp, true), area = item->cells[TK_ITEM_DIE_AREA];
    cli_puts(page, CLI_BOLD, "Total processing performance: dense rate times bit length, the largest");
    tk_out_char(page->out, '\n');
    for (size_t i = 0; i < TK_ITEM_COLUMN_COUNT; i++)
        if (tk_item_format_bits((tk_item_column)i) != 0)
            show_format(page, item, (tk_item_column)i);
    bool given = item->cells[TK_ITEM_TPP].len != 0;
    cli_present_line(page, "TPP", given ? tk_arena_printf(arena, TK_FMT " (as recorded: see the note)", TK_ARG_STR(tpp))
                                        : tpp);
    tk_str density = items_value(arena, &item->density, true);
    if (item->density.known == TK_VALUE)
        density = tk_arena_printf(arena, TK_FMT " / " TK_FMT " mm2 = " TK_FMT, TK_ARG_STR(tpp), TK_ARG_STR(area),
                                  TK_ARG_STR(density));
    else if (item->density.known == TK_NONE)
        density = TK_STR("not computable: no die made with non-planar transistors");
    else
        density = TK_STR("not known");
    cli_present_line(page, "density", density);
}

static tk_str show_with_unit(tk_arena *arena, tk_str cell, const char *unit)
{
    if (cell.len == 0)
        return TK_STR("not known");
    return tk_str_is(cell, "none") ? cell
                                   : tk_arena_printf(arena, TK_FMT " %s", TK_ARG_STR(cli_grouped(arena, cell)), unit);
}

static void show_record(cli_page *page, const tk_item *item)
{
    tk_arena *arena = &page->scratch;
    const tk_str *cells = item->cells;
    tk_str vendor = tk_arena_printf(arena, TK_FMT " (" TK_FMT ")", TK_ARG_STR(items_cell(cells[TK_ITEM_VENDOR])),
                                    TK_ARG_STR(items_cell(cells[TK_ITEM_VENDOR_HQ])));
    tk_str sale = items_cell(cells[TK_ITEM_US_SALE_DATE]);
    if (cells[TK_ITEM_US_SALE_SOURCE].len != 0)
        sale = tk_arena_printf(arena, TK_FMT " (" TK_FMT ")", TK_ARG_STR(sale),
                               TK_ARG_STR(cells[TK_ITEM_US_SALE_SOURCE]));
    cli_present_line(page, "vendor", vendor);
    cli_present_line(page, "product", items_cell(cells[TK_ITEM_PRODUCT]));
    cli_present_line(page, "kind", items_cell(cells[TK_ITEM_KIND]));
    cli_present_line(page, "data centre", items_cell(cells[TK_ITEM_DATACENTER]));
    cli_present_line(page, "launched", items_cell(cells[TK_ITEM_LAUNCH_DATE]));
    cli_present_line(page, "US sale", sale);
    tk_str memory = show_with_unit(arena, cells[TK_ITEM_MEMORY_GB], "GB");
    cli_present_line(page, "memory", tk_arena_printf(arena, TK_FMT " " TK_FMT, TK_ARG_STR(memory),
                                                     TK_ARG_STR(cells[TK_ITEM_MEMORY_TYPE])));
    cli_present_line(page, "DRAM", show_with_unit(arena, cells[TK_ITEM_DRAM_BANDWIDTH], "GB/s"));
    cli_present_line(page, "I/O", show_with_unit(arena, cells[TK_ITEM_IO_BANDWIDTH], "GB/s"));
    cli_present_line(page, "die area", show_with_unit(arena, cells[TK_ITEM_DIE_AREA], "mm2"));
    if (cells[TK_ITEM_MEMORY_DENSITY].len != 0)
        cli_present_line(page, "stack density", show_with_unit(arena, cells[TK_ITEM_MEMORY_DENSITY], "GB/s/mm2"));
}

static const char *show_fate(tk_rule_fate fate)
{
    switch (fate) {
    case TK_FATE_STANDS:
        return "stands";
    case TK_FATE_MAY_STAND:
        return "may stand";
    case TK_FATE_DEFEATED:
        return "applies, but an exception stands";
    case TK_FATE_FAILED:
        return "failed";
    case TK_FATE_NOT_APPLIES:
    case TK_FATE_NOT_COUNTED:
        break;
    }
    return "does not apply";
}

/* A rule that answers nothing itself belongs to the question of what it takes away. */
static bool show_classifies(const items_asker *asker, const tk_rule_info *rule)
{
    tk_str question = rule->question;
    if (question.len == 0 && rule->targets_count != 0)
        question = tk_rulebook_rule(asker->view->book, rule->targets[0]).question;
    return tk_str_is(question, "classification") && tk_str_eq(rule->regime, asker->regime);
}

/* Every rule of the question that counts on the day, with its comparisons: why it is this and nothing else. */
static void show_rules(const items_asker *asker)
{
    size_t count;
    cli_page *page = &asker->view->page;
    const tk_rule_trace *traces = tk_decider_traces(tk_clerk_decider(asker->clerk), &count);
    for (size_t i = 0; i < count; i++) {
        tk_rule_info rule = tk_rulebook_rule(asker->view->book, traces[i].rule);
        if (traces[i].fate == TK_FATE_NOT_COUNTED || !show_classifies(asker, &rule))
            continue;
        tk_out_text(page->out, "  ");
        cli_put(page, CLI_BOLD, rule.name);
        tk_out_char(page->out, ' ');
        cli_put_wrapped(page, CLI_DIM,
                        tk_arena_printf(&page->scratch, "(" TK_FMT ") %s",
                                        TK_ARG_STR(rule.answer.len == 0 ? TK_STR("takes away") : rule.answer),
                                        show_fate(traces[i].fate)),
                        3 + rule.name.len, 4);
        for (size_t j = 0; j < traces[i].because_count; j++)
            cli_present_because(page, asker->view->book, traces[i].regime, &traces[i].because[j], 4);
    }
}

static int show_class(items_asker *asker, const tk_item *item)
{
    cli_page *page = &asker->view->page;
    items_answer answer;
    tk_desk_result result;
    tk_status status = items_ask(asker, item->cells[TK_ITEM_ID], &answer, &result);
    if (status != TK_OK || answer.key == NULL)
        return cli_exit_of(status);
    char as_of[TK_DATE_TEXT_MAX], known_at[TK_DATE_TEXT_MAX];
    (void)tk_date_format(result.as_of, as_of);
    (void)tk_date_format(result.known_at, known_at);
    cli_put(page, CLI_BOLD, tk_arena_printf(&page->scratch, "Under " TK_FMT ", as of %s, known at %s",
                                            TK_ARG_STR(asker->regime), as_of, known_at));
    tk_out_char(page->out, '\n');
    cli_present_line(page, "class", answer.classification);
    if (answer.entry.len != 0)
        cli_present_line(page, "entry", answer.entry);
    if (answer.missing.len != 0)
        cli_present_line(page, "missing", classify_spaced(&page->scratch, answer.missing));
    show_rules(asker);
    return CLI_EXIT_OK;
}

static const tk_item *show_find(cli_view *view)
{
    const tk_catalogue *catalogue = tk_desk_catalogue(view->desk);
    tk_str id = TK_STR("");
    tk_err err = {0};
    if (tk_desk_find_item(view->desk, tk_str_from(view->args->positional[1]), &id, &err) != TK_OK)
        cli_complain_err(&err);
    for (size_t i = 0; id.len != 0 && i < tk_catalogue_item_count(catalogue); i++)
        if (tk_str_eq(tk_catalogue_item(catalogue, i)->cells[TK_ITEM_ID], id))
            return tk_catalogue_item(catalogue, i);
    return NULL;
}

static int items_show(cli_view *view)
{
    const tk_item *item = show_find(view);
    items_asker asker;
    int code = item == NULL ? CLI_EXIT_USAGE : items_asker_open(&asker, view);
    if (code != CLI_EXIT_OK)
        return code;
    cli_page *page = &view->page;
    cli_put(page, CLI_BOLD, item->cells[TK_ITEM_ID]);
    tk_out_text(page->out, "  ");
    cli_put_wrapped(page, CLI_PLAIN, item->cells[TK_ITEM_NAME], item->cells[TK_ITEM_ID].len + 2, 2);
    show_record(page, item);
    tk_out_char(page->out, '\n');
    show_figures(page, item);
    tk_out_char(page->out, '\n');
    code = show_class(&asker, item);
    tk_out_char(page->out, '\n');
    cli_present_line(page, "confidence", items_cell(item->cells[TK_ITEM_CONFIDENCE]));
    cli_present_line(page, "source", item->cells[TK_ITEM_SOURCE]);
    if (item->cells[TK_ITEM_NOTE].len != 0)
        cli_present_line(page, "note", item->cells[TK_ITEM_NOTE]);
    tk_clerk_free(asker.clerk);
    return code;
}

/* --- the verb --- */

int cli_items(const cli_verb *verb, const cli_args *args)
{
    enum { ASKING = CLI_BIT(AS_OF) | CLI_BIT(KNOWN_AT) | CLI_BIT(LAW) };
    static const cli_sub subs[] = {
        {.name = "list", .formats = "text|csv", .flags = ASKING, .body = items_list},
        {.name = "show", .argument = "item", .flags = ASKING, .body = items_show},
        {.name = "classify", .formats = "text|csv", .flags = ASKING, .body = items_classify},
    };
    return cli_sub_run(verb, args, subs, TK_COUNT(subs), false);
}
