/* SPDX-License-Identifier: Apache-2.0 */
/* owning.h: who owns whom, written in a line: "X=listed; Y=entity-list" and "X>A 50; A>B 45-55; X controls B".
 *
 * Words for lists: `listed` adds its own owners only and takes a minority for a note; `entity-list` and `meu` add each
 * other's and take it for a red flag; `alone` wants one owner to reach the percentage; a `?` behind the word says that
 * nobody has decided whether the party is the entry. `clear` is on none.
 */
#ifndef TESTS_UNIT_PARTIES_OWNING_H
#define TESTS_UNIT_PARTIES_OWNING_H

#include <stdio.h>
#include <string.h>

#include "base/num.h"
#include "base/str.h"
#include "parties/owners.h"

enum { OWNING_PARTIES = 64, OWNING_HOLDINGS = 256, OWNING_RULES = 4 };

static const tk_owner_rule owning_rules[OWNING_RULES] = {
    {.list = {"listed", 6}, .percent = 50 * TK_NUM_SCALE, .aggregate = true, .minority = TK_OWNER_MINORITY_NOTE},
    {.list = {"entity-list", 11}, .with = {"meu", 3}, .percent = 50 * TK_NUM_SCALE, .aggregate = true,
     .minority = TK_OWNER_MINORITY_RED_FLAG},
    {.list = {"meu", 3}, .with = {"entity-list", 11}, .percent = 50 * TK_NUM_SCALE, .aggregate = true,
     .minority = TK_OWNER_MINORITY_RED_FLAG},
    {.list = {"alone", 5}, .percent = 50 * TK_NUM_SCALE, .minority = TK_OWNER_MINORITY_NOTHING},
};

typedef struct owning {
    tk_arena arena;
    tk_str names[OWNING_PARTIES];
    tk_owner_holding holdings[OWNING_HOLDINGS];
    tk_owner_listing listings[OWNING_PARTIES];
    tk_owner_input input;
    tk_owners *owners;
    char message[256]; /* why it could not be read; empty: it could */
} owning;

static inline uint32_t owning_party(owning *o, tk_str name)
{
    size_t at = 0;
    while (at < o->input.parties_count && !tk_str_eq(o->names[at], name))
        at++;
    if (at == o->input.parties_count && at < OWNING_PARTIES)
        o->names[o->input.parties_count++] = name;
    return (uint32_t)at;
}

static inline bool owning_list(owning *o, tk_str text)
{
    tk_str list = text, name;
    (void)tk_str_split(&list, '=', &name);
    uint32_t party = owning_party(o, tk_str_trim(name));
    bool sure = !tk_str_ends(list, TK_STR("?"));
    list = tk_str_trim((tk_str){list.ptr, list.len - (sure ? 0 : 1)});
    if (tk_str_is(list, "clear"))
        return true;
    for (uint32_t rule = 0; rule < OWNING_RULES; rule++)
        if (tk_str_eq(owning_rules[rule].list, list)) {
            o->listings[o->input.listings_count++] =
                (tk_owner_listing){.party = party, .rule = rule, .sure = sure, .review = (uint8_t)(rule % 3 + 1)};
            return true;
        }
    return false;
}

static inline bool owning_hold(owning *o, tk_str text)
{
    static const char word[] = " controls ";
    tk_owner_holding *h = &o->holdings[o->input.holdings_count++];
    const char *controls = memmem(text.ptr, text.len, word, sizeof word - 1);
    *h = (tk_owner_holding){.control = controls != NULL};
    if (controls != NULL) {
        tk_str holder = {text.ptr, (size_t)(controls - text.ptr)};
        tk_str held = {controls + sizeof word - 1, text.len - holder.len - (sizeof word - 1)};
        h->holder = owning_party(o, tk_str_trim(holder));
        h->held = owning_party(o, tk_str_trim(held));
        return true;
    }
    tk_str share = text, holder, held;
    (void)tk_str_split(&share, '>', &holder);
    share = tk_str_trim(share);
    bool good = tk_str_split(&share, ' ', &held) && share.len != 0;
    h->holder = owning_party(o, tk_str_trim(holder));
    h->held = owning_party(o, tk_str_trim(held));
    return good && tk_owner_share_parse(share, h, NULL) == TK_OK;
}

/* False with a message when the words are none. */
static inline bool owning_read(owning *o, tk_str parties, tk_str holdings)
{
    tk_str part;
    *o = (owning){.message = ""};
    tk_arena_init(&o->arena, (size_t)16 * 1024, 0);
    o->input = (tk_owner_input){.rules = owning_rules,
                                .rules_count = OWNING_RULES,
                                .holdings = o->holdings,
                                .listings = o->listings,
                                .review_max = 3};
    while (tk_str_split(&parties, ';', &part))
        if (!owning_list(o, tk_str_trim(part)))
            (void)snprintf(o->message, sizeof o->message, "list '" TK_FMT "'", TK_ARG_STR(part));
    while (tk_str_split(&holdings, ';', &part))
        if (!owning_hold(o, tk_str_trim(part)))
            (void)snprintf(o->message, sizeof o->message, "holding '" TK_FMT "'", TK_ARG_STR(part));
    tk_err err = {0};
    if (o->message[0] == 0 && tk_owners_solve(&o->input, &o->arena, &o->owners, &err) != TK_OK)
        (void)snprintf(o->message, sizeof o->message, "%.200s", err.message);
    return o->message[0] == 0;
}

static inline void owning_end(owning *o)
{
    tk_arena_fini(&o->arena);
}

#endif
