/* SPDX-License-Identifier: GPL-2.0-or-later */
/* probe_host.c - can this host do it, and is its own network in order? */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "probe/help.h"

#define PATIENCE V6D_MS(1500)
#define HTTP 80
#define SMALL 84 /* bytes of an IPv4 packet: what ping sends */
#define TIME_EXCEEDED 11 /* ICMP type, RFC 792 */
#define HOPS 4 /* that can be one's own routers, and one beyond */
#define HOP_PATIENCE V6D_S(1)
#define CT_FULL 900 /* per mille of the connection table */

enum tag {
	DISABLE_IPV6, /* the first three: indexes of values[] */
	ACCEPT_RA,
	FORWARDING,
	ADDRS,
	ROUTE,
	GATEWAY,
	V4_TCP,
	V4_PING,
	TRACE,
	CT_COUNT,
	CT_MAX,
};

struct host {
	int64_t values[3];
	bool absent; /* no IPv6 in the kernel */
	unsigned left;
	bool has_addr, no_addr, no_route, gateway_silent;
	bool v4_asked, v4_alive, v4_unknown, v4_refused;
	v6d_ns v4_took;
	char addr[V6D_ADDR_TEXT], gateway[V6D_ADDR_TEXT];
	int64_t ct_count, ct_max;
};

static struct host *
mine(struct v6d_probe_run *r)
{
	return (struct host *)(void *)r->state;
}

static void
ask_plain(struct v6d_probe_run *r, enum v6d_ask_kind kind, enum tag tag)
{
	struct v6d_ask q = { .kind = kind, .tag = tag, .timeout = V6D_S(1) };

	q.addr.family = 4;
	if (kind == V6D_ASK_ROUTE_TO)
		q.addr = r->plan->server;
	v6d_probe_ask(r, &q);
}

static void
ask_conntrack(struct v6d_probe_run *r, const char *what, enum tag tag)
{
	struct v6d_ask q = {
		.kind = V6D_ASK_SYSCTL, .tag = tag, .timeout = V6D_S(1)
	};

	snprintf(q.name, sizeof(q.name), "net/netfilter/nf_conntrack_%s", what);
	v6d_probe_ask(r, &q);
}

/* The first hops towards a web server: which of them translate? */
static void
ask_trace(struct v6d_probe_run *r)
{
	struct v6d_ask q = { .kind = V6D_ASK_PING,
		.tag = TRACE,
		.addr = r->plan->v4_target,
		.n_frames = HOPS,
		.timeout = HOP_PATIENCE };

	for (uint8_t i = 0; i < HOPS; i++) {
		q.frames[i].outer_len = SMALL;
		q.frames[i].hops = (uint8_t)(i + 1);
	}
	v6d_probe_ask(r, &q);
}

/* A new interface inherits them; a tunnel in place has its own. */
static const char *
settings_of(const struct v6d_plan *p)
{
	bool own = p->in_place && p->interface[0] != '\0';

	return own ? p->interface : "default";
}

static void
start(struct v6d_probe_run *r)
{
	const struct v6d_plan *p = r->plan;
	const char *conf = settings_of(p);
	struct host *h = mine(r);

	h->values[0] = h->values[1] = h->values[2] = -1;
	v6d_help_sysctl(r, V6D_NS_HOST, conf, "disable_ipv6", DISABLE_IPV6);
	v6d_help_sysctl(r, V6D_NS_HOST, conf, "accept_ra", ACCEPT_RA);
	v6d_help_sysctl(r, V6D_NS_HOST, conf, "forwarding", FORWARDING);
	ask_plain(r, V6D_ASK_ADDRS_OF, ADDRS);
	if (p->server.family == 4)
		ask_plain(r, V6D_ASK_ROUTE_TO, ROUTE);
	if (p->v4_target.family == 4) {
		h->v4_asked = true;
		v6d_help_tcp(
		    r, V6D_NS_HOST, &p->v4_target, HTTP, PATIENCE, V4_TCP);
		v6d_help_ping(
		    r, V6D_NS_HOST, &p->v4_target, 2, PATIENCE, V4_PING);
		ask_trace(r);
	}
	ask_conntrack(r, "count", CT_COUNT);
	ask_conntrack(r, "max", CT_MAX);
	h->ct_count = h->ct_max = -1;
	h->left = r->n_pending;
}

static bool
is_loopback(const struct v6d_addr *a)
{
	return a->family == 4 && a->b[0] == 127;
}

