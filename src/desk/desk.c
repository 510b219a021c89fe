/* SPDX-License-Identifier: Apache-2.0 */
/* desk.c: opening the desk: sources of the rules, the records, one compilation, and the days on which anything changes.
 *
 * Data is compiled into the program; a folder is read only when an option names it, never because it happens to lie in
 * the current folder.
 */
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/sha256.h"
#include "desk/desk_int.h"
#include "desk/embedded.h"
#include "desk/screening.h"
#include "desk/world.h"

/* --- files of the rulebook --- */

static bool desk_is_rulebook_file(tk_str name)
{
    return tk_str_ends(name, TK_STR(".rules")) || tk_str_ends(name, TK_STR("provisions.csv"));
}

static tk_status desk_read_embedded(tk_desk *desk, tk_err *err)
{
    tk_str folder = TK_STR("rulebooks/");
    desk->files = TK_ARENA_ARRAY(&desk->keep, tk_source, tk_embedded_files_count);
    if (desk->files == NULL)
        return tk_err_set(err, TK_ERR_MEMORY, "out of memory for the rulebook");
    for (size_t i = 0; i < tk_embedded_files_count; i++) {
        tk_str path = tk_embedded_files[i].path;
        if (!tk_str_starts(path, folder) || !desk_is_rulebook_file(path))
            continue;
        tk_str name = {path.ptr + folder.len, path.len - folder.len};
        desk->files[desk->files_count++] = (tk_source){.name = name, .text = tk_embedded_files[i].text};
    }
    return TK_OK;
}

static tk_status desk_read_some(tk_desk *desk, const char *folder, const tk_str *names, size_t count, size_t bytes_max,
                                tk_err *err)
{
    for (size_t i = 0; i < count; i++) {
        tk_str path = tk_arena_printf(&desk->keep, "%s/" TK_FMT, folder, TK_ARG_STR(names[i]));
        if (path.ptr == NULL)
            return tk_err_set(err, TK_ERR_MEMORY, "out of memory for the rulebook");
        tk_source *file = &desk->files[desk->files_count];
        file->name = names[i];
        tk_status status = tk_file_read(path.ptr, bytes_max, &desk->keep, &file->text, err);
        if (status != TK_OK)
            return status;
        desk->files_count++;
    }
    return TK_OK;
}

static tk_status desk_read_folder(tk_desk *desk, const char *folder, tk_err *err)
{
    tk_str *rules = NULL, *provisions = NULL;
    size_t rules_count = 0, provisions_count = 0;
    tk_status status = tk_file_list(folder, ".rules", &desk->keep, &rules, &rules_count, err);
    if (status == TK_OK)
        status = tk_file_list(folder, "provisions.csv", &desk->keep, &provisions, &provisions_count, err);
    if (status != TK_OK)
        return status;
    if (rules_count == 0)
        return tk_err_set(err, TK_ERR_INPUT, "%s: no file in it ends in .rules", folder);
    desk->files = TK_ARENA_ARRAY(&desk->keep, tk_source, rules_count + provisions_count);
    if (desk->files == NULL)
        return tk_err_set(err, TK_ERR_MEMORY, "out of memory for the rulebook");
    status = desk_read_some(desk, folder, rules, rules_count, TK_RULEBOOK_FILE_BYTES_MAX, err);
    if (status == TK_OK)
        status = desk_read_some(desk, folder, provisions, provisions_count, TK_DATA_FILE_BYTES_MAX, err);
    return status;
}

static tk_status desk_compile(tk_desk *desk, const tk_vocabulary *vocabulary, tk_messages **messages, tk_err *err)
{
    tk_err looked_up = {0};
    tk_source *sources = TK_ARENA_ARRAY(&desk->keep, tk_source, desk->files_count + 1);
    if (sources == NULL)
        return tk_err_set(err, TK_ERR_MEMORY, "out of memory for the rulebook");
    size_t count = 0;
    for (size_t i = 0; i < desk->files_count; i++)
        if (tk_str_ends(desk->files[i].name, TK_STR(".rules")))
            sources[count++] = desk->files[i];
    tk_status status = tk_rulebook_compile(sources, count, vocabulary, &desk->book, messages, err);
    if (desk_claims_failure(desk->claims, &looked_up) == TK_OK)
        return status;
    *err = looked_up; /* whatever the compiler said for want of a claim */
    tk_messages_free(*messages);
    *messages = NULL;
    return looked_up.status;
}

