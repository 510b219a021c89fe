/* SPDX-License-Identifier: Apache-2.0 */
/* embedded.h: the shipped rulebook, catalogue and claims, inside the program.
 *
 * The build writes one C file from rulebooks/, catalogue/ and claims/, so that the program needs no files of its own.
 * Sorted by path; text is UTF-8 without a byte-order mark and is not terminated.
 */
#ifndef TK_DESK_EMBEDDED_H
#define TK_DESK_EMBEDDED_H

#include "twokey/base.h"

typedef struct tk_embedded_file {
    tk_str path; /* "catalogue/items.csv", "claims/claims.csv", "rulebooks/us/items.rules" */
    tk_str text;
} tk_embedded_file;

extern const tk_embedded_file tk_embedded_files[];
extern const size_t tk_embedded_files_count;

#endif
