/* SPDX-License-Identifier: Apache-2.0 */
/* shelf.c: the folder of list versions: looking, putting, opening.
 *
 * A name that is not yet whole ends in .new-XXXXXX and is locked by the program that writes it. A lock ends with its
 * program, so the next one that puts something takes such a file away exactly when nobody writes it any more.
 */
#include "screen/shelf.h"

#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/compat.h"
#include "base/err.h"
#include "base/file.h"
#include "base/limits.h"
#include "base/num.h"
#include "base/str.h"

enum { SHELF_HASH_SHORT = 8, SHELF_DATE = 10, SHELF_PATH = TK_STORE_PATH_MAX + 256 };
static const char shelf_ending[] = ".list", shelf_new[] = ".new-";

struct tk_shelf {
    bool shared;
    char folder[TK_STORE_PATH_MAX + 1];
};

struct tk_shelved {
    void *bytes;
    size_t size;
    screen_view view;
};

static tk_status shelf_refuse(tk_err *err, tk_status status, const char *path, const char *format, ...)
    TK_PRINTF(4, 5);

static tk_status shelf_refuse(tk_err *err, tk_status status, const char *path, const char *format, ...)
{
    char message[TK_ERR_MESSAGE_MAX];
    va_list args;
    va_start(args, format);
    (void)vsnprintf(message, sizeof message, format, args);
    va_end(args);
    status = tk_err_set(err, status, "%s", message);
    tk_err_where(err, tk_str_from(path), 0, 0);
    return status;
}

/* --- the folder --- */

/* Whoever can write into the folder or a file decides what is found; reading it is no harm, lists are public. */
static tk_status shelf_check_mode(const tk_shelf *shelf, const char *path, const struct stat *about, tk_err *err)
{
    unsigned wide = about->st_mode & (shelf->shared ? 02U : 022U);
    if (wide == 0)
        return TK_OK;
    return shelf_refuse(err, TK_ERR_USAGE, path, "can be written by others (mode %04o); 'chmod %s %s' closes it",
                        (unsigned)about->st_mode & 0777U, shelf->shared ? "o-w" : "go-w", path);
}

static tk_status shelf_check_folder(const tk_shelf *shelf, tk_err *err)
{
    struct stat about;
    const char *folder = shelf->folder;
    if (lstat(folder, &about) != 0)
        return shelf_refuse(err, errno == ENOENT ? TK_ERR_USAGE : TK_ERR_IO, folder, "%s",
                            errno == ENOENT ? "there is no folder of lists here; 'twokey lists import' makes it"
                                            : strerror(errno));
    if (S_ISLNK(about.st_mode))
        return shelf_refuse(err, TK_ERR_USAGE, folder, "is a symbolic link; name the folder that it points to");
    if (!S_ISDIR(about.st_mode))
        return shelf_refuse(err, TK_ERR_USAGE, folder, "is no folder");
    return shelf_check_mode(shelf, folder, &about, err);
}

tk_status tk_shelf_open(const char *folder, const tk_shelf_options *options, tk_shelf **out, tk_err *err)
{
    *out = NULL;
    tk_shelf *shelf = calloc(1, sizeof *shelf);
    if (shelf == NULL)
        return tk_err_set(err, TK_ERR_MEMORY, "out of memory");
    size_t len = strlen(folder);
    while (1 < len && folder[len - 1] == '/')
        len--;
    if (len == 0 || sizeof shelf->folder <= len) {
        free(shelf);
        return tk_err_set(err, TK_ERR_LIMIT, "the path of a folder of lists has 1 to %d bytes", TK_STORE_PATH_MAX);
    }
    memcpy(shelf->folder, folder, len);
    shelf->shared = options->shared;
    tk_status status = TK_OK;
    mode_t mode = shelf->shared ? 02770 : 0700;
    if (options->create && mkdir(shelf->folder, 0700) == 0) {
        if (chmod(shelf->folder, mode) != 0)
            status = shelf_refuse(err, TK_ERR_IO, shelf->folder, "cannot be given its mode: %s", strerror(errno));
    } else if (options->create && errno != EEXIST) {
        status = shelf_refuse(err, TK_ERR_IO, shelf->folder, "the folder cannot be made: %s", strerror(errno));
    }
    if (status == TK_OK)
        status = shelf_check_folder(shelf, err);
    if (status == TK_OK)
        *out = shelf;
    else
        free(shelf);
    return status;
}