static void
on_addrs(struct v6d_probe_run *r, const struct v6d_answer *a)
{
	struct host *h = mine(r);

	if (a->how != V6D_ANSWER_DONE)
		return;
	for (unsigned i = 0; i < a->n_kernel_addrs; i++) {
		const struct v6d_addr *x = &a->kernel_addrs[i].addr.addr;

		if (x->family != 4 || is_loopback(x))
			continue;
		v6d_help_text(x, h->addr);
		v6d_probe_fact(
		    r, V6D_FACT_LAN_ADDR, h->addr, V6D_OK, NULL, V6D_NO_VALUE);
		h->has_addr = true;
		return;
	}
	h->no_addr = true;
	v6d_probe_fact(
	    r, V6D_FACT_LAN_ADDR, NULL, V6D_BAD, "none", V6D_NO_VALUE);
}

static void
on_route(struct v6d_probe_run *r, const struct v6d_answer *a)
{
	const struct v6d_answer_route *route = &a->routes[0];
	struct host *h = mine(r);

	if (a->how != V6D_ANSWER_DONE)
		return;
	if (a->n_routes == 0 || route->reject) {
		h->no_route = true;
		v6d_probe_fact(r, V6D_FACT_LAN_ROUTE, NULL, V6D_BAD,
		    a->n_routes || a->err == EACCES ? "prohibited" : "none",
		    V6D_NO_VALUE);
		return;
	}
	if (route->src.family == 4)
		v6d_help_text(&route->src, h->addr);
	if (route->gateway.family != 4) {
		v6d_probe_fact(
		    r, V6D_FACT_LAN_ROUTE, NULL, V6D_OK, NULL, V6D_NO_VALUE);
		return;
	}
	v6d_help_text(&route->gateway, h->gateway);
	v6d_probe_fact(
	    r, V6D_FACT_LAN_ROUTE, h->gateway, V6D_OK, NULL, V6D_NO_VALUE);
	v6d_help_ping(r, V6D_NS_HOST, &route->gateway, 2, PATIENCE, GATEWAY);
	h->left++;
}

/* Routers may ignore echoes; only a failed ARP shows a dead one. */
static void
on_gateway(struct v6d_probe_run *r, const struct v6d_answer *a)
{
	struct host *h = mine(r);
	bool no_arp = a->err == EHOSTUNREACH;

	for (unsigned i = 0; i < a->n_frames; i++)
		no_arp |= a->frames[i].error == (3 << 8 | 1);
	if (a->how == V6D_ANSWER_REFUSED)
		return;
	if (v6d_help_pong(a)) {
		v6d_probe_fact(r, V6D_FACT_LAN_GATEWAY, h->gateway, V6D_OK,
		    NULL, V6D_NO_VALUE);
		return;
	}
	h->gateway_silent = no_arp;
	v6d_probe_fact(r, V6D_FACT_LAN_GATEWAY, h->gateway,
	    no_arp ? V6D_BAD : V6D_UNKNOWN, "silent", V6D_NO_VALUE);
}

static void
on_v4(struct host *h, const struct v6d_answer *a)
{
	bool alive = a->tag == V4_TCP ? v6d_help_tcp_answered(a)
				      : v6d_help_pong(a) != NULL;

	if (a->how == V6D_ANSWER_REFUSED)
		h->v4_unknown = true;
	if (!alive || h->v4_alive)
		return;
	h->v4_alive = true;
	h->v4_took = a->took;
}

static void
v4_fact(struct v6d_probe_run *r)
{
	const struct host *h = mine(r);
	char text[V6D_ADDR_TEXT];

	if (!h->v4_asked || (h->v4_unknown && !h->v4_alive))
		return;
	v6d_probe_fact(r, V6D_FACT_V4_CONTROL,
	    v6d_help_text(&r->plan->v4_target, text),
	    h->v4_alive ? V6D_OK : V6D_BAD, h->v4_alive ? NULL : "timeout",
	    h->v4_alive ? (int64_t)v6d_help_ms(h->v4_took) : V6D_NO_VALUE);
}

/*
 * A private address behind the first router's: that one's own outer address
 * is private too, and translated once more. Where a hop is silent behind
 * private ones it cannot be told.
 */
static void
on_trace(struct v6d_probe_run *r, const struct v6d_answer *a)
{
	unsigned n = 0;
	bool out = false;
	char text[V6D_ADDR_TEXT] = "";

	if (a->how == V6D_ANSWER_REFUSED)
		return;
	for (unsigned i = 0; i < a->n_frames && !out; i++) {
		const struct v6d_addr *from = &a->frames[i].error_from;

		if (!a->frames[i].answered &&
		    (from->family != 4 ||
			a->frames[i].error >> 8 != TIME_EXCEEDED))
			break;
		out = a->frames[i].answered || !v6d_help_is_private(from);
		n += !out;
		if (n == 1 && !out)
			v6d_help_text(from, text);
	}
	if (n >= 2)
		v6d_probe_fact(
		    r, V6D_FACT_NAPT_LAYERS, text, V6D_BAD, "double", n);
	else if (out)
		v6d_probe_fact(r, V6D_FACT_NAPT_LAYERS, text, V6D_OK, NULL, n);
}

