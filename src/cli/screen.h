/* SPDX-License-Identifier: Apache-2.0 */
/* screen.h: what the files of `twokey screen` share. */
#ifndef TK_CLI_SCREEN_H
#define TK_CLI_SCREEN_H

#include "base/csv.h"
#include "cli/shelf.h"
#include "screen/batch.h"

/* Columns of a file of parties. X(ENUM, "column") */
#define SCREEN_COLUMNS(X)                                                                                            \
    X(NAME, "name")                                                                                                  \
    X(COUNTRY, "country")                                                                                            \
    X(ADDRESS, "address")                                                                                            \
    X(BIRTH, "birth")                                                                                                \
    X(IDS, "ids")                                                                                                    \
    X(KIND, "kind")                                                                                                  \
    X(ID, "id")
typedef enum screen_column {
#define X(NAME, text) SCREEN_COLUMN_##NAME,
    SCREEN_COLUMNS(X)
#undef X
    SCREEN_COLUMN_COUNT
} screen_column;

/* Where a party came from; a record that is none carries why. */
typedef struct screen_tag {
    tk_str id, wrong;
    uint64_t line; /* 0: it was given as an argument */
} screen_tag;

/* Parties from arguments, from a CSV file, or from a file of one name a line. */
typedef struct screen_source {
    const cli_args *args;
    const char *name;   /* of the file, for messages; NULL: arguments */
    size_t next;        /* argument */
    tk_str rest;        /* lines */
    uint64_t line;
    tk_csv_reader *csv; /* NULL: lines */
    uint8_t columns[TK_CSV_COLUMNS_MAX];
    tk_arena text;
} screen_source;
/* 0, or an exit code after a message. */
int screen_source_open(screen_source *source, const cli_args *args);
void screen_source_close(screen_source *source);
tk_status screen_source_next(screen_source *source, tk_arena *arena, tk_screened *party, const void **tag, bool *more,
                             tk_err *err);

typedef enum screen_format { SCREEN_TEXT, SCREEN_JSON, SCREEN_CSV } screen_format;

/* One run of the verb. */
typedef struct screen_run {
    const cli_args *args;
    tk_lists *lists;
    tk_shelf *shelf;
    tk_screener_options options;
    tk_arena arena;
    screen_source source;
    screen_format format;
    bool colour;
    cli_sink sink;
    uint64_t parties, rejected, with_hits, hits; /* counted by many threads */
} screen_run;

/* Days, threads, format and tables of the flags; then the folder of lists. 0, or an exit code after a message. */
int screen_prepare(screen_run *run, uint64_t *threads);
int screen_shelf_open(screen_run *run);
/* Does anything that was asked for lie in the dark? */
bool screen_is_blind(const screen_run *run, const tk_screener *screener, const tk_screen_result *none);
/* `screen --all-parties` */
int cli_sweep(const cli_args *args);

void screen_write_begin(screen_run *run);
void screen_write(void *context, const screen_answer *answer, tk_arena *scratch, tk_out *out, tk_out *said);
/* Which versions were looked at, and which lists are not known; what text ends with. */
void screen_write_end(screen_run *run, const tk_screener *screener, const tk_screen_result *none);
/* "0.985" */
tk_str screen_score(tk_arena *arena, unsigned score);
/* One thing said of a hit, behind its label; nothing when the text is empty. */
enum { SCREEN_LABEL_COLUMNS = 9 };
void screen_text_line(cli_page *page, const char *label, tk_str text);
/* "huawei=huawei (equal); tech=technologies (abbreviation); +ltd (missing)" */
tk_str screen_why(tk_arena *arena, const tk_comparison *why);

#endif
