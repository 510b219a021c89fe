/* SPDX-License-Identifier: Apache-2.0 */
/* book.c: the parts of a book, and what the program brings along for them. */
#include "desk/book.h"

#include "base/str.h"
#include "desk/embedded.h"
#include "desk/watch.h"
#include "parties/book.h"

void tk_desk_modules(tk_store_module modules[TK_DESK_MODULES])
{
    modules[0] = tk_claims_module;
    modules[1] = tk_desk_watch_module;
    modules[2] = tk_parties_module;
}

static tk_source embedded_table(const char *path)
{
    tk_source table = {.name = tk_str_from(path), .text = TK_STR("")};
    for (size_t i = 0; i < tk_embedded_files_count; i++)
        if (tk_str_is(tk_embedded_files[i].path, path))
            table.text = tk_embedded_files[i].text;
    return table;
}

tk_claims_texts tk_desk_claims_texts(void)
{
    return (tk_claims_texts){.grades = embedded_table("claims/grades.csv"),
                             .predicates = embedded_table("claims/predicates.csv"),
                             .names = embedded_table("claims/names.csv"),
                             .shipped = embedded_table("claims/claims.csv")};
}

tk_lists_texts tk_desk_lists_texts(void)
{
    return (tk_lists_texts){.sources = embedded_table("lists/sources.csv"),
                            .families = embedded_table("lists/families.csv"),
                            .policies = embedded_table("lists/policies.csv"),
                            .countries = embedded_table("lists/countries.csv"),
                            .places = embedded_table("catalogue/places.csv")};
}
