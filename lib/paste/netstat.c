/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * netstat.c - netstat -rn of macOS and BSD: "Destination Gateway Flags Netif
 * Expire", with Refs, Use and Mtu between in some versions. A gateway is an
 * address, link#N, or a hardware address with its zeros dropped. A default
 * route with the letter I belongs to one interface and is not the system's.
 */
#include "paste/impl.h"

#include <string.h>

enum { TABLE_NONE, TABLE_V4, TABLE_V6 };

static int
header(struct v6d_paste *p, const struct v6d_tok *t)
{
	if (v6d_tok_is(t, 0, "Internet6:")) {
		p->place.sub = TABLE_V6;
		v6d_routes_seen(p, t->at);
		return (int)t->n;
	}
	if (v6d_tok_is(t, 0, "Internet:") || v6d_has(t->line, "Encap:")) {
		p->place.sub = TABLE_V4;
		return (int)t->n;
	}
	if (t->n >= 2 && v6d_tok_is(t, 0, "Routing") &&
	    v6d_starts(t->t[1], "table"))
		return 1;
	if (v6d_tok_is(t, 0, "Destination") && t->n >= 3 &&
	    v6d_tok_find(t, 0, "Gateway") > 0 &&
	    (v6d_tok_find(t, 0, "Netif") > 0 ||
		v6d_tok_find(t, 0, "Iface") > 0 ||
		v6d_tok_find(t, 0, "Interface") > 0)) {
		if (p->place.sub == TABLE_NONE)
			p->place.sub =
			    p->place.family == 4 ? TABLE_V4 : TABLE_V6;
		return (int)t->n;
	}
	return 0;
}

/* Letters as in "UGc", "UHL", "UGcIg"; U stands in nearly all. */
static bool
is_flags(const char *s)
{
	size_t n = strlen(s);

	return n > 0 && n < 16 &&
	       strspn(s, "UGHRDMCcLSWBbmIiYrg123XTlPF") == n &&
	       (strchr(s, 'U') || strchr(s, 'm') || strchr(s, 'H'));
}

static bool
destination(const char *s, struct v6d_paste_route *r, char *zone, size_t n)
{
	char buf[64];
	int plen;

	if (strcmp(s, "default") == 0 || strcmp(s, "::/0") == 0) {
		r->is_default = true;
		r->dst.addr.family = 6;
		return true;
	}
	v6d_copy(buf, sizeof(buf), s);
	/* "fe80::%ppp0/64": the length stands behind the zone */
	if (!v6d_ip(buf, &r->dst.addr, &plen, zone, n))
		return false;
	r->dst.len = (uint8_t)(plen >= 0                 ? plen
			       : r->dst.addr.family == 6 ? 128
							 : 32);
	return true;
}

static bool
gateway(const char *s, struct v6d_paste_route *r, char *zone, size_t n)
{
	uint8_t mac[8], len;
	int64_t v;

	if (v6d_starts(s, "link#") && v6d_lead(s + 5, &v)) {
		r->gw = V6D_GW_LINK;
		r->link = (uint32_t)v;
		return true;
	}
	if (v6d_ip(s, &r->gateway, NULL, zone, n)) {
		r->gw = V6D_GW_ADDR;
		return true;
	}
	if (v6d_mac(s, mac, &len) && len == 6) {
		r->gw = V6D_GW_MAC;
		memcpy(r->mac, mac, 6);
		return true;
	}
	return false;
}

/* Where the interface stands behind the flags: the word that is no number. */
static unsigned
netif(const struct v6d_tok *t)
{
	unsigned i = 3;

	while (i < t->n && !v6d_is_alpha(t->t[i][0]))
		i++;
	return i;
}

static int
row(struct v6d_paste *p, const struct v6d_tok *t)
{
	struct v6d_paste_route r = {
		.metric = -1, .expires_s = -1, .at = t->at
	};
	char zone[V6D_PASTE_NAME] = "", gw_zone[V6D_PASTE_NAME] = "";
	unsigned dev_at;
	int64_t v;

	if (p->place.sub == TABLE_V4 && t->n >= 4 && is_flags(t->t[2]))
		return 4; /* "127", "192.168.11": shortened as BSD does */
	if (t->n < 2 || !destination(t->t[0], &r, zone, sizeof(zone)) ||
	    !gateway(t->t[1], &r, gw_zone, sizeof(gw_zone)))
		return 0;
	if (t->n < 4)
		return t->n == 3 && !is_flags(t->t[2]) ? 0 : (int)t->n;
	dev_at = netif(t);
	if (!is_flags(t->t[2]))
		return 0;
	if (dev_at >= t->n)
		return (int)t->n; /* wrapped before it */
	if (p->place.sub == TABLE_V4 || r.dst.addr.family == 4 ||
	    r.gateway.family == 4)
		return 4; /* a table of IPv4 */
	v6d_copy(r.flags, sizeof(r.flags), t->t[2]);
	v6d_copy(r.dev, sizeof(r.dev), t->t[dev_at]);
	r.scoped = strchr(r.flags, 'I') != NULL;
	r.reject = strchr(r.flags, 'R') || strchr(r.flags, 'B');
	r.host = strchr(r.flags, 'H') != NULL;
	if (dev_at + 1 < t->n && v6d_whole(t->t[dev_at + 1], &v))
		r.expires_s = v;
	v6d_routes_seen(p, t->at);
	(void)v6d_put_route(p, &r);
	/* what stands behind the interface is no more than its expiry */
	return (int)(dev_at + 1 +
		     (dev_at + 1 < t->n && v6d_is_digit(t->t[dev_at + 1][0])));
}

int
v6d_take_netstat(struct v6d_paste *p, const struct v6d_tok *t)
{
	int n = header(p, t);

	if (n > 0)
		return n;
	return row(p, t);
}
