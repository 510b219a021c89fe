/* SPDX-License-Identifier: Apache-2.0 */
/* grammar.y: the grammar of .rules files, for lemon. docs/rulebook-language.md is its prose.
 *
 * Expressions are one non-terminal; whether `a + b` or `a or b` stands where it may is the checker's business, so
 * that the message can say what was meant. `and` next to `or` without parentheses is refused here (S7).
 * Soft keywords fall back to plain words where nothing else fits (`item.datacenter = no`).
 */
%name tk_grammar_
%token_prefix TK_T_
%token_type {ast_token}
%extra_argument {tk_parse *parse}
%stack_size 400
%default_type {int}

%include {
#include <stdlib.h>
#include "rulebook/parse.h"
#include "base/str.h"
#define APPEND(type, list, item) \
    do { \
        type **tail_ = &(list); \
        while (*tail_ != NULL) \
            tail_ = &(*tail_)->next; \
        *tail_ = (item); \
    } while (0)
}

%syntax_error {
    int expected[256];
    size_t count = 0;
    YYACTIONTYPE word = yy_find_shift_action((YYCODETYPE)TK_T_WORD, yypParser->yytos->stateno);
    for (int token = 1; token < YYNTOKEN; token++) {
        YYACTIONTYPE action = yy_find_shift_action((YYCODETYPE)token, yypParser->yytos->stateno);
        /* What only falls back to a word is said by "a name". */
        if (action != YY_ERROR_ACTION && (action != word || token == TK_T_WORD) && count < 256)
            expected[count++] = token;
    }
    tk_parse_syntax_error(parse, TOKEN, expected, count);
}
%parse_failure { parse->failed = true; }
%stack_overflow { tk_parse_syntax_error(parse, parse->token, NULL, 0); }

%fallback WORD ANY EVERY NO EVIDENCE PRACTICE REPORTED PUBLISHED COUNTS OUT PER OVER DAYS HOLDS COVERS WITHIN AFTER BEFORE
               UNVERIFIED STRICTEST OTHERWISE GIVES OF WHERE UNIT REPLACES PRESUMED.

%nonassoc LOW.
%nonassoc WHEN OF UNIT RANGE.
%left OR.
%left AND.
%right NOT.
%nonassoc EQ NE LT LE GT GE IN HAS.
%left PLUS.
%left TIMES DIVIDE.

%type name {ast_name *}
%type names {ast_name *}
%type any_name {ast_name *}
%type any_names {ast_name *}
%type date {ast_name *}
%type bars {ast_name *}
%type chain {ast_name *}
%type claims {ast_expr *}
%type expr {ast_expr *}
%type exprs {ast_expr *}
%type set {ast_set *}
%type set_item {ast_set *}
%type in_set {ast_set *}
%type cite {ast_cite *}
%type cites {ast_cite *}
%type span {ast_span *}
%type spans {ast_span *}
%type value {ast_value *}
%type values {ast_value *}
%type unit_opt {tk_str}
%type lead {ast_token}
%type says_opt {tk_str}
%type requirement {ast_requires *}
%type stage {ast_requires *}
%type row {ast_row *}
%type bound {ast_bound *}
%type evidence {ast_evidence *}
%type evidences {ast_evidence *}
%type give {ast_gives *}
%type gives {ast_gives *}

file ::= statements.
statements ::= .
statements ::= statements statement.

name(A) ::= WORD(W). { A = tk_parse_name(parse, W); }
any_name(A) ::= name(N). { A = N; }
any_name(A) ::= NUMBER(W). { A = tk_parse_name(parse, W); }
names(A) ::= name(N). { A = N; }
names(A) ::= names(L) COMMA name(N). { A = L; APPEND(ast_name, A, N); }
any_names(A) ::= any_name(N). { A = N; }
any_names(A) ::= any_names(L) COMMA any_name(N). { A = L; APPEND(ast_name, A, N); }
date(A) ::= DATE(D). { A = tk_parse_name(parse, D); }
unit_opt(A) ::= . [LOW] { A = (tk_str){NULL, 0}; }
unit_opt(A) ::= UNIT(U). { A = U.text; }

