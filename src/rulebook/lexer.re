/* SPDX-License-Identifier: Apache-2.0 */
/* lexer.re: rulebook text to tokens, by re2c.
 *
 * Statement keywords count only in column 1, so that `rule`, `set` or `limit` stay usable as ordinary words.
 * A word may hold . : - _ between letters and digits (3A090.a, D:1, route.from, item-a), never at its ends,
 * so `2023-11-17 ..` and `a/b` need no care. A string ends on its line.
 */
#include "rulebook/lexer.h"

#include "base/str.h"
#include "grammar.h"

void tk_lexer_init(tk_lexer *lexer, tk_arena *arena, uint16_t file, tk_str text_terminated)
{
    *lexer = (tk_lexer){.begin = text_terminated.ptr,
                        .cursor = text_terminated.ptr,
                        .limit = text_terminated.ptr + text_terminated.len,
                        .line_begin = text_terminated.ptr,
                        .line = 1,
                        .file = file,
                        .arena = arena};
}

static tk_str lexer_unescape(tk_lexer *lexer, const char *from, const char *to)
{
    char *out = tk_arena_get(lexer->arena, (size_t)(to - from) + 1);
    size_t len = 0;
    if (out == NULL)
        return (tk_str){"", 0};
    for (const char *p = from; p < to; p++) {
        if (*p == '\\' && p + 1 < to)
            p++;
        out[len++] = *p;
    }
    return (tk_str){out, len};
}

