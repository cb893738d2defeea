/* SPDX-License-Identifier: GPL-2.0-or-later */
/* cksum.h - the Internet checksum (RFC 1071). */
#ifndef V6D_BASE_CKSUM_H
#define V6D_BASE_CKSUM_H

#include <stddef.h>
#include <stdint.h>

#include "base/addr.h"

/* Adds n bytes to a running sum; start with 0. Only the last may be odd. */
uint32_t v6d_cksum_add(uint32_t sum, const uint8_t *p, size_t n);

/* Adds the pseudo-header of RFC 768/9293 (IPv4) or RFC 8200 8.1 (IPv6). */
uint32_t v6d_cksum_pseudo(uint32_t sum, const struct v6d_addr *src,
    const struct v6d_addr *dst, uint8_t proto, uint32_t len);

/* Folds and complements: the value for the header, or 0 for a good packet. */
uint16_t v6d_cksum_fold(uint32_t sum);

#endif
