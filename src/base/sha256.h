/* SPDX-License-Identifier: Apache-2.0 */
/* sha256.h: SHA-256 by libcrypto, fed in parts. Each part is framed by its length, so that ("ab","c") and
 * ("a","bc") differ. */
#ifndef TK_BASE_SHA256_H
#define TK_BASE_SHA256_H

#include "twokey/base.h"

typedef struct tk_sha256 tk_sha256;
enum { TK_SHA256_HEX_BYTES = 65 };

TK_MUST_USE tk_status tk_sha256_new(tk_sha256 **out, tk_err *err);
void tk_sha256_free(tk_sha256 *hash);
void tk_sha256_add(tk_sha256 *hash, tk_str part);
/* 64 hex digits and a 0; the hash starts anew. */
TK_MUST_USE tk_status tk_sha256_finish(tk_sha256 *hash, char out[TK_SHA256_HEX_BYTES], tk_err *err);

#endif
