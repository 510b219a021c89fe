/* SPDX-License-Identifier: Apache-2.0 */
/* schema.c: every decision fits docs/decision.schema.json, and the schema refuses what is no decision.
 *
 * A small validator for the keywords that the schema uses. A keyword it does not know fails the test, so that nothing
 * in the schema is passed over. It reads the text anew for every look-up: slow, and simple enough to believe.
 */
#include <regex.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/csv.h"
#include "base/file.h"
#include "base/json.h"
#include "base/limits.h"
#include "base/str.h"
#include "seams/desk_book.h"
#include "seams/shelf.h"
#include "twokey/desk.h"

/* --- a JSON text as a tree --- */

typedef struct node {
    struct node *next, *first; /* members of an object and items of an array */
    tk_json_kind kind;         /* TK_JSON_OBJECT, ARRAY, STRING, NUMBER, TRUE, FALSE, NULL */
    tk_str name, text;
} node;

typedef struct reader {
    tk_arena *arena;
    tk_json_reader json;
    tk_err err;
    bool failed;
} reader;

static tk_json_token read_token(reader *r)
{
    tk_json_token token = {.kind = TK_JSON_END};
    if (!r->failed && tk_json_read_next(&r->json, &token, &r->err) != TK_OK)
        r->failed = true;
    return token;
}

static node *read_value(reader *r, tk_json_token token)
{
    node *n = TK_ARENA_NEW(r->arena, node);
    node **end = &n->first;
    *n = (node){.kind = token.kind, .text = token.text};
    if (token.kind != TK_JSON_OBJECT && token.kind != TK_JSON_ARRAY)
        return n;
    tk_json_kind last = token.kind == TK_JSON_OBJECT ? TK_JSON_OBJECT_END : TK_JSON_ARRAY_END;
    for (token = read_token(r); !r->failed && token.kind != last; token = read_token(r)) {
        tk_str name = token.text;
        bool member = token.kind == TK_JSON_KEY;
        if (member)
            token = read_token(r);
        *end = read_value(r, token);
        if (member)
            (*end)->name = name;
        end = &(*end)->next;
    }
    return n;
}

/* NULL when the text is no JSON. */
static const node *read_json(tk_arena *arena, tk_str text)
{
    reader r = {.arena = arena};
    char *bytes = TK_ARENA_ARRAY(arena, char, text.len + 1);
    memcpy(bytes, text.ptr, text.len);
    for (size_t i = 0; i < text.len; i++)
        if (bytes[i] == '\n')
            bytes[i] = ' ';
    if (tk_json_read_init(&r.json, TK_STR("text"), 1, bytes, text.len, &r.err) != TK_OK)
        return NULL;
    const node *root = read_value(&r, read_token(&r));
    bool whole = read_token(&r).kind == TK_JSON_END && !r.failed;
    if (!whole)
        print_message("%s\n", r.err.message);
    return whole ? root : NULL;
}

static const node *member(const node *object, const char *name)
{
    for (const node *n = object->first; n != NULL; n = n->next)
        if (tk_str_is(n->name, name))
            return n;
    return NULL;
}

static bool same(const node *a, const node *b)
{
    if (a->kind != b->kind || !tk_str_eq(a->text, b->text))
        return a->kind == b->kind && (a->kind == TK_JSON_TRUE || a->kind == TK_JSON_FALSE || a->kind == TK_JSON_NULL);
    return a->first == NULL && b->first == NULL;
}

/* --- the validator --- */

typedef struct check {
    const node *schema; /* the root */
    char *path;         /* of the value at hand, for messages */
    size_t path_size;
    bool quiet;
} check;

static bool refuse(const check *c, const char *keyword, const node *value)
{
    if (!c->quiet)
        print_message("%s: '" TK_FMT "' does not fit '%s'\n", c->path, TK_ARG_STR(value->text), keyword);
    return false;
}

static bool valid(check *c, const node *schema, const node *value);

