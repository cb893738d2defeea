/* SPDX-License-Identifier: GPL-2.0-or-later */
/* snapshot.h - what a namespace is like, as text that can be compared. */
#ifndef V6D_GATEWAY_SNAPSHOT_H
#define V6D_GATEWAY_SNAPSHOT_H

#include <stddef.h>

/*
 * Addresses, routes, rules, IPv6 settings of every interface and the packet
 * filter, a line each; lifetimes left out. A heap block; NULL: no memory, or
 * it cannot be read.
 */
char *v6d_snapshot(int ns_fd);

/* The first line that one has and the other has not; "" they are equal. */
const char *
v6d_snapshot_differ(const char *before, const char *after, char *buf, size_t n);

#endif
