/* SPDX-License-Identifier: Apache-2.0 */
/* cli_int.h: what the verbs of the program share: arguments, exit codes, messages, output, the open desk. */
#ifndef TK_CLI_INT_H
#define TK_CLI_INT_H

#include <stdio.h>

#include "base/arena.h"
#include "base/compat.h"
#include "base/err.h"
#include "base/limits.h"
#include "base/num.h"
#include "base/out.h"
#include "base/str.h"
#include "base/text.h"
#include "twokey/desk.h"

/* --- exit codes --- */

enum {
    CLI_EXIT_OK = 0,           /* may move */
    CLI_EXIT_FAILURE = 1,      /* could not do it: memory, disk */
    CLI_EXIT_USAGE = 2,        /* wrong usage or input */
    CLI_EXIT_CONDITIONS = 3,   /* conditions open, or an authorisation is needed */
    CLI_EXIT_CLOSED = 4,       /* may not move */
    CLI_EXIT_UNDETERMINED = 5, /* undetermined or conflict */
    CLI_EXIT_CHANGED = 6       /* commands that compare */
};

/* --- flags: X(ENUM, "name", "VALUE" or NULL, "help") --- */

#define CLI_FLAGS(X)                                                                                                 \
    X(HELP, "help", NULL, "show this help")                                                                          \
    X(AS_OF, "as-of", "DATE", "the day the law is asked about")                                                      \
    X(KNOWN_AT, "known-at", "DATE", "what was published up to this day counts")                                      \
    X(LAW, "law", "enforced|text", "law and practice (default), or the text alone")                                  \
    X(WORLD, "world", "NAME|FILE", "law, prevailing (default), strict, open or a file")                              \
    X(ALLOW_CONTRADICTION, "allow-contradiction", NULL, "a FILE may hold claims that cannot all be true")            \
    X(RANGE, "range", NULL, "files in JSON too: worst and best of all worlds")                                       \
    X(BELIEVE, "believe", "C1,C2", "take these reports as true beside the world")                                   \
    X(FACT, "fact", "NAME=VALUE", "supply or replace a fact; may be repeated")                                       \
    X(FORMAT, "format", "text|json|csv", "how to write the answer")                                                  \
    X(WOULD_CHANGE, "would-change", NULL, "for files too: the smallest changes of verdict")                          \
    X(IGNORE_UNKNOWN, "ignore-unknown", NULL, "go on when a column or key is unknown")                               \
    X(ALLOW_FUTURE, "allow-future", NULL, "claims may be published after today")                                    \
    X(OUT, "out", "FILE", "write a file; it appears when it is complete")                                            \
    X(FORCE, "force", NULL, "replace a file that is there")                                                          \
    X(PUBLISHED, "published", "DATE", "when the list was published")                                                 \
    X(OLDER, "older", NULL, "also when it is older than the one in force")                                           \
    X(ACCEPT, "accept", "REASON", "although the gate refuses it; the reason is kept")                                \
    X(MAP, "map", "FIELD=COLUMN,..|FILE", "read any table: name=Firm,list==EL")                                      \
    X(RULEBOOK, "rulebook", "DIR", "read the rules from here, not from the program")                                 \
    X(CATALOGUE, "catalogue", "DIR", "read items, places and parties from here")                                     \
    X(PARTIES, "parties", "FILE", "add parties; the same ids replace the catalogue's")                               \
    X(REGIME, "regime", "ID", "only this regime")                                                                    \
    X(CHECK, "check", NULL, "change nothing; say what would change")                                                \
    X(WRITE, "write", NULL, "write the files in place")                                                              \
    X(BOOK, "book", "FILE", "the book (else TWOKEY_BOOK, or the data folder)")                                       \
    X(SHARED, "shared", NULL, "the group may use the book too")                                                      \
    X(CLAIMS_AT, "claims-at", "N", "as the book stood when claim N was recorded")                                    \
    X(ACTOR, "actor", "TEXT", "who acts (list: text within it)")                                                     \
    X(SUBJECT, "subject", "TEXT", "what it is about (list: text within it)")                                         \
    X(PREDICATE, "predicate", "WORD", "what is said of it, as approves_import")                                      \
    X(STAGE, "stage", "WORD", "a stage or stance, as ordered or withheld")                                           \
    X(SOURCE_KIND, "source-kind", "KIND", "official, company, anonymous_press, ...")                                 \
    X(SINCE, "since", "DATE", "events from this day on")                                                             \
    X(UNTIL, "until", "DATE", "events up to this day")                                                               \
    X(LIMIT, "limit", "N", "at most so many (50)")                                                                   \
    X(BUYER, "buyer", "PARTY", "the party that buys")                                                                \
    X(ITEM, "item", "ID", "the item, whole or the tail of its id")                                                   \
    X(PARTY, "party", "ID", "the party that the decision is about")                                                  \
    X(REASON, "reason", "TEXT", "why")                                                                               \
    X(BY, "by", "NAME", "who decides (else your login name)")                                                        \
    X(ID, "id", "ID", "id of the new claim")                                                                         \
    X(DATE_EVENT, "date-event", "DATE", "when it happened; also 2026-01 or 2026")                                    \
    X(DATE_REPORTED, "date-reported", "DATE", "when it was published")                                               \
    X(SOURCE, "source", "TEXT|ID", "who published it; of lists, the source's id")                                      \
    X(SOURCE_URL, "source-url", "URL", "where it can be read")                                                       \
    X(OBJECT, "object", "TEXT", "the rest of the statement")                                                         \
    X(QUANTITY, "quantity", "N", "400, >400000, ~2, 40000-80000, 100000s")                                           \
    X(UNIT, "unit", "TEXT", "what the quantity counts")                                                              \
    X(STATUS, "status", "WORD", "reported, announced, confirmed, denied, ...")                                       \
    X(CONTRADICTS, "contradicts", "IDS", "claims that cannot hold beside it")                                        \
    X(SUPERSEDES, "supersedes", "IDS", "claims that it corrects")                                                    \
    X(DERIVED_FROM, "derived-from", "IDS", "claims that it repeats")                                                 \
    X(RELATES_TO, "relates-to", "IDS", "other claims about the same")                                                \
    X(SAYS, "says", "TEXT", "the claim as a sentence")                                                               \
    X(NOTE, "note", "TEXT", "a remark")                                                                              \
    X(PAIRS, "pairs", "FILE", "compare the names of each row: left,right[,kind]")                                     \
    X(COUNTRY, "country", "CODE|NAME", "of the party")                                                               \
    X(ADDRESS, "address", "TEXT", "of the party")                                                                    \
    X(BIRTH, "birth", "DATE", "date or year of birth")                                                               \
    X(KIND, "kind", "WORD", "person, company, vessel or unknown")                                                    \
    X(LIST, "list", "CODE", "this list alone, as EL")                                                                \
    X(LISTS, "lists", "DIR", "the folder of lists (else beside the book)")                                           \
    X(TOP, "top", "N", "at most so many hits a party (10)")                                                          \
    X(THREADS, "threads", "N", "work in so many threads (2)")                                                        \
    X(ALL_PARTIES, "all-parties", NULL, "every party of the book; what changed since")                               \
    X(FULL, "full", NULL, "all of them against all entries, whatever is kept")                                       \
    X(COLOR, "color", "auto|always|never", "colour (auto: on a terminal, without NO_COLOR)")