/* A mistake may be the name of a claim: then all names are read, so that the message can say which one was meant. */
static tk_status desk_compile_again(tk_desk *desk, tk_vocabulary *vocabulary, tk_messages **messages, tk_err *err)
{
    *err = (tk_err){0};
    tk_messages_free(*messages);
    *messages = NULL;
    tk_status status = desk_claims_read_all(desk->claims, vocabulary, err);
    return status == TK_OK ? desk_compile(desk, vocabulary, messages, err) : status;
}

size_t tk_desk_file_count(const tk_desk *desk)
{
    return desk->files_count;
}

tk_source tk_desk_file(const tk_desk *desk, size_t index)
{
    TK_ASSERT(index < desk->files_count);
    return desk->files[index];
}

/* --- the days on which anything changes --- */

typedef struct desk_days {
    tk_date *days;
    size_t count, size;
    bool failed;
} desk_days;

static void days_add(desk_days *days, tk_date day)
{
    if (day == TK_DATE_MIN || day == TK_DATE_MAX)
        return;
    if (days->count == days->size) {
        size_t size = days->size == 0 ? 1024 : days->size * 2;
        tk_date *more = realloc(days->days, size * sizeof(*more));
        if (more == NULL) {
            days->failed = true;
            return;
        }
        days->days = more;
        days->size = size;
    }
    days->days[days->count++] = day;
}

static bool days_digits(const char *at, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (at[i] < '0' || '9' < at[i])
            return false;
    return true;
}

/* Every "YYYY-MM-DD" and "YYYY-MM" written anywhere in a text, whatever it means there. A span ends with the day that
 * is written, so the day after it is a cut as well. Too many cuts cost a little memory; one too few would be wrong. */
static void days_scan(desk_days *days, tk_str text)
{
    for (size_t i = 0; i + 7 <= text.len; i++) {
        if (text.ptr[i + 4] != '-' || !days_digits(text.ptr + i, 4) || !days_digits(text.ptr + i + 5, 2))
            continue;
        bool whole = i + 10 <= text.len && text.ptr[i + 7] == '-' && days_digits(text.ptr + i + 8, 2);
        tk_date first, last;
        if (tk_date_parse_partial((tk_str){text.ptr + i, whole ? 10 : 7}, &first, &last, NULL) != TK_OK)
            continue;
        days_add(days, first);
        days_add(days, first + 1);
        days_add(days, last);
        days_add(days, last + 1);
    }
}

static int days_order(const void *a, const void *b)
{
    tk_date left = *(const tk_date *)a, right = *(const tk_date *)b;
    return left < right ? -1 : (right < left ? 1 : 0);
}

/* A report counts for a fact from the day it is about, until it was heard too long ago. */
static void days_claims(desk_days *days, const tk_rulebook *book, const tk_claims_day_list *said)
{
    for (size_t i = 0; i < tk_rulebook_claim_count(book); i++)
        days_add(days, tk_rulebook_claim_published(book, i));
    for (size_t i = 0; i < said->count; i++)
        days_add(days, said->days[i]);
    for (size_t slot = 0; slot < tk_rulebook_fact_count(book); slot++) {
        tk_fact_info fact = tk_rulebook_fact(book, slot);
        for (size_t i = 0; i < said->count && fact.from_claims && fact.holds != 0; i++)
            days_add(days, said->days[i] + fact.holds + 1);
    }
}