void tk_lexer_next(tk_lexer *lexer, ast_token *out)
{
    const char *YYCURSOR = lexer->cursor, *YYMARKER, *YYCTXMARKER, *start;
    int kind;
again:
    start = YYCURSOR;
    /*!re2c
    re2c:define:YYCTYPE = "unsigned char";
    re2c:yyfill:enable = 0;
    re2c:flags:case-ranges = 1;

    blank  = [ \t\r];
    gap    = [ \t\r\n]+;
    alnum  = [A-Za-z0-9_];
    word   = alnum+ ([-.:] alnum+)*;
    number = [0-9]+ ("_" [0-9]+)* ("." [0-9]+)?;
    date   = [0-9]{4} "-" [0-9]{2} "-" [0-9]{2};
    unit   = "mm2" | "cm2" | "GB/s" | "TB/s" | "MB/s" | "GB/s/mm2" | "%" | "GB" | "TB" | "nm" | "W" | "kW" | "USD"
           | "TFLOPS" | "PFLOPS" | "TOPS";
    ahead  = ([ \t\r\n] | "#" [^\n\x00]* "\n")+; /* only looked at: what is passed over there is read again */
    quantified = ahead word ahead? "("; /* `no` alone is a word: item.datacenter = no */
    string = ["] ([^"\\\n\x00] | "\\" ["\\])* ["];

    "\x00"      { if (start < lexer->limit) { kind = TK_LEX_BAD; lexer->complaint = "a zero byte"; goto done; }
                  YYCURSOR = start; kind = TK_LEX_END; goto done; }
    "\n"        { lexer->line++; lexer->line_begin = YYCURSOR; goto again; }
    blank+      { goto again; }
    "#" [^\n\x00]* { goto again; }
    date        { kind = TK_T_DATE; goto done; }
    number      { kind = TK_T_NUMBER; goto done; }
    unit        { kind = TK_T_UNIT; goto done; }
    string      { kind = TK_T_STRING; goto done; }
    ["]         { kind = TK_LEX_BAD; lexer->complaint = "a string that does not end on its line (escapes are \\\" and \\\\ only)"; goto done; }
    ".."        { kind = TK_T_RANGE; goto done; }
    "?"         { kind = TK_T_UNKNOWN; goto done; }
    "@"         { kind = TK_T_AT; goto done; }
    "("         { kind = TK_T_LP; goto done; }
    ")"         { kind = TK_T_RP; goto done; }
    ","         { kind = TK_T_COMMA; goto done; }
    ":"         { kind = TK_T_COLON; goto done; }
    "|"         { kind = TK_T_BAR; goto done; }
    "="         { kind = TK_T_EQ; goto done; }
    "!="        { kind = TK_T_NE; goto done; }
    "<"         { kind = TK_T_LT; goto done; }
    "<="        { kind = TK_T_LE; goto done; }
    ">"         { kind = TK_T_GT; goto done; }
    ">="        { kind = TK_T_GE; goto done; }
    "+"         { kind = TK_T_PLUS; goto done; }
    "-"         { kind = TK_T_MINUS; goto done; }
    "*"         { kind = TK_T_TIMES; goto done; }
    "/"         { kind = TK_T_DIVIDE; goto done; }

    "and"       { kind = TK_T_AND; goto done; }
    "or"        { kind = TK_T_OR; goto done; }
    "not"       { kind = TK_T_NOT; goto done; }
    "but" gap "not"       { kind = TK_T_BUT_NOT; goto done; }
    "in"        { kind = TK_T_IN; goto done; }
    "in" gap "force"      { kind = TK_T_IN_FORCE; goto done; }
    "has"       { kind = TK_T_HAS; goto done; }
    "any" gap "of" / ahead? "(" { kind = TK_T_ANY_OF; goto done; } /* before `any`: a group is never called "of" */
    "any" / quantified { kind = TK_T_ANY; goto done; }
    "every" / quantified { kind = TK_T_EVERY; goto done; }
    "no" / quantified { kind = TK_T_NO; goto done; }
    "evidence"  { kind = TK_T_EVIDENCE; goto done; }
    "max" gap "of"        { kind = TK_T_MAX_OF; goto done; }
    "set" gap "of"        { kind = TK_T_SET_OF; goto done; }
    "exception" gap "to"  { kind = TK_T_EXCEPTION_TO; goto done; }
    "reported" gap "by"   { kind = TK_T_REPORTED_BY; goto done; }
    "reported"  { kind = TK_T_REPORTED; goto done; }
    "practice"  { kind = TK_T_PRACTICE; goto done; }
    "cites"     { kind = TK_T_CITES; goto done; }
    "published" { kind = TK_T_PUBLISHED; goto done; }
    "unverified" { kind = TK_T_UNVERIFIED; goto done; }
    "replaces"  { kind = TK_T_REPLACES; goto done; }
    "when"      { kind = TK_T_WHEN; goto done; }
    "then"      { kind = TK_T_THEN; goto done; }
    "requires"  { kind = TK_T_REQUIRES; goto done; }
    "within"    { kind = TK_T_WITHIN; goto done; }
    "before"    { kind = TK_T_BEFORE; goto done; }
    "after"     { kind = TK_T_AFTER; goto done; }
    "days"      { kind = TK_T_DAYS; goto done; }
    "holds"     { kind = TK_T_HOLDS; goto done; }
    "covers"    { kind = TK_T_COVERS; goto done; }
    "read" gap "to"       { kind = TK_T_READ_TO; goto done; }
    "presumed"  { kind = TK_T_PRESUMED; goto done; }
    "from" gap "claims"   { kind = TK_T_FROM_CLAIMS; goto done; }
    "otherwise" { kind = TK_T_OTHERWISE; goto done; }
    "strictest" { kind = TK_T_STRICTEST; goto done; }
    "asked" gap "when"    { kind = TK_T_ASKED_WHEN; goto done; }
    "of"        { kind = TK_T_OF; goto done; }
    "out"       { kind = TK_T_OUT; goto done; }
    "per"       { kind = TK_T_PER; goto done; }
    "counts"    { kind = TK_T_COUNTS; goto done; }
    "where"     { kind = TK_T_WHERE; goto done; }
    "at" gap "most"       { kind = TK_T_AT_MOST; goto done; }
    "less" gap "than"     { kind = TK_T_LESS_THAN; goto done; }
    "over"      { kind = TK_T_OVER; goto done; }
    "as" gap "of"         { kind = TK_T_AS_OF; goto done; }
    "known" gap "at"      { kind = TK_T_KNOWN_AT; goto done; }
    "gives"     { kind = TK_T_GIVES; goto done; }

    "common"    { kind = start == lexer->line_begin ? TK_T_COMMON : TK_T_WORD; goto done; }
    "regime"    { kind = start == lexer->line_begin ? TK_T_REGIME : TK_T_WORD; goto done; }
    "roles"     { kind = start == lexer->line_begin ? TK_T_ROLES : TK_T_WORD; goto done; }
    "fact"      { kind = start == lexer->line_begin ? TK_T_FACT : TK_T_WORD; goto done; }
    "set"       { kind = start == lexer->line_begin ? TK_T_SET : TK_T_WORD; goto done; }
    "term"      { kind = start == lexer->line_begin ? TK_T_TERM : TK_T_WORD; goto done; }
    "question"  { kind = start == lexer->line_begin ? TK_T_QUESTION : TK_T_WORD; goto done; }
    "rule"      { kind = start == lexer->line_begin ? TK_T_RULE : TK_T_WORD; goto done; }
    "limit"     { kind = start == lexer->line_begin ? TK_T_LIMIT : TK_T_WORD; goto done; }
    "example"   { kind = start == lexer->line_begin ? TK_T_EXAMPLE : TK_T_WORD; goto done; }
    "not" gap "modelled"  { kind = start == lexer->line_begin ? TK_T_NOT_MODELLED : TK_T_WORD; goto done; }

    word        { kind = TK_T_WORD; goto done; }
    *           { kind = TK_LEX_BAD; lexer->complaint = "a character that means nothing here"; goto done; }
    */
done:
    out->kind = kind;
    size_t width = (size_t)(YYCURSOR - start);
    out->pos = (ast_pos){.file = lexer->file,
                         .width = (uint16_t)(width < 1 ? 1 : (width < 999 ? width : 999)),
                         .line = lexer->line,
                         .column = (uint32_t)(start - lexer->line_begin) + 1,
                         .offset = (uint32_t)(start - lexer->begin)};
    out->end = (uint32_t)(YYCURSOR - lexer->begin);
    out->text = (tk_str){start, width};
    if (kind == TK_T_STRING)
        out->text = lexer_unescape(lexer, start + 1, YYCURSOR - 1);
    /* A keyword of several words may run over a line end. */
    for (const char *p = start; p < YYCURSOR; p++) {
        if (*p == '\n') {
            lexer->line++;
            lexer->line_begin = p + 1;
        }
    }
    lexer->cursor = YYCURSOR;
}
