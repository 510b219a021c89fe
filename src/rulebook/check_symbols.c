/* SPDX-License-Identifier: Apache-2.0 */
/* check_symbols.c: what a name means where it stands, and the nearest name when it means nothing. */
#include <stdlib.h>
#include <string.h>

#include "base/str.h"
#include "rulebook/check.h"

static size_t symbols_home(const check_ctx *ctx, uint16_t regime, tk_str name)
{
    return (size_t)((tk_str_hash(name) ^ (regime * UINT64_C(0x9e3779b97f4a7c15))) & (ctx->symbols_size - 1));
}

static check_symbol *symbols_place(const check_ctx *ctx, uint16_t regime, tk_str name)
{
    if (ctx->symbols_size == 0)
        return NULL;
    for (size_t at = symbols_home(ctx, regime, name);; at = (at + 1) & (ctx->symbols_size - 1)) {
        check_symbol *symbol = &ctx->symbols[at];
        if (symbol->kind == CHECK_NOTHING || (symbol->regime == regime && tk_str_eq(symbol->name, name)))
            return symbol;
    }
}

static bool symbols_grow(check_ctx *ctx)
{
    size_t size = ctx->symbols_size == 0 ? 1024 : ctx->symbols_size * 2, old_size = ctx->symbols_size;
    check_symbol *old = ctx->symbols;
    check_symbol *symbols = TK_ARENA_ARRAY(ctx->scratch, check_symbol, size);
    if (symbols == NULL)
        return false;
    ctx->symbols = symbols;
    ctx->symbols_size = size;
    for (size_t i = 0; i < old_size; i++)
        if (old[i].kind != CHECK_NOTHING)
            *symbols_place(ctx, old[i].regime, old[i].name) = old[i];
    return true;
}

void check_symbol_add(check_ctx *ctx, check_symbol symbol)
{
    static const char *const what[] = {"", "fact", "question", "term", "set", "group of roles", "rule", "limit"};
    if (ctx->symbols_size <= ctx->symbols_count * 2 && !symbols_grow(ctx))
        return;
    check_symbol *place = symbols_place(ctx, symbol.regime, symbol.name);
    /* A fact is everybody's: nothing that is asked by name may hide it. */
    check_symbol *fact = symbols_place(ctx, UINT16_MAX, symbol.name);
    if (place->kind == CHECK_NOTHING && fact->kind == CHECK_FACT && symbol.kind != CHECK_RULE)
        place = fact;
    if (place->kind != CHECK_NOTHING) {
        CHECK_ERROR(ctx, symbol.pos, "'" TK_FMT "' is declared twice; a %s of this name is in line %u of " TK_FMT,
                    TK_ARG_STR(symbol.name), what[place->kind], place->pos.line,
                    TK_ARG_STR(ctx->book->files[place->pos.file].name));
        return;
    }
    *place = symbol;
    ctx->symbols_count++;
}

const check_symbol *check_symbol_get(const check_ctx *ctx, uint16_t regime, tk_str name)
{
    const check_symbol *symbol = symbols_place(ctx, regime, name);
    return symbol != NULL && symbol->kind != CHECK_NOTHING ? symbol : NULL;
}

rb_id check_fact(const check_ctx *ctx, tk_str name)
{
    const check_symbol *symbol = check_symbol_get(ctx, UINT16_MAX, name);
    return symbol != NULL && symbol->kind == CHECK_FACT ? symbol->id : RB_NONE;
}

const check_symbol *check_resolve(check_ctx *ctx, check_scope scope, tk_str name)
{
    const check_symbol *symbol;
    if (0 <= scope.role && memchr(name.ptr, '.', name.len) == NULL) {
        char full[160];
        size_t role_len = strlen(tk_rb_role_names[scope.role]);
        if (role_len + 1 + name.len < sizeof full) {
            memcpy(full, tk_rb_role_names[scope.role], role_len);
            full[role_len] = '.';
            memcpy(full + role_len + 1, name.ptr, name.len);
            symbol = check_symbol_get(ctx, UINT16_MAX, (tk_str){full, role_len + 1 + name.len});
            if (symbol != NULL && symbol->kind == CHECK_FACT)
                return symbol;
        }
    }
    /* A rule may bear the name of a fact; what is meant by the name is the fact. */
    const check_symbol *common = check_symbol_get(ctx, UINT16_MAX, name);
    if (common != NULL && common->kind == CHECK_FACT)
        return common;
    if (scope.regime != UINT16_MAX && (symbol = check_symbol_get(ctx, scope.regime, name)) != NULL)
        return symbol;
    if (common != NULL)
        return common;
    const char *dot = memchr(name.ptr, '.', name.len);
    if (dot == NULL)
        return NULL;
    tk_str head = {name.ptr, (size_t)(dot - name.ptr)};
    for (size_t i = 0; i < ctx->book->regimes_count; i++)
        if (tk_str_eq(ctx->book->regimes[i].id, head))
            return check_symbol_get(ctx, (uint16_t)i, (tk_str){dot + 1, name.len - head.len - 1});
    return NULL;
}

const char *check_did_you_mean(check_ctx *ctx, tk_nearest nearest)
{
    if (nearest.best.ptr == NULL)
        return "";
    return tk_arena_printf(ctx->scratch, "; did you mean '" TK_FMT "'?", TK_ARG_STR(nearest.best)).ptr;
}

const char *check_nearest_symbol(check_ctx *ctx, check_scope scope, tk_str name, unsigned kinds)
{
    tk_nearest nearest = tk_nearest_make(name);
    for (size_t i = 0; i < ctx->symbols_size; i++) {
        const check_symbol *symbol = &ctx->symbols[i];
        if (symbol->kind == CHECK_NOTHING || (kinds & (1U << symbol->kind)) == 0
            || (symbol->regime != UINT16_MAX && symbol->regime != scope.regime))
            continue;
        tk_nearest_offer(&nearest, symbol->name);
        if (symbol->kind == CHECK_FACT && 0 <= scope.role) {
            size_t role_len = strlen(tk_rb_role_names[scope.role]);
            if (ctx->book->facts != NULL && tk_str_starts(symbol->name, tk_str_from(tk_rb_role_names[scope.role]))
                && role_len + 1 < symbol->name.len && symbol->name.ptr[role_len] == '.')
                tk_nearest_offer(&nearest,
                                 (tk_str){symbol->name.ptr + role_len + 1, symbol->name.len - role_len - 1});
        }
    }
    return check_did_you_mean(ctx, nearest);
}

rb_id check_evidence(const check_ctx *ctx, tk_str name)
{
    size_t low = 0, high = ctx->book->evidence_count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        int order = tk_str_cmp(ctx->book->evidence[middle].name, name);
        if (order == 0)
            return (rb_id)middle;
        if (order < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return RB_NONE;
}