void tk_shelf_close(tk_shelf *shelf)
{
    free(shelf);
}

const char *tk_shelf_folder(const tk_shelf *shelf)
{
    return shelf->folder;
}

static void shelf_path(const tk_shelf *shelf, tk_str file, char path[SHELF_PATH])
{
    (void)snprintf(path, SHELF_PATH, "%s/" TK_FMT, shelf->folder, TK_ARG_STR(file));
}

/* --- names of files --- */

/* Takes "us-csl-2026-07-31-a1b2c3d4.list" apart. */
static bool file_name_read(tk_str file, tk_shelf_version *out)
{
    size_t ending = sizeof shelf_ending - 1, tail = 1 + SHELF_DATE + 1 + SHELF_HASH_SHORT + ending;
    if (file.len <= tail || !tk_str_ends(file, tk_str_from(shelf_ending)))
        return false;
    const char *at = file.ptr + file.len - tail;
    tk_str source = {file.ptr, file.len - tail}, date = {at + 1, SHELF_DATE};
    tk_str hash = {at + 1 + SHELF_DATE + 1, SHELF_HASH_SHORT};
    if (at[0] != '-' || at[1 + SHELF_DATE] != '-' || !tk_str_is_id(source)
        || tk_date_parse(date, &out->published, NULL) != TK_OK)
        return false;
    for (size_t i = 0; i < hash.len; i++)
        if (memchr("0123456789abcdef", hash.ptr[i], 16) == NULL)
            return false;
    out->file = file;
    out->source = source;
    out->hash = hash;
    return true;
}

static tk_str version_name(tk_arena *arena, tk_str source, tk_date published, tk_str hash)
{
    char day[TK_DATE_TEXT_MAX];
    (void)tk_date_format(published, day);
    return tk_arena_printf(arena, TK_FMT " %s %.8s", TK_ARG_STR(source), day, hash.ptr);
}

static tk_str version_file(tk_arena *arena, const tk_list_edition *edition)
{
    char day[TK_DATE_TEXT_MAX];
    (void)tk_date_format(edition->published, day);
    return tk_arena_printf(arena, TK_FMT "-%s-%.8s%s", TK_ARG_STR(edition->source), day, edition->hash.ptr,
                           shelf_ending);
}

/* --- opening a file --- */

/* An open file that may be used, and its size; -1 after a message. */
static int shelf_open_file(const tk_shelf *shelf, const char *path, size_t *size, tk_status *status, tk_err *err)
{
    struct stat about;
    int fd = open(path, O_RDONLY | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK);
    if (fd < 0 || fstat(fd, &about) != 0) {
        *status = shelf_refuse(err, TK_ERR_IO, path, "cannot be opened: %s", strerror(errno));
    } else if (!S_ISREG(about.st_mode)) {
        *status = shelf_refuse(err, TK_ERR_USAGE, path, "is no regular file");
    } else {
        *status = shelf_check_mode(shelf, path, &about, err);
        *size = (size_t)about.st_size;
    }
    if (*status == TK_OK)
        return fd;
    if (0 <= fd)
        (void)close(fd);
    return -1;
}

static void version_of_head(const screen_head *head, tk_arena *arena, tk_shelf_version *out)
{
    out->source = tk_arena_copy(arena, screen_head_text(head->source, sizeof head->source));
    out->hash = tk_arena_copy(arena, screen_head_text(head->hash, sizeof head->hash));
    out->method = tk_arena_copy(arena, screen_head_text(head->method, sizeof head->method));
    out->published = head->published;
    out->imported = head->imported;
    out->dated = (tk_list_dated)head->dated;
    out->fields = head->fields;
    out->serial = head->serial;
    out->bytes = head->file_bytes;
    out->entries = head->entries_count;
    out->names = head->names_count;
    out->unprepared = head->unprepared_count;
    out->read = head->read;
    out->accepted = head->accepted;
    out->rejected = head->rejected;
    out->merged = head->merged;
    out->usable = screen_method_is_ours(head);
    out->trouble = TK_STR("");
    if (!out->usable)
        out->trouble = tk_arena_printf(arena, "was made by method " TK_FMT ", and this program compares names by %s; "
                                       "'twokey lists renew' makes its index anew", TK_ARG_STR(out->method),
                                       TK_NAMES_METHOD);
}

