/* SPDX-License-Identifier: Apache-2.0 */
/* say.c: messages to standard error, and where output goes.
 *
 * A file named by --out is written beside its place and put there when it is complete; what was there before is
 * replaced only with --force. A run that is stopped leaves nothing behind.
 */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cli/cli_int.h"

static void say_visible(tk_str text)
{
    tk_arena arena;
    tk_arena_init(&arena, (size_t)16 * 1024, 0);
    tk_str shown = tk_text_visible(&arena, text);
    (void)fwrite("twokey: ", 1, 8, stderr);
    (void)fwrite(shown.ptr, 1, shown.len, stderr);
    (void)fputc('\n', stderr);
    tk_arena_fini(&arena);
}

void cli_complain(const char *format, ...)
{
    char text[4096];
    va_list args;
    va_start(args, format);
    int len = vsnprintf(text, sizeof(text), format, args);
    va_end(args);
    if (len < 0)
        return;
    size_t used = (size_t)len < sizeof(text) ? (size_t)len : sizeof(text) - 1;
    say_visible((tk_str){text, used});
}

void cli_complain_err(const tk_err *err)
{
    if (err->file[0] == 0)
        cli_complain("%s", err->message);
    else if (err->line == 0)
        cli_complain("%s: %s", err->file, err->message);
    else if (err->column == 0)
        cli_complain("%s:%u: %s", err->file, (unsigned)err->line, err->message);
    else
        cli_complain("%s:%u:%u: %s", err->file, (unsigned)err->line, (unsigned)err->column, err->message);
}

int cli_exit_of(tk_status status)
{
    switch (status) {
    case TK_OK:
        return CLI_EXIT_OK;
    case TK_ERR_INPUT:
    case TK_ERR_LIMIT:
    case TK_ERR_USAGE:
        return CLI_EXIT_USAGE;
    case TK_ERR_MEMORY:
    case TK_ERR_IO:
    case TK_ERR_BUSY:
    case TK_ERR_CORRUPT:
    case TK_ERR_BUG:
        break;
    }
    return CLI_EXIT_FAILURE;
}

const char *cli_hint(tk_str nearest, char out[CLI_HINT_MAX])
{
    out[0] = 0;
    if (nearest.len != 0)
        (void)snprintf(out, CLI_HINT_MAX, "; did you mean '" TK_FMT "'?", TK_ARG_STR(nearest));
    return out;
}

/* --- output --- */

/* The file to take away when a signal ends the program. Set only while it exists. */
static char *volatile say_temporary;

static void say_stop(int number)
{
    if (say_temporary != NULL)
        (void)unlink(say_temporary);
    (void)signal(number, SIG_DFL);
    (void)raise(number);
}

/* May the name be taken? What is there is replaced by a rename, which would put a file in the place of a device, a
 * pipe or a link: those are never replaced. False after a message. */
static bool sink_may_place(const cli_sink *sink)
{
    struct stat info;
    if (lstat(sink->path, &info) != 0)
        return true;
    if (!S_ISREG(info.st_mode))
        cli_complain("--out %s: is there and is no ordinary file; it is never replaced", sink->path);
    else if (!sink->force)
        cli_complain("--out %s: the file exists; --force replaces it", sink->path);
    return S_ISREG(info.st_mode) && sink->force;
}

static int sink_open_file(cli_sink *sink)
{
    if (!sink_may_place(sink))
        return CLI_EXIT_USAGE;
    size_t size = strlen(sink->path) + sizeof(".XXXXXX.part");
    sink->temporary = malloc(size);
    if (sink->temporary == NULL) {
        cli_complain("out of memory");
        return CLI_EXIT_FAILURE;
    }
    (void)snprintf(sink->temporary, size, "%s.XXXXXX", sink->path);
    int fd = mkstemp(sink->temporary);
    if (fd == -1) {
        cli_complain("--out %s: cannot write there: %s", sink->path, strerror(errno));
        free(sink->temporary);
        sink->temporary = NULL;
        return CLI_EXIT_FAILURE;
    }
    say_temporary = sink->temporary;
    /* SIGPIPE: whoever read our messages may go away while the file is being written. */
    static const int stops[] = {SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGALRM, SIGPIPE};
    for (size_t i = 0; i < TK_COUNT(stops); i++) {
        struct sigaction now;
        /* What is ignored stays so: under nohup a terminal that closes ends nothing. */
        if (sigaction(stops[i], NULL, &now) == 0 && now.sa_handler != SIG_IGN)
            (void)signal(stops[i], say_stop);
    }
    mode_t mask = umask(0);
    (void)umask(mask);
    (void)fchmod(fd, (mode_t)0666 & ~mask);
    sink->stream = fdopen(fd, "wb");
    if (sink->stream == NULL) {
        (void)close(fd);
        cli_complain("--out %s: %s", sink->path, strerror(errno));
        return CLI_EXIT_FAILURE;
    }
    return CLI_EXIT_OK;
}

