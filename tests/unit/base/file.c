/* SPDX-License-Identifier: Apache-2.0 */
/* file.c: whole files in, with their limit; out by rename, never over something unless told; listings. */
#include "base/file.h"

#include <dirent.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/str.h"

/* A folder of its own for each test, below $TMPDIR. */
typedef struct place {
    char folder[400];
    tk_arena arena;
} place;

static int place_make(void **state)
{
    place *p = calloc(1, sizeof *p);
    const char *root = getenv("TMPDIR");
    if (p == NULL)
        return -1;
    (void)snprintf(p->folder, sizeof p->folder, "%s/twokey-file-XXXXXX", root != NULL ? root : "/tmp");
    if (mkdtemp(p->folder) == NULL)
        return -1;
    tk_arena_init(&p->arena, 4096, 0);
    *state = p;
    return 0;
}

static const char *path_in(place *p, const char *name)
{
    return tk_arena_printf(&p->arena, "%s/%s", p->folder, name).ptr;
}

static void remove_below(const char *folder)
{
    DIR *dir = opendir(folder);
    for (struct dirent *entry; dir != NULL && (entry = readdir(dir)) != NULL;) {
        char path[800];
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

static int place_remove(void **state)
{
    place *p = *state;
    remove_below(p->folder);
    tk_arena_fini(&p->arena);
    free(p);
    return 0;
}

static size_t entries(const char *folder)
{
    DIR *dir = opendir(folder);
    size_t count = 0;
    assert_non_null(dir);
    while (readdir(dir) != NULL)
        count++;
    (void)closedir(dir);
    return count - 2;
}

static void put(place *p, const char *name, const char *text, size_t len)
{
    FILE *file = fopen(path_in(p, name), "wb");
    assert_non_null(file);
    assert_int_equal(fwrite(text, 1, len, file), len);
    assert_int_equal(fclose(file), 0);
}

static void test_file_write_and_read(void **state)
{
    place *p = *state;
    tk_str back;
    assert_int_equal(tk_file_write(path_in(p, "a"), TK_STR("one"), false, NULL), TK_OK);
    assert_int_equal(tk_file_read(path_in(p, "a"), 100, &p->arena, &back, NULL), TK_OK);
    assert_true(tk_str_is(back, "one"));
    assert_int_equal(entries(p->folder), 1); /* nothing of the temporary file stays */
}

static void test_file_no_overwrite(void **state)
{
    place *p = *state;
    tk_str back;
    tk_err err = {0};
    assert_int_equal(tk_file_write(path_in(p, "a"), TK_STR("one"), false, NULL), TK_OK);
    assert_int_equal(tk_file_write(path_in(p, "a"), TK_STR("two"), false, &err), TK_ERR_USAGE);
    assert_string_equal(err.message, "exists already; --force overwrites it");
    assert_string_equal(err.file, path_in(p, "a"));
    assert_int_equal(tk_file_read(path_in(p, "a"), 100, &p->arena, &back, NULL), TK_OK);
    assert_true(tk_str_is(back, "one"));
    assert_int_equal(tk_file_write(path_in(p, "a"), TK_STR("two"), true, NULL), TK_OK);
    assert_int_equal(tk_file_read(path_in(p, "a"), 100, &p->arena, &back, NULL), TK_OK);
    assert_true(tk_str_is(back, "two"));
    assert_int_equal(tk_file_write(path_in(p, "b"), TK_STR("new"), true, NULL), TK_OK);
    assert_int_equal(entries(p->folder), 2);
}

/* The name changes hands at once: who had the old file open still reads the old content. */
static void test_file_rename(void **state)
{
    place *p = *state;
    char before[4] = "";
    assert_int_equal(tk_file_write(path_in(p, "a"), TK_STR("old"), false, NULL), TK_OK);
    FILE *open_before = fopen(path_in(p, "a"), "rb");
    assert_non_null(open_before);
    assert_int_equal(tk_file_write(path_in(p, "a"), TK_STR("newer"), true, NULL), TK_OK);
    assert_int_equal(fread(before, 1, 4, open_before), 3);
    assert_string_equal(before, "old");
    (void)fclose(open_before);
}

static void test_file_write_failures(void **state)
{
    place *p = *state;
    tk_err err = {0};
    assert_int_equal(tk_file_write(path_in(p, "no/such/folder"), TK_STR("x"), false, &err), TK_ERR_IO);
    assert_memory_equal(err.message, "cannot be written: ", 19);
    assert_int_equal(mkdir(path_in(p, "folder"), 0700), 0);
    err = (tk_err){0};
    assert_int_equal(tk_file_write(path_in(p, "folder"), TK_STR("x"), true, &err), TK_ERR_USAGE);
    assert_string_equal(err.message, "is there and is no ordinary file; it is never replaced");
    assert_int_equal(entries(p->folder), 1);
}

/* A link is never followed and never replaced, so that nobody's file elsewhere is written over. */
static void test_file_write_link(void **state)
{
    place *p = *state;
    tk_str back;
    put(p, "target", "kept", 4);
    assert_int_equal(symlink(path_in(p, "target"), path_in(p, "link")), 0);
    for (int force = 0; force < 2; force++)
        assert_int_equal(tk_file_write(path_in(p, "link"), TK_STR("x"), force == 1, NULL), TK_ERR_USAGE);
    assert_int_equal(tk_file_read(path_in(p, "target"), 100, &p->arena, &back, NULL), TK_OK);
    assert_true(tk_str_is(back, "kept"));
}

static void test_file_limit(void **state)
{
    place *p = *state;
    enum { LIMIT = 200000 }; /* more than the first buffer */
    tk_str back = {NULL, 0};
    char *text = malloc(LIMIT + 1);
    assert_non_null(text);
    memset(text, 'x', LIMIT + 1);
    put(p, "at", text, LIMIT);
    put(p, "over", text, LIMIT + 1);
    free(text);
    tk_err err = {0};
    assert_int_equal(tk_file_read(path_in(p, "at"), LIMIT, &p->arena, &back, NULL), TK_OK);
    assert_int_equal(back.len, LIMIT);
    assert_int_equal(tk_file_read(path_in(p, "over"), LIMIT, &p->arena, &back, &err), TK_ERR_LIMIT);
    assert_string_equal(err.message, "the file is larger than 200000 bytes");
}

static void test_file_marks(void **state)
{
    place *p = *state;
    tk_str back;
    tk_err err = {0};
    put(p, "bom", "\xEF\xBB\xBF" "text", 7);
    put(p, "utf16", "\xFF\xFE" "t\0", 4);
    put(p, "empty", "", 0);
    assert_int_equal(tk_file_read(path_in(p, "bom"), 100, &p->arena, &back, NULL), TK_OK);
    assert_true(tk_str_is(back, "text"));
    assert_int_equal(tk_file_read(path_in(p, "empty"), 0, &p->arena, &back, NULL), TK_OK);
    assert_int_equal(back.len, 0);
    assert_int_equal(tk_file_read(path_in(p, "utf16"), 100, &p->arena, &back, &err), TK_ERR_INPUT);
    assert_string_equal(err.message, "the file is UTF-16; save it as UTF-8");
}

static void test_file_read_failures(void **state)
{
    place *p = *state;
    tk_str back;
    tk_err err = {0};
    assert_int_equal(tk_file_read(path_in(p, "missing"), 100, &p->arena, &back, &err), TK_ERR_INPUT);
    assert_string_equal(err.message, "cannot be opened: No such file or directory");
    err = (tk_err){0};
    assert_int_equal(tk_file_read(p->folder, 100, &p->arena, &back, &err), TK_ERR_INPUT);
    assert_string_equal(err.message, "cannot be opened: Is a directory");
    assert_string_equal(err.file, p->folder);
}

static void test_file_list(void **state)
{
    place *p = *state;
    static const char *const expected[] = {"a.rules", "us/b.rules", "us/deep/c.rules", "z.rules"};
    tk_str *names = NULL;
    size_t count = 0;
    assert_int_equal(mkdir(path_in(p, "us"), 0700), 0);
    assert_int_equal(mkdir(path_in(p, "us/deep"), 0700), 0);
    assert_int_equal(mkdir(path_in(p, ".hidden"), 0700), 0);
    assert_int_equal(mkdir(path_in(p, "folder.rules"), 0700), 0);
    put(p, "z.rules", "", 0);
    put(p, "us/deep/c.rules", "", 0);
    put(p, "us/b.rules", "", 0);
    put(p, "a.rules", "", 0);
    put(p, "a.rules~", "", 0);
    put(p, ".a.rules", "", 0);
    put(p, "readme.md", "", 0);
    put(p, ".hidden/d.rules", "", 0);
    assert_int_equal(tk_file_list(p->folder, ".rules", &p->arena, &names, &count, NULL), TK_OK);
    assert_int_equal(count, 4);
    for (size_t i = 0; i < 4; i++)
        assert_true(tk_str_is(names[i], expected[i]));
    assert_int_equal(tk_file_list(path_in(p, "us/deep"), ".none", &p->arena, &names, &count, NULL), TK_OK);
    assert_int_equal(count, 0);
    tk_err err = {0};
    assert_int_equal(tk_file_list(path_in(p, "missing"), ".rules", &p->arena, &names, &count, &err), TK_ERR_INPUT);
    assert_int_equal(count, 0);
}

/* A link that leads back into itself ends somewhere, and nothing of the name asked for is passed over. */
static void test_file_list_loop(void **state)
{
    place *p = *state;
    tk_str *names = NULL;
    size_t count = 0;
    tk_err err = {0};
    put(p, "a.rules", "", 0);
    assert_int_equal(symlink(p->folder, path_in(p, "loop")), 0);
    assert_int_equal(tk_file_list(p->folder, ".rules", &p->arena, &names, &count, &err), TK_ERR_LIMIT);
    assert_string_equal(err.message, "folders nested more than 8 deep; a link that leads back?");
    assert_int_equal(unlink(path_in(p, "loop")), 0);
    assert_int_equal(symlink("nowhere", path_in(p, "b.rules")), 0);
    err = (tk_err){0};
    assert_int_equal(tk_file_list(p->folder, ".rules", &p->arena, &names, &count, &err), TK_ERR_INPUT);
    assert_string_equal(err.message, "is no ordinary file, or a link to nothing");
    assert_string_equal(err.file, path_in(p, "b.rules"));
    assert_int_equal(tk_file_list(p->folder, ".csv", &p->arena, &names, &count, NULL), TK_OK);
    assert_int_equal(count, 0);
}

#define IN_PLACE(test) cmocka_unit_test_setup_teardown(test, place_make, place_remove)

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_PLACE(test_file_write_and_read), IN_PLACE(test_file_no_overwrite), IN_PLACE(test_file_rename),
        IN_PLACE(test_file_write_failures), IN_PLACE(test_file_limit),        IN_PLACE(test_file_marks),
        IN_PLACE(test_file_read_failures),  IN_PLACE(test_file_list),         IN_PLACE(test_file_list_loop),
        IN_PLACE(test_file_write_link),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
