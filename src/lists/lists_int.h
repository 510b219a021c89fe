/* SPDX-License-Identifier: Apache-2.0 */
/* lists_int.h: what the files of the lists share.
 *
 *   tables.c     sources, families, policies, countries: the data
 *   unpack.c     gzip
 *   words.c      text as published made clean; names cut where several are glued; days
 *   build.c      records put together: one entry a party, in order
 *   sheet.c      a CSV by a table of columns: the Consolidated Screening List, BIS, DoD, EU, a mapping
 *   ofac.c       the three or four files of OFAC
 *   un.c         the XML of the United Nations
 *   read.c       what is this file? which day? and all of it together
 *   gate.c       may it replace the edition in force?
 *   diff.c       what differs
 */
#ifndef TK_LISTS_LISTS_INT_H
#define TK_LISTS_LISTS_INT_H

#include "base/arena.h"
#include "base/compat.h"
#include "base/csv.h"
#include "base/err.h"
#include "base/limits.h"
#include "base/num.h"
#include "base/str.h"
#include "lists/lists.h"

/* --- tables.c --- */

/* The family that a source calls so, or NULL: "Entity List (EL) - Bureau of Industry and Security". */
const tk_list_family *lists_family_called(const tk_lists *lists, tk_str wording);
/* The family meant by the programmes of an entry ("SDGT; NS-PLC"); a pattern that names more wins. */
const tk_list_family *lists_family_of(const tk_lists *lists, tk_str programs);
/* `pattern` may hold `*` for any text, also none; letters alike in both cases. */
bool lists_matches(tk_str pattern, tk_str text);

/* --- unpack.c --- */

/* `out` is `bytes` itself when they are not gzip, else lives in the arena. */
TK_MUST_USE tk_status lists_unpack(tk_str name, tk_str bytes, tk_arena *arena, tk_str *out, tk_err *err);

/* --- words.c --- */

/* Blanks of every kind as one space, none at the ends; control and invisible characters out. In the arena. */
tk_str lists_clean(tk_arena *arena, tk_str text);
/* Without commas, semicolons and stray marks at its ends. Borrows. */
tk_str lists_trim_name(tk_str name);
/* A name without what a list puts behind it: "; and any successor …", "(Russian entity)". Borrows; *kind and *country
 * ("Russian") when the tail says them. */
tk_str lists_without_tail(tk_str name, tk_name_kind *kind, tk_str *country);
/* Cuts the next of several names off *rest: at "; ", and again at ";" alone. False when there is none left. */
bool lists_next(tk_str *rest, const char *separator, tk_str *part);
/* The place of `part` in `text`, letters alike in both cases, or SIZE_MAX. */
size_t lists_find(tk_str text, const char *part);
/* "2021-06-03…", "6/3/2021", "3.6.2021", "03 Jun 2021". */
bool lists_date(tk_str text, tk_date *out);
/* A day of birth as "1973-03-25", a year as "1973"; anything else as it is. */
tk_str lists_birth(tk_arena *arena, tk_str text);

/* --- build.c --- */

typedef struct lists_draft { /* a record being read; its arrays grow in the scratch arena */
    tk_list_entry entry;     /* name, texts, days, line; arrays as below */
    tk_str number;           /* the publisher's, "" without */
    tk_str terms;            /* letters and digits of requirement and policy: tells orders apart, not full stops */
    tk_list_alias *aliases;
    tk_str *countries;
    tk_list_text *addresses, *identifiers, *births;
    size_t aliases_count, aliases_size, countries_count, countries_size, addresses_count, addresses_size;
    size_t identifiers_count, identifiers_size, births_count, births_size;
} lists_draft;

typedef struct lists_file { /* unpacked */
    tk_str name, text;
} lists_file;

typedef struct lists_reader {
    const tk_lists *lists;
    const tk_list_source *source;
    const tk_list_reading *reading;
    const lists_file *files;
    size_t files_count;
    tk_str file; /* name of the file being read */
    tk_arena *arena;
    tk_arena scratch; /* texts of files, drafts */
    tk_list_edition *edition;
    lists_draft **drafts;
    size_t drafts_count, drafts_size;
    tk_list_message *messages;
    size_t messages_size;
    const tk_list_family *family; /* of the wording that was looked up last */
    tk_str wording;
    tk_date by_file, newest; /* days of publication: said in the file; the newest of a record. TK_DATE_MIN: none */
} lists_reader;

/* A record more; NULL: no memory. */
lists_draft *lists_begin(lists_reader *reader, uint64_t line);
/* The record read last is an entry, or part of one. Rejects it when it has no name or too much of something. */
void lists_accept(lists_reader *reader, lists_draft *draft);
/* A record that is none, with its reason. */
TK_PRINTF(3, 4)
void lists_reject(lists_reader *reader, uint64_t line, const char *format, ...);
/* The name of the draft, with what is glued to it taken as aliases. */
void lists_put_name(lists_reader *reader, lists_draft *draft, tk_str name);
void lists_put_alias(lists_reader *reader, lists_draft *draft, tk_str name, bool weak, bool original);
/* A country as sources write it; one that is not known is left out. False then. */
bool lists_put_country(lists_reader *reader, lists_draft *draft, tk_str country);
/* An address whose country is its last part ("Basrah, IQ"), or `country` when that is not empty. */
void lists_put_address(lists_reader *reader, lists_draft *draft, tk_str text, tk_str country);
void lists_put_identifier(lists_reader *reader, lists_draft *draft, tk_str kind, tk_str value);
void lists_put_birth(lists_reader *reader, lists_draft *draft, tk_str text);
/* `text` behind what stands in *to, with `; ` between, unless it stands there. */
void lists_put_text(lists_reader *reader, tk_str *to, tk_str text);
/* Entries of all drafts: repeats merged, in order. */
TK_MUST_USE tk_status lists_build(lists_reader *reader, tk_err *err);

/* --- the readers; each fills drafts --- */

TK_MUST_USE tk_status lists_read_sheet(lists_reader *reader, tk_err *err);
TK_MUST_USE tk_status lists_read_ofac(lists_reader *reader, tk_err *err);
TK_MUST_USE tk_status lists_read_un(lists_reader *reader, tk_err *err);
/* What a file without a header is by its first record. */
typedef enum lists_ofac_kind {
    LISTS_OFAC_NONE,
    LISTS_OFAC_MAIN,
    LISTS_OFAC_ALIASES,
    LISTS_OFAC_ADDRESSES,
    LISTS_OFAC_COMMENTS
} lists_ofac_kind;
TK_MUST_USE tk_status lists_ofac_kind_of(const lists_file *file, lists_ofac_kind *kind, tk_err *err);
/* Is most of the file of parties that are not on the SDN list? */
TK_MUST_USE tk_status lists_ofac_consolidated(const tk_lists *lists, const lists_file *file, bool *yes, tk_err *err);

#endif
