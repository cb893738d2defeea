/* SPDX-License-Identifier: GPL-2.0-or-later */
/* netblock.h - well-known IPv6 blocks that look global and are not. */
#ifndef V6D_BASE_NETBLOCK_H
#define V6D_BASE_NETBLOCK_H

#include "base/addr.h"

/*
 * The name of the closed network that the address belongs to, or NULL. Its
 * hosts have addresses of the global form and reach each other only.
 */
const char *v6d_netblock_closed(const struct v6d_addr *a);

/* How many of its first bits say that, or 0. */
uint8_t v6d_netblock_closed_bits(const struct v6d_addr *a);

#endif
