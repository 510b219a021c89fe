/* SPDX-License-Identifier: Apache-2.0 */
/* claims.h: the shipped claims as far as deciding needs them: what a rule's `reported by` may name.
 *
 * A claim is known from its report date on; a partial date counts from its last day. Text is borrowed from the arena.
 */
#ifndef TK_CLAIMS_CLAIMS_H
#define TK_CLAIMS_CLAIMS_H

#include "base/arena.h"
#include "twokey/rulebook.h"

TK_MUST_USE tk_status tk_claims_read(const tk_source *source, tk_arena *arena, tk_claim_row **out, size_t *count,
                                     tk_err *err);

#endif