span(A) ::= DATE(F) RANGE. [LOW] {
    A = PARSE_NEW(parse, ast_span);
    if (A != NULL) { A->pos = F.pos; A->from = F.text; }
}
span(A) ::= DATE(F) RANGE DATE(T). {
    A = PARSE_NEW(parse, ast_span);
    if (A != NULL) { A->pos = F.pos; A->from = F.text; A->to = T.text; }
}
spans(A) ::= span(S). { A = S; }
spans(A) ::= spans(L) COMMA span(S). { A = L; if (A != NULL) APPEND(ast_span, A, S); }

cite(A) ::= STRING(S). {
    A = PARSE_NEW(parse, ast_cite);
    if (A != NULL) { A->pos = S.pos; A->text = S.text; }
}
cite(A) ::= STRING(S) UNVERIFIED. {
    A = PARSE_NEW(parse, ast_cite);
    if (A != NULL) { A->pos = S.pos; A->text = S.text; A->unverified = true; }
}
cites(A) ::= cite(C). { A = C; }
cites(A) ::= cites(L) COMMA cite(C). { A = L; if (A != NULL) APPEND(ast_cite, A, C); }

/* ---- regime, common, roles ---- */
statement ::= COMMON(K). { (void)tk_parse_begin(parse, AST_COMMON, K); }
statement ::= regime_head regime_clauses.
regime_head ::= REGIME(K) name(N). { ast_stmt *s = tk_parse_begin(parse, AST_REGIME, K); s->name = N; }
regime_clauses ::= .
regime_clauses ::= regime_clauses regime_clause.
regime_clause ::= STRING(S). { tk_parse_clause(parse, AST_CLAUSE_TITLE, S.pos, "a title"); parse->current->title = S.text; }
regime_clause ::= COVERS(K) span(S). { tk_parse_clause(parse, AST_CLAUSE_COVERS, K.pos, "covers"); parse->current->spans = S; }
regime_clause ::= READ_TO(K) date(D). { tk_parse_clause(parse, AST_CLAUSE_READ_TO, K.pos, "read to"); parse->current->read_to = D; }
regime_clause ::= WHEN(K) expr(E). { tk_parse_clause(parse, AST_CLAUSE_WHEN, K.pos, "when"); parse->current->when = E; }

statement ::= ROLES(K) name(N) EQ names(M). {
    ast_stmt *s = tk_parse_begin(parse, AST_ROLES, K); s->name = N; s->names = M;
}

/* ---- facts ---- */
statement ::= fact_head fact_type fact_clauses.
fact_head ::= FACT(K) name(N) COLON. { ast_stmt *s = tk_parse_begin(parse, AST_FACT, K); s->name = N; }
fact_head ::= FACT(K) name(N) STRING(T) COLON. {
    ast_stmt *s = tk_parse_begin(parse, AST_FACT, K); s->name = N; s->title = T.text; s->title_pos = T.pos;
}
fact_type ::= UNIT(U). { parse->current->unit = U.text; parse->current->title_pos = U.pos; }
fact_type ::= bars(B). { parse->current->names = B; }
fact_type ::= any_name(A) LT chain(C). { APPEND(ast_name, A, C); parse->current->names = A; parse->current->ordered = true; }
fact_type ::= SET_OF bars(B). { parse->current->names = B; parse->current->set_of = true; }
bars(A) ::= any_name(N). { A = N; }
bars(A) ::= bars(L) BAR any_name(N). { A = L; APPEND(ast_name, A, N); }
chain(A) ::= any_name(N). { A = N; }
chain(A) ::= chain(L) LT any_name(N). { A = L; APPEND(ast_name, A, N); }
fact_clauses ::= .
fact_clauses ::= fact_clauses FROM_CLAIMS. { parse->current->from_claims = true; }
fact_clauses ::= fact_clauses FROM_CLAIMS HOLDS NUMBER(N) DAYS. {
    parse->current->from_claims = true; parse->current->holds = N.text; parse->current->holds_pos = N.pos;
}
fact_clauses ::= fact_clauses PRESUMED value(V). { parse->current->presumed = V; }
fact_clauses ::= fact_clauses requirement(R). { APPEND(ast_requires, parse->current->requires, R); }