/* Where this host is a gateway, its own table is the one that fills up. */
static void
conntrack_fact(struct v6d_probe_run *r)
{
	const struct host *h = mine(r);
	int64_t per_mille;

	/* The kernel counts in 32 bits; a file may say anything. */
	if (h->ct_count < 0 || h->ct_count > UINT32_MAX || h->ct_max <= 0)
		return;
	per_mille = h->ct_count * 1000 / h->ct_max;
	v6d_probe_fact(r, V6D_FACT_HOST_CONNTRACK, NULL,
	    per_mille > CT_FULL ? V6D_BAD : V6D_OK,
	    per_mille > CT_FULL ? "full" : NULL, per_mille);
}

static void
conclude(struct v6d_probe_run *r)
{
	struct host *h = mine(r);
	char server[V6D_ADDR_TEXT];

	v6d_help_host_facts(r, h->values, h->absent);
	v4_fact(r);
	conntrack_fact(r);
	v6d_help_text(&r->plan->server, server);
	if (h->no_addr)
		v6d_probe_end(
		    r, V6D_PROBE_FAIL, "this host has no IPv4 address");
	else if (h->no_route)
		v6d_probe_end(
		    r, V6D_PROBE_FAIL, "there is no IPv4 route to %s", server);
	else if (h->gateway_silent)
		v6d_probe_end(r, V6D_PROBE_FAIL,
		    "the gateway %s is not there (no answer to ARP)",
		    h->gateway);
	else if (v6d_probe_bad(r, V6D_FACT_HOST_CONNTRACK))
		v6d_probe_end(r, V6D_PROBE_FAIL,
		    "this host's own connection table is full (%lld of %lld)",
		    (long long)h->ct_count, (long long)h->ct_max);
	else if (v6d_probe_bad(r, V6D_FACT_HOST_IPV6))
		v6d_probe_end(r, V6D_PROBE_FAIL, "IPv6 is %s on this host",
		    h->absent ? "missing" : "switched off");
	else if (v6d_probe_bad(r, V6D_FACT_HOST_ACCEPT_RA))
		v6d_probe_end(r, V6D_PROBE_WARN,
		    h->values[ACCEPT_RA] == 0
			? "router advertisements are ignored here: accept_ra "
			  "is 0"
			: "router advertisements are ignored here: forwarding "
			  "is 1 and accept_ra is not 2");
	else if (!h->has_addr || h->values[ACCEPT_RA] < 0)
		v6d_probe_end(r, V6D_PROBE_UNKNOWN,
		    "this host's addresses and settings could not be read");
	else if (h->gateway[0])
		v6d_probe_end(r, V6D_PROBE_PASS, "%s behind %s, IPv6 is on",
		    h->addr, h->gateway);
	else
		v6d_probe_end(r, V6D_PROBE_PASS, "%s, IPv6 is on", h->addr);
}

static void
answer(struct v6d_probe_run *r, const struct v6d_answer *a)
{
	struct host *h = mine(r);

	h->left--;
	switch ((enum tag)a->tag) {
	case DISABLE_IPV6:
		h->absent = a->how == V6D_ANSWER_REFUSED && a->err == ENOENT;
		/* fall through */
	case ACCEPT_RA:
	case FORWARDING:
		if (a->how == V6D_ANSWER_DONE && a->err == 0)
			h->values[a->tag] = a->value;
		break;
	case ADDRS:
		on_addrs(r, a);
		break;
	case ROUTE:
		on_route(r, a);
		break;
	case GATEWAY:
		on_gateway(r, a);
		break;
	case V4_TCP:
	case V4_PING:
		on_v4(h, a);
		break;
	case TRACE:
		on_trace(r, a);
		break;
	case CT_COUNT:
		h->ct_count = a->how == V6D_ANSWER_DONE ? a->value : -1;
		break;
	case CT_MAX:
		h->ct_max = a->how == V6D_ANSWER_DONE ? a->value : -1;
		break;
	}
	if (h->left == 0)
		conclude(r);
}

const struct v6d_probe v6d_probe_host = {
	.name = "host",
	.question = "Is this host ready: IPv4, its gateway, IPv6 settings?",
	.after = "",
	.needs = "",
	.without = "",
	.start = start,
	.answer = answer,
};