static tk_status desk_find_cuts(tk_desk *desk, const tk_vocabulary *vocabulary, const tk_claims_day_list *said,
                                tk_err *err)
{
    desk_days days = {0};
    for (size_t i = 0; i < desk->files_count; i++)
        days_scan(&days, desk->files[i].text);
    for (size_t i = 0; i < vocabulary->groups_count; i++) {
        const tk_group_row *row = &vocabulary->groups[i];
        days_add(&days, row->from);
        days_add(&days, row->published);
        if (row->to != TK_DATE_MAX && row->to != TK_DATE_MIN)
            days_add(&days, row->to + 1);
    }
    days_claims(&days, desk->book, said);
    /* Limits over a calendar year begin anew with it. */
    for (int year = 1990; year < 2100; year++) {
        char text[16];
        tk_date first, last;
        (void)snprintf(text, sizeof(text), "%d", year);
        if (tk_date_parse_partial(tk_str_from(text), &first, &last, NULL) == TK_OK)
            days_add(&days, first);
    }
    if (days.count != 0)
        qsort(days.days, days.count, sizeof(*days.days), days_order);
    size_t kept = 0;
    for (size_t i = 0; i < days.count; i++)
        if (kept == 0 || days.days[kept - 1] != days.days[i])
            days.days[kept++] = days.days[i];
    desk->cuts = TK_ARENA_ARRAY(&desk->keep, tk_date, kept);
    bool failed = days.failed || desk->cuts == NULL;
    if (!failed && kept != 0) {
        memcpy(desk->cuts, days.days, kept * sizeof(*days.days));
        desk->cuts_count = kept;
    }
    free(days.days);
    return failed ? tk_err_set(err, TK_ERR_MEMORY, "out of memory for the rulebook's days") : TK_OK;
}

/* --- opening --- */

static void desk_find_columns(tk_desk *desk)
{
    for (size_t i = 0; i < TK_COLUMN_COUNT; i++) {
        tk_str fact = tk_column_fact((tk_column)i);
        desk->column_slots[i] = fact.len == 0 ? SIZE_MAX : tk_rulebook_find_fact(desk->book, fact, NULL);
    }
}

static int desk_ahead_order(const void *id, const void *ahead)
{
    return tk_str_cmp(*(const tk_str *)id, ((const tk_claim_ahead *)ahead)->id);
}

/* Of the claims that can change an answer; a price of "2026", which counts from the last day of the year, is none. What
 * was imported before its day joins when that comes. */
static tk_status desk_find_newest(tk_desk *desk, const tk_claims_day_list *said, tk_err *err)
{
    const tk_claim_ahead *ahead;
    size_t ahead_count;
    desk->claims_newest = said->newest;
    tk_status status = desk_claims_ahead(desk->claims, &desk->keep, &ahead, &ahead_count, err);
    if (status != TK_OK)
        return status;
    desk->claims_ahead = TK_ARENA_ARRAY(&desk->keep, tk_date, ahead_count);
    if (desk->claims_ahead == NULL)
        return tk_err_set(err, TK_ERR_MEMORY, "out of memory for the claims");
    for (size_t i = 0; i < ahead_count; i++) {
        size_t claim = tk_rulebook_find_claim(desk->book, ahead[i].id, NULL);
        if (ahead[i].speaks || (claim != SIZE_MAX && tk_rulebook_claim_named(desk->book, claim)))
            desk->claims_ahead[desk->claims_ahead_count++] = ahead[i].published;
    }
    for (size_t i = 0; i < tk_rulebook_claim_count(desk->book); i++) {
        tk_str id = tk_rulebook_claim(desk->book, i);
        tk_date published = tk_rulebook_claim_published(desk->book, i);
        bool early = ahead_count != 0 && bsearch(&id, ahead, ahead_count, sizeof(ahead[0]), desk_ahead_order) != NULL;
        if (!early && tk_rulebook_claim_named(desk->book, i) && published != TK_DATE_MAX
            && desk->claims_newest < published)
            desk->claims_newest = published;
    }
    return TK_OK;
}

static tk_status desk_find_days(tk_desk *desk, const tk_vocabulary *vocabulary, tk_err *err)
{
    tk_claims_day_list said;
    tk_arena arena;
    tk_arena_init(&arena, (size_t)16 * 1024, 0);
    tk_status status = desk_claims_days(desk->claims, &arena, &said, err);
    if (status == TK_OK)
        status = desk_find_newest(desk, &said, err);
    if (status == TK_OK)
        status = desk_find_cuts(desk, vocabulary, &said, err);
    tk_arena_fini(&arena);
    return status;
}