/* ---- sets ---- */
set_head ::= SET(K) name(N). { ast_stmt *s = tk_parse_begin(parse, AST_SET, K); s->name = N; }
set_head ::= SET(K) name(N) OF name(T). { ast_stmt *s = tk_parse_begin(parse, AST_SET, K); s->name = N; s->of = T; }
statement ::= set_head EQ set(S). { parse->current->set = S; }
statement ::= set_head rows.
rows ::= row(R). { parse->current->rows = R; }
rows ::= rows row(R). { APPEND(ast_row, parse->current->rows, R); }
row(A) ::= names(N) span(S) row_clauses. {
    A = PARSE_NEW(parse, ast_row);
    if (A != NULL) {
        A->names = N; A->span = S; A->pos = N != NULL ? N->pos : parse->token.pos;
        A->published = parse->current->published; A->cites = parse->current->cites;
    }
    parse->current->published = NULL; parse->current->cites = NULL; parse->current->clauses = 0;
}
row(A) ::= OUT(K) names(N) span(S) row_clauses. {
    A = PARSE_NEW(parse, ast_row);
    if (A != NULL) {
        A->out = true; A->names = N; A->span = S; A->pos = K.pos;
        A->published = parse->current->published; A->cites = parse->current->cites;
    }
    parse->current->published = NULL; parse->current->cites = NULL; parse->current->clauses = 0;
}
row_clauses ::= .
row_clauses ::= row_clauses PUBLISHED(K) date(D). { tk_parse_clause(parse, AST_CLAUSE_PUBLISHED, K.pos, "published"); parse->current->published = D; }
row_clauses ::= row_clauses CITES(K) cites(C). { tk_parse_clause(parse, AST_CLAUSE_CITES, K.pos, "cites"); parse->current->cites = C; }

set(A) ::= set_item(I). { A = I; }
set(A) ::= set(L) OR(T) set_item(I). { A = tk_parse_set(parse, AST_SET_OR, T, L, I); }
set(A) ::= set(L) COMMA(T) set_item(I). { A = tk_parse_set(parse, AST_SET_OR, T, L, I); }
set(A) ::= set(L) BUT_NOT(T) set_item(I). { A = tk_parse_set(parse, AST_SET_BUT_NOT, T, L, I); }
set_item(A) ::= any_name(N). {
    A = PARSE_NEW(parse, ast_set);
    if (A != NULL && N != NULL) { A->op = AST_SET_NAME; A->pos = N->pos; A->name = N->text; }
}
set_item(A) ::= LP set(S) RP. { A = S; if (A != NULL) A->parenthesized = true; }
in_set(A) ::= any_name(N). {
    A = PARSE_NEW(parse, ast_set);
    if (A != NULL && N != NULL) { A->op = AST_SET_NAME; A->pos = N->pos; A->name = N->text; }
}
in_set(A) ::= LP set(S) RP. { A = S; }

/* ---- terms and questions ---- */
statement ::= term_head EQ expr(E). { parse->current->expr = E; }
term_head ::= TERM(K) name(N). { ast_stmt *s = tk_parse_begin(parse, AST_TERM, K); s->name = N; }