typedef enum cli_flag {
#define X(NAME, text, value, help) CLI_FLAG_##NAME,
    CLI_FLAGS(X)
#undef X
    CLI_FLAG_COUNT
} cli_flag;

/* A bit per flag: there are more than 64. */
__extension__ typedef unsigned __int128 cli_bits;
_Static_assert(CLI_FLAG_COUNT < 128, "a bit each");
#define CLI_BIT(NAME) ((cli_bits)1 << CLI_FLAG_##NAME)
static inline cli_bits cli_bit(size_t flag)
{
    return (cli_bits)1 << flag;
}
#define CLI_BITS_DATA (CLI_BIT(RULEBOOK) | CLI_BIT(CATALOGUE) | CLI_BIT(PARTIES))
#define CLI_BITS_BOOK (CLI_BIT(BOOK) | CLI_BIT(SHARED))
#define CLI_BITS_ADD                                                                                                 \
    (CLI_BIT(ID) | CLI_BIT(DATE_EVENT) | CLI_BIT(DATE_REPORTED) | CLI_BIT(SOURCE) | CLI_BIT(SOURCE_URL)              \
     | CLI_BIT(SOURCE_KIND) | CLI_BIT(ACTOR) | CLI_BIT(SUBJECT) | CLI_BIT(PREDICATE) | CLI_BIT(OBJECT)               \
     | CLI_BIT(QUANTITY) | CLI_BIT(UNIT) | CLI_BIT(STATUS) | CLI_BIT(CONTRADICTS) | CLI_BIT(SUPERSEDES)              \
     | CLI_BIT(DERIVED_FROM) | CLI_BIT(RELATES_TO) | CLI_BIT(SAYS) | CLI_BIT(NOTE))