/* The file says of itself what its name says, or it is not the file that was put there. */
static bool head_is_of(const screen_head *head, const tk_shelf_version *version)
{
    tk_str source = screen_head_text(head->source, sizeof head->source);
    tk_str hash = screen_head_text(head->hash, sizeof head->hash);
    return tk_str_eq(source, version->source) && head->published == version->published
           && SHELF_HASH_SHORT <= hash.len && tk_str_starts(hash, (tk_str){version->hash.ptr, SHELF_HASH_SHORT});
}

static tk_status version_read_head(const tk_shelf *shelf, tk_arena *arena, tk_shelf_version *version, tk_err *err)
{
    char path[SHELF_PATH];
    screen_head head = {0};
    size_t size = 0;
    tk_status status = TK_OK;
    shelf_path(shelf, version->file, path);
    int fd = shelf_open_file(shelf, path, &size, &status, err);
    if (fd < 0)
        return status;
    if (pread(fd, &head, sizeof head, 0) < 0)
        status = shelf_refuse(err, TK_ERR_IO, path, "cannot be read: %s", strerror(errno));
    (void)close(fd);
    if (status == TK_OK)
        status = screen_head_look(&head, size, err);
    if (status == TK_OK && !head_is_of(&head, version))
        status = shelf_refuse(err, TK_ERR_CORRUPT, path, "is another version than its name says; remove the file and "
                              "import the list again");
    if (status == TK_OK)
        version_of_head(&head, arena, version);
    return status;
}

/* --- versions --- */

static int versions_order(const void *a, const void *b)
{
    const tk_shelf_version *left = a, *right = b;
    int order = tk_str_cmp(left->source, right->source);
    if (order == 0)
        order = (left->published > right->published) - (left->published < right->published);
    if (order == 0)
        order = (left->serial > right->serial) - (left->serial < right->serial);
    return order != 0 ? order : tk_str_cmp(left->hash, right->hash);
}

/* A file that cannot be used is a version all the same: it is known for which day it stands, and that it is missing. */
static tk_status version_look(const tk_shelf *shelf, tk_arena *arena, tk_shelf_version *version, tk_err *err)
{
    tk_err why = {0};
    tk_status status = version_read_head(shelf, arena, version, &why);
    if (status == TK_ERR_MEMORY)
        return tk_err_set(err, status, "%s", why.message);
    if (status != TK_OK)
        version->trouble = tk_arena_copy(arena, tk_str_from(why.message));
    version->name = version_name(arena, version->source, version->published, version->hash);
    return arena->failed ? tk_err_set(err, TK_ERR_MEMORY, "out of memory for the versions of a shelf") : TK_OK;
}

tk_status tk_shelf_versions(const tk_shelf *shelf, tk_arena *arena, const tk_shelf_version **out, size_t *count,
                            tk_err *err)
{
    tk_str *files = NULL;
    size_t files_count = 0;
    *out = NULL;
    *count = 0;
    tk_status status = tk_file_list(shelf->folder, shelf_ending, arena, &files, &files_count, err);
    if (status != TK_OK)
        return status;
    tk_shelf_version *versions = TK_ARENA_ARRAY(arena, tk_shelf_version, files_count);
    if (versions == NULL)
        return tk_err_set(err, TK_ERR_MEMORY, "out of memory for the versions of a shelf");
    for (size_t i = 0; status == TK_OK && i < files_count; i++) {
        tk_shelf_version *version = &versions[*count];
        *version = (tk_shelf_version){0};
        if (!file_name_read(files[i], version))
            continue;
        status = version_look(shelf, arena, version, err);
        (*count)++;
    }
    qsort(versions, *count, sizeof *versions, versions_order);
    *out = versions;
    return status;
}

const tk_shelf_version *tk_shelf_choose(const tk_shelf_version *versions, size_t count, tk_str source,
                                        tk_date known_at)
{
    const tk_shelf_version *best = NULL;
    for (size_t i = 0; i < count; i++)
        if (tk_str_eq(versions[i].source, source) && versions[i].published <= known_at)
            best = &versions[i];
    return best;
}

/* --- putting --- */