static bool is_type(const node *value, tk_str type)
{
    switch (value->kind) {
    case TK_JSON_OBJECT:
        return tk_str_is(type, "object");
    case TK_JSON_ARRAY:
        return tk_str_is(type, "array");
    case TK_JSON_STRING:
        return tk_str_is(type, "string");
    case TK_JSON_NUMBER:
        return tk_str_is(type, "number")
               || (tk_str_is(type, "integer") && memchr(value->text.ptr, '.', value->text.len) == NULL);
    case TK_JSON_TRUE:
    case TK_JSON_FALSE:
        return tk_str_is(type, "boolean");
    case TK_JSON_NULL:
        return tk_str_is(type, "null");
    case TK_JSON_OBJECT_END:
    case TK_JSON_ARRAY_END:
    case TK_JSON_KEY:
    case TK_JSON_END:
        break;
    }
    return false;
}

static bool valid_type(const node *types, const node *value)
{
    if (types->kind == TK_JSON_STRING)
        return is_type(value, types->text);
    for (const node *type = types->first; type != NULL; type = type->next)
        if (is_type(value, type->text))
            return true;
    return false;
}

static bool valid_enum(const node *choices, const node *value)
{
    for (const node *choice = choices->first; choice != NULL; choice = choice->next)
        if (same(choice, value))
            return true;
    return false;
}

static bool valid_pattern(const node *pattern, const node *value)
{
    regex_t regex;
    char expression[128], text[256];
    (void)snprintf(expression, sizeof(expression), TK_FMT, TK_ARG_STR(pattern->text));
    (void)snprintf(text, sizeof(text), TK_FMT, TK_ARG_STR(value->text));
    assert_int_equal(regcomp(&regex, expression, REG_EXTENDED | REG_NOSUB), 0);
    bool matches = regexec(&regex, text, 0, NULL, 0) == 0;
    regfree(&regex);
    return matches;
}

static bool valid_required(const node *names, const node *value)
{
    for (const node *name = names->first; name != NULL; name = name->next) {
        bool found = false;
        for (const node *n = value->first; n != NULL; n = n->next)
            found |= tk_str_eq(n->name, name->text);
        if (!found)
            return false;
    }
    return true;
}

static bool valid_unique(const node *value)
{
    for (const node *a = value->first; a != NULL; a = a->next)
        for (const node *b = a->next; b != NULL; b = b->next)
            if (same(a, b))
                return false;
    return true;
}

static bool valid_below(check *c, const node *schema, const node *value, tk_str name)
{
    size_t len = strlen(c->path);
    (void)snprintf(c->path + len, c->path_size - len, "/" TK_FMT, TK_ARG_STR(name));
    bool good = valid(c, schema, value);
    c->path[len] = 0;
    return good;
}

static bool valid_members(check *c, const node *schema, const node *value)
{
    const node *properties = member(schema, "properties"), *others = member(schema, "additionalProperties");
    for (const node *n = value->first; n != NULL; n = n->next) {
        const node *own = NULL;
        for (const node *p = properties == NULL ? NULL : properties->first; p != NULL; p = p->next)
            if (tk_str_eq(p->name, n->name))
                own = p;
        if (own == NULL && others != NULL && others->kind == TK_JSON_FALSE)
            return refuse(c, "additionalProperties", n);
        if (own == NULL && (others == NULL || others->kind == TK_JSON_TRUE))
            continue;
        if (!valid_below(c, own != NULL ? own : others, n, n->name))
            return false;
    }
    return true;
}

static const node *definition(const check *c, tk_str reference)
{
    tk_str prefix = TK_STR("#/$defs/");
    assert_true(tk_str_starts(reference, prefix));
    for (const node *n = member(c->schema, "$defs")->first; n != NULL; n = n->next)
        if (tk_str_eq(n->name, (tk_str){reference.ptr + prefix.len, reference.len - prefix.len}))
            return n;
    fail_msg("no definition '" TK_FMT "'", TK_ARG_STR(reference));
    return NULL;
}