#define CLI_BITS_FILTER                                                                                              \
    (CLI_BIT(ACTOR) | CLI_BIT(SUBJECT) | CLI_BIT(PREDICATE) | CLI_BIT(STAGE) | CLI_BIT(SOURCE_KIND) | CLI_BIT(SINCE) \
     | CLI_BIT(UNTIL))
/* All of both: what a filter has besides the columns of a claim is stage and days. */
#define CLI_BITS_CLAIMS                                                                                              \
    (CLI_BITS_ADD | CLI_BIT(ALLOW_FUTURE) | CLI_BIT(STAGE) | CLI_BIT(SINCE) | CLI_BIT(UNTIL) | CLI_BIT(CLAIMS_AT)    \
     | CLI_BIT(LIMIT) | CLI_BIT(BUYER) | CLI_BIT(ITEM))
#define CLI_BITS_ALWAYS (CLI_BIT(HELP) | CLI_BIT(COLOR))
#define CLI_BITS_DECIDE                                                                                              \
    (CLI_BIT(AS_OF) | CLI_BIT(KNOWN_AT) | CLI_BIT(LAW) | CLI_BIT(WORLD) | CLI_BIT(ALLOW_CONTRADICTION)               \
     | CLI_BIT(BELIEVE) | CLI_BIT(FACT) | CLI_BIT(CLAIMS_AT) | CLI_BIT(BOOK) | CLI_BIT(LISTS))

typedef struct cli_flag_info {
    const char *name, *value, *help;
} cli_flag_info;
extern const cli_flag_info cli_flag_infos[CLI_FLAG_COUNT];

enum { CLI_WORLD_NAME_MAX = 256, CLI_FACTS_MAX = 256, CLI_BELIEVE_MAX = 64, CLI_POSITIONAL_MAX = 256 };

typedef struct cli_args {
    const char *values[CLI_FLAG_COUNT]; /* "" for a flag without a value; NULL: not given */
    const char *positional[CLI_POSITIONAL_MAX];
    size_t positional_count;
    tk_fact_text facts[CLI_FACTS_MAX];
    size_t facts_count;
    const char *believe[CLI_BELIEVE_MAX];
    size_t believe_count;
    tk_str cells[TK_COLUMN_COUNT]; /* an order given by flags */
    bool order_given;
} cli_args;

typedef struct cli_verb {
    const char *name;
    const char *summary;
    const char *usage;    /* lines behind "twokey " */
    const char *details;  /* paragraphs, or NULL */
    const char *examples; /* lines as typed */
    const char *subs;     /* words of the first argument, separated by spaces, or NULL */
    const char *formats;  /* what --format takes here, separated by |, or NULL */
    cli_bits flags;
    bool order_flags; /* takes an order by flags */
    int (*run)(const struct cli_verb *verb, const cli_args *args);
} cli_verb;

extern const cli_verb cli_verbs[];
extern const size_t cli_verbs_count;

