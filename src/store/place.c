/* SPDX-License-Identifier: Apache-2.0 */
/* place.c: where a book may lie: a folder and a file that nobody else can read, on a disk of this machine.
 *
 * A book holds what its owner believes and books. So nothing wider than the owner (or, when shared, the group) is
 * used, and nothing that exists is narrowed in silence: who made it wider may have had a reason, and what was read
 * meanwhile stays read. Symbolic and hard links are refused because SQLite names its log after the path: two names of
 * one file would be two logs. Network file systems are refused because their locks do not hold.
 *
 * The file is looked at by lstat alone. Opening and closing it here would drop the locks that another handle of this
 * process holds on it (POSIX locks belong to the process), and the book with them.
 */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <unistd.h>

#include "store/store_int.h"

tk_status store_refuse(tk_err *err, tk_status status, const char *path, const char *format, ...)
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

bool tk_store_present(const char *path)
{
    struct stat about;
    return lstat(path, &about) == 0;
}

/* --- network file systems --- */

/* f_type of statfs. FUSE is refused as a whole: the kernel does not say whether sshfs or a local disk is behind it. */
static const char *place_network(long type)
{
    static const struct {
        uint32_t type;
        const char *name;
    } known[] = {
        {0x6969, "NFS"},          {0x517B, "SMB"},          {0xFE534D42, "SMB"},       {0xFF534D42, "CIFS"},
        {0x5346414F, "AFS"},      {0x6B414653, "AFS"},      {0x73757245, "Coda"},      {0x564C, "NCP"},
        {0x01021997, "9P"},       {0x00C36400, "Ceph"},     {0x65735546, "FUSE"},      {0x01161970, "GFS2"},
        {0x7461636F, "OCFS2"},    {0x0BD00BD0, "Lustre"},   {0x47504653, "GPFS"},      {0x786F4256, "vboxsf"},
        {0x20030528, "OrangeFS"}, {0x19830326, "BeeGFS"},   {0xAAD7AAEA, "PanFS"},     {0x7C7C6673, "prl_fs"},
    };
    for (size_t i = 0; i < TK_COUNT(known); i++)
        if (known[i].type == (uint32_t)type)
            return known[i].name;
    return NULL;
}

static bool place_file_system(const char *folder, long *type)
{
    struct statfs about;
    if (statfs(folder, &about) != 0)
        return false;
    *type = (long)about.f_type;
    return true;
}

static tk_status place_check_disk(const char *folder, const tk_store_seams *seams, tk_err *err)
{
    long type = 0;
    bool known = seams->file_system != NULL ? seams->file_system(folder, &type) : place_file_system(folder, &type);
    if (!known)
        return store_refuse(err, TK_ERR_IO, folder, "the file system cannot be asked for: %s", strerror(errno));
    const char *name = place_network(type);
    if (name == NULL)
        return TK_OK;
    return store_refuse(err, TK_ERR_USAGE, folder,
                        "lies on a network file system (%s), whose locks and syncs do not protect a book; name a file "
                        "on a disk of this machine by --book or TWOKEY_BOOK", name);
}

/* --- the folder --- */

/* Cuts the path into folder ("." when it names none) and name. */
static tk_status place_split(const char *path, char folder[PATH_MAX], const char **name, tk_err *err)
{
    const char *slash = strrchr(path, '/');
    size_t len = slash == NULL ? 0 : (size_t)(slash - path);
    *name = slash == NULL ? path : slash + 1;
    if ((*name)[0] == 0 || strcmp(*name, ".") == 0 || strcmp(*name, "..") == 0)
        return store_refuse(err, TK_ERR_USAGE, path, "is no name of a file; a book is one file, such as book.db");
    if (PATH_MAX <= len)
        return store_refuse(err, TK_ERR_LIMIT, path, "the path of a book is at most %d bytes long", TK_STORE_PATH_MAX);
    if (slash == NULL)
        (void)snprintf(folder, PATH_MAX, ".");
    else if (len == 0)
        (void)snprintf(folder, PATH_MAX, "/");
    else
        (void)snprintf(folder, PATH_MAX, "%.*s", (int)len, path);
    return TK_OK;
}

tk_status store_path_whole(const char *path, char whole[TK_STORE_PATH_MAX + 1], tk_err *err)
{
    char folder[PATH_MAX], resolved[PATH_MAX];
    const char *name;
    tk_status status = place_split(path, folder, &name, err);
    if (status != TK_OK)
        return status;
    if (realpath(folder, resolved) == NULL)
        return store_refuse(err, errno == ENOENT ? TK_ERR_USAGE : TK_ERR_IO, folder, "the folder cannot be used: %s",
                            strerror(errno));
    int len = snprintf(whole, TK_STORE_PATH_MAX + 1, "%s%s%s", resolved, strcmp(resolved, "/") == 0 ? "" : "/", name);
    if (TK_STORE_PATH_MAX < len)
        return store_refuse(err, TK_ERR_LIMIT, path, "the path of a book is at most %d bytes long", TK_STORE_PATH_MAX);
    return TK_OK;
}

