/* SPDX-License-Identifier: Apache-2.0 */
/* vfs.c: a disk that fails, and one whose power is cut. One thread at a time. */
#include "seams/vfs.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>
#include <sqlite3.h>

#include "seams/chance.h"

enum { SECTOR_BYTES = 512 };

/* --- calls of the store itself --- */

int __real_rename(const char *from, const char *to);
int __real_renameat2(int from_folder, const char *from, int to_folder, const char *to, unsigned flags);
int __wrap_fsync(int fd);
int __wrap_rename(const char *from, const char *to);
int __wrap_renameat2(int from_folder, const char *from, int to_folder, const char *to, unsigned flags);

static bool fails(bool is_write);

static int refuse(void)
{
    errno = EIO;
    return -1;
}

int __wrap_fsync(int fd)
{
    (void)fd;
    return fails(false) ? refuse() : 0;
}

int __wrap_rename(const char *from, const char *to)
{
    return fails(false) ? refuse() : __real_rename(from, to);
}

int __wrap_renameat2(int from_folder, const char *from, int to_folder, const char *to, unsigned flags)
{
    return fails(false) ? refuse() : __real_renameat2(from_folder, from, to_folder, to, flags);
}

/* --- what a sync has not reached yet --- */

typedef struct kept_write {
    sqlite3_int64 at;
    int len; /* -1: the file is cut off at `at` */
    struct kept_write *next;
    unsigned char bytes[];
} kept_write;

typedef struct kept_file {
    char path[1024];
    unsigned char *bytes; /* what is on the disk for certain */
    size_t len;
    bool named;   /* the name is on the disk for certain */
    bool deleted; /* the name was taken away, and that is not certain */
    kept_write *first, *last;
    struct kept_file *next;
} kept_file;

static struct {
    test_fault fault;
    uint64_t calls, fail_at;
    bool failed;
    bool keeping, cut;
    uint64_t writes, cut_at;
    kept_file *files;
} disk;

static bool fails(bool is_write)
{
    if (disk.cut)
        return true;
    if (disk.fail_at == 0 || (disk.fault == TEST_FAULT_FULL && !is_write))
        return false;
    disk.calls++;
    if (disk.calls < disk.fail_at || (disk.fault == TEST_FAULT_ONCE && disk.fail_at < disk.calls))
        return false;
    disk.failed = true;
    return true;
}

/* Counts what changes the disk; true when the power goes now. */
static bool power_goes(void)
{
    if (disk.keeping && ++disk.writes == disk.cut_at)
        disk.cut = true;
    return disk.cut;
}

static kept_file *kept_find(const char *path)
{
    for (kept_file *file = disk.files; file != NULL; file = file->next)
        if (strcmp(file->path, path) == 0)
            return file;
    return NULL;
}

static void kept_forget(kept_file *file)
{
    for (kept_write *write = file->first, *next; write != NULL; write = next) {
        next = write->next;
        free(write);
    }
    file->first = file->last = NULL;
}

static kept_file *kept_open(const char *path)
{
    kept_file *file = kept_find(path);
    if (file != NULL) {
        if (file->deleted) { /* a new file of the same name: the old one is gone for certain from here on */
            kept_forget(file);
            file->len = 0;
            file->named = file->deleted = false;
        }
        return file;
    }
    file = calloc(1, sizeof *file);
    assert_non_null(file);
    (void)snprintf(file->path, sizeof file->path, "%s", path);
    FILE *stream = fopen(path, "rb");
    if (stream != NULL) {
        assert_int_equal(fseek(stream, 0, SEEK_END), 0);
        long size = ftell(stream);
        assert_true(0 <= size);
        rewind(stream);
        file->bytes = malloc((size_t)size + 1);
        assert_non_null(file->bytes);
        file->len = fread(file->bytes, 1, (size_t)size, stream);
        file->named = true;
        (void)fclose(stream);
    }
    file->next = disk.files;
    disk.files = file;
    return file;
}

static void kept_add(kept_file *file, sqlite3_int64 at, const void *bytes, int len)
{
    kept_write *write = malloc(sizeof *write + (len < 0 ? 0 : (size_t)len));
    assert_non_null(write);
    *write = (kept_write){.at = at, .len = len};
    if (0 < len)
        memcpy(write->bytes, bytes, (size_t)len);
    if (file->last == NULL)
        file->first = write;
    else
        file->last->next = write;
    file->last = write;
}

static void image_write(kept_file *file, size_t at, const unsigned char *bytes, size_t len)
{
    if (file->len < at + len) {
        file->bytes = realloc(file->bytes, at + len);
        assert_non_null(file->bytes);
        memset(file->bytes + file->len, 0, at + len - file->len);
        file->len = at + len;
    }
    memcpy(file->bytes + at, bytes, len);
}

static void image_cut(kept_file *file, size_t len)
{
    if (len < file->len)
        file->len = len;
}