/* False after an error message. */
bool cli_args_read(const cli_verb *verb, int argc, char **argv, cli_args *args);
/* "end-user-hq" for end_user_hq; the text is static. */
enum { CLI_ORDER_FLAG_MAX = 48 };
const char *cli_order_flag(tk_column column);
void cli_help_verb(const cli_verb *verb);

/* --- messages to standard error: "twokey: …", one line, outside text made visible --- */

void cli_complain(const char *format, ...) TK_PRINTF(1, 2);
void cli_complain_err(const tk_err *err);
int cli_exit_of(tk_status status);
/* "; did you mean 'x'?" or "" into a buffer of the caller. */
enum { CLI_HINT_MAX = 192 };
const char *cli_hint(tk_str nearest, char out[CLI_HINT_MAX]);

/* --- ids as people type them, in either case --- */

/* Does what is nearest differ in nothing but case? Then it is what was meant. */
bool cli_is_meant(tk_str typed, tk_str nearest);
/* SIZE_MAX: there is none; then *nearest may name one. */
size_t cli_find_claim(const tk_rulebook *book, tk_str typed, tk_str *nearest);
/* By id, or by name; NULL: there is none, and *hint says which one may have been meant. */
const tk_party *cli_find_party(const tk_catalogue *catalogue, tk_str typed, char hint[CLI_HINT_MAX]);

/* --- standard output, or --out FILE by temporary file and rename --- */

typedef struct cli_sink {
    tk_out out;
    FILE *stream;
    const char *path; /* NULL: standard output */
    char *temporary;
    bool force;
} cli_sink;
/* 0, or an exit code after a message. */
int cli_sink_open(cli_sink *sink, const cli_args *args);
/* Puts the file in place when `keep`; 0, or an exit code after a message. */
int cli_sink_close(cli_sink *sink, bool keep);

/* --- paint and layout --- */

typedef enum cli_paint {
    CLI_PLAIN = 0,
    CLI_BOLD,
    CLI_DIM,
    CLI_GREEN,
    CLI_YELLOW,
    CLI_RED,
    CLI_MAGENTA,
    CLI_CYAN
} cli_paint;

typedef struct cli_page {
    tk_out *out;
    tk_arena scratch; /* reset by whoever prints a unit */
    bool colour;
} cli_page;

enum { CLI_COLUMNS = 80 };

void cli_page_init(cli_page *page, cli_sink *sink, const cli_args *args);
void cli_page_fini(cli_page *page);
/* Text from outside, made visible, painted; without line ends. */
void cli_put(cli_page *page, cli_paint paint, tk_str text);
/* Our own words, as they are. */
void cli_puts(cli_page *page, cli_paint paint, const char *text);
/* At most `columns` wide, filled with spaces up to it; what is too long ends in "..". */
void cli_put_column(cli_page *page, cli_paint paint, tk_str text, size_t columns);
/* Wrapped at word ends to 80 columns: the cursor is at `at`, later lines begin at `indent`. Ends the line. */
void cli_put_wrapped(cli_page *page, cli_paint paint, tk_str text, size_t at, size_t indent);
/* "1,234,567" from "1234567"; other text unchanged. */
tk_str cli_grouped(tk_arena *arena, tk_str number);
cli_paint cli_verdict_paint(tk_verdict verdict);
/* "a, b, c" from a list. */
tk_str cli_joined(tk_arena *arena, const tk_str *items, size_t count, const char *between);

/* --- the desk, opened as the flags say --- */

/* 0, or an exit code after messages. */
int cli_desk_open(const cli_args *args, bool with_book, tk_desk **desk, tk_messages **messages);
/* With the book; questions will believe these claims, beside those of the flags. */
int cli_desk_open_believing(const cli_args *args, const tk_str *ids, size_t count, tk_desk **desk);
void cli_write_messages(tk_out *out, const tk_messages *messages, tk_severity least);
void cli_print_messages(FILE *stream, const tk_messages *messages, tk_severity least);

