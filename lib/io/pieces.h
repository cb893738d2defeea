/* SPDX-License-Identifier: GPL-2.0-or-later */
/* pieces.h - ICMPv6 in IPv6 fragments that fit every path (RFC 8200 4.5). */
#ifndef V6D_IO_PIECES_H
#define V6D_IO_PIECES_H

#include <sys/socket.h>

#include "base/addr.h"

#define V6D_PIECE 1280 /* bytes of an IPv6 packet: RFC 8200 5 */

/*
 * Sends one ICMPv6 message of n bytes (its checksum is filled in) from src
 * to dst through fd, a raw IPv6 socket of protocol IPPROTO_RAW: whole where
 * it fits `piece` bytes (56 .. V6D_PIECE), else in fragments with this id.
 * The kernel cannot be asked to do it: IPV6_MTU counts only above the route's
 * own MTU. Returns 0 or -errno.
 */
int v6d_pieces_send(int fd, const struct sockaddr *to, socklen_t to_len,
    const struct v6d_addr *src, const struct v6d_addr *dst, uint8_t *icmp,
    size_t n, size_t piece, uint32_t id);

#endif
