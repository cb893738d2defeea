/* SPDX-License-Identifier: GPL-2.0-or-later */
/* rehearse_ra.c - router advertisements as the LAN host hears them. */
#include "gateway/rehearse_impl.h"

#include <netinet/in.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/wire.h"
#include "io/clock.h"
#include "io/netlink.h"
#include "io/netns.h"

bool
v6d_rehearse_link_local(int ns, const char *ifname, struct v6d_addr *ret)
{
	struct v6d_answer_addr a[V6D_REHEARSE_ADDRS];
	unsigned n = 0;

	if (v6d_netlink_addrs(ns, 6, NULL, a, V6D_REHEARSE_ADDRS, &n) < 0)
		return false;
	for (unsigned i = 0; i < n && i < V6D_REHEARSE_ADDRS; i++)
		if (strcmp(a[i].ifname, ifname) == 0 && !a[i].tentative &&
		    v6d_addr_is_link_local(&a[i].addr.addr)) {
			*ret = a[i].addr.addr;
			return true;
		}
	return false;
}

/*
 * From the LAN host's own address: such an answer is its alone, and radvd need
 * not keep 3 s between two (RFC 7772). Without one it goes to everybody.
 */
void
v6d_rehearse_solicit(struct v6d_rehearsal *r)
{
	uint8_t buf[128];
	struct v6d_out o = v6d_out_to(buf, sizeof(buf));
	struct v6d_addr from = { .family = 6 };
	struct sockaddr_in6 to = { .sin6_family = AF_INET6 };
	int fd, index = 0;

	v6d_rehearse_link_local(r->lan, V6D_REHEARSE_HOST, &from);
	v6d_rs_encode_packet(&o, &from);
	v6d_netlink_ifindex(r->lan, V6D_REHEARSE_HOST, &index);
	to.sin6_scope_id = (uint32_t)index;
	memcpy(&to.sin6_addr, buf + 24, 16);
	if (v6d_netns_socket(r->lan, AF_INET6, SOCK_RAW, IPPROTO_RAW, &fd) < 0)
		return;
	setsockopt(fd, SOL_SOCKET, SO_BINDTODEVICE, V6D_REHEARSE_HOST,
	    sizeof(V6D_REHEARSE_HOST));
	sendto(fd, buf, o.len, 0, (struct sockaddr *)&to, sizeof(to));
	close(fd);
}

bool
v6d_rehearse_hear_ra(struct v6d_rehearsal *r, v6d_ns until)
{
	uint8_t buf[2048];
	size_t n;

	while ((n = v6d_rehearse_hear(r->lan_ear, buf, sizeof(buf), until))) {
		struct v6d_wire w = v6d_wire_from(buf, n, n), payload;
		struct v6d_ip ip;
		struct v6d_ra ra = { 0 };

		if (v6d_ip6_decode(&w, &ip, &payload) != V6D_WIRE_OK ||
		    ip.proto != V6D_IPPROTO_ICMP6 ||
		    v6d_ra_decode(&payload, &ip, &ra) != V6D_WIRE_OK ||
		    !v6d_ra_valid(&ra))
			continue;
		r->ra = ra;
		r->router = ip.src;
		r->have_ra = true;
		return true;
	}
	return false;
}
