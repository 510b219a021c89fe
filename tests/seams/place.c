/* SPDX-License-Identifier: Apache-2.0 */
/* place.c: folders and files of tests. */
#include "seams/place.h"

#include <dirent.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

int test_place_make(void **state)
{
    test_place *place = calloc(1, sizeof *place);
    const char *root = getenv("TMPDIR");
    if (place == NULL)
        return -1;
    (void)snprintf(place->folder, sizeof place->folder, "%s/twokey-test-XXXXXX", root != NULL ? root : "/tmp");
    if (mkdtemp(place->folder) == NULL)
        return -1;
    tk_arena_init(&place->arena, (size_t)64 * 1024, 0);
    *state = place;
    return 0;
}

static void remove_below(const char *folder)
{
    DIR *dir = opendir(folder);
    for (struct dirent *entry; dir != NULL && (entry = readdir(dir)) != NULL;) {
        char path[1024];
        struct stat about;
        if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0)
            continue;
        (void)snprintf(path, sizeof path, "%s/%s", folder, entry->d_name);
        if (lstat(path, &about) == 0 && S_ISDIR(about.st_mode))
            remove_below(path);
        else
            (void)unlink(path);
    }
    if (dir != NULL)
        (void)closedir(dir);
    (void)rmdir(folder);
}

int test_place_remove(void **state)
{
    test_place *place = *state;
    remove_below(place->folder);
    tk_arena_fini(&place->arena);
    free(place);
    return 0;
}

const char *test_path(test_place *place, const char *name)
{
    tk_str path = tk_arena_printf(&place->arena, "%s/%s", place->folder, name);
    assert_non_null(path.ptr);
    return path.ptr;
}

tk_str test_bytes(test_place *place, const char *path)
{
    FILE *file = fopen(path, "rb");
    struct stat about;
    assert_non_null(file);
    assert_int_equal(fstat(fileno(file), &about), 0);
    char *bytes = tk_arena_get(&place->arena, (size_t)about.st_size + 1);
    assert_non_null(bytes);
    size_t len = fread(bytes, 1, (size_t)about.st_size, file);
    assert_int_equal(len, about.st_size);
    (void)fclose(file);
    return (tk_str){bytes, len};
}

void test_write(const char *path, tk_str bytes)
{
    FILE *file = fopen(path, "wb");
    assert_non_null(file);
    assert_int_equal(fwrite(bytes.ptr, 1, bytes.len, file), bytes.len);
    assert_int_equal(fclose(file), 0);
}

mode_t test_mode(const char *path)
{
    struct stat about;
    assert_int_equal(lstat(path, &about), 0);
    return about.st_mode & 03777;
}

size_t test_entries(const char *folder)
{
    DIR *dir = opendir(folder);
    size_t count = 0;
    assert_non_null(dir);
    while (readdir(dir) != NULL)
        count++;
    (void)closedir(dir);
    return count - 2;
}