/* One keyword; the ones about members are taken together. */
static bool valid_keyword(check *c, const node *keyword, const node *schema, const node *value)
{
    static const char *const passed[] = {"$schema", "$id", "$defs", "title", "description", "additionalProperties"};
    for (size_t i = 0; i < sizeof(passed) / sizeof(passed[0]); i++)
        if (tk_str_is(keyword->name, passed[i]))
            return true;
    bool object = value->kind == TK_JSON_OBJECT, array = value->kind == TK_JSON_ARRAY;
    if (tk_str_is(keyword->name, "$ref"))
        return valid(c, definition(c, keyword->text), value);
    if (tk_str_is(keyword->name, "type"))
        return valid_type(keyword, value);
    if (tk_str_is(keyword->name, "const"))
        return same(keyword, value);
    if (tk_str_is(keyword->name, "enum"))
        return valid_enum(keyword, value);
    if (tk_str_is(keyword->name, "pattern"))
        return value->kind != TK_JSON_STRING || valid_pattern(keyword, value);
    if (tk_str_is(keyword->name, "minLength"))
        return value->kind != TK_JSON_STRING || value->text.len != 0;
    if (tk_str_is(keyword->name, "required"))
        return !object || valid_required(keyword, value);
    if (tk_str_is(keyword->name, "uniqueItems"))
        return !array || valid_unique(value);
    if (tk_str_is(keyword->name, "properties"))
        return true;
    if (tk_str_is(keyword->name, "propertyNames")) {
        for (const node *n = object ? value->first : NULL; n != NULL; n = n->next)
            if (!valid(c, keyword, &(node){.kind = TK_JSON_STRING, .text = n->name}))
                return false;
        return true;
    }
    if (tk_str_is(keyword->name, "items")) {
        for (const node *n = array ? value->first : NULL; n != NULL; n = n->next)
            if (!valid_below(c, keyword, n, TK_STR("[]")))
                return false;
        return true;
    }
    (void)schema;
    fail_msg("the validator does not know the keyword '" TK_FMT "'", TK_ARG_STR(keyword->name));
    return false;
}

static bool valid(check *c, const node *schema, const node *value)
{
    for (const node *keyword = schema->first; keyword != NULL; keyword = keyword->next) {
        if (!valid_keyword(c, keyword, schema, value)) {
            char name[64];
            (void)snprintf(name, sizeof(name), TK_FMT, TK_ARG_STR(keyword->name));
            return refuse(c, name, value);
        }
    }
    return value->kind != TK_JSON_OBJECT || valid_members(c, schema, value);
}

/* --- the schema, the desk --- */

typedef struct fixture {
    tk_arena arena;
    const node *schema;
    tk_desk *desk;
    tk_clerk *clerk;
} fixture;

static int set_up(void **state)
{
    fixture *f = calloc(1, sizeof(*f));
    assert_non_null(f);
    tk_arena_init(&f->arena, 0, 0);
    tk_str text;
    tk_err err = {0};
    tk_messages *messages = NULL;
    const char *path = TEST_SOURCE_DIR "/docs/decision.schema.json";
    assert_int_equal(tk_file_read(path, 1 << 20, &f->arena, &text, &err), TK_OK);
    f->schema = read_json(&f->arena, text);
    assert_non_null(f->schema);
    tk_desk_options options = TK_DESK_OPTIONS_INIT;
    assert_int_equal(tk_desk_open(&options, &f->desk, &messages, &err), TK_OK);
    tk_messages_free(messages);
    assert_int_equal(tk_clerk_new(f->desk, &f->clerk, &err), TK_OK);
    *state = f;
    return 0;
}

static int tear_down(void **state)
{
    fixture *f = *state;
    tk_clerk_free(f->clerk);
    tk_desk_close(f->desk);
    tk_arena_fini(&f->arena);
    free(f);
    return 0;
}

static bool fits(fixture *f, tk_str json, bool quiet)
{
    char path[512] = "";
    check c = {.schema = f->schema, .path = path, .path_size = sizeof(path), .quiet = quiet};
    tk_arena arena;
    tk_arena_init(&arena, 0, 0);
    const node *value = read_json(&arena, json);
    bool good = value != NULL && valid(&c, f->schema, value);
    tk_arena_fini(&arena);
    return good;
}