static void kept_sync(kept_file *file)
{
    for (const kept_write *write = file->first; write != NULL; write = write->next) {
        if (write->len < 0)
            image_cut(file, (size_t)write->at);
        else
            image_write(file, (size_t)write->at, write->bytes, (size_t)write->len);
    }
    kept_forget(file);
    file->named = true; /* SQLite syncs the folder with a new file, and file systems do it for us */
}

/* --- methods of a file --- */

typedef struct shim {
    sqlite3_file base;
    kept_file *kept;
    sqlite3_file *real;
} shim;

static sqlite3_file *real_of(sqlite3_file *file)
{
    return ((shim *)file)->real;
}

static int shim_close(sqlite3_file *file)
{
    sqlite3_file *real = real_of(file);
    return real->pMethods == NULL ? SQLITE_OK : real->pMethods->xClose(real);
}

static int shim_read(sqlite3_file *file, void *bytes, int len, sqlite3_int64 at)
{
    if (fails(false))
        return SQLITE_IOERR_READ;
    return real_of(file)->pMethods->xRead(real_of(file), bytes, len, at);
}

static int shim_write(sqlite3_file *file, const void *bytes, int len, sqlite3_int64 at)
{
    sqlite3_file *real = real_of(file);
    if (disk.keeping && !disk.cut && ((shim *)file)->kept != NULL) {
        kept_add(((shim *)file)->kept, at, bytes, len); /* of the last one something may reach the disk too */
        if (power_goes())
            return SQLITE_IOERR_WRITE;
    }
    if (fails(true)) {
        if (!disk.cut && 1 < len)
            (void)real->pMethods->xWrite(real, bytes, len / 2, at);
        return disk.fault == TEST_FAULT_FULL && !disk.cut ? SQLITE_FULL : SQLITE_IOERR_WRITE;
    }
    return real->pMethods->xWrite(real, bytes, len, at);
}

static int shim_truncate(sqlite3_file *file, sqlite3_int64 size)
{
    if (disk.keeping && !disk.cut && ((shim *)file)->kept != NULL) {
        kept_add(((shim *)file)->kept, size, NULL, -1);
        if (power_goes())
            return SQLITE_IOERR_TRUNCATE;
    }
    if (fails(false))
        return SQLITE_IOERR_TRUNCATE;
    return real_of(file)->pMethods->xTruncate(real_of(file), size);
}

static int shim_sync(sqlite3_file *file, int flags)
{
    (void)flags;
    if ((disk.keeping && power_goes()) || fails(false))
        return SQLITE_IOERR_FSYNC;
    if (disk.keeping && ((shim *)file)->kept != NULL)
        kept_sync(((shim *)file)->kept);
    return SQLITE_OK;
}

static int shim_size(sqlite3_file *file, sqlite3_int64 *size)
{
    if (fails(false))
        return SQLITE_IOERR_FSTAT;
    return real_of(file)->pMethods->xFileSize(real_of(file), size);
}

static int shim_lock(sqlite3_file *file, int level)
{
    if (fails(false))
        return SQLITE_IOERR_LOCK;
    return real_of(file)->pMethods->xLock(real_of(file), level);
}

static int shim_unlock(sqlite3_file *file, int level)
{
    return real_of(file)->pMethods->xUnlock(real_of(file), level);
}

static int shim_reserved(sqlite3_file *file, int *held)
{
    return real_of(file)->pMethods->xCheckReservedLock(real_of(file), held);
}

static int shim_control(sqlite3_file *file, int operation, void *argument)
{
    return real_of(file)->pMethods->xFileControl(real_of(file), operation, argument);
}

static int shim_sector(sqlite3_file *file)
{
    return real_of(file)->pMethods->xSectorSize(real_of(file));
}

static int shim_device(sqlite3_file *file)
{
    return real_of(file)->pMethods->xDeviceCharacteristics(real_of(file));
}

static int shim_shm_map(sqlite3_file *file, int region, int size, int extend, void volatile **memory)
{
    if (fails(false))
        return SQLITE_IOERR_SHMMAP;
    return real_of(file)->pMethods->xShmMap(real_of(file), region, size, extend, memory);
}

static int shim_shm_lock(sqlite3_file *file, int offset, int count, int flags)
{
    if ((flags & SQLITE_SHM_LOCK) != 0 && fails(false))
        return SQLITE_IOERR_SHMLOCK;
    return real_of(file)->pMethods->xShmLock(real_of(file), offset, count, flags);
}

static void shim_shm_barrier(sqlite3_file *file)
{
    real_of(file)->pMethods->xShmBarrier(real_of(file));
}

static int shim_shm_unmap(sqlite3_file *file, int delete)
{
    return real_of(file)->pMethods->xShmUnmap(real_of(file), delete);
}

