/* SPDX-License-Identifier: Apache-2.0 */
/* file.c: whole files. Writing goes to a temporary file in the target folder, is synced, and takes the name last. */
#include "base/file.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/err.h"
#include "base/str.h"

/* A path that is not there, or may not be read, is a mistake of whoever named it; everything else that keeps a file
 * from being opened is a failure of the machine. */
static tk_status file_open_status(int why)
{
    switch (why) {
    case ENOENT: case ENOTDIR: case EISDIR: case EACCES: case EPERM: case ELOOP: case ENAMETOOLONG: case ENXIO:
        return TK_ERR_INPUT;
    default:
        return TK_ERR_IO;
    }
}

static tk_status file_read_stream(const char *path, FILE *stream, size_t bytes_max, tk_arena *arena, tk_str *out,
                                  tk_err *err)
{
    size_t size = 64 * 1024, len = 0;
    char *bytes = malloc(size);
    tk_status status = TK_OK;
    while (bytes != NULL) {
        size_t got = fread(bytes + len, 1, size - len, stream);
        len += got;
        if (bytes_max < len) {
            status = tk_err_set(err, TK_ERR_LIMIT, "the file is larger than %zu bytes", bytes_max);
            goto out;
        }
        if (got == 0)
            break;
        if (len < size)
            continue;
        char *grown = realloc(bytes, size * 2);
        if (grown == NULL) {
            free(bytes);
            bytes = NULL;
            break;
        }
        bytes = grown;
        size *= 2;
    }
    if (bytes == NULL) {
        status = tk_err_set(err, TK_ERR_MEMORY, "out of memory");
        goto out;
    }
    if (ferror(stream)) {
        status = tk_err_set(err, TK_ERR_IO, "cannot be read: %s", strerror(errno));
        goto out;
    }
    if (2 <= len && (memcmp(bytes, "\xFF\xFE", 2) == 0 || memcmp(bytes, "\xFE\xFF", 2) == 0)) {
        status = tk_err_set(err, TK_ERR_INPUT, "the file is UTF-16; save it as UTF-8");
        goto out;
    }
    size_t skip = 3 <= len && memcmp(bytes, "\xEF\xBB\xBF", 3) == 0 ? 3 : 0;
    *out = tk_arena_copy(arena, (tk_str){bytes + skip, len - skip});
    if (arena->failed)
        status = tk_err_set(err, TK_ERR_MEMORY, "out of memory");
out:
    if (status != TK_OK)
        tk_err_where(err, tk_str_from(path), 0, 0);
    free(bytes);
    return status;
}

tk_status tk_file_read(const char *path, size_t bytes_max, tk_arena *arena, tk_str *out, tk_err *err)
{
    if (strcmp(path, "-") == 0)
        return file_read_stream("standard input", stdin, bytes_max, arena, out, err);
    struct stat about;
    FILE *stream = fopen(path, "rb");
    if (stream == NULL || fstat(fileno(stream), &about) != 0 || S_ISDIR(about.st_mode)) {
        int why = stream == NULL ? errno : EISDIR;
        if (stream != NULL)
            (void)fclose(stream);
        tk_status status = tk_err_set(err, file_open_status(why), "cannot be opened: %s", strerror(why));
        tk_err_where(err, tk_str_from(path), 0, 0);
        return status;
    }
    tk_status status = file_read_stream(path, stream, bytes_max, arena, out, err);
    (void)fclose(stream);
    return status;
}

static tk_status file_write_all(int fd, tk_str content)
{
    while (content.len != 0) {
        ssize_t done = write(fd, content.ptr, content.len);
        if (done < 0 && errno == EINTR)
            continue;
        if (done <= 0)
            return TK_ERR_IO;
        content.ptr += done;
        content.len -= (size_t)done;
    }
    return fsync(fd) == 0 ? TK_OK : TK_ERR_IO;
}

tk_status tk_file_write(const char *path, tk_str content, bool force, tk_err *err)
{
    size_t len = strlen(path);
    char *temporary = malloc(len + 8);
    tk_status status = TK_OK;
    int fd = -1;
    if (temporary == NULL)
        return tk_err_set(err, TK_ERR_MEMORY, "out of memory");
    memcpy(temporary, path, len);
    memcpy(temporary + len, ".XXXXXX", 8);
    struct stat there;
    if (lstat(path, &there) == 0 && (!force || !S_ISREG(there.st_mode))) {
        status = S_ISREG(there.st_mode)
                     ? tk_err_set(err, TK_ERR_USAGE, "exists already; --force overwrites it")
                     : tk_err_set(err, TK_ERR_USAGE, "is there and is no ordinary file; it is never replaced");
        goto out;
    }
    fd = mkstemp(temporary);
    mode_t mask = umask(0);
    (void)umask(mask);
    if (fd < 0 || fchmod(fd, 0666 & ~mask) != 0 || file_write_all(fd, content) != TK_OK) {
        status = tk_err_set(err, TK_ERR_IO, "cannot be written: %s", strerror(errno));
        goto out;
    }
    /* link() refuses to overwrite, also when somebody else was faster. */
    if (force ? rename(temporary, path) != 0 : link(temporary, path) != 0)
        status = errno == EEXIST ? tk_err_set(err, TK_ERR_USAGE, "exists already; --force overwrites it")
                                 : tk_err_set(err, TK_ERR_IO, "cannot be written: %s", strerror(errno));
out:
    if (fd >= 0) {
        (void)close(fd);
        if (!force || status != TK_OK)
            (void)unlink(temporary);
    }
    if (status != TK_OK)
        tk_err_where(err, tk_str_from(path), 0, 0);
    free(temporary);
    return status;
}