static tk_str decide(fixture *f, const tk_transaction *order, const tk_ask *ask, tk_str *json)
{
    tk_desk_result result;
    tk_err err = {0};
    if (tk_clerk_decide_json(f->clerk, order, ask, &result, json, &err) != TK_OK)
        fail_msg("%s", err.message);
    return *json;
}

/* Plainly, by the text alone, and in a world that holds every report. */
static void check_three_ways(fixture *f, const tk_transaction *order)
{
    uint32_t claims[TK_CLAIMS_BELIEVED_MAX];
    size_t count = tk_rulebook_claim_count(tk_desk_rulebook(f->desk));
    assert_true(count <= TK_CLAIMS_BELIEVED_MAX);
    for (size_t i = 0; i < count; i++)
        claims[i] = (uint32_t)i;
    tk_ask asks[3] = {TK_ASK_INIT, TK_ASK_INIT, TK_ASK_INIT};
    asks[0].flags |= TK_DECIDE_WOULD_CHANGE;
    asks[1].law = TK_LAW_TEXT;
    asks[2].claims = claims;
    asks[2].claims_count = count;
    for (size_t i = 0; i < 3; i++) {
        tk_str json;
        asks[i].today = 20500;
        assert_true(fits(f, decide(f, order, &asks[i], &json), false));
    }
}

static void every_order_of_the_example_fits(void **state)
{
    fixture *f = *state;
    tk_str text;
    tk_err err = {0};
    tk_csv_reader *csv = NULL;
    const tk_csv_row *row = NULL;
    size_t columns, rows = 0;
    const char *path = TEST_SOURCE_DIR "/examples/h200-2026/orders.csv";
    assert_int_equal(tk_file_read(path, 1 << 20, &f->arena, &text, &err), TK_OK);
    assert_int_equal(tk_csv_open_text(TK_STR("orders.csv"), text, &csv, &err), TK_OK);
    const tk_str *header = tk_csv_header(csv, &columns);
    while (tk_csv_next(csv, &row, &err) == TK_OK && row != NULL) {
        tk_transaction order = {0};
        for (size_t i = 0; i < columns; i++) {
            tk_column column = tk_column_find(header[i], NULL);
            assert_true(column < TK_COLUMN_COUNT);
            order.cells[column] = row->cells[i];
        }
        check_three_ways(f, &order);
        rows++;
    }
    tk_csv_close(csv);
    assert_true(24 <= rows);
}

/* The same orders, and some parties more, where the desk has lists and owners. */
static void orders_that_are_screened_fit(void **state)
{
    test_place *place = *state;
    void *inner = NULL;
    assert_int_equal(set_up(&inner), 0);
    fixture *f = inner;
    tk_desk_options options = TK_DESK_OPTIONS_INIT;
    tk_err err = {0};
    options.book = test_path(place, "book.db");
    test_book_import(options.book, "id,name,country,hq\nbytedance,Karominta Micro-electronics,CN,CN\n"
                                   "nvidia,Taminrol Foods,US,US\n");
    test_book_import(options.book, "holder,held,share,source\nEL:karo-minta,nvidia,45-55,register\n");
    tk_shelf *shelf = test_shelf(place, "lists");
    tk_list_edition edition =
        test_edition(&place->arena, "us-csl", "2026-07-31", "EL|karo-minta|c|Karominta Microelectronics|KM|CN|||||\n");
    (void)test_put(place, shelf, &edition);
    tk_shelf_close(shelf);
    options.lists_folder = test_path(place, "lists");
    tk_clerk_free(f->clerk);
    tk_desk_close(f->desk);
    f->clerk = NULL;
    assert_int_equal(tk_desk_open(&options, &f->desk, NULL, &err), TK_OK);
    assert_int_equal(tk_clerk_new(f->desk, &f->clerk, &err), TK_OK);
    every_order_of_the_example_fits(&inner);
    tk_transaction order = {0};
    order.cells[TK_COLUMN_ITEM] = TK_STR("rtx3090");
    order.cells[TK_COLUMN_END_USER] = TK_STR("!?");
    check_three_ways(f, &order);
    (void)tear_down(&inner);
}