/* Files that a program was writing when it ended. */
static void shelf_sweep(const tk_shelf *shelf, tk_arena *arena)
{
    tk_str *files;
    size_t count;
    if (tk_file_list(shelf->folder, "", arena, &files, &count, NULL) != TK_OK)
        return;
    for (size_t i = 0; i < count; i++) {
        size_t tail = sizeof shelf_ending - 1 + sizeof shelf_new - 1 + 6;
        tk_str mark = files[i].len < tail ? TK_STR("")
                                          : (tk_str){files[i].ptr + files[i].len - tail, tail - 6};
        char path[SHELF_PATH];
        if (!tk_str_is(mark, ".list.new-"))
            continue;
        shelf_path(shelf, files[i], path);
        int fd = open(path, O_RDONLY | O_NOFOLLOW | O_CLOEXEC);
        if (0 <= fd && flock(fd, LOCK_EX | LOCK_NB) == 0)
            (void)unlink(path);
        if (0 <= fd)
            (void)close(fd);
    }
}

static bool write_all(int fd, tk_str bytes)
{
    while (bytes.len != 0) {
        ssize_t done = write(fd, bytes.ptr, bytes.len);
        if (done < 0 && errno == EINTR)
            continue;
        if (done <= 0)
            return false;
        bytes = (tk_str){bytes.ptr + done, bytes.len - (size_t)done};
    }
    return true;
}

static bool sync_folder(const char *folder)
{
    int fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd < 0)
        return false;
    bool good = fsync(fd) == 0;
    int why = errno;
    (void)close(fd);
    errno = why;
    return good;
}

/* The bytes under `path`, whole and on disk, or not at all. */
static tk_status shelf_write(const tk_shelf *shelf, const char *path, tk_str bytes, tk_err *err)
{
    char temporary[SHELF_PATH + 16];
    (void)snprintf(temporary, sizeof temporary, "%s%sXXXXXX", path, shelf_new);
    int fd = mkstemp(temporary);
    if (fd < 0)
        return shelf_refuse(err, TK_ERR_IO, path, "cannot be made: %s", strerror(errno));
    bool good = flock(fd, LOCK_EX) == 0 && write_all(fd, bytes)
                && fchmod(fd, shelf->shared ? 0440 : 0400) == 0 && fsync(fd) == 0 && rename(temporary, path) == 0;
    int why = errno;
    if (!good)
        (void)unlink(temporary);
    (void)close(fd);
    if (!good)
        return shelf_refuse(err, TK_ERR_IO, path, "cannot be written: %s", strerror(why));
    if (!sync_folder(shelf->folder))
        return shelf_refuse(err, TK_ERR_IO, shelf->folder, "the folder cannot be synced: %s", strerror(errno));
    return TK_OK;
}

static tk_status shelf_make(const tk_shelf *shelf, tk_names *names, const tk_list_edition *edition, tk_str file,
                            tk_date imported, uint32_t serial, tk_err *err)
{
    char path[SHELF_PATH];
    tk_out bytes;
    tk_out_init(&bytes, NULL);
    shelf_path(shelf, file, path);
    tk_status status = screen_file_make(names, edition, imported, serial, &bytes, err);
    if (status == TK_OK)
        status = shelf_write(shelf, path, tk_out_str(&bytes), err);
    tk_out_fini(&bytes);
    return status;
}

static tk_status edition_check(const tk_list_edition *edition, tk_err *err)
{
    if (!tk_str_is_id(edition->source) || SCREEN_SOURCE_BYTES < edition->source.len)
        return tk_err_set(err, TK_ERR_USAGE, "'" TK_FMT "' is no id of a source", TK_ARG_STR(edition->source));
    if (edition->hash.len != SCREEN_HASH_BYTES)
        return tk_err_set(err, TK_ERR_USAGE, "the hash of an edition has %d digits", SCREEN_HASH_BYTES);
    return TK_OK;
}

tk_status tk_shelf_put(const tk_shelf *shelf, tk_names *names, const tk_list_edition *edition, tk_date today,
                       tk_arena *arena, tk_shelf_version *version, bool *was_there, tk_err *err)
{
    const tk_shelf_version *versions;
    size_t count;
    *was_there = false;
    *version = (tk_shelf_version){0};
    tk_status status = edition_check(edition, err);
    if (status == TK_OK)
        status = tk_shelf_versions(shelf, arena, &versions, &count, err);
    if (status != TK_OK)
        return status;
    shelf_sweep(shelf, arena);
    uint32_t serial = 1;
    tk_str file = version_file(arena, edition);
    for (size_t i = 0; i < count; i++) {
        if (tk_str_eq(versions[i].source, edition->source) && serial <= versions[i].serial)
            serial = versions[i].serial + 1;
        if (!tk_str_eq(versions[i].file, file) || !versions[i].usable)
            continue;
        if (!tk_str_eq(versions[i].hash, edition->hash))
            return tk_err_set(err, TK_ERR_LIMIT, "another edition of that day has a hash that begins the same; it is "
                              TK_FMT, TK_ARG_STR(file));
        *version = versions[i];
        *was_there = true;
        return TK_OK;
    }
    status = shelf_make(shelf, names, edition, file, today, serial, err);
    if (status != TK_OK)
        return status;
    (void)file_name_read(file, version);
    version->name = version_name(arena, edition->source, edition->published, edition->hash);
    return version_read_head(shelf, arena, version, err);
}