int cli_sink_open(cli_sink *sink, const cli_args *args)
{
    *sink = (cli_sink){.path = args->values[CLI_FLAG_OUT], .force = args->values[CLI_FLAG_FORCE] != NULL};
    (void)signal(SIGXFSZ, SIG_IGN); /* a file that may not grow further is a write that fails, with a message */
    if (sink->path != NULL) {
        int code = sink_open_file(sink);
        if (code != CLI_EXIT_OK) {
            (void)cli_sink_close(sink, false);
            return code;
        }
    } else {
        sink->stream = stdout;
    }
    tk_out_init(&sink->out, sink->stream);
    return CLI_EXIT_OK;
}

/* Without --force a file that appeared meanwhile is not replaced: a hard link fails where a rename would not. */
static bool sink_place(const cli_sink *sink)
{
    if (sink->force)
        return rename(sink->temporary, sink->path) == 0;
    if (link(sink->temporary, sink->path) == 0) {
        (void)unlink(sink->temporary);
        return true;
    }
    if (errno == EEXIST)
        return false;
    struct stat info;
    if (lstat(sink->path, &info) == 0) {
        errno = EEXIST;
        return false;
    }
    return rename(sink->temporary, sink->path) == 0; /* a file system without hard links */
}

int cli_sink_close(cli_sink *sink, bool keep)
{
    int code = CLI_EXIT_OK;
    tk_err err = {0};
    errno = 0;
    if (sink->out.bytes != NULL || sink->out.status != TK_OK || sink->out.len != 0) {
        bool failed = tk_out_flush(&sink->out, &err) != TK_OK || fflush(sink->stream) != 0;
        if (sink->out.failed_why != 0)
            errno = sink->out.failed_why;
        if (failed && keep) {
            if (errno != EPIPE) /* a reader that went away wants no more, not even a message */
                cli_complain("%s: writing failed: %s", sink->path == NULL ? "standard output" : sink->path,
                             errno != 0 ? strerror(errno) : err.message);
            code = CLI_EXIT_FAILURE;
        }
    } else if (sink->stream != NULL && fflush(sink->stream) != 0 && errno != EPIPE) {
        code = CLI_EXIT_FAILURE;
    }
    tk_out_fini(&sink->out);
    if (sink->path != NULL && sink->stream != NULL) {
        if (keep && code == CLI_EXIT_OK && fsync(fileno(sink->stream)) != 0) {
            cli_complain("%s: writing failed: %s", sink->path, strerror(errno));
            code = CLI_EXIT_FAILURE;
        }
        if (fclose(sink->stream) != 0 && keep && code == CLI_EXIT_OK) {
            cli_complain("%s: writing failed: %s", sink->path, strerror(errno));
            code = CLI_EXIT_FAILURE;
        }
    }
    if (sink->temporary != NULL) {
        if (keep && code == CLI_EXIT_OK) {
            if (!sink_place(sink)) {
                cli_complain("--out %s: %s", sink->path,
                             errno == EEXIST ? "the file exists; --force replaces it" : strerror(errno));
                code = CLI_EXIT_USAGE;
                (void)unlink(sink->temporary);
            }
        } else {
            (void)unlink(sink->temporary);
        }
        say_temporary = NULL;
        free(sink->temporary);
    }
    *sink = (cli_sink){0};
    return code;
}
