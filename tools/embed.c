/* SPDX-License-Identifier: Apache-2.0 */
/* embed.c: writes the shipped text files into one C file, so that the program needs no files of its own.
 *
 *     embed OUTPUT ROOT PATH…      PATHs relative to ROOT, in the order wanted (bytewise)
 *
 * Built and run by the build; part of no product.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static int embed_file(FILE *out, const char *root, const char *path, int index)
{
    char name[4096];
    if (snprintf(name, sizeof name, "%s/%s", root, path) >= (int)sizeof name)
        return 1;
    FILE *in = fopen(name, "rb");
    if (in == NULL) {
        (void)fprintf(stderr, "embed: cannot open %s\n", name);
        return 1;
    }
    (void)fprintf(out, "static const unsigned char embedded_%d[] = {", index);
    long count = 0, skip = 0;
    int c;
    unsigned char first[3] = {0};
    size_t got = fread(first, 1, 3, in);
    if (got == 3 && memcmp(first, "\xEF\xBB\xBF", 3) == 0)
        skip = 3;
    rewind(in);
    for (long i = 0; (c = fgetc(in)) != EOF; i++) {
        if (i < skip)
            continue;
        (void)fprintf(out, "%s%d,", count++ % 24 == 0 ? "\n" : "", c);
    }
    (void)fprintf(out, "0};\n");
    return fclose(in);
}

int main(int argc, char **argv)
{
    FILE *out = argc < 3 ? NULL : fopen(argv[1], "wb");
    if (out == NULL) {
        (void)fprintf(stderr, "usage: embed OUTPUT ROOT PATH...\n");
        return 2;
    }
    (void)fprintf(out, "/* Made by tools/embed.c from the shipped rulebook, catalogue and claims. */\n#include "
                       "\"desk/embedded.h\"\n");
    for (int i = 3; i < argc; i++)
        if (embed_file(out, argv[2], argv[i], i) != 0)
            return 1;
    (void)fprintf(out, "const tk_embedded_file tk_embedded_files[] = {\n");
    for (int i = 3; i < argc; i++)
        (void)fprintf(out, "    {{\"%s\", %zu}, {(const char *)embedded_%d, sizeof embedded_%d - 1}},\n", argv[i],
                      strlen(argv[i]), i, i);
    (void)fprintf(out, "    {{\"\", 0}, {\"\", 0}}};\nconst size_t tk_embedded_files_count = %d;\n", argc - 3);
    return fclose(out) == 0 ? 0 : 1;
}