statement ::= question_head question_type question_clauses.
question_head ::= QUESTION(K) name(N) COLON. { ast_stmt *s = tk_parse_begin(parse, AST_QUESTION, K); s->name = N; }
question_type ::= bars(B). { parse->current->names = B; }
question_type ::= any_name(A) LT chain(C). { APPEND(ast_name, A, C); parse->current->names = A; parse->current->ordered = true; }
question_clauses ::= .
question_clauses ::= question_clauses COMMA STRICTEST. { parse->current->strictest = true; }
question_clauses ::= question_clauses ASKED_WHEN(K) expr(E). { tk_parse_clause(parse, AST_CLAUSE_ASKED, K.pos, "asked when"); parse->current->asked = E; }
question_clauses ::= question_clauses OTHERWISE(K) any_name(N). { tk_parse_clause(parse, AST_CLAUSE_OTHERWISE, K.pos, "otherwise"); parse->current->otherwise = N; }

/* ---- rules ---- */
statement ::= rule_head rule_clauses.
rule_head ::= RULE(K) name(N). { ast_stmt *s = tk_parse_begin(parse, AST_RULE, K); s->name = N; }
rule_head ::= RULE(K) name(N) EXCEPTION_TO names(T). { ast_stmt *s = tk_parse_begin(parse, AST_RULE, K); s->name = N; s->names = T; }
rule_clauses ::= .
rule_clauses ::= rule_clauses rule_clause.
rule_clause ::= act_clause.
rule_clause ::= REPLACES(K) names(N). { tk_parse_clause(parse, AST_CLAUSE_REPLACES, K.pos, "replaces"); parse->current->replaces = N; }
rule_clause ::= WHEN(K) expr(E). { tk_parse_clause(parse, AST_CLAUSE_WHEN, K.pos, "when"); parse->current->when = E; }
rule_clause ::= THEN(K) name(Q) EQ any_name(A). {
    tk_parse_clause(parse, AST_CLAUSE_THEN, K.pos, "then"); parse->current->question = Q; parse->current->answer = A;
}
rule_clause ::= requirement(R). { APPEND(ast_requires, parse->current->requires, R); }

act_clause ::= STRING(S). { tk_parse_clause(parse, AST_CLAUSE_TITLE, S.pos, "a sentence"); parse->current->title = S.text; parse->current->title_pos = S.pos; }
act_clause ::= PRACTICE(K). { tk_parse_clause(parse, AST_CLAUSE_KIND, K.pos, "practice or reported"); parse->current->practice = true; }
act_clause ::= REPORTED(K). { tk_parse_clause(parse, AST_CLAUSE_KIND, K.pos, "practice or reported"); parse->current->reported = true; }
act_clause ::= REPORTED_BY(K) claims(C). { tk_parse_clause(parse, AST_CLAUSE_KIND, K.pos, "practice or reported"); parse->current->reported = true; parse->current->claims = C; }
act_clause ::= CITES(K) cites(C). { tk_parse_clause(parse, AST_CLAUSE_CITES, K.pos, "cites"); parse->current->cites = C; }
act_clause ::= PUBLISHED(K) date(D). { tk_parse_clause(parse, AST_CLAUSE_PUBLISHED, K.pos, "published"); parse->current->published = D; }
act_clause ::= IN_FORCE(K) spans(S). { tk_parse_clause(parse, AST_CLAUSE_FORCE, K.pos, "in force"); parse->current->spans = S; }

claims(A) ::= WORD(W). { A = tk_parse_leaf(parse, AST_NAME, W); }
claims(A) ::= claims(L) OR(T) claims(R). { A = tk_parse_logic(parse, AST_OR, T, L, R); }
claims(A) ::= claims(L) AND(T) claims(R). { A = tk_parse_logic(parse, AST_AND, T, L, R); }
claims(A) ::= LP claims(C) RP. { A = C; if (A != NULL) A->parenthesized = true; }

