/* SPDX-License-Identifier: Apache-2.0 */
/* state.h: what a tk_names holds. */
#ifndef TK_NAMES_STATE_H
#define TK_NAMES_STATE_H

#include "names/aim.h"
#include "names/compare.h"
#include "names/scripts.h"

struct tk_names {
    scripts *scripts;
    aim aim;           /* the typed name that many are compared with */
    compare_work work; /* not on the stack: too large to be cleared for each of millions of pairs */
};

#endif
