/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * rehearse_checks.c - what each step is for, seen from the LAN and from
 * outside. No check passes for want of an observation: whether packets from
 * outside get as far as the LAN at all is a check of its own.
 */
#include "gateway/rehearse_impl.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <poll.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/lang.h"
#include "base/cksum.h"
#include "base/wire.h"
#include "gateway/snapshot.h"
#include "io/clock.h"
#include "io/netlink.h"
#include "io/netns.h"
#include "io/sysctl.h"
#include "proto/dns.h"
#include "proto/icmp.h"
#include "proto/udp.h"

#define ROUTES 64
#define ODD_HOP_LIMIT 63
#define UPLOAD 262144 /* bytes */

enum v6d_rehearse_state
v6d_rehearse_say(struct v6d_rehearse_row *row, enum v6d_rehearse_state st,
    const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(row->text, sizeof(row->text), fmt, ap);
	va_end(ap);
	return st;
}

/* ---- what the LAN is told ---- */

static enum v6d_rehearse_state
check_order(struct v6d_rehearsal *r, struct v6d_rehearse_row *row)
{
	if (r->early_ra)
		return FAIL("an advertisement was out before the filter stood");
	return PASS("no advertisement before it");
}

/* The address that the gateway has in the tunnel's prefix. */
const struct v6d_answer_addr *
v6d_rehearse_addr(int ns, const char *ifname, struct v6d_answer_addr *a)
{
	unsigned n = 0;

	if (v6d_netlink_addrs(ns, 6, NULL, a, V6D_REHEARSE_ADDRS, &n) < 0)
		return NULL;
	for (unsigned i = 0; i < n && i < V6D_REHEARSE_ADDRS; i++)
		if (strcmp(a[i].ifname, ifname) == 0 &&
		    v6d_addr_is_global(&a[i].addr.addr) && !a[i].deprecated)
			return &a[i];
	return NULL;
}

static enum v6d_rehearse_state
check_ra(struct v6d_rehearsal *r, struct v6d_rehearse_row *row)
{
	struct v6d_answer_addr a[V6D_REHEARSE_ADDRS];
	const struct v6d_answer_addr *t =
	    v6d_rehearse_addr(r->gw, r->tunnel, a);
	char text[V6D_ADDR_TEXT];
	struct v6d_prefix want;

	if (!r->have_ra)
		return FAIL("no router advertisement on the LAN");
	if (r->ra.lifetime_s == 0)
		return FAIL("the LAN is told that this is no router");
	if (!t || r->ra.n_prefixes == 0)
		return FAIL("it names no prefix");
	want = (struct v6d_prefix){ t->addr.addr, 64 };
	if (!v6d_prefix_has(&want, &r->ra.prefixes[0].prefix.addr) ||
	    !r->ra.prefixes[0].autonomous || !r->ra.prefixes[0].on_link)
		return FAIL("%s/%u is advertised, which is not the tunnel's",
		    v6d_addr_text(
			&r->ra.prefixes[0].prefix.addr, text, sizeof(text)),
		    r->ra.prefixes[0].prefix.len);
	return PASS("%s/%u, router for %u s, MTU %u",
	    v6d_addr_text(&r->ra.prefixes[0].prefix.addr, text, sizeof(text)),
	    r->ra.prefixes[0].prefix.len, r->ra.lifetime_s, r->ra.mtu);
}

static enum v6d_rehearse_state
check_lan_address(struct v6d_rehearsal *r, struct v6d_rehearse_row *row)
{
	v6d_ns until = v6d_clock_now() + V6D_S(2);
	struct v6d_answer_addr a[V6D_REHEARSE_ADDRS];
	const struct v6d_answer_addr *x;
	char text[V6D_ADDR_TEXT];

	while (!(x = v6d_rehearse_addr(r->lan, V6D_REHEARSE_HOST, a)) &&
	       v6d_clock_now() < until)
		v6d_rehearse_hear_ra(r, v6d_clock_now() + V6D_MS(20));
	if (!x)
		return FAIL("the LAN host has no global address");
	r->host = x->addr.addr;
	return PASS("%s", v6d_addr_text(&r->host, text, sizeof(text)));
}

static enum v6d_rehearse_state
check_lan_route(struct v6d_rehearsal *r, struct v6d_rehearse_row *row)
{
	static struct v6d_answer_route t[ROUTES];
	char text[V6D_ADDR_TEXT];
	unsigned n = 0;

	if (v6d_netlink_routes(r->lan, 6, NULL, t, ROUTES, &n) < 0)
		return UNKNOWN("its routes cannot be read");
	for (unsigned i = 0; i < n && i < ROUTES; i++)
		if (t[i].dst.len == 0 && t[i].gateway.family && !t[i].reject)
			return PASS("by %s",
			    v6d_addr_text(&t[i].gateway, text, sizeof(text)));
	return FAIL("the LAN host has no default route");
}