requirement(A) ::= REQUIRES(K) name(N) says_opt(S) lead(D) stage(G). [LOW] {
    A = G;
    if (A != NULL) { A->pos = K.pos; A->name = N; A->says = S; A->days = D.text; A->days_pos = D.pos; }
}
requirement(A) ::= REQUIRES(K) name(N) says_opt(S) lead(D) stage(G) WHEN expr(E). {
    A = G;
    if (A != NULL) { A->pos = K.pos; A->name = N; A->says = S; A->days = D.text; A->days_pos = D.pos; A->when = E; }
}
requirement(A) ::= REQUIRES(K) WITHIN name(N) stage(G). [LOW] {
    A = G;
    if (A != NULL) { A->pos = K.pos; A->name = N; A->within = true; }
}
requirement(A) ::= REQUIRES(K) WITHIN name(N) stage(G) WHEN expr(E). {
    A = G;
    if (A != NULL) { A->pos = K.pos; A->name = N; A->within = true; A->when = E; }
}
says_opt(A) ::= . { A = (tk_str){NULL, 0}; }
says_opt(A) ::= STRING(S). { A = S.text; }
lead(A) ::= . { A = (ast_token){0}; }
lead(A) ::= NUMBER(N) DAYS. { A = N; }
stage(A) ::= BEFORE name(N). { A = PARSE_NEW(parse, ast_requires); if (A != NULL) A->stage = N; }
stage(A) ::= AFTER name(N). { A = PARSE_NEW(parse, ast_requires); if (A != NULL) { A->stage = N; A->after = true; } }

/* ---- limits ---- */
statement ::= limit_head limit_clauses.
limit_head ::= LIMIT(K) name(N). { ast_stmt *s = tk_parse_begin(parse, AST_LIMIT, K); s->name = N; }
limit_head ::= LIMIT(K) name(N) PER name(P). { ast_stmt *s = tk_parse_begin(parse, AST_LIMIT, K); s->name = N; s->per = P; }
limit_clauses ::= .
limit_clauses ::= limit_clauses limit_clause.
limit_clause ::= act_clause.
limit_clause ::= COUNTS(K) expr(E). { tk_parse_clause(parse, AST_CLAUSE_COUNTS, K.pos, "counts"); parse->current->counts = E; }
limit_clause ::= OF(K) name(N) WHERE expr(E). { tk_parse_clause(parse, AST_CLAUSE_OF, K.pos, "of"); parse->current->of = N; parse->current->where = E; }
limit_clause ::= AT_MOST(K) bound(B). { tk_parse_clause(parse, AST_CLAUSE_BOUND, K.pos, "at most"); parse->current->bound = B; if (B != NULL) B->pos = K.pos; }
limit_clause ::= LESS_THAN(K) bound(B). { tk_parse_clause(parse, AST_CLAUSE_BOUND, K.pos, "less than"); parse->current->bound = B; if (B != NULL) { B->pos = K.pos; B->strict = true; } }
limit_clause ::= OVER(K) name(A) name(B). { tk_parse_clause(parse, AST_CLAUSE_OVER, K.pos, "over"); parse->current->over = A; parse->current->over_2 = B; }
bound(A) ::= NUMBER(N) unit_opt(U). [LOW] { A = PARSE_NEW(parse, ast_bound); if (A != NULL) { A->number = N.text; A->unit = U; } }
bound(A) ::= NUMBER(N) unit_opt(U) RANGE. { A = PARSE_NEW(parse, ast_bound); if (A != NULL) { A->number = N.text; A->unit = U; A->or_more = true; } }
bound(A) ::= NUMBER(N) unit_opt(U) OF name(S) WHERE expr(E). { A = PARSE_NEW(parse, ast_bound); if (A != NULL) { A->number = N.text; A->unit = U; A->of = S; A->where = E; } }
bound(A) ::= name(F). [LOW] { A = PARSE_NEW(parse, ast_bound); if (A != NULL) A->fact = F; }
bound(A) ::= name(F) OF name(S) WHERE expr(E). { A = PARSE_NEW(parse, ast_bound); if (A != NULL) { A->fact = F; A->of = S; A->where = E; } }

