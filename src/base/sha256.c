/* SPDX-License-Identifier: Apache-2.0 */
/* sha256.c: SHA-256 by libcrypto, which uses the processor's own instructions. */
#include "base/sha256.h"

#include <openssl/evp.h>
#include <stdlib.h>

#include "base/err.h"

struct tk_sha256 {
    EVP_MD_CTX *ctx;
    bool failed;
};

tk_status tk_sha256_new(tk_sha256 **out, tk_err *err)
{
    tk_sha256 *hash = calloc(1, sizeof *hash);
    *out = NULL;
    if (hash == NULL || (hash->ctx = EVP_MD_CTX_new()) == NULL
        || EVP_DigestInit_ex(hash->ctx, EVP_sha256(), NULL) != 1) {
        tk_sha256_free(hash);
        return tk_err_set(err, TK_ERR_MEMORY, "out of memory");
    }
    *out = hash;
    return TK_OK;
}

void tk_sha256_free(tk_sha256 *hash)
{
    if (hash == NULL)
        return;
    EVP_MD_CTX_free(hash->ctx);
    free(hash);
}

void tk_sha256_add(tk_sha256 *hash, tk_str part)
{
    unsigned char frame[8];
    for (size_t i = 0; i < 8; i++)
        frame[i] = (unsigned char)((uint64_t)part.len >> (8 * i));
    hash->failed |= EVP_DigestUpdate(hash->ctx, frame, sizeof frame) != 1;
    if (part.len != 0)
        hash->failed |= EVP_DigestUpdate(hash->ctx, part.ptr, part.len) != 1;
}

tk_status tk_sha256_finish(tk_sha256 *hash, char out[TK_SHA256_HEX_BYTES], tk_err *err)
{
    static const char digits[] = "0123456789abcdef";
    unsigned char bytes[EVP_MAX_MD_SIZE];
    unsigned count = 0;
    hash->failed |= EVP_DigestFinal_ex(hash->ctx, bytes, &count) != 1 || count != 32;
    bool failed = hash->failed || EVP_DigestInit_ex(hash->ctx, EVP_sha256(), NULL) != 1;
    hash->failed = false;
    if (failed)
        return tk_err_set(err, TK_ERR_BUG, "libcrypto could not hash");
    for (size_t i = 0; i < 32; i++) {
        out[2 * i] = digits[bytes[i] >> 4];
        out[2 * i + 1] = digits[bytes[i] & 15];
    }
    out[64] = 0;
    return TK_OK;
}
