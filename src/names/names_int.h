/* SPDX-License-Identifier: Apache-2.0 */
/* names_int.h: what other modules of the library use of names; twokey/names.h says what a name and a score are. */
#ifndef TK_NAMES_NAMES_INT_H
#define TK_NAMES_NAMES_INT_H

#include "base/arena.h"
#include "twokey/names.h"

/* `out` lives in the arena. Deterministic: the same text and kind give the same bytes, whatever was prepared before. */
TK_MUST_USE tk_status tk_names_prepare(tk_names *names, tk_arena *arena, tk_str text, tk_name_kind kind,
                                       const tk_name **out, tk_err *err);
/* Bytes of the block, a multiple of 8. */
size_t tk_name_size_bytes(const tk_name *name);
/* Is the block of `size_bytes` a whole prepared name, every offset inside? For blocks that come from a file. */
bool tk_name_valid(const void *block, size_t size_bytes);

/* Left as a person typed it, right as it is listed. May stop early and return 0 when the score is below `floor`. No
 * allocation. */
unsigned tk_names_score(tk_names *names, const tk_name *left, const tk_name *right, unsigned floor);
/* The same score, with reasons, in the arena. */
TK_MUST_USE tk_status tk_names_explain(tk_names *names, const tk_name *left, const tk_name *right, tk_arena *arena,
                                       tk_comparison *out, tk_err *err);

/* One typed name against many listed ones: takes aim with it, then asks of each whether the score can reach a floor.
 * False is sure; true is worth tk_names_score(). `typed` must live until the next aim. */
void tk_names_aim(tk_names *names, const tk_name *typed);
bool tk_names_may_reach(tk_names *names, const tk_name *listed, unsigned floor);

/* Keys for retrieval, such that two names whose score reaches TK_NAMES_THRESHOLD share a key of `listed` and a key of
 * `typed`: hashes, most telling first. `weight` says how few names share such a key: a rare word is more than
 * "trading". At most `keys_max`; a name of the greatest length may have TK_NAME_KEYS_MAX. */
typedef struct tk_name_key {
    uint64_t hash;
    uint16_t weight;
} tk_name_key;
enum { TK_NAME_KEYS_MAX = 8192 };
typedef enum tk_name_side { TK_NAME_LISTED, TK_NAME_TYPED } tk_name_side;
size_t tk_names_keys(tk_names *names, const tk_name *name, tk_name_side side, tk_name_key *keys, size_t keys_max);

#endif
