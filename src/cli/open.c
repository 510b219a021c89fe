/* SPDX-License-Identifier: Apache-2.0 */
/* open.c: the desk as the flags say, and the question put to it. */
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "cli/cli_int.h"
#include "cli/shelf.h"
#include "store/book.h"
#include "store/store.h"

static const char *severity_name(tk_severity severity)
{
    switch (severity) {
    case TK_SEVERITY_ERROR:
        return "error";
    case TK_SEVERITY_WARNING:
        return "warning";
    case TK_SEVERITY_NOTE:
        break;
    }
    return "note";
}

static void write_message(tk_out *out, tk_arena *arena, const tk_message *message)
{
    tk_str file = tk_text_visible(arena, message->file), text = tk_text_visible(arena, message->text);
    tk_out_printf(out, TK_FMT ":%u:%u: %s: " TK_FMT "\n", TK_ARG_STR(file), (unsigned)message->line,
                  (unsigned)message->column, severity_name(message->severity), TK_ARG_STR(text));
    if (message->excerpt.len == 0)
        return;
    tk_out_printf(out, "  " TK_FMT "\n  ", TK_ARG_STR(message->excerpt));
    tk_str before = message->excerpt;
    if (message->column != 0 && message->column - 1 < before.len)
        before.len = message->column - 1;
    for (size_t column = tk_text_width(before); column != 0; column--)
        tk_out_char(out, ' ');
    for (uint32_t column = 0; column < message->width; column++)
        tk_out_char(out, '^');
    tk_out_char(out, '\n');
}

void cli_write_messages(tk_out *out, const tk_messages *messages, tk_severity least)
{
    tk_arena arena;
    tk_arena_init(&arena, (size_t)16 * 1024, 0);
    for (size_t i = 0; i < tk_messages_count(messages); i++) {
        const tk_message *message = tk_messages_get(messages, i);
        if (message->severity <= least)
            write_message(out, &arena, message);
        tk_arena_reset(&arena);
    }
    tk_arena_fini(&arena);
}

void cli_print_messages(FILE *stream, const tk_messages *messages, tk_severity least)
{
    tk_out out;
    tk_out_init(&out, stream);
    cli_write_messages(&out, messages, least);
    if (tk_out_flush(&out, NULL) != TK_OK)
        (void)fputs("twokey: messages could not be written\n", stderr);
    tk_out_fini(&out);
}

static int open_desk(const cli_args *args, tk_desk_options *options, tk_desk **desk, tk_messages **messages)
{
    options->rulebook_folder = args->values[CLI_FLAG_RULEBOOK];
    options->catalogue_folder = args->values[CLI_FLAG_CATALOGUE];
    options->parties_file = args->values[CLI_FLAG_PARTIES];
    tk_err err = {0};
    tk_messages *said = NULL;
    tk_status status = tk_desk_open(options, desk, &said, &err);
    if (status != TK_OK) {
        size_t errors = 0;
        for (size_t i = 0; i < tk_messages_count(said); i++)
            errors += tk_messages_get(said, i)->severity == TK_SEVERITY_ERROR ? 1 : 0;
        cli_print_messages(stderr, said, TK_SEVERITY_ERROR);
        if (errors == 0 || err.message[0] != 0)
            cli_complain_err(&err);
    }
    if (messages != NULL && status == TK_OK)
        *messages = said;
    else
        tk_messages_free(said);
    return cli_exit_of(status);
}

/* The book whose claims count: the one asked for, else the user's own where there is one. */
static int open_book(const cli_args *args, tk_arena *arena, tk_desk_options *options)
{
    tk_err err = {0};
    tk_str path;
    tk_num number = 0;
    const char *asked = args->values[CLI_FLAG_BOOK], *at = args->values[CLI_FLAG_CLAIMS_AT];
    if (at != NULL && (tk_num_parse(tk_str_from(at), &number, &err) != TK_OK || number % TK_NUM_SCALE != 0
                       || number < TK_NUM_SCALE)) {
        cli_complain("--claims-at '%s': expected the number of a claim, as answers print it", at);
        return CLI_EXIT_USAGE;
    }
    options->claims_at = number / TK_NUM_SCALE;
    options->book_shared = args->values[CLI_FLAG_SHARED] != NULL;
    tk_book_place place = tk_book_place_of(asked);
    tk_status status = tk_book_path(&place, arena, &path, &err);
    /* Where nobody named a book, and there is no place for one, there is none. */
    bool named = asked != NULL || (place.book != NULL && place.book[0] != '\0');
    if (status != TK_OK && named) {
        cli_complain_err(&err);
        return cli_exit_of(status);
    }
    if (status == TK_OK && (asked != NULL || tk_store_present(path.ptr)))
        options->book = path.ptr;
    return CLI_EXIT_OK;
}

