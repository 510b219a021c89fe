/* SPDX-License-Identifier: Apache-2.0 */
/* watch_edition.c: the statements of a rulebook as far as a later one is compared with it: which changed, and which of
 * those an answer reads.
 *
 * A book keeps an edition once: of every statement its name, a hash of its words, its dates, and the statements that
 * it names. Comments and blanks are not among the words, and dates are apart from them, so that a rule that was
 * prolonged is told from one that was written anew.
 *
 * What an answer reads begins with the rules of its reasons, and goes on through what they name: facts, sets, terms,
 * questions, limits. A question is not followed to its rules. Those that matter are reasons themselves.
 */
#include <stdlib.h>
#include <string.h>

#include "desk/desk_int.h"
#include "desk/watch_int.h"

typedef struct statement {
    tk_str name, words; /* "rule us.item-a"; a hash */
    const tk_str *dates; /* "2026-01-13", "2026-01-15..", of a set "g42, core42 2026-07-10..2027-04-06" */
    size_t dates_count;
    const uint32_t *reads; /* statements */
    size_t reads_count;
} statement;

struct watch_edition {
    const statement *statements; /* by name */
    size_t count;
};

/* --- the words of a statement --- */

typedef struct scan {
    tk_str text;
    size_t at, row; /* row: where the row of a set begins that is being read */
} scan;

static bool is_word(char c)
{
    return ('a' <= c && c <= 'z') || ('A' <= c && c <= 'Z') || ('0' <= c && c <= '9') || c == '_';
}

static bool joins_words(char c)
{
    return c == '-' || c == '.' || c == ':';
}

/* Blanks and comments. */
static void scan_gap(scan *s)
{
    while (s->at < s->text.len) {
        const char *from = s->text.ptr + s->at;
        if (*from == '#') {
            const char *line = memchr(from, '\n', s->text.len - s->at);
            s->at = line == NULL ? s->text.len : (size_t)(line - s->text.ptr);
        } else if (*from == ' ' || *from == '\t' || *from == '\r' || *from == '\n') {
            s->at++;
        } else {
            return;
        }
    }
}

/* The next token as the lexer of rulebooks would cut it, but that its words may be numbers and dates; empty at the end.
 * The text was compiled, so a string ends. */
static tk_str scan_next(scan *s)
{
    scan_gap(s);
    size_t from = s->at;
    const char *p = s->text.ptr;
    if (from == s->text.len)
        return TK_STR("");
    s->at++;
    if (p[from] == '"') {
        while (s->at < s->text.len && p[s->at] != '"')
            s->at += p[s->at] == '\\' ? 2 : 1;
        s->at++;
    } else if (is_word(p[from])) {
        while (s->at < s->text.len
               && (is_word(p[s->at]) || (joins_words(p[s->at]) && s->at + 1 < s->text.len && is_word(p[s->at + 1]))))
            s->at++;
    } else if (p[from] == '.' && s->at < s->text.len && p[s->at] == '.') {
        s->at++;
    }
    return (tk_str){p + from, s->at - from};
}

static bool is_date(tk_str token)
{
    tk_date day;
    return token.len == 10 && token.ptr[4] == '-' && token.ptr[7] == '-' && tk_date_parse(token, &day, NULL) == TK_OK;
}

/* --- making an edition --- */

typedef struct making {
    tk_arena *arena;
    tk_sha256 *hash;
    desk_index index; /* what a statement can name, as "us.s-ac" or "item.tpp" */
    statement *statements;
    size_t count;
    tk_str *dates; /* of one statement */
    uint32_t *reads;
} making;

static const char *kind_word(tk_declared_kind kind)
{
    static const char *const words[] = {"", "regime", "roles", "fact", "set", "term", "question", "rule", "limit",
                                        "not modelled"};
    return words[kind];
}

/* "us.s-ac"; "item.tpp", for a fact is everybody's, whichever file declares it. */
static tk_str named(tk_arena *arena, const tk_declared *declared)
{
    if (declared->regime.len == 0 || declared->kind == TK_DECLARED_FACT)
        return declared->name;
    return tk_arena_printf(arena, TK_FMT "." TK_FMT, TK_ARG_STR(declared->regime), TK_ARG_STR(declared->name));
}