/* ---- the tunnel's end ---- */

static enum v6d_rehearse_state
check_gw_route(struct v6d_rehearsal *r, struct v6d_rehearse_row *row)
{
	static struct v6d_answer_route t[ROUTES];
	unsigned n = 0;

	if (r->conf.profile->tunnel.table)
		return SKIP("the profile has a table of its own");
	if (v6d_netlink_routes(r->gw, 6, r->tunnel, t, ROUTES, &n) < 0)
		return UNKNOWN("the routes cannot be read");
	for (unsigned i = 0; i < n && i < ROUTES; i++)
		if (t[i].dst.len == 0 && t[i].tunnel && !t[i].reject)
			return PASS("%s", t[i].from_ra
					      ? N_("as the server advertises")
					      : "made");
	return FAIL("no default route through the tunnel: its advertisements "
		    "are not heard");
}

/*
 * With forwarding on, the kernel uses advertisements only where accept_ra is
 * 2. One of a stranger with nothing in it but a hop limit shows by that.
 */
static enum v6d_rehearse_state
check_tunnel_ra(struct v6d_rehearsal *r, struct v6d_rehearse_row *row)
{
	v6d_ns until = v6d_clock_now() + V6D_S(1);
	uint8_t buf[256], drop[2048];
	struct v6d_out o = v6d_out_to(buf, sizeof(buf));
	struct v6d_ip ip = {
		.src = { 6, { 0xfe, 0x80, [15] = 0x99 } },
		.dst = { 6, { 0xff, 0x02, [15] = 1 } },
		.ttl = 255,
		.proto = V6D_IPPROTO_ICMP6,
	};
	struct v6d_ra ra = { .cur_hop_limit = ODD_HOP_LIMIT };
	char path[96];
	int64_t now = 0;

	if (r->conf.profile->tunnel.accept_ra == V6D_RA_ONCE)
		return SKIP("the profile says \"accept-ra = once\"");
	v6d_ip6_encode(&o, &ip, 16);
	v6d_ra_encode(&o, &ra, &ip);
	send(r->out[0], buf, o.len, 0);
	snprintf(path, sizeof(path), "net/ipv6/conf/%s/hop_limit", r->tunnel);
	while (v6d_sysctl_read(r->gw, path, &now) == 0 &&
	       now != ODD_HOP_LIMIT && v6d_clock_now() < until)
		v6d_rehearse_hear(r->tun_ear, drop, sizeof(drop),
		    v6d_clock_now() + V6D_MS(20));
	return now == ODD_HOP_LIMIT
		   ? PASS("one that came was used")
		   : FAIL("one that came was not used: the default route and "
			  "the addresses will run out");
}

/* ---- out of the LAN ---- */

static bool
resolver(const struct v6d_rehearsal *r, struct v6d_addr *ret)
{
	if (!r->have_ra || r->ra.n_rdnss == 0)
		return false;
	*ret = r->ra.rdnss[0];
	return true;
}

static enum v6d_rehearse_state
check_dns(struct v6d_rehearsal *r, struct v6d_rehearse_row *row)
{
	const char *name = r->conf.profile->probe.name;
	struct v6d_addr server;
	struct v6d_dns d;
	char text[V6D_ADDR_TEXT];
	int err;

	if (name[0] == '\0')
		return SKIP("[probe] names no name");
	if (!resolver(r, &server))
		return SKIP("no resolver is advertised");
	err = -ETIMEDOUT;
	for (int i = 0; err == -ETIMEDOUT && i < 3; i++)
		err = v6d_rehearse_ask(r->lan, &server, name, &d);
	if (err < 0)
		return FAIL("%.60s: %s", name, strerror(-err));
	if (d.n_addrs == 0)
		return FAIL(
		    "%.60s has no AAAA record (rcode %u)", name, d.rcode);
	r->target = d.addrs[0];
	return PASS("%.60s is %s", name,
	    v6d_addr_text(&d.addrs[0], text, sizeof(text)));
}

static enum v6d_rehearse_state
fetch(struct v6d_rehearsal *r, struct v6d_rehearse_row *row,
    const struct v6d_addr *to, const char *host)
{
	v6d_ns until = v6d_clock_now() + V6D_REHEARSE_FETCH;
	int fd = v6d_rehearse_connect(r->lan, to, V6D_REHEARSE_HTTP, until);
	long want, got;

	if (fd < 0)
		return FAIL("no connection: %s", strerror(-fd));
	got = v6d_rehearse_get(
	    fd, host, r->conf.profile->probe.page, until, &want);
	close(fd);
	if (got < 0)
		return FAIL(
		    "connected, but no answer: %s", strerror(-(int)got));
	if (want >= 0 && got < want)
		return FAIL("%ld of %ld bytes came", got, want);
	return PASS("%ld bytes", got);
}

