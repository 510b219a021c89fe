/* SPDX-License-Identifier: Apache-2.0 */
/* keys.c: under which keys a name is looked for. */
#include "names/block.h"
#include "names/state.h"

size_t tk_names_keys(tk_names *names, const tk_name *name, tk_name_side side, tk_name_key *keys, size_t keys_max)
{
    (void)names;
    (void)side;
    size_t count = 0;
    const name_reading *reading = &name_readings(name)[0];
    for (size_t i = 0; i < reading->tokens_count && count < keys_max; i++) {
        const name_token *token = &name_tokens(name, reading)[i];
        keys[count++] = (tk_name_key){token->sound_hash, token->weight};
    }
    return count;
}