/* ---- not modelled ---- */
statement ::= gap_head gap_clauses.
gap_head ::= NOT_MODELLED(K) STRING(S). { ast_stmt *s = tk_parse_begin(parse, AST_NOT_MODELLED, K); s->title = S.text; s->title_pos = S.pos; }
gap_clauses ::= .
gap_clauses ::= gap_clauses CITES(K) cites(C). { tk_parse_clause(parse, AST_CLAUSE_CITES, K.pos, "cites"); parse->current->cites = C; }
gap_clauses ::= gap_clauses WHEN(K) expr(E). { tk_parse_clause(parse, AST_CLAUSE_WHEN, K.pos, "when"); parse->current->when = E; }

/* ---- examples ---- */
statement ::= example_head pairs GIVES gives(G). { parse->current->gives = G; }
example_head ::= EXAMPLE(K) STRING(S). { ast_stmt *s = tk_parse_begin(parse, AST_EXAMPLE, K); s->title = S.text; s->title_pos = S.pos; }
pairs ::= .
pairs ::= pairs pair.
pair ::= AS_OF(K) date(D). { tk_parse_clause(parse, AST_CLAUSE_AS_OF, K.pos, "as of"); parse->current->as_of = D; }
pair ::= KNOWN_AT(K) date(D). { tk_parse_clause(parse, AST_CLAUSE_KNOWN_AT, K.pos, "known at"); parse->current->known_at = D; }
pair ::= EVIDENCE(K) LP evidences(E) RP. { tk_parse_clause(parse, AST_CLAUSE_EVIDENCE, K.pos, "evidence"); parse->current->evidence = E; }
pair ::= name(N) value(V). {
    ast_pair *p = PARSE_NEW(parse, ast_pair);
    if (p != NULL) { p->name = N; p->value = V; APPEND(ast_pair, parse->current->pairs, p); }
}
evidences(A) ::= evidence(E). { A = E; }
evidences(A) ::= evidences(L) COMMA evidence(E). { A = L; if (A != NULL) APPEND(ast_evidence, A, E); }
evidence(A) ::= name(N). { A = PARSE_NEW(parse, ast_evidence); if (A != NULL) A->name = N; }
evidence(A) ::= name(N) AT date(D). { A = PARSE_NEW(parse, ast_evidence); if (A != NULL) { A->name = N; A->date = D; } }
evidence(A) ::= MINUS name(N). { A = PARSE_NEW(parse, ast_evidence); if (A != NULL) { A->name = N; A->refused = true; } }