static enum v6d_rehearse_state
check_fetch_name(struct v6d_rehearsal *r, struct v6d_rehearse_row *row)
{
	if (r->target.family == 0)
		return SKIP("the name was not resolved");
	return fetch(r, row, &r->target, r->conf.profile->probe.name);
}

static bool
literal(const struct v6d_rehearsal *r, struct v6d_addr *ret)
{
	const struct v6d_profile_probe *p = &r->conf.profile->probe;

	if (p->literal.family)
		*ret = p->literal;
	else if (p->ipv6_target.n)
		*ret = p->ipv6_target.a[0];
	else
		return false;
	return true;
}

static enum v6d_rehearse_state
check_fetch_literal(struct v6d_rehearsal *r, struct v6d_rehearse_row *row)
{
	struct v6d_addr to;
	char host[V6D_ADDR_TEXT + 2] = "[", text[V6D_ADDR_TEXT];

	if (!literal(r, &to))
		return SKIP("[probe] names no literal and no ipv6-target");
	r->target = to;
	snprintf(
	    host, sizeof(host), "[%s]", v6d_addr_text(&to, text, sizeof(text)));
	return fetch(r, row, &to, host);
}

static enum v6d_rehearse_state
check_upload(struct v6d_rehearsal *r, struct v6d_rehearse_row *row)
{
	v6d_ns until = v6d_clock_now() + V6D_REHEARSE_FETCH;
	int fd, err;

	if (r->target.family == 0)
		return SKIP("there is no target");
	fd = v6d_rehearse_connect(r->lan, &r->target, V6D_REHEARSE_HTTP, until);
	if (fd < 0)
		return FAIL("no connection: %s", strerror(-fd));
	err = v6d_rehearse_put(fd, "rehearsal", UPLOAD, until);
	close(fd);
	return err < 0 ? FAIL("%s", strerror(-err)) : PASS("%d bytes", UPLOAD);
}

/* ---- the clamp ---- */

/* A SYN of the LAN host's that leaves through the tunnel: its segment size. */
static bool
hear_syn(struct v6d_rehearsal *r, uint16_t *ret_mss, v6d_ns until)
{
	uint8_t buf[2048];
	size_t n;

	while ((n = v6d_rehearse_hear(r->tun_ear, buf, sizeof(buf), until))) {
		struct v6d_wire w = v6d_wire_from(buf, n, n), payload;
		struct v6d_ip ip;
		struct v6d_tcp t;

		if (v6d_ip6_decode(&w, &ip, &payload) == V6D_WIRE_OK &&
		    ip.proto == V6D_IPPROTO_TCP &&
		    v6d_tcp_decode(&payload, &t) == V6D_WIRE_OK &&
		    (t.flags & (V6D_TCP_SYN | V6D_TCP_ACK)) == V6D_TCP_SYN &&
		    v6d_addr_eq(&ip.src, &r->host)) {
			*ret_mss = t.mss;
			return true;
		}
	}
	return false;
}

/* The LAN host goes by its own interface here, not by the advertised MTU. */
static enum v6d_rehearse_state
check_mss(struct v6d_rehearsal *r, struct v6d_rehearse_row *row)
{
	unsigned limit = r->conf.profile->tunnel.mtu - 60;
	v6d_ns until = v6d_clock_now() + V6D_S(1);
	uint16_t mss = 0;
	int fd;

	if (r->target.family == 0)
		return SKIP("there is no target");
	v6d_rehearse_drain(r->tun_ear);
	fd = v6d_rehearse_connect(r->lan, &r->target, V6D_REHEARSE_HTTP, until);
	if (fd >= 0)
		close(fd);
	if (!hear_syn(r, &mss, until))
		return UNKNOWN("no SYN was seen to leave");
	if (mss == 0 || mss > limit)
		return FAIL("a SYN leaves with %u, more than the tunnel's %u",
		    mss, limit);
	return PASS("%u bytes", mss);
}

/* ---- afterwards ---- */

static enum v6d_rehearse_state
check_undone(struct v6d_rehearsal *r, struct v6d_rehearse_row *row)
{
	char *after = v6d_snapshot(r->gw), line[120] = "";

	if (!after || !r->before)
		return UNKNOWN("the namespace cannot be read");
	v6d_snapshot_differ(r->before, after, line, sizeof(line));
	free(after);
	if (r->report->exit_status != 0)
		return FAIL(
		    "the set-up ended with status %d", r->report->exit_status);
	return line[0] ? FAIL("differs: %.100s", line)
		       : PASS("addresses, routes, rules, settings, filter");
}

