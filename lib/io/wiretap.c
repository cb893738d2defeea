/* SPDX-License-Identifier: GPL-2.0-or-later */
/* wiretap.c - GRE as it passes the host's interfaces (packet(7)). */
#include "io/wiretap.h"

#include <arpa/inet.h>
#include <errno.h>
#include <linux/filter.h>
#include <linux/if_ether.h>
#include <linux/if_packet.h>
#include <stddef.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/wire.h"
#include "io/netns.h"
#include "proto/gre.h"
#include "proto/ip.h"

#define HEADERS 128 /* bytes: enough for IPv4 with options and GRE */
#define AT_PROTOCOL 9 /* in the IPv4 header (RFC 791 3.1) */
#define AT_SOURCE 12
#define AT_DESTINATION 16

/* IPv4, protocol 47, from or to the server; headers only. */
static int
attach(int fd, const struct v6d_addr *server)
{
	uint32_t s = v6d_addr_number(server);
	struct sock_filter f[] = {
		{ BPF_LD | BPF_H | BPF_ABS, 0, 0,
		    (uint32_t)(SKF_AD_OFF + SKF_AD_PROTOCOL) },
		{ BPF_JMP | BPF_JEQ | BPF_K, 0, 7, ETH_P_IP },
		{ BPF_LD | BPF_B | BPF_ABS, 0, 0, AT_PROTOCOL },
		{ BPF_JMP | BPF_JEQ | BPF_K, 0, 5, V6D_IPPROTO_GRE },
		{ BPF_LD | BPF_W | BPF_ABS, 0, 0, AT_SOURCE },
		{ BPF_JMP | BPF_JEQ | BPF_K, 2, 0, s },
		{ BPF_LD | BPF_W | BPF_ABS, 0, 0, AT_DESTINATION },
		{ BPF_JMP | BPF_JEQ | BPF_K, 0, 1, s },
		{ BPF_RET | BPF_K, 0, 0, HEADERS },
		{ BPF_RET | BPF_K, 0, 0, 0 },
	};
	struct sock_fprog p = { V6D_ARRAY_LEN(f), f };

	return setsockopt(fd, SOL_SOCKET, SO_ATTACH_FILTER, &p, sizeof(p)) < 0
		   ? -errno
		   : 0;
}

int
v6d_wiretap_open(
    int ns_fd, const struct v6d_addr *server, struct v6d_wiretap *ret)
{
	struct v6d_wiretap t = { .fd = -1, .server = *server };
	struct sockaddr_ll all = { .sll_family = AF_PACKET,
		.sll_protocol = htons(ETH_P_ALL) };
	/* Protocol 0: nothing comes before the filter stands. */
	int err = v6d_netns_socket(ns_fd, AF_PACKET, SOCK_DGRAM, 0, &t.fd);

	if (err < 0)
		return err;
	err = attach(t.fd, server);
	if (err == 0 && bind(t.fd, (struct sockaddr *)&all, sizeof(all)) < 0)
		err = -errno;
	if (err < 0) {
		v6d_wiretap_close(&t);
		return err;
	}
	*ret = t;
	return 0;
}

static void
count(struct v6d_wiretap *t, const uint8_t *p, size_t n, uint16_t call_id)
{
	/* The snapshot is cut on purpose: no length is wrong for that. */
	struct v6d_wire w = v6d_wire_from(p, n, UINT16_MAX), body, payload;
	struct v6d_ip ip = { 0 };
	struct v6d_gre g = { 0 };

	if (v6d_ip_decode(&w, &ip, &body) != V6D_WIRE_OK ||
	    ip.proto != V6D_IPPROTO_GRE || ip.frag_offset > 0)
		return;
	if (v6d_addr_eq(&ip.dst, &t->server)) {
		t->out++;
		return;
	}
	if (!v6d_addr_eq(&ip.src, &t->server) ||
	    v6d_gre_decode(&body, &g, &payload) == V6D_WIRE_MALFORMED ||
	    !v6d_gre_is_pptp(&g) || g.call_id != call_id)
		return;
	t->in++;
}

void
v6d_wiretap_read(struct v6d_wiretap *t, uint16_t call_id)
{
	uint8_t p[HEADERS];
	ssize_t n;

	while ((n = recv(t->fd, p, sizeof(p), MSG_DONTWAIT)) > 0)
		count(t, p, (size_t)n, call_id);
}

void
v6d_wiretap_close(struct v6d_wiretap *t)
{
	if (t->fd >= 0)
		close(t->fd);
	t->fd = -1;
}