value(A) ::= name(N). { A = PARSE_NEW(parse, ast_value); if (A != NULL && N != NULL) { A->kind = AST_VALUE_WORD; A->pos = N->pos; A->lo = N->text; } }
value(A) ::= DATE(D). [LOW] { A = PARSE_NEW(parse, ast_value); if (A != NULL) { A->kind = AST_VALUE_WORD; A->pos = D.pos; A->lo = D.text; } }
value(A) ::= NUMBER(N) unit_opt(U). [LOW] { A = PARSE_NEW(parse, ast_value); if (A != NULL) { A->kind = AST_VALUE_WORD; A->pos = N.pos; A->lo = N.text; A->lo_unit = U; } }
value(A) ::= UNKNOWN(T). { A = PARSE_NEW(parse, ast_value); if (A != NULL) { A->kind = AST_VALUE_UNKNOWN; A->pos = T.pos; A->lo = T.text; } }
value(A) ::= DATE(L) RANGE. [LOW] { A = PARSE_NEW(parse, ast_value); if (A != NULL) { A->kind = AST_VALUE_BOUNDS; A->pos = L.pos; A->lo = L.text; } }
value(A) ::= DATE(L) RANGE DATE(H). { A = PARSE_NEW(parse, ast_value); if (A != NULL) { A->kind = AST_VALUE_BOUNDS; A->pos = L.pos; A->lo = L.text; A->hi = H.text; } }
value(A) ::= NUMBER(L) unit_opt(U) RANGE. [LOW] { A = PARSE_NEW(parse, ast_value); if (A != NULL) { A->kind = AST_VALUE_BOUNDS; A->pos = L.pos; A->lo = L.text; A->lo_unit = U; } }
value(A) ::= NUMBER(L) unit_opt(U) RANGE NUMBER(H) unit_opt(V). {
    A = PARSE_NEW(parse, ast_value);
    if (A != NULL)
        *A = (ast_value){.kind = AST_VALUE_BOUNDS, .pos = L.pos, .lo = L.text, .lo_unit = U, .hi = H.text, .hi_unit = V};
}
value(A) ::= RANGE(T) NUMBER(H) unit_opt(V). { A = PARSE_NEW(parse, ast_value); if (A != NULL) { A->kind = AST_VALUE_BOUNDS; A->pos = T.pos; A->hi = H.text; A->hi_unit = V; } }
value(A) ::= RANGE(T) DATE(H). { A = PARSE_NEW(parse, ast_value); if (A != NULL) { A->kind = AST_VALUE_BOUNDS; A->pos = T.pos; A->hi = H.text; } }
value(A) ::= LP(T) RP. { A = PARSE_NEW(parse, ast_value); if (A != NULL) { A->kind = AST_VALUE_LIST; A->pos = T.pos; } }
value(A) ::= LP(T) values(L) RP. { A = PARSE_NEW(parse, ast_value); if (A != NULL) { A->kind = AST_VALUE_LIST; A->pos = T.pos; A->list = L; } }
values(A) ::= value(V). { A = V; }
values(A) ::= values(L) COMMA value(V). { A = L; if (A != NULL) APPEND(ast_value, A, V); }

gives(A) ::= give(G). { A = G; }
gives(A) ::= gives(L) COMMA give(G). { A = L; if (A != NULL) APPEND(ast_gives, A, G); }
give(A) ::= name(N) EQ any_name(V). { A = PARSE_NEW(parse, ast_gives); if (A != NULL && N != NULL) { A->kind = AST_GIVES_IS; A->pos = N->pos; A->name = N; A->values = V; } }
give(A) ::= name(N) name(S) EQ any_name(V). { A = PARSE_NEW(parse, ast_gives); if (A != NULL && N != NULL) { A->kind = AST_GIVES_IS; A->pos = N->pos; A->name = N; A->sub = S; A->values = V; } }
give(A) ::= name(N) IN LP any_names(V) RP. { A = PARSE_NEW(parse, ast_gives); if (A != NULL && N != NULL) { A->kind = AST_GIVES_IN; A->pos = N->pos; A->name = N; A->values = V; } }
give(A) ::= name(N) LP any_names(V) RP. { A = PARSE_NEW(parse, ast_gives); if (A != NULL && N != NULL) { A->kind = AST_GIVES_LIST; A->pos = N->pos; A->name = N; A->values = V; } }
give(A) ::= name(N) LP RP. { A = PARSE_NEW(parse, ast_gives); if (A != NULL && N != NULL) { A->kind = AST_GIVES_LIST; A->pos = N->pos; A->name = N; } }
give(A) ::= name(N). { A = PARSE_NEW(parse, ast_gives); if (A != NULL && N != NULL) { A->kind = AST_GIVES_WORD; A->pos = N->pos; A->name = N; } }

