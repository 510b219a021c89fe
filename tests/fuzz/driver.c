/* SPDX-License-Identifier: Apache-2.0 */
/* driver.c: gives each file of the named folders to a fuzz target, in order of name, under any compiler. What a fuzzer
 * once found is in the folder, and so stays found. */
#include <dirent.h>

#include "fuzz.h"

/* A target that needs no preparation has none. */
__attribute__((weak)) int LLVMFuzzerInitialize(int *argc, char ***argv);

static int by_name(const struct dirent **a, const struct dirent **b)
{
    return strcmp((*a)->d_name, (*b)->d_name);
}

static void replay_file(const char *path)
{
    FILE *file = fopen(path, "rb");
    if (file == NULL)
        return;
    /* Exactly as large as the content, so that a sanitizer sees one byte too many. */
    FUZZ_CHECK(fseek(file, 0, SEEK_END) == 0);
    long size = ftell(file);
    rewind(file);
    uint8_t *data = malloc(size < 1 ? 1 : (size_t)size);
    FUZZ_CHECK(data != NULL);
    FUZZ_CHECK(fread(data, 1, (size_t)size, file) == (size_t)size);
    (void)fclose(file);
    (void)LLVMFuzzerTestOneInput(data, (size_t)size);
    free(data);
}

/* The number of files replayed, or -1 when the folder cannot be read. */
static int replay_folder(const char *folder)
{
    struct dirent **names = NULL;
    int count = scandir(folder, &names, NULL, by_name), replayed = 0;
    for (int i = 0; i < count; i++) {
        char path[4096];
        int len = snprintf(path, sizeof(path), "%s/%s", folder, names[i]->d_name);
        bool hidden = names[i]->d_name[0] == '.';
        free(names[i]);
        if (hidden || (int)sizeof(path) <= len)
            continue;
        replay_file(path);
        replayed++;
    }
    free(names);
    return count < 0 ? -1 : replayed;
}

int main(int argc, char **argv)
{
    if (LLVMFuzzerInitialize != NULL)
        (void)LLVMFuzzerInitialize(&argc, &argv);
    int rc = argc < 2;
    for (int i = 1; i < argc; i++) {
        int replayed = replay_folder(argv[i]);
        printf("%s: %d inputs replayed\n", argv[i], replayed);
        rc |= replayed <= 0;
    }
    return rc;
}
