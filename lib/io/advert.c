/* SPDX-License-Identifier: GPL-2.0-or-later */
/* advert.c - one router advertisement (RFC 4861 4.2), sent by ourselves. */
#include "io/advert.h"

#include <errno.h>
#include <net/if.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "io/netlink.h"
#include "io/netns.h"

/* The kernel sums ICMPv6 itself, and takes its own link-local address. */
static int
send_to(int fd, int index, const uint8_t *bytes, size_t n)
{
	struct sockaddr_in6 to = { .sin6_family = AF_INET6,
		.sin6_scope_id = (uint32_t)index };
	int hops = 255; /* RFC 4861 6.1.2 */

	to.sin6_addr.s6_addr[0] = 0xff;
	to.sin6_addr.s6_addr[1] = 0x02;
	to.sin6_addr.s6_addr[15] = 1;
	if (setsockopt(fd, IPPROTO_IPV6, IPV6_MULTICAST_HOPS, &hops,
		sizeof(hops)) < 0 ||
	    setsockopt(fd, IPPROTO_IPV6, IPV6_MULTICAST_IF, &index,
		sizeof(index)) < 0 ||
	    sendto(fd, bytes, n, 0, (struct sockaddr *)&to, sizeof(to)) < 0)
		return -errno;
	return 0;
}

int
v6d_advert_send(int ns_fd, const char *ifname, const struct v6d_ra *ra)
{
	uint8_t buf[1024];
	struct v6d_out o = v6d_out_to(buf, sizeof(buf));
	struct v6d_ip ip = { .src.family = 6, .dst.family = 6 };
	int index, fd, err;

	v6d_ra_encode(&o, ra, &ip);
	err = v6d_netlink_ifindex(ns_fd, ifname, &index);
	if (err == 0)
		err = v6d_netns_socket(
		    ns_fd, AF_INET6, SOCK_RAW, IPPROTO_ICMPV6, &fd);
	if (err < 0)
		return err;
	err = send_to(fd, index, buf, o.len);
	close(fd);
	return err;
}