/* ---- expressions ---- */
expr(A) ::= expr(L) OR(T) expr(R). { A = tk_parse_logic(parse, AST_OR, T, L, R); }
expr(A) ::= expr(L) AND(T) expr(R). { A = tk_parse_logic(parse, AST_AND, T, L, R); }
expr(A) ::= NOT(T) expr(E). { A = tk_parse_binary(parse, AST_NOT, T, E, NULL); if (A != NULL) A->begin = T.pos.offset; }
expr(A) ::= expr(L) EQ(T) expr(R). { A = tk_parse_binary(parse, AST_EQ, T, L, R); }
expr(A) ::= expr(L) NE(T) expr(R). { A = tk_parse_binary(parse, AST_NE, T, L, R); }
expr(A) ::= expr(L) LT(T) expr(R). { A = tk_parse_binary(parse, AST_LT, T, L, R); }
expr(A) ::= expr(L) LE(T) expr(R). { A = tk_parse_binary(parse, AST_LE, T, L, R); }
expr(A) ::= expr(L) GT(T) expr(R). { A = tk_parse_binary(parse, AST_GT, T, L, R); }
expr(A) ::= expr(L) GE(T) expr(R). { A = tk_parse_binary(parse, AST_GE, T, L, R); }
expr(A) ::= expr(L) IN(T) in_set(S). {
    A = tk_parse_binary(parse, AST_IN, T, L, NULL);
    if (A != NULL) { A->set = S; A->end = parse->previous.end; }
}
expr(A) ::= expr(L) HAS(T) any_name(N). {
    A = tk_parse_binary(parse, AST_HAS, T, L, NULL);
    if (A != NULL) { A->names = N; A->end = parse->previous.end; }
}
expr(A) ::= expr(L) HAS(T) ANY_OF LP any_names(N) RP. {
    A = tk_parse_binary(parse, AST_HAS, T, L, NULL);
    if (A != NULL) { A->names = N; A->end = parse->previous.end; }
}
expr(A) ::= ANY(T) name(N) LP expr(E) RP. { A = tk_parse_binary(parse, AST_ANY, T, E, NULL); if (A != NULL) { A->names = N; A->begin = T.pos.offset; } }
expr(A) ::= EVERY(T) name(N) LP expr(E) RP. { A = tk_parse_binary(parse, AST_EVERY, T, E, NULL); if (A != NULL) { A->names = N; A->begin = T.pos.offset; } }
expr(A) ::= NO(T) name(N) LP expr(E) RP. { A = tk_parse_binary(parse, AST_NO, T, E, NULL); if (A != NULL) { A->names = N; A->begin = T.pos.offset; } }
expr(A) ::= EVIDENCE(T) HAS name(N). {
    A = tk_parse_leaf(parse, AST_EVIDENCE, T);
    if (A != NULL) { A->names = N; A->end = parse->previous.end; }
}
expr(A) ::= expr(L) PLUS(T) expr(R). { A = tk_parse_binary(parse, AST_PLUS, T, L, R); }
expr(A) ::= expr(L) TIMES(T) expr(R). { A = tk_parse_binary(parse, AST_TIMES, T, L, R); }
expr(A) ::= expr(L) DIVIDE(T) expr(R). { A = tk_parse_binary(parse, AST_DIVIDE, T, L, R); }
expr(A) ::= MAX_OF(T) LP exprs(L) RP. { A = tk_parse_leaf(parse, AST_MAX, T); if (A != NULL) A->a = L; }
expr(A) ::= LP expr(E) RP. { A = E; if (A != NULL) A->parenthesized = true; }
expr(A) ::= WORD(W). { A = tk_parse_leaf(parse, AST_NAME, W); }
expr(A) ::= DATE(D). { A = tk_parse_leaf(parse, AST_DATE, D); }
expr(A) ::= NUMBER(N) unit_opt(U). [LOW] { A = tk_parse_leaf(parse, AST_NUMBER, N); if (A != NULL) A->unit = U; }
expr(A) ::= NUMBER(N) DAYS. { A = tk_parse_leaf(parse, AST_DAYS, N); }
exprs(A) ::= expr(E). { A = E; }
exprs(A) ::= exprs(L) COMMA expr(E). { A = L; if (A != NULL) APPEND(ast_expr, A, E); }
