/* SPDX-License-Identifier: Apache-2.0 */
/* book.c: `twokey book`: where the book is, whether it is whole, copies of it, and a book from a copy. */
#include "cli/book.h"

#include <sys/stat.h>

#include "desk/book.h"
#include "store/book.h"

static const tk_store_module *book_modules(tk_arena *arena, size_t *count)
{
    tk_store_module *modules = TK_ARENA_ARRAY(arena, tk_store_module, TK_DESK_MODULES);
    *count = modules == NULL ? 0 : TK_DESK_MODULES;
    if (modules != NULL)
        tk_desk_modules(modules);
    return modules;
}

int cli_book_options(const cli_args *args, tk_arena *arena, tk_store_options *options)
{
    tk_err err = {0};
    tk_str path;
    tk_book_place place = tk_book_place_of(args->values[CLI_FLAG_BOOK]);
    tk_status status = tk_book_path(&place, arena, &path, &err);
    if (status != TK_OK) {
        cli_complain_err(&err);
        return cli_exit_of(status);
    }
    *options = (tk_store_options)TK_STORE_OPTIONS_INIT;
    options->path = path.ptr;
    options->modules = book_modules(arena, &options->modules_count);
    if (options->modules == NULL) {
        cli_complain("out of memory");
        return CLI_EXIT_FAILURE;
    }
    options->shared = args->values[CLI_FLAG_SHARED] != NULL;
    return CLI_EXIT_OK;
}

typedef struct book_work {
    tk_store_options options;
    const char *file; /* of backup and restore */
    bool force;
} book_work;

static void book_say(const char *path, const char *what)
{
    tk_arena arena;
    tk_arena_init(&arena, 4096, 0);
    tk_str shown = tk_text_visible(&arena, tk_str_from(path));
    (void)printf(TK_FMT "%s%s\n", TK_ARG_STR(shown), what[0] == 0 ? "" : ": ", what);
    tk_arena_fini(&arena);
}

static tk_status book_path(book_work *work, int *code, tk_err *err)
{
    (void)code;
    (void)err;
    (void)printf("%s\n", work->options.path); /* as it is: scripts read it */
    return TK_OK;
}

static void book_finding(void *context, tk_str finding)
{
    tk_arena arena;
    tk_arena_init(&arena, 4096, 0);
    tk_str shown = tk_text_visible(&arena, finding);
    (void)printf("%s" TK_FMT "\n", (const char *)context, TK_ARG_STR(shown));
    tk_arena_fini(&arena);
}

static tk_status book_check(book_work *work, int *code, tk_err *err)
{
    char indent[] = "  ";
    size_t count = 0;
    tk_store *store;
    work->options.read_only = work->options.any_older = true;
    tk_status status = tk_store_open(&work->options, &store, err);
    if (status != TK_OK)
        return status;
    status = tk_store_check(store, book_finding, indent, &count, err);
    if (status == TK_OK && count == 0)
        book_say(tk_store_path(store), "whole: every page, index and reference was read");
    else if (status == TK_OK)
        book_say(tk_store_path(store), "DAMAGED, as listed above; restore a backup");
    if (count != 0)
        *code = CLI_EXIT_FAILURE;
    tk_store_close(store);
    return status;
}

static tk_status book_backup(book_work *work, int *code, tk_err *err)
{
    (void)code;
    tk_store *store;
    work->options.read_only = work->options.any_older = true;
    tk_status status = tk_store_open(&work->options, &store, err);
    if (status != TK_OK)
        return status;
    status = tk_store_backup(store, work->file, work->force, err);
    tk_store_close(store);
    if (status == TK_OK)
        book_say(work->file, "a copy of the book, checked");
    return status;
}

static tk_status book_restore(book_work *work, int *code, tk_err *err)
{
    (void)code;
    tk_status status = tk_store_restore(&work->options, work->file, work->force, err);
    if (status == TK_OK)
        book_say(work->options.path, "is now what the backup is");
    return status;
}

int cli_book(const cli_verb *verb, const cli_args *args)
{
    /* In the order of verb->subs, which holds the first argument to one of them. */
    static const struct {
        const char *name, *file;
        bool forces;
        tk_status (*run)(book_work *work, int *code, tk_err *err);
    } subs[] = {
        {"path", NULL, false, book_path},
        {"check", NULL, false, book_check},
        {"backup", "the file to write", true, book_backup},
        {"restore", "the backup", true, book_restore},
    };
    size_t at = 0;
    if (args->positional_count == 0) {
        cli_complain("twokey %s: say one of %s", verb->name, verb->subs);
        return CLI_EXIT_USAGE;
    }
    while (at + 1 < TK_COUNT(subs) && !tk_str_is(tk_str_from(args->positional[0]), subs[at].name))
        at++;
    size_t wanted = subs[at].file == NULL ? 1 : 2;
    if (args->positional_count < wanted) {
        cli_complain("book %s needs %s", subs[at].name, subs[at].file);
        return CLI_EXIT_USAGE;
    }
    if (wanted < args->positional_count) {
        cli_complain("book %s takes %s, but '%s' was given", subs[at].name,
                     wanted == 1 ? "no argument" : "one argument", args->positional[wanted]);
        return CLI_EXIT_USAGE;
    }
    if (args->values[CLI_FLAG_FORCE] != NULL && !subs[at].forces) {
        cli_complain("--force goes with book backup and book restore, not with book %s", subs[at].name);
        return CLI_EXIT_USAGE;
    }
    tk_arena arena;
    tk_arena_init(&arena, 4096, 0);
    book_work work = {.file = wanted == 2 ? args->positional[1] : NULL, .force = args->values[CLI_FLAG_FORCE] != NULL};
    int code = cli_book_options(args, &arena, &work.options);
    tk_err err = {0};
    if (code == CLI_EXIT_OK) {
        tk_status status = subs[at].run(&work, &code, &err);
        if (status != TK_OK) {
            cli_complain_err(&err);
            code = cli_exit_of(status);
        }
    }
    tk_arena_fini(&arena);
    return code;
}