/* Deprecated addresses are not new ones; a router that stopped is none. */
static enum v6d_rehearse_state
check_withdrawn(struct v6d_rehearsal *r, struct v6d_rehearse_row *row)
{
	struct v6d_rehearse_row none = { 0 };
	struct v6d_answer_addr a[V6D_REHEARSE_ADDRS];

	if (r->host.family == 0)
		return UNKNOWN("the LAN host had no address");
	if (check_lan_route(r, &none) == V6D_REHEARSE_PASS)
		return FAIL("the LAN host still has a default route");
	if (v6d_rehearse_addr(r->lan, V6D_REHEARSE_HOST, a))
		return FAIL("the LAN host still prefers its address");
	return PASS("no default route, no preferred address");
}

static const struct {
	const char *name, *question;
	check_fn fn;
} checks[] = {
	{ "order",
	    N_("the packet filter stands before the LAN is told anything"),
	    check_order },
	{ "advertisement", N_("the LAN is told the tunnel's prefix"),
	    check_ra },
	{ "lan-address", N_("a host on the LAN gets an address"),
	    check_lan_address },
	{ "lan-route", N_("and a default route"), check_lan_route },
	{ "tunnel-route",
	    N_("this host has a default route through the tunnel"),
	    check_gw_route },
	{ "tunnel-ra", N_("and goes on hearing the server's advertisements"),
	    check_tunnel_ra },
	{ "lan-dns", N_("the LAN host resolves a name"), check_dns },
	{ "page-by-name", N_("it fetches a large page by name"),
	    check_fetch_name },
	{ "page-by-literal", N_("and by literal address"),
	    check_fetch_literal },
	{ "upload", N_("it sends a large file"), check_upload },
	{ "mss", N_("TCP is told what fits into the tunnel"), check_mss },
	{ "echo", N_("an echo from outside gets to the LAN host"),
	    v6d_rehearse_echo },
	{ "inbound-syn", N_("a new connection from outside does not"),
	    v6d_rehearse_syn },
	{ "inbound-udp", N_("nor does UDP"), v6d_rehearse_udp },
	{ "stale-ack", N_("nor does an ACK of no connection"),
	    v6d_rehearse_ack },
	{ "host-input", N_("this host does not answer the outside either"),
	    v6d_rehearse_input },
	{ "packet-too-big", N_("packet-too-big gets to the LAN host"),
	    v6d_rehearse_too_big },
	{ "dns-update", N_("the name that is updated leads here"),
	    v6d_rehearse_dns_name },
};

static const struct {
	const char *name, *question;
	check_fn fn;
} checks_after[] = {
	{ "withdrawn", N_("the LAN is told that it is over"), check_withdrawn },
	{ "dns-removed", N_("the name leads here no more"),
	    v6d_rehearse_dns_gone },
	{ "undone", N_("everything is as it was before"), check_undone },
};

static void
one(struct v6d_rehearsal *r, const char *name, const char *question,
    check_fn fn)
{
	struct v6d_rehearse_report *p = r->report;
	struct v6d_rehearse_row *row = &p->row[p->n++];
	v6d_ns t0 = v6d_clock_now();

	row->name = name;
	row->question = question;
	row->state = fn(r, row);
	row->ms = (unsigned)((v6d_clock_now() - t0) / V6D_MS(1));
	if (row->state == V6D_REHEARSE_FAIL)
		p->n_failed++;
	if (row->state == V6D_REHEARSE_UNKNOWN)
		p->n_unknown++;
}

void
v6d_rehearse_checks(struct v6d_rehearsal *r)
{
	/* radvd keeps 3 s between two, and may not listen yet. */
	v6d_ns until = v6d_clock_now() + V6D_S(7);

	r->have_ra = false;
	v6d_rehearse_drain(r->lan_ear);
	do
		v6d_rehearse_solicit(r);
	while (!v6d_rehearse_hear_ra(r, v6d_clock_now() + V6D_S(1)) &&
	       v6d_clock_now() < until);
	for (size_t i = 0; i < V6D_ARRAY_LEN(checks); i++)
		one(r, checks[i].name, checks[i].question, checks[i].fn);
}

void
v6d_rehearse_check_after(struct v6d_rehearsal *r)
{
	for (size_t i = 0; i < V6D_ARRAY_LEN(checks_after); i++)
		one(r, checks_after[i].name, checks_after[i].question,
		    checks_after[i].fn);
}
