/* SPDX-License-Identifier: Apache-2.0 */
/* decide.c: may an H200 go from the United States to a Chinese platform? Prints one line a key.
 *
 *     cc decide.c $(pkg-config --cflags --libs twokey) -o decide && ./decide
 */
#include <stdio.h>
#include <twokey/desk.h>

int main(void)
{
    tk_err err = {0};
    tk_desk *desk = NULL;
    tk_clerk *clerk = NULL;
    tk_messages *messages = NULL;
    tk_desk_options options = TK_DESK_OPTIONS_INIT; /* the shipped rulebook and catalogue */
    tk_status status = tk_desk_open(&options, &desk, &messages, &err);
    if (status == TK_OK)
        status = tk_clerk_new(desk, &clerk, &err);

    tk_transaction order = {0};
    order.cells[TK_COLUMN_ITEM] = TK_STR("nvidia-h200-sxm");
    order.cells[TK_COLUMN_FROM] = TK_STR("US");
    order.cells[TK_COLUMN_TO] = TK_STR("CN");
    order.cells[TK_COLUMN_ACTIVITY] = TK_STR("export");
    order.cells[TK_COLUMN_END_USER] = TK_STR("bytedance");
    order.cells[TK_COLUMN_SHIP_DATE] = TK_STR("2026-02-10");
    tk_ask ask = TK_ASK_INIT;
    tk_desk_result result = {0};
    if (status == TK_OK)
        status = tk_clerk_decide(clerk, &order, &ask, &result, &err);
    for (size_t i = 0; status == TK_OK && i < result.decision->keys_count; i++) {
        const tk_key_decision *key = &result.decision->keys[i];
        tk_str verdict = tk_verdict_name(key->verdict);
        printf("%.*s: %.*s\n", (int)key->regime.len, key->regime.ptr, (int)verdict.len, verdict.ptr);
    }
    if (status != TK_OK)
        fprintf(stderr, "decide: %s\n", err.message);
    tk_clerk_free(clerk);
    tk_messages_free(messages);
    tk_desk_close(desk);
    return status == TK_OK ? 0 : 1;
}
