/* SPDX-License-Identifier: Apache-2.0 */
/* parties_book.c: parties and holdings into the book and out of it. */
#include <string.h>

#include "base/csv.h"
#include "cli/parties.h"

/* --- what the rules say of a cell --- */

/* Cells that rules read must be what they can read, or every later question would stumble over them. */
static tk_status import_check(void *context, const tk_str *cells, tk_party_column *column, tk_err *err)
{
    static const tk_party_column asked[] = {TK_PARTY_COUNTRY, TK_PARTY_HQ,    TK_PARTY_PARENT,      TK_PARTY_PARENT_HQ,
                                            TK_PARTY_CLASS,   TK_PARTY_LISTS, TK_PARTY_ENTRY_REVIEW};
    parties_view *view = context;
    for (size_t i = 0; i < TK_COUNT(asked); i++) {
        tk_value value;
        tk_str name = tk_arena_printf(&view->page.scratch, "end_user.%s", tk_parties_column_name(TK_PARTIES, asked[i]));
        size_t slot = cells[asked[i]].len == 0 ? SIZE_MAX : tk_rulebook_find_fact(view->book, name, NULL);
        tk_err said = {0};
        if (slot == SIZE_MAX || tk_rulebook_read_value(view->book, slot, cells[asked[i]], &value, &said) == TK_OK)
            continue;
        *column = asked[i];
        return tk_err_set(err, TK_ERR_INPUT, "%s", said.message);
    }
    tk_arena_reset(&view->page.scratch);
    return TK_OK;
}

static bool import_is_list(const parties_view *view, tk_str code)
{
    size_t slot = tk_rulebook_find_fact(view->book, TK_STR("end_user.lists"), NULL);
    if (slot == SIZE_MAX)
        return false;
    tk_fact_info fact = tk_rulebook_fact(view->book, slot);
    for (size_t i = 0; i < fact.words_count; i++)
        if (tk_str_eq(fact.words[i], code))
            return true;
    return false;
}

/* A party of the catalogue, or an entry of a list ("EL:…"). */
static bool import_known(void *context, tk_str id)
{
    const parties_view *view = context;
    const tk_catalogue *catalogue = tk_desk_catalogue(view->desk);
    tk_str key = id, list;
    for (size_t i = 0; i < tk_catalogue_party_count(catalogue); i++)
        if (tk_str_eq(tk_catalogue_party(catalogue, i)->id, id))
            return true;
    return tk_str_split(&key, ':', &list) && list.len < id.len && import_is_list(view, list);
}

/* --- import and add --- */

static void import_say(void *context, bool note, const tk_err *err)
{
    parties_view *view = context;
    tk_arena *scratch = &view->page.scratch;
    tk_str file = tk_text_visible(scratch, tk_str_from(err->file));
    tk_str text = tk_text_visible(scratch, tk_str_from(err->message));
    (void)fprintf(stderr, TK_FMT, TK_ARG_STR(file));
    if (err->line != 0)
        (void)fprintf(stderr, ":%u:%u", (unsigned)err->line, (unsigned)err->column);
    (void)fprintf(stderr, ": %s: " TK_FMT "\n", note ? "note" : "rejected", TK_ARG_STR(text));
    tk_arena_reset(scratch);
}

static int import_run(parties_view *view, tk_parties_input *input)
{
    tk_parties_imported done;
    input->day = tk_date_today();
    input->say = import_say;
    input->check = import_check;
    input->known = import_known;
    input->context = view;
    tk_status status = tk_parties_import(view->store, input, &done, &view->err);
    if (status != TK_OK)
        return parties_failed(view, status);
    tk_out *out = view->page.out;
    tk_out_printf(out, "%llu %s read: %llu new, %llu replaced, %llu there already, %llu rejected\n",
                  (unsigned long long)done.read, done.table == TK_PARTIES ? "parties" : "holdings",
                  (unsigned long long)done.added, (unsigned long long)done.replaced, (unsigned long long)done.there,
                  (unsigned long long)done.rejected);
    if (done.batch != 0)
        tk_out_printf(out, "batch %lld, recorded %lld to %lld\n", (long long)done.batch, (long long)done.first,
                      (long long)done.last);
    return done.rejected == 0 ? CLI_EXIT_OK : CLI_EXIT_USAGE;
}

int parties_import(parties_view *view)
{
    const char *path = view->args->positional[1];
    bool standard = strcmp(path, "-") == 0;
    FILE *file = standard ? stdin : fopen(path, "rb");
    if (file == NULL) {
        cli_complain("%s: cannot be opened", path);
        return CLI_EXIT_FAILURE;
    }
    tk_parties_input input = {.name = standard ? TK_STR("standard input") : tk_str_from(path),
                              .stream = file,
                              .ignore_unknown = view->args->values[CLI_FLAG_IGNORE_UNKNOWN] != NULL};
    int code = import_run(view, &input);
    if (!standard)
        (void)fclose(file);
    return code;
}

/* Arguments "column=value" are a file of one row: the same checks, the same messages. */
int parties_add(parties_view *view)
{
    const cli_args *args = view->args;
    tk_out text;
    tk_out_init(&text, NULL);
    for (size_t line = 0; line < 2; line++) {
        for (size_t i = 1; i < args->positional_count; i++) {
            const char *equals = strchr(args->positional[i], '=');
            if (equals == NULL) {
                cli_complain("parties add '%s': expected a column and its value, as hq=DE", args->positional[i]);
                tk_out_fini(&text);
                return CLI_EXIT_USAGE;
            }
            tk_str column = {args->positional[i], (size_t)(equals - args->positional[i])};
            tk_csv_write_cell(&text, line == 0 ? column : tk_str_from(equals + 1), i == 1, true);
        }
        tk_out_char(&text, '\n');
    }
    int code = CLI_EXIT_FAILURE;
    tk_parties_input input = {.name = TK_STR("parties add"), .text = tk_out_str(&text)};
    if (text.status == TK_OK)
        code = import_run(view, &input);
    else
        cli_complain("out of memory");
    tk_out_fini(&text);
    return code;
}

/* --- export --- */

int parties_export(parties_view *view)
{
    const char *wanted = view->args->positional_count < 2 ? "parties" : view->args->positional[1];
    if (!cli_check_choice("parties export", "parties|holdings", wanted))
        return CLI_EXIT_USAGE;
    tk_parties_table table = strcmp(wanted, "parties") == 0 ? TK_PARTIES : TK_HOLDINGS;
    return parties_failed(view, tk_parties_export(view->store, INT64_MAX, table, view->page.out, &view->err));
}
