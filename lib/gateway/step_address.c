/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * step_address.c - addresses from the server's advertisement: the prefix
 * belongs to the LAN, the tunnel's interface gets one address of it and no
 * route to it, so that no prefix is on two links.
 */
#include "gateway/gateway_impl.h"

#include <errno.h>
#include <netinet/icmp6.h>
#include <netinet/in.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/wire.h"
#include "io/clock.h"
#include "io/netlink.h"
#include "proto/icmp.h"

#define PATIENCE V6D_S(13) /* three solicitations, 4 s apart */
/* Somebody with our address is asked so often, so far apart: echoes get
 * lost. */
#define ASKED_TIMES 3
#define ASK_PATIENCE V6D_MS(200)
#define MAIN_TABLE 254
#define LINK_METRIC 256 /* as the kernel's own routes to a link */
#define ECHO_ID 0x7636

bool
v6d_gw_has_ra(const struct v6d_gw *g)
{
	return g->have_ra || g->dead;
}

const struct v6d_addr *
v6d_gw_public(const struct v6d_gw *g)
{
	return g->n_lan > 0 && g->lan[0].prefix.addr.family ? &g->lan[0].addr
							    : &g->addr;
}

static const struct v6d_ra_prefix *
nth_prefix(const struct v6d_ra *ra, unsigned n)
{
	for (unsigned i = 0; i < ra->n_prefixes; i++) {
		const struct v6d_ra_prefix *p = &ra->prefixes[i];

		if (p->autonomous && p->prefix.len == 64 && p->valid_s > 0 &&
		    n-- == 0)
			return p;
	}
	return NULL;
}

/* What is left of a lifetime that was told at ra_at. */
static uint32_t
left_of(const struct v6d_gw *g, uint32_t told)
{
	v6d_ns gone = (v6d_clock_now() - g->ra_at) / V6D_S(1);

	if (told == V6D_LIFETIME_FOREVER ||
	    g->p->tunnel.accept_ra == V6D_RA_ONCE)
		return V6D_NLGATE_FOREVER;
	return gone < told ? told - (uint32_t)gone : 0;
}

static int
set_addr(struct v6d_gw *g, const char *ifname, const struct v6d_prefix *addr,
    const struct v6d_ra_prefix *p, bool nodad)
{
	struct v6d_nlgate_addr a = { .addr = *addr,
		.valid_s = left_of(g, p->valid_s),
		.preferred_s = left_of(g, p->preferred_s),
		.nodad = nodad,
		.alone = true };
	char text[V6D_ADDR_TEXT];
	int err = v6d_nlgate_addr(g->c.ns_fd, ifname, &a);

	if (err < 0)
		v6d_change_told(&g->c, err, "%s cannot have the address %s: %s",
		    ifname, v6d_addr_text(&addr->addr, text, sizeof(text)),
		    strerror(-err));
	return err;
}

/* ---- the tunnel's own ---- */

static int
address_tunnel(struct v6d_gw *g, const struct v6d_ra_prefix *p)
{
	struct v6d_prefix a = { v6d_addr_join(&p->prefix.addr, v6d_gw_ifid(g)),
		128 };

	g->addr = a.addr;
	g->prefix = p->prefix;
	return set_addr(g, g->tunnel, &a, p, true);
}

/* ---- is the LAN's address free? ---- */

static void
ask(struct v6d_gw *g, const struct v6d_addr *addr)
{
	uint8_t buf[128];
	struct v6d_out o = v6d_out_to(buf, sizeof(buf));
	struct v6d_ip ip = { .src = g->addr,
		.dst = *addr,
		.ttl = 64,
		.proto = V6D_IPPROTO_ICMP6 };
	struct v6d_icmp m = { .type = V6D_ICMP6_ECHO, .id = ECHO_ID, .seq = 1 };

	v6d_ip6_encode(&o, &ip, 8);
	v6d_icmp6_encode_echo(&o, &m, &ip, NULL, 0);
	v6d_gw_send(g, buf, o.len);
}

static int
open_ear(struct v6d_gw *g, int *ret_fd)
{
	struct icmp6_filter only;
	int fd, err = v6d_netns_socket(
		    g->c.ns_fd, AF_INET6, SOCK_RAW, IPPROTO_ICMPV6, &fd);

	if (err < 0)
		return err;
	ICMP6_FILTER_SETBLOCKALL(&only);
	ICMP6_FILTER_SETPASS(ICMP6_ECHO_REPLY, &only);
	if (setsockopt(fd, IPPROTO_ICMPV6, ICMP6_FILTER, &only, sizeof(only)) <
	    0) {
		err = -errno;
		close(fd);
		return err;
	}
	*ret_fd = fd;
	return 0;
}