/* The lists that parties are run against: those asked for, else those beside the book where there are any. */
static int open_lists(const cli_args *args, tk_arena *arena, tk_desk_options *options)
{
    tk_str path;
    const char *asked = args->values[CLI_FLAG_LISTS];
    tk_book_place place = tk_book_place_of(args->values[CLI_FLAG_BOOK]);
    if (asked == NULL && tk_book_path(&place, arena, &path, NULL) != TK_OK)
        return CLI_EXIT_OK; /* no place for a book, nor beside it */
    int code = cli_shelf_path(args, arena, &path);
    if (code == CLI_EXIT_OK && (asked != NULL || tk_store_present(path.ptr)))
        options->lists_folder = path.ptr;
    return code;
}

static int world_by_name(const char *name)
{
    static const char *const names[] = {"law", "prevailing", "strict", "open"};
    static const tk_world worlds[] = {TK_WORLD_LAW, TK_WORLD_PREVAILING, TK_WORLD_STRICT, TK_WORLD_OPEN};
    for (size_t i = 0; i < TK_COUNT(names); i++)
        if (strcmp(name, names[i]) == 0)
            return (int)worlds[i];
    return -1;
}

/* Ids among other text: `gaps` stand between them, and # begins a remark. */
static void believe_text(tk_str text, const char *gaps, tk_arena *arena, tk_str *ids, size_t size, size_t *count)
{
    tk_str line;
    while (text.len != 0 && tk_str_split(&text, '\n', &line))
        for (size_t at = 0; at < line.len && line.ptr[at] != '#';) {
            size_t begin = at;
            while (at < line.len && line.ptr[at] != '#' && strchr(gaps, line.ptr[at]) == NULL)
                at++;
            if (at != begin && *count < size)
                ids[(*count)++] = tk_arena_copy(arena, (tk_str){line.ptr + begin, at - begin});
            at += at < line.len && line.ptr[at] != '#' ? 1 : 0;
        }
}

/* The claims that the question will name, as they are typed. Nothing is checked here: what is wrong with them is said
 * when the question is read. */
static void believe_ids(const cli_args *args, const tk_str *more, size_t more_count, tk_arena *arena,
                        tk_desk_options *options)
{
    const char *world = args->values[CLI_FLAG_WORLD];
    tk_str *ids = TK_ARENA_ARRAY(arena, tk_str, more_count + TK_CLAIMS_BELIEVED_MAX), text;
    size_t count = ids == NULL ? 0 : more_count;
    tk_err unread = {0};
    if (count != 0)
        memcpy(ids, more, count * sizeof *ids);
    for (size_t i = 0; ids != NULL && i < args->believe_count; i++)
        believe_text(tk_str_from(args->believe[i]), " \t\r,;", arena, ids, more_count + TK_CLAIMS_BELIEVED_MAX, &count);
    if (ids != NULL && world != NULL && world_by_name(world) < 0
        && tk_file_read(world, TK_DATA_FILE_BYTES_MAX, arena, &text, &unread) == TK_OK)
        believe_text(text, " \t\r,;", arena, ids, more_count + TK_CLAIMS_BELIEVED_MAX, &count);
    options->claims_named_only = true;
    options->believe = ids;
    options->believe_count = ids == NULL ? 0 : count;
}

static bool believe_known(const tk_desk *desk, const tk_desk_options *options)
{
    bool known = true;
    for (size_t i = 0; i < options->believe_count; i++)
        known &= tk_rulebook_find_claim(tk_desk_rulebook(desk), options->believe[i], NULL) != SIZE_MAX;
    return known;
}

static int desk_open(const cli_args *args, bool with_book, const tk_str *more, size_t more_count, tk_desk **desk,
                     tk_messages **messages)
{
    tk_desk_options options = TK_DESK_OPTIONS_INIT;
    tk_arena arena;
    tk_arena_init(&arena, 4096, 0);
    int code = with_book ? open_book(args, &arena, &options) : CLI_EXIT_OK;
    if (code == CLI_EXIT_OK && with_book)
        code = open_lists(args, &arena, &options);
    if (with_book)
        believe_ids(args, more, more_count, &arena, &options);
    if (code == CLI_EXIT_OK)
        code = open_desk(args, &options, desk, messages);
    /* In another case, or wrong: among all claims there is the right one, or the nearest. */
    if (code == CLI_EXIT_OK && options.claims_named_only && !believe_known(*desk, &options)) {
        if (messages != NULL)
            tk_messages_free(*messages);
        tk_desk_close(*desk);
        options.claims_named_only = false;
        code = open_desk(args, &options, desk, messages);
    }
    tk_arena_fini(&arena);
    return code;
}