tk_status tk_shelf_renew(const tk_shelf *shelf, tk_names *names, const tk_shelf_version *version, tk_err *err)
{
    tk_shelved *old = NULL;
    tk_arena arena;
    tk_list_edition edition;
    tk_arena_init(&arena, (size_t)1024 * 1024, 0);
    tk_status status = tk_shelved_open(shelf, version, true, &old, err);
    if (status == TK_OK)
        status = screen_file_verify(&old->view, err);
    if (status == TK_OK)
        status = tk_shelved_edition(old, &arena, &edition, err);
    if (status == TK_OK)
        status = shelf_make(shelf, names, &edition, version->file, version->imported, version->serial, err);
    tk_shelved_close(old);
    tk_arena_fini(&arena);
    return status;
}

tk_status tk_shelf_verify(const tk_shelf *shelf, const tk_shelf_version *version, tk_err *err)
{
    tk_shelved *shelved = NULL;
    tk_status status = tk_shelved_open(shelf, version, true, &shelved, err);
    if (status == TK_OK)
        status = screen_file_verify(&shelved->view, err);
    tk_shelved_close(shelved);
    if (status != TK_OK)
        tk_err_where(err, version->file, 0, 0);
    return status;
}

/* --- one version, open --- */

tk_status tk_shelved_open(const tk_shelf *shelf, const tk_shelf_version *version, bool any_method, tk_shelved **out,
                          tk_err *err)
{
    char path[SHELF_PATH];
    size_t size = 0;
    tk_status status = TK_OK;
    *out = NULL;
    tk_shelved *shelved = calloc(1, sizeof *shelved);
    if (shelved == NULL)
        return tk_err_set(err, TK_ERR_MEMORY, "out of memory");
    shelf_path(shelf, version->file, path);
    int fd = shelf_open_file(shelf, path, &size, &status, err);
    if (status == TK_OK && size != 0) {
        shelved->bytes = mmap(NULL, size, PROT_READ, MAP_PRIVATE, fd, 0);
        if (shelved->bytes == MAP_FAILED)
            status = shelf_refuse(err, TK_ERR_IO, path, "cannot be mapped: %s", strerror(errno));
        else
            shelved->size = size;
    }
    if (0 <= fd)
        (void)close(fd);
    if (status == TK_OK)
        status = screen_file_look(shelved->bytes, size, &shelved->view, err);
    if (status == TK_OK && !head_is_of(shelved->view.head, version))
        status = tk_err_set(err, TK_ERR_CORRUPT, "is another version than its name says");
    if (status == TK_OK && !any_method && !screen_method_is_ours(shelved->view.head))
        status = tk_err_set(err, TK_ERR_USAGE, TK_FMT, TK_ARG_STR(version->trouble));
    if (status == TK_OK) {
        *out = shelved;
        return TK_OK;
    }
    tk_err_where(err, version->file, 0, 0);
    tk_shelved_close(shelved);
    return status;
}

void tk_shelved_close(tk_shelved *shelved)
{
    if (shelved == NULL)
        return;
    if (shelved->size != 0)
        (void)munmap(shelved->bytes, shelved->size);
    free(shelved);
}

const screen_view *tk_shelved_view(const tk_shelved *shelved)
{
    return &shelved->view;
}

uint64_t tk_shelved_count(const tk_shelved *shelved)
{
    return shelved->view.head->entries_count;
}

tk_status tk_shelved_entry(const tk_shelved *shelved, uint64_t index, tk_arena *arena, tk_list_entry *out,
                           tk_err *err)
{
    return screen_entry_read(&shelved->view, index, arena, out, err);
}

tk_status tk_shelved_edition(const tk_shelved *shelved, tk_arena *arena, tk_list_edition *out, tk_err *err)
{
    return screen_edition_read(&shelved->view, arena, out, err);
}
