/* SPDX-License-Identifier: Apache-2.0 */
/* unpack.c: gzip, against bombs: what comes out is counted while it comes out, and never more is made than a list may
 * hold. Several members behind one another are one file, as for gzip itself; anything else behind them is refused. */
#include <string.h>
#include <zlib.h>

#include "lists/lists_int.h"

typedef struct unpack_state {
    z_stream z;
    tk_str name;
    tk_arena *arena;
    char *out;
    size_t out_size, out_len, packed;
} unpack_state;

static bool unpack_is_gzip(tk_str bytes)
{
    return 2 <= bytes.len && memcmp(bytes.ptr, "\x1f\x8b", 2) == 0;
}

static tk_status unpack_fail(const unpack_state *u, tk_status status, tk_err *err, const char *why)
{
    (void)tk_err_set(err, status, "%s", why);
    tk_err_where(err, u->name, 0, 0);
    return status;
}

/* Room for more, within the limits. */
static tk_status unpack_grow(unpack_state *u, tk_err *err)
{
    if (TK_LIST_FILE_BYTES_MAX < u->out_len)
        return unpack_fail(u, TK_ERR_LIMIT, err, "unpacks to more than 200 MiB; no list is that large");
    if (TK_LIST_GZIP_FREE_BYTES < u->out_len && u->packed < u->out_len / TK_LIST_GZIP_RATIO_MAX)
        return unpack_fail(u, TK_ERR_LIMIT, err,
                           "unpacks to more than 200 times its size; no list is packed that tightly");
    if (u->out_len < u->out_size)
        return TK_OK;
    size_t size = u->out_size == 0 ? 64 * 1024 : u->out_size * 2;
    char *grown = tk_arena_get(u->arena, size);
    if (grown == NULL)
        return tk_err_set(err, TK_ERR_MEMORY, "out of memory");
    if (u->out_len != 0)
        memcpy(grown, u->out, u->out_len);
    u->out = grown;
    u->out_size = size;
    return TK_OK;
}

/* One member from where the stream stands. */
static tk_status unpack_member(unpack_state *u, tk_err *err)
{
    for (;;) {
        tk_status status = unpack_grow(u, err);
        if (status != TK_OK)
            return status;
        size_t room = u->out_size - u->out_len;
        u->z.next_out = (unsigned char *)u->out + u->out_len;
        u->z.avail_out = (unsigned)room;
        int rc = inflate(&u->z, Z_NO_FLUSH);
        u->out_len += room - u->z.avail_out;
        if (rc == Z_STREAM_END)
            return TK_OK;
        if (rc == Z_MEM_ERROR)
            return tk_err_set(err, TK_ERR_MEMORY, "out of memory");
        if (rc != Z_OK && rc != Z_BUF_ERROR)
            return unpack_fail(u, TK_ERR_INPUT, err, "the gzip data are damaged");
        if (u->z.avail_in == 0 && u->z.avail_out != 0)
            return unpack_fail(u, TK_ERR_INPUT, err, "the gzip data break off; was the download cut short?");
    }
}

tk_status lists_unpack(tk_str name, tk_str bytes, tk_arena *arena, tk_str *out, tk_err *err)
{
    *out = bytes;
    unpack_state u = {.name = name, .arena = arena, .packed = bytes.len};
    if (TK_LIST_FILE_BYTES_MAX < bytes.len)
        return unpack_fail(&u, TK_ERR_LIMIT, err, "more than 200 MiB; no list is that large");
    if (!unpack_is_gzip(bytes))
        return TK_OK;
    enum { WINDOW_BITS = 15, GZIP_ONLY = 16 };
    if (inflateInit2(&u.z, WINDOW_BITS + GZIP_ONLY) != Z_OK)
        return tk_err_set(err, TK_ERR_MEMORY, "out of memory");
    u.z.next_in = (z_const Bytef *)(uintptr_t)bytes.ptr;
    u.z.avail_in = (unsigned)bytes.len;
    tk_status status = unpack_member(&u, err);
    while (status == TK_OK && u.z.avail_in != 0) {
        if (!unpack_is_gzip((tk_str){(const char *)u.z.next_in, u.z.avail_in}))
            status = unpack_fail(&u, TK_ERR_INPUT, err, "something else stands behind the gzip data");
        else if (inflateReset(&u.z) != Z_OK)
            status = tk_err_set(err, TK_ERR_BUG, "the gzip stream cannot be begun anew");
        else
            status = unpack_member(&u, err);
    }
    (void)inflateEnd(&u.z);
    if (status == TK_OK)
        *out = (tk_str){u.out, u.out_len};
    return status;
}