static uint32_t making_find(const making *m, const char *head, tk_str name)
{
    char full[4 * TK_ID_BYTES_MAX];
    int len = snprintf(full, sizeof full, "%s.", head);
    if (len < 0 || sizeof full <= (size_t)len + name.len)
        return UINT32_MAX;
    memcpy(full + len, name.ptr, name.len);
    return desk_index_find(&m->index, (tk_str){full, (size_t)len + name.len});
}

/* By the scope of names: the own regime's, a common one or "regime.name", then an attribute of a party. */
static uint32_t making_resolve(const making *m, const char *regime, tk_str word)
{
    const char *dot = memchr(word.ptr, '.', word.len);
    uint32_t found = making_find(m, regime, word);
    if (found == UINT32_MAX)
        found = desk_index_find(&m->index, word);
    if (found != UINT32_MAX)
        return found;
    return making_find(m, "party", dot == NULL ? word : (tk_str){dot + 1, (size_t)(word.ptr + word.len - dot - 1)});
}

/* What stands on its line before a span of a set, the members of the row. */
static tk_str row_members(const scan *s, const char *date)
{
    const char *begin = date;
    while (s->text.ptr + s->row < begin && begin[-1] != '\n')
        begin--;
    return tk_str_trim((tk_str){begin, (size_t)(date - begin)});
}

/* A date with the span that it begins. */
static tk_str making_date(making *m, scan *s, bool set, tk_str date)
{
    scan ahead = *s;
    tk_str members = set ? row_members(s, date.ptr) : TK_STR(""), to = TK_STR("");
    if (!tk_str_is(scan_next(&ahead), ".."))
        return date;
    *s = ahead;
    tk_str next = scan_next(&ahead);
    if (is_date(next)) {
        to = next;
        *s = ahead;
    }
    s->row = s->at;
    return tk_arena_printf(m->arena, TK_FMT "%s" TK_FMT ".." TK_FMT, TK_ARG_STR(members),
                           members.len == 0 ? "" : " ", TK_ARG_STR(date), TK_ARG_STR(to));
}

/* `exception to` is no name, but a question may be called exception. */
static bool is_keyword(scan ahead, tk_str word)
{
    return tk_str_is(word, "exception") && tk_str_is(scan_next(&ahead), "to");
}

static void making_read(making *m, statement *made, const char *regime, const scan *s, tk_str word)
{
    uint32_t found = making_resolve(m, regime, word);
    if (found == UINT32_MAX || &m->statements[found] == made || is_keyword(*s, word))
        return;
    for (size_t i = 0; i < made->reads_count; i++)
        if (m->reads[i] == found)
            return;
    m->reads[made->reads_count++] = found;
}

static tk_status making_statement(making *m, statement *made, const tk_declared *declared, tk_err *err)
{
    char hash[TK_SHA256_HEX_BYTES];
    scan s = {.text = declared->text};
    /* A token is a byte at least. */
    m->dates = TK_ARENA_ARRAY(m->arena, tk_str, declared->text.len / 10 + 1);
    m->reads = TK_ARENA_ARRAY(m->arena, uint32_t, declared->text.len / 2 + 1);
    tk_str regime = tk_arena_copy(m->arena, declared->regime);
    if (m->arena->failed)
        return watch_no_memory(err);
    for (tk_str token = scan_next(&s); token.len != 0; token = scan_next(&s)) {
        if (is_date(token)) {
            m->dates[made->dates_count++] = making_date(m, &s, declared->kind == TK_DECLARED_SET, token);
            continue;
        }
        tk_sha256_add(m->hash, token);
        if (is_word(token.ptr[0]))
            making_read(m, made, regime.ptr, &s, token);
    }
    made->dates = m->dates;
    made->reads = m->reads;
    tk_status status = tk_sha256_finish(m->hash, hash, err);
    /* A quarter of it tells two texts of one name apart as well. */
    made->words = tk_arena_copy(m->arena, (tk_str){hash, 16});
    return status == TK_OK && m->arena->failed ? watch_no_memory(err) : status;
}

typedef struct named_statement {
    tk_str name;
    size_t declared;
} named_statement;

static int named_order(const void *a, const void *b)
{
    const named_statement *x = a, *y = b;
    int order = tk_str_cmp(x->name, y->name);
    return order != 0 ? order : (x->declared < y->declared ? -1 : x->declared > y->declared);
}