/* True: a reply to our question, from that address. */
static bool
is_reply(int fd, const struct v6d_addr *addr)
{
	uint8_t buf[256];
	struct sockaddr_in6 from;
	socklen_t n = sizeof(from);
	ssize_t len;

	while ((len = recvfrom(fd, buf, sizeof(buf), MSG_DONTWAIT,
		    (struct sockaddr *)&from, &n)) >= 0)
		if (len >= 8 && (buf[4] << 8 | buf[5]) == ECHO_ID &&
		    memcmp(&from.sin6_addr, addr->b, 16) == 0)
			return true;
	return false;
}

/*
 * The server keeps an address in the prefix too, and often the nicest one.
 * Neighbour discovery on the LAN would not notice.
 */
static bool
is_taken(struct v6d_gw *g, const struct v6d_addr *addr)
{
	bool taken = false;
	int fd = -1;

	if (open_ear(g, &fd) < 0)
		return false;
	for (unsigned i = 0; i < ASKED_TIMES && !taken; i++) {
		v6d_ns until = v6d_clock_now() + ASK_PATIENCE;

		ask(g, addr);
		while (!taken && g->c.wait(g->c.wait_arg, fd, until) == 0)
			taken = is_reply(fd, addr);
	}
	close(fd);
	return taken;
}

/* ---- the LAN's ---- */

/*
 * The route to the prefix is ours: with an address that has a lifetime the
 * kernel would leave its own behind.
 */
static int
give_address(struct v6d_gw *g, struct v6d_gw_lan *l,
    const struct v6d_ra_prefix *p, const struct v6d_addr *addr)
{
	struct v6d_nlgate_addr a = { .addr = { *addr, 64 },
		.valid_s = left_of(g, p->valid_s),
		.preferred_s = left_of(g, p->preferred_s),
		.alone = true };
	struct v6d_nlgate_route r = { .dst = p->prefix,
		.table = MAIN_TABLE,
		.metric = LINK_METRIC,
		.proto = V6D_CHANGE_PROTO };
	char text[V6D_ADDR_TEXT];
	bool ours = false;
	int err;

	v6d_netlink_is_ours(g->c.ns_fd, l->ifname, addr, &ours);
	if (!ours && is_taken(g, addr))
		return v6d_change_told(&g->c, -EADDRINUSE,
		    "%s is the server's own address: name another suffix in "
		    "[lan]",
		    v6d_addr_text(addr, text, sizeof(text)));
	err = v6d_change_addr(&g->c, l->ifname, &a);
	memcpy(r.ifname, l->ifname, sizeof(r.ifname));
	if (err == 0)
		err = v6d_change_route(&g->c, &r);
	if (err < 0)
		return err;
	if (l->prefix.addr.family)
		v6d_gw_old_keep(g, l, &p->prefix);
	l->prefix = p->prefix;
	l->addr = *addr;
	return 0;
}

static int
address_lan(struct v6d_gw *g, unsigned i)
{
	const struct v6d_ra_prefix *p = nth_prefix(&g->ra, i);
	struct v6d_gw_lan *l = &g->lan[i];
	struct v6d_prefix a;

	if (!p)
		return v6d_change_told(&g->c, -EINVAL,
		    "the server gives %u prefix%s, so there is none for %s: "
		    "put the interfaces of the LAN into one bridge",
		    i, i == 1 ? "" : "es", l->ifname);
	a = (struct v6d_prefix){
		v6d_addr_join(&p->prefix.addr, g->p->lan.suffix.b + 8), 64
	};
	if (v6d_addr_eq(&l->prefix.addr, &p->prefix.addr))
		return set_addr(g, l->ifname, &a, p, false);
	return give_address(g, l, p, &a.addr);
}

int
v6d_gw_use_ra(struct v6d_gw *g)
{
	int err = address_tunnel(g, nth_prefix(&g->ra, 0));

	g->ra_news = false;
	for (unsigned i = 0; err == 0 && i < g->n_lan; i++)
		err = address_lan(g, i);
	return err;
}

static int
make_address(struct v6d_gw *g)
{
	char text[V6D_ADDR_TEXT];
	int err = v6d_gw_wait(g, v6d_gw_has_ra, v6d_clock_now() + PATIENCE);

	if (err == -ETIMEDOUT)
		return v6d_change_told(&g->c, err,
		    "no router advertisement with a prefix came through the "
		    "tunnel: \"v6doctor run-all\" finds out why");
	if (err == 0 && !g->have_ra)
		return v6d_change_told(&g->c, -ECONNRESET,
		    "the session has ended: %s", g->last_end);
	if (err == 0)
		err = v6d_gw_use_ra(g);
	if (err == 0)
		v6d_change_told(&g->c, 0, "%s",
		    v6d_addr_text(v6d_gw_public(g), text, sizeof(text)));
	return err;
}

const struct v6d_gw_step v6d_gw_step_address = { .name = "address",
	.make = make_address };
