/* SPDX-License-Identifier: Apache-2.0 */
/* format.h: the house layout of rulebook text. */
#ifndef TK_RULEBOOK_FORMAT_H
#define TK_RULEBOOK_FORMAT_H

#include "base/out.h"
#include "twokey/rulebook.h"

/* Adds `source` in house layout to `out`. Every token and every comment stays, in order; only the space between them
 * changes, so the meaning cannot. Laying out a laid out text changes nothing. TK_ERR_INPUT when the text has mistakes:
 * *messages (owned by the caller) says which. */
TK_MUST_USE tk_status tk_rulebook_format(const tk_source *source, tk_out *out, tk_messages **messages, tk_err *err);

#endif