/* Rules are not read by others; what names one as excepted or replaced stands in its place. */
static bool can_be_read(tk_declared_kind kind)
{
    return kind != TK_DECLARED_RULE && kind != TK_DECLARED_REGIME && kind != TK_DECLARED_GAP;
}

static tk_status making_all(making *m, const tk_rulebook *book, tk_err *err)
{
    size_t count = tk_rulebook_declared_count(book);
    named_statement *names = TK_ARENA_ARRAY(m->arena, named_statement, count);
    m->statements = TK_ARENA_ARRAY(m->arena, statement, count);
    if (m->arena->failed || !desk_index_init(&m->index, m->arena, count))
        return watch_no_memory(err);
    for (size_t i = 0; i < count; i++) {
        tk_declared declared = tk_rulebook_declared(book, i);
        names[i].declared = i;
        names[i].name = tk_arena_printf(m->arena, "%s " TK_FMT, kind_word(declared.kind),
                                        TK_ARG_STR(named(m->arena, &declared)));
    }
    if (m->arena->failed)
        return watch_no_memory(err);
    if (count != 0)
        qsort(names, count, sizeof(names[0]), named_order);
    for (size_t i = 0; i < count; i++) {
        tk_declared declared = tk_rulebook_declared(book, names[i].declared);
        if (can_be_read(declared.kind))
            desk_index_add(&m->index, named(m->arena, &declared), (uint32_t)i);
    }
    tk_status status = TK_OK;
    for (; status == TK_OK && m->count < count; m->count++) {
        tk_declared declared = tk_rulebook_declared(book, names[m->count].declared);
        m->statements[m->count].name = names[m->count].name;
        status = making_statement(m, &m->statements[m->count], &declared, err);
    }
    return status;
}

static void edition_write(const making *m, tk_out *out)
{
    tk_json json;
    tk_json_begin(&json, out);
    tk_json_open(&json, '[');
    for (size_t i = 0; i < m->count; i++) {
        const statement *s = &m->statements[i];
        tk_json_open(&json, '[');
        tk_json_str(&json, s->name);
        tk_json_str(&json, s->words);
        tk_json_open(&json, '[');
        for (size_t j = 0; j < s->dates_count; j++)
            tk_json_str(&json, s->dates[j]);
        tk_json_close(&json, ']');
        tk_json_open(&json, '[');
        for (size_t j = 0; j < s->reads_count; j++)
            tk_json_int(&json, s->reads[j]);
        tk_json_close(&json, ']');
        tk_json_close(&json, ']');
    }
    tk_json_close(&json, ']');
}

tk_status watch_edition_of(const tk_rulebook *book, tk_arena *arena, tk_str *text, tk_err *err)
{
    tk_arena work;
    tk_out out;
    making m = {.arena = &work};
    *text = TK_STR("");
    tk_status status = tk_sha256_new(&m.hash, err);
    if (status != TK_OK)
        return status;
    tk_arena_init(&work, (size_t)256 * 1024, 0);
    tk_out_init(&out, NULL);
    status = making_all(&m, book, err);
    if (status == TK_OK) {
        edition_write(&m, &out);
        *text = tk_arena_copy(arena, tk_out_str(&out));
        if (out.status != TK_OK || arena->failed)
            status = watch_no_memory(err);
    }
    tk_out_fini(&out);
    tk_arena_fini(&work);
    tk_sha256_free(m.hash);
    return status;
}

/* --- reading one --- */

static uint32_t small_number(tk_str text)
{
    uint32_t number = 0;
    for (size_t i = 0; i < text.len && number < UINT32_MAX / 16; i++)
        number = number * 10 + (uint32_t)(text.ptr[i] - '0');
    return number;
}

/* ["rule us.item-a", "0123456789abcdef", ["2026-01-15.."], [7, 12]]; false: something else. */
static bool statement_read(const watch_node *row, size_t statements, tk_arena *arena, statement *out)
{
    const watch_node *dates = row->first;
    for (int i = 0; i < 2 && dates != NULL; i++)
        dates = dates->next;
    const watch_node *reads = dates == NULL ? NULL : dates->next;
    if (reads == NULL)
        return false;
    tk_str *days = TK_ARENA_ARRAY(arena, tk_str, watch_node_count(dates));
    uint32_t *numbers = TK_ARENA_ARRAY(arena, uint32_t, watch_node_count(reads));
    *out = (statement){.name = row->first->text, .words = row->first->next->text, .dates = days, .reads = numbers};
    for (const watch_node *day = dates->first; days != NULL && day != NULL; day = day->next)
        days[out->dates_count++] = day->text;
    for (const watch_node *read = reads->first; numbers != NULL && read != NULL; read = read->next)
        if (small_number(read->text) < statements)
            numbers[out->reads_count++] = small_number(read->text);
    return true;
}

