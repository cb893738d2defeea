/* SPDX-License-Identifier: GPL-2.0-or-later */
/* tun.h - the tunnel's interface: a TUN device set up for RFC 5072. */
#ifndef V6D_IO_TUN_H
#define V6D_IO_TUN_H

#include <stdbool.h>
#include <stdint.h>

#include "base/addr.h"

struct v6d_tun_sysctl {
	const char *name; /* in net/ipv6/conf/DEVICE/ */
	int64_t value;
};

struct v6d_tun_conf {
	char name[16]; /* "v6tun0", or with %d: the kernel numbers it */
	uint8_t ifid[8]; /* link-local: fe80::IFID/64 */
	uint16_t mtu; /* bytes of an IPv6 packet */
	struct v6d_prefix global; /* one more address; family 0: none */
	const struct v6d_tun_sysctl *sysctls; /* set before it comes up */
	unsigned n_sysctls;
	unsigned group; /* of interfaces; 0: the default one */
	/*
	 * A v6d_vnet header stands before each packet, and the kernel leaves
	 * segmentation and checksums to the reader.
	 */
	bool offload;
};

/*
 * Makes the device in the namespace and brings it up: no address of the
 * kernel's own, no duplicate address detection, no wait before the router
 * solicitation. It goes away when *ret_fd (non-blocking, one IPv6 packet a
 * read or write, no header unless with offload) is closed. ret_name: 16 bytes,
 * the name it got.
 *
 * -ENODEV: no /dev/net/tun. -EPERM, -EACCES: no right. -EBUSY: the name is
 * taken. -EAFNOSUPPORT: IPv6 is disabled in this kernel or on the device.
 */
int v6d_tun_open(
    int ns_fd, const struct v6d_tun_conf *conf, int *ret_fd, char *ret_name);

#endif
