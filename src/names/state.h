/* SPDX-License-Identifier: Apache-2.0 */
/* state.h: what a tk_names holds. */
#ifndef TK_NAMES_STATE_H
#define TK_NAMES_STATE_H

#include "names/scripts.h"

struct tk_names {
    scripts *scripts;
};

#endif