int cli_desk_open(const cli_args *args, bool with_book, tk_desk **desk, tk_messages **messages)
{
    return desk_open(args, with_book, NULL, 0, desk, messages);
}

int cli_desk_open_believing(const cli_args *args, const tk_str *ids, size_t count, tk_desk **desk)
{
    return desk_open(args, true, ids, count, desk, NULL);
}

static bool question_date(const cli_args *args, cli_flag flag, bool *given, tk_date *date)
{
    const char *text = args->values[flag];
    *given = text != NULL;
    if (text == NULL)
        return true;
    tk_err err = {0};
    if (tk_date_parse(tk_str_from(text), date, &err) == TK_OK)
        return true;
    cli_complain("--%s: %s", cli_flag_infos[flag].name, err.message);
    return false;
}

static int claims_order(uint32_t a, uint32_t b)
{
    return a < b ? -1 : (b < a ? 1 : 0);
}

/* Kept sorted, each once. */
static bool question_add_claim(cli_question *question, uint32_t claim)
{
    size_t count = question->ask.claims_count, at = count;
    while (at != 0 && 0 < claims_order(question->claims[at - 1], claim))
        at--;
    if (at != 0 && question->claims[at - 1] == claim)
        return true;
    if (TK_CLAIMS_BELIEVED_MAX <= count) {
        cli_complain("--believe: more than %d claims", TK_CLAIMS_BELIEVED_MAX);
        return false;
    }
    memmove(&question->claims[at + 1], &question->claims[at], (count - at) * sizeof(question->claims[0]));
    question->claims[at] = claim;
    question->ask.claims_count++;
    return true;
}

/* Ids with spaces, commas or semicolons between them; `where` begins the message about one that there is not. */
static bool question_claims(const char *where, tk_str text, const tk_rulebook *book, cli_question *question)
{
    for (size_t at = 0; at < text.len;) {
        size_t begin = at;
        while (at < text.len && strchr(" \t\r\n,;", text.ptr[at]) == NULL)
            at++;
        tk_str id = {text.ptr + begin, at - begin}, nearest;
        at++;
        if (id.len == 0)
            continue;
        size_t claim = cli_find_claim(book, id, &nearest);
        if (claim == SIZE_MAX) {
            char hint[CLI_HINT_MAX];
            cli_complain("%s'" TK_FMT "': there is no such claim%s", where, TK_ARG_STR(id), cli_hint(nearest, hint));
            return false;
        }
        if (!question_add_claim(question, (uint32_t)claim))
            return false;
    }
    return true;
}

static bool question_believe(const cli_args *args, const tk_rulebook *book, cli_question *question)
{
    for (size_t i = 0; i < args->believe_count; i++)
        if (!question_claims("--believe ", tk_str_from(args->believe[i]), book, question))
            return false;
    return true;
}

/* --- worlds --- */

static bool world_line(const char *path, uint32_t line, tk_str text, const tk_rulebook *book, cli_question *question)
{
    char where[TK_ERR_FILE_MAX];
    tk_str comment = {memchr(text.ptr, '#', text.len), 0};
    if (comment.ptr != NULL)
        text.len = (size_t)(comment.ptr - text.ptr);
    (void)snprintf(where, sizeof where, "%s:%u: ", path, line);
    return question_claims(where, text, book, question);
}

static bool world_lines(const char *path, tk_str text, const tk_rulebook *book, cli_question *question)
{
    tk_str line;
    uint32_t number = 0;
    while (text.len != 0 && tk_str_split(&text, '\n', &line)) {
        number++;
        if (line.len != 0 && !world_line(path, number, line, book, question))
            return false;
    }
    return true;
}

/* A world of one's own: ids of claims, several a line, with # before a remark. */
static int world_file(const char *path, const tk_rulebook *book, cli_question *question)
{
    tk_arena arena;
    tk_err err = {0};
    tk_str text;
    tk_arena_init(&arena, 4096, 0);
    tk_status status = tk_file_read(path, TK_DATA_FILE_BYTES_MAX, &arena, &text, &err);
    bool good = status == TK_OK && world_lines(path, text, book, question);
    if (status != TK_OK)
        cli_complain_err(&err);
    tk_arena_fini(&arena);
    (void)snprintf(question->world_name, sizeof question->world_name, "%s", path);
    question->ask.world = TK_WORLD_CHOSEN;
    question->ask.world_name = tk_str_from(question->world_name);
    return status != TK_OK ? cli_exit_of(status) : (good ? CLI_EXIT_OK : CLI_EXIT_USAGE);
}