/* ---- listing ---- */

typedef struct file_names {
    tk_arena *arena;
    tk_str *items;
    size_t count, size;
} file_names;

enum { FILE_FOLDER_DEPTH_MAX = 8, FILE_COUNT_MAX = 4096 };

static tk_status file_names_add(file_names *names, tk_str name, tk_err *err)
{
    if (FILE_COUNT_MAX <= names->count)
        return tk_err_set(err, TK_ERR_LIMIT, "more than %d files", FILE_COUNT_MAX);
    if (names->count == names->size) {
        size_t size = names->size == 0 ? 32 : names->size * 2;
        tk_str *items = TK_ARENA_ARRAY(names->arena, tk_str, size);
        if (items == NULL)
            return tk_err_set(err, TK_ERR_MEMORY, "out of memory");
        if (names->count != 0)
            memcpy(items, names->items, names->count * sizeof *items);
        names->items = items;
        names->size = size;
    }
    names->items[names->count++] = name;
    return TK_OK;
}

/* Passing over a file of the name asked for would lose what is in it without a word. */
static tk_status file_fail_kind(tk_str path, tk_err *err)
{
    tk_status status = tk_err_set(err, TK_ERR_INPUT, "is no ordinary file, or a link to nothing");
    tk_err_where(err, path, 0, 0);
    return status;
}

static tk_status file_list_folder(const char *root, tk_str below, const char *suffix, file_names *names, int depth,
                                  tk_err *err)
{
    tk_str path = tk_arena_printf(names->arena, "%s%s" TK_FMT, root, below.len == 0 ? "" : "/", TK_ARG_STR(below));
    tk_status status = TK_OK;
    if (FILE_FOLDER_DEPTH_MAX < depth) {
        status = tk_err_set(err, TK_ERR_LIMIT, "folders nested more than %d deep; a link that leads back?",
                            FILE_FOLDER_DEPTH_MAX);
        tk_err_where(err, path, 0, 0);
        return status;
    }
    if (names->arena->failed)
        return tk_err_set(err, TK_ERR_MEMORY, "out of memory");
    DIR *folder = opendir(path.ptr);
    if (folder == NULL) {
        int why = errno;
        status = tk_err_set(err, file_open_status(why), "cannot be opened as a folder: %s", strerror(why));
        tk_err_where(err, path, 0, 0);
        return status;
    }
    for (struct dirent *entry; status == TK_OK && (entry = readdir(folder)) != NULL;) {
        if (entry->d_name[0] == '.')
            continue;
        tk_str name =
            tk_arena_printf(names->arena, TK_FMT "%s%s", TK_ARG_STR(below), below.len == 0 ? "" : "/", entry->d_name);
        tk_str full = tk_arena_printf(names->arena, "%s/" TK_FMT, root, TK_ARG_STR(name));
        struct stat about;
        bool found = !names->arena->failed && stat(full.ptr, &about) == 0;
        if (names->arena->failed)
            status = tk_err_set(err, TK_ERR_MEMORY, "out of memory");
        else if (found && S_ISDIR(about.st_mode))
            status = file_list_folder(root, name, suffix, names, depth + 1, err);
        else if (tk_str_ends(name, tk_str_from(suffix)))
            status = found && S_ISREG(about.st_mode) ? file_names_add(names, name, err) : file_fail_kind(full, err);
    }
    (void)closedir(folder);
    return status;
}

static int file_compare(const void *left, const void *right)
{
    return tk_str_cmp(*(const tk_str *)left, *(const tk_str *)right);
}

tk_status tk_file_list(const char *folder, const char *suffix, tk_arena *arena, tk_str **out, size_t *count,
                       tk_err *err)
{
    file_names names = {.arena = arena};
    tk_status status = file_list_folder(folder, TK_STR(""), suffix, &names, 0, err);
    if (status == TK_OK && arena->failed)
        status = tk_err_set(err, TK_ERR_MEMORY, "out of memory");
    if (names.count != 0)
        qsort(names.items, names.count, sizeof *names.items, file_compare);
    *out = names.items;
    *count = status == TK_OK ? names.count : 0;
    return status;
}
