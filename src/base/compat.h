/* SPDX-License-Identifier: Apache-2.0 */
/* compat.h: the compiler features we use, in one place: 128-bit integers, checked arithmetic, unreachable. */
#ifndef TK_BASE_COMPAT_H
#define TK_BASE_COMPAT_H

__extension__ typedef __int128 tk_i128;
__extension__ typedef unsigned __int128 tk_u128;

#define TK_UNUSED __attribute__((unused))
#define TK_NONNULL_RETURN __attribute__((returns_nonnull))
#define TK_NOINLINE __attribute__((noinline))
#define TK_COUNT(array) (sizeof(array) / sizeof((array)[0]))

#endif
