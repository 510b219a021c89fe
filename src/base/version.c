/* SPDX-License-Identifier: Apache-2.0 */
/* version.c: the content of the file VERSION. */
#include "twokey/base.h"

const char *tk_version(void)
{
    return TK_VERSION;
}