static void place_sync_folder(const char *folder)
{
    int fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd < 0)
        return;
    (void)fsync(fd); /* some file systems cannot; what matters is synced and checked where the book takes its name */
    (void)close(fd);
}

/* One folder with exactly this mode, whatever the umask says. */
static bool place_make_one(const char *folder, mode_t mode)
{
    if (mkdir(folder, 0700) != 0)
        return errno == EEXIST;
    return chmod(folder, mode) == 0;
}

/* Makes what is missing of the path: the folders on the way for the owner alone, the last one with `mode`. */
static tk_status place_make_folders(const char *wanted, mode_t mode, tk_err *err)
{
    struct stat about;
    char folder[PATH_MAX], above[PATH_MAX + 4];
    (void)snprintf(folder, sizeof folder, "%s", wanted);
    for (char *at = folder + 1;; at++) {
        if (*at != '/' && *at != 0)
            continue;
        char cut = *at;
        *at = 0;
        if (lstat(folder, &about) != 0) {
            if (!place_make_one(folder, cut == 0 ? mode : 0700))
                return store_refuse(err, TK_ERR_IO, folder, "the folder cannot be made: %s", strerror(errno));
            (void)snprintf(above, sizeof above, "%s/..", folder);
            place_sync_folder(above);
        }
        *at = cut;
        if (cut == 0)
            return TK_OK;
    }
}

static tk_status place_check_folder(const store_place *place, const char *folder, tk_err *err)
{
    struct stat about;
    if (lstat(folder, &about) != 0 && errno == ENOENT)
        return store_refuse(err, TK_ERR_USAGE, folder, "there is no book here, and no such folder");
    if (lstat(folder, &about) != 0)
        return store_refuse(err, TK_ERR_IO, folder, "the folder cannot be used: %s", strerror(errno));
    if (S_ISLNK(about.st_mode))
        return store_refuse(err, TK_ERR_USAGE, folder,
                            "is a symbolic link; name the folder that it points to, so that a book has one name");
    if (!S_ISDIR(about.st_mode))
        return store_refuse(err, TK_ERR_USAGE, folder, "is no folder");
    unsigned mode = about.st_mode & 0777U, most = place->folder_mode & 0777U;
    if ((mode & ~most) == 0)
        return TK_OK;
    return store_refuse(err, TK_ERR_USAGE, folder,
                        "the folder is open to others (mode %04o); 'chmod %04o %s' closes it%s, or put the book into a "
                        "folder of its own", mode, most, folder,
                        !place->shared && (mode & 07U) == 0 ? ", --shared uses it with the group" : "");
}

tk_status store_place_open(store_place *place, const tk_store_options *options, bool create, tk_err *err)
{
    char folder[PATH_MAX];
    const char *name;
    *place = (store_place){.shared = options->shared,
                           .file_mode = options->shared ? 0660 : 0600,
                           .folder_mode = options->shared ? 02770 : 0700};
    tk_status status = place_split(options->path, folder, &name, err);
    if (status == TK_OK && create)
        status = place_make_folders(folder, place->folder_mode, err);
    if (status == TK_OK)
        status = place_check_folder(place, folder, err);
    if (status == TK_OK)
        status = place_check_disk(folder, &options->seams, err);
    if (status == TK_OK)
        status = store_path_whole(options->path, place->path, err);
    return status;
}

/* --- the file, and what SQLite keeps beside it --- */

static tk_status place_check_file(const store_place *place, const char *path, bool *there, tk_err *err)
{
    struct stat about;
    *there = lstat(path, &about) == 0;
    if (!*there)
        return errno == ENOENT ? TK_OK : store_refuse(err, TK_ERR_IO, path, "cannot be used: %s", strerror(errno));
    if (S_ISLNK(about.st_mode))
        return store_refuse(err, TK_ERR_USAGE, path,
                            "is a symbolic link; name the file that it points to, so that a book has one name");
    if (!S_ISREG(about.st_mode))
        return store_refuse(err, TK_ERR_USAGE, path, "is no regular file");
    if (1 < about.st_nlink)
        return store_refuse(err, TK_ERR_USAGE, path,
                            "has %lu names (hard links); a book has one, so copy it by 'twokey book backup' and remove "
                            "the others", (unsigned long)about.st_nlink);
    unsigned mode = about.st_mode & 0777U;
    if ((mode & ~place->file_mode) != 0)
        return store_refuse(err, TK_ERR_USAGE, path, "is open to others (mode %04o); 'chmod %04o %s' closes it%s", mode,
                            place->file_mode, path,
                            !place->shared && (mode & ~0660U) == 0 ? ", --shared uses it with the group" : "");
    return TK_OK;
}