tk_status watch_edition_read(tk_str text, tk_arena *arena, const watch_edition **out, tk_err *err)
{
    const watch_node *root;
    tk_status status = watch_node_read(text, arena, &root, err);
    if (status != TK_OK)
        return status;
    size_t count = watch_node_count(root);
    watch_edition *edition = TK_ARENA_NEW(arena, watch_edition);
    statement *statements = TK_ARENA_ARRAY(arena, statement, count);
    if (arena->failed)
        return watch_no_memory(err);
    *edition = (watch_edition){.statements = statements};
    for (const watch_node *row = root->first; row != NULL; row = row->next)
        if (!statement_read(row, count, arena, &statements[edition->count++]))
            return tk_err_set(err, TK_ERR_CORRUPT, "the book is damaged: an edition of a rulebook cannot be read");
    *out = edition;
    return arena->failed ? watch_no_memory(err) : TK_OK;
}

/* --- what an answer reads --- */

bool watch_reads_init(watch_reads *reads, const watch_edition *edition, tk_arena *arena)
{
    *reads = (watch_reads){.edition = edition};
    reads->bits = edition == NULL ? NULL : TK_ARENA_ARRAY(arena, uint64_t, edition->count / 64 + 1);
    return edition == NULL || reads->bits != NULL;
}

static bool reads_has(const watch_reads *reads, size_t at)
{
    return (reads->bits[at / 64] >> at % 64 & 1) != 0;
}

static void reads_set(watch_reads *reads, size_t at)
{
    reads->bits[at / 64] |= UINT64_C(1) << at % 64;
}

static int statement_order(const void *name, const void *item)
{
    return tk_str_cmp(*(const tk_str *)name, ((const statement *)item)->name);
}

void watch_reads_add(watch_reads *reads, const char *kind, tk_str regime, tk_str name)
{
    char full[512];
    if (reads->edition == NULL || reads->edition->count == 0)
        return;
    int len = snprintf(full, sizeof full, "%s " TK_FMT "%s" TK_FMT, kind, TK_ARG_STR(regime),
                       regime.len == 0 ? "" : ".", TK_ARG_STR(name));
    tk_str wanted = {full, len < 0 || sizeof full <= (size_t)len ? 0 : (size_t)len};
    const statement *found = bsearch(&wanted, reads->edition->statements, reads->edition->count, sizeof(statement),
                                     statement_order);
    if (found != NULL)
        reads_set(reads, (size_t)(found - reads->edition->statements));
}

void watch_reads_add_regime(watch_reads *reads, tk_str regime)
{
    for (size_t i = 0; reads->edition != NULL && i < reads->edition->count; i++) {
        tk_str name = reads->edition->statements[i].name;
        for (size_t at = 0; at < name.len; at++)
            if (name.ptr[at] == ' ') {
                tk_str rest = {name.ptr + at + 1, name.len - at - 1};
                if (tk_str_starts(rest, regime) && regime.len < rest.len && rest.ptr[regime.len] == '.')
                    reads_set(reads, i);
            }
    }
}

void watch_reads_close(watch_reads *reads)
{
    for (bool more = reads->edition != NULL; more;) {
        more = false;
        for (size_t i = 0; i < reads->edition->count; i++) {
            const statement *s = &reads->edition->statements[i];
            for (size_t j = 0; reads_has(reads, i) && j < s->reads_count; j++)
                if (!reads_has(reads, s->reads[j])) {
                    reads_set(reads, s->reads[j]);
                    more |= s->reads[j] < i; /* those behind come in this round */
                }
        }
    }
}

/* --- what is different --- */

static bool dates_have(const statement *s, tk_str date)
{
    for (size_t i = 0; i < s->dates_count; i++)
        if (tk_str_eq(s->dates[i], date))
            return true;
    return false;
}

