/* SPDX-License-Identifier: GPL-2.0-or-later */
/* unpack.h - streams packed with gzip (RFC 1952) or Zstandard (RFC 8878). */
#ifndef V6D_IO_UNPACK_H
#define V6D_IO_UNPACK_H

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#define V6D_UNPACK_MAGIC 4 /* bytes that tell how it is packed */

/*
 * The stream that f is, unpacked while it is read; f itself where those first
 * n bytes, which are still to be read, are of no packing. Closing it closes f,
 * but standard input stays open. What is damaged or cut ends in a read error,
 * EBADMSG, behind all that could be unpacked. NULL: no memory; f is closed.
 */
FILE *v6d_unpack(FILE *f, const uint8_t *magic, size_t n);

#endif