tk_status tk_desk_open(const tk_desk_options *options, tk_desk **out, tk_messages **messages, tk_err *err)
{
    tk_desk_options usual = TK_DESK_OPTIONS_INIT;
    if (options == NULL)
        options = &usual;
    *out = NULL;
    if (messages != NULL)
        *messages = NULL;
    if (options->version != TK_DESK_OPTIONS_VERSION)
        return tk_err_set(err, TK_ERR_USAGE, "tk_desk_options of version %u; this library knows version %d",
                          options->version, TK_DESK_OPTIONS_VERSION);
    tk_desk *desk = calloc(1, sizeof(*desk));
    if (desk == NULL)
        return tk_err_set(err, TK_ERR_MEMORY, "out of memory for a desk");
    tk_arena_init(&desk->keep, (size_t)256 * 1024, 0);
    tk_messages *said = NULL;
    tk_vocabulary vocabulary = {0};
    tk_status status = options->rulebook_folder == NULL ? desk_read_embedded(desk, err)
                                                        : desk_read_folder(desk, options->rulebook_folder, err);
    if (status == TK_OK)
        status = desk_records_open(desk, options, &vocabulary, err);
    if (status == TK_OK)
        status = desk_compile(desk, &vocabulary, &said, err);
    if (status == TK_ERR_INPUT && options->claims_named_only && said != NULL)
        status = desk_compile_again(desk, &vocabulary, &said, err);
    if (status == TK_OK) {
        desk_find_columns(desk);
        status = desk_records_bind(desk, err);
    }
    if (status == TK_OK)
        status = desk_claims_bind(desk->claims, desk->book, err);
    if (status == TK_OK) {
        desk->example_worlds = desk_worlds_new(desk);
        status = desk->example_worlds == NULL ? tk_err_set(err, TK_ERR_MEMORY, "out of memory for a desk") : TK_OK;
    }
    if (status == TK_OK)
        status = desk_find_days(desk, &vocabulary, err);
    if (status == TK_OK)
        status = desk_shelf_open(options, &desk->shelf, err);
    if (messages != NULL)
        *messages = said;
    else
        tk_messages_free(said);
    if (status != TK_OK) {
        tk_desk_close(desk);
        return status;
    }
    *out = desk;
    return TK_OK;
}

void tk_desk_close(tk_desk *desk)
{
    if (desk == NULL)
        return;
    desk_worlds_free(desk->example_worlds);
    desk_shelf_close(desk->shelf);
    desk_claims_close(desk->claims);
    tk_rulebook_free(desk->book);
    desk_records_close(desk);
    tk_arena_fini(&desk->keep);
    free(desk);
}

const tk_rulebook *tk_desk_rulebook(const tk_desk *desk)
{
    return desk->book;
}

int64_t tk_desk_claims_recorded(const tk_desk *desk)
{
    return desk_claims_recorded(desk->claims);
}

tk_str tk_desk_catalogue_hash(const tk_desk *desk)
{
    return tk_str_from(desk->catalogue_hash);
}

tk_str tk_desk_claims_hash(const tk_desk *desk)
{
    return tk_str_from(desk->claims_hash);
}

/* --- items by id or tail --- */

/* As an id is written; text that is too long for an id stays as it is. */
static tk_str item_folded(tk_str text, char out[TK_ID_BYTES_MAX])
{
    if (TK_ID_BYTES_MAX < text.len)
        return text;
    for (size_t i = 0; i < text.len; i++) {
        char c = text.ptr[i];
        out[i] = c == ' ' ? '-' : 'A' <= c && c <= 'Z' ? (char)(c + ('a' - 'A')) : c;
    }
    return (tk_str){out, text.len};
}

static bool item_tail_matches(tk_str id, tk_str tail)
{
    return tail.len < id.len && tk_str_ends(id, tail) && id.ptr[id.len - tail.len - 1] == '-';
}

/* Is the text one or more whole parts of the id, as h200 of nvidia-h200-sxm? */
static bool item_part_matches(tk_str id, tk_str part)
{
    for (size_t at = 0; part.len != 0 && at + part.len <= id.len; at++)
        if (memcmp(id.ptr + at, part.ptr, part.len) == 0 && (at == 0 || id.ptr[at - 1] == '-')
            && (at + part.len == id.len || id.ptr[at + part.len] == '-'))
            return true;
    return false;
}

