/* SPDX-License-Identifier: Apache-2.0 */
/* claims.h: what the sub-verbs of `twokey claims` share: the open book, the times asked about, one claim on a line. */
#ifndef TK_CLI_CLAIMS_H
#define TK_CLI_CLAIMS_H

#include "claims/book.h"
#include "cli/book.h"

typedef struct claims_view {
    const cli_args *args;
    tk_store *store;
    tk_claims *claims;
    tk_claims_at at;
    int64_t recorded; /* the highest number that is asked about */
    tk_arena arena;   /* for the whole command */
    cli_sink sink;
    cli_page page;
    tk_claims_picture *picture; /* of the times asked about; NULL: grades are those of the sources alone */
    uint64_t notes; /* of an import */
    tk_err err;
} claims_view;

/* 0, or an exit code after a message. */
typedef int (*claims_body)(claims_view *view);

int claims_import(claims_view *view);
int claims_add(claims_view *view);
int claims_list(claims_view *view);
int claims_show(claims_view *view);
int claims_search(claims_view *view);
int claims_export(claims_view *view);
int claims_conflicts(claims_view *view);
int claims_timeline(claims_view *view);
int claims_stage(claims_view *view);

/* What the flags ask for; 0, or an exit code after a message. */
int claims_filter(claims_view *view, tk_claims_filter *filter);
/* Makes the picture of all claims at the times asked about. */
tk_status claims_picture(claims_view *view);
/* "C3", "F", "B sup" for a claim that another one corrects. */
tk_str claims_grade(tk_arena *arena, const tk_claim_grade *grade);
/* Members of an object. */
void claims_grade_json(tk_json *json, const tk_claim_grade *grade);

/* The error of the view, said; its exit code. */
int claims_failed(claims_view *view, tk_status status);
/* "2026-02-10" into the arena. */
tk_str claims_day(tk_arena *arena, tk_date day);
/* The claim as a sentence: its own, or one made of its cells. */
tk_str claims_sentence(tk_arena *arena, const tk_claim *claim);
/* Heading and one line of a table of claims, cut to 80 columns. */
void claims_heading(claims_view *view);
void claims_line(claims_view *view, const tk_claim *claim);
/* All cells as a JSON object on one line. */
void claims_json(claims_view *view, const tk_claim *claim);
/* "recorded up to 224, known at 2026-01-28": which claims were asked. */
void claims_times(claims_view *view, uint64_t count);

#endif