tk_status store_place_look(const store_place *place, bool *there, tk_err *err)
{
    static const char *const beside[] = {"-wal", "-shm", "-journal"};
    tk_status status = place_check_file(place, place->path, there, err);
    for (size_t i = 0; status == TK_OK && i < TK_COUNT(beside); i++) {
        char path[TK_STORE_PATH_MAX + STORE_TEMPORARY_MORE];
        bool ignored;
        (void)snprintf(path, sizeof path, "%s%s", place->path, beside[i]);
        status = place_check_file(place, path, &ignored, err);
    }
    return status;
}

/* --- files that become a book --- */

tk_status store_temporary_make(const char *path, mode_t mode, char *temporary, tk_err *err)
{
    (void)snprintf(temporary, strlen(path) + STORE_TEMPORARY_MORE, "%s.new-XXXXXX", path);
    int fd = mkstemp(temporary);
    if (fd < 0)
        return store_refuse(err, TK_ERR_IO, path, "cannot be made: %s", strerror(errno));
    bool good = fchmod(fd, mode) == 0;
    int why = errno;
    (void)close(fd);
    if (good)
        return TK_OK;
    (void)unlink(temporary);
    return store_refuse(err, TK_ERR_IO, path, "cannot be given its mode: %s", strerror(why));
}

/* By the file's own descriptor; nobody holds locks on a file that has no name yet. */
static bool temporary_sync(const char *path, int flags)
{
    int fd = open(path, O_RDONLY | O_CLOEXEC | flags);
    if (fd < 0)
        return false;
    bool good = fsync(fd) == 0;
    int why = errno;
    (void)close(fd);
    errno = why;
    return good;
}

/* False: see errno. EEXIST also when somebody else was faster. */
static bool temporary_rename(const char *temporary, const char *path, bool replace)
{
    if (replace)
        return rename(temporary, path) == 0;
    if (renameat2(AT_FDCWD, temporary, AT_FDCWD, path, RENAME_NOREPLACE) == 0)
        return true;
    if (errno != EINVAL && errno != ENOSYS)
        return false;
    return link(temporary, path) == 0 && unlink(temporary) == 0; /* a file system that knows no such rename */
}

/* What SQLite left beside the file when it closed it. Something in a log is content that the file lacks. */
static bool temporary_is_complete(const char *temporary)
{
    static const char *const logs[] = {"-wal", "-journal"};
    for (size_t i = 0; i < TK_COUNT(logs); i++) {
        char path[PATH_MAX];
        struct stat about;
        (void)snprintf(path, sizeof path, "%s%s", temporary, logs[i]);
        if (lstat(path, &about) == 0 && about.st_size != 0)
            return false;
    }
    return true;
}

static void temporary_remove(const char *temporary, bool itself)
{
    static const char *const endings[] = {"", "-journal", "-wal", "-shm"};
    for (size_t i = itself ? 0 : 1; i < TK_COUNT(endings); i++) {
        char path[PATH_MAX];
        (void)snprintf(path, sizeof path, "%s%s", temporary, endings[i]);
        (void)unlink(path);
    }
}

void store_temporary_remove(const char *temporary)
{
    temporary_remove(temporary, true);
}

tk_status store_temporary_place(const char *temporary, const char *path, bool replace, bool *taken, tk_err *err)
{
    *taken = false;
    if (!temporary_is_complete(temporary))
        return store_refuse(err, TK_ERR_IO, path, "cannot be completed: its last pages could not be written");
    if (!temporary_sync(temporary, 0))
        return store_refuse(err, TK_ERR_IO, path, "cannot be synced: %s", strerror(errno));
    if (!temporary_rename(temporary, path, replace)) {
        *taken = errno == EEXIST;
        return *taken ? TK_OK : store_refuse(err, TK_ERR_IO, path, "cannot be put in place: %s", strerror(errno));
    }
    temporary_remove(temporary, false);
    char folder[PATH_MAX];
    const char *name;
    tk_status status = place_split(path, folder, &name, err);
    if (status != TK_OK)
        return status;
    if (!temporary_sync(folder, O_DIRECTORY))
        return store_refuse(err, TK_ERR_IO, folder, "the folder cannot be synced: %s", strerror(errno));
    return TK_OK;
}
