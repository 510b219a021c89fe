/* SPDX-License-Identifier: Apache-2.0 */
/* icu.c: ICU's transliterator, opened when a name first needs it.
 *
 * ICU is not linked: its libraries take longer to load than most commands run, and few names need them. Names of
 * libraries and functions carry ICU's major version (unicode/urename.h adds it to functions), so they are those of the
 * headers the program was built with.
 */
#include <dlfcn.h>
#include <stdlib.h>
#include <string.h>

#include <unicode/utrans.h>

#include "base/err.h"
#include "names/scripts_int.h"

#define ICU_TEXT_(name) #name
#define ICU_TEXT(name) ICU_TEXT_(name)

enum { ICU_RUN_MAX = 512, ICU_ROOM = 8 * ICU_RUN_MAX };

/* Any script to Latin, accents off, what is left to ASCII, small. */
static const char icu_rule[] = "Any-Latin; NFKD; [:Nonspacing Mark:] Remove; Latin-ASCII; Lower";

typedef UTransliterator *(*icu_open)(const UChar *, int32_t, UTransDirection, const UChar *, int32_t, UParseError *,
                                     UErrorCode *);
typedef void (*icu_run)(const UTransliterator *, UChar *, int32_t *, int32_t, int32_t, int32_t *, UErrorCode *);
typedef void (*icu_close)(UTransliterator *);

struct scripts_icu {
    UTransliterator *latin;
    icu_run run;
    icu_close close;
};

static tk_status icu_fail(scripts_icu *icu, const char *what, const char *why, tk_err *err)
{
    free(icu);
    return tk_err_set(err, TK_ERR_USAGE,
                      "a name in this script needs ICU " ICU_TEXT(U_ICU_VERSION_MAJOR_NUM) ", and %s: %s", what,
                      why != NULL ? why : "no reason is given");
}

/* ISO C has no cast between pointers to data and to functions; POSIX promises that the bytes are the same. */
static bool icu_symbol(void *library, const char *name, void *function)
{
    void *found = dlsym(library, name);
    memcpy(function, &found, sizeof(found));
    return found != NULL;
}

tk_status scripts_icu_new(scripts_icu **out, tk_err *err)
{
    static const char library_name[] = "libicui18n.so." ICU_TEXT(U_ICU_VERSION_MAJOR_NUM);
    scripts_icu *icu = calloc(1, sizeof(*icu));
    if (icu == NULL)
        return tk_err_set(err, TK_ERR_MEMORY, "no memory left for ICU");
    /* Never closed again: ICU keeps data of its own for the whole process. */
    void *library = dlopen(library_name, RTLD_NOW | RTLD_LOCAL | RTLD_NODELETE);
    icu_open open;
    if (library == NULL)
        return icu_fail(icu, "it cannot be opened", dlerror(), err);
    if (!icu_symbol(library, ICU_TEXT(utrans_openU), &open) ||
        !icu_symbol(library, ICU_TEXT(utrans_transUChars), &icu->run) ||
        !icu_symbol(library, ICU_TEXT(utrans_close), &icu->close))
        return icu_fail(icu, "it lacks a function", library_name, err);
    UChar rule[sizeof(icu_rule)];
    for (size_t i = 0; i < sizeof(icu_rule); i++)
        rule[i] = (UChar)icu_rule[i];
    UErrorCode code = U_ZERO_ERROR;
    icu->latin = open(rule, (int32_t)sizeof(icu_rule) - 1, UTRANS_FORWARD, NULL, 0, NULL, &code);
    if (U_FAILURE(code) || icu->latin == NULL)
        return icu_fail(icu, "its rules cannot be opened", "its data are missing", err);
    *out = icu;
    return TK_OK;
}

void scripts_icu_free(scripts_icu *icu)
{
    if (icu == NULL)
        return;
    icu->close(icu->latin);
    free(icu);
}

static int32_t icu_write(UChar *units, uint32_t code)
{
    if (code < 0x10000) {
        units[0] = (UChar)code;
        return 1;
    }
    units[0] = (UChar)(0xD7C0 + (code >> 10));
    units[1] = (UChar)(0xDC00 + (code & 0x3FF));
    return 2;
}

tk_status scripts_icu_letters(scripts_icu *icu, const uint32_t *codes, size_t count, scripts_text *out, tk_err *err)
{
    UChar units[ICU_ROOM];
    for (size_t done = 0; done < count;) {
        size_t part = count - done < ICU_RUN_MAX / 2 ? count - done : ICU_RUN_MAX / 2;
        int32_t length = 0;
        for (size_t i = 0; i < part; i++)
            length += icu_write(units + length, codes[done + i]);
        int32_t limit = length;
        UErrorCode code = U_ZERO_ERROR;
        icu->run(icu->latin, units, &length, ICU_ROOM, 0, &limit, &code);
        if (U_FAILURE(code))
            return tk_err_set(err, TK_ERR_INPUT, "ICU cannot read a name: error %d", (int)code);
        for (int32_t i = 0; i < length; i++) {
            char c = units[i] < 0x80 ? (char)units[i] : ' ';
            bool word = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
            if (word || c == ' ' || c == '-')
                scripts_text_add(out, word ? &c : " ", 1);
        }
        done += part;
    }
    return TK_OK;
}
