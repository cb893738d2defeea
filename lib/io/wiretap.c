/* SPDX-License-Identifier: GPL-2.0-or-later */
/* wiretap.c - GRE as it passes the host's interfaces. */
#include "io/wiretap.h"

#include <sys/socket.h>
#include <unistd.h>

#include "base/wire.h"
#include "io/packetsock.h"
#include "proto/gre.h"
#include "proto/ip.h"

#define HEADERS 128 /* bytes: enough for IPv4 with options and GRE */

int
v6d_wiretap_open(
    int ns_fd, const struct v6d_addr *server, struct v6d_wiretap *ret)
{
	struct v6d_wiretap t = { .fd = -1, .server = *server };
	int err = v6d_packetsock_open(ns_fd,
	    &(struct v6d_packetsock){ .server = server, .snap = HEADERS },
	    &t.fd);

	if (err == 0)
		*ret = t;
	return err;
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