/* The dates of one that the other lacks. */
static tk_str dates_but(const statement *s, const statement *other, tk_arena *arena)
{
    tk_str text = TK_STR("");
    for (size_t i = 0; i < s->dates_count; i++)
        if (!dates_have(other, s->dates[i]))
            text = tk_arena_printf(arena, TK_FMT "%s" TK_FMT, TK_ARG_STR(text), text.len == 0 ? "" : "; ",
                                   TK_ARG_STR(s->dates[i]));
    return text;
}

static void statements_compare(const statement *before, const statement *now, tk_arena *arena, watch_edition_say say,
                               void *context)
{
    tk_str none = TK_STR("");
    const statement *one = before == NULL ? now : before;
    TK_ASSERT(one != NULL);
    if (before == NULL || now == NULL) {
        say(context, before == NULL ? TK_DESK_WATCH_CAME : TK_DESK_WATCH_WENT, one->name, none, none);
        return;
    }
    bool words = !tk_str_eq(before->words, now->words);
    tk_str gone = dates_but(before, now, arena), come = dates_but(now, before, arena);
    if (gone.len != 0 || come.len != 0)
        say(context, words ? TK_DESK_WATCH_OTHER : TK_DESK_WATCH_REDATED, now->name, gone, come);
    else if (words)
        say(context, TK_DESK_WATCH_REWORDED, now->name, none, none);
}

void watch_editions_compare(const watch_reads *before, const watch_reads *now, tk_arena *arena, watch_edition_say say,
                            void *context)
{
    const watch_edition *a = before->edition, *b = now->edition;
    if (a == NULL || b == NULL)
        return;
    for (size_t i = 0, j = 0; i < a->count || j < b->count;) {
        int order = i == a->count
                        ? 1
                        : (j == b->count ? -1 : tk_str_cmp(a->statements[i].name, b->statements[j].name));
        bool read = (order <= 0 && reads_has(before, i)) || (0 <= order && reads_has(now, j));
        if (read)
            statements_compare(order <= 0 ? &a->statements[i] : NULL, 0 <= order ? &b->statements[j] : NULL, arena,
                               say, context);
        i += order <= 0 ? 1 : 0;
        j += 0 <= order ? 1 : 0;
    }
}

/* "g42, core42 2026-07-10..2027-04-06": what stands before the span, and its days; false: it is no span. */
static bool span_read(tk_str date, tk_str *members, tk_date *from, tk_date *to)
{
    enum { DAY = 10 };
    bool open = 2 < date.len && date.ptr[date.len - 1] == '.';
    size_t span = open ? DAY + 2 : DAY + 2 + DAY;
    if (date.len < span || date.ptr[date.len - span + DAY] != '.')
        return false;
    const char *at = date.ptr + date.len - span;
    *members = tk_str_trim((tk_str){date.ptr, date.len - span});
    *to = TK_DATE_MAX;
    return tk_date_parse((tk_str){at, DAY}, from, NULL) == TK_OK
           && (open || tk_date_parse((tk_str){at + DAY + 2, DAY}, to, NULL) == TK_OK);
}

static void say_day(const statement *s, tk_str members, tk_desk_watch_how how, tk_date day, tk_arena *arena,
                    watch_edition_say say, void *context)
{
    char text[TK_DATE_TEXT_MAX];
    tk_str name = members.len == 0
                      ? s->name
                      : tk_arena_printf(arena, TK_FMT ": " TK_FMT, TK_ARG_STR(s->name), TK_ARG_STR(members));
    say(context, how, name, TK_STR(""), tk_arena_copy(arena, (tk_str){text, tk_date_format(day, text)}));
}

void watch_edition_days(const watch_reads *reads, tk_date before, tk_date now, tk_arena *arena, watch_edition_say say,
                        void *context)
{
    for (size_t i = 0; reads->edition != NULL && i < reads->edition->count; i++) {
        const statement *s = &reads->edition->statements[i];
        for (size_t j = 0; reads_has(reads, i) && j < s->dates_count; j++) {
            tk_str members;
            tk_date from, to;
            if (!span_read(s->dates[j], &members, &from, &to))
                continue;
            if (before < from && from <= now)
                say_day(s, members, TK_DESK_WATCH_BEGAN, from, arena, say, context);
            if (before <= to && to < now)
                say_day(s, members, TK_DESK_WATCH_ENDED, to, arena, say, context);
        }
    }
}
