/* SPDX-License-Identifier: Apache-2.0 */
/* un.c: the Security Council's consolidated list as XML, read by expat.
 *
 * A document type is refused: the list has none, and with it entities could be declared that read files or swell. Text
 * of the innermost element is gathered; an element's name together with its parent's says what it is.
 */
#include <expat.h>
#include <string.h>

#include "lists/lists_int.h"

enum { UN_DEPTH_MAX = 16, UN_NAME_MAX = 48, UN_NAMES = 4 };

typedef struct un_state {
    lists_reader *reader;
    XML_Parser parser;
    lists_draft *draft;
    char names[UN_DEPTH_MAX][UN_NAME_MAX]; /* of the open elements */
    size_t depth;
    char *text; /* of the innermost element */
    size_t text_len;
    tk_str name[UN_NAMES], original, alias, quality, document, document_number, country, note, address, year, year_to;
    const char *refused; /* why the whole document is */
} un_state;

static void un_refuse(un_state *s, const char *why)
{
    if (s->refused == NULL)
        s->refused = why;
    (void)XML_StopParser(s->parser, XML_FALSE);
}

static void un_doctype(void *data, const XML_Char *name, const XML_Char *system, const XML_Char *public, int internal)
{
    (void)name, (void)system, (void)public, (void)internal;
    un_refuse(data, "the XML has a document type; a list has none, and entities are not read");
}

static const char *un_parent(const un_state *s)
{
    return s->depth < 2 ? "" : s->names[s->depth - 2];
}

static bool un_party(const char *name)
{
    return strcmp(name, "INDIVIDUAL") == 0 || strcmp(name, "ENTITY") == 0;
}

static void un_root(un_state *s, const char *name, const XML_Char **attributes)
{
    if (strcmp(name, "CONSOLIDATED_LIST") != 0) {
        un_refuse(s, "the XML is no list of the United Nations: its root is not CONSOLIDATED_LIST");
        return;
    }
    for (size_t i = 0; attributes[i] != NULL; i += 2)
        if (strcmp(attributes[i], "dateGenerated") == 0)
            (void)lists_date(tk_str_from(attributes[i + 1]), &s->reader->by_file);
}

static void un_begin_party(un_state *s, const char *name)
{
    s->draft = lists_begin(s->reader, XML_GetCurrentLineNumber(s->parser));
    s->original = TK_STR("");
    memset(s->name, 0, sizeof s->name);
    if (s->draft != NULL) {
        s->draft->entry.kind = name[0] == 'I' ? TK_NAME_PERSON : TK_NAME_COMPANY;
        s->draft->entry.list = s->reader->source->list;
    }
}

static void un_start(void *data, const XML_Char *name, const XML_Char **attributes)
{
    un_state *s = data;
    if (s->depth == UN_DEPTH_MAX || UN_NAME_MAX <= strlen(name)) {
        un_refuse(s, "the XML is nested too deep, or has a name too long, for a list");
        return;
    }
    memcpy(s->names[s->depth++], name, strlen(name) + 1);
    s->text_len = 0;
    if (s->depth == 1)
        un_root(s, name, attributes);
    else if (un_party(name))
        un_begin_party(s, name);
    else if (un_party(un_parent(s))) {
        s->alias = s->quality = s->document = s->document_number = s->country = s->note = s->address = TK_STR("");
        s->year = s->year_to = TK_STR("");
    }
}

static void un_text(void *data, const XML_Char *text, int len)
{
    un_state *s = data;
    if (TK_FIELD_BYTES_MAX < s->text_len + (size_t)len) {
        un_refuse(s, "an element of more than 65536 bytes");
        return;
    }
    memcpy(s->text + s->text_len, text, (size_t)len);
    s->text_len += (size_t)len;
}

static void un_add(un_state *s, tk_str *to, tk_str text)
{
    if (text.len == 0)
        return;
    *to = to->len == 0 ? text
                       : tk_arena_printf(&s->reader->scratch, TK_FMT ", " TK_FMT, TK_ARG_STR(*to), TK_ARG_STR(text));
}

