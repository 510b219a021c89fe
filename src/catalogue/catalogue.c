/* SPDX-License-Identifier: Apache-2.0 */
/* catalogue.c: the four tables together. */
#include <stdlib.h>

#include "catalogue/catalogue_int.h"

tk_status tk_catalogue_read(const tk_catalogue_texts *texts, tk_catalogue **out, tk_err *err)
{
    *out = NULL;
    tk_catalogue *catalogue = calloc(1, sizeof(*catalogue));
    if (catalogue == NULL)
        return tk_err_set(err, TK_ERR_MEMORY, "out of memory for the catalogue");
    tk_arena_init(&catalogue->keep, (size_t)256 * 1024, 0);
    tk_status status = catalogue_read_items(catalogue, &texts->items, err);
    if (status == TK_OK)
        status = catalogue_read_places(catalogue, &texts->places, err);
    if (status == TK_OK)
        status = catalogue_read_groups(catalogue, &texts->groups, err);
    if (status == TK_OK)
        status = catalogue_read_parties(catalogue, texts, err);
    if (status == TK_OK && catalogue->keep.failed)
        status = tk_err_set(err, TK_ERR_MEMORY, "out of memory for the catalogue");
    if (status != TK_OK) {
        tk_catalogue_free(catalogue);
        return status;
    }
    *out = catalogue;
    return TK_OK;
}

void tk_catalogue_free(tk_catalogue *catalogue)
{
    if (catalogue == NULL)
        return;
    tk_arena_fini(&catalogue->keep);
    free(catalogue);
}