/* What a verb that only shows things works with: the desk, and a page on standard output or --out FILE. */
typedef struct cli_view {
    const cli_args *args;
    tk_desk *desk;
    const tk_rulebook *book;
    tk_messages *messages; /* warnings and notes of the checker */
    cli_page page;
    bool broken; /* what was written is not whole: it is not put in place */
} cli_view;
typedef int (*cli_body)(cli_view *view);
/* Opens desk and page, lets `body` write, closes both; the exit code is that of `body` unless closing fails. */
int cli_view_run(const cli_args *args, cli_body body);
/* False after a message when an argument was given that nobody takes. */
bool cli_no_arguments(const cli_verb *verb, const cli_args *args);

/* One sub-verb of a verb that shows things. */
typedef struct cli_sub { /* NOLINT(clang-analyzer-optin.performance.Padding): read in this order */
    const char *name;
    const char *argument; /* what its one argument is ("rule"), or NULL when it takes none */
    const char *formats;  /* what --format takes here, or NULL for text alone */
    cli_bits flags;       /* beyond those of the data and the output: which go with it */
    cli_body body;
} cli_sub;
/* Runs the sub-verb that the first argument names; without one the first of `subs` when `first_is_usual`. */
int cli_sub_run(const cli_verb *verb, const cli_args *args, const cli_sub *subs, size_t count, bool first_is_usual);
/* Checks an argument against "a|b|c"; false after a message that begins with `what`. */
bool cli_check_choice(const char *what, const char *choices, const char *value);
bool cli_format_is(const cli_args *args, const char *format);

typedef struct cli_question {
    tk_ask ask;
    uint32_t claims[TK_CLAIMS_BELIEVED_MAX];
    char world_name[CLI_WORLD_NAME_MAX];
    bool opposed; /* two of its claims cannot both be true: these */
    uint32_t opposed_claims[2];
} cli_question;
/* Dates, law, world and facts of the flags, checked once. */
int cli_question_read(const cli_args *args, const tk_desk *desk, cli_question *question);

/* --- words about a decision, shared by text and CSV --- */

/* One sentence: why the worst key is as it is. */
tk_str cli_reason(tk_arena *arena, const tk_rulebook *book, const tk_desk_result *result);
/* ", believing C105; C126 is not known then, and not believed": of the question; empty where it names no claim. */
tk_str cli_believing(tk_arena *arena, const tk_rulebook *book, const cli_question *question, tk_date known_at);
/* Does the world of the question contradict itself, in what is known on the day? */
bool cli_is_opposed(const tk_rulebook *book, const cli_question *question, tk_date known_at);
/* Names of missing facts, and of conditions not met, of all keys, sorted, each once; joined by `between`. */
tk_str cli_missing(tk_arena *arena, const tk_decision *decision, const char *between);
/* The same in the words of a file's header, for people. */
tk_str cli_missing_columns(tk_arena *arena, const tk_decision *decision);
/* The flag that says a fact; empty where only --fact does. */
tk_str cli_fact_flag(tk_arena *arena, tk_str fact);
/* A place as typed; a code in capitals. */
tk_str cli_place(tk_arena *arena, tk_str text);
tk_str cli_conditions_open(tk_arena *arena, const tk_decision *decision, const char *between);

/* --- the verbs --- */

int cli_check(const cli_verb *verb, const cli_args *args);
int cli_explain(const cli_verb *verb, const cli_args *args);
int cli_rules(const cli_verb *verb, const cli_args *args);
int cli_items(const cli_verb *verb, const cli_args *args);
int cli_places(const cli_verb *verb, const cli_args *args);
int cli_parties(const cli_verb *verb, const cli_args *args);
int cli_owners(const cli_verb *verb, const cli_args *args);
int cli_claims(const cli_verb *verb, const cli_args *args);
int cli_watch(const cli_verb *verb, const cli_args *args);
int cli_screen(const cli_verb *verb, const cli_args *args);
int cli_book(const cli_verb *verb, const cli_args *args);
int cli_lists(const cli_verb *verb, const cli_args *args);
int cli_doctor(const cli_verb *verb, const cli_args *args);
int cli_completion(const cli_verb *verb, const cli_args *args);

#endif