static const sqlite3_io_methods shim_methods = {
    .iVersion = 2,
    .xClose = shim_close,
    .xRead = shim_read,
    .xWrite = shim_write,
    .xTruncate = shim_truncate,
    .xSync = shim_sync,
    .xFileSize = shim_size,
    .xLock = shim_lock,
    .xUnlock = shim_unlock,
    .xCheckReservedLock = shim_reserved,
    .xFileControl = shim_control,
    .xSectorSize = shim_sector,
    .xDeviceCharacteristics = shim_device,
    .xShmMap = shim_shm_map,
    .xShmLock = shim_shm_lock,
    .xShmBarrier = shim_shm_barrier,
    .xShmUnmap = shim_shm_unmap,
};

/* --- methods of the disk --- */

static sqlite3_vfs *usual;

static int shim_open(sqlite3_vfs *vfs, const char *name, sqlite3_file *file, int flags, int *out)
{
    (void)vfs;
    shim *own = (shim *)file;
    own->base.pMethods = NULL;
    own->real = (sqlite3_file *)(own + 1);
    own->kept = NULL;
    if (fails(false))
        return SQLITE_CANTOPEN;
    if (disk.keeping && name != NULL)
        own->kept = kept_open(name);
    int rc = usual->xOpen(usual, name, own->real, flags, out);
    if (own->real->pMethods != NULL)
        own->base.pMethods = &shim_methods;
    return rc;
}

static int shim_delete(sqlite3_vfs *vfs, const char *name, int sync)
{
    (void)vfs;
    if (fails(false))
        return SQLITE_IOERR_DELETE;
    kept_file *file = disk.keeping ? kept_find(name) : NULL;
    if (file != NULL) {
        file->deleted = true;
        if (sync != 0)
            file->named = false;
    }
    return usual->xDelete(usual, name, 0);
}

static int shim_access(sqlite3_vfs *vfs, const char *name, int flags, int *result)
{
    (void)vfs;
    if (fails(false))
        return SQLITE_IOERR_ACCESS;
    return usual->xAccess(usual, name, flags, result);
}

void test_vfs_register(void)
{
    static sqlite3_vfs own;
    if (usual != NULL)
        return;
    usual = sqlite3_vfs_find(NULL);
    assert_non_null(usual);
    own = *usual; /* names, clocks and sleep are those of the usual one */
    own.zName = TEST_VFS;
    own.pNext = NULL;
    own.szOsFile = (int)sizeof(shim) + usual->szOsFile;
    own.xOpen = shim_open;
    own.xDelete = shim_delete;
    own.xAccess = shim_access;
    assert_int_equal(sqlite3_vfs_register(&own, 0), SQLITE_OK);
}

/* --- faults --- */

static void disk_reset(void)
{
    for (kept_file *file = disk.files, *next; file != NULL; file = next) {
        next = file->next;
        kept_forget(file);
        free(file->bytes);
        free(file);
    }
    memset(&disk, 0, sizeof disk);
}

void test_vfs_fail(test_fault fault, uint64_t at)
{
    disk_reset();
    disk.fault = fault;
    disk.fail_at = at;
}

bool test_vfs_failed(void)
{
    return disk.failed;
}

/* --- power --- */

void test_vfs_cut_power(uint64_t at)
{
    disk_reset();
    disk.keeping = true;
    disk.cut_at = at;
}

bool test_vfs_power_is_cut(void)
{
    return disk.cut;
}

/* Kept, dropped, or torn: of a torn write any sectors may have arrived. */
static void file_recover(kept_file *file, uint64_t *random)
{
    for (const kept_write *write = file->first; write != NULL; write = write->next) {
        uint64_t fate = test_random(random) % 3;
        if (fate == 0)
            continue;
        if (write->len < 0) {
            image_cut(file, (size_t)write->at);
            continue;
        }
        for (size_t done = 0; done < (size_t)write->len;) {
            size_t part = SECTOR_BYTES - ((size_t)write->at + done) % SECTOR_BYTES;
            if ((size_t)write->len - done < part)
                part = (size_t)write->len - done;
            if (fate == 1 || test_random(random) % 2 == 0)
                image_write(file, (size_t)write->at + done, write->bytes + done, part);
            done += part;
        }
    }
}

void test_vfs_power_back(uint64_t seed)
{
    for (kept_file *file = disk.files; file != NULL; file = file->next) {
        char index[1100];
        (void)snprintf(index, sizeof index, "%s-shm", file->path);
        (void)unlink(index); /* memory, not disk */
        bool there = file->named && !(file->deleted && test_random(&seed) % 2 == 0);
        if (!file->named && !file->deleted) /* a name that no sync made certain */
            there = test_random(&seed) % 2 == 0;
        if (!there) {
            (void)unlink(file->path);
            continue;
        }
        file_recover(file, &seed);
        (void)unlink(file->path);
        FILE *stream = fopen(file->path, "wb");
        assert_non_null(stream);
        assert_true(file->len == 0 || fwrite(file->bytes, 1, file->len, stream) == file->len);
        assert_int_equal(fclose(stream), 0);
        assert_int_equal(chmod(file->path, 0600), 0);
    }
    disk_reset();
}
