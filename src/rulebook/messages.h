/* SPDX-License-Identifier: Apache-2.0 */
/* messages.h: what the compiler has to say, kept with the line it says it about. */
#ifndef TK_RULEBOOK_MESSAGES_H
#define TK_RULEBOOK_MESSAGES_H

#include "rulebook/ast.h"
#include "twokey/rulebook.h"

struct tk_messages {
    tk_arena arena;
    tk_message *items;
    size_t count, size;
    size_t errors;
    bool failed; /* memory ran out: something is not said */
    const tk_source *files; /* while compiling */
    size_t files_count;
};

tk_messages *tk_messages_new(void);
void tk_messages_add(tk_messages *messages, tk_severity severity, ast_pos pos, const char *format, ...)
    TK_PRINTF(4, 5);
/* By file, line, column; the same complaint about the same place once. */
void tk_messages_sort(tk_messages *messages);

#endif