/* No id and no tail: the ids that hold the text, else the nearest one. `asked` is the text as it was written. */
static tk_status item_unknown(const tk_desk *desk, tk_str asked, tk_str text, tk_err *err)
{
    size_t found = 0;
    tk_str first = TK_STR("");
    for (size_t i = 0; i < desk->items_count; i++)
        if (item_part_matches(desk->items[i].id, text) && found++ == 0)
            first = desk->items[i].id;
    if (found != 0)
        return tk_err_set(err, TK_ERR_INPUT, "'" TK_FMT "' is no item of the catalogue, only part of %zu id%s; did you "
                          "mean '" TK_FMT "'?", TK_ARG_STR(asked), found, found == 1 ? "" : "s", TK_ARG_STR(first));
    /* The nearest id, also by its tails: 'h200-sxn' is nearer to 'h200-sxm' than to any whole id. */
    tk_nearest near = tk_nearest_make(text);
    tk_str best = TK_STR("");
    for (size_t i = 0; i < desk->items_count; i++) {
        tk_str tail = desk->items[i].id;
        while (tail.len != 0) {
            unsigned before = near.distance;
            tk_nearest_offer(&near, tail);
            if (near.distance < before)
                best = desk->items[i].id;
            const char *dash = memchr(tail.ptr, '-', tail.len);
            tail = dash == NULL ? (tk_str){tail.ptr, 0}
                                : (tk_str){dash + 1, tail.len - (size_t)(dash + 1 - tail.ptr)};
        }
    }
    if (best.len != 0)
        return tk_err_set(err, TK_ERR_INPUT, "'" TK_FMT "' is no item of the catalogue; did you mean '" TK_FMT "'?",
                          TK_ARG_STR(asked), TK_ARG_STR(best));
    return tk_err_set(err, TK_ERR_INPUT, "'" TK_FMT "' is no item of the catalogue; 'twokey items list' names them",
                      TK_ARG_STR(asked));
}

tk_status tk_desk_find_item(const tk_desk *desk, tk_str text, tk_str *id, tk_err *err)
{
    /* Ids are in lower case and without spaces; people write "H200 SXM". */
    char folded[TK_ID_BYTES_MAX];
    tk_str asked = tk_str_trim(text);
    text = item_folded(asked, folded);
    uint32_t known = desk_index_find(&desk->items_by_id, text);
    if (known != UINT32_MAX) {
        *id = desk->items[known].id;
        return TK_OK;
    }
    size_t found = 0;
    tk_str first = TK_STR(""), second = TK_STR("");
    for (size_t i = 0; i < desk->items_count; i++) {
        if (!item_tail_matches(desk->items[i].id, text))
            continue;
        *(found == 0 ? &first : &second) = desk->items[i].id;
        found++;
    }
    if (found == 1) {
        *id = first;
        return TK_OK;
    }
    if (2 <= found)
        return tk_err_set(err, TK_ERR_INPUT, "'" TK_FMT "' names %zu items, '" TK_FMT "' and '" TK_FMT
                          "' among them; expected an id or a tail that names one", TK_ARG_STR(asked), found,
                          TK_ARG_STR(first), TK_ARG_STR(second));
    return item_unknown(desk, asked, text, err);
}

/* --- examples of the rulebook --- */

void tk_desk_example_rows(void *ctx, tk_str role_or_item, tk_str id, tk_facts *facts)
{
    const tk_desk *desk = ctx;
    const desk_facts *row = NULL;
    if (role_or_item.len == 0) {
        desk_worlds_begin(desk->example_worlds, NULL, 0);
        tk_facts_set_claims(facts, desk_worlds_source(desk->example_worlds));
        return;
    }
    if (tk_str_is(role_or_item, "item")) {
        tk_str whole = TK_STR("");
        bool known = tk_desk_find_item(desk, id, &whole, NULL) == TK_OK;
        uint32_t item = known ? desk_index_find(&desk->items_by_id, whole) : UINT32_MAX;
        row = item == UINT32_MAX ? NULL : &desk->items[item].row;
    } else {
        size_t role = tk_role_find(role_or_item);
        uint32_t party = desk_index_find(&desk->parties_by_id, id);
        row = party == UINT32_MAX || TK_ROLE_COUNT <= role ? NULL : &desk->parties[party].roles[role];
    }
    for (size_t i = 0; row != NULL && i < row->count; i++)
        tk_facts_set(facts, row->facts[i].slot, row->facts[i].value, TK_FACT_ROW);
}