static void orders_at_the_edge_fit(void **state)
{
    const tk_fact_text outside[] = {{TK_STR("item.subject_to_ear"), TK_STR("no")}};
    const tk_fact_text figures[] = {{TK_STR("item.tpp"), TK_STR("4799.999999")},
                                    {TK_STR("item.die_area"), TK_STR("none")}};
    tk_transaction orders[4] = {{.facts = outside, .facts_count = 1}, {.facts = figures, .facts_count = 2}};
    static const struct {
        tk_column column;
        const char *cells[4];
    } said[] = {
        {TK_COLUMN_ID, {"", "", "A:b._-9", ""}},
        {TK_COLUMN_ITEM, {"", "", "", "h200-sxm"}},
        {TK_COLUMN_FROM, {"DE", "US", "", ""}},
        {TK_COLUMN_TO, {"FR", "CN", "CN", ""}},
        {TK_COLUMN_QUANTITY, {"", "", "?", "1000000000"}},
    };
    for (size_t i = 0; i < sizeof(said) / sizeof(said[0]); i++)
        for (size_t j = 0; j < 4; j++)
            orders[j].cells[said[i].column] = tk_str_from(said[i].cells[j]);
    for (size_t i = 0; i < sizeof(orders) / sizeof(orders[0]); i++)
        check_three_ways(*state, &orders[i]);
}

/* `from` becomes `to`, once. */
static tk_str with(tk_arena *arena, tk_str text, const char *from, const char *to)
{
    char *copy = TK_ARENA_ARRAY(arena, char, text.len + 1);
    memcpy(copy, text.ptr, text.len);
    const char *at = strstr(copy, from);
    assert_non_null(at);
    return tk_arena_printf(arena, "%.*s%s%s", (int)(at - copy), copy, to, at + strlen(from));
}

static void what_is_no_decision_is_refused(void **state)
{
    static const struct {
        const char *from, *to;
    } cases[] = {
        {"\"id\":\"o\",", ""},
        {"\"id\":\"o\"", "\"id\":7"},
        {"\"id\":\"o\"", "\"id\":\"o\",\"more\":1"},
        {"\"law\":\"enforced\"", "\"law\":\"perhaps\""},
        {"\"as_of\":\"2026-02-10\"", "\"as_of\":\"2026-2-10\""},
        {"\"rulebook\":\"", "\"rulebook\":\"0"},
        {"\"basis\":", "\"bases\":"},
        {"\"law_differs\":false", "\"law_differs\":\"no\""},
        {"\"missing\":[", "\"missing\":[1,"},
        {"\"lists\":[]", "\"lists\":[\"a\",\"a\"]"},
        {"\"stage\":\"before", "\"stage\":\"after"},
        {"\"met\":\"no\"", "\"met\":\"maybe\""},
        {"\"margin\":", "\"margin\":1.5,\"margins\":"},
        {"\"verdict\":", "\"verdict\":\"fine\",\"was\":"},
        {"\"keys\":{\"cn\"", "\"keys\":{\" cn\""},
    };
    fixture *f = *state;
    tk_transaction order = {.cells = {[TK_COLUMN_ID] = TK_STR("o"),
                                      [TK_COLUMN_ITEM] = TK_STR("h200-sxm"),
                                      [TK_COLUMN_FROM] = TK_STR("US"),
                                      [TK_COLUMN_TO] = TK_STR("CN"),
                                      [TK_COLUMN_ACTIVITY] = TK_STR("export"),
                                      [TK_COLUMN_AS_OF] = TK_STR("2026-02-10")}};
    tk_ask ask = TK_ASK_INIT;
    tk_str json;
    (void)decide(f, &order, &ask, &json);
    json = tk_arena_copy(&f->arena, json);
    assert_true(fits(f, json, false));
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
        if (fits(f, with(&f->arena, json, cases[i].from, cases[i].to), true))
            fail_msg("%s as %s fits", cases[i].from, cases[i].to);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_order_of_the_example_fits),
        cmocka_unit_test_setup_teardown(orders_that_are_screened_fit, test_place_make, test_place_remove),
        cmocka_unit_test(orders_at_the_edge_fit),
        cmocka_unit_test(what_is_no_decision_is_refused),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