/* An element directly below a party, with text of its own. */
static void un_party_text(un_state *s, const char *name, tk_str text)
{
    static const char *const names[UN_NAMES] = {"FIRST_NAME", "SECOND_NAME", "THIRD_NAME", "FOURTH_NAME"};
    for (size_t i = 0; i < UN_NAMES; i++)
        if (strcmp(name, names[i]) == 0)
            s->name[i] = text;
    if (strcmp(name, "NAME_ORIGINAL_SCRIPT") == 0)
        s->original = text;
    else if (strcmp(name, "REFERENCE_NUMBER") == 0)
        s->draft->number = text;
    else if (strcmp(name, "UN_LIST_TYPE") == 0)
        s->draft->entry.programs = text;
    else if (strcmp(name, "LISTED_ON") == 0)
        (void)lists_date(text, &s->draft->entry.start);
    else if (strcmp(name, "COMMENTS1") == 0)
        s->draft->entry.remarks = text;
}

/* An element two below a party: part of an alias, an address, a document, a day of birth. */
static void un_part_text(un_state *s, const char *group, const char *name, tk_str text)
{
    if (strcmp(name, "ALIAS_NAME") == 0)
        s->alias = text;
    else if (strcmp(name, "QUALITY") == 0)
        s->quality = text;
    else if (strcmp(name, "TYPE_OF_DOCUMENT") == 0)
        s->document = text;
    else if (strcmp(name, "NUMBER") == 0)
        s->document_number = text;
    else if (strcmp(name, "COUNTRY") == 0)
        s->country = text;
    else if (strcmp(name, "VALUE") == 0 && strcmp(group, "NATIONALITY") == 0)
        (void)lists_put_country(s->reader, s->draft, text);
    else if (strcmp(name, "VALUE") == 0 && strcmp(group, "LAST_DAY_UPDATED") == 0) {
        tk_date day;
        if (lists_date(text, &day) && s->reader->newest < day && day <= s->reader->reading->today)
            s->reader->newest = day;
    } else if (strcmp(name, "DATE") == 0 || strcmp(name, "YEAR") == 0 || strcmp(name, "FROM_YEAR") == 0)
        s->year = text;
    else if (strcmp(name, "TO_YEAR") == 0)
        s->year_to = text;
    else if (strcmp(name, "STREET") == 0 || strcmp(name, "CITY") == 0 || strcmp(name, "STATE_PROVINCE") == 0
             || strcmp(name, "ZIP_CODE") == 0)
        un_add(s, &s->address, text);
}

/* A group below a party is complete. */
static void un_group(un_state *s, const char *group)
{
    lists_draft *draft = s->draft;
    tk_str rest = s->alias, one;
    if (strstr(group, "_ALIAS") != NULL) {
        bool weak = tk_str_is(s->quality, "Low");
        while (lists_next(&rest, "; ", &one))
            lists_put_alias(s->reader, draft, one, weak, false);
    } else if (strstr(group, "_ADDRESS") != NULL) {
        if (s->address.len != 0)
            lists_put_address(s->reader, draft, s->address, s->country.len != 0 ? s->country : TK_STR(" "));
        else
            (void)lists_put_country(s->reader, draft, s->country);
    } else if (strstr(group, "_DOCUMENT") != NULL) {
        lists_put_identifier(s->reader, draft, s->document, s->document_number);
    } else if (strstr(group, "_DATE_OF_BIRTH") != NULL && s->year.len != 0) {
        if (s->year_to.len != 0)
            s->year = tk_arena_printf(&s->reader->scratch, TK_FMT " to " TK_FMT, TK_ARG_STR(s->year),
                                      TK_ARG_STR(s->year_to));
        lists_put_birth(s->reader, draft, s->year);
    }
}

static void un_party_done(un_state *s)
{
    tk_str name = TK_STR(""), rest = s->original, one;
    for (size_t i = 0; i < UN_NAMES; i++)
        if (s->name[i].len != 0)
            name = name.len == 0 ? s->name[i]
                                 : tk_arena_printf(&s->reader->scratch, TK_FMT " " TK_FMT, TK_ARG_STR(name),
                                                   TK_ARG_STR(s->name[i]));
    lists_put_name(s->reader, s->draft, name);
    while (lists_next(&rest, "; ", &one))
        lists_put_alias(s->reader, s->draft, one, false, true);
    lists_accept(s->reader, s->draft);
    s->draft = NULL;
}