/* Looks for two claims of the question that cannot both be true. */
static int question_opposed(const tk_desk *desk, cli_question *question)
{
    tk_err err = {0};
    tk_str ids[2];
    if (question->ask.claims_count < 2)
        return CLI_EXIT_OK;
    tk_status status = tk_desk_opposed(desk, question->claims, question->ask.claims_count, &question->opposed, &ids[0],
                                       &ids[1], &err);
    if (status != TK_OK) {
        cli_complain_err(&err);
        return cli_exit_of(status);
    }
    for (size_t i = 0; i < 2 && question->opposed; i++)
        question->opposed_claims[i] = (uint32_t)tk_rulebook_find_claim(tk_desk_rulebook(desk), ids[i], NULL);
    return CLI_EXIT_OK;
}

/* A file that contradicts itself is refused; what is believed beside a world is everybody's own business. */
static int world_file_holds(const cli_args *args, const tk_desk *desk, cli_question *question)
{
    const tk_rulebook *book = tk_desk_rulebook(desk);
    int code = question_opposed(desk, question);
    if (code != CLI_EXIT_OK || !question->opposed || args->values[CLI_FLAG_ALLOW_CONTRADICTION] != NULL)
        return code;
    tk_str a = tk_rulebook_claim(book, question->opposed_claims[0]);
    tk_str b = tk_rulebook_claim(book, question->opposed_claims[1]);
    cli_complain("%s: " TK_FMT " and " TK_FMT " cannot both be true; leave one out, or say --allow-contradiction",
                 args->values[CLI_FLAG_WORLD], TK_ARG_STR(a), TK_ARG_STR(b));
    return CLI_EXIT_USAGE;
}

static int question_world(const cli_args *args, const tk_desk *desk, cli_question *question)
{
    const char *world = args->values[CLI_FLAG_WORLD];
    int named = world == NULL ? (int)TK_WORLD_PREVAILING : world_by_name(world);
    if (0 <= named) {
        question->ask.world = (tk_world)named;
        return CLI_EXIT_OK;
    }
    if (strpbrk(world, "./") == NULL && access(world, F_OK) != 0) {
        tk_nearest near = tk_nearest_make(tk_str_from(world));
        tk_nearest_offer(&near, TK_STR("law"));
        tk_nearest_offer(&near, TK_STR("prevailing"));
        tk_nearest_offer(&near, TK_STR("strict"));
        tk_nearest_offer(&near, TK_STR("open"));
        char hint[CLI_HINT_MAX];
        cli_complain("--world '%s': there is no such world; expected law, prevailing, strict, open or a file of claim "
                     "ids%s", world, cli_hint(near.best, hint));
        return CLI_EXIT_USAGE;
    }
    int code = world_file(world, tk_desk_rulebook(desk), question);
    return code == CLI_EXIT_OK ? world_file_holds(args, desk, question) : code;
}

int cli_question_read(const cli_args *args, const tk_desk *desk, cli_question *question)
{
    const tk_rulebook *book = tk_desk_rulebook(desk);
    question->ask = (tk_ask)TK_ASK_INIT;
    tk_ask *ask = &question->ask;
    ask->claims = question->claims;
    question->opposed = false;
    if (!question_date(args, CLI_FLAG_AS_OF, &ask->as_of_given, &ask->as_of)
        || !question_date(args, CLI_FLAG_KNOWN_AT, &ask->known_at_given, &ask->known_at))
        return CLI_EXIT_USAGE;
    const char *law = args->values[CLI_FLAG_LAW];
    ask->law = law != NULL && strcmp(law, "text") == 0 ? TK_LAW_TEXT : TK_LAW_ENFORCED;
    int code = question_world(args, desk, question);
    if (code != CLI_EXIT_OK)
        return code;
    if (!question_believe(args, book, question))
        return CLI_EXIT_USAGE;
    code = args->believe_count == 0 ? CLI_EXIT_OK : question_opposed(desk, question);
    if (code != CLI_EXIT_OK)
        return code;
    for (size_t i = 0; i < args->facts_count; i++) {
        tk_str nearest = TK_STR("");
        if (tk_rulebook_find_fact(book, args->facts[i].name, &nearest) == SIZE_MAX) {
            char hint[CLI_HINT_MAX];
            cli_complain("--fact '" TK_FMT "': the rulebook has no such fact%s", TK_ARG_STR(args->facts[i].name),
                         cli_hint(nearest, hint));
            return CLI_EXIT_USAGE;
        }
    }
    /* The clock is asked once, so that a run that passes midnight stays one run. */
    ask->today = tk_date_today();
    return CLI_EXIT_OK;
}
