/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * ip_route.c - iproute2: ip -6 route and ip -6 rule. "default dev ppp0" says
 * nothing of its family: the words behind it do (only IPv4 has "scope link",
 * only IPv6 has "pref").
 */
#include "paste/impl.h"

#include <string.h>

static const char *const kinds[] = { "unreachable", "blackhole", "prohibit",
	"throw", "local", "multicast", "anycast", "broadcast", "unicast" };

static int
kind_of(const char *s)
{
	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++)
		if (strcmp(s, kinds[i]) == 0)
			return (int)i;
	return -1;
}

/* Words with a value, and words alone, that a route may have behind it. */
static int
rest(struct v6d_paste_route *r, const struct v6d_tok *t, unsigned i,
    bool *ret_v4)
{
	static const char *const pairs[] = { "table", "src", "hoplimit",
		"advmss", "from", "scope", "weight", "ssthresh", "error",
		"nhid", "rto_min", "window" };
	static const char *const alone[] = { "linkdown", "onlink", "pref",
		"medium", "high", "low", "dead", "pervasive", "offload" };
	int understood = 0;
	int64_t v;

	for (; i < t->n; i++) {
		const char *next = i + 1 < t->n ? t->t[i + 1] : "";
		int n = 2;

		if (v6d_tok_is(t, i, "via")) {
			if (v6d_tok_is(t, i + 1, "inet6") && i + 2 < t->n) {
				next = t->t[i + 2];
				n = 3;
			}
			if (v6d_ip(next, &r->gateway, NULL, NULL, 0))
				r->gw = V6D_GW_ADDR;
		} else if (v6d_tok_is(t, i, "dev")) {
			v6d_copy(r->dev, sizeof(r->dev), next);
		} else if (v6d_tok_is(t, i, "proto")) {
			r->from_ra = strcmp(next, "ra") == 0;
		} else if (v6d_tok_is(t, i, "metric")) {
			(void)v6d_lead(next, &r->metric);
		} else if (v6d_tok_is(t, i, "expires")) {
			(void)v6d_lead(next, &r->expires_s);
		} else if (v6d_tok_is(t, i, "mtu")) {
			if (v6d_lead(next, &v) && v < 1 << 24)
				r->mtu = (unsigned)v;
		} else {
			n = 0;
		}
		if (v6d_tok_is(t, i, "scope") && strcmp(next, "link") == 0)
			*ret_v4 = true;
		for (size_t k = 0;
		     n == 0 && k < sizeof(pairs) / sizeof(pairs[0]); k++)
			n = v6d_tok_is(t, i, pairs[k]) ? 2 : 0;
		for (size_t k = 0;
		     n == 0 && k < sizeof(alone) / sizeof(alone[0]); k++)
			n = v6d_tok_is(t, i, alone[k]) ? 1 : 0;
		understood += n;
		i += n > 1 ? (unsigned)n - 1 : 0;
	}
	return understood;
}

/* 4 or 6, or 0 where the line does not tell. */
static int
family_of(const struct v6d_paste *p, const struct v6d_paste_route *r,
    const struct v6d_tok *t, bool v4)
{
	if (!r->is_default && r->dst.addr.family)
		return r->dst.addr.family;
	if (r->gateway.family)
		return r->gateway.family;
	if (v4)
		return 4;
	if (v6d_tok_find(t, 1, "pref") > 0 || r->from_ra)
		return 6;
	return p->place.family;
}

static int
rule(const struct v6d_tok *t)
{
	int64_t pref;

	return t->n >= 4 && v6d_lead(t->t[0], &pref) &&
		       v6d_ends(t->t[0], ":") &&
		       (v6d_tok_is(t, 1, "from") || v6d_tok_is(t, 1, "not"))
		   ? 4
		   : 0;
}

int
v6d_take_ip_route(struct v6d_paste *p, const struct v6d_tok *t)
{
	struct v6d_paste_route r = {
		.metric = -1, .expires_s = -1, .at = t->at
	};
	bool v4 = false;
	int kind = kind_of(t->t[0]), plen = -1, family, n;
	unsigned i = kind >= 0 ? 1 : 0;

	n = rule(t);
	if (n > 0 || t->n <= i)
		return n;
	if (v6d_tok_is(t, i, "default"))
		r.is_default = true;
	else if (!v6d_ip(t->t[i], &r.dst.addr, &plen, NULL, 0))
		return 0;
	n = rest(&r, t, i + 1, &v4);
	if (!r.dev[0] && r.gw == V6D_GW_NONE && !(kind >= 0 && kind < 4))
		return 0;
	if (plen == 0)
		r.is_default = true;
	family = family_of(p, &r, t, v4);
	if (family == 0 && !r.dev[0])
		return 0;
	n += 1 + (int)i;
	if (family != 6)
		return n;
	p->place.family = 6;
	r.dst.addr.family = 6;
	r.dst.len = (uint8_t)(r.is_default ? 0 : plen < 0 ? 128 : plen);
	r.reject = kind >= 0 && kind < 3;
	v6d_routes_seen(p, t->at);
	if (kind < 3)
		(void)v6d_put_route(p, &r);
	return n;
}