static void un_end(void *data, const XML_Char *name)
{
    un_state *s = data;
    tk_str text = lists_clean(&s->reader->scratch, (tk_str){s->text, s->text_len});
    const char *parent = un_parent(s), *above = s->depth < 3 ? "" : s->names[s->depth - 3];
    if (s->draft != NULL) {
        if (un_party(name))
            un_party_done(s);
        else if (un_party(above))
            un_part_text(s, parent, name, text);
        else if (un_party(parent)) {
            un_party_text(s, name, text);
            un_group(s, name);
        }
    }
    s->text_len = 0;
    s->depth--;
    if (s->reader->scratch.failed)
        un_refuse(s, "out of memory");
}

static tk_status un_parse(un_state *s, const lists_file *file, tk_err *err)
{
    enum { PIECE = 1 << 20 };
    XML_SetUserData(s->parser, s);
    XML_SetElementHandler(s->parser, un_start, un_end);
    XML_SetCharacterDataHandler(s->parser, un_text);
    XML_SetStartDoctypeDeclHandler(s->parser, un_doctype);
    enum XML_Status parsed = XML_STATUS_OK;
    for (size_t at = 0; parsed == XML_STATUS_OK && at <= file->text.len; at += PIECE) {
        size_t len = file->text.len - at < PIECE ? file->text.len - at : PIECE;
        parsed = XML_Parse(s->parser, file->text.ptr + at, (int)len, at + PIECE > file->text.len);
    }
    if (parsed == XML_STATUS_OK)
        return TK_OK;
    uint32_t line = (uint32_t)XML_GetCurrentLineNumber(s->parser);
    enum XML_Error code = XML_GetErrorCode(s->parser);
    if (s->refused != NULL)
        (void)tk_err_set(err, TK_ERR_INPUT, "%s", s->refused);
    else if (code == XML_ERROR_NO_MEMORY)
        (void)tk_err_set(err, TK_ERR_MEMORY, "out of memory");
    else if (code == XML_ERROR_NO_ELEMENTS || code == XML_ERROR_UNCLOSED_TOKEN
             || code == XML_ERROR_UNCLOSED_CDATA_SECTION)
        (void)tk_err_set(err, TK_ERR_INPUT, "the XML breaks off; was the download cut short?");
    else
        (void)tk_err_set(err, TK_ERR_INPUT, "the XML is not well-formed: %s", XML_ErrorString(code));
    tk_err_where(err, file->name, line, (uint32_t)XML_GetCurrentColumnNumber(s->parser) + 1);
    return code == XML_ERROR_NO_MEMORY ? TK_ERR_MEMORY : TK_ERR_INPUT;
}

tk_status lists_read_un(lists_reader *reader, tk_err *err)
{
    static const tk_list_field said[] = {TK_LIST_NAME, TK_LIST_KIND, TK_LIST_ALIASES, TK_LIST_COUNTRIES,
                                         TK_LIST_ADDRESSES, TK_LIST_IDENTIFIERS, TK_LIST_BIRTHS, TK_LIST_PROGRAMS,
                                         TK_LIST_REMARKS, TK_LIST_START};
    tk_status status = TK_OK;
    for (size_t i = 0; i < TK_COUNT(said); i++)
        reader->edition->fields |= TK_LIST_FIELD_BIT(said[i]);
    for (size_t i = 0; status == TK_OK && i < reader->files_count; i++) {
        un_state s = {.reader = reader, .text = tk_arena_get(&reader->scratch, TK_FIELD_BYTES_MAX + 1)};
        reader->file = reader->files[i].name;
        s.parser = s.text == NULL ? NULL : XML_ParserCreate("UTF-8");
        if (s.parser == NULL)
            return tk_err_set(err, TK_ERR_MEMORY, "out of memory");
        status = un_parse(&s, &reader->files[i], err);
        XML_ParserFree(s.parser);
    }
    return status;
}
